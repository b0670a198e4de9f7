//! What never changes is refused another value, column by column; a row that stays is refused its
//! deletion. What may change or go is accepted, or the guard refuses too much.

use underpin_claim::{Claim, Evidence, Family, Verdict};
use underpin_pg::{Command, Delete, Expr, Ident, Update};
use underpin_physical::{GuardDesign, GuardPurpose};
use underpin_server::SessionError;

use super::Probe;
use super::lifecycle::{Placed, place_without_triggers};
use crate::bench::{Bench, Finding, Scene, not_run};
use crate::row::{Row, Shape, Wish};
use crate::trial::{Expected, Outcome};
use crate::value::Value;

pub(super) const PROBE: Probe = Probe { family: Family::Unchanged, judge };

fn judge(bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, SessionError> {
    let shape = match bench.table(claim) {
        Ok(shape) => shape,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let object = claim.subject.object.as_deref().unwrap_or_default();
    let Some(guard) = shape.guards.iter().find(|it| it.trigger.as_str() == object) else {
        return Ok(not_run(claim, format!("{} has no guard `{object}`", shape.table.name)));
    };
    if let Err(reason) = bench.ready(&shape.table.name)? {
        return Ok(not_run(claim, reason));
    }
    if let GuardPurpose::Truncation { states } = &guard.purpose {
        return truncated(bench, claim, shape, guard, states);
    }
    let GuardPurpose::Unchanged { columns, is_whole, states, is_kept, .. } = &guard.purpose else {
        return Ok(not_run(claim, format!("`{object}` keeps something else")));
    };
    let placed = match in_state(bench, shape, states.as_ref()) {
        Ok(placed) => placed,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let expected = refusal(&["23514"], shape, guard);
    let mut refused = 0;
    let mut otherwise = String::new();
    for column in columns {
        let Some(statement) = change(bench, shape, &placed.row, column) else { continue };
        let scene = Scene { setup: placed.setup.clone(), last: statement, isolation: "" };
        let finding = bench.refusal(&[scene], &expected)?;
        let what = format!("another value in `{}`", column.as_str());
        // An identity column and the like say no by themselves.
        match &finding {
            Finding::Otherwise(error) => {
                otherwise = format!(": {what} is refused otherwise: {error}");
                continue;
            }
            Finding::NotSet(reason) => {
                otherwise = format!(": {reason}");
                continue;
            }
            Finding::Refused(_) | Finding::Accepted => {}
        }
        if let Some(evidence) = bench.stops(claim, &finding, &what) {
            return Ok(evidence);
        }
        refused += 1;
    }
    let delete =
        Delete { table: shape.table.name.clone(), filter: Some(shape.is_row(&placed.row)) };
    let delete = Scene { setup: placed.setup.clone(), last: delete.to_string(), isolation: "" };
    if *is_kept {
        let finding = bench.refusal(&[delete], &expected)?;
        if let Some(evidence) = bench.stops(claim, &finding, "the deletion of a row") {
            return Ok(evidence);
        }
        refused += 1;
    } else if let Some(evidence) = let_through(bench, claim, guard, &delete, "a deletion")? {
        return Ok(evidence);
    }
    if !is_whole {
        if let Some(last) = harmless(shape, &placed.row, columns) {
            let scene = Scene { setup: placed.setup.clone(), last, isolation: "" };
            if let Some(evidence) = let_through(bench, claim, guard, &scene, "another change")? {
                return Ok(evidence);
            }
        }
    }
    if refused == 0 {
        let reason = "no other value could be tried in any of its columns";
        return Ok(not_run(claim, format!("{reason}{otherwise}")));
    }
    Ok(Evidence::new(claim, Verdict::Proven)
        .measure("sqlstate", "23514")
        .measure("refused", refused))
}

/// A row that the guard is about: in the first of its states, where it names some.
fn in_state(
    bench: &mut Bench<'_>,
    shape: &Shape<'_>,
    states: Option<&(Ident, Vec<String>)>,
) -> Result<Placed, String> {
    match states {
        Some((column, states)) => match (shape.column(column), states.first()) {
            (Some(at), Some(state)) => place_without_triggers(bench, shape, at, state),
            (Some(_) | None, _) => Err("its state has no column".to_owned()),
        },
        None => born(bench, shape),
    }
}

/// TRUNCATE is refused; where rows stay in some states only, it is let through while none is in one of them.
fn truncated(
    bench: &mut Bench<'_>,
    claim: &Claim,
    shape: &Shape<'_>,
    guard: &GuardDesign,
    states: &[(Ident, Vec<String>)],
) -> Result<Evidence, SessionError> {
    let expected = refusal(&["23514"], shape, guard);
    let empties = Command::Truncate(vec![shape.table.name.clone()]).to_string();
    let mut scenes = Vec::new();
    let wanted: Vec<_> =
        if states.is_empty() { vec![None] } else { states.iter().map(Some).collect() };
    for one in wanted {
        match in_state(bench, shape, one) {
            Ok(mut placed) => {
                // Nothing of a table is removed before what waits for the end of the transaction is checked.
                placed.setup.push(Command::ConstraintsImmediate.to_string());
                scenes.push(Scene { setup: placed.setup, last: empties.clone(), isolation: "" });
            }
            Err(reason) => return Ok(not_run(claim, reason)),
        }
    }
    for scene in &scenes {
        let finding = bench.refusal(std::slice::from_ref(scene), &expected)?;
        if let Some(evidence) = bench.stops(claim, &finding, "TRUNCATE") {
            return Ok(evidence);
        }
    }
    if !states.is_empty() {
        let empty = Scene { setup: Vec::new(), last: empties, isolation: "" };
        let what = "TRUNCATE of a table in which no row stays";
        if let Some(evidence) = let_through(bench, claim, guard, &empty, what)? {
            return Ok(evidence);
        }
    }
    Ok(Evidence::new(claim, Verdict::Proven)
        .measure("sqlstate", "23514")
        .measure("refused", i64::try_from(scenes.len()).unwrap_or(i64::MAX)))
}

pub(super) fn born(bench: &mut Bench<'_>, shape: &Shape<'_>) -> Result<Placed, String> {
    let plan = bench.plan(&shape.table.name, &Wish::default())?;
    Ok(Placed::new(bench, plan.rows))
}

pub(super) fn refusal<'e>(
    sqlstate: &'e [&'e str],
    shape: &'e Shape<'_>,
    guard: &'e GuardDesign,
) -> Expected<'e> {
    Expected {
        sqlstates: sqlstate,
        table: Some(&shape.table.name.name),
        constraint: Some(&guard.trigger),
        column: None,
    }
}

