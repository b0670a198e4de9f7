//! Indexes for references: a deletion of the row referred to looks for the rows that refer to it, and
//! without an index it reads the whole table for each deleted row (manual, section 5.4.5).

use std::collections::{BTreeMap, BTreeSet};

use underpin_logical::{AttributeId, Decision, LogicalDesign, RelationId, RelationKind};
use underpin_model::Model;
use underpin_pg::{
    ForeignKey, Ident, Index, IndexColumn, IndexKey, Method, QualifiedName, ReferentialAction,
    naming,
};

use super::free_name;
use crate::rule::foreign_keys::telling;
use crate::{IndexDesign, PhysicalDesign, Query, keeps_the_row};

pub(super) fn apply(
    model: &Model,
    logical: &LogicalDesign,
    taken: &BTreeSet<Ident>,
    design: &mut PhysicalDesign,
) {
    let tables: Vec<QualifiedName> =
        design.tables.iter().map(|table| table.table.clone()).collect();
    let deleted = deleted(design);
    let mut described: BTreeMap<QualifiedName, usize> = BTreeMap::new();
    for (at, entry) in design.indexes.iter().enumerate() {
        described.entry(entry.index.clone()).or_insert(at);
    }
    for (at, name) in tables.iter().enumerate() {
        let keys = design.schema.tables[name].foreign_keys.clone();
        for (nth, key) in keys.iter().enumerate() {
            let relation = logical.relation(design.tables[at].relation);
            let telling = telling(model, logical, relation, &relation.references[nth]);
            let tail = &key.columns[key.columns.len().saturating_sub(telling)..];
            let Some(last) = tail.last() else { continue };
            if let Some(index) = covering(design, name, &key.columns, tail) {
                if let Some(&at) = described.get(&index) {
                    design.indexes[at].supports.push(key.name.clone());
                }
                continue;
            }
            let target = logical.relation(design.tables[at].relation).references[nth].target;
            let parent = &tables[target.index()];
            let reason = match key.on_delete {
                ReferentialAction::Cascade => "Finds the rows that a deletion takes along.",
                ReferentialAction::SetNull | ReferentialAction::SetDefault => {
                    "Finds the rows whose reference a deletion clears."
                }
                ReferentialAction::Restrict | ReferentialAction::NoAction
                    if expires(model, logical, target) || deleted.contains(parent) =>
                {
                    "Finds the rows that refuse a deletion, which the documents plan."
                }
                ReferentialAction::Restrict | ReferentialAction::NoAction
                    if is_counted(design, at, key) =>
                {
                    "Finds the rows that a limit counts together."
                }
                ReferentialAction::Restrict | ReferentialAction::NoAction
                    if model.patterns.is_empty() =>
                {
                    "Finds the rows that refer to one; the documents state no access pattern, and \
                     this is what a reference is followed for."
                }
                // What is asked of other tables says nothing of this one. The few values of a list are followed from no side.
                ReferentialAction::Restrict | ReferentialAction::NoAction
                    if logical.relation(target).kind != RelationKind::Lookup
                        && !design.queries.iter().any(|query| query.table == *name) =>
                {
                    "Finds the rows that refer to one; the documents state no access pattern for this \
                     table, and this is what a reference is followed for."
                }
                ReferentialAction::Restrict | ReferentialAction::NoAction => {
                    // One for some of the rows, or behind other columns, finds what is asked for.
                    let found = design.schema.indexes_of(name).find(|index| {
                        index.columns.iter().any(|column| column.key.plain() == Some(last))
                    });
                    let searched = match found {
                        Some(index) => format!(
                            "what access patterns search by {} is found by {}",
                            last.as_str(),
                            index.name.name.as_str()
                        ),
                        None => format!(
                            "no access pattern that was understood searches by {}",
                            last.as_str()
                        ),
                    };
                    design.decisions.push(
                        Decision::new(
                            "P052",
                            key.name.as_str(),
                            format!("{} gets no index", key.name.as_str()),
                            format!(
                                "{searched}, and no document that was understood plans to delete rows of \
                                 {}: nothing would read it, every write would pay for it",
                                parent.name.as_str()
                            ),
                        )
                        .instead_of("an index on every foreign key, by habit")
                        .changes_when("rows of the parent are deleted, or searched from"),
                    );
                    continue;
                }
            };
            let named_after: Vec<&Ident> = tail.iter().collect();
            let wanted = naming::object_name(&name.name, &named_after, "idx");
            let index_name = free_name(design, taken, name, &wanted);
            design.schema.add_index(Index {
                name: index_name.clone(),
                table: name.clone(),
                columns: tail
                    .iter()
                    .map(|column| IndexColumn {
                        key: IndexKey::Column(column.clone()),
                        descending: false,
                        operator_class: None,
                    })
                    .collect(),
                include: Vec::new(),
                unique: false,
                method: Method::Btree,
                predicate: None,
                comment: None,
            });
            described.insert(index_name.clone(), design.indexes.len());
            design.indexes.push(IndexDesign {
                index: index_name,
                serves: Vec::new(),
                supports: vec![key.name.clone()],
                reason: reason.to_owned(),
            });
        }
    }
}

/// An index or key that covers all rows and begins with the reference: with all its columns, or with
/// those that tell rows apart.
fn covering(
    design: &PhysicalDesign,
    table: &QualifiedName,
    columns: &[Ident],
    telling: &[Ident],
) -> Option<QualifiedName> {
    let holds = |names: &[Ident], wanted: &[Ident]| {
        names.len() >= wanted.len() && names[..wanted.len()].iter().all(|it| wanted.contains(it))
    };
    let begins = |names: &[Ident]| holds(names, telling) || holds(names, columns);
    for key in design.schema.tables[table].keys() {
        if begins(&key.columns) {
            return Some(QualifiedName::new(table.namespace.clone(), key.name.clone()));
        }
    }
    design
        .schema
        .indexes_of(table)
        .filter(|index| index.predicate.is_none() && index.method == Method::Btree)
        .find(|index| {
            let names: Vec<Ident> =
                index.columns.iter().map_while(|column| column.key.plain().cloned()).collect();
            begins(&names)
        })
        .map(|index| index.name.clone())
}

/// Whether a limit over rows looks for those that refer by a key.
fn is_counted(design: &PhysicalDesign, table: usize, key: &ForeignKey) -> bool {
    let table = &design.tables[table];
    let last =
        |pairs: &[(AttributeId, AttributeId)]| pairs.last().map(|(own, _)| table.column(*own));
    table.limits.iter().any(|it| last(&it.limit.reference) == key.columns.last())
}

/// Whether a document says that rows of the relation go after a time.
fn expires(model: &Model, logical: &LogicalDesign, relation: RelationId) -> bool {
    model.retentions.iter().any(|retention| {
        logical.relation_of(retention.entity) == Some(relation)
            && retention.days.is_some()
            && !keeps_the_row(&retention.text)
    })
}

/// The tables of which a pattern deletes rows.
fn deleted(design: &PhysicalDesign) -> BTreeSet<QualifiedName> {
    let deletes = |it: &&Query| matches!(it.statement, Some(underpin_pg::Statement::Delete(_)));
    design.queries.iter().filter(deletes).map(|query| query.table.clone()).collect()
}
