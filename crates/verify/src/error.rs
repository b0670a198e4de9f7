//! Why there is no verification at all. A claim that could not be judged is no error: it is `not run`.

use std::fmt;

use underpin_server::{ServerError, SessionError};

/// The server could not be worked with.
#[derive(Debug)]
pub struct VerifyError {
    /// What was being done.
    pub doing: &'static str,
    /// What the server or the connection said.
    pub error: SessionError,
}

impl VerifyError {
    /// Whether the server's disk or memory was full.
    pub fn is_out_of_room(&self) -> bool {
        self.error.server().is_some_and(ServerError::is_out_of_room)
    }
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
