//! A row that says nothing of a column gets what was decided for it.

use underpin_claim::{Claim, Evidence, Family, Verdict};
use underpin_pg::{BinaryOperator, Expr, Literal, Output, Select, TableRef};
use underpin_server::SessionError;

use super::{Birth, Probe, born, column_of, newborn};
use crate::bench::{Bench, not_run};
use crate::row::{Shape, Wish};
use crate::value::{Decimal, Value};

pub(super) const PROBE: Probe = Probe { family: Family::Default, judge };

fn judge(bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, SessionError> {
    let (shape, column) = match column_of(bench, claim) {
        Ok(found) => found,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let Some(default) = &shape.table.columns[column].default else {
        return Ok(not_run(claim, "the column has no default"));
    };
    if let Err(reason) = bench.ready(&shape.table.name)? {
        return Ok(not_run(claim, reason));
    }
    // The rest of the row must go with the value that it will get.
    let known = constant(default).map(|value| (column, value));
    let wish = Wish { values: known.into_iter().collect(), ..Wish::default() };
    let mut rows = match newborn(bench, shape, column, wish) {
        Ok(rows) => rows,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let row = &mut rows.last_mut().expect("a plan ends with its row").values;
    row[column] = Value::Default;
    let look = if is_repeatable(default) { look(shape, column, row, default) } else { None };
    Ok(match born(bench, shape, column, &rows, look)? {
        Birth::Refused(reason) => Evidence::new(claim, Verdict::Refuted).note(reason),
        Birth::NotSet(reason) => not_run(claim, reason),
        // Of what is made anew each time, it is known only that it is there.
        Birth::Seen(None) => {
            Evidence::new(claim, Verdict::Refuted).note("the row has nothing there")
        }
        Birth::Seen(Some(seen)) if seen == "f" => {
            Evidence::new(claim, Verdict::Refuted).note("the row has something else there")
        }
        Birth::Seen(Some(_)) => Evidence::new(claim, Verdict::Proven).measure("rows", 1),
    })
}

/// The value of a default that is one.
fn constant(default: &Expr) -> Option<Value> {
    match default {
        Expr::Cast(inner, _) => constant(inner),
        Expr::Literal(Literal::Text(text)) => Some(Value::Text(text.clone())),
        Expr::Literal(Literal::Integer(number)) => Some(Value::integer(*number)),
        Expr::Literal(Literal::Decimal(digits)) => Decimal::parse(digits).map(Value::Number),
        Expr::Literal(Literal::Boolean(value)) => Some(Value::Boolean(*value)),
        _ => None,
    }
}

/// Whether it gives the same again within a transaction, as `now()` does.
fn is_repeatable(default: &Expr) -> bool {
    match default {
        Expr::Literal(_) => true,
        Expr::Cast(inner, _) => is_repeatable(inner),
        Expr::Call(name, arguments) => *name == "now" && arguments.is_empty(),
        Expr::Array(items) => items.iter().all(is_repeatable),
        _ => false,
    }
}

/// Whether the row has there what the default says.
fn look(shape: &Shape<'_>, column: usize, row: &[Value], default: &Expr) -> Option<String> {
    let filter = shape.known_row(&row.to_vec())?;
    let own = Expr::column(shape.name(column));
    // A constant without a type would be text beside another column.
    let wanted =
        Expr::Cast(Box::new(default.clone()), shape.table.columns[column].data_type.clone());
    let value = Expr::Not(Box::new(Expr::binary(own, BinaryOperator::IsDistinctFrom, wanted)));
    let from = TableRef { table: shape.table.name.clone(), alias: None };
    let mut select = Select::new(vec![Output { value, name: None }], Some(from));
    select.filter = Some(filter);
    Some(select.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Shop, judged};

    #[test]
    fn a_constant_the_clock_and_a_new_identifier() {
        let judged = judged(Shop::new(), Family::Default, |_| {});
        for column in ["status", "placed_at", "id"] {
            let note = judged.note(Family::Default, Some(column));
            assert_eq!(judged.verdict(Family::Default, Some(column)), Verdict::Proven, "{note}");
        }
    }

    #[test]
    fn none_and_another_are_refuted() {
        let judged = judged(Shop::new(), Family::Default, |sql| {
            *sql = sql.replace(" DEFAULT now()", " DEFAULT now() - interval '1 day'");
            *sql = sql.replace(" DEFAULT 'new'", "");
            *sql = sql.replace(" DEFAULT gen_random_uuid()", "");
        });
        for column in ["status", "placed_at", "id"] {
            assert_eq!(judged.verdict(Family::Default, Some(column)), Verdict::Refuted, "{column}");
        }
    }
}
