//! The stage's text form, for `--emit logical`, goldens and bug reports.

use std::fmt::Write as _;

use underpin_model::{Comparison, Expression, FieldKind, Model, OnDelete};

use crate::{AttributeId, LimitBound, LogicalDesign, Relation};

/// One block a relation, then the decisions. Ends with a line break.
pub fn logical_text(design: &LogicalDesign, model: &Model) -> String {
    let mut text = String::new();
    for relation in &design.relations {
        block(&mut text, design, relation, model).expect("writing to a String cannot fail");
    }
    for decision in &design.decisions {
        writeln!(text, "decision {}: {} ({})", decision.id(), decision.choice, decision.reason)
            .expect("writing to a String cannot fail");
    }
    text
}

fn block(
    text: &mut String,
    design: &LogicalDesign,
    relation: &Relation,
    model: &Model,
) -> std::fmt::Result {
    let names = |list: &[AttributeId]| {
        list.iter().map(|&id| &*relation.attribute(id).name).collect::<Vec<_>>().join(", ")
    };
    write!(text, "relation {}", relation.name)?;
    if let Some(context) = relation.context {
        write!(text, " in {}", design.context(context).name)?;
    }
    writeln!(text)?;
    for attribute in &relation.attributes {
        let optional = if attribute.required { "" } else { " optional" };
        write!(text, "  {} {}{optional}", attribute.name, kind(&attribute.kind, model))?;
        if let Some(default) = &attribute.default {
            write!(text, " default {default}")?;
        }
        writeln!(text)?;
    }
    writeln!(text, "  key ({})", names(&relation.key))?;
    for key in &relation.uniques {
        write!(text, "  unique ({})", names(&key.attributes))?;
        if let Some(condition) = &key.condition {
            let shown = condition.try_map(&mut |&id| Some(relation.attribute(id).name.clone()));
            if let Some(shown) = shown {
                write!(text, " where {shown}")?;
            }
        }
        writeln!(text)?;
    }
    for reference in &relation.crossings {
        let to = design.relation(reference.target);
        writeln!(text, "  crossing ({}) -> {}", names(&reference.attributes), to.name)?;
    }
    for reference in &relation.references {
        let to = design.relation(reference.target);
        let theirs: Vec<&str> =
            reference.target_attributes.iter().map(|&id| &*to.attribute(id).name).collect();
        let on_delete = match reference.on_delete {
            OnDelete::Cascade => "cascade",
            OnDelete::Restrict => "restrict",
            OnDelete::SetNull => "set null",
        };
        writeln!(
            text,
            "  reference ({}) -> {} ({}) on delete {on_delete}",
            names(&reference.attributes),
            to.name,
            theirs.join(", ")
        )?;
    }
    for invariant in &relation.invariants {
        let shown = invariant.expression.as_ref().and_then(|expression| {
            expression.try_map(&mut |&id| Some(relation.attribute(id).name.clone()))
        });
        match (shown, &invariant.sql) {
            (Some(shown), _) => writeln!(text, "  invariant {shown}")?,
            (None, Some(sql)) => writeln!(text, "  invariant sql {sql}")?,
            (None, None) => {}
        }
    }
    for separation in &relation.separations {
        let rule = Expression::Apart {
            from: separation.from,
            to: separation.to,
            same: separation.same.clone(),
            condition: separation.condition.clone().map(Box::new),
        };
        let shown = rule.try_map(&mut |&id| Some(relation.attribute(id).name.clone()));
        if let Some(shown) = shown {
            writeln!(text, "  separation: {shown}")?;
        }
    }
    for limit in &relation.limits {
        let owner = design.relation(limit.owner);
        let named = |it: &Expression<AttributeId>| {
            it.try_map(&mut |&id| Some(relation.attribute(id).name.clone()))
        };
        let rule = Expression::Together {
            by: limit.by.iter().map(|&id| relation.attribute(id).name.clone()).collect(),
            amount: limit.amount.as_ref().and_then(named).map(Box::new),
            comparison: if limit.is_strict { Comparison::Less } else { Comparison::LessOrEqual },
            bound: Box::new(match &limit.bound {
                LimitBound::Fixed(literal) => Expression::Literal(literal.clone()),
                LimitBound::Attribute(id) => Expression::Field(owner.attribute(*id).name.clone()),
            }),
            condition: limit.condition.as_ref().and_then(named).map(Box::new),
        };
        writeln!(text, "  limit for {}: {rule}", owner.name)?;
    }
    for it in &relation.owner_states {
        let owner = design.relation(it.owner);
        let named = it.allowed.try_map(&mut |&id| Some(owner.attribute(id).name.clone()));
        let by: Vec<AttributeId> = it.reference.iter().map(|(own, _)| *own).collect();
        if let Some(allowed) = named {
            let (acts, by) = (it.acts().join(", "), names(&by));
            writeln!(text, "  {acts} by {by} only where the {} has {allowed}", owner.name)?;
        }
    }
    for it in &relation.owner_bounds {
        let owner = design.relation(it.owner);
        let (own, sign) = (names(&[it.own]), it.comparison.as_str());
        writeln!(
            text,
            "  {own} {sign} the {} of its {}",
            owner.attribute(it.theirs).name,
            owner.name
        )?;
    }
    for it in &relation.holds {
        let rows = design.relation(it.rows);
        let named = |which: &Expression<AttributeId>| {
            which.try_map(&mut |&id| Some(rows.attribute(id).name.clone()))
        };
        let which = it.which.as_ref().and_then(named);
        let which = which.map_or_else(String::new, |it| format!(" where {it}"));
        let there = if it.while_there { "a row" } else { "no row" };
        let held = it.held.said(relation);
        writeln!(text, "  {held} while it has {there} of {}{which}", rows.name)?;
    }
    for machine in &relation.machines {
        let initial = machine.initial.as_deref().unwrap_or("any state");
        writeln!(text, "  machine {} from {initial}", names(&[machine.attribute]))?;
        for (from, to) in &machine.transitions {
            writeln!(text, "    {from} -> {}", to.join(" | "))?;
        }
    }
    if let Some(version) = relation.version {
        writeln!(text, "  version {}", names(&[version]))?;
    }
    for it in &relation.permanences {
        let what = match (it.is_whole, it.attributes.is_empty()) {
            (_, true) => "no row is deleted".to_owned(),
            (true, false) => "the row".to_owned(),
            (false, false) => format!("({})", names(&it.attributes)),
        };
        write!(text, "  unchanged {what}")?;
        if let Some((attribute, states)) = &it.states {
            write!(text, " while {} is {}", names(&[*attribute]), states.join(" or "))?;
        }
        let steps: Vec<AttributeId> = it.with_step.iter().map(|(id, _)| *id).collect();
        if !steps.is_empty() {
            write!(text, ", ({}) but with a step", names(&steps))?;
        }
        writeln!(text, "{}", if it.is_kept { ", never deleted" } else { "" })?;
    }
    Ok(())
}

