//! What stands around the tables of a catalog: row security, policies, views, routines, inheritance and the
//! like. A design makes none of it yet; whoever judges a schema that somebody else wrote must see it.

use std::collections::{BTreeMap, BTreeSet};

use super::{CatalogQuery, MadeType, Rows, holds, ident, made_types, name, optional, text};
use crate::{Ident, QualifiedName};

/// What a catalog holds besides what a [`Schema`](crate::Schema) has words for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Surroundings {
    /// Tables with row security, and whether their owner is bound by it too (`FORCE`).
    pub row_security: BTreeMap<QualifiedName, bool>,
    /// Policies, by table and name.
    pub policies: Vec<Policy>,
    /// Views, plain and materialised.
    pub views: Vec<View>,
    /// Functions and procedures, with whatever arguments.
    pub routines: Vec<Routine>,
    /// Tables that inherit from a table without being its partition: child and parent.
    pub inheritance: Vec<(QualifiedName, QualifiedName)>,
    /// Tables that hold a part of a partitioned one, whose rules are theirs.
    pub partitions: BTreeSet<QualifiedName>,
    /// Rules of the query rewriter: table and name.
    pub rewrite_rules: Vec<(QualifiedName, Ident)>,
    /// Constraints that rows may break which were there before them: table and name.
    pub unvalidated: Vec<(QualifiedName, Ident)>,
    /// Foreign keys that are whole or not there at all (`MATCH FULL`): table and name.
    pub match_full: BTreeSet<(QualifiedName, Ident)>,
    /// Indexes that no query uses, because building them failed.
    pub invalid_indexes: Vec<QualifiedName>,
    /// Indexes, those of constraints too, for which NULLs are alike (`NULLS NOT DISTINCT`).
    pub nulls_alike: BTreeSet<QualifiedName>,
    /// Enumerations and domains.
    pub types: BTreeMap<QualifiedName, MadeType>,
}

/// A policy of row security (manual, section 5.8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Its table.
    pub table: QualifiedName,
    /// Its name.
    pub name: Ident,
    /// Whether it allows, and is not one that further restricts.
    pub permissive: bool,
    /// `r`, `a`, `w`, `d` for SELECT, INSERT, UPDATE, DELETE, `*` for all (`pg_policy.polcmd`).
    pub command: char,
    /// The roles that it is for; `public` for everybody.
    pub roles: String,
    /// Which rows are seen, in the words of the server.
    pub using: Option<String>,
    /// Which rows may be written.
    pub check: Option<String>,
}

/// A view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Its name.
    pub name: QualifiedName,
    /// Whether its rows are stored.
    pub materialised: bool,
    /// Whether it reads with the rights of who asks (`security_invoker`, PostgreSQL 15).
    pub security_invoker: bool,
    /// The tables that it reads.
    pub reads: BTreeSet<QualifiedName>,
}

/// A function or procedure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Routine {
    /// Its name.
    pub name: QualifiedName,
    /// Whether it runs with its owner's rights.
    pub security_definer: bool,
    /// Who may call it.
    pub callers: Callers,
    /// How the names in its body are looked up.
    pub names: NameLookup,
    /// The body, where it is text.
    pub body: String,
}

/// Who may call a routine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Callers {
    /// Everybody.
    Public,
    /// Those to whom it was granted.
    Granted,
    /// Triggers alone.
    Triggers,
}

/// How the names in the body of a routine are looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameLookup {
    /// When it was made.
    Bound,
    /// When it runs, along a `search_path` of its own.
    OwnPath,
    /// When it runs, along the caller's `search_path`.
    CallersPath,
}

/// What the rows of [`CatalogQuery::SURROUNDINGS`] say.
pub fn surroundings(rows: &Rows) -> Surroundings {
    let of = |query| rows.get(&query).map_or(&[][..], Vec::as_slice);
    let mut found =
        Surroundings { types: made_types(of(CatalogQuery::Types)), ..Surroundings::default() };
    for row in of(CatalogQuery::Marks) {
        let object = name(row, 1);
        match text(row, 0) {
            "row security" => {
                found.row_security.insert(object, holds(row, 3));
            }
            "inherits" => found.inheritance.push((object, name(row, 4))),
            "partition" => {
                found.partitions.insert(object);
            }
            "rule" => found.rewrite_rules.push((object, ident(row, 5))),
            "unvalidated" => found.unvalidated.push((object, ident(row, 5))),
            "match full" => {
                found.match_full.insert((object, ident(row, 5)));
            }
            "invalid" => found.invalid_indexes.push(object),
            _ => {
                found.nulls_alike.insert(object);
            }
        }
    }
    for row in of(CatalogQuery::Policies) {
        found.policies.push(Policy {
            table: name(row, 0),
            name: ident(row, 2),
            permissive: holds(row, 3),
            command: text(row, 4).chars().next().unwrap_or('*'),
            roles: text(row, 5).to_owned(),
            using: optional(row, 6),
            check: optional(row, 7),
        });
    }
    let mut views: BTreeMap<QualifiedName, View> = BTreeMap::new();
    for row in of(CatalogQuery::Views) {
        let view = views.entry(name(row, 0)).or_insert_with(|| View {
            name: name(row, 0),
            materialised: holds(row, 2),
            security_invoker: holds(row, 3),
            reads: BTreeSet::new(),
        });
        if optional(row, 4).is_some() {
            view.reads.insert(name(row, 4));
        }
    }
    found.views = views.into_values().collect();
    for row in of(CatalogQuery::Routines) {
        found.routines.push(Routine {
            name: name(row, 0),
            security_definer: holds(row, 2),
            callers: match (holds(row, 7), holds(row, 3)) {
                (true, _) => Callers::Triggers,
                (false, true) => Callers::Public,
                (false, false) => Callers::Granted,
            },
            names: match (holds(row, 5), holds(row, 4)) {
                (false, _) => NameLookup::Bound,
                (true, true) => NameLookup::OwnPath,
                (true, false) => NameLookup::CallersPath,
            },
            body: optional(row, 6).unwrap_or_default(),
        });
    }
    found
}

