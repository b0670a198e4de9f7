//! Which table holds which entity, and which column which field, by name and by structure; a person
//! corrects it.

use std::collections::{BTreeMap, BTreeSet};

use underpin_logical::LogicalDesign;
use underpin_model::{FieldKind, Model};
use underpin_pg::{QualifiedName, Table, Type};
use underpin_physical::PhysicalDesign;

use super::found_lives::Found;
use super::ground::{Ground, Kind, keys_of, position, primary_key, single_key};
use super::names::{likeness, words};
use super::wishes::{Corrections, Said};
use crate::row::{Shape, Shapes};

/// Where a field is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// In a column of its own.
    Column(usize),
    /// As the lower bound of a range.
    Lower(usize),
    /// As the upper bound of a range.
    Upper(usize),
}

impl Place {
    /// The column.
    pub(super) const fn column(self) -> usize {
        match self {
            Self::Column(at) | Self::Lower(at) | Self::Upper(at) => at,
        }
    }
}

/// The table of an entity.
#[derive(Debug, Clone)]
pub(super) struct Home {
    /// The table.
    pub(super) table: QualifiedName,
    /// For each column of our own design's table where its value is kept.
    pub(super) places: BTreeMap<usize, Place>,
    /// The columns of our own design that are plain values there and references here: what they refer to
    /// is described in no document.
    pub(super) outward: BTreeSet<usize>,
}

/// Our own design's tables by name, each with its home in the schema.
#[derive(Debug, Default)]
pub(super) struct Mapping {
    pub(super) homes: BTreeMap<QualifiedName, Home>,
}

/// What mapping needs to look at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sides<'a> {
    pub(super) model: &'a Model,
    pub(super) logical: &'a LogicalDesign,
    pub(super) physical: &'a PhysicalDesign,
    pub(super) shapes: &'a Shapes<'a>,
    pub(super) ground: &'a Ground,
    /// Life cycles that no document tells.
    pub(super) found: &'a Found,
}

/// Below this, two tables have nothing to do with each other.
const LEAST_TABLE: u32 = 60;
/// Likewise, a field and a column.
const LEAST_COLUMN: u32 = 60;

impl Mapping {
    /// The home of one of our tables.
    pub(super) fn home(&self, ours: &QualifiedName) -> Option<&Home> {
        self.homes.get(ours)
    }

    /// Which of our tables a table of the schema is the home of.
    pub(super) fn ours(&self, theirs: &QualifiedName) -> Option<&QualifiedName> {
        self.homes.iter().find(|(_, home)| home.table == *theirs).map(|(ours, _)| ours)
    }

