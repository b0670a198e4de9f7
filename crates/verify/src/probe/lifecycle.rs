//! Rows are born in the initial state only, and take only the allowed transitions. Each state is reached
//! along a legal path, and from there every other state is tried.

use underpin_claim::{Claim, Evidence, Family, Verdict};
use underpin_pg::{Command, Ident};
use underpin_physical::MachineDesign;
use underpin_server::SessionError;

use super::Probe;
use crate::bench::{Bench, Finding, Scene, not_run};
use crate::ring::{Broken, Duel, contested};
use crate::row::{PlannedRow, Row, Shape, Step, Wish, paths, step};
use crate::trial::{Expected, Statements};
use crate::value::Value;

pub(super) const PROBE: Probe = Probe { family: Family::Lifecycle, judge };

/// Rows in a state, and the statements that bring them there.
pub(super) struct Placed {
    pub(super) setup: Statements,
    pub(super) row: Row,
    /// All that is there.
    pub(super) known: Vec<PlannedRow>,
}

impl Placed {
    /// The last of some rows, with the others before it.
    pub(super) fn new(bench: &Bench<'_>, rows: Vec<PlannedRow>) -> Self {
        let row = rows.last().expect("a plan ends with its row").values.clone();
        Self { setup: bench.inserts(&rows), row, known: rows }
    }

    /// The step to a state, and what must be there before it.
    pub(super) fn step(
        &self,
        bench: &mut Bench<'_>,
        shape: &Shape<'_>,
        column: usize,
        to: &str,
    ) -> Result<(Statements, Step), String> {
        let step = step(&mut bench.planner, shape, column, &self.row, to, &self.known)?;
        let mut setup = self.setup.clone();
        setup.extend(bench.inserts(&step.before));
        Ok((setup, step))
    }

    /// The row in its next state.
    pub(super) fn after(self, setup: Statements, step: Step) -> Self {
        let (mut setup, mut known) = (setup, self.known);
        setup.push(step.statement);
        known.extend(step.before);
        Self { setup, row: step.row, known }
    }
}

