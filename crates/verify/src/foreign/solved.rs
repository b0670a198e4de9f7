//! Rows that a condition of the schema's own refuses, with other values in what the documents leave open: PostgreSQL
//! says which (`crate::solve`).

use std::collections::{BTreeMap, BTreeSet};

use underpin_claim::{Measures, Value as Measure};
use underpin_pg::{Identity, QualifiedName};
use underpin_server::{ServerError, SessionError};

use super::arena::{Arena, Came, Cell, Stored};
use super::attack::Object;
use super::encode::Future;
use super::ground::{keys_of, primary_key};
use super::life::Living;
use super::mapping::Place;
use super::world::{Want, World};
use crate::row::Row;
use crate::rule::truth;
use crate::solve::{Held, Plight, Solution};
use crate::value::{Value, read};

/// How many values are kept for a column that no two rows may share a value of.
const VARIETY: usize = 40;

impl Arena<'_> {
    /// The columns that a CHECK or a domain which refused a row reads; nothing where something else refused it.
    pub(super) fn refused_by(
        &self,
        table: &QualifiedName,
        error: &ServerError,
    ) -> Option<Vec<usize>> {
        let there = self.sides.ground.table(table);
        let is_own = error.table.as_deref().is_none_or(|name| name == table.name.as_str());
        if error.sqlstate != "23514" || !is_own {
            return None;
        }
        let name = error.constraint.as_deref()?;
        if let Some(check) = there.checks.iter().find(|check| check.name.as_str() == name) {
            return Some(crate::rule::mentioned(there, &check.expression));
        }
        // The condition of a domain: of which column, nobody says.
        let domain = error.datatype.as_deref()?;
        let is_of = |at: &usize| self.sides.ground.is_of_domain(&there.columns[*at], domain);
        Some((0..there.columns.len()).filter(is_of).collect())
    }

    /// Columns that may be given other values than a row was drafted with: those of which the documents say nothing,
    /// then those of which they say no rule, then those whose rules must hold as well.
    fn open_columns(
        &self,
        table: &QualifiedName,
        is_asked: &dyn Fn(usize) -> bool,
    ) -> [Vec<usize>; 3] {
        let there = self.sides.ground.table(table);
        let stated = self.stated_columns(table);
        let states = self.state_columns(table);
        let key = primary_key(there);
        let mut open = [Vec::new(), Vec::new(), Vec::new()];
        for (at, column) in there.columns.iter().enumerate() {
            let is_made = column.generated.is_some() || column.identity == Some(Identity::Always);
            let is_fixed = is_made
                || key.contains(&at)
                || states.contains(&at)
                || is_asked(at)
                || keys_of(there, at).next().is_some();
            if is_fixed {
                continue;
            }
            if !stated.contains(&at) {
                open[0].push(at);
            } else if self.is_free(table, at) {
                open[1].push(at);
            } else {
                open[2].push(at);
            }
        }
        open
    }

    fn stated_columns(&self, table: &QualifiedName) -> BTreeSet<usize> {
        let Some(ours) = self.mapping.ours(table) else { return BTreeSet::new() };
        self.mapping.homes[ours].places.values().map(|place| place.column()).collect()
    }

    /// The columns that hold the states of life cycles.
    fn state_columns(&self, table: &QualifiedName) -> BTreeSet<usize> {
        let Some(ours) = self.mapping.ours(table) else { return BTreeSet::new() };
        let shape = &self.sides.shapes[ours];
        let places = self.mapping.homes[ours].places.iter();
        places.filter(|(at, _)| shape.machine(**at).is_some()).map(|(_, it)| it.column()).collect()
    }

    /// The columns that are asked for in so many words.
    fn asked_columns(&self, table: &QualifiedName, want: &Want) -> BTreeSet<usize> {
        let mut asked: BTreeSet<usize> = want.cells.keys().chain(&want.linked).copied().collect();
        if let Some(ours) = self.mapping.ours(table) {
            let places = self.mapping.homes[ours].places.iter();
            asked.extend(
                places
                    .filter(|(at, _)| {
                        want.row.is_some()
                            || want.values.contains_key(at)
                            || want.filled.contains(at)
                    })
                    .map(|(_, place)| place.column()),
            );
        }
        asked
    }

    /// Whether a column of the table holds a value that was asked for by name.
    pub(super) fn is_asked(&self, table: &QualifiedName, want: &Want, column: usize) -> bool {
        let Some(ours) = self.mapping.ours(table) else { return want.cells.contains_key(&column) };
        let mut places = self.mapping.homes[ours].places.iter();
        want.cells.contains_key(&column)
            || places.any(|(at, place)| place.column() == column && want.values.contains_key(at))
    }

    fn plight<'p>(
        ground: &'p super::Ground,
        table: &QualifiedName,
        cells: &[Cell],
        reads: Vec<usize>,
        free: Vec<Vec<usize>>,
    ) -> Plight<'p> {
        let there = ground.table(table);
        let held = |(cell, column): (&Cell, &underpin_pg::Column)| match cell {
            Cell::Text(text) => Held::Text(text.clone()),
            Cell::Leave if column.default.is_some() => Held::Default,
            Cell::Null | Cell::Leave => Held::Null,
        };
        let row = cells.iter().zip(&there.columns).map(held).collect();
        Plight { ground, table: there, row, reads, broken: None, free }
    }

    /// Other values for a row with which the documents' rules hold too.
    fn solved(
        &mut self,
        plight: &Plight<'_>,
        cells: &[Cell],
    ) -> Result<Option<Solution>, SessionError> {
        let all = plight.solutions(&mut self.session, &mut self.planner.dice, VARIETY)?;
        Ok(all.into_iter().find(|it| self.keeps_rules(&plight.table.name, cells, it)))
    }

    /// Whether a row breaks no more rules of the documents with other values in some columns.
    fn keeps_rules(&self, table: &QualifiedName, cells: &[Cell], solution: &Solution) -> bool {
        let Some(ours) = self.mapping.ours(table) else { return true };
        let shape = &self.sides.shapes[ours];
        let places = &self.mapping.homes[ours].places;
        let meant = |text: &dyn Fn(usize) -> Option<String>| -> Row {
            let value = |at: usize| {
                let Some(Place::Column(column)) = places.get(&at) else { return Value::Null };
                let data_type = &shape.table.columns[at].data_type;
                text(*column).and_then(|it| read(data_type, &it)).unwrap_or(Value::Null)
            };
            (0..shape.table.columns.len()).map(value).collect()
        };
        let drafted = |at: usize| match &cells[at] {
            Cell::Text(text) => Some(text.clone()),
            Cell::Null | Cell::Leave => None,
        };
        let before = meant(&drafted);
        let after = meant(&|at| match solution.get(&at) {
            Some(value) => value.clone(),
            None => drafted(at),
        });
        shape
            .rules
            .iter()
            .filter_map(|rule| rule.term.as_ref())
            .all(|term| truth(term, &after) != Some(false) || truth(term, &before) == Some(false))
    }

    /// Learns what a condition lets in from the server's own answer: values for what the documents leave open with
    /// which all conditions of the table hold together. `false` where none were found.
    pub(super) fn solve(
        &mut self,
        table: &QualifiedName,
        error: &ServerError,
    ) -> Result<bool, SessionError> {
        let Some(reads) = self.refused_by(table, error) else { return Ok(false) };
        let free = self.open_columns(table, &|_| false).to_vec();
        let ground = self.sides.ground;
        let there = ground.table(table);
        let is_key = |at: usize| {
            let name = &there.columns[at].name;
            let constraints = there.keys().any(|key| key.columns.contains(name));
            let mut indexes = ground.schema.indexes_of(table).filter(|index| index.unique);
            constraints
                || indexes.any(|index| {
                    index.columns.iter().any(|column| {
                        column.key.compared() == Some(name) || column.key.plain() == Some(name)
                    })
                })
        };
        let found = self.within(|arena| {
            let drafted = arena.draft(table, &Want::default(), &mut World::default(), 0)?;
            let Ok(cells) = drafted else { return Ok(Vec::new()) };
            let plight = Self::plight(ground, table, &cells, reads, free);
            let all = plight.solutions(&mut arena.session, &mut arena.planner.dice, VARIETY)?;
            let kept = all.into_iter().filter(|it| arena.keeps_rules(table, &cells, it));
            // What a condition compares them with stays as it is now.
            Ok(kept.map(|it| plight.with_beside(&it)).collect::<Vec<_>>())
        })?;
        let Some(first) = found.first() else { return Ok(false) };
        let before = self.learned.get(table).cloned().unwrap_or_default();
        for (&column, value) in first {
            let mut values: Vec<Cell> = Vec::new();
            // The others of the row stay as they are.
            let is_beside = |it: &&Solution| {
                it.len() == first.len()
                    && first.iter().all(|(at, value)| *at == column || it.get(at) == Some(value))
            };
            for solution in found.iter().filter(is_beside) {
                let cell = Cell::of(solution[&column].as_ref());
                if !values.contains(&cell) {
                    values.push(cell);
                }
            }
            if is_key(column) && values.len() > 1 {
                self.learned.entry(table.clone()).or_default().pools.insert(column, values);
            } else if !self.advise(table, column, value.as_ref())? {
                let cell = Cell::of(value.as_ref());
                self.learned.entry(table.clone()).or_default().cells.insert(column, cell);
            }
        }
        let check = error.constraint.as_deref().unwrap_or_default();
        if self.is_refused_by(table, check)? {
            self.learned.insert(table.clone(), before);
            return Ok(false);
        }
        if let [column] = first.keys().copied().collect::<Vec<_>>()[..] {
            let mut cells: Vec<Cell> = Vec::new();
            for solution in &found {
                cells.extend(solution.get(&column).map(|value| Cell::of(value.as_ref())));
            }
            cells.dedup();
            self.learned.entry(table.clone()).or_default().solved.insert(column, cells);
        }
        self.note_asked(table, error);
        Ok(true)
    }

    /// Has a column of our own design take a value from now on; `false` where the table keeps no such column of ours.
    fn advise(
        &mut self,
        table: &QualifiedName,
        column: usize,
        text: Option<&String>,
    ) -> Result<bool, SessionError> {
        let (Some(ours), Some(text)) = (self.mapping.ours(table).cloned(), text) else {
            return Ok(false);
        };
        let place = self.mapping.homes[&ours].places.iter();
        let own =
            place.filter(|(_, place)| **place == Place::Column(column)).map(|(at, _)| *at).next();
        let Some(at) = own else { return Ok(false) };
        let ours_column = &self.sides.shapes[&ours].table.columns[at];
        if !ours_column.not_null {
            return Ok(false);
        }
        let Some(value) = read(&ours_column.data_type, text) else { return Ok(false) };
        let future = self.learned.get(table).map(|it| it.future).unwrap_or_default();
        if future != Future::None && matches!(value, Value::Date(_) | Value::Timestamp(_)) {
            return Ok(false);
        }
        let there = self.sides.ground.table(table);
        if self.encode(&ours, at, there, column, &value)? != Cell::Text(text.clone()) {
            return Ok(false);
        }
        self.planner.fresh.advise(&ours, at, value);
        Ok(true)
    }

    /// A row that a condition of the schema's own refused, written with other values in what was not asked for.
    pub(super) fn remade(
        &mut self,
        table: &QualifiedName,
        want: &Want,
        world: &mut World,
        depth: usize,
        error: &ServerError,
    ) -> Result<Option<Stored>, SessionError> {
        const ROUNDS: usize = 3;
        let Some(mut reads) = self.refused_by(table, error) else { return Ok(None) };
        let asked = self.asked_columns(table, want);
        let free = self.open_columns(table, &|at| asked.contains(&at)).to_vec();
        let Ok(mut cells) = self.draft(table, want, world, depth)? else { return Ok(None) };
        for _ in 0..ROUNDS {
            let ground = self.sides.ground;
            let plight = Self::plight(ground, table, &cells, reads, free.clone());
            let Some(found) = self.solved(&plight, &cells)? else { return Ok(None) };
            for (column, value) in found {
                cells[column] = Cell::of(value.as_ref());
            }
            match self.put(table, &cells, world, depth)? {
                Came::Row(row) => {
                    self.note_asked(table, error);
                    return Ok(Some(row));
                }
                Came::Nothing => return Ok(None),
                Came::Refused(error) => match self.refused_by(table, &error) {
                    Some(next) => reads = next,
                    None => return Ok(None),
                },
            }
        }
        Ok(None)
    }

    /// What an UPDATE that a condition refused must set besides, in columns that the documents leave open, but for those
    /// that are left as they are.
    pub(super) fn completed(
        &mut self,
        object: &Object<'_>,
        living: &Living,
        set: &[(usize, Cell)],
        left: &[usize],
        error: &ServerError,
    ) -> Result<Option<Vec<(usize, Cell)>>, SessionError> {
        let table = &object.table.name;
        let Some(reads) = self.refused_by(table, error) else { return Ok(None) };
        let is_set = |at: usize| left.contains(&at) || set.iter().any(|(it, _)| *it == at);
        let free = self.open_columns(table, &is_set).to_vec();
        // Then also other values than those that were set, as far as the condition reads them: "passes only with at most 230".
        let set_too = self.open_columns(table, &|at| left.contains(&at) || !reads.contains(&at));
        let mut cells: Vec<Cell> = living.stored.iter().map(|it| Cell::of(it.as_ref())).collect();
        for (at, cell) in set {
            cells[*at] = cell.clone();
        }
        let ground = self.sides.ground;
        let mut found = None;
        for free in [free, set_too.to_vec()] {
            let plight = Self::plight(ground, table, &cells, reads.clone(), free);
            found = self.solved(&plight, &cells)?;
            if found.is_some() {
                break;
            }
        }
        let Some(found) = found else { return Ok(None) };
        let is_found = |at: usize| found.iter().any(|(it, _)| *it == at);
        let kept = set.iter().filter(|(at, _)| !is_found(*at)).cloned().collect::<Vec<_>>();
        let beside = found.into_iter().map(|(at, value)| (at, Cell::of(value.as_ref())));
        Ok(Some(kept.into_iter().chain(beside).collect()))
    }

    /// What was learned by asking the server, for each table: conditions that no document states and that its rows
    /// satisfy all the same.
    pub(super) fn asked_of_the_server(&self) -> Measures {
        let mut facts = Measures::new();
        let tables: BTreeSet<&QualifiedName> = self.asked.iter().map(|(table, _)| table).collect();
        for table in tables {
            let own = self.asked.iter().filter(|(of, _)| of == table);
            let names = own.map(|(_, name)| Measure::from(name.as_str())).collect();
            let fact = format!("satisfied_by_asking/{}", table.name.as_str());
            facts.insert(fact, Measure::List(names));
        }
        facts
    }

    /// Remembers which condition was met by asking the server.
    fn note_asked(&mut self, table: &QualifiedName, error: &ServerError) {
        if let Some(name) = &error.constraint {
            self.asked.insert((table.clone(), name.clone()));
        }
    }

    /// What a stored row means, where it is another than was meant in columns that the documents leave open.
    pub(super) fn as_stored(
        &self,
        table: &QualifiedName,
        meant: Row,
        given: &BTreeMap<usize, Cell>,
        stored: &Stored,
    ) -> Row {
        let Some(ours) = self.mapping.ours(table) else { return meant };
        let shape = &self.sides.shapes[ours];
        let mut meant = meant;
        for (&at, place) in &self.mapping.homes[ours].places {
            let Place::Column(column) = *place else { continue };
            let is_same = match given.get(&column) {
                Some(Cell::Text(text)) => stored[column].as_ref() == Some(text),
                Some(Cell::Null) => stored[column].is_none(),
                Some(Cell::Leave) | None => true,
            };
            if is_same || !self.is_free(table, column) {
                continue;
            }
            let value = match &stored[column] {
                Some(text) => read(&shape.table.columns[at].data_type, text),
                None => Some(Value::Null),
            };
            meant[at] = value.unwrap_or(meant[at].clone());
        }
        meant
    }
}
