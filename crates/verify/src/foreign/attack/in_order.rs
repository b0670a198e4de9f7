//! Where few rows of many are asked for in an order, and soon, an index has that order: else all rows that meet the
//! condition are read and sorted for the few.

use underpin_model::Pattern;
use underpin_pg::{Command, Expr, OrderBy, Output, Select, TableRef};
use underpin_server::SessionError;

use super::answers::{leads, plan};
use super::{Object, base};
use crate::foreign::arena::Arena;
use crate::foreign::mapping::{Place, attribute};
use crate::foreign::report::Judgement;
use crate::foreign::world::World;

/// How many rows are asked for.
const PAGE: i64 = 20;

/// The columns of the order that a pattern asks for, each with whether it goes down; `None` where one has no column of its
/// own.
pub(super) fn stated(
    arena: &Arena<'_>,
    object: &Object<'_>,
    pattern: &Pattern,
) -> Option<Vec<(usize, bool)>> {
    let column = |field| {
        let all = 0..object.shape.table.columns.len();
        let mut of_field = all.filter(|&at| {
            attribute(arena.sides, &object.ours, at).and_then(|it| it.field) == Some(field)
        });
        match object.place(of_field.next()?)? {
            Place::Column(column) => Some(column),
            Place::Lower(_) | Place::Upper(_) => None,
        }
    };
    let sorted = pattern.sort.iter().map(|sort| Some((column(sort.field)?, sort.descending)));
    sorted.collect::<Option<Vec<_>>>().filter(|it| !it.is_empty())
}

/// Asks the planner for the first rows that have some values of a living row, where it may sort only if it must.
pub(super) fn attack(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    columns: &[usize],
    order: &[(usize, bool)],
) -> Result<Judgement, SessionError> {
    let row = match base(arena, object, &mut World::default())? {
        Ok(row) => row,
        Err(reason) => return Ok(Judgement::Untried(reason)),
    };
    let known: Vec<usize> = columns.iter().copied().filter(|&at| row[at].is_some()).collect();
    if known.len() < columns.len() {
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
    select.filter = Some(Expr::And(same.collect()));
    select.order_by = order
        .iter()
        .map(|&(at, descending)| OrderBy { value: Expr::column(name(at)), descending })
        .collect();
    select.limit = Some(Expr::integer(PAGE));
    for setting in ["enable_sort", "enable_incremental_sort", "enable_bitmapscan"] {
        arena.session.batch(&Command::SetLocal(setting, "off").to_string())?;
    }
    let Some(plan) = plan(arena, select, &known, &row)? else {
        return Ok(Judgement::Untried("no plan was printed".to_owned()));
    };
    let nodes = plan.nodes();
    let sorts = nodes.iter().any(|node| node.contains("Sort"));
    let leads = plan.searched().iter().any(|index| leads(arena, object, index, &known));
    if leads && !sorts {
        return Ok(Judgement::Held { refused: 0, accepted: 1 });
    }
    let wanted = order.iter().map(|&(at, _)| name(at).as_str()).collect::<Vec<_>>().join(", ");
    let by = known.iter().map(|&at| name(at).as_str()).collect::<Vec<_>>().join(", ");
    Ok(Judgement::Broken(format!(
        "no index finds rows by {by} in the order of {wanted}: the plan is {}",
        nodes.join(", ")
    )))
}
