//! What a row refers to: the rows of its world, made where they are not there, and agreeing where several
//! references share a column.

use std::collections::BTreeMap;

use underpin_pg::{ForeignKey, QualifiedName, Table};
use underpin_server::SessionError;

use super::arena::{Arena, Came, Cell, Stored};
use super::ground::{keys_of, position, primary_key};
use super::world::{DRAWS, Made, Want, World};

/// What columns of a row must hold so that a reference to it fits.
pub(super) type Pins = BTreeMap<usize, String>;

/// What the target of a foreign key must hold, as far as the columns that refer to it hold something.
pub(super) fn pins(
    target: &Table,
    key: &ForeignKey,
    own: &[usize],
    held: impl Fn(usize) -> Option<String>,
) -> Pins {
    let sides = own.iter().zip(&key.referenced_columns);
    sides.filter_map(|(&at, name)| Some((position(target, name)?, held(at)?))).collect()
}

impl Arena<'_> {
    /// References that no foreign key guards: they lead to the rows of the world all the same.
    pub(super) fn unguarded(
        &mut self,
        table: &QualifiedName,
        want: &Want,
        world: &mut World,
        depth: usize,
        cells: &mut BTreeMap<usize, Cell>,
    ) -> Result<Result<(), String>, SessionError> {
        let Some(ours) = self.mapping.ours(table).cloned() else { return Ok(Ok(())) };
        let home = self.mapping.homes[&ours].clone();
        let shape = &self.sides.shapes[&ours];
        let there = self.sides.ground.table(table);
        for link in &shape.links {
            let Some(target_home) = self.mapping.home(&link.key.references) else { continue };
            if target_home.table == *table {
                continue;
            }
            let target_home = target_home.clone();
            for (&own, &target) in link.columns.iter().zip(&link.target_columns) {
                let (Some(place), Some(there_place)) =
                    (home.places.get(&own), target_home.places.get(&target))
                else {
                    continue;
                };
                let at = place.column();
                let is_required = shape.table.columns[own].not_null;
                let open = !want.cells.contains_key(&at);
                let guarded = keys_of(there, at).next().is_some();
                if guarded || !open || !(is_required || want.linked.contains(&at)) {
                    continue;
                }
                let parent = match self.parent(&target_home.table, world, depth)? {
                    Ok(parent) => parent,
                    Err(reason) => return Ok(Err(reason)),
                };
                cells.insert(at, Cell::of(parent[there_place.column()].as_ref()));
            }
        }
        Ok(Ok(()))
    }

    /// The row of a table in a world.
    pub(super) fn parent(
        &mut self,
        table: &QualifiedName,
        world: &mut World,
        depth: usize,
    ) -> Made {
        if let Some(row) = world.rows.get(table) {
            return Ok(Ok(row.clone()));
        }
        // What a table of labels or settings holds already serves as it is.
        if self.mapping.ours(table).is_none() && self.is_seeded(table) {
            if let Some(row) = self.rows(table)?.into_iter().next() {
                world.rows.insert(table.clone(), row.clone());
                return Ok(Ok(row));
            }
        }
        if self.making.contains(table) {
            return Ok(Err(format!("{table} refers to itself by way of others")));
        }
        self.new_parent(table, &Want::default(), world, depth)
    }

    /// A row of a table that holds some values, as the reference of another row shares them: the one in
    /// the world, its `number`th sibling, the one that bears such a key, or a new one.
    pub(super) fn agreeing(
        &mut self,
        table: &QualifiedName,
        pins: &Pins,
        number: usize,
        world: &mut World,
        depth: usize,
    ) -> Made {
        let agrees = |row: &&Stored| pins.iter().all(|(&at, text)| row[at].as_ref() == Some(text));
        let place = (table.clone(), number);
        let known = if number == 0 { world.rows.get(table) } else { world.siblings.get(&place) };
        if let Some(row) = known.filter(agrees) {
            return Ok(Ok(row.clone()));
        }
        if pins.is_empty() {
            return match number {
                0 => self.parent(table, world, depth),
                _ => self.sibling(table, number, world, depth),
            };
        }
        let key = primary_key(self.sides.ground.table(table));
        if !key.is_empty() && key.iter().all(|at| pins.contains_key(at)) {
            if let Some(row) = self.rows(table)?.iter().find(agrees) {
                return Ok(Ok(row.clone()));
            }
            // A reference to a row that is not there: no row is made for it, the rest is as usual.
            let pins = pins.iter().filter(|(at, _)| !key.contains(at));
            let pins = pins.map(|(&at, text)| (at, text.clone())).collect();
            return self.agreeing(table, &pins, number, world, depth);
        }
        if self.making.contains(table) {
            return Ok(Err(format!("{table} refers to itself by way of others")));
        }
        let cells = pins.iter().map(|(&at, text)| (at, Cell::Text(text.clone()))).collect();
        let want = Want { cells, ..Want::default() };
        if number == 0 && !world.rows.contains_key(table) {
            return self.new_parent(table, &want, world, depth);
        }
        let mut around = world.clone();
        around.rows.remove(table);
        let made = self.new_parent(table, &want, &mut around, depth)?;
        if let Ok(row) = &made {
            world.siblings.insert((table.clone(), number.max(1)), row.clone());
        }
        Ok(made)
    }

    fn new_parent(
        &mut self,
        table: &QualifiedName,
        want: &Want,
        world: &mut World,
        depth: usize,
    ) -> Made {
        self.making.push(table.clone());
        let made = self.drawn_parent(table, want, world, depth);
        self.making.pop();
        made
    }

    fn drawn_parent(
        &mut self,
        table: &QualifiedName,
        want: &Want,
        world: &mut World,
        depth: usize,
    ) -> Made {
        let mut reason = String::new();
        for _ in 0..DRAWS {
            match self.write(table, want, world, depth + 1)? {
                Ok(Came::Row(row)) => {
                    world.rows.insert(table.clone(), row.clone());
                    return Ok(Ok(row));
                }
                Ok(came) => {
                    reason = came.reason();
                    if let Came::Refused(error) = came {
                        if let Some(row) = self.remade(table, want, world, depth + 1, &error)? {
                            world.rows.insert(table.clone(), row.clone());
                            return Ok(Ok(row));
                        }
                        self.follow(table, &error)?;
                    }
                }
                Err(why) => return Ok(Err(why)),
            }
        }
        Ok(Err(format!("a row of {table} to refer to was refused: {reason}")))
    }

    /// Another row of a table in a world, beside the one that is there: a second reference leads to it.
    pub(super) fn sibling(
        &mut self,
        table: &QualifiedName,
        number: usize,
        world: &mut World,
        depth: usize,
    ) -> Made {
        let name = (table.clone(), number);
        if let Some(row) = world.siblings.get(&name) {
            return Ok(Ok(row.clone()));
        }
        let mut around = world.clone();
        around.rows.remove(table);
        let made = self.parent(table, &mut around, depth)?;
        if let Ok(row) = &made {
            world.siblings.insert(name, row.clone());
        }
        Ok(made)
    }
}
