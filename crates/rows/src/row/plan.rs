//! A valid row of a table with the rows that it refers to, in an order in which they can be inserted.

use std::collections::BTreeMap;

use underpin_pg::{Ident, Identity, Insert, QualifiedName};

use super::{Fresh, KeyShape, Link, Row, Shape, Shapes, limit};
use crate::dice::Dice;
use crate::rule::{Goal, Repair, Term};
use crate::value::Value;

/// A row to be inserted.
#[derive(Debug, Clone)]
pub struct PlannedRow {
    pub table: QualifiedName,
    /// What it holds once all is done.
    pub values: Row,
    /// What it is born with and what is done to it then, where others may refer to it only later in its life.
    pub youth: Option<Youth>,
}

/// How a row came to be what it is.
#[derive(Debug, Clone)]
pub struct Youth {
    /// What it is born with.
    pub birth: Row,
    /// Its UPDATEs, one after the other, and the rows that came to belong to it between them.
    pub steps: Vec<String>,
    /// Those rows.
    pub beside: Vec<PlannedRow>,
}

/// Rows to be inserted one after the other; the one that was asked for is the last.
#[derive(Debug, Clone)]
pub struct Plan {
    pub rows: Vec<PlannedRow>,
}

/// What is asked of a row.
#[derive(Debug, Clone, Default)]
pub struct Wish<'a> {
    /// Columns that have a value already. Rows that they refer to are planned where they are not known.
    pub values: BTreeMap<usize, Value>,
    /// Rules besides the table's own, or that the table's own shall be broken.
    pub goals: Vec<Goal<'a>>,
    /// Rules of the table that do not matter here.
    pub ignored: Ignored,
    /// A foreign key for which no row is planned, by its index.
    pub dangling: Option<usize>,
    /// A foreign key that must hold a reference, by its index.
    pub present: Option<usize>,
    /// Columns that must hold a value, whether the table asks for one or not.
    pub filled: Vec<usize>,
    /// The row need not be in the initial state of its life cycle.
    pub free_state: bool,
}

/// Which of a table's own rules do not matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ignored {
    /// All matter.
    #[default]
    None,
    /// All but the one of this index.
    One(usize),
    /// None matters.
    All,
}

/// Plans rows.
#[derive(Debug)]
pub struct Planner<'a> {
    pub shapes: &'a Shapes<'a>,
    pub dice: Dice,
    pub fresh: Fresh,
    /// The rows referred to are only thought of: in which state they are does not matter.
    pub thinks_of_owners: bool,
    /// How many of the rows before were there already: nothing is done to them.
    known: usize,
}

/// Rows being planned whose own references are not settled yet, outermost first.
type Stack = Vec<(QualifiedName, Row)>;

impl<'a> Planner<'a> {
    /// A planner for a purpose.
    pub fn new(shapes: &'a Shapes<'a>, seed: u64, purpose: &str) -> Self {
        Self::with(shapes, seed, purpose, Fresh::of(shapes))
    }

    /// A planner for one purpose of many, with the values that [`Fresh::of`] found for all of them.
    pub fn with(shapes: &'a Shapes<'a>, seed: u64, purpose: &str, fresh: Fresh) -> Self {
        let dice = Dice::new(seed, purpose);
        Self { shapes, dice, fresh, thinks_of_owners: false, known: 0 }
    }

    /// The table of a name.
    pub fn shape(&self, table: &QualifiedName) -> Result<&'a Shape<'a>, String> {
        self.shapes.get(table).ok_or_else(|| format!("the schema has no table {table}"))
    }

    /// A row as wished, after the rows `known`, which are there already.
    pub fn plan(
        &mut self,
        table: &QualifiedName,
        wish: &Wish<'_>,
        known: &[PlannedRow],
    ) -> Result<Plan, String> {
        const TRIES: usize = 4;
        let mut planned = Err(String::new());
        // The steps of a row's life are planned while another plan is made.
        let around = std::mem::replace(&mut self.known, known.len());
        for _ in 0..TRIES {
            let mut rows = known.to_vec();
            planned = self
                .add(table, wish, &mut rows, &mut Vec::new())
                .map(|_| Plan { rows: rows.split_off(known.len()) });
            if planned.is_ok() {
                break;
            }
        }
        self.known = around;
        planned
    }

