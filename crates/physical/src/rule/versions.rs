//! P033: a trigger that refuses a change which does not raise the row's version by one.

use std::collections::BTreeSet;

use underpin_logical::LogicalDesign;
use underpin_model::Model;
use underpin_pg::{Ident, QualifiedName, Trigger, TriggerEvent, TriggerTiming, naming, plpgsql};

use super::unchanged::cleared;
use crate::{GuardDesign, GuardPurpose, PhysicalDesign};

pub(crate) fn apply(_model: &Model, logical: &LogicalDesign, design: &mut PhysicalDesign) {
    for at in 0..design.tables.len() {
        let own = &design.tables[at];
        let relation = logical.relation(own.relation);
        let Some(version) = relation.version else { continue };
        let column = own.column(version).clone();
        let table = &design.schema.tables[&own.table];
        let touched: Vec<Ident> = relation
            .attributes()
            .filter(|(_, attribute)| attribute.touched)
            .map(|(id, _)| own.column(id).clone())
            .collect();
        let trigger = naming::object_name(&table.name.name, &[&column], "lock");
        let name = QualifiedName::new(table.name.namespace.clone(), trigger.clone());
        let is_written = logical.is_limited_by(own.relation);
        let mut function =
            plpgsql::version_guard(name.clone(), &column, &cleared(table), &touched, is_written);
        function.comment = Some("Refuses a change by a writer that read an older row.".to_owned());
        let new = Trigger {
            name: trigger.clone(),
            table: table.name.clone(),
            timing: TriggerTiming::Before,
            events: BTreeSet::from([TriggerEvent::Update]),
            update_columns: Vec::new(),
            condition: None,
            function: name,
            comment: None,
        };
        let attribute = relation.attribute(version);
        design.schema.add_function(function);
        design.schema.add_trigger(new);
        design.tables[at].guards.push(GuardDesign {
            trigger,
            purpose: GuardPurpose::Version { column },
            text: attribute.description.clone().unwrap_or_else(|| attribute.name.clone()),
            source: attribute.source,
        });
    }
}
