//! Generated data: rows for all tables that keep every rule, spread over their parents with a few hot
//! ones, loaded with the constraints in place, so that PostgreSQL judges the data too.

mod counts;
mod load;
mod parents;
mod sampled;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use underpin_pg::{Control, Method, QualifiedName, Schema, Type};
use underpin_server::{ServerError, Session, SessionError, TextRows};

use crate::bench::{Input, Installed};
use crate::clock::clock;
use crate::dice::Dice;
use crate::ranges;
use crate::row::moments::{self, Between};
use crate::row::{Deal, Fresh, NOW, Row, Shape, Shapes};
use crate::rule::{Goal, Repair, truth};
use crate::trial::{Outcome, attempt};
use crate::value::Value;

use parents::Parents;

pub(crate) use counts::whole;
pub(crate) use load::count_on;

/// A database full of rows, and the rows.
#[derive(Debug)]
pub(crate) struct Data<'a> {
    pub(crate) shapes: &'a Shapes<'a>,
    pub(crate) installed: Installed,
    pub(crate) tables: BTreeMap<QualifiedName, TableData>,
    pub(crate) dice: Dice,
    /// When rows happen is chosen apart, so that nothing else about them depends on it.
    times: Dice,
    /// What all choices are made from.
    pub(crate) seed: u64,
    fresh: Fresh,
    parents: Parents,
    /// Keys of other systems, by the name of the column.
    outside: BTreeMap<String, Vec<Value>>,
    /// The moment before which all rows happen.
    pub(crate) now: i64,
    /// For how many seconds after it there are rows of a table all the same.
    ahead: BTreeMap<QualifiedName, i64>,
    /// The latest beginning of the rows that the row which is being made refers to.
    since: Option<i64>,
    /// Whether a transaction is open in which the schema is another.
    is_mutated: bool,
}

/// The rows of a table.
#[derive(Debug, Default)]
pub(crate) struct TableData {
    pub(crate) rows: Vec<Row>,
    /// How many rows were wanted.
    pub(crate) wanted: usize,
    /// Why there are fewer.
    pub(crate) reason: Option<String>,
    /// For each key of the table, the values taken.
    taken: Vec<BTreeSet<Vec<Value>>>,
    /// For each exclusion constraint, how many spans the rows that share the same have had.
    spans: Vec<BTreeMap<Vec<Value>, i64>>,
}

impl<'a> Data<'a> {
    /// Makes the rows and loads them.
    pub(crate) fn generate(
        input: Input<'a>,
        shapes: &'a Shapes<'a>,
        fresh: Fresh,
    ) -> Result<Self, SessionError> {
        let installed = Installed::new(input.server, input.schema_sql)?;
        let mut data = Self {
            shapes,
            installed,
            tables: BTreeMap::new(),
            dice: Dice::new(input.options.seed, "data"),
            times: Dice::new(input.options.seed, "times"),
            seed: input.options.seed,
            fresh,
            parents: Parents::default(),
            outside: BTreeMap::new(),
            now: NOW,
            ahead: BTreeMap::new(),
            since: None,
            is_mutated: false,
        };
        if data.installed.refused.is_some() {
            return Ok(data);
        }
        data.now = clock(&mut data.installed.session, input.physical)?;
        let wanted = counts::counts(input.physical, input.options.max_rows);
        for table in input.physical.schema.creation_order() {
            let shape = &shapes[&table.name];
            let ahead = moments::ahead(input.physical, &table.name);
            data.ahead.insert(table.name.clone(), ahead);
            data.dice = Dice::new(input.options.seed, table.name.name.as_str());
            let count = wanted[&table.name];
            data.tables.insert(
                table.name.clone(),
                TableData {
                    wanted: count,
                    taken: vec![BTreeSet::new(); shape.keys.len()],
                    spans: vec![BTreeMap::new(); shape.aparts.len()],
                    ..TableData::default()
                },
            );
            data.fill(shape, count);
            let (session, now) = (&mut data.installed.session, data.now);
            if let Some(history) = moments::history(shape, now) {
                session.batch(&history)?;
            }
            let rows = data.tables.get_mut(&table.name).expect("inserted above");
            in_order(&input.physical.schema, shape, &mut rows.rows);
            load::load(session, shape, rows)?;
        }
        // Partitions of a history were made since.
        data.installed.session.learn_partitions()?;
        let (session, tables) = (&mut data.installed.session, &data.tables);
        ranges::shorten(session, input.physical, |table| {
            tables.get(table).map_or(0, |it| it.rows.len())
        })?;
        for table in input.physical.schema.tables.keys() {
            load::analyze(&mut data.installed.session, table)?;
        }
        Ok(data)
    }

    /// The session on the data.
    pub(crate) fn session(&mut self) -> &mut Session {
        &mut self.installed.session
    }

