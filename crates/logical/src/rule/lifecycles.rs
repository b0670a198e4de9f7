//! L020: life cycles become machines: states, the first one, and what may follow what.

use underpin_model::{LifecycleId, Model};

use crate::{Decision, LogicalDesign, Machine};

const RULE: &str = "L020";

pub(crate) fn apply(model: &Model, design: &mut LogicalDesign) {
    for (index, lifecycle) in model.lifecycles.iter().enumerate() {
        // States without a transition are an enumeration; nothing follows anything.
        if lifecycle.transitions.is_empty() {
            continue;
        }
        let Some(id) = design.relation_of(lifecycle.entity) else { continue };
        let relation = &mut design.relations[id.index()];
        let Some(attribute) = relation.attribute_of(lifecycle.field) else { continue };
        let mut transitions: Vec<(String, Vec<String>)> = Vec::new();
        for state in &lifecycle.states {
            let mut next: Vec<String> = Vec::new();
            for transition in lifecycle.transitions.iter().filter(|t| t.from == *state) {
                if transition.to != *state && !next.contains(&transition.to) {
                    next.push(transition.to.clone());
                }
            }
            if !next.is_empty() {
                transitions.push((state.clone(), next));
            }
        }
        let allowed: usize = transitions.iter().map(|(_, next)| next.len()).sum();
        design.decisions.push(
            Decision::new(
                RULE,
                format!("{}.{}", relation.name, relation.attribute(attribute).name),
                format!(
                    "the database refuses every change of state but the {allowed} that the documents \
                     allow{}",
                    lifecycle
                        .initial
                        .as_ref()
                        .map_or_else(String::new, |state| format!(", and every new row begins as `{state}`"))
                ),
                "a row in a state that its life cycle cannot reach misleads every report, and neither \
                 an error in the application nor an UPDATE by hand should be able to put it there",
            )
            .instead_of("a CHECK on the column, which sees the new state and not the one before")
            .instead_of("a table of transitions with a foreign key, which needs the old state in each row")
            .changes_when("transitions are configured by users at run time: then a table of them")
            .so_that("a new state or transition is a migration")
            .so_that(
                "data from an older system comes in as new rows do, or its loader, as the owner of \
                 the table, disables the trigger for that time",
            )
            .significant(format!("Life cycle of {}", relation.name))
            .from_statement(lifecycle.source),
        );
        relation.machines.push(Machine {
            lifecycle: LifecycleId::from_index(index),
            attribute,
            states: lifecycle.states.clone(),
            initial: lifecycle.initial.clone(),
            transitions,
            source: Some(lifecycle.source),
        });
    }
}
