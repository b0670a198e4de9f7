//! Keys and foreign keys in lines of their own: "foreign key to `shops(id)` on `shop_id`", "`orders.shop_id` REFERENCES
//! `shops.id` ON DELETE CASCADE", or what stands below "Foreign keys".

use std::ops::Range;

use crate::document::{BlockKind, Document};
use crate::notation::Output;
use crate::words::{is_identifier, lower_words, strip_prefix_ignoring_case};
use crate::{Fact, FieldFact, ReferenceFact};

pub(super) const DOC: &str = "Foreign keys in lines of their own: \"foreign key to `shops(id)` on `shop_id`\", \"`orders.shop_id` REFERENCES `shops.id`\", \"shop_id → shops.id\" below \"Foreign keys\".";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (index, block) in document.blocks.iter().enumerate() {
        let title = block.section.map(|section| document.title(section));
        let topic = topic(document.lead(index).or(title).unwrap_or_default());
        match &block.kind {
            BlockKind::List(list) => {
                let mut under: Vec<Option<Topic>> = Vec::with_capacity(list.items.len());
                for item in &list.items {
                    let text = item.content.text.trim();
                    let inside = item.parent.map_or(topic, |parent| under[parent]);
                    let own = item.has_children.then(|| self::topic(text)).flatten();
                    under.push(own.or(inside));
                    if !item.has_children {
                        line(document, index, text, item.content.range(), inside, out);
                    }
                }
            }
            BlockKind::Paragraph(inline) => {
                for it in &inline.lines {
                    line(document, index, it.text.trim(), it.range.clone(), topic, out);
                }
            }
            BlockKind::Table(_) | BlockKind::Code(_) => {}
        }
    }
}

/// What a label or heading says of the lines below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Topic {
    PrimaryKey,
    ForeignKeys,
}

fn topic(text: &str) -> Option<Topic> {
    let words = lower_words(text);
    let words: Vec<&str> = words.iter().map(smol_str::SmolStr::as_str).collect();
    match words.as_slice() {
        ["primary", "key"] | ["pk"] => Some(Topic::PrimaryKey),
        ["foreign", "key" | "keys"] | ["fk" | "fks"] | ["foreign", "key", "constraints"] => {
            Some(Topic::ForeignKeys)
        }
        _ => None,
    }
}

fn line(
    document: &Document<'_>,
    block: usize,
    text: &str,
    range: Range<usize>,
    topic: Option<Topic>,
    out: &mut Output,
) {
    if !out.is_open(document, range.start) {
        return;
    }
    let plain = text.replace(['`', '*'], "");
    let plain = plain.trim().trim_end_matches('.');
    let section = document.blocks[block].section;
    let span = document.span(range);
    if topic == Some(Topic::PrimaryKey) {
        let names: Vec<&str> = plain.split(',').map(str::trim).collect();
        if names.iter().all(|name| is_identifier(name))
            && let Some(entity) = owner(document, section, out)
        {
            let fields = names.into_iter().map(str::to_owned).collect();
            out.state(document, span, Fact::PrimaryKey { entity, fields });
        }
        return;
    }
    let Some(found) = reference(plain, topic == Some(Topic::ForeignKeys)) else { return };
    let named = found.entity.and_then(|name| out.known.get(name)).map(str::to_owned);
    let entity = match found.entity {
        Some(_) => named,
        None => owner(document, section, out),
    };
    if let Some(entity) = entity {
        out.state(document, span, Fact::Field { entity, field: found.field });
    }
}

/// The entity that the headings above name. A heading over nothing but keys names one as well.
fn owner(document: &Document<'_>, section: Option<usize>, out: &mut Output) -> Option<String> {
    let own = section.filter(|&section| topic(document.title(section)).is_some());
    if own.is_none() {
        return out.entity_of(document, section);
    }
    let above = document.path_of(section).find(|&it| topic(document.title(it)).is_none())?;
    let title = document.entity_title(above).filter(|title| title.not_stored.is_none())?;
    if out.known.get(&title.name).is_none() {
        let range = document.sections[above].range.clone();
        out.state_entity(document, Some(above), &title, document.span(range));
    }
    out.known.get(&title.name).map(str::to_owned)
}

/// A foreign key: whose it is, where it says so, and the field with what that refers to.
struct Found<'t> {
    entity: Option<&'t str>,
    field: FieldFact,
}

