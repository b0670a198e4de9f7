//! P038: triggers for what rows keep the row that they belong to from. No constraint sees rows of another table, nor what a
//! row was.

use std::collections::BTreeSet;

use underpin_base::{Diagnostic, Span};
use underpin_logical::{AttributeId, Hold, LogicalDesign};
use underpin_model::{Comparison, Expression, Literal, Model};
use underpin_pg::hold_guard::{self, Held, HoldGuard};
use underpin_pg::{
    Expr, Function, Ident, QualifiedName, Table, Trigger, TriggerEvent, TriggerTiming, naming,
};

use super::UNENFORCED_RULE;
use super::keys::capital;
use super::limits::{free_name, written};
use crate::condition::condition;
use crate::{GuardDesign, GuardPurpose, HoldDesign, PhysicalDesign, TableDesign};

pub(crate) fn apply(_model: &Model, logical: &LogicalDesign, design: &mut PhysicalDesign) {
    for at in 0..design.tables.len() {
        let relation = logical.relation(design.tables[at].relation);
        let mut all: Vec<&Hold> = relation.holds.iter().collect();
        // One trigger on the rows serves all that they keep the row from: each would write it once more.
        while let Some(first) = all.first().copied() {
            let is_beside = |it: &&Hold| (it.rows, &it.reference) == (first.rows, &first.reference);
            let (beside, others): (Vec<_>, Vec<_>) = all.into_iter().partition(is_beside);
            all = others;
            if let Err(reason) = of_rows(design, at, &beside) {
                let mut warning = Diagnostic::warning(
                    UNENFORCED_RULE,
                    format!("a rule of `{}` is not enforced: {reason}", relation.name),
                )
                .help("the application keeps it, in the transaction that writes");
                if let Some(source) = first.source {
                    warning = warning.at(source, "this rule");
                }
                design.diagnostics.push(warning);
            }
        }
    }
}

/// All that the rows of one reference keep the row that they belong to from.
fn of_rows(design: &mut PhysicalDesign, at: usize, all: &[&Hold]) -> Result<(), String> {
    let Some(first) = all.first() else { return Ok(()) };
    let owner = design.tables[at].clone();
    let rows = design.tables[first.rows.index()].clone();
    let table = design.schema.tables[&rows.table].clone();
    let owner_table = design.schema.tables[&owner.table].clone();
    let reference = first.reference.iter();
    let reference: Vec<(&Ident, &Ident)> =
        reference.map(|&(own, there)| (rows.column(own), owner.column(there))).collect();
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
    let hold = |it: &&Hold| {
        let which = it.which.as_ref().map(|it| condition(it, &table.columns)).transpose()?;
        let held = held(it, &owner, &owner_table)?;
        Ok(hold_guard::Hold { which, while_there: it.while_there, held })
    };
    let guard = HoldGuard {
        rows: &rows.table,
        owner: &owner.table,
        reference: reference.clone(),
        written: &written,
        holds: all.iter().map(hold).collect::<Result<_, String>>()?,
    };
    let by: Vec<&Ident> = reference.iter().map(|(own, _)| *own).collect();
    let trigger = free_name(design, &table, &by[by.len().saturating_sub(1)..], "hold");
    let function = guard.on_rows(QualifiedName::new(table.name.namespace.clone(), trigger.clone()));
    let mut read: Vec<Ident> = by.iter().copied().cloned().collect();
    for id in all.iter().filter_map(|it| it.which.as_ref()).flat_map(Expression::fields) {
        if !read.contains(rows.column(id)) {
            read.push(rows.column(id).clone());
        }
    }
    let event = |it: &&Hold| {
        if it.while_there { TriggerEvent::Insert } else { TriggerEvent::Delete }
    };
    let new = Trigger {
        name: trigger.clone(),
        table: table.name,
        // Behind the row, so that it sees what other triggers have made of it.
        timing: TriggerTiming::After,
        events: all.iter().map(event).chain([TriggerEvent::Update]).collect(),
        update_columns: read,
        condition: None,
        function: function.name.clone(),
        comment: None,
    };
    let texts: Vec<&str> = all.iter().map(|it| it.text.as_str()).collect();
    let text = (texts.join("; "), first.source);
    let purpose = |hold| GuardPurpose::Hold { owner: owner.table.clone(), hold };
    let mut holds = Vec::new();
    let mut installed =
        vec![(first.rows.index(), (function, new), text, purpose(owner.holds.len()))];
    for (it, hold) in all.iter().zip(&guard.holds) {
        let columns: Vec<&Ident> =
            it.held.attributes().into_iter().map(|id| owner.column(id)).collect();
        let taken: Vec<&Ident> = installed.iter().map(|(_, (_, it), _, _)| &it.name).collect();
        let owner_trigger = another_name(design, &owner_table, &columns, &taken);
        let function = guard.on_owner(
            hold,
            QualifiedName::new(owner.table.namespace.clone(), owner_trigger.clone()),
        );
        let new = Trigger {
            name: owner_trigger.clone(),
            table: owner.table.clone(),
            timing: TriggerTiming::After,
            events: BTreeSet::from([TriggerEvent::Update]),
            update_columns: columns.into_iter().cloned().collect(),
            condition: Some(hold.owner_condition()),
            function: function.name.clone(),
            comment: None,
        };
        let purpose = purpose(owner.holds.len() + holds.len());
        installed.push((at, (function, new), (it.text.clone(), it.source), purpose));
        let trigger = trigger.clone();
        holds.push(HoldDesign { hold: (*it).clone(), trigger, owner_trigger });
    }
    for (at, objects, text, purpose) in installed {
        install(design, at, objects, text, purpose);
    }
    design.tables[at].holds.extend(holds);
    Ok(())
}

/// A name that neither the schema has nor what is about to come into it.
fn another_name(
    design: &PhysicalDesign,
    table: &Table,
    columns: &[&Ident],
    taken: &[&Ident],
) -> Ident {
    let name = free_name(design, table, columns, "held");
    let mut number = 1_u32;
    let mut other = name.clone();
    while taken.contains(&&other) {
        other = naming::fit(&format!("{}{number}", name.as_str()), "");
        number += 1;
    }
    other
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
    (mut function, trigger): (Function, Trigger),
    (text, source): (String, Option<Span>),
    purpose: GuardPurpose,
) {
    function.comment = Some(capital(&text));
    design.tables[at].guards.push(GuardDesign {
        trigger: trigger.name.clone(),
        purpose,
        text,
        source,
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
