//! What forms, cards and pages hold of a thing: "The stall form asks for a name and a size", "Add a stall detail page showing
//! name, size and price", "a table of all stalls with name and size", "a sign-up flow that captures name and phone".

use super::evidence::core;
use super::inline_fields::Named;
use super::named_list::is_sort;
use super::noun::{is_attribute, is_generic, phrase_at, singular};
use super::property_list::{Part, parts};
use super::tag::{Tag, Token, behind};

/// What shows or takes the fields of a thing.
const CONTAINERS: &[&str] = &[
    "form", "modal", "dialog", "card", "page", "view", "screen", "list", "table", "grid", "flow",
    "wizard", "profile",
];

/// Words between a thing and its container.
const STEPS: &[&str] = &[
    "creation",
    "registration",
    "submission",
    "edit",
    "detail",
    "details",
    "entry",
    "profile",
    "intake",
    "request",
    "information",
    "listing",
    "overview",
];

/// Words behind a container that lead to what it holds.
const LEADING: &[&str] = &[
    "with",
    "showing",
    "displaying",
    "displays",
    "display",
    "shows",
    "show",
    "includes",
    "include",
    "including",
    "contains",
    "contain",
    "containing",
    "has",
    "have",
    "captures",
    "capture",
    "capturing",
    "collects",
    "collecting",
    "asks",
    "lists",
    "listing",
];

/// The thing whose form or page a sentence is about, and its fields.
pub(super) fn find(text: &str, tokens: &[Token]) -> Option<Named> {
    // "The stock view shows item name, unit and price": the first of them says whose they are.
    if super::shown::of_first(text, tokens).is_some() {
        return None;
    }
    (0..tokens.len()).filter(|&at| is_container(&tokens[at])).find_map(|at| held(text, tokens, at))
}

fn is_container(token: &Token) -> bool {
    CONTAINERS.contains(&singular(&token.lower).as_str())
}

fn held(text: &str, tokens: &[Token], at: usize) -> Option<Named> {
    let (owner, next) =
        before(tokens, at).or_else(|| behind_of(tokens, at)).or_else(|| shown(tokens, at))?;
    let (from, is_said) = leading(tokens, next)?;
    let is_form = tokens[at].is_any(&["form", "forms", "flow", "wizard"]);
    let rest = behind(text, tokens, from);
    let rest = rest
        .strip_suffix(" inputs")
        .or_else(|| rest.trim_end_matches('.').strip_suffix(" inputs"))
        .unwrap_or(rest);
    let parts: Vec<Part> = parts(rest);
    let sure = parts.iter().filter(|part| part.is_property).count();
    let (least, of) = if is_said && is_form { (1, 4) } else { (2, 2) };
    let is_list = parts.len() >= 2 && sure >= least && sure * of >= parts.len();
    let owner = core(&owner).to_owned();
    let is_thing =
        !is_generic(&owner) && !is_sort(&owner) && (!is_attribute(&owner) || parts.len() >= 3);
    (is_list && is_thing).then(|| Named {
        owner: Some(owner),
        fields: parts.into_iter().map(|it| it.field).collect(),
    })
}

/// "stall creation" of "stall creation form", and where what follows the container begins.
fn before(tokens: &[Token], at: usize) -> Option<(String, usize)> {
    let mut start = at;
    while start > 0
        && (tokens[start - 1].tag == Tag::Noun
            || is_container(&tokens[start - 1])
            || STEPS.contains(&&*tokens[start - 1].lower))
        && !tokens[start - 1].is_code
    {
        start -= 1;
    }
    let mut words = &tokens[start..at];
    while let Some((last, front)) = words.split_last() {
        if !STEPS.contains(&last.lower.as_str()) || front.is_empty() {
            break;
        }
        words = front;
    }
    // Who registers is a user.
    let signs_up =
        |it: &Token| it.is_any(&["registration", "signup", "sign-up", "register", "login"]);
    if words.len() == 1 && signs_up(&words[0]) {
        return Some(("user".to_owned(), at + 1));
    }
    // One word or two name a thing; more say where it stands.
    let named = (1..=2).contains(&words.len());
    named.then(|| (words.iter().map(|it| it.text.as_str()).collect::<Vec<_>>().join(" "), at + 1))
}

