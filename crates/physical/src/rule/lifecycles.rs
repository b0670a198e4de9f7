//! P030: a trigger for each life cycle, because a CHECK cannot see the state before.

use std::collections::BTreeSet;

use underpin_logical::LogicalDesign;
use underpin_model::Model;
use underpin_pg::{Trigger, TriggerEvent, TriggerTiming, naming};

use crate::{MachineDesign, PhysicalDesign};

pub(crate) fn apply(_model: &Model, logical: &LogicalDesign, design: &mut PhysicalDesign) {
    for at in 0..design.tables.len() {
        let relation = logical.relation(design.tables[at].relation);
        let name = design.tables[at].table.clone();
        for machine in &relation.machines {
            let column = design.tables[at].column(machine.attribute).clone();
            let object = |suffix: &str| naming::object_name(&name.name, &[&column], suffix);
            let designed = MachineDesign {
                lifecycle: machine.lifecycle,
                column: column.clone(),
                states: machine.states.clone(),
                initial: machine.initial.clone(),
                transitions: machine.transitions.clone(),
                initial_rule: object("initial"),
                transition_rule: object("transition"),
                trigger: object("guard"),
            };
            let mut function = designed.guard(&name).function();
            function.comment = Some(format!(
                "Refuses what the life cycle of {} does not allow.",
                relation.name.replace('\0', "")
            ));
            let mut events = BTreeSet::from([TriggerEvent::Update]);
            if machine.initial.is_some() {
                events.insert(TriggerEvent::Insert);
            }
            design.schema.add_trigger(Trigger {
                name: designed.trigger.clone(),
                table: name.clone(),
                timing: TriggerTiming::Before,
                events,
                update_columns: vec![column],
                condition: None,
                function: function.name.clone(),
                comment: None,
            });
            design.schema.add_function(function);
            design.tables[at].machines.push(designed);
        }
    }
}
