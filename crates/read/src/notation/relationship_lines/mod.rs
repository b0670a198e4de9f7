//! Lines that relate two entities: `User 1 ──── N Order`, "has many", `A → B (1:N)`.

mod cardinality;
mod name;
mod verb;

use std::ops::Range;

use crate::document::{BlockKind, Document, Table};
use crate::notation::Output;
use crate::words::{lower_words, split_once_any, unquote};
use crate::{Fact, RelationshipFact};
pub(super) use cardinality::{arrow_ends, joined_ends, pair, worded_line};
use cardinality::{cardinality_line, crow_line, labelled_arrow, with_other};
pub(super) use name::on_delete;
use verb::{find_verb, many_to_many, verb_phrases};

pub(super) const DOC: &str = "A line, item or heading that relates two entities with a cardinality or a verb such as \"has many\".";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (_, section) in out.sections(document) {
        let owner = section.parent.and_then(|parent| out.entity_of(document, Some(parent)));
        if out.is_open(document, section.range.start) {
            read_line(
                document,
                &section.title.text,
                section.range.clone(),
                owner.as_deref(),
                true,
                out,
            );
        }
    }
    for (index, block) in out.blocks(document) {
        match &block.kind {
            BlockKind::List(list) => {
                let owner = out.entity_of(document, block.section);
                let topic = is_relationship_topic(document, index);
                let mut under: Vec<bool> = Vec::with_capacity(list.items.len());
                let mut owners: Vec<Option<String>> = Vec::with_capacity(list.items.len());
                for item in &list.items {
                    let text = &item.content.text;
                    let inside = item.parent.map_or(topic, |parent| under[parent]);
                    let is_label = text.trim_end().ends_with(':') || item.content.strong;
                    under.push(inside || is_label && says_relationship(text));
                    let outer = match item.parent {
                        Some(parent) => owners[parent].clone(),
                        None => owner.clone(),
                    };
                    let named = item.has_children.then(|| named_by(text, out)).flatten();
                    owners.push(named.or_else(|| outer.clone()));
                    let Some(first) = item.content.lines.first() else { continue };
                    if !out.is_open(document, first.range.start) {
                        continue;
                    }
                    let (text, inside) = match labelled(text) {
                        Some(rest) if outer.is_some() => (rest, true),
                        Some(_) | None => (text.as_str(), inside),
                    };
                    let range = item.content.range();
                    let placed = item.parent.and_then(|_| placed(text, out));
                    let text = placed.as_deref().unwrap_or(text);
                    read_line(document, text, range, outer.as_deref(), inside, out);
                }
            }
            BlockKind::Paragraph(inline) => {
                let owner = out.entity_of(document, block.section);
                let label = inline.label.trim_end_matches(':');
                let topic = says_relationship(label) || is_relationship_topic(document, index);
                for line in &inline.lines {
                    if !out.is_open(document, line.range.start) {
                        continue;
                    }
                    let text = line.text.strip_prefix(label).map_or(line.text.as_str(), |rest| {
                        if says_relationship(label) {
                            rest.trim_start_matches([':', ' '])
                        } else {
                            &line.text
                        }
                    });
                    read_line(document, text, line.range.clone(), owner.as_deref(), topic, out);
                }
            }
            BlockKind::Code(code) if code.is_plain() => {
                let topic = is_relationship_topic(document, index);
                for (line, at) in code.lines() {
                    let span = document.code_span(code, at);
                    if out.is_open(document, span.range().start) && line.len() < 300 {
                        let fact = cardinality_line(line, out)
                            .or_else(|| labelled_arrow(line, out))
                            .or_else(|| crow_line(line, out));
                        let facts = match fact {
                            Some(fact) => vec![fact],
                            None if topic => verb_phrases(line.trim(), None, true, out),
                            None => Vec::new(),
                        };
                        for fact in facts {
                            state(document, span.range(), fact, out);
                        }
                    }
                }
            }
            BlockKind::Table(table) => read_cells(document, table, out),
            BlockKind::Code(_) => {}
        }
    }
}

