//! How the rows of a table are split among partitions (manual, section 5.11).

use std::fmt;

use crate::expr::quote_literal;
use crate::ident::list;
use crate::{Ident, QualifiedName};

/// The partition key of a table, and its partitions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partitioning {
    /// How a row is told its partition.
    pub method: PartitionMethod,
    /// The columns of the partition key, in order.
    pub columns: Vec<Ident>,
    /// The partitions, by name. Those of a range come and go with the rows: see [`Partition::is_form`].
    pub partitions: Vec<Partition>,
    /// The function that makes the partitions of a range and drops them; it is run once when the table is made. No
    /// catalog says it, so that nothing compares it.
    pub upkeep: Option<QualifiedName>,
}

/// How a row is told its partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartitionMethod {
    /// By the range that its key lies in.
    Range,
    /// By the list that its key is on.
    List,
    /// By a hash of its key.
    Hash,
}

impl PartitionMethod {
    /// The word in SQL.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Range => "RANGE",
            Self::List => "LIST",
            Self::Hash => "HASH",
        }
    }

    /// By its letter in `pg_partitioned_table.partstrat`.
    pub(crate) fn of_catalog(letter: &str) -> Option<Self> {
        match letter {
            "r" => Some(Self::Range),
            "l" => Some(Self::List),
            "h" => Some(Self::Hash),
            _ => None,
        }
    }
}

/// A partition. It has the columns and all else of its table, so that nothing more is said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partition {
    /// Its name.
    pub name: QualifiedName,
    /// Which rows it holds.
    pub bound: PartitionBound,
    /// What `COMMENT ON TABLE` says.
    pub comment: Option<String>,
}

impl Partition {
    /// Whether it is part of the table's form. A range is not: the partitions of times come and go with the rows, as
    /// the function makes them that keeps them, so that a design has none of them and two days differ.
    pub const fn is_form(&self) -> bool {
        match self.bound {
            PartitionBound::Default | PartitionBound::List(_) | PartitionBound::Hash { .. } => true,
            PartitionBound::Range { .. } => false,
        }
    }
}

impl Partitioning {
    /// A query for how many rows each partition that has any holds, and how many keys they have, the most first.
    pub fn spread(&self, table: &QualifiedName) -> String {
        format!(
            "SELECT tableoid::regclass, count(*), count(DISTINCT ({columns}))\nFROM {table}\nGROUP BY tableoid\nORDER BY 2 DESC",
            columns = list(&self.columns)
        )
    }

    /// A query for what a partition holds, key by key, the most first.
    pub fn held(&self, partition: &QualifiedName) -> String {
        format!(
            "SELECT {columns}, count(*)\nFROM {partition}\nGROUP BY {columns}\nORDER BY count(*) DESC",
            columns = list(&self.columns)
        )
    }

    /// Statements that give the rows of a value a partition of their own, where they may lie in another one already. It is
    /// made apart and attached, so that whoever reads or writes goes on meanwhile; they are run in one transaction.
    pub fn add_value(
        &self,
        table: &QualifiedName,
        copied: &[Ident],
        part: &QualifiedName,
        value: &str,
    ) -> Vec<String> {
        let value = PartitionValue::Value(value.to_owned());
        let bound = PartitionBound::List(vec![value.clone()]);
        let default = self.partitions.iter().find(|it| it.bound == PartitionBound::Default);
        let moved = default.map(|default| {
            format!(
                "WITH moved AS (\n  DELETE FROM {} WHERE {} = {value} RETURNING {columns}\n)\nINSERT INTO {part} ({columns}) \
                 SELECT {columns} FROM moved",
                default.name,
                list(&self.columns),
                columns = list(copied)
            )
        });
        let make = format!(
            "CREATE TABLE {part}\n  (LIKE {table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED INCLUDING STORAGE)"
        );
        let attach = format!("ALTER TABLE {table} ATTACH PARTITION {part}\n  {bound}");
        std::iter::once(make).chain(moved).chain([attach]).collect()
    }
}

/// Which rows a partition holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartitionBound {
    /// Those that no other holds.
    Default,
    /// Those from a key up to, and without, another.
    Range {
        /// For each column of the key.
        from: Vec<PartitionValue>,
        /// For each column of the key.
        to: Vec<PartitionValue>,
    },
    /// Those whose key is one of these.
    List(Vec<PartitionValue>),
    /// Those the hash of whose key has this remainder.
    Hash {
        /// What the hash is divided by.
        modulus: u32,
        /// What is left.
        remainder: u32,
    },
}

/// A value in a partition's bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartitionValue {
    /// `MINVALUE`: less than all.
    Least,
    /// `MAXVALUE`: greater than all.
    Greatest,
    /// `NULL`.
    Null,
    /// A value, as the server writes it.
    Value(String),
}

