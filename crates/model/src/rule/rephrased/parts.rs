//! The phrases, cut into their parts once. Each word of theirs has a number, so that a sentence looks each of its words up
//! once, however many phrases are tried on it.

use std::sync::LazyLock;

use smol_str::{SmolStr, StrExt};

use super::phrases::PHRASES;

/// The number of a word that stands in phrases.
type Number = usize;

/// All phrases and their words.
pub(super) static TABLE: LazyLock<Table> = LazyLock::new(|| Table::new(PHRASES));

#[derive(Debug)]
pub(super) struct Table {
    /// The words in the order of the alphabet; the place of each is its number.
    words: Vec<&'static str>,
    /// The phrases in their order.
    pub(super) phrases: Vec<Phrase>,
    /// "cannot" is one word for these two.
    can: Option<Number>,
    not: Option<Number>,
}

/// A way to say a rule, and the words that mean the same.
#[derive(Debug)]
pub(super) struct Phrase {
    pub(super) parts: Vec<Part>,
    pub(super) to: &'static str,
}

#[derive(Debug)]
pub(super) enum Part {
    /// One of these words.
    Words(Vec<Number>),
    /// What the other words repeat by this name.
    Slot(&'static str),
}

/// A word of a sentence.
#[derive(Debug)]
pub(super) struct Word<'t> {
    pub(super) text: &'t str,
    pub(super) lower: SmolStr,
    number: Option<Number>,
}

impl Part {
    /// Whether it lists a word.
    fn lists(&self, word: Option<Number>) -> bool {
        match self {
            Self::Words(words) => word.is_some_and(|word| words.contains(&word)),
            Self::Slot(_) => false,
        }
    }

    /// Whether a word of a sentence is one of those that it lists.
    pub(super) fn is(&self, word: &Word<'_>) -> bool {
        self.lists(word.number)
    }
}

impl Table {
    fn new(phrases: &[(&'static str, &'static str)]) -> Self {
        let cut = |from: &'static str| from.split(' ').map(|part| (slot(part), part));
        let literal = phrases.iter().flat_map(|(from, _)| cut(from)).filter(|it| it.0.is_none());
        let mut words: Vec<&str> = literal.flat_map(|(_, part)| part.split('|')).collect();
        words.sort_unstable();
        words.dedup();
        let number = |word| words.binary_search(&word).ok();
        let part = |(slot, part): (Option<&'static str>, &'static str)| match slot {
            Some(name) => Part::Slot(name),
            None => Part::Words(part.split('|').filter_map(number).collect()),
        };
        let phrase = |&(from, to): &(&'static str, &'static str)| Phrase {
            parts: cut(from).map(part).collect(),
            to,
        };
        let phrases = phrases.iter().map(phrase).collect();
        Self { can: number("can"), not: number("not"), phrases, words }
    }

    /// A word of a sentence.
    pub(super) fn word<'t>(&self, text: &'t str) -> Word<'t> {
        let lower = text.to_lowercase_smolstr();
        Word { text, number: self.words.binary_search(&lower.as_str()).ok(), lower }
    }

    /// Whether a word stands for two parts that follow each other.
    pub(super) fn is_both(&self, word: &Word<'_>, first: &Part, second: &Part) -> bool {
        word.lower == "cannot" && first.lists(self.can) && second.lists(self.not)
    }

    /// The phrases each of whose own words may stand in a sentence: most have one that it lacks.
    pub(super) fn of<'s>(&'s self, sentence: &[Word<'_>]) -> impl Iterator<Item = &'s Phrase> {
        let mut stands = vec![false; self.words.len()];
        for word in sentence {
            let both = [self.can, self.not].into_iter().filter(|_| word.lower == "cannot");
            for number in both.chain([word.number]).flatten() {
                stands[number] = true;
            }
        }
        self.phrases.iter().filter(move |phrase| {
            phrase.parts.iter().all(|part| match part {
                Part::Words(words) => words.iter().any(|&word| stands[word]),
                Part::Slot(_) => true,
            })
        })
    }
}

/// The name of a slot.
fn slot(part: &'static str) -> Option<&'static str> {
    part.strip_prefix('{')?.strip_suffix('}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_phrases_whose_words_all_stand_there() {
        let table =
            Table::new(&[("{p} has|have {n}", "1"), ("{p} can not be {s}", "2"), ("{*x}", "3")]);
        let of = |text: &str| -> Vec<&str> {
            let words: Vec<Word<'_>> = text.split(' ').map(|word| table.word(word)).collect();
            table.of(&words).map(|phrase| phrase.to).collect()
        };
        assert_eq!(of("Rooms HAVE beds"), ["1", "3"]);
        assert_eq!(of("rooms cannot be let"), ["2", "3"]);
        assert_eq!(of("rooms can be let"), ["3"]);
    }
}