/// Whether an item says to what the thing that it stands under is related: "belongs to a customer".
pub(super) fn relates_owner(item: &str) -> bool {
    let verb = find_verb(&item.to_ascii_lowercase());
    verb.is_some_and(|(at, (verb, ..))| at == 0 && verb.contains(' '))
}

/// "of one Hive", "stands in one Apiary" below the item of a thing: in other words, it belongs to one.
fn placed(text: &str, out: &Output) -> Option<String> {
    const ON: &[&str] = &["of", "in", "on", "from", "for", "to", "at", "by"];
    let words: Vec<&str> = text.trim().trim_end_matches(['.', ';']).split(' ').collect();
    let one = words.iter().position(|it| *it == "one")?;
    let before = match &words[..one] {
        [before @ .., "exactly"] => before,
        before => before,
    };
    let (on, verb) = before.split_last()?;
    let target = words[one + 1..].join(" ");
    (ON.contains(on) && verb.len() <= 1).then_some(())?;
    out.known.get(unquote(&target)).map(|target| format!("belongs to one {target}"))
}

/// The known entity that an item with others below it names: "`Order`", "**Order** (root)".
fn named_by(text: &str, out: &Output) -> Option<String> {
    let head = split_once_any(text, &[":", " — ", " – ", " - ", " ("]).map_or(text, |it| it.0);
    out.known.get(unquote(head.replace('*', "").trim())).map(str::to_owned)
}

/// What stands behind "Relationships:".
fn labelled(text: &str) -> Option<&str> {
    let (label, rest) = text.split_once(':')?;
    let is_label = label.split_whitespace().count() <= 2 && says_relationship(label);
    (is_label && !rest.trim().is_empty()).then(|| rest.trim_start_matches(['*', ' ']))
}

/// A column "Relationships" in a table of entities: "Has many Orders; belongs to Company", "1:N Line".
fn read_cells(document: &Document<'_>, table: &Table, out: &mut Output) {
    let Some(column) = table.header.iter().position(|cell| says_relationship(&cell.text)) else {
        return;
    };
    if column == 0 {
        return;
    }
    for row in &table.rows {
        let name = row.text(0).replace(['*', '`'], "");
        let Some(owner) = out.known.get(name.trim()).map(str::to_owned) else { continue };
        let mut facts = Vec::new();
        for part in row.text(column).split([';', '\n']) {
            let part = part.trim();
            let counted = cardinality_line(&format!("{owner} {part}"), out);
            match counted {
                Some(fact) => facts.push(fact),
                None => facts.extend(verb_phrases(part, Some(&owner), true, out)),
            }
        }
        for fact in facts {
            state(document, row.range.clone(), fact, out);
        }
    }
}

/// Whether a text among relationships relates two things, known or not.
pub(crate) fn relates(document: &Document<'_>, block: usize, text: &str) -> bool {
    text.len() < 300
        && is_relationship_topic(document, block)
        && find_verb(&text.to_ascii_lowercase()).is_some()
}

pub(super) fn is_relationship_topic(document: &Document<'_>, block: usize) -> bool {
    let lead = document.lead(block).is_some_and(says_relationship);
    lead || document
        .path_of(document.blocks[block].section)
        .take(2)
        .any(|section| says_relationship(document.title(section)))
}

fn says_relationship(text: &str) -> bool {
    lower_words(text).iter().any(|word| {
        matches!(
            word.as_str(),
            "relationship"
                | "relationships"
                | "relations"
                | "relation"
                | "associations"
                | "cardinality"
                | "cardinalities"
        )
    })
}

fn state(document: &Document<'_>, range: Range<usize>, fact: RelationshipFact, out: &mut Output) {
    out.state(document, document.span(range), Fact::Relationship(fact));
}

