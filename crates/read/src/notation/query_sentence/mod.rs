//! Sentences that ask for rows: user stories, requirements, steps of an algorithm.
//!
//! A sentence is taken where it names what is asked for and by what: a condition, an order or a
//! limit; or where it asks for a list of all rows. A page that "shows the order" asks for nothing
//! that a design could use.

mod listed;
mod report;
mod subject;
mod worded;

use std::borrow::Cow;
use std::ops::Range;

use underpin_base::{Diagnostic, Phrases};

use crate::document::{BlockKind, Document, Inline, List, Table};
use crate::notation::field_table::mark_header;
use crate::notation::{Mark, Output};
use crate::query_phrase::{self, Place, is_modal};
use crate::words::{is_identifier, lower_words};
use crate::{AccessKind, Fact, FilterFact, FilterOperator, PatternFact};
use listed::{asks_by, fields, joined};
use subject::Subjects;

pub(super) const DOC: &str =
    "Sentences such as \"Clients can view their own bookings\" or \"filter orders by status\".";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    let subjects = Subjects::of(document);
    // What the steps of an algorithm are given, and in which section that is said.
    let mut given: (Option<usize>, Vec<String>) = (None, Vec::new());
    // What the section asked for so far.
    let mut asked: Option<PatternFact> = None;
    for (index, block) in out.blocks(document) {
        if given.0 != block.section {
            given = (block.section, Vec::new());
            asked = None;
        }
        if let BlockKind::Paragraph(inline) = &block.kind {
            given.1.extend(given_in(&inline.text));
        }
        let elsewhere = document.lead(index).is_some_and(is_elsewhere)
            || document.path_of(block.section).any(|section| is_elsewhere(document.title(section)));
        if elsewhere {
            continue;
        }
        let mut context = Context {
            subjects: &subjects,
            section: block.section,
            given: &given.1,
            actor: over(document, index),
            last: asked.take(),
        };
        match &block.kind {
            // A line in bold is a heading.
            BlockKind::Paragraph(inline)
                if !inline.strong && !is_told_in_sql(document, index, out) =>
            {
                context.given = &[];
                sentences(document, inline, &mut context, out);
            }
            BlockKind::List(list) => {
                let leader = context.actor.take();
                if let Some(lead) = document.lead(index).filter(|lead| asks_by(lead)) {
                    let fields = fields(list, None);
                    let text = joined(lead, &fields);
                    let range = document.blocks[index - 1].range.clone();
                    if !fields.is_empty() && !out.has_query(document.span(range.clone())) {
                        context.actor = actor(lead);
                        sentence(document, &text, range, &mut context, out);
                    }
                    continue;
                }
                for (at, item) in list.items.iter().enumerate() {
                    let text = item.content.text.trim_end();
                    if item.has_children
                        && (text.ends_with("such as:")
                            || text.strip_suffix(':').is_some_and(asks_by))
                    {
                        with_children(document, list, at, &mut context, out);
                        continue;
                    }
                    // "Recent orders" under "Dashboard".
                    if item.parent.is_none() && is_on_dashboard(document, index) {
                        let range = item.content.range();
                        let shown = format!("Dashboard: {text}");
                        if !out.has_query(document.span(range.clone())) {
                            sentence(document, &shown, range, &mut context, out);
                        }
                    }
                    context.actor = match item.parent {
                        Some(parent) => actor(&list.items[parent].content.text),
                        None => leader.clone(),
                    };
                    sentences(document, &item.content, &mut context, out);
                }
            }
            BlockKind::Code(code) if matches!(code.language.as_str(), "" | "text" | "txt") => {
                for (line, range) in code.lines() {
                    let text = line.trim_start();
                    let step = text.trim_start_matches(|c: char| c.is_ascii_digit());
                    // A numbered step; anything else in a fence is a picture or an example.
                    if step.len() < text.len() && step.starts_with(['.', ')']) {
                        let span = document.code_span(code, range).range();
                        let text = step[1..].trim();
                        if !out.has_query(document.span(span.clone())) {
                            sentence(document, text, span, &mut context, out);
                        }
                    }
                }
            }
            BlockKind::Table(table) => read_table(document, table, &block.range, &mut context, out),
            BlockKind::Paragraph(_) | BlockKind::Code(_) => {}
        }
        asked = context.last;
    }
}

