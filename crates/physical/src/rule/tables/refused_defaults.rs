//! Defaults that a rule over their field alone refuses: no row that says nothing of the field would be let in.

use std::cmp::Ordering;

use underpin_logical::{Attribute, AttributeId, Relation};
use underpin_model::{Comparison, DefaultValue, Expression, Literal};
use underpin_pg::TextPattern;

/// The text of the rule that refuses a default.
pub(super) fn refusing<'r>(
    relation: &'r Relation,
    attribute: &Attribute,
    default: &DefaultValue,
) -> Option<&'r str> {
    let DefaultValue::Literal(value) = default else { return None };
    let id = relation.attributes().find(|(_, it)| it.name == attribute.name)?.0;
    let rule = relation.invariants.iter().find(|invariant| {
        invariant.attributes == [id]
            && invariant.expression.as_ref().is_some_and(|rule| refuses(rule, value))
    })?;
    Some(&rule.text)
}

/// Whether a rule is certain to be broken by a value; what is not understood lets it in.
fn refuses(rule: &Expression<AttributeId>, value: &Literal) -> bool {
    match rule {
        Expression::All(list) => list.iter().any(|part| refuses(part, value)),
        Expression::Any(list) => !list.is_empty() && list.iter().all(|part| refuses(part, value)),
        Expression::OneOf(of, list) => {
            matches!(**of, Expression::Field(_)) && !list.contains(value)
        }
        Expression::Matches(of, pattern) => match (&**of, value) {
            (Expression::Field(_), Literal::Text(text)) => {
                TextPattern::parse(pattern).is_some_and(|pattern| !pattern.matches(text))
            }
            _ => false,
        },
        Expression::Compare(of, comparison, with) => {
            let Expression::Literal(limit) = &**with else { return false };
            let compared = match (&**of, value) {
                (Expression::Field(_), _) => number(value).zip(number(limit)),
                (Expression::Length(inner), Literal::Text(text))
                    if matches!(**inner, Expression::Field(_)) =>
                {
                    number(limit).and_then(|limit| {
                        let length = u32::try_from(text.chars().count()).ok()?;
                        Some((f64::from(length), limit))
                    })
                }
                _ => None,
            };
            compared
                .and_then(|(value, limit)| value.partial_cmp(&limit))
                .is_some_and(|order| !holds(*comparison, order))
        }
        Expression::Field(_)
        | Expression::Literal(_)
        | Expression::Calculate(..)
        | Expression::JsonForm(..)
        | Expression::IsPresent(_)
        | Expression::Length(_)
        | Expression::Not(_)
        | Expression::Implies(..)
        | Expression::Apart { .. }
        | Expression::Together { .. } => false,
    }
}

fn number(value: &Literal) -> Option<f64> {
    match value {
        Literal::Integer(value) => value.to_string().parse().ok(),
        Literal::Decimal(digits) => digits.parse().ok(),
        Literal::Text(_)
        | Literal::Boolean(_)
        | Literal::Now
        | Literal::Today
        | Literal::Duration(_) => None,
    }
}

fn holds(comparison: Comparison, order: Ordering) -> bool {
    match comparison {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::LessOrEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterOrEqual => order.is_ge(),
    }
}
