//! Types that PostgreSQL keeps for compatibility, and that its own wiki advises against.

use underpin_base::Code;
use underpin_pg::{Column, Table, Type};

use crate::finding::{Finding, Object, short};
use crate::names::{ends_with, holds_word};
use crate::subject::{Subject, foreign_type};

underpin_base::codes! {
    /// A column is `char(n)`.
    ///
    /// Shorter values are filled up with spaces, which take room, are ignored by some operators and not by others, and
    /// longer ones are refused only if what is too long is no space (manual, section 8.3). It is no faster.
    ///
    /// ```sql
    /// CREATE TABLE countries (code char(2) PRIMARY KEY);
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE countries (code text PRIMARY KEY CHECK (length(code) = 2));
    /// ```
    CHAR_N = "C020", "char-n";
    /// A column is `money`.
    ///
    /// How many decimals it has, and what currency it prints, is a setting of the session (`lc_monetary`; manual, section
    /// 8.2): the same value reads as another one elsewhere.
    ///
    /// ```sql
    /// CREATE TABLE invoices (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, total money NOT NULL);
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE invoices (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, total numeric(12,2) NOT NULL);
    /// ```
    MONEY = "C021", "money";
    /// A column is `timestamp` without a time zone.
    ///
    /// It names no moment: what it means depends on who wrote it and where, and twice a year an hour comes twice.
    ///
    /// ```sql
    /// CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, placed_at timestamp NOT NULL);
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, placed_at timestamptz NOT NULL);
    /// ```
    TIMESTAMP_WITHOUT_ZONE = "C022", "timestamp-without-zone";
    /// A column is `time with time zone`.
    ///
    /// A time of day without a day has no offset that could be right all year; the manual itself advises against it
    /// (section 8.5).
    ///
    /// ```sql
    /// CREATE TABLE shops (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, opens timetz NOT NULL);
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE shops (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, opens time NOT NULL, zone text NOT NULL);
    /// ```
    TIMETZ = "C023", "time-with-zone";
    /// A column is a time that is rounded to seconds.
    ///
    /// A precision of 0 rounds and does not cut off: a moment half a second from now is stored as one in the future.
    ///
    /// ```sql
    /// CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, placed_at timestamptz(0) NOT NULL);
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, placed_at timestamptz NOT NULL);
    /// ```
    ROUNDED_TIME = "C024", "rounded-time";
    /// A column is `varchar(n)`.
    ///
    /// It is stored as `text` is. A limit that no rule asks for refuses a long name one day, and one that a rule asks for
    /// is changed more easily, and reported under a name of its own, as a CHECK.
    ///
    /// ```sql
    /// CREATE TABLE people (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name varchar(255) NOT NULL);
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE people (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);
    /// ```
    VARCHAR_N = "C025", "varchar-n";
    /// A column is `json`.
    ///
    /// It keeps the text with its spaces and double keys, is parsed anew by each look into it, has no equality and no index
    /// (manual, section 8.14).
    ///
    /// ```sql
    /// CREATE TABLE events (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, payload json NOT NULL);
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE events (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, payload jsonb NOT NULL);
    /// ```
    JSON = "C026", "json";
    /// A column holds the number of an object of the catalog.
    ///
    /// `regclass` and its kin change when a database is restored, and `pg_upgrade` refuses a database with them (manual,
    /// pg_upgrade).
    ///
    /// ```sql
    /// CREATE TABLE audits (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, audited regproc NOT NULL);
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE audits (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, audited text NOT NULL);
    /// ```
    REG_TYPE = "C027", "reg-type";
    /// A column of amounts is a binary fraction.
    ///
    /// `real` and `double precision` cannot hold 0.10: sums are off by cents, and equality fails.
    ///
    /// ```sql
    /// CREATE TABLE invoices (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, total_amount double precision NOT NULL);
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE invoices (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, total_amount numeric(12,2) NOT NULL);
    /// ```
    FLOATING_MONEY = "C028", "floating-money";
    /// A column with the name of a moment is text.
    ///
    /// Any text is let in, it sorts by letters, and no arithmetic works.
    ///
    /// ```sql
    /// CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, placed_at text NOT NULL);
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, placed_at timestamptz NOT NULL);
    /// ```
    TIME_AS_TEXT = "C029", "time-as-text";
}

