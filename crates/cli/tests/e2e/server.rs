//! The server that claims are judged on: none anywhere, a wrong one, and judging a single claim again.

use serde_json::Value;

use crate::{USER, underpin};
use underpin_testkit::{Binary, files_of, temp_dir, temp_dir_with};

/// A machine without PostgreSQL and without a network.
fn without_postgres(binary: Binary) -> Binary {
    let empty = temp_dir();
    binary
        .env("PATH", empty.path())
        .env("UNDERPIN_PG_BIN", "")
        .env("UNDERPIN_PG_PACKAGES", "")
        .env("UNDERPIN_CACHE", empty.path().join("cache"))
        .env("UNDERPIN_PG_ARCHIVE_URL", "http://127.0.0.1:9")
}

#[test]
fn no_postgres_anywhere() {
    let folder = temp_dir_with(&[("docs/a.md", USER)]);
    let design = || underpin().args(["design", "docs"]).current_dir(folder.path());
    let ran = without_postgres(design()).run().expect_code(3);
    assert!(ran.stderr.contains("error[I030]"), "{}", ran.stderr);
    assert!(ran.stderr.contains("--no-verify"), "{}", ran.stderr);
    assert!(!folder.path().join("persistence").exists());

    let ran = without_postgres(design().arg("--no-verify")).run().expect_code(0);
    assert!(ran.stdout.contains("0 proven"), "{}", ran.stdout);
    let ran = without_postgres(underpin().arg("doctor")).run().expect_code(3);
    assert!(ran.stdout.contains("missing"), "{}", ran.stdout);
}

#[test]
fn a_folder_without_postgres_that_was_named() {
    let folder = temp_dir_with(&[("docs/a.md", USER)]);
    let ran = underpin()
        .args(["design", "docs", "--pg-bin", "docs"])
        .current_dir(folder.path())
        .run()
        .expect_code(3);
    assert!(ran.stderr.contains("--pg-bin names `docs`"), "{}", ran.stderr);
}

#[test]
fn a_given_server_that_is_not_there() {
    let folder = temp_dir_with(&[("docs/a.md", USER)]);
    let ran = underpin()
        .args(["design", "docs", "--database-url", "postgresql://somebody:geheim@127.0.0.1:1/x"])
        .current_dir(folder.path())
        .run()
        .expect_code(3);
    assert!(ran.stderr.contains("error[I030]"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("geheim"), "a password is never printed: {}", ran.stderr);
}

#[test]
fn an_address_that_is_none_is_wrong_use() {
    let folder = temp_dir_with(&[("docs/a.md", USER)]);
    for url in ["mysql://somebody:geheim@127.0.0.1/x", "", "postgresql:///x"] {
        let ran = underpin()
            .args(["design", "docs", "--database-url", url])
            .current_dir(folder.path())
            .run()
            .expect_code(2);
        assert!(ran.stderr.contains("the database URL cannot be read"), "{url}: {}", ran.stderr);
        assert!(!ran.stderr.contains("geheim"), "{}", ran.stderr);
    }
}

#[test]
fn the_command_that_reproduces_a_claim_works_from_elsewhere() {
    let folder = temp_dir_with(&[("project/docs/a.md", USER)]);
    let project = folder.path().join("project");
    let _ = underpin().args(["design", "docs"]).current_dir(&project).run().expect_code(0);
    let out = project.join("persistence");
    let before = files_of(&out);
    let evidence: Value = serde_json::from_slice(&before["evidence.json"]).unwrap();
    assert_eq!(evidence["summary"]["refuted"], 0);
    assert_eq!(evidence["summary"]["not_run"], 0);

    // As printed, from the folder in which the design was made.
    let words: Vec<&str> =
        evidence["claims"][0]["reproduce"].as_str().unwrap().split(' ').collect();
    assert_eq!(words[0], "underpin");
    let ran = underpin().args(&words[1..]).current_dir(&project).run().expect_code(0);
    assert!(ran.stdout.starts_with("proven "), "{}", ran.stdout);

    // The project was moved, and the command is run beside it.
    std::fs::rename(&project, folder.path().join("moved")).unwrap();
    let ran = underpin()
        .args(["verify", "moved/persistence", "--format", "json"])
        .current_dir(folder.path())
        .run()
        .expect_code(0);
    let again: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(again["summary"], evidence["summary"]);
    assert_eq!(files_of(&folder.path().join("moved/persistence")), before, "nothing is written");
}

#[test]
fn verify_refuses_what_is_no_design_and_what_is_stale() {
    let folder = temp_dir_with(&[("docs/a.md", USER)]);
    let verify = || underpin().args(["verify", "persistence"]).current_dir(folder.path());
    assert!(verify().run().expect_code(2).stderr.contains("error[I040]"));
    let design = underpin().args(["design", "docs", "--no-verify"]);
    let _ = design.current_dir(folder.path()).run().expect_code(0);
    assert!(
        verify().args(["--claim", "no/such"]).run().expect_code(2).stderr.contains("error[I042]")
    );
    std::fs::write(folder.path().join("docs/a.md"), USER.replace("email", "mail")).unwrap();
    assert!(verify().run().expect_code(1).stderr.contains("error[I041]"));
}
