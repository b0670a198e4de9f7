//! Relationships that verbs between two nouns state: "assign a complaint to a staff member", "reviews
//! written by customers", "tenancies that link a tenant and a unit", "students enroll in courses".

use super::cardinality::subject_before;
use super::noun::{coordinated, phrase_at, phrases};
use super::openers::tied_ends;
use super::possession::Pair;
use super::tag::{Tag, Token};
use super::usual::{is_person, is_usual};

/// All that a sentence ties together so.
pub(super) fn find(tokens: &[Token]) -> Vec<Pair> {
    let mut found = assigned(tokens);
    found.extend(made_by(tokens));
    found.extend(linked(tokens));
    found.extend(between(tokens));
    found.extend(joined(tokens));
    found.extend(placed(tokens));
    found.extend(given(tokens));
    found.extend(met(tokens));
    found.extend(levelled(tokens));
    found.extend(kept_in(tokens));
    found.extend(narrowed(tokens));
    found
}

fn many(one: &str, many: &str) -> Pair {
    Pair { one: one.to_owned(), many: many.to_owned(), cardinality: "1:N" }
}

/// "Assign a complaint to a staff member", "tasks are assigned to one user", "each account is
/// associated with exactly one customer": the one side stands behind, but for a person who is put to
/// some work.
fn assigned(tokens: &[Token]) -> Vec<Pair> {
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        let verb = &tokens[at];
        let is_tie = verb.is_verb_of(&[
            "assign",
            "reassign",
            "link",
            "attribute",
            "associate",
            "attach",
            "connect",
            "map",
        ]) && !verb.lower.ends_with("ment");
        // "A stay links a patient to a bed": the stay is for one of each.
        let is_link = (verb.is_any(&["links", "connects"]) || are_links(tokens, at))
            && at > 0
            && subject_before(tokens, at).is_some_and(|it| !is_person(&it.noun));
        if !is_tie || is_link {
            continue;
        }
        let is_passive = verb.lower.ends_with("ed");
        let thing = if is_passive {
            subject_before(tokens, at)
                .or_else(|| phrases(&tokens[..at]).pop().filter(|phrase| phrase.end == at))
        } else if verb.tag == Tag::Verb {
            phrase_at(tokens, at + 1)
        } else {
            None
        };
        let Some(thing) = thing.filter(|_| third_of(tokens).is_none()) else { continue };
        let link = if is_passive { at + 1 } else { thing.end };
        if !tokens.get(link).is_some_and(|it| it.is_any(&["to", "with"])) {
            continue;
        }
        let behind = (link + 1..tokens.len()).find(|&it| {
            !(tokens[it].tag == Tag::Adverb || tokens[it].is_any(&["exactly", "one", "or", "more"]))
        });
        let ends = behind.map(|it| tied_ends(tokens, it)).unwrap_or_default();
        let Some(other) = ends.first().cloned() else { continue };
        // "Link each review with a customer and a product": it has one of each.
        for another in ends.iter().skip(1).filter(|it| !it.is_plural && !it.is_many) {
            found.push(many(&another.noun, &thing.noun));
        }
        let are_many = tokens[link + 1..other.end].iter().any(|it| it.is("more")) || other.is_many;
        if are_many && (thing.is_plural || thing.is_many) {
            let pair = Pair { one: other.noun, many: thing.noun, cardinality: "N:M" };
            found.push(pair);
        } else if is_person(&thing.noun) && (!is_person(&other.noun) || !thing.is_plural) {
            found.push(many(&thing.noun, &other.noun));
        } else {
            found.push(many(&other.noun, &thing.noun));
        }
    }
    found
}

/// Whether several things link others: "Leases link a tenant to a unit", and no "users can link accounts".
fn are_links(tokens: &[Token], at: usize) -> bool {
    tokens[at].is_any(&["link", "connect"])
        && phrases(&tokens[..at])
            .pop()
            .is_some_and(|it| it.end == at && it.is_plural && it.start == 0 && !is_person(&it.noun))
}

