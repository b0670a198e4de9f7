//! Aggregates and bounded contexts.

use underpin_base::Span;
use underpin_read::Fact;

use crate::draft::Draft;
use crate::names::fold_field;
use crate::{Aggregate, Context, EntityId};

/// Collects what changes together and what owns what.
pub(crate) fn run(draft: &mut Draft<'_>) {
    for statement in draft.statements {
        match &statement.fact {
            Fact::Aggregate { root, members } => {
                let Some(id) = draft.entity_in_phrase(root) else {
                    draft.report_unknown_subject("an aggregate", root, statement.span);
                    continue;
                };
                let members = resolve(draft, "an aggregate", members, statement.span);
                let known = draft.model.aggregates.iter().position(|known| known.root == id);
                let at = known.unwrap_or_else(|| {
                    draft.model.aggregates.push(Aggregate { root: id, members: Vec::new() });
                    draft.model.aggregates.len() - 1
                });
                let aggregate = &mut draft.model.aggregates[at];
                for member in members {
                    if member != id && !aggregate.members.contains(&member) {
                        aggregate.members.push(member);
                    }
                }
            }
            Fact::Context { name, backend, entities } => {
                let entities = resolve(draft, "a context", entities, statement.span);
                let same = |known: &Context| fold_field(&known.name) == fold_field(name);
                let known = draft.model.contexts.iter().position(same);
                let at = known.unwrap_or_else(|| {
                    draft.model.contexts.push(Context {
                        name: name.clone(),
                        backend: None,
                        entities: Vec::new(),
                        sources: Vec::new(),
                    });
                    draft.model.contexts.len() - 1
                });
                let context = &mut draft.model.contexts[at];
                context.sources.push(statement.span);
                if context.backend.is_none() {
                    context.backend.clone_from(backend);
                }
                for entity in entities {
                    if !context.entities.contains(&entity) {
                        context.entities.push(entity);
                    }
                }
            }
            _ => {}
        }
    }
}

fn resolve(draft: &mut Draft<'_>, what: &str, names: &[String], span: Span) -> Vec<EntityId> {
    let mut found = Vec::new();
    for name in names {
        match draft.entity_in_phrase(name) {
            Some(id) => found.push(id),
            None => draft.report_unknown_subject(what, name, span),
        }
    }
    found
}
