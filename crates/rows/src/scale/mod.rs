//! Rows in any number, made as they are asked for: what row `n` of a table holds is a function of the seed, the
//! table and `n` alone, so that the key of any row that another refers to is computed and none is kept.
//!
//! - Keys carry the number of their row (`numbered.rs`).
//! - Rows of one parent have consecutive numbers, so that all rows of a tenant are one range in each table, and who
//!   belongs to the same tenant is drawn from a range (`spread.rs`).
//! - Keys over references (a user reviews a product once) are pairs that are counted through (`keys.rs`).
//! - All other values come from a pool of some hundred rows that keep every rule (`pool.rs`), with their moments moved
//!   so that rows come after those that they refer to. Where a value that was put in their place could break a
//!   rule, the rule is judged anew.
//!
//! A row that cannot be made is left out, and the reason is kept: it is never handed on to be refused.

mod compose;
mod counts;
mod encode;
mod keys;
mod links;
mod mix;
mod numbered;
mod plan;
mod pool;
mod sample;
mod spread;
mod words;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use underpin_pg::QualifiedName;

use crate::row::{NOW, Row, Shape};
use crate::rule::Term;
use crate::value::Value;

use keys::Counting;
use links::LinkScale;
use numbered::Form;
use spread::{Choice, Layout, Spread};
use words::Meaning;

pub use compose::{Draft, Unmade};
pub use encode::{Encoder, Format};

/// How many rows are wanted, and what all choices are made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// All tables together.
    pub rows: u64,
    /// The same seed makes the same rows.
    pub seed: u64,
    /// The moment before which all happens, in seconds; the same rows come as much later as it is.
    pub now: i64,
}

/// The tables of a design, ready to make rows.
#[derive(Debug)]
pub struct Scale<'a> {
    /// Those of the schema, each after those that it refers to, and before them keys of other systems.
    tables: Vec<TableScale<'a>>,
    names: BTreeMap<QualifiedName, usize>,
    /// How many seconds later than before the fixed moment all happens.
    shift: i64,
}

/// A table of a [`Scale`].
#[derive(Debug)]
pub struct TableScale<'a> {
    /// `None` for keys of another system.
    shape: Option<&'a Shape<'a>>,
    salt: u64,
    rows: u64,
    wanted: u64,
    reason: Option<String>,
    /// The first is that to the row that it belongs to, if it belongs to one.
    links: Vec<LinkScale>,
    has_owner: bool,
    spread: Spread,
    /// The rows that may be its parents.
    parents: Choice,
    /// In the order in which they are settled.
    order: Vec<usize>,
    sources: Vec<Source>,
    countings: Vec<Counting>,
    /// A column by whose value rows of other tables choose, and its values, which take turns.
    kinds: Option<(usize, Vec<Value>)>,
    /// How far it is from tables that refer to nothing.
    level: u32,
    layout: Layout,
    pool: Vec<Row>,
    needs: Vec<(Need, Bits)>,
    /// Rules to judge on each row, and the columns that they read.
    judged: Vec<(Term, Vec<usize>)>,
    moments: Vec<usize>,
    /// From when on its rows were made, and how many seconds long.
    band: (i64, i64),
}

/// Where the values of a column come from.
#[derive(Debug, Clone)]
enum Source {
    /// The server computes it.
    Computed,
    /// The row that a link leads to, and its column.
    Linked { link: usize, column: usize },
    /// A number.
    Numbered { form: Form, by: Ordinal },
    /// The span of an exclusion constraint.
    Span { apart: usize, by: Ordinal },
    /// A moment of the pool's row, moved.
    Moment,
    /// A text of its own for each row.
    Meant(Meaning),
    /// The row of the pool.
    Pooled,
}

/// What counts the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Ordinal {
    /// Among the rows of the same parent.
    Sibling,
    /// Among the rows below the same ancestor, so many steps up.
    Below(u32),
    /// Among all, in the order in which they lie on disk.
    Place,
    /// Among all.
    Row,
}

/// What may be asked of a row of the pool.
#[derive(Debug, Clone, PartialEq)]
enum Need {
    /// Not covered by a key among some rows.
    Uncovered(usize),
    /// A column has a value.
    Equals(usize, Value),
    /// A link leads nowhere.
    Absent(usize),
}

/// Which rows of a pool.
type Bits = Vec<u64>;

impl<'a> Scale<'a> {
    /// The tables of the schema that get rows, each after those that it refers to.
    pub fn tables(&self) -> impl Iterator<Item = &TableScale<'a>> {
        self.tables.iter().filter(|table| table.shape.is_some())
    }

    /// The moment before which all rows happen.
    pub fn now(&self) -> i64 {
        NOW + self.shift
    }

    /// A table.
    pub fn table(&self, name: &QualifiedName) -> Option<&TableScale<'a>> {
        self.names.get(name).map(|&at| &self.tables[at])
    }
}

impl<'a> TableScale<'a> {
    /// What is known of the table.
    pub fn shape(&self) -> &'a Shape<'a> {
        self.shape.expect("invariant: only tables of the schema are handed out")
    }

    /// How many rows it has.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// How many were wanted.
    pub fn wanted(&self) -> u64 {
        self.wanted
    }

    /// Why there are fewer.
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// Whether its rows are those that the schema's script inserts.
    pub fn is_seeded(&self) -> bool {
        !self.shape().table.seeds.is_empty()
    }

    fn limit(&mut self, rows: u64, reason: impl FnOnce() -> String) {
        if self.rows > rows {
            self.rows = rows;
            self.reason.get_or_insert_with(reason);
        }
    }
}
