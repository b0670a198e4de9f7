//! Requirements with a title: "**Units**: Manage rental units (Unit Number, Floor, Rent)", "**Lease
//! Creation**: Define start and end dates, rent amount". What the title names has the properties that
//! the sentence lists; a list of kinds ("Cash, Card") has none.

use super::clause::Clause;
use super::evidence::core;
use super::inline_fields::Named;
use super::lexicon;
use super::noun::{Phrase, is_attribute, is_generic, phrase_at, phrases};
use super::tag::{Tag, Token, tag};
use super::usual::{is_person, is_usual};
use crate::FieldFact;
use crate::words::{lower_words, split_top};

/// The noun that a title names: "Units", "Lease" of "Lease Creation", "product" of "Create product".
/// Titles about states, screens and steps of work name none.
pub(super) fn noun(title: &str) -> Option<String> {
    let title = super::named_list::of_form(title).unwrap_or(title);
    let tokens = tag(title);
    // "Form includes", "The list shows": the beginning of a sentence.
    if tokens.iter().any(|it| it.is_any(&["includes", "contains", "displays", "shows", "requires"]))
    {
        return None;
    }
    // "Required fields", "Optional": words over fields that leave it to the heading what has them.
    if super::section_label::is_label(&tokens) {
        return None;
    }
    // "Articles follow this order" is a sentence.
    let is_said = |at: usize| {
        tokens[at].tag == Tag::Verb
            && tokens.get(at + 1).is_some_and(|it| it.is_any(&["this", "these", "the"]))
    };
    if (1..tokens.len()).any(is_said) {
        return None;
    }
    let starts_with_verb = tokens.first().is_some_and(|first| {
        first.is_verb_of(lexicon::MANAGE)
            || first.is_verb_of(lexicon::KEEP)
            || first.is_any(&[
                "view", "edit", "browse", "report", "search", "request", "list", "show", "display",
            ])
    }) && tokens.len() > 1
        // "Order status" and "Booking lifecycle": nobody orders a status.
        && !(tokens[0].is_any(&["order", "book", "post", "issue", "report", "request"])
            && tokens[1..].iter().all(is_state_topic));
    let phrase = if starts_with_verb {
        phrase_at(&tokens, 1).or_else(|| Some(of_words(&tokens[1..], 1)))?
    } else {
        // Words that are verbs elsewhere ("Orders", "Work Orders") name things in a title.
        of_words(&tokens, 0)
    };
    let mut words: Vec<&str> = phrase.noun.split(' ').collect();
    // "Every item ordered": it is an item.
    let is_participle = |word: &&str| word.ends_with("ed") && word.starts_with(char::is_lowercase);
    if words.len() > 1 && words.last().is_some_and(is_participle) {
        words.pop();
    }
    let is_whole = phrase.end == tokens.len();
    let stem = strip_topics(&words);
    let noun = if words.len() > 1 { core(&stem).to_owned() } else { stem };
    // "Units" are things where "unit" is a property, but "Unit Status" is about units.
    let is_about = words.len() > 1 && noun.split(' ').count() < words.len() && is_usual(&noun);
    // "Register a company": what somebody makes is a thing, whatever else its name means.
    let is_made =
        starts_with_verb && tokens[0].is_verb_of(&["create", "register", "manage", "book"]);
    let is_property = super::noun::is_property(&noun.to_lowercase()) && !is_about && !is_made;
    // "Basic Creation" creates nothing that is called so.
    let is_sort = tag(&noun.to_lowercase()).iter().all(|it| it.tag == Tag::Adjective)
        || super::values_told::is_sort(&noun);
    let is_good = is_whole && !is_sort && !noun.is_empty() && !is_generic(&noun) && !is_property;
    is_good.then_some(noun)
}

fn is_state_topic(token: &Token) -> bool {
    token.is("tracking") || crate::lifecycle::is_state_topic(&token.lower)
}

/// The noun of a title that tells somebody to do something with a thing: "Issue" of "Report Issue".
pub(super) fn step(title: &str) -> Option<String> {
    let tokens = tag(title);
    let [first, rest @ ..] = tokens.as_slice() else { return None };
    let is_order = first.is_capital()
        && (lexicon::MANAGE.contains(&first.lower.as_str())
            && !first.is_any(&["order", "book", "post", "issue", "place", "schedule"])
            || first.is_any(&["view", "browse", "report", "track", "search", "request", "list"]));
    (is_order && (1..=4).contains(&rest.len())).then(|| noun(title)).flatten()
}

