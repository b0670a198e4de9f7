//! Relationships that sentences imply without a count: "guests can view their reservations", "the order
//! history of a customer", "a project contains tasks", "**Menu Item**: associated with a `Restaurant`".

use std::collections::BTreeSet;

use super::clause::Clause;
use super::holding::{beside, having_one, holding, says_outright};
use super::noun::{Phrase, is_attribute, phrase_at, phrases};
use super::sentence::Sentence;
use super::tag::{Tag, Token};
use super::{in_each, over_clauses, resolve, titled};
use crate::document::Document;
use crate::notation::Output;
use crate::words::{fold, name_words};
use crate::{Fact, RelationshipFact};

pub(crate) const DOC: &str = "Relationships that sentences imply: \"guests can view their \
     reservations\", \"a project contains tasks\", \"the order history of a customer\".";

/// Two nouns, the one side first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) one: String,
    pub(super) many: String,
    pub(super) cardinality: &'static str,
}

pub(super) fn pair(one: &str, many: &Phrase) -> Pair {
    let cardinality = if many.is_plural || many.is_many { "1:N" } else { "1:1" };
    Pair { one: one.to_owned(), many: many.noun.clone(), cardinality }
}

/// What a sentence implies.
fn in_sentence(sentence: &Sentence) -> &[Pair] {
    sentence.pairs.get_or_init(|| find(&sentence.tokens))
}

fn find(tokens: &[Token]) -> Vec<Pair> {
    let mut found = theirs(tokens);
    found.extend(making(tokens));
    found.extend(holding(tokens));
    found.extend(having_one(tokens));
    found.extend(beside(tokens));
    found.extend(of_one(tokens));
    found.extend(super::ties::find(tokens));
    found.extend(super::deeds::pairs(tokens));
    found
}

/// The subject of a chain of verbs that ends before a token: "companies" of "companies can add, edit, or
/// remove employees".
pub(super) fn subject_of(tokens: &[Token], verb: usize) -> Option<Phrase> {
    let first = (0..=verb)
        .rev()
        .take_while(|&it| {
            matches!(
                tokens[it].tag,
                Tag::Verb | Tag::Modal | Tag::Conjunction | Tag::Adverb | Tag::Auxiliary
            ) || tokens[it].is_any(&["to", ",", "able"])
        })
        .last()?;
    phrases(&tokens[..first]).pop().filter(|subject| subject.end == first)
}

/// "Customers can view their own orders", "each guest manages its bookings": the subject has what it
/// calls its own.
fn theirs(tokens: &[Token]) -> Vec<Pair> {
    let teller = teller(tokens);
    let mut found = Vec::new();
    for at in 1..tokens.len() {
        let subject = if tokens[at].is("my") {
            teller.clone()
        } else if tokens[at].is_any(&["their", "his", "her", "its"]) {
            // The verb that the possession is the object of, and then its subject.
            let verb = (0..at).rev().find(|&it| tokens[it].tag == Tag::Verb);
            let subject =
                verb.and_then(|verb| subject_of(tokens, verb)).map(|subject| subject.noun);
            // "A user can delete an entry (cascading its logs)": people have no "its".
            let is_person = subject.as_deref().is_some_and(|it| {
                super::is_person_noun(it) || super::noun::singular(&it.to_lowercase()) == "user"
            });
            if tokens[at].is("its") && is_person {
                phrases(&tokens[..at]).pop().map(|object| object.noun)
            } else {
                subject
            }
        } else {
            None
        };
        let Some(subject) = subject else { continue };
        let Some(own) = phrase_at(tokens, at) else { continue };
        if !is_attribute(own.noun.rsplit(' ').next().unwrap_or_default()) {
            let own = Phrase {
                noun: history_of(&own.noun).unwrap_or(&own.noun).to_owned(),
                is_many: own.is_many || history_of(&own.noun).is_some(),
                ..own
            };
            found.push(pair(&subject, &own));
        }
    }
    found
}

/// Who tells a story: "customer" of "As a customer, I want to place an order".
pub(super) fn teller(tokens: &[Token]) -> Option<String> {
    tokens.first().filter(|token| token.is("as"))?;
    let role = phrase_at(tokens, 1)?;
    tokens[role.end..].iter().take(2).any(|token| token.is("i")).then_some(role.noun)
}

/// Verbs by which somebody makes a thing that is then theirs.
const MAKING: &[&str] = &[
    "place", "submit", "book", "post", "upload", "write", "leave", "cancel", "request", "save",
    "purchase", "rent", "borrow", "reserve", "confirm", "make",
];

