//! Aggregates and bounded contexts of a domain document.

use crate::document::{BlockKind, Document};
use crate::entity_name::{EntityTitle, read_title, strip_numbering};
use crate::notation::entity_list::{is_out_of_scope, is_service};
use crate::notation::mermaid_er::{End, relationship};
use crate::notation::{Mark, Output, announced_entity, entity_fact};
use crate::words::{
    code_spans, fold, is_identifier, lower_words, split_top, strip_prefix_ignoring_case, unquote,
};
use crate::{EntityKind, Fact};

pub(super) const DOC: &str = "\"Root: X\" with an \"Owns:\" list, and the modules or contexts that a table or heading lists.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    read_headings(document, out);
    // Aggregates: a root in a section, members in the lists of that section.
    for section in 0..document.sections.len() {
        read_section(document, section, out);
    }
}

/// "Aggregate: Order" in several headings, and the name that stands alone under "Aggregate Root".
fn read_headings(document: &Document<'_>, out: &mut Output) {
    let named: Vec<(usize, EntityTitle)> = (0..document.sections.len())
        .filter(|&section| !is_out_of_scope(document, Some(section)))
        .filter_map(|section| {
            let title = strip_numbering(document.title(section));
            let name = strip_prefix_ignoring_case(title, "aggregate:")
                .or_else(|| strip_prefix_ignoring_case(title, "aggregate root:"))?;
            Some((section, read_title(name).filter(|title| title.not_stored.is_none())?))
        })
        .collect();
    for (section, title) in &named {
        announced_members(document, *section, &title.name, out);
    }
    // One may be a topic; two are the way in which the document is written.
    if named.len() < 2 {
        return;
    }
    for (section, title) in named {
        if out.known.get(&title.name).is_none() {
            let span = document.span(document.sections[section].range.clone());
            out.state_entity(document, Some(section), &title, span);
        } else {
            out.set_subject(section, &title.name);
        }
    }
}

/// The entities that lines such as "**Entity: Line**" announce below "Aggregate: Order": its members, and the
/// root among them.
fn announced_members(document: &Document<'_>, section: usize, root: &str, out: &mut Output) {
    let first = document.blocks.partition_point(|block| block.section < Some(section));
    let mut members: Vec<String> = Vec::new();
    for (index, block) in document.blocks.iter().enumerate().skip(first) {
        if !document.path_of(block.section).any(|it| it == section) {
            break;
        }
        let title = document.lead(index).and_then(announced_entity);
        let Some(title) = title.filter(|title| title.kind == EntityKind::Entity) else { continue };
        let name = out.known.get(&title.name).unwrap_or(&title.name).to_owned();
        if !members.contains(&name) {
            members.push(name);
        }
    }
    let is_root = |name: &String| fold(name) == fold(root);
    if !members.iter().any(is_root) {
        return;
    }
    let root = members.iter().find(|name| is_root(name)).cloned().unwrap_or_default();
    members.retain(|name| !is_root(name));
    out.set_subject(section, &root);
    let span = document.span(document.sections[section].range.clone());
    for member in &members {
        let many = End { many: true, required: None };
        let fact = relationship(root.clone(), ONE, member.clone(), many, None);
        out.infer(document, span, Fact::Relationship(fact), "a root owns its members");
    }
    out.state(document, span, Fact::Aggregate { root, members });
}

