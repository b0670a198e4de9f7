//! L011: whether a value must be there, where no document says so.
//!
//! Documents mark the exception. Where an entity marks some fields as optional, the unmarked ones
//! are required; where it marks some as required, the unmarked ones are optional; where it marks
//! none, a value is required, because a column that may be empty is the choice that cannot be
//! taken back cheaply. The moment at which a row was added or changed is always known.

use underpin_model::{FieldKind, Model, Origin};

use super::standard_values::is_moment_of_writing;
use crate::{Decision, LogicalDesign};

const RULE: &str = "L011";

pub(crate) fn apply(model: &Model, design: &mut LogicalDesign) {
    for relation in &mut design.relations {
        let Some(entity) = relation.entity else { continue };
        // A key is always required, so its mark says nothing of the document's habit.
        let key = &model.entity(entity).primary_key;
        let marks = |wanted: bool| {
            model
                .fields_of(entity)
                .any(|(id, field)| !key.contains(&id) && field.required == Some(wanted))
        };
        let (some_required, some_optional) = (marks(true), marks(false));
        let mut unmarked = Vec::new();
        for attribute in &mut relation.attributes {
            let Some(field_id) = attribute.field else { continue };
            let field = model.field(field_id);
            if field.required.is_some() {
                continue;
            }
            let inferred_reference = matches!(field.origin, Origin::Inferred(_))
                && model
                    .relationships
                    .iter()
                    .any(|r| r.field == Some(field_id) && r.from_required == Some(false));
            let is_moment =
                attribute.kind == FieldKind::Timestamp && is_moment_of_writing(&attribute.name);
            attribute.required = key.contains(&field_id)
                || is_moment
                || (!inferred_reference
                    && (field.default.is_some() || some_optional || !some_required));
            if !key.contains(&field_id) {
                unmarked.push((attribute.name.clone(), attribute.required));
            }
        }
        if unmarked.is_empty() {
            continue;
        }
        let (required, optional): (Vec<_>, Vec<_>) =
            unmarked.into_iter().partition(|(_, required)| *required);
        let names = |list: Vec<(String, bool)>| {
            list.into_iter().map(|(name, _)| name).collect::<Vec<_>>().join(", ")
        };
        let choice = match (required.is_empty(), optional.is_empty()) {
            (false, true) => format!("{} must have a value", names(required)),
            (true, _) => format!("{} may be empty", names(optional)),
            (false, false) => {
                format!("{} must have a value; {} may be empty", names(required), names(optional))
            }
        };
        let reason = if some_optional {
            "no document says whether these are required, and the entity marks other fields as \
             optional, so the unmarked ones are not"
        } else if some_required {
            "no document says whether these are required, and the entity marks other fields as \
             required, so the unmarked ones are not; a field with a default always has a value, and \
             the moment of writing is always known"
        } else {
            "no document says whether any field of this entity is required; a column can be \
             opened to NULL later without touching a row, and not the other way round"
        };
        let mut decision = Decision::new(RULE, &relation.name, choice, reason)
            .instead_of("the opposite for each of them")
            .changes_when("a document says which fields are required");
        decision.inputs.extend(relation.source);
        design.decisions.push(decision);
    }
}
