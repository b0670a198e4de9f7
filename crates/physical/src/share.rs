//! Stated shares of rows: which column has which value in what part of a table, and the claims that generated rows keep to it.
//! A plan for 5 of 100 rows is another than for 80 of them, so that rows in other shares would prove nothing.

use underpin_base::Span;
use underpin_claim::{Claim, Family, Subject};
use underpin_pg::{Expr, Ident, Literal};

use crate::{PhysicalDesign, TableDesign};

/// Which part of a table's rows has a value.
#[derive(Debug, Clone, PartialEq)]
pub struct ShareDesign {
    /// The column.
    pub column: Ident,
    /// The value; `None` where the rows have none.
    pub value: Option<Literal>,
    /// Of a hundred rows.
    pub percent: f64,
    /// Where it is stated.
    pub source: Span,
}

impl ShareDesign {
    /// The condition that picks the rows out.
    pub fn condition(&self) -> Expr {
        let column = Expr::column(&self.column);
        match &self.value {
            Some(value) => Expr::equals(column, Expr::Literal(value.clone())),
            None => Expr::IsNull(Box::new(column)),
        }
    }

    /// That generated rows keep to it: those of an ordinary run, or where a size is named those of that size.
    pub fn claim(&self, table: &TableDesign, rows: Option<u64>) -> Claim {
        let (name, column) = (table.table.name.as_str(), self.column.as_str());
        let aspect = match &self.value {
            Some(Literal::Text(value)) => value.clone(),
            Some(value) => value.to_string(),
            None => "missing".to_owned(),
        };
        let of = rows.map_or_else(String::new, |rows| format!(" at {rows} rows"));
        let statement = format!(
            "{} % of the generated rows of `{name}`{of} have {}, and the planner knows it.",
            self.percent,
            self.condition()
        );
        let subject = Subject::of(name, column);
        let claim = Claim::new(Family::Share, subject, statement).on(&aspect);
        let claim = claim.demand("percent", self.percent);
        match rows {
            Some(rows) => {
                claim.on("at_scale").demand("rows", i64::try_from(rows).unwrap_or(i64::MAX))
            }
            None => claim,
        }
    }
}

/// One claim for each stated share, for so many rows in all tables together.
pub fn share_claims(design: &PhysicalDesign, rows: u64) -> Vec<Claim> {
    let of = |table: &TableDesign| {
        table.shares.iter().map(|share| share.claim(table, Some(rows))).collect::<Vec<_>>()
    };
    design.tables.iter().flat_map(of).collect()
}
