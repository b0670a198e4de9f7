//! How the rows of a table are spread over those that they belong to, and where each lies on disk: arithmetic in
//! both directions, so that neither is kept.
//!
//! Rows of one parent have consecutive numbers, and those of an earlier parent smaller ones. So all rows below an
//! ancestor, such as a tenant, are one range in each table, and a row that must belong to the same tenant is
//! drawn from a range.

use std::ops::Range;

use super::mix::hash;

/// Resolution of the square root.
const STEPS: u64 = 1 << 10;

/// Rows over parents. Parents are taken in groups; within one, the share of the r-th is that of a Zipf
/// distribution with exponent 1/2, whose sums have a closed form: the square root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spread {
    /// How many rows there are.
    pub(super) rows: u64,
    /// How many parents.
    pub(super) parents: u64,
    /// So many rows each parent has at least.
    least: u64,
    /// So many parents make a group; 1 spreads evenly.
    group: u64,
}

impl Spread {
    /// A spread; each parent gets a row where there are enough.
    pub(super) fn new(rows: u64, parents: u64, group: u64) -> Self {
        let least = u64::from(rows >= parents && parents > 0);
        Self { rows, parents, least, group: group.clamp(1, parents.max(1)) }
    }

    /// The first row of a parent and of those after it.
    pub(super) fn first(&self, parent: u64) -> u64 {
        if parent >= self.parents {
            return self.rows;
        }
        let (before, rank) = (parent / self.group * self.group, parent % self.group);
        let group = self.group.min(self.parents - before);
        let within = if self.group == 1 { 0 } else { (rank * group * STEPS * STEPS).isqrt() };
        let shared = u128::from(self.rows - self.least * self.parents);
        let part = u128::from(before * STEPS + within);
        let first = shared * part / u128::from(self.parents * STEPS);
        self.least * parent + u64::try_from(first).expect("invariant: at most all rows")
    }

    /// The parent of a row.
    pub(super) fn parent(&self, row: u64) -> u64 {
        let mut parent = self.guess(row).min(self.parents - 1);
        while parent > 0 && self.first(parent) > row {
            parent -= 1;
        }
        while parent + 1 < self.parents && self.first(parent + 1) <= row {
            parent += 1;
        }
        parent
    }

    /// Nearly the parent of a row. What floating point makes of it does not matter: the caller corrects it.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a guess"
    )]
    fn guess(&self, row: u64) -> u64 {
        let (rows, parents) = (self.rows as f64, self.parents as f64);
        let even = ((row as f64 + 0.5) * parents / rows.max(1.0)) as u64;
        if self.group == 1 {
            return even;
        }
        let mut before = even.min(self.parents - 1) / self.group * self.group;
        if self.first(before) > row {
            before = before.saturating_sub(self.group);
        } else if self.first(before + self.group) <= row {
            before += self.group;
        }
        let group = self.group.min(self.parents.saturating_sub(before)) as f64;
        let shared = (rows - self.least as f64 * parents) * group / parents;
        let of_group = row.saturating_sub(self.first(before)) as f64;
        let least = self.least as f64 * group;
        // least·x² + shared·x = row, where x is the square root of the part of the group.
        let root = if least == 0.0 {
            of_group / shared.max(1.0)
        } else {
            ((shared * shared + 4.0 * least * of_group).sqrt() - shared) / (2.0 * least)
        };
        before + (root * root * group) as u64
    }

    /// The most rows that a parent has.
    pub(super) fn most(&self) -> u64 {
        // The first of a group has the most, but for what rounding gives another.
        let firsts = (0..self.parents.min(2 * self.group)).map(|parent| self.count(parent));
        firsts.max().unwrap_or(0) + 1
    }

    fn count(&self, parent: u64) -> u64 {
        self.first(parent + 1) - self.first(parent)
    }
}

/// The rows that may be chosen: every `step`-th of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Choice {
    first: u64,
    step: u64,
    pub(super) count: u64,
}

impl Choice {
    /// Those of a range that are `residue` above a multiple of `step`.
    pub(super) fn new(range: &Range<u64>, step: u64, residue: u64) -> Self {
        let first = range.start + (residue + step - range.start % step) % step;
        let count = range.end.saturating_sub(first).div_ceil(step);
        Self { first, step, count }
    }

    /// The row at a place.
    pub(super) const fn at(&self, place: u64) -> u64 {
        self.first + place * self.step
    }

    /// How many of them lie before a row.
    pub(super) const fn before(&self, row: u64) -> u64 {
        row.saturating_sub(self.first).div_ceil(self.step)
    }

    /// One of them, the first more often than the last: the rank is the square of an even choice, as
    /// [`Spread`]'s is.
    pub(super) fn skewed(&self, hash: u64) -> u64 {
        let even = u128::from(hash >> 32);
        let scaled = (even * even * u128::from(self.count)) >> 64;
        self.at(u64::try_from(scaled).expect("invariant: below the count"))
    }
}

