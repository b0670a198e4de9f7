//! What may be done to rows only beside an owner in some state: "Bids can only be placed on listed lots", "Lines can only
//! be added while the invoice is a draft", "A blocked driver cannot start a session".

mod unnamed;

use std::collections::{BTreeMap, BTreeSet};

use super::super::clause::{Clause, Force, Link, Only, Voice, parse, root};
use super::super::permanence::without_label;
use super::super::rephrased::rephrased;
use super::scope::{Scope, bare};
use super::state::negation;
use crate::names::words;
use crate::{EntityId, Expression, FieldId, Model};
use unnamed::without;

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
    /// When it holds.
    pub when: Holding,
}

/// When something holds that is said of rows beside an owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holding {
    /// When they are written: it is said of what is done.
    WhenWritten,
    /// It is said of what is there, so that it may be meant to hold at all times: "has no tickets".
    PerhapsAlways,
}

/// Roots of verbs that add a row.
const ADDING: &[&str] = &[
    "ad", "creat", "plac", "mak", "record", "book", "submit", "open", "issu", "post", "start",
    "receiv", "accept", "insert", "register", "enroll", "enrol", "admit", "hir", "assign", "writ",
    "giv", "get", "tak", "enter", "rais", "rent", "borrow", "order", "schedul", "mad", "add",
    "sell", "reserv", "join", "log", "upload", "generat", "charg", "subscrib", "request", "invit",
    "buy", "purchas", "attach", "leav", "rat", "reject", "refus", "allow", "permit", "pai", "pay",
    "plan", "put", "fil", "lend", "lent", "sel",
];
/// Roots of verbs that say what is there.
const HOLDING: &[&str] = &["hav", "has", "belong", "referenc", "refer", "exist", "point"];
/// Roots of verbs that change one.
const CHANGING: &[&str] = &["chang", "alter", "modif", "edit", "updat", "adjust"];
/// Roots of verbs that take one away.
const DELETING: &[&str] = &["delet", "remov", "eras", "destroy", "withdraw"];
/// Roots of verbs that let nothing be done.
const REFUSING: &[&str] = &["reject", "refus", "forbid", "forbidden", "prohibit", "disallow"];
/// Words before rows that are yet to come.
const NEW: &[&str] = &["any", "more", "further", "new", "another", "additional", "no"];

/// Prepositions between what is done and the owner.
const ON: &[&str] = &[
    " on ",
    " for ",
    " to ",
    " in ",
    " of ",
    " against ",
    " with ",
    " at ",
    " from ",
    " into ",
    " by ",
];

/// An owner, what is said of it, and the noun that its rows were given.
type Part = (EntityId, Expression<FieldId>, String);

/// The entities by the words of their names, so that a sentence is held against those only that it may speak of.
#[derive(Debug)]
pub struct NamedEntities {
    by_word: BTreeMap<String, Vec<EntityId>>,
}

/// A sentence whose words are in the names of more entities names none of them.
const MOST: usize = 64;

impl NamedEntities {
    /// The entities of a model.
    pub fn of(model: &Model) -> Self {
        let mut by_word: BTreeMap<String, Vec<EntityId>> = BTreeMap::new();
        for (id, entity) in model.entities() {
            let names = std::iter::once(&entity.name).chain(&entity.aliases).chain(&entity.table);
            for word in names.flat_map(|name| words(name)) {
                let list = by_word.entry(underpin_read::singular(&word)).or_default();
                if list.last() != Some(&id) {
                    list.push(id);
                }
            }
        }
        Self { by_word }
    }

    /// What a sentence says may be done to rows only beside an owner in some state, for each owner that it speaks of;
    /// nothing where it says anything else.
    pub fn beside(&self, model: &Model, text: &str) -> Vec<Beside> {
        let text = without_label(text);
        of_clause(model, self, text)
            .or_else(|| rephrased(text).iter().find_map(|other| of_clause(model, self, other)))
            .unwrap_or_default()
    }

    /// The entities that a text may name, in their order.
    pub(super) fn in_text(&self, text: &str) -> Vec<EntityId> {
        let text = text.replace("'s ", " ").replace("s' ", "s ");
        let all = words(&text).into_iter().map(|word| underpin_read::singular(&word));
        let named: Vec<&Vec<EntityId>> = all.filter_map(|word| self.by_word.get(&word)).collect();
        // One word of many names is enough, and need not be looked through.
        if named.iter().any(|list| list.len() > MOST) {
            return Vec::new();
        }
        let found: BTreeSet<EntityId> = named.into_iter().flatten().copied().collect();
        if found.len() > MOST { Vec::new() } else { found.into_iter().collect() }
    }
}

