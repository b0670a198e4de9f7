//! Sentences that say something once of a field that many entities have.

use std::collections::BTreeSet;
use std::ops::Range;

use underpin_base::{Phrases, Span};

use crate::document::{BlockKind, Document, Inline, List, Table};
use crate::modifier;
use crate::notation::field_phrases::label_fields;
use crate::notation::{Mark, Output, bullet_fields, convention, field_table};
use crate::words::{code_spans, fold, is_identifier};
use crate::{EntityKind, Fact, FieldFact};

mod owner_key;

pub(super) const DOC: &str = "A sentence such as \"Every table carries `tenant_id UUID NOT NULL`\" or \"All entities have `id` and `created_at`\", and a list after such words.";

pub(super) const PROSE_DOC: &str =
    "The same of entities that only sentences establish: \"Every table has: id, created_at\".";

/// Reads such sentences; once when entities with a form of their own are known, and again when sentences are read.
pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    let entities = with_fields(document, out);
    for said in said_of_all(document) {
        match said {
            Said::List(list) => read_list(document, list, &entities, out),
            Said::Table(table, range) => read_table(document, table, range, &entities, out),
            Said::Field(field, range) => {
                if out.complete_fields(&field) {
                    out.mark(document, range, Mark::Understood);
                }
            }
            Said::Fields(clause, range) => {
                let span = document.span(range);
                if let Some(key) = owner_key::of(&clause, out) {
                    let others: Vec<String> =
                        entities.iter().filter(|it| !key.but.contains(*it)).cloned().collect();
                    add(document, span, &[key.field], &others, out);
                } else if let Some(names) = speaks_of_all(&clause) {
                    let fields = listed(names, out);
                    add(document, span, &fields, &entities, out);
                    if !fields.is_empty() {
                        // What has them may be told in sentences; no "Table" is one of them.
                        out.mark(document, span.range(), Mark::Understood);
                    }
                }
            }
        }
    }
}

/// What is said once of many entities.
enum Said<'d> {
    /// Behind such words: the fields of each.
    List(&'d List),
    Table(&'d Table, &'d Range<usize>),
    /// A field with its type.
    Field(FieldFact, Range<usize>),
    /// A sentence that may name fields.
    Fields(String, Range<usize>),
}

fn said_of_all<'d>(document: &'d Document<'_>) -> Vec<Said<'d>> {
    document.find_in_blocks(|index, found| {
        let block = &document.blocks[index];
        let is_led = || document.lead(index).and_then(speaks_of_all).is_some();
        match &block.kind {
            BlockKind::Paragraph(inline) => in_text(inline, found),
            BlockKind::List(list) if is_led() => found.push(Said::List(list)),
            BlockKind::List(list) => {
                list.items.iter().for_each(|item| in_text(&item.content, found));
            }
            BlockKind::Table(table) if is_led() => found.push(Said::Table(table, &block.range)),
            BlockKind::Table(_) | BlockKind::Code(_) => {}
        }
    })
}

fn in_text(inline: &Inline, found: &mut Vec<Said<'_>>) {
    if inline.text.to_ascii_lowercase().first_of(&["every", "all", "each"]).is_none() {
        return;
    }
    if let Some(field) = field(&inline.text) {
        found.push(Said::Field(field, inline.range()));
        return;
    }
    for (clause, range) in convention::clauses(inline) {
        found.push(Said::Fields(clause, range));
    }
}

/// Whether words are about all entities ("All tables have these fields"); what follows their verb.
pub(super) fn speaks_of_all(text: &str) -> Option<&str> {
    // "Soft deletes: every entity carries …": a label says what it is about.
    let text = match text.cut_at(": ") {
        // "Every table has: id, created_at".
        Some((label, rest)) if label.split_whitespace().count() <= 4 && !begins_with_all(label) => {
            rest
        }
        _ => text,
    };
    let lower = text.to_lowercase();
    // "everything has created_at": the verb stands right behind it.
    if let Some(rest) = lower.strip_prefix("everything ") {
        let verbs = ["carries ", "has ", "includes ", "contains ", "gets "];
        let verb = verbs.iter().find(|verb| rest.starts_with(**verb))?;
        return text.get("everything ".len() + verb.len()..);
    }
    ["every ", "all ", "each "].iter().find(|all| lower.starts_with(*all))?;
    let (at, verb) = [
        " carries ",
        " carry ",
        " has ",
        " have ",
        " includes ",
        " include ",
        " contains ",
        " contain ",
        " share ",
        " shares ",
        " has: ",
        " have: ",
        " includes: ",
        " include: ",
        " contains: ",
        " carries: ",
    ]
    .iter()
    .filter_map(|verb| Some((lower.place_of(verb)?, *verb)))
    .min()?;
    let subject: Vec<&str> = lower.get(..at)?.split_whitespace().skip(1).collect();
    // "business tables" are some of them; who is meant is not known.
    let is_all = |word: &&str| {
        matches!(
            *word,
            "the"
                | "of"
                | "our"
                | "database"
                | "core"
                | "domain"
                | "persistent"
                | "main"
                | "table"
                | "tables"
                | "entity"
                | "entities"
                | "model"
                | "models"
                | "record"
                | "records"
        )
    };
    let names_all = subject.last().is_some_and(|word| {
        matches!(
            *word,
            "table" | "tables" | "entity" | "entities" | "model" | "models" | "record" | "records"
        )
    });
    (names_all && subject.iter().all(is_all))
        .then(|| text.get(at + verb.len()..).unwrap_or_default())
}

