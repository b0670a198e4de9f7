//! What may be done to rows only beside an owner in some state: "Bids can only be placed on listed lots", "Lines can only
//! be added while the invoice is a draft", "A blocked driver cannot start a session".

use super::super::clause::{Clause, Link, Only, parse, root};
use super::scope::{Scope, bare};
use super::state::negation;
use crate::names::words;
use crate::{EntityId, Expression, FieldId, Model};

/// What may be done to rows only beside some owners.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beside {
    /// Whose rows.
    pub rows: EntityId,
    /// The field by which they refer to their owner.
    pub by: FieldId,
    /// Of which owners it may be done, over the owner's fields.
    pub allowed: Expression<FieldId>,
    /// Whether it is said of new rows.
    pub inserts: bool,
    /// Whether it is said of changes of rows that are there.
    pub updates: bool,
    /// Whether it is said of their deletion.
    pub deletes: bool,
}

/// Roots of verbs that add a row.
const ADDING: &[&str] = &[
    "ad", "creat", "plac", "mak", "record", "book", "submit", "open", "issu", "post", "start",
    "receiv", "accept", "insert", "register", "enroll", "assign", "writ", "giv", "get", "tak",
    "hav", "has", "enter", "rais", "rent", "borrow", "order", "schedul", "mad",
];
/// Roots of verbs that change one.
const CHANGING: &[&str] = &["chang", "alter", "modif", "edit", "updat", "adjust"];
/// Roots of verbs that take one away.
const DELETING: &[&str] = &["delet", "remov", "eras", "destroy", "withdraw"];

/// Prepositions between what is done and the owner.
const ON: &[&str] =
    &[" on ", " for ", " to ", " in ", " of ", " against ", " with ", " at ", " from ", " into "];

/// What a sentence says may be done only beside some owners; `None` where it says anything else.
pub(crate) fn beside(model: &Model, text: &str) -> Option<Beside> {
    let clause = parse(text)?;
    let denied = clause.negated;
    let only = clause.only == Some(Only::Verb)
        || matches!(clause.conditions.as_slice(), [(Link::OnlyIf, _)]);
    // "Only …" and "not …" say when it may be done; together they say it twice.
    (denied != only && clause.only != Some(Only::Subject)).then_some(())?;
    let acts = Acts::of(&clause);
    let found = model.entities().filter_map(|(owner, _)| {
        let scope = Scope { model, entity: owner, field: None };
        by_condition(&scope, &clause)
            .or_else(|| by_object(&scope, &clause))
            .or_else(|| by_subject(&scope, &clause))
            .map(|(rows, said)| (owner, rows, said))
    });
    let mut found = found.filter_map(|(owner, rows, said)| {
        let (rows, by) = belonging(model, &rows, owner)?;
        let allowed = if denied { negation(said) } else { said };
        let Acts { inserts, updates, deletes } = acts;
        // "The items of a request cannot be changed": neither may one be taken away.
        let deletes = deletes || updates && denied && is_collection(&clause.subject);
        Some(Beside { rows, by, allowed, inserts, updates, deletes })
    });
    let only = found.next()?;
    (found.next().is_none() && (acts.inserts || acts.updates || acts.deletes)).then_some(only)
}

/// "The items of a request", which are changed together.
fn is_collection(subject: &str) -> bool {
    bare(subject).split_once(" of ").is_some_and(|(rows, _)| rows.ends_with('s'))
}

/// What is done.
#[derive(Debug, Clone, Copy)]
struct Acts {
    inserts: bool,
    updates: bool,
    deletes: bool,
}

impl Acts {
    fn of(clause: &Clause) -> Self {
        let object = words(&clause.object);
        let said = std::iter::once(clause.verb.as_str())
            .chain(object.iter().map(smol_str::SmolStr::as_str));
        let said: Vec<String> = said.take(6).map(root).collect();
        let says = |list: &[&str]| said.iter().any(|it| list.contains(&it.as_str()));
        Self { inserts: says(ADDING), updates: says(CHANGING), deletes: says(DELETING) }
    }
}

/// "Lines can only be added while the invoice is a draft": the condition speaks of the owner.
fn by_condition(scope: &Scope<'_>, clause: &Clause) -> Option<(String, Expression<FieldId>)> {
    let [(link, text)] = clause.conditions.as_slice() else { return None };
    matches!(link, Link::When | Link::Once | Link::After | Link::While | Link::OnlyIf)
        .then_some(())?;
    // "It is paid" is said of the rows themselves.
    let subject = [" is ", " are ", " was ", " has been ", " has "]
        .iter()
        .find_map(|verb| text.split_once(verb))
        .map(|(subject, _)| bare(subject))?;
    (scope.names_entity(subject) && scope.is_own(subject)).then_some(())?;
    let said = scope.condition(text)?;
    Some((clause.subject.clone(), said))
}

