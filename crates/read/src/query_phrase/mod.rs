//! Queries in words: "list a customer's orders, newest first", "filter bookings by host or date".
//!
//! A phrase begins with its verb. What it is about is the first entity that is not the value of a
//! condition; owners, "for" and "by" name conditions. Which field a word means is for the model to
//! say, which knows types and references: here the words stay as they are.

mod aggregate;
mod asker;
mod besides;
mod clause;
mod compared;
mod condition_text;
mod label;
mod limit;
mod loose_verb;
mod measure;
mod occasion;
mod order;
mod phrase;
mod pick;
mod reading;
mod said;
mod screen;
mod step;
mod vocabulary;
mod window;

use crate::notation::Output;
use crate::{AccessKind, FilterFact, FilterOperator, PatternFact};
pub(crate) use besides::besides;
pub(crate) use clause::{Clause, clauses, is_modal};
use limit::limit;
pub(crate) use measure::{add as measured, is_told as is_measured, parted as without_rates};
use phrase::{Mention, Word};
use reading::Reading;
pub(crate) use screen::request as shown_by_screen;
use step::is_step;

/// What the place of a phrase tells about it.
#[derive(Debug, Default, Clone)]
pub(crate) struct Place {
    /// What the phrase is about, where it names nothing.
    pub(crate) entity: Option<String>,
    /// Who acts: "Clients" in "Clients can view their own bookings".
    pub(crate) actor: Option<String>,
}

/// Whether a word begins a query.
pub(crate) fn is_read_verb(word: &str) -> bool {
    vocabulary::reads(word)
}

/// Whether a word begins a query or write.
pub(crate) fn is_verb(word: &str) -> bool {
    vocabulary::reads(word)
        || vocabulary::changes(word)
        || vocabulary::adds(word)
        || vocabulary::is_bulk(word)
        || is_queue_verb(word)
}

/// Whether a word is said of a worker and what it works on, and of little else.
fn is_queue_verb(word: &str) -> bool {
    vocabulary::takes(word) && !vocabulary::reads(word)
}

/// Whether a worker takes rows: "claim the next queued job", "fetch due jobs, skip locked".
pub(crate) fn takes(text: &str) -> bool {
    let words = crate::words::lower_words(text);
    let Some(verb) = words.first() else { return false };
    let waits = words.iter().skip(1).take(6).any(|word| vocabulary::waits(word));
    let is_sure = matches!(verb.as_str(), "claim" | "dequeue" | "lease" | "poll");
    let says = |begin: &str| words.iter().any(|word| word.starts_with(begin));
    let passes_over = says("skip") && (says("locked") || words.iter().any(|word| word == "those"));
    // "Get the next appointment" of a patient takes none from others.
    vocabulary::takes(verb) && (waits && !vocabulary::reads(verb) || is_sure || passes_over)
}

/// A phrase without what it says of rows that others hold: "…, skipping those locked by other workers".
fn without_locks(text: &str) -> &str {
    let lower = text.to_ascii_lowercase();
    let at = lower.find("skip").filter(|_| lower.contains("locked"));
    at.map_or(text, |at| text[..at].trim_end_matches([' ', ',', '(', ';', '-', '—', '–']))
}

/// A condition on words with an operator that the words give.
pub(crate) fn condition(words: &str, optional: bool) -> FilterFact {
    let lower = words.to_lowercase();
    let operator = if vocabulary::is_time(&lower) || lower.ends_with(" range") {
        FilterOperator::Range
    } else {
        FilterOperator::Equals
    };
    FilterFact { field: words.to_owned(), operator, optional }
}

/// A pattern with nothing but a name.
pub(crate) fn empty(name: &str, kind: AccessKind) -> PatternFact {
    PatternFact {
        name: name.to_owned(),
        title: None,
        kind,
        entity: None,
        joins: Vec::new(),
        filter: Vec::new(),
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
    }
}

/// The query or write in a phrase that begins with its verb.
pub(crate) fn read(text: &str, place: &Place, out: &Output) -> Option<PatternFact> {
    pick::read(text, place, out)
        .or_else(|| aggregate::read(text, place, out))
        .or_else(|| read_phrase(text, place, false, out))
}

