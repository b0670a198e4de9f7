//! What a heading names: an entity with its table, or a topic such as "Indexes".

use crate::EntityKind;
use crate::words::{
    code_spans, fold, is_identifier, last_part, lower_words, parenthesized, unquote,
};

/// A heading that names something with fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EntityTitle {
    pub(crate) name: String,
    pub(crate) table: Option<String>,
    pub(crate) kind: EntityKind,
    /// The words that say that it is not stored, such as "computed".
    pub(crate) not_stored: Option<String>,
    /// Whether the words leave no doubt that an entity is meant: a code span, or "Table", "Entity".
    pub(crate) explicit: bool,
}

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
    "key attributes",
    "main fields",
    "core fields",
    "properties",
    "property",
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
];

/// Words that no entity is called by when the heading ends with one of them.
const TOPIC_ENDS: &[&str] = &[
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
    "volumes",
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
    "backup",
    "privacy",
    "protection",
    "authentication",
    "authorization",
    "encryption",
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

/// Words in a heading that say that the thing has no table.
const NOT_STORED: &[&str] = &[
    "computed",
    "dto",
    "dtos",
    "request",
    "response",
    "payload",
    "viewmodel",
    "derived",
    "virtual",
    "transient",
    "ephemeral",
    "in-memory",
    "not persisted",
    "not stored",
    "non-persisted",
    "no table",
    "read model",
    "view model",
    "read-model",
    "view-model",
    "api contract",
];

/// Reads a heading. `None` where it names no single thing.
pub(crate) fn read_title(title: &str) -> Option<EntityTitle> {
    let title = strip_numbering(title.trim().trim_end_matches(':').trim());
    if title.is_empty() || title.len() > 200 {
        return None;
    }
    let mut explicit = false;
    let mut kind = EntityKind::Entity;
    let mut not_stored = None;
    let mut table = None;
    let mut head = title;
    for prefix in ["Entity:", "Table:", "Model:", "Aggregate:", "Class:", "Collection:"] {
        if let Some(rest) = crate::words::strip_prefix_ignoring_case(head, prefix) {
            head = rest.trim();
            explicit = true;
        }
    }
    if let Some(rest) = crate::words::strip_prefix_ignoring_case(head, "Value Object:") {
        (head, explicit, kind) = (rest.trim(), true, EntityKind::ValueObject);
    }
    // A dash begins an explanation, or follows a mere number ("Entity 1 — `doctors`").
    let dash = crate::words::split_once_any(head, &[" — ", " – ", " - ", "—", ": "]);
    if let Some((before, after)) = dash {
        let words = lower_words(before);
        let counts =
            matches!(words.first().map(String::as_str), Some("entity" | "table" | "model"))
                && words.len() <= 2;
        let only_code = code_spans(before).is_empty() && !code_spans(after).is_empty();
        if counts || (only_code && lower_words(before).len() <= 2 && is_kind_word(&words)) {
            head = after.trim();
            explicit = true;
        } else {
            note_kind(after, &mut kind, &mut not_stored);
            head = before.trim();
        }
    }
    let mut outside = head.to_owned();
    while let Some((before, inside, after)) = parenthesized(&outside) {
        note_kind(inside, &mut kind, &mut not_stored);
        let words = lower_words(inside);
        let code = code_spans(inside);
        match code.first() {
            Some(code) if is_identifier(code) => table = Some(last_part(code).to_owned()),
            Some(_) | None => {
                if words.first().is_some_and(|word| word == "table") && words.len() == 2 {
                    table = Some(words[1].clone());
                } else if is_snake(inside.trim()) {
                    table = Some(inside.trim().to_owned());
                }
            }
        }
        explicit |= words.iter().any(|word| matches!(word.as_str(), "table" | "entity" | "root"));
        let around = format!("{} {}", before.trim(), after.trim());
        outside = around.trim().into();
    }
    let spans = code_spans(&outside);
    let name = match spans.as_slice() {
        [] => strip_kind_words(&outside, &mut explicit, &mut kind),
        [code] => {
            let rest = crate::words::without_code(&outside);
            let rest = lower_words(&rest);
            if rest.iter().all(|word| is_filler(word)) {
                explicit = true;
                (*code).to_owned()
            } else if is_identifier(code) && rest.iter().any(|word| word == "table") {
                explicit = true;
                table = Some(last_part(code).to_owned());
                let plain = crate::words::without_code(&outside);
                strip_kind_words(
                    plain.trim().trim_end_matches("table").trim(),
                    &mut explicit,
                    &mut kind,
                )
            } else {
                return None;
            }
        }
        _ => return None,
    };
    let name = unquote(name.trim().trim_end_matches([':', '-', '—', '–']).trim()).to_owned();
    let words = lower_words(&name);
    let last = words.last()?;
    if words.len() > 5 || name.contains(['→', '↔', '/', '?', '!', ',', ';', '&', '+', '=']) {
        return None;
    }
    let is_code = !spans.is_empty();
    if !explicit
        && table.is_none()
        && !is_code
        && words.len() > 1
        && TOPIC_ENDS.contains(&last.as_str())
    {
        return None;
    }
    if !explicit && table.is_none() && !is_code && words.len() == 1 && is_topic_word(last) {
        return None;
    }
    if words.iter().any(|word| {
        matches!(word.as_str(), "and" | "or" | "for" | "of" | "the" | "with" | "how" | "why")
    }) {
        return None;
    }
    // "Module 1" and "Phase 2" divide the document.
    let counts = words.len() == 2 && words[1].chars().all(|c| c.is_ascii_digit());
    if counts
        && matches!(
            words[0].as_str(),
            "module"
                | "phase"
                | "step"
                | "part"
                | "section"
                | "feature"
                | "milestone"
                | "sprint"
                | "task"
                | "epic"
                | "chapter"
                | "iteration"
                | "version"
                | "level"
                | "stage"
        )
    {
        return None;
    }
    if not_stored.is_none() && !is_code {
        note_kind(&name, &mut kind, &mut not_stored);
    }
    Some(EntityTitle { name, table, kind, not_stored, explicit })
}

/// Whether a heading only says that what follows are the fields of the thing above it.
pub(crate) fn is_structural(title: &str) -> bool {
    let title = strip_numbering(title.trim().trim_end_matches(':').trim());
    let words =
        lower_words(&parenthesized(title).map_or(title, |(before, _, _)| before).replace('`', ""));
    STRUCTURAL.contains(&words.join(" ").as_str())
}

/// Whether a single word is the name of a section rather than of a thing. Singular words such as
/// "Index" or "Policy" stay possible names, the plural forms that head sections do not.
fn is_topic_word(word: &str) -> bool {
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
        )
        || STRUCTURAL.contains(&word)
        || matches!(
            word,
            "background" | "notes" | "todo" | "changelog" | "context" | "features" | "erd"
        )
}

