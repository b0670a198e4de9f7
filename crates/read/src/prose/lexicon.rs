//! The words that the grammar of sentences knows. English has few words that carry its grammar, and
//! they are listed here; all others are told by their endings and their neighbours.

/// Words that begin or end no thought of their own.
pub(super) const JOINING: &[&str] = &[
    "a", "an", "the", "and", "or", "but", "nor", "of", "for", "by", "with", "without", "as", "than", "that",
    "which", "who", "whose", "whom", "where", "when", "while", "until", "unless", "if", "because", "since", "so",
    "is", "are", "was", "were", "be", "been", "has", "have", "must", "may", "can", "cannot", "should", "shall",
    "will", "would", "in", "on", "at", "into", "onto", "per", "via", "its", "their", "his", "her", "our", "your",
    "each", "every", "any", "some", "also", "then", "it", "they", "he", "she", "this", "these", "those", "not",
    "only", "e.g", "i.e", "between", "through", "during", "before", "after", "within", "about", "over", "under",
    "including", "such", "like", "using", "whether", "how", "what", "more", "less", "both", "either", "neither",
];

/// What people call whatever is stored: behind "every" they name no thing of their own.
pub(super) const ROWS: &[&str] = &["table", "record", "row", "entity", "object", "document", "model"];

/// Words before a noun that do not name anything.
pub(super) const DETERMINERS: &[&str] = &[
    "a", "an", "the", "each", "every", "any", "all", "some", "no", "this", "that", "these", "those",
    "its", "their", "his", "her", "our", "your", "my", "another", "other", "such", "both", "either",
    "specific", "given", "particular", "individual", "certain", "same",
];

/// Words that say how many.
pub(super) const MANY: &[&str] = &[
    "many", "multiple", "several", "various", "numerous", "unlimited", "different",
];

/// Words between a noun and what it relates to.
pub(super) const PREPOSITIONS: &[&str] = &[
    "of", "in", "on", "at", "by", "for", "with", "from", "into", "through", "via", "per", "within",
    "under", "over", "about", "after", "before", "during", "between", "across", "against",
    "without", "upon", "until", "since", "as", "than", "like", "including", "inside", "outside",
    "based", "using", "toward", "towards", "onto", "behind", "beyond", "near", "among", "to", "except", "excluding",
    "consisting", "comprising", "specifying", "according",
];

/// Words that join.
pub(super) const CONJUNCTIONS: &[&str] = &[
    "and", "or", "but", "nor", "&", "/", "plus",
];

/// Words that open a clause of their own.
pub(super) const SUBORDINATORS: &[&str] = &[
    "when", "if", "where", "while", "because", "so", "which", "who", "whose", "whether", "once",
    "unless", "although", "though", "how", "what", "why", "whenever", "then", "thus", "however",
];

/// Pronouns.
pub(super) const PRONOUNS: &[&str] = &[
    "i", "you", "he", "she", "it", "we", "they", "him", "them", "us", "me", "who", "everyone",
    "anyone", "someone", "nobody", "themselves", "itself", "there", "here",
];

/// Verbs that say how sure something is.
pub(super) const MODALS: &[&str] = &[
    "shall", "must", "should", "will", "can", "may", "could", "would", "might", "cannot",
];

/// Forms of "be", "have" and "do".
pub(super) const AUXILIARIES: &[&str] = &[
    "is", "are", "was", "were", "be", "been", "being", "has", "have", "had", "having", "do", "does",
    "did", "not", "isn't", "don't", "doesn't",
];

/// Adverbs that do not end with `ly`.
pub(super) const ADVERBS: &[&str] = &[
    "also", "only", "just", "ever", "never", "always", "often", "already", "again", "too", "very",
    "more", "most", "less", "least", "e.g", "i.e", "etc", "yet", "still", "even", "instead",
    "later", "up", "out", "off", "back", "away", "together", "manually", "longer", "sooner", "anymore",
];

