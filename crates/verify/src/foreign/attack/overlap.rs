//! What must not last at the same time: rows that overlap are refused, by INSERT and by moving either end
//! or what they share; others live side by side.

use underpin_claim::Family;
use underpin_model::lets_touch;
use underpin_pg::QualifiedName;
use underpin_server::SessionError;

use super::{Object, objects, sentences};
use crate::foreign::arena::{Arena, Came, Cell};
use crate::foreign::ground::keys_of;
use crate::foreign::life::Living;
use crate::foreign::mapping::attribute;
use crate::foreign::race;
use crate::foreign::report::{Judgement, Report};
use crate::foreign::world::{Want, World};
use crate::row::{Apart, Row, Wish};
use crate::rule::truth;
use crate::value::Value;

pub(in crate::foreign) fn judge(
    arena: &mut Arena<'_>,
    report: &mut Report,
) -> Result<(), SessionError> {
    for object in objects(arena) {
        for apart in &object.shape.aparts {
            let columns: Vec<usize> = [apart.from, apart.to].into_iter().chain(apart.day).collect();
            let all: Vec<usize> = columns.iter().chain(&apart.same).copied().collect();
            let table = object.table.name.name.as_str();
            let shared = object.names(&apart.same).filter(|names| !names.is_empty());
            let shared = shared.map_or_else(String::new, |names| format!(" that share ({names})"));
            let statement = format!("No two rows of `{table}`{shared} overlap.");
            let judgement = if object.names(&all).is_none() {
                Judgement::Untried("a field that it reads has no column".to_owned())
            } else {
                match attack(arena, &object, apart)? {
                    Judgement::Held { .. } if raced(arena, &object, apart)? => Judgement::Broken(
                        "two sessions inserted rows that last at the same time".to_owned(),
                    ),
                    judgement @ (Judgement::Held { .. }
                    | Judgement::Broken(_)
                    | Judgement::Untried(_)) => judgement,
                }
            };
            let names =
                object.names(&columns).unwrap_or_else(|| apart.constraint.as_str().to_owned());
            report.add(Family::Exclusion, &object.table.name, &names, "", statement, judgement);
        }
    }
    Ok(())
}

type Span = Vec<(usize, Value)>;

/// A row with a span in a world.
fn row(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    span: &Span,
    world: &mut World,
) -> Result<Result<Living, String>, SessionError> {
    arena.born(object, span, world)
}

/// What came of a second row with a span, in the same world.
pub(super) fn second(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    span: &Span,
    world: &World,
) -> Result<Option<Came>, SessionError> {
    let Some(row) = meant(arena, object, span) else { return Ok(None) };
    let want = Want { row: Some(row), ..Want::default() };
    Ok(arena.within(|arena| arena.write(&object.table.name, &want, &mut world.clone(), 0))?.ok())
}

fn meant(arena: &mut Arena<'_>, object: &Object<'_>, span: &Span) -> Option<Row> {
    let wish = Wish { values: span.iter().cloned().collect(), ..Wish::default() };
    let plan = arena.planner.plan(&object.ours, &wish, &[]).ok()?;
    Some(plan.rows.last()?.values.clone())
}

