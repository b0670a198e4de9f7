//! One row of a field table: a field, or a key that stands among them.

use indexmap::IndexMap;

use crate::document::{Document, Row, Table};
use crate::modifier;
use crate::notation::state_chain::{Chain, chain};
use crate::notation::{Mark, Output};
use crate::words::{
    code_spans, first_word, is_identifier, last_part, lower_words, parenthesized, split_top,
    unquote, without_code,
};
use crate::{Fact, FieldFact, IndexFact};

use super::alternatives;
use super::column::Role;
use super::key_row::pseudo_row;

/// What the cells of a row say by themselves, whatever else is known.
#[derive(Clone)]
pub(super) struct Said {
    /// Once for each name in its cell.
    fields: Vec<FieldFact>,
    is_indexed: bool,
    life: Option<Chain>,
}

/// What the rows of each table say by themselves. Tables repeat the rows of others, `id` and `created_at` first of all,
/// so that each is taken apart once.
pub(super) fn rows_of<'d>(
    tables: impl Iterator<Item = (&'d Table, &'d [Role])>,
) -> Vec<Vec<Option<Said>>> {
    let mut known: IndexMap<(&[Role], Vec<&str>), Option<Said>> = IndexMap::new();
    let of_table = tables.map(|(table, roles)| {
        let rows = table.rows.iter().map(|row| {
            let texts = (0..roles.len()).map(|column| row.text(column)).collect();
            known.entry((roles, texts)).or_insert_with(|| said(row, roles)).clone()
        });
        rows.collect()
    });
    of_table.collect()
}

/// What a row says of the fields that it names; nothing where it names none.
fn said(row: &Row, roles: &[Role]) -> Option<Said> {
    let column = roles.iter().position(|role| *role == Role::Name);
    let name_cell = column.map_or("", |column| row.text(column).trim());
    let field = row_field(row, roles)?;
    let life = roles
        .iter()
        .enumerate()
        .filter(|(_, role)| says_life(**role, &field))
        .find_map(|(column, _)| life(name_cell, row.text(column)));
    Some(Said { fields: named(name_cell, &field), is_indexed: is_indexed(&field), life })
}

/// Whether a column may hold the steps of a life. A description that draws arrows is about something else, unless the
/// type says that there are values to list.
fn says_life(role: Role, field: &FieldFact) -> bool {
    let is_choice = || field.type_text.as_deref().is_some_and(modifier::is_enumeration_type);
    matches!(role, Role::Constraints | Role::Values)
        || role == Role::Description && (is_choice() || is_checked(field))
}

/// Whether the type says that the values are checked, and not against what: `text CHECK`.
fn is_checked(field: &FieldFact) -> bool {
    let says = |text: &str| text.eq_ignore_ascii_case("check");
    field.constraints.iter().any(|text| says(text))
        || field.type_text.as_deref().and_then(|it| it.rsplit(' ').next()).is_some_and(says)
}

/// States what a row says of an entity.
pub(super) fn read_row(
    document: &Document<'_>,
    entity: &str,
    row: &Row,
    roles: &[Role],
    said: Option<Said>,
    out: &mut Output,
) {
    let span = document.span(row.range.clone());
    let cell = |wanted: Role| {
        roles.iter().position(|role| *role == wanted).map(|column| row.text(column).trim())
    };
    // A row that only navigates to another entity is no column; the key beside it says the rest.
    let navigates = roles.iter().enumerate().any(|(column, role)| {
        *role == Role::Constraints
            && matches!(
                row.text(column).trim().to_lowercase().as_str(),
                "relation"
                    | "relationship"
                    | "navigation"
                    | "navigation property"
                    | "back-reference"
            )
    });
    if navigates {
        out.mark(document, row.range.clone(), Mark::SetAside);
        return;
    }
    let name_cell = cell(Role::Name).unwrap_or_default();
    if let Some(fact) = pseudo_row(entity, name_cell, row) {
        out.state(document, span, fact);
        return;
    }
    let Some(Said { fields, is_indexed, life }) = said else { return };
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
            for field in &fields {
                let fact = Fact::Sensitivity {
                    entity: entity.to_owned(),
                    field: field.name.clone(),
                    category: category.to_owned(),
                };
                out.state(document, span, fact);
            }
        }
    }
    if is_indexed {
        for field in &fields {
            let index = IndexFact {
                entity: entity.to_owned(),
                name: None,
                columns: vec![field.name.clone()],
                unique: false,
                method: None,
                purpose: None,
            };
            out.state(document, span, Fact::Index(index));
        }
    }
    for field in fields {
        let name = field.name.clone();
        out.state(document, span, Fact::Field { entity: entity.to_owned(), field });
        for (from, to) in life.iter().flat_map(Chain::pairs) {
            let fact = Fact::Transition {
                entity: entity.to_owned(),
                field: Some(name.clone()),
                from: from.to_owned(),
                to: to.to_owned(),
                on: None,
            };
            out.state(document, span, fact);
        }
    }
}

