//! "A room's number, floor and view must be shown": what is shown of a thing is kept of it.

use super::inline_fields::Named;
use super::noun::{is_generic, phrases};
use super::property_list::list;
use super::tag::{Tag, Token};

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

#[cfg(test)]
mod tests {
    use super::find;
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
}
