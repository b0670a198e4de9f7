//! The words of a query that became no part of its pattern: what it asks for beside what was understood of it.
//!
//! Each word is held against the pattern. It names what the pattern reads, filters or sorts by, says the order, the limit,
//! the time or the measure that the pattern has, or is one of the few words that ask for nothing. Any other word asks for
//! rows that the statement does not give.

use std::borrow::Cow;

use underpin_read::{Bound, FilterOperator, PatternFact, Pick};

use crate::draft::Draft;
use crate::names::{fold_entity, words};
use crate::{AccessKind, CalendarUnit, EntityId, FieldId, FieldKind, Filter, Pattern};

/// Words that ask for nothing by themselves.
#[rustfmt::skip]
const IDLE: &[&str] = &[
    "a", "an", "the", "all", "any", "each", "every", "this", "that", "these", "those", "given", "specific",
    "particular", "certain", "single", "one", "some", "its", "it", "their", "my", "own", "his", "her", "your", "our",
    "me", "them", "us", "they", "i", "he", "she", "of", "for", "in", "by", "on", "at", "from", "to", "with", "within",
    "under", "and", "or", "which", "who", "whose", "where", "when", "is", "are", "was", "were", "be", "been", "has",
    "have", "can", "could", "may", "must", "should", "shall", "will", "as", "via", "using", "so", "also", "list",
    "lists", "listing", "listed", "get", "gets", "show", "shows", "showing", "shown", "view", "views", "viewing",
    "viewed", "find", "finds", "finding", "found", "fetch", "fetches", "load", "loads", "look", "looks", "looked",
    "up", "lookup", "browse", "browsing", "display", "displays", "displayed", "retrieve", "retrieved", "read",
    "reads", "select", "query", "queries", "see", "sees", "ask", "return", "returns", "give", "gives", "detail",
    "details", "record", "records", "row", "rows", "data", "information", "info", "entry", "entries", "history",
    "page", "pages", "paged", "paginated", "pagination", "id", "ids", "identifier", "s", "only", "still", "both", "etc", "item", "items", "existing", "loading",
    "together", "e", "g", "same", "belong", "belongs", "belonging", "assigned", "associated", "related", "made",
    "dashboard", "screen", "panel", "ui", "app", "homepage", "quickly", "fast", "value", "values", "based",
    "corresponding", "if", "provided", "optionally", "optional", "specified", "selected", "chosen",
];

/// Words that say an order, its field or its end.
#[rustfmt::skip]
const ORDER: &[&str] = &[
    "newest", "latest", "oldest", "earliest", "first", "last", "recent", "recently", "most", "least", "sorted",
    "sort", "sorts", "ordered", "order", "sorting", "ordering", "asc", "ascending", "desc", "descending",
    "chronological", "chronologically", "alphabetical", "alphabetically", "highest", "lowest", "largest", "smallest",
    "biggest", "soonest", "cheapest", "dearest", "longest", "shortest", "best", "worst", "nearest", "closest",
    "fewest", "top", "bottom", "next", "time", "date",
];

/// Words around a number of rows.
#[rustfmt::skip]
const LIMIT: &[&str] = &[
    "limit", "limited", "first", "next", "up", "maximum", "max", "per", "size", "batch", "batches", "results",
    "result", "at", "than", "more", "no", "most", "time",
];

/// Words that say when, of what is filtered by a time.
#[rustfmt::skip]
const TIME: &[&str] = &[
    "date", "dates", "day", "days", "daily", "time", "times", "period", "range", "ranges", "month", "months",
    "monthly", "week", "weeks", "weekly", "year", "years", "hour", "hours", "minute", "minutes", "today", "tomorrow",
    "yesterday", "now", "past", "upcoming", "future", "overdue", "due", "expired", "between", "since", "until",
    "before", "after", "older", "newer", "than", "last", "previous", "current", "next", "start", "end", "timeframe",
    "calendar", "not", "yet", "passed", "elapsed", "quarter", "coming", "two", "three", "four", "five", "six", "seven", "ten", "twelve", "thirty",
    "ninety", "24h", "48h", "72h", "7d", "30d", "90d", "newer", "younger", "this", "overlap", "overlapping", "overlaps", "ago", "moment", "given",
];

