//! An owner whose rows come to exactly what they may, and one row more.

use std::collections::BTreeMap;

use underpin_pg::QualifiedName;

use super::{BoundShape, LimitShape, PlannedRow, Planner, Row, Shape, Wish};
use crate::rule::{Goal, Term};
use crate::value::{Decimal, Value};

/// More rows take too long to try.
const MOST: i64 = 250;
/// Bounds for a number of rows that are tried where rules of the owner refuse smaller ones.
const BOUNDS: [i64; 6] = [1, 2, 5, 10, 50, 100];

/// A limit, and the tables of both sides.
#[derive(Debug, Clone, Copy)]
pub struct Limited<'a> {
    pub rows: &'a Shape<'a>,
    pub owner: &'a Shape<'a>,
    pub limit: &'a LimitShape<'a>,
}

/// An owner whose rows come to exactly its bound.
#[derive(Debug, Clone)]
pub struct Full {
    /// The owner with what it refers to, and the rows.
    pub rows: Vec<PlannedRow>,
    pub owner: Row,
    /// How many of [`Self::rows`] are the owner and what it refers to.
    before: usize,
    pub bound: Decimal,
}

impl Limited<'_> {
    pub fn rows_table(&self) -> &QualifiedName {
        &self.rows.table.name
    }

    fn owner_table(&self) -> &QualifiedName {
        &self.owner.table.name
    }

    /// A wish for an owner beside which rows may be added.
    fn owner_wish(&self, values: BTreeMap<usize, Value>) -> Wish<'_> {
        let asked = self
            .rows
            .owner_states
            .iter()
            .filter(|it| it.design.owner_state.inserts && it.owner == self.owner_table());
        let goals = asked.flat_map(|it| it.at_birth(self.owner)).collect();
        Wish { values, goals, ..Wish::default() }
    }

    /// An owner, and what it refers to, in a state beside which rows may be added.
    fn an_owner(
        &self,
        planner: &mut Planner<'_>,
        values: BTreeMap<usize, Value>,
    ) -> Result<Vec<PlannedRow>, String> {
        let mut rows = planner.plan(self.owner_table(), &self.owner_wish(values), &[])?.rows;
        let asked: Vec<_> = self
            .rows
            .owner_states
            .iter()
            .filter(|it| it.design.owner_state.inserts && it.owner == self.owner_table())
            .collect();
        let allows = |row: &Row| asked.iter().all(|it| it.allows(row));
        planner.grow_until(self.owner, &allows, &mut rows)?;
        Ok(rows)
    }

    /// What makes a row count, or not.
    pub fn goals(&self, counts: bool) -> Vec<Goal<'_>> {
        self.limit.condition.iter().map(|rule| Goal { rule, kept: counts }).collect()
    }

    /// A wish for a row of an owner that counts or does not.
    pub fn wish(&self, owner: &Row, like: Option<&Row>, counts: bool) -> Wish<'_> {
        let mut values: BTreeMap<usize, Value> = BTreeMap::new();
        if let Some(like) = like {
            values.extend(self.limit.by.iter().map(|&at| (at, like[at].clone())));
        }
        let reference = self.limit.reference.iter();
        values.extend(reference.map(|&(own, there)| (own, owner[there].clone())));
        let condition = self.limit.condition.iter().flat_map(Term::fields);
        let free_state = condition.into_iter().any(|column| self.rows.machine(column).is_some());
        let parts = self.limit.amount.iter().chain(&self.limit.condition);
        let filled = parts.flat_map(Term::fields).chain(self.limit.by.clone());
        Wish {
            values,
            goals: self.goals(counts),
            filled: filled.collect(),
            free_state,
            ..Wish::default()
        }
    }

    /// An owner with as many rows as it may have, or with amounts that add up to its bound.
    pub fn full(&self, planner: &mut Planner<'_>) -> Result<Full, String> {
        match (&self.limit.amount, self.limit.bound) {
            (None, BoundShape::Fixed(bound)) => {
                let owner = self.an_owner(planner, [].into())?;
                self.counted(planner, owner, bound)
            }
            (None, BoundShape::Column(column)) => {
                let mut reason = "no bound was found that the owner takes".to_owned();
                for bound in BOUNDS {
                    let plan = |planner: &mut Planner<'_>, bound| {
                        let values = [(column, Value::integer(bound))].into();
                        self.an_owner(planner, values)
                    };
                    // One less is tried as well, which the owner's own rules must not refuse.
                    match plan(planner, bound - 1).and_then(|_| plan(planner, bound)) {
                        Ok(owner) => {
                            return self.counted(
                                planner,
                                owner,
                                Decimal::new(i128::from(bound), 0),
                            );
                        }
                        Err(why) => reason = why,
                    }
                }
                Err(reason)
            }
            (Some(_), BoundShape::Fixed(bound)) => {
                let owner = self.an_owner(planner, [].into())?;
                self.added(planner, &owner, bound)
            }
            (Some(_), BoundShape::Column(column)) => {
                // A row as it comes says what the bound is.
                let roomy = self.an_owner(planner, [].into())?;
                let owner = roomy.last().ok_or("there is no owner")?.values.clone();
                let wish = self.wish(&owner, None, true);
                let first = planner.plan(self.rows_table(), &wish, &roomy)?.rows;
                let row = &first.last().ok_or("there is no row")?.values;
                let step = i128::from(self.limit.design.limit.is_strict);
                let bound = self.limit.weight(row).plus(Decimal::new(step, 0)).ok_or("too much")?;
                let values = [(column, Value::Number(bound))].into();
                let owner = self.an_owner(planner, values)?;
                self.added(planner, &owner, bound)
            }
        }
    }

    /// So many rows that one more is too many.
    fn counted(
        &self,
        planner: &mut Planner<'_>,
        owner: Vec<PlannedRow>,
        bound: Decimal,
    ) -> Result<Full, String> {
        let strict = i64::from(self.limit.design.limit.is_strict);
        let mut full = self.empty(owner, bound)?;
        let count = bound.floor() - strict - self.there(&full).floor();
        if !(1..=MOST).contains(&count) {
            return Err(format!("{count} rows would have to be made"));
        }
        for _ in 0..count {
            let more = self.another(planner, &full, &full.owner, true)?;
            full.rows.extend(more);
        }
        Ok(full)
    }

    /// One row that takes all, or two that take half of it each.
    fn added(
        &self,
        planner: &mut Planner<'_>,
        owner: &[PlannedRow],
        bound: Decimal,
    ) -> Result<Full, String> {
        let amount = self.limit.amount.as_ref().ok_or("nothing is added up")?;
        let strict = i128::from(self.limit.design.limit.is_strict);
        let there = self.there(&self.empty(owner.to_vec(), bound)?);
        let whole = bound.minus(Decimal::new(strict, 0)).and_then(|it| it.minus(there));
        let whole = whole.ok_or("too little")?;
        let mut reason = String::new();
        for parts in [1, 2, 4, 10] {
            let mut full = self.empty(owner.to_vec(), bound)?;
            let Some(part) = whole.over(Decimal::new(parts, 0)) else { continue };
            let mut made = Ok(());
            for _ in 0..parts {
                let mut wish = self.wish(&full.owner, self.first(&full), true);
                for (nth, field) in amount.fields().into_iter().enumerate() {
                    // The first part of a product is what the others multiply by one.
                    let value = if nth == 0 { part } else { Decimal::new(1, 0) };
                    wish.values.insert(field, Value::Number(value));
                }
                match planner.plan(self.rows_table(), &wish, &full.rows) {
                    Ok(more) => full.rows.extend(more.rows),
                    Err(why) => {
                        made = Err(why);
                        break;
                    }
                }
            }
            match made {
                Ok(()) => return Ok(full),
                Err(why) => reason = why,
            }
        }
        Err(reason)
    }

    fn empty(&self, owner: Vec<PlannedRow>, bound: Decimal) -> Result<Full, String> {
        let row = owner.last().ok_or("there is no owner")?.values.clone();
        let key = self.limit.reference.iter();
        if key.clone().any(|&(_, there)| !row[there].is_present() || row[there] == Value::Default) {
            return Err("only the server knows the owner's key".to_owned());
        }
        Ok(Full { before: owner.len(), rows: owner, owner: row, bound })
    }

    /// What the rows come to that are there before others are made for the owner, as in a circle of references.
    fn there(&self, full: &Full) -> Decimal {
        let own = full.rows[..full.before].iter().filter(|it| it.table == *self.rows_table());
        let belongs = |row: &&Row| {
            let mut parts = self.limit.reference.iter();
            parts.all(|&(own, there)| row[own] == full.owner[there]) && self.limit.counts(row)
        };
        own.map(|it| &it.values)
            .filter(belongs)
            .fold(Decimal::new(0, 0), |sum, row| sum.plus(self.limit.weight(row)).unwrap_or(sum))
    }

    /// A row for the owner as it is born, which does not count.
    pub fn idle(&self, planner: &mut Planner<'_>, full: &Full) -> Result<Vec<PlannedRow>, String> {
        let wish = self.wish(&full.owner, self.first(full), false);
        let born = Wish { free_state: false, ..wish };
        planner.plan(self.rows_table(), &born, &full.rows).map(|plan| plan.rows)
    }

    pub fn first<'f>(&self, full: &'f Full) -> Option<&'f Row> {
        let own = full.rows[full.before..].iter();
        own.map(|it| (&it.table, &it.values)).find(|it| it.0 == self.rows_table()).map(|it| it.1)
    }

    /// One more row for an owner, with what else it refers to.
    pub fn another(
        &self,
        planner: &mut Planner<'_>,
        full: &Full,
        owner: &Row,
        counts: bool,
    ) -> Result<Vec<PlannedRow>, String> {
        let mut wish = self.wish(owner, self.first(full), counts);
        if let Some(Term::Field(amount)) = &self.limit.amount {
            // As little as the row may add, which is too much all the same.
            wish.values.insert(*amount, Value::integer(1));
        }
        if !counts {
            // One that a single step makes count.
            for (column, state) in self.before_counting(planner, full, owner) {
                let mut near = wish.clone();
                near.values.insert(column, Value::Text(state));
                if let Ok(plan) = planner.plan(self.rows_table(), &near, &full.rows) {
                    return Ok(plan.rows);
                }
            }
        }
        planner.plan(self.rows_table(), &wish, &full.rows).map(|plan| plan.rows)
    }

    /// The states from which a step leads to one that counts.
    fn before_counting(
        &self,
        planner: &mut Planner<'_>,
        full: &Full,
        owner: &Row,
    ) -> Vec<(usize, String)> {
        let wish = self.wish(owner, self.first(full), true);
        let Ok(plan) = planner.plan(self.rows_table(), &wish, &full.rows) else {
            return Vec::new();
        };
        let Some(counting) = plan.rows.last().map(|it| &it.values) else { return Vec::new() };
        let fields = self.limit.condition.iter().flat_map(Term::fields);
        let machines = fields.filter_map(|at| Some((at, self.rows.machine(at)?)));
        machines
            .flat_map(|(at, machine)| {
                let leads = machine.transitions.iter().filter(move |(_, next)| {
                    next.iter().any(|state| Value::Text(state.clone()) == counting[at])
                });
                leads.map(move |(from, _)| (at, from.clone()))
            })
            .collect()
    }
}
