//! The properties in a list that stands in a sentence: "name (required), phone (optional), and party size".

use underpin_base::Phrases;

use super::field_list::describe;
use super::titled::is_property;
use crate::FieldFact;
use crate::words::split_top;

/// Takes the parts of "name (required), phone (optional), and party size" that are properties; at
/// least `least` of them must be, and one in `of`.
pub(super) fn list(text: &str, least: usize, of: usize) -> Vec<FieldFact> {
    let end = [
        ". ",
        ";",
        " when ",
        " upon ",
        " via ",
        " if ",
        " so that ",
        " in order ",
        " by ",
        " using ",
        " for ",
        " used to ",
        " used by ",
        " per ",
    ]
    .iter()
    .filter_map(|mark| text.place_of(mark))
    .min()
    .unwrap_or(text.len());
    let text = text[..end].trim().trim_end_matches(['.', ':', ')']);
    let mut fields = Vec::new();
    let mut attributes = 0;
    for part in split_top(text, &[',']) {
        for part in split_and(part) {
            let part = part.trim();
            let part =
                part.strip_prefix("and ").or_else(|| part.strip_prefix("or ")).unwrap_or(part);
            if part.is_empty() || part.to_lowercase().starts_with("etc") {
                continue;
            }
            let (head, rest) = match part.split_once(" (") {
                Some((head, rest)) => (head, format!("({rest}")),
                None => (part, String::new()),
            };
            let head = head.trim().trim_start_matches("(anonymized) ");
            // "images of the product", "last_name fields".
            let head = head.split(" of the ").next().unwrap_or(head);
            let head = [" fields", " field", " columns"]
                .iter()
                .find_map(|end| head.strip_suffix(end))
                .unwrap_or(head);
            let Some(name) = super::field_name::field_name(strip_words(head)) else { continue };
            let last = name.rsplit(' ').next().unwrap_or_default();
            if is_property(last) || name.contains('_') {
                attributes += 1;
            }
            let name = short_name(&name, &rest).unwrap_or(name);
            let mut field = FieldFact { name, ..FieldFact::default() };
            for word in crate::words::lower_words(head) {
                match word.as_str() {
                    "unique" => field.unique = Some(true),
                    "optional" | "nullable" => field.required = Some(false),
                    "required" | "mandatory" => field.required = Some(true),
                    _ => {}
                }
            }
            let balanced = if rest.contains(')') { rest } else { format!("{rest})") };
            if balanced.len() > 1 {
                describe(&balanced, &mut field);
            }
            field.description = None;
            // "due date (after the start date)".
            let inside = balanced.trim().trim_start_matches('(').trim_end_matches(')');
            let bounds = ["after ", "before ", "at least ", "at most ", "not before ", "> ", "< "];
            if bounds.iter().any(|bound| inside.starts_with(bound))
                && !field.constraints.iter().any(|known| known == inside)
            {
                field.constraints.push(inside.to_owned());
            }
            fields.push(field);
        }
    }
    if attributes < least || attributes * of < fields.len() { Vec::new() } else { fields }
}

/// "unique identifier (SKU)" is called SKU.
fn short_name(name: &str, rest: &str) -> Option<String> {
    let last = name.rsplit(' ').next()?.to_lowercase();
    let short = rest.strip_prefix('(')?.trim_end_matches(')');
    let is_short = (2..=5).contains(&short.len()) && short.chars().all(|c| c.is_ascii_uppercase());
    (matches!(last.as_str(), "identifier" | "number" | "code") && is_short)
        .then(|| short.to_owned())
}

/// Determiners and participles that are no part of a field's name.
pub(super) fn strip_words(head: &str) -> &str {
    let mut head = head.trim();
    for word in [
        "a ",
        "an ",
        "the ",
        "its ",
        "their ",
        "his ",
        "her ",
        "selected ",
        "current ",
        "unique ",
        "valid ",
        "correct ",
        "optional ",
        "required ",
        "nullable ",
        "mandatory ",
        "basic ",
        "linked ",
        "associated ",
        "full ",
        "long ",
        "short ",
        "detailed ",
        "written ",
        "multiple ",
    ] {
        // "full name" is a name of its own.
        if word == "full " && head.to_lowercase().starts_with("full name") {
            continue;
        }
        head = crate::words::strip_prefix_ignoring_case(head, word).unwrap_or(head).trim();
    }
    head
}

pub(super) fn split_and(part: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut depth = 0_usize;
    let mut start = 0;
    let bytes = part.as_bytes();
    for at in 0..bytes.len() {
        match bytes[at] {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            b' ' if depth == 0 && part[at..].starts_with(" and ") => {
                parts.push(&part[start..at]);
                start = at + " and ".len();
            }
            _ => {}
        }
    }
    parts.push(part.get(start..).unwrap_or_default());
    parts
}