/// Whether a paragraph says in words what the query below it says.
fn is_told_in_sql(document: &Document<'_>, block: usize, out: &Output) -> bool {
    let next = document.blocks.get(block + 1);
    next.filter(|next| next.section == document.blocks[block].section).is_some_and(|next| {
        matches!(&next.kind, BlockKind::Code(code) if code.language == "sql")
            && out.has_query(document.span(next.range.clone()))
    })
}

/// A table of requirements has sentences in its cells. One that another notation took has not.
fn read_table(
    document: &Document<'_>,
    table: &Table,
    range: &Range<usize>,
    context: &mut Context<'_>,
    out: &mut Output,
) {
    // What sentences say of the same rows leaves them to this one.
    let is_of_sentences = crate::prose::sentence_column(table).is_some();
    let is_open = |start: usize| is_of_sentences || out.is_open(document, start);
    if table.rows.iter().any(|row| !is_open(row.range.start)) {
        return;
    }
    let wanted: Vec<bool> = table.header.iter().map(|cell| !is_elsewhere(&cell.text)).collect();
    let mut any = false;
    let mut silent: Vec<Range<usize>> = Vec::new();
    for row in &table.rows {
        let before = out.statements.len();
        for (cell, wanted) in row.cells.iter().zip(&wanted) {
            if *wanted {
                sentences(document, cell, context, out);
            }
        }
        if out.statements.len() > before {
            any = true;
            out.mark(document, row.range.clone(), Mark::Understood);
        } else {
            silent.push(row.range.clone());
        }
    }
    if any {
        mark_header(document, table, range, out);
        // Among queries, a row that became none was one all the same.
        let of_queries = context.section.is_some_and(|section| {
            let title = lower_words(document.title(section));
            title.iter().any(|word| matches!(word.as_str(), "queries" | "query" | "lookups"))
                || title
                    .windows(2)
                    .any(|pair| pair[0] == "access" && pair[1].starts_with("pattern"))
        });
        for range in silent.into_iter().filter(|_| of_queries) {
            let message = "this row stands among queries and was not understood as one; nothing is built for it";
            out.diagnostics.push(
                Diagnostic::note(crate::code::UNCLEAR_QUERY, message)
                    .at(document.span(range), "")
                    .help(
                        "name the entity, and what its rows are found by, in the row's first cell",
                    ),
            );
        }
        // The other sentences are prose like those of a paragraph.
        for row in &table.rows {
            out.mark(document, row.range.clone(), Mark::SetAside);
        }
    }
}

/// Sections that tell of what is not built, or of people's work.
fn is_elsewhere(title: &str) -> bool {
    let words = lower_words(title);
    let has = |wanted: &str| words.iter().any(|word| word == wanted);
    // "In scope" is what is built.
    if has("scope") && (has("out") || has("not") || has("beyond")) {
        return true;
    }
    words.iter().any(|word| {
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
                | "out-of-scope"
                | "security"
                | "constraints"
                | "relationships"
                | "setup"
                | "installation"
                | "validation"
        )
    })
}

/// "for a given `(doctorId, date)`": what is given.
fn given_in(text: &str) -> Vec<String> {
    let Some((_, after)) = text.cut_at("given ") else { return Vec::new() };
    let after = after.trim_start_matches(['`', '*', ' ']);
    let Some(inside) = after.strip_prefix('(').and_then(|rest| rest.split(')').next()) else {
        return Vec::new();
    };
    let names: Vec<&str> = inside.split(',').map(|name| name.trim().trim_matches('`')).collect();
    let all = names.iter().all(|name| is_identifier(name));
    if all { names.into_iter().map(str::to_owned).collect() } else { Vec::new() }
}

/// What the place of a sentence tells about it.
struct Context<'c> {
    subjects: &'c Subjects<'c>,
    section: Option<usize>,
    /// What each step of an algorithm is given.
    given: &'c [String],
    /// Who acts, where something above says it.
    actor: Option<String>,
    /// What the sentence before asked for.
    last: Option<PatternFact>,
}

