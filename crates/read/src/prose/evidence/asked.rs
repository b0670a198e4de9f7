//! What speaks for nouns by being asked for: "browse the listings", "search for members by name", the paths of
//! endpoints.

use super::{Notes, core};
use crate::prose::Evidence;
use crate::prose::noun::{Phrase, coordinated, is_attribute, singular};
use crate::prose::tag::{Tag, Token};

/// Verbs by which somebody looks for some of many rows.
const ASKING: &[&str] = &["view", "browse", "search", "list", "filter", "find", "see", "retrieve"];

/// Objects in the plural of verbs that ask for rows.
pub(super) fn asked(notes: &mut Notes<'_, '_>) {
    let tokens = notes.tokens();
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if token.tag != Tag::Verb || !token.is_verb_of(ASKING) || token.lower.ends_with("ed") {
            continue;
        }
        let (objects, _) = coordinated(tokens, object(tokens, at + 1));
        // "see their children's grades" asks for grades.
        let is_owner = |it: &Phrase| tokens.get(it.end).is_some_and(|it| it.is_any(&["'s", "’s"]));
        found.extend(objects.into_iter().filter(|it| is_many(it) && !is_owner(it)));
    }
    for phrase in found {
        notes.note(&phrase.noun, Evidence::Asked);
    }
}

/// Where the object of a verb begins: behind "for", "through", "a list of".
fn object(tokens: &[Token], from: usize) -> usize {
    let is = |at: usize, words: &[&str]| tokens.get(at).is_some_and(|it| it.is_any(words));
    let from = from + usize::from(is(from, &["for", "through"]));
    let article = from + usize::from(is(from, &["a", "the", "all"]));
    if is(article, &["list", "listing"]) && is(article + 1, &["of"]) { article + 2 } else { from }
}

fn is_many(phrase: &Phrase) -> bool {
    let last = phrase.noun.rsplit(' ').next().unwrap_or_default();
    phrase.is_plural && core(&phrase.noun) == phrase.noun && !is_attribute(last)
}

/// "GET /orders/{id}", "Route: /delivery-areas": the things that paths hold.
pub(super) fn routed(notes: &mut Notes<'_, '_>) {
    if !notes.clause.text.contains('/') {
        return;
    }
    let text = notes.clause.text.clone();
    for word in text.split([' ', '`', '(', ')', ',', '"']) {
        let Some(path) = word.strip_prefix('/') else { continue };
        let path = path.split(['?', '#']).next().unwrap_or_default();
        for part in path.split('/') {
            let plural = part.replace(['-', '_'], " ").to_lowercase();
            let is_word = plural.chars().all(|c| c.is_ascii_lowercase() || c == ' ');
            if is_word && plural.len() > 3 && singular(&plural) != plural {
                notes.note(&plural, Evidence::Routed);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn what_is_asked_for_is_kept() {
        check(
            "# Agency\n\n- Guests browse rooms by city.\n- A guest can view the charts and the rules.\n- Show the list of bookings.\n",
            &expect![[r#"
                3 prose-entities  entity Room
                3 query-sentence  read "browse rooms by city" of Room by city = ? if given [inferred: a sentence asks for it]
            "#]],
        );
    }
}
