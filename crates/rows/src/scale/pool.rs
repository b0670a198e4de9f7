//! Some hundred rows of a table, made slowly so that they keep all rules about one row, from which the many rows
//! take what needs not differ. References are only there or not there in them; where they lead is chosen later.

use underpin_pg::Type;

use super::words::Meaning;
use crate::dice::Dice;
use crate::row::moments;
use crate::row::{Deal, Fresh, Row, Shape, is_text, paths, roomy};
use crate::rule::{Goal, Repair, Term, truth};
use crate::value::{Decimal, Value};

/// What the rows must be like beside keeping all rules.
#[derive(Debug, Default)]
pub(super) struct PoolWish<'a> {
    /// Columns of which each of some values is wanted.
    pub(super) lists: Vec<(usize, Vec<Value>)>,
    /// Conditions that some rows shall not meet.
    pub(super) avoided: Vec<&'a Term>,
    /// Columns that refer to other rows, of keys of other systems too.
    pub(super) links: Vec<usize>,
}

/// As many rows as wanted, fewer or none where no values were found that keep all rules.
pub(super) fn pool(
    shape: &Shape<'_>,
    wish: &PoolWish<'_>,
    count: usize,
    seed: u64,
    advice: &Fresh,
) -> Vec<Row> {
    let mut maker = Maker {
        shape,
        wish,
        dice: Dice::new(seed, shape.table.name.name.as_str()),
        fresh: Fresh::advised_by(advice),
    };
    let deal = Deal::new(shape, count, &mut maker.dice);
    let mut rows = Vec::with_capacity(count);
    for number in 0..count {
        // One in four stays clear of what only some rows may be.
        let clear = !wish.avoided.is_empty() && number % 4 == 3;
        let row = maker.row(number, clear, &deal).or_else(|| maker.row(number, false, &deal));
        rows.extend(row);
        if rows.is_empty() && number > 20 {
            break;
        }
    }
    rows
}

struct Maker<'a> {
    shape: &'a Shape<'a>,
    wish: &'a PoolWish<'a>,
    dice: Dice,
    fresh: Fresh,
}

