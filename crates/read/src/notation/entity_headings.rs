//! Headings that name entities because of where they stand: under "Entities" or "Core tables".

use crate::EntityKind;
use crate::document::{BlockKind, Document, Section};
use crate::entity_name::{
    EntityTitle, is_structural, read_title, read_title_over_fields, strip_numbering,
};
use crate::notation::Output;
use crate::notation::entity_list::{is_out_of_scope, is_service};
use crate::words::{code_spans, is_identifier, lower_words, parenthesized, split_top, unquote};
use smol_str::SmolStr;
use underpin_base::parallel;

pub(super) const DOC: &str = "The headings inside a section that is called \"Entities\", \"Tables\" or \"Value Objects\", and those that make up a domain model.";

/// What the sections inside a section are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Collection {
    /// Entities, each of them.
    Entities,
    /// Value objects, each of them.
    ValueObjects,
    /// A model: entities if all of them look like it, since topics stand there too.
    Model,
    /// Those that are divided as entities are, whatever the section is called.
    Divided,
}

/// The sections of a document by the one that they are a part of; those at the top come last.
fn children(document: &Document<'_>) -> Vec<Vec<usize>> {
    let mut children = vec![Vec::new(); document.sections.len() + 1];
    for (index, section) in document.sections.iter().enumerate() {
        children[section.parent.unwrap_or(document.sections.len())].push(index);
    }
    children
}

/// So many headings are looked at before another thread would have begun.
const SECTIONS_OF_A_THREAD: usize = 500;

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    let tree = children(document);
    let collections =
        parallel::map(&document.sections, SECTIONS_OF_A_THREAD, |it| collection(&it.title.text));
    for (parent, children) in tree.iter().enumerate() {
        let parent = (parent < document.sections.len()).then_some(parent);
        let named = parent.and_then(|parent| collections[parent]);
        if is_out_of_scope(document, parent) {
            continue;
        }
        // Under a title such as "Domain Model" that stands beside its entities, a purpose and rules
        // are enough.
        let titled = parent.is_none() && children.len() > 3 && collections[children[0]].is_some();
        let divided: Vec<bool> = children
            .iter()
            .map(|&child| {
                is_divided_as_entity(document, &tree[child])
                    || titled && has_purpose_and_rules(document, &tree[child])
            })
            .collect();
        // One may be a topic that has rules; two are the way in which the document is written.
        let is_way = divided.iter().filter(|it| **it).count() >= 2;
        let mut collection = match named {
            Some(collection) => collection,
            None if is_way => Collection::Divided,
            None => continue,
        };
        // A chapter or a document that has a section of entities of its own is none itself.
        let holds_one =
            children.iter().any(|&child| collections[child] == Some(Collection::Entities));
        if holds_one && collection == Collection::Entities {
            continue;
        }
        let titles = parallel::map(children, SECTIONS_OF_A_THREAD, |&child| title(document, child));
        if collection == Collection::Model && !makes_up_model(&tree, children, &titles) {
            if !is_way {
                continue;
            }
            collection = Collection::Divided;
        }
        for ((&child, title), divided) in children.iter().zip(titles).zip(divided) {
            let Some(title) = title else {
                if collection == Collection::Entities {
                    several(document, child, out);
                }
                continue;
            };
            // A chapter over tables of its own is no table.
            let is_chapter = tree[child].iter().any(|&inner| {
                let inner = document.title(inner);
                !is_structural(inner) && read_title(inner).is_some_and(|title| title.explicit)
            });
            let is_chapter = is_chapter || lists_tables(document, child);
            if collection == Collection::Divided && !divided || is_chapter {
                continue;
            }
            let place = document.sections[child].range.clone();
            // A heading that a notation understood is an entity already, or something else.
            if !out.is_open(document, place.start) {
                continue;
            }
            let title = match collection {
                Collection::ValueObjects => EntityTitle { kind: EntityKind::ValueObject, ..title },
                Collection::Entities | Collection::Model | Collection::Divided => title,
            };
            let span = document.span(place);
            if title.not_stored.is_some() {
                out.leave_out(document, &title, span);
            } else {
                out.state_entity(document, Some(child), &title, span);
            }
        }
    }
    over_declared_fields(document, out);
}

