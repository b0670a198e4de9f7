//! Section 7: what the application asks, how fast the answer came, and by which index.

use underpin_claim::{Family, Value};
use underpin_model::AccessKind;
use underpin_pg::{TreeQuery, Type};
use underpin_physical::{GuardPurpose, Parameter, ParameterRole, Query};

use super::{places, verdicts};
use crate::context::{Context, Judged, number};
use crate::markdown::{Document, Inline, Table, code, codes, none, raw, text};
use crate::words;

pub(super) fn write(context: &Context<'_>, out: &mut Document) {
    out.title(2, "7. Query Patterns");
    patterns(context, out);
    trees(context, out);
}

/// How branches of a tree are read, whatever the documents ask of it.
fn trees(context: &Context<'_>, out: &mut Document) {
    for table in &context.input.physical.tables {
        for guard in &table.guards {
            let GuardPurpose::Acyclic { parent, key } = &guard.purpose else { continue };
            let stored = &context.input.physical.schema.tables[&table.table];
            let name = stored.columns.iter().find(|it| it.data_type == Type::Text && it.not_null);
            let columns = name.map(|it| &it.name).into_iter().collect();
            let tree = TreeQuery { table: &table.table, key, parent, columns };
            out.title(3, &format!("The tree of {}", table.table.name.as_str()));
            out.say("All rows below one, the nearest first. No row stands above itself, so that it ends.");
            out.fence("sql", &format!("{};", tree.below()));
            out.say("From the root down to one.");
            out.fence("sql", &format!("{};", tree.above()));
        }
    }
}

fn patterns(context: &Context<'_>, out: &mut Document) {
    let queries = &context.input.physical.queries;
    if queries.is_empty() {
        out.say("No document states a query. Without one no index beyond keys and references is designed.");
        return;
    }
    out.say(if context.ran() {
        "Measured in the database on generated data, without the network; the environment is in section 16. \
         Where fewer rows were generated than are stated (`1,000 of 500,000`), the time is one for fewer rows. The verdict covers preparing the statement, its plan and its latency, as far as each is claimed."
    } else {
        "Nothing was measured: verification has not run."
    });
    for (kind, title) in [(AccessKind::Read, "Reads"), (AccessKind::Write, "Writes")] {
        let of_kind: Vec<&Query> = queries.iter().filter(|query| query.kind == kind).collect();
        if of_kind.is_empty() {
            continue;
        }
        let head = [
            "Query",
            "Frequency",
            "Tables",
            "Objective",
            "Measured p50 / p95",
            "On rows",
            "Index used",
            "Verdict",
        ];
        let mut table = Table::new(&head);
        for query in of_kind {
            table.row([
                code(&query.name),
                query.frequency.as_deref().map_or_else(none, text),
                codes(query.tables.iter().map(|it| it.name.as_str())),
                query.latency_ms.map_or_else(none, |it| raw(words::milliseconds(it))),
                measured(context, query),
                size(context, query),
                index_used(context, query),
                verdicts(&judged(context, query)),
            ]);
        }
        out.title(3, title);
        out.table(&table);
    }
    for (at, query) in queries.iter().enumerate() {
        detail(context, out, at + 1, query);
    }
}

fn judged<'a>(context: &Context<'a>, query: &Query) -> Vec<Judged<'a>> {
    [Family::Prepares, Family::Serves, Family::Latency, Family::Growth, Family::Load]
        .into_iter()
        .filter_map(|family| context.claim_on(family, query))
        .collect()
}

/// The median and the 95th percentile.
pub(crate) fn percentiles(context: &Context<'_>, query: &Query) -> Option<(f64, f64)> {
    timed(context, query).and_then(|it| Some((it.number("p50_ms")?, it.number("p95_ms")?)))
}

/// The claim whose probe measured how long the query takes.
fn timed<'a>(context: &Context<'a>, query: &Query) -> Option<Judged<'a>> {
    judged(context, query).into_iter().find(|it| it.number("p50_ms").is_some())
}

/// Whether a time is missing that a claim asks for.
pub(crate) fn lacks_time(context: &Context<'_>, query: &Query) -> bool {
    !context.ran() || context.claim_on(Family::Latency, query).is_some()
}

/// On how many rows the time was measured, and how many are stated, where these are not the same.
fn size(context: &Context<'_>, query: &Query) -> Inline {
    let Some(timed) = timed(context, query) else { return none() };
    match (timed.number("rows"), timed.number("stated_rows")) {
        (Some(rows), Some(stated)) if stated > rows => {
            raw(format!("{} of {}", words::count(rows), words::count(stated)))
        }
        (Some(rows), _) => raw(words::count(rows)),
        (None, _) => none(),
    }
}

fn measured(context: &Context<'_>, query: &Query) -> Inline {
    match percentiles(context, query) {
        Some((p50, p95)) => {
            raw(format!("{} / {}", words::milliseconds(p50), words::milliseconds(p95)))
        }
        None if lacks_time(context, query) => raw("not run"),
        None => none(),
    }
}

