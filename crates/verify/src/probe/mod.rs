//! The probes, one for each family of claims.
//!
//! A probe tries to refute its claim. Adding one: `cargo xtask new-probe NAME`.

mod applies;
mod check;
mod exclusion;
mod foreign_key;
mod idempotent;
mod introspects;
mod latency;
mod lifecycle;
mod not_null;
mod on_delete;
mod prepares;
mod reversible;
mod serves;
mod unchanged;
mod unique;
// xtask:new-probe:modules

use underpin_claim::{Claim, Evidence, Family};
use underpin_pg::{Ident, Statement};
use underpin_physical::Query;
use underpin_server::SessionError;

use crate::bench::{Bench, not_run};

/// What tries to refute the claims of one family.
#[derive(Debug)]
pub(crate) struct Probe {
    /// The family.
    pub(crate) family: Family,
    judge: fn(&mut Bench<'_>, &Claim) -> Result<Evidence, SessionError>,
}

impl Probe {
    /// Judges a claim of the family.
    pub(crate) fn judge(
        &self,
        bench: &mut Bench<'_>,
        claim: &Claim,
    ) -> Result<Evidence, SessionError> {
        (self.judge)(bench, claim)
    }
}

const PROBES: &[Probe] = &[
    applies::PROBE,
    introspects::PROBE,
    idempotent::PROBE,
    reversible::PROBE,
    not_null::PROBE,
    unique::PROBE,
    check::PROBE,
    exclusion::PROBE,
    foreign_key::PROBE,
    on_delete::PROBE,
    lifecycle::PROBE,
    unchanged::PROBE,
    prepares::PROBE,
    serves::PROBE,
    latency::PROBE,
    // xtask:new-probe:registry
];

/// The probe of a family.
pub(crate) fn of(family: Family) -> &'static Probe {
    const NONE: Probe = Probe {
        family: Family::Applies,
        judge: |_, claim| Ok(not_run(claim, "there is no probe for this kind of claim")),
    };
    PROBES.iter().find(|probe| probe.family == family).unwrap_or(&NONE)
}

/// The query that a claim is about, and its statement.
fn query<'a>(bench: &Bench<'a>, claim: &Claim) -> Result<(&'a Query, &'a Statement), String> {
    let name = claim.subject.object.as_deref().unwrap_or_default();
    let query = bench
        .input
        .physical
        .queries
        .iter()
        .find(|query| query.name == name)
        .ok_or_else(|| format!("the design has no query `{name}`"))?;
    match &query.statement {
        Some(statement) => Ok((query, statement)),
        None => Err(query.remark.clone().unwrap_or_else(|| "it became no statement".to_owned())),
    }
}

/// What a query is called while it is prepared.
fn prepared(query: &Query) -> Ident {
    underpin_pg::naming::fit(&query.name, "")
}
