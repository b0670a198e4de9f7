//! What is wrong with the whole, once everything is resolved.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use underpin_base::{Diagnostic, Span};
use underpin_read::EntityKind;

use crate::codes;
use crate::draft::Draft;
use crate::{EntityId, FieldId, Origin, Presumptions};

/// The longest name that PostgreSQL keeps, in bytes (NAMEDATALEN - 1).
const LONGEST_NAME: usize = 63;

/// The most columns of a table (`MaxHeapAttributeNumber`).
const MOST_COLUMNS: usize = 1600;

/// Reports what no single pass can see.
pub(crate) fn run(draft: &mut Draft<'_>) {
    if draft.model.entities.is_empty() {
        draft.report(
            Diagnostic::error(codes::NO_ENTITY, "no entity was found: there is nothing to design")
                .help(
                    "describe each entity under a heading of its own, with a table of its fields",
                ),
        );
        return;
    }
    names(draft);
    wide(draft);
    empty(draft);
    circles(draft);
    open_requirements(draft);
}

fn names(draft: &mut Draft<'_>) {
    let model = &draft.model;
    let mut found = Vec::new();
    for entity in &model.entities {
        let what = || format!("the entity `{}`", shown(&entity.name));
        found.extend(impossible(&entity.name, entity.source, what));
    }
    for entity in &model.entities {
        let Some(table) = &entity.table else { continue };
        let what = || format!("the table `{}`", shown(table));
        found.extend(impossible(table, entity.source, what));
    }
    for field in &model.fields {
        let what = || {
            let owner = shown(&model.entity(field.entity).name);
            format!("the field `{}` of `{owner}`", shown(&field.name))
        };
        found.extend(impossible(&field.name, field.source, what));
    }
    for diagnostic in found {
        draft.report(diagnostic);
    }
}

/// What PostgreSQL does not keep of the name of this.
fn impossible(name: &str, source: Span, what: impl FnOnce() -> String) -> Option<Diagnostic> {
    if name.contains('\0') {
        let message =
            format!("{} has the character NUL in its name, which PostgreSQL refuses", what());
        Some(
            Diagnostic::error(codes::IMPOSSIBLE_NAME, message)
                .at(source, "NUL in this name")
                .help("take the character out of the name"),
        )
    } else if name.len() > LONGEST_NAME {
        let message = format!(
            "the name of {} has {} bytes; PostgreSQL keeps {LONGEST_NAME}, so it is shortened",
            what(),
            name.len()
        );
        Some(
            Diagnostic::note(codes::LONG_NAME, message)
                .at(source, "a long name")
                .help("choose a shorter name to decide yourself how it reads"),
        )
    } else {
        None
    }
}

/// A name for a message: not endless.
fn shown(name: &str) -> String {
    let short: String = name.chars().take(40).collect();
    if name.chars().count() > 40 { format!("{short}…") } else { short }
}

/// One row is one page at most, and its header counts no more columns than this.
fn wide(draft: &mut Draft<'_>) {
    for id in draft.entity_ids() {
        let entity = draft.model.entity(id);
        let (name, count, source) = (shown(&entity.name), entity.fields.len(), entity.source);
        if count <= MOST_COLUMNS {
            continue;
        }
        let message = format!(
            "`{name}` has {count} fields; PostgreSQL keeps at most {MOST_COLUMNS} columns in a table"
        );
        draft.report(
            Diagnostic::error(codes::TOO_MANY_FIELDS, message)
                .at(source, "too wide for one table")
                .help("put the fields into several entities that refer to this one, or into one field that holds JSON"),
        );
    }
}

fn empty(draft: &mut Draft<'_>) {
    for id in draft.entity_ids() {
        let entity = draft.model.entity(id);
        if !entity.fields.is_empty() || entity.kind == EntityKind::ValueObject {
            continue;
        }
        let message =
            format!("`{}` has no fields; its table holds only an identifier", entity.name);
        let source = entity.source;
        draft.report(
            Diagnostic::warning(codes::ENTITY_WITHOUT_FIELDS, message)
                .at(source, "no field is described")
                .help("describe its fields, or remove it where it is not stored"),
        );
    }
}

