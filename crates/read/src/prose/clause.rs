//! The sentences of a document: where each stands, without requirement numbers, as tagged words.

use std::borrow::Cow;
use std::ops::{Deref, Range};
use std::sync::{Arc, OnceLock};

use super::inline_fields::Named;
use super::lexicon;
use super::outside::is_outside;
use super::rewrite::standing_alone;
use super::sentence::{Known, LONGEST, Sentence, Terms};
use crate::document::{BlockKind, Document, Inline, Table};
use crate::lifecycle::is_state_topic;
use crate::words::{lower_words, split_once_any};

/// One sentence, or one item of a list, in its place.
#[derive(Debug)]
pub(crate) struct Clause {
    sentence: Arc<Sentence>,
    /// The line or lines that it stands in.
    pub(crate) range: Range<usize>,
    /// Whether it is an item of a list.
    pub(crate) is_item: bool,
    /// What the list of this item stands under: an item or a sentence, where it ends with a colon.
    pub(crate) lead: Option<String>,
    /// The words before the sentence that say what it is about: "Units" in "**Units**: Manage rental
    /// units"; the cell with the name of the requirement in a row of a table.
    pub(crate) title: Option<String>,
    /// The section that it stands in.
    pub(crate) section: Option<usize>,
    /// The fields that its words name in this place, once anybody asked for them.
    pub(super) named: OnceLock<Option<Box<Named>>>,
}

impl Deref for Clause {
    type Target = Sentence;

    fn deref(&self) -> &Sentence {
        &self.sentence
    }
}

/// The clauses that were found so far, and their sentences.
struct Found<'t> {
    clauses: Vec<Clause>,
    sentences: Known<'t>,
}

/// Whether no other notation has taken the line at an offset.
type IsOpen<'a> = &'a dyn Fn(usize) -> bool;

/// The sentences of a document's blocks that may say something about its data.
pub(crate) fn clauses(
    document: &Document<'_>,
    blocks: Range<usize>,
    terms: &Terms,
    is_open: IsOpen<'_>,
) -> Vec<Clause> {
    let mut found = Found { clauses: Vec::new(), sentences: Known::with(terms) };
    let mut of_section = (None, false);
    for index in blocks {
        let block = &document.blocks[index];
        if of_section.0 != block.section {
            let is_outside = block.section.is_some_and(|section| is_outside(document, section));
            of_section = (block.section, is_outside);
        }
        if of_section.1 {
            continue;
        }
        let first = found.clauses.len();
        match &block.kind {
            BlockKind::Paragraph(inline) => {
                push(&mut found, inline, None, false, is_open);
            }
            BlockKind::List(list) => {
                let lead = document.lead(index);
                for item in &list.items {
                    let lead = match item.parent {
                        Some(parent) => {
                            let text = list.items[parent].content.text.trim();
                            text.ends_with(':').then(|| text.trim_end_matches(':').trim())
                        }
                        None => lead,
                    };
                    push(&mut found, &item.content, lead, true, is_open);
                }
            }
            BlockKind::Table(table) => rows(&mut found, table, is_open),
            BlockKind::Code(_) => {}
        }
        for clause in &mut found.clauses[first..] {
            clause.section = block.section;
        }
    }
    found.clauses
}

/// Rows of a table of requirements: its sentences are those of the columns for them.
fn rows(found: &mut Found<'_>, table: &Table, is_open: IsOpen<'_>) {
    let Some(sentences) = sentence_column(table) else { return };
    let titles =
        column(table, &["name", "title", "feature", "requirement"]).filter(|&it| it != sentences);
    for row in &table.rows {
        let title = titles.map(|column| without_number(row.text(column)).to_owned());
        let title = title.filter(|title| !title.is_empty());
        let first = found.clauses.len();
        if is_open(row.range.start) {
            add(found, row.text(sentences), row.range.clone(), None, true);
        }
        for clause in &mut found.clauses[first..] {
            clause.title = title.clone().or_else(|| clause.title.take());
        }
    }
}

/// The place of a column with one of these names.
fn column(table: &Table, names: &[&str]) -> Option<usize> {
    table.header.iter().position(|cell| names.contains(&lower_words(&cell.text).join(" ").as_str()))
}

