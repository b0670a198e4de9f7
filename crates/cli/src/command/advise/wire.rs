//! The advice for programs.

use serde_json::{Value, json};
use underpin_advise::{Chosen, Remark};
use underpin_base::render;
use underpin_pg::{Ddl, Ident, IndexKey};

use super::{Answer, text};

pub(super) fn json(answer: &Answer<'_>) -> String {
    let advice = answer.advice;
    let indexes: Vec<Value> = advice.chosen.iter().map(|it| index(answer, it)).collect();
    let name = |at: &usize| advice.chosen[*at].index.name.name.as_str();
    let queries: Vec<Value> = answer
        .queries
        .iter()
        .zip(&advice.queries)
        .map(|(query, outcome)| {
            json!({
                "name": query.name,
                "sql": query.sent.sql,
                "weight": query.weight,
                "cost_before": outcome.before,
                "cost_after": outcome.after,
                "write_cost": outcome.write_cost,
                "indexes": outcome.uses.iter().map(name).collect::<Vec<_>>(),
                "existing_indexes": outcome.uses_existing,
            })
        })
        .collect();
    let diagnostics: Vec<Value> =
        answer.diagnostics.iter().map(|it| render::json::value(it, answer.sources)).collect();
    let value = json!({
        "indexes": indexes,
        "workload": {
            "cost_before": advice.cost_before,
            "cost_after": advice.cost_after,
            "write_cost": advice.write_cost,
            "bytes": advice.chosen.iter().map(|it| it.bytes).sum::<u64>(),
            "budget": answer.budget,
            "queries": queries,
        },
        "existing": existing(answer),
        "what_if_calls": answer.calls,
        "seconds": rounded(answer.seconds),
        "settled": answer.selection.is_settled,
        "progress": answer
            .selection
            .progress
            .iter()
            .map(|(seconds, cost)| json!({ "seconds": rounded(*seconds), "cost": cost }))
            .collect::<Vec<_>>(),
        "diagnostics": diagnostics,
    });
    format!("{value:#}\n")
}

/// Milliseconds are enough.
fn rounded(seconds: f64) -> f64 {
    (seconds * 1000.0).round() / 1000.0
}

fn index(answer: &Answer<'_>, chosen: &Chosen) -> Value {
    let index = &chosen.index;
    let columns: Vec<String> = index
        .columns
        .iter()
        .map(|column| {
            let text = match &column.key {
                IndexKey::Column(name) => name.as_str().to_owned(),
                IndexKey::Expression(expression) => expression.to_string(),
            };
            if column.descending { format!("{text} DESC") } else { text }
        })
        .collect();
    let include: Vec<&str> = index.include.iter().map(Ident::as_str).collect();
    let serves: Vec<&str> =
        chosen.serves.iter().map(|&at| answer.queries[at].name.as_str()).collect();
    json!({
        "name": index.name.name.as_str(),
        "table": index.table.shown(),
        "columns": columns,
        "include": include,
        "where": index.predicate.as_ref().map(ToString::to_string),
        "method": index.method.as_str(),
        "ddl": text::one_line(&Ddl::CreateIndex(index.clone()).to_string()),
        "bytes": chosen.bytes,
        "serves": serves,
        "benefit": chosen.benefit,
        "write_cost": chosen.write_cost,
    })
}

fn existing(answer: &Answer<'_>) -> Vec<Value> {
    let of = |remark: &underpin_advise::ExistingRemark| {
        let table = &answer.facts.tables[remark.table];
        let index = &table.indexes[remark.index];
        let (kind, by) = match remark.remark {
            Remark::Redundant { by } => ("redundant", Some(table.indexes[by].name.as_str())),
            Remark::Replaced { by } => {
                ("replaced", Some(answer.advice.chosen[by].index.name.name.as_str()))
            }
            Remark::Unused => ("unused", None),
        };
        json!({
            "name": index.name.as_str(),
            "table": table.name.shown(),
            "remark": kind,
            "by": by,
            "bytes": index.bytes,
            "scans": index.scans,
            "text": text::remark(answer, remark),
        })
    };
    answer.existing.iter().map(of).collect()
}
