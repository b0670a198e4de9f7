//! The driver: one evidence for each claim, in the order of the claims.

use std::time::Instant;

use underpin_claim::{Claim, Evidence, Family, Verdict, Verification};
use underpin_logical::LogicalDesign;
use underpin_model::Model;
use underpin_physical::PhysicalDesign;
use underpin_server::{Server, SessionError};

use crate::bench::{Bench, Input};
use crate::row::Shape;
use crate::{Options, Progress, VerifyError, probe};

/// Judges the claims of a design on a server, in databases of its own there.
///
/// `schema_sql` is the script as it is written for people: what the probes attack is what it makes, not
/// what the design says of it.
///
/// # Errors
/// Where the connection is lost, or the server cannot go on (a full disk, a shutdown). A server that refuses something is evidence.
pub fn verify(
    server: &Server,
    _model: &Model,
    _logical: &LogicalDesign,
    physical: &PhysicalDesign,
    schema_sql: &str,
    options: &Options,
    progress: &mut dyn FnMut(Progress),
) -> Result<Verification, VerifyError> {
    let input = Input { server, physical, schema_sql, options };
    let total = physical.claims.len();
    let shapes = Shape::all(physical);
    let mut bench = Bench::new(input, &shapes);
    let mut evidence = Vec::with_capacity(total);
    for (done, claim) in physical.claims.iter().enumerate() {
        if options.only.as_ref().is_some_and(|only| *only != claim.id) {
            evidence
                .push(Evidence::new(claim, Verdict::NotRun).note("another claim was asked for"));
            continue;
        }
        progress(Progress { done, total, doing: claim.id.to_string() });
        evidence.push(judge(&mut bench, claim)?);
    }
    Ok(Verification { environment: bench.environment(), evidence })
}

/// Judges one claim.
pub(crate) fn judge(bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, VerifyError> {
    let started = Instant::now();
    let mut judged = match probe::of(claim.family).judge(bench, claim) {
        Ok(judged) => judged,
        Err(error @ (SessionError::Refused(_) | SessionError::Misused(_))) => {
            Evidence::new(claim, Verdict::NotRun).note(error.to_string())
        }
        // What a server without room or on its way down says is no evidence on anything.
        Err(error @ (SessionError::Lost(_) | SessionError::Unable(_))) => {
            return Err(VerifyError { doing: "a probe lost its server", error });
        }
    };
    let is_of_many = matches!(
        claim.family,
        Family::Serves
            | Family::Supports
            | Family::Prunes
            | Family::Latency
            | Family::Growth
            | Family::Necessity
    );
    if let (Verdict::Refuted, true, Some(reason)) =
        (judged.verdict, is_of_many, bench.is_unlike(claim))
    {
        judged = Evidence::new(claim, Verdict::NotRun).note(reason);
    }
    judged.seconds = started.elapsed().as_secs_f64();
    Ok(judged)
}
