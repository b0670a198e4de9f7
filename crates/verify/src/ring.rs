//! Where two sessions try to break together what neither breaks alone: a database of its own, since what they
//! see of each other is what was committed.

use underpin_claim::{Claim, Evidence, Value as Measure, Verdict};
use underpin_pg::{Command, Control, Ident, QualifiedName, Schema};
use underpin_server::{Server, Session, SessionError, TextRows};

use crate::bench::{Bench, Installed};
use crate::duel::{Ended, Isolation, fight, refused};
use crate::trial::Statements;

/// The database and its two sessions.
#[derive(Debug)]
pub(crate) struct Ring {
    there: Session,
    here: Installed,
    tables: Vec<QualifiedName>,
    /// The triggers that refuse TRUNCATE.
    guards: Vec<(QualifiedName, Ident)>,
}

/// What two sessions do.
#[derive(Debug)]
pub(crate) struct Duel {
    /// What is there before, committed.
    pub(crate) setup: Statements,
    /// What each does.
    pub(crate) acts: [String; 2],
    pub(crate) broken: Broken,
}

/// What shows that two acts have broken a rule together.
#[derive(Debug)]
pub(crate) enum Broken {
    /// Both were done.
    Both,
    /// The second was done after the first; it may be done before it.
    InOrder,
    /// A query finds something.
    Found(String),
}

/// What came of one statement in two sessions.
#[derive(Debug)]
pub(crate) struct SideBySide {
    /// What the second was answered.
    pub(crate) second: Option<String>,
    /// The locks that the first held.
    pub(crate) locks: Vec<String>,
}

