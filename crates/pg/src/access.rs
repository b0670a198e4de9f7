//! Who owns the objects of a schema and who may use them. Roles belong to the whole cluster, not to a
//! database, so that this stands beside the [`Schema`](crate::Schema) and has a script of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::expr::quote_literal;
use crate::{Ident, QualifiedName, Schema};

/// Roles, owners and grants, complete for the objects that it names: what is not granted is refused.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Access {
    /// Roles that nobody logs in as; people and applications are made their members.
    pub roles: BTreeSet<Ident>,
    /// The owner of each object.
    pub owners: BTreeMap<Securable, Ident>,
    /// What others than its owner may do with an object.
    pub grants: BTreeMap<(Securable, Grantee), BTreeSet<Privilege>>,
    /// What is granted on tables that a role is yet to make in a namespace.
    pub defaults: BTreeMap<(Ident, Ident, Grantee), BTreeSet<Privilege>>,
}

/// What can have an owner and grants.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Securable {
    /// A namespace.
    Namespace(Ident),
    /// A table.
    Table(QualifiedName),
    /// A function without arguments.
    Function(QualifiedName),
}

impl fmt::Display for Securable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Namespace(name) => write!(f, "SCHEMA {name}"),
            Self::Table(name) => write!(f, "TABLE {name}"),
            Self::Function(name) => write!(f, "FUNCTION {name}()"),
        }
    }
}

/// Whom something is granted to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grantee {
    /// Every role.
    Public,
    /// A role and its members.
    Role(Ident),
}

impl fmt::Display for Grantee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Public => f.write_str("PUBLIC"),
            Self::Role(name) => write!(f, "{name}"),
        }
    }
}

/// What is granted (manual, section 5.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Privilege {
    /// Read rows.
    Select,
    /// Add rows.
    Insert,
    /// Change rows.
    Update,
    /// Remove rows.
    Delete,
    /// Find the objects of a namespace.
    Usage,
    /// Make objects in a namespace.
    Create,
    /// Call a function.
    Execute,
    /// Empty a table.
    Truncate,
    /// Refer to a table by foreign keys.
    References,
    /// Put triggers on a table.
    Trigger,
}

impl Privilege {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Select,
        Self::Insert,
        Self::Update,
        Self::Delete,
        Self::Usage,
        Self::Create,
        Self::Execute,
        Self::Truncate,
        Self::References,
        Self::Trigger,
    ];

    /// The word in SQL and in the catalog.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Select => "SELECT",
            Self::Insert => "INSERT",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
            Self::Usage => "USAGE",
            Self::Create => "CREATE",
            Self::Execute => "EXECUTE",
            Self::Truncate => "TRUNCATE",
            Self::References => "REFERENCES",
            Self::Trigger => "TRIGGER",
        }
    }
}

fn listed(privileges: &BTreeSet<Privilege>) -> String {
    privileges.iter().map(|it| it.as_str()).collect::<Vec<_>>().join(", ")
}

/// One statement about roles and grants. `Display` writes it without a semicolon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccessStatement {
    /// `CREATE ROLE … NOLOGIN`, unless the cluster has it already.
    CreateRole(Ident),
    /// `GRANT role TO CURRENT_USER`: whoever hands an object over must be a member of its new owner.
    /// A superuser is one without it, and where it is refused, what needs it says so.
    Join(Ident),
    /// `ALTER … OWNER TO`.
    SetOwner(Securable, Ident),
    /// `REVOKE`; all privileges where none is named.
    Revoke(Securable, Grantee, BTreeSet<Privilege>),
    /// `GRANT`.
    Grant(Securable, Grantee, BTreeSet<Privilege>),
    /// `ALTER DEFAULT PRIVILEGES FOR ROLE … IN SCHEMA … GRANT … ON TABLES`.
    GrantDefault {
        /// The role that will make the tables.
        owner: Ident,
        /// Where.
        namespace: Ident,
        /// To whom it is granted.
        grantee: Grantee,
        /// What.
        privileges: BTreeSet<Privilege>,
    },
}