/// Words for the absence of something.
#[rustfmt::skip]
const ABSENCE: &[&str] = &[
    "without", "not", "no", "never", "unset", "null", "empty", "yet", "missing", "none", "null", "set", "present",
    "blank",
];

/// Words of a search for words or letters in a text.
#[rustfmt::skip]
const SEARCH: &[&str] = &[
    "search", "searching", "searched", "contains", "contain", "containing", "matching", "matches", "match", "like",
    "text", "fulltext", "full", "keyword", "keywords", "word", "words", "term", "terms", "part", "partial", "free",
    "a", "prefix", "prefixes", "starting", "starts", "start", "begins", "begin", "beginning", "autocomplete",
    "autocompletion", "typeahead", "type", "ahead", "auto", "complete", "autosuggest", "substring", "string", "letters",
    "characters", "input", "typed", "partially",
];

/// Words of what a document or a list contains.
const MEMBERS: &[&str] = &[
    "key", "keys", "value", "values", "pair", "pairs", "member", "members", "element", "elements",
];

/// Words of a list of what may be filtered by.
#[rustfmt::skip]
const CHOICE: &[&str] = &[
    "search", "searching", "searched", "filter", "filters", "filtering", "filtered", "filterable", "searchable",
    "either",
];

/// Words of a bound.
#[rustfmt::skip]
const BOUND: &[&str] = &[
    "below", "above", "over", "under", "less", "more", "than", "least", "most", "greater", "higher", "lower", "fewer",
    "exceeding", "exceeds", "exceed", "beyond", "between", "falls", "fall", "minimum", "maximum", "min", "max", "low",
    "not", "range", "ranges", "after", "before", "until", "since", "now", "today", "equal", "current", "their",
];

/// Words of what is computed of rows and gathers them.
#[rustfmt::skip]
const COMPUTED: &[&str] = &[
    "count", "counts", "number", "numbers", "total", "totals", "sum", "sums", "average", "avg", "mean", "minimum",
    "min", "maximum", "max", "how", "many", "much", "per", "each", "every", "group", "grouped", "grouping", "broken",
    "down", "split", "breakdown", "compute", "calculate", "report", "do", "does", "have", "has", "there", "overall",
];

/// Words of which rows are given of those that are found.
#[rustfmt::skip]
const PICKED: &[&str] = &[
    "latest", "newest", "last", "oldest", "earliest", "first", "current", "most", "recent", "per", "each", "every", "nearest",
    "closest", "point", "timestamp", "moment", "instant", "time", "date", "below", "beneath", "underneath", "under", "children", "recursive",
    "recursively", "transitive", "transitively", "descendants", "descendant", "descendents", "subtree", "subtrees",
    "offspring", "ancestors", "ancestor", "ancestry", "above", "breadcrumb", "breadcrumbs", "path", "root", "chain", "parents", "parent", "up",
    "down", "tree", "level", "levels", "depth", "top", "bottom", "fewest", "least", "highest", "lowest", "biggest",
    "largest", "smallest", "best", "offset", "limit", "number", "numbers", "numbered", "paging", "based", "jump", "size", "through",
];

/// Words of how soon a query is answered, beside a number.
#[rustfmt::skip]
const SOON: &[&str] = &[
    "ms", "msec", "milliseconds", "millisecond", "s", "sec", "second", "seconds", "within", "under", "less", "than",
    "below", "most", "max", "p50", "p90", "p95", "p99", "sub", "latency", "target", "up", "within",
];

