//! What random documents say of the lives of rows: what stays, what may go, what a state brings along.

use std::fmt::Write as _;

use super::{Cycle, Entity, Presence, STATES, Said};

impl Said {
    /// A rule, and the name of a moment that it asks for, where it does.
    pub(super) fn life(&self, at: usize, entity: &Entity) -> Option<(String, Option<String>)> {
        let (form, about) = entity.life?;
        let own = self.name(at).to_lowercase();
        let article = if own.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
        // What a state or another rule asks for has to be written at some time.
        let field = || {
            let fields = entity.fields();
            let kept = fields.iter().skip(1).find(|it| !matches!(it.presence, Presence::Optional));
            kept.map(|it| it.name().replace('_', " "))
        };
        let cycle = || entity.cycle.as_ref();
        let later = |cycle: &Cycle| 1 + usize::from(about) % (cycle.states - 1);
        Some(match form {
            0 => (format!("The {} of {article} {own} never changes", field()?), None),
            1 => {
                let state = STATES[later(cycle()?)];
                (
                    format!("Once {state}, the {} of {article} {own} cannot be changed", field()?),
                    None,
                )
            }
            2 => {
                let state = STATES[later(cycle()?)];
                let article = if state.starts_with('o') { "An" } else { "A" };
                (format!("{article} {state} {own} cannot be deleted"), None)
            }
            3 => {
                let _ = cycle()?;
                (
                    format!("{}s can be deleted only while they are {}", self.name(at), STATES[0]),
                    None,
                )
            }
            4 => {
                let cycle = cycle()?;
                let at = later(cycle);
                if cycle.requires[at] == 1 {
                    return None;
                }
                let state = STATES[at];
                let moment = format!("{state}_at");
                let article = if state.starts_with('o') { "An" } else { "A" };
                let rule =
                    format!("{article} {state} {own} has a `{moment}`; other {own}s have none");
                (rule, Some(moment))
            }
            _ => (format!("{}s are never deleted", self.name(at)), None),
        })
    }
}

impl Cycle {
    /// The steps; each state but the first can be reached from the one before it.
    pub(super) fn table(&self) -> String {
        let states = &STATES[..self.states];
        let mut text = String::from("\nLife cycle of `status`:\n\n| From | To |\n|---|---|\n");
        if self.has_initial {
            writeln!(text, "| (new) | `{}` |", states[0]).expect("a String takes it");
        }
        for (at, from) in states.iter().enumerate() {
            for (next, to) in states.iter().enumerate() {
                let bit = 1 << (at * STATES.len() + next);
                if at != next && (next == at + 1 || self.steps & bit != 0 && self.steps & 1 == 1) {
                    writeln!(text, "| `{from}` | `{to}` |").expect("a String takes it");
                }
            }
        }
        text
    }
}
