//! From the paths of the command line to documents.

mod document;
mod walk;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use underpin_base::{Diagnostic, DocumentId, Sources};

use crate::codes;

/// A path that was given: how it is shown to people, and where it lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Given {
    /// As the user wrote it, with `/` between its parts.
    pub(crate) shown: String,
    /// Where it lies, seen from the folder in which the command runs.
    pub(crate) path: PathBuf,
}

impl Given {
    /// The path that a user wrote.
    pub(crate) fn from_user(path: &Path) -> Self {
        Self { shown: shown(path), path: path.to_owned() }
    }
}

/// What was collected: the documents that could be read, and what is wrong with the rest.
#[derive(Debug, Default)]
pub(crate) struct Input {
    /// The documents, in the order in which their paths were given, those of a folder by name.
    pub(crate) sources: Sources,
    /// Those of them that are drafts; they come last.
    pub(crate) drafts: Vec<DocumentId>,
    /// Each is an error: with one of them the run ends before anything is designed.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// What else a reader should know of the folders that were given.
    pub(crate) notes: Vec<Diagnostic>,
}

/// Reads all documents under the given paths, and the drafts. `output` is passed over, wherever it lies, and
/// so is the file `except`.
pub(crate) fn collect(
    given: &[Given],
    drafts: &[Given],
    output: Option<&Path>,
    except: Option<&Path>,
) -> Input {
    let mut input = Input::default();
    let output = output.and_then(|output| output.canonicalize().ok());
    let mut seen: BTreeSet<PathBuf> =
        except.and_then(|except| except.canonicalize().ok()).into_iter().collect();
    for one in given {
        match walk::files(one, output.as_deref()) {
            Ok(found) => {
                input.notes.extend(found.note(one));
                for file in found.documents {
                    // One document given twice (`docs docs/a.md`) states its facts once.
                    let canonical = file.path.canonicalize().unwrap_or_else(|_| file.path.clone());
                    if seen.insert(canonical) {
                        document::add(&file, &mut input);
                    }
                }
            }
            Err(diagnostic) => input.diagnostics.push(*diagnostic),
        }
    }
    let documents = input.sources.len();
    for draft in drafts {
        match walk::file(draft) {
            Ok(()) => document::add(draft, &mut input),
            Err(diagnostic) => input.diagnostics.push(*diagnostic),
        }
    }
    input.drafts = input.sources.iter().skip(documents).map(|(id, _)| id).collect();
    input
}

/// A path as people read it: as given, with `/` between its parts, without control characters that would tear a line.
fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    let text =
        if std::path::MAIN_SEPARATOR == '\\' { text.replace('\\', "/") } else { text.into_owned() };
    let text: String = text
        .chars()
        .map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c })
        .collect();
    let trimmed = text.strip_prefix("./").unwrap_or(&text).trim_end_matches('/');
    if trimmed.is_empty() { text.clone() } else { trimmed.to_owned() }
}

/// Says what the system answered.
fn unreadable(shown: &str, error: &std::io::Error) -> Diagnostic {
    Diagnostic::error(codes::UNREADABLE, format!("`{shown}` cannot be read: {error}"))
        .help("give yourself the right to read it, or leave it out")
}
