//! Fields that are only named with their entity before them, as `orders.status`.

use std::ops::Range;

use crate::FieldFact;
use crate::document::{BlockKind, Document, Inline};
use crate::notation::Output;
use crate::notation::output::lists_fields;
use crate::words::{code_spans, fold, is_identifier, last_part};

pub(super) const DOC: &str =
    "`orders.status` in running text, of an entity whose fields nothing else describes.";

const REASON: &str = "the text names it as a field of the entity";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    let known = &*out;
    let found = document.find_in_blocks(|index, found| match &document.blocks[index].kind {
        BlockKind::Paragraph(inline) => paths(inline, known, found),
        BlockKind::List(list) => {
            list.items.iter().for_each(|item| paths(&item.content, known, found));
        }
        BlockKind::Table(table) => {
            table.rows.iter().flat_map(|row| &row.cells).for_each(|cell| paths(cell, known, found));
        }
        BlockKind::Code(_) => {}
    });
    if found.is_empty() {
        return;
    }
    let described = out.described_by(lists_fields);
    for Found { entity, field, place } in found {
        if described.contains(&fold(&entity)) || out.field(&entity, field).is_some() {
            continue;
        }
        let field = FieldFact { name: field.to_owned(), ..FieldFact::default() };
        out.infer_field_beside(document.span(place), &entity, field, REASON);
    }
}

/// A path, and the line that it stands in.
struct Found<'d> {
    entity: String,
    field: &'d str,
    place: Range<usize>,
}

fn paths<'d>(inline: &'d Inline, known: &Output, found: &mut Vec<Found<'d>>) {
    for line in &inline.lines {
        for code in code_spans(&line.text) {
            if let Some((entity, field)) = path(code, known) {
                found.push(Found { entity, field, place: line.range.clone() });
            }
        }
    }
}

/// The entity and the field in a path. `order.created` is what happens to an order and `reports.ex` a
/// file: the entity must be spelled as where it is stated, and a field is no participle.
fn path<'t>(code: &'t str, out: &Output) -> Option<(String, &'t str)> {
    let (entity, field) = code.rsplit_once('.')?;
    let known = out.known.get(entity).filter(|known| last_part(known) == last_part(entity))?;
    let is_field = is_identifier(field)
        && field.starts_with(|c: char| c.is_lowercase())
        && field.len() > 1
        && (field.contains('_') || !field.ends_with("ed"));
    let is_file = matches!(
        field,
        "md" | "ex"
            | "exs"
            | "rb"
            | "py"
            | "ts"
            | "tsx"
            | "js"
            | "go"
            | "rs"
            | "cs"
            | "kt"
            | "sql"
            | "java"
            | "php"
            | "yml"
            | "yaml"
            | "json"
            | "csv"
            | "html"
            | "proto"
            | "prisma"
            | "vue"
            | "dart"
            | "toml"
    );
    (is_field && !is_file).then(|| (known.to_owned(), field))
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn paths_of_what_nothing_describes() {
        check(
            "# Tables\n\n- `orders`\n- `order_items`\n\n# Users\n\n| Field | Type |\n|-|-|\n| id | int |\n\n# Steps\n\n1. update `orders.status` and `orders.status` again\n2. emit `order.created`, `orders.cancelled`\n3. see `orders.md`, `orders.find()`, `Users.name`, `stock.size`\n\nMark `order_items.reserved_until`.\n",
            &expect![[r#"
                3 entity-list  entity orders
                4 entity-list  entity order_items
                6 field-table  entity Users
                10 field-table  field Users.id int
                14 field-paths  field orders.status [inferred: the text names it as a field of the entity]
                16 query-sentence  read "see orders.md, orders.find, Users.name, stock.size" of orders [inferred: a sentence asks for it]
                18 field-paths  field order_items.reserved_until [inferred: the text names it as a field of the entity]
            "#]],
        );
    }
}
