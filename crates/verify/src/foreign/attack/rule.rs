//! Rules about the values of a row: what breaks one is refused on INSERT and on UPDATE, by whichever
//! column it comes, in each state; what lies on the right side of a limit is let in.

use underpin_claim::Family;
use underpin_model::{Expression, Literal};
use underpin_physical::{CheckDesign, CheckPurpose};
use underpin_server::SessionError;

use super::meant::{as_given, given, is_broken_by, is_drafted, is_meant, shown_given};
use super::rule_in_states::in_each_state;
use super::{Object, has_unread, has_unread_of, is_of_trigger, objects};
use crate::foreign::arena::{Arena, Came, Cell};
use crate::foreign::ground::Kind;
use crate::foreign::life::Living;
use crate::foreign::mapping::Place;
use crate::foreign::report::{Judgement, Report};
use crate::foreign::world::{Want, World};
use crate::row::{Ignored, Row, Wish};
use crate::rule::{Goal, Term, candidates, truth};
use crate::value::{Decimal, Value};

/// A rule of the documents that an attack is made on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target<'t> {
    pub(super) object: &'t Object<'t>,
    pub(super) at: usize,
    pub(super) term: &'t Term,
}

pub(in crate::foreign) fn judge(
    arena: &mut Arena<'_>,
    report: &mut Report,
) -> Result<(), SessionError> {
    for object in objects(arena) {
        let Some(design) = arena.sides.physical.tables.of(&object.ours) else {
            continue;
        };
        for (at, rule) in object.shape.rules.iter().enumerate() {
            let stated = design.checks.iter().find(|check| {
                check.constraint == rule.constraint
                    && check.purpose == CheckPurpose::Rule
                    && is_said(arena, check)
            });
            let term = rule.term.as_ref().and_then(without_lengths);
            let (Some(stated), Some(term)) = (stated, &term) else { continue };
            let shown = term
                .try_map(&mut |&at| {
                    Some(object.place(at).map_or_else(
                        || object.shape.name(at).as_str().to_owned(),
                        |place| object.name(place).to_owned(),
                    ))
                })
                .map_or_else(String::new, |it| it.to_string());
            let statement =
                format!("Every row of `{}` keeps: {shown}.", object.table.name.name.as_str());
            let mut read = rule.columns.clone();
            read.sort_unstable();
            let Some(names) = object.names(&read) else {
                let object_name = rule.constraint.as_str();
                let reason = "a field that it reads has no column".to_owned();
                report.add(
                    Family::Check,
                    &object.table.name,
                    object_name,
                    "",
                    statement,
                    Judgement::Untried(reason),
                );
                continue;
            };
            let target = Target { object: &object, at, term };
            let has_state = rule.columns.iter().any(|&at| object.shape.machine(at).is_some());
            let mut judgement = arena.within(|arena| {
                if has_state { in_each_state(arena, target) } else { at_once(arena, target) }
            })?;
            if matches!(judgement, Judgement::Broken(_)) && is_note(arena, stated, target) {
                let reason = "the note says when the value is missing, and not that it must be";
                judgement = Judgement::Untried(reason.to_owned());
            }
            report.add(Family::Check, &object.table.name, &names, "rule", statement, judgement);
        }
    }
    Ok(())
}

/// A rule without what it says of how long rows last, which is judged by itself: of days, two readings are right.
fn without_lengths(term: &Term) -> Option<Term> {
    let is_length = |term: &Term| match term {
        Expression::Compare(_, _, end) => match &**end {
            Expression::Calculate(_, _, by) => {
                matches!(**by, Expression::Literal(Literal::Duration(_)))
            }
            _ => false,
        },
        _ => false,
    };
    match term {
        Expression::All(list) if list.iter().any(is_length) => {
            let mut rest: Vec<Term> = list.iter().filter(|it| !is_length(it)).cloned().collect();
            if rest.len() > 1 { Some(Expression::All(rest)) } else { rest.pop() }
        }
        one => (!is_length(one)).then(|| one.clone()),
    }
}

/// Whether a document states this rule, and the design did not draw it from another.
fn is_said(arena: &Arena<'_>, check: &CheckDesign) -> bool {
    let mut rules = arena.sides.model.rules.iter().filter(|rule| Some(rule.source) == check.source);
    check.source.is_some()
        && !rules.any(|rule| matches!(rule.expression, Some(Expression::Apart { .. })))
}

