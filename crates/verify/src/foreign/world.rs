//! Valid rows in somebody else's tables: the values that the documents allow, and what else each table
//! was found to ask for.

use std::collections::{BTreeMap, BTreeSet};

use underpin_pg::{QualifiedName, Table};
use underpin_server::SessionError;

use super::arena::{Arena, Came, Cell, Stored};
use super::ground::{Ground, Kind, columns, keys_of, only_values, position, single_key};
use super::learn::Learned;
use super::mapping::Home;
use super::referred::pins;
use crate::row::{Link, Row, Wish};
use crate::value::{Decimal, Value, parse_date, parse_timestamp};

/// One row of each table, made when it is first needed: all that a row refers to lies in its world.
#[derive(Debug, Clone, Default)]
pub(super) struct World {
    pub(super) rows: BTreeMap<QualifiedName, Stored>,
    /// Further rows of a table, for a row that refers to several: sender and recipient are two.
    pub(super) siblings: BTreeMap<(QualifiedName, usize), Stored>,
}

impl World {
    /// The rows of another world of which this one has none yet.
    pub(super) fn joined(&mut self, other: Self) {
        for (table, row) in other.rows {
            self.rows.entry(table).or_insert(row);
        }
        for (place, row) in other.siblings {
            self.siblings.entry(place).or_insert(row);
        }
    }

    /// The rows of some tables, and all that those refer to.
    pub(super) fn narrowed(&self, ground: &Ground, to: &[QualifiedName]) -> Self {
        let mut rows = BTreeMap::new();
        let mut open = to.to_vec();
        while let Some(table) = open.pop() {
            let Some(row) = self.rows.get(&table) else { continue };
            if rows.insert(table.clone(), row.clone()).is_none() {
                let there = ground.table(&table);
                let is_held = |key: &&underpin_pg::ForeignKey| {
                    columns(there, &key.columns).iter().all(|&at| row[at].is_some())
                };
                let keys = there.foreign_keys.iter().filter(is_held);
                open.extend(keys.map(|key| key.references.clone()));
            }
        }
        Self { rows, siblings: BTreeMap::new() }
    }
}

/// What is asked of a row.
#[derive(Debug, Clone, Default)]
pub(super) struct Want {
    /// Values for columns of our own design; the others follow its rules.
    pub(super) values: BTreeMap<usize, Value>,
    /// All values of our own design's columns: nothing is sought.
    pub(super) row: Option<Row>,
    /// What columns of the table are given, whatever the rest says.
    pub(super) cells: BTreeMap<usize, Cell>,
    /// Columns of our own design that must hold a value.
    pub(super) filled: Vec<usize>,
    /// Columns of the table whose foreign keys must hold a reference.
    pub(super) linked: BTreeSet<usize>,
}

/// A row that was written, or why none could be.
pub(super) type Made = Result<Result<Stored, String>, SessionError>;

/// What columns of the table are given, and the row of our own design that it means.
type Stated = (BTreeMap<usize, Cell>, Row);

const DEEPEST: usize = 12;
/// How often other values are drawn where a key refuses a row.
pub(super) const DRAWS: usize = 4;

