//! Tables that stay small, which the server reads whole at less cost than it reads an index before them.

use underpin_logical::{AttributeId, LogicalDesign, Relation};
use underpin_model::{Comparison, EntityId, Expression, FieldKind, Literal};

use crate::PhysicalDesign;

/// Rows that fit into some ten pages: an index saves nothing there, and the planner passes it over.
const FEW_ROWS: f64 = 500.0;

/// Why the entity's table stays small, where that is known.
pub(super) fn never_many(
    logical: &LogicalDesign,
    design: &PhysicalDesign,
    entity: EntityId,
) -> Option<String> {
    let id = logical.relation_of(entity)?;
    let table = &design.tables[id.index()];
    let name = table.table.name.as_str();
    let growth = &table.growth;
    if let Some(rows) = growth.rows.filter(|rows| *rows <= FEW_ROWS)
        && growth.per_month.is_none_or(|more| more * 60.0 + rows <= FEW_ROWS)
    {
        return Some(format!(
            "{name} has {rows} rows, as the documents say: read whole, they cost less than an index \
             and then the rows"
        ));
    }
    let relation = logical.relation(id);
    let whole = relation.uniques.iter().filter(|key| key.condition.is_none());
    let keys = whole.map(|key| &key.attributes).chain([&relation.key]);
    let most = keys.filter_map(|key| combinations(relation, key)).min()?;
    (most <= 500).then(|| {
        format!(
            "{name} can never have more than {most} rows, since no two share the values of a key that \
             has no more: read whole, they cost less than an index and then the rows"
        )
    })
}

/// How many rows a key can tell apart, where all its columns are limited.
fn combinations(relation: &Relation, key: &[AttributeId]) -> Option<u64> {
    let mut product = 1_u64;
    for &id in key {
        // What is absent is never alike.
        if !relation.attribute(id).required {
            return None;
        }
        let values = match relation.attribute(id).kind {
            FieldKind::Boolean => 2,
            FieldKind::Integer { .. } => whole_numbers(relation, id)?,
            _ => return None,
        };
        product = product.checked_mul(values)?;
    }
    Some(product)
}

/// How many whole numbers the rules let into a column.
fn whole_numbers(relation: &Relation, id: AttributeId) -> Option<u64> {
    let (mut low, mut high) = (None::<i64>, None::<i64>);
    let mut see = |rule: &Expression<AttributeId>| {
        let Expression::Compare(left, comparison, right) = rule else { return };
        let (Expression::Field(field), Expression::Literal(Literal::Integer(bound))) =
            (&**left, &**right)
        else {
            return;
        };
        if *field != id {
            return;
        }
        match comparison {
            Comparison::GreaterOrEqual => low = low.max(Some(*bound)),
            Comparison::Greater => low = low.max(bound.checked_add(1)),
            Comparison::LessOrEqual => high = Some(high.map_or(*bound, |known| known.min(*bound))),
            Comparison::Less => {
                high = bound.checked_sub(1).map(|bound| high.map_or(bound, |it| it.min(bound)));
            }
            Comparison::Equal | Comparison::NotEqual => {}
        }
    };
    for rule in relation.invariants.iter().filter_map(|invariant| invariant.expression.as_ref()) {
        match rule {
            Expression::All(list) => list.iter().for_each(&mut see),
            one => see(one),
        }
    }
    u64::try_from(high?.checked_sub(low?)?.checked_add(1)?).ok()
}
