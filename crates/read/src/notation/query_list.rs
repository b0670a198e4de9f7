//! Lists of queries: under a heading such as "Query patterns", or where the items are operations.

use std::ops::Range;

use underpin_base::{Diagnostic, Span};

use crate::document::{BlockKind, Document, Inline, Item, Line, List, Table};
use crate::notation::field_table::mark_header;
use crate::notation::filter_text::filters;
use crate::notation::{Output, mentioned};
use crate::query_phrase::{self, Place};
use crate::words::{code_spans, first_word, lower_words, split_top, strip_prefix_ignoring_case};
use crate::{AccessKind, Fact, FilterFact, FilterOperator, PatternFact};

pub(super) const DOC: &str = "Bullets, numbered lists and tables of queries in words, such as \"List orders of a customer, newest first, 30/s\".";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (index, block) in out.blocks(document) {
        if let BlockKind::Paragraph(inline) = &block.kind
            && !conditioned(document, inline, block.section, out)
        {
            labelled(document, inline, block.section, out);
        }
        if let BlockKind::Table(table) = &block.kind {
            read_table(document, table, &block.range, block.section, out);
        }
        let BlockKind::List(list) = &block.kind else { continue };
        let topic = is_rated(list)
            || document.lead(index).is_some_and(|lead| is_topic(lead) || is_access(lead, list))
            || block.section.is_some_and(|section| is_topic(document.title(section)));
        let shows = document.lead(index).is_some_and(shows_rows)
            || block.section.is_some_and(|section| shows_rows(document.title(section)));
        let operations = !topic && is_list_of_operations(list, out);
        let owner = out.entity_of(document, block.section);
        for item in &list.items {
            if conditioned(document, &item.content, block.section, out)
                || labelled(document, &item.content, block.section, out)
            {
                continue;
            }
            let under =
                item.parent.is_some_and(|parent| is_topic(&list.items[parent].content.text));
            let measured = || is_measured(&item.content.text, out);
            if !(topic || shows || operations && item.depth == 0 || under || measured())
                || item.has_children
            {
                continue;
            }
            let Some(line) = item.content.lines.first() else { continue };
            if !out.is_open(document, line.range.start) {
                continue;
            }
            let place = Place { entity: owner.clone(), actor: None };
            // "By email" under the heading of what is looked for.
            let text = item.content.text.as_str();
            let of_owner = owner.as_deref().filter(|_| text.starts_with("By ")).map(|owner| {
                let text = text.split(" (").next().unwrap_or(text);
                format!("List {owner} by {}", &text["By ".len()..])
            });
            let text = of_owner.as_deref().unwrap_or(text);
            let text = if shows && !topic { without_name(text) } else { text };
            let is_named = topic || under || shows || measured();
            let Some(pattern) = pattern(text, &place, is_named, out) else {
                if topic || under {
                    let span = document.span(item.content.range());
                    not_understood(item.content.text.trim(), span, out);
                }
                continue;
            };
            if shows && !(topic || under) && !is_shown(text, &pattern, out) {
                continue;
            }
            // "By and large" looks for nothing.
            let is_field = |filter: &FilterFact| {
                owner.as_deref().is_some_and(|owner| out.field(owner, &filter.field).is_some())
            };
            if of_owner.is_some() && !pattern.filter.iter().all(is_field) {
                continue;
            }
            let span = document.span(item.content.range());
            let children = match pattern.entity.as_deref() {
                Some(entity) if pattern.filter.iter().any(|filter| filter.field == "id") => {
                    query_phrase::children(entity, &pattern.joins, &item.content.text)
                }
                _ => Vec::new(),
            };
            let besides = query_phrase::besides(&pattern, out);
            out.infer(document, span, Fact::AccessPattern(pattern), "a list of queries names it");
            for child in children.into_iter().chain(besides) {
                out.infer(document, span, Fact::AccessPattern(child), "a list of queries names it");
            }
        }
    }
}

/// A table of queries in words and of how often each is made, as "What | How often".
fn read_table(
    document: &Document<'_>,
    table: &Table,
    range: &Range<usize>,
    section: Option<usize>,
    out: &mut Output,
) {
    let Some([what, often]) = rated_columns(table) else { return };
    if !out.is_open(document, range.start) {
        return;
    }
    let place = Place { entity: out.entity_of(document, section), actor: None };
    let mut any = false;
    for row in &table.rows {
        let span = document.span(row.range.clone());
        let text = row.text(what).trim();
        let Some(mut pattern) = pattern(text, &place, true, out) else {
            report(text, span, out);
            continue;
        };
        if pattern.frequency.is_none() {
            query_phrase::measured(row.text(often), &mut pattern);
        }
        let besides = query_phrase::besides(&pattern, out);
        for pattern in std::iter::once(pattern).chain(besides) {
            out.infer(document, span, Fact::AccessPattern(pattern), "a table of queries names it");
        }
        any = true;
    }
    if any {
        mark_header(document, table, range, out);
    }
}

