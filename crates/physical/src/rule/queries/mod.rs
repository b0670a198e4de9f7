//! P040: each access pattern becomes one statement with typed parameters.

mod build;
mod select;
mod write;

use underpin_logical::LogicalDesign;
use underpin_model::{AccessKind, Model};
use underpin_pg::Statement;

use crate::{PhysicalDesign, Query};
use build::Builder;
pub(crate) use build::text_vector;

pub(crate) fn apply(model: &Model, logical: &LogicalDesign, design: &mut PhysicalDesign) {
    let mut queries = Vec::new();
    for (id, pattern) in model.patterns() {
        let Some(relation) = logical.relation_of(pattern.entity) else { continue };
        let mut builder = Builder::new(model, logical, design, relation);
        let statement = match (&pattern.sql, pattern.kind) {
            (Some(sql), _) => {
                Some(Statement::Verbatim(sql.trim().trim_end_matches(';').trim_end().to_owned()))
            }
            (None, AccessKind::Read)
                if pattern.filter.is_empty() && !pattern.unresolved.is_empty() =>
            {
                // All rows are not what was asked for.
                builder.remarks.push(format!(
                    "no field is known for \"{}\"",
                    pattern.unresolved.join("\", \"")
                ));
                None
            }
            (None, AccessKind::Read) => Some(select::statement(&mut builder, pattern)),
            (None, AccessKind::Write) => write::statement(&mut builder, pattern),
        };
        let main = design.tables[relation.index()].table.clone();
        queries.push(Query {
            pattern: id,
            name: pattern.name.clone(),
            table: main,
            tables: builder.tables,
            kind: pattern.kind,
            statement,
            parameters: if pattern.sql.is_some() { Vec::new() } else { builder.parameters },
            promised_index: None,
            equivalent_indexes: Vec::new(),
            remark: if builder.remarks.is_empty() {
                None
            } else {
                Some(builder.remarks.join("; "))
            },
            frequency: pattern.frequency.clone(),
            per_second: pattern.per_second,
            latency_ms: pattern.latency_ms,
        });
    }
    design.queries = queries;
}
