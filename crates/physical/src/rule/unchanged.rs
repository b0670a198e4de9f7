//! P032: a trigger for rows and values that never change, because a CHECK cannot see what a row was.

use std::collections::BTreeSet;

use underpin_logical::{LogicalDesign, Permanence};
use underpin_model::Model;
use underpin_pg::plpgsql::{UnchangedGuard, truncation_guard};
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
        whole_table(design, at, &mut taken);
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
    let with_step: Vec<(Ident, Ident)> = permanence
        .with_step
        .iter()
        .map(|&(id, state)| (own.column(id).clone(), own.column(state).clone()))
        .collect();
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
        with_step: with_step.iter().map(|(own, state)| (own, state)).collect(),
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
            with_step: with_step.into_iter().map(|(own, _)| own).collect(),
        },
        text: permanence.text.clone(),
        source: permanence.source,
    });
}

/// TRUNCATE empties a table past the triggers of its rows, so that rows which are never deleted have another one.
fn whole_table(design: &mut PhysicalDesign, at: usize, taken: &mut Names) {
    let own: &TableDesign = &design.tables[at];
    let mut states: Vec<(Ident, Vec<String>)> = Vec::new();
    let mut first = None;
    let mut is_always = false;
    for guard in &own.guards {
        let GuardPurpose::Unchanged { is_kept: true, states: while_in, .. } = &guard.purpose else {
            continue;
        };
        first.get_or_insert((guard.text.clone(), guard.source));
        is_always |= while_in.is_none();
        states.extend(while_in.clone());
    }
    let Some((text, source)) = first else { return };
    if is_always {
        states.clear();
    }
    let table = own.table.clone();
    let trigger = taken.claim(&naming::object_name(&table.name, &[], "not_emptied"));
    let function_name = QualifiedName::new(table.namespace.clone(), trigger.clone());
    let mut function = truncation_guard(function_name.clone(), &table, &states);
    function.comment = Some(capital(&text));
    design.schema.add_function(function);
    design.schema.add_trigger(Trigger {
        name: trigger.clone(),
        table,
        timing: TriggerTiming::Before,
        events: BTreeSet::from([TriggerEvent::Truncate]),
        update_columns: Vec::new(),
        condition: None,
        function: function_name,
        comment: None,
    });
    let purpose = GuardPurpose::Truncation { states };
    design.tables[at].guards.push(GuardDesign { trigger, purpose, text, source });
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
