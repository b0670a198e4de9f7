//! Rows that live: born as the documents say, and taken from state to state.

use underpin_pg::{ForeignKey, Table};
use underpin_server::{ServerError, SessionError};

use super::arena::{Arena, Came, Cell, Stored};
use super::attack::Object;
use super::ground::{Kind, columns, keys_of, literals, position};
use super::mapping::Place;
use super::names::{bare, words};
use super::referred::pins;
use super::world::{Want, World};
use crate::row::{Row, Wish};
use crate::rule::truth;
use crate::value::Value;

/// A row in some state.
#[derive(Debug, Clone)]
pub(super) struct Living {
    /// What the table holds.
    pub(super) stored: Stored,
    /// What it means, as a row of our own design.
    pub(super) meant: Row,
    /// What it refers to.
    pub(super) world: World,
}

/// What came of a step.
#[derive(Debug)]
pub(super) enum Step {
    /// The row is in the new state.
    Taken(Living),
    /// It is not, whatever else was set along; the first refusal.
    Refused(Option<Box<ServerError>>),
}

impl Arena<'_> {
    /// A row in the initial state.
    pub(super) fn born(
        &mut self,
        object: &Object<'_>,
        values: &[(usize, Value)],
        world: &mut World,
    ) -> Result<Result<Living, String>, SessionError> {
        let shape = object.shape;
        let mut filled: Vec<usize> = values.iter().map(|(at, _)| *at).collect();
        filled.retain(|&at| !shape.is_in_link(at));
        if let Err(reason) = self.is_ready(&object.table.name)? {
            return Ok(Err(reason));
        }
        let mut reason = String::new();
        for full in [false, true] {
            let mut filled = filled.clone();
            if full {
                filled.extend((0..shape.table.columns.len()).filter(|&at| !shape.is_in_link(at)));
            }
            let wish = Wish { values: values.iter().cloned().collect(), filled, ..Wish::default() };
            let meant = match self.planner.plan(&object.ours, &wish, &[]) {
                Ok(plan) => plan.rows.last().expect("a plan ends with its row").values.clone(),
                Err(why) => {
                    reason = why;
                    continue;
                }
            };
            let want = Want { row: Some(meant.clone()), ..Want::default() };
            match self.make(&object.table.name, &want, world)? {
                Ok(stored) => return Ok(Ok(Living { stored, meant, world: world.clone() })),
                Err(why) => reason = why,
            }
        }
        Ok(Err(reason))
    }

    /// Takes a row to a state: as the documents' rules ask, then with more and more of what may be left
    /// out. What was refused leaves nothing behind.
    pub(super) fn step(
        &mut self,
        object: &Object<'_>,
        state: usize,
        living: &Living,
        to: &str,
    ) -> Result<Step, SessionError> {
        self.step_without(object, state, living, to, &[])
    }

    /// Likewise, with nothing in some columns of our own design.
    pub(super) fn step_without(
        &mut self,
        object: &Object<'_>,
        state: usize,
        living: &Living,
        to: &str,
        without: &[usize],
    ) -> Result<Step, SessionError> {
        let Some(Place::Column(column)) = object.place(state) else {
            return Ok(Step::Refused(None));
        };
        let wanted =
            self.encode(&object.ours, state, object.table, column, &Value::Text(to.to_owned()))?;
        let mut first = None;
        for mut variant in self.variants(object, state, living, to) {
            for &at in without {
                variant.meant[at] = Value::Null;
            }
            let mut world = living.world.clone();
            let set = self.told(object, living, &variant, (column, &wanted), &mut world)?;
            match self.update(&object.table.name, &living.stored, &set)? {
                Came::Row(stored) if super::attack::holds(&stored, column, &wanted) => {
                    return Ok(Step::Taken(Living { stored, meant: variant.meant, world }));
                }
                Came::Row(_) | Came::Nothing => {}
                Came::Refused(error) => {
                    first.get_or_insert(error);
                }
            }
        }
        if let Some(error) = &first {
            // What a condition asks for besides, of which no document speaks.
            let meant = &self.variants(object, state, living, to)[0];
            let mut world = living.world.clone();
            let set = self.told(object, living, meant, (column, &wanted), &mut world)?;
            let left: Vec<usize> =
                without.iter().filter_map(|&at| Some(object.place(at)?.column())).collect();
            if let Some(set) = self.completed(object, living, &set, &left, error)? {
                let came = self.update(&object.table.name, &living.stored, &set)?;
                if let Came::Row(stored) = came {
                    if super::attack::holds(&stored, column, &wanted) {
                        let given = set.into_iter().collect();
                        let table = &object.table.name;
                        let meant = self.variants(object, state, living, to)[0].meant.clone();
                        let meant = self.as_stored(table, meant, &given, &stored);
                        return Ok(Step::Taken(Living { stored, meant, world }));
                    }
                }
            }
        }
        Ok(Step::Refused(first))
    }

    /// What a step tells the table, where the table takes it.
    pub(super) fn way(
        &mut self,
        object: &Object<'_>,
        state: usize,
        living: &Living,
        to: &str,
    ) -> Result<Option<Vec<(usize, Cell)>>, SessionError> {
        let Some(Place::Column(column)) = object.place(state) else { return Ok(None) };
        let wanted =
            self.encode(&object.ours, state, object.table, column, &Value::Text(to.to_owned()))?;
        for variant in self.variants(object, state, living, to) {
            let mut world = living.world.clone();
            let set = self.told(object, living, &variant, (column, &wanted), &mut world)?;
            let came =
                self.within(|arena| arena.update(&object.table.name, &living.stored, &set))?;
            if matches!(came, Came::Row(now) if super::attack::holds(&now, column, &wanted)) {
                return Ok(Some(set));
            }
        }
        Ok(None)
    }

    /// What the table is told where a row takes a step in this way.
    fn told(
        &mut self,
        object: &Object<'_>,
        living: &Living,
        variant: &Variant,
        (column, wanted): (usize, &Cell),
        world: &mut World,
    ) -> Result<Vec<(usize, Cell)>, SessionError> {
        let mut cells = self.differences(object, living, &variant.meant)?;
        cells.extend(variant.beside.iter().cloned());
        self.held.push(object.table.name.clone());
        let linked = self.linked(object, living, &variant.meant, world);
        self.held.pop();
        cells.extend(linked?);
        if variant.refilled {
            cells.extend(self.lost(object, living, &variant.meant)?);
        }
        cells.insert(column, wanted.clone());
        Ok(cells.into_iter().collect())
    }

    /// What the table is told where a row of our own design becomes another.
    pub(super) fn differences(
        &mut self,
        object: &Object<'_>,
        living: &Living,
        after: &Row,
    ) -> Result<std::collections::BTreeMap<usize, Cell>, SessionError> {
        let before = self.plain(&object.ours, &living.meant);
        let mut changed = self.plain(&object.ours, after);
        // Both bounds of a range go together.
        let moved: Vec<usize> = object
            .home
            .places
            .iter()
            .filter(|(at, _)| changed.get(at) != before.get(at))
            .map(|(_, place)| place.column())
            .collect();
        changed
            .retain(|at, _| object.place(*at).is_some_and(|place| moved.contains(&place.column())));
        let future = self.learned.get(&object.table.name).map(|it| it.future).unwrap_or_default();
        let mut cells = self.cells(&object.ours, &changed, future)?;
        // A reference that is let go.
        for at in object.references() {
            let Some(Place::Column(column)) = object.place(at) else { continue };
            if living.meant[at].is_present() && !after[at].is_present() {
                cells.insert(column, Cell::Null);
            }
        }
        Ok(cells)
    }

    /// What a row should hold and no longer does: a trigger may have cleared it on the way.
    fn lost(
        &mut self,
        object: &Object<'_>,
        living: &Living,
        after: &Row,
    ) -> Result<std::collections::BTreeMap<usize, Cell>, SessionError> {
        let plain = self.plain(&object.ours, after);
        let future = self.learned.get(&object.table.name).map(|it| it.future).unwrap_or_default();
        let mut cells = self.cells(&object.ours, &plain, future)?;
        cells.retain(|&at, cell| living.stored[at].is_none() && *cell != Cell::Null);
        Ok(cells)
    }

    /// The references that a row now holds and did not hold before lead to rows of its world.
    fn linked(
        &mut self,
        object: &Object<'_>,
        living: &Living,
        after: &Row,
        world: &mut World,
    ) -> Result<Vec<(usize, Cell)>, SessionError> {
        let mut cells = Vec::new();
        for own in object.references() {
            let Some(Place::Column(column)) = object.place(own) else { continue };
            if !after[own].is_present() || living.stored[column].is_some() {
                continue;
            }
            let Some(key) = keys_of(object.table, column).next() else { continue };
            let target = self.sides.ground.table(&key.references);
            let pins = pins(target, key, &columns(object.table, &key.columns), |at| {
                living.stored[at].clone()
            });
            let parent = if key.references == object.table.name {
                // Another row of its kind, not the row itself.
                let mut world = world.clone();
                world.rows.remove(&object.table.name);
                let cells = pins.into_iter().map(|(at, text)| (at, Cell::Text(text))).collect();
                let want = Want { cells, ..Want::default() };
                self.make(&object.table.name, &want, &mut world)?
            } else {
                // Two references of a row seldom mean one and the same.
                let number = usize::from(is_taken(object.table, key, &living.stored));
                self.agreeing(&key.references, &pins, number, world, 0)?
            };
            let Ok(parent) = parent else { continue };
            for (name, there) in key.columns.iter().zip(&key.referenced_columns) {
                let places = (position(object.table, name), position(target, there));
                if let (Some(at), Some(there)) = places {
                    if living.stored[at].is_none() {
                        cells.push((at, Cell::of(parent[there].as_ref())));
                    }
                }
            }
        }
        Ok(cells)
    }

    fn variants(
        &mut self,
        object: &Object<'_>,
        state: usize,
        living: &Living,
        to: &str,
    ) -> Vec<Variant> {
        let shape = object.shape;
        let mut plainly = living.meant.clone();
        plainly[state] = Value::Text(to.to_owned());
        // Where the state asks for a reference, our own design's row leads to one that is only thought of.
        let asked = self
            .planner
            .change_along(&object.ours, &living.meant, &[(state, Value::Text(to.to_owned()))], &[])
            .map_or_else(|_| let_go(object, plainly.clone()), |(_, row)| row);
        // What is called after the state, such as `cancelled_at`; then all that is empty.
        let target = words(to);
        let is_called_so = |name: &str| {
            words(name).iter().any(|word| target.iter().any(|it| stem(it) == stem(word)))
        };
        let mut named = asked.clone();
        let mut full = asked.clone();
        for at in 0..shape.table.columns.len() {
            if full[at].is_present() || shape.primary_key().contains(&at) {
                continue;
            }
            let value = self.planner.fresh.value(shape, at, &mut self.planner.dice);
            let mut with = full.clone();
            with[at] = value.clone();
            let keeps =
                shape.rules.iter().filter_map(|rule| rule.term.as_ref()).all(|term| {
                    truth(term, &with) != Some(false) || truth(term, &full) == Some(false)
                });
            if keeps {
                if is_called_so(shape.name(at).as_str()) {
                    named[at] = value;
                }
                full = with;
            }
        }
        let stated: Vec<usize> = object.home.places.values().map(|place| place.column()).collect();
        let mut named_beside = Vec::new();
        let mut all_beside = Vec::new();
        for (at, column) in object.table.columns.iter().enumerate() {
            let is_free = !stated.contains(&at)
                && living.stored[at].is_none()
                && column.generated.is_none()
                && keys_of(object.table, at).next().is_none();
            let kind = self.sides.ground.kind(column);
            let can_be = matches!(
                kind,
                Kind::Moment { .. }
                    | Kind::Date
                    | Kind::Text { .. }
                    | Kind::Integer
                    | Kind::Number { .. }
            );
            let is_deletion = bare(column.name.as_str()).contains("delet")
                || bare(column.name.as_str()).contains("archiv");
            if is_free && can_be && !is_deletion {
                let cell = self.filler(&kind, column.name.as_str(), &[]);
                if is_called_so(column.name.as_str()) {
                    named_beside.push((at, cell.clone()));
                }
                all_beside.push((at, cell));
            }
        }
        let variant = |meant: &Row, beside: &[(usize, Cell)]| Variant {
            meant: meant.clone(),
            beside: beside.to_vec(),
            refilled: false,
        };
        vec![
            variant(&asked, &[]),
            variant(&named, &named_beside),
            variant(&full, &[]),
            variant(&full, &named_beside),
            variant(&full, &all_beside),
            variant(&plainly, &[]),
            Variant { refilled: true, ..variant(&full, &named_beside) },
        ]
    }

    /// A row in a state, by the shortest way that the documents allow.
    pub(super) fn lived(
        &mut self,
        object: &Object<'_>,
        state: usize,
        to: &str,
        world: &mut World,
    ) -> Result<Result<Living, String>, SessionError> {
        self.lived_with(object, state, to, &[], world)
    }

    /// Likewise, with these values of columns of our own design.
    pub(super) fn lived_with(
        &mut self,
        object: &Object<'_>,
        state: usize,
        to: &str,
        values: &[(usize, Value)],
        world: &mut World,
    ) -> Result<Result<Living, String>, SessionError> {
        let Some(road) = self.road(object, state)? else {
            return Ok(Err("it has no life cycle".to_owned()));
        };
        let mut why = format!("no way leads to `{to}`");
        let mut ways: Vec<(String, Vec<String>)> = birth_states(object, state)
            .into_iter()
            .filter_map(|born| path(&road, &born, to).map(|path| (born, path)))
            .collect();
        ways.sort_by_key(|(_, path)| path.len());
        for (born, path) in ways {
            let mut values = values.to_vec();
            if road.initial.is_none() {
                // Our own design lets a row be born in any state where no document says in which.
                values.push((state, Value::Text(born)));
            }
            let mut around = world.clone();
            match self.born(object, &values, &mut around)? {
                Ok(living) => {
                    *world = around;
                    return self.walked(object, state, living, &path);
                }
                Err(reason) => why = reason,
            }
        }
        Ok(Err(why))
    }

    /// A row taken from state to state.
    pub(super) fn walked(
        &mut self,
        object: &Object<'_>,
        state: usize,
        mut living: Living,
        path: &[String],
    ) -> Result<Result<Living, String>, SessionError> {
        for next in path {
            match self.step_in_company(object, state, &living, next)? {
                Step::Taken(now) => living = now,
                Step::Refused(error) => {
                    let why =
                        error.map_or_else(|| "nothing was written".to_owned(), |it| it.to_string());
                    let to = path.last().map_or("", String::as_str);
                    return Ok(Err(format!("the way to `{to}` ends before `{next}`: {why}")));
                }
            }
        }
        Ok(Ok(living))
    }
}

