//! Filling a new database with many rows: tables without keys first, then the rows by COPY in two sessions, then
//! keys, indexes, references and triggers, which PostgreSQL so checks on all rows at once.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use underpin_pg::{Command, Control, Ddl, Indexes, QualifiedName, Schema, Script, plan};
use underpin_server::{Session, SessionError};

use crate::apply::{ApplyError, apply};

/// So many sessions load side by side.
const SESSIONS: usize = 2;
/// What a session may use to sort the entries of an index.
const SORTING_MEMORY: &str = "256MB";

/// A schema in two halves.
#[derive(Debug, Clone)]
pub struct Halves {
    /// Makes tables that take rows: with their CHECKs, and with the rows that they begin with.
    pub before: Script,
    /// Keys and indexes of each table, which can be made side by side.
    pub keys: Vec<(QualifiedName, Vec<Ddl>)>,
    /// References, what rows must not share, triggers, comments.
    pub after: Vec<Ddl>,
}

impl Halves {
    /// The halves of a schema.
    pub fn of(schema: &Schema) -> Self {
        let mut bare = schema.clone();
        bare.indexes = Indexes::default();
        bare.triggers.clear();
        for table in bare.tables.values_mut() {
            table.primary_key = None;
            table.uniques.clear();
            table.exclusions.clear();
            table.foreign_keys.clear();
        }
        let mut keys: BTreeMap<QualifiedName, Vec<Ddl>> = BTreeMap::new();
        let mut after = Vec::new();
        for ddl in plan(&bare, schema).script.statements {
            let table = match &ddl {
                Ddl::AddPrimaryKey(table, _) | Ddl::AddUnique(table, _) => Some(table.clone()),
                Ddl::CreateIndex(index) => Some(index.table.clone()),
                Ddl::CreateNamespace(_)
                | Ddl::CreateExtension(_)
                | Ddl::CreateTable { .. }
                | Ddl::CreatePartition(..)
                | Ddl::Upkeep(_)
                | Ddl::AddForeignKey(..)
                | Ddl::AddCheck(..)
                | Ddl::AddExclusion(..)
                | Ddl::DropConstraint(..)
                | Ddl::CreateFunction(_)
                | Ddl::CreateTrigger(_)
                | Ddl::Seed(_)
                | Ddl::Comment(..)
                | Ddl::DropTable(_)
                | Ddl::DropFunction(_)
                | Ddl::DropNamespace(_) => None,
            };
            match table {
                Some(table) => keys.entry(table).or_default().push(ddl),
                None => after.push(ddl),
            }
        }
        Self { before: Script::create(&bare), keys: keys.into_iter().collect(), after }
    }

    /// What is made once the rows are there, in an order that works.
    pub fn rest(&self) -> Script {
        let keys = self.keys.iter().flat_map(|(_, statements)| statements).cloned();
        Script { statements: keys.chain(self.after.iter().cloned()).collect() }
    }
}

/// A statement that the server refused once the rows were there: they do not keep what it says.
#[derive(Debug)]
pub struct Unkept {
    /// The statement.
    pub statement: String,
    /// What the server said.
    pub error: SessionError,
}

/// What came of a load.
#[derive(Debug)]
pub struct Loaded<T> {
    /// For each table what loading it gave, in the order in which they were to be loaded.
    pub tables: Vec<Result<T, SessionError>>,
    /// How long it took until all rows were there, without keys.
    pub rows_took: Duration,
    /// What could not be made on the rows.
    pub unkept: Vec<Unkept>,
}

/// Makes a schema in an empty database, has its tables loaded, and finishes it. `load` is called for each of
/// `tables` in one of two sessions; what it returns as refused counts for that table alone.
///
/// # Errors
/// Where the schema does not apply, or a connection is lost.
pub fn bulk_load<T: Send>(
    connect: &(dyn Fn() -> Result<Session, SessionError> + Sync),
    schema: &Schema,
    tables: &[QualifiedName],
    load: &(dyn Fn(&mut Session, &QualifiedName) -> Result<T, SessionError> + Sync),
    tell: &mut dyn FnMut(&str),
) -> Result<Loaded<T>, ApplyError> {
    let halves = Halves::of(schema);
    let mut sessions: Vec<Session> = (0..SESSIONS).map(|_| connect()).collect::<Result<_, _>>()?;
    apply(&mut sessions[0], &halves.before)?;
    for session in &mut sessions {
        session.batch(&Command::Set("maintenance_work_mem", SORTING_MEMORY).to_string())?;
        // What the load of a killed run left is left anyway; nobody waits for the disk.
        session.batch(&Command::Set("synchronous_commit", "off").to_string())?;
    }
    tell("rows");
    let begun = Instant::now();
    let tables = side_by_side(&mut sessions, tables, |session, table| load(session, table));
    let rows_took = begun.elapsed();
    let lost = |error: &SessionError| !matches!(error, SessionError::Refused(_));
    let mut unkept = Vec::new();
    tell("keys and indexes");
    let made = side_by_side(&mut sessions, &halves.keys, |session, (_, statements)| {
        Ok(each(session, statements))
    });
    for outcome in made {
        unkept.extend(outcome?);
    }
    tell("references");
    unkept.extend(each(&mut sessions[0], &halves.after));
    tell("statistics");
    let all: Vec<&QualifiedName> = schema.tables.keys().collect();
    for outcome in side_by_side(&mut sessions, &all, |session, table| {
        session.batch(&Command::VacuumAnalyze((*table).clone()).to_string())
    }) {
        outcome?;
    }
    if let Some(at) = unkept.iter().position(|it| lost(&it.error)) {
        return Err(unkept.swap_remove(at).error.into());
    }
    Ok(Loaded { tables, rows_took, unkept })
}

/// Runs statements, each in a transaction of its own; those that were refused.
fn each(session: &mut Session, statements: &[Ddl]) -> Vec<Unkept> {
    let mut unkept = Vec::new();
    for statement in statements.iter().map(ToString::to_string) {
        if let Err(error) = session.batch(&statement) {
            let is_over = !matches!(error, SessionError::Refused(_));
            unkept.push(Unkept { statement, error });
            if is_over {
                let _ = session.batch(&Control::Rollback.to_string());
                break;
            }
        }
    }
    unkept
}

/// Does a piece of work for each item, the sessions each taking the next.
fn side_by_side<I: Sync, T: Send>(
    sessions: &mut [Session],
    items: &[I],
    work: impl Fn(&mut Session, &I) -> Result<T, SessionError> + Sync,
) -> Vec<Result<T, SessionError>> {
    let next = Mutex::new(0_usize);
    let done = Mutex::new(BTreeMap::new());
    let take = || {
        let mut next = next.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let at = *next;
        *next += 1;
        items.get(at).map(|item| (at, item))
    };
    std::thread::scope(|scope| {
        for session in sessions {
            scope.spawn(|| {
                while let Some((at, item)) = take() {
                    let outcome = work(session, item);
                    let mut done = done.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                    done.insert(at, outcome);
                }
            });
        }
    });
    let done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.into_values().collect()
}