/// Headings over a line that declares fields: "Fields: `id` (uuid, PK), `name` (text)".
fn over_declared_fields(document: &Document<'_>, out: &mut Output) {
    for block in &document.blocks {
        let (BlockKind::Paragraph(inline), Some(section)) = (&block.kind, block.section) else {
            continue;
        };
        let Some(is_keyed) = inline.lines.iter().find_map(|line| declared_fields(&line.text))
        else {
            continue;
        };
        let place = document.sections[section].range.clone();
        if out.named_by(section).is_some()
            || is_out_of_scope(document, Some(section))
            || !out.is_open(document, place.start)
        {
            continue;
        }
        let title = read_title_over_fields(document.title(section), is_keyed);
        if let Some(title) = title.filter(|it| it.not_stored.is_none()) {
            out.state_entity(document, Some(section), &title, document.span(place));
        }
    }
}

/// Whether one of the fields that a line declares is marked as the key; `None` where it declares none.
fn declared_fields(line: &str) -> Option<bool> {
    let (label, list) = line.split_once(':')?;
    matches!(label.trim(), "Fields" | "Columns" | "Attributes" | "Properties").then_some(())?;
    let list = split_top(list, &[',']);
    let is_declared = |part: &&str| {
        let name = part.trim().strip_prefix('`').and_then(|rest| rest.split_once('`'));
        name.is_some_and(|(_, rest)| rest.trim_start().starts_with('('))
    };
    let is_key = |part: &&str| {
        let said = parenthesized(part).map_or("", |(_, said, _)| said);
        lower_words(said).iter().any(|word| matches!(word.as_str(), "pk" | "primary"))
    };
    (list.len() > 1 && list.iter().all(is_declared)).then(|| list.iter().any(is_key))
}

/// The entities of a heading that lists their names: "Purchase, Invoice, Customer".
fn several(document: &Document<'_>, section: usize, out: &mut Output) {
    let title = strip_numbering(document.title(section));
    let names: Vec<&str> = title.split(',').map(|name| unquote(name.trim())).collect();
    let is_name = |name: &&str| is_identifier(name) && name.starts_with(char::is_alphabetic);
    let place = document.sections[section].range.clone();
    if names.len() < 2 || !names.iter().all(is_name) || !out.is_open(document, place.start) {
        return;
    }
    for name in names {
        if let Some(title) = read_title(name).filter(|_| out.known.get(name).is_none()) {
            out.state_entity(document, None, &title, document.span(place.clone()));
        }
    }
}

/// Whether a table in a section lists tables: then its heading is a chapter of them.
fn lists_tables(document: &Document<'_>, section: usize) -> bool {
    document.blocks_of(section).any(|(_, block)| match &block.kind {
        BlockKind::Table(table) => table.header.first().is_some_and(|cell| {
            matches!(
                lower_words(&cell.text).join(" ").as_str(),
                "table" | "entity" | "collection" | "model" | "table name"
            )
        }),
        BlockKind::Paragraph(_) | BlockKind::List(_) | BlockKind::Code(_) => false,
    })
}

/// Whether a section is divided as the description of an entity is: what it consists of or relates
/// to, beside another aspect of it.
fn is_divided_as_entity(document: &Document<'_>, children: &[usize]) -> bool {
    let titles: Vec<String> = children
        .iter()
        .map(|&child| lower_words(strip_numbering(document.title(child))).join(" "))
        .collect();
    let has = |list: &[&str]| titles.iter().any(|title| list.contains(&title.as_str()));
    let relates = has(&["relationships", "relations", "associations", "relaciones", "relações"]);
    let consists = children.iter().any(|&child| is_structural(document.title(child)));
    let behaves = has(&[
        "invariants",
        "business rules",
        "rules",
        "validation rules",
        "validation",
        "constraints",
        "responsibilities",
        "purpose",
        "description",
        "behavior",
        "behaviour",
        "behaviors",
        "behaviours",
        "lifecycle",
        "states",
        "state transitions",
        "identity",
        "domain events",
        "value objects",
        "examples",
        "methods",
        "indexes",
    ]);
    (relates || consists) && (relates && consists || behaves)
}

/// Whether a section says what a thing is for and what holds of it.
fn has_purpose_and_rules(document: &Document<'_>, children: &[usize]) -> bool {
    let titles: Vec<String> = children
        .iter()
        .map(|&child| lower_words(strip_numbering(document.title(child))).join(" "))
        .collect();
    let has = |list: &[&str]| titles.iter().any(|title| list.contains(&title.as_str()));
    has(&["purpose", "description", "definition"])
        && has(&["business rules", "rules", "invariants", "responsibilities"])
}

/// Whether a heading says that what stands under it are entities.
pub(super) fn lists_entities(title: &str) -> bool {
    collection(title) == Some(Collection::Entities)
}

