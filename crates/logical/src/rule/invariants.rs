//! L019: what holds of every row, from the documents' rules. What depends on the clock is not
//! among them: a row that was right when it was written must stay right when it is restored.

use underpin_model::{Expression, Literal, Model};

use crate::{AttributeId, Decision, Invariant, LogicalDesign};

const RULE: &str = "L019";

pub(crate) fn apply(model: &Model, design: &mut LogicalDesign) {
    for rule in &model.rules {
        let Some(id) = design.relation_of(rule.entity) else { continue };
        let relation = &mut design.relations[id.index()];
        let expression = rule
            .expression
            .as_ref()
            .and_then(|expression| expression.try_map(&mut |&field| relation.attribute_of(field)));
        if expression.is_none() && rule.sql.is_none() {
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
        if relation.invariants.iter().any(|known| {
            expression.is_some() && known.expression == expression
                || rule.sql.is_some() && expression.is_none() && known.sql == rule.sql
        }) {
            continue;
        }
        let mut attributes: Vec<AttributeId> =
            expression.as_ref().map(Expression::fields).unwrap_or_default();
        if attributes.is_empty() {
            attributes.extend(rule.field.and_then(|field| relation.attribute_of(field)));
        }
        relation.invariants.push(Invariant {
            sql: if expression.is_none() { rule.sql.clone() } else { None },
            expression,
            text: rule.text.trim().to_owned(),
            attributes,
            source: Some(rule.source),
        });
    }
}

fn asks_the_clock<F: Clone + PartialEq>(expression: &Expression<F>) -> bool {
    match expression {
        Expression::Literal(literal) => matches!(literal, Literal::Now | Literal::Today),
        Expression::Field(_) | Expression::IsPresent(_) => false,
        Expression::Compare(left, _, right) => asks_the_clock(left) || asks_the_clock(right),
        Expression::Calculate(left, _, right) | Expression::Implies(left, right) => {
            asks_the_clock(left) || asks_the_clock(right)
        }
        Expression::OneOf(value, _)
        | Expression::Length(value)
        | Expression::Matches(value, _)
        | Expression::Not(value) => asks_the_clock(value),
        Expression::All(list) | Expression::Any(list) => list.iter().any(asks_the_clock),
    }
}
