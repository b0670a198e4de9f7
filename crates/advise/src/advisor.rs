//! The run: what is asked of the planner, in which order, and when it ends.
//!
//! Whenever the time ends, the best set so far is there: each step begins with one and ends with one that is no worse.

use std::collections::BTreeSet;

use crate::burden::Burden;
use crate::candidates::{CandidateId, Candidates};
use crate::explore::{Depth, peel};
use crate::facts::Facts;
use crate::generate;
use crate::hope::Longer;
use crate::needs::{Needs, Role};
use crate::neighbours::neighbours;
use crate::options::Options;
use crate::planner::{PlanError, Planner};
use crate::search::{Effort, Found, Problem, WeightedWay, search};
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
    /// What was learnt of each statement.
    pub(crate) queries: Vec<QueryState>,
    /// When the run should end, in seconds.
    pub(crate) end: f64,
}

/// Rounds without anything better after which a run ends.
const PATIENCE: usize = 5;

/// The parts of the time, counted from where the search begins, after which a first sketch, the ways of single
/// statements, and what they make of each other's candidates are left as they are.
const SKETCHED: f64 = 0.5;
const LEARNT: f64 = 0.45;
const CROSSED: f64 = 0.6;

/// Sets that are tried in a round because what is known does not rule out that they are better.
const OPEN_SETS: usize = 40;

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
    run.begin = planners[0].seconds();
    for (depth, part) in [(SKETCH, SKETCHED), (FULL, LEARNT)] {
        run.learn(planners, depth, run.after(part))?;
        run.keep_time_to_score(&*planners);
        run.settle(planners)?;
        tell(&run.told());
    }
    run.cross(planners)?;
    run.settle(planners)?;
    let mut idle = 0;
    while idle < PATIENCE && planners[0].seconds() < run.end {
        tell(&run.told());
        let before = run.cost;
        run.look_around(planners, idle)?;
        if idle > 0 {
            run.ask_each(planners)?;
        }
        run.try_guesses(planners)?;
        run.recombine(&*planners);
        idle = if run.cost < before * (1.0 - 1e-6) { 0 } else { idle + 1 };
    }
    let is_settled = idle >= PATIENCE;
    Ok(Selection {
        candidates: run.candidates,
        chosen: run.chosen,
        progress: run.progress,
        is_settled,
        queries: run.queries,
        end: options.seconds,
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
    /// When the search began, and when to stop asking.
    begin: f64,
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
            begin: 0.0,
            end: options.seconds,
            rounds: 0,
        }
    }

    fn told(&self) -> String {
        format!("{} indexes, cost {:.0}", self.chosen.len(), self.cost)
    }

    /// The moment after a part of the time from the beginning of the search.
    fn after(&self, part: f64) -> f64 {
        self.begin + part * (self.end - self.begin).max(0.0)
    }

    /// Sets aside what one more plan of each statement takes, as the plans so far took.
    fn keep_time_to_score<P: Planner>(&mut self, planners: &[P]) {
        let plans: usize = self.queries.iter().map(|it| it.known.plans()).sum();
        let taken = (planners[0].seconds() - self.begin) / plans.max(1) as f64;
        let scoring = 1.5 * taken * self.queries.len() as f64;
        let total = self.options.seconds;
        self.end = total - scoring.clamp(0.02 * total, 0.3 * total);
    }

    /// The statements, those from which most can still be gained first: where time is short, they have it.
    fn by_promise<'q>(queries: &'q mut [QueryState]) -> Vec<&'q mut QueryState> {
        let mut order: Vec<&'q mut QueryState> = queries.iter_mut().collect();
        order.sort_by(|a, b| {
            let cost = |it: &QueryState| it.weight * it.known.base;
            cost(b).total_cmp(&cost(a)).then(a.number.cmp(&b.number))
        });
        order
    }

    /// Learns the ways of each statement alone, with the candidates that its own needs gave.
    fn learn<P: Planner>(
        &mut self,
        planners: &mut [P],
        depth: LearningDepth,
        until: f64,
    ) -> Result<(), PlanError> {
        let room = (until - planners[0].seconds()).max(0.0);
        let share = planners.len() as f64 * room / self.queries.len().max(1) as f64;
        let (sizes, candidates, budget) = (&self.sizes, &self.candidates, self.budget);
        for_each(planners, Self::by_promise(&mut self.queries), |planner, query| {
            let begun = planner.seconds();
            if begun > until {
                return Ok(());
            }
            let own = query.own.clone();
            let fitting = sizes.fitting(&own, budget, planner, candidates)?;
            let narrow = |width: usize| -> Vec<CandidateId> {
                let is_narrow = |id: &CandidateId| candidates.spec(*id).width() <= width;
                fitting.iter().copied().filter(is_narrow).collect()
            };
            for (width, sets) in [usize::MAX, 1, 2].into_iter().zip(depth) {
                let depth = Depth { sets, until: until.min(begun + 3.0 * share) };
                peel(query, planner, &[], &narrow(width), candidates, sizes, depth)?;
            }
            Ok(())
        })
    }

    /// Chooses, asks what the best sets truly cost, which is often less than what is known of their parts, and chooses once
    /// more, until the choice stays.
    fn settle<P: Planner>(&mut self, planners: &mut [P]) -> Result<(), PlanError> {
        const TIMES: usize = 4;
        for _ in 0..TIMES {
            let before = self.chosen.clone();
            self.recombine(&*planners);
            if self.chosen == before {
                break;
            }
            let mut sets = vec![self.chosen.clone()];
            sets.extend(self.elite.iter().take(2).cloned());
            self.ask_all(planners, &sets)?;
        }
        self.recombine(&*planners);
        Ok(())
    }

    /// Asks what sets truly cost.
    fn ask_all<P: Planner>(
        &mut self,
        planners: &mut [P],
        sets: &[Vec<CandidateId>],
    ) -> Result<(), PlanError> {
        let (candidates, until) = (&self.candidates, self.end);
        for_each(planners, Self::by_promise(&mut self.queries), |planner, query| {
            for set in sets {
                if planner.seconds() > until {
                    break;
                }
                let kept = query.concerning(set, candidates);
                query.ask(planner, &kept, candidates)?;
            }
            Ok(())
        })
    }

    /// Asks what each statement costs with one index alone, for those that are in some way of some statement: beside what
    /// suits a statement better, no plan shows what else an index could do for it.
    fn ask_each<P: Planner>(&mut self, planners: &mut [P]) -> Result<(), PlanError> {
        let active = self.active();
        let (candidates, until) = (&self.candidates, self.end);
        for_each(planners, Self::by_promise(&mut self.queries), |planner, query| {
            for id in query.concerning(&active, candidates) {
                if planner.seconds() > until {
                    break;
                }
                query.ask(planner, &[id], candidates)?;
            }
            Ok(())
        })
    }

    /// Asks what those sets truly cost that would be better if the guesses held.
    fn try_guesses<P: Planner>(&mut self, planners: &mut [P]) -> Result<(), PlanError> {
        const TIMES: usize = 4;
        for _ in 0..TIMES {
            let mut sets = self.combine(&*planners, true);
            sets.retain(|(_, cost)| *cost < self.cost * (1.0 - 1e-6));
            if sets.is_empty() || planners[0].seconds() > self.end {
                break;
            }
            let sets: Vec<Vec<CandidateId>> = sets.into_iter().map(|(set, _)| set).collect();
            self.ask_all(planners, &sets)?;
        }
        Ok(())
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
        let until = self.after(CROSSED);
        let (sizes, candidates, budget) = (&self.sizes, &self.candidates, self.budget);
        let chosen = self.chosen.clone();
        for_each(planners, Self::by_promise(&mut self.queries), |planner, query| {
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
        let open = if idle > 0 { self.open_sets(&pool) } else { Vec::new() };
        let swaps: Vec<Vec<Swap>> = sets.iter().map(|set| self.swaps(set)).collect();
        let (sizes, candidates, budget) = (&self.sizes, &self.candidates, self.budget);
        let until = self.end;
        for_each(planners, Self::by_promise(&mut self.queries), |planner, query| {
            if planner.seconds() > until {
                return Ok(());
            }
            for set in &open {
                if planner.seconds() > until {
                    return Ok(());
                }
                let kept = query.concerning(set, candidates);
                query.ask(planner, &kept, candidates)?;
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

    /// Sets that differ from the chosen one by an index more, or another, and of which what is known does not rule out that
    /// they are better; the most promising first.
    fn open_sets(&self, pool: &[CandidateId]) -> Vec<Vec<CandidateId>> {
        let bytes = |id: &CandidateId| self.sizes.get(*id);
        let taken: u64 = self.chosen.iter().filter_map(bytes).sum();
        let project =
            |query: &QueryState, set: &[CandidateId]| query.concerning(set, &self.candidates);
        // For each of the chosen, the set without it; and the set as it is.
        let outs: Vec<Option<CandidateId>> =
            self.chosen.iter().copied().map(Some).chain([None]).collect();
        let mut open: Vec<(f64, Vec<CandidateId>)> = Vec::new();
        for &into in pool.iter().filter(|id| !self.chosen.contains(id)) {
            let Some(size) = self.sizes.get(into) else { continue };
            for &out in &outs {
                let freed = out.and_then(|out| self.sizes.get(out)).unwrap_or(0);
                if taken - freed + size > self.budget {
                    continue;
                }
                let mut set: Vec<CandidateId> =
                    self.chosen.iter().copied().filter(|&it| Some(it) != out).collect();
                set.push(into);
                set.sort_unstable();
                // Only statements that one of the two concerns can change; what they gain at best, and lose at least.
                let mut gain = 0.0;
                let mut is_open = false;
                for query in &self.queries {
                    let concerned = [Some(into), out].into_iter().flatten();
                    if !concerned.into_iter().any(|id| query.concerns(self.candidates.spec(id))) {
                        continue;
                    }
                    let present = project(query, &set);
                    let now = query.known.upper(&project(query, &self.chosen));
                    let least = query.known.lower(&present);
                    is_open |= least < query.known.upper(&present) * (1.0 - 1e-6);
                    gain += query.weight * (now - least);
                }
                if is_open && gain > 1e-6 * self.cost {
                    open.push((gain, set));
                }
            }
        }
        open.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        open.truncate(OPEN_SETS);
        open.into_iter().map(|(_, set)| set).collect()
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
        let mut sets = self.combine(planners, false).into_iter();
        if let Some((set, cost)) = sets.next() {
            (self.chosen, self.cost) = (set, cost);
            if self.progress.last().is_none_or(|(_, least)| cost < *least) {
                self.progress.push((planners[0].seconds(), cost));
            }
        }
        self.elite = sets.map(|(set, _)| set).collect();
    }

    /// The best sets by what is known, and perhaps by what can be guessed from it, with what they cost by that.
    fn combine<P: Planner>(
        &mut self,
        planners: &[P],
        guessing: bool,
    ) -> Vec<(Vec<CandidateId>, f64)> {
        let clock = || planners[0].seconds();
        let fits = |id: &CandidateId| self.sizes.get(*id).is_some_and(|it| it <= self.budget);
        let ids: Vec<CandidateId> = self.active().into_iter().filter(fits).collect();
        let longer = guessing.then(|| Longer::among(&ids, &self.candidates));
        let number = |id: &CandidateId| ids.binary_search(id).ok();
        let mut ways = Vec::new();
        for (query, state) in self.queries.iter().enumerate() {
            let known = &state.known;
            let guesses = longer.as_ref().map_or_else(Vec::new, |it| it.guesses(known));
            let first = ways.len();
            for way in known.ways().iter().chain(&guesses) {
                if let Some(uses) = way.uses.iter().map(number).collect::<Option<Vec<usize>>>() {
                    ways.push(WeightedWay { query, uses, cost: way.cost * state.weight });
                }
            }
            ways[first..].sort_by(|a, b| a.cost.total_cmp(&b.cost));
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
        let named = |found: Found| (found.set.iter().map(|&at| ids[at]).collect(), found.cost);
        found.into_iter().map(named).collect()
    }
}
