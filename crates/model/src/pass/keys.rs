//! Primary keys: stated ones, and `id` where none is.

use underpin_base::{Diagnostic, Span};
use underpin_read::{EntityKind, Fact};

use crate::codes;
use crate::draft::Draft;
use crate::names::{fold_field, nearest, slug, snake};
use crate::pass::inferred_field::inferred_field;
use crate::{EntityId, FieldId, FieldKind, name_words};

/// Finds what identifies a row of each entity.
pub(crate) fn run(draft: &mut Draft<'_>) {
    alike(draft);
    from_statements(draft);
    from_fields(draft);
    for entity in draft.entity_ids() {
        if draft.model.entity(entity).primary_key.is_empty() {
            by_name(draft, entity);
        }
        for field in draft.model.entity(entity).primary_key.clone() {
            draft.field_mut(field).required = Some(true);
        }
    }
}

/// Where all documents that give an `id` a type agree, the others are of that type.
fn alike(draft: &mut Draft<'_>) {
    let ids: Vec<FieldId> = (0..draft.model.fields.len())
        .map(FieldId::from_index)
        .filter(|&id| fold_field(&draft.model.field(id).name) == "id")
        .collect();
    let (typed, open): (Vec<FieldId>, Vec<FieldId>) =
        ids.into_iter().partition(|&id| draft.model.field(id).type_text.is_some());
    let Some(first) = typed.first().map(|&id| draft.model.field(id).kind.clone()) else { return };
    let agree = typed.iter().all(|&id| draft.model.field(id).kind == first);
    if !agree || !matches!(first, FieldKind::Uuid | FieldKind::Integer { .. }) {
        return;
    }
    for id in open {
        if draft.model.field(id).kind == FieldKind::Uuid {
            draft.field_mut(id).kind = first.clone();
            let path = draft.model.field_path(id);
            let assumed = format!("{}.type", slug(&path));
            let held = draft.model.assumptions.iter_mut().find(|it| it.id == assumed);
            if let Some(held) = held {
                held.text = format!("`{path}` is {}", name_words::describe(&first));
                "every `id` of which a document gives the type is of that"
                    .clone_into(&mut held.reason);
            }
        }
    }
}

fn from_statements(draft: &mut Draft<'_>) {
    let mut places: Vec<(EntityId, Span)> = Vec::new();
    for statement in draft.statements {
        let Fact::PrimaryKey { entity, fields } = &statement.fact else { continue };
        let Some(id) = draft.entity(entity) else {
            draft.report_unknown_subject("a primary key", entity, statement.span);
            continue;
        };
        state_by_key(draft, id, fields, statement.span);
        let key = resolve_all(draft, "the primary key", id, fields, statement.span);
        if key.is_empty() {
            continue;
        }
        let known = draft.model.entity(id).primary_key.clone();
        if known.is_empty() {
            draft.entity_mut(id).primary_key = key;
            places.push((id, statement.span));
        } else if known != key {
            let first = places.iter().find(|(owner, _)| *owner == id).map(|(_, span)| *span);
            let message = format!(
                "`{}` has one primary key at one place and another at the next; the first was \
                 followed",
                draft.model.entity(id).name
            );
            let diagnostic = Diagnostic::warning(codes::CONFLICTING_STATEMENTS, message)
                .at(statement.span, "the other key")
                .help("state one primary key");
            let diagnostic = match first {
                Some(span) => diagnostic.at(span, "the first key"),
                None => diagnostic,
            };
            draft.report(diagnostic);
        }
    }
}

/// A key may name fields that the list beside it leaves out, since they are the same everywhere
/// (`tenant_id`), or refer to a row. Where all other entities agree what such a field holds, it holds that.
fn state_by_key(draft: &mut Draft<'_>, entity: EntityId, names: &[String], span: Span) {
    for name in names {
        let own = draft.model.fields_of(entity).map(|(_, field)| field.name.as_str());
        if draft.own_field_in_phrase(entity, name).is_some() || nearest(name, own).is_some() {
            continue;
        }
        let mut others = draft.model.fields.iter().filter(|field| field.name == *name);
        let like = others.next().cloned();
        let agree = like.as_ref().is_some_and(|like| others.all(|other| other.kind == like.kind));
        // What only this key names may be a slip of the pen, but for a reference.
        if like.is_none() && !name.ends_with("_id") {
            continue;
        }
        let like = like.filter(|_| agree);
        let owner = draft.model.entity(entity).name.clone();
        let reason = match &like {
            Some(_) => format!("the primary key of `{owner}` names it, and others describe it"),
            None => format!("the primary key of `{owner}` names it"),
        };
        let kind = like.as_ref().map_or(FieldKind::Unknown, |like| like.kind.clone());
        let id = inferred_field(draft, entity, name, kind, reason, span);
        let field = draft.field_mut(id);
        field.type_text = like.and_then(|like| like.type_text);
        field.required = Some(true);
    }
}

/// Resolves the fields of a list; empty if one of them is unknown, which is reported.
pub(crate) fn resolve_all(
    draft: &mut Draft<'_>,
    what: &str,
    entity: EntityId,
    names: &[String],
    span: Span,
) -> Vec<FieldId> {
    let mut found = Vec::new();
    for name in names {
        let Some(field) = draft.own_field_in_phrase(entity, name) else {
            draft.report_unknown_field(what, entity, name, span);
            return Vec::new();
        };
        if !found.contains(&field) {
            found.push(field);
        }
    }
    found
}

/// Fields that their own place marks as the key. Two notations may mark different ones (a diagram
/// its `id`, the text a natural key): then the first notation's marks stand.
fn from_fields(draft: &mut Draft<'_>) {
    let stated: Vec<bool> =
        draft.model.entities.iter().map(|entity| !entity.primary_key.is_empty()).collect();
    let mut notations: Vec<Option<(&'static str, Span)>> = vec![None; stated.len()];
    for statement in draft.statements {
        let Fact::Field { entity, field } = &statement.fact else { continue };
        if field.primary_key != Some(true) {
            continue;
        }
        let Some(entity) = draft.entity(entity).filter(|id| !stated[id.index()]) else { continue };
        let Some(id) = draft.field(entity, &field.name) else { continue };
        let first = notations[entity.index()].get_or_insert((statement.notation, statement.span));
        let same_place =
            first.0 == statement.notation && first.1.document == statement.span.document;
        if same_place && !draft.model.entity(entity).primary_key.contains(&id) {
            draft.entity_mut(entity).primary_key.push(id);
        }
    }
}

/// `id`, or `order_id` as the first field of Order.
fn by_name(draft: &mut Draft<'_>, entity: EntityId) {
    if draft.model.entity(entity).kind == EntityKind::ValueObject {
        return;
    }
    let owner = draft.model.entity(entity);
    let own_id = format!("{}_id", snake(&owner.name));
    let named = owner.fields.iter().copied().find(|&id| {
        let name = fold_field(&draft.model.field(id).name);
        name == "id" || name == "uuid"
    });
    let first = owner.fields.first().copied().filter(|&id| {
        fold_field(&draft.model.field(id).name) == fold_field(&own_id)
            || snake(&draft.model.field(id).name)
                .strip_suffix("_id")
                .is_some_and(|front| draft.entity(front) == Some(entity))
    });
    let Some(field) = named.or(first) else { return };
    let path = draft.model.field_path(field);
    let reason = "no document states a key, and a field of this name identifies rows";
    draft.assume("key", &owner.name.clone(), format!("`{path}` is the primary key"), reason);
    draft.entity_mut(entity).primary_key = vec![field];
}
