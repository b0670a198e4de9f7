//! Which files of a path are documents.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

use underpin_base::Diagnostic;

use super::{Given, shown, unreadable};
use crate::codes;
use crate::model_file::MODEL_FILE;
use crate::{output, wire};

/// What the reader understands, beside `underpin.yaml`. A file that is named itself is read whatever its name.
const EXTENSIONS: [&str; 11] =
    ["md", "markdown", "mdx", "mmd", "mermaid", "puml", "plantuml", "sql", "prisma", "dbml", "txt"];

/// Formats of many things, of which schemas and interfaces are read.
const OF_MANY_THINGS: [&str; 3] = ["json", "yaml", "yml"];

/// Folders of other people's files, and ours.
const PASSED_OVER: [&str; 4] = ["node_modules", "target", "vendor", "persistence"];

/// The folder of a project that holds its documents.
const DOCUMENTS: &str = "docs";

/// The one document that its convention puts beside `docs`.
const INITIAL: &str = "INITIAL.md";

/// What lies under a path.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The documents, by name.
    pub(super) documents: Vec<Given>,
    /// How the files are shown that are none.
    passed_over: Vec<String>,
}

impl Found {
    /// Says which files of a folder count for nothing.
    pub(super) fn note(&self, folder: &Given) -> Option<Diagnostic> {
        let count = self.passed_over.len();
        let files = match count {
            0 => return None,
            1 => "1 file".to_owned(),
            _ => format!("{count} files"),
        };
        let mut names: Vec<String> =
            self.passed_over.iter().take(NAMED).map(|name| format!("`{name}`")).collect();
        if count > NAMED {
            names.push(format!("and {} more", count - NAMED));
        }
        let verb = if count == 1 { "is" } else { "are" };
        let message =
            format!("{files} in `{}` {verb} not read: {}", folder.shown, names.join(", "));
        let help = format!(
            "documents end in .{} and hold something; name a file itself to have it read",
            EXTENSIONS.join(", .")
        );
        Some(Diagnostic::note(codes::NOT_READ, message).help(help))
    }
}

/// So many files that are not read are called by their names.
const NAMED: usize = 5;

/// The documents under one path. None is an error.
pub(super) fn files(given: &Given, output: Option<&Path>) -> Result<Found, Box<Diagnostic>> {
    let metadata = fs::metadata(&given.path).map_err(|error| Box::new(missing(given, &error)))?;
    if metadata.is_file() {
        return Ok(Found { documents: vec![given.clone()], ..Found::default() });
    }
    if !metadata.is_dir() {
        let message =
            format!("`{}` is neither a file nor a folder, so it is not read", given.shown);
        return Err(Box::new(
            Diagnostic::error(codes::NOT_A_FILE, message)
                .help("give a document or a folder of documents"),
        ));
    }
    let mut found = Found::default();
    let documents = child(given, DOCUMENTS);
    if documents.path.is_dir() {
        let initial = child(given, INITIAL);
        if initial.path.is_file() {
            found.documents.push(initial);
        }
        walk(&documents, output, &mut found)?;
    } else {
        walk(given, output, &mut found)?;
    }
    if found.documents.is_empty() {
        let message = format!("the folder `{}` holds no document", given.shown);
        return Err(Box::new(
            Diagnostic::error(codes::NO_DOCUMENT, message)
                .help(format!("documents end in .{}", EXTENSIONS.join(", ."))),
        ));
    }
    Ok(found)
}

/// The schema that lies beside a model file, which describes no domain.
fn is_our_schema(path: &Path) -> bool {
    path.ends_with(wire::SCHEMA_FILE)
}

/// Whether one path is a file that can be opened: a draft is no folder.
pub(super) fn file(given: &Given) -> Result<(), Box<Diagnostic>> {
    let metadata = fs::metadata(&given.path).map_err(|error| Box::new(missing(given, &error)))?;
    if metadata.is_file() {
        return Ok(());
    }
    let message = format!("the draft `{}` is no file, so it is not read", given.shown);
    Err(Box::new(Diagnostic::error(codes::NOT_A_FILE, message).help("give a file of YAML")))
}

fn missing(given: &Given, error: &io::Error) -> Diagnostic {
    if error.kind() == io::ErrorKind::NotFound {
        let message = format!("`{}` does not exist, so nothing was read", given.shown);
        Diagnostic::error(codes::PATH_NOT_FOUND, message)
            .help("check the spelling; a path is seen from the folder in which you run underpin")
    } else {
        unreadable(&given.shown, error)
    }
}

fn child(folder: &Given, name: &str) -> Given {
    let shown =
        if folder.shown == "." { name.to_owned() } else { format!("{}/{name}", folder.shown) };
    Given { shown, path: folder.path.join(name) }
}

