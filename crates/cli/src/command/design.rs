//! `underpin design`: the main job. Documents in; a designed, executed and documented persistence layer out.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::json;
use underpin_base::Diagnostic;
use underpin_claim::Verification;

use crate::arguments::{DesignArguments, Stage, TextOrJson};
use crate::exit::{Exit, Failure};
use crate::input::Given;
use crate::model_file::MODEL_FILE;
use crate::output::{self, Files, Written};
use crate::pipeline::{self, Designed};
use crate::progress::Progress;
use crate::report::{self, counted};
use crate::wire::{self, Summary};
use crate::{codes, prove, relative};

pub(super) fn run(arguments: &DesignArguments, progress: &mut Progress) -> Result<Exit, Failure> {
    let (given, drafts) = super::asked(&arguments.documents);
    if let Some(exit) = super::profile(&arguments.documents, &given) {
        return Ok(exit);
    }
    let out = &*arguments.out;
    if arguments.emit.is_none() && arguments.explain.is_none() {
        holds_no_input(out, &given)?;
        holds_no_input(out, &drafts)?;
        output::check(out, arguments.force)?;
    }
    let understood = pipeline::understand(
        &given,
        &drafts,
        arguments.documents.assumptions(),
        Some(out),
        progress,
    );
    if !understood.usable {
        return Ok(super::judge(&understood.diagnostics, &understood.sources));
    }
    if let Some(Stage::Statements | Stage::Model) = arguments.emit {
        super::product(&match arguments.emit {
            Some(Stage::Statements) => {
                underpin_read::lines_text(&understood.reading, &understood.sources)
            }
            _ => underpin_model::model_text(&understood.model, &understood.sources),
        })?;
        return Ok(super::judge(&understood.diagnostics, &understood.sources));
    }
    let mut designed = pipeline::design(understood, progress);
    if let Some(rows) = arguments.server.scale {
        designed.claim_at(rows);
    }
    if let Some(name) = &arguments.explain {
        super::product(&super::explain::of_design(name, &designed, arguments.format)?)?;
        return Ok(super::judge(&designed.diagnostics, &designed.understood.sources));
    }
    match arguments.emit {
        Some(Stage::Logical) => {
            super::product(&underpin_logical::logical_text(
                &designed.logical,
                &designed.understood.model,
            ))?;
        }
        Some(Stage::Physical) => {
            super::product(&underpin_physical::physical_text(&designed.physical))?;
        }
        Some(Stage::Statements | Stage::Model) | None => {}
    }
    if arguments.emit.is_some() {
        return Ok(super::judge(&designed.diagnostics, &designed.understood.sources));
    }

    let verification = if arguments.no_verify {
        Verification::not_run(&designed.physical.claims, "--no-verify was given")
    } else {
        let options = arguments.server.options(None);
        prove::run(&designed, &arguments.server, &options, progress)?
    };
    let files =
        progress.stage("emit", || files(arguments, &given, &drafts, &designed, &verification));
    output::is_unchanged(out, designed.understood.held.as_ref())?;
    let written = progress.stage("write", || output::write(out, &files))?;

    super::say_coverage(&designed.understood.reading);
    let exit = super::judge(&designed.diagnostics, &designed.understood.sources);
    let summary = Summary::of(&verification);
    super::product(&match arguments.format {
        TextOrJson::Text => as_text(&designed, &verification, &written, out, progress),
        TextOrJson::Json => as_json(&designed, summary, out, progress),
    })?;
    Ok(if summary.refuted > 0 { Exit::Refused } else { exit })
}

/// Nothing that is read may lie where we write: it could be overwritten, and our own files would be read next time.
fn holds_no_input(out: &Path, given: &[Given]) -> Result<(), Failure> {
    let Ok(folder) = out.canonicalize() else { return Ok(()) };
    for one in given {
        if one.path.canonicalize().is_ok_and(|path| path.starts_with(&folder)) {
            return Err(Failure::usage(
                Diagnostic::error(
                    codes::OUTPUT_HOLDS_INPUT,
                    format!("`{}` lies inside the output folder `{}`", one.shown, out.display()),
                )
                .help("give another folder with --out"),
            ));
        }
    }
    Ok(())
}

/// Every file of the output folder.
fn files(
    arguments: &DesignArguments,
    given: &[Given],
    drafts: &[Given],
    designed: &Designed,
    verification: &Verification,
) -> Files {
    let mut files = designed.artifacts(verification);
    files.insert(MODEL_FILE.to_owned(), designed.understood.file_bytes());
    files.insert(wire::SCHEMA_FILE.to_owned(), wire::model_schema_json().into_bytes());

    let out = &*arguments.out;
    let path = |one: &Given| {
        let seen = relative::seen_from(out, &one.path).unwrap_or_else(|_| one.path.clone());
        wire::InputPath { given: one.shown.clone(), from_here: slashes(&seen) }
    };
    let options = arguments.server.options(None);
    let input = wire::Input {
        paths: given.iter().map(path).collect(),
        drafts: drafts.iter().map(path).collect(),
        no_assumptions: arguments.documents.no_assumptions,
        seed: options.seed,
        max_rows: options.max_rows,
        scale: options.scale,
    };
    let mut evidence =
        wire::evidence_file(&designed.physical.claims, verification, input, &slashes(out));
    evidence.files = files.keys().cloned().chain([output::EVIDENCE.to_owned()]).collect();
    evidence.files.sort();
    files.insert(output::EVIDENCE.to_owned(), wire::pretty(&evidence).into_bytes());
    files
}

fn slashes(path: &Path) -> String {
    let text = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '\\' { text.replace('\\', "/") } else { text.into_owned() }
}

fn as_text(
    designed: &Designed,
    verification: &Verification,
    written: &Written,
    out: &Path,
    progress: &Progress,
) -> String {
    let (model, schema) = (&designed.understood.model, &designed.physical.schema);
    let summary = Summary::of(verification);
    let mut text = format!(
        "{}, {}, {}, {}\n",
        counted(model.entities.len(), "entity"),
        counted(schema.tables.len(), "table"),
        counted(schema.indexes.len(), "index"),
        counted(model.questions.len(), "question"),
    );
    text.push_str(&prove::verdict_lines(&designed.physical.claims, verification));
    let removed = if written.removed > 0 {
        format!(", {} of an earlier design removed", written.removed)
    } else {
        String::new()
    };
    let _ = writeln!(
        text,
        "claims: {} proven, {} refuted, {} not run\nwritten to {}/: {}, {} unchanged{removed}\ntimes: {}",
        summary.proven,
        summary.refuted,
        summary.not_run + summary.assumed,
        out.display().to_string().trim_end_matches('/'),
        counted(written.changed, "file") + " new or changed",
        written.unchanged,
        progress.line(),
    );
    text
}

fn as_json(designed: &Designed, summary: Summary, out: &Path, progress: &Progress) -> String {
    let sources = &designed.understood.sources;
    let stages: serde_json::Map<String, serde_json::Value> = progress
        .times()
        .iter()
        .map(|(name, taken)| ((*name).to_owned(), json!(taken.as_secs_f64())))
        .collect();
    wire::pretty(&json!({
        "out": slashes(out),
        "entities": designed.understood.model.entities.len(),
        "tables": designed.physical.schema.tables.len(),
        "indexes": designed.physical.schema.indexes.len(),
        "questions": designed.understood.model.questions.len(),
        "claims": summary,
        "diagnostics": designed.diagnostics.iter().map(|it| wire::diagnostic(it, sources)).collect::<Vec<_>>(),
        "errors": report::any_error(&designed.diagnostics),
        "seconds": stages,
    }))
}
