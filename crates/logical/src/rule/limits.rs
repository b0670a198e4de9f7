//! L024: what the rows of one row come to together, at most: how many there are, or what they add up to.

use underpin_base::Diagnostic;
use underpin_model::{Comparison, EntityId, Expression, FieldId, Literal, Model, Rule};

use super::{UNKEPT_TOTAL, absence};
use crate::{
    AttributeId, Decision, Limit, LimitBound, LogicalDesign, Reference, Relation, RelationId,
};

const RULE: &str = "L024";

pub(crate) fn apply(model: &Model, design: &mut LogicalDesign) {
    for rule in &model.rules {
        let Some(Expression::Together { by, amount, comparison, bound, condition }) =
            &rule.expression
        else {
            continue;
        };
        let Some(id) = by.first().and_then(|&field| relation_of(model, design, field)) else {
            continue;
        };
        let said = Said { by, amount: amount.as_deref(), bound, condition: condition.as_deref() };
        match limit(model, design, id, rule, (&said, *comparison)) {
            Ok(limit) => {
                let relation = &design.relations[id.index()];
                let is_known = relation.limits.iter().any(|known| {
                    let other = Limit { text: known.text.clone(), source: known.source, ..limit.clone() };
                    *known == other
                });
                if !is_known {
                    let decision = decision(design, id, &limit);
                    design.decisions.push(decision);
                    design.relations[id.index()].limits.push(limit);
                }
            }
            Err(reason) => design.diagnostics.push(
                Diagnostic::warning(
                    UNKEPT_TOTAL,
                    format!("the rule \"{}\" is not enforced: {reason}", rule.text.trim()),
                )
                .at(rule.source, "this rule")
                .help("the application keeps it, in the transaction that writes, or a job looks for rows that break it"),
            ),
        }
    }
}

/// The parts of a rule.
struct Said<'m> {
    by: &'m [FieldId],
    amount: Option<&'m Expression<FieldId>>,
    bound: &'m Expression<FieldId>,
    condition: Option<&'m Expression<FieldId>>,
}

fn relation_of(model: &Model, design: &LogicalDesign, field: FieldId) -> Option<RelationId> {
    let entity: EntityId = model.field(field).entity;
    design.relation_of(entity)
}

fn limit(
    model: &Model,
    design: &LogicalDesign,
    id: RelationId,
    rule: &Rule,
    (said, comparison): (&Said<'_>, Comparison),
) -> Result<Limit, String> {
    let is_strict = match comparison {
        Comparison::LessOrEqual => false,
        Comparison::Less => true,
        Comparison::Equal
        | Comparison::NotEqual
        | Comparison::Greater
        | Comparison::GreaterOrEqual => {
            return Err("it is broken as long as not all of the rows are there".to_owned());
        }
    };
    let relation = design.relation(id);
    let over = |expression: &Expression<FieldId>| {
        expression
            .try_map(&mut |&field| relation.attribute_of(field))
            .ok_or_else(|| "a field that it names is not stored with the rows".to_owned())
    };
    let by = said.by.iter().map(|&field| relation.attribute_of(field));
    let by: Vec<AttributeId> =
        by.collect::<Option<_>>().ok_or("a field that it names is not stored with the rows")?;
    let bound_field = said.bound.fields().first().copied();
    let owner_of_bound = bound_field.and_then(|field| relation_of(model, design, field));
    let leads = |reference: &&Reference| {
        reference.attributes.last().is_some_and(|last| by.contains(last))
            && owner_of_bound.is_none_or(|owner| owner == reference.target)
    };
    let Some(reference) = relation.references.iter().find(leads) else {
        return Err(if relation.crossings.iter().any(|it| leads(&it)) {
            "the row that the rows belong to lives in another bounded context".to_owned()
        } else {
            "no reference leads from the rows to the row that they belong to".to_owned()
        });
    };
    let bound = match (said.bound, bound_field) {
        (Expression::Literal(literal), None) => LimitBound::Fixed(literal.clone()),
        (Expression::Field(_), Some(field)) => {
            let attribute = design.relation(reference.target).attribute_of(field);
            LimitBound::Attribute(attribute.ok_or("its bound is not stored")?)
        }
        _ => return Err("its bound is neither a number nor a field".to_owned()),
    };
    let amount = said.amount.map(over).transpose()?;
    Ok(Limit {
        owner: reference.target,
        reference: reference
            .attributes
            .iter()
            .copied()
            .zip(reference.target_attributes.iter().copied())
            .collect(),
        may_be_negative: amount.as_ref().is_some_and(|it| !is_never_negative(relation, it)),
        amount,
        is_strict,
        bound,
        condition: said
            .condition
            .map(over)
            .transpose()?
            .map(|condition| absence::covering(condition, relation)),
        by,
        text: rule.text.trim().to_owned(),
        source: Some(rule.source),
    })
}

/// Whether what is added up is known not to be below zero: each number in it, as rules of the row say.
fn is_never_negative(relation: &Relation, amount: &Expression<AttributeId>) -> bool {
    amount.fields().iter().all(|field| {
        relation.invariants.iter().filter_map(|it| it.expression.as_ref()).any(|rule| {
            let Expression::Compare(left, comparison, right) = rule else { return false };
            let is_field = **left == Expression::Field(*field);
            let from = match &**right {
                Expression::Literal(Literal::Integer(from)) => *from >= 0,
                Expression::Literal(Literal::Decimal(from)) => !from.starts_with('-'),
                _ => false,
            };
            is_field
                && from
                && matches!(
                    comparison,
                    Comparison::Greater | Comparison::GreaterOrEqual | Comparison::Equal
                )
        })
    })
}

fn decision(design: &LogicalDesign, id: RelationId, limit: &Limit) -> Decision {
    let (relation, owner) = (design.relation(id), design.relation(limit.owner));
    let what = match &limit.amount {
        None => format!("the number of {} rows", relation.name),
        Some(amount) => {
            let named = amount.try_map(&mut |&id| Some(relation.attribute(id).name.clone()));
            format!(
                "the sum of {} over {} rows",
                named.map_or_else(String::new, |it| it.to_string()),
                relation.name
            )
        }
    };
    let bound = match &limit.bound {
        LimitBound::Fixed(literal) => literal.to_string(),
        LimitBound::Attribute(id) => format!("its {}", owner.attribute(*id).name),
    };
    let sign = if limit.is_strict { "<" } else { "<=" };
    let by: Vec<&str> = limit.by.iter().map(|&id| &*relation.attribute(id).name).collect();
    let mut decision = Decision::new(
        RULE,
        format!("{}.{}", relation.name, by.join("+")),
        format!("{what} of one {} is refused above a bound: {sign} {bound}", owner.name),
        "no constraint sees more than one row, and two sessions that count before they insert both find room",
    )
    .instead_of("the application counts before it inserts: two requests at once both find room")
    .instead_of(format!(
        "a counter in {} with a CHECK: faster for very many rows, and one more value that must be kept true on \
         every path",
        owner.name
    ))
    .instead_of("SERIALIZABLE for every transaction that touches these rows, and nobody may forget it")
    .changes_when(format!(
        "one {} has so many rows that adding them up for each new one is measured to be slow: then keep the total \
         beside the bound",
        owner.name
    ))
    .so_that(format!(
        "a trigger writes the {} as it is before it looks, so that writers of one {} come one after the other at \
         every isolation level; at REPEATABLE READ the later one is refused with 40001 and tries again",
        owner.name, owner.name
    ))
    .so_that("it looks when a row is added, brought over, or comes to count, and when the bound is lowered");
    decision.inputs.extend(limit.source);
    decision
}