    /// Maps by name and structure, as far as nobody says otherwise.
    pub(super) fn new(sides: Sides<'_>, corrections: &Corrections) -> Self {
        let mut mapping = Self::default();
        let prefix = common_prefix(sides.ground);
        let mut pairs = Vec::new();
        for design in &sides.physical.tables {
            let relation = sides.logical.relation(design.relation);
            let shape = &sides.shapes[&design.table];
            if let Some(named) = corrections.table(&relation.name) {
                if let Some(table) =
                    sides.ground.schema.tables.keys().find(|table| super::wishes::is(table, named))
                {
                    mapping.homes.insert(design.table.clone(), Home::of(table));
                }
                continue;
            }
            let mut names = vec![words(&relation.name), words(design.table.name.as_str())];
            names.extend(relation.table.iter().map(|name| words(name)));
            if let Some(entity) = relation.entity {
                names.extend(sides.model.entity(entity).aliases.iter().map(|name| words(name)));
            }
            for table in sides.ground.own_tables() {
                let score = table_score(shape, &names, table, &prefix);
                if score >= LEAST_TABLE {
                    pairs.push((score, design.table.clone(), table.name.clone()));
                }
            }
        }
        // Best first; among equals, in the order of names, so that two runs agree.
        pairs.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| (&a.1, &a.2).cmp(&(&b.1, &b.2))));
        let mut taken: BTreeSet<QualifiedName> =
            mapping.homes.values().map(|home| home.table.clone()).collect();
        for (_, ours, theirs) in pairs {
            if !mapping.homes.contains_key(&ours) && taken.insert(theirs.clone()) {
                mapping.homes.insert(ours, Home::of(&theirs));
            }
        }
        for design in &sides.physical.tables {
            if mapping.homes.contains_key(&design.table) {
                let places = mapping.places(sides, &design.table, corrections);
                let outward = mapping.outward(sides, &design.table, &places);
                let home = mapping.homes.get_mut(&design.table).expect("invariant: looked up");
                (home.places, home.outward) = (places, outward);
            }
        }
        mapping
    }

    fn places(
        &self,
        sides: Sides<'_>,
        ours: &QualifiedName,
        corrections: &Corrections,
    ) -> BTreeMap<usize, Place> {
        let shape = &sides.shapes[ours];
        let table = sides.ground.table(&self.homes[ours].table);
        let design = sides.physical.tables.of(ours);
        let relation = design.map(|design| sides.logical.relation(design.relation));
        let entity = relation.map(|relation| relation.name.clone()).unwrap_or_default();
        let context = [words(&entity), words(table.name.name.as_str())];
        let context: Vec<&[String]> = context.iter().map(Vec::as_slice).collect();
        let mut places = BTreeMap::new();
        let mut barred = BTreeSet::new();
        let mut taken = BTreeSet::new();
        for at in 0..shape.table.columns.len() {
            let name = field_name(sides, ours, at);
            match corrections.column(&entity, &name) {
                Said::In(named) => {
                    if let Some(column) =
                        table.columns.iter().position(|column| column.name.as_str() == named)
                    {
                        places.insert(at, Place::Column(column));
                        taken.insert(column);
                    }
                    barred.insert(at);
                }
                Said::Nowhere => {
                    barred.insert(at);
                }
                Said::Nothing => {}
            }
        }
        let mut pairs = Vec::new();
        for at in (0..shape.table.columns.len()).filter(|at| !barred.contains(at)) {
            for column in 0..table.columns.len() {
                let score = self.column_score(sides, ours, at, table, column, &context);
                if score >= LEAST_COLUMN {
                    pairs.push((score, at, column));
                }
            }
        }
        pairs.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2))));
        for (_, at, column) in pairs {
            if !places.contains_key(&at) && taken.insert(column) {
                places.insert(at, Place::Column(column));
            }
        }
        ranges(sides, shape, table, &mut places, &barred);
        places
    }

    /// Which columns of our own design hold a plain value that the schema takes for a reference.
    fn outward(
        &self,
        sides: Sides<'_>,
        ours: &QualifiedName,
        places: &BTreeMap<usize, Place>,
    ) -> BTreeSet<usize> {
        let shape = &sides.shapes[ours];
        let table = sides.ground.table(&self.homes[ours].table);
        places
            .iter()
            .filter(|&(&at, place)| {
                !shape.is_in_link(at)
                    && shape.primary_key() != [at]
                    && !is_listed(sides, ours, at)
                    && (single_key(table, place.column()).is_some()
                        || is_alone_in_key(table, place.column()))
            })
            .map(|(&at, _)| at)
            .collect()
    }

    fn column_score(
        &self,
        sides: Sides<'_>,
        ours: &QualifiedName,
        at: usize,
        table: &Table,
        column: usize,
        context: &[&[String]],
    ) -> u32 {
        let shape = &sides.shapes[ours];
        let theirs = &table.columns[column];
        let kind = sides.ground.kind(theirs);
        let name = words(&field_name(sides, ours, at));
        let by_name = likeness(&name, &words(theirs.name.as_str()), context).max(likeness(
            &words(shape.name(at).as_str()),
            &words(theirs.name.as_str()),
            context,
        ));
        // A key of one column is a key of one column, however it is called.
        let key = shape.primary_key();
        let is_key = key == [at];
        let is_their_key = primary_key(table) == [column];
        let is_link = shape.links.iter().any(|link| link.columns.contains(&at));
        let key_there = keys_of(table, column).next().is_some();
        if is_key && is_their_key && !(is_link ^ key_there) {
            return by_name.max(95);
        }
        if is_key != is_their_key && by_name < 100 && (is_key || is_their_key) && !is_link {
            return 0;
        }
        let link = shape.links.iter().find(|link| link.columns.last() == Some(&at));
        if let Some(link) = link {
            let target = self.homes.get(&link.key.references).map(|home| &home.table);
            let leads = |key: &underpin_pg::ForeignKey| Some(&key.references) == target;
            if keys_of(table, column).any(leads) {
                let others = table
                    .columns
                    .iter()
                    .enumerate()
                    .filter(|&(other, _)| {
                        other != column && single_key(table, other).is_some_and(leads)
                    })
                    .count();
                let twins = shape
                    .links
                    .iter()
                    .filter(|other| other.key.references == link.key.references)
                    .count();
                if others == 0 && twins == 1 && single_key(table, column).is_some() {
                    return by_name.max(90);
                }
                return by_name;
            }
            // A reference without a foreign key: only where it is called so.
            return if by_name >= 90 { by_name } else { 0 };
        }
        if by_name == 0 || !is_alike(&shape.table.columns[at].data_type, &kind) {
            // What is called the same is the same, even where it is written otherwise.
            return if by_name >= 95 { by_name } else { 0 };
        }
        // The tenant's column is a part of references, and a value of its own where nothing is a tenant.
        let is_shared = by_name == 100 && single_key(table, column).is_none();
        // What no document describes may well be a table here.
        let is_outward = by_name >= 90 && is_key_like(shape, at);
        if key_there && !is_shared && !is_outward && !is_listed(sides, ours, at) {
            return 0;
        }
        by_name
    }
}

