//! What a server holds afterwards is what was designed.

use underpin_claim::{Claim, Evidence, Family, Value, Verdict};
use underpin_operate::{ApplyError, canonical};
use underpin_pg::diff;
use underpin_server::{SessionError, catalog};

use super::Probe;
use crate::bench::{Bench, not_run};

pub(super) const PROBE: Probe = Probe { family: Family::Introspects, judge };

fn judge(bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, SessionError> {
    let designed = &bench.input.physical.schema;
    let installed = bench.whole()?;
    if let Some(reason) = &installed.refused {
        return Ok(not_run(claim, format!("schema.sql does not apply: {reason}")));
    }
    let found = catalog::read(&mut installed.session)?;
    let wanted = match canonical(&mut installed.session, designed) {
        Ok(wanted) => wanted,
        Err(ApplyError::Session(error)) => return Err(error),
        Err(error) => return Ok(not_run(claim, error.to_string())),
    };
    let differences: Vec<String> = diff(&wanted, &found).iter().map(ToString::to_string).collect();
    let objects = found.tables.len() + found.indexes.len() + found.triggers.len();
    let objects = i64::try_from(objects).unwrap_or(i64::MAX);
    if differences.is_empty() {
        return Ok(Evidence::new(claim, Verdict::Proven).measure("objects", objects));
    }
    let note = differences.join("; ");
    let differences = differences.into_iter().map(Value::Text).collect();
    Ok(Evidence::new(claim, Verdict::Refuted)
        .measure("differences", Value::List(differences))
        .note(note))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Shop, judged};

    #[test]
    fn what_was_made_is_what_was_designed() {
        let judged = judged(Shop::new(), Family::Introspects, |_| {});
        assert_eq!(judged.verdict(Family::Introspects, None), Verdict::Proven);
    }

    #[test]
    fn another_index_than_designed_is_refuted() {
        let judged = judged(Shop::new(), Family::Introspects, |sql| {
            sql.push_str("CREATE INDEX extra ON public.users (full_name);");
        });
        assert_eq!(judged.verdict(Family::Introspects, None), Verdict::Refuted);
        assert!(judged.note(Family::Introspects, None).contains("extra"));
    }
}
