//! P070: who owns what a bounded context holds, and who may use it. Where no context is, whoever applies
//! the schema owns it, as ever.

use std::collections::BTreeSet;

use underpin_logical::{Decision, LogicalDesign};
use underpin_model::Model;
use underpin_pg::{Access, Grantee, Privilege, Securable};

use super::namespaces::{self, PUBLIC};
use crate::{ContextDesign, GuardPurpose, PhysicalDesign, TableDesign, names};

const RULE: &str = "P070";

/// What an application does with rows. It never empties a table or puts triggers on one.
const ON_ROWS: [Privilege; 4] =
    [Privilege::Select, Privilege::Insert, Privilege::Update, Privilege::Delete];

pub(crate) fn apply(model: &Model, _logical: &LogicalDesign, design: &mut PhysicalDesign) {
    if design.contexts.is_empty() {
        return;
    }
    let mut access = Access::default();
    for context in &design.contexts {
        let namespace = Securable::Namespace(context.namespace.clone());
        access.owners.insert(namespace, context.owner.clone());
        give(&mut access, design, context);
    }
    let public = names::ident(PUBLIC);
    if design.schema.tables.keys().any(|table| table.namespace == public) {
        let [owner, application] = namespaces::roles(model, &public);
        // The namespace is the database's; its tables' owner makes tables there.
        let on_public = (Securable::Namespace(public.clone()), Grantee::Role(owner.clone()));
        access.grants.insert(on_public, [Privilege::Usage, Privilege::Create].into());
        let unowned =
            ContextDesign { context: None, namespace: public.clone(), owner, application };
        give(&mut access, design, &unowned);
        design.contexts.push(unowned);
    } else if !design.schema.extensions.is_empty() {
        // Types and operators of extensions are found there.
        for context in &design.contexts {
            let role = Grantee::Role(context.application.clone());
            let object = Securable::Namespace(public.clone());
            access.grants.insert((object, role), [Privilege::Usage].into());
        }
    }
    access.grants.entry((Securable::Namespace(public), Grantee::Public)).or_default();
    design.access = access;
    design.decisions.push(
        Decision::new(
            RULE,
            "roles",
            "roles and grants have a script of their own, `ops/roles.sql`",
            "roles belong to the whole cluster: who may make tables may often not make roles, a role \
             may be there already, and a database that is dropped leaves its roles behind",
        )
        .instead_of("CREATE ROLE in `schema.sql`, which then fails in the second database of a cluster")
        .instead_of("rights given to the role that logs in, which have to be given again to the next")
        .changes_when("another tool keeps the roles of the cluster")
        .so_that("until the script is run, nobody but who applied `schema.sql` can use a table")
        .so_that(
            "logins are made members of the application roles: `GRANT … TO …`, one for each context \
             that they serve",
        )
        .so_that("later migrations run as the owner's role (`SET ROLE`), so that its default grants hold")
        .significant("Roles and grants of bounded contexts"),
    );
}

/// What triggers refuse whoever asks, no role needs a right to.
fn on_rows_of(table: &TableDesign, is_owner: bool) -> BTreeSet<Privilege> {
    let mut rights = BTreeSet::from(ON_ROWS);
    for guard in &table.guards {
        match &guard.purpose {
            GuardPurpose::Unchanged { is_whole: true, states: None, is_kept, columns, .. } => {
                // A step of its life is an UPDATE, too.
                if columns.is_empty() || table.machines.is_empty() {
                    rights.remove(&Privilege::Update);
                }
                if *is_kept {
                    rights.remove(&Privilege::Delete);
                }
            }
            GuardPurpose::Unchanged { .. }
            | GuardPurpose::Truncation { .. }
            | GuardPurpose::Acyclic { .. }
            | GuardPurpose::Limit { .. }
            | GuardPurpose::OwnerState { .. }
            | GuardPurpose::OwnerBound { .. }
            | GuardPurpose::Hold { .. }
            | GuardPurpose::Version { .. } => {}
        }
    }
    if is_owner {
        // Whoever adds rows that belong to one of these writes it as it is, or locks it, which asks for the same right.
        rights.insert(Privilege::Update);
    }
    rights
}

/// The objects of a namespace to their owner, and their use to the application.
fn give(access: &mut Access, design: &PhysicalDesign, context: &ContextDesign) {
    let schema = &design.schema;
    let ContextDesign { namespace, owner, application, .. } = context;
    access.roles.extend([owner.clone(), application.clone()]);
    let app = Grantee::Role(application.clone());
    let on_rows = BTreeSet::from(ON_ROWS);
    let object = Securable::Namespace(namespace.clone());
    access.grants.insert((object, app.clone()), [Privilege::Usage].into());
    for name in schema.tables.keys().filter(|it| it.namespace == *namespace) {
        let object = Securable::Table(name.clone());
        access.owners.insert(object.clone(), owner.clone());
        let table = design.tables.of(name);
        let rights = table.map_or_else(
            || on_rows.clone(),
            |table| {
                let mut limits = design.tables.iter().flat_map(|it| &it.limits);
                let mut states = design.tables.iter().flat_map(|it| &it.owner_states);
                let mut bounds = design.tables.iter().flat_map(|it| &it.owner_bounds);
                let is_owner = limits.any(|it| it.limit.owner == table.relation)
                    || states.any(|it| it.owner_state.owner == table.relation)
                    || bounds.any(|it| it.owner_bound.owner == table.relation)
                    || !table.holds.is_empty();
                on_rows_of(table, is_owner)
            },
        );
        access.grants.insert((object, app.clone()), rights);
        // Whoever makes partitions looks for their rows in the one that takes all others; the rest goes by the table.
        for partition in schema.tables[name].partitioning.iter().flat_map(|it| &it.partitions) {
            access.owners.insert(Securable::Table(partition.name.clone()), owner.clone());
        }
    }
    for name in schema.functions.keys().filter(|it| it.namespace == *namespace) {
        // Triggers run them without asking for a right to call them.
        access.owners.insert(Securable::Function(name.clone()), owner.clone());
    }
    access.defaults.insert((owner.clone(), namespace.clone(), app), on_rows);
}