/// Words of how often a query is asked, beside a number.
#[rustfmt::skip]
const OFTEN: &[&str] = &[
    "times", "calls", "requests", "queries", "per", "second", "sec", "minute", "min", "hour", "day", "week", "month",
    "every", "s", "h", "d", "rps", "qps", "frequency", "frequent", "hot", "path", "hourly", "daily", "weekly",
    "monthly", "once", "twice", "rate", "about", "roughly", "around", "peak", "a",
];

/// Words of a write that say which rows it is about: it changes one by its key.
#[rustfmt::skip]
const NARROWS_A_WRITE: &[&str] =
    &[
    "where", "older", "than", "before", "after", "expired", "overdue", "whose", "stale", "unused",
];

/// The words of a pattern that became no part of it, those that follow each other together. `understood` are the words that
/// became conditions and orders, or are said to be unknown.
pub(super) fn of(
    draft: &Draft<'_>,
    pattern: &Pattern,
    fact: &PatternFact,
    understood: &[&str],
) -> Vec<String> {
    let Some(said) = fact.said.as_deref().filter(|_| pattern.sql.is_none()) else {
        return Vec::new();
    };
    let often = fact.frequency.as_deref().filter(|it| !it.is_empty());
    let said = often.map_or(Cow::Borrowed(said), |often| Cow::Owned(said.replace(often, " ")));
    let tokens = tokens(&said);
    let mut rest = Rest { draft, pattern, is_read: vec![false; tokens.len()], tokens };
    rest.names(understood);
    rest.given_fields();
    rest.parts(fact);
    if pattern.kind == AccessKind::Write {
        let says = |at: &usize| NARROWS_A_WRITE.contains(&rest.tokens[*at].lower.as_str());
        // What stands behind "whose" and "where" says which rows, all of it.
        let is_clause = |at: &usize| matches!(rest.tokens[*at].lower.as_str(), "whose" | "where");
        let from = (0..rest.tokens.len()).find(is_clause).unwrap_or(rest.tokens.len());
        let narrows = |at: &usize| !rest.is_read[*at] && (says(at) || *at > from);
        return (0..rest.tokens.len())
            .filter(narrows)
            .map(|at| rest.tokens[at].text.to_owned())
            .collect();
    }
    rest.left()
}

struct Token<'t> {
    text: &'t str,
    lower: String,
    /// Whether a mark parts it from what stands before.
    is_parted: bool,
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(is_part).map(|offset| at + offset) {
        let end = text[start..].find(|c| !is_part(c)).map_or(text.len(), |offset| start + offset);
        let is_parted = text[at..start].contains([',', ';', ':', '(', ')', '.', '—', '–']);
        let word = &text[start..end];
        // "customer's"
        let is_ending = word == "s" && text[..start].ends_with(['\'', '’']);
        // "1,000"
        if !is_ending {
            found.push(Token { text: word, lower: word.to_lowercase(), is_parted });
        }
        at = end;
    }
    found
}

struct Rest<'r, 'd, 't> {
    draft: &'r Draft<'d>,
    pattern: &'r Pattern,
    tokens: Vec<Token<'t>>,
    is_read: Vec<bool>,
}

