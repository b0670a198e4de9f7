//! One row: which rows it refers to, which row of the pool it takes its other values from, and when it came.

use std::ops::Range;

use super::keys::{Counting, Digit};
use super::links::{Path, Way};
use super::mix::{below, hash, uuid};
use super::numbered::Form;
use super::plan::presence;
use super::spread::Choice;
use super::{Bits, Need, Ordinal, Scale, Source, TableScale};
use crate::row::moments::{birth, later, seconds};
use crate::row::{NOW, Row};
use crate::rule::Goal;
use crate::value::Value;

/// Why a row cannot be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unmade {
    /// All combinations that a key allows the row are taken.
    KeyIsFull(usize),
    /// A link has no row to lead to.
    NoTarget(usize),
    /// No values were found that keep all rules.
    Rules,
}

/// A value of a row that is being made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell {
    Null,
    /// Of a row of a table's pool.
    Of {
        table: usize,
        row: usize,
        column: usize,
    },
    Integer {
        number: i64,
        scale: u32,
    },
    Uuid(u128),
    /// In the text of the draft.
    Text {
        from: usize,
        to: usize,
    },
    Date(i64),
    Time(i64),
    Timestamp(i64),
    Bytes(u128),
    Address(u64),
}

/// A row that is being made; kept from one to the next for its room.
#[derive(Debug, Default)]
pub struct Draft {
    pub(super) cells: Vec<Cell>,
    pub(super) text: String,
    targets: Vec<Option<u64>>,
    /// Places of counted links.
    places: Vec<Option<u64>>,
    needed: Vec<usize>,
}

impl Draft {
    /// The rows that the links lead to, of a row that was just made.
    pub(super) fn targets(&self) -> impl Iterator<Item = Option<u64>> {
        self.targets.iter().copied()
    }
}

