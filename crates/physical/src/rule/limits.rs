//! P035: triggers for what the rows of one row come to together: how many there are, or what they add up to. No
//! constraint sees more than one row.

use std::collections::BTreeSet;

use underpin_base::Diagnostic;
use underpin_logical::{AttributeId, Limit, LimitBound, LogicalDesign};
use underpin_model::{Expression, Model};
use underpin_pg::limit_guard::{self, LimitGuard};
use underpin_pg::{
    Column, Expr, Function, Ident, QualifiedName, Table, Trigger, TriggerEvent, TriggerTiming,
    naming,
};

use super::UNENFORCED_RULE;
use super::keys::capital;
use crate::condition::{condition, number};
use crate::{GuardDesign, GuardPurpose, LimitDesign, PhysicalDesign, TableDesign};

pub(crate) fn apply(_model: &Model, logical: &LogicalDesign, design: &mut PhysicalDesign) {
    for at in 0..design.tables.len() {
        let relation = logical.relation(design.tables[at].relation);
        for limit in &relation.limits {
            if let Err(reason) = one(design, at, limit) {
                let mut warning = Diagnostic::warning(
                    UNENFORCED_RULE,
                    format!("a rule of `{}` is not enforced: {reason}", relation.name),
                )
                .help("compare a number of rows, or a sum of numbers, with a number");
                if let Some(source) = limit.source {
                    warning = warning.at(source, "this rule");
                }
                design.diagnostics.push(warning);
            }
        }
    }
}

fn one(design: &mut PhysicalDesign, at: usize, limit: &Limit) -> Result<(), String> {
    let rows = design.tables[at].clone();
    let owner = design.tables[limit.owner.index()].clone();
    let table = design.schema.tables[&rows.table].clone();
    let owner_table = design.schema.tables[&owner.table].clone();
    let amount = limit.amount.as_ref().map(|it| number(it, &table.columns)).transpose()?;
    let counted = limit.condition.as_ref().map(|it| condition(it, &table.columns)).transpose()?;
    let bound = match &limit.bound {
        LimitBound::Fixed(literal) => {
            number(&Expression::Literal(literal.clone()), &table.columns)?
        }
        LimitBound::Attribute(id) => number(&Expression::Field(*id), &owner_table.columns)?,
    };
    let written = written(&owner_table).ok_or_else(|| {
        format!("`{}` has no column that can be written as it is", owner.table.name.as_str())
    })?;
    let guard = LimitGuard {
        rows: &rows.table,
        by: limit.by.iter().map(|&id| rows.column(id)).collect(),
        owner: &owner.table,
        reference: limit
            .reference
            .iter()
            .map(|&(own, there)| (rows.column(own), owner.column(there)))
            .collect(),
        written: &written,
        amount: amount.as_ref(),
        condition: counted.as_ref(),
        is_strict: limit.is_strict,
        bound: match &limit.bound {
            LimitBound::Fixed(_) => limit_guard::LimitBound::Fixed(&bound),
            LimitBound::Attribute(id) => limit_guard::LimitBound::Column(owner.column(*id)),
        },
        rises_without: limit.may_be_negative,
    };
    let purpose = GuardPurpose::Limit { rows: rows.table.clone(), limit: rows.limits.len() };
    let by: Vec<&Ident> = limit.by.iter().map(|&id| rows.column(id)).collect();
    let trigger = free_name(design, &table, &by, "limit");
    let mut events = BTreeSet::from([TriggerEvent::Insert, TriggerEvent::Update]);
    if limit.may_be_negative {
        events.insert(TriggerEvent::Delete);
    }
    let function = guard.on_rows(QualifiedName::new(table.name.namespace.clone(), trigger.clone()));
    let new = Trigger {
        name: trigger.clone(),
        table: table.name,
        // Behind the row, so that it sees all rows of a statement that adds several.
        timing: TriggerTiming::After,
        events,
        update_columns: read(&rows, limit),
        condition: None,
        function: function.name.clone(),
        comment: None,
    };
    install(design, at, limit, (function, new), purpose.clone());
    let mut owner_trigger = None;
    if let (LimitBound::Attribute(id), Some(condition)) = (&limit.bound, guard.owner_condition()) {
        let column = owner.column(*id).clone();
        let name = free_name(design, &owner_table, &[&column], "limit");
        let function =
            guard.on_owner(QualifiedName::new(owner.table.namespace.clone(), name.clone()));
        let new = Trigger {
            name: name.clone(),
            table: owner.table.clone(),
            timing: TriggerTiming::After,
            events: BTreeSet::from([TriggerEvent::Update]),
            update_columns: vec![column],
            condition: Some(condition),
            function: function.name.clone(),
            comment: None,
        };
        install(design, limit.owner.index(), limit, (function, new), purpose);
        owner_trigger = Some(name);
    }
    design.tables[at].limits.push(LimitDesign { limit: limit.clone(), trigger, owner_trigger });
    Ok(())
}

