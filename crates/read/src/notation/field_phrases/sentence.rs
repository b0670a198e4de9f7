//! Sentences whose verb lies between an entity and its properties.

use smol_str::SmolStr;
use std::sync::LazyLock;

use underpin_base::Phrases;

use crate::notation::{Output, bullet_fields};
use crate::phrase_table::PhraseTable;
use crate::words::{
    code_spans, fold, is_identifier, lower_words, split_once_any, strip_prefix_ignoring_case,
    unquote,
};

use super::list::{Trust, fields, only_code};
use super::vocabulary::VERBS;
use super::{Found, Owner, Place, labelled, split_label};

/// Reads the sentences of a text.
pub(super) fn read(
    text: &str,
    owner: Option<&Owner>,
    place: Place,
    out: &Output,
    found: &mut Vec<Found>,
) {
    let mut rest = text.trim();
    let mut is_first = true;
    // "Attributes: name; tax code; rating": semicolons part what a label lists, and no sentences.
    if let (Some((label, listed)), Some(owner)) = (field_label(rest), owner) {
        let is_apart = split_label(rest).is_none();
        if (is_apart || first_list(listed).contains(';'))
            && labelled(label, listed, owner, found, out)
        {
            return;
        }
    }
    for _ in 0..40 {
        if rest.is_empty() {
            return;
        }
        let sentence = first_sentence(rest);
        read_sentence(sentence, owner, place, is_first, out, found);
        is_first = false;
        rest = rest[sentence.len()..].trim_start_matches(['.', ';', '!', '?', ' ']);
    }
}

/// A label that promises fields, before a colon or set apart as a sentence of its own: "Attributes. Name, tax code".
fn field_label(text: &str) -> Option<(&str, &str)> {
    let (label, rest) = split_label(text).or_else(|| {
        let (label, rest) = text.split_once(". ")?;
        let label = unquote(label.trim());
        (label.split_whitespace().count() <= 2).then_some((label, rest))
    })?;
    (bullet_fields::label(label) == bullet_fields::Label::Fields).then_some((label, rest))
}

/// Up to the full stop or semicolon that ends a sentence.
pub(super) fn first_sentence(text: &str) -> &str {
    match split_once_any(text, &[". ", "; "]) {
        Some((sentence, _)) => sentence,
        None => text.trim_end_matches('.'),
    }
}

/// The same where a label says that a list follows: two semicolons or more part what it lists.
pub(super) fn first_list(text: &str) -> &str {
    let whole = split_once_any(text, &[". "]).map_or(text.trim_end_matches('.'), |(it, _)| it);
    if whole.matches("; ").count() > 1 { whole } else { first_sentence(text) }
}

