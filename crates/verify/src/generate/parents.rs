//! Choosing the row that a new row refers to: a few are chosen often, most seldom.

use std::collections::BTreeMap;

use underpin_pg::QualifiedName;

use crate::dice::Dice;
use crate::row::Row;
use crate::value::Value;

/// Rows found by some of their values, indexed when first asked for.
#[derive(Debug, Default)]
pub(crate) struct Parents {
    indexes: BTreeMap<(QualifiedName, Vec<usize>), Index>,
}

#[derive(Debug, Default)]
struct Index {
    rows: BTreeMap<Vec<Value>, Vec<usize>>,
    /// How many rows are in it.
    seen: usize,
}

impl Parents {
    /// One of the rows with these values in these columns; evenly where each may be chosen only once.
    pub(crate) fn choose(
        &mut self,
        table: &QualifiedName,
        rows: &[Row],
        columns: &[usize],
        values: &[Value],
        is_even: bool,
        dice: &mut Dice,
    ) -> Option<usize> {
        let mut place =
            |length: usize| if is_even { dice.index(length) } else { skewed(length, dice) };
        if columns.is_empty() {
            return (!rows.is_empty()).then(|| place(rows.len()));
        }
        let index = self.indexes.entry((table.clone(), columns.to_vec())).or_default();
        for (at, row) in rows.iter().enumerate().skip(index.seen) {
            let key = columns.iter().map(|&column| row[column].clone()).collect();
            index.rows.entry(key).or_default().push(at);
        }
        index.seen = rows.len();
        let found = index.rows.get(values)?;
        Some(found[place(found.len())])
    }
}

/// An index that falls among the first often: the square of an even choice, so that the first tenth of
/// the rows gets a third of the references.
fn skewed(length: usize, dice: &mut Dice) -> usize {
    const STEPS: u64 = 1 << 20;
    let even = dice.below(STEPS);
    let squared = u128::from(even) * u128::from(even);
    let scaled = squared * u128::try_from(length).unwrap_or(u128::MAX)
        / (u128::from(STEPS) * u128::from(STEPS));
    usize::try_from(scaled).unwrap_or(0).min(length - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_rows_are_chosen_often() {
        let mut dice = Dice::new(1, "skew");
        let first_tenth = (0..10_000).filter(|_| skewed(1_000, &mut dice) < 100).count();
        assert!((2_900..3_500).contains(&first_tenth), "{first_tenth}");
    }
}
