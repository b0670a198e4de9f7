//! Limits over the rows of one row, in the columns of both tables.

use underpin_logical::LimitBound;
use underpin_model::{Expression, Literal};
use underpin_pg::{QualifiedName, Table, Type};
use underpin_physical::{LimitDesign, PhysicalDesign, TableDesign};

use super::{PlannedRow, Row};
use crate::rule::{Term, term, truth};
use crate::value::{Decimal, Value};

/// What the rows that belong to one row come to at most.
#[derive(Debug)]
pub struct LimitShape<'a> {
    pub design: &'a LimitDesign,
    /// The columns that rows share which count together.
    pub by: Vec<usize>,
    /// The table of the row that they belong to.
    pub owner: &'a QualifiedName,
    /// The columns of the reference to it, and those there.
    pub reference: Vec<(usize, usize)>,
    /// What is added up; rows are counted where it is `None`.
    pub amount: Option<Term>,
    /// Which rows count.
    pub condition: Option<Term>,
    pub bound: BoundShape,
}

/// What rows may come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BoundShape {
    Fixed(Decimal),
    /// A column of the owner.
    Column(usize),
}

impl<'a> LimitShape<'a> {
    /// The limits of a table.
    pub(super) fn all(
        physical: &'a PhysicalDesign,
        table: &Table,
        design: &'a TableDesign,
    ) -> Vec<Self> {
        design.limits.iter().filter_map(|it| Self::new(physical, table, design, it)).collect()
    }

    fn new(
        physical: &'a PhysicalDesign,
        table: &Table,
        rows: &TableDesign,
        design: &'a LimitDesign,
    ) -> Option<Self> {
        let limit = &design.limit;
        let owner = physical.tables.get(limit.owner.index())?;
        let owner_table = physical.schema.tables.get(&owner.table)?;
        let of = |table: &Table, design: &TableDesign, id| {
            table.columns.iter().position(|column| column.name == *design.column(id))
        };
        let own = |id| of(table, rows, id);
        let over = |it: &Option<Expression<_>>| match it {
            None => Some(None),
            Some(it) => it.try_map(&mut |&id| own(id)).map(Some),
        };
        Some(Self {
            design,
            by: limit.by.iter().map(|&id| own(id)).collect::<Option<_>>()?,
            owner: &owner.table,
            reference: limit
                .reference
                .iter()
                .map(|&(here, there)| Some((own(here)?, of(owner_table, owner, there)?)))
                .collect::<Option<_>>()?,
            amount: over(&limit.amount)?,
            condition: over(&limit.condition)?,
            bound: match &limit.bound {
                LimitBound::Fixed(literal) => BoundShape::Fixed(number(literal)?),
                LimitBound::Attribute(id) => BoundShape::Column(of(owner_table, owner, *id)?),
            },
        })
    }

    /// Whether a row counts.
    pub fn counts(&self, row: &Row) -> bool {
        self.condition.as_ref().is_none_or(|condition| truth(condition, row) == Some(true))
    }

    /// What a row adds.
    pub fn weight(&self, row: &Row) -> Decimal {
        let none = Decimal::new(0, 0);
        match &self.amount {
            _ if !self.counts(row) => none,
            None => Decimal::new(1, 0),
            Some(amount) => match term(amount, row) {
                Value::Number(number) => number,
                _ => none,
            },
        }
    }

    /// Whether a row belongs to an owner.
    pub fn belongs(&self, row: &Row, owner: &Row) -> bool {
        self.reference.iter().all(|&(own, there)| row[own].is_present() && row[own] == owner[there])
    }

    /// Makes what a row adds small enough for what its owner has left, as far as its values are not settled.
    pub(super) fn fit(&self, row: &mut Row, fixed: &[bool], rows: &[PlannedRow]) {
        let (Some(amount), Some(bound)) = (&self.amount, self.bound_of(row, rows)) else { return };
        let beside = rows.iter().filter(|it| {
            it.values.len() == row.len() && self.by.iter().all(|&at| it.values[at] == row[at])
        });
        let taken = beside.map(|it| self.weight(&it.values)).try_fold(bound, Decimal::minus);
        let Some(left) = taken else { return };
        if self.weight(row).minus(left).is_none_or(|over| over <= Decimal::new(0, 0)) {
            return;
        }
        for field in amount.fields() {
            if !fixed[field] {
                let value = match amount {
                    Term::Field(_) => left.floor(),
                    // A product is small where its parts are.
                    _ => 1,
                };
                row[field] = Value::integer(value);
            }
        }
    }

    /// The bound for a row, as far as its owner is among some rows.
    pub fn bound_of(&self, row: &Row, rows: &[PlannedRow]) -> Option<Decimal> {
        match self.bound {
            BoundShape::Fixed(bound) => Some(bound),
            BoundShape::Column(column) => {
                let mut owners = rows.iter().filter(|it| it.table == *self.owner);
                match owners.find(|it| self.belongs(row, &it.values))?.values[column] {
                    Value::Number(bound) => Some(bound),
                    _ => None,
                }
            }
        }
    }
}

fn number(literal: &Literal) -> Option<Decimal> {
    match literal {
        Literal::Integer(number) => Some(Decimal::new(i128::from(*number), 0)),
        Literal::Decimal(digits) => Decimal::parse(digits),
        Literal::Text(_)
        | Literal::Boolean(_)
        | Literal::Now
        | Literal::Today
        | Literal::Duration(_) => None,
    }
}

/// A bound with room for many rows; their own rules may ask for another.
pub(crate) fn roomy(data_type: &Type) -> Option<Value> {
    let units = match data_type {
        Type::SmallInt => 10_000,
        Type::Integer | Type::BigInt | Type::DoublePrecision | Type::Numeric(None) => 1_000_000,
        Type::Numeric(Some((precision, scale))) => {
            10_i64.pow(u32::from(precision.saturating_sub(*scale)).min(6)) - 1
        }
        _ => return None,
    };
    Some(Value::integer(units))
}
