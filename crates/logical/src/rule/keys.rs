//! L013: each relation has a key. A stated one is kept; else a surrogate is added.

use underpin_model::{DefaultValue, EntityId, FieldId, FieldKind, Model, Origin};

use crate::{Attribute, AttributeId, Decision, LogicalDesign, Relation, RelationKind};

const RULE: &str = "L013";

pub(crate) fn apply(model: &Model, design: &mut LogicalDesign) {
    // What most stated keys are, a surrogate follows: one habit in one schema.
    let uuids = model
        .entities
        .iter()
        .flat_map(|entity| &entity.primary_key)
        .filter(|&&field| model.field(field).kind == FieldKind::Uuid)
        .count();
    let integers = model
        .entities
        .iter()
        .flat_map(|entity| &entity.primary_key)
        .filter(|&&field| matches!(model.field(field).kind, FieldKind::Integer { .. }))
        .count();
    for relation in &mut design.relations {
        let Some(entity) = relation.entity else { continue };
        let stated: Vec<AttributeId> = model
            .entity(entity)
            .primary_key
            .iter()
            .filter_map(|&field| relation.attribute_of(field))
            .collect();
        if !stated.is_empty() {
            for &id in &stated {
                let single = stated.len() == 1;
                let attribute = &mut relation.attributes[id.index()];
                attribute.required = true;
                // A key that is another row's, here or in another system, is not made anew.
                let refers = attribute.field.map(|field| model.field(field));
                let refers =
                    refers.is_some_and(|it| it.references.is_some() || it.external.is_some());
                if single && !refers && attribute.default.is_none() {
                    // Any other key is a natural one, given by whoever adds the row.
                    if let FieldKind::Integer { counted, bits } = &mut attribute.kind {
                        // A counter that runs out stops every insert, and widening it rewrites the table
                        // and all that refers to it.
                        *counted = true;
                        *bits = 64;
                    } else if attribute.kind == FieldKind::Uuid {
                        let field = attribute.field.map(|field| model.field(field));
                        let ordered = field.is_some_and(|it| is_ordered(it.type_text.as_deref()));
                        attribute.default = Some(if ordered {
                            DefaultValue::NewOrderedIdentifier
                        } else {
                            DefaultValue::NewIdentifier
                        });
                    }
                }
            }
            design.decisions.push(stated_key(model, relation, &stated));
            relation.key = stated;
        } else if relation.kind != RelationKind::Join
            || !has_two_references(model, relation)
            || may_come_again(model, entity)
        {
            let kind = referred_to_as(model, entity).unwrap_or(if uuids > integers {
                SurrogateKind::Habit
            } else {
                SurrogateKind::Counted
            });
            let telling = told_apart_by(model, relation);
            let decision = add_surrogate(relation, kind, telling.as_deref());
            design.decisions.push(decision);
        }
    }
}

/// Whether a type asks for UUIDs in the order of time.
fn is_ordered(type_text: Option<&str>) -> bool {
    let letters = type_text.unwrap_or_default().chars().filter(|c| c.is_alphanumeric());
    let plain: String = letters.flat_map(char::to_lowercase).collect();
    plain.starts_with("uuidv7") || plain.starts_with("uuid7") || plain.starts_with("uuidversion7")
}

/// What the documents give the type of those that refer to an entity whose key they do not name: the key must be one
/// that they can hold.
fn referred_to_as(model: &Model, entity: EntityId) -> Option<SurrogateKind> {
    let kinds = model.fields.iter().filter(|field| {
        let refers = field.references.as_ref().is_some_and(|it| it.entity == entity);
        refers && field.type_text.is_some()
    });
    let mut found = None;
    for field in kinds {
        let kind = match field.kind {
            FieldKind::Uuid => SurrogateKind::Referred,
            FieldKind::Integer { .. } => SurrogateKind::Counted,
            _ => continue,
        };
        if *found.get_or_insert(kind) != kind {
            return None;
        }
    }
    found
}

