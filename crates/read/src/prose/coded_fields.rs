//! Fields that sentences name in code: "the user's `time_zone`", "`cancelledAt` is set by the server", "Ticket `Status`",
//! "`kind` accepts one of: `a`, `b`". A document that lists its fields nowhere names them so in its acceptance criteria.

use super::cardinality::subject_before;
use super::clause::Clause;
use super::inline_fields::{Basis, state, subject};
use super::noun::{is_attribute, phrases};
use super::tag::{Tag, Token};
use super::usual::is_usual;
use super::{is_in_condition, over_clauses, resolve};
use crate::document::Document;
use crate::notation::Output;
use crate::words::{fold, is_identifier, name_words};
use crate::{FieldFact, ReferenceFact};

pub(crate) const DOC: &str = "Fields that a sentence names in code: \"the user's `time_zone`\", \"`cancelledAt` is set by the server\".";

/// What a sentence is about that names parts of a program in code, and no fields.
const PROGRAM: &[&str] = &[
    "endpoint",
    "header",
    "headers",
    "parameter",
    "parameters",
    "pagination",
    "request",
    "response",
    "config",
    "configuration",
    "environment",
    "script",
    "command",
    "class",
    "function",
    "method",
    "component",
    "hook",
    "file",
    "folder",
    "directory",
    "package",
    "library",
    "import",
    "export",
    "test",
    "tests",
    "returns",
    "return",
    "url",
    "route",
    "page",
    "claim",
    "claims",
    "token",
    "cookie",
    "flag",
    "api",
    "http",
    "example",
    "e.g",
    "schema",
    "regex",
    "filter",
    "filters",
    "range",
    "expression",
    "prop",
    "props",
    "event",
    "events",
    "attribute",
    "css",
    "html",
    "option",
    "date range",
];

/// Words behind which the values of a field stand.
const VALUES: &[&str] = &[
    "one of",
    "allowed values",
    "valid values",
    "possible values",
    "values:",
    "either",
    "value of",
    "value from",
    "values from",
];

pub(crate) fn read(document: &Document<'_>, out: &mut Output) {
    // Documents that describe their entities exactly name in code what they described.
    if out.prose.whole().is_anchored {
        return;
    }
    over_clauses(out, |clauses, out| {
        // The field that the last sentence was about, and its line: "... defaults to `Low`; allowed values: `Low`, `High`".
        let mut before: Option<(String, FieldFact, usize)> = None;
        for clause in clauses {
            if let Some((owner, field, _)) = before.as_ref().filter(|it| it.2 == clause.range.start)
            {
                let enum_values = values_in(clause, 0);
                if !enum_values.is_empty() && clause.tokens.first().is_some_and(|it| !it.is_code) {
                    let field = FieldFact { enum_values, ..field.clone() };
                    state(document, clause, owner, vec![field], Basis::Beside, out);
                    continue;
                }
            }
            if clause.denies || !clause.tokens.iter().any(|it| it.is_code) {
                continue;
            }
            for (owner, field, basis) in find(clause, document, out) {
                before = Some((owner.clone(), field.clone(), clause.range.start));
                // What was read of the entity otherwise keeps its name.
                if field.enum_values.is_empty() && out.field(&owner, &field.name).is_some() {
                    continue;
                }
                state(document, clause, &owner, vec![field], basis, out);
            }
        }
    });
}

/// The fields of a sentence with the entities that have them.
fn find(clause: &Clause, document: &Document<'_>, out: &Output) -> Vec<(String, FieldFact, Basis)> {
    let tokens = &clause.tokens;
    let is_program = tokens.iter().any(|it| !it.is_code && it.is_any(PROGRAM));
    let mut found: Vec<(String, FieldFact, Basis)> = Vec::new();
    // The entity that the sentence named last in code.
    let mut last: Option<String> = None;
    for (at, token) in tokens.iter().enumerate().filter(|(_, token)| token.is_code) {
        if let Some(entity) = out.known.get(&token.text) {
            last = Some(entity.to_owned());
            continue;
        }
        // "set to `shipped`", "as `draft`": a value.
        let is_value = at > 0
            && tokens[at - 1].is_any(&["to", "as", "status", "state", "is", "=", "than", "of"]);
        let Some(name) = name(token).filter(|_| !is_value) else { continue };
        let owner = beside(tokens, at, out).or_else(|| of_each(tokens, at, out));
        let owner = match owner.or_else(|| last.clone()) {
            Some(owner) => Some((owner, Basis::Used)),
            None if is_program => None,
            None => subject(clause, document, out).map(|owner| (owner, Basis::Beside)),
        };
        let Some((owner, basis)) = owner else { continue };
        let is_derived =
            tokens[at + 1..].iter().take(2).any(|it| it.is_any(&["derived", "computed"]));
        if is_derived || is_in_condition(tokens, at) {
            continue;
        }
        // A name that another entity has is that one's, wherever it is spoken of.
        if basis == Basis::Beside && out.only_owner_of(name).is_some() {
            continue;
        }
        let mut field = FieldFact { name: name.to_owned(), ..FieldFact::default() };
        field.enum_values = values(clause, at);
        field.required = if is_optional(tokens, at) {
            Some(false)
        } else {
            (is_required(tokens, at) || is_asked_for(tokens, at)).then_some(true)
        };
        field.references = referred(tokens, at, out);
        if !found.iter().any(|(_, known, _)| fold(&known.name) == fold(name)) {
            found.push((owner, field, basis));
        }
        // What follows the name of a field with values are those.
        if found.last().is_some_and(|(_, field, _)| !field.enum_values.is_empty()) {
            break;
        }
    }
    found
}

