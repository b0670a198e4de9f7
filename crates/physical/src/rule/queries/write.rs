//! Writes, each in the form that its pattern has: an INSERT, an UPDATE, a DELETE, or one of those of [`forms`].

use underpin_logical::{AttributeId, deletion_mark};
use underpin_model::{Expression, Pattern, WriteForm};
use underpin_pg::{BinaryOperator, Delete, Expr, Insert, Statement, Type, Update};

use super::build::{Builder, is_given};
use super::{forms, state_change};
use crate::ParameterRole;

pub(super) fn statement(builder: &mut Builder<'_>, pattern: &Pattern) -> Option<Statement> {
    let main = builder.main;
    let table = builder.design.tables[main.index()].table.clone();
    let form = pattern.form.unwrap_or(WriteForm::Change);
    if pattern.filter.is_empty() && !form.adds() {
        let done = if form == WriteForm::Delete { "deleted" } else { "changed" };
        builder.remarks.push(format!("it does not say which rows are {done}"));
        return None;
    }
    if form.adds() {
        let logical = builder.logical;
        let relation = logical.relation(main);
        let mut columns = Vec::new();
        let mut row = Vec::new();
        for (id, attribute) in relation.attributes() {
            let column = &builder.columns(main)[id.index()];
            let is_left_out = (column.default.is_some() && !is_weighed(builder, id))
                || (!column.not_null && is_of_later_life(builder, id));
            if !is_given(&attribute.kind) || is_left_out {
                continue;
            }
            columns.push(column.name.clone());
            let parameter = builder.parameter(main, column, ParameterRole::Value);
            row.push(Some(parameter));
        }
        let insert = Insert {
            table,
            columns,
            rows: vec![row],
            overriding: false,
            returning: relation
                .key
                .iter()
                .map(|&id| builder.design.tables[main.index()].column(id).clone())
                .collect(),
        };
        let adding = match form {
            WriteForm::AddOrChange => forms::upsert(builder, &insert),
            WriteForm::AddMany => forms::bulk(builder, &insert),
            WriteForm::Add | WriteForm::Change | WriteForm::Delete | WriteForm::Take => None,
        };
        return Some(adding.unwrap_or(Statement::Insert(insert)));
    }
    if form == WriteForm::Take {
        if let Some(statement) = forms::queue(builder, pattern) {
            return Some(statement);
        }
        builder.parameters.clear();
    }
    // Values before conditions: a reader meets $1 first in SET.
    if form == WriteForm::Delete {
        let filter = conditions(builder, pattern)?;
        return Some(Statement::Delete(Delete { table, filter: Some(filter) }));
    }
    let changed = changed(builder, pattern);
    if changed.is_empty() {
        builder.remarks.push("no field of it can be changed".to_owned());
        return None;
    }
    let mut set = Vec::new();
    for &id in &changed {
        let column = &builder.columns(main)[id.index()];
        let parameter = builder.parameter(main, column, ParameterRole::Value);
        set.push((column.name.clone(), parameter));
    }
    set.extend(state_change::besides(builder, pattern, &changed));
    let mut filter = conditions(builder, pattern)?;
    if let Some(version) = builder.logical.relation(main).version {
        let column = &builder.columns(main)[version.index()];
        let read = builder.parameter(main, column, ParameterRole::Equals);
        let next = Expr::binary(read.clone(), BinaryOperator::Add, Expr::integer(1));
        set.push((column.name.clone(), next));
        let is_read = Expr::equals(Expr::column(&column.name), read);
        filter = match filter {
            Expr::And(mut parts) => {
                parts.push(is_read);
                Expr::And(parts)
            }
            one => Expr::And(vec![one, is_read]),
        };
        builder
            .remarks
            .push("where it changes no row, somebody else changed it since it was read".to_owned());
    }
    Some(Statement::Update(Update { table, set, filter: Some(filter), returning: Vec::new() }))
}

