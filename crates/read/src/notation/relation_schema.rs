//! Relations as textbooks write them: `Order(id, placed_on, #customer_id)`.

use std::ops::Range;

use crate::document::{BlockKind, Document};
use crate::entity_name::read_title;
use crate::notation::entity_list::is_out_of_scope;
use crate::notation::index_list::lists_indexes;
use crate::notation::{Output, entity_fact, signature_list, typed_field};
use crate::prose::singular;
use crate::words::{
    fold, is_identifier, lower_words, split_top, strip_prefix_ignoring_case, unquote,
};
use crate::{Fact, FieldFact, ReferenceFact};

pub(super) const DOC: &str = "Relations on lines of their own, with their attributes in brackets and marks for their keys: \
     `Order(**id**, placed_on, #customer_id)`, `Order(id PK, customer_id FK)`.";

/// A relation with the place of its line.
struct Relation {
    name: String,
    attributes: Vec<Attribute>,
    range: Range<usize>,
}

struct Attribute {
    field: FieldFact,
    /// Whether a mark says that it is the key of another relation.
    is_foreign: bool,
    is_marked: bool,
}

/// How many items of lists must be relations before they are taken for such; one or two may be calls.
const LISTED: usize = 3;

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    listed(document, out);
    for (_, block) in out.blocks(document) {
        if is_out_of_scope(document, block.section) || !out.is_open(document, block.range.start) {
            continue;
        }
        let lines: Vec<(&str, Range<usize>)> = match &block.kind {
            BlockKind::Paragraph(inline) => {
                let lines = inline.lines.iter().map(|line| line.range.clone());
                // Marks such as underlining are no part of the words of a paragraph.
                lines.map(|it| (document.line_up_to(it.start, it.end), it)).collect()
            }
            BlockKind::Code(code)
                if matches!(code.language.as_str(), "" | "txt" | "text" | "plaintext") =>
            {
                let place = |range| document.code_span(code, range).range();
                code.lines().map(|(line, range)| (line, place(range))).collect()
            }
            BlockKind::Code(_) | BlockKind::List(_) | BlockKind::Table(_) => continue,
        };
        let lines: Vec<_> = lines.into_iter().filter(|(line, _)| !line.trim().is_empty()).collect();
        if let Some(relations) = relations(&lines) {
            state_all(document, relations, out);
        }
    }
}

/// States the relations, all names before the first attribute that may refer to one.
fn state_all(document: &Document<'_>, relations: Vec<Relation>, out: &mut Output) {
    for relation in &relations {
        if out.known.get(&relation.name).is_none() {
            let span = document.span(relation.range.clone());
            out.state(document, span, entity_fact(&relation.name));
        }
    }
    for relation in relations {
        state(document, relation, out);
    }
}

/// Relations in items, each in code: "- `team(id, hall_id, name)`".
fn listed(document: &Document<'_>, out: &mut Output) {
    let mut found = Vec::new();
    for (index, block) in out.blocks(document) {
        let BlockKind::List(list) = &block.kind else { continue };
        // Under "Indexes" the brackets hold what each is on.
        let title = block.section.map(|section| document.title(section));
        let of_indexes = document.lead(index).or(title).is_some_and(lists_indexes);
        if of_indexes || is_out_of_scope(document, block.section) {
            continue;
        }
        for item in &list.items {
            let range = item.content.range();
            let code = item.content.text.strip_prefix('`').and_then(|rest| rest.split_once('`'));
            let Some((code, _)) = code.filter(|_| out.is_open(document, range.start)) else {
                continue;
            };
            let relation = code_relation(code, range);
            found.extend(
                relation.filter(|it| {
                    !out.known.get(&it.name).is_some_and(|known| out.has_fields(known))
                }),
            );
        }
    }
    let keyed = found.iter().filter(|it| is_keyed(it)).count();
    if found.len() >= LISTED && keyed * 10 >= found.len() * 7 {
        state_all(document, found, out);
    }
}

/// The relation that a code span is, whose name in small letters begins with no verb: `get_pets(id, name)` is a call.
fn code_relation(code: &str, range: Range<usize>) -> Option<Relation> {
    let (name, inside) = code.split_once('(')?;
    let is_small = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !is_small {
        return relation(code, range);
    }
    let inside = inside.trim_end().strip_suffix(')')?;
    (!crate::prose::begins_with_verb(name)).then(|| relation_of(name, inside, range)).flatten()
}

/// The relations of a block in which nothing else stands, or hardly anything.
fn relations(lines: &[(&str, Range<usize>)]) -> Option<Vec<Relation>> {
    let found: Vec<Relation> =
        lines.iter().filter_map(|(line, range)| relation(line, range.clone())).collect();
    if found.is_empty() || found.len() * 4 < lines.len() * 3 {
        return None;
    }
    let sure = found.iter().filter(|it| is_keyed(it)).count();
    (sure * 2 > found.len()).then_some(found)
}

