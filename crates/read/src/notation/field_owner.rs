//! Which entity has a field, or most of some.

use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

use super::Output;
use crate::words::{fold, lower_words};

/// So many entities with one field, and it singles out none of them: what has only such fields is no
/// longer looked for among all.
const COMMON: usize = 200;

/// How many fields of one beginning are compared word by word.
const LOOKED_AT: usize = 16 * COMMON;

impl Output {
    /// The folded names of the entities that have a field whose folded name begins so, with that name.
    fn owners_of<'s>(&'s self, beginning: &str) -> impl Iterator<Item = (&'s str, &'s str)> {
        self.owners
            .range((beginning.to_owned(), String::new())..)
            .take_while(move |(name, _)| name.starts_with(beginning))
            .map(|(name, owner)| (name.as_str(), owner.as_str()))
    }

    /// The entities that have a field of this name.
    pub(crate) fn entities_with(&self, name: &str) -> Vec<&str> {
        let folded = fold(name);
        let having = self.owners_of(&folded).take_while(|(other, _)| *other == folded);
        having.filter_map(|(_, owner)| self.known.get(owner)).collect()
    }

    /// The one entity that has a field of this name.
    pub(crate) fn only_owner_of(&self, field: &str) -> Option<&str> {
        let folded = fold(field);
        let mut owners = self.owners_of(&folded).take_while(|(name, _)| *name == folded);
        let (_, owner) = owners.next()?;
        if owners.next().is_some() {
            return None;
        }
        self.known.get(owner)
    }

    /// The one entity that has a field of one of these names.
    pub(crate) fn only_owner_of_any(&self, fields: &[&str]) -> Option<String> {
        let mut only: Option<&str> = None;
        for field in fields {
            let folded = fold(field);
            for (_, owner) in self.owners_of(&folded).take_while(|(name, _)| *name == folded) {
                match only {
                    Some(known) if known != owner => return None,
                    Some(_) | None => only = Some(owner),
                }
            }
        }
        only.map(|only| self.known.get(only).unwrap_or(only).to_owned())
    }

    /// The one entity that has fields at all, folded.
    pub(crate) fn only_described(&self) -> Option<&str> {
        let ((first, _), _) = self.fields.first_key_value()?;
        let ((last, _), _) = self.fields.last_key_value()?;
        (first == last).then_some(first)
    }

    /// The one entity that has most of these fields, and how many. With `by_beginning`, "start" also
    /// means a field "start date".
    pub(crate) fn owner_of_most(
        &self,
        fields: &[&str],
        by_beginning: bool,
    ) -> Option<(&str, usize)> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let mut common = Vec::new();
        for field in fields {
            let folded = fold(field);
            let wanted = lower_words(field);
            let begins = |name: &str, owner: &str| {
                let known = self.fields.get(&(owner.to_owned(), name.to_owned()));
                known.is_some_and(|known| lower_words(known).starts_with(&wanted))
            };
            let exact = self.owners_of(&folded).take_while(|(name, _)| *name == folded);
            let mut owners: BTreeSet<&str> =
                exact.take(COMMON + 1).map(|(_, owner)| owner).collect();
            if by_beginning && owners.len() <= COMMON {
                // The ending that folding cuts off is not the end of a longer name.
                let beginning = wanted.concat().replace(['_', '\''], "");
                let longer = self.owners_of(&beginning).take(LOOKED_AT);
                let longer = longer.filter(|(name, owner)| begins(name, owner));
                owners.extend(longer.take(COMMON + 1).map(|(_, owner)| owner));
            }
            if owners.len() > COMMON {
                common.push((folded, wanted));
                continue;
            }
            for owner in owners {
                *counts.entry(owner).or_default() += 1;
            }
        }
        for (owner, count) in &mut counts {
            let has = |(folded, wanted): &&(String, Vec<SmolStr>)| {
                self.fields.contains_key(&((*owner).to_owned(), folded.clone()))
                    || by_beginning
                        && self.fields_of(owner).any(|it| lower_words(it).starts_with(wanted))
            };
            *count += common.iter().filter(has).count();
        }
        let most = counts.values().copied().max()?;
        let mut best = counts.into_iter().filter(|(_, count)| *count == most);
        let first = best.next()?;
        best.next().is_none().then_some(first)
    }
}
