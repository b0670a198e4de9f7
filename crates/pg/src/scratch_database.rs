//! The databases that Underpin makes for itself on a server and drops again.

use crate::ident::Ident;

/// The name of a database of our own: `underpin_<stem>_<number>`, in lower-case letters, digits and underscores, so
/// that it fits the 63 bytes of a name and is easy to type.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScratchDatabase {
    name: Ident,
}

impl ScratchDatabase {
    /// A name made of what the database is for and of a number that makes it unique on its server.
    pub fn new(stem: &str, number: u64) -> Self {
        const LONGEST_STEM: usize = 32;
        let stem: String = stem
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' })
            .take(LONGEST_STEM)
            .collect();
        Self {
            name: Ident::new(format!("underpin_{stem}_{number:x}"))
                .expect("invariant: 9 + 32 + 1 + 16 bytes without NUL are a name"),
        }
    }

    /// A database of a name that a user chose.
    pub fn named(name: Ident) -> Self {
        Self { name }
    }

    /// The name.
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    /// `CREATE DATABASE`, from `template0` so that nothing of the server's own template comes along.
    pub fn create(&self) -> String {
        format!("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'", self.name)
    }

    /// As [`ScratchDatabase::create`], for another role, which may do in it as it likes.
    pub fn create_for(&self, owner: &str) -> String {
        format!("{} OWNER {owner}", self.create())
    }

    /// `DROP DATABASE`, ending the connections that are still open to it.
    pub fn drop(&self) -> String {
        format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_needs_no_quotes_and_fits() {
        let database =
            ScratchDatabase::new("Größe; DROP TABLE \"x\" and forty more characters", u64::MAX);
        assert!(database.name().len() <= 63);
        assert!(
            database
                .name()
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        );
        assert!(database.create().starts_with("CREATE DATABASE underpin_gr__e__drop_table_"));
    }
}
