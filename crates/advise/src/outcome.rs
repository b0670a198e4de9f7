//! The chosen set once more, on a connection that knows nothing of the search: what each statement costs before and
//! after, and what each index is worth by leaving it out.

use std::collections::BTreeSet;

use underpin_pg::Index;

use crate::advisor::{Selection, Statement};
use crate::burden::Burden;
use crate::candidates::{CandidateId, Candidates};
use crate::facts::Facts;
use crate::planner::{PlanError, Planner};
use crate::spec::Spec;
use crate::state::QueryState;
use crate::writes::Write;

/// What is advised.
#[derive(Debug, Clone)]
pub struct Advice {
    /// The indexes, those that are worth most first.
    pub chosen: Vec<Chosen>,
    /// What each statement costs, in the order of the workload.
    pub queries: Vec<QueryOutcome>,
    /// The planner's cost of all statements, weighted, as things are.
    pub cost_before: f64,
    /// The same with the indexes, and what they cost on writes.
    pub cost_after: f64,
    /// What they cost on writes, which is part of `cost_after`.
    pub write_cost: f64,
}

/// An index that is advised.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// The index as a value.
    pub spec: Spec,
    /// The index as it is made.
    pub index: Index,
    /// Its size as the server estimates it.
    pub bytes: u64,
    /// The statements whose plans use it, by number.
    pub serves: Vec<usize>,
    /// How much more the workload costs without it, its own cost on writes taken off.
    pub benefit: f64,
    /// What it costs on writes.
    pub write_cost: f64,
}

/// What a statement costs.
#[derive(Debug, Clone)]
pub struct QueryOutcome {
    /// The planner's cost of one run as things are.
    pub before: f64,
    /// The same with the indexes.
    pub after: f64,
    /// What the indexes cost where one run of it writes.
    pub write_cost: f64,
    /// The indexes that its plan uses, by their place among the chosen.
    pub uses: Vec<usize>,
    /// The names of the indexes that are there and that its plan uses, before or after.
    pub uses_existing: BTreeSet<String>,
}

/// Scores a selection, leaving out what turns out to be worth nothing.
pub fn score<P: Planner>(
    workload: &[Statement],
    facts: &Facts,
    selection: &Selection,
    planner: &mut P,
) -> Result<Advice, PlanError> {
    let candidates = &selection.candidates;
    let mut scorer = Scorer {
        queries: workload
            .iter()
            .enumerate()
            .map(|(at, it)| QueryState::new(at, it.weight, it.base, &it.needs))
            .collect(),
        writes: workload.iter().filter_map(|it| Some((it.weight, it.write.clone()?))).collect(),
        candidates,
        facts,
    };
    let before = scorer.costs(planner, &[])?;
    let mut set = selection.chosen.clone();
    loop {
        let (all, benefits) = scorer.benefits(planner, &set)?;
        let worst = benefits.iter().copied().enumerate().min_by(|a, b| a.1.total_cmp(&b.1));
        match worst {
            Some((at, benefit)) if benefit <= 1e-6 * all.abs() => {
                set.remove(at);
            }
            _ => return scorer.advice(workload, planner, &before, &set, &benefits),
        }
    }
}

struct Scorer<'s> {
    queries: Vec<QueryState>,
    writes: Vec<(f64, Write)>,
    candidates: &'s Candidates,
    facts: &'s Facts,
}

impl Scorer<'_> {
    /// The cost of one run of each statement, with the candidates that its plan uses.
    fn costs<P: Planner>(
        &mut self,
        planner: &mut P,
        set: &[CandidateId],
    ) -> Result<Vec<(f64, Vec<CandidateId>)>, PlanError> {
        let mut costs = Vec::new();
        for query in &mut self.queries {
            let mine = query.concerning(set, self.candidates);
            costs.push(query.ask(planner, &mine, self.candidates)?);
        }
        Ok(costs)
    }

    fn total(&self, costs: &[(f64, Vec<CandidateId>)]) -> f64 {
        self.queries.iter().zip(costs).map(|(query, (cost, _))| query.weight * cost).sum()
    }

    /// What a set costs on writes.
    fn burden(&self, set: &[CandidateId]) -> f64 {
        let burden = Burden::new(set, self.candidates, &self.writes, self.facts);
        burden.of(&vec![true; set.len()])
    }

    /// What the set costs, and how much more it would without each of its indexes.
    fn benefits<P: Planner>(
        &mut self,
        planner: &mut P,
        set: &[CandidateId],
    ) -> Result<(f64, Vec<f64>), PlanError> {
        let costs = self.costs(planner, set)?;
        let all = self.total(&costs) + self.burden(set);
        let mut benefits = Vec::new();
        for at in 0..set.len() {
            let mut rest = set.to_vec();
            rest.remove(at);
            let costs = self.costs(planner, &rest)?;
            benefits.push(self.total(&costs) + self.burden(&rest) - all);
        }
        Ok((all, benefits))
    }

    fn advice<P: Planner>(
        &mut self,
        workload: &[Statement],
        planner: &mut P,
        before: &[(f64, Vec<CandidateId>)],
        set: &[CandidateId],
        benefits: &[f64],
    ) -> Result<Advice, PlanError> {
        let costs = self.costs(planner, set)?;
        let sizes = planner.bytes(set, self.candidates)?;
        let write_cost = self.burden(set);
        let mut order: Vec<usize> = (0..set.len()).collect();
        order.sort_by(|&a, &b| benefits[b].total_cmp(&benefits[a]).then(a.cmp(&b)));
        let mut chosen = Vec::new();
        for &at in &order {
            let id = set[at];
            let rest: Vec<CandidateId> = set.iter().copied().filter(|&it| it != id).collect();
            chosen.push(Chosen {
                spec: self.candidates.spec(id).clone(),
                index: self.candidates.index(id).clone(),
                bytes: sizes[at].unwrap_or(0),
                serves: (0..costs.len()).filter(|&query| costs[query].1.contains(&id)).collect(),
                benefit: benefits[at],
                write_cost: write_cost - self.burden(&rest),
            });
        }
        let place = |id: &CandidateId| order.iter().position(|&at| set[at] == *id);
        let mut queries = Vec::new();
        for (at, (after, uses)) in costs.iter().enumerate() {
            let alone = workload[at].write.clone().map_or(0.0, |write| {
                let burden = Burden::new(set, self.candidates, &[(1.0, write)], self.facts);
                burden.of(&vec![true; set.len()])
            });
            let uses_existing = self.queries[at].existing.clone();
            queries.push(QueryOutcome {
                before: before[at].0,
                after: *after,
                write_cost: alone,
                uses: uses.iter().filter_map(place).collect(),
                uses_existing,
            });
        }
        Ok(Advice {
            chosen,
            queries,
            cost_before: self.total(before),
            cost_after: self.total(&costs) + write_cost,
            write_cost,
        })
    }
}
