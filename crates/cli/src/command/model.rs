//! `underpin model`: the model that the documents describe.

use crate::arguments::{ModelArguments, ModelFormat};
use crate::exit::{Exit, Failure};
use crate::progress::Progress;
use crate::{pipeline, wire};

pub(super) fn run(arguments: &ModelArguments, progress: &mut Progress) -> Result<Exit, Failure> {
    let understood = pipeline::understand(&super::given(&arguments.documents.paths), None, progress);
    let file = wire::model_file(
        &understood.model,
        &understood.reading.coverage,
        &understood.diagnostics,
        &understood.sources,
    );
    super::product(&match arguments.format {
        ModelFormat::Text => wire::model_text(&file),
        ModelFormat::Json => wire::model_json(&file),
        ModelFormat::Yaml => wire::model_yaml(&file),
    })?;
    Ok(super::judge(&understood.diagnostics, &understood.sources))
}
