//! Fields that are marked as foreign keys and name nothing: a relationship that leads to their entity says what
//! they refer to. In a diagram `string reg FK` stands beside `CAR ||--o{ DRIVER`.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexSet;
use underpin_read::{EntityKind, Fact};

use super::references::infer;
use crate::draft::Draft;
use crate::names::words;
use crate::{EntityId, FieldId};

/// Refers the marked fields of each entity to those that its relationships lead from.
pub(super) fn run(draft: &mut Draft<'_>) {
    let marked = marked(draft);
    if marked.is_empty() {
        return;
    }
    let leading = leading(draft);
    for (entity, marked) in marked {
        let mut open: Vec<FieldId> =
            marked.into_iter().filter(|&field| is_open(draft, field)).collect();
        let mut parents = parents(draft, entity, leading.get(&entity).into_iter().flatten());
        // The names that fit best are taken first.
        while let Some((field, parent)) = nearest(draft, &open, &parents) {
            take(draft, field, parent, "is marked as a foreign key and named after its key");
            open.retain(|&it| it != field);
            parents.retain(|&it| it != parent);
        }
        match (open.as_slice(), parents.as_slice()) {
            ([], _) | (_, []) => {}
            (&[field], &[parent]) => {
                take(
                    draft,
                    field,
                    parent,
                    "is the one foreign key that the one relationship leaves",
                );
            }
            (fields, parents) => {
                let pairs: Vec<(FieldId, EntityId)> =
                    fields.iter().copied().zip(parents.iter().copied()).collect();
                for (field, parent) in pairs {
                    let path = draft.model.field_path(field);
                    let name = draft.model.entity(parent).name.clone();
                    draft.ask_about(
                        "foreign-key",
                        &path,
                        &path,
                        format!(
                            "What does `{path}` refer to? It is marked as a foreign key, and several \
                             relationships lead to its entity."
                        ),
                        format!("`{name}`, by the order in which both are written"),
                        Some(draft.model.field(field).source),
                    );
                    take(draft, field, parent, "is marked as a foreign key, in this place");
                }
            }
        }
    }
}

fn take(draft: &mut Draft<'_>, field: FieldId, parent: EntityId, reason: &str) {
    infer(draft, field, parent, format!("it {reason}"));
}

/// The fields that a document marks as foreign keys, in order, by their entities.
fn marked(draft: &Draft<'_>) -> BTreeMap<EntityId, Vec<FieldId>> {
    let mut found: BTreeMap<EntityId, Vec<FieldId>> = BTreeMap::new();
    for statement in draft.statements {
        let Fact::Field { entity, field } = &statement.fact else { continue };
        if !field.constraints.iter().any(|text| text == "foreign key") {
            continue;
        }
        let Some(entity) = draft.entity(entity) else { continue };
        let Some(id) = draft.field(entity, &field.name) else { continue };
        let of_entity = found.entry(entity).or_default();
        if !of_entity.contains(&id) {
            of_entity.push(id);
        }
    }
    found
}

fn is_open(draft: &Draft<'_>, field: FieldId) -> bool {
    let field = draft.model.field(field);
    field.references.is_none() && field.external.is_none()
}

/// For each entity, those from which relationships lead to it, in the order of the relationships.
fn leading(draft: &Draft<'_>) -> BTreeMap<EntityId, IndexSet<EntityId>> {
    let mut found: BTreeMap<EntityId, IndexSet<EntityId>> = BTreeMap::new();
    for statement in draft.statements {
        let Fact::Relationship(fact) = &statement.fact else { continue };
        let is_pair = fact.cardinality == Some("1:1");
        if !is_pair && fact.cardinality.is_some_and(|it| it != "1:N") {
            continue;
        }
        let from = draft.entity_in_phrase(&fact.from);
        let (Some(from), Some(to)) = (from, draft.entity_in_phrase(&fact.to)) else { continue };
        found.entry(to).or_default().insert(from);
        if is_pair {
            found.entry(from).or_default().insert(to);
        }
    }
    found
}

