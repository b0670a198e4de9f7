//! What every Rust file keeps to.

use crate::workspace::TextFile;

/// Above this a file does more than one thing.
const LONGEST: usize = 600;

/// Words that say "not done". Split, so that this file does not find itself.
const UNFINISHED: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("unimplement", "ed!("),
    concat!("XX", "X:"),
];

pub(super) fn begins_with_its_purpose(file: &TextFile) -> Option<String> {
    let said = file.text.lines().next().is_some_and(|line| {
        line.strip_prefix("//!").is_some_and(|purpose| !purpose.trim().is_empty())
    });
    (!said).then(|| format!("{}:1: the first line is not `//! what this file is for`", file.path))
}

pub(super) fn is_short(file: &TextFile) -> Option<String> {
    let lines = file.text.lines().count();
    (lines > LONGEST).then(|| {
        format!("{}: {lines} lines; split it by subject (the limit is {LONGEST})", file.path)
    })
}

/// Whether a comment begins with a word: what documents are read for may stand in a text, or be quoted in a comment.
/// A macro is one wherever it stands.
fn announces(line: &str, word: &str) -> bool {
    const COMMENTS: &[&str] = &["//", "//!", "#", "--", "/*"];
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].trim_end();
        word.ends_with('(') || COMMENTS.iter().any(|mark| before.ends_with(mark))
    })
}

pub(super) fn is_finished(file: &TextFile) -> Vec<String> {
    let mut remarks = Vec::new();
    for (at, line) in file.text.lines().enumerate() {
        if let Some(word) = UNFINISHED.iter().find(|word| announces(line, word)) {
            remarks.push(format!(
                "{}:{}: `{word}` says that something is missing: do it, or file an issue",
                file.path,
                at + 1
            ));
        }
    }
    remarks
}

pub(super) fn has_no_trailing_space(file: &TextFile) -> Vec<String> {
    let mut remarks = Vec::new();
    for (at, line) in file.text.split('\n').enumerate() {
        if line.ends_with([' ', '\t', '\r']) {
            remarks.push(format!("{}:{}: space at the end of the line", file.path, at + 1));
        }
    }
    remarks
}

/// The lint is off in the workspace, so a pure crate that forgets to switch it on would be held to nothing.
pub(super) fn pure_crates_say_so(files: &[TextFile], pure: &[&str]) -> Vec<String> {
    let mut remarks = Vec::new();
    for name in pure {
        let path = format!("crates/{name}/src/lib.rs");
        let Some(file) = files.iter().find(|file| file.path == path) else { continue };
        let first =
            file.text.lines().find(|line| !line.starts_with("//") && !line.trim().is_empty());
        if first != Some("#![deny(clippy::disallowed_methods)]") {
            remarks.push(format!(
                "{path}: the first line after `//!` is not `#![deny(clippy::disallowed_methods)]`: `{name}` is pure"
            ));
        }
    }
    remarks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> TextFile {
        TextFile { path: "crates/pg/src/lib.rs".to_owned(), text: text.to_owned() }
    }

    #[test]
    fn purpose() {
        assert_eq!(begins_with_its_purpose(&file("//! Types.\n")), None);
        assert!(begins_with_its_purpose(&file("//!\nuse a;\n")).is_some());
        assert!(begins_with_its_purpose(&file("use a;\n")).is_some());
        assert!(begins_with_its_purpose(&file("")).is_some());
    }

    #[test]
    fn length() {
        assert_eq!(is_short(&file(&"x\n".repeat(LONGEST))), None);
        assert!(is_short(&file(&"x\n".repeat(LONGEST + 1))).unwrap().contains("601 lines"));
    }

    #[test]
    fn unfinished_work() {
        let remarks = is_finished(&file(&format!("//! A.\n// {} later\n", UNFINISHED[0])));
        assert_eq!(remarks.len(), 1);
        assert!(remarks[0].starts_with("crates/pg/src/lib.rs:2:"), "{remarks:?}");
    }

    #[test]
    fn trailing_space() {
        assert_eq!(has_no_trailing_space(&file("a\n \nb\t\n")).len(), 2);
        assert_eq!(has_no_trailing_space(&file("a\n\n")), [""; 0]);
    }

    #[test]
    fn purity() {
        let deny =
            "//! A.\n//! B.\n\n#![deny(clippy::disallowed_methods)]\n#![warn(missing_docs)]\n";
        assert_eq!(pure_crates_say_so(&[file(deny)], &["pg"]), [""; 0]);
        assert_eq!(pure_crates_say_so(&[file("//! A.\nmod a;\n")], &["pg"]).len(), 1);
        assert_eq!(pure_crates_say_so(&[file("//! A.\nmod a;\n")], &["claim"]), [""; 0]);
    }
}
