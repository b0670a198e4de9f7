//! What is wrong with the whole, once everything is resolved.

use underpin_base::Diagnostic;
use underpin_read::EntityKind;

use crate::codes;
use crate::draft::Draft;
use crate::{EntityId, FieldId, Origin};

/// The longest name that PostgreSQL keeps, in bytes (NAMEDATALEN - 1).
const LONGEST_NAME: usize = 63;

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
    empty(draft);
    circles(draft);
    open_requirements(draft);
}

fn names(draft: &mut Draft<'_>) {
    let mut found = Vec::new();
    let entities = draft.model.entities.iter().map(|entity| {
        (format!("the entity `{}`", shown(&entity.name)), &entity.name, entity.source)
    });
    let tables = draft.model.entities.iter().filter_map(|entity| {
        let table = entity.table.as_ref()?;
        Some((format!("the table `{}`", shown(table)), table, entity.source))
    });
    let fields = draft.model.fields.iter().map(|field| {
        let owner = &draft.model.entity(field.entity).name;
        (
            format!("the field `{}` of `{}`", shown(&field.name), shown(owner)),
            &field.name,
            field.source,
        )
    });
    for (what, name, source) in entities.chain(tables).chain(fields) {
        if name.contains('\0') {
            let message =
                format!("{what} has the character NUL in its name, which PostgreSQL refuses");
            found.push(
                Diagnostic::error(codes::IMPOSSIBLE_NAME, message)
                    .at(source, "NUL in this name")
                    .help("take the character out of the name"),
            );
        } else if name.len() > LONGEST_NAME {
            let message = format!(
                "the name of {what} has {} bytes; PostgreSQL keeps {LONGEST_NAME}, so it is shortened",
                name.len()
            );
            found.push(
                Diagnostic::note(codes::LONG_NAME, message)
                    .at(source, "a long name")
                    .help("choose a shorter name to decide yourself how it reads"),
            );
        }
    }
    for diagnostic in found {
        draft.report(diagnostic);
    }
}

/// A name for a message: not endless.
fn shown(name: &str) -> String {
    let short: String = name.chars().take(40).collect();
    if name.chars().count() > 40 { format!("{short}…") } else { short }
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
    let mut reported: Vec<Vec<EntityId>> = Vec::new();
    for start in draft.entity_ids() {
        let Some(circle) = circle_through(start, &edges) else { continue };
        let mut members: Vec<EntityId> = circle.iter().map(|edge| edge.0).collect();
        members.sort();
        if reported.contains(&members) {
            continue;
        }
        reported.push(members);
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

/// The shortest circle through an entity.
fn circle_through(
    start: EntityId,
    edges: &[(EntityId, FieldId, EntityId)],
) -> Option<Vec<(EntityId, FieldId, EntityId)>> {
    let mut routes: Vec<Vec<(EntityId, FieldId, EntityId)>> =
        edges.iter().filter(|edge| edge.0 == start).map(|edge| vec![*edge]).collect();
    let mut seen: Vec<EntityId> = Vec::new();
    let mut at = 0;
    while at < routes.len() {
        let route = routes[at].clone();
        at += 1;
        let end = route.last().expect("a route has edges").2;
        if end == start {
            return Some(route);
        }
        if seen.contains(&end) {
            continue;
        }
        seen.push(end);
        for edge in edges.iter().filter(|edge| edge.0 == end) {
            let mut longer = route.clone();
            longer.push(*edge);
            routes.push(longer);
        }
    }
    None
}

/// One question for each entity whose documents do not say which fields may be empty.
fn open_requirements(draft: &mut Draft<'_>) {
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
        let (name, source) = (draft.model.entity(id).name.clone(), draft.model.entity(id).source);
        let text = format!(
            "Which fields of `{name}` may be empty? No document says for {}.",
            open.join(", ")
        );
        draft.ask("required-fields", &name, text, "they may be empty", Some(source));
    }
}
