//! An id of another context is taken as it is: nothing here waits for a row there.

use underpin_claim::{Claim, Evidence, Family, Verdict};
use underpin_server::SessionError;

use super::Probe;
use crate::bench::{Bench, not_run};
use crate::row::Wish;
use crate::trial::Outcome;

pub(super) const PROBE: Probe = Probe { family: Family::Crossing, judge };

const FOREIGN_KEY_VIOLATION: &str = "23503";

fn judge(bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, SessionError> {
    let shape = match bench.table(claim) {
        Ok(shape) => shape,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let table = &shape.table.name;
    let object = claim.subject.object.as_deref().unwrap_or_default();
    let column = shape.table.columns.iter().position(|it| it.name.as_str() == object);
    let Some(column) = column else {
        return Ok(not_run(claim, format!("{table} has no column `{object}`")));
    };
    // A table that takes no row is tried all the same: a foreign key may be the reason.
    let barred = bench.ready(table)?.err();
    // No row is there that the new value could be the id of.
    let wish = Wish { filled: vec![column], ..Wish::default() };
    let plan = match bench.plan(table, &wish) {
        Ok(plan) => plan,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let mut reason = barred.unwrap_or_else(|| "there was nothing to try".to_owned());
    for scene in bench.scenes(&plan.rows) {
        match bench.attempt(&scene.setup, &scene.last)? {
            Outcome::Accepted(_) => {
                return Ok(Evidence::new(claim, Verdict::Proven).measure("accepted", 1));
            }
            Outcome::Refused(error) if error.sqlstate == FOREIGN_KEY_VIOLATION => {
                return Ok(Evidence::new(claim, Verdict::Refuted)
                    .note(format!("an id that no row has was refused: {error}")));
            }
            Outcome::Refused(error) | Outcome::NotSet(error) => reason = error.to_string(),
        }
    }
    Ok(not_run(claim, reason))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Shop, judged};

    #[test]
    fn an_unknown_id_is_taken() {
        let judged = judged(Shop::in_contexts(), Family::Crossing, |_| {});
        let note = judged.note(Family::Crossing, Some("customer_id"));
        assert_eq!(
            judged.verdict(Family::Crossing, Some("customer_id")),
            Verdict::Proven,
            "{note}"
        );
    }

    #[test]
    fn a_foreign_key_across_is_refuted() {
        let judged = judged(Shop::in_contexts(), Family::Crossing, |sql| {
            sql.push_str(
                "ALTER TABLE ordering.orders ADD FOREIGN KEY (customer_id) REFERENCES customers.customers (id);",
            );
        });
        assert_eq!(judged.verdict(Family::Crossing, Some("customer_id")), Verdict::Refuted);
    }
}
