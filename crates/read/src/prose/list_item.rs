//! One item of a list of fields under a sentence: the names that it gives, and what it says of them.

use smol_str::SmolStr;

use super::clause::without_number;
use super::field_name::field_name;
use super::field_sentence::Lead;
use super::noun::is_attribute;
use super::property_list;
use crate::words::{
    code_spans, first_word, is_identifier, lower_words, parenthesized, split_once_any, split_top,
};
use crate::{FieldFact, modifier};

/// The field, or the several fields, of an item.
pub(super) fn item_fields(text: &str, lead: &Lead) -> Option<Vec<FieldFact>> {
    let text = without_number(text).trim_end_matches([',', ';', '.']).trim();
    if says_deed(text) {
        return None;
    }
    let mut fields = match in_code(text) {
        Some(fields) => fields,
        None => in_words(text, lead)?,
    };
    for field in &mut fields {
        field.required = field.required.or(lead.required);
    }
    (!fields.is_empty()).then_some(fields)
}

/// The fields of an item that gives each of its names in code, with words around: "`burnt_at`, empty while it stands",
/// "a size in feet (`size_ft`), more than 0", "`came_at`, `left_at` and a `reason`, all optional".
fn in_code(text: &str) -> Option<Vec<FieldFact>> {
    let mut fields = Vec::new();
    let mut rest = text;
    let mut is_in_words = false;
    while let Some(coded) = coded(rest) {
        is_in_words |= coded.is_in_words;
        fields.push(coded.field);
        rest = coded.rest;
        let next = [", and ", ", ", " and ", " / "].iter().find_map(|it| rest.strip_prefix(it));
        let Some(next) = next.filter(|next| self::coded(next).is_some()) else { break };
        rest = next;
    }
    // What stands behind other signs than a comma is read as behind any name.
    let said = if rest.is_empty() { "" } else { rest.strip_prefix(", ")? };
    if fields.is_empty() || said.is_empty() && fields.len() < 2 && !is_in_words {
        return None;
    }
    let of_all = ["all", "both", "each"].iter().find_map(|all| {
        said.strip_prefix(all)?.strip_prefix(' ').filter(|rest| !rest.starts_with("of "))
    });
    for field in &mut fields {
        describe(of_all.unwrap_or(said), field);
    }
    Some(fields)
}

/// A name in code at the start of an item.
struct Coded<'t> {
    field: FieldFact,
    /// Whether words of the text say what it means.
    is_in_words: bool,
    rest: &'t str,
}

/// Words before a name in code are no more than these.
const MOST_WORDS: usize = 6;

fn coded(text: &str) -> Option<Coded<'_>> {
    let (before, behind) = text.split_once('`')?;
    let (name, behind) = behind.split_once('`').filter(|(name, _)| is_identifier(name))?;
    let (required, words) = asked(before);
    let mut field = FieldFact { name: name.to_owned(), required, ..FieldFact::default() };
    let Some(words) = words.strip_suffix('(') else {
        // "the `code`"
        return words.is_empty().then_some(Coded {
            field,
            is_in_words: !before.is_empty(),
            rest: behind,
        });
    };
    let is_short = words.split_whitespace().count() <= MOST_WORDS;
    if words.is_empty() || !is_short || words.contains([',', ':', ';', '(']) {
        return None;
    }
    // "(`count`, an integer of 0 or more)"
    let (inside, rest) = behind.split_once(')')?;
    field.description = Some(words.trim().to_owned());
    match inside.strip_prefix(", ") {
        Some(said) => describe(said, &mut field),
        None if inside.is_empty() => {}
        None => return None,
    }
    Some(Coded { field, is_in_words: true, rest })
}

/// Whether the words before a name ask for it or not, and the words behind those and an article.
fn asked(text: &str) -> (Option<bool>, &str) {
    let mut required = None;
    let mut rest = text.trim();
    while let Some(first) = first_word(rest) {
        match first.as_str() {
            "a" | "an" | "the" | "its" => {}
            "optional" | "optionally" => required = Some(false),
            "required" | "mandatory" => required = Some(true),
            _ => break,
        }
        rest = rest.split_once(' ').map_or("", |(_, rest)| rest.trim_start());
    }
    (required, rest)
}

