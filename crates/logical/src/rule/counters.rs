//! L029: what counts is never below zero, also where no document says so.

use underpin_model::{Comparison, Expression, FieldKind, Literal, is_counter};

use super::standard_values::fields;
use crate::{AttributeId, Decision, Invariant, LogicalDesign, Relation};

const RULE: &str = "L029";

pub(crate) fn apply(design: &mut LogicalDesign) {
    let mut bounded = Vec::new();
    for relation in &mut design.relations {
        let counters: Vec<AttributeId> = relation
            .attributes()
            .filter(|(id, it)| {
                let is_whole = matches!(it.kind, FieldKind::Integer { counted: false, .. });
                is_whole && it.field.is_some() && is_counter(&it.name) && !is_bounded(relation, *id)
            })
            .map(|(id, _)| id)
            .collect();
        for id in counters {
            let name = relation.attribute(id).name.clone();
            bounded.push(format!("{}.{name}", relation.name));
            relation.invariants.push(Invariant {
                text: format!("{name} is not below zero"),
                expression: Some(Expression::compare(
                    Expression::Field(id),
                    Comparison::GreaterOrEqual,
                    Expression::Literal(Literal::Integer(0)),
                )),
                sql: None,
                attributes: vec![id],
                // No document says it: a schema of somebody else's is not measured by it.
                source: None,
            });
        }
    }
    if !bounded.is_empty() {
        design.decisions.push(
            Decision::new(
                RULE,
                "counters",
                format!("{} are not below zero", fields(&bounded)),
                "the names say that they count, and a count below zero is a slip of whoever wrote it",
            )
            .instead_of("no CHECK: a decrement too many stays unseen")
            .changes_when("a document lets one of them be negative")
            .covering(bounded),
        );
    }
}

/// Whether something is said of the values of an attribute already.
fn is_bounded(relation: &Relation, id: AttributeId) -> bool {
    relation.invariants.iter().any(|it| it.attributes.contains(&id))
}

#[cfg(test)]
mod tests {
    use underpin_base::Sources;
    use underpin_model::{DefaultValue, Literal};

    /// The defaults and the conditions of a document's only entity.
    fn said(fields: &str) -> (Vec<String>, Vec<String>) {
        let mut sources = Sources::default();
        sources.add("model.md", format!("## Account\n\n- id: uuid, primary key\n{fields}"));
        let model = underpin_model::build(&underpin_read::read(&sources), &sources);
        let relation = crate::design(&model).relations.remove(0);
        let begins = |it: &crate::Attribute| match &it.default {
            Some(DefaultValue::Literal(Literal::Integer(_) | Literal::Boolean(_))) => {
                Some(it.name.clone())
            }
            Some(_) | None => None,
        };
        (
            relation.attributes.iter().filter_map(begins).collect(),
            relation.invariants.iter().map(|it| it.text.clone()).collect(),
        )
    }

    #[test]
    fn counters_are_not_negative_and_those_of_later_events_begin_at_zero() {
        let (defaults, rules) =
            said("- failed_login_count: integer\n- guest_count: integer\n- is_locked: boolean\n");
        assert_eq!(defaults, ["failed_login_count", "is_locked"]);
        assert_eq!(
            rules,
            ["failed_login_count is not below zero", "guest_count is not below zero"]
        );
    }

    #[test]
    fn what_documents_say_of_them_stands() {
        let (defaults, rules) = said(
            "- retry_count: integer, default 1\n- view_count: integer, between -5 and 5\n\
             - is_active: boolean\n- account_count: text\n",
        );
        assert_eq!(defaults, ["retry_count", "view_count"]);
        assert_eq!(rules, ["between -5 and 5", "retry_count is not below zero"]);
    }
}
