//! Queries without an index, and indexes without a query.

use std::collections::BTreeSet;

use underpin_pg::{Ident, IndexKey, QualifiedName, Table};

use crate::finding::{Finding, Object, short};
use crate::names::list;
use crate::subject::{Access, Documents, Subject};

underpin_base::codes! {
    /// A query that the documents describe finds no index.
    ///
    /// Our own design has an index for it, and the schema has none that begins with the columns that it compares: each
    /// run reads the whole table.
    ///
    /// ```markdown
    /// ## Order
    ///
    /// About 2,000,000 orders.
    ///
    /// - id: bigint, primary key
    /// - placed_on: date, required
    /// - note: string, required
    ///
    /// Access patterns:
    ///
    /// - list orders by placed_on
    /// ```
    ///
    /// ```sql
    /// CREATE TABLE orders (
    ///   id bigint PRIMARY KEY,
    ///   placed_on date NOT NULL,
    ///   note text NOT NULL
    /// );
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE orders (
    ///   id bigint PRIMARY KEY,
    ///   placed_on date NOT NULL,
    ///   note text NOT NULL
    /// );
    /// CREATE INDEX ON orders (placed_on);
    /// ```
    QUERY_WITHOUT_INDEX = "C105", "query-without-index";
    /// An index serves no query that the documents describe.
    ///
    /// Each write keeps it. It begins with a column that no query compares or sorts by, supports no foreign key and refuses
    /// no duplicate. It is a note: the documents may not tell of every query.
    ///
    /// ```markdown
    /// ## Order
    ///
    /// About 2,000,000 orders.
    ///
    /// - id: bigint, primary key
    /// - placed_on: date, required
    /// - note: string, required
    ///
    /// Access patterns:
    ///
    /// - list orders by placed_on
    /// ```
    ///
    /// ```sql
    /// CREATE TABLE orders (
    ///   id bigint PRIMARY KEY,
    ///   placed_on date NOT NULL,
    ///   note text NOT NULL
    /// );
    /// CREATE INDEX ON orders (placed_on);
    /// CREATE INDEX ON orders (note);
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE orders (
    ///   id bigint PRIMARY KEY,
    ///   placed_on date NOT NULL,
    ///   note text NOT NULL
    /// );
    /// CREATE INDEX ON orders (placed_on);
    /// ```
    INDEX_WITHOUT_QUERY = "C106", "index-without-query";
}

pub(super) fn apply(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let Some(documents) = subject.documents else { return };
    for query in &documents.physical.queries {
        let Some(promised) = &query.promised_index else { continue };
        let Some(ours) = owner(&documents, promised) else { continue };
        let Some(home) = documents.home(&ours.name) else { continue };
        let Some(table) = subject.schema.tables.get(&home.table) else { continue };
        let compared = compared(&documents, query, &ours.name);
        let theirs: Option<Vec<&Ident>> =
            compared.iter().map(|column| home.column(column)).collect();
        // Where a column has no counterpart, how the schema answers the query is not known.
        let Some(theirs) = theirs.filter(|columns| !columns.is_empty()) else { continue };
        let serves = subject.accesses(table).into_iter().any(|access| {
            access.columns().first().copied().flatten().is_some_and(|first| theirs.contains(&first))
                || access.is_expression_or_partial()
        });
        if !serves {
            findings.push(
                Finding::warning(
                    QUERY_WITHOUT_INDEX,
                    Object::whole(&table.name),
                    format!(
                        "the query \"{}\" compares ({}) of `{}`, and no index begins with one of them",
                        query.name,
                        list(theirs.iter().copied()),
                        short(&table.name)
                    ),
                )
                .help(format!("create an index on ({})", list(theirs.iter().copied()))),
            );
        }
    }
    without_query(subject, &documents, findings);
}

/// The table of our design that an index or a constraint's index belongs to.
fn owner<'a>(documents: &Documents<'a>, index: &QualifiedName) -> Option<&'a Table> {
    let schema = &documents.physical.schema;
    if let Some(index) = schema.indexes.get(index) {
        return schema.tables.get(&index.table);
    }
    schema.tables.values().find(|table| {
        table.name.namespace == index.namespace && table.keys().any(|key| key.name == index.name)
    })
}

/// Our columns that a query compares.
fn compared(
    documents: &Documents<'_>,
    query: &underpin_physical::Query,
    ours: &QualifiedName,
) -> Vec<Ident> {
    let pattern = &documents.model.patterns[query.pattern.index()];
    let design = documents.physical.tables.of(ours);
    let Some(design) = design else { return Vec::new() };
    let relation = documents.logical.relation(design.relation);
    let column = |field| relation.attribute_of(field).map(|at| design.column(at).clone());
    pattern.filter.iter().filter_map(|filter| column(filter.field)).collect()
}

fn without_query(subject: &Subject<'_>, documents: &Documents<'_>, findings: &mut Vec<Finding>) {
    // Documents without queries say nothing of indexes.
    if documents.model.patterns.is_empty() {
        return;
    }
    let mut read: BTreeSet<(QualifiedName, Ident)> = BTreeSet::new();
    for pattern in &documents.model.patterns {
        let fields =
            pattern.filter.iter().map(|it| it.field).chain(pattern.sort.iter().map(|it| it.field));
        for field in fields {
            for design in &documents.physical.tables {
                let relation = documents.logical.relation(design.relation);
                let Some(at) = relation.attribute_of(field) else { continue };
                let Some(home) = documents.home(&design.table) else { continue };
                read.extend(
                    home.column(design.column(at)).map(|it| (home.table.clone(), it.clone())),
                );
            }
        }
    }
    for table in subject.tables() {
        // A table that no document speaks of is somebody else's.
        if !documents.homes.iter().any(|home| home.table == table.name) {
            continue;
        }
        for index in subject.schema.indexes_of(&table.name).filter(|index| !index.unique) {
            let Some(IndexKey::Column(first)) = index.columns.first().map(|column| &column.key)
            else {
                continue;
            };
            // What is mapped to no field is not known to be unread.
            let is_known = documents.homes.iter().any(|home| {
                home.table == table.name && home.columns.iter().any(|(_, theirs)| theirs == first)
            });
            let is_read = Access::Index(index)
                .columns()
                .into_iter()
                .flatten()
                .any(|column| read.contains(&(table.name.clone(), column.clone())));
            let supports = table.foreign_keys.iter().any(|key| key.columns.contains(first));
            let is_ours = documents.physical.schema.indexes.contains_key(&index.name);
            if is_known && !is_read && !supports && !is_ours {
                findings.push(
                    Finding::note(
                        INDEX_WITHOUT_QUERY,
                        Object::part(&table.name, &index.name.name),
                        format!(
                            "no query of the documents uses the index `{}` of `{}`",
                            index.name.name.as_str(),
                            short(&table.name)
                        ),
                    )
                    .help("drop it, or describe the query"),
                );
            }
        }
    }
}
