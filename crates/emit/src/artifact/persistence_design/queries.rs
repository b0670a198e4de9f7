//! Section 7: what the application asks, how fast the answer came, and by which index.

use underpin_claim::{Family, Value};
use underpin_physical::{Parameter, ParameterRole, Query};

use super::{places, verdicts};
use crate::context::{Context, Judged};
use crate::markdown::{Document, Inline, Table, code, codes, none, raw, text};
use crate::words;

pub(super) fn write(context: &Context<'_>, out: &mut Document) {
    out.title(2, "7. Query Patterns");
    let queries = &context.input.physical.queries;
    if queries.is_empty() {
        out.say("No document states a query. Without one no index beyond keys and references is designed.");
        return;
    }
    out.say(if context.ran() {
        "Measured in the database on generated data, without the network; the environment is in section 16. \
         The verdict covers preparing the statement, its plan and its latency, as far as each is claimed."
    } else {
        "Nothing was measured: verification has not run."
    });
    let mut table = Table::new(&[
        "Query",
        "Frequency",
        "Tables",
        "Objective",
        "Measured p50 / p95",
        "Index used",
        "Verdict",
    ]);
    for query in queries {
        table.row([
            code(&query.name),
            query.frequency.as_deref().map_or_else(none, text),
            codes(query.tables.iter().map(|it| it.name.as_str())),
            query.latency_ms.map_or_else(none, |it| raw(words::milliseconds(it))),
            measured(context, query),
            index_used(context, query),
            verdicts(&judged(context, query)),
        ]);
    }
    out.table(&table);
    for (at, query) in queries.iter().enumerate() {
        detail(context, out, at + 1, query);
    }
}

fn judged<'a>(context: &Context<'a>, query: &Query) -> Vec<Judged<'a>> {
    [Family::Prepares, Family::Serves, Family::Latency]
        .into_iter()
        .filter_map(|family| context.claim_on(family, query))
        .collect()
}

/// The median and the 95th percentile.
pub(crate) fn percentiles(context: &Context<'_>, query: &Query) -> Option<(f64, f64)> {
    judged(context, query)
        .iter()
        .find_map(|it| Some((it.milliseconds("p50_ms")?, it.milliseconds("p95_ms")?)))
}

fn measured(context: &Context<'_>, query: &Query) -> Inline {
    match percentiles(context, query) {
        Some((p50, p95)) => {
            raw(format!("{} / {}", words::milliseconds(p50), words::milliseconds(p95)))
        }
        None => raw("not run"),
    }
}

/// The indexes that the plan used.
pub(crate) fn indexes_used(context: &Context<'_>, query: &Query) -> Option<String> {
    let judged = judged(context, query);
    let used = judged
        .iter()
        .find_map(|it| ["indexes", "index"].into_iter().find_map(|name| it.measured(name)))?;
    Some(match used {
        Value::List(list) if list.is_empty() => "none".to_owned(),
        other => other.to_string(),
    })
}

fn index_used(context: &Context<'_>, query: &Query) -> Inline {
    match (indexes_used(context, query), &query.promised_index) {
        (Some(used), _) if used == "none" => raw("none"),
        (Some(used), _) => codes(used.split(", ")),
        (None, Some(promised)) => raw("not run; promised ").then(&code(promised.name.as_str())),
        (None, None) => none(),
    }
}

fn detail(context: &Context<'_>, out: &mut Document, number: usize, query: &Query) {
    let Some(pattern) = context.input.model.patterns.get(query.pattern.index()) else { return };
    out.heading(3, &raw(format!("7.{number} ")).then(&code(&query.name)));
    let mut about = text(&words::sentence(&pattern.text))
        .then(&raw(" Stated in "))
        .then(&places(context, [pattern.source]));
    if let Some(seconds) = pattern.staleness_s {
        about = about.then(&raw(format!("; a result may be {} old", words::duration(seconds))));
    }
    out.paragraph(&about.then(&raw(".")));
    if let Some(remark) = &query.remark {
        out.paragraph(&raw("Note: ").then(&text(&words::sentence(remark))));
    }
    let Some(statement) = &query.statement else { return };
    out.fence("sql", &format!("{statement};"));
    let parameters: Vec<Inline> = query
        .parameters
        .iter()
        .enumerate()
        .map(|(at, parameter)| described(at + 1, parameter))
        .collect();
    out.list(parameters);
    for it in judged(context, query) {
        if let (Some(note), true) = (it.note(), it.verdict() == underpin_claim::Verdict::Refuted) {
            out.quote(
                &raw(format!("**REFUTED** ({}): ", it.claim.family.as_str())).then(&text(note)),
            );
        }
    }
}

fn described(number: usize, parameter: &Parameter) -> Inline {
    let role = match parameter.role {
        ParameterRole::Equals => "is equal to",
        ParameterRole::Lower => "is a lower bound of",
        ParameterRole::Upper => "is an upper bound of",
        ParameterRole::AnyOf => "is a list that holds",
        ParameterRole::Search => "is searched for in",
        ParameterRole::Contained => "is contained in",
        ParameterRole::Value => "becomes",
    };
    let words = code(&format!("${number}"))
        .then(&raw(" "))
        .then(&code(&parameter.name))
        .then(&raw(", "))
        .then(&code(&parameter.data_type.short()));
    match &parameter.column {
        Some((table, column)) => words.then(&raw(format!(", {role} "))).then(&code(&format!(
            "{}.{}",
            table.name.as_str(),
            column.as_str()
        ))),
        None => words,
    }
}
