//! P038: triggers for what rows keep the row that they belong to from. No constraint sees rows of another table, nor what a
//! row was.

use std::collections::BTreeSet;

use underpin_base::Diagnostic;
use underpin_logical::{AttributeId, Hold, LogicalDesign};
use underpin_model::{Comparison, Expression, Literal, Model};
use underpin_pg::hold_guard::{Held, HoldGuard};
use underpin_pg::{
    Expr, Function, Ident, QualifiedName, Table, Trigger, TriggerEvent, TriggerTiming,
};

use super::UNENFORCED_RULE;
use super::keys::capital;
use super::limits::{free_name, written};
use crate::condition::condition;
use crate::{GuardDesign, GuardPurpose, HoldDesign, PhysicalDesign, TableDesign};

pub(crate) fn apply(_model: &Model, logical: &LogicalDesign, design: &mut PhysicalDesign) {
    for at in 0..design.tables.len() {
        let relation = logical.relation(design.tables[at].relation);
        for hold in &relation.holds {
            if let Err(reason) = one(design, at, hold) {
                let mut warning = Diagnostic::warning(
                    UNENFORCED_RULE,
                    format!("a rule of `{}` is not enforced: {reason}", relation.name),
                )
                .help("the application keeps it, in the transaction that writes");
                if let Some(source) = hold.source {
                    warning = warning.at(source, "this rule");
                }
                design.diagnostics.push(warning);
            }
        }
    }
}

fn one(design: &mut PhysicalDesign, at: usize, it: &Hold) -> Result<(), String> {
    let owner = design.tables[at].clone();
    let rows = design.tables[it.rows.index()].clone();
    let table = design.schema.tables[&rows.table].clone();
    let owner_table = design.schema.tables[&owner.table].clone();
    let reference: Vec<(&Ident, &Ident)> =
        it.reference.iter().map(|&(own, there)| (rows.column(own), owner.column(there))).collect();
    if table
        .foreign_keys
        .iter()
        .any(|key| key.deferred && key.columns.iter().eq(reference.iter().map(|(own, _)| *own)))
    {
        return Err("a row may be there before the row that it belongs to".to_owned());
    }
    let written = written(&owner_table).ok_or_else(|| {
        format!("`{}` has no column that can be written as it is", owner.table.name.as_str())
    })?;
    let which = it.which.as_ref().map(|it| condition(it, &table.columns)).transpose()?;
    let columns: Vec<&Ident> =
        it.held.attributes().into_iter().map(|id| owner.column(id)).collect();
    let guard = HoldGuard {
        rows: &rows.table,
        owner: &owner.table,
        reference: reference.clone(),
        written: &written,
        which: which.as_ref(),
        while_there: it.while_there,
        held: held(it, &owner, &owner_table)?,
    };
    let purpose = GuardPurpose::Hold { owner: owner.table.clone(), hold: owner.holds.len() };
    let by: Vec<&Ident> = reference.iter().map(|(own, _)| *own).collect();
    let trigger = free_name(design, &table, &by[by.len().saturating_sub(1)..], "hold");
    let function = guard.on_rows(QualifiedName::new(table.name.namespace.clone(), trigger.clone()));
    let mut read: Vec<Ident> = by.iter().copied().cloned().collect();
    for id in it.which.iter().flat_map(Expression::fields) {
        if !read.contains(rows.column(id)) {
            read.push(rows.column(id).clone());
        }
    }
    let event = if it.while_there { TriggerEvent::Insert } else { TriggerEvent::Delete };
    let new = Trigger {
        name: trigger.clone(),
        table: table.name.clone(),
        // Behind the row, so that it sees what other triggers have made of it.
        timing: TriggerTiming::After,
        events: BTreeSet::from([event, TriggerEvent::Update]),
        update_columns: read,
        condition: None,
        function: function.name.clone(),
        comment: None,
    };
    install(design, it.rows.index(), it, (function, new), purpose.clone());
    let owner_trigger = free_name(design, &owner_table, &columns, "held");
    let function =
        guard.on_owner(QualifiedName::new(owner.table.namespace.clone(), owner_trigger.clone()));
    let new = Trigger {
        name: owner_trigger.clone(),
        table: owner.table.clone(),
        timing: TriggerTiming::After,
        events: BTreeSet::from([TriggerEvent::Update]),
        update_columns: columns.into_iter().cloned().collect(),
        condition: Some(guard.owner_condition()),
        function: function.name.clone(),
        comment: None,
    };
    install(design, at, it, (function, new), purpose);
    design.tables[at].holds.push(HoldDesign { hold: it.clone(), trigger, owner_trigger });
    Ok(())
}

/// What it is kept from, in the columns of its table.
fn held<'a>(it: &Hold, owner: &'a TableDesign, table: &Table) -> Result<Held<'a>, String> {
    Ok(match &it.held {
        underpin_logical::Held::Values(all) => {
            Held::Values(all.iter().map(|&id| owner.column(id)).collect())
        }
        underpin_logical::Held::Steps(steps) => {
            let step = |(id, value): &(AttributeId, Option<String>)| {
                let value = value.as_ref().map(|value| literal(*id, value, table)).transpose()?;
                Ok((owner.column(*id), value))
            };
            Held::Steps(steps.iter().map(step).collect::<Result<_, String>>()?)
        }
    })
}

/// A value of a column as the column's type has it.
fn literal(id: AttributeId, value: &str, table: &Table) -> Result<Expr, String> {
    let value = Expression::Literal(Literal::Text(value.to_owned()));
    let is_it = Expression::compare(Expression::Field(id), Comparison::Equal, value);
    match condition(&is_it, &table.columns)? {
        Expr::Binary(_, _, value) => Ok(*value),
        other => Err(format!("`{other}` compares with no value")),
    }
}

fn install(
    design: &mut PhysicalDesign,
    at: usize,
    it: &Hold,
    (mut function, trigger): (Function, Trigger),
    purpose: GuardPurpose,
) {
    function.comment = Some(capital(&it.text));
    design.tables[at].guards.push(GuardDesign {
        trigger: trigger.name.clone(),
        purpose,
        text: it.text.clone(),
        source: it.source,
    });
    design.schema.add_function(function);
    design.schema.add_trigger(trigger);
}

/// The hold in a sentence without its end.
pub(super) fn said(design: &PhysicalDesign, owner: &TableDesign, of: &HoldDesign) -> String {
    let it = &of.hold;
    let rows = &design.tables[it.rows.index()];
    let columns = &design.schema.tables[&rows.table].columns;
    let which = it.which.as_ref().and_then(|it| condition(it, columns).ok());
    let which = which.map_or_else(String::new, |it| format!(" where {it}"));
    let name = |id: &AttributeId| owner.column(*id).as_str();
    let what = match &it.held {
        underpin_logical::Held::Values(all) => {
            let names: Vec<String> = all.iter().map(|id| format!("`{}`", name(id))).collect();
            format!("changes {}", names.join(" or "))
        }
        underpin_logical::Held::Steps(steps) => {
            let step = |(id, value): &(AttributeId, Option<String>)| match value {
                Some(value) => format!("comes to have `{}` '{value}'", name(id)),
                None => format!("comes to have `{}`", name(id)),
            };
            steps.iter().map(step).collect::<Vec<_>>().join(" or ")
        }
    };
    let there = if it.while_there { "a row" } else { "no row" };
    format!(
        "No row of `{}` {what} while {there} of `{}`{which} belongs to it",
        owner.table.name.as_str(),
        rows.table.name.as_str()
    )
}
