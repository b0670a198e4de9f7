//! `underpin advise`: the set of indexes that makes a workload cheapest, with what each is worth. Nothing is written, and
//! nothing is changed in a database that was named.

mod made;
mod place;
mod quantity;
mod sql;
mod target;
mod text;
mod wire;
mod workload;

use std::path::Path;
use std::time::Instant;

use underpin_advise::{
    Advice, ExistingRemark, Facts, Methods, Options, Rewritten, Selection, Statement, needs, score,
    select, write_of,
};
use underpin_base::{Diagnostic, Sources};
use underpin_operate::{Shared, WhatIfError, analyse_all, counted, facts};
use underpin_pg::{Ident, WhatIfStatement};
use underpin_server::{Session, SessionError};

use self::place::{Place, Trials};
use self::target::Target;
use self::workload::{COUNTED, Query, Workload};
use crate::arguments::{AdviceFormat, AdviseArguments};
use crate::exit::{Exit, Failure};
use crate::progress::Progress;
use crate::{codes, report};

/// Connections that plan side by side.
const CONNECTIONS: usize = 2;

/// Everything that is printed.
struct Answer<'a> {
    sources: &'a Sources,
    diagnostics: &'a [Diagnostic],
    queries: &'a [Query],
    facts: &'a Facts,
    selection: &'a Selection,
    advice: &'a Advice,
    existing: &'a [ExistingRemark],
    budget: Option<u64>,
    is_live: bool,
    calls: usize,
    seconds: f64,
}

pub(super) fn run(arguments: &AdviseArguments, progress: &mut Progress) -> Result<Exit, Failure> {
    let begun = Instant::now();
    let budget = budget(arguments)?;
    let from_server = arguments.queries.as_os_str() == COUNTED;
    let mut workload =
        if from_server { Workload::default() } else { Workload::read(&arguments.queries)? };
    if let (Some(path), false) = (&arguments.weights, from_server) {
        workload.weigh(path)?;
    }
    if workload.queries.is_empty() && !from_server {
        return Err(Failure::refused(empty(&arguments.queries)));
    }
    let target = match (&arguments.database_url, &arguments.schema) {
        (Some(url), _) => Target::Live(url.clone()),
        (None, Some(path)) => target::of_schema(path, arguments.pg_bin.as_deref(), progress)?,
        (None, None) => {
            let message = "neither a database nor a schema was given";
            let help = "name a database with --database-url, or a schema file with --schema";
            return Err(Failure::usage(Diagnostic::error(codes::NO_TARGET, message).help(help)));
        }
    };
    let mut session = target.connect()?;
    if from_server {
        workload = from_statistics(&mut session)?;
        if let Some(path) = &arguments.weights {
            workload.weigh(path)?;
        }
    }
    // Before anything else of the server's is asked: where plans are asked for hangs on it.
    let is_live = target.is_live();
    let live = if is_live { Some(facts(&mut session).map_err(broken)?) } else { None };
    let place = Place::of(
        target,
        &mut session,
        arguments.pg_bin.as_deref(),
        progress,
        &mut workload.diagnostics,
    )?;
    drop(session);
    let facts = place.facts(live.as_ref())?;
    let mut sessions = place.sessions()?;
    let statements = progress.stage("plans", || plan(&mut workload, &mut sessions, &facts))?;
    drop(sessions);
    if statements.is_empty() {
        report::print(
            &workload.diagnostics,
            &workload.sources,
            crate::terminal::Style::of_stderr().colour,
        );
        return Err(Failure::refused(empty(&arguments.queries)));
    }
    workload.diagnostics.extend(without_statistics(&facts, &statements, is_live));

    let options = Options {
        budget,
        max_width: arguments.max_width,
        seconds: arguments.seconds,
        partial: !arguments.columns_only,
        expressions: !arguments.columns_only,
        methods: match place.trials {
            Trials::Hypothetical => Methods::Hypothetical,
            Trials::Made => Methods::All,
        },
        seed: arguments.seed,
    };
    let sent = workload.queries.iter().map(|query| query.sent.clone()).collect();
    let shared = Shared::new(sent, begun);
    let planners = || place.planners(place.trials, &facts, &shared);
    let lost = |error: underpin_advise::PlanError| broken_text(&error.to_string());
    let selection = progress.telling_stage("search", |tell| {
        select(&statements, &facts, &options, &mut planners()?, tell).map_err(lost)
    })?;
    // Connections that have seen nothing of the search have the last word.
    let (selection, mut advice) = progress
        .stage("score", || score(&statements, &facts, selection, &mut planners()?).map_err(lost))?;
    let existing = underpin_advise::remarks(&facts, &statements, &advice);
    let chosen =
        made::Chosen { place: &place, options: &options, statements: &statements, facts: &facts };
    let pg_bin = arguments.pg_bin.as_deref();
    let more_calls = made::add(&chosen, &mut workload, &mut advice, pg_bin, progress)?;
    if budget == Some(0) {
        workload.diagnostics.push(
            Diagnostic::error(codes::BUDGET, "a budget of 0 bytes leaves room for no index")
                .help("give a size, as in --budget 500MB, or leave --budget out for no limit"),
        );
    }
    super::product(
        &Answer {
            sources: &workload.sources,
            diagnostics: &workload.diagnostics,
            queries: &workload.queries,
            facts: &facts,
            selection: &selection,
            advice: &advice,
            existing: &existing,
            budget,
            is_live,
            calls: shared.calls() + more_calls,
            seconds: shared.seconds(),
        }
        .printed(arguments.format),
    )?;
    let exit = super::judge(&workload.diagnostics, &workload.sources);
    Ok(if budget == Some(0) { Exit::Usage } else { exit })
}