/// Whether a rule is no more than a remark such as "null when the source is an import", and the schema's
/// author did not make a rule of it either.
fn is_note(arena: &Arena<'_>, check: &CheckDesign, target: Target<'_>) -> bool {
    let mut rules = arena.sides.model.rules.iter().filter(|rule| Some(rule.source) == check.source);
    let is_remark = rules.any(|rule| {
        let text = rule.text.trim_start().to_lowercase();
        ["null ", "empty ", "absent "].iter().any(|lead| text.starts_with(lead))
    });
    let columns = columns(target);
    let is_kept = target.object.table.checks.iter().any(|check| {
        let read = crate::rule::mentioned(target.object.table, &check.expression);
        columns.iter().all(|at| read.contains(at))
    });
    is_remark && !is_kept
}

/// Rows on both sides of each limit: of our own design, whose other rules they keep.
pub(super) fn rows(
    arena: &mut Arena<'_>,
    target: Target<'_>,
    fixed: &[(usize, Value)],
) -> Vec<Row> {
    const ROUNDS: usize = 2;
    let shape = target.object.shape;
    let mut found = Vec::new();
    let mut wishes = Vec::new();
    for _ in 0..ROUNDS {
        for kept in [false, true] {
            let goals = vec![Goal { rule: target.term, kept }];
            wishes.push((std::collections::BTreeMap::new(), goals));
        }
    }
    for candidate in candidates(&mut arena.planner, shape, target.term) {
        wishes.push((candidate.values, candidate.goals));
    }
    for (mut values, goals) in wishes {
        values.extend(fixed.iter().cloned());
        let wish = Wish {
            values,
            goals,
            ignored: Ignored::One(target.at),
            free_state: !fixed.is_empty(),
            ..Wish::default()
        };
        if let Ok(plan) = arena.planner.plan(&target.object.ours, &wish, &[]) {
            let row = plan.rows.last().expect("a plan ends with its row").values.clone();
            if !found.contains(&row) {
                found.push(row);
            }
        }
    }
    found
}

pub(super) fn columns(target: Target<'_>) -> Vec<usize> {
    let mut columns: Vec<usize> = target
        .term
        .fields()
        .iter()
        .filter_map(|&at| target.object.place(at).map(Place::column))
        .collect();
    columns.dedup();
    columns
}

fn at_once(arena: &mut Arena<'_>, target: Target<'_>) -> Result<Judgement, SessionError> {
    let object = target.object;
    let table = &object.table.name;
    let columns = columns(target);
    // What a row is inserted beside may bar it by a key of its own: the living row is not there yet.
    let born = arena.within(|arena| arena.born(object, &[], &mut World::default()))?;
    let meant = match born {
        Ok(living) => living.meant,
        Err(reason) => return Ok(Judgement::Untried(reason)),
    };
    let (mut refused, mut accepted) = (0, 1);
    let rows = rows(arena, target, &[]);
    for row in rows.clone() {
        let verdict = truth(target.term, &row);
        let Some(holds) = verdict else { continue };
        if !holds && is_rough(target.term, &row) {
            continue;
        }
        let want = Want { row: Some(row.clone()), ..Want::default() };
        let came = arena.within(|arena| arena.write(table, &want, &mut World::default(), 0))?;
        match came {
            Ok(Came::Row(stored)) if !holds => {
                let given = given(arena, object, &row)?;
                if as_given(&stored, &given, &columns)
                    && is_broken_by(target, &stored, &row)
                    && is_meant(arena, object, &stored, &row, &target.term.fields())?
                {
                    return Ok(Judgement::Broken(format!(
                        "a row was inserted with {}",
                        object.shown(&stored, &columns)
                    )));
                }
            }
            Ok(Came::Row(_)) => accepted += 1,
            Ok(Came::Refused(_)) if !holds => refused += 1,
            Ok(Came::Refused(error)) => {
                // The same row with other values in these columns must be let in, or something else
                // refuses it.
                let mut twin = row.clone();
                for &at in &target.term.fields() {
                    twin[at] = meant[at].clone();
                }
                let want = Want { row: Some(twin), ..Want::default() };
                let control =
                    arena.within(|arena| arena.write(table, &want, &mut World::default(), 0))?;
                let is_alone = is_understood(object, target.at);
                if matches!(control, Ok(Came::Row(_)))
                    && is_alone
                    && is_judged(&error.sqlstate)
                    && !(is_of_trigger(&error) && has_unread(arena))
                    && !is_of_fewer(object, &error, &columns)
                    && !is_of_more(target, &error)
                    && !is_beside(arena, object, &error, &columns)
                    && !is_finer(arena, target, &row)
                    && !is_of_unread(arena, object, &error, &columns)
                    && is_drafted(arena, object, &row, &target.term.fields())?
                    && !is_let_in_beside_others(arena, target, &row, &error)?
                {
                    let given = given(arena, object, &row)?;
                    return Ok(Judgement::Broken(format!(
                        "a row with {} was refused, which the documents allow: {error}",
                        shown_given(object, &given, &columns)
                    )));
                }
            }
            Ok(Came::Nothing) => refused += i64::from(!holds),
            Err(_) => {}
        }
    }
    let living = match arena.born(object, &[], &mut World::default())? {
        Ok(living) => living,
        Err(reason) => return Ok(Judgement::Untried(reason)),
    };
    if let Some(broken) = joined(arena, target, &living)? {
        return Ok(broken);
    }
    let bound = where_it_binds(arena, target)?;
    for row in rows {
        if truth(target.term, &row) != Some(false) || is_rough(target.term, &row) {
            continue;
        }
        for living in std::iter::once(&living).chain(&bound) {
            if let Some(broken) = by_update(arena, target, living, &row, &columns)? {
                return Ok(broken);
            }
        }
        refused += 1;
    }
    Ok(if refused == 0 {
        Judgement::Untried("no row was found that breaks it".to_owned())
    } else {
        Judgement::Held { refused, accepted }
    })
}