/// Numbering and lettering before a heading: `1.`, `2)`, `2.1.3`, `A.`, `§ 4`, `Step 3:`.
pub(crate) fn strip_numbering(title: &str) -> &str {
    let mut title = title.trim_start_matches(['§', '#', ' ']);
    let numbered = title.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    if numbered.len() < title.len() {
        let rest = numbered.trim_start_matches([')', '.', ':', ' ']);
        let is_number = numbered.len() < title.trim_start_matches('.').len()
            && (numbered.starts_with([')', ' ', ':'])
                || title[..title.len() - numbered.len()].ends_with('.'));
        if is_number && !rest.is_empty() {
            title = rest;
        }
    } else {
        let mut characters = title.chars();
        let letter = characters.next().is_some_and(|c| c.is_ascii_uppercase());
        if letter && matches!(characters.next(), Some('.' | ')')) && characters.next() == Some(' ')
        {
            title = &title[3..];
        }
    }
    title.trim_start_matches(['-', '—', '–', ' ']).trim_start_matches(|c: char| {
        !c.is_alphanumeric() && !matches!(c, '`' | '_' | '"' | '(' | '*')
    })
}

fn is_snake(text: &str) -> bool {
    is_identifier(text) && text.contains('_') && text.chars().all(|c| !c.is_uppercase())
}

fn is_kind_word(words: &[String]) -> bool {
    words.iter().all(|word| is_filler(word))
}

fn is_filler(word: &str) -> bool {
    matches!(
        word,
        "entity"
            | "table"
            | "model"
            | "aggregate"
            | "root"
            | "the"
            | "collection"
            | "class"
            | "join"
            | "new"
    ) || word.chars().all(|c| c.is_ascii_digit())
}

/// What words beside a name say of its kind.
fn note_kind(words: &str, kind: &mut EntityKind, not_stored: &mut Option<String>) {
    let lower = words.to_lowercase();
    let list = lower_words(words);
    let has = |word: &str| list.iter().any(|w| w == word);
    if has("join")
        || has("association")
        || has("junction")
        || has("pivot")
        || has("link") && has("table")
    {
        *kind = EntityKind::Join;
    } else if lower.contains("value object") || lower.contains("embedded") {
        *kind = EntityKind::ValueObject;
    }
    if not_stored.is_none() && !has("persisted") || lower.contains("not persisted") {
        *not_stored =
            NOT_STORED
                .iter()
                .find(|&&phrase| {
                    if phrase.contains([' ', '-']) { lower.contains(phrase) } else { has(phrase) }
                })
                .map(|&phrase| phrase.to_owned());
    }
}

