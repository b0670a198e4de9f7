//! Judges a schema that somebody else wrote against what the documents state: its tables are mapped onto
//! the model, valid rows are made in them, and then whatever the documents forbid is tried, and whatever
//! they allow.
//!
//! Only what is stated is claimed. A scene that cannot be set refutes nothing.

mod appease;
mod arena;
mod attack;
mod company;
mod encode;
mod found_lives;
mod ground;
mod grown;
mod homes;
mod hurdle;
mod learn;
mod life;
mod mapping;
mod matured;
mod names;
mod narrow;
mod race;
mod referred;
mod report;
mod roads;
mod room;
mod solved;
mod wishes;
mod world;

use std::collections::BTreeSet;

use underpin_claim::{Claim, Environment, Verification};
use underpin_logical::LogicalDesign;
use underpin_model::Model;
use underpin_pg::Ident;
use underpin_physical::PhysicalDesign;
use underpin_server::{Database, Session, SessionError, catalog};

use crate::row::{Planner, Shape};
use crate::{Options, Progress, VerifyError};
use arena::Arena;
use found_lives::Found;
pub(crate) use ground::{Ground, Kind, literals};
pub use homes::{TableHome, homes};
use mapping::{Mapping, Place, Sides, field_name};
use report::Report;
pub use wishes::{Correction, Corrections};

/// What was found out about a schema.
#[derive(Debug)]
pub struct Judged {
    /// Which table holds which entity.
    pub mapped: Vec<MappedEntity>,
    /// Tables that no entity was mapped to.
    pub unmapped_tables: Vec<String>,
    /// What the documents state, as claims about the schema.
    pub claims: Vec<Claim>,
    /// How they stand.
    pub verification: Verification,
}

/// An entity and its table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappedEntity {
    /// The entity or relation, as the documents name it.
    pub entity: String,
    /// Its table; `None` where none was found.
    pub table: Option<String>,
    /// For each field its column; `None` where none was found.
    pub fields: Vec<(String, Option<String>)>,
}

/// Something that a correction names and that is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unknown {
    /// An entity of the model.
    Entity(String),
    /// A field of an entity.
    Field(String, String),
    /// A table of the schema.
    Table(String),
    /// A column of a table.
    Column(String, String),
}

/// A schema that somebody else wrote, and what it is judged by.
#[derive(Debug, Clone, Copy)]
pub struct Foreign<'a> {
    /// A database of our own in which it was installed, and which has no use besides.
    pub database: &'a Database,
    /// The `search_path` that its functions count on; the usual one where it is empty.
    pub search_path: &'a str,
    /// Namespaces of a platform, in which nothing is its author's.
    pub lent: &'a [Ident],
    /// What the documents say.
    pub model: &'a Model,
    /// The relations of our own design of it.
    pub logical: &'a LogicalDesign,
    /// The tables of our own design of it.
    pub physical: &'a PhysicalDesign,
    /// What a person says of the mapping.
    pub corrections: &'a Corrections,
}

