//! Volumes, retention, sensitivity, tenancy, recovery objectives, and nouns that may be entities.

use underpin_read::Fact;

use crate::draft::Draft;
use crate::protection_words;
use crate::{Recovery, Retention, StatedLoad, Tenant, Volume};

/// Collects what is said about amounts, time and protection.
pub(crate) fn run(draft: &mut Draft<'_>) {
    for statement in draft.statements {
        let source = statement.span;
        match &statement.fact {
            Fact::Volume { entity, rows, growth_per_month, text } => {
                let Some(entity) = draft.entity_in_phrase(entity) else {
                    draft.report_unknown_subject("a volume", entity, source);
                    continue;
                };
                let known = draft.model.volumes.iter_mut().find(|known| known.entity == entity);
                match known {
                    Some(known) => {
                        known.rows = known.rows.or(*rows);
                        known.growth_per_month = known.growth_per_month.or(*growth_per_month);
                    }
                    None => draft.model.volumes.push(Volume {
                        entity,
                        rows: *rows,
                        growth_per_month: *growth_per_month,
                        text: text.clone(),
                        source,
                    }),
                }
            }
            Fact::Load { measure, value, text } => {
                // Several documents may count several parts: the most is what the system must bear.
                let (measure, value) = (*measure, *value);
                let stated = StatedLoad { measure, value, text: text.clone(), source };
                match draft.model.load.iter_mut().find(|known| known.measure == measure) {
                    Some(known) if known.value < value => *known = stated,
                    Some(_) => {}
                    None => draft.model.load.push(stated),
                }
            }
            Fact::Retention { entity, days, text } => {
                let Some(id) = draft.entity_in_phrase(entity) else {
                    draft.report_unknown_subject("a retention period", entity, source);
                    continue;
                };
                if days.is_none() && !underpin_read::is_without_limit(text) {
                    let name = draft.model.entity(id).name.clone();
                    draft.ask(
                        "retention",
                        &name,
                        format!("For how many days are rows of `{name}` kept? \"{text}\" was not understood."),
                        "kept forever",
                        Some(source),
                    );
                }
                let is_endless = days.is_none() && underpin_read::is_without_limit(text);
                let same = |known: &Retention| {
                    known.entity == id
                        && known.days == *days
                        && known.is_without_limit() == is_endless
                };
                if !draft.model.retentions.iter().any(same) {
                    draft.model.retentions.push(Retention {
                        entity: id,
                        days: *days,
                        text: text.clone(),
                        source,
                    });
                }
            }
            Fact::Sensitivity { entity, field, category } => {
                let Some(id) = draft.entity_in_phrase(entity) else {
                    draft.report_unknown_subject("a protection rule", entity, source);
                    continue;
                };
                let Some(field) = draft.own_field_in_phrase(id, field) else {
                    draft.report_unknown_field("a protection rule", id, field, source);
                    continue;
                };
                draft.field_mut(field).sensitivity.get_or_insert_with(|| category.clone());
            }
            Fact::Tenancy { tenant, text } => {
                let Some(entity) = draft.entity_in_phrase(tenant) else {
                    draft.report_unknown_subject("tenancy", tenant, source);
                    continue;
                };
                if draft.model.tenant.is_none() {
                    draft.model.tenant = Some(Tenant { entity, text: text.clone(), source });
                }
            }
            // "A row never refers to a row of another laboratory."
            Fact::Rule { text, .. } => {
                let tenant = crate::rule::of_tenants::tenant(draft, text);
                if let (Some(entity), None) = (tenant, &draft.model.tenant) {
                    draft.model.tenant = Some(Tenant { entity, text: text.clone(), source });
                }
            }
            // Another document may have settled it.
            Fact::Candidate { noun, text } if draft.entity(noun).is_none() => {
                let question = format!("Is `{noun}` something that is stored? \"{text}\"");
                draft.ask("stored", noun, question, "no", Some(source));
            }
            Fact::Recovery { objective, seconds, text } => {
                let same = |known: &Recovery| known.objective == *objective;
                if !draft.model.recovery.iter().any(same) {
                    draft.model.recovery.push(Recovery {
                        objective: *objective,
                        seconds: *seconds,
                        text: text.clone(),
                        source,
                    });
                }
            }
            _ => {}
        }
    }
    protected_by_notes(draft);
}

/// What the notes beside fields say of their protection, where no list of such fields does.
fn protected_by_notes(draft: &mut Draft<'_>) {
    for statement in draft.statements {
        let Fact::Field { entity, field } = &statement.fact else { continue };
        let mut notes = field.constraints.iter().chain(&field.description);
        let Some(category) = notes.find_map(|text| protection_words::of_text(text)) else {
            continue;
        };
        if let Some(id) = draft.entity(entity).and_then(|it| draft.field(it, &field.name)) {
            draft.field_mut(id).sensitivity.get_or_insert_with(|| category.to_owned());
        }
    }
}
