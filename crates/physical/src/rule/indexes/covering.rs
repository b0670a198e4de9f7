//! What an index holds besides its keys, so that a value that is computed of many rows is computed from the index alone
//! (manual, section 11.9): rows that are alike lie all over the table, and their entries side by side.

use underpin_logical::LogicalDesign;
use underpin_model::Pattern;
use underpin_pg::{Expr, Ident, Statement};

use super::candidate::CandidateColumn;
use super::long_text;
use crate::PhysicalDesign;

/// Why what is computed of all rows has no index.
pub(super) const OF_ALL: &str = "it computes over all rows of the table, which no index makes fewer; where that takes too long, \
                                 a table of sums that is kept up to date answers at once";

/// From so many rows that are alike on, reading them one by one from the table costs more than what the index gets wider.
pub(super) const ROWS: f64 = 20.0;

/// With more columns than these the index is nearly the table again.
const MOST: usize = 4;

/// The columns that a statement which computes reads besides those of the index; none where they are too many or too long, or
/// where it reads rows.
pub(super) fn columns(
    logical: &LogicalDesign,
    design: &PhysicalDesign,
    pattern: &Pattern,
    keys: &[CandidateColumn],
) -> Vec<Ident> {
    if !pattern.is_computed() || !pattern.joins.is_empty() {
        return Vec::new();
    }
    let Some(query) = design.queries.iter().find(|query| query.name == pattern.name) else {
        return Vec::new();
    };
    let Some(Statement::Select(select)) = &query.statement else { return Vec::new() };
    // A condition that the index has for all its rows is not looked at again.
    let conditions: Vec<&Expr> = match &select.filter {
        Some(Expr::And(parts)) => parts.iter().collect(),
        Some(one) => vec![one],
        None => Vec::new(),
    };
    let is_of_call = |part: &&Expr| !matches!(part, Expr::Binary(_, _, value) if matches!(**value, Expr::Literal(_)));
    let read = select
        .output
        .iter()
        .map(|output| &output.value)
        .chain(&select.group_by)
        .chain(conditions.into_iter().filter(is_of_call));
    let mut found: Vec<Ident> = Vec::new();
    for name in read.flat_map(Expr::columns) {
        if !found.contains(name) && !keys.iter().any(|key| key.name == *name) {
            found.push(name.clone());
        }
    }
    let Some(id) = logical.relation_of(pattern.entity) else { return Vec::new() };
    let table = &design.tables[id.index()];
    let is_long = |name: &Ident| {
        logical.relation(id).attributes().any(|(id, attribute)| {
            table.column(id) == name && long_text::may_be_long(name, &attribute.kind)
        })
    };
    if found.len() > MOST || found.iter().any(is_long) { Vec::new() } else { found }
}