    fn add(
        &mut self,
        table: &QualifiedName,
        wish: &Wish<'_>,
        rows: &mut Vec<PlannedRow>,
        stack: &mut Stack,
    ) -> Result<Row, String> {
        const DEEPEST: usize = 32;
        // Where a key has few values, chance needs some.
        const TRIES: usize = 24;
        if stack.len() > DEEPEST {
            return Err(format!("the references of {table} do not end"));
        }
        let shape = self.shape(table)?;
        let planned = rows.len();
        // Keys among some rows from which the row stays clear, since a row before has its values.
        let mut clear: Vec<&Term> = Vec::new();
        for _ in 0..TRIES {
            rows.truncate(planned);
            let row = self.row(shape, wish, &clear, rows, stack)?;
            let clash = shape.keys.iter().find(|key| clashes(key, table, &row, rows, wish));
            let Some(key) = clash else {
                rows.push(PlannedRow {
                    table: shape.table.name.clone(),
                    values: row.clone(),
                    youth: None,
                });
                return Ok(row);
            };
            clear.extend(key.predicate.as_ref().filter(|term| !clear.contains(term)));
        }
        Err(format!("no values were found for {table} that no row before has"))
    }

    /// Values for a row, and the rows that it refers to.
    fn row(
        &mut self,
        shape: &'a Shape<'a>,
        wish: &Wish<'_>,
        clear: &[&Term],
        rows: &mut Vec<PlannedRow>,
        stack: &mut Stack,
    ) -> Result<Row, String> {
        let mut clear_of = clear.iter().flat_map(|term| term.fields());
        let free_state = wish.free_state || clear_of.any(|column| shape.machine(column).is_some());
        let (mut row, mut fixed) = self.draft(shape, wish, free_state);
        for (at, link) in shape.links.iter().enumerate() {
            let is_wanted = link.columns.iter().all(|&column| {
                shape.table.columns[column].not_null
                    || wish.values.contains_key(&column)
                    || wish.filled.contains(&column)
            }) || [wish.present, wish.dangling].contains(&Some(at));
            let is_refused = link
                .columns
                .iter()
                .any(|column| wish.values.get(column).is_some_and(|value| !value.is_present()));
            if is_wanted && !is_refused {
                self.refer(shape, at, wish, (&mut row, &mut fixed), rows, stack)?;
            }
        }
        // Part of a reference that stays empty, and asked for all the same: an id of another context.
        for (at, column) in shape.table.columns.iter().enumerate() {
            if column.not_null && row[at] == Value::Null && !fixed[at] {
                row[at] = self.fresh.value(shape, at, &mut self.dice);
                fixed[at] = true;
            }
        }
        for limit in &shape.limits {
            limit.fit(&mut row, &fixed, rows);
        }
        for bound in &shape.owner_bounds {
            bound.fit(&mut row, &fixed, rows);
        }
        self.repair(shape, wish, clear, &mut row, &fixed)?;
        // A rule may have asked for a reference that could have stayed empty.
        for at in 0..shape.links.len() {
            if shape.links[at].columns.iter().all(|&column| row[column].is_present()) {
                self.refer(shape, at, wish, (&mut row, &mut fixed), rows, stack)?;
            }
        }
        Ok(row)
    }

    /// Values for the columns, before references and rules; and which of them are settled.
    fn draft(&mut self, shape: &Shape<'_>, wish: &Wish<'_>, free_state: bool) -> (Row, Vec<bool>) {
        let mut row = Vec::with_capacity(shape.table.columns.len());
        let mut fixed = vec![false; shape.table.columns.len()];
        let key = shape.primary_key();
        for (at, column) in shape.table.columns.iter().enumerate() {
            let initial = shape
                .machine(at)
                .filter(|_| !free_state)
                .and_then(|machine| machine.initial.clone());
            let value = if let Some(value) = wish.values.get(&at) {
                fixed[at] = true;
                value.clone()
            } else if shape.is_computed(at) {
                fixed[at] = true;
                Value::Default
            } else if let Some(initial) = initial {
                fixed[at] = true;
                Value::Text(initial)
            } else if let Some(only) = self.only_value(shape, at, wish) {
                fixed[at] = true;
                only
            } else if shape.is_in_link(at) && !key.contains(&at) {
                Value::Null
            } else if column.not_null
                || wish.filled.contains(&at)
                || self.fresh.is_needed(&shape.table.name, at)
            {
                let roomy = shape.bounds.contains(&at) && !shape.is_in_key(at);
                roomy
                    .then(|| limit::roomy(&column.data_type))
                    .flatten()
                    .unwrap_or_else(|| self.fresh.value(shape, at, &mut self.dice))
            } else {
                Value::Null
            };
            row.push(value);
        }
        for apart in &shape.aparts {
            // No two rows that are planned overlap unless it is wished.
            for (column, value) in apart.span(shape.table, self.fresh.number()) {
                if !fixed[column] {
                    row[column] = value;
                }
            }
        }
        (row, fixed)
    }

