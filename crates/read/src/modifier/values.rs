//! Lists of values: announced ("one of: a, b") and bare ("a | b").

use super::days::day_range;
use super::phrase::read_modifier;
use super::scalar::is_scalar;
use crate::FieldFact;
use crate::words::{
    code_spans, find_ignoring_case, first_word, is_identifier, lower_words, parenthesized,
    split_top, strip_prefix_ignoring_case, unquote,
};
use smol_str::SmolStr;
use underpin_base::{Lowered, Phrases};

/// Finds the words that announce a list of values: the text before them, the values, the rest.
pub(super) fn enumeration_intro(text: &str) -> Option<(&str, &str, &str)> {
    let lower = Lowered::new(text);
    for phrase in [
        "one of",
        "either",
        "enum",
        "allowed values",
        "values",
        "check in",
        "check (",
        "options",
        "choices",
        "possible values",
        "allowed",
    ] {
        let Some(at) = lower.place_of(phrase) else { continue };
        let before = &text[..at];
        if before.ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let mut rest = &text[at + phrase.len()..];
        if phrase == "check (" {
            // CHECK (status IN ('a', 'b'))
            let inside = find_ignoring_case(rest, " in (")?;
            let open = inside + " in ".len();
            let (_, values, after) = parenthesized(&rest[open..])?;
            return Some((before, values, after.trim_start_matches(')')));
        }
        if rest.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '/') {
            continue;
        }
        rest = rest.trim_start();
        // `enum Color { Red, Blue }`
        if phrase == "enum" {
            let name = rest.len() - rest.trim_start_matches(|c: char| c.is_alphanumeric()).len();
            let after = rest[name..].trim_start();
            if name > 0 && after.starts_with('{') {
                rest = after;
            }
        }
        for opener in ['(', '[', '<', '{'] {
            if rest.starts_with(opener) {
                let closer = match opener {
                    '(' => ')',
                    '[' => ']',
                    '<' => '>',
                    _ => '}',
                };
                let close = rest.find(closer)?;
                return Some((before, &rest[1..close], &rest[close + 1..]));
            }
        }
        let had_colon = rest.starts_with([':', '=', '—', '-', '–']);
        rest = rest.trim_start_matches([':', '=', '—', '-', '–', ' ']);
        if had_colon && let Some((values, after)) = array(rest) {
            return Some((before, values, after));
        }
        if !had_colon
            && phrase != "one of"
            && !rest.starts_with('`')
            && !rest.starts_with(['\'', '"'])
        {
            continue;
        }
        let end = enumeration_end(rest);
        return Some((before, &rest[..end], rest[end..].trim_start_matches([';', '.', ' '])));
    }
    None
}

/// The values in `['open', 'closed']`, as code writes a list, set as code or not, and what follows it.
fn array(text: &str) -> Option<(&str, &str)> {
    let code = text.strip_prefix('`');
    let (values, after) = code.unwrap_or(text).strip_prefix('[')?.split_once(']')?;
    let after = if code.is_some() { after.strip_prefix('`')? } else { after };
    (!values.contains(['[', '{'])).then_some((values, after))
}

