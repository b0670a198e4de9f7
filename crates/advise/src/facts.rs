//! What is known of a database: tables, columns with their statistics, the indexes that are there, and the constants of
//! the planner's cost model. Read once; nothing here changes while a set is searched.

use std::collections::BTreeMap;

use underpin_pg::{Ident, QualifiedName};

use crate::condition::Fixed;
use crate::spec::mentions;

/// Everything that the advisor knows before it asks for a plan.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// The tables, each with its number.
    pub tables: Vec<TableFacts>,
    /// Foreign keys.
    pub foreign_keys: Vec<ForeignKeyFacts>,
    /// The constants of the cost model.
    pub settings: Settings,
}

/// A table.
#[derive(Debug, Clone)]
pub struct TableFacts {
    /// Its name.
    pub name: QualifiedName,
    /// Rows, as the planner believes.
    pub rows: f64,
    /// Pages.
    pub pages: f64,
    /// Whether it was ever analysed.
    pub has_statistics: bool,
    /// Columns in order.
    pub columns: Vec<ColumnFacts>,
    /// The indexes that are there.
    pub indexes: Vec<ExistingIndex>,
}

/// A column.
#[derive(Debug, Clone)]
pub struct ColumnFacts {
    /// Its name.
    pub name: Ident,
    /// The name of its type in `pg_type`; of an array with a line before it, as in `_text`.
    pub kind: String,
    /// Whether a b-tree takes it as a key.
    pub is_sortable: bool,
    /// Distinct values as `pg_stats.n_distinct` gives them: negative as a share of the rows, 0 where it is not known.
    pub distinct: f64,
    /// Share of NULL.
    pub nulls: f64,
    /// Average width in bytes.
    pub width: f64,
    /// The most common values with their shares of the rows.
    pub common: Vec<(String, f64)>,
    /// How far the order on disk is that of the values, from -1 to 1.
    pub correlation: f64,
}

/// An index that is there.
#[derive(Debug, Clone)]
pub struct ExistingIndex {
    /// Its name.
    pub name: Ident,
    /// Whether it refuses duplicates.
    pub is_unique: bool,
    /// Whether a constraint owns it.
    pub is_constraint: bool,
    /// The access method.
    pub method: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// How often it was scanned since statistics were last reset.
    pub scans: u64,
    /// What is indexed, as the server prints it, with whether it descends; key columns first.
    pub columns: Vec<(String, bool)>,
    /// How many of the columns are key columns.
    pub keys: usize,
    /// The rows that it covers, as the server prints it.
    pub predicate: Option<String>,
}

/// A foreign key.
#[derive(Debug, Clone)]
pub struct ForeignKeyFacts {
    /// The table that refers.
    pub from: usize,
    /// Its columns.
    pub columns: Vec<usize>,
    /// The table referred to.
    pub to: usize,
    /// The columns there.
    pub referenced: Vec<usize>,
}

/// Constants of PostgreSQL's cost model (manual, section 20.7.2).
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// `random_page_cost`.
    pub random_page_cost: f64,
    /// `cpu_index_tuple_cost`.
    pub cpu_index_tuple_cost: f64,
    /// `cpu_operator_cost`.
    pub cpu_operator_cost: f64,
    /// Bytes in a page.
    pub block_size: f64,
    /// Whether the database has the extension `pg_trgm`, which searches texts by groups of three letters.
    pub has_trigrams: bool,
    /// The version as the server writes it.
    pub version: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            random_page_cost: 4.0,
            cpu_index_tuple_cost: 0.005,
            cpu_operator_cost: 0.0025,
            block_size: 8192.0,
            has_trigrams: false,
            version: String::new(),
        }
    }
}

impl Facts {
    /// The number of a table.
    pub fn table(&self, namespace: &str, name: &str) -> Option<usize> {
        self.tables.iter().position(|table| {
            table.name.name.as_str() == name && table.name.namespace.as_str() == namespace
        })
    }

    /// Tables by namespace and name, for many look-ups.
    pub fn by_name(&self) -> BTreeMap<(&str, &str), usize> {
        self.tables
            .iter()
            .enumerate()
            .map(|(at, table)| ((table.name.namespace.as_str(), table.name.name.as_str()), at))
            .collect()
    }
}

impl TableFacts {
    /// The number of a column.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name.as_str() == name)
    }
}

/// The most common values with their shares, from two JSON arrays: what `pg_stats` has, as far as it is there.
pub fn common_values(values: &str, shares: &str) -> Vec<(String, f64)> {
    let values: Vec<String> = serde_json::from_str(values).unwrap_or_default();
    let shares: Vec<f64> = serde_json::from_str(shares).unwrap_or_default();
    values.into_iter().zip(shares).collect()
}

impl ColumnFacts {
    /// The share of the rows for which a condition holds; `None` where that is not known.
    pub fn share(&self, test: &Fixed, rows: f64) -> Option<f64> {
        match test {
            Fixed::IsNull => Some(self.nulls),
            Fixed::IsNotNull => Some(1.0 - self.nulls),
            Fixed::Is(value) => {
                // A type of fixed length is padded with blanks.
                let is_it = |it: &&(String, f64)| it.0.trim_end() == value.trim_end();
                if let Some((_, share)) = self.common.iter().find(is_it) {
                    return Some(*share);
                }
                let distinct = self.distinct_of(rows)?;
                let rest = 1.0 - self.nulls - self.common.iter().map(|it| it.1).sum::<f64>();
                let others = (distinct - self.common.len() as f64).max(1.0);
                Some((rest / others).max(0.0))
            }
        }
    }

    /// How many distinct values there are among so many rows; `None` where that is not known.
    pub fn distinct_of(&self, rows: f64) -> Option<f64> {
        if self.distinct > 0.0 {
            Some(self.distinct)
        } else if self.distinct < 0.0 {
            Some(-self.distinct * rows)
        } else {
            None
        }
    }
}

impl ExistingIndex {
    /// Whether it holds a column: as key, as payload, in an expression or in its condition.
    pub fn holds(&self, column: &str) -> bool {
        let texts = self.columns.iter().map(|(text, _)| text).chain(&self.predicate);
        texts.into_iter().any(|text| mentions(text, column))
    }
}