/// Which key the design makes where no document names one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SurrogateKind {
    /// A random UUID, as the other keys are.
    Habit,
    /// A random UUID, because fields that refer to it are stated as such.
    Referred,
    /// A number that the database counts up.
    Counted,
}

/// Whether documents keep only some rows of one pair apart ("at most one active membership per user and club"): then there
/// may be others of the same pair, and what it joins identifies no row.
fn may_come_again(model: &Model, entity: EntityId) -> bool {
    let refers = |field: &FieldId| model.field(*field).references.is_some();
    let among_some = |key: &underpin_model::UniqueKey| {
        key.condition.is_some() && key.fields.iter().filter(|it| refers(it)).count() >= 2
    };
    model.entity(entity).unique.iter().any(among_some)
}

/// Whether the relation's references can make its key (rule L016 does that).
fn has_two_references(model: &Model, relation: &Relation) -> bool {
    let references = relation
        .attributes
        .iter()
        .filter_map(|attribute| attribute.field)
        .filter(|&field| model.field(field).references.is_some())
        .count();
    references >= 2
}

fn stated_key(model: &Model, relation: &Relation, key: &[AttributeId]) -> Decision {
    let names: Vec<&str> = key.iter().map(|&id| &*relation.attribute(id).name).collect();
    let first = relation.attribute(key[0]);
    let generation = match (&first.kind, key.len()) {
        (FieldKind::Uuid, 1) if first.default == Some(DefaultValue::NewIdentifier) => {
            "the database makes a random (version 4) UUID; two are equal with a probability that \
             stays below 1 in a billion until 10^14 rows (RFC 9562, 122 random bits)"
        }
        (FieldKind::Uuid, 1) if first.default == Some(DefaultValue::NewOrderedIdentifier) => {
            "the application makes it, since PostgreSQL has no function for version 7 before 18 (uuidv7()): it begins \
             with the milliseconds since 1970, so that new rows stand together in the index, and two of one \
             millisecond are told apart by 74 random bits (RFC 9562)"
        }
        (FieldKind::Integer { counted: true, .. }, 1) => {
            "the database counts it up, so no two rows can get the same number; it has 64 bits even \
             where fewer are stated, because a counter that runs out stops every insert"
        }
        _ => "whoever adds the row gives it; the key refuses a second row with the same value",
    };
    let alone = |field: &FieldId| model.entity(model.field(*field).entity).primary_key.len() == 1;
    let says = match first.field.filter(alone).map(|field| &model.field(field).origin) {
        Some(Origin::Inferred(reason)) if reason.contains("said once") => {
            "a document says it of all keys"
        }
        Some(Origin::Inferred(_)) => "its name says so",
        Some(Origin::Stated | Origin::Assumed(_)) | None => "a document says so",
    };
    let mut decision = Decision::new(
        RULE,
        &relation.name,
        format!("{} is identified by {}", relation.name, names.join(", ")),
        format!("{says}; {generation}"),
    )
    .instead_of("another unique key, which business may want to change one day")
    .changes_when("the key turns out to carry meaning that changes");
    decision.inputs.extend(first.source);
    decision
}

/// The fields that a document calls unique in every row, the first such key: rows are told apart by them.
fn told_apart_by(model: &Model, relation: &Relation) -> Option<String> {
    let is_given = |field: &FieldId| model.field(*field).required == Some(true);
    let entity = relation.entity?;
    let alone = model.fields_of(entity).find(|(id, field)| field.unique && is_given(id));
    if let Some((_, field)) = alone {
        return Some(format!("`{}`", field.name));
    }
    let mut keys = model.entity(entity).unique.iter();
    let key = keys.find(|key| key.condition.is_none() && key.fields.iter().all(is_given))?;
    let names: Vec<String> =
        key.fields.iter().map(|&id| format!("`{}`", model.field(id).name)).collect();
    Some(names.join(" and "))
}

