//! What a statement that changes a state sets besides: whatever the new state asks for, or the rules of the table would
//! refuse each of its calls. Which state comes next only the call knows, so that each of these values is a parameter that
//! leaves its column as it is where it is NULL.

use underpin_logical::{AttributeId, Machine, Relation};
use underpin_model::{Comparison, Expression, FieldKind, Literal, Pattern};
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
            asks_for(rule, state, &mut asked);
            if let Some(machine) = machine(state) {
                clears(rule, machine, &mut cleared);
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
    relation
        .permanences
        .iter()
        .any(|it| it.states.is_none() && it.attributes.contains(&id) && !it.free.contains(&id))
}

/// The attributes that a rule asks for in some states.
fn asks_for(rule: &Expression<AttributeId>, state: AttributeId, found: &mut Vec<AttributeId>) {
    if let Expression::All(parts) = rule {
        for part in parts {
            asks_for(part, state, found);
        }
    }
    let mut found_in = |part: &Expression<AttributeId>| {
        found.extend(part.fields().into_iter().filter(|id| *id != state));
    };
    if let Expression::Implies(condition, consequence) = rule {
        if condition.fields().contains(&state) {
            found_in(consequence);
        }
    }
    // The same in the words of SQL: another state, or that a value is there.
    if let Expression::Any(parts) = rule {
        let is_another = |part: &Expression<AttributeId>| {
            let is_denied = matches!(
                part,
                Expression::Not(_) | Expression::Compare(_, Comparison::NotEqual, _)
            );
            is_denied && part.fields().contains(&state)
        };
        if parts.iter().any(is_another) {
            parts.iter().filter(|part| !is_another(part)).for_each(found_in);
        }
    }
}

/// The attribute that may have a value in some states only, where a row goes from one of them to another state.
fn clears(rule: &Expression<AttributeId>, machine: &Machine, found: &mut Vec<AttributeId>) {
    if let Expression::All(parts) = rule {
        for part in parts {
            clears(part, machine, found);
        }
    }
    let Expression::Implies(condition, consequence) = rule else { return };
    let Expression::IsPresent(id) = **condition else { return };
    let Some(states) = states(consequence, machine.attribute) else { return };
    let leaves = machine.transitions.iter().any(|(from, next)| {
        states.contains(&from.as_str()) && next.iter().any(|to| !states.contains(&to.as_str()))
    });
    if leaves {
        found.push(id);
    }
}

/// The states that a condition lists.
fn states(condition: &Expression<AttributeId>, state: AttributeId) -> Option<Vec<&str>> {
    fn text(literal: &Literal) -> Option<&str> {
        if let Literal::Text(text) = literal { Some(text.as_str()) } else { None }
    }
    let is_state = |value: &Expression<AttributeId>| *value == Expression::Field(state);
    if let Expression::OneOf(value, list) = condition {
        return if is_state(value) { list.iter().map(text).collect() } else { None };
    }
    let Expression::Compare(value, Comparison::Equal, other) = condition else { return None };
    let Expression::Literal(literal) = &**other else { return None };
    if is_state(value) { Some(vec![text(literal)?]) } else { None }
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
