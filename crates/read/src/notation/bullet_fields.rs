//! Lists whose items are the fields of an entity.

use crate::document::{Block, BlockKind, Document, Item, List};
use crate::entity_name::{EntityTitle, is_structural, read_title};
use crate::modifier;
use crate::notation::field_table::{columns, names};
use crate::notation::{Mark, Output, field_owner};
use crate::words::{is_identifier, lower_words, parenthesized, split_once_any};
use crate::{Fact, FieldFact, IndexFact};

pub(super) const DOC: &str =
    "A list under an entity's heading whose items name a field, with its type and modifiers.";

/// What the words before a list, or the item that it stands in, say of its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    /// They are fields.
    Fields,
    /// They are something else: rules, indexes, relationships.
    Other,
    /// They may be fields, if they look like it.
    Unknown,
}

pub(super) fn label(text: &str) -> Label {
    let words = lower_words(parenthesized(text).map_or(text, |(before, _, _)| before));
    let Some(last) = words.last() else { return Label::Unknown };
    let is_fields = matches!(
        last.as_str(),
        "fields"
            | "attributes"
            | "columns"
            | "properties"
            | "field"
            | "contains"
            | "stores"
            | "includes"
            | "data"
            | "schema"
            | "timestamps"
            | "structure"
    );
    if is_fields
        && words.len() <= 5
        && !words.iter().any(|word| {
            matches!(
                word.as_str(),
                "merge" | "allowed" | "search" | "computed" | "required" | "filter" | "sort"
            )
        })
    {
        return Label::Fields;
    }
    let is_other = words.iter().any(|word| {
        matches!(
            word.as_str(),
            "index"
                | "indexes"
                | "indices"
                | "constraint"
                | "constraints"
                | "rule"
                | "rules"
                | "validation"
                | "validations"
                | "relationship"
                | "relationships"
                | "relations"
                | "invariant"
                | "invariants"
                | "policy"
                | "policies"
                | "trigger"
                | "triggers"
                | "state"
                | "states"
                | "transition"
                | "transitions"
                | "enum"
                | "values"
                | "notes"
                | "note"
                | "behavior"
                | "behaviour"
                | "queries"
                | "examples"
                | "responsibilities"
                | "methods"
                | "operations"
                | "events"
                | "permissions"
                | "endpoints"
                | "actions"
                | "commands"
                | "evidence"
                | "owns"
                | "storage"
                | "usage"
                | "purpose"
                | "allowed"
                | "merge"
                | "search"
                | "filters"
                | "steps"
                | "retention"
                | "computed"
                | "lifecycle"
                | "associations"
        )
    });
    if is_other { Label::Other } else { Label::Unknown }
}

pub(super) fn is_other_label(text: &str) -> bool {
    label(text) == Label::Other || label(text) == Label::Fields
}

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (index, block) in document.blocks.iter().enumerate() {
        if let BlockKind::List(list) = &block.kind {
            read_list(document, index, block, list, out);
        }
    }
}

fn read_list(document: &Document<'_>, index: usize, block: &Block, list: &List, out: &mut Output) {
    let lead = document.lead(index);
    let outer = match lead.map(label) {
        Some(Label::Unknown) | None => match nearest_title(document, block) {
            Some(title) if is_structural(title) => Label::Fields,
            Some(title) if read_title(title).is_none() => label(title),
            _ => Label::Unknown,
        },
        Some(known) => known,
    };
    let owner = field_owner(document, index);
    let mut labels: Vec<(Label, Option<EntityTitle>)> = Vec::with_capacity(list.items.len());
    let mut stated = false;
    // Where most items of a list have a field's form, the others are fields too.
    let forms = list.items.iter().filter(|item| item.depth == 0 && !item.has_children);
    let count = forms.clone().count();
    let alike = forms.filter(|item| field(&item.content.text, false).is_some()).count();
    let mostly = alike >= 2 && alike * 10 >= count * 6;
    for item in &list.items {
        let (context, owner_item) = match item.parent {
            Some(parent) => labels[parent].clone(),
            None => (outer, None),
        };
        let text = item.content.text.trim();
        let own = own_label(item, text, context, document);
        labels.push(own.clone().unwrap_or((context, owner_item.clone())));
        let Some(line) = item.content.lines.first() else { continue };
        if own.is_some() || context == Label::Other || !out.is_open(document, line.range.start) {
            continue;
        }
        let title = match (&owner_item, &owner) {
            (Some(title), _) => title.clone(),
            (None, Some((_, title, _))) => title.clone(),
            (None, None) => continue,
        };
        let sure = context == Label::Fields;
        let known = out.known.get(&title.name).is_some();
        let is_meant = sure || mostly || known && has_field_form(text);
        if !is_meant {
            continue;
        }
        let span = document.span(line.range.clone());
        if let Some(fact) = key_item(&title.name, text) {
            if title.not_stored.is_none() {
                out.state(document, span, fact);
            }
            continue;
        }
        let Some((names, fact)) = field(text, sure) else { continue };
        if title.not_stored.is_some() {
            out.leave_out(document, &title, span);
            continue;
        }
        if owner_item.is_some() {
            if out.known.get(&title.name).is_none() {
                out.state_entity(document, None, &title, span);
            }
        } else if !stated {
            if let Some((section, title, place)) = &owner {
                out.state_entity(document, *section, title, document.span(place.clone()));
            }
            stated = true;
        }
        for name in names {
            let mut field = FieldFact { name, ..fact.clone() };
            if field.constraints.iter().any(|text| text == "indexed") {
                field.constraints.retain(|text| text != "indexed");
                let index = IndexFact {
                    entity: title.name.clone(),
                    name: None,
                    columns: vec![field.name.clone()],
                    unique: false,
                    method: None,
                    purpose: None,
                };
                out.state(document, span, Fact::Index(index));
            }
            out.state(document, span, Fact::Field { entity: title.name.clone(), field });
        }
    }
    if stated {
        if let Some(lead) = lead.filter(|_| index > 0) {
            let _ = lead;
            out.mark(document, document.blocks[index - 1].range.clone(), Mark::Understood);
        }
    }
}

