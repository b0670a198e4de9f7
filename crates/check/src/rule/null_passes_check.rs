//! A CHECK that a NULL passes, where that is not what it is for.

use underpin_pg::{Column, Table};

use crate::finding::{Finding, Object, short};
use crate::names::{holds_word, sql_words};
use crate::subject::Subject;

underpin_base::codes! {
    /// A CHECK lets a row pass because a column is NULL.
    ///
    /// A CHECK refuses a row only if it is false; with a NULL it is neither true nor false (manual, section 5.4.1). It is
    /// reported where the column is meant to have a value: the CHECK lists the values of a state or of a column that has a
    /// default, or it asks that another column is there.
    ///
    /// ```sql
    /// CREATE TABLE orders (
    ///   id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ///   status text,
    ///   paid_at timestamptz,
    ///   CHECK (status <> 'paid' OR paid_at IS NOT NULL)
    /// );
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE orders (
    ///   id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ///   status text NOT NULL,
    ///   paid_at timestamptz,
    ///   CHECK (status <> 'paid' OR paid_at IS NOT NULL)
    /// );
    /// ```
    NULL_PASSES_CHECK = "C008", "null-passes-check";
    /// A CHECK compares with NULL.
    ///
    /// `= NULL` and `<> NULL` are never true and never false, so the CHECK refuses nothing.
    ///
    /// ```sql
    /// CREATE TABLE jobs (
    ///   id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ///   worker text,
    ///   done boolean NOT NULL,
    ///   CHECK (NOT done OR worker <> NULL)
    /// );
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE jobs (
    ///   id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ///   worker text,
    ///   done boolean NOT NULL,
    ///   CHECK (NOT done OR worker IS NOT NULL)
    /// );
    /// ```
    COMPARED_WITH_NULL = "C009", "compared-with-null";
}

pub(super) fn apply(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for table in subject.tables() {
        for check in &table.checks {
            let object = Object::part(&table.name, &check.name);
            let text = check.expression.to_string();
            let name = format!("`{}` of `{}`", check.name.as_str(), short(&table.name));
            if text.contains("= NULL") || text.contains("<> NULL") {
                findings.push(
                    Finding::error(
                        COMPARED_WITH_NULL,
                        object,
                        format!("{name} compares with NULL, which is never true and never false: it refuses nothing"),
                    )
                    .help("write IS NULL or IS NOT NULL"),
                );
            } else if let Some(column) = evaded_by(table, &text) {
                findings.push(
                    Finding::warning(
                        NULL_PASSES_CHECK,
                        object,
                        format!("{name} lets a row pass whose `{}` is NULL", column.name.as_str()),
                    )
                    .help(format!(
                        "make `{}` NOT NULL, or say in the CHECK what holds without it",
                        column.name.as_str()
                    )),
                );
            }
        }
    }
}

/// The column that is meant to have a value, and need not.
fn evaded_by<'a>(table: &'a Table, text: &str) -> Option<&'a Column> {
    let words = sql_words(text);
    let asks_for_nulls = |column: &Column| {
        text.contains(&format!("{} IS", column.name))
            || ["num_nulls", "num_nonnulls", "coalesce"]
                .iter()
                .any(|function| words.iter().any(|word| word.eq_ignore_ascii_case(function)))
    };
    let read: Vec<&Column> = table
        .columns
        .iter()
        .filter(|column| words.iter().any(|word| *word == column.name.as_str()))
        .collect();
    let is_list = text.contains("= ANY (") || text.contains(" IN (");
    let requires_another = text.contains("IS NOT NULL");
    read.iter().copied().find(|column| {
        let is_meant = column.default.is_some() || holds_word(&column.name, &["status", "state"]);
        !column.not_null
            && column.generated.is_none()
            && !asks_for_nulls(column)
            && (requires_another || (is_list && read.len() == 1 && is_meant))
    })
}
