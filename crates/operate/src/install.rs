//! Running a script that somebody else wrote, statement by statement, in a database of our own.

use std::fmt;

use underpin_pg::{Command, Control, Ddl, Expr, Ident, Output, Select, script_statements};
use underpin_server::{ServerError, Session, SessionError};

use crate::passed_over::{begins, is_beside, is_of_server, missing_namespace};

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
    /// What was passed over before: an extension that is not there may be why.
    pub passed_over: Vec<PassedOver>,
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
    /// What was not run, or refused without harm to the schema.
    pub passed_over: Vec<PassedOver>,
}

/// A statement that says nothing of the schema, and was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassedOver {
    /// The line on which it begins.
    pub line: usize,
    /// The statement.
    pub statement: String,
    /// Why.
    pub reason: String,
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
    let mut passed_over: Vec<PassedOver> = Vec::new();
    let limited = |session: &mut Session| {
        let statement = limit.clone();
        session.batch(&limit).map_err(|error| InstallError {
            line: 0,
            statement,
            error,
            passed_over: Vec::new(),
        })
    };
    limited(session)?;
    // Whether the script has begun a transaction of its own: a refusal must not end it.
    let mut is_open = false;
    for statement in script_statements(script) {
        let mut pass = |reason: String| {
            let (line, statement) = (statement.line, statement.text.to_owned());
            passed_over.push(PassedOver { line, statement, reason });
        };
        if is_of_server(statement.text) {
            pass("it is about the server, or another database".to_owned());
            continue;
        }
        let outcome = run(session, statement.text, roles, is_open);
        match &outcome {
            Err(SessionError::Refused(error)) if is_beside(statement.text, error) => {
                pass(error.to_string());
                continue;
            }
            Ok(()) | Err(_) => {}
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
                passed_over: passed_over.clone(),
            }
        })?;
        if begins(statement.text, &["begin"]) || begins(statement.text, &["start", "transaction"]) {
            is_open = true;
        } else if ["commit", "end", "rollback", "abort"]
            .iter()
            .any(|word| begins(statement.text, &[word]))
        {
            is_open = false;
        }
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
        passed_over: Vec::new(),
    })?;
    let search_path = rows.rows.into_iter().flatten().flatten().next().unwrap_or_default();
    Ok(Installed { search_path, passed_over })
}

/// Runs a statement; with `roles`, roles that are missing are made, and so is the namespace of an extension.
fn run(
    session: &mut Session,
    statement: &str,
    roles: bool,
    is_open: bool,
) -> Result<(), SessionError> {
    // A script may grant to several roles in one statement.
    const MOST: usize = 20;
    let point = Ident::new("statement").expect("a fixed name");
    let ends = ["commit", "end", "rollback", "abort"].iter().any(|it| begins(statement, &[it]));
    // Within a transaction of the script's own, a refusal takes back the statement alone.
    let is_guarded = is_open && !ends;
    let mut tries = 0;
    loop {
        if is_guarded {
            session.batch(&Command::Savepoint(point.clone()).to_string())?;
        }
        let outcome = session.batch(statement);
        if let (true, Err(SessionError::Refused(_))) = (is_guarded, &outcome) {
            session.batch(&Command::RollbackTo(point.clone()).to_string())?;
        }
        tries += 1;
        let missing = match &outcome {
            Err(SessionError::Refused(error)) if tries < MOST => {
                let role = missing_role(error).filter(|_| roles).map(Command::CreateRole);
                let namespace = missing_namespace(statement, error).map(Ddl::CreateNamespace);
                role.map(|it| it.to_string()).or_else(|| namespace.map(|it| it.to_string()))
            }
            Ok(()) | Err(_) => None,
        };
        match missing {
            Some(made) if session.batch(&made).is_ok() => {}
            Some(_) | None => return outcome,
        }
    }
}

/// The role of `role "app" does not exist`.
fn missing_role(error: &ServerError) -> Option<Ident> {
    let name = error.message.strip_prefix("role \"")?.strip_suffix("\" does not exist")?;
    (error.sqlstate == "42704").then(|| Ident::new(name).ok())?
}