/// What a heading says of the headings inside it.
fn collection(title: &str) -> Option<Collection> {
    let title = strip_numbering(title);
    let title = parenthesized(title).map_or(title, |(before, _, _)| before);
    // "ReviewForge - Domain Model" names the project first.
    let title = title.rsplit([':', '—', '–', '-']).next().unwrap_or(title);
    let words = lower_words(title);
    if words.is_empty() || words.len() > 5 {
        return None;
    }
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    if has(&[
        "view",
        "views",
        "read",
        "ui",
        "temporary",
        "relationship",
        "cache",
        "external",
        "api",
        "diagram",
        "deferred",
        "future",
        "planned",
        "phase",
        "removed",
        "deprecated",
        "enum",
        "enums",
        "request",
        "response",
        "dto",
        "dtos",
        "events",
        "excluded",
        "lookup",
        "without",
    ]) {
        return None;
    }
    let last = words.last().map(SmolStr::as_str).unwrap_or_default();
    let first = words.first().map(SmolStr::as_str).unwrap_or_default();
    if words.windows(2).any(|pair| pair[0] == "value" && pair[1] == "objects") {
        return Some(Collection::ValueObjects);
    }
    // "Key Entities & Identifiers" lists entities, whatever else it is about.
    let head = title.split(" & ").next().unwrap_or_default();
    let head = lower_words(head).pop().unwrap_or_default();
    let bounds = last == "boundaries" && matches!(first, "aggregate" | "aggregates");
    if matches!(last, "entities" | "tables" | "aggregates" | "collections")
        || bounds
        || head == "entities"
        || matches!(first, "entities" | "tables" | "collections") && words.len() > 1
    {
        return Some(Collection::Entities);
    }
    let is_model = matches!(last, "model" | "models" | "schema" | "objects")
        && (words.len() == 1 && last == "models"
            || has(&[
                "domain",
                "data",
                "database",
                "entity",
                "core",
                "business",
                "conceptual",
                "logical",
            ]));
    is_model.then_some(Collection::Model)
}

/// The entity that a section's heading can name.
fn title(document: &Document<'_>, section: usize) -> Option<EntityTitle> {
    let Section { title, .. } = &document.sections[section];
    let is_thing = document.is_thing(section);
    if !is_thing && (is_structural(&title.text) || collection(&title.text).is_some()) {
        return None;
    }
    let found = document.entity_title(section)?;
    let words = found.name.split_whitespace().count();
    // "Lead Management" heads a chapter of tables.
    let last = lower_words(&found.name).pop().unwrap_or_default();
    if words > 1
        && matches!(last.as_str(), "management" | "configuration" | "administration" | "system")
        && !found.explicit
    {
        return None;
    }
    let is_named = found.name.starts_with(|c: char| c.is_uppercase())
        || is_identifier(&found.name)
        || !code_spans(&title.text).is_empty();
    (is_named && words <= 4 && !is_service(&found.name) && !states_root(document, section))
        .then_some(found)
}

/// Whether a section says itself which entity it is about.
fn states_root(document: &Document<'_>, section: usize) -> bool {
    let is_root = |text: &str| {
        let lower = text.to_lowercase();
        ["root:", "aggregate root:", "root entity:"].iter().any(|mark| lower.starts_with(mark))
    };
    document.blocks_of(section).any(|(_, block)| match &block.kind {
        BlockKind::Paragraph(inline) => inline.lines.iter().any(|line| is_root(&line.text)),
        BlockKind::List(list) => list.items.iter().any(|item| is_root(&item.content.text)),
        BlockKind::Table(_) | BlockKind::Code(_) => false,
    })
}

