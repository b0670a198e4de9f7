//! Tables of how many rows there are and how they grow.

use crate::Fact;
use crate::document::{BlockKind, Document};
use crate::notation::Output;
use crate::notation::field_table::mark_header;
use crate::quantity;
use crate::words::{lower_words, unquote};
use smol_str::SmolStr;

pub(super) const DOC: &str = "A table of entities with their numbers of rows and their growth.";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Entity,
    Rows,
    Growth(Period),
    Other,
}

/// What a growth column counts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Period {
    Day,
    Week,
    Month,
    Year,
    /// The cell says it itself.
    Open,
}

impl Period {
    /// How many of it make a month.
    fn in_a_month(self) -> f64 {
        match self {
            Self::Day => 30.0,
            Self::Week => 30.0 / 7.0,
            Self::Month | Self::Open => 1.0,
            Self::Year => 1.0 / 12.0,
        }
    }

    fn of(text: &str) -> Self {
        let words = lower_words(text);
        let says = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
        if says(&["day", "daily"]) {
            Self::Day
        } else if says(&["week", "weekly"]) {
            Self::Week
        } else if says(&["month", "monthly"]) {
            Self::Month
        } else if says(&["year", "yearly", "annual", "annually"]) {
            Self::Year
        } else {
            Self::Open
        }
    }
}

fn role(header: &str) -> Role {
    let words = lower_words(header);
    let says = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    match words.first().map(SmolStr::as_str) {
        Some("entity" | "table" | "model" | "collection" | "data" | "object")
            if words.len() <= 2 =>
        {
            Role::Entity
        }
        _ if says(&["growth", "increase", "inserts"])
            || says(&["per"]) && says(&["day", "month", "week", "year"])
            || says(&["rows"]) && says(&["day", "month", "year"]) =>
        {
            Role::Growth(Period::of(header))
        }
        _ if says(&[
            "rows",
            "volume",
            "count",
            "records",
            "initial",
            "launch",
            "size",
            "cardinality",
        ]) && !says(&["row", "bytes", "kb", "mb"]) =>
        {
            Role::Rows
        }
        _ => Role::Other,
    }
}

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (_, block) in out.blocks(document) {
        let BlockKind::Table(table) = &block.kind else { continue };
        if !out.is_open(document, block.range.start) {
            continue;
        }
        let roles: Vec<Role> = table.header.iter().map(|cell| role(&cell.text)).collect();
        let entity = roles.iter().position(|role| *role == Role::Entity);
        let rows = roles.iter().position(|role| *role == Role::Rows);
        let growth = roles.iter().position(|role| matches!(role, Role::Growth(_)));
        let Some(entity) = entity.filter(|_| rows.is_some() || growth.is_some()) else { continue };
        let mut any = false;
        for row in &table.rows {
            let name = unquote(row.text(entity));
            let Some(name) = out.known.get(name).map(str::to_owned) else { continue };
            let rows =
                rows.and_then(|column| quantity::number(row.text(column))).map(|(value, _)| value);
            let growth = growth.and_then(|column| {
                let Role::Growth(period) = roles[column] else { return None };
                let text = row.text(column);
                let (value, rest) = quantity::number(text)?;
                if rest.trim_start().starts_with('%') {
                    let month = value / 100.0 * rows?;
                    return Some(month * period.in_a_month());
                }
                let period = if period == Period::Open { Period::of(rest) } else { period };
                Some(value * period.in_a_month())
            });
            let text = row
                .cells
                .iter()
                .skip(1)
                .map(|cell| cell.text.as_str())
                .filter(|text| !text.is_empty())
                .collect::<Vec<_>>()
                .join("; ");
            if rows.is_none() && growth.is_none() {
                continue;
            }
            out.state(
                document,
                document.span(row.range.clone()),
                Fact::Volume { entity: name, rows, growth_per_month: growth, text },
            );
            any = true;
        }
        if any {
            mark_header(document, table, &block.range, out);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn rows_and_growth() {
        check(
            "| Entity | Purpose |\n|-|-|\n| User | a |\n| Order | b |\n\n| Entity | Rows at launch | Growth per day | Remark |\n|-|-|-|-|\n| User | 500,000 | 100 | x |\n| `Order` | 2 million | 10k | |\n",
            &expect![[r#"
                3 entity-list  entity User -- a
                4 entity-list  entity Order -- b
                8 volume-table  volume User: 500000 rows +3000 a month -- 500,000; 100; x
                9 volume-table  volume Order: 2000000 rows +300000 a month -- 2 million; 10k
            "#]],
        );
    }
}
