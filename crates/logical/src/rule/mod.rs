//! The rules of the logical design, one per file.

mod absence;
pub(crate) mod contexts;
pub(crate) mod findings;
pub(crate) mod invariants;
pub(crate) mod join_keys;
pub(crate) mod joins;
pub(crate) mod keys;
pub(crate) mod lifecycles;
pub(crate) mod outside;
pub(crate) mod permanence;
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
    /// A property is counted: `phone1`, `phone2`.
    ///
    /// Each is a column, so that a search looks into all of them, nothing keeps two from being the
    /// same, and one more is a change of the table. Describe the property as an entity that belongs to
    /// this one. The lines of an address are no such case: they are one text in parts.
    REPEATED_ATTRIBUTES = "L004", "repeated-attributes";
    /// A text holds a list.
    ///
    /// A document says that its values are separated by commas or the like. No foreign key, CHECK or
    /// index can look at one of them. A list type holds plain values; what refers to other rows is a
    /// relationship.
    LIST_IN_TEXT = "L005", "list-in-text";
    /// Properties are kept as rows of a name and a value.
    ///
    /// The pattern is known as entity-attribute-value. No value has a type of its own, none can be
    /// required or unique, and a row is put together from many. Fields hold what is known; one JSON
    /// field holds what is not.
    ATTRIBUTE_VALUE_ROWS = "L006", "attribute-value-rows";
    /// An entity has very many properties.
    ///
    /// PostgreSQL writes a new version of the whole row for each change, and two writers of one row
    /// wait for each other whatever they change. Properties that are written together make an entity.
    WIDE_RELATION = "L007", "wide-relation";
    /// A table is shared by bounded contexts.
    ///
    /// The documents list one entity under several contexts. Whoever writes a table depends on all its
    /// rules, so that none of the contexts can change them alone. One context owns the table; the
    /// others keep its id, and where they read more, a table of their own that the owner's events keep.
    SHARED_TABLE = "L042", "shared-table";
    /// An aggregate reaches into another bounded context.
    ///
    /// An aggregate is what one transaction keeps true, and a transaction ends at the boundary of its
    /// context: nothing removes the members with their root. They refer to the root by id, or belong
    /// into its context.
    SPLIT_AGGREGATE = "L043", "split-aggregate";
}
