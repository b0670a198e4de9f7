//! References that are called as the key of another entity is: `plate` of a Permit, where vehicles are told by their `plate`.

use std::collections::BTreeMap;

use crate::draft::Draft;
use crate::names::fold_field;
use crate::{EntityId, FieldId};

/// Names of keys that say nothing of whose they are.
const COMMON_KEYS: &[&str] = &[
    "id",
    "key",
    "code",
    "name",
    "number",
    "no",
    "nr",
    "uuid",
    "guid",
    "slug",
    "email",
    "date",
    "year",
    "type",
    "kind",
    "status",
    "title",
    "label",
    "pk",
    "ref",
    "reference",
    "position",
];

/// Entities by the name of their key, where it has a name of its own.
#[derive(Debug, Default)]
pub(super) struct OwnKeys(BTreeMap<String, Vec<EntityId>>);

impl OwnKeys {
    pub(super) fn new(draft: &Draft<'_>) -> Self {
        let mut keys: BTreeMap<String, Vec<EntityId>> = BTreeMap::new();
        for (id, entity) in draft.model.entities() {
            let [key] = entity.primary_key[..] else { continue };
            let name = fold_field(&draft.model.field(key).name);
            if !COMMON_KEYS.contains(&name.as_str()) {
                keys.entry(name).or_default().push(id);
            }
        }
        Self(keys)
    }

    /// The only other entity whose key a field is called as.
    pub(super) fn named_by(&self, draft: &Draft<'_>, field: FieldId) -> Option<EntityId> {
        let of = draft.model.field(field);
        let [target] = self.0.get(&fold_field(&of.name))?[..] else { return None };
        let [key] = draft.model.entity(target).primary_key[..] else { return None };
        let is_other = target != of.entity && !draft.is_value_object(target);
        (is_other && draft.model.field(key).kind == of.kind).then_some(target)
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::Facts;

    fn target(field: &str) -> Option<String> {
        let (model, _) = Facts::default()
            .entity("Vehicle")
            .field("Vehicle", "plate: text*")
            .entity("Zone")
            .field("Zone", "code: text*")
            .entity("Permit")
            .field("Permit", "id: uuid*")
            .field("Permit", field)
            .build();
        let field = model.fields.last().expect("a field");
        field.references.as_ref().map(|it| model.entity(it.entity).name.clone())
    }

    #[test]
    fn called_as_the_key_of_another() {
        assert_eq!(target("plate: text!").as_deref(), Some("Vehicle"));
        assert_eq!(target("code: text!"), None, "a name that any entity has");
        assert_eq!(target("plate: integer!"), None, "of another type");
    }
}