fn read_section(document: &Document<'_>, section: usize, out: &mut Output) {
    if is_out_of_scope(document, Some(section)) {
        return;
    }
    let mut root: Option<(String, std::ops::Range<usize>)> = None;
    let mut members = Vec::new();
    let mut place = None;
    for (index, block) in document.blocks_of(section) {
        match &block.kind {
            BlockKind::Paragraph(inline) => {
                for line in &inline.lines {
                    let lower = line.text.to_lowercase();
                    let Some(rest) = ["root:", "aggregate root:", "root entity:"]
                        .iter()
                        .find_map(|mark| lower.starts_with(mark).then(|| &line.text[mark.len()..]))
                    else {
                        continue;
                    };
                    if let Some(name) = thing(rest) {
                        root = Some((name, line.range.clone()));
                    }
                }
            }
            BlockKind::List(list) => {
                let label = document.lead(index).map(str::to_lowercase).unwrap_or_default();
                let is_root = matches!(label.as_str(), "root" | "root entity" | "aggregate root");
                // "Entities:" names types of things, so that each member is many, known or not.
                let names_entities = matches!(
                    label.as_str(),
                    "entities" | "child entities" | "internal entities" | "member entities"
                );
                let is_members = names_entities
                    || matches!(
                        label.as_str(),
                        "owns"
                            | "members"
                            | "contains"
                            | "children"
                            | "responsible for"
                            | "includes"
                    );
                for item in list.items.iter().filter(|item| item.depth == 0) {
                    let text = item.content.text.as_str();
                    let lower = text.to_lowercase();
                    if is_root
                        || lower.starts_with("root:")
                        || lower.starts_with("root entity:")
                        || lower.starts_with("aggregate root:")
                    {
                        let rest = text.split_once(':').map_or(text, |(_, rest)| rest);
                        if let Some(name) = thing(rest) {
                            root = Some((name, item.content.range()));
                        }
                    } else if let (Some((root, _)), Some(rest)) = (&root, listed_members(text)) {
                        let range = item.content.range();
                        for (name, many) in inline_members(rest, root, out) {
                            if out.known.get(&name).is_none() {
                                let span = document.span(range.clone());
                                out.state(document, span, entity_fact(&name));
                            }
                            members.push((name, many));
                            place.get_or_insert(range.clone());
                            out.mark(document, range.clone(), Mark::Understood);
                        }
                    } else if is_members && root.is_some() && !lower.contains("(reference)") {
                        let head = text.split([',', ';', '(']).next().unwrap_or(text);
                        let range = item.content.range();
                        let known = root.as_ref().and_then(|(root, _)| member(text, root, out));
                        let new = known.is_none().then(|| new_member(head)).flatten();
                        if let Some(name) = new.filter(|_| names_entities) {
                            let span = document.span(range.clone());
                            out.state(document, span, entity_fact(&name));
                            members.push((name, true));
                            place.get_or_insert(range);
                        } else if let Some(name) = known {
                            members.push((name, names_entities || is_plural(head)));
                            place.get_or_insert(range.clone());
                            out.mark(document, range, Mark::Understood);
                        }
                    }
                }
            }
            BlockKind::Table(_) | BlockKind::Code(_) => {}
        }
    }
    let Some((root, range)) = root else { return };
    out.set_subject(section, &root);
    let span = document.span(range);
    if out.known.get(&root).is_none() {
        out.state(document, span, entity_fact(&root));
    }
    for (member, many) in &members {
        let end = End { many: *many, required: None };
        let fact = relationship(root.clone(), ONE, member.clone(), end, None);
        out.infer(document, span, Fact::Relationship(fact), "a root owns its members");
    }
    let members = members.into_iter().map(|(member, _)| member).collect();
    out.state(document, span, Fact::Aggregate { root, members });
}

/// The name of a root: a code span, or what a heading could name.
fn thing(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches('.');
    match code_spans(text).as_slice() {
        [one, ..] if is_identifier(one) && !is_service(one) => Some((*one).to_owned()),
        _ => read_title(text).map(|title| title.name),
    }
}

/// What follows "Child Entities:" in an item.
fn listed_members(text: &str) -> Option<&str> {
    let (label, rest) = text.split_once(':')?;
    let label = label.trim().to_lowercase();
    matches!(
        label.as_str(),
        "child entities"
            | "entities"
            | "members"
            | "owns"
            | "child entity"
            | "internal entities"
            | "contains"
    )
    .then_some(rest)
}

/// The members in "`LineItem`, `Guest` (Reference), notes": what is known, and what is set as code. A
/// reference is no member.
fn inline_members(text: &str, root: &str, out: &Output) -> Vec<(String, bool)> {
    split_top(text.trim().trim_end_matches('.'), &[','])
        .into_iter()
        .filter(|part| !part.to_lowercase().contains("(reference)"))
        .filter_map(|part| {
            let name = match code_spans(part).as_slice() {
                [one] if is_identifier(one) && !is_service(one) => {
                    out.known.get(one).map_or_else(|| (*one).to_owned(), str::to_owned)
                }
                [] => member(part, root, out)?,
                _ => return None,
            };
            Some((name, true))
        })
        .collect()
}

/// A member that is known as an entity, by its name or by the end of it.
fn member(text: &str, root: &str, out: &Output) -> Option<String> {
    let text = unquote(text.trim().trim_end_matches('.'));
    let head = strip_numbering(text.split([',', ';', ':', '(']).next().unwrap_or(text));
    let head = head.split(" through ").next().unwrap_or(head);
    let words = lower_words(head);
    if words.is_empty() || words.len() > 4 {
        return None;
    }
    // Below "Repository", "Members" are the known RepositoryMember.
    let below = out.known.get(&format!("{root} {head}")).map(str::to_owned);
    below.or_else(|| out.known.get(unquote(head)).map(str::to_owned)).or_else(|| {
        // "published workflow versions" are workflow versions.
        (1..words.len())
            .find_map(|start| out.known.get(&words[start..].join(" ")).map(str::to_owned))
    })
}

