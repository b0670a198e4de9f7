//! Bounded contexts and backend systems that have a heading or an item of their own, with what each
//! one owns.

use std::ops::Range;

use crate::document::{BlockKind, Document, List};
use crate::entity_name::{
    ContextTitle, context_among_contexts, promises_contexts, read_context, strip_numbering,
};
use crate::notation::context_owned::Owned;
use crate::notation::entity_list::is_out_of_scope;
use crate::notation::{Output, announced_entity, context_map};
use crate::words::{lower_words, split_once_any, strip_prefix_ignoring_case};
use crate::{EntityKind, Fact};

pub(super) const DOC: &str = "Headings and bullets that name bounded contexts or backend systems, with lists of what each \
     one owns; how they are integrated relates no entities.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    let mut contexts = Vec::new();
    let titles = titles(document);
    for (section, title) in titles.iter().enumerate() {
        let Some(title) = title else { continue };
        if is_out_of_scope(document, Some(section)) {
            continue;
        }
        let place = document.sections[section].range.clone();
        let mut owned = Owned::new(out);
        collect(document, section, &titles, &mut owned, out);
        if !owned.names.is_empty() {
            state(document, place, title.clone(), owned.names, out);
            contexts.push(title.name.clone());
        } else if read_context(document.title(section)).is_some() {
            // It owns nothing that we know, and is still no entity where arrows name it.
            contexts.push(title.name.clone());
        }
    }
    for (index, block) in document.blocks.iter().enumerate() {
        let BlockKind::List(list) = &block.kind else { continue };
        let label =
            document.lead(index).or_else(|| block.section.map(|section| document.title(section)));
        let is_collection = label.is_some_and(promises_contexts)
            && block.section.is_none_or(|section| titles[section].is_none());
        if is_collection && !is_out_of_scope(document, block.section) {
            items(document, list, &mut contexts, out);
        }
    }
    context_map::set_aside(document, &contexts, out);
}

/// The contexts that the sections are about. One heading that ends with "Context" may be the setting
/// of the project; several, or those in a section about contexts, are contexts.
fn titles(document: &Document<'_>) -> Vec<Option<ContextTitle>> {
    let named: Vec<Option<ContextTitle>> =
        document.sections.iter().map(|section| read_context(&section.title.text)).collect();
    document
        .sections
        .iter()
        .zip(named)
        .map(|(section, named)| {
            let inside = section.parent.is_some_and(|it| promises_contexts(document.title(it)));
            if inside { context_among_contexts(&section.title.text) } else { named }
        })
        .collect()
}

fn state(
    document: &Document<'_>,
    place: Range<usize>,
    title: ContextTitle,
    entities: Vec<String>,
    out: &mut Output,
) {
    let fact = Fact::Context { name: title.name, backend: title.backend, entities };
    out.state(document, document.span(place), fact);
}

/// Collects what the blocks and headings inside a context's section say that it owns.
fn collect(
    document: &Document<'_>,
    section: usize,
    titles: &[Option<ContextTitle>],
    owned: &mut Owned,
    out: &mut Output,
) {
    let is_inside = |inner: Option<usize>| {
        document.path_of(inner).find(|&it| titles[it].is_some()) == Some(section)
    };
    let first = document.blocks.partition_point(|block| block.section < Some(section));
    for (index, block) in document.blocks.iter().enumerate().skip(first) {
        if !document.path_of(block.section).any(|it| it == section) {
            break;
        }
        if !is_inside(block.section) {
            continue;
        }
        let announced = document.lead(index).and_then(announced_entity);
        let announced = announced.filter(|title| title.kind == EntityKind::Entity);
        if let Some(entity) = announced.and_then(|title| out.known.get(&title.name)) {
            owned.insert(entity.to_owned());
        }
        match &block.kind {
            BlockKind::Paragraph(inline) => {
                for line in &inline.lines {
                    let rest = labelled(&line.text).or_else(|| {
                        let rest = strip_prefix_ignoring_case(line.text.trim(), "owns ")?;
                        Some((rest.split(". ").next().unwrap_or(rest), false))
                    });
                    if let Some((rest, is_sure)) = rest {
                        owned.add(document, &line.range, rest, is_sure, out);
                    }
                }
            }
            BlockKind::List(list) => {
                let heading = block.section.filter(|it| *it != section);
                let lead = document.lead(index).or_else(|| heading.map(|it| document.title(it)));
                list_in(document, list, lead, owned, out);
            }
            BlockKind::Table(_) | BlockKind::Code(_) => {}
        }
    }
    for inner in section + 1..document.sections.len() {
        if !document.path_of(Some(inner)).any(|it| it == section) {
            break;
        }
        if is_inside(Some(inner)) {
            if let Some(entity) = out.named_by(inner) {
                owned.insert(entity);
            }
        }
    }
}

