//! P055: which queries on a table that is split by time say the time, so that they read few partitions, and which do not.

use underpin_logical::{Decision, LogicalDesign};
use underpin_model::Model;
use underpin_pg::Ident;

use crate::{ParameterRole, PartitionDesign, PhysicalDesign, Query};

/// Planning looks at each partition that a query may need (manual, section 5.11.6); above so many it takes longer than
/// many a query.
const MANY_PARTITIONS: f64 = 100.0;

pub(crate) fn apply(model: &Model, _logical: &LogicalDesign, design: &mut PhysicalDesign) {
    let mut decisions = Vec::new();
    for query in design.queries.iter().filter(|query| query.statement.is_some()) {
        let Some(partitions) = split(design, query) else { continue };
        // A row that is added says its time.
        let is_added = query.parameters.iter().any(|it| it.role == ParameterRole::Value)
            && matches!(query.statement, Some(underpin_pg::Statement::Insert(_)));
        if is_added || time_of(design, query).is_some() {
            continue;
        }
        let column = partitions.upkeep.column.as_str();
        let worry = if partitions.count >= MANY_PARTITIONS {
            "; planning alone takes time for so many"
        } else {
            ""
        };
        decisions.push(
            Decision::new(
                "P055",
                &query.name,
                format!("{} looks into each partition of `{}`", query.name, query.table.name.as_str()),
                format!(
                    "it does not say since when (`{column}`), so that none of the about {:.0} partitions can be left out; each \
                     is one more index to search{worry}",
                    partitions.count
                ),
            )
            .instead_of(format!("a condition on `{column}`, such as the oldest time that can matter"))
            .changes_when(format!("the pattern says `{column}`"))
            .from_statement(model.pattern(query.pattern).source),
        );
    }
    design.decisions.extend(decisions);
}

/// How the main table of a query is split.
fn split<'d>(design: &'d PhysicalDesign, query: &Query) -> Option<&'d PartitionDesign> {
    design.tables.of(&query.table)?.partitions.as_ref()
}

/// The column of a query's main table by which it is split, where the query says from when on.
pub(super) fn time_of<'d>(design: &'d PhysicalDesign, query: &Query) -> Option<&'d Ident> {
    let upkeep = &split(design, query)?.upkeep;
    let says = query.parameters.iter().any(|parameter| {
        let is_time = parameter
            .column
            .as_ref()
            .is_some_and(|(table, column)| *table == upkeep.table && *column == upkeep.column);
        is_time
            && match parameter.role {
                ParameterRole::Equals | ParameterRole::Lower | ParameterRole::AnyOf => true,
                ParameterRole::Upper
                | ParameterRole::Search
                | ParameterRole::Contained
                | ParameterRole::Value
                | ParameterRole::IfGiven
                | ParameterRole::Rows
                | ParameterRole::After => false,
            }
    });
    says.then_some(&upkeep.column)
}
