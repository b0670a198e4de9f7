//! A foreign key whose column has another type than the key that it refers to.

use crate::finding::{Finding, Object, short};
use crate::subject::Subject;

underpin_base::codes! {
    /// A foreign key's column has another type than the column that it refers to.
    ///
    /// The server compares them by converting one, which a smaller type does not survive: an `integer` cannot refer to the
    /// rows that a `bigint` key has once it is past 2,147,483,647, and joins of different types can miss an index.
    ///
    /// ```sql
    /// CREATE TABLE customers (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
    /// CREATE TABLE orders (
    ///   id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ///   customer_id integer NOT NULL REFERENCES customers
    /// );
    /// CREATE INDEX ON orders (customer_id);
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE customers (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
    /// CREATE TABLE orders (
    ///   id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ///   customer_id bigint NOT NULL REFERENCES customers
    /// );
    /// CREATE INDEX ON orders (customer_id);
    /// ```
    FOREIGN_KEY_TYPE = "C005", "foreign-key-type";
}

pub(super) fn apply(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for table in subject.tables() {
        for key in &table.foreign_keys {
            let Some(target) = subject.schema.tables.get(&key.references) else { continue };
            for (name, referred) in key.columns.iter().zip(&key.referenced_columns) {
                let (Some(column), Some(other)) = (table.column(name), target.column(referred))
                else {
                    continue;
                };
                if column.data_type == other.data_type {
                    continue;
                }
                findings.push(
                    Finding::warning(
                        FOREIGN_KEY_TYPE,
                        Object::part(&table.name, name),
                        format!(
                            "`{}.{}` is {} and refers to `{}.{}`, which is {}",
                            short(&table.name),
                            name.as_str(),
                            column.data_type.short(),
                            short(&target.name),
                            referred.as_str(),
                            other.data_type.short()
                        ),
                    )
                    .help("give both the same type, the wider one"),
                );
            }
        }
    }
}