/// "Complaints submitted by students", "a review written by a customer".
fn made_by(tokens: &[Token]) -> Vec<Pair> {
    let verbs = [
        "submit",
        "create",
        "place",
        "post",
        "write",
        "upload",
        "report",
        "make",
        "request",
        "order",
        "own",
        "author",
        "raise",
        "file",
        "book",
        "publish",
        "record",
        "issue",
        "offer",
        "supervise",
    ];
    let mut found = Vec::new();
    for at in 1..tokens.len() {
        let is_made = tokens[at].is_verb_of(&verbs)
            && (tokens[at].lower.ends_with("ed") || tokens[at].is_any(&["made", "written"]))
            && tokens.get(at + 1).is_some_and(|it| it.is("by"));
        if !is_made {
            continue;
        }
        let thing = subject_before(tokens, at)
            .or_else(|| phrases(&tokens[..at]).pop().filter(|phrase| phrase.end == at));
        let (Some(thing), Some(maker)) = (thing, phrase_at(tokens, at + 2)) else { continue };
        found.push(many(&maker.noun, &thing.noun));
    }
    found
}

/// "Creation of tenancies by linking tenant and unit": what links two has one of each.
fn linked(tokens: &[Token]) -> Vec<Pair> {
    let Some(at) = tokens.iter().enumerate().position(|(at, it)| {
        are_links(tokens, at)
            || it.is_any(&[
                "linking",
                "connecting",
                "joining",
                "assigning",
                "links",
                "connects",
                "joins",
                "ties",
                "associating",
            ])
    }) else {
        return Vec::new();
    };
    let third = third_of(tokens);
    let Some(thing) = third.or_else(|| phrases(&tokens[..at]).pop()) else { return Vec::new() };
    let (mut ends, end) = coordinated(tokens, at + 1);
    // "A stay links a patient to a bed".
    if ends.len() == 1 && tokens.get(end).is_some_and(|it| it.is_any(&["to", "with"])) {
        ends.extend(phrase_at(tokens, end + 1));
    }
    if ends.len() < 2 {
        return Vec::new();
    }
    ends.iter().map(|end| many(&end.noun, &thing.noun)).collect()
}

/// "Linking a parcel to a truck, creating a shipment": that has both.
fn third_of(tokens: &[Token]) -> Option<super::noun::Phrase> {
    let made = (1..tokens.len()).find(|&it| {
        tokens[it].is_any(&["creating", "forming"])
            && tokens[it - 1].is(",")
            && tokens.get(it + 1).is_some_and(|it| it.is_any(&["a", "an"]))
    })?;
    phrase_at(tokens, made + 1)
}

/// "Support messages between customers and employees".
fn between(tokens: &[Token]) -> Vec<Pair> {
    let Some(at) = tokens.iter().position(|it| it.is("between")) else { return Vec::new() };
    let Some(thing) = phrases(&tokens[..at]).pop().filter(|it| it.end == at && it.is_plural) else {
        return Vec::new();
    };
    let (ends, _) = coordinated(tokens, at + 1);
    let are_people = ends.len() == 2 && ends.iter().all(|end| is_person(&end.noun));
    if !are_people {
        return Vec::new();
    }
    ends.iter().map(|end| many(&end.noun, &thing.noun)).collect()
}

/// "Students enroll in courses", "a user can join several groups": many of both.
fn joined(tokens: &[Token]) -> Vec<Pair> {
    let mut found = Vec::new();
    for at in 1..tokens.len() {
        let is_join = tokens[at].tag == Tag::Verb
            && tokens[at].is_verb_of(&[
                "enroll",
                "enrol",
                "join",
                "subscribe",
                "participate",
                "follow",
            ]);
        if !is_join {
            continue;
        }
        let Some(subject) = subject_before(tokens, at) else { continue };
        let mut next = at + 1;
        while tokens.get(next).is_some_and(|it| it.is_any(&["in", "to", "for"])) {
            next += 1;
        }
        let Some(object) = phrase_at(tokens, next) else { continue };
        if is_person(&subject.noun) && (object.is_plural || subject.is_plural) {
            let pair = Pair { one: subject.noun, many: object.noun, cardinality: "N:M" };
            found.push(pair);
        }
    }
    found
}