impl Rest<'_, '_, '_> {
    /// What names the entities and fields of the pattern.
    fn names(&mut self, understood: &[&str]) {
        let model = &self.draft.model;
        let mut entities: Vec<EntityId> = vec![self.pattern.entity];
        entities.extend(&self.pattern.joins);
        let mut known: Vec<String> = Vec::new();
        let mut know = |text: &str| {
            known.extend(words(text).iter().map(|word| fold_entity(word)));
            known.extend(text.split_whitespace().map(fold_entity));
        };
        for filter in &self.pattern.filter {
            let field = model.field(filter.field);
            know(&field.name);
            entities.extend(field.references.as_ref().map(|to| to.entity));
            match &filter.operator {
                FilterOperator::Constant(value) => know(value),
                FilterOperator::OneOf(values) | FilterOperator::NoneOf(values) => {
                    for value in values {
                        know(value);
                    }
                }
                FilterOperator::Equals
                | FilterOperator::Range
                | FilterOperator::Bound(_)
                | FilterOperator::Window(_)
                | FilterOperator::In
                | FilterOperator::IsNull
                | FilterOperator::IsPresent
                | FilterOperator::Search
                | FilterOperator::Begins
                | FilterOperator::Part
                | FilterOperator::Contains => {}
            }
        }
        for sort in &self.pattern.sort {
            know(&model.field(sort.field).name);
        }
        for measure in &self.pattern.measures {
            if let Some(field) = measure.field {
                know(&model.field(field).name);
            }
        }
        for group in &self.pattern.groups {
            let field = model.field(group.field);
            know(&field.name);
            entities.extend(field.references.as_ref().map(|to| to.entity));
            if let Some(unit) = group.unit {
                know(unit.as_str());
                know(if unit == CalendarUnit::Day { "daily" } else { "" });
                know(&format!("{}ly", unit.as_str()));
            }
        }
        for text in understood {
            know(text);
        }
        for &id in &entities {
            know(&model.entity(id).name);
        }
        for at in 0..self.tokens.len() {
            let parts = words(self.tokens[at].text);
            let is_known = |word: &str| known.contains(&fold_entity(word));
            if is_known(&self.tokens[at].lower) || parts.iter().all(|part| is_known(part)) {
                self.is_read[at] = true;
            }
        }
        // "members", who are users: other names of the same things.
        for from in 0..self.tokens.len() {
            for to in from + 1..=self.tokens.len().min(from + 3) {
                let run: Vec<&str> = self.tokens[from..to].iter().map(|it| it.text).collect();
                let named = self.draft.entity(&run.join(" "));
                if named.is_some_and(|id| entities.contains(&id)) {
                    self.is_read[from..to].fill(true);
                }
            }
        }
    }

    /// Fields of the rows, which are all given: "the price of a trade".
    fn given_fields(&mut self) {
        const MOST_WORDS: usize = 3;
        if self.pattern.is_computed() || self.pattern.kind == AccessKind::Write {
            return;
        }
        for of in (0..self.tokens.len()).filter(|&at| self.tokens[at].lower == "of") {
            for from in of.saturating_sub(MOST_WORDS)..of {
                let run: Vec<&str> = self.tokens[from..of].iter().map(|it| it.text).collect();
                if self.draft.field(self.pattern.entity, &run.join(" ")).is_some() {
                    self.is_read[from..of].fill(true);
                }
            }
        }
    }

    /// What says the parts that the pattern has.
    fn parts(&mut self, fact: &PatternFact) {
        let pattern = self.pattern;
        let model = &self.draft.model;
        let has = |wanted: fn(&FilterOperator) -> bool| {
            pattern.filter.iter().any(|it| wanted(&it.operator))
        };
        let is_time = pattern.filter.iter().any(|it| {
            matches!(
                model.field(it.field).kind,
                FieldKind::Timestamp | FieldKind::Date | FieldKind::Time
            )
        });
        if pattern.is_computed() {
            self.mark(COMPUTED);
        }
        if let Some(pick) = pattern.pick {
            self.mark(PICKED);
            if matches!(pick, Pick::Below | Pick::Above) {
                self.given_row();
            }
        }
        let is_choice = pattern.filter.iter().any(|it| it.optional);
        self.mark(IDLE);
        let has_order = !pattern.sort.is_empty();
        if has_order {
            self.mark(ORDER);
        }
        if let Some(limit) = pattern.limit {
            self.mark(LIMIT);
            let limit = limit.to_string();
            self.mark(&[limit.as_str()]);
        }
        if has(|it| {
            matches!(
                it,
                FilterOperator::Range | FilterOperator::Bound(_) | FilterOperator::Window(_)
            )
        }) {
            self.mark(BOUND);
        }
        if is_time {
            self.mark(TIME);
            self.numbers(|unit| {
                matches!(unit, "day" | "week" | "month" | "quarter" | "year" | "hour" | "minute")
            });
        }
        // "questions without answers" by a flag.
        let lacks = |it: &FilterOperator| match it {
            FilterOperator::IsNull | FilterOperator::IsPresent | FilterOperator::NoneOf(_) => true,
            FilterOperator::Constant(value) => value == "false",
            FilterOperator::Equals
            | FilterOperator::Range
            | FilterOperator::Bound(_)
            | FilterOperator::Window(_)
            | FilterOperator::In
            | FilterOperator::OneOf(_)
            | FilterOperator::Search
            | FilterOperator::Begins
            | FilterOperator::Part
            | FilterOperator::Contains => false,
        };
        if has(lacks) {
            self.mark(ABSENCE);
        }
        let looks = |it: &FilterOperator| {
            matches!(
                it,
                FilterOperator::Search
                    | FilterOperator::Contains
                    | FilterOperator::Begins
                    | FilterOperator::Part
            )
        };
        if has(looks) {
            self.mark(SEARCH);
        }
        if has(|it| *it == FilterOperator::Contains) {
            self.mark(MEMBERS);
        }
        if is_choice || has(|it| *it == FilterOperator::Search) {
            self.mark(CHOICE);
        }
        if fact.latency_ms.is_some() {
            let is_said = self.is_measured(SOON);
            self.mark_all(&is_said);
        }
        if fact.frequency.is_some() {
            let is_said = self.is_measured(OFTEN);
            self.mark_all(&is_said);
        }
    }

    fn mark(&mut self, list: &[&str]) {
        for (token, is_read) in self.tokens.iter().zip(&mut self.is_read) {
            *is_read |= list.contains(&token.lower.as_str());
        }
    }

    fn mark_all(&mut self, at: &[usize]) {
        for &at in at {
            self.is_read[at] = true;
        }
    }

    /// The one row whose tree is asked for, whatever it is called: "all devices below a gateway".
    fn given_row(&mut self) {
        for at in 2..self.tokens.len() {
            let lower = |at: usize| self.tokens[at].lower.as_str();
            let is_led = matches!(
                lower(at - 2),
                "below" | "beneath" | "underneath" | "under" | "above" | "of" | "from"
            );
            self.is_read[at] |=
                is_led && matches!(lower(at - 1), "a" | "an" | "the" | "given" | "one");
        }
    }

    /// Numbers before a unit of time that the pattern is about.
    fn numbers(&mut self, is_unit: fn(&str) -> bool) {
        for at in 0..self.tokens.len().saturating_sub(1) {
            let unit = self.tokens[at + 1].lower.trim_end_matches('s');
            if is_number(&self.tokens[at].lower) && is_unit(unit) {
                self.is_read[at] = true;
            }
        }
    }

    /// The words around numbers that measure: a number with the words of the list beside it.
    fn is_measured(&self, list: &[&str]) -> Vec<usize> {
        let is_of = |at: usize| {
            let lower = self.tokens[at].lower.as_str();
            let unit = lower.trim_start_matches(|c: char| c.is_ascii_digit() || c == 'k');
            list.contains(&lower) || unit.len() < lower.len() && list.contains(&unit)
        };
        let is_beside = |at: usize| {
            is_number(&self.tokens[at].lower)
                && (at + 1 < self.tokens.len() && is_of(at + 1)
                    || at > 0 && is_of(at - 1) && self.tokens[at].lower != "1")
        };
        (0..self.tokens.len()).filter(|&at| is_of(at) || is_beside(at)).collect()
    }

    /// What is left, in runs.
    fn left(&self) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        let mut before: Option<usize> = None;
        for (at, token) in self.tokens.iter().enumerate().filter(|(at, _)| !self.is_read[*at]) {
            match found.last_mut().filter(|_| before == at.checked_sub(1) && !token.is_parted) {
                Some(run) => {
                    run.push(' ');
                    run.push_str(token.text);
                }
                None => found.push(token.text.to_owned()),
            }
            before = Some(at);
        }
        found.dedup();
        found
    }
}

