//! Rows beside an owner that a sentence does not name: those that put two things together, and those that are called after what
//! is done.

use super::super::super::clause::{Voice, root};
use super::super::scope::{Scope, bare};
use super::Sentence;
use crate::names::words;
use crate::{EntityId, FieldId, Model};

/// A phrase without some words before it.
pub(super) fn without<'p>(phrase: &'p str, list: &[&str]) -> &'p str {
    let mut rest = bare(phrase);
    while let Some((word, behind)) = rest.split_once(' ') {
        if !list.contains(&word) {
            break;
        }
        rest = bare(behind);
    }
    rest
}

/// Whether the rows of any entity are called after what is done.
pub(super) fn are_called(model: &Model, verb: &str) -> bool {
    let done = root(verb);
    let mut last = model.entities().filter_map(|(_, it)| words(&it.name).pop());
    last.any(|word| root(&word) == done)
}

impl Sentence<'_> {
    /// The rows that are called after what is done: "a retired vessel must not be filled" is said of its fillings.
    pub(super) fn called_after(&self, verb: &str, owner: EntityId) -> Option<(EntityId, FieldId)> {
        (self.clause.voice == Voice::Passive).then_some(())?;
        let mut found = self.model.entities().filter_map(|(id, entity)| {
            let last = words(&entity.name).pop()?;
            (id != owner && root(&last) == root(verb)).then_some(())?;
            Some((id, self.reference(id, owner)?))
        });
        let only = found.next()?;
        found.next().is_none().then_some(only)
    }

    /// The entity whose rows put an owner and what a noun names together: "only lendable objects can be put on a loan" is said
    /// of the items of loans.
    pub(super) fn joining(&self, noun: &str, owner: EntityId) -> Option<(EntityId, FieldId)> {
        let model = self.model;
        let named = self.named.iter().copied().filter(|&id| {
            let scope = Scope { model, entity: id, field: None };
            id != owner && scope.rows(noun) == Some(None)
        });
        let [other] = named.collect::<Vec<_>>()[..] else { return None };
        let all = model.entities().map(|(id, _)| id).filter(|&id| id != owner && id != other);
        let mut found = all.filter_map(|id| {
            self.reference(id, other)?;
            Some((id, self.reference(id, owner)?))
        });
        let only = found.next()?;
        found.next().is_none().then_some(only)
    }

    /// The one field by which rows of an entity refer to those of another.
    fn reference(&self, from: EntityId, to: EntityId) -> Option<FieldId> {
        let mut found = self
            .model
            .fields_of(from)
            .filter(|(_, field)| field.references.as_ref().is_some_and(|it| it.entity == to));
        let (only, _) = found.next()?;
        found.next().is_none().then_some(only)
    }
}
