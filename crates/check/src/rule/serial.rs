//! A key that counts up the old way, or not far enough.

use underpin_pg::Type;

use crate::finding::{Finding, Object, short};
use crate::subject::Subject;

underpin_base::codes! {
    /// A column is `serial`.
    ///
    /// Its sequence has rights of its own that are forgotten in grants, a copy of the table shares it, and an INSERT may set
    /// the column behind its back. Identity columns have been there since PostgreSQL 10, are in the SQL standard and have
    /// none of that.
    ///
    /// ```sql
    /// CREATE TABLE orders (id bigserial PRIMARY KEY);
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
    /// ```
    SERIAL = "C030", "serial";
    /// A key that the server counts up can run out.
    ///
    /// An `integer` ends at 2,147,483,647, and rows that were refused or rolled back count too. On that day every INSERT fails,
    /// and the change of type rewrites the table and all that refer to it.
    ///
    /// ```sql
    /// CREATE TABLE events (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE events (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
    /// ```
    SMALL_KEY = "C031", "small-key";
}

pub(super) fn apply(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for (table, column) in subject.columns() {
        let counted = column.default.as_ref().is_some_and(|default| {
            default.to_string().trim_start_matches('(').starts_with("nextval(")
        });
        let object = || Object::part(&table.name, &column.name);
        let place = format!("{}.{}", short(&table.name), column.name.as_str());
        if counted {
            findings.push(
                Finding::warning(
                    SERIAL,
                    object(),
                    format!("`{place}` is counted up by a default, as `serial` makes it: any INSERT may set it behind the sequence's back"),
                )
                .help("make it GENERATED ALWAYS AS IDENTITY"),
            );
        }
        let small = matches!(column.data_type, Type::Integer | Type::SmallInt);
        if small && (counted || column.identity.is_some()) {
            findings.push(
                Finding::warning(
                    SMALL_KEY,
                    object(),
                    format!(
                        "`{place}` counts up in {}, which can run out; then every INSERT fails",
                        column.data_type
                    ),
                )
                .help("make it bigint, and the columns that refer to it"),
            );
        }
    }
}
