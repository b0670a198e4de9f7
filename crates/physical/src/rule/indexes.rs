//! P050: indexes for the stated access patterns, and for references that deletions search.
//!
//! For each pattern: columns compared for equality first, then the order, then ranges, so that the
//! index returns the wanted rows in the wanted order (manual, section 11.3 and 11.4). A key's own
//! index is used where it answers; indexes that another one contains are not built.

mod absorb;
mod alike;
mod brin;
mod candidate;
mod covering;
mod joined;
mod letters;
pub(crate) mod long_text;
mod references;
mod small;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use underpin_base::Span;
use underpin_logical::{Decision, LogicalDesign};
use underpin_model::{Model, Pattern};
use underpin_pg::{Ident, Index, IndexColumn, IndexKey, Method, QualifiedName, Table, naming};

use super::queries::asked_for;
use crate::{IndexDesign, PhysicalDesign, Query};
use candidate::{Candidate, Served};

const RULE: &str = "P050";

pub(crate) fn apply(model: &Model, logical: &LogicalDesign, design: &mut PhysicalDesign) {
    let mut candidates: Vec<Candidate> = Vec::new();
    // Which candidate (or key) serves which query.
    let mut served: Vec<(usize, Served)> = Vec::new();
    let mut wanted: Vec<(usize, Candidate)> = Vec::new();
    // Which candidates a query needs beside the one that serves it.
    let mut beside: Vec<(usize, usize)> = Vec::new();
    let mut refused = Vec::new();
    for (at, query) in design.queries.iter().enumerate() {
        // The next page of a list enters the index of the list; a late one asks for so few rows that another may do as well.
        if query.statement.is_none() || query.follows.is_some() {
            continue;
        }
        let pattern = match &query.narrows {
            None => Cow::Borrowed(model.pattern(query.pattern)),
            Some(_) => match narrowed(model, query) {
                Some(pattern) => Cow::Owned(pattern),
                None => continue,
            },
        };
        let pattern = &*pattern;
        let owner = |field| model.field(field).entity;
        let joined = joined::of_pattern(logical, design, pattern, owner);
        for other in joined.iter().cloned() {
            if candidate::key_that_serves(design, &other).is_none() {
                beside.push((at, candidates.len()));
                candidates.push(other);
            }
        }
        let asked = match small::never_many(logical, design, pattern.entity) {
            Some(reason) => Err(Some(reason)),
            None => candidate::of_pattern(model, logical, design, pattern)
                .and_then(|own| joined::instead(own, pattern, &joined))
                .map_err(|reason| reason.map(str::to_owned)),
        };
        let mut candidate = match asked {
            Ok(candidate) => candidate,
            Err(None) => continue,
            Err(Some(reason)) => {
                refused.push((query.name.clone(), reason, pattern.source));
                continue;
            }
        };
        wanted.push((at, candidate.clone()));
        match candidate::key_that_serves(design, &candidate) {
            Some(key) => served.push((at, Served::Key(key))),
            None => {
                if brin::suits(model, logical, design, pattern, &candidate) {
                    candidate.method = Method::Brin;
                }
                served.push((at, Served::Candidate(candidates.len())));
                candidates.push(candidate);
            }
        }
    }
    for (query, reason, source) in refused {
        design.decisions.push(
            Decision::new(
                "P053",
                &query,
                format!("no index is built for {query}, or promised to it"),
                reason,
            )
            .instead_of("an index that the planner would pass over, and every write pay for")
            .changes_when("the table grows large and the query asks for a small part of it")
            .from_statement(source),
        );
    }
    brin::settle(&mut candidates);
    let kept = absorb::absorb(&candidates);
    absorb::gather_included(&mut candidates, &kept);
    let keys = key_names(design);
    let mut names: Vec<Option<QualifiedName>> = vec![None; candidates.len()];
    for (at, candidate) in candidates.iter().enumerate() {
        if kept[at] == at {
            names[at] = Some(build(design, &keys, candidate));
        }
    }
    let mut described: BTreeMap<QualifiedName, usize> = BTreeMap::new();
    for (at, entry) in design.indexes.iter().enumerate() {
        described.entry(entry.index.clone()).or_insert(at);
    }
    for (query, by) in served {
        let index = match by {
            Served::Key(name) => name,
            Served::Candidate(at) => match &names[kept[at]] {
                Some(name) => name.clone(),
                None => continue,
            },
        };
        let name = design.queries[query].name.clone();
        design.queries[query].promised_index = Some(index.clone());
        if let Some(&at) = described.get(&index) {
            design.indexes[at].serves.push(name);
        } else {
            described.insert(index.clone(), design.indexes.len());
            design.indexes.push(IndexDesign {
                index,
                serves: vec![name],
                supports: Vec::new(),
                reason: "Is the index of a key, and answers these as well.".to_owned(),
            });
        }
    }
    for (query, at) in beside {
        let Some(index) = &names[kept[at]] else { continue };
        let name = design.queries[query].name.clone();
        match described.get(index).map(|&at| &mut design.indexes[at]) {
            Some(entry) if !entry.serves.contains(&name) => entry.serves.push(name),
            Some(_) | None => {}
        }
    }
    references::apply(model, logical, &keys, design);
    // Only now are all indexes known, and with them those that begin alike.
    for (query, candidate) in wanted {
        let mut alike = candidate::equivalents(design, &candidate);
        alike.retain(|name| Some(name) != design.queries[query].promised_index.as_ref());
        design.queries[query].equivalent_indexes = alike;
    }
    describe(model, design);
}

