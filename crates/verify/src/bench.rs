//! What probes work with: databases made when they are first needed, and what is known of the tables.

use std::collections::BTreeMap;

use underpin_claim::{Claim, Environment, Evidence, Value as Measure, Verdict};
use underpin_logical::LogicalDesign;
use underpin_operate::{ApplyError, apply_text};
use underpin_pg::{Command, Control, Ident, QualifiedName};
use underpin_physical::PhysicalDesign;
use underpin_server::{Database, Server, Session, SessionError};

use crate::Options;
use crate::row::{Plan, PlannedRow, Planner, Shape, Shapes, Wish};
use crate::trial::{Expected, Outcome, Statements, attempt};

/// What is judged, and where.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Input<'a> {
    pub(crate) server: &'a Server,
    pub(crate) logical: &'a LogicalDesign,
    pub(crate) physical: &'a PhysicalDesign,
    pub(crate) schema_sql: &'a str,
    pub(crate) options: &'a Options,
}

/// What probes share.
#[derive(Debug)]
pub(crate) struct Bench<'a> {
    pub(crate) input: Input<'a>,
    facts: BTreeMap<String, Measure>,
    server_version: Option<String>,
    /// For the probes of the schema as a whole.
    pub(crate) whole: Option<Installed>,
    /// For the probes that attack rows.
    arena: Option<Arena>,
}

/// A database that the script was run in.
#[derive(Debug)]
pub(crate) struct Installed {
    pub(crate) session: Session,
    /// Why the script was refused, where it was.
    pub(crate) refused: Option<String>,
    /// Dropped after its session.
    _database: Database,
}

impl Installed {
    /// A new database with the script's objects in it.
    pub(crate) fn new(server: &Server, schema_sql: &str) -> Result<Self, SessionError> {
        let database = server.create_database("verify")?;
        let mut session = database.connect()?;
        let refused = match apply_text(&mut session, schema_sql) {
            Ok(_) => None,
            Err(ApplyError::Statement { error: SessionError::Refused(error), .. }) => {
                Some(error.to_string())
            }
            Err(ApplyError::Statement { error, .. } | ApplyError::Session(error)) => {
                return Err(error);
            }
            Err(error @ ApplyError::Remaining(_)) => Some(error.to_string()),
        };
        Ok(Self { session, refused, _database: database })
    }
}

/// The database of the attacks, in a transaction that is never committed.
#[derive(Debug)]
pub(crate) struct Arena {
    installed: Installed,
    /// Why no valid row could be inserted, by table.
    barred: BTreeMap<QualifiedName, String>,
}
