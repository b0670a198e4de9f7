//! The run: what is asked of the planner, in which order, and when it ends.
//!
//! Whenever the time ends, the best set so far is there: each step begins with one and ends with one that is no worse.

use std::collections::BTreeSet;

use crate::burden::Burden;
use crate::candidates::{CandidateId, Candidates};
use crate::explore::{Depth, peel};
use crate::facts::Facts;
use crate::generate;
use crate::needs::{Needs, Role};
use crate::neighbours::neighbours;
use crate::options::Options;
use crate::planner::{PlanError, Planner};
use crate::search::{Effort, Problem, WeightedWay, search};
use crate::state::{QueryState, Sizes, for_each};
use crate::writes::Write;

/// A statement of the workload.
#[derive(Debug, Clone)]
pub struct Statement {
    /// How often it runs, in whatever unit the workload has.
    pub weight: f64,
    /// Its cost without any candidate.
    pub base: f64,
    /// What it needs of each table.
    pub needs: Needs,
    /// What it writes.
    pub write: Option<Write>,
}

/// The set that a run ended with.
#[derive(Debug)]
pub struct Selection {
    /// Every candidate of the run.
    pub candidates: Candidates,
    /// Those that were chosen, ascending.
    pub chosen: Vec<CandidateId>,
    /// When the best set so far got better, in seconds of the run, and its cost.
    pub progress: Vec<(f64, f64)>,
    /// Whether nothing got better any more before the time was over.
    pub is_settled: bool,
}

/// Rounds without anything better after which a run ends.
const PATIENCE: usize = 5;

/// The part of the time in which the ways of single statements are learnt.
const LEARNING: f64 = 0.35;

/// The part of the time that is kept for scoring the set once more.
const SCORING: f64 = 0.08;

/// Searches for the set of indexes that makes the workload cheapest within the budget.
pub fn select<P: Planner>(
    workload: &[Statement],
    facts: &Facts,
    options: &Options,
    planners: &mut [P],
    tell: &mut dyn FnMut(&str),
) -> Result<Selection, PlanError> {
    let mut run = Run::new(workload, facts, options);
    // A first answer soon, then the ways of each statement in full.
    for depth in [SKETCH, FULL] {
        run.learn(planners, depth)?;
        run.recombine(&*planners);
        tell(&run.told());
    }
    run.cross(planners)?;
    run.recombine(&*planners);
    let mut idle = 0;
    while idle < PATIENCE && planners[0].seconds() < run.end {
        tell(&run.told());
        let before = run.cost;
        run.look_around(planners, idle)?;
        run.recombine(&*planners);
        idle = if run.cost < before * (1.0 - 1e-6) { 0 } else { idle + 1 };
    }
    let is_settled = idle >= PATIENCE;
    Ok(Selection {
        candidates: run.candidates,
        chosen: run.chosen,
        progress: run.progress,
        is_settled,
    })
}

/// One index for another.
#[derive(Debug, Clone, Copy)]
struct Swap {
    out: CandidateId,
    into: CandidateId,
}

/// How many sets are looked at for each statement: of all its candidates, of those with one column, with two.
type LearningDepth = [usize; 3];

const SKETCH: LearningDepth = [2, 5, 1];

const FULL: LearningDepth = [24, 24, 12];

struct Run<'w> {
    facts: &'w Facts,
    options: &'w Options,
    writes: Vec<(f64, Write)>,
    candidates: Candidates,
    sizes: Sizes,
    queries: Vec<QueryState>,
    budget: u64,
    /// Columns of each table that statements search, sort or join by.
    useful: Vec<BTreeSet<usize>>,
    chosen: Vec<CandidateId>,
    /// Other good sets.
    elite: Vec<Vec<CandidateId>>,
    cost: f64,
    progress: Vec<(f64, f64)>,
    /// When to stop asking.
    end: f64,
    rounds: u64,
}

