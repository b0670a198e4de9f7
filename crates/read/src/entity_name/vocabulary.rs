//! The words by which a heading is known to be a topic and no entity.

use smol_str::SmolStr;

use crate::words::{lower_words, parenthesized};

use super::strip_numbering;

/// Headings that describe the thing that the heading above them names.
const STRUCTURAL: &[&str] = &[
    "attribute",
    "attributes",
    "column",
    "columns",
    "data",
    "data fields",
    "definition",
    "details",
    "field",
    "field definitions",
    "field description",
    "field descriptions",
    "field list",
    "fields",
    "key fields",
    "life cycle",
    "life cycles",
    "key attributes",
    "main fields",
    "core fields",
    "properties",
    "schema",
    "structure",
    "table",
    "table definition",
    "table structure",
    "table schema",
    "ddl",
    "sql",
    "typescript",
    "interface",
    "type definition",
    "entity definition",
    "model",
    "model definition",
    "data structure",
    "fields and types",
    "attributes and types",
    "columns and types",
    "field specifications",
    "field specification",
    "column specifications",
    "current schema",
    "target schema",
    "new schema",
    "updated schema",
    "database schema",
    "sql schema",
    "full schema",
    "entity specification",
    "table specification",
    "campos",
    "атрибуты",
    "атрибуты сущностей",
    "поля",
    "поля таблицы",
    "alanlar",
    "temel alanlar",
    "alan",
    "atributos",
];

/// Words that no entity is called by when the heading ends with one of them.
pub(super) const TOPIC_ENDS: &[&str] = &[
    "analysis",
    "appendix",
    "architecture",
    "assumptions",
    "boundaries",
    "capabilities",
    "checklist",
    "conclusion",
    "conditions",
    "considerations",
    "constraints",
    "contents",
    "conventions",
    "converters",
    "criteria",
    "decisions",
    "definitions",
    "dependencies",
    "descriptions",
    "design",
    "diagram",
    "diagrams",
    "documentation",
    "enums",
    "enumerations",
    "enum",
    "erd",
    "evolution",
    "examples",
    "example",
    "flow",
    "flows",
    "generation",
    "glossary",
    "goals",
    "guidelines",
    "implementation",
    "indexes",
    "indices",
    "index",
    "integrity",
    "introduction",
    "invariants",
    "lifecycle",
    "lifecycles",
    "logic",
    "machine",
    "machines",
    "mapping",
    "migration",
    "migrations",
    "objectives",
    "optimization",
    "overview",
    "ownership",
    "patterns",
    "performance",
    "plan",
    "policies",
    "principles",
    "purpose",
    "queries",
    "rationale",
    "recovery",
    "references",
    "relations",
    "relationship",
    "relationships",
    "requirements",
    "responsibilities",
    "retention",
    "risks",
    "rules",
    "scope",
    "security",
    "specs",
    "specification",
    "states",
    "steps",
    "storage",
    "strategies",
    "strategy",
    "summary",
    "taxonomy",
    "tenancy",
    "testing",
    "tests",
    "timestamps",
    "transitions",
    "triggers",
    "types",
    "usage",
    "validation",
    "validations",
    "values",
    "volume",
    "volumes",
    "scale",
    "sizing",
    "capacity",
    "throughput",
    "workflow",
    "workflows",
    "growth",
    "aggregates",
    "contexts",
    "entities",
    "models",
    "tables",
    "objects",
    "model",
    "schemas",
    "notations",
    "practices",
    "characteristics",
    "roadmap",
    "backup",
    "privacy",
    "protection",
    "authentication",
    "authorization",
    "encryption",
    "endpoints",
    "helpers",
    "repositories",
    "utilities",
    "compliance",
    "consistency",
    "concurrency",
    "semantics",
    "behaviour",
    "behavior",
    "behaviors",
    "setup",
    "seeding",
    "technology",
    "information",
    "delete",
    "deletes",
    "deletion",
    "keys",
    "cardinality",
    "limits",
    "metrics",
    "monitoring",
    "sla",
    "notation",
    "structure",
    "structures",
];

