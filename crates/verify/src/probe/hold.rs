//! What rows keep the row that they belong to from: beside them, or without one, it is refused, and otherwise let in; also
//! where one session writes such a row and the other changes what it belongs to at the same time.

use underpin_claim::{Claim, Evidence, Family, Verdict};
use underpin_pg::{Delete, Expr, Ident, Output, Select, TableRef, Update};
use underpin_physical::{GuardDesign, GuardPurpose};
use underpin_server::SessionError;

use super::Probe;
use super::limit::{alone, let_through, scene};
use super::unchanged::refusal;
use crate::bench::{Bench, Finding, not_run};
use crate::ring::{Broken, Duel, contested};
use crate::row::{HeldStep, HoldShape, PlannedRow, Row, Shape, Wish, change};
use crate::rule::truth;
use crate::trial::Outcome;
use crate::value::Value;

pub(super) const PROBE: Probe = Probe { family: Family::Hold, judge };

/// What is tried on a hold.
struct Attack<'a> {
    it: &'a HoldShape<'a>,
    rows: &'a Shape<'a>,
    owner: &'a Shape<'a>,
    guard: &'a GuardDesign,
}

/// How a row beside comes to hold its owner, or to hold it no longer.
#[derive(Clone, Copy)]
enum Act {
    /// It is added, or deleted.
    Whole,
    /// It is given to it, or taken from it.
    Moved,
    /// It comes to count, or to count no longer.
    Counted,
}

/// A write of a row beside an owner.
struct Done {
    rows: Vec<PlannedRow>,
    act: String,
    /// The row, where it is there afterwards.
    row: Option<Row>,
    owner: Row,
    /// What the owner is kept from.
    step: String,
}