/// The kind of an attribute, with an enumeration's values.
fn kind(kind: &FieldKind, model: &Model) -> String {
    match kind {
        FieldKind::Enumeration(id) => {
            format!("one of ({})", model.enumeration(*id).values.join(", "))
        }
        FieldKind::List(inner) => format!("list of {}", self::kind(inner, model)),
        FieldKind::Text { max: Some(max) } => format!("text({max})"),
        FieldKind::Text { max: None } => "text".to_owned(),
        FieldKind::Integer { bits, counted } => {
            format!("integer({bits}){}", if *counted { " counted" } else { "" })
        }
        FieldKind::Decimal { precision, scale } | FieldKind::Money { precision, scale } => {
            let word = if matches!(kind, FieldKind::Money { .. }) { "money" } else { "decimal" };
            match (precision, scale) {
                (Some(precision), Some(scale)) => format!("{word}({precision},{scale})"),
                _ => word.to_owned(),
            }
        }
        FieldKind::Uuid => "uuid".to_owned(),
        FieldKind::Float => "float".to_owned(),
        FieldKind::Boolean => "boolean".to_owned(),
        FieldKind::Date => "date".to_owned(),
        FieldKind::Time => "time".to_owned(),
        FieldKind::Timestamp => "timestamp".to_owned(),
        FieldKind::Duration => "duration".to_owned(),
        FieldKind::Json => "json".to_owned(),
        FieldKind::Binary => "binary".to_owned(),
        FieldKind::IpAddress => "ip address".to_owned(),
        FieldKind::Unknown => "unknown (text)".to_owned(),
    }
}
