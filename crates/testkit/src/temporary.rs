//! Temporary folders, removed when the test ends, also when it fails.

use std::fs;

use tempfile::TempDir;

/// An empty folder of the test's own.
///
/// # Panics
/// Where the machine has no room for one.
pub fn temp_dir() -> TempDir {
    tempfile::Builder::new()
        .prefix("underpin-test-")
        .tempdir()
        .expect("the machine gives a test a temporary folder")
}

/// A folder that holds these files: path inside it, and text.
///
/// # Panics
/// Where a file cannot be written.
pub fn temp_dir_with(files: &[(&str, &str)]) -> TempDir {
    let folder = temp_dir();
    for (path, text) in files {
        let path = folder.path().join(path);
        let parent = path.parent().expect("invariant: a file stands in a folder");
        fs::create_dir_all(parent).expect("a temporary folder can be written");
        fs::write(&path, text).expect("a temporary folder can be written");
    }
    folder
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_stand_where_they_were_asked_for() {
        let folder = temp_dir_with(&[("docs/a.md", "# A\n")]);
        let path = folder.path().to_owned();
        assert_eq!(fs::read_to_string(path.join("docs/a.md")).unwrap(), "# A\n");
        drop(folder);
        assert!(!path.exists());
    }
}
