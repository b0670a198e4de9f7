//! `PARTITION BY` and `PARTITION OF`: by what a table is split, and what one of its parts holds.

use sqlparser::ast::{
    CreateTable, Expr, ForValues, FunctionArg, FunctionArgExpr, FunctionArguments,
    PartitionBoundValue, Value,
};

use super::Reader;
use crate::notation::Mark;
use crate::sql::parts::table_name;
use crate::{Fact, ListedPart, OtherRows, PartitioningFact, SplitMethod, SplitPeriod, code};

impl Reader<'_, '_> {
    /// States by what a table is split, or what a part of one holds; whether it is a part, which has what the whole has and
    /// nothing more. `self.is_intended` says whether that is asked for, and not only weighed.
    pub(super) fn split(&mut self, table: &CreateTable) -> bool {
        if let Some(fact) = of_table(table) {
            if self.is_intended {
                self.state(Fact::Partitioning(fact));
            } else {
                self.out.mark(self.document, self.span.range(), Mark::SetAside);
            }
        }
        let is_part = table.partition_of.is_some();
        if is_part && table.partition_by.is_some() {
            self.out.warn(
                code::SQL_SYNTAX,
                format!("`{}` is a part that is split again, which was left out", table.name),
                self.span,
                "split the table by one of the two",
            );
        }
        is_part
    }
}

/// What a table's definition says of partitions.
fn of_table(table: &CreateTable) -> Option<PartitioningFact> {
    if let Some(whole) = &table.partition_of {
        let part = PartitioningFact {
            entity: table_name(whole),
            text: said(&table_name(&table.name), table.for_values.as_ref()),
            ..PartitioningFact::default()
        };
        return Some(match &table.for_values {
            Some(values) => of_bound(part, &table_name(&table.name), values),
            None => part,
        });
    }
    let by = table.partition_by.as_deref()?;
    let mut fact = PartitioningFact {
        entity: table_name(&table.name),
        text: format!("PARTITION BY {by}"),
        ..PartitioningFact::default()
    };
    match by {
        Expr::Function(function) => {
            fact.method = SplitMethod::parse(&function.name.to_string());
            fact.fields = match &function.args {
                FunctionArguments::List(list) => list.args.iter().map(argument).collect(),
                FunctionArguments::None | FunctionArguments::Subquery(_) => Vec::new(),
            };
        }
        other => fact.fields = vec![other.to_string()],
    }
    Some(fact)
}

fn said(name: &str, values: Option<&ForValues>) -> String {
    values.map_or_else(|| name.to_owned(), |values| format!("{name} {values}"))
}

fn argument(argument: &FunctionArg) -> String {
    match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Identifier(name))) => name.value.clone(),
        other => other.to_string(),
    }
}

fn of_bound(mut part: PartitioningFact, name: &str, values: &ForValues) -> PartitioningFact {
    match values {
        ForValues::In(values) => {
            part.method = Some(SplitMethod::List);
            part.lists = vec![ListedPart {
                name: Some(name.rsplit('.').next().unwrap_or(name).to_owned()),
                values: values.iter().map(plain).collect(),
            }];
        }
        ForValues::From { from, to } => {
            part.method = Some(SplitMethod::Range);
            part.period = period(from, to);
        }
        ForValues::With { modulus, .. } => {
            part.method = Some(SplitMethod::Hash);
            part.count = u32::try_from(*modulus).ok();
        }
        ForValues::Default => part.others = Some(OtherRows::Kept),
    }
    part
}

fn plain(value: &Expr) -> String {
    match value {
        Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(text) => text.clone(),
            other => other.to_string(),
        },
        other => other.to_string(),
    }
}