fn walk(folder: &Given, output: Option<&Path>, found: &mut Found) -> Result<(), Box<Diagnostic>> {
    let refused = |error: io::Error| Box::new(unreadable(&folder.shown, &error));
    let mut entries = Vec::new();
    for entry in fs::read_dir(&folder.path).map_err(refused)? {
        entries.push(entry.map_err(refused)?);
    }
    // The system's order is not the same from machine to machine.
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name();
        let text = shown(Path::new(&name));
        let shown =
            if folder.shown == "." { text.clone() } else { format!("{}/{text}", folder.shown) };
        let next = Given { shown, path: entry.path() };
        let kind = entry.file_type().map_err(refused)?;
        // A link to a folder may lead back here; a link to a document is one.
        let is_file = kind.is_file() || (kind.is_symlink() && next.path.is_file());
        if text.starts_with('.') {
            continue;
        }
        if kind.is_dir() {
            let own =
                output.is_some_and(|it| next.path.canonicalize().is_ok_and(|path| path == it));
            if !own && !PASSED_OVER.contains(&text.as_str()) && !output::is_ours(&next.path) {
                walk(&next, output, found)?;
            }
        } else if is_our_schema(&next.path) || is_written_by_us(&next.path, output) {
            continue;
        } else if is_file && (is_document(&next.path) || is_schema(&next.path)) {
            // An empty file is read as well, as the document that it will be; that nothing is in it is worth a word.
            if entry.metadata().is_ok_and(|it| it.is_file() && it.len() == 0) {
                found.passed_over.push(next.shown.clone());
            }
            found.documents.push(next);
        } else {
            found.passed_over.push(next.shown);
        }
    }
    Ok(())
}

fn is_document(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == MODEL_FILE)
        || path
            .extension()
            .and_then(|extension| extension.to_str())
            .is_some_and(|extension| EXTENSIONS.contains(&extension.to_ascii_lowercase().as_str()))
}

/// Whether a file of JSON or YAML says in its first lines that it is a schema or describes an interface. A folder holds
/// many others, which are none of our business; one that is named itself is read and answered for.
fn is_schema(path: &Path) -> bool {
    const FIRST: u64 = 4096;
    let is_meant = path
        .extension()
        .and_then(|extension| extension.to_str())
        .is_some_and(|it| OF_MANY_THINGS.contains(&it.to_ascii_lowercase().as_str()));
    if !is_meant {
        return false;
    }
    let mut bytes = Vec::new();
    let opened = fs::File::open(path).and_then(|file| file.take(FIRST).read_to_end(&mut bytes));
    // What cannot be read is no schema that we know of.
    opened.is_ok() && underpin_read::is_schema(&String::from_utf8_lossy(&bytes))
}

/// The model file that this run writes is no document of its own input, wherever it lies.
fn is_written_by_us(path: &Path, output: Option<&Path>) -> bool {
    path.file_name().is_some_and(|name| name == MODEL_FILE)
        && output.is_some_and(|output| {
            path.parent().and_then(|it| it.canonicalize().ok()).is_some_and(|it| it == output)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use underpin_testkit::temp_dir_with;

    fn names(files: &[(&str, &str)], output: Option<&str>) -> Vec<String> {
        let folder = temp_dir_with(files);
        let given = Given { shown: "x".to_owned(), path: folder.path().to_owned() };
        let output = output.map(|name| folder.path().join(name).canonicalize().unwrap());
        super::files(&given, output.as_deref())
            .unwrap()
            .documents
            .into_iter()
            .map(|it| it.shown)
            .collect()
    }

    #[test]
    fn documents_come_by_name_and_others_not_at_all() {
        let files = [
            ("b.md", ""),
            ("a/z.SQL", ""),
            ("a/underpin.yaml", ""),
            ("a/other.yaml", ""),
            ("c.png", ""),
            ("contracts/api.yaml", "# ours\nopenapi: 3.0.3\n"),
            (
                "contracts/order.json",
                "{ \"$schema\": \"https://json-schema.org/draft/2020-12/schema\" }",
            ),
            ("package.json", "{ \"name\": \"openapi\" }"),
            (".git/x.md", ""),
            ("node_modules/x.md", ""),
            ("persistence/docs/x.md", ""),
            ("made/x.md", ""),
        ];
        assert_eq!(
            names(&files, Some("made")),
            [
                "x/a/underpin.yaml",
                "x/a/z.SQL",
                "x/b.md",
                "x/contracts/api.yaml",
                "x/contracts/order.json"
            ]
        );
    }

    #[test]
    fn a_project_is_read_from_its_docs() {
        let files =
            [("README.md", ""), ("INITIAL.md", ""), ("docs/a.md", ""), ("src/notes.md", "")];
        assert_eq!(names(&files, None), ["x/INITIAL.md", "x/docs/a.md"]);
    }

    #[test]
    fn what_is_not_read_is_said() {
        let said = |files: &[(&str, &str)]| {
            let folder = temp_dir_with(files);
            let given = Given { shown: "x".to_owned(), path: folder.path().to_owned() };
            super::files(&given, None).unwrap().note(&given).map(|it| it.message)
        };
        assert_eq!(
            said(&[("a.md", "x"), ("b.png", ""), ("c/d.docx", "x"), ("e.md", "")]).unwrap(),
            "3 files in `x` are not read: `x/b.png`, `x/c/d.docx`, `x/e.md`"
        );
        let many: Vec<(String, &str)> = (0..9).map(|at| (format!("{at}.png"), "x")).collect();
        let mut many: Vec<(&str, &str)> = many.iter().map(|(name, it)| (&**name, *it)).collect();
        many.push(("a.md", "x"));
        assert!(said(&many).unwrap().ends_with("`x/4.png`, and 4 more"));
        assert_eq!(said(&[("a.md", "x"), (".hidden", ""), ("node_modules/x.js", "")]), None);
    }

    #[test]
    fn an_empty_folder_is_refused() {
        let folder = temp_dir_with(&[("picture.png", "")]);
        let given = Given::from_user(folder.path());
        assert_eq!(files(&given, None).unwrap_err().code, codes::NO_DOCUMENT);
    }
}