/// Those of the leading entities that none of the entity's fields refers to yet.
fn parents<'e>(
    draft: &Draft<'_>,
    entity: EntityId,
    leading: impl Iterator<Item = &'e EntityId>,
) -> Vec<EntityId> {
    let carried: BTreeSet<EntityId> = draft
        .model
        .fields_of(entity)
        .filter_map(|(_, field)| field.references.as_ref())
        .map(|reference| reference.entity)
        .collect();
    let may_lead = |&parent: &EntityId| {
        let entity = draft.model.entity(parent);
        let is_part = entity.kind == EntityKind::ValueObject;
        entity.primary_key.len() <= 1 && !is_part && !carried.contains(&parent)
    };
    leading.copied().filter(may_lead).collect()
}

/// The field and the entity whose names have most in common.
fn nearest(
    draft: &Draft<'_>,
    fields: &[FieldId],
    parents: &[EntityId],
) -> Option<(FieldId, EntityId)> {
    let mut best: Option<(usize, FieldId, EntityId)> = None;
    for &field in fields {
        for &parent in parents {
            let score = score(draft, field, parent);
            if score > best.map_or(0, |(best, _, _)| best) {
                best = Some((score, field, parent));
            }
        }
    }
    best.map(|(_, field, parent)| (field, parent))
}

/// How many words of a field are those of an entity or of its key.
fn score(draft: &Draft<'_>, field: FieldId, parent: EntityId) -> usize {
    let stem = |word: &str| word.chars().take(5).collect::<String>();
    let entity = draft.model.entity(parent);
    let mut known: Vec<String> = words(&entity.name).iter().map(|word| stem(word)).collect();
    for &key in &entity.primary_key {
        known.extend(words(&draft.model.field(key).name).iter().map(|word| stem(word)));
    }
    let name = words(&draft.model.field(field).name);
    name.iter().filter(|word| *word != "id" && known.contains(&stem(word))).count()
}

#[cfg(test)]
mod tests {
    use underpin_base::Sources;

    /// What the fields of a diagram refer to, and the questions about them.
    fn references(diagram: &str) -> Vec<String> {
        let mut sources = Sources::default();
        sources.add("model.mmd", format!("erDiagram\n{diagram}"));
        let model = crate::build(&underpin_read::read(&sources), &sources);
        let mut said = Vec::new();
        for at in 0..model.fields.len() {
            let id = crate::FieldId::from_index(at);
            let field = model.field(id);
            if let Some(reference) = &field.references {
                let to = &model.entity(reference.entity).name;
                said.push(format!("{} -> {to}", model.field_path(id)));
            }
        }
        let asked = model.questions.iter().filter(|it| it.id.ends_with(".foreign-key"));
        said.extend(asked.map(|it| format!("? {}", it.subject)));
        said
    }

    #[test]
    fn the_mark_and_the_line_are_one() {
        assert_eq!(
            references(
                "VAN ||--o{ TOUR : drives\nVAN {\n string plate PK\n}\nTOUR {\n int id PK\n string plate FK\n}\n"
            ),
            ["TOUR.plate -> VAN"]
        );
        assert_eq!(
            references(
                "VAN ||--o{ CREW : holds\nVAN {\n string plate PK\n}\nHUMAN ||--o{ CREW : joins\n\
                 HUMAN {\n string badge PK\n}\nCREW {\n string vanPlate PK, FK\n string who PK, FK\n}\n"
            ),
            ["CREW.vanPlate -> VAN", "CREW.who -> HUMAN"]
        );
    }

    #[test]
    fn what_names_leave_open_is_asked() {
        assert_eq!(
            references(
                "VAN ||--o{ CREW : holds\nVAN {\n string plate PK\n}\nHUMAN ||--o{ CREW : joins\n\
                 HUMAN {\n string badge PK\n}\nCREW {\n int id PK\n string one FK\n string two FK\n}\n"
            ),
            ["CREW.one -> VAN", "CREW.two -> HUMAN", "? CREW.one", "? CREW.two"]
        );
    }
}
