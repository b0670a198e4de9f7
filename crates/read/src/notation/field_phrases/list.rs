//! A list of properties in running text: "name (required), `slug`, plan and billing e-mail".

use crate::FieldFact;
use crate::modifier;
use crate::notation::Output;
use crate::prose::singular;
use crate::words::{
    code_spans, first_word, is_identifier, is_key_name, lower_words, parenthesized, split_top,
    strip_prefix_ignoring_case, unquote,
};

use super::vocabulary::{is_action, is_property, is_prose};

/// What the words before a list let its parts be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trust {
    /// A label such as "Attributes:" says that the parts are fields.
    Label,
    /// A verb such as "stores" suggests it; each part must look like a property.
    Verb,
    /// Only the shape of the words suggests it: three parts, most of them properties.
    Shape,
    /// The same, directly behind the name of the thing ("Listing: title, price"): two are enough where both are properties,
    /// and limits may stand among them.
    Item,
}

/// The fields that a list names; empty where it is no list of fields.
pub(super) fn fields(text: &str, trust: Trust, out: &Output) -> Vec<FieldFact> {
    fields_beside(text, trust, &|name| out.known.get(name).is_some())
}

/// The fields in a list directly behind the name of a thing, of which nothing else is known.
pub(crate) fn item_fields(text: &str) -> Vec<FieldFact> {
    fields_beside(text, Trust::Item, &|_| false)
}

/// The same, beside entities that are known.
fn fields_beside(text: &str, trust: Trust, is_known: IsKnown<'_>) -> Vec<FieldFact> {
    let parts = parts(text);
    if parts.is_empty() || parts.len() > 60 {
        return Vec::new();
    }
    let mut found: Vec<FieldFact> = Vec::new();
    let (mut properties, mut codes, mut things) = (0, 0, 0);
    let parts: Vec<&str> =
        parts.into_iter().filter(|part| trust != Trust::Item || !is_limit(part)).collect();
    let (mut total, mut marks) = (parts.len(), 0);
    for part in parts {
        // "chip number - unique, optional": a mark alone is said of the name before it.
        if let Some(last) = found.last_mut().filter(|_| is_mark(part)) {
            mark(part, last);
            marks += 1;
            continue;
        }
        match read_part(part, trust, is_known) {
            Part::Field { field, is_code, is_property } => {
                properties += usize::from(is_property);
                codes += usize::from(is_code);
                found.push(*field);
            }
            Part::Thing => things += 1,
            Part::Words => {}
        }
    }
    total -= marks;
    let is_list = match trust {
        Trust::Label => !found.is_empty() && (found.len() + things) * 3 >= total * 2,
        Trust::Verb => {
            codes > 0 && codes + things == total
                || found.len() >= 2
                    && properties >= 1
                    && found.len() * 3 >= total * 2
                    && things * 2 <= total
        }
        Trust::Shape => {
            things == 0
                && (codes >= 3 && codes == total
                    || found.len() >= 3 && found.len() == total && properties * 2 >= total)
        }
        // Of a longer list one part in four may be beyond us, and two properties tell what it is.
        Trust::Item => {
            let is_whole = things == 0 && found.len() == total;
            codes >= 2 && codes == total
                || is_whole && total >= 1 && properties == total
                || is_whole && total >= 3 && properties * 2 >= total
                || total >= 4 && found.len() * 4 >= total * 3 && properties * 2 >= total
        }
    };
    if is_list { found } else { Vec::new() }
}

pub(in crate::notation) enum Part {
    Field {
        field: Box<FieldFact>,
        is_code: bool,
        is_property: bool,
    },
    /// A known entity, or a plural that may become one.
    Thing,
    Words,
}

/// The parts of a list: between commas, and around the "and" before the last.
pub(in crate::notation) fn parts(text: &str) -> Vec<&str> {
    let text = text.trim().trim_end_matches(['.', ':', ';', ',']);
    let separators: &[char] =
        if split_top(text, &[';']).len() > 2 { &[';'] } else { &[',', ';', '·', '•'] };
    let mut parts: Vec<&str> = Vec::new();
    for part in split_top(text, separators) {
        let part = ["and ", "plus ", "or ", "as well as ", "& "]
            .iter()
            .find_map(|word| strip_prefix_ignoring_case(part.trim(), word))
            .unwrap_or(part)
            .trim();
        let joined = outside_brackets(part, &[" and ", " & ", " plus ", " / ", " + "]);
        parts.extend(joined.into_iter().map(str::trim).filter(|part| !part.is_empty()));
    }
    parts
}

/// Splits at words that stand outside brackets and code.
fn outside_brackets<'t>(text: &'t str, marks: &[&str]) -> Vec<&'t str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = crate::words::split_once_any(rest, marks) {
        parts.push(before);
        rest = after;
    }
    parts.push(rest);
    parts
}

