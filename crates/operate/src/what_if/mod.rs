//! The planner of a server, told of indexes that are not there.

mod asked;
mod facts;
mod made;
mod planner;
mod sample;

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};

use underpin_advise::{Plan, Rewritten};
use underpin_pg::{Command, GuestStatement, Hypothetical, Ident, QualifiedName, WhatIfStatement};
use underpin_server::{Database, Session, SessionError};

pub use asked::Asked;
pub use facts::facts;
pub use made::MadePlanner;
pub use planner::{HypotheticalPlanner, Shared};
pub use sample::{SampleError, Sampled, sample};

/// Why a server cannot be asked what would be if.
#[derive(Debug)]
pub enum WhatIfError {
    /// HypoPG's files are not on the server.
    NotInstalled,
    /// HypoPG is on the server and not in the database, and the role may not declare its functions.
    NotCreated,
    /// The server refused something else, or the connection was lost.
    Session(SessionError),
}

impl fmt::Display for WhatIfError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotInstalled => f.write_str("the server does not have the extension HypoPG"),
            Self::NotCreated => f.write_str(
                "the database does not have the extension HypoPG, and only a superuser may use it without",
            ),
            Self::Session(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for WhatIfError {}

impl From<SessionError> for WhatIfError {
    fn from(error: SessionError) -> Self {
        Self::Session(error)
    }
}

/// Makes a session ready to be asked: finds HypoPG's functions, or declares them for the session alone, so that the
/// database is left as it was; and forbids all that changes data.
pub fn prepare(session: &mut Session) -> Result<Hypothetical, WhatIfError> {
    let answer = session.text(&WhatIfStatement::Look.to_string())?;
    let row = answer.rows.first().cloned().unwrap_or_default();
    let field = |at: usize| row.get(at).cloned().flatten();
    let created = field(1).and_then(|namespace| Ident::new(namespace).ok());
    let functions = match created {
        Some(namespace) => Hypothetical::new(namespace),
        None if field(0).as_deref() != Some("t") => return Err(WhatIfError::NotInstalled),
        None if field(2).as_deref() != Some("t") => return Err(WhatIfError::NotCreated),
        None => {
            session.batch(&WhatIfStatement::DeclareHere.to_string())?;
            Hypothetical::here()
        }
    };
    session.batch(&WhatIfStatement::Guard.to_string())?;
    Ok(functions)
}

/// Makes a database ready in which sessions are those of no superuser: HypoPG is put there, apart from what will be in it.
/// Nothing happens where its files are missing; [`prepare`] says so.
pub fn declare_what_if(database: &Database) -> Result<(), SessionError> {
    let Some(mut administrator) = database.administrator()? else { return Ok(()) };
    let [extension, namespace] = ["hypopg", "underpin_what_if"]
        .map(|name| Ident::new(name).expect("invariant: a plain name"));
    match administrator.batch(&GuestStatement::CreateApart(extension, namespace).to_string()) {
        Ok(()) | Err(SessionError::Refused(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

/// What the server says of a statement before any candidate is thought of.
#[derive(Debug)]
pub struct Analysed {
    /// The plan as things are.
    pub plan: Plan,
    /// The plan without indexes, in which every condition is named.
    pub bare: Plan,
}

/// A statement that the server does not plan.
#[derive(Debug)]
pub struct Unplanned {
    /// How many lines below the first of the statement the fault is.
    pub lines: usize,
    /// What the server said.
    pub error: SessionError,
}

impl From<SessionError> for Unplanned {
    fn from(error: SessionError) -> Self {
        Self { lines: 0, error }
    }
}

/// Has the server plan a statement as things are, and without any index.
pub fn analyse(session: &mut Session, statement: &Rewritten) -> Result<Analysed, Unplanned> {
    let plan = explain(session, statement, true)?;
    session.batch(&WhatIfStatement::WithoutIndexes.to_string())?;
    let bare = explain(session, statement, true);
    session.batch(&WhatIfStatement::WithIndexes.to_string())?;
    Ok(Analysed { plan, bare: bare? })
}

/// As [`analyse`], for many statements, as many at once as there are sessions; the answers are in their order.
pub fn analyse_all(
    sessions: &mut [Session],
    statements: &[Rewritten],
) -> Vec<Result<Analysed, Unplanned>> {
    let next = AtomicUsize::new(0);
    let next = &next;
    let mut answers: Vec<(usize, Result<Analysed, Unplanned>)> = std::thread::scope(|scope| {
        let running: Vec<_> = sessions
            .iter_mut()
            .map(|session| {
                scope.spawn(move || {
                    let mut mine = Vec::new();
                    loop {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        let Some(statement) = statements.get(at) else { return mine };
                        mine.push((at, analyse(session, statement)));
                    }
                })
            })
            .collect();
        running
            .into_iter()
            .flat_map(|it| it.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    answers.sort_by_key(|(at, _)| *at);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

/// The plan of a statement, which is not run.
fn explain(session: &mut Session, statement: &Rewritten, verbose: bool) -> Result<Plan, Unplanned> {
    let Rewritten { sql, parameters } = statement;
    let text = WhatIfStatement::Explain { sql, parameters: *parameters, verbose }.to_string();
    let answer = match session.text(&text) {
        Ok(answer) => answer,
        Err(error) => {
            // What was prepared outlives the error, and its name is wanted again.
            let _ = session.batch(&WhatIfStatement::Forget.to_string());
            let position = error.server().and_then(|error| error.position).unwrap_or(0);
            let before = usize::try_from(position).unwrap_or(0).saturating_sub(1);
            let lines = text.chars().take(before).filter(|c| *c == '\n').count();
            return Err(Unplanned { lines, error });
        }
    };
    let json: String = answer.rows.into_iter().flatten().flatten().collect();
    Plan::read(&json).ok_or_else(|| {
        let why = "the server's answer to EXPLAIN (FORMAT JSON) is no plan";
        SessionError::Misused(why.to_owned()).into()
    })
}

/// The statements that `pg_stat_statements` counted in this database, with their numbers of calls, those that took most
/// time first; `None` where the database does not have that extension.
pub fn counted(session: &mut Session) -> Result<Option<Vec<(String, f64)>>, SessionError> {
    let found = session.text(&WhatIfStatement::FindCounted.to_string())?;
    let namespace = found.rows.into_iter().flatten().flatten().next();
    let Some(namespace) = namespace.and_then(|name| Ident::new(name).ok()) else { return Ok(None) };
    let rows = session.text(&WhatIfStatement::Counted(&namespace).to_string())?.rows;
    let read = |row: Vec<Option<String>>| {
        let mut fields = row.into_iter().flatten();
        Some((fields.next()?, fields.next()?.parse().ok()?))
    };
    Ok(Some(rows.into_iter().filter_map(read).collect()))
}

/// Gathers the statistics of every table that has rows: for a database of our own that a script has filled. A table
/// without rows stays one of which the planner knows nothing: it assumes ten pages then, and not that it is empty.
pub fn gather_statistics(session: &mut Session) -> Result<(), SessionError> {
    let filled = session.text(&WhatIfStatement::FilledTables.to_string())?;
    for row in filled.rows {
        let mut names = row.into_iter().flatten().map(Ident::new);
        if let (Some(Ok(namespace)), Some(Ok(name))) = (names.next(), names.next()) {
            let table = QualifiedName::new(namespace, name);
            session.batch(&Command::VacuumAnalyze(table).to_string())?;
        }
    }
    Ok(())
}
