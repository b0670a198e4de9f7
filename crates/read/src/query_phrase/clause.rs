//! Where a sentence asks for rows: its clauses, each from the verb on, and who asks.
//!
//! A verb counts where it begins the sentence, follows "can" or "to", is what somebody or some page
//! does ("Hosts view ...", "the dashboard shows ..."), or stands beside such a verb ("browse, search
//! and filter products"). Elsewhere the same word may be a noun: "list views are slow".

use super::asker::is_person;
use super::label::{strip_code, strip_label, without_purpose};
use super::screen::{plain_listing, without_adverb};
use super::{loose_verb, occasion, vocabulary};
use crate::notation::{Output, mentioned};

/// A clause that asks for rows.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Clause {
    /// From its verb on.
    pub(crate) phrase: String,
    /// Who asks.
    pub(crate) actor: Option<String>,
    /// What stands before it in the sentence.
    pub(crate) before: String,
    /// Whether it only says by what: "filter by status".
    pub(crate) is_bare: bool,
}

/// Longer sentences are not taken apart.
const MOST_WORDS: usize = 60;

/// The clauses of a sentence that ask for rows, in order.
pub(crate) fn clauses(text: &str, out: &Output) -> Vec<Clause> {
    if !may_ask(text) {
        return Vec::new();
    }
    let bare = strip_code(text.trim_start_matches(['*', ' ']));
    let (requests, when) = occasion::requests(bare, out);
    for request in requests {
        let mut found = of_sentence(&request, out);
        // What "search by name" leaves open, the occasion may tell.
        for clause in found.iter_mut().filter(|clause| clause.is_bare) {
            clause.before = format!("{when} {}", clause.before);
        }
        if !found.is_empty() {
            return found;
        }
    }
    of_sentence(text, out)
}

/// The clauses of a sentence without an occasion.
fn of_sentence(text: &str, out: &Output) -> Vec<Clause> {
    let plain = text.replace(['`', '*', '“', '”', '"'], "");
    let plain = super::screen::wished(&plain).into_owned();
    let shown = super::screen::request(strip_label(strip_code(plain.trim())), out);
    let plain = shown.unwrap_or(plain);
    let plain = plain_listing(without_adverb(strip_label(strip_code(plain.trim()))));
    let words: Vec<&str> = without_purpose(plain.split_whitespace().collect());
    if words.len() < 2 || words.len() > MOST_WORDS {
        return Vec::new();
    }
    let lower: Vec<String> = words
        .iter()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
        .collect();
    let sentence = Sentence { words, lower };
    if let Some(found) = sentence.passive(out) {
        return vec![found];
    }
    let mut found: Vec<Clause> = Vec::new();
    let mut at = 0;
    while at < sentence.words.len() {
        let starts = sentence.starts(at, !found.is_empty(), out);
        match starts.and_then(|start| sentence.clause(at, start.actor)) {
            Some((clause, end)) => {
                found.push(clause);
                at = end;
            }
            None => at += 1,
        }
    }
    if found.is_empty() {
        found.extend(sentence.noun(out));
    }
    found
}

/// Whether any word of a text may ask for rows; cheap, since it sees every sentence.
fn may_ask(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphabetic()).any(|word| {
        (3..=11).contains(&word.len()) && {
            let lower = word.to_ascii_lowercase();
            vocabulary::reads(&lower)
                || vocabulary::narrows(&lower)
                || vocabulary::is_shown(&lower)
                || loose_verb::may_be(&lower)
                || matches!(
                    lower.as_str(),
                    "sees"
                        | "shows"
                        | "displays"
                        | "counts"
                        | "picks"
                        | "gives"
                        | "returns"
                        | "selects"
                        | "browses"
                        | "sorted"
                        | "looked"
                        | "filterable"
                        | "searchable"
                )
        }
    })
}

/// That a clause begins.
#[derive(Default)]
struct Start {
    /// Who asks, where that is told.
    actor: Option<String>,
}

pub(super) struct Sentence<'t> {
    pub(super) words: Vec<&'t str>,
    pub(super) lower: Vec<String>,
}

