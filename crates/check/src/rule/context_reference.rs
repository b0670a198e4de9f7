//! A foreign key between bounded contexts.

use crate::finding::{Finding, Object, short};
use crate::names::list;
use crate::subject::Subject;

underpin_base::codes! {
    /// A foreign key crosses from one bounded context to another.
    ///
    /// The documents keep the two apart, so that each can change, move and be deployed alone. With a foreign key neither
    /// can: a reference across contexts is an id without one.
    ///
    /// ```markdown
    /// ## Bounded contexts
    ///
    /// | Context | Entities |
    /// |---|---|
    /// | Sales | Order |
    /// | Shipping | Parcel |
    ///
    /// ## Order
    ///
    /// - id: bigint, primary key
    ///
    /// ## Parcel
    ///
    /// - id: bigint, primary key
    /// - order_id: bigint, required
    /// ```
    ///
    /// ```sql
    /// CREATE TABLE orders (id bigint PRIMARY KEY);
    /// CREATE TABLE parcels (
    ///   id bigint PRIMARY KEY,
    ///   order_id bigint NOT NULL REFERENCES orders
    /// );
    /// CREATE INDEX ON parcels (order_id);
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE orders (id bigint PRIMARY KEY);
    /// CREATE TABLE parcels (
    ///   id bigint PRIMARY KEY,
    ///   order_id bigint NOT NULL
    /// );
    /// CREATE INDEX ON parcels (order_id);
    /// ```
    FOREIGN_KEY_CROSSES_CONTEXTS = "C104", "foreign-key-crosses-contexts";
}

pub(super) fn apply(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let Some(documents) = subject.documents else { return };
    for table in subject.tables() {
        for key in &table.foreign_keys {
            let (Some(from), Some(to)) =
                (documents.context_of(&table.name), documents.context_of(&key.references))
            else {
                continue;
            };
            if from == to {
                continue;
            }
            findings.push(
                Finding::warning(
                    FOREIGN_KEY_CROSSES_CONTEXTS,
                    Object::part(&table.name, &key.name),
                    format!(
                        "({}) of `{}` in the context {} refers to `{}` in the context {}",
                        list(&key.columns),
                        short(&table.name),
                        from,
                        short(&key.references),
                        to
                    ),
                )
                .help("drop the foreign key, and keep the id"),
            );
        }
    }
}
