//! The chosen set once more, on a connection that knows nothing of the search: what each statement costs before and
//! after, and what each index is worth by leaving it out.

use std::collections::BTreeSet;

use underpin_pg::{Index, QualifiedName, naming};

use crate::advisor::{Selection, Statement};
use crate::burden::Burden;
use crate::candidates::CandidateId;
use crate::facts::Facts;
use crate::planner::{PlanError, Planner};
use crate::spec::Spec;
use crate::state::{QueryState, for_each};
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

/// An index that saves less than this share of what the workload costs is nobody's trouble to keep.
const WORTHLESS: f64 = 1e-5;

impl Advice {
    /// Adds indexes that were tried elsewhere beside those that are chosen, perhaps on a sample: what they save there is
    /// taken for the same share here. `numbers` says which statements of this workload theirs are, `weights` how often each
    /// of this workload runs.
    pub fn and(&mut self, other: Self, numbers: &[usize], weights: &[f64], facts: &Facts) {
        let first = self.chosen.len();
        let mut saved = vec![0.0; other.chosen.len()];
        for (outcome, &number) in other.queries.iter().zip(numbers) {
            let mine = &mut self.queries[number];
            let share =
                if outcome.before > 0.0 { (outcome.after / outcome.before).min(1.0) } else { 1.0 };
            for &at in &outcome.uses {
                saved[at] +=
                    weights[number] * mine.after * (1.0 - share) / outcome.uses.len() as f64;
            }
            mine.after *= share;
            mine.write_cost += outcome.write_cost;
            mine.uses.extend(outcome.uses.iter().map(|at| first + at));
        }
        for (mut chosen, saved) in other.chosen.into_iter().zip(saved) {
            chosen.serves = chosen.serves.iter().map(|&at| numbers[at]).collect();
            chosen.benefit = saved - chosen.write_cost;
            self.chosen.push(chosen);
        }
        name_apart(&mut self.chosen, facts);
        self.write_cost += other.write_cost;
        let costs = self.queries.iter().zip(weights).map(|(query, weight)| query.after * weight);
        self.cost_after = costs.sum::<f64>() + self.write_cost;
    }
}

/// Scores a selection, leaving out what turns out to be worth nothing. What the search learnt is taken for what single
/// indexes are worth, as far as it goes; the cost of the whole set is asked for anew.
pub fn score<P: Planner>(
    workload: &[Statement],
    facts: &Facts,
    selection: Selection,
    planners: &mut [P],
) -> Result<(Selection, Advice), PlanError> {
    let mut scorer = Scorer {
        fresh: workload
            .iter()
            .enumerate()
            .map(|(at, it)| QueryState::new(at, it.weight, it.base, &it.needs))
            .collect(),
        writes: workload.iter().filter_map(|it| Some((it.weight, it.write.clone()?))).collect(),
        selection,
        facts,
    };
    let before = scorer.costs(planners, &[])?;
    let mut set = scorer.selection.chosen.clone();
    let mut costs = scorer.costs(planners, &set)?;
    loop {
        // What no plan uses can go at once: every plan stays as it is.
        set.retain(|id| costs.iter().any(|(_, uses)| uses.contains(id)));
        let all = scorer.total(&costs) + scorer.burden(&set);
        let benefits = scorer.benefits(&mut planners[0], &set, &costs, all)?;
        let worst = benefits.iter().copied().enumerate().min_by(|a, b| a.1.total_cmp(&b.1));
        match worst {
            Some((at, benefit)) if benefit <= WORTHLESS * scorer.total(&before) => {
                set.remove(at);
                costs = scorer.costs(planners, &set)?;
            }
            _ => {
                let advice = scorer.advice(workload, planners, &before, &costs, &set, &benefits)?;
                return Ok((scorer.selection, advice));
            }
        }
    }
}

struct Scorer<'s> {
    /// The statements, of which nothing is known but what these connections are asked.
    fresh: Vec<QueryState>,
    writes: Vec<(f64, Write)>,
    selection: Selection,
    facts: &'s Facts,
}

/// For each statement the cost of one run, with the candidates that its plan uses.
type Costs = Vec<(f64, Vec<CandidateId>)>;

