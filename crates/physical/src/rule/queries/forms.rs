//! Writes with a form of their own: a row that is added or changed, many rows at once, the next rows of a queue.

use underpin_logical::{AttributeId, Relation};
use underpin_model::{FieldKind, FilterOperator, Pattern};
use underpin_pg::{
    BulkInsert, Expr, Ident, Insert, OnConflict, OrderBy, Output, QueueTake, Select, Statement,
    TableRef, Type, Upsert,
};

use super::build::Builder;
use super::state_change;
use crate::ParameterRole;

/// What an INSERT does to the row that is there.
struct Conflict {
    key: Vec<Ident>,
    set: Vec<Ident>,
    version: Option<Ident>,
}

impl Conflict {
    /// On the first key that the call gives as a whole; nothing where there is none.
    fn of(builder: &mut Builder<'_>, insert: &Insert) -> Option<Self> {
        let relation = builder.logical.relation(builder.main);
        let columns = builder.columns(builder.main);
        let name = |id: AttributeId| columns[id.index()].name.clone();
        let is_given = |ids: &[AttributeId]| {
            !ids.is_empty() && ids.iter().all(|&id| insert.columns.contains(&name(id)))
        };
        let stated =
            relation.uniques.iter().find(|it| it.condition.is_none() && is_given(&it.attributes));
        let key: Vec<AttributeId> = match stated {
            Some(unique) => unique.attributes.clone(),
            None if is_given(&relation.key) => relation.key.clone(),
            None => {
                builder.remarks.push(
                    "no key of the table is given with the row, so that none can be there already"
                        .to_owned(),
                );
                return None;
            }
        };
        let is_free = |id: AttributeId| {
            !key.contains(&id)
                && !relation.key.contains(&id)
                && relation.version != Some(id)
                && insert.columns.contains(&name(id))
                && !is_of_another(relation, id)
        };
        let set: Vec<Ident> =
            relation.attributes().map(|(id, _)| id).filter(|&id| is_free(id)).map(name).collect();
        let key: Vec<Ident> = key.into_iter().map(name).collect();
        Some(Self { key, set, version: relation.version.map(name) })
    }

    fn clause(&self) -> OnConflict<'_> {
        OnConflict { key: &self.key, among: None, set: &self.set, version: self.version.as_ref() }
    }
}

/// The INSERT that changes the row which has the first key that the call gives as a whole; nothing where there is none.
pub(super) fn upsert(builder: &mut Builder<'_>, insert: &Insert) -> Option<Statement> {
    let conflict = Conflict::of(builder, insert)?;
    let upsert = Upsert { insert, conflict: conflict.clause() };
    Some(Statement::Verbatim(upsert.to_string()))
}

/// Whether the attribute never changes, or says whose the row is.
fn is_of_another(relation: &Relation, id: AttributeId) -> bool {
    relation.permanences.iter().any(|it| it.attributes.contains(&id))
        || relation.machines.iter().any(|it| it.attribute == id)
}

/// The INSERT of as many rows as its lists are long, which may change those that are there; nothing where a column is a list
/// itself.
pub(super) fn bulk(
    builder: &mut Builder<'_>,
    insert: &Insert,
    replaces: bool,
) -> Option<Statement> {
    let of = |name: &Ident| {
        let column = builder.columns(builder.main).iter().find(|column| column.name == *name)?;
        Some((name.clone(), column.data_type.clone()))
    };
    let columns: Vec<(Ident, Type)> = insert.columns.iter().filter_map(of).collect();
    if columns.is_empty() || columns.iter().any(|(_, of)| matches!(of, Type::Array(_))) {
        builder.remarks.push("many rows at once: COPY takes them in one go".to_owned());
        return None;
    }
    let conflict = if replaces { Conflict::of(builder, insert) } else { None };
    for parameter in &mut builder.parameters {
        parameter.role = ParameterRole::Rows;
        parameter.name.push_str("_list");
        parameter.data_type = Type::Array(Box::new(parameter.data_type.clone()));
    }
    builder.remarks.push(
        "each list has a value for each row; from some thousand rows on, COPY is faster".to_owned(),
    );
    if conflict.is_some() {
        builder.remarks.push(
            "no key may come twice in one call; COPY goes into a temporary table, from which this INSERT takes the rows"
                .to_owned(),
        );
    }
    let bulk = BulkInsert {
        table: &insert.table,
        columns: &columns,
        conflict: conflict.as_ref().map(Conflict::clause),
        returning: &insert.returning,
    };
    Some(Statement::Verbatim(bulk.to_string()))
}

/// The column with one of a few values, of which the pattern names the one that waits.
fn state_asked_for(builder: &Builder<'_>, pattern: &Pattern) -> Option<AttributeId> {
    let relation = builder.logical.relation(builder.main);
    let is_named = |field| {
        pattern.filter.iter().any(|it| {
            it.field == field
                && matches!(it.operator, FilterOperator::Constant(_) | FilterOperator::OneOf(_))
        })
    };
    let mut states = relation.attributes().filter(|(_, attribute)| {
        matches!(attribute.kind, FieldKind::Enumeration(_)) && attribute.field.is_some_and(is_named)
    });
    states.next().map(|(id, _)| id)
}

