//! `underpin.yaml`, edited by a person between two runs.

use std::fs;
use std::path::Path;

use crate::underpin;
use tempfile::TempDir;
use underpin_testkit::{Ran, temp_dir_with};

const DOCUMENT: &str = "# Shop\n\n## User\n\n| Field | Type | Required |\n| --- | --- | --- |\n| id | uuid | yes |\n| email | varchar(255) | yes |\n| nickname | gizmo | |\n\n## Order\n\n| Field | Type | Required |\n| --- | --- | --- |\n| id | uuid | yes |\n| total | decimal(12,2) | yes |\n| status | enum(open, paid) | yes |\n\nAn Order belongs to a User.\n";

struct Project {
    folder: TempDir,
}

impl Project {
    fn new() -> Self {
        let project = Self { folder: temp_dir_with(&[("docs/m.md", DOCUMENT)]) };
        let _ = project.run().expect_code(0);
        project
    }

    fn run(&self) -> Ran {
        underpin().args(["model", "docs", "--out", "p"]).current_dir(self.folder.path()).run()
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn file(&self) -> String {
        fs::read_to_string(self.path("p/underpin.yaml")).unwrap()
    }

    /// Replaces a text that is there in a file.
    #[track_caller]
    fn edit(&self, file: &str, from: &str, to: &str) {
        let before = fs::read_to_string(self.path(file)).unwrap();
        assert!(before.contains(from), "{from:?} is not in\n{before}");
        fs::write(self.path(file), before.replacen(from, to, 1)).unwrap();
    }

    #[track_caller]
    fn edit_model(&self, from: &str, to: &str) {
        self.edit("p/underpin.yaml", from, to);
    }

    /// Runs, expects a code and no further change by another run.
    #[track_caller]
    fn settles(&self, code: i32) -> Ran {
        let ran = self.run().expect_code(code);
        let once = self.file();
        let again = self.run().expect_code(code);
        assert_eq!(self.file(), once, "{}", again.stderr);
        assert_eq!(again.stderr, ran.stderr);
        ran
    }

    /// The model as it is designed.
    fn model(&self) -> String {
        let ran = underpin()
            .args(["design", "docs", "--out", "p", "--emit", "model"])
            .current_dir(self.folder.path())
            .run();
        ran.stdout
    }
}

#[track_caller]
fn has(text: &str, part: &str) {
    assert!(text.contains(part), "{part:?} is not in\n{text}");
}

#[test]
fn edits_and_comments_stay_and_hold() {
    let project = Project::new();
    project.edit_model("    type: money(12,2)\n", "\n    # in cents\n    type: bigint   # !\n");
    project.edit_model(
        "- name: Order\n",
        "- name: Coupon\n  fields: [{name: code, type: text(12), required: true}]\n- name: Order\n",
    );
    let edited = project.file();
    let ran = project.settles(0);
    has(&ran.stderr, "`Order.total.type` is edited in underpin.yaml");
    has(&ran.stderr, "`Coupon` is added in underpin.yaml");
    let model = project.model();
    has(&model, "total: a whole number of 64 bits, required  # underpin.yaml:");
    has(&model, "code: text of at most 12 characters, required  # underpin.yaml:");
    has(&model, "email: text of at most 255 characters, required  # docs/m.md:8");
    // Every line that was there is there, in the same order.
    let kept = project.file();
    let mut lines = kept.lines();
    for line in edited.split("# Digests").next().unwrap().lines() {
        assert!(lines.any(|it| it == line), "{line:?} is gone from\n{kept}");
    }
}

#[test]
fn the_documents_are_followed_and_a_conflict_is_shown_at_both_places() {
    let project = Project::new();
    project.edit_model("    type: money(12,2)\n", "    type: bigint\n");
    project.edit("docs/m.md", "varchar(255)", "varchar(320)");
    let _ = project.settles(0);
    has(&project.file(), "type: text(320)");

    project.edit("docs/m.md", "decimal(12,2)", "decimal(14,4)");
    let ran = project.settles(1);
    has(
        &ran.stderr,
        "error[I050]: `Order.total.type` is `bigint` in underpin.yaml, and the documents now say `money(14,4)`",
    );
    has(&ran.stderr, "docs/m.md:16");
    has(&ran.stderr, "underpin.yaml:");
    has(&project.model(), "total: a whole number of 64 bits");

    project.edit_model("answers: {}", "answers:\n  order-total-type.conflict: documents");
    let _ = project.settles(0);
    has(&project.file(), "answers: {}\n");
    has(&project.model(), "total: an amount of money (14,4)");
}

#[test]
fn what_was_taken_out_stays_out() {
    let project = Project::new();
    let file = project.file();
    let from = file.find("  - name: nickname\n").unwrap();
    let to = file[from..].find("  primary_key:\n").unwrap() + from;
    fs::write(project.path("p/underpin.yaml"), format!("{}{}", &file[..from], &file[to..]))
        .unwrap();
    let ran = project.settles(0);
    has(&ran.stderr, "`User.nickname` is taken out in underpin.yaml");
    assert!(!project.model().contains("nickname"));
    project.edit("docs/m.md", "| nickname | gizmo | |", "| nickname | text | yes |");
    has(
        &project.settles(1).stderr,
        "`User.nickname` was taken out of underpin.yaml, and the documents changed it",
    );
    // Where the documents drop it as well, both agree.
    project.edit("docs/m.md", "| nickname | text | yes |\n", "");
    let _ = project.settles(0);
}

#[test]
fn answers_change_the_model_and_close_their_questions() {
    let project = Project::new();
    project.edit_model(
        "answers: {}",
        "answers:\n  user-nickname.type: text(40)\n  order-user-id.required: yes # always",
    );
    let ran = project.settles(0);
    has(&ran.stdout, "0 open questions");
    let model = project.model();
    has(&model, "nickname: text of at most 40 characters, optional  # underpin.yaml:6");
    has(&model, "[inferred: its name says `User`]  # underpin.yaml:7");
    has(&project.file(), "yes # always\n");
}

#[test]
fn answers_that_cannot_be_are_refused_at_their_line() {
    let project = Project::new();
    project.edit_model(
        "answers: {}",
        "answers:\n  user-nickname.type: gnu\n  order-user-id.required: perhaps\n  order-usr-id.required: yes\n  a.conflict: mine\n  b.conflict: his",
    );
    let ran = project.settles(1);
    has(&ran.stderr, "`gnu` is no answer to `user-nickname.type`");
    has(&ran.stderr, "`perhaps` is no answer to `order-user-id.required`: it is neither");
    has(&ran.stderr, "underpin.yaml:7:3");
    has(&ran.stderr, "no question has the id `order-usr-id.required`");
    has(&ran.stderr, "did you mean `order-user-id.required`?");
    has(&ran.stderr, "there is no conflict `a.conflict`");
    has(&ran.stderr, "`his` is no answer to `b.conflict`");
    has(&ran.stdout, "2 open questions");
}

#[test]
fn a_file_that_cannot_be_worked_with_is_left_alone() {
    let project = Project::new();
    let good = project.file();
    let cases: [(&str, &str, &str); 11] = [
        ("project: null", "project: [", "cannot be read as YAML"),
        ("project: null", "project: null\nproject: x", "`project` stands here for the second time"),
        ("  kind: entity", "\tkind: entity", "cannot be read as YAML"),
        ("  kind: entity", "  kind: entitty", "`kind` is `entitty`, and should be one of"),
        ("  kind: entity", "  knd: entity", "has no key `knd`"),
        ("  kind: entity", "  fieldz: []", "did you mean `fields`?"),
        ("project: null", "project: &a x\nx-b: *a", "an anchor (`&`) stands here"),
        ("    required: true", "    required: maybe", "`required` is `maybe`, and should be"),
        ("project: null", "project: null\n---\n", "a second document begins"),
        ("entities:\n- name: User\n", "entities:\n- nam: User\n", "lacks the key `name`"),
        ("answers: {}", "answers: 5", "`answers` is `5`, and should be a mapping"),
    ];
    for (from, to, message) in cases {
        fs::write(project.path("p/underpin.yaml"), good.replacen(from, to, 1)).unwrap();
        let bad = project.file();
        let ran = project.run().expect_code(1);
        has(&ran.stderr, message);
        has(&ran.stderr, "underpin.yaml:");
        assert_eq!(project.file(), bad);
    }
    let (file, no_text) = (project.path("p/underpin.yaml"), b"project: \xff\n");
    fs::write(&file, no_text).unwrap();
    has(&project.run().expect_code(1).stderr, "underpin.yaml` cannot be read");
    assert_eq!(fs::read(&file).unwrap(), no_text);
    // Without a byte on the disk.
    fs::File::create(&file).unwrap().set_len(1_000_000_001).unwrap();
    has(&project.run().expect_code(1).stderr, "underpin.yaml` cannot be read");
    assert_eq!(fs::metadata(&file).unwrap().len(), 1_000_000_001);
}

#[test]
fn other_line_ends_and_a_byte_order_mark_stay() {
    let project = Project::new();
    let file = format!("\u{feff}{}", project.file().replace('\n', "\r\n"));
    fs::write(project.path("p/underpin.yaml"), file).unwrap();
    project.edit("docs/m.md", "varchar(255)", "varchar(320)");
    let _ = project.settles(0);
    let after = project.file();
    assert!(after.starts_with('\u{feff}') && !after.replace("\r\n", "").contains('\n'));
    has(&after, "type: text(320)\r\n");
}

#[test]
fn a_design_takes_the_edits_and_keeps_the_file() {
    let project = Project::new();
    project.edit_model("    type: money(12,2)\n", "    type: bigint # cents\n");
    let design = |code| {
        underpin()
            .args(["design", "docs", "--out", "p", "--no-verify"])
            .current_dir(project.folder.path())
            .run()
            .expect_code(code)
    };
    let _ = design(0);
    let sql = fs::read_to_string(project.path("p/schema.sql")).unwrap();
    has(&sql, "bigint NOT NULL");
    has(&project.file(), "type: bigint # cents\n");
    let before = underpin_testkit::files_of(Path::new(&project.path("p")));
    let _ = design(0);
    let after = underpin_testkit::files_of(Path::new(&project.path("p")));
    assert_eq!(underpin_testkit::differences(&before, &after), [""; 0]);
}

#[test]
fn a_folder_for_documents_may_hold_the_model_file_too() {
    let project = Project::new();
    let run = || {
        underpin()
            .args(["model", "docs", "--out", "docs"])
            .current_dir(project.folder.path())
            .run()
            .expect_code(0)
    };
    let first = run();
    has(&first.stdout, "written to docs/underpin.yaml");
    has(&run().stdout, "nothing to change in docs/underpin.yaml");
}

const RULED: &str = "# Shop\n\n## Order\n\n| Field | Type |\n| --- | --- |\n| id | uuid |\n| total | integer |\n\nRules:\n\n- `total` must be at least 5\n";

/// The rules of a model file that is the input, without their places.
fn rules_of(file: &str) -> (String, String) {
    let folder = temp_dir_with(&[("underpin.yaml", file)]);
    let arguments = ["model", "underpin.yaml", "--format", "json"];
    let ran = underpin().args(arguments).current_dir(folder.path()).run().expect_code(0);
    let model: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let rules = model["rules"].as_array().unwrap().iter();
    let said = rules.map(|it| format!("{}: {}\n", it["text"], it["expression"]));
    (said.collect(), ran.stderr)
}

#[test]
fn an_edited_expression_holds_where_the_model_file_is_the_input() {
    let folder = temp_dir_with(&[("m.md", RULED)]);
    let run = |arguments: &[&str]| {
        underpin().args(arguments).current_dir(folder.path()).run().expect_code(0).stdout
    };
    let _ = run(&["model", "m.md", "--out", "p"]);
    let with_digests = fs::read_to_string(folder.path().join("p/underpin.yaml")).unwrap();
    let without = run(&["model", "m.md", "--format", "yaml"]);
    for file in [with_digests, without] {
        assert!(file.contains("expression: total >= 5"), "{file}");
        let (rules, said) = rules_of(&file);
        assert_eq!(rules, "\"`total` must be at least 5\": \"total >= 5\"\n", "{said}");
        let (rules, said) =
            rules_of(&file.replace("expression: total >= 5", "expression: total >= 7"));
        assert_eq!(rules, "\"total >= 7\": \"total >= 7\"\n", "{said}");
        let (rules, said) =
            rules_of(&file.replace("expression: total >= 5", "expression: as it should be"));
        assert_eq!(rules, "\"`total` must be at least 5\": \"total >= 5\"\n");
        assert!(said.contains("warning[I055]: the expression `as it should be` is not"), "{said}");
    }
}

#[test]
fn new_words_of_a_rule_count_more_than_the_expression_left_beside_them() {
    let folder = temp_dir_with(&[("m.md", RULED)]);
    let arguments = ["model", "m.md", "--out", "p"];
    let _ = underpin().args(arguments).current_dir(folder.path()).run().expect_code(0);
    let file = fs::read_to_string(folder.path().join("p/underpin.yaml")).unwrap();
    let (said, digests) = file.split_at(file.find("# Digests").unwrap());
    let edited = said.replace("must be at least 5", "must be at least 9");
    let (rules, said) = rules_of(&format!("{edited}{digests}"));
    assert_eq!(rules, "\"`total` must be at least 9\": \"total >= 9\"\n", "{said}");
}