impl fmt::Display for AccessStatement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // Roles are the cluster's: one of this name may be another's, and would bring along what it may do.
            Self::CreateRole(name) => block(
                f,
                &format!(
                    "  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = {role}) THEN\n    \
                     CREATE ROLE {name} NOLOGIN;\n  ELSIF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = {role}\n    \
                     AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)) THEN\n    \
                     RAISE EXCEPTION USING\n      ERRCODE = 'invalid_role_specification',\n      \
                     MESSAGE = format('the role %I is there already and has rights over the whole cluster', {role}),\n      \
                     HINT = 'Take SUPERUSER, BYPASSRLS, CREATEROLE, CREATEDB and REPLICATION from it, or give it another name.';\n  \
                     END IF;\n",
                    role = quote_literal(name.as_str())
                ),
            ),
            Self::Join(name) => block(
                f,
                &format!(
                    "  IF NOT (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) \
                     THEN\n    GRANT {name} TO CURRENT_USER;\n  END IF;\nEXCEPTION\n  \
                     WHEN insufficient_privilege THEN NULL;\n"
                ),
            ),
            Self::SetOwner(object, role) => write!(f, "ALTER {object} OWNER TO {role}"),
            Self::Revoke(object, grantee, privileges) if privileges.is_empty() => {
                write!(f, "REVOKE ALL ON {object} FROM {grantee}")
            }
            Self::Revoke(object, grantee, privileges) => {
                write!(f, "REVOKE {} ON {object} FROM {grantee}", listed(privileges))
            }
            Self::Grant(object, grantee, privileges) => {
                write!(f, "GRANT {} ON {object} TO {grantee}", listed(privileges))
            }
            Self::GrantDefault { owner, namespace, grantee, privileges } => write!(
                f,
                "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {namespace}\n  GRANT {} ON \
                 TABLES TO {grantee}",
                listed(privileges)
            ),
        }
    }
}

fn block(f: &mut fmt::Formatter<'_>, body: &str) -> fmt::Result {
    // Names may hold anything, also what ends the body.
    let mut tag = String::from("$roles$");
    while body.contains(&tag) {
        tag.insert(tag.len() - 1, '_');
    }
    write!(f, "DO {tag}\nBEGIN\n{body}END\n{tag}")
}

impl Access {
    /// What there is where a schema was just made and nothing was said of roles: everybody may call its
    /// functions, and may have been given the namespaces.
    pub fn of_a_new(schema: &Schema) -> Self {
        let mut access = Self::default();
        let public = Ident::new("public").expect("a fixed name");
        for name in schema.namespaces.iter().chain([&public]) {
            let privileges = [Privilege::Usage, Privilege::Create].into();
            let object = Securable::Namespace(name.clone());
            access.grants.insert((object, Grantee::Public), privileges);
        }
        for name in schema.functions.keys() {
            let object = Securable::Function(name.clone());
            access.grants.insert((object, Grantee::Public), [Privilege::Execute].into());
        }
        access
    }

    /// What is run once a schema was made, and again whenever somebody wants to be sure.
    pub fn script(&self, schema: &Schema) -> Vec<AccessStatement> {
        self.plan(&Self::of_a_new(schema))
    }

    /// What leads from what was found to this, in an order that works. Objects that this does not name
    /// are left as they are.
    pub fn plan(&self, found: &Self) -> Vec<AccessStatement> {
        let mut statements = Vec::new();
        for role in self.roles.difference(&found.roles) {
            statements.push(AccessStatement::CreateRole(role.clone()));
        }
        let owners: BTreeSet<&Ident> = self.owners.values().collect();
        let moved: Vec<_> = self
            .owners
            .iter()
            .filter(|(object, owner)| found.owners.get(*object) != Some(*owner))
            .collect();
        let new_default = |(key, privileges): &(&(Ident, Ident, Grantee), &BTreeSet<Privilege>)| {
            found.defaults.get(*key) != Some(*privileges)
        };
        let defaults: Vec<_> = self.defaults.iter().filter(new_default).collect();
        for owner in owners {
            let is_needed = moved.iter().any(|(_, it)| *it == owner)
                || defaults.iter().any(|((it, ..), _)| it == owner);
            if is_needed {
                statements.push(AccessStatement::Join(owner.clone()));
            }
        }
        // Namespaces come first: a new owner of a table must be able to make one there.
        let (namespaces, others): (Vec<_>, Vec<_>) =
            moved.into_iter().partition(|(object, _)| matches!(object, Securable::Namespace(_)));
        let own = |(object, owner): (&Securable, &Ident)| {
            AccessStatement::SetOwner(object.clone(), owner.clone())
        };
        statements.extend(namespaces.into_iter().map(own));
        let (revoked, granted) = self.changes(found);
        let (on_namespaces, on_others): (Vec<_>, Vec<_>) =
            granted.into_iter().partition(|it| matches!(it.0, Securable::Namespace(_)));
        let revoke =
            |(object, grantee, privileges)| AccessStatement::Revoke(object, grantee, privileges);
        let grant =
            |(object, grantee, privileges)| AccessStatement::Grant(object, grantee, privileges);
        statements.extend(revoked.into_iter().map(revoke));
        statements.extend(on_namespaces.into_iter().map(grant));
        statements.extend(others.into_iter().map(own));
        statements.extend(on_others.into_iter().map(grant));
        for ((owner, namespace, grantee), privileges) in defaults {
            statements.push(AccessStatement::GrantDefault {
                owner: owner.clone(),
                namespace: namespace.clone(),
                grantee: grantee.clone(),
                privileges: privileges.clone(),
            });
        }
        statements
    }

