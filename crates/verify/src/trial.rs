//! One attempt on a server: rows that set the scene, a statement that is judged, and nothing of it
//! left afterwards.

use underpin_pg::{Command, Ident};
use underpin_server::{ServerError, Session, SessionError, TextRows};

/// Statements in text, made by the types of `pg`.
pub(crate) type Statements = Vec<String>;

/// What came of an attempt.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// The statement was accepted, and gave these rows.
    Accepted(TextRows),
    /// The statement was refused.
    Refused(Box<ServerError>),
    /// The scene could not be set.
    NotSet(Box<ServerError>),
}

/// What is expected of a refusal.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expected<'a> {
    /// The SQLSTATE, or one of several.
    pub(crate) sqlstates: &'a [&'a str],
    /// The table.
    pub(crate) table: Option<&'a Ident>,
    /// The constraint, where one is named.
    pub(crate) constraint: Option<&'a Ident>,
    /// The column, where one is named.
    pub(crate) column: Option<&'a Ident>,
}

impl Expected<'_> {
    /// Whether a refusal is the expected one.
    pub(crate) fn is(&self, error: &ServerError) -> bool {
        let named = |wanted: Option<&Ident>, found: &Option<String>| {
            wanted.is_none_or(|wanted| found.as_deref() == Some(wanted.as_str()))
        };
        self.sqlstates.contains(&error.sqlstate.as_str())
            && named(self.table, &error.table)
            && named(self.constraint, &error.constraint)
            && named(self.column, &error.column)
    }
}

/// Makes an attempt inside the session's open transaction, and takes it back.
pub(crate) fn attempt(
    session: &mut Session,
    setup: &[String],
    last: &str,
) -> Result<Outcome, SessionError> {
    let savepoint = Ident::new("attempt").expect("a fixed name");
    let back = Command::RollbackTo(savepoint.clone()).to_string();
    session.batch(&Command::Savepoint(savepoint).to_string())?;
    if !setup.is_empty() {
        if let Err(error) = session.batch(&setup.join(";\n")) {
            session.batch(&back)?;
            return refused(error).map(Outcome::NotSet);
        }
    }
    // What is deferred would be checked at the end of a transaction that never comes.
    let last = format!("{last};\n{}", Command::ConstraintsImmediate);
    let outcome = session.text(&last);
    session.batch(&back)?;
    match outcome {
        Ok(rows) => Ok(Outcome::Accepted(rows)),
        Err(error) => refused(error).map(Outcome::Refused),
    }
}

fn refused(error: SessionError) -> Result<Box<ServerError>, SessionError> {
    match error {
        SessionError::Refused(error) => Ok(error),
        SessionError::Unable(_) | SessionError::Lost(_) | SessionError::Misused(_) => Err(error),
    }
}