fn of_clause(model: &Model, entities: &NamedEntities, text: &str) -> Option<Vec<Beside>> {
    let clause = parse(text)?;
    let refuses = REFUSING.contains(&root(&clause.verb).as_str());
    let denied = clause.negated != refuses || clause.object.starts_with("no ");
    let only = clause.only.is_some()
        || clause.object.starts_with("only ")
        || HOLDING.contains(&root(&clause.verb).as_str()) && clause.force != Force::May
        || matches!(clause.conditions.as_slice(), [(Link::OnlyIf, _)]);
    let mut acts = Acts::of(&clause);
    // "A blocked customer must not be dispatched": what is done has rows that are called after it.
    acts.inserts |= clause.voice == Voice::Passive
        && !acts.updates
        && !acts.deletes
        && unnamed::are_called(model, &clause.verb);
    // "Only …" and "not …" say when it may be done; together they say it twice.
    (only || denied).then_some(())?;
    (clause.only.is_none() || !denied).then_some(())?;
    (acts.inserts || acts.updates || acts.deletes).then_some(())?;
    let named = entities.in_text(text);
    let sentence = Sentence { model, named: &named, clause: &clause, denied };
    let parts = sentence
        .by_condition()
        .or_else(|| sentence.by_object())
        .or_else(|| sentence.by_owner())
        .or_else(|| sentence.by_subject())?;
    let mut all = Vec::new();
    for (owner, said, rows) in parts {
        let (rows, by) = sentence.belonging(&rows, owner)?;
        (!is_step(model, rows, &clause.verb)).then_some(())?;
        let allowed = if denied { negation(said) } else { said };
        let Acts { inserts, updates, deletes, when } = acts;
        // "The items of a request cannot be changed": neither may one be taken away.
        let deletes = deletes || updates && denied && is_collection(&clause.subject);
        all.push(Beside { rows, by, allowed, inserts, updates, deletes, when });
    }
    Some(all)
}

/// "The items of a request", which are changed together.
fn is_collection(subject: &str) -> bool {
    bare(subject).split_once(" of ").is_some_and(|(rows, _)| rows.ends_with('s'))
}

/// Whether what is done to a row takes it to a state of its own life, so that it is no birth.
fn is_step(model: &Model, rows: EntityId, verb: &str) -> bool {
    let verb = root(verb);
    let lives = model.lifecycles.iter().filter(|life| life.entity == rows);
    lives.into_iter().any(|life| {
        let later = life.states.iter().filter(|state| life.initial.as_ref() != Some(*state));
        later.into_iter().any(|state| root(state) == verb)
    })
}

/// What is done.
#[derive(Debug, Clone, Copy)]
struct Acts {
    inserts: bool,
    updates: bool,
    deletes: bool,
    when: Holding,
}

impl Acts {
    fn of(clause: &Clause) -> Self {
        // "Added, changed or removed": no noun behind them is a verb.
        let behind = clause.object.split([' ', ',']).filter(|it| !it.is_empty());
        let behind = behind.map(root).take_while(|it| {
            matches!(it.as_str(), "or" | "and" | "nor")
                || [ADDING, CHANGING, DELETING].iter().any(|list| list.contains(&it.as_str()))
        });
        let is_list = clause.voice == Voice::Passive;
        let behind = behind.filter(|_| is_list);
        let said: Vec<String> = std::iter::once(root(&clause.verb)).chain(behind).collect();
        let says = |list: &[&str]| said.iter().any(|it| list.contains(&it.as_str()));
        let is_new = |word: &&str| NEW[1..6].contains(word);
        let holds = HOLDING.contains(&said[0].as_str());
        Self {
            inserts: says(ADDING) || holds,
            updates: says(CHANGING),
            deletes: says(DELETING),
            when: if holds && !clause.object.split(' ').any(|it| is_new(&it)) {
                Holding::PerhapsAlways
            } else {
                Holding::WhenWritten
            },
        }
    }
}

/// A sentence and what it may be said of.
struct Sentence<'m> {
    model: &'m Model,
    /// The entities that it may name.
    named: &'m [EntityId],
    clause: &'m Clause,
    denied: bool,
}

