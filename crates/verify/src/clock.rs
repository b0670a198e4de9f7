//! The moment before which generated rows happen: where tables are split by time, that of the server, whose partitions are made
//! around it.

use underpin_pg::{Expr, Output, Select, Type};
use underpin_physical::PhysicalDesign;
use underpin_server::{Session, SessionError};

use crate::row::{NOW, moments};

/// A query for the moment that it is on the server, in seconds.
pub(crate) fn query() -> String {
    let epoch = Expr::Call("date_part", vec![Expr::text("epoch"), Expr::Call("now", Vec::new())]);
    let value = Expr::Cast(Box::new(epoch), Type::BigInt);
    Select::new(vec![Output { value, name: None }], None).to_string()
}

/// The moment before which the rows of a design happen.
///
/// # Errors
/// Where the connection is lost.
pub fn clock(session: &mut Session, physical: &PhysicalDesign) -> Result<i64, SessionError> {
    let answer = session.text(&query())?;
    let told = answer.rows.into_iter().flatten().flatten().next();
    let today = told.and_then(|it| it.parse().ok()).unwrap_or(NOW);
    Ok(moments::clock(physical, || today))
}
