//! Archetypes: assumed fields for entities of which no document says anything.

use underpin_read::EntityKind;

use crate::archetypes::{ARCHETYPES, Archetype};
use crate::draft::Draft;
use crate::names::fold_entity;
use crate::{EntityId, Field, Origin};

/// Assumes the fields of well-known things that have none.
pub(crate) fn run(draft: &mut Draft<'_>) {
    for id in draft.entity_ids() {
        let entity = draft.model.entity(id);
        if !entity.fields.is_empty() || entity.kind != EntityKind::Entity {
            continue;
        }
        let names = std::iter::once(&entity.name).chain(&entity.aliases);
        let found = names.map(|name| fold_entity(name)).find_map(|name| {
            ARCHETYPES.iter().find(|it| it.names.iter().any(|known| fold_entity(known) == name))
        });
        if let Some(archetype) = found {
            assume(draft, id, archetype);
        }
    }
}

fn assume(draft: &mut Draft<'_>, id: EntityId, archetype: &Archetype) {
    let entity = draft.model.entity(id);
    let (name, source) = (entity.name.clone(), entity.source);
    let reason = format!("no document says what is stored of a `{name}`; this usually is");
    for &(field, values, required) in archetype.fields {
        draft.add_field(Field {
            entity: id,
            name: field.to_owned(),
            named: false,
            kind: values.kind(),
            type_text: None,
            required: Some(required),
            marked: true,
            unique: false,
            ignores_case: false,
            default: None,
            references: None,
            external: None,
            rules: Vec::new(),
            sensitivity: None,
            unit: None,
            description: None,
            origin: Origin::Assumed(reason.clone()),
            source,
        });
    }
    let fields: Vec<String> =
        archetype.fields.iter().map(|(field, _, _)| format!("`{field}`")).collect();
    let reason = "no document names a field of it; `--no-assumptions` leaves these out";
    draft.assume("fields", &name, format!("`{name}` has {}", fields.join(", ")), reason);
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::model_text;
    use crate::test_support::Facts;

    #[test]
    fn only_well_known_things_without_fields_get_some() {
        let (model, sources) = Facts::default()
            .entity("Tag")
            .entity("Gizmo")
            .entity("User")
            .field("User", "nick: text!")
            .build();
        expect![[r#"
            entity Tag  # model.md:1
              name: text, required [assumed: no document says what is stored of a `Tag`; this usually is]  # model.md:1
              description: text, optional [assumed: no document says what is stored of a `Tag`; this usually is]  # model.md:1
            entity Gizmo  # model.md:2
            entity User  # model.md:3
              nick: text, required  # model.md:4
            assumption tag.fields: `Tag` has `name`, `description`, no document names a field of it; `--no-assumptions` leaves these out
        "#]].assert_eq(&model_text(&model, &sources));
    }
}