pub(super) fn read_line(
    document: &Document<'_>,
    text: &str,
    range: Range<usize>,
    owner: Option<&str>,
    topic: bool,
    out: &mut Output,
) {
    if text.len() > 600 {
        return;
    }
    let fact = with_other(text, owner, out)
        .or_else(|| cardinality_line(text, out))
        .or_else(|| worded_line(text, out));
    if let Some(fact) = fact {
        state(document, range, fact, out);
        return;
    }
    if let Some(fact) = labelled_arrow(text, out) {
        state(document, range, fact, out);
        return;
    }
    if let Some(fact) = many_to_many(text, owner, out) {
        state(document, range, fact, out);
        return;
    }
    // "For the driver role, has one DriverProfile": under an entity, who is meant stands first.
    let text = match text.split_once(", ") {
        Some((head, rest))
            if topic
                && owner.is_some()
                && head.starts_with("For ")
                && lower_words(head).len() <= 6 =>
        {
            rest
        }
        Some(_) | None => text,
    };
    let facts = verb_phrases(text, owner, topic, out);
    for fact in facts {
        state(document, range.clone(), fact, out);
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    const ENTITIES: &str = "# User\n| Field | Type |\n|-|-|\n| id | int |\n# Order\n| Field | Type |\n|-|-|\n| id | int |\n# Tag\n| Field | Type |\n|-|-|\n| id | int |\n";

    #[test]
    fn a_cardinality_with_another() {
        check(
            "### User\n\n| Field | Type |\n|-|-|\n| id | int |\n\n### Idea\n\n| Field | Type |\n|-|-|\n| id | int |\n\n#### Relationships\n\n- **Author**: Many-to-One relationship with User (creator)\n- **Nothing**: Many-to-One relationship with Weather\n- Many people come with User\n",
            &expect![[r#"
                1 field-table  entity User
                5 field-table  field User.id int
                7 field-table  entity Idea
                11 field-table  field Idea.id int
                15 relationship-lines  relationship User 1:N Idea
                16 R005 `Nothing: Many-to-One relationship with Weather` relates something that no document describes
            "#]],
        );
    }

    #[test]
    fn cardinalities_and_verbs() {
        check(
            &format!(
                "{ENTITIES}# Relationships\n\n- User 1 ──── N Order\n- User to Order: one-to-many\n- Order - Tag: N:M\n- One-to-many between User and Tag\n- User (1) — (N) Tag\n- Weather to User: one-to-many\n- A user has many tags and a tag has many users\n- `User` 1:N `Order`\n- User has many Orders and Tags\n- Each order belongs to exactly one user\n- Order N:M Tag (through OrderTag)\n- Tag → Order = 1 : 0..1\n- Tag → price = 1 : 2\n- There is a `1:N` relationship between a Tag and Orders\n- **One-to-Many**: User → Orders (as buyer)\n\n### User ↔ Tag (Many-to-Many)\n"
            ),
            &expect![[r#"
                1 field-table  entity User
                4 field-table  field User.id int
                5 field-table  entity Order
                8 field-table  field Order.id int
                9 field-table  entity Tag
                12 field-table  field Tag.id int
                15 relationship-lines  relationship User 1:N Order
                16 relationship-lines  relationship User 1:N Order
                17 relationship-lines  relationship Order N:M Tag
                18 relationship-lines  relationship User 1:N Tag
                19 relationship-lines  relationship User 1:N Tag
                21 relationship-lines  relationship User N:M Tag
                22 relationship-lines  relationship User 1:N Order
                23 relationship-lines  relationship User 1:N Order
                23 relationship-lines  relationship User 1:N Tag
                24 relationship-lines  relationship User 1:N Order from:required
                25 relationship-lines  relationship Order N:M Tag through OrderTag
                26 relationship-lines  relationship Tag 1:1 Order to:optional
                28 relationship-lines  relationship Tag 1:N Order
                29 relationship-lines  relationship User 1:N Order "buyer"
                31 relationship-lines  relationship User N:M Tag
            "#]],
        );
    }

    #[test]
    fn one_of_some_rows_pairs_nothing() {
        check(
            &format!(
                "{ENTITIES}# Relationships\n\n- A user has at most one order at a time.\n- A user has one open order.\n- A user can have one current order.\n- A user has at most one of its orders marked.\n- A tag has many orders; at most one of its orders is marked.\n- A user has one tag.\n- An order belongs to one current user.\n- A user has at most one tag.\n"
            ),
            &expect![[r#"
                1 field-table  entity User
                4 field-table  field User.id int
                5 field-table  entity Order
                8 field-table  field Order.id int
                9 field-table  entity Tag
                12 field-table  field Tag.id int
                15 prose-rule-sentence  rule User: A user has at most one order at a time
                18 prose-rule-sentence  rule User: A user has at most one of its orders marked
                19 relationship-lines  relationship Tag 1:N Order
                20 relationship-lines  relationship User 1:1 Tag
                21 relationship-lines  relationship User 1:N Order
                22 relationship-lines  relationship User 1:1 Tag to:optional
                22 prose-rule-sentence  rule User: A user has at most one tag
                16 R005 `A user has one open order.` relates something that no document describes
                17 R005 `A user can have one current order.` relates something that no document describes
            "#]],
        );
    }

    #[test]
    fn who_is_meant_stands_first() {
        check(
            "### Tag\n\n| Field | Type |\n|-|-|\n| id | int |\n\n### User\n\n| Field | Type |\n|-|-|\n| id | int |\n\nRelationships:\n\n- For the editor role, has many Tags.\n- For now, nothing else has many Tags.\n",
            &expect![[r#"
                1 field-table  entity Tag
                5 field-table  field Tag.id int
                7 field-table  entity User
                11 field-table  field User.id int
                15 relationship-lines  relationship User 1:N Tag
                16 R005 `For now, nothing else has many Tags.` relates something that no document describes
            "#]],
        );
    }

    #[test]
    fn verbs_under_an_entity() {
        check(
            &format!(
                "# A\n{ENTITIES}\n**Relationships:** Many-to-many with Orders (via `order_tags`), has many Users.\n"
            ),
            &expect![[r#"
                2 field-table  entity User
                5 field-table  field User.id int
                6 field-table  entity Order
                9 field-table  field Order.id int
                10 field-table  entity Tag
                13 field-table  field Tag.id int
                15 relationship-lines  relationship Tag N:M Order through order_tags
                15 relationship-lines  relationship Tag 1:N User
            "#]],
        );
    }

    #[test]
    fn relationships_in_the_item_of_an_entity() {
        check(
            "## Entities\n\n- `Order`\n  - Attributes: `id`, `total`\n  - Relationships: belongs to one `Guest`, has many `Line`\n- `Guest`\n  - Attributes: `id`, `host_id`\n  - has many orders\n- `Line`\n  - Attributes: `id`\n\n## Notes\n\n- A guest can own many `Order` records.\n- `host_id` references `Guest.id`\n- `Line` rows go: nothing references them, since orders hold copies.\n- Relationships: belongs to one `Guest`\n",
            &expect![[r#"
                3 entity-list  entity Order
                4 field-phrases  field Order.id
                4 field-phrases  field Order.total
                5 relationship-lines  relationship Guest 1:N Order
                5 relationship-lines  relationship Order 1:N Line
                6 entity-list  entity Guest
                7 field-phrases  field Guest.id
                7 field-phrases  field Guest.host_id
                8 relationship-lines  relationship Guest 1:N Order
                9 entity-list  entity Line
                10 field-phrases  field Line.id
                14 relationship-lines  relationship Guest 1:N Order
                17 R015 `Relationships: belongs to one `Guest`` seems to state something and was not understood
            "#]],
        );
    }
}
