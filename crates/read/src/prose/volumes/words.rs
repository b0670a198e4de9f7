//! Words of lines about numbers of rows.

/// Words for a row of whatever table is spoken of.
pub(super) const ROW_WORDS: &[&str] = &[
    "row", "rows", "record", "records", "entry", "entries", "document", "documents", "insert", "inserts", "write",
    "writes", "one", "ones", "item", "items",
];

/// Words about numbers of rows: what is left of a label without them names an entity, or nothing does.
pub(super) const VOLUME_WORDS: &[&str] = &[
    "volume", "volumes", "row", "rows", "count", "counts", "number", "numbers", "size", "sizes", "growth", "grow",
    "grows", "rate", "rates", "expected", "estimated", "estimate", "estimates", "approximate", "initial", "current",
    "total", "data", "scale", "average", "daily", "weekly", "monthly", "yearly", "annual", "of", "the", "per", "day",
    "week", "month", "year", "table", "tables", "collection", "entity", "records", "inserts", "writes", "new", "at",
    "launch", "and", "in", "load", "high", "low", "medium", "large", "all", "a", "how", "many",
];

/// What makes a label or heading one about numbers of rows.
pub(super) const TOPICS: &[&str] = &[
    "volume", "volumes", "growth", "scale", "sizing", "capacity", "scalability", "rows", "size", "sizes", "count",
    "estimates", "cardinality", "load", "number", "total", "inserts", "records",
];

/// Words that make a number a bound, a batch or a rate of calls, and no count of rows.
pub(super) const NO_COUNT: &[&str] = &[
    "concurrent", "concurrently", "simultaneous", "simultaneously", "page", "pages", "batch", "batches", "limit",
    "limited", "limits", "maximum", "max", "most", "cannot", "exceed", "exceeds", "exceeding", "export", "exports",
    "import", "imports", "once", "requests", "request", "virtual", "paginated", "pagination", "chunk", "chunks",
    "characters", "chars", "bytes", "least", "minimum", "only", "older", "if", "when", "unless",
];

/// Verbs of sentences that say how much a table or a system holds or gets.
pub(super) const HOLDING: &[&str] = &[
    "expect", "expects", "expected", "estimate", "estimated", "handle", "handles", "support", "supports", "store",
    "stores", "process", "processes", "anticipate", "anticipated", "hold", "holds", "contain", "contains", "has",
    "have", "receive", "receives", "reach", "reaches", "assume", "is", "are", "be", "keep", "keeps", "see", "sees",
    "with", "will", "grow", "grows", "growing", "arrive", "create", "about", "approximately", "around", "roughly",
    "some", "up", "over", "nearly", "almost", "plus", "currently", "initially",
];

/// Words that may stand before a number that counts rows, beside verbs of holding.
pub(super) const ABOUT: &[&str] = &[
    "to", "there", "we", "now", "and", "increasing", "rising", "by", "volumes", "volume", "the", "system", "database",
    "platform", "application", "must", "should", "can", "an", "a", "than", "more", "at", "peak", "in", "initial",
    "data", "scale", "users",
];

/// Verbs and nouns of growth.
pub(super) const GROWING: &[&str] = &["grow", "grows", "growth", "growing", "increases", "increase"];

/// Words by which a sentence says that it estimates a number.
pub(super) const SAYING: &[&str] = &[
    "expect", "expects", "estimate", "handle", "handles", "support", "store", "stores", "process", "anticipate", "hold",
    "receive", "about", "approximately", "around", "roughly", "estimated", "assume",
];