/// The column of a table of requirements that holds its sentences.
pub(crate) fn sentence_column(table: &Table) -> Option<usize> {
    let column = |names: &[&str]| column(table, names);
    // A table with a column for types lists fields, and their descriptions are no requirements.
    if column(&["type", "data type", "field", "column", "attribute"]).is_some() {
        return None;
    }
    let numbers = column(&[
        "id",
        "req id",
        "requirement id",
        "story id",
        "ref",
        "no",
        "fr",
        "us",
        "rule id",
        "",
    ]);
    let stories = column(&[
        "user story",
        "user stories",
        "story",
        "requirement",
        "requirements",
        "functional requirement",
    ]);
    let descriptions = column(&[
        "description",
        "requirement description",
        "function description",
        "feature description",
        "details",
        "rule",
        "business rule",
    ]);
    match (descriptions, stories, numbers) {
        (Some(description), _, Some(_)) => Some(description),
        (_, Some(story), _) => Some(story),
        _ => demands(table),
    }
}

/// The column in which most cells say what must or can be, whatever its header calls it.
fn demands(table: &Table) -> Option<usize> {
    (0..table.header.len()).find(|&column| {
        let is_demand = |text: &str| {
            let words = lower_words(text);
            words.len() >= 4 && words.iter().any(|word| lexicon::MODALS.contains(&word.as_str()))
        };
        let many = table.rows.iter().filter(|row| is_demand(row.text(column))).count();
        table.rows.len() >= 2 && many * 2 > table.rows.len()
    })
}

fn push(
    found: &mut Found<'_>,
    inline: &Inline,
    lead: Option<&str>,
    is_item: bool,
    is_open: IsOpen<'_>,
) {
    let is_line = inline.lines.len() < 2 || is_lines(inline);
    if is_item && is_line || inline.text.len() > LONGEST || is_lines(inline) {
        for line in inline.lines.iter().filter(|line| is_open(line.range.start)) {
            add(found, &line.text, line.range.clone(), lead, is_item);
        }
        return;
    }
    let placed = placed(inline);
    // All sentences of an item stand under its title.
    let first = placed.first().map_or("", |(text, _)| text.as_str());
    let first = named_plainly(without_number(first));
    let title = title_of(&first).filter(|_| is_item);
    for (index, sentence) in standing_alone(placed.iter().map(|(text, _)| text.as_str())) {
        let range = placed[index].1.clone();
        if is_open(range.start) || !is_item && index > 0 && is_key(first_of(&placed, &range)) {
            add_alone(found, &sentence, range, lead, title, is_item);
        }
    }
}

/// The sentence that begins a line.
fn first_of<'p>(placed: &'p [(String, Range<usize>)], range: &Range<usize>) -> &'p str {
    placed.iter().find(|(_, at)| at == range).map_or("", |(text, _)| text.as_str())
}

/// Whether a sentence is a key behind which others may stand: "Primary key: (plant, day)."
pub(super) fn is_key(text: &str) -> bool {
    let text = text.trim_start_matches(['*', ' ']).to_lowercase();
    ["primary key", "unique", "key:", "keys:"].iter().any(|key| text.starts_with(key))
}

/// The sentences of a paragraph, each with the lines that it may run over. A line ends a sentence where
/// it has its mark, and where the next begins anew although its first word would have had room before
/// the break: who wraps lines fills them.
pub(crate) fn placed(inline: &Inline) -> Vec<(String, Range<usize>)> {
    let width = inline.lines.iter().map(|line| line.text.trim().len()).max().unwrap_or_default();
    let mut groups: Vec<(String, Range<usize>)> = Vec::new();
    let is_notes = is_notes(inline, width);
    let mut is_over = true;
    for (at, line) in inline.lines.iter().enumerate() {
        let text = line.text.trim();
        match groups.last_mut().filter(|_| !is_over) {
            Some((so_far, range)) => {
                so_far.push(' ');
                so_far.push_str(text);
                range.end = line.range.end;
            }
            None => groups.push((text.to_owned(), line.range.clone())),
        }
        let next = inline.lines.get(at + 1).map_or("", |line| line.text.trim());
        let word = next.split(' ').next().unwrap_or_default();
        let begins = next.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
        let had_room = text.len() + 1 + word.len() <= width && width >= 40;
        is_over = text.ends_with(['.', '!', '?', ';'])
            || (begins && had_room || is_notes) && !text.ends_with([',', ':'])
            || is_endpoint(text)
            || is_endpoint(next);
    }
    let sentences = groups.iter().flat_map(|(text, range)| {
        sentences(text).into_iter().map(|sentence| (sentence.to_owned(), range.clone()))
    });
    sentences.collect()
}

/// Whether a line is an endpoint: "GET /orders/{id}".
fn is_endpoint(line: &str) -> bool {
    let (method, path) = line.split_once(' ').unwrap_or_default();
    matches!(method, "GET" | "POST" | "PUT" | "PATCH" | "DELETE")
        && path.trim_start().starts_with('/')
}

