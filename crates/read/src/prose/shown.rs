//! "A room's number, floor and view must be shown": what is shown of a thing is kept of it.

use super::inline_fields::Named;
use super::noun::{is_attribute, is_generic, phrase_at, phrases};
use super::property_list::list;
use super::tag::{Tag, Token};
use super::usual::is_usual;

/// What is done with the fields of a thing and gives them to it.
const KEPT: &[&str] =
    &["displayed", "shown", "stored", "recorded", "saved", "kept", "captured", "listed", "visible"];

/// The fields that a sentence names as those of a thing, and says that they must be shown or kept.
pub(super) fn find(text: &str, tokens: &[Token]) -> Option<Named> {
    let mark = tokens.iter().position(|token| token.is_any(&["'s", "’s"]))?;
    let owner = phrases(&tokens[..mark]).pop().filter(|phrase| phrase.end == mark)?.noun;
    let modal = mark + tokens[mark..].iter().position(|token| token.tag == Tag::Modal)?;
    let says_kept = tokens.get(modal + 1).is_some_and(|token| token.is("be"))
        && tokens.get(modal + 2).is_some_and(|token| token.is_any(KEPT));
    let from = tokens.get(mark + 1)?.range.start;
    let fields = list(text.get(from..tokens[modal].range.start)?.trim(), 2, 2);
    (says_kept && !is_generic(&owner) && !fields.is_empty())
        .then_some(Named { owner: Some(owner), fields })
}

/// "The list shows item name, unit and quantity": the first of them says whose they are.
pub(super) fn of_first(text: &str, tokens: &[Token]) -> Option<Named> {
    const SHOWING: &[&str] =
        &["show", "display", "list", "include", "contain", "provide", "view", "see"];
    const KEPT: &[&str] = &["store", "record", "capture", "track", "save"];
    let verb = tokens.iter().enumerate().position(|(at, it)| {
        let keeps = it.is_verb_of(KEPT) || it.is("of") && at > 0 && tokens[at - 1].is("track");
        it.tag == Tag::Verb && it.is_verb_of(SHOWING) || keeps
    })?;
    let first = phrase_at(tokens, verb + 1)?;
    let (owner, property) = first.noun.rsplit_once(' ')?;
    if !is_usual(owner) || !is_attribute(property) || first.is_plural {
        return None;
    }
    let mut fields = list(text.get(tokens[verb].range.end..)?, 3, 2);
    // Each with the same noun in front, or only the first.
    for field in &mut fields {
        let own = crate::words::strip_prefix_ignoring_case(&field.name, owner).map(str::trim);
        if let Some(own) = own.filter(|own| !own.is_empty()) {
            field.name = own.to_owned();
        }
    }
    (fields.len() >= 3).then(|| Named { owner: Some(owner.to_owned()), fields })
}

#[cfg(test)]
mod tests {
    use super::{find, of_first};
    use crate::prose::tag::tag;

    fn found(text: &str) -> String {
        let named = find(text, &tag(text));
        named.map_or_else(String::new, |named| {
            let names: Vec<String> = named.fields.into_iter().map(|field| field.name).collect();
            format!("{}: {}", named.owner.unwrap_or_default(), names.join("; "))
        })
    }

    #[test]
    fn what_is_shown_of_a_thing() {
        assert_eq!(
            found("A room's number, title, and status must be displayed in search results."),
            "room: number; title; status"
        );
        assert_eq!(found("The guest's name and phone shall be recorded."), "guest: name; phone");
        // What is checked or sent is not kept for that.
        assert_eq!(found("The guest's name and phone must be valid."), "");
        assert_eq!(found("The system's logo and title must be shown."), "");
        assert_eq!(found("A room's number must be shown."), "");
    }

    #[test]
    fn the_first_says_whose_they_are() {
        let found = |text: &str| {
            of_first(text, &tag(text)).map_or_else(String::new, |named| {
                let names: Vec<String> = named.fields.into_iter().map(|field| field.name).collect();
                format!("{}: {}", named.owner.unwrap_or_default(), names.join("; "))
            })
        };
        assert_eq!(
            found("The list shows item name, unit, and quantity."),
            "item: name; unit; quantity"
        );
        assert_eq!(found("The page shows the page title, a header and a footer."), "");
        assert_eq!(found("The list shows item names and pictures."), "");
    }
}