fn begins_with_all(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    ["every ", "all ", "each "].iter().any(|all| lower.starts_with(all))
}

/// The identifiers in "`id`, `created_at` and `updated_at` timestamps".
fn listed(text: &str, out: &Output) -> Vec<FieldFact> {
    let text = text.split(". ").next().unwrap_or(text);
    let end = [" for ", " to ", " so that ", " which ", " that ", " when ", " as "]
        .iter()
        .filter_map(|mark| text.find(mark))
        .min()
        .unwrap_or(text.len());
    let text = &text[..end];
    let text = ["columns", "fields", "column", "field"]
        .iter()
        .fold(text.trim().trim_end_matches('.'), |text, word| {
            text.strip_suffix(word).unwrap_or(text)
        })
        .trim();
    // "timestamps" is said of all of them that can be one: "`id`, `created_at` and `updated_at` timestamps".
    let moments = text.strip_suffix(" timestamps").or_else(|| text.strip_suffix(" timestamp"));
    let text = moments.unwrap_or(text).trim();
    let text = [
        "the following columns: ",
        "the following fields: ",
        "the columns ",
        "the fields ",
        "standard ",
        "both ",
        "a ",
        "an ",
    ]
    .iter()
    .fold(text, |text, word| text.strip_prefix(word).unwrap_or(text));
    let mut fields = label_fields(text, out);
    if moments.is_some() {
        let can_be = |name: &str| ["at", "on", "time"].iter().any(|end| fold(name).ends_with(end));
        for field in fields.iter_mut().filter(|it| it.type_text.is_none() && can_be(&it.name)) {
            field.type_text = Some("timestamp".to_owned());
        }
    }
    let all_written = fields.iter().all(|field| {
        is_identifier(&field.name)
            && (field.name.contains('_')
                || field.name == "id"
                || field.name.chars().any(char::is_uppercase)
                || text.contains(&format!("`{}", field.name)))
    });
    if all_written { fields } else { Vec::new() }
}

fn read_list(document: &Document<'_>, list: &List, entities: &[String], out: &mut Output) {
    for item in list.items.iter().filter(|item| item.depth == 0) {
        let Some((names, fact)) = bullet_fields::field(&item.content.text, true) else { continue };
        let fields: Vec<FieldFact> = names
            .into_iter()
            .filter(|name| is_identifier(name))
            .map(|name| FieldFact { name, ..fact.clone() })
            .collect();
        add(document, document.span(item.content.range()), &fields, entities, out);
    }
}

fn read_table(
    document: &Document<'_>,
    table: &Table,
    range: &Range<usize>,
    entities: &[String],
    out: &mut Output,
) {
    if !out.is_open(document, range.start) {
        return;
    }
    let Some(rows) = field_table::listed(table) else { return };
    for (row, fields) in rows {
        add(document, document.span(row.range.clone()), &fields, entities, out);
    }
    field_table::mark_header(document, table, range, out);
}

/// The entities of a document that list fields; value objects have no rows to carry more.
fn with_fields(document: &Document<'_>, out: &Output) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut entities = Vec::new();
    for statement in out.stated().filter(|it| it.span.document == document.id) {
        match &statement.fact {
            Fact::Entity(entity) if entity.kind == EntityKind::ValueObject => {
                seen.insert(fold(&entity.name));
            }
            Fact::Field { entity, .. } if seen.insert(fold(entity)) => {
                entities.push(entity.clone());
            }
            _ => {}
        }
    }
    entities
}

/// Gives the fields to every entity that lists fields of its own and not yet these.
fn add(
    document: &Document<'_>,
    span: Span,
    fields: &[FieldFact],
    entities: &[String],
    out: &mut Output,
) {
    if fields.is_empty() {
        return;
    }
    for entity in entities {
        for field in fields {
            if out.field(entity, &field.name).is_none() {
                let fact = Fact::Field { entity: entity.clone(), field: field.clone() };
                out.infer(document, span, fact, "said once of all entities");
            } else {
                out.mark(document, span.range(), Mark::Understood);
            }
        }
    }
}