/// Verbs that say so of whoever is not there to run the system for others.
const MAKING_ALSO: &[&str] = &["create", "add", "manage", "define", "register"];

/// "Customers can place orders", "companies can add, edit or remove employees", "as a guest, I want to
/// book a room": whoever makes a thing has it.
fn making(tokens: &[Token]) -> Vec<Pair> {
    let teller = teller(tokens);
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        // "A guest cannot book their own room": nobody has it for that.
        let is_denied = at > 0 && tokens[at - 1].is_any(&["cannot", "not", "never"]);
        if tokens[at].tag != Tag::Verb || is_denied {
            continue;
        }
        let subject = match &teller {
            Some(teller) => Some(teller.clone()),
            None => subject_of(tokens, at).map(|subject| subject.noun),
        };
        let Some(subject) = subject.filter(|subject| !runs_the_system(subject)) else { continue };
        let is_user = subject.to_lowercase().trim_end_matches('s') == "user";
        let makes =
            |verb: &Token| verb.is_verb_of(MAKING) || !is_user && verb.is_verb_of(MAKING_ALSO);
        // "add, edit, or remove employees": any verb of the chain before the object.
        let chain = (0..=at).rev().take_while(|&it| {
            matches!(tokens[it].tag, Tag::Verb | Tag::Conjunction) || tokens[it].is(",")
        });
        let is_making = chain.clone().any(|it| tokens[it].tag == Tag::Verb && makes(&tokens[it]));
        if !is_making {
            continue;
        }
        let (objects, _) = super::noun::coordinated(tokens, at + 1);
        let deeds = super::deeds::find(tokens);
        for object in objects {
            // "Customers can book cars": many do so with one car, and the booking is theirs.
            let is_deed = deeds.iter().any(|deed| deed.thing == object.noun);
            if is_deed {
                continue;
            }
            let many = object.noun;
            found.push(Pair { one: subject.clone(), many, cardinality: "1:N" });
        }
    }
    found
}

/// Whether a noun names somebody who works on the data of others.
pub(super) fn runs_the_system(noun: &str) -> bool {
    let last = noun.rsplit(' ').next().unwrap_or_default().to_lowercase();
    matches!(
        super::noun::singular(&last).as_str(),
        "admin"
            | "administrator"
            | "manager"
            | "staff"
            | "operator"
            | "officer"
            | "receptionist"
            | "reception"
            | "desk"
            | "librarian"
            | "employee"
            | "clerk"
            | "agent"
            | "moderator"
            | "supervisor"
            | "coordinator"
            | "dispatcher"
            | "accountant"
            | "cashier"
            | "secretary"
            | "system"
            | "application"
            | "app"
            | "platform"
            | "team"
            | "superadmin"
            | "owner"
            | "service"
    )
}

/// "order history for a specific customer", "bookings of a slot", "images per product".
fn of_one(tokens: &[Token]) -> Vec<Pair> {
    let mut found = Vec::new();
    for many in phrases(tokens) {
        let stem = history_of(&many.noun);
        // "create a schedule for an entry".
        let is_made = many.start > 0
            && tokens[many.start - 1].tag == Tag::Verb
            && (tokens[many.start - 1].is_verb_of(MAKING)
                || tokens[many.start - 1].is_verb_of(MAKING_ALSO)
                || tokens[many.start - 1].is_verb_of(&["generate", "issue", "record"]));
        let words = &tokens[many.start..many.end];
        let is_single = words.iter().any(|token| token.is_any(&["one", "1", "single"]));
        if !many.is_plural && stem.is_none() && !is_made && !is_single {
            continue;
        }
        // "only for", "once per".
        let adverbs = tokens[many.end..].iter().take_while(|it| it.tag == Tag::Adverb).count();
        // "payments (amount, date) per member".
        let listed = tokens[many.end..].first().filter(|it| it.is("("));
        let close = listed.and_then(|_| tokens[many.end..].iter().position(|it| it.is(")")));
        let behind = close.map_or(many.end + adverbs, |close| many.end + close + 1);
        let Some(link) = tokens.get(behind) else { continue };
        let Some(one) = phrase_at(tokens, behind + 1) else { continue };
        let is_each = tokens[one.start..one.end]
            .iter()
            .any(|token| token.is_any(&["a", "an", "each", "every", "given", "specific"]));
        let is_link = link.is("per") || link.is_any(&["of", "for", "within", "by"]) && is_each;
        // "Submit reviews for completed trips", "raise complaints on their own bookings": each is of one.
        let is_theirs = is_made
            && link.is_any(&["for", "on", "about", "against"])
            && tokens[one.start..one.end].iter().any(|token| {
                token.is_any(&["a", "an", "their", "his", "her", "my", "own", "the"])
                    || token.tag == Tag::Adjective && token.lower.ends_with("ed")
            });
        if !is_theirs && (!is_link || one.is_plural || one.is_many) {
            continue;
        }
        // "One review per trip".
        let is_only = is_single && link.is("per");
        if !is_only && is_single && !is_made && !is_theirs {
            continue;
        }
        let whole = many.noun.clone();
        let many = stem.map_or_else(|| whole.clone(), str::to_owned);
        let cardinality = if is_only { "1:1" } else { "1:N" };
        // "the scan history of a parcel", where nothing is called a scan.
        if stem.is_some() {
            found.push(Pair { one: one.noun.clone(), many: whole, cardinality });
        }
        found.push(Pair { one: one.noun, many, cardinality });
    }
    found
}

