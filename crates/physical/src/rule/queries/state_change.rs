//! What a statement that changes a state sets besides: whatever the new state asks for, or the rules of the table would
//! refuse each of its calls. Which state comes next only the call knows, so that each of these values is a parameter that
//! leaves its column as it is where it is NULL.

use underpin_logical::{AttributeId, Relation, asked_in_states, cleared_by_steps};
use underpin_model::{FieldKind, Pattern};
use underpin_pg::{Expr, Ident};

use super::build::{Builder, is_given};
use crate::ParameterRole;

/// Columns with their new values, in the order of the columns.
pub(super) fn besides(
    builder: &mut Builder<'_>,
    pattern: &Pattern,
    changed: &[AttributeId],
) -> Vec<(Ident, Expr)> {
    let logical = builder.logical;
    let relation = logical.relation(builder.main);
    let machine = |id: AttributeId| relation.machines.iter().find(|it| it.attribute == id);
    let is_state = |id: AttributeId| {
        machine(id).is_some() || matches!(relation.attribute(id).kind, FieldKind::Enumeration(_))
    };
    let mut asked = Vec::new();
    let mut cleared = Vec::new();
    let design = builder.design;
    let checks = &design.tables[builder.main.index()].checks;
    for &state in changed.iter().filter(|&&id| is_state(id)) {
        for rule in checks.iter().filter_map(|check| check.expression.as_ref()) {
            asked.extend(asked_in_states(rule, state));
            if let Some(machine) = machine(state) {
                cleared.extend(cleared_by_steps(rule, machine));
            }
        }
    }
    let mut set = Vec::new();
    for (id, attribute) in relation.attributes() {
        let (is_asked, is_cleared) = (asked.contains(&id), cleared.contains(&id));
        let is_open = (is_asked || is_cleared)
            && !changed.contains(&id)
            && is_given(&attribute.kind)
            && !attribute.touched
            && relation.version != Some(id)
            && !relation.key.contains(&id)
            && !is_fixed(relation, id)
            && !pattern.filter.iter().any(|filter| attribute.field == Some(filter.field));
        if !is_open {
            continue;
        }
        let column = &builder.columns(builder.main)[id.index()];
        let value = if is_cleared {
            builder.parameter(builder.main, column, ParameterRole::Value)
        } else {
            let given = builder.parameter(builder.main, column, ParameterRole::IfGiven);
            Expr::Call("coalesce", vec![given, Expr::column(&column.name)])
        };
        set.push((column.name.clone(), value));
    }
    if !set.is_empty() {
        builder.remarks.push(
            "what the new state asks for is set with it; a parameter within coalesce leaves its column as it is where it \
             is NULL"
                .to_owned(),
        );
    }
    set
}

/// Whether the attribute never has another value.
fn is_fixed(relation: &Relation, id: AttributeId) -> bool {
    relation.permanences.iter().any(|it| {
        it.states.is_none()
            && it.attributes.contains(&id)
            && !it.free.contains(&id)
            && it.with_step.iter().all(|(known, _)| *known != id)
    })
}

#[cfg(test)]
mod tests {
    fn statement(rules: &str) -> String {
        let document = format!(
            "## Parcel\n\n| Field | Type | Key | Required |\n|---|---|---|---|\n| id | uuid | PK | yes |\n\
             | code | string(20) | | |\n| weight | integer | | yes |\n| state | enum | | yes, one of `new`, `sent`, `lost` |\n\
             | sent_at | timestamp | | |\n| lost_at | timestamp | | |\n\n\
             ## Parcel lifecycle\n\nField: `Parcel.state`\n\n`new → sent → lost`\n\n`lost → new`\n\n{rules}\n\n\
             ## Access patterns\n\n| Query | Kind | Entity | Filter | Limit |\n|---|---|---|---|---|\n\
             | change parcel state | write | Parcel | id | 1 |\n"
        );
        let mut sources = underpin_base::Sources::default();
        sources.add("model.md", document);
        let model = underpin_model::build(&underpin_read::read(&sources), &sources);
        let design = crate::design(&model, &underpin_logical::design(&model));
        let query = design.queries.iter().find(|it| it.name == "change_parcel_state").unwrap();
        query.statement.as_ref().unwrap().to_string().replace('\n', " ")
    }

    #[test]
    fn what_a_state_asks_for_is_set_with_it() {
        assert_eq!(
            statement(
                "- `sent_at` and `code` are required when `state` is `sent` or `lost`.\n\
                 - `lost_at` is required when `state` is `lost`."
            ),
            "UPDATE public.parcels SET state = $1, code = coalesce($2, code), sent_at = coalesce($3, sent_at), \
             lost_at = coalesce($4, lost_at) WHERE id = $5"
        );
    }

    #[test]
    fn a_state_that_asks_for_nothing_is_set_alone() {
        assert_eq!(statement(""), "UPDATE public.parcels SET state = $1 WHERE id = $2");
    }
}