/// Kind, namespace and name; then, by kind: whether forced, namespace and name of the parent, name of the
/// rule or constraint.
pub(super) const MARKS: &str = "WITH ours AS (
  SELECT n.oid, n.nspname FROM pg_namespace n
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
), relation AS (
  SELECT c.*, o.nspname FROM pg_class c JOIN ours o ON o.oid = c.relnamespace
  WHERE NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass
    AND e.objid = c.oid AND e.deptype = 'e')
)
SELECT 'row security', nspname, relname, relforcerowsecurity, NULL::name, NULL::name
  FROM relation WHERE relkind IN ('r', 'p') AND relrowsecurity
UNION ALL
SELECT 'inherits', c.nspname, c.relname, false, p.nspname, p.relname
  FROM pg_inherits i JOIN relation c ON c.oid = i.inhrelid JOIN relation p ON p.oid = i.inhparent
  WHERE c.relkind = 'r' AND NOT c.relispartition
UNION ALL
SELECT 'partition', nspname, relname, false, NULL, NULL FROM relation
  WHERE relkind IN ('r', 'p') AND relispartition
UNION ALL
SELECT 'rule', c.nspname, c.relname, false, NULL, r.rulename
  FROM pg_rewrite r JOIN relation c ON c.oid = r.ev_class WHERE r.rulename <> '_RETURN'
UNION ALL
SELECT 'unvalidated', c.nspname, c.relname, false, NULL, k.conname
  FROM pg_constraint k JOIN relation c ON c.oid = k.conrelid
  WHERE NOT k.convalidated AND k.contype IN ('c', 'f')
UNION ALL
SELECT 'match full', c.nspname, c.relname, false, NULL, k.conname
  FROM pg_constraint k JOIN relation c ON c.oid = k.conrelid WHERE k.confmatchtype = 'f'
UNION ALL
SELECT 'invalid', c.nspname, c.relname, false, NULL, NULL
  FROM pg_index i JOIN relation c ON c.oid = i.indexrelid WHERE NOT i.indisvalid AND c.relkind = 'i'
UNION ALL
SELECT 'nulls alike', c.nspname, c.relname, false, NULL, NULL
  FROM pg_index i JOIN relation c ON c.oid = i.indexrelid WHERE i.indnullsnotdistinct
ORDER BY 1, 2, 3, 6";

/// Namespace and name of the table, name, permissive, command, roles, USING, WITH CHECK.
pub(super) const POLICIES: &str = "SELECT n.nspname, c.relname, p.polname, p.polpermissive, p.polcmd,
  (SELECT string_agg(CASE role WHEN 0 THEN 'public' ELSE role::regrole::text END, ', ' ORDER BY role)
    FROM unnest(p.polroles) AS role),
  pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
ORDER BY 1, 2, 3";

/// Namespace and name, materialised, security invoker, namespace and name of a table that it reads: one row
/// for each.
pub(super) const VIEWS: &str = "SELECT n.nspname, v.relname, v.relkind = 'm',
  EXISTS (SELECT FROM unnest(v.reloptions) AS option
    WHERE lower(option) IN ('security_invoker=true', 'security_invoker=on', 'security_invoker=1',
      'security_invoker=yes')),
  tn.nspname, t.relname
FROM pg_class v
JOIN pg_namespace n ON n.oid = v.relnamespace
LEFT JOIN (pg_rewrite r
  JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
    AND d.refclassid = 'pg_class'::regclass
  JOIN pg_class t ON t.oid = d.refobjid AND t.relkind IN ('r', 'p')
  JOIN pg_namespace tn ON tn.oid = t.relnamespace) ON r.ev_class = v.oid
WHERE v.relkind IN ('v', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass
    AND e.objid = v.oid AND e.deptype = 'e')
ORDER BY 1, 2, 5, 6";

/// Namespace and name, security definer, callable by everybody, with a search path of its own, body looked up
/// when it runs, body, run by triggers.
pub(super) const ROUTINES: &str = "SELECT n.nspname, p.proname, p.prosecdef,
  EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS grant_of
    WHERE grant_of.grantee = 0 AND grant_of.privilege_type = 'EXECUTE'),
  EXISTS (SELECT FROM unnest(p.proconfig) AS setting WHERE starts_with(setting, 'search_path=')),
  l.lanname <> 'internal' AND l.lanname <> 'c' AND p.prosqlbody IS NULL, p.prosrc, p.prorettype = 'trigger'::regtype
FROM pg_proc p
JOIN pg_namespace n ON n.oid = p.pronamespace
JOIN pg_language l ON l.oid = p.prolang
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND p.prokind IN ('f', 'p')
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_proc'::regclass
    AND e.objid = p.oid AND e.deptype = 'e')
ORDER BY 1, 2, p.oid::regprocedure::text";