    /// What is granted too much, and what is missing.
    fn changes(&self, found: &Self) -> (Vec<Change>, Vec<Change>) {
        let none = BTreeSet::new();
        let mut revoked = Vec::new();
        for ((object, grantee), privileges) in &found.grants {
            if !self.names(object) {
                continue;
            }
            let wanted = self.grants.get(&(object.clone(), grantee.clone())).unwrap_or(&none);
            let extra: BTreeSet<Privilege> = privileges.difference(wanted).copied().collect();
            if !extra.is_empty() {
                // Where nothing is to be left, it is said so, whatever later versions can grant.
                let what = if wanted.is_empty() { BTreeSet::new() } else { extra };
                revoked.push((object.clone(), grantee.clone(), what));
            }
        }
        let mut granted = Vec::new();
        for ((object, grantee), privileges) in &self.grants {
            let there = found.grants.get(&(object.clone(), grantee.clone())).unwrap_or(&none);
            let missing: BTreeSet<Privilege> = privileges.difference(there).copied().collect();
            if !missing.is_empty() {
                granted.push((object.clone(), grantee.clone(), missing));
            }
        }
        (revoked, granted)
    }

    fn names(&self, object: &Securable) -> bool {
        self.owners.contains_key(object) || self.grants.keys().any(|(known, _)| known == object)
    }
}

type Change = (Securable, Grantee, BTreeSet<Privilege>);

#[cfg(test)]
mod tests {
    use super::*;

    fn ident(name: &str) -> Ident {
        Ident::new(name).unwrap()
    }

    fn designed() -> Access {
        let table = Securable::Table(QualifiedName::new(ident("ordering"), ident("orders")));
        let namespace = Securable::Namespace(ident("ordering"));
        let public = Securable::Namespace(ident("public"));
        let app = Grantee::Role(ident("app"));
        let rows = BTreeSet::from([Privilege::Select, Privilege::Insert]);
        Access {
            roles: [ident("app"), ident("owner")].into(),
            owners: [(namespace.clone(), ident("owner")), (table.clone(), ident("owner"))].into(),
            grants: [
                ((namespace, app.clone()), [Privilege::Usage].into()),
                ((public, Grantee::Role(ident("owner"))), [Privilege::Usage].into()),
                ((table, app.clone()), rows.clone()),
            ]
            .into(),
            defaults: [((ident("owner"), ident("ordering"), app), rows)].into(),
        }
    }

    #[test]
    fn what_is_missing_is_granted_and_what_is_too_much_is_revoked() {
        let mut schema = Schema::default();
        schema.namespaces.insert(ident("ordering"));
        let plan = designed().plan(&Access::of_a_new(&schema));
        let text: Vec<String> = plan.iter().map(ToString::to_string).collect();
        assert!(text[0].contains("CREATE ROLE app NOLOGIN;"), "{text:?}");
        assert!(text[2].contains("GRANT owner TO CURRENT_USER;"), "{text:?}");
        assert_eq!(
            text[3..],
            [
                "ALTER SCHEMA ordering OWNER TO owner",
                "REVOKE ALL ON SCHEMA ordering FROM PUBLIC",
                "REVOKE ALL ON SCHEMA public FROM PUBLIC",
                "GRANT USAGE ON SCHEMA ordering TO app",
                "GRANT USAGE ON SCHEMA public TO owner",
                "ALTER TABLE ordering.orders OWNER TO owner",
                "GRANT SELECT, INSERT ON TABLE ordering.orders TO app",
                "ALTER DEFAULT PRIVILEGES FOR ROLE owner IN SCHEMA ordering\n  GRANT SELECT, INSERT ON TABLES TO app",
            ]
        );
        let mut found = designed();
        assert!(found.plan(&found).is_empty());
        for privileges in found.grants.values_mut() {
            privileges.insert(Privilege::Delete);
        }
        let plan = designed().plan(&found);
        assert!(plan.iter().all(|it| matches!(it, AccessStatement::Revoke(..))), "{plan:?}");
        assert_eq!(plan.len(), 3);
    }

    #[test]
    fn a_name_cannot_end_its_block() {
        let text = AccessStatement::CreateRole(ident("a'$roles$;\" DROP")).to_string();
        assert!(text.starts_with("DO $roles_$") && text.contains("'a''$roles$;\" DROP'"), "{text}");
        assert!(text.contains("\"a'$roles$;\"\" DROP\""), "{text}");
    }
}
