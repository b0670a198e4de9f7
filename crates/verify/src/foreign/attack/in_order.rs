//! Where few rows of many are asked for in an order, and soon, an index has that order: else all rows that meet the
//! condition are read and sorted for the few.

use underpin_model::{FilterOperator, Pattern};
use underpin_pg::{Command, Expr, IndexKey, OrderBy, Output, Select, TableRef};
use underpin_server::SessionError;

use super::answers::{Given, leads, plan};
use super::{Object, base};
use crate::foreign::arena::Arena;
use crate::foreign::mapping::{Place, attribute};
use crate::foreign::report::Judgement;
use crate::foreign::world::World;
use crate::rule::mentioned;

/// How many rows are asked for.
const PAGE: i64 = 20;

/// The columns of the order that a pattern asks for, each with whether it goes down; `None` where one has no column of its
/// own.
pub(super) fn stated(
    arena: &Arena<'_>,
    object: &Object<'_>,
    pattern: &Pattern,
) -> Option<Vec<(usize, bool)>> {
    let column = |field| match object.place(object.column_of(arena.sides, field)?)? {
        Place::Column(column) => Some(column),
        Place::Lower(_) | Place::Upper(_) => None,
    };
    let sorted = pattern.sort.iter().map(|sort| Some((column(sort.field)?, sort.descending)));
    sorted.collect::<Option<Vec<_>>>().filter(|it| !it.is_empty())
}

/// Whether the index that our own design has for a pattern is in its order: where it is not, few rows are sorted, and nobody
/// else needs the order.
pub(super) fn is_promised(arena: &Arena<'_>, pattern: &Pattern) -> bool {
    let physical = arena.sides.physical;
    let Some(first) = pattern.sort.first() else { return false };
    let promised = physical.queries.iter().filter(|it| it.name == pattern.name);
    let mut promised = promised.filter_map(|query| query.promised_index.as_ref());
    let relation = arena.sides.logical.relation_of(pattern.entity);
    let attribute =
        relation.and_then(|id| arena.sides.logical.relation(id).attribute_of(first.field));
    let table = relation.and_then(|id| physical.tables.iter().find(|it| it.relation == id));
    let column = table.zip(attribute).map(|(design, id)| design.column(id));
    let stored = table.and_then(|it| physical.schema.tables.get(&it.table));
    promised.any(|name| match physical.schema.indexes.get(name) {
        Some(index) => index.columns.iter().any(|part| match &part.key {
            IndexKey::Column(name) => Some(name) == column,
            IndexKey::Expression(_) => true,
        }),
        None => stored.is_some_and(|table| {
            let mut keys = table.keys().filter(|key| key.name == name.name);
            keys.any(|key| key.columns.iter().any(|it| Some(it) == column))
        }),
    })
}

/// The predicates of indexes that speak of no other rows than a pattern does: of the values that it fixes, and of rows that
/// are not marked as deleted.
fn predicates(arena: &Arena<'_>, object: &Object<'_>, pattern: &Pattern) -> Vec<Expr> {
    let mut known: Vec<(usize, Vec<String>)> = Vec::new();
    for at in 0..object.shape.table.columns.len() {
        let field = attribute(arena.sides, &object.ours, at).and_then(|it| it.field);
        let Some(Place::Column(column)) = object.place(at) else { continue };
        for filter in pattern.conditions().filter(|it| Some(it.field) == field) {
            match &filter.operator {
                FilterOperator::Constant(value) => known.push((column, vec![value.clone()])),
                FilterOperator::OneOf(values) | FilterOperator::NoneOf(values) => {
                    known.push((column, values.clone()));
                }
                FilterOperator::IsNull | FilterOperator::IsPresent => {
                    known.push((column, vec!["NULL".to_owned()]));
                }
                FilterOperator::Equals
                | FilterOperator::Range
                | FilterOperator::Bound(_)
                | FilterOperator::Window(_)
                | FilterOperator::In
                | FilterOperator::Search
                | FilterOperator::Begins
                | FilterOperator::Part
                | FilterOperator::Contains => {}
            }
        }
    }
    let is_fixed = |predicate: &Expr| {
        let sql = predicate.to_string();
        mentioned(object.table, predicate).into_iter().all(|at| {
            let is_mark = object.table.columns[at].name.as_str().starts_with("deleted");
            is_mark
                || known
                    .iter()
                    .any(|(it, values)| *it == at && values.iter().all(|value| sql.contains(value)))
        })
    };
    let indexes = arena.sides.ground.schema.indexes_of(&object.table.name);
    indexes.filter_map(|it| it.predicate.clone()).filter(is_fixed).collect()
}

/// Asks the planner for the first rows that have some values of a living row, where it may sort only if it must.
pub(super) fn attack(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    pattern: &Pattern,
    given: Given<'_>,
    order: &[(usize, bool)],
) -> Result<Judgement, SessionError> {
    let row = match base(arena, object, &mut World::default())? {
        Ok(row) => row,
        Err(reason) => return Ok(Judgement::Untried(reason)),
    };
    let known: Vec<usize> = given.all.iter().copied().filter(|&at| row[at].is_some()).collect();
    if known.len() < given.all.len() {
        return Ok(Judgement::Untried("the row holds nothing to be found by".to_owned()));
    }
    let name = |at: usize| &object.table.columns[at].name;
    let output = vec![Output { value: Expr::column(name(known[0])), name: None }];
    let from = TableRef { table: object.table.name.clone(), alias: None };
    let mut select = Select::new(output, Some(from));
    let same = known.iter().enumerate().map(|(number, &at)| {
        let number = u16::try_from(number + 1).expect("a query has few conditions");
        Expr::equals(Expr::column(name(at)), Expr::Parameter(number))
    });
    let same: Vec<Expr> = same.collect();
    select.filter = Some(Expr::And(same.clone()));
    select.order_by = order
        .iter()
        .map(|&(at, descending)| OrderBy { value: Expr::column(name(at)), descending })
        .collect();
    select.limit = Some(Expr::integer(PAGE));
    for setting in ["enable_sort", "enable_incremental_sort", "enable_bitmapscan"] {
        arena.session.batch(&Command::SetLocal(setting, "off").to_string())?;
    }
    // Also for those rows only that the pattern fixes, where an index is about them.
    let fixed = predicates(arena, object, pattern);
    let mut asked = vec![select.clone()];
    asked.extend(fixed.into_iter().map(|predicate| {
        let filter = Some(Expr::And(same.iter().cloned().chain([predicate]).collect()));
        Select { filter, ..select.clone() }
    }));
    let mut nodes = Vec::new();
    for select in asked {
        let Some(plan) = plan(arena, select, &known, &row)? else {
            return Ok(Judgement::Untried("no plan was printed".to_owned()));
        };
        let sorts = plan.nodes().iter().any(|node| node.contains("Sort"));
        let leads = plan.searched().iter().any(|index| leads(arena, object, index, given));
        if leads && !sorts {
            return Ok(Judgement::Held { refused: 0, accepted: 1 });
        }
        if nodes.is_empty() {
            nodes = plan.nodes();
        }
    }
    let wanted = order.iter().map(|&(at, _)| name(at).as_str()).collect::<Vec<_>>().join(", ");
    let by = known.iter().map(|&at| name(at).as_str()).collect::<Vec<_>>().join(", ");
    Ok(Judgement::Broken(format!(
        "no index finds rows by {by} in the order of {wanted}: the plan is {}",
        nodes.join(", ")
    )))
}