/// Removes "Entity", "Table", "Aggregate Root" and the like from the ends of a name.
fn strip_kind_words(name: &str, explicit: &mut bool, kind: &mut EntityKind) -> String {
    let mut words: Vec<&str> = name.split_whitespace().collect();
    while words.len() > 1 {
        let last = words[words.len() - 1].to_lowercase();
        match last.as_str() {
            "entity" | "table" | "aggregate" | "root" | "collection" | "model" | "class"
            | "fields" | "columns" | "attributes" => {
                *explicit |= matches!(
                    last.as_str(),
                    "entity" | "table" | "aggregate" | "root" | "fields" | "columns"
                );
                words.pop();
            }
            "object" if words.len() > 2 && words[words.len() - 2].eq_ignore_ascii_case("value") => {
                *kind = EntityKind::ValueObject;
                words.truncate(words.len() - 2);
            }
            _ => break,
        }
    }
    while words.len() > 1 {
        match words[0].to_lowercase().as_str() {
            "entity" | "table" | "the" | "existing" | "new" | "extended" => {
                words.remove(0);
            }
            _ => break,
        }
    }
    words.join(" ")
}

/// The entities that documents name, to recognise their names in other places.
#[derive(Debug, Default)]
pub(crate) struct KnownEntities {
    names: indexmap::IndexMap<String, String>,
}

impl KnownEntities {
    pub(crate) fn add(&mut self, name: &str) {
        let folded = fold(name);
        if !folded.is_empty() {
            self.names.entry(folded).or_insert_with(|| name.to_owned());
        }
    }

    /// The one entity whose name ends with the words, such as "Intake Draft" for `CoinIntakeDraft`.
    pub(crate) fn ending_with(&self, words: &str) -> Option<&str> {
        let folded = fold(words);
        let mut hits = self.names.iter().filter(|(name, _)| name.ends_with(&folded));
        let (_, first) = hits.next()?;
        hits.all(|(_, other)| other == first).then_some(first.as_str())
    }

    /// Makes a table's name another name of its entity.
    pub(crate) fn add_alias(&mut self, alias: &str, name: &str) {
        let folded = fold(alias);
        if !folded.is_empty() {
            self.names.entry(folded).or_insert_with(|| name.to_owned());
        }
    }

    /// The first spelling of an entity, given any.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.names
            .get(&fold(name))
            .or_else(|| self.names.get(&fold(last_part(name))))
            .map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(title: &str) -> String {
        match read_title(title) {
            None => "-".to_owned(),
            Some(title) => {
                let mut text = title.name;
                if let Some(table) = title.table {
                    text = text + " table=" + &table;
                }
                if title.kind != EntityKind::Entity {
                    text = format!("{text} {:?}", title.kind);
                }
                if let Some(words) = title.not_stored {
                    text = text + " not stored: " + &words;
                }
                text
            }
        }
    }

    #[test]
    fn headings_name_entities() {
        for (title, expected) in [
            ("User", "User"),
            ("1. Guest Entity", "Guest"),
            ("# Table: x", "x"),
            ("3. RolePermission (`role_permissions`)", "RolePermission table=role_permissions"),
            ("Entity 1 — `doctors`", "doctors"),
            ("A. Inquiry Table (`Inquiries`)", "Inquiry table=Inquiries"),
            ("2.1.3 `UserRole`", "UserRole"),
            ("Order (Aggregate Root)", "Order"),
            ("book_authors (Association Table)", "book_authors Join"),
            ("Course (modify)", "Course"),
            (
                "3) CollectionToolRequest (computed/internal)",
                "CollectionToolRequest not stored: computed",
            ),
            ("2) CoinIntakeDraft (persisted short-lived or durable by config)", "CoinIntakeDraft"),
            ("`cust.customer`", "cust.customer"),
            ("Requisition Items Table", "Requisition Items"),
            ("Users Table", "Users"),
            ("Table: audit_log (for tracking configuration changes)", "audit_log"),
            ("Documentation", "Documentation"),
            ("6. State (`states`)", "State table=states"),
            ("Entity Relationship Diagram", "-"),
            ("Indexes", "-"),
            ("Validation Rules", "-"),
            ("Player → Transaction (1:N)", "-"),
            ("Users and Roles", "-"),
            ("Money (Value Object)", "Money ValueObject"),
        ] {
            assert_eq!(name(title), expected, "{title}");
        }
    }

    #[test]
    fn structural_headings_describe_the_one_above() {
        assert!(is_structural("Fields"));
        assert!(is_structural("3.1 Field Definitions:"));
        assert!(!is_structural("Orders"));
    }
}
