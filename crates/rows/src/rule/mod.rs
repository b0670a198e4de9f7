//! Rules about one row, as far as they are understood: taken from the design or from the schema's own
//! expressions, judged, and repaired towards. Whatever is not understood is left to PostgreSQL.

mod boundary;
mod evaluate;
mod repair;
mod translate;

use underpin_model::Expression;

pub use boundary::candidates;
pub use evaluate::{term, truth};
pub use repair::{Goal, LONGEST_TEXT, Repair, converted, resized, stepped};
pub use translate::{mentioned, translate};
pub use underpin_pg::TextPattern;

/// An expression over the columns of one table, by their index.
pub type Term = Expression<usize>;
