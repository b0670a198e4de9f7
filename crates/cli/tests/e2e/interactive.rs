//! `underpin model -i`, on a pseudo-terminal.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::underpin;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use underpin_testkit::temp_dir_with;

const DOCUMENT: &str = "# Shop\n\n## User\n\n| Field | Type | Required |\n| --- | --- | --- |\n| id | uuid | yes |\n| nickname | gizmo | |\n\n## Order\n\n| Field | Type | Required |\n| --- | --- | --- |\n| id | uuid | yes |\n\nAn Order belongs to a User.\n";

/// The program on a terminal of its own.
struct OnTerminal {
    terminal: File,
    program: Child,
    shown: Vec<u8>,
}

impl OnTerminal {
    fn start(folder: &Path) -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap();
        let slave = || File::options().read(true).write(true).open(name.to_str().unwrap()).unwrap();
        // The other ends close with the command, which is dropped here: else the terminal never ends.
        let program = underpin()
            .args(["model", "docs", "--out", "p", "-i"])
            .current_dir(folder)
            .into_command()
            .stdin(slave())
            .stdout(slave())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self { terminal: File::from(master), program, shown: Vec::new() }
    }

    fn types(&mut self, text: &str) {
        self.terminal.write_all(text.as_bytes()).unwrap();
    }

    /// Reads on; false at the end, which the system tells by an error: nobody has the other end any more.
    fn reads(&mut self) -> bool {
        let mut part = [0; 4096];
        let count = self.terminal.read(&mut part).unwrap_or(0);
        self.shown.extend_from_slice(&part[..count]);
        count > 0
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.shown).replace('\r', "")
    }

    /// Waits until this is shown for the given time.
    fn waits_for(&mut self, part: &str, times: usize) {
        while self.text().matches(part).count() < times {
            assert!(self.reads(), "{part:?} is never shown in\n{}", self.text());
        }
    }

    fn interrupts(&self) {
        let sent = Command::new("kill").args(["-INT", &self.program.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }

    /// What was shown to the end, and the exit code.
    fn ends(mut self) -> (String, Option<i32>) {
        while self.reads() {}
        (self.text(), self.program.wait().unwrap().code())
    }
}

/// Types lines on a terminal of the program's own; what was shown, and the exit code.
fn session(folder: &Path, typed: &str) -> (String, Option<i32>) {
    let mut session = OnTerminal::start(folder);
    session.types(typed);
    session.ends()
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
    has(&shown, "| Order | - | PostgreSQL |");
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
fn where_each_entity_is_stored_is_answered_and_kept() {
    let document = format!(
        "{DOCUMENT}\n## Session\n\n| Field | Type |\n| --- | --- |\n| id | uuid |\n| user_id | uuid FK → User |\n"
    );
    let folder = temp_dir_with(&[("docs/m.md", &document)]);
    // Entities, the fields of three, relationships; then the storage step, and the end at the questions.
    let typed = "\n\n\n\n\n+order backend-shop\n+Basket backend-shop\n+Order\n+Session backend-shop\n+Session backend-login\n-User\n\n\u{4}";
    let (shown, code) = session(folder.path(), typed);
    assert_eq!(code, Some(0), "{shown}");
    has(&shown, "| Order | - | PostgreSQL |");
    has(&shown, "| Order | backend-shop | PostgreSQL |");
    has(&shown, "there is no entity `Basket`; nothing was changed");
    has(&shown, "`Order` names no system, such as in `Order backend-shop`; nothing was changed");
    has(&shown, "| Session | backend-login | PostgreSQL |");
    has(&shown, "| User | - | elsewhere | only its keys are kept |");
    let file = fs::read_to_string(folder.path().join("p/underpin.yaml")).unwrap();
    has(
        &file,
        "contexts:\n- name: backend-shop\n  entities:\n  - Order\n- name: backend-login\n  entities:\n  - Session\n",
    );
    has(&file, "external_entities:\n- name: User\n");
    // The design keeps to it, and another run says the same.
    let run = |arguments: &[&str]| underpin().args(arguments).current_dir(folder.path()).run();
    has(&run(&["model", "docs", "--out", "p"]).expect_code(0).stdout, "nothing to change");
    let _ = run(&["design", "docs", "--out", "p", "--no-verify"]).expect_code(0);
    let script = fs::read_to_string(folder.path().join("p/schema.sql")).unwrap();
    assert!(!script.contains("REFERENCES"), "{script}");
    assert!(!script.to_lowercase().contains("create table users"), "{script}");
}

#[test]
fn an_interruption_keeps_what_was_confirmed_and_nothing_else() {
    let folder = temp_dir_with(&[("docs/m.md", DOCUMENT)]);
    let mut session = OnTerminal::start(folder.path());
    session.types("+Coupon\n");
    session.waits_for("- Coupon:", 1);
    session.waits_for("Does this look complete?", 2);
    let path = folder.path().join("p/underpin.yaml");
    let confirmed = fs::read_to_string(&path).unwrap();
    // Half of a line is no answer.
    session.types("+Basket");
    session.interrupts();
    let (shown, code) = session.ends();
    assert_eq!(code, Some(130), "{shown}");
    assert_eq!(fs::read_to_string(&path).unwrap(), confirmed);
    is_whole(folder.path());
}

#[test]
fn an_interruption_at_any_moment_leaves_one_of_the_states_that_were_confirmed() {
    let folder = temp_dir_with(&[("docs/m.md", DOCUMENT)]);
    let mut session = OnTerminal::start(folder.path());
    session.waits_for("Does this look complete?", 1);
    // Nothing waits for the answers to be taken: the signal comes before, between or after them.
    session.types("+Coupon\n+Basket\n+Voucher\n");
    session.interrupts();
    let (shown, code) = session.ends();
    assert_eq!(code, Some(130), "{shown}");
    let file = fs::read_to_string(folder.path().join("p/underpin.yaml")).unwrap();
    let there = ["Coupon", "Basket", "Voucher"].map(|it| file.contains(&format!("name: {it}\n")));
    assert!(there.is_sorted_by(|before, after| before >= after), "{there:?}");
    is_whole(folder.path());
}

/// Whether a later run finds nothing left over and nothing to mend.
#[track_caller]
fn is_whole(folder: &Path) {
    let names = |folder: &Path| {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> =
            entries.map(|it| it.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    };
    assert_eq!(names(folder), ["docs", "p"]);
    let hidden: Vec<String> =
        names(&folder.join("p")).into_iter().filter(|it| it.starts_with(".underpin-")).collect();
    assert!(hidden.is_empty(), "{hidden:?}");
    let again = underpin().args(["model", "docs", "--out", "p"]).current_dir(folder).run();
    has(&again.expect_code(0).stdout, "nothing to change");
}

#[test]
fn without_a_terminal_it_is_wrong_use() {
    let folder = temp_dir_with(&[("docs/m.md", DOCUMENT)]);
    let ran = underpin().args(["model", "docs", "-i"]).current_dir(folder.path()).run();
    has(&ran.expect_code(2).stderr, "there is no terminal to ask them on");
    assert!(!folder.path().join("persistence").exists());
}
