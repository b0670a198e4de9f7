//! Tables that list the fields of an entity, one row each, with columns in any order.

use std::ops::Range;

use crate::document::{Block, BlockKind, Document, Inline, Row, Table};
use crate::entity_name::{EntityTitle, read_title};
use crate::modifier;
use crate::notation::{Mark, Output, field_owner};
use crate::words::{code_spans, is_identifier, last_part, lower_words, parenthesized, unquote};
use crate::{EntityKind, Fact, FieldFact, IndexFact};

pub(super) const DOC: &str = "A table under an entity's heading with a column of field names and one of types or constraints.";

/// What a column of a field table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Entity,
    Name,
    Type,
    Required,
    Nullable,
    Unique,
    Default,
    Constraints,
    Values,
    References,
    Sensitivity,
    Description,
    Other,
}

fn role(header: &Inline) -> Role {
    let words = lower_words(&header.text.replace('`', ""));
    let joined = words.join(" ");
    let says = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    // "Constraints / Description" holds both, in parts.
    if says(&["constraint", "constraints", "rules", "validation"])
        && says(&["description", "notes", "meaning", "remarks"])
    {
        return Role::Description;
    }
    match joined.as_str() {
        "entity" | "table" | "model" | "entity name" | "table name" => Role::Entity,
        "field" | "fields" | "column" | "columns" | "attribute" | "property" | "name"
        | "field name" | "column name" | "attribute name" | "property name" | "member"
        | "key name" | "feld" | "spalte" | "feldname" | "attribut" => Role::Name,
        "type" | "data type" | "datatype" | "column type" | "field type" | "sql type"
        | "db type" | "postgres type" | "postgresql type" | "ts type" | "typescript type"
        | "type size" | "types" | "format" | "typ" | "datentyp" => Role::Type,
        "required" | "req" | "mandatory" | "req d" | "not null" | "pflicht" | "pflichtfeld" => {
            Role::Required
        }
        "null" | "nullable" | "nullability" | "nulls" | "allow null" | "optional"
        | "null allowed" | "is nullable" => Role::Nullable,
        "unique" => Role::Unique,
        "default" | "default value" | "defaults" => Role::Default,
        "constraint"
        | "constraints"
        | "rule"
        | "rules"
        | "key"
        | "keys"
        | "modifiers"
        | "validation"
        | "attributes"
        | "constraints keys"
        | "key constraints"
        | "constraints validation"
        | "validation rules"
        | "pk fk"
        | "flags"
        | "options"
        | "constraint s"
        | "properties"
        | "constraints notes"
        | "constraints rules"
        | "modifier" => Role::Constraints,
        "values" | "allowed values" | "enum" | "enum values" | "options values"
        | "possible values" => Role::Values,
        "references" | "reference" | "fk" | "foreign key" | "relation" | "ref" | "links to"
        | "relationship" => Role::References,
        "pii"
        | "personal data"
        | "sensitivity"
        | "sensitive"
        | "classification"
        | "personal"
        | "privacy"
        | "data classification" => Role::Sensitivity,
        "description" | "notes" | "note" | "comment" | "comments" | "purpose" | "meaning"
        | "beschreibung" | "bemerkung" | "details" | "remarks" | "description notes"
        | "explanation" | "notes constraints" | "usage" | "info" => Role::Description,
        _ => Role::Other,
    }
}

/// A heading that no prose would have, such as `It's a "table"; DROP TABLE x;--`: over fields with
/// types it is the name of what has them, character for character.
fn literal_owner(
    document: &Document<'_>,
    block: &Block,
) -> Option<(Option<usize>, EntityTitle, Range<usize>)> {
    let section = block.section?;
    let name = document.title(section).trim().to_owned();
    let place = document.sections[section].range.clone();
    name.contains(['"', ';', '\\', '$']).then(|| {
        let kind = EntityKind::Entity;
        let title = EntityTitle { name, table: None, kind, not_stored: None, explicit: true };
        (Some(section), title, place)
    })
}

