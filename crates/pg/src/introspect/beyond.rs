//! What a catalog can hold and a [`Schema`](crate::Schema) cannot, so that whoever compares two
//! schemas knows what the comparison did not see.

use std::fmt;

use super::Row;

/// Something in a catalog that a [`Schema`](crate::Schema) has no word for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Beyond {
    /// What it is, such as `a view`.
    pub what: String,
    /// Its name, as the server writes it.
    pub name: String,
}

impl fmt::Display for Beyond {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is {}", self.name, self.what)
    }
}

/// The rows of [`CatalogQuery::Beyond`](super::CatalogQuery::Beyond), sorted.
pub fn beyond(rows: &[Row]) -> Vec<Beyond> {
    let text = |row: &Row, at: usize| row.get(at).cloned().flatten().unwrap_or_default();
    let mut found: Vec<Beyond> =
        rows.iter().map(|row| Beyond { what: text(row, 0), name: text(row, 1) }).collect();
    found.sort();
    found
}

/// What it is, and its name.
pub(super) const BEYOND: &str = "WITH ours AS (
  SELECT n.oid FROM pg_namespace n
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
), relation AS (
  SELECT c.* FROM pg_class c WHERE c.relnamespace IN (SELECT oid FROM ours)
    AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass
      AND e.objid = c.oid AND e.deptype = 'e')
)
SELECT CASE relkind WHEN 'v' THEN 'a view' WHEN 'm' THEN 'a materialised view'
    WHEN 'f' THEN 'a foreign table' END, oid::regclass::text
  FROM relation WHERE relkind IN ('v', 'm', 'f')
UNION ALL
SELECT 'a sequence that no column owns', c.oid::regclass::text
  FROM relation c WHERE c.relkind = 'S' AND NOT EXISTS (SELECT FROM pg_depend d
    WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i'))
UNION ALL
SELECT CASE WHEN relpersistence = 'u' THEN 'an unlogged table'
    WHEN relispartition AND relkind = 'p' THEN 'a partition that is partitioned itself'
    ELSE 'a table with row security' END,
    oid::regclass::text
  FROM relation WHERE relkind IN ('r', 'p')
    AND (relispartition AND relkind = 'p' OR relpersistence = 'u' OR relrowsecurity)
UNION ALL
SELECT 'a table with a partition key of expressions or with operator classes of its own',
    partrelid::regclass::text
  FROM pg_partitioned_table p WHERE partrelid IN (SELECT oid FROM relation)
    AND (partexprs IS NOT NULL OR EXISTS (SELECT FROM unnest(partclass::oid[]) AS class
      JOIN pg_opclass o ON o.oid = class WHERE NOT o.opcdefault))
UNION ALL
SELECT 'an index of a partition that its table does not have', i.indexrelid::regclass::text
  FROM pg_index i JOIN relation c ON c.oid = i.indrelid
  WHERE c.relispartition AND NOT EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = i.indexrelid)
UNION ALL
SELECT 'a policy', quote_ident(polname) || ' on ' || polrelid::regclass::text
  FROM pg_policy WHERE polrelid IN (SELECT oid FROM relation)
UNION ALL
SELECT 'a column with a collation of its own', attrelid::regclass::text || '.' || quote_ident(attname)
  FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
  WHERE attrelid IN (SELECT oid FROM relation WHERE relkind IN ('r', 'p')) AND attnum > 0
    AND NOT attisdropped AND attcollation <> typcollation
