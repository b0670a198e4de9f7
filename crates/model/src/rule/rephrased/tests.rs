//! One rule said in many ways comes out as one rule, and what only sounds like it as none.

use expect_test::expect;

use crate::test_support::Facts;
use crate::{FieldId, Model, NamedEntities};

fn tours() -> Facts {
    Facts::default()
        .entity("Guest")
        .field("Guest", "id: uuid*")
        .field("Guest", "blocked: boolean!")
        .entity("Tour")
        .field("Tour", "id: uuid*")
        .field("Tour", "capacity: int?")
        .field("Tour", "budget: decimal(10,2)?")
        .field("Tour", "status: enum(planned, running, over)!")
        .entity("Ticket")
        .field("Ticket", "id: uuid*")
        .field("Ticket", "tour_id: uuid! -> Tour")
        .field("Ticket", "guest_id: uuid! -> Guest")
        .field("Ticket", "checker_id: uuid? -> Guest")
        .field("Ticket", "code: text!")
        .field("Ticket", "email: text?")
        .field("Ticket", "phone: text?")
        .field("Ticket", "note: text?")
        .field("Ticket", "amount: decimal(10,2)!")
        .field("Ticket", "starts_at: timestamp!")
        .field("Ticket", "ends_at: timestamp!")
        .field("Ticket", "is_primary: boolean!")
        .field("Ticket", "status: enum(booked, used, void)!")
}

/// What became of a rule of tickets; nothing where it stays in its words.
fn said(text: &str) -> Option<String> {
    let (model, _) = tours().rule("Ticket", text).build();
    let name = |id: &FieldId| Some(model.field(*id).name.clone());
    // A rule that leaves rows out may be told in two sentences; it is one rule all the same.
    let [rule] = model.rules.as_slice() else { return None };
    if let Some(expression) = &rule.expression {
        return expression.try_map(&mut |id| name(id)).map(|it| it.to_string());
    }
    rule.became.clone().or_else(|| stays(&model, text)).or_else(|| beside(&model, text))
}

fn stays(model: &Model, text: &str) -> Option<String> {
    let rule = model.rules.first()?;
    let it = crate::permanence(model, rule.entity, rule.field, text)?;
    let names: Vec<&str> = it.fields.iter().map(|&id| &*model.field(id).name).collect();
    let states = it.states.map(|(_, states)| states.join(", ")).unwrap_or_default();
    Some(format!("[{}] stays, kept {} in [{states}]", names.join(", "), it.is_kept))
}

fn beside(model: &Model, text: &str) -> Option<String> {
    let found = NamedEntities::of(model).beside(model, text);
    let it = found.first()?;
    let allowed = it.allowed.try_map(&mut |id: &FieldId| Some(model.field(*id).name.clone()))?;
    let by = &model.field(it.by).name;
    Some(format!("by {by} {} {} {} where {allowed}", it.inserts, it.updates, it.deletes))
}

const KINDS: &[&[&str]] = &[
    &[
        "A tour has at most 12 tickets",
        "A tour has 12 tickets at most",
        "A tour can have 12 tickets at the most",
        "Up to 12 tickets are allowed per tour",
        "Tickets are limited to 12 per tour",
        "Each tour is limited to twelve tickets",
        "Not more than 12 tickets may be added to a tour",
        "The maximum number of tickets per tour is 12",
        "A tour with 12 tickets accepts no more",
    ],
    &[
        "A tour has at most 3 tickets; void tickets do not count",
        "A tour has at most 3 tickets, not counting void ones",
        "A tour has 3 tickets at most, ignoring void ones",
        "Not counting void tickets, a tour has at most 3 tickets",
        "A tour has at most 3 tickets, void ones not counted",
    ],
    &[
        "A tour has at most 3 booked tickets",
        "No more than 3 tickets of a tour may be booked at the same time",
        "At most 3 tickets of a tour can be booked",
        "Of the tickets of a tour, at most 3 may be booked",
        "A tour has three booked tickets at most",
    ],
    &[
        "A tour never has more tickets than its capacity",
        "A tour has at most as many tickets as its capacity",
        "A tour takes no more tickets than its capacity",
        "The capacity of a tour is the maximum number of its tickets",
    ],
    &[
        "Codes are unique per tour",
        "A tour cannot contain two tickets with the same code",
        "Each code occurs at most once in a tour",
        "Every ticket of a tour has its own code",
        "Duplicate codes within a tour are rejected",
    ],
    &[
        "A tour has at most one primary ticket",
        "A tour never has more than one primary ticket",
        "A tour cannot have more than one primary ticket",
        "No tour has two primary tickets",
        "Of the tickets of a tour, at most one is primary",
    ],
    &[
        "Tickets of the same tour do not overlap",
        "Within a tour, tickets do not overlap",
        "Overlapping tickets are not allowed within a tour",
        "The times of the tickets of a tour do not overlap",
        "There must be no overlap between tickets of one tour",
    ],
    &[
        "Tickets can only be added while the tour is running",
        "Only running tours accept tickets",
        "A tour must be running before tickets can be added",
        "Adding tickets is only allowed while the tour is running",
    ],
    &[
        "No tickets can be added to a planned tour",
        "Planned tours accept no tickets",
        "Adding a ticket to a planned tour is refused",
    ],
    &["No ticket can be created for a blocked guest", "Blocked guests get no new tickets"],
    &[
        "The code of a ticket never changes",
        "A ticket keeps its code for ever",
        "A ticket keeps its code",
        "A ticket cannot change its code",
        "The code is set at creation and never changes",
        "The code cannot be changed once the ticket exists",
    ],
    &[
        "The tour of a ticket never changes",
        "A ticket never moves to another tour",
        "A ticket belongs to the same tour for good",
        "A ticket always stays in its tour",
    ],
    &[
        "A used ticket cannot be changed",
        "As soon as a ticket is used it cannot be changed",
        "Once a ticket is used its fields cannot be changed",
        "A used ticket is final and cannot be changed",
    ],
    &["A used ticket cannot be deleted", "Deleting a used ticket is not allowed"],
    &[
        "The amount can be changed only while the ticket is booked",
        "The amount can only be edited in booked tickets",
    ],
    &[
        "Exactly one of email and phone must be set",
        "A ticket has either an email or a phone, but not both",
        "One of email and phone must be set, not both",
        "A ticket has exactly one of email and phone",
    ],
    &[
        "At most one of email and phone is set",
        "Email and phone are mutually exclusive",
        "Email and phone cannot both be set",
        "A ticket cannot have both an email and a phone",
    ],
    &[
        "`note` is set exactly when the ticket is used",
        "`note` is set while the ticket is used, and empty otherwise",
        "The note is given for used tickets and only for them",
    ],
    &[
        "The sum of the amounts of the tickets of a tour must not exceed its budget",
        "Together, the amounts of the tickets of a tour do not exceed its budget",
        "The budget of a tour is never exceeded by the sum of its ticket amounts",
    ],
];