/// Whether a list says what stands on a dashboard.
fn is_on_dashboard(document: &Document<'_>, block: usize) -> bool {
    let says = |text: &str| lower_words(text).iter().any(|word| word == "dashboard");
    match document.lead(block) {
        Some(lead) => says(lead),
        None => document.blocks[block].section.is_some_and(|it| says(document.title(it))),
    }
}

/// Who acts in a block, by the words before it or its heading: "Users can:", "## Seller".
fn over(document: &Document<'_>, block: usize) -> Option<String> {
    let text = |at: usize| match &document.blocks[at].kind {
        BlockKind::Paragraph(inline) => inline.text.as_str(),
        BlockKind::List(_) | BlockKind::Table(_) | BlockKind::Code(_) => "",
    };
    // "As a: Reader" in a paragraph of its own above "I want to: View my loans".
    let is_wish = text(block).starts_with("I want");
    let before = block
        .checked_sub(1)
        .filter(|&at| is_wish && document.blocks[at].section == document.blocks[block].section);
    if let Some(told) = before.map(text)
        && let Some(who) = ["As a", "As an"].iter().rev().find_map(|lead| told.strip_prefix(lead))
    {
        let who = who.trim_matches([':', ' ', ',', '*']).trim_start_matches("n ");
        return who.rsplit(' ').next().map(str::to_owned);
    }
    document.lead(block).and_then(actor).or_else(|| {
        let section = document.blocks[block].section?;
        let title = crate::entity_name::strip_numbering(document.title(section));
        // "Reports" and "Trips" are what the section is about, and nobody who acts.
        actor(title).filter(|name| {
            crate::prose::is_person_noun(&crate::prose::singular(&name.to_lowercase()))
        })
    })
}

/// Who acts, in what stands over a list: "Admins can:", "R2.3 Client", "For patients", "Patient portal".
pub(crate) fn actor(text: &str) -> Option<String> {
    let text = text.trim_end_matches(':').split('(').next().unwrap_or_default();
    let mut words: Vec<&str> = text
        .split_whitespace()
        .filter(|word| word.chars().all(char::is_alphabetic))
        .take_while(|word| !is_modal(&word.to_lowercase()))
        .collect();
    let is_place = |word: &&str| {
        matches!(
            word.to_lowercase().as_str(),
            "portal"
                | "features"
                | "stories"
                | "dashboard"
                | "panel"
                | "functions"
                | "side"
                | "app"
                | "module"
                | "role"
                | "access"
                | "permissions"
                | "capabilities"
        )
    };
    while words.len() > 1 && words.last().is_some_and(is_place) {
        words.pop();
    }
    if words.len() > 1 && words.last().is_some_and(|word| word.eq_ignore_ascii_case("user")) {
        words.pop();
    }
    if words.len() == 2 && matches!(words[0], "For" | "for" | "As") {
        words.remove(0);
    }
    match words.as_slice() {
        ["The" | "the" | "A" | "An", name] | [name] => Some((*name).to_owned()),
        _ => None,
    }
}

/// "filters such as:" with the fields as items.
fn with_children(
    document: &Document<'_>,
    list: &List,
    at: usize,
    context: &mut Context<'_>,
    out: &mut Output,
) {
    let item = &list.items[at];
    let fields = fields(list, Some(at));
    let text = joined(&item.content.text, &fields);
    if !out.has_query(document.span(item.content.range())) {
        sentence(document, &text, item.content.range(), context, out);
    }
}

fn sentences(
    document: &Document<'_>,
    inline: &Inline,
    context: &mut Context<'_>,
    out: &mut Output,
) {
    if out.has_query(document.span(inline.range())) {
        return;
    }
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
        sentence(document, &inline.text[start..at], inline.range(), context, out);
        start = (at + 2).min(end);
    }
}