/// A list under "Owns:", or one whose items carry such labels.
fn list_in(
    document: &Document<'_>,
    list: &List,
    lead: Option<&str>,
    owned: &mut Owned,
    out: &mut Output,
) {
    let of_lead = lead.and_then(ownership);
    let mut own_label = vec![None; list.items.len()];
    for (at, item) in list.items.iter().enumerate() {
        let text = item.content.text.as_str();
        let range = item.content.range();
        let label = match item.parent {
            Some(parent) => own_label[parent],
            None => of_lead,
        };
        if let Some((rest, is_sure)) = labelled(text) {
            own_label[at] = Some(is_sure);
            owned.add(document, &range, rest, is_sure, out);
        } else if let Some(is_sure) = label {
            let head = split_once_any(text, &[": ", " — ", " – ", " - "]);
            owned.add(document, &range, head.map_or(text, |(head, _)| head), is_sure, out);
        }
    }
}

/// The items of a list of contexts, each with what stands behind its name and in the list inside it.
fn items(document: &Document<'_>, list: &List, contexts: &mut Vec<String>, out: &mut Output) {
    for (at, item) in list.items.iter().enumerate().filter(|(_, item)| item.depth == 0) {
        let text = item.content.text.as_str();
        let label = item.content.label.trim().trim_end_matches(':');
        let (head, rest) = if label.is_empty() {
            split_once_any(text, &[": ", " — ", " – ", " - "]).unwrap_or((text, ""))
        } else {
            (label, text.get(label.len()..).unwrap_or_default())
        };
        let Some(title) = context_among_contexts(head) else { continue };
        let mut owned = Owned::new(out);
        let range = item.content.range();
        let rest = rest.trim_start_matches([':', '-', '–', '—', ' ']);
        owned.add(document, &range, without_verb(rest), false, out);
        let inner = list.items.iter().enumerate().skip(at + 1);
        let mut own_label: Vec<(usize, Option<bool>)> = vec![(at, None)];
        for (place, inner) in inner.take_while(|(_, inner)| inner.depth > 0) {
            let text = inner.content.text.as_str();
            let above = own_label.iter().find(|(it, _)| Some(*it) == inner.parent);
            let above = above.and_then(|(_, sure)| *sure);
            let (rest, sure) = match labelled(text) {
                Some((rest, is_sure)) => (rest, Some(is_sure)),
                None => (without_verb(text), above),
            };
            own_label.push((place, sure));
            owned.add(document, &inner.content.range(), rest, sure.unwrap_or_default(), out);
        }
        contexts.push(title.name.clone());
        state(document, range, title, owned.names, out);
    }
}

/// What follows "Owns:" in a line, and whether the label promises entities and nothing else.
fn labelled(text: &str) -> Option<(&str, bool)> {
    let (label, rest) = text.split_once(':')?;
    Some((rest.trim(), ownership(label)?))
}