fn is_number(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit())
}

/// Whether a condition is on a moment of which another says that there is none: no row has both.
pub(crate) fn contradicts(known: &[Filter], next: &(FieldId, FilterOperator)) -> bool {
    let lacks = |operator: &FilterOperator| matches!(operator, FilterOperator::IsNull);
    let has = |operator: &FilterOperator| match operator {
        FilterOperator::Bound(bound) => *bound != Bound::NotSince,
        FilterOperator::Window(_) => true,
        _ => false,
    };
    let of_field = |it: &&Filter| it.field == next.0;
    known
        .iter()
        .filter(of_field)
        .any(|it| lacks(&it.operator) && has(&next.1) || has(&it.operator) && lacks(&next.1))
}

#[cfg(test)]
mod tests {
    use underpin_base::Sources;

    /// Each query of a list with the words that became no part of it.
    fn left(queries: &str) -> Vec<String> {
        let mut sources = Sources::default();
        let document = format!(
            "## Order\n\n| Field | Type |\n|-|-|\n| id | uuid |\n| status | enum(draft, placed, paid) |\n| total | int |\n\
             | customer_id | uuid |\n| placed_at | timestamp |\n\n## Access patterns\n\n{queries}\n"
        );
        sources.add("orders.md", document);
        let model = crate::build(&underpin_read::read(&sources), &sources);
        let told = model
            .diagnostics
            .iter()
            .filter(|it| it.code == crate::codes::PARTLY_READ_QUERY)
            .count();
        let partly = model.patterns.iter().filter(|it| !it.unread.is_empty()).count();
        assert_eq!(told, partly, "each is said with its words");
        model.patterns.iter().map(|it| it.unread.join("; ")).collect()
    }

