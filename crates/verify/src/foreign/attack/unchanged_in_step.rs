//! What does not change in some states, in the statement that takes a row from one of them to another.

use underpin_server::SessionError;

use super::Object;
use crate::foreign::arena::{Arena, Came, Cell, Stored};
use crate::foreign::life::Living;

/// The row after a step that took another value along; nothing where none did.
pub(super) fn taken_along(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    (column, cells): (usize, &[Cell]),
    living: &Living,
    states: &[(usize, String)],
) -> Result<Option<Stored>, SessionError> {
    for machine in &object.shape.machines {
        let Some(now) = living.meant[machine.column].text() else { continue };
        for next in machine.design.followers(&now) {
            // Out of the states in which it stays, it may change.
            if !states.contains(&(machine.column, next.clone())) {
                continue;
            }
            let Some(step) = arena.way(object, machine.column, living, next)? else { continue };
            if step.iter().any(|(at, _)| *at == column) {
                continue;
            }
            for cell in cells {
                let set: Vec<(usize, Cell)> =
                    step.iter().cloned().chain([(column, cell.clone())]).collect();
                let came =
                    arena.within(|arena| arena.update(&object.table.name, &living.stored, &set))?;
                if let Came::Row(now) = came {
                    if now[column] != living.stored[column] {
                        return Ok(Some(now));
                    }
                }
            }
        }
    }
    Ok(None)
}