fn read_sentence(
    sentence: &str,
    owner: Option<&Owner>,
    place: Place,
    is_first: bool,
    out: &Output,
    found: &mut Vec<Found>,
) {
    if let (Some((label, rest)), Some(owner)) = (split_label(sentence), owner) {
        if labelled(label, rest, owner, found, out) {
            return;
        }
    }
    let lower = sentence.to_ascii_lowercase();
    let is_other = lower.first_of(&[
        " not ",
        "cannot",
        " never ",
        " no ",
        "n't ",
        " example",
        "e.g.",
        " should ",
        " whose ",
        " where ",
        " at most ",
        " at least ",
        " unless ",
        " while ",
        " if ",
    ]);
    if is_other.is_some() {
        return;
    }
    if let Some((at, verb)) = verb(&lower) {
        let subject = subject(sentence[..at].trim(), owner, out);
        let object = sentence[at + verb.len()..].trim();
        let object = strip_prefix_ignoring_case(object, "the following ").unwrap_or(object);
        if let Some(entity) = subject {
            let before = found.len();
            let own = verb != "owns";
            for field in fields(until_clause(object), Trust::Verb, out) {
                // "owns" is said of things; only what clearly is a property counts.
                if own
                    || super::vocabulary::is_property(
                        lower_words(&field.name).last().map_or("", SmolStr::as_str),
                    )
                {
                    found.push((entity.clone(), field, Trust::Verb));
                }
            }
            if found.len() > before {
                return;
            }
        }
    }
    let Some(owner) = owner else { return };
    // Names set as code, one after the other, are fields of the thing that the heading names.
    let is_bare_item =
        place == Place::Item && only_code(sentence) && sentence.matches('`').count() >= 4;
    if place == Place::Paragraph && is_list_of_code(sentence) || is_bare_item {
        let listed = fields(sentence, Trust::Label, out);
        found.extend(listed.into_iter().map(|field| (owner.entity.clone(), field, Trust::Label)));
        return;
    }
    if !is_first || place == Place::Item {
        return;
    }
    // "A person who can edit events, with attributes including an e-mail and a role": words say that fields follow.
    if let Some(list) = behind_attributes(sentence) {
        let listed = fields(until_clause(list), Trust::Label, out);
        if listed.len() > 1 {
            found.extend(
                listed.into_iter().map(|field| (owner.entity.clone(), field, Trust::Label)),
            );
            return;
        }
    }
    // "Payment intent with a key, an amount and a state", "Resolved identity: bank, hash, and signal".
    for mark in [" with ", ": ", " including ", " such as its "] {
        if let Some((before, list)) = split_once_any(sentence, &[mark]) {
            if before.split_whitespace().count() > 12 {
                continue;
            }
            let listed = fields(until_clause(list), Trust::Shape, out);
            if !listed.is_empty() {
                found.extend(
                    listed.into_iter().map(|field| (owner.entity.clone(), field, Trust::Shape)),
                );
                return;
            }
        }
    }
    let trust = if place == Place::Described { Trust::Item } else { Trust::Shape };
    let listed = fields(sentence, trust, out);
    found.extend(listed.into_iter().map(|field| (owner.entity.clone(), field, trust)));
}

/// What stands behind "with attributes including", "key fields such as": fields, whatever their names.
fn behind_attributes(sentence: &str) -> Option<&str> {
    const NOUNS: &[&str] = &[" attributes", " properties", " fields"];
    const LEADS: &[&str] = &[" including ", " such as ", " include ", " like ", ": ", " of "];
    let lower = sentence.to_ascii_lowercase();
    NOUNS.iter().find_map(|noun| {
        let at = lower.find(noun)? + noun.len();
        let lead = LEADS.iter().find(|lead| lower[at..].starts_with(**lead))?;
        let is_plain = !lower[..at].contains(" if ") && !lower[..at].contains("all ");
        sentence.get(at + lead.len()..).filter(|_| is_plain)
    })
}

/// Whether a sentence begins with names set as code, three or more, and is little else.
fn is_list_of_code(sentence: &str) -> bool {
    let codes = code_spans(sentence);
    let others = lower_words(&crate::words::without_code(sentence));
    // "`returned` and `lost` are terminal" names states.
    let are_states = others.iter().any(|word| {
        matches!(
            word.as_str(),
            "terminal" | "final" | "states" | "statuses" | "values" | "reachable"
        )
    });
    let others = others.len();
    !are_states
        && sentence.starts_with('`')
        && codes.len() >= 3
        && sentence.matches(',').count() + 1 >= codes.len() / 2
        && others <= 2 * codes.len()
        && codes.iter().all(|code| is_identifier(code.split([' ', ':']).next().unwrap_or_default()))
}

/// The words before a clause that says what the list is for.
fn until_clause(text: &str) -> &str {
    let marks = [
        " for each ",
        " so that ",
        " which ",
        " that ",
        " used ",
        " when ",
        " in order ",
        " because ",
        " from the ",
        " to ",
        " through ",
    ];
    let end = marks.iter().filter_map(|mark| text.place_of(mark)).min().unwrap_or(text.len());
    &text[..end]
}

/// The first verb of a sentence that may stand between a thing and its properties.
fn verb(lower: &str) -> Option<(usize, &'static str)> {
    static TABLE: LazyLock<PhraseTable> = LazyLock::new(|| PhraseTable::new(VERBS.iter().copied()));
    let behind = |rest: &str| rest.starts_with([' ', ':']);
    let (at, verb) = TABLE.find(lower, char::is_whitespace, behind)?;
    (lower[..at].split_whitespace().count() <= 7).then_some((at, VERBS[verb]))
}