/// An UPDATE to another value of the column's type. Triggers see it before any constraint does.
fn change(bench: &mut Bench<'_>, shape: &Shape<'_>, row: &Row, column: &Ident) -> Option<String> {
    let at = shape.column(column)?;
    Some(update(shape, row, column, other_value(bench, shape, row, at)?.expr()))
}

/// Another value of a column's type than a row has; `None` for what the server computes.
pub(super) fn other_value(
    bench: &mut Bench<'_>,
    shape: &Shape<'_>,
    row: &Row,
    at: usize,
) -> Option<Value> {
    const TRIES: usize = 8;
    if shape.is_computed(at) {
        return None;
    }
    (0..TRIES)
        .map(|_| bench.planner.fresh.value(shape, at, &mut bench.planner.dice))
        .find(|value| *value != row[at] && *value != Value::Default)
}

/// An UPDATE of what the guard does not name, to the value that is there.
fn harmless(shape: &Shape<'_>, row: &Row, columns: &[Ident]) -> Option<String> {
    let free = shape.table.columns.iter().enumerate().find(|(at, column)| {
        !columns.contains(&column.name) && column.identity.is_none() && !shape.is_computed(*at)
    });
    free.map(|(_, column)| update(shape, row, &column.name, Expr::column(&column.name)))
}

