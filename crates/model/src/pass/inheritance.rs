//! Entities whose rows are rows of another: "a car is a vehicle". The special entity takes the key of the general one,
//! which gets a field that says which kind a row is.

use underpin_base::Span;
use underpin_read::{EntityKind, Fact};

use super::inferred_field::inferred_field;
use crate::draft::Draft;
use crate::names::{fold_field, snake};
use crate::rule::is_a;
use crate::{
    DefaultValue, EntityId, Enumeration, FieldId, FieldKind, Inheritance, Literal, OnDelete,
    Origin, Reference,
};

/// What a document says to be what.
struct Said {
    entity: EntityId,
    base: EntityId,
    source: Span,
}

/// Finds what is a special row of what, and gives it the key of the general row.
pub(crate) fn run(draft: &mut Draft<'_>) {
    let mut said: Vec<Said> = Vec::new();
    for (special, base, source) in sentences(draft) {
        for entity in special {
            let is_known = said.iter().any(|it| it.entity == entity);
            // A circle, or a second base, is nothing that rows could be.
            let is_circle = said.iter().any(|it| it.entity == base && it.base == entity);
            let is_stored =
                [entity, base].iter().all(|&id| draft.model.entity(id).kind == EntityKind::Entity);
            if !is_known && !is_circle && is_stored {
                said.push(Said { entity, base, source });
            }
        }
    }
    let mut bases: Vec<EntityId> = Vec::new();
    for it in &said {
        if !bases.contains(&it.base) {
            bases.push(it.base);
        }
    }
    // From the general to the special, so that a base has its own key before it is one.
    bases.sort_by_key(|base| depth(&said, *base));
    for base in bases {
        let kinds: Vec<&Said> = said.iter().filter(|it| it.base == base).collect();
        specialise(draft, base, &kinds);
    }
}

fn depth(said: &[Said], entity: EntityId) -> usize {
    let mut at = entity;
    (0..said.len())
        .take_while(|_| match said.iter().find(|it| it.entity == at) {
            Some(it) => {
                at = it.base;
                true
            }
            None => false,
        })
        .count()
}

fn sentences(draft: &Draft<'_>) -> Vec<(Vec<EntityId>, EntityId, Span)> {
    let mut found = Vec::new();
    for statement in draft.statements {
        let Fact::Rule { entity, field: None, text } = &statement.fact else { continue };
        let entity = entity.as_deref().and_then(|name| draft.entity(name));
        if let Some((special, base)) = is_a::kinds(draft, entity, text) {
            found.push((special, base, statement.span));
        } else if let Some((base, special)) = is_a::all_kinds(draft, text) {
            found.push((special, base, statement.span));
        }
    }
    for (id, entity) in draft.model.entities() {
        let sentences = entity.description.iter().flat_map(|text| text.split(". "));
        for text in sentences {
            if let Some((special, base)) = is_a::kinds(draft, Some(id), text) {
                found.push((special, base, entity.source));
            } else if let Some((base, special)) = is_a::all_kinds(draft, text) {
                found.push((special, base, entity.source));
            }
        }
    }
    found
}

fn specialise(draft: &mut Draft<'_>, base: EntityId, kinds: &[&Said]) {
    let base_key = match draft.model.entity(base).primary_key[..] {
        [] => new_key(draft, base, kinds),
        [only] => only,
        // Of several fields, none says by itself which row it is.
        [..] => return,
    };
    // A key of another type cannot hold the general one's.
    let kinds: Vec<&Said> =
        kinds.iter().copied().filter(|it| fits(draft, it.entity, base_key)).collect();
    if kinds.is_empty() {
        return;
    }
    let discriminator = discriminator(draft, base, &kinds);
    for it in &kinds {
        let value = discriminator
            .map(|(field, enumeration)| (field, value_of(draft, enumeration, it.entity)));
        let value = value.and_then(|(field, value)| Some((field, value?)));
        let mut inheritance = Inheritance {
            entity: it.entity,
            base,
            key: None,
            kind: None,
            discriminator: value.clone(),
            source: it.source,
        };
        let has_own = !draft.model.entity(it.entity).fields.is_empty();
        if has_own || is_referred_to(draft, it.entity) {
            inheritance.key = Some(key(draft, it, base_key));
            inheritance.kind = value.and_then(|(field, value)| kind(draft, it, field, &value));
        }
        draft.model.inheritances.push(inheritance);
    }
}

