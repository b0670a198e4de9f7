//! Values of rows that are held against one of their owner, in the columns of both tables.

use std::collections::BTreeMap;

use underpin_model::Comparison;
use underpin_pg::{QualifiedName, Table};
use underpin_physical::{OwnerBoundDesign, PhysicalDesign, TableDesign};

use super::{PlannedRow, Planner, Row, Shape, Wish};
use crate::value::{Decimal, Value};

/// The seconds of a day.
const DAY: i64 = 86_400;

/// A value of rows, held against one of the row that they belong to.
#[derive(Debug)]
pub struct OwnerBoundShape<'a> {
    pub design: &'a OwnerBoundDesign,
    /// The table of the owner.
    pub owner: &'a QualifiedName,
    /// The columns of the reference to it, and those there.
    pub reference: Vec<(usize, usize)>,
    /// The column of the rows.
    pub own: usize,
    /// The owner's.
    pub theirs: usize,
}

impl<'a> OwnerBoundShape<'a> {
    /// Those of a table.
    pub(super) fn all(
        physical: &'a PhysicalDesign,
        table: &Table,
        design: &'a TableDesign,
    ) -> Vec<Self> {
        design.owner_bounds.iter().filter_map(|it| Self::new(physical, table, design, it)).collect()
    }

    fn new(
        physical: &'a PhysicalDesign,
        table: &Table,
        rows: &TableDesign,
        design: &'a OwnerBoundDesign,
    ) -> Option<Self> {
        let it = &design.owner_bound;
        let owner = physical.tables.get(it.owner.index())?;
        let owner_table = physical.schema.tables.get(&owner.table)?;
        let of = |table: &Table, design: &TableDesign, id| {
            table.columns.iter().position(|column| column.name == *design.column(id))
        };
        Some(Self {
            design,
            owner: &owner.table,
            reference: it
                .reference
                .iter()
                .map(|&(own, there)| Some((of(table, rows, own)?, of(owner_table, owner, there)?)))
                .collect::<Option<_>>()?,
            own: of(table, rows, it.own)?,
            theirs: of(owner_table, owner, it.theirs)?,
        })
    }

    /// How the one is held against the other.
    pub fn comparison(&self) -> Comparison {
        self.design.owner_bound.comparison
    }

    /// The last value that an owner's lets in.
    pub fn last(&self, theirs: &Value) -> Option<Value> {
        beside(theirs, self.steps().0)
    }

    /// The first value that an owner's does not let in.
    pub fn beyond(&self, theirs: &Value) -> Option<Value> {
        beside(theirs, self.steps().1)
    }

    /// The owner's value that is the first not to let a value in.
    pub fn too_near(&self, own: &Value) -> Option<Value> {
        beside(own, -self.steps().1)
    }

    /// The owner's value that is the last to let a value in.
    pub fn nearest(&self, own: &Value) -> Option<Value> {
        beside(own, -self.steps().0)
    }

    fn steps(&self) -> (i64, i64) {
        match self.comparison() {
            Comparison::Less => (-1, 0),
            Comparison::Greater => (1, 0),
            Comparison::GreaterOrEqual => (0, -1),
            Comparison::LessOrEqual | Comparison::Equal | Comparison::NotEqual => (0, 1),
        }
    }

    /// Whether a value is let in beside an owner's.
    pub fn allows(&self, own: &Value, theirs: &Value) -> bool {
        let (true, true) = (own.is_present(), theirs.is_present()) else { return true };
        match self.comparison() {
            Comparison::Less => own < theirs,
            Comparison::LessOrEqual => own <= theirs,
            Comparison::Greater => own > theirs,
            Comparison::GreaterOrEqual => own >= theirs,
            Comparison::Equal | Comparison::NotEqual => true,
        }
    }

    /// Gives a row a value that its owner lets in, where its own is not settled.
    pub(super) fn fit(&self, row: &mut Row, fixed: &[bool], rows: &[PlannedRow]) {
        let is_owner = |it: &&PlannedRow| {
            it.table == *self.owner
                && self
                    .reference
                    .iter()
                    .all(|&(own, there)| row[own].is_present() && row[own] == it.values[there])
        };
        let Some(owner) = rows.iter().rev().find(is_owner) else { return };
        let theirs = &owner.values[self.theirs];
        if !fixed[self.own] && !self.allows(&row[self.own], theirs) {
            if let Some(last) = self.last(theirs) {
                row[self.own] = last;
            }
        }
    }
}

impl Planner<'_> {
    /// An owner with a value that others are held against, the last value of a row that it lets in, and the first that it
    /// does not.
    pub fn bounding(
        &mut self,
        rows: &Shape<'_>,
        bound: &OwnerBoundShape<'_>,
    ) -> Result<(Vec<PlannedRow>, Value, Value), String> {
        let wish = Wish { filled: vec![bound.theirs], ..Wish::default() };
        let mut owner = self.plan(bound.owner, &wish, &[])?.rows;
        // A row that is there may ask for more of its owner, as for a state.
        let asked: Vec<_> = rows
            .owner_states
            .iter()
            .filter(|it| it.design.owner_state.inserts && it.owner == bound.owner)
            .collect();
        let allows = |row: &Row| asked.iter().all(|it| it.allows(row));
        self.grow_until(self.shape(bound.owner)?, &allows, &mut owner)?;
        let theirs = &owner.last().ok_or("there is no owner")?.values[bound.theirs];
        let edges = bound.last(theirs).zip(bound.beyond(theirs));
        let (last, beyond) = edges.ok_or("its owner has no such value")?;
        Ok((owner, last, beyond))
    }

    /// A row of an owner with a value that is held against the owner's, behind what it needs.
    pub fn bounded(
        &mut self,
        rows: &Shape<'_>,
        bound: &OwnerBoundShape<'_>,
        owner: &[PlannedRow],
        value: &Value,
    ) -> Result<Vec<PlannedRow>, String> {
        let there = &owner.last().ok_or("there is no owner")?.values;
        let mut values: BTreeMap<usize, Value> =
            bound.reference.iter().map(|&(own, at)| (own, there[at].clone())).collect();
        values.insert(bound.own, value.clone());
        let wish = Wish { values, ..Wish::default() };
        let row = self.plan(&rows.table.name, &wish, owner)?.rows;
        Ok(owner.iter().cloned().chain(row).collect())
    }
}

/// A value so many steps beyond another: numbers by one, days by one, moments by a day.
fn beside(value: &Value, steps: i64) -> Option<Value> {
    Some(match value {
        Value::Number(number) => Value::Number(number.plus(Decimal::from(steps))?),
        Value::Date(day) => Value::Date(day + steps),
        Value::Timestamp(moment) => Value::Timestamp(moment + steps * DAY),
        _ => return None,
    })
}
