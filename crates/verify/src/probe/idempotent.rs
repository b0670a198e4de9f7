//! Applying the plan again changes nothing.

use underpin_claim::{Claim, Evidence, Family, Verdict};
use underpin_operate::{ApplyError, apply_plan};
use underpin_server::SessionError;

use super::Probe;
use crate::bench::{Bench, not_run};

pub(super) const PROBE: Probe = Probe { family: Family::Idempotent, judge };

fn judge(bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, SessionError> {
    let designed = &bench.input.physical.schema;
    let installed = bench.whole()?;
    if let Some(reason) = &installed.refused {
        return Ok(not_run(claim, format!("schema.sql does not apply: {reason}")));
    }
    Ok(match apply_plan(&mut installed.session, designed) {
        Ok(0) => Evidence::new(claim, Verdict::Proven).measure("statements", 0),
        Ok(count) => Evidence::new(claim, Verdict::Refuted)
            .measure("statements", i64::try_from(count).unwrap_or(i64::MAX))
            .note(format!("{count} statements were run a second time")),
        Err(ApplyError::Session(error)) => return Err(error),
        Err(error) => Evidence::new(claim, Verdict::Refuted).note(error.to_string()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Shop, judged};

    #[test]
    fn nothing_is_left_to_do() {
        let judged = judged(Shop::new(), Family::Idempotent, |_| {});
        assert_eq!(judged.verdict(Family::Idempotent, None), Verdict::Proven);
    }

    #[test]
    fn a_script_that_leaves_something_out_is_refuted() {
        let judged = judged(Shop::new(), Family::Idempotent, |sql| {
            *sql = sql.replace("CREATE INDEX orders_user_id_placed_at_idx", "-- CREATE INDEX");
        });
        assert_eq!(judged.verdict(Family::Idempotent, None), Verdict::Refuted);
    }
}
