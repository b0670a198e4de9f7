//! What the documents say never changes: an UPDATE to another valid value is refused, or comes to nothing.

use underpin_claim::Family;
use underpin_model::{FieldKind, Rule, compares_with_past, permanence, without_label};
use underpin_server::SessionError;

use super::unchanged_in_step::taken_along;
use super::{Object, objects, unread};
use crate::foreign::arena::{Arena, Came, Cell};
use crate::foreign::ground::{keys_of, position, primary_key};
use crate::foreign::life::Living;
use crate::foreign::mapping::{Place, attribute, field_name};
use crate::foreign::names::words;
use crate::foreign::report::{Judgement, Report};
use crate::foreign::world::{Want, World};
use crate::rule::truth;
use crate::value::{Decimal, Value};

pub(in crate::foreign) fn judge(
    arena: &mut Arena<'_>,
    report: &mut Report,
) -> Result<(), SessionError> {
    for object in objects(arena) {
        let rules: Vec<&Rule> = unread(arena, &object).collect();
        for rule in rules {
            for stays in Stays::all(arena, &object, rule) {
                tried(arena, &object, rule, &stays, report)?;
            }
        }
    }
    Ok(())
}

/// Judges what one sentence says of the rows of a table.
fn tried(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    rule: &Rule,
    stays: &Stays,
    report: &mut Report,
) -> Result<(), SessionError> {
    let table = object.table.name.name.as_str();
    let said = rule.text.trim();
    let mut whole = Judgement::Untried("no field of it has a column".to_owned());
    for &at in &stays.fields {
        let Some(place @ Place::Column(column)) = object.place(at) else { continue };
        let judgement = attack(arena, object, (at, column), stays)?;
        if stays.is_whole {
            // One claim for all: the first change that is let in tells it.
            whole = match (whole, judgement) {
                (broken @ Judgement::Broken(_), _) => broken,
                (held @ Judgement::Held { .. }, Judgement::Untried(_)) => held,
                (_, judgement) => judgement,
            };
        } else {
            let name = object.name(place);
            let statement = format!("`{table}.{name}` does not change: {said}");
            let table = &object.table.name;
            report.add(Family::Check, table, name, "unchanged", statement, judgement);
        }
    }
    if stays.is_whole {
        let statement = format!("Rows of `{table}` do not change: {said}");
        let table = &object.table.name;
        report.add(Family::Check, table, "update", "unchanged", statement, whole);
    }
    // "Append-only" and "kept for 400 days" are no contradiction: nobody else deletes.
    if stays.is_kept && !super::retention::goes(arena, rule.entity) {
        let statement = format!("Rows of `{table}` are not deleted: {said}");
        let judgement = deletion(arena, object, &stays.from)?;
        let table = &object.table.name;
        report.add(Family::Check, table, "delete", "unchanged", statement, judgement);
    }
    Ok(())
}

/// What a sentence says of rows of our own design that stay as they are.
#[derive(PartialEq)]
struct Stays {
    /// The columns that keep their values.
    fields: Vec<usize>,
    /// Whether these are all that a row has.
    is_whole: bool,
    /// Whether rows are not deleted.
    is_kept: bool,
    /// When; from birth on where that is nothing.
    from: From,
}

/// From when on a row stays as it is.
#[derive(Debug, Default, PartialEq)]
struct From {
    /// In these states.
    states: Vec<(usize, String)>,
    /// Where these columns hold a value.
    marks: Vec<usize>,
}

impl From {
    const fn of_states(states: Vec<(usize, String)>) -> Self {
        Self { states, marks: Vec::new() }
    }
}

impl Stays {
    /// What a rule says, and what its parts say besides: "cannot be changed after it was paid, and is never deleted".
    fn all(arena: &Arena<'_>, object: &Object<'_>, rule: &Rule) -> Vec<Self> {
        let mut found: Vec<Self> = Self::of(arena, object, rule).into_iter().collect();
        let parts: Vec<&str> = rule.text.split(", and ").collect();
        for part in parts.iter().filter(|_| parts.len() > 1) {
            let part = Rule { text: (*part).to_owned(), ..rule.clone() };
            found.extend(Self::of(arena, object, &part).filter(|it| !found.contains(it)));
        }
        found
    }

