//! Where a text holds a phrase. `str::find` prepares a search each time that it is called, which pays in long texts; in
//! a sentence it costs many times what a look at each place does, and reading tries hundreds of phrases on each. So what
//! looks for several first notes which bytes stand side by side: most phrases hold a pair that the text does not.

use std::ops::Deref;

/// Looks for phrases in a short text. All are searched as they are: bring the text to lower case before.
pub trait Phrases {
    /// The text.
    fn searched(&self) -> &str;

    /// Where the phrase first stands.
    fn place_of(&self, phrase: &str) -> Option<usize>;

    /// Whether the phrase stands anywhere.
    fn holds(&self, phrase: &str) -> bool {
        self.place_of(phrase).is_some()
    }

    /// What stands before and behind the first place of the phrase.
    fn cut_at(&self, phrase: &str) -> Option<(&str, &str)> {
        let at = self.place_of(phrase)?;
        Some((&self.searched()[..at], &self.searched()[at + phrase.len()..]))
    }

    /// The first of the phrases that stands in the text anywhere, and where.
    fn first_of<'p>(&self, phrases: &[&'p str]) -> Option<(&'p str, usize)> {
        phrases.iter().find_map(|phrase| Some((*phrase, self.place_of(phrase)?)))
    }

    /// As [`Self::cut_at`], at the first of the phrases that stands anywhere.
    fn cut_at_any(&self, phrases: &[&str]) -> Option<(&str, &str)> {
        let (phrase, at) = self.first_of(phrases)?;
        Some((&self.searched()[..at], &self.searched()[at + phrase.len()..]))
    }
}

/// So many phrases are worth a walk through the text to note its pairs.
const SEVERAL: usize = 3;

impl Phrases for str {
    fn searched(&self) -> &str {
        self
    }

    fn place_of(&self, phrase: &str) -> Option<usize> {
        let (text, phrase) = (self.as_bytes(), phrase.as_bytes());
        let last = text.len().checked_sub(phrase.len())?;
        let &[first, second, ..] = phrase else {
            // Nothing stands everywhere.
            return phrase.first().map_or(Some(0), |first| text.iter().position(|it| it == first));
        };
        // Of the two, the byte that tells more places apart: each word begins with a space.
        let (rare, from) = if first == b' ' { (second, 1) } else { (first, 0) };
        let holds = |at: usize| {
            text[at] == first && text[at + 1] == second && &text[at..at + phrase.len()] == phrase
        };
        memchr::memchr_iter(rare, &text[from..=last + from]).find(|&at| holds(at))
    }

    fn first_of<'p>(&self, phrases: &[&'p str]) -> Option<(&'p str, usize)> {
        let pairs = if phrases.len() < SEVERAL { Pairs::ALL } else { Pairs::of(self) };
        let mut may_stand = phrases.iter().filter(|phrase| pairs.may_hold(phrase));
        may_stand.find_map(|phrase| Some((*phrase, self.place_of(phrase)?)))
    }
}

/// Which bytes stand side by side in a text: one bit for each pair, and several pairs share one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Pairs([u64; 8]);

impl Pairs {
    /// Those of any text.
    const ALL: Self = Self([u64::MAX; 8]);

    fn of(text: &str) -> Self {
        let mut pairs = [0; 8];
        for pair in text.as_bytes().windows(2) {
            let (word, bit) = Self::place(pair[0], pair[1]);
            pairs[word] |= bit;
        }
        Self(pairs)
    }

    const fn place(first: u8, second: u8) -> (usize, u64) {
        // The letters of a text differ in their lower five bits.
        let mixed = (first as usize * 19) ^ (second as usize);
        (mixed >> 6 & 7, 1 << (mixed & 63))
    }

    /// `false` where the phrase does not stand in the text; a look at its first pairs tells most.
    fn may_hold(&self, phrase: &str) -> bool {
        phrase.as_bytes().windows(2).take(4).all(|pair| {
            let (word, bit) = Self::place(pair[0], pair[1]);
            self.0[word] & bit != 0
        })
    }
}

/// A text in lower case in which phrases are looked for again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lowered {
    text: String,
    pairs: Pairs,
}

impl Lowered {
    /// Brings the ASCII letters of a text to lower case, so that places in both are the same.
    pub fn new(text: &str) -> Self {
        let text = text.to_ascii_lowercase();
        Self { pairs: Pairs::of(&text), text }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl Deref for Lowered {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl Phrases for Lowered {
    fn searched(&self) -> &str {
        &self.text
    }

    fn place_of(&self, phrase: &str) -> Option<usize> {
        self.pairs.may_hold(phrase).then(|| self.text.place_of(phrase))?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_the_standard_search() {
        let texts =
            ["", "a", "aa", "aab", "a b is c", " is ", "it is as it is", "\u{e9} is \u{e9}"];
        let phrases =
            ["", "a", "ab", "b", " is ", "is", "aab", "it is as it is it", "\u{e9}", "s a"];
        for text in texts {
            for phrase in phrases {
                assert_eq!(text.place_of(phrase), text.find(phrase), "{text:?} {phrase:?}");
                assert_eq!(text.cut_at(phrase), text.split_once(phrase), "{text:?} {phrase:?}");
                let lowered = Lowered::new(text);
                assert_eq!(lowered.place_of(phrase), text.find(phrase), "{text:?} {phrase:?}");
                assert_eq!(lowered.cut_at(phrase), text.split_once(phrase), "{text:?} {phrase:?}");
                let many = ["no such", phrase, "nor this", "nor that"];
                let found = text.find(phrase).map(|at| (phrase, at));
                assert_eq!(text.first_of(&many), found, "{text:?} {phrase:?}");
                assert_eq!(lowered.first_of(&many), found, "{text:?} {phrase:?}");
                assert_eq!(text.cut_at_any(&many), text.split_once(phrase), "{text:?} {phrase:?}");
            }
        }
    }

    #[test]
    fn the_order_of_the_phrases_counts() {
        assert_eq!("it is or was".first_of(&[" was", " is "]), Some((" was", 8)));
        assert_eq!("it is".first_of(&[" was"]), None);
    }
}