/// The states in a cell such as "`Pending` → `Open` → `Closed`". An arrow alone is that of a
/// reference, so that two states count only for a field that is called one.
pub(in crate::notation) fn life(name: &str, text: &str) -> Option<Chain> {
    // "OPEN → SETTLED | CANCELLED (SETTLED when all have paid)"
    let remark = parenthesized(text).filter(|(_, inside, after)| {
        after.trim().is_empty() && inside.contains(' ') && chain(inside).is_none()
    });
    let chain = chain(remark.map_or(text, |(before, _, _)| before))?;
    let refers = ["fk", "foreign", "ref", "references", "pk"];
    let first = first_word(text)?;
    let is_state = lower_words(name).last().is_some_and(|name| {
        ["status", "state", "stage", "phase"].iter().any(|word| name.ends_with(word))
    });
    let is_life = chain.steps.len() >= 3 || is_state;
    (is_life && !refers.contains(&first.as_str()) && chain.on.is_none()).then_some(chain)
}

fn is_indexed(field: &FieldFact) -> bool {
    field.constraints.iter().any(|text| text == "indexed")
}

/// The fields of a row; empty where it names none.
pub(super) fn row_fields(row: &Row, roles: &[Role]) -> Vec<FieldFact> {
    said(row, roles).map(|said| said.fields).unwrap_or_default()
}

/// What a row says, once for each name in its cell.
fn named(cell: &str, field: &FieldFact) -> Vec<FieldFact> {
    let names = names(cell);
    // The brackets behind one of several names hold what is said of that one.
    let own: Vec<&str> = split_top(cell, &[',']);
    let each = own.len() > 1 && own.len() == names.len() && cell.contains('(');
    let count = names.len();
    let names = names.into_iter().enumerate();
    names
        .map(|(index, name)| {
            let mut field = FieldFact { name, ..field.clone() };
            field.constraints.retain(|text| text != "indexed");
            if let Some(target) = field.references.as_mut().and_then(|it| it.field.as_mut()) {
                let parts: Vec<&str> = target.split(',').map(str::trim).collect();
                // "hall, number" -> Seat(hall, number): one each.
                if parts.len() > 1 && parts.len() == count {
                    *target = unquote(parts[index]).to_owned();
                }
            }
            if let Some((_, inside, _)) =
                own.get(index).filter(|_| each).and_then(|own| parenthesized(own))
            {
                modifier::read_into(inside, true, &mut field);
            }
            field
        })
        .collect()
}