/// The fields of an item in words.
fn in_words(text: &str, lead: &Lead) -> Option<Vec<FieldFact>> {
    // "Associated supplier(s)".
    let plural = text.strip_suffix("(s)").map(|text| format!("{text}s"));
    let text = plural.as_deref().unwrap_or(text);
    let (required, text) = match first_word(text).as_ref().map(SmolStr::as_str) {
        Some("optional" | "optionally") => (Some(false), text.split_once(' ')?.1.trim()),
        Some("required" | "mandatory") if text.starts_with('[') => {
            (None, text.split_once(' ')?.1.trim())
        }
        Some("a" | "an" | "the") => asked_in_words(text),
        _ => (None, text),
    };
    let (head, rest) = split_once_any(text, &[" – ", " — ", " - ", ": ", " ("]).map_or(
        (text, String::new()),
        |(head, rest)| {
            let bracket = text[head.len()..].starts_with(" (");
            (head, if bracket { format!("({rest}") } else { rest.to_owned() })
        },
    );
    let (head, rest) = behind_comma(head, rest);
    let (head, rest) = without_clause(head, rest);
    let parts: Vec<&str> = if code_spans(head).len() > 1 {
        split_top(head, &['/', ','])
    } else {
        together(head, &rest)
    };
    let mut fields = Vec::new();
    for part in parts {
        // "- The product."
        let part = ["The ", "the ", "A ", "a ", "An ", "an "]
            .iter()
            .find_map(|it| part.strip_prefix(it))
            .unwrap_or(part);
        let Some(mut name) = field_name(part) else {
            let fields = of_one_noun(text).unwrap_or_else(|| property_list::list(text, 1, 2));
            return (rest.is_empty() && !fields.is_empty()).then_some(fields);
        };
        // "status of order" in a list about orders.
        let is_own = |of: &str| crate::words::fold(of) == crate::words::fold(&lead.owner);
        if let Some(at) = name.find(" of ").filter(|at| is_own(&name[at + " of ".len()..])) {
            name.truncate(at);
        }
        let mut field = FieldFact { name, ..FieldFact::default() };
        describe(&rest, &mut field);
        field.required = required.or(field.required);
        fields.push(field);
    }
    Some(fields)
}

/// "First and last name": two that share their noun.
fn of_one_noun(text: &str) -> Option<Vec<FieldFact>> {
    let (first, rest) = text.split_once(" and ")?;
    let (_, noun) = rest.split_once(' ')?;
    let are_words = !first.contains(' ') && !noun.contains(' ');
    let named = |name: String| FieldFact { name, ..FieldFact::default() };
    (are_words && is_attribute(noun))
        .then(|| vec![named(format!("{first} {noun}")), named(rest.to_owned())])
}

/// "an optional note": what its adjective asks, without article and adjective.
fn asked_in_words(text: &str) -> (Option<bool>, &str) {
    match asked(text) {
        (Some(required), rest) => (Some(required), rest),
        (None, _) => (None, text),
    }
}

/// Words with which begins what is said of a field, and no field of its own.
const OF_A_FIELD: &[&str] = &[
    "unique",
    "required",
    "optional",
    "mandatory",
    "more",
    "at",
    "between",
    "empty",
    "never",
    "always",
    "yes",
    "not",
    "which",
    "one",
    "either",
    "greater",
    "less",
    "no",
    "up",
    "default",
    "initially",
    "set",
    "if",
];

/// "A code, unique within the farm": what is said behind the first comma goes to what is said behind other signs.
fn behind_comma(head: &str, rest: String) -> (&str, String) {
    let said = head.split_once(", ").filter(|(name, said)| {
        let opens = first_word(said).is_some_and(|word| OF_A_FIELD.contains(&word.as_str()));
        opens && !name.contains('`')
    });
    match said {
        Some((name, said)) if rest.is_empty() => (name, said.to_owned()),
        Some((name, said)) => (name, format!("{said} {rest}")),
        None => (head, rest),
    }
}

/// "The area it comes from": the name is what stands before the clause.
fn without_clause(head: &str, rest: String) -> (&str, String) {
    const OPENING: &[&str] = &[" it ", " that ", " which ", " who ", " whom ", " where ", " they "];
    let at = OPENING.iter().filter_map(|it| head.find(it)).min();
    match at.filter(|_| rest.is_empty() && !head.contains([',', '`', '&'])) {
        Some(at) => (&head[..at], head[at..].trim().to_owned()),
        None => (head, rest),
    }
}

/// Whether an item tells what something does: "Shows name and rating".
pub(crate) fn says_deed(text: &str) -> bool {
    const DEEDS: &[&str] = &[
        "displays",
        "shows",
        "lists",
        "renders",
        "supports",
        "allows",
        "provides",
        "sends",
        "generates",
        "calculates",
        "handles",
        "manages",
        "links",
        "enables",
        "lets",
        "includes",
    ];
    let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
    DEEDS.contains(&first.to_lowercase().as_str()) && !rest.starts_with(['(', ':', '-', '–', '—'])
}

