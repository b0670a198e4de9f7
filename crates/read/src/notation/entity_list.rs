//! Tables and lists that say which entities there are.

use std::collections::BTreeSet;
use std::ops::Range;

use underpin_base::Span;

use crate::EntityKind;
use crate::document::{BlockKind, Document, Item, List, Table};
use crate::entity_name::{EntityTitle, read_title};
use crate::lifecycle::is_strict_state_topic;
use crate::notation::declaration_list::declarations;
use crate::notation::field_phrases::label_fields;
use crate::notation::field_table::mark_header;
use crate::notation::state_chain::{Chain, chain};
use crate::notation::{Output, entity_fact, entity_keys};
use crate::words::{
    code_spans, fold, is_identifier, lower_words, parenthesized, split_once_any,
    strip_prefix_ignoring_case, unquote,
};
use crate::{EntityFact, Fact, FieldFact};
use labels::{
    announces_entities, is_list_of_entities, names_collections, names_models, names_value_objects,
    plain_fields,
};

mod labels;

pub(super) const DOC: &str =
    "A table of entities with what each is for, or a list under \"Models\" or \"Entities\".";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (index, block) in document.blocks.iter().enumerate() {
        match &block.kind {
            BlockKind::Table(table) if out.is_open(document, block.range.start) => {
                let headers: Vec<String> =
                    table.header.iter().map(|cell| lower_words(&cell.text).join(" ")).collect();
                let names = headers.first().is_some_and(|header| {
                    matches!(
                        header.as_str(),
                        "entity"
                            | "table"
                            | "model"
                            | "entity name"
                            | "table name"
                            | "collection"
                            | "domain entity"
                            | "aggregate root"
                            | "aggregate"
                            | "core entity"
                            | "business entity"
                            | "object"
                    )
                });
                let about = headers.iter().skip(1).position(|header| {
                    matches!(
                        header.as_str(),
                        "purpose"
                            | "description"
                            | "meaning"
                            | "responsibility"
                            | "notes"
                            | "what it is"
                            | "comment"
                            | "primary purpose"
                            | "stores"
                            | "summary"
                            | "role"
                            | "used for"
                            | "what it stores"
                            | "contents"
                            | "definition"
                            | "responsibilities"
                            | "parent aggregate"
                            | "aggregate"
                            | "parent"
                            | "key invariants"
                            | "invariants"
                            | "business rules"
                    )
                });
                let listed = headers.iter().position(|header| names_fields(header));
                let keys = headers.iter().position(|header| {
                    matches!(
                        header.as_str(),
                        "key constraints" | "constraints" | "keys" | "key constraint"
                    )
                });
                let parent = headers
                    .iter()
                    .position(|header| matches!(header.as_str(), "parent aggregate" | "parent"));
                // "Aggregate Root?" is answered by "No (child of Order)".
                let rooted = headers
                    .iter()
                    .position(|header| matches!(header.as_str(), "aggregate root" | "root"))
                    .filter(|&at| at > 0);
                let lists = listed.is_some_and(|at| lists_fields(table, at));
                if !names || about.is_none() && !lists {
                    continue;
                }
                let lists_indexes = headers
                    .iter()
                    .any(|header| matches!(header.as_str(), "index name" | "index" | "index type"))
                    && headers
                        .iter()
                        .any(|header| header.starts_with("column") || header.starts_with("field"));
                if headers.len() > 5 || lists_indexes || is_out_of_scope(document, block.section) {
                    continue;
                }
                let mut any = false;
                let mut said = Vec::new();
                let mut parents = Vec::new();
                for row in &table.rows {
                    // "IdeaStatus | New enum" lists values.
                    let is_enum = row.cells.iter().skip(1).any(|cell| {
                        let words = lower_words(&cell.text);
                        words.len() <= 3 && words.iter().any(|it| it == "enum")
                    });
                    let Some(title) = read_title(row.text(0)).filter(|_| !is_enum) else {
                        continue;
                    };
                    let description = about.map_or("", |about| row.text(about + 1).trim());
                    let fact = Fact::Entity(EntityFact {
                        name: title.name.clone(),
                        kind: title.kind,
                        table: title.table.clone(),
                        description: (!description.is_empty()).then(|| description.to_owned()),
                    });
                    if title.not_stored.is_some() {
                        out.leave_out(document, &title, document.span(row.range.clone()));
                    } else {
                        let span = document.span(row.range.clone());
                        out.state(document, span, fact);
                        for field in
                            listed.map(|at| cell_fields(row.text(at), out)).unwrap_or_default()
                        {
                            out.state(
                                document,
                                span,
                                Fact::Field { entity: title.name.clone(), field },
                            );
                        }
                        for cell in row.cells.iter().skip(1) {
                            state_life(document, span, &title.name, &cell.text, out);
                        }
                        if let Some(at) = keys {
                            said.push((title.name.clone(), span, row.text(at).to_owned()));
                        }
                        if let Some(at) = parent {
                            parents.push((title.name.clone(), span, row.text(at).to_owned()));
                        }
                        if let Some(root) = rooted.and_then(|at| named_root(row.text(at))) {
                            parents.push((title.name.clone(), span, root.to_owned()));
                        }
                        any = true;
                    }
                }
                // Both name entities of other rows.
                for (entity, span, text) in said {
                    entity_keys::read_cell(document, span, &entity, &text, out);
                }
                for (entity, span, text) in parents {
                    entity_keys::read_parent(document, span, &entity, &text, out);
                }
                if any {
                    mark_header(document, table, &block.range, out);
                }
            }
            BlockKind::List(list)
                if document.lead(index).is_some_and(says_owned)
                    && !is_out_of_scope(document, block.section) =>
            {
                read_owned(document, list, out);
            }
            BlockKind::List(list) => {
                let title = block.section.map(|section| document.title(section));
                let names = |label: &str| {
                    names_models(label)
                        || names_value_objects(label)
                        || names_collections(label)
                        || announces_entities(label)
                };
                let label = document.lead(index).filter(|lead| names(lead)).or_else(|| {
                    // A sentence such as "We split it into 5 things:" leaves the heading in force.
                    title.filter(|_| {
                        document.lead(index).is_none_or(|lead| lead.split_whitespace().count() > 4)
                    })
                });
                if is_out_of_scope(document, block.section) {
                    continue;
                }
                if let Some(label) = label.filter(|label| names(label)) {
                    read_named(document, list, None, label, out);
                }
                // "- Data entities:" with the entities as items below it.
                for (at, item) in list.items.iter().enumerate().filter(|(_, it)| it.has_children) {
                    let text = item.content.text.trim();
                    if let Some(label) = text.strip_suffix(':').filter(|label| names(label)) {
                        read_named(document, list, Some(at), label, out);
                    }
                }
            }
            BlockKind::Paragraph(_) | BlockKind::Table(_) | BlockKind::Code(_) => {}
        }
    }
}