/// What a row says of the field or fields that it names, without their names.
fn row_field(row: &Row, roles: &[Role]) -> Option<FieldFact> {
    let cell = |wanted: Role| {
        roles.iter().position(|role| *role == wanted).map(|column| row.text(column).trim())
    };
    let name_cell = cell(Role::Name).unwrap_or_default();
    let names = names(name_cell);
    let count = names.len();
    let mut field = FieldFact { name: names.into_iter().next()?, ..FieldFact::default() };
    // "FK → users" in the type's column leaves no type; the brackets of a name hold modifiers.
    if let Some((_, inside, _)) = parenthesized(name_cell).filter(|_| count == 1) {
        modifier::read_into(inside, false, &mut field);
    }
    if name_cell.ends_with('*') {
        field.required = Some(true);
    }
    if let Some(text) = cell(Role::Type) {
        let values = listed_as_type(text);
        if values.is_empty() {
            modifier::read_into(text, true, &mut field);
        } else {
            field.type_text = Some("enum".to_owned());
            field.enum_values = values;
        }
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
            match life(name_cell, row.text(column)) {
                Some(chain) if field.enum_values.is_empty() => {
                    field.enum_values = chain.states();
                }
                Some(_) => {}
                None => read_constraints(row.text(column), &mut field),
            }
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
    if says_life(Role::Description, &field)
        && field.enum_values.is_empty()
        && let Some(chain) = life(name_cell, description)
    {
        field.enum_values = chain.states();
    }
    modifier::read_description(description, &mut field);
    if field.enum_values.is_empty() {
        field.enum_values = described_values(name_cell, description, &field);
    }
    enumerate_integer(&mut field);
    Some(field)
}

/// The values that a description lists and says nothing else: "Trial, Basic, Enterprise" of a number, or of
/// a text that is called a choice.
fn described_values(name: &str, description: &str, field: &FieldFact) -> Vec<String> {
    let kind = field.type_text.as_deref().unwrap_or_default();
    let is_choice = is_integer(kind)
        || modifier::is_enumeration_type(kind)
        || modifier::says_choice(name) && modifier::is_scalar(kind);
    let parts: Vec<&str> =
        split_top(description, &[',']).into_iter().map(|part| unquote(part.trim())).collect();
    // What the default is one of are all values, in several words too: "Pending, In Progress".
    let default = field.default.as_deref().map(unquote).unwrap_or_default();
    let has_default = parts.contains(&default);
    let is_value = |part: &&str| {
        let is_short = has_default && part.split(' ').count() <= 3 && !part.contains('.');
        (is_identifier(part) || is_short) && part.starts_with(char::is_uppercase)
    };
    if (is_choice || has_default) && parts.len() > 1 && parts.iter().all(is_value) {
        parts.into_iter().map(str::to_owned).collect()
    } else {
        Vec::new()
    }
}

fn is_integer(kind: &str) -> bool {
    matches!(
        kind.to_lowercase().as_str(),
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
}

/// Whether the type of a row ends with a question mark: it may be absent.
pub(super) fn marks_absence(row: &Row, roles: &[Role]) -> bool {
    let column = roles.iter().position(|role| *role == Role::Type);
    column.is_some_and(|column| row.text(column).trim().trim_end_matches('`').ends_with('?'))
}

impl Said {
    /// Makes required what is not said to be optional, as where a mark tells the optional ones.
    pub(super) fn require_unmarked(&mut self) {
        for field in &mut self.fields {
            field.required = field.required.or(Some(true));
        }
    }
}

/// The values in a column of types that holds nothing else: "admin, user".
fn listed_as_type(text: &str) -> Vec<String> {
    let parts: Vec<&str> =
        split_top(text, &[',']).into_iter().map(|part| unquote(part.trim())).collect();
    let is_value = |part: &&str| {
        let mut probe = FieldFact::default();
        modifier::read_into(part, true, &mut probe);
        is_identifier(part)
            && !modifier::is_scalar(part)
            && probe.type_text.as_deref() == Some(*part)
            && part.starts_with(char::is_lowercase)
    };
    if parts.len() > 1 && parts.iter().all(is_value) {
        parts.into_iter().map(str::to_owned).collect()
    } else {
        Vec::new()
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
        // "Required; `tank`, `barrel`": the list stands behind a mark.
        if let Some((at, values)) = listed_part(text) {
            field.enum_values = values;
            for (other, part) in text.split(';').enumerate() {
                if other != at {
                    modifier::read_into(part.trim(), false, field);
                }
            }
            return;
        }
    }
    if alternatives::read(text, field) {
        return;
    }
    modifier::read_into(text, false, field);
}

/// The part between semicolons that is nothing but a list of values in code, and those.
fn listed_part(text: &str) -> Option<(usize, Vec<String>)> {
    let parts = text.split(';').collect::<Vec<_>>();
    let listed = |part: &&str| {
        let values = code_spans(part);
        let others = lower_words(&without_code(part));
        let are_all = values.iter().all(|value| is_identifier(value))
            && others.iter().all(|word| matches!(word.as_str(), "or" | "and"));
        (values.len() > 1 && are_all).then(|| values.into_iter().map(str::to_owned).collect())
    };
    let found = parts.iter().enumerate().find_map(|(at, part)| Some((at, listed(part)?)));
    found.filter(|_| parts.len() > 1)
}

/// An integer column with named values holds an enumeration: "New (0), Read (1)". What counts are
/// the names; a default that is one of the numbers means the name with that number.
fn enumerate_integer(field: &mut FieldFact) {
    let is_integer = field.type_text.as_deref().is_some_and(is_integer);
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
        "yes" | "y" | "ja" | "sí" | "si" | "sim" | "oui" | "true" | "✓" | "✔" | "✅" | "x"
        | "☑" | "required" | "mandatory" | "✔️" | "●" | "m" | "r" => Some(true),
        "no" | "n" | "nein" | "não" | "nao" | "non" | "false" | "✗" | "❌" | "✘" | "optional"
        | "o" | "-" | "—" | "–" | "" => Some(false),
        _ => None,
    };
    if answer.is_none() && !text.trim().is_empty() {
        modifier::read_into(text, false, field);
    } else if answer.is_some() {
        // "yes, unique", "no (max 20 chars)": what stands behind the answer is said of the field too.
        let behind = unquote(text).get(first.len()..).unwrap_or_default().trim();
        let listed = behind.trim_start_matches([',', ';']).trim();
        let inside = parenthesized(listed)
            .filter(|(before, _, after)| before.trim().is_empty() && after.trim().is_empty());
        let listed = inside.map_or(listed, |(_, inside, _)| inside);
        if behind.starts_with([',', ';', '(']) && !is_condition(listed) {
            modifier::read_into(listed, false, field);
        }
    }
    answer
}

/// Whether words behind an answer say when it holds: "yes, if paid".
fn is_condition(text: &str) -> bool {
    first_word(text).as_ref().is_none_or(|word| {
        matches!(
            word.as_str(),
            "if" | "when"
                | "unless"
                | "for"
                | "only"
                | "until"
                | "after"
                | "before"
                | "while"
                | "once"
                | "but"
                | "except"
                | "depending"
        )
    })
}

/// The names in a name cell: usually one, or several as `` `a` / `b` ``.
pub(in crate::notation) fn names(cell: &str) -> Vec<String> {
    let spans = code_spans(cell);
    let found: Vec<&str> = match spans.as_slice() {
        [] => {
            // A composite key names its columns: "order_id + line_no".
            let parts = split_top(cell, &[',', '/']).into_iter().flat_map(|part| part.split(" + "));
            parts.map(|part| parenthesized(part).map_or(part, |(before, _, _)| before)).collect()
        }
        [one] if one.contains(", ") => one.split(',').collect(),
        [first, ..] if spans.len() > 1 && cell.trim_start().starts_with('`') => {
            let only_names = cell.split('`').step_by(2).all(|gap| {
                gap.trim().trim_matches([',', '/', '+', '&', '·']).trim().is_empty()
                    || gap.trim() == "and"
            });
            let parts = split_top(cell, &[',']);
            let each = |part: &&str| {
                part.trim().starts_with('`')
                    && code_spans(part).len() == 1
                    && parenthesized(part).is_none_or(|(_, _, after)| after.trim().is_empty())
            };
            if only_names || parts.len() > 1 && parts.iter().all(each) {
                spans.clone()
            } else {
                vec![first]
            }
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

/// The columns of an index as a document of keys: `{ shop: 1, at: -1 }`, of which the last descends.
fn key_document(text: &str) -> Option<Vec<String>> {
    let inside = text.trim().strip_prefix('{')?.strip_suffix('}')?;
    let column = |part: &str| {
        let (name, direction) = part.split_once(':')?;
        let name = unquote(name.trim());
        let descends = match direction.trim() {
            "1" => "",
            "-1" => " desc",
            _ => return None,
        };
        is_identifier(name).then(|| format!("{name}{descends}"))
    };
    split_top(inside, &[',']).into_iter().map(column).collect()
}

/// The columns in brackets, or those set as code.
pub(in crate::notation) fn columns(text: &str) -> Option<Vec<String>> {
    let plain = text.replace('`', "");
    if let Some(columns) = key_document(&plain) {
        return Some(columns);
    }
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
    let columns: Vec<String> = split_top(&inside, &[','])
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

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn values_of_an_enumeration_behind_a_mark() {
        check(
            "## Vat\n\n| Field | Type | Rules |\n|---|---|---|\n| id | uuid | PK |\n| kind | enum | Required; `tank`, `barrel` or `amphora` |\n| code | string | Required; `A1` or longer |\n",
            &expect![[r#"
                1 field-table  entity Vat
                5 field-table  field Vat.id uuid primary key
                6 field-table  field Vat.kind enum required [tank | barrel | amphora]
                7 field-table  field Vat.code string required {A1 or longer}
            "#]],
        );
    }
}
