//! L018: unique keys from the documents, without those that another key implies.

use underpin_model::{Cardinality, Expression, FieldId, FieldKind, Model, Presumptions, is_place};

use super::absence;
use crate::{AttributeId, Decision, LogicalDesign, Relation, RelationId, UniqueKey};

const RULE: &str = "L018";

pub(crate) fn apply(model: &Model, design: &mut LogicalDesign) {
    let presumptions = Presumptions::of(model);
    for index in 0..design.relations.len() {
        let id = RelationId::from_index(index);
        let mut found = stated(model, design.relation(id));
        found.extend(one_to_one(model, design, id));
        found.extend(told_apart(&presumptions, model, design.relation(id)));
        among_the_living(model, design, id, &mut found);
        let relation = &mut design.relations[index];
        for mut key in found {
            key.is_reordered = is_reordered(model, relation, &key);
            let same = |other: &[AttributeId]| {
                other.len() == key.attributes.len()
                    && other.iter().all(|attribute| key.attributes.contains(attribute))
            };
            let known = same(&relation.key)
                || relation
                    .uniques
                    .iter()
                    .any(|other| same(&other.attributes) && other.condition == key.condition);
            if known {
                continue;
            }
            let names: Vec<&str> =
                key.attributes.iter().map(|&at| &*relation.attribute(at).name).collect();
            let folded = key.attributes.iter().any(|&at| relation.attribute(at).ignores_case);
            let ignoring = if folded { ", whatever its case," } else { "" };
            let among = key.condition.as_ref().map_or_else(String::new, |condition| {
                let shown = condition
                    .try_map(&mut |&at| Some(relation.attribute(at).name.clone()))
                    .map_or_else(String::new, |shown| shown.to_string());
                format!(" among rows where {shown}")
            });
            let mut decision = Decision::new(
                RULE,
                format!("{}.({})", relation.name, names.join(", ")),
                format!(
                    "no two rows of {} share {}{ignoring}{among}",
                    relation.name,
                    names.join(", ")
                ),
                key.reason.clone(),
            )
            .instead_of("a check in the application, which two writers at once can both pass")
            .changes_when("the documents drop the rule");
            if key.is_reordered {
                decision = decision
                    .so_that(
                        "it is checked at the end of each statement, and not row by row (DEFERRABLE): one UPDATE moves \
                         the rows behind along, and with SET CONSTRAINTS … DEFERRED two rows change places",
                    )
                    .so_that("INSERT … ON CONFLICT cannot name it, and no foreign key can refer to it");
            }
            decision.inputs.extend(key.source);
            design.decisions.push(decision);
            relation.uniques.push(key);
        }
    }
}

/// Keys count the rows that are not marked as deleted, where a document says so or none says otherwise: whoever was deleted
/// may come again. What calls are told apart by is never free, and neither is what a reference names.
fn among_the_living(model: &Model, design: &LogicalDesign, id: RelationId, keys: &mut [UniqueKey]) {
    let relation = design.relation(id);
    let Some(entity) = relation.entity else { return };
    let mark = model.deletion_mark(entity).and_then(|field| relation.attribute_of(field));
    let Some(mark) = mark else { return };
    let deleted = match relation.attribute(mark).kind {
        FieldKind::Boolean => Expression::Field(mark),
        _ => Expression::IsPresent(mark),
    };
    let alive = absence::covering(Expression::Not(Box::new(deleted)), relation);
    for key in keys.iter_mut().filter(|key| key.condition.is_none()) {
        let fields: Vec<FieldId> =
            key.attributes.iter().filter_map(|&at| relation.attribute(at).field).collect();
        let said = model.entity(entity).deleted_values.free(&fields);
        if said == Some(false) {
            continue;
        }
        let tells_calls_apart = key
            .attributes
            .iter()
            .any(|&at| relation.attribute(at).name.to_lowercase().contains("idempoten"));
        if !tells_calls_apart && !is_referred_to(design, id, &key.attributes) {
            key.condition = Some(alive.clone());
            key.is_chosen = said.is_none();
            key.reason.push_str("; rows that are marked as deleted do not count");
        }
    }
}