/// A phrase of all the words where each may stand in a name.
pub(super) fn of_words(tokens: &[Token], offset: usize) -> Phrase {
    let count = tokens
        .iter()
        .take_while(|token| {
            matches!(token.tag, Tag::Noun | Tag::Verb | Tag::Adjective | Tag::Determiner)
        })
        .count();
    let nouns: Vec<&str> = tokens[..count]
        .iter()
        .filter(|token| token.tag != Tag::Determiner)
        .map(|token| token.text.as_str())
        .collect();
    Phrase {
        start: offset,
        end: offset + count,
        noun: nouns.join(" "),
        is_many: false,
        is_plural: false,
        style: super::noun::Style::Plain,
    }
}

/// Words at the end of a title that say what is done with a thing, or which side of it is meant.
fn strip_topics(words: &[&str]) -> String {
    let mut words = words;
    while let [front @ .., last] = words {
        let is_topic = matches!(
            last.to_lowercase().as_str(),
            "status"
                | "statuses"
                | "lifecycle"
                | "workflow"
                | "saga"
                | "flow"
                | "states"
                | "creation"
                | "management"
                | "tracking"
                | "details"
                | "registration"
                | "recording"
                | "entry"
                | "maintenance"
                | "handling"
                | "crud"
        );
        if !is_topic || front.is_empty() {
            break;
        }
        words = front;
    }
    words.join(" ")
}

/// Words for properties beside those that every noun phrase may end with.
const MORE: &[&str] = &[
    "floor",
    "rent",
    "deposit",
    "fee",
    "sqft",
    "amenities",
    "contact",
    "contacts",
    "proof",
    "skills",
    "measurement",
    "area",
    "specs",
    "instructions",
    "terms",
    "symptoms",
    "allergies",
    "manufacturer",
    "strength",
    "dosage",
    "occupancy",
    "configuration",
    "zone",
    "interests",
    "skill",
    "education",
    "certifications",
    "attendance",
    "designation",
    "nutrition",
    "zip code",
    "visits",
    "requests",
];

pub(super) fn is_property(name: &str) -> bool {
    let last = name.rsplit([' ', '/']).next().unwrap_or_default();
    is_attribute(last) || MORE.contains(&last.to_lowercase().as_str())
}

/// Whether each part of a list is a property.
pub(super) fn are_properties(list: &str) -> bool {
    list.split(',').all(|part| {
        let part = part.trim();
        is_property(part.strip_suffix(" unique").unwrap_or(part))
    })
}

/// The parts of "Unit Number, Floor, Sqft and Rent", where most are properties.
fn properties(text: &str) -> Vec<FieldFact> {
    let text = text.trim().trim_end_matches(['.', ';']);
    let words = lower_words(text);
    let is_open = words
        .first()
        .is_some_and(|word| matches!(word.as_str(), "e" | "eg" | "i" | "such" | "like"));
    if is_open || text.contains(['(', ')', '=', ':', '>']) {
        return Vec::new();
    }
    let mut names: Vec<String> = Vec::new();
    for part in split_top(text, &[',']) {
        for part in part.split(" and ") {
            let part = part.trim().trim_start_matches("and ").trim();
            if part.is_empty() || part.to_lowercase().starts_with("etc") {
                continue;
            }
            let tokens = tag(part);
            let is_name = tokens.len() <= 4
                && tokens.iter().all(|token| {
                    matches!(token.tag, Tag::Noun | Tag::Adjective | Tag::Number | Tag::Verb)
                        || token.is_any(&["/", "of", "&"])
                });
            if !is_name {
                return Vec::new();
            }
            names.extend(spread(part));
        }
    }
    let count = names.iter().filter(|name| is_property(name)).count();
    if names.len() < 2 || count == 0 || count * 2 < names.len() {
        return Vec::new();
    }
    names.into_iter().map(|name| FieldFact { name, ..FieldFact::default() }).collect()
}

/// "start/end dates" are a start date and an end date.
pub(super) fn spread(part: &str) -> Vec<String> {
    if let Some((first, rest)) = part.split_once('/') {
        if let Some((second, head)) = rest.split_once(' ') {
            let head = super::noun::singular(&head.to_lowercase());
            if is_attribute(&head) && !first.contains(' ') && !second.contains(' ') {
                return vec![format!("{first} {head}"), format!("{second} {head}")];
            }
        }
    }
    vec![part.to_owned()]
}

