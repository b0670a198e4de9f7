//! Roles, owners and grants of a database.

use std::collections::BTreeSet;

use super::{CatalogQuery, Row, Rows, ident, name, optional, text};
use crate::{Access, Grantee, Privilege, Securable};

/// Kind (`n` a namespace, `r` a table, `f` a function), namespace, name, owner, grantee (NULL for
/// everybody), privilege. An object without grants has one row without a privilege. What an owner may do
/// with its own is left out, and so is what an extension made.
pub(super) const GRANTS: &str = "SELECT o.kind, o.namespace, o.name, pg_get_userbyid(o.owner),
  CASE WHEN a.grantee <> 0 THEN pg_get_userbyid(a.grantee) END, a.privilege_type
FROM (
  SELECT 'n' AS kind, n.nspname AS namespace, n.nspname AS name, n.nspowner AS owner,
    coalesce(n.nspacl, acldefault('n', n.nspowner)) AS acl
  FROM pg_namespace n
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  UNION ALL
  SELECT 'r', n.nspname, c.relname, c.relowner, coalesce(c.relacl, acldefault('r', c.relowner))
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  UNION ALL
  SELECT 'f', n.nspname, p.proname, p.proowner, coalesce(p.proacl, acldefault('f', p.proowner))
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE p.pronargs = 0 AND p.prokind = 'f' AND n.nspname !~ '^pg_'
    AND n.nspname <> 'information_schema' AND NOT EXISTS (SELECT FROM pg_depend e
      WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype = 'e')
) o
LEFT JOIN LATERAL aclexplode(o.acl) a ON a.grantee <> o.owner
ORDER BY 1, 2, 3, 5, 6";

/// Owner, namespace, grantee, privilege on tables to come.
pub(super) const DEFAULT_GRANTS: &str = "SELECT pg_get_userbyid(d.defaclrole), n.nspname,
  CASE WHEN a.grantee <> 0 THEN pg_get_userbyid(a.grantee) END, a.privilege_type
FROM pg_default_acl d
JOIN pg_namespace n ON n.oid = d.defaclnamespace
CROSS JOIN LATERAL aclexplode(d.defaclacl) a
WHERE d.defaclobjtype = 'r'
ORDER BY 1, 2, 3, 4";

/// Roles that nobody can log in as and that have no rights over the cluster.
pub(super) const GROUP_ROLES: &str = "SELECT rolname FROM pg_roles
WHERE NOT rolcanlogin AND NOT rolsuper AND NOT rolcreaterole AND NOT rolcreatedb
  AND NOT rolbypassrls AND rolname !~ '^pg_'";

/// The access that the rows of [`CatalogQuery::ACCESS`] describe.
pub fn access(rows: &Rows) -> Access {
    let of = |query| rows.get(&query).map_or(&[][..], Vec::as_slice);
    let mut access = Access {
        roles: of(CatalogQuery::GroupRoles).iter().map(|row| ident(row, 0)).collect(),
        ..Access::default()
    };
    for row in of(CatalogQuery::Grants) {
        let object = match text(row, 0) {
            "n" => Securable::Namespace(ident(row, 1)),
            "r" => Securable::Table(name(row, 1)),
            _ => Securable::Function(name(row, 1)),
        };
        access.owners.insert(object.clone(), ident(row, 3));
        if let Some(privilege) = privilege(row, 5) {
            access.grants.entry((object, grantee(row, 4))).or_default().insert(privilege);
        }
    }
    for row in of(CatalogQuery::DefaultGrants) {
        if let Some(privilege) = privilege(row, 3) {
            let key = (ident(row, 0), ident(row, 1), grantee(row, 2));
            let privileges: &mut BTreeSet<Privilege> = access.defaults.entry(key).or_default();
            privileges.insert(privilege);
        }
    }
    access
}

fn grantee(row: &Row, at: usize) -> Grantee {
    optional(row, at).map_or(Grantee::Public, |_| Grantee::Role(ident(row, at)))
}

fn privilege(row: &Row, at: usize) -> Option<Privilege> {
    let word = optional(row, at)?;
    Privilege::ALL.into_iter().find(|it| it.as_str() == word)
}
