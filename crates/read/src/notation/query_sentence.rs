//! Sentences that ask for rows: user stories, requirements, steps of an algorithm.
//!
//! A sentence is taken where it names what is asked for and by what: a condition, an order or a
//! limit. "Admins can view all bookings" alone tells nothing that a design could use.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::document::{BlockKind, Document, Inline, List};
use crate::notation::{Output, mentioned};
use crate::query_phrase::{self, Place};
use crate::words::lower_words;
use crate::{AccessKind, Fact};

pub(super) const DOC: &str =
    "Sentences such as \"Clients can view their own bookings\" or \"filter orders by status\".";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    let themes = themes(document, out);
    // What the steps of an algorithm are given, and in which section that is said.
    let mut given: (Option<usize>, Vec<String>) = (None, Vec::new());
    for (index, block) in document.blocks.iter().enumerate() {
        if given.0 != block.section {
            given = (block.section, Vec::new());
        }
        if let BlockKind::Paragraph(inline) = &block.kind {
            given.1.extend(given_in(&inline.text));
        }
        let elsewhere = document.lead(index).is_some_and(is_elsewhere)
            || document.path_of(block.section).any(|section| is_elsewhere(document.title(section)));
        if elsewhere {
            continue;
        }
        let theme = block.section.and_then(|section| themes.get(&section).cloned());
        match &block.kind {
            // A line in bold is a heading.
            BlockKind::Paragraph(inline) if !inline.strong => {
                let context = Context { theme: theme.as_ref(), given: &[] };
                sentences(document, inline, None, &context, out);
            }
            BlockKind::List(list) => {
                let context = Context { theme: theme.as_ref(), given: &given.1 };
                for (at, item) in list.items.iter().enumerate() {
                    if item.has_children && item.content.text.ends_with("such as:") {
                        with_children(document, list, at, &context, out);
                        continue;
                    }
                    let actor =
                        item.parent.and_then(|parent| actor(&list.items[parent].content.text));
                    sentences(document, &item.content, actor.as_deref(), &context, out);
                }
            }
            BlockKind::Code(code) if matches!(code.language.as_str(), "" | "text" | "txt") => {
                for (line, range) in code.lines() {
                    let text = line.trim_start();
                    let step = text.trim_start_matches(|c: char| c.is_ascii_digit());
                    // A numbered step; anything else in a fence is a picture or an example.
                    if step.len() < text.len() && step.starts_with(['.', ')']) {
                        let span = document.code_span(code, range).range();
                        let context = Context { theme: theme.as_ref(), given: &given.1 };
                        sentence(document, step[1..].trim(), span, None, &context, out);
                    }
                }
            }
            BlockKind::Paragraph(_) | BlockKind::Code(_) | BlockKind::Table(_) => {}
        }
    }
}

/// Sections that tell of what is not built, or of people's work.
fn is_elsewhere(title: &str) -> bool {
    lower_words(title).iter().any(|word| {
        matches!(
            word.as_str(),
            "goals"
                | "non-goals"
                | "risks"
                | "metrics"
                | "glossary"
                | "future"
                | "changelog"
                | "roadmap"
                | "migration"
                | "testing"
                | "tests"
                | "deployment"
                | "monitoring"
                | "index"
                | "indexes"
                | "indices"
                | "backup"
                | "policies"
                | "rls"
                | "scope"
                | "security"
                | "constraints"
                | "relationships"
                | "setup"
                | "installation"
                | "validation"
        )
    })
}

