//! What is kept for a time and then deleted can be deleted when its time is over: an audit trail that no
//! statement may shorten grows for ever, whatever the documents say.

use underpin_claim::Family;
use underpin_model::EntityId;
use underpin_pg::{QualifiedName, TriggerEvent};
use underpin_server::SessionError;

use super::{Object, base, is_of_trigger, objects};
use crate::foreign::arena::{Arena, Cell, Stored};
use crate::foreign::ground::Kind;
use crate::foreign::life::birth_states;
use crate::foreign::mapping::Place;
use crate::foreign::report::{Judgement, Report};
use crate::foreign::world::{Want, World};

/// A moment after which every retention is over.
const LONG_AGO: &str = "1990-01-01 12:00:00+00";

pub(in crate::foreign) fn judge(
    arena: &mut Arena<'_>,
    report: &mut Report,
) -> Result<(), SessionError> {
    for object in objects(arena) {
        let design = arena.sides.physical.tables.of(&object.ours);
        let entity = design.and_then(|it| arena.sides.logical.relation(it.relation).entity);
        let Some(text) = entity.and_then(|entity| purge(arena, entity)) else { continue };
        let table = &object.table.name;
        let statement = format!(
            "Rows of `{}` can be deleted when their time is over: {}",
            table.name.as_str(),
            text.trim()
        );
        let judgement = attack(arena, &object)?;
        report.add(Family::Check, table, "delete", "retention", statement, judgement);
    }
    Ok(())
}

/// The words by which rows of an entity are deleted after a time.
fn purge<'a>(arena: &Arena<'a>, entity: EntityId) -> Option<&'a str> {
    const ENDS: &[&str] = &["delet", "purge", "remove", "erase", "dropped", "pruned"];
    ends(arena, entity).find(|text| {
        let lower = text.to_lowercase();
        ENDS.iter().any(|end| lower.contains(end))
    })
}

/// Whether rows of an entity go after a time, in whichever words: "kept for 90 days" ends some day.
pub(super) fn goes(arena: &Arena<'_>, entity: EntityId) -> bool {
    ends(arena, entity).next().is_some()
}

/// What is said of how long rows of an entity are kept, where they then go.
fn ends<'a>(arena: &Arena<'a>, entity: EntityId) -> impl Iterator<Item = &'a str> + use<'a> {
    let retentions = &arena.sides.model.retentions;
    let own = retentions.iter().filter(move |it| it.entity == entity && it.days.is_some());
    own.map(|it| it.text.as_str()).filter(|text| {
        let lower = text.to_lowercase();
        !["anonymi", "never", "not "].iter().any(|word| lower.contains(word))
    })
}

fn attack(arena: &mut Arena<'_>, object: &Object<'_>) -> Result<Judgement, SessionError> {
    let table = &object.table.name;
    let mut rows = 0;
    let mut refusal = None;
    // Rows as old as can be; then rows in each state, since only what is over may go.
    let mut states: Vec<Option<(usize, String)>> = vec![None];
    for machine in &object.shape.machines {
        if object.place(machine.column).is_some()
            && !birth_states(object, machine.column).is_empty()
        {
            let own = machine.design.states.iter();
            states.extend(own.map(|state| Some((machine.column, state.clone()))));
        }
    }
    for state in states {
        let tried = arena.within(|arena| {
            let mut world = World::default();
            let row = match &state {
                None => old(arena, object, &mut world)?,
                Some((at, state)) => {
                    arena.lived(object, *at, state, &mut world)?.ok().map(|it| it.stored)
                }
            };
            let Some(row) = row else { return Ok(None) };
            Ok(Some(arena.delete(table, &row)?))
        })?;
        match tried {
            None => {}
            Some(None) => return Ok(Judgement::Held { refused: 0, accepted: 1 }),
            Some(Some(error)) => {
                rows += 1;
                refusal.get_or_insert(error);
            }
        }
    }
    let Some(error) = refusal.filter(|_| rows > 0) else {
        return Ok(Judgement::Untried("no row to delete could be made".to_owned()));
    };
    if !is_of_trigger(&error) || asks_who_or_when(arena, table) {
        return Ok(Judgement::Untried(format!("a deletion was refused: {error}")));
    }
    Ok(Judgement::Broken(format!("no row can be deleted: {error}")))
}

/// A row whose times lie long ago, as far as the table takes them.
fn old(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    world: &mut World,
) -> Result<Option<Stored>, SessionError> {
    let mut want = Want::default();
    for (at, column) in object.table.columns.iter().enumerate() {
        let is_own = object.home.places.values().any(|place| *place == Place::Column(at));
        let kind = arena.sides.ground.kind(column);
        let is_time = matches!(kind, Kind::Date | Kind::Moment { .. });
        if is_own && is_time && column.not_null && column.generated.is_none() {
            want.cells.insert(at, Cell::Text(LONG_AGO.to_owned()));
        }
    }
    if let Ok(row) = arena.make(&object.table.name, &want, world)? {
        return Ok(Some(row));
    }
    Ok(base(arena, object, world)?.ok())
}

/// Whether a trigger on deletion looks at more than the row: a purge may say who it is, or come later.
fn asks_who_or_when(arena: &Arena<'_>, table: &QualifiedName) -> bool {
    const SIGNS: &[&str] = &[
        "current_setting",
        "current_user",
        "session_user",
        "current_role",
        "pg_has_role",
        "now()",
        "current_timestamp",
        "current_date",
        "clock_timestamp",
        "interval",
    ];
    let schema = &arena.sides.ground.schema;
    let mut own =
        schema.triggers_of(table).filter(|trigger| trigger.events.contains(&TriggerEvent::Delete));
    own.any(|trigger| {
        let body = schema.functions.get(&trigger.function).map(|it| it.body.to_lowercase());
        let condition = trigger.condition.as_ref().map(|it| it.to_string().to_lowercase());
        let says = |text: &Option<String>| {
            text.as_ref().is_some_and(|text| SIGNS.iter().any(|sign| text.contains(sign)))
        };
        says(&body) || says(&condition)
    })
}
