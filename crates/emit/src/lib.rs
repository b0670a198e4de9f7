//! Artifacts: SQL, documents, diagrams, report. Same design, same bytes; only the artifacts whose
//! registry entry says so show what was measured.
#![deny(clippy::disallowed_methods)]

mod artifact;
mod column_role;
mod context;
mod erd;
mod html;
mod markdown;
#[cfg(test)]
mod sample;
mod script;
mod words;

use underpin_base::Sources;
use underpin_claim::Verification;
use underpin_logical::LogicalDesign;
use underpin_model::Model;
use underpin_physical::PhysicalDesign;

pub use artifact::shows_measured_values;

/// What artifacts are made of.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The documents.
    pub sources: &'a Sources,
    /// What they say.
    pub model: &'a Model,
    /// The logical design.
    pub logical: &'a LogicalDesign,
    /// The physical design.
    pub physical: &'a PhysicalDesign,
    /// What the probes found, or that they did not run.
    pub verification: &'a Verification,
    /// The version of Underpin.
    pub version: &'a str,
}

/// A file to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// Its path in the output folder, with `/` between the parts.
    pub path: String,
    /// What stands in it.
    pub bytes: Vec<u8>,
}

impl Artifact {
    fn text(path: impl Into<String>, text: String) -> Self {
        Self { path: path.into(), bytes: text.into_bytes() }
    }
}

/// All artifacts, in the order of the registry.
pub fn emit(input: &Input<'_>) -> Vec<Artifact> {
    artifact::all(&context::Context::new(input))
}