    /// Runs a statement and takes back what it did.
    pub(crate) fn aside(
        &mut self,
        statement: &str,
    ) -> Result<Result<TextRows, Box<ServerError>>, SessionError> {
        let session = &mut self.installed.session;
        if !self.is_mutated {
            session.batch(&Control::Begin.to_string())?;
        }
        let outcome = attempt(session, &[], statement)?;
        if !self.is_mutated {
            session.batch(&Control::Rollback.to_string())?;
        }
        Ok(match outcome {
            Outcome::Accepted(rows) => Ok(rows),
            Outcome::Refused(error) | Outcome::NotSet(error) => Err(error),
        })
    }

    /// Changes the schema until it is healed; the reason where that was refused.
    pub(crate) fn mutate(
        &mut self,
        statements: &[String],
    ) -> Result<Result<(), String>, SessionError> {
        if self.is_mutated {
            return Ok(Ok(()));
        }
        let session = &mut self.installed.session;
        session.batch(&Control::Begin.to_string())?;
        match session.batch(&statements.join(";\n")) {
            Ok(()) => {
                self.is_mutated = true;
                Ok(Ok(()))
            }
            Err(SessionError::Refused(error)) => {
                session.batch(&Control::Rollback.to_string())?;
                Ok(Err(error.to_string()))
            }
            Err(error) => Err(error),
        }
    }

    /// Brings the schema back to what was designed.
    pub(crate) fn heal(&mut self) -> Result<(), SessionError> {
        if std::mem::take(&mut self.is_mutated) {
            self.installed.session.batch(&Control::Rollback.to_string())?;
        }
        Ok(())
    }

    fn fill(&mut self, shape: &'a Shape<'a>, count: usize) {
        const MOST_FAILURES: usize = 200;
        let mut failures = 0;
        let mut reason = None;
        let deal = Deal::new(shape, count, &mut self.dice);
        while self.tables[&shape.table.name].rows.len() < count && failures < MOST_FAILURES {
            let number = self.tables[&shape.table.name].rows.len();
            // A key may be full for the value whose turn it is.
            let dealt = Some((&deal, number)).filter(|_| failures < MOST_FAILURES / 2);
            match self.row_of(shape, dealt) {
                Ok(row) => {
                    self.take(shape, &row);
                    let table = self.tables.get_mut(&shape.table.name).expect("being filled");
                    table.rows.push(row);
                    failures = 0;
                }
                Err(why) => {
                    failures += 1;
                    reason = Some(why);
                }
            }
        }
        let table = self.tables.get_mut(&shape.table.name).expect("being filled");
        if table.rows.len() < count {
            table.reason = reason;
        }
    }

    /// A row that is not there yet and that keeps every rule and key.
    pub(crate) fn row(&mut self, shape: &'a Shape<'a>) -> Result<Row, String> {
        self.row_of(shape, None)
    }

    /// As [`Self::row`], with what is dealt to the row of a number.
    fn row_of(
        &mut self,
        shape: &'a Shape<'a>,
        dealt: Option<(&Deal, usize)>,
    ) -> Result<Row, String> {
        let (mut row, mut fixed) = self.draft(shape);
        if let Some((deal, number)) = dealt {
            let (fresh, dice) = (&mut self.fresh, &mut self.dice);
            let mut own = dice.clone();
            let value = &mut |column| fresh.value(shape, column, dice);
            deal.put(shape, number, &mut row, &mut fixed, value, &mut own);
        }
        self.refer(shape, &mut row, &mut fixed)?;
        let ends = self.keep_apart(shape, &mut row, &mut fixed);
        let goals: Vec<Goal<'_>> = shape
            .rules
            .iter()
            .filter_map(|rule| rule.term.as_ref())
            .map(|rule| Goal { rule, kept: true })
            .collect();
        let (dice, fresh) = (&mut self.dice, &mut self.fresh);
        let mut repair = Repair { shape, fixed: &fixed, filled: &[], dice, fresh };
        if !repair.run(&mut row, &goals) {
            return Err("no values were found that keep all rules".to_owned());
        }
        self.place(shape, &mut row, &fixed);
        if let Some((_, next)) = ends.iter().find(|(column, next)| row[*column] > *next) {
            return Err(format!("a row would last until {next:?}, into the next"));
        }
        for (at, key) in shape.keys.iter().enumerate() {
            if let Some(values) = key_of(shape, at, &row) {
                if self.tables[&shape.table.name].taken[at].contains(&values) {
                    return Err(format!("all values of {} are taken", key.name.as_str()));
                }
            }
        }
        Ok(row)
    }

