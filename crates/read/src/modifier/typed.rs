//! What stands behind a type in the same words: the values it is limited to, a bound, a default.

use super::phrase::read_modifier;
use super::said::says_value;
use super::scalar::is_scalar;
use super::values::{enum_values, says_choice};
use crate::FieldFact;
use crate::words::{is_identifier, lower_words, unquote};

/// The values in brackets behind a type of text, "String (open, paid)", and what stands around them. Words in brackets
/// may also say how a text is kept, "text (hashed, salted)": they are values where the name is that of a choice, or where
/// they are set or spelled as code.
pub(super) fn listed_values<'t>(text: &'t str, name: &str) -> Option<(Vec<String>, [&'t str; 2])> {
    // "set: guest|host": several of them at once.
    if let Some((kind, values)) = text.split_once(": ")
        && matches!(kind.trim().to_lowercase().as_str(), "set" | "array" | "list")
        && values.contains('|')
    {
        let values: Vec<String> =
            values.split('|').map(|it| unquote(it.trim()).to_owned()).collect();
        let are_plain = values.iter().all(|it| is_identifier(it) && !is_scalar(it));
        return are_plain.then_some((values, ["text[]", ""]));
    }
    let open = text.find(['(', '[', '{'])?;
    let closer = match text.as_bytes()[open] {
        b'(' => ')',
        b'[' => ']',
        _ => '}',
    };
    let close = open + text[open..].find(closer)?;
    let (before, inside) = (text[..open].trim(), &text[open + 1..close]);
    if !is_text(before) || inside.contains(['(', '[', '{', ':', '=']) {
        return None;
    }
    let values = enum_values(inside);
    let is_value = |value: &String| {
        is_identifier(value)
            && !is_scalar(value)
            && read_modifier(value, true, &mut FieldFact::default()).is_none()
    };
    let parts: Vec<&str> = inside.split([',', '|', '/']).map(str::trim).collect();
    let is_code = parts.iter().all(|part| unquote(part).len() < part.len())
        || values.iter().any(|value| value.contains('_'))
        || values.iter().all(|value| value.len() > 1 && !value.contains(char::is_lowercase))
        || inside.contains('|');
    (values.len() > 1 && values.iter().all(is_value) && (is_code || says_choice(name)))
        .then_some((values, [before, &text[close + 1..]]))
}

/// A type whose values are texts, without a length of its own.
fn is_text(kind: &str) -> bool {
    matches!(
        kind.to_lowercase().as_str(),
        "string"
            | "str"
            | "text"
            | "varchar"
            | "char"
            | "nvarchar"
            | "citext"
            | "character varying"
    )
}

/// A type, and behind it what bounds its values or is the default: "int >= 1", "integer between 1 and 20", "int = 1".
pub(super) fn bound_behind(text: &str) -> Option<(&str, &str)> {
    let end = text.find(' ')?;
    let (kind, rest) = (&text[..end], text[end..].trim_start());
    let has_value = rest.strip_prefix("= ").is_some_and(|value| !value.trim().is_empty());
    (is_scalar(kind) && (has_value || says_value(rest))).then_some((kind, rest))
}

/// Whether a text says with an example or in passing what a value looks like: "e.g. 'A'", "such as Paris". The commas
/// behind it part examples and no marks.
pub(super) fn gives_example(text: &str) -> bool {
    let words = lower_words(text);
    matches!(
        words.first().map(smol_str::SmolStr::as_str),
        Some("e" | "eg" | "such" | "example" | "examples" | "ex" | "i" | "like")
    ) && ["e.g", "eg", "such as ", "example", "ex:", "ex.", "i.e", "like "]
        .iter()
        .any(|lead| text.trim_start().to_lowercase().starts_with(lead))
}
