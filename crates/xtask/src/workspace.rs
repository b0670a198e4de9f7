//! Where the repository is and which files it holds.

use std::fs;
use std::path::{Path, PathBuf};

/// The root folder of a copy of the repository.
#[derive(Debug, Clone)]
pub(crate) struct Root(PathBuf);

/// A text file of the repository.
#[derive(Debug)]
pub(crate) struct TextFile {
    /// Relative to the root, with `/` between the parts.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// Folders that hold no source of ours, wherever they stand.
const PASSED_OVER: &[&str] =
    &["target", ".git", "node_modules", "persistence", "proptest-regressions"];

impl Root {
    /// The repository that this binary was built in.
    pub(crate) fn own() -> Self {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
        Self(manifest.ancestors().nth(2).unwrap_or(manifest).to_owned())
    }

    pub(crate) fn at(folder: &Path) -> Self {
        Self(folder.to_owned())
    }

    pub(crate) fn join(&self, relative: &str) -> PathBuf {
        self.0.join(relative)
    }

    /// Every file with this extension under `relative`, in path order.
    pub(crate) fn files(&self, relative: &str, extension: &str) -> Vec<TextFile> {
        let mut found = Vec::new();
        for path in self.paths(relative) {
            if Path::new(&path).extension().is_none_or(|it| it != extension) {
                continue;
            }
            // A file that is not UTF-8 is not one of ours to read: rustc or cargo refuses it already.
            if let Ok(text) = fs::read_to_string(self.join(&path)) {
                found.push(TextFile { path, text });
            }
        }
        found
    }

    /// The path of every file under `relative`, in order.
    pub(crate) fn paths(&self, relative: &str) -> Vec<String> {
        let mut paths = Vec::new();
        let mut folders = vec![self.join(relative)];
        while let Some(folder) = folders.pop() {
            let Ok(entries) = fs::read_dir(&folder) else { continue };
            for entry in entries.flatten() {
                let path = entry.path();
                let name = entry.file_name();
                // `metadata` of the entry does not follow links, so a circle of links ends here.
                if entry.metadata().is_ok_and(|it| it.is_dir()) {
                    if !PASSED_OVER.iter().any(|it| name == *it) {
                        folders.push(path);
                    }
                } else if let Ok(inside) = path.strip_prefix(&self.0) {
                    let parts: Vec<_> =
                        inside.components().map(|it| it.as_os_str().to_string_lossy()).collect();
                    paths.push(parts.join("/"));
                }
            }
        }
        paths.sort();
        paths
    }

    /// The folder names of `crates/`, in order.
    pub(crate) fn crates(&self) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.join("crates")) else { return Vec::new() };
        let mut names: Vec<String> = entries
            .flatten()
            .filter(|entry| entry.path().join("Cargo.toml").is_file())
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    pub(crate) fn read(&self, relative: &str) -> Result<String, String> {
        fs::read_to_string(self.join(relative))
            .map_err(|error| format!("{relative} cannot be read: {error}"))
    }

    pub(crate) fn write(&self, relative: &str, text: &str) -> Result<(), String> {
        let path = self.join(relative);
        let written = match path.parent() {
            Some(folder) => fs::create_dir_all(folder).and_then(|()| fs::write(&path, text)),
            None => fs::write(&path, text),
        };
        written.map_err(|error| format!("{relative} cannot be written: {error}"))
    }

    pub(crate) fn remove(&self, relative: &str) -> Result<(), String> {
        fs::remove_file(self.join(relative))
            .map_err(|error| format!("{relative} cannot be removed: {error}"))
    }
}