fn judge(bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, SessionError> {
    let shape = match bench.table(claim) {
        Ok(shape) => shape,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let table = &shape.table.name;
    let object = claim.subject.object.as_deref().unwrap_or_default();
    let Some(column) = shape.machines.iter().find(|it| it.design.column.as_str() == object) else {
        return Ok(not_run(claim, format!("{table} has no life cycle in `{object}`")));
    };
    let (column, machine) = (column.column, column.design);
    if let Err(reason) = bench.ready(table)? {
        return Ok(not_run(claim, reason));
    }
    let mut births = 0;
    if let Some(initial) = &machine.initial {
        for state in machine.states.iter().filter(|state| *state != initial) {
            let plan = match bench.plan(table, &in_state(column, state)) {
                Ok(plan) => plan,
                Err(reason) => return Ok(not_run(claim, reason)),
            };
            let expected = refusal(shape, &machine.initial_rule);
            let mut scenes = bench.scenes(&plan.rows);
            scenes.truncate(1);
            let finding = bench.refusal(&scenes, &expected)?;
            let what = format!("a row born `{state}`");
            if let Some(evidence) = bench.stops(claim, &finding, &what) {
                return Ok(evidence);
            }
            births += 1;
        }
    }
    let paths = paths(machine);
    let (mut allowed, mut forbidden, mut unreached) = (0, 0, 0);
    for from in &machine.states {
        let placed = match place(bench, shape, column, machine, paths.get(from)) {
            Ok(Some(placed)) => placed,
            Ok(None) => match place_without_triggers(bench, shape, column, from) {
                Ok(placed) => {
                    unreached += 1;
                    placed
                }
                Err(reason) => return Ok(not_run(claim, reason)),
            },
            Err(reason) => return Ok(not_run(claim, reason)),
        };
        let next = machine.followers(from);
        for to in machine.states.iter().filter(|to| *to != from) {
            let (setup, step) = match placed.step(bench, shape, column, to) {
                Ok(step) => step,
                Err(reason) => return Ok(not_run(claim, reason)),
            };
            let scene = Scene { setup, last: step.statement, isolation: "" };
            let what = format!("the change from `{from}` to `{to}`");
            if next.contains(to) {
                if let Err(reason) = bench.acceptance(&[scene])? {
                    return Ok(Evidence::new(claim, Verdict::Refuted)
                        .note(format!("PostgreSQL refused {what}: {reason}")));
                }
                allowed += 1;
            } else {
                let expected = refusal(shape, &machine.transition_rule);
                let finding = bench.refusal(&[scene], &expected)?;
                if let Some(evidence) = bench.stops(claim, &finding, &what) {
                    return Ok(evidence);
                }
                debug_assert!(matches!(finding, Finding::Refused(_)), "everything else stops");
                forbidden += 1;
            }
        }
    }
    let evidence = Evidence::new(claim, Verdict::Proven)
        .measure("births_refused", births)
        .measure("transitions_accepted", allowed)
        .measure("transitions_refused", forbidden)
        .measure("states_without_a_path", unreached);
    let Some((from, to, other)) = fork(machine) else { return Ok(evidence) };
    let what = format!("one goes from `{from}` to `{to}` and the other on to `{other}`");
    contested(bench, claim, evidence, &what, &mut |bench| {
        let placed = place(bench, shape, column, machine, paths.get(from))?;
        let placed = placed.ok_or("no path leads there")?;
        let (mut setup, first) = placed.step(bench, shape, column, to)?;
        let (others, second) = placed.step(bench, shape, column, other)?;
        setup.extend(others.into_iter().skip(placed.setup.len()));
        Ok(Duel { setup, acts: [first.statement, second.statement], broken: Broken::Both })
    })
}

/// A state and two that may follow it, neither of which may follow the other: of two sessions that both saw the
/// first, one comes too late.
fn fork(machine: &MachineDesign) -> Option<(&String, &String, &String)> {
    let reached = paths(machine);
    machine.states.iter().filter(|from| reached.contains_key(from)).find_map(|from| {
        let next = machine.followers(from);
        let may_follow = |from: &String, to: &String| machine.followers(from).contains(to);
        next.iter().enumerate().find_map(|(at, to)| {
            let mut rest = next[at + 1..].iter();
            let other = rest.find(|other| !may_follow(to, other) && !may_follow(other, to))?;
            Some((from, to, other))
        })
    })
}

fn refusal<'e>(shape: &'e Shape<'_>, rule: &'e Ident) -> Expected<'e> {
    Expected {
        sqlstates: &["23514"],
        table: Some(&shape.table.name.name),
        constraint: Some(rule),
        column: None,
    }
}

pub(super) fn in_state(column: usize, state: &str) -> Wish<'static> {
    Wish { values: [(column, Value::Text(state.to_owned()))].into(), ..Wish::default() }
}

/// A row that went along a path; nothing where there is no path.
pub(super) fn place(
    bench: &mut Bench<'_>,
    shape: &Shape<'_>,
    column: usize,
    machine: &MachineDesign,
    path: Option<&Vec<&String>>,
) -> Result<Option<Placed>, String> {
    let Some((birth, steps)) = path.and_then(|path| path.split_first()) else { return Ok(None) };
    let wish = match &machine.initial {
        Some(_) => Wish::default(),
        None => in_state(column, birth),
    };
    let plan = bench.plan(&shape.table.name, &wish)?;
    let mut placed = Placed::new(bench, plan.rows);
    for state in steps {
        let (setup, step) = placed.step(bench, shape, column, state)?;
        placed = placed.after(setup, step);
    }
    Ok(Some(placed))
}