    /// What the model understands to the last word, or else what fields and states the words name.
    fn of(arena: &Arena<'_>, object: &Object<'_>, rule: &Rule) -> Option<Self> {
        let model = arena.sides.model;
        let column = |field| {
            (0..object.shape.table.columns.len()).find(|&at| {
                attribute(arena.sides, &object.ours, at).is_some_and(|it| it.field == Some(field))
            })
        };
        if let Some(said) = permanence(model, rule.entity, rule.field, &rule.text) {
            let states = match said.states {
                Some((field, states)) => {
                    let at = column(field)?;
                    states.into_iter().map(|state| (at, state)).collect()
                }
                None => Vec::new(),
            };
            let is_whole = said.is_unchanged && said.fields.is_empty();
            let fields = if is_whole {
                all_but_states(arena, object)
            } else {
                said.fields.into_iter().filter_map(column).collect()
            };
            let from = From::of_states(states);
            return Some(Self { fields, is_whole, is_kept: said.is_kept, from });
        }
        if let Some((mark, text)) = marked(object, &rule.text) {
            let said = permanence(model, rule.entity, rule.field, &text)?;
            let is_whole = said.is_unchanged && said.fields.is_empty();
            let fields = if is_whole {
                all_but_states(arena, object)
            } else {
                said.fields.into_iter().filter_map(column).collect()
            };
            let from = From { states: Vec::new(), marks: vec![mark] };
            return Some(Self { fields, is_whole, is_kept: said.is_kept, from });
        }
        if !compares_with_past(&rule.text) {
            return None;
        }
        let states = when(object, &rule.text)?;
        let (fields, is_whole) = fields(arena, object, rule);
        // Of whole rows and without a state, a word that is not understood may say which rows are meant.
        if is_whole && states.is_empty() && !is_of_all(arena, rule) {
            return None;
        }
        if states.is_empty() && is_of_some(arena, rule) {
            return None;
        }
        Some(Self { fields, is_whole, is_kept: false, from: From::of_states(states) })
    }
}

/// Whether the subject of a sentence is the rows of its entity, and no word tells some from others.
fn is_of_all(arena: &Arena<'_>, rule: &Rule) -> bool {
    const VERBS: &[&str] = &["is", "are", "cannot", "must", "can", "may", "never", "do", "does"];
    const PLAIN: &[&str] =
        &["the", "a", "an", "all", "each", "every", "of", "row", "record", "entry", "existing"];
    let own = words(&arena.sides.model.entity(rule.entity).name);
    let said = words(without_label(&rule.text));
    let mut subject = said.iter().take_while(|word| !VERBS.contains(&word.as_str()));
    subject.all(|word| own.contains(word) || PLAIN.contains(&word.as_str()))
}

/// Whether a word before the name of the rows tells some from others: "a melted section".
fn is_of_some(arena: &Arena<'_>, rule: &Rule) -> bool {
    const PLAIN: &[&str] = &[
        "the", "a", "an", "all", "each", "every", "any", "of", "existing", "and", "or", "once",
        "after", "when", "while", "on", "in", "for", "from", "no", "its", "that",
    ];
    let own = words(&arena.sides.model.entity(rule.entity).name);
    let said = words(without_label(&rule.text));
    let mut named = (1..said.len()).filter(|&at| said[at..].starts_with(&own));
    named.any(|at| !PLAIN.contains(&said[at - 1].as_str()))
}

/// The column that must hold a value for a rule to speak of a row, and the rule without that: "Paid
/// invoices cannot be changed", "cannot be changed once `paid_at` is set".
fn marked(object: &Object<'_>, text: &str) -> Option<(usize, String)> {
    let plain = without_label(text).replace(['`', '*'], "");
    let plain = plain.trim().trim_end_matches('.');
    let is_left_out = |at: &usize| !object.shape.table.columns[*at].not_null;
    let mut all = (0..object.shape.table.columns.len()).filter(is_left_out);
    for lead in [" once ", " after ", " when "] {
        let Some((before, when)) = plain.split_once(lead) else { continue };
        let is_set = [" is set", " is present", " has been set", " is filled", " is recorded"]
            .iter()
            .find_map(|end| when.strip_suffix(end));
        if let Some(name) = is_set {
            let name = words(name);
            let at = all.find(|&at| words(object.shape.name(at).as_str()) == name)?;
            return Some((at, before.to_owned()));
        }
    }
    let (first, rest) = plain.split_once(' ')?;
    let (adjective, rest) = match first.to_lowercase().as_str() {
        "a" | "an" | "the" | "every" | "each" | "all" => rest.split_once(' ')?,
        _ => (first, rest),
    };
    let adjective = adjective.to_lowercase();
    let at = all.find(|&at| {
        let name = words(object.shape.name(at).as_str());
        name.len() == 2 && name[0] == adjective && ["at", "on"].contains(&name[1].as_str())
    })?;
    Some((at, rest.to_owned()))
}

