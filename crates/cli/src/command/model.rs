//! `underpin model`: the model that the documents describe.

use std::fmt::Write as _;
use std::path::Path;

use crate::arguments::{ModelArguments, ModelFormat, ReadingStage};
use crate::exit::{Exit, Failure};
use crate::model_file::MODEL_FILE;
use crate::output::{self, Files};
use crate::pipeline::{self, Understood};
use crate::progress::Progress;
use crate::report::counted;
use crate::wire;

pub(super) fn run(arguments: &ModelArguments, progress: &mut Progress) -> Result<Exit, Failure> {
    if arguments.interactive {
        return super::interactive::run(arguments, progress);
    }
    let out = arguments.out.as_deref();
    if let Some(out) = out {
        output::check(out, true)?;
    }
    let (given, drafts) = super::asked(&arguments.documents);
    if let Some(exit) = super::profile(&arguments.documents, &given) {
        return Ok(exit);
    }
    let assumptions = arguments.documents.assumptions();
    let understood = pipeline::understand(&given, &drafts, assumptions, out, progress);
    // Where the input could not be read, there is no model to ask about.
    let asks = arguments.explain.is_some() || arguments.draft_prompt;
    if asks && understood.reading.coverage.is_empty() {
        return Ok(super::judge(&understood.diagnostics, &understood.sources));
    }
    let summary = match out.filter(|_| understood.usable) {
        Some(out) => Some(write(out, &understood)?),
        None => None,
    };
    if out.is_some() && summary.is_none() {
        return Ok(super::judge(&understood.diagnostics, &understood.sources));
    }
    match summary {
        Some(summary) if arguments.format == ModelFormat::Text => super::product(&summary)?,
        Some(_) | None => product(arguments, &understood)?,
    }
    super::say_coverage(&understood.reading);
    let exit = super::judge(&understood.diagnostics, &understood.sources);
    // The process ends here, and with it all of its memory: giving back a large model piece by piece takes as long
    // as building half of it.
    std::mem::forget(understood);
    Ok(exit)
}

/// Writes the model file, and the schema that it names; says what was done.
pub(super) fn write(out: &Path, understood: &Understood) -> Result<String, Failure> {
    let mut files = Files::new();
    files.insert(MODEL_FILE.to_owned(), understood.file_bytes());
    files.insert(wire::SCHEMA_FILE.to_owned(), wire::model_schema_json().into_bytes());
    output::is_unchanged(out, understood.held.as_ref())?;
    let written = output::write_some(out, &files)?;
    let model = &understood.model;
    let file = out.join(MODEL_FILE);
    let how = if written.changed > 0 { "written to" } else { "nothing to change in" };
    Ok(format!(
        "{}, {}, {}\n{how} {}\n",
        counted(model.entities.len(), "entity"),
        counted(model.fields.len(), "field"),
        counted(model.questions.len(), "open question"),
        file.display(),
    ))
}

fn product(arguments: &ModelArguments, understood: &Understood) -> Result<(), Failure> {
    let Understood { reading, model, sources, .. } = understood;
    if let Some(name) = &arguments.explain {
        return super::product(&super::explain::of_model(name, understood)?);
    }
    if arguments.draft_prompt {
        return super::product(&super::draft_prompt::text(understood));
    }
    super::product(&match (arguments.emit, arguments.format) {
        (Some(ReadingStage::Statements), _) => underpin_read::lines_text(reading, sources),
        (Some(ReadingStage::Model), _) => underpin_model::model_text(model, sources),
        (None, ModelFormat::Text) => {
            let mut text = underpin_model::model_text(model, sources);
            for coverage in &reading.coverage {
                let _ = writeln!(text, "coverage {coverage}");
            }
            text
        }
        (None, ModelFormat::Json) => {
            return super::product_json(understood.model_file());
        }
        (None, ModelFormat::Yaml) => wire::model_yaml(&understood.model_file()),
    })
}
