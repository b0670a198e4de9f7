//! Rows that hold a reference only later in their life: a job has an assignee once it is assigned. Which state that is, is
//! found by living until the row holds what is asked of it.

use underpin_server::SessionError;

use super::arena::{Arena, Stored};
use super::attack::Object;
use super::life::{birth_states, path};
use super::world::{Want, World};

impl Arena<'_> {
    /// A row with the references that are asked of it, in the nearest state in which it may have them.
    pub(super) fn matured(
        &mut self,
        object: &Object<'_>,
        want: &Want,
        world: &mut World,
    ) -> Result<Option<Stored>, SessionError> {
        let is_plain = want.row.is_none() && want.values.is_empty() && want.cells.is_empty();
        // A row that lives is made as usual first.
        if want.linked.is_empty() || !is_plain || self.maturing {
            return Ok(None);
        }
        self.maturing = true;
        let row = self.lived_until(object, want, world);
        self.maturing = false;
        row
    }

    fn lived_until(
        &mut self,
        object: &Object<'_>,
        want: &Want,
        world: &mut World,
    ) -> Result<Option<Stored>, SessionError> {
        for machine in &object.shape.machines {
            let state = machine.column;
            let Some(road) = self.road(object, state)? else { continue };
            let births = birth_states(object, state);
            let steps = |to: &String| {
                let ways = births.iter().filter_map(|born| path(&road, born, to));
                ways.map(|way| way.len()).min().filter(|&steps| steps > 0)
            };
            let mut later: Vec<(usize, &String)> =
                road.states.iter().filter_map(|to| Some((steps(to)?, to))).collect();
            later.sort_by_key(|(steps, _)| *steps);
            for (_, to) in later {
                let point = self.mark()?;
                let mut around = world.clone();
                if let Ok(living) = self.lived(object, state, to, &mut around)? {
                    if want.linked.iter().all(|&at| living.stored[at].is_some()) {
                        self.keep(point)?;
                        *world = living.world;
                        return Ok(Some(living.stored));
                    }
                }
                self.take_back(point)?;
            }
        }
        Ok(None)
    }
}
