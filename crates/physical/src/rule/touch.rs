//! P031: a trigger that keeps the time of the last change.

use std::collections::BTreeSet;

use underpin_logical::LogicalDesign;
use underpin_model::Model;
use underpin_pg::{
    QualifiedName, Trigger, TriggerEvent, TriggerTiming, limit_guard, naming, plpgsql,
};

use crate::PhysicalDesign;

pub(crate) fn apply(_model: &Model, logical: &LogicalDesign, design: &mut PhysicalDesign) {
    for at in 0..design.tables.len() {
        let id = design.tables[at].relation;
        let relation = logical.relation(id);
        // Rows that belong to it write it as it is, which is no change of it.
        let condition = logical.is_limited_by(id).then(limit_guard::row_changes);
        let name = design.tables[at].table.clone();
        for (attribute_id, attribute) in relation.attributes() {
            if !attribute.touched {
                continue;
            }
            let column = design.tables[at].column(attribute_id).clone();
            // One function for all tables whose column has the same name.
            let function_name =
                QualifiedName::new(name.namespace.clone(), naming::fit("touch", column.as_str()));
            let mut function = plpgsql::touch_timestamp(function_name.clone(), &column);
            function.comment =
                Some("Keeps the time of the last change, whoever writes the row.".to_owned());
            design.schema.add_function(function);
            design.schema.add_trigger(Trigger {
                name: naming::object_name(&name.name, &[&column], "touch"),
                table: name.clone(),
                timing: TriggerTiming::Before,
                events: BTreeSet::from([TriggerEvent::Update]),
                update_columns: Vec::new(),
                condition: condition.clone(),
                function: function_name,
                comment: None,
            });
        }
    }
}
