//! Renderers: one `Diagnostic`, many shapes.

pub mod github;
pub mod json;
pub mod sarif;
pub mod terminal;