/// The parts of "Name, price, description" and "Delivery date & time" in one item.
fn together<'t>(head: &'t str, rest: &str) -> Vec<&'t str> {
    let parts: Vec<&str> = split_top(head, &[',', '&']).into_iter().map(str::trim).collect();
    let are_short = parts.iter().all(|part| (1..=3).contains(&part.split(' ').count()));
    // "The batch and the customer" are two; "first and last name" is for the words to tell.
    if let Some((one, other)) = head.split_once(" and ").filter(|_| parts.len() == 1) {
        let is_thing = |text: &str| {
            let first = first_word(text);
            first.is_some_and(|word| matches!(word.as_str(), "a" | "an" | "the"))
        };
        if is_thing(one) && is_thing(other) && rest.is_empty() {
            return vec![one, other];
        }
    }
    if rest.is_empty() && are_short { parts } else { vec![head] }
}

/// What the words behind a field's name say of it.
pub(crate) fn describe(rest: &str, field: &mut FieldFact) {
    let rest = rest.trim().trim_end_matches(['.', ',']);
    if rest.is_empty() {
        return;
    }
    // "An integer of 0 or more".
    let typed_first = ["an ", "a "].iter().find_map(|it| rest.strip_prefix(it)).and_then(|rest| {
        let (kind, said) = rest.split_once(' ').unwrap_or((rest, ""));
        let is_kind = modifier::is_scalar(kind) && !matches!(kind, "date" | "time" | "text");
        is_kind.then(|| (kind, said.strip_prefix("of ").unwrap_or(said)))
    });
    if let Some((kind, said)) = typed_first {
        field.type_text.get_or_insert_with(|| kind.to_owned());
        describe(said, field);
        return;
    }
    let lower = rest.to_lowercase();
    let is_nullable = [
        "may be `null`",
        "may be null",
        "can be null",
        "may be empty",
        "empty while",
        "empty until",
        "empty when",
        "if any",
        "if applicable",
        "(optional",
    ]
    .iter()
    .any(|words| lower.contains(words));
    if is_nullable {
        field.required = Some(false);
    }
    let words = lower_words(rest);
    if typed(rest, field) {
        return;
    }
    // "`mussel`, `oyster` or `clam`".
    let listed = code_spans(rest);
    let is_list = words.iter().all(|word| {
        matches!(word.as_str(), "or" | "and" | "one" | "of" | "which" | "is" | "either")
            || listed.iter().any(|value| lower_words(value).contains(word))
    });
    if listed.len() > 1 && is_list && field.enum_values.is_empty() {
        field.enum_values = listed.iter().map(|&value| value.to_owned()).collect();
        field.description.get_or_insert_with(|| rest.to_owned());
        return;
    }
    if let Some((before, inside, after)) = parenthesized(rest) {
        if before.trim().is_empty() && after.trim().is_empty() {
            modifier::read_if_only_modifiers(inside, field);
            let values = modifier::enum_values(inside);
            let is_open =
                words.iter().any(|word| matches!(word.as_str(), "eg" | "etc" | "g" | "e"));
            if values.len() > 1
                && !is_open
                && field.required.is_none()
                && (inside.contains(['/', '|', '`'])
                    || inside.contains(" or ")
                    || super::values::is_list_of_states(&field.name, &values))
            {
                field.enum_values = values;
            }
        }
    }
    modifier::read_description(rest, field);
    // Text in brackets gives examples and defaults; it leads no reference and no list of values. "Unique within the farm"
    // says more than that no two rows share a value.
    let is_narrowed =
        field.constraints.iter().any(|said| said.to_lowercase().starts_with("unique"));
    if words.iter().any(|word| word == "unique") && !is_narrowed {
        field.unique = Some(true);
    }
    if field.type_text.is_none() {
        let first =
            words.iter().find(|word| !matches!(word.as_str(), "optional" | "required" | "unique"));
        field.type_text = first
            .filter(|word| {
                modifier::is_scalar(word)
                    && !matches!(word.as_str(), "date" | "time" | "number" | "text")
                    || matches!(word.as_str(), "free-text" | "free")
            })
            .map(|word| if word == "free" { "text".to_owned() } else { word.to_string() });
    }
}

/// Reads brackets that hold a type and what else a column is declared with: "(numeric(18,2), required, > 0)".
fn typed(rest: &str, field: &mut FieldFact) -> bool {
    let Some(("", inside, "")) = parenthesized(rest) else { return false };
    let parts = split_top(inside, &[',']);
    let [first, others @ ..] = parts.as_slice() else { return false };
    if others.is_empty() || !modifier::is_plain_type(first) {
        return false;
    }
    let mut declared = field.clone();
    modifier::read_into(first, true, &mut declared);
    for said in others {
        if modifier::says_bound(said) {
            declared.constraints.push(said.trim().to_owned());
        } else {
            modifier::read_into(said, false, &mut declared);
        }
    }
    // Words that are no declaration are a remark, and its first word is no type then.
    let is_whole = declared.constraints.iter().all(|said| modifier::says_bound(said));
    if is_whole {
        *field = declared;
    }
    is_whole
}
