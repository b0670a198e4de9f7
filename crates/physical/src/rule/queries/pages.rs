//! P041: the next page of a list: the rows after the last one that the reader has, found by that row's own values.
//! OFFSET would read, and throw away, every row of the pages before, and would show a row twice where another
//! was added meanwhile.

use underpin_base::Span;
use underpin_logical::{Decision, RelationId};
use underpin_model::{Pattern, Pick};
use underpin_pg::{BinaryOperator, Column, Expr, Select, Statement, Type};

use super::build::Builder;
use super::select::ordered;
use crate::{Parameter, ParameterRole, PhysicalDesign, Query};

const RULE: &str = "P041";

/// One part of the order: the column, and whether the greatest comes first.
type Sorted<'a> = (RelationId, &'a Column, bool);

/// What a list returns after the row whose sort values are the parameters; `None` for what has no pages, and with a
/// remark where a value that is missing has no place in a comparison.
pub(super) fn next(
    builder: &mut Builder<'_>,
    pattern: &Pattern,
    first: &Select,
    reachable: &[RelationId],
) -> Option<Select> {
    let is_list = pattern.limit.is_some_and(|limit| limit > 1);
    let order = ordered(builder, pattern, reachable);
    let is_picked = pattern.pick.is_some_and(|pick| pick != Pick::PageNumber);
    if !is_list || order.is_empty() || pattern.is_computed() || is_picked {
        return None;
    }
    let unplaced = order.iter().find(|(relation, column, _)| {
        !column.not_null || *relation != builder.main || !is_comparable(&column.data_type)
    });
    if let Some((_, column, _)) = unplaced {
        builder.remarks.push(format!(
            "no statement gives the next page, since `{}` can be missing, and no row comes after a missing value",
            column.name.as_str()
        ));
        return None;
    }
    let after = after(builder, &order);
    let mut next = first.clone();
    next.filter = Some(match next.filter.take() {
        None => after,
        Some(Expr::And(mut parts)) => {
            parts.push(after);
            Expr::And(parts)
        }
        Some(one) => Expr::And(vec![one, after]),
    });
    Some(next)
}

fn is_comparable(data_type: &Type) -> bool {
    !matches!(data_type, Type::Jsonb | Type::Array(_) | Type::TsVector)
}

/// That a row comes after the parameters in the order: one comparison of rows where all parts run the same way, which an
/// index answers as a range; else the first column as a range, and all of them by cases within it.
fn after(builder: &mut Builder<'_>, order: &[Sorted<'_>]) -> Expr {
    let sides: Vec<(Expr, Expr, BinaryOperator)> = order
        .iter()
        .map(|&(relation, column, descending)| {
            let value = builder.reference(relation, &column.name);
            let last = builder.parameter(relation, column, ParameterRole::After);
            let beyond = if descending { BinaryOperator::Less } else { BinaryOperator::Greater };
            (value, last, beyond)
        })
        .collect();
    let (_, _, beyond) = sides[0];
    if let [(value, last, _)] = &sides[..] {
        return Expr::binary(value.clone(), beyond, last.clone());
    }
    if sides.iter().all(|side| side.2 == beyond) {
        let (values, lasts) = sides.into_iter().map(|(value, last, _)| (value, last)).unzip();
        return Expr::binary(Expr::Row(values), beyond, Expr::Row(lasts));
    }
    let cases = (0..sides.len())
        .map(|at| {
            let (value, last, beyond) = sides[at].clone();
            let tied = sides[..at]
                .iter()
                .map(|(value, last, _)| Expr::equals(value.clone(), last.clone()));
            let mut parts: Vec<Expr> = tied.collect();
            parts.push(Expr::binary(value, beyond, last));
            if parts.len() == 1 { parts.remove(0) } else { Expr::And(parts) }
        })
        .collect();
    let (value, last, beyond) = sides[0].clone();
    let or_tied = match beyond {
        BinaryOperator::Less => BinaryOperator::LessOrEqual,
        _ => BinaryOperator::GreaterOrEqual,
    };
    Expr::And(vec![Expr::binary(value, or_tied, last), Expr::Or(cases)])
}

/// The query that gives the next page of a list. How often it is asked no document says.
pub(super) fn following(first: &Query, next: Select, parameters: Vec<Parameter>) -> Query {
    Query {
        name: format!("{}_next", first.name),
        statement: Some(Statement::Select(next)),
        parameters,
        follows: Some(first.name.clone()),
        remark: None,
        frequency: None,
        per_second: None,
        ..first.clone()
    }
}

/// Why pages are read so.
pub(super) fn decide(design: &mut PhysicalDesign, lists: &[(String, Span)]) {
    let Some(((first, source), others)) = lists.split_first() else { return };
    let mut decision = Decision::new(
        RULE,
        first,
        "the next page of a list is found by the values of the last row",
        "an index can be entered where the page begins, so that no page before it is read again, and rows that are added \
         meanwhile move none to another page",
    )
    .covering(others.iter().map(|(name, _)| name.clone()))
    .instead_of("OFFSET: reads all rows of the pages before, and throws them away")
    .changes_when("people must be able to jump to a page by its number")
    .from_statement(*source);
    decision.inputs.extend(others.iter().map(|(_, source)| *source));
    design.decisions.push(decision);
}