#[test]
fn one_rule_in_many_ways() {
    let mut first = Vec::new();
    for ways in KINDS {
        let meant = said(ways[0]);
        for way in *ways {
            assert_eq!(said(way), meant, "{way}");
        }
        first.push(format!("{}: {}\n", ways[0], meant.unwrap_or_else(|| "open".to_owned())));
    }
    expect![[r#"
        A tour has at most 12 tickets: the number of rows of one tour_id <= 12
        A tour has at most 3 tickets; void tickets do not count: the number of rows of one tour_id where not (status = 'void') <= 3
        A tour has at most 3 booked tickets: the number of rows of one tour_id where status = 'booked' <= 3
        A tour never has more tickets than its capacity: the number of rows of one tour_id <= its capacity
        Codes are unique per tour: unique (tour_id, code)
        A tour has at most one primary ticket: unique (tour_id) where is_primary
        Tickets of the same tour do not overlap: no two rows of one tour_id overlap from starts_at to ends_at
        Tickets can only be added while the tour is running: by tour_id true false false where status = 'running'
        No tickets can be added to a planned tour: by tour_id true false false where not (status = 'planned')
        No ticket can be created for a blocked guest: by guest_id true false false where not (blocked)
        The code of a ticket never changes: [code] stays, kept false in []
        The tour of a ticket never changes: [tour_id] stays, kept false in []
        A used ticket cannot be changed: [] stays, kept false in [used]
        A used ticket cannot be deleted: [] stays, kept true in [used]
        The amount can be changed only while the ticket is booked: [amount] stays, kept false in [used, void]
        Exactly one of email and phone must be set: (email is present or phone is present) and (not (email is present and phone is present))
        At most one of email and phone is set: not (email is present and phone is present)
        `note` is set exactly when the ticket is used: (if status = 'used' then note is present) and (if note is present then status = 'used')
        The sum of the amounts of the tickets of a tour must not exceed its budget: the sum of amount over the rows of one tour_id <= its budget
    "#]].assert_eq(&first.concat());
}

#[test]
fn what_only_sounds_like_a_rule_stays_open() {
    for text in [
        "A tour has about 12 tickets at most times",
        "A tour usually has 12 tickets at most",
        "Tickets are limited to 12 per day",
        "A tour has at most 12 tickets, not counting wet ones",
        "A ticket keeps its shine for ever",
        "Once a ticket is old, its fields cannot be changed",
        "Overlapping tickets are not allowed within a day",
        "Wet tours accept no tickets",
        "While a tour is running, it always has a ticket",
        "A tour has each ticket printed once",
        "Email and shoes are mutually exclusive",
        "Deleting a wet ticket is refused",
        "The note is printed at creation and never changes",
    ] {
        assert_eq!(said(text), None, "{text}");
    }
}

#[test]
fn each_phrase_repeats_only_its_own_parts() {
    for (from, to) in super::phrases::PHRASES {
        let name = |part: &str| {
            let inside = part.strip_prefix('{')?.split_once('}')?.0;
            Some(inside.trim_start_matches('-').to_owned())
        };
        let own: Vec<String> = from.split(' ').filter_map(name).collect();
        for repeated in to.split(' ').filter_map(name) {
            assert!(own.contains(&repeated), "{to}");
        }
    }
}