/// Adjectives that no ending shows.
pub(super) const ADJECTIVES: &[&str] = &[
    "new", "old", "own", "able", "available", "current", "full", "main", "basic", "simple", "clear", "good",
    "real", "real-time", "upcoming", "past", "next", "previous", "last", "open", "free", "public",
    "private", "secure", "core", "key", "primary", "secondary", "unique", "optional", "required",
    "mandatory", "future", "recent", "popular", "single", "custom", "detailed", "complete",
    "related", "associated", "relevant", "online", "offline", "active", "inactive", "daily",
    "weekly", "monthly", "large", "small", "high", "low", "fast", "long", "short", "great", "best",
    "easy", "direct", "average", "total", "maximum", "minimum", "local", "global", "external",
    "internal", "digital", "live", "dynamic", "blank", "prospective", "potential", "pending", "initial", "final",
    "original", "specified", "mobile", "automatic", "manual", "general", "overall", "entire", "whole",
    "proper", "valid", "invalid", "unauthorized", "existing", "concurrent", "duplicate", "personal", "professional", "virtual",
    "modern", "smart", "multi", "cross", "configurable", "distinct", "separate", "appropriate",
    "visible", "common", "accurate", "robust", "reliable", "comprehensive", "additional", "further",
    "following", "first", "second", "third", "independent", "medium", "critical", "overdue", "unpaid", "unread", "vacant", "sufficient", "persistent", "special",
];

/// Verbs by which somebody makes, changes or removes a thing of the domain.
pub(super) const MANAGE: &[&str] = &[
    "create", "add", "edit", "update", "delete", "remove", "manage", "cancel", "approve", "archive",
    "register", "publish", "book", "schedule", "issue", "post", "submit", "assign", "maintain",
    "modify", "close", "reopen", "duplicate", "reject", "enroll", "order", "reserve", "place",
    "complete", "upload", "organize", "join", "restore", "deactivate",
];

/// Verbs by which the system keeps a thing.
pub(super) const KEEP: &[&str] = &[
    "store", "record", "persist", "save", "log", "track", "capture", "keep", "hold", "retain",
    "collect", "remember",
];

/// Other verbs that requirements are written with.
pub(super) const VERBS: &[&str] = &[
    "allow", "let", "enable", "support", "provide", "offer", "contain", "include", "display",
    "show", "view", "see", "list", "browse", "search", "filter", "sort", "find", "select", "choose",
    "pick", "send", "receive", "notify", "leave", "call", "mark", "flag", "set", "change",
    "move", "transition", "belong", "own", "require", "need", "want", "use", "access", "invite",
    "share", "export", "import", "download", "generate", "calculate", "compute", "validate",
    "verify", "check", "prevent", "enforce", "ensure", "restrict", "limit", "isolate", "configure",
    "define", "describe", "represent", "identify", "indicate", "specify", "consist", "comprise",
    "associate", "link", "attribute", "relate", "refer", "reference", "connect", "attach", "group",
    "rate", "review", "comment", "like", "follow", "pay", "buy", "sell", "purchase", "ship",
    "deliver", "return", "refund", "login", "log", "sign", "authenticate", "authorize", "integrate",
    "implement", "build", "make", "take", "give", "get", "go", "come", "start", "end", "begin",
    "stop", "run", "work", "handle", "process", "perform", "execute", "trigger", "confirm",
    "accept", "decline", "block", "freeze", "suspend", "activate", "deactivate", "enter", "fill",
    "write", "read", "open", "click", "navigate", "respond", "reply", "apply", "expire", "exist",
    "contact", "monitor", "measure", "analyze", "report", "present", "broadcast", "sync",
    "automate", "optimize", "improve", "reduce", "help", "guide", "serve", "reach", "exceed",
    "match", "compare", "ask", "split", "merge", "convert", "customize", "grant", "revoke", "inherit",
    "override", "operate", "host", "visit", "initiate", "arrive", "reorder",
];

/// Nouns of programs and documents that no sentence makes things of.
pub(super) const PROGRAM: &[&str] = &[
    "system", "application", "app", "software", "platform", "site", "portal", "website", "interface", "ui", "ux",
    "screen", "dashboard", "view", "page", "feature", "functionality", "function", "database", "requirement", "api",
    "endpoint", "button", "field", "attribute", "column", "row", "entity", "object", "element", "structure",
    "schema", "server", "backend", "frontend", "browser", "network", "modal", "popup", "menu", "sidebar", "header",
    "footer", "panel", "widget", "tab", "form", "icon", "chart", "graph", "component", "module", "layout", "mode",
    "flow", "process", "value", "type", "kind", "id", "identifier", "status", "state", "date", "time", "number",
    "string", "text", "json", "csv", "pdf", "response", "error", "input", "output", "result", "test", "query",
    "sentence", "aggregate", "repository", "service", "we", "i", "solution", "way", "thing", "following", "example",
    "scenario", "story", "criterion", "architecture", "design", "model", "relationship", "information", "data",
    "password", "name", "description",
];