/// How long a time the range of a part spans, by its days.
fn period(from: &[PartitionBoundValue], to: &[PartitionBoundValue]) -> Option<SplitPeriod> {
    let day = |bound: &[PartitionBoundValue]| match bound {
        [PartitionBoundValue::Expr(value)] => day_number(&plain(value)),
        _ => None,
    };
    match day(to)? - day(from)? {
        1 => Some(SplitPeriod::Day),
        7 => Some(SplitPeriod::Week),
        28..=31 => Some(SplitPeriod::Month),
        90..=92 => Some(SplitPeriod::Quarter),
        365 | 366 => Some(SplitPeriod::Year),
        _ => None,
    }
}

/// The number of a day in the Gregorian calendar, from the first ten characters of a moment (Howard Hinnant,
/// "chrono-Compatible Low-Level Date Algorithms").
fn day_number(text: &str) -> Option<i64> {
    let mut parts = text.get(..10)?.split('-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year)
}

#[cfg(test)]
mod tests {
    use crate::notation::{check, check_file};
    use expect_test::expect;

    #[test]
    fn tables_that_are_split_and_their_parts() {
        check_file(
            "schema.sql",
            "CREATE TABLE events (\n  id bigint,\n  region text NOT NULL,\n  at timestamptz NOT NULL\n) PARTITION BY RANGE (at);\nCREATE TABLE events_2026_01 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');\nCREATE TABLE events_rest PARTITION OF events DEFAULT;\nCREATE TABLE messages (id bigint, chat_id uuid) PARTITION BY HASH (chat_id);\nCREATE TABLE messages_0 PARTITION OF messages FOR VALUES WITH (MODULUS 4, REMAINDER 0);\nCREATE TABLE orders (id bigint, region text) PARTITION BY LIST (region);\nCREATE TABLE orders_dach PARTITION OF orders FOR VALUES IN ('de', 'at');\nCREATE TABLE visits (id bigint, at date) PARTITION BY RANGE (date_trunc('month', at));\n",
            &expect![[r#"
                1 sql-ddl  partitions events by range of at -- PARTITION BY RANGE(at)
                1 sql-ddl  entity events table events
                2 sql-ddl  field events.id BIGINT optional
                3 sql-ddl  field events.region TEXT required
                4 sql-ddl  field events.at TIMESTAMPTZ required
                6 sql-ddl  partitions events by range, a month each -- events_2026_01 FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')
                7 sql-ddl  partitions events, others kept -- events_rest DEFAULT
                8 sql-ddl  partitions messages by hash of chat_id -- PARTITION BY HASH(chat_id)
                8 sql-ddl  entity messages table messages
                8 sql-ddl  field messages.id BIGINT optional
                8 sql-ddl  field messages.chat_id UUID optional
                9 sql-ddl  partitions messages by hash, 4 of them -- messages_0 FOR VALUES WITH (MODULUS 4, REMAINDER 0)
                10 sql-ddl  partitions orders by list of region -- PARTITION BY LIST(region)
                10 sql-ddl  entity orders table orders
                10 sql-ddl  field orders.id BIGINT optional
                10 sql-ddl  field orders.region TEXT optional
                11 sql-ddl  partitions orders by list, orders_dach [de | at] -- orders_dach FOR VALUES IN ('de', 'at')
                12 sql-ddl  partitions visits by range of date_trunc('month', at) -- PARTITION BY RANGE(date_trunc('month', at))
                12 sql-ddl  entity visits table visits
                12 sql-ddl  field visits.id BIGINT optional
                12 sql-ddl  field visits.at DATE optional
            "#]],
        );
    }

    #[test]
    fn a_split_that_is_only_weighed_is_not_taken() {
        check(
            "Partitioning example (phase 2):\n\n```sql\nCREATE TABLE events (\n  id bigint,\n  at timestamptz NOT NULL\n) PARTITION BY RANGE (at);\nCREATE TABLE events_rest PARTITION OF events DEFAULT;\n```\n",
            &expect![[r#"
                4 sql-ddl  entity events table events
                5 sql-ddl  field events.id BIGINT optional
                6 sql-ddl  field events.at TIMESTAMPTZ required
            "#]],
        );
    }
}