/// "order" of "order history".
fn history_of(noun: &str) -> Option<&str> {
    [" history", " list", " log", " logs"].iter().find_map(|end| noun.strip_suffix(end))
}

/// What the words of a definition say of how many: "(many-to-one)", "a one-to-one with the `User`".
fn counted_words(lower: &str) -> Option<(&'static str, bool)> {
    let has = |words: [&str; 3]| words.iter().any(|word| lower.contains(word));
    if has(["many-to-many", "@manytomany", "many to many"]) {
        Some(("N:M", false))
    } else if has(["one-to-one", "@onetoone", "one to one"]) {
        Some(("1:1", false))
    } else if has(["many-to-one", "@manytoone", "many to one"]) {
        Some(("1:N", true))
    } else if has(["one-to-many", "@onetomany", "one to many"]) {
        Some(("1:N", false))
    } else {
        None
    }
}

/// "**Dish**: associated with a `Restaurant` (`@ManyToOne`)": each entity named in a definition,
/// with the words that count it right behind or before it.
fn defined(clause: &Clause, out: &Output) -> Vec<Pair> {
    let lower = clause.text.to_lowercase();
    if !lower.contains("to-") && !lower.contains('@') && !lower.contains("to ") {
        return Vec::new();
    }
    let Some(title) = clause.title.as_deref() else { return Vec::new() };
    let Some(subject) = titled::noun(title).and_then(|noun| resolve(&noun, out)) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let behind = &clause.text[title.len().min(clause.text.len())..];
    // Each part between commas or brackets that names one entity and counts it.
    for part in behind.split([',', ';', ')']) {
        let Some((cardinality, is_many)) = counted_words(&part.to_lowercase()) else { continue };
        let tokens = super::tag::tag(part);
        let named = phrases(&tokens).into_iter().find_map(|phrase| {
            let known = out.known.get(&super::noun::entity_name(&phrase.noun))?;
            (fold(known) != fold(&subject)).then(|| known.to_owned())
        });
        if let Some(other) = named {
            let is_reversed = is_many || part.to_lowercase().contains("within");
            let (one, many) =
                if is_reversed { (other, subject.clone()) } else { (subject.clone(), other) };
            found.push(Pair { one, many, cardinality });
        }
    }
    found
}

/// Nouns that name a part of the thing whose name stands before them: "Order Item", "User Profile".
pub(super) fn is_part(word: &str) -> bool {
    matches!(
        word,
        "item"
            | "items"
            | "line"
            | "detail"
            | "details"
            | "entry"
            | "image"
            | "photo"
            | "comment"
            | "history"
            | "member"
            | "profile"
            | "note"
            | "attachment"
            | "version"
    )
}

pub(crate) fn read(document: &Document<'_>, out: &mut Output) {
    let mut related = pairs(out);
    named(document, &mut related, out);
    over_clauses(out, |clauses, out| {
        let said =
            in_each(
                clauses,
                |clause| {
                    if clause.denies { Vec::new() } else { in_sentence(clause).to_vec() }
                },
            );
        for (clause, mut found) in clauses.iter().zip(said) {
            if !clause.denies {
                found.extend(defined(clause, out));
            }
            for pair in found {
                let (Some(one), Some(many)) = (resolve(&pair.one, out), resolve(&pair.many, out))
                else {
                    let nested = super::nesting::of(&pair, out).map(|it| (it.clone(), it));
                    let span = document.span(clause.range.clone());
                    tell(nested, "1:N", span, &mut related, out);
                    continue;
                };
                // What lists describe exactly needs no guesses beside them, and a sentence about just these two is none.
                let is_exact = out.prose.are_exact(&one, &many);
                if is_exact && !says_outright(&clause.tokens) {
                    continue;
                }
                let span = document.span(clause.range.clone());
                relate(one, many, pair.cardinality, span, &mut related, out);
            }
        }
        super::role_deeds::relate_all(document, clauses, &mut related, out);
        of_their_makers(document, clauses, &mut related, out);
    });
}

