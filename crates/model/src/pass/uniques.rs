//! Unique keys over several fields, or among some rows only.

use underpin_base::Span;
use underpin_read::Fact;

use super::keys::resolve_all;
use crate::draft::Draft;
use crate::{EntityId, Expression, FieldId, UniqueKey, rule};

/// Collects what is unique together.
pub(crate) fn run(draft: &mut Draft<'_>) {
    for statement in draft.statements {
        let Fact::Unique { entity, fields, condition, text } = &statement.fact else { continue };
        let Some(id) = draft.entity(entity) else {
            draft.report_unknown_subject("a uniqueness rule", entity, statement.span);
            continue;
        };
        let plain: Vec<String> =
            fields.iter().map(|name| folded(name).unwrap_or(name).to_owned()).collect();
        let key = resolve_all(draft, "a uniqueness rule", id, &plain, statement.span);
        // `lower(email)` is the email, whatever its case; a model file has it in the text of the key.
        for ((&field, name), plain) in key.iter().zip(fields).zip(&plain) {
            let is_said = text.as_deref().is_some_and(|text| takes_one_case(text, plain));
            if folded(name).is_some() || is_said {
                draft.field_mut(field).ignores_case = true;
            }
        }
        let expression = match condition {
            None => None,
            Some(text) => match rule::condition(draft, id, text) {
                Some(expression) => Some(expression),
                None => {
                    ask_condition(draft, id, fields, text, statement.span);
                    continue;
                }
            },
        };
        let text = match (text, condition) {
            (Some(text), _) => text.clone(),
            (None, None) => format!("unique ({})", fields.join(", ")),
            (None, Some(condition)) => format!("unique ({}) where {condition}", fields.join(", ")),
        };
        add(draft, id, key, expression, text, statement.span);
    }
}

/// The field of which a key takes the letters in one case.
fn folded(name: &str) -> Option<&str> {
    let name = name.trim();
    let inside =
        ["lower(", "LOWER(", "upper(", "UPPER("].iter().find_map(|it| name.strip_prefix(it))?;
    inside.strip_suffix(')').map(str::trim)
}

/// Whether the words of a key take the letters of a field in one case.
fn takes_one_case(text: &str, field: &str) -> bool {
    let text = text.to_lowercase();
    ["lower", "upper"].iter().any(|it| text.contains(&format!("{it}({})", field.to_lowercase())))
}

/// A key without its condition would refuse rows that the document allows, so it is left out.
fn ask_condition(
    draft: &mut Draft<'_>,
    entity: EntityId,
    fields: &[String],
    condition: &str,
    span: Span,
) {
    let name = draft.model.entity(entity).name.clone();
    let subject = match fields {
        [only] => format!("{name}.{only}"),
        _ => name.clone(),
    };
    draft.ask_about(
        "unique-condition",
        &format!("{name} {}", fields.join(" ")),
        &subject,
        format!(
            "Among which rows of `{name}` are {} unique? \"{condition}\" was not understood.",
            fields.join(", ")
        ),
        "not enforced",
        Some(span),
    );
}

/// Adds a unique key, unless it is there already or says nothing new.
pub(crate) fn add(
    draft: &mut Draft<'_>,
    entity: EntityId,
    fields: Vec<FieldId>,
    condition: Option<Expression<FieldId>>,
    text: String,
    source: Span,
) {
    let owner = draft.model.entity(entity);
    let foreign = fields.iter().any(|&id| draft.model.field(id).entity != entity);
    if fields.is_empty() || foreign {
        return;
    }
    let same_set = |other: &[FieldId]| {
        other.len() == fields.len() && fields.iter().all(|field| other.contains(field))
    };
    if condition.is_none() && same_set(&owner.primary_key) {
        return;
    }
    if owner.unique.iter().any(|key| same_set(&key.fields) && key.condition == condition) {
        return;
    }
    if let ([only], None) = (fields.as_slice(), &condition)
        && !takes_one_case(&text, &draft.model.field(*only).name)
    {
        draft.field_mut(*only).unique = true;
        return;
    }
    draft.entity_mut(entity).unique.push(UniqueKey { fields, condition, text, source });
}
