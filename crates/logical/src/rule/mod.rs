//! The rules of the logical design, one per file.

mod absence;
mod composite_references;
pub(crate) mod contexts;
pub(crate) mod copies;
pub(crate) mod counters;
pub(crate) mod exact_amounts;
pub(crate) mod findings;
pub(crate) mod hierarchies;
pub(crate) mod holds;
pub(crate) mod inheritance;
pub(crate) mod invariants;
pub(crate) mod join_keys;
pub(crate) mod joins;
pub(crate) mod keys;
pub(crate) mod letter_case;
pub(crate) mod lifecycles;
pub(crate) mod limits;
pub(crate) mod lookups;
pub(crate) mod outside;
pub(crate) mod owner_bounds;
pub(crate) mod owner_states;
pub(crate) mod permanence;
pub(crate) mod references;
pub(crate) mod relations;
pub(crate) mod required;
pub(crate) mod sanity;
pub(crate) mod separations;
pub(crate) mod shapes;
pub(crate) mod soft_deletion;
pub(crate) mod spans;
pub(crate) mod standard_values;
pub(crate) mod tenancy;
pub(crate) mod uniques;
pub(crate) mod versions;

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
    /// A reference may point into several tables: `commentable_type` beside `commentable_id`.
    ///
    /// No foreign key can follow it, so that a row may refer to what is not there and keeps on referring
    /// when it goes; every join takes a case for each type. Give each kind of target a reference of its
    /// own and a CHECK that exactly one of them is set, or a table that all targets share a key with.
    /// In an audit trail, which outlives what it tells of, it is left alone.
    POLYMORPHIC_REFERENCE = "L050", "polymorphic-reference";
    /// A text has a property for each language: `name_en`, `name_de`.
    ///
    /// One more language is a change of the table, and which text is missing takes a look at each
    /// property. An entity of translations has a row for each language, with the language in its key.
    TRANSLATED_ATTRIBUTES = "L051", "translated-attributes";
    /// A property repeats one of the row that is referred to: `customer_name` beside `customer_id`.
    ///
    /// It depends on the reference and not on the key (third normal form): a change of the customer's name
    /// leaves it untrue, and nothing says which of the two is right. Read it through the reference. Where
    /// it is meant to stay as it was, say so ("at the time of the order", "snapshot"); where it earns its
    /// place by what a query saves, say which query, and what keeps it true. A city beside its postal
    /// code is no such case: nobody here keeps the table of postal codes.
    COPIED_ATTRIBUTE = "L052", "copied-attribute";
    /// A property follows from others of the same row: `age` beside `birth_date`.
    ///
    /// It was true when it was written. A query computes it; where it must be searched, a generated
    /// column does, as long as it does not ask the clock.
    DERIVED_ATTRIBUTE = "L053", "derived-attribute";
    /// A moment or a day is a text.
    ///
    /// `2024-2-30` and "soon" are let in, "10" sorts before "9", and no interval can be added. A timestamp
    /// or a date refuses them.
    MOMENT_AS_TEXT = "L054", "moment-as-text";
    /// A boolean repeats a state: `is_paid` beside a status that may be `paid`.
    ///
    /// Both are written, and one day by different code. The status tells it; a query asks for the value.
    STATE_AS_BOOLEAN = "L055", "state-as-boolean";
    /// A file lies in a row.
    ///
    /// It goes through every backup, replica and cache of the database, is read as a whole, and cannot be
    /// handed to a browser by a link. Keep it in object storage; the row holds its key, size, type and
    /// checksum.
    FILE_IN_ROW = "L056", "file-in-row";
    /// An amount has no currency where others have one.
    ///
    /// Documents name currencies elsewhere, so that there is more than one; this amount can be added to
    /// none of them. Give the row a currency, or a reference to a row that has one.
    AMOUNT_WITHOUT_CURRENCY = "L057", "amount-without-currency";
    /// The values of an enumeration are managed by users, and yet it is no table.
    ///
    /// A value that somebody adds at run time is a row, and where documents say so of a field, the values
    /// become a table (rule L028). Not so the states of a life cycle: what may follow a state that somebody
    /// adds is for nobody to say. Describe such values as an entity; a foreign key then refers to them.
    MANAGED_VALUES = "L058", "managed-values";
    /// What rows come to together is not kept by the database.
    ///
    /// The rule was understood: it compares a number of rows, or a sum of them, with a bound. But it asks for
    /// more than a limit from above ("equals the sum of its lines"), or the row that they belong to lives in
    /// another bounded context, where nothing here may lock it. It stays in the documents as an open point.
    UNKEPT_TOTAL = "L059", "unkept-total";
    /// What may be done beside an owner in some state is not kept by the database.
    ///
    /// The rule was understood ("bids can only be placed on listed lots"). But the row whose state it asks for lives in
    /// another bounded context, where nothing here may hold it while it looks, or its state is not stored. It stays in
    /// the documents as an open point.
    UNKEPT_OWNER_STATE = "L060", "unkept-owner-state";
    /// A value that is held against one of another row is not kept by the database.
    ///
    /// The rule was understood ("the load of a run never exceeds the capacity of its tank"). But the row that it belongs to
    /// lives in another bounded context, where nothing here may hold it, or one of the values is not stored or cannot be
    /// compared. It stays in the documents as an open point.
    UNKEPT_OWNER_BOUND = "L061", "unkept-owner-bound";
    /// What rows keep the row that they belong to from is not kept by the database.
    ///
    /// The rule was understood ("a project cannot be archived while it has open tasks", "the depths of a section cannot be
    /// changed once it has cuts"). But the rows live in another bounded context, where nothing here may look for them, or what
    /// it names is not stored. It stays in the documents as an open point.
    UNKEPT_HOLD = "L062", "unkept-hold";
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