/// A key for a base of which no document names one: of the type that those have who refer to it or to its kinds.
fn new_key(draft: &mut Draft<'_>, base: EntityId, kinds: &[&Said]) -> FieldId {
    let source = kinds.first().map_or(draft.model.entity(base).source, |it| it.source);
    let counted = FieldKind::Integer { bits: 64, counted: true };
    let is_uuid = draft.model.fields.iter().any(|field| field.kind == FieldKind::Uuid);
    let kind = if is_uuid { FieldKind::Uuid } else { counted };
    let reason = "rows of other entities have the same key".to_owned();
    let id = inferred_field(draft, base, "id", kind, reason, source);
    draft.field_mut(id).required = Some(true);
    draft.entity_mut(base).primary_key = vec![id];
    put_first(draft, id);
    id
}

/// Keys stand first.
fn put_first(draft: &mut Draft<'_>, id: FieldId) {
    let entity = draft.model.field(id).entity;
    let fields = &mut draft.entity_mut(entity).fields;
    fields.retain(|it| *it != id);
    fields.insert(0, id);
}

/// Whether the key that an entity has, or the field of the name of the general key, can hold that key.
fn fits(draft: &Draft<'_>, entity: EntityId, base_key: FieldId) -> bool {
    let base = draft.model.field(base_key);
    let same = |field: FieldId| match (&draft.model.field(field).kind, &base.kind) {
        (FieldKind::Integer { .. }, FieldKind::Integer { .. }) => true,
        (one, other) => one == other,
    };
    draft.model.entity(entity).primary_key.iter().all(|&field| same(field))
        && draft.field(entity, &base.name).is_none_or(same)
}

/// Whether a document refers to the rows of an entity by its name.
fn is_referred_to(draft: &Draft<'_>, entity: EntityId) -> bool {
    let is_it = |name: &str| draft.entity(name) == Some(entity);
    draft.statements.iter().any(|statement| match &statement.fact {
        Fact::Field { field, .. } => field.references.as_ref().is_some_and(|it| is_it(&it.entity)),
        Fact::Relationship(relationship) => is_it(&relationship.from) || is_it(&relationship.to),
        _ => false,
    })
}

/// The field that says which kind a row is, and its values: one that documents list them in, or a new one.
fn discriminator(
    draft: &mut Draft<'_>,
    base: EntityId,
    kinds: &[&Said],
) -> Option<(FieldId, crate::EnumId)> {
    let listed = draft.model.fields_of(base).find_map(|(id, field)| {
        let FieldKind::Enumeration(enumeration) = field.kind else { return None };
        let all = kinds.iter().all(|it| value_of(draft, enumeration, it.entity).is_some());
        all.then_some((id, enumeration))
    });
    if let Some((id, enumeration)) = listed {
        draft.field_mut(id).required.get_or_insert(true);
        return Some((id, enumeration));
    }
    let base_name = draft.model.entity(base).name.clone();
    let names = ["kind".to_owned(), format!("{} kind", snake(&base_name))];
    let name = names.into_iter().find(|name| draft.field(base, name).is_none())?;
    let mut values: Vec<String> =
        kinds.iter().map(|it| snake(&draft.model.entity(it.entity).name)).collect();
    if !is_all(draft, base, kinds) {
        values.push(snake(&base_name));
    }
    let source = kinds.first()?.source;
    let enumeration = draft.add_enumeration(Enumeration {
        name: format!("{base_name}.{name}"),
        named: false,
        values,
        source,
    });
    let reason = format!("rows of other entities are rows of `{base_name}`");
    let kind = FieldKind::Enumeration(enumeration);
    let id = inferred_field(draft, base, &name, kind, reason, source);
    draft.field_mut(id).required = Some(true);
    Some((id, enumeration))
}