/// Whether what refused reads only some of the columns that a rule is about: it keeps another rule, of
/// which this one says nothing.
fn is_of_fewer(
    object: &Object<'_>,
    error: &underpin_server::ServerError,
    columns: &[usize],
) -> bool {
    let is_named = |name: &str| error.constraint.as_deref() == Some(name);
    let check = object.table.checks.iter().find(|it| is_named(it.name.as_str()));
    check.is_some_and(|check| {
        let read = crate::rule::mentioned(object.table, &check.expression);
        read.len() < columns.len() && read.iter().all(|at| columns.contains(at))
    })
}

/// Whether what refused holds the fields against a length or a number, of which a rule that only compares them with each
/// other says nothing.
fn is_of_more(target: Target<'_>, error: &underpin_server::ServerError) -> bool {
    let has_constant = |text: &str| {
        text.contains('\'') || text.split(|c: char| !c.is_alphanumeric() && c != '_').any(is_number)
    };
    let is_named = |name: &str| error.constraint.as_deref() == Some(name);
    let check = target.object.table.checks.iter().find(|it| is_named(it.name.as_str()));
    target.term.fields().len() > 1
        && !said(target).is_some_and(|it| has_constant(&it))
        && check.is_some_and(|it| has_constant(&it.expression.to_string()))
}

/// Whether what refused looks at more than the columns of a rule, where the documents say something of the entity that is
/// known by its words only: it may keep that.
fn is_of_unread(
    arena: &Arena<'_>,
    object: &Object<'_>,
    error: &underpin_server::ServerError,
    columns: &[usize],
) -> bool {
    let is_named = |name: &str| error.constraint.as_deref() == Some(name);
    let check = object.table.checks.iter().find(|it| is_named(it.name.as_str()));
    let looks_further = check.is_some_and(|check| {
        let read = crate::rule::mentioned(object.table, &check.expression);
        read.iter().any(|at| !columns.contains(at))
    });
    looks_further && has_unread_of(arena, object)
}

/// The rule in words, with names for its columns.
fn said(target: Target<'_>) -> Option<String> {
    let named =
        target.term.try_map(&mut |&at| Some(target.object.shape.name(at).as_str().to_owned()));
    named.map(|it| it.to_string())
}

fn is_number(word: &str) -> bool {
    word.bytes().next().is_some_and(|it| it.is_ascii_digit())
}