fn update(shape: &Shape<'_>, row: &Row, column: &Ident, value: Expr) -> String {
    let update = Update {
        table: shape.table.name.clone(),
        set: shape.raised().into_iter().chain([(column.clone(), value)]).collect(),
        filter: Some(shape.is_row(row)),
        returning: Vec::new(),
    };
    update.to_string()
}

/// Refutes the claim where its own guard refuses what it should let through.
fn let_through(
    bench: &mut Bench<'_>,
    claim: &Claim,
    guard: &GuardDesign,
    scene: &Scene,
    what: &str,
) -> Result<Option<Evidence>, SessionError> {
    Ok(match bench.attempt(&scene.setup, &scene.last)? {
        Outcome::Refused(error) if error.constraint.as_deref() == Some(guard.trigger.as_str()) => {
            let note = format!("it also refuses {what}: {error}");
            Some(Evidence::new(claim, Verdict::Refuted).note(note))
        }
        Outcome::Accepted(_) | Outcome::Refused(_) | Outcome::NotSet(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use underpin_claim::Subject;
    use underpin_pg::plpgsql::UnchangedGuard;
    use underpin_pg::{Trigger, TriggerEvent, TriggerTiming};

    use super::*;
    use crate::testing::{Shop, ident, judged, named};

    /// The shop, whose users keep their email.
    fn shop() -> Shop {
        let mut shop = Shop::new();
        let (trigger, email) = (ident("users_email_unchanged"), ident("email"));
        let guard = UnchangedGuard {
            function: named("users_email_unchanged"),
            columns: Some(vec![&email]),
            clearable: Vec::new(),
            free: Vec::new(),
            with_step: Vec::new(),
            states: None,
            refuses: (true, false),
            rule: trigger.clone(),
            is_written: false,
        };
        shop.physical.schema.add_function(guard.function());
        shop.physical.schema.add_trigger(Trigger {
            name: trigger.clone(),
            table: named("users"),
            timing: TriggerTiming::Before,
            events: [TriggerEvent::Update].into(),
            update_columns: vec![email.clone()],
            condition: None,
            function: named("users_email_unchanged"),
            comment: None,
        });
        let users = shop.physical.tables.iter_mut().find(|it| it.table == named("users")).unwrap();
        users.guards.push(GuardDesign {
            trigger: trigger.clone(),
            purpose: GuardPurpose::Unchanged {
                columns: vec![email],
                is_whole: false,
                states: None,
                is_kept: false,
                with_step: Vec::new(),
            },
            text: "email never changes".to_owned(),
            source: None,
        });
        let subject = Subject::of("users", trigger.as_str());
        shop.physical.claims.push(Claim::new(Family::Unchanged, subject, "email stays"));
        shop
    }

    const OBJECT: Option<&str> = Some("users_email_unchanged");

    #[test]
    fn a_guarded_value_is_refused_another() {
        let judged = judged(shop(), Family::Unchanged, |_| {});
        let note = judged.note(Family::Unchanged, OBJECT);
        assert_eq!(judged.verdict(Family::Unchanged, OBJECT), Verdict::Proven, "{note}");
        assert_eq!(judged.measured(Family::Unchanged, "users_email_unchanged", "refused"), "1");
    }

    #[test]
    fn without_its_trigger_or_with_one_that_refuses_everything_it_is_refuted() {
        for edit in [
            "DROP TRIGGER users_email_unchanged ON public.users;",
            "DROP TRIGGER users_email_unchanged ON public.users; CREATE TRIGGER users_email_unchanged \
             BEFORE UPDATE ON public.users FOR EACH ROW EXECUTE FUNCTION public.users_email_unchanged();\
             CREATE OR REPLACE FUNCTION public.users_email_unchanged() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = 'no', TABLE = 'users', \
             CONSTRAINT = 'users_email_unchanged'; END $$;",
        ] {
            let judged = judged(shop(), Family::Unchanged, |sql| sql.push_str(edit));
            let note = judged.note(Family::Unchanged, OBJECT);
            assert_eq!(judged.verdict(Family::Unchanged, OBJECT), Verdict::Refuted, "{note}");
        }
    }

    /// Handovers are only added to, and one that is void says when; a parcel is not deleted once it is sent.
    const KEPT: &str = "## Handover\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n\
        | id | uuid | yes | primary key |\n| crate | text | yes | |\n\
        | status | enum | yes | one of `made`, `void`; default `made` |\n| void_at | timestamp | no | |\n\n\
        Rules:\n\n- Handovers are append-only.\n\
        - A void handover has a `void_at`; other handovers have none.\n\n\
        Life cycle of `status`:\n\n| From | To |\n|---|---|\n| (new) | `made` |\n| `made` | `void` |\n\n\
        ## Parcel\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n\
        | id | uuid | yes | primary key |\n\
        | status | enum | yes | one of `packed`, `sent`; default `packed` |\n\n\
        Rules:\n\n- A sent parcel cannot be deleted.\n\n\
        Life cycle of `status`:\n\n| From | To |\n|---|---|\n| (new) | `packed` |\n| `packed` | `sent` |\n";

    fn kept(edit: &str) -> (crate::testing::Judged, crate::testing::Judged) {
        let judged = |family| judged(Shop::of_document(KEPT), family, |sql| sql.push_str(edit));
        (judged(Family::Unchanged), judged(Family::Life))
    }

    #[test]
    fn what_is_only_added_to_is_emptied_by_nothing_and_lives_its_life() {
        let (stays, lives) = kept("");
        assert_eq!(stays.verdicts(), [Verdict::Proven; 4], "{:?}", stays.notes());
        assert_eq!(lives.verdicts(), [Verdict::Proven; 2], "{:?}", lives.notes());
    }

    #[test]
    fn each_way_to_empty_or_to_rewrite_it_is_found() {
        let truncated = Some("handovers_not_emptied");
        let (stays, _) = kept("DROP TRIGGER handovers_not_emptied ON public.handovers;");
        assert_eq!(stays.verdict(Family::Unchanged, truncated), Verdict::Refuted);
        // Which refuses every TRUNCATE, also while all parcels are packed.
        let (stays, _) = kept(
            "CREATE OR REPLACE FUNCTION public.parcels_not_emptied() RETURNS trigger LANGUAGE plpgsql AS $$ \
             BEGIN RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = 'no', TABLE = 'parcels', \
             CONSTRAINT = 'parcels_not_emptied'; END $$;",
        );
        assert_eq!(stays.verdict(Family::Unchanged, Some("parcels_not_emptied")), Verdict::Refuted);
        // The moment could be written at any time, or never.
        let replaced = |body: &str| {
            format!(
                "CREATE OR REPLACE FUNCTION public.handovers_unchanged() RETURNS trigger LANGUAGE plpgsql AS \
                 $$ BEGIN IF TG_OP = 'DELETE' OR {body} THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', \
                 MESSAGE = 'no', TABLE = 'handovers', CONSTRAINT = 'handovers_unchanged'; END IF; RETURN NEW; \
                 END $$;"
            )
        };
        let (stays, _) = kept(&replaced("NEW.crate <> OLD.crate"));
        let unchanged = Some("handovers_unchanged");
        assert_eq!(stays.verdict(Family::Unchanged, unchanged), Verdict::Refuted);
        let (_, lives) = kept(&replaced("to_jsonb(NEW) - 'status' <> to_jsonb(OLD) - 'status'"));
        assert_eq!(lives.verdict(Family::Life, None), Verdict::Refuted, "{:?}", lives.notes());
    }
}