impl<'w> Run<'w> {
    fn new(workload: &'w [Statement], facts: &'w Facts, options: &'w Options) -> Self {
        let mut candidates = Candidates::default();
        let mut useful = vec![BTreeSet::new(); facts.tables.len()];
        let mut queries = Vec::new();
        for (number, statement) in workload.iter().enumerate() {
            let mut query =
                QueryState::new(number, statement.weight, statement.base, &statement.needs);
            for need in &statement.needs {
                let specs = generate::candidates(need, facts, options);
                query.own.extend(specs.into_iter().map(|spec| candidates.intern(spec, facts)));
                let searched = need.columns.iter().filter(|(_, roles)| {
                    roles.iter().any(|it| !matches!(it, Role::Output | Role::Filter))
                });
                useful[need.table].extend(searched.map(|(number, _)| *number));
            }
            query.own.sort_unstable();
            query.own.dedup();
            queries.push(query);
        }
        let writes = workload.iter().filter_map(|it| Some((it.weight, it.write.clone()?)));
        Self {
            facts,
            options,
            writes: writes.collect(),
            candidates,
            sizes: Sizes::default(),
            budget: options.budget.unwrap_or(u64::MAX / 4),
            useful,
            chosen: Vec::new(),
            elite: Vec::new(),
            cost: queries.iter().map(|it| it.weight * it.known.base).sum(),
            queries,
            progress: Vec::new(),
            end: options.seconds * (1.0 - SCORING),
            rounds: 0,
        }
    }

    fn told(&self) -> String {
        format!("{} indexes, cost {:.0}", self.chosen.len(), self.cost)
    }

    /// Learns the ways of each statement alone, with the candidates that its own needs gave.
    fn learn<P: Planner>(
        &mut self,
        planners: &mut [P],
        depth: LearningDepth,
    ) -> Result<(), PlanError> {
        let until = self.options.seconds * LEARNING;
        let share = planners.len() as f64 * until / self.queries.len().max(1) as f64;
        let (sizes, candidates, budget) = (&self.sizes, &self.candidates, self.budget);
        for_each(planners, self.queries.iter_mut().collect(), |planner, query| {
            let begun = planner.seconds();
            let own = query.own.clone();
            let fitting = sizes.fitting(&own, budget, planner, candidates)?;
            let narrow = |width: usize| -> Vec<CandidateId> {
                let is_narrow = |id: &CandidateId| candidates.spec(*id).width() <= width;
                fitting.iter().copied().filter(is_narrow).collect()
            };
            for (width, sets) in [usize::MAX, 1, 2].into_iter().zip(depth) {
                let depth = Depth { sets, until: until.min(begun + 2.0 * share) };
                peel(query, planner, &[], &narrow(width), candidates, sizes, depth)?;
            }
            Ok(())
        })
    }

    /// Every candidate that some way needs.
    fn active(&self) -> Vec<CandidateId> {
        let all: BTreeSet<CandidateId> = self
            .queries
            .iter()
            .flat_map(|query| query.known.ways())
            .flat_map(|way| way.uses.iter().copied())
            .collect();
        all.into_iter().collect()
    }

    /// Learns what each statement makes of the candidates that others use.
    fn cross<P: Planner>(&mut self, planners: &mut [P]) -> Result<(), PlanError> {
        let active = self.active();
        let until = self.end.min(self.options.seconds * (LEARNING + 0.2));
        let (sizes, candidates, budget) = (&self.sizes, &self.candidates, self.budget);
        let chosen = self.chosen.clone();
        for_each(planners, self.queries.iter_mut().collect(), |planner, query| {
            if planner.seconds() > until {
                return Ok(());
            }
            let pool = query.concerning(&active, candidates);
            let pool = sizes.fitting(&pool, budget, planner, candidates)?;
            let mine = query.concerning(&chosen, candidates);
            query.ask(planner, &mine, candidates)?;
            peel(query, planner, &[], &pool, candidates, sizes, Depth { sets: 12, until })
        })
    }

    /// Learns what is near the chosen set: what each of its indexes is worth, and what would be better beside it or in its
    /// place; and what other good sets truly cost. The longer nothing got better, the farther it looks.
    fn look_around<P: Planner>(
        &mut self,
        planners: &mut [P],
        idle: usize,
    ) -> Result<(), PlanError> {
        let mut sets = vec![self.chosen.clone()];
        sets.extend(self.elite.iter().take(1 + idle).cloned());
        let mut pool: BTreeSet<CandidateId> = self.active().into_iter().collect();
        for set in &sets {
            let (useful, width) = (&self.useful, self.options.max_width);
            for spec in neighbours(set, &self.candidates, useful, self.facts, width) {
                pool.insert(self.candidates.intern(spec, self.facts));
            }
        }
        let pool: Vec<CandidateId> = pool.into_iter().collect();
        let swaps: Vec<Vec<Swap>> = sets.iter().map(|set| self.swaps(set)).collect();
        let (sizes, candidates, budget) = (&self.sizes, &self.candidates, self.budget);
        let until = self.end;
        for_each(planners, self.queries.iter_mut().collect(), |planner, query| {
            if planner.seconds() > until {
                return Ok(());
            }
            // First what the sets cost, then what they would with one index for another, then what lies around them.
            for (set, swaps) in sets.iter().zip(&swaps) {
                let kept = query.concerning(set, candidates);
                let (_, uses) = query.ask(planner, &kept, candidates)?;
                for swap in swaps.iter().filter(|swap| uses.contains(&swap.out)) {
                    let mut swapped: Vec<CandidateId> =
                        kept.iter().copied().filter(|&it| it != swap.out).collect();
                    swapped.push(swap.into);
                    swapped.sort_unstable();
                    query.ask(planner, &swapped, candidates)?;
                }
            }
            let pool = query.concerning(&pool, candidates);
            let pool = sizes.fitting(&pool, budget, planner, candidates)?;
            for (at, set) in sets.iter().enumerate() {
                let depth = Depth { sets: (6 << idle) / (1 + at), until };
                let kept = query.concerning(set, candidates);
                let (_, uses) = query.ask(planner, &kept, candidates)?;
                let mut others = pool.clone();
                others.retain(|id| !kept.contains(id));
                peel(query, planner, &kept, &others, candidates, sizes, depth)?;
                for used in uses {
                    if planner.seconds() > until {
                        return Ok(());
                    }
                    let rest: Vec<CandidateId> =
                        kept.iter().copied().filter(|&it| it != used).collect();
                    let depth = Depth { sets: depth.sets / 2, until };
                    peel(query, planner, &rest, &others, candidates, sizes, depth)?;
                }
            }
            Ok(())
        })
    }

