//! Names, and the one function that quotes them.

use std::fmt;

use crate::keywords::{Keyword, keyword};

/// A name that PostgreSQL stores as it is: not empty, without NUL, at most 63 bytes
/// (`NAMEDATALEN - 1`; manual, section 4.1.1). `Display` quotes it where that is needed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ident(String);

/// Why a text cannot be a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentError {
    /// It has no characters.
    Empty,
    /// It holds the character NUL.
    Nul,
    /// It has more than 63 bytes.
    TooLong,
}

impl fmt::Display for IdentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "a name cannot be empty",
            Self::Nul => "a name cannot hold the character NUL",
            Self::TooLong => "a name cannot have more than 63 bytes",
        })
    }
}

impl std::error::Error for IdentError {}

impl Ident {
    /// What comes before every name in order. It is no name itself, only an end to look from.
    pub(crate) const fn least() -> Self {
        Self(String::new())
    }

    /// The longest name in bytes.
    pub const MAX_BYTES: usize = 63;

    /// A name, as it will stand in the catalog.
    pub fn new(name: impl Into<String>) -> Result<Self, IdentError> {
        let name = name.into();
        if name.is_empty() {
            Err(IdentError::Empty)
        } else if name.contains('\0') {
            Err(IdentError::Nul)
        } else if name.len() > Self::MAX_BYTES {
            Err(IdentError::TooLong)
        } else {
            Ok(Self(name))
        }
    }

    /// The name, unquoted.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is a key word that names nothing unless it is quoted (manual, appendix C).
    pub fn is_reserved(&self) -> bool {
        keyword(&self.0) == Some(Keyword::Reserved)
    }

    fn is_plain(&self) -> bool {
        let mut bytes = self.0.bytes();
        bytes.next().is_some_and(|first| first.is_ascii_lowercase() || first == b'_')
            && bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
            && keyword(&self.0).is_none()
    }
}

impl fmt::Display for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_plain() {
            f.write_str(&self.0)
        } else {
            write!(f, "\"{}\"", self.0.replace('"', "\"\""))
        }
    }
}

/// A name with the namespace (PostgreSQL: schema) that it lives in. `Display` always writes both,
/// so that a script means the same whatever the `search_path`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QualifiedName {
    /// The namespace.
    pub namespace: Ident,
    /// The name in it.
    pub name: Ident,
}

impl QualifiedName {
    /// A name in a namespace.
    pub fn new(namespace: Ident, name: Ident) -> Self {
        Self { namespace, name }
    }
}

impl QualifiedName {
    /// As people write it: without `public`, and unquoted.
    pub fn shown(&self) -> String {
        if self.namespace.as_str() == "public" {
            self.name.as_str().to_owned()
        } else {
            format!("{}.{}", self.namespace.as_str(), self.name.as_str())
        }
    }
}

impl fmt::Display for QualifiedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.namespace, self.name)
    }
}

/// Names with commas between them, as in column lists.
pub(crate) fn list<'a>(names: impl IntoIterator<Item = &'a Ident>) -> String {
    names.into_iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_what_needs_it_and_nothing_else() {
        let shown = |name: &str| Ident::new(name).unwrap().to_string();
        assert_eq!(shown("orders"), "orders");
        assert_eq!(shown("order"), "\"order\"");
        assert_eq!(shown("Order"), "\"Order\"");
        assert_eq!(shown("a\"b;--"), "\"a\"\"b;--\"");
        assert_eq!(shown("1st"), "\"1st\"");
        assert_eq!(shown("größe"), "\"größe\"");
    }

    #[test]
    fn refuses_what_a_catalog_cannot_hold() {
        assert_eq!(Ident::new(""), Err(IdentError::Empty));
        assert_eq!(Ident::new("a\0b"), Err(IdentError::Nul));
        assert_eq!(Ident::new("x".repeat(64)), Err(IdentError::TooLong));
        assert!(Ident::new("x".repeat(63)).is_ok());
    }
}