pub(super) fn place_without_triggers(
    bench: &mut Bench<'_>,
    shape: &Shape<'_>,
    column: usize,
    state: &str,
) -> Result<Placed, String> {
    let plan = bench.plan(&shape.table.name, &in_state(column, state))?;
    let table = shape.table.name.clone();
    let mut placed = Placed::new(bench, plan.rows);
    placed.setup.insert(0, Command::DisableTriggers(table.clone()).to_string());
    // With checks that are pending, no table can be altered.
    placed.setup.push(Command::ConstraintsImmediate.to_string());
    placed.setup.push(Command::ConstraintsDeferred.to_string());
    placed.setup.push(Command::EnableTriggers(table).to_string());
    Ok(placed)
}

#[cfg(test)]
mod tests {
    use underpin_pg::Expr;

    use super::*;
    use crate::testing::{Shop, ident, judged, named};

    #[test]
    fn a_life_cycle_that_is_guarded() {
        let judged = judged(Shop::new(), Family::Lifecycle, |_| {});
        let note = judged.note(Family::Lifecycle, Some("status"));
        assert_eq!(judged.verdict(Family::Lifecycle, Some("status")), Verdict::Proven, "{note}");
        assert_eq!(judged.measured(Family::Lifecycle, "status", "transitions_accepted"), "2");
        assert_eq!(judged.measured(Family::Lifecycle, "status", "transitions_refused"), "4");
        assert_eq!(judged.measured(Family::Lifecycle, "status", "births_refused"), "2");
    }

    #[test]
    fn a_life_cycle_without_its_trigger_is_refuted() {
        let judged = judged(Shop::new(), Family::Lifecycle, |sql| {
            sql.push_str("DROP TRIGGER orders_status_guard ON public.orders;");
        });
        assert_eq!(judged.verdict(Family::Lifecycle, Some("status")), Verdict::Refuted);
    }

    /// The shop, whose orders are paid or void, and never both.
    fn forked() -> Shop {
        let mut shop = Shop::new();
        let orders = named("orders");
        let table = shop.physical.schema.tables.get_mut(&orders).unwrap();
        let status = table.checks.iter_mut().find(|it| it.name == ident("orders_status_check"));
        let states = ["new", "paid", "done", "void"];
        let column = Expr::column(&ident("status"));
        status.unwrap().expression = Expr::In(Box::new(column), states.map(Expr::text).to_vec());
        let design = shop.physical.tables.iter_mut().find(|it| it.table == orders).unwrap();
        let machine = &mut design.machines[0];
        machine.states = states.map(str::to_owned).to_vec();
        machine.transitions[0].1.push("void".to_owned());
        let guard = machine.guard(&orders).function();
        shop.physical.schema.functions.insert(guard.name.clone(), guard);
        shop
    }

    #[test]
    fn a_guard_that_looks_at_what_was_is_got_past_by_two_sessions() {
        let kept = judged(forked(), Family::Lifecycle, |_| {});
        let levels = kept.measured(Family::Lifecycle, "status", "two_sessions");
        assert_eq!(levels, "read committed, repeatable read");
        // As it was when the statement began, and not as the other session left it.
        let raced = judged(forked(), Family::Lifecycle, |sql| {
            sql.push_str(
                "CREATE OR REPLACE FUNCTION public.orders_status_guard() RETURNS trigger \
                 LANGUAGE plpgsql STABLE AS $$ DECLARE was text; BEGIN \
                 IF TG_OP = 'INSERT' THEN IF NEW.status <> 'new' THEN \
                 RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = 'no', TABLE = 'orders', \
                 CONSTRAINT = 'orders_status_initial'; END IF; RETURN NEW; END IF; \
                 SELECT status INTO was FROM public.orders WHERE id = NEW.id; \
                 IF (was, NEW.status) NOT IN (('new', 'paid'), ('new', 'void'), ('paid', 'done')) THEN \
                 RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = 'no', TABLE = 'orders', \
                 CONSTRAINT = 'orders_status_transition'; END IF; RETURN NEW; END $$;",
            );
        });
        let note = raced.note(Family::Lifecycle, Some("status"));
        assert_eq!(raced.verdict(Family::Lifecycle, Some("status")), Verdict::Refuted, "{note}");
        assert!(note.contains("two sessions at once, at read committed"), "{note}");
    }
}