/// "a grid of stalls", "the list of all stalls".
fn behind_of(tokens: &[Token], at: usize) -> Option<(String, usize)> {
    tokens.get(at + 1).filter(|it| it.is("of"))?;
    let phrase = phrase_at(tokens, at + 2).filter(|it| it.is_plural)?;
    Some((phrase.noun, phrase.end))
}

/// "a table showing all stalls".
fn shown(tokens: &[Token], at: usize) -> Option<(String, usize)> {
    let verb = at + 1;
    tokens.get(verb).filter(|it| {
        it.is_any(&["showing", "displaying", "listing", "displays", "shows", "lists"])
    })?;
    let all = tokens.get(verb + 1).filter(|it| it.is("all"))?;
    let phrase = phrase_at(tokens, verb + 1).filter(|it| it.is_plural && !all.is_code)?;
    Some((phrase.noun, phrase.end))
}

/// Where the list begins behind the words that lead to it, and whether they say that fields follow.
fn leading(tokens: &[Token], from: usize) -> Option<(usize, bool)> {
    let mut at = from;
    while tokens.get(at).is_some_and(|it| it.is("that") || it.tag == Tag::Modal) {
        at += 1;
    }
    // "Stall list displays all saved stalls with name and size".
    let first = tokens.get(at)?;
    if !first.is_any(LEADING) && !first.is(":") {
        return None;
    }
    let is_asked = first.is("asks");
    at += 1;
    if tokens.get(at).is_some_and(|it| it.is("all"))
        && let Some(phrase) = phrase_at(tokens, at)
        && tokens.get(phrase.end).is_some_and(|it| it.is("with"))
    {
        at = phrase.end + 1;
    }
    let mut is_said = is_asked;
    while let Some(token) = tokens.get(at) {
        let is_word = token.is_any(&["fields", "inputs", "field", "following"]);
        if !is_word && !token.is_any(&["for", "the", ":", "its", "their", "full"]) {
            break;
        }
        is_said |= is_word;
        at += 1;
    }
    (at < tokens.len()).then_some((at, is_said))
}

#[cfg(test)]
mod tests {
    use super::find;
    use crate::prose::tag::tag;

    fn found(text: &str) -> String {
        find(text, &tag(text)).map_or_else(String::new, |named| {
            let names: Vec<String> = named.fields.into_iter().map(|field| field.name).collect();
            format!("{}: {}", named.owner.unwrap_or_default(), names.join("; "))
        })
    }

    #[test]
    fn what_forms_and_pages_hold_of_a_thing() {
        for (text, said) in [
            ("The stall form asks for name, size and price.", "stall: name; size; price"),
            (
                "Implement stall form with fields for name, awning, and prior use",
                "stall: name; awning; prior use",
            ),
            ("Stall creation form with name, size and price inputs", "Stall: name; size; price"),
            ("Add stall detail modal showing name, size, and price", "stall: name; size; price"),
            ("Stall cards display title, price and location.", "Stall: title; price; location"),
            (
                "Build page with filterable grid of stalls showing title, price, and size",
                "stalls: title; price; size",
            ),
            (
                "Create table showing all stalls with title, price, and size",
                "stalls: title; price; size",
            ),
            (
                "Create stall creation flow that captures title, price, and size",
                "stall: title; price; size",
            ),
            (
                "Stall list displays all saved stalls with name, size, price",
                "Stall: name; size; price",
            ),
        ] {
            assert_eq!(found(text), said, "{text}");
        }
    }

    #[test]
    fn what_pages_have_besides() {
        for text in [
            "The form has a save button and a cancel button.",
            "Build a workspace page with tabs for Overview, Documents and Team",
            "The stall page has a header, a footer and a map.",
            "Create dashboard page showing charts and totals",
            "The list shows search, filters and exports.",
        ] {
            assert_eq!(found(text), "", "{text}");
        }
    }
}
