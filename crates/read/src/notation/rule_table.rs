//! Tables of rules: what must hold, of which entity, and of which of its fields.

use smol_str::SmolStr;

use crate::document::{BlockKind, Document, Row, Table};
use crate::modifier;
use crate::notation::field_table::mark_header;
use crate::notation::rule_bullets::is_rule_topic;
use crate::notation::{Output, mentioned};
use crate::words::{code_spans, is_identifier, lower_words, parenthesized, unquote};
use crate::{Fact, FieldFact};

pub(super) const DOC: &str = "A table of rules with the entity or the field that each is about: \"Entity | Field | Rule | Error message\".";

/// Which column says what.
#[derive(Debug, Clone, Copy)]
struct Columns {
    entity: Option<usize>,
    field: Option<usize>,
    rule: usize,
    /// What a rule of a few words means: "Rule | Description".
    meaning: Option<usize>,
}

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (index, block) in out.blocks(document) {
        let BlockKind::Table(table) = &block.kind else { continue };
        if !out.is_open(document, block.range.start) {
            continue;
        }
        let title = block.section.map(|section| document.title(section));
        let is_topic = [document.lead(index), title].into_iter().flatten().any(is_rule_topic);
        let Some(columns) = columns(table, is_topic) else { continue };
        let owner = out.entity_of(document, block.section);
        let mut any = false;
        for row in &table.rows {
            if !out.is_open(document, row.range.start) {
                continue;
            }
            if let Some(fact) = rule(row, columns, owner.as_deref(), out) {
                out.state(document, document.span(row.range.clone()), fact);
                any = true;
            }
        }
        if any {
            mark_header(document, table, &block.range, out);
        }
    }
}

/// The columns of a table of rules. A column of rules alone makes one only where its heading says so.
fn columns(table: &Table, is_topic: bool) -> Option<Columns> {
    let headers: Vec<String> =
        table.header.iter().map(|cell| lower_words(&cell.text).join(" ")).collect();
    let at = |list: &[&str]| headers.iter().position(|header| list.contains(&header.as_str()));
    let rule = at(&[
        "rule",
        "rules",
        "business rule",
        "business rules",
        "validation",
        "validations",
        "validation rule",
        "validation rules",
        "key validations",
        "key validation",
        "constraint",
        "constraints",
        "invariant",
        "invariants",
    ])?;
    let entity = at(&["entity", "entities", "table", "model", "aggregate", "collection"]);
    let field = at(&["field", "fields", "column", "attribute", "property"]);
    let meaning = at(&["description", "details", "detail", "meaning", "statement"]);
    // A type beside a field makes a table of fields.
    let lists_types = headers.iter().any(|header| matches!(header.as_str(), "type" | "data type"));
    let is_meant = entity.is_some() || field.is_some() || is_topic;
    (is_meant && !lists_types).then_some(Columns { entity, field, rule, meaning })
}

/// What a row says.
fn rule(row: &Row, columns: Columns, owner: Option<&str>, out: &Output) -> Option<Fact> {
    let text = said(row, columns);
    if lower_words(&text).is_empty() && !text.contains(['<', '>', '=', '≥', '≤']) {
        return None;
    }
    let named = columns.entity.and_then(|at| entity(row.text(at), out));
    // What another thing must keep to is no rule of ours.
    if columns.entity.is_some() && named.is_none() {
        return None;
    }
    let subject = columns.field.map(|at| row.text(at).trim()).filter(|text| !text.is_empty());
    let path = subject.and_then(|text| unquote(text).split_once('.'));
    let by_path = path.and_then(|(entity, _)| out.known.get(entity)).map(str::to_owned);
    let alone = || columns.entity.is_none().then(|| only_named(&text, out)).flatten();
    let entity = named.or(by_path).or_else(|| owner.map(str::to_owned)).or_else(alone);
    let Some(subject) = subject else {
        return Some(Fact::Rule { entity, field: None, text });
    };
    let name = path.map_or_else(|| unquote(subject), |(_, name)| name);
    let known = entity.as_deref().and_then(|entity| out.field(entity, name));
    if let (Some(entity), Some(known)) = (&entity, known) {
        let mut field = FieldFact { name: known.to_owned(), ..FieldFact::default() };
        modifier::read_into(&text, false, &mut field);
        return Some(Fact::Field { entity: entity.clone(), field });
    }
    Some(Fact::Rule { entity, field: None, text: format!("{subject}: {text}") })
}

