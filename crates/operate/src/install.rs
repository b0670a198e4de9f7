//! Running a script that somebody else wrote, statement by statement, in a database of our own.

use std::fmt;

use underpin_pg::{Command, Control, Expr, Ident, Output, Select, script_statements};
use underpin_server::{ServerError, Session, SessionError};

/// How long one statement of such a script may take: what it makes is empty, so that whoever waits longer waits
/// for nothing that comes.
const STATEMENT_TIMEOUT_MILLISECONDS: u32 = 30_000;

/// Which statement was refused, and why.
#[derive(Debug)]
pub struct InstallError {
    /// The line on which the server found the fault, else that on which the statement begins.
    pub line: usize,
    /// The statement.
    pub statement: String,
    /// What the server said.
    pub error: SessionError,
}

impl fmt::Display for InstallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl std::error::Error for InstallError {}

/// What a script left of the session that ran it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    /// The `search_path` at its end: what the bodies of its functions are looked up along.
    pub search_path: String,
}

/// Runs the statements one by one, each in a transaction of its own unless the script says otherwise, as
/// `psql` does. With `roles`, which only a server of our own may allow, a role that the script grants to and
/// that is not there is made.
pub fn install(
    session: &mut Session,
    script: &str,
    roles: bool,
) -> Result<Installed, InstallError> {
    install_within(session, script, roles, STATEMENT_TIMEOUT_MILLISECONDS)
}

/// As [`install`], with so many milliseconds for each statement.
///
/// # Errors
/// SQLSTATE 57014 (`query_canceled`) for a statement that takes longer.
pub fn install_within(
    session: &mut Session,
    script: &str,
    roles: bool,
    milliseconds: u32,
) -> Result<Installed, InstallError> {
    let limit = Control::StatementTimeout(milliseconds).to_string();
    let limited = |session: &mut Session| {
        let statement = limit.clone();
        session.batch(&limit).map_err(|error| InstallError { line: 0, statement, error })
    };
    limited(session)?;
    for statement in script_statements(script) {
        // A script may grant to several roles in one statement.
        const MOST_ROLES: usize = 20;
        let mut outcome = session.batch(statement.text);
        for _ in 0..MOST_ROLES {
            let missing = match &outcome {
                Err(SessionError::Refused(error)) if roles => missing_role(error),
                _ => None,
            };
            let Some(role) = missing else { break };
            if session.batch(&Command::CreateRole(role).to_string()).is_err() {
                break;
            }
            outcome = session.batch(statement.text);
        }
        outcome.map_err(|error| {
            let within = error
                .server()
                .and_then(|error| error.position)
                .and_then(|position| usize::try_from(position).ok())
                .map_or(0, |position| {
                    statement
                        .text
                        .chars()
                        .take(position.saturating_sub(1))
                        .filter(|c| *c == '\n')
                        .count()
                });
            InstallError {
                line: statement.line + within,
                statement: statement.text.to_owned(),
                error,
            }
        })?;
        // `pg_dump` begins with a timeout of its own, which is none.
        if statement.text.contains("statement_timeout") {
            limited(session)?;
        }
    }
    let setting = Expr::Call("current_setting", vec![Expr::text("search_path")]);
    let select = Select::new(vec![Output { value: setting, name: None }], None).to_string();
    let rows = session.text(&select).map_err(|error| InstallError {
        line: 0,
        statement: select.clone(),
        error,
    })?;
    let search_path = rows.rows.into_iter().flatten().flatten().next().unwrap_or_default();
    Ok(Installed { search_path })
}

/// The role of `role "app" does not exist`.
fn missing_role(error: &ServerError) -> Option<Ident> {
    let name = error.message.strip_prefix("role \"")?.strip_suffix("\" does not exist")?;
    (error.sqlstate == "42704").then(|| Ident::new(name).ok())?
}
