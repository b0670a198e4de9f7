//! "A session ends after it starts": the one span of a row runs forward.

use super::Meaning;
use super::overlap::span;
use super::sentence::{Sentence, strip_word};
use crate::{Comparison, Expression};

/// What is said of a row, and whether it may last no time at all.
const FORWARD: &[(&str, bool)] = &[
    (" ends after it starts", false),
    (" ends after it begins", false),
    (" must end after it starts", false),
    (" must end after it begins", false),
    (" end after they start", false),
    (" must end after they start", false),
    (" cannot end before it starts", true),
    (" cannot end before it begins", true),
    (" must not end before it starts", true),
    (" must not end before it begins", true),
];

/// The end compared with the start.
pub(crate) fn sentence(sentence: &Sentence<'_>) -> Option<Meaning> {
    // "Has to end after it has started" is said in the same words as "must end after it starts".
    let mut said =
        sentence.lower.as_str().replace(" has to ", " must ").replace(" have to ", " must ");
    for (long, short) in
        [(" has started", " starts"), (" has begun", " begins"), (" have started", " start")]
    {
        said = said.replace(long, short);
    }
    let (noun, may_touch) =
        FORWARD.iter().find_map(|(end, may_touch)| Some((said.strip_suffix(end)?, *may_touch)))?;
    let noun =
        ["a", "an", "the", "each", "every"].iter().fold(noun, |it, word| strip_word(it, word));
    (sentence.draft().noun(noun) == Some(sentence.entity())).then_some(())?;
    let (from, to) = span(sentence)?;
    let comparison = if may_touch { Comparison::GreaterOrEqual } else { Comparison::Greater };
    let (to, from) = (Expression::Field(to), Expression::Field(from));
    Some(Meaning::Expression(Expression::compare(to, comparison, from)))
}
