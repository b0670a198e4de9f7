//! Requests: those that people hand in, and what programs send with a call.

use crate::document::Table;
use crate::entity_name::EntityTitle;
use crate::words::lower_words;

/// Whether "Request" is what people hand in and not what a program sends: its rows have a primary key.
pub(super) fn is_of_people(title: &EntityTitle, table: &Table) -> bool {
    let is_alone = title.name.eq_ignore_ascii_case("request");
    let is_key = |cell: &str| {
        let lower = cell.to_lowercase();
        lower.contains("primary key")
            || lower.split(|c: char| !c.is_alphanumeric()).any(|word| word == "pk")
    };
    is_alone && table.rows.iter().any(|row| row.cells.iter().any(|cell| is_key(&cell.text)))
}

/// Whether words over a table say that it lists what a call is made with, "**Query Parameters**", and no fields.
pub(super) fn of_calls(lead: &str) -> bool {
    let words = lower_words(lead);
    let words: Vec<&str> = words.iter().map(smol_str::SmolStr::as_str).collect();
    matches!(
        words.as_slice(),
        ["query" | "path" | "url" | "header", "parameters" | "params" | "parameter" | "param"]
            | ["headers" | "query" | "params"]
            | ["request" | "response", "headers"]
    )
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn what_has_a_key_is_stored() {
        check(
            "## Request\n\n| Field | Type | Constraints |\n|-|-|-|\n| id | uuid | PK |\n| note | text | |\n",
            &expect![[r#"
                1 field-table  entity Request
                5 field-table  field Request.id uuid primary key
                6 field-table  field Request.note text
            "#]],
        );
    }

    #[test]
    fn what_is_sent_has_none() {
        check(
            "## Request\n\n| Field | Type | Constraints |\n|-|-|-|\n| page | int | |\n| note | text | |\n",
            &expect![[r#"
                3 R007 `Request` is called "request" and gets no table
            "#]],
        );
    }
}
