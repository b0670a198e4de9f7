//! The rows of one row come to no more than its bound: so much is let in and no more, not by INSERT, not by an UPDATE
//! that brings a row over or makes it count, not by a bound that is lowered, and not by two sessions at once.

use std::collections::BTreeMap;

use underpin_claim::{Claim, Evidence, Family, Verdict};
use underpin_pg::{Expr, QualifiedName, Update};
use underpin_physical::{GuardDesign, GuardPurpose};
use underpin_server::SessionError;

use super::Probe;
use super::unchanged::refusal;
use crate::bench::{Bench, Finding, Scene, not_run, without_triggers};
use crate::ring::{Broken, Duel, contested};
use crate::row::{BoundShape, Full, Limited, PlannedRow, Wish};
use crate::rule::Term;
use crate::trial::{Outcome, Statements};
use crate::value::{Decimal, Value};

pub(super) const PROBE: Probe = Probe { family: Family::Limit, judge };

/// What is tried on a limit.
struct Attack<'a>(Limited<'a>);

fn judge(bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, SessionError> {
    let shape = match bench.table(claim) {
        Ok(shape) => shape,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let object = claim.subject.object.as_deref().unwrap_or_default();
    let guard = shape.guards.iter().find(|it| it.trigger.as_str() == object);
    let Some((guard, GuardPurpose::Limit { rows, limit })) = guard.map(|it| (it, &it.purpose))
    else {
        return Ok(not_run(claim, format!("{} has no guard `{object}`", shape.table.name)));
    };
    let of = &bench.shapes[rows];
    let Some(limit) = of.limits.get(*limit) else {
        return Ok(not_run(claim, "the limit is not understood"));
    };
    let it = Attack(Limited { rows: of, owner: &bench.shapes[limit.owner], limit });
    for table in [rows, limit.owner] {
        if let Err(reason) = bench.ready(table)? {
            return Ok(not_run(claim, reason));
        }
    }
    if guard.trigger == limit.design.trigger {
        of_rows(bench, claim, guard, &it)
    } else {
        of_owner(bench, claim, guard, &it)
    }
}

/// No row too many.
fn of_rows(
    bench: &mut Bench<'_>,
    claim: &Claim,
    guard: &GuardDesign,
    it: &Attack<'_>,
) -> Result<Evidence, SessionError> {
    let full = match it.0.full(&mut bench.planner) {
        Ok(full) => full,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let expected = refusal(&["23514"], it.0.rows, guard);
    let setup = bench.inserts(&full.rows);
    let mut filling = let_in(bench, &full.rows);
    filling.extend(it.stepping(bench, &full, full.rows.len() - 1));
    let what = "rows that come to exactly the bound were refused";
    if let Some(evidence) = let_through(bench, claim, guard, &filling, what)? {
        return Ok(evidence);
    }
    let (mut refused, mut accepted) = (0_i64, 1_i64);
    let one_more = match it.0.another(&mut bench.planner, &full, &full.owner, true) {
        Ok(rows) => rows,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let mut exceeding = scenes(bench, &full, &one_more);
    exceeding.extend(it.stepping(bench, &full, full.rows.len()));
    let finding = bench.refusal(&exceeding, &expected)?;
    if let Some(evidence) = bench.stops(claim, &finding, "a row beyond the bound") {
        return Ok(evidence);
    }
    refused += 1;
    // Not counted, it may stand beside them.
    let uncounted =
        it.0.limit
            .condition
            .as_ref()
            .and_then(|_| it.0.another(&mut bench.planner, &full, &full.owner, false).ok());
    let idle = it.0.limit.condition.as_ref().and(it.0.idle(&mut bench.planner, &full).ok());
    if let Some(rows) = &idle {
        let what = "a row that does not count was refused";
        if let Some(evidence) = let_through(bench, claim, guard, &scenes(bench, &full, rows), what)?
        {
            return Ok(evidence);
        }
        accepted += 1;
    }
    let mut ways = Vec::new();
    if let Some(update) = it.brought_over(bench, &full) {
        ways.push((update, "a row that is brought over"));
    }
    if let Some(update) = uncounted.and_then(|rows| it.made_to_count(bench, &rows)) {
        ways.push((update, "a row that comes to count"));
    }
    for ((rows, last), what) in ways {
        let mut before = setup.clone();
        before.extend(rows);
        let scenes = [Scene { setup: before, last, isolation: "" }];
        match bench.refusal(&scenes, &expected)? {
            Finding::Refused(_) => refused += 1,
            Finding::Accepted => {
                return Ok(Evidence::new(claim, Verdict::Refuted)
                    .note(format!("PostgreSQL accepted {what}, beyond the bound")));
            }
            // Another rule has its own word for it.
            Finding::Otherwise(_) | Finding::NotSet(_) => {}
        }
    }
    let evidence = Evidence::new(claim, Verdict::Proven)
        .measure("sqlstate", "23514")
        .measure("accepted", accepted)
        .measure("refused", refused);
    contested(bench, claim, evidence, "both rows are there, beyond the bound", &mut |bench| {
        let mut full = it.0.full(&mut bench.planner)?;
        // There is room for one.
        let last = full.rows.pop().ok_or("there is no row")?;
        if let Some(duel) = it.stepping_both(bench, &full) {
            return Ok(duel);
        }
        let other = it.0.another(&mut bench.planner, &full, &full.owner, true)?;
        let (other, before) = other.split_last().ok_or("there is no row")?;
        full.rows.extend(before.iter().cloned());
        let acts = [&last, other].map(|row| bench.inserts(std::slice::from_ref(row)).concat());
        Ok(Duel { setup: bench.inserts(&full.rows), acts, broken: Broken::Both })
    })
}

/// No bound below what is there.
fn of_owner(
    bench: &mut Bench<'_>,
    claim: &Claim,
    guard: &GuardDesign,
    it: &Attack<'_>,
) -> Result<Evidence, SessionError> {
    let full = match it.0.full(&mut bench.planner) {
        Ok(full) => full,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let expected = refusal(&["23514"], it.0.owner, guard);
    let Some(lower) = it.bound_set(&full, one_less(full.bound)) else {
        return Ok(not_run(claim, "the bound is no column, or its row has no key"));
    };
    let mut scenes = vec![scene(bench, &full.rows, lower.clone())];
    scenes.push(alone(bench, &full.rows, lower));
    let finding = bench.refusal(&scenes, &expected)?;
    if let Some(evidence) = bench.stops(claim, &finding, "a bound below what is there") {
        return Ok(evidence);
    }
    // From a higher one, so that it is a change.
    let more = full.bound.plus(Decimal::new(1, 0)).unwrap_or(full.bound);
    let [higher, same] = [more, full.bound].map(|bound| it.bound_set(&full, bound));
    let (higher, same) = (higher.into_iter().collect::<Statements>(), same.unwrap_or_default());
    let mut lowered = [scene(bench, &full.rows, same.clone()), alone(bench, &full.rows, same)];
    for scene in &mut lowered {
        scene.setup.extend(higher.iter().cloned());
    }
    let what = "a bound of exactly what is there was refused";
    if let Some(evidence) = let_through(bench, claim, guard, &lowered, what)? {
        return Ok(evidence);
    }
    let evidence = Evidence::new(claim, Verdict::Proven)
        .measure("sqlstate", "23514")
        .measure("accepted", 1_i64)
        .measure("refused", 1_i64);
    contested(
        bench,
        claim,
        evidence,
        "a row is there beside a bound that was lowered",
        &mut |bench| {
            let mut full = it.0.full(&mut bench.planner)?;
            let last = full.rows.pop().ok_or("there is no row")?;
            let lower = it.bound_set(&full, one_less(full.bound)).ok_or("there is no bound")?;
            let others = full.rows.len();
            if let Some(step) = it.by_state().then(|| it.stepping(bench, &full, others)).flatten() {
                return Ok(Duel {
                    setup: step.setup,
                    acts: [step.last, lower],
                    broken: Broken::Both,
                });
            }
            let acts = [bench.inserts(std::slice::from_ref(&last)).concat(), lower];
            Ok(Duel { setup: bench.inserts(&full.rows), acts, broken: Broken::Both })
        },
    )
}

impl Attack<'_> {
    /// A row of another owner that is given to the full one.
    fn brought_over(&self, bench: &mut Bench<'_>, full: &Full) -> Option<(Statements, String)> {
        let other =
            bench.planner.plan(&self.0.owner.table.name, &Wish::default(), &full.rows).ok()?;
        let owner = other.rows.last()?.values.clone();
        let known: Vec<PlannedRow> = full.rows.iter().chain(&other.rows).cloned().collect();
        let mut wish = self.0.wish(&owner, None, true);
        if let Some(Term::Field(amount)) = &self.0.limit.amount {
            wish.values.insert(*amount, Value::integer(1));
        }
        let row = bench.planner.plan(self.0.rows_table(), &wish, &known).ok()?.rows;
        let is_it = self.0.rows.known_row(&row.last()?.values)?;
        let first = self.0.first(full)?;
        let by = self.0.limit.by.iter().map(|&at| (at, first[at].clone()));
        let reference =
            self.0.limit.reference.iter().map(|&(own, at)| (own, full.owner[at].clone()));
        let values: BTreeMap<usize, Value> = by.chain(reference).collect();
        let update = self.update(values, is_it);
        let rows: Vec<PlannedRow> = other.rows.into_iter().chain(row).collect();
        Some((bench.inserts(&rows), update))
    }

    /// A row that does not count and is made to.
    fn made_to_count(
        &self,
        bench: &mut Bench<'_>,
        rows: &[PlannedRow],
    ) -> Option<(Statements, String)> {
        let row = &rows.last()?.values;
        let is_it = self.0.rows.known_row(row)?;
        let condition = self.0.limit.condition.as_ref()?;
        let filled = condition.fields();
        let wish = Wish { goals: self.0.goals(true), filled, free_state: true, ..Wish::default() };
        let counting = bench.plan(self.0.rows_table(), &wish).ok()?.rows;
        let counting = &counting.last()?.values;
        let values: BTreeMap<usize, Value> =
            condition.fields().into_iter().map(|at| (at, counting[at].clone())).collect();
        let values: Vec<(usize, Value)> = values.into_iter().collect();
        let after = bench.planner.change(self.0.rows_table(), row, &values).ok()?;
        let changed = (0..row.len()).filter(|&at| after[at] != row[at]);
        let update = self.update(changed.map(|at| (at, after[at].clone())).collect(), is_it);
        Some((bench.inserts(rows), update))
    }

    /// Whether the state of a row says whether it counts.
    fn by_state(&self) -> bool {
        let condition = self.0.limit.condition.iter();
        condition.flat_map(Term::fields).any(|at| self.0.rows.machine(at).is_some())
    }

    /// The last row is born without counting and then comes to count, beside so many of the others.
    fn stepping(&self, bench: &mut Bench<'_>, full: &Full, others: usize) -> Option<Scene> {
        let rows = self.0.another(&mut bench.planner, full, &full.owner, false).ok()?;
        let (_, step) = self.made_to_count(bench, &rows)?;
        let mut there = full.rows[..others].to_vec();
        there.extend(rows);
        Some(alone(bench, &there, step))
    }

    /// Two rows that are born without counting come to count at once, where the state of a row says whether it counts.
    fn stepping_both(&self, bench: &mut Bench<'_>, full: &Full) -> Option<Duel> {
        if !self.by_state() {
            return None;
        }
        let mut full = full.clone();
        let mut acts = Vec::new();
        for _ in 0..2 {
            let rows = self.0.another(&mut bench.planner, &full, &full.owner, false).ok()?;
            acts.push(self.made_to_count(bench, &rows)?.1);
            full.rows.extend(rows);
        }
        let Scene { setup, .. } = alone(bench, &full.rows, String::new());
        Some(Duel { setup, acts: acts.try_into().ok()?, broken: Broken::Both })
    }

    fn update(&self, values: BTreeMap<usize, Value>, filter: Expr) -> String {
        let set =
            values.into_iter().map(|(at, value)| (self.0.rows.name(at).clone(), value.expr()));
        let update = Update {
            table: self.0.rows_table().clone(),
            set: set.chain(self.0.rows.raised()).collect(),
            filter: Some(filter),
            returning: Vec::new(),
        };
        update.to_string()
    }

    /// The statement that gives the owner another bound.
    fn bound_set(&self, full: &Full, bound: Decimal) -> Option<String> {
        let BoundShape::Column(column) = self.0.limit.bound else { return None };
        let set = (self.0.owner.name(column).clone(), Value::Number(bound).expr());
        let update = Update {
            table: self.0.owner.table.name.clone(),
            set: std::iter::once(set).chain(self.0.owner.raised()).collect(),
            filter: Some(self.0.owner.known_row(&full.owner)?),
            returning: Vec::new(),
        };
        Some(update.to_string())
    }
}

pub(super) fn scene(bench: &Bench<'_>, rows: &[PlannedRow], last: String) -> Scene {
    Scene { setup: bench.inserts(rows), last, isolation: "" }
}

/// With the triggers switched off while the rows come in, which then are there in any state.
pub(super) fn alone(bench: &Bench<'_>, rows: &[PlannedRow], last: String) -> Scene {
    let mut setup = without_triggers(rows);
    setup.extend(bench.inserts(rows));
    setup.extend(switched_on(rows));
    Scene { setup, last, isolation: "with rows that came in while triggers were off" }
}

fn switched_on(rows: &[PlannedRow]) -> Statements {
    let tables: std::collections::BTreeSet<&QualifiedName> =
        rows.iter().map(|row| &row.table).collect();
    let on = underpin_pg::Command::EnableTriggers;
    tables.into_iter().map(|table| on(table.clone()).to_string()).collect()
}

/// Rows come in one after the other.
fn let_in(bench: &Bench<'_>, rows: &[PlannedRow]) -> Vec<Scene> {
    let Some((last, before)) = rows.split_last() else { return Vec::new() };
    let last = bench.inserts(std::slice::from_ref(last)).concat();
    vec![scene(bench, before, last.clone()), alone(bench, before, last)]
}

/// Nothing where one of the scenes is let in; refuted where the limit itself refuses, and not run where something else
/// does, as a key of which the bound asks for too many rows.
pub(super) fn let_through(
    bench: &mut Bench<'_>,
    claim: &Claim,
    guard: &GuardDesign,
    scenes: &[Scene],
    what: &str,
) -> Result<Option<Evidence>, SessionError> {
    let (mut own, mut other) = (None, None);
    for scene in scenes {
        match bench.attempt(&scene.setup, &scene.last)? {
            Outcome::Accepted(_) => return Ok(None),
            Outcome::Refused(error) | Outcome::NotSet(error) => {
                let is_own = error.constraint.as_deref() == Some(guard.trigger.as_str());
                let reason = if is_own { &mut own } else { &mut other };
                reason.get_or_insert_with(|| error.to_string());
            }
        }
    }
    Ok(Some(match (own, other) {
        (Some(reason), _) => {
            Evidence::new(claim, Verdict::Refuted).note(format!("{what}: {reason}"))
        }
        (None, reason) => not_run(claim, format!("{what}: {}", reason.unwrap_or_default())),
    }))
}

fn one_less(bound: Decimal) -> Decimal {
    bound.minus(Decimal::new(1, 0)).unwrap_or(bound)
}

/// As it is, and with the rows before put in while triggers are off: life cycles ask for a first state.
fn scenes(bench: &Bench<'_>, full: &Full, more: &[PlannedRow]) -> Vec<Scene> {
    let mut rows = full.rows.clone();
    rows.extend(more.iter().cloned());
    let Some(last) = rows.pop() else { return Vec::new() };
    let last = bench.inserts(std::slice::from_ref(&last)).concat();
    vec![scene(bench, &rows, last.clone()), alone(bench, &rows, last)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Shop, judged};

    const SEATS: &str = "## Workshop\n\n- id: uuid, primary key\n- title: text, required\n\
        - seats: integer, required\n- updated_at: timestamp, required\n\n## Registration\n\n\
        - id: uuid, primary key\n- workshop_id: uuid, required, references Workshop\n\
        - status: enum(confirmed, cancelled), required\n\n## Rules\n\n\
        - A workshop never has more confirmed registrations than its seats.\n";
    const REFUNDS: &str = "## Payment\n\n- id: uuid, primary key\n- amount: decimal(12,2), required\n\n\
        ## Refund\n\n- id: uuid, primary key\n- payment_id: uuid, required, references Payment\n\
        - amount: decimal(12,2), required\n\n## Rules\n\n\
        - The sum of the refunds of a payment never exceeds its amount.\n\
        - The amount of a refund must be positive.\n";
    const NUMBER: &str = "## Workshop\n\n- id: uuid, primary key\n- title: text, required\n\n\
        ## Registration\n\n- id: uuid, primary key\n\
        - workshop_id: uuid, required, references Workshop\n\n## Rules\n\n\
        - A workshop has at most 3 registrations.\n";
    const OF_ROWS: Option<&str> = Some("registrations_workshop_id_limit");
    const OF_OWNER: Option<&str> = Some("workshops_seats_limit");
    const OF_REFUNDS: Option<&str> = Some("refunds_payment_id_limit");

    #[test]
    fn as_much_as_allowed_and_no_more() {
        for (document, objects) in [
            (SEATS, vec![OF_ROWS, OF_OWNER]),
            (REFUNDS, vec![OF_REFUNDS, Some("payments_amount_limit")]),
            (NUMBER, vec![OF_ROWS]),
        ] {
            let judged = judged(Shop::of_document(document), Family::Limit, |_| {});
            for object in objects {
                let note = judged.note(Family::Limit, object);
                assert_eq!(
                    judged.verdict(Family::Limit, object),
                    Verdict::Proven,
                    "{object:?} {note}"
                );
            }
        }
    }

    #[test]
    fn what_lets_one_more_in_is_refuted() {
        let change = |sql: &mut String, (what, instead): (&str, &str)| {
            assert!(sql.contains(what), "{what} is not in {sql}");
            *sql = sql.replace(what, instead);
        };
        for (document, object, edit) in [
            (
                SEATS,
                OF_ROWS,
                ("INSERT OR UPDATE OF workshop_id, status", "UPDATE OF workshop_id, status"),
            ),
            (
                SEATS,
                OF_ROWS,
                ("INSERT OR UPDATE OF workshop_id, status", "INSERT OR UPDATE OF workshop_id"),
            ),
            (
                SEATS,
                OF_ROWS,
                ("INSERT OR UPDATE OF workshop_id, status", "INSERT OR UPDATE OF status"),
            ),
            // One more than allowed, and one less.
            (SEATS, OF_ROWS, ("> bound_of_rows", "> bound_of_rows + 1")),
            (SEATS, OF_ROWS, ("> bound_of_rows", ">= bound_of_rows")),
            (REFUNDS, OF_REFUNDS, ("> bound_of_rows", "> bound_of_rows + 1")),
            (REFUNDS, OF_REFUNDS, ("INSERT OR UPDATE", "UPDATE")),
            (SEATS, OF_OWNER, ("> NEW.seats", "> NEW.seats + 1")),
            (SEATS, OF_OWNER, ("> NEW.seats", ">= NEW.seats")),
        ] {
            let judged =
                judged(Shop::of_document(document), Family::Limit, |sql| change(sql, edit));
            assert_eq!(judged.verdict(Family::Limit, object), Verdict::Refuted, "{edit:?}");
        }
    }

    #[test]
    fn a_guard_that_only_looks_or_only_locks_is_refuted() {
        let without = |sql: &mut String, lock: &str| {
            let from = sql
                .find("    UPDATE public.workshops")
                .or_else(|| sql.find("  UPDATE public.workshops"));
            let from = from.expect("the guard writes the owner");
            let to = from + sql[from..].find(';').expect("a statement ends");
            sql.replace_range(from..to, lock);
        };
        let look = "SELECT owner.seats INTO bound_of_rows FROM public.workshops AS owner WHERE owner.id = NEW.workshop_id";
        for lock in [look.to_owned(), format!("{look} FOR NO KEY UPDATE")] {
            let judged = judged(Shop::of_document(SEATS), Family::Limit, |sql| without(sql, &lock));
            assert_eq!(judged.verdict(Family::Limit, OF_ROWS), Verdict::Refuted, "{lock}");
        }
    }
}
