//! The stages in their order, from documents on.

use std::path::Path;

use underpin_base::{Diagnostic, Sources};
use underpin_claim::Verification;
use underpin_logical::LogicalDesign;
use underpin_model::{Assumptions, Model};
use underpin_physical::{
    PhysicalDesign, growth_claims, load_claims, load_mix, share_claims, worth_claims,
};
use underpin_read::Reading;

use crate::expression_edits;
use crate::input::{self, Given};
use crate::model_file::{self, Held, MODEL_FILE};
use crate::output::Files;
use crate::progress::Progress;
use crate::round_trip;
use crate::wire::{self, ModelFile};

/// Documents, what they say, and what is wrong with them.
#[derive(Debug)]
pub(crate) struct Understood {
    pub(crate) sources: Sources,
    /// The documents alone, without the model file.
    pub(crate) documents: Sources,
    pub(crate) reading: Reading,
    pub(crate) model: Model,
    /// Of all stages so far, in their order.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The model file, as it is to be written to the output folder; none where there is nothing to write.
    pub(crate) file: Option<String>,
    /// The one that lies there.
    pub(crate) held: Option<Held>,
    /// Whether there is something to design: all input could be read, and it describes an entity.
    pub(crate) usable: bool,
}

impl Understood {
    /// The model in its serialised form.
    pub(crate) fn model_file(&self) -> ModelFile {
        wire::model_file(&self.model, &self.reading.coverage, &self.diagnostics, &self.sources)
    }
}

impl Understood {
    fn nothing(sources: Sources) -> Self {
        let (reading, model, diagnostics) = (Reading::default(), Model::default(), Vec::new());
        let documents = sources.clone();
        Self {
            sources,
            documents,
            reading,
            model,
            diagnostics,
            file: None,
            held: None,
            usable: false,
        }
    }

    /// The model file as it is to be written.
    pub(crate) fn file_bytes(&self) -> Vec<u8> {
        let text = self.file.clone().unwrap_or_default();
        self.held.as_ref().map_or_else(|| text.clone().into_bytes(), |held| held.bytes(&text))
    }
}

/// As [`understand`], with another text in place of the model file that lies in the output folder.
pub(crate) fn with_text(
    understood: &Understood,
    text: String,
    assumptions: Assumptions,
) -> Understood {
    let held = understood.held.as_ref().map(|it| it.with_text(text));
    let sources = &understood.documents;
    let joined = round_trip::join(&understood.reading, sources, held.as_ref(), assumptions);
    let diagnostics = [&*understood.reading.diagnostics, &joined.diagnostics].concat();
    let usable = !joined.model.entities.is_empty() && joined.usable;
    Understood {
        documents: sources.clone(),
        sources: joined.sources,
        reading: understood.reading.clone(),
        model: joined.model,
        diagnostics,
        file: joined.file,
        held,
        usable,
    }
}

/// The artifact that makes the whole schema; it shows nothing that was measured.
pub(crate) const SCRIPT: &str = "schema.sql";

/// What was understood, and the design made of it.
#[derive(Debug)]
pub(crate) struct Designed {
    pub(crate) understood: Understood,
    pub(crate) logical: LogicalDesign,
    pub(crate) physical: PhysicalDesign,
    /// Of all stages, in their order.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Designs what was understood.
pub(crate) fn design(understood: Understood, progress: &mut Progress) -> Designed {
    let model = &understood.model;
    let logical = progress.stage("logical", || underpin_logical::design(model));
    let physical = progress.stage("physical", || underpin_physical::design(model, &logical));
    let diagnostics =
        [&*understood.diagnostics, &logical.diagnostics, &physical.diagnostics].concat();
    Designed { understood, logical, physical, diagnostics }
}

impl Designed {
    /// Claims also what can be judged only at a size: how queries grow, what each index is worth, and that the stated
    /// mix is kept up.
    pub(crate) fn claim_at(&mut self, rows: u64) {
        let growth = growth_claims(&self.physical, rows);
        let shares = share_claims(&self.physical, rows);
        let worth = worth_claims(&self.physical, rows);
        let load = load_claims(&load_mix(&self.physical, None), rows);
        // The load last: it writes.
        self.physical.claims.extend(growth.into_iter().chain(shares).chain(worth).chain(load));
    }

