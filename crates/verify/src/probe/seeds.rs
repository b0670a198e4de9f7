//! A table begins with the rows that the documents list: they are there before anybody adds one.

use underpin_claim::{Claim, Evidence, Family, Verdict};
use underpin_pg::{Expr, Output, Select, TableRef};
use underpin_server::SessionError;

use super::Probe;
use crate::bench::{Bench, not_run};
use crate::trial::Outcome;

pub(super) const PROBE: Probe = Probe { family: Family::Seeds, judge };

fn judge(bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, SessionError> {
    let shape = match bench.table(claim) {
        Ok(shape) => shape,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    if let Err(reason) = bench.ready(&shape.table.name)? {
        return Ok(not_run(claim, reason));
    }
    let Some(key) = shape.table.columns.first() else {
        return Ok(not_run(claim, "the table has no column"));
    };
    let mut missing = Vec::new();
    for seed in shape.table.seeds.iter().filter_map(|row| row.first()) {
        let look = Select {
            filter: Some(Expr::equals(Expr::column(&key.name), seed.clone())),
            ..Select::new(
                vec![Output { value: Expr::column(&key.name), name: None }],
                Some(TableRef { table: shape.table.name.clone(), alias: None }),
            )
        };
        match bench.attempt(&[], &look.to_string())? {
            Outcome::Accepted(found) if found.rows.len() == 1 => {}
            Outcome::Accepted(_) => missing.push(seed.to_string()),
            Outcome::Refused(error) | Outcome::NotSet(error) => {
                return Ok(not_run(claim, error.to_string()));
            }
        }
    }
    let there = shape.table.seeds.len() - missing.len();
    let verdict = if missing.is_empty() { Verdict::Proven } else { Verdict::Refuted };
    let evidence =
        Evidence::new(claim, verdict).measure("rows", i64::try_from(there).unwrap_or(i64::MAX));
    Ok(if missing.is_empty() {
        evidence
    } else {
        evidence.note(format!("not there: {}", missing.join(", ")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Shop, judged};

    const TICKETS: &str = "## Ticket\n\n- id: uuid, primary key\n\
                           - category: enum(hardware, software), required\n\n\
                           Admins can add ticket categories.\n";

    #[test]
    fn the_listed_values_are_there_and_missed_when_they_are_not() {
        let proven = judged(Shop::of_document(TICKETS), Family::Seeds, |_| {});
        assert_eq!(proven.verdict(Family::Seeds, None), Verdict::Proven);
        let short = judged(Shop::of_document(TICKETS), Family::Seeds, |sql| {
            sql.push_str("\nDELETE FROM public.ticket_categories WHERE name = 'software';");
        });
        assert_eq!(short.verdict(Family::Seeds, None), Verdict::Refuted);
        assert_eq!(short.note(Family::Seeds, None), "not there: 'software'");
    }
}