/// The columns of a table that has, beside numbers of its rows, only queries in words and rates.
fn rated_columns(table: &Table) -> Option<[usize; 2]> {
    let (mut what, mut often) = (None, None);
    for (at, cell) in table.header.iter().enumerate() {
        match lower_words(&cell.text).join(" ").as_str() {
            "what" | "query" | "queries" | "access pattern" | "pattern" | "question"
            | "operation" | "request" | "use case" => what = what.xor(Some(at)),
            "how often" | "frequency" | "rate" | "calls" | "calls per second" | "qps" | "rps" => {
                often = often.xor(Some(at));
            }
            "" | "no" | "nr" | "number" | "id" => {}
            _ => return None,
        }
    }
    Some([what?, often?])
}

/// Whether most items end with how often they are done: "open orders of a user, 30 per second".
fn is_rated(list: &List) -> bool {
    let ends = |item: &&Item| !query_phrase::without_rates(&item.content.text).1.is_empty();
    let rated = list.items.iter().filter(ends).count();
    rated >= 3 && rated * 3 >= list.items.len() * 2
}

/// Says that an item among queries that names what is stored became none.
fn not_understood(text: &str, span: Span, out: &mut Output) {
    // What is done so often is asked of what is stored, whatever it names.
    let is_rated = !query_phrase::without_rates(text).1.is_empty();
    let asks = is_rated
        || first_word(text).is_some_and(|word| {
            query_phrase::is_verb(&word)
                || matches!(word.as_str(), "sum" | "average" | "total" | "number" | "how" | "top")
        });
    if asks || !mentioned(text, out).is_empty() {
        report(text, span, out);
    }
}

fn report(text: &str, span: Span, out: &mut Output) {
    let message = format!(
        "`{text}` stands among queries and was not understood as one; nothing is built for it"
    );
    out.diagnostics.push(
        Diagnostic::note(crate::code::UNCLEAR_QUERY, message)
            .at(span, "")
            .help("name the entity, the fields that rows are found by, their order and limit; or give the SQL"),
    );
}

/// "Delete expired sessions: `WHERE expires_at < NOW()`": words for a query, and its condition set as code. Whose rows are meant
/// say the words or the heading, and that they have the fields.
fn conditioned(
    document: &Document<'_>,
    inline: &Inline,
    section: Option<usize>,
    out: &mut Output,
) -> bool {
    let text = inline.text.as_str();
    let [code] = code_spans(text)[..] else { return false };
    let Some(condition) = strip_prefix_ignoring_case(code, "where ") else { return false };
    let name = text.split('`').next().unwrap_or_default();
    let name = name.trim().trim_end_matches([':', '-', '—', '–', '→']).trim();
    let words = lower_words(name);
    if !(1..=10).contains(&words.len()) || !out.is_open(document, inline.range().start) {
        return false;
    }
    let filter = filters(condition);
    let headings = document.path_of(section).map(|section| document.title(section));
    let named = std::iter::once(name).chain(headings).flat_map(|text| mentioned(text, out));
    let has_all =
        |entity: &String| filter.iter().all(|filter| out.field(entity, &filter.field).is_some());
    let entity = named.chain(out.entity_of(document, section)).find(has_all);
    let Some(entity) = entity.filter(|_| !filter.is_empty()) else { return false };
    let is_read = query_phrase::is_read_verb(&words[0]) || !is_write_verb(&words[0]);
    let kind = if is_read { AccessKind::Read } else { AccessKind::Write };
    let pattern = PatternFact {
        name: name.to_owned(),
        entity: Some(entity),
        filter,
        ..query_phrase::empty(name, kind)
    };
    out.state(document, document.span(inline.range()), Fact::AccessPattern(pattern));
    true
}

/// Whether a word says that rows are changed.
fn is_write_verb(word: &str) -> bool {
    query_phrase::is_verb(word)
        || matches!(
            word,
            "delete"
                | "purge"
                | "expire"
                | "reset"
                | "clear"
                | "clean"
                | "mark"
                | "archive"
                | "prune"
        )
}

