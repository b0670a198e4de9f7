//! Necessity: each object of the schema is taken away, or made weaker, and some claim that was proven must
//! notice. An object that nobody misses is needless, or what it does is claimed nowhere.
//!
//! A mutant lives in the transactions of the bench and is rolled back: nothing is installed anew for it.

mod killers;
mod mutant;
mod removals;
mod weaker;

use std::collections::BTreeMap;
use std::time::Instant;

use underpin_claim::{Claim, ClaimId, Evidence, Value, Verdict, Verification};
use underpin_physical::PhysicalDesign;
use underpin_server::Server;

use crate::bench::{Bench, Input};
use crate::row::Shape;
use crate::verify::judge;
use crate::{Options, Progress, VerifyError};

use mutant::Mutant;

/// Objects that may be missed by nobody: the id of the claim, and the reason.
pub type Accepted = BTreeMap<String, String>;

/// The claims of a design with those on the necessity of its objects, and what came of them.
#[derive(Debug)]
pub struct Mutated {
    /// First the design's own.
    pub claims: Vec<Claim>,
    /// One evidence for each claim.
    pub verification: Verification,
    /// Accepted objects that are missed after all, or that the design does not have.
    pub stale: Vec<String>,
}

/// The claims on necessity that a design gives rise to.
pub fn necessities(physical: &PhysicalDesign) -> Vec<Claim> {
    mutants(physical).into_iter().map(|mutant| mutant.claim).collect()
}

fn mutants(physical: &PhysicalDesign) -> Vec<Mutant> {
    let mut all = removals::all(physical);
    all.extend(weaker::all(physical));
    all
}

/// Judges the claims of a design, then which of them each mutant refutes. Where `options` ask for one claim,
/// only the mutant of that name is made, and of the design's claims only those that may notice are judged.
///
/// # Errors
/// As [`verify`](crate::verify()).
pub fn mutate(
    server: &Server,
    physical: &PhysicalDesign,
    schema_sql: &str,
    options: &Options,
    accepted: &Accepted,
    progress: &mut dyn FnMut(Progress),
) -> Result<Mutated, VerifyError> {
    let input = Input { server, physical, schema_sql, options };
    let shapes = Shape::all(physical);
    let mut court = Court { bench: Bench::new(input, &shapes), baseline: BTreeMap::new() };
    let mutants = mutants(physical);
    let mut claims = Vec::new();
    let mut evidence = Vec::new();
    let total = physical.claims.len() + mutants.len();
    if options.only.is_none() {
        for (done, claim) in physical.claims.iter().enumerate() {
            progress(Progress { done, total, doing: claim.id.to_string() });
            evidence.push(court.as_designed(claim)?.clone());
            claims.push(claim.clone());
        }
    }
    let mut stale: Vec<String> =
        if options.only.is_none() { accepted.keys().cloned().collect() } else { Vec::new() };
    for (at, mutant) in mutants.iter().enumerate() {
        if options.only.as_ref().is_some_and(|only| *only != mutant.claim.id) {
            continue;
        }
        let done = physical.claims.len() + at;
        progress(Progress { done, total, doing: mutant.claim.id.to_string() });
        let started = Instant::now();
        let mut judged = court.survives(mutant, &physical.claims)?;
        judged.seconds = started.elapsed().as_secs_f64();
        if judged.verdict == Verdict::Refuted {
            if let Some(reason) = accepted.get(mutant.claim.id.as_str()) {
                stale.retain(|id| id != mutant.claim.id.as_str());
                judged.verdict = Verdict::Assumed;
                judged.note = Some(format!("nothing notices, which is accepted: {reason}"));
            }
        }
        evidence.push(judged);
        claims.push(mutant.claim.clone());
    }
    let environment = court.bench.environment();
    Ok(Mutated { claims, verification: Verification { environment, evidence }, stale })
}

/// The bench, and what is known of the design as it is.
struct Court<'a> {
    bench: Bench<'a>,
    baseline: BTreeMap<ClaimId, Evidence>,
}

