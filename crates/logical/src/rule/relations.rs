//! L010: one relation for each entity; value objects only where an owner has them.

use underpin_base::Diagnostic;
use underpin_model::{EntityId, EntityKind, Model};

use super::{EMPTY_ENTITY, UNPLACED_VALUE_OBJECT};
use crate::{Attribute, Decision, LogicalDesign, Relation, RelationKind};

const RULE: &str = "L010";

pub(crate) fn apply(model: &Model, design: &mut LogicalDesign) {
    for (id, entity) in model.entities() {
        let kind = match entity.kind {
            EntityKind::Entity => RelationKind::Entity,
            EntityKind::Join => RelationKind::Join,
            EntityKind::ValueObject => RelationKind::ValueObject,
        };
        if entity.fields.is_empty() {
            let related = kind == RelationKind::Join
                && model.relationships.iter().any(|r| r.through == Some(id));
            // Its rows are told apart in the table of another (rule L025).
            if model.inheritances.iter().any(|it| it.entity == id) {
                continue;
            }
            if !related {
                design.diagnostics.push(
                    Diagnostic::warning(
                        EMPTY_ENTITY,
                        format!("`{}` is not stored: no document lists a field of it", entity.name),
                    )
                    .at(entity.source, "named here")
                    .help("list its fields, or leave it out of the data model"),
                );
                continue;
            }
        }
        if kind == RelationKind::ValueObject && !has_owner(model, id) {
            design.diagnostics.push(
                Diagnostic::warning(
                    UNPLACED_VALUE_OBJECT,
                    format!(
                        "value object `{}` is not stored: no relationship says whose it is",
                        entity.name
                    ),
                )
                .at(entity.source, "named here")
                .help(format!(
                    "say which entity has it, such as \"Order has one {}\"",
                    entity.name
                )),
            );
            continue;
        }
        let attributes = model
            .fields_of(id)
            .map(|(field_id, field)| Attribute {
                name: field.name.clone(),
                kind: field.kind.clone(),
                required: field.required.unwrap_or(false),
                default: field.default.clone(),
                touched: false,
                field: Some(field_id),
                sensitivity: field.sensitivity.clone(),
                ignores_case: field.ignores_case,
                unit: field.unit.clone(),
                description: field.description.clone(),
                origin: field.origin.clone(),
                source: Some(field.source),
            })
            .collect();
        design.relations.push(Relation {
            name: entity.name.clone(),
            table: entity.table.clone(),
            kind,
            entity: Some(id),
            context: None,
            description: entity.description.clone(),
            attributes,
            key: Vec::new(),
            uniques: Vec::new(),
            references: Vec::new(),
            crossings: Vec::new(),
            invariants: Vec::new(),
            separations: Vec::new(),
            limits: Vec::new(),
            owner_states: Vec::new(),
            owner_bounds: Vec::new(),
            holds: Vec::new(),
            machines: Vec::new(),
            trees: Vec::new(),
            permanences: Vec::new(),
            seeds: Vec::new(),
            version: None,
            source: Some(entity.source),
        });
        if kind == RelationKind::ValueObject {
            design.decisions.push(
                Decision::new(
                    RULE,
                    &entity.name,
                    format!("{} is a relation of its own", entity.name),
                    "it is a value object, and an owner refers to it or has several of it",
                )
                .instead_of("columns with a shared prefix in the owner's table")
                .changes_when("each owner has exactly one and nobody else refers to it")
                .from_statement(entity.source),
            );
        }
    }
}

/// Whether anything ties the value object to a row of something else.
fn has_owner(model: &Model, id: EntityId) -> bool {
    model.relationships.iter().any(|r| r.from == id || r.to == id)
        || model.fields.iter().any(|field| {
            let refers = field.references.as_ref().map(|reference| reference.entity);
            (field.entity == id && refers.is_some()) || refers == Some(id)
        })
}
