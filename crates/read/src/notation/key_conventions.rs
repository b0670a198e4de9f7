//! Sentences that say once of which type all keys are.

use std::collections::BTreeMap;

use smol_str::SmolStr;
use underpin_base::Span;

use crate::document::{BlockKind, Document};
use crate::notation::convention::clauses;
use crate::notation::{Mark, Output, mentioned};
use crate::words::{fold, lower_words};
use crate::{EntityKind, Fact, FieldFact};

pub(super) const DOC: &str = "A sentence such as \"All primary keys are UUIDs\" or \"Use UUID v7 for ids\", and the row \"Primary keys | UUID\" of a table of conventions.";

/// What a sentence about keys may say besides the type; any other word makes it one about something else.
const USUAL: &[&str] = &[
    "a",
    "all",
    "always",
    "an",
    "and",
    "auto",
    "are",
    "as",
    "be",
    "by",
    "carries",
    "carry",
    "database",
    "each",
    "entities",
    "entity",
    "entity's",
    "every",
    "everywhere",
    "for",
    "globally",
    "has",
    "have",
    "id",
    "identified",
    "identifier",
    "identifiers",
    "ids",
    "in",
    "increment",
    "incremented",
    "incrementing",
    "is",
    "its",
    "key",
    "keyed",
    "keys",
    "model",
    "models",
    "must",
    "new",
    "of",
    "our",
    "pk",
    "pks",
    "primary",
    "random",
    "record",
    "records",
    "row",
    "rows",
    "shall",
    "should",
    "strategy",
    "style",
    "surrogate",
    "system",
    "table",
    "tables",
    "the",
    "their",
    "throughout",
    "type",
    "types",
    "unique",
    "use",
    "uses",
    "using",
    "values",
    "we",
    "will",
    "with",
];

/// What names keys; each alone or, in the singular, only of each and every one.
const PLURAL: &[&str] = &["keys", "pks", "ids", "identifiers"];
const SINGULAR: &[&str] = &["key", "pk", "id", "identifier", "identified", "keyed"];
const OF_ALL: &[&str] = &["all", "every", "each", "everywhere", "throughout"];

/// Where the sentence about the type ends and its reason begins.
const ENDS: &[&str] = &[
    ". ",
    ";",
    ",",
    " (",
    " - ",
    " – ",
    " — ",
    " to ",
    " so ",
    " because ",
    " rather ",
    " instead ",
    " generated ",
    " except ",
    " unless ",
    " other than ",
    " apart from ",
];

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    let mut found: Vec<(Span, Convention)> = Vec::new();
    for block in &document.blocks {
        if out.entity_of(document, block.section).is_some() {
            continue;
        }
        let mut take = |text: &str, span: Span| {
            // Other conventions may stand in the same line; of what is none of them, no word is known here.
            let is_free = out.mark_at(document, span.range().start) != Mark::SetAside;
            let said = is_free.then(|| convention(text, out));
            found.extend(said.flatten().map(|it| (span, it)));
        };
        match &block.kind {
            BlockKind::Paragraph(inline) => {
                for (clause, range) in clauses(inline) {
                    take(&clause, document.span(range));
                }
            }
            BlockKind::List(list) => {
                for item in &list.items {
                    for (clause, range) in clauses(&item.content) {
                        take(&clause, document.span(range));
                    }
                }
            }
            BlockKind::Table(table) => {
                for row in &table.rows {
                    let text = format!("{} {}", row.text(0), row.text(1));
                    take(&text, document.span(row.range.clone()));
                }
            }
            BlockKind::Code(_) => {}
        }
    }
    for (span, convention) in found {
        apply(document, span, &convention, out);
    }
}

/// Of which type all keys are.
struct Convention {
    type_text: &'static str,
    /// Whether they begin with the time (UUID version 7).
    ordered: bool,
    /// Folded names of the entities that it leaves out.
    but: Vec<String>,
}