/// Where a list of values ends: at a sentence's end, a semicolon, a dash, or where a bracket closes
/// that was opened before it.
fn enumeration_end(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut in_code = false;
    for (at, character) in text.char_indices() {
        if character == '`' {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        match character {
            '(' => {
                let inside = lower_words(&text[at + 1..]);
                if depth == 0
                    && inside.first().is_some_and(|word| {
                        matches!(
                            word.as_str(),
                            "default" | "required" | "optional" | "nullable" | "not"
                        )
                    })
                {
                    return at;
                }
                depth += 1;
            }
            ')' if depth == 0 => return at,
            ')' => depth -= 1,
            ';' | '\n' if depth == 0 => return at,
            '.' if depth == 0 && text[at + 1..].starts_with([' ', '\n']) => return at,
            '—' | '–' if depth == 0 => return at,
            ',' if depth == 0 => {
                let next = lower_words(&text[at + 1..]);
                let first = next.first().map(SmolStr::as_str);
                let second = next.get(1).map(SmolStr::as_str);
                if matches!(
                    first,
                    Some("default" | "defaults" | "required" | "optional" | "nullable" | "indexed")
                ) || first == Some("not") && second == Some("null")
                {
                    return at;
                }
            }
            ' ' if depth == 0 => {
                let next = lower_words(&text[at + 1..]);
                if matches!(next.first().map(SmolStr::as_str), Some("default" | "nullable"))
                    || text[at + 1..].to_ascii_lowercase().starts_with("not null")
                {
                    return at;
                }
            }
            _ => {}
        }
    }
    text.len()
}

/// The values of a list that is announced as one.
pub(crate) fn enum_values(text: &str) -> Vec<String> {
    let text = text.trim().trim_end_matches('.');
    let lower = text.to_lowercase();
    if lower.contains("etc")
        || lower.contains("e.g")
        || lower.contains("...")
        || lower.contains('…')
        || lower.contains("such as")
        || lower.contains("same set")
        || lower.contains("same as")
    {
        return Vec::new();
    }
    let inner = text.trim_matches('`');
    let text = if text.matches('`').count() == 2 && text.starts_with('`') && text.ends_with('`') {
        inner
    } else {
        text
    };
    let bars = split_top(text, &['|']);
    // "`a`, b|c" has both signs, between values that are words.
    let both = split_top(text, &['|', ',']);
    let are_words = both.iter().all(|part| is_identifier(unquote(part.trim())));
    let parts = if bars.len() > 1 && are_words {
        both
    } else if bars.len() > 1 {
        bars
    } else {
        let parts = split_top(text, &[',']);
        if parts.len() > 1 {
            parts
        } else if text.matches('/').count() > 0 && !text.contains(' ') || text.contains(" / ") {
            text.split('/').collect()
        } else {
            text.split(" or ").collect()
        }
    };
    let mut values = Vec::new();
    for part in parts {
        let part = part.trim();
        let part = strip_prefix_ignoring_case(part, "or ")
            .or_else(|| strip_prefix_ignoring_case(part, "and "))
            .unwrap_or(part);
        for piece in part.split(" or ") {
            let piece = match code_spans(piece).as_slice() {
                [one] => one,
                _ => piece,
            };
            let piece = match parenthesized(piece) {
                Some((before, _, after))
                    if !before.trim().is_empty() && after.trim().is_empty() =>
                {
                    before
                }
                _ => piece,
            };
            // `0=Open`, `1: Closed` and `Open = 0` name a value and its number.
            let piece = match piece.split_once(['=', ':']) {
                Some((number, name))
                    if number.trim().chars().all(|c| c.is_ascii_digit())
                        && !number.trim().is_empty() =>
                {
                    name
                }
                Some((name, _)) if !name.trim().is_empty() => name,
                _ => piece,
            };
            let value = without_doubled(piece.trim());
            if value.is_empty() {
                continue;
            }
            if value.split_whitespace().count() > 4 || value.len() > 60 {
                return Vec::new();
            }
            values.push(value);
        }
    }
    // "Validates against DAY, WEEK or YEAR": the words before the first value lead to the list.
    let is_capital = |value: &str| {
        value.len() > 1
            && value.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
    };
    if let [first, others @ ..] = values.as_mut_slice()
        && let Some((_, last)) = first.rsplit_once(' ')
        && is_capital(last)
        && others.iter().all(|value| is_capital(value))
    {
        *first = last.to_owned();
    }
    if values.len() < 2 { Vec::new() } else { values }
}

/// A value without its quotation marks; those that SQL doubles inside stand for one: `'it''s'`.
fn without_doubled(piece: &str) -> String {
    let value = unquote(piece);
    if piece.starts_with('\'') { value.replace("''", "'") } else { value.to_owned() }
}

/// Values given without any announcement: `a | b | c`, `` `a`, `b`, `c` ``, `'a', 'b'`.
pub(super) fn bare_alternatives(text: &str) -> Vec<String> {
    let text = text.trim().trim_end_matches('.');
    let days = day_range(text);
    if days.len() > 1 {
        return days;
    }
    // "`Role`: `owner` | `member`" and "Starter: `FREE` | `PREMIUM`" call the list by a name.
    let text = match text.split_once(": ") {
        Some((label, rest))
            if is_identifier(unquote(label.trim())) && rest.trim_start().starts_with('`')
                || says_choice(label) && rest.trim_start().starts_with(['\'', '"']) =>
        {
            rest.trim_start()
        }
        _ => text,
    };
    let unwrapped =
        if text.matches('`').count() == 2 && text.starts_with('`') && text.ends_with('`') {
            text.trim_matches('`')
        } else {
            text
        };
    let bars: Vec<&str> = split_top(unwrapped, &['|', '·']).into_iter().map(str::trim).collect();
    // "open → paid | lost" draws the steps of a life.
    if bars.len() > 1 && ["→", "->", "⟶"].iter().any(|arrow| unwrapped.contains(arrow)) {
        return Vec::new();
    }
    if bars.len() > 1 {
        let remarked = bars.last().and_then(|last| parenthesized(last));
        let bars =
            match remarked.filter(|(_, inside, after)| after.is_empty() && inside.contains(' ')) {
                Some((before, _, _)) => [&bars[..bars.len() - 1], &[before.trim()]].concat(),
                None => bars,
            };
        if split_top(unwrapped, &[',']).len() > 1 {
            return Vec::new();
        }
        let values: Vec<&str> = bars.iter().map(|part| unquote(part)).collect();
        let all_words = values.iter().all(|value| {
            !value.is_empty()
                && value.split_whitespace().count() <= 3
                && !value.eq_ignore_ascii_case("null")
        });
        if all_words && !values.iter().all(|value| is_scalar(value)) {
            return values.into_iter().map(str::to_owned).collect();
        }
        return Vec::new();
    }
    let all: Vec<&str> = split_top(text, &[',', '/']).into_iter().map(str::trim).collect();
    // "`AUTO` / `MANUAL`, `@default(AUTO)`": an attribute is no value, nor is what else a part with a verb of its own says.
    let is_value = |part: &&str| !part.starts_with("`@") && !says_default(part);
    let mut parts: Vec<&str> = all.iter().copied().filter(is_value).collect();
    if parts.len() > 1 && parts.len() < all.len() {
        return bare_alternatives(&parts.join(", "));
    }
    // "or" in the languages in which headers are understood.
    let joined;
    let text = if parts.len() == 1 && text.starts_with('`') {
        joined = ["` o `", "` ou `", "` oder `"]
            .iter()
            .fold(text.to_owned(), |text, word| text.replace(word, "` or `"));
        parts = vec![&joined];
        joined.as_str()
    } else {
        text
    };
    if let ([one], Some(word)) =
        (parts.as_slice(), [" or ", " vs ", " vs. "].iter().find(|word| text.contains(**word)))
    {
        parts = one.split(word).map(str::trim).collect();
    }
    // "`a`, `b` or `c`"
    if parts.len() > 1
        && let Some((last, end)) = parts.last().and_then(|part| part.split_once(" or "))
    {
        parts.pop();
        parts.extend([last.trim(), end.trim()]);
    }
    let quoted = |part: &&str| {
        let part = strip_prefix_ignoring_case(part, "or ").unwrap_or(part);
        // "'auto' (by stage)": a remark in brackets is no part of the value.
        let part = match part.split_once(" (") {
            Some((value, remark)) if remark.ends_with(')') => value,
            _ => part,
        };
        part.len() > 2
            && (part.starts_with('`') && part.ends_with('`')
                || part.starts_with('"') && part.ends_with('"')
                || part.starts_with('\'') && part.ends_with('\''))
            && part.matches('`').count() <= 2
    };
    if parts.len() > 1 && parts.iter().all(quoted) {
        let is_modifier = |part: &&str| {
            let mut probe = FieldFact::default();
            read_modifier(unquote(part), true, &mut probe).is_some()
        };
        if parts.iter().any(is_modifier) {
            return Vec::new();
        }
        return enum_values(&text.replace(" vs. ", " or ").replace(" vs ", " or "));
    }
    Vec::new()
}

/// The values in "`draft` | `open`, default `draft`" and what follows them. Names in capitals may be those of types, unless
/// the field is called by a choice.
pub(super) fn alternatives_before<'t>(text: &'t str, name: &str) -> Option<(Vec<String>, &'t str)> {
    let mut is_code = false;
    let end = text.char_indices().find_map(|(at, character)| {
        is_code ^= character == '`';
        let ends = matches!(character, ',' | ';') || text[at..].starts_with(" (");
        (ends && !is_code).then_some(at)
    })?;
    let (front, rest) = (&text[..end], text[end..].trim_start_matches([',', ';', ' ']));
    front.contains('|').then_some(())?;
    let is_value = |part: &&str| {
        let part = part.trim();
        unquote(part).len() < part.len()
            || is_identifier(part)
                && !is_scalar(part)
                && (!part.starts_with(char::is_uppercase)
                    || !part.contains(char::is_lowercase)
                    || says_choice(name))
    };
    split_top(front, &['|']).iter().all(is_value).then_some(())?;
    let values = bare_alternatives(front);
    (values.len() > 1).then_some((values, rest))
}