/// All stored columns but the keys and the states that life cycles go through.
fn all_but_states(arena: &Arena<'_>, object: &Object<'_>) -> Vec<usize> {
    let key = object.shape.primary_key();
    (0..object.shape.table.columns.len())
        .filter(|&at| object.field(arena, at).is_some())
        .filter(|at| object.shape.machine(*at).is_none() && !key.contains(at))
        .collect()
}

/// The fields that a rule speaks of; all of them where it names none.
fn fields(arena: &Arena<'_>, object: &Object<'_>, rule: &Rule) -> (Vec<usize>, bool) {
    let count = object.shape.table.columns.len();
    let said = words(&rule.text);
    let stored = |at: &usize| object.field(arena, *at).is_some();
    let of_field = rule.field.and_then(|field| {
        (0..count).find(|&at| {
            attribute(arena.sides, &object.ours, at).is_some_and(|it| it.field == Some(field))
        })
    });
    if let Some(at) = of_field {
        return (vec![at], false);
    }
    let named: Vec<usize> = (0..count)
        .filter(|at| {
            let mut name = words(&field_name(arena.sides, &object.ours, *at));
            // "A line's order never changes" is about its `order_id`.
            if object.refers(*at) && name.len() > 1 && name.last().is_some_and(|it| it == "id") {
                name.pop();
            }
            stored(at) && said.windows(name.len()).any(|window| window == name)
        })
        .filter(|&at| object.shape.machine(at).is_none())
        .collect();
    if !named.is_empty() {
        return (named, false);
    }
    let lower = rule.text.to_lowercase();
    let is_whole = ["append-only", "append only", "immutable"].iter().any(|it| lower.contains(it));
    (if is_whole { all_but_states(arena, object) } else { Vec::new() }, is_whole)
}

/// From which state on: `None` where the rule has a condition that is not understood, nothing where it
/// holds from birth on.
fn when(object: &Object<'_>, text: &str) -> Option<Vec<(usize, String)>> {
    let lower = text.to_lowercase();
    let says = |list: &[&str]| list.iter().any(|phrase| lower.contains(phrase));
    if says(&["unless", "except", "without", " only ", " if ", "directly", " by "]) {
        return None;
    }
    if !says(&["after ", "once ", "when ", "while "]) {
        return Some(Vec::new());
    }
    if says(&[
        "after creation",
        "after it is created",
        "once created",
        "after insert",
        "once written",
        "once set",
        "after being created",
    ]) {
        return Some(Vec::new());
    }
    let said = words(text);
    let states: Vec<(usize, String)> = object
        .shape
        .machines
        .iter()
        .flat_map(|machine| machine.design.states.iter().map(move |state| (machine.column, state)))
        .filter(|(_, state)| {
            let name = words(state);
            said.windows(name.len()).any(|window| window == name)
        })
        .map(|(column, state)| (column, state.clone()))
        .collect();
    (!states.is_empty()).then_some(states)
}

fn living(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    state: Option<&(usize, String)>,
    marks: &[usize],
) -> Result<Result<Living, String>, SessionError> {
    let mut world = World::default();
    let mut values = Vec::new();
    for &at in marks {
        let value = arena.planner.fresh.value(object.shape, at, &mut arena.planner.dice);
        values.push((at, value));
    }
    match state {
        Some((column, state)) => arena.lived_with(object, *column, state, &values, &mut world),
        None => arena.born(object, &values, &mut world),
    }
}

