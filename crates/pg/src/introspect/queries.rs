//! The catalog queries. Every value comes back as text, names unquoted; what belongs to the system or
//! to an extension is left out. They are to be run with an empty `search_path`, so that whatever the
//! server prints is qualified (manual, section 9.26, `pg_get_expr` and its kin).

/// One of the queries that a schema is read with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CatalogQuery {
    /// Namespaces besides `public`.
    Namespaces,
    /// Extensions besides `plpgsql`, which every database has.
    Extensions,
    /// Tables, ordinary and partitioned.
    Tables,
    /// Partitions of tables.
    Partitions,
    /// Columns of tables.
    Columns,
    /// Primary keys, UNIQUE and CHECK constraints, foreign keys.
    Constraints,
    /// Exclusion constraints.
    Exclusions,
    /// Indexes that no constraint owns.
    Indexes,
    /// The columns of all indexes, payload included.
    IndexColumns,
    /// Functions without arguments.
    Functions,
    /// Row triggers, and those that run on TRUNCATE alone.
    Triggers,
    /// Types that a schema's author made: enumerations and domains.
    Types,
    /// Row security, inheritance, rewrite rules, and what is not valid.
    Marks,
    /// Policies.
    Policies,
    /// Views and the tables that they read.
    Views,
    /// Functions and procedures, with whatever arguments.
    Routines,
    /// Owners of objects, and what is granted on them.
    Grants,
    /// What is granted on tables to come.
    DefaultGrants,
    /// Roles that nobody logs in as.
    GroupRoles,
    /// What a catalog can hold and a [`Schema`](crate::Schema) cannot.
    Beyond,
}

/// The namespaces that are not the server's own; names that begin with `pg_` are reserved for it.
macro_rules! ours {
    ($namespace:literal) => {
        concat!(
            "(",
            $namespace,
            ".nspname !~ '^pg_' AND ",
            $namespace,
            ".nspname <> 'information_schema')"
        )
    };
}

/// What no extension made.
macro_rules! free {
    ($catalog:literal, $oid:literal) => {
        concat!(
            "NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '",
            $catalog,
            "'::regclass AND e.objid = ",
            $oid,
            " AND e.deptype = 'e')"
        )
    };
}

impl CatalogQuery {
    /// All queries that [`schema`](super::schema) needs the rows of.
    pub const ALL: [Self; 11] = [
        Self::Namespaces,
        Self::Extensions,
        Self::Tables,
        Self::Partitions,
        Self::Columns,
        Self::Constraints,
        Self::Exclusions,
        Self::Indexes,
        Self::IndexColumns,
        Self::Functions,
        Self::Triggers,
    ];

    /// All queries that [`surroundings`](super::surroundings) needs the rows of.
    pub const SURROUNDINGS: [Self; 5] =
        [Self::Types, Self::Marks, Self::Policies, Self::Views, Self::Routines];

    /// All queries that [`access`](super::access()) needs the rows of.
    pub const ACCESS: [Self; 3] = [Self::Grants, Self::DefaultGrants, Self::GroupRoles];

    /// The query.
    pub const fn sql(self) -> &'static str {
        match self {
            Self::Namespaces => NAMESPACES,
            Self::Extensions => "SELECT extname FROM pg_extension WHERE extname <> 'plpgsql'",
            Self::Tables => TABLES,
            Self::Partitions => PARTITIONS,
            Self::Columns => COLUMNS,
            Self::Constraints => CONSTRAINTS,
            Self::Exclusions => EXCLUSIONS,
            Self::Indexes => INDEXES,
            Self::IndexColumns => INDEX_COLUMNS,
            Self::Functions => FUNCTIONS,
            Self::Triggers => TRIGGERS,
            Self::Types => TYPES,
            Self::Marks => super::surroundings::MARKS,
            Self::Policies => super::surroundings::POLICIES,
            Self::Views => super::surroundings::VIEWS,
            Self::Routines => super::surroundings::ROUTINES,
            Self::Grants => super::access::GRANTS,
            Self::DefaultGrants => super::access::DEFAULT_GRANTS,
            Self::GroupRoles => super::access::GROUP_ROLES,
            Self::Beyond => super::beyond::BEYOND,
        }
    }
}

