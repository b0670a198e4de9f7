//! Entities: what documents say of one thing under several spellings becomes one entity.

use std::collections::{BTreeMap, BTreeSet};

use underpin_base::{Diagnostic, DocumentId, Span};
use underpin_read::{EntityFact, EntityKind, Fact, Statement};

use crate::codes;
use crate::draft::{Draft, Run, origin_of};
use crate::names::{fold_entity, fold_field, spelling_rank};
use crate::{Entity, EntityId, Origin};

/// Finds all entities: stated ones first, then those that only have fields or stand in a diagram.
pub(crate) fn run(draft: &mut Draft<'_>) {
    let tables = tables(draft.statements);
    let canonical = |name: &str| {
        let key = fold_entity(name);
        tables.get(&key).cloned().unwrap_or(key)
    };
    let mut places: BTreeMap<String, EntityId> = BTreeMap::new();
    let statements = draft.statements;
    let mut last: Option<(&str, bool)> = None;
    for statement in statements {
        // The fields of an entity stand together, and the second makes nothing known that the first did not.
        if let Fact::Field { entity, .. } = &statement.fact {
            let is_stated = statement.assumed.is_none() && statement.inferred.is_none();
            if last.replace((entity, is_stated)) == Some((entity, is_stated)) {
                continue;
            }
        }
        for (fact, origin) in mentions(statement) {
            if fact.name.trim().is_empty() {
                continue;
            }
            let key = canonical(&fact.name);
            match places.get(&key) {
                Some(&id) => merge(draft, id, &fact, &origin, statement.span),
                None => {
                    let id = draft.add_entity(Entity {
                        name: fact.name.clone(),
                        aliases: Vec::new(),
                        table: fact.table.clone(),
                        kind: fact.kind,
                        description: fact.description.clone(),
                        fields: Vec::new(),
                        primary_key: Vec::new(),
                        unique: Vec::new(),
                        deleted_values: crate::DeletedValues::default(),
                        origin,
                        source: statement.span,
                    });
                    places.insert(key, id);
                }
            }
        }
    }
    for id in draft.entity_ids() {
        let entity = draft.model.entity(id).clone();
        draft.name_entity(&entity.name, id);
    }
    for id in draft.entity_ids() {
        let entity = draft.model.entity(id).clone();
        for other in entity.aliases.iter().chain(&entity.table) {
            draft.name_entity(other, id);
        }
    }
    name_without_schema(draft);
    report_duplicates(draft);
}

/// `sales.customer` is also just the customer, where no other schema has one.
fn name_without_schema(draft: &mut Draft<'_>) {
    let mut bare: BTreeMap<String, Vec<EntityId>> = BTreeMap::new();
    for (id, entity) in draft.model.entities() {
        if let Some((_, name)) = entity.name.rsplit_once('.') {
            bare.entry(fold_entity(name)).or_default().push(id);
        }
    }
    for (name, owners) in bare {
        if let [only] = owners[..] {
            draft.name_entity(&name, only);
        }
    }
}

/// Names of tables that stand for an entity of another name, by folded table name. A table that
/// two entities claim stands for neither.
fn tables(statements: &[Statement]) -> BTreeMap<String, String> {
    let mut claims: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for statement in statements {
        if let Fact::Entity(EntityFact { name, table: Some(table), .. }) = &statement.fact {
            let (table, name) = (fold_entity(table), fold_entity(name));
            if table != name {
                claims.entry(table).or_default().insert(name);
            }
        }
    }
    claims
        .into_iter()
        .filter_map(|(table, names)| {
            let mut names = names.into_iter();
            let name = names.next()?;
            names.next().is_none().then_some((table, name))
        })
        .collect()
}

/// The entities that a statement makes known. A field makes its entity known, and so does the end
/// of an edge of a diagram: mermaid and DBML let a box stand without a description.
fn mentions(statement: &Statement) -> Vec<(EntityFact, Origin)> {
    let bare = |name: &String| EntityFact {
        name: name.clone(),
        kind: EntityKind::Entity,
        table: None,
        description: None,
    };
    match &statement.fact {
        Fact::Entity(fact) => vec![(fact.clone(), origin_of(statement))],
        Fact::Field { entity, .. } => vec![(bare(entity), origin_of(statement))],
        Fact::Relationship(relationship)
            if statement.notation.contains("mermaid") || statement.notation.contains("dbml") =>
        {
            let reason = "stands in a diagram without a description of its own";
            [&relationship.from, &relationship.to]
                .map(|name| (bare(name), Origin::Inferred(reason.to_owned())))
                .into()
        }
        _ => Vec::new(),
    }
}

