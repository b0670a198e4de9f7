//! As many of the loaded rows have a value as documents state, and the planner expects as many: its estimate is what plans are
//! chosen by.

use underpin_claim::{Claim, Evidence, Family, Value, Verdict};
use underpin_pg::{Expr, Ident, Output, QualifiedName, Select, Statement, TableRef};
use underpin_physical::{ShareDesign, TableDesign};
use underpin_server::SessionError;

use super::{Probe, plans};
use crate::bench::{Bench, not_run};
use crate::generate::Data;

pub(super) const PROBE: Probe = Probe { family: Family::Share, judge };

/// Of fewer rows a share tells nothing.
const FEWEST: f64 = 50.0;
/// So many of a hundred rows a share may be off, or half of a small one; to it comes what chance makes of so many rows.
const POINTS: f64 = 2.0;

fn judge(bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, SessionError> {
    let shape = match bench.table(claim) {
        Ok(shape) => shape,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let Some(&Value::Number(percent)) = claim.threshold.get("percent") else {
        return Ok(not_run(claim, "the claim names no share"));
    };
    let is_scaled = claim.threshold.contains_key("rows");
    let rows = bench.input.options.scale.filter(|_| is_scaled);
    let stated =
        bench.input.physical.tables.of(&shape.table.name).and_then(|table: &TableDesign| {
            table.shares.iter().find(|share| share.claim(table, rows).id == claim.id)
        });
    let Some(share) = stated else {
        return Ok(not_run(claim, "the design states no such share"));
    };
    let column = shape.column(&share.column);
    let dealt = shape.shares.iter().find(|it| Some(it.column) == column);
    match dealt {
        None => return Ok(not_run(claim, "the values of the column follow from other rows")),
        Some(dealt) if !dealt.is_reachable(shape) => {
            let reason = "rows of other tables come to each row, so that each has been in a state that lets them";
            return Ok(not_run(claim, reason));
        }
        Some(_) => {}
    }
    let table = &shape.table.name;
    let found = if is_scaled {
        match bench.scaled()? {
            Ok(size) => counted(&mut size.data, table, share)?,
            Err(reason) => Err(reason),
        }
    } else {
        match bench.data()? {
            Ok(data) => counted(data, table, share)?,
            Err(reason) => Err(reason),
        }
    };
    Ok(match found {
        Ok(found) => found.judged(claim, percent),
        Err(reason) => not_run(claim, reason),
    })
}

/// How many rows there are, how many of them have the value, and how many the planner expects.
struct Counted {
    all: f64,
    of_value: f64,
    expected: f64,
}

impl Counted {
    fn judged(&self, claim: &Claim, percent: f64) -> Evidence {
        if self.all < FEWEST {
            return not_run(claim, format!("{} rows are too few to tell", self.all));
        }
        let part = percent / 100.0;
        let rarer = percent.min(100.0 - percent);
        let chance = 300.0 * (part * (1.0 - part) / self.all).sqrt();
        let room = POINTS.min(rarer / 2.0) + chance;
        let [loaded, expected] = [self.of_value, self.expected].map(|rows| 100.0 * rows / self.all);
        // The planner looks at a sample; what it has of rows is rounded.
        let is_kept =
            (loaded - percent).abs() <= room && (expected - loaded).abs() <= POINTS + chance;
        let verdict = if is_kept { Verdict::Proven } else { Verdict::Refuted };
        let rounded = |number: f64| Value::Number((number * 100.0).round() / 100.0);
        let evidence = Evidence::new(claim, verdict)
            .measure("percent", rounded(loaded))
            .measure("expected_percent", rounded(expected))
            .measure("rows", rounded(self.all));
        if is_kept {
            evidence
        } else {
            evidence.note(format!(
                "{loaded:.1} % of the rows have it, {percent} % are stated, and the planner expects {expected:.1} %"
            ))
        }
    }
}

fn counted(
    data: &mut Data<'_>,
    table: &QualifiedName,
    share: &ShareDesign,
) -> Result<Result<Counted, String>, SessionError> {
    let name = Ident::new("share").expect("invariant: a fixed name");
    let mut figures = Vec::new();
    for filter in [None, Some(share.condition())] {
        let output = vec![Output { value: Expr::integer(1), name: None }];
        let from = TableRef { table: table.clone(), alias: None };
        let select = Select { filter, ..Select::new(output, Some(from)) };
        let found = plans(data, &name, &Statement::Select(select), &[Vec::new()])?;
        let Some(plan) = found.plans.first() else {
            return Ok(Err(found.refused.unwrap_or_else(|| "no plan was printed".to_owned())));
        };
        let number = |name: &str| plan.number(name).unwrap_or(0.0);
        figures.push((number("Actual Rows"), number("Plan Rows")));
    }
    let [(all, _), (of_value, expected)] = figures[..] else {
        return Ok(Err("no plan was printed".to_owned()));
    };
    Ok(Ok(Counted { all, of_value, expected }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Shop, judged};

    const TICKETS: &str = "\
## Customer

| Field | Type | Required |
|---|---|---|
| id | uuid | PK |
| phone | string | no |

## Ticket

| Field | Type | Required |
|---|---|---|
| id | uuid | PK |
| customer_id | uuid | yes, FK to Customer |
| status | string | yes |
| is_urgent | boolean | yes |
| closed_at | timestamp | no |

### Life cycle

- open → waiting → open
- open → closed

### Rules

- `closed_at` is required when status is closed.

## Volumes

- 90 % of tickets are closed and 4 % are waiting.
- 12 % of tickets are urgent.
- Phone is missing for 30 % of customers.
";

    #[test]
    fn rows_are_loaded_in_the_stated_shares() {
        let judged = judged(Shop::of_document(TICKETS), Family::Share, |_| {});
        assert_eq!(judged.verdicts(), [Verdict::Proven; 4], "{:?}", judged.notes());
        assert_eq!(judged.measured(Family::Share, "phone", "percent"), "30.000");
    }

    #[test]
    fn rows_in_other_shares_are_missed() {
        let mut shop = Shop::of_document(TICKETS);
        let of_phone = |claim: &&mut Claim| {
            claim.family == Family::Share && claim.subject.object.as_deref() == Some("phone")
        };
        let claim = shop.physical.claims.iter_mut().find(of_phone).unwrap();
        *claim = claim.clone().demand("percent", 60.0);
        let judged = judged(shop, Family::Share, |_| {});
        assert_eq!(judged.verdict(Family::Share, Some("phone")), Verdict::Refuted);
        let note = judged.note(Family::Share, Some("phone"));
        assert!(note.starts_with("30.0 % of the rows have it, 60 % are stated"), "{note}");
        assert_eq!(judged.verdict(Family::Share, Some("is_urgent")), Verdict::Proven);
    }

    #[test]
    fn a_small_share_is_not_rounded_away_and_the_planner_must_know_it() {
        let claim = Claim::new(Family::Share, underpin_claim::Subject::whole(), "");
        let verdict = |of_value: f64, expected: f64, percent: f64| {
            Counted { all: 1_000.0, of_value, expected }.judged(&claim, percent).verdict
        };
        assert_eq!(verdict(900.0, 900.0, 90.0), Verdict::Proven);
        assert_eq!(verdict(850.0, 850.0, 90.0), Verdict::Refuted);
        assert_eq!(verdict(900.0, 500.0, 90.0), Verdict::Refuted);
        let many = Counted { all: 100_000.0, of_value: 0.0, expected: 0.0 };
        assert_eq!(many.judged(&claim, 1.0).verdict, Verdict::Refuted);
    }
}
