//! The whole script applies to an empty database in one transaction.

use underpin_claim::{Claim, Evidence, Family, Verdict};
use underpin_server::SessionError;

use super::Probe;
use crate::bench::Bench;

pub(super) const PROBE: Probe = Probe { family: Family::Applies, judge };

fn judge(bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, SessionError> {
    Ok(match &bench.whole()?.refused {
        None => Evidence::new(claim, Verdict::Proven),
        Some(reason) => Evidence::new(claim, Verdict::Refuted).note(reason.as_str()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Shop, judged};

    #[test]
    fn a_script_that_applies() {
        let judged = judged(Shop::new(), Family::Applies, |_| {});
        assert_eq!(judged.verdict(Family::Applies, None), Verdict::Proven);
    }

    #[test]
    fn a_script_with_a_mistake_is_refuted() {
        let judged = judged(Shop::new(), Family::Applies, |sql| {
            sql.push_str("CREATE INDEX ON nowhere (id);");
        });
        assert_eq!(judged.verdict(Family::Applies, None), Verdict::Refuted);
    }
}
