//! What a rule finds: which object, and what is wrong with it.

use std::fmt;

use underpin_base::{Code, Diagnostic, Severity};
use underpin_pg::{Ident, QualifiedName};

/// What a finding is about: a table, view or function, and a part of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Object {
    /// The table, view, index or function.
    pub owner: QualifiedName,
    /// A column, constraint, index or policy of it.
    pub part: Option<Ident>,
}

impl Object {
    /// A table, view, index or function as a whole.
    pub fn whole(owner: &QualifiedName) -> Self {
        Self { owner: owner.clone(), part: None }
    }

    /// A part of one.
    pub fn part(owner: &QualifiedName, part: &Ident) -> Self {
        Self { owner: owner.clone(), part: Some(part.clone()) }
    }

    /// The name by which a suppression names it: `public` is left out.
    pub fn path(&self) -> String {
        let owner = short(&self.owner);
        match &self.part {
            Some(part) => format!("{owner}.{}", part.as_str()),
            None => owner,
        }
    }
}

/// A name for people, unquoted: `public` is left out.
pub(crate) fn short(name: &QualifiedName) -> String {
    name.shown()
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path())
    }
}

/// Something that a rule found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is about.
    pub object: Object,
    /// What is to be said, without a place yet.
    pub diagnostic: Diagnostic,
}

impl Finding {
    /// An error: data can be wrong, lost or seen by those who must not.
    pub(crate) fn error(code: Code, object: Object, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, object, message)
    }

    /// A warning: it works, and will hurt.
    pub(crate) fn warning(code: Code, object: Object, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, object, message)
    }

    /// A note: another choice would be better.
    pub(crate) fn note(code: Code, object: Object, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Note, object, message)
    }

    fn new(code: Code, severity: Severity, object: Object, message: impl Into<String>) -> Self {
        Self { object, diagnostic: Diagnostic::new(code, severity, message) }
    }

    /// Says what to change.
    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.diagnostic.help = Some(help.into());
        self
    }
}
