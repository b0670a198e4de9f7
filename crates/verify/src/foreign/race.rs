//! Two sessions at once: what a trigger looks up and then allows may come true twice. Both rows are written
//! before either is committed, in both orders.

use underpin_pg::{Command, Control, QualifiedName};
use underpin_server::{Database, Session, SessionError};

use super::arena::{Arena, Stored};
use super::world::{Want, World};
use crate::duel::{Ended, Isolation, fight};

/// What came of two sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// One of them was refused.
    Kept,
    /// Both rows are there.
    Both,
    /// The scene could not be set.
    NotSet,
}

/// Where races are run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Track<'a> {
    pub(super) database: &'a Database,
    pub(super) search_path: &'a str,
}

/// Drafts both rows in the world that it is given.
type Rows<'r> =
    &'r mut dyn FnMut(&mut Arena<'_>, &mut World) -> Result<Option<[Want; 2]>, SessionError>;

/// Makes what two statements need, and words them.
type Acts<'r> =
    &'r mut dyn FnMut(&mut Arena<'_>, &mut World) -> Result<Option<[String; 2]>, SessionError>;

/// Whether a table has triggers of its author's: what a constraint or a unique index keeps, it keeps from
/// all sessions.
pub(super) fn may_race(arena: &Arena<'_>, table: &QualifiedName) -> bool {
    arena.sides.ground.schema.triggers_of(table).next().is_some()
}

/// Runs two rows that cannot both be there. `rows` drafts them in the world that it is given: each must be
/// let in alone.
pub(super) fn run(
    arena: &mut Arena<'_>,
    table: &QualifiedName,
    rows: Rows<'_>,
) -> Result<Outcome, SessionError> {
    contest(arena, &mut |arena, world| {
        let Some(wants) = rows(arena, world)? else { return Ok(None) };
        let mut statements = Vec::with_capacity(wants.len());
        for want in &wants {
            let Ok(cells) = arena.draft(table, want, world, 0)? else { return Ok(None) };
            statements.push(arena.insertion(table, &cells));
        }
        Ok(<[String; 2]>::try_from(statements).ok())
    })
}

/// Runs two statements that cannot both come through. `acts` makes what they need in the world that it is
/// given, and words them: each must be let in alone, and return the row that it wrote.
pub(super) fn contest(arena: &mut Arena<'_>, acts: Acts<'_>) -> Result<Outcome, SessionError> {
    let track = arena.track;
    let mut outcome = Outcome::NotSet;
    for reversed in [false, true] {
        let Some(statements) = statements(arena, acts)? else { continue };
        let [first, second] = statements;
        let (first, second) = if reversed { (second, first) } else { (first, second) };
        match both(track, &first, &second)? {
            Outcome::Both => return Ok(Outcome::Both),
            Outcome::Kept => outcome = Outcome::Kept,
            Outcome::NotSet => {}
        }
    }
    Ok(outcome)
}

/// Runs two statements of which the second may come before the first and not after it.
pub(super) fn in_order(arena: &mut Arena<'_>, acts: Acts<'_>) -> Result<Outcome, SessionError> {
    let track = arena.track;
    match statements(arena, acts)? {
        Some([first, second]) => both(track, &first, &second),
        None => Ok(Outcome::NotSet),
    }
}

/// The two statements, after all that they need was committed.
fn statements(arena: &mut Arena<'_>, acts: Acts<'_>) -> Result<Option<[String; 2]>, SessionError> {
    // A session of its own takes the arena's place, so that what it commits is only what they refer to.
    let session = open(arena.track)?;
    let kept = std::mem::replace(&mut arena.session, session);
    arena.session.batch(&Control::Begin.to_string())?;
    let drafted = draft(arena, acts);
    let ended = match &drafted {
        Ok(Some(_)) => arena.session.batch(&Control::Commit.to_string()),
        _ => arena.session.batch(&Control::Rollback.to_string()),
    };
    arena.session = kept;
    let drafted = drafted?;
    // What was deferred may refuse the rows that are to be referred to.
    Ok(if ended.is_ok() { drafted } else { None })
}

fn draft(arena: &mut Arena<'_>, acts: Acts<'_>) -> Result<Option<[String; 2]>, SessionError> {
    let Some(statements) = acts(arena, &mut World::default())? else { return Ok(None) };
    for statement in &statements {
        // Each alone is let in, and leaves nothing behind.
        let alone: Result<Vec<Stored>, SessionError> = {
            let point = underpin_pg::Ident::new("alone").expect("a fixed name");
            arena.session.batch(&Command::Savepoint(point.clone()).to_string())?;
            let rows = arena.session.text(statement).map(|rows| rows.rows);
            arena.session.batch(&Command::RollbackTo(point).to_string())?;
            rows
        };
        match alone {
            Ok(rows) if !rows.is_empty() => {}
            Ok(_) | Err(SessionError::Refused(_)) => return Ok(None),
            Err(error) => return Err(error),
        }
    }
    Ok(Some(statements))
}

fn open(track: Track<'_>) -> Result<Session, SessionError> {
    let mut session = track.database.connect()?;
    if !["", "\"\""].contains(&track.search_path) {
        session.text(&super::arena::parameter("search_path", track.search_path, false))?;
    }
    Ok(session)
}

fn both(track: Track<'_>, first: &str, second: &str) -> Result<Outcome, SessionError> {
    let (mut here, mut there) = (open(track)?, open(track)?);
    // Who keeps a rule by a lock and a look keeps it at this level, which is the default; at a higher one the
    // look may see nothing new, and whether anybody works there no document says.
    let isolation = Isolation::ReadCommitted;
    Ok(match fight((&mut here, &mut there), isolation, (first, second))? {
        Ended::Both => Outcome::Both,
        Ended::One => Outcome::Kept,
        Ended::NotSet(_) => Outcome::NotSet,
    })
}
