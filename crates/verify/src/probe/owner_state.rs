//! What is done to rows only beside an owner in some state is let in there and refused beside any other: by INSERT, by an
//! UPDATE that brings a row over, by a change or a deletion where these are meant, and where another session takes the
//! owner to another state at the same time.

use std::collections::BTreeMap;

use underpin_claim::{Claim, Evidence, Family, Verdict};
use underpin_pg::{Delete, Expr, Update};
use underpin_physical::GuardDesign;
use underpin_server::SessionError;

use super::Probe;
use super::limit::{alone, scene};
use super::unchanged::{other_value, refusal};
use crate::bench::{Bench, Finding, Scene, not_run};
use crate::ring::{Broken, Duel, contested};
use crate::row::{OwnerStateShape, PlannedRow, Row, Shape, Step, Wish, change, step};
use crate::rule::Goal;
use crate::value::Value;

pub(super) const PROBE: Probe = Probe { family: Family::OwnerState, judge };

/// What is tried on a rule about the owner's state.
struct Attack<'a> {
    it: &'a OwnerStateShape<'a>,
    rows: &'a Shape<'a>,
    owner: &'a Shape<'a>,
    guard: &'a GuardDesign,
}

/// An owner beside which it may not be done.
struct Barred {
    what: String,
    rows: Vec<PlannedRow>,
}

/// What came of one way to try it.
enum Tried {
    Held,
    Broken(Evidence),
    Untried(String),
}

