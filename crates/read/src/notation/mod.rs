//! The notations: ways of writing facts. One file each, read in the order of [`NOTATIONS`].

mod access_pattern_table;
mod aggregate;
mod asked_table;
mod braced_fields;
mod bullet_fields;
mod chained_query;
pub(crate) mod code;
mod code_query;
mod common_fields;
mod context_list;
mod context_map;
mod context_owned;
mod context_table;
mod csharp;
mod csharp_fluent;
mod csv_columns;
mod dbml;
mod declaration_list;
mod definition_relationships;
mod deletion_table;
mod doc_comment;
mod document_index;
mod drawn_branches;
mod drawn_entity;
mod drawn_relationships;
mod duty_list;
mod endpoint_list;
mod entity_headings;
mod entity_keys;
mod entity_list;
mod enumeration_list;
mod fence_fields;
mod field_notes;
mod field_paths;
pub(crate) mod field_phrases;
mod field_table;
mod field_tree;
pub(crate) mod filter_text;
mod go_struct;
mod index_list;
mod java;
mod java_annotation;
mod json_schema;
mod key_conventions;
mod kind_values;
mod laravel_migration;
mod mermaid_class;
mod mermaid_er;
mod mermaid_flow;
mod mermaid_graph;
mod mermaid_state;
pub(crate) mod model_file;
mod model_macros;
mod openapi_paths;
mod outline_fields;
mod personal_data;
mod plantuml;
mod plantuml_state;
mod prisma;
mod python;
mod python_column;
mod query_call;
mod query_list;
pub(crate) mod query_sentence;
mod rails_migration;
mod record_block;
mod record_example;
mod record_shape;
mod recovery;
mod reference_line;
mod relation_schema;
mod relationship_lines;
mod relationship_table;
mod relationship_tree;
mod relationship_verbs;
mod retention;
mod rule_bullets;
mod rule_table;
mod rust_struct;
mod schema_call;
mod schema_column;
mod search_index;
mod signature_list;
mod sql_ddl;
mod sql_query;
mod state_boxes;
mod tenancy;
mod told_transitions;
pub(crate) mod transition_list;
mod transition_sentence;
mod transition_table;
mod typescript;
mod typescript_alias;
mod typescript_column;
mod unsaid_lines;
mod value_lines;
mod volume_table;
// xtask:new-notation:modules

mod choices;
mod convention;
mod field_owner;
mod initial_state;
mod label_owner;
mod output;
mod part;
mod python_odoo;
pub(crate) mod state_chain;
mod subject;
mod value_limits;
mod whole_lines;

pub(crate) use bullet_fields::{has_field_marks, key_item, typed_field};
pub(crate) use endpoint_list::lists_parameters;
pub(crate) use field_table::names_fields_and_types as is_field_table;
pub(crate) use json_schema::tree::says_schema;
pub(crate) use json_schema::{is_file, say_other_file};
pub(crate) use label_owner::{announced_entity, field_owner};
pub(crate) use mermaid_er::{End, end as feet, relationship};
pub(crate) use output::{Mark, Output};
pub(crate) use relationship_lines::relates;
pub(crate) use rule_bullets::is_rule_topic;

use std::ops::Range;

use crate::document::Document;
use crate::prose::{
    cardinality, coded_fields, definition, entities, evidence, field_facts, field_list,
    inline_fields, lifecycle, load, managed_values, partitions, possession, role, rule_fields,
    rule_sentence, state_drawings, upkeep, value_tells, values, volumes,
};
use crate::words::fold;
use crate::{EntityFact, EntityKind, Fact};
use Read::{Parts, Whole};

/// A way of writing facts.
pub(crate) struct Notation {
    /// In kebab-case, as statements carry it.
    pub(crate) name: &'static str,
    /// One sentence for the documentation.
    pub(crate) doc: &'static str,
    /// Reads what it understands of a document, and marks the lines that it took.
    pub(crate) read: Read,
}