    /// The value that a rule leaves no choice of in a part of a reference, as the kind of a special row; where the rule
    /// does not matter, another that the row referred to may have.
    fn only_value(&self, shape: &Shape<'_>, at: usize, wish: &Wish<'_>) -> Option<Value> {
        let (rule, only) = shape.only_value(at).filter(|_| shape.table.columns[at].not_null)?;
        match wish.ignored {
            Ignored::One(ignored) if ignored == rule => {
                let link = shape.links.iter().find(|link| link.columns.contains(&at))?;
                let there = link.columns.iter().position(|&own| own == at)?;
                let target = self.shapes.get(&link.key.references)?;
                target.other_value(link.target_columns[there], &only)
            }
            Ignored::None | Ignored::One(_) => Some(only),
            Ignored::All => None,
        }
    }

    /// Settles the columns of a foreign key on a row that is there or is planned now.
    fn refer(
        &mut self,
        shape: &'a Shape<'a>,
        at: usize,
        wish: &Wish<'_>,
        (row, fixed): (&mut Row, &mut Vec<bool>),
        rows: &mut Vec<PlannedRow>,
        stack: &mut Stack,
    ) -> Result<(), String> {
        let link = &shape.links[at];
        let target = &link.key.references;
        let pairs = || link.columns.iter().copied().zip(link.target_columns.iter().copied());
        // What leads nowhere must not come to be by way of another reference that should agree with it.
        let adrift = wish.dangling.map(|dangling| shape.links[dangling].columns.as_slice());
        let agreeing: Vec<(usize, usize)> = link
            .agreeing
            .iter()
            .copied()
            .filter(|(own, _)| !adrift.is_some_and(|columns| columns.contains(own)))
            // Nor can another row refer to one that is still in work.
            .filter(|(own, _)| !stack.iter().any(|(_, open)| open.contains(&row[*own])))
            .collect();
        let settled: Vec<(usize, usize)> = pairs()
            .chain(agreeing.iter().copied())
            .filter(|&(own, _)| fixed[own] && row[own].is_present())
            .collect();
        let is_settled = pairs().all(|(own, _)| fixed[own] && row[own].is_present());
        let is_adrift = wish.dangling.is_some_and(|dangling| {
            // Whoever shares a column with the reference that leads nowhere leads nowhere as well.
            shape.links[dangling].columns.iter().any(|column| link.columns.contains(column))
        });
        if is_adrift {
            let open: Vec<usize> = pairs().map(|(own, _)| own).filter(|&own| !fixed[own]).collect();
            let target_shape = self.shape(target)?;
            for own in open {
                // A value for a key, so that no row has it by chance.
                let there = pairs().find(|pair| pair.0 == own).expect("it is one of them").1;
                row[own] = self.fresh.value(target_shape, there, &mut self.dice);
                fixed[own] = true;
            }
            return Ok(());
        }
        let is_required = link.columns.iter().all(|&column| shape.table.columns[column].not_null);
        if *target == shape.table.name && is_required && wish.present != Some(at) {
            // A required reference to the own table: to the row itself.
            if !is_settled {
                let values: Vec<Value> = pairs().map(|(_, there)| row[there].clone()).collect();
                for ((own, _), value) in pairs().zip(values) {
                    if !fixed[own] {
                        row[own] = value;
                    }
                }
            }
            let is_own = pairs().all(|(own, there)| row[own] == row[there]);
            if is_own {
                // What is open yet, as the id of another context, is settled after references are.
                for (own, there) in pairs().filter(|(own, _)| row[*own].is_present()) {
                    fixed[own] = true;
                    fixed[there] = true;
                }
                return Ok(());
            }
        }
        if is_settled {
            let is_it = |values: &Row| pairs().all(|(own, there)| values[there] == row[own]);
            // What a row in work has not settled yet may become what is asked for.
            let may_be = |values: &Row| {
                let is_open = |there: usize| !values[there].is_present();
                pairs().all(|(own, there)| is_open(there) || values[there] == row[own])
                    && !pairs().all(|(_, there)| is_open(there))
            };
            let is_known = rows.iter().any(|it| it.table == *target && is_it(&it.values))
                || stack.iter().any(|(table, values)| table == target && may_be(values));
            if is_known || is_seed(self.shape(target)?, link, row) {
                let is_there = |it: &PlannedRow| it.table == *target && is_it(&it.values);
                let place = (self.known..rows.len()).find(|&place| is_there(&rows[place]));
                return place.map_or(Ok(()), |place| self.grow_there(shape, at, place, rows));
            }
        } else if wish.present == Some(at) {
            // Another row, even where the row itself would do.
        } else if let Some((_, open)) =
            stack.iter().find(|(table, _)| link.key.deferred && table == target)
        {
            // A circle of references: to the row at its other end, which a deferred key allows. Without
            // one there must be a row in the circle that refers to nothing, and it is planned.
            for (own, there) in pairs() {
                // What the row at the other end has not settled yet is settled by another reference.
                if !fixed[own] && open[there].is_present() {
                    row[own] = open[there].clone();
                    fixed[own] = true;
                }
            }
            return Ok(());
        }
        let target_shape = self.shape(target)?;
        let mut values: BTreeMap<usize, Value> =
            settled.iter().map(|&(own, there)| (there, row[own].clone())).collect();
        // A row that is there has these values of a key, and is another.
        let is_taken = |values: &BTreeMap<usize, Value>, key: &KeyShape| {
            key.columns.iter().all(|column| values.contains_key(column))
                && rows.iter().any(|it| {
                    it.table == *target && key.columns.iter().all(|at| it.values[*at] == values[at])
                })
        };
        // That both belong to the same third row is no rule; keys are.
        let agreeing = if target_shape.keys.iter().any(|key| is_taken(&values, key)) {
            values.retain(|there, _| link.target_columns.contains(there));
            Vec::new()
        } else {
            agreeing
        };
        if target_shape.keys.iter().any(|key| !key.is_partial && is_taken(&values, key)) {
            return Err(format!("the row of {target} that is meant cannot be there"));
        }
        let asked = self.asked_of(shape, at);
        let goals = asked.iter().flat_map(|it| it.at_birth(target_shape)).collect();
        let parent_wish = Wish { values, goals, ..Wish::default() };
        stack.push((shape.table.name.clone(), row.clone()));
        let parent = self.add(target, &parent_wish, rows, stack);
        stack.pop();
        let parent = match parent {
            Ok(_) => Ok(self.grow(target_shape, &asked, rows)?),
            Err(reason) => Err(reason),
        };
        let parent = parent.or_else(|reason| {
            // Where a key leaves room for a few rows only, those that are there have to do.
            let is_meant = |it: &&PlannedRow| {
                it.table == *target
                    && parent_wish.values.iter().all(|(&at, value)| it.values[at] == *value)
            };
            rows.iter().rev().find(is_meant).map(|it| it.values.clone()).ok_or(reason)
        })?;
        let agreed = agreeing.into_iter().filter(|&(_, there)| parent[there].is_present());
        for (own, there) in pairs().chain(agreed) {
            if !fixed[own] {
                row[own] = parent[there].clone();
                fixed[own] = true;
            }
        }
        Ok(())
    }

