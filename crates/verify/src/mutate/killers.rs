//! Which claims are asked about a mutant, and in which order.

use underpin_claim::{Claim, Family, Value};

use super::mutant::Mutant;

/// Whether a claim can tell that something is needed. The claims on the schema as a whole notice every
/// difference, needed or not; and a time that is measured once more may differ for another reason.
fn is_asked(family: Family) -> bool {
    match family {
        Family::Applies
        | Family::Introspects
        | Family::Idempotent
        | Family::Reversible
        // Roles have a script of their own, and a crossing is there where nothing is.
        | Family::Access
        | Family::Isolation
        | Family::Crossing
        // What is missing is in nobody's way.
        | Family::Life
        | Family::StateChange
        | Family::Prepares
        // It is about rows that are loaded once, before anything is taken away.
        | Family::Share
        // A plan that reads more than it must is no gap.
        | Family::Prunes
        | Family::Latency
        | Family::Growth
        | Family::Load
        | Family::Necessity => false,
        Family::NotNull
        | Family::Default
        | Family::Seeds
        | Family::Identity
        | Family::Unique
        | Family::Check
        | Family::Exclusion
        | Family::ForeignKey
        | Family::OnDelete
        | Family::Lifecycle
        | Family::Touch
        | Family::Acyclic
        | Family::Limit
        | Family::OwnerState
        | Family::OwnerBound
        | Family::Hold
        | Family::Version
        | Family::Unchanged
        | Family::Partitioned
        | Family::Upkeep
        | Family::Serves
        | Family::Supports => true,
    }
}

/// The claims to ask: those about the object, then those about its table, then the rest.
pub(super) fn in_order<'c>(mutant: &Mutant, claims: &'c [Claim]) -> Vec<&'c Claim> {
    let mut asked: Vec<&Claim> = claims.iter().filter(|claim| is_asked(claim.family)).collect();
    asked.sort_by_key(|claim| distance(mutant, claim));
    asked
}

fn distance(mutant: &Mutant, claim: &Claim) -> u8 {
    let is_same_table =
        mutant.table().is_none() || claim.subject.table.as_deref() == mutant.table();
    let is_close = |name: &str| mutant.close.iter().any(|close| close == name);
    let is_promised =
        matches!(claim.threshold.get("index"), Some(Value::Text(name)) if is_close(name));
    let is_about = claim.subject.object.as_deref().is_some_and(is_close) && is_same_table;
    match (is_about || is_promised, is_same_table) {
        (true, _) => 0,
        (false, true) => 1,
        (false, false) => 2,
    }
}
