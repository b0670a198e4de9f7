//! What asks for rows only beside words that say which: "track their orders", "generate a report of orders by
//! region", "provide history retrieval per order", "total amount of orders per region". Alone the same verbs and nouns mean
//! something else: "review the document", "generate a key", "the total is shown".

use super::clause::Sentence;
use super::vocabulary;

/// Whether a word may be such a verb; cheap, since it sees every sentence.
pub(super) fn may_be(word: &str) -> bool {
    VERBS.contains(&word.strip_suffix('s').unwrap_or(word)) || word == "access"
}

const VERBS: &[&str] = &[
    "track",
    "review",
    "manage",
    "follow",
    "handle",
    "acces",
    "inspect",
    "monitor",
    "audit",
    "examine",
    "consult",
    "have",
    "generate",
    "produce",
    "compile",
    "prepare",
    "print",
    "download",
    "create",
    "run",
    "report",
    "provide",
    "expose",
    "offer",
    "return",
    "sort",
    "narrow",
    "number",
    "total",
    "count",
    "average",
    "breakdown",
    "summary",
    "statistic",
    "directory",
    "catalog",
    "dashboard",
    "listing",
    "list",
    "table",
    "grid",
    "look",
];

/// Words between such a verb and what makes it ask.
const REACH: usize = 5;

