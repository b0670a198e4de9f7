//! Why there is no verification at all. A claim that could not be judged is no error: it is `not run`.

use std::fmt;

use underpin_server::SessionError;

/// The server could not be worked with.
#[derive(Debug)]
pub struct VerifyError {
    /// What was being done.
    pub doing: &'static str,
    /// What the server or the connection said.
    pub error: SessionError,
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.doing, self.error)
    }
}

impl std::error::Error for VerifyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}
