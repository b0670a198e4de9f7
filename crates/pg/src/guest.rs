//! The role that runs what somebody else wrote: on a server of our own, without a right that reaches the machine.
//!
//! A superuser's session may start programs (`COPY … TO PROGRAM`), read and write files of the server's account, load
//! libraries and write functions in languages that know no bounds (manual, sections "Predefined Roles", "Untrusted
//! Languages"). The guest may make what a schema is made of, and roles, and nothing of that.

use std::fmt;

use crate::expr::quote_literal;
use crate::ident::Ident;

/// A statement of the superuser's that prepares a server or a database for the guest, or helps it out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GuestStatement {
    /// A row where the role of the session is a superuser.
    IsSuperuser,
    /// Whether the server has the guest already: a row where it has.
    Look,
    /// Makes the guest. `BYPASSRLS`, so that policies that a schema forces on its owner hide no row from who judges it.
    Create,
    /// The guest may hand on the rights to all rows, as whoever judges policies has to; from PostgreSQL 16 on it could not.
    AllRows,
    /// What a role with CREATEROLE could give itself before PostgreSQL 16: the three roles that reach the machine are taken
    /// out of the catalog of a server that lives for one run.
    ForgetReachingRoles,
    /// The guest is a member of each role that it makes, as a superuser is of every one; from PostgreSQL 16 on.
    MembersOfTheirOwn,
    /// Settings of a session that dumps make and that reach nothing outside of it.
    Settings,
    /// The roles that the guest does not have the rights of, though none of them is more than an ordinary one.
    StrangeRoles,
    /// Gives the guest the rights of a role.
    Adopt(Ident),
    /// Makes a role that may pass by policies, with whatever else the guest may not give left out.
    Bypassing(Ident),
    /// A row where the server has an extension that only a superuser may create.
    IsUntrusted(Ident),
    /// Creates an extension with all that it requires.
    CreateExtension(Ident),
    /// Creates an extension in a namespace of its own, which all may use.
    CreateApart(Ident, Ident),
    /// Puts an extension where the script wants it.
    MoveExtension(Ident, Ident),
    /// The names of the foreign-data wrappers.
    Wrappers,
    /// Lets the guest make servers with a wrapper: which hosts and files these may name, the wrapper itself guards.
    UseWrapper(Ident),
}

impl GuestStatement {
    /// The guest has the name that most servers give their superuser, so that what a dump gives to `postgres` is its own.
    pub const ROLE: &'static str = "postgres";
}

impl fmt::Display for GuestStatement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let role = Self::ROLE;
        match self {
            Self::IsSuperuser => f.write_str(
                "SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = current_user AND rolsuper",
            ),
            Self::Look => write!(
                f,
                "SELECT rolname FROM pg_catalog.pg_roles WHERE rolname = {}",
                quote_literal(role)
            ),
            Self::Create => write!(f, "CREATE ROLE {role} LOGIN CREATEROLE BYPASSRLS"),
            Self::AllRows => {
                write!(f, "GRANT pg_read_all_data, pg_write_all_data TO {role} WITH ADMIN OPTION")
            }
            Self::ForgetReachingRoles => f.write_str(
                "SET allow_system_table_mods = on; \
                 DELETE FROM pg_catalog.pg_authid WHERE rolname IN \
                 ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files'); \
                 RESET allow_system_table_mods",
            ),
            Self::MembersOfTheirOwn => {
                write!(f, "ALTER ROLE {role} SET createrole_self_grant = 'set, inherit'")
            }
            Self::Settings => write!(
                f,
                "GRANT SET ON PARAMETER session_replication_role, lc_messages, log_statement, \
                 log_min_duration_statement, log_min_messages TO {role}"
            ),
            Self::StrangeRoles => write!(
                f,
                "SELECT rolname FROM pg_catalog.pg_roles WHERE NOT rolsuper AND NOT rolreplication \
                 AND rolname !~ '^pg_' AND NOT pg_catalog.pg_has_role({}, oid, 'USAGE') ORDER BY rolname",
                quote_literal(role)
            ),
            Self::Adopt(name) => write!(f, "GRANT {name} TO {role}"),
            Self::Bypassing(name) => write!(f, "CREATE ROLE {name} NOLOGIN BYPASSRLS"),
            Self::IsUntrusted(name) => write!(
                f,
                "SELECT 1 FROM pg_catalog.pg_available_extension_versions \
                 WHERE name = {} AND superuser AND NOT trusted LIMIT 1",
                quote_literal(name.as_str())
            ),
            Self::CreateExtension(name) => {
                write!(f, "CREATE EXTENSION IF NOT EXISTS {name} CASCADE")
            }
            Self::CreateApart(name, namespace) => write!(
                f,
                "CREATE SCHEMA {namespace}; GRANT USAGE ON SCHEMA {namespace} TO PUBLIC; \
                 CREATE EXTENSION {name} SCHEMA {namespace}"
            ),
            Self::MoveExtension(name, namespace) => {
                write!(f, "ALTER EXTENSION {name} SET SCHEMA {namespace}")
            }
            Self::Wrappers => {
                f.write_str("SELECT fdwname FROM pg_catalog.pg_foreign_data_wrapper ORDER BY 1")
            }
            Self::UseWrapper(name) => {
                write!(f, "GRANT USAGE ON FOREIGN DATA WRAPPER {name} TO {role}")
            }
        }
    }
}

/// What the guest does itself where the new owner of an object lacks the right to make it: PostgreSQL asks for that of
/// all but superusers (manual, ALTER TABLE, `OWNER TO`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnerRight {
    /// Gives a role the right to make objects in a namespace.
    Give(Ident, Ident),
    /// Takes it away again.
    Take(Ident, Ident),
}

impl fmt::Display for OwnerRight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Give(namespace, role) => {
                write!(f, "GRANT CREATE ON SCHEMA {namespace} TO {role}")
            }
            Self::Take(namespace, role) => {
                write!(f, "REVOKE CREATE ON SCHEMA {namespace} FROM {role}")
            }
        }
    }
}
