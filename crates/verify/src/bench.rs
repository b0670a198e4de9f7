//! What probes work with: databases made when they are first needed, and what is known of the tables.

mod sized;
mod unknown;

use std::collections::{BTreeMap, BTreeSet};

use underpin_claim::{Claim, Environment, Evidence, Measures, Value as Measure, Verdict};
use underpin_operate::{ApplyError, apply_text};
use underpin_pg::{Command, Control, Ident, QualifiedName};
use underpin_physical::PhysicalDesign;
use underpin_server::{Database, Server, ServerError, Session, SessionError};

use crate::Options;
use crate::advice::warm_up;
use crate::duel::refused;
use crate::generate::Data;
use crate::growth::Size;
use crate::load::Loaded;
use crate::probe::Used;
use crate::ring::Ring;
use crate::row::{Fresh, KeyShape, Plan, PlannedRow, Planner, Row, Shape, Shapes, Wish};
use crate::trial::{Expected, Outcome, Statements, attempt};
use crate::value::Value;

/// What is judged, and where.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Input<'a> {
    pub(crate) server: &'a Server,
    pub(crate) physical: &'a PhysicalDesign,
    pub(crate) schema_sql: &'a str,
    pub(crate) options: &'a Options,
}

/// What probes share.
#[derive(Debug)]
pub(crate) struct Bench<'a> {
    pub(crate) input: Input<'a>,
    pub(crate) shapes: &'a Shapes<'a>,
    /// Plans rows for attacks.
    pub(crate) planner: Planner<'a>,
    facts: Measures,
    whole: Option<Installed>,
    arena: Option<Arena>,
    data: Option<Data<'a>>,
    ring: Option<Ring>,
    sizes: Option<Result<Vec<Size<'a>>, String>>,
    /// The design at the size that was asked for, where it was not made among three.
    one_size: Option<Result<Size<'a>, String>>,
    load: Option<Result<Loaded, String>>,
    /// What each query does at that size, with all indexes there.
    used: Option<Vec<Used>>,
    /// What is run before each probe and taken back after it: it makes the schema another.
    mutation: Option<Statements>,
}

/// A database that the script was run in.
#[derive(Debug)]
pub(crate) struct Installed {
    pub(crate) session: Session,
    /// Why the script was refused, where it was.
    pub(crate) refused: Option<String>,
    /// Dropped after its session.
    pub(crate) database: Database,
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
        session.learn_partitions()?;
        Ok(Self { session, refused, database })
    }
}

/// The database of the attacks, in a transaction that is never committed.
#[derive(Debug)]
struct Arena {
    installed: Installed,
    /// Why no valid row could be inserted, by table.
    barred: BTreeMap<QualifiedName, String>,
    /// Whether rows stand there for several attempts.
    is_staged: bool,
    /// Whether the schema there is another for now.
    is_mutated: bool,
}

/// Rows that are there already for many attempts on one table: those that a row of it refers to.
#[derive(Debug, Clone)]
pub(crate) struct Stage {
    pub(crate) known: Vec<PlannedRow>,
    /// The values of a row's foreign keys that refer to them.
    pub(crate) links: BTreeMap<usize, Value>,
}

/// A way to try something.
#[derive(Debug)]
pub(crate) struct Scene {
    pub(crate) setup: Statements,
    pub(crate) last: String,
    /// What was changed to have it judged alone; empty for nothing.
    pub(crate) isolation: &'static str,
}

/// How far a life was lived.
#[derive(Debug)]
pub(crate) enum Lived {
    /// To its end.
    Whole,
    /// Until this was refused.
    Until(String, Box<ServerError>),
    /// Something that it needs was refused.
    NotBegun(Box<ServerError>),
}

/// What came of what should be refused.
#[derive(Debug)]
pub(crate) enum Finding {
    /// It was refused as expected, with this isolation.
    Refused(&'static str),
    /// It was accepted.
    Accepted,
    /// Something else refused it.
    Otherwise(Box<ServerError>),
    /// It could not be tried.
    NotSet(String),
}

impl<'a> Bench<'a> {
    /// A bench on which nothing was done yet.
    pub(crate) fn new(input: Input<'a>, shapes: &'a Shapes<'a>) -> Self {
        Self {
            input,
            shapes,
            planner: Planner::new(shapes, input.options.seed, "attacks"),
            facts: Measures::new(),
            whole: None,
            arena: None,
            data: None,
            ring: None,
            sizes: None,
            one_size: None,
            load: None,
            used: None,
            mutation: None,
        }
    }