/// "Queries: list a dog's visits, newest first; dogs by breed": several on one line.
fn labelled(
    document: &Document<'_>,
    inline: &Inline,
    section: Option<usize>,
    out: &mut Output,
) -> bool {
    let begins = |line: &Line| line.text.split_once(':').is_some_and(|(label, _)| is_topic(label));
    let Some(at) = inline.lines.iter().position(begins) else { return false };
    let text =
        inline.lines[at..].iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join(" ");
    let start = inline.lines[at].range.start;
    let rest = text.split_once(':').map_or("", |(_, rest)| rest);
    if rest.trim().is_empty() || !out.is_open(document, start) {
        return false;
    }
    let place = Place { entity: out.entity_of(document, section), actor: None };
    let span = document.span(start..inline.range().end);
    let mut any = false;
    for part in questions(rest, out) {
        let part = part.trim().trim_end_matches('.');
        if let Some(pattern) = pattern(part, &place, true, out) {
            let besides = query_phrase::besides(&pattern, out);
            for pattern in std::iter::once(pattern).chain(besides) {
                out.infer(
                    document,
                    span,
                    Fact::AccessPattern(pattern),
                    "a list of queries names it",
                );
            }
            any = true;
        }
    }
    any
}

/// The questions in a line: between semicolons, or between commas where each part names what is
/// asked for, since "newest first" does not.
fn questions<'t>(text: &'t str, out: &Output) -> Vec<&'t str> {
    let parts = split_top(text, &[';']);
    let smaller = split_top(text, &[',']);
    let names = |part: &&str| !mentioned(part, out).is_empty();
    if parts.len() == 1 && smaller.len() > 1 && smaller.iter().all(names) { smaller } else { parts }
}

/// "Access:" above a list of questions, and not of who may do what.
fn is_access(lead: &str, list: &List) -> bool {
    const PERMITTING: &[&str] =
        &["can", "may", "must", "only", "not", "cannot", "all", "no", "role"];
    let permits = |item: &Item| {
        lower_words(&item.content.text).iter().any(|word| PERMITTING.contains(&word.as_str()))
    };
    let words = lower_words(lead);
    (words == ["access"] || words == ["reads"] || words == ["data", "access"])
        && !list.items.iter().any(permits)
}

/// "Dashboard", "Reports", "The dashboard shows:": what stands below are rows that somebody looks at.
fn shows_rows(title: &str) -> bool {
    let words = lower_words(title);
    let is_place = |word: &str| {
        matches!(
            word,
            "dashboard"
                | "dashboards"
                | "reports"
                | "reporting"
                | "statistics"
                | "analytics"
                | "screens"
        )
    };
    words.len() <= 5 && words.iter().any(|word| is_place(word.as_str()))
}

/// Whether a line without a verb says which rows are shown: "Pending orders", "Orders by region". "User management" and
/// "Order details" say no such thing.
fn is_shown(text: &str, pattern: &PatternFact, out: &Output) -> bool {
    let words = lower_words(text);
    let is_short = words.len() <= 8 && !text.contains(['(', '/', ':']);
    let is_many = words.iter().any(|word| word.ends_with('s'));
    let Some(entity) = pattern.entity.as_deref() else { return false };
    let is_word = |filter: &FilterFact| matches!(&filter.operator, FilterOperator::Constant(value) if *value == filter.field);
    let said = pattern.filter.iter().any(|filter| {
        let is_value = || {
            out.choices_of(entity).any(|(_, values)| {
                values
                    .iter()
                    .any(|value| crate::words::fold(value) == crate::words::fold(&filter.field))
            })
        };
        !is_word(filter)
            && (words.iter().any(|word| matches!(word.as_str(), "by" | "per"))
                || names_rows(text, out))
            || is_word(filter) && is_value()
            || matches!(filter.field.as_str(), "upcoming" | "past" | "overdue" | "expired")
    });
    is_short && is_many && (said || !pattern.sort.is_empty() || !pattern.groups.is_empty())
}

fn is_topic(title: &str) -> bool {
    let words = lower_words(title);
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(&word.as_str()));
    words.len() <= 6
        && ((has(&["queries", "lookups"]) || words == ["hot", "paths"])
            && !has(&[
                "optimization",
                "performance",
                "tuning",
                "monitoring",
                "no",
                "slow",
                "media",
                "logs",
                "log",
            ])
            || has(&["query", "access", "read"])
                && has(&["patterns", "pattern", "paths", "path"])
                && !has(&["control"])
            // "What we ask", "We look up:", "What the app asks all day"
            || has(&["we", "what"])
                && (has(&["ask", "asks", "asked"])
                    || words.windows(2).any(|it| matches!(it[0].as_str(), "look" | "looks" | "looked") && it[1] == "up"))
            // "Frequent reads", "Everyday searches"
            || has(&["reads", "searches"])
                && has(&["frequent", "common", "typical", "main", "everyday", "daily", "usual", "key"]))
}

