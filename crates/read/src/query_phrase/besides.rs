//! What a write does besides, to rows of other things: "cancel an order and record the refund".

use super::aggregate::spelled;
use super::{Place, phrase, read_phrase, vocabulary};
use crate::notation::Output;
use crate::{AccessKind, PatternFact};

/// The further writes that the words of a write ask for, in their order; each goes by what the whole of it says.
pub(crate) fn besides(first: &PatternFact, out: &Output) -> Vec<PatternFact> {
    let Some(said) = first.said.as_deref().filter(|_| first.kind == AccessKind::Write) else {
        return Vec::new();
    };
    let plain = said.replace(['`', '*', '"', '“', '”'], "");
    let words = phrase::words(&plain);
    let mentions = phrase::mentions(&words, out);
    let lower = |at: usize| words.get(at).map_or("", |word| word.lower.as_str());
    let links = (1..words.len()).filter(|&at| matches!(lower(at), "and" | "then"));
    // "Create and update orders" is one thing that is done in two ways.
    let verbs = links.map(|at| at + 1).filter(|&verb| {
        let writes = vocabulary::adds(lower(verb)) || vocabulary::changes(lower(verb));
        writes
            && mentions.iter().any(|it| it.end < verb)
            && mentions.iter().any(|it| (verb + 1..=verb + 2).contains(&it.start))
    });
    let verbs: Vec<usize> = verbs.collect();
    let ends = verbs.iter().skip(1).map(|next| next - 1).chain([words.len()]);
    let parts = verbs
        .iter()
        .zip(ends)
        .map(|(&from, to)| spelled(&words[from..to].iter().collect::<Vec<_>>()));
    let whole = first.title.as_ref().unwrap_or(&first.name);
    parts
        .filter_map(|part| {
            let found = read_phrase(&part, &Place::default(), false, out)?;
            let is_other = found.kind == AccessKind::Write && found.entity != first.entity;
            is_other.then(|| PatternFact {
                title: Some(whole.clone()),
                frequency: first.frequency.clone(),
                per_second: first.per_second,
                said: Some(part),
                ..found
            })
        })
        .collect()
}
