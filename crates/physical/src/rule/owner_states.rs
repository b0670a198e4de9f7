//! P036: triggers for what may be done to rows only beside an owner in some state. No constraint sees a row of another
//! table as it is at the moment of writing.

use std::collections::BTreeSet;

use underpin_base::Diagnostic;
use underpin_logical::{LogicalDesign, OwnerState};
use underpin_model::Model;
use underpin_pg::owner_guard::{Changes, OwnerGuard};
use underpin_pg::{Expr, Ident, QualifiedName, Table, Trigger, TriggerEvent, TriggerTiming};

use super::UNENFORCED_RULE;
use super::keys::capital;
use super::limits::free_name;
use super::unchanged::cleared;
use crate::condition::condition;
use crate::{GuardDesign, GuardPurpose, OwnerStateDesign, PhysicalDesign, TableDesign};

pub(crate) fn apply(_model: &Model, logical: &LogicalDesign, design: &mut PhysicalDesign) {
    for at in 0..design.tables.len() {
        let relation = logical.relation(design.tables[at].relation);
        for owner_state in &relation.owner_states {
            let free = free(logical, &design.tables[at]);
            if let Err(reason) = one(design, at, (owner_state, &free), logical) {
                let mut warning = Diagnostic::warning(
                    UNENFORCED_RULE,
                    format!("a rule of `{}` is not enforced: {reason}", relation.name),
                )
                .help("the application keeps it, in the transaction that writes");
                if let Some(source) = owner_state.source {
                    warning = warning.at(source, "this rule");
                }
                design.diagnostics.push(warning);
            }
        }
    }
}

fn one(
    design: &mut PhysicalDesign,
    at: usize,
    (it, free): (&OwnerState, &[Ident]),
    logical: &LogicalDesign,
) -> Result<(), String> {
    let rows = design.tables[at].clone();
    let owner = design.tables[it.owner.index()].clone();
    let table = design.schema.tables[&rows.table].clone();
    let allowed = condition(&it.allowed, &design.schema.tables[&owner.table].columns)?;
    let reference: Vec<(&Ident, &Ident)> =
        it.reference.iter().map(|&(own, there)| (rows.column(own), owner.column(there))).collect();
    let by: Vec<&Ident> = reference.iter().map(|(own, _)| *own).collect();
    let is_deferred =
        |key: &&underpin_pg::ForeignKey| key.deferred && key.columns.iter().eq(by.iter().copied());
    if table.foreign_keys.iter().any(|key| is_deferred(&key)) {
        return Err("a row may be there before the row that it belongs to".to_owned());
    }
    let optional = |column: &&Ident| table.column(column).is_some_and(|it| !it.not_null);
    let clearable = cleared(&table);
    let guard = OwnerGuard {
        owner: &owner.table,
        optional: by.iter().copied().filter(|column| optional(column)).collect(),
        reference: reference.clone(),
        allowed: &allowed,
        inserts: it.inserts,
        updates: it.updates.then(|| Changes {
            free: free.iter().collect(),
            clearable: clearable.iter().collect(),
        }),
        deletes: it.deletes,
        is_written: logical.is_limited_by(it.owner),
    };
    let trigger = free_name(design, &table, &by[by.len().saturating_sub(1)..], "state");
    let mut function =
        guard.function(QualifiedName::new(table.name.namespace.clone(), trigger.clone()));
    function.comment = Some(capital(&it.text));
    design.schema.add_trigger(Trigger {
        name: trigger.clone(),
        table: table.name.clone(),
        // Behind the row, so that it sees what the statement and other triggers have made of both.
        timing: TriggerTiming::After,
        events: events(it),
        update_columns: if it.updates { Vec::new() } else { by.iter().copied().cloned().collect() },
        condition: None,
        function: function.name.clone(),
        comment: None,
    });
    design.schema.add_function(function);
    let changed = if it.updates { changed(&table, free) } else { Vec::new() };
    let own = &mut design.tables[at];
    own.guards.push(GuardDesign {
        trigger: trigger.clone(),
        purpose: GuardPurpose::OwnerState { owner_state: own.owner_states.len() },
        text: it.text.clone(),
        source: it.source,
    });
    own.owner_states.push(OwnerStateDesign { owner_state: it.clone(), trigger, changed });
    Ok(())
}

/// When its trigger runs.
fn events(it: &OwnerState) -> BTreeSet<TriggerEvent> {
    let mut events = BTreeSet::new();
    if it.inserts {
        events.insert(TriggerEvent::Insert);
    }
    if it.inserts || it.updates {
        events.insert(TriggerEvent::Update);
    }
    if it.deletes {
        events.insert(TriggerEvent::Delete);
    }
    events
}

/// What changes all the same: states of life cycles of their own, and what follows each change.
fn free(logical: &LogicalDesign, table: &TableDesign) -> Vec<Ident> {
    let relation = logical.relation(table.relation);
    let touched = relation.attributes().filter(|(_, it)| it.touched).map(|(id, _)| id);
    let states = relation.machines.iter().map(|machine| machine.attribute);
    let all = states.chain(touched).chain(relation.version);
    all.map(|id| table.column(id).clone()).collect()
}

/// The columns of which a new value is a change: no key, since whoever changes it means another row.
fn changed(table: &Table, free: &[Ident]) -> Vec<Ident> {
    let key = |name: &Ident| table.primary_key.iter().any(|key| key.columns.contains(name));
    let columns = table.columns.iter().filter(|column| column.generated.is_none());
    let names = columns.map(|column| &column.name);
    names.filter(|name| !free.contains(name) && !key(name)).cloned().collect()
}

/// The rule in a sentence.
pub(super) fn said(design: &PhysicalDesign, rows: &TableDesign, of: &OwnerStateDesign) -> String {
    let it = &of.owner_state;
    let owner = &design.tables[it.owner.index()];
    let columns = &design.schema.tables[&owner.table].columns;
    let allowed =
        condition(&it.allowed, columns).map_or_else(|_| String::new(), |it: Expr| it.to_string());
    let name = rows.table.name.as_str();
    let by: Vec<&str> = it.reference.iter().map(|(own, _)| rows.column(*own).as_str()).collect();
    let acts: Vec<&str> =
        [(it.inserts, "comes to be there"), (it.updates, "changes"), (it.deletes, "is deleted")]
            .into_iter()
            .filter_map(|(is_said, act)| is_said.then_some(act))
            .collect();
    format!(
        "A row of `{name}` {} only beside a row of `{}` (by {}) where `{allowed}`, also where two sessions write at once.",
        acts.join(" or "),
        owner.table.name.as_str(),
        by.join(", ")
    )
}
