//! Named lists of values: a label such as "`OrderStatus` Enum:" over bullets or a table.

use smol_str::SmolStr;
use std::ops::Range;

use crate::Fact;
use crate::document::{Block, BlockKind, Code, Document, Inline, Item, List, Table};
use crate::entity_name::strip_numbering;
use crate::lifecycle::{Holder, is_state_word, is_strict_state_topic, titled};
use crate::modifier::{enum_values, is_scalar, says_choice};
use crate::notation::Output;
use crate::notation::field_table::mark_header;
use crate::notation::state_chain::ARROWS;
use crate::words::{
    code_spans, is_identifier, lower_words, parenthesized, split_once_any, unquote, without_code,
};

pub(super) const DOC: &str = "A list or table of the values of an enumeration, under its name.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (index, block) in out.blocks(document) {
        if let BlockKind::Table(table) = &block.kind
            && out.is_open(document, block.range.start)
            && read_several(document, table, &block.range, out)
        {
            continue;
        }
        if let BlockKind::Code(code) = &block.kind {
            if out.is_open(document, block.range.start) {
                read_fence(document, code, out);
            }
            continue;
        }
        if let BlockKind::List(list) = &block.kind
            && block.section.is_none_or(|section| out.named_by(section).is_none())
            && read_items(document, list, out)
        {
            continue;
        }
        if let BlockKind::Paragraph(inline) = &block.kind {
            read_announced(document, inline, out);
            read_labelled(document, block.section, inline, out);
            continue;
        }
        let label = document.lead(index).and_then(|lead| {
            // "**`Route`** (enum):" says in brackets what it names.
            let said = document
                .lead_remark(index)
                .and_then(|it| enumeration_name(&format!("{lead} {it}")));
            said.or_else(|| enumeration_name(lead))
        });
        let title = || block.section.and_then(|section| enumeration_title(document, section));
        let allowed = || allowed_values(document, index, block.section, out);
        let own = || own_field(document, index, block, out);
        let states = || states_of(document, index, block.section, out);
        let name = allowed().or(label).or_else(title).or_else(own).or_else(states);
        let Some(name) = name else { continue };
        let name = match out.entity_of(document, block.section) {
            // "Result values" under an entity that has a result.
            Some(entity) if out.field(&entity, &name).is_some() => format!("{entity}.{name}"),
            // "Status values" under an entity is the field of that entity.
            Some(entity) if !name.contains('.') && is_plain_word(&name) => {
                format!("{entity}.{name}")
            }
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

/// The field that a label over a list names and nothing more: "Recurrence" over "None, Daily, Weekly".
fn own_field(document: &Document<'_>, index: usize, block: &Block, out: &Output) -> Option<String> {
    let BlockKind::List(list) = &block.kind else { return None };
    let entity = out.entity_of(document, block.section)?;
    let field = out.field(&entity, document.lead(index)?)?;
    let is_value = |item: &Item| {
        let text = item.content.text.trim();
        !item.has_children && text.split_whitespace().count() <= 2 && !text.contains([':', '.'])
    };
    list.items.iter().all(is_value).then(|| format!("{entity}.{field}"))
}

/// The field whose states the list under "Statuses:" holds, where the heading names the life cycle: "Order
/// state machine".
fn states_of(
    document: &Document<'_>,
    index: usize,
    section: Option<usize>,
    out: &Output,
) -> Option<String> {
    if !lists_states(document, index) {
        return None;
    }
    let title = document.title(section?);
    // "Status workflow" in a document in which one thing has a status.
    let only = || {
        let entity = out.only_owner_of_any(&["status", "state"])?;
        let is_bare = lower_words(strip_numbering(title)).iter().all(|word| is_state_word(word));
        is_bare.then_some(Holder { entity, field: None })
    };
    let Holder { entity, field } = titled(title, out).or_else(only)?;
    let field = field.or_else(|| {
        ["status", "state"].iter().find_map(|name| out.field(&entity, name)).map(str::to_owned)
    })?;
    Some(format!("{entity}.{field}"))
}

/// Whether a block stands under "Statuses:" in a section about a life cycle.
fn lists_states(document: &Document<'_>, index: usize) -> bool {
    let says_states = document.lead(index).is_some_and(|lead| {
        let words = lower_words(lead);
        let is_quality = |word: &SmolStr| {
            matches!(word.as_str(), "current" | "possible" | "all" | "valid" | "allowed" | "the")
        };
        words.last().is_some_and(|word| word == "statuses" || word == "states")
            && words[..words.len() - 1].iter().all(is_quality)
    });
    let section = document.blocks[index].section;
    says_states && section.is_some_and(|it| is_strict_state_topic(document.title(it)))
}

/// The states in a list under "Statuses:" in a section about a life cycle: there are no others.
pub(super) fn listed_states(document: &Document<'_>, index: usize) -> Option<Vec<String>> {
    let BlockKind::List(list) = &document.blocks[index].kind else { return None };
    let items = list.items.iter().filter(|item| item.depth == 0);
    let values = || items.map(|item| value(&item.content.text)).collect();
    if lists_states(document, index) { values() } else { None }
}

/// "**Enumeration: `OrderStatus`**: open, paid", "**Enum `OrderStatus`**: open | paid" in a paragraph of its own.
fn read_announced(document: &Document<'_>, inline: &Inline, out: &mut Output) {
    let label = inline.label.trim_end_matches(':').trim();
    let is_enumeration = |word: &SmolStr| matches!(word.as_str(), "enum" | "enumeration");
    if !lower_words(label).iter().any(is_enumeration) {
        return;
    }
    let (Some(name), [line]) = (enumeration_name(label), &*inline.lines) else { return };
    let Some(rest) = line.text.strip_prefix(inline.label.as_str()) else { return };
    let values = enum_values(rest.trim_start_matches([':', ' ']).trim_end_matches('.'));
    let are_plain = values.iter().all(|value| value.split_whitespace().count() <= 3);
    if values.len() > 1 && are_plain && out.is_open(document, line.range.start) {
        let span = document.span(line.range.clone());
        out.state(document, span, Fact::Enumeration { name, values });
    }
}

/// "**Status values**: `open`, `paid`" behind the fields of the entity that has the status.
fn read_labelled(
    document: &Document<'_>,
    section: Option<usize>,
    inline: &Inline,
    out: &mut Output,
) {
    let owner = out.entity_of(document, section);
    for line in &inline.lines {
        let Some((label, rest)) = line.text.split_once(':') else { continue };
        // "Order.status: open → paid, open → void" are steps.
        if ARROWS.iter().any(|arrow| rest.contains(arrow)) {
            continue;
        }
        let words = lower_words(label);
        let own = owner.as_ref().and_then(|entity| {
            let (last, front) = words.split_last()?;
            let is_list = matches!(last.as_str(), "values" | "options" | "statuses" | "types");
            let field = out.field(entity, &front.join("_")).filter(|_| is_list)?;
            Some((entity.clone(), field.to_owned()))
        });
        let Some((entity, field)) = own.or_else(|| labelled_field(&words, out)) else { continue };
        let spans = code_spans(rest);
        let others = lower_words(&without_code(rest));
        let values = if spans.len() > 1 && others.iter().all(|word| word == "or" || word == "and") {
            spans.into_iter().map(str::to_owned).collect()
        } else {
            enum_values(rest)
        };
        if values.len() > 1 && out.is_open(document, line.range.start) {
            let name = format!("{entity}.{field}");
            let span = document.span(line.range.clone());
            out.state(document, span, Fact::Enumeration { name, values });
        }
    }
}

/// The field of the entity that a label names with it: "Dish badge", "Order status".
fn labelled_field(words: &[SmolStr], out: &Output) -> Option<(String, String)> {
    (1..words.len().min(4)).find_map(|at| {
        let entity = out.known.get(&words[..at].join(" "))?;
        let field = out.field(entity, &words[at..].join("_"))?;
        Some((entity.to_owned(), field.to_owned()))
    })
}

/// A fence of nothing but lines such as `order_status: open | paid`, and remarks.
fn read_fence(document: &Document<'_>, code: &Code, out: &mut Output) {
    let line = |line: &str| {
        let line = line.split("--").next().unwrap_or_default();
        let (name, values) = line.trim().split_once([':', '='])?;
        let values: Vec<String> =
            values.split('|').map(|value| unquote(value.trim()).to_owned()).collect();
        let name = name.trim();
        // One that is written `a?: string | null` is a type.
        let are_values = values.len() > 1
            && values.iter().all(|value| is_identifier(value) && !is_scalar(value));
        (is_identifier(name) && are_values).then(|| (name.to_owned(), values))
    };
    let is_said = |text: &str| {
        let text = text.trim();
        !text.is_empty() && !["--", "//", "#"].iter().any(|mark| text.starts_with(mark))
    };
    let mut found = Vec::new();
    for (text, at) in code.lines().filter(|(text, _)| is_said(text)) {
        let Some(enumeration) = line(text) else { return };
        found.push((enumeration, at));
    }
    for ((name, values), at) in found {
        out.state(document, document.code_span(code, at), Fact::Enumeration { name, values });
    }
}

/// A list of nothing but enumerations: "`ParcelState`: `NEW`, `SENT`, `LOST`". What is named is a type, in the form of
/// code or in that of types.
fn read_items(document: &Document<'_>, list: &List, out: &mut Output) -> bool {
    let one = |item: &Item| {
        let (name, values) = item.content.text.split_once(':')?;
        let (name, values) = (unquote(name.trim()), values.trim().trim_end_matches('.'));
        let spans = code_spans(values);
        let others = lower_words(&without_code(values));
        let are_values = spans.len() > 1
            && spans.iter().all(|value| is_identifier(value) && !is_scalar(value))
            && others.iter().all(|word| word == "or" || word == "and");
        let is_type = is_identifier(name) && name.starts_with(char::is_uppercase);
        let values = || spans.iter().map(|&value| value.to_owned()).collect();
        (is_type && are_values && !item.has_children).then(|| (name.to_owned(), values()))
    };
    let found: Option<Vec<(String, Vec<String>)>> = list.items.iter().map(one).collect();
    // What is called after nothing and written like an entity may list the fields of it.
    let are_values = |(name, values): &(String, Vec<String>)| {
        values.iter().all(|it| !it.contains(char::is_lowercase)) || says_choice(name)
    };
    let Some(found) = found.filter(|it| it.iter().all(are_values)) else { return false };
    let is_open = |item: &Item| out.is_open(document, item.content.range().start);
    if found.iter().any(|(name, _)| out.known.get(name).is_some())
        || !list.items.iter().all(is_open)
    {
        return false;
    }
    for (item, (name, values)) in list.items.iter().zip(found) {
        let span = document.span(item.content.range());
        // `Role` holds the values of the one field that is called so.
        let owner = out.only_owner_of(&name);
        let own = owner.and_then(|owner| Some(format!("{owner}.{}", out.field(owner, &name)?)));
        let name = own.unwrap_or(name);
        out.state(document, span, Fact::Enumeration { name, values });
    }
    !list.items.is_empty()
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
            | "value object"
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

/// The name of an enumeration in a heading, or the heading itself in a section of enumerations.
fn enumeration_title(document: &Document<'_>, section: usize) -> Option<String> {
    let title = document.title(section);
    let parent = || document.sections[section].parent.map(|parent| document.title(parent));
    let is_section = |parent: &str| {
        let words = lower_words(strip_numbering(parent));
        words.len() <= 3
            && words.iter().any(|word| matches!(word.as_str(), "enums" | "enumerations" | "enum"))
    };
    let own = || {
        let name = unquote(strip_numbering(title).trim());
        (parent().is_some_and(is_section) && is_identifier(name)).then(|| name.to_owned())
    };
    enumeration_name(title).or_else(own)
}

/// The field whose values "Allowed Roles" or "Allowed Order Status Values" announces, in a heading or
/// a label under the entity that has it.
fn allowed_values(
    document: &Document<'_>,
    block: usize,
    section: Option<usize>,
    out: &Output,
) -> Option<String> {
    let text = document.lead(block).or_else(|| section.map(|section| document.title(section)))?;
    let mut words = lower_words(strip_numbering(text));
    let lead = words.first()?;
    let leads = ["allowed", "possible", "valid", "permitted", "supported", "available"];
    if !leads.contains(&lead.as_str()) || words.len() > 6 {
        return None;
    }
    words.remove(0);
    words.retain(|word| !matches!(word.as_str(), "values" | "value" | "options"));
    // "Order status" is the status of the order; "roles" are values of the role.
    let last = words.last()?.clone();
    let singular = last.strip_suffix("es").filter(|_| last.ends_with("ses"));
    let singular = singular.or_else(|| last.strip_suffix('s')).unwrap_or(&last);
    let count = words.len();
    let front = &words[..count - 1];
    let spellings: Vec<String> = (0..count)
        .flat_map(|skip| {
            [last.as_str(), singular].map(|end| {
                format!("{}{end}", front.iter().skip(skip).map(SmolStr::as_str).collect::<String>())
            })
        })
        .collect();
    if let Some(entity) = out.entity_of(document, section) {
        let field = spellings.iter().find_map(|name| out.field(&entity, name))?;
        return Some(format!("{entity}.{field}"));
    }
    // Under a heading about something else, "Supported roles" are those of the one thing that has a role.
    let named = spellings.iter().find_map(|name| Some((out.only_owner_of(name)?, name)));
    let (entity, name) = named?;
    Some(format!("{entity}.{}", out.field(entity, name)?))
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
pub(super) fn value(text: &str) -> Option<String> {
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

    #[test]
    fn lists_in_a_section_of_enums_and_allowed_values() {
        check(
            "### Room\n\n#### Fields\n\n* `id` — Primary key\n* `room_status` — Required\n* `role` — Required\n\n#### Allowed Room Status Values\n\n* `READY`\n* `DIRTY`\n\n#### Allowed Roles\n\n* `GUEST`\n* `ADMIN`\n\n## Enums\n\n### BedKind\n\n| Value | Description |\n|-|-|\n| `TWIN` | two |\n| `KING` | one |\n",
            &expect![[r#"
                1 bullet-fields  entity Room
                5 bullet-fields  field Room.id primary key -- Primary key
                6 bullet-fields  field Room.room_status required -- Required
                7 bullet-fields  field Room.role required -- Required
                11 enumeration-list  enumeration Room.room_status: READY | DIRTY
                16 enumeration-list  enumeration Room.role: GUEST | ADMIN
                23 enumeration-list  enumeration BedKind: TWIN | KING
            "#]],
        );
    }

    #[test]
    fn a_fence_of_nothing_but_values() {
        check(
            "# Enums\n\n```sql\n-- On orders\norder_status: open | paid\n\nlevel: low | high -- for now\n```\n\n```\nname: string | null\nlevel: low | high\n```\n",
            &expect![[r#"
                5 enumeration-list  enumeration order_status: open | paid
                7 enumeration-list  enumeration level: low | high
            "#]],
        );
    }

    #[test]
    fn the_states_of_a_life_cycle() {
        check(
            "### loans\n\n- `id`: uuid\n- `status`: text\n\n## Loan state machine\n\nStatuses:\n\n- `open`\n- `paid` (all of it)\n\nTransitions:\n\n- any `late` → `paid`\n- `open` → `paid`\n\n## Loan desk\n\nStatuses:\n\n- `calm`\n- `busy`\n",
            &expect![[r#"
                1 bullet-fields  entity loans
                3 bullet-fields  field loans.id uuid
                4 bullet-fields  field loans.status text
                10 enumeration-list  enumeration loans.status: open | paid
                16 transition-list  transition loans: open -> paid
            "#]],
        );
    }

    #[test]
    fn values_behind_a_label_that_names_a_field() {
        check(
            "### loans\n\n- `id`: uuid\n- `status`: text\n- `kind`: text\n\n**Status values**: `active`, `paid`\n\n**Kind values**: long, short\n\n**Core values**: trust, speed\n",
            &expect![[r#"
                1 bullet-fields  entity loans
                3 bullet-fields  field loans.id uuid
                4 bullet-fields  field loans.status text
                5 bullet-fields  field loans.kind text
                7 enumeration-list  enumeration loans.status: active | paid
                9 enumeration-list  enumeration loans.kind: long | short
            "#]],
        );
    }

    #[test]
    fn what_brackets_call_an_enumeration_and_lists_of_them() {
        check(
            "# Order\n| Field | Type |\n|-|-|\n| state | Route |\n| role | text |\n| berth | text |\n\n**Route** (enum):\n\n- `fast` - by air\n- `slow` - by sea\n\n## Concepts\n\n- `ParcelState`: `NEW`, `SENT` or `LOST`\n- `Berth`: `AT_SEA`, `ASHORE`\n- `PayMethod`: `CASH`, `CARD`.\n\n## Words\n\n- `Letter`: `title`, `body`\n- `Stamp`: `price`, `colour`\n\n## Access\n\nSupported roles:\n\n- `clerk`\n- `guard`\n\nSupported browsers:\n\n- Firefox\n- Safari\n",
            &expect![[r#"
                1 field-table  entity Order
                4 field-table  field Order.state Route
                5 field-table  field Order.role text
                6 field-table  field Order.berth text
                10 enumeration-list  enumeration Route: fast | slow
                15 enumeration-list  enumeration ParcelState: NEW | SENT | LOST
                16 enumeration-list  enumeration Order.berth: AT_SEA | ASHORE
                17 enumeration-list  enumeration PayMethod: CASH | CARD
                28 enumeration-list  enumeration Order.role: clerk | guard
            "#]],
        );
    }

    #[test]
    fn the_states_of_the_one_thing_that_has_some() {
        check(
            "## Loan\n\n- id: uuid\n- status: text\n\n## Shelf\n\n- id: uuid\n- width: int\n\n## Status workflow\n\nCurrent statuses:\n\n| Value | Display |\n|-|-|\n| `asked` | Asked |\n| `lent` | Lent |\n\n## Shelf workflow\n\nStatuses:\n\n| Value | Display |\n|-|-|\n| `full` | Full |\n| `bare` | Bare |\n",
            &expect![[r#"
                1 bullet-fields  entity Loan
                3 bullet-fields  field Loan.id uuid
                4 bullet-fields  field Loan.status text
                6 bullet-fields  entity Shelf
                8 bullet-fields  field Shelf.id uuid
                9 bullet-fields  field Shelf.width int
                15 enumeration-list  enumeration Loan.status: asked | lent
                24 kind-values  field Shelf.status [full | bare]
            "#]],
        );
    }

    #[test]
    fn labels_name_an_entity_and_its_field() {
        check(
            "# Menu\n\n## Dishes\n\n- id: uuid\n- badge: text\n\n## Enums\n\n**Dish badge**: `new`, `hot`, `cold`  \n**Dish colour**: `red`, `blue`\n",
            &expect![[r#"
                3 bullet-fields  entity Dishes
                5 bullet-fields  field Dishes.id uuid
                6 bullet-fields  field Dishes.badge text
                10 enumeration-list  enumeration Dishes.badge: new | hot | cold
            "#]],
        );
    }
}
