//! The five guidelines: common queries, growth, reads and writes, cascades, soft deletion.

use std::collections::{BTreeMap, BTreeSet};

use underpin_base::Span;
use underpin_claim::{Family, Verdict};
use underpin_model::AccessKind;
use underpin_pg::{Ident, QualifiedName, ReferentialAction};
use underpin_physical::Growth;

use super::{places, queries, schema, verdicts};
use crate::context::{Context, Judged};
use crate::markdown::{Document, Inline, Table, code, codes, none, raw, text};
use crate::words;

pub(super) fn write(context: &Context<'_>, out: &mut Document) {
    common_queries(context, out);
    growth(context, out);
    reads_and_writes(context, out);
    cascades(context, out);
    soft_deletion(context, out);
}

/// How many of the most frequent queries are listed.
const MOST_FREQUENT: usize = 10;

fn common_queries(context: &Context<'_>, out: &mut Document) {
    out.title(2, "8. Common query patterns");
    let mut frequent: Vec<_> = context
        .input
        .physical
        .queries
        .iter()
        .filter_map(|query| Some((query.per_second?, query)))
        .collect();
    if frequent.is_empty() {
        out.say(
            "No document states a frequency, so no query is known to be more common than another.",
        );
        return;
    }
    frequent.sort_by(|a, b| b.0.total_cmp(&a.0));
    let total: f64 = frequent.iter().map(|it| it.0).sum();
    out.say("The design is optimised for these first, by stated frequency:");
    let mut table =
        Table::new(&["Query", "Calls in a second", "Share", "Index", "Measured p95", "Objective"]);
    for (rate, query) in frequent.into_iter().take(MOST_FREQUENT) {
        table.row([
            code(&query.name),
            raw(words::quantity(rate)),
            raw(format!("{:.0} %", 100.0 * rate / total.max(f64::MIN_POSITIVE))),
            query.promised_index.as_ref().map_or_else(none, |it| code(it.name.as_str())),
            queries::percentiles(context, query)
                .map_or_else(|| raw("not run"), |(_, p95)| raw(words::milliseconds(p95))),
            query.latency_ms.map_or_else(none, |it| raw(words::milliseconds(it))),
        ]);
    }
    out.table(&table);
}

fn growth(context: &Context<'_>, out: &mut Document) {
    out.title(2, "9. Data growth");
    let mut table = Table::new(&[
        "Table",
        "Rows at the start",
        "Growth in a month",
        "Rows after 12 months",
        "Rows after 36 months",
        "Held once retention works",
        "Source",
    ]);
    let mut silent = Vec::new();
    for view in context.tables() {
        let name = view.table.name.name.as_str();
        let growth = view.origin.map_or_else(Growth::default, |(design, _)| design.growth);
        if growth.rows.is_none() && growth.per_month.is_none() {
            silent.push(name);
            continue;
        }
        let entity = view.origin.and_then(|(_, relation)| relation.entity);
        let source = context
            .input
            .model
            .volumes
            .iter()
            .filter(|volume| Some(volume.entity) == entity)
            .map(|volume| volume.source);
        let number = |value: Option<f64>| {
            value.map_or_else(|| raw("not stated"), |it| raw(words::count(it)))
        };
        table.row([
            code(name),
            number(growth.rows),
            number(growth.per_month),
            number(after(growth, 12.0)),
            number(after(growth, 36.0)),
            held(growth).map_or_else(none, |it| raw(words::count(it))),
            places(context, source),
        ]);
    }
    if table.is_empty() {
        out.say("No document states how many rows there are or will be.");
        shares(context, out);
        return;
    }
    out.say(
        "Computed from the stated numbers, with growth as steady as it is stated and before anything is deleted. Where a \
         retention is stated, the last number is what remains once as much is deleted as is added.",
    );
    out.table(&table);
    if !silent.is_empty() {
        out.paragraph(&raw("No number is stated for ").then(&codes(silent)).then(&raw(".")));
    }
    shares(context, out);
}