UNION ALL
SELECT CASE WHEN contype = 'x' AND NOT condeferrable
      THEN 'an exclusion constraint with an operator or operator class of its own'
    WHEN NOT convalidated THEN 'a constraint that was never validated'
    WHEN connoinherit AND contype = 'c' THEN 'a check that is not inherited'
    WHEN confmatchtype = 'f' THEN 'a foreign key with MATCH FULL'
    ELSE 'a constraint that can be deferred' END,
    quote_ident(conname) || ' on ' || conrelid::regclass::text
  FROM pg_constraint WHERE conrelid IN (SELECT oid FROM relation)
    AND (contype = 'x' AND (EXISTS (SELECT FROM unnest(conexclop) AS op JOIN pg_operator o
          ON o.oid = op WHERE o.oprnamespace <> 'pg_catalog'::regnamespace)
        OR EXISTS (SELECT FROM pg_index i, unnest(i.indclass::oid[]) AS class
          JOIN pg_opclass oc ON oc.oid = class
          WHERE i.indexrelid = conindid AND NOT oc.opcdefault))
      OR NOT convalidated OR (connoinherit AND contype = 'c')
      OR confmatchtype = 'f' OR (condeferrable
        AND NOT (contype = 'f' AND condeferred OR contype = 'u' AND NOT condeferred)))
UNION ALL
SELECT CASE WHEN NOT indisvalid THEN 'an index that is not valid'
    WHEN indnullsnotdistinct THEN 'an index in which NULLs are alike'
    WHEN amname NOT IN ('btree', 'hash', 'gin', 'gist', 'brin') THEN 'an index of a rare method'
    ELSE 'an index with an unusual order of NULLs' END, indexrelid::regclass::text
  FROM pg_index i JOIN relation c ON c.oid = indexrelid JOIN pg_am m ON m.oid = c.relam
  WHERE NOT indisvalid OR indnullsnotdistinct
    OR amname NOT IN ('btree', 'hash', 'gin', 'gist', 'brin')
    OR EXISTS (SELECT FROM unnest(indoption::int[]) AS bits WHERE bits IN (1, 2))
UNION ALL
SELECT CASE WHEN prokind <> 'f' THEN 'a procedure, aggregate or window function'
    WHEN pronargs > 0 THEN 'a function with arguments'
    ELSE 'a function with properties of its own' END, p.oid::regprocedure::text
  FROM pg_proc p WHERE pronamespace IN (SELECT oid FROM ours)
    AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_proc'::regclass
      AND e.objid = p.oid AND e.deptype = 'e')
    AND (prokind <> 'f' OR pronargs > 0 OR proretset OR prosecdef OR proisstrict OR proleakproof
      OR provolatile <> 'v' OR proparallel <> 'u'
      OR EXISTS (SELECT FROM unnest(proconfig) AS setting
        WHERE NOT starts_with(setting, 'search_path=')))
UNION ALL
SELECT CASE WHEN tgconstraint <> 0 THEN 'a constraint trigger'
    WHEN tgenabled <> 'O' THEN 'a trigger that is not simply enabled'
    WHEN tgnargs > 0 THEN 'a trigger with arguments'
    WHEN tgoldtable IS NOT NULL OR tgnewtable IS NOT NULL THEN 'a trigger with transition tables'
    ELSE 'a trigger of a rare kind' END, quote_ident(tgname) || ' on ' || tgrelid::regclass::text
  FROM pg_trigger WHERE NOT tgisinternal AND tgrelid IN (SELECT oid FROM relation)
    AND (tgconstraint <> 0 OR tgenabled <> 'O' OR tgnargs > 0 OR tgoldtable IS NOT NULL
      OR tgnewtable IS NOT NULL OR tgtype & 64 <> 0
      OR tgtype & 1 = 0 AND tgtype & 61 <> 32)
UNION ALL
SELECT CASE typtype WHEN 'e' THEN 'an enumeration' WHEN 'd' THEN 'a domain'
    WHEN 'r' THEN 'a range type' ELSE 'a composite type' END, t.oid::regtype::text
  FROM pg_type t WHERE typnamespace IN (SELECT oid FROM ours)
    AND (typtype IN ('e', 'd', 'r') OR (typtype = 'c' AND EXISTS (SELECT FROM relation c
      WHERE c.oid = typrelid AND c.relkind = 'c')))
    AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_type'::regclass
      AND e.objid = t.oid AND e.deptype = 'e')";