/// The UPDATE of the rows that are next; nothing where no state says which they are, or several columns which one it is.
pub(super) fn queue(builder: &mut Builder<'_>, pattern: &Pattern) -> Option<Statement> {
    let main = builder.main;
    let relation = builder.logical.relation(main);
    let [key] = relation.key[..] else { return None };
    let machine = relation.machines.first().map(|machine| machine.attribute);
    let state = machine.or_else(|| state_asked_for(builder, pattern))?;
    let columns = builder.columns(main);
    let column = &columns[state.index()];
    let given = builder.parameter(main, column, ParameterRole::Value);
    let mut set = vec![(column.name.clone(), given)];
    set.extend(state_change::besides(builder, pattern, &[state]));
    let mut parts = Vec::new();
    for filter in pattern.conditions() {
        parts.extend(builder.condition(filter, &[main]));
    }
    let key = columns[key.index()].name.clone();
    let table = builder.design.tables[main.index()].table.clone();
    let output = vec![Output { value: Expr::column(&key), name: None }];
    let mut next = Select::new(output, Some(TableRef { table: table.clone(), alias: None }));
    next.filter = match parts.len() {
        0 => return None,
        1 => parts.pop(),
        _ => Some(Expr::And(parts)),
    };
    let ordered = super::select::ordered(builder, pattern, &[main]);
    next.order_by = ordered
        .into_iter()
        .map(|(_, column, descending)| OrderBy { value: Expr::column(&column.name), descending })
        .collect();
    next.limit = Some(Expr::integer(i64::from(pattern.limit.unwrap_or(1))));
    let returning: Vec<Ident> = columns.iter().map(|column| column.name.clone()).collect();
    let take =
        QueueTake { table: &table, key: &key, next: &next, set: &set, returning: &returning };
    builder.remarks.push(
        "rows that another session holds are passed over: workers neither wait nor take the same row"
            .to_owned(),
    );
    Some(Statement::Verbatim(take.to_string()))
}

#[cfg(test)]
mod tests {
    fn statement(row: &str) -> String {
        let document = format!(
            "## Job\n\n| Field | Type | Key | Required |\n|---|---|---|---|\n| id | uuid | PK | yes |\n\
             | code | string(20) | unique | yes |\n| weight | integer | | yes |\n| state | enum | | yes, one of `queued`, `running`, `done` |\n\
             | run_at | timestamp | | yes |\n| started_at | timestamp | | |\n\n\
             ## Job lifecycle\n\nField: `Job.state`. Initial state: `queued`.\n\n`queued → running → done`\n\n\
             - `started_at` is required when `state` is `running` or `done`.\n\n\
             ## Access patterns\n\n| Query | Kind | Entity | Filter | Sort | Limit |\n|---|---|---|---|---|---|\n{row}\n"
        );
        let mut sources = underpin_base::Sources::default();
        sources.add("model.md", document);
        let model = underpin_model::build(&underpin_read::read(&sources), &sources);
        let design = crate::design(&model, &underpin_logical::design(&model));
        let statement = design.queries[0].statement.as_ref().unwrap().to_string();
        statement.replace("\n ", "").replace('\n', " ")
    }

    #[test]
    fn workers_pass_over_what_others_hold() {
        assert_eq!(
            statement("| claim next jobs | write | Job | state = 'queued' | run_at | 10 |"),
            "UPDATE public.jobs SET state = $1, started_at = coalesce($2, started_at) WHERE id = ANY (ARRAY( SELECT id FROM \
             public.jobs WHERE state = 'queued' ORDER BY run_at, id LIMIT 10 FOR UPDATE SKIP LOCKED )) RETURNING id, code, \
             weight, state, run_at, started_at"
        );
    }

    #[test]
    fn a_row_is_added_or_changed_by_its_key() {
        let text = statement("| upsert job | write | Job | | | |");
        assert!(
            text.contains("ON CONFLICT (code) DO UPDATE SET weight = excluded.weight"),
            "{text}"
        );
        assert!(!text.contains("state = excluded"), "{text}");
        assert!(!statement("| add job | write | Job | | | |").contains("ON CONFLICT"));
    }

    #[test]
    fn many_rows_come_at_once() {
        let text = statement("| bulk import jobs | write | Job | | | |");
        assert!(text.contains("FROM unnest($1::text[], $2::integer[]"), "{text}");
        assert!(!text.contains("ON CONFLICT"), "{text}");
        let text = statement(
            "| import jobs in bulk, replacing those that are there | write | Job | | | |",
        );
        assert!(text.contains("FROM unnest($1::text[], $2::integer[]"), "{text}");
        assert!(
            text.contains("ON CONFLICT (code) DO UPDATE SET weight = excluded.weight"),
            "{text}"
        );
    }
}
