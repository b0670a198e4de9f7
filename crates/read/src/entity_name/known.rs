//! The entities that documents name.

use crate::words::{fold, last_part};

/// The entities that documents name, to recognise their names in other places.
#[derive(Debug, Default)]
pub(crate) struct KnownEntities {
    names: indexmap::IndexMap<String, String>,
}

impl KnownEntities {
    pub(crate) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    pub(crate) fn add(&mut self, name: &str) {
        let folded = fold(name);
        if !folded.is_empty() {
            self.names.entry(folded).or_insert_with(|| name.to_owned());
        }
    }

    /// The one entity whose name ends with the words, such as "Intake Draft" for `CoinIntakeDraft`.
    pub(crate) fn ending_with(&self, words: &str) -> Option<&str> {
        let folded = fold(words);
        let mut hits = self.names.iter().filter(|(name, _)| name.ends_with(&folded));
        let (_, first) = hits.next()?;
        hits.all(|(_, other)| other == first).then_some(first.as_str())
    }

    /// Makes a table's name another name of its entity.
    pub(crate) fn add_alias(&mut self, alias: &str, name: &str) {
        let folded = fold(alias);
        if !folded.is_empty() {
            self.names.entry(folded).or_insert_with(|| name.to_owned());
        }
    }

    /// The first spelling of an entity, given any.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.names
            .get(&fold(name))
            .or_else(|| self.names.get(&fold(last_part(name))))
            .map(String::as_str)
    }
}
