//! `underpin verify`: judges the claims of a design in an output folder once more. It writes nothing.

use std::fs;
use std::path::Path;
use underpin_model::Assumptions;

use underpin_base::Diagnostic;
use underpin_claim::{Claim, ClaimId};

use super::foreign::Theirs;
use super::mutate;
use crate::arguments::{TextOrJson, VerifyArguments};
use crate::exit::{Exit, Failure};
use crate::input::Given;
use crate::output;
use crate::pipeline::{self, Designed, SCRIPT};
use crate::progress::Progress;
use crate::wire::{self, Summary};
use crate::{codes, prove};

pub(super) fn run(arguments: &VerifyArguments, progress: &mut Progress) -> Result<Exit, Failure> {
    if let Some(schema) = &arguments.schema {
        return super::foreign::run(Theirs::File(schema), arguments, progress);
    }
    if let (Some(url), Some(first)) = (&arguments.server.database_url, arguments.paths.first()) {
        // Documents, and no folder of a design: what the database holds is judged by them.
        if output::evidence(first).is_none() {
            return super::foreign::run(Theirs::Live(url), arguments, progress);
        }
    }
    let folder = match &arguments.paths[..] {
        [] => Path::new("persistence"),
        [only] => only,
        [_, second, ..] => {
            return Err(Failure::usage(
                Diagnostic::error(
                    codes::NOT_A_DESIGN,
                    format!(
                        "`{}` is one folder too many: one design is judged at a time",
                        second.display()
                    ),
                )
                .help("to judge a schema against documents, name it with --schema; see underpin verify --help"),
            ));
        }
    };
    let (mut designed, recorded) = match of_folder(folder, progress)? {
        Ok(found) => found,
        Err(exit) => return Ok(exit),
    };
    is_fresh(folder, &designed)?;
    let mut options = arguments.server.options(Some(&recorded));
    if let Some(rows) = options.scale {
        designed.claim_at(rows);
    }
    let (claims, verification) = if arguments.mutate {
        mutate::judge(folder, &designed, arguments, options, progress)?
    } else {
        if let Some(id) = &arguments.claim {
            options.only = Some(only(&designed.physical.claims, id, folder)?);
            designed.physical.claims.retain(|claim| claim.id.as_str() == id);
        }
        let verification = prove::run(&designed, &arguments.server, &options, progress)?;
        (std::mem::take(&mut designed.physical.claims), verification)
    };
    let summary = Summary::of(&verification);
    super::product(&match arguments.format {
        TextOrJson::Text => super::claim_lines(&claims, &verification, summary),
        TextOrJson::Json => {
            let shown = folder.to_string_lossy();
            wire::pretty(&wire::evidence_file(&claims, &verification, recorded, &shown))
        }
    })?;
    // What is wrong with the documents was said when the design was written; here only the claims count.
    Ok(if summary.refuted > 0 { Exit::Refused } else { Exit::Success })
}

/// The design that a folder holds, made again from the documents that it was made of; how the run ends where they
/// cannot be used.
pub(super) fn of_folder(
    folder: &Path,
    progress: &mut Progress,
) -> Result<Result<(Designed, wire::Input), Exit>, Failure> {
    let recorded = recorded(folder)?;
    let given = |paths: &[wire::InputPath]| -> Vec<Given> {
        let there = |path: &wire::InputPath| folder.join(&path.from_here);
        paths.iter().map(|it| Given { shown: it.given.clone(), path: there(it) }).collect()
    };
    let (documents, drafts) = (given(&recorded.paths), given(&recorded.drafts));
    let assumptions =
        if recorded.no_assumptions { Assumptions::None } else { Assumptions::Archetypes };
    let understood = pipeline::understand(&documents, &drafts, assumptions, Some(folder), progress);
    if !understood.usable {
        return Ok(Err(super::judge(&understood.diagnostics, &understood.sources)));
    }
    Ok(Ok((pipeline::design(understood, progress), recorded)))
}

/// The one claim that was asked for.
pub(super) fn only(claims: &[Claim], id: &str, folder: &Path) -> Result<ClaimId, Failure> {
    claims.iter().find(|claim| claim.id.as_str() == id).map(|claim| claim.id.clone()).ok_or_else(
        || {
            Failure::usage(
                Diagnostic::error(codes::UNKNOWN_CLAIM, format!("the design has no claim `{id}`"))
                    .help(format!("the ids are in {}", folder.join(output::EVIDENCE).display())),
            )
        },
    )
}

fn recorded(folder: &Path) -> Result<wire::Input, Failure> {
    let not_a_design = |why: String| {
        Failure::usage(
            Diagnostic::error(
                codes::NOT_A_DESIGN,
                format!(
                    "`{}` is not a folder that `underpin design` wrote: {why}",
                    folder.display()
                ),
            )
            .help("run `underpin design` first, or give the folder that it wrote"),
        )
    };
    if !folder.is_dir() {
        return Err(not_a_design("there is no such folder".to_owned()));
    }
    let evidence = output::evidence(folder)
        .ok_or_else(|| not_a_design(format!("it holds no {} of ours", output::EVIDENCE)))?;
    let input = evidence.get("input").cloned().unwrap_or_default();
    serde_json::from_value(input).map_err(|error| {
        not_a_design(format!("{} does not say what was read: {error}", output::EVIDENCE))
    })
}

/// The documents still give the design that is written there.
fn is_fresh(folder: &Path, designed: &Designed) -> Result<(), Failure> {
    if fs::read(folder.join(SCRIPT)).is_ok_and(|there| there == designed.script().as_bytes()) {
        return Ok(());
    }
    Err(Failure::refused(
        Diagnostic::error(
            codes::DESIGN_IS_STALE,
            format!(
                "{} is not the design that the documents give now",
                folder.join(SCRIPT).display()
            ),
        )
        .help("run `underpin design` again, which also verifies"),
    ))
}
