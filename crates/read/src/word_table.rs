//! Whether a word is one of hundreds of fixed words: one look, where a list would be compared word by word.

/// Fixed words in lower case, by what tells most of them apart at a glance.
#[derive(Debug)]
pub(crate) struct WordTable {
    slots: Vec<Vec<&'static str>>,
}

/// A power of two, about as many as the longest list has words.
const SLOTS: usize = 512;

impl WordTable {
    /// Holds the words of all lists.
    pub(crate) fn new(lists: &[&'static [&'static str]]) -> Self {
        let mut slots = vec![Vec::new(); SLOTS];
        for &word in lists.iter().copied().flatten() {
            slots[slot(word)].push(word);
        }
        Self { slots }
    }

    pub(crate) fn contains(&self, word: &str) -> bool {
        self.slots[slot(word)].contains(&word)
    }
}

/// By the first two letters, the last one and the length.
fn slot(word: &str) -> usize {
    let bytes = word.as_bytes();
    let at = |place: usize| bytes.get(place).map_or(0, |&byte| usize::from(byte));
    let last = at(bytes.len().wrapping_sub(1));
    (at(0) ^ at(1) << 3 ^ last << 1 ^ bytes.len() << 5) % SLOTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_a_list_would_say() {
        const WORDS: &[&str] = &["id", "name", "unit price", "é", "nams"];
        let table = WordTable::new(&[WORDS, &["more"]]);
        for word in WORDS.iter().chain(&["more"]) {
            assert!(table.contains(word), "{word}");
        }
        for word in ["", "i", "ID", "nabs", "names", "unit", "price", "è", "mare"] {
            assert!(!table.contains(word), "{word}");
        }
    }
}