fn judge(bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, SessionError> {
    let rows = match bench.table(claim) {
        Ok(shape) => shape,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let object = claim.subject.object.as_deref().unwrap_or_default();
    let guard = rows.guards.iter().find(|it| it.trigger.as_str() == object);
    let it = rows.owner_states.iter().find(|it| it.design.trigger.as_str() == object);
    let (Some(guard), Some(it)) = (guard, it) else {
        return Ok(not_run(claim, format!("{} has no guard `{object}`", rows.table.name)));
    };
    let owner = &bench.shapes[it.owner];
    for table in [&rows.table.name, &owner.table.name] {
        if let Err(reason) = bench.ready(table)? {
            return Ok(not_run(claim, reason));
        }
    }
    let attack = Attack { it, rows, owner, guard };
    let good = match attack.good(bench) {
        Ok(good) => good,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let born = alone_as_well(bench, &good);
    if let Err(reason) = bench.acceptance(&born)? {
        return Ok(not_run(claim, format!("no row was let in beside an owner: {reason}")));
    }
    let barred = attack.barred(bench);
    let (mut refused, mut accepted, mut untried) = (0_i64, 1_i64, None);
    for one in &barred {
        for tried in attack.all(bench, claim, one)? {
            match tried {
                Tried::Held => refused += 1,
                Tried::Broken(evidence) => return Ok(evidence),
                Tried::Untried(reason) => untried = Some(reason),
            }
        }
    }
    if refused == 0 {
        let reason =
            untried.unwrap_or_else(|| "every owner that can be there allows it".to_owned());
        return Ok(not_run(claim, reason));
    }
    match attack.stays(bench, claim)? {
        Some(Ok(())) => accepted += 1,
        Some(Err(evidence)) => return Ok(evidence),
        None => {}
    }
    let evidence = Evidence::new(claim, Verdict::Proven)
        .measure("sqlstate", "23514")
        .measure("accepted", accepted)
        .measure("refused", refused);
    let what = "a row came to be there after its owner went on to a state that does not allow it";
    contested(bench, claim, evidence, what, &mut |bench| attack.duel(bench))
}

impl Attack<'_> {
    /// A row beside an owner that allows it, and all that it needs.
    fn good(&self, bench: &mut Bench<'_>) -> Result<Vec<PlannedRow>, String> {
        let owner = self.allowing(bench, &|_| true)?;
        self.beside(bench, &owner)
    }

    /// An owner that allows it and is otherwise as wanted, where there is one, and all that it needs.
    fn allowing(
        &self,
        bench: &mut Bench<'_>,
        is_wanted: &dyn Fn(&Row) -> bool,
    ) -> Result<Vec<PlannedRow>, String> {
        let mut rows =
            self.owner_with(bench, self.it.at_birth(self.owner).collect(), BTreeMap::new())?;
        let both = |row: &Row| self.it.allows(row) && is_wanted(row);
        if bench.planner.grow_until(self.owner, &both, &mut rows).is_err() {
            bench.planner.grow_until(self.owner, &|row| self.it.allows(row), &mut rows)?;
        }
        Ok(rows)
    }

    fn owner_with(
        &self,
        bench: &mut Bench<'_>,
        goals: Vec<Goal<'_>>,
        values: BTreeMap<usize, Value>,
    ) -> Result<Vec<PlannedRow>, String> {
        let wish = Wish { goals, values, ..Wish::default() };
        Ok(bench.plan(&self.owner.table.name, &wish)?.rows)
    }

    /// A row of the last of some rows, behind them.
    fn beside(
        &self,
        bench: &mut Bench<'_>,
        owner: &[PlannedRow],
    ) -> Result<Vec<PlannedRow>, String> {
        let there = &owner.last().ok_or("there is no owner")?.values;
        let values = self.it.reference.iter().map(|&(own, at)| (own, there[at].clone())).collect();
        let wish = Wish { values, ..Wish::default() };
        let row = bench.planner.plan(&self.rows.table.name, &wish, owner)?.rows;
        Ok(owner.iter().cloned().chain(row).collect())
    }

    /// Owners that do not allow it: in each other state that a life leads to, and with each other value.
    fn barred(&self, bench: &mut Bench<'_>) -> Vec<Barred> {
        let mut all = Vec::new();
        let parts: Vec<Goal<'_>> = self.it.at_birth(self.owner).collect();
        for machine in &self.owner.machines {
            for state in &machine.design.states {
                let Ok(mut rows) = self.owner_with(bench, parts.clone(), BTreeMap::new()) else {
                    continue;
                };
                let is_it = |row: &Row| {
                    row[machine.column].text().as_ref() == Some(state) && !self.it.allows(row)
                };
                if bench.planner.grow_until(self.owner, &is_it, &mut rows).is_ok() {
                    let column = self.owner.name(machine.column).as_str();
                    all.push(Barred { what: format!("whose {column} is {state}"), rows });
                }
            }
        }
        for at in 0..parts.len() {
            let mut goals = parts.clone();
            goals[at].kept = false;
            let Ok(mut rows) = self.owner_with(bench, goals, BTreeMap::new()) else { continue };
            // As far along its life as it must be otherwise.
            let others = |row: &Row| {
                self.it
                    .allowed
                    .iter()
                    .filter(|part| !std::ptr::eq(*part, parts[at].rule))
                    .all(|part| crate::rule::truth(part, row) == Some(true))
            };
            let _ = bench.planner.grow_until(self.owner, &others, &mut rows);
            if rows.last().is_some_and(|it| !self.it.allows(&it.values)) {
                all.push(Barred { what: "that does not allow it".to_owned(), rows });
            }
        }
        all
    }

    /// All that is refused beside one owner.
    fn all(
        &self,
        bench: &mut Bench<'_>,
        claim: &Claim,
        barred: &Barred,
    ) -> Result<Vec<Tried>, SessionError> {
        let what = &barred.what;
        let owner = self.owner.table.name.name.as_str();
        let mut tried = Vec::new();
        let acts = &self.it.design.owner_state;
        let beside = self.beside(bench, &barred.rows);
        if acts.inserts {
            tried.push(match &beside {
                Ok(rows) => {
                    let scenes = alone_as_well(bench, rows);
                    let what = format!("a row beside one of {owner} {what}");
                    self.try_one(bench, claim, &scenes, &what)?
                }
                Err(reason) => Tried::Untried(reason.clone()),
            });
        }
        if acts.inserts || acts.updates {
            if let Some(scene) = self.brought_over(bench, barred) {
                let what = format!("a row that is given to one of {owner} {what}");
                tried.push(self.try_one(bench, claim, &[scene], &what)?);
            }
        }
        let Ok(rows) = beside else { return Ok(tried) };
        if acts.updates {
            let good = self.good(bench).unwrap_or_default();
            for update in self.changes(bench, &good, &rows)? {
                let scenes = [alone(bench, &rows, update)];
                let what = format!("a change of a row beside one of {owner} {what}");
                tried.push(self.try_one(bench, claim, &scenes, &what)?);
            }
        }
        if acts.deletes {
            let row = rows.last().and_then(|row| self.rows.known_row(&row.values));
            if let Some(filter) = row {
                let table = self.rows.table.name.clone();
                let delete = Delete { table, filter: Some(filter) }.to_string();
                let what = format!("the deletion of a row beside one of {owner} {what}");
                tried.push(self.try_one(bench, claim, &[alone(bench, &rows, delete)], &what)?);
            }
        }
        Ok(tried)
    }

    fn try_one(
        &self,
        bench: &mut Bench<'_>,
        claim: &Claim,
        scenes: &[Scene],
        what: &str,
    ) -> Result<Tried, SessionError> {
        let expected = refusal(&["23514"], self.rows, self.guard);
        let finding = bench.refusal(scenes, &expected)?;
        Ok(match bench.stops(claim, &finding, what) {
            None => Tried::Held,
            Some(evidence) => match (&finding, evidence.verdict) {
                (Finding::Accepted, _) | (_, Verdict::Refuted) => Tried::Broken(evidence),
                (Finding::Otherwise(_) | Finding::NotSet(_) | Finding::Refused(_), _) => {
                    Tried::Untried(evidence.note.unwrap_or_default())
                }
            },
        })
    }

    /// A row that is there beside an owner that allows it, and the UPDATE that gives it to another.
    fn brought_over(&self, bench: &mut Bench<'_>, barred: &Barred) -> Option<Scene> {
        let there = &barred.rows.last()?.values;
        let good = self.allowing(bench, &|_| true).ok()?;
        let rows: Vec<PlannedRow> = barred.rows.iter().chain(&good).cloned().collect();
        let rows = self.beside(bench, &rows).ok()?;
        let row = &rows.last()?.values;
        let set = self.it.reference.iter().map(|&(own, at)| (own, there[at].clone()));
        let update = self.update(row, set.collect())?;
        Some(scene(bench, &rows, update))
    }

    fn update(&self, row: &Row, values: Vec<(usize, Value)>) -> Option<String> {
        let set = values.into_iter().map(|(at, value)| (self.rows.name(at).clone(), value.expr()));
        let update = Update {
            table: self.rows.table.name.clone(),
            set: set.chain(self.rows.raised()).collect::<Vec<(_, Expr)>>(),
            filter: Some(self.rows.known_row(row)?),
            returning: Vec::new(),
        };
        Some(update.to_string())
    }

    /// Changes of a row that its own rules let in beside an owner that allows them: one of each column that takes another
    /// value.
    fn changes(
        &self,
        bench: &mut Bench<'_>,
        good: &[PlannedRow],
        rows: &[PlannedRow],
    ) -> Result<Vec<String>, SessionError> {
        let (Some(known), Some(row)) = (good.last(), rows.last()) else { return Ok(Vec::new()) };
        let mut all = Vec::new();
        for name in &self.it.design.changed {
            let Some(at) = self.rows.column(name).filter(|&at| !self.rows.is_in_link(at)) else {
                continue;
            };
            let Some(value) = other_value(bench, self.rows, &row.values, at) else { continue };
            let update = |row: &Row| self.update(row, vec![(at, value.clone())]);
            let (Some(allowed), Some(refused)) = (update(&known.values), update(&row.values))
            else {
                continue;
            };
            if bench.acceptance(&[scene(bench, good, allowed)])?.is_ok() {
                all.push(refused);
            }
        }
        Ok(all)
    }

    /// A row stays when its owner goes on, and may be written as it is; `None` where no step leads there.
    fn stays(
        &self,
        bench: &mut Bench<'_>,
        claim: &Claim,
    ) -> Result<Option<Result<(), Evidence>>, SessionError> {
        if !self.it.design.owner_state.inserts {
            return Ok(None);
        }
        let Ok((owner, gone)) = self.leaving(bench) else { return Ok(None) };
        let Ok(rows) = self.beside(bench, &owner) else { return Ok(None) };
        let Some(row) = rows.last() else { return Ok(None) };
        let same = self.it.reference.iter().map(|&(own, _)| (own, row.values[own].clone()));
        let Some(update) = self.update(&row.values, same.collect()) else { return Ok(None) };
        let mut scene = scene(bench, &rows, update);
        scene.setup.extend(bench.inserts(&gone.before));
        scene.setup.push(gone.statement);
        let expected = refusal(&["23514"], self.rows, self.guard);
        Ok(match bench.refusal(&[scene], &expected)? {
            Finding::Accepted => Some(Ok(())),
            Finding::Refused(_) => Some(Err(Evidence::new(claim, Verdict::Refuted).note(
                "PostgreSQL refused a row that was there before its owner went on, and is written as it is",
            ))),
            // Its own rules may forbid what is no change.
            Finding::Otherwise(_) | Finding::NotSet(_) => None,
        })
    }

    /// An owner that allows it, and the step after which it does not.
    fn leaving(&self, bench: &mut Bench<'_>) -> Result<(Vec<PlannedRow>, Step), String> {
        let next = |row: &Row| -> Vec<(usize, Value)> {
            let mut found = Vec::new();
            for machine in &self.owner.machines {
                let Some(now) = row[machine.column].text() else { continue };
                for state in machine.design.followers(&now) {
                    let mut there = row.clone();
                    there[machine.column] = Value::Text(state.clone());
                    if !self.it.allows(&there) {
                        found.push((machine.column, Value::Text(state.clone())));
                    }
                }
            }
            found
        };
        let rows = self.allowing(bench, &|row| !next(row).is_empty())?;
        let row = rows.last().ok_or("there is no owner")?.values.clone();
        for (column, state) in next(&row) {
            let Some(state) = state.text() else { continue };
            if let Ok(step) = step(&mut bench.planner, self.owner, column, &row, &state, &rows) {
                return Ok((rows, step));
            }
        }
        // A flag that is set.
        for part in self.it.at_birth(self.owner) {
            for at in part.rule.fields() {
                for value in [Value::Boolean(true), Value::Boolean(false)] {
                    let mut there = row.clone();
                    let is_flag =
                        matches!(there[at], Value::Boolean(_) | Value::Default | Value::Null);
                    there[at] = value.clone();
                    if !is_flag || self.it.allows(&there) {
                        continue;
                    }
                    let values = [(at, value)];
                    let gone = change(&mut bench.planner, self.owner, &row, &values, &rows);
                    if let Ok(step) = gone {
                        return Ok((rows, step));
                    }
                }
            }
        }
        Err("no step leads to where it is not allowed".to_owned())
    }

    /// One session takes the owner on while the other writes.
    fn duel(&self, bench: &mut Bench<'_>) -> Result<Duel, String> {
        let (owner, gone) = self.leaving(bench)?;
        let mut rows = self.beside(bench, &owner)?;
        let row = rows.pop().ok_or("there is no row")?;
        let mut setup = bench.inserts(&rows);
        setup.extend(bench.inserts(&gone.before));
        let acts = &self.it.design.owner_state;
        let filter = self.rows.known_row(&row.values);
        let act = if acts.inserts {
            bench.inserts(std::slice::from_ref(&row)).concat()
        } else {
            setup.extend(bench.inserts(std::slice::from_ref(&row)));
            if acts.deletes {
                let table = self.rows.table.name.clone();
                Delete { table, filter: Some(filter.ok_or("the row is not found again")?) }
                    .to_string()
            } else {
                let own = self.it.design.changed.iter().find_map(|name| {
                    let at = self.rows.column(name).filter(|&at| !self.rows.is_in_link(at))?;
                    let value = other_value(bench, self.rows, &row.values, at)?;
                    self.update(&row.values, vec![(at, value)])
                });
                own.ok_or("nothing in it can be changed")?
            }
        };
        Ok(Duel { setup, acts: [gone.statement, act], broken: Broken::InOrder })
    }
}

/// As it is, and with the rows before put in while triggers are off.
pub(super) fn alone_as_well(bench: &Bench<'_>, rows: &[PlannedRow]) -> Vec<Scene> {
    let Some((last, before)) = rows.split_last() else { return Vec::new() };
    let insert = bench.inserts(std::slice::from_ref(last)).concat();
    vec![scene(bench, before, insert.clone()), alone(bench, before, insert)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Shop, judged};

    const BIDS: &str = "## Lot\n\n- id: uuid, primary key\n- title: text, required\n\
        - status: enum(draft, listed, sold, withdrawn), required\n- updated_at: timestamp, required\n\n\
        Lot status: draft -> listed, listed -> sold, listed -> withdrawn.\n\n## Bidder\n\n\
        - id: uuid, primary key\n- name: text, required\n- is_blocked: boolean, required\n\n## Bid\n\n\
        - id: uuid, primary key\n- lot_id: uuid, required, references Lot\n\
        - bidder_id: uuid, required, references Bidder\n- amount: decimal(12,2), required\n\n## Rules\n\n\
        - Bids can only be placed on listed lots.\n- A blocked bidder cannot place a bid.\n";
    const LINES: &str = "## Invoice\n\n- id: uuid, primary key\n\
        - status: enum(draft, issued, paid), required\n\n\
        Invoice status: draft -> issued, issued -> paid.\n\n## Invoice Line\n\n- id: uuid, primary key\n\
        - invoice_id: uuid, required, references Invoice\n\
        - amount: decimal(12,2), required\n\n## Rules\n\n\
        - The lines of an invoice can only be added, changed or removed while the invoice is a draft.\n\
        - When an invoice is deleted, its lines are deleted too.\n";
    const OF_LOT: Option<&str> = Some("bids_lot_id_state");
    const OF_BIDDER: Option<&str> = Some("bids_bidder_id_state");
    const OF_LINES: Option<&str> = Some("invoice_lines_invoice_id_state");

    #[test]
    fn beside_the_right_owner_and_no_other() {
        for (document, objects) in [(BIDS, vec![OF_LOT, OF_BIDDER]), (LINES, vec![OF_LINES])] {
            let judged = judged(Shop::of_document(document), Family::OwnerState, |_| {});
            for object in objects {
                let note = judged.note(Family::OwnerState, object);
                let verdict = judged.verdict(Family::OwnerState, object);
                assert_eq!(verdict, Verdict::Proven, "{object:?} {note}");
                let levels = judged.measured(Family::OwnerState, object.unwrap(), "two_sessions");
                assert_eq!(levels, "read committed, repeatable read", "{object:?}");
            }
        }
    }

    /// Where the owner goes, nobody asks any more what it was.
    #[test]
    fn rows_go_with_their_owner() {
        let judged = judged(Shop::of_document(LINES), Family::OnDelete, |_| {});
        let object = Some("invoice_lines_invoice_id_fkey");
        let note = judged.note(Family::OnDelete, object);
        assert_eq!(judged.verdict(Family::OnDelete, object), Verdict::Proven, "{note}");
    }

    #[test]
    fn what_lets_a_row_in_beside_another_is_refuted() {
        for (document, object, (what, instead)) in [
            (BIDS, OF_LOT, ("INSERT OR UPDATE OF lot_id", "UPDATE OF lot_id")),
            (BIDS, OF_LOT, ("INSERT OR UPDATE OF lot_id", "INSERT")),
            (BIDS, OF_LOT, ("owner.status = 'listed'", "owner.status <> 'draft'")),
            (BIDS, OF_LOT, ("FOR SHARE", "FOR KEY SHARE")),
            (BIDS, OF_BIDDER, ("NOT owner.is_blocked", "true")),
            // What is there may be written, whatever its owner is by now.
            (
                BIDS,
                OF_LOT,
                ("TG_OP = 'UPDATE' AND (NEW.lot_id IS DISTINCT FROM OLD.lot_id)", "true"),
            ),
            (LINES, OF_LINES, ("INSERT OR UPDATE OR DELETE", "INSERT OR UPDATE")),
            (LINES, OF_LINES, ("INSERT OR UPDATE OR DELETE", "INSERT OR DELETE")),
            (LINES, OF_LINES, ("INSERT OR UPDATE OR DELETE", "UPDATE OR DELETE")),
        ] {
            let judged = judged(Shop::of_document(document), Family::OwnerState, |sql| {
                assert!(sql.contains(what), "{what} is not in {sql}");
                *sql = sql.replace(what, instead);
            });
            let note = judged.note(Family::OwnerState, object);
            let verdict = judged.verdict(Family::OwnerState, object);
            assert_eq!(verdict, Verdict::Refuted, "{what}: {note}");
        }
    }
}