impl fmt::Display for PartitionValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Least => f.write_str("MINVALUE"),
            Self::Greatest => f.write_str("MAXVALUE"),
            Self::Null => f.write_str("NULL"),
            Self::Value(value) => f.write_str(&quote_literal(value)),
        }
    }
}

impl fmt::Display for PartitionBound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values = |values: &[PartitionValue]| {
            values.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        };
        match self {
            Self::Default => f.write_str("DEFAULT"),
            Self::Range { from, to } => {
                write!(f, "FOR VALUES FROM ({}) TO ({})", values(from), values(to))
            }
            Self::List(list) => write!(f, "FOR VALUES IN ({})", values(list)),
            Self::Hash { modulus, remainder } => {
                write!(f, "FOR VALUES WITH (MODULUS {modulus}, REMAINDER {remainder})")
            }
        }
    }
}

impl fmt::Display for Partitioning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.method.as_str(), list(&self.columns))
    }
}

impl PartitionBound {
    /// What `pg_get_expr` prints of `pg_class.relpartbound`; nothing where it is of no kind that is known.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text == "DEFAULT" {
            return Some(Self::Default);
        }
        let rest = text.strip_prefix("FOR VALUES ")?;
        if let Some(rest) = rest.strip_prefix("WITH (modulus ") {
            let (modulus, rest) = rest.split_once(", remainder ")?;
            let remainder = rest.strip_suffix(')')?;
            return Some(Self::Hash {
                modulus: modulus.parse().ok()?,
                remainder: remainder.parse().ok()?,
            });
        }
        if let Some(rest) = rest.strip_prefix("IN (") {
            return parse_values(rest).map(|(list, _)| Self::List(list));
        }
        let (from, rest) = parse_values(rest.strip_prefix("FROM (")?)?;
        let (to, _) = parse_values(rest.strip_prefix(" TO (")?)?;
        Some(Self::Range { from, to })
    }
}

/// The values up to the bracket that closes, and what comes after it.
fn parse_values(text: &str) -> Option<(Vec<PartitionValue>, &str)> {
    let mut values = Vec::new();
    let mut rest = text;
    loop {
        if let Some(quoted) = rest.strip_prefix('\'') {
            let (value, after) = parse_quoted(quoted)?;
            values.push(PartitionValue::Value(value));
            rest = after;
        } else {
            let end = rest.find([',', ')'])?;
            values.push(match &rest[..end] {
                "MINVALUE" => PartitionValue::Least,
                "MAXVALUE" => PartitionValue::Greatest,
                "NULL" => PartitionValue::Null,
                other => PartitionValue::Value(other.to_owned()),
            });
            rest = &rest[end..];
        }
        if let Some(after) = rest.strip_prefix(')') {
            return Some((values, after));
        }
        rest = rest.strip_prefix(", ")?;
    }
}

/// A text up to the quote that ends it, and what comes after.
fn parse_quoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut rest = text;
    loop {
        let at = rest.find('\'')?;
        value.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(after) = rest.strip_prefix('\'') else { return Some((value, rest)) };
        value.push('\'');
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_read_as_the_server_prints_them() {
        let value = |text: &str| PartitionValue::Value(text.to_owned());
        let parsed = |text| PartitionBound::parse(text).expect("a bound");
        assert_eq!(parsed("DEFAULT"), PartitionBound::Default);
        assert_eq!(
            parsed("FOR VALUES FROM ('2026-11-01 00:00:00+00', 7) TO (MAXVALUE, MINVALUE)"),
            PartitionBound::Range {
                from: vec![value("2026-11-01 00:00:00+00"), value("7")],
                to: vec![PartitionValue::Greatest, PartitionValue::Least],
            }
        );
        assert_eq!(
            parsed("FOR VALUES IN ('it''s, (so)', NULL)"),
            PartitionBound::List(vec![value("it's, (so)"), PartitionValue::Null])
        );
        assert_eq!(
            parsed("FOR VALUES WITH (modulus 4, remainder 3)"),
            PartitionBound::Hash { modulus: 4, remainder: 3 }
        );
        assert_eq!(PartitionBound::parse("FOR VALUES FROM ('1)"), None);
    }

    #[test]
    fn bounds_are_written_as_sql() {
        let list = PartitionBound::List(vec![PartitionValue::Value("it's".to_owned())]);
        assert_eq!(list.to_string(), "FOR VALUES IN ('it''s')");
        let hash = PartitionBound::Hash { modulus: 4, remainder: 0 };
        assert_eq!(hash.to_string(), "FOR VALUES WITH (MODULUS 4, REMAINDER 0)");
    }
}
