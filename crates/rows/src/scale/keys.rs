//! How each key of a table is kept: a column that carries a number, or combinations that are counted through.

use std::collections::BTreeMap;

use underpin_pg::Type;

use super::links::{LinkPlans, Way};
use super::{Ordinal, Source};
use crate::row::{KeyShape, Shape, is_text};
use crate::value::Value;

/// Combinations of what a key is made of, counted through by one number.
#[derive(Debug, Clone)]
pub(super) struct Counting {
    pub(super) key: usize,
    pub(super) by: Ordinal,
    pub(super) digits: Vec<Digit>,
}

/// A digit of such a number.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Digit {
    /// The row that a link leads to.
    Link(usize),
    /// One of the values listed for a column.
    Listed(usize, Vec<Value>),
}

/// What keeps the keys of a table.
#[derive(Debug, Default)]
pub(super) struct KeyPlan {
    /// The columns that carry a number, and of what.
    pub(super) numbered: BTreeMap<usize, Ordinal>,
    pub(super) countings: Vec<Counting>,
}

/// Decides it, and which links are counted.
pub(super) fn plan(plans: &mut LinkPlans<'_>, table: usize, shape: &Shape<'_>) -> KeyPlan {
    let mut found = KeyPlan::default();
    let mut keys: Vec<usize> = (0..shape.keys.len()).collect();
    // What is told by fewer columns is told by more as well.
    keys.sort_by_key(|&at| (shape.keys[at].columns.len(), at));
    for at in keys {
        let key = &shape.keys[at];
        let parts = Parts::of(plans, table, &key.columns);
        let numbers: Vec<usize> =
            parts.own.iter().copied().filter(|&column| is_numberable(shape, column)).collect();
        let before = numbers.iter().copied().find(|column| found.numbered.contains_key(column));
        if let Some(column) = before.or_else(|| best_number(shape, &numbers)) {
            let by = parts.by.for_type(&shape.table.columns[column].data_type);
            let known = found.numbered.entry(column).or_insert(by);
            *known = (*known).max(by);
            continue;
        }
        let mut digits: Vec<Digit> = parts.links.iter().map(|&link| Digit::Link(link)).collect();
        digits.extend(parts.own.iter().filter_map(|&column| {
            let listed = values(shape, column);
            (!listed.is_empty()).then_some(Digit::Listed(column, listed))
        }));
        if is_counted(&found, plans, table, &parts, key) {
            continue;
        }
        for &link in &parts.links {
            let way = &mut plans.plans[table].links[link].way;
            if matches!(way, Way::Drawn | Way::Earlier) {
                *way = Way::Counted;
            }
        }
        found.countings.push(Counting { key: at, by: parts.by, digits });
    }
    found
}

/// Whether a link of the key is told apart by a key over that link alone.
fn is_counted(
    found: &KeyPlan,
    plans: &LinkPlans<'_>,
    table: usize,
    parts: &Parts,
    key: &KeyShape,
) -> bool {
    found.countings.iter().any(|counting| {
        let Some(before) = plans.shapes[table].map(|shape| &shape.keys[counting.key]) else {
            return false;
        };
        let is_within = before.columns.iter().all(|at| key.columns.contains(at));
        let is_link = |digit: &Digit| match digit {
            Digit::Link(link) => parts.links.contains(link),
            Digit::Listed(..) => true,
        };
        !before.is_partial && is_within && counting.digits.iter().all(is_link)
    })
}

/// What the columns of a key are.
#[derive(Debug)]
struct Parts {
    by: Ordinal,
    /// The links whose rows they tell, but for that to the parent.
    links: Vec<usize>,
    /// Columns that belong to no link.
    own: Vec<usize>,
}

impl Parts {
    fn of(plans: &LinkPlans<'_>, table: usize, columns: &[usize]) -> Self {
        let plan = &plans.plans[table];
        let mut parts = Self { by: Ordinal::Row, links: Vec::new(), own: Vec::new() };
        for &column in columns {
            let Some(Source::Linked { link, column: there }) = plan.sources.get(&column) else {
                parts.own.push(column);
                continue;
            };
            let (steps, ..) = plans.climb(plan.links[*link].target, *there);
            let is_parent = plan.has_owner && *link == 0;
            match (is_parent, steps) {
                (true, 0) => parts.by = Ordinal::Sibling,
                (true, steps) => parts.by = parts.by.min(Ordinal::Below(steps + 1)),
                (false, 0) => {
                    if !parts.links.contains(link) {
                        parts.links.push(*link);
                    }
                }
                (false, _) => {}
            }
        }
        parts
    }
}

/// What counts the spans of rows that share these columns.
pub(super) fn of_columns(plans: &LinkPlans<'_>, table: usize, columns: &[usize]) -> Ordinal {
    let parts = Parts::of(plans, table, columns);
    // Who shares only a row that was drawn is not counted by it.
    if columns.is_empty() || (parts.by == Ordinal::Row && !parts.links.is_empty()) {
        Ordinal::Row
    } else {
        parts.by
    }
}

impl Ordinal {
    /// Numbers that people read are small; others are counted through for all rows.
    fn for_type(self, data_type: &Type) -> Self {
        let is_small = matches!(
            data_type,
            Type::SmallInt
                | Type::Integer
                | Type::BigInt
                | Type::Date
                | Type::TimestampTz
                | Type::Numeric(_)
        );
        match self {
            Self::Row if is_small => Self::Place,
            it if is_small => it,
            _ => Self::Row,
        }
    }
}

fn is_numberable(shape: &Shape<'_>, column: usize) -> bool {
    let definition = &shape.table.columns[column];
    let has_numbers = match &definition.data_type {
        Type::SmallInt
        | Type::Integer
        | Type::BigInt
        | Type::Numeric(_)
        | Type::DoublePrecision
        | Type::Date
        | Type::TimestampTz
        | Type::Uuid
        | Type::Bytea
        | Type::Inet => true,
        data_type => is_text(data_type),
    };
    has_numbers
        && !shape.is_computed(column)
        && shape.machine(column).is_none()
        && shape.listed(column).is_empty()
        && !shape.aparts.iter().any(|it| column == it.from || column == it.to)
}

/// The column to carry the number: rather a number or a text than a time.
fn best_number(shape: &Shape<'_>, columns: &[usize]) -> Option<usize> {
    columns.iter().copied().min_by_key(|&column| {
        let definition = &shape.table.columns[column];
        let rank = match &definition.data_type {
            Type::Uuid => 0,
            Type::SmallInt | Type::Integer | Type::BigInt => 1,
            Type::Date => 3,
            Type::TimestampTz => 4,
            _ => 2,
        };
        (!definition.not_null, rank, column)
    })
}

/// The few values that a column can have.
pub(super) fn values(shape: &Shape<'_>, column: usize) -> Vec<Value> {
    if shape.is_computed(column) {
        return Vec::new();
    }
    match shape.table.columns[column].data_type {
        Type::Boolean => vec![Value::Boolean(true), Value::Boolean(false)],
        _ => shape.listed(column),
    }
}