fn nearest_title<'d>(document: &'d Document<'_>, block: &Block) -> Option<&'d str> {
    block.section.map(|section| document.title(section))
}

/// Whether an item introduces the items inside it: "**Fields**:", or an entity's name.
fn own_label(
    item: &Item,
    text: &str,
    context: Label,
    document: &Document<'_>,
) -> Option<(Label, Option<EntityTitle>)> {
    let _ = document;
    let is_label = item.has_children && (text.ends_with(':') || item.content.strong);
    if !is_label {
        // "**Indexes**: on a, b" is no field either.
        let head = item.content.label.trim_end_matches(':');
        if !head.is_empty()
            && text.contains(':')
            && label(head) == Label::Other
            && !is_identifier_like(head)
        {
            return Some((Label::Other, None));
        }
        return None;
    }
    let name = text.trim_end_matches(':').trim();
    let known = label(name);
    if known != Label::Unknown {
        return Some((known, None));
    }
    if context == Label::Fields {
        return None;
    }
    let title = read_title(name)?;
    (title.not_stored.is_none()).then_some((Label::Unknown, Some(title)))
}

fn is_identifier_like(text: &str) -> bool {
    text.contains('_') || text.chars().next().is_some_and(char::is_lowercase)
}

/// A name that is set as code or followed by a type.
fn has_field_form(text: &str) -> bool {
    field(text, false).is_some()
}

/// `PK (a, b)`, `Unique (a, b)` as an item of a field list.
pub(super) fn key_item(entity: &str, text: &str) -> Option<Fact> {
    let plain = text.replace('`', "");
    let lower = plain.to_lowercase();
    let entity = entity.to_owned();
    let keyed = |prefixes: &[&str]| {
        prefixes.iter().any(|prefix| lower.starts_with(prefix)) && plain.contains('(')
    };
    if keyed(&[
        "pk (",
        "primary key (",
        "primary key: (",
        "composite pk (",
        "composite primary key (",
        "composite primary key: (",
    ]) {
        return Some(Fact::PrimaryKey { entity, fields: columns(&plain)? });
    }
    if keyed(&[
        "unique (",
        "unique constraint on (",
        "unique constraint (",
        "unique index (",
        "unique index on (",
        "unique on (",
        "unique: (",
    ]) {
        let (_, _, after) = parenthesized(&plain)?;
        let condition = after.trim().to_owned();
        let lower = condition.to_lowercase();
        let condition = lower.starts_with("where ").then(|| {
            let text = &condition["where ".len()..];
            text.split(" — ").next().unwrap_or(text).trim().to_owned()
        });
        return Some(Fact::Unique { entity, fields: columns(&plain)?, condition, text: None });
    }
    None
}

