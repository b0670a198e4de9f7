//! Which entity has a field, or most of some.

use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use super::Output;
use crate::words::{fold, lower_words};

/// So many entities with one field, and it singles out none of them: what has only such fields is no
/// longer looked for among all.
const COMMON: usize = 200;

/// How many fields of one beginning are compared word by word.
const LOOKED_AT: usize = 16 * COMMON;

impl Output {
    /// The folded names of the entities that have a field whose folded name the test lets pass, which it does
    /// from `beginning` on; with that name.
    fn owners_while<'s>(
        &'s self,
        beginning: &str,
        is_meant: impl Fn(&str) -> bool + Copy,
    ) -> impl Iterator<Item = (&'s str, &'s str)> {
        let of_layer = move |it: &'s Self| {
            let from = it.owners.range::<str, _>((Bound::Included(beginning), Bound::Unbounded));
            from.take_while(move |(name, _)| is_meant(name))
        };
        let of_name = |(name, owners): (&'s String, &'s BTreeSet<String>)| {
            owners.iter().map(move |owner| (name.as_str(), owner.as_str()))
        };
        self.layers().flat_map(of_layer).flat_map(of_name)
    }

    /// Those that have a field of this folded name.
    fn owners_of<'s>(&'s self, folded: &str) -> impl Iterator<Item = &'s str> {
        self.owners_while(folded, move |name| name == folded).map(|(_, owner)| owner)
    }

    /// Whether any entity has a field of this name.
    pub(crate) fn is_field(&self, name: &str) -> bool {
        let folded = fold(name);
        self.owners_of(&folded).any(|owner| self.known.get(owner).is_some())
    }

    /// The only one of the entities that have a field of this name that the test lets pass. Thousands may have it, so
    /// that nobody looks further than to the second.
    pub(crate) fn only_entity_with(
        &self,
        name: &str,
        is_meant: impl Fn(&str) -> bool,
    ) -> Option<&str> {
        let folded = fold(name);
        let owners = self.owners_of(&folded).filter_map(|owner| self.known.get(owner));
        let mut meant = owners.filter(|owner| is_meant(owner));
        let only = meant.next()?;
        meant.next().is_none().then_some(only)
    }

    /// The one entity that has a field of this name.
    pub(crate) fn only_owner_of(&self, field: &str) -> Option<&str> {
        let folded = fold(field);
        let mut owners = self.owners_of(&folded);
        let owner = owners.next()?;
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
            for owner in self.owners_of(&folded) {
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
        let mut names = self.layers().flat_map(|it| it.fields.keys());
        let first = names.next()?;
        names.all(|other| other == first).then_some(first)
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
                let known = self.field_folded(owner, name);
                known.is_some_and(|known| lower_words(known).starts_with(&wanted))
            };
            let mut owners: BTreeSet<&str> = self.owners_of(&folded).take(COMMON + 1).collect();
            if by_beginning && owners.len() <= COMMON {
                // The ending that folding cuts off is not the end of a longer name.
                let beginning = wanted.concat().replace(['_', '\''], "");
                let longer = self.owners_while(&beginning, |name| name.starts_with(&beginning));
                let longer = longer.take(LOOKED_AT);
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
                self.field_folded(owner, folded).is_some()
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