    /// A row after some of its columns took other values, and whatever else its rules then ask for.
    pub fn change(
        &mut self,
        table: &QualifiedName,
        row: &Row,
        values: &[(usize, Value)],
    ) -> Result<Row, String> {
        let shape = self.shape(table)?;
        let (whole, mut fixed) = changed(shape, row, values);
        // What never changes stays, where the rules can be kept without it.
        let stays: Vec<usize> = shape.unchanging(row).filter(|&at| !fixed[at]).collect();
        let mut after = whole.clone();
        for &at in &stays {
            fixed[at] = true;
        }
        let mut kept = self.repair(shape, &Wish::default(), &[], &mut after, &fixed);
        if kept.is_err() && !stays.is_empty() {
            after = whole;
            for &at in &stays {
                fixed[at] = false;
            }
            kept = self.repair(shape, &Wish::default(), &[], &mut after, &fixed);
        }
        kept.map(|()| after)
    }

    /// As [`Planner::change`], also where the rules then ask for a reference that was empty so far: to rows
    /// that must be there first, besides those that are `known`.
    pub fn change_along(
        &mut self,
        table: &QualifiedName,
        row: &Row,
        values: &[(usize, Value)],
        known: &[PlannedRow],
    ) -> Result<(Vec<PlannedRow>, Row), String> {
        if let Ok(after) = self.change(table, row, values) {
            return Ok((Vec::new(), after));
        }
        let shape = self.shape(table)?;
        let (mut after, mut fixed) = changed(shape, row, values);
        let mut rows = known.to_vec();
        for (at, link) in shape.links.iter().enumerate() {
            let empty: Vec<usize> =
                link.columns.iter().copied().filter(|&column| !row[column].is_present()).collect();
            let is_asked = shape.rules.iter().filter_map(|rule| rule.term.as_ref()).any(|rule| {
                !Goal { rule, kept: true }.is_met(&after)
                    && rule.fields().iter().any(|field| empty.contains(field))
            });
            if is_asked {
                for &column in &empty {
                    fixed[column] = false;
                }
                let own = (&mut after, &mut fixed);
                self.refer(shape, at, &Wish::default(), own, &mut rows, &mut Vec::new())?;
            }
        }
        self.repair(shape, &Wish::default(), &[], &mut after, &fixed)?;
        Ok((rows.split_off(known.len()), after))
    }