/// Two bounds that have no columns, and one column that is a range.
fn ranges(
    sides: Sides<'_>,
    shape: &Shape<'_>,
    table: &Table,
    places: &mut BTreeMap<usize, Place>,
    barred: &BTreeSet<usize>,
) {
    let ranges: Vec<usize> = (0..table.columns.len())
        .filter(|&at| {
            matches!(sides.ground.kind(&table.columns[at]), Kind::Range { .. })
                && table.columns[at].generated.is_none()
        })
        .collect();
    let [range] = ranges[..] else { return };
    let Some((lower, upper)) = span(shape) else { return };
    if [lower, upper].iter().all(|at| !places.contains_key(at) && !barred.contains(at)) {
        places.insert(lower, Place::Lower(range));
        places.insert(upper, Place::Upper(range));
    }
}

/// Whether a column alone tells which row a foreign key of several leads to: what else is in it, such as the tenant's column,
/// is in others too.
fn is_alone_in_key(table: &Table, column: usize) -> bool {
    let own = &table.columns[column].name;
    keys_of(table, column).count() == 1
        && keys_of(table, column).any(|key| {
            let mut others = key.columns.iter().filter(|name| *name != own);
            key.columns.len() > 1
                && others.all(|name| {
                    let is_in = |it: &&underpin_pg::ForeignKey| it.columns.contains(name);
                    table.foreign_keys.iter().filter(is_in).count() > 1
                })
        })
}

/// Whether a column of our own design may hold the key of a row that lives elsewhere.
fn is_key_like(shape: &Shape<'_>, at: usize) -> bool {
    matches!(
        shape.table.columns[at].data_type,
        Type::Text | Type::Uuid | Type::SmallInt | Type::Integer | Type::BigInt
    )
}

/// Whether a column of our own design holds one of a list of values.
fn is_listed(sides: Sides<'_>, ours: &QualifiedName, at: usize) -> bool {
    attribute(sides, ours, at).is_some_and(|it| matches!(it.kind, FieldKind::Enumeration(_)))
}

impl Home {
    fn of(table: &QualifiedName) -> Self {
        Self { table: table.clone(), places: BTreeMap::new(), outward: BTreeSet::new() }
    }
}

/// The attribute that a column of our own design stores.
pub(super) fn attribute<'a>(
    sides: Sides<'a>,
    ours: &QualifiedName,
    at: usize,
) -> Option<&'a underpin_logical::Attribute> {
    let design = sides.physical.tables.of(ours)?;
    let name = sides.shapes[ours].name(at);
    let index = design.columns.iter().position(|column| column == name)?;
    sides.logical.relation(design.relation).attributes.get(index)
}

/// What the documents call the field of a column of our own design.
pub(super) fn field_name(sides: Sides<'_>, ours: &QualifiedName, at: usize) -> String {
    attribute(sides, ours, at)
        .map_or_else(|| sides.shapes[ours].name(at).as_str().to_owned(), |it| it.name.clone())
}