/// Whether a document says that the rows of the base are of these kinds and no others.
fn is_all(draft: &Draft<'_>, base: EntityId, kinds: &[&Said]) -> bool {
    let rules = draft.statements.iter().filter_map(|statement| match &statement.fact {
        Fact::Rule { text, .. } => Some(text.as_str()),
        _ => None,
    });
    let entities = draft.model.entities().filter_map(|(_, entity)| entity.description.as_deref());
    rules.chain(entities.flat_map(|text| text.split(". "))).any(|text| {
        is_a::all_kinds(draft, text).is_some_and(|(of, all)| {
            of == base && all.iter().all(|kind| kinds.iter().any(|it| it.entity == *kind))
        })
    })
}

/// The value that means an entity: its name, with or without that of the base.
fn value_of(draft: &Draft<'_>, enumeration: crate::EnumId, entity: EntityId) -> Option<String> {
    let name = fold_field(&draft.model.entity(entity).name);
    let values = &draft.model.enumeration(enumeration).values;
    let is = |value: &&String| fold_field(value) == name;
    values
        .iter()
        .find(is)
        .or_else(|| {
            let mut begins = values.iter().filter(|value| {
                let value = fold_field(value);
                value.len() > 2 && name.starts_with(&value)
            });
            let only = begins.next()?;
            begins.next().is_none().then_some(only)
        })
        .cloned()
}

/// The key of the special entity, which refers to the row that it is.
fn key(draft: &mut Draft<'_>, it: &Said, base_key: FieldId) -> FieldId {
    let base = draft.model.field(base_key).clone();
    let base_name = draft.model.entity(it.base).name.clone();
    let own = draft.model.entity(it.entity).primary_key.clone();
    let stated = match own[..] {
        [only] => Some(only),
        [] | [..] => None,
    };
    let stated = stated.or_else(|| draft.field(it.entity, &base.name));
    let reason = format!("`{}` is a `{base_name}`", draft.model.entity(it.entity).name);
    let origin = Origin::Inferred(reason.clone());
    // Only the general row counts it up.
    let kind = match base.kind {
        FieldKind::Integer { .. } => FieldKind::Integer { bits: 64, counted: false },
        other => other,
    };
    let id = match stated {
        Some(stated) => stated,
        None => {
            let id = inferred_field(draft, it.entity, &base.name, kind, reason, it.source);
            put_first(draft, id);
            id
        }
    };
    let field = draft.field_mut(id);
    field.required = Some(true);
    // The general row has it first.
    field.default = None;
    draft.entity_mut(it.entity).primary_key = vec![id];
    let on_delete = Some(OnDelete::Cascade);
    draft.refer(id, Reference { entity: it.base, field: None, on_delete, origin });
    id
}

