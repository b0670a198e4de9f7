//! References: from a statement, from a type, from a description, or from a name.

use std::collections::BTreeMap;

use underpin_base::{Diagnostic, Phrases, Span};
use underpin_read::{EntityKind, Fact, ReferenceFact, Statement};

use super::reference_names::{Names, outside};
use super::weight::{report_disagreement, weight};
use crate::codes;
use crate::draft::{Draft, origin_of};
use crate::names::words;
use crate::{EntityId, ExternalReference, FieldId, FieldKind, OnDelete, Origin, Reference};

/// Resolves what fields refer to.
pub(crate) fn run(draft: &mut Draft<'_>) {
    stated(draft);
    for field in &mut draft.model.fields {
        // Of two targets, the one that is described is meant.
        if field.references.is_some() {
            field.external = None;
        }
    }
    let mut names = Names::new(draft);
    for field in draft.field_ids() {
        if draft.model.field(field).external.is_some() {
            continue;
        }
        if draft.model.field(field).references.is_none() {
            by_type(draft, field);
        }
        if draft.model.field(field).references.is_none() {
            by_description(draft, field);
        }
        if draft.model.field(field).references.is_none() {
            names.refer(draft, field);
        }
        if draft.model.field(field).references.is_none() {
            outside(draft, field);
        }
    }
    // Only what no name settles.
    super::marked_references::run(draft);
    names.ask(draft);
    take_key_types(draft);
}

fn stated(draft: &mut Draft<'_>) {
    let mut deletions: BTreeMap<FieldId, Vec<(OnDelete, &Statement)>> = BTreeMap::new();
    for statement in draft.statements {
        let Fact::Field { entity, field } = &statement.fact else { continue };
        let Some(fact) = &field.references else { continue };
        let Some(owner) = draft.entity(entity) else { continue };
        let Some(id) = draft.field(owner, &field.name) else { continue };
        let Some(target) = draft
            .entity_in_phrase(&fact.entity)
            .or_else(|| draft.entity_called(&fact.entity, &field.name))
        else {
            match draft.external(&fact.entity) {
                Some(external) => {
                    let on_delete = fact.on_delete.as_deref().and_then(read_on_delete);
                    let origin = origin_of(statement);
                    let at = fact.field.clone();
                    let reference = ExternalReference { external, field: at, on_delete, origin };
                    draft.field_mut(id).external.get_or_insert(reference);
                }
                None => report_unknown(draft, id, fact, statement.span),
            }
            continue;
        };
        let on_delete = fact.on_delete.as_deref().and_then(read_on_delete);
        if let Some(on_delete) = on_delete
            && draft.model.field(id).references.as_ref().is_none_or(|it| it.entity == target)
        {
            deletions.entry(id).or_default().push((on_delete, statement));
        }
        if let Some(known) = &mut draft.field_mut(id).references {
            if known.entity == target {
                known.on_delete = known.on_delete.or(on_delete);
            } else {
                let known = known.entity;
                report_two_targets(draft, id, known, target, statement.span);
            }
            continue;
        }
        let path = draft.field_path(&fact.entity).filter(|(entity, _)| *entity == target);
        let named = fact.field.as_deref().or(path.map(|(_, field)| field));
        let at = named.and_then(|name| {
            let found = draft.field(target, name);
            if found.is_none() {
                draft.report_unknown_field("a reference", target, name, statement.span);
            }
            found
        });
        let reference =
            Reference { entity: target, field: at, on_delete, origin: origin_of(statement) };
        draft.refer(id, reference);
    }
    for (id, mut said) in deletions {
        said.sort_by_key(|(_, statement)| weight(statement));
        let path = draft.model.field_path(id);
        let show = |action: &OnDelete| format!("`{}`", crate::render::on_delete_text(*action));
        report_disagreement(draft, &path, &said, show, "say the same at both places");
        if let Some(reference) = &mut draft.field_mut(id).references {
            reference.on_delete = said.first().map(|(action, _)| *action);
        }
    }
}

/// `cascade`, `SET NULL`, "restrict delete" and the like.
pub(crate) fn read_on_delete(text: &str) -> Option<OnDelete> {
    let text = text.to_lowercase();
    if text.contains("cascade") {
        Some(OnDelete::Cascade)
    } else if text.contains("null") {
        Some(OnDelete::SetNull)
    } else if text.contains("restrict") || text.contains("no action") {
        Some(OnDelete::Restrict)
    } else {
        None
    }
}