/// The items of a list, or those below one of its items, where a label says that they are entities.
fn read_named(
    document: &Document<'_>,
    list: &List,
    parent: Option<usize>,
    label: &str,
    out: &mut Output,
) {
    let are_values = names_value_objects(label);
    let stored = names_collections(label);
    let own = || list.items.iter().filter(|item| item.parent == parent);
    if stored && !own().all(is_code_name) {
        return;
    }
    let is_sure = stored || are_values || is_list_of_entities(label);
    for item in own() {
        let Some((title, rest)) = listed(item, is_sure) else { continue };
        let span = document.span(item.content.range());
        if !out.is_open(document, span.range().start) {
            continue;
        }
        if title.not_stored.is_some() {
            out.leave_out(document, &title, span);
            continue;
        }
        // What is no more than a name gives nothing to embed.
        if are_values && rest.is_empty() && !item.has_children {
            continue;
        }
        let fact = Fact::Entity(EntityFact {
            name: title.name.clone(),
            kind: if are_values { EntityKind::ValueObject } else { title.kind },
            table: title.table,
            description: (!rest.is_empty()).then(|| rest.to_owned()),
        });
        out.state(document, span, fact);
        for field in plain_fields(rest) {
            out.state(document, span, Fact::Field { entity: title.name.clone(), field });
        }
    }
}