/// The stated shares of rows, and what became of them in generated rows.
fn shares(context: &Context<'_>, out: &mut Document) {
    let mut table = Table::new(&[
        "Rows of",
        "Which",
        "Stated share",
        "Of the generated rows",
        "Verdict",
        "Source",
    ]);
    for (design, share) in context
        .input
        .physical
        .tables
        .iter()
        .flat_map(|it| it.shares.iter().map(move |share| (it, share)))
    {
        let id = share.claim(design, None).id;
        let judged = context.judged_claims().find(|it| it.claim.id == id);
        let loaded = judged.and_then(|it| it.number("percent"));
        table.row([
            code(design.table.name.as_str()),
            code(&share.condition().to_string()),
            raw(format!("{} %", words::quantity(share.percent))),
            loaded.map_or_else(none, |it| raw(format!("{} %", words::quantity(it)))),
            verdicts(&judged.into_iter().collect::<Vec<_>>()),
            places(context, [share.source]),
        ]);
    }
    if table.is_empty() {
        return;
    }
    out.say(
        "Generated rows keep the stated shares, so that the planner chooses its ways by them. Of other columns no share is \
         known: most rows are at an end of their life cycle, listed values take turns, and a value that may be missing is \
         there in 60 of 100 rows, a moment in 15.",
    );
    out.table(&table);
}

fn after(growth: Growth, months: f64) -> Option<f64> {
    Some(growth.rows? + growth.per_month? * months)
}

/// Growth in a month times the months of retention, a month being a twelfth of 365.25 days.
fn held(growth: Growth) -> Option<f64> {
    Some(growth.per_month? * f64::from(growth.retention_days?) / (365.25 / 12.0))
}

/// What came of the stated mix, where it was run.
fn under_load(context: &Context<'_>, out: &mut Document) {
    let Some(judged) = context.claim(Family::Load, None, None) else { return };
    let number = |name: &str| judged.number(name);
    if let (Some(asked), Some(made), Some(clients), Some(rows), Some(processors)) = (
        number("asked_per_second"),
        number("made_per_second"),
        number("clients"),
        number("rows"),
        number("processors"),
    ) {
        let others = number("others_percent")
            .map(|others| format!(", {others:.0} % of which other programs kept busy meanwhile"));
        let kept = number("kept_up_per_second").map(|kept| {
            let short = judged.measured("first_to_saturate");
            let short = short.map(|short| format!("; beyond, the first to run short: {short}"));
            format!(
                " Up to {} calls in a second were kept up{}.",
                words::quantity(kept.round()),
                short.unwrap_or_default()
            )
        });
        out.say(&format!(
            "All of them together, run by pgbench with {clients} clients on {} rows: {} of {} calls in a second, on a machine \
             with {processors} processors{}.{}",
            words::count(rows),
            words::quantity(made.round()),
            words::quantity(asked.round()),
            others.unwrap_or_default(),
            kept.unwrap_or_default()
        ));
    }
    if let (Verdict::Refuted, Some(note)) = (judged.verdict(), judged.note()) {
        out.quote(&raw("**REFUTED** (load): ").then(&text(note)));
    }
}

fn reads_and_writes(context: &Context<'_>, out: &mut Document) {
    out.title(2, "10. Reads and writes");
    let plans = &context.input.physical.plans;
    let (reads, writes) = (plans.reads_per_second, plans.writes_per_second);
    if reads + writes <= 0.0 {
        out.say("No document states frequencies, so the ratio of reads to writes is not known.");
        return;
    }
    let ratio = if writes > 0.0 {
        format!("{} reads for each write", words::quantity(reads / writes))
    } else {
        "no write has a stated frequency".to_owned()
    };
    out.say(&format!(
        "Over all queries with a stated frequency: {} reads and {} writes in a second; {ratio}.",
        words::quantity(reads),
        words::quantity(writes)
    ));
    under_load(context, out);
    let mut table = Table::new(&[
        "Table",
        "Reads in a second",
        "Writes in a second",
        "Indexes that a write keeps up",
    ]);
    let mut rates: BTreeMap<&QualifiedName, (f64, f64)> = BTreeMap::new();
    for query in &context.input.physical.queries {
        let Some(rate) = query.per_second else { continue };
        match query.kind {
            // A query reads all its tables, however often it names one, and writes the main one.
            AccessKind::Read => {
                for table in query.tables.iter().collect::<BTreeSet<_>>() {
                    rates.entry(table).or_default().0 += rate;
                }
            }
            AccessKind::Write => rates.entry(&query.table).or_default().1 += rate,
        }
    }
    for view in context.tables() {
        let name = &view.table.name;
        let (reads, writes) = rates.get(name).copied().unwrap_or_default();
        if reads + writes > 0.0 {
            let indexes =
                view.table.keys().count() + context.input.physical.schema.indexes_of(name).count();
            table.row([
                code(name.name.as_str()),
                raw(words::quantity(reads)),
                raw(words::quantity(writes)),
                raw(indexes.to_string()),
            ]);
        }
    }
    out.table(&table);
}