    fn repair(
        &mut self,
        shape: &Shape<'_>,
        wish: &Wish<'_>,
        clear: &[&Term],
        row: &mut Row,
        fixed: &[bool],
    ) -> Result<(), String> {
        let own = shape
            .rules
            .iter()
            .enumerate()
            .filter(|(at, _)| match wish.ignored {
                Ignored::None => true,
                Ignored::One(ignored) => ignored != *at,
                Ignored::All => false,
            })
            .filter_map(|(_, rule)| rule.term.as_ref());
        let goals: Vec<Goal<'_>> = own
            .map(|rule| Goal { rule, kept: true })
            .chain(wish.goals.iter().copied())
            .chain(clear.iter().map(|rule| Goal { rule, kept: false }))
            .collect();
        let filled = &wish.filled;
        let mut repair =
            Repair { shape, fixed, filled, dice: &mut self.dice, fresh: &mut self.fresh };
        if repair.run(row, &goals) {
            return Ok(());
        }
        let missed: Vec<String> = shape
            .rules
            .iter()
            .filter(|rule| {
                rule.term.as_ref().is_some_and(|rule| !Goal { rule, kept: true }.is_met(row))
            })
            .map(|rule| rule.constraint.as_str().to_owned())
            .collect();
        Err(format!(
            "no values were found for {} that keep {}",
            shape.table.name,
            missed.join(", ")
        ))
    }
}

/// A row with other values in some columns; and what else of it is settled.
fn changed(shape: &Shape<'_>, row: &Row, values: &[(usize, Value)]) -> (Row, Vec<bool>) {
    let mut after = row.clone();
    // Keys and references say which row it is; they stay.
    let mut fixed: Vec<bool> = (0..row.len())
        .map(|at| shape.is_in_link(at) || shape.primary_key().contains(&at))
        .collect();
    for (column, value) in values {
        after[*column] = value.clone();
        fixed[*column] = true;
    }
    (after, fixed)
}

/// Whether a row has the values of a key that a row before has, without having been asked for them.
fn clashes(
    key: &KeyShape,
    table: &QualifiedName,
    row: &Row,
    before: &[PlannedRow],
    wish: &Wish<'_>,
) -> bool {
    let covers = |row: &Row| key.covers(row) == Some(true);
    let is_wished = key.columns.iter().all(|column| wish.values.contains_key(column));
    !is_wished
        && key.columns.iter().all(|&column| row[column].is_present())
        && covers(row)
        && before.iter().any(|other| {
            other.table == *table
                && key.columns.iter().all(|&column| other.values[column] == row[column])
                && covers(&other.values)
        })
}

/// Whether a row that the table began with is referred to.
fn is_seed(target: &Shape<'_>, link: &Link<'_>, row: &Row) -> bool {
    let mut pairs = link.columns.iter().zip(&link.target_columns);
    target.table.seeds.iter().any(|seed| {
        pairs.clone().all(|(&own, &there)| Some(row[own].expr()).as_ref() == seed.get(there))
    }) && pairs.next().is_some()
}

impl PlannedRow {
    /// What it is born with.
    pub fn born(&self) -> &Row {
        self.youth.as_ref().map_or(&self.values, |it| &it.birth)
    }

    /// The statements that insert it and make it what it is.
    pub fn statements(&self, shape: &Shape<'_>) -> Vec<String> {
        let steps = self.youth.iter().flat_map(|it| it.steps.iter().cloned());
        std::iter::once(self.insert(shape).to_string()).chain(steps).collect()
    }

    /// The statement that inserts it. Every column is given but those that the server computes.
    pub fn insert(&self, shape: &Shape<'_>) -> Insert {
        let given = || {
            shape
                .table
                .columns
                .iter()
                .zip(self.born())
                .filter(|(_, value)| **value != Value::Default)
        };
        Insert {
            table: self.table.clone(),
            columns: given().map(|(column, _)| column.name.clone()).collect::<Vec<Ident>>(),
            rows: vec![given().map(|(_, value)| Some(value.expr())).collect()],
            overriding: given().any(|(column, _)| column.identity == Some(Identity::Always)),
            returning: Vec::new(),
        }
    }
}
