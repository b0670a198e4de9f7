//! Ways through the model: ids to what they name, and from one thing to those beside it.

use crate::field_types::{Enumeration, Field, FieldKind};
use crate::pattern_types::{Group, Measure, Pattern};
use crate::types::{Entity, Lifecycle, Model, Ownership, Rule};
use crate::{EntityId, EnumId, External, ExternalId, FieldId, LifecycleId, PatternId, RuleId};

impl Model {
    /// The entity of an id.
    pub fn entity(&self, id: EntityId) -> &Entity {
        &self.entities[id.index()]
    }

    /// The field of an id.
    pub fn field(&self, id: FieldId) -> &Field {
        &self.fields[id.index()]
    }

    /// The field that says whether, or when, a row was deleted.
    pub fn deletion_mark(&self, entity: EntityId) -> Option<FieldId> {
        let marks = ["deleted_at", "deleted_on", "is_deleted", "deleted", "soft_deleted_at"];
        let found = self.fields_of(entity).find(|(_, field)| {
            matches!(field.kind, FieldKind::Timestamp | FieldKind::Date | FieldKind::Boolean)
                && marks.contains(&&*crate::names::snake(&field.name))
        });
        found.map(|(id, _)| id)
    }

    /// The outside entity of an id.
    pub fn external(&self, id: ExternalId) -> &External {
        &self.externals[id.index()]
    }

    /// The enumeration of an id.
    pub fn enumeration(&self, id: EnumId) -> &Enumeration {
        &self.enums[id.index()]
    }

    /// The rule of an id.
    pub fn rule(&self, id: RuleId) -> &Rule {
        &self.rules[id.index()]
    }

    /// The life cycle of an id.
    pub fn lifecycle(&self, id: LifecycleId) -> &Lifecycle {
        &self.lifecycles[id.index()]
    }

    /// The pattern of an id.
    pub fn pattern(&self, id: PatternId) -> &Pattern {
        &self.patterns[id.index()]
    }

    /// `count`, or `sum of amount`: what a pattern computes, as the model file says it.
    pub fn measure_text(&self, measure: &Measure) -> String {
        match measure.field {
            Some(field) => format!("{} of {}", measure.function.as_str(), self.field(field).name),
            None => measure.function.as_str().to_owned(),
        }
    }

    /// `status`, or `month of placed_at`: what a pattern gathers by, as the model file says it.
    pub fn group_text(&self, group: &Group) -> String {
        let path = self.field_path(group.field);
        match group.unit {
            Some(unit) => format!("{} of {path}", unit.as_str()),
            None => path,
        }
    }

    /// All entities with their ids.
    pub fn entities(&self) -> impl Iterator<Item = (EntityId, &Entity)> {
        self.entities.iter().enumerate().map(|(at, entity)| (EntityId::from_index(at), entity))
    }

    /// All patterns with their ids.
    pub fn patterns(&self) -> impl Iterator<Item = (PatternId, &Pattern)> {
        self.patterns.iter().enumerate().map(|(at, pattern)| (PatternId::from_index(at), pattern))
    }

    /// The fields of an entity with their ids, in order.
    pub fn fields_of(&self, entity: EntityId) -> impl Iterator<Item = (FieldId, &Field)> {
        self.entity(entity).fields.iter().map(|&id| (id, self.field(id)))
    }

    /// The context that owns an entity.
    pub fn owner(&self, entity: EntityId) -> Option<&Ownership> {
        self.ownerships.iter().find(|ownership| ownership.entity == entity)
    }

    /// The values that a field may take, where they are listed.
    pub fn values_of(&self, field: &Field) -> Option<&[String]> {
        let mut kind = &field.kind;
        while let FieldKind::List(inner) = kind {
            kind = inner;
        }
        let FieldKind::Enumeration(id) = kind else { return None };
        Some(&self.enumeration(*id).values)
    }

    /// `Entity.field`, for messages.
    pub fn field_path(&self, id: FieldId) -> String {
        let field = self.field(id);
        format!("{}.{}", self.entity(field.entity).name, field.name)
    }
}
