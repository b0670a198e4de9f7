//! The rules of the logical design, one per file.

mod absence;
pub(crate) mod invariants;
pub(crate) mod join_keys;
pub(crate) mod joins;
pub(crate) mod keys;
pub(crate) mod lifecycles;
pub(crate) mod outside;
pub(crate) mod references;
pub(crate) mod relations;
pub(crate) mod required;
pub(crate) mod sanity;
pub(crate) mod separations;
pub(crate) mod standard_values;
pub(crate) mod tenancy;
pub(crate) mod uniques;

underpin_base::codes! {
    /// A value object is not stored.
    ///
    /// It has no identity of its own, and no relationship says which rows it belongs to, so there
    /// is no table that its fields could go to. Say "Order has one Address", or give a field of
    /// the owner its type.
    UNPLACED_VALUE_OBJECT = "L001", "unplaced-value-object";
    /// An entity without a single field is not stored.
    ///
    /// A document names it and says nothing of what it holds. A table with an invented key and
    /// nothing else would only look like a design. List its fields.
    EMPTY_ENTITY = "L002", "empty-entity";
    /// A reference has no key to refer to.
    ///
    /// The field's type and the key of the entity that it refers to differ, or the key has several
    /// fields and only one is here. The field is kept as a plain value without a foreign key.
    UNREFERABLE = "L003", "unreferable";
}