fn attack(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    apart: &Apart,
) -> Result<Judgement, SessionError> {
    let ours = object.shape.table;
    let (here, after, far) = (apart.span(ours, 0), apart.span(ours, 1), apart.span(ours, 5));
    let [over, touching] = apart.neighbours(ours, 0);
    arena.within(|arena| {
        let mut world = World::default();
        let first = match row(arena, object, &here, &mut world)? {
            Ok(row) => row,
            Err(reason) => return Ok(Judgement::Untried(reason)),
        };
        if let Some(rule) = &apart.predicate {
            if truth(rule, &first.meant) == Some(false) {
                return Ok(Judgement::Untried("a new row is none that it is about".to_owned()));
            }
        }
        let mut came = second(arena, object, &far, &world)?;
        if matches!(&came, Some(Came::Refused(error)) if error.sqlstate == "23505") {
            // A key wants another row of what they need not share.
            let owners: Vec<QualifiedName> =
                owners(arena, object, apart).into_iter().map(|(_, table)| table).collect();
            world = world.narrowed(arena.sides.ground, &owners);
            came = second(arena, object, &far, &world)?;
        }
        match came {
            Some(Came::Row(_)) => {}
            Some(came) => {
                return Ok(Judgement::Untried(format!(
                    "a row long after was refused: {}",
                    came.reason()
                )));
            }
            None => return Ok(Judgement::Untried("no row long after is known".to_owned())),
        }
        // What rows share that is no reference, such as a kind, is drawn anew for each row.
        let shared = shared(object, apart, &first);
        let apart_from = unshared(arena, object, &shared).map(|other| -> Span {
            here.iter().cloned().chain(other).collect()
        });
        let with_shared = |span: Span| -> Span { span.into_iter().chain(shared.clone()).collect() };
        let [here, after, over, touching] = [here, after, over, touching].map(with_shared);
        let mut refused = 0;
        for (span, how) in [(&over, "begins before it ends"), (&here, "lasts at the same time")] {
            match second(arena, object, span, &world)? {
                Some(Came::Row(_)) => {
                    return Ok(Judgement::Broken(format!("a second row was inserted that {how}")));
                }
                Some(_) => refused += 1,
                None => {}
            }
        }
        // Beside it in what the rule speaks of, and apart in all the rest.
        let owners = owners(arena, object, apart);
        if owners.len() + shared.len() == apart.same.len() {
            let owners: Vec<QualifiedName> = owners.into_iter().map(|(_, table)| table).collect();
            let narrow = world.narrowed(arena.sides.ground, &owners);
            if let Some(Came::Row(now)) = second(arena, object, &over, &narrow)? {
                let columns: Vec<usize> = (0..now.len())
                    .filter(|&at| keys_of(object.table, at).next().is_some())
                    .collect();
                return Ok(Judgement::Broken(format!(
                    "a second row was inserted that begins before it ends: one has {}, the other {}",
                    object.shown(&first.stored, &columns),
                    object.shown(&now, &columns)
                )));
            }
        }
        let reversed = arena.within(|arena| {
            let mut world = World::default();
            let Ok(_) = row(arena, object, &over, &mut world)? else { return Ok(None) };
            second(arena, object, &here, &world)
        })?;
        if matches!(reversed, Some(Came::Row(_))) {
            return Ok(Judgement::Broken(
                "a second row was inserted that ends after it begins".to_owned(),
            ));
        }
        if let Some(broken) = moved(arena, object, apart, &first, &world, (&after, &over))? {
            return Ok(broken);
        }
        let elsewhere = match &apart_from {
            Some(span) => second(arena, object, span, &World::default())?,
            None => None,
        };
        if let (Some(Came::Refused(error)), false) = (&elsewhere, apart.same.is_empty()) {
            return Ok(Judgement::Broken(format!(
                "a row that shares nothing with it was refused at the same time: {error}"
            )));
        }
        if let Some(broken) = sharing_less(arena, object, apart, &first, &here, &world)? {
            return Ok(broken);
        }
        let says_touch = says_touching(arena, object);
        if let (true, Some(Came::Refused(error))) =
            (says_touch, second(arena, object, &touching, &world)?)
        {
            return Ok(Judgement::Broken(format!(
                "a row that begins when it ends was refused: {error}"
            )));
        }
        if let Some(broken) = endless(arena, object, apart)? {
            return Ok(broken);
        }
        if let Some(span) = &apart_from {
            if let Some(broken) = uncovered(arena, object, apart, span)? {
                return Ok(broken);
            }
        }
        Ok(Judgement::Held { refused, accepted: 3 })
    })
}