fn judge(bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, SessionError> {
    let shape = match bench.table(claim) {
        Ok(shape) => shape,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let object = claim.subject.object.as_deref().unwrap_or_default();
    let guard = shape.guards.iter().find(|it| it.trigger.as_str() == object);
    let Some((guard, GuardPurpose::Hold { owner, .. })) = guard.map(|it| (it, &it.purpose)) else {
        return Ok(not_run(claim, format!("{} has no guard `{object}`", shape.table.name)));
    };
    let owner = &bench.shapes[owner];
    let is_it = |it: &&HoldShape<'_>| {
        [&it.design.trigger, &it.design.owner_trigger].contains(&&guard.trigger)
    };
    let mut last = not_run(claim, "what it keeps is not understood");
    for it in owner.holds.iter().filter(is_it) {
        let attack = Attack { it, rows: &bench.shapes[it.rows], owner, guard };
        for table in [it.rows, &owner.table.name] {
            if let Err(reason) = bench.ready(table)? {
                return Ok(not_run(claim, reason));
            }
        }
        let evidence = if guard.trigger == it.design.owner_trigger {
            attack.of_owner(bench, claim)?
        } else {
            attack.of_rows(bench, claim)?
        };
        match evidence.verdict {
            Verdict::Refuted => return Ok(evidence),
            Verdict::Proven => last = evidence,
            Verdict::NotRun | Verdict::Assumed if last.verdict == Verdict::Proven => {}
            Verdict::NotRun | Verdict::Assumed => last = evidence,
        }
    }
    Ok(last)
}

impl Attack<'_> {
    /// The owner is let through where nothing holds it, and nowhere else.
    fn of_owner(&self, bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, SessionError> {
        let expected = refusal(&["23514"], self.owner, self.guard);
        let (mut accepted, mut refused, mut untried) = (0_i64, 0_i64, None);
        for way in self.it.steps(self.owner) {
            for is_held in [false, true] {
                let (rows, statement) = match self.set(bench, &way, is_held) {
                    Ok(set) => set,
                    Err(reason) => {
                        untried = Some(reason);
                        continue;
                    }
                };
                let scenes =
                    [scene(bench, &rows, statement.clone()), alone(bench, &rows, statement)];
                if is_held {
                    let finding = bench.refusal(&scenes, &expected)?;
                    match (bench.stops(claim, &finding, "what it is kept from"), finding) {
                        (None, _) => refused += 1,
                        (Some(evidence), Finding::Accepted) => return Ok(evidence),
                        (Some(evidence), _) => untried = evidence.note,
                    }
                } else {
                    let what = "it was held where nothing holds it";
                    match let_through(bench, claim, self.guard, &scenes, what)? {
                        None => accepted += 1,
                        Some(evidence) if evidence.verdict == Verdict::Refuted => {
                            return Ok(evidence);
                        }
                        Some(evidence) => untried = evidence.note,
                    }
                }
            }
            if let Some(evidence) = self.beside_another(bench, claim, &way)? {
                return Ok(evidence);
            }
        }
        if refused == 0 || accepted == 0 {
            let reason = untried.unwrap_or_else(|| "no way leads there".to_owned());
            return Ok(not_run(claim, reason));
        }
        Ok(Evidence::new(claim, Verdict::Proven)
            .measure("sqlstate", "23514")
            .measure("accepted", accepted)
            .measure("refused", refused))
    }

    /// Whether a row that does not count makes a difference.
    fn beside_another(
        &self,
        bench: &mut Bench<'_>,
        claim: &Claim,
        way: &HeldStep,
    ) -> Result<Option<Evidence>, SessionError> {
        let Ok((rows, statement)) = self.idle(bench, way) else { return Ok(None) };
        let scenes = [scene(bench, &rows, statement.clone()), alone(bench, &rows, statement)];
        if self.it.while_there() {
            let what = "it was held by a row that does not count";
            let evidence = let_through(bench, claim, self.guard, &scenes, what)?;
            return Ok(evidence.filter(|it| it.verdict == Verdict::Refuted));
        }
        let expected = refusal(&["23514"], self.owner, self.guard);
        let finding = bench.refusal(&scenes, &expected)?;
        let what = "what it is kept from, beside a row that does not count";
        let evidence = bench.stops(claim, &finding, what);
        Ok(evidence.filter(|_| matches!(finding, Finding::Accepted)))
    }

    /// No two sessions get past the guard together.
    fn of_rows(&self, bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, SessionError> {
        let what = if self.it.while_there() {
            "the row that it belongs to was changed after it came"
        } else {
            "the row that it belonged to was changed after it went"
        };
        let mut proven: Option<Evidence> = None;
        for act in [Act::Whole, Act::Moved, Act::Counted] {
            for way in self.it.steps(self.owner) {
                let mut evidence =
                    Evidence::new(claim, Verdict::Proven).measure("sqlstate", "40001");
                let is_written = match self.act(bench, &way, act) {
                    Ok(done) => self.is_written(bench, &done)?,
                    Err(_) => continue,
                };
                if is_written == Some(false) {
                    let what = "a write of a row left nothing behind in the row that it belongs to";
                    return Ok(Evidence::new(claim, Verdict::Refuted).note(what));
                }
                evidence = contested(bench, claim, evidence, what, &mut |bench| {
                    let done = self.act(bench, &way, act)?;
                    Ok(Duel {
                        setup: bench.inserts(&done.rows),
                        acts: [done.act, done.step],
                        broken: Broken::InOrder,
                    })
                })?;
                if evidence.verdict == Verdict::Refuted {
                    return Ok(evidence);
                }
                let is_fought = evidence.measured.contains_key("two_sessions");
                let was_fought =
                    proven.as_ref().is_some_and(|it| it.measured.contains_key("two_sessions"));
                if is_fought || is_written == Some(true) && !was_fought {
                    proven = Some(evidence);
                }
                if is_fought {
                    break;
                }
            }
        }
        Ok(proven.unwrap_or_else(|| not_run(claim, "nothing could be set up")))
    }

    /// Whether the owner was written after the row was: no lock is left behind that an older snapshot would notice.
    fn is_written(&self, bench: &mut Bench<'_>, done: &Done) -> Result<Option<bool>, SessionError> {
        let command = |shape: &Shape<'_>, row: &Row| {
            let number = Expr::column(&Ident::new("cmin").expect("a fixed name"));
            let from = TableRef { table: shape.table.name.clone(), alias: None };
            let mut select = Select::new(vec![Output { value: number, name: None }], Some(from));
            select.filter = shape.known_row(row);
            select
        };
        let Some(row) = &done.row else { return Ok(None) };
        let of = |select: Select| Output { value: Expr::Scalar(Box::new(select)), name: None };
        let both = vec![of(command(self.rows, row)), of(command(self.owner, &done.owner))];
        let look = Select::new(both, None).to_string();
        for before in [scene(bench, &done.rows, look.clone()), alone(bench, &done.rows, look)] {
            let mut setup = before.setup;
            setup.push(done.act.clone());
            let Outcome::Accepted(found) = bench.attempt(&setup, &before.last)? else { continue };
            let numbers: Vec<u64> =
                found.rows.iter().flatten().flatten().filter_map(|it| it.parse().ok()).collect();
            if let [row, owner] = numbers[..] {
                return Ok(Some(owner > row));
            }
        }
        Ok(None)
    }

    /// What is there, a write of a row beside an owner, and what the owner does.
    fn act(&self, bench: &mut Bench<'_>, way: &HeldStep, act: Act) -> Result<Done, String> {
        let ready = bench.planner.about_to(self.owner, self.it, way)?;
        let (there, mut rows) = (ready.row()?, ready.rows());
        let table = &self.rows.table.name;
        let while_there = self.it.while_there();
        let last = |rows: &[PlannedRow]| {
            rows.last().map(|it| it.values.clone()).ok_or_else(|| "there is no row".to_owned())
        };
        let (act, row) = match act {
            Act::Whole if while_there => {
                let mut more = bench.planner.holding(self.it, &there, &rows)?;
                let new = more.pop().ok_or("there is no row")?;
                rows.extend(more);
                // What it does later in its life writes its owner once more.
                let row = new.youth.is_none().then(|| new.values.clone());
                (bench.inserts(std::slice::from_ref(&new)).concat(), row)
            }
            Act::Whole => {
                rows.extend(bench.planner.holding(self.it, &there, &rows)?);
                let filter = self.rows.known_row(&last(&rows)?).ok_or("it is not found again")?;
                let delete = Delete { table: table.clone(), filter: Some(filter) };
                (delete.to_string(), None)
            }
            Act::Moved => {
                let mut wish = Wish::default();
                // Of the same tenant, where the reference carries one.
                if let Some((_, carried)) = self.it.reference.split_last() {
                    wish.values.extend(carried.iter().map(|&(_, at)| (at, there[at].clone())));
                }
                rows.extend(bench.planner.plan(&self.owner.table.name, &wish, &rows)?.rows);
                let elsewhere = last(&rows)?;
                let (from, to) =
                    if while_there { (&elsewhere, &there) } else { (&there, &elsewhere) };
                rows.extend(bench.planner.holding(self.it, from, &rows)?);
                let row = last(&rows)?;
                let set = self.it.reference.iter().map(|&(own, at)| (own, to[at].clone()));
                (self.update(&row, set.collect())?, Some(row))
            }
            Act::Counted => {
                let more = if while_there {
                    bench.planner.idle_beside(self.it, &there, &rows)?
                } else {
                    bench.planner.holding(self.it, &there, &rows)?
                };
                rows.extend(more);
                let row = last(&rows)?;
                (self.turned(bench, &row, &rows)?, Some(row))
            }
        };
        Ok(Done { rows, act, row, owner: there, step: ready.statement })
    }

    /// The UPDATE by which a row comes to count, or to count no longer.
    fn turned(
        &self,
        bench: &mut Bench<'_>,
        row: &Row,
        known: &[PlannedRow],
    ) -> Result<String, String> {
        let which = self.it.which.as_ref().ok_or("all rows count")?;
        let wanted = self.it.while_there();
        for machine in &self.rows.machines {
            let Some(now) = row[machine.column].text() else { continue };
            for next in machine.design.followers(&now) {
                let mut after = row.clone();
                after[machine.column] = Value::Text(next.clone());
                if (truth(which, &after) == Some(true)) != wanted {
                    continue;
                }
                let values = [(machine.column, Value::Text(next.clone()))];
                let step = change(&mut bench.planner, self.rows, row, &values, known)?;
                if step.before.is_empty() {
                    return Ok(step.statement);
                }
            }
        }
        Err("no step leads there".to_owned())
    }

    fn update(&self, row: &Row, set: Vec<(usize, Value)>) -> Result<String, String> {
        let set = set.into_iter().map(|(at, value)| (self.rows.name(at).clone(), value.expr()));
        let update = Update {
            table: self.rows.table.name.clone(),
            set: set.chain(self.rows.raised()).collect(),
            filter: Some(self.rows.known_row(row).ok_or("it is not found again")?),
            returning: Vec::new(),
        };
        Ok(update.to_string())
    }

    /// All that is there before the change, which is then refused or let in.
    fn set(
        &self,
        bench: &mut Bench<'_>,
        way: &HeldStep,
        is_held: bool,
    ) -> Result<(Vec<PlannedRow>, String), String> {
        let ready = bench.planner.about_to(self.owner, self.it, way)?;
        let (there, mut rows) = (ready.row()?, ready.rows());
        if is_held == self.it.while_there() {
            rows.extend(bench.planner.holding(self.it, &there, &rows)?);
        }
        // What came along with its life may hold it, too.
        let young = rows.iter().flat_map(|row| row.youth.iter().flat_map(|it| &it.beside));
        let is_there = rows.iter().chain(young).any(|row| self.it.holds(row, &there));
        if is_there && is_held != self.it.while_there() {
            return Err("a row that counts is there on each way".to_owned());
        }
        Ok((rows, ready.statement))
    }

    /// All that is there before the change, with a row that does not count.
    fn idle(
        &self,
        bench: &mut Bench<'_>,
        way: &HeldStep,
    ) -> Result<(Vec<PlannedRow>, String), String> {
        let ready = bench.planner.about_to(self.owner, self.it, way)?;
        let mut rows = ready.rows();
        rows.extend(bench.planner.idle_beside(self.it, &ready.row()?, &rows)?);
        Ok((rows, ready.statement))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Shop, judged};

    const PROJECTS: &str = "## Project\n\n- id: uuid, primary key\n- title: text, required\n- budget: integer, required\n\
        - status: enum(draft, active, archived), required\n- updated_at: timestamp, required\n\n\
        ## Task\n\n- id: uuid, primary key\n- project_id: uuid, required, references Project\n- title: text, required\n\
        - state: enum(open, done), required\n\n\
        ## Project life cycle\n\n```mermaid\nstateDiagram-v2\n  [*] --> draft\n  draft --> active\n  active --> archived\n```\n\n\
        ## Task life cycle\n\n```mermaid\nstateDiagram-v2\n  [*] --> open\n  open --> done\n```\n\n## Rules\n\n";
    const RULES: [&str; 3] = [
        "A project cannot be archived while it has open tasks.",
        "A project without tasks cannot be activated.",
        "The budget of a project cannot be changed once it has tasks.",
    ];
    const OWNER: [&str; 3] =
        ["projects_status_held", "projects_status_held1", "projects_budget_held"];
    const ROWS: &str = "tasks_project_id_hold";

    /// The projects with some rules.
    fn with(rules: &[&str]) -> String {
        let rules: Vec<String> = rules.iter().map(|rule| format!("- {rule}\n")).collect();
        format!("{PROJECTS}{}", rules.concat())
    }

    #[test]
    fn what_holds_a_row_and_what_does_not() {
        let judged = judged(Shop::of_document(&with(&RULES)), Family::Hold, |_| {});
        for object in OWNER.into_iter().chain([ROWS]) {
            let note = judged.note(Family::Hold, Some(object));
            let verdict = judged.verdict(Family::Hold, Some(object));
            assert_eq!(verdict, Verdict::Proven, "{object} {note}");
        }
        let levels = judged.measured(Family::Hold, ROWS, "two_sessions");
        assert_eq!(levels, "read committed, repeatable read");
    }

    #[test]
    fn what_lets_it_through_or_holds_too_much_is_refuted() {
        let which = "own.project_id = NEW.id AND (own.state = 'open')";
        let (archived, activated, budget) = (&RULES[0], &RULES[1], &RULES[2]);
        let (status, of_budget, of_tasks) = (OWNER[0], OWNER[2], ROWS);
        for (rule, object, what, instead) in [
            (archived, status, which, "own.project_id = NEW.id AND (own.state = 'done')"),
            (archived, status, which, "own.project_id = NEW.id"),
            (archived, status, which, "false"),
            (activated, status, "IF NOT EXISTS", "IF EXISTS"),
            (activated, status, "IF NOT EXISTS", "IF false AND NOT EXISTS"),
            (budget, of_budget, "IF EXISTS", "IF false AND EXISTS"),
            (
                archived,
                of_tasks,
                "INSERT OR UPDATE OF project_id, state",
                "UPDATE OF project_id, state",
            ),
            (
                archived,
                of_tasks,
                "INSERT OR UPDATE OF project_id, state",
                "INSERT OR UPDATE OF state",
            ),
            (activated, of_tasks, "UPDATE OF project_id OR DELETE", "DELETE"),
            (activated, of_tasks, "UPDATE OF project_id OR DELETE", "UPDATE OF project_id"),
        ] {
            let judged = judged(Shop::of_document(&with(&[rule])), Family::Hold, |sql| {
                assert!(sql.contains(what), "{what} is not in {sql}");
                *sql = sql.replace(what, instead);
            });
            let note = judged.note(Family::Hold, Some(object));
            let verdict = judged.verdict(Family::Hold, Some(object));
            assert_eq!(verdict, Verdict::Refuted, "{rule} {what}: {note}");
        }
    }

    #[test]
    fn a_guard_that_only_locks_is_refuted() {
        for lock in ["FOR SHARE", "FOR NO KEY UPDATE"] {
            let judged = judged(Shop::of_document(&with(&[RULES[0]])), Family::Hold, |sql| {
                let writes = "UPDATE public.projects AS owner SET title = owner.title WHERE owner.id = NEW.project_id;";
                assert!(sql.contains(writes), "{sql}");
                let locks = format!(
                    "PERFORM FROM public.projects AS owner WHERE owner.id = NEW.project_id {lock};"
                );
                *sql = sql.replace(writes, &locks);
            });
            let note = judged.note(Family::Hold, Some(ROWS));
            assert_eq!(judged.verdict(Family::Hold, Some(ROWS)), Verdict::Refuted, "{note}");
        }
    }
}