/// The entity that each section speaks of most, where it does so at least three times.
fn themes(document: &Document<'_>, out: &Output) -> BTreeMap<usize, String> {
    let mut counts: BTreeMap<usize, Vec<(String, usize)>> = BTreeMap::new();
    for block in &document.blocks {
        let Some(section) = block.section else { continue };
        let mut count = |text: &str| {
            let known = counts.entry(section).or_default();
            for name in mentioned(text, out) {
                match known.iter_mut().find(|(other, _)| *other == name) {
                    Some((_, times)) => *times += 1,
                    None => known.push((name, 1)),
                }
            }
        };
        match &block.kind {
            BlockKind::Paragraph(inline) => count(&inline.text),
            BlockKind::List(list) => list.items.iter().for_each(|item| count(&item.content.text)),
            BlockKind::Table(_) | BlockKind::Code(_) => {}
        }
    }
    let most = |known: Vec<(String, usize)>| {
        let top = known.iter().map(|(_, times)| *times).max().filter(|times| *times >= 3)?;
        let mut best = known.into_iter().filter(|(_, times)| *times == top);
        let (name, _) = best.next()?;
        best.next().is_none().then_some(name)
    };
    counts.into_iter().filter_map(|(section, known)| Some((section, most(known)?))).collect()
}

/// "for a given `(doctorId, date)`": what is given.
fn given_in(text: &str) -> Vec<String> {
    let Some((_, after)) = text.split_once("given ") else { return Vec::new() };
    let after = after.trim_start_matches(['`', '*', ' ']);
    let Some(inside) = after.strip_prefix('(').and_then(|rest| rest.split(')').next()) else {
        return Vec::new();
    };
    let names: Vec<&str> = inside.split(',').map(|name| name.trim().trim_matches('`')).collect();
    let all = names.iter().all(|name| crate::words::is_identifier(name));
    if all { names.into_iter().map(str::to_owned).collect() } else { Vec::new() }
}

/// What the place of a sentence tells about it.
struct Context<'c> {
    /// The entity that the section speaks of.
    theme: Option<&'c String>,
    /// What each step of an algorithm is given.
    given: &'c [String],
}

/// Who acts, in what stands over a list: "Admins can:", "R2.3 Client".
fn actor(text: &str) -> Option<String> {
    let text = text.trim_end_matches(':');
    let words: Vec<&str> = text
        .split_whitespace()
        .filter(|word| word.chars().all(char::is_alphabetic))
        .take_while(|word| !is_modal(&word.to_lowercase()))
        .collect();
    match words.as_slice() {
        ["The" | "the" | "A" | "An", name] | [name] => Some((*name).to_owned()),
        _ => None,
    }
}

fn is_modal(word: &str) -> bool {
    matches!(
        word,
        "can"
            | "may"
            | "shall"
            | "should"
            | "must"
            | "will"
            | "could"
            | "want"
            | "wants"
            | "need"
            | "needs"
            | "able"
    )
}

/// "filters such as:" with the fields as items.
fn with_children(
    document: &Document<'_>,
    list: &List,
    at: usize,
    context: &Context<'_>,
    out: &mut Output,
) {
    let item = &list.items[at];
    let fields: Vec<String> = list
        .items
        .iter()
        .filter(|child| child.parent == Some(at))
        .flat_map(|child| {
            let text = child.content.text.split('(').next().unwrap_or_default();
            text.split(" or ")
                .map(|word| word.trim().trim_matches(['.', ',', ';', '`']).to_owned())
                .collect::<Vec<_>>()
        })
        .filter(|field| !field.is_empty() && field.split_whitespace().count() <= 3)
        .collect();
    let text = format!("{} {}", item.content.text.trim_end_matches(':'), fields.join(", "));
    sentence(document, &text, item.content.range(), None, context, out);
}

fn sentences(
    document: &Document<'_>,
    inline: &Inline,
    actor: Option<&str>,
    context: &Context<'_>,
    out: &mut Output,
) {
    let end = inline.text.len();
    let mut start = 0;
    for (at, _) in inline.text.match_indices(". ").chain(std::iter::once((end, ""))) {
        // "e.g. " ends no sentence.
        if at < end
            && inline.text[..at].ends_with(['g', 'e'])
            && inline.text[..at].chars().rev().nth(1) == Some('.')
        {
            continue;
        }
        sentence(document, &inline.text[start..at], inline.range(), actor, context, out);
        start = (at + 2).min(end);
    }
}

