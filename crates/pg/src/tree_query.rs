//! The queries over a tree that is stored as each row's parent (manual, section 7.8.2): what is below a row, and the
//! way from a row up to its root.

use crate::{Ident, QualifiedName};

/// A tree in a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeQuery<'a> {
    /// The table.
    pub table: &'a QualifiedName,
    /// Its key.
    pub key: &'a Ident,
    /// The column that holds the key of the row above.
    pub parent: &'a Ident,
    /// What is read of each row besides.
    pub columns: Vec<&'a Ident>,
}

impl TreeQuery<'_> {
    /// All rows below the one of the key `$1`, the nearest first. Each level is one look into the index of the parent.
    pub fn below(&self) -> String {
        let Self { table, key, parent, .. } = self;
        self.query(
            "below",
            &format!("FROM {table} AS own\n  WHERE own.{parent} = $1"),
            &format!("FROM {table} AS own\n  JOIN below ON own.{parent} = below.{key}"),
            "distance",
        )
    }

    /// The row of the key `$1` and all above it, the root first.
    pub fn above(&self) -> String {
        let Self { table, key, parent, .. } = self;
        self.query(
            "above",
            &format!("FROM {table} AS own\n  WHERE own.{key} = $1"),
            &format!("FROM {table} AS own\n  JOIN above ON own.{key} = above.{parent}"),
            "distance DESC",
        )
    }

    fn query(&self, name: &str, first: &str, next: &str, order: &str) -> String {
        let mut columns: Vec<&Ident> = vec![self.key, self.parent];
        columns.extend(self.columns.iter().filter(|it| ![self.key, self.parent].contains(it)));
        let listed = |of: &str| {
            let all: Vec<String> = columns.iter().map(|column| format!("{of}{column}")).collect();
            all.join(", ")
        };
        let own = listed("own.");
        format!(
            "WITH RECURSIVE {name} AS (\n  SELECT {own}, 1 AS distance\n  {first}\n  UNION ALL\n  SELECT {own}, \
             {name}.distance + 1\n  {next}\n)\nSELECT {}, distance\nFROM {name}\nORDER BY {order}",
            listed("")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_below_a_row_and_above_it() {
        let [key, parent, name] = ["id", "parent_id", "name"].map(|it| Ident::new(it).unwrap());
        let table =
            QualifiedName::new(Ident::new("public").unwrap(), Ident::new("categories").unwrap());
        let tree =
            TreeQuery { table: &table, key: &key, parent: &parent, columns: vec![&key, &name] };
        assert_eq!(
            tree.below(),
            "WITH RECURSIVE below AS (\n  SELECT own.id, own.parent_id, own.name, 1 AS distance\n  \
             FROM public.categories AS own\n  WHERE own.parent_id = $1\n  UNION ALL\n  \
             SELECT own.id, own.parent_id, own.name, below.distance + 1\n  \
             FROM public.categories AS own\n  JOIN below ON own.parent_id = below.id\n)\n\
             SELECT id, parent_id, name, distance\nFROM below\nORDER BY distance"
        );
        assert!(
            tree.above().contains("JOIN above ON own.id = above.parent_id"),
            "{}",
            tree.above()
        );
    }
}