/// The field that repeats the kind, so that a reference can carry it; `None` where its name is taken by something else than
/// that, as a model file has written it.
fn kind(draft: &mut Draft<'_>, it: &Said, of_base: FieldId, value: &str) -> Option<FieldId> {
    let name = draft.model.field(of_base).name.clone();
    let entity = draft.model.entity(it.entity).name.clone();
    let path = format!("{entity}.{name}");
    let known = draft.field(it.entity, &name);
    let repeats = draft.statements.iter().any(|statement| {
        matches!(&statement.fact, Fact::Enumeration { name, values } if *name == path && *values == [value])
    });
    if known.is_some() && !repeats {
        return None;
    }
    let enumeration = draft.add_enumeration(Enumeration {
        name: path,
        named: false,
        values: vec![value.to_owned()],
        source: it.source,
    });
    let reason = format!("every `{entity}` is of this kind");
    let kind = FieldKind::Enumeration(enumeration);
    let id = match known {
        Some(id) => id,
        None => inferred_field(draft, it.entity, &name, kind.clone(), reason, it.source),
    };
    let field = draft.field_mut(id);
    field.kind = kind;
    field.required = Some(true);
    field.default = Some(DefaultValue::Literal(Literal::Text(value.to_owned())));
    Some(id)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::model_text;
    use crate::test_support::Facts;

    fn fleet() -> Facts {
        Facts::default()
            .entity("Vehicle")
            .field("Vehicle", "id: uuid*")
            .field("Vehicle", "plate: text!")
            .entity("Car")
            .field("Car", "seats: int!")
            .entity("Truck")
            .field("Truck", "payload: int!")
            .entity("Trip")
            .field("Trip", "id: uuid*")
            .field("Trip", "truck_id: uuid! -> Truck")
    }

    fn text(facts: Facts) -> String {
        let (model, sources) = facts.build();
        let text = model_text(&model, &sources);
        let lines = text.lines().map(|line| line.split("  # ").next().unwrap_or_default());
        let lines: Vec<&str> = lines.filter(|line| !line.starts_with("question")).collect();
        lines.join("\n") + "\n"
    }

    #[test]
    fn special_rows_have_the_key_of_the_general_one() {
        let facts = fleet().rule("Vehicle", "Cars and trucks are vehicles.");
        expect![[r#"
            entity Vehicle
              id: a UUID, required
              plate: text, required
              kind: one of car | truck | vehicle, required [inferred: rows of other entities are rows of `Vehicle`]
              key id
              rule "Cars and trucks are vehicles." became rows of `Car` and `Truck` are rows of `Vehicle`
            entity Car
              id: a UUID, required, refers to Vehicle (on delete cascade) [inferred: `Car` is a `Vehicle`]
              seats: a whole number of 32 bits, required
              kind: one of car, required, default 'car' [inferred: every `Car` is of this kind]
              key id
            entity Truck
              id: a UUID, required, refers to Vehicle (on delete cascade) [inferred: `Truck` is a `Vehicle`]
              payload: a whole number of 32 bits, required
              kind: one of truck, required, default 'truck' [inferred: every `Truck` is of this kind]
              key id
            entity Trip
              id: a UUID, required
              truck_id: a UUID, required, refers to Truck
              key id
            relationship Truck 1:N Trip by Trip.truck_id, required [inferred: `Trip.truck_id` refers to `Truck`]
            relationship Vehicle 1:1 Car by Car.id, required [inferred: `Car.id` refers to `Vehicle`]
            relationship Vehicle 1:1 Truck by Truck.id, required [inferred: `Truck.id` refers to `Vehicle`]
        "#]].assert_eq(&text(facts));
    }

    #[test]
    fn no_other_kinds_where_a_document_says_so() {
        for (rule, values) in [
            ("A vehicle is either a car or a truck", "one of car | truck, required"),
            ("A vehicle is either a car or a boat", "text, required"),
        ] {
            let text = text(fleet().rule("Vehicle", rule));
            assert!(text.contains(values), "{rule}: {text}");
        }
        let other = text(fleet().rule("Vehicle", "A vehicle is either a car or a boat"));
        assert!(!other.contains("kind"), "{other}");
    }

    #[test]
    fn what_is_nothing_of_the_kind_changes_nothing() {
        let plain = text(fleet());
        for rule in ["A car is a boat", "A vehicle is a vehicle", "A car is a red vehicle"] {
            let with = text(fleet().rule("Car", rule));
            let with: Vec<&str> = with.lines().filter(|line| !line.contains(rule)).collect();
            assert_eq!(with, plain.lines().collect::<Vec<_>>(), "{rule}");
        }
    }
}
