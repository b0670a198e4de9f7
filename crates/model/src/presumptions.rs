//! What is presumed of the rows of an entity where no document says so. Each kind of it has a file of its own; here is
//! what they all look up, gathered once, so that asking of every entity takes a time in proportion to the model.

use std::collections::{BTreeMap, BTreeSet};

use crate::{EntityId, FieldId, Model, Relationship, Rule};

/// A model, asked what is presumed where it says nothing.
#[derive(Debug)]
pub struct Presumptions<'m> {
    pub(crate) model: &'m Model,
    /// By entity.
    rules: Vec<Vec<&'m Rule>>,
    relationships: BTreeMap<FieldId, Vec<&'m Relationship>>,
    states: BTreeSet<FieldId>,
}

impl<'m> Presumptions<'m> {
    /// Those of a model.
    pub fn of(model: &'m Model) -> Self {
        let mut rules: Vec<Vec<&Rule>> = vec![Vec::new(); model.entities.len()];
        for rule in &model.rules {
            rules[rule.entity.index()].push(rule);
        }
        let mut relationships: BTreeMap<FieldId, Vec<&Relationship>> = BTreeMap::new();
        for relationship in &model.relationships {
            if let Some(field) = relationship.field {
                relationships.entry(field).or_default().push(relationship);
            }
        }
        let states = model.lifecycles.iter().map(|life| life.field).collect();
        Self { model, rules, relationships, states }
    }

    /// The rules of an entity.
    pub(crate) fn rules_of(&self, entity: EntityId) -> &[&'m Rule] {
        &self.rules[entity.index()]
    }

    /// The relationships that a field carries.
    pub(crate) fn relationships_by(&self, field: FieldId) -> &[&'m Relationship] {
        self.relationships.get(&field).map_or(&[], Vec::as_slice)
    }

    /// Whether a field holds the state of a life cycle.
    pub(crate) fn has_life_cycle(&self, field: FieldId) -> bool {
        self.states.contains(&field)
    }
}
