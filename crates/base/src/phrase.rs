//! Where a text holds a phrase. `str::find` prepares a search each time that it is called, which pays in long texts; in
//! a sentence it costs many times what a look at each place does, and reading tries hundreds of phrases on each.

/// Looks for phrases in a short text. All are searched as they are: bring the text to lower case before.
pub trait Phrases {
    /// Where the phrase first stands.
    fn place_of(&self, phrase: &str) -> Option<usize>;

    /// What stands before and behind the first place of the phrase.
    fn cut_at(&self, phrase: &str) -> Option<(&str, &str)>;

    /// The first of the phrases that stands in the text anywhere, and where.
    fn first_of<'p>(&self, phrases: &[&'p str]) -> Option<(&'p str, usize)> {
        phrases.iter().find_map(|phrase| Some((*phrase, self.place_of(phrase)?)))
    }

    /// As [`Self::cut_at`], at the first of the phrases that stands anywhere.
    fn cut_at_any(&self, phrases: &[&str]) -> Option<(&str, &str)> {
        phrases.iter().find_map(|phrase| self.cut_at(phrase))
    }
}

impl Phrases for str {
    fn place_of(&self, phrase: &str) -> Option<usize> {
        let (text, phrase) = (self.as_bytes(), phrase.as_bytes());
        let last = text.len().checked_sub(phrase.len())?;
        let &[first, second, ..] = phrase else {
            // Nothing stands everywhere.
            return phrase.first().map_or(Some(0), |first| text.iter().position(|it| it == first));
        };
        // Most phrases begin with a space, as each word does: the byte behind it tells more places apart.
        memchr::memchr_iter(second, &text[1..last + 2])
            .find(|&at| text[at] == first && text[at..].starts_with(phrase))
    }

    fn cut_at(&self, phrase: &str) -> Option<(&str, &str)> {
        let at = self.place_of(phrase)?;
        Some((&self[..at], &self[at + phrase.len()..]))
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
            }
        }
    }

    #[test]
    fn the_order_of_the_phrases_counts() {
        assert_eq!("it is or was".first_of(&[" was", " is "]), Some((" was", 8)));
        assert_eq!("it is".first_of(&[" was"]), None);
    }
}
