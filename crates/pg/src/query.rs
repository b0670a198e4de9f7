//! Queries and writes (manual, chapters 6 and 7), typed, with one line per clause.

use std::fmt;

use crate::ident::list;
use crate::{Expr, Ident, QualifiedName};

/// A statement that reads or writes rows.
#[derive(Debug, Clone, PartialEq)]
pub enum Statement {
    /// Reads.
    Select(Select),
    /// Adds rows.
    Insert(Insert),
    /// Changes rows.
    Update(Update),
    /// Removes rows.
    Delete(Delete),
    /// SQL that a document gives, with `$n` parameters; without a semicolon at its end.
    Verbatim(String),
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Select(select) => write!(f, "{select}"),
            Self::Insert(insert) => write!(f, "{insert}"),
            Self::Update(update) => write!(f, "{update}"),
            Self::Delete(delete) => write!(f, "{delete}"),
            Self::Verbatim(sql) => f.write_str(sql),
        }
    }
}

/// A table in a query, with its alias.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRef {
    /// The table.
    pub table: QualifiedName,
    /// The alias, where there is one.
    pub alias: Option<Ident>,
}

impl fmt::Display for TableRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.alias {
            Some(alias) => write!(f, "{} AS {alias}", self.table),
            None => write!(f, "{}", self.table),
        }
    }
}

/// One value of a result.
#[derive(Debug, Clone, PartialEq)]
pub struct Output {
    /// The value.
    pub value: Expr,
    /// Its name, where it is not the column's.
    pub name: Option<Ident>,
}

/// Inner or left outer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JoinKind {
    /// `JOIN`.
    Inner,
    /// `LEFT JOIN`.
    Left,
}

/// A joined table.
#[derive(Debug, Clone, PartialEq)]
pub struct Join {
    /// Inner or left outer.
    pub kind: JoinKind,
    /// The table.
    pub table: TableRef,
    /// The condition.
    pub on: Expr,
}

/// One part of an order.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderBy {
    /// What to sort by.
    pub value: Expr,
    /// Greatest first.
    pub descending: bool,
}

/// `SELECT`.
#[derive(Debug, Clone, PartialEq)]
pub struct Select {
    /// What it returns.
    pub output: Vec<Output>,
    /// The first table; `None` for a query without tables.
    pub from: Option<TableRef>,
    /// Further tables.
    pub joins: Vec<Join>,
    /// Which rows.
    pub filter: Option<Expr>,
    /// By which values they are gathered.
    pub group_by: Vec<Expr>,
    /// In which order.
    pub order_by: Vec<OrderBy>,
    /// How many.
    pub limit: Option<Expr>,
    /// How many are passed over before.
    pub offset: Option<Expr>,
}

impl Select {
    /// `SELECT output FROM table`.
    pub fn new(output: Vec<Output>, from: Option<TableRef>) -> Self {
        Self {
            output,
            from,
            joins: Vec::new(),
            filter: None,
            group_by: Vec::new(),
            order_by: Vec::new(),
            limit: None,
            offset: None,
        }
    }
}

impl fmt::Display for Select {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SELECT ")?;
        for (index, output) in self.output.iter().enumerate() {
            if index > 0 {
                f.write_str(", ")?;
            }
            write!(f, "{}", output.value)?;
            if let Some(name) = &output.name {
                write!(f, " AS {name}")?;
            }
        }
        if let Some(from) = &self.from {
            write!(f, "\nFROM {from}")?;
        }
        for join in &self.joins {
            let kind = match join.kind {
                JoinKind::Inner => "JOIN",
                JoinKind::Left => "LEFT JOIN",
            };
            write!(f, "\n{kind} {} ON {}", join.table, join.on)?;
        }
        if let Some(filter) = &self.filter {
            write!(f, "\nWHERE {filter}")?;
        }
        for (index, value) in self.group_by.iter().enumerate() {
            write!(f, "{}{value}", if index == 0 { "\nGROUP BY " } else { ", " })?;
        }
        for (index, order) in self.order_by.iter().enumerate() {
            let direction = if order.descending { " DESC" } else { "" };
            write!(
                f,
                "{}{}{direction}",
                if index == 0 { "\nORDER BY " } else { ", " },
                order.value
            )?;
        }
        if let Some(limit) = &self.limit {
            write!(f, "\nLIMIT {limit}")?;
        }
        if let Some(offset) = &self.offset {
            write!(f, "\nOFFSET {offset}")?;
        }
        Ok(())
    }
}

/// `INSERT … VALUES`. A column whose value is `None` takes its default.
#[derive(Debug, Clone, PartialEq)]
pub struct Insert {
    /// The table.
    pub table: QualifiedName,
    /// The columns that are given values; none means a row of defaults.
    pub columns: Vec<Ident>,
    /// One list of values for each row, `None` for `DEFAULT`.
    pub rows: Vec<Vec<Option<Expr>>>,
    /// `OVERRIDING SYSTEM VALUE`, for identity columns that are `GENERATED ALWAYS`.
    pub overriding: bool,
    /// The columns that the statement returns.
    pub returning: Vec<Ident>,
}

impl fmt::Display for Insert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "INSERT INTO {}", self.table)?;
        if self.columns.is_empty() {
            f.write_str(" DEFAULT VALUES")?;
        } else {
            write!(f, " ({})", list(&self.columns))?;
            if self.overriding {
                f.write_str(" OVERRIDING SYSTEM VALUE")?;
            }
            f.write_str("\nVALUES ")?;
            for (index, row) in self.rows.iter().enumerate() {
                if index > 0 {
                    f.write_str(",\n       ")?;
                }
                f.write_str("(")?;
                for (at, value) in row.iter().enumerate() {
                    if at > 0 {
                        f.write_str(", ")?;
                    }
                    match value {
                        Some(value) => write!(f, "{value}")?,
                        None => f.write_str("DEFAULT")?,
                    }
                }
                f.write_str(")")?;
            }
        }
        if !self.returning.is_empty() {
            write!(f, "\nRETURNING {}", list(&self.returning))?;
        }
        Ok(())
    }
}

/// `UPDATE`.
#[derive(Debug, Clone, PartialEq)]
pub struct Update {
    /// The table.
    pub table: QualifiedName,
    /// New values.
    pub set: Vec<(Ident, Expr)>,
    /// Which rows.
    pub filter: Option<Expr>,
    /// The columns that the statement returns.
    pub returning: Vec<Ident>,
}

impl fmt::Display for Update {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UPDATE {}\nSET ", self.table)?;
        for (index, (column, value)) in self.set.iter().enumerate() {
            write!(f, "{}{column} = {value}", if index == 0 { "" } else { ", " })?;
        }
        if let Some(filter) = &self.filter {
            write!(f, "\nWHERE {filter}")?;
        }
        if !self.returning.is_empty() {
            write!(f, "\nRETURNING {}", list(&self.returning))?;
        }
        Ok(())
    }
}

/// `DELETE`.
#[derive(Debug, Clone, PartialEq)]
pub struct Delete {
    /// The table.
    pub table: QualifiedName,
    /// Which rows.
    pub filter: Option<Expr>,
}

impl fmt::Display for Delete {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DELETE FROM {}", self.table)?;
        if let Some(filter) = &self.filter {
            write!(f, "\nWHERE {filter}")?;
        }
        Ok(())
    }
}