    /// Notes a fact of the run.
    pub(crate) fn fact(&mut self, name: &str, value: impl Into<Measure>) {
        self.facts.insert(name.to_owned(), value.into());
    }

    /// Where and on what the probes ran.
    pub(crate) fn environment(self) -> Environment {
        Environment {
            server_version: Some(format!("PostgreSQL {}", self.input.server.version())),
            facts: self.facts,
        }
    }

    /// The database of the probes that look at the schema as a whole.
    pub(crate) fn whole(&mut self) -> Result<&mut Installed, SessionError> {
        if self.whole.is_none() {
            self.whole = Some(Installed::new(self.input.server, self.input.schema_sql)?);
        }
        Ok(self.whole.as_mut().expect("set above"))
    }

    /// The table that a claim is about.
    pub(crate) fn table(&self, claim: &Claim) -> Result<&'a Shape<'a>, String> {
        let name = claim.subject.table.as_deref().unwrap_or_default();
        self.shapes
            .iter()
            .find(|(table, _)| table.name.as_str() == name)
            .map(|(_, shape)| shape)
            .ok_or_else(|| format!("the schema has no table `{name}`"))
    }

    /// Makes the database of the attacks; the reason, where a table cannot be attacked.
    pub(crate) fn ready(
        &mut self,
        table: &QualifiedName,
    ) -> Result<Result<(), String>, SessionError> {
        self.enter_arena()?;
        self.clear_stage()?;
        let arena = self.arena.as_ref().expect("set above");
        Ok(match (&arena.installed.refused, arena.barred.get(table)) {
            (Some(reason), _) => Err(format!("schema.sql does not apply: {reason}")),
            (None, Some(reason)) => Err(format!("no valid row of {table} could be made: {reason}")),
            (None, None) => Ok(()),
        })
    }

    fn enter_arena(&mut self) -> Result<(), SessionError> {
        if self.arena.is_some() {
            return Ok(());
        }
        let mut installed = Installed::new(self.input.server, self.input.schema_sql)?;
        let mut barred = BTreeMap::new();
        if installed.refused.is_none() {
            installed.session.batch(&Control::Begin.to_string())?;
            for shape in self.input.physical.schema.creation_order() {
                let session = &mut installed.session;
                if let Err(reason) = warm_up(session, &mut self.planner, &shape.name)? {
                    barred.insert(shape.name.clone(), reason);
                }
            }
        }
        self.arena = Some(Arena { installed, barred, is_staged: false, is_mutated: false });
        Ok(())
    }

    /// The generated data, made when it is first asked for; the reason where there is none.
    pub(crate) fn data(&mut self) -> Result<Result<&mut Data<'a>, String>, SessionError> {
        if self.data.is_none() {
            // What PostgreSQL was found to let in is learned with the attacks' database.
            for table in self.input.physical.schema.tables.keys().take(1) {
                let _ = self.ready(table)?;
            }
            let fresh = Fresh::advised_by(&self.planner.fresh);
            let data = Data::generate(self.input, self.shapes, fresh)?;
            let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
            let mut all = 0;
            for (table, rows) in &data.tables {
                all += rows.rows.len();
                let fact = format!("rows/{}", table.name.as_str());
                self.fact(&fact, count(rows.rows.len()));
                if let Some(reason) = &rows.reason {
                    let fact = format!("fewer_rows/{}", table.name.as_str());
                    let reason = format!("{} of {}: {reason}", rows.rows.len(), rows.wanted);
                    self.fact(&fact, reason);
                }
            }
            self.fact("rows", count(all));
            let seed = i64::try_from(self.input.options.seed).unwrap_or(i64::MAX);
            self.fact("seed", seed);
            self.data = Some(data);
        }
        let data = self.data.as_mut().expect("set above");
        if let Some(reason) = &data.installed.refused {
            return Ok(Err(format!("schema.sql does not apply: {reason}")));
        }
        if let Some(mutation) = &self.mutation {
            if let Err(reason) = data.mutate(mutation)? {
                return Ok(Err(reason));
            }
        }
        Ok(Ok(data))
    }