/// Makes claims of one kind, and judges them.
type Attack = fn(&mut Arena<'_>, &mut Report) -> Result<(), SessionError>;

/// Judges a schema that somebody else wrote.
///
/// # Errors
/// Where the connection is lost, or the server cannot go on.
pub fn verify_foreign(
    foreign: &Foreign<'_>,
    options: &Options,
    progress: &mut dyn FnMut(Progress),
) -> Result<Result<Judged, Vec<Unknown>>, VerifyError> {
    judge(foreign, options, progress)
        .map_err(|error| VerifyError { doing: "a probe lost its server", error })
}

fn judge(
    foreign: &Foreign<'_>,
    options: &Options,
    progress: &mut dyn FnMut(Progress),
) -> Result<Result<Judged, Vec<Unknown>>, SessionError> {
    let &Foreign { model, logical, physical, corrections, .. } = foreign;
    let mut session = foreign.database.connect()?;
    session.learn_partitions()?;
    let schema = catalog::read(&mut session)?;
    let types = catalog::made_types(&mut session)?;
    let around = catalog::surroundings(&mut session)?;
    let bodies = around.routines.iter().map(|it| (it.name.clone(), it.body.clone())).collect();
    let ground = Ground { schema, types, lent: foreign.lent.to_vec(), bodies };
    let shapes = Shape::all(physical);
    let sides =
        Sides { model, logical, physical, shapes: &shapes, ground: &ground, found: &Found::new() };
    let unknown = unknown(sides, corrections);
    if !unknown.is_empty() {
        return Ok(Err(unknown));
    }
    let mapping = Mapping::new(sides, corrections);
    let found = lives(foreign, sides, &mapping, options)?;
    let physical = &found_lives::with(physical, &found);
    let shapes = Shape::all(physical);
    let sides = Sides { physical, shapes: &shapes, found: &found, ..sides };
    let mut arena = enter(foreign, sides, &mapping, session, options)?;
    let mut report = Report::default();
    let attacks: [(&str, Attack); 25] = [
        ("rows at all", attack::born::judge),
        ("required values", attack::not_null::judge),
        ("what may be left out", attack::left_out::judge),
        ("values", attack::values::judge),
        ("rules", attack::rule::judge),
        ("keys", attack::unique::judge),
        ("references", attack::reference::judge),
        ("tenants", attack::tenant::judge),
        ("trees", attack::acyclic::judge),
        ("numbers of rows", attack::limit::judge),
        ("sums of rows", attack::together::judge),
        ("numbers kept of rows", attack::kept_total::judge),
        ("deletions", attack::on_delete::judge),
        ("life cycles", attack::lifecycle::judge),
        ("what states ask for", attack::demanded::judge),
        ("what owners ask for", attack::beside::judge),
        ("values held against those of owners", attack::across::judge),
        ("what rows beside them settle", attack::settled::judge),
        ("what rows beside them bar", attack::barring::judge),
        ("overlaps", attack::overlap::judge),
        ("how long rows last", attack::duration::judge),
        ("what never changes", attack::unchanged::judge),
        ("numbers of changes", attack::version::judge),
        ("retention", attack::retention::judge),
        ("queries", attack::answers::judge),
    ];
    let total = attacks.len();
    for (done, (doing, attack)) in attacks.into_iter().enumerate() {
        progress(Progress { done, total, doing: doing.to_owned() });
        attack(&mut arena, &mut report)?;
    }
    attack::row_security::judge(&mut arena, &around, &mut report)?;
    let environment = Environment {
        server_version: Some(format!("PostgreSQL {}", foreign.database.version())),
        facts: arena.asked_of_the_server(),
    };
    let Report { claims, evidence, .. } = report;
    Ok(Ok(Judged {
        mapped: mapped(sides, &mapping),
        unmapped_tables: ground
            .own_tables()
            .map(|table| &table.name)
            .filter(|table| mapping.ours(table).is_none())
            .map(ToString::to_string)
            .collect(),
        claims,
        verification: Verification { environment, evidence },
    }))
}

/// The life cycles that the documents do not tell: who belongs to a row that lives needs them to be known first.
fn lives(
    foreign: &Foreign<'_>,
    sides: Sides<'_>,
    mapping: &Mapping,
    options: &Options,
) -> Result<Found, SessionError> {
    const DEEPEST: usize = 4;
    let (mut found, mut settled) = (Found::new(), BTreeSet::new());
    for _ in 0..DEEPEST {
        let physical = &found_lives::with(sides.physical, &found);
        let shapes = Shape::all(physical);
        let sides = Sides { physical, shapes: &shapes, found: &found, ..sides };
        let session = foreign.database.connect()?;
        let mut arena = enter(foreign, sides, mapping, session, options)?;
        let more = found_lives::found(&mut arena, &mut settled)?;
        if more.is_empty() {
            break;
        }
        found.extend(more);
    }
    Ok(found)
}

/// The arena, with what a schema gives of itself.
fn enter<'a>(
    foreign: &'a Foreign<'_>,
    sides: Sides<'a>,
    mapping: &'a Mapping,
    session: Session,
    options: &Options,
) -> Result<Arena<'a>, SessionError> {
    let track = race::Track { database: foreign.database, search_path: foreign.search_path };
    let mut planner = Planner::new(sides.shapes, options.seed, "foreign");
    // Owners are rows of the schema's own, and are taken to a state there.
    planner.thinks_of_owners = true;
    let mut arena = Arena::new(sides, mapping, session, track, planner)?;
    if !["", "\"\""].contains(&foreign.search_path) {
        arena.set_parameter("search_path", foreign.search_path)?;
    }
    arena.prefer_defaults();
    arena.prefer_what_fits();
    attack::across::make_room(&mut arena);
    attack::beside::make_way(&mut arena);
    Ok(arena)
}

fn mapped(sides: Sides<'_>, mapping: &Mapping) -> Vec<MappedEntity> {
    sides
        .physical
        .tables
        .iter()
        .map(|design| {
            let home = mapping.home(&design.table);
            let shape = &sides.shapes[&design.table];
            let field = |at: usize| {
                let column = home.and_then(|home| {
                    let place = home.places.get(&at)?;
                    let column = &sides.ground.table(&home.table).columns[place.column()];
                    Some(match place {
                        Place::Column(_) => column.name.as_str().to_owned(),
                        Place::Lower(_) => format!("lower({})", column.name),
                        Place::Upper(_) => format!("upper({})", column.name),
                    })
                });
                (field_name(sides, &design.table, at), column)
            };
            MappedEntity {
                entity: sides.logical.relation(design.relation).name.clone(),
                table: home.map(|home| home.table.to_string()),
                fields: (0..shape.table.columns.len()).map(field).collect(),
            }
        })
        .collect()
}

/// What corrections name and nobody knows.
fn unknown(sides: Sides<'_>, corrections: &Corrections) -> Vec<Unknown> {
    let mut found = Vec::new();
    for (entity, correction) in &corrections.0 {
        let design = sides
            .physical
            .tables
            .iter()
            .find(|design| sides.logical.relation(design.relation).name == *entity);
        let Some(design) = design else {
            found.push(Unknown::Entity(entity.clone()));
            continue;
        };
        let table = correction.table.as_ref().map(|name| {
            sides
                .ground
                .schema
                .tables
                .values()
                .find(|table| wishes::is(&table.name, name))
                .ok_or(name)
        });
        if let Some(Err(name)) = table {
            found.push(Unknown::Table(name.clone()));
        }
        let shape = &sides.shapes[&design.table];
        for (field, column) in &correction.columns {
            let is_field = (0..shape.table.columns.len())
                .any(|at| field_name(sides, &design.table, at) == *field);
            if !is_field {
                found.push(Unknown::Field(entity.clone(), field.clone()));
            }
            if let (Some(Ok(table)), Some(column)) = (table, column) {
                if mapping::named(table, column).is_none() {
                    found.push(Unknown::Column(table.name.to_string(), column.clone()));
                }
            }
        }
    }
    found
}
