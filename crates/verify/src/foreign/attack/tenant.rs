//! References that must not cross from one owner to another, such as a tenant: rows that refer to a row of
//! another are refused, by INSERT, by moving the reference, and by moving the owner of either. Who says so is
//! a document, of all rows or of some, or the schema itself, whose other references carry the owner.

use underpin_claim::Family;
use underpin_model::EntityId;
use underpin_pg::{ForeignKey, Table};
use underpin_server::SessionError;

use super::owner::{Told, carried, tellings};
use super::{Object, objects};
use crate::foreign::arena::{Arena, Came, Cell, Stored};
use crate::foreign::ground::{columns, keys_of, position, primary_key};
use crate::foreign::mapping::Place;
use crate::foreign::names::words;
use crate::foreign::report::{Judgement, Report};
use crate::foreign::world::{Want, World};

pub(in crate::foreign) fn judge(
    arena: &mut Arena<'_>,
    report: &mut Report,
) -> Result<(), SessionError> {
    let all = objects(arena);
    let mut done: Vec<(usize, usize)> = Vec::new();
    for told in tellings(arena) {
        for (at, child) in all.iter().enumerate() {
            if !told.is_about(arena, child) {
                continue;
            }
            for crossing in crossings(arena, &all, child, &told.owner) {
                if done.contains(&(at, crossing.column)) || !told.is_kept(arena, &crossing) {
                    continue;
                }
                done.push((at, crossing.column));
                let name = child.table.columns[crossing.column].name.as_str();
                let statement = format!(
                    "`{}.{name}` refers only to rows of the same `{}`.",
                    child.table.name.name.as_str(),
                    told.owner.join("_")
                );
                let judgement = arena.within(|arena| attack(arena, &crossing))?;
                report.add(
                    Family::ForeignKey,
                    &child.table.name,
                    name,
                    "tenant",
                    statement,
                    judgement,
                );
            }
        }
    }
    Ok(())
}

/// A reference that could lead from one owner to another.
#[derive(Debug)]
pub(super) struct Crossing<'o, 'a> {
    pub(super) child: &'o Object<'a>,
    parent: &'a Table,
    own: Own<'a>,
    /// The parent's column that names its owner.
    theirs: usize,
    /// The child's column that refers to the parent.
    pub(super) column: usize,
}

/// Where the owner of a child is to be seen.
#[derive(Debug, Clone, Copy)]
enum Own<'a> {
    /// In a column of its own.
    Column(usize),
    /// In what another of its columns refers to.
    Through { column: usize, table: &'a Table, theirs: usize },
}

