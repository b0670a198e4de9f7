//! The rules of the physical design, one per file.

pub(crate) mod checks;
pub(crate) mod claims;
pub(crate) mod foreign_keys;
pub(crate) mod indexes;
pub(crate) mod keys;
pub(crate) mod lifecycles;
pub(crate) mod plans;
pub(crate) mod queries;
pub(crate) mod sanity;
pub(crate) mod tables;
pub(crate) mod touch;
// xtask:new-rule:modules

underpin_base::codes! {
    /// A name was shortened.
    ///
    /// PostgreSQL keeps at most 63 bytes of a name (manual, section 4.1.1). The longer name keeps
    /// its beginning; eight hexadecimal digits of a hash keep it apart from others that begin alike.
    SHORTENED_NAME = "P001", "shortened-name";
    /// A rule of the documents is not enforced by the database.
    ///
    /// It was read, but it cannot be a CHECK: the values that it compares have different types, or
    /// its SQL is not one that was understood. It stays in the documents as an open point.
    UNENFORCED_RULE = "P002", "unenforced-rule";
    /// A default does not fit its column.
    ///
    /// The value that a document gives is not one of the column's type, or it is a function that is
    /// not known to exist. The column gets no default.
    UNFIT_DEFAULT = "P003", "unfit-default";
    /// Two names became one.
    ///
    /// In `snake_case` two fields or entities have the same name. The later one gets a number.
    COLLIDING_NAMES = "P004", "colliding-names";
}