/// Whether the header is that of a field table, whatever stands above it.
pub(crate) fn names_fields_and_types(table: &Table) -> bool {
    let roles: Vec<Role> = table.header.iter().map(role).collect();
    roles.contains(&Role::Name) && roles.contains(&Role::Type) && !roles.contains(&Role::Entity)
}

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (index, block) in document.blocks.iter().enumerate() {
        let BlockKind::Table(table) = &block.kind else { continue };
        let roles: Vec<Role> = table.header.iter().map(role).collect();
        let has = |role| roles.contains(&role);
        let says_values = has(Role::Constraints) || has(Role::Required) || has(Role::Nullable);
        let names_fields = has(Role::Name);
        if !names_fields || !out.is_open(document, block.range.start) {
            continue;
        }
        if has(Role::Entity) {
            if has(Role::Type) {
                read_several(document, table, &roles, out, &block.range);
            }
            continue;
        }
        let is_plain = names_fields && has(Role::Description) && header_says_field(table, &roles);
        if !(has(Role::Type) || says_values || is_plain) {
            continue;
        }
        let owner = field_owner(document, index)
            .or_else(|| literal_owner(document, block).filter(|_| has(Role::Type)));
        let Some((section, title, place)) = owner else { continue };
        if is_plain
            && !has(Role::Type)
            && !says_values
            && !table.rows.iter().all(|row| is_name_cell(row, &roles))
        {
            continue;
        }
        let span = document.span(block.range.clone());
        if title.not_stored.is_some() {
            out.leave_out(document, &title, span);
            continue;
        }
        let heading = document.span(place);
        out.state_entity(document, section, &title, heading);
        mark_header(document, table, &block.range, out);
        for row in &table.rows {
            read_row(document, &title.name, row, &roles, out);
        }
        read_glued_lines(document, &title.name, index, out);
    }
}

fn header_says_field(table: &Table, roles: &[Role]) -> bool {
    table.header.iter().zip(roles).any(|(header, role)| {
        *role == Role::Name
            && lower_words(&header.text).iter().any(|word| {
                matches!(
                    word.as_str(),
                    "field" | "fields" | "column" | "columns" | "attribute" | "property"
                )
            })
    })
}

fn is_name_cell(row: &Row, roles: &[Role]) -> bool {
    let column = roles.iter().position(|role| *role == Role::Name).unwrap_or(0);
    names(row.text(column)).iter().all(|name| name.split_whitespace().count() <= 3)
}

/// The header and the line of dashes belong to what was read.
pub(super) fn mark_header(
    document: &Document<'_>,
    table: &Table,
    block: &Range<usize>,
    out: &mut Output,
) {
    let end = table.rows.first().map_or(block.end, |row| row.range.start);
    out.mark(document, block.start..end.max(block.start + 1), Mark::Understood);
}

/// A table for several entities, with a column that names them.
fn read_several(
    document: &Document<'_>,
    table: &Table,
    roles: &[Role],
    out: &mut Output,
    block: &Range<usize>,
) {
    let column = roles.iter().position(|role| *role == Role::Entity).unwrap_or(0);
    let mut current: Option<String> = None;
    for row in &table.rows {
        if let Some(title) = read_title(row.text(column)) {
            let span = document.span(row.range.clone());
            if current.as_deref() != Some(title.name.as_str()) {
                out.state_entity(document, None, &title, span);
                current = Some(title.name);
            }
        }
        if let Some(entity) = &current {
            read_row(document, &entity.clone(), row, roles, out);
        }
    }
    if current.is_some() {
        mark_header(document, table, block, out);
    }
}