impl Arena<'_> {
    /// A valid row, and all that it refers to in its world.
    pub(super) fn make(&mut self, table: &QualifiedName, want: &Want, world: &mut World) -> Made {
        if let Err(reason) = self.is_ready(table)? {
            return Ok(Err(reason));
        }
        let mut reason = String::new();
        let given = world.clone();
        // Keys that the documents do not know may ask for other values.
        for _ in 0..DRAWS {
            match self.write(table, want, world, 0)? {
                Err(why) => return Ok(Err(why)),
                Ok(Came::Row(row)) => return Ok(Ok(row)),
                Ok(Came::Nothing) => "a trigger wrote nothing".clone_into(&mut reason),
                Ok(Came::Refused(error)) => {
                    reason = error.to_string();
                    if let Some(row) = self.remade(table, want, world, 0, &error)? {
                        return Ok(Ok(row));
                    }
                    if let Some(row) = self.eased(table, want, world, &error)? {
                        return Ok(Ok(row));
                    }
                    let is_learned = self.make_room(table, want, &given, &error)?
                        || self.follow(table, &error)?;
                    // What it refers to was made before that was known.
                    if is_learned {
                        world.clone_from(&given);
                    }
                }
            }
        }
        if let Some(object) = self.object_of(table) {
            if let Some(row) = self.matured(&object, want, world)? {
                return Ok(Ok(row));
            }
        }
        Ok(Err(format!("the valid row was refused: {reason}")))
    }

    /// Writes a row as asked, once; what it refers to is made where it is not there.
    pub(super) fn write(
        &mut self,
        table: &QualifiedName,
        want: &Want,
        world: &mut World,
        depth: usize,
    ) -> Result<Result<Came, String>, SessionError> {
        let cells = match self.draft(table, want, world, depth)? {
            Ok(cells) => cells,
            Err(reason) => return Ok(Err(reason)),
        };
        Ok(Ok(self.put(table, &cells, world, depth)?))
    }

    /// Writes a row with these values, and the rows that it needs beside it.
    pub(super) fn put(
        &mut self,
        table: &QualifiedName,
        cells: &[Cell],
        world: &mut World,
        depth: usize,
    ) -> Result<Came, SessionError> {
        let learned = self.learned.get(table).cloned().unwrap_or_default();
        // With rows beside it, what is deferred is content only when they are there.
        let came = self.insert(table, cells, learned.children.is_empty() && depth == 0)?;
        if let Came::Row(row) = &came {
            if !world.rows.contains_key(table) {
                world.rows.insert(table.clone(), row.clone());
            }
            if !learned.children.is_empty() && depth == 0 {
                let mut around = world.clone();
                around.rows.insert(table.clone(), row.clone());
                for child in &learned.children {
                    let to_it: BTreeSet<usize> = self
                        .sides
                        .ground
                        .table(child)
                        .foreign_keys
                        .iter()
                        .filter(|key| key.references == *table)
                        .flat_map(|key| columns(self.sides.ground.table(child), &key.columns))
                        .collect();
                    let want = Want { linked: to_it, ..Want::default() };
                    let _ = self.write(child, &want, &mut around, 1)?;
                }
            }
        }
        Ok(came)
    }

    /// What each column is given.
    pub(super) fn draft(
        &mut self,
        table: &QualifiedName,
        want: &Want,
        world: &mut World,
        depth: usize,
    ) -> Result<Result<Vec<Cell>, String>, SessionError> {
        if depth > DEEPEST {
            return Ok(Err(format!("the references of {table} do not end")));
        }
        let there = self.sides.ground.table(table);
        let learned = self.learned.get(table).cloned().unwrap_or_default();
        let (mut cells, meant) = match self.stated_cells(table, want, &learned)? {
            Ok(stated) => stated,
            Err(reason) => return Ok(Err(reason)),
        };
        for (&column, cell) in &learned.cells {
            if !self.is_asked(table, want, column) {
                cells.insert(column, cell.clone());
            }
        }
        let labels = self.label_columns(table);
        let spoken = self.linked_by_row(table, &meant);
        let shared = self.value_columns(table);
        let outward = self.outward_columns(table);
        let mut referred: BTreeMap<QualifiedName, usize> = BTreeMap::new();
        // References may share a column, such as the tenant's: the second leads to a row that agrees.
        let only = only_values(there).into_iter().map(|(at, text)| (at, Cell::Text(text)));
        let mut bound: BTreeMap<usize, Cell> = only.collect();
        bound.extend(want.cells.clone());
        bound.extend(self.asked_values(table, want, &cells));
        for key in &there.foreign_keys {
            let own = columns(there, &key.columns);
            if own.iter().all(|at| want.cells.contains_key(at)) {
                *referred.entry(key.references.clone()).or_default() += 1;
                continue;
            }
            // What other references hold as well says nothing of this one.
            let alone: Vec<usize> =
                own.iter().copied().filter(|&at| !is_in_others(there, &own, at)).collect();
            // A value that refers to something unknown to the documents must still refer to a row.
            // The tenant's column is no reference by itself: it is there with the reference or without.
            let is_shared = |at: usize| {
                own.len() > 1
                    && (shared.contains(&at)
                        || single_key(there, at).is_some()
                        || !alone.contains(&at))
            };
            let free: Vec<usize> =
                own.iter().copied().filter(|&at| !labels.contains(&at) && !is_shared(at)).collect();
            let is_present = free.iter().any(|at| matches!(cells.remove(at), Some(Cell::Text(_))));
            let is_asked = is_present
                || own.iter().any(|at| {
                    let is_spoken = spoken.get(at) == Some(&true)
                        && (own.len() == 1 || !outward.contains(at) || alone == [*at])
                        && alone.contains(at);
                    is_spoken || (want.linked.contains(at) && !is_shared(*at))
                });
            // Where all columns must hold a value, so must what they refer to be there.
            let is_enforced = own.len() > 1
                && own.iter().all(|&at| self.sides.ground.refuses_null(&there.columns[at]));
            let is_needed = is_enforced
                || alone.iter().any(|&at| {
                    let column = &there.columns[at];
                    self.sides.ground.refuses_null(column)
                        && column.default.is_none()
                        && !cells.contains_key(&at)
                })
                || self.is_required_link(table, &alone);
            // A label that was looked up is a reference already.
            if !is_asked && own.iter().all(|at| cells.contains_key(at)) {
                continue;
            }
            let is_own = key.references == *table;
            let is_left_out =
                want.row.is_some() && own.iter().any(|at| spoken.get(at) == Some(&false));
            let is_wanted =
                is_asked || (is_needed && !is_own) || (learned.full && !is_own && !is_left_out);
            if !is_wanted {
                continue;
            }
            let is_must = own.iter().any(|&at| self.sides.ground.refuses_null(&there.columns[at]));
            let number = referred.entry(key.references.clone()).or_default();
            let is_shared = want.row.is_some() && self.shares_reference(table, &meant, &own);
            let is_first =
                *number == 0 || is_shared || self.mapping.ours(&key.references).is_none();
            let target = self.sides.ground.table(&key.references);
            let pins = pins(target, key, &own, |at| match bound.get(&at) {
                Some(Cell::Text(text)) => Some(text.clone()),
                Some(Cell::Null | Cell::Leave) | None => None,
            });
            let place = if is_first { 0 } else { *number };
            let found = self.agreeing(&key.references, &pins, place, world, depth)?;
            *number += 1;
            let parent = match found {
                Ok(parent) => parent,
                // What our own design takes for required may be left out where the table lets it.
                Err(reason) if is_must || own.iter().any(|at| want.linked.contains(at)) => {
                    return Ok(Err(reason));
                }
                Err(_) => continue,
            };
            let parent = self.grown(table, &key.references, parent, world)?;
            self.keep_within(table, want, (&own, &parent), &mut cells);
            for (at, name) in own.iter().zip(&key.referenced_columns) {
                if want.cells.contains_key(at) {
                    continue;
                }
                if let Some(value) = position(target, name).and_then(|at| parent[at].as_ref()) {
                    cells.insert(*at, Cell::Text(value.clone()));
                    bound.insert(*at, Cell::Text(value.clone()));
                }
            }
        }
        cells.extend(want.cells.clone());
        if let Err(reason) = self.unguarded(table, want, world, depth, &mut cells)? {
            return Ok(Err(reason));
        }
        self.grow_beyond(table, world)?;
        for (&column, pool) in &learned.pools {
            if !self.is_asked(table, want, column) && !pool.is_empty() {
                let at = usize::try_from(self.fresh()).unwrap_or_default() % pool.len();
                cells.insert(column, pool[at].clone());
            }
        }
        let mut row = Vec::with_capacity(there.columns.len());
        for (at, column) in there.columns.iter().enumerate() {
            let is_computed = column.generated.is_some()
                || column.identity == Some(underpin_pg::Identity::Always);
            row.push(if is_computed {
                Cell::Leave
            } else if let Some(cell) = cells.remove(&at) {
                cell
            } else if column.default.is_some() || column.identity.is_some() {
                Cell::Leave
            } else if self.sides.ground.refuses_null(column) {
                self.fill(there, at)
            } else {
                Cell::Leave
            });
        }
        for (&column, &(other, steps)) in &learned.ties {
            // Whichever is given leads the other.
            let (of, to, steps) = if !want.cells.contains_key(&column) {
                (other, column, steps)
            } else if !want.cells.contains_key(&other) {
                (column, other, -steps)
            } else {
                continue;
            };
            if let Some(beside @ Cell::Text(_)) = beside(&row[of], steps) {
                row[to] = beside;
            }
        }
        Ok(Ok(row))
    }

    /// Values that documents hold against those of an owner are put right, where they are not asked for.
    fn keep_within(
        &self,
        table: &QualifiedName,
        want: &Want,
        owner: (&[usize], &Stored),
        cells: &mut BTreeMap<usize, Cell>,
    ) {
        for tie in self.ties.iter().filter(|_| want.row.is_none()) {
            let Some((at, column, cell)) = tie.amended(table, owner, cells) else { continue };
            if !want.values.contains_key(&at) && !want.cells.contains_key(&column) {
                cells.insert(column, cell);
            }
        }
    }

    /// What a row is given, and what goes with it in the row that it is taken from.
    pub(super) fn tied(
        &self,
        table: &QualifiedName,
        set: &[(usize, Cell)],
        from: &Stored,
    ) -> Vec<(usize, Cell)> {
        let mut along = set.to_vec();
        let ties = self.learned.get(table).map(|it| &it.ties);
        for (&column, &(other, _)) in ties.into_iter().flatten() {
            let is_set = |at: usize| set.iter().any(|(it, _)| *it == at);
            for (one, with) in [(column, other), (other, column)] {
                if is_set(one) && !is_set(with) {
                    along.push((with, Cell::of(from[with].as_ref())));
                }
            }
        }
        along
    }

    /// The columns that hold labels of an enumeration.
    pub(super) fn label_columns(&self, table: &QualifiedName) -> BTreeSet<usize> {
        let Some(ours) = self.mapping.ours(table) else { return BTreeSet::new() };
        self.mapping.homes[ours]
            .places
            .iter()
            .filter(|&(&at, _)| {
                super::mapping::attribute(self.sides, ours, at)
                    .is_some_and(|it| matches!(it.kind, underpin_model::FieldKind::Enumeration(_)))
            })
            .map(|(_, place)| place.column())
            .collect()
    }

    /// The columns that hold a value of the documents' own, and no reference.
    fn value_columns(&self, table: &QualifiedName) -> BTreeSet<usize> {
        let Some(ours) = self.mapping.ours(table) else { return BTreeSet::new() };
        let shape = &self.sides.shapes[ours];
        let home = &self.mapping.homes[ours];
        let is_value = |at: usize| !shape.is_in_link(at) && !home.outward.contains(&at);
        home.places
            .iter()
            .filter(|(at, _)| is_value(**at))
            .map(|(_, place)| place.column())
            .collect()
    }

    /// The columns that refer to what no document describes.
    fn outward_columns(&self, table: &QualifiedName) -> BTreeSet<usize> {
        let Some(ours) = self.mapping.ours(table) else { return BTreeSet::new() };
        let home = &self.mapping.homes[ours];
        home.outward.iter().filter_map(|at| Some(home.places.get(at)?.column())).collect()
    }

    /// Whether the documents ask for the reference that these columns hold.
    fn is_required_link(&self, table: &QualifiedName, own: &[usize]) -> bool {
        let Some(ours) = self.mapping.ours(table) else { return false };
        let shape = &self.sides.shapes[ours];
        let home = &self.mapping.homes[ours];
        home.places.iter().any(|(&at, place)| {
            own.contains(&place.column())
                && (shape.is_in_link(at) || home.outward.contains(&at))
                && shape.table.columns[at].not_null
        })
    }

    /// The values that a row is asked to have in so many words, by column.
    fn asked_values(
        &self,
        table: &QualifiedName,
        want: &Want,
        cells: &BTreeMap<usize, Cell>,
    ) -> BTreeMap<usize, Cell> {
        let Some(ours) = self.mapping.ours(table) else { return BTreeMap::new() };
        let places = self.mapping.homes[ours].places.iter();
        places
            .filter(|(at, _)| want.values.contains_key(at))
            .filter_map(|(_, place)| Some((place.column(), cells.get(&place.column())?.clone())))
            .collect()
    }

    /// The values that the documents allow, for the columns that have a place.
    fn stated_cells(
        &mut self,
        table: &QualifiedName,
        want: &Want,
        learned: &Learned,
    ) -> Result<Result<Stated, String>, SessionError> {
        let Some(ours) = self.mapping.ours(table).cloned() else {
            return Ok(Ok((BTreeMap::new(), Row::new())));
        };
        let row = match &want.row {
            Some(row) => row.clone(),
            None => match self.values(&ours, want, learned.full) {
                Ok(row) => row,
                Err(reason) => return Ok(Err(reason)),
            },
        };
        let values = self.plain(&ours, &row);
        let mut cells = self.cells(&ours, &values, learned.future)?;
        let there = self.sides.ground.table(table);
        for (at, column) in there.columns.iter().enumerate() {
            // A missing value is left to the column's default, unless it was asked to be missing.
            let is_asked = self.mapping.homes[&ours]
                .places
                .iter()
                .any(|(own, place)| place.column() == at && want.values.contains_key(own));
            if cells.get(&at) == Some(&Cell::Null) && !is_asked {
                if self.sides.ground.refuses_null(column) || column.default.is_some() {
                    cells.remove(&at);
                }
            }
        }
        Ok(Ok((cells, row)))
    }

    /// For columns that hold references, whether the meant row of our own design has them.
    fn linked_by_row(&self, table: &QualifiedName, meant: &Row) -> BTreeMap<usize, bool> {
        let Some(ours) = self.mapping.ours(table) else { return BTreeMap::new() };
        let shape = &self.sides.shapes[ours];
        let Home { places, outward, .. } = &self.mapping.homes[ours];
        let own = |link: &Link<'_>| link.columns.last().copied();
        shape
            .links
            .iter()
            .filter_map(own)
            .chain(outward.iter().copied())
            .filter(|&at| at < meant.len())
            .filter_map(|at| Some((places.get(&at)?.column(), meant[at].is_present())))
            .collect()
    }

    /// Whether a meant row of our own design refers twice to one row, by these columns and by others.
    fn shares_reference(&self, table: &QualifiedName, meant: &Row, own: &[usize]) -> bool {
        let Some(ours) = self.mapping.ours(table) else { return false };
        let shape = &self.sides.shapes[ours];
        let places = &self.mapping.homes[ours].places;
        let last: Vec<usize> =
            shape.links.iter().filter_map(|it| it.columns.last()).copied().collect();
        let is_own = |at: usize| places.get(&at).is_some_and(|place| own.contains(&place.column()));
        last.iter().filter(|&&at| is_own(at) && meant[at].is_present()).any(|&at| {
            last.iter().any(|&other| other != at && !is_own(other) && meant[other] == meant[at])
        })
    }

    /// Values of our own design's columns that keep all rules.
    pub(super) fn values(
        &mut self,
        ours: &QualifiedName,
        want: &Want,
        full: bool,
    ) -> Result<Row, String> {
        let shape = &self.sides.shapes[ours];
        let mut filled = want.filled.clone();
        if full {
            filled.extend((0..shape.table.columns.len()).filter(|&at| !shape.is_in_link(at)));
        }
        filled.extend(self.demanded(ours).filter(|at| !want.values.contains_key(at)));
        let wish = Wish { values: want.values.clone(), filled, ..Wish::default() };
        let plan = self.planner.plan(ours, &wish, &[])?;
        Ok(plan.rows.last().expect("a plan ends with its row").values.clone())
    }

    /// The columns of our own design that the table wants a value in, whether or not the documents do.
    fn demanded(&self, ours: &QualifiedName) -> impl Iterator<Item = usize> {
        let shape = &self.sides.shapes[ours];
        let home = &self.mapping.homes[ours];
        let there = self.sides.ground.table(&home.table);
        let places = home.places.iter().filter(|&(&at, place)| {
            let column = &there.columns[place.column()];
            !shape.is_in_link(at)
                && self.sides.ground.refuses_null(column)
                && column.default.is_none()
                && column.identity.is_none()
                && column.generated.is_none()
        });
        places.map(|(&at, _)| at).collect::<Vec<_>>().into_iter()
    }

    /// The values of a row of our own design that are neither its key nor references: those are the
    /// table's own.
    pub(super) fn plain(&self, ours: &QualifiedName, row: &Row) -> BTreeMap<usize, Value> {
        let shape = &self.sides.shapes[ours];
        let key = shape.primary_key();
        let is_made = |at: usize| key == [at] && self.is_made_key(ours, at);
        let outward = self.mapping.home(ours).map(|home| &home.outward);
        let is_outward = |at: usize| outward.is_some_and(|outward| outward.contains(&at));
        (0..row.len())
            .filter(|&at| !shape.is_in_link(at) && !is_outward(at) && !is_made(at))
            .filter(|&at| row[at] != Value::Default)
            .map(|at| (at, row[at].clone()))
            .collect()
    }

    /// Whether the table makes the value of its key itself.
    fn is_made_key(&self, ours: &QualifiedName, at: usize) -> bool {
        let Some(home) = self.mapping.home(ours) else { return true };
        let Some(place) = home.places.get(&at) else { return true };
        let column = &self.sides.ground.table(&home.table).columns[place.column()];
        column.identity.is_some() || column.default.is_some() || column.generated.is_some()
    }

    /// Some value for a column.
    pub(super) fn fill(&mut self, table: &Table, column: usize) -> Cell {
        let kind: Kind = self.sides.ground.kind(&table.columns[column]);
        let quoted = self.sides.ground.quoted(table, column);
        match self.filler(&kind, table.columns[column].name.as_str(), &quoted) {
            Cell::Text(text) => Cell::Text(self.suited(table, column, text)),
            cell @ (Cell::Null | Cell::Leave) => cell,
        }
    }
}