/// Whether most items say what is done with an entity: "Create document", "List user documents".
fn is_list_of_operations(list: &List, out: &Output) -> bool {
    let items: Vec<&Item> = list.items.iter().filter(|item| item.depth == 0).collect();
    let operates = |item: &&Item| {
        let words = lower_words(&item.content.text);
        let verb = words.first().is_some_and(|word| query_phrase::is_verb(word));
        verb && words.len() <= 9
            && item.content.label.is_empty()
            && !mentioned(&item.content.text, out).is_empty()
    };
    let reads = |item: &&Item| {
        first_word(&item.content.text).is_some_and(|word| query_phrase::is_read_verb(&word))
    };
    if items.len() < 3 || !items.iter().any(reads) {
        return false;
    }
    let operations = items.iter().copied().filter(|item| operates(item)).count();
    operations * 4 >= items.len() * 3
}

/// What a sentence says that somebody looks at: "Members see their own loans, newest first".
fn asked_by(text: &str, place: &Place, out: &Output) -> Option<PatternFact> {
    let clauses = query_phrase::clauses(text, out);
    let [clause] = clauses.as_slice() else { return None };
    let actor = clause.actor.clone().filter(|_| !clause.is_bare)?;
    let place = Place { entity: place.entity.clone(), actor: Some(actor) };
    query_phrase::read(&clause.phrase, &place, out)
}

/// What a screen shows behind its name: "Pet history: all visits of a pet".
fn without_name(text: &str) -> &str {
    match text.split_once(": ") {
        Some((name, shown)) if lower_words(name).len() <= 3 => shown.trim(),
        Some(_) | None => text,
    }
}

/// Whether a noun phrase begins with the rows of a thing: "all visits of a pet".
fn names_rows(text: &str, out: &Output) -> bool {
    let words = lower_words(text);
    let Some(link) = words.iter().position(|it| matches!(it.as_str(), "of" | "by" | "for")) else {
        return false;
    };
    let is_known = |from: usize| {
        let name = words[from..link].join(" ");
        name.ends_with('s') && out.known.get(&name).is_some()
    };
    link <= 4 && (link.saturating_sub(3)..link).any(is_known)
}

/// Whether an item says in a noun phrase which rows are asked for, and how often: "Orders of a customer, newest first: 40 times a
/// second".
fn is_measured(text: &str, out: &Output) -> bool {
    const LONGEST_NAME: usize = 3;
    let phrase = query_phrase::without_measures(text);
    let words = lower_words(phrase);
    let link = words.iter().position(|it| matches!(it.as_str(), "of" | "by" | "for"));
    let Some(link) = link.filter(|link| (1..=LONGEST_NAME).contains(link)) else { return false };
    let name = words[..link].join(" ");
    phrase.len() < text.len()
        && query_phrase::is_measured(text)
        && name.ends_with('s')
        && out.known.get(&name).is_some()
        && !crate::prose::has_verb(phrase)
}

pub(super) fn pattern(text: &str, place: &Place, topic: bool, out: &Output) -> Option<PatternFact> {
    let text = crate::entity_name::strip_numbering(text).trim();
    let text = ["query:", "example:"]
        .iter()
        .fold(text, |text, lead| strip_prefix_ignoring_case(text, lead).map_or(text, str::trim));
    let (text, rates) = query_phrase::without_rates(text);
    let shown = query_phrase::shown_by_screen(text, out);
    let text = shown.as_deref().unwrap_or(text);
    let words = lower_words(text);
    if words.len() < 2 || words.len() > 30 || text.ends_with(':') {
        return None;
    }
    let verb = words.first().is_some_and(|word| query_phrase::is_verb(word));
    let mut pattern = if verb {
        query_phrase::read(text, place, out)?
    } else if let Some(pattern) = asked_by(text, place, out).filter(|_| topic) {
        pattern
    } else if topic {
        query_phrase::noun_phrase(text, out)?
    } else {
        return None;
    };
    pattern.said = Some(text.to_owned());
    pattern.title = query_phrase::title(text, &pattern.name);
    if !rates.is_empty() {
        query_phrase::measured(rates, &mut pattern);
    }
    // Only what the words themselves name: the section's entity may be another.
    let names = !mentioned(text, out).is_empty()
        || !pattern.filter.is_empty()
        || !pattern.measures.is_empty();
    let says = pattern.kind == AccessKind::Write
        || !pattern.filter.is_empty()
        || !pattern.sort.is_empty()
        || pattern.limit.is_some()
        || topic
        || words.len() <= 5;
    (names && says).then_some(pattern)
}

#[cfg(test)]
mod tests;