    /// The files that `emit` makes of the design and what was found out about it.
    pub(crate) fn artifacts(&self, verification: &Verification) -> Files {
        let input = underpin_emit::Input {
            sources: &self.understood.sources,
            model: &self.understood.model,
            logical: &self.logical,
            physical: &self.physical,
            verification,
            version: env!("CARGO_PKG_VERSION"),
        };
        underpin_emit::emit(&input).into_iter().map(|it| (it.path, it.bytes)).collect()
    }

    /// The script of the whole schema, as it is written to the output folder.
    pub(crate) fn script(&self) -> String {
        let unproven = Verification::not_run(&self.physical.claims, "not run yet");
        let bytes = self
            .artifacts(&unproven)
            .remove(SCRIPT)
            .expect("invariant: emit always makes the script of the schema");
        String::from_utf8(bytes).expect("invariant: SQL is text")
    }
}

/// Reads the documents under the given paths, with what is drafted about them, and builds their model.
pub(crate) fn understand(
    given: &[Given],
    drafts: &[Given],
    assumptions: Assumptions,
    output: Option<&Path>,
    progress: &mut Progress,
) -> Understood {
    understand_without(None, given, drafts, assumptions, output, progress)
}

/// As [`understand`], but for one file, which is no document though it may lie among them.
pub(crate) fn understand_without(
    except: Option<&Path>,
    given: &[Given],
    drafts: &[Given],
    assumptions: Assumptions,
    output: Option<&Path>,
    progress: &mut Progress,
) -> Understood {
    let input::Input { sources, drafts, mut diagnostics, notes } =
        progress.stage("collect", || input::collect(given, drafts, output, except));
    if !diagnostics.is_empty() {
        // Part of the documents would give a part of the model, and what is missing would look like a mistake of theirs.
        return Understood { diagnostics, ..Understood::nothing(sources) };
    }
    diagnostics.extend(notes);
    let misshapen = model_files(&sources);
    if !misshapen.is_empty() {
        diagnostics.extend(misshapen);
        return Understood { diagnostics, ..Understood::nothing(sources) };
    }
    let held = match round_trip::held(output) {
        Ok(held) => held,
        Err(diagnostic) => {
            diagnostics.push(*diagnostic);
            return Understood { diagnostics, ..Understood::nothing(sources) };
        }
    };
    let mut reading = progress.stage("read", || underpin_read::read_with(&sources, &drafts));
    if reading.refused {
        diagnostics.append(&mut reading.diagnostics);
        return Understood { diagnostics, ..Understood::nothing(sources) };
    }
    diagnostics.extend(expression_edits::follow(&mut reading, &sources, assumptions));
    let joined = progress.stage("model", || match output {
        Some(_) => round_trip::join(&reading, &sources, held.as_ref(), assumptions),
        None => round_trip::alone(&reading, &sources, assumptions),
    });
    let documents = sources;
    let round_trip::Joined { sources, model, diagnostics: of_model, file, usable } = joined;
    diagnostics.extend_from_slice(&reading.diagnostics);
    reading.lose(round_trip::unkept(&of_model), &sources);
    diagnostics.extend(of_model);
    // The model says so itself where it holds none.
    let usable = !model.entities.is_empty() && usable;
    Understood { sources, documents, reading, model, diagnostics, file, held, usable }
}

/// What is wrong with the model files among the documents: what is of the wrong shape says nothing, and would be passed over.
fn model_files(sources: &Sources) -> Vec<Diagnostic> {
    let is_one = |path: &str| Path::new(path).file_name().is_some_and(|name| name == MODEL_FILE);
    let files = sources.iter().filter(|(_, it)| is_one(it.path()));
    files.flat_map(|(id, _)| model_file::remarks(sources, id)).collect()
}