    /// Where two sessions are let loose on each other, made when it is first asked for; nothing where the
    /// schema there would not be the one that is judged.
    pub(crate) fn ring(&mut self) -> Result<Option<&mut Ring>, SessionError> {
        if self.mutation.is_some() {
            // What is committed cannot be taken back with a mutant.
            return Ok(None);
        }
        if self.ring.is_none() {
            let schema = &self.input.physical.schema;
            self.ring = Some(Ring::new(self.input.server, self.input.schema_sql, schema)?);
        }
        Ok(self.ring.as_mut().filter(|ring| ring.is_open()))
    }

    /// Until it is healed, probes find a schema that these statements have changed; the reason where the
    /// server does not take them.
    pub(crate) fn mutate(
        &mut self,
        statements: Statements,
    ) -> Result<Result<(), String>, SessionError> {
        self.enter_arena()?;
        self.clear_stage()?;
        let arena = self.arena.as_mut().expect("set above");
        if let Some(reason) = &arena.installed.refused {
            return Ok(Err(format!("schema.sql does not apply: {reason}")));
        }
        let session = &mut arena.installed.session;
        session.batch(&Command::Savepoint(mutant_name()).to_string())?;
        match session.batch(&statements.join(";\n")) {
            Ok(()) => {
                arena.is_mutated = true;
                // The database full of rows follows where a probe asks for it.
                self.mutation = Some(statements);
                Ok(Ok(()))
            }
            Err(SessionError::Refused(error)) => {
                session.batch(&Command::RollbackTo(mutant_name()).to_string())?;
                Ok(Err(error.to_string()))
            }
            Err(error) => Err(error),
        }
    }

    /// Brings the schema back to what was designed.
    pub(crate) fn heal(&mut self) -> Result<(), SessionError> {
        self.mutation = None;
        if self.arena.is_some() {
            // What stands on the stage was put there after the schema was changed.
            self.clear_stage()?;
        }
        if let Some(arena) = self.arena.as_mut() {
            if std::mem::take(&mut arena.is_mutated) {
                let back = Command::RollbackTo(mutant_name()).to_string();
                arena.installed.session.batch(&back)?;
            }
        }
        self.data.as_mut().map_or(Ok(()), Data::heal)
    }

    /// Inserts what a row of a table refers to, to be there until a probe asks again whether it is ready.
    pub(crate) fn stage(
        &mut self,
        shape: &Shape<'_>,
    ) -> Result<Result<Stage, String>, SessionError> {
        let table = &shape.table.name;
        let mut rows = match self.plan(table, &Wish::default()) {
            Ok(plan) => plan.rows,
            Err(reason) => return Ok(Err(reason)),
        };
        let last = rows.pop().expect("a plan ends with its row");
        let row = last.values.clone();
        if self.is_meant(shape, None, &rows, &row) {
            // In a circle of references, those that are there need it.
            rows.push(last);
        }
        let links = shape.links.iter().flat_map(|link| &link.columns);
        let links =
            links.filter(|&&at| row[at].is_present()).map(|&at| (at, row[at].clone())).collect();
        let mut statements = vec![Command::Savepoint(stage_name()).to_string()];
        statements.extend(self.inserts(&rows));
        // With checks that are pending, no table can be altered.
        statements.push(Command::ConstraintsImmediate.to_string());
        statements.push(Command::ConstraintsDeferred.to_string());
        let stage = Stage { known: rows, links };
        let arena = self.arena.as_mut().expect("probes ask whether the table is ready first");
        arena.is_staged = true;
        let staged = arena.installed.session.batch(&statements.join(";\n"));
        match staged {
            Ok(()) => Ok(Ok(stage)),
            Err(SessionError::Refused(error)) => {
                self.clear_stage()?;
                Ok(Err(error.to_string()))
            }
            Err(error) => Err(error),
        }
    }

    /// Whether some rows refer to a row of a table, by a certain column where one is named.
    pub(crate) fn is_meant(
        &self,
        shape: &Shape<'_>,
        by: Option<usize>,
        rows: &[PlannedRow],
        row: &Row,
    ) -> bool {
        rows.iter().any(|other| {
            self.shapes[&other.table].links.iter().any(|link| {
                let mut pairs = link.columns.iter().zip(&link.target_columns);
                link.key.references == shape.table.name
                    && by.is_none_or(|column| link.target_columns.contains(&column))
                    && pairs.all(|(&own, &there)| other.values[own] == row[there])
            })
        })
    }

