//! Rows that a table must accept: values for its columns, and the rows that they refer to.

mod fresh;
mod full;
mod grow;
mod held_step;
mod hold;
mod life;
mod limit;
pub mod moments;
mod owner_bound;
mod owner_state;
mod plan;
mod shape;
mod share;
mod slot;
mod twin;

pub use fresh::Fresh;
pub use full::{Full, Limited};
pub use held_step::{HeldStep, ReadyStep};
pub use hold::{HeldColumns, HoldShape};
pub use life::{Step, change, lives, paths, step};
pub(crate) use limit::roomy;
pub use limit::{BoundShape, LimitShape};
pub use owner_bound::OwnerBoundShape;
pub use owner_state::OwnerStateShape;
pub use plan::{Ignored, Plan, PlannedRow, Planner, Wish, Youth};
pub use shape::{KeyShape, Link, Machine, Rule, Shape, Shapes, is_text};
pub use share::{ColumnShares, Deal};
pub use slot::Apart;
pub use twin::{again, covered};

use crate::value::Value;

/// One value for each column of a table, in its order.
pub type Row = Vec<Value>;

/// The moment that generated times lie before: 2025-01-01 00:00 UTC. Fixed, so that two runs make the
/// same rows; in the past, so that rules such as "not in the future" hold.
pub const NOW: i64 = 1_735_689_600;