fn report_unknown(draft: &mut Draft<'_>, field: FieldId, fact: &ReferenceFact, span: Span) {
    let path = draft.model.field_path(field);
    let name = &fact.entity;
    let message = format!(
        "`{path}` refers to `{name}`, which no document describes; the reference cannot be enforced"
    );
    let help = match draft.nearest_entity(name) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("describe the entity `{name}` with its fields, or correct the name"),
    };
    draft.report(
        Diagnostic::error(codes::UNKNOWN_ENTITY, message)
            .at(span, "not an entity of the model")
            .help(help),
    );
}

fn report_two_targets(
    draft: &mut Draft<'_>,
    field: FieldId,
    known: EntityId,
    other: EntityId,
    span: Span,
) {
    let (path, source) = (draft.model.field_path(field), draft.model.field(field).source);
    let (known, other) = (&draft.model.entity(known).name, &draft.model.entity(other).name);
    let message = format!(
        "`{path}` refers to `{known}` at one place and to `{other}` at another; `{known}` was taken"
    );
    draft.report(
        Diagnostic::warning(codes::CONFLICTING_STATEMENTS, message)
            .at(span, "another entity here")
            .at(source, "first stated here")
            .help("name one entity at both places"),
    );
}

/// `Id<"users">`, or a type that is an entity's name.
fn by_type(draft: &mut Draft<'_>, field: FieldId) {
    let Some(text) = draft.model.field(field).type_text.clone() else { return };
    let words = draft.type_words(&text);
    let Some(name) = words.reference.as_ref().or(words.named.as_ref()) else { return };
    let Some(target) = draft.entity(name) else { return };
    if words.list || draft.model.entity(target).kind == EntityKind::ValueObject {
        // Several entities are a relationship's other side, and value objects live in the row.
        return;
    }
    infer(draft, field, target, format!("its type is `{text}`"));
}

/// "reference to a Host user", "FK to products.id"; of a field that is named like a reference also
/// "User who created it".
fn by_description(draft: &mut Draft<'_>, field: FieldId) {
    let Some(text) = draft.model.field(field).description.clone() else { return };
    let lower = text.to_lowercase();
    for lead in ["reference to ", "references ", "refers to ", "foreign key to ", "fk to ", "fk → "]
    {
        let Some(at) = lower.place_of(lead) else { continue };
        let Some(rest) = text.get(at + lead.len()..) else { continue };
        let phrase = rest.split([',', '.', ';', '(', ')']).next().unwrap_or_default().trim();
        // A long phrase is prose about something else.
        if words(phrase).len() > 4 {
            continue;
        }
        let Some(target) = draft.entity_in_phrase(phrase.trim_matches('`')) else { continue };
        if draft.model.entity(target).kind != EntityKind::ValueObject
            && holds_a_key(draft, field, target)
        {
            let reason = format!("its description says \"{}\"", text.trim());
            infer(draft, field, target, reason);
            return;
        }
    }
    let name = words(&draft.model.field(field).name);
    let [_, .., last] = name.as_slice() else { return };
    if !matches!(last.as_str(), "id" | "by") {
        return;
    }
    if let Some(target) = described_as(draft, &text)
        && !draft.is_value_object(target)
        && holds_a_key(draft, field, target)
    {
        infer(draft, field, target, format!("its description says \"{}\"", text.trim()));
    }
}

/// The entity that a description begins with: "User who created it", "ID of the host user".
fn described_as(draft: &Draft<'_>, text: &str) -> Option<EntityId> {
    let mut rest = text.trim().trim_start_matches('`');
    let leads = [
        "the ",
        "a ",
        "an ",
        "id of ",
        "key of ",
        "identifier of ",
        "belongs to ",
        "link to ",
        "links to ",
        "points to ",
    ];
    while let Some(lead) = leads
        .iter()
        .find(|lead| rest.get(..lead.len()).is_some_and(|front| front.eq_ignore_ascii_case(lead)))
    {
        rest = rest[lead.len()..].trim_start();
    }
    let lower = rest.to_lowercase();
    let ends = [" who ", " that ", " which ", " whose ", "'s ", " (", ",", ".", ";", "`"];
    let end = ends.iter().filter_map(|end| lower.place_of(end)).min().unwrap_or(rest.len());
    let phrase = rest.get(..end)?.trim();
    (words(phrase).len() <= 3).then(|| draft.entity_in_phrase(phrase)).flatten()
}

