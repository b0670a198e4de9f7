//! The stages in their order, from documents on.

use std::path::Path;

use underpin_base::{Diagnostic, Sources};
use underpin_model::Model;
use underpin_read::Reading;

use crate::codes;
use crate::input::{self, Given};
use crate::progress::Progress;
use crate::wire::{self, ModelFile};

/// Documents, what they say, and what is wrong with them.
#[derive(Debug)]
pub(crate) struct Understood {
    pub(crate) sources: Sources,
    pub(crate) reading: Reading,
    pub(crate) model: Model,
    /// Of all stages so far, in their order.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Whether there is something to design: all input could be read, and it describes an entity.
    pub(crate) usable: bool,
}

impl Understood {
    /// The model in its serialised form.
    pub(crate) fn model_file(&self) -> ModelFile {
        wire::model_file(&self.model, &self.reading.coverage, &self.diagnostics, &self.sources)
    }
}

/// Reads the documents under the given paths and builds their model.
pub(crate) fn understand(
    given: &[Given],
    output: Option<&Path>,
    progress: &mut Progress,
) -> Understood {
    let input::Input { sources, mut diagnostics } =
        progress.stage("collect", || input::collect(given, output));
    if !diagnostics.is_empty() {
        // Part of the documents would give a part of the model, and what is missing would look like a mistake of theirs.
        let (reading, model) = (Reading::default(), Model::default());
        return Understood { sources, reading, model, diagnostics, usable: false };
    }
    let reading = progress.stage("read", || underpin_read::read(&sources));
    let model = progress.stage("model", || underpin_model::build(&reading, &sources));
    diagnostics.extend_from_slice(&reading.diagnostics);
    diagnostics.extend_from_slice(&model.diagnostics);
    let usable = !model.entities.is_empty();
    if !usable {
        diagnostics.push(no_entity(&sources));
    }
    Understood { sources, reading, model, diagnostics, usable }
}

fn no_entity(sources: &Sources) -> Diagnostic {
    let names: Vec<&str> = sources.iter().map(|(_, document)| document.path()).collect();
    let read = match names[..] {
        [only] => format!("`{only}`"),
        [first, .., last] => format!("the {} documents from `{first}` to `{last}`", names.len()),
        [] => "the input".to_owned(),
    };
    Diagnostic::error(codes::NO_ENTITY, format!("no entity was found in {read}, so there is nothing to design"))
        .help("describe an entity in a table of fields, a list of fields, a mermaid erDiagram or a CREATE TABLE")
}
