//! What a server or a connection said no to, as facts.

use std::fmt;
use std::io;

use postgres::error::{DbError, ErrorPosition};

use crate::sqlstate::condition_name;

/// What a server refused, field by field as it reported it.
///
/// Source of the fields: PostgreSQL documentation, section "Error and Notice Message Fields".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerError {
    /// The five characters of the SQLSTATE, for example `23505`.
    pub sqlstate: String,
    /// The name of that SQLSTATE, for example `unique_violation`, where appendix A lists it.
    pub condition: Option<&'static str>,
    /// The message itself, in English.
    pub message: String,
    /// The second line of the message.
    pub detail: Option<String>,
    /// What the server suggests.
    pub hint: Option<String>,
    /// The schema of the object concerned.
    pub schema: Option<String>,
    /// The table concerned.
    pub table: Option<String>,
    /// The column concerned.
    pub column: Option<String>,
    /// The data type concerned.
    pub datatype: Option<String>,
    /// The constraint that refused.
    pub constraint: Option<String>,
    /// Where in the statement, counted in characters from 1.
    pub position: Option<u32>,
    /// The function or trigger in which it happened, one line per call.
    pub context: Option<String>,
}

impl ServerError {
    /// Whether it is about the state of the server and not about what was asked of it.
    ///
    /// Source: PostgreSQL documentation, appendix A: class 53 is insufficient resources, class 58 system errors, and of
    /// class 57 (operator intervention) all but the cancelled query say that the server goes, starts or crashed.
    pub fn is_of_the_server(&self) -> bool {
        ["53", "58", "57P"].iter().any(|class| self.sqlstate.starts_with(class))
    }

    /// Whether a disk or the memory was full.
    pub fn is_out_of_room(&self) -> bool {
        matches!(self.sqlstate.as_str(), "53100" | "53200")
    }
}

impl From<&DbError> for ServerError {
    fn from(error: &DbError) -> Self {
        let owned = |field: Option<&str>| field.map(str::to_owned);
        Self {
            sqlstate: error.code().code().to_owned(),
            condition: condition_name(error.code().code()),
            message: error.message().to_owned(),
            detail: owned(error.detail()),
            hint: owned(error.hint()),
            schema: owned(error.schema()),
            table: owned(error.table()),
            column: owned(error.column()),
            datatype: owned(error.datatype()),
            constraint: owned(error.constraint()),
            position: match error.position() {
                Some(ErrorPosition::Original(position)) => Some(*position),
                // The position is inside a statement that the server made itself; the reader has no such text.
                Some(ErrorPosition::Internal { .. }) | None => None,
            },
            context: owned(error.where_()),
        }
    }
}

impl fmt::Display for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [{}", self.message, self.sqlstate)?;
        if let Some(condition) = self.condition {
            write!(f, " {condition}")?;
        }
        f.write_str("]")?;
        for (label, field) in [("detail", &self.detail), ("hint", &self.hint)] {
            if let Some(text) = field {
                write!(f, "; {label}: {text}")?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for ServerError {}

/// Why a session could not do what it was asked.
#[derive(Debug)]
pub enum SessionError {
    /// The server answered, and said no.
    Refused(Box<ServerError>),
    /// The server could not go on, whatever it was asked: no room on its disk, no memory, no connection left, an
    /// input or output error, a shutdown. It says nothing about the statement.
    Unable(Box<ServerError>),
    /// The connection could not be made, or broke: the server is gone, was stopped, or is unreachable.
    Lost(String),
    /// The statement and our side do not fit together: a parameter of the wrong type, a row too many.
    Misused(String),
}

impl SessionError {
    /// What the server said, if it was the server.
    pub fn server(&self) -> Option<&ServerError> {
        match self {
            Self::Refused(error) | Self::Unable(error) => Some(error),
            Self::Lost(_) | Self::Misused(_) => None,
        }
    }

    /// The SQLSTATE, if it was the server.
    pub fn sqlstate(&self) -> Option<&str> {
        self.server().map(|error| error.sqlstate.as_str())
    }

    pub(crate) fn from_io(error: io::Error) -> Self {
        match error.downcast::<postgres::Error>() {
            Ok(error) => error.into(),
            Err(error) => Self::Lost(error.to_string()),
        }
    }
}

impl From<postgres::Error> for SessionError {
    fn from(error: postgres::Error) -> Self {
        if let Some(refused) = error.as_db_error() {
            let refused: Box<ServerError> = Box::new(refused.into());
            return if refused.is_of_the_server() {
                Self::Unable(refused)
            } else {
                Self::Refused(refused)
            };
        }
        let source = std::error::Error::source(&error);
        let message =
            source.map_or_else(|| error.to_string(), |source| format!("{error}: {source}"));
        // A statement or parameter that cannot be encoded (a NUL byte, say) is an `InvalidInput` of ours, every
        // other failure of input or output is the connection's.
        let broken = source
            .and_then(|source| source.downcast_ref::<io::Error>())
            .is_some_and(|source| source.kind() != io::ErrorKind::InvalidInput);
        if error.is_closed() || broken { Self::Lost(message) } else { Self::Misused(message) }
    }
}

impl fmt::Display for SessionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(error) => error.fmt(f),
            Self::Unable(error) => write!(f, "the server could not go on: {error}"),
            Self::Lost(message) => write!(f, "the connection to the server failed: {message}"),
            Self::Misused(message) => write!(f, "the statement could not be sent: {message}"),
        }
    }
}

impl std::error::Error for SessionError {}
