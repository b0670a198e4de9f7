//! One file for each command.

mod advise;
mod bench;
mod check;
mod completions;
mod design;
mod doctor;
mod draft_prompt;
mod explain;
mod foreign;
mod generate;
mod interactive;
mod model;
mod mutate;
mod others;
mod verify;

use std::fmt::Write as _;
use std::path::PathBuf;

use underpin_base::{Diagnostic, Sources};
use underpin_claim::{Claim, Verification};
use underpin_read::Reading;

use others::{others_database, passed_over, refusal_help};

use crate::arguments::{Arguments, Command, Documents};
use crate::exit::{Exit, Failure};
use crate::input::Given;
use crate::pipeline::{self, Designed};
use crate::progress::Progress;
use crate::terminal::{self, Style};
use crate::wire::{self, ModelFile, Summary};
use crate::{codes, output, profile, report};

/// Runs the command that was given.
pub(crate) fn run(arguments: Arguments) -> Result<Exit, Failure> {
    let mut progress = Progress::new(arguments.verbose);
    match arguments.command {
        Command::Design(arguments) => design::run(&arguments, &mut progress),
        Command::Verify(arguments) => verify::run(&arguments, &mut progress),
        Command::Generate(arguments) => generate::run(&arguments, &mut progress),
        Command::Bench(arguments) => bench::run(&arguments, &mut progress),
        Command::Advise(arguments) => advise::run(&arguments, &mut progress),
        Command::Doctor(arguments) => doctor::run(&arguments),
        Command::Model(arguments) => model::run(&arguments, &mut progress),
        Command::Check(arguments) => check::run(&arguments, &mut progress),
        Command::Completions { shell } => completions::run(shell),
    }
}

/// The design of a folder that one was written to, or of documents; how the run ends where they cannot be used.
fn design_of(
    documents: &Documents,
    progress: &mut Progress,
) -> Result<Result<Designed, Exit>, Failure> {
    if let [folder] = &documents.paths[..] {
        if output::evidence(folder).is_some() {
            let found = verify::of_folder(folder, progress)?;
            return Ok(found.map(|(designed, _)| designed));
        }
    }
    let (given, drafts) = asked(documents);
    if let Some(exit) = profile(documents, &given) {
        return Ok(Err(exit));
    }
    let understood = pipeline::understand(&given, &drafts, documents.assumptions(), None, progress);
    if !understood.usable {
        return Ok(Err(judge(&understood.diagnostics, &understood.sources)));
    }
    Ok(Ok(pipeline::design(understood, progress)))
}

/// The documents and the drafts that were asked for.
fn asked(documents: &Documents) -> (Vec<Given>, Vec<Given>) {
    let given = |paths: &[PathBuf]| paths.iter().map(|path| Given::from_user(path)).collect();
    (given(&documents.paths), given(&documents.draft))
}

/// Says on standard error how much of each document was understood.
fn say_coverage(reading: &Reading) {
    for coverage in &reading.coverage {
        terminal::aside(&format!("{coverage}\n"));
    }
}

/// What the profile lacks is said before anything is read; how the run ends where it cannot go on.
fn profile(documents: &Documents, given: &[Given]) -> Option<Exit> {
    let remarks = profile::remarks(documents.profile, given);
    if remarks.is_empty() {
        return None;
    }
    let exit = judge(&remarks, &Sources::default());
    (exit != Exit::Success).then_some(exit)
}

/// Prints the product of a command.
fn product(text: &str) -> Result<(), Failure> {
    terminal::product(text).map_err(|error| not_written(&error))
}

/// Prints a model file as the product of a command, in JSON.
fn product_json(file: ModelFile) -> Result<(), Failure> {
    terminal::product_of(|out| wire::write_model(file, out)).map_err(|error| not_written(&error))
}

/// The verdict on each claim with what is to be said of it, and how many there are of each kind.
fn claim_lines(claims: &[Claim], verification: &Verification, summary: Summary) -> String {
    let mut text = String::new();
    for claim in claims {
        let evidence = verification.of(&claim.id);
        let verdict = evidence.map_or("not_run", |it| it.verdict.as_str());
        let _ = writeln!(text, "{verdict:<8} {}: {}", claim.id, claim.statement);
        if let Some(note) = evidence.and_then(|it| it.note.as_deref()) {
            let _ = writeln!(text, "         {note}");
        }
    }
    let _ = write!(
        text,
        "claims: {} proven, {} refuted, {} not run",
        summary.proven, summary.refuted, summary.not_run
    );
    if summary.assumed > 0 {
        let _ = write!(text, ", {} assumed", summary.assumed);
    }
    text.push('\n');
    text
}

fn not_written(error: &std::io::Error) -> Failure {
    Failure::environment(Diagnostic::error(
        codes::OUTPUT_NOT_WRITTEN,
        format!("standard output could not be written: {error}"),
    ))
}

/// Prints what is to be said of a schema that goes on to be judged.
fn tell(remarks: &[Diagnostic], sources: &Sources) {
    if !remarks.is_empty() {
        report::print(remarks, sources, Style::of_stderr().colour);
    }
}

/// Prints diagnostics on standard error, and says how the run ends.
fn judge(diagnostics: &[Diagnostic], sources: &Sources) -> Exit {
    report::print(diagnostics, sources, Style::of_stderr().colour);
    if report::any_error(diagnostics) { Exit::Refused } else { Exit::Success }
}
