//! Reads that compute: how many rows, their sums and means, gathered where that is asked for (manual, section 9.21).

use underpin_logical::RelationId;
use underpin_model::{CalendarUnit, FieldId, Function, Group, Measure, Pattern};
use underpin_pg::{Expr, Ident, OrderBy, Output, Select, Type};

use super::build::Builder;

/// The zone by which moments are gathered: in that of a session, the same call gives another answer to each of them.
const ZONE: &str = "UTC";

/// Makes of a statement that reads rows one that computes what the pattern asks for. What cannot be computed is left out with
/// a remark; where nothing is left, the statement reads the rows.
pub(super) fn compute(
    builder: &mut Builder<'_>,
    pattern: &Pattern,
    reachable: &[RelationId],
    select: &mut Select,
) {
    let mut groups: Vec<Output> = Vec::new();
    for &group in &pattern.groups {
        groups.extend(gathered(builder, group, reachable));
    }
    let mut measures: Vec<Output> = Vec::new();
    for measure in &pattern.measures {
        measures.extend(measured(builder, measure, reachable, !groups.is_empty()));
    }
    if measures.is_empty() {
        return;
    }
    // Groups come in no order by themselves; that of the calendar is the one that somebody reads them in.
    let dated = |(group, output): (&Group, &Output)| {
        group.unit.map(|_| OrderBy { value: output.value.clone(), descending: false })
    };
    let by_time = pattern.groups.iter().zip(&groups).filter_map(dated);
    select.order_by =
        if groups.len() == pattern.groups.len() { by_time.collect() } else { Vec::new() };
    select.group_by = groups.iter().map(|output| output.value.clone()).collect();
    select.output = groups.into_iter().chain(measures).collect();
}

fn located(
    builder: &mut Builder<'_>,
    field: FieldId,
    reachable: &[RelationId],
) -> Option<(Expr, Ident, Type, bool)> {
    let found = builder.locate(field).filter(|(relation, _)| reachable.contains(relation));
    let Some((relation, column)) = found else {
        let path = builder.model.field_path(field);
        builder
            .remarks
            .push(format!("{path} is left out: it is not stored where it could be read"));
        return None;
    };
    let value = builder.reference(relation, &column.name);
    let name = if relation == builder.main {
        column.name.as_str().to_owned()
    } else {
        let table = &builder.design.tables[relation.index()].table;
        format!("{}_{}", table.name.as_str(), column.name.as_str())
    };
    let name = Ident::new(&name).unwrap_or_else(|_| column.name.clone());
    Some((value, name, column.data_type.clone(), column.not_null))
}

/// A value that rows are gathered by.
fn gathered(builder: &mut Builder<'_>, group: Group, reachable: &[RelationId]) -> Option<Output> {
    let (value, name, data_type, _) = located(builder, group.field, reachable)?;
    if matches!(data_type, Type::Jsonb) {
        let path = builder.model.field_path(group.field);
        builder
            .remarks
            .push(format!("{path} is left out: rows are not gathered by whole documents"));
        return None;
    }
    let Some(unit) = group.unit else {
        let is_plain =
            matches!(&value, Expr::Column(column) | Expr::Qualified(_, column) if *column == name);
        return Some(Output { value, name: (!is_plain).then_some(name) });
    };
    let name = Ident::new(unit.as_str()).ok();
    let value = match (data_type, unit) {
        (Type::Date, CalendarUnit::Day) => value,
        (Type::Date, _) => Expr::Cast(
            // A day has no zone, and the function would give it that of the session.
            Box::new(truncated(
                unit,
                Expr::Cast(Box::new(value), Type::Other("timestamp".to_owned())),
                None,
            )),
            Type::Date,
        ),
        (_, _) => truncated(unit, value, Some(ZONE)),
    };
    builder.remarks.push(format!("{} begin in {ZONE}", plural(unit)));
    Some(Output { value, name })
}

fn truncated(unit: CalendarUnit, value: Expr, zone: Option<&str>) -> Expr {
    let arguments = [Expr::text(unit.as_str()), value].into_iter().chain(zone.map(Expr::text));
    Expr::Call("date_trunc", arguments.collect())
}

const fn plural(unit: CalendarUnit) -> &'static str {
    match unit {
        CalendarUnit::Hour => "hours",
        CalendarUnit::Day => "days",
        CalendarUnit::Week => "weeks",
        CalendarUnit::Month => "months",
        CalendarUnit::Quarter => "quarters",
        CalendarUnit::Year => "years",
    }
}

/// A value that is computed of the rows, or of those of a group.
fn measured(
    builder: &mut Builder<'_>,
    measure: &Measure,
    reachable: &[RelationId],
    is_grouped: bool,
) -> Option<Output> {
    let function = match measure.function {
        Function::Count => "count",
        Function::Sum => "sum",
        Function::Average => "avg",
        Function::Minimum => "min",
        Function::Maximum => "max",
    };
    let Some(field) = measure.field else {
        return Some(Output {
            value: Expr::Call(function, Vec::new()),
            name: Ident::new(function).ok(),
        });
    };
    let (value, column, data_type, is_always_there) = located(builder, field, reachable)?;
    let value = Expr::Call(function, vec![value]);
    // The sum of nothing is nothing to PostgreSQL, and zero to everybody else. There is no mean of nothing, and no least.
    let may_be_none = !is_grouped || !is_always_there;
    let value = match measure.function {
        Function::Sum if may_be_none => {
            let zero = match data_type {
                Type::Interval => Expr::Cast(Box::new(Expr::text("0")), Type::Interval),
                _ => Expr::integer(0),
            };
            Expr::Call("coalesce", vec![value, zero])
        }
        Function::Average | Function::Minimum | Function::Maximum if may_be_none => {
            builder.remarks.push(format!("NULL where no row has a value of {}", column.as_str()));
            value
        }
        Function::Count
        | Function::Sum
        | Function::Average
        | Function::Minimum
        | Function::Maximum => value,
    };
    Some(Output { value, name: Ident::new(format!("{function}_{}", column.as_str())).ok() })
}

