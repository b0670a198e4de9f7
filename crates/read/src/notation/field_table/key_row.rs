//! Rows of a field table that state a key or an index and no field.

use super::row::columns;
use crate::document::Row;
use crate::words::{lower_words, parenthesized};
use crate::{Fact, IndexFact};

/// Rows such as `| **unique** | (a, b) |` and `| (a, b) | UNIQUE |` state a key and no field.
pub(super) fn pseudo_row(entity: &str, name: &str, row: &Row) -> Option<Fact> {
    let label = match listed_key(name, row) {
        Some(kind) => kind.to_owned(),
        None => lower_words(parenthesized(name).map_or(name, |(before, _, _)| before)).join(" "),
    };
    let is_primary =
        matches!(label.as_str(), "primary key" | "pk" | "composite pk" | "composite primary key");
    let is_unique =
        matches!(label.as_str(), "unique" | "unique constraint" | "unique key" | "unique index");
    let is_index = matches!(label.as_str(), "index" | "indexes");
    if !(is_primary || is_unique || is_index) {
        return None;
    }
    let place = row.cells.iter().find(|cell| cell.text.contains('(') || cell.text.contains('`'))?;
    let columns = columns(&place.text)?;
    let entity = entity.to_owned();
    Some(if is_primary {
        Fact::PrimaryKey { entity, fields: columns }
    } else if is_unique {
        Fact::Unique { entity, fields: columns, condition: None, text: None }
    } else {
        Fact::Index(IndexFact {
            entity,
            name: None,
            columns,
            unique: false,
            method: None,
            purpose: None,
        })
    })
}

/// What "`(a, b)`" in the place of a name is, as another cell says first.
fn listed_key(name: &str, row: &Row) -> Option<&'static str> {
    let plain = name.trim_matches(['`', '*', ' ']);
    let is_list = plain.starts_with('(') && plain.ends_with(')') && plain.contains(',');
    let mut others = row.cells.iter().map(|cell| cell.text.trim());
    let said = others.find(|text| is_list && !text.is_empty() && *text != name)?;
    let words = lower_words(said);
    match words.first()?.as_str() {
        "pk" | "primary" => Some("pk"),
        "composite" if words.iter().any(|it| matches!(it.as_str(), "pk" | "primary")) => Some("pk"),
        "unique" | "composite" => Some("unique"),
        "index" | "indexed" => Some("index"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn columns_in_brackets_in_the_place_of_a_name_are_a_key() {
        check(
            "## Page\n\n| Column | Notes |\n|---|---|\n| `album_id` | FK → `album.id`. |\n| `number` | From 1. |\n\
             | `(album_id, number)` | UNIQUE. No page twice. |\n| (`number`, `album_id`) | Index for lists |\n",
            &expect![[r#"
                1 field-table  entity Page
                5 field-table  field Page.album_id -> album.id -- FK → `album.id`.
                6 field-table  field Page.number -- From 1.
                7 field-table  unique Page (album_id, number)
                8 field-table  index on Page (number, album_id)
            "#]],
        );
    }
}
