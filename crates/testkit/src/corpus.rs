//! Real documents, kept outside the repository since they are other people's: a folder with one folder for each case.

use std::fs;
use std::path::{Path, PathBuf};

/// One case of the corpus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorpusCase {
    /// The name of its folder.
    pub name: String,
    /// The folder that holds its documents.
    pub folder: PathBuf,
}

/// The corpus that `UNDERPIN_CORPUS` names, if it names a folder that is there.
///
/// A test that needs it is marked `#[ignore = "needs UNDERPIN_CORPUS"]`, so that without a corpus it is counted as
/// skipped; `./test` runs the ignored tests where there is one.
pub fn corpus_dir() -> Option<PathBuf> {
    let folder = PathBuf::from(std::env::var_os("UNDERPIN_CORPUS")?);
    folder.is_dir().then_some(folder)
}

/// The cases of a corpus, by name.
///
/// # Panics
/// Where the folder cannot be listed.
pub fn corpus_cases(corpus: &Path) -> Vec<CorpusCase> {
    let mut cases: Vec<CorpusCase> = fs::read_dir(corpus)
        .unwrap_or_else(|error| panic!("{} cannot be listed: {error}", corpus.display()))
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .map(|entry| CorpusCase {
            name: entry.file_name().to_string_lossy().into_owned(),
            folder: entry.path(),
        })
        .collect();
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    cases
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::temp_dir_with;

    #[test]
    fn cases_come_by_name_and_loose_files_are_none() {
        let corpus = temp_dir_with(&[("b/docs/x.md", ""), ("a/x.md", ""), ("README.md", "")]);
        let cases = corpus_cases(corpus.path());
        let names: Vec<&str> = cases.iter().map(|case| case.name.as_str()).collect();
        assert_eq!(names, ["a", "b"]);
        assert_eq!(cases[0].folder, corpus.path().join("a"));
    }
}