/// Whether the attribute gets its value after the row's birth: the time of a state that no row begins in, or of its deletion.
fn is_of_later_life(builder: &Builder<'_>, id: AttributeId) -> bool {
    let relation = builder.logical.relation(builder.main);
    let name = builder.columns(builder.main)[id.index()].name.as_str();
    let later = |state: &String| {
        let moment = state.to_lowercase().replace([' ', '-'], "_");
        ["_at", "_on"].iter().any(|end| name.strip_suffix(end) == Some(moment.as_str()))
    };
    let is_later_state = relation.machines.iter().any(|machine| {
        machine.states.iter().any(|state| machine.initial.as_ref() != Some(state) && later(state))
    });
    is_later_state || deletion_mark(relation) == Some(id)
}

/// Whether a rule compares the attribute with others: an order's discount is given with its total,
/// since the default of one need not fit the other.
fn is_weighed(builder: &Builder<'_>, id: AttributeId) -> bool {
    builder.design.tables[builder.main.index()].checks.iter().any(|check| {
        check.attributes.len() > 1
            && check.attributes.contains(&id)
            && matches!(check.expression, Some(Expression::Compare(..)))
    })
}

fn conditions(builder: &mut Builder<'_>, pattern: &Pattern) -> Option<Expr> {
    let main = builder.main;
    let mut parts = Vec::new();
    for filter in &pattern.filter {
        parts.extend(builder.condition(filter, &[main]));
    }
    match parts.len() {
        // A write without a condition would hit every row.
        0 => None,
        1 => parts.into_iter().next(),
        _ => Some(Expr::And(parts)),
    }
}

/// Whether a verb is a participle with this ending: "cancel" and "led", "close" and "d".
fn is_participle(ending: &str) -> bool {
    matches!(ending, "" | "d" | "ed" | "led" | "ped" | "ted" | "n" | "en")
}

/// The attributes that the pattern's name speaks of; all that may change where it names none.
fn changed(builder: &mut Builder<'_>, pattern: &Pattern) -> Vec<AttributeId> {
    let relation = builder.logical.relation(builder.main);
    let columns = builder.columns(builder.main);
    let words: Vec<&str> = pattern.name.split('_').collect();
    let filtered = |id: AttributeId| {
        relation
            .attribute(id)
            .field
            .is_some_and(|field| pattern.filter.iter().any(|filter| filter.field == field))
    };
    let mutable: Vec<AttributeId> = relation
        .attributes()
        .filter(|&(id, attribute)| {
            is_given(&attribute.kind)
                && !attribute.touched
                && relation.version != Some(id)
                && !filtered(id)
                && !relation.key.contains(&id)
                && !relation.links().any(|r| r.attributes.contains(&id))
                && !relation.uniques.iter().any(|key| key.attributes.contains(&id))
                && !relation.permanences.iter().any(|it| it.attributes.contains(&id))
        })
        .map(|(id, _)| id)
        .collect();
    let named: Vec<AttributeId> = mutable
        .iter()
        .copied()
        .filter(|&id| {
            let name = columns[id.index()].name.as_str();
            name.split('_').all(|part| words.contains(&part))
        })
        .collect();
    if !named.is_empty() {
        return named;
    }
    // "Cancel a booking" brings it to `cancelled`.
    let verb = words.first().map_or("", |verb| verb.trim_end_matches('e'));
    for machine in relation.machines.iter().filter(|it| mutable.contains(&it.attribute)) {
        let state = machine.states.iter().find(|state| {
            let state = state.to_lowercase();
            verb.len() > 2 && state.strip_prefix(verb).is_some_and(is_participle)
        });
        if let Some(state) = state {
            builder.remarks.push(format!("its first parameter is `{state}`"));
            return vec![machine.attribute];
        }
    }
    let fallback: Vec<AttributeId> = mutable
        .into_iter()
        .filter(|&id| columns[id.index()].data_type != Type::TimestampTz)
        .collect();
    builder.remarks.push(
        "its name says of no field that it changes: all that are neither keys, references nor \
         times are set"
            .to_owned(),
    );
    fallback
}