fn merge(draft: &mut Draft<'_>, id: EntityId, fact: &EntityFact, origin: &Origin, span: Span) {
    let entity = draft.entity_mut(id);
    if fact.name != entity.name {
        if spelling_rank(&fact.name) > spelling_rank(&entity.name) {
            let old = std::mem::replace(&mut entity.name, fact.name.clone());
            entity.aliases.retain(|alias| *alias != fact.name);
            entity.aliases.push(old);
        } else if !entity.aliases.contains(&fact.name) {
            entity.aliases.push(fact.name.clone());
        }
    }
    if *origin == Origin::Stated && entity.origin != Origin::Stated {
        entity.origin = Origin::Stated;
        entity.source = span;
    }
    if entity.description.is_none() {
        entity.description.clone_from(&fact.description);
    }
    let (name, source) = (entity.name.clone(), entity.source);
    match (&entity.table, &fact.table) {
        (None, Some(_)) => entity.table.clone_from(&fact.table),
        (Some(old), Some(new)) if fold_field(old) != fold_field(new) => {
            let message = format!(
                "`{name}` is stored in the table `{old}` at one place and in `{new}` at another; \
                 `{old}` was taken"
            );
            draft.report(
                Diagnostic::warning(codes::CONFLICTING_STATEMENTS, message)
                    .at(span, "the other table")
                    .at(source, "first described here")
                    .help("name the same table at both places"),
            );
        }
        _ => {}
    }
    let entity = draft.entity_mut(id);
    match (entity.kind, fact.kind) {
        (_, EntityKind::Entity) => {}
        (EntityKind::Entity, kind) => entity.kind = kind,
        (old, new) if old == new => {}
        _ => {
            let message =
                format!("`{name}` is a value object at one place and joins others at another");
            draft.report(
                Diagnostic::warning(codes::CONFLICTING_STATEMENTS, message)
                    .at(span, "here it is another sort of thing")
                    .at(source, "first described here")
                    .help("say the same at both places"),
            );
        }
    }
}

/// One description of an entity: its heading, and the fields up to the next heading.
struct Definition {
    entity: EntityId,
    notation: &'static str,
    document: DocumentId,
    span: Span,
    fields: BTreeSet<String>,
}

/// Reports entities that one document describes twice in the same notation.
fn report_duplicates(draft: &mut Draft<'_>) {
    let mut definitions: Vec<Definition> = Vec::new();
    // The last definition of each entity in each document.
    let mut open: BTreeMap<(EntityId, DocumentId), usize> = BTreeMap::new();
    let mut run = Run::default();
    for statement in draft.statements {
        match &statement.fact {
            Fact::Entity(fact) => {
                if let Some(entity) = draft.entity(&fact.name) {
                    open.insert((entity, statement.span.document), definitions.len());
                    definitions.push(Definition {
                        entity,
                        notation: statement.notation,
                        document: statement.span.document,
                        span: statement.span,
                        fields: BTreeSet::new(),
                    });
                }
            }
            Fact::Field { entity, field } => {
                let Some(entity) = run.entity(draft, entity) else { continue };
                let at = open.get(&(entity, statement.span.document));
                if let Some(definition) = at.map(|&at| &mut definitions[at]) {
                    // The heading may be read by another notation than the fields below it.
                    definition.notation = statement.notation;
                    definition.fields.insert(fold_field(&field.name));
                }
            }
            _ => {}
        }
    }
    definitions.retain(|definition| !definition.fields.is_empty());
    let mut firsts: BTreeMap<(EntityId, &str, DocumentId), &Definition> = BTreeMap::new();
    for second in &definitions {
        let key = (second.entity, second.notation, second.document);
        let Some(first) = firsts.get(&key) else {
            firsts.insert(key, second);
            continue;
        };
        let name = &draft.model.entity(second.entity).name;
        let common = first.fields.intersection(&second.fields).count();
        let diagnostic = if first.fields == second.fields {
            let message = format!("`{name}` is described twice with the same fields");
            Diagnostic::note(codes::DUPLICATE_ENTITY, message)
                .help("keep one of the two descriptions")
        } else if common == 0 {
            let message = format!(
                "`{name}` is described at two places with different fields; they were taken as one \
                 entity"
            );
            Diagnostic::warning(codes::DUPLICATE_ENTITY, message)
                .help("put the fields under one heading, or rename one of the entities")
        } else {
            let message = format!(
                "two entities are called `{name}`, and their fields differ; one table cannot be both"
            );
            Diagnostic::error(codes::DUPLICATE_ENTITY, message)
                .help("rename one of them, or merge the two descriptions")
        };
        let diagnostic = diagnostic
            .at(second.span, "described again here")
            .at(first.span, "first described here");
        draft.report(diagnostic);
    }
}