/// A row without an end lasts for ever, where the documents say so: none that begins later is let in beside it.
fn endless(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    apart: &Apart,
) -> Result<Option<Judgement>, SessionError> {
    const ENDLESS: &[&str] = &[
        "no end",
        "open-ended",
        "open ended",
        "unlimited",
        "indefinite",
        "permanent",
        "for ever",
        "forever",
        "until further notice",
    ];
    let field = attribute(arena.sides, &object.ours, apart.to).and_then(|it| it.field);
    let says = |text: &str| {
        let text = text.to_lowercase();
        ENDLESS.iter().any(|word| text.contains(word))
    };
    let described = object.field(arena, apart.to).and_then(|it| it.description.as_deref());
    let mut rules =
        arena.sides.model.rules.iter().filter(|it| it.field.is_some() && it.field == field);
    // "A filling without an end lasts until further notice."
    let name = arena.sides.physical.tables.of(&object.ours).map_or_else(String::new, |it| {
        arena.sides.logical.relation(it.relation).name.to_lowercase()
    });
    let is_of_rows = |text: &str| {
        let text = text.to_lowercase();
        (text.contains(" without an end") || text.contains(" with no end")) && text.contains(&name)
    };
    let is_said = described.is_some_and(says)
        || rules.any(|it| says(&it.text))
        || sentences(arena).iter().any(|it| is_of_rows(it) && says(it));
    if !is_said || object.shape.table.columns[apart.to].not_null {
        return Ok(None);
    }
    let ours = object.shape.table;
    let (mut open, later) = (apart.span(ours, 0), apart.span(ours, 5));
    for (at, value) in &mut open {
        if *at == apart.to {
            *value = Value::Null;
        }
    }
    arena.within(|arena| {
        let mut world = World::default();
        let Ok(first) = row(arena, object, &open, &mut world)? else { return Ok(None) };
        let is_open = object.place(apart.to).is_some_and(|it| first.stored[it.column()].is_none());
        let shared = shared(object, apart, &first);
        let later: Span = later.into_iter().chain(shared).collect();
        let came = second(arena, object, &later, &world)?;
        Ok(matches!(came, Some(Came::Row(_)) if is_open).then(|| {
            Judgement::Broken("a row was inserted later beside one that has no end".to_owned())
        }))
    })
}

/// What rows share that must keep apart and that is no reference.
fn shared(object: &Object<'_>, apart: &Apart, row: &Living) -> Span {
    let own = apart.same.iter().filter(|&&at| !object.refers(at));
    own.map(|&at| (at, row.meant[at].clone())).collect()
}

/// Other values than these, of the same columns; nothing where no other is drawn.
fn unshared(arena: &mut Arena<'_>, object: &Object<'_>, shared: &[(usize, Value)]) -> Option<Span> {
    const DRAWS: usize = 8;
    let mut other = |at: usize, value: &Value| {
        let planner = &mut arena.planner;
        let mut drawn = (0..DRAWS)
            .map(|_| planner.fresh.value(object.shape, at, &mut planner.dice))
            .filter(|it| it != value);
        drawn.next()
    };
    shared.iter().map(|(at, value)| Some((*at, other(*at, value)?))).collect()
}

/// The references that rows share which must keep apart, each with its table.
fn owners(arena: &Arena<'_>, object: &Object<'_>, apart: &Apart) -> Vec<(usize, QualifiedName)> {
    let links = object.shape.links.iter();
    let shared = links.filter_map(|link| {
        let at = *link.columns.last().filter(|at| apart.same.contains(at))?;
        Some((at, arena.mapping.home(&link.key.references)?.table.clone()))
    });
    shared.collect()
}

