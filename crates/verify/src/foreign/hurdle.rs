//! Rows that a trigger refuses: what it may look at is changed piece by piece, in the row itself, in what it belongs to and
//! in what that belongs to, until it lets the row in. A trigger that asks for several things refuses at another line of its
//! code once the first is there.

use std::collections::BTreeSet;

use underpin_model::FieldKind;
use underpin_pg::{QualifiedName, TriggerTiming, Type};
use underpin_server::{ServerError, SessionError};

use super::arena::{Arena, Came};
use super::attack::{Object, is_raised};
use super::life::{birth_state, path};
use super::mapping::attribute;
use super::world::{Want, World};
use crate::rule::truth;
use crate::value::{Decimal, Value};

/// More things than a trigger asks for at a time.
const MOST: usize = 5;
/// More pairs of things take too long to be tried.
const MOST_PAIRS: usize = 40;
/// How many references away an owner is that a trigger looks at.
const FARTHEST: usize = 3;
/// Days of 1970 between which moments lie: the beginning of 2000 and of 2100.
const EARLIEST: i64 = 10_957;
const LATEST: i64 = 47_482;
/// The seconds of a day.
const DAY: i64 = 86_400;

/// Where a row was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Hurdle {
    /// In these functions, each at a line, the outermost first.
    Code(Vec<(String, u32)>),
    /// By a condition of the table's own.
    Condition(String),
    /// Elsewhere: what it belongs to could not be made.
    Elsewhere,
}

impl Hurdle {
    fn of(table: &QualifiedName, error: &ServerError) -> Self {
        let calls = error.context.as_deref().map(calls).unwrap_or_default();
        let is_own = error.table.as_deref().is_none_or(|name| name == table.name.as_str());
        match &error.constraint {
            Some(name)
                if is_own
                    && error.sqlstate == "23514"
                    && error.table.is_some()
                    && !is_raised(error) =>
            {
                Self::Condition(name.clone())
            }
            _ if !calls.is_empty() => Self::Code(calls),
            Some(_) | None => Self::Elsewhere,
        }
    }

    /// Whether a row came further than to another hurdle.
    fn is_behind(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Elsewhere, _) => false,
            (_, Self::Elsewhere) | (Self::Condition(_), Self::Code(_)) => true,
            (Self::Condition(one), Self::Condition(other)) => one != other,
            (Self::Code(_), Self::Condition(_)) => false,
            (Self::Code(here), Self::Code(there)) => {
                let mut pairs = here.iter().zip(there);
                match pairs.find(|(here, there)| here != there) {
                    Some(((one, line), (other, before))) => one != other || line > before,
                    None => here.len() != there.len(),
                }
            }
        }
    }
}

/// The functions of a server's context, the outermost first: `PL/pgSQL function f() line 3 at RAISE`.
fn calls(context: &str) -> Vec<(String, u32)> {
    let call = |line: &str| {
        let (function, at) = line.strip_prefix("PL/pgSQL function ")?.split_once(" line ")?;
        let number = at.split(' ').next()?.parse().ok()?;
        Some((function.to_owned(), number))
    };
    context.split('\n').rev().filter_map(call).collect()
}

/// Something that may make a trigger content.
#[derive(Debug, Clone)]
pub(super) enum Move {
    /// A column of our own design has a value.
    Value(QualifiedName, usize, Value),
    /// An owner is taken to a state.
    State(QualifiedName, usize, String),
    /// What owners may leave out is given, and these columns of the row have the least amount: a trigger may hold the one
    /// against the other.
    Modest(Vec<QualifiedName>, QualifiedName, Vec<usize>),
    /// What lies between two columns of our own design is as long as can be: a trigger may want a moment to lie there.
    Span(QualifiedName, [(usize, Value); 2]),
}

