//! The words by which people speak of queries.

/// Verbs that ask for rows.
pub(super) fn reads(word: &str) -> bool {
    matches!(
        word,
        "list"
            | "lists"
            | "get"
            | "gets"
            | "view"
            | "views"
            | "viewing"
            | "find"
            | "finds"
            | "finding"
            | "search"
            | "searching"
            | "browse"
            | "browsing"
            | "show"
            | "shows"
            | "showing"
            | "display"
            | "displaying"
            | "load"
            | "loads"
            | "loading"
            | "lookup"
            | "look"
            | "fetch"
            | "fetches"
            | "fetching"
            | "retrieve"
            | "retrieving"
            | "query"
            | "querying"
            | "filter"
            | "filtering"
            | "see"
            | "read"
            | "count"
            | "export"
            | "check"
            | "listing"
            | "select"
            | "lock"
            | "identify"
            | "keyword-search"
    )
}

/// Verbs that ask for many rows, where a noun in the plural follows.
pub(super) fn is_listing(word: &str) -> bool {
    matches!(
        word,
        "list"
            | "lists"
            | "view"
            | "views"
            | "viewing"
            | "browse"
            | "browsing"
            | "see"
            | "show"
            | "shows"
            | "showing"
            | "display"
            | "displaying"
            | "get"
            | "retrieve"
            | "fetch"
            | "search"
            | "searching"
            | "filter"
            | "filtering"
            | "listing"
    )
}

/// Verbs that narrow a list: each of their fields may be left out.
pub(super) fn narrows(word: &str) -> bool {
    matches!(
        word,
        "filter"
            | "filters"
            | "filtering"
            | "filtered"
            | "search"
            | "searched"
            | "searching"
            | "searchable"
            | "filterable"
            | "browse"
            | "browsing"
            | "sort"
            | "keyword-search"
    )
}

/// Verbs that change rows which exist.
pub(super) fn changes(word: &str) -> bool {
    matches!(
        word,
        "update"
            | "change"
            | "delete"
            | "remove"
            | "edit"
            | "cancel"
            | "archive"
            | "mark"
            | "approve"
            | "reject"
            | "deactivate"
            | "activate"
            | "close"
            | "rename"
            | "purge"
            | "expire"
    )
}

/// Words before the verb that say that it is done to many rows at once: "bulk insert".
pub(super) fn is_bulk(word: &str) -> bool {
    matches!(word, "bulk" | "batch" | "mass")
}

/// Verbs by which a worker takes rows that wait for it.
pub(super) fn takes(word: &str) -> bool {
    matches!(
        word,
        "claim" | "dequeue" | "lease" | "take" | "pick" | "pop" | "poll" | "lock" | "fetch" | "get"
    )
}

/// Words for rows that wait.
pub(super) fn waits(word: &str) -> bool {
    matches!(word, "next" | "queued" | "pending" | "due" | "waiting" | "unprocessed" | "available")
}

/// Verbs that add rows.
pub(super) fn adds(word: &str) -> bool {
    matches!(
        word,
        "create"
            | "add"
            | "insert"
            | "save"
            | "record"
            | "log"
            | "register"
            | "place"
            | "import"
            | "ingest"
    )
}

/// Words before a noun that say nothing of its rows.
pub(super) fn is_filler(word: &str) -> bool {
    matches!(
        word,
        "a" | "an"
            | "the"
            | "all"
            | "any"
            | "each"
            | "every"
            | "this"
            | "that"
            | "these"
            | "those"
            | "given"
            | "specific"
            | "particular"
            | "certain"
            | "single"
            | "one"
            | "some"
            | "list"
            | "of"
            | "set"
            | "details"
            | "detail"
            | "existing"
            | "previous"
            | "current"
            | "its"
            | "their"
            | "my"
            | "own"
            | "his"
            | "her"
            | "your"
            | "our"
            | "related"
            | "associated"
            | "individual"
            | "full"
            | "only"
            | "new"
            | "specified"
            | "selected"
            | "and"
            | "or"
            | "for"
            | "in"
            | "to"
            | "by"
            | "from"
            | "with"
            | "on"
            | "at"
            | "per"
            | "first"
            | "top"
            | "last"
            | "me"
            | "them"
            | "us"
            | "entire"
            | "complete"
            | "both"
            | "different"
            | "two"
            | "multiple"
            | "up"
            | "down"
            | "as"
            | "is"
            | "are"
            | "not"
            | "most"
            | "more"
            | "information"
            | "data"
    )
}

/// Words after which the values come that a query is given.
pub(super) fn leads_to_value(word: &str) -> bool {
    matches!(word, "for" | "of" | "in" | "per" | "from" | "to" | "on" | "within" | "under" | "at")
}

