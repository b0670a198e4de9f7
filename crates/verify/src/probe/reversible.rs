//! The initial migration goes down and up again, leaving no trace and no difference.

use underpin_claim::{Claim, Evidence, Family, Verdict};
use underpin_operate::{ApplyError, apply, apply_text};
use underpin_pg::{Schema, Script, diff};
use underpin_server::{SessionError, catalog};

use super::Probe;
use crate::bench::{Bench, Installed, not_run};

pub(super) const PROBE: Probe = Probe { family: Family::Reversible, judge };

fn judge(bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, SessionError> {
    // A database of its own: a probe that stops half way leaves the others theirs.
    let mut installed = Installed::new(bench.input.server, bench.input.schema_sql)?;
    if let Some(reason) = &installed.refused {
        return Ok(not_run(claim, format!("schema.sql does not apply: {reason}")));
    }
    let session = &mut installed.session;
    let before = catalog::read(session)?;
    let down = Script::drop(&bench.input.physical.schema);
    if let Err(error) = apply(session, &down) {
        return refuted(claim, "taking the migration back", error);
    }
    // They may have been there before, and others may rest on them.
    let extensions = bench.input.physical.schema.extensions.clone();
    let bare = Schema { extensions, ..Schema::default() };
    let left = diff(&bare, &catalog::read(session)?);
    if !left.is_empty() {
        let left: Vec<String> = left.iter().map(ToString::to_string).collect();
        return Ok(Evidence::new(claim, Verdict::Refuted)
            .note(format!("taking the migration back left {}", left.join("; "))));
    }
    if let Err(error) = apply_text(session, bench.input.schema_sql) {
        return refuted(claim, "applying it again", error);
    }
    let differences = diff(&before, &catalog::read(session)?);
    if differences.is_empty() {
        let statements = i64::try_from(down.statements.len()).unwrap_or(i64::MAX);
        return Ok(Evidence::new(claim, Verdict::Proven).measure("down_statements", statements));
    }
    let differences: Vec<String> = differences.iter().map(ToString::to_string).collect();
    Ok(Evidence::new(claim, Verdict::Refuted)
        .note(format!("applying it again made a difference: {}", differences.join("; "))))
}

fn refuted(claim: &Claim, doing: &str, error: ApplyError) -> Result<Evidence, SessionError> {
    match error {
        ApplyError::Session(error) => Err(error),
        error => Ok(Evidence::new(claim, Verdict::Refuted).note(format!("{doing}: {error}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Shop, judged};

    #[test]
    fn goes_down_and_up_again() {
        let judged = judged(Shop::new(), Family::Reversible, |_| {});
        assert_eq!(judged.verdict(Family::Reversible, None), Verdict::Proven);
    }

    #[test]
    fn what_stays_behind_refutes_it() {
        let judged = judged(Shop::new(), Family::Reversible, |sql| {
            sql.push_str("CREATE TABLE stays (id int);");
        });
        assert_eq!(judged.verdict(Family::Reversible, None), Verdict::Refuted);
        assert!(judged.note(Family::Reversible, None).contains("stays"));
    }
}