/// Whether words say that a module owns what follows: "Owns the facts of a catalog:".
fn says_owned(lead: &str) -> bool {
    let words = lower_words(lead);
    let verb =
        words.iter().position(|word| matches!(word.as_str(), "owns" | "stores" | "persists"));
    verb.is_some_and(|at| at <= 3) && !words.iter().any(|word| word == "not" || word == "no")
}

/// What a module owns, where that is written as types: "`Venue`", "Global `Sport`", "`Account`: stable key". Behaviour and
/// plain words stand among them, classes of a program do not.
fn read_owned(document: &Document<'_>, list: &List, out: &mut Output) {
    let owned = |item: &Item| {
        let (before, rest) = item.content.text.split_once('`')?;
        let (name, after) = rest.split_once('`')?;
        let after = after.trim_start();
        let is_type = is_identifier(name)
            && name.starts_with(char::is_uppercase)
            && name.contains(char::is_lowercase)
            && !name.contains('.');
        let is_item = after.is_empty() || after.starts_with([':', '(', '—', '–', '-']);
        (is_type && is_item && before.split_whitespace().count() <= 1)
            .then(|| (name.to_owned(), item.content.range()))
    };
    let items = list.items.iter().filter(|item| item.depth == 0);
    let found: Vec<(String, Range<usize>)> = items.filter_map(owned).collect();
    let runs = |(name, _): &(String, Range<usize>)| is_service(name) && !name.ends_with("Policy");
    if found.len() < 2 || found.iter().any(runs) {
        return;
    }
    for (name, place) in found {
        if out.known.get(&name).is_none() && out.is_open(document, place.start) {
            out.state(document, document.span(place), entity_fact(&name));
        }
    }
}

/// "Status transitions: Draft → Approved" in a cell about the entity.
fn state_life(document: &Document<'_>, span: Span, entity: &str, text: &str, out: &mut Output) {
    for sentence in text.split(". ") {
        let Some((label, rest)) = sentence.split_once(':') else { continue };
        let chain = is_strict_state_topic(label).then(|| chain(rest)).flatten();
        for (from, to) in chain.iter().flat_map(Chain::pairs) {
            let fact = Fact::Transition {
                entity: entity.to_owned(),
                field: None,
                from: from.to_owned(),
                to: to.to_owned(),
                on: None,
            };
            out.state(document, span, fact);
        }
    }
}

/// Whether a column's header says that it names fields, whichever of them: "Key Fields", "Notable columns".
fn names_fields(header: &str) -> bool {
    let words: Vec<&str> = header.split(' ').collect();
    let Some((last, front)) = words.split_last() else { return false };
    matches!(*last, "fields" | "columns" | "attributes" | "properties")
        && front.iter().all(|word| {
            matches!(
                *word,
                "key"
                    | "main"
                    | "important"
                    | "notable"
                    | "core"
                    | "essential"
                    | "major"
                    | "relevant"
                    | "selected"
                    | "typical"
                    | "stored"
                    | "data"
                    | "its"
                    | "all"
                    | "and"
            )
        })
}

/// Whether a column lists the fields of each row's entity, and not those of an index on it: each
/// entity stands there once, most of them with several fields.
fn lists_fields(table: &Table, column: usize) -> bool {
    let names: BTreeSet<String> = table.rows.iter().map(|row| fold(row.text(0))).collect();
    let several = table.rows.iter().filter(|row| row.text(column).contains(',')).count();
    names.len() == table.rows.len() && several * 2 > table.rows.len()
}

/// The root in "No (child of Order)".
fn named_root(text: &str) -> Option<&str> {
    let inside = parenthesized(text).map_or(text, |(_, inside, _)| inside);
    ["child of ", "part of ", "member of ", "within ", "owned by "]
        .iter()
        .find_map(|lead| strip_prefix_ignoring_case(inside.trim(), lead))
}

/// The fields in a cell: one run of code that declares them, or names one after the other.
fn cell_fields(text: &str, out: &Output) -> Vec<FieldFact> {
    let declared = code_spans(text).first().and_then(|code| declarations(code));
    declared.unwrap_or_else(|| label_fields(text, out))
}