/// A member that only its list names: "statement entry", `LineItem`.
fn new_member(text: &str) -> Option<String> {
    let name = unquote(text.trim().trim_end_matches('.'));
    let is_name = name.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-'));
    let words = lower_words(name);
    let is_none = words.iter().any(|word| matches!(word.as_str(), "none" | "no" | "and" | "or"));
    ((1..=3).contains(&words.len()) && is_name && !is_none && !is_service(name))
        .then(|| read_title(name))
        .flatten()
        .map(|title| title.name)
}

/// Whether the noun of a member stands in the plural: "API keys", "workflow versions through workflows".
fn is_plural(text: &str) -> bool {
    let head = text.split(" through ").next().unwrap_or(text);
    lower_words(head)
        .last()
        .is_some_and(|word| word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us"))
}

const ONE: End = End { many: false, required: None };

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn roots_and_members() {
        check(
            "| Entity | Purpose |\n|-|-|\n| WorkflowVersion | a |\n\n## Workflow aggregate\n\nRoot: `Workflow`\n\nOwns:\n\n- published workflow versions\n- something else\n",
            &expect![[r#"
                3 entity-list  entity WorkflowVersion -- a
                7 aggregate  entity Workflow
                7 aggregate  relationship Workflow 1:N WorkflowVersion [inferred: a root owns its members]
                7 aggregate  aggregate Workflow: WorkflowVersion
            "#]],
        );
    }

    #[test]
    fn a_list_of_entities_names_those_that_nothing_else_does() {
        check(
            "## Account\n\nRoot: `Account`\n\nEntities:\n\n- statement entry\n- `Payout`\n- none of the cards\n\nOwns:\n\n- open invoices\n",
            &expect![[r#"
                3 aggregate  entity Account
                3 aggregate  relationship Account 1:N statement entry [inferred: a root owns its members]
                3 aggregate  relationship Account 1:N Payout [inferred: a root owns its members]
                3 aggregate  aggregate Account: statement entry, Payout
                7 aggregate  entity statement entry
                8 entity-list  entity Payout
            "#]],
        );
    }

    #[test]
    fn entities_that_lines_announce() {
        check(
            "## Bounded context: Sales\n\n### Aggregate: Order\n\n**Entity: Order**\n- id: uuid\n\n**Entity: Line**\n- id: uuid\n\n**Value object: Money**\n- amount: int\n\n### Aggregate: Note\n\n**Entity: how we think**\n- of it: much\n",
            &expect![[r#"
                1 context-list  context Sales: Order, Line, Note
                3 bullet-fields  entity Order
                3 aggregate  relationship Order 1:N Line [inferred: a root owns its members]
                3 aggregate  aggregate Order: Line
                6 bullet-fields  field Order.id uuid
                8 bullet-fields  entity Line
                9 bullet-fields  field Line.id uuid
                11 bullet-fields  value object Money
                12 bullet-fields  field Money.amount int
                14 aggregate  entity Note
            "#]],
        );
    }

    #[test]
    fn headings_that_say_aggregate() {
        check(
            "# Aggregate Map\n\n# Aggregate: Order\n\nWhat is asked for.\n\n# Aggregate: Cart\n\n# Aggregate Rules\n",
            &expect![[r#"
                3 aggregate  entity Order -- What is asked for.
                7 aggregate  entity Cart
            "#]],
        );
        check("# Aggregate: Order\n\nOne is a topic.\n", &expect![[r#""#]]);
    }

    #[test]
    fn members_on_one_line_without_references() {
        check(
            "## Cart Aggregate\n\n- **Aggregate Root**: `Cart`\n- **Child Entities**: `CartItem`, `Guest` (Reference)\n- **Value Objects**: `Money`\n\n## Room Aggregate\n\n- **Aggregate Root**: `Room`\n- **Child Entities**: None.\n",
            &expect![[r#"
                3 aggregate  entity Cart
                3 aggregate  relationship Cart 1:N CartItem [inferred: a root owns its members]
                3 aggregate  aggregate Cart: CartItem
                4 aggregate  entity CartItem
                9 aggregate  entity Room
                9 aggregate  aggregate Room:
            "#]],
        );
    }
}