/// Whether a label says that a context owns what follows, and if so, whether all of that is entities.
fn ownership(label: &str) -> Option<bool> {
    let words = lower_words(strip_numbering(label));
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    if words.len() > 5 || has(&["not", "external", "read", "events", "rules", "flow", "sources"]) {
        return None;
    }
    let is_sure = has(&["entities", "aggregates", "aggregate", "tables"])
        && !has(&["services", "values", "objects", "jobs", "business"]);
    let is_mixed = has(&["owns", "owned", "models", "data", "entities", "aggregates", "model"]);
    (is_sure || is_mixed).then_some(is_sure)
}

/// "Manages chat sessions" is about chat sessions.
fn without_verb(text: &str) -> &str {
    ["owns ", "manages ", "stores ", "handles ", "maintains ", "responsible for ", "tracks "]
        .iter()
        .find_map(|verb| strip_prefix_ignoring_case(text.trim(), verb))
        .unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    const ENTITIES: &str = "## Order\n| Field | Type |\n|-|-|\n| id | uuid |\n\n## Invoice\n| Field | Type |\n|-|-|\n| id | uuid |\n\n";

    #[test]
    fn headings_with_what_they_own() {
        check(
            &format!(
                "{ENTITIES}## Sales Context\n- **Aggregates**: `Order` (Root)\n- **Value Objects**: Money\n\n## Backend: billing-service\n\nData:\n- Invoices\n- sessions in Redis\n"
            ),
            &expect![[r#"
                1 field-table  entity Order
                4 field-table  field Order.id uuid
                6 field-table  entity Invoice
                9 field-table  field Invoice.id uuid
                11 context-list  context Sales: Order
                15 context-list  context billing-service on billing-service: Invoice
            "#]],
        );
    }

    #[test]
    fn the_last_of_a_list_carries_a_noun_for_all() {
        check(
            &format!(
                "{ENTITIES}## Suggested Bounded Contexts\n\n- Desk: order, invoice management\n- Lists: checkout, buyer tracking\n"
            ),
            &expect![[r#"
                1 field-table  entity Order
                4 field-table  field Order.id uuid
                6 field-table  entity Invoice
                9 field-table  field Invoice.id uuid
                13 context-list  context Desk: Order, Invoice
                14 context-list  context Lists:
            "#]],
        );
    }

    #[test]
    fn bullets_and_sentences() {
        check(
            &format!(
                "{ENTITIES}## Suggested Bounded Contexts\n\n- Sales: orders, checkout and pricing\n- **Money Context** — manages invoices\n- Media: upload\n\n# Bounded contexts\n\n### Trade\n\nOwns orders and offers. It knows no invoice.\n"
            ),
            &expect![[r#"
                1 field-table  entity Order
                4 field-table  field Order.id uuid
                6 field-table  entity Invoice
                9 field-table  field Invoice.id uuid
                13 context-list  context Sales: Order
                14 context-list  context Money: Invoice
                15 context-list  context Media:
                19 context-list  context Trade: Order
            "#]],
        );
    }

    #[test]
    fn integration_relates_no_entities() {
        check(
            &format!(
                "{ENTITIES}## Orders Context\n\nOwns: Order\n\n## Billing Context\n\nOwns: Invoice\n\n## Integration Patterns\n\n- Orders -> Billing via events (Published Language)\n- Shared Kernel: Money, CustomerId\n\n| Upstream | Downstream | Pattern |\n|-|-|-|\n| Orders | Billing | Conformist |\n"
            ),
            &expect![[r#"
                1 field-table  entity Order
                4 field-table  field Order.id uuid
                6 field-table  entity Invoice
                9 field-table  field Invoice.id uuid
                11 context-list  context Orders: Order
                15 context-list  context Billing: Invoice
                21 R012 this says how contexts are integrated: it relates no entities
                24 R012 this says how contexts are integrated: it relates no entities
            "#]],
        );
    }

    #[test]
    fn the_setting_of_a_project_is_no_context() {
        check(
            &format!("{ENTITIES}## Business Context\n\nShops send orders. Owners like that.\n"),
            &expect![[r#"
                1 field-table  entity Order
                4 field-table  field Order.id uuid
                6 field-table  entity Invoice
                9 field-table  field Invoice.id uuid
            "#]],
        );
    }
}