/// "Adding units under a property", "create tasks within a project", "add comments to a post", "register parcels for a depot",
/// "create a drive associated with a company".
fn placed(tokens: &[Token]) -> Vec<Pair> {
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        let is_make = tokens[at].tag == Tag::Verb
            && tokens[at].is_verb_of(&["add", "create", "define", "register", "upload", "post"]);
        let object = is_make.then(|| phrase_at(tokens, at + 1)).flatten();
        let Some(object) = object else { continue };
        let is_tied = tokens.get(object.end).is_some_and(|it| {
            it.is_any(&["associated", "linked", "tied", "connected", "attached", "belonging"])
        });
        let link = object.end + usize::from(is_tied);
        let is_one = tokens.get(link + 1).is_some_and(|it| {
            it.is_any(&["a", "an", "each", "every", "one", "the", "specific", "particular"])
        });
        let is_in = tokens.get(link).is_some_and(|it| {
            it.is_any(&["under", "within", "inside"])
                || is_tied && it.is_any(&["to", "with"])
                || it.is("to")
                    && tokens[at].is_verb_of(&["add", "post", "upload", "register", "create"])
                || it.is_any(&["for", "in", "at", "on"]) && is_one
        });
        let whole = is_in.then(|| phrase_at(tokens, link + 1)).flatten();
        if let Some(whole) = whole.filter(|whole| !whole.is_plural && !whole.is_many) {
            found.push(many(&whole.noun, &object.noun));
        }
    }
    found
}

/// "Each parcel is stored in a depot", "boats lie at one pier": where one of them is.
fn kept_in(tokens: &[Token]) -> Vec<Pair> {
    let Some(at) = (2..tokens.len()).find(|&at| {
        tokens[at].is_any(&["in", "at", "on", "inside", "within"])
            && tokens[at - 1]
                .is_any(&["stored", "kept", "located", "placed", "held", "housed", "parked"])
            && tokens[at - 2].is_any(&["is", "are", "be"])
    }) else {
        return Vec::new();
    };
    let is_one = tokens
        .get(at + 1)
        .is_some_and(|it| it.is_any(&["a", "an", "one", "exactly", "its", "their", "some"]));
    let from = at + 1 + usize::from(tokens.get(at + 1).is_some_and(|it| it.is("exactly")));
    let thing = subject_before(tokens, at - 1);
    match (thing, phrase_at(tokens, from)) {
        (Some(thing), Some(one)) if is_one && !one.is_plural => vec![many(&one.noun, &thing.noun)],
        _ => Vec::new(),
    }
}

/// "Filter parcels by depot", "trip history filtered by driver and vehicle": each parcel has a depot. Only what is a thing by
/// then relates to another.
fn narrowed(tokens: &[Token]) -> Vec<Pair> {
    let Some(by) = (1..tokens.len()).find(|&at| tokens[at].is("by")) else { return Vec::new() };
    let asks = |it: &Token| {
        it.is_verb_of(&["filter", "search", "group", "list", "sort", "view", "find"])
            || it.is_any(&["filterable", "searchable", "filters"])
    };
    let Some(verb) = tokens[..by].iter().rposition(asks) else { return Vec::new() };
    // "Parcels can be filtered by depot", "a trip report with options to filter by driver and vehicle".
    let behind = phrase_at(tokens, verb + 1 + usize::from(tokens[verb + 1].is("for")));
    let behind = behind.filter(|it| it.end == by).map(|it| it.noun);
    let front = || {
        phrases(&tokens[..verb]).into_iter().rev().find_map(|it| {
            let noun = [" report", " list", " table", " view", " page", " reports"]
                .iter()
                .find_map(|end| it.noun.strip_suffix(end))
                .unwrap_or(&it.noun);
            let is_told = super::noun::is_generic(noun)
                || matches!(noun, "option" | "options" | "filters" | "ability")
                || is_person(noun);
            (!is_told).then(|| noun.to_owned())
        })
    };
    let Some(thing) = behind.or_else(front) else { return Vec::new() };
    let (ones, _) = coordinated(tokens, by + 1);
    let is_one = |one: &super::noun::Phrase| {
        let last = one.noun.rsplit(' ').next().unwrap_or_default();
        let is_thing = !super::noun::is_attribute(last) || is_usual(&one.noun);
        !one.is_plural && one.noun != thing && is_thing
    };
    ones.iter().filter(|one| is_one(one)).map(|one| many(&one.noun, &thing)).collect()
}

