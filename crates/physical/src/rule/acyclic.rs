//! P034: a trigger for each tree that refuses a row a parent from among its own descendants. A CHECK sees one row, and
//! no constraint follows references.

use std::collections::BTreeSet;

use underpin_logical::LogicalDesign;
use underpin_model::Model;
use underpin_pg::{QualifiedName, Trigger, TriggerEvent, TriggerTiming, naming, plpgsql};

use crate::{GuardDesign, GuardPurpose, PhysicalDesign};

pub(crate) fn apply(_model: &Model, logical: &LogicalDesign, design: &mut PhysicalDesign) {
    for at in 0..design.tables.len() {
        let own = &design.tables[at];
        let relation = logical.relation(own.relation);
        let trees: Vec<_> = relation.trees.clone();
        for tree in trees {
            let own = &design.tables[at];
            let (parent, key) = (own.column(tree.parent).clone(), own.column(tree.key).clone());
            let table = &design.schema.tables[&own.table];
            let Some(column) = table.column(&key) else { continue };
            let trigger = naming::object_name(&table.name.name, &[&parent], "acyclic");
            let name = QualifiedName::new(table.name.namespace.clone(), trigger.clone());
            let mut function =
                plpgsql::acyclic_guard(name.clone(), &table.name, &parent, &key, &column.data_type);
            function.comment = Some("Refuses a row a parent that stands below it.".to_owned());
            let new = Trigger {
                name: trigger.clone(),
                table: table.name.clone(),
                // Behind the row, so that it sees all rows of a statement that adds several.
                timing: TriggerTiming::After,
                events: BTreeSet::from([TriggerEvent::Insert, TriggerEvent::Update]),
                update_columns: vec![parent.clone()],
                condition: None,
                function: name,
                comment: None,
            };
            design.schema.add_function(function);
            design.schema.add_trigger(new);
            design.tables[at].guards.push(GuardDesign {
                trigger,
                purpose: GuardPurpose::Acyclic { parent, key },
                text: format!("no row of {} stands above itself", relation.name),
                source: tree.source,
            });
        }
    }
}
