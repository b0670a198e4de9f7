//! Two sessions at once, in transactions of their own: the first has written and not committed when the second
//! writes. Neither waits for ever: locks and statements have their time.

use std::thread;
use std::time::{Duration, Instant};

use underpin_pg::{BinaryOperator, Command, Control, Expr, Output, Select};
use underpin_server::{ServerError, Session, SessionError};

/// How long the second session is given to finish its statement or to come to a lock.
const HEAD_START: Duration = Duration::from_millis(400);
const PAUSE: Duration = Duration::from_millis(2);

/// What a session is told that has waited too long: `lock_not_available`, `query_canceled`.
const OUT_OF_TIME: [&str; 2] = ["55P03", "57014"];

/// What a transaction sees of those that run beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Isolation {
    /// Each statement sees what was committed before it: the default.
    ReadCommitted,
    /// All statements see what was committed before the first.
    RepeatableRead,
}

impl Isolation {
    /// Those that two sessions are tried at.
    pub(crate) const ALL: [Self; 2] = [Self::ReadCommitted, Self::RepeatableRead];

    /// Its name, for people.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::ReadCommitted => "read committed",
            Self::RepeatableRead => "repeatable read",
        }
    }

    const fn begin(self) -> Control {
        match self {
            Self::ReadCommitted => Control::BeginReadCommitted,
            Self::RepeatableRead => Control::BeginRepeatableRead,
        }
    }
}

/// What came of two sessions.
#[derive(Debug)]
pub(crate) enum Ended {
    /// Both have committed.
    Both,
    /// One was refused, when it wrote or when it committed.
    One,
    /// The first was refused before there was a second, or one has waited too long to tell.
    NotSet(Box<ServerError>),
}

/// The first session writes; the second writes; the first commits, and then the second, which may have had to
/// wait for it.
pub(crate) fn fight(
    (here, there): (&mut Session, &mut Session),
    isolation: Isolation,
    (first, second): (&str, &str),
) -> Result<Ended, SessionError> {
    enter(here, isolation)?;
    let process = enter(there, isolation)?;
    if let Some(error) = refused(here.text(first).map(|_| ()))? {
        here.batch(&Control::Rollback.to_string())?;
        there.batch(&Control::Rollback.to_string())?;
        return Ok(Ended::NotSet(error));
    }
    let (committed, written) = thread::scope(|scope| {
        let other = scope.spawn(|| {
            let written = refused(there.text(second).map(|_| ()))?;
            let end = if written.is_some() { Control::Rollback } else { Control::Commit };
            let ended = refused(there.batch(&end.to_string()))?;
            Ok::<_, SessionError>(written.or(ended))
        });
        let started = Instant::now();
        let mut seen = Ok(false);
        while !other.is_finished() && started.elapsed() < HEAD_START && matches!(seen, Ok(false)) {
            thread::sleep(PAUSE);
            seen = waits(here, &process);
        }
        let committed = seen.and_then(|_| refused(here.batch(&Control::Commit.to_string())));
        (committed, other.join().expect("the other session does not panic"))
    });
    let (committed, written) = (committed?, written?);
    Ok(match committed.or(written) {
        None => Ended::Both,
        Some(error) if OUT_OF_TIME.contains(&error.sqlstate.as_str()) => Ended::NotSet(error),
        Some(_) => Ended::One,
    })
}

/// Begins, with an end to all waiting, and says which process it is: the query by which a transaction comes to
/// what it sees.
fn enter(session: &mut Session, isolation: Isolation) -> Result<String, SessionError> {
    let statements = [
        isolation.begin().to_string(),
        Command::SetLocal("lock_timeout", "5000").to_string(),
        Command::SetLocal("statement_timeout", "10000").to_string(),
        select(Expr::Call("pg_backend_pid", Vec::new())).to_string(),
    ];
    let answer = session.text(&statements.join(";\n"))?;
    Ok(answer.rows.into_iter().flatten().flatten().next().unwrap_or_default())
}

fn select(value: Expr) -> Select {
    Select::new(vec![Output { value, name: None }], None)
}

/// Whether a process waits for the lock of another.
fn waits(session: &mut Session, process: &str) -> Result<bool, SessionError> {
    let process = Expr::Cast(Box::new(Expr::text(process)), underpin_pg::Type::Integer);
    let blocking = Expr::Call("cardinality", vec![Expr::Call("pg_blocking_pids", vec![process])]);
    let is_blocked = Expr::binary(blocking, BinaryOperator::Greater, Expr::integer(0));
    let answer = session.text(&select(is_blocked).to_string())?;
    Ok(answer.rows.first().is_some_and(|row| row.contains(&Some("t".to_owned()))))
}

/// What the server said no with; any other error stays one.
pub(crate) fn refused(
    outcome: Result<(), SessionError>,
) -> Result<Option<Box<ServerError>>, SessionError> {
    match outcome {
        Ok(()) => Ok(None),
        Err(SessionError::Refused(error)) => Ok(Some(error)),
        Err(
            error @ (SessionError::Unable(_) | SessionError::Lost(_) | SessionError::Misused(_)),
        ) => Err(error),
    }
}
