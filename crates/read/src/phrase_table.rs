//! Where a text holds one of many fixed phrases, found in one walk through the text.

/// Fixed phrases in lower case, by the byte that each begins with.
#[derive(Debug)]
pub(crate) struct PhraseTable {
    by_first: Vec<Vec<(usize, &'static str)>>,
}

impl PhraseTable {
    /// The longest of several phrases that begin at one place is the one that counts.
    pub(crate) fn new(phrases: impl Iterator<Item = &'static str>) -> Self {
        let mut by_first: Vec<Vec<(usize, &'static str)>> = vec![Vec::new(); 256];
        for (at, phrase) in phrases.enumerate() {
            if let Some(&first) = phrase.as_bytes().first() {
                by_first[usize::from(first)].push((at, phrase));
            }
        }
        for list in &mut by_first {
            list.sort_by_key(|(_, phrase)| std::cmp::Reverse(phrase.len()));
        }
        Self { by_first }
    }

    /// The first place in a text in lower case where one of the phrases stands between such characters, and
    /// which phrase it is, by its number.
    pub(crate) fn find(
        &self,
        text: &str,
        may_stand_before: impl Fn(char) -> bool,
        may_stand_behind: impl Fn(&str) -> bool,
    ) -> Option<(usize, usize)> {
        let bytes = text.as_bytes();
        (0..bytes.len()).find_map(|at| {
            let some = &self.by_first[usize::from(bytes[at])];
            // Most letters stand inside a word.
            if some.is_empty() || !text[..at].chars().next_back().is_none_or(&may_stand_before) {
                return None;
            }
            let begins = some.iter().find(|(_, phrase)| {
                bytes[at..].starts_with(phrase.as_bytes())
                    && may_stand_behind(&text[at + phrase.len()..])
            });
            begins.map(|(number, _)| (at, *number))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_phrase_at_the_first_place() {
        let table = PhraseTable::new(["has", "has many", "is"].into_iter());
        let find = |text| {
            table.find(text, char::is_whitespace, |rest| rest.is_empty() || rest.starts_with(' '))
        };
        assert_eq!(find("this has many is"), Some((5, 1)));
        assert_eq!(find("é has"), Some((3, 0)));
        assert_eq!(find("hash"), None);
    }
}