/// Where rows lie on disk, which is the order in which they came: those of one parent come at different times, or
/// together in blocks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    block: u64,
    blocks: u64,
    factor: u64,
    inverse: u64,
    offset: u64,
}

impl Layout {
    /// A layout of so many rows, in which so many stay together.
    pub(super) fn new(rows: u64, block: u64, salt: u64) -> Self {
        let blocks = rows / block.max(1);
        let (mut factor, mut inverse) = (1, 1);
        if blocks > 2 {
            // Near the golden section, multiples lie evenly apart.
            factor = blocks - blocks * 382 / 1_000 + hash(salt, 1) % (blocks / 8 + 1);
            while common(factor, blocks) != 1 {
                factor += 1;
            }
            factor %= blocks;
            inverse = inverse_of(factor, blocks);
        }
        let offset = hash(salt, 2) % blocks.max(1);
        Self { block: block.max(1), blocks, factor, inverse, offset }
    }

    /// The row that lies at a place.
    pub(super) fn row_at(&self, place: u64) -> u64 {
        self.moved(place, |block| {
            let from = (block + self.blocks - self.offset) % self.blocks;
            times(from, self.inverse, self.blocks)
        })
    }

    /// The place where a row lies.
    pub(super) fn place_of(&self, row: u64) -> u64 {
        self.moved(row, |block| {
            (times(block, self.factor, self.blocks) + self.offset) % self.blocks
        })
    }

    fn moved(&self, number: u64, of_block: impl Fn(u64) -> u64) -> u64 {
        let block = number / self.block;
        // What does not fill a block stays where it is.
        if block >= self.blocks {
            number
        } else {
            of_block(block) * self.block + number % self.block
        }
    }
}

fn times(left: u64, right: u64, modulus: u64) -> u64 {
    if left < 1 << 32 && right < 1 << 32 {
        return left * right % modulus;
    }
    let product = u128::from(left) * u128::from(right) % u128::from(modulus);
    u64::try_from(product).expect("invariant: below a 64-bit modulus")
}

fn common(mut left: u64, mut right: u64) -> u64 {
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left
}

/// The number whose product with another is 1, by Euclid's extended algorithm.
fn inverse_of(number: u64, modulus: u64) -> u64 {
    let (mut old, mut rest) = (i128::from(number), i128::from(modulus));
    let (mut found, mut next) = (1_i128, 0_i128);
    while rest != 0 {
        let quotient = old / rest;
        (old, rest) = (rest, old - quotient * rest);
        (found, next) = (next, found - quotient * next);
    }
    u64::try_from(found.rem_euclid(i128::from(modulus))).expect("invariant: below the modulus")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_the_parent_whose_range_it_lies_in() {
        for (rows, parents, group) in [
            (10, 3, 1),
            (1_000, 7, 7),
            (999, 1_000, 64),
            (50_000, 1_303, 100),
            (5, 1, 9),
            (4, 4, 1),
        ] {
            let spread = Spread::new(rows, parents, group);
            assert_eq!((spread.first(0), spread.first(parents)), (0, rows));
            for parent in 0..parents {
                let (first, after) = (spread.first(parent), spread.first(parent + 1));
                assert!(first <= after, "{spread:?} {parent}");
                assert!(after - first <= spread.most());
                assert!(rows < parents || after > first, "{spread:?} {parent} has no row");
                for row in first..after {
                    assert_eq!(spread.parent(row), parent, "{spread:?}");
                }
            }
        }
    }

    #[test]
    fn few_parents_have_many_rows() {
        let spread = Spread::new(100_000, 1_000, 1_000);
        assert!(spread.first(100) > 30_000, "{}", spread.first(100));
        assert!(Spread::new(100_000, 1_000, 1).most() <= 101);
    }

    #[test]
    fn a_layout_puts_every_row_somewhere() {
        for (rows, block) in [(1, 1), (2, 1), (1_000, 1), (1_003, 16), (7, 16)] {
            let layout = Layout::new(rows, block, 5);
            let mut seen = vec![false; usize::try_from(rows).unwrap()];
            for row in 0..rows {
                let place = layout.place_of(row);
                assert_eq!(layout.row_at(place), row);
                assert!(!std::mem::replace(&mut seen[usize::try_from(place).unwrap()], true));
            }
        }
    }

    #[test]
    fn choices_are_of_their_kind() {
        let choice = Choice::new(&(5..17), 3, 1);
        let all: Vec<u64> = (0..choice.count).map(|place| choice.at(place)).collect();
        assert_eq!(all, [7, 10, 13, 16]);
        assert_eq!((choice.before(5), choice.before(10), choice.before(11)), (0, 1, 2));
        for number in 0..100 {
            assert!(all.contains(&choice.skewed(hash(1, number))));
        }
        assert_eq!(Choice::new(&(3..3), 1, 0).count, 0);
    }
}
