//! Entities drawn as boxes of characters, with a name above the fields, and the lines between them.

use crate::diagram::boxes::{Boxed, Drawing};
use crate::document::{BlockKind, Document};
use crate::entity_name::{EntityTitle, read_title};
use crate::modifier;
use crate::notation::Output;
use crate::notation::bullet_fields::key_item;
use crate::notation::fence_fields;
use crate::notation::mermaid_er::relationship;
use crate::notation::relationship_lines::joined_ends;
use crate::words::{fold, is_identifier, name_words, parenthesized};
use crate::{Fact, FieldFact};

pub(super) const DOC: &str = "Boxes drawn with characters: the name of an entity over its fields, with cardinalities between them.";

/// A box that describes an entity.
struct Entity {
    title: EntityTitle,
    fields: Vec<FieldFact>,
    /// Keys of several fields: `UNIQUE(user_id, dream_id)`.
    keys: Vec<Fact>,
}

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for block in &document.blocks {
        let BlockKind::Code(code) = &block.kind else { continue };
        let is_drawing = code.is_plain() && (code.text.contains('┌') || code.text.contains("+--"));
        if !is_drawing || !out.is_open(document, block.range.start) {
            continue;
        }
        let Some(drawing) = Drawing::read(&code.text) else { continue };
        let entities: Vec<Option<Entity>> = drawing.boxes.iter().map(entity).collect();
        let found: Vec<&Entity> = entities.iter().flatten().collect();
        // Components of a system stand in boxes too; rows have keys.
        let keyed = found.iter().filter(|it| it.fields.iter().any(is_key)).count();
        if keyed * 2 < drawing.boxes.len() || keyed < 2 {
            continue;
        }
        let span = document.span(block.range.clone());
        let is_described = |it: &&&Entity| out.has_fields(&it.title.name);
        let described: Vec<String> =
            found.iter().filter(is_described).map(|it| it.title.name.clone()).collect();
        for Entity { title, fields, keys } in &found {
            out.state_entity(document, None, title, span);
            for field in fields {
                let is_short = described.contains(&title.name)
                    && is_shortened(&title.name, &field.name, fields, out);
                if is_short || is_cut(&title.name, &field.name, out) {
                    continue;
                }
                let fact = Fact::Field { entity: title.name.clone(), field: field.clone() };
                out.state(document, span, fact);
            }
            for key in keys {
                out.state(document, span, key.clone());
            }
        }
        for (left, right, (one, other)) in drawing.counted(joined_ends) {
            if let (Some(from), Some(to)) = (&entities[left], &entities[right]) {
                let (from, to) = (from.title.name.clone(), to.title.name.clone());
                out.state(
                    document,
                    span,
                    Fact::Relationship(relationship(from, one, to, other, None)),
                );
            }
        }
    }
}

fn is_key(field: &FieldFact) -> bool {
    field.primary_key == Some(true) || matches!(fold(&field.name).as_str(), "id" | "uuid")
}

/// Whether a box, which is only so wide, holds the beginning of a name that another place gives in full: `duration_sec` of
/// `duration_seconds`.
fn is_cut(entity: &str, name: &str, out: &Output) -> bool {
    let (folded, is_known) = (fold(name), out.field(entity, name).is_some());
    let begins = |it: &&str| name.len() > 3 && fold(it).starts_with(&folded);
    !is_known && out.fields_of(entity).filter(begins).count() == 1
}

/// Whether a box says in short what another place, which describes the entity, says in full, and the box does not: `method` of
/// `payment_method`, `additional_hr` of `additional_hour_rate`.
fn is_shortened(entity: &str, name: &str, drawn: &[FieldFact], out: &Output) -> bool {
    let shorter = name_words(name);
    let is_drawn = |known: &str| drawn.iter().any(|it| fold(&it.name) == fold(known));
    let may_be = |known: &&str| !is_drawn(known) && shortens(&shorter, &name_words(known));
    out.field(entity, name).is_none() && out.fields_of(entity).filter(may_be).count() == 1
}

/// Whether words are some of others in their order, whole or without letters behind their first.
fn shortens(words: &[String], others: &[String]) -> bool {
    let mut left = others.iter();
    let abridges = |word: &str, other: &str| {
        let mut letters = other.chars();
        let begins_alike = word.chars().next() == other.chars().next();
        begins_alike && word.chars().all(|one| letters.any(|letter| letter == one))
    };
    words.len() < others.len() && words.iter().all(|word| left.any(|other| abridges(word, other)))
}

/// The entity in a box: a name, and nothing but fields below it.
fn entity(drawn: &Boxed) -> Option<Entity> {
    let is_rule = |line: &&String| line.chars().all(|c| matches!(c, '─' | '-' | '═' | '━' | '='));
    let mut lines = drawn.text.iter().filter(|line| !is_rule(line));
    let name = lines.next()?;
    let title = read_title(name).filter(|title| title.not_stored.is_none())?;
    let (mut fields, mut keys) = (Vec::new(), Vec::new());
    for line in lines {
        match key_item(&title.name, line) {
            Some(key) => keys.push(key),
            None => fields.push(field(line)?),
        }
    }
    (fields.len() > 1).then_some(Entity { title, fields, keys })
}