#[cfg(test)]
mod tests {
    /// The statements and the indexes of queries on orders.
    fn designed(queries: &str) -> (Vec<String>, Vec<String>) {
        let document = format!(
            "## Customer\n\n| Field | Type | Key | Required |\n|---|---|---|---|\n| id | uuid | PK | yes |\n\n\
             ## Order\n\n| Field | Type | Key | Required |\n|---|---|---|---|\n| id | uuid | PK | yes |\n\
             | customer_id | uuid | FK → Customer | yes |\n| status | enum(new, paid) | | yes |\n| amount | decimal(12,2) | | yes |\n\
             | bonus | integer | | |\n| placed_at | timestamp | | yes |\n| due_on | date | | |\n| note | text | | |\n\n\
             ## Transfer\n\n| Field | Type | Key | Required |\n|---|---|---|---|\n| id | uuid | PK | yes |\n\
             | amount | decimal(12,2) | | yes |\n| currency | char(3) | | yes |\n| made_at | timestamp | | yes |\n\n\
             ## Access patterns\n\n{queries}\n\n## Volumes\n\n- Customer: 1,000 rows\n- Order: 1,000,000 rows\n- Transfer: 100,000 rows\n"
        );
        let mut sources = underpin_base::Sources::default();
        sources.add("model.md", document);
        let model = underpin_model::build(&underpin_read::read(&sources), &sources);
        let design = crate::design(&model, &underpin_logical::design(&model));
        let statements = design.queries.iter().filter_map(|query| query.statement.as_ref());
        let indexes = design.schema.indexes.values();
        let shown =
            |index: &underpin_pg::Index| underpin_pg::Ddl::CreateIndex(index.clone()).to_string();
        (
            statements.map(|it| it.to_string().replace('\n', " ")).collect(),
            indexes.map(shown).collect(),
        )
    }

    #[test]
    fn rows_are_counted_by_what_they_are_gathered_by() {
        for (query, statement) in [
            (
                "- count orders by status",
                "SELECT status, count(*) AS count FROM public.orders GROUP BY status",
            ),
            (
                "- number of orders of a customer",
                "SELECT count(*) AS count FROM public.orders WHERE customer_id = $1",
            ),
            (
                "- sum of order amounts per customer per month",
                "SELECT customer_id, date_trunc('month', placed_at, 'UTC') AS month, sum(amount) AS sum_amount FROM public.orders \
                 GROUP BY customer_id, date_trunc('month', placed_at, 'UTC') ORDER BY date_trunc('month', placed_at, 'UTC')",
            ),
            (
                "- total bonus of the orders of a customer",
                "SELECT coalesce(sum(bonus), 0) AS sum_bonus FROM public.orders WHERE customer_id = $1",
            ),
            (
                "- count orders per week of due_on",
                "SELECT date_trunc('week', due_on::timestamp)::date AS week, count(*) AS count FROM public.orders \
                 GROUP BY date_trunc('week', due_on::timestamp)::date ORDER BY date_trunc('week', due_on::timestamp)::date",
            ),
            // Amounts of two currencies have no sum.
            (
                "- total amount of transfers per month",
                "SELECT date_trunc('month', made_at, 'UTC') AS month, currency, sum(amount) AS sum_amount FROM public.transfers \
                 GROUP BY date_trunc('month', made_at, 'UTC'), currency ORDER BY date_trunc('month', made_at, 'UTC')",
            ),
            (
                "- list orders of a customer",
                "SELECT id, customer_id, status, amount, bonus, placed_at, due_on, note FROM public.orders WHERE customer_id = $1",
            ),
        ] {
            assert_eq!(designed(query).0, [statement], "{query}");
        }
    }

    #[test]
    fn what_is_computed_of_many_rows_is_read_from_the_index() {
        let of_customer = "CREATE INDEX orders_customer_id_idx ON public.orders (customer_id)";
        for (query, index) in [
            ("- total amount of orders of a customer", format!("{of_customer} INCLUDE (amount)")),
            // The index of the list holds what the sum needs as well.
            (
                "- total amount of orders of a customer\n- list orders of a customer, newest first",
                "CREATE INDEX orders_customer_id_placed_at_idx ON public.orders (customer_id, placed_at) INCLUDE (amount)".to_owned(),
            ),
            // Whole rows are read from the table.
            ("- list orders of a customer", of_customer.to_owned()),
            ("- number of orders of a customer", of_customer.to_owned()),
        ] {
            assert_eq!(designed(query).1, [index], "{query}");
        }
        assert!(designed("- count orders by status").1.is_empty(), "no index makes all rows fewer");
    }
}