pub(super) fn is_out_of_scope(document: &Document<'_>, section: Option<usize>) -> bool {
    document.path_of(section).any(|section| {
        let title = document.title(section).to_lowercase();
        title.contains("out of scope")
            || title.contains("not in scope")
            || title.contains("future evolution")
            || title.contains("non-goals")
            // "Roadmap Structure" is about roadmaps that are kept.
            || title.trim().ends_with("roadmap")
            || title.contains("roadmap:")
            || title.contains("roadmap (")
            || title.contains("(future)")
            || title.contains("(deferred)")
            || title.starts_with("future ")
            || title.contains("explicitly excluded")
    })
}

/// Whether an item begins with a name in the form of code: "`orders` → what was bought", `borrow_records`.
fn is_code_name(item: &Item) -> bool {
    let text = item.content.text.trim();
    let name = text.strip_prefix('`').and_then(|rest| rest.split_once('`')).map(|it| it.0);
    name.map_or_else(|| is_identifier(text) && !text.contains(char::is_uppercase), is_identifier)
}

/// The entity that an item names, and what follows the name. Only a bare name set as code is surely
/// one wherever models are listed, since services and jobs stand beside them; in a list of entities
/// the name may be bold, or stand before a colon, a dash or a bracket.
fn listed(item: &Item, is_sure: bool) -> Option<(EntityTitle, &str)> {
    let text = item.content.text.trim();
    if text.starts_with('`') {
        let code = *code_spans(text).first()?;
        let rest = text.get(code.len() + 2..)?.trim_start();
        let is_alone = code_spans(text).len() == 1 && !item.has_children;
        let goes_on = rest.is_empty() || rest.starts_with([':', '-', '–', '—', '(', '→']);
        if !is_identifier(code) || is_service(code) || !(is_alone || is_sure && goes_on) {
            return None;
        }
        return Some((read_title(unquote(code))?, after_name(rest)));
    }
    if !is_sure {
        return None;
    }
    let label = item.content.label.trim_end_matches(':').trim();
    let (head, rest) = if !label.is_empty() {
        (label, text.get(label.len()..).unwrap_or_default())
    } else {
        match split_once_any(text, &[": ", " — ", " – ", " - ", " ("]) {
            Some((head, _)) => (head, text.get(head.len()..).unwrap_or_default()),
            None => (text.trim_end_matches(':'), ""),
        }
    };
    let rest = rest.trim_start();
    let head = head.trim();
    let is_name = head.split_whitespace().count() <= 3
        && head.starts_with(|c: char| c.is_uppercase() || !label.is_empty())
        || is_identifier(head) && (head.contains('_') || is_code_name(item));
    let goes_on = rest.is_empty() || rest.starts_with([':', '-', '–', '—', '(', '→']);
    if !is_name
        || !goes_on
        || is_service(head)
        || item.has_children && label.is_empty() && rest.is_empty() && !text.ends_with(':')
    {
        return None;
    }
    let title = read_title(head)?;
    Some((title, after_name(rest)))
}

fn after_name(rest: &str) -> &str {
    rest.trim_start_matches([':', '-', '–', '—', '→', ' '])
}

