//! Access patterns: what each query is about, with its fields resolved.

use std::collections::BTreeSet;

use underpin_base::Span;
use underpin_read::{Fact, PatternFact};

use super::indexes::direction;
use crate::draft::Draft;
use crate::names::{slug, words};
use crate::{EntityId, FieldId, Filter, Pattern, Sort};

/// Collects the access patterns.
pub(crate) fn run(draft: &mut Draft<'_>) {
    let mut names: BTreeSet<String> = BTreeSet::new();
    for statement in draft.statements {
        let Fact::AccessPattern(fact) = &statement.fact else { continue };
        let Some((entity, joins)) = subjects(draft, fact, statement.span) else { continue };
        let mut filter: Vec<Filter> = Vec::new();
        for condition in &fact.filter {
            let Some(field) = field(draft, entity, &joins, &condition.field) else {
                report(draft, fact, entity, &condition.field, statement.span);
                continue;
            };
            let next = Filter {
                field,
                operator: condition.operator.clone(),
                optional: condition.optional,
            };
            if !filter.contains(&next) {
                filter.push(next);
            }
        }
        let mut sort: Vec<Sort> = Vec::new();
        for text in &fact.sort {
            let (name, descending) = direction(text);
            let Some(field) = field(draft, entity, &joins, name) else {
                report(draft, fact, entity, name, statement.span);
                continue;
            };
            if !sort.iter().any(|part| part.field == field) {
                sort.push(Sort { field, descending });
            }
        }
        let mut joins = joins;
        for field in filter.iter().map(|f| f.field).chain(sort.iter().map(|s| s.field)) {
            let owner = draft.model.field(field).entity;
            if owner != entity && !joins.contains(&owner) {
                joins.push(owner);
            }
        }
        let name = unique_name(&fact.name, &names);
        names.insert(name.clone());
        draft.model.patterns.push(Pattern {
            name,
            text: fact.name.clone(),
            kind: fact.kind,
            entity,
            joins,
            filter,
            sort,
            limit: fact.limit,
            frequency: fact.frequency.clone(),
            per_second: fact.per_second.filter(|rate| rate.is_finite() && *rate >= 0.0),
            latency_ms: fact.latency_ms.filter(|latency| latency.is_finite() && *latency > 0.0),
            staleness_s: fact.staleness_s.filter(|age| age.is_finite() && *age >= 0.0),
            sql: fact.sql.clone(),
            source: statement.span,
        });
    }
}

/// The entity of a pattern and its joins; `Orders, OrderItems` names both in one cell.
fn subjects(
    draft: &mut Draft<'_>,
    fact: &PatternFact,
    span: Span,
) -> Option<(EntityId, Vec<EntityId>)> {
    let mut found: Vec<EntityId> = Vec::new();
    let stated = fact.entity.iter().flat_map(|text| parts(text));
    for name in stated.chain(fact.joins.iter().flat_map(|text| parts(text))) {
        match draft.entity_in_phrase(name) {
            Some(id) if !found.contains(&id) => found.push(id),
            Some(_) => {}
            None => {
                let what = format!("the access pattern \"{}\"", fact.name);
                draft.report_unknown_subject(&what, name, span);
                if fact.entity.as_deref() == Some(name) {
                    return None;
                }
            }
        }
    }
    if found.is_empty() {
        found.extend(entity_of_name(draft, &fact.name));
    }
    if found.is_empty() {
        if fact.entity.is_none() {
            draft.report_unknown_subject("an access pattern", &fact.name, span);
        }
        return None;
    }
    let entity = found.remove(0);
    Some((entity, found))
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', '+', ';', '&'])
        .flat_map(|part| part.split(" JOIN "))
        .map(|part| part.trim().trim_matches('`'))
        .filter(|part| !part.is_empty())
}

/// "List a customer's orders" is about orders: of the entities in a name, the one that stands
/// before "by" or "for", or else the first.
fn entity_of_name(draft: &Draft<'_>, name: &str) -> Option<EntityId> {
    let words = words(name);
    let mut best: Option<(usize, EntityId)> = None;
    for from in 0..words.len() {
        for to in (from + 1..=words.len().min(from + 3)).rev() {
            let Some(id) = draft.entity(&words[from..to].join(" ")) else { continue };
            let owner = words.get(to).is_some_and(|word| word == "s")
                || words[to - 1].ends_with("'s")
                || words[to - 1].ends_with("’s");
            if best.is_none() && !owner {
                best = Some((to - from, id));
            }
            break;
        }
    }
    best.map(|(_, id)| id)
}

/// The field in the pattern's entity, or in one of its joins.
fn field(draft: &Draft<'_>, entity: EntityId, joins: &[EntityId], name: &str) -> Option<FieldId> {
    let name = name.trim().trim_matches('`');
    if let Some((front, name)) = name.rsplit_once('.')
        && let Some(owner) = draft.entity_in_phrase(front)
    {
        return draft.field_in_phrase(owner, name);
    }
    let name = name.rsplit_once('.').map_or(name, |(_, name)| name);
    std::iter::once(entity)
        .chain(joins.iter().copied())
        .find_map(|owner| draft.field_in_phrase(owner, name))
}

fn report(draft: &mut Draft<'_>, fact: &PatternFact, entity: EntityId, name: &str, span: Span) {
    let what = format!("the access pattern \"{}\"", fact.name);
    draft.report_unknown_field(&what, entity, name, span);
}

fn unique_name(text: &str, taken: &BTreeSet<String>) -> String {
    let base = slug(text).replace('-', "_");
    let base = if base.is_empty() { "pattern".to_owned() } else { base };
    if !taken.contains(&base) {
        return base;
    }
    let mut number = 2;
    loop {
        let name = format!("{base}_{number}");
        if !taken.contains(&name) {
            return name;
        }
        number += 1;
    }
}
