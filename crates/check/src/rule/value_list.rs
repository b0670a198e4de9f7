//! Lists that were put into one column.

use underpin_pg::{Column, Type};

use crate::finding::{Finding, Object, short};
use crate::names::words;
use crate::subject::Subject;

underpin_base::codes! {
    /// A text column holds a list.
    ///
    /// Its name says so (`tag_ids`, `email_list`), or its comment speaks of commas. No constraint reaches the single
    /// values, a search reads every row, and one value with a comma in it breaks the list.
    ///
    /// ```sql
    /// CREATE TABLE posts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tag_ids text NOT NULL);
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE posts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
    /// CREATE TABLE post_tags (
    ///   post_id bigint NOT NULL REFERENCES posts ON DELETE CASCADE,
    ///   tag text NOT NULL,
    ///   PRIMARY KEY (post_id, tag)
    /// );
    /// ```
    COMMA_LIST = "C073", "comma-list";
    /// An array holds references.
    ///
    /// No foreign key reaches the elements of an array: what they refer to can go while they stay.
    ///
    /// ```sql
    /// CREATE TABLE posts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, author_ids bigint[] NOT NULL);
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE authors (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
    /// CREATE TABLE posts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
    /// CREATE TABLE post_authors (
    ///   post_id bigint NOT NULL REFERENCES posts ON DELETE CASCADE,
    ///   author_id bigint NOT NULL REFERENCES authors ON DELETE RESTRICT,
    ///   PRIMARY KEY (post_id, author_id)
    /// );
    /// CREATE INDEX ON post_authors (author_id);
    /// ```
    ARRAY_OF_REFERENCES = "C074", "array-of-references";
}

pub(super) fn apply(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for (table, column) in subject.columns() {
        let object = Object::part(&table.name, &column.name);
        let name = format!("{}.{}", short(&table.name), column.name.as_str());
        let words = words(column.name.as_str());
        let refers = words.len() > 1 && words.last().is_some_and(|last| last == "ids");
        if matches!(column.data_type, Type::Array(_)) && refers {
            findings.push(
                Finding::warning(
                    ARRAY_OF_REFERENCES,
                    object,
                    format!("`{name}` is an array of references, which no foreign key reaches"),
                )
                .help("keep them in a table of their own, one row for each"),
            );
        } else if is_text(column) && (refers || is_list(column, &words)) {
            findings.push(
                Finding::warning(
                    COMMA_LIST,
                    object,
                    format!("`{name}` holds a list in one text, whose values no constraint reaches"),
                )
                .help("keep them in a table of their own, one row for each; or in an array, where they are plain values"),
            );
        }
    }
}

fn is_text(column: &Column) -> bool {
    column.data_type == Type::Text
        || matches!(&column.data_type, Type::Other(name) if name.starts_with("character"))
}

fn is_list(column: &Column, words: &[String]) -> bool {
    let last = words.last().map(String::as_str).unwrap_or_default();
    let comment = column.comment.as_deref().unwrap_or_default().to_lowercase();
    (words.len() > 1 && ["list", "csv"].contains(&last))
        || comment.contains("comma-separated")
        || comment.contains("comma separated")
}
