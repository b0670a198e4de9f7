//! Running a script that somebody else wrote, statement by statement, in a database of our own.

use std::fmt;

use underpin_pg::{
    Command, Control, Ddl, Expr, Ident, Output, ScriptStatement, Select, script_statements,
    statement_words,
};
use underpin_server::{Database, ServerError, Session, SessionError};

use crate::helping_hand::{Help, HelpingHand, INSUFFICIENT_PRIVILEGE, Tried};
use crate::passed_over::{is_beside, is_of_server, missing_namespace};

/// How long one statement of such a script may take: what it makes is empty, so that whoever waits longer waits
/// for nothing that comes.
const STATEMENT_TIMEOUT_MILLISECONDS: u32 = 30_000;

/// How statements begin that begin or end transactions or parts of them.
const TRANSACTION_WORDS: [&str; 9] =
    ["begin", "start", "commit", "end", "abort", "rollback", "savepoint", "release", "prepare"];

/// Which statement was refused, and why.
#[derive(Debug)]
pub struct InstallError {
    /// The line on which the server found the fault, else that on which the statement begins.
    pub line: usize,
    /// The statement.
    pub statement: String,
    /// Whether it asks for more than an ordinary role may do, which is all that a script of somebody else's is run as.
    pub is_guarded: bool,
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

/// Runs scripts of somebody else's in a database that was made for that
/// ([`underpin_server::Server::create_database_for_others`]), one after the other in one session.
#[derive(Debug)]
pub struct Installer {
    session: Session,
    hand: HelpingHand,
    roles: bool,
    /// Whether the script has begun a transaction and not ended it.
    in_transaction: bool,
}

impl Installer {
    /// Opens the session. The scripts are those that will be run: what only a superuser may create is made for them
    /// while nothing of theirs is there.
    pub fn open(database: &Database, scripts: &[&str]) -> Result<Self, SessionError> {
        let hand = HelpingHand::beside(database, scripts)?;
        let (session, roles) = (database.connect()?, database.is_guarded());
        Ok(Self { session, hand, roles, in_transaction: false })
    }

    /// The session, as the scripts left it.
    pub fn session(&mut self) -> &mut Session {
        &mut self.session
    }

    /// Runs the statements one by one, each in a transaction of its own unless the script says otherwise, as
    /// `psql` does. On a server of our own, a role that the script grants to and that is not there is made.
    pub fn run(&mut self, script: &str) -> Result<Installed, InstallError> {
        self.run_within(script, STATEMENT_TIMEOUT_MILLISECONDS)
    }

    /// As [`Installer::run`], with so many milliseconds for each statement.
    ///
    /// # Errors
    /// SQLSTATE 57014 (`query_canceled`) for a statement that takes longer.
    pub fn run_within(
        &mut self,
        script: &str,
        milliseconds: u32,
    ) -> Result<Installed, InstallError> {
        let limit = Control::StatementTimeout(milliseconds).to_string();
        let of_ours = |statement: &str, error| InstallError {
            line: 0,
            statement: statement.to_owned(),
            is_guarded: false,
            error,
            passed_over: Vec::new(),
        };
        self.session.batch(&limit).map_err(|error| of_ours(&limit, error))?;
        let mut passed_over: Vec<PassedOver> = Vec::new();
        for statement in script_statements(script) {
            let passed = if is_of_server(statement.text) {
                Some("it is about the server, or another database".to_owned())
            } else {
                self.statement(&statement).map_err(|mut error| {
                    error.passed_over.clone_from(&passed_over);
                    error
                })?
            };
            if let Some(reason) = passed {
                let (line, statement) = (statement.line, statement.text.to_owned());
                passed_over.push(PassedOver { line, statement, reason });
                continue;
            }
            // `pg_dump` begins with a timeout of its own, which is none.
            if statement.text.contains("statement_timeout") {
                self.session.batch(&limit).map_err(|error| of_ours(&limit, error))?;
            }
        }
        let setting = Expr::Call("current_setting", vec![Expr::text("search_path")]);
        let select = Select::new(vec![Output { value: setting, name: None }], None).to_string();
        let rows = self.session.text(&select).map_err(|error| of_ours(&select, error))?;
        let search_path = rows.rows.into_iter().flatten().flatten().next().unwrap_or_default();
        Ok(Installed { search_path, passed_over })
    }