/// The name in a code span, where it can be that of a field: `cancelledAt`, `due_on`, `title`, `isActive = true`.
fn name(token: &Token) -> Option<&str> {
    let (name, is_set) = match token.text.split_once(['=', ':']) {
        Some((name, _)) => (name.trim(), true),
        None => (token.text.as_str(), false),
    };
    let words = name_words(name);
    let is_shout = name.chars().all(|c| !c.is_lowercase());
    if !is_identifier(name) || name.contains('.') || is_shout || words.len() > 5 {
        return None;
    }
    // `OrderCategory` is called as things are.
    let is_thing = words.len() > 1
        && name.starts_with(char::is_uppercase)
        && !matches!(
            words.last().map_or("", String::as_str),
            "at" | "on" | "by" | "id" | "status" | "note" | "date"
        )
        && words.first().is_some_and(|first| is_usual(first));
    if is_thing && words.last().is_some_and(|last| is_usual(last)) {
        return None;
    }
    let is_joined = words.len() > 1;
    let is_lower = name.starts_with(char::is_lowercase);
    let ends = words.last().is_some_and(|last| {
        is_attribute(last)
            || matches!(
                last.as_str(),
                "at" | "on" | "by" | "count" | "active" | "threshold" | "days"
            )
    });
    (is_joined && (is_lower || ends)
        || is_lower && ends
        || is_set
        || !is_joined && is_attribute(name))
    .then_some(name)
}

/// The entity that stands directly before a name: "the user's `time_zone`", "Ticket `Status`", "agents with
/// `isActive = true`", "their profile (`display_name`)".
fn beside(tokens: &[Token], at: usize, out: &Output) -> Option<String> {
    let mut end = at;
    if at > 0 && tokens[at - 1].is_any(&["have", "has"]) {
        let subject = subject_before(tokens, at - 1)?;
        return resolve(&subject.noun, out);
    }
    while end > 0
        && tokens[end - 1]
            .is_any(&["'s", "’s", "(", "with", "where", "whose", "having", "field", "fields"])
    {
        end -= 1;
    }
    let phrase =
        phrases(&tokens[..end]).pop().filter(|phrase| phrase.end == end && !phrase.is_code())?;
    let is_own = phrase.noun.eq_ignore_ascii_case("profile")
        && tokens[phrase.start].is_any(&["their", "my", "his", "her"]);
    resolve(if is_own { "user" } else { &phrase.noun }, out)
}

/// Whether a sentence says of a field that each row has it: "`title` and `body` are required", "a required `reason`".
fn is_required(tokens: &[Token], at: usize) -> bool {
    let says = |token: &Token| token.is_any(&["required", "mandatory"]);
    let rest = &tokens[at + 1..];
    let listed = rest
        .iter()
        .take_while(|it| {
            !matches!(it.tag, Tag::Subordinator) && !it.is_any(&[".", ";", "if", "only"])
        })
        .position(says);
    let is_bare = listed.is_some_and(|position| {
        let between = &rest[..position];
        let depth = |open: &str| between.iter().filter(|it| it.is(open)).count();
        depth("(") == depth(")")
            && between.iter().all(|it| {
                it.is_code
                    || matches!(
                        it.tag,
                        Tag::Punctuation
                            | Tag::Conjunction
                            | Tag::Auxiliary
                            | Tag::Number
                            | Tag::Adverb
                    )
                    || it.is_any(&["chars", "characters", "is", "are"])
            })
    });
    let is_optional = rest.iter().any(|it| it.is_any(&["not", "optional", "optionally"]));
    (is_bare || at > 0 && says(&tokens[at - 1])) && !is_optional
}

/// The entity of each row that a sentence speaks of: "require every parcel to reference a `desk_id`", "a `desk_id` linking the
/// parcel to a desk".
fn of_each(tokens: &[Token], at: usize, out: &Output) -> Option<String> {
    let each = tokens[..at].iter().rposition(|it| it.is_any(&["every", "each"]));
    // "each slot having a duration `slot_minutes`" says what it is computed of.
    let ties = |it: &Token| it.is_verb_of(&["require", "associate", "store", "link", "tag"]);
    let each = each.filter(|&each| tokens[..each].iter().any(ties));
    let linked = tokens.get(at + 1).filter(|it| it.is("linking")).map(|_| at + 2);
    let phrase = super::noun::phrase_at(tokens, each.or(linked)?)?;
    resolve(&phrase.noun, out)
}

