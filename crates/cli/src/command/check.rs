//! `underpin check`: diagnostics and nothing else.

use serde_json::Value;
use underpin_base::render::{github, json, sarif};

use crate::arguments::{CheckArguments, DiagnosticFormat};
use crate::exit::{Exit, Failure};
use crate::progress::Progress;
use crate::terminal::stdout_colour;
use crate::{pipeline, profile, report};

pub(super) fn run(arguments: &CheckArguments, progress: &mut Progress) -> Result<Exit, Failure> {
    let (given, drafts) = super::asked(&arguments.documents);
    let lacking = profile::remarks(arguments.documents.profile, &given);
    let understood =
        pipeline::understand(&given, &drafts, arguments.documents.assumptions(), None, progress);
    let sources = &understood.sources;
    let diagnostics = &[lacking, understood.diagnostics].concat();
    super::product(&match arguments.format {
        DiagnosticFormat::Text if diagnostics.is_empty() => {
            format!("{}\n", report::count_line(diagnostics))
        }
        DiagnosticFormat::Text => report::text(diagnostics, sources, stdout_colour()),
        DiagnosticFormat::Json => {
            pretty(&diagnostics.iter().map(|it| json::value(it, sources)).collect::<Value>())
        }
        DiagnosticFormat::Sarif => {
            pretty(&sarif::log(diagnostics, sources, env!("CARGO_PKG_VERSION")))
        }
        DiagnosticFormat::Github => {
            diagnostics.iter().map(|it| github::render(it, sources)).collect()
        }
    })?;
    Ok(if report::any_error(diagnostics) { Exit::Refused } else { Exit::Success })
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}