impl Sentence<'_> {
    pub(super) fn lower(&self, at: usize) -> &str {
        self.lower.get(at).map_or("", String::as_str)
    }

    pub(super) fn rest(&self, at: usize) -> String {
        self.words[at..].join(" ")
    }

    /// Whether a mark after a word parts what follows from it.
    fn is_parted(&self, at: usize) -> bool {
        self.words[at].ends_with([',', ';', ':', ')'])
    }

    /// Whether a verb may begin a clause at a place; with who asks, where that is told.
    fn starts(&self, at: usize, is_later: bool, out: &Output) -> Option<Start> {
        let word = self.lower(at);
        let verb = self.verb_at(at)?;
        if at == 0 {
            // "Search shall filter by name": there it is a noun.
            let is_noun = is_modal(self.lower(1));
            return (!self.words[0].ends_with(':') && !is_noun).then(Start::default);
        }
        // "Allow searching a member by phone", "The system shall support filtering users by role".
        let object = self.chain(at).map_or(at + 1, |(_, object)| object);
        let is_granted = word.ends_with("ing") && self.has_object(object);
        let grant = self.lower(at - 1);
        if is_granted
            && matches!(grant, "allow" | "allows" | "support" | "supports" | "enable" | "enables")
        {
            return Some(Start::default());
        }
        let before = self.before_adverbs(at);
        let lead = before.map_or("", |before| self.lower(before));
        if let Some(before) = before {
            if is_modal(lead) || lead == "to" && !is_purposeless(self.lower(before.wrapping_sub(1)))
            {
                return Some(Start { actor: self.subject(before, out) });
            }
        }
        // "The system shall let an accountant see the invoices".
        let let_at = (2..=4).filter_map(|back| at.checked_sub(back));
        let is_let = |at: usize| matches!(self.lower(at), "let" | "lets");
        if word == verb && let_at.into_iter().any(is_let) && self.has_object(at + 1) {
            return Some(Start { actor: self.subject(at, out) });
        }
        // "and see stock-in history": beside a clause that was read.
        if is_later && matches!(lead, "and" | "or" | "then") && self.has_object(at + 1) {
            return Some(Start::default());
        }
        // "Hosts view bookings", "the dashboard shows orders", "guests only see their own".
        // "A page that displays all rooms".
        let is_relative = matches!(lead, "that" | "which") && at > 1;
        let shown_by = if is_relative { self.lower(at - 2) } else { lead };
        let told_of = before.and_then(|before| self.told_of(before, out));
        if told_of.is_some() && vocabulary::is_plain_read(verb) {
            return Some(Start { actor: told_of });
        }
        let first = (1..=4).contains(&at) || is_relative && vocabulary::is_screen(shown_by);
        if !first || self.is_parted(at - 1) || !self.has_object(at + 1) {
            return None;
        }
        let actor = lead;
        let is_finite = word != verb;
        if vocabulary::is_screen(shown_by) {
            return matches!(
                verb,
                "show" | "display" | "list" | "showing" | "displaying" | "listing"
            )
            .then(|| Start { actor: self.screen_of(before, shown_by, out) });
        }
        // How often or how soon is said of what is asked for, whoever asks: "the desk lists … (20 ms)".
        let is_measured = || is_finite && self.is_measured(at);
        let acts = is_person(actor)
            || out.known.get(actor).is_some()
            || out.prose.is_role(actor)
            || is_measured();
        let is_many = actor.ends_with('s') && !actor.ends_with("ss")
            || matches!(actor, "staff" | "people" | "personnel");
        let agrees = is_finite != is_many;
        let reads = vocabulary::is_plain_read(verb)
            || verb == "look" && self.lower(at + 1) == "up"
            || self.loose_verb(at).is_some();
        (acts && agrees && reads)
            .then(|| Start { actor: Some(actor.trim_end_matches('s').to_owned()) })
    }

    /// Whether a sentence says from a place on how often or how soon it is answered.
    fn is_measured(&self, at: usize) -> bool {
        super::measure::is_told(&self.rest(at))
    }

    /// The verb at a place, in its plain form: "view" for "views", "browse" for "browse/search".
    fn verb_at(&self, at: usize) -> Option<&str> {
        let word = self.lower(at);
        let word = word.split('/').find(|part| vocabulary::reads(part)).unwrap_or(word);
        if let Some(stem) = word.strip_suffix('s') {
            if vocabulary::reads(stem) {
                return Some(stem);
            }
            if let Some(stem) = stem.strip_suffix('e').filter(|stem| vocabulary::reads(stem)) {
                return Some(stem);
            }
        }
        let plain = vocabulary::reads(word).then_some(word);
        plain.or_else(|| self.leads_chain(at).then_some(word)).or_else(|| self.loose_verb(at))
    }

    /// "create, edit and view": a verb that asks for nothing, beside one that does.
    fn leads_chain(&self, at: usize) -> bool {
        is_action(self.lower(at)) && self.chain(at).is_some_and(|(read, _)| read.is_some())
    }

    /// The verbs that share an object: which of them reads, and where the object begins.
    fn chain(&self, at: usize) -> Option<(Option<&str>, usize)> {
        let mut read = None;
        let mut next = at;
        loop {
            let word = self.lower.get(next)?;
            let mut parts = word.split('/');
            if !parts.clone().all(|part| vocabulary::reads(part) || is_action(part)) {
                return None;
            }
            // "search and filter by status" narrows what is asked for.
            let reads = parts.find(|part| vocabulary::reads(part));
            if reads.is_some_and(|verb| read.is_none() || vocabulary::narrows(verb)) {
                read = reads;
            }
            let joined = self.words[next].ends_with(',');
            let mut following = next + 1;
            let linked = matches!(self.lower(following), "and" | "or" | "and/or");
            following += usize::from(linked);
            let is_verb = |part: &str| vocabulary::reads(part) || is_action(part);
            let goes_on = (joined || linked)
                && self.lower.get(following).is_some_and(|word| word.split('/').all(is_verb));
            if !goes_on {
                return Some((read, next + 1));
            }
            next = following;
        }
    }

    /// A clause that begins here, and where the search for the next goes on.
    fn clause(&self, at: usize, actor: Option<String>) -> Option<(Clause, usize)> {
        let (read, object) = self.chain(at).unwrap_or((self.verb_at(at), at + 1));
        let loose = read.is_none().then(|| self.loose_verb(at)).flatten();
        let read = read.or(loose)?;
        if object >= self.words.len() {
            return None;
        }
        // "Filter the results by date" leaves it to the place what is filtered.
        let by = self.past_results(object);
        let is_narrowed = vocabulary::narrows(read) && self.lower(by) == "by";
        let object = if is_narrowed { by } else { object };
        let is_bare = matches!(self.lower(object), "by" | "on" | "via") && !self.is_relative(at);
        // Up to another verb that asks, but for one that narrows the same rows.
        let end = (object + 1..self.words.len())
            .find(|&next| {
                matches!(self.lower(next - 1), "and" | "or" | "then")
                    && vocabulary::reads(self.lower(next))
                    && !vocabulary::narrows(self.lower(next))
                    && self.has_object(next + 1)
                    && next - 1 > object
            })
            .unwrap_or(self.words.len());
        let cut = if end < self.words.len() { end - 1 } else { end };
        // The words themselves, where no other verb stands between.
        let as_written = object == at + 1 && vocabulary::reads(self.lower(at));
        let verb = if as_written { self.words[at] } else { read };
        let phrase = format!("{verb} {}", self.words[object..cut].join(" "));
        let before = self.words[..at].join(" ");
        Some((Clause { phrase, actor, before, is_bare }, end.max(object)))
    }

    /// The place behind words that only mean what was asked for before: "the results", "them".
    fn past_results(&self, object: usize) -> usize {
        let is_article =
            |at: &usize| matches!(self.lower(*at), "the" | "these" | "those" | "search");
        let at = (object..self.words.len()).find(|at| !is_article(at)).unwrap_or(object);
        let stands_for =
            matches!(self.lower(at), "results" | "them" | "list" | "listings" | "entries");
        at + usize::from(stands_for)
    }

    /// Whether what stands here may be what is asked for.
    fn has_object(&self, at: usize) -> bool {
        self.lower.get(at).is_some_and(|word| {
            !word.is_empty()
                && !matches!(
                    word.as_str(),
                    "is" | "are"
                        | "was"
                        | "were"
                        | "may"
                        | "must"
                        | "should"
                        | "will"
                        | "that"
                        | "if"
                        | "when"
                        | "and"
                        | "or"
                        | "per"
                )
        })
    }

    /// "Documents can be filtered by category", "orders are listed newest first".
    fn passive(&self, out: &Output) -> Option<Clause> {
        let is_looked_up = |at: usize| self.lower(at) == "looked" && self.lower(at + 1) == "up";
        let at = (1..self.lower.len()).find(|&at| {
            (vocabulary::is_shown(self.lower(at)) || is_looked_up(at))
                && matches!(self.lower(at - 1), "be" | "are" | "is" | "being")
        })?;
        let mut front = at - 1;
        while front > 0 && (is_modal(self.lower(front - 1)) || self.lower(front - 1) == "only") {
            front -= 1;
        }
        let said = self.words[..front].join(" ");
        let subject = mentioned(&said, out).pop()?;
        // "Low-stock items can be queried": what is said of them in front.
        let is_short = front <= 4 && mentioned(&said, out).len() == 1;
        let is_plural = said.ends_with('s') && !said.contains([',', ':', '(']);
        let says =
            subject.split_whitespace().count() < front && !vocabulary::is_filler(self.lower(0));
        let subject = if is_short && is_plural && says { said } else { subject };
        let done = self.lower(at);
        // "Only approved reviews are shown".
        if self.lower(0) == "only" && is_short && matches!(done, "shown" | "listed" | "displayed") {
            let said = self.words[1..front].join(" ");
            let (actor, before) = (None, String::new());
            let phrase = format!("list {said}");
            return Some(Clause { phrase, actor, before, is_bare: false });
        }
        let sorts = matches!(done, "sorted" | "ordered" | "sortable");
        let is_filter = done.starts_with("filter")
            || done.starts_with("search")
            || vocabulary::groups(done) && self.lower(at + 1) == "by"
            || matches!(done, "found" | "looked" | "queryable");
        let is_modal_form = front + 1 < at;
        // Without "can be" only an order or a filter says that rows are asked for.
        if !is_modal_form
            && !sorts
            && !is_filter
            && !self.lower[at..].iter().any(|word| word == "first")
            && !self.lower[at..]
                .windows(2)
                .any(|it| matches!(it[0].as_str(), "ordered" | "sorted") && it[1] == "by")
        {
            return None;
        }
        let behind = at + 1 + usize::from(done == "looked");
        let rest = self.words.get(behind..).unwrap_or_default().join(" ");
        let phrase = if sorts {
            format!("list {subject} sorted {rest}")
        } else {
            format!("filter {subject} {rest}")
        };
        Some(Clause { phrase, actor: None, before: String::new(), is_bare: false })
    }

    /// "Provide search and filtering by status", "Product lookup by code".
    fn noun(&self, out: &Output) -> Option<Clause> {
        // "Filterable by status and owner": what the place is about.
        if matches!(self.lower(0), "filterable" | "searchable") && self.lower(1) == "by" {
            let phrase = format!("filter {}", self.rest(1));
            let (actor, before) = (None, String::new());
            return Some(Clause { phrase, actor, before, is_bare: true });
        }
        // "Sorted newest first.": of what the sentence before asks for.
        if matches!(self.lower(0), "sorted" | "ordered") {
            let phrase = format!("list {}", self.rest(0));
            let (actor, before) = (None, String::new());
            return Some(Clause { phrase, actor, before, is_bare: true });
        }
        if let Some(phrase) = self.lookup(out) {
            let (actor, before) = (None, String::new());
            return Some(Clause { phrase, actor, before, is_bare: false });
        }
        if let Some(phrase) = self.listing() {
            let (actor, before) = (None, String::new());
            return Some(Clause { phrase, actor, before, is_bare: false });
        }
        // "Orders grouped by region".
        let groups = |run: &[String]| vocabulary::groups(&run[0]) && run[1] == "by";
        if let Some(at) = self.lower.windows(2).position(groups).filter(|at| (1..=3).contains(at)) {
            let phrase = format!("list {} {}", self.words[..at].join(" "), self.rest(at));
            let (actor, before) = (None, String::new());
            return Some(Clause { phrase, actor, before, is_bare: false });
        }
        let at = self.lower.windows(2).position(|run| {
            (vocabulary::narrows(&run[0])
                || matches!(run[0].as_str(), "lookup" | "look-up" | "drill-down"))
                && matches!(run[1].as_str(), "by" | "on" | "via")
        })?;
        if self.is_relative(at) {
            return None;
        }
        let phrase = format!("{} {}", self.lower(at), self.rest(at + 1));
        let before = self.words[..at].join(" ");
        Some(Clause { phrase, actor: None, before, is_bare: true })
    }

    /// "Membership number look-up": one of what is named first, by what is named behind it.
    fn lookup(&self, out: &Output) -> Option<String> {
        let last = self.lower.len().checked_sub(1)?;
        let count = match self.lower(last) {
            "lookup" | "look-up" => last,
            _ => return None,
        };
        let entity = (1..count)
            .rev()
            .find_map(|end| out.known.get(&self.words[..end].join(" ")).map(|name| (name, end)))?;
        let (name, end) = entity;
        (count <= 4).then(|| format!("find {name} by {}", self.words[end..count].join(" ")))
    }

    /// Whether a verb only describes the words before it: "Queries that filter by date run at night"
    /// speaks of queries and asks for nothing.
    fn is_relative(&self, at: usize) -> bool {
        at.checked_sub(1).is_some_and(|at| matches!(self.lower(at), "that" | "which" | "who"))
    }

    /// The word before a verb, past "be able to", "also", "only".
    fn before_adverbs(&self, at: usize) -> Option<usize> {
        let mut before = at.checked_sub(1)?;
        loop {
            let is_adverb = matches!(
                self.lower(before),
                "be" | "able" | "also" | "easily" | "quickly" | "only" | "then" | "simply"
            ) || self.lower(before) == "to"
                && self.lower(before.wrapping_sub(1)) == "able";
            if !is_adverb || before == 0 {
                return Some(before);
            }
            before -= 1;
        }
    }
}