impl Sentence<'_> {
    /// The one entity of which a phrase means something.
    fn one<T>(&self, meant: impl Fn(&Scope<'_>) -> Option<T>) -> Option<(EntityId, T)> {
        let mut found = self.named.iter().filter_map(|&owner| {
            let scope = Scope { model: self.model, entity: owner, field: None };
            meant(&scope).map(|said| (owner, said))
        });
        let only = found.next()?;
        found.next().is_none().then_some(only)
    }

    /// "Lines can only be added while the invoice is a draft": the condition speaks of the owner, or of one after the other.
    fn by_condition(&self) -> Option<Vec<Part>> {
        let [(link, text)] = self.clause.conditions.as_slice() else { return None };
        matches!(link, Link::When | Link::Once | Link::After | Link::While | Link::OnlyIf)
            .then_some(())?;
        self.is_bound(*link).then_some(())?;
        let part = |text: &str| {
            let (owner, said) = self.one(|scope| said_of_owner(scope, text))?;
            Some((owner, said, self.rows_done()))
        };
        // Each must be so, or none may be.
        let joined = if self.denied { " or " } else { " and " };
        let apart = || text.split(joined).map(&part).collect::<Option<Vec<_>>>();
        part(text).map(|one| vec![one]).or_else(apart)
    }

    /// Whether something may not be done: "while a show is on air, it has a host" lets nothing be done.
    fn is_bound(&self, link: Link) -> bool {
        self.denied || self.clause.only.is_some() || !self.holds() || link == Link::OnlyIf
    }

    /// What it is done to: the subject, or the object of whoever does it.
    fn rows_done(&self) -> String {
        let object = &self.clause.object;
        let is_object = self.clause.voice == Voice::Active && !object.is_empty();
        if is_object && !self.holds() { object.clone() } else { self.clause.subject.clone() }
    }

    fn holds(&self) -> bool {
        HOLDING.contains(&root(&self.clause.verb).as_str())
    }

    /// "Bids can only be placed on listed lots", "Members can only book seats for published events".
    fn by_object(&self) -> Option<Vec<Part>> {
        self.clause.conditions.is_empty().then_some(())?;
        // "A seat must reference a published event."
        let to = if self.holds() && self.clause.voice == Voice::Active { " of " } else { " " };
        let is_bare = !ON.iter().any(|on| self.clause.object.starts_with(on.trim_start()));
        let to = if is_bare { to } else { " " };
        let object = format!("{to}{}", self.clause.object.replacen("only ", "", 1));
        ON.iter().find_map(|on| {
            let (before, _) = object.split_once(on)?;
            let rows = match before.trim() {
                // "Payments can be made for …": what is done has no other object.
                "" => self.clause.subject.clone(),
                _ if self.clause.voice == Voice::Passive => self.clause.subject.clone(),
                rows => rows.to_owned(),
            };
            let owners = self.owners(&object[before.len()..])?;
            let stated = owners
                .into_iter()
                .filter_map(|(owner, said)| said.map(|said| (owner, said, rows.clone())));
            Some(stated.collect::<Vec<_>>()).filter(|it| !it.is_empty())
        })
    }

    /// "for published events by members who are not blocked": each owner, with what is said of it.
    fn owners(&self, text: &str) -> Option<Vec<(EntityId, Option<Expression<FieldId>>)>> {
        let text = ON.iter().find_map(|on| text.strip_prefix(on))?;
        if let Some(one) = self.one(|scope| scope.rows(text)) {
            return Some(vec![one]);
        }
        let mut cuts: Vec<usize> =
            ON.iter().flat_map(|on| text.match_indices(on)).map(|(at, _)| at).collect();
        cuts.sort_unstable();
        cuts.into_iter().find_map(|at| {
            let first = self.one(|scope| scope.rows(&text[..at]))?;
            let mut all = vec![first];
            all.extend(self.owners(&text[at..])?);
            Some(all)
        })
    }

    /// "A blocked driver cannot start a session", "Only active members may book a seat".
    fn by_owner(&self) -> Option<Vec<Part>> {
        let is_only = self.clause.only == Some(Only::Subject);
        let is_it = |text: &str| {
            ["it is ", "they are "].iter().find_map(|it| text.strip_prefix(it)).map(str::to_owned)
        };
        let rows = without(&self.clause.object, NEW).to_owned();
        match self.clause.conditions.as_slice() {
            [] => {
                (is_only || self.denied).then_some(())?;
                let (owner, said) = self.one(|scope| scope.rows(&self.clause.subject)?)?;
                Some(vec![(owner, said, rows)])
            }
            // "An event accepts bookings only while it is published."
            [(link @ (Link::OnlyIf | Link::When | Link::Once | Link::While), text)] => {
                let state = is_it(text)?;
                self.is_bound(*link).then_some(())?;
                let (owner, said) = self.one(|scope| {
                    scope.is_own(&self.clause.subject).then(|| scope.state(&state))?
                })?;
                Some(vec![(owner, said, rows)])
            }
            _ => None,
        }
    }

    /// "Lines of a paid invoice cannot be changed", "a paid invoice's lines".
    fn by_subject(&self) -> Option<Vec<Part>> {
        self.clause.conditions.is_empty().then_some(())?;
        let subject = bare(&self.clause.subject);
        let of = ON.iter().find_map(|of| subject.split_once(of));
        let (rows, owners) = of.or_else(|| {
            let (owner, rows) = subject.split_once("'s ").or_else(|| subject.split_once("s' "))?;
            Some((rows, owner))
        })?;
        (self.denied && self.clause.voice == Voice::Passive).then_some(())?;
        let (owner, said) = self.one(|scope| scope.rows(owners)?)?;
        Some(vec![(owner, said, rows.to_owned())])
    }

    /// The entity that a noun names, with or without its owner, and its one reference to the owner.
    fn belonging(&self, noun: &str, owner: EntityId) -> Option<(EntityId, FieldId)> {
        // "A former member cannot be assigned to a task any more".
        let noun = ["any more", "any longer", "again"]
            .iter()
            .find_map(|end| noun.strip_suffix(end))
            .unwrap_or(noun)
            .trim();
        let noun = ["to ", "on ", "in ", "for ", "into ", "with "]
            .iter()
            .find_map(|on| noun.strip_prefix(on))
            .unwrap_or(noun);
        let noun = without(noun, NEW);
        let front = [" of ", " on ", " for ", " in "].iter().find_map(|of| noun.split_once(of));
        let noun = front.map_or(noun, |(front, _)| front);
        let model = self.model;
        let mut found = self.named.iter().filter_map(|&id| {
            let scope = Scope { model, entity: id, field: None };
            let is_named = id != owner && scope.rows(noun) == Some(None);
            let mut to = model.fields_of(id).filter(|(_, field)| {
                field.references.as_ref().is_some_and(|to| to.entity == owner)
            });
            let (by, _) = to.next().filter(|_| is_named)?;
            let by = match to.next() {
                None => Some(by),
                // Of several, the one that is called as the owner is.
                Some(_) => {
                    let name = format!("{} id", model.entity(owner).name);
                    scope.field_spelled(&name)
                }
            };
            by.map(|by| (id, by))
        });
        match found.next() {
            Some(only) => found.next().is_none().then_some(only),
            None if noun.is_empty() => self.called_after(&self.clause.verb, owner),
            None => self.joining(noun, owner),
        }
    }
}

