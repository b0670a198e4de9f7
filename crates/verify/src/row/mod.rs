//! Rows that a table must accept: values for its columns, and the rows that they refer to.

mod fresh;
mod plan;
mod shape;
mod slot;

pub(crate) use fresh::Fresh;
pub(crate) use plan::{Ignored, Plan, PlannedRow, Planner, Wish};
pub(crate) use shape::{KeyShape, Link, Rule, Shape, Shapes, is_text};
pub(crate) use slot::Apart;

use crate::value::Value;

/// One value for each column of a table, in its order.
pub(crate) type Row = Vec<Value>;

/// The moment that generated times lie before: 2025-01-01 00:00 UTC. Fixed, so that two runs make the
/// same rows; in the past, so that rules such as "not in the future" hold.
pub(crate) const NOW: i64 = 1_735_689_600;
