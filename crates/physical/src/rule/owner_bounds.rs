//! P037: triggers for values that are held against those of the row that a row belongs to. No CHECK sees another table.

use std::collections::BTreeSet;

use underpin_base::Diagnostic;
use underpin_logical::{LogicalDesign, OwnerBound};
use underpin_model::{Comparison, Model};
use underpin_pg::bound_guard::BoundGuard;
use underpin_pg::{
    BinaryOperator, Function, Ident, QualifiedName, Trigger, TriggerEvent, TriggerTiming,
};

use super::UNENFORCED_RULE;
use super::keys::capital;
use super::limits::{free_name, written};
use crate::{GuardDesign, GuardPurpose, OwnerBoundDesign, PhysicalDesign, TableDesign};

pub(crate) fn apply(_model: &Model, logical: &LogicalDesign, design: &mut PhysicalDesign) {
    for at in 0..design.tables.len() {
        let relation = logical.relation(design.tables[at].relation);
        for bound in &relation.owner_bounds {
            if let Err(reason) = one(design, at, bound) {
                let mut warning = Diagnostic::warning(
                    UNENFORCED_RULE,
                    format!("a rule of `{}` is not enforced: {reason}", relation.name),
                )
                .help("the application keeps it, in the transaction that writes");
                if let Some(source) = bound.source {
                    warning = warning.at(source, "this rule");
                }
                design.diagnostics.push(warning);
            }
        }
    }
}

fn one(design: &mut PhysicalDesign, at: usize, it: &OwnerBound) -> Result<(), String> {
    let rows = design.tables[at].clone();
    let owner = design.tables[it.owner.index()].clone();
    let table = design.schema.tables[&rows.table].clone();
    let owner_table = design.schema.tables[&owner.table].clone();
    let reference: Vec<(&Ident, &Ident)> =
        it.reference.iter().map(|&(own, there)| (rows.column(own), owner.column(there))).collect();
    let (own, theirs) = (rows.column(it.own), owner.column(it.theirs));
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
    let guard = BoundGuard {
        rows: &rows.table,
        owner: &owner.table,
        reference: reference.clone(),
        written: &written,
        own,
        comparison: operator(it.comparison).ok_or("it compares by no order")?,
        theirs,
    };
    let purpose =
        GuardPurpose::OwnerBound { rows: rows.table.clone(), owner_bound: rows.owner_bounds.len() };
    let trigger = free_name(design, &table, &[own], "bound");
    let function = guard.on_rows(QualifiedName::new(table.name.namespace.clone(), trigger.clone()));
    let mut read: Vec<Ident> = reference.iter().map(|(own, _)| (*own).clone()).collect();
    read.push(own.clone());
    let new = Trigger {
        name: trigger.clone(),
        table: table.name,
        // Behind the row, so that it sees what other triggers have made of it.
        timing: TriggerTiming::After,
        events: BTreeSet::from([TriggerEvent::Insert, TriggerEvent::Update]),
        update_columns: read,
        condition: None,
        function: function.name.clone(),
        comment: None,
    };
    install(design, at, it, (function, new), purpose.clone());
    let owner_trigger = free_name(design, &owner_table, &[theirs], "bound");
    let function =
        guard.on_owner(QualifiedName::new(owner.table.namespace.clone(), owner_trigger.clone()));
    let new = Trigger {
        name: owner_trigger.clone(),
        table: owner.table.clone(),
        timing: TriggerTiming::After,
        events: BTreeSet::from([TriggerEvent::Update]),
        update_columns: vec![theirs.clone()],
        condition: Some(guard.owner_condition()),
        function: function.name.clone(),
        comment: None,
    };
    install(design, it.owner.index(), it, (function, new), purpose);
    design.tables[at].owner_bounds.push(OwnerBoundDesign {
        owner_bound: it.clone(),
        trigger,
        owner_trigger,
    });
    Ok(())
}

fn install(
    design: &mut PhysicalDesign,
    at: usize,
    it: &OwnerBound,
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

const fn operator(comparison: Comparison) -> Option<BinaryOperator> {
    match comparison {
        Comparison::Less => Some(BinaryOperator::Less),
        Comparison::LessOrEqual => Some(BinaryOperator::LessOrEqual),
        Comparison::Greater => Some(BinaryOperator::Greater),
        Comparison::GreaterOrEqual => Some(BinaryOperator::GreaterOrEqual),
        Comparison::Equal | Comparison::NotEqual => None,
    }
}

/// The bound in a sentence without its end.
pub(super) fn said(design: &PhysicalDesign, rows: &TableDesign, of: &OwnerBoundDesign) -> String {
    let it = &of.owner_bound;
    let owner = &design.tables[it.owner.index()];
    format!(
        "In each row of `{}`, `{}` is {} the `{}` of its row of `{}`",
        rows.table.name.as_str(),
        rows.column(it.own).as_str(),
        it.comparison.as_str(),
        owner.column(it.theirs).as_str(),
        owner.table.name.as_str()
    )
}
