//! Verbs that are known by what they do to the rows of the documents at hand.

use super::phrase::{self, Word};
use super::vocabulary;
use crate::notation::Output;

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
    let done = crate::prose::participle(&verb.lower);
    // "Scan" is "scanned".
    let doubled = verb.lower.chars().last().map(|last| format!("{}{last}ed", verb.lower));
    let forms: Vec<String> = std::iter::once(done).chain(doubled).collect();
    let mentions = phrase::mentions(words, out);
    mentions.first().filter(|it| (1..=2).contains(&it.start) && !it.possessive).is_some_and(|it| {
        let is_value = |value: &String| forms.iter().any(|done| value.eq_ignore_ascii_case(done));
        let mut moments =
            forms.iter().flat_map(|done| ["_at", "_on"].map(|end| format!("{done}{end}")));
        out.choices_of(&it.name).any(|(_, values)| values.iter().any(is_value))
            || moments.any(|moment| out.field(&it.name, &moment).is_some())
    })
}