/// Whether a heading ends with a word that no entity is called by, unless it has fields.
pub(crate) fn ends_as_topic(title: &str) -> bool {
    let title = strip_numbering(title.trim().trim_end_matches(':').trim());
    let words = lower_words(parenthesized(title).map_or(title, |(before, _, _)| before));
    match words.as_slice() {
        [] => false,
        [word] => is_topic_word(word),
        [.., last] => TOPIC_ENDS.contains(&last.as_str()),
    }
}

/// Whether a word heads what is said of several things.
pub(super) fn is_collective(word: &str) -> bool {
    matches!(
        word,
        "aggregates"
            | "contexts"
            | "entities"
            | "models"
            | "objects"
            | "schemas"
            | "tables"
            | "definitions"
            | "descriptions"
            | "structures"
            | "values"
            | "enums"
            | "enumerations"
            | "indexes"
            | "indices"
            | "keys"
            | "examples"
            | "timestamps"
            | "validation"
            | "validations"
            | "queries"
    )
}

/// Whether a word heads what is said of a thing that stands elsewhere, even where fields with types follow.
pub(super) fn describes_others(word: &str) -> bool {
    is_collective(word)
        || STRUCTURAL.contains(&word)
        || matches!(
            word,
            "constraints"
                | "conventions"
                | "references"
                | "relations"
                | "relationship"
                | "relationships"
                | "requirements"
                | "rules"
                | "invariants"
                | "states"
                | "transitions"
                | "triggers"
                | "types"
                | "endpoints"
                | "notation"
                | "semantics"
                | "integration"
                | "specs"
                | "specification"
                | "cardinality"
                | "information"
                | "overview"
                | "summary"
                | "design"
                | "architecture"
                | "example"
                | "integrity"
                | "migrations"
                | "changelog"
                | "context"
                | "api"
                | "apis"
                | "notes"
                | "logic"
                | "setup"
                | "considerations"
                | "dependencies"
                | "patterns"
        )
}

/// Whether a heading only says that what follows are the fields of the thing above it.
pub(crate) fn is_structural(title: &str) -> bool {
    let title = strip_numbering(title.trim().trim_end_matches(':').trim());
    let words =
        lower_words(&parenthesized(title).map_or(title, |(before, _, _)| before).replace('`', ""));
    STRUCTURAL.contains(&words.join(" ").as_str()) || is_qualified_list(&words)
}

/// "Main attributes", "Column details": which of the fields follow, or what is said of them, and nothing of whose they are.
fn is_qualified_list(words: &[SmolStr]) -> bool {
    const WHICH: &[&str] = &[
        "main",
        "key",
        "core",
        "primary",
        "important",
        "basic",
        "essential",
        "typical",
        "additional",
        "further",
        "optional",
        "required",
        "mandatory",
        "suggested",
        "proposed",
        "possible",
        "minimum",
        "minimal",
        "initial",
        "notable",
        "relevant",
    ];
    const PARTS: &[&str] = &["attribute", "column", "field"];
    const SAID: &[&str] = &[
        "breakdown",
        "definitions",
        "description",
        "descriptions",
        "detail",
        "details",
        "list",
        "reference",
        "specification",
        "specifications",
        "specs",
        "summary",
        "overview",
    ];
    let [first, second] = words else { return false };
    WHICH.contains(&first.as_str()) && lists_fields(second)
        || PARTS.contains(&first.as_str()) && SAID.contains(&second.as_str())
}

/// Whether a word calls what follows fields.
fn lists_fields(word: &str) -> bool {
    matches!(word, "attributes" | "columns" | "fields" | "properties")
}

/// Whether a single word is the name of a section rather than of a thing. Singular words such as
/// "Index" or "Policy" stay possible names, the plural forms that head sections do not.
pub(super) fn is_topic_word(word: &str) -> bool {
    TOPIC_ENDS.contains(&word)
        && !matches!(
            word,
            "documentation"
                | "plan"
                | "migration"
                | "example"
                | "flow"
                | "workflow"
                | "policies"
                | "backup"
                | "references"
                | "objects"
                | "criteria"
        )
        || STRUCTURAL.contains(&word)
        || matches!(
            word,
            "background"
                | "notes"
                | "todo"
                | "changelog"
                | "context"
                | "features"
                | "erd"
                | "api"
                | "apis"
                | "faq"
        )
}