/// The nodes of the plan, from the top: its kind, and what it reads.
pub(crate) fn plan_nodes(context: &Context<'_>, query: &Query) -> Option<Vec<String>> {
    judged(context, query).iter().find_map(|it| match it.measured("nodes") {
        Some(Value::List(nodes)) => Some(nodes.iter().map(ToString::to_string).collect()),
        _ => None,
    })
}

/// The indexes that the plan used, each once; `none` where it used none.
pub(crate) fn indexes_used(context: &Context<'_>, query: &Query) -> Option<String> {
    let mut used: Vec<String> = Vec::new();
    for node in plan_nodes(context, query)? {
        if let Some((kind, index)) = node.split_once(" on ") {
            if kind.contains("Index") && !used.iter().any(|it| it == index) {
                used.push(index.to_owned());
            }
        }
    }
    Some(if used.is_empty() { "none".to_owned() } else { used.join(", ") })
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
    let mut about = match (&query.follows, &query.narrows) {
        (Some(list), _) => raw("The page of ")
            .then(&code(list))
            .then(&raw(" after the row whose values are given")),
        (None, Some(plain)) => raw("The answer to ")
            .then(&code(plain))
            .then(&raw(" narrowed by what a call may leave out. Stated in "))
            .then(&places(context, [pattern.source])),
        (None, None) => text(&words::sentence(&pattern.text))
            .then(&raw(" Stated in "))
            .then(&places(context, [pattern.source])),
    };
    if let Some(seconds) = pattern.staleness_s {
        about = about.then(&raw(format!("; a result may be {} old", words::duration(seconds))));
    }
    out.paragraph(&about.then(&raw(".")));
    if let Some(remark) = &query.remark {
        out.paragraph(&raw("Note: ").then(&text(&words::sentence(remark))));
    }
    if let Some(draft) = &query.draft {
        out.paragraph(&raw("A draft of what was understood:"));
        out.fence("sql", &format!("{draft};"));
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
    if let Some(said) = at_size(context, query) {
        out.say(&said);
    }
    for it in judged(context, query) {
        if let (Some(note), true) = (it.note(), it.verdict() == underpin_claim::Verdict::Refuted) {
            out.quote(
                &raw(format!("**REFUTED** ({}): ", it.claim.family.as_str())).then(&text(note)),
            );
        }
    }
}

/// What was measured of a query at a size that was asked for, and what that says of the stated one.
fn at_size(context: &Context<'_>, query: &Query) -> Option<String> {
    let mut said = Vec::new();
    if let Some(growth) = context.claim_on(Family::Growth, query) {
        let lists = growth.measured("rows_of_sizes").zip(growth.measured("p95_ms_of_sizes"));
        if let Some((Value::List(rows), Value::List(times))) = lists {
            let pairs = rows.iter().zip(times).filter_map(|(rows, time)| {
                let (rows, time) = (number(rows)?, number(time)?);
                Some(format!("{} on {} rows", words::milliseconds(time), words::count(rows)))
            });
            said.push(format!(
                "95 of 100 calls take at most {}.",
                pairs.collect::<Vec<_>>().join(", ")
            ));
        }
        for of in ["stated", "measured"] {
            let times = ["1", "10", "100"].map(|times| {
                growth.number(&format!("projected_p95_ms_at_{times}_times_{of}_rows"))
            });
            if let ([Some(one), Some(ten), Some(hundred)], Some(law)) =
                (times, growth.measured("law_of_p95"))
            {
                let [one, ten, hundred] = [one, ten, hundred].map(words::milliseconds);
                said.push(format!(
                    "Projected by the law that fits ({law}), and not measured: {one} at the {of} rows, {ten} at 10 times \
                     as many, {hundred} at 100 times."
                ));
            }
        }
    }
    if let Some(load) = context.claim_on(Family::Load, query) {
        let times = [load.number("p50_ms"), load.number("p95_ms"), load.number("p99_ms")];
        if let [Some(p50), Some(p95), Some(p99)] = times {
            let [p50, p95, p99] = [p50, p95, p99].map(words::milliseconds);
            said.push(format!("While the stated mix runs: {p50} (p50), {p95} (p95), {p99} (p99)."));
        }
    }
    (!said.is_empty()).then(|| said.join(" "))
}

fn described(number: usize, parameter: &Parameter) -> Inline {
    let role = match parameter.role {
        ParameterRole::Equals => "is equal to",
        ParameterRole::Lower => "is a lower bound of",
        ParameterRole::Upper => "is an upper bound of",
        ParameterRole::AnyOf => "is a list that holds",
        ParameterRole::Search => "is searched for in",
        ParameterRole::Beginning => "is how a value begins of",
        ParameterRole::Part => "is looked for anywhere in",
        ParameterRole::Contained => "is contained in",
        ParameterRole::Value => "becomes",
        ParameterRole::Rows => "gives, a value for each row,",
        ParameterRole::IfGiven => "where it is not NULL becomes",
        ParameterRole::After => "is, in the last row of the page before,",
        ParameterRole::Near => "is what is to be near of",
        ParameterRole::Skipped => "is how many rows are passed over of",
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