/// `Point(x, y)` is a call or a shape; a relation has a key that is marked, or called as one.
fn is_keyed(relation: &Relation) -> bool {
    relation.attributes.iter().any(|one| one.is_marked || is_key_name(&one.field.name))
}

fn is_key_name(name: &str) -> bool {
    name.eq_ignore_ascii_case("id") || name.ends_with("_id") || name.ends_with("Id")
}

fn relation(line: &str, range: Range<usize>) -> Option<Relation> {
    let line = line.trim().trim_start_matches(['-', '•', '+', ' ']).trim_end_matches([';', '.']);
    let (name, rest) = line.split_once('(')?;
    let inside = rest.trim_end().strip_suffix(')')?;
    let name = name.trim().trim_matches(['*', '`', '_', ' ']);
    // A verb begins a call: `createOrder(id, total)`.
    let is_call = name.starts_with(char::is_lowercase)
        && (name.contains(char::is_uppercase) || !name.ends_with('s') || name.contains('.'));
    let is_name = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ' '))
        && (1..=3).contains(&name.split(' ').count())
        && name.starts_with(char::is_alphabetic);
    if is_call || !is_name {
        return None;
    }
    relation_of(name, inside, range)
}

fn relation_of(name: &str, inside: &str, range: Range<usize>) -> Option<Relation> {
    let parts = split_top(inside, &[',']);
    let attributes: Option<Vec<Attribute>> =
        parts.iter().enumerate().map(|(at, part)| attribute(part, at == 0)).collect();
    let title =
        read_title(name).filter(|title| title.not_stored.is_none() && !is_constraint(name))?;
    let attributes = attributes.filter(|it| it.len() >= 2)?;
    Some(Relation { name: title.name, attributes, range })
}

/// What SQL writes in front of the columns of a key: `UNIQUE (shop_id, code)` is no relation.
fn is_constraint(name: &str) -> bool {
    const WORDS: &[&str] = &["unique", "check", "index", "key", "pk", "primary key", "foreign key"];
    WORDS.contains(&name.to_lowercase().as_str())
}

/// `**id**`, `<u>id</u>`, `#customer_id`, `customer_id FK`, `total: decimal`, `customer_id → Customer`.
fn attribute(part: &str, is_first: bool) -> Option<Attribute> {
    let part = part.trim();
    let mut text = part;
    let (mut is_key, mut is_foreign) = (false, false);
    for (open, close) in [("**", "**"), ("__", "__"), ("<u>", "</u>"), ("<ins>", "</ins>")] {
        if let Some(rest) = text.strip_prefix(open)
            && let Some((inside, behind)) = rest.split_once(close)
            && behind.trim().is_empty()
        {
            (text, is_key) = (inside, true);
        }
    }
    // French schools mark a foreign key with a hash, others the key itself, which stands first.
    if let Some(rest) = text.strip_prefix('#').or_else(|| text.strip_suffix('#')) {
        text = rest;
        is_foreign = is_key || !is_first;
        is_key |= is_first;
    }
    let text = text.trim();
    // `category ENUM[a, b]`.
    let values = text.split_once(' ').and_then(|(name, kind)| {
        let listed = strip_prefix_ignoring_case(kind, "enum")?.trim();
        let listed = listed.strip_prefix(['[', '(', '{'])?.strip_suffix([']', ')', '}'])?;
        Some((
            name,
            split_top(listed, &[',', '|'])
                .into_iter()
                .map(|it| unquote(it.trim()).to_owned())
                .collect(),
        ))
    });
    if let Some((name, values)) = values.filter(|(name, _)| is_identifier(name)) {
        let field =
            FieldFact { name: name.to_owned(), enum_values: values, ..FieldFact::default() };
        return Some(Attribute { field, is_foreign: false, is_marked: false });
    }
    let mut field = match typed_field(text).filter(|_| text.contains(':')) {
        Some(field) => field,
        None => signature_list::field(text)?,
    };
    let marks = |mark: &str| {
        text.split([' ', '(', ')', '[', ']', ':', '<', '>'])
            .any(|word| word.eq_ignore_ascii_case(mark))
    };
    is_foreign |= marks("FK");
    is_key |= marks("PK");
    if !is_identifier(&field.name) && lower_words(&field.name).len() > 3 {
        return None;
    }
    field.type_text = field.type_text.filter(|kind| !matches!(kind.as_str(), "FK" | "PK"));
    if is_key {
        field.primary_key = Some(true);
    }
    let is_marked = is_key || is_foreign || field.references.is_some() || field.unique.is_some();
    Some(Attribute { field, is_foreign, is_marked })
}