/// Lines are seldom wrapped at fewer characters.
const SHORTEST_WRAPPED: usize = 70;

/// Whether a paragraph is notes with a thought on each line: nobody wrapped it, since the first word of each line would
/// have had room on the line before, and no line ends or begins with a word that needs its neighbour.
fn is_notes(inline: &Inline, width: usize) -> bool {
    let lines: Vec<&str> = inline.lines.iter().map(|line| line.text.trim()).collect();
    let words = |line: &str| lower_words(line);
    let needs = |word: Option<&smol_str::SmolStr>| {
        word.is_none_or(|it| lexicon::JOINING.contains(&it.as_str()))
    };
    // "a member books a class": an article leans on what follows it, not on what stands before.
    let opens = |word: Option<&smol_str::SmolStr>| {
        word.is_some_and(|it| matches!(it.as_str(), "a" | "an" | "the" | "each" | "every"))
    };
    // Whoever ends the last line with a full stop, and none before, wrote one sentence.
    let (last, before) = lines.split_last().unwrap_or((&"", &[]));
    let is_sentence = last.ends_with('.') && !before.iter().any(|line| line.ends_with('.'));
    lines.len() > 1
        && !is_sentence
        && lines.windows(2).all(|pair| {
            let [line, next] = pair else { return false };
            let first = next.split(' ').next().unwrap_or_default();
            let (before, behind) = (words(line), words(next));
            // The longest line says nothing of how far others go, unless it is as long as lines that are wrapped.
            let had_room = line.len() + 1 + first.len() <= width
                || line.len() == width && width < SHORTEST_WRAPPED;
            had_room
                && !line.ends_with([',', '-', '(', '/'])
                && !needs(before.last())
                && (opens(behind.first()) || !needs(behind.first()))
        })
}

/// Whether the lines of a paragraph stand each for itself, as in "Route: /orders" above "Fields: name,
/// email": all begin anew, and none ends as a sentence that runs over lines may not.
fn is_lines(inline: &Inline) -> bool {
    let begins = |text: &str| {
        text.trim_start().starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || c == '`')
    };
    inline.lines.len() > 1
        && inline.lines.iter().all(|line| begins(&line.text) && line.text.len() < 100)
        && inline.lines.iter().all(|line| !line.text.trim_end().ends_with(','))
}

fn add(found: &mut Found<'_>, text: &str, range: Range<usize>, lead: Option<&str>, is_item: bool) {
    if text.len() > LONGEST {
        return;
    }
    // All sentences of an item stand under its title.
    let text = named_plainly(without_number(text));
    let title = title_of(&text);
    for (_, sentence) in standing_alone(sentences(&text).into_iter()) {
        add_alone(found, &sentence, range.clone(), lead, title, is_item);
    }
}

/// Adds one sentence, with the title of the item that it stands in or its own.
fn add_alone(
    found: &mut Found<'_>,
    sentence: &str,
    range: Range<usize>,
    lead: Option<&str>,
    title: Option<&str>,
    is_item: bool,
) {
    let text = named_plainly(without_number(sentence));
    let Some(sentence) = found.sentences.sentence(&text) else { return };
    let title = title
        .or_else(|| title_of(&text).filter(|_| !is_item))
        // In a paragraph a few words and a colon may be anything, but for the states of a thing.
        .filter(|title| is_item || is_state_topic(title));
    found.clauses.push(Clause {
        sentence,
        range,
        is_item,
        lead: lead.map(|lead| without_number(lead).to_owned()),
        title: title.map(str::to_owned),
        section: None,
        named: OnceLock::new(),
    });
}

/// "Search: Find members by name" for "(Search): Find members by name (FR-12)", as what stands behind the number of a
/// requirement is often written; other requirements that it refers to are no words of it.
fn named_plainly(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    let name = text.strip_prefix('(').and_then(|rest| rest.split_once("):"));
    if let Some((name, rest)) = name.filter(|(name, _)| !name.contains('(')) {
        text = Cow::Owned(format!("{name}:{rest}"));
    }
    while let Some((start, end)) = references(&text) {
        text = Cow::Owned(format!("{}{}", text[..start].trim_end(), &text[end..]));
    }
    // "create boats specifying: a name, a length": the colon parts nothing.
    let lead = [" specifying: ", " containing: ", " including: "];
    if let Some((at, lead)) = lead.iter().find_map(|lead| Some((text.find(lead)?, lead))) {
        let word = lead.trim_end_matches(": ");
        text = Cow::Owned(format!("{}{word} {}", &text[..at], &text[at + lead.len()..]));
    }
    text
}

