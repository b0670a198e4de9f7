//! The notations: ways of writing facts. One file each, read in the order of [`NOTATIONS`].

mod access_pattern_table;
mod aggregate;
mod bullet_fields;
pub(crate) mod code;
mod code_query;
mod common_fields;
mod context_table;
mod csharp;
mod dbml;
mod deletion_table;
mod endpoint_list;
mod entity_headings;
mod entity_list;
mod enumeration_list;
mod fence_fields;
mod field_phrases;
mod field_table;
mod go_struct;
mod index_list;
mod java;
mod java_annotation;
mod json_schema;
mod mermaid_class;
mod mermaid_er;
mod mermaid_flow;
mod mermaid_state;
pub(crate) mod model_file;
mod openapi_paths;
mod personal_data;
mod plantuml;
mod plantuml_state;
mod prisma;
mod python;
mod python_column;
mod query_list;
mod query_sentence;
mod record_example;
mod recovery;
mod relationship_lines;
mod relationship_verbs;
mod retention;
mod rule_bullets;
mod rust_struct;
mod schema_call;
mod schema_column;
mod search_index;
mod sql_ddl;
mod sql_query;
mod tenancy;
pub(crate) mod transition_list;
mod transition_sentence;
pub(crate) mod transition_table;
mod typescript;
mod typescript_column;
mod volume_table;
// xtask:new-notation:modules

pub(crate) use field_table::names_fields_and_types as is_field_table;
pub(crate) use json_schema::tree::says_schema;
pub(crate) use mermaid_er::{End, end as feet, relationship};
pub(crate) use relationship_lines::relates;

use std::collections::BTreeMap;
use std::ops::Range;

use underpin_base::{Code as DiagnosticCode, Diagnostic, Label, Span};

use crate::document::Document;
use crate::entity_name::{EntityTitle, KnownEntities, is_structural, read_title};
use crate::prose::{
    Prose, cardinality, entities, evidence, field_list, inline_fields, lifecycle, role,
    rule_fields, values,
};
use crate::words::fold;
use crate::{AccessKind, EntityFact, EntityKind, Fact, FieldFact, Statement};

/// A way of writing facts.
pub(crate) struct Notation {
    /// In kebab-case, as statements carry it.
    pub(crate) name: &'static str,
    /// One sentence for the documentation.
    pub(crate) doc: &'static str,
    /// Reads what it understands of a document, and marks the lines that it took.
    pub(crate) read: fn(&Document<'_>, &mut Output),
}

impl std::fmt::Debug for Notation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.name, self.doc)
    }
}

