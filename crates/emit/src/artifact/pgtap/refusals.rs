//! What a table refuses: NULL, a second row with the same key, both sides of each limit, references to
//! nothing, and deletions. PostgreSQL looks at NULL first, then at checks, then at keys, then at references.

use std::collections::BTreeMap;

use underpin_pg::{Assertion, Delete, Expr, Ident, ReferentialAction, TestFile};
use underpin_physical::{GuardDesign, GuardPurpose};
use underpin_rows::row::{Ignored, KeyShape, PlannedRow, Rule, Wish, again, covered};
use underpin_rows::rule::{Goal, candidates, truth};
use underpin_rows::value::Value;

use super::scene::Scene;

pub(super) fn write(scene: &mut Scene<'_>, file: &mut TestFile) {
    nulls(scene, file);
    for at in 0..scene.shape.rules.len() {
        check(scene, at, file);
    }
    for key in &scene.shape.keys {
        unique(scene, key, file);
    }
    for at in 0..scene.shape.links.len() {
        reference(scene, at, file);
        deletion(scene, at, file);
    }
}

fn nulls(scene: &mut Scene<'_>, file: &mut TestFile) {
    let shape = scene.shape;
    for (at, column) in shape.table.columns.iter().enumerate() {
        // What the server chooses is not asked, and a life cycle has its own word for it.
        let is_chosen = column.identity.is_some() || shape.is_computed(at);
        if !column.not_null || is_chosen || shape.machine(at).is_some() {
            continue;
        }
        let Some(mut rows) = scene.plan(Wish::default()) else { continue };
        rows.last_mut().expect("a plan ends with its row").values[at] = Value::Null;
        let name = column.name.as_str();
        let message = format!(
            "null value in column \"{name}\" of relation \"{}\" violates not-null constraint",
            shape.table.name.name.as_str()
        );
        let description = format!("{name} refuses NULL");
        scene.refused(&rows, ("23502", Some(message)), description, file);
    }
}

/// The columns that a rule reads, with what they hold, for people.
fn shown(scene: &Scene<'_>, rule: &Rule, row: &[Value]) -> String {
    const LONGEST: usize = 40;
    let columns = rule.columns.iter().map(|&at| {
        let value = row[at].text().unwrap_or_else(|| "NULL".to_owned());
        let length = value.chars().count();
        let short = match &row[at] {
            _ if length > LONGEST => format!("a text of {length} characters"),
            // Where it ends matters.
            Value::Text(text) => format!("'{text}'"),
            _ => value,
        };
        format!("{} = {short}", scene.shape.name(at).as_str())
    });
    columns.collect::<Vec<_>>().join(", ")
}

fn check(scene: &mut Scene<'_>, at: usize, file: &mut TestFile) {
    let shape = scene.shape;
    let rule = &shape.rules[at];
    let Some(term) = &rule.term else { return };
    let stored = shape.table.checks.iter().find(|check| check.name == rule.constraint);
    // What is compared with the clock was planned for a day in the past.
    if stored.is_none_or(|check| check.expression.to_string().contains("now()")) {
        return;
    }
    let ignored = Ignored::One(at);
    let mut tried: Vec<Vec<Value>> = Vec::new();
    let found = candidates(&mut scene.planner, shape, term);
    let directed = [false, true].map(|kept| (BTreeMap::new(), vec![Goal { rule: term, kept }]));
    let found = found.into_iter().map(|it| (it.values, it.goals));
    for (values, goals) in directed.into_iter().chain(found) {
        let wish =
            || Wish { ignored, goals: goals.clone(), values: values.clone(), ..Wish::default() };
        let Some(rows) = scene.plan(wish()) else { continue };
        let row = rows.last().expect("a plan ends with its row").values.clone();
        let read: Vec<Value> = rule.columns.iter().map(|&column| row[column].clone()).collect();
        if tried.contains(&read) {
            continue;
        }
        tried.push(read);
        let what = shown(scene, rule, &row);
        match truth(term, &row) {
            Some(true) => {
                let Some(rows) = scene.plan_beside(wish) else { continue };
                let row = &rows.last().expect("a plan ends with its row").values;
                if truth(term, row) == Some(true) {
                    let what = shown(scene, rule, row);
                    scene.accepted(&rows, format!("{what} is accepted"), file);
                }
            }
            Some(false) if rows[..rows.len() - 1].iter().any(|it| scene.is_there(it)) => {}
            Some(false) => {
                let message = format!(
                    "new row for relation \"{}\" violates check constraint \"{}\"",
                    shape.table.name.name.as_str(),
                    rule.constraint.as_str()
                );
                let description = format!("{what} is refused by {}", rule.constraint.as_str());
                scene.refused(&rows, ("23514", Some(message)), description, file);
            }
            // Unknown is let in by the server, or it knows better.
            None => {}
        }
    }
}

fn listed(columns: impl Iterator<Item = impl AsRef<str>>) -> String {
    let names: Vec<String> = columns.map(|name| name.as_ref().to_owned()).collect();
    names.join(", ")
}

