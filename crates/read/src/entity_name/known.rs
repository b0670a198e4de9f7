//! The entities that documents name.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::words::{fold, last_part};

/// The entities that documents name, to recognise their names in other places.
#[derive(Debug, Default)]
pub(crate) struct KnownEntities {
    /// What was known before the part of a document that is being read.
    before: Option<Arc<Self>>,
    names: indexmap::IndexMap<String, String>,
    /// The folded names from their last character on, in order, to find those with an ending.
    reversed: BTreeMap<String, String>,
    /// The folded names in order, to find those with a beginning.
    ordered: BTreeMap<String, String>,
    /// A bit for each beginning that a name has; several beginnings share one.
    beginnings: Vec<u64>,
}

/// So many names with one beginning, and it singles out none of them.
const LOOKED_AT: usize = 50;

/// How many bits tell beginnings apart.
const BEGINNINGS: usize = 1 << 14;

impl KnownEntities {
    /// What is known while a part of a document is read beside others: this, and what the part adds.
    pub(crate) fn after(before: Arc<Self>) -> Self {
        Self { before: Some(before), ..Self::default() }
    }

    /// Leaves what the part added.
    pub(crate) fn forget_before(&mut self) {
        self.before = None;
    }

    /// Adds the entities that a part added.
    pub(crate) fn add_all(&mut self, more: Self) {
        for (folded, name) in more.names {
            self.add_folded(folded, &name);
        }
    }

    fn layers(&self) -> impl Iterator<Item = &Self> {
        self.before.as_deref().into_iter().chain([self])
    }

    /// How many entities there are, each counted once however many names it has.
    pub(crate) fn count(&self) -> usize {
        let names = self.layers().flat_map(|it| it.names.values());
        let distinct: std::collections::BTreeSet<&str> = names.map(String::as_str).collect();
        distinct.len()
    }

    pub(crate) fn add(&mut self, name: &str) {
        self.add_alias(name, name);
    }

    /// The one entity whose name ends with the words, such as "Intake Draft" for `CoinIntakeDraft`.
    pub(crate) fn ending_with<'s>(&'s self, words: &str) -> Option<&'s str> {
        let ending = backwards(&fold(words));
        let of_layer = |it: &'s Self| {
            let from = it.reversed.range(ending.clone()..);
            from.take_while(|(name, _)| name.starts_with(&ending)).map(|(_, entity)| entity)
        };
        let mut hits = self.layers().flat_map(of_layer);
        let first = hits.next()?;
        hits.all(|other| other == first).then_some(first.as_str())
    }

    /// The one entity whose name has a word for its beginning: `audit_logs` for "audit".
    pub(crate) fn beginning_with<'s>(&'s self, word: &str) -> Option<&'s str> {
        let beginning = fold(word);
        let of_layer = |it: &'s Self| {
            let from = it.ordered.range(beginning.clone()..);
            from.take_while(|(name, _)| name.starts_with(&beginning)).take(LOOKED_AT)
        };
        let mut hits = self
            .layers()
            .flat_map(of_layer)
            .map(|(_, entity)| entity.as_str())
            .filter(|entity| ends_word(entity, beginning.chars().count()));
        let first = hits.next()?;
        hits.all(|other| other == first).then_some(first)
    }

    /// Makes a table's name another name of its entity.
    pub(crate) fn add_alias(&mut self, alias: &str, name: &str) {
        self.add_folded(fold(alias), name);
    }

    fn add_folded(&mut self, folded: String, name: &str) {
        let is_known = self.before.as_ref().is_some_and(|it| it.names.contains_key(&folded));
        if !folded.is_empty() && !is_known {
            self.reversed.entry(backwards(&folded)).or_insert_with(|| name.to_owned());
            self.ordered.entry(folded.clone()).or_insert_with(|| name.to_owned());
            // A shorter name is never looked for by its beginning.
            if let Some(bit) = beginning(&folded) {
                self.beginnings.resize(BEGINNINGS / 64, 0);
                self.beginnings[bit / 64] |= 1 << (bit % 64);
            }
            self.names.entry(folded).or_insert_with(|| name.to_owned());
        }
    }

    /// Lets `MemberRecord` be called a member, where nothing else is.
    pub(crate) fn shorten_records(&mut self) {
        let stems = self.names.values().filter_map(|name| {
            let stem =
                ["Record", "Entity", "Model"].iter().find_map(|end| name.strip_suffix(end))?;
            let stem = stem.trim_end_matches([' ', '_']);
            let is_new = stem.len() > 2 && !self.names.contains_key(&fold(stem));
            is_new.then(|| (stem.to_owned(), name.clone()))
        });
        for (stem, name) in stems.collect::<Vec<_>>() {
            self.add_alias(&stem, &name);
        }
    }

    /// The first spelling of an entity, given any.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        spellings(name).find_map(|folded| self.get_folded(&folded))
    }

    /// The first spelling of an entity, given its folded name.
    pub(crate) fn get_folded(&self, folded: &str) -> Option<&str> {
        self.layers().find_map(|it| it.names.get(folded)).map(String::as_str)
    }

    /// Whether a name may begin with this word: most words are ruled out without a look at those behind.
    pub(crate) fn may_begin(&self, word: &str) -> bool {
        beginning(word).is_none_or(|bit| {
            let has = |bits: &u64| bits & (1 << (bit % 64)) != 0;
            self.layers().any(|it| it.beginnings.get(bit / 64).is_some_and(has))
        })
    }
}

/// The folded names that one may be known by: the whole, and the last part of `shop.orders`.
pub(crate) fn spellings(name: &str) -> impl Iterator<Item = String> {
    let last = last_part(name);
    let last = (last.len() < name.len()).then_some(last);
    std::iter::once(name).chain(last).map(fold)
}

/// A number for the first three letters and digits of a name, the same for all of its spellings: folding
/// makes an `i` of a `y` and leaves three of them. None where it has fewer.
fn beginning(name: &str) -> Option<usize> {
    let mut letters = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
    let mut number = 0;
    for _ in 0..3 {
        let letter = match letters.next()? {
            'y' => 'i',
            other => other,
        };
        number = (number * 37 + letter as usize) % BEGINNINGS;
    }
    Some(number)
}

/// Whether a word of the name ends behind so many letters.
fn ends_word(name: &str, letters: usize) -> bool {
    let mut rest = name.chars();
    let mut seen = 0;
    while seen < letters {
        match rest.next() {
            Some(c) if c.is_alphanumeric() => seen += 1,
            Some(_) => {}
            None => return false,
        }
    }
    rest.next().is_none_or(|c| !c.is_lowercase())
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
        assert_eq!(known.beginning_with("coin"), Some("CoinIntakeDraft"));
        assert_eq!(known.beginning_with("events"), Some("Event Occurrence"));
        assert_eq!(known.beginning_with("off"), None, "no word ends there");
        known.add("MemberRecord");
        known.add("OfferRecord");
        known.add("Offer");
        known.shorten_records();
        assert_eq!(known.get("members"), Some("MemberRecord"));
        assert_eq!(known.get("offers"), Some("Offer"));
        assert_eq!(known.get("records"), None);
    }
}
