//! Takes a row that others shall refer to along its life, until it is in a state in which they may.

use super::life::ways;
use super::plan::Youth;
use super::{OwnerStateShape, PlannedRow, Planner, Row, Shape, step};
use crate::value::Value;

impl Planner<'_> {
    /// What a reference asks of the state of the row that it leads to.
    pub(super) fn asked_of<'s>(
        &self,
        shape: &'s Shape<'_>,
        at: usize,
    ) -> Vec<&'s OwnerStateShape<'s>> {
        if self.thinks_of_owners { Vec::new() } else { shape.asked_of(at).collect() }
    }

    /// Takes a row that another reference led to along its life, where this one asks for a state that it is not in yet.
    pub(super) fn grow_there(
        &mut self,
        shape: &Shape<'_>,
        at: usize,
        place: usize,
        rows: &mut Vec<PlannedRow>,
    ) -> Result<(), String> {
        let asked = self.asked_of(shape, at);
        if asked.is_empty() {
            return Ok(());
        }
        let owner = self.shape(&shape.links[at].key.references)?;
        let behind = rows.split_off(place + 1);
        let grown = self.grow(owner, &asked, rows);
        rows.extend(behind);
        grown.map(|_| ())
    }

    /// The last of some planned rows as it must be for another to refer to it. What the steps need stands before it.
    pub(super) fn grow(
        &mut self,
        shape: &Shape<'_>,
        asked: &[&OwnerStateShape<'_>],
        rows: &mut Vec<PlannedRow>,
    ) -> Result<Row, String> {
        let allows = |row: &Row| asked.iter().all(|it| it.allows(row));
        self.grow_until(shape, &allows, rows)
    }

    /// The last of some planned rows after the fewest steps of its life after which it is as wanted.
    pub fn grow_until(
        &mut self,
        shape: &Shape<'_>,
        is_wanted: &dyn Fn(&Row) -> bool,
        rows: &mut Vec<PlannedRow>,
    ) -> Result<Row, String> {
        let born = rows.last().expect("a plan ends with its row").values.clone();
        if is_wanted(&born) {
            return Ok(born);
        }
        let table = shape.table.name.name.as_str();
        let mut reason = format!("no state of {table} allows it");
        for machine in &shape.machines {
            let Some(now) = born[machine.column].text() else { continue };
            let now = machine.design.states.iter().find(|state| **state == now);
            let ways = ways(machine.design, now.into_iter().collect());
            let mut ways: Vec<_> = ways.values().collect();
            ways.sort_by_key(|way| way.len());
            for way in ways {
                let last = way.last().expect("a way begins with a birth");
                let mut there = born.clone();
                there[machine.column] = Value::Text((*last).clone());
                if !is_wanted(&there) {
                    continue;
                }
                match self.walk(shape, machine.column, &way[1..], rows) {
                    Ok(row) if is_wanted(&row) => return Ok(row),
                    Ok(_) => {}
                    Err(error) => reason = error,
                }
            }
        }
        Err(reason)
    }

    /// Takes the last of some planned rows from state to state; nothing is done where a step cannot be taken.
    fn walk(
        &mut self,
        shape: &Shape<'_>,
        column: usize,
        states: &[&String],
        rows: &mut Vec<PlannedRow>,
    ) -> Result<Row, String> {
        let mut grown = rows.clone();
        let mut one = grown.pop().expect("a plan ends with its row");
        let birth = one.values.clone();
        let mut taken = one.youth.take().unwrap_or_else(|| Youth {
            birth,
            steps: Vec::new(),
            beside: Vec::new(),
        });
        for state in states {
            let step = step(self, shape, column, &one.values, state, &grown)?;
            // What belongs to it can only come once it is there.
            let belongs = |it: &PlannedRow| {
                let mut holds = shape.holds.iter().filter(|hold| it.table == *hold.rows);
                holds.any(|hold| hold.leads(&it.values, &one.values))
            };
            let (beside, before): (Vec<_>, Vec<_>) = step.before.into_iter().partition(belongs);
            grown.extend(before);
            for row in beside {
                taken.steps.extend(row.statements(self.shape(&row.table)?));
                taken.beside.push(row);
            }
            taken.steps.push(step.statement);
            one.values = step.row;
        }
        let row = one.values.clone();
        one.youth = Some(taken);
        grown.push(one);
        *rows = grown;
        Ok(row)
    }
}