    /// Lets the row happen after those that it refers to and while there are rows of its table.
    fn place(&mut self, shape: &Shape<'_>, row: &mut Row, fixed: &[bool]) {
        /// Where nothing says how long rows are kept.
        const TWO_YEARS: i64 = 700 * 86_400;
        let window = shape.window.unwrap_or(TWO_YEARS);
        let earliest = self.since.map_or(self.now - window, |since| since.max(self.now - window));
        let latest = self.now + self.ahead.get(&shape.table.name).copied().unwrap_or(0);
        let between = Between { earliest: earliest.min(self.now), now: latest };
        if let Some(placed) = moments::placed(shape, fixed, row, between, &mut self.times) {
            *row = placed;
        }
    }

    /// The row, with other values where it is not fixed, so that it keeps every rule.
    pub(crate) fn repaired(&mut self, shape: &Shape<'_>, row: Row, fixed: &[bool]) -> Option<Row> {
        let rules = shape.rules.iter().filter_map(|rule| rule.term.as_ref());
        let goals: Vec<Goal<'_>> = rules.map(|rule| Goal { rule, kept: true }).collect();
        let (dice, fresh) = (&mut self.dice, &mut self.fresh);
        let mut row = row;
        let mut repair = Repair { shape, fixed, filled: &[], dice, fresh };
        repair.run(&mut row, &goals).then_some(row)
    }

    /// Gives the row the next span among those that it must keep apart from; for each, the column of its
    /// end, and the moment before which it must be over.
    fn keep_apart(
        &mut self,
        shape: &Shape<'_>,
        row: &mut Row,
        fixed: &mut [bool],
    ) -> Vec<(usize, Value)> {
        let Some(data) = self.tables.get_mut(&shape.table.name) else { return Vec::new() };
        let mut ends = Vec::new();
        for (apart, spans) in shape.aparts.iter().zip(&mut data.spans) {
            let number = spans.entry(apart.group(row)).or_default();
            for (column, value) in apart.span(shape.table, *number) {
                // A rule may state how long a row lasts.
                fixed[column] |= column != apart.to;
                row[column] = value;
            }
            *number += 1;
            let is_next = |(column, _): &(usize, Value)| *column == apart.from;
            let next = apart.span(shape.table, *number).into_iter().find(is_next);
            // The first on another day begins before the last of this one.
            ends.extend(next.filter(|_| apart.day.is_none()).map(|(_, next)| (apart.to, next)));
        }
        ends
    }

    fn take(&mut self, shape: &Shape<'_>, row: &Row) {
        let table = self.tables.get_mut(&shape.table.name).expect("the table is being filled");
        for at in 0..shape.keys.len() {
            if let Some(values) = key_of(shape, at, row) {
                table.taken[at].insert(values);
            }
        }
    }

    fn draft(&mut self, shape: &Shape<'_>) -> (Row, Vec<bool>) {
        let mut fixed = vec![false; shape.table.columns.len()];
        let mut row = Vec::with_capacity(fixed.len());
        for (at, column) in shape.table.columns.iter().enumerate() {
            let value = if shape.is_computed(at) {
                fixed[at] = true;
                Value::Default
            } else if shape.is_in_link(at) {
                Value::Null
            } else if let Some(machine) = shape.machine(at).filter(|it| !it.states.is_empty()) {
                fixed[at] = true;
                Value::Text(self.dice.pick(&machine.states).clone())
            } else if self.fresh.is_left(&shape.table.name, at)
                || !column.not_null
                    && !self.fresh.is_needed(&shape.table.name, at)
                    && !self.dice.percent(presence(&column.data_type))
            {
                Value::Null
            } else if refers_outside(shape, at) {
                self.outside(shape.name(at).as_str(), &column.data_type)
            } else if counts_within_a_parent(shape, at) {
                Value::integer(self.dice.between(1, 40))
            } else {
                self.fresh.value(shape, at, &mut self.dice)
            };
            row.push(value);
        }
        for at in shape.primary_key() {
            fixed[at] |= row[at].is_present();
        }
        (row, fixed)
    }

    /// A key of another system, of which there are few: the same in all tables for a column of one name.
    fn outside(&mut self, name: &str, data_type: &Type) -> Value {
        const FEW: usize = 40;
        let (dice, outside) = (&mut self.dice, &mut self.outside);
        let values = outside
            .entry(name.to_owned())
            .or_insert_with(|| (0..FEW).map(|_| Value::Raw(dice.uuid())).collect());
        debug_assert_eq!(*data_type, Type::Uuid, "only these are made so");
        dice.pick(values).clone()
    }