/// Whether a reference names rows by these attributes.
fn is_referred_to(design: &LogicalDesign, id: RelationId, attributes: &[AttributeId]) -> bool {
    design.relations.iter().flat_map(|other| &other.references).any(|reference| {
        reference.target == id
            && reference.target_attributes.len() == attributes.len()
            && attributes.iter().all(|at| reference.target_attributes.contains(at))
    })
}

fn stated(model: &Model, relation: &Relation) -> Vec<UniqueKey> {
    let Some(entity) = relation.entity else { return Vec::new() };
    let mut keys = Vec::new();
    // Keys of several fields first: "unique per merchant" narrows what a bare "unique" says.
    for key in &model.entity(entity).unique {
        let attributes: Option<Vec<AttributeId>> =
            key.fields.iter().map(|&field| relation.attribute_of(field)).collect();
        let Some(attributes) = attributes else { continue };
        let condition = match &key.condition {
            None => None,
            Some(condition) => match condition.try_map(&mut |&f| relation.attribute_of(f)) {
                Some(condition) => Some(absence::covering(condition, relation)),
                None => continue,
            },
        };
        keys.push(UniqueKey {
            attributes,
            condition,
            is_chosen: false,
            is_reordered: false,
            reason: format!("a document says: {}", key.text.trim()),
            source: Some(key.source),
        });
    }
    for (id, attribute) in relation.attributes() {
        let Some(field) = attribute.field else { continue };
        if model.field(field).unique {
            keys.push(UniqueKey {
                attributes: vec![id],
                condition: None,
                is_chosen: false,
                is_reordered: false,
                reason: "a document says that it is unique".to_owned(),
                source: attribute.source,
            });
        }
    }
    keys
}

/// The number, place or language that tells the rows of one parent apart, where names alone say so.
fn told_apart(
    presumptions: &Presumptions<'_>,
    model: &Model,
    relation: &Relation,
) -> Option<UniqueKey> {
    let (parent, field) = presumptions.sibling_key(relation.entity?)?;
    let to = model.field(parent).references.as_ref()?.entity;
    let attributes = vec![relation.attribute_of(parent)?, relation.attribute_of(field)?];
    Some(UniqueKey {
        attributes,
        condition: None,
        is_chosen: false,
        is_reordered: false,
        reason: format!(
            "the name says that {} tells the rows of one {} apart: with two alike, which of them is meant is open",
            model.field(field).name,
            model.entity(to).name
        ),
        // No document says it: a schema of somebody else's is not measured by it.
        source: None,
    })
}

/// Whether rows of one parent exchange the values of a key when they are put in another order. An index over some rows,
/// or of texts whatever their case, cannot wait for the end of a statement.
fn is_reordered(model: &Model, relation: &Relation, key: &UniqueKey) -> bool {
    let is_place = |&at: &AttributeId| {
        relation.attribute(at).field.is_some_and(|field| is_place(model.field(field)))
    };
    let folds = key.attributes.iter().any(|&at| relation.attribute(at).ignores_case);
    key.condition.is_none() && !folds && key.attributes.iter().any(is_place)
}

/// The references that hold the many side of a relationship that is one to one.
fn one_to_one(model: &Model, design: &LogicalDesign, id: RelationId) -> Vec<UniqueKey> {
    let relation = design.relation(id);
    let mut keys = Vec::new();
    for relationship in &model.relationships {
        if relationship.cardinality != Cardinality::OneToOne {
            continue;
        }
        let Some(attribute) = relationship.field.and_then(|field| relation.attribute_of(field))
        else {
            continue;
        };
        keys.push(UniqueKey {
            attributes: vec![attribute],
            condition: None,
            is_chosen: false,
            is_reordered: false,
            reason: format!(
                "{} and {} are one to one",
                model.entity(relationship.from).name,
                model.entity(relationship.to).name
            ),
            source: Some(relationship.source),
        });
    }
    keys
}