    /// Takes the rows of a stage away.
    pub(crate) fn clear_stage(&mut self) -> Result<(), SessionError> {
        let arena = self.arena.as_mut().expect("probes ask whether the table is ready first");
        if std::mem::take(&mut arena.is_staged) {
            let back = Command::RollbackTo(stage_name()).to_string();
            arena.installed.session.batch(&back)?;
        }
        Ok(())
    }

    /// Makes the database of the attacks; the reason, where the script does not apply.
    pub(crate) fn open(&mut self) -> Result<Result<(), String>, SessionError> {
        self.enter_arena()?;
        self.clear_stage()?;
        let arena = self.arena.as_ref().expect("set above");
        Ok(match &arena.installed.refused {
            Some(reason) => Err(format!("schema.sql does not apply: {reason}")),
            None => Ok(()),
        })
    }

    /// Does one thing after the other, each of which is to be accepted, and takes all back. What has no name is
    /// what the others need.
    pub(crate) fn live(&mut self, deeds: &[(String, String)]) -> Result<Lived, SessionError> {
        let arena = self.arena.as_mut().expect("probes ask whether the table is ready first");
        let session = &mut arena.installed.session;
        let savepoint = Ident::new("life").expect("a fixed name");
        session.batch(&Command::Savepoint(savepoint.clone()).to_string())?;
        let mut lived = Lived::Whole;
        for (doing, statement) in deeds {
            let mut statement = statement.clone();
            // What is deferred is checked once all are there that refer to each other: at the birth, and at each deed.
            if !doing.is_empty() {
                let (now, later) = (Command::ConstraintsImmediate, Command::ConstraintsDeferred);
                statement = format!("{statement};\n{now};\n{later}");
            }
            if let Some(error) = refused(session.batch(&statement))? {
                lived = if doing.is_empty() {
                    Lived::NotBegun(error)
                } else {
                    Lived::Until(doing.clone(), error)
                };
                break;
            }
        }
        session.batch(&Command::RollbackTo(savepoint).to_string())?;
        Ok(lived)
    }

    /// Makes an attempt in the database of the attacks.
    pub(crate) fn attempt(
        &mut self,
        setup: &[String],
        last: &str,
    ) -> Result<Outcome, SessionError> {
        let arena = self.arena.as_mut().expect("probes ask whether the table is ready first");
        attempt(&mut arena.installed.session, setup, last)
    }

    /// A valid row of a table, as wished, with the rows that it needs.
    pub(crate) fn plan(&mut self, table: &QualifiedName, wish: &Wish<'_>) -> Result<Plan, String> {
        self.planner.plan(table, wish, &[])
    }

    /// The statements that insert rows.
    pub(crate) fn inserts(&self, rows: &[PlannedRow]) -> Statements {
        let statements = |row: &PlannedRow| row.statements(&self.shapes[&row.table]).join(";\n");
        rows.iter().map(statements).collect()
    }

    /// The scenes in which inserting the last of some rows is judged: as it is, and without triggers,
    /// which may refuse or change a row before its constraints see it.
    pub(crate) fn scenes(&self, rows: &[PlannedRow]) -> Vec<Scene> {
        let mut setup = self.inserts(rows);
        let Some(last) = setup.pop() else { return Vec::new() };
        let mut quiet = without_triggers(rows);
        quiet.extend(setup.iter().cloned());
        vec![
            Scene { setup, last: last.clone(), isolation: "" },
            Scene { setup: quiet, last, isolation: "with the triggers of its table switched off" },
        ]
    }

    /// Tries what should be refused, one scene after the other until one says what was expected.
    pub(crate) fn refusal(
        &mut self,
        scenes: &[Scene],
        expected: &Expected<'_>,
    ) -> Result<Finding, SessionError> {
        let mut finding = Finding::NotSet("there was nothing to try".to_owned());
        for scene in scenes {
            finding = match self.attempt(&scene.setup, &scene.last)? {
                Outcome::Accepted(_) => return Ok(Finding::Accepted),
                Outcome::Refused(error) if expected.is(&error) => {
                    return Ok(Finding::Refused(scene.isolation));
                }
                Outcome::Refused(error) => Finding::Otherwise(error),
                Outcome::NotSet(error) => match finding {
                    Finding::Otherwise(first) => Finding::Otherwise(first),
                    _ => Finding::NotSet(error.to_string()),
                },
            };
        }
        Ok(finding)
    }

