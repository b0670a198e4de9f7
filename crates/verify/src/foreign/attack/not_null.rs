//! What the documents require is there after every INSERT and every UPDATE.

use underpin_claim::Family;
use underpin_server::SessionError;

use super::{Object, base, objects, stated_fields};
use crate::foreign::arena::{Arena, Came, Cell};
use crate::foreign::report::{Judgement, Report};
use crate::foreign::world::{Want, World};

pub(in crate::foreign) fn judge(
    arena: &mut Arena<'_>,
    report: &mut Report,
) -> Result<(), SessionError> {
    let all = objects(arena);
    for it in stated_fields(arena, &all) {
        if it.field.required != Some(true) || it.is_computed() {
            continue;
        }
        let statement = format!(
            "`{}.{}` always holds a value: the documents require `{}`.",
            it.table, it.name, it.field.name
        );
        let judgement = attack(arena, it.object, it.column)?;
        report.add(Family::NotNull, &it.object.table.name, it.name, "", statement, judgement);
    }
    Ok(())
}

fn attack(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    column: usize,
) -> Result<Judgement, SessionError> {
    arena.within(|arena| {
        let table = &object.table.name;
        let mut world = World::default();
        let row = match base(arena, object, &mut world)? {
            Ok(row) => row,
            Err(reason) => return Ok(Judgement::Untried(reason)),
        };
        let mut refused = 0;
        // A trigger may fill in what is missing: what counts is what is stored.
        let came = arena.within(|arena| {
            let mut want = Want::default();
            want.cells.insert(column, Cell::Null);
            arena.write(table, &want, &mut world.clone(), 0)
        })?;
        match came {
            Ok(Came::Row(row)) if row[column].is_none() => {
                return Ok(Judgement::Broken(format!(
                    "a row was inserted with {} = NULL",
                    object.table.columns[column].name.as_str()
                )));
            }
            Ok(Came::Refused(_)) => refused += 1,
            Ok(Came::Row(_) | Came::Nothing) | Err(_) => {}
        }
        let came = arena.within(|arena| arena.update(table, &row, &[(column, Cell::Null)]))?;
        match came {
            Came::Row(row) if row[column].is_none() => {
                return Ok(Judgement::Broken(format!(
                    "an UPDATE set {} to NULL",
                    object.table.columns[column].name.as_str()
                )));
            }
            Came::Refused(_) => refused += 1,
            Came::Row(_) | Came::Nothing => {}
        }
        Ok(Judgement::Held { refused, accepted: 1 })
    })
}
