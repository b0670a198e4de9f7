//! The entities that documents name.

use crate::words::{fold, last_part};

/// The entities that documents name, to recognise their names in other places.
#[derive(Debug, Default)]
pub(crate) struct KnownEntities {
    names: indexmap::IndexMap<String, String>,
    /// The folded names from their last character on, in order, to find those with an ending.
    reversed: std::collections::BTreeMap<String, String>,
}

impl KnownEntities {
    /// How many entities there are, each counted once however many names it has.
    pub(crate) fn count(&self) -> usize {
        let distinct: std::collections::BTreeSet<&str> =
            self.names.values().map(String::as_str).collect();
        distinct.len()
    }

    pub(crate) fn add(&mut self, name: &str) {
        self.add_alias(name, name);
    }

    /// The one entity whose name ends with the words, such as "Intake Draft" for `CoinIntakeDraft`.
    pub(crate) fn ending_with(&self, words: &str) -> Option<&str> {
        let ending = backwards(&fold(words));
        let mut hits = self
            .reversed
            .range(ending.clone()..)
            .take_while(|(name, _)| name.starts_with(&ending))
            .map(|(_, entity)| entity);
        let first = hits.next()?;
        hits.all(|other| other == first).then_some(first.as_str())
    }

    /// Makes a table's name another name of its entity.
    pub(crate) fn add_alias(&mut self, alias: &str, name: &str) {
        let folded = fold(alias);
        if !folded.is_empty() {
            self.reversed.entry(backwards(&folded)).or_insert_with(|| name.to_owned());
            self.names.entry(folded).or_insert_with(|| name.to_owned());
        }
    }

    /// The first spelling of an entity, given any.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let last = last_part(name);
        self.names
            .get(&fold(name))
            .or_else(|| (last.len() < name.len()).then(|| self.names.get(&fold(last))).flatten())
            .map(String::as_str)
    }
}

fn backwards(text: &str) -> String {
    text.chars().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ending_names_an_entity_where_no_other_has_it() {
        let mut known = KnownEntities::default();
        for name in ["CoinIntakeDraft", "Offer Draft", "Event Occurrence"] {
            known.add(name);
        }
        known.add_alias("event_occurrences", "Event Occurrence");
        assert_eq!(known.ending_with("Intake Drafts"), Some("CoinIntakeDraft"));
        assert_eq!(known.ending_with("occurrence"), Some("Event Occurrence"));
        assert_eq!(known.ending_with("draft"), None, "two end so");
        assert_eq!(known.ending_with("event"), None);
    }
}