    /// Chooses the rows referred to, so that they belong together.
    fn refer(
        &mut self,
        shape: &Shape<'_>,
        row: &mut Row,
        fixed: &mut [bool],
    ) -> Result<(), String> {
        self.since = None;
        // Who says most about the row first: an order knows its merchant, not the other way round.
        let mut order: Vec<usize> = (0..shape.links.len()).collect();
        let is_required = |at: usize| {
            shape.links[at].columns.iter().all(|&column| shape.table.columns[column].not_null)
        };
        order.sort_by_key(|&at| {
            let link = &shape.links[at];
            (!is_required(at), usize::MAX - link.columns.len() - link.agreeing.len())
        });
        for at in order {
            let link = &shape.links[at];
            let is_required = is_required(at);
            if !is_required && !self.dice.percent(60) {
                continue;
            }
            let pairs: Vec<(usize, usize)> = link
                .columns
                .iter()
                .copied()
                .zip(link.target_columns.iter().copied())
                .chain(link.agreeing.iter().copied())
                .collect();
            let (known, open): (Vec<_>, Vec<_>) =
                pairs.into_iter().partition(|&(own, _)| row[own].is_present());
            let target = &link.key.references;
            let rows = self.tables.get(target).map_or(&[][..], |table| table.rows.as_slice());
            let columns: Vec<usize> = known.iter().map(|&(_, there)| there).collect();
            let values: Vec<Value> = known.iter().map(|&(own, _)| row[own].clone()).collect();
            let is_even = shape.keys.iter().any(|key| {
                !key.is_partial && key.columns.iter().all(|column| link.columns.contains(column))
            });
            let chosen =
                self.parents.choose(target, rows, &columns, &values, is_even, &mut self.dice);
            match chosen {
                Some(parent) => {
                    let begun =
                        self.shapes.get(target).and_then(|it| moments::begun(it, &rows[parent]));
                    self.since = self.since.max(begun);
                    for (own, there) in open {
                        row[own] = rows[parent][there].clone();
                    }
                    for &own in &link.columns {
                        fixed[own] = true;
                    }
                }
                None if is_required => {
                    return Err(format!("there is no row of {target} to refer to"));
                }
                None => {}
            }
        }
        Ok(())
    }

    /// A row that a row refers to.
    pub(crate) fn parent_of(
        &self,
        shape: &Shape<'_>,
        row: &Row,
        target: &QualifiedName,
    ) -> Option<&Row> {
        let link = shape.links.iter().find(|link| {
            link.key.references == *target && link.columns.iter().all(|&at| row[at].is_present())
        })?;
        self.tables.get(target)?.rows.iter().find(|parent| {
            let mut pairs = link.columns.iter().zip(&link.target_columns);
            pairs.all(|(&own, &there)| row[own] == parent[there])
        })
    }
}

/// Lets rows lie on disk in the order in which they came, where an index rests on it.
fn in_order(schema: &Schema, shape: &Shape<'_>, rows: &mut [Row]) {
    let mut indexes = schema.indexes_of(&shape.table.name);
    let brin = indexes.find(|index| index.method == Method::Brin);
    let column = brin.and_then(|index| index.columns.first()?.key.compared());
    if let Some(column) = column.and_then(|name| shape.column(name)) {
        rows.sort_by(|a, b| a[column].cmp(&b[column]));
    }
}

/// The values by which a key knows a row; nothing where it does not cover it.
fn key_of(shape: &Shape<'_>, at: usize, row: &Row) -> Option<Vec<Value>> {
    let key = &shape.keys[at];
    let is_covered = key.predicate.as_ref().is_none_or(|rule| truth(rule, row) == Some(true));
    let values: Vec<Value> = key.columns.iter().map(|&column| row[column].clone()).collect();
    (is_covered && values.iter().all(Value::is_present)).then_some(values)
}

/// How many in a hundred rows have a value where they need none: times mark rare events more often
/// than not.
fn presence(data_type: &Type) -> u64 {
    match data_type {
        Type::TimestampTz | Type::Date => 15,
        _ => 60,
    }
}

/// Whether a column holds keys of another system, such as its tenants: nothing here tells them apart, and
/// they stand before other columns in keys or indexes.
fn refers_outside(shape: &Shape<'_>, column: usize) -> bool {
    shape.table.columns[column].data_type == Type::Uuid
        && shape.name(column).as_str().ends_with("_id")
        && !shape.keys.iter().any(|key| key.columns == [column])
}

/// Whether a number tells the rows of one parent apart, as a line number does.
fn counts_within_a_parent(shape: &Shape<'_>, column: usize) -> bool {
    let is_number = matches!(
        shape.table.columns[column].data_type,
        Type::SmallInt | Type::Integer | Type::BigInt
    );
    is_number
        // What the server counts up is never the same twice.
        && shape.table.columns[column].identity.is_none()
        && shape.keys.iter().any(|key| {
            key.columns.contains(&column) && key.columns.iter().any(|&at| shape.is_in_link(at))
        })
        && !shape.keys.iter().any(|key| key.columns == [column])
}
