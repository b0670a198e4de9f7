//! Rows that share a key with another row, and rows that just do not.

use std::collections::BTreeMap;

use super::{KeyShape, PlannedRow, Planner, Shape, Wish};
use crate::rule::{Goal, Term};
use crate::value::Value;

/// A row that the key covers: every column of it has a value, and its predicate holds.
pub fn covered<'k>(shape: &Shape<'_>, key: &'k KeyShape) -> Wish<'k> {
    let mut read = key.predicate.iter().flat_map(Term::fields);
    Wish {
        goals: predicate(key, true),
        filled: key.columns.clone(),
        free_state: read.any(|column| shape.machine(column).is_some()),
        ..Wish::default()
    }
}

fn predicate(key: &KeyShape, holds: bool) -> Vec<Goal<'_>> {
    key.predicate.iter().map(|rule| Goal { rule, kept: holds }).collect()
}

/// A second row with these values, after the rows of the first.
pub fn again(
    planner: &mut Planner<'_>,
    shape: &Shape<'_>,
    key: &KeyShape,
    values: BTreeMap<usize, Value>,
    first: &[PlannedRow],
    is_covered: bool,
) -> Result<Vec<PlannedRow>, String> {
    let mut wish = covered(shape, key);
    wish.goals = predicate(key, is_covered);
    wish.values = values;
    let row = &first.last().expect("a plan ends with its row").values;
    let is_key = |column: &usize| key.columns.contains(column);
    for link in &shape.links {
        // A reference of which the key holds a part is the same reference, or else another altogether.
        // Nor is it the same where only one row may hold it.
        let is_single = shape.keys.iter().any(|other| {
            other.name != key.name
                && other.columns.iter().any(|at| !wish.values.contains_key(at))
                && other.columns.iter().all(|at| link.columns.contains(at))
        });
        // What the wished values name is one row, and no other has them.
        let target = planner.shape(&link.key.references)?;
        let named: Vec<usize> = link
            .columns
            .iter()
            .zip(&link.target_columns)
            .filter(|(own, _)| wish.values.contains_key(own))
            .map(|(_, there)| *there)
            .collect();
        let is_named = target
            .keys
            .iter()
            .any(|it| !it.is_partial && it.columns.iter().all(|at| named.contains(at)));
        let is_same = link.columns.iter().any(|column| wish.values.contains_key(column))
            && !link.columns.iter().any(|at| is_key(at) && !wish.values.contains_key(at))
            && (!is_single || is_named);
        if is_same {
            for &column in &link.columns {
                wish.values.entry(column).or_insert_with(|| row[column].clone());
            }
        }
    }
    // A row that must be let in is to stay clear of the other keys among some rows as well.
    if !is_covered || key.columns.iter().any(|column| !wish.values.contains_key(column)) {
        for other in shape.keys.iter().filter(|other| other.name != key.name && other.is_partial) {
            if other.columns.iter().all(|column| wish.values.contains_key(column)) {
                let mut read = other.predicate.iter().flat_map(Term::fields);
                wish.free_state |= read.any(|column| shape.machine(column).is_some());
                wish.goals.extend(predicate(other, false));
            }
        }
    }
    // What the first row refers to serves the second too, as far as the key's columns say so; and of the
    // first row it shares no key but as it is told.
    Ok(planner.plan(&shape.table.name, &wish, first)?.rows)
}