/// Whether the sections of a model are its entities: two or more, and hardly anything else among them.
fn makes_up_model(tree: &[Vec<usize>], children: &[usize], titles: &[Option<EntityTitle>]) -> bool {
    let short = |title: &EntityTitle| title.name.split_whitespace().count() <= 2;
    let named = titles.iter().flatten().filter(|title| short(title)).count();
    // A section that is divided further is a chapter, not a thing.
    let divided = children.iter().filter(|&&child| !tree[child].is_empty()).count();
    let topics = titles.len() - named;
    named >= 2 && named > 2 * topics && divided * 2 < children.len().max(1)
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn headings_in_a_section_of_entities() {
        check(
            "# App\n\n## Core Entities\n\n### 1. Organization\n\nThe tenant.\n\n### 2. Subscription Member\n\nA licence.\n\n### Design notes\n\nWe think.\n\n## Value Objects\n\n### Money\n\nAn amount.\n\n## Read models\n\n### Dashboard\n\nSums.\n\n## Out of Scope entities\n\n### Invoice\n\nLater.\n",
            &expect![[r#"
                5 entity-headings  entity Organization -- The tenant.
                9 entity-headings  entity Subscription Member -- A licence.
                19 entity-headings  value object Money -- An amount.
            "#]],
        );
    }

    #[test]
    fn a_heading_over_declared_fields() {
        check(
            "# Ledger\n\n### Hold\n\nFields: `id` (uuid, PK), `amount` (numeric(18,2), required, > 0), `size` (integer, required, > 0), `fee` (decimal(18,2), required), `code` (varchar(10), unique), `kind` (enum(debit, credit), required), `mode` (enum(`a`, b|c), required).\n\n### Notes\n\nFields: what we think of them, and `why`.\n\n### Form\n\nFields: `name`, `phone`\n",
            &expect![[r#"
                3 entity-headings  entity Hold -- Fields: `id` (uuid, PK), `amount` (numeric(18,2), required, > 0), `size` (integer, required, > 0), `fee` (decimal(18,2), required), `code` (varchar(10), unique), `kind` (enum(debit, credit), required), `mode` (enum(`a`, b|c), required).
                5 field-phrases  field Hold.id uuid primary key
                5 field-phrases  field Hold.amount numeric(18,2) required {> 0}
                5 field-phrases  field Hold.size integer required {> 0}
                5 field-phrases  field Hold.fee decimal(18,2) required
                5 field-phrases  field Hold.code varchar(10) unique
                5 field-phrases  field Hold.kind enum required [debit | credit]
                5 field-phrases  field Hold.mode enum required [a | b | c]
            "#]],
        );
    }

    #[test]
    fn a_heading_that_lists_names() {
        check(
            "# App\n\n## Tables\n\n### Sale\n\nWhat is sold.\n\n### SaleLine, Customer, `AuditLog`\n\nSee the plan.\n\n### Design, scope and limits\n\nWords.\n\n## Pages\n\n### Home, About\n\nWords.\n",
            &expect![[r#"
                5 entity-headings  entity Sale -- What is sold.
                9 entity-headings  entity SaleLine
                9 entity-headings  entity Customer
                9 entity-headings  entity AuditLog
            "#]],
        );
    }

    #[test]
    fn a_domain_model_is_made_of_its_headings_or_has_topics() {
        check(
            "# Domain Model\n\n## Organization\n\n- primary tenant boundary\n\n## ApiKey\n\n- can be revoked\n\n## ReportEvent\n\n- ordered per report\n",
            &expect![[r#"
                3 entity-headings  entity Organization
                7 entity-headings  entity ApiKey
                11 entity-headings  entity ReportEvent
            "#]],
        );
        check(
            "# Domain Model\n\n## Purpose\n\nWords.\n\n## Coverage\n\nWords.\n\n## Trade-offs and limits\n\nWords.\n",
            &expect![[r#""#]],
        );
        check(
            "# App\n\n## Purpose\n\nWords.\n\n## Workspace\n\n### Responsibilities\n\n- Isolates.\n\n### Relationships\n\n- Owns many tasks.\n\n## Task\n\n### Relationships\n\n- Belongs to one workspace.\n\n### Invariants\n\n- Must have a title.\n\n## Rollout\n\n### Steps\n\n- One.\n",
            &expect![[r#"
                7 entity-headings  entity Workspace
                15 relationship-lines  relationship Workspace 1:N Task
                17 entity-headings  entity Task
                21 relationship-lines  relationship Workspace 1:N Task
                25 rule-bullets  rule Task: Must have a title
            "#]],
        );
        check(
            "# Aggregates\n\n## Pix Transfer\n\nAggregate root: `Transfer`.\n\n## Report\n\nThe main one.\n",
            &expect![[r#"
                5 aggregate  entity Transfer
                5 aggregate  aggregate Transfer:
                7 entity-headings  entity Report -- The main one.
            "#]],
        );
    }

    #[test]
    fn entities_beside_the_title_of_their_model() {
        check(
            "# Shop Domain Model\n\nText.\n\n# Order\n\n## Purpose\n\nWhat is bought.\n\n## Business Rules\n\n- Belongs to one Person.\n\n# Person\n\n## Purpose\n\nWho buys.\n\n## Responsibilities\n\n- Pays.\n\n# Summary\n\n## Purpose\n\nWords.\n",
            &expect![[r#"
                5 entity-headings  entity Order
                13 relationship-lines  relationship Person 1:N Order
                15 entity-headings  entity Person
            "#]],
        );
        check(
            "# Services\n\nText.\n\n# Mailer\n\n## Purpose\n\nSends.\n\n## Responsibilities\n\n- Sends.\n\n# Biller\n\n## Purpose\n\nBills.\n\n## Responsibilities\n\n- Bills.\n\n# End\n",
            &expect![[r#""#]],
        );
    }
}