fn read_row(document: &Document<'_>, entity: &str, row: &Row, roles: &[Role], out: &mut Output) {
    let span = document.span(row.range.clone());
    let cell = |wanted: Role| {
        roles.iter().position(|role| *role == wanted).map(|column| row.text(column).trim())
    };
    let name_cell = cell(Role::Name).unwrap_or_default();
    if let Some(fact) = pseudo_row(entity, name_cell, row) {
        out.state(document, span, fact);
        return;
    }
    let names = names(name_cell);
    if names.is_empty() {
        return;
    }
    let mut field = FieldFact::default();
    // "FK → users" in the type's column leaves no type; the brackets of a name hold modifiers.
    if let Some((_, inside, _)) = parenthesized(name_cell) {
        modifier::read_into(inside, false, &mut field);
    }
    if name_cell.ends_with('*') {
        field.required = Some(true);
    }
    if let Some(text) = cell(Role::Type) {
        modifier::read_into(text, true, &mut field);
    }
    if let Some(text) = cell(Role::Values) {
        let values = modifier::enum_values(text);
        if field.enum_values.is_empty() && !values.is_empty() {
            field.enum_values = values;
        } else if !matches!(text, "" | "-" | "—") && field.enum_values.is_empty() {
            field.constraints.push(text.to_owned());
        }
    }
    for (column, role) in roles.iter().enumerate() {
        if *role == Role::Constraints {
            read_constraints(row.text(column), &mut field);
        }
    }
    if let Some(answer) = cell(Role::Required).and_then(|text| answer(text, &mut field)) {
        field.required = Some(answer);
    }
    if let Some(text) = cell(Role::Nullable) {
        let lower = lower_words(text).join(" ");
        match lower.as_str() {
            "not null" | "not nullable" | "required" | "non null" => field.required = Some(true),
            "null" | "nullable" | "optional" => field.required = Some(false),
            _ => {
                if let Some(answer) = answer(text, &mut field) {
                    field.required = Some(!answer);
                }
            }
        }
    }
    if let Some(answer) = cell(Role::Unique).and_then(|text| answer(text, &mut field)) {
        field.unique = Some(answer);
    }
    if let Some(text) = cell(Role::Default) {
        let text = unquote_code(text);
        if text.eq_ignore_ascii_case("null") || text.eq_ignore_ascii_case("none") {
            // "null" or "none" says that there is no default.
        } else if !matches!(text, "" | "-" | "—" | "–" | "n/a" | "N/A") {
            field.default.get_or_insert(text.to_owned());
        }
    }
    if let Some(text) = cell(Role::References) {
        if !matches!(text, "" | "-" | "—" | "–" | "No" | "no") {
            if let Some((target, rest)) = modifier::reference_target(text) {
                field.references.get_or_insert(target);
                modifier::read_into(rest, false, &mut field);
            }
        }
    }
    let description = cell(Role::Description).unwrap_or_default();
    modifier::read_description(description, &mut field);
    enumerate_integer(&mut field);
    if let Some(text) = cell(Role::Sensitivity) {
        let lower = text.to_lowercase();
        if !matches!(
            lower.as_str(),
            "" | "-" | "—" | "–" | "no" | "none" | "n" | "public" | "false" | "internal"
        ) {
            let category = match lower.as_str() {
                "yes" | "y" | "true" | "x" | "✓" | "✅" | "pii" => "personal",
                other => other,
            };
            for name in &names {
                let fact = Fact::Sensitivity {
                    entity: entity.to_owned(),
                    field: name.clone(),
                    category: category.to_owned(),
                };
                out.state(document, span, fact);
            }
        }
    }
    if field.constraints.iter().any(|text| text == "indexed") {
        field.constraints.retain(|text| text != "indexed");
        for name in &names {
            let index = IndexFact {
                entity: entity.to_owned(),
                name: None,
                columns: vec![name.clone()],
                unique: false,
                method: None,
                purpose: None,
            };
            out.state(document, span, Fact::Index(index));
        }
    }
    for name in names {
        let field = FieldFact { name, ..field.clone() };
        out.state(document, span, Fact::Field { entity: entity.to_owned(), field });
    }
}

/// A cell of constraints; where the type says "enum", words alone are its values.
fn read_constraints(text: &str, field: &mut FieldFact) {
    let is_list = field.type_text.as_deref().is_some_and(modifier::is_enumeration_type);
    if is_list && field.enum_values.is_empty() {
        let values = modifier::enum_values(text);
        if values.len() > 1
            && values.iter().all(|value| is_identifier(value))
            && !text.to_lowercase().contains("null")
            && !text.to_lowercase().contains("required")
        {
            field.enum_values = values;
            return;
        }
    }
    modifier::read_into(text, false, field);
}