const AMOUNTS: &[&str] = &[
    "amount", "price", "cost", "fee", "balance", "salary", "budget", "subtotal", "revenue", "tax",
];

/// Those of them that a dump of an upgraded server may not hold; `regclass`, `regrole` and `regtype` may.
const REG_TYPES: &[&str] = &[
    "regcollation",
    "regconfig",
    "regdictionary",
    "regnamespace",
    "regoper",
    "regoperator",
    "regproc",
    "regprocedure",
];

pub(super) fn apply(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for (table, column) in subject.columns() {
        if let Some((code, consequence, instead)) = judge(column) {
            let message = format!(
                "`{}.{}` is {}: {consequence}",
                short(&table.name),
                column.name.as_str(),
                column.data_type.short()
            );
            let object = object(table, column);
            let finding = if code == VARCHAR_N {
                Finding::note(code, object, message)
            } else {
                Finding::warning(code, object, message)
            };
            findings.push(finding.help(format!("make it {instead}")));
        }
    }
}

fn object(table: &Table, column: &Column) -> Object {
    Object::part(&table.name, &column.name)
}

/// The code, what happens, and the better type.
fn judge(column: &Column) -> Option<(Code, &'static str, &'static str)> {
    if column.data_type == Type::Text && ends_with(&column.name, &["at", "timestamp", "datetime"]) {
        return Some((TIME_AS_TEXT, "any text is let in, and it sorts by letters", "timestamptz"));
    }
    if column.data_type == Type::DoublePrecision && holds_word(&column.name, AMOUNTS) {
        return Some((
            FLOATING_MONEY,
            "sums are off by cents",
            "numeric with the scale that is needed",
        ));
    }
    let name = foreign_type(&column.data_type)?;
    let is = |start: &str| name == start || name.starts_with(&format!("{start}("));
    let is_moment = name.starts_with("timestamp");
    let is_time = name.starts_with("time ") || name.starts_with("time(");
    if name.contains("(0)") && (is_moment || is_time) {
        Some((
            ROUNDED_TIME,
            "a moment is rounded to a second that may not have come yet",
            "as precise as the clock, and use date_trunc",
        ))
    } else if is("character") {
        Some((
            CHAR_N,
            "values are filled up with spaces",
            "text, with a CHECK of its length where a rule asks for one",
        ))
    } else if name == "money" {
        Some((
            MONEY,
            "its decimals and currency are a setting of the session",
            "numeric, and keep the currency beside it",
        ))
    } else if is_moment && name.ends_with("without time zone") {
        Some((TIMESTAMP_WITHOUT_ZONE, "it names no moment", "timestamptz"))
    } else if is_time && name.ends_with("with time zone") {
        Some((
            TIMETZ,
            "a time of day has no offset that is right all year",
            "time, and keep the zone's name beside it",
        ))
    } else if is("character varying") && name.contains('(') {
        Some((
            VARCHAR_N,
            "it is stored as text, and the limit is hard to change",
            "text, with a CHECK of its length where a rule asks for one",
        ))
    } else if name == "json" {
        Some((JSON, "it is parsed anew by each look into it, and has no equality", "jsonb"))
    } else if REG_TYPES.contains(&name) {
        Some((REG_TYPE, "pg_upgrade refuses a database with it", "text"))
    } else if name == "real" && holds_word(&column.name, AMOUNTS) {
        Some((FLOATING_MONEY, "sums are off by cents", "numeric with the scale that is needed"))
    } else {
        None
    }
}
