//! Verbs that are known by what they do to the rows of the documents at hand.

use super::phrase::{self, Word};
use super::vocabulary;
use crate::notation::Output;
use crate::participle::is_participle_of;

/// Whether a phrase begins with a verb by which its rows come to a state or get a moment: "hold a seat" where seats may be
/// `held`, "discharge a stay" where stays have `discharged_at`.
pub(super) fn is_step(words: &[Word<'_>], out: &Output) -> bool {
    let Some(verb) = words.first().filter(|it| it.mark == ' ' && !it.possessive) else {
        return false;
    };
    let is_known = super::is_verb(&verb.lower) || vocabulary::is_filler(&verb.lower);
    if is_known || words.len() < 2 {
        return false;
    }
    let mentions = phrase::mentions(words, out);
    mentions.first().filter(|it| (1..=2).contains(&it.start) && !it.possessive).is_some_and(|it| {
        let is_done = |word: &str| is_participle_of(&verb.lower, &word.to_lowercase());
        let mut moments = out
            .fields_of(&it.name)
            .filter_map(|field| ["_at", "_on"].iter().find_map(|end| field.strip_suffix(end)));
        out.choices_of(&it.name).any(|(_, values)| values.iter().any(|value| is_done(value)))
            || moments.any(is_done)
    })
}