fn convention(text: &str, out: &Output) -> Option<Convention> {
    if text.contains('?') {
        return None;
    }
    // Emphasis is gone; "Primary keys: UUID" is a sentence without a verb.
    let end = ENDS.iter().filter_map(|end| text.find(end)).min().unwrap_or(text.len());
    let words = lower_words(&text[..end]);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let about_keys = has(PLURAL) || has(SINGULAR) && has(OF_ALL) || begins_with_primary_key(&words);
    if !about_keys || words.len() > 20 {
        return None;
    }
    let mut named = None;
    for word in &words {
        match kind(word) {
            Some(kind) if named.is_none_or(|it| it == kind) => named = Some(kind),
            Some(_) => return None,
            None if USUAL.contains(&word.as_str()) || is_version(word) => {}
            None => return None,
        }
    }
    let rest = text.to_ascii_lowercase();
    let ordered = ["v7", "version 7", "time-ordered", "time ordered"];
    let type_text = named?;
    let ordered = type_text == "uuid" && ordered.iter().any(|it| rest.contains(it));
    let but = ["except", "unless", "other than", "apart from"].iter().find_map(|it| {
        Some(mentioned(text.get(rest.find(it)?..)?, out).iter().map(|name| fold(name)).collect())
    });
    Some(Convention { type_text, ordered, but: but.unwrap_or_default() })
}

/// "Primary key: UUID", which is said of no entity where it stands under none.
fn begins_with_primary_key(words: &[SmolStr]) -> bool {
    matches!(words, [first, second, ..] if first == "primary" && second == "key")
}

fn kind(word: &str) -> Option<&'static str> {
    Some(match word {
        "integer" | "integers" | "serial" => "integer",
        "uuid" | "uuids" | "guid" | "guids" | "uuidv4" | "uuidv7" | "uuidv4s" | "uuidv7s" => "uuid",
        "ulid" | "ulids" => "ulid",
        "bigint" | "bigints" | "bigserial" => "bigint",
        _ => return None,
    })
}

fn is_version(word: &str) -> bool {
    matches!(word, "v4" | "v7" | "version" | "4" | "7")
}

/// What is known of the keys of an entity.
#[derive(Default)]
struct Known {
    name: String,
    /// Its key, with its type where that is stated.
    key: Option<(String, Option<String>)>,
    /// A key of several fields, or rows that are part of others: nothing is said of these.
    apart: bool,
    references: usize,
    fields: usize,
}

/// Gives each entity that lists fields its key, or the key its type. A document that describes no entities speaks of
/// those of all others.
fn apply(document: &Document<'_>, span: Span, convention: &Convention, out: &mut Output) {
    let here = known(out, Some(document));
    let all = if here.values().any(|it| it.fields > 0) { here } else { known(out, None) };
    let mut taken = false;
    for (folded, it) in all {
        let is_join = it.references >= 2 && it.references == it.fields;
        let is_meant = it.fields > 0 && !it.apart && !is_join && !convention.but.contains(&folded);
        if !is_meant {
            continue;
        }
        taken = true;
        let stated = it.key.as_ref().and_then(|(_, type_text)| type_text.as_deref());
        let is_typed = stated.is_some();
        // What the entity itself says of its key counts; that identifiers begin with the time can be said beside it.
        let is_uuid = stated.is_none_or(|text| kind(&text.to_lowercase()) == Some("uuid"));
        if is_typed && !(convention.ordered && is_uuid) {
            continue;
        }
        let field = FieldFact {
            name: it.key.map_or_else(|| "id".to_owned(), |(name, _)| name),
            type_text: (!is_typed).then(|| convention.type_text.to_owned()),
            primary_key: Some(true),
            // That they begin with the time is said of how they are made.
            default: convention.ordered.then(|| "uuidv7()".to_owned()),
            ..FieldFact::default()
        };
        let fact = Fact::Field { entity: it.name, field };
        out.infer(document, span, fact, "said once of all keys");
    }
    if taken {
        out.mark(document, span.range(), Mark::Understood);
    }
}