/// The fields that a sentence lists in brackets behind a noun, or behind a verb under its title.
pub(super) fn find(clause: &Clause) -> Option<Named> {
    let titled = clause.title.as_deref().and_then(noun);
    bracketed(clause, titled.as_deref()).or_else(|| led(clause, titled?))
}

/// "Manage rental units (Unit Number, Floor, Rent)".
fn bracketed(clause: &Clause, titled: Option<&str>) -> Option<Named> {
    let tokens = &clause.tokens;
    let open = tokens.iter().position(|token| token.is("("))?;
    let close = tokens[open..].iter().position(|token| token.is(")"))? + open;
    // "record details (source, date) for each parcel" says behind the brackets whose they are.
    let link = tokens.get(close + 1).filter(|it| it.is_any(&["for", "of", "per"]));
    if link.is_some() && tokens.get(close + 2).is_some_and(|it| it.is_any(&["each", "every"])) {
        return None;
    }
    let inside = clause.text.get(tokens[open].range.end..tokens[close].range.start)?;
    let mut before = phrases(&tokens[..open]);
    let mut head = before.pop().filter(|head| head.end == open)?;
    // "Display cases with details to donors (images, description)" lists what a case has.
    let is_for = head.start > 0 && tokens[head.start - 1].is_any(&["to", "for"]);
    if is_for && is_person(&head.noun) {
        let verb = tokens[..head.start].iter().position(|it| it.tag == Tag::Verb)?;
        head = before.into_iter().find(|phrase| phrase.start > verb)?;
    }
    let last = head.noun.rsplit(' ').next().unwrap_or_default();
    // The status of a thing in brackets is a list of states.
    if is_attribute(last)
        && core(&head.noun) == head.noun
        && !is_usual(&head.noun)
        && !head.is_plural
    {
        return None;
    }
    let named = core(&head.noun);
    // An item that is only a title is a thing with its fields where it is made up of them.
    let mut fields = properties(inside);
    if fields.is_empty() && is_usual(named) && !lists_choices(&head) {
        fields = noted(inside);
    }
    if fields.is_empty() {
        return None;
    }
    let is_made = tokens[..head.start].iter().any(|it| it.tag == Tag::Verb);
    let owner = match titled {
        Some(titled) => titled.to_owned(),
        None if !is_generic(named) && (is_made || is_usual(named)) => named.to_owned(),
        None => return None,
    };
    Some(Named { owner: Some(owner), fields })
}

/// Whether what stands in brackets behind a noun are kinds or choices: "filters (name, status)".
fn lists_choices(head: &Phrase) -> bool {
    let last = head.noun.rsplit(' ').next().unwrap_or_default().to_lowercase();
    matches!(last.as_str(), "filters" | "filter" | "search" | "types" | "roles" | "options")
}

/// "name unique, durationDays > 0, price > 0": short names, each with what must hold of it.
fn noted(inside: &str) -> Vec<FieldFact> {
    let mut fields = Vec::new();
    let mut properties = 0;
    for part in split_top(inside, &[',']) {
        let part = part.trim();
        let mut field = FieldFact::default();
        let bound =
            [" > ", " >= ", " ≥ ", " < ", " <= ", " ≤ "].iter().filter_map(|it| part.find(it));
        let (mut name, rest) = part.split_at(bound.min().unwrap_or(part.len()));
        if !rest.is_empty() {
            field.constraints.push(part.to_owned());
        }
        for (word, is_unique, required) in [
            ("unique", true, None),
            ("required", false, Some(true)),
            ("optional", false, Some(false)),
        ] {
            if let Some(before) = name.trim().strip_suffix(word) {
                name = before;
                field.unique = is_unique.then_some(true);
                field.required = required;
            }
        }
        let Some(name) = super::field_name::field_name(name.trim()) else { return Vec::new() };
        let is_camel = name.chars().skip(1).any(char::is_uppercase) && !name.contains(' ');
        properties += usize::from(is_property(&name) || is_camel);
        fields.push(FieldFact { name, ..field });
    }
    if fields.len() >= 2 && properties * 2 >= fields.len() { fields } else { Vec::new() }
}

