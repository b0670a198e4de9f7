//! L019: what holds of every row, from the documents' rules. What depends on the clock is not
//! among them: a row that was right when it was written must stay right when it is restored.

use underpin_model::{Comparison, Expression, Literal, Model};

use super::absence;
use crate::{AttributeId, Decision, Invariant, LogicalDesign, RelationId};

const RULE: &str = "L019";

pub(crate) fn apply(model: &Model, design: &mut LogicalDesign) {
    for rule in &model.rules {
        let Some(id) = design.relation_of(rule.entity) else { continue };
        let relation = &mut design.relations[id.index()];
        let expression = rule
            .expression
            .as_ref()
            .and_then(|expression| expression.try_map(&mut |&field| relation.attribute_of(field)));
        // Rows that keep apart are rule L022's, and what rows come to together is L024's.
        let is_of_rows =
            matches!(rule.expression, Some(Expression::Apart { .. } | Expression::Together { .. }));
        if is_of_rows || expression.is_none() && rule.sql.is_none() {
            continue;
        }
        if expression.as_ref().is_some_and(asks_the_clock) {
            design.decisions.push(
                Decision::new(
                    RULE,
                    format!("{}: {}", relation.name, rule.text.trim()),
                    "the rule is left to the writer",
                    "it compares with the clock, and a constraint that was true yesterday and is \
                     false today keeps a backup from being restored",
                )
                .instead_of("a CHECK with now(), which nothing re-checks as time goes by")
                .changes_when("the moment to compare with is stored in the row")
                .from_statement(rule.source),
            );
            continue;
        }
        let parts: Vec<Option<Expression<AttributeId>>> = match expression {
            Some(expression) => parts(expression)
                .into_iter()
                .map(|part| Some(absence::strict(part, relation)))
                .collect(),
            None => vec![None],
        };
        for expression in parts {
            let mut attributes: Vec<AttributeId> =
                expression.as_ref().map(Expression::fields).unwrap_or_default();
            if attributes.is_empty() {
                attributes.extend(rule.field.and_then(|field| relation.attribute_of(field)));
            }
            let sql = if expression.is_none() { rule.sql.clone() } else { None };
            let known = relation.invariants.iter().any(|known| {
                expression.is_some() && known.expression == expression
                    || sql.is_some() && known.sql == sql
            });
            if !known {
                relation.invariants.push(Invariant {
                    sql,
                    expression,
                    text: rule.text.trim().to_owned(),
                    attributes,
                    source: Some(rule.source),
                });
            }
        }
    }
    for index in 0..design.relations.len() {
        drop_implied(design, RelationId::from_index(index));
    }
}

/// "a and b are required when c" says two things, and a row that breaks one should be told which.
fn parts(expression: Expression<AttributeId>) -> Vec<Expression<AttributeId>> {
    match expression {
        Expression::Implies(when, then) => match *then {
            Expression::All(list) => list
                .into_iter()
                .map(|then| Expression::Implies(when.clone(), Box::new(then)))
                .collect(),
            then => vec![Expression::Implies(when, Box::new(then))],
        },
        other => vec![other],
    }
}

/// Documents say the same twice, once for a field and once for a state. What another rule or a
/// required attribute says already is left out.
fn drop_implied(design: &mut LogicalDesign, id: RelationId) {
    let relation = &mut design.relations[id.index()];
    let mut at = 0;
    while at < relation.invariants.len() {
        let weaker = &relation.invariants[at];
        let stronger = relation.invariants.iter().enumerate().find_map(|(other, stronger)| {
            let (strong, weak) = (stronger.expression.as_ref()?, weaker.expression.as_ref()?);
            (other != at && implies(strong, weak)).then_some(&stronger.text)
        });
        let reason = match (stronger, &weaker.expression) {
            (Some(text), _) if *text == weaker.text => None,
            (Some(text), _) => Some(format!("another rule says it and more: {text}")),
            (None, Some(Expression::Implies(_, then))) => match **then {
                Expression::IsPresent(attribute) if relation.attribute(attribute).required => {
                    let name = &relation.attribute(attribute).name;
                    Some(format!("{name} must always have a value"))
                }
                _ => None,
            },
            (None, _) => None,
        };
        let Some(reason) = reason else {
            at += 1;
            continue;
        };
        let weaker = relation.invariants.remove(at);
        let mut decision = Decision::new(
            RULE,
            format!("{}: {}", relation.name, weaker.text),
            "the rule needs no constraint of its own",
            reason,
        )
        .instead_of("a second CHECK, which would be evaluated at each write and refuse nothing")
        .changes_when("the stronger statement is dropped");
        decision.inputs.extend(weaker.source);
        design.decisions.push(decision);
    }
}