/// Namespace and name of each partition and of each index of one, and those of the table or index that it is a part of.
pub const PARTS: &str = "SELECT n.nspname, c.relname, wn.nspname, w.relname
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_class w ON w.oid = pg_partition_root(c.oid)
JOIN pg_namespace wn ON wn.oid = w.relnamespace
WHERE c.relispartition";

const NAMESPACES: &str = concat!(
    "SELECT n.nspname FROM pg_namespace n WHERE n.nspname <> 'public' AND ",
    ours!("n"),
    " AND ",
    free!("pg_namespace", "n.oid"),
);

/// Object identifier, namespace, name, comment, method of partitioning, columns of the partition key. A partition is
/// no table of its own.
const TABLES: &str = concat!(
    "SELECT c.oid, n.nspname, c.relname, obj_description(c.oid, 'pg_class'),
  p.partstrat, array_to_string(p.partattrs::smallint[], ' ')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_partitioned_table p ON p.partrelid = c.oid
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND ",
    ours!("n"),
    " AND ",
    free!("pg_class", "c.oid"),
);

/// Table, namespace, name, bound, comment.
const PARTITIONS: &str = concat!(
    "SELECT i.inhparent, n.nspname, c.relname, pg_get_expr(c.relpartbound, c.oid),
  obj_description(c.oid, 'pg_class')
FROM pg_inherits i
JOIN pg_class c ON c.oid = i.inhrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND c.relispartition AND ",
    ours!("n"),
);

/// Table, number, name, type, namespace and name of a type that is not the server's own (of an
/// array's elements), whether an array, not null, expression, identity, generated, comment.
const COLUMNS: &str = concat!(
    "SELECT c.oid, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod),
  tn.nspname, element.typname, type.typcategory = 'A', a.attnotnull,
  pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated,
  col_description(c.oid, a.attnum)
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_type type ON type.oid = a.atttypid
JOIN pg_type element
  ON element.oid = CASE type.typcategory WHEN 'A' THEN type.typelem ELSE type.oid END
LEFT JOIN pg_namespace tn ON tn.oid = element.typnamespace AND tn.nspname <> 'pg_catalog'
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND ",
    ours!("n"),
    "
ORDER BY c.oid, a.attnum",
);

/// Table, name, kind, columns, table referred to, its columns, ON DELETE, columns that it sets, ON
/// UPDATE, deferred, expression, comment, deferrable.
const CONSTRAINTS: &str = concat!(
    "SELECT k.conrelid, k.conname, k.contype, array_to_string(k.conkey, ' '),
  k.confrelid, array_to_string(k.confkey, ' '), k.confdeltype,
  array_to_string(k.confdelsetcols, ' '), k.confupdtype, k.condeferred,
  pg_get_expr(k.conbin, k.conrelid), obj_description(k.oid, 'pg_constraint'), k.condeferrable
FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE k.contype IN ('p', 'u', 'c', 'f') AND k.conparentid = 0 AND ",
    ours!("n"),
    "
ORDER BY k.conrelid, k.conname",
);

/// Table, name, index, method, operators, predicate, comment. One with an operator of somebody's own,
/// or with an operator class that is not the default, is beyond a schema.
const EXCLUSIONS: &str = concat!(
    "SELECT k.conrelid, k.conname, k.conindid, am.amname, (SELECT string_agg(o.oprname, ' '
    ORDER BY part.position) FROM unnest(k.conexclop) WITH ORDINALITY AS part (operator, position)
    JOIN pg_operator o ON o.oid = part.operator),
  pg_get_expr(i.indpred, i.indrelid), obj_description(k.oid, 'pg_constraint')
FROM pg_constraint k
JOIN pg_index i ON i.indexrelid = k.conindid
JOIN pg_class c ON c.oid = k.conindid
JOIN pg_am am ON am.oid = c.relam
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE k.contype = 'x' AND ",
    ours!("n"),
    "
