//! A reference leads to a row that is there, and where the documents have tenants, to one of the same
//! tenant.

use underpin_claim::Family;
use underpin_model::{Field, Origin};
use underpin_pg::QualifiedName;
use underpin_server::SessionError;

use super::{Object, base, is_of_trigger, objects};
use crate::foreign::arena::{Arena, Came, Cell};
use crate::foreign::ground::{Kind, columns, keys_of};
use crate::foreign::mapping::{Place, attribute};
use crate::foreign::report::{Judgement, Report};
use crate::foreign::world::{Want, World};
use crate::value::Value;

pub(in crate::foreign) fn judge(
    arena: &mut Arena<'_>,
    report: &mut Report,
) -> Result<(), SessionError> {
    for object in objects(arena) {
        for link in &object.shape.links {
            let Some(&at) = link.columns.last() else { continue };
            let Some(field) = object.field(arena, at) else { continue };
            let Some(place @ Place::Column(column)) = object.place(at) else { continue };
            let Some(target) = arena.mapping.home(&link.key.references) else { continue };
            let target = target.table.clone();
            if !is_stated(arena, &object, at, field)
                || is_across(arena, &object.ours, &link.key.references)
            {
                continue;
            }
            let name = object.name(place);
            let table = object.table.name.name.as_str();
            let statement = format!(
                "`{table}.{name}` refers only to rows of `{}` that are there.",
                target.name.as_str()
            );
            let judgement = dangling(arena, &object, column, &target)?;
            report.add(Family::ForeignKey, &object.table.name, name, "", statement, judgement);
        }
    }
    Ok(())
}

/// Whether a document says of a field whom it refers to: beside it, or by a relationship.
fn is_stated(arena: &Arena<'_>, object: &Object<'_>, at: usize, field: &Field) -> bool {
    let is_beside = field.references.as_ref().is_some_and(|it| it.origin == Origin::Stated);
    let id = attribute(arena.sides, &object.ours, at).and_then(|it| it.field);
    let mut relationships = arena.sides.model.relationships.iter();
    is_beside || relationships.any(|it| it.field == id && it.origin == Origin::Stated)
}

/// Whether two of our tables lie in different contexts, between which no foreign key is asked for.
fn is_across(arena: &Arena<'_>, here: &QualifiedName, there: &QualifiedName) -> bool {
    let context = |ours: &QualifiedName| {
        let design = arena.sides.physical.tables.of(ours)?;
        let entity = arena.sides.logical.relation(design.relation).entity?;
        arena.sides.model.contexts.iter().position(|context| context.entities.contains(&entity))
    };
    context(here) != context(there)
}

fn dangling(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    column: usize,
    target: &QualifiedName,
) -> Result<Judgement, SessionError> {
    arena.within(|arena| {
        let table = &object.table.name;
        let mut world = World::default();
        let row = match base(arena, object, &mut world)? {
            Ok(row) => row,
            Err(reason) => return Ok(Judgement::Untried(reason)),
        };
        let number = arena.fresh();
        let nowhere = match arena.sides.ground.kind(&object.table.columns[column]) {
            Kind::Uuid => Value::Raw(arena.planner.dice.uuid()).text(),
            Kind::Integer | Kind::Number { .. } => Some((900_000 + number).to_string()),
            Kind::Text { .. } => Some(format!("n{number}")),
            Kind::Boolean
            | Kind::Date
            | Kind::Time
            | Kind::Moment { .. }
            | Kind::Interval
            | Kind::Json
            | Kind::Labels(_)
            | Kind::Range { .. }
            | Kind::Array
            | Kind::Other(_) => None,
        };
        let Some(nowhere) = nowhere else {
            return Ok(Judgement::Untried("no value that leads nowhere is known".to_owned()));
        };
        let mut want = Want::default();
        // What the reference carries beside it, such as the tenant, leads to a row that is there.
        for at in keys_of(object.table, column).flat_map(|key| columns(object.table, &key.columns))
        {
            want.cells.insert(at, Cell::of(row[at].as_ref()));
        }
        want.cells.insert(column, Cell::Text(nowhere.clone()));
        let mut came = arena.within(|arena| arena.write(table, &want, &mut world.clone(), 0))?;
        if matches!(&came, Ok(Came::Refused(error)) if is_of_trigger(error)) {
            // A trigger may hold it against the rows that are there: beside none of them.
            let apart =
                arena.within(|arena| arena.write(table, &want, &mut World::default(), 0))?;
            if matches!(apart, Ok(Came::Row(_))) {
                came = apart;
            }
        }
        let stays = |row: &Vec<Option<String>>| row[column].as_deref() == Some(&*nowhere);
        let seen = |how: &str| {
            Judgement::Broken(format!(
                "{how} {} = {nowhere}, and {} has no such row",
                object.table.columns[column].name.as_str(),
                target.name.as_str()
            ))
        };
        let mut refused = 0;
        match came {
            Ok(Came::Row(row)) if stays(&row) => return Ok(seen("a row was inserted with")),
            Ok(Came::Refused(_)) => refused += 1,
            Ok(Came::Row(_) | Came::Nothing) | Err(_) => {}
        }
        let came = arena
            .within(|arena| arena.update(table, &row, &[(column, Cell::Text(nowhere.clone()))]))?;
        match came {
            Came::Row(row) if stays(&row) => return Ok(seen("an UPDATE set")),
            Came::Refused(_) => refused += 1,
            Came::Row(_) | Came::Nothing => {}
        }
        Ok(Judgement::Held { refused, accepted: 1 })
    })
}
