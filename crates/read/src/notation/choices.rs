//! The fields that take one of a list of values, found by those values.

use std::collections::{BTreeMap, BTreeSet};

use crate::FieldFact;
use crate::words::fold;

/// A field and the values that it may have, folded.
#[derive(Debug)]
struct Choice {
    entity: String,
    field: String,
    values: BTreeSet<String>,
    /// The values as they are written.
    spelled: Vec<String>,
}

/// All such fields that were stated so far.
#[derive(Debug, Default)]
pub(super) struct Choices {
    all: Vec<Choice>,
    /// For each folded value the fields that may have it.
    by_value: BTreeMap<String, Vec<usize>>,
    /// For each folded entity its fields.
    by_entity: BTreeMap<String, Vec<usize>>,
}

impl Choices {
    /// Notes a field, if it has values to choose from.
    pub(super) fn note(&mut self, entity: &str, field: &FieldFact) {
        if field.enum_values.is_empty() {
            return;
        }
        let values: BTreeSet<String> = field.enum_values.iter().map(|value| fold(value)).collect();
        for value in &values {
            self.by_value.entry(value.clone()).or_default().push(self.all.len());
        }
        self.by_entity.entry(fold(entity)).or_default().push(self.all.len());
        self.all.push(Choice {
            entity: entity.to_owned(),
            field: field.name.clone(),
            values,
            spelled: field.enum_values.clone(),
        });
    }

    /// Adds the fields that stand behind all that are here.
    pub(super) fn add_all(&mut self, more: Self) {
        let before = self.all.len();
        self.all.extend(more.all);
        let behind = |map: &mut BTreeMap<String, Vec<usize>>,
                      more: BTreeMap<String, Vec<usize>>| {
            for (key, fields) in more {
                map.entry(key).or_default().extend(fields.iter().map(|at| before + at));
            }
        };
        behind(&mut self.by_value, more.by_value);
        behind(&mut self.by_entity, more.by_entity);
    }

    /// The fields of an entity, by its folded name, with the values of each.
    pub(super) fn of<'s>(
        &'s self,
        entity: &str,
    ) -> impl Iterator<Item = (&'s str, &'s [String])> + use<'s> {
        let fields = self.by_entity.get(entity).into_iter().flatten().map(|&at| &self.all[at]);
        fields.map(|choice| (choice.field.as_str(), choice.spelled.as_slice()))
    }

    /// All values of the field of an entity that may have these.
    pub(super) fn values_with(&self, entity: &str, values: &[&str]) -> Option<&[String]> {
        let of_entity = |choice: &&Choice| fold(&choice.entity) == fold(entity);
        self.with(values).find(of_entity).map(|choice| &*choice.spelled)
    }

    /// The fields that may have all of these values, as entity and field, in the order in which they were
    /// stated.
    pub(super) fn with_all(&self, values: &[&str]) -> impl Iterator<Item = (&str, &str)> {
        self.with(values).map(|choice| (choice.entity.as_str(), choice.field.as_str()))
    }

    fn with(&self, values: &[&str]) -> impl Iterator<Item = &Choice> {
        let wanted: Vec<String> = values.iter().map(|value| fold(value)).collect();
        let first = wanted.first().and_then(|value| self.by_value.get(value));
        first
            .into_iter()
            .flatten()
            .map(|&at| &self.all[at])
            .filter(move |choice| wanted.iter().all(|value| choice.values.contains(value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_field_with_all_values_is_found() {
        let mut choices = Choices::default();
        let field = |name: &str, values: &[&str]| FieldFact {
            name: name.to_owned(),
            enum_values: values.iter().map(|&value| value.to_owned()).collect(),
            ..FieldFact::default()
        };
        choices.note("Stay", &field("status", &["Booked", "in", "out"]));
        choices.note("Order", &field("state", &["booked", "paid"]));
        let found = |values: &[&str]| choices.with_all(values).collect::<Vec<_>>();
        assert_eq!(found(&["booked"]), [("Stay", "status"), ("Order", "state")]);
        assert_eq!(found(&["booked", "out"]), [("Stay", "status")]);
        assert!(found(&["booked", "lost"]).is_empty());
        assert_eq!(choices.values_with("stays", &["in"]).unwrap(), ["Booked", "in", "out"]);
        assert!(choices.values_with("stays", &["paid"]).is_none());
    }
}
