//! A schema that differs from the designed one in one object.

use underpin_claim::{Claim, Evidence, Family, Subject, Value};
use underpin_pg::{Ident, QualifiedName};

use crate::trial::Statements;

/// One difference from what was designed.
#[derive(Debug)]
pub(super) struct Mutant {
    /// That some claim notices.
    pub(super) claim: Claim,
    /// What makes the schema another.
    pub(super) statements: Statements,
    /// Objects whose claims are asked first: the object itself, and what rests on it.
    pub(super) close: Vec<String>,
    /// What goes with the object because it cannot stand without it.
    pub(super) along: Vec<String>,
}

impl Mutant {
    /// A mutant of an object of a table.
    pub(super) fn new(
        table: &QualifiedName,
        object: &Ident,
        change: &str,
        statements: Statements,
    ) -> Self {
        let subject = Subject::of(table.name.as_str(), object.as_str());
        Self::about(subject, change, statements)
    }

    /// A mutant of any object.
    pub(super) fn about(subject: Subject, change: &str, statements: Statements) -> Self {
        let close = subject.object.iter().cloned().collect();
        let statement = format!("{change} is noticed: a proven claim is refuted.");
        let claim = Claim::new(Family::Necessity, subject, statement);
        Self { claim, statements, close, along: Vec::new() }
    }

    /// With an id of its own among several of one object.
    pub(super) fn on(mut self, aspect: &str) -> Self {
        self.claim = self.claim.on(aspect);
        self
    }

    /// Asks the claims about these objects first as well.
    pub(super) fn close_to<'n>(mut self, names: impl IntoIterator<Item = &'n Ident>) -> Self {
        self.close.extend(names.into_iter().map(|name| name.as_str().to_owned()));
        self
    }

    /// Says what goes with the object.
    pub(super) fn along_with(mut self, names: Vec<String>) -> Self {
        self.along = names;
        self
    }

    /// The table, where it is an object of one.
    pub(super) fn table(&self) -> Option<&str> {
        self.claim.subject.table.as_deref()
    }

    /// Evidence that says what was changed.
    pub(super) fn described(&self, evidence: Evidence) -> Evidence {
        let change: Vec<String> = self
            .statements
            .iter()
            .map(|it| it.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
        let evidence = evidence.measure("change", change.join("; "));
        if self.along.is_empty() {
            return evidence;
        }
        let along = self.along.iter().map(|name| Value::from(name.as_str())).collect();
        evidence.measure("goes_along", Value::List(along))
    }
}
