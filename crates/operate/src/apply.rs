//! Running a script in one transaction, and the plan that leads to a schema.

use std::fmt;
use std::time::{Duration, Instant};

use underpin_pg::{Control, Difference, Schema, Script, plan};
use underpin_server::{Session, SessionError, catalog};

use crate::canonical;

/// How long a statement of a script waits for a lock: whoever waits longer than this behind a busy
/// table holds up everybody who comes after (PostgreSQL queues locks in order).
pub const LOCK_TIMEOUT_MILLISECONDS: u32 = 5_000;

/// What was run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// The number of statements; for a text, 1.
    pub statements: usize,
    /// From the first statement to the end of the commit.
    pub took: Duration,
}

/// Why nothing was changed.
#[derive(Debug)]
pub enum ApplyError {
    /// A statement was refused. All before it was rolled back.
    Statement {
        /// Its place in the script, from 1.
        number: usize,
        /// The statement.
        statement: String,
        /// What the server said.
        error: SessionError,
    },
    /// The session failed outside the script.
    Session(SessionError),
    /// What is there would have to be changed or removed, which a plan of additions cannot.
    Remaining(Vec<Difference>),
}

impl fmt::Display for ApplyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Statement { number, statement, error } => {
                write!(
                    f,
                    "statement {number} was refused, nothing was changed: {error}\n{statement}"
                )
            }
            Self::Session(error) => error.fmt(f),
            Self::Remaining(differences) => {
                f.write_str("the database differs from the design in what a plan of additions cannot change")?;
                for difference in differences {
                    write!(f, "\n- {difference}")?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for ApplyError {}

impl From<SessionError> for ApplyError {
    fn from(error: SessionError) -> Self {
        Self::Session(error)
    }
}

/// Runs a script in one transaction of its own.
pub fn apply(session: &mut Session, script: &Script) -> Result<Applied, ApplyError> {
    let statements: Vec<String> = script.statements.iter().map(ToString::to_string).collect();
    run(session, &statements)
}

/// Runs SQL text, such as that of a `schema.sql`, in one transaction of its own. The text must not end
/// that transaction itself.
pub fn apply_text(session: &mut Session, sql: &str) -> Result<Applied, ApplyError> {
    run(session, &[sql.to_owned()])
}

/// Brings a database to a schema by adding what is missing, and returns how many statements that took:
/// none where the schema is there already. Refuses, and changes nothing, where additions are not enough.
pub fn apply_plan(session: &mut Session, desired: &Schema) -> Result<usize, ApplyError> {
    let found = catalog::read(session)?;
    let desired = canonical(session, desired)?;
    let plan = plan(&found, &desired);
    if !plan.remaining.is_empty() {
        return Err(ApplyError::Remaining(plan.remaining));
    }
    if plan.script.statements.is_empty() {
        return Ok(0);
    }
    Ok(apply(session, &plan.script)?.statements)
}

fn run(session: &mut Session, statements: &[String]) -> Result<Applied, ApplyError> {
    let started = Instant::now();
    session.batch(&Control::Begin.to_string())?;
    let outcome = statements_of(session, statements)
        .and_then(|()| Ok(session.batch(&Control::Commit.to_string())?));
    match outcome {
        Ok(()) => Ok(Applied { statements: statements.len(), took: started.elapsed() }),
        Err(error) => {
            // The first error is the one to tell; a connection that is lost has rolled back by itself.
            let _ = session.batch(&Control::Rollback.to_string());
            Err(error)
        }
    }
}

pub(crate) fn statements_of(
    session: &mut Session,
    statements: &[String],
) -> Result<(), ApplyError> {
    session.batch(&Control::LockTimeout(LOCK_TIMEOUT_MILLISECONDS).to_string())?;
    for (index, statement) in statements.iter().enumerate() {
        session.batch(statement).map_err(|error| ApplyError::Statement {
            number: index + 1,
            statement: statement.clone(),
            error,
        })?;
    }
    Ok(())
}