ORDER BY k.conrelid, k.conname",
);

/// Index, namespace, name, table, unique, method, number of key columns, predicate, comment.
const INDEXES: &str = concat!(
    "SELECT i.indexrelid, n.nspname, c.relname, i.indrelid, i.indisunique, am.amname,
  i.indnkeyatts, pg_get_expr(i.indpred, i.indrelid), obj_description(c.oid, 'pg_class')
FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_am am ON am.oid = c.relam
WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid
  AND k.contype IN ('p', 'u', 'x')) AND ",
    ours!("n"),
);

/// Index, position, number of the table's column or 0, expression, descending, operator class where
/// it is not the default. (With `generate_series` for the positions the planner expects a million
/// rows, and compiles the query for a third of a second.)
const INDEX_COLUMNS: &str = concat!(
    "SELECT i.indexrelid, position, attnum,
  CASE attnum WHEN 0 THEN pg_get_indexdef(i.indexrelid, position::integer, false) END,
  position <= i.indnkeyatts AND i.indoption[position::integer - 1] & 1 = 1,
  CASE WHEN position <= i.indnkeyatts THEN (SELECT o.opcname FROM pg_opclass o
    WHERE o.oid = i.indclass[position::integer - 1] AND NOT o.opcdefault) END
FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN unnest(i.indkey::smallint[]) WITH ORDINALITY AS part (attnum, position)
WHERE ",
    ours!("n"),
    "
ORDER BY i.indexrelid, position",
);

/// Function, namespace, name, type returned, language, body, search path, comment.
const FUNCTIONS: &str = concat!(
    "SELECT p.oid, n.nspname, p.proname, format_type(p.prorettype, NULL), l.lanname, p.prosrc,
  (SELECT substr(setting, 13) FROM unnest(p.proconfig) AS setting
    WHERE starts_with(setting, 'search_path=')),
  obj_description(p.oid, 'pg_proc')
FROM pg_proc p
JOIN pg_namespace n ON n.oid = p.pronamespace
JOIN pg_language l ON l.oid = p.prolang
WHERE p.pronargs = 0 AND p.prokind = 'f' AND NOT p.proretset AND ",
    ours!("n"),
    " AND ",
    free!("pg_proc", "p.oid"),
);

/// Table, name, kind bits, columns, namespace and name of the function, definition, table and
/// function as the definition quotes them, whether there is a condition, comment.
const TRIGGERS: &str = concat!(
    "SELECT t.tgrelid, t.tgname, t.tgtype, t.tgattr, fn.nspname, p.proname,
  pg_get_triggerdef(t.oid, false), t.tgrelid::regclass, t.tgfoid::regproc,
  t.tgqual IS NOT NULL, obj_description(t.oid, 'pg_trigger')
FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_proc p ON p.oid = t.tgfoid
JOIN pg_namespace fn ON fn.oid = p.pronamespace
WHERE NOT t.tgisinternal AND t.tgtype & 64 = 0
  AND (t.tgtype & 1 = 1 AND t.tgtype & 28 <> 0 OR t.tgtype & 61 = 32)
  AND c.relkind IN ('r', 'p') AND ",
    ours!("n"),
);

/// Namespace, name, kind (`e` an enumeration, `d` a domain), type that a domain rests on, whether it
/// refuses NULL, conditions of a domain, and one row for each label of an enumeration in order.
const TYPES: &str = concat!(
    "SELECT n.nspname, t.typname, t.typtype, format_type(NULLIF(t.typbasetype, 0), t.typtypmod),
  t.typnotnull,
  (SELECT string_agg(pg_get_constraintdef(k.oid), ' ' ORDER BY k.conname)
    FROM pg_constraint k WHERE k.contypid = t.oid),
  l.enumlabel
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
LEFT JOIN pg_enum l ON l.enumtypid = t.oid
WHERE t.typtype IN ('e', 'd') AND ",
    ours!("n"),
    " AND ",
    free!("pg_type", "t.oid"),
    "
ORDER BY n.nspname, t.typname, l.enumsortorder",
);