/// Where brackets stand that hold nothing but numbers of requirements: "(FR-12, BR-3.1)".
fn references(text: &str) -> Option<(usize, usize)> {
    let is_number = |part: &str| {
        let part = part.trim();
        part.starts_with(|c: char| c.is_ascii_uppercase())
            && part.contains(|c: char| c.is_ascii_digit())
            && part.contains(['-', '.'])
            && part.chars().all(|c| {
                c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, '-' | '.' | '_' | '–')
            })
    };
    text.match_indices('(').find_map(|(start, _)| {
        let end = start + text[start..].find(')')?;
        text[start + 1..end].split([',', ';']).all(is_number).then_some((start, end + 1))
    })
}

/// "Units" of "Units: Manage rental units": a few words before a colon or a dash.
fn title_of(text: &str) -> Option<&str> {
    let (title, rest) = split_once_any(text, &[": ", " — ", " – ", " - "])?;
    let title = title.trim();
    let is_short = (1..=4).contains(&title.split_whitespace().count()) && title.len() < 50;
    (is_short && title.starts_with(char::is_uppercase) && !rest.trim().is_empty()).then_some(title)
}

/// Splits where a sentence ends: at a mark, white space and a capital letter or a code span. Whoever begins without a
/// capital writes none: "paused members cannot book. left members are deleted after 2 years".
fn sentences(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let no_capitals = text.trim_start().starts_with(char::is_lowercase);
    let is_whole = |part: &str| {
        part.split_whitespace().nth(2).is_some()
            && part.matches('(').count() == part.matches(')').count()
    };
    for (at, mark) in text.char_indices() {
        if !matches!(mark, '.' | '!' | '?' | ';') {
            continue;
        }
        let rest = &text[at + 1..];
        let next = rest.trim_start();
        let goes_on = || {
            let next = next.split(['.', '!', '?', ';']).next().unwrap_or_default();
            no_capitals && is_whole(&text[start..at]) && is_whole(next)
        };
        let is_end = rest.len() > next.len()
            && (next.starts_with(|c: char| c.is_uppercase() || c == '`' || c == '(')
                || mark == ';'
                || goes_on());
        // "i.e. name": an abbreviation ends no sentence.
        let before = text[start..at].rsplit(' ').next().unwrap_or_default();
        let is_short = matches!(before, "e.g" | "i.e" | "etc" | "vs" | "e.g," | "No" | "approx");
        let inside_code = text[start..at].matches('`').count() % 2 == 1;
        if is_end && !is_short && !inside_code {
            parts.push(text[start..=at].trim());
            start = at + 1;
        }
    }
    let last = text[start..].trim();
    if !last.is_empty() {
        parts.push(last);
    }
    parts
}

/// The text behind a requirement number such as `R3.1`, `FR-A2:`, `US-01 –`, `[REQ-4]`.
pub(crate) fn without_number(text: &str) -> &str {
    let mut text = text.trim();
    // The box of a task says whether it is done, and nothing of what it asks for.
    for mark in ["[ ]", "[x]", "[X]"] {
        text = text.strip_prefix(mark).unwrap_or(text).trim_start();
    }
    loop {
        let Some(first) = text.split_whitespace().next() else { return text };
        let word = first.trim_matches(['[', ']', '(', ')', ':', '.', '*', '-', '–', '—']);
        let letters = word.chars().take_while(char::is_ascii_uppercase).count();
        let is_number = word.chars().any(|c| c.is_ascii_digit())
            && (1..=6).contains(&letters)
            && word.chars().all(|c| {
                c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, '-' | '.' | '_')
            })
            // "A4 paper" and "H1" are words; a number of two parts or with a mark is not.
            && (word.contains(['-', '.', '_']) || first.ends_with([':', ']', ')', '.']) || letters > 1 || word.starts_with(['R', 'F', 'U', 'S', 'Q']));
        if !is_number {
            return text;
        }
        let rest = text[first.len()..].trim_start();
        let rest = rest.trim_start_matches([':', '-', '–', '—', '.', ')', ' ']);
        if rest.is_empty() {
            return text;
        }
        text = rest;
    }
}