/// The two columns of our own design that say from when to when.
pub(super) fn span(shape: &Shape<'_>) -> Option<(usize, usize)> {
    let is_time =
        |at: usize| matches!(shape.table.columns[at].data_type, Type::Date | Type::TimestampTz);
    let with = |sign: &[&str]| -> Vec<usize> {
        (0..shape.table.columns.len())
            .filter(|&at| {
                is_time(at)
                    && words(shape.name(at).as_str())
                        .iter()
                        .any(|word| sign.contains(&word.as_str()))
            })
            .collect()
    };
    let lower = with(&["start", "starting", "begin", "from", "checkin", "in", "arrival"]);
    let upper = with(&[
        "end",
        "ending",
        "finish",
        "to",
        "until",
        "checkout",
        "out",
        "departure",
        "through",
    ]);
    match (&lower[..], &upper[..]) {
        (&[lower], &[upper])
            if shape.table.columns[lower].data_type == shape.table.columns[upper].data_type =>
        {
            Some((lower, upper))
        }
        _ => None,
    }
}

fn table_score(shape: &Shape<'_>, names: &[Vec<String>], table: &Table, prefix: &[String]) -> u32 {
    let mut theirs = words(table.name.name.as_str());
    if theirs.len() > prefix.len() && theirs.starts_with(prefix) {
        theirs.drain(..prefix.len());
    }
    while theirs.len() > 1 && ["tbl", "t", "tb", "app"].contains(&theirs[0].as_str()) {
        theirs.remove(0);
    }
    let by_name = names
        .iter()
        .map(|ours| {
            if *ours == theirs || ours.concat() == theirs.concat() {
                100
            } else if theirs.ends_with(ours) || ours.ends_with(&theirs[..]) {
                70
            } else {
                likeness(ours, &theirs, &[]).saturating_sub(20)
            }
        })
        .max()
        .unwrap_or(0);
    let own: Vec<Vec<String>> =
        (0..shape.table.columns.len()).map(|at| words(shape.name(at).as_str())).collect();
    let there: Vec<Vec<String>> =
        table.columns.iter().map(|column| words(column.name.as_str())).collect();
    let matched =
        own.iter().filter(|ours| there.iter().any(|it| likeness(ours, it, &[]) >= 80)).count();
    let share = u32::try_from(matched * 100 / own.len().max(1)).unwrap_or(0);
    if by_name >= 100 {
        by_name + share / 5
    } else if by_name > 0 {
        // A name that is only somewhat alike needs fields that agree.
        u32::midpoint(by_name, share)
    } else if matched >= 3 && share >= 75 {
        LEAST_TABLE
    } else {
        0
    }
}

/// A word that all tables of a schema begin with.
fn common_prefix(ground: &Ground) -> Vec<String> {
    let names: Vec<Vec<String>> =
        ground.schema.tables.keys().map(|name| words(name.name.as_str())).collect();
    match names.first() {
        Some(first)
            if names.len() > 2 && names.iter().all(|it| it.len() > 1 && it[0] == first[0]) =>
        {
            vec![first[0].clone()]
        }
        _ => Vec::new(),
    }
}

/// Whether a column of some kind can hold what ours holds.
fn is_alike(ours: &Type, theirs: &Kind) -> bool {
    let is_time = |kind: &Kind| matches!(kind, Kind::Moment { .. } | Kind::Date);
    match ours {
        Type::SmallInt
        | Type::Integer
        | Type::BigInt
        | Type::Numeric(_)
        | Type::DoublePrecision => {
            matches!(theirs, Kind::Integer | Kind::Number { .. })
        }
        Type::Date | Type::TimestampTz => is_time(theirs),
        Type::Time => *theirs == Kind::Time,
        Type::Boolean => *theirs == Kind::Boolean,
        Type::Interval => matches!(theirs, Kind::Interval | Kind::Integer | Kind::Number { .. }),
        Type::Uuid => matches!(theirs, Kind::Uuid | Kind::Integer | Kind::Text { .. }),
        Type::Array(_) => matches!(theirs, Kind::Array | Kind::Json),
        Type::Jsonb => matches!(theirs, Kind::Json),
        Type::Text => matches!(
            theirs,
            Kind::Text { .. } | Kind::Labels(_) | Kind::Integer | Kind::Uuid | Kind::Other(_)
        ),
        Type::Bytea
        | Type::Inet
        | Type::TsVector
        | Type::Named(_)
        | Type::Trigger
        | Type::Other(_) => true,
    }
}

/// A column by its name.
pub(super) fn named(table: &Table, name: &str) -> Option<usize> {
    underpin_pg::Ident::new(name).ok().and_then(|name| position(table, &name))
}