/// Whether a column of a reference is part of others too, and another column is this one's alone.
fn is_in_others(table: &Table, own: &[usize], column: usize) -> bool {
    let is_its_alone = |at: usize| keys_of(table, at).count() == 1;
    !is_its_alone(column) && own.iter().any(|&at| is_its_alone(at))
}

/// A value so many steps beside another: numbers by one, days by one, times by a minute, moments by a day.
pub(super) fn beside(cell: &Cell, steps: i64) -> Option<Cell> {
    const DAY: i64 = 86_400;
    const MINUTE: i64 = 60;
    let Cell::Text(text) = cell else { return Some(cell.clone()) };
    if steps == 0 {
        return Some(cell.clone());
    }
    let moved = if let Some(number) = Decimal::parse(text) {
        number.plus(Decimal::from(steps))?.to_string()
    } else if let Some(days) = parse_date(text) {
        Value::Date(days + steps).text()?
    } else if text.as_bytes().get(2) == Some(&b':') {
        // A time of day; the end of the day is one too.
        let seconds = parse_timestamp(&format!("1970-01-01 {text}"))? + steps * MINUTE;
        if seconds >= DAY { "24:00:00".to_owned() } else { Value::Time(seconds.max(0)).text()? }
    } else {
        Value::Timestamp(parse_timestamp(text)? + steps * DAY).text()?
    };
    Some(Cell::Text(moved))
}
