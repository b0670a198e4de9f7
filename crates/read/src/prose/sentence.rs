//! A sentence by its words alone. Documents that were written by a template, or by people with habits, say the same
//! again and again: what the words of a sentence say is found once for all places where it stands.

use std::sync::{Arc, OnceLock};

use indexmap::IndexMap;

use super::cardinality::Related;
use super::inline_fields::Named;
use super::noun::{Phrase, phrases};
use super::possession::Pair;
use super::tag::{Token, tag};
use super::unsaid::{denies, unsaid};
use super::upkeep::Upkeep;

/// The longest text that is taken for a sentence; longer ones are no requirement.
pub(super) const LONGEST: usize = 1200;

/// The words of a sentence, and what each pattern finds in them once anybody asked.
#[derive(Debug)]
pub(crate) struct Sentence {
    /// Without its requirement number.
    pub(crate) text: String,
    pub(crate) tokens: Vec<Token>,
    /// The noun phrases of it, from left to right.
    pub(crate) phrases: Vec<Phrase>,
    /// Whether it says that a thing has something not: it may be a rule, and gives nothing anything.
    pub(crate) denies: bool,
    /// The fields that it gives to any one of a thing.
    pub(super) described: OnceLock<Option<Box<Named>>>,
    /// Those that it only uses.
    pub(super) used: OnceLock<Vec<Named>>,
    /// How many of one thing belong to how many of another.
    pub(super) related: OnceLock<Vec<Related>>,
    /// The things that belong to each other without a count.
    pub(super) pairs: OnceLock<Vec<Pair>>,
    /// The users and the things that they make.
    pub(super) made: OnceLock<Vec<(String, String)>>,
    /// What it says of all rows of a thing.
    pub(super) upkeep: OnceLock<Upkeep>,
    /// The things that it names: the key under which the spellings of each meet, and the noun.
    pub(super) uses: OnceLock<Vec<(String, String)>>,
}

impl Sentence {
    /// `None` where a text states nothing.
    fn of(text: &str) -> Option<Self> {
        if text.len() > LONGEST || unsaid(text).is_some() {
            return None;
        }
        let tokens = tag(text);
        (!tokens.is_empty()).then(|| Self {
            phrases: phrases(&tokens),
            tokens,
            denies: denies(text),
            described: OnceLock::new(),
            used: OnceLock::new(),
            related: OnceLock::new(),
            pairs: OnceLock::new(),
            made: OnceLock::new(),
            upkeep: OnceLock::new(),
            uses: OnceLock::new(),
            text: text.to_owned(),
        })
    }
}

/// The sentences that were read so far, by their texts.
#[derive(Debug, Default)]
pub(super) struct Known(IndexMap<String, Option<Arc<Sentence>>>);

impl Known {
    /// The sentence of a text; `None` where it states nothing.
    pub(super) fn sentence(&mut self, text: &str) -> Option<Arc<Sentence>> {
        if let Some(known) = self.0.get(text) {
            return known.clone();
        }
        let sentence = Sentence::of(text).map(Arc::new);
        self.0.insert(text.to_owned(), sentence.clone());
        sentence
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_once() {
        let mut known = Known::default();
        let first = known.sentence("An order has a number.").unwrap();
        let again = known.sentence("An order has a number.").unwrap();
        let other = known.sentence("An order has a name.").unwrap();
        assert!(Arc::ptr_eq(&first, &again));
        assert!(!Arc::ptr_eq(&first, &other));
        assert!(known.sentence("TODO: say what an order has").is_none());
        assert!(known.sentence(&"long ".repeat(LONGEST)).is_none());
    }
}