impl Scale<'_> {
    /// Makes a row of a table, by its place on disk.
    pub fn make(&self, table: usize, place: u64, draft: &mut Draft) -> Result<(), Unmade> {
        let row = self.tables[table].layout.row_at(place);
        self.compose(table, row, draft)
    }

    /// The number by which a table is asked for rows.
    pub fn number_of(&self, table: &underpin_pg::QualifiedName) -> Option<usize> {
        self.names.get(table).copied()
    }

    /// The values of a row, by its place on disk.
    pub fn row(&self, table: usize, place: u64) -> Result<Row, Unmade> {
        let mut draft = Draft::default();
        self.make(table, place, &mut draft)?;
        Ok(draft.cells.iter().map(|cell| self.value(*cell, &draft.text)).collect())
    }

    pub(super) fn value(&self, cell: Cell, text: &str) -> Value {
        match cell {
            Cell::Null => Value::Null,
            Cell::Of { table, row, column } => self.tables[table].pool[row][column].clone(),
            Cell::Integer { number, scale } => {
                Value::Number(crate::value::Decimal::new(i128::from(number), scale))
            }
            Cell::Uuid(uuid) => Value::Raw(super::mix::uuid_text(uuid)),
            Cell::Text { from, to } => Value::Text(text[from..to].to_owned()),
            Cell::Date(days) => Value::Date(days),
            Cell::Time(seconds) => Value::Time(seconds),
            Cell::Timestamp(seconds) => Value::Timestamp(seconds),
            Cell::Bytes(bytes) => Value::Raw(super::numbered::bytes_text(bytes)),
            Cell::Address(number) => Form::Address.value(number),
        }
    }

    pub(super) fn compose(&self, at: usize, row: u64, draft: &mut Draft) -> Result<(), Unmade> {
        const TRIES: u64 = 24;
        let table = &self.tables[at];
        let mut outcome = Err(Unmade::Rules);
        for attempt in 0..TRIES {
            draft.cells.clear();
            draft.text.clear();
            outcome = self.attempt(at, table, row, attempt, draft);
            match outcome {
                Ok(true) => return Ok(()),
                Ok(false) => {}
                Err(_) => break,
            }
        }
        outcome.and(Err(Unmade::Rules))
    }

    /// Whether the row keeps all rules.
    fn attempt(
        &self,
        at: usize,
        table: &TableScale<'_>,
        row: u64,
        attempt: u64,
        draft: &mut Draft,
    ) -> Result<bool, Unmade> {
        let Some(shape) = table.shape else {
            draft.cells.push(Cell::Uuid(uuid(table.salt, row)));
            return Ok(true);
        };
        if !shape.table.seeds.is_empty() {
            let place = usize::try_from(row).unwrap_or(usize::MAX);
            draft.cells.extend((0..shape.table.columns.len()).map(|column| Cell::Of {
                table: at,
                row: place,
                column,
            }));
            return Ok(true);
        }
        draft.targets.clear();
        draft.targets.resize(table.links.len(), None);
        draft.places.clear();
        draft.places.resize(table.links.len(), None);
        draft.needed.clear();
        if let Some((column, values)) = &table.kinds {
            let turn = row % u64::try_from(values.len()).unwrap_or(1).max(1);
            let turn = usize::try_from(turn).unwrap_or(0);
            draft.needed.extend(table.need(&Need::Equals(*column, values[turn].clone())));
        }
        if table.has_owner {
            draft.targets[0] = Some(table.parents.at(table.spread.parent(row)));
        }
        for counting in &table.countings {
            self.count(at, table, counting, row, draft)?;
        }
        let salt = hash(table.salt, row.wrapping_mul(31).wrapping_add(attempt));
        let mut picked = table.pick(&draft.needed, hash(salt, 1)).ok_or(Unmade::Rules)?;
        for number in 0..table.order.len() {
            let number = table.order[number];
            let link = &table.links[number];
            if draft.targets[number].is_some() {
                continue;
            }
            let is_there = link.is_required
                || presence(shape, link).iter().all(|&it| table.pool[picked][it].is_present());
            if !is_there {
                continue;
            }
            draft.targets[number] = self.target(at, table, number, row, hash(salt, 2), draft);
            if draft.targets[number].is_none() {
                if link.is_required {
                    return Err(Unmade::NoTarget(number));
                }
                // Another row of the pool, which leads nowhere either.
                draft.needed.extend(table.need(&Need::Absent(number)));
                picked =
                    table.pick(&draft.needed, hash(salt, 1)).ok_or(Unmade::NoTarget(number))?;
            }
        }
        self.put(at, table, row, picked, salt, draft);
        Ok(self.keeps_rules(table, draft))
    }

    /// Lets a key count: what it says of links and values that it lists.
    fn count(
        &self,
        at: usize,
        table: &TableScale<'_>,
        counting: &Counting,
        row: u64,
        draft: &mut Draft,
    ) -> Result<(), Unmade> {
        let ordinal = self.ordinal(at, table, counting.by, row);
        let mut rest = ordinal;
        for digit in &counting.digits {
            match digit {
                Digit::Link(link) => {
                    let choice = self.choice(at, table, *link, row, draft);
                    // Each parent begins elsewhere, so that not all choose the first.
                    let from = match counting.by {
                        Ordinal::Sibling => hash(table.salt, draft.targets[0].unwrap_or(0)),
                        Ordinal::Below(_) | Ordinal::Place | Ordinal::Row => 0,
                    };
                    if choice.count > 0 {
                        let place = (from % choice.count + rest % choice.count) % choice.count;
                        draft.places[*link] = Some(choice.at(place));
                        rest /= choice.count;
                    }
                }
                Digit::Listed(column, values) => {
                    let count = u64::try_from(values.len()).unwrap_or(1).max(1);
                    let value = &values[usize::try_from(rest % count).unwrap_or(0)];
                    draft.needed.extend(table.need(&Need::Equals(*column, value.clone())));
                    rest /= count;
                }
            }
        }
        if rest == 0 {
            return Ok(());
        }
        // Only rows that the key does not cover are left.
        let uncovered = table.need(&Need::Uncovered(counting.key));
        let uncovered = uncovered.filter(|&it| table.needs[it].1.iter().any(|word| *word != 0));
        draft.needed.push(uncovered.ok_or(Unmade::KeyIsFull(counting.key))?);
        Ok(())
    }

    fn ordinal(&self, at: usize, table: &TableScale<'_>, by: Ordinal, row: u64) -> u64 {
        match by {
            Ordinal::Row => row,
            Ordinal::Place => table.layout.place_of(row),
            Ordinal::Sibling => row - table.spread.first(table.spread.parent(row)),
            Ordinal::Below(steps) => {
                let above = self.up(at, row, steps);
                row - self.below(above.1, at, steps).start
            }
        }
    }

    /// The row so many steps above one, and its table.
    fn up(&self, mut table: usize, mut row: u64, steps: u32) -> (usize, u64) {
        for _ in 0..steps {
            let of = &self.tables[table];
            row = of.parents.at(of.spread.parent(row));
            table = of.links[0].target;
        }
        (table, row)
    }

    /// The rows of a table below an ancestor so many steps up.
    fn below(&self, ancestor: u64, table: usize, steps: u32) -> Range<u64> {
        if steps == 0 {
            return ancestor..ancestor + 1;
        }
        let of = &self.tables[table];
        let above = self.below(ancestor, of.links[0].target, steps - 1);
        let first = |parent: u64| of.spread.first(of.parents.before(parent));
        first(above.start)..first(above.end)
    }

    /// The row that a path leads to.
    fn follow(&self, at: usize, path: Path, row: u64, draft: &Draft) -> Option<u64> {
        let (table, from) = match path.via {
            None => (at, row),
            Some(link) => (self.tables[at].links[link].target, draft.targets[link]?),
        };
        Some(self.up(table, from, path.steps).1)
    }

    /// The rows that a link may lead to.
    fn choice(
        &self,
        at: usize,
        table: &TableScale<'_>,
        link: usize,
        row: u64,
        draft: &Draft,
    ) -> Choice {
        let link = &table.links[link];
        let range = match link.scope {
            None => 0..self.tables[link.target].rows,
            Some(scope) => match self.follow(at, scope.path, row, draft) {
                Some(anchor) => self.below(anchor, link.target, scope.above),
                None => 0..0,
            },
        };
        Choice::new(&range, link.turn.0, link.turn.1)
    }

    fn target(
        &self,
        at: usize,
        table: &TableScale<'_>,
        number: usize,
        row: u64,
        salt: u64,
        draft: &Draft,
    ) -> Option<u64> {
        let link = &table.links[number];
        let salt = hash(salt, u64::try_from(number).unwrap_or(0));
        match link.way {
            Way::Parent => Some(table.parents.at(table.spread.parent(row))),
            Way::Nowhere => None,
            Way::Known(path) => self.follow(at, path, row, draft),
            Way::Counted if draft.places[number].is_some() => draft.places[number],
            Way::Counted | Way::Drawn => {
                let choice = self.choice(at, table, number, row, draft);
                (choice.count > 0).then(|| choice.skewed(salt))
            }
            Way::Earlier => {
                let range = match link.scope {
                    None => 0..row,
                    Some(scope) => {
                        let anchor = self.follow(at, scope.path, row, draft)?;
                        self.below(anchor, link.target, scope.above).start..row
                    }
                };
                // A tree of some depth: rather one of the later.
                let count = range.end.saturating_sub(range.start);
                (count > 0).then(|| range.start + below(salt, count))
            }
        }
    }

    fn put(
        &self,
        at: usize,
        table: &TableScale<'_>,
        row: u64,
        picked: usize,
        salt: u64,
        draft: &mut Draft,
    ) {
        let moved = table.moved(row, picked);
        for column in 0..table.sources.len() {
            let pooled = &table.pool[picked][column];
            let cell = match &table.sources[column] {
                Source::Computed => Cell::Null,
                Source::Linked { link, column: there } => match draft.targets[*link] {
                    Some(target) => self.cell(table.links[*link].target, target, *there, draft),
                    None => Cell::Null,
                },
                _ if !pooled.is_present() => Cell::Null,
                Source::Pooled => Cell::Of { table: at, row: picked, column },
                Source::Numbered { .. } | Source::Span { .. } => {
                    self.own(at, table, row, column, picked, &mut draft.text)
                }
                Source::Meant(meaning) => {
                    let from = draft.text.len();
                    let salt = hash(salt, u64::try_from(column).unwrap_or(0));
                    meaning.write(salt, None, &mut draft.text);
                    Cell::Text { from, to: draft.text.len() }
                }
                Source::Moment => match later(pooled, moved + self.shift) {
                    Value::Date(days) => Cell::Date(days),
                    Value::Timestamp(seconds) => Cell::Timestamp(seconds),
                    _ => Cell::Of { table: at, row: picked, column },
                },
            };
            draft.cells.push(cell);
        }
        // What a column refers by, in part, is there only where all of it is.
        for (number, link) in table.links.iter().enumerate() {
            if draft.targets[number].is_none() && !link.is_required {
                if let Some(shape) = table.shape {
                    for column in presence(shape, link) {
                        draft.cells[column] = Cell::Null;
                    }
                }
            }
        }
    }

    /// The value of a column of another row.
    fn cell(&self, at: usize, row: u64, column: usize, draft: &mut Draft) -> Cell {
        let table = &self.tables[at];
        match &table.sources[column] {
            Source::Numbered { .. } => self.own(at, table, row, column, 0, &mut draft.text),
            Source::Linked { link, column: there } if table.has_owner && *link == 0 => {
                let parent = table.parents.at(table.spread.parent(row));
                self.cell(table.links[0].target, parent, *there, draft)
            }
            _ => {
                let mut other = Draft::default();
                if self.compose(at, row, &mut other).is_err() {
                    return Cell::Null;
                }
                match other.cells[column] {
                    Cell::Text { from, to } => {
                        let start = draft.text.len();
                        draft.text.push_str(&other.text[from..to]);
                        Cell::Text { from: start, to: draft.text.len() }
                    }
                    cell => cell,
                }
            }
        }
    }

    /// A value that carries a number.
    fn own(
        &self,
        at: usize,
        table: &TableScale<'_>,
        row: u64,
        column: usize,
        picked: usize,
        text: &mut String,
    ) -> Cell {
        match &table.sources[column] {
            Source::Numbered { form, by } => {
                let number = self.ordinal(at, table, *by, row);
                let count = i64::try_from(number).unwrap_or(i64::MAX);
                match form {
                    Form::Count { from, scale } => {
                        Cell::Integer { number: from + count, scale: *scale }
                    }
                    Form::Uuid(salt) => Cell::Uuid(uuid(*salt, number)),
                    Form::Day { from, step } => {
                        Cell::Date(from + count * step + self.shift / 86_400)
                    }
                    Form::Moment { from, step } => {
                        Cell::Timestamp(from + count * step + self.shift)
                    }
                    Form::Bytes(salt) => Cell::Bytes(uuid(*salt, number)),
                    Form::Address => Cell::Address(number),
                    Form::Meant(_) | Form::Digits { .. } | Form::Pattern(_) => {
                        let from = text.len();
                        form.write(number, text);
                        Cell::Text { from, to: text.len() }
                    }
                }
            }
            Source::Span { apart, by } => {
                let Some(shape) = table.shape else { return Cell::Null };
                let number = i64::try_from(self.ordinal(at, table, *by, row)).unwrap_or(i64::MAX);
                let apart = &shape.aparts[*apart];
                let value = |number: i64, column: usize| {
                    let span = apart.span(shape.table, number);
                    span.into_iter().find(|it| it.0 == column).map_or(Value::Null, |it| it.1)
                };
                if Some(column) == apart.day {
                    return plain(&later(&value(number, column), self.shift));
                }
                // As long as in the pool's row, and as much later as its turn is.
                let (then, now) = (value(0, apart.from), value(number, apart.from));
                let own = &table.pool[picked][column];
                match (&then, &now, own) {
                    (Value::Timestamp(then), Value::Timestamp(now), Value::Timestamp(own)) => {
                        Cell::Timestamp(own + now - then + self.shift)
                    }
                    (Value::Date(then), Value::Date(now), Value::Date(own)) => {
                        Cell::Date(own + now - then + self.shift / 86_400)
                    }
                    (Value::Time(then), Value::Time(now), Value::Time(own)) => {
                        Cell::Time(own + now - then)
                    }
                    _ => plain(&value(number, column)),
                }
            }
            Source::Computed
            | Source::Linked { .. }
            | Source::Moment
            | Source::Meant(_)
            | Source::Pooled => Cell::Null,
        }
    }

    fn keeps_rules(&self, table: &TableScale<'_>, draft: &Draft) -> bool {
        if table.judged.is_empty() {
            return true;
        }
        let mut row: Row = vec![Value::Null; draft.cells.len()];
        table.judged.iter().all(|(rule, columns)| {
            for &column in columns {
                row[column] = self.value(draft.cells[column], &draft.text);
            }
            Goal { rule, kept: true }.is_met(&row)
        })
    }
}

