//! Rules about one row, as far as they are understood: taken from the design or from the schema's own
//! expressions, judged, and repaired towards. Whatever is not understood is left to PostgreSQL.

mod boundary;
mod evaluate;
mod repair;
mod text_pattern;
mod translate;

use underpin_model::Expression;

pub(crate) use boundary::candidates;
pub(crate) use evaluate::{term, truth};
pub(crate) use repair::{Goal, Repair, resized, stepped};
pub(crate) use text_pattern::TextPattern;
pub(crate) use translate::{mentioned, translate};

/// An expression over the columns of one table, by their index.
pub(crate) type Term = Expression<usize>;
