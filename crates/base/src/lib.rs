//! Sources, spans and diagnostics: what every other crate stands on. No domain word lives here.
#![deny(clippy::disallowed_methods)]

mod code;
mod diagnostic;
pub mod parallel;
mod phrase;
pub mod render;
mod source;

pub use code::{Code, CodeInfo};
pub use diagnostic::{Diagnostic, Label, Severity};
pub use phrase::{Lowered, Phrases};
pub use source::{Document, DocumentId, Location, Sources, Span};