fn sentence(
    document: &Document<'_>,
    text: &str,
    range: Range<usize>,
    context: &mut Context<'_>,
    out: &mut Output,
) {
    let text = each_by(text);
    let text = report::as_request(&text);
    let text = spelled_out(&text);
    let text = worded::as_request(&text);
    for part in text.split("; ") {
        for clause in query_phrase::clauses(part, out) {
            let Some(pattern) = pattern(&clause, context, out) else {
                if clause.is_bare && !query_phrase::fields_after_by(&clause.phrase).is_empty() {
                    let message = format!(
                        "`{}` asks for rows and does not say of what; no query is built for it",
                        query_phrase::short(&clause.phrase)
                    );
                    let span = document.span(range.clone());
                    out.diagnostics.push(
                        Diagnostic::note(crate::code::UNCLEAR_QUERY, message)
                            .at(span, "")
                            .help("name the entity whose rows are asked for in the same sentence"),
                    );
                }
                continue;
            };
            context.last = Some(pattern.clone());
            let span = document.span(range.clone());
            // The line may state other facts as well.
            out.infer_beside(span, Fact::AccessPattern(pattern), "a sentence asks for it");
        }
    }
}

/// "with search (name/email)" and "filters: name, email" in the words of a sentence: "filtering by
/// name, email".
fn spelled_out(text: &str) -> Cow<'_, str> {
    // "filters: search (name/email), status" are three.
    let flat = text.to_ascii_lowercase().place_of("filters: search (").and_then(|at| {
        let from = at + "filters: ".len();
        let (inside, rest) = text[from + "search (".len()..].split_once(')')?;
        Some(format!("{}{}{rest}", &text[..from], inside.replace('/', ", ")))
    });
    if let Some(flat) = flat {
        return Cow::Owned(spelled_out(&flat).into_owned());
    }
    let lower = text.to_ascii_lowercase();
    let leads = [
        "search (",
        "filter (",
        "filters (",
        "filtering (",
        "filters: ",
        "filter: ",
        "search by: ",
        "filter by: ",
        "filters by: ",
        "filter options: ",
        "filtering options: ",
    ];
    let Some((at, lead)) = leads.iter().find_map(|lead| Some((lower.place_of(lead)?, *lead)))
    else {
        return Cow::Borrowed(text);
    };
    let rest = &text[at + lead.len()..];
    let (inside, behind) = match rest.split_once(')') {
        Some((inside, behind)) if lead.ends_with('(') => (inside, behind),
        _ => (rest, ""),
    };
    let is_list = inside.contains([',', '/']) && !inside.contains(['(', '`']);
    if !is_list || inside.starts_with("e.g") {
        return Cow::Borrowed(text);
    }
    let fields = inside.replace('/', ", ");
    let front = text[..at].trim_end().trim_end_matches("server-side").trim_end();
    Cow::Owned(format!("{front} filtering by {fields}; {}", behind.trim_start_matches([',', ' '])))
}

/// "searching for students (by name/department) and firms (by name)" with a question for each.
fn each_by(text: &str) -> Cow<'_, str> {
    let mut groups = text.split(" (by ");
    let front = groups.next().unwrap_or_default();
    let mut whole = front.to_owned();
    let mut is_first = true;
    for group in groups {
        let Some((fields, rest)) = group.split_once(')') else { return Cow::Borrowed(text) };
        let rest = rest.strip_prefix(" and ").or_else(|| rest.strip_prefix(", ")).unwrap_or(rest);
        let rest = rest.strip_prefix("and ").unwrap_or(rest).trim_end_matches('.');
        whole.push_str(" by ");
        whole.push_str(&fields.replace('/', ", "));
        if !rest.is_empty() {
            whole.push_str("; search ");
            whole.push_str(rest);
        }
        is_first = false;
    }
    if is_first { Cow::Borrowed(text) } else { Cow::Owned(whole) }
}

