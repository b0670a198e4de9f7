//! A CHECK refuses what breaks it and accepts what does not. Rows are made on both sides of every
//! limit that its rule states; PostgreSQL must judge each as the rule does. A rule that is not
//! understood is tried with a pool of values, and PostgreSQL alone judges.

use std::collections::BTreeMap;

use underpin_claim::{Claim, Evidence, Family, Verdict};
use underpin_pg::Ddl;
use underpin_server::{ServerError, SessionError};

use super::Probe;
use crate::advice::pool;
use crate::bench::{Bench, Stage, not_run};
use crate::row::{Ignored, PlannedRow, Rule, Shape, Wish};
use crate::rule::{Goal, Term, candidates, truth};
use crate::trial::{Expected, Outcome, Statements};
use crate::value::Value;

pub(super) const PROBE: Probe = Probe { family: Family::Check, judge };

/// What was seen so far.
#[derive(Debug, Default)]
struct Tally {
    accepted: i64,
    refused: i64,
    /// A row on which PostgreSQL and the design do not agree.
    contradiction: Option<String>,
    /// Why rows could not be judged.
    other: Option<String>,
    /// The other checks of the table had to go for this one to be heard.
    alone: bool,
}

/// What happens to the other checks of the table: where one of them is stricter, this one is heard only
/// when they are gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Company {
    Kept,
    Dropped,
}

/// The check under attack.
#[derive(Debug, Clone, Copy)]
struct Trial<'t> {
    shape: &'t Shape<'t>,
    at: usize,
    company: Company,
    stage: &'t Stage,
}