/// The columns of a mapped table that refer to rows of another mapped table, with what they refer to.
fn links<'a>(arena: &Arena<'a>, child: &Object<'a>) -> Vec<(usize, &'a Table)> {
    let mut found: Vec<(usize, &'a Table)> = Vec::new();
    for link in &child.shape.links {
        let home = arena.mapping.home(&link.key.references);
        let place = link.columns.last().and_then(|&at| child.place(at));
        if let (Some(home), Some(Place::Column(column))) = (home, place) {
            found.push((column, arena.sides.ground.table(&home.table)));
        }
    }
    for &at in &child.home.outward {
        let Some(Place::Column(column)) = child.place(at) else { continue };
        if let Some(key) = keys_of(child.table, column).next() {
            found.push((column, arena.sides.ground.table(&key.references)));
        }
    }
    found
}

/// The references of a table that lead to rows which have such an owner too.
fn crossings<'o, 'a>(
    arena: &Arena<'a>,
    all: &'o [Object<'a>],
    child: &'o Object<'a>,
    owner: &[String],
) -> Vec<Crossing<'o, 'a>> {
    let is_owner = |table: &Table| {
        let named = all.iter().find(|it| it.table.name == table.name);
        words(table.name.name.as_str()) == owner
            || named.is_some_and(|it| words(it.ours.name.as_str()) == owner)
    };
    let all_links = links(arena, child);
    let owned: Vec<(usize, &'a Table, usize)> = all_links
        .iter()
        .filter(|(_, table)| !is_owner(table))
        .filter_map(|&(column, table)| Some((column, table, owner_column(table, owner)?)))
        .collect();
    let own = owner_column(child.table, owner);
    let mut found = Vec::new();
    for (at, &(column, parent, theirs)) in owned.iter().enumerate() {
        // Of two references without an owner of its own beside them, the second must agree with the first.
        let own = match own {
            Some(own) if own != column => Own::Column(own),
            Some(_) => continue,
            None if at > 0 => {
                let (column, table, theirs) = owned[0];
                Own::Through { column, table, theirs }
            }
            None => continue,
        };
        found.push(Crossing { child, parent, own, theirs, column });
    }
    found
}

/// The column of a table that names its owner: called so, or the only one that refers to a table called so.
fn owner_column(table: &Table, owner: &[String]) -> Option<usize> {
    let called = |at: &usize| {
        let mut name = words(table.columns[*at].name.as_str());
        if name.len() > 1 && name.last().is_some_and(|it| it == "id") {
            name.pop();
        }
        name == owner
    };
    if let Some(at) = (0..table.columns.len()).find(called) {
        return Some(at);
    }
    let leads =
        |key: &&ForeignKey| key.columns.len() == 1 && words(key.references.name.as_str()) == *owner;
    let mut keys = table.foreign_keys.iter().filter(leads);
    match (keys.next(), keys.next()) {
        (Some(key), None) => position(table, &key.columns[0]),
        _ => None,
    }
}

impl Told {
    /// Whether this is said of the rows of a table.
    fn is_about(&self, arena: &Arena<'_>, child: &Object<'_>) -> bool {
        let design = arena.sides.physical.tables.of(&child.ours);
        let here = design.and_then(|it| arena.sides.logical.relation(it.relation).entity);
        let among = |all: &Vec<EntityId>| here.is_some_and(|here| all.contains(&here));
        self.entities.as_ref().is_none_or(among)
    }

    /// Whether a reference is one that is meant. Where only the schema's habit speaks, what its references
    /// carry must be there on both sides.
    fn is_kept(&self, arena: &Arena<'_>, crossing: &Crossing<'_, '_>) -> bool {
        if !self.by_habit {
            return true;
        }
        let Own::Column(own) = crossing.own else { return false };
        let name = &crossing.child.table.columns[own].name;
        let Some(target) = referred_column(crossing.child.table, crossing.column, crossing.parent)
        else {
            return false;
        };
        // What references are to carry stands in a key beside what they refer by.
        let offered = [name, &crossing.parent.columns[target].name];
        crossing.parent.columns[crossing.theirs].name == *name
            && crossing.parent.keys().any(|key| {
                key.columns.len() == offered.len()
                    && offered.iter().all(|name| key.columns.contains(name))
            })
            && carried(&arena.sides.ground.schema).contains(name)
    }
}

fn attack(arena: &mut Arena<'_>, crossing: &Crossing<'_, '_>) -> Result<Judgement, SessionError> {
    let &Crossing { child, parent, own, theirs, column } = crossing;
    let (table, other) = (&child.table.name, &parent.name);
    let mut here = World::default();
    let mut want = Want::default();
    want.linked.insert(column);
    if let Own::Through { column, .. } = own {
        want.linked.insert(column);
    }
    let row = match arena.make(table, &want, &mut here)? {
        Ok(row) => row,
        Err(reason) => return Ok(Judgement::Untried(reason)),
    };
    let mut there = World::default();
    let stranger = match arena.parent(other, &mut there, 0)? {
        Ok(row) => row,
        Err(reason) => return Ok(Judgement::Untried(reason)),
    };
    let Some(target) = referred_column(child.table, column, parent) else {
        return Ok(Judgement::Untried("what it refers by is not known".to_owned()));
    };
    let Some(ours) = owner_of(arena, child.table, own, &row)? else {
        return Ok(Judgement::Untried("the row has no owner to compare".to_owned()));
    };
    if Some(&ours) == stranger[theirs].as_ref() || row[column].is_none() {
        return Ok(Judgement::Untried("no row of another owner could be made".to_owned()));
    }
    let mut refused = 0;
    let foreign = Cell::of(stranger[target].as_ref());
    let seen = |how: &str, now: &Stored| {
        let (Own::Column(beside) | Own::Through { column: beside, .. }) = own;
        Judgement::Broken(format!(
            "{how} with {}, and the row of {} belongs to another",
            child.shown(now, &[beside, column]),
            other.name.as_str()
        ))
    };
    let mut strange = want.clone();
    strange.cells.insert(column, foreign.clone());
    let (Own::Column(beside) | Own::Through { column: beside, .. }) = own;
    strange.cells.insert(beside, Cell::of(row[beside].as_ref()));
    let inserted = arena.within(|arena| {
        // Beside the row of before, a key of the schema's own may bar another of the same owner.
        let _ = arena.delete(table, &row)?;
        let came = arena.write(table, &strange, &mut here.clone(), 0)?;
        crossed(arena, crossing, &stranger, target, came)
    })?;
    match inserted {
        Crossed::Yes(now) => return Ok(seen("a row was inserted", &now)),
        Crossed::Refused => refused += 1,
        Crossed::No => {}
    }
    let updated = arena.within(|arena| {
        let came = arena.update(table, &row, &[(column, foreign)])?;
        crossed(arena, crossing, &stranger, target, Ok(came))
    })?;
    match updated {
        Crossed::Yes(now) => return Ok(seen("an UPDATE left a row", &now)),
        Crossed::Refused => refused += 1,
        Crossed::No => {}
    }
    // The row itself moves, and what it refers to stays.
    if let Own::Column(own) = own {
        let owner = Cell::of(stranger[theirs].as_ref());
        match arena.within(|arena| arena.update(table, &row, &[(own, owner)]))? {
            Came::Row(now) if now[own] == stranger[theirs] && now[column] == row[column] => {
                return Ok(seen("an UPDATE of the owner left a row", &now));
            }
            Came::Refused(_) => refused += 1,
            Came::Row(_) | Came::Nothing => {}
        }
    }
    Ok(if refused > 0 {
        Judgement::Held { refused, accepted: 1 }
    } else {
        Judgement::Untried("no row that crosses could be tried".to_owned())
    })
}

/// What came of a row that was to cross.
enum Crossed {
    Yes(Stored),
    Refused,
    No,
}

fn crossed(
    arena: &mut Arena<'_>,
    crossing: &Crossing<'_, '_>,
    stranger: &Stored,
    target: usize,
    came: Result<Came, String>,
) -> Result<Crossed, SessionError> {
    let now = match came {
        Ok(Came::Row(now)) => now,
        Ok(Came::Refused(_)) => return Ok(Crossed::Refused),
        Ok(Came::Nothing) | Err(_) => return Ok(Crossed::No),
    };
    let owner = owner_of(arena, crossing.child.table, crossing.own, &now)?;
    let leads = now[crossing.column].is_some() && now[crossing.column] == stranger[target];
    let differs = owner.is_some() && owner != stranger[crossing.theirs];
    Ok(if leads && differs { Crossed::Yes(now) } else { Crossed::No })
}

/// The owner of a row of the child.
fn owner_of(
    arena: &mut Arena<'_>,
    child: &Table,
    own: Own<'_>,
    row: &Stored,
) -> Result<Option<String>, SessionError> {
    let (column, table, theirs) = match own {
        Own::Column(at) => return Ok(row[at].clone()),
        Own::Through { column, table, theirs } => (column, table, theirs),
    };
    let Some(target) = referred_column(child, column, table) else { return Ok(None) };
    let rows = arena.rows(&table.name)?;
    Ok(rows.into_iter().find(|it| it[target] == row[column]).and_then(|it| it[theirs].clone()))
}

/// The column of a parent by which a column refers to it.
fn referred_column(child: &Table, column: usize, parent: &Table) -> Option<usize> {
    let key = keys_of(child, column).find(|key| key.references == parent.name);
    match key {
        Some(key) => {
            let of = columns(child, &key.columns).iter().position(|&it| it == column)?;
            position(parent, &key.referenced_columns[of])
        }
        None => match primary_key(parent)[..] {
            [only] => Some(only),
            _ => None,
        },
    }
}