fn unique(scene: &mut Scene<'_>, key: &KeyShape, file: &mut TestFile) {
    let shape = scene.shape;
    let is_louder = |other: &KeyShape| {
        other.name != key.name && other.columns.iter().all(|at| key.columns.contains(at))
    };
    // A smaller key refuses the same row under its own name.
    if shape.keys.iter().any(is_louder) {
        return;
    }
    let Some(first) = scene.plan_anew(&Wish { free_state: false, ..covered(shape, key) }) else {
        return;
    };
    let row = first.last().expect("a plan ends with its row").values.clone();
    let same: BTreeMap<usize, Value> =
        key.columns.iter().map(|&column| (column, row[column].clone())).collect();
    if !same.values().all(Value::is_present) {
        return;
    }
    let names = listed(key.columns.iter().map(|&at| shape.name(at).as_str()));
    scene.accepted(&first, format!("a first row with its {names} is accepted"), file);
    // What the first refers to serves the second.
    let mut known = scene.known.clone();
    known.splice(0..0, first.split_last().map(|(_, before)| before.to_vec()).unwrap_or_default());
    let message =
        format!("duplicate key value violates unique constraint \"{}\"", key.name.as_str());
    let twins = [(Some(same.clone()), ""), (key.in_other_case(&same), " in another case")];
    for (values, how) in twins {
        let Some(values) = values else { continue };
        let second = again(&mut scene.planner, shape, key, values, &known, true);
        if let Some(second) =
            second.ok().filter(|rows| rows.last().is_some_and(|row| scene.is_born(row)))
        {
            let description = format!("a second row with the same {names}{how} is refused");
            scene.refused(&second, ("23505", Some(message.clone())), description, file);
        }
    }
    let Some((&column, _)) = key.columns.split_first().filter(|(_, rest)| !rest.is_empty()) else {
        return;
    };
    let others: BTreeMap<usize, Value> = same.into_iter().filter(|(at, _)| *at != column).collect();
    let is_held = shape
        .keys
        .iter()
        .any(|other| !other.is_partial && other.columns.iter().all(|at| others.contains_key(at)));
    let other = again(&mut scene.planner, shape, key, others, &known, true);
    let other = other.ok().filter(|rows| {
        rows.last().is_some_and(|row| scene.is_born(row))
            && rows.last().is_some_and(|it| it.values[column] != row[column])
    });
    if let Some(other) = other.filter(|_| !is_held) {
        let description =
            format!("one that differs in {} is accepted", shape.name(column).as_str());
        scene.accepted(&other, description, file);
    }
}

fn violated(scene: &Scene<'_>, constraint: &Ident) -> String {
    format!(
        "insert or update on table \"{}\" violates foreign key constraint \"{}\"",
        scene.shape.table.name.name.as_str(),
        constraint.as_str()
    )
}

fn reference(scene: &mut Scene<'_>, at: usize, file: &mut TestFile) {
    let shape = scene.shape;
    let link = &shape.links[at];
    if link.key.deferred {
        return;
    }
    let others = || shape.links.iter().enumerate().filter(|(it, _)| *it != at);
    let Some(&last) = link.columns.last() else { return };
    let (rows, message) = if others().any(|(_, other)| other.columns.contains(&last)) {
        // Where references share what tells rows apart, each of them leads nowhere, and any may say so.
        let wish = Wish { dangling: Some(at), filled: link.columns.clone(), ..Wish::default() };
        let Some(rows) = scene.plan_anew(&wish) else { return };
        (rows, None)
    } else {
        let wish = Wish { present: Some(at), filled: link.columns.clone(), ..Wish::default() };
        let Some(mut rows) = scene.plan_anew(&wish) else { return };
        let nowhere = scene.planner.fresh.value(shape, last, &mut scene.planner.dice);
        rows.last_mut().expect("a plan ends with its row").values[last] = nowhere;
        (rows, Some(violated(scene, &link.key.name)))
    };
    let names = listed(link.columns.iter().map(|&column| shape.name(column).as_str()));
    let description =
        format!("{names} of a row of {} that is not there is refused", link.key.references);
    scene.refused(&rows, ("23503", message), description, file);
}

fn deletion(scene: &mut Scene<'_>, at: usize, file: &mut TestFile) {
    let shape = scene.shape;
    let link = &shape.links[at];
    let is_refused =
        matches!(link.key.on_delete, ReferentialAction::Restrict | ReferentialAction::NoAction);
    if !is_refused || link.key.deferred || link.key.references == shape.table.name {
        return;
    }
    let wish = Wish { present: Some(at), filled: link.columns.clone(), ..Wish::default() };
    let Some(rows) = scene.plan_anew(&wish) else { return };
    // Another row that refers to it, or another reference of this one, would refuse it as well.
    let refers = |row: &PlannedRow| {
        let links = &scene.shapes[&row.table].links;
        links.iter().filter(|it| it.key.references == link.key.references).count()
    };
    let is_own = rows.iter().any(|row| row.table == link.key.references);
    if !is_own || rows.iter().map(refers).sum::<usize>() != 1 {
        return;
    }
    let row = rows.last().expect("a plan ends with its row").values.clone();
    let parent = &scene.shapes[&link.key.references];
    let pairs = link.columns.iter().zip(&link.target_columns);
    let same =
        pairs.map(|(&own, &there)| Expr::equals(Expr::column(parent.name(there)), row[own].expr()));
    let delete =
        Delete { table: parent.table.name.clone(), filter: Some(Expr::And(same.collect())) };
    let names = listed(link.columns.iter().map(|&column| shape.name(column).as_str()));
    // A trigger of the parent that keeps its rows speaks before the foreign key does.
    let keeps = |guard: &GuardDesign| {
        matches!(guard.purpose, GuardPurpose::Unchanged { is_kept: true, .. })
    };
    let is_kept = parent.guards.iter().any(keeps);
    scene.accepted(&rows, format!("{names} of a row that is there is accepted"), file);
    if is_kept {
        return;
    }
    file.assert(Assertion::RefusedBy {
        statement: delete.to_string(),
        constraint: link.key.name.clone(),
        description: format!("the row of {} cannot be deleted then", link.key.references),
    });
}
