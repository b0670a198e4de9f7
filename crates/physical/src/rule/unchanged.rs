//! P032: a trigger for rows and values that never change, because a CHECK cannot see what a row was.

use std::collections::BTreeSet;

use underpin_logical::{LogicalDesign, Permanence};
use underpin_model::Model;
use underpin_pg::plpgsql::UnchangedGuard;
use underpin_pg::{
    Ident, Identity, QualifiedName, ReferentialAction, Table, Trigger, TriggerEvent, TriggerTiming,
    naming,
};

use super::keys::capital;
use crate::names::Names;
use crate::{GuardDesign, GuardPurpose, PhysicalDesign, TableDesign};

pub(crate) fn apply(_model: &Model, logical: &LogicalDesign, design: &mut PhysicalDesign) {
    for at in 0..design.tables.len() {
        let id = design.tables[at].relation;
        let relation = logical.relation(id);
        let mut taken = Names::default();
        for permanence in &relation.permanences {
            one(design, at, permanence, logical.is_limited_by(id), &mut taken);
        }
    }
}

fn one(
    design: &mut PhysicalDesign,
    at: usize,
    permanence: &Permanence,
    is_written: bool,
    taken: &mut Names,
) {
    let own: &TableDesign = &design.tables[at];
    let table: &Table = &design.schema.tables[&own.table];
    let names = |list: &[underpin_logical::AttributeId]| -> Vec<Ident> {
        list.iter().map(|&id| own.column(id).clone()).collect()
    };
    let columns = names(&permanence.attributes);
    // A number that the server counts up changes for nobody: a trigger that keeps nothing else is never heard of.
    let is_counted = |name: &Ident| {
        table.column(name).is_some_and(|column| column.identity == Some(Identity::Always))
    };
    if !columns.is_empty() && columns.iter().all(is_counted) && !permanence.is_kept {
        return;
    }
    let free = names(&permanence.free);
    let states = permanence
        .states
        .as_ref()
        .map(|(attribute, states)| (own.column(*attribute).clone(), states.clone()));
    let wanted = match columns.as_slice() {
        _ if permanence.is_whole => {
            let suffix = if columns.is_empty() { "kept" } else { "unchanged" };
            naming::object_name(&table.name.name, &[], suffix)
        }
        [] | [_, _, ..] => naming::object_name(&table.name.name, &[], "values_unchanged"),
        [column] => naming::object_name(&table.name.name, &[column], "unchanged"),
    };
    let trigger = taken.claim(&wanted);
    let clearable: Vec<Ident> =
        cleared(table).into_iter().filter(|column| columns.contains(column)).collect();
    let function_name = QualifiedName::new(table.name.namespace.clone(), trigger.clone());
    let guard = UnchangedGuard {
        function: function_name.clone(),
        columns: (!permanence.is_whole).then(|| columns.iter().collect()),
        clearable: clearable.iter().collect(),
        free: free.iter().collect(),
        states: states
            .as_ref()
            .map(|(column, states)| (column, states.iter().map(|state| &**state).collect())),
        refuses: (!columns.is_empty(), permanence.is_kept),
        rule: trigger.clone(),
        is_written,
    };
    let mut function = guard.function();
    function.comment = Some(capital(&permanence.text));
    let mut events = BTreeSet::new();
    if !columns.is_empty() {
        events.insert(TriggerEvent::Update);
    }
    if permanence.is_kept {
        events.insert(TriggerEvent::Delete);
    }
    let new = Trigger {
        name: trigger.clone(),
        table: table.name.clone(),
        timing: TriggerTiming::Before,
        events,
        update_columns: if permanence.is_whole { Vec::new() } else { columns.clone() },
        condition: None,
        function: function_name,
        comment: None,
    };
    design.schema.add_function(function);
    design.schema.add_trigger(new);
    design.tables[at].guards.push(GuardDesign {
        trigger,
        purpose: GuardPurpose::Unchanged {
            columns,
            is_whole: permanence.is_whole,
            states,
            is_kept: permanence.is_kept,
        },
        text: permanence.text.clone(),
        source: permanence.source,
    });
}

/// The columns that a deletion elsewhere clears.
pub(crate) fn cleared(table: &Table) -> Vec<Ident> {
    let clearing = table.foreign_keys.iter().filter(|key| {
        matches!(key.on_delete, ReferentialAction::SetNull | ReferentialAction::SetDefault)
    });
    clearing
        .flat_map(|key| if key.set_columns.is_empty() { &key.columns } else { &key.set_columns })
        .cloned()
        .collect()
}
