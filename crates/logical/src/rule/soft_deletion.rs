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
    let is_chosen = among.iter().any(|key| key.is_chosen);
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
            "{} is unique among rows that are not deleted, so that a deleted row's values are free again{}",
            among.join(" and "),
            if is_chosen { "; no document says otherwise" } else { "" }
        ));
    }
    if !all.is_empty() {
        decision = decision.so_that(format!(
            "{} counts deleted rows as well: a document says so, a reference names it, or it tells calls apart",
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

#[cfg(test)]
mod tests {
    use underpin_base::Sources;

    /// The unique keys of a document's first entity.
    fn keys(fields: &str) -> Vec<String> {
        let mut sources = Sources::default();
        sources.add("model.md", format!("## Person\n\n- id: uuid, primary key\n{fields}"));
        let model = underpin_model::build(&underpin_read::read(&sources), &sources);
        let design = crate::design(&model);
        let about = design.decisions.iter().filter(|it| it.rule == "L018");
        about.map(|it| it.choice.clone()).collect()
    }

    const MARKED: &str = "- email: text, required, unique\n- deleted_at: timestamp, optional\n";

    #[test]
    fn a_deleted_row_frees_its_values_unless_a_document_says_otherwise() {
        let alive =
            "no two rows of Person share email among rows where not (deleted_at is present)";
        assert_eq!(keys(MARKED), [alive]);
        assert_eq!(
            keys(&format!("{MARKED}\nThe email of a deleted person can be used again.\n")),
            [alive]
        );
        let flag = "- email: text, required, unique\n- is_deleted: boolean, required\n";
        assert_eq!(
            keys(flag),
            ["no two rows of Person share email among rows where not (is_deleted)"]
        );
    }

    #[test]
    fn what_stays_taken() {
        let all = "no two rows of Person share email";
        assert_eq!(
            keys(&format!("{MARKED}\nThe email of a deleted person stays reserved.\n")),
            [all]
        );
        // What is only put aside is not deleted.
        assert_eq!(
            keys("- email: text, required, unique\n- archived_at: timestamp, optional\n"),
            [all]
        );
        assert_eq!(
            keys("- idempotency_key: text, required, unique\n- deleted_at: timestamp, optional\n"),
            ["no two rows of Person share idempotency_key"]
        );
        // A foreign key names rows by a key of all rows.
        let referred = "\n## Letter\n\n- id: uuid, primary key\n- to_email: text, required, FK → Person.email\n";
        assert_eq!(keys(&format!("{MARKED}{referred}")), [all]);
    }
}
