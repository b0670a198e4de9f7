//! A value that is held against one of the row that a row belongs to: the last one that this lets in is let in, and none
//! beyond it, by INSERT, by an UPDATE of the value or of the reference, by an UPDATE of what it is held against, and where
//! two sessions write both at the same time.

use std::collections::BTreeMap;

use underpin_claim::{Claim, Evidence, Family, Verdict};
use underpin_pg::Update;
use underpin_physical::{GuardDesign, GuardPurpose};
use underpin_server::SessionError;

use super::Probe;
use super::limit::{alone, let_through, scene};
use super::owner_state::alone_as_well;
use super::unchanged::refusal;
use crate::bench::{Bench, Finding, Scene, not_run};
use crate::ring::{Broken, Duel, contested};
use crate::row::{OwnerBoundShape, PlannedRow, Shape, Wish};
use crate::value::Value;

pub(super) const PROBE: Probe = Probe { family: Family::OwnerBound, judge };

/// What is tried on a bound.
struct Attack<'a> {
    it: &'a OwnerBoundShape<'a>,
    rows: &'a Shape<'a>,
    owner: &'a Shape<'a>,
    guard: &'a GuardDesign,
}

fn judge(bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, SessionError> {
    let shape = match bench.table(claim) {
        Ok(shape) => shape,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let object = claim.subject.object.as_deref().unwrap_or_default();
    let guard = shape.guards.iter().find(|it| it.trigger.as_str() == object);
    let Some((guard, GuardPurpose::OwnerBound { rows, owner_bound })) =
        guard.map(|it| (it, &it.purpose))
    else {
        return Ok(not_run(claim, format!("{} has no guard `{object}`", shape.table.name)));
    };
    let rows = &bench.shapes[rows];
    let Some(it) = rows.owner_bounds.get(*owner_bound) else {
        return Ok(not_run(claim, "the bound is not understood"));
    };
    let attack = Attack { it, rows, owner: &bench.shapes[it.owner], guard };
    for table in [&rows.table.name, it.owner] {
        if let Err(reason) = bench.ready(table)? {
            return Ok(not_run(claim, reason));
        }
    }
    if guard.trigger == it.design.trigger {
        attack.of_rows(bench, claim)
    } else {
        attack.of_owner(bench, claim)
    }
}

impl Attack<'_> {
    /// No row beyond what its owner lets in.
    fn of_rows(&self, bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, SessionError> {
        let (owner, last, beyond) = match bench.planner.bounding(self.rows, self.it) {
            Ok(edges) => edges,
            Err(reason) => return Ok(not_run(claim, reason)),
        };
        let good = match bench.planner.bounded(self.rows, self.it, &owner, &last) {
            Ok(good) => good,
            Err(reason) => return Ok(not_run(claim, reason)),
        };
        let what = "the last value that is let in was refused";
        let scenes = alone_as_well(bench, &good);
        if let Some(evidence) = let_through(bench, claim, self.guard, &scenes, what)? {
            return Ok(evidence);
        }
        let expected = refusal(&["23514"], self.rows, self.guard);
        let mut ways: Vec<(Vec<Scene>, &str)> = Vec::new();
        if let Ok(rows) = bench.planner.bounded(self.rows, self.it, &owner, &beyond) {
            ways.push((alone_as_well(bench, &rows), "a row beyond what its owner lets in"));
        }
        if let Some(update) = self.update(&good, &[(self.it.own, beyond)]) {
            let scenes = vec![scene(bench, &good, update.clone()), alone(bench, &good, update)];
            ways.push((scenes, "a row that goes beyond what its owner lets in"));
        }
        if let Some((rows, update)) = self.brought_over(bench, &good) {
            let scenes = vec![scene(bench, &rows, update.clone()), alone(bench, &rows, update)];
            ways.push((scenes, "a row that is given to an owner that does not let it in"));
        }
        let (mut refused, mut other) = (0_i64, None);
        for (scenes, what) in ways {
            let finding = bench.refusal(&scenes, &expected)?;
            match (bench.stops(claim, &finding, what), finding) {
                (None, _) => refused += 1,
                (Some(evidence), Finding::Accepted) => return Ok(evidence),
                (Some(evidence), _) => other = Some(evidence),
            }
        }
        if refused == 0 {
            return Ok(
                other.unwrap_or_else(|| not_run(claim, "nothing beyond it could be planned"))
            );
        }
        let evidence = Evidence::new(claim, Verdict::Proven)
            .measure("sqlstate", "23514")
            .measure("accepted", 1_i64)
            .measure("refused", refused);
        self.fought(bench, claim, evidence)
    }

    /// No owner that its rows are beyond.
    fn of_owner(&self, bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, SessionError> {
        let (owner, last, _) = match bench.planner.bounding(self.rows, self.it) {
            Ok(edges) => edges,
            Err(reason) => return Ok(not_run(claim, reason)),
        };
        let good = match bench.planner.bounded(self.rows, self.it, &owner, &last) {
            Ok(good) => good,
            Err(reason) => return Ok(not_run(claim, reason)),
        };
        let Some(near) = self.it.too_near(&last).and_then(|it| self.set(&owner, &it)) else {
            return Ok(not_run(claim, "the owner is not found again"));
        };
        let expected = refusal(&["23514"], self.owner, self.guard);
        let scenes = [scene(bench, &good, near.clone()), alone(bench, &good, near)];
        let finding = bench.refusal(&scenes, &expected)?;
        if let Some(evidence) = bench.stops(claim, &finding, "a value that a row is beyond") {
            return Ok(evidence);
        }
        // From another one that lets the row in, so that it is a change.
        let nearest = self.it.nearest(&last);
        let farther = self.it.beyond(&last).and_then(|it| self.it.nearest(&it));
        let both = nearest
            .and_then(|it| self.set(&owner, &it))
            .zip(farther.and_then(|it| self.set(&owner, &it)));
        if let Some((nearest, farther)) = both {
            let mut scenes = [scene(bench, &good, nearest.clone()), alone(bench, &good, nearest)];
            for scene in &mut scenes {
                scene.setup.push(farther.clone());
            }
            let what = "the last value that lets a row in was refused";
            // Rules of its own may ask for another.
            let evidence = let_through(bench, claim, self.guard, &scenes, what)?;
            if let Some(evidence) = evidence.filter(|it| it.verdict == Verdict::Refuted) {
                return Ok(evidence);
            }
        }
        let evidence = Evidence::new(claim, Verdict::Proven)
            .measure("sqlstate", "23514")
            .measure("accepted", 1_i64)
            .measure("refused", 1_i64);
        self.fought(bench, claim, evidence)
    }

    /// One session writes a row while the other changes what it is held against.
    fn fought(
        &self,
        bench: &mut Bench<'_>,
        claim: &Claim,
        evidence: Evidence,
    ) -> Result<Evidence, SessionError> {
        let what = "a row is there that its owner does not let in";
        contested(bench, claim, evidence, what, &mut |bench| {
            let (owner, last, _) = bench.planner.bounding(self.rows, self.it)?;
            let mut rows = bench.planner.bounded(self.rows, self.it, &owner, &last)?;
            let row = rows.pop().ok_or("there is no row")?;
            let near = self.it.too_near(&last).and_then(|it| self.set(&owner, &it));
            let near = near.ok_or("the owner is not found again")?;
            let insert = bench.inserts(std::slice::from_ref(&row)).concat();
            Ok(Duel { setup: bench.inserts(&rows), acts: [insert, near], broken: Broken::Both })
        })
    }

    /// A row, and the UPDATE that gives it to an owner that does not let it in.
    fn brought_over(
        &self,
        bench: &mut Bench<'_>,
        good: &[PlannedRow],
    ) -> Option<(Vec<PlannedRow>, String)> {
        let last = &good.last()?.values[self.it.own];
        let values = BTreeMap::from([(self.it.theirs, self.it.too_near(last)?)]);
        let mut wish = Wish { values, ..Wish::default() };
        // Of the same tenant, where the reference carries one.
        let (_, carried) = self.it.reference.split_last()?;
        let row = &good.last()?.values;
        wish.values.extend(carried.iter().map(|&(own, there)| (there, row[own].clone())));
        let other = bench.planner.plan(self.it.owner, &wish, good).ok()?.rows;
        let there = &other.last()?.values;
        let set: Vec<(usize, Value)> =
            self.it.reference.iter().map(|&(own, at)| (own, there[at].clone())).collect();
        let update = self.update(good, &set)?;
        let (row, before) = good.split_last()?;
        let rows = before.iter().cloned().chain(other).chain([row.clone()]).collect();
        Some((rows, update))
    }

    /// The last of some rows with other values.
    fn update(&self, rows: &[PlannedRow], values: &[(usize, Value)]) -> Option<String> {
        let row = &rows.last()?.values;
        let set = values.iter().map(|(at, value)| (self.rows.name(*at).clone(), value.expr()));
        let update = Update {
            table: self.rows.table.name.clone(),
            set: set.chain(self.rows.raised()).collect(),
            filter: Some(self.rows.known_row(row)?),
            returning: Vec::new(),
        };
        Some(update.to_string())
    }

    /// The statement that gives the owner another value.
    fn set(&self, owner: &[PlannedRow], value: &Value) -> Option<String> {
        let set = (self.owner.name(self.it.theirs).clone(), value.expr());
        let update = Update {
            table: self.owner.table.name.clone(),
            set: std::iter::once(set).chain(self.owner.raised()).collect(),
            filter: Some(self.owner.known_row(&owner.last()?.values)?),
            returning: Vec::new(),
        };
        Some(update.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Shop, judged};

    const RUNS: &str = "## Tank\n\n- id: uuid, primary key\n- label: text, required\n\
        - capacity_kg: integer, required\n- opened_on: date, required\n- updated_at: timestamp, required\n\n## Run\n\n\
        - id: uuid, primary key\n- tank_id: uuid, required, references Tank\n- load_kg: integer, required, at least 1\n\
        - starts_on: date, required\n\n## Rules\n\n\
        - The load of a run never exceeds the capacity of its tank.\n\
        - `starts_on` of a run is not before `opened_on` of its tank.\n";
    const OF_LOAD: Option<&str> = Some("runs_load_kg_bound");
    const OF_CAPACITY: Option<&str> = Some("tanks_capacity_kg_bound");
    const OF_DAY: Option<&str> = Some("runs_starts_on_bound");

    #[test]
    fn as_far_as_the_owner_lets_and_no_farther() {
        let judged = judged(Shop::of_document(RUNS), Family::OwnerBound, |_| {});
        for object in [OF_LOAD, OF_CAPACITY, OF_DAY, Some("tanks_opened_on_bound")] {
            let note = judged.note(Family::OwnerBound, object);
            assert_eq!(
                judged.verdict(Family::OwnerBound, object),
                Verdict::Proven,
                "{object:?} {note}"
            );
            let levels = judged.measured(Family::OwnerBound, object.unwrap(), "two_sessions");
            assert_eq!(levels, "read committed, repeatable read", "{object:?}");
        }
    }

    #[test]
    fn what_lets_a_row_in_beyond_its_owner_is_refuted() {
        for (object, (what, instead)) in [
            (OF_LOAD, ("INSERT OR UPDATE OF tank_id, load_kg", "UPDATE OF tank_id, load_kg")),
            (OF_LOAD, ("INSERT OR UPDATE OF tank_id, load_kg", "INSERT OR UPDATE OF tank_id")),
            (OF_LOAD, ("INSERT OR UPDATE OF tank_id, load_kg", "INSERT OR UPDATE OF load_kg")),
            (OF_LOAD, ("new.load_kg <= owner.capacity_kg", "new.load_kg <= owner.capacity_kg + 1")),
            (OF_LOAD, ("new.load_kg <= owner.capacity_kg", "new.load_kg < owner.capacity_kg")),
            (OF_DAY, ("new.starts_on >= owner.opened_on", "new.starts_on > owner.opened_on")),
            (
                OF_CAPACITY,
                (
                    "NOT (own.load_kg <= new.capacity_kg)",
                    "NOT (own.load_kg <= new.capacity_kg + 1)",
                ),
            ),
            (
                OF_CAPACITY,
                ("NOT (own.load_kg <= new.capacity_kg)", "NOT (own.load_kg < new.capacity_kg)"),
            ),
        ] {
            let judged = judged(Shop::of_document(RUNS), Family::OwnerBound, |sql| {
                assert!(sql.contains(what), "{what} is not in {sql}");
                *sql = sql.replace(what, instead);
            });
            let note = judged.note(Family::OwnerBound, object);
            assert_eq!(
                judged.verdict(Family::OwnerBound, object),
                Verdict::Refuted,
                "{what}: {note}"
            );
        }
    }

    #[test]
    fn a_guard_that_only_looks_or_only_locks_is_refuted() {
        let look = "SELECT new.load_kg <= owner.capacity_kg INTO is_kept FROM public.tanks AS owner \
                    WHERE owner.id = NEW.tank_id";
        for lock in [look.to_owned(), format!("{look} FOR NO KEY UPDATE")] {
            // The other rule's guard writes the owner as well.
            let document = RUNS.split("- `starts_on` of a run").next().expect("a beginning");
            let judged = judged(Shop::of_document(document), Family::OwnerBound, |sql| {
                let from = sql.find("RETURNING new.load_kg").expect("it compares");
                let from = sql[..from].rfind("UPDATE public.tanks").expect("it writes the owner");
                let to = from + sql[from..].find(';').expect("a statement ends");
                sql.replace_range(from..to, &lock);
            });
            let note = judged.note(Family::OwnerBound, OF_LOAD);
            let verdict = judged.verdict(Family::OwnerBound, OF_LOAD);
            assert_eq!(verdict, Verdict::Refuted, "{lock}: {note}");
        }
    }
}