fn install(
    design: &mut PhysicalDesign,
    at: usize,
    limit: &Limit,
    (mut function, trigger): (Function, Trigger),
    purpose: GuardPurpose,
) {
    function.comment = Some(capital(&limit.text));
    design.tables[at].guards.push(GuardDesign {
        trigger: trigger.name.clone(),
        purpose,
        text: limit.text.clone(),
        source: limit.source,
    });
    design.schema.add_function(function);
    design.schema.add_trigger(trigger);
}

/// A name that no function of the schema has: two limits may be about one column.
pub(super) fn free_name(
    design: &PhysicalDesign,
    table: &Table,
    columns: &[&Ident],
    suffix: &str,
) -> Ident {
    let wanted = naming::object_name(&table.name.name, columns, suffix);
    let namespace = &table.name.namespace;
    let is_taken = |name: &Ident| {
        design.schema.functions.contains_key(&QualifiedName::new(namespace.clone(), name.clone()))
    };
    let mut name = wanted.clone();
    let mut number = 0_u32;
    while is_taken(&name) {
        number += 1;
        name = naming::fit(&format!("{}{number}", wanted.as_str()), "");
    }
    name
}

/// The columns of a row by which it may come to count, or to count for more.
fn read(rows: &TableDesign, limit: &Limit) -> Vec<Ident> {
    let of =
        |it: &Option<Expression<AttributeId>>| it.iter().flat_map(Expression::fields).collect();
    let amount: Vec<AttributeId> = of(&limit.amount);
    let condition: Vec<AttributeId> = of(&limit.condition);
    let reference = limit.reference.iter().map(|(own, _)| *own);
    let mut columns: Vec<Ident> = Vec::new();
    for id in limit.by.iter().copied().chain(reference).chain(amount).chain(condition) {
        if !columns.contains(rows.column(id)) {
            columns.push(rows.column(id).clone());
        }
    }
    columns
}

/// A column that takes its own value: none that the server counts up or computes, and no part of a key or a reference
/// where there is another.
pub(super) fn written(table: &Table) -> Option<Ident> {
    let takes = |column: &&Column| column.identity.is_none() && column.generated.is_none();
    let is_key = |column: &&Column| {
        table.keys().any(|key| key.columns.contains(&column.name))
            || table.foreign_keys.iter().any(|key| key.columns.contains(&column.name))
    };
    let mut columns = table.columns.iter().filter(takes);
    let plain = columns.clone().find(|column| !is_key(column));
    plain.or_else(|| columns.next()).map(|column| column.name.clone())
}

/// The limit in a sentence without its end.
pub(super) fn said(design: &PhysicalDesign, rows: &TableDesign, of: &LimitDesign) -> String {
    let limit = &of.limit;
    let owner = &design.tables[limit.owner.index()];
    let table = &design.schema.tables[&rows.table];
    let name = rows.table.name.as_str();
    let expression = |it: &Expression<AttributeId>| -> Option<Expr> {
        number(it, &table.columns).or_else(|_| condition(it, &table.columns)).ok()
    };
    let what = match limit.amount.as_ref().and_then(expression) {
        None => format!("The number of rows of `{name}`"),
        Some(amount) => format!("The sum of `{amount}` over the rows of `{name}`"),
    };
    let among = limit.condition.as_ref().and_then(expression);
    let among = among.map_or_else(String::new, |it| format!(" where {it}"));
    let by: Vec<&str> = limit.by.iter().map(|&id| rows.column(id).as_str()).collect();
    let verb = if limit.is_strict { "stays below" } else { "does not exceed" };
    let bound = match &limit.bound {
        LimitBound::Fixed(literal) => literal.to_string(),
        LimitBound::Attribute(id) => {
            format!("`{}.{}`", owner.table.name.as_str(), owner.column(*id).as_str())
        }
    };
    format!("{what}{among} with one ({}) {verb} {bound}", by.join(", "))
}