impl Sentence<'_> {
    /// The verb at a place in its plain form, where the words around it make it ask.
    pub(super) fn loose_verb(&self, at: usize) -> Option<&str> {
        let word = self.lower(at);
        let plain = word.strip_suffix('s').filter(|_| word.len() > 4).unwrap_or(word);
        let asks = match plain {
            "track" | "manage" | "follow" | "handle" => self.owned(at),
            // "Review pending requests".
            "review" => self.owned(at) || self.near(at).next().is_some_and(is_awaiting),
            "sort" | "narrow" => self.near(at).any(|word| word == "by"),
            "acces" | "access" | "inspect" | "monitor" | "audit" | "examine" | "consult" => {
                self.owned(at) || self.is_of_people(at) && self.narrowed(at)
            }
            "have" => self.owned(at) && self.near(at).any(|word| word == "list"),
            "generate" | "produce" | "compile" | "prepare" | "print" | "download" | "create"
            | "run" => self.near(at).any(is_report) && self.narrowed(at),
            "report" => !self.is_of_people(at) && at > 0 && self.narrowed(at),
            "provide" | "expose" | "offer" => {
                self.near(at).any(is_offered) && self.narrowed(at) || self.offers_list(at)
            }
            "return" => word == "returns" && (at == 0 || vocabulary::is_screen(self.lower(at - 1))),
            _ => false,
        };
        // "The app tracks their orders" is what it does, and no question.
        let is_own = matches!(plain, "track" | "review" | "manage" | "follow" | "handle");
        (asks && !(is_own && self.is_of_system(at))).then_some(match plain {
            "acces" => "access",
            "sort" => "list",
            "review" => "view",
            "narrow" => "filter",
            "provide" | "expose" | "offer" if self.offers_list(at) => "show",
            plain => plain,
        })
    }

    /// What a line without a verb lists: "Public listing of events", "Event listing page", "Total amount of orders per
    /// region", "Dashboard with order counts by status".
    pub(super) fn listing(&self) -> Option<String> {
        let told = self.lower.iter().any(|word| matches!(word.as_str(), "is" | "are" | "was"));
        let at = (0..self.lower.len().min(5)).find(|&at| {
            let (word, next) = (self.lower(at), self.lower(at + 1));
            let is_page = (vocabulary::is_screen(next) || next == "view")
                && at > 0
                && !matches!(self.lower(at - 1), "the" | "a" | "of");
            let is_article = at > 0 && matches!(self.lower(0), "the" | "a");
            matches!(
                word,
                "listing" | "list" | "directory" | "catalog" | "catalogue" | "table" | "grid"
            ) && (is_page || next == "of" && !is_article)
                && !self.lower(at + 2).starts_with(|c: char| c.is_ascii_digit())
        });
        if let Some(at) = at.filter(|_| !told) {
            return Some(if self.lower(at + 1) == "of" {
                format!("list all {}", self.rest(at + 2).trim_start_matches("all "))
            } else {
                let front = self.words[..at].join(" ");
                format!(
                    "list all {front} {}",
                    self.words.get(at + 2..).unwrap_or_default().join(" ")
                )
            });
        }
        let counts = (0..self.lower.len().min(4)).find(|&at| is_count(self.lower(at)))?;
        let is_of_groups =
            self.lower[counts..].iter().any(|word| matches!(word.as_str(), "per" | "by"));
        // "Total members", "total is shown": no rows are asked for by anything.
        let from = self.lower.iter().position(|word| word == "with").map_or(0, |with| with + 1);
        let starts = from <= counts || counts == 0;
        (is_of_groups && starts && !told)
            .then(|| format!("list {}", self.rest(if from <= counts { from } else { 0 })))
    }

    /// The words right behind a verb, up to a mark or to what is said about them.
    fn near(&self, at: usize) -> impl Iterator<Item = &str> {
        let ends = move |next: &usize| {
            let before = self.words[next - 1];
            next - 1 > at && before.ends_with([',', ';', '.', ':', ')'])
                || matches!(self.lower(*next), "that" | "which")
        };
        let until = self.words.len().min(at + 1 + REACH);
        (at + 1..until).take_while(move |next| !ends(next)).map(move |next| self.lower(next))
    }

    /// Whether what is done is done to somebody's own: "track the status of their orders".
    fn owned(&self, at: usize) -> bool {
        self.near(at).any(|word| matches!(word, "my" | "own" | "their" | "his" | "assigned"))
    }

    /// Whether anything behind a verb says which: "by region", "of a customer", "for each order".
    fn narrowed(&self, at: usize) -> bool {
        self.lower[at + 1..].iter().any(|word| {
            matches!(word.as_str(), "by" | "per" | "of" | "for" | "belonging" | "between" | "with")
        })
    }

    /// "A searchable list of orders".
    fn offers_list(&self, at: usize) -> bool {
        let until = self.words.len().min(at + 1 + REACH);
        (at + 2..until).any(|next| {
            self.lower(next) == "of" && matches!(self.lower(next - 1), "list" | "listing")
        })
    }

    /// Whether the system itself does something, and lets nobody do it.
    fn is_of_system(&self, at: usize) -> bool {
        let is_system =
            |word: &String| matches!(word.as_str(), "system" | "platform" | "app" | "application");
        self.lower[..at].iter().any(is_system) && !self.is_of_people(at)
    }

    /// Whether people do something: "managers can", "the system shall allow managers to".
    fn is_of_people(&self, at: usize) -> bool {
        let lets = |word: &String| {
            matches!(
                word.as_str(),
                "allow"
                    | "allows"
                    | "let"
                    | "lets"
                    | "enable"
                    | "enables"
                    | "permit"
                    | "able"
                    | "i"
            )
        };
        let before = &self.lower[..at];
        before.iter().any(lets)
            || !before.is_empty()
                && !before.iter().any(|word| {
                    matches!(word.as_str(), "system" | "platform" | "app" | "application" | "it")
                })
    }
}

/// What is said of rows that somebody has to look at.
fn is_awaiting(word: &str) -> bool {
    matches!(
        word,
        "pending"
            | "open"
            | "submitted"
            | "incoming"
            | "flagged"
            | "reported"
            | "unapproved"
            | "past"
            | "previous"
    )
}

/// Nouns for what is counted of rows.
fn is_count(word: &str) -> bool {
    matches!(
        word,
        "number"
            | "total"
            | "counts"
            | "count"
            | "sum"
            | "average"
            | "breakdown"
            | "summary"
            | "statistics"
    )
}

/// Nouns for what is made of many rows.
fn is_report(word: &str) -> bool {
    matches!(
        word.trim_end_matches('s'),
        "report"
            | "summary"
            | "summarie"
            | "statement"
            | "breakdown"
            | "statistic"
            | "overview"
            | "list"
            | "roster"
            | "ranking"
    )
}

/// Nouns for reading many rows.
fn is_offered(word: &str) -> bool {
    matches!(
        word,
        "retrieval" | "list" | "history" | "queue" | "feed" | "overview" | "inbox" | "breakdown"
    ) || is_report(word)
}