impl Court<'_> {
    /// The judgement on the design as it is.
    fn as_designed(&mut self, claim: &Claim) -> Result<&Evidence, VerifyError> {
        if !self.baseline.contains_key(&claim.id) {
            let judged = judge(&mut self.bench, claim)?;
            self.baseline.insert(claim.id.clone(), judged);
        }
        Ok(&self.baseline[&claim.id])
    }

    /// Asks one claim after the other, those first that are about the object, until one is refuted.
    fn survives(&mut self, mutant: &Mutant, claims: &[Claim]) -> Result<Evidence, VerifyError> {
        let mut asked: i64 = 0;
        for claim in killers::in_order(mutant, claims) {
            if self.as_designed(claim)?.verdict != Verdict::Proven {
                continue;
            }
            let lost = |error| VerifyError { doing: "a mutant lost its server", error };
            let judged = match self.bench.mutate(mutant.statements.clone()).map_err(lost)? {
                Ok(()) => judge(&mut self.bench, claim)?,
                Err(reason) => {
                    self.bench.heal().map_err(lost)?;
                    return Ok(Evidence::new(&mutant.claim, Verdict::NotRun)
                        .note(format!("PostgreSQL does not take the change: {reason}")));
                }
            };
            self.bench.heal().map_err(lost)?;
            asked += 1;
            if is_noticed(&self.baseline[&claim.id], &judged) {
                let evidence = Evidence::new(&mutant.claim, Verdict::Proven)
                    .measure("killed_by", claim.id.as_str())
                    .measure("asked", asked);
                return Ok(match judged.note {
                    Some(note) => mutant.described(evidence).measure("seen", note),
                    None => mutant.described(evidence),
                });
            }
        }
        let evidence = mutant.described(Evidence::new(&mutant.claim, Verdict::Refuted));
        Ok(evidence.measure("asked", asked).measure("killed_by", Value::List(Vec::new())).note(
            format!("none of the {asked} proven claims that were asked notices any difference"),
        ))
    }
}

/// Whether the judgement on a mutant tells it from the design. Of a rule that is not understood, a probe that
/// finds no row refused cannot say that one should be; but here rows were, and are let in now.
fn is_noticed(as_designed: &Evidence, judged: &Evidence) -> bool {
    let count = |evidence: &Evidence, name: &str| match evidence.measured.get(name) {
        Some(Value::Integer(count)) => *count,
        _ => 0,
    };
    let lets_all_in = count(as_designed, "refused") > 0
        && count(judged, "refused") == 0
        && count(judged, "accepted") > count(as_designed, "accepted");
    judged.verdict == Verdict::Refuted || judged.verdict == Verdict::NotRun && lets_all_in
}

#[cfg(test)]
mod tests {
    use underpin_pg::Script;

    use super::*;
    use crate::testing::{Shop, index, server};

    fn mutated(shop: &Shop, only: Option<&str>, accepted: &[(&str, &str)]) -> Mutated {
        let only = only.map(|id| {
            let claims = necessities(&shop.physical).into_iter();
            claims.map(|claim| claim.id).find(|it| it.as_str() == id).expect("is a mutant")
        });
        let options = Options { max_rows: 9_000, runs: 10, only, ..Options::default() };
        let accepted = accepted.iter().map(|(id, why)| ((*id).to_owned(), (*why).to_owned()));
        let script = Script::create(&shop.physical.schema).to_string();
        let accepted = accepted.collect();
        mutate(&server(), &shop.physical, &script, &options, &accepted, &mut |_| {}).unwrap()
    }

    #[test]
    fn each_object_of_a_tested_design_is_missed() {
        let mutated = mutated(&Shop::new(), None, &[]);
        let mut needed = 0;
        for (claim, evidence) in mutated.claims.iter().zip(&mutated.verification.evidence) {
            let note = evidence.note.clone().unwrap_or_default();
            assert_eq!(evidence.verdict, Verdict::Proven, "{}: {note}", claim.id);
            needed += usize::from(evidence.measured.contains_key("killed_by"));
        }
        assert_eq!(needed, necessities(&Shop::new().physical).len());
        assert!(needed > 50, "{needed}");
    }

    #[test]
    fn an_index_that_nobody_reads_is_found_or_accepted_with_a_reason() {
        const NEEDLESS: &str = "necessity/users/users_full_name_idx";
        let mut shop = Shop::new();
        shop.physical.schema.add_index(index("users_full_name_idx", "users", &["full_name"]));
        let found = mutated(&shop, Some(NEEDLESS), &[]);
        assert_eq!(found.verification.evidence.len(), 1);
        assert_eq!(found.verification.evidence[0].verdict, Verdict::Refuted);
        let accepted = mutated(&shop, Some(NEEDLESS), &[(NEEDLESS, "for the yearly report")]);
        assert_eq!(accepted.verification.evidence[0].verdict, Verdict::Assumed);
        let note = accepted.verification.evidence[0].note.clone().unwrap();
        assert!(note.contains("yearly report"), "{note}");
    }

    #[test]
    fn a_change_that_the_server_does_not_take_proves_nothing() {
        let mut shop = Shop::new();
        // The script does not make it, so that it cannot be dropped.
        let script = Script::create(&shop.physical.schema).to_string();
        shop.physical.schema.add_index(index("users_full_name_idx", "users", &["full_name"]));
        let id = necessities(&shop.physical).into_iter().map(|claim| claim.id);
        let only = id.into_iter().find(|id| id.as_str().ends_with("users_full_name_idx"));
        let options = Options { max_rows: 900, runs: 1, only, ..Options::default() };
        let accepted = Accepted::new();
        let mutated =
            mutate(&server(), &shop.physical, &script, &options, &accepted, &mut |_| {}).unwrap();
        assert_eq!(mutated.verification.evidence[0].verdict, Verdict::NotRun);
    }
}
