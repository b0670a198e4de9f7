//! Files that are made from the code and committed. `--check` fails where one is stale.

mod codes;
mod notations;
mod schema;

use std::collections::BTreeMap;

use crate::Outcome;
use crate::workspace::Root;

/// Whether to write the generated files or to hold the committed ones against them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Write,
    Check,
}

/// Path relative to the root, and text.
type Files = BTreeMap<String, String>;

/// One kind of generated file.
struct Generator {
    /// The folder that is this generator's own: a file there that it does not make is an orphan.
    folder: &'static str,
    extension: &'static str,
    files: fn(&Root) -> Files,
}

/// All of them, in the order in which their files are written.
const GENERATORS: &[Generator] = &[
    Generator { folder: codes::FOLDER, extension: "md", files: codes::files },
    Generator { folder: notations::FOLDER, extension: "md", files: notations::files },
    Generator {
        folder: notations::FUZZ_FOLDER,
        extension: "toml",
        files: notations::fuzz_manifest,
    },
    Generator { folder: schema::FOLDER, extension: "json", files: schema::files },
];

const COMMAND: &str = "run `cargo xtask codegen` and commit what it writes";

pub(crate) fn run(root: &Root, mode: Mode) -> Outcome {
    let mut remarks = Vec::new();
    let mut count = 0;
    let mut changed = 0;
    for generator in GENERATORS {
        let made = (generator.files)(root);
        count += made.len();
        let there = committed(root, generator);
        for difference in compare(&made, &there) {
            match mode {
                Mode::Check => remarks.push(difference.remark()),
                Mode::Write => {
                    changed += 1;
                    if let Err(remark) = difference.mend(root, &made) {
                        remarks.push(remark);
                    }
                }
            }
        }
    }
    match (remarks.is_empty(), mode) {
        (true, Mode::Check) => Ok(format!("{count} generated files are fresh")),
        (true, Mode::Write) => Ok(format!("{count} generated files, {changed} changed")),
        (false, _) => Err(remarks),
    }
}

fn committed(root: &Root, generator: &Generator) -> Files {
    root.files(generator.folder, generator.extension)
        .into_iter()
        .map(|file| (file.path, file.text))
        .collect()
}

/// How a committed file differs from what the code makes.
#[derive(Debug, PartialEq, Eq)]
enum Difference<'a> {
    Missing(&'a str),
    Stale(&'a str),
    Orphan(&'a str),
}

fn compare<'a>(made: &'a Files, there: &'a Files) -> Vec<Difference<'a>> {
    let mut differences = Vec::new();
    for (path, text) in made {
        match there.get(path) {
            None => differences.push(Difference::Missing(path)),
            Some(committed) if committed != text => differences.push(Difference::Stale(path)),
            Some(_) => {}
        }
    }
    differences.extend(
        there.keys().filter(|path| !made.contains_key(*path)).map(|path| Difference::Orphan(path)),
    );
    differences
}

impl Difference<'_> {
    fn remark(&self) -> String {
        match self {
            Self::Missing(path) => format!("{path} is missing: {COMMAND}"),
            Self::Stale(path) => format!("{path} is stale: {COMMAND}"),
            Self::Orphan(path) => format!("{path} is made by nothing any more: {COMMAND}"),
        }
    }

    fn mend(&self, root: &Root, made: &Files) -> Result<(), String> {
        match self {
            Self::Missing(path) | Self::Stale(path) => root.write(path, &made[*path]),
            Self::Orphan(path) => root.remove(path),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(pairs: &[(&str, &str)]) -> Files {
        pairs.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn generated_files_are_fresh() {
        if let Err(remarks) = run(&Root::own(), Mode::Check) {
            panic!("{}", remarks.join("\n"));
        }
    }

    #[test]
    fn every_difference_is_found_and_names_the_command() {
        let made = files(&[("a", "1"), ("b", "1"), ("c", "1")]);
        let there = files(&[("a", "1"), ("b", "2"), ("d", "1")]);
        let differences = compare(&made, &there);
        assert_eq!(
            differences,
            [Difference::Stale("b"), Difference::Missing("c"), Difference::Orphan("d")]
        );
        for difference in differences {
            assert!(difference.remark().contains("cargo xtask codegen"), "{difference:?}");
        }
    }

    #[test]
    fn what_was_written_is_fresh() {
        let folder = tempfile::tempdir().unwrap();
        let root = Root::at(folder.path());
        root.write("docs/codes/OLD.md", "orphan").unwrap();
        run(&root, Mode::Write).unwrap();
        run(&root, Mode::Check).unwrap();
        assert!(root.read("docs/codes/OLD.md").is_err());
    }
}
