//! Columns that are narrower than what the documents let in. Rows are made of values that fit them, so that one such column
//! does not keep all rows of its table, and of all that refer to it, from being there; that it refuses what the documents
//! allow is for the attack on its own limits to say.

use underpin_pg::Type;

use super::arena::Arena;
use super::encode::within;
use super::mapping::Place;
use crate::row::{Row, Wish};
use crate::rule::truth;
use crate::value::{Decimal, Value};

impl Arena<'_> {
    /// Has rows take numbers that fit the columns of the schema, where those of our own design hold greater ones.
    pub(super) fn prefer_what_fits(&mut self) {
        let homes: Vec<_> =
            self.mapping.homes.iter().map(|(ours, it)| (ours.clone(), it)).collect();
        for (ours, home) in homes {
            let shape = &self.sides.shapes[&ours];
            for (&at, place) in &home.places {
                let Place::Column(column) = place else { continue };
                let own = &shape.table.columns[at].data_type;
                let theirs = &self.sides.ground.table(&home.table).columns[*column].data_type;
                let (Some(own), Some(room)) = (greatest(own), greatest(theirs)) else { continue };
                // What rows are made of has three digits before the point at most, where no rule asks for more.
                let is_roomy = room >= Decimal::from(1_000) || own <= room;
                if is_roomy || shape.is_in_key(at) || shape.is_in_link(at) {
                    continue;
                }
                let Ok(plan) = self.planner.plan(&ours, &Wish::default(), &[]) else { continue };
                let row = plan.rows.last().expect("a plan ends with its row").values.clone();
                let given = match row[at] {
                    Value::Number(number) => Some(within(number, theirs)),
                    _ => None,
                };
                let kept = |number: &Decimal| {
                    let mut row: Row = row.clone();
                    row[at] = Value::Number(*number);
                    let mut rules = shape.rules.iter().filter(|rule| rule.columns.contains(&at));
                    *number <= room
                        && rules.all(|rule| {
                            rule.term.as_ref().is_none_or(|term| truth(term, &row) != Some(false))
                        })
                };
                let mut tried = given.into_iter().chain([1, 2, 5].map(Decimal::from));
                if let Some(number) = tried.find(kept) {
                    self.planner.fresh.advise(&ours, at, Value::Number(number));
                }
            }
        }
    }
}

/// The power of ten, or of two, from which on a column holds no number.
fn greatest(data_type: &Type) -> Option<Decimal> {
    Some(match data_type {
        Type::SmallInt => Decimal::from(i64::from(i16::MAX)),
        Type::Integer => Decimal::from(i64::from(i32::MAX)),
        Type::BigInt => Decimal::from(i64::MAX),
        Type::Numeric(Some((precision, scale))) => {
            let digits = u32::from(precision.saturating_sub(*scale)).min(18);
            Decimal::from(10_i64.pow(digits))
        }
        _ => return None,
    })
}