/// The query in a phrase that computes something of rows: "number of orders of a customer".
pub(crate) fn computed(text: &str, place: &Place, out: &Output) -> Option<PatternFact> {
    pick::read(text, place, out).or_else(|| aggregate::read(text, place, out))
}

/// The query in "filter by staff and source": it is about the place, whatever entities its fields
/// are called like.
pub(crate) fn read_about_place(text: &str, place: &Place, out: &Output) -> Option<PatternFact> {
    read_phrase(text, place, true, out)
}

/// Whether a phrase asks for all rows of what it names: "view all orders", "list of products".
pub(crate) fn lists_all(text: &str, out: &Output) -> bool {
    let plain = text.replace(['`', '*', '"', '“', '”'], "");
    let words = phrase::words(&plain);
    let mentions = phrase::mentions(&words, out);
    let Some(head) = head(&words, &mentions).map(|head| &mentions[head]) else { return false };
    let is_listing = words.first().is_some_and(|verb| vocabulary::is_listing(&verb.lower));
    let before = &words[1.min(head.start)..head.start];
    // "List, search and edit any order".
    let of_any = words.first().is_some_and(|verb| matches!(verb.lower.as_str(), "list" | "search"));
    let collects = before.iter().any(|word| {
        matches!(word.lower.as_str(), "list" | "lists" | "all") || of_any && word.lower == "any"
    });
    let is_named =
        |at: usize| mentions.iter().any(|mention| (mention.start..mention.end).contains(&at));
    let said = (1.min(head.start)..head.start).filter(|&at| !is_named(at));
    // "A queue of pending orders": what collects them is no word of theirs.
    let is_said = |word: &Word<'_>| {
        !vocabulary::is_filler(&word.lower) && !vocabulary::is_collection(&word.lower)
    };
    let others = said.filter(|&at| is_said(&words[at])).count();
    let is_parted = before.iter().any(|word| word.mark != ' ' && word.mark != '-');
    // "view order details", "browse product pages": of what else?
    let ends = head.end == words.len()
        || words[head.end - 1].mark != ' '
        || vocabulary::ends_list(&words[head.end].lower)
        || matches!(
            words[head.end].lower.as_str(),
            "and" | "or" | "list" | "listing" | "available"
        );
    // "Filter orders by": what follows says by what.
    let goes_on = words.last().is_some_and(|word| word.lower == "by");
    is_listing && !goes_on && (head.plural || collects) && others <= 2 && !is_parted && ends
}

/// The entities that a text names, without those that only tell which kind of something else is meant: "admin actions".
pub(crate) fn named(text: &str, out: &Output) -> Vec<String> {
    let words = phrase::words(text);
    let is_kind = |mention: &Mention| {
        words.get(mention.end).is_some_and(|next| {
            let is_noun = next.lower.ends_with('s')
                && !vocabulary::is_many(&next.lower)
                && !vocabulary::is_collection(&next.lower)
                && !vocabulary::is_filler(&next.lower);
            words[mention.end - 1].mark == ' ' && !mention.possessive && !mention.plural && is_noun
        })
    };
    let found = phrase::mentions(&words, out);
    found.iter().filter(|mention| !is_kind(mention)).map(|mention| mention.name.clone()).collect()
}

