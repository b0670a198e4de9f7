//! Documents to statements. Reading never fails: what is not understood becomes a diagnostic.
#![deny(clippy::disallowed_methods)]

mod statement;

pub use statement::{
    AccessKind, EntityFact, EntityKind, Fact, FieldFact, FilterFact, FilterOperator, IndexFact,
    PatternFact, RecoveryObjective, ReferenceFact, RelationshipFact, Statement,
};

use underpin_base::{Diagnostic, Sources};

/// What was read: the statements in the order of documents and lines, and what was not understood.
#[derive(Debug, Default)]
pub struct Reading {
    /// Every fact that was found, each with its place.
    pub statements: Vec<Statement>,
    /// What looked like data and was not understood, and what is wrong with the documents.
    pub diagnostics: Vec<Diagnostic>,
    /// For each document, how many lines looked like facts and how many of them were understood.
    pub coverage: Vec<Coverage>,
}

/// How much of one document was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// The document's path.
    pub document: String,
    /// Lines that looked like data: table rows, field bullets, lines of code blocks.
    pub fact_lines: usize,
    /// Those of them that became at least one statement.
    pub understood: usize,
}

/// Reads all documents.
pub fn read(sources: &Sources) -> Reading {
    let _ = sources;
    Reading::default()
}