/// "Bids can only be placed on listed lots".
fn by_object(scope: &Scope<'_>, clause: &Clause) -> Option<(String, Expression<FieldId>)> {
    clause.conditions.is_empty().then_some(())?;
    let object = format!(" {}", clause.object);
    ON.iter().find_map(|on| {
        let (_, owners) = object.split_once(on)?;
        let said = scope.rows(owners)??;
        Some((clause.subject.clone(), said))
    })
}

/// "A blocked driver cannot start a session", "A closed auction accepts no bids".
fn by_subject(scope: &Scope<'_>, clause: &Clause) -> Option<(String, Expression<FieldId>)> {
    (clause.conditions.is_empty() && clause.negated).then_some(())?;
    let said = scope.rows(&clause.subject)??;
    let object = ["any ", "more ", "further ", "new ", "another ", "additional "]
        .iter()
        .fold(bare(&clause.object), |it, word| it.strip_prefix(word).unwrap_or(it));
    Some((object.to_owned(), said))
}

/// The entity that a noun names, with or without its owner, and its one reference to the owner.
fn belonging(model: &Model, noun: &str, owner: EntityId) -> Option<(EntityId, FieldId)> {
    let noun = bare(noun);
    let noun = ["any ", "new ", "further "]
        .iter()
        .fold(noun, |it, word| it.strip_prefix(word).unwrap_or(it));
    let front = [" of ", " on ", " for ", " in "].iter().find_map(|of| noun.split_once(of));
    let noun = front.map_or(noun, |(front, _)| front);
    let mut found = model.entities().filter_map(|(id, _)| {
        let scope = Scope { model, entity: id, field: None };
        let is_named = id != owner && scope.rows(noun) == Some(None);
        let mut to = model
            .fields_of(id)
            .filter(|(_, field)| field.references.as_ref().is_some_and(|to| to.entity == owner));
        let (by, _) = to.next().filter(|_| is_named)?;
        to.next().is_none().then_some((id, by))
    });
    let only = found.next()?;
    found.next().is_none().then_some(only)
}

#[cfg(test)]
mod tests {
    use super::beside;
    use crate::test_support::Facts;

    fn said(text: &str) -> String {
        let (model, _) = Facts::default()
            .entity("Event")
            .field("Event", "id: uuid*")
            .field("Event", "status: enum(draft, published, closed)!")
            .entity("Member")
            .field("Member", "id: uuid*")
            .field("Member", "is_blocked: boolean!")
            .entity("Ticket")
            .field("Ticket", "id: uuid*")
            .field("Ticket", "event_id: uuid! -> Event")
            .field("Ticket", "member_id: uuid! -> Member")
            .build();
        let Some(found) = beside(&model, text) else { return "-".to_owned() };
        let allowed = found
            .allowed
            .try_map(&mut |id: &crate::FieldId| Some(model.field(*id).name.clone()))
            .expect("every field has a name");
        let acts =
            [(found.inserts, "insert"), (found.updates, "update"), (found.deletes, "delete")];
        let acts = acts.iter().filter(|(is, _)| *is).map(|(_, act)| *act).collect::<Vec<_>>();
        let by = &model.field(found.by).name;
        format!("{} by {by} where {allowed}", acts.join("/"))
    }

    #[test]
    fn what_is_done_beside_an_owner() {
        for (text, expected) in [
            (
                "Tickets can only be booked for published events",
                "insert by event_id where status = 'published'",
            ),
            (
                "Tickets of an event can only be added, changed or removed while the event is a draft",
                "insert/update/delete by event_id where status = 'draft'",
            ),
            (
                "The tickets of an event cannot be changed once the event is closed",
                "update/delete by event_id where not (status = 'closed')",
            ),
            ("A blocked member cannot book a ticket", "insert by member_id where not (is_blocked)"),
            (
                "Tickets must not be booked for closed events",
                "insert by event_id where not (status = 'closed')",
            ),
        ] {
            assert_eq!(said(text), expected, "{text}");
        }
    }

    #[test]
    fn what_says_something_else() {
        for text in [
            "Tickets can be booked for published events",
            "A ticket belongs to an event",
            "Tickets can only be booked by members",
            "A closed event is never reopened",
            "Only published events are shown",
        ] {
            assert_eq!(said(text), "-", "{text}");
        }
    }
}