/// A row without the references that rules let it keep no longer: what is melted lies in no freezer.
fn let_go(object: &Object<'_>, row: Row) -> Row {
    let shape = object.shape;
    let broken = |row: &Row| {
        let terms = shape.rules.iter().filter_map(|rule| rule.term.as_ref());
        terms.filter(|term| truth(term, row) == Some(false)).count()
    };
    object.references().fold(row, |row, at| {
        let mut without = row.clone();
        without[at] = Value::Null;
        if broken(&without) < broken(&row) { without } else { row }
    })
}

/// Whether another reference of a row leads to a row of the same table.
fn is_taken(table: &Table, key: &ForeignKey, row: &Stored) -> bool {
    let is_there = |name| position(table, name).is_some_and(|at| row[at].is_some());
    table.foreign_keys.iter().any(|other| {
        other.name != key.name
            && other.references == key.references
            && other.columns.iter().all(is_there)
    })
}

#[derive(Debug)]
struct Variant {
    meant: Row,
    beside: Vec<(usize, Cell)>,
    /// Whether what the row has lost is given to it again.
    refilled: bool,
}

/// The state in which a row is born: as the documents say, else as the column's default does, else the
/// first to which no step leads.
pub(super) fn birth_state(object: &Object<'_>, state: usize) -> Option<String> {
    birth_states(object, state).into_iter().next()
}