/// "Give a product a rating", "rate a product": a thing of the product.
fn given(tokens: &[Token]) -> Vec<Pair> {
    let mut found = Vec::new();
    for at in 1..tokens.len() {
        if tokens[at].tag != Tag::Verb || !tokens[at].is_verb_of(&["give"]) {
            continue;
        }
        let Some(whole) = phrase_at(tokens, at + 1) else { continue };
        let Some(thing) = phrase_at(tokens, whole.end) else { continue };
        found.push(many(&whole.noun, &thing.noun));
        let to = tokens[..at].iter().rposition(|it| it.tag == Tag::Modal || it.is("to"));
        if let Some(subject) = to.and_then(|to| subject_before(tokens, to)) {
            found.push(many(&subject.noun, &thing.noun));
        }
    }
    found
}

/// "A list of tasks where he goes to a customer": each of them has one.
fn met(tokens: &[Token]) -> Vec<Pair> {
    let Some(at) = tokens.iter().position(|it| it.is("where")) else { return Vec::new() };
    let Some(thing) = phrases(&tokens[..at]).pop().filter(|it| it.end == at && it.is_plural) else {
        return Vec::new();
    };
    let rest = (at + 1..tokens.len().min(at + 9)).find(|&it| tokens[it].is_any(&["a", "an"]));
    let one = rest.and_then(|it| phrase_at(tokens, it)).filter(|one| is_person(&one.noun));
    one.map(|one| many(&one.noun, &thing.noun)).into_iter().collect()
}

/// "Unit-level payments", "property-level expenses": each of them is of one.
fn levelled(tokens: &[Token]) -> Vec<Pair> {
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let Some(one) = token.lower.strip_suffix("-level") else { continue };
        let Some(thing) = phrase_at(tokens, at) else { continue };
        let noun = thing.noun.strip_prefix(token.text.as_str()).map_or(&*thing.noun, str::trim);
        if thing.is_plural && is_usual(one) && !noun.is_empty() {
            found.push(many(one, noun));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prose::tag::tag;
    use expect_test::{Expect, expect};

    fn check(text: &str, expected: &Expect) {
        let found: Vec<String> = find(&tag(text))
            .iter()
            .map(|it| format!("{} {} {}", it.one, it.cardinality, it.many))
            .collect();
        expected.assert_eq(&found.join("; "));
    }

    #[test]
    fn ties() {
        check(
            "The warden can assign an approved complaint to a specific staff member.",
            &expect!["staff member 1:N complaint"],
        );
        check(
            "Each account shall be associated with exactly one customer.",
            &expect!["customer 1:N account"],
        );
        check("Assign a technician to a repair.", &expect!["technician 1:N repair"]);
        check(
            "The warden views all complaints submitted by all students.",
            &expect!["students 1:N complaints"],
        );
        check(
            "allow creation of tenancies by linking tenant and unit",
            &expect!["tenant 1:N tenancies; unit 1:N tenancies"],
        );
        check(
            "store support messages between customers and employees",
            &expect!["customers 1:N support messages; employees 1:N support messages"],
        );
        check("Students enroll in courses.", &expect!["Students N:M courses"]);
        check("allow adding units under a property", &expect!["property 1:N units"]);
        check(
            "Customer should be able to give a product a rating",
            &expect!["product 1:N rating; Customer 1:N rating"],
        );
        check(
            "a list of tasks where he goes to a customer and collects cash",
            &expect!["customer 1:N tasks"],
        );
    }

    #[test]
    fn levels_and_persons() {
        check("record unit-level rental payments", &expect!["unit 1:N rental payments"]);
        check("write low-level logs", &expect![]);
        check("assign a doctor to a patient", &expect!["doctor 1:N patient"]);
        check("assign students to a teacher", &expect!["teacher 1:N students"]);
    }

    #[test]
    fn no_ties() {
        check("The choice between speed and cost is open.", &expect![]);
        check("The list shows where a chart is.", &expect![]);
    }
}