/// The names and properties of an item that is a field; `sure` where its label says that it is one.
pub(super) fn field(text: &str, sure: bool) -> Option<(Vec<String>, FieldFact)> {
    let text = text.trim();
    let (name_part, rest) = split_name(text);
    let found = names(name_part);
    let first = found.first()?;
    let limit = if sure { 4 } else { 2 };
    if found.iter().any(|name| {
        name.split_whitespace().count() > limit
            || !name.starts_with(|c: char| c.is_alphabetic() || c == '_')
            || name.contains(['→', '=', '<', '>', '*', '{', '}', '[', ']', '"', '(', ')'])
    }) {
        return None;
    }
    let is_code = name_part.starts_with('`');
    let mut fact = FieldFact::default();
    if name_part.trim_end_matches(['`', ' ']).ends_with('?') {
        fact.required = Some(false);
    }
    let rest = rest.trim_start();
    let (spec, description) = split_spec(rest);
    let spec_head = spec.trim_start_matches(['(', '`', ' ']);
    let first_word = spec_head.split([' ', ',', ')', ';', '`', ':']).next().unwrap_or_default();
    let mut probe = FieldFact::default();
    modifier::read_into(first_word, true, &mut probe);
    let is_type = modifier::is_scalar(first_word) && !first_word.is_empty();
    let says_modifier = probe.type_text.is_none()
        && (probe.primary_key.is_some() || probe.required.is_some() || probe.unique.is_some())
        || spec.to_uppercase().starts_with("FK")
        || spec.starts_with(['→', '(']) && spec.contains(['→'])
        || spec.to_lowercase().trim_start_matches('(').starts_with("enum")
        || spec.trim_start_matches('(').starts_with("FK");
    // `a` → `b` alone is a transition or a relationship.
    let is_arrow = spec.starts_with(['→', '-'])
        && !lower_words(first).last().is_some_and(|word| word.ends_with("id"));
    if !sure && (!(is_type || says_modifier) || is_arrow) {
        return None;
    }
    if !sure && !is_code && !is_identifier(first) {
        return None;
    }
    if is_type || says_modifier || is_code && !spec.is_empty() && looks_like_spec(spec) {
        modifier::read_into(spec, true, &mut fact);
    } else if !spec.is_empty() {
        // Words after the name: its meaning, a list of its values, or that it is optional.
        modifier::read_into(bracketless(spec), false, &mut fact);
        if fact.enum_values.is_empty() && spec.starts_with('(') {
            let values = modifier::enum_values(bracketless(spec));
            if values.len() > 1 && values.iter().all(|value| value.split_whitespace().count() <= 2)
            {
                let is_modifier_list =
                    fact.required.is_some() || fact.unique.is_some() || fact.primary_key.is_some();
                if !is_modifier_list {
                    fact.enum_values = values;
                    fact.constraints.clear();
                }
            }
        }
        if !spec.starts_with('(') && fact.enum_values.is_empty() {
            fact =
                FieldFact { required: fact.required, unique: fact.unique, ..FieldFact::default() };
            modifier::read_description(spec, &mut fact);
        }
    }
    modifier::read_description(description, &mut fact);
    Some((found, fact))
}

fn bracketless(spec: &str) -> &str {
    match parenthesized(spec) {
        Some((before, inside, _)) if before.trim().is_empty() => inside,
        _ => spec,
    }
}

fn looks_like_spec(spec: &str) -> bool {
    lower_words(spec).len() <= 8
}

/// Splits an item into its name and the rest: at a colon, a bracket, a dash or the end of code.
fn split_name(text: &str) -> (&str, &str) {
    if text.starts_with('`') {
        // Several names in a row: `a` / `b`, `a`, `b`.
        let mut end = 0;
        let mut rest = text;
        while let Some(inside) = rest.strip_prefix('`') {
            let Some(close) = inside.find('`') else { break };
            end = text.len() - inside.len() + close + 1;
            let after = &text[end..];
            let next = after.trim_start();
            let next = next
                .strip_prefix([',', '/', '+', '&'])
                .or_else(|| next.strip_prefix("and "))
                .unwrap_or(next)
                .trim_start();
            if !next.starts_with('`') || next.len() == after.trim_start().len() {
                break;
            }
            rest = next;
        }
        let after = text[end..].trim_start().trim_start_matches(':');
        let after = after.trim_start();
        // A dash directly after the name begins the description.
        return (&text[..end], after);
    }
    match split_once_any(text, &[": ", " (", " - ", " – ", " — ", " → ", ":"]) {
        Some((name, rest)) => {
            let at = name.len();
            let separator = &text[at..text.len() - rest.len()];
            // "id - uuid" names a type; "note - text for the buyer" goes on as a sentence.
            let kind = rest.split([' ', ',', '(', ';']).next().unwrap_or_default();
            let ends = rest[kind.len()..].trim_start();
            let is_typed = separator.trim() == "-"
                && is_identifier(name)
                && modifier::is_scalar(kind)
                && (ends.is_empty() || ends.starts_with([',', '(', ';']));
            if is_typed {
                return (name, rest);
            }
            if separator == " (" || separator == " → " || separator.contains(['-', '–', '—'])
            {
                (name, text[at..].trim_start())
            } else {
                (name, rest)
            }
        }
        None => {
            // `email string required`
            let mut words = text.splitn(2, ' ');
            let name = words.next().unwrap_or_default();
            let rest = words.next().unwrap_or_default();
            let kind = rest.split([' ', ',', '(']).next().unwrap_or_default();
            if modifier::is_scalar(kind) && is_identifier(name) { (name, rest) } else { (text, "") }
        }
    }
}