/// Whether each row that keeps the first rule keeps the second: what is required in more states, or
/// always, is required in fewer.
fn implies(strong: &Expression<AttributeId>, weak: &Expression<AttributeId>) -> bool {
    match (strong, weak) {
        (
            Expression::Implies(strong_when, strong_then),
            Expression::Implies(weak_when, weak_then),
        ) => strong_then == weak_then && covers(strong_when, weak_when),
        (always, Expression::Implies(_, then)) => always == &**then,
        _ => false,
    }
}

/// Whether the first condition holds wherever the second does: one of more values of the same
/// attribute.
fn covers(more: &Expression<AttributeId>, less: &Expression<AttributeId>) -> bool {
    if more == less {
        return true;
    }
    match (among(more), among(less)) {
        (Some((of, more)), Some((other, less))) => {
            of == other && less.iter().all(|value| more.contains(value))
        }
        _ => false,
    }
}

/// The values that a condition allows.
fn among(condition: &Expression<AttributeId>) -> Option<(AttributeId, Vec<&Literal>)> {
    match condition {
        Expression::Compare(left, Comparison::Equal, right) => match (&**left, &**right) {
            (Expression::Field(field), Expression::Literal(value)) => Some((*field, vec![value])),
            _ => None,
        },
        Expression::OneOf(value, list) => match **value {
            Expression::Field(field) => Some((field, list.iter().collect())),
            _ => None,
        },
        _ => None,
    }
}

fn asks_the_clock<F: Clone + PartialEq>(expression: &Expression<F>) -> bool {
    match expression {
        Expression::Literal(literal) => matches!(literal, Literal::Now | Literal::Today),
        Expression::Field(_) | Expression::IsPresent(_) | Expression::JsonForm(..) => false,
        Expression::Compare(left, _, right) => asks_the_clock(left) || asks_the_clock(right),
        Expression::Calculate(left, _, right) | Expression::Implies(left, right) => {
            asks_the_clock(left) || asks_the_clock(right)
        }
        Expression::OneOf(value, _)
        | Expression::Length(value)
        | Expression::Matches(value, _)
        | Expression::Not(value) => asks_the_clock(value),
        Expression::Apart { condition, .. } | Expression::Together { condition, .. } => {
            condition.as_ref().is_some_and(|condition| asks_the_clock(condition))
        }
        Expression::All(list) | Expression::Any(list) => list.iter().any(asks_the_clock),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribute(at: usize) -> AttributeId {
        AttributeId::from_index(at)
    }

    fn required_in(states: &[&str], at: usize) -> Expression<AttributeId> {
        let states = states.iter().map(|state| Literal::Text((*state).to_owned())).collect();
        let when = Expression::OneOf(Box::new(Expression::Field(attribute(0))), states);
        Expression::Implies(Box::new(when), Box::new(Expression::IsPresent(attribute(at))))
    }

    #[test]
    fn required_in_more_states_says_it_for_fewer() {
        let in_one = Expression::Implies(
            Box::new(Expression::compare(
                Expression::Field(attribute(0)),
                Comparison::Equal,
                Expression::Literal(Literal::Text("paid".to_owned())),
            )),
            Box::new(Expression::IsPresent(attribute(1))),
        );
        assert!(implies(&required_in(&["paid", "sent"], 1), &in_one));
        assert!(implies(&required_in(&["paid", "sent"], 1), &required_in(&["sent", "paid"], 1)));
        assert!(implies(&Expression::IsPresent(attribute(1)), &in_one));
        assert!(!implies(&in_one, &required_in(&["paid", "sent"], 1)));
        assert!(!implies(&required_in(&["paid", "sent"], 2), &in_one));
        assert!(!implies(&in_one, &Expression::IsPresent(attribute(1))));
    }

    #[test]
    fn two_consequences_are_two_rules() {
        let (Expression::Implies(when, one), Expression::Implies(_, other)) =
            (required_in(&["void"], 1), required_in(&["void"], 2))
        else {
            panic!("built as implications")
        };
        let both = Expression::Implies(when, Box::new(Expression::All(vec![*one, *other])));
        assert_eq!(parts(both), vec![required_in(&["void"], 1), required_in(&["void"], 2)]);
    }
}