/// How a notation reads a document.
#[derive(Clone, Copy)]
pub(crate) enum Read {
    /// At once: what it finds in one place counts in others.
    Whole(fn(&Document<'_>, &mut Output)),
    /// What it finds in one section does not depend on what it finds in another, so that the parts of a long document are
    /// read side by side. It looks at `Output::blocks`, `Output::sections` or `over_clauses`, and never
    /// through the whole document or all statements, which each part would do again.
    Parts(fn(&Document<'_>, &mut Output)),
}

impl Read {
    /// Reads a document.
    pub(crate) fn run(self, document: &Document<'_>, out: &mut Output) {
        match self {
            Self::Whole(read) => read(document, out),
            Self::Parts(read) => part::read(document, read, out),
        }
    }
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
    Notation { name: "model-file", doc: model_file::DOC, read: Whole(model_file::read) },
    // What is left open states nothing, whatever form it has.
    Notation { name: "unsaid-lines", doc: unsaid_lines::DOC, read: Whole(unsaid_lines::read) },
    // The most exact notations come first: they establish the names of entities.
    Notation { name: "sql-ddl", doc: sql_ddl::DOC, read: Parts(sql_ddl::read) },
    Notation { name: "prisma", doc: prisma::DOC, read: Whole(prisma::read) },
    Notation { name: "dbml", doc: dbml::DOC, read: Whole(dbml::read) },
    Notation { name: "json-schema", doc: json_schema::DOC, read: Whole(json_schema::read) },
    Notation { name: "mermaid-er", doc: mermaid_er::DOC, read: Parts(mermaid_er::read) },
    Notation { name: "mermaid-class", doc: mermaid_class::DOC, read: Parts(mermaid_class::read) },
    Notation { name: "plantuml", doc: plantuml::DOC, read: Whole(plantuml::read) },
    // A table with names and types leaves no doubt that its heading names an entity.
    Notation { name: "field-table", doc: field_table::DOC, read: Whole(field_table::read) },
    Notation { name: "typescript", doc: typescript::DOC, read: Whole(typescript::read) },
    Notation { name: "doc-comment", doc: doc_comment::DOC, read: Whole(doc_comment::read) },
    Notation { name: "braced-fields", doc: braced_fields::DOC, read: Whole(braced_fields::read) },
    Notation { name: "schema-call", doc: schema_call::DOC, read: Whole(schema_call::read) },
    Notation { name: "python", doc: python::DOC, read: Whole(python::read) },
    Notation { name: "java", doc: java::DOC, read: Whole(java::read) },
    Notation { name: "csharp", doc: csharp::DOC, read: Whole(csharp::read) },
    Notation { name: "go-struct", doc: go_struct::DOC, read: Whole(go_struct::read) },
    Notation { name: "rust-struct", doc: rust_struct::DOC, read: Whole(rust_struct::read) },
    Notation { name: "model-macros", doc: model_macros::DOC, read: Whole(model_macros::read) },
    Notation { name: "record-shape", doc: record_shape::DOC, read: Whole(record_shape::read) },
    Notation { name: "record-block", doc: record_block::DOC, read: Whole(record_block::read) },
    Notation {
        name: "laravel-migration",
        doc: laravel_migration::DOC,
        read: Whole(laravel_migration::read),
    },
    Notation {
        name: "rails-migration",
        doc: rails_migration::DOC,
        read: Whole(rails_migration::read),
    },
    Notation { name: "fence-fields", doc: fence_fields::DOC, read: Whole(fence_fields::read) },
    // Brackets right behind a name leave no doubt; what stands further in may be anything.
    Notation {
        name: "relation-schema",
        doc: relation_schema::DOC,
        read: Whole(relation_schema::read),
    },
    Notation { name: "field-tree", doc: field_tree::DOC, read: Whole(field_tree::read) },
    Notation {
        name: "outline-fields",
        doc: outline_fields::DOC,
        read: Parts(outline_fields::read),
    },
    Notation {
        name: "declaration-list",
        doc: declaration_list::DOC,
        read: Whole(declaration_list::read),
    },
    // Headings that stand under "Entities", so that the lists below them are known to be theirs.
    Notation {
        name: "entity-headings",
        doc: entity_headings::DOC,
        read: Whole(entity_headings::read),
    },
    // Names with brackets full of fields are things, before bullets take them for fields.
    Notation {
        name: "signature-list",
        doc: signature_list::DOC,
        read: Whole(signature_list::read),
    },
    // Bullets need more care: after the tables, so that a heading that has one is known.
    Notation { name: "bullet-fields", doc: bullet_fields::DOC, read: Parts(bullet_fields::read) },
    // A box is only so wide: what says a field in full comes before it.
    Notation { name: "drawn-entity", doc: drawn_entity::DOC, read: Whole(drawn_entity::read) },
    // Keys that lines of their own tell, below the fields that they are on.
    Notation {
        name: "reference-line",
        doc: reference_line::DOC,
        read: Whole(reference_line::read),
    },
    // Lists of entities have no fields; what has them is known by now.
    Notation { name: "entity-list", doc: entity_list::DOC, read: Whole(entity_list::read) },
    Notation { name: "aggregate", doc: aggregate::DOC, read: Whole(aggregate::read) },
    // What lines with cardinalities join exists, though nothing above may describe it.
    Notation {
        name: "drawn-relationships",
        doc: drawn_relationships::DOC,
        read: Whole(drawn_relationships::read),
    },
    Notation {
        name: "drawn-branches",
        doc: drawn_branches::DOC,
        read: Whole(drawn_branches::read),
    },
    // What contexts own: after all that describes entities, before what only mentions them.
    Notation { name: "context-table", doc: context_table::DOC, read: Whole(context_table::read) },
    Notation { name: "context-list", doc: context_list::DOC, read: Whole(context_list::read) },
    // Sentences and labelled lines name fields of the entities that are known by now.
    Notation { name: "field-phrases", doc: field_phrases::DOC, read: Whole(field_phrases::read) },
    // Short notes are taken by their shape, so only where nothing above described the thing.
    Notation { name: "field-notes", doc: field_notes::DOC, read: Whole(field_notes::read) },
    // A record shows fields only where nothing says them better.
    Notation {
        name: "record-example",
        doc: record_example::DOC,
        read: Whole(record_example::read),
    },
    Notation { name: "csv-columns", doc: csv_columns::DOC, read: Whole(csv_columns::read) },
    // Said once of many entities: when it is known which of them have the field.
    Notation { name: "common-fields", doc: common_fields::DOC, read: Whole(common_fields::read) },
    Notation {
        name: "enumeration-list",
        doc: enumeration_list::DOC,
        read: Parts(enumeration_list::read),
    },
    // Less is needed above these lines, so that what announces an enumeration comes first.
    Notation { name: "value-lines", doc: value_lines::DOC, read: Whole(value_lines::read) },
    // A table with a column of cardinalities says that its arrows and "from" are no states'.
    Notation {
        name: "relationship-table",
        doc: relationship_table::DOC,
        read: Parts(relationship_table::read),
    },
    // Life cycles come before relationships, since both are written with arrows: a line under a
    // heading about states is no relationship.
    Notation { name: "mermaid-state", doc: mermaid_state::DOC, read: Parts(mermaid_state::read) },
    Notation {
        name: "plantuml-state",
        doc: plantuml_state::DOC,
        read: Whole(plantuml_state::read),
    },
    Notation { name: "mermaid-flow", doc: mermaid_flow::DOC, read: Parts(mermaid_flow::read) },
    Notation { name: "state-boxes", doc: state_boxes::DOC, read: Whole(state_boxes::read) },
    Notation {
        name: "transition-table",
        doc: transition_table::DOC,
        read: Parts(transition_table::read),
    },
    Notation {
        name: "transition-list",
        doc: transition_list::DOC,
        read: Parts(transition_list::read),
    },
    Notation {
        name: "transition-sentence",
        doc: transition_sentence::DOC,
        read: Parts(transition_sentence::read),
    },
    // Fields that are named in passing, before sentences look for whose they are.
    Notation { name: "field-paths", doc: field_paths::DOC, read: Whole(field_paths::read) },
    // Sentences, after all that is exact: what that found anchors their nouns.
    Notation { name: "prose-evidence", doc: evidence::DOC, read: Whole(evidence::read) },
    Notation { name: "prose-entities", doc: entities::DOC, read: Whole(entities::read) },
    Notation { name: "prose-field-list", doc: field_list::DOC, read: Whole(field_list::read) },
    Notation {
        name: "prose-inline-fields",
        doc: inline_fields::DOC,
        read: Whole(inline_fields::read),
    },
    // Names in code come after the words that list fields: what they name otherwise is not theirs.
    Notation {
        name: "prose-coded-fields",
        doc: coded_fields::DOC,
        read: Parts(coded_fields::read),
    },
    // Definitions name in their own words what sentences and code name as it is.
    Notation { name: "prose-definition", doc: definition::DOC, read: Whole(definition::read) },
    // Exact forms of the life cycles of things that only sentences establish.
    Notation {
        name: "told-transitions",
        doc: told_transitions::DOC,
        read: Whole(told_transitions::read),
    },
    // Rules name fields in passing, so they come after the sentences that list them.
    Notation { name: "prose-rule-fields", doc: rule_fields::DOC, read: Parts(rule_fields::read) },
    Notation { name: "prose-role", doc: role::DOC, read: Whole(role::read) },
    Notation { name: "prose-values", doc: values::DOC, read: Whole(values::read) },
    Notation { name: "prose-field-facts", doc: field_facts::DOC, read: Parts(field_facts::read) },
    Notation { name: "prose-lifecycle", doc: lifecycle::DOC, read: Whole(lifecycle::read) },
    // Drawings that no heading gives to anything, when it is known which steps sentences tell of whom.
    Notation {
        name: "prose-state-drawings",
        doc: state_drawings::DOC,
        read: Whole(state_drawings::read),
    },
    // What a verb tells may be some of many, so that any list of them comes first.
    Notation { name: "prose-told-values", doc: value_tells::DOC, read: Whole(value_tells::read) },
    Notation {
        name: "prose-common-fields",
        doc: common_fields::PROSE_DOC,
        read: Whole(common_fields::read),
    },
    // "Every entity belongs to one Merchant" relates no two entities.
    Notation { name: "tenancy", doc: tenancy::DOC, read: Parts(tenancy::read) },
    // Sentences about two entities: only names that are known by now are taken.
    Notation {
        name: "relationship-lines",
        doc: relationship_lines::DOC,
        read: Parts(relationship_lines::read),
    },
    Notation {
        name: "relationship-tree",
        doc: relationship_tree::DOC,
        read: Whole(relationship_tree::read),
    },
    // The same in looser words, where the notation before found nothing.
    Notation { name: "prose-cardinality", doc: cardinality::DOC, read: Whole(cardinality::read) },
    Notation { name: "prose-possession", doc: possession::DOC, read: Whole(possession::read) },
    // What a definition says in passing counts where nothing above tells what its term is related to.
    Notation {
        name: "definition-relationships",
        doc: definition_relationships::DOC,
        read: Whole(definition_relationships::read),
    },
    Notation { name: "index-list", doc: index_list::DOC, read: Whole(index_list::read) },
    Notation {
        name: "document-index",
        doc: document_index::DOC,
        read: Whole(document_index::read),
    },
    // What only suggests a field or a relationship comes after all that states one.
    Notation { name: "duty-list", doc: duty_list::DOC, read: Whole(duty_list::read) },
    Notation { name: "kind-values", doc: kind_values::DOC, read: Parts(kind_values::read) },
    Notation { name: "mermaid-graph", doc: mermaid_graph::DOC, read: Whole(mermaid_graph::read) },
    // Queries name entities and fields; they come when all are known.
    Notation {
        name: "access-pattern-table",
        doc: access_pattern_table::DOC,
        read: Whole(access_pattern_table::read),
    },
    Notation { name: "sql-query", doc: sql_query::DOC, read: Parts(sql_query::read) },
    Notation { name: "endpoint-list", doc: endpoint_list::DOC, read: Parts(endpoint_list::read) },
    Notation { name: "openapi-paths", doc: openapi_paths::DOC, read: Whole(openapi_paths::read) },
    Notation { name: "code-query", doc: code_query::DOC, read: Parts(code_query::read) },
    Notation { name: "chained-query", doc: chained_query::DOC, read: Parts(chained_query::read) },
    Notation { name: "search-index", doc: search_index::DOC, read: Parts(search_index::read) },
    // Words are less exact than endpoints, sentences less than lists.
    Notation { name: "asked-table", doc: asked_table::DOC, read: Parts(asked_table::read) },
    Notation { name: "query-call", doc: query_call::DOC, read: Parts(query_call::read) },
    Notation { name: "query-list", doc: query_list::DOC, read: Parts(query_list::read) },
    Notation {
        name: "query-sentence",
        doc: query_sentence::DOC,
        read: Parts(query_sentence::read),
    },
    // Facts about entities as a whole, each in a form of its own; their order does not matter.
    Notation { name: "volume-table", doc: volume_table::DOC, read: Parts(volume_table::read) },
    Notation { name: "retention", doc: retention::DOC, read: Parts(retention::read) },
    Notation { name: "personal-data", doc: personal_data::DOC, read: Parts(personal_data::read) },
    Notation {
        name: "deletion-table",
        doc: deletion_table::DOC,
        read: Parts(deletion_table::read),
    },
    Notation { name: "recovery", doc: recovery::DOC, read: Parts(recovery::read) },
    // How long rows are kept, and how many there are, is no rule of one row, also in a list of rules.
    Notation { name: "prose-volumes", doc: volumes::DOC, read: Parts(volumes::read) },
    Notation { name: "prose-load", doc: load::DOC, read: Parts(load::read) },
    // Before retention: partitions that are dropped after a time are partitions first.
    Notation { name: "prose-partitions", doc: partitions::DOC, read: Parts(partitions::read) },
    Notation { name: "prose-upkeep", doc: upkeep::DOC, read: Parts(upkeep::read) },
    // What is said once of all keys: when it is known who has one.
    Notation {
        name: "key-conventions",
        doc: key_conventions::DOC,
        read: Whole(key_conventions::read),
    },
    // Rules take every item of their lists, so they come after all that is more exact.
    Notation { name: "rule-table", doc: rule_table::DOC, read: Parts(rule_table::read) },
    Notation { name: "rule-bullets", doc: rule_bullets::DOC, read: Parts(rule_bullets::read) },
    // The same in free text, where nothing above read a rule.
    Notation {
        name: "prose-rule-sentence",
        doc: rule_sentence::DOC,
        read: Parts(rule_sentence::read),
    },
    // Which fields have listed values is known by now.
    Notation {
        name: "prose-managed-values",
        doc: managed_values::DOC,
        read: Whole(managed_values::read),
    },
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
    let mut words: Vec<Range<usize>> = Vec::new();
    let is_inside = |c: char| c.is_alphanumeric() || c == '_';
    let mut rest = 0;
    while let Some(start) = text[rest..].find(is_inside).map(|at| rest + at) {
        let end = text[start..].find(|c| !is_inside(c)).map_or(text.len(), |at| start + at);
        words.push(start..end);
        rest = end;
        if words.len() == 400 {
            break;
        }
    }
    let mut found: Vec<String> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let run = &words[at..words.len().min(at + 3)];
        let hit = if out.known.may_begin(&text[words[at].clone()]) {
            (1..=run.len()).rev().find_map(|count| {
                let name = out.known.get_folded(&fold(&text[run[0].start..run[count - 1].end]));
                name.map(|name| (name, count))
            })
        } else {
            None
        };
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

/// The first sentence under a heading, if a paragraph stands there.
fn description(document: &Document<'_>, section: usize) -> Option<String> {
    let (_, block) = document.blocks_of(section).next()?;
    match &block.kind {
        crate::document::BlockKind::Paragraph(inline)
            if !inline.text.ends_with(':')
                && !inline.strong
                && inline.label.is_empty()
                && announced_entity(&inline.text).is_none() =>
        {
            Some(inline.text.to_string())
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
    expected.assert_eq(&rendered(path, text));
}

/// What is read of one file: a line each for its statements and diagnostics.
#[cfg(test)]
pub(crate) fn rendered(path: &str, text: &str) -> String {
    use std::fmt::Write as _;
    let mut sources = underpin_base::Sources::default();
    sources.add(path, text);
    let said = |reading: &crate::Reading| {
        let mut said = String::new();
        for statement in &reading.statements {
            let line = sources.location(statement.span).line;
            let _ = writeln!(said, "{line} {}", crate::render::statement_text(statement));
        }
        for diagnostic in &reading.diagnostics {
            let line = diagnostic.primary().map_or(0, |span| sources.location(span).line);
            let _ = writeln!(said, "{line} {} {}", diagnostic.code, diagnostic.message);
        }
        said
    };
    let actual = said(&crate::read(&sources));
    assert_eq!(said(&crate::read_in_parts(&sources, 1)), actual, "each section by itself");
    actual
}
