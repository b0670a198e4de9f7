//! Tables of how many rows there are and how they grow, and of which part of them has a value.

use crate::Fact;
use crate::document::{BlockKind, Document, Table};
use crate::notation::Output;
use crate::notation::field_table::mark_header;
use crate::quantity;
use crate::words::{lower_words, unquote};
use smol_str::SmolStr;

pub(super) const DOC: &str = "A table of entities with their numbers of rows and their growth, or with values and \
     the share of rows that has each.";

#[derive(Debug, Clone, Copy, PartialEq)]
enum Role {
    Entity,
    Rows,
    /// How often a month holds what it counts in; `None` where its cells say that.
    Growth(Option<f64>),
    /// A field, beside a share.
    Field,
    /// A value, beside a share.
    Value,
    Share,
    Other,
}

/// How often in a month what the words say of a growth column comes: "Rows per day", "Monthly growth".
fn period(text: &str) -> Option<f64> {
    let words = lower_words(text);
    words
        .iter()
        .find_map(|word| quantity::months_of_adverb(word).or_else(|| quantity::months(word)))
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
        _ if words.is_empty() && header.trim() == "%"
            || says(&["share", "percent", "percentage", "proportion", "ratio"]) =>
        {
            Role::Share
        }
        Some("field" | "column" | "attribute") => Role::Field,
        Some("value" | "state" | "status") => Role::Value,
        _ if says(&["growth", "increase", "inserts"])
            || says(&["per"]) && says(&["day", "month", "week", "year"])
            || says(&["rows"]) && says(&["day", "month", "year"]) =>
        {
            Role::Growth(period(header))
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
        ]) && !(says(&["bytes", "kb", "mb"])
            || words.last().is_some_and(|word| word == "size") && says(&["row"])) =>
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
        let has_shares = read_shares(document, table, &roles, out);
        if has_shares {
            mark_header(document, table, &block.range, out);
        }
        let Some(entity) = entity.filter(|_| !has_shares && (rows.is_some() || growth.is_some()))
        else {
            continue;
        };
        let mut any = false;
        for row in &table.rows {
            let name = unquote(row.text(entity));
            let Some(name) = out.known.get(name).map(str::to_owned) else { continue };
            let counted = rows.and_then(|column| count(row.text(column), out));
            let (rows, added) = match counted {
                Some(Counted::Rows(rows)) => (Some(rows), None),
                // "40k per week" says how many come, and not how many there are.
                Some(Counted::Added(added)) => (None, Some(added)),
                None => (None, None),
            };
            let growth = growth.and_then(|column| {
                let Role::Growth(of_column) = roles[column] else { return None };
                let text = row.text(column);
                let (value, rest) = quantity::number(text)?;
                let times = |said: Option<f64>| said.unwrap_or(1.0);
                if rest.trim_start().starts_with('%') {
                    return Some(value / 100.0 * rows? * times(of_column));
                }
                Some(value * times(of_column.or_else(|| period(rest))))
            });
            let growth = growth.or(added);
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

/// What a cell of numbers of rows says.
enum Counted {
    Rows(f64),
    /// In a month.
    Added(f64),
}

/// The number in a cell: of rows, of rows in a time, or of rows for each of another entity, where its number is known.
fn count(text: &str, out: &Output) -> Option<Counted> {
    let (value, rest) = quantity::number(text)?;
    let behind = rest.trim_start();
    let multiplied = ["x ", "× ", "times ", "per "].iter().find_map(|sign| {
        let named = behind.strip_prefix(sign)?.trim_start_matches("the ");
        Some((*sign, named.split([',', ';', '(']).next().unwrap_or(named).trim()))
    });
    if let Some((sign, named)) = multiplied {
        if let (true, Some(times)) = (sign == "per ", period(named)) {
            return Some(Counted::Added(value * times));
        }
        return rows_of(named, out).map(|rows| Counted::Rows(value * rows));
    }
    if let Some(times) = behind.strip_prefix('/').and_then(period) {
        return Some(Counted::Added(value * times));
    }
    Some(Counted::Rows(value))
}

/// How many rows an entity is said to have so far.
fn rows_of(named: &str, out: &Output) -> Option<f64> {
    let wanted = out.known.get(named)?;
    out.stated()
        .filter_map(|statement| match &statement.fact {
            Fact::Volume { entity, rows, .. } if entity == wanted => *rows,
            _ => None,
        })
        .last()
}

/// A row for each value of a thing, with the share of the rows that has it; whether there was one.
fn read_shares(document: &Document<'_>, table: &Table, roles: &[Role], out: &mut Output) -> bool {
    let column = |wanted: Role| roles.iter().position(|role| *role == wanted);
    let (Some(entity), Some(value), Some(share)) =
        (column(Role::Entity), column(Role::Value), column(Role::Share))
    else {
        return false;
    };
    let mut any = false;
    for row in &table.rows {
        let Some(name) = out.known.get(unquote(row.text(entity))).map(str::to_owned) else {
            continue;
        };
        let Some((percent, _)) = quantity::number(row.text(share)) else { continue };
        let said = unquote(row.text(value)).to_owned();
        if said.is_empty() || percent > 100.0 {
            continue;
        }
        let is_missing = matches!(
            said.to_lowercase().as_str(),
            "null" | "missing" | "empty" | "none" | "not set" | "unset"
        );
        let field = column(Role::Field).map(|at| unquote(row.text(at)).to_owned());
        // A column "Status" names the field as well.
        let header = table.header[value].text.trim();
        let named = field.or_else(|| out.field(&name, header).map(str::to_owned));
        let text = format!("{percent} % {said}");
        let fact = Fact::Share {
            entity: name,
            field: named.filter(|it| !it.is_empty()),
            value: (!is_missing).then_some(said),
            percent,
            text,
        };
        out.state(document, document.span(row.range.clone()), fact);
        any = true;
    }
    any
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn shares_of_values() {
        check(
            "| Entity | Purpose |\n|-|-|\n| User | a |\n| Order | b |\n\n| Entity | Field | Value | Share of rows |\n|-|-|-|-|\n| User | phone | missing | 30 % |\n| `Order` | | delivered | 80% |\n\n| Entity | Value |\n|-|-|\n| Order | 7 |\n",
            &expect![[r#"
                3 entity-list  entity User -- a
                4 entity-list  entity Order -- b
                8 volume-table  share User.phone: 30 % missing -- 30 % missing
                9 volume-table  share Order: 80 % "delivered" -- 80 % delivered
                11 R001 the table `Entity | Value` was not understood, so nothing in it reached the model
            "#]],
        );
    }

    #[test]
    fn numbers_as_people_write_them() {
        check(
            "| Entity | Purpose |\n|-|-|\n| User | a |\n| Order | b |\n| Visit | c |\n| Drug | d |\n\n| Entity | rows |\n|-|-|\n| Order | 1e9 |\n| User | 2.5e6 |\n| Visit | 40k per week |\n| Drug | ~ 3x users |\n",
            &expect![[r#"
                3 entity-list  entity User -- a
                4 entity-list  entity Order -- b
                5 entity-list  entity Visit -- c
                6 entity-list  entity Drug -- d
                10 volume-table  volume Order: 1000000000 rows -- 1e9
                11 volume-table  volume User: 2500000 rows -- 2.5e6
                12 volume-table  volume Visit: +171428.57142857142 a month -- 40k per week
                13 volume-table  volume Drug: 7500000 rows -- ~ 3x users
            "#]],
        );
    }

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
