//! A primary key of many columns.

use crate::finding::{Finding, Object, short};
use crate::names::list;
use crate::subject::Subject;

underpin_base::codes! {
    /// A primary key has more than four columns, and other tables refer to it.
    ///
    /// Each table that refers to it repeats all of its columns, in its rows and in its indexes, and each join compares
    /// them all.
    ///
    /// ```sql
    /// CREATE TABLE seats (
    ///   country text, city text, hall text, block text, place text,
    ///   PRIMARY KEY (country, city, hall, block, place)
    /// );
    /// CREATE TABLE bookings (
    ///   id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ///   country text NOT NULL, city text NOT NULL, hall text NOT NULL, block text NOT NULL, place text NOT NULL,
    ///   FOREIGN KEY (country, city, hall, block, place) REFERENCES seats
    /// );
    /// CREATE INDEX ON bookings (country, city, hall, block, place);
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE seats (
    ///   id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ///   country text NOT NULL, city text NOT NULL, hall text NOT NULL, block text NOT NULL, place text NOT NULL,
    ///   UNIQUE (country, city, hall, block, place)
    /// );
    /// CREATE TABLE bookings (
    ///   id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ///   seat_id bigint NOT NULL REFERENCES seats
    /// );
    /// CREATE INDEX ON bookings (seat_id);
    /// ```
    WIDE_PRIMARY_KEY = "C003", "wide-primary-key";
}

/// More than these are too many for other tables to repeat.
const MOST: usize = 4;

pub(super) fn apply(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for table in subject.tables() {
        let Some(key) = table.primary_key.as_ref().filter(|key| key.columns.len() > MOST) else {
            continue;
        };
        let refers = |other: &&underpin_pg::Table| {
            other.foreign_keys.iter().any(|foreign| {
                foreign.references == table.name && foreign.columns.len() == key.columns.len()
            })
        };
        let Some(other) = subject.tables().find(refers) else { continue };
        findings.push(
            Finding::warning(
                WIDE_PRIMARY_KEY,
                Object::whole(&table.name),
                format!(
                    "the primary key of `{}` has {} columns ({}), and `{}` repeats them all to refer to it",
                    short(&table.name),
                    key.columns.len(),
                    list(&key.columns),
                    short(&other.name)
                ),
            )
            .help("give it a key of one column, and make this one UNIQUE"),
        );
    }
}