/// Circles of required references: no first row can be written.
fn circles(draft: &mut Draft<'_>) {
    let edges: Vec<(EntityId, FieldId, EntityId)> = draft
        .field_ids()
        .filter_map(|id| {
            let field = draft.model.field(id);
            let target = field.references.as_ref()?.entity;
            (field.required == Some(true)).then_some((field.entity, id, target))
        })
        .collect();
    let mut reported: BTreeSet<Vec<EntityId>> = BTreeSet::new();
    let edges = in_circles(edges);
    let starts: Vec<EntityId> = edges.keys().copied().collect();
    for start in starts {
        let Some(circle) = circle_through(start, &edges) else { continue };
        let mut members: Vec<EntityId> = circle.iter().map(|edge| edge.0).collect();
        members.sort();
        if !reported.insert(members) {
            continue;
        }
        let name = |id: EntityId| draft.model.entity(id).name.clone();
        let links: Vec<String> = circle
            .iter()
            .map(|&(_, field, target)| {
                let place = draft.sources.location(draft.model.field(field).source);
                let path = draft.model.field_path(field);
                format!("`{path}` ({}:{}) requires `{}`", place.document, place.line, name(target))
            })
            .collect();
        let message = format!(
            "references require each other in a circle, so that no first row can be written: {}",
            links.join(", ")
        );
        let mut diagnostic = Diagnostic::error(codes::REQUIRED_CIRCLE, message);
        for (_, field, target) in &circle {
            let text = format!("`{}` requires `{}`", draft.model.field_path(*field), name(*target));
            diagnostic = diagnostic.at(draft.model.field(*field).source, text);
        }
        let last = circle.last().expect("a circle has edges").1;
        let help = format!("make one of them optional, such as `{}`", draft.model.field_path(last));
        draft.report(diagnostic.help(help));
    }
}

/// A required reference: who has it, in which field, to whom.
type Edge = (EntityId, FieldId, EntityId);

/// The edges from each entity, without those that lead to no circle: entities that nobody requires,
/// or that require nobody, are taken away until none is left. Each edge is looked at a few times, so
/// that a chain of any length takes time in proportion to it.
fn in_circles(edges: Vec<Edge>) -> BTreeMap<EntityId, Vec<Edge>> {
    let mut leaving: BTreeMap<EntityId, Vec<usize>> = BTreeMap::new();
    let mut arriving: BTreeMap<EntityId, Vec<usize>> = BTreeMap::new();
    for (at, edge) in edges.iter().enumerate() {
        leaving.entry(edge.0).or_default().push(at);
        arriving.entry(edge.2).or_default().push(at);
    }
    // How many edges still leave and reach each entity.
    let mut counts: BTreeMap<EntityId, (usize, usize)> = BTreeMap::new();
    for edge in &edges {
        counts.entry(edge.0).or_default().0 += 1;
        counts.entry(edge.2).or_default().1 += 1;
    }
    let is_end = |count: &(usize, usize)| count.0 == 0 || count.1 == 0;
    let mut open: Vec<EntityId> =
        counts.iter().filter(|(_, count)| is_end(count)).map(|(id, _)| *id).collect();
    let mut kept = vec![true; edges.len()];
    while let Some(entity) = open.pop() {
        for &at in [&leaving, &arriving].into_iter().filter_map(|of| of.get(&entity)).flatten() {
            if !std::mem::replace(&mut kept[at], false) {
                continue;
            }
            for (end, leaves) in [(edges[at].0, true), (edges[at].2, false)] {
                let count = counts.entry(end).or_default();
                let was_end = is_end(count);
                if leaves {
                    count.0 -= 1;
                } else {
                    count.1 -= 1;
                }
                if !was_end && is_end(count) {
                    open.push(end);
                }
            }
        }
    }
    let mut by_start: BTreeMap<EntityId, Vec<Edge>> = BTreeMap::new();
    for (edge, _) in edges.into_iter().zip(kept).filter(|(_, kept)| *kept) {
        by_start.entry(edge.0).or_default().push(edge);
    }
    by_start
}

