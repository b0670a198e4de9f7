//! A server for the claims of a design, and their verdicts.

use std::fmt::Write as _;
use std::path::Path;

use underpin_base::Diagnostic;
use underpin_claim::{Claim, Evidence, Verdict, Verification};
use underpin_server::{Archive, Places, Search, Server};
use underpin_verify::{Accepted, Mutated, Options, VerifyError};

use crate::arguments::ServerArguments;
use crate::codes;
use crate::exit::Failure;
use crate::interrupt;
use crate::pipeline::Designed;
use crate::progress::Progress;
use crate::terminal;

/// How many refuted claims the summary names.
const NAMED: usize = 20;

/// Judges the claims of a design.
pub(crate) fn run(
    designed: &Designed,
    arguments: &ServerArguments,
    options: &Options,
    progress: &mut Progress,
) -> Result<Verification, Failure> {
    let server = progress.telling_stage("server", |tell| start(arguments, tell))?;
    on(&server, designed, options, progress)
}

/// Judges the claims of a design, and which of them each change of its schema refutes.
pub(crate) fn mutate(
    designed: &Designed,
    arguments: &ServerArguments,
    options: &Options,
    accepted: &Accepted,
    progress: &mut Progress,
) -> Result<Mutated, Failure> {
    let server = progress.telling_stage("server", |tell| start(arguments, tell))?;
    let script = designed.script();
    let judged = progress.telling_stage("mutate", |tell| {
        underpin_verify::mutate(
            &server,
            &designed.physical,
            &script,
            options,
            accepted,
            &mut |at| tell(&format!("{}/{} {}", at.done, at.total, at.doing)),
        )
    });
    judged.map_err(|error| lost(&server, &error))
}

/// Judges the claims of a design on a server that is there.
pub(crate) fn on(
    server: &Server,
    designed: &Designed,
    options: &Options,
    progress: &mut Progress,
) -> Result<Verification, Failure> {
    let script = designed.script();
    let judged = progress.telling_stage("verify", |tell| {
        underpin_verify::verify(
            server,
            &designed.understood.model,
            &designed.logical,
            &designed.physical,
            &script,
            options,
            &mut |at| tell(&format!("{}/{} {}", at.done, at.total, at.doing)),
        )
    });
    judged.map_err(|error| lost(server, &error))
}

/// What is said where a server could not be worked with to the end.
pub(crate) fn lost(server: &Server, error: &VerifyError) -> Failure {
    // A lost server is what Ctrl-C looks like from here.
    interrupt::wait_if_ending();
    let words = server.last_words();
    let is_full = error.is_out_of_room()
        || words.as_ref().is_some_and(|words| words.contains("No space left"));
    let told = words.map(|words| format!("; its log says: {words}")).unwrap_or_default();
    let help = if is_full {
        "free some space, set TMPDIR to a folder that has it, or ask for fewer rows: --max-rows, --scale"
    } else {
        "run it again; if it fails again, look at the server's log"
    };
    Failure::environment(no_server(&format_args!("{error}{told}")).help(help))
}

/// The server that was asked for.
pub(crate) fn start(
    arguments: &ServerArguments,
    tell: &mut dyn FnMut(&str),
) -> Result<Server, Failure> {
    let started = match &arguments.database_url {
        Some(url) => Server::given(url).map_err(|error| {
            let diagnostic = no_server(&error)
                .help("check the URL, or leave --database-url out to start a private server");
            if error.is_wrong_use() {
                Failure::usage(diagnostic)
            } else {
                Failure::environment(diagnostic)
            }
        }),
        None => private(arguments.pg_bin.as_deref(), tell).map_err(Failure::environment),
    };
    started.inspect_err(|_| interrupt::wait_if_ending())
}

/// A server of our own.
pub(crate) fn private(
    pg_bin: Option<&Path>,
    tell: &mut dyn FnMut(&str),
) -> Result<Server, Diagnostic> {
    let unproven = "or write the design without proof: --no-verify";
    let places = Places::on_this_machine();
    let mut told = false;
    let installation = underpin_server::obtain(
        &Search::on_this_machine(pg_bin.map(Path::to_owned)),
        places.cache.as_deref(),
        Archive::for_this_machine(),
        &mut |at| {
            // The only time that something goes over the network: it is said, also where no terminal is watching.
            if !std::mem::replace(&mut told, true) {
                terminal::aside(
                    "underpin: no PostgreSQL on this machine; fetching one, kept for later runs\n",
                );
            }
            let total =
                at.total.map(|total| format!(" of {}", megabytes(total))).unwrap_or_default();
            tell(&format!("fetching PostgreSQL: {}{total} MB", megabytes(at.received)));
        },
    )
    .map_err(|error| no_server(&error).help(unproven))?;
    Server::start(&installation, &places).map_err(|error| no_server(&error).help(unproven))
}

fn megabytes(bytes: u64) -> u64 {
    bytes / 1_000_000
}

fn no_server(error: &dyn std::fmt::Display) -> Diagnostic {
    Diagnostic::error(codes::NO_SERVER, format!("the design could not be verified: {error}"))
}

/// One line for each claim that was refuted, and for each reason why claims were not run.
pub(crate) fn verdict_lines(claims: &[Claim], verification: &Verification) -> String {
    let mut text = String::new();
    let refuted: Vec<&Evidence> =
        verification.evidence.iter().filter(|it| it.verdict == Verdict::Refuted).collect();
    for evidence in refuted.iter().take(NAMED) {
        let statement = claims.iter().find(|claim| claim.id == evidence.claim);
        let statement = statement.map(|claim| &*claim.statement).unwrap_or_default();
        let note = evidence.note.as_deref().unwrap_or_default();
        let _ = writeln!(text, "refuted {}: {statement} {note}", evidence.claim);
    }
    if let Some(more) = refuted.len().checked_sub(NAMED).filter(|&more| more > 0) {
        let _ = writeln!(text, "{more} more refuted claims are in evidence.json");
    }
    let mut reasons: Vec<(&str, usize)> = Vec::new();
    for evidence in verification.evidence.iter().filter(|it| it.verdict == Verdict::NotRun) {
        let note = evidence.note.as_deref().unwrap_or("no reason is known");
        match reasons.iter_mut().find(|(reason, _)| *reason == note) {
            Some((_, count)) => *count += 1,
            None => reasons.push((note, 1)),
        }
    }
    for (reason, count) in reasons {
        let _ = writeln!(text, "not run {count}: {reason}");
    }
    text
}
