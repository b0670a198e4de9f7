//! What the documents say of deletion: the row goes along, the deletion is refused, or the reference is
//! let go.

use underpin_claim::Family;
use underpin_model::{FieldId, OnDelete, permanence};
use underpin_pg::QualifiedName;
use underpin_server::{ServerError, SessionError};

use super::{Object, objects, unread};
use crate::foreign::arena::{Arena, Stored};
use crate::foreign::ground::{keys_of, position};
use crate::foreign::mapping::Place;
use crate::foreign::report::{Judgement, Report};
use crate::foreign::world::{Want, World};

pub(in crate::foreign) fn judge(
    arena: &mut Arena<'_>,
    report: &mut Report,
) -> Result<(), SessionError> {
    for object in objects(arena) {
        for link in &object.shape.links {
            let Some(&at) = link.columns.last() else { continue };
            let Some(field) = crate::foreign::mapping::attribute(arena.sides, &object.ours, at)
                .and_then(|attribute| attribute.field)
            else {
                continue;
            };
            let Some(wanted) = stated(arena, field) else { continue };
            let Some(place @ Place::Column(column)) = object.place(at) else { continue };
            let Some(parent) = arena.mapping.home(&link.key.references) else { continue };
            let parent = parent.table.clone();
            let name = object.name(place);
            let table = object.table.name.name.as_str();
            let effect = match wanted {
                OnDelete::Cascade => format!("deletes its rows of `{table}`"),
                OnDelete::Restrict => format!("is refused while a row of `{table}` refers to it"),
                OnDelete::SetNull => format!("clears `{table}.{name}`"),
            };
            let statement = format!("Deleting a row of `{}` {effect}.", parent.name.as_str());
            let judgement = if wanted == OnDelete::Cascade && never_deleted(arena, &object) {
                Judgement::Untried(
                    "another document says that its rows are never deleted".to_owned(),
                )
            } else {
                attack(arena, &object, column, &parent, wanted)?
            };
            report.add(Family::OnDelete, &object.table.name, name, "", statement, judgement);
        }
    }
    Ok(())
}

/// Whether a document says that no row of an entity is ever deleted.
fn never_deleted(arena: &Arena<'_>, object: &Object<'_>) -> bool {
    let model = arena.sides.model;
    unread(arena, object).any(|rule| {
        permanence(model, rule.entity, rule.field, &rule.text)
            .is_some_and(|it| it.is_kept && it.states.is_none())
    })
}

/// What a document says of the deletion of what a field refers to.
fn stated(arena: &Arena<'_>, field: FieldId) -> Option<OnDelete> {
    let model = arena.sides.model;
    model.field(field).references.as_ref().and_then(|reference| reference.on_delete).or_else(|| {
        model
            .relationships
            .iter()
            .find(|relationship| relationship.field == Some(field))
            .and_then(|relationship| relationship.on_delete)
    })
}

fn attack(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    column: usize,
    parent: &QualifiedName,
    wanted: OnDelete,
) -> Result<Judgement, SessionError> {
    arena.within(|arena| {
        let table = &object.table.name;
        if parent == table {
            return Ok(Judgement::Untried(
                "a row that refers to its own kind is not tried".to_owned(),
            ));
        }
        let mut world = World::default();
        let mut want = Want::default();
        want.linked.insert(column);
        let child = match arena.make(table, &want, &mut world)? {
            Ok(row) => row,
            Err(reason) => return Ok(Judgement::Untried(reason)),
        };
        if child[column].is_none() {
            return Ok(Judgement::Untried("the row refers to nothing".to_owned()));
        }
        let Some(row) = referred(arena, object, column, &child, parent, &world) else {
            return Ok(Judgement::Untried("the row has no row to refer to".to_owned()));
        };
        if let Some(error) = arena.delete(parent, &row)? {
            if wanted != OnDelete::Restrict && is_kept(arena, parent)? {
                return Ok(Judgement::Untried(format!(
                    "a row that nothing refers to is not deleted either: {error}"
                )));
            }
            // Another reference of the row to the same table has its own say.
            let others = object.table.foreign_keys.iter().filter(|key| {
                !key.columns.contains(&object.table.columns[column].name)
                    && error.constraint.as_deref() == Some(key.name.as_str())
            });
            let by_this = error.table.as_deref().is_none_or(|name| name == table.name.as_str())
                && others.count() == 0;
            return Ok(match wanted {
                OnDelete::Restrict => Judgement::Held { refused: 1, accepted: 0 },
                OnDelete::SetNull if is_asked_by_state(arena, object, &error) => {
                    Judgement::Untried(format!("the state of the row asks for it: {error}"))
                }
                OnDelete::Cascade | OnDelete::SetNull
                    if by_this && error.sqlstate.starts_with("23") =>
                {
                    Judgement::Broken(format!("the deletion was refused: {error}"))
                }
                OnDelete::Cascade | OnDelete::SetNull => {
                    Judgement::Untried(format!("something else refused the deletion: {error}"))
                }
            });
        }
        if arena.look(parent, &row)?.is_some() {
            return Ok(Judgement::Untried("a deletion leaves the row in its place".to_owned()));
        }
        let now = arena.look(table, &child)?;
        let seen = match &now {
            None => "deleted",
            Some(now) if now[column].is_none() => "left without its reference",
            Some(_) => "left as it was",
        };
        let is_right = match wanted {
            OnDelete::Cascade => now.is_none(),
            OnDelete::Restrict => false,
            OnDelete::SetNull => now.is_some_and(|now| now[column].is_none()),
        };
        Ok(if is_right {
            Judgement::Held { refused: 0, accepted: 1 }
        } else {
            Judgement::Broken(format!("the deletion was accepted, and the row was {seen}"))
        })
    })
}

/// Whether a condition that refused reads the state of the row's life: in another the row may be without.
fn is_asked_by_state(arena: &Arena<'_>, object: &Object<'_>, error: &ServerError) -> bool {
    let read = arena.refused_by(&object.table.name, error).unwrap_or_default();
    let mut states = object.shape.machines.iter().filter_map(|it| object.place(it.column));
    states.any(|place| read.contains(&place.column()))
}

/// Whether a row of a table is kept though nothing refers to it.
fn is_kept(arena: &mut Arena<'_>, table: &QualifiedName) -> Result<bool, SessionError> {
    arena.within(|arena| {
        let made = arena.make(table, &Want::default(), &mut World::default())?;
        let Ok(row) = made else { return Ok(false) };
        Ok(arena.delete(table, &row)?.is_some())
    })
}

/// The row of a world that a row refers to by a column.
fn referred(
    arena: &Arena<'_>,
    object: &Object<'_>,
    column: usize,
    child: &Stored,
    parent: &QualifiedName,
    world: &World,
) -> Option<Stored> {
    let name = &object.table.columns[column].name;
    let target = arena.sides.ground.table(parent);
    let key = keys_of(object.table, column).find(|key| key.references == *parent);
    let at = match key {
        Some(key) => {
            let of = key.columns.iter().position(|it| it == name)?;
            position(target, &key.referenced_columns[of])?
        }
        None => return world.rows.get(parent).cloned(),
    };
    let siblings = world.siblings.iter().filter(|((table, _), _)| table == parent);
    let rows = world.rows.get(parent).into_iter().chain(siblings.map(|(_, row)| row));
    rows.into_iter().find(|row| row[at] == child[column]).cloned()
}