fn attack(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    (at, column): (usize, usize),
    stays: &Stays,
) -> Result<Judgement, SessionError> {
    let from = &stays.from;
    let mut reason = "no other value is known".to_owned();
    let mut refused = 0;
    let ways: Vec<Option<&(usize, String)>> =
        if from.states.is_empty() { vec![None] } else { from.states.iter().map(Some).collect() };
    for state in ways {
        let broken = arena.within(|arena| {
            let living = match living(arena, object, state, &from.marks)? {
                Ok(living) => living,
                Err(why) => {
                    reason = why;
                    return Ok(None);
                }
            };
            let cell = other(arena, object, at, column, &living)?;
            let mut came = Came::Nothing;
            // A condition of which no document speaks may ask for more of the value: another row's keeps it.
            let owned = of_another(arena, object, column, &living)?;
            // A number may be barred from growing and free to sink, and a day that rules bind to others moves by one.
            let cells: Vec<Cell> =
                steps(object, at, column, &living).into_iter().chain(cell).chain(owned).collect();
            if cells.is_empty() {
                return Ok(None);
            }
            for cell in &cells {
                let set = [(column, cell.clone())];
                came =
                    arena.within(|arena| arena.update(&object.table.name, &living.stored, &set))?;
                if matches!(&came, Came::Row(now) if now[column] != living.stored[column]) {
                    break;
                }
            }
            if object.refers(at) && !matches!(came, Came::Row(_)) {
                // A row that nothing refers to yet is in no other key.
                came = redirected(arena, object, &living, column)?;
            }
            if object.refers(at) && !matches!(came, Came::Row(_)) {
                // What keeps a reference in its place alone may be another beside it.
                came = moved(arena, object, &living, column)?;
            }
            if matches!(&came, Came::Row(now) if now[column] != living.stored[column]) {
                let before = object.shown(&living.stored, &[column]);
                let Came::Row(now) = came else { return Ok(None) };
                return Ok(Some(Judgement::Broken(format!(
                    "an UPDATE took {before} to {}",
                    object.shown(&now, &[column])
                ))));
            }
            let along = (column, cells.as_slice());
            // What a step asks for is written with it, also in rows that stay as a whole.
            let states: &[(usize, String)] = if stays.is_whole { &[] } else { &from.states };
            if let Some(now) = taken_along(arena, object, along, &living, states)? {
                return Ok(Some(Judgement::Broken(format!(
                    "a step of its life took {} to {}",
                    object.shown(&living.stored, &[column]),
                    object.shown(&now, &[column])
                ))));
            }
            refused += 1;
            Ok(None)
        })?;
        if let Some(broken) = broken {
            return Ok(broken);
        }
    }
    Ok(if refused > 0 {
        Judgement::Held { refused, accepted: 1 }
    } else {
        Judgement::Untried(reason)
    })
}

/// The value that another row of the table was let in with.
fn of_another(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    column: usize,
    living: &Living,
) -> Result<Option<Cell>, SessionError> {
    arena.within(|arena| {
        let made = arena.make(&object.table.name, &Want::default(), &mut World::default())?;
        let value = made.ok().and_then(|row| row[column].clone());
        Ok(value.filter(|it| living.stored[column].as_ref() != Some(it)).map(Cell::Text))
    })
}

/// A number or a day one more and one less, where the documents' rules let it.
fn steps(object: &Object<'_>, at: usize, column: usize, living: &Living) -> Vec<Cell> {
    let Some(stored) = &living.stored[column] else { return Vec::new() };
    let keeps = |value: Value| {
        let mut after = living.meant.clone();
        after[at] = value;
        let mut terms = object.shape.rules.iter().filter_map(|rule| rule.term.as_ref());
        terms.all(|term| truth(term, &after) != Some(false))
    };
    let beside = |step: i64| {
        if let Some(number) = Decimal::parse(stored) {
            return Some(number.plus(Decimal::from(step))?.to_string());
        }
        let Value::Date(day) = living.meant[at] else { return None };
        keeps(Value::Date(day + step)).then(|| Value::Date(day + step).text())?
    };
    [1, -1].into_iter().filter_map(beside).map(Cell::Text).collect()
}

/// The reference of a row leads to another row of the same tenant, to which none refers yet.
fn redirected(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    living: &Living,
    column: usize,
) -> Result<Came, SessionError> {
    let name = &object.table.columns[column].name;
    let keys: Vec<_> = keys_of(object.table, column).cloned().collect();
    for key in keys {
        let Some(at) = key.columns.iter().position(|it| it == name) else { continue };
        let target = arena.sides.ground.table(&key.references);
        let Some(there) = position(target, &key.referenced_columns[at]) else { continue };
        let mut around = living.world.clone();
        around.rows.remove(&key.references);
        let made = arena.make(&key.references, &Want::default(), &mut around)?;
        let Some(value) = made.ok().and_then(|row| row[there].clone()) else { continue };
        let set = [(column, Cell::Text(value))];
        let came = arena.within(|arena| arena.update(&object.table.name, &living.stored, &set))?;
        if matches!(&came, Came::Row(now) if now[column] != living.stored[column]) {
            return Ok(came);
        }
    }
    Ok(Came::Nothing)
}

