//! `underpin bench`: the mix of calls that the documents state, run by pgbench on generated rows. It writes nothing.

mod text;

use underpin_base::Diagnostic;
use underpin_claim::Claim;
use underpin_physical::{load_claims, load_mix};
use underpin_server::{Pgbench, Server};
use underpin_verify::{LoadOptions, Options};

use crate::arguments::{BenchArguments, ServerArguments, TextOrJson};
use crate::exit::{Exit, Failure};
use crate::pipeline::Designed;
use crate::progress::Progress;
use crate::wire::{self, Summary};
use crate::{codes, prove};

/// What a row takes with its part of the indexes, of the log that is written for it and of the files that sort it: more
/// than any design measured so far, so that a run that begins also ends.
const BYTES_OF_A_ROW: u64 = 2_000;

pub(super) fn run(arguments: &BenchArguments, progress: &mut Progress) -> Result<Exit, Failure> {
    let mut designed = match super::design_of(&arguments.documents, progress)? {
        Ok(designed) => designed,
        Err(exit) => return Ok(exit),
    };
    let exit = super::judge(&designed.diagnostics, &designed.understood.sources);
    if exit != Exit::Success {
        return Ok(exit);
    }
    designed.physical.claims = claims(&designed, arguments)?;
    let options = Options {
        seed: arguments.seed,
        scale: Some(arguments.scale),
        load: LoadOptions {
            seconds: arguments.seconds,
            clients: arguments.clients,
            rate: arguments.rate,
            keep: arguments.keep,
            ..LoadOptions::default()
        },
        ..Options::default()
    };
    let named = ServerArguments {
        pg_bin: arguments.pg_bin.clone(),
        database_url: arguments.database_url.clone(),
        ..ServerArguments::default()
    };
    let server = progress.telling_stage("server", |tell| prove::start(&named, tell))?;
    is_able(&server, arguments)?;
    let verification = prove::on(&server, &designed, &options, progress)?;
    let claims = std::mem::take(&mut designed.physical.claims);
    let summary = Summary::of(&verification);
    super::product(&match arguments.format {
        TextOrJson::Text => text::text(&claims, &verification),
        TextOrJson::Json => {
            let input = wire::Input {
                seed: arguments.seed,
                scale: Some(arguments.scale),
                ..wire::Input::default()
            };
            let shown = arguments.documents.paths.first().map(|path| path.to_string_lossy());
            let shown = shown.unwrap_or_default();
            wire::pretty(&wire::evidence_file(&claims, &verification, input, &shown))
        }
    })?;
    Ok(if summary.refuted > 0 { Exit::Refused } else { Exit::Success })
}

/// What is claimed of the mix.
fn claims(designed: &Designed, arguments: &BenchArguments) -> Result<Vec<Claim>, Failure> {
    let refused = |message: String, help: &str| {
        Err(Failure::refused(Diagnostic::error(codes::NO_RATE, message).help(help)))
    };
    let mix = load_mix(&designed.physical, arguments.rate);
    let claims = load_claims(&mix, arguments.scale);
    if !claims.is_empty() {
        return Ok(claims);
    }
    if let Some((name, why)) = mix.left_out.first() {
        let message = format!("no query with a stated frequency can be run; `{name}`: {why}");
        return refused(message, "state what the query filters by, or its SQL");
    }
    if designed.physical.queries.is_empty() {
        let message = "the documents state no query, so that there is nothing to run".to_owned();
        return refused(
            message,
            "state access patterns: what is asked of which entity, how often, and how fast",
        );
    }
    let message = "no document states how often a query is called".to_owned();
    refused(
        message,
        "state frequencies such as 60/s or 500/day, or run all queries in equal parts: --rate 100",
    )
}

/// The server can be put under load: pgbench is there, and so much room.
fn is_able(server: &Server, arguments: &BenchArguments) -> Result<(), Failure> {
    Pgbench::of(server).map_err(|error| {
        let diagnostic = Diagnostic::error(codes::NO_PGBENCH, error.to_string());
        Failure::environment(diagnostic.help("name its folder with --pg-bin, or install it"))
    })?;
    let wanted = arguments.scale.saturating_mul(BYTES_OF_A_ROW);
    match server.room() {
        Some(room) if room < wanted => Err(Failure::environment(
            Diagnostic::error(
                codes::NO_ROOM,
                format!(
                    "{} rows may take {} MB with their indexes and log, and {} MB are free",
                    arguments.scale,
                    wanted / 1_000_000,
                    room / 1_000_000
                ),
            )
            .help("ask for fewer rows with --scale, or set TMPDIR to a folder that has more room"),
        )),
        Some(_) | None => Ok(()),
    }
}