/// What a move is about.
type Place = (&'static str, QualifiedName, usize);

/// What came of two moves at once.
enum Two {
    LetIn,
    Further(Vec<Place>, Vec<Undo>, Hurdle),
    Nowhere,
}

/// How it was before a move.
pub(super) enum Undo {
    Value(QualifiedName, usize, Option<Value>),
    State(QualifiedName, Option<(usize, String)>),
    Modest(Vec<QualifiedName>, QualifiedName, Vec<usize>),
    Span(Vec<(QualifiedName, usize, Option<Value>)>),
}

impl Arena<'_> {
    /// Whether the code that refused runs before a row's conditions are looked at: a row that is refused there has not
    /// come as far as to them.
    pub(super) fn is_met_before(&self, table: &QualifiedName, error: &ServerError) -> bool {
        let calls = error.context.as_deref().map(calls).unwrap_or_default();
        let Some((outermost, _)) = calls.first() else { return false };
        let name = outermost.split('(').next().and_then(|it| it.rsplit('.').next());
        self.sides.ground.schema.triggers_of(table).any(|trigger| {
            trigger.timing == TriggerTiming::Before && Some(trigger.function.name.as_str()) == name
        })
    }

    /// Finds with what a trigger that refused lets a row in; `false` where nothing was found.
    pub(super) fn appease(&mut self, table: &QualifiedName) -> Result<bool, SessionError> {
        let Some(mut hurdle) = self.hurdle(table)? else { return Ok(true) };
        let mut seen = vec![hurdle.clone()];
        let mut done = Vec::new();
        let mut moved = Vec::new();
        while seen.len() <= MOST {
            let mut next = None;
            for it in self.moves(table)? {
                if moved.contains(&it.place()) {
                    continue;
                }
                let undo = self.take(table, &it);
                match self.hurdle_each_time(table)? {
                    // Conditions of the table's own come after its triggers, and are met in their own way.
                    None | Some(Hurdle::Condition(_)) => return Ok(true),
                    Some(now) if now.is_behind(&hurdle) && !seen.contains(&now) => {
                        next = Some((it, undo, now));
                        break;
                    }
                    Some(_) => self.undo(table, undo),
                }
            }
            let (places, undos, now) = match next {
                Some((it, undo, now)) => (vec![it.place()], vec![undo], now),
                None => match self.take_two(table, &hurdle, &moved)? {
                    Two::LetIn => return Ok(true),
                    Two::Further(places, undos, now) => (places, undos, now),
                    Two::Nowhere => break,
                },
            };
            if seen.contains(&now) {
                done.extend(undos);
                break;
            }
            moved.extend(places);
            done.extend(undos);
            seen.push(now.clone());
            hurdle = now;
        }
        for undo in done.into_iter().rev() {
            self.undo(table, undo);
        }
        Ok(false)
    }

    /// Takes an owner to a state with another value of its own: a trigger may ask for both in one breath, such as for a
    /// finished inspection.
    fn take_two(
        &mut self,
        table: &QualifiedName,
        hurdle: &Hurdle,
        moved: &[Place],
    ) -> Result<Two, SessionError> {
        let all: Vec<Move> = self.moves(table)?;
        let all: Vec<Move> = all.into_iter().filter(|it| !moved.contains(&it.place())).collect();
        let mut pairs = Vec::new();
        for state in &all {
            let Move::State(owner, _, _) = state else { continue };
            let Some(ours) = self.mapping.ours(owner) else { continue };
            let own = all.iter().filter(|it| match it {
                Move::Value(of, _, value) => {
                    of == ours && matches!(value, Value::Text(_) | Value::Boolean(_))
                }
                Move::State(..) | Move::Modest(..) | Move::Span(..) => false,
            });
            pairs.extend(own.map(|value| (value.clone(), state.clone())));
        }
        for (value, state) in pairs.into_iter().take(MOST_PAIRS) {
            let undos = vec![self.take(table, &value), self.take(table, &state)];
            match self.hurdle_each_time(table)? {
                None | Some(Hurdle::Condition(_)) => return Ok(Two::LetIn),
                Some(now) if now.is_behind(hurdle) => {
                    return Ok(Two::Further(vec![value.place(), state.place()], undos, now));
                }
                Some(_) => {
                    for undo in undos.into_iter().rev() {
                        self.undo(table, undo);
                    }
                }
            }
        }
        Ok(Two::Nowhere)
    }

    /// Where a row is refused; nothing where it is let in.
    fn hurdle(&mut self, table: &QualifiedName) -> Result<Option<Hurdle>, SessionError> {
        self.within(|arena| {
            let came = arena.write(table, &Want::default(), &mut World::default(), 0)?;
            Ok(match came {
                Ok(Came::Row(_)) => None,
                Ok(Came::Refused(error)) => Some(Hurdle::of(table, &error)),
                Ok(Came::Nothing) | Err(_) => Some(Hurdle::Elsewhere),
            })
        })
    }

    /// Likewise of several rows, since one may be let in by chance.
    fn hurdle_each_time(&mut self, table: &QualifiedName) -> Result<Option<Hurdle>, SessionError> {
        const ROWS: usize = 3;
        for _ in 0..ROWS {
            let hurdle = self.hurdle(table)?;
            if hurdle.is_some() {
                return Ok(hurdle);
            }
        }
        Ok(None)
    }

    /// What can be done, the nearest first.
    fn moves(&mut self, table: &QualifiedName) -> Result<Vec<Move>, SessionError> {
        let mut moves = Vec::new();
        let ours = self.mapping.ours(table).cloned();
        if let Some(ours) = &ours {
            moves.extend(self.listed_moves(ours));
            moves.extend(self.roomy_moves(table));
            moves.extend(self.modest_moves(table, ours)?);
            moves.extend(self.flag_moves(ours));
        }
        for owner in self.owners(table) {
            let Some(object) = self.object_of(&owner) else { continue };
            moves.extend(self.flag_moves(&object.ours));
            moves.extend(self.state_moves(&object)?);
            moves.extend(self.listed_moves(&object.ours));
            moves.extend(span_moves(&object));
        }
        Ok(moves)
    }

    /// The tables that a row refers to, and those that they refer to, the nearest first.
    pub(super) fn owners(&self, table: &QualifiedName) -> Vec<QualifiedName> {
        let mut found = vec![table.clone()];
        let mut from = 0;
        for _ in 0..FARTHEST {
            let until = found.len();
            for at in from..until {
                for key in &self.sides.ground.table(&found[at]).foreign_keys {
                    if !found.contains(&key.references) {
                        found.push(key.references.clone());
                    }
                }
            }
            from = until;
        }
        found.remove(0);
        found
    }

    fn listed_moves(&self, ours: &QualifiedName) -> Vec<Move> {
        let lists = self.open_lists(Some(ours));
        let each = |(ours, at, values): (QualifiedName, usize, Vec<String>)| {
            let given = move |value| Move::Value(ours.clone(), at, Value::Text(value));
            values.into_iter().map(given).collect::<Vec<_>>()
        };
        lists.into_iter().flat_map(each).collect()
    }

    fn flag_moves(&self, ours: &QualifiedName) -> Vec<Move> {
        let flags = self.flags(Some(ours)).into_iter();
        flags
            .flat_map(|(ours, at)| {
                [true, false].map(|value| Move::Value(ours.clone(), at, Value::Boolean(value)))
            })
            .collect()
    }

    /// What a row belongs to is given all that may be left out, and then the row itself the least amounts.
    fn modest_moves(
        &mut self,
        table: &QualifiedName,
        ours: &QualifiedName,
    ) -> Result<Vec<Move>, SessionError> {
        let keys = &self.sides.ground.table(table).foreign_keys;
        let owners: BTreeSet<QualifiedName> =
            keys.iter().map(|key| key.references.clone()).filter(|it| it != table).collect();
        let mut filled = Vec::new();
        for owner in owners {
            let Some(learned) = self.learned.get_mut(&owner).filter(|it| !it.full) else {
                continue;
            };
            learned.full = true;
            if self.hurdle(&owner)?.is_none() {
                filled.push(owner.clone());
            }
            if let Some(learned) = self.learned.get_mut(&owner) {
                learned.full = false;
            }
        }
        let shape = &self.sides.shapes[ours];
        let amounts: Vec<usize> = (0..shape.table.columns.len())
            .filter(|&at| {
                matches!(shape.table.columns[at].data_type, Type::Numeric(_))
                    && !shape.is_in_link(at)
                    && !shape.is_in_key(at)
                    && self.planner.fresh.advised(ours, at).is_none()
            })
            .filter(|&at| {
                let mut row = vec![Value::Null; shape.table.columns.len()];
                row[at] = Value::Number(Decimal::from(1));
                let mut terms = shape.rules.iter().filter_map(|rule| rule.term.as_ref());
                !terms.any(|term| truth(term, &row) == Some(false))
            })
            .collect();
        let mut moves = Vec::new();
        if !filled.is_empty() {
            moves.push(Move::Modest(filled.clone(), ours.clone(), Vec::new()));
        }
        if !amounts.is_empty() {
            moves.push(Move::Modest(filled, ours.clone(), amounts));
        }
        Ok(moves)
    }

    /// The later states of an owner, the nearest first.
    fn state_moves(&mut self, object: &Object<'_>) -> Result<Vec<Move>, SessionError> {
        let mut moves = Vec::new();
        for machine in &object.shape.machines {
            let state = machine.column;
            let Some(born) = birth_state(object, state) else { continue };
            let Some(road) = self.road(object, state)? else { continue };
            let mut later: Vec<(usize, &String)> = road
                .states
                .iter()
                .filter(|it| **it != born)
                .filter_map(|it| Some((path(&road, &born, it)?.len(), it)))
                .collect();
            later.sort_by_key(|(steps, _)| *steps);
            let owner = &object.table.name;
            moves.extend(
                later.iter().map(|(_, to)| Move::State(owner.clone(), state, (*to).clone())),
            );
        }
        Ok(moves)
    }

    pub(super) fn take(&mut self, table: &QualifiedName, it: &Move) -> Undo {
        match it.clone() {
            Move::Value(ours, at, value) => {
                let before = self.planner.fresh.advised(&ours, at).cloned();
                self.planner.fresh.advise(&ours, at, value);
                Undo::Value(ours, at, before)
            }
            Move::State(owner, state, to) => {
                let learned = self.learned.entry(table.clone()).or_default();
                Undo::State(owner.clone(), learned.owners.insert(owner, (state, to)))
            }
            Move::Span(ours, ends) => Undo::Span(
                ends.into_iter()
                    .map(|(at, value)| {
                        let before = self.planner.fresh.advised(&ours, at).cloned();
                        self.planner.fresh.advise(&ours, at, value);
                        (ours.clone(), at, before)
                    })
                    .collect(),
            ),
            Move::Modest(owners, ours, amounts) => {
                for owner in &owners {
                    self.learned.entry(owner.clone()).or_default().full = true;
                }
                for &at in &amounts {
                    self.planner.fresh.advise(&ours, at, Value::Number(Decimal::from(1)));
                }
                Undo::Modest(owners, ours, amounts)
            }
        }
    }

    pub(super) fn undo(&mut self, table: &QualifiedName, undo: Undo) {
        match undo {
            Undo::Value(ours, at, before) => self.advise_again(&ours, at, before),
            Undo::Span(ends) => {
                for (ours, at, before) in ends {
                    self.advise_again(&ours, at, before);
                }
            }
            Undo::State(owner, before) => {
                let owners = &mut self.learned.entry(table.clone()).or_default().owners;
                match before {
                    Some(before) => owners.insert(owner, before),
                    None => owners.remove(&owner),
                };
            }
            Undo::Modest(owners, ours, amounts) => {
                for owner in &owners {
                    self.learned.entry(owner.clone()).or_default().full = false;
                }
                for &at in &amounts {
                    self.planner.fresh.forget(&ours, at);
                }
            }
        }
    }

    fn advise_again(&mut self, ours: &QualifiedName, at: usize, before: Option<Value>) {
        match before {
            Some(value) => self.planner.fresh.advise(ours, at, value),
            None => self.planner.fresh.forget(ours, at),
        }
    }

    /// The columns of flags, of one of our own tables or of all.
    pub(super) fn flags(&self, of: Option<&QualifiedName>) -> Vec<(QualifiedName, usize)> {
        let homes = self.mapping.homes.keys().filter(|ours| of.is_none_or(|of| of == *ours));
        let is_flag = |(ours, at): &(QualifiedName, usize)| {
            let kind = attribute(self.sides, ours, *at).map(|it| &it.kind);
            matches!(kind, Some(FieldKind::Boolean))
        };
        homes
            .flat_map(|ours| {
                let count = self.sides.shapes[ours].table.columns.len();
                (0..count).map(|at| (ours.clone(), at))
            })
            .filter(is_flag)
            .collect()
    }
}

