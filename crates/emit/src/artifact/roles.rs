//! The `ops/roles.sql` artifact: roles, owners and grants of bounded contexts.

use std::fmt::Write as _;

use underpin_pg::{AccessStatement, LineComment, Section, Securable};

use super::ArtifactKind;
use crate::{Artifact, context::Context, script};

pub(super) const PATH: &str = "ops/roles.sql";

pub(super) const ARTIFACT: ArtifactKind = ArtifactKind { path: PATH, measured: false, write };

fn write(context: &Context<'_>) -> Vec<Artifact> {
    let physical = context.input.physical;
    if physical.contexts.is_empty() {
        return Vec::new();
    }
    let mut out = script::heading(context, "Roles, owners and grants", PATH);
    let about = "Run it in the database after schema.sql, as a superuser, or as the owner of the \
                 database that applied schema.sql and may make roles (CREATEROLE) or is a member of those \
                 that own. A role that is there already is used as it \
                 is, unless it has rights over the whole cluster, and a second run changes nothing. Logins get their rights as members: GRANT an \
                 application role to each login that serves its context.";
    write!(out, "{}", LineComment(about)).expect("writing to a String");
    let mut part = "";
    for statement in physical.access.script(&physical.schema) {
        let next = title(&statement);
        if next != part {
            write!(out, "\n{}\n", Section(next)).expect("writing to a String");
            part = next;
        }
        writeln!(out, "{statement};").expect("writing to a String");
    }
    vec![Artifact::text(PATH, out)]
}

fn title(statement: &AccessStatement) -> &'static str {
    match statement {
        AccessStatement::CreateRole(_) => {
            "Roles: for each context one that owns its objects and one for its application"
        }
        AccessStatement::Join(_) => {
            "Whoever hands objects over must be a member of their new owner"
        }
        AccessStatement::SetOwner(Securable::Namespace(_), _) => "Owners of the schemas",
        AccessStatement::SetOwner(Securable::Table(_) | Securable::Function(_), _) => {
            "Owners of the tables and functions"
        }
        AccessStatement::Revoke(..) => "Nobody gets in unless it is said so",
        AccessStatement::Grant(Securable::Namespace(_), ..) => "Who finds what is in a schema",
        AccessStatement::Grant(Securable::Table(_) | Securable::Function(_), ..) => {
            "What applications do with rows"
        }
        AccessStatement::GrantDefault { .. } => {
            "The same for tables that later migrations make (SET ROLE to the owner first)"
        }
    }
}