/// All notations in the order in which they read. Each one reads all documents before the next
/// begins, so that a later one knows every entity that the earlier ones found.
pub(crate) const NOTATIONS: &[Notation] = &[
    // A model file says exactly what it means.
    Notation { name: "model-file", doc: model_file::DOC, read: model_file::read },
    // The most exact notations come first: they establish the names of entities.
    Notation { name: "sql-ddl", doc: sql_ddl::DOC, read: sql_ddl::read },
    Notation { name: "prisma", doc: prisma::DOC, read: prisma::read },
    Notation { name: "dbml", doc: dbml::DOC, read: dbml::read },
    Notation { name: "json-schema", doc: json_schema::DOC, read: json_schema::read },
    Notation { name: "mermaid-er", doc: mermaid_er::DOC, read: mermaid_er::read },
    Notation { name: "mermaid-class", doc: mermaid_class::DOC, read: mermaid_class::read },
    Notation { name: "plantuml", doc: plantuml::DOC, read: plantuml::read },
    // A table with names and types leaves no doubt that its heading names an entity.
    Notation { name: "field-table", doc: field_table::DOC, read: field_table::read },
    Notation { name: "typescript", doc: typescript::DOC, read: typescript::read },
    Notation { name: "schema-call", doc: schema_call::DOC, read: schema_call::read },
    Notation { name: "python", doc: python::DOC, read: python::read },
    Notation { name: "java", doc: java::DOC, read: java::read },
    Notation { name: "csharp", doc: csharp::DOC, read: csharp::read },
    Notation { name: "go-struct", doc: go_struct::DOC, read: go_struct::read },
    Notation { name: "rust-struct", doc: rust_struct::DOC, read: rust_struct::read },
    Notation { name: "fence-fields", doc: fence_fields::DOC, read: fence_fields::read },
    // Headings that stand under "Entities", so that the lists below them are known to be theirs.
    Notation { name: "entity-headings", doc: entity_headings::DOC, read: entity_headings::read },
    // Bullets need more care: after the tables, so that a heading that has one is known.
    Notation { name: "bullet-fields", doc: bullet_fields::DOC, read: bullet_fields::read },
    // Lists of entities have no fields; what has them is known by now.
    Notation { name: "entity-list", doc: entity_list::DOC, read: entity_list::read },
    Notation { name: "aggregate", doc: aggregate::DOC, read: aggregate::read },
    // What contexts own: after all that describes entities, before what only mentions them.
    Notation { name: "context-table", doc: context_table::DOC, read: context_table::read },
    // Sentences and labelled lines name fields of the entities that are known by now.
    Notation { name: "field-phrases", doc: field_phrases::DOC, read: field_phrases::read },
    // A record shows fields only where nothing says them better.
    Notation { name: "record-example", doc: record_example::DOC, read: record_example::read },
    // Said once of many entities: when it is known which of them have the field.
    Notation { name: "common-fields", doc: common_fields::DOC, read: common_fields::read },
    Notation { name: "enumeration-list", doc: enumeration_list::DOC, read: enumeration_list::read },
    // Life cycles come before relationships, since both are written with arrows: a line under a
    // heading about states is no relationship.
    Notation { name: "mermaid-state", doc: mermaid_state::DOC, read: mermaid_state::read },
    Notation { name: "plantuml-state", doc: plantuml_state::DOC, read: plantuml_state::read },
    Notation { name: "mermaid-flow", doc: mermaid_flow::DOC, read: mermaid_flow::read },
    Notation { name: "transition-table", doc: transition_table::DOC, read: transition_table::read },
    Notation { name: "transition-list", doc: transition_list::DOC, read: transition_list::read },
    Notation {
        name: "transition-sentence",
        doc: transition_sentence::DOC,
        read: transition_sentence::read,
    },
    // Sentences, after all that is exact: what that found anchors their nouns.
    Notation { name: "prose-evidence", doc: evidence::DOC, read: evidence::read },
    Notation { name: "prose-entities", doc: entities::DOC, read: entities::read },
    Notation { name: "prose-field-list", doc: field_list::DOC, read: field_list::read },
    Notation { name: "prose-inline-fields", doc: inline_fields::DOC, read: inline_fields::read },
    // Rules name fields in passing, so they come after the sentences that list them.
    Notation { name: "prose-rule-fields", doc: rule_fields::DOC, read: rule_fields::read },
    Notation { name: "prose-role", doc: role::DOC, read: role::read },
    Notation { name: "prose-values", doc: values::DOC, read: values::read },
    Notation { name: "prose-lifecycle", doc: lifecycle::DOC, read: lifecycle::read },
    // "Every entity belongs to one Merchant" relates no two entities.
    Notation { name: "tenancy", doc: tenancy::DOC, read: tenancy::read },
    // Sentences about two entities: only names that are known by now are taken.
    Notation {
        name: "relationship-lines",
        doc: relationship_lines::DOC,
        read: relationship_lines::read,
    },
    // The same in looser words, where the notation before found nothing.
    Notation { name: "prose-cardinality", doc: cardinality::DOC, read: cardinality::read },
    Notation { name: "index-list", doc: index_list::DOC, read: index_list::read },
    // Queries name entities and fields; they come when all are known.
    Notation {
        name: "access-pattern-table",
        doc: access_pattern_table::DOC,
        read: access_pattern_table::read,
    },
    Notation { name: "sql-query", doc: sql_query::DOC, read: sql_query::read },
    Notation { name: "endpoint-list", doc: endpoint_list::DOC, read: endpoint_list::read },
    Notation { name: "openapi-paths", doc: openapi_paths::DOC, read: openapi_paths::read },
    Notation { name: "code-query", doc: code_query::DOC, read: code_query::read },
    Notation { name: "search-index", doc: search_index::DOC, read: search_index::read },
    // Words are less exact than endpoints, sentences less than lists.
    Notation { name: "query-list", doc: query_list::DOC, read: query_list::read },
    Notation { name: "query-sentence", doc: query_sentence::DOC, read: query_sentence::read },
    // Facts about entities as a whole, each in a form of its own; their order does not matter.
    Notation { name: "volume-table", doc: volume_table::DOC, read: volume_table::read },
    Notation { name: "retention", doc: retention::DOC, read: retention::read },
    Notation { name: "personal-data", doc: personal_data::DOC, read: personal_data::read },
    Notation { name: "deletion-table", doc: deletion_table::DOC, read: deletion_table::read },
    Notation { name: "recovery", doc: recovery::DOC, read: recovery::read },
    // Rules take every item of their lists, so they come after all that is more exact.
    Notation { name: "rule-bullets", doc: rule_bullets::DOC, read: rule_bullets::read },
    // xtask:new-notation:registry
];

