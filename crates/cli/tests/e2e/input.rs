//! Bad input: one clear diagnostic with file and line, the right exit code, and nothing written.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::{USER, underpin};
use underpin_testkit::{Ran, temp_dir, temp_dir_with};

/// Designs `path` in `folder`, and checks that nothing was written and that there is one diagnostic, of this code.
#[track_caller]
fn refused(folder: &Path, path: &str, code: &str) -> Ran {
    let ran = underpin().args(["design", path]).current_dir(folder).run().expect_code(1);
    assert_eq!(ran.stdout, "");
    assert_eq!(ran.stderr.matches("error[").count(), 1, "{}", ran.stderr);
    assert!(ran.stderr.contains(&format!("error[{code}]")), "{}", ran.stderr);
    assert!(!folder.join("persistence").exists());
    ran
}

#[track_caller]
fn says(ran: &Ran, words: &str) {
    assert!(ran.stderr.contains(words), "`{words}` in\n{}", ran.stderr);
}

#[test]
fn a_path_that_does_not_exist() {
    says(&refused(temp_dir().path(), "docs/model.md", "I001"), "`docs/model.md` does not exist");
}

#[test]
fn an_empty_folder() {
    let folder = temp_dir_with(&[("docs/picture.png", "")]);
    says(&refused(folder.path(), "docs", "I002"), "`docs` holds no document");
}

#[test]
fn documents_without_an_entity() {
    let folder =
        temp_dir_with(&[("docs/a.md", "# Plans\n\nWe will think about it.\n"), ("docs/b.md", "")]);
    says(&refused(folder.path(), "docs", "M014"), "no entity was found");
}

#[test]
fn a_file_that_is_not_utf8() {
    let folder = temp_dir();
    fs::write(folder.path().join("a.md"), b"# A\n\n- na\xefve\n").unwrap();
    let ran = refused(folder.path(), "a.md", "I004");
    says(&ran, "byte 9 (line 3) is 0xEF");
    says(&ran, "--> a.md:3:5");
}

#[test]
fn a_binary_file() {
    let folder = temp_dir();
    fs::write(folder.path().join("a.md"), b"\x7fELF\n\x00\x00").unwrap();
    says(&refused(folder.path(), "a.md", "I005"), "`a.md` is a binary file: byte 5 (line 2)");
}

#[test]
fn a_file_of_50_mb() {
    let folder = temp_dir();
    fs::File::create(folder.path().join("a.md")).unwrap().set_len(50_000_000).unwrap();
    says(
        &refused(folder.path(), "a.md", "I006"),
        "`a.md` has 50000000 bytes; documents of more than 20 MB",
    );
}

/// The system lets everybody open this file and nobody read its first page.
#[cfg(target_os = "linux")]
#[test]
fn a_file_that_cannot_be_read() {
    says(&refused(temp_dir().path(), "/proc/self/mem", "I007"), "`/proc/self/mem` cannot be read");
}

#[cfg(unix)]
#[test]
fn a_pipe_and_a_device() {
    let folder = temp_dir();
    let made = Command::new("mkfifo").arg(folder.path().join("pipe.md")).status().unwrap();
    assert!(made.success());
    says(&refused(folder.path(), "pipe.md", "I008"), "neither a file nor a folder");
    refused(folder.path(), "/dev/null", "I008");
    // Inside a folder they are no documents.
    refused(folder.path(), ".", "I002");
}

#[test]
fn one_bad_document_among_good_ones_stops_the_run() {
    let folder = temp_dir_with(&[("docs/good.md", USER)]);
    fs::write(folder.path().join("docs/bad.md"), b"\xff").unwrap();
    refused(folder.path(), "docs", "I004");
}

#[test]
fn every_bad_file_is_named_in_one_run() {
    let folder = temp_dir_with(&[("docs/good.md", USER)]);
    fs::write(folder.path().join("docs/a.md"), b"\xff").unwrap();
    fs::write(folder.path().join("docs/b.md"), b"\0").unwrap();
    let ran =
        underpin().args(["check", "docs", "--format", "json"]).current_dir(folder.path()).run();
    let found: serde_json::Value = serde_json::from_str(&ran.expect_code(1).stdout).unwrap();
    let codes: Vec<&str> =
        found.as_array().unwrap().iter().map(|it| it["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["I004", "I005"]);
    assert_eq!(found[0]["document"], "docs/a.md");
    assert_eq!(found[0]["line"], 1);
}

#[test]
fn a_document_given_twice_is_read_once() {
    let folder = temp_dir_with(&[("docs/a.md", USER)]);
    let ran = underpin()
        .args(["model", "docs", "docs/a.md", "./docs/../docs/a.md", "--format", "json"])
        .current_dir(folder.path())
        .run()
        .expect_code(0);
    let model: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(model["coverage"].as_array().unwrap().len(), 1);
}

#[test]
fn a_model_file_of_the_wrong_shape_among_the_documents() {
    let file = |required: &str| {
        format!(
            "entities:\n- name: Order\n  fields:\n  - name: id\n    type: uuid\n    required: {required}\n"
        )
    };
    let folder = temp_dir_with(&[("docs/underpin.yaml", &file("\"perhaps\""))]);
    let ran = refused(folder.path(), "docs", "I052");
    says(&ran, "docs/underpin.yaml:6:15");
    says(&ran, "`required` is `perhaps`, and should be `true` or `false`");
    let folder = temp_dir_with(&[("docs/underpin.yaml", &file("true"))]);
    let ran = underpin().args(["model", "docs"]).current_dir(folder.path()).run().expect_code(0);
    assert!(!ran.stderr.contains("I052"), "{}", ran.stderr);
}

#[test]
fn files_of_a_folder_that_are_not_read_are_named() {
    let order = "# Order\n\n| Field | Type |\n|-|-|\n| id | uuid |\n| total | int |\n";
    let folder = temp_dir_with(&[("docs/a.md", order), ("docs/plan.docx", "x"), ("docs/b.md", "")]);
    let ran = underpin().args(["model", "docs"]).current_dir(folder.path()).run().expect_code(0);
    says(&ran, "note[I009]: 2 files in `docs` are not read: `docs/b.md`, `docs/plan.docx`");
    let folder = temp_dir_with(&[("docs/a.md", order)]);
    let ran = underpin().args(["model", "docs"]).current_dir(folder.path()).run().expect_code(0);
    assert!(!ran.stderr.contains("I009"), "{}", ran.stderr);
}