/// "Users can create playlists": where playlists belong to nothing else, they are theirs. Of things that
/// belong to something already, sentences about users say who may work on them.
fn of_their_makers(
    document: &Document<'_>,
    clauses: &[Clause],
    related: &mut BTreeSet<(String, String)>,
    out: &mut Output,
) {
    let owned = out.stated().filter_map(|it| match &it.fact {
        Fact::Relationship(it) => Some(fold(&it.to)),
        Fact::Field { entity, field } => field.references.as_ref().map(|_| fold(entity)),
        _ => None,
    });
    let owned: BTreeSet<String> = owned.collect();
    for (clause, made) in clauses.iter().zip(in_each(clauses, |clause| made_by_users(clause))) {
        for (maker, thing) in made {
            let (Some(one), Some(many)) = (resolve(maker, out), resolve(thing, out)) else {
                continue;
            };
            let is_exact = out.prose.are_exact(&one, &many);
            if !owned.contains(&fold(&many)) && !super::is_person_noun(&many) && !is_exact {
                relate(one, many, "1:N", document.span(clause.range.clone()), related, out);
            }
        }
    }
}

/// The users and the things that they make, by the words of a sentence.
pub(super) fn made_by_users(sentence: &Sentence) -> &[(String, String)] {
    sentence.made.get_or_init(|| made(&sentence.tokens))
}

fn made(tokens: &[Token]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for at in 1..tokens.len() {
        let makes = tokens[at].tag == Tag::Verb
            && tokens[at].is_verb_of(&[
                "create", "add", "log", "track", "set", "save", "record", "write", "upload",
                "post", "earn",
            ]);
        let subject = makes.then(|| subject_of(tokens, at)).flatten();
        let Some(subject) = subject else { continue };
        let noun = subject.noun.to_lowercase();
        let is_user = super::noun::singular(&noun) == "user" || super::is_person_noun(&noun);
        if !is_user || runs_the_system(&noun) {
            continue;
        }
        let (objects, _) = super::noun::coordinated(tokens, at + 1);
        found.extend(objects.into_iter().map(|object| (subject.noun.clone(), object.noun)));
    }
    found
}

/// "Order Item" is a part of "Order": the name alone says it, and so only where sentences made the
/// entity.
fn named(document: &Document<'_>, related: &mut BTreeSet<(String, String)>, out: &mut Output) {
    let parts = out.stated().filter_map(|it| {
        let Fact::Entity(entity) = &it.fact else { return None };
        // "Order Item", and "OrderStatusHistory" as code writes it.
        let words: Vec<String> = if entity.name.contains(' ') {
            entity.name.split(' ').map(str::to_lowercase).collect()
        } else {
            name_words(&entity.name)
        };
        let (part, whole) = words.split_last().filter(|(_, whole)| !whole.is_empty())?;
        let is_said = it.notation == "prose-entities" && it.span.document == document.id;
        let is_coded = !entity.name.contains(' ');
        let is_of =
            is_part(part) || is_coded && matches!(part.as_str(), "assignment" | "log" | "event");
        let name = whole.join(" ");
        let first = || out.known.get(whole.first()?).filter(|_| is_coded);
        let whole = out.known.get(&name).or_else(first).filter(|_| is_said && is_of)?;
        let cardinality = if part.eq_ignore_ascii_case("profile") { "1:1" } else { "1:N" };
        Some((whole.to_owned(), entity.name.clone(), cardinality, it.span))
    });
    let parts: Vec<_> = parts.collect();
    for (whole, part, cardinality, span) in parts {
        if out.prose.is_described(&whole) && out.prose.is_described(&part) {
            continue;
        }
        relate(whole, part, cardinality, span, related, out);
    }
}

/// The folded pairs of entities that something relates by now, in either direction.
fn pairs(out: &Output) -> BTreeSet<(String, String)> {
    let related = out.stated().filter_map(|statement| match &statement.fact {
        Fact::Relationship(it) => Some(ordered(&it.from, &it.to)),
        Fact::Field { entity, field } => {
            field.references.as_ref().map(|to| ordered(entity, &to.entity))
        }
        _ => None,
    });
    related.collect()
}

fn ordered(one: &str, other: &str) -> (String, String) {
    let (one, other) = (fold(one), fold(other));
    if one < other { (one, other) } else { (other, one) }
}