/// Whether a part says how many or how much: "max 20 people", "up to 5 photos per listing".
fn is_limit(part: &str) -> bool {
    const LEADS: &[&str] = &[
        "max ",
        "max. ",
        "maximum ",
        "min ",
        "min. ",
        "minimum ",
        "up to ",
        "at most ",
        "at least ",
        "no more than ",
        "not more than ",
    ];
    let text = part.trim();
    let rest = LEADS.iter().find_map(|lead| strip_prefix_ignoring_case(text, lead));
    rest.is_some_and(|rest| {
        let rest = strip_prefix_ignoring_case(rest, "of ").unwrap_or(rest);
        rest.starts_with(|c: char| c.is_ascii_digit()) || crate::quantity::number(rest).is_some()
    })
}

/// Whether words in brackets bound a value: "> 0", "max 200".
fn bounds(text: &str) -> bool {
    let is_number = text.trim().ends_with(|c: char| c.is_ascii_digit());
    modifier::says_bound(text) || is_number && is_limit(text)
}

/// The limits among the parts of a list.
pub(crate) fn limits(text: &str) -> Vec<&str> {
    parts(text).into_iter().filter(|part| is_limit(part)).collect()
}

/// "status active/frozen/left" and "state: draft/live": the values stand behind the name, with strokes between them.
fn stroked_values<'t>(text: &'t str, field: &mut FieldFact) -> &'t str {
    let Some((name, values)) = text.rsplit_once([' ', ':']) else { return text };
    let listed: Vec<&str> = values.split(['/', '|']).collect();
    let is_value = |value: &&str| is_identifier(value) && value.starts_with(char::is_alphabetic);
    let name = name.trim().trim_end_matches(':').trim();
    let words = lower_words(name);
    let is_named = words.last().is_some_and(|word| is_property(word)) && words.len() <= 3;
    if listed.len() < 2 || !listed.iter().all(is_value) || !is_named {
        return text;
    }
    field.enum_values = listed.into_iter().map(str::to_owned).collect();
    name
}

/// "price in cents", "length in minutes": what it is counted in stands behind the name.
fn counted_in<'t>(text: &'t str, field: &mut FieldFact) -> &'t str {
    let Some((name, unit)) = text.rsplit_once(" in ") else { return text };
    if unit.split_whitespace().count() > 2 || unit.starts_with(|c: char| c.is_ascii_digit()) {
        return text;
    }
    field.description = Some(format!("in {unit}"));
    name.trim_end()
}

/// "joined on", "born at": the day or moment of what a participle says; "written by" is who did it.
fn is_participle_of(words: &[smol_str::SmolStr]) -> bool {
    let [participle, link] = words else { return false };
    let is_participle = participle.len() > 3
        && (participle.ends_with("ed")
            || matches!(
                participle.as_str(),
                "born"
                    | "sent"
                    | "paid"
                    | "sold"
                    | "made"
                    | "taken"
                    | "seen"
                    | "held"
                    | "lent"
                    | "due"
                    | "begun"
                    | "written"
                    | "left"
                    | "built"
                    | "bought"
                    | "given"
                    | "met"
                    | "won"
            ));
    matches!(link.as_str(), "on" | "at" | "by" | "until") && is_participle
}

/// Reads one part of a list that a label introduces.
pub(in crate::notation) fn labelled_part(part: &str, out: &Output) -> Part {
    read_part(part, Trust::Label, &|name| out.known.get(name).is_some())
}

/// Whether a name is that of an entity.
type IsKnown<'a> = &'a dyn Fn(&str) -> bool;