impl Maker<'_> {
    fn row(&mut self, number: usize, clear: bool, deal: &Deal) -> Option<Row> {
        const TRIES: usize = 4;
        let shape = self.shape;
        for _ in 0..TRIES {
            let (mut row, fixed) = self.draft(number, deal);
            let kept = shape.rules.iter().filter_map(|rule| rule.term.as_ref());
            let mut goals: Vec<Goal<'_>> = kept.map(|rule| Goal { rule, kept: true }).collect();
            if clear {
                goals.extend(self.wish.avoided.iter().map(|rule| Goal { rule, kept: false }));
            }
            let (dice, fresh) = (&mut self.dice, &mut self.fresh);
            let mut repair = Repair { shape, fixed: &fixed, filled: &[], dice, fresh };
            if repair.run(&mut row, &goals) {
                moments::settle(shape, &fixed, &mut row, &mut self.dice);
                return Some(row);
            }
        }
        None
    }

    fn draft(&mut self, number: usize, deal: &Deal) -> (Row, Vec<bool>) {
        let shape = self.shape;
        let mut fixed = vec![false; shape.table.columns.len()];
        let mut row: Row = Vec::with_capacity(fixed.len());
        for (at, column) in shape.table.columns.iter().enumerate() {
            let bound = shape.bounds.contains(&at).then(|| roomy(&column.data_type)).flatten();
            let value = if shape.is_computed(at) {
                fixed[at] = true;
                Value::Default
            } else if let Some((_, only)) = shape.only_value(at) {
                fixed[at] = true;
                only
            } else if let Some(listed) = self.listed(at, number) {
                fixed[at] = true;
                listed
            } else if let Some(machine) = shape.machine(at).filter(|it| !it.states.is_empty()) {
                fixed[at] = true;
                // Rows of other tables come to each, so that each has been where they may.
                let lived = shape.lived.iter().find(|(column, _)| *column == at);
                let states = lived.map_or(&machine.states, |(_, states)| states);
                // Most rows are at their end, as in any system that has run for a while.
                let is_end = |state: &&String| machine.followers(state).is_empty();
                let ends: Vec<&String> = states.iter().filter(is_end).collect();
                let state = if !ends.is_empty() && self.dice.percent(70) {
                    (*self.dice.pick(&ends)).clone()
                } else {
                    self.dice.pick(states).clone()
                };
                Value::Text(state)
            } else if let Some(bound) = bound {
                bound
            } else if column.not_null || self.dice.percent(presence(&column.data_type)) {
                fixed[at] = column.not_null && self.wish.links.contains(&at);
                self.value(at)
            } else {
                Value::Null
            };
            row.push(value);
        }
        let mut dice = self.dice.clone();
        deal.put(shape, number, &mut row, &mut fixed, &mut |column| self.value(column), &mut dice);
        self.date_states(&mut row, &fixed);
        for apart in &shape.aparts {
            for (column, value) in apart.span(shape.table, 0) {
                // A rule may state how long a row lasts.
                fixed[column] |= column != apart.to;
                row[column] = value;
            }
        }
        (row, fixed)
    }

    /// What is called after a state, as `paid_at`, is there where the row has come through it. Rules may say
    /// otherwise.
    fn date_states(&mut self, row: &mut Row, fixed: &[bool]) {
        let shape = self.shape;
        for machine in &shape.machines {
            let Some(state) = row[machine.column].text() else { continue };
            let ways = paths(machine.design);
            let way = ways.get(&state);
            for (column, of) in moments::of_states(shape, machine.design) {
                if fixed[column] || shape.table.columns[column].not_null {
                    continue;
                }
                let is_passed = way.is_some_and(|way| way.contains(&of));
                row[column] = if is_passed { self.value(column) } else { Value::Null };
            }
        }
    }

    /// The value of those wanted whose turn it is.
    fn listed(&self, column: usize, number: usize) -> Option<Value> {
        let mut turn = number;
        for (listed, values) in &self.wish.lists {
            if *listed == column {
                return values.get(turn % values.len().max(1)).cloned();
            }
            turn /= values.len().max(1);
        }
        None
    }

    /// A believable value where the rules on the column alone take it, else any that fits.
    fn value(&mut self, column: usize) -> Value {
        let shape = self.shape;
        let definition = &shape.table.columns[column];
        let any = self.fresh.value(shape, column, &mut self.dice);
        if self.fresh.advised(&shape.table.name, column).is_some()
            || self.wish.links.contains(&column)
        {
            return any;
        }
        let name = definition.name.as_str().to_lowercase();
        let believable = match &definition.data_type {
            data_type if is_text(data_type) => {
                let table = shape.table.name.name.as_str();
                let mut text = String::new();
                Meaning::of(table, &name).write(self.dice.below(u64::MAX), None, &mut text);
                Value::Text(text)
            }
            Type::Numeric(size) => self.amount(*size),
            Type::SmallInt | Type::Integer | Type::BigInt if !shape.is_in_key(column) => {
                self.count(&name)
            }
            _ => return any,
        };
        if is_taken(shape, column, &believable) { believable } else { any }
    }

    /// An amount: small ones are more frequent than great ones, and most end in .00, .50, .90 or .99.
    fn amount(&mut self, size: Option<(u16, u16)>) -> Value {
        let (precision, scale) = size.unwrap_or((12, 2));
        let room = 10_i64.pow(u32::from(precision.saturating_sub(scale)).min(4));
        let most = room.min(*self.dice.pick(&[10, 100, 100, 100, 1_000, 1_000, 10_000]));
        let whole = self.dice.between(0, (most - 1).max(1));
        let cents = *self.dice.pick(&[0, 50, 90, 99, 99, 95, 25]);
        let number = Decimal::new(i128::from(whole) * 100 + cents, 2);
        Value::Number(number.cut(u32::from(scale)))
    }

    fn count(&mut self, name: &str) -> Value {
        let has = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
        let (low, high) = if has(&["quantity", "count", "pieces"]) {
            let most = *self.dice.pick(&[1, 1, 1, 2, 3, 10]);
            (1, most)
        } else if has(&["percent"]) {
            (0, 100)
        } else if has(&["year"]) {
            (2005, 2024)
        } else if has(&["age"]) {
            (18, 90)
        } else if has(&["rating", "stars", "score"]) {
            (1, 5)
        } else if has(&["position", "priority", "sort", "level"]) {
            (0, 20)
        } else {
            (1, 1_000)
        };
        Value::integer(self.dice.between(low, high))
    }
}

/// How many in a hundred rows have a value where they need none: times mark rare events more often
/// than not.
fn presence(data_type: &Type) -> u64 {
    match data_type {
        Type::TimestampTz | Type::Date => 15,
        _ => 60,
    }
}

/// Whether no rule on a column alone refuses a value, and it is not too long.
pub(super) fn is_taken(shape: &Shape<'_>, column: usize, value: &Value) -> bool {
    let mut row = vec![Value::Null; shape.table.columns.len()];
    let fits = match (value, shape.longest(column)) {
        (Value::Text(text), Some(longest)) => text.chars().count() <= longest,
        _ => true,
    };
    row[column] = value.clone();
    fits && shape
        .rules
        .iter()
        .filter(|rule| rule.columns == [column])
        .all(|rule| rule.term.as_ref().is_some_and(|term| truth(term, &row) != Some(false)))
}