/// "Lease Creation: Define start/end dates, rent amount".
fn led(clause: &Clause, titled: String) -> Option<Named> {
    let title = clause.title.as_deref()?;
    let behind = clause.text.strip_prefix(title)?.trim_start_matches([':', ' ', '-', '–', '—']);
    let tokens = tag(behind);
    let first = tokens.first()?;
    let leads = first.is_verb_of(lexicon::KEEP)
        || first.is_verb_of(&[
            "define", "set", "enter", "specify", "provide", "include", "add", "input",
        ]);
    let list = leads.then(|| behind.get(first.range.end..)).flatten()?;
    let fields = properties(list);
    let is_long = fields.len() >= 2 && list.contains(',');
    is_long.then_some(Named { owner: Some(titled), fields })
}

/// "**Membership Plans**: Monthly and annual plans with price and duration": the title has the whole name of what has them.
pub(super) fn whole(mut named: Named, clause: &Clause) -> Named {
    let last = |noun: &str| {
        let last = noun.rsplit(' ').next().unwrap_or_default().to_lowercase();
        super::noun::singular(&last)
    };
    let title = clause.title.as_deref().filter(|it| it.contains(' ') && it.ends_with('s'));
    let title = title.and_then(noun);
    if let (Some(title), Some(owner)) = (title, &mut named.owner)
        && last(&title) == last(owner)
        && title.contains(' ')
        && !is_attribute(&last(owner))
    {
        *owner = title;
    }
    named
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn titles_name_things() {
        for (title, noun) in [
            ("Units", Some("Units")),
            ("Work Orders", Some("Work Orders")),
            ("Work Order Lifecycle", Some("Work Order")),
            ("Lease Creation", Some("Lease")),
            ("Create product", Some("product")),
            ("Response Time", None),
            ("Objective", None),
        ] {
            assert_eq!(super::noun(title).as_deref(), noun, "{title}");
        }
    }

    #[test]
    fn brackets_behind_those_who_see_it() {
        check(
            "# Fund\n\n## Functional Requirements\n\n- Display campaigns with full details to donors (image, description, target amount)\n- Provide a help desk for donors (FAQs, donation help)\n- Allow donors to register\n",
            &expect![[r#"
                5 prose-entities  entity Campaign
                5 prose-inline-fields  field Campaign.image
                5 prose-inline-fields  field Campaign.description
                5 prose-inline-fields  field Campaign.target amount
                5 query-sentence  read "Display campaigns with full details to donors" of Campaign [inferred: a sentence asks for it]
                7 prose-entities  entity Donor
            "#]],
        );
    }

    #[test]
    fn fields_of_what_a_title_names() {
        check(
            "# Rental\n\n## Functional Requirements\n\n- **H-05 — Unit Status**: Track status (Free, Let, Under Repair).\n- **H-06 — Units**: Manage units.\n- Each item ordered: unit, quantity, price.\n",
            &expect![[r#"
                5 prose-inline-fields  field Unit.status [inferred: a sentence uses it]
                5 prose-values  field Unit.status [Free | Let | Under Repair]
                6 prose-entities  entity Unit
                7 prose-entities  entity Item
                7 prose-inline-fields  field Item.unit -> Unit
                7 prose-inline-fields  field Item.quantity
                7 prose-inline-fields  field Item.price
            "#]],
        );
        check(
            "# Rental\n\n## Functional Requirements\n\n- **H-01 — Units**: Manage rental units (Unit Number, Floor, Bed/Bath, Rent).\n- **H-02 — Lease Creation**: Define start/end dates, rent amount, security deposit.\n- **H-03 — Leases**: Manage leases.\n- **H-04 — Payments**: Record payments (Cash, Bank Transfer).\n",
            &expect![[r#"
                5 prose-entities  entity Unit
                5 prose-inline-fields  field Unit.Unit Number
                5 prose-inline-fields  field Unit.Floor
                5 prose-inline-fields  field Unit.Bed/Bath
                5 prose-inline-fields  field Unit.Rent
                6 prose-entities  entity Lease
                6 prose-inline-fields  field Lease.start date
                6 prose-inline-fields  field Lease.end date
                6 prose-inline-fields  field Lease.rent amount
                6 prose-inline-fields  field Lease.security deposit
                8 prose-entities  entity Payment
            "#]],
        );
    }
}
