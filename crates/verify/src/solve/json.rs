//! Documents that conditions on `jsonb` ask for: the keys that stand behind `->`, `->>` and `?`, each with values of the
//! forms that are named.

use super::pattern;
use crate::dice::Dice;
use crate::foreign::literals;

/// How many keys get every value; the others get one each.
const VARIED: usize = 3;

/// Documents for the conditions on a column, as the server prints them.
pub(super) fn documents(conditions: &[String], dice: &mut Dice) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    let mut words: Vec<String> = Vec::new();
    let mut found: Vec<String> = Vec::new();
    for text in conditions {
        for (at, literal) in with_places(text) {
            if literal.starts_with(['{', '[']) {
                found.push(literal);
                continue;
            }
            let before = text[..at].trim_end().trim_end_matches(['(', '[']).trim_end();
            let before = before.strip_suffix("ARRAY").map_or(before, str::trim_end);
            let is_key = ["->", "->>", "?", "?&", "?|"].iter().any(|it| before.ends_with(it));
            let list = if is_key
                || (before.ends_with(',') && keys.last().is_some_and(|_| in_list(text, at)))
            {
                &mut keys
            } else {
                &mut words
            };
            if !list.contains(&literal) {
                list.push(literal);
            }
        }
    }
    found.extend(
        ["{}", "[]", "1", "\"x\"", "null", "[1]", "[\"x\"]", "[{}]", "true"].map(str::to_owned),
    );
    words.retain(|word| !keys.contains(word));
    let mut values: Vec<String> = Vec::new();
    for word in &words {
        values.extend(match word.as_str() {
            "string" => vec!["\"x\"".to_owned()],
            "number" => vec!["1".to_owned()],
            "boolean" => vec!["true".to_owned()],
            "object" => vec!["{}".to_owned()],
            "array" => vec!["[]".to_owned(), "[1]".to_owned(), "[\"x\"]".to_owned()],
            "null" => vec!["null".to_owned()],
            other if pattern::is_pattern(other) => {
                pattern::matching(other, dice).iter().take(2).map(|it| quoted(it)).collect()
            }
            other => vec![quoted(other)],
        });
    }
    for plain in ["\"x\"", "1", "true", "0", "[]", "{}", "\"2024-06-03\""] {
        if !values.iter().any(|it| it == plain) {
            values.push(plain.to_owned());
        }
    }
    let mut built = vec![String::new()];
    for (at, key) in keys.iter().enumerate() {
        let some = if at < VARIED { &values[..values.len().min(8)] } else { &values[..1] };
        built = some
            .iter()
            .flat_map(|value| {
                let key = quoted(key);
                built.iter().map(move |before| {
                    let comma = if before.is_empty() { "" } else { ", " };
                    format!("{before}{comma}{key}: {value}")
                })
            })
            .collect();
    }
    if !keys.is_empty() {
        let objects: Vec<String> = built.iter().map(|it| format!("{{{it}}}")).collect();
        let lists: Vec<String> = objects.iter().take(8).map(|it| format!("[{it}]")).collect();
        found.extend(objects);
        found.extend(lists);
    }
    found
}

/// A text as JSON.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// String constants with the places where they begin.
fn with_places(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut from = 0;
    for literal in literals(text) {
        let written = format!("'{}'", literal.replace('\'', "''"));
        let Some(at) = text[from..].find(&written) else { break };
        found.push((from + at, literal));
        from += at + written.len();
    }
    found
}

/// Whether a place lies in the brackets of a list behind `?&` or `?|`.
fn in_list(text: &str, at: usize) -> bool {
    let before = &text[..at];
    before.rfind('[').is_some_and(|open| {
        let lead = before[..open].trim_end();
        let lead =
            lead.strip_suffix("ARRAY").unwrap_or(lead).trim_end().trim_end_matches('(').trim_end();
        !before[open..].contains(']') && (lead.ends_with("?&") || lead.ends_with("?|"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_forms_are_put_together() {
        let condition = "(((data ->> 'kind'::text) = 'box'::text) AND (jsonb_typeof((data -> 'width'::text)) = 'number'::text))";
        let found = documents(&[condition.to_owned()], &mut Dice::new(1, "json"));
        assert!(found.contains(&r#"{"kind": "box", "width": 1}"#.to_owned()), "{found:?}");
        let list = ["(data ?& ARRAY['a'::text, 'b'::text])".to_owned()];
        let all = documents(&list, &mut Dice::new(1, "json"));
        assert!(all.iter().any(|it| it.contains("\"a\": ") && it.contains("\"b\": ")), "{all:?}");
    }
}