/// All references of a row are taken from another row of its kind at once.
fn moved(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    living: &Living,
    column: usize,
) -> Result<Came, SessionError> {
    arena.within(|arena| {
        let table = &object.table.name;
        let Ok(other) = arena.make(table, &Want::default(), &mut World::default())? else {
            return Ok(Came::Nothing);
        };
        let key = primary_key(object.table);
        let set: Vec<(usize, Cell)> = (0..object.table.columns.len())
            .filter(|at| keys_of(object.table, *at).next().is_some() && !key.contains(at))
            .filter(|&at| living.stored[at].is_some() && other[at].is_some())
            .map(|at| (at, Cell::of(other[at].as_ref())))
            .collect();
        if other[column] == living.stored[column] {
            return Ok(Came::Nothing);
        }
        arena.update(table, &living.stored, &set)
    })
}

/// Another value that the documents allow there.
pub(super) fn other(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    at: usize,
    column: usize,
    living: &Living,
) -> Result<Option<Cell>, SessionError> {
    const TRIES: usize = 8;
    if object.refers(at) {
        // Another row of the same kind, as valid as the first.
        let table = &object.table.name;
        let want = Want { linked: std::iter::once(column).collect(), ..Want::default() };
        // Of the same tenant, so that no key over both keeps it away.
        let mut around = living.world.clone();
        for key in keys_of(object.table, column) {
            around.rows.remove(&key.references);
        }
        let mut made = arena.make(table, &want, &mut around)?;
        if !made.as_ref().is_ok_and(|row| row[column] != living.stored[column]) {
            made = arena.make(table, &want, &mut World::default())?;
        }
        if made.is_err() {
            made = arena.make(table, &Want::default(), &mut World::default())?;
        }
        return Ok(made
            .ok()
            .filter(|row| row[column].is_some() && row[column] != living.stored[column])
            .map(|row| Cell::of(row[column].as_ref())));
    }
    let listed = match attribute(arena.sides, &object.ours, at).map(|it| &it.kind) {
        Some(FieldKind::Enumeration(id)) => arena.sides.model.enumeration(*id).values.clone(),
        _ => Vec::new(),
    };
    for value in listed.into_iter().map(Value::Text) {
        if value != living.meant[at] {
            return Ok(Some(arena.encode(&object.ours, at, object.table, column, &value)?));
        }
    }
    for _ in 0..TRIES {
        let value = arena.planner.fresh.value(object.shape, at, &mut arena.planner.dice);
        let mut after = living.meant.clone();
        after[at] = value.clone();
        let is_kept = object
            .shape
            .rules
            .iter()
            .filter_map(|rule| rule.term.as_ref())
            .all(|term| truth(term, &after) != Some(false));
        if !is_kept || value == living.meant[at] {
            continue;
        }
        let cells = arena.differences(object, living, &after)?;
        if let Some(cell @ Cell::Text(text)) = cells.get(&column) {
            if living.stored[column].as_ref() != Some(text) {
                return Ok(Some(cell.clone()));
            }
        }
    }
    Ok(None)
}

fn deletion(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    from: &From,
) -> Result<Judgement, SessionError> {
    let mut reason = String::new();
    let mut refused = 0;
    let ways: Vec<Option<&(usize, String)>> =
        if from.states.is_empty() { vec![None] } else { from.states.iter().map(Some).collect() };
    for state in ways {
        let judgement = arena.within(|arena| {
            let living = match living(arena, object, state, &from.marks)? {
                Ok(living) => living,
                Err(reason) => return Ok(Judgement::Untried(reason)),
            };
            let said = arena.delete(&object.table.name, &living.stored)?;
            if said.is_none() && arena.look(&object.table.name, &living.stored)?.is_none() {
                let when = state.map_or_else(String::new, |(_, state)| format!(" that is {state}"));
                return Ok(Judgement::Broken(format!("a row{when} was deleted")));
            }
            Ok(Judgement::Held { refused: 1, accepted: 1 })
        })?;
        match judgement {
            Judgement::Broken(_) => return Ok(judgement),
            Judgement::Untried(why) => reason = why,
            Judgement::Held { .. } => refused += 1,
        }
    }
    Ok(if refused > 0 {
        Judgement::Held { refused, accepted: 1 }
    } else {
        Judgement::Untried(reason)
    })
}
