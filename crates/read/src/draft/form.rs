//! The form of a draft: one table, by which drafts are checked and their JSON Schema is made, so that
//! the two cannot disagree.

/// A mapping with these keys and no others.
#[derive(Debug)]
pub struct Shape {
    /// What it describes, as a message says it: "a drafted field".
    pub name: &'static str,
    /// For the schema.
    pub doc: &'static str,
    /// In the order of the schema.
    pub keys: &'static [Key],
}

/// One key of a mapping.
#[derive(Debug)]
pub struct Key {
    /// As it is written.
    pub name: &'static str,
    /// What stands behind it.
    pub value: Value,
    /// Whether it must be there.
    pub required: bool,
    /// For the schema.
    pub doc: &'static str,
}

/// What stands behind a key. Null is as good as leaving the key out.
#[derive(Debug, Clone, Copy)]
pub enum Value {
    /// Any text; a number or a flag is taken as it is written.
    Text,
    /// One of these words.
    Word(&'static [&'static str]),
    /// `true` or `false`.
    Flag,
    /// A number that is not negative.
    Number,
    /// A whole number that is not negative.
    Whole,
    /// A list of texts.
    Texts,
    /// One mapping.
    One(&'static Shape),
    /// A list of mappings.
    Several(&'static Shape),
}

impl Value {
    /// As a message names it.
    pub(super) fn expected(self) -> String {
        match self {
            Self::Text => "a text".to_owned(),
            Self::Word(words) => format!("one of {}", words.join(", ")),
            Self::Flag => "true or false".to_owned(),
            Self::Number => "a number that is not negative".to_owned(),
            Self::Whole => "a whole number that is not negative".to_owned(),
            Self::Texts => "a list of texts".to_owned(),
            Self::One(_) => "a mapping".to_owned(),
            Self::Several(_) => "a list of mappings".to_owned(),
        }
    }
}

const fn must(name: &'static str, value: Value, doc: &'static str) -> Key {
    Key { name, value, required: true, doc }
}

const fn may(name: &'static str, value: Value, doc: &'static str) -> Key {
    Key { name, value, required: false, doc }
}

const QUOTE: Key = may(
    "quote",
    Value::Text,
    "The words of a document that say so, letter for letter; white space, case and Markdown marks do not count. \
     It must mention the subject. Without it the statement is an assumption, and a question is asked.",
);
const DOCUMENT: Key = may(
    "document",
    Value::Text,
    "The path of the document that holds the quote, where several hold it; the first one otherwise.",
);
const OF_ENTITY: Key = must("entity", Value::Text, "The entity's name.");
const AS_WRITTEN: Key = may("text", Value::Text, "The document's words for it.");

/// A whole draft.
pub const DRAFT: Shape = Shape {
    name: "a draft",
    doc: "Statements about a domain that somebody drafted from documents, each with the words that it was taken from.",
    keys: &[
        may("entities", Value::Several(&ENTITY), "What is stored."),
        may("enums", Value::Several(&ENUMERATION), "Named lists of values."),
        may("relationships", Value::Several(&RELATIONSHIP), "How entities relate."),
        may(
            "lifecycles",
            Value::Several(&LIFECYCLE),
            "The states of entities and how they follow each other.",
        ),
        may("aggregates", Value::Several(&AGGREGATE), "Entities that change together."),
        may("contexts", Value::Several(&CONTEXT), "Bounded contexts and backend systems."),
        may("rules", Value::Several(&RULE), "Rules about the values of rows."),
        may(
            "access_patterns",
            Value::Several(&PATTERN),
            "The queries and writes that the application makes.",
        ),
        may("indexes", Value::Several(&INDEX), "Indexes that a document asks for."),
        may("volumes", Value::Several(&VOLUME), "How many rows there are and become."),
        may("retention", Value::Several(&RETENTION), "How long rows are kept."),
        may(
            "partitionings",
            Value::Several(&PARTITIONING),
            "By what the rows of an entity are split among partitions.",
        ),
        may(
            "load",
            Value::Several(&LOAD),
            "How many use the system at a time, and what is called at its peak.",
        ),
        may("recovery", Value::Several(&RECOVERY), "What must be recoverable, and how fast."),
        may("tenant", Value::One(&TENANT), "The entity whose rows are the tenants."),
    ],
};

const ENTITY: Shape = Shape {
    name: "a drafted entity",
    doc: "Something that is stored.",
    keys: &[
        must("name", Value::Text, "Its name in the singular."),
        may(
            "kind",
            Value::Word(&["entity", "value_object", "join"]),
            "What sort of thing it is; `entity` without it.",
        ),
        may("table", Value::Text, "The table's name, where a document gives one."),
        may("description", Value::Text, "What it is for."),
        may("fields", Value::Several(&FIELD), "Its fields in order."),
        may(
            "primary_key",
            Value::Texts,
            "The fields that identify a row, where they are more than one.",
        ),
        may("unique", Value::Several(&UNIQUE), "Fields that are unique together."),
        QUOTE,
        DOCUMENT,
    ],
};

const FIELD: Shape = Shape {
    name: "a drafted field",
    doc: "A property of an entity.",
    keys: &[
        must("name", Value::Text, "Its name."),
        may(
            "type",
            Value::Text,
            "What values it holds, such as `uuid`, `text(120)`, `integer(32)`, `money(12,2)`, `timestamp`, `enum(Name)`, `list of text`; left out where no document says.",
        ),
        may(
            "required",
            Value::Flag,
            "Whether a value must be there; left out where no document says.",
        ),
        may("unique", Value::Flag, "Whether no two rows may share a value."),
        may("primary_key", Value::Flag, "Whether it is the key, or a part of it."),
        may("enum_values", Value::Texts, "The values that it may take, where they are listed."),
        may("references", Value::Text, "What it refers to: `Entity` or `Entity.field`."),
        may("default", Value::Text, "The value that it takes when none is given."),
        may("rules", Value::Texts, "Rules about it, as written."),
        may(
            "sensitivity",
            Value::Text,
            "`personal`, `secret`, `financial`, ..., where a document says so.",
        ),
        may(
            "unit",
            Value::Text,
            "What its values are counted in (`cents`, `minutes`, `percent`), or the standard that they follow (`E.164`, `ISO 4217`).",
        ),
        may("description", Value::Text, "What it means."),
        QUOTE,
        DOCUMENT,
    ],
};

const UNIQUE: Shape = Shape {
    name: "a drafted unique key",
    doc: "Fields that are unique together.",
    keys: &[
        must("fields", Value::Texts, "The fields in order."),
        may("condition", Value::Text, "Among which rows; all without it."),
        AS_WRITTEN,
        QUOTE,
        DOCUMENT,
    ],
};

const ENUMERATION: Shape = Shape {
    name: "a drafted list of values",
    doc: "A named list of values.",
    keys: &[
        must("name", Value::Text, "The name."),
        must("values", Value::Texts, "The values in order."),
        QUOTE,
        DOCUMENT,
    ],
};

const RELATIONSHIP: Shape = Shape {
    name: "a drafted relationship",
    doc: "How two entities relate; for `1:N`, `from` is the one side.",
    keys: &[
        must("from", Value::Text, "One end."),
        must("to", Value::Text, "The other end."),
        may(
            "cardinality",
            Value::Word(&["1:1", "1:N", "N:M"]),
            "How many of one belong to how many of the other.",
        ),
        may("from_required", Value::Flag, "Whether every row of `to` has its `from`."),
        may("to_required", Value::Flag, "Whether every row of `from` has at least one `to`."),
        may(
            "on_delete",
            Value::Word(&["cascade", "restrict", "set null"]),
            "What happens to `to` when `from` goes.",
        ),
        may("through", Value::Text, "The entity that joins them, for a many-to-many that has one."),
        may("label", Value::Text, "The word for it, such as \"places\"."),
        QUOTE,
        DOCUMENT,
    ],
};

const LIFECYCLE: Shape = Shape {
    name: "a drafted life cycle",
    doc: "The states of an entity and how they follow each other.",
    keys: &[
        OF_ENTITY,
        may("field", Value::Text, "The field that holds the state."),
        may("states", Value::Texts, "States in order of appearance."),
        may("initial", Value::Text, "The state that a row is born in."),
        may("transitions", Value::Several(&TRANSITION), "What may follow what."),
        QUOTE,
        DOCUMENT,
    ],
};

const TRANSITION: Shape = Shape {
    name: "a drafted transition",
    doc: "One state may follow another.",
    keys: &[
        must("from", Value::Text, "The state before."),
        must("to", Value::Text, "The state after."),
        may("on", Value::Text, "What causes it."),
        QUOTE,
        DOCUMENT,
    ],
};

const AGGREGATE: Shape = Shape {
    name: "a drafted aggregate",
    doc: "Entities that change together.",
    keys: &[
        must("root", Value::Text, "The entity that guards the others."),
        must("members", Value::Texts, "The others."),
        QUOTE,
        DOCUMENT,
    ],
};

const CONTEXT: Shape = Shape {
    name: "a drafted context",
    doc: "A bounded context or backend system.",
    keys: &[
        must("name", Value::Text, "Its name."),
        may("backend", Value::Text, "The backend system that implements it."),
        must("entities", Value::Texts, "What it owns."),
        QUOTE,
        DOCUMENT,
    ],
};

const RULE: Shape = Shape {
    name: "a drafted rule",
    doc: "A rule about the values of a row, or about more than one row.",
    keys: &[
        OF_ENTITY,
        may("field", Value::Text, "The field, where it is about one."),
        must(
            "text",
            Value::Text,
            "The rule in words, or as a comparison such as `ends_at > starts_at`.",
        ),
        QUOTE,
        DOCUMENT,
    ],
};

const PATTERN: Shape = Shape {
    name: "a drafted access pattern",
    doc: "A query or write that the application makes.",
    keys: &[
        must("name", Value::Text, "What it does, such as \"list orders of a customer\"."),
        may(
            "kind",
            Value::Word(&["read", "write"]),
            "Whether it reads or writes; `read` without it.",
        ),
        OF_ENTITY,
        may("joins", Value::Texts, "Further entities that it needs."),
        may("filter", Value::Texts, "The fields that are compared with one given value each."),
        may(
            "conditions",
            Value::Several(&CONDITION),
            "All conditions, where some compare otherwise; then `filter` is not read.",
        ),
        may("sort", Value::Texts, "Its order: `field` or `field desc`."),
        may("limit", Value::Whole, "Rows wanted at once."),
        may("frequency", Value::Text, "How often, as written."),
        may("per_second", Value::Number, "Calls in a second."),
        may("latency_ms", Value::Number, "The latency objective in milliseconds."),
        may("staleness_s", Value::Number, "How old a result may be, in seconds."),
        QUOTE,
        DOCUMENT,
    ],
};

const CONDITION: Shape = Shape {
    name: "a condition of a drafted access pattern",
    doc: "One condition of an access pattern.",
    keys: &[
        must("field", Value::Text, "The field, as `field` or `Entity.field`."),
        must(
            "operator",
            Value::Word(&[
                "equals",
                "range",
                "at_least",
                "more_than",
                "at_most",
                "less_than",
                "not_since",
                "in",
                "constant",
                "is_null",
                "is_present",
                "search",
                "contains",
            ]),
            "How it is compared.",
        ),
        may("value", Value::Text, "The value, for `constant`."),
    ],
};

const INDEX: Shape = Shape {
    name: "a drafted index",
    doc: "An index that a document asks for.",
    keys: &[
        OF_ENTITY,
        may("name", Value::Text, "The name that the document gives it."),
        must("columns", Value::Texts, "Its columns: `field` or `field desc`."),
        may("unique", Value::Flag, "Whether it is said to be unique."),
        may("method", Value::Text, "Such as `btree` or `gin`."),
        may("purpose", Value::Text, "What it is for."),
        QUOTE,
        DOCUMENT,
    ],
};

const VOLUME: Shape = Shape {
    name: "a drafted volume",
    doc: "How many rows an entity has and gains.",
    keys: &[
        OF_ENTITY,
        may("rows", Value::Number, "Rows at the start or now."),
        may("growth_per_month", Value::Number, "Rows added in a month."),
        AS_WRITTEN,
        QUOTE,
        DOCUMENT,
    ],
};

const RETENTION: Shape = Shape {
    name: "a drafted retention period",
    doc: "How long rows are kept.",
    keys: &[
        OF_ENTITY,
        may("days", Value::Whole, "For how many days."),
        AS_WRITTEN,
        QUOTE,
        DOCUMENT,
    ],
};

const PARTITIONING: Shape = Shape {
    name: "a drafted partitioning",
    doc: "By what the rows of an entity are split among partitions.",
    keys: &[
        OF_ENTITY,
        may(
            "method",
            Value::Word(&["range", "list", "hash"]),
            "By what a row is told its partition.",
        ),
        may("fields", Value::Texts, "The fields that tell it."),
        may(
            "period",
            Value::Word(&["day", "week", "month", "quarter", "year"]),
            "How long a time one partition holds.",
        ),
        may("count", Value::Whole, "How many partitions there are."),
        may("partitions", Value::Several(&LISTED_PARTITION), "Those of a list."),
        may(
            "others",
            Value::Word(&["kept", "refused"]),
            "What becomes of rows that no partition is stated for.",
        ),
        AS_WRITTEN,
        QUOTE,
        DOCUMENT,
    ],
};

const LISTED_PARTITION: Shape = Shape {
    name: "a drafted partition",
    doc: "A partition of a list.",
    keys: &[
        may("name", Value::Text, "Its name, where it has one."),
        must("values", Value::Texts, "The values of its rows."),
    ],
};

const LOAD: Shape = Shape {
    name: "a drafted load",
    doc: "How many use the system at a time, or what is called at its peak.",
    keys: &[
        must(
            "measure",
            Value::Word(&["concurrent_users", "peak_per_second", "peak_factor"]),
            "People at a time, calls in a second at the peak, or how many times the average the peak is.",
        ),
        must("value", Value::Number, "How many."),
        AS_WRITTEN,
        QUOTE,
        DOCUMENT,
    ],
};

const RECOVERY: Shape = Shape {
    name: "a drafted recovery objective",
    doc: "What must be recoverable, and how fast.",
    keys: &[
        must(
            "objective",
            Value::Word(&[
                "recovery_point",
                "recovery_time",
                "backup_interval",
                "backup_retention",
                "point_in_time",
                "other_region",
                "restore_test",
            ]),
            "Which objective.",
        ),
        may("seconds", Value::Number, "In seconds."),
        AS_WRITTEN,
        QUOTE,
        DOCUMENT,
    ],
};

const TENANT: Shape = Shape {
    name: "the drafted tenant",
    doc: "The entity whose rows are the tenants.",
    keys: &[OF_ENTITY, AS_WRITTEN, QUOTE, DOCUMENT],
};