/// The states in which rows are born: the one that the documents say, else the column's default and all
/// to which no step leads.
pub(super) fn birth_states(object: &Object<'_>, state: usize) -> Vec<String> {
    let Some(machine) = object.shape.machine(state) else { return Vec::new() };
    if let Some(initial) = &machine.initial {
        return vec![initial.clone()];
    }
    let by_default = object.place(state).and_then(|place| {
        let column = &object.table.columns[place.column()];
        let given = literals(&column.default.as_ref()?.to_string());
        let given = bare(given.first()?);
        machine.states.iter().find(|state| bare(state) == given).cloned()
    });
    let is_led_to = |state: &String| machine.transitions.iter().any(|(_, all)| all.contains(state));
    let mut found: Vec<String> = by_default.into_iter().collect();
    for root in machine.states.iter().filter(|state| !is_led_to(state)) {
        if !found.contains(root) {
            found.push(root.clone());
        }
    }
    found
}

/// The beginning that `cancelled`, `cancel` and `canceled` share.
fn stem(word: &str) -> &str {
    let end = word.char_indices().nth(5).map_or(word.len(), |(at, _)| at);
    &word[..end]
}

/// The states from the one after `from` to `to`, on a shortest path.
pub(super) fn path(
    machine: &underpin_physical::MachineDesign,
    from: &str,
    to: &str,
) -> Option<Vec<String>> {
    let mut reached: Vec<(String, Vec<String>)> = vec![(from.to_owned(), Vec::new())];
    let mut at = 0;
    while at < reached.len() {
        let (state, path) = reached[at].clone();
        if state == to {
            return Some(path);
        }
        let next = machine.transitions.iter().filter(|(from, _)| *from == state);
        for to in next.flat_map(|(_, to)| to) {
            if !reached.iter().any(|(known, _)| known == to) {
                let mut path = path.clone();
                path.push(to.clone());
                reached.push((to.clone(), path));
            }
        }
        at += 1;
    }
    None
}