pub(super) fn relate(
    one: String,
    many: String,
    cardinality: &'static str,
    span: underpin_base::Span,
    related: &mut BTreeSet<(String, String)>,
    out: &mut Output,
) {
    let pair = Some((one, many)).filter(|(one, many)| one != many);
    tell(pair, cardinality, span, related, out);
}

fn tell(
    pair: Option<(String, String)>,
    cardinality: &'static str,
    span: underpin_base::Span,
    related: &mut BTreeSet<(String, String)>,
    out: &mut Output,
) {
    let Some((one, many)) = pair.filter(|(one, many)| related.insert(ordered(one, many))) else {
        return;
    };
    let fact = Fact::Relationship(RelationshipFact {
        from: one,
        to: many,
        cardinality: Some(cardinality),
        from_required: None,
        to_required: None,
        on_delete: None,
        through: None,
        label: None,
    });
    out.infer_beside(span, fact, "the sentence calls them its own");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::check as check_text;
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
    fn what_sentences_imply() {
        check("Customers can view their own orders.", &expect!["Customers 1:N orders"]);
        check(
            "Dentists must be able to view and cancel their appointments",
            &expect!["Dentists 1:N appointments; Dentists 1:N appointments"],
        );
        check(
            "A project contains tasks and milestones.",
            &expect!["project 1:N tasks; project 1:N milestones"],
        );
        check(
            "allow viewing reservation history for a specific table",
            &expect!["table 1:N reservation history; table 1:N reservation"],
        );
        check("Show count of employees per department", &expect!["department 1:N employees"]);
    }

    #[test]
    fn what_is_made_for_something() {
        check("Submit reviews only for completed trips.", &expect!["trips 1:N reviews"]);
        check("raise complaints about their own orders", &expect![""]);
        check("enforce one review per trip", &expect!["trip 1:1 review"]);
        // Who gets it, and what it is good for.
        check("create reports for managers", &expect![""]);
        check("allow one retry in an hour", &expect![""]);
    }

    #[test]
    fn what_they_do_not() {
        check("Users can update their name and email.", &expect![""]);
        check("Users can search products by name", &expect![""]);
    }

    #[test]
    fn things_of_their_makers() {
        check_text(
            "# Music\n\n## Features\n\n- Users can create playlists with a name and a description.\n- Playlists contain songs with a title and an artist.\n- Users can track goals with a title and a deadline.\n- Admins can create genres with a name and a color.\n",
            &expect![[r#"
                5 prose-entities  entity Playlist
                5 prose-entities  entity User
                5 prose-inline-fields  field Playlist.name
                5 prose-inline-fields  field Playlist.description
                5 prose-possession  relationship User 1:N Playlist [inferred: the sentence calls them its own]
                6 prose-entities  candidate Song -- Playlists contain songs with a title and an artist.
                7 prose-entities  entity Goal
                7 prose-inline-fields  field Goal.title
                7 prose-inline-fields  field Goal.deadline
                7 prose-possession  relationship User 1:N Goal [inferred: the sentence calls them its own]
                8 prose-entities  entity Genre
                8 prose-inline-fields  field Genre.name
                8 prose-inline-fields  field Genre.color
            "#]],
        );
    }

    #[test]
    fn parts_as_code_names_them_and_its_of_things() {
        crate::notation::check(
            "# Desk\n\n- Users can delete a ticket (with its attachments).\n- A `TicketHistory` row is added; each `TicketHistory` has a reason.\n- A `TariffPlan` row is added, and `TariffPlan` is shown.\n- Manage attachments.\n",
            &expect_test::expect![[r#"
                3 prose-entities  entity Ticket
                3 prose-entities  entity User
                4 prose-entities  entity TicketHistory
                4 prose-inline-fields  field TicketHistory.reason
                4 prose-possession  relationship Ticket 1:N TicketHistory [inferred: the sentence calls them its own]
                5 prose-entities  entity TariffPlan
            "#]],
        );
    }

    #[test]
    fn definitions_that_count() {
        check_text(
            "# Food\n\n## Domain model\n\n- **Diner**: Manages credentials and access.\n- **Dish**: Associated with a `Kitchen` (`@ManyToOne`), a thing to eat.\n- **Kitchen**: Represents the vendor.\n",
            &expect![[r#"
                5 prose-entities  entity Diner -- Manages credentials and access.
                6 prose-entities  entity Dish -- Associated with a `Kitchen` (`@ManyToOne`), a thing to eat.
                6 prose-possession  relationship Kitchen 1:N Dish [inferred: the sentence calls them its own]
                7 prose-entities  entity Kitchen -- Represents the vendor.
            "#]],
        );
    }
}
