//! What a rule says of a row in which a value is absent.
//!
//! To SQL a comparison with NULL is neither true nor false, and a CHECK lets in what is not false
//! (manual, section 5.4.1). For `quantity > 0` that is right where a quantity may be absent: there is
//! nothing to compare. Behind "when it is paid" it is a hole: a paid row without an amount keeps
//! `status <> 'paid' OR amount > 0`. Here presence is written out wherever absence would pass.

use underpin_model::{Comparison, Expression};

use crate::{AttributeId, Relation};

/// The rule with presence demanded of every optional value that it compares under a condition or among
/// alternatives. What it says without a condition stays: a value that may be absent is compared when
/// it is there.
pub(crate) fn strict(
    rule: Expression<AttributeId>,
    relation: &Relation,
) -> Expression<AttributeId> {
    match rule {
        Expression::All(list) => {
            Expression::All(list.into_iter().map(|item| strict(item, relation)).collect())
        }
        Expression::Any(list) => {
            Expression::Any(list.into_iter().map(|item| firm(item, relation)).collect())
        }
        Expression::Implies(when, then) => {
            let then = firm(*then, relation);
            let unless = match &*when {
                // "unless it is a draft": what has no state is no draft.
                Expression::Not(unless) => Some((**unless).clone()),
                Expression::Compare(left, Comparison::NotEqual, right) => {
                    Some(Expression::Compare(left.clone(), Comparison::Equal, right.clone()))
                }
                _ => None,
            };
            match unless.filter(|unless| !optional(unless, relation).is_empty()) {
                Some(unless) => Expression::Any(vec![firm(unless, relation), then]),
                None => Expression::Implies(when, Box::new(then)),
            }
        }
        other => other,
    }
}

/// A condition on which rows count, true for those of which it cannot be said: a row without a state
/// is not cancelled.
pub(crate) fn covering(
    condition: Expression<AttributeId>,
    relation: &Relation,
) -> Expression<AttributeId> {
    match condition {
        Expression::All(list) => {
            Expression::All(list.into_iter().map(|item| covering(item, relation)).collect())
        }
        Expression::Compare(_, Comparison::NotEqual, _) | Expression::Not(_) => {
            let absent = match &condition {
                // Absence itself is asked for.
                Expression::Not(inner) if matches!(**inner, Expression::IsPresent(_)) => Vec::new(),
                other => optional(other, relation),
            };
            if absent.is_empty() {
                return condition;
            }
            let absent =
                absent.into_iter().map(|id| Expression::Not(Box::new(Expression::IsPresent(id))));
            Expression::Any(absent.chain([condition]).collect())
        }
        other => other,
    }
}

/// The rule, false and not unknown where a value that it compares is absent. That something is *not*
/// a value stays true of what is absent.
fn firm(rule: Expression<AttributeId>, relation: &Relation) -> Expression<AttributeId> {
    match rule {
        Expression::All(list) => {
            Expression::All(list.into_iter().map(|item| firm(item, relation)).collect())
        }
        Expression::Any(list) => {
            Expression::Any(list.into_iter().map(|item| firm(item, relation)).collect())
        }
        Expression::Implies(..) => strict(rule, relation),
        Expression::Compare(_, comparison, _) if comparison != Comparison::NotEqual => {
            present(rule, relation)
        }
        Expression::OneOf(..)
        | Expression::Matches(..)
        | Expression::JsonForm(..)
        | Expression::Field(_) => present(rule, relation),
        Expression::Compare(..)
        | Expression::Not(_)
        | Expression::IsPresent(_)
        | Expression::Literal(_)
        | Expression::Length(_)
        | Expression::Calculate(..)
        | Expression::Apart { .. }
        | Expression::Together { .. } => rule,
    }
}

/// The rule, and that what it reads is there.
fn present(rule: Expression<AttributeId>, relation: &Relation) -> Expression<AttributeId> {
    let absent = optional(&rule, relation);
    if absent.is_empty() {
        return rule;
    }
    Expression::All(absent.into_iter().map(Expression::IsPresent).chain([rule]).collect())
}

/// The attributes of a comparison that may be absent; none where it asks for presence itself.
fn optional(rule: &Expression<AttributeId>, relation: &Relation) -> Vec<AttributeId> {
    if matches!(rule, Expression::IsPresent(_)) {
        return Vec::new();
    }
    rule.fields().into_iter().filter(|&id| !relation.attribute(id).required).collect()
}

#[cfg(test)]
mod tests {
    use underpin_model::{FieldKind, Literal, Origin};

    use super::*;
    use crate::{Attribute, RelationKind};

    /// `status` is required, `state`, `amount` and `other` are not.
    fn relation() -> Relation {
        let attribute = |name: &str, required| Attribute {
            name: name.to_owned(),
            kind: FieldKind::Text { max: None },
            required,
            default: None,
            touched: false,
            field: None,
            sensitivity: None,
            ignores_case: false,
            unit: None,
            description: None,
            origin: Origin::Stated,
            source: None,
        };
        Relation {
            name: "Order".to_owned(),
            table: None,
            kind: RelationKind::Entity,
            entity: None,
            context: None,
            description: None,
            attributes: vec![
                attribute("status", true),
                attribute("state", false),
                attribute("amount", false),
                attribute("other", false),
            ],
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
            source: None,
        }
    }

    fn compare(at: usize, how: Comparison, value: &str) -> Expression<AttributeId> {
        let field = Expression::Field(AttributeId::from_index(at));
        Expression::compare(field, how, Expression::Literal(Literal::Text(value.to_owned())))
    }

    fn shown(rule: &Expression<AttributeId>) -> String {
        let relation = relation();
        rule.try_map(&mut |&id| Some(relation.attribute(id).name.clone())).unwrap().to_string()
    }

    #[test]
    fn under_a_condition_what_is_compared_must_be_there() {
        let when = |condition, then| Expression::Implies(Box::new(condition), Box::new(then));
        let paid = || compare(0, Comparison::Equal, "paid");
        let big = |at| compare(at, Comparison::Greater, "0");
        for (rule, wanted) in [
            // Absent, there is nothing to compare.
            (big(2), "amount > '0'"),
            (when(paid(), big(2)), "if status = 'paid' then amount is present and amount > '0'"),
            (
                Expression::Any(vec![big(2), big(3)]),
                "(amount is present and amount > '0') or (other is present and other > '0')",
            ),
            // What is absent differs from any value.
            (
                when(paid(), compare(2, Comparison::NotEqual, "0")),
                "if status = 'paid' then amount <> '0'",
            ),
            (
                when(compare(1, Comparison::NotEqual, "draft"), big(2)),
                "(state is present and state = 'draft') or (amount is present and amount > '0')",
            ),
            (
                when(compare(0, Comparison::NotEqual, "draft"), big(2)),
                "if status <> 'draft' then amount is present and amount > '0'",
            ),
        ] {
            assert_eq!(shown(&strict(rule, &relation())), wanted);
        }
    }

    #[test]
    fn a_row_without_a_state_is_not_cancelled() {
        let not = |at| compare(at, Comparison::NotEqual, "cancelled");
        assert_eq!(
            shown(&covering(Expression::All(vec![not(0), not(1)]), &relation())),
            "status <> 'cancelled' and (not (state is present) or state <> 'cancelled')"
        );
        let gone = Expression::IsPresent(AttributeId::from_index(2));
        let there = Expression::Not(Box::new(gone));
        assert_eq!(covering(there.clone(), &relation()), there);
    }
}
