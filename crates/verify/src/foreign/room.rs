//! Owners with room: a trigger may hold the amounts of a row against a number of what it belongs to, such as the litres of a
//! filling against the capacity of its vessel. An owner that is given as much as the documents let in refuses no row for its
//! amounts, so that these can be tried.

use underpin_pg::{QualifiedName, Type};
use underpin_server::{ServerError, SessionError};

use super::arena::{Arena, Came};
use super::attack::is_of_trigger;
use super::hurdle::Move;
use super::world::{Want, World};
use crate::rule::{candidates, truth};
use crate::value::{Decimal, Value};

/// Digits before the point that leave room enough, and that other numbers can still be multiplied with.
const DIGITS: u16 = 6;

impl Arena<'_> {
    /// For each number of an owner, that it is as great as may be, the nearest owner first.
    pub(super) fn roomy_moves(&mut self, table: &QualifiedName) -> Vec<Move> {
        let mut moves = Vec::new();
        for owner in self.owners(table) {
            let Some(ours) = self.mapping.ours(&owner).cloned() else { continue };
            let shape = &self.sides.shapes[&ours];
            for at in 0..shape.table.columns.len() {
                if shape.is_in_link(at) || shape.is_in_key(at) {
                    continue;
                }
                if let Some(value) = self.greatest(&ours, at) {
                    moves.push(Move::Value(ours.clone(), at, value));
                }
            }
        }
        moves
    }

    /// Gives an owner more room where a trigger refused a row that was asked to hold some values; `false` where that is not
    /// what it refused for.
    pub(super) fn make_room(
        &mut self,
        table: &QualifiedName,
        want: &Want,
        world: &World,
        error: &ServerError,
    ) -> Result<bool, SessionError> {
        let is_plain = want.row.is_none() && want.values.is_empty();
        if is_plain || !is_of_trigger(error) {
            return Ok(false);
        }
        for it in self.roomy_moves(table) {
            let undo = self.take(table, &it);
            let is_in = self.within(|arena| {
                let came = arena.write(table, want, &mut world.clone(), 0)?;
                Ok(matches!(came, Ok(Came::Row(_))))
            })?;
            if is_in {
                return Ok(true);
            }
            self.undo(table, undo);
        }
        Ok(false)
    }

    /// The greatest number that a column of our own design may hold, by its type and its rules.
    fn greatest(&mut self, ours: &QualifiedName, at: usize) -> Option<Value> {
        let shape = &self.sides.shapes[ours];
        let digits = match shape.table.columns[at].data_type {
            Type::SmallInt => 4,
            Type::Integer | Type::BigInt => DIGITS,
            Type::Numeric(digits) => {
                digits.map_or(DIGITS, |(all, scale)| all.saturating_sub(scale))
            }
            _ => return None,
        };
        let bound = Decimal::from(10_i64.pow(u32::from(digits.min(DIGITS))) - 1);
        let mut found = vec![bound];
        for rule in shape.rules.iter().filter(|rule| rule.columns == [at]) {
            let Some(term) = &rule.term else { continue };
            for candidate in candidates(&mut self.planner, shape, term) {
                if let Some(Value::Number(number)) = candidate.values.get(&at) {
                    found.push(*number);
                }
            }
        }
        let is_kept = |number: &Decimal| {
            let mut row = vec![Value::Null; shape.table.columns.len()];
            row[at] = Value::Number(*number);
            let mut terms = shape.rules.iter().filter_map(|rule| rule.term.as_ref());
            *number <= bound && terms.all(|term| truth(term, &row) != Some(false))
        };
        found.into_iter().filter(is_kept).max().map(Value::Number)
    }
}