/// Rows that share all but one of what the rule speaks of may last at the same time.
fn sharing_less(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    apart: &Apart,
    first: &Living,
    here: &Span,
    world: &World,
) -> Result<Option<Judgement>, SessionError> {
    if apart.same.len() < 2 {
        return Ok(None);
    }
    let owners = owners(arena, object, apart);
    for &at in &apart.same {
        let mut span = here.clone();
        let mut around = world.clone();
        if object.refers(at) {
            let others = owners.iter().filter(|(other, _)| *other != at);
            let others: Vec<QualifiedName> = others.map(|(_, table)| table.clone()).collect();
            around = world.narrowed(arena.sides.ground, &others);
            let own = owners.iter().find(|(other, _)| *other == at);
            if own.is_none_or(|(_, table)| around.rows.contains_key(table)) {
                continue;
            }
        } else {
            let other = arena.others(&object.ours, at);
            let Some(other) = other.into_iter().find(|it| *it != first.meant[at]) else { continue };
            span.retain(|(it, _)| *it != at);
            span.push((at, other));
        }
        if let Some(Came::Refused(error)) = second(arena, object, &span, &around)? {
            if error.sqlstate == "23P01" {
                return Ok(Some(Judgement::Broken(format!(
                    "a row that differs in {} was refused at the same time: {error}",
                    object.names(&[at]).unwrap_or_default()
                ))));
            }
        }
    }
    Ok(None)
}

/// Whether two sessions at once get both rows in.
fn raced(arena: &mut Arena<'_>, object: &Object<'_>, apart: &Apart) -> Result<bool, SessionError> {
    let table = &object.table.name;
    if !race::may_race(arena, table) {
        return Ok(false);
    }
    let here = apart.span(object.shape.table, 0);
    let [over, _] = apart.neighbours(object.shape.table, 0);
    let outcome = race::run(arena, table, &mut |arena, _| {
        let Some(first) = meant(arena, object, &here) else { return Ok(None) };
        let own = apart.same.iter().filter(|&&at| !object.refers(at));
        let shared = own.map(|&at| (at, first[at].clone()));
        let over: Span = over.iter().cloned().chain(shared).collect();
        let second = meant(arena, object, &over);
        let want = |row: Row| Want { row: Some(row), ..Want::default() };
        Ok(second.map(|second| [want(first), want(second)]))
    })?;
    Ok(outcome == race::Outcome::Both)
}

/// Whether the documents say that one may begin when the other ends.
fn says_touching(arena: &Arena<'_>, object: &Object<'_>) -> bool {
    let design = arena.sides.physical.tables.of(&object.ours);
    let entity = design.and_then(|it| arena.sides.logical.relation(it.relation).entity);
    arena.sides.model.rules.iter().filter(|rule| Some(rule.entity) == entity).any(|rule| {
        let text = rule.text.to_lowercase();
        (lets_touch(&text) || text.contains("half-open") || text.contains("is the day after"))
            && !text.contains("not allowed")
    })
}