/// Nouns that say what a document or a program consists of, and never what it stores.
pub(super) const GENERIC: &[&str] = &[
    "everything", "anything", "nothing", "something", "myself", "yourself", "himself", "herself", "itself", "themselves", "due",
    // The words of domain-driven design speak of models, not of what they describe.
    "aggregate", "aggregate root", "value object", "domain event", "bounded context", "state machine",
    "domain model", "domain service", "root entity", "child entity", "ubiquitous language",
    "invariant", "business rule", "integration event", "context map",
    "system", "application", "app", "software", "platform", "site", "portal",     "user interface", "interface", "ui", "ux", "information", "info", "data", "screen",
    "dashboard", "view", "feature", "functionality", "function", "database",
    "requirement", "api", "endpoint", "button", "field", "detail",
    "detail page", "design", "layout", "mode", "process", "flow", "action", "operation",
    "behavior", "condition", "use case", "example", "scenario",     "objective", "scope", "purpose", "value", "type", "kind", "set", "number", "amount", "time",
    "date", "day", "week", "month", "year", "hour", "minute", "second", "name", "title",
    "description", "status", "state", "id", "identifier", "url", "text", "string", "code",
    "source code", "performance", "security", "access", "access control", "authentication",
    "authorization", "login", "logout", "registration", "password", "input", "output",     "error", "error message", "change", "update", "way", "part", "level", "ability",
    "support", "experience", "quality", "need", "problem", "solution", "thing", "entity",
    "object", "record", "row", "column", "element", "structure", "schema", "server",
    "backend", "frontend", "browser", "network", "internet", "documentation", "specification",
    "stack", "technology", "library", "framework", "method", "approach", "strategy",
    "phase", "configuration", "config", "preference",
    "format", "analytics", "statistic", "chart", "graph", "statistics", "insight",
    "trend", "kpi", "sms", "push notification", "search", "filter", "sort", "navigation", "menu",
    "sidebar", "header", "footer", "modal", "popup", "icon", "style", "animation", "mobile",
    "desktop", "web", "cloud", "storage", "cache", "integration", "sync", "backup", "export",
    "import", "download", "upload", "people", "stakeholder", "reception", "front desk", "back office", "anyone",
    "everyone", "real time", "transparency", "efficiency", "privacy", "compliance", "accuracy",
    "detail view", "functional requirement", "summary", "overview", "scale", "size", "range",
    "limit", "threshold", "duration", "interval", "frequency", "rate", "count", "total",
    "percentage", "crud", "crud operation", "ai", "llm", "prompt", "bot", "script", "command",
    "logic", "algorithm", "engine", "queue system",
    "event handler", "mvp", "prototype", "management system", "admin panel", "panel", "widget",
    "tab", "template engine", "timestamp", "timezone", "currency", "priority", "reason",
    "availability", "capacity", "progress", "order of", "relationship", "foreign key", "key",
    "index", "constraint", "validation", "consistency", "integrity", "conflict", "context",
    "concept", "term", "definition", "architecture", "infrastructure", "scheduling",
    "booking system", "check-in", "turn", "window", "attempt", "outcome", "choice",
    "detail information", "selection", "customization", "interaction", "communication",
    "collaboration", "reporting", "tracking", "monitoring", "logging", "testing", "management",
    "administration", "functionalities", "business logic", "source", "target", "destination",
    "reference", "line", "word", "character", "letter", "digit", "symbol", "pdf", "csv",
    "json", "xml", "html", "css", "sql", "http", "https", "rest api", "web app", "mobile app",
    "web application", "mobile application", "qr code", "barcode", "csv file", "excel",
    "spreadsheet", "use", "end user", "opt-out", "timeout", "business rule", "success", "failure",
    "income", "exception", "resource", "memory", "risk", "entry",
    "nice-to-have", "must-have", "should-have", "could-have", "workload", "work load",
    "data list", "dependency", "traffic", "loading", "ingestion", "service worker", "worker thread",
    // How work on a program is planned.
    "story", "user story", "feature task", "acceptance test", "epic", "acceptance criterion", "story point", "backlog", "definition of done", "lifecycle", "life cycle", "metadata", "manifest", "session management", "response", "result",
];

/// Nouns that in most documents name parts of the program or of the work, and in a few what it is
/// about: a restaurant has tables, an agency projects. Only what is said of them outright counts.
pub(super) const SELDOM: &[&str] = &[
    "project", "table", "form", "page", "module", "job", "goal", "case", "policy", "point", "tool",
    "workflow", "model", "metric", "component", "section", "option", "pipeline", "repository",
    "environment", "copy", "release", "deployment", "website", "developer", "owner", "sprint", "persona",
];