/// Whose properties a verb's object are: those of the entity that the words before it name.
fn subject(text: &str, owner: Option<&Owner>, out: &Output) -> Option<String> {
    let text = text.trim_end_matches([',', ' ']);
    let words = lower_words(text);
    let own = owner.map(|owner| owner.entity.clone());
    let bare: Vec<&SmolStr> = words
        .iter()
        .filter(|word| {
            !matches!(
                word.as_str(),
                "a" | "an"
                    | "the"
                    | "each"
                    | "every"
                    | "all"
                    | "also"
                    | "shall"
                    | "will"
                    | "must"
                    | "should"
                    | "record"
                    | "records"
                    | "row"
                    | "rows"
                    | "entity"
                    | "table"
                    | "object"
                    | "instance"
                    | "it"
                    | "this"
                    | "they"
                    | "and"
                    | "key"
                    | "which"
                    | "that"
                    | "attributes"
                    | "fields"
                    | "additionally"
            )
        })
        .collect();
    if bare.is_empty() {
        return own;
    }
    if bare.len() > 4 {
        return None;
    }
    let name = bare.iter().map(|word| word.as_str()).collect::<Vec<_>>().join(" ");
    if let Some(known) = out.known.get(unquote(&name)) {
        return Some(known.to_owned());
    }
    // Under "Node execution", "node evidence" is evidence of the same thing.
    let owner = owner?;
    let heading = lower_words(&owner.heading);
    let begins = heading.len() > 1 && bare.len() <= 2 && heading.first() == Some(bare[0]);
    let entity = fold(&owner.entity);
    (begins || entity.ends_with(&fold(&name))).then(|| owner.entity.clone())
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn semicolons_part_what_a_label_lists() {
        check(
            "# Model\n\n## Entities\n\n### Supplier\n\n- **Purpose.** Whom we buy from.\n- **Attributes.** Legal name; tax code; rating (1-5); source (erp/manual).\n- **Rules.** The tax code is unique; the name may change.\n\n### Order\n\n- **Attributes**: number; total amount; status. It is short.\n\n### Ride\n\nEvents. Started, stopped.\n",
            &expect![[r#"
                5 entity-headings  entity Supplier
                8 field-phrases  field Supplier.Legal name
                8 field-phrases  field Supplier.tax code
                8 field-phrases  field Supplier.rating {1-5}
                8 field-phrases  field Supplier.source [erp | manual]
                9 prose-inline-fields  field Supplier.tax code unique [inferred: the heading or a sentence beside it names what has it]
                9 prose-field-facts  field Supplier.tax code unique [inferred: a sentence says so]
                9 prose-rule-sentence  rule Supplier: The tax code is unique;
                11 entity-headings  entity Order
                13 field-phrases  field Order.number
                13 field-phrases  field Order.total amount
                13 field-phrases  field Order.status
                15 entity-headings  entity Ride -- Events. Started, stopped.
            "#]],
        );
    }

    #[test]
    fn words_that_say_that_fields_follow() {
        check(
            "## Key Entities\n\n- **Skipper**: A person who can steer boats, with attributes including e-mail, boat memberships, and permissions\n- **Boat**: Represents what floats, with key attributes such as unique identifier, name, and harbour fees\n- **Harbour**: Represents a place, including all attributes of the map\n",
            &expect_test::expect![[r#"
                3 entity-list  entity Skipper -- A person who can steer boats, with attributes including e-mail, boat memberships, and permissions
                3 field-phrases  field Skipper.e-mail
                3 field-phrases  field Skipper.boat memberships
                3 field-phrases  field Skipper.permissions
                4 entity-list  entity Boat -- Represents what floats, with key attributes such as unique identifier, name, and harbour fees
                4 field-phrases  field Boat.identifier unique
                4 field-phrases  field Boat.name
                4 field-phrases  field Boat.harbour fees
                5 entity-list  entity Harbour -- Represents a place, including all attributes of the map
            "#]],
        );
    }
}