fn cascades(context: &Context<'_>, out: &mut Document) {
    out.title(2, "11. Cascade behaviour");
    let mut table =
        Table::new(&["Deleting a row of", "Does to", "What", "Why", "Source", "Verdict"]);
    for view in context.tables() {
        for key in &view.table.foreign_keys {
            let reference = schema::reference(context, view, key);
            let judged: Vec<Judged<'_>> = context
                .claim_of(Family::OnDelete, &view.table.name, &key.name)
                .into_iter()
                .collect();
            let columns = match key.set_columns.as_slice() {
                [] => &key.columns,
                some => some,
            };
            let what = match key.on_delete {
                ReferentialAction::Cascade => raw("CASCADE: its rows are deleted too"),
                ReferentialAction::Restrict | ReferentialAction::NoAction => {
                    raw(format!("{}: refused while there are rows", key.on_delete.as_str()))
                }
                ReferentialAction::SetNull => raw("SET NULL: the rows stay, without ")
                    .then(&codes(columns.iter().map(Ident::as_str))),
                ReferentialAction::SetDefault => {
                    raw("SET DEFAULT: the rows stay, with the default in ")
                        .then(&codes(columns.iter().map(Ident::as_str)))
                }
            };
            let rows = format!(
                "{}.{}",
                view.table.name.name.as_str(),
                key.columns.last().map_or("", Ident::as_str)
            );
            table.row([
                code(key.references.name.as_str()),
                code(&rows),
                what,
                reference.map_or_else(none, |it| text(&words::sentence(&it.reason))),
                places(context, reference.and_then(|it| it.source)),
                verdicts(&judged),
            ]);
        }
    }
    out.say(if table.is_empty() {
        "No table refers to another, so nothing cascades."
    } else {
        "Where no document says what a deletion does, a part of an aggregate goes with its root and a joining row with what it joins, an optional reference \
         is cleared, and every other deletion is refused: CASCADE would take rows along unseen. State it in the \
         documents to have it otherwise."
    });
    out.table(&table);
}

fn soft_deletion(context: &Context<'_>, out: &mut Document) {
    out.title(2, "12. Soft delete strategy");
    let plans = &context.input.physical.plans.soft_delete;
    let spoken_of = if plans.is_empty() { spoken_of(context) } else { Vec::new() };
    if plans.is_empty() && spoken_of.is_empty() {
        out.say("No document asks for soft deletion: a deleted row is gone.");
    } else if plans.is_empty() {
        out.paragraph(
            &raw("**A document speaks of soft deletion** (")
                .then(&places(context, spoken_of))
                .then(&raw("), and no column was read from it that marks a row as deleted: a deleted row is gone.")),
        );
    }
    let items: Vec<Inline> = plans
        .iter()
        .map(|(name, how)| {
            code(name.name.as_str()).then(&raw(": ")).then(&text(&words::sentence(how)))
        })
        .collect();
    out.list(items);
}

/// The lines of the documents that speak of soft deletion, and do not deny it.
fn spoken_of(context: &Context<'_>) -> Vec<Span> {
    let mut places = Vec::new();
    for (id, document) in context.input.sources.iter() {
        let mut start = 0;
        for line in document.text().split_inclusive('\n') {
            let lower = line.to_lowercase().replace('-', " ");
            let at =
                ["soft delet", "softdelet", "deleted softly"].iter().find_map(|it| lower.find(it));
            let before = at.and_then(|at| lower[..at].split_whitespace().next_back());
            let is_denied =
                matches!(before, Some("no" | "not" | "never" | "without" | "than" | "of"));
            if at.is_some() && !is_denied {
                places.push(Span::new(id, start..start + line.trim_end().len()));
            }
            start += line.len();
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_that_speaks_of_soft_deletion_is_not_said_to_be_silent() {
        let places = |line: &str| {
            let mut sample = crate::sample::Sample::new();
            sample.sources.add("notes.md", format!("# Notes\n\n{line}\n"));
            let text = sample.text(super::super::PATH);
            text.lines()
                .any(|line| line.contains("speaks of soft deletion") && line.contains("notes.md:3"))
        };
        assert!(places("| `is_active` | boolean | NOT NULL | Soft-delete; hidden from lists |"));
        assert!(!places("There is no soft delete."));
    }

    #[test]
    fn growth_is_plain_arithmetic() {
        let growth =
            Growth { rows: Some(1000.0), per_month: Some(100.0), retention_days: Some(365) };
        assert_eq!(after(growth, 36.0), Some(4600.0));
        assert_eq!(held(growth).map(f64::round), Some(1199.0));
        assert_eq!(after(Growth { rows: None, ..growth }, 12.0), None);
    }
}
