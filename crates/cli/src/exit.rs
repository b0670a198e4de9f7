//! How a run ends: the exit codes that scripts rely on, and the failures that end a run early.

use std::process::ExitCode;

use underpin_base::Diagnostic;
use underpin_server::GivenError;

use crate::codes;

/// The exit codes of DESIGN.md. A panic ends with 101 by Rust's own rule, a signal with 128 and its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// All well.
    Success,
    /// The input or the design has errors, or a claim was refuted.
    Refused,
    /// Wrong use.
    Usage,
    /// The environment lacks something.
    Environment,
}

impl Exit {
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Refused => 1,
            Self::Usage => 2,
            Self::Environment => 3,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// Why a command could not do its work. What it says is printed as any diagnostic is.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) diagnostic: Box<Diagnostic>,
    pub(crate) exit: Exit,
}

impl Failure {
    pub(crate) fn usage(diagnostic: Diagnostic) -> Self {
        Self { diagnostic: Box::new(diagnostic), exit: Exit::Usage }
    }

    pub(crate) fn environment(diagnostic: Diagnostic) -> Self {
        Self { diagnostic: Box::new(diagnostic), exit: Exit::Environment }
    }

    pub(crate) fn refused(diagnostic: Diagnostic) -> Self {
        Self { diagnostic: Box::new(diagnostic), exit: Exit::Refused }
    }

    /// A server that somebody named and that nothing can be done with.
    pub(crate) fn given(error: &GivenError) -> Self {
        let diagnostic = Diagnostic::error(codes::NO_DATABASE, error.to_string());
        if error.is_wrong_use() { Self::usage(diagnostic) } else { Self::environment(diagnostic) }
    }
}