/// Splits what follows a name into its specification and its description.
fn split_spec(text: &str) -> (&str, &str) {
    let text = text.trim();
    for dash in ["- ", "– ", "— "] {
        if let Some(description) = text.strip_prefix(dash) {
            return ("", description.trim());
        }
    }
    if text.starts_with('(') {
        if let Some((_, inside, after)) = parenthesized(text) {
            let close = text.len() - after.len();
            let after = after.trim_start().trim_start_matches([':', '-', '–', '—', '.', ' ']);
            let _ = inside;
            return (&text[..close], after);
        }
    }
    match split_once_any(text, &[" — ", " – ", " - ", " -- ", ". "]) {
        Some((spec, description)) => (spec.trim(), description.trim()),
        None => (text, ""),
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn the_usual_forms() {
        check(
            "### Customer\n\nFields:\n\n- `id` (PK, string/UUID) – unique identifier.\n- **email**: string, required, unique\n- name (string, optional)\n- `createdAt` / `updatedAt` (timestamps)\n- `role_id` UUID → `roles.id` (ON DELETE RESTRICT)\n- status (active, invited, removed)\n- Unique (`email`, `role_id`) to be sure\n- nickname\n",
            &expect![[r#"
                1 bullet-fields  entity Customer
                5 bullet-fields  field Customer.id string/UUID primary key -- unique identifier.
                6 bullet-fields  field Customer.email string required unique
                7 bullet-fields  field Customer.name string optional
                8 bullet-fields  field Customer.createdAt timestamps
                8 bullet-fields  field Customer.updatedAt timestamps
                9 bullet-fields  field Customer.role_id UUID -> roles.id on delete restrict
                10 bullet-fields  field Customer.status [active | invited | removed]
                11 bullet-fields  unique Customer (email, role_id)
                12 bullet-fields  field Customer.nickname
            "#]],
        );
    }

    #[test]
    fn types_make_fields_without_a_label() {
        check(
            "## 5. Country (`countries`)\n- `Id`: Guid (Primary Key)\n- `Code`: string (Unique, MaxLength: 3, Required, e.g. `USA`)\n- `AvatarUrl`: string? (MaxLength: 500)\n- **Validation**:\n  - Unique Name and Code.\n",
            &expect![[r#"
                1 bullet-fields  entity Country table countries
                2 bullet-fields  field Country.Id Guid primary key
                3 bullet-fields  field Country.Code string required unique {MaxLength: 3} {e.g. USA}
                4 bullet-fields  field Country.AvatarUrl string optional {MaxLength: 500}
                6 rule-bullets  rule Country: Unique Name and Code
            "#]],
        );
        check(
            "### `cust.customer`\n- `id` UUID PK\n- `tags` text[] not null default '{}'  — marketing\n- `state` enum: `active | merged` (default `active`)\n- `merged_into` UUID nullable → `cust.customer.id`  — tombstone\n- PK `(id, state)`\n",
            &expect![[r#"
                1 bullet-fields  entity cust.customer
                2 bullet-fields  field cust.customer.id UUID primary key
                3 bullet-fields  field cust.customer.tags text[] required default '{}' -- marketing
                4 bullet-fields  field cust.customer.state enum default active [active | merged]
                5 bullet-fields  field cust.customer.merged_into UUID optional -> cust.customer.id -- tombstone
                6 bullet-fields  primary key cust.customer (id, state)
            "#]],
        );
    }

    #[test]
    fn policies_and_validation_bullets_are_no_fields() {
        check(
            "### Country\n\n**RLS policies**:\n- `SELECT`: public\n\n**Validation**:\n- **Email**: must be unique\n\n### Hours\n- Monday is free\n- We open at nine\n",
            &expect![[r#"
                7 rule-bullets  rule *: Email: must be unique
            "#]],
        );
    }
}