impl Answer<'_> {
    fn printed(&self, format: AdviceFormat) -> String {
        match format {
            AdviceFormat::Text => text::text(self),
            AdviceFormat::Json => wire::json(self),
            AdviceFormat::Sql => sql::script(self),
        }
    }
}

fn budget(arguments: &AdviseArguments) -> Result<Option<u64>, Failure> {
    let Some(text) = &arguments.budget else { return Ok(None) };
    quantity::bytes(text).map(Some).map_err(|why| {
        let message = format!("--budget is not understood: {why}");
        Failure::usage(Diagnostic::error(codes::BUDGET, message))
    })
}

fn empty(path: &Path) -> Diagnostic {
    let message = format!("`{}` holds no query that can be advised on", path.display());
    Diagnostic::error(codes::NO_QUERY, message)
        .help("give a .sql file, a folder of them, or pg_stat_statements")
}

fn from_statistics(session: &mut Session) -> Result<Workload, Failure> {
    let statements = counted(session).map_err(broken)?.ok_or_else(|| {
        let message = "the database does not have the extension pg_stat_statements";
        Failure::environment(Diagnostic::error(codes::NO_COUNTED_STATEMENTS, message).help(
            "add it to shared_preload_libraries, restart the server, run `CREATE EXTENSION pg_stat_statements`, and let the application work for a while",
        ))
    })?;
    if statements.is_empty() {
        let message = "pg_stat_statements counted no statement in this database";
        let help = "let the application work for a while, or give a file of queries";
        return Err(Failure::refused(Diagnostic::error(codes::NO_QUERY, message).help(help)));
    }
    Ok(Workload::counted(statements))
}

fn no_what_if(error: &WhatIfError, target: &Target) -> Failure {
    let message = format!("no index can be tried without making it: {error}");
    let diagnostic = Diagnostic::error(codes::NO_WHAT_IF, message);
    Failure::environment(match error {
        WhatIfError::NotInstalled => diagnostic.help(
            "install it on the machine of the server, as in `apt-get install postgresql-15-hypopg` (with the server's major version), or see https://hypopg.readthedocs.io/en/latest/installation.html",
        ),
        WhatIfError::NotCreated => diagnostic.help(
            "have a superuser run `CREATE EXTENSION hypopg` in the database; it adds functions and nothing else, and `DROP EXTENSION hypopg` takes it away again",
        ),
        WhatIfError::Session(_) if target.is_live() => {
            diagnostic.help("check the connection and the rights of the role")
        }
        WhatIfError::Session(_) => diagnostic,
    })
}

fn broken(error: impl std::fmt::Display) -> Failure {
    broken_text(&error.to_string())
}

fn broken_text(error: &str) -> Failure {
    crate::interrupt::wait_if_ending();
    let message = format!("the database could not be asked to the end: {error}");
    Failure::environment(Diagnostic::error(codes::NO_DATABASE, message).help("run it again"))
}

