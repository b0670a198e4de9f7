//! L022: rows that must not last at the same time, and with them that each ends after it begins.

use underpin_model::{Comparison, Expression, FieldKind, Model, includes_last_day};

use super::absence;
use crate::{AttributeId, Decision, Invariant, LogicalDesign, Relation, Separation};

const RULE: &str = "L022";

pub(crate) fn apply(model: &Model, design: &mut LogicalDesign) {
    for rule in &model.rules {
        let Some(Expression::Apart { .. }) = &rule.expression else { continue };
        let Some(id) = design.relation_of(rule.entity) else { continue };
        let relation = &mut design.relations[id.index()];
        let mapped = rule
            .expression
            .as_ref()
            .and_then(|expression| expression.try_map(&mut |&field| relation.attribute_of(field)));
        let Some(Expression::Apart { from, to, same, condition }) = mapped else { continue };
        let separation = Separation {
            from,
            to,
            same,
            condition: condition.map(|condition| absence::covering(*condition, relation)),
            closed: is_last_day(relation, to, &rule.text),
            text: rule.text.trim().to_owned(),
            source: Some(rule.source),
        };
        let is_known = relation.separations.iter().any(|known| {
            (known.from, known.to, &known.same, &known.condition)
                == (separation.from, separation.to, &separation.same, &separation.condition)
        });
        if is_known {
            continue;
        }
        let closed = separation.closed;
        if !ends_after_it_begins(relation, from, to, closed) {
            let (begin, end) = (&relation.attribute(from).name, &relation.attribute(to).name);
            let mut decision = Decision::new(
                RULE,
                format!("{}.{end}", relation.name),
                if closed {
                    format!("{end} is not before {begin}")
                } else {
                    format!("{end} comes after {begin}")
                },
                "what lasts for no time overlaps with nothing, so that such rows would evade the \
                 rule about overlaps; what ends before it begins is no span at all",
            )
            .instead_of("leave it to the range, which reports an error without a constraint's name")
            .changes_when("rows are moments and no spans");
            decision.inputs.push(rule.source);
            design.decisions.push(decision);
            relation.invariants.push(Invariant {
                text: if closed {
                    format!("{end} is not before {begin}, as what must not overlap lasts for a day")
                } else {
                    format!("{end} comes after {begin}, as what must not overlap lasts for a time")
                },
                expression: Some(Expression::compare(
                    Expression::Field(to),
                    if closed { Comparison::GreaterOrEqual } else { Comparison::Greater },
                    Expression::Field(from),
                )),
                sql: None,
                attributes: vec![to, from],
                source: Some(rule.source),
            });
        }
        relation.separations.push(separation);
    }
}

/// Whether rows still last on the day that an attribute names: `last_day`, or as the rule says.
fn is_last_day(relation: &Relation, to: AttributeId, text: &str) -> bool {
    let attribute = relation.attribute(to);
    let is_named = || attribute.name.to_lowercase().split(['_', ' ']).any(|word| word == "last");
    attribute.kind == FieldKind::Date && (is_named() || includes_last_day(&text.to_lowercase()))
}

/// Whether a rule says so already, one way or the other.
fn ends_after_it_begins(
    relation: &Relation,
    from: AttributeId,
    to: AttributeId,
    closed: bool,
) -> bool {
    let is = |side: &Expression<AttributeId>, id| *side == Expression::Field(id);
    relation.invariants.iter().filter_map(|invariant| invariant.expression.as_ref()).any(|rule| {
        match rule {
            Expression::Compare(left, Comparison::Greater, right) => {
                is(left, to) && is(right, from)
            }
            Expression::Compare(left, Comparison::Less, right) => is(left, from) && is(right, to),
            Expression::Compare(left, Comparison::GreaterOrEqual, right) if closed => {
                is(left, to) && is(right, from)
            }
            Expression::Compare(left, Comparison::LessOrEqual, right) if closed => {
                is(left, from) && is(right, to)
            }
            _ => false,
        }
    })
}
