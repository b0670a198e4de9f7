//! P030: a trigger for each life cycle, because a CHECK cannot see the state before.

use std::collections::BTreeSet;

use underpin_logical::LogicalDesign;
use underpin_model::Model;
use underpin_pg::plpgsql::TransitionGuard;
use underpin_pg::{QualifiedName, Trigger, TriggerEvent, TriggerTiming, naming};

use crate::{MachineDesign, PhysicalDesign};

pub(crate) fn apply(_model: &Model, logical: &LogicalDesign, design: &mut PhysicalDesign) {
    for at in 0..design.tables.len() {
        let relation = logical.relation(design.tables[at].relation);
        let name = design.tables[at].table.clone();
        for machine in &relation.machines {
            let column = design.tables[at].column(machine.attribute).clone();
            let object = |suffix: &str| naming::object_name(&name.name, &[&column], suffix);
            let trigger = object("guard");
            let function_name = QualifiedName::new(name.namespace.clone(), trigger.clone());
            let initial_rule = object("initial");
            let transition_rule = object("transition");
            let guard = TransitionGuard {
                function: function_name.clone(),
                table: &name,
                column: &column,
                initial: machine.initial.as_deref(),
                transitions: machine
                    .transitions
                    .iter()
                    .map(|(from, to)| (&**from, to.iter().map(|state| &**state).collect()))
                    .collect(),
                initial_rule: initial_rule.clone(),
                transition_rule: transition_rule.clone(),
            };
            let mut function = guard.function();
            function.comment = Some(format!(
                "Refuses what the life cycle of {} does not allow.",
                relation.name.replace('\0', "")
            ));
            design.schema.add_function(function);
            let mut events = BTreeSet::from([TriggerEvent::Update]);
            if machine.initial.is_some() {
                events.insert(TriggerEvent::Insert);
            }
            design.schema.add_trigger(Trigger {
                name: trigger.clone(),
                table: name.clone(),
                timing: TriggerTiming::Before,
                events,
                update_columns: vec![column.clone()],
                condition: None,
                function: function_name,
                comment: None,
            });
            design.tables[at].machines.push(MachineDesign {
                lifecycle: machine.lifecycle,
                column,
                states: machine.states.clone(),
                initial: machine.initial.clone(),
                transitions: machine.transitions.clone(),
                initial_rule,
                transition_rule,
                trigger,
            });
        }
    }
}