/// Names that classes of behaviour carry.
pub(super) fn is_service(name: &str) -> bool {
    [
        "Service",
        "Job",
        "Worker",
        "Controller",
        "Runner",
        "Executor",
        "Publisher",
        "Verifier",
        "Handler",
        "Factory",
        "Manager",
        "Provider",
        "Adapter",
        "Client",
        "Policy",
        "Repository",
        "Gateway",
        "Listener",
        "Mapper",
        "Validator",
        "Builder",
    ]
    .iter()
    .any(|end| name.ends_with(end) && name.len() > end.len())
        || name.contains("::")
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn names_in_a_list_of_entities() {
        check(
            "## Entities and Relationships\n\nWe split the domain into these things:\n\n1. **Member**: The person insured.\n2. **Line Item** – A service.\n3. Policy: the contract\n4. something we say in passing\n\n## Core tables\n\n- `claims`: what was asked (`id`, `total`)\n- `audit_logs` (append only)\n\n## Models and services\n\n- Publisher: publishes\n",
            &expect![[r#"
                5 entity-list  entity Member -- The person insured.
                6 entity-list  entity Line Item -- A service.
                7 entity-list  entity Policy -- the contract
                12 entity-list  entity claims -- what was asked (`id`, `total`)
                13 entity-list  entity audit_logs -- (append only)
            "#]],
        );
    }

    #[test]
    fn what_entities_should_do_is_no_list_of_them() {
        check(
            "Entities should never:\n\n- Call services.\n- Keep state.\n\n| Aggregate | Responsibility |\n|-|-|\n| Wallet | Keeps money |\n",
            &expect![[r#"
                8 entity-list  entity Wallet -- Keeps money
            "#]],
        );
    }

    #[test]
    fn tables_and_model_lists() {
        check(
            "| Entity | Purpose |\n|-|-|\n| User | A person |\n| Report (computed) | Sums |\n\n## Ingress\n\nModels and services:\n- `WebhookEvent`\n- `Flow::Verifier`\n- `ExecutionJob`\n",
            &expect![[r#"
                3 entity-list  entity User -- A person
                9 entity-list  entity WebhookEvent
                4 R007 `Report` is called "computed" and gets no table
            "#]],
        );
    }

    #[test]
    fn attributes_and_the_root_that_an_entity_hangs_on() {
        check(
            "| Entity | Aggregate Root? | Key Attributes | Key Invariants |\n|-|-|-|-|\n| **Shop** | Yes | id, name | Never empty |\n| **Shelf** | No (child of Shop) | id, shopId (required), note (optional) | Status transitions: Draft → Open (by hand). Then it stays. |\n| **Label** | No (print module) | id | |\n\n| Entity | Owner |\n|-|-|\n| Report | Sales |\n",
            &expect![[r#"
                3 entity-list  entity Shop -- Never empty
                3 entity-list  field Shop.id
                3 entity-list  field Shop.name
                4 entity-list  entity Shelf -- Status transitions: Draft → Open (by hand). Then it stays.
                4 entity-list  field Shelf.id
                4 entity-list  field Shelf.shopId required
                4 entity-list  field Shelf.note optional
                4 entity-list  transition Shelf: Draft -> Open
                4 entity-list  relationship Shop 1:N Shelf [inferred: a root owns its members]
                5 entity-list  entity Label
                5 entity-list  field Label.id
                7 R001 the table `Entity | Owner` was not understood, so nothing in it reached the model
            "#]],
        );
    }

    #[test]
    fn collections_of_a_database_of_documents() {
        check(
            "## 7. MongoDB collections\n- books\n- loan_records\n\n## Chat\n\n**Collections:**\n\n- `chats` → what two people talk about\n- `messages` → what they say\n\n## Collections\n\n- Summer\n- Winter sale\n\n## Stamp collections\n\n- `rare`\n- `old`\n",
            &expect![[r#"
                2 entity-list  entity books
                3 entity-list  entity loan_records
                9 entity-list  entity chats -- what two people talk about
                10 entity-list  entity messages -- what they say
            "#]],
        );
    }

    #[test]
    fn types_that_a_module_owns() {
        check(
            "# Modules\n\n## Catalog\n\nOwns what stays the same:\n\n- `Venue`\n- Global `Sport`\n- `SeatPlan`: rows and places\n- Search of venues\n\n## Desk\n\nOwns the flow of work:\n\n- `DeskService`\n- `DeskRepository`\n\nIt does not own:\n\n- `Invoice`\n- `Payment`\n",
            &expect![[r#"
                7 entity-list  entity Venue
                8 entity-list  entity Sport
                9 entity-list  entity SeatPlan
                10 query-sentence  read "Search of venues" of Venue [inferred: a sentence asks for it]
            "#]],
        );
    }

    #[test]
    fn sentences_that_announce_entities() {
        check(
            "## Data\n\nThe system shall maintain the following primary entities:\n\n* Boat\n* BoatOar\n* Harbour Master\n",
            &expect_test::expect![[r#"
                5 entity-list  entity Boat
                6 entity-list  entity BoatOar
                7 entity-list  entity Harbour Master
            "#]],
        );
        check(
            "## Data\n\nThe following tables show what was measured:\n\n* Speed\n* Depth\n\nThe following entities are out of scope:\n\n* Sail\n* Rope\n\nThe schema in this repository uses the following entities:\n\n- `Mast` and its stays\n- `Hull`\n",
            &expect_test::expect![[r#"
                8 R013 nothing was taken from what is left open or out of scope
            "#]],
        );
    }
}