/// "Used to", "according to", "due to": no verb follows that somebody is to do.
fn is_purposeless(before: &str) -> bool {
    matches!(before, "used" | "according" | "due" | "related" | "similar" | "access" | "prior")
}

/// Words before which somebody can, may or wants to do something.
pub(crate) fn is_modal(word: &str) -> bool {
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

/// Verbs of things that are done to rows beside reading them.
fn is_action(word: &str) -> bool {
    vocabulary::changes(word)
        || vocabulary::adds(word)
        || matches!(
            word,
            "manage"
                | "pay"
                | "submit"
                | "track"
                | "borrow"
                | "return"
                | "buy"
                | "order"
                | "book"
                | "download"
                | "upload"
                | "modify"
                | "change"
                | "access"
                | "monitor"
                | "review"
                | "sort"
                | "print"
                | "share"
                | "assign"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrases(text: &str) -> Vec<String> {
        let mut out = Output::default();
        for name in ["Order", "Product", "Host", "Booking", "Supplier"] {
            out.known.add(name);
        }
        clauses(text, &out)
            .into_iter()
            .map(|clause| match clause.actor {
                Some(actor) => format!("{actor}: {}", clause.phrase),
                None => clause.phrase,
            })
            .collect()
    }

    #[test]
    fn listings() {
        assert_eq!(plain_listing("The list of beds of a ward"), "list beds of a ward");
        let told = "The list of beds is kept by the ward";
        assert_eq!(plain_listing(told), told);
        assert_eq!(plain_listing("The list is long"), "The list is long");
    }

    #[test]
    fn verbs_that_ask() {
        for (text, expected) in [
            (
                "User can view all suppliers and see stock-in history",
                &["User: view all suppliers", "see stock-in history"][..],
            ),
            (
                "As a host, I want to browse, search and filter bookings so that I can plan",
                &["host: filter bookings"],
            ),
            ("In order to plan, I want to see my bookings", &["see my bookings"]),
            (
                "Hosts view bookings for events they host",
                &["host: view bookings for events they host"],
            ),
            (
                "The dashboard shows the latest orders of the customer",
                &["shows the latest orders of the customer"],
            ),
            ("Orders are sorted by date", &["list Order sorted by date"]),
            ("I can create, edit, delete, and view my products.", &["view my products."]),
            ("View all bookings, and filter by host", &["View all bookings, and filter by host"]),
            ("Product lookup by code", &["lookup by code"]),
            ("Filterable by status and host", &["filter by status and host"]),
            (
                "The system shall allow browsing and searching bookings by host",
                &["searching bookings by host"],
            ),
            ("A product can be looked up by code", &["filter Product by code"]),
            ("List views are slow", &["List views are slow"]),
            ("The view is used to search", &[]),
            ("Nothing is asked here", &[]),
        ] {
            assert_eq!(phrases(text), expected, "{text}");
        }
    }
}