/// Whether the list that a name stands in is of what may be left out: "accept optional date fields: `due_on`, `sent_on`".
fn is_optional(tokens: &[Token], at: usize) -> bool {
    let before = tokens[..at].iter().rev();
    let mut near =
        before.take_while(|it| it.tag != Tag::Verb && it.tag != Tag::Modal && !it.is(";"));
    near.any(|it| it.is_any(&["optional", "optionally", "nullable"]))
}

/// "require every parcel to reference a `lead_id`", "associate every parcel with a `desk_id`".
fn is_asked_for(tokens: &[Token], at: usize) -> bool {
    let verb = tokens[..at].iter().position(|it| it.is_verb_of(&["require", "associate"]));
    verb.is_some_and(|verb| {
        let between = &tokens[verb..at];
        between.iter().any(|it| it.is_any(&["every", "each"]))
            && !between.iter().any(|it| it.is_any(&["if", "when", "unless"]))
    })
}

/// The entity that a sentence says a field refers to: "`tariffId` must reference an active `Tariff`".
fn referred(tokens: &[Token], at: usize, out: &Output) -> Option<ReferenceFact> {
    let verb = tokens[at + 1..]
        .iter()
        .take(4)
        .position(|it| it.is_verb_of(&["reference", "refer"]) || it.is_verb_of(&["point"]))?
        + at
        + 1;
    let entity = tokens[verb + 1..].iter().take(5).find_map(|it| out.known.get(&it.text))?;
    Some(ReferenceFact { entity: entity.to_owned(), field: None, on_delete: None })
}

/// The values that a sentence gives to the field before them, all in code.
fn values(clause: &Clause, at: usize) -> Vec<String> {
    values_in(clause, clause.tokens[at].range.end)
}

fn values_in(clause: &Clause, start: usize) -> Vec<String> {
    let tokens = &clause.tokens;
    let Some(rest) = clause.text.get(start..) else { return Vec::new() };
    let lower = rest.to_lowercase();
    let Some(lead) = VALUES.iter().filter_map(|words| lower.find(words)).min() else {
        return Vec::new();
    };
    let from = start + lead;
    let coded: Vec<&Token> =
        tokens.iter().filter(|it| it.range.start >= from && it.is_code).collect();
    let is_value =
        |it: &&Token| it.text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ' '));
    let others = tokens.iter().filter(|it| it.range.start >= from && !it.is_code);
    // "one of: `a`, `b`" and then another thought.
    let is_list =
        others.filter(|it| !matches!(it.tag, Tag::Punctuation | Tag::Conjunction)).count() <= 4;
    if coded.len() >= 2 && is_list && coded.iter().all(is_value) {
        coded.into_iter().map(|it| it.text.to_string()).collect()
    } else if lower[lead..].starts_with("value") {
        // "a value of "sale", "rental", or "lease"", "value from: price, place, or other".
        let behind = clause.text[from..].split_once([' ', ':']).map_or("", |(_, rest)| rest);
        let behind =
            behind.trim_start_matches("of ").trim_start_matches("from").trim_start_matches(':');
        let plain = behind.replace(['"', '“', '”', '`'], "");
        super::values::values(plain.trim())
    } else {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn names_in_code() {
        check(
            "# Desk\n\n### D-1 — Create a parcel\n\n- `weightGrams` and `label` (2-20 chars) are required\n- `kind` must be one of: `letter`, `box`, `tube`\n- `sentAt` is set by the server\n- The user's `home_zone` decides the price\n- Users can create parcels.\n",
            &expect![[r#"
                5 prose-coded-fields  field Parcel.weightGrams required [inferred: the heading or a sentence beside it names what has it]
                5 prose-coded-fields  field Parcel.label required [inferred: the heading or a sentence beside it names what has it]
                6 prose-coded-fields  field Parcel.kind [letter | box | tube] [inferred: the heading or a sentence beside it names what has it]
                6 prose-values  field Parcel.kind [letter | box | tube]
                7 prose-coded-fields  field Parcel.sentAt [inferred: the heading or a sentence beside it names what has it]
                8 prose-coded-fields  field User.home_zone [inferred: a sentence uses it]
                9 prose-entities  entity Parcel
                9 prose-entities  entity User
                9 prose-possession  relationship User 1:N Parcel [inferred: the sentence calls them its own]
            "#]],
        );
    }

    #[test]
    fn what_is_no_field() {
        check(
            "# Desk\n\n### D-1 — Create a parcel\n\n- Supports pagination (`page`, `pageSize`)\n- `Closed` and `Lost` parcels are left out\n- Returns `200 OK` with `parcelId`\n- Users can create parcels.\n",
            &expect![[r#"
                8 prose-entities  entity Parcel
                8 prose-entities  entity User
                8 prose-possession  relationship User 1:N Parcel [inferred: the sentence calls them its own]
            "#]],
        );
    }
}