/// Gives the relation a key of the design's own making; `telling` is what tells its rows apart besides.
pub(super) fn add_surrogate(
    relation: &mut Relation,
    made: SurrogateKind,
    telling: Option<&str>,
) -> Decision {
    let uuid = made != SurrogateKind::Counted;
    let taken = |relation: &Relation, name: &str| relation.attribute_named(name).is_some();
    let name = if taken(relation, "id") { "row_id" } else { "id" };
    let kind = if uuid { FieldKind::Uuid } else { FieldKind::Integer { bits: 64, counted: true } };
    let reason = match telling {
        None => {
            "no document names a key, and a row that nothing identifies can be neither referred to nor corrected"
        }
        Some(_) => {
            "no document names a primary key; what is unique tells rows apart, but its values may change with the business, \
             while what others refer to must not"
        }
    };
    // A key stands first, where readers look for it; nothing refers to positions yet.
    relation.attributes.insert(
        0,
        Attribute {
            name: name.to_owned(),
            default: uuid.then_some(DefaultValue::NewIdentifier),
            kind,
            required: true,
            touched: false,
            field: None,
            sensitivity: None,
            ignores_case: false,
            unit: None,
            description: None,
            origin: Origin::Assumed(reason.to_owned()),
            source: None,
        },
    );
    relation.key = vec![AttributeId::from_index(0)];
    let beside = telling.map_or_else(String::new, |names| format!(" beside its unique {names}"));
    let mut decision = Decision::new(
        RULE,
        &relation.name,
        format!(
            "{} gets a surrogate key `{name}`{beside} ({})",
            relation.name,
            match made {
                SurrogateKind::Habit => "a random UUID, as the other keys are",
                SurrogateKind::Referred => "a random UUID, as the fields that refer to it hold one",
                SurrogateKind::Counted => "a 64-bit number that the database counts up",
            }
        ),
        reason,
    )
    .instead_of(match telling {
        None => "a natural key made of the fields that describe the row",
        Some(_) => "what is unique as the primary key",
    })
    .changes_when("a document names the fields that identify a row")
    .so_that(match telling {
        None => "two rows that differ in nothing but the key are not refused",
        Some(_) => "what is unique stays so beside it, at the cost of a second index",
    })
    .significant(format!("Surrogate key of {}", relation.name))
    .recorded_with_others(match telling {
        None => "Surrogate keys",
        Some(_) => "Surrogate keys beside what is unique",
    });
    decision.inputs.extend(relation.source);
    decision
}

#[cfg(test)]
mod tests {
    use underpin_base::Sources;

    fn design(text: &str) -> crate::LogicalDesign {
        let mut sources = Sources::default();
        sources.add("model.md", text);
        crate::design(&underpin_model::build(&underpin_read::read(&sources), &sources))
    }

    fn key(design: &crate::LogicalDesign, at: usize) -> Vec<&str> {
        let relation = &design.relations[at];
        relation.key.iter().map(|&id| relation.attribute(id).name.as_str()).collect()
    }

    const CLUBS: &str = "## Rower\n\n- id: uuid, primary key\n\n## Club\n\n- id: uuid, primary key\n\n\
        ## ClubMember\n\n- club_id: uuid, required\n- rower_id: uuid, required\n\
        - status: enum(active, left)\n";

    #[test]
    fn a_pair_that_may_come_again_is_no_key() {
        let once = design(CLUBS);
        assert_eq!(key(&once, 2), ["club_id", "rower_id"]);
        let again = design(&format!(
            "{CLUBS}\n## Rules\n\n- A Rower can have at most one active membership record per Club.\n"
        ));
        assert_eq!(key(&again, 2), ["id"]);
        let unique = &again.relations[2].uniques;
        assert!(
            matches!(unique.as_slice(), [only] if only.condition.is_some() && only.attributes.len() == 2)
        );
    }

    #[test]
    fn a_key_of_another_system_is_not_made_here() {
        let design = design(
            "## Profile\n\n| Field | Type | Constraints |\n|---|---|---|\n\
             | id | uuid | PK, FK → auth.users.id |\n| name | text | |\n",
        );
        assert_eq!(key(&design, 0), ["id"]);
        assert_eq!(design.relations[0].attributes[0].default, None);
    }
}