/// By UPDATE: a row that lives after it is moved onto it, by each end alone, as a whole, and by what they
/// share.
fn moved(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    apart: &Apart,
    first: &Living,
    world: &World,
    (after, over): (&Span, &Span),
) -> Result<Option<Judgement>, SessionError> {
    let table = &object.table.name;
    let beside = arena.within(|arena| {
        // A row that the rule is not about, such as a cancelled one, may go where it likes.
        let after: Span = after.iter().cloned().chain(told(apart, first)).collect();
        let Ok(second) = row(arena, object, &after, &mut world.clone())? else { return Ok(None) };
        let is_free =
            |row: &Row| apart.predicate.as_ref().is_some_and(|it| truth(it, row) == Some(false));
        if is_free(&first.meant) || is_free(&second.meant) {
            return Ok(None);
        }
        let value = |span: &Span, at: usize| {
            span.iter().find(|(it, _)| *it == at).map(|(_, it)| it.clone())
        };
        let mut ways: Vec<(&Living, Row, &str)> = Vec::new();
        let mut earlier = second.meant.clone();
        if let Some(from) = value(over, apart.from) {
            earlier[apart.from] = from;
            ways.push((&second, earlier, "was moved to begin before the other ends"));
        }
        let mut later = first.meant.clone();
        if let Some(to) = value(&after, apart.to) {
            later[apart.to] = to;
            ways.push((first, later, "was made to last into the other"));
        }
        let mut whole = second.meant.clone();
        for (at, value) in over {
            whole[*at] = value.clone();
        }
        ways.push((&second, whole, "was moved onto the other"));
        for (living, after, how) in ways {
            let cells = arena.differences(object, living, &after)?;
            let set: Vec<(usize, Cell)> = cells.into_iter().collect();
            if set.is_empty() {
                continue;
            }
            let came = arena.within(|arena| arena.update(table, &living.stored, &set))?;
            if matches!(came, Came::Row(now) if now != living.stored) {
                return Ok(Some(Judgement::Broken(format!("by UPDATE, a row {how}"))));
            }
        }
        Ok(None)
    })?;
    if beside.is_some() {
        return Ok(beside);
    }
    // A row of another group, at the same time, comes over.
    arena.within(|arena| {
        let mut here: Span = apart_values(apart, &first.meant).into_iter().collect();
        here.extend(shared(object, apart, first));
        here.extend(told(apart, first));
        let same: Vec<usize> =
            apart.same.iter().filter_map(|&at| Some(object.place(at)?.column())).collect();
        let Ok(other) = row(arena, object, &here, &mut World::default())? else { return Ok(None) };
        for &at in &apart.same {
            let Some(place) = object.place(at) else { continue };
            let column = place.column();
            let set = [(column, Cell::of(first.stored[column].as_ref()))];
            let came = arena.within(|arena| arena.update(table, &other.stored, &set))?;
            if matches!(came, Came::Row(now) if same.iter().all(|&at| now[at] == first.stored[at]))
            {
                return Ok(Some(Judgement::Broken(format!(
                    "by UPDATE of {}, a row came to last at the same time as another",
                    object.table.columns[column].name.as_str()
                ))));
            }
        }
        Ok(None)
    })
}

/// What tells whether the rule is about a row, as it is of another.
fn told(apart: &Apart, row: &Living) -> Vec<(usize, Value)> {
    let fields = apart.predicate.iter().flat_map(underpin_model::Expression::fields);
    fields.map(|at| (at, row.meant[at].clone())).collect()
}

fn apart_values(apart: &Apart, row: &Row) -> Vec<(usize, Value)> {
    [apart.from, apart.to].into_iter().chain(apart.day).map(|at| (at, row[at].clone())).collect()
}

/// A row that the rule is not about, such as a cancelled one, is in nobody's way.
fn uncovered(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    apart: &Apart,
    here: &Span,
) -> Result<Option<Judgement>, SessionError> {
    let Some(rule) = &apart.predicate else { return Ok(None) };
    let fields = rule.fields();
    let Some(&state) = fields.iter().find(|&&at| object.shape.machine(at).is_some()) else {
        return Ok(None);
    };
    let machine = object.shape.machine(state).expect("invariant: just found");
    for to in &machine.states {
        let broken = arena.within(|arena| {
            let mut world = World::default();
            let Ok(living) = arena.lived_with(object, state, to, here, &mut world)? else {
                return Ok(None);
            };
            let is_covered = truth(rule, &living.meant) != Some(false);
            let mut here = here.clone();
            here.retain(|(at, _)| !apart.same.contains(at));
            here.extend(shared(object, apart, &living));
            Ok(match second(arena, object, &here, &world)? {
                Some(Came::Refused(error)) if !is_covered => Some(Judgement::Broken(format!(
                    "a row was refused beside one that is `{to}`: {error}"
                ))),
                Some(Came::Row(_)) if is_covered => Some(Judgement::Broken(format!(
                    "a row was inserted beside one that is `{to}` and lasts at the same time"
                ))),
                _ => None,
            })
        })?;
        if broken.is_some() {
            return Ok(broken);
        }
    }
    Ok(None)
}
