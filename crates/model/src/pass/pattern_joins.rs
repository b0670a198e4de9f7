//! Conditions on what a row only leads to: "bookings by host", where the slot's event has the host.

use std::collections::BTreeSet;

use super::pattern_words;
use crate::draft::Draft;
use crate::names::words;
use crate::{EntityId, FieldId};

/// A condition further away than this is a guess.
const MOST_STEPS: usize = 3;

/// The one field that words mean in what an entity refers to, and the entities on the way there, the
/// field's own last. The nearest counts; a field that is called so before one that is only partly.
pub(crate) fn field(
    draft: &Draft<'_>,
    entity: EntityId,
    text: &str,
) -> Option<(FieldId, Vec<EntityId>)> {
    let levels = levels(draft, entity);
    [named, partly_named].iter().find_map(|find| {
        levels.iter().find_map(|level| {
            let mut hits: Vec<(FieldId, &Vec<EntityId>)> = level
                .iter()
                .filter_map(|path| Some((find(draft, *path.last()?, text)?, path)))
                .collect();
            hits.dedup_by_key(|(field, _)| *field);
            match hits.as_slice() {
                [(field, path)] => Some((*field, (*path).clone())),
                _ => None,
            }
        })
    })
}

/// What an entity refers to, step by step, each with the way there.
fn levels(draft: &Draft<'_>, entity: EntityId) -> Vec<Vec<Vec<EntityId>>> {
    let mut seen = BTreeSet::from([entity]);
    let mut levels: Vec<Vec<Vec<EntityId>>> = Vec::new();
    let mut ends: Vec<Vec<EntityId>> = vec![Vec::new()];
    for _ in 0..MOST_STEPS {
        let mut next = Vec::new();
        for path in &ends {
            let from = path.last().copied().unwrap_or(entity);
            for &field in &draft.model.entity(from).fields {
                let Some(to) = draft.model.field(field).references.as_ref() else { continue };
                if seen.insert(to.entity) {
                    let mut path = path.clone();
                    path.push(to.entity);
                    next.push(path);
                }
            }
        }
        if next.is_empty() {
            break;
        }
        levels.push(next.clone());
        ends = next;
    }
    levels
}

/// A reference that is called so, or leads to what is called so; "customer email" of a customer; any
/// field whose name is not one that every entity has.
fn named(draft: &Draft<'_>, entity: EntityId, text: &str) -> Option<FieldId> {
    let parts = words(text);
    if let Some((last, front)) = parts.split_last().filter(|(_, front)| !front.is_empty()) {
        if draft.entity(&front.join(" ")) == Some(entity) {
            return draft.field_in_phrase(entity, last);
        }
    }
    if let Some(found) = pattern_words::referring(draft, entity, text) {
        return Some(found);
    }
    let found = draft.own_field_in_phrase(entity, text)?;
    let is_common = parts.len() == 1
        && matches!(
            parts[0].as_str(),
            "id" | "name"
                | "title"
                | "status"
                | "state"
                | "type"
                | "kind"
                | "date"
                | "time"
                | "code"
                | "description"
                | "number"
                | "notes"
                | "key"
                | "value"
                | "own"
        );
    (!is_common).then_some(found)
}

/// A reference whose role ends with the words: "host" for `effective_host_id`.
fn partly_named(draft: &Draft<'_>, entity: EntityId, text: &str) -> Option<FieldId> {
    let wanted = words(text);
    let mut hits = draft.model.entity(entity).fields.iter().copied().filter(|&id| {
        let field = draft.model.field(id);
        let mut role = words(&field.name);
        if role.last().is_some_and(|word| word == "id") {
            role.pop();
        }
        field.references.is_some() && !wanted.is_empty() && role.ends_with(&wanted)
    });
    let first = hits.next()?;
    hits.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use underpin_read::{AccessKind, Fact, FilterFact, FilterOperator, PatternFact};

    use crate::test_support::Facts;

    /// The conditions of a query for bookings by the words, as a document gives them loosely.
    fn asked(words: &[&str]) -> Vec<String> {
        let filter = |words: &&str| FilterFact {
            field: (*words).to_owned(),
            operator: FilterOperator::Equals,
            optional: false,
        };
        let pattern = PatternFact {
            name: "list bookings".to_owned(),
            title: None,
            kind: AccessKind::Read,
            entity: Some("Booking".to_owned()),
            joins: Vec::new(),
            filter: words.iter().map(filter).collect(),
            measures: Vec::new(),
            groups: Vec::new(),
            sort: Vec::new(),
            limit: None,
            pick: None,
            form: None,
            frequency: None,
            per_second: None,
            latency_ms: None,
            staleness_s: None,
            sql: None,
            said: None,
            unread: Vec::new(),
        };
        let (model, _) = Facts::default()
            .entity("User")
            .field("User", "id: uuid*")
            .field("User", "email: text")
            .entity("Event")
            .field("Event", "id: uuid*")
            .field("Event", "host_id: uuid! -> User")
            .field("Event", "status: text")
            .entity("Slot")
            .field("Slot", "id: uuid*")
            .field("Slot", "event_id: uuid! -> Event")
            .field("Slot", "status: text")
            .entity("Booking")
            .field("Booking", "id: uuid*")
            .field("Booking", "slot_id: uuid! -> Slot")
            .field("Booking", "client_id: uuid! -> User")
            .add(Fact::AccessPattern(pattern))
            .by("query-sentence")
            .build();
        let Some((_, pattern)) = model.patterns().next() else { return Vec::new() };
        let joins = pattern.joins.iter().map(|&id| format!("with {}", model.entity(id).name));
        let fields = pattern.filter.iter().map(|filter| model.field_path(filter.field));
        fields.chain(joins).collect()
    }

    #[test]
    fn a_condition_is_looked_for_behind_the_references() {
        assert_eq!(asked(&["client"]), ["Booking.client_id"], "its own comes first");
        assert_eq!(asked(&["event"]), ["Slot.event_id", "with Slot"]);
        assert_eq!(asked(&["host"]), ["Event.host_id", "with Slot", "with Event"]);
        assert_eq!(asked(&["user email"]), ["User.email", "with User"]);
        assert_eq!(asked(&["status"]), [""; 0], "every entity has one");
        assert_eq!(asked(&["colour"]), [""; 0]);
    }
}
