//! Named lists of values: a label such as "`OrderStatus` Enum:" over bullets or a table.

use std::ops::Range;

use crate::Fact;
use crate::document::{BlockKind, Document, Inline, Table};
use crate::entity_name::strip_numbering;
use crate::modifier::enum_values;
use crate::notation::Output;
use crate::notation::field_table::mark_header;
use crate::words::{
    code_spans, is_identifier, lower_words, parenthesized, split_once_any, unquote,
};

pub(super) const DOC: &str = "A list or table of the values of an enumeration, under its name.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (index, block) in document.blocks.iter().enumerate() {
        if let BlockKind::Table(table) = &block.kind
            && out.is_open(document, block.range.start)
            && read_several(document, table, &block.range, out)
        {
            continue;
        }
        let label = document.lead(index).and_then(enumeration_name);
        let title = || block.section.and_then(|section| enumeration_name(document.title(section)));
        let Some(name) = label.or_else(title) else { continue };
        let name = match out.entity_of(document, block.section) {
            // "Status values" under an entity is the field of that entity.
            Some(entity) if is_plain_word(&name) => format!("{entity}.{name}"),
            _ => name,
        };
        match &block.kind {
            BlockKind::List(list) => {
                let items: Vec<&Inline> = list
                    .items
                    .iter()
                    .filter(|item| item.depth == 0)
                    .map(|item| &item.content)
                    .collect();
                let values: Option<Vec<String>> =
                    items.iter().map(|item| value(&item.text)).collect();
                let Some(values) = values.filter(|values| values.len() > 1) else { continue };
                let (Some(first), Some(last)) = (items.first(), items.last()) else { continue };
                if !out.is_open(document, first.range().start) {
                    continue;
                }
                let span =
                    document.span(first.range().start..last.range().end.max(first.range().start));
                out.state(document, span, Fact::Enumeration { name, values });
            }
            BlockKind::Table(table) if out.is_open(document, block.range.start) => {
                let header = table
                    .header
                    .first()
                    .map_or(String::new(), |cell| lower_words(&cell.text).join(" "));
                let is_value = matches!(
                    header.as_str(),
                    "value"
                        | "name"
                        | "status"
                        | "state"
                        | "code"
                        | "type"
                        | "enum"
                        | "enum value"
                        | "constant"
                        | "key"
                        | "role"
                        | "option"
                );
                if !is_value {
                    continue;
                }
                let values: Option<Vec<String>> =
                    table.rows.iter().map(|row| value(row.text(0))).collect();
                let Some(values) = values.filter(|values| values.len() > 1) else { continue };
                mark_header(document, table, &block.range, out);
                out.state(
                    document,
                    document.span(block.range.clone()),
                    Fact::Enumeration { name, values },
                );
            }
            BlockKind::Paragraph(_) | BlockKind::Table(_) | BlockKind::Code(_) => {}
        }
    }
}

/// A table with an enumeration in each row: its name and, in another column, its values.
fn read_several(
    document: &Document<'_>,
    table: &Table,
    range: &Range<usize>,
    out: &mut Output,
) -> bool {
    let header = |at: usize| {
        table.header.get(at).map_or(String::new(), |cell| lower_words(&cell.text).join(" "))
    };
    let names = matches!(
        header(0).as_str(),
        "enum"
            | "enum name"
            | "enum type"
            | "enumeration"
            | "type"
            | "name"
            | "field"
            | "type name"
    );
    let values = (1..table.header.len()).find(|at| {
        matches!(
            header(*at).as_str(),
            "values" | "allowed values" | "enum values" | "members" | "possible values" | "options"
        )
    });
    let (true, Some(values)) = (names, values) else { return false };
    let rows: Option<Vec<(String, Vec<String>)>> = table
        .rows
        .iter()
        .map(|row| {
            let name = unquote(row.text(0).trim());
            let values = enum_values(row.text(values));
            (is_identifier(name) && values.len() > 1).then(|| (name.to_owned(), values))
        })
        .collect();
    let Some(rows) = rows.filter(|rows| !rows.is_empty()) else { return false };
    for (row, (name, values)) in table.rows.iter().zip(rows) {
        let span = document.span(row.range.clone());
        out.state(document, span, Fact::Enumeration { name, values });
    }
    mark_header(document, table, range, out);
    true
}

fn is_plain_word(name: &str) -> bool {
    name.chars().all(|c| c.is_lowercase() || c == '_') && !name.contains("status_")
        || name.eq_ignore_ascii_case("status")
        || name.eq_ignore_ascii_case("type")
}

/// The name in "`TransactionType` Enum", "Enum: `OrderStatus`", "`status` values".
fn enumeration_name(text: &str) -> Option<String> {
    let text = strip_numbering(text.trim().trim_end_matches(':'));
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, ':' | '(' | ')'))
        .filter(|word| !word.is_empty())
        .collect();
    let is_mark = |word: &str| {
        matches!(
            word.to_lowercase().as_str(),
            "enum" | "enumeration" | "values" | "enums" | "enum values"
        )
    };
    if words.len() > 4 || !words.iter().any(|word| is_mark(word)) {
        return None;
    }
    let name: Vec<&str> = words
        .into_iter()
        .filter(|word| {
            !is_mark(word)
                && !matches!(word.to_lowercase().as_str(), "allowed" | "possible" | "valid" | "the")
        })
        .collect();
    let name = unquote(name.first().filter(|_| name.len() == 1)?);
    is_identifier(name).then(|| name.to_owned())
}

/// The value that an item names, before any explanation.
fn value(text: &str) -> Option<String> {
    let text = text.trim();
    let name = match code_spans(text).first() {
        Some(code) if text.starts_with('`') => code,
        _ => {
            let head = split_once_any(text, &[": ", " - ", " – ", " — ", " = "])
                .map_or(text, |(head, _)| head);
            parenthesized(head).map_or(head, |(before, _, _)| before).trim()
        }
    };
    let name = unquote(name.trim_end_matches(['.', ':', ',']));
    (!name.is_empty() && name.split_whitespace().count() <= 3 && name.len() <= 60)
        .then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn labels_name_their_values() {
        check(
            "# Order\n| Field | Type |\n|-|-|\n| id | int |\n\n**OrderStatus Enum:**\n- Open (not paid)\n- Paid: all money is there\n\n### Enum: Currency\n| Value | Meaning |\n|-|-|\n| `EUR` | Euro |\n| `USD` | Dollar |\n",
            &expect![[r#"
                1 field-table  entity Order
                4 field-table  field Order.id int
                7 enumeration-list  enumeration OrderStatus: Open | Paid
                11 enumeration-list  enumeration Currency: EUR | USD
            "#]],
        );
    }

    #[test]
    fn a_table_of_several() {
        check(
            "## Enum Types\n\n| Enum | Values |\n|-|-|\n| `user_role` | `OWNER`, `ADMIN` |\n| `vet_status` | PENDING, VERIFIED |\n",
            &expect![[r#"
                5 enumeration-list  enumeration user_role: OWNER | ADMIN
                6 enumeration-list  enumeration vet_status: PENDING | VERIFIED
            "#]],
        );
    }
}