fn known(out: &Output, of: Option<&Document<'_>>) -> BTreeMap<String, Known> {
    let mut all: BTreeMap<String, Known> = BTreeMap::new();
    let stated =
        out.stated().filter(|it| of.is_none_or(|document| it.span.document == document.id));
    for statement in stated {
        match &statement.fact {
            Fact::Entity(entity) => {
                let it = all.entry(fold(&entity.name)).or_default();
                it.name.clone_from(&entity.name);
                it.apart |= match entity.kind {
                    EntityKind::Entity => false,
                    EntityKind::ValueObject | EntityKind::Join => true,
                };
            }
            Fact::PrimaryKey { entity, .. } => all.entry(fold(entity)).or_default().apart = true,
            Fact::Field { entity, field } => {
                let folded = fold(entity);
                let own = [format!("{folded}id"), format!("{folded}_id")];
                let it = all.entry(folded).or_default();
                if it.name.is_empty() {
                    it.name.clone_from(entity);
                }
                it.fields += 1;
                it.references += usize::from(field.references.is_some());
                let name = fold(&field.name);
                if field.primary_key == Some(true) || name == "id" || own.contains(&name) {
                    let known = it.key.take().and_then(|(_, type_text)| type_text);
                    it.key = Some((field.name.clone(), known.or_else(|| field.type_text.clone())));
                }
            }
            _ => {}
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use crate::notation::{check, rendered};
    use expect_test::expect;

    const MODEL: &str = "\n\n# Order\n| Field | Type |\n|-|-|\n| id | |\n| total | int |\n\n# Buyer\n| Field | Type |\n|-|-|\n| name | text |\n\n# Note\n| Field | Type |\n|-|-|\n| id | int |\n";

    #[test]
    fn keys_of_one_type() {
        check(
            &format!("All primary keys are UUIDs.{MODEL}"),
            &expect![[r#"
                3 field-table  entity Order
                1 key-conventions  field Order.id uuid primary key [inferred: said once of all keys]
                6 field-table  field Order.id
                7 field-table  field Order.total int
                9 field-table  entity Buyer
                1 key-conventions  field Buyer.id uuid primary key [inferred: said once of all keys]
                12 field-table  field Buyer.name text
                14 field-table  entity Note
                17 field-table  field Note.id int
            "#]],
        );
    }

    #[test]
    fn in_other_words() {
        for (said, kind) in [
            ("Use UUIDs for all primary keys.", "uuid"),
            ("We use UUIDs as primary keys everywhere, to ease merging.", "uuid"),
            ("- **Primary Keys**: UUID v7 (time-ordered)", "uuid primary key default uuidv7()"),
            ("- IDs are UUIDs generated by the application", "uuid"),
            (
                "- Identifiers are UUID v7, generated by the application.",
                "uuid primary key default uuidv7()",
            ),
            ("Every entity is identified by a UUID.", "uuid"),
            ("Each table has a ULID primary key.", "ulid"),
            ("- Primary key: `bigint`", "bigint"),
            ("| Topic | Convention |\n|-|-|\n| Primary keys | UUID |", "uuid"),
        ] {
            let read = rendered("test.md", &format!("# Conventions\n\n{said}{MODEL}"));
            assert!(read.contains(&format!("field Buyer.id {kind}")), "{said}:\n{read}");
        }
    }

    #[test]
    fn what_is_said_of_other_things() {
        for said in [
            "External ids are UUIDs.",
            "All ids of partners are UUIDs.",
            "Primary keys are not UUIDs.",
            "Use UUIDs for users and bigint ids for logs.",
            "All events carry a UUID.",
            "Should all primary keys be UUIDs?",
        ] {
            let read = rendered("test.md", &format!("# Conventions\n\n{said}{MODEL}"));
            assert!(!read.contains("key-conventions"), "{said}:\n{read}");
        }
    }

    #[test]
    fn but_for_some() {
        let read = rendered("test.md", &format!("All ids are UUIDs, except of Buyer.{MODEL}"));
        assert!(read.contains("field Order.id uuid"), "{read}");
        assert!(!read.contains("Buyer.id"), "{read}");
    }
}