fn judge(bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, SessionError> {
    let shape = match bench.table(claim) {
        Ok(shape) => shape,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let table = &shape.table.name;
    let object = claim.subject.object.as_deref().unwrap_or_default();
    let Some(at) = shape.rules.iter().position(|rule| rule.constraint.as_str() == object) else {
        return Ok(not_run(claim, format!("{table} has no CHECK `{object}`")));
    };
    if let Err(reason) = bench.ready(table)? {
        return Ok(not_run(claim, reason));
    }
    let mut stage = match bench.stage(shape)? {
        Ok(stage) => stage,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    // What the rule itself reads is left open, and with the kind of a special row the reference that carries it.
    let read = &shape.rules[at].columns;
    let is_kind = |column: &usize| shape.only_value(*column).is_some_and(|(rule, _)| rule == at);
    let is_carried = |column: &usize| {
        let mut links = shape.links.iter().filter(|link| link.columns.len() > 1);
        links.any(|it| it.columns.contains(column) && it.columns.iter().any(is_kind))
    };
    stage.links.retain(|column, _| !read.contains(column) && !is_carried(column));
    let mut tally = Tally::default();
    for company in [Company::Kept, Company::Dropped] {
        let trial = Trial { shape, at, company, stage: &stage };
        match &shape.rules[at].term {
            Some(term) => trial.directed(bench, term, &mut tally)?,
            None => trial.searched(bench, &mut tally)?,
        }
        // What has no number says nothing of where the limit lies.
        let is_settled = tally.refused > 0;
        if let Some(term) = &shape.rules[at].term
            && tally.contradiction.is_none()
        {
            trial.without_number(bench, term, &mut tally)?;
        }
        if is_settled || tally.contradiction.is_some() {
            tally.alone = company == Company::Dropped;
            break;
        }
    }
    let evidence = |verdict| {
        let evidence = Evidence::new(claim, verdict)
            .measure("sqlstate", "23514")
            .measure("accepted", tally.accepted)
            .measure("refused", tally.refused);
        if tally.alone {
            evidence.measure("isolation", "with the table's other checks taken away")
        } else {
            evidence
        }
    };
    Ok(if let Some(contradiction) = tally.contradiction.clone() {
        evidence(Verdict::Refuted).note(contradiction)
    } else if tally.refused > 0 {
        evidence(Verdict::Proven)
    } else {
        let reason = tally.other.clone().unwrap_or_default();
        let sentence = "no row was found that breaks it";
        evidence(Verdict::NotRun).note(if reason.is_empty() {
            sentence.to_owned()
        } else {
            format!("{sentence}; of those tried, {reason}")
        })
    })
}

impl Trial<'_> {
    fn ignored(self) -> Ignored {
        match self.company {
            Company::Kept => Ignored::One(self.at),
            Company::Dropped => Ignored::All,
        }
    }

    /// A row as wished, on the stage.
    fn plan(self, bench: &mut Bench<'_>, mut wish: Wish<'_>) -> Option<Vec<PlannedRow>> {
        for (column, value) in &self.stage.links {
            wish.values.entry(*column).or_insert_with(|| value.clone());
        }
        let table = &self.shape.table.name;
        Some(bench.planner.plan(table, &wish, &self.stage.known).ok()?.rows)
    }

    /// Rows that the rule lets in and rows that it does not, found by solving it.
    fn directed(
        self,
        bench: &mut Bench<'_>,
        term: &Term,
        tally: &mut Tally,
    ) -> Result<(), SessionError> {
        const ROUNDS: usize = 3;
        let shape = self.shape;
        let free_state = term.fields().iter().any(|&column| shape.machine(column).is_some());
        let wish = |goals| Wish { ignored: self.ignored(), goals, free_state, ..Wish::default() };
        for _ in 0..ROUNDS {
            for kept in [false, true] {
                if let Some(rows) = self.plan(bench, wish(vec![Goal { rule: term, kept }])) {
                    self.compare(bench, term, &rows, tally)?;
                }
            }
        }
        for candidate in candidates(&mut bench.planner, shape, term) {
            let mut wish = wish(candidate.goals);
            wish.values = candidate.values;
            wish.free_state |= wish.values.keys().any(|&column| shape.machine(column).is_some());
            if let Some(rows) = self.plan(bench, wish) {
                self.compare(bench, term, &rows, tally)?;
            }
            if tally.contradiction.is_some() {
                break;
            }
        }
        Ok(())
    }

    /// Rows that have no number where the rule wants a greater one: NaN sorts above all, and so does an infinity.
    fn without_number(
        self,
        bench: &mut Bench<'_>,
        term: &Term,
        tally: &mut Tally,
    ) -> Result<(), SessionError> {
        for column in term.bounded_below() {
            let beyond = self.shape.table.columns[column].data_type.beyond_numbers();
            for text in beyond {
                let values = BTreeMap::from([(column, Value::Raw((*text).to_owned()))]);
                let goals = vec![Goal { rule: term, kept: true }];
                let wish = Wish { ignored: self.ignored(), goals, values, ..Wish::default() };
                let Some(rows) = self.plan(bench, wish) else { continue };
                match self.insert(bench, &rows)? {
                    Judged::Accepted => {
                        let name = self.shape.name(column).as_str();
                        tally.contradiction =
                            Some(format!("PostgreSQL accepted a row with {name} = {text}"));
                    }
                    Judged::Refused => tally.refused += 1,
                    // Another rule of the table may be the one that refuses it.
                    Judged::Otherwise(_) => {}
                }
            }
        }
        Ok(())
    }

    /// Inserts rows and compares the server's judgement on the last with the rule's.
    fn compare(
        self,
        bench: &mut Bench<'_>,
        term: &Term,
        rows: &[PlannedRow],
        tally: &mut Tally,
    ) -> Result<(), SessionError> {
        let row = &rows.last().expect("a plan ends with its row").values;
        let breaks = truth(term, row) == Some(false);
        let shown = || {
            let columns = term.fields().into_iter().map(|column| {
                let value = row[column].text().unwrap_or_else(|| "NULL".to_owned());
                let short: String = value.chars().take(60).collect();
                format!("{} = {short}", self.shape.name(column).as_str())
            });
            columns.collect::<Vec<_>>().join(", ")
        };
        match self.insert(bench, rows)? {
            Judged::Accepted if breaks => {
                tally.contradiction = Some(format!("PostgreSQL accepted a row with {}", shown()));
            }
            Judged::Accepted => tally.accepted += 1,
            Judged::Refused if breaks => tally.refused += 1,
            // A pattern or a comparison that is unknown here is not unknown to the server.
            Judged::Refused if truth(term, row).is_none() => tally.refused += 1,
            Judged::Refused => {
                tally.contradiction = Some(format!("PostgreSQL refused a row with {}", shown()));
            }
            Judged::Otherwise(error) => {
                let text = format!("one with {} was refused otherwise: {error}", shown());
                tally.other = Some(text);
            }
        }
        Ok(())
    }

    fn insert(self, bench: &mut Bench<'_>, rows: &[PlannedRow]) -> Result<Judged, SessionError> {
        let table = &self.shape.table.name;
        let rule: &Rule = &self.shape.rules[self.at];
        let expected = Expected {
            sqlstates: &["23514"],
            table: Some(&table.name),
            constraint: Some(&rule.constraint),
            column: None,
        };
        let mut without: Statements = Vec::new();
        if self.company == Company::Dropped {
            let others =
                self.shape.table.checks.iter().filter(|check| check.name != rule.constraint);
            without.extend(
                others.map(|check| {
                    Ddl::DropConstraint(table.clone(), check.name.clone()).to_string()
                }),
            );
        }
        let row = &rows.last().expect("a plan ends with its row").values;
        let mut scenes = bench.scenes(rows);
        let is_born_late = self.shape.machines.iter().any(|machine| {
            let initial = machine.design.initial.as_deref();
            initial.is_some() && row[machine.column].text().as_deref() != initial
        });
        if is_born_late && scenes.len() > 1 {
            // The life cycle would refuse it before the check is asked.
            scenes.remove(0);
        }
        let mut judged = Judged::Accepted;
        for scene in scenes {
            let mut setup = without.clone();
            setup.extend(scene.setup);
            judged = match bench.attempt(&setup, &scene.last)? {
                Outcome::Accepted(_) => return Ok(Judged::Accepted),
                Outcome::Refused(error) if expected.is(&error) => return Ok(Judged::Refused),
                Outcome::Refused(error) | Outcome::NotSet(error) => Judged::Otherwise(error),
            };
        }
        Ok(judged)
    }

    /// The pool of interesting values, in each column that the rule reads and then in pairs of columns.
    fn searched(self, bench: &mut Bench<'_>, tally: &mut Tally) -> Result<(), SessionError> {
        const ENOUGH: i64 = 3;
        for values in self.tries() {
            let mut wish = Wish { values, ignored: self.ignored(), ..Wish::default() };
            wish.free_state =
                wish.values.keys().any(|&column| self.shape.machine(column).is_some());
            let Some(rows) = self.plan(bench, wish) else { continue };
            match self.insert(bench, &rows)? {
                Judged::Accepted => tally.accepted += 1,
                Judged::Refused => tally.refused += 1,
                Judged::Otherwise(error) => {
                    tally.other = Some(format!("one was refused otherwise: {error}"));
                }
            }
            if tally.refused >= ENOUGH && tally.accepted >= 1 {
                break;
            }
        }
        if tally.refused == 0 {
            self.asked(bench, tally)?;
        }
        Ok(())
    }

    /// A row that breaks the rule and keeps the others, for whose values PostgreSQL is asked.
    fn asked(self, bench: &mut Bench<'_>, tally: &mut Tally) -> Result<(), SessionError> {
        let free_state =
            self.shape.rules[self.at].columns.iter().any(|&it| self.shape.machine(it).is_some());
        let wish = Wish { ignored: self.ignored(), free_state, ..Wish::default() };
        let Some(mut rows) = self.plan(bench, wish) else { return Ok(()) };
        let row = &mut rows.last_mut().expect("a plan ends with its row").values;
        for (column, value) in bench.breaking(self.shape, self.at, row)? {
            row[column] = value;
        }
        match self.insert(bench, &rows)? {
            Judged::Accepted => tally.accepted += 1,
            Judged::Refused => tally.refused += 1,
            Judged::Otherwise(error) => {
                tally.other = Some(format!("one was refused otherwise: {error}"));
            }
        }
        Ok(())
    }

    fn tries(self) -> Vec<BTreeMap<usize, Value>> {
        const MOST: usize = 400;
        let shape = self.shape;
        let columns: Vec<usize> = shape.rules[self.at]
            .columns
            .iter()
            .copied()
            .filter(|&column| !shape.is_in_link(column) && !shape.is_computed(column))
            .collect();
        let values = |column: usize| -> Vec<Value> {
            let definition = &shape.table.columns[column];
            let all = pool(&definition.data_type).into_iter();
            all.filter(|value| value.is_present() || !definition.not_null).collect()
        };
        let mut tries: Vec<BTreeMap<usize, Value>> = Vec::new();
        for &column in &columns {
            tries.extend(values(column).into_iter().map(|value| [(column, value)].into()));
        }
        for (index, &first) in columns.iter().enumerate() {
            for &second in &columns[index + 1..] {
                for one in values(first) {
                    let pair = |other| [(first, one.clone()), (second, other)].into();
                    tries.extend(values(second).into_iter().map(pair));
                }
            }
        }
        tries.truncate(MOST);
        tries
    }
}

enum Judged {
    Accepted,
    Refused,
    Otherwise(Box<ServerError>),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Shop, judged};

    const CHECKS: &[&str] = &[
        "users_email_check",
        "users_full_name_check",
        "orders_status_check",
        "orders_total_check",
        "orders_paid_at_check",
        "orders_note_check",
    ];

    #[test]
    fn rules_understood_and_not() {
        let judged = judged(Shop::new(), Family::Check, |_| {});
        for check in CHECKS {
            assert_eq!(
                judged.verdict(Family::Check, Some(check)),
                Verdict::Proven,
                "{check}: {}",
                judged.note(Family::Check, Some(check))
            );
        }
    }

    #[test]
    fn a_limit_that_is_off_by_one_is_refuted() {
        let judged = judged(Shop::new(), Family::Check, |sql| {
            *sql = sql.replace("char_length(full_name) <= 20", "char_length(full_name) <= 21");
            *sql = sql.replace("total >= 0", "total > 0");
        });
        for check in ["users_full_name_check", "orders_total_check"] {
            assert_eq!(judged.verdict(Family::Check, Some(check)), Verdict::Refuted, "{check}");
        }
    }

    #[test]
    fn a_bound_that_lets_in_what_is_no_number_is_refuted() {
        let judged = judged(Shop::new(), Family::Check, |sql| {
            assert!(sql.contains("total >= 0 AND total <> 'NaN'"), "{sql}");
            *sql = sql.replace(" AND total <> 'NaN'", "");
        });
        let check = Some("orders_total_check");
        assert_eq!(judged.verdict(Family::Check, check), Verdict::Refuted);
        assert!(judged.note(Family::Check, check).contains("total = NaN"));
    }

    #[test]
    fn a_check_that_nothing_breaks_is_not_run() {
        let judged = judged(Shop::new(), Family::Check, |sql| {
            *sql = sql.replace("(note = lower(note))", "(note = note)");
        });
        assert_eq!(judged.verdict(Family::Check, Some("orders_note_check")), Verdict::NotRun);
    }
}
