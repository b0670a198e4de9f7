//! The rules of the physical design, one per file.

pub(crate) mod access;
pub(crate) mod acyclic;
pub(crate) mod checks;
pub(crate) mod claims;
pub(crate) mod exclusions;
pub(crate) mod foreign_keys;
pub(crate) mod holds;
pub(crate) mod indexes;
pub(crate) mod keys;
pub(crate) mod lifecycles;
pub(crate) mod limits;
pub(crate) mod namespaces;
pub(crate) mod owner_bounds;
pub(crate) mod owner_states;
pub(crate) mod partitions;
pub(crate) mod plans;
pub(crate) mod pruning;
pub(crate) mod queries;
pub(crate) mod sanity;
pub(crate) mod tables;
pub(crate) mod touch;
pub(crate) mod unchanged;
pub(crate) mod versions;
// xtask:new-rule:modules

use underpin_logical::LogicalDesign;
use underpin_model::Model;

use crate::PhysicalDesign;

/// A rule: what decisions it signs, and the function that adds to the design.
pub(crate) struct Rule {
    /// The code in its decisions and comments.
    pub(crate) code: &'static str,
    /// What it decides.
    pub(crate) decides: &'static str,
    /// Adds to the design, and takes nothing away that an earlier rule made.
    pub(crate) apply: fn(&Model, &LogicalDesign, &mut PhysicalDesign),
}

const fn rule(
    code: &'static str,
    decides: &'static str,
    apply: fn(&Model, &LogicalDesign, &mut PhysicalDesign),
) -> Rule {
    Rule { code, decides, apply }
}

/// All rules in the order in which they run, and why in that order.
pub(crate) const RULES: &[Rule] = &[
    // Where they live before the tables, whose names say it.
    rule("P012", "schemas and roles of bounded contexts", namespaces::apply),
    // Tables with named and typed columns first: all else names them.
    rule("P010", "tables, columns, types and defaults", tables::apply),
    // Before the keys, which must hold what the rows are split by.
    rule("P015", "partitions", partitions::apply),
    // Keys before foreign keys, which may refer to keys only.
    rule("P020", "primary keys and unique keys", keys::apply),
    rule("P021", "foreign keys", foreign_keys::apply),
    rule("P022", "CHECK constraints", checks::apply),
    // Beside the checks, because the order of a row's own moments is one of them.
    rule("P023", "exclusion constraints", exclusions::apply),
    // Triggers enforce what no constraint can, so they come after all constraints.
    rule("P030", "triggers for life cycles", lifecycles::apply),
    rule("P031", "triggers for times of change", touch::apply),
    // Foreign keys say which columns a deletion elsewhere clears.
    rule("P032", "triggers for what never changes", unchanged::apply),
    rule("P033", "triggers for versions of rows", versions::apply),
    rule("P034", "triggers for trees", acyclic::apply),
    rule("P035", "triggers for numbers and sums of rows", limits::apply),
    // Which other triggers write the owner is known by now.
    rule("P036", "triggers for what an owner's state allows", owner_states::apply),
    rule("P037", "triggers for values held against an owner's", owner_bounds::apply),
    rule("P038", "triggers for what rows keep the row that they belong to from", holds::apply),
    // Queries before indexes: an index without a query has no reason.
    rule("P040", "statements for access patterns", queries::apply),
    rule("P050", "indexes", indexes::apply),
    // Which queries look into each partition is known once there are queries.
    rule("P055", "queries on tables that are split", pruning::apply),
    // xtask:new-rule:registry
    // Plans look at volumes, retention and all queries.
    rule("P060", "operational plans", plans::apply),
    // Grants name everything that is there.
    rule("P070", "owners and grants", access::apply),
    // Claims are made of everything that is there.
    rule("P090", "claims", claims::apply),
];

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
    /// not known to exist, or a rule of the documents refuses it: every row that said nothing would be
    /// refused. The column gets no default.
    UNFIT_DEFAULT = "P003", "unfit-default";
    /// Two names became one.
    ///
    /// In `snake_case` two fields or entities have the same name. The later one gets a number.
    COLLIDING_NAMES = "P004", "colliding-names";
    /// A field has the name of a system column.
    ///
    /// Every table has the columns `tableoid`, `xmin`, `cmin`, `xmax`, `cmax` and `ctid` (manual,
    /// section 5.5), and PostgreSQL refuses another one of that name. The field gets a longer name.
    SYSTEM_COLUMN = "P005", "system-column";
    /// SQL of the documents does not fit the tables that they describe.
    ///
    /// It names a column or a table that no entity has, so that PostgreSQL would refuse it. The query
    /// is kept in the documents without a statement. Either the entity lacks a field, or the SQL is
    /// older than the entity.
    FOREIGN_STATEMENT = "P006", "foreign-statement";
    /// A query orders its rows by what they all have in common.
    ///
    /// It asks for the rows that have one value in a column, and for their order by the same column. One of the two was
    /// misread: the query gets no statement. Say in the document by what rows are found, and by what they are ordered.
    IDLE_ORDER = "P007", "idle-order";
    /// A unique key is on a text that may be longer than an index takes.
    ///
    /// The index of a key refuses rows whose key is above 2,704 bytes ("index row size exceeds btree version 4 maximum"), so
    /// that a page or a long message that the documents allow could not be stored. Say how long it may be at most: up to 650
    /// characters fit in any alphabet. Or say that the key is a digest of the text, in a field of its own.
    LONG_KEY = "P008", "long-key";
}
