//! A key refuses a second row with the same values, and lets in one that differs.

use std::collections::{BTreeMap, BTreeSet};

use underpin_claim::{Claim, Evidence, Family, Verdict};
use underpin_pg::{Command, Update};
use underpin_server::SessionError;

use super::Probe;
use crate::bench::{Bench, Scene, not_run, without_keys, without_triggers};
use crate::ring::{Broken, Duel, contested};
use crate::row::{KeyShape, PlannedRow, Row, Shape, again, covered};
use crate::trial::{Expected, Statements};
use crate::value::Value;

pub(super) const PROBE: Probe = Probe { family: Family::Unique, judge };

fn judge(bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, SessionError> {
    let shape = match bench.table(claim) {
        Ok(shape) => shape,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let table = &shape.table.name;
    let object = claim.subject.object.as_deref().unwrap_or_default();
    let Some(key) = shape.keys.iter().find(|key| key.name.as_str() == object) else {
        return Ok(not_run(claim, format!("{table} has no key `{object}`")));
    };
    if key.is_partial && key.predicate.is_none() {
        return Ok(not_run(claim, "which rows the index covers was not understood"));
    }
    if let Err(reason) = bench.ready(table)? {
        return Ok(not_run(claim, reason));
    }
    let first = match bench.plan(table, &covered(shape, key)) {
        Ok(plan) => plan.rows,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let row = first.last().expect("a plan ends with its row").values.clone();
    let same: BTreeMap<usize, Value> =
        key.columns.iter().map(|&column| (column, row[column].clone())).collect();
    let second = match again(&mut bench.planner, shape, key, same.clone(), &first, true) {
        Ok(rows) => rows,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let expected = Expected {
        sqlstates: &["23505"],
        table: Some(&table.name),
        constraint: Some(&key.name),
        column: None,
    };
    let tries = scenes(bench, shape, key, &first, &second);
    let finding = bench.refusal(&tries, &expected)?;
    if let Some(evidence) = bench.stops(claim, &finding, "a second row with the same key") {
        return Ok(evidence);
    }
    let mut refused = 1;
    if let Some(other) = key.in_other_case(&same) {
        // Where a rule allows one case only, there is no other spelling to try.
        if let Ok(second) = again(&mut bench.planner, shape, key, other, &first, true) {
            let tries = scenes(bench, shape, key, &first, &second);
            let finding = bench.refusal(&tries, &expected)?;
            let what = "a second row whose key differs in upper and lower case only";
            if let Some(evidence) = bench.stops(claim, &finding, what) {
                return Ok(evidence);
            }
            refused += 1;
        }
    }
    let mut accepted = 0;
    // A row that differs in one column of the key is another row; unless a smaller key says otherwise.
    for &column in &key.columns {
        let others: BTreeMap<usize, Value> =
            same.iter().filter(|(at, _)| **at != column).map(|(k, v)| (*k, v.clone())).collect();
        if is_held(shape, key, &others) {
            continue;
        }
        let Ok(other) = again(&mut bench.planner, shape, key, others, &first, true) else {
            continue;
        };
        if other.last().is_some_and(|other| other.values[column] == row[column]) {
            continue;
        }
        if let Err(reason) = accept(bench, &first, &other)? {
            return Ok(Evidence::new(claim, Verdict::Refuted).note(format!(
                "a row that differs in {} was refused: {reason}",
                shape.name(column).as_str()
            )));
        }
        accepted += 1;
    }
    if key.is_partial && !is_held(shape, key, &same) {
        // Outside the predicate, equal values are nobody's business.
        if let Ok(outside) = again(&mut bench.planner, shape, key, same, &first, false) {
            if let Err(reason) = accept(bench, &first, &outside)? {
                return Ok(Evidence::new(claim, Verdict::Refuted)
                    .note(format!("a row that the index does not cover was refused: {reason}")));
            }
            accepted += 1;
        }
    }
    if key.is_deferrable {
        if let Some(reason) = exchange(bench, shape, key, &first, &row)? {
            return Ok(Evidence::new(claim, Verdict::Refuted)
                .note(format!("two rows could not exchange their values: {reason}")));
        }
        accepted += 1;
    }
    let evidence = Evidence::new(claim, Verdict::Proven)
        .measure("sqlstate", "23505")
        .measure("accepted", accepted)
        .measure("refused", refused);
    contested(bench, claim, evidence, "both rows with the same key are there", &mut |bench| {
        let mut first = bench.plan(&shape.table.name, &covered(shape, key))?.rows;
        let row = first.last().expect("a plan ends with its row").values.clone();
        let same = key.columns.iter().map(|&column| (column, row[column].clone())).collect();
        let mut second = again(&mut bench.planner, shape, key, same, &first, true)?;
        let acts = [first.pop(), second.pop()].map(|row| bench.inserts(row.as_slice()).concat());
        first.extend(second);
        Ok(Duel { setup: bench.inserts(&first), acts, broken: Broken::Both })
    })
}

/// Why two rows cannot exchange what tells them apart, in one transaction: one takes the value of the other, and then the
/// other that of the one.
fn exchange(
    bench: &mut Bench<'_>,
    shape: &Shape<'_>,
    key: &KeyShape,
    first: &[PlannedRow],
    one: &Row,
) -> Result<Option<String>, SessionError> {
    let Some(&place) = key.columns.last() else { return Ok(None) };
    let shared = key.columns.iter().filter(|at| **at != place);
    let shared: BTreeMap<usize, Value> = shared.map(|&at| (at, one[at].clone())).collect();
    let Ok(second) = again(&mut bench.planner, shape, key, shared, first, true) else {
        return Ok(Some("no second row could be planned".to_owned()));
    };
    let other = second.last().expect("a plan ends with its row").values.clone();
    let takes = |row: &Row, value: &Value| {
        let update = Update {
            table: shape.table.name.clone(),
            set: shape
                .raised()
                .into_iter()
                .chain([(shape.name(place).clone(), value.expr())])
                .collect(),
            filter: Some(shape.is_row(row)),
            returning: Vec::new(),
        };
        update.to_string()
    };
    let all: Vec<PlannedRow> = first.iter().chain(&second).cloned().collect();
    let mut setup = bench.inserts(&all);
    setup.push(Command::ConstraintsDeferred.to_string());
    setup.push(takes(one, &other[place]));
    let scene = Scene { setup, last: takes(&other, &one[place]), isolation: "" };
    Ok(bench.acceptance(&[scene])?.err())
}

/// Whether another key forbids a second row with these values.
fn is_held(shape: &Shape<'_>, key: &KeyShape, values: &BTreeMap<usize, Value>) -> bool {
    shape.keys.iter().any(|other| {
        other.name != key.name
            && !other.is_partial
            && other.columns.iter().all(|at| values.contains_key(at))
    })
}

fn accept(
    bench: &mut Bench<'_>,
    first: &[PlannedRow],
    second: &[PlannedRow],
) -> Result<Result<(), String>, SessionError> {
    let all: Vec<PlannedRow> = first.iter().chain(second).cloned().collect();
    let scenes = bench.scenes(&all);
    bench.acceptance(&scenes)
}

/// As it is; without triggers; and without the keys that would speak first, since their columns are
/// among this one's.
fn scenes(
    bench: &Bench<'_>,
    shape: &Shape<'_>,
    key: &KeyShape,
    first: &[PlannedRow],
    second: &[PlannedRow],
) -> Vec<Scene> {
    let all: Vec<PlannedRow> = first.iter().chain(second).cloned().collect();
    let mut scenes = bench.scenes(&all);
    let columns: BTreeSet<usize> = key.columns.iter().copied().collect();
    let row: &Row = &all.last().expect("a plan ends with its row").values;
    let before = &first.last().expect("a plan ends with its row").values;
    let louder = shape.keys.iter().filter(|other| {
        other.name != key.name
            && (other.columns.iter().all(|at| columns.contains(at))
                || other.columns.iter().all(|&at| row[at] == before[at]))
    });
    let mut setup: Statements = without_triggers(&all);
    setup.extend(without_keys(shape, louder));
    let mut inserts = bench.inserts(&all);
    if let Some(last) = inserts.pop() {
        setup.extend(inserts);
        let isolation = "with the keys taken away that the rows would break as well";
        scenes.push(Scene { setup, last, isolation });
    }
    scenes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Shop, judged};

    #[test]
    fn keys_whole_and_partial() {
        let judged = judged(Shop::new(), Family::Unique, |_| {});
        for key in ["users_pkey", "users_email_key", "orders_user_id_open_key", "lines_pkey"] {
            assert_eq!(judged.verdict(Family::Unique, Some(key)), Verdict::Proven, "{key}");
        }
    }

    #[test]
    fn a_key_that_is_not_there_is_refuted() {
        let judged = judged(Shop::new(), Family::Unique, |sql| {
            *sql = sql.replace("CONSTRAINT users_email_key UNIQUE (email),", "");
            *sql = sql.replace("CREATE UNIQUE INDEX orders", "CREATE INDEX orders");
        });
        for key in ["users_email_key", "orders_user_id_open_key"] {
            assert_eq!(judged.verdict(Family::Unique, Some(key)), Verdict::Refuted, "{key}");
        }
    }

    #[test]
    fn a_key_that_two_sessions_get_past_is_refuted() {
        let object = Some("users_email_key");
        let kept = judged(Shop::new(), Family::Unique, |_| {});
        let levels = kept.measured(Family::Unique, "users_email_key", "two_sessions");
        assert_eq!(levels, "read committed, repeatable read");
        let raced = judged(Shop::new(), Family::Unique, |sql| {
            *sql = sql.replace("CONSTRAINT users_email_key UNIQUE (email),", "");
            sql.push_str(
                "CREATE FUNCTION public.look() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                 IF EXISTS (SELECT FROM public.users WHERE email = NEW.email) THEN \
                 RAISE EXCEPTION USING ERRCODE = 'unique_violation', MESSAGE = 'no', TABLE = 'users', \
                 CONSTRAINT = 'users_email_key'; END IF; RETURN NEW; END $$; \
                 CREATE TRIGGER look BEFORE INSERT ON public.users FOR EACH ROW \
                 EXECUTE FUNCTION public.look(); ALTER TABLE public.users ENABLE ALWAYS TRIGGER look;",
            );
        });
        let note = raced.note(Family::Unique, object);
        assert_eq!(raced.verdict(Family::Unique, object), Verdict::Refuted, "{note}");
        assert!(note.contains("two sessions at once, at read committed"), "{note}");
    }

    #[test]
    fn a_key_that_ignores_case_refuses_another_spelling() {
        let document = "## Member\n\n- id: uuid, primary key\n- email: text, required, unique (case-insensitive)\n";
        let object = Some("members_email_key");
        for (edit, verdict) in [("lower(email)", Verdict::Proven), ("email", Verdict::Refuted)] {
            let judged = judged(Shop::of_document(document), Family::Unique, |sql| {
                *sql = sql.replace("lower(email)", edit);
            });
            assert_eq!(judged.verdict(Family::Unique, object), verdict, "{edit}");
        }
    }
}
