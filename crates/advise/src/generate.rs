//! From what a statement needs of a table to the indexes that could serve it.

use std::collections::BTreeSet;

use underpin_pg::Method;

use crate::condition::Fixed;
use crate::facts::{Facts, TableFacts};
use crate::generate_searched::searched;
use crate::needs::{Need, Role};
use crate::options::{Methods, Options};
use crate::spec::{Indexed, KeyPart, Spec};

/// More key columns than this are not permuted freely.
const FREELY_PERMUTED: usize = 4;

/// A fixed condition is worth an index of its own only where its column takes few values: then it is a state that the
/// application knows by name, and not a value that the next call replaces.
const MOST_STATES: f64 = 12.0;

/// And only where few rows are in that state, such as jobs that are pending: else an index of all rows serves more.
const LARGEST_STATE: f64 = 0.15;

/// What is not deleted is most of a table, and yet all that is searched for.
const LARGEST_NULL: f64 = 0.98;

/// A BRIN index serves a range only where the rows lie on disk nearly in its order.
const LEAST_CORRELATION: f64 = 0.9;

/// From so many bytes on, an index that holds a hash of each value is smaller by far than one that holds the values.
const LONG_VALUE: f64 = 80.0;

/// Pages below which a table is read faster than any index of it.
const FEWEST_PAGES: f64 = 2.0;

/// The indexes that could serve a need, each once; the shortest first.
pub(crate) fn candidates(need: &Need, facts: &Facts, options: &Options) -> Vec<Spec> {
    let table = &facts.tables[need.table];
    if table.pages > 0.0 && table.pages < FEWEST_PAGES {
        return Vec::new();
    }
    let sortable = |number: &usize| table.columns[*number].is_sortable;
    let keys: Vec<usize> = need
        .columns
        .iter()
        .filter(|(_, roles)| roles.iter().any(|role| is_key(*role)))
        .map(|(number, _)| *number)
        .filter(sortable)
        .collect();
    let mut found: BTreeSet<(usize, Spec)> = BTreeSet::new();
    let mut add = |spec: Spec| {
        if spec.width() <= options.max_width && !spec.is_there(facts) {
            found.insert((spec.width(), spec));
        }
    };
    if options.methods != Methods::Hypothetical {
        searched(need, facts, &mut add);
    }
    if options.methods == Methods::Made {
        return found.into_iter().map(|(_, spec)| spec).collect();
    }
    for columns in sequences(&keys, need, options.max_width) {
        let spec = Spec::btree(need.table, &columns);
        if !spec.extends_key(facts) {
            add(spec);
        }
    }
    covering(need, &keys, table, options, &mut add);
    orders(need, &keys, &mut add);
    if options.partial {
        partial(need, &keys, table, options, &mut add);
    }
    if options.expressions {
        expressions(need, &keys, &mut add);
    }
    for &number in &keys {
        let column = &table.columns[number];
        if need.columns[&number].contains(&Role::Equal) && column.width >= LONG_VALUE {
            add(Spec { method: Method::Hash, ..Spec::btree(need.table, &[number]) });
        }
        if need.columns[&number].contains(&Role::Range)
            && column.correlation.abs() >= LEAST_CORRELATION
        {
            add(Spec { method: Method::Brin, ..Spec::btree(need.table, &[number]) });
        }
    }
    found.into_iter().map(|(_, spec)| spec).collect()
}

const fn is_key(role: Role) -> bool {
    match role {
        Role::Equal | Role::Join | Role::Range | Role::Order => true,
        Role::Filter | Role::Output => false,
    }
}

/// Orders of up to `width` of the columns: all of them where they are few; else those in which all columns but one are
/// compared with constants or sorted by. What is missing is found as a neighbour of what turns out to be useful.
fn sequences(keys: &[usize], need: &Need, width: usize) -> Vec<Vec<usize>> {
    let is_free = keys.len() <= FREELY_PERMUTED;
    let is_narrowing = |number: usize| {
        let roles = &need.columns[&number];
        roles.contains(&Role::Equal) || roles.contains(&Role::Range)
    };
    let mut all: Vec<Vec<usize>> = keys.iter().map(|&key| vec![key]).collect();
    let mut longest = all.clone();
    // Longer than four, the number of orders grows beyond what any planner can be asked.
    for _ in 2..=width.min(4) {
        let mut next = Vec::new();
        for sequence in &longest {
            for &key in keys.iter().filter(|key| !sequence.contains(key)) {
                let longer = [&sequence[..], &[key]].concat();
                let others = longer.iter().filter(|&&it| !is_narrowing(it)).count();
                if is_free || others <= 1 {
                    next.push(longer);
                }
            }
        }
        all.extend_from_slice(&next);
        longest = next;
    }
    all
}