/// The field in `id (PK)`, `+ name: string`, `FK user_id`, `email varchar UK`.
fn field(line: &str) -> Option<FieldFact> {
    let line = line.trim_start_matches(['-', '+', '•', '*', '#', '~', '🔑', ' ']);
    let (mark, line) = match line.split_once(' ') {
        Some((mark @ ("PK" | "FK" | "UK" | "pk" | "fk"), rest)) => (mark, rest.trim()),
        _ => ("", line),
    };
    let mut field = match parenthesized(line) {
        Some((name, inside, _)) if is_identifier(name.trim()) => {
            let mut field = FieldFact { name: name.trim().to_owned(), ..FieldFact::default() };
            modifier::read_into(inside, true, &mut field);
            field
        }
        _ => fence_fields::field(line)?,
    };
    modifier::read_into(mark, false, &mut field);
    field.constraints.retain(|text| text != "foreign key");
    Some(field)
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn boxes_say_in_short_what_tables_say_in_full() {
        check(
            "## Fee\n\n| Field | Type |\n|-|-|\n| fee_id | int |\n| fee_status | text |\n| extra_hour_rate | int |\n\n```\n+-------------+\n| Fee         |\n+-------------+\n| PK fee_id   |\n| status      |\n| extra_hr    |\n| colour      |\n+-------------+\n\n+-------------+\n| Car         |\n+-------------+\n| PK id       |\n| status      |\n+-------------+\n```\n",
            &expect![[r#"
                1 field-table  entity Fee
                5 field-table  field Fee.fee_id int
                6 field-table  field Fee.fee_status text
                7 field-table  field Fee.extra_hour_rate int
                9 drawn-entity  entity Fee
                9 drawn-entity  field Fee.fee_id primary key
                9 drawn-entity  field Fee.colour
                9 drawn-entity  entity Car
                9 drawn-entity  field Car.id primary key
                9 drawn-entity  field Car.status
            "#]],
        );
    }

    #[test]
    fn boxes_with_keys_are_entities() {
        check(
            "```
┌──────────────┐        ┌──────────────┐
│    users     │        │    orders    │
├──────────────┤ 1    N ├──────────────┤
│ id (PK)      │───────>│ id (PK)      │
│ email: text  │        │ user_id (FK) │
└──────────────┘        │ total int    │
                        └──────────────┘
```

```
+-----------+       +-----------+
| Product   |       | Shelf     |
+-----------+       +-----------+
| PK id     |*-----1| id: UUID  |
| name      |       | name      |
+-----------+       +-----------+
```
",
            &expect![[r#"
                1 drawn-entity  entity users
                1 drawn-entity  field users.id primary key
                1 drawn-entity  field users.email text
                1 drawn-entity  entity orders
                1 drawn-entity  field orders.id primary key
                1 drawn-entity  field orders.user_id
                1 drawn-entity  field orders.total int
                1 drawn-entity  relationship users 1:N orders
                11 drawn-entity  entity Product
                11 drawn-entity  field Product.id primary key
                11 drawn-entity  field Product.name
                11 drawn-entity  entity Shelf
                11 drawn-entity  field Shelf.id UUID
                11 drawn-entity  field Shelf.name
                11 drawn-entity  relationship Shelf 1:N Product
            "#]],
        );
    }

    #[test]
    fn components_of_a_system_are_none() {
        check(
            "```
┌──────────────┐        ┌──────────────┐
│ Order agent  │───────>│ Stock agent  │
│ wraps:       │        │ wraps:       │
│ SalesService │        │ StockService │
└──────────────┘        └──────────────┘
```
",
            &expect![[r#""#]],
        );
    }

    #[test]
    fn a_box_is_only_so_wide() {
        check(
            "### Film\n\n| Field | Type |\n|-|-|\n| id | uuid |\n| length_seconds | int |\n\n```\n┌──────────────┐   ┌────────────────────┐\n│    Film      │   │    Rating          │\n├──────────────┤   ├────────────────────┤\n│ id (PK)      │   │ id (PK)            │\n│ length_sec   │   │ film_id (FK)       │\n│ score        │   │ guest_id           │\n└──────────────┘   │ UNIQUE(film_id)    │\n                   └────────────────────┘\n```\n",
            &expect![[r#"
                1 field-table  entity Film
                5 field-table  field Film.id uuid
                6 field-table  field Film.length_seconds int
                8 drawn-entity  entity Film
                8 drawn-entity  field Film.id primary key
                8 drawn-entity  field Film.score
                8 drawn-entity  entity Rating
                8 drawn-entity  field Rating.id primary key
                8 drawn-entity  field Rating.film_id
                8 drawn-entity  field Rating.guest_id
                8 drawn-entity  unique Rating (film_id)
            "#]],
        );
    }
}