/// What a heading is about, without its numbers and without words that say what sort of part it heads:
/// "Reservations" of "4. Module: Reservations" and of "Reservations Module".
pub(super) fn topic(heading: &str) -> &str {
    let mut text = without_number(crate::entity_name::strip_numbering(heading.trim()));
    for kind in [
        "Module",
        "Feature",
        "Epic",
        "Area",
        "Domain",
        "Functional Area",
        "Requirement",
        "User Story",
        "Story",
        "Use Case",
    ] {
        if let Some(rest) = crate::words::strip_prefix_ignoring_case(text, kind) {
            // "Module: Tables", "Epic 3 - Orders", but "Feature Flags".
            let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
            if let Some(rest) = rest.strip_prefix([':', '-', '–', '—']) {
                text = rest.trim();
            }
        }
        text = text.strip_suffix(kind).map_or(text, str::trim);
    }
    // "Products (Admin)"; of "Offers & Requests (Listings)" the brackets hold what both are.
    let text = text.split_once(" (").map_or(text, |(before, inside)| {
        let inside = inside.trim_end_matches(')');
        let is_common = before.contains(" & ")
            && inside.ends_with('s')
            && inside.chars().all(char::is_alphabetic);
        if is_common { inside } else { before.trim() }
    });
    if text.is_empty() { heading } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_requirements_are_no_words() {
        for (text, rest) in [
            ("R3.1 Each Event Template", "Each Event Template"),
            ("FR-A2: The system", "The system"),
            ("US-01 – As a host", "As a host"),
            ("[REQ-4] An order", "An order"),
            ("R6.2.1 The system", "The system"),
            ("SMS notifications", "SMS notifications"),
            ("R12. Audit", "Audit"),
            ("[x] H-02 — Units: Manage units", "Units: Manage units"),
            ("[ ] Bookings", "Bookings"),
        ] {
            assert_eq!(without_number(text), rest);
        }
    }

    #[test]
    fn an_item_may_run_over_lines() {
        crate::notation::check(
            "## Booking\n\n- id: uuid, primary key\n- places: int\n\n## Notes\n\n- Before the start of the season the number of places of a booking\n  must be at least 1.\n- Guests pay late\n- The places of a booking must be at most 9\n\nWhatever else these notes say of guests and of rooms, the places of a booking never\nchange\n",
            &expect_test::expect![[r#"
                1 bullet-fields  entity Booking
                3 bullet-fields  field Booking.id uuid primary key
                4 bullet-fields  field Booking.places int
                8 prose-rule-sentence  rule *: Before the start of the season the number of places of a booking must be at least 1 [inferred: its words bind, and it is a rule where fields give it a meaning]
                11 prose-rule-sentence  rule Booking: The places of a booking must be at most 9
                13 prose-rule-sentence  rule *: Whatever else these notes say of guests and of rooms, the places of a booking never change [inferred: its words bind, and it is a rule where fields give it a meaning]
            "#]],
        );
    }

    #[test]
    fn notes_may_begin_with_an_article() {
        crate::notation::check(
            "# Pool\n\nlanes have a title and a depth\na swimmer books a lane, and nobody asks who comes along with them\n\nWhoever wraps a long text that speaks of lanes as this one does breaks it before\na word that had no room any more\n",
            &expect_test::expect![[r#"
                3 prose-entities  entity Lane
                3 prose-inline-fields  field Lane.title
                3 prose-inline-fields  field Lane.depth
                6 prose-rule-sentence  rule *: Whoever wraps a long text that speaks of lanes as this one does breaks it before a word that had no room any more [inferred: its words bind, and it is a rule where fields give it a meaning]
            "#]],
        );
    }

    #[test]
    fn titles_stand_before_sentences() {
        assert_eq!(title_of("Units: Manage rental units"), Some("Units"));
        assert_eq!(title_of("Lease Creation — Define the rent"), Some("Lease Creation"));
        assert_eq!(title_of("capture name: it is required"), None);
        assert_eq!(title_of("The system shall record all of these: a"), None);
    }

    #[test]
    fn sentences_end_at_marks() {
        assert_eq!(
            sentences("A user has a name, i.e. a label. An order is paid; it ships. Ok"),
            ["A user has a name, i.e. a label.", "An order is paid;", "it ships.", "Ok"]
        );
        assert_eq!(
            sentences("paused members cannot book. left members are deleted after 2 years"),
            ["paused members cannot book.", "left members are deleted after 2 years"]
        );
        let one = "the total of an order incl. tax (approx. a fifth of it more)";
        assert_eq!(sentences(one), [one]);
        let one = "Paused members cannot book. left members are many";
        assert_eq!(sentences(one), [one]);
    }

    #[test]
    fn names_and_numbers_in_brackets() {
        for (text, plain) in [
            ("(Search): Find members by name", "Search: Find members by name"),
            ("Only members may book (BR-12, R-3.1)", "Only members may book"),
            ("The list (name, size) is sorted (A-Z)", "The list (name, size) is sorted (A-Z)"),
            ("(optional) notes", "(optional) notes"),
        ] {
            assert_eq!(named_plainly(text), plain);
        }
    }
}