fn key_kind<'d>(draft: &'d Draft<'_>, target: EntityId) -> Option<&'d FieldKind> {
    match draft.model.entity(target).primary_key.as_slice() {
        [only] => Some(&draft.model.field(*only).kind),
        _ => None,
    }
}

pub(super) fn same_precise_key(draft: &Draft<'_>, field: FieldId, target: EntityId) -> bool {
    matches!(
        (&draft.model.field(field).kind, key_kind(draft, target)),
        (FieldKind::Uuid, Some(FieldKind::Uuid))
            | (FieldKind::Integer { .. }, Some(FieldKind::Integer { .. }))
    )
}

/// Whether a field can hold the key of an entity: a date cannot.
pub(super) fn holds_a_key(draft: &Draft<'_>, field: FieldId, target: EntityId) -> bool {
    match &draft.model.field(field).kind {
        FieldKind::Unknown => true,
        FieldKind::Uuid => !matches!(key_kind(draft, target), Some(FieldKind::Integer { .. })),
        FieldKind::Integer { .. } => !matches!(key_kind(draft, target), Some(FieldKind::Uuid)),
        FieldKind::Text { .. } => {
            !matches!(key_kind(draft, target), Some(FieldKind::Integer { .. }))
        }
        FieldKind::Decimal { .. }
        | FieldKind::Money { .. }
        | FieldKind::Float
        | FieldKind::Boolean
        | FieldKind::Date
        | FieldKind::Time
        | FieldKind::Timestamp
        | FieldKind::Duration
        | FieldKind::Json
        | FieldKind::Binary
        | FieldKind::IpAddress
        | FieldKind::Enumeration(_)
        | FieldKind::List(_) => false,
    }
}

pub(super) fn infer(draft: &mut Draft<'_>, field: FieldId, target: EntityId, reason: String) {
    let origin = Origin::Inferred(reason);
    draft.refer(field, Reference { entity: target, field: None, on_delete: None, origin });
}

/// A reference takes the type of the key that it refers to: a foreign key compares like with like.
fn take_key_types(draft: &mut Draft<'_>) {
    // A key may itself be a reference, so types travel along chains; each round fixes one link.
    for _ in 0..8 {
        let mut changed = false;
        for field in draft.field_ids() {
            changed |= take_key_type(draft, field);
        }
        if !changed {
            break;
        }
    }
}

fn take_key_type(draft: &mut Draft<'_>, field: FieldId) -> bool {
    let of = draft.model.field(field);
    let Some(reference) = of.references.clone() else { return false };
    let target = match reference.field {
        Some(target) => target,
        None => match draft.model.entity(reference.entity).primary_key.as_slice() {
            [only] => *only,
            _ => return false,
        },
    };
    let wanted = match draft.model.field(target).kind.clone() {
        FieldKind::Unknown => return false,
        FieldKind::Integer { bits, .. } => FieldKind::Integer { bits, counted: false },
        kind => kind,
    };
    if target == field || of.kind == wanted || matches!(of.kind, FieldKind::List(_)) {
        return false;
    }
    let vague = matches!(
        (&of.kind, &wanted),
        (FieldKind::Unknown | FieldKind::Text { .. }, _)
            | (FieldKind::Integer { .. }, FieldKind::Integer { .. })
            // "number" in front of an integer key
            | (FieldKind::Decimal { precision: None, .. }, FieldKind::Integer { .. })
    ) || (of.kind == FieldKind::Uuid && draft.model.field(target).type_text.is_none());
    if !vague {
        let (path, source) = (draft.model.field_path(field), of.source);
        let (to, place) = (draft.model.field_path(target), draft.model.field(target).source);
        let message =
            format!("`{path}` refers to `{to}` but has another type; it takes the type of the key");
        draft.report(
            Diagnostic::warning(codes::KEY_TYPE_MISMATCH, message)
                .at(source, "the reference")
                .at(place, "the key")
                .help("give both the same type"),
        );
    }
    draft.field_mut(field).kind = wanted;
    true
}
