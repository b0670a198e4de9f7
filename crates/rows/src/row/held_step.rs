//! The changes that rows beside a row keep it from, as statements that are about to be run.

use super::{HeldColumns, HoldShape, PlannedRow, Planner, Row, Shape, Wish, change};
use crate::rule::{Goal, Term, truth};
use crate::value::Value;

/// A change that a row is kept from.
#[derive(Debug, Clone)]
pub struct HeldStep {
    column: usize,
    /// The value that it comes to; any where there is none.
    to: Option<String>,
    /// The state that it begins in, where there is one.
    from: Option<String>,
    is_change: bool,
}

/// A change that is about to be made.
#[derive(Debug, Clone)]
pub struct ReadyStep {
    /// The row and all that it needs before it.
    pub owner: Vec<PlannedRow>,
    /// What the change needs besides, but for what would let it through.
    pub before: Vec<PlannedRow>,
    /// The UPDATE.
    pub statement: String,
}

impl ReadyStep {
    /// The row as it is before the change.
    pub fn row(&self) -> Result<Row, String> {
        self.owner.last().map(|it| it.values.clone()).ok_or_else(|| "there is no row".to_owned())
    }

    /// All that is there before it.
    pub fn rows(&self) -> Vec<PlannedRow> {
        self.owner.iter().chain(&self.before).cloned().collect()
    }
}

impl HoldShape<'_> {
    /// What it keeps a row from: each value, and each step from each state that it can be taken in.
    pub fn steps(&self, owner: &Shape<'_>) -> Vec<HeldStep> {
        let one = |column, to| HeldStep { column, to, from: None, is_change: false };
        let steps = match &self.held {
            HeldColumns::Values(columns) => {
                let changes = columns.iter();
                return changes.map(|&at| HeldStep { is_change: true, ..one(at, None) }).collect();
            }
            HeldColumns::Steps(steps) => steps,
        };
        let mut all = Vec::new();
        for (column, to) in steps {
            let leads = |to: &String| {
                let machine = owner.machine(*column)?;
                let from = machine.states.iter().filter(|it| machine.followers(it).contains(to));
                Some(from.cloned().collect::<Vec<_>>())
            };
            match to.as_ref().and_then(leads) {
                Some(states) => {
                    let from = |state| HeldStep { from: Some(state), ..one(*column, to.clone()) };
                    all.extend(states.into_iter().map(from));
                }
                None => all.push(one(*column, to.clone())),
            }
        }
        all
    }
}

impl Planner<'_> {
    /// A row that is about to do what others may keep it from.
    pub fn about_to(
        &mut self,
        owner: &Shape<'_>,
        hold: &HoldShape<'_>,
        step: &HeldStep,
    ) -> Result<ReadyStep, String> {
        const TRIES: usize = 8;
        let mut wish = Wish::default();
        if step.is_change {
            wish.filled.push(step.column);
        } else if step.to.is_none() {
            wish.values.insert(step.column, Value::Null);
        }
        let mut rows = self.plan(&owner.table.name, &wish, &[])?.rows;
        if let Some(from) = &step.from {
            let is_it = |row: &Row| row[step.column].text().as_ref() == Some(from);
            self.grow_until(owner, &is_it, &mut rows)?;
        }
        let row = rows.last().ok_or("there is no row")?.values.clone();
        let value = match &step.to {
            Some(to) => Value::Text(to.clone()),
            None if owner.is_computed(step.column) => return Err("the server sets it".to_owned()),
            None => (0..TRIES)
                .map(|_| self.fresh.value(owner, step.column, &mut self.dice))
                .find(|value| *value != row[step.column] && *value != Value::Default)
                .ok_or("no other value is known")?,
        };
        let made = change(self, owner, &row, &[(step.column, value)], &rows)?;
        let before = made.before.into_iter().filter(|it| !hold.holds(it, &row)).collect();
        Ok(ReadyStep { owner: rows, before, statement: made.statement })
    }

    /// A row that belongs to another and does not count, after the rows `known`, among which that is.
    pub fn idle_beside(
        &mut self,
        hold: &HoldShape<'_>,
        owner: &Row,
        known: &[PlannedRow],
    ) -> Result<Vec<PlannedRow>, String> {
        let which = hold.which.as_ref().ok_or("all rows count")?;
        let rows = self.shape(hold.rows)?;
        let is_of_life = |it: &Term| it.fields().iter().any(|&at| rows.machine(at).is_some());
        let goals = (!is_of_life(which)).then_some(Goal { rule: which, kept: false });
        let values =
            hold.reference.iter().map(|&(there, here)| (there, owner[here].clone())).collect();
        let wish = Wish { values, goals: goals.into_iter().collect(), ..Wish::default() };
        let mut all = known.to_vec();
        all.extend(self.plan(hold.rows, &wish, known)?.rows);
        self.grow_until(rows, &|row| truth(which, row) != Some(true), &mut all)?;
        Ok(all.split_off(known.len()))
    }
}
