//! `underpin model -i`, on a pseudo-terminal.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;
use std::process::Stdio;

use crate::underpin;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use underpin_testkit::temp_dir_with;

const DOCUMENT: &str = "# Shop\n\n## User\n\n| Field | Type | Required |\n| --- | --- | --- |\n| id | uuid | yes |\n| nickname | gizmo | |\n\n## Order\n\n| Field | Type | Required |\n| --- | --- | --- |\n| id | uuid | yes |\n\nAn Order belongs to a User.\n";

/// Types lines on a terminal of the program's own; what was shown, and the exit code.
fn session(folder: &Path, typed: &str) -> (String, Option<i32>) {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let name = ptsname(&master, Vec::new()).unwrap();
    let slave = || File::options().read(true).write(true).open(name.to_str().unwrap()).unwrap();
    let mut child =
        underpin().args(["model", "docs", "--out", "p", "-i"]).current_dir(folder).into_command();
    child.stdin(slave()).stdout(slave()).stderr(Stdio::null());
    let mut child_process = child.spawn().unwrap();
    // The other ends must close with the program, or the terminal never ends.
    drop(child);
    let mut master = File::from(master);
    let mut typing = master.try_clone().unwrap();
    typing.write_all(typed.as_bytes()).unwrap();
    let mut shown = Vec::new();
    let mut part = [0; 4096];
    // The system says by an error that nobody has the other end any more.
    while let Ok(count) = master.read(&mut part) {
        if count == 0 {
            break;
        }
        shown.extend_from_slice(&part[..count]);
    }
    let code = child_process.wait().unwrap().code();
    (String::from_utf8_lossy(&shown).replace('\r', ""), code)
}

#[track_caller]
fn has(text: &str, part: &str) {
    assert!(text.contains(part), "{part:?} is not in\n{text}");
}

#[test]
fn a_walk_from_entities_to_questions() {
    let folder = temp_dir_with(&[("docs/m.md", DOCUMENT)]);
    let typed = "+Coupon\n\n-nickname\n\n+total decimal(12,2)\n\n+code text(12)\n\n\n\nperhaps\nrequired\n\n\n\u{4}";
    let (shown, code) = session(folder.path(), typed);
    assert_eq!(code, Some(0), "{shown}");
    has(&shown, "Proposed Entities:\n- User:");
    has(&shown, "Does this look complete?");
    has(
        &shown,
        "| id | UUID | PK, NOT NULL |"
            .to_lowercase()
            .replace("pk, not null", "PK, NOT NULL")
            .as_str(),
    );
    has(&shown, "User 1 ──── N Order");
    has(&shown, "| Primary DB | PostgreSQL |");
    has(&shown, "`perhaps` is no answer");
    has(&shown, "p/underpin.yaml has the model: 3 entities");
    let file = fs::read_to_string(folder.path().join("p/underpin.yaml")).unwrap();
    has(&file, "name: Coupon");
    has(&file, "order-user-id.required: required");
    // Another run keeps all of it.
    let again = underpin().args(["model", "docs", "--out", "p"]).current_dir(folder.path()).run();
    has(&again.expect_code(0).stdout, "nothing to change");
}

#[test]
fn the_end_of_the_input_keeps_what_was_confirmed() {
    let folder = temp_dir_with(&[("docs/m.md", DOCUMENT)]);
    let (shown, code) = session(folder.path(), "+Coupon\n\u{4}");
    assert_eq!(code, Some(0), "{shown}");
    has(&shown, "stopped here; what was confirmed is kept");
    let file = fs::read_to_string(folder.path().join("p/underpin.yaml")).unwrap();
    has(&file, "name: Coupon");
}

