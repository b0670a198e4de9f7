//! Fields whose type is several rows of another entity, `tags: Tag[]`: no column holds them, they are a relationship.

use std::collections::{BTreeMap, BTreeSet};

use underpin_read::{EntityKind, Fact, FieldFact, Statement};

use crate::draft::Draft;
use crate::{Cardinality, EntityId};

/// The entity whose rows a field lists, where its type says so.
pub(super) fn listed(draft: &mut Draft<'_>, field: &FieldFact) -> Option<EntityId> {
    if field.references.is_some() || !field.enum_values.is_empty() {
        return None;
    }
    let words = draft.type_words(field.type_text.as_deref()?);
    if !words.list {
        return None;
    }
    let target = draft.entity(words.reference.as_ref().or(words.named.as_ref())?)?;
    (draft.model.entity(target).kind != EntityKind::ValueObject).then_some(target)
}

/// A field that lists rows: its entity, that of the rows, and how many of each there are, where that is known.
pub(super) struct Collection<'s> {
    pub(super) owner: EntityId,
    pub(super) target: EntityId,
    pub(super) cardinality: Option<Cardinality>,
    pub(super) statement: &'s Statement,
    pub(super) field: &'s FieldFact,
}

/// All of them. Rows that list each other, and rows that several entities list, belong to many.
pub(super) fn all<'s>(draft: &mut Draft<'s>) -> Vec<Collection<'s>> {
    let mut found = Vec::new();
    for statement in draft.statements {
        let Fact::Field { entity, field } = &statement.fact else { continue };
        let Some(target) = listed(draft, field) else { continue };
        let Some(owner) = draft.entity(entity) else { continue };
        let text = field.type_text.as_deref().unwrap_or_default();
        let cardinality = draft.type_words(text).cardinality;
        found.push(Collection { owner, target, cardinality, statement, field });
    }
    let mut owners: BTreeMap<EntityId, BTreeSet<EntityId>> = BTreeMap::new();
    for one in &found {
        owners.entry(one.target).or_default().insert(one.owner);
    }
    let lists = |one: EntityId, other: EntityId| {
        owners.get(&other).is_some_and(|owners| owners.contains(&one))
    };
    for one in &mut found {
        let refers_back = draft.model.entity(one.target).fields.iter().any(|&field| {
            draft.model.field(field).references.as_ref().is_some_and(|it| it.entity == one.owner)
        });
        let is_shared = owners.get(&one.target).is_some_and(|it| it.len() > 1);
        let is_mutual = one.owner != one.target && lists(one.target, one.owner);
        if is_mutual || is_shared && !refers_back {
            one.cardinality.get_or_insert(Cardinality::ManyToMany);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::Cardinality;
    use crate::test_support::Facts;

    fn related(facts: Facts) -> Vec<(String, String, Cardinality)> {
        let model = facts.build().0;
        assert!(!model.fields.iter().any(|field| field.name == "parts"), "no column holds rows");
        let name = |id| model.entity(id).name.clone();
        model.relationships.iter().map(|it| (name(it.from), name(it.to), it.cardinality)).collect()
    }

    fn house() -> Facts {
        Facts::default()
            .entity("House")
            .field("House", "id: uuid*")
            .entity("Room")
            .field("Room", "id: uuid*")
    }

    #[test]
    fn rows_that_a_field_lists_are_a_relationship() {
        let one = house().field("House", "parts: Room[]");
        let pair = |cardinality| vec![("House".to_owned(), "Room".to_owned(), cardinality)];
        assert_eq!(related(one), pair(Cardinality::OneToMany));
        let back =
            house().field("House", "parts: List<Room>").field("Room", "house_id: uuid! -> House");
        assert_eq!(related(back), pair(Cardinality::OneToMany));
        let both = house().field("House", "parts: Room[]").field("Room", "parts: House[]");
        assert_eq!(related(both), pair(Cardinality::ManyToMany));
        let said = house().field("House", "parts: ManyToManyField(Room)");
        assert_eq!(related(said), pair(Cardinality::ManyToMany));
    }

    #[test]
    fn rows_that_several_list_belong_to_many() {
        let facts = house()
            .entity("Barn")
            .field("Barn", "id: uuid*")
            .field("House", "parts: Room[]")
            .field("Barn", "parts: Room[]");
        assert!(related(facts).iter().all(|(_, _, it)| *it == Cardinality::ManyToMany));
    }

    #[test]
    fn lists_of_values_stay_fields() {
        let model =
            house().field("House", "colours: text[]").field("House", "moods: Mood[]").build().0;
        assert_eq!(model.fields.len(), 4);
        assert!(model.relationships.is_empty());
    }
}