/// The pattern of a query with filters that a caller may leave out, where an index for it is worth more than it costs each
/// write: it always has the filter, and nothing else leads to few rows, which are soon looked through.
fn narrowed(model: &Model, query: &Query) -> Option<Pattern> {
    let pattern = model.pattern(query.pattern);
    let asked = asked_for(pattern)?;
    let is_always_there = asked.filter.iter().all(|filter| !filter.optional);
    let leads_to_all = pattern.conditions().next().is_none();
    (is_always_there && leads_to_all).then(|| Pattern { name: query.name.clone(), ..asked })
}

/// Puts the index into the schema under a name that is free.
fn build(
    design: &mut PhysicalDesign,
    keys: &BTreeSet<Ident>,
    candidate: &Candidate,
) -> QualifiedName {
    let columns: Vec<&Ident> = candidate.columns.iter().map(|column| &column.name).collect();
    let wanted = naming::object_name(&candidate.table.name, &columns, "idx");
    let name = free_name(design, keys, &candidate.table, &wanted);
    let uniform = candidate
        .columns
        .iter()
        .skip(candidate.equal)
        .all(|column| column.descending == candidate.columns[candidate.equal].descending);
    let index = Index {
        name: name.clone(),
        table: candidate.table.clone(),
        columns: candidate
            .columns
            .iter()
            .map(|column| IndexColumn {
                key: match &column.expression {
                    Some(expression) => IndexKey::Expression(expression.clone()),
                    None => IndexKey::Column(column.name.clone()),
                },
                // An index is read backwards as well as forwards, so only a mixed order needs
                // directions.
                descending: column.descending && !uniform,
                operator_class: column.operator_class.clone(),
            })
            .collect(),
        include: candidate.include.clone(),
        unique: false,
        method: candidate.method,
        predicate: candidate.predicate(),
        comment: None,
    };
    letters::extend(design, &index);
    design.schema.add_index(index);
    design.indexes.push(IndexDesign {
        index: name.clone(),
        serves: Vec::new(),
        supports: Vec::new(),
        reason: candidate.reason(),
    });
    name
}

/// The names of the keys of all tables: each is that of an index too. No index changes them.
fn key_names(design: &PhysicalDesign) -> BTreeSet<Ident> {
    let keys = design.schema.tables.values().flat_map(Table::keys);
    keys.map(|key| key.name.clone()).collect()
}

/// The name, or the name with a number: tables, indexes and keys share one namespace.
pub(super) fn free_name(
    design: &PhysicalDesign,
    keys: &BTreeSet<Ident>,
    table: &QualifiedName,
    wanted: &Ident,
) -> QualifiedName {
    let taken = |name: &QualifiedName| {
        design.schema.indexes.contains_key(name)
            || design.schema.tables.contains_key(name)
            || keys.contains(&name.name)
    };
    let mut name = QualifiedName::new(table.namespace.clone(), wanted.clone());
    let mut number = 0_u32;
    while taken(&name) {
        number += 1;
        name.name = naming::fit(&format!("{}{number}", wanted.as_str()), "");
    }
    name
}

/// Writes what each index is for where people will look: at the index, and among the decisions.
fn describe(model: &Model, design: &mut PhysicalDesign) {
    let mut decisions = Vec::new();
    let mut stated: BTreeMap<&str, Vec<Span>> = BTreeMap::new();
    for query in &design.queries {
        stated.entry(&query.name).or_default().push(model.pattern(query.pattern).source);
    }
    for entry in &design.indexes {
        let mut purposes = Vec::new();
        if !entry.serves.is_empty() {
            purposes.push(format!("serves {}", entry.serves.join(", ")));
        }
        if !entry.supports.is_empty() {
            let keys: Vec<&str> = entry.supports.iter().map(Ident::as_str).collect();
            purposes.push(format!("supports {}", keys.join(", ")));
        }
        let Some(index) = design.schema.indexes.get_mut(&entry.index) else { continue };
        let purpose = purposes.join("; ");
        if !purpose.is_empty() {
            let text = super::keys::capital(&purpose);
            index.comment = Some(match index.comment.take() {
                Some(before) => format!("{before} {text}"),
                None => text,
            });
        }
        let mut decision = Decision::new(
            RULE,
            index.name.name.as_str(),
            if purpose.is_empty() {
                format!("{} is built", index.name.name.as_str())
            } else {
                format!("{} is built: it {purpose}", index.name.name.as_str())
            },
            entry.reason.clone(),
        )
        .instead_of(match index.method {
            Method::Brin => "a b-tree, with an entry for each row that is added",
            Method::Btree | Method::Hash | Method::Gin | Method::Gist => {
                "no index: each of these reads the whole table"
            }
        })
        .changes_when("the patterns that it serves are dropped, or prove to be served without it");
        let serves = entry.serves.iter().filter_map(|name| stated.get(name.as_str()));
        decision.inputs.extend(serves.flatten());
        decisions.push(decision);
    }
    for stated in &model.indexes {
        let entity = &model.entity(stated.entity).name;
        let columns: Vec<&str> =
            stated.columns.iter().map(|column| &*model.field(column.field).name).collect();
        decisions.push(
            Decision::new(
                "P051",
                format!("{entity}({})", columns.join(", ")),
                "the documents' wish for this index is weighed against the access patterns, not copied",
                "an index is built for what it serves: the table of indexes names, for each pattern, \
                 the one that its plan was checked for",
            )
            .changes_when("an access pattern needs it")
            .from_statement(stated.source),
        );
    }
    design.decisions.extend(decisions);
}
