//! Names that must be quoted wherever they are used, or that the server cuts off.

use underpin_pg::{Ident, ScriptPlaces};

use crate::finding::{Finding, Object, short};
use crate::subject::Subject;

underpin_base::codes! {
    /// A name has upper-case letters.
    ///
    /// Unquoted names are folded to lower case (manual, section 4.1.1), so this one is found only in quotes, in every
    /// statement that anybody ever writes.
    ///
    /// ```sql
    /// CREATE TABLE "OrderItems" (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE order_items (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
    /// ```
    UPPER_CASE_NAME = "C040", "upper-case-name";
    /// A name is a key word of SQL.
    ///
    /// It is taken for what the word means wherever it is not quoted: `SELECT user` gives the name of the role, not the
    /// column.
    ///
    /// ```sql
    /// CREATE TABLE "user" (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
    /// ```
    KEYWORD_NAME = "C041", "keyword-name";
    /// A name is longer than 63 bytes.
    ///
    /// The server cuts it off and says so in a notice that few read (manual, section 4.1.1). Two long names that begin
    /// alike become one.
    ///
    /// ```sql
    /// CREATE TABLE a (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, quantity integer NOT NULL);
    /// CREATE INDEX the_index_that_finds_all_rows_of_the_table_named_a_by_their_quantity ON a (quantity);
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE a (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, quantity integer NOT NULL);
    /// CREATE INDEX a_quantity_idx ON a (quantity);
    /// ```
    LONG_NAME = "C042", "long-name";
}

pub(super) fn apply(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for table in subject.tables() {
        judge(&table.name.name, Object::whole(&table.name), "the table", findings);
        for column in &table.columns {
            let what = format!("a column of `{}`,", short(&table.name));
            judge(&column.name, Object::part(&table.name, &column.name), &what, findings);
        }
    }
    long_names(subject, findings);
}

fn judge(name: &Ident, object: Object, what: &str, findings: &mut Vec<Finding>) {
    let text = name.as_str();
    if text.chars().any(char::is_uppercase) {
        findings.push(
            Finding::warning(
                UPPER_CASE_NAME,
                object,
                format!("{what} `{text}` has upper-case letters, and is found only in quotes"),
            )
            .help("name it in lower case, with `_` between the words"),
        );
    } else if name.is_reserved() {
        findings.push(
            Finding::note(
                KEYWORD_NAME,
                object,
                format!(
                    "{what} `{text}` has the name of a key word of SQL, and is found only in quotes"
                ),
            )
            .help("add a word to the name, or take the plural"),
        );
    }
}

/// A catalog holds only what is left of a long name; the script holds it all.
fn long_names(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let Some(script) = subject.script else { return };
    let mut seen = std::collections::BTreeSet::new();
    for (name, _) in ScriptPlaces::new(script).long_names() {
        let mut end = Ident::MAX_BYTES;
        while !name.is_char_boundary(end) {
            end -= 1;
        }
        let Ok(cut) = Ident::new(&name[..end]) else { continue };
        if !seen.insert(name.to_owned()) {
            continue;
        }
        let owner = subject.tables().find(|table| {
            table.name.name == cut
                || table.column(&cut).is_some()
                || table.keys().any(|key| key.name == cut)
                || subject.schema.indexes_of(&table.name).any(|index| index.name.name == cut)
        });
        let Some(owner) = owner else { continue };
        findings.push(
            Finding::warning(
                LONG_NAME,
                Object::part(&owner.name, &cut),
                format!("`{name}` is longer than 63 bytes; the server keeps `{}`", cut.as_str()),
            )
            .help("choose a shorter name"),
        );
    }
}