impl Scorer<'_> {
    fn costs<P: Planner>(
        &mut self,
        planners: &mut [P],
        set: &[CandidateId],
    ) -> Result<Costs, PlanError> {
        let candidates = &self.selection.candidates;
        for_each(planners, self.fresh.iter_mut().collect(), |planner, query| {
            let mine = query.concerning(set, candidates);
            query.ask(planner, &mine, candidates).map(|_| ())
        })?;
        let known = |query: &QueryState| {
            let way = query.known.exact(&query.concerning(set, candidates))?;
            Some((way.cost, way.uses.clone()))
        };
        Ok(self.fresh.iter().filter_map(known).collect())
    }

    fn total(&self, costs: &Costs) -> f64 {
        self.fresh.iter().zip(costs).map(|(query, (cost, _))| query.weight * cost).sum()
    }

    /// What a set costs on writes.
    fn burden(&self, set: &[CandidateId]) -> f64 {
        let burden = Burden::new(set, &self.selection.candidates, &self.writes, self.facts);
        burden.of(&vec![true; set.len()])
    }

    /// How much more the set would cost without each of its indexes. Where neither the search nor the time that is left
    /// tells the cost of a statement, a cost that it is known to reach stands for it.
    fn benefits<P: Planner>(
        &mut self,
        planner: &mut P,
        set: &[CandidateId],
        costs: &Costs,
        all: f64,
    ) -> Result<Vec<f64>, PlanError> {
        let candidates = &self.selection.candidates;
        let mut benefits = Vec::new();
        for &id in set {
            let rest: Vec<CandidateId> = set.iter().copied().filter(|&it| it != id).collect();
            let mut total = self.burden(&rest);
            for (at, (cost, uses)) in costs.iter().enumerate() {
                let learnt = &self.selection.queries[at].known;
                let fresh = &mut self.fresh[at];
                let without = if uses.contains(&id) {
                    let present = fresh.concerning(&rest, candidates);
                    if let Some(way) = fresh.known.exact(&present).or(learnt.exact(&present)) {
                        way.cost
                    } else if planner.seconds() < self.selection.end {
                        fresh.ask(planner, &present, candidates)?.0
                    } else {
                        learnt.upper(&present)
                    }
                } else {
                    *cost
                };
                total += fresh.weight * without;
            }
            benefits.push(total - all);
        }
        Ok(benefits)
    }

    fn advice<P: Planner>(
        &self,
        workload: &[Statement],
        planners: &mut [P],
        before: &Costs,
        costs: &Costs,
        set: &[CandidateId],
        benefits: &[f64],
    ) -> Result<Advice, PlanError> {
        let candidates = &self.selection.candidates;
        let sizes = planners[0].bytes(set, candidates)?;
        let write_cost = self.burden(set);
        let mut order: Vec<usize> = (0..set.len()).collect();
        order.sort_by(|&a, &b| benefits[b].total_cmp(&benefits[a]).then(a.cmp(&b)));
        let mut chosen = Vec::new();
        for &at in &order {
            let id = set[at];
            let rest: Vec<CandidateId> = set.iter().copied().filter(|&it| it != id).collect();
            chosen.push(Chosen {
                spec: candidates.spec(id).clone(),
                index: candidates.made(id).clone(),
                bytes: sizes[at].unwrap_or(0),
                serves: (0..costs.len()).filter(|&query| costs[query].1.contains(&id)).collect(),
                benefit: benefits[at],
                write_cost: write_cost - self.burden(&rest),
            });
        }
        name_apart(&mut chosen, self.facts);
        let place = |id: &CandidateId| order.iter().position(|&at| set[at] == *id);
        let mut queries = Vec::new();
        for (at, (after, uses)) in costs.iter().enumerate() {
            let alone = workload[at].write.clone().map_or(0.0, |write| {
                let burden = Burden::new(set, candidates, &[(1.0, write)], self.facts);
                burden.of(&vec![true; set.len()])
            });
            queries.push(QueryOutcome {
                before: before[at].0,
                after: *after,
                write_cost: alone,
                uses: uses.iter().filter_map(place).collect(),
                uses_existing: self.fresh[at].existing.clone(),
            });
        }
        Ok(Advice {
            chosen,
            queries,
            cost_before: self.total(before),
            cost_after: self.total(costs) + write_cost,
            write_cost,
        })
    }
}

/// Two indexes of one name, or one that is called like something that is there, get a number behind it, as PostgreSQL
/// gives one (`ChooseRelationName`).
fn name_apart(chosen: &mut [Chosen], facts: &Facts) {
    let mut taken: BTreeSet<QualifiedName> = BTreeSet::new();
    for table in &facts.tables {
        taken.insert(table.name.clone());
        let namespace = &table.name.namespace;
        let names = table.indexes.iter().map(|index| index.name.clone());
        taken.extend(names.map(|name| QualifiedName::new(namespace.clone(), name)));
    }
    for index in chosen.iter_mut().map(|chosen| &mut chosen.index) {
        let stem = index.name.name.as_str().trim_end_matches("_idx").to_owned();
        let mut number = 0;
        while !taken.insert(index.name.clone()) {
            number += 1;
            index.name.name = naming::fit(&stem, &format!("idx{number}"));
        }
    }
}