/// Whether a part of a list says which value stands where none is given: "default `open`".
fn says_default(part: &str) -> bool {
    first_word(part).is_some_and(|word| matches!(word.as_str(), "default" | "defaults"))
}

/// Whether a name is that of a choice ("order status"), so that what is listed behind it are its values.
pub(crate) fn says_choice(name: &str) -> bool {
    // `fileType` and `file_type` end in one word.
    let hump = name.rfind(|c: char| c.is_uppercase() || !c.is_alphanumeric());
    let last = hump.map_or(name, |at| &name[at..]);
    let words = lower_words(name);
    let whole = words.last().map(SmolStr::as_str);
    let last = last.trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    whole.into_iter().chain([last.as_str()]).any(|word| {
        matches!(
            word,
            "status"
                | "state"
                | "type"
                | "kind"
                | "role"
                | "level"
                | "priority"
                | "severity"
                | "category"
                | "mode"
                | "method"
                | "channel"
                | "frequency"
                | "outcome"
                | "result"
                | "action"
                | "visibility"
                | "tier"
                | "plan"
                | "direction"
                | "stage"
                | "phase"
                | "values"
                | "enum"
                | "gender"
                | "condition"
                | "sex"
        )
    })
}

/// The values in "Delivery state (`pending`, `sent`)": in brackets behind words that say what they are
/// values of; set as code or quoted where more than that is said.
pub(super) fn bracketed_alternatives(text: &str) -> Vec<String> {
    let mut rest = text;
    while let Some((before, inside, after)) = parenthesized(rest) {
        let is_kind = says_choice(before);
        if is_kind {
            let values = bare_alternatives(inside);
            if values.len() > 1 {
                return values;
            }
            // At the end of a short text plain words are values too: "Booking status (Open, Paid)".
            let ends = after.trim().trim_matches('.').is_empty();
            if ends && lower_words(before).len() <= 4 {
                return plain_values(inside);
            }
        }
        rest = after;
    }
    Vec::new()
}

/// Single words between commas, none of which is a type or a modifier.
fn plain_values(text: &str) -> Vec<String> {
    let values = enum_values(text);
    let is_value = |value: &String| {
        value.starts_with(char::is_alphabetic)
            && value.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
            && !is_scalar(value)
            && read_modifier(value, true, &mut FieldFact::default()).is_none()
    };
    if values.iter().all(is_value) { values } else { Vec::new() }
}