fn plain(value: &Value) -> Cell {
    match value {
        Value::Date(days) => Cell::Date(*days),
        Value::Time(seconds) => Cell::Time(*seconds),
        Value::Timestamp(seconds) => Cell::Timestamp(*seconds),
        Value::Number(number) => Cell::Integer { number: number.floor(), scale: 0 },
        _ => Cell::Null,
    }
}

impl TableScale<'_> {
    fn need(&self, need: &Need) -> Option<usize> {
        self.needs.iter().position(|(it, _)| it == need)
    }

    /// A row of the pool that is as needed.
    fn pick(&self, needed: &[usize], hash: u64) -> Option<usize> {
        let length = self.pool.len();
        if needed.is_empty() {
            let place = below(hash, u64::try_from(length).unwrap_or(u64::MAX));
            return usize::try_from(place).ok().filter(|&it| it < length);
        }
        let word = |at: usize| -> u64 {
            needed.iter().fold(u64::MAX, |word, &need| {
                let bits: &Bits = &self.needs[need].1;
                word & bits[at]
            })
        };
        let words = length.div_ceil(64);
        let count: u32 = (0..words).map(|at| word(at).count_ones()).sum();
        let mut left = below(hash, u64::from(count));
        for at in 0..words {
            let mut bits = word(at);
            let ones = u64::from(bits.count_ones());
            if left >= ones {
                left -= ones;
                continue;
            }
            for _ in 0..left {
                bits &= bits - 1;
            }
            return usize::try_from(bits.trailing_zeros()).ok().map(|bit| at * 64 + bit);
        }
        None
    }

    /// How much later the moments of a row are than those of the pool's row. The last rows are the most recent, and
    /// there are the more of them the later it is.
    fn moved(&self, row: u64, picked: usize) -> i64 {
        const DAY: i64 = 86_400;
        const FINE: u64 = 1 << 30;
        let pooled = &self.pool[picked];
        let Some(birth) = birth(&self.moments, pooled) else { return 0 };
        let last =
            self.moments.iter().filter_map(|&at| seconds(&pooled[at])).max().unwrap_or(birth);
        let place = self.layout.place_of(row);
        let part =
            u128::from(place) * u128::from(FINE) * u128::from(FINE) / u128::from(self.rows.max(1));
        let root = i128::try_from(part.isqrt()).unwrap_or(0);
        let (from, length) = self.band;
        let into = i128::from(length) * root / i128::from(FINE);
        let begins = from + i64::try_from(into).unwrap_or(0);
        // Nothing happens after the fixed moment, unless the pool's row says so.
        let end = NOW.max(from + length);
        let latest = if last < NOW { end - 1 - (last - birth) } else { i64::MAX };
        let mut moved = begins.min(latest) - birth;
        let has_days = self.moments.iter().any(|&at| matches!(pooled[at], Value::Date(_)));
        if has_days {
            moved = moved.div_euclid(DAY) * DAY;
        }
        moved
    }
}