    /// Tries what should be accepted; the first refusal where no scene accepts it.
    pub(crate) fn acceptance(
        &mut self,
        scenes: &[Scene],
    ) -> Result<Result<(), String>, SessionError> {
        let mut first = None;
        for scene in scenes {
            match self.attempt(&scene.setup, &scene.last)? {
                Outcome::Accepted(_) => return Ok(Ok(())),
                Outcome::Refused(error) | Outcome::NotSet(error) => {
                    first.get_or_insert_with(|| error.to_string());
                }
            }
        }
        Ok(Err(first.unwrap_or_else(|| "there was nothing to try".to_owned())))
    }

    /// Whether a constraint of this name is in the design of a table.
    fn is_designed(&self, table: Option<&str>, constraint: Option<&str>) -> bool {
        let Some(constraint) = constraint else { return true };
        self.shapes.values().any(|shape| {
            let is_table = table.is_none_or(|table| shape.table.name.name.as_str() == table);
            let mut rules = shape.rules.iter().map(|rule| &rule.constraint);
            let mut keys = shape.keys.iter().map(|key| &key.name);
            let mut links = shape.links.iter().map(|link| &link.key.name);
            let mut machines = shape
                .machines
                .iter()
                .flat_map(|it| [&it.design.initial_rule, &it.design.transition_rule]);
            let mut guards = shape.guards.iter().map(|it| &it.trigger);
            let mut aparts = shape.aparts.iter().map(|apart| &apart.constraint);
            let is = |name: &Ident| name.as_str() == constraint;
            is_table
                && (rules.any(is)
                    || keys.any(is)
                    || links.any(is)
                    || aparts.any(is)
                    || guards.any(is)
                    || machines.any(is))
        })
    }

    /// The judgement on what should be refused; evidence only where it stops there.
    pub(crate) fn stops(&self, claim: &Claim, finding: &Finding, what: &str) -> Option<Evidence> {
        match finding {
            Finding::Refused(_) => None,
            Finding::Accepted => Some(
                Evidence::new(claim, Verdict::Refuted).note(format!("PostgreSQL accepted {what}")),
            ),
            Finding::Otherwise(error) => {
                let is_known =
                    self.is_designed(error.table.as_deref(), error.constraint.as_deref());
                let verdict = if is_known { Verdict::NotRun } else { Verdict::Refuted };
                Some(
                    Evidence::new(claim, verdict)
                        .note(format!("something else refused {what}: {error}")),
                )
            }
            Finding::NotSet(reason) => Some(not_run(
                claim,
                format!("the rows around {what} could not be inserted: {reason}"),
            )),
        }
    }
}

fn mutant_name() -> Ident {
    Ident::new("mutant").expect("a fixed name")
}

fn stage_name() -> Ident {
    Ident::new("stage").expect("a fixed name")
}

/// Evidence that a probe could not run.
pub(crate) fn not_run(claim: &Claim, reason: impl Into<String>) -> Evidence {
    Evidence::new(claim, Verdict::NotRun).note(reason)
}

/// Takes keys of a table away, and what refers to them.
pub(crate) fn without_keys<'k>(
    shape: &Shape<'_>,
    keys: impl Iterator<Item = &'k KeyShape>,
) -> Statements {
    let table = &shape.table.name;
    keys.map(|key| {
        if key.is_index {
            let name = QualifiedName::new(table.namespace.clone(), key.name.clone());
            Command::DropIndex(name).to_string()
        } else {
            Command::DropConstraintCascade(table.clone(), key.name.clone()).to_string()
        }
    })
    .collect()
}

/// Switches the triggers of the rows' tables off.
pub(crate) fn without_triggers(rows: &[PlannedRow]) -> Statements {
    let tables: BTreeSet<&QualifiedName> = rows.iter().map(|row| &row.table).collect();
    tables.into_iter().map(|table| Command::DisableTriggers(table.clone()).to_string()).collect()
}