/// The shortest circle through an entity.
fn circle_through(start: EntityId, edges: &BTreeMap<EntityId, Vec<Edge>>) -> Option<Vec<Edge>> {
    let from = |id: &EntityId| edges.get(id).map(Vec::as_slice).unwrap_or_default();
    // The edge by which each entity was first reached.
    let mut reached: BTreeMap<EntityId, Edge> = BTreeMap::new();
    let mut open: VecDeque<EntityId> = VecDeque::from([start]);
    while let Some(at) = open.pop_front() {
        for edge in from(&at) {
            if reached.contains_key(&edge.2) {
                continue;
            }
            reached.insert(edge.2, *edge);
            if edge.2 == start {
                let mut circle = vec![*edge];
                while let Some(first) = circle.last().filter(|edge| edge.0 != start) {
                    circle.push(reached[&first.0]);
                }
                circle.reverse();
                return Some(circle);
            }
            open.push_back(edge.2);
        }
    }
    None
}

/// One question for each entity whose documents do not say which fields may be empty.
fn open_requirements(draft: &mut Draft<'_>) {
    let presumptions = Presumptions::of(&draft.model);
    let mut questions = Vec::new();
    for id in draft.entity_ids() {
        let open: Vec<String> = draft
            .model
            .fields_of(id)
            .filter(|(_, field)| field.required.is_none() && field.origin == Origin::Stated)
            .map(|(_, field)| format!("`{}`", field.name))
            .collect();
        if open.is_empty() {
            continue;
        }
        let presumed = presumptions.required(id).fields;
        let is_presumed_empty =
            |field: FieldId| presumed.iter().any(|&(it, required)| it == field && !required);
        let empty: Vec<&str> = draft
            .model
            .fields_of(id)
            .filter(|(field, it)| it.origin == Origin::Stated && is_presumed_empty(*field))
            .map(|(_, field)| field.name.as_str())
            .collect();
        // In words that are an answer, too.
        let assumed = match empty.len() {
            0 => "none".to_owned(),
            all if all == open.len() => "all".to_owned(),
            _ => empty.join(", "),
        };
        let (name, source) = (draft.model.entity(id).name.clone(), draft.model.entity(id).source);
        let text = format!(
            "Which fields of `{name}` may be empty? No document says for {}.",
            open.join(", ")
        );
        questions.push((name, text, assumed, source));
    }
    for (name, text, assumed, source) in questions {
        draft.ask("required-fields", &name, text, assumed, Some(source));
    }
}

#[cfg(test)]
mod tests {
    use super::{Edge, in_circles};
    use crate::test_support::Facts;
    use crate::{EntityId, FieldId};

    #[test]
    fn a_table_has_no_more_columns_than_postgresql_keeps() {
        let wide = |fields: usize| {
            (0..fields)
                .fold(Facts::default().entity("Wide"), |facts, n| {
                    facts.field("Wide", &format!("field_{n}: int"))
                })
                .diagnostics()
        };
        assert!(!wide(1600).contains("M020"));
        assert!(wide(1601).contains("error M020 :1 `Wide` has 1601 fields"));
    }

    #[test]
    fn what_leads_to_a_circle_and_what_follows_it_is_no_part_of_it() {
        let edge = |from: usize, to: usize| {
            (EntityId::from_index(from), FieldId::from_index(0), EntityId::from_index(to))
        };
        // 0 → 1 → 2 → 3 → 1, and 3 → 4 → 5: only 1, 2 and 3 require each other.
        let edges = vec![edge(0, 1), edge(1, 2), edge(2, 3), edge(3, 1), edge(3, 4), edge(4, 5)];
        let left: Vec<Edge> = in_circles(edges).into_values().flatten().collect();
        assert_eq!(left, [edge(1, 2), edge(2, 3), edge(3, 1)]);
        assert!(in_circles(vec![edge(0, 1), edge(1, 2)]).is_empty());
    }
}