    #[test]
    fn words_that_became_nothing_are_told() {
        for (query, words) in [
            ("- list open orders, newest first", "open"),
            ("- count orders per region", "region"),
            // The statement takes any number.
            ("- list orders where total > 5", "5"),
            ("- list orders by customer_id that somebody watches", "somebody watches"),
            ("- list orders of a customer older than the last invoice", "invoice"),
            ("- list orders by status, 3 times a blue moon", "3 times; blue moon"),
        ] {
            assert_eq!(left(query), [words], "{query}");
        }
    }

    #[test]
    fn what_is_understood_leaves_nothing() {
        for query in [
            "- list paid orders, newest first, 20 per page (5/s, p95 < 50 ms)",
            "- find all orders of a given customer, oldest first",
            "- orders by status and customer_id, sorted by placed_at desc, limit 20",
            "- top 10 orders by total",
            "- find orders placed in the last 7 days",
            "- orders of today",
            "- list orders where status = paid, limit 10",
        ] {
            assert_eq!(left(query), [""], "{query}");
        }
    }

    #[test]
    fn what_was_not_done_is_not_older_by_when_it_was() {
        let conditions = |fields: &str| {
            let mut sources = Sources::default();
            let document = format!(
                "## Invoice\n\n| Field | Type | Required |\n|-|-|-|\n| id | uuid | yes |\n| paid_at | timestamp | no |\n{fields}\n\
                 ## Queries\n\n- list unpaid invoices older than 30 days\n"
            );
            sources.add("invoices.md", document);
            let model = crate::build(&underpin_read::read(&sources), &sources);
            let [pattern] = &model.patterns[..] else { panic!("{:?}", model.patterns) };
            let names: Vec<String> =
                pattern.filter.iter().map(|it| model.field(it.field).name.clone()).collect();
            (names.join(", "), pattern.unresolved.is_empty())
        };
        assert_eq!(conditions(""), ("paid_at".to_owned(), false));
        let dated = conditions("| issued_at | timestamp | yes |");
        assert_eq!(dated, ("paid_at, issued_at".to_owned(), true));
    }
}
