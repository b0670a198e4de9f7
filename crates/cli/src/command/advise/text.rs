//! The advice for people.

use std::fmt::Write as _;

use underpin_advise::{ExistingRemark, Remark};
use underpin_pg::Ddl;

use super::{Answer, quantity};
use crate::report::counted;

pub(super) fn text(answer: &Answer<'_>) -> String {
    let advice = answer.advice;
    let mut out = format!("{}\n", summary(answer));
    for chosen in &advice.chosen {
        let ddl = one_line(&Ddl::CreateIndex(chosen.index.clone()).to_string());
        let _ = writeln!(out, "\n{ddl};");
        let _ = write!(
            out,
            "    {}, serves {}\n    without it the workload costs {:.2} more ({:.1} %)",
            quantity::shown(chosen.bytes),
            names(answer, &chosen.serves),
            chosen.benefit,
            percent(chosen.benefit, advice.cost_before),
        );
        if chosen.write_cost > 0.0 {
            let _ = write!(out, ", writes cost {:.2} more with it", chosen.write_cost);
        }
        out.push('\n');
    }
    if !answer.existing.is_empty() {
        out.push_str("\nindexes that are there:\n");
        for remark in answer.existing {
            let _ = writeln!(out, "    {}", self::remark(answer, remark));
        }
    }
    out.push_str("\nquery, weight, cost before, after, indexes used:\n");
    let width = answer.queries.iter().map(|it| it.name.chars().count()).max().unwrap_or(0);
    for (query, outcome) in answer.queries.iter().zip(&advice.queries) {
        let uses: Vec<&str> =
            outcome.uses.iter().map(|&at| advice.chosen[at].index.name.name.as_str()).collect();
        let _ = write!(
            out,
            "    {:<width$} {:>8} {:>14.2} {:>14.2}  {}",
            query.name,
            query.weight,
            outcome.before,
            outcome.after,
            uses.join(", ")
        );
        if outcome.write_cost > 0.0 {
            let _ = write!(out, "  (+{:.2} for indexes)", outcome.write_cost);
        }
        out.push('\n');
    }
    out
}

/// What all of it comes to, in one sentence or two.
pub(super) fn summary(answer: &Answer<'_>) -> String {
    let advice = answer.advice;
    let bytes: u64 = advice.chosen.iter().map(|it| it.bytes).sum();
    let budget = answer.budget.map(|it| format!(" of {}", quantity::shown(it))).unwrap_or_default();
    let writes = if advice.write_cost > 0.0 {
        format!(", {:.2} of it on writes", advice.write_cost)
    } else {
        String::new()
    };
    format!(
        "{}, {}{budget}: the planner's cost of {} falls from {:.2} to {:.2} ({:.1} % of it){writes}. \
         Sizes and costs are the planner's estimates; {} what-if plans, {:.1} s{}.",
        counted(advice.chosen.len(), "index"),
        quantity::shown(bytes),
        if answer.queries.len() == 1 {
            "1 query".to_owned()
        } else {
            format!("{} queries", answer.queries.len())
        },
        advice.cost_before,
        advice.cost_after,
        percent(advice.cost_after, advice.cost_before),
        answer.calls,
        answer.seconds,
        if answer.selection.is_settled { "" } else { ", stopped by --seconds" },
    )
}

/// What is said of an index that is there.
pub(super) fn remark(answer: &Answer<'_>, remark: &ExistingRemark) -> String {
    let table = &answer.facts.tables[remark.table];
    let index = &table.indexes[remark.index];
    let head = format!(
        "{} on {} ({}, scanned {} times so far)",
        index.name,
        table.name.shown(),
        quantity::shown(index.bytes),
        index.scans
    );
    match remark.remark {
        Remark::Redundant { by } => {
            format!("{head} is redundant: {} does all that it does", table.indexes[by].name)
        }
        Remark::Replaced { by } => format!(
            "{head} becomes redundant: {} does all that it does",
            answer.advice.chosen[by].index.name.name
        ),
        Remark::Unused => format!(
            "{head} is used by no query of this workload; before it is dropped, see whether anything else needs it"
        ),
    }
}

/// The names of statements, the first few of many.
pub(super) fn names(answer: &Answer<'_>, queries: &[usize]) -> String {
    const SHOWN: usize = 12;
    let names: Vec<&str> =
        queries.iter().take(SHOWN).map(|&at| answer.queries[at].name.as_str()).collect();
    match queries.len().checked_sub(SHOWN) {
        Some(more) if more > 0 => format!("{} and {more} more", names.join(", ")),
        _ => names.join(", "),
    }
}

pub(super) fn one_line(sql: &str) -> String {
    sql.replace("\n ", " ").replace('\n', " ").replace("  ", " ")
}

fn percent(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 0.0 } else { 100.0 * part / whole }
}