    /// Changes of one index of a set for another that begins with the same column, and that some statement would gain
    /// from: what the others make of it cannot be told from plans in which they had what suits them better.
    fn swaps(&self, set: &[CandidateId]) -> Vec<Swap> {
        let mut gaining: BTreeSet<CandidateId> = BTreeSet::new();
        for query in &self.queries {
            for way in query.known.ways() {
                let absent: Vec<CandidateId> =
                    way.uses.iter().copied().filter(|id| !set.contains(id)).collect();
                match absent[..] {
                    // The ways behind it cost more than what the set reaches already.
                    [] => break,
                    [only] => {
                        gaining.insert(only);
                    }
                    [..] => {}
                }
            }
        }
        let pair = |into: CandidateId| {
            let spec = self.candidates.spec(into);
            set.iter().copied().filter_map(move |out| {
                let other = self.candidates.spec(out);
                let is_kin = other.table == spec.table && other.keys.first() == spec.keys.first();
                is_kin.then_some(Swap { out, into })
            })
        };
        gaining.into_iter().flat_map(pair).collect()
    }

    /// Chooses the best set from all that is known.
    fn recombine<P: Planner>(&mut self, planners: &[P]) {
        let clock = || planners[0].seconds();
        let fits = |id: &CandidateId| self.sizes.get(*id).is_some_and(|it| it <= self.budget);
        let ids: Vec<CandidateId> = self.active().into_iter().filter(fits).collect();
        let number = |id: &CandidateId| ids.binary_search(id).ok();
        let mut ways = Vec::new();
        for (query, state) in self.queries.iter().enumerate() {
            for way in state.known.ways() {
                if let Some(uses) = way.uses.iter().map(number).collect::<Option<Vec<usize>>>() {
                    ways.push(WeightedWay { query, uses, cost: way.cost * state.weight });
                }
            }
        }
        let problem = Problem {
            base: self.queries.iter().map(|it| it.weight * it.known.base).collect(),
            ways,
            bytes: ids.iter().map(|id| self.sizes.get(*id).unwrap_or(u64::MAX)).collect(),
            budget: self.budget,
            burden: Burden::new(&ids, &self.candidates, &self.writes, self.facts),
        };
        let starts: Vec<Vec<usize>> = std::iter::once(&self.chosen)
            .chain(&self.elite)
            .map(|set| set.iter().filter_map(number).collect())
            .collect();
        self.rounds += 1;
        let effort = Effort { rounds: 1200, seed: self.options.seed.wrapping_add(self.rounds) };
        // A quarter of what is left at most: the next look around may teach more than a longer search.
        let begun = clock();
        let latest = begun + (0.25 * (self.end - begun)).max(0.02);
        let found = search(&problem, &starts, effort, &mut || clock() > latest);
        let mut sets = found.into_iter().map(|found| {
            let set: Vec<CandidateId> = found.set.iter().map(|&at| ids[at]).collect();
            (set, found.cost)
        });
        if let Some((set, cost)) = sets.next() {
            (self.chosen, self.cost) = (set, cost);
            if self.progress.last().is_none_or(|(_, least)| cost < *least) {
                self.progress.push((clock(), cost));
            }
        }
        self.elite = sets.map(|(set, _)| set).collect();
    }
}