/// What the documentation says of a notation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotationInfo {
    /// In kebab-case, as statements carry it.
    pub name: &'static str,
    /// One sentence.
    pub doc: &'static str,
}

/// All notations in the order in which they read.
pub fn notations() -> impl Iterator<Item = NotationInfo> {
    NOTATIONS.iter().map(|notation| NotationInfo { name: notation.name, doc: notation.doc })
}

/// What was made of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Mark {
    /// No notation has taken it.
    #[default]
    Open,
    /// It became a statement, or belongs to one (such as a table's header).
    Understood,
    /// It was recognised as something that holds no facts for us.
    SetAside,
}

/// What the notations have found so far.
#[derive(Debug, Default)]
pub(crate) struct Output {
    pub(crate) statements: Vec<Statement>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// What drafts add; they stand behind all statements of the documents.
    pub(crate) drafted: Vec<Statement>,
    pub(crate) known: KnownEntities,
    /// What the patterns of sentences share.
    pub(crate) prose: Prose,
    /// For each document and each of its lines, with the notation that set the mark.
    marks: Vec<Vec<(Mark, &'static str)>>,
    /// The document that is being read.
    current: usize,
    notation: &'static str,
    /// The fields that are known of each entity, both folded, with their spelling.
    fields: BTreeMap<(String, String), String>,
    /// The lines that a query was read from, by document: it is read once.
    queries: std::collections::BTreeSet<(usize, usize)>,
    /// The entity that each section names, for each document.
    entities: Vec<Vec<Option<String>>>,
}

impl Output {
    pub(crate) fn new(documents: &[Document<'_>]) -> Self {
        Self {
            marks: documents.iter().map(|d| vec![(Mark::Open, ""); d.line_count()]).collect(),
            entities: documents.iter().map(|d| vec![None; d.sections.len()]).collect(),
            ..Self::default()
        }
    }

    pub(crate) fn begin(&mut self, document: usize, notation: &'static str) {
        self.current = document;
        self.notation = notation;
    }

    /// The place of the document that is being read among all.
    pub(crate) fn document_index(&self) -> usize {
        self.current
    }

    /// Adds what a sentence only suggests; its lines stay as they are.
    pub(crate) fn suggest(&mut self, span: Span, fact: Fact) {
        self.statements.push(Statement {
            fact,
            span,
            notation: self.notation,
            inferred: None,
            assumed: None,
            drafted: None,
        });
    }

    /// Adds a statement and marks its lines as understood.
    pub(crate) fn state(&mut self, document: &Document<'_>, span: Span, fact: Fact) {
        self.push(document, span, fact, None, None);
    }

    /// Adds a statement that follows from the words by a rule.
    pub(crate) fn infer(&mut self, document: &Document<'_>, span: Span, fact: Fact, reason: &str) {
        self.push(document, span, fact, Some(reason.to_owned()), None);
    }

    /// Adds a statement that no words say and that was chosen for want of one.
    pub(crate) fn assume(&mut self, document: &Document<'_>, span: Span, fact: Fact, reason: &str) {
        self.push(document, span, fact, None, Some(reason.to_owned()));
    }

    fn note_query(&mut self, span: Span, fact: &Fact) {
        if matches!(fact, Fact::AccessPattern(_)) {
            self.queries.insert((self.current, span.range().start));
        }
    }

    /// Whether a query was read from this place.
    pub(crate) fn has_query(&self, span: Span) -> bool {
        let range = span.range();
        let first = (self.current, range.start);
        self.queries.range(first..(self.current, range.end.max(range.start + 1))).next().is_some()
    }

    /// Adds a statement that follows from words which may state other facts as well: who reads
    /// those still finds their lines open.
    pub(crate) fn infer_beside(&mut self, span: Span, fact: Fact, reason: &str) {
        let inferred = Some(reason.to_owned());
        self.note_query(span, &fact);
        self.statements.push(Statement {
            fact,
            span,
            notation: self.notation,
            inferred,
            assumed: None,
            drafted: None,
        });
    }

    fn push(
        &mut self,
        document: &Document<'_>,
        span: Span,
        fact: Fact,
        inferred: Option<String>,
        assumed: Option<String>,
    ) {
        self.mark(document, span.range(), Mark::Understood);
        if let Fact::Field { entity, field } = &fact {
            self.fields.insert((fold(entity), fold(&field.name)), field.name.clone());
        }
        if let Fact::Entity(entity) = &fact {
            self.known.add(&entity.name);
            if let Some(table) = &entity.table {
                self.known.add_alias(table, &entity.name);
            }
        }
        let notation = self.notation;
        self.note_query(span, &fact);
        self.statements.push(Statement { fact, span, notation, inferred, assumed, drafted: None });
    }

    /// States that an entity exists, where the heading of a section names it.
    pub(crate) fn state_entity(
        &mut self,
        document: &Document<'_>,
        section: Option<usize>,
        title: &EntityTitle,
        span: Span,
    ) {
        if let Some(section) = section {
            let known = &mut self.entities[self.current][section];
            if known.as_deref().is_some_and(|name| fold(name) == fold(&title.name)) {
                return;
            }
            *known = Some(title.name.clone());
        }
        self.state(
            document,
            span,
            Fact::Entity(EntityFact {
                name: title.name.clone(),
                kind: title.kind,
                table: title.table.clone(),
                description: section.and_then(|section| description(document, section)),
            }),
        );
    }

    /// Sets how stale the results of the access patterns of some entities may be.
    pub(crate) fn set_staleness(
        &mut self,
        document: &Document<'_>,
        entities: &[String],
        seconds: f64,
    ) {
        for statement in &mut self.statements {
            if statement.span.document != document.id {
                continue;
            }
            if let Fact::AccessPattern(pattern) = &mut statement.fact {
                let is_meant = pattern
                    .entity
                    .as_deref()
                    .is_some_and(|name| entities.iter().any(|entity| fold(entity) == fold(name)));
                if is_meant && pattern.kind == AccessKind::Read && pattern.staleness_s.is_none() {
                    pattern.staleness_s = Some(seconds);
                }
            }
        }
    }

    /// Marks the lines of a range, without taking back that they were understood.
    pub(crate) fn mark(&mut self, document: &Document<'_>, range: Range<usize>, mark: Mark) {
        let first = document.line_of(range.start);
        let last = document.line_of(range.end.max(range.start + 1) - 1);
        for line in &mut self.marks[self.current][first..=last] {
            if line.0 != Mark::Understood {
                *line = (mark, self.notation);
            }
        }
    }

    /// What was made of the line at an offset of the document that is being read.
    pub(crate) fn mark_at(&self, document: &Document<'_>, offset: usize) -> Mark {
        self.marks[self.current][document.line_of(offset)].0
    }

    pub(crate) fn is_open(&self, document: &Document<'_>, offset: usize) -> bool {
        self.mark_at(document, offset) == Mark::Open
    }

    /// Whether any line of a range has a mark.
    pub(crate) fn is_marked(
        &self,
        document: &Document<'_>,
        range: &Range<usize>,
        mark: Mark,
    ) -> bool {
        let last = document.line_of(range.end.max(range.start + 1) - 1);
        self.marks[self.current][document.line_of(range.start)..=last]
            .iter()
            .any(|(other, _)| *other == mark)
    }

    pub(crate) fn marks(&self, document: usize) -> &[(Mark, &'static str)] {
        &self.marks[document]
    }

    pub(crate) fn warn(&mut self, code: DiagnosticCode, message: String, span: Span, help: &str) {
        self.diagnostics.push(Diagnostic::warning(code, message).at(span, "").help(help));
    }

    /// Says that a line of a block was lost, the other lines of which were read.
    pub(crate) fn unread_line(&mut self, span: Span, line: &str, help: &str) {
        self.warn(
            crate::code::UNREAD_LINE,
            format!("`{}` was not understood", line.trim()),
            span,
            help,
        );
    }

    /// Whether any field of an entity is known.
    pub(crate) fn has_fields(&self, entity: &str) -> bool {
        let entity = fold(entity);
        let first = (entity.clone(), String::new());
        self.fields.range(first..).next().is_some_and(|((owner, _), _)| *owner == entity)
    }

    /// The first spelling of an entity's field, given any.
    pub(crate) fn field(&self, entity: &str, field: &str) -> Option<&str> {
        self.fields.get(&(fold(entity), fold(field))).map(String::as_str)
    }

    /// The fields of an entity, as first spelled.
    pub(crate) fn fields_of(&self, entity: &str) -> impl Iterator<Item = &str> {
        let entity = fold(entity);
        self.fields
            .range((entity.clone(), String::new())..)
            .take_while(move |((owner, _), _)| *owner == entity)
            .map(|(_, field)| field.as_str())
    }

    /// The one entity that has a field of this name.
    pub(crate) fn only_owner_of(&self, field: &str) -> Option<&str> {
        let folded = fold(field);
        let mut owners = self.fields.keys().filter(|(_, name)| *name == folded);
        let (owner, _) = owners.next()?;
        if owners.next().is_some() {
            return None;
        }
        self.known.get(owner)
    }

    /// The folded names of the entities that have fields so far.
    pub(crate) fn described(&self) -> std::collections::BTreeSet<String> {
        self.fields.keys().map(|(entity, _)| entity.clone()).collect()
    }

    /// Adds to every statement of a field what a sentence says of it for all entities. The statements
    /// keep their places, so that the order of the fields stays that of their lists.
    pub(crate) fn complete_fields(&mut self, common: &FieldFact) -> bool {
        let folded = fold(&common.name);
        let mut any = false;
        for statement in &mut self.statements {
            if let Fact::Field { field, .. } = &mut statement.fact {
                if fold(&field.name) == folded {
                    field.required = field.required.or(common.required);
                    any = true;
                }
            }
        }
        any
    }

    /// Says once for a heading that its fields were left out.
    pub(crate) fn leave_out(&mut self, document: &Document<'_>, title: &EntityTitle, span: Span) {
        let words = title.not_stored.as_deref().unwrap_or("not stored");
        self.mark(document, span.range(), Mark::SetAside);
        let already = self.diagnostics.iter_mut().rev().take(4).find(|diagnostic| {
            diagnostic.code == crate::code::NOT_STORED
                && diagnostic.message.contains(&format!("`{}`", title.name))
        });
        if let Some(diagnostic) = already {
            diagnostic.labels.push(Label { span, text: String::new() });
            return;
        }
        self.diagnostics.push(
            Diagnostic::note(
                crate::code::NOT_STORED,
                format!("`{}` is called \"{words}\" and gets no table", title.name),
            )
            .at(span, "")
            .help("if it is stored, take that word out of its heading"),
        );
    }

    /// The known entity that the heading of a section names itself.
    pub(crate) fn named_by(&self, document: &Document<'_>, section: usize) -> Option<String> {
        if let Some(name) = &self.entities[self.current][section] {
            return Some(name.clone());
        }
        let heading = document.title(section);
        let title = read_title(heading).and_then(|title| self.known.get(&title.name));
        title
            .or_else(|| subject_of(heading).and_then(|name| self.known.get(&name)))
            .map(str::to_owned)
    }

    /// Makes a section one about an entity that its heading does not name.
    pub(crate) fn set_subject(&mut self, section: usize, entity: &str) {
        self.entities[self.current][section].get_or_insert_with(|| entity.to_owned());
    }

    /// The entity that a block is about: the nearest heading above it that names a known one.
    pub(crate) fn entity_of(
        &self,
        document: &Document<'_>,
        section: Option<usize>,
    ) -> Option<String> {
        document.path_of(section).find_map(|section| self.named_by(document, section))
    }
}

/// That something of this name exists, and no more.
pub(crate) fn entity_fact(name: &str) -> Fact {
    Fact::Entity(EntityFact {
        name: name.to_owned(),
        kind: EntityKind::Entity,
        table: None,
        description: None,
    })
}

/// The known entities that a text mentions, in order, each once. A name may be several words.
pub(crate) fn mentioned(text: &str, out: &Output) -> Vec<String> {
    let words: Vec<&str> = text
        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter(|word| !word.is_empty())
        .take(400)
        .collect();
    let mut found: Vec<String> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let hit = (1..=3.min(words.len() - at)).rev().find_map(|count| {
            out.known.get(&words[at..at + count].join(" ")).map(|name| (name, count))
        });
        match hit {
            Some((name, count)) => {
                if !found.iter().any(|other| other == name) {
                    found.push(name.to_owned());
                }
                at += count;
            }
            None => at += 1,
        }
    }
    found
}

/// The thing that a heading such as "Order State Machine" or "Indexes of `orders`" is about.
fn subject_of(title: &str) -> Option<String> {
    if let [code] = crate::words::code_spans(title).as_slice() {
        return Some((*code).to_owned());
    }
    let title = crate::entity_name::strip_numbering(title);
    let mut words: Vec<&str> = title
        .split(|c: char| c.is_whitespace() || matches!(c, ':' | '(' | ')' | '/'))
        .filter(|word| !word.is_empty())
        .collect();
    while words.len() > 1 {
        let last = words[words.len() - 1].to_lowercase();
        let is_topic = matches!(
            last.as_str(),
            "state"
                | "states"
                | "machine"
                | "lifecycle"
                | "life"
                | "cycle"
                | "transitions"
                | "status"
                | "workflow"
                | "flow"
                | "diagram"
                | "indexes"
                | "rules"
                | "relationships"
                | "queries"
                | "object"
                | "entity"
                | "table"
                | "states/transitions"
                | "invariants"
                | "validation"
                | "constraints"
                | "transition"
                | "aggregate"
                | "statuses"
        );
        if !is_topic {
            break;
        }
        words.pop();
    }
    (words.len() <= 4 && !words.is_empty()).then(|| words.join(" "))
}

/// The entity whose fields a block lists, by the headings above it, or by the words before it.
pub(crate) fn field_owner(
    document: &Document<'_>,
    block: usize,
) -> Option<(Option<usize>, EntityTitle, Range<usize>)> {
    let section = document.blocks[block].section;
    if let Some(lead) = document.lead(block) {
        // "Data (Collection: `users`)" names what is stored, whatever the heading is about.
        if let Some(title) = collection_of(lead) {
            return Some((None, title, document.blocks[block - 1].range.clone()));
        }
        // "**Users**" or "`orders` table:" before a table names its entity.
        if !is_structural(lead) && lead.split_whitespace().count() <= 4 {
            if let Some(title) = read_title(lead) {
                let is_marked = title.explicit && !ends_as_label(lead);
                if is_marked && section.is_none_or(|section| !names_entity(document, section)) {
                    let range = document.blocks[block - 1].range.clone();
                    return Some((None, title, range));
                }
            }
        }
    }
    for section in document.path_of(section) {
        let title = document.title(section);
        if is_structural(title) {
            continue;
        }
        let title = read_title(title)?;
        return Some((Some(section), title, document.sections[section].range.clone()));
    }
    None
}

/// The name in code behind "Collection:" or "Table:".
fn collection_of(lead: &str) -> Option<EntityTitle> {
    let lower = lead.to_lowercase();
    let at = ["collection: `", "table: `", "collection `", "table `"]
        .iter()
        .find_map(|mark| lower.find(mark).map(|at| at + mark.len()))?;
    let name = lead.get(at..)?.split('`').next()?;
    let is_one = crate::words::code_spans(lead).len() == 1 && crate::words::is_identifier(name);
    is_one.then(|| read_title(&format!("`{name}` table"))).flatten()
}

fn ends_as_label(lead: &str) -> bool {
    crate::words::lower_words(lead).last().is_some_and(|word| {
        matches!(word.as_str(), "fields" | "columns" | "attributes" | "properties")
    }) && lead.split_whitespace().count() <= 2
}

fn names_entity(document: &Document<'_>, section: usize) -> bool {
    read_title(document.title(section)).is_some()
}

/// The first sentence under a heading, if a paragraph stands there.
fn description(document: &Document<'_>, section: usize) -> Option<String> {
    let first = document.blocks.partition_point(|block| block.section < Some(section));
    let block = document.blocks.get(first).filter(|block| block.section == Some(section))?;
    match &block.kind {
        crate::document::BlockKind::Paragraph(inline)
            if !inline.text.ends_with(':') && !inline.strong && inline.label.is_empty() =>
        {
            Some(inline.text.clone())
        }
        _ => None,
    }
}

/// Reads one Markdown text and compares its statements and diagnostics.
#[cfg(test)]
pub(crate) fn check(text: &str, expected: &expect_test::Expect) {
    check_file("test.md", text, expected);
}

#[cfg(test)]
pub(crate) fn check_file(path: &str, text: &str, expected: &expect_test::Expect) {
    use std::fmt::Write as _;
    let mut sources = underpin_base::Sources::default();
    sources.add(path, text);
    let reading = crate::read(&sources);
    let mut actual = String::new();
    for statement in &reading.statements {
        let line = sources.location(statement.span).line;
        let _ = writeln!(actual, "{line} {}", crate::render::statement_text(statement));
    }
    for diagnostic in &reading.diagnostics {
        let line = diagnostic.primary().map_or(0, |span| sources.location(span).line);
        let _ = writeln!(actual, "{line} {} {}", diagnostic.code, diagnostic.message);
    }
    expected.assert_eq(&actual);
}
