//! A list of things with their fields in brackets: "**Employee** (`number` PK, name, department?)",
//! whose inner items go on with more fields or with what refers to the thing.

use std::ops::Range;

use crate::document::{BlockKind, Document, List};
use crate::notation::index_list::lists_indexes;
use crate::notation::{Output, entity_fact};
use crate::prose::field_name::field_name;
use crate::prose::is_property_noun;
use crate::prose::list_item::describe;
use crate::words::{code_spans, is_identifier, lower_words, parenthesized, split_top, unquote};
use crate::{Fact, FieldFact, ReferenceFact, RelationshipFact, modifier};

pub(super) const DOC: &str = "A list of things with their fields in brackets: \"**Employee** (`number` PK, name, department?, teamId -> Team)\", and more fields in the items inside.";

/// How many items of a list must have the form before it is taken for one of these.
const ALIKE: usize = 2;

/// One thing of the list.
struct Signature {
    name: String,
    /// The item.
    at: usize,
    fields: Vec<FieldFact>,
}

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (index, block) in document.blocks.iter().enumerate() {
        let BlockKind::List(list) = &block.kind else { continue };
        // Under "Indexes" the brackets hold what each is on.
        let title = block.section.map(|section| document.title(section));
        if document.lead(index).or(title).is_some_and(lists_indexes) {
            continue;
        }
        let signatures = signatures(document, list, out);
        let tops = list.items.iter().filter(|item| item.depth == 0).count();
        // Small letters name fields elsewhere, so then all items must be alike.
        let are_names = signatures.iter().all(|it| it.name.starts_with(char::is_uppercase));
        if signatures.len() < ALIKE || !are_names && signatures.len() < tops {
            continue;
        }
        for signature in &signatures {
            let range = list.items[signature.at].content.range();
            out.state(document, document.span(range), entity_fact(&signature.name));
        }
        named(document, list, &signatures, out);
        for signature in signatures {
            let range = list.items[signature.at].content.range();
            state(document, &signature.name, range, signature.fields, out);
            for item in list.items.iter().filter(|item| item.parent == Some(signature.at)) {
                inner(document, &signature.name, &item.content.text, item.content.range(), out);
            }
        }
    }
}

fn signatures(document: &Document<'_>, list: &List, out: &Output) -> Vec<Signature> {
    let items = list.items.iter().enumerate().filter(|(_, item)| item.depth == 0);
    let read = items.filter_map(|(at, item)| {
        let (name, fields) = signature(&item.content.text)?;
        let is_free = out.is_open(document, item.content.range().start);
        let is_new = !out.known.get(&name).is_some_and(|known| out.has_fields(known));
        (is_free && is_new).then_some(Signature { name, at, fields })
    });
    read.collect()
}

/// The name and the fields of "Employee (number PK, name, department?)".
fn signature(text: &str) -> Option<(String, Vec<FieldFact>)> {
    let (head, inside, behind) = parenthesized(text)?;
    let head = head.trim().trim_matches(['*', '`', ' ']);
    let behind = behind.trim().trim_start_matches(['*', ':', '.']).trim();
    let is_name = is_identifier(head) || (1..=2).contains(&lower_words(head).len());
    if lower_words(head).iter().any(|word| is_key_word(word)) {
        return None;
    }
    let is_plural = head.ends_with('s') && !head.ends_with("ss");
    let is_title = head.starts_with(char::is_uppercase) || is_plural;
    if !is_name || !is_title || !behind.is_empty() && !behind.starts_with(['-', '–', '—']) {
        return None;
    }
    let parts = split_top(inside, &[',']);
    // "Price (decimal, required)" is a field.
    if parts.iter().any(|part| is_modifier(unquote(part.trim()))) {
        return None;
    }
    // "Performance considerations (SSR, caching)" gives examples of what is thought about.
    let about = [
        "strategy",
        "considerations",
        "management",
        "handling",
        "options",
        "patterns",
        "export",
        "exports",
        "reports",
    ];
    if head.rsplit(' ').next().is_some_and(|last| about.contains(&&*last.to_lowercase())) {
        return None;
    }
    let fields: Vec<FieldFact> = parts.iter().filter_map(|part| field(part)).collect();
    let properties = fields.iter().filter(|field| is_property(field)).count();
    let is_list =
        fields.len() >= 2 && fields.len() + 1 >= parts.len() && properties * 2 >= fields.len();
    is_list.then(|| (head.to_owned(), fields))
}

/// Whether a word calls a key or an index, so that what stands in the brackets behind it are its columns: "INDEX (a, b)".
fn is_key_word(word: &str) -> bool {
    matches!(
        word,
        "index" | "indexes" | "unique" | "key" | "keys" | "pk" | "fk" | "constraint" | "check"
    )
}

