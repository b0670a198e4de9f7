//! Fields that are marked as foreign keys and name nothing: a relationship that leads to their entity says what
//! they refer to. In a diagram `string reg FK` stands beside `CAR ||--o{ DRIVER`.

use std::collections::BTreeSet;

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
    let entities: BTreeSet<EntityId> =
        marked.iter().map(|&field| draft.model.field(field).entity).collect();
    for entity in entities {
        let mut open: Vec<FieldId> = marked
            .iter()
            .copied()
            .filter(|&field| draft.model.field(field).entity == entity)
            .filter(|&field| is_open(draft, field))
            .collect();
        let mut parents = parents(draft, entity);
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

/// The fields that a document marks as foreign keys, in order.
fn marked(draft: &Draft<'_>) -> Vec<FieldId> {
    let mut found = Vec::new();
    for statement in draft.statements {
        let Fact::Field { entity, field } = &statement.fact else { continue };
        if !field.constraints.iter().any(|text| text == "foreign key") {
            continue;
        }
        let id = draft.entity(entity).and_then(|entity| draft.field(entity, &field.name));
        if let Some(id) = id.filter(|id| !found.contains(id)) {
            found.push(id);
        }
    }
    found
}

fn is_open(draft: &Draft<'_>, field: FieldId) -> bool {
    let field = draft.model.field(field);
    field.references.is_none() && field.external.is_none()
}

/// The entities from which relationships lead to this one, and which none of its fields refers to.
fn parents(draft: &Draft<'_>, entity: EntityId) -> Vec<EntityId> {
    let mut found = Vec::new();
    for statement in draft.statements {
        let Fact::Relationship(fact) = &statement.fact else { continue };
        let (Some(from), Some(to)) =
            (draft.entity_in_phrase(&fact.from), draft.entity_in_phrase(&fact.to))
        else {
            continue;
        };
        let is_single = fact.cardinality.is_none_or(|it| it == "1:N" || it == "1:1");
        let parent = match fact.cardinality {
            Some("1:1") if from == entity => to,
            _ => from,
        };
        let leads =
            is_single && (to == entity || fact.cardinality == Some("1:1") && from == entity);
        let is_carried = draft.model.fields_of(entity).any(|(_, field)| {
            field.references.as_ref().is_some_and(|reference| reference.entity == parent)
        });
        let has_key = draft.model.entity(parent).primary_key.len() <= 1;
        let is_part = draft.model.entity(parent).kind == EntityKind::ValueObject;
        if leads && has_key && !is_part && !is_carried && !found.contains(&parent) {
            found.push(parent);
        }
    }
    found
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
