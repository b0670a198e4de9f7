//! P055: which queries on a table that is split say by what, so that they read few partitions, and which do not.

use underpin_logical::{Decision, LogicalDesign};
use underpin_model::{Model, Window, WriteForm};
use underpin_pg::Ident;

use crate::{ParameterRole, PartitionDesign, PartitionScheme, PhysicalDesign, Query, QueryWindow};

/// Planning looks at each partition that a query may need (manual, section 5.11.6); above so many it takes longer than
/// many a query.
const MANY_PARTITIONS: f64 = 100.0;

pub(crate) fn apply(model: &Model, _logical: &LogicalDesign, design: &mut PhysicalDesign) {
    let mut decisions = Vec::new();
    let mut remarks = Vec::new();
    for (at, query) in design.queries.iter().enumerate() {
        if query.statement.is_none() {
            continue;
        }
        let Some(partitions) = split(design, query) else { continue };
        // A row that is added says its time.
        let is_added = model.pattern(query.pattern).form.is_some_and(WriteForm::adds);
        if is_added || key_of(design, query).is_some() {
            continue;
        }
        let columns: Vec<&str> = partitions.columns.iter().map(Ident::as_str).collect();
        let column = columns.join(", ");
        let worry = if partitions.count >= MANY_PARTITIONS {
            "; planning alone takes time for so many"
        } else {
            ""
        };
        let (unsaid, about, instead) = match partitions.scheme {
            PartitionScheme::Time(_) => (
                format!("since when (`{column}`)"),
                "about ",
                format!("a condition on `{column}`, such as the oldest time that can matter"),
            ),
            PartitionScheme::List(_) | PartitionScheme::Hash => {
                (format!("which `{column}`"), "", format!("a condition `{column} = ...`"))
            }
        };
        remarks.push((
            at,
            format!("it looks into each of the {about}{:.0} partitions{worry}", partitions.count),
        ));
        decisions.push(
            Decision::new(
                "P055",
                &query.name,
                format!("{} looks into each partition of `{}`", query.name, query.table.name.as_str()),
                format!(
                    "it does not say {unsaid}, so that none of the {about}{:.0} partitions can be left out; each is one more \
                     index to search{worry}",
                    partitions.count
                ),
            )
            .instead_of(instead)
            .changes_when(format!("the pattern says `{column}`"))
            .from_statement(model.pattern(query.pattern).source),
        );
    }
    for (at, remark) in remarks {
        let query = &mut design.queries[at];
        query.remark = Some(match query.remark.take() {
            Some(before) => format!("{before}; {remark}"),
            None => remark,
        });
    }
    design.decisions.extend(decisions);
}

/// How the main table of a query is split.
fn split<'d>(design: &'d PhysicalDesign, query: &Query) -> Option<&'d PartitionDesign> {
    design.tables.of(&query.table)?.partitions.as_ref()
}

/// The columns by which a query's main table is split, where the query says enough of them to leave partitions out: from
/// when on, or which value each has.
pub(super) fn key_of<'d>(design: &'d PhysicalDesign, query: &Query) -> Option<&'d [Ident]> {
    let partitions = split(design, query)?;
    let is_time = partitions.upkeep().is_some();
    let is_said = |column: &Ident| {
        // What was longer ago lies in all that are older.
        let begins = |window: Window| !matches!(window, Window::Before(..));
        let asks_the_clock = is_time && window(query, column).is_some_and(begins);
        asks_the_clock
            || query.parameters.iter().any(|parameter| {
                let is_it = parameter
                    .column
                    .as_ref()
                    .is_some_and(|(table, own)| *table == query.table && own == column);
                is_it
                    && match parameter.role {
                        ParameterRole::Equals => true,
                        ParameterRole::Lower => is_time,
                        // Several values of a hash lie anywhere.
                        ParameterRole::AnyOf => !matches!(partitions.scheme, PartitionScheme::Hash),
                        ParameterRole::Upper
                        | ParameterRole::Search
                        | ParameterRole::Beginning
                        | ParameterRole::Part
                        | ParameterRole::Contained
                        | ParameterRole::Value
                        | ParameterRole::IfGiven
                        | ParameterRole::Rows
                        | ParameterRole::After
                        | ParameterRole::Skipped
                        | ParameterRole::Near => false,
                    }
            })
    };
    partitions.columns.iter().all(is_said).then_some(partitions.columns.as_slice())
}

/// The stretch of time in which a query asks for the moments of a column of its main table.
pub(super) fn window(query: &Query, column: &Ident) -> Option<Window> {
    let is_it = |it: &&QueryWindow| it.table == query.table && it.column == *column;
    query.windows.iter().find(is_it).map(|it| it.window)
}

/// Whether a query says until when it asks for rows, or for which moment, where its table is split by times.
pub(super) fn ends(query: &Query, partitions: &PartitionDesign) -> bool {
    query.parameters.iter().any(|parameter| {
        let is_it = parameter
            .column
            .as_ref()
            .is_some_and(|(table, own)| *table == query.table && partitions.columns.contains(own));
        is_it
            && matches!(
                parameter.role,
                ParameterRole::Equals | ParameterRole::Upper | ParameterRole::AnyOf
            )
    })
}
