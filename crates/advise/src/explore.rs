//! Learning the ways to run a statement with few plans.
//!
//! The planner is told of all candidates at once and picks the best; what it picked is taken away, and it is asked
//! again. Each answer holds for all sets between what the plan uses and what was there, so that some dozen plans tell
//! nearly all that a choice among hundreds of candidates needs to know.

use std::collections::{BTreeSet, VecDeque};

use crate::candidates::{CandidateId, Candidates};
use crate::planner::{PlanError, Planner};
use crate::state::{QueryState, Sizes};

/// A plan that saves less than this share of the statement's cost is not looked behind.
const NEGLIGIBLE: f64 = 0.001;

/// How far to look.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Depth {
    /// Most sets that are looked at.
    pub(crate) sets: usize,
    /// No plan is asked for after this many seconds of the run.
    pub(crate) until: f64,
}

/// Learns the ways to run a statement where `kept` is there and any of `pool` may be.
pub(crate) fn peel(
    query: &mut QueryState,
    planner: &mut dyn Planner,
    kept: &[CandidateId],
    pool: &[CandidateId],
    candidates: &Candidates,
    sizes: &Sizes,
    depth: Depth,
) -> Result<(), PlanError> {
    let (ceiling, _) = query.ask(planner, kept, candidates)?;
    let mut waiting: VecDeque<Vec<CandidateId>> = VecDeque::from([pool.to_vec()]);
    let mut seen: BTreeSet<Vec<CandidateId>> = BTreeSet::new();
    let mut left = depth.sets;
    while let Some(set) = waiting.pop_front() {
        if left == 0 || planner.seconds() > depth.until {
            break;
        }
        left -= 1;
        let mut present = [kept, &set].concat();
        present.sort_unstable();
        present.dedup();
        let (cost, uses) = query.ask(planner, &present, candidates)?;
        if cost > ceiling - NEGLIGIBLE * query.known.base {
            continue;
        }
        for used in uses.into_iter().filter(|used| !kept.contains(used)) {
            let mine = candidates.spec(used);
            let bytes = sizes.get(used).unwrap_or(u64::MAX);
            let is_kin = |id: &CandidateId| {
                let other = candidates.spec(*id);
                other.table == mine.table && other.keys.first() == mine.keys.first()
            };
            let smaller = |id: &CandidateId| {
                *id != used && !(is_kin(id) && sizes.get(*id).unwrap_or(u64::MAX) >= bytes)
            };
            let sets: [Vec<CandidateId>; 3] = [
                set.iter().copied().filter(smaller).collect(),
                set.iter().copied().filter(|id| !is_kin(id)).collect(),
                set.iter().copied().filter(|id| candidates.spec(*id).table != mine.table).collect(),
            ];
            for next in sets {
                if next.len() < set.len() && seen.insert(next.clone()) {
                    waiting.push_back(next);
                }
            }
        }
    }
    Ok(())
}