/// Makes a duel with values of its own: what a duel before it has left stays.
type Makes<'m> = &'m mut dyn FnMut(&mut Bench<'_>) -> Result<Duel, String>;

impl Ring {
    /// A new database with the script's objects in it.
    pub(crate) fn new(
        server: &Server,
        schema_sql: &str,
        schema: &Schema,
    ) -> Result<Self, SessionError> {
        let tables = schema.tables.keys().cloned().collect();
        let guards = schema.triggers.values().filter(|it| it.is_of_statement());
        let guards = guards.map(|it| (it.table.clone(), it.name.clone())).collect();
        let here = Installed::new(server, schema_sql)?;
        let mut there = here.database.connect()?;
        there.learn_partitions_from(&here.session);
        Ok(Self { there, here, tables, guards })
    }

    /// Whether the script was taken.
    pub(crate) fn is_open(&self) -> bool {
        self.here.refused.is_none() && !self.tables.is_empty()
    }

    /// Commits what is there before, if need be in empty tables.
    fn set(&mut self, setup: &[String]) -> Result<Option<String>, SessionError> {
        let emptied = self.emptied();
        let session = &mut self.here.session;
        let mut reason = None;
        for empty in [false, true] {
            let mut statements = vec![Control::Begin.to_string()];
            if empty {
                statements.extend(emptied.iter().cloned());
            }
            statements.extend(setup.iter().cloned());
            statements.push(Control::Commit.to_string());
            match refused(session.batch(&statements.join(";\n")))? {
                None => return Ok(None),
                Some(error) => {
                    session.batch(&Control::Rollback.to_string())?;
                    reason = Some(error.to_string());
                }
            }
        }
        Ok(reason)
    }

    /// Empties all tables, also those of which triggers say that they are never emptied.
    fn emptied(&self) -> Vec<String> {
        let of = |make: fn(QualifiedName, Ident) -> Command| {
            let guards = self.guards.iter().cloned();
            guards.map(move |(table, trigger)| make(table, trigger).to_string())
        };
        let all = Command::Truncate(self.tables.clone()).to_string();
        of(Command::DisableTrigger).chain([all]).chain(of(Command::EnableTrigger)).collect()
    }

    /// Whether an act is let in alone; nothing of it is left.
    fn alone(&mut self, act: &str) -> Result<Option<String>, SessionError> {
        let session = &mut self.here.session;
        let act = format!("{};\n{act};\n{}", Control::Begin, Command::ConstraintsImmediate);
        let said = refused(session.batch(&act))?;
        session.batch(&Control::Rollback.to_string())?;
        Ok(said.map(|error| error.to_string()))
    }

    /// Runs a statement in two sessions, the second while the transaction of the first is open, and asks the first for
    /// its locks. What the first has done is taken back, and done again at the end.
    pub(crate) fn side_by_side(
        &mut self,
        setup: &[String],
        act: &str,
        locks: &str,
    ) -> Result<Result<SideBySide, String>, SessionError> {
        if let Some(reason) = self.set(setup)? {
            return Ok(Err(reason));
        }
        let first = |rows: TextRows| rows.rows.into_iter().flatten().flatten();
        let (here, there) = (&mut self.here.session, &mut self.there);
        here.batch(&Control::Begin.to_string())?;
        let done = refused(here.batch(act))?;
        let found = match done {
            Some(error) => Err(error.to_string()),
            None => {
                let locks = first(here.text(locks)?).collect();
                let waiting = [
                    Control::Begin.to_string(),
                    Command::SetLocal("lock_timeout", "1000").to_string(),
                    Command::SetLocal("statement_timeout", "5000").to_string(),
                ];
                there.batch(&waiting.join(";\n"))?;
                let second = there.text(act);
                there.batch(&Control::Rollback.to_string())?;
                match second {
                    Ok(rows) => Ok(SideBySide { second: first(rows).next(), locks }),
                    Err(SessionError::Refused(error)) => Err(error.to_string()),
                    Err(error) => return Err(error),
                }
            }
        };
        here.batch(&Control::Rollback.to_string())?;
        let _ = refused(here.batch(act))?;
        Ok(found)
    }

    /// One duel; what was broken, or why there was none.
    fn run(
        &mut self,
        duel: &Duel,
        isolation: Isolation,
        reversed: bool,
    ) -> Result<Result<bool, String>, SessionError> {
        if let Some(reason) = self.set(&duel.setup)? {
            return Ok(Err(reason));
        }
        // What one alone may not do in one order, it may not do in the other.
        for act in duel.acts.iter().filter(|_| !reversed) {
            if let Some(reason) = self.alone(act)? {
                return Ok(Err(reason));
            }
        }
        let [first, second] = &duel.acts;
        let acts = if reversed { (second, first) } else { (first, second) };
        let sessions = (&mut self.here.session, &mut self.there);
        Ok(match (fight(sessions, isolation, (acts.0, acts.1))?, &duel.broken) {
            (Ended::NotSet(error), _) => Err(error.to_string()),
            (Ended::Both, Broken::Both) => Ok(true),
            (Ended::Both, Broken::InOrder) => Ok(!reversed),
            (Ended::One, Broken::Both | Broken::InOrder) => Ok(false),
            (Ended::Both | Ended::One, Broken::Found(look)) => {
                Ok(!self.here.session.text(look)?.rows.is_empty())
            }
        })
    }
}

/// Tries two sessions on a claim that one could not refute: both orders, at each isolation. The evidence says at
/// which, and nothing where no two acts could be set up.
pub(crate) fn contested(
    bench: &mut Bench<'_>,
    claim: &Claim,
    evidence: Evidence,
    what: &str,
    makes: Makes<'_>,
) -> Result<Evidence, SessionError> {
    if evidence.verdict != Verdict::Proven || bench.ring()?.is_none() {
        return Ok(evidence);
    }
    let mut tried = Vec::new();
    for isolation in Isolation::ALL {
        let mut orders = 0;
        for reversed in [false, true] {
            let Ok(duel) = makes(bench) else { continue };
            let Some(ring) = bench.ring()? else { continue };
            match ring.run(&duel, isolation, reversed)? {
                // Nor need the other order be tried.
                Err(_) => break,
                Ok(false) => orders += 1,
                Ok(true) => {
                    let level = isolation.as_str();
                    return Ok(Evidence::new(claim, Verdict::Refuted)
                        .measure("two_sessions", level)
                        .note(format!("two sessions at once, at {level}: {what}")));
                }
            }
        }
        if orders == 2 {
            tried.push(Measure::from(isolation.as_str()));
        }
    }
    Ok(if tried.is_empty() {
        evidence
    } else {
        evidence.measure("two_sessions", Measure::List(tried))
    })
}
