//! The script of roles leaves the owners and grants that were designed, and changes nothing where it is
//! run again.
//!
//! Roles belong to the cluster: all of this happens in a transaction that is rolled back, so that none
//! stays behind on a server that is not ours.

use underpin_claim::{Claim, Evidence, Family, Verdict};
use underpin_pg::{AccessStatement, Control};
use underpin_server::{Session, SessionError, catalog};

use super::Probe;
use crate::bench::{Bench, not_run};

pub(super) const PROBE: Probe = Probe { family: Family::Access, judge };

fn judge(bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, SessionError> {
    let designed = &bench.input.physical.access;
    let script = designed.script(&bench.input.physical.schema);
    let installed = bench.whole()?;
    if let Some(reason) = &installed.refused {
        return Ok(not_run(claim, format!("schema.sql does not apply: {reason}")));
    }
    let session = &mut installed.session;
    session.batch(&Control::Begin.to_string())?;
    let judged = twice(session, &script).and_then(|()| {
        let found = catalog::access_within(session)?;
        Ok(designed.plan(&found).iter().map(ToString::to_string).collect::<Vec<_>>())
    });
    session.batch(&Control::Rollback.to_string())?;
    let left = match judged {
        Ok(left) => left,
        Err(SessionError::Refused(error)) if error.sqlstate == "42501" => {
            return Ok(not_run(
                claim,
                format!("the role that we connect as may not make roles: {error}"),
            ));
        }
        Err(SessionError::Refused(error)) => {
            return Ok(Evidence::new(claim, Verdict::Refuted)
                .note(format!("the script was refused: {error}")));
        }
        Err(error) => return Err(error),
    };
    if left.is_empty() {
        let statements = i64::try_from(script.len()).unwrap_or(i64::MAX);
        return Ok(Evidence::new(claim, Verdict::Proven).measure("statements", statements));
    }
    Ok(Evidence::new(claim, Verdict::Refuted)
        .note(format!("after the script this is left to do: {}", left.join("; "))))
}

fn twice(session: &mut Session, script: &[AccessStatement]) -> Result<(), SessionError> {
    for statement in script.iter().chain(script) {
        session.batch(&statement.to_string())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Shop, judged};

    #[test]
    fn roles_owners_and_grants_are_as_designed() {
        let judged = judged(Shop::in_contexts(), Family::Access, |_| {});
        let note = judged.note(Family::Access, None);
        assert_eq!(judged.verdict(Family::Access, None), Verdict::Proven, "{note}");
    }

    #[test]
    fn a_grant_that_nobody_designed_refutes_it() {
        let judged = judged(Shop::in_contexts(), Family::Access, |sql| {
            sql.push_str("GRANT SELECT ON customers.customers TO PUBLIC;");
        });
        assert_eq!(judged.verdict(Family::Access, None), Verdict::Refuted);
        assert!(judged.note(Family::Access, None).contains("REVOKE ALL ON TABLE"));
    }
}