/// Whether words behind a thing ask for all that is known of one: "order details", "product detail page".
fn says_details(words: &[Word<'_>]) -> bool {
    let names: Vec<&str> = words.iter().map(|word| word.lower.as_str()).collect();
    matches!(names[..], ["details" | "detail"] | ["detail" | "details", "page" | "view" | "screen"])
}

/// The words in the list after the first "by" or "on".
pub(crate) fn fields_after_by(text: &str) -> Vec<String> {
    let words = phrase::words(text);
    let leads = |word: &Word<'_>| matches!(word.lower.as_str(), "by" | "on" | "via");
    let Some(at) = words.iter().position(leads) else { return Vec::new() };
    let mut reading = Reading { words: &words, mentions: &[], head: None, filter: Vec::new() };
    reading.list(at + 1, true);
    reading.filter.into_iter().map(|filter| filter.field).collect()
}

fn read_phrase(text: &str, place: &Place, about_place: bool, out: &Output) -> Option<PatternFact> {
    let whole = order::plainly(text.replace(['`', '*', '"', '“', '”'], ""));
    let (plain, stated) = condition_text::taken(without_locks(&whole));
    let words = phrase::words(&plain);
    let writes = |word: &str| vocabulary::changes(word) || vocabulary::adds(word);
    let bulk = words.get(1).filter(|it| writes(&it.lower) && vocabulary::is_bulk(&words[0].lower));
    let verb = bulk.or(words.first())?.lower.clone();
    let takes = takes(&whole);
    let is_write = writes(&verb) || takes || is_step(&words, out);
    let kind = if is_write { AccessKind::Write } else { AccessKind::Read };
    // "list a product with its price": somebody offers it.
    let offers = words.get(1).is_some_and(|word| matches!(word.lower.as_str(), "a" | "an"));
    if verb == "list" && offers && words.get(2).is_none_or(|word| !word.possessive) {
        return None;
    }
    // "display total students, companies and drives": how many there are, and not which.
    let first = words.iter().skip(1).find(|word| !matches!(word.lower.as_str(), "the" | "a"));
    let counts = words
        .windows(2)
        .any(|pair| pair[0].lower == "how" && matches!(pair[1].lower.as_str(), "many" | "much"));
    let is_of_each = words.iter().any(|word| matches!(word.lower.as_str(), "per" | "by" | "each"));
    if counts
        || first.is_some_and(|word| word.lower == "total")
            && vocabulary::is_listing(&verb)
            && !is_of_each
    {
        return None;
    }
    let mentions = phrase::mentions(&words, out);
    // "Update the balance of an account", "status of an order": the row that has it.
    let of_field = || {
        let has_field = changed_field(&words, &mentions, out)?;
        let is_read = || place.entity.is_none() && !mentions[has_field].plural;
        (kind == AccessKind::Write || is_read()).then_some(has_field)
    };
    let of_field = of_field().filter(|_| !about_place);
    let head = if about_place { None } else { head(&words, &mentions).or(of_field) };
    let is_of_field = of_field.is_some() && head == of_field;
    let mut pattern = empty(&short(&whole), kind);
    pattern.entity = match head {
        Some(head) => Some(mentions[head].name.clone()),
        None => place.entity.clone(),
    };
    let entity = pattern.entity.clone()?;
    let mut reading = Reading { words: &words, mentions: &mentions, head, filter: Vec::new() };
    if kind == AccessKind::Write {
        if takes {
            for filter in stated {
                reading.add(filter);
            }
            reading.owners(&entity, &mut pattern.joins);
            reading.adjectives(&mut pattern.sort);
            reading.filter.retain(|it| !matches!(it.field.as_str(), "next" | "available"));
            reading.fields(&entity, out);
            order::sort(&words, &mut pattern.sort);
            pattern.filter = reading.filter;
            pattern.joins.clear();
            pattern.limit = limit(&words);
            measure::of(&plain, &mut pattern);
            return Some(pattern);
        }
        if vocabulary::adds(&verb) {
            measure::of(&plain, &mut pattern);
            return Some(pattern);
        }
        let states: Vec<_> = (1..words.len()).filter_map(|at| reading.said_to_be(at)).collect();
        // "Cancel a bid of a trader": nobody else's.
        let owner = mentions.iter().enumerate().find(|&(at, it)| {
            let is_of = preposition(&words, it).is_some_and(|(_, lead)| lead == "of");
            Some(at) != head && it.name != entity && is_of && !it.plural && !it.possessive
        });
        let owner = owner.map(|(_, it)| condition(&reading.spelled(it), false));
        // A change of one row is of the one that is given, whatever else the sentence says; many are told by what they are.
        if head.is_some_and(|head| mentions[head].plural) {
            reading.owners(&entity, &mut pattern.joins);
            reading.adjectives(&mut pattern.sort);
            reading.said(&entity, out);
            reading.windows(&entity, out);
            pattern.sort.clear();
            pattern.joins.clear();
            pattern.filter = reading.filter;
        }
        if pattern.filter.is_empty() {
            let one = std::iter::once(condition("id", false));
            pattern.filter = one.chain(owner).chain(states).collect();
        }
        measure::of(&plain, &mut pattern);
        return Some(pattern);
    }
    if head.is_some_and(|head| is_asked_about(&words, &mentions[head])) {
        pattern.filter.push(condition("id", false));
        return Some(pattern);
    }
    for filter in stated {
        reading.add(filter);
    }
    reading.owners(&entity, &mut pattern.joins);
    reading.own(place.actor.as_deref());
    reading.adjectives(&mut pattern.sort);
    reading.lists(&verb);
    reading.said(&entity, out);
    reading.fields(&entity, out);
    reading.compared(&entity, out);
    reading.windows(&entity, out);
    pattern.filter = reading.filter;
    order::sort(&words, &mut pattern.sort);
    pattern.limit = limit(&words);
    measure::of(&plain, &mut pattern);
    let single = head.is_some_and(|head| !mentions[head].plural) && !vocabulary::narrows(&verb);
    let is_get = matches!(
        verb.as_str(),
        "get" | "fetch" | "retrieve" | "view" | "see" | "show" | "load" | "read" | "open"
    );
    if is_of_field && pattern.filter.is_empty() && single {
        pattern.filter.push(condition("id", false));
    }
    if pattern.filter.is_empty()
        && pattern.sort.is_empty()
        && pattern.limit.is_none()
        && single
        && is_get
    {
        let head = &mentions[head?];
        let bare = words.get(head.end).is_none_or(|word| word.lower != "s")
            // "view education": all that there is of it.
            && !(head.end == words.len() && vocabulary::is_mass(&words[head.end - 1].lower))
            && (head.end == words.len()
                || words[head.end - 1].mark != ' '
                || words[head.end].lower == "with"
                // Of what is a role's own, the role says which.
                || place.actor.is_none() && says_details(&words[head.end..]));
        if bare {
            pattern.filter.push(condition("id", false));
        }
    }
    Some(pattern)
}

/// The query in a phrase without a verb: "most viewed documents", "questions without answers",
/// "pending orders". Where its noun is no entity, a field of one entity alone may be meant.
pub(crate) fn noun_phrase(text: &str, out: &Output) -> Option<PatternFact> {
    let plain = text.replace(['`', '*', '"'], "");
    let words = phrase::words(&plain);
    if words.len() < 2 {
        return None;
    }
    // What is computed and by what it is gathered takes more words than rows that are listed.
    let most = if is_verb(&words[0].lower) { 12 } else { 20 };
    let said = phrase::words(without_measures(&plain)).len();
    if said > most {
        return None;
    }
    if is_verb(&words[0].lower) || is_step(&words, out) {
        return read(text, &Place::default(), out);
    }
    if let Some(pattern) = computed(text, &Place::default(), out) {
        return Some(pattern);
    }
    // Behind a comma stand the order and the limit.
    let asked = words.iter().position(|word| word.mark == ',').map_or(said, |at| at + 1);
    if asked > 12 {
        return None;
    }
    let name = short(&plain);
    if let Some(searched) = search_of(&plain) {
        return read(&format!("search {searched}"), &Place::default(), out)
            .map(|pattern| PatternFact { name, ..pattern });
    }
    if let [most, done, noun, ..] = words.as_slice() {
        if matches!(most.lower.as_str(), "most" | "top" | "least") && done.lower.ends_with("ed") {
            return superlative(&name, done, noun, out);
        }
    }
    let without = words.iter().position(|word| word.lower == "without");
    if let (Some(at), Some(lacking)) = (without, words.last()) {
        let entity = match out.known.get(words[at.checked_sub(1)?].text) {
            Some(entity) => entity.to_owned(),
            None => out.only_owner_of(words[at - 1].text)?.to_owned(),
        };
        let mut pattern = empty(&name, AccessKind::Read);
        pattern.entity = Some(entity);
        pattern.filter.push(FilterFact {
            field: lacking.text.to_owned(),
            operator: FilterOperator::Constant("false".to_owned()),
            optional: false,
        });
        return Some(pattern);
    }
    read(&format!("list {plain}"), &Place::default(), out)
        .map(|pattern| PatternFact { name, ..pattern })
}

/// What is searched in "full-text search of articles by title".
fn search_of(text: &str) -> Option<&str> {
    const LEADS: &[&str] =
        &["full-text search", "full text search", "fulltext search", "text search"];
    let lead =
        LEADS.iter().find_map(|lead| crate::words::strip_prefix_ignoring_case(text, lead))?;
    let words = [" of ", " on ", " over ", " in ", " across ", " for "];
    words.iter().find_map(|word| crate::words::strip_prefix_ignoring_case(lead, word))
}

/// A phrase without how often and how fast: "shipments of a customer, newest first: 200 per minute, 50 ms".
pub(crate) fn without_measures(text: &str) -> &str {
    let ends = [": ", " (", " - ", " – ", " — "];
    let is_measure = |rest: &str| {
        let rest = measure::exactly(rest).trim_start_matches(['p', '~', '<', '≤', '=', ' ']);
        rest.starts_with(|c: char| c.is_ascii_digit())
    };
    let mut cuts = ends.iter().flat_map(|end| text.match_indices(end));
    let at = cuts.find(|(at, end)| is_measure(&text[at + end.len()..])).map(|(at, _)| at);
    at.map_or(text, |at| &text[..at])
}

/// "Most viewed documents" are counted in the views of documents, "most asked questions" by the
/// field that holds the question.
fn superlative(name: &str, done: &Word<'_>, noun: &Word<'_>, out: &Output) -> Option<PatternFact> {
    let singular = noun.lower.strip_suffix('s').unwrap_or(&noun.lower);
    let stem = done.lower.strip_suffix("ed")?;
    let doings = [
        format!("{singular} {stem}"),
        format!("{singular} {stem}e"),
        format!("{singular} {stem}s"),
    ];
    let mut pattern = empty(name, AccessKind::Read);
    let entity = doings.iter().find_map(|doing| out.known.get(doing));
    let entity = match entity {
        Some(entity) => entity,
        None if out.known.get(noun.text).is_none() => out.only_owner_of(noun.text)?,
        None => return None,
    };
    pattern.entity = Some(entity.to_owned());
    // All are counted; one may be asked for.
    pattern.filter.push(condition(singular, true));
    Some(pattern)
}

/// "Get category with documents" also reads the documents of that category.
pub(crate) fn children(entity: &str, joins: &[String], text: &str) -> Vec<PatternFact> {
    let words = crate::words::lower_words(text);
    joins
        .iter()
        .filter(|join| {
            let folded = crate::words::fold(join);
            // "with its owner" joins one row, "with messages" lists many.
            words
                .iter()
                .any(|word| word.ends_with('s') && folded.ends_with(&crate::words::fold(word)))
        })
        .map(|join| {
            let mut pattern = empty(&format!("{join} of {entity}"), AccessKind::Read);
            pattern.entity = Some(join.clone());
            pattern.filter.push(condition(entity, false));
            pattern
        })
        .collect()
}

/// "A flag that tells whether the order is paid": one field of one row.
fn is_asked_about(words: &[Word<'_>], mention: &Mention) -> bool {
    let lead = words[..mention.start].iter().rev().find(|word| !vocabulary::is_filler(&word.lower));
    !mention.plural && lead.is_some_and(|word| word.lower == "whether")
}

/// The mention that a phrase is about.
fn head(words: &[Word<'_>], mentions: &[Mention]) -> Option<usize> {
    mentions.iter().enumerate().position(|(at, mention)| {
        let is_compound = mentions
            .get(at + 1)
            .is_some_and(|next| next.start == mention.end && words[mention.end - 1].mark == ' ');
        !(mention.possessive || is_compound || is_value(words, mention))
    })
}

/// "Update the balance of an account": the rows whose field is changed.
fn changed_field(words: &[Word<'_>], mentions: &[Mention], out: &Output) -> Option<usize> {
    mentions.iter().position(|mention| {
        let Some((of, "of")) = preposition(words, mention) else { return false };
        let said = words.get(1..of).unwrap_or_default().iter();
        let named: Vec<&str> =
            said.filter(|it| !vocabulary::is_filler(&it.lower)).map(|it| it.text).collect();
        !named.is_empty() && out.field(&mention.name, &named.join(" ")).is_some()
    })
}

/// Whether a mention is the value of a condition: "for a customer", "by staff".
fn is_value(words: &[Word<'_>], mention: &Mention) -> bool {
    let Some((at, lead)) = preposition(words, mention) else { return false };
    let before = at.checked_sub(1).map_or("", |before| words[before].lower.as_str());
    match lead {
        "by" => true,
        "of" | "for" | "in" | "from" => {
            !(vocabulary::is_collection(before)
                || at == 1 && (before == "look" || vocabulary::narrows(before)))
        }
        other => vocabulary::leads_to_value(other) || is_company(other),
    }
}

fn is_company(word: &str) -> bool {
    matches!(
        word,
        "with" | "including" | "plus" | "includes" | "include" | "alongside" | "via" | "such"
    )
}

/// The word that leads to a mention, past articles and adjectives like "given".
fn preposition<'w>(words: &'w [Word<'_>], mention: &Mention) -> Option<(usize, &'w str)> {
    let mut at = mention.start;
    for _ in 0..4 {
        at = at.checked_sub(1)?;
        let word = words[at].lower.as_str();
        if word == "by" || vocabulary::leads_to_value(word) || is_company(word) {
            return Some((at, word));
        }
        let passes = vocabulary::is_filler(word)
            || vocabulary::is_newest(word)
            || words[at].possessive
            || at + 1 == mention.start && at > 0 && !vocabulary::reads(word);
        if !passes || matches!(words[at].mark, '.' | ';' | ':' | ',') {
            return None;
        }
    }
    None
}

/// Words that a name cut there would end with, and that wait for what follows.
const LOOSE: &[&str] = &[
    "a", "an", "and", "are", "as", "at", "been", "by", "for", "from", "has", "have", "if", "in",
    "is", "it", "its", "last", "most", "next", "not", "of", "on", "or", "past", "per", "previous",
    "still", "than", "that", "the", "their", "then", "those", "to", "was", "were", "where",
    "which", "who", "whose", "with",
];

/// The name of a pattern: the phrase without brackets and what follows a dash, at most nine words, the last of which waits for
/// no other.
pub(crate) fn short(text: &str) -> String {
    const MOST_WORDS: usize = 9;
    let mut plain = String::new();
    let mut depth = 0_usize;
    for character in text.chars() {
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth == 0 => plain.push(character),
            _ => {}
        }
    }
    let end = [" — ", " – ", " - ", ": ", ". ", "; "]
        .iter()
        .filter_map(|mark| plain.find(mark))
        .filter(|&at| at > 8)
        .min()
        .unwrap_or(plain.len());
    let words: Vec<&str> = plain[..end].split_whitespace().collect();
    let mut kept = words.len().min(MOST_WORDS);
    let is_loose = |at: usize| {
        let word = words[at].to_lowercase();
        LOOSE.contains(&word.as_str())
            // "20 per page", "cheapest first"
            || word.chars().all(|it| it.is_ascii_digit())
            || words.get(at + 1).is_some_and(|next| next.trim_end_matches(',') == "first")
    };
    while words.len() > MOST_WORDS && kept > 2 && is_loose(kept - 1) {
        kept -= 1;
    }
    words[..kept].join(" ").trim_end_matches(['.', ',', ':', ';', '-']).trim().to_owned()
}

/// All that a phrase says, where a pattern of it is named by a part of that.
pub(crate) fn title(text: &str, name: &str) -> Option<String> {
    const MOST_WORDS: usize = 30;
    let text = text.replace(['`', '*', '"', '“', '”'], "");
    let words = text.split_whitespace().count();
    let is_cut =
        words > name.split_whitespace().count() && words <= MOST_WORDS && short(&text) == name;
    is_cut.then(|| text.trim().trim_end_matches(['.', ',', ':', ';']).to_owned())
}
