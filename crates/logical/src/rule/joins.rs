//! L014: a many-to-many relationship that no entity joins becomes a relation of its own.

use underpin_model::{Cardinality, EntityId, Model, OnDelete, Origin};

use crate::{
    Attribute, AttributeId, Decision, LogicalDesign, Reference, Relation, RelationId, RelationKind,
};

use super::contexts;

const RULE: &str = "L014";

pub(crate) fn apply(model: &Model, design: &mut LogicalDesign) {
    let mut seen: Vec<(EntityId, EntityId)> = Vec::new();
    for relationship in &model.relationships {
        if relationship.cardinality != Cardinality::ManyToMany {
            continue;
        }
        if let Some(through) = relationship.through {
            complete(model, design, through, [relationship.from, relationship.to]);
            continue;
        }
        let pair = (relationship.from.min(relationship.to), relationship.from.max(relationship.to));
        if seen.contains(&pair) {
            continue;
        }
        seen.push(pair);
        let (Some(left), Some(right)) =
            (design.relation_of(relationship.from), design.relation_of(relationship.to))
        else {
            continue;
        };
        if joined_already(model, pair) {
            continue;
        }
        let mut join = Relation {
            name: format!("{}{}", design.relation(left).name, design.relation(right).name),
            table: None,
            kind: RelationKind::Join,
            entity: None,
            context: contexts::of_pair(design, left, right),
            description: Some(format!(
                "Pairs of {} and {}.",
                design.relation(left).name,
                design.relation(right).name
            )),
            attributes: Vec::new(),
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
            source: Some(relationship.source),
        };
        let sides = [
            add_side(design, &mut join, left, ""),
            add_side(design, &mut join, right, if left == right { "other_" } else { "" }),
        ];
        join.key = (0..join.attributes.len()).map(AttributeId::from_index).collect();
        design.decisions.push(
            Decision::new(
                RULE,
                &join.name,
                format!("{} joins the two, one row for each pair", join.name),
                "the documents state a many-to-many relationship and name no entity that joins them",
            )
            .instead_of("a list of ids in one of the two, which no foreign key can guard")
            .changes_when("the pair gets properties of its own: then name it as an entity")
            .from_statement(relationship.source),
        );
        let id = RelationId::from_index(design.relations.len());
        design.relations.push(join);
        for side in sides {
            contexts::add(design, id, side, None);
        }
    }
}

/// Adds to a named join entity the references that its fields do not hold.
fn complete(model: &Model, design: &mut LogicalDesign, through: EntityId, ends: [EntityId; 2]) {
    let Some(id) = design.relation_of(through) else { return };
    for end in ends {
        let Some(target) = design.relation_of(end) else { continue };
        let relation = design.relation(id);
        let stated = model
            .fields_of(through)
            .any(|(_, field)| field.references.as_ref().is_some_and(|r| r.entity == end));
        if stated || relation.links().any(|reference| reference.target == target) {
            continue;
        }
        let mut join = relation.clone();
        let side = add_side(design, &mut join, target, "");
        design.relations[id.index()] = join;
        contexts::add(design, id, side, None);
    }
}

/// Whether an entity refers to both ends and is marked as a join.
fn joined_already(model: &Model, (left, right): (EntityId, EntityId)) -> bool {
    model.entities().any(|(id, entity)| {
        let refers = |target: EntityId| {
            model
                .fields_of(id)
                .any(|(_, field)| field.references.as_ref().is_some_and(|r| r.entity == target))
        };
        entity.kind == underpin_model::EntityKind::Join && refers(left) && refers(right)
    })
}

/// Adds the key of one side to a join, and returns the reference that it makes.
fn add_side(
    design: &LogicalDesign,
    join: &mut Relation,
    target: RelationId,
    prefix: &str,
) -> Reference {
    let relation = design.relation(target);
    let mut attributes = Vec::new();
    for &key in &relation.key {
        let theirs = relation.attribute(key);
        let stem = format!("{prefix}{}", relation.name);
        let name = if relation.key.len() == 1 {
            format!("{stem}_id")
        } else {
            format!("{stem}_{}", theirs.name)
        };
        let mut kind = theirs.kind.clone();
        if let underpin_model::FieldKind::Integer { counted, .. } = &mut kind {
            *counted = false;
        }
        attributes.push(AttributeId::from_index(join.attributes.len()));
        join.attributes.push(Attribute {
            name,
            kind,
            required: true,
            default: None,
            touched: false,
            field: None,
            sensitivity: None,
            ignores_case: false,
            unit: None,
            description: None,
            origin: Origin::Inferred("a many-to-many relationship needs it".to_owned()),
            source: None,
        });
    }
    Reference {
        attributes,
        target,
        target_attributes: relation.key.clone(),
        on_delete: OnDelete::Cascade,
        reason: format!("a pair says nothing once its {} is gone", relation.name),
        source: join.source,
    }
}
