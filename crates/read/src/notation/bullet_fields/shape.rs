//! What a whole list is made of, by the shape of its items: things over their fields, things with them behind, or names alone.

use crate::document::{Item, List};
use crate::modifier;
use crate::words::{is_identifier, lower_words, split_once_any, split_top, unquote};

use super::form::{identity, in_code_first, typed_field};
use super::label::{Label, label};

/// Whether most items are things with their fields behind them, as short notes have it: "**Customer**: id, email,
/// company name".
pub(super) fn lists_things(list: &List) -> bool {
    let is_property = |part: &str| {
        let last = lower_words(part).pop().unwrap_or_default();
        last == "id" || crate::prose::is_property_noun(&last)
    };
    let is_thing = |item: &&Item| {
        let Some((name, rest)) =
            split_once_any(&item.content.text, &[": ", " — ", " – ", " - ", " → "])
        else {
            return false;
        };
        let parts: Vec<&str> = split_top(rest, &[',']);
        let is_named = name.starts_with(char::is_uppercase) && lower_words(name).len() <= 3;
        let first = parts.first().map_or("", |part| part.trim());
        // "`clients`: `id` (PK), `name`": tables in code, with their columns.
        let key = first.split([' ', '(']).next().unwrap_or_default();
        let is_table = name.starts_with('`')
            && is_identifier(unquote(name))
            && parts.len() >= 2
            && unquote(key).eq_ignore_ascii_case("id");
        is_table
            || is_named
                && parts.len() >= 3
                && (first == "id" || !modifier::is_scalar(first))
                && (first == "id" || parts.iter().filter(|part| is_property(part)).count() >= 2)
                && !is_property(name)
    };
    let tops = || list.items.iter().filter(|item| item.depth == 0);
    let things = tops().filter(is_thing).count();
    things >= 2 && things * 10 >= tops().count() * 6
}

/// Whether all outer items are short names, each over several that name properties: "Pet" over "name", "species".
pub(super) fn holds_things(list: &List) -> bool {
    let is_thing = |(at, item): (usize, &Item)| {
        let name = item.content.text.trim().trim_end_matches(':');
        let words = lower_words(name);
        let is_name = name.starts_with(|c: char| c.is_uppercase() || c == '`')
            && (1..=3).contains(&words.len())
            && label(name) == Label::Unknown;
        let inner = || list.items.iter().filter(|it| it.parent == Some(at));
        let properties = inner().filter(|it| {
            let (name, _) = split_once_any(&it.content.text, &[": ", " (", " - ", " — ", " – "])
                .unwrap_or((&it.content.text, ""));
            let words = lower_words(name);
            words.len() <= 3
                && words.last().is_some_and(|word| crate::prose::is_property_noun(word))
        });
        let count = inner().count();
        // "Attributes: id, total" holds what the thing has in another way.
        let is_divided = inner().any(|it| {
            let text = &it.content.text;
            let head = text.split_once(':').map(|it| it.0);
            head.is_some_and(|head| label(head) != Label::Unknown) || identity(text).is_some()
        });
        is_name && count >= 2 && !is_divided && properties.count() * 2 >= count
    };
    // "Author" is a property of a book elsewhere; what is over properties throughout names things.
    let is_property = |(_, item): &(usize, &Item)| {
        let words = lower_words(item.content.text.trim().trim_end_matches(':'));
        words.last().is_some_and(|word| crate::prose::is_property_noun(word))
    };
    let outer: Vec<(usize, &Item)> =
        list.items.iter().enumerate().filter(|(_, item)| item.depth == 0).collect();
    let properties = outer.iter().filter(|it| is_property(it)).count();
    !outer.is_empty() && properties * 2 < outer.len() && outer.into_iter().all(is_thing)
}

/// Whether outer items begin with a name in bold, with or without words about it, and hold fields in code with their types:
/// "**Hive** – where bees live" over "`tag` (text): unique".
pub(super) fn holds_typed_things(list: &List) -> bool {
    let is_thing = |(at, item): (usize, &Item)| {
        let name = item.content.label.trim_end_matches(':').trim();
        let is_name = name.starts_with(char::is_uppercase)
            && (1..=3).contains(&lower_words(name).len())
            && label(name) == Label::Unknown;
        let inner = || list.items.iter().filter(move |it| it.parent == Some(at));
        let is_field = |it: &&Item| {
            let text = it.content.text.trim();
            in_code_first(text) && (typed_field(text).is_some() || text.contains(" one of "))
        };
        let (all, fields) = (inner().count(), inner().filter(is_field).count());
        is_name && fields >= 1 && fields * 2 >= all
    };
    let over: Vec<(usize, &Item)> = list
        .items
        .iter()
        .enumerate()
        .filter(|(_, item)| item.depth == 0 && item.has_children)
        .collect();
    over.len() >= 2 && over.into_iter().all(is_thing)
}

/// Whether the innermost items are nothing but names: "start date" is one where no item ends with a type as "title text" does.
pub(super) fn are_bare_names(list: &List) -> bool {
    const NAMES_TOO: &[&str] =
        &["date", "time", "number", "count", "email", "url", "text", "image"];
    let mut leaves = list.items.iter().filter(|item| !item.has_children);
    leaves.all(|item| {
        let text = item.content.text.trim();
        let words = lower_words(text);
        let last = words.last().map_or("", |word| word.as_str());
        (1..=3).contains(&words.len())
            && text.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '/'))
            && (words.len() == 1 || !modifier::is_scalar(last) || NAMES_TOO.contains(&last))
            && !matches!(last, "unique" | "optional" | "required" | "nullable" | "pk" | "fk")
    })
}