/// The foreign key that a line is; `sure` where its heading says that it is one.
fn reference(text: &str, sure: bool) -> Option<Found<'_>> {
    let lead = ["foreign key:", "fk:", "foreign key constraint:", "foreign key", "fk"]
        .iter()
        .find_map(|lead| strip_prefix_ignoring_case(text, lead));
    let sure = sure || lead.is_some();
    let rest = lead.unwrap_or(text).trim();
    // "to shops(id) on shop_id"
    if let Some((target, column)) =
        rest.strip_prefix("to ").and_then(|rest| rest.split_once(" on "))
    {
        let (target, behind) = path(target.trim())?;
        let (column, after) = name(column.trim())?;
        return behind.is_empty().then(|| found(None, column, target, after)).filter(|_| sure);
    }
    let marks = [" REFERENCES ", " references ", " → ", " -> ", " ⟶ "];
    let (mark, (column, target)) =
        marks.iter().find_map(|mark| Some((*mark, rest.split_once(mark)?)))?;
    let column = column.trim();
    let column = strip_prefix_ignoring_case(column, "on ").unwrap_or(column).trim();
    let column = column.strip_prefix('(').map_or(column, |it| it.trim_end_matches(')'));
    let (entity, column) = match column.split_once('.') {
        Some((entity, column)) => (Some(entity), column),
        None => (None, column),
    };
    let (target, behind) = path(target.trim())?;
    let is_word = mark == " REFERENCES " && entity.is_some();
    let is_path = target.field.is_some();
    let are_names = is_identifier(column) && entity.is_none_or(is_identifier);
    ((sure || is_word) && is_path && are_names).then(|| found(entity, column, target, behind))
}

fn found<'t>(
    entity: Option<&'t str>,
    column: &str,
    target: ReferenceFact,
    behind: &str,
) -> Found<'t> {
    let lower = behind.to_lowercase();
    let says = |words: &str| lower.contains(words);
    let on_delete = ["set null", "cascade", "restrict", "no action"];
    let action = on_delete.into_iter().find(|action| says(action)).map(str::to_owned);
    let required = match () {
        () if says("not null") || says("not nullable") || says("required") => Some(true),
        () if says("nullable") || says("optional") => Some(false),
        () => None,
    };
    let references = Some(ReferenceFact { on_delete: action, ..target });
    let field = FieldFact { name: column.to_owned(), references, required, ..FieldFact::default() };
    Found { entity, field }
}

/// An identifier at the beginning of a text, and the rest.
fn name(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    is_identifier(&text[..end]).then(|| (&text[..end], text[end..].trim()))
}

/// `shops(id)`, `shops.id`, `auth.users(id)` or `shops` at the beginning of a text, and the rest.
fn path(text: &str) -> Option<(ReferenceFact, &str)> {
    let end =
        text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.'))).unwrap_or(text.len());
    let (path, rest) = (text[..end].trim_end_matches('.'), &text[end..]);
    if !path.split('.').all(is_identifier) {
        return None;
    }
    let inside = rest.strip_prefix('(').and_then(|rest| rest.split_once(')'));
    let (entity, field, rest) = match (inside, path.rsplit_once('.')) {
        (Some((field, rest)), _) if is_identifier(field) => (path, Some(field), rest),
        (_, Some((entity, field))) => (entity, Some(field), rest),
        (_, None) => (path, None, rest),
    };
    let field = field.map(str::to_owned);
    Some((ReferenceFact { entity: entity.to_owned(), field, on_delete: None }, rest.trim()))
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn keys_in_lines_of_their_own() {
        check(
            "## `berths`\n\nColumns:\n\n- `id`\n- `yard_id`\n- `boat_id`\n\nConstraints:\n\n- foreign key to `yards(id)` on `yard_id`\n- **FK:** `boat_id` → `boats.id` — **ON DELETE SET NULL** (nullable)\n\n## Integrity\n\n- `berths.boat_id` REFERENCES `boats.id` ON DELETE RESTRICT\n- `boats.id` → `berths.boat_id`\n\n## 3.2 TRIPS\n\n### Primary Key\n\nid\n\n### Foreign Keys\n\nboat_id → boats.id\n\nberth_id → berths.id\n\n### Steps\n\nasked → agreed\n",
            &expect![[r#"
                1 bullet-fields  entity berths
                5 bullet-fields  field berths.id
                6 bullet-fields  field berths.yard_id
                7 bullet-fields  field berths.boat_id
                11 reference-line  field berths.yard_id -> yards.id
                12 reference-line  field berths.boat_id optional -> boats.id on delete set null
                16 reference-line  field berths.boat_id -> boats.id on delete restrict
                17 rule-bullets  rule berths: `boats.id` → `berths.boat_id`
                19 reference-line  entity TRIPS
                23 reference-line  primary key TRIPS (id)
                27 reference-line  field TRIPS.boat_id -> boats.id
                29 reference-line  field TRIPS.berth_id -> berths.id
            "#]],
        );
    }
}