/// States the attributes, now that all relations are known by name.
fn state(document: &Document<'_>, relation: Relation, out: &mut Output) {
    let Some(entity) = out.known.get(&relation.name).map(str::to_owned) else { return };
    let span = document.span(relation.range);
    let keys = relation.attributes.iter().filter(|it| it.field.primary_key == Some(true)).count();
    if keys > 1 {
        let named = |it: &&Attribute| it.field.primary_key == Some(true);
        let of = relation.attributes.iter().filter(named).map(|it| it.field.name.clone());
        let fields: Vec<String> = of.collect();
        out.state(document, span, Fact::PrimaryKey { entity: entity.clone(), fields });
    }
    for Attribute { mut field, is_foreign, .. } in relation.attributes {
        if keys > 1 {
            field.primary_key = None;
        }
        if is_foreign && field.references.is_none() {
            field.references = target(&field.name, out).map(|target| ReferenceFact {
                entity: target,
                field: None,
                on_delete: None,
            });
        }
        out.state(document, span, Fact::Field { entity: entity.clone(), field });
    }
}

/// The relation whose key an attribute holds: `customer_id`, `id_customer`, `customerNo`.
fn target(name: &str, out: &Output) -> Option<String> {
    let ends = ["_id", "Id", "ID", "_no", "No", "_code", "Code", "_number"];
    let stem = ends.iter().find_map(|end| name.strip_suffix(end));
    let stem = stem.or_else(|| strip_prefix_ignoring_case(name, "id_")).unwrap_or(name);
    let singular = singular(stem);
    [stem, singular.as_str()]
        .into_iter()
        .find_map(|it| out.known.get_folded(&fold(it)))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn relations_with_their_keys() {
        check(
            "# Model\n\n## Relations\n\n```\nHall(id, name, seats: int)\nShow(**show_no**, title, #hall_id)\nTicket(id PK, show_no FK, price decimal, note?)\nVisit(**#show_no**, **guest**, at)\n```\n\n## More\n\nGuest(<u>id</u>, first name, hall_id → Hall)\n",
            &expect![[r#"
                6 relation-schema  entity Hall
                6 relation-schema  field Hall.id
                6 relation-schema  field Hall.name
                6 relation-schema  field Hall.seats int
                7 relation-schema  entity Show
                7 relation-schema  field Show.show_no primary key
                7 relation-schema  field Show.title
                7 relation-schema  field Show.hall_id -> Hall
                8 relation-schema  entity Ticket
                8 relation-schema  field Ticket.id primary key
                8 relation-schema  field Ticket.show_no -> Show
                8 relation-schema  field Ticket.price decimal
                8 relation-schema  field Ticket.note optional
                9 relation-schema  entity Visit
                9 relation-schema  primary key Visit (show_no, guest)
                9 relation-schema  field Visit.show_no -> Show
                9 relation-schema  field Visit.guest
                9 relation-schema  field Visit.at
                14 relation-schema  entity Guest
                14 relation-schema  field Guest.id primary key
                14 relation-schema  field Guest.first name
                14 relation-schema  field Guest.hall_id -> Hall
            "#]],
        );
    }

    #[test]
    fn relations_in_items() {
        check(
            "# Model\n\n**Halls**\n- `hall(id, name, kind ENUM[open, closed])`\n- `hall_seat(hall_id, seat_no)`\n\n**Shows**\n- `show(id, hall_id, title)` what people visit\n",
            &expect![[r#"
                4 relation-schema  entity hall
                4 relation-schema  field hall.id
                4 relation-schema  field hall.name
                4 relation-schema  field hall.kind [open | closed]
                5 relation-schema  entity hall_seat
                5 relation-schema  field hall_seat.hall_id
                5 relation-schema  field hall_seat.seat_no
                8 relation-schema  entity show
                8 relation-schema  field show.id
                8 relation-schema  field show.hall_id
                8 relation-schema  field show.title
            "#]],
        );
    }

    #[test]
    fn calls_in_items_are_no_relations() {
        check(
            "# Model\n\n- `get_hall(id, name)`\n- `get_pets(id, name)`\n- `list_orders(user_id, page)`\n- `delete_items(id, force)`\n- `findHall(hall_id, at)`\n- `delete(id, force)`\n- `hall(id, name)`\n- `range(from, to)`\n",
            &expect![[""]],
        );
    }

    #[test]
    fn calls_and_shapes_are_no_relations() {
        check(
            "# Model\n\n```\ncreateShow(id, title)\nPoint(x, y)\nget_shows(hall_id, day)\nPrinter(name, size)\n```\n\n```\nShow(id, title) is what people visit (often, gladly)\nand much else is said here\nbefore it ends\n```\n",
            &expect![[r#""#]],
        );
    }
}
