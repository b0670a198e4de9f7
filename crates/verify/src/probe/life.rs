//! A row lives each legal life: it is born, taken from state to state with what each asks for, marked where it
//! is marked as deleted, and deleted. A life that cannot be lived shows rules that contradict each other.

use underpin_claim::{Claim, Evidence, Family, Value as Measure, Verdict};
use underpin_pg::{Delete, Type};
use underpin_server::{ServerError, SessionError};

use super::Probe;
use super::lifecycle::{Placed, in_state};
use crate::bench::{Bench, Lived, not_run};
use crate::row::{NOW, PlannedRow, Rule, Shape, Wish, change, lives};
use crate::value::Value;

pub(super) const PROBE: Probe = Probe { family: Family::Life, judge };

/// Ways that are gone at most, of one life cycle.
const WAYS: usize = 40;

/// What is done to a row, in words, and the statement.
type Deeds = Vec<(String, String)>;

fn judge(bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, SessionError> {
    let shape = match bench.table(claim) {
        Ok(shape) => shape,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    // What bars the table is what is asked for here: only that the script applies is needed.
    if let Err(reason) = bench.open()? {
        return Ok(not_run(claim, reason));
    }
    let mut ways: Vec<(Option<usize>, Vec<&String>)> = shape
        .machines
        .iter()
        .flat_map(|it| lives(it.design, WAYS).into_iter().map(|way| (Some(it.column), way)))
        .collect();
    if ways.is_empty() {
        ways.push((None, Vec::new()));
    }
    let (mut lived, mut steps) = (0, 0);
    for (column, way) in ways {
        let deeds = match deeds(bench, claim, shape, column, &way) {
            Ok(deeds) => deeds,
            Err(Barred { doing, reason }) => {
                // What is not understood may be satisfiable in a way that nobody thought of.
                let is_known = shape.rules.iter().all(|rule| rule.term.is_some());
                let verdict = if is_known { Verdict::Refuted } else { Verdict::NotRun };
                return Ok(Evidence::new(claim, verdict).note(format!("{doing}: {reason}")));
            }
        };
        match bench.live(&deeds)? {
            Lived::Whole => {
                lived += 1;
                steps += i64::try_from(way.len().saturating_sub(1)).unwrap_or(i64::MAX);
            }
            Lived::Until(doing, error) if is_unknown(shape, &error) => {
                // Other values may be what it asks for.
                return Ok(not_run(claim, format!("PostgreSQL refused {doing}: {error}")));
            }
            Lived::Until(doing, error) => {
                return Ok(Evidence::new(claim, Verdict::Refuted)
                    .note(format!("PostgreSQL refused {doing}: {error}")));
            }
            Lived::NotBegun(error) => {
                return Ok(not_run(claim, format!("what it refers to was refused: {error}")));
            }
        }
    }
    Ok(Evidence::new(claim, Verdict::Proven).measure("lives", lived).measure("steps", steps))
}

/// Whether a rule refused that is not understood.
fn is_unknown(shape: &Shape<'_>, error: &ServerError) -> bool {
    let name = error.constraint.as_deref();
    let is_it = |rule: &Rule| rule.term.is_none() && name == Some(rule.constraint.as_str());
    error.sqlstate == "23514" && shape.rules.iter().any(is_it)
}

/// Where the design leaves no room for a row.
struct Barred {
    doing: String,
    reason: String,
}

/// All that is done to a row in one life.
fn deeds(
    bench: &mut Bench<'_>,
    claim: &Claim,
    shape: &Shape<'_>,
    column: Option<usize>,
    way: &[&String],
) -> Result<Deeds, Barred> {
    let table = &shape.table.name;
    let mut wish = match (column, way.first()) {
        (Some(column), Some(birth)) => in_state(column, birth),
        (Some(_) | None, _) => Wish::default(),
    };
    let mark = match claim.threshold.get("mark") {
        Some(Measure::Text(mark)) => {
            (0..shape.table.columns.len()).find(|&it| shape.name(it).as_str() == mark)
        }
        Some(_) | None => None,
    };
    // No row is born deleted.
    if let Some(mark) = mark {
        let alive = match shape.table.columns[mark].data_type {
            Type::Boolean => Value::Boolean(false),
            _ => Value::Null,
        };
        wish.values.insert(mark, alive);
    }
    let at = |doing: &str| {
        let doing = doing.to_owned();
        move |reason| Barred { doing, reason }
    };
    let plan = bench.plan(table, &wish).map_err(at("no row can be added"))?;
    let mut deeds: Deeds = Vec::new();
    let beside = |bench: &Bench<'_>, rows: &[PlannedRow], deeds: &mut Deeds| {
        deeds.extend(bench.inserts(rows).into_iter().map(|it| (String::new(), it)));
    };
    let mut placed = Placed::new(bench, plan.rows);
    beside(bench, &placed.known, &mut deeds);
    if let Some(birth) = deeds.last_mut() {
        birth.0 = way.first().map_or_else(
            || "the birth of a row".to_owned(),
            |state| format!("the birth of a row that is `{state}`"),
        );
    }
    // A row whose key only the server knows is not found again.
    if shape.known_row(&placed.row).is_none() {
        return Ok(deeds);
    }
    for pair in way.windows(2) {
        let doing = format!("the step from `{}` to `{}`", pair[0], pair[1]);
        let column = column.expect("a way has a life cycle");
        let (setup, step) = placed
            .step(bench, shape, column, pair[1])
            .map_err(at(&format!("no values allow {doing}")))?;
        beside(bench, &step.before, &mut deeds);
        deeds.push((doing, step.statement.clone()));
        placed = placed.after(setup, step);
    }
    // Where the end of a way is no place to be marked, another may be.
    // "An open case cannot be deleted" is said of the mark too.
    let stays = |mark: usize| shape.unchanging(&placed.row).any(|at| at == mark);
    if let Some(mark) = mark.filter(|&it| !stays(it)) {
        let value = match shape.table.columns[mark].data_type {
            Type::Boolean => Value::Boolean(true),
            Type::Date => Value::Date(NOW / 86_400),
            _ => Value::Timestamp(NOW),
        };
        let doing = format!("that it is marked as deleted in `{}`", shape.name(mark).as_str());
        let step = change(&mut bench.planner, shape, &placed.row, &[(mark, value)], &placed.known)
            .map_err(at(&format!("no values allow {doing}")))?;
        let keeps_state =
            shape.machines.iter().all(|it| step.row[it.column] == placed.row[it.column]);
        if keeps_state {
            beside(bench, &step.before, &mut deeds);
            deeds.push((doing, step.statement.clone()));
            placed.row = step.row;
        }
    }
    let ends = claim.threshold.get("end") == Some(&Measure::from("deleted"));
    if ends && !is_referred_to(bench, shape, &placed) {
        let delete = Delete { table: table.clone(), filter: Some(shape.is_row(&placed.row)) };
        let last = way.last().map_or_else(String::new, |state| format!(" that is `{state}`"));
        deeds.push((format!("the deletion of a row{last}"), delete.to_string()));
    }
    Ok(deeds)
}

/// Whether a row that is there refers to it, as in a circle of references: that one goes first, and it is what other
/// claims on deletions are about.
fn is_referred_to(bench: &Bench<'_>, shape: &Shape<'_>, placed: &Placed) -> bool {
    placed.known.iter().filter(|it| it.values != placed.row).any(|other| {
        bench.shapes[&other.table].links.iter().any(|link| {
            let pairs = || link.columns.iter().zip(&link.target_columns);
            link.key.references == shape.table.name
                && pairs().all(|(&own, _)| other.values[own] != Value::Null)
                && pairs().all(|(&own, &there)| other.values[own] == placed.row[there])
        })
    })
}

#[cfg(test)]
mod tests {
    use underpin_claim::Subject;

    use super::*;
    use crate::testing::{Judged, Shop, judged};

    fn lived(edit: impl FnOnce(&mut String)) -> Judged {
        let mut shop = Shop::new();
        for table in ["users", "orders", "lines"] {
            let subject = Subject { table: Some(table.to_owned()), object: None };
            let claim = Claim::new(Family::Life, subject, "it can be lived");
            shop.physical.claims.push(claim.demand("end", "deleted"));
        }
        judged(shop, Family::Life, edit)
    }

    #[test]
    fn each_legal_life_can_be_lived() {
        let judged = lived(|_| {});
        let verdicts = judged.verdicts();
        assert_eq!(verdicts, [Verdict::Proven; 3], "{:?}", judged.notes());
    }

    #[test]
    fn a_rule_that_forbids_what_a_step_requires_is_named() {
        let judged = lived(|sql| {
            sql.push_str(
                "ALTER TABLE public.orders ADD CONSTRAINT orders_never CHECK (paid_at IS NULL);",
            );
        });
        assert_eq!(judged.verdicts(), [Verdict::Proven, Verdict::Refuted, Verdict::Proven]);
        let note = &judged.notes()[1];
        assert!(note.contains("the step from `new` to `paid`"), "{note}");
        assert!(note.contains("orders_never"), "{note}");
    }

    #[test]
    fn a_deletion_that_is_never_allowed_is_named() {
        let judged = lived(|sql| {
            sql.push_str(
                "CREATE FUNCTION public.keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                 RAISE EXCEPTION USING ERRCODE = 'restrict_violation', MESSAGE = 'stays'; END $$; \
                 CREATE TRIGGER keep BEFORE DELETE ON public.users FOR EACH ROW \
                 EXECUTE FUNCTION public.keep();",
            );
        });
        assert_eq!(judged.verdicts(), [Verdict::Refuted, Verdict::Proven, Verdict::Proven]);
        assert!(judged.notes()[0].contains("the deletion of a row"), "{:?}", judged.notes());
    }
}