fn read_part(part: &str, trust: Trust, is_known: IsKnown<'_>) -> Part {
    let mut field = FieldFact::default();
    let mut text = part.trim().trim_start_matches(['-', '*', ' ']);
    loop {
        let before = text;
        for (lead, required) in [
            ("an optional ", Some(false)),
            ("a required ", Some(true)),
            ("a unique ", None),
            ("optional ", Some(false)),
            ("required ", Some(true)),
            ("mandatory ", Some(true)),
            ("unique ", None),
            ("a ", None),
            ("an ", None),
            ("the ", None),
            ("its ", None),
            ("their ", None),
            ("one ", None),
            ("exactly one ", None),
            ("own ", None),
        ] {
            if let Some(rest) = strip_prefix_ignoring_case(text, lead) {
                field.required = field.required.or(required);
                if lead.ends_with("unique ") {
                    field.unique = Some(true);
                }
                text = rest.trim_start();
            }
        }
        if text == before {
            break;
        }
    }
    // "tasting scores `acidity_score`" names the column last.
    if trust == Trust::Label && !text.starts_with('`') && text.ends_with('`') {
        if let ([_], Some(at)) = (code_spans(text).as_slice(), text.find('`')) {
            if lower_words(&text[..at]).len() <= 3 {
                text = &text[at..];
            }
        }
    }
    if let Some(inside) = text.strip_prefix('`') {
        let Some((code, rest)) = inside.split_once('`') else { return Part::Words };
        let (name, spec) = code.split_once([' ', ':', '{']).unwrap_or((code, ""));
        // `tags[]` and `address { street, city }` name what is stored as one value.
        let name = name.trim_end_matches(['?', '*']).trim_end_matches("[]");
        let spec = if code.contains('{') { "json" } else { spec };
        // `draft → placed` is a step of a life cycle, `owner_id → users(id)` a reference.
        let is_step = spec.trim_start().starts_with(['→', '-', '=']) && !is_key_name(name);
        // So is one whose states are set as code each: `draft` → `placed`.
        let is_step = is_step || !spec.contains(['→', '>']) && leads_nowhere(name, rest, is_known);
        if !is_identifier(name) || name.contains('.') || is_step {
            return Part::Words;
        }
        if is_known(name) && trust != Trust::Label {
            return Part::Thing;
        }
        if code.ends_with('?') {
            field.required = Some(false);
        }
        modifier::read_into(spec.trim_start_matches([':', ' ']), true, &mut field);
        read_rest(rest, &mut field);
        name.clone_into(&mut field.name);
        return Part::Field { field: Box::new(field), is_code: true, is_property: true };
    }
    let (head, rest) = match parenthesized(text) {
        Some((before, _, _)) if !before.trim().is_empty() => (before.trim(), &text[before.len()..]),
        _ => (text, ""),
    };
    // "weight in kg (max 200)": the unit stands before what else is said of it.
    let head = if text.contains('`') {
        head
    } else {
        counted_in(stroked_values(head, &mut field), &mut field)
    };
    let head = without_marks(head, &mut field);
    // "email: string" and "email - the address" say more of one name.
    let (head, rest) =
        match crate::words::split_once_any(head, &[": ", " → ", " -> ", " – ", " — "]) {
            Some((name, more))
                if rest.is_empty() && matches!(trust, Trust::Label | Trust::Item) =>
            {
                (name.trim(), more)
            }
            _ => (head, rest),
        };
    let name = unquote(head);
    let words = lower_words(name);
    let longest = if trust == Trust::Label { 4 } else { 3 };
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return Part::Words };
    // "start time" names a property, though "start" is also a verb.
    let is_compound = words.len() > 1 && is_property(last) && trust != Trust::Shape;
    let is_moment = is_participle_of(&words);
    // "number of guests" is a number.
    let is_counted =
        words.len() > 2 && words[1] == "of" && matches!(first.as_str(), "number" | "count");
    let is_nothing = matches!(name.to_lowercase().as_str(), "none" | "n/a" | "nothing");
    let is_name = words.len() <= longest
        && !is_nothing
        && name.starts_with(char::is_alphabetic)
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '\'' | '/' | '?' | '*'))
        && (is_moment || !words.iter().any(|word| is_prose(word)))
        && !words.iter().skip(1).any(|word| word == "or")
        && !(is_action(first) && !is_compound && (words.len() > 1 || trust != Trust::Label));
    if !is_name {
        return Part::Words;
    }
    let singular = is_identifier(name) && name.contains('_')
        || is_counted
        || !is_plural(last)
        || is_property(last);
    let property = is_property(last)
        || is_moment
        || is_counted
        || is_identifier(name) && (name.contains('_') || has_hump(name));
    // Directly behind the name of a thing, several of something are its own: "emergency contacts".
    let is_several = !singular && trust != Trust::Item;
    if trust != Trust::Label && (is_known(name) || is_several) {
        return Part::Thing;
    }
    read_rest(rest, &mut field);
    if name.ends_with('?') {
        field.required = Some(false);
    }
    name.trim_end_matches(['?', '*']).trim().clone_into(&mut field.name);
    Part::Field { field: Box::new(field), is_code: false, is_property: property }
}

/// Whether an arrow leads from a name to something that is no entity, though no key is told by the name.
fn leads_nowhere(name: &str, rest: &str, is_known: IsKnown<'_>) -> bool {
    let Some(target) =
        ["→", "->", "=>", "⟶", "➔"].iter().find_map(|it| rest.trim_start().strip_prefix(it))
    else {
        return false;
    };
    let target = target.trim_start_matches(['`', ' ']);
    let end = target.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(target.len());
    !is_key_name(name) && !is_known(&target[..end])
}