/// The field with its type and modifiers, all of them set as code.
fn field(text: &str) -> Option<FieldFact> {
    let lower = text.to_ascii_lowercase();
    let start = ["every ", "all ", "each "].iter().find_map(|all| {
        let at = lower.find(all)?;
        (at == 0 || lower[..at].ends_with(". ")).then_some(at)
    })?;
    let sentence = &text[start..];
    let (subject, rest) =
        [" carries ", " carry ", " has ", " have ", " includes ", " include ", " contains "]
            .iter()
            .find_map(|verb| sentence.split_once(verb))?;
    let names_all = [
        "table", "tables", "entity", "entities", "record", "records", "row", "rows", "model",
        "models",
    ]
    .iter()
    .any(|noun| subject.ends_with(&format!(" {noun}")));
    let code = code_spans(rest);
    let first =
        code.first().filter(|_| names_all && rest.trim_start_matches("a ").starts_with('`'))?;
    let (name, spec) = first.split_once(' ')?;
    let mut field = FieldFact { name: name.to_owned(), ..FieldFact::default() };
    modifier::read_into(spec, true, &mut field);
    (is_identifier(name) && field.required.is_some()).then_some(field)
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn said_once_for_all_that_have_it() {
        check(
            "Every business table carries `tenant_id UUID NOT NULL` and more.\n\n# A\n| Field | Type |\n|-|-|\n| tenant_id | uuid |\n\n# B\n| Field | Type |\n|-|-|\n| id | uuid |\n",
            &expect![[r#"
                3 field-table  entity A
                6 field-table  field A.tenant_id uuid required
                8 field-table  entity B
                11 field-table  field B.id uuid
            "#]],
        );
    }

    #[test]
    fn fields_that_everything_in_sentences_gets() {
        check(
            "# Brewery\n\nEvery table has: id (uuid), created_at.\n\nA tank has a code and a volume. A brew has a name and a price.\n",
            &expect![[r#"
                3 prose-common-fields  field Tank.id uuid [inferred: said once of all entities]
                3 prose-common-fields  field Tank.created_at [inferred: said once of all entities]
                3 prose-common-fields  field Brew.id uuid [inferred: said once of all entities]
                3 prose-common-fields  field Brew.created_at [inferred: said once of all entities]
                5 prose-entities  entity Tank
                5 prose-entities  entity Brew
                5 prose-inline-fields  field Tank.code
                5 prose-inline-fields  field Tank.volume
                5 prose-inline-fields  field Brew.name
                5 prose-inline-fields  field Brew.price
            "#]],
        );
    }

    /// In a restaurant.
    #[test]
    fn tables_that_are_things() {
        check(
            "# Restaurant\n\nEvery table has a number and a capacity. A guest has a name and a phone number.\n",
            &expect![[r#"
                3 prose-entities  entity Table
                3 prose-entities  entity Guest
                3 prose-inline-fields  field Table.number
                3 prose-inline-fields  field Table.capacity
                3 prose-inline-fields  field Guest.name
                3 prose-inline-fields  field Guest.phone number
            "#]],
        );
    }

    #[test]
    fn fields_that_every_entity_gets() {
        check(
            "All tables have `id`, `created_at` and `updated_at` timestamps.\n\nAll entities include an audit trail for support.\n\n# A\n| Field | Type |\n|-|-|\n| id | uuid |\n\n# B\n| Field | Type |\n|-|-|\n| name | text |\n\nEvery table has these columns:\n\n- `version` (int, required)\n\nAll core reports have `x_id`.\n",
            &expect![[r#"
                5 field-table  entity A
                8 field-table  field A.id uuid
                10 field-table  entity B
                1 common-fields  field B.id [inferred: said once of all entities]
                13 field-table  field B.name text
                1 common-fields  field A.created_at timestamp [inferred: said once of all entities]
                1 common-fields  field A.updated_at timestamp [inferred: said once of all entities]
                1 common-fields  field B.created_at timestamp [inferred: said once of all entities]
                1 common-fields  field B.updated_at timestamp [inferred: said once of all entities]
                17 common-fields  field A.version int required [inferred: said once of all entities]
                17 common-fields  field B.version int required [inferred: said once of all entities]
            "#]],
        );
    }

    #[test]
    fn a_table_of_what_all_have() {
        check(
            "## Order\n\n| Field | Type |\n|-|-|\n| id | int |\n\n## Audit Fields\n\nAll tables include automatic audit fields:\n\n| Field | Type | Managed By |\n|-|-|-|\n| created_at | timestamp | ORM |\n",
            &expect![[r#"
                1 field-table  entity Order
                5 field-table  field Order.id int
                13 common-fields  field Order.created_at timestamp [inferred: said once of all entities]
            "#]],
        );
    }
}
