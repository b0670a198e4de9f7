//! Statements that steer a session: transactions and settings.

use std::fmt;

/// A statement that begins or ends a transaction, or sets something for its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    /// `BEGIN`.
    Begin,
    /// `BEGIN` with one unchanging view of the data, and no right to change it.
    BeginReading,
    /// `BEGIN` in which each statement sees what was committed before it.
    BeginReadCommitted,
    /// `BEGIN` with one unchanging view of the data from its first statement on.
    BeginRepeatableRead,
    /// `COMMIT`.
    Commit,
    /// `ROLLBACK`.
    Rollback,
    /// How long a statement waits for a lock before it gives up, in milliseconds.
    LockTimeout(u32),
    /// How long a statement of the session may take before it is cancelled, in milliseconds.
    StatementTimeout(u32),
    /// Notes the `search_path` and empties it, so that whatever the server prints is qualified.
    EmptySearchPath,
    /// Sets the `search_path` to what [`Control::EmptySearchPath`] noted.
    FormerSearchPath,
    /// Takes the bodies of functions as they are; they are checked when they are called.
    UncheckedBodies,
}

impl fmt::Display for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Begin => f.write_str("BEGIN"),
            Self::BeginReading => f.write_str("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"),
            Self::BeginReadCommitted => f.write_str("BEGIN ISOLATION LEVEL READ COMMITTED"),
            Self::BeginRepeatableRead => f.write_str("BEGIN ISOLATION LEVEL REPEATABLE READ"),
            Self::Commit => f.write_str("COMMIT"),
            Self::Rollback => f.write_str("ROLLBACK"),
            Self::LockTimeout(milliseconds) => write!(f, "SET LOCAL lock_timeout = {milliseconds}"),
            Self::StatementTimeout(milliseconds) => {
                write!(f, "SET statement_timeout = {milliseconds}")
            }
            // Two statements: the functions of one SELECT may run in any order.
            Self::EmptySearchPath => f.write_str(
                "SELECT set_config('underpin.search_path', current_setting('search_path'), true); \
                 SET LOCAL search_path = ''",
            ),
            Self::FormerSearchPath => f.write_str(
                "SELECT set_config('search_path', current_setting('underpin.search_path'), true)",
            ),
            Self::UncheckedBodies => f.write_str("SET LOCAL check_function_bodies = off"),
        }
    }
}
