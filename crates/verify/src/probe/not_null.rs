//! A column refuses NULL: an otherwise valid row is accepted, and with NULL there refused.

use underpin_claim::{Claim, Evidence, Family, Verdict};
use underpin_server::SessionError;

use super::Probe;
use crate::bench::{Bench, Finding, not_run};
use crate::row::Wish;
use crate::trial::Expected;
use crate::value::Value;

pub(super) const PROBE: Probe = Probe { family: Family::NotNull, judge };

fn judge(bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, SessionError> {
    let shape = match bench.table(claim) {
        Ok(shape) => shape,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let table = &shape.table.name;
    let object = claim.subject.object.as_deref().unwrap_or_default();
    let Some(column) = (0..shape.table.columns.len()).find(|&at| shape.name(at).as_str() == object)
    else {
        return Ok(not_run(claim, format!("{table} has no column `{object}`")));
    };
    if let Err(reason) = bench.ready(table)? {
        return Ok(not_run(claim, reason));
    }
    let mut plan = match bench.plan(table, &Wish::default()) {
        Ok(plan) => plan,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let scenes = bench.scenes(&plan.rows);
    if let Err(reason) = bench.acceptance(&scenes)? {
        return Ok(not_run(claim, format!("the valid row was refused: {reason}")));
    }
    plan.rows.last_mut().expect("a plan ends with its row").values[column] = Value::Null;
    let expected = Expected {
        sqlstates: &["23502"],
        table: Some(&table.name),
        constraint: None,
        column: Some(shape.name(column)),
    };
    let scenes = bench.scenes(&plan.rows);
    let finding = bench.refusal(&scenes, &expected)?;
    if let Some(evidence) = bench.stops(claim, &finding, "a row with NULL there") {
        return Ok(evidence);
    }
    let evidence = Evidence::new(claim, Verdict::Proven)
        .measure("sqlstate", "23502")
        .measure("accepted", 1)
        .measure("refused", 1);
    Ok(match finding {
        Finding::Refused(isolation) if !isolation.is_empty() => {
            evidence.measure("isolation", isolation)
        }
        _ => evidence,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Shop, judged};

    #[test]
    fn a_column_that_refuses_null() {
        let judged = judged(Shop::new(), Family::NotNull, |_| {});
        assert_eq!(judged.verdict(Family::NotNull, Some("email")), Verdict::Proven);
        // The life cycle's trigger refuses NULL first, under another name.
        assert_eq!(judged.verdict(Family::NotNull, Some("status")), Verdict::Proven);
    }

    #[test]
    fn a_column_that_takes_null_is_refuted() {
        let judged = judged(Shop::new(), Family::NotNull, |sql| {
            sql.push_str("ALTER TABLE public.users ALTER COLUMN email DROP NOT NULL;");
        });
        assert_eq!(judged.verdict(Family::NotNull, Some("email")), Verdict::Refuted);
    }

    #[test]
    fn nothing_is_proven_of_a_script_that_does_not_apply() {
        let judged = judged(Shop::new(), Family::NotNull, |sql| sql.push_str("SELECT 1/0;"));
        assert_eq!(judged.verdict(Family::NotNull, Some("email")), Verdict::NotRun);
        assert!(judged.note(Family::NotNull, Some("email")).contains("does not apply"));
    }
}