/// Where all that is needed of the table fits into an index, the table itself need not be visited.
fn covering(
    need: &Need,
    keys: &[usize],
    table: &TableFacts,
    options: &Options,
    add: &mut impl FnMut(Spec),
) {
    let all: Vec<usize> = need.columns.keys().copied().collect();
    if all.len() > options.max_width || need.is_written {
        return;
    }
    let rest = |first: &[usize]| -> Vec<usize> {
        all.iter().copied().filter(|number| !first.contains(number)).collect()
    };
    let mut heads: Vec<Vec<usize>> = sequences(keys, need, all.len().min(3));
    if heads.is_empty() {
        // Nothing is searched for: an index is read from end to end because it is smaller than the table.
        heads.extend(all.iter().find(|&&it| table.columns[it].is_sortable).map(|&it| vec![it]));
    }
    for head in heads {
        let payload = rest(&head);
        if payload.iter().all(|&number| table.columns[number].is_sortable) {
            add(Spec::btree(need.table, &[&head[..], &payload].concat()));
        } else {
            add(Spec { include: payload, ..Spec::btree(need.table, &head) });
        }
    }
}

/// Orders in which some columns ascend and others descend; with all of them descending, an index is read backwards.
fn orders(need: &Need, keys: &[usize], add: &mut impl FnMut(Spec)) {
    for order in &need.orders {
        let is_mixed = order.iter().any(|(_, descending)| *descending != order[0].1);
        if !is_mixed || order.iter().any(|(number, _)| !keys.contains(number)) {
            continue;
        }
        let parts = order
            .iter()
            .map(|&(number, descending)| KeyPart { what: Indexed::Column(number), descending });
        let parts: Vec<KeyPart> = parts.collect();
        add(Spec { keys: parts.clone(), ..Spec::btree(need.table, &[]) });
        for &key in keys {
            if need.columns[&key].contains(&Role::Equal) && !order.iter().any(|it| it.0 == key) {
                let keys = [&[KeyPart::column(key)], &parts[..]].concat();
                add(Spec { keys, ..Spec::btree(need.table, &[]) });
            }
        }
    }
}

/// Indexes of the rows in one state only, such as jobs that are pending or what is not deleted.
fn partial(
    need: &Need,
    keys: &[usize],
    table: &TableFacts,
    options: &Options,
    add: &mut impl FnMut(Spec),
) {
    for (number, test, condition) in &need.fixed {
        let column = &table.columns[*number];
        let share = column.share(test, table.rows);
        let is_worth_it = match test {
            Fixed::IsNull => !table.has_statistics || share.is_some_and(|it| it <= LARGEST_NULL),
            Fixed::IsNotNull => share.is_some_and(|share| share <= LARGEST_STATE),
            Fixed::Is(_) => {
                column.distinct_of(table.rows).is_some_and(|states| states <= MOST_STATES)
                    && share.is_some_and(|share| share <= LARGEST_STATE)
            }
        };
        if !is_worth_it {
            continue;
        }
        let others: Vec<usize> = keys.iter().copied().filter(|key| key != number).collect();
        let width = options.max_width.min(2);
        let mut heads = sequences(&others, need, width);
        if heads.is_empty() && table.columns[*number].is_sortable {
            heads.push(vec![*number]);
        }
        for columns in heads {
            let spec = Spec::btree(need.table, &columns);
            add(Spec { predicate: Some(condition.clone()), ..spec });
        }
    }
}

/// Indexes of expressions, alone and with a column before or behind.
fn expressions(need: &Need, keys: &[usize], add: &mut impl FnMut(Spec)) {
    for text in &need.expressions {
        let part = KeyPart { what: Indexed::Expression(text.clone()), descending: false };
        add(Spec { keys: vec![part.clone()], ..Spec::btree(need.table, &[]) });
        for &key in keys {
            let column = KeyPart::column(key);
            let pairs = [vec![part.clone(), column.clone()], vec![column, part.clone()]];
            for keys in pairs {
                add(Spec { keys, ..Spec::btree(need.table, &[]) });
            }
        }
    }
}