/// Whether a part says how a field is, and is none itself.
fn is_modifier(part: &str) -> bool {
    let lower = part.to_lowercase();
    let words = [
        "pk",
        "fk",
        "unique",
        "required",
        "optional",
        "nullable",
        "not null",
        "primary key",
        "uuid",
        "string",
        "text",
        "int",
        "integer",
        "bool",
        "boolean",
        "decimal",
        "number",
        "float",
        "datetime",
        "timestamp",
        "json",
        "enum",
        "array",
        "object",
    ];
    words.contains(&lower.as_str()) || lower.starts_with("varchar")
}

/// Whether a name or what is said of it shows that it is a property and no example.
fn is_property(field: &FieldFact) -> bool {
    let last = field.name.rsplit([' ', '_']).next().unwrap_or_default();
    let is_joined = is_identifier(&field.name)
        && (field.name.contains('_') || field.name.chars().skip(1).any(char::is_uppercase));
    is_joined
        || is_property_noun(last)
        || field.primary_key.is_some()
        || field.references.is_some()
        || field.unique.is_some()
}

/// One part: "`number` PK", "FK: teamId -> Team", "department?", "status (OPEN/DONE)", "PK: uuid".
pub(super) fn field(part: &str) -> Option<FieldFact> {
    let part = part.trim();
    let (mark, part) = match part.split_once([':', ' ']) {
        Some((mark @ ("PK" | "FK"), rest)) => (mark, rest.trim()),
        _ => ("", part),
    };
    let mut field = FieldFact::default();
    if mark == "PK" {
        field.primary_key = Some(true);
        if modifier::is_scalar(unquote(part)) || matches!(part, "cuid" | "uuid" | "ulid") {
            "id".clone_into(&mut field.name);
            field.type_text = Some(unquote(part).to_owned());
            return Some(field);
        }
    }
    let (part, target) = match part.split_once("->").or_else(|| part.split_once('→')) {
        Some((name, target)) => (name.trim(), Some(target.trim())),
        None => (part, None),
    };
    let code =
        code_spans(part).first().copied().filter(|code| part.starts_with(&format!("`{code}`")));
    let (name, rest) = match code {
        Some(code) => (code, part[code.len() + 2..].trim()),
        None => {
            let end = part.find([' ', '(']).unwrap_or(part.len());
            let rest = part[end..].trim();
            let says = rest.is_empty()
                || rest.starts_with('(')
                || ["PK", "FK", "unique", "UNIQUE", "optional", "required", "nullable", "not null"]
                    .iter()
                    .any(|word| rest.starts_with(word))
                || rest.split(' ').next().is_some_and(modifier::is_scalar);
            if says { (&part[..end], rest) } else { (part, "") }
        }
    };
    let (name, is_optional) = match name.strip_suffix('?') {
        Some(name) => (name, true),
        None => (name, rest.starts_with('?')),
    };
    let words = name.split(' ').count();
    field.name = if is_identifier(name) { name.to_owned() } else { field_name(name)? };
    if words > 3
        || lower_words(name).iter().any(|word| matches!(word.as_str(), "timestamps" | "etc"))
    {
        return None;
    }
    if is_optional {
        field.required = Some(false);
    }
    let rest = rest.trim_start_matches('?').trim();
    if rest.split_whitespace().any(|word| word == "PK") {
        field.primary_key = Some(true);
    }
    if rest.to_lowercase().split_whitespace().any(|word| word == "unique") {
        field.unique = Some(true);
    }
    if rest.starts_with('(') {
        describe(rest, &mut field);
    } else if let Some(first) = rest.split(' ').next().filter(|word| modifier::is_scalar(word)) {
        field.type_text = Some(first.to_owned());
    }
    // "teamId -> code" points at a key, and leaves the thing to the name.
    let target = target.map(unquote).filter(|target| target.starts_with(char::is_uppercase));
    field.references = target.filter(|target| is_identifier(target)).map(|target| ReferenceFact {
        entity: target.to_owned(),
        field: None,
        on_delete: None,
    });
    Some(field)
}

/// An item inside: more fields, or what refers to the thing ("`notes` -> `Note`").
fn inner(document: &Document<'_>, entity: &str, text: &str, range: Range<usize>, out: &mut Output) {
    if let Some((_, target)) = text.split_once('→').or_else(|| text.split_once("->")) {
        let target = target.trim().split([' ', '(']).next().unwrap_or_default();
        let many = out.known.get(unquote(target)).map(str::to_owned);
        let is_end = text.trim_start().starts_with('`') && !text.trim_start().contains("`,");
        if let Some(many) = many.filter(|_| is_end) {
            let fact = Fact::Relationship(RelationshipFact {
                from: entity.to_owned(),
                to: many,
                cardinality: Some("1:N"),
                from_required: None,
                to_required: None,
                on_delete: None,
                through: None,
                label: None,
            });
            out.state(document, document.span(range), fact);
            return;
        }
    }
    let parts = split_top(text, &[',']);
    let starts = parts.iter().filter(|part| part.trim().starts_with('`')).count();
    if starts * 2 >= parts.len() && starts > 0 {
        let fields = parts.iter().filter_map(|part| field(part)).collect();
        state(document, entity, range, fields, out);
    }
}