/// The words of the rule: those beside it where it only has a name.
fn said(row: &Row, columns: Columns) -> String {
    let rule = row.text(columns.rule).trim();
    let meaning = columns.meaning.map_or("", |at| row.text(at).trim());
    let is_name = lower_words(rule).len() <= 3 && !rule.contains(['`', '<', '>', '=']);
    let text = if is_name && lower_words(meaning).len() > 3 { meaning } else { rule };
    text.to_owned()
}

/// The entity that a cell names: "`orders`", "User (admin)".
fn entity(cell: &str, out: &Output) -> Option<String> {
    let cell = cell.trim().trim_matches('*');
    let front = parenthesized(cell).map_or(cell, |(front, _, _)| front).trim();
    let code = code_spans(cell).into_iter().next();
    [unquote(cell), unquote(front), code.unwrap_or("")]
        .into_iter()
        .find_map(|name| out.known.get(name))
        .map(str::to_owned)
}

/// The one entity that a rule is told of, in a name set as code or in words.
fn only_named(text: &str, out: &Output) -> Option<String> {
    let paths: Vec<&str> = code_spans(text)
        .into_iter()
        .filter_map(|span| span.split_once('.'))
        .filter(|(_, field)| is_identifier(field))
        .filter_map(|(entity, _)| out.known.get(entity))
        .collect();
    if let [first, rest @ ..] = paths.as_slice()
        && rest.iter().all(|other| other == first)
    {
        return Some((*first).to_owned());
    }
    let first = lower_words(text).first().map(SmolStr::to_string)?;
    let named = mentioned(text, out);
    let [only] = named.as_slice() else { return None };
    let begins = out.known.get(&first).is_some_and(|known| known == only);
    begins.then(|| only.clone())
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn rules_of_fields_and_entities() {
        check(
            "## Berth\n\n| Field | Type |\n|-|-|\n| code | text |\n| depth | int |\n\n## Boat\n\n| Field | Type |\n|-|-|\n| name | text |\n\n## Validation\n\n| Entity | Field | Rule | Error Message |\n|-|-|-|-|\n| Berth | code | unique, 2-8 characters | \"Taken\" |\n| Berth | depth | > 0 | |\n| Boat | sails | 1-4 items | |\n| Boat (racing) | `name` | Required | |\n\n## Business rules\n\n| Rule | Description |\n|-|-|\n| Draught | `Boat.name` must not be `Titanic` |\n| A boat has one berth at a time | FR-3 |\n",
            &expect![[r#"
                1 field-table  entity Berth
                5 field-table  field Berth.code text
                6 field-table  field Berth.depth int
                8 field-table  entity Boat
                12 field-table  field Boat.name text
                18 rule-table  field Berth.code unique {2-8 characters}
                19 rule-table  field Berth.depth {> 0}
                20 rule-table  rule Boat: sails: 1-4 items
                21 rule-table  field Boat.name required
                27 rule-table  rule Boat: `Boat.name` must not be `Titanic`
                28 rule-table  rule *: A boat has one berth at a time
            "#]],
        );
    }

    #[test]
    fn tables_of_other_rules_and_fields_are_left() {
        check(
            "## Berth\n\n| Field | Type | Rule |\n|-|-|-|\n| code | text | unique |\n\n## Firewall\n\n| Rule | Port |\n|-|-|\n| allow | 80 |\n",
            &expect![[r#"
                1 field-table  entity Berth
                5 field-table  field Berth.code text unique
                9 R001 the table `Rule | Port` was not understood, so nothing in it reached the model
            "#]],
        );
    }
}