/// What a condition says of an owner.
fn said_of_owner(scope: &Scope<'_>, text: &str) -> Option<Expression<FieldId>> {
    // "It is paid" is said of the rows themselves.
    let subject = [" is ", " are ", " was ", " has been ", " has "]
        .iter()
        .find_map(|verb| text.split_once(verb))
        .map(|(subject, _)| bare(subject));
    match subject {
        // "Only for a vehicle that is not sold".
        Some(subject) if [" that", " which", " who"].iter().any(|it| subject.ends_with(it)) => {
            scope.rows(text)?
        }
        Some(subject) => {
            let is_named = scope.is_called(subject) && !matches!(subject, "it" | "they");
            is_named.then_some(())?;
            scope.condition(text)
        }
        // "Only for published events".
        None => scope.rows(text)?,
    }
}

#[cfg(test)]
mod tests {
    use super::{Holding, NamedEntities};
    use crate::test_support::Facts;

    fn said(text: &str) -> String {
        let (model, _) = Facts::default()
            .entity("Event")
            .field("Event", "id: uuid*")
            .field("Event", "status: enum(draft, published, closed)!")
            .entity("Member")
            .field("Member", "id: uuid*")
            .field("Member", "is_blocked: boolean!")
            .field("Member", "state: enum(active, suspended)!")
            .entity("Seat")
            .field("Seat", "id: uuid*")
            .field("Seat", "is_usable: boolean!")
            .entity("SeatBlock")
            .field("SeatBlock", "id: uuid*")
            .entity("BlockedSeat")
            .field("BlockedSeat", "id: uuid*")
            .field("BlockedSeat", "seat_id: uuid! -> Seat")
            .field("BlockedSeat", "seat_block_id: uuid! -> SeatBlock")
            .entity("Ticket")
            .field("Ticket", "id: uuid*")
            .field("Ticket", "event_id: uuid! -> Event")
            .field("Ticket", "member_id: uuid! -> Member")
            .build();
        let one = |found: super::Beside| {
            let allowed = found
                .allowed
                .try_map(&mut |id: &crate::FieldId| Some(model.field(*id).name.clone()))
                .expect("every field has a name");
            let acts =
                [(found.inserts, "insert"), (found.updates, "update"), (found.deletes, "delete")];
            let acts = acts.iter().filter(|(is, _)| *is).map(|(_, act)| *act).collect::<Vec<_>>();
            let by = &model.field(found.by).name;
            let lasts = if found.when == Holding::PerhapsAlways { ", always?" } else { "" };
            format!("{} by {by} where {allowed}{lasts}", acts.join("/"))
        };
        let all: Vec<String> =
            NamedEntities::of(&model).beside(&model, text).into_iter().map(one).collect();
        if all.is_empty() { "-".to_owned() } else { all.join("; ") }
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
            (
                "Tickets shall be sold only for an event that is published",
                "insert by event_id where status = 'published'",
            ),
            (
                "Nothing is ticketed for a member who is blocked",
                "insert by member_id where not (is_blocked)",
            ),
            ("A blocked member cannot book a ticket", "insert by member_id where not (is_blocked)"),
            (
                "Tickets must not be booked for closed events",
                "insert by event_id where not (status = 'closed')",
            ),
            ("Only active members may book a ticket", "insert by member_id where state = 'active'"),
            (
                "A ticket may be booked only by an active member",
                "insert by member_id where state = 'active'",
            ),
            (
                "Tickets are accepted only for published events",
                "insert by event_id where status = 'published'",
            ),
            (
                "Tickets may only be sold for an event that is published",
                "insert by event_id where status = 'published'",
            ),
            (
                "No ticket may be booked for a closed event",
                "insert by event_id where not (status = 'closed')",
            ),
            (
                "Cannot add tickets to a closed event",
                "insert by event_id where not (status = 'closed')",
            ),
            (
                "New tickets are rejected when the event is closed",
                "insert by event_id where not (status = 'closed')",
            ),
            (
                "A closed event cannot have new tickets",
                "insert by event_id where not (status = 'closed')",
            ),
            (
                "Tickets of a closed event cannot be changed or deleted",
                "update/delete by event_id where not (status = 'closed')",
            ),
            (
                "A published event's tickets cannot be deleted",
                "delete by event_id where not (status = 'published')",
            ),
        ] {
            assert_eq!(said(text), expected, "{text}");
        }
    }

    #[test]
    fn rows_that_put_two_together() {
        for text in [
            "Only usable seats can be put into a seat block",
            "Seats that are not usable cannot be put into a seat block",
        ] {
            assert_eq!(said(text), "insert by seat_id where is_usable", "{text}");
        }
        assert_eq!(
            said("A usable seat must not be blocked"),
            "-",
            "what is done is a flag of nothing, and no row is called after it"
        );
        // No row puts seats and events together.
        assert_eq!(said("Only usable seats can be put into an event"), "-");
    }

    #[test]
    fn two_owners_in_one_sentence() {
        let both = "insert by event_id where status = 'published'; insert by member_id where not (is_blocked)";
        for text in [
            "Tickets can be booked only while the event is published and the member is not blocked",
            "Tickets can only be booked for published events by members who are not blocked",
        ] {
            assert_eq!(said(text), both, "{text}");
        }
        assert_eq!(
            said("Tickets cannot be booked if the event is closed or the member is blocked"),
            "insert by event_id where not (status = 'closed'); insert by member_id where not (is_blocked)"
        );
    }

    #[test]
    fn what_may_hold_at_all_times() {
        for (text, expected) in [
            ("A draft event has no tickets", "not (status = 'draft')"),
            ("A ticket must belong to a published event", "status = 'published'"),
            ("A ticket must reference a published event", "status = 'published'"),
            ("Tickets exist only for published events", "status = 'published'"),
        ] {
            assert_eq!(
                said(text),
                format!("insert by event_id where {expected}, always?"),
                "{text}"
            );
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
            "Only active members can see tickets",
            "Only active members may view orders of events",
            "Only published events are shown in ticket orders",
            "A member has no more than three tickets",
            "Members are notified only when the event is published",
        ] {
            assert_eq!(said(text), "-", "{text}");
        }
    }
}