impl Move {
    /// What it is about: of two moves about one thing, the second would take the first back.
    fn place(&self) -> Place {
        match self {
            Self::Value(ours, at, _) => ("value", ours.clone(), *at),
            Self::State(owner, state, _) => ("state", owner.clone(), *state),
            Self::Span(ours, [(at, _), _]) => ("span", ours.clone(), *at),
            Self::Modest(_, ours, amounts) => ("modest", ours.clone(), amounts.len()),
        }
    }
}

/// For each two moments that a condition holds against each other, all that can lie between them.
fn span_moves(object: &Object<'_>) -> Vec<Move> {
    let shape = object.shape;
    let ends = |at: usize| {
        let kind = &shape.table.columns[at].data_type;
        let moment = |days: i64| {
            if *kind == Type::Date { Value::Date(days) } else { Value::Timestamp(days * DAY) }
        };
        let has_moments = matches!(kind, Type::Date | Type::TimestampTz);
        has_moments.then(|| [EARLIEST, LATEST].map(moment))
    };
    let mut moves = Vec::new();
    for check in &object.table.checks {
        let read = crate::rule::mentioned(object.table, &check.expression);
        let own = |column: usize| {
            let is_it = |at: &usize| object.place(*at).is_some_and(|it| it.column() == column);
            (0..shape.table.columns.len()).find(is_it)
        };
        let [Some(one), Some(other)] = read[..].iter().map(|&at| own(at)).collect::<Vec<_>>()[..]
        else {
            continue;
        };
        let (Some([first, _]), Some([_, last])) = (ends(one), ends(other)) else { continue };
        let (Some([early, _]), Some([_, late])) = (ends(other), ends(one)) else { continue };
        moves.push(Move::Span(object.ours.clone(), [(one, first), (other, last)]));
        moves.push(Move::Span(object.ours.clone(), [(other, early), (one, late)]));
    }
    moves
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_came_further() {
        let at = |context: &str| Hurdle::Code(calls(context));
        let first = at("PL/pgSQL function bid_guard() line 4 at RAISE");
        let later = at("PL/pgSQL function bid_guard() line 9 at RAISE");
        let inner = "PL/pgSQL function is_open(integer) line 2 at RAISE\nSQL statement \"SELECT is_open(1)\"\n";
        let inner = at(&format!("{inner}PL/pgSQL function bid_guard() line 6 at PERFORM"));
        assert!(later.is_behind(&first) && !first.is_behind(&later));
        assert!(inner.is_behind(&first) && later.is_behind(&inner));
        assert!(Hurdle::Condition("price_check".into()).is_behind(&later));
        assert!(!Hurdle::Elsewhere.is_behind(&first));
        assert!(!first.is_behind(&first));
    }
}
