//! Golden folders: a case's `expected/` holds every file that the case must produce, byte for byte.
//!
//! `UPDATE_EXPECT=1` writes what was produced over what was expected, and removes what is produced no longer. The
//! change is then reviewed like code.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use snapbox::Data;
use snapbox::report::{Palette, write_diff};

/// What a case produced: the path inside the folder, with `/` between the parts, and the bytes.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Fails unless `produced` is exactly what stands in `expected`. With `UPDATE_EXPECT=1` it makes it so instead.
///
/// # Panics
/// Where a file differs, is missing or is expected and not produced; the message holds a unified diff.
#[track_caller]
pub fn assert_golden(expected: &Path, produced: &Files) {
    if std::env::var_os("UPDATE_EXPECT").is_some_and(|it| it != "0" && !it.is_empty()) {
        write_golden(expected, produced);
        return;
    }
    let remarks = differences(&files_of(expected), produced);
    assert!(
        remarks.is_empty(),
        "{} differs from what was produced:\n\n{}\nUPDATE_EXPECT=1 writes the goldens anew.",
        expected.display(),
        remarks.join("\n")
    );
}

/// One remark for each file that is not the same on both sides.
pub fn differences(expected: &Files, produced: &Files) -> Vec<String> {
    let mut remarks = Vec::new();
    for (path, actual) in produced {
        match expected.get(path) {
            Some(golden) if golden == actual => {}
            Some(golden) => remarks.push(diff(path, golden, actual)),
            None => remarks.push(format!("{path}: produced and not expected\n")),
        }
    }
    for path in expected.keys().filter(|path| !produced.contains_key(*path)) {
        remarks.push(format!("{path}: expected and not produced (an orphan)\n"));
    }
    remarks
}

fn diff(path: &str, expected: &[u8], actual: &[u8]) -> String {
    let (Ok(old), Ok(new)) = (str::from_utf8(expected), str::from_utf8(actual)) else {
        return format!(
            "{path}: {} bytes expected, {} other bytes produced\n",
            expected.len(),
            actual.len()
        );
    };
    let mut text = String::new();
    // `raw` keeps line endings as they are: a golden is compared by its bytes.
    write_diff(
        &mut text,
        &Data::text(old).raw(),
        &Data::text(new).raw(),
        Some(&format!("expected/{path}")),
        Some(&format!("produced/{path}")),
        Palette::plain(),
    )
    .expect("invariant: a String takes all that is written to it");
    text
}

/// Every file under a folder. A folder that is not there has none.
pub fn files_of(folder: &Path) -> Files {
    let mut files = Files::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        let Ok(entries) = fs::read_dir(&next) else { continue };
        for entry in entries {
            let path = entry.expect("a folder that opened can be listed").path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let inside = path.strip_prefix(folder).expect("invariant: found under the folder");
            let parts: Vec<_> =
                inside.components().map(|part| part.as_os_str().to_string_lossy()).collect();
            let bytes = fs::read(&path)
                .unwrap_or_else(|error| panic!("{} cannot be read: {error}", path.display()));
            files.insert(parts.join("/"), bytes);
        }
    }
    files
}

/// Makes the folder hold exactly `produced`.
///
/// # Panics
/// Where the folder cannot be written.
pub fn write_golden(expected: &Path, produced: &Files) {
    for path in files_of(expected).keys().filter(|path| !produced.contains_key(*path)) {
        fs::remove_file(expected.join(path)).expect("an orphan can be removed");
    }
    for (path, bytes) in produced {
        let path = expected.join(path);
        if fs::read(&path).is_ok_and(|there| there == *bytes) {
            continue;
        }
        let folder = path.parent().expect("invariant: a file stands in a folder");
        fs::create_dir_all(folder).expect("the folder of a golden can be made");
        fs::write(&path, bytes).expect("a golden can be written");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::temp_dir_with;

    fn files(pairs: &[(&str, &str)]) -> Files {
        pairs.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect()
    }

    #[test]
    fn the_same_bytes_pass() {
        let folder = temp_dir_with(&[("a.sql", "1\n"), ("docs/b.md", "2\n")]);
        assert_golden(folder.path(), &files(&[("a.sql", "1\n"), ("docs/b.md", "2\n")]));
    }

    #[test]
    fn a_changed_line_is_shown_as_a_diff() {
        let remarks = differences(&files(&[("a", "one\ntwo\n")]), &files(&[("a", "one\nthree\n")]));
        assert_eq!(remarks.len(), 1);
        for part in ["expected/a", "produced/a", "two", "three"] {
            assert!(remarks[0].contains(part), "{part} in\n{}", remarks[0]);
        }
    }

    #[test]
    fn line_endings_and_the_last_newline_count() {
        assert_eq!(differences(&files(&[("a", "1\n")]), &files(&[("a", "1\r\n")])).len(), 1);
        assert_eq!(differences(&files(&[("a", "1\n")]), &files(&[("a", "1")])).len(), 1);
    }

    #[test]
    fn orphans_on_either_side_are_refused() {
        let remarks = differences(&files(&[("old", "1")]), &files(&[("new", "1")]));
        assert_eq!(
            remarks,
            ["new: produced and not expected\n", "old: expected and not produced (an orphan)\n"]
        );
    }

    #[test]
    fn bytes_that_are_no_text_are_compared_too() {
        let expected = Files::from([("a".to_owned(), vec![0xff, 0])]);
        let produced = Files::from([("a".to_owned(), vec![0xff, 1, 2])]);
        assert_eq!(
            differences(&expected, &produced),
            ["a: 2 bytes expected, 3 other bytes produced\n"]
        );
    }

    #[test]
    fn writing_leaves_no_orphan() {
        let folder = temp_dir_with(&[("old", "1"), ("kept", "1")]);
        let produced = files(&[("kept", "2"), ("docs/new", "3")]);
        write_golden(folder.path(), &produced);
        assert_eq!(files_of(folder.path()), produced);
    }
}
