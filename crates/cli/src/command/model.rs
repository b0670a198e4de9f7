//! `underpin model`: the model that the documents describe.

use crate::arguments::{ModelArguments, ModelFormat};
use crate::exit::{Exit, Failure};
use crate::progress::Progress;
use crate::{pipeline, wire};

pub(super) fn run(arguments: &ModelArguments, progress: &mut Progress) -> Result<Exit, Failure> {
    let (given, drafts) = super::asked(&arguments.documents);
    let understood = pipeline::understand(&given, &drafts, None, progress);
    super::product(&match (arguments.statements, arguments.format) {
        (true, _) => underpin_read::statements_text(&understood.reading, &understood.sources),
        (false, ModelFormat::Text) => {
            underpin_model::model_text(&understood.model, &understood.sources)
        }
        (false, ModelFormat::Json) => wire::model_json(&understood.model_file()),
        (false, ModelFormat::Yaml) => wire::model_yaml(&understood.model_file()),
    })?;
    Ok(super::judge(&understood.diagnostics, &understood.sources))
}