/// Nouns whose "of" is part of the name of what is asked for: "a list of events".
pub(super) fn is_collection(word: &str) -> bool {
    matches!(
        word,
        "list"
            | "lists"
            | "set"
            | "number"
            | "count"
            | "total"
            | "history"
            | "details"
            | "overview"
            | "summary"
            | "status"
            | "all"
            | "page"
            | "table"
            | "collection"
            | "feed"
            | "timeline"
            | "queue"
            | "report"
            | "reports"
            | "breakdown"
            | "calendar"
            | "record"
            | "records"
            | "view"
            | "grid"
            | "statistics"
            | "stats"
            | "export"
            | "backlog"
            | "inbox"
            | "listing"
            | "amount"
            | "sum"
            | "average"
            | "counts"
            | "totals"
            | "progress"
    )
}

/// Nouns behind the name of what is asked for, by which many are meant: "the order history", "the booking queue".
/// Whether a noun has no plural, so that one and many are spelled alike.
pub(super) fn is_mass(word: &str) -> bool {
    matches!(
        word,
        "education"
            | "experience"
            | "equipment"
            | "inventory"
            | "feedback"
            | "media"
            | "news"
            | "merchandise"
            | "luggage"
            | "staff"
            | "history"
            | "stock"
    )
}

pub(super) fn is_many(word: &str) -> bool {
    matches!(
        word,
        "list"
            | "lists"
            | "listing"
            | "history"
            | "queue"
            | "records"
            | "feed"
            | "inbox"
            | "backlog"
            | "overview"
            | "counts"
            | "statistics"
            | "stats"
            | "calendar"
    )
}

/// What is done to rows that are counted or shown in groups: "grouped by status".
pub(super) fn groups(word: &str) -> bool {
    matches!(word, "grouped" | "group" | "categorized" | "categorised" | "segmented" | "aggregated")
}

/// Words for a stretch of time or a point in it.
pub(super) fn is_time(words: &str) -> bool {
    matches!(
        words,
        "date"
            | "dates"
            | "time"
            | "day"
            | "date range"
            | "time range"
            | "date ranges"
            | "period"
            | "time period"
            | "month"
            | "week"
            | "year"
            | "date period"
            | "timeframe"
            | "time frame"
            | "timestamp"
            | "datetime"
    )
}

/// Where a list of fields ends.
pub(super) fn ends_list(word: &str) -> bool {
    matches!(
        word,
        "sorted"
            | "ordered"
            | "sort"
            | "order"
            | "newest"
            | "oldest"
            | "latest"
            | "for"
            | "in"
            | "with"
            | "within"
            | "under"
            | "when"
            | "where"
            | "so"
            | "to"
            | "that"
            | "which"
            | "who"
            | "while"
            | "using"
            | "from"
            | "on"
            | "as"
            | "if"
            | "via"
            | "should"
            | "must"
            | "shall"
            | "will"
            | "can"
            | "may"
            | "is"
            | "are"
            | "be"
            | "then"
            | "by"
            | "into"
            | "at"
            | "but"
            | "because"
            | "without"
            | "including"
            | "per"
            | "top"
            | "limit"
            | "limited"
            | "paginated"
            | "first"
            | "last"
            | "across"
            | "against"
            | "p50"
            | "p95"
            | "p99"
    )
}

/// Adjectives that ask for the newest rows first.
pub(super) fn is_newest(word: &str) -> bool {
    matches!(word, "newest" | "latest" | "recent" | "recently")
}

/// What is done to rows that are shown: "can be filtered by", "are listed newest first".
pub(super) fn is_shown(word: &str) -> bool {
    matches!(
        word,
        "filtered"
            | "searched"
            | "sorted"
            | "ordered"
            | "listed"
            | "shown"
            | "displayed"
            | "found"
            | "queried"
            | "retrieved"
            | "searchable"
            | "filterable"
            | "sortable"
            | "browsed"
            | "fetched"
            | "viewed"
            | "queryable"
            | "retrievable"
            | "categorized"
            | "categorised"
            | "grouped"
    )
}

/// Nouns for what shows rows.
pub(super) fn is_screen(word: &str) -> bool {
    matches!(
        word,
        "page"
            | "pages"
            | "profile"
            | "screen"
            | "dashboard"
            | "homepage"
            | "tab"
            | "panel"
            | "panels"
            | "calendar"
            | "widget"
            | "app"
            | "application"
            | "portal"
            | "system"
            | "platform"
            | "website"
            | "site"
            | "section"
            | "endpoint"
            | "api"
    )
}

/// Verbs that ask for rows whoever uses them; others need a "can" or "to" before them.
pub(super) fn is_plain_read(word: &str) -> bool {
    matches!(
        word,
        "view" | "see" | "browse" | "search" | "filter" | "list" | "find" | "retrieve" | "fetch"
    )
}
