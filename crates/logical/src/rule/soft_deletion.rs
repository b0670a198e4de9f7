//! L032: rows that are marked as deleted instead of going, only where a document has such a mark.

use underpin_model::{Expression, FieldKind, Model};

use super::shapes::plain;
use crate::{AttributeId, Decision, LogicalDesign, Relation};

const RULE: &str = "L032";

pub(crate) fn apply(model: &Model, design: &mut LogicalDesign) {
    let mut decisions = Vec::new();
    for relation in &design.relations {
        if let Some(mark) = deletion_mark(relation) {
            decisions.push(decision(model, relation, mark));
        }
    }
    design.decisions.append(&mut decisions);
}

/// The attribute that says whether, or when, a row was deleted.
pub fn deletion_mark(relation: &Relation) -> Option<AttributeId> {
    let marks = ["deleted_at", "deleted_on", "is_deleted", "deleted", "archived_at", "is_archived"];
    let found = relation.attributes().find(|(_, attribute)| {
        matches!(attribute.kind, FieldKind::Timestamp | FieldKind::Date | FieldKind::Boolean)
            && marks.contains(&&*plain(&attribute.name))
    });
    found.map(|(id, _)| id)
}

fn decision(model: &Model, relation: &Relation, mark: AttributeId) -> Decision {
    let attribute = relation.attribute(mark);
    let (among, all): (Vec<_>, Vec<_>) = relation.uniques.iter().partition(|key| {
        let reads = key.condition.as_ref().map(Expression::fields).unwrap_or_default();
        reads.contains(&mark)
    });
    let named = |keys: Vec<&crate::UniqueKey>| -> Vec<String> {
        let own = keys
            .into_iter()
            .filter(|key| !relation.key.iter().all(|id| key.attributes.contains(id)));
        own.map(|key| {
            let names: Vec<&str> =
                key.attributes.iter().map(|&id| &*relation.attribute(id).name).collect();
            format!("({})", names.join(", "))
        })
        .collect()
    };
    let (among, all) = (named(among), named(all));
    let mut decision = Decision::new(
        RULE,
        format!("{}.{}", relation.name, attribute.name),
        format!("a deleted {} is marked in {} and stays", relation.name, attribute.name),
        "a document has the mark; rows that refer to it stay true",
    )
    .instead_of("DELETE, after which nothing tells what the rows that referred to it meant")
    .instead_of("a table of deleted rows, to which every later change of the columns is made twice")
    .changes_when(
        "no document asks to restore or to show deleted rows: then drop the mark, and delete",
    );
    if !among.is_empty() {
        decision = decision.so_that(format!(
            "{} is unique among rows that are not deleted, so that a deleted row's values are free again",
            among.join(" and ")
        ));
    }
    if !all.is_empty() {
        decision = decision.so_that(format!(
            "{} counts deleted rows as well: no document frees the values of a deleted row, and freeing them \
             later is easier than the opposite",
            all.join(" and ")
        ));
    }
    decision = match model.retentions.iter().find(|it| Some(it.entity) == relation.entity) {
        Some(retention) => decision.so_that(format!(
            "what becomes of deleted rows in the end is stated: {}",
            retention.text.trim()
        )),
        None => {
            decision.so_that("deleted rows stay for ever: no document says when they are purged")
        }
    };
    decision.inputs.extend(attribute.source);
    decision
}