/// What a clause asks for, where a design could use it.
fn pattern(
    clause: &query_phrase::Clause,
    context: &Context<'_>,
    out: &Output,
) -> Option<PatternFact> {
    let actor = clause.actor.clone().or_else(|| context.actor.clone());
    // "Filtering by status" is about what the sentence or the section tells of; a noun of its own
    // is not.
    let mut pattern = if clause.is_bare {
        let last = context.last.as_ref().and_then(|last| last.entity.as_deref());
        let entity = context.subjects.find(clause, context.section, last, out);
        query_phrase::read_about_place(&clause.phrase, &Place { entity, actor }, out)
    } else {
        query_phrase::read(&clause.phrase, &Place { entity: None, actor }, out)
    }?;
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
    own_history(&mut pattern, clause, context, out);
    let is_adjective = |filter: &FilterFact| matches!(&filter.operator, FilterOperator::Constant(value) if *value == filter.field);
    // "View my tickets. Supports filtering by status": it filters my tickets.
    let leans = clause.is_bare && query_phrase::named(&clause.before, out).is_empty();
    let before = context.last.as_ref().filter(|last| leans && last.entity == pattern.entity);
    for kept in before.iter().flat_map(|last| &last.filter) {
        let is_owner = kept.field == "own"
            || kept.field.ends_with("'s own")
            || out.known.get(&kept.field).is_some();
        let is_known = pattern.filter.iter().any(|filter| filter.field == kept.field);
        if is_owner && !kept.optional && !is_known {
            pattern.filter.push(kept.clone());
        }
    }
    let says = pattern.filter.iter().any(|filter| !is_adjective(filter) && filter.field != "id")
        || !pattern.sort.is_empty()
        || !pattern.groups.is_empty()
        || pattern.limit.is_some()
        || pattern.latency_ms.is_some()
        // "tells whether the order is paid": one field of one row.
        || pattern.filter.iter().any(|filter| filter.field == "id")
            && clause.phrase.contains(" whether ")
        || !clause.is_bare && query_phrase::lists_all(&clause.phrase, out);
    pattern.said = Some(clause.phrase.clone());
    pattern.title = query_phrase::title(&clause.phrase, &pattern.name);
    (pattern.kind == AccessKind::Read && says).then_some(pattern)
}

/// "View order history" among what customers can do is about their own; who works there sees all.
fn own_history(
    pattern: &mut PatternFact,
    clause: &query_phrase::Clause,
    context: &Context<'_>,
    out: &Output,
) {
    let Some(actor) = context.actor.as_deref().filter(|_| clause.actor.is_none()) else { return };
    let one = crate::prose::singular(&actor.to_lowercase());
    let is_served = crate::prose::is_person_noun(&one)
        && !matches!(one.as_str(), "staff" | "employee" | "worker" | "member" | "technician")
        && (out.known.get(actor).is_some() || out.prose.is_role(actor));
    let phrase = clause.phrase.trim_end_matches('.').to_lowercase();
    let is_all = phrase.contains(" all ");
    let is_whole = phrase.ends_with(" history") && !is_all;
    // "View invoices", where each invoice is a tenant's.
    let is_theirs = !is_all
        && pattern.entity.as_deref().zip(out.known.get(actor)).is_some_and(|(entity, actor)| {
            out.stated().any(|it| {
                matches!(&it.fact, Fact::Relationship(it) if it.from == actor && it.to == entity
                    && it.cardinality == Some("1:N"))
            })
        });
    let is_served = is_served || is_theirs && one == "member";
    let is_whole = is_whole || is_theirs;
    if is_served && is_whole && pattern.filter.is_empty() {
        pattern.filter.push(query_phrase::condition(&format!("{one}'s own"), false));
    }
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod spelling {
    use super::{each_by, spelled_out};

    #[test]
    fn a_question_for_each_bracket() {
        let text = "searching for pupils (by name/class) and clubs (by name).";
        let spelled = "searching for pupils by name, class; search clubs by name";
        assert_eq!(each_by(text), spelled);
        assert_eq!(each_by("sorted (by whom?"), "sorted (by whom?");
    }

    #[test]
    fn lists_behind_search_and_filter() {
        for (text, spelled) in [
            (
                "list members with server-side search (name/email)",
                "list members with filtering by name, email; ",
            ),
            ("history with filters: date, method", "history with filtering by date, method; "),
            ("Search (e.g. by name, email) is fast", "Search (e.g. by name, email) is fast"),
            ("search (fast)", "search (fast)"),
        ] {
            assert_eq!(spelled_out(text), spelled);
        }
    }
}
