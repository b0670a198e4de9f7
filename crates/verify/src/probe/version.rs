//! A writer that goes by an old version is refused, and so is one that says nothing of it; one that raises
//! the version by one is let through.

use underpin_claim::{Claim, Evidence, Family, Verdict};
use underpin_pg::{BinaryOperator, Expr, Ident, Update};
use underpin_physical::GuardPurpose;
use underpin_server::SessionError;

use super::Probe;
use super::unchanged::{born, other_value, refusal};
use crate::bench::{Bench, Scene, not_run};
use crate::ring::{Broken, Duel, contested};
use crate::row::{Row, Shape};
use crate::value::Value;

pub(super) const PROBE: Probe = Probe { family: Family::Version, judge };

fn judge(bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, SessionError> {
    let shape = match bench.table(claim) {
        Ok(shape) => shape,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let object = claim.subject.object.as_deref().unwrap_or_default();
    let guard = shape.guards.iter().find(|it| it.trigger.as_str() == object);
    let Some((guard, GuardPurpose::Version { column })) = guard.map(|it| (it, &it.purpose)) else {
        return Ok(not_run(claim, format!("{} has no guard `{object}`", shape.table.name)));
    };
    if let Err(reason) = bench.ready(&shape.table.name)? {
        return Ok(not_run(claim, reason));
    }
    let placed = match born(bench, shape) {
        Ok(placed) => placed,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let scene = |by: i64| Scene {
        setup: placed.setup.clone(),
        last: raise(shape, &placed.row, column, by),
        isolation: "",
    };
    let (stale, skipped, next) = (scene(-1), scene(2), scene(1));
    // A change that changes nothing may pass: it loses nobody's work.
    let silent = free_value(bench, shape, &placed.row, column)
        .map(|other| Scene { last: set(shape, &placed.row, vec![other]), ..scene(0) });
    let expected = refusal(&["40001"], shape, guard);
    let silent = silent.map(|scene| (scene, "a change that leaves the version as it is"));
    let mut wrong = vec![
        (stale, "a change by a writer that read an older row"),
        (skipped, "a change that skips a version"),
    ];
    wrong.extend(silent);
    let refused = wrong.len();
    for (scene, what) in wrong {
        let finding = bench.refusal(&[scene], &expected)?;
        if let Some(evidence) = bench.stops(claim, &finding, what) {
            return Ok(evidence);
        }
    }
    if let Err(reason) = bench.acceptance(&[next])? {
        return Ok(Evidence::new(claim, Verdict::Refuted).note(format!(
            "PostgreSQL refused a change that raises the version by one: {reason}"
        )));
    }
    let evidence = Evidence::new(claim, Verdict::Proven)
        .measure("sqlstate", "40001")
        .measure("accepted", 1)
        .measure("refused", i64::try_from(refused).unwrap_or(i64::MAX));
    let what = "both have changed the version that they had read, and one change is lost";
    contested(bench, claim, evidence, what, &mut |bench| {
        let placed = born(bench, shape)?;
        let at = shape.column(column).ok_or("the version has no column")?;
        let Value::Number(version) = placed.row[at] else { return Err("no version".to_owned()) };
        let next = version.plus(1.into()).ok_or("the version is too great")?;
        // Both write what follows the version that they have read: the one another value, the other what it read. Two
        // that wrote the same would take nothing from each other.
        let next = (column.clone(), Value::Number(next).expr());
        // Where nothing but the version can change, nobody's work is lost.
        let Some((free, value)) = free_value(bench, shape, &placed.row, column) else {
            return Err("no column can change".to_owned());
        };
        let was = shape.column(&free).map_or(Value::Null, |at| placed.row[at].clone());
        let acts = [value, was.expr()]
            .map(|value| set(shape, &placed.row, vec![next.clone(), (free.clone(), value)]));
        Ok(Duel { setup: placed.setup, acts, broken: Broken::Both })
    })
}

fn raise(shape: &Shape<'_>, row: &Row, column: &Ident, by: i64) -> String {
    let next = Expr::binary(Expr::column(column), BinaryOperator::Add, Expr::integer(by));
    set(shape, row, vec![(column.clone(), next)])
}

/// Another value in a column that no key, reference, life cycle or guard has a word on.
fn free_value(
    bench: &mut Bench<'_>,
    shape: &Shape<'_>,
    row: &Row,
    version: &Ident,
) -> Option<(Ident, Expr)> {
    let is_bound = |at: &usize| {
        shape.is_in_key(*at)
            || shape.is_in_link(*at)
            || shape.machine(*at).is_some()
            || shape.name(*at) == version
            || shape.guards.iter().any(|guard| match &guard.purpose {
                GuardPurpose::Unchanged { columns, .. } => columns.contains(shape.name(*at)),
                GuardPurpose::Truncation { .. }
                | GuardPurpose::Version { .. }
                | GuardPurpose::Acyclic { .. }
                | GuardPurpose::Limit { .. }
                | GuardPurpose::OwnerState { .. }
                | GuardPurpose::OwnerBound { .. }
                | GuardPurpose::Hold { .. } => false,
            })
    };
    let free: Vec<usize> = (0..shape.table.columns.len()).filter(|at| !is_bound(at)).collect();
    free.into_iter().find_map(|at| {
        let value = other_value(bench, shape, row, at)?;
        Some((shape.name(at).clone(), value.expr()))
    })
}

fn set(shape: &Shape<'_>, row: &Row, values: Vec<(Ident, Expr)>) -> String {
    let update = Update {
        table: shape.table.name.clone(),
        set: values,
        filter: Some(shape.is_row(row)),
        returning: Vec::new(),
    };
    update.to_string()
}

#[cfg(test)]
mod tests {
    use underpin_claim::Subject;
    use underpin_pg::{Trigger, TriggerEvent, TriggerTiming, Type, plpgsql};
    use underpin_physical::GuardDesign;

    use super::*;
    use crate::testing::{Shop, column, ident, judged, named};

    const OBJECT: Option<&str> = Some("users_version_lock");

    /// The shop, whose users are edited by several at once.
    fn shop() -> Shop {
        let mut shop = Shop::new();
        let (trigger, version) = (ident("users_version_lock"), ident("version"));
        let users = shop.physical.schema.tables.get_mut(&named("users")).unwrap();
        users.columns.push(column("version", Type::Integer, true));
        let name = named("users_version_lock");
        shop.physical.schema.add_function(plpgsql::version_guard(
            name.clone(),
            &version,
            &[],
            &[],
            false,
        ));
        shop.physical.schema.add_trigger(Trigger {
            name: trigger.clone(),
            table: named("users"),
            timing: TriggerTiming::Before,
            events: [TriggerEvent::Update].into(),
            update_columns: Vec::new(),
            condition: None,
            function: name,
            comment: None,
        });
        let design = shop.physical.tables.iter_mut().find(|it| it.table == named("users")).unwrap();
        design.columns.push(version.clone());
        design.guards.push(GuardDesign {
            trigger: trigger.clone(),
            purpose: GuardPurpose::Version { column: version },
            text: "optimistic concurrency".to_owned(),
            source: None,
        });
        let subject = Subject::of("users", trigger.as_str());
        shop.physical.claims.push(Claim::new(Family::Version, subject, "no lost update"));
        shop
    }

    #[test]
    fn an_old_version_is_refused_and_the_next_is_not() {
        let judged = judged(shop(), Family::Version, |_| {});
        let note = judged.note(Family::Version, OBJECT);
        assert_eq!(judged.verdict(Family::Version, OBJECT), Verdict::Proven, "{note}");
        assert_eq!(judged.measured(Family::Version, "users_version_lock", "refused"), "3");
    }

    #[test]
    fn a_trigger_that_counts_by_itself_is_refuted() {
        let judged = judged(shop(), Family::Version, |sql| {
            sql.push_str(
                "CREATE OR REPLACE FUNCTION public.users_version_lock() RETURNS trigger LANGUAGE plpgsql AS \
                 $$ BEGIN NEW.version := OLD.version + 1; RETURN NEW; END $$;",
            );
        });
        assert_eq!(judged.verdict(Family::Version, OBJECT), Verdict::Refuted);
    }

    #[test]
    fn a_lock_that_looks_at_what_was_loses_an_update() {
        let kept = judged(shop(), Family::Version, |_| {});
        let levels = kept.measured(Family::Version, "users_version_lock", "two_sessions");
        assert_eq!(levels, "read committed, repeatable read");
        let raced = judged(shop(), Family::Version, |sql| {
            sql.push_str(
                "CREATE OR REPLACE FUNCTION public.users_version_lock() RETURNS trigger \
                 LANGUAGE plpgsql STABLE AS $$ DECLARE was integer; BEGIN \
                 SELECT version INTO was FROM public.users WHERE id = NEW.id; \
                 IF NEW.version <> was + 1 THEN RAISE EXCEPTION USING \
                 ERRCODE = 'serialization_failure', MESSAGE = 'no', TABLE = 'users', \
                 CONSTRAINT = 'users_version_lock'; END IF; RETURN NEW; END $$;",
            );
        });
        let note = raced.note(Family::Version, OBJECT);
        assert_eq!(raced.verdict(Family::Version, OBJECT), Verdict::Refuted, "{note}");
        assert!(note.contains("two sessions at once, at read committed"), "{note}");
    }
}
