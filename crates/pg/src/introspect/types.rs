//! Types that a schema's author made, as far as somebody who writes rows must know them.

use std::collections::BTreeMap;

use super::{Row, holds, name, optional, text};
use crate::{QualifiedName, Type};

/// A type that is not the server's own.
#[derive(Debug, Clone, PartialEq)]
pub enum MadeType {
    /// A list of labels, in order.
    Enumeration(Vec<String>),
    /// Another type with conditions.
    Domain {
        /// The type that it rests on.
        base: Type,
        /// Whether it refuses NULL.
        not_null: bool,
        /// Its conditions, as the server prints them.
        conditions: String,
    },
}

/// What the rows of [`CatalogQuery::Types`](super::CatalogQuery::Types) say.
pub fn made_types(rows: &[Row]) -> BTreeMap<QualifiedName, MadeType> {
    let mut types = BTreeMap::new();
    for row in rows {
        if text(row, 2) == "d" {
            let domain = MadeType::Domain {
                base: Type::parse(text(row, 3)),
                not_null: holds(row, 4),
                conditions: optional(row, 5).unwrap_or_default(),
            };
            types.insert(name(row, 0), domain);
        } else if let MadeType::Enumeration(labels) =
            types.entry(name(row, 0)).or_insert_with(|| MadeType::Enumeration(Vec::new()))
        {
            labels.extend(optional(row, 6));
        }
    }
    types
}