/// Has every statement planned; those that the server does not plan are told of and left out.
fn plan(
    workload: &mut Workload,
    sessions: &mut [Session],
    facts: &Facts,
) -> Result<Vec<Statement>, Failure> {
    let queries = std::mem::take(&mut workload.queries);
    let sent: Vec<Rewritten> = queries.iter().map(|query| query.sent.clone()).collect();
    let mut statements = Vec::new();
    for (query, analysed) in queries.into_iter().zip(analyse_all(sessions, &sent)) {
        let analysed = match analysed {
            Ok(analysed) => analysed,
            Err(unplanned) if matches!(unplanned.error, SessionError::Refused(_)) => {
                workload.diagnostics.push(refused(&query, &unplanned, &workload.sources));
                continue;
            }
            Err(unplanned) => return Err(broken(unplanned.error)),
        };
        let needs = needs(&analysed.bare, facts);
        if needs.is_empty() && query.is_counted {
            // A server counts also what was asked of its catalogs, by us among others.
            continue;
        }
        statements.push(Statement {
            weight: query.weight,
            base: analysed.plan.cost,
            needs,
            write: write_of(&query.sent.sql, &analysed.plan, facts),
        });
        workload.queries.push(query);
    }
    for query in searches_of_keys(&workload.queries, &statements, facts) {
        let Some(Ok(analysed)) = analyse_all(sessions, std::slice::from_ref(&query.sent)).pop()
        else {
            continue;
        };
        statements.push(Statement {
            weight: query.weight,
            base: analysed.plan.cost,
            needs: needs(&analysed.bare, facts),
            write: None,
        });
        workload.queries.push(query);
    }
    Ok(statements)
}

/// What foreign keys make PostgreSQL look for when statements of the workload take rows away that may be referred to:
/// statements of their own, as often as there are such rows.
fn searches_of_keys(queries: &[Query], statements: &[Statement], facts: &Facts) -> Vec<Query> {
    let mut found = Vec::new();
    for (query, statement) in queries.iter().zip(statements) {
        let Some(write) = &statement.write else { continue };
        for key in write.looked_along(facts) {
            let table = &facts.tables[key.from];
            let columns: Vec<Ident> =
                key.columns.iter().map(|&it| table.columns[it].name.clone()).collect();
            let sql = WhatIfStatement::Referring(&table.name, &columns).to_string();
            let names: Vec<&str> = columns.iter().map(Ident::as_str).collect();
            let search = Query {
                name: format!("{}: {} ({})", query.name, table.name.shown(), names.join(", ")),
                weight: query.weight * write.rows,
                sent: Rewritten { sql, parameters: columns.len() },
                ..query.clone()
            };
            found.push(search);
        }
    }
    found
}

/// What is said of a statement that the server does not plan.
fn refused(
    query: &Query,
    unplanned: &underpin_operate::Unplanned,
    sources: &Sources,
) -> Diagnostic {
    let state = unplanned.error.server().map(|error| error.sqlstate.as_str());
    let name = &query.name;
    let why = &unplanned.error;
    let span = query.span(sources, unplanned.lines);
    match state {
        // indeterminate_datatype: the server says which parameter.
        Some("42P18" | "42P08" | "42725") => Diagnostic::error(
            codes::QUERY_UNTYPED,
            format!(
                "query `{name}` is left out, since the types of its parameters are not known: {why}"
            ),
        )
        .at(span, "")
        .help("write the type behind the parameter, as in $1::bigint"),
        _ => Diagnostic::error(
            codes::QUERY_REFUSED,
            format!("query `{name}` is left out, since PostgreSQL does not plan it: {why}"),
        )
        .at(span, "")
        .help("mend the query, or take it out of the workload; the others are advised on"),
    }
}

/// Tables of the workload that were never analysed.
fn without_statistics(
    facts: &Facts,
    statements: &[Statement],
    is_live: bool,
) -> Option<Diagnostic> {
    let used =
        |table: usize| statements.iter().any(|it| it.needs.iter().any(|need| need.table == table));
    let names: Vec<String> = facts
        .tables
        .iter()
        .enumerate()
        .filter(|(at, table)| !table.has_statistics && used(*at))
        .map(|(_, table)| format!("`{}`", table.name.shown()))
        .collect();
    let (first, rest) = names.split_first()?;
    let listed = match rest.len() {
        0 => first.clone(),
        1..4 => names.join(", "),
        more => format!("{first} and {more} other tables"),
    };
    let message = format!(
        "no statistics are there of {listed}: the planner guesses how many rows and values there are, so that costs, sizes and the choice of indexes are guesses as well"
    );
    let help = if is_live {
        "run ANALYZE, and ask again"
    } else {
        "add rows to the schema file, or name a database with rows by --database-url"
    };
    Some(Diagnostic::warning(codes::NO_STATISTICS, message).help(help))
}