fn state(
    document: &Document<'_>,
    entity: &str,
    range: Range<usize>,
    fields: Vec<FieldFact>,
    out: &mut Output,
) {
    for field in fields {
        let fact = Fact::Field { entity: entity.to_owned(), field };
        out.state(document, document.span(range.clone()), fact);
    }
}

/// `**AuditLog**, **UploadLog**: track actions`: names of code beside the things with fields.
fn named(document: &Document<'_>, list: &List, signatures: &[Signature], out: &mut Output) {
    for (at, item) in list.items.iter().enumerate() {
        if item.depth > 0 || signatures.iter().any(|signature| signature.at == at) {
            continue;
        }
        let Some((names, _)) = item.content.text.split_once(": ") else { continue };
        let names: Vec<&str> =
            names.split(',').map(|name| name.trim().trim_matches(['*', '`'])).collect();
        let is_name = |name: &&str| {
            is_identifier(name)
                && name.starts_with(char::is_uppercase)
                && name.chars().skip(1).any(char::is_uppercase)
        };
        if names.iter().all(is_name) {
            for name in names {
                out.state(document, document.span(item.content.range()), entity_fact(name));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn names_with_brackets() {
        check(
            "# Plan\n\n- **Rider** (`number` PK, name, club?, bornOn, teamId -> Team)\n  - `rides` → Ride (FK: riderId -> number)\n- **Ride** (PK: cuid, FK: riderId->number, startsAt)\n  - `state` (OPEN/DONE), `notes?`\n- **Team** (code unique, name)\n- **AuditLog**: what was done\n",
            &expect![[r#"
                3 signature-list  entity Rider
                3 signature-list  field Rider.number primary key
                3 signature-list  field Rider.name
                3 signature-list  field Rider.club optional
                3 signature-list  field Rider.bornOn
                3 signature-list  field Rider.teamId -> Team
                4 signature-list  relationship Rider 1:N Ride
                5 signature-list  entity Ride
                5 signature-list  field Ride.id cuid primary key
                5 signature-list  field Ride.riderId
                5 signature-list  field Ride.startsAt
                6 signature-list  field Ride.state [OPEN | DONE] -- (OPEN/DONE)
                6 signature-list  field Ride.notes optional
                7 signature-list  entity Team
                7 signature-list  field Team.code unique
                7 signature-list  field Team.name
                8 signature-list  entity AuditLog
            "#]],
        );
    }

    #[test]
    fn brackets_of_other_things() {
        check(
            "# Plan\n\n- User accounts (register, login, reset)\n- Reports (daily, weekly)\n- Admin Panel (view users, edit roles)\n",
            &expect![[r#"
                5 prose-entities  entity User
            "#]],
        );
    }

    #[test]
    fn what_is_thought_about_is_no_thing() {
        check(
            "# Plan\n\n- Login strategy (JWT, OAuth, email)\n- Speed considerations (SSR, ISR, url)\n- Error handling (code, message)\n- Sales reports (amount, date)\n",
            &expect![""],
        );
    }

    #[test]
    fn indexes_and_keys_are_no_things() {
        check(
            "## Rider\n\n| Field | Type |\n|-|-|\n| club_id | uuid |\n| born_on | date |\n\n**Indexes**:\n- INDEX (club_id, born_on) - for lists\n- UNIQUE (club_id, born_on)\n- `born_on`: Single-column index for searches (young, old)\n- PRIMARY KEY (club_id)\n- CHECK (born_on > club_id)\n\n**Keys**: (`club_id`, `born_on`)\n\n- **Unique:** (`club_id`, `born_on`) — one a day\n",
            &expect![[r#"
                1 field-table  entity Rider
                5 field-table  field Rider.club_id uuid
                6 field-table  field Rider.born_on date
                9 index-list  read "Rider by club_id and born_on" of Rider by club_id = ?, born_on = ? [inferred: an index is asked for with its use]
                9 index-list  index on Rider (club_id, born_on) -- lists
                10 index-list  unique Rider (club_id, born_on)
                11 index-list  read "searches (young, old)" of Rider by born_on = ? [inferred: an index is asked for with its use]
                11 index-list  index on Rider (born_on) -- searches (young, old)
                12 rule-bullets  primary key Rider (club_id)
                13 rule-bullets  rule Rider: CHECK (born_on > club_id)
                17 rule-bullets  unique Rider (club_id, born_on)
            "#]],
        );
    }
}