fn sentence(
    document: &Document<'_>,
    text: &str,
    range: Range<usize>,
    actor: Option<&str>,
    context: &Context<'_>,
    out: &mut Output,
) {
    if out.has_query(document.span(range.clone())) {
        return;
    }
    let text = text.split("; ").next().unwrap_or(text);
    let Some((phrase, subject)) = clause(text, out) else { return };
    // "Filtering by status" is about what the sentence or the section tells of; a noun of its own
    // is not.
    let is_bare =
        lower_words(&phrase).get(1).is_some_and(|word| matches!(word.as_str(), "by" | "on"));
    let entity = if is_bare { subject_of_filters(text, &phrase, context.theme, out) } else { None };
    let place = Place { entity, actor: subject.or_else(|| actor.map(str::to_owned)) };
    let pattern = if is_bare {
        query_phrase::read_about_place(&phrase, &place, out)
    } else {
        query_phrase::read(&phrase, &place, out)
    };
    let Some(mut pattern) = pattern else { return };
    if let Some(entity) = &pattern.entity {
        for given in context.given {
            let known = pattern.filter.iter().any(|filter| {
                crate::words::fold(given).starts_with(&crate::words::fold(&filter.field))
            });
            if let (Some(field), false) = (out.field(entity, given), known) {
                pattern.filter.push(query_phrase::condition(field, false));
            }
        }
    }
    let is_adjective = |filter: &crate::FilterFact| matches!(&filter.operator, crate::FilterOperator::Constant(value) if *value == filter.field);
    let says = pattern.filter.iter().any(|filter| !is_adjective(filter) && filter.field != "id")
        || !pattern.sort.is_empty()
        || pattern.limit.is_some()
        || pattern.latency_ms.is_some();
    if pattern.kind != AccessKind::Read || !says {
        return;
    }
    // The line may state other facts as well.
    out.infer_beside(document.span(range), Fact::AccessPattern(pattern), "a sentence asks for it");
}

/// What "filter by status and source" filters: what the sentence names before, the one entity that
/// has most of these fields, or what the section speaks of.
fn subject_of_filters(
    text: &str,
    phrase: &str,
    theme: Option<&String>,
    out: &Output,
) -> Option<String> {
    let plain = text.replace(['`', '*', '“', '”', '"'], "");
    let before = plain.strip_suffix(phrase).unwrap_or_default();
    // "manage products (add, filter by price)": the noun before the bracket, or nothing known.
    if let Some((outside, inside)) = before.rsplit_once('(')
        && !inside.contains(')')
    {
        return mentioned(outside, out).pop();
    }
    if let Some(named) = mentioned(before, out).pop() {
        return Some(named);
    }
    let asked = query_phrase::fields_after_by(phrase);
    let mut counts: Vec<(String, usize)> = Vec::new();
    for entity in out.described() {
        let has = |field: &String| {
            let wanted = lower_words(field);
            out.field(&entity, field).is_some()
                || out.fields_of(&entity).any(|known| lower_words(known).starts_with(&wanted))
        };
        let count = asked.iter().filter(|field| has(field)).count();
        counts.push((entity, count));
    }
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or_default();
    let mut best = counts.iter().filter(|(_, count)| *count == most);
    match (best.next(), best.next()) {
        (Some((entity, count)), None) if *count >= 2 && count * 2 > asked.len() => {
            out.known.get(entity).map(str::to_owned)
        }
        _ => theme.cloned(),
    }
}