/// An integer column with named values holds an enumeration: "New (0), Read (1)". What counts are
/// the names; a default that is one of the numbers means the name with that number.
fn enumerate_integer(field: &mut FieldFact) {
    let is_integer = field.type_text.as_deref().is_some_and(|text| {
        matches!(
            text.to_lowercase().as_str(),
            "int"
                | "integer"
                | "smallint"
                | "tinyint"
                | "byte"
                | "short"
                | "int32"
                | "int16"
                | "number"
                | "bigint"
        )
    });
    let named = field.enum_values.len() > 1
        && field.enum_values.iter().all(|value| value.starts_with(char::is_alphabetic));
    if is_integer && named {
        field.type_text = Some("enum".to_owned());
        let number: Option<usize> = field.default.as_deref().and_then(|text| text.parse().ok());
        if let Some(number) = number {
            field.default = field.enum_values.get(number).cloned();
        }
    }
}

fn unquote_code(text: &str) -> &str {
    match code_spans(text).as_slice() {
        [one] if text.starts_with('`') && text.ends_with('`') => one,
        _ => text,
    }
}

/// A yes or no; anything more is a condition, which stays as a constraint.
fn answer(text: &str, field: &mut FieldFact) -> Option<bool> {
    let lower = unquote(text).to_lowercase();
    let first = lower.split([' ', ',', ';', '(']).next().unwrap_or_default();
    let answer = match first {
        "yes" | "y" | "ja" | "true" | "✓" | "✔" | "✅" | "x" | "☑" | "required" | "mandatory"
        | "✔️" | "●" => Some(true),
        "no" | "n" | "nein" | "false" | "✗" | "❌" | "✘" | "optional" | "-" | "—" | "–" | "" => {
            Some(false)
        }
        _ => None,
    };
    if answer.is_none() && !text.trim().is_empty() {
        modifier::read_into(text, false, field);
    }
    answer
}

/// The names in a name cell: usually one, or several as `` `a` / `b` ``.
pub(super) fn names(cell: &str) -> Vec<String> {
    let spans = code_spans(cell);
    let found: Vec<&str> = match spans.as_slice() {
        [] => {
            let cell = parenthesized(cell).map_or(cell, |(before, _, _)| before);
            cell.split([',', '/']).collect()
        }
        [one] if one.contains(", ") => one.split(',').collect(),
        [first, ..] if spans.len() > 1 && cell.trim_start().starts_with('`') => {
            let only_names = cell.split('`').step_by(2).all(|gap| {
                gap.trim().trim_matches([',', '/', '+', '&', '·']).trim().is_empty()
                    || gap.trim() == "and"
            });
            if only_names { spans.clone() } else { vec![first] }
        }
        [first, ..] => vec![first],
    };
    found
        .into_iter()
        .map(|name| unquote(name).trim_end_matches(['?', '*', ':', '!']).trim())
        .map(|name| name.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '_').to_owned())
        .map(|name| {
            if is_identifier(&name) && name.contains('.') {
                last_part(&name).to_owned()
            } else {
                name
            }
        })
        .filter(|name| !name.is_empty())
        .collect()
}

/// Rows such as `| **unique** | (a, b) |` state a key and no field.
fn pseudo_row(entity: &str, name: &str, row: &Row) -> Option<Fact> {
    let label = lower_words(parenthesized(name).map_or(name, |(before, _, _)| before)).join(" ");
    let is_primary =
        matches!(label.as_str(), "primary key" | "pk" | "composite pk" | "composite primary key");
    let is_unique =
        matches!(label.as_str(), "unique" | "unique constraint" | "unique key" | "unique index");
    let is_index = matches!(label.as_str(), "index" | "indexes");
    if !(is_primary || is_unique || is_index) {
        return None;
    }
    let place = row.cells.iter().find(|cell| cell.text.contains('(') || cell.text.contains('`'))?;
    let columns = columns(&place.text)?;
    let entity = entity.to_owned();
    Some(if is_primary {
        Fact::PrimaryKey { entity, fields: columns }
    } else if is_unique {
        Fact::Unique { entity, fields: columns, condition: None, text: None }
    } else {
        Fact::Index(IndexFact {
            entity,
            name: None,
            columns,
            unique: false,
            method: None,
            purpose: None,
        })
    })
}