#[test]
fn a_relationship_is_taken_out_with_the_field_made_for_it() {
    let folder = temp_dir_with(&[("docs/m.md", DOCUMENT)]);
    let (shown, code) =
        session(folder.path(), "\n\n\n+User 1:N Coupon\n-1\n+user 1:1 order\n\u{4}");
    assert_eq!(code, Some(0), "{shown}");
    has(&shown, "1. User 1 ──── N Order (by Order.user_id)");
    has(&shown, "there is no entity `Coupon`; nothing was changed");
    has(&shown, "Relationships:\n\n\nAre they right?");
    has(&shown, "1. User 1 ──── 1 Order");
}

#[test]
fn a_relationship_by_a_stated_field_stays_and_says_why() {
    let document = format!(
        "{DOCUMENT}\n## Coupon\n\n| Field | Type |\n| --- | --- |\n| id | uuid |\n| user_id | uuid FK → User |\n"
    );
    let folder = temp_dir_with(&[("docs/m.md", &document)]);
    let (shown, _) = session(folder.path(), "\n\n\n\n-2\n\n\u{4}");
    has(&shown, "2. User 1 ──── N Coupon (by Coupon.user_id)");
    has(&shown, "a document states `Coupon.user_id`: take that field out instead");
}

#[test]
fn the_profile_storage_needs_backend_systems() {
    let table = "# Requirements\n\n## User\n\n| Field | Type |\n| --- | --- |\n| id | uuid |\n";
    let run = |architecture: &str| {
        let folder = temp_dir_with(&[
            ("docs/requirements.md", table),
            ("docs/architecture.md", architecture),
        ]);
        underpin()
            .args(["design", ".", "--no-verify", "--profile", "storage"])
            .current_dir(folder.path())
            .run()
    };
    let said = run("# Architecture\n\nLater.\n").expect_code(1).stderr;
    has(
        &said,
        "error[I070]: `docs/architecture.md` names no backend system: the profile `storage`",
    );
    let _ =
        run("# Architecture\n\n## Backend Systems\n\n- backend-user: accounts\n").expect_code(0);
}

#[test]
fn without_a_terminal_it_is_wrong_use() {
    let folder = temp_dir_with(&[("docs/m.md", DOCUMENT)]);
    let ran = underpin().args(["model", "docs", "-i"]).current_dir(folder.path()).run();
    has(&ran.expect_code(2).stderr, "there is no terminal to ask them on");
    assert!(!folder.path().join("persistence").exists());
}

#[test]
fn a_named_profile_insists_on_its_documents() {
    let table = "# Entities\n\n## User\n\n| Field | Type |\n| --- | --- |\n| id | uuid |\n";
    let folder = temp_dir_with(&[
        ("docs/domain/entities.md", table),
        ("docs/domain/value-objects.md", "none\n"),
        ("docs/domain/aggregates.md", "none\n"),
        ("docs/domain/domain-rules.md", " \n"),
        ("docs/architecture/components.md", "none\n"),
    ]);
    let run = |more: &[&str]| {
        let design = ["design", ".", "--no-verify", "--out", "p"];
        underpin().args(design).args(more).current_dir(folder.path()).run()
    };
    let said = run(&["--profile", "engineering"]).expect_code(1).stderr;
    has(
        &said,
        "error[I070]: `docs/domain/domain-rules.md` is empty: the profile `engineering` needs it",
    );
    has(&said, "error[I070]: `docs/architecture/integration-patterns.md` is missing");
    assert!(!folder.path().join("p").exists());
    // Found by a part of its layout, it is no more than a warning; with all but one of the documents it is an error.
    has(
        &run(&[]).expect_code(0).stderr,
        "warning[I070]: `docs/architecture/integration-patterns.md` is missing",
    );
    let rules = folder.path().join("docs/domain/domain-rules.md");
    fs::write(&rules, "none\n").unwrap();
    has(
        &run(&[]).expect_code(1).stderr,
        "error[I070]: `docs/architecture/integration-patterns.md` is missing",
    );
    let _ = run(&["--profile", "postgres", "--force"]).expect_code(0);
    let said = run(&["--profile", "planning"]).expect_code(1).stderr;
    has(
        &said,
        "`INITIAL.md` is missing: the profile `planning` needs it, it holds the requirements",
    );
}
