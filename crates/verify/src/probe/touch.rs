//! Whatever changes a row, the time of its last change is kept: also where the statement sets another.

use underpin_claim::{Claim, Evidence, Family, Verdict};
use underpin_pg::{Expr, Output, Select, TableRef, Update};
use underpin_server::SessionError;

use super::{Probe, column_of};
use crate::bench::{Bench, not_run};
use crate::row::{NOW, Wish};
use crate::trial::Outcome;
use crate::value::Value;

pub(super) const PROBE: Probe = Probe { family: Family::Touch, judge };

fn judge(bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, SessionError> {
    let (shape, column) = match column_of(bench, claim) {
        Ok(found) => found,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let table = &shape.table.name;
    if let Err(reason) = bench.ready(table)? {
        return Ok(not_run(claim, reason));
    }
    let wish = Wish { values: [(column, Value::Timestamp(NOW))].into(), ..Wish::default() };
    let rows = match bench.plan(table, &wish).or_else(|_| bench.plan(table, &Wish::default())) {
        Ok(plan) => plan.rows,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let row = &rows.last().expect("a plan ends with its row").values;
    let Some(is_row) = shape.known_row(row) else {
        return Ok(not_run(claim, "the table has no key by which to change one row"));
    };
    let own = Expr::column(shape.name(column));
    let long_ago = Value::Timestamp(NOW - 86_400);
    let update = Update {
        table: table.clone(),
        // The change itself says that it was made before.
        set: shape
            .raised()
            .into_iter()
            .chain([(shape.name(column).clone(), long_ago.expr())])
            .collect(),
        filter: Some(is_row.clone()),
        returning: Vec::new(),
    };
    let value = Expr::equals(own, Expr::Call("now", Vec::new()));
    let from = TableRef { table: table.clone(), alias: None };
    let mut select = Select::new(vec![Output { value, name: None }], Some(from));
    select.filter = Some(is_row);
    let mut setup = bench.inserts(&rows);
    setup.push(update.to_string());
    Ok(match bench.attempt(&setup, &select.to_string())? {
        Outcome::Accepted(found) => {
            let is_kept = found.rows.first().is_some_and(|row| row == &[Some("t".to_owned())]);
            if is_kept {
                Evidence::new(claim, Verdict::Proven).measure("changes", 1)
            } else {
                Evidence::new(claim, Verdict::Refuted).note("the change left the time as it was")
            }
        }
        Outcome::Refused(error) | Outcome::NotSet(error) => not_run(claim, error.to_string()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Shop, judged};

    #[test]
    fn a_time_that_a_trigger_keeps() {
        let judged = judged(Shop::new(), Family::Touch, |_| {});
        let note = judged.note(Family::Touch, Some("updated_at"));
        assert_eq!(judged.verdict(Family::Touch, Some("updated_at")), Verdict::Proven, "{note}");
    }

    #[test]
    fn a_time_that_nobody_keeps_is_refuted() {
        let judged = judged(Shop::new(), Family::Touch, |sql| {
            sql.push_str("DROP TRIGGER users_updated_at_touch ON public.users;");
        });
        assert_eq!(judged.verdict(Family::Touch, Some("updated_at")), Verdict::Refuted);
    }
}