    /// Sets or ends a savepoint; where that is refused, the statement after it says so.
    fn steer(&mut self, command: Option<Command>) {
        if let Some(command) = command {
            let _ = self.session.batch(&command.to_string());
        }
    }

    /// Runs one statement, and returns why where it was passed over.
    fn statement(
        &mut self,
        statement: &ScriptStatement<'_>,
    ) -> Result<Option<String>, InstallError> {
        // A script may grant to several roles in one statement.
        const MOST_ATTEMPTS: usize = 24;
        let mut tried = Tried::default();
        let words = statement_words(statement.text);
        let first = words.first().map(String::as_str).unwrap_or_default();
        let ends = TRANSACTION_WORDS.contains(&first);
        // A refusal in a transaction of the script's ends it, and nothing could be tried again.
        let mark = (self.in_transaction && !ends)
            .then(|| Ident::new("underpin_statement").expect("invariant: a plain name"));
        self.steer(mark.clone().map(Command::Savepoint));
        let mut outcome = self.session.batch(statement.text);
        let mut ended = None;
        for _ in 0..MOST_ATTEMPTS {
            let Err(SessionError::Refused(error)) = &outcome else { break };
            self.steer(mark.clone().map(Command::RollbackTo));
            let role = missing_role(error).filter(|_| self.roles).map(Command::CreateRole);
            let namespace = missing_namespace(statement.text, error).map(Ddl::CreateNamespace);
            let missing =
                role.map(|it| it.to_string()).or_else(|| namespace.map(|it| it.to_string()));
            if let Some(missing) = missing {
                if self.session.batch(&missing).is_err() {
                    break;
                }
            } else {
                let help = self
                    .hand
                    .help(&mut self.session, statement, error, &mut tried)
                    .map_err(|error| refused(statement, false, error))?;
                match help {
                    Help::Again => {}
                    Help::None => break,
                    Help::Done | Help::LeftOut => {
                        ended = Some((help, error.to_string()));
                        break;
                    }
                }
            }
            self.steer(mark.clone().map(Command::Savepoint));
            outcome = self.session.batch(statement.text);
        }
        if outcome.is_ok() {
            self.steer(mark.map(Command::Release));
            match first {
                "begin" | "start" => self.in_transaction = true,
                "commit" | "end" | "abort" => self.in_transaction = false,
                "rollback" => self.in_transaction &= words.iter().any(|word| word == "to"),
                _ => {}
            }
        }
        tried.end(&mut self.session);
        match (ended, outcome) {
            (Some((Help::LeftOut, reason)), _) => {
                Ok(Some(format!("only a superuser may run it: {reason}")))
            }
            (None, Err(SessionError::Refused(error))) if is_beside(statement.text, &error) => {
                Ok(Some(error.to_string()))
            }
            (Some(_), _) | (None, Ok(())) => Ok(None),
            (None, Err(error)) => match self.hand.why_not_created(statement.text) {
                Some(why) => Ok(Some(why.to_owned())),
                None => Err(refused(statement, self.roles, error)),
            },
        }
    }
}

fn refused(statement: &ScriptStatement<'_>, is_guest: bool, error: SessionError) -> InstallError {
    let position = error.server().and_then(|error| error.position);
    let within =
        position.and_then(|position| usize::try_from(position).ok()).map_or(0, |position| {
            statement.text.chars().take(position.saturating_sub(1)).filter(|c| *c == '\n').count()
        });
    let is_guarded =
        is_guest && error.server().is_some_and(|error| error.sqlstate == INSUFFICIENT_PRIVILEGE);
    InstallError {
        line: statement.line + within,
        statement: statement.text.to_owned(),
        is_guarded,
        error,
        passed_over: Vec::new(),
    }
}

/// The role of `role "app" does not exist`.
fn missing_role(error: &ServerError) -> Option<Ident> {
    let name = error.message.strip_prefix("role \"")?.strip_suffix("\" does not exist")?;
    (error.sqlstate == "42704").then(|| Ident::new(name).ok())?
}