/// The name before words that are said of it without brackets: "phone optional", "email unique", "capacity > 0".
fn without_marks<'t>(text: &'t str, field: &mut FieldFact) -> &'t str {
    let mut head = text;
    if let Some(at) = head.find(['>', '<', '≥', '≤']).filter(|&at| at > 0) {
        let bound = head[at..].trim();
        if modifier::says_bound(bound) {
            field.constraints.push(bound.to_owned());
            head = head[..at].trim_end();
        }
    }
    while let Some((name, last)) = head.rsplit_once(' ').filter(|(_, last)| is_mark(last)) {
        mark(last, field);
        head = name.trim_end_matches([' ', '-', '–', '—']);
    }
    head
}

/// Whether a word says something of a field and names none.
fn is_mark(word: &str) -> bool {
    matches!(
        word.trim().to_lowercase().as_str(),
        "optional" | "nullable" | "required" | "mandatory" | "unique"
    )
}

/// What such a word says; what was said before counts.
fn mark(word: &str, field: &mut FieldFact) {
    match word.trim().to_lowercase().as_str() {
        "optional" | "nullable" => field.required = field.required.or(Some(false)),
        "required" | "mandatory" => field.required = field.required.or(Some(true)),
        "unique" => field.unique = Some(true),
        _ => {}
    }
}

/// What stands behind a name: brackets with modifiers or values, an arrow to what it refers to.
fn read_rest(rest: &str, field: &mut FieldFact) {
    let rest = rest.trim();
    if rest.is_empty() {
        return;
    }
    let starts_bracket = rest.starts_with('(');
    let inside = match parenthesized(rest) {
        Some((before, inside, _)) if before.trim().is_empty() => inside,
        _ => rest,
    };
    let inside = inside.trim_start_matches([':', ' ']);
    if inside.starts_with(['→', '-'])
        || first_word(inside).as_ref().is_some_and(|word| word == "fk")
    {
        modifier::read_into(inside, false, field);
    } else if starts_bracket && split_top(inside, &[',']).into_iter().any(bounds) {
        for (at, said) in split_top(inside, &[',']).into_iter().enumerate() {
            if bounds(said) {
                field.constraints.push(said.trim().to_owned());
            } else {
                // The type stands first, as it does where no bound follows.
                modifier::read_into(said, at == 0 && modifier::is_plain_type(said), field);
            }
        }
    } else if starts_bracket {
        let values = modifier::enum_values(inside);
        let mut probe = field.clone();
        modifier::read_into(inside, true, &mut probe);
        let is_modifier = probe.required != field.required
            || probe.unique != field.unique
            || probe.primary_key.is_some()
            || probe.references.is_some()
            || probe.default.is_some()
            || !probe.enum_values.is_empty();
        let first = inside.split([' ', ',']).next().unwrap_or_default();
        if is_modifier || modifier::is_scalar(first) {
            // Words that are no type stay words.
            if !modifier::is_scalar(first) && probe.enum_values.is_empty() {
                probe.type_text.clone_from(&field.type_text);
            }
            *field = probe;
        } else if values.len() > 1
            && values.iter().all(|value| value.split_whitespace().count() <= 2)
        {
            field.enum_values = values;
        } else {
            field.description = Some(inside.to_owned());
        }
    } else {
        let first = inside.split([' ', ',', '(']).next().unwrap_or_default();
        if modifier::is_scalar(first) {
            modifier::read_into(inside, true, field);
        } else {
            modifier::read_description(inside, field);
        }
    }
    field.constraints.retain(|text| text != "indexed");
}

fn has_hump(name: &str) -> bool {
    name.chars().zip(name.chars().skip(1)).any(|(a, b)| a.is_lowercase() && b.is_uppercase())
}

/// Whether a noun stands in the plural.
pub(super) fn is_plural(word: &str) -> bool {
    word.len() > 3
        && word.ends_with('s')
        && !["ss", "us", "is", "ous"].iter().any(|end| word.ends_with(end))
        && singular(word) != word
}

/// Whether a text is nothing but names set as code, each perhaps with brackets behind it.
pub(super) fn only_code(text: &str) -> bool {
    let spans = code_spans(text);
    let is_name = |code: &&str| {
        let head = code.split([' ', '{']).next().unwrap_or_default();
        let rest = code[head.len()..].trim_start();
        is_identifier(head.trim_end_matches('?').trim_end_matches("[]"))
            && (rest.is_empty() || rest.starts_with('{'))
    };
    !spans.is_empty()
        && spans.iter().all(is_name)
        && text.split('`').step_by(2).all(|gap| {
            let gap = match parenthesized(gap) {
                Some((before, _, after)) if before.trim().is_empty() => after,
                _ => gap,
            };
            // An arrow relates two names or leads from one to the other.
            !gap.contains(['→', '-', '>', '↔'])
                && lower_words(gap)
                    .iter()
                    .all(|word| matches!(word.as_str(), "and" | "or" | "plus" | "optional"))
        })
}
