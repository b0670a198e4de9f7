//! Names that are SQL keywords or worse: created and read back faithfully, or refused with the reason.

use std::fmt::Write as _;

use serde_json::Value;

use crate::underpin;
use underpin_testkit::temp_dir_with;

fn document(names: &[&str]) -> String {
    let mut text = String::from("# Data model\n");
    for name in names {
        write!(
            text,
            "\n## {name}\n\n| Field | Type | Required |\n| --- | --- | --- |\n| id | uuid | yes |\n\
             | `{name}` | text | yes |\n| select | integer | no |\n"
        )
        .unwrap();
    }
    text
}

/// Designs and verifies; the claims about the schema as a whole must be proven.
#[track_caller]
fn proven(names: &[&str]) {
    let folder = temp_dir_with(&[("docs/m.md", &document(names))]);
    let ran = underpin().args(["design", "docs"]).current_dir(folder.path()).run();
    assert!(matches!(ran.code, Some(0 | 1)), "{ran:?}");
    let text = std::fs::read_to_string(folder.path().join("persistence/evidence.json")).unwrap();
    let evidence: Value = serde_json::from_str(&text).unwrap();
    for id in ["applies", "introspects", "idempotent"] {
        let claims = evidence["claims"].as_array().unwrap();
        let claim = claims.iter().find(|claim| claim["id"] == id).expect("a claim of that id");
        assert_eq!(claim["verdict"], "proven", "{claim:#}");
    }
    assert_eq!(evidence["summary"]["refuted"], 0, "{}", ran.stdout);
}

#[test]
fn keywords() {
    proven(&["Order", "Table", "User", "Group", "Select", "Column", "Constraint", "Default"]);
}

#[test]
fn quotes_and_semicolons() {
    proven(&[
        "Bobby\"; DROP TABLE students; --",
        "O'Brien",
        "back\\slash",
        "$$dollar$$",
        "semi;colon",
    ]);
}

#[test]
fn emoji_and_right_to_left_text() {
    proven(&["Größe", "顧客", "זמן", "مستخدم", "🦀 Crab", "Naïve"]);
}

#[test]
fn two_hundred_characters() {
    let long = "x".repeat(200);
    let other = format!("{long}y");
    proven(&[&long, &other]);
}

#[test]
fn a_name_with_nul_is_refused_with_the_reason() {
    let folder = temp_dir_with(&[("docs/m.md", &document(&["nul\0name"]))]);
    let ran = underpin().args(["design", "docs"]).current_dir(folder.path()).run().expect_code(1);
    assert!(ran.stderr.contains("is NUL"), "{}", ran.stderr);
    // A name can hold NUL in an escape of Markdown too; CommonMark replaces it.
    let folder = temp_dir_with(&[("docs/m.md", &document(&["nul&#0;name"]))]);
    let ran = underpin().args(["design", "docs", "--no-verify"]).current_dir(folder.path()).run();
    assert!(matches!(ran.code, Some(0 | 1)), "{ran:?}");
}