/// The columns in brackets, or those set as code.
pub(super) fn columns(text: &str) -> Option<Vec<String>> {
    let plain = text.replace('`', "");
    let inside = match parenthesized(&plain) {
        Some((_, inside, _)) => inside.to_owned(),
        None => {
            let spans = code_spans(text);
            if spans.is_empty() {
                return None;
            }
            spans.join(",")
        }
    };
    let columns: Vec<String> = crate::words::split_top(&inside, &[','])
        .into_iter()
        .map(|column| unquote(column).to_owned())
        .filter(|column| !column.is_empty())
        .collect();
    let all_names = columns.iter().all(|column| {
        let base = column.split([' ', '(']).next().unwrap_or_default();
        is_identifier(base) && column.split_whitespace().count() <= 3
    });
    (!columns.is_empty() && all_names).then_some(columns)
}

/// Lines glued under a table: `Primary key: (a, b)`, `Unique: (a, b)`.
fn read_glued_lines(document: &Document<'_>, entity: &str, block: usize, out: &mut Output) {
    let section = document.blocks[block].section;
    let Some(next) = document.blocks.get(block + 1).filter(|next| next.section == section) else {
        return;
    };
    let BlockKind::Paragraph(inline) = &next.kind else { return };
    for line in &inline.lines {
        let lower = line.text.to_lowercase();
        let Some(fields) = columns(&line.text) else { continue };
        let entity = entity.to_owned();
        let fact = if lower.starts_with("primary key")
            || lower.starts_with("composite primary key")
            || lower.starts_with("pk")
        {
            Fact::PrimaryKey { entity, fields }
        } else if lower.starts_with("unique") {
            Fact::Unique { entity, fields, condition: None, text: None }
        } else {
            continue;
        };
        out.state(document, document.span(line.range.clone()), fact);
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn columns_in_any_order_and_null_is_the_opposite_of_required() {
        check(
            "# Guest\n\n| Type | Column | Null | Notes |\n|---|---|---|---|\n| uuid | id | no | PK |\n| varchar(80) | `name` | yes | display |\n",
            &expect![[r#"
                1 field-table  entity Guest
                5 field-table  field Guest.id uuid primary key required -- PK
                6 field-table  field Guest.name varchar(80) optional -- display
            "#]],
        );
        check(
            "## 2. Order (`orders`)\n\n| Field | Type | Required | Default | Constraints |\n|---|---|---|---|---|\n| id | bigint | Yes | - | PK |\n| user_id | bigint | Yes | | FK → users.id ON DELETE CASCADE |\n| status | enum | No | 'new' | `new`, `paid` |\n| **unique** | (user_id, status) | | | |\n",
            &expect![[r#"
                1 field-table  entity Order table orders
                5 field-table  field Order.id bigint primary key required
                6 field-table  field Order.user_id bigint required -> users.id on delete cascade
                7 field-table  field Order.status enum optional default 'new' [new | paid]
                8 field-table  unique Order (user_id, status)
            "#]],
        );
    }

    #[test]
    fn computed_things_get_no_table() {
        check(
            "### Totals (computed)\n\n| Field | Type |\n|---|---|\n| sum | int |\n",
            &expect![[r#"
                3 R007 `Totals` is called "computed" and gets no table
            "#]],
        );
    }

    #[test]
    fn odd_headings_and_names_are_taken_literally() {
        check(
            "## It's a \"table\"; DROP TABLE x;--\n\n| Field | Type |\n|-|-|\n| id | uuid |\n| it's; \"quoted\" | text |\n\n## \u{1f600} Mood\n\n| Field | Type |\n|-|-|\n| id | uuid |\n\n## \u{637}\u{644}\u{628}\n\n| Field | Type |\n|-|-|\n| \u{627}\u{633}\u{645} | text |\n\n```\n## NoHeading\n| Field | Type |\n```\n",
            &expect![[r#"
                1 field-table  entity It's a "table"; DROP TABLE x;--
                5 field-table  field It's a "table"; DROP TABLE x;--.id uuid
                6 field-table  field It's a "table"; DROP TABLE x;--.it's; "quoted" text
                8 field-table  entity Mood
                12 field-table  field Mood.id uuid
                14 field-table  entity طلب
                18 field-table  field طلب.اسم text
            "#]],
        );
    }
}
