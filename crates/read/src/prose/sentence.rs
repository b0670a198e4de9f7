//! A sentence by its words alone. Documents that were written by a template, or by people with habits, say the same
//! again and again: what the words of a sentence say is found once for all places where it stands.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use indexmap::IndexMap;
use smol_str::SmolStr;

use super::cardinality::Related;
use super::inline_fields::Named;
use super::noun::{Phrase, phrases, singular, singular_of};
use super::possession::Pair;
use super::tag::{Tag, Token, tag};
use super::unsaid::{denies, unsaid};
use super::upkeep::Upkeep;
use crate::words::lower_words;

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
    fn of(text: &str, terms: &Terms) -> Option<Self> {
        if text.len() > LONGEST || unsaid(text).is_some() {
            return None;
        }
        let mut tokens = tag(text);
        terms.hold_together(&mut tokens);
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

/// Terms of several words that a document defines: wherever it uses one, all of its words are one noun, also where another
/// text would say "raw" of any material.
#[derive(Debug, Default)]
pub(crate) struct Terms(BTreeMap<SmolStr, Vec<Vec<SmolStr>>>);

impl Terms {
    /// Of the terms, those of two or three words.
    pub(super) fn of<'t>(terms: impl Iterator<Item = &'t str>) -> Self {
        let mut of_several: BTreeMap<SmolStr, Vec<Vec<SmolStr>>> = BTreeMap::new();
        for term in terms {
            let mut words = lower_words(&term.replace('_', " "));
            if let (2..=3, Some(last)) = (words.len(), words.last_mut()) {
                *last = singular(last).into();
                let same = of_several.entry(words[0].clone()).or_default();
                same.push(words);
                // The longest is meant where one begins with another.
                same.sort_by_key(|it| std::cmp::Reverse(it.len()));
            }
        }
        Self(of_several)
    }

    fn hold_together(&self, tokens: &mut [Token]) {
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            let term = self.0.get(&token.lower).and_then(|terms| {
                terms.iter().find(|term| stands_at(&tokens[at..], term)).map(Vec::len)
            });
            for token in tokens[at..].iter_mut().take(term.unwrap_or_default()) {
                token.tag = Tag::Noun;
            }
            at += term.unwrap_or(1);
        }
    }
}

/// Whether tokens begin with the words of a term, the last of them in the singular or plural.
fn stands_at(tokens: &[Token], term: &[SmolStr]) -> bool {
    let Some((last, front)) = term.split_last() else { return false };
    tokens.len() > front.len()
        && front.iter().zip(tokens).all(|(word, token)| token.lower == *word)
        && *singular_of(&tokens[front.len()].lower) == **last
}

/// The sentences that were read so far, by their texts.
#[derive(Debug, Default)]
pub(super) struct Known<'t> {
    sentences: IndexMap<String, Option<Arc<Sentence>>>,
    terms: Option<&'t Terms>,
}

impl<'t> Known<'t> {
    pub(super) fn with(terms: &'t Terms) -> Self {
        Self { sentences: IndexMap::new(), terms: Some(terms) }
    }

    /// The sentence of a text; `None` where it states nothing.
    pub(super) fn sentence(&mut self, text: &str) -> Option<Arc<Sentence>> {
        if let Some(known) = self.sentences.get(text) {
            return known.clone();
        }
        let none = Terms::default();
        let sentence = Sentence::of(text, self.terms.unwrap_or(&none)).map(Arc::new);
        self.sentences.insert(text.to_owned(), sentence.clone());
        sentence
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_once() {
        let terms = Terms::of(["raw timber"].into_iter());
        let mut known = Known::with(&terms);
        let first = known.sentence("An order has a number.").unwrap();
        let again = known.sentence("An order has a number.").unwrap();
        let other = known.sentence("An order has a name.").unwrap();
        assert!(Arc::ptr_eq(&first, &again));
        assert!(!Arc::ptr_eq(&first, &other));
        assert!(known.sentence("TODO: say what an order has").is_none());
        assert!(known.sentence(&"long ".repeat(LONGEST)).is_none());
    }

    #[test]
    fn what_is_defined_is_one_noun() {
        let terms = Terms::of(["Open Case", "Case", "Open case list"].into_iter());
        let nouns = |text: &str| {
            let sentence = Known::with(&terms).sentence(text).unwrap();
            sentence.phrases.iter().map(|it| it.noun.clone()).collect::<Vec<_>>()
        };
        assert_eq!(nouns("A clerk records open cases."), ["clerk", "open cases"]);
        assert_eq!(nouns("A clerk records open case lists."), ["clerk", "open case lists"]);
        assert_eq!(nouns("A clerk records open windows."), ["clerk", "windows"]);
    }
}
