//! Keys and references that let tenants meet.

use underpin_pg::{Ident, QualifiedName};

use crate::finding::{Finding, Object, short};
use crate::names::list;
use crate::subject::{Documents, Subject};

underpin_base::codes! {
    /// A unique key leaves the tenant out.
    ///
    /// The documents say that the table's rows belong to tenants. A value that one of them uses is refused to all others,
    /// and the refusal tells them that it is used.
    ///
    /// ```markdown
    /// Every record belongs to a tenant (Shop), and a shop sees only its own.
    ///
    /// ## Shop
    ///
    /// - id: bigint, primary key
    ///
    /// ## Customer
    ///
    /// - id: bigint, primary key
    /// - shop_id: bigint, required, FK → Shop
    /// - email: string, required, unique per shop
    /// ```
    ///
    /// ```sql
    /// CREATE TABLE shops (id bigint PRIMARY KEY);
    /// CREATE TABLE customers (
    ///   id bigint PRIMARY KEY,
    ///   shop_id bigint NOT NULL REFERENCES shops,
    ///   email text NOT NULL UNIQUE
    /// );
    /// CREATE INDEX ON customers (shop_id);
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE shops (id bigint PRIMARY KEY);
    /// CREATE TABLE customers (
    ///   id bigint PRIMARY KEY,
    ///   shop_id bigint NOT NULL REFERENCES shops,
    ///   email text NOT NULL,
    ///   UNIQUE (shop_id, email)
    /// );
    /// ```
    UNIQUE_WITHOUT_TENANT = "C102", "unique-without-tenant";
    /// A foreign key can cross from one tenant to another.
    ///
    /// Both tables' rows belong to tenants, and the foreign key does not carry the tenant: a row of one can refer to a row
    /// of another. `(tenant_id, customer_id)` that refers to a UNIQUE `(tenant_id, id)` cannot.
    ///
    /// ```markdown
    /// Every record belongs to a tenant (Shop), and a shop sees only its own.
    ///
    /// ## Shop
    ///
    /// - id: bigint, primary key
    ///
    /// ## Customer
    ///
    /// - id: bigint, primary key
    /// - shop_id: bigint, required, FK → Shop
    ///
    /// ## Order
    ///
    /// - id: bigint, primary key
    /// - shop_id: bigint, required, FK → Shop
    /// - customer_id: bigint, required, FK → Customer
    /// ```
    ///
    /// ```sql
    /// CREATE TABLE shops (id bigint PRIMARY KEY);
    /// CREATE TABLE customers (
    ///   id bigint PRIMARY KEY,
    ///   shop_id bigint NOT NULL REFERENCES shops
    /// );
    /// CREATE TABLE orders (
    ///   id bigint PRIMARY KEY,
    ///   shop_id bigint NOT NULL REFERENCES shops,
    ///   customer_id bigint NOT NULL REFERENCES customers
    /// );
    /// CREATE INDEX ON customers (shop_id);
    /// CREATE INDEX ON orders (shop_id);
    /// CREATE INDEX ON orders (customer_id);
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE shops (id bigint PRIMARY KEY);
    /// CREATE TABLE customers (
    ///   id bigint PRIMARY KEY,
    ///   shop_id bigint NOT NULL REFERENCES shops,
    ///   UNIQUE (shop_id, id)
    /// );
    /// CREATE TABLE orders (
    ///   id bigint PRIMARY KEY,
    ///   shop_id bigint NOT NULL REFERENCES shops,
    ///   customer_id bigint NOT NULL,
    ///   FOREIGN KEY (shop_id, customer_id) REFERENCES customers (shop_id, id)
    /// );
    /// CREATE INDEX ON orders (shop_id, customer_id);
    /// ```
    FOREIGN_KEY_CROSSES_TENANTS = "C103", "foreign-key-crosses-tenants";
}

pub(super) fn apply(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let Some(documents) = subject.documents else { return };
    let owned = owned(&documents);
    let tenant_of = |table: &QualifiedName| {
        owned.iter().find(|(owned, _)| owned == table).map(|(_, column)| column)
    };
    for table in subject.tables() {
        let Some(tenant) = tenant_of(&table.name) else { continue };
        for key in table.uniques.iter().filter(|key| !key.columns.contains(tenant)) {
            if stated(&documents, &table.name, &key.columns) {
                continue;
            }
            findings.push(
                Finding::warning(
                    UNIQUE_WITHOUT_TENANT,
                    Object::part(&table.name, &key.name),
                    format!(
                        "({}) of `{}` is unique among all tenants: one of them takes a value from all others",
                        list(&key.columns),
                        short(&table.name)
                    ),
                )
                .help(format!("put `{}` first in the key", tenant.as_str())),
            );
        }
        for key in table.foreign_keys.iter().filter(|key| !key.columns.contains(tenant)) {
            if tenant_of(&key.references).is_none() {
                continue;
            }
            findings.push(
                Finding::warning(
                    FOREIGN_KEY_CROSSES_TENANTS,
                    Object::part(&table.name, &key.name),
                    format!(
                        "({}) of `{}` can refer to a row of `{}` that belongs to another tenant",
                        list(&key.columns),
                        short(&table.name),
                        short(&key.references)
                    ),
                )
                .help(format!("refer to it by (`{}`, …)", tenant.as_str())),
            );
        }
    }
}

/// The schema's tables whose rows belong to a tenant, and the column that says to which.
fn owned(documents: &Documents<'_>) -> Vec<(QualifiedName, Ident)> {
    let Some(tenant) = &documents.model.tenant else { return Vec::new() };
    let Some(relation) = documents.logical.relation_of(tenant.entity) else { return Vec::new() };
    let ours = &documents.physical.tables[relation.index()].table;
    documents
        .physical
        .tables
        .iter()
        .filter(|design| design.relation != relation)
        .filter_map(|design| {
            let table = documents.physical.schema.tables.get(&design.table)?;
            let key = table
                .foreign_keys
                .iter()
                .find(|key| key.references == *ours && key.columns.len() == 1)?;
            // A reference that may be missing owns nothing.
            table.column(&key.columns[0]).filter(|column| column.not_null)?;
            let home = documents.home(&design.table)?;
            Some((home.table.clone(), home.column(&key.columns[0])?.clone()))
        })
        .collect()
}

/// Whether our own design has the key as well: then the documents ask for it.
fn stated(documents: &Documents<'_>, theirs: &QualifiedName, columns: &[Ident]) -> bool {
    documents.homes.iter().filter(|home| home.table == *theirs).any(|home| {
        documents.physical.schema.tables.get(&home.ours).is_some_and(|table| {
            table.keys().any(|key| {
                key.columns.len() == columns.len()
                    && key
                        .columns
                        .iter()
                        .all(|ours| home.column(ours).is_some_and(|it| columns.contains(it)))
            })
        })
    })
}