/// Whether what refused is a condition of the author's own beside the one that keeps this rule: one that had to be asked
/// for, since a row that the documents allow did not meet it, where another reads the columns of this rule alone.
fn is_beside(
    arena: &Arena<'_>,
    object: &Object<'_>,
    error: &underpin_server::ServerError,
    columns: &[usize],
) -> bool {
    let Some(refused) = &error.constraint else { return false };
    let mut others = object.table.checks.iter().filter(|it| it.name.as_str() != refused);
    arena.asked.contains(&(object.table.name.clone(), refused.clone()))
        && others.any(|check| {
            let read = crate::rule::mentioned(object.table, &check.expression);
            read.len() == columns.len() && columns.iter().all(|at| read.contains(at))
        })
}

/// Whether what refused reads more columns than the rule, and lets the same values in beside others there: it keeps
/// another rule, such as one that was not understood.
fn is_let_in_beside_others(
    arena: &mut Arena<'_>,
    target: Target<'_>,
    row: &Row,
    error: &underpin_server::ServerError,
) -> Result<bool, SessionError> {
    let object = target.object;
    let is_named = |name: &str| error.constraint.as_deref() == Some(name);
    let Some(check) = object.table.checks.iter().find(|it| is_named(it.name.as_str())) else {
        return Ok(false);
    };
    let read = crate::rule::mentioned(object.table, &check.expression);
    let own = target.term.fields();
    let shape = object.shape;
    let beside = object.home.places.iter().filter(|(at, place)| {
        read.contains(&place.column())
            && !own.contains(at)
            && !object.refers(**at)
            && !shape.is_in_key(**at)
            && shape.machine(**at).is_none()
    });
    for at in beside.map(|(at, _)| *at).collect::<Vec<_>>() {
        let mut values = arena.others(&object.ours, at);
        if matches!(row[at], Value::Number(_)) {
            values.extend([0, 1].map(Value::integer));
            values.extend(own.iter().map(|&at| &row[at]).filter(|it| it.is_present()).cloned());
        }
        for value in values {
            let mut other = row.clone();
            other[at] = value;
            let mut terms = shape.rules.iter().filter_map(|rule| rule.term.as_ref());
            if terms.any(|term| truth(term, &other) == Some(false)) {
                continue;
            }
            let want = Want { row: Some(other), ..Want::default() };
            let table = &object.table.name;
            let came = arena.within(|arena| arena.write(table, &want, &mut World::default(), 0))?;
            if matches!(came, Ok(Came::Row(_))) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Whether a text has an `@` as "a valid email" asks for: how much more that asks for, documents leave open.
fn is_rough(term: &Term, row: &Row) -> bool {
    let Term::Matches(value, pattern) = term else { return false };
    let Term::Field(field) = **value else { return false };
    pattern.contains("@[^@") && row[field].text().is_some_and(|text| text.contains('@'))
}

/// Whether a number has more digits behind the point than its column keeps: how many there are, other
/// claims ask.
fn is_finer(arena: &Arena<'_>, target: Target<'_>, row: &Row) -> bool {
    let object = target.object;
    // A number that the rule itself names must be kept.
    let said = target.term.to_string();
    let named: Vec<Decimal> = said
        .split(|c: char| !(c.is_ascii_digit() || c == '.' || c == '-'))
        .filter_map(Decimal::parse)
        .collect();
    target.term.fields().into_iter().any(|at| {
        let Some(Place::Column(column)) = object.place(at) else { return false };
        let kind = arena.sides.ground.kind(&object.table.columns[column]);
        let kept = match kind {
            Kind::Number { scale: Some(scale) } => u32::from(scale),
            Kind::Integer => 0,
            Kind::Number { scale: None }
            | Kind::Text { .. }
            | Kind::Boolean
            | Kind::Date
            | Kind::Time
            | Kind::Moment { .. }
            | Kind::Interval
            | Kind::Uuid
            | Kind::Json
            | Kind::Labels(_)
            | Kind::Range { .. }
            | Kind::Array
            | Kind::Other(_) => return false,
        };
        matches!(&row[at], Value::Number(number)
            if number.cut(kept) != *number && !named.contains(number))
    })
}

/// Two references of a living row that must not lead to one row are made to.
fn joined(
    arena: &mut Arena<'_>,
    target: Target<'_>,
    living: &Living,
) -> Result<Option<Judgement>, SessionError> {
    let object = target.object;
    let links: Vec<(usize, usize)> = target
        .term
        .fields()
        .into_iter()
        .filter(|&at| object.refers(at))
        .filter_map(|at| Some((at, object.place(at)?.column())))
        .collect();
    for &(at, column) in &links {
        for &(other, beside) in links.iter().filter(|(other, _)| *other != at) {
            let Some(value) = living.stored[beside].clone() else { continue };
            let mut after = living.meant.clone();
            after[at] = Value::Raw(value.clone());
            after[other] = Value::Raw(value.clone());
            if truth(target.term, &after) != Some(false)
                || living.stored[column].as_ref() == Some(&value)
            {
                continue;
            }
            let set = [(column, Cell::Text(value.clone()))];
            let came =
                arena.within(|arena| arena.update(&object.table.name, &living.stored, &set))?;
            if let Came::Row(now) = came {
                if now[column] == now[beside] {
                    return Ok(Some(Judgement::Broken(format!(
                        "an UPDATE left a row with {}",
                        object.shown(&now, &[column, beside])
                    ))));
                }
            }
        }
    }
    Ok(None)
}

/// Whether a refusal can come from a condition on values.
fn is_judged(sqlstate: &str) -> bool {
    sqlstate.starts_with("22") || sqlstate.starts_with('P') || sqlstate == "23514"
}

/// Whether all that the documents say of these columns is understood: else an unknown rule may be what
/// refuses a row.
fn is_understood(object: &Object<'_>, at: usize) -> bool {
    let columns = &object.shape.rules[at].columns;
    object
        .shape
        .rules
        .iter()
        .all(|rule| rule.term.is_some() || !rule.columns.iter().any(|it| columns.contains(it)))
}

/// Living rows that meet the condition of a rule and keep it: whatever else the schema asks of such rows they have, so that
/// it does not stand in for the rule.
fn where_it_binds(arena: &mut Arena<'_>, target: Target<'_>) -> Result<Vec<Living>, SessionError> {
    let object = target.object;
    let rules = if let Term::All(list) = target.term { list.as_slice() } else { &[] };
    let all = rules.iter().chain(std::iter::once(target.term));
    let mut found = Vec::new();
    for rule in all {
        let Term::Implies(when, _) = rule else { continue };
        let goals = vec![Goal { rule: when, kept: true }, Goal { rule: target.term, kept: true }];
        let wish = Wish { goals, ..Wish::default() };
        let Ok(plan) = arena.planner.plan(&object.ours, &wish, &[]) else { continue };
        let row = plan.rows.last().expect("a plan ends with its row").values.clone();
        let want = Want { row: Some(row), ..Want::default() };
        let mut world = World::default();
        let Ok(stored) = arena.make(&object.table.name, &want, &mut world)? else { continue };
        let meant = arena.understood(object, &stored)?;
        if truth(when, &meant) == Some(true) {
            found.push(Living { stored, meant, world });
        }
    }
    Ok(found)
}

/// Takes a living row to what breaks the rule: all its columns at once, and each alone.
pub(super) fn by_update(
    arena: &mut Arena<'_>,
    target: Target<'_>,
    living: &Living,
    row: &Row,
    columns: &[usize],
) -> Result<Option<Judgement>, SessionError> {
    let object = target.object;
    let fields = target.term.fields();
    let mut ways: Vec<Vec<usize>> = fields.iter().map(|&at| vec![at]).collect();
    ways.push(fields);
    for way in ways {
        let mut after = living.meant.clone();
        for &at in way.iter().filter(|&&at| object.shape.machine(at).is_none()) {
            after[at] = row[at].clone();
        }
        if truth(target.term, &after) != Some(false) {
            continue;
        }
        let cells = arena.differences(object, living, &after)?;
        let set: Vec<(usize, Cell)> = cells.clone().into_iter().collect();
        if set.is_empty() {
            continue;
        }
        let came = arena.within(|arena| arena.update(&object.table.name, &living.stored, &set))?;
        if let Came::Row(now) = came {
            if as_given(&now, &cells, columns)
                && now != living.stored
                && is_broken_by(target, &now, &after)
                && is_meant(arena, object, &now, &after, &target.term.fields())?
            {
                return Ok(Some(Judgement::Broken(format!(
                    "an UPDATE left a row with {}",
                    object.shown(&now, columns)
                ))));
            }
        }
    }
    Ok(None)
}