/// The clause that asks for rows, from its verb on, and who asks.
fn clause(text: &str, out: &Output) -> Option<(String, Option<String>)> {
    let plain = text.replace(['`', '*', '“', '”', '"'], "");
    let plain = strip_label(strip_code(plain.trim()));
    let words: Vec<&str> = plain.split_whitespace().collect();
    if words.len() < 3 || words.len() > 60 {
        return None;
    }
    let lower: Vec<String> = words
        .iter()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
        .collect();
    let rest = |at: usize| words[at..].join(" ");
    // "Documents can be filtered by category."
    let passive = lower.windows(3).position(|run| {
        is_modal(&run[0])
            && run[1] == "be"
            && matches!(
                run[2].as_str(),
                "filtered"
                    | "searched"
                    | "sorted"
                    | "listed"
                    | "found"
                    | "queried"
                    | "retrieved"
                    | "searchable"
                    | "filterable"
                    | "browsed"
                    | "fetched"
            )
    });
    if let Some(at) = passive {
        let front = words[..at].join(" ");
        let subject = mentioned(&front, out).pop()?;
        return Some((format!("filter {subject} {}", rest(at + 3)), None));
    }
    // "Provide search and filtering by status".
    let noun = lower.windows(2).position(|run| {
        query_phrase::is_narrowing(&run[0]) && matches!(run[1].as_str(), "by" | "on")
    });
    // "View all bookings", "Loading slots for an event".
    if query_phrase::is_read_verb(&lower[0]) && !words[0].ends_with(':') {
        return Some((plain.to_owned(), None));
    }
    // "Clients shall be able to view ...", "As a user, I want to see my orders".
    for at in 0..lower.len() {
        if !(is_modal(&lower[at]) || lower[at] == "to") {
            continue;
        }
        let skip = lower[at + 1..]
            .iter()
            .take_while(|word| {
                matches!(
                    word.as_str(),
                    "be" | "able" | "to" | "also" | "easily" | "quickly" | "only"
                )
            })
            .count();
        let verb = at + 1 + skip;
        if lower.get(verb).is_some_and(|word| query_phrase::is_read_verb(word))
            && verb + 1 < words.len()
        {
            return Some((rest(verb), subject(&words[..at], &lower[..at])));
        }
    }
    noun.map(|at| (rest(at), None))
}

/// "Settlement callback: lock the transfer by tenant and ID" without its label.
fn strip_label(text: &str) -> &str {
    let Some((label, rest)) = text.split_once(": ") else { return text };
    let asks = rest
        .split_whitespace()
        .next()
        .is_some_and(|word| query_phrase::is_read_verb(&word.to_lowercase()));
    if asks && label.split_whitespace().count() <= 4 { rest.trim_start() } else { text }
}

/// "FR-C8:", "R2.3.3", "[ ]", "US-1 -" before a sentence.
fn strip_code(text: &str) -> &str {
    let mut text = text.trim_start_matches(['[', ']', ' ', '-', '•']).trim_start_matches("x] ");
    while let Some((first, rest)) = text.split_once(' ') {
        let bare = first.trim_end_matches([':', '.', ')', ']']).trim_start_matches(['(', '[']);
        let is_code = bare.chars().any(|c| c.is_ascii_digit())
            && bare
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '‑' | '_'))
            || bare.is_empty()
            || matches!(bare, "-" | "–" | "—");
        if !is_code {
            break;
        }
        text = rest.trim_start();
    }
    text
}

