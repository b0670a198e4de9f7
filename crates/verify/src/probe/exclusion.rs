//! An exclusion constraint refuses a row that overlaps with another, also one that is moved there, and
//! lets in the one that begins where the other ends.

use std::collections::BTreeMap;

use underpin_claim::{Claim, Evidence, Family, Verdict};
use underpin_server::SessionError;

use super::Probe;
use crate::bench::{Bench, Scene, not_run, without_keys, without_triggers};
use crate::ring::{Broken, Duel, contested};
use crate::row::{Apart, KeyShape, PlannedRow, Shape, Wish};
use crate::rule::{Goal, Term};
use crate::trial::{Expected, Statements};
use crate::value::Value;

pub(super) const PROBE: Probe = Probe { family: Family::Exclusion, judge };

/// The number of the span that is there; other rows get numbers from 1 on.
const TAKEN: i64 = 0;

fn judge(bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, SessionError> {
    let shape = match bench.table(claim) {
        Ok(shape) => shape,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let table = &shape.table.name;
    let object = claim.subject.object.as_deref().unwrap_or_default();
    let Some(apart) = shape.aparts.iter().find(|it| it.constraint.as_str() == object) else {
        return Ok(not_run(claim, format!("{table} has no exclusion constraint `{object}`")));
    };
    if apart.is_partial && apart.predicate.is_none() {
        return Ok(not_run(claim, "which rows the constraint covers was not understood"));
    }
    if let Err(reason) = bench.ready(table)? {
        return Ok(not_run(claim, reason));
    }
    let span: BTreeMap<usize, Value> = apart.span(shape.table, TAKEN).into_iter().collect();
    let first =
        match bench.plan(table, &Wish { values: span.clone(), ..covered(shape, apart, true) }) {
            Ok(plan) => plan.rows,
            Err(reason) => return Ok(not_run(claim, reason)),
        };
    let [over, beside] = apart.neighbours(shape.table, TAKEN).map(|it| it.into_iter().collect());
    let expected = Expected {
        sqlstates: &["23P01"],
        table: Some(&table.name),
        constraint: Some(&apart.constraint),
        column: None,
    };
    let mut refused = 0;
    for (values, what) in [(&span, "a row with the same span"), (&over, "a row that overlaps")] {
        let second = match another(bench, shape, apart, values, &first, (true, true)) {
            Ok(rows) => rows,
            // Rules may allow spans of one form only; one that overlaps is enough.
            Err(_) if refused > 0 => continue,
            Err(reason) => return Ok(not_run(claim, reason)),
        };
        let scenes = alone(bench, shape, &first, &second);
        let finding = bench.refusal(&scenes, &expected)?;
        if let Some(evidence) = bench.stops(claim, &finding, what) {
            return Ok(evidence);
        }
        refused += 1;
    }
    let mut accepted = 0;
    for (values, same, holds, what) in [
        (&beside, true, true, "a row that begins where another ends"),
        (&span, false, true, "a row at the same time that shares nothing with it"),
        (&span, true, false, "a row at the same time that the constraint does not cover"),
    ] {
        if !same && apart.same.is_empty() || !holds && !apart.is_partial {
            continue;
        }
        let Ok(second) = another(bench, shape, apart, values, &first, (same, holds)) else {
            continue;
        };
        let scenes = alone(bench, shape, &first, &second);
        if let Err(reason) = bench.acceptance(&scenes)? {
            return Ok(Evidence::new(claim, Verdict::Refuted)
                .note(format!("{what} was refused: {reason}")));
        }
        accepted += 1;
        if same && holds {
            // Let in beside the other, and then moved onto it.
            let Some(moved) = moved(shape, apart, &second, &over) else { continue };
            let all: Vec<PlannedRow> = first.iter().chain(&second).cloned().collect();
            let plain = bench.inserts(&all);
            let mut setup = quiet(shape, &first, &second);
            setup.extend(plain.iter().cloned());
            let isolation =
                "with triggers and the keys taken away that the rows would break as well";
            let scenes = [
                Scene { setup: plain, last: moved.clone(), isolation: "" },
                Scene { setup, last: moved, isolation },
            ];
            let finding = bench.refusal(&scenes, &expected)?;
            if let Some(evidence) = bench.stops(claim, &finding, "a row that was moved there") {
                return Ok(evidence);
            }
            refused += 1;
        }
    }
    let evidence = Evidence::new(claim, Verdict::Proven)
        .measure("sqlstate", "23P01")
        .measure("accepted", accepted)
        .measure("refused", refused);
    contested(bench, claim, evidence, "both rows that overlap are there", &mut |bench| {
        let number = bench.planner.fresh.number();
        let [over, _] = apart.neighbours(shape.table, number).map(|it| it.into_iter().collect());
        let span = apart.span(shape.table, number).into_iter().collect();
        let wish = Wish { values: span, ..covered(shape, apart, true) };
        let mut first = bench.plan(&shape.table.name, &wish)?.rows;
        let mut second = another(bench, shape, apart, &over, &first, (true, true))?;
        let acts = [first.pop(), second.pop()].map(|row| bench.inserts(row.as_slice()).concat());
        first.extend(second);
        Ok(Duel { setup: bench.inserts(&first), acts, broken: Broken::Both })
    })
}

/// A row that the constraint covers or does not.
fn covered<'k>(shape: &Shape<'_>, apart: &'k Apart, holds: bool) -> Wish<'k> {
    let mut read = apart.predicate.iter().flat_map(Term::fields);
    Wish {
        goals: apart.predicate.iter().map(|rule| Goal { rule, kept: holds }).collect(),
        filled: apart.same.clone(),
        free_state: read.any(|column| shape.machine(column).is_some()),
        ..Wish::default()
    }
}

/// A second row with these values after the rows of the first, sharing with it what rows share or not.
fn another(
    bench: &mut Bench<'_>,
    shape: &Shape<'_>,
    apart: &Apart,
    values: &BTreeMap<usize, Value>,
    first: &[PlannedRow],
    (same, holds): (bool, bool),
) -> Result<Vec<PlannedRow>, String> {
    let row = first.last().expect("a plan ends with its row");
    let mut wish = covered(shape, apart, holds);
    wish.values.clone_from(values);
    if same {
        for &column in &apart.same {
            wish.values.insert(column, row.values[column].clone());
        }
        for link in &shape.links {
            if link.columns.iter().any(|column| apart.same.contains(column)) {
                for &column in &link.columns {
                    wish.values.entry(column).or_insert_with(|| row.values[column].clone());
                }
            }
        }
    }
    let rows = bench.planner.plan(&shape.table.name, &wish, first)?.rows;
    let is_apart =
        rows.last().is_some_and(|it| apart.group(&it.values) != apart.group(&row.values));
    if same || is_apart { Ok(rows) } else { Err("the rows share what should differ".to_owned()) }
}

/// As it is; without triggers; and without the keys that would speak first.
fn alone(
    bench: &Bench<'_>,
    shape: &Shape<'_>,
    first: &[PlannedRow],
    second: &[PlannedRow],
) -> Vec<Scene> {
    let all: Vec<PlannedRow> = first.iter().chain(second).cloned().collect();
    let mut scenes = bench.scenes(&all);
    let mut setup = quiet(shape, first, second);
    let mut inserts = bench.inserts(&all);
    if let Some(last) = inserts.pop() {
        setup.extend(inserts);
        let isolation = "with the keys taken away that the rows would break as well";
        scenes.push(Scene { setup, last, isolation });
    }
    scenes
}

/// Switches the triggers of the rows off, and takes the keys away that two rows would break as well.
fn quiet(shape: &Shape<'_>, first: &[PlannedRow], second: &[PlannedRow]) -> Statements {
    let all: Vec<PlannedRow> = first.iter().chain(second).cloned().collect();
    let mut setup = without_triggers(&all);
    if let (Some(before), Some(row)) = (first.last(), second.last()) {
        let same =
            |key: &&KeyShape| key.columns.iter().all(|&at| row.values[at] == before.values[at]);
        setup.extend(without_keys(shape, shape.keys.iter().filter(same)));
    }
    setup
}

/// The statement that moves the last row onto another span.
fn moved(
    shape: &Shape<'_>,
    apart: &Apart,
    rows: &[PlannedRow],
    onto: &BTreeMap<usize, Value>,
) -> Option<String> {
    let row = &rows.last()?.values;
    let key = shape.primary_key();
    // What the server counts up is not known before.
    key.iter().all(|&column| row[column].is_present()).then_some(())?;
    let is_own = |column: usize| {
        let name = underpin_pg::Expr::column(shape.name(column));
        underpin_pg::Expr::equals(name, row[column].expr())
    };
    let update = underpin_pg::Update {
        table: shape.table.name.clone(),
        set: [apart.from, apart.to]
            .map(|column| (shape.name(column).clone(), onto[&column].expr()))
            .into_iter()
            .chain(shape.raised())
            .collect(),
        filter: Some(underpin_pg::Expr::And(key.into_iter().map(is_own).collect())),
        returning: Vec::new(),
    };
    Some(update.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Shop, judged};

    const NAME: &str = "bookings_user_id_tstzrange_excl";

    #[test]
    fn what_overlaps_is_refused_and_what_follows_is_not() {
        let judged = judged(Shop::new(), Family::Exclusion, |_| {});
        let note = judged.note(Family::Exclusion, Some(NAME));
        assert_eq!(judged.verdict(Family::Exclusion, Some(NAME)), Verdict::Proven, "{note}");
    }

    #[test]
    fn a_constraint_that_is_not_there_or_holds_too_much_is_refuted() {
        for (before, after) in [
            // Rows that only touch are refused.
            ("'[)'", "'[]'"),
            // Cancelled rows count.
            (" WHERE (status <> 'cancelled')", ""),
            // Everybody shares one room.
            ("user_id WITH =, ", ""),
            // Only what is alike is refused.
            ("WITH &&", "WITH ="),
        ] {
            let judged = judged(Shop::new(), Family::Exclusion, |sql| {
                assert!(sql.contains(before), "{sql}");
                *sql = sql.replace(before, after);
            });
            let verdict = judged.verdict(Family::Exclusion, Some(NAME));
            assert_eq!(verdict, Verdict::Refuted, "{before} as {after}");
        }
    }

    #[test]
    fn spans_that_two_sessions_take_at_once_are_refuted() {
        let name = "bookings_user_id_tstzrange_excl";
        let kept = judged(Shop::new(), Family::Exclusion, |_| {});
        let levels = kept.measured(Family::Exclusion, name, "two_sessions");
        assert_eq!(levels, "read committed, repeatable read");
        let raced = judged(Shop::new(), Family::Exclusion, |sql| {
            sql.push_str(
                "ALTER TABLE public.bookings DROP CONSTRAINT bookings_user_id_tstzrange_excl; \
                 CREATE FUNCTION public.look() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                 IF NEW.status <> 'cancelled' AND EXISTS (SELECT FROM public.bookings AS other \
                 WHERE other.user_id = NEW.user_id AND other.id <> NEW.id \
                 AND other.status <> 'cancelled' AND other.starts_at < NEW.ends_at \
                 AND NEW.starts_at < other.ends_at) THEN \
                 RAISE EXCEPTION USING ERRCODE = 'exclusion_violation', MESSAGE = 'no', \
                 TABLE = 'bookings', CONSTRAINT = 'bookings_user_id_tstzrange_excl'; \
                 END IF; RETURN NULL; END $$; \
                 CREATE CONSTRAINT TRIGGER look AFTER INSERT OR UPDATE ON public.bookings \
                 FOR EACH ROW EXECUTE FUNCTION public.look();",
            );
        });
        let note = raced.note(Family::Exclusion, Some(name));
        assert_eq!(raced.verdict(Family::Exclusion, Some(name)), Verdict::Refuted, "{note}");
        assert!(note.contains("two sessions at once"), "{note}");
    }
}