/// Nouns that may be stored, but more often name a part of the program or a property of something
/// else: they need more words that speak for them than others do.
pub(super) const DOUBTFUL: &[&str] = &[
    "item", "document", "account", "session", "role", "notification", "message",
    "client", "service", "file", "image", "photo", "permission", "profile", "group", "team",
    "card", "email", "report", "setting", "history", "request", "activity", "content",
    "device", "calendar", "price", "location", "position", "stock", "template", "person", "token",
    "log", "alert", "review", "application", "issue", "version", "language", "list", "subscription", "step",
    "attachment", "conversation", "area", "credential", "plan", "test", "link", "webhook", "rule",
    "query", "map", "color", "theme", "contact", "assignment", "event", "activity", "note", "rating",
    "tag", "viewing", "listing", "feedback", "class",
];

/// Nouns that name a property of a thing.
pub(super) const ATTRIBUTES: &[&str] = &[
    "id", "identifier", "name", "title", "description", "price", "cost", "amount", "total",
    "balance", "quantity", "date", "time", "datetime", "date-time", "timestamp", "status", "state", "type",
    "kind", "email", "e-mail", "phone", "telephone", "mobile", "address", "number", "code", "sku",
    "barcode", "notes", "note", "image", "photo", "picture", "avatar", "logo", "icon", "color",
    "colour", "size", "weight", "height", "width", "length", "location", "category", "duration",
    "position", "priority", "password", "username", "gender", "age", "birthday", "dob", "city",
    "country", "zip", "postcode", "street", "language", "timezone", "currency", "rate", "discount",
    "tax", "percentage", "score", "rating", "count", "level", "grade", "rank", "url", "link",
    "website", "slug", "bio", "content", "body", "text", "message", "subject", "summary", "reason",
    "remark", "deadline", "expiry", "expiration", "start", "end", "capacity", "limit", "frequency",
    "interval", "unit", "brand", "model", "year", "version", "format", "source", "channel",
    "method", "role", "latitude", "longitude", "coordinates", "availability", "specialization",
    "specialty", "qualification", "experience", "salary", "budget", "salutation", "surname",
    "firstname", "lastname", "nickname", "hash", "token", "key", "value", "flag", "label", "tag",
    "stock", "threshold", "outcome", "nationality", "occupation", "company", "author", "isbn",
    "genre", "publisher", "edition", "make", "mileage", "vin", "plate", "license", "dimensions",
    "material", "ingredients", "calories", "instructions", "difficulty", "comment", "feedback",
    "visibility", "recurrence", "attachment", "snapshot", "hours", "preferences", "information",
    "details", "info", "identification", "signature", "volume", "depth", "distance", "speed",
    "temperature", "humidity", "severity", "urgency", "designation", "gpa", "cgpa", "breed", "species",
    "origin", "headline", "caption", "thumbnail", "filename", "checksum", "credentials", "criteria",
    "amenities", "bedrooms", "bathrooms", "sqft", "dosage", "fare", "odometer", "altitude", "seats",
    "excerpt", "tenure", "premium", "iban", "ssn", "pin", "gst",
    "resolution", "symptoms", "allergies", "density", "voltage",
];

/// Words that begin a clause which selects rows, and describes none.
pub(super) const CONDITION: &[&str] = &[
    "whose", "where", "which", "when", "whenever", "if", "unless", "while", "until", "once",
];

/// Words without which a sentence binds nobody.
pub(super) const BINDING: &[&str] = &[
    "must", "cannot", "can't", "never", "no", "only", "unique", "uniquely", "required", "mandatory", "limited",
    "between", "exactly", "positive", "negative", "always", "most", "least", "once", "twice", "without", "deletes",
    "deleted", "removed", "range", "ranges", "exceed", "consists", "consist", "needs", "need", "requires", "require",
    "identified", "identifies", "immutable", "letters", "digits", "characters", "code", "may",
];

/// Words of sentences that tell how things always are, and so may be rules: "an ended show keeps its number".
pub(super) const TELLING: &[&str] = &[
    "not", "neither", "nor", "per", "same", "either", "both", "count", "counted", "counting", "ignoring", "except", "overlap", "overlaps", "fixed",
    "frozen", "final", "permanent", "locked", "append-only", "read-only", "keeps", "keep", "stays", "stay", "remains",
    "remain", "greater", "less", "more", "fewer", "longer", "shorter", "later", "earlier", "maximum", "minimum", "limit",
    "limits", "duplicate", "duplicates", "rejected", "refused", "case", "zero", "together", "different", "differ",
    "differs", "exclude", "excludes", "exclusive", "empty", "present", "set", "carries", "carry", "initially", "starts",
    "begins", "start", "begin", "lasts", "last", "lies", "lie",
];
