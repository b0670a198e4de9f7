//! What plans have taught about one statement.
//!
//! A plan that was found where the candidates R were there, and that uses only U of them, is also the plan wherever a set
//! S with U ⊆ S ⊆ R is there: the planner saw everything that S offers and preferred U. So each plan answers for many
//! sets; and its cost bounds from above that of every set that holds U, from below that of every set within R.

use crate::candidates::CandidateId;

/// A way to run the statement: what it needs, and its cost.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Way {
    /// The candidates that it needs, ascending.
    pub(crate) uses: Vec<CandidateId>,
    /// Its cost.
    pub(crate) cost: f64,
}

/// What plans have taught about one statement.
#[derive(Debug, Clone, Default)]
pub(crate) struct Knowledge {
    /// The cost without any candidate.
    pub(crate) base: f64,
    /// Cheapest first; none needs all that a cheaper one needs.
    ways: Vec<Way>,
    /// Each plan that was asked for: what was there, and the plan.
    asked: Vec<(Vec<CandidateId>, Way)>,
}

impl Knowledge {
    pub(crate) fn new(base: f64) -> Self {
        Self { base, ways: Vec::new(), asked: Vec::new() }
    }

    /// Takes in a plan. Both lists are ascending.
    pub(crate) fn learn(&mut self, present: Vec<CandidateId>, uses: Vec<CandidateId>, cost: f64) {
        let way = Way { uses, cost };
        self.asked.push((present, way.clone()));
        if way.uses.is_empty() || cost >= self.base {
            return;
        }
        if self.ways.iter().any(|other| other.cost <= cost && within(&other.uses, &way.uses)) {
            return;
        }
        self.ways.retain(|other| !(other.cost >= cost && within(&way.uses, &other.uses)));
        let at = self.ways.partition_point(|other| other.cost <= cost);
        self.ways.insert(at, way);
    }

    /// How many plans were asked for.
    pub(crate) fn plans(&self) -> usize {
        self.asked.len()
    }

    /// The ways that are known, cheapest first.
    pub(crate) fn ways(&self) -> &[Way] {
        &self.ways
    }

    /// The plan where exactly these candidates are there, if a plan that was asked for answers for it.
    pub(crate) fn exact(&self, present: &[CandidateId]) -> Option<&Way> {
        self.asked
            .iter()
            .rev()
            .find(|(there, way)| within(&way.uses, present) && within(present, there))
            .map(|(_, way)| way)
    }
}

impl Knowledge {
    /// A cost that is reached where these candidates are there, ascending.
    pub(crate) fn upper(&self, present: &[CandidateId]) -> f64 {
        self.ways.iter().find(|way| within(&way.uses, present)).map_or(self.base, |way| way.cost)
    }

    /// A cost below which no set of these candidates comes, ascending: that of the dearest plan for which they were all
    /// there.
    pub(crate) fn lower(&self, present: &[CandidateId]) -> f64 {
        if present.is_empty() {
            return self.base;
        }
        let known = self.asked.iter().filter(|(there, _)| within(present, there));
        known.map(|(_, way)| way.cost).fold(0.0, f64::max).min(self.base)
    }
}

/// Whether all of `small` is in `large`; both ascend.
pub(crate) fn within(small: &[CandidateId], large: &[CandidateId]) -> bool {
    let mut rest = large.iter();
    small.len() <= large.len() && small.iter().all(|wanted| rest.any(|id| id == wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_answers_for_every_set_between_what_it_uses_and_what_was_there() {
        let mut known = Knowledge::new(100.0);
        known.learn(vec![1, 2, 3, 4], vec![2, 4], 10.0);
        assert_eq!(known.exact(&[2, 4]).map(|way| way.cost), Some(10.0));
        assert_eq!(known.exact(&[1, 2, 4]).map(|way| way.cost), Some(10.0));
        assert!(known.exact(&[2]).is_none());
        assert!(known.exact(&[2, 4, 9]).is_none());
    }

    #[test]
    fn a_way_that_needs_more_and_costs_more_is_forgotten() {
        let mut known = Knowledge::new(100.0);
        known.learn(vec![1, 2], vec![1, 2], 20.0);
        known.learn(vec![1], vec![1], 20.0);
        known.learn(vec![1, 3], vec![1, 3], 30.0);
        assert_eq!(known.ways(), [Way { uses: vec![1], cost: 20.0 }]);
    }
}
