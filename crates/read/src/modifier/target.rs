//! What a reference refers to.

use crate::ReferenceFact;
use crate::words::{is_identifier, parenthesized, strip_prefix_ignoring_case, unquote};

/// A reference's target at the start of `text`: `users.id`, `` `users`.`id` ``, `users(id)`, `User`.
pub(crate) fn reference_target(text: &str) -> Option<(ReferenceFact, &str)> {
    let mut rest = text.trim_start();
    let mut has_article = false;
    for lead in [
        "to table",
        "to:",
        "to",
        "table",
        "→",
        "->",
        "⟶",
        "=>",
        ":",
        "referencing",
        "references",
        "the",
        "an",
        "a",
        "к",
        "zu",
        "à",
        "para",
    ] {
        if let Some(after) = strip_prefix_ignoring_case(rest, lead) {
            let is_word = lead.chars().all(char::is_alphabetic);
            if !is_word || after.starts_with([' ', '`', ':']) {
                has_article |= matches!(lead, "the" | "an" | "a");
                rest = after.trim_start();
            }
        }
    }
    let quoted = ['`', '\'']
        .iter()
        .find_map(|&quote| rest.strip_prefix(quote).and_then(|inside| inside.split_once(quote)));
    let (name, mut after) = match quoted {
        Some((inside, after)) => (inside.trim(), after),
        None => {
            let end = rest
                .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '"')))
                .unwrap_or(rest.len());
            (rest[..end].trim_end_matches('.'), &rest[end..])
        }
    };
    // "The parking slot": behind an article stands a noun as people write it.
    if let Some((noun, behind)) = noun_of_words(rest).filter(|_| has_article && quoted.is_none()) {
        let entity = noun.to_owned();
        return Some((ReferenceFact { entity, field: None, on_delete: None }, behind));
    }
    let mut name = name.replace('"', "");
    let mut field = None;
    if let Some((table, column)) = name.clone().split_once('(') {
        field = Some(column.trim_end_matches(')').trim().to_owned());
        name = table.trim().into();
    } else if after.starts_with('(') {
        if let Some((_, inside, rest)) = parenthesized(after) {
            let parts = || inside.split(',').map(|part| unquote(part.trim()));
            // "Seat(hall, number)": each of the fields that refer names one of them.
            if is_identifier(unquote(inside)) || inside.contains(',') && parts().all(is_identifier)
            {
                field = Some(unquote(inside).to_owned());
                after = rest;
            }
        }
    }
    let lower = name.to_lowercase();
    if !is_identifier(&name)
        || matches!(
            lower.as_str(),
            "on" | "not"
                | "null"
                | "required"
                | "nullable"
                | "unique"
                | "optional"
                | "self"
                | "indexed"
                | "index"
                | "and"
                | "or"
                | "default"
                | "cascade"
                | "restrict"
        ) && lower != "self"
    {
        return None;
    }
    if field.is_none() {
        let parts: Vec<&str> = name.split('.').collect();
        // `users.id` names a field; `cust.customer` a table in a schema; `cust.customer.id` both.
        let looks_like_field = |part: &str| {
            let lower = part.to_lowercase();
            matches!(
                lower.as_str(),
                "id" | "uuid" | "code" | "key" | "name" | "slug" | "email" | "pk"
            ) || lower.ends_with("_id")
                || part.ends_with("Id")
                || lower.ends_with("_code")
                || lower.ends_with("_key")
        };
        // Schemas are written small, and `Stock.ticker` is a field of Stock.
        let is_member = |parts: &[&str]| {
            parts[0].starts_with(char::is_uppercase) && parts[1].starts_with(char::is_lowercase)
        };
        if parts.len() > 2 || parts.len() == 2 && (looks_like_field(parts[1]) || is_member(&parts))
        {
            let at = name.rfind('.').unwrap_or(name.len());
            field = Some(name[at + 1..].to_owned());
            name.truncate(at);
        }
    }
    Some((ReferenceFact { entity: name, field, on_delete: None }, after))
}

/// A noun of two or three words in small letters up to the end, a mark, or a word that goes on about it, and what follows.
fn noun_of_words(text: &str) -> Option<(&str, &str)> {
    const GOING_ON: &[&str] = &[
        "of",
        "in",
        "for",
        "that",
        "who",
        "which",
        "to",
        "on",
        "with",
        "from",
        "and",
        "or",
        "table",
        "record",
        "entity",
        "row",
        "model",
        "collection",
        "being",
        "when",
        "if",
        "this",
        "it",
        "by",
        "is",
        "as",
        "primary",
        "id",
    ];
    let (mut end, mut at, mut count) = (0, 0, 0);
    for word in text.split_inclusive(' ') {
        let start = at;
        at += word.len();
        let bare = word.trim_end();
        let name = bare.trim_end_matches([',', '.', ';', ')']);
        if GOING_ON.contains(&name) {
            break;
        }
        if name.is_empty() || !name.bytes().all(|it| it.is_ascii_lowercase()) {
            return None;
        }
        count += 1;
        end = start + name.len();
        if name.len() < bare.len() {
            break;
        }
    }
    (2..=3).contains(&count).then(|| text.split_at(end))
}

#[cfg(test)]
mod tests {
    use super::reference_target;

    #[test]
    fn nouns_of_several_words() {
        for (text, entity) in [
            ("the parking slot", "parking slot"),
            ("the parking slot that was taken", "parking slot"),
            ("the vehicle", "vehicle"),
            ("the vehicle of the guest", "vehicle"),
            ("parking slot", "parking"),
            ("the users table", "users"),
            ("the `users` table", "users"),
        ] {
            let target = reference_target(text).map(|(target, _)| target.entity);
            assert_eq!(target.as_deref(), Some(entity), "{text}");
        }
    }
}