/// Who acts: the last word before the modal verb; "I" is who the story is told of.
fn subject(words: &[&str], lower: &[String]) -> Option<String> {
    let story = lower
        .windows(2)
        .position(|run| run[0] == "as" && matches!(run[1].as_str(), "a" | "an" | "the"));
    if let Some(at) = story {
        let name: Vec<&str> =
            words[at + 2..].iter().take_while(|word| !word.ends_with(',')).copied().collect();
        let last = words.get(at + 2 + name.len()).map(|word| word.trim_end_matches(','));
        return last.map(str::to_owned);
    }
    let allows = lower.iter().position(|word| {
        matches!(word.as_str(), "allow" | "allows" | "let" | "lets" | "enable" | "enables")
    });
    let from = allows.map_or(0, |at| at + 1);
    let last = words
        .get(from..)?
        .iter()
        .rev()
        .find(|word| !matches!(word.to_lowercase().as_str(), "able" | "be" | "shall"))?;
    let bare = last.trim_matches(|c: char| !c.is_alphanumeric());
    let is_system = matches!(
        bare.to_lowercase().as_str(),
        "system" | "app" | "application" | "i" | "we" | "they" | "it" | "you" | ""
    );
    (!is_system).then(|| bare.to_owned())
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    const MODEL: &str = "# User\n| Field | Type |\n|-|-|\n| id | int |\n| email | text |\n# Booking\n| Field | Type |\n|-|-|\n| id | int |\n| status | text |\n| client_id | int |\n| starts_at | timestamp |\n";

    #[test]
    fn requirements_and_stories() {
        check(
            &format!(
                "{MODEL}# Requirements\n- R1 Admins can:\n  - R1.1 View all bookings, and filter by status, client, or date range.\n  - R1.2 View all bookings.\n- Clients shall be able to view their own bookings (upcoming and past).\n- As a client, I want to see my bookings so that I remember them\n- Bookings can be searched by status\n- The top 10 bookings are shown\n- Users can look up a user by email\n- The system sends a mail by night\n\n```\n1. Load bookings for client on a date\n2. Sleep\n```\n"
            ),
            &expect![[r#"
                1 field-table  entity User
                4 field-table  field User.id int
                5 field-table  field User.email text
                6 field-table  entity Booking
                9 field-table  field Booking.id int
                10 field-table  field Booking.status text
                11 field-table  field Booking.client_id int
                12 field-table  field Booking.starts_at timestamp
                15 query-sentence  read "View all bookings, and filter by status, client, or" of Booking by status = ? if given, client = ? if given, date range range if given [inferred: a sentence asks for it]
                17 query-sentence  read "view their own bookings" of Booking by Client's own = ?, upcoming = upcoming, past = past [inferred: a sentence asks for it]
                18 query-sentence  read "see my bookings so that I remember them" of Booking by client's own = ? [inferred: a sentence asks for it]
                19 query-sentence  read "filter Booking by status" of Booking by status = ? if given [inferred: a sentence asks for it]
                21 query-sentence  read "look up a user by email" of User by email = ? [inferred: a sentence asks for it]
                25 query-sentence  read "Load bookings for client on a date" of Booking by date range [inferred: a sentence asks for it]
            "#]],
        );
    }

    #[test]
    fn what_bare_filters_filter_and_whose_rows_are_asked_for() {
        check(
            &format!(
                "{MODEL}# Lists\n- The desk shall provide filtering by status, starts and colour.\n- To be able to manage houses (add, filter by status and client)\n- Get the booking that a user should confirm next\n- A user sees one booking at a time\n- Callback: lock booking by client and ID, check the state, write\n# Free times\nFor a given `(clientId, date)`:\n\n```\n1. Load bookings that overlap the date\n```\n"
            ),
            &expect![[r#"
                1 field-table  entity User
                4 field-table  field User.id int
                5 field-table  field User.email text
                6 field-table  entity Booking
                9 field-table  field Booking.id int
                10 field-table  field Booking.status text
                11 field-table  field Booking.client_id int
                12 field-table  field Booking.starts_at timestamp
                14 query-sentence  read "filtering by status, starts and colour" of Booking by status = ? if given, starts = ? if given, colour = ? if given [inferred: a sentence asks for it]
                15 prose-entities  candidate House -- To be able to manage houses (add, filter by status and client)
                16 query-sentence  read "Get the booking that a user should confirm next" of Booking by user = ? [inferred: a sentence asks for it]
                18 query-sentence  read "lock booking by client and ID, check the state" of Booking by client = ?, ID = ? [inferred: a sentence asks for it]
                23 query-sentence  read "Load bookings that overlap the date" of Booking by start < ?, end > ?, client_id = ? [inferred: a sentence asks for it]
            "#]],
        );
    }

    #[test]
    fn sentences_that_ask_for_nothing() {
        check(
            &format!(
                "{MODEL}# Notes\nBookings are created by clients. A user can see the page. Check the status.\n# Future\n- Users can filter bookings by colour\n"
            ),
            &expect![[r#"
                1 field-table  entity User
                4 field-table  field User.id int
                5 field-table  field User.email text
                6 field-table  entity Booking
                9 field-table  field Booking.id int
                10 field-table  field Booking.status text
                11 field-table  field Booking.client_id int
                12 field-table  field Booking.starts_at timestamp
            "#]],
        );
    }
}
