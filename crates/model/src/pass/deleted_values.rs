//! Keys of rows that are marked as deleted instead of going: whether a new row may have the value of a deleted one is for
//! the documents to say.

use crate::draft::Draft;
use crate::{EntityId, Model};

/// The kind of the question.
pub(crate) const QUESTION: &str = "deleted-values";

/// Asks about each entity with such rows and with a key of which nothing else is said; changes nothing else.
pub(crate) fn run(draft: &mut Draft<'_>) {
    let open: Vec<EntityId> =
        draft.model.entities().map(|(id, _)| id).filter(|&id| is_open(&draft.model, id)).collect();
    for id in open {
        let entity = draft.model.entity(id);
        let (name, source) = (entity.name.clone(), entity.source);
        draft.ask(
            QUESTION,
            &name,
            format!("May a new `{name}` have the unique values of one that is marked as deleted?"),
            "yes: a key is unique among the rows that are not deleted",
            Some(source),
        );
    }
}

fn is_open(model: &Model, id: EntityId) -> bool {
    let entity = model.entity(id);
    let has_key = entity.unique.iter().any(|key| key.condition.is_none())
        || model.fields_of(id).any(|(id, field)| field.unique && !entity.primary_key.contains(&id));
    has_key
        && entity.deleted_values.all.is_none()
        && entity.deleted_values.of.is_empty()
        && model.deletion_mark(id).is_some()
}

#[cfg(test)]
mod tests {
    use crate::test_support::Facts;

    fn asked(rules: &[&str]) -> usize {
        let facts = Facts::default()
            .entity("Person")
            .field("Person", "id: uuid*")
            .field("Person", "email: text!")
            .field("Person", "deleted_at: timestamp");
        let facts = rules.iter().fold(facts, |facts, rule| facts.rule("Person", rule));
        let model = facts.build().0;
        model.questions.iter().filter(|it| it.id.ends_with(super::QUESTION)).count()
    }

    #[test]
    fn only_where_a_key_is_open() {
        assert_eq!(asked(&["email must be unique"]), 1);
        assert_eq!(asked(&[]), 0);
        assert_eq!(asked(&["email must be unique among rows not deleted"]), 0);
        assert_eq!(asked(&["email must be unique", "emails are never reused"]), 0);
    }
}
