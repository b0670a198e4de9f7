//! CHECKs that a document gives in SQL and that no expression of ours says are kept as written, and rows are made for
//! them: every claim is judged, lives are lived.

use serde_json::Value;

use crate::underpin;
use underpin_testkit::temp_dir_with;

const DOCUMENT: &str = include_str!("kept_sql.md");

/// The script and the claims that are not proven.
fn designed(document: &str) -> (String, Vec<String>) {
    let folder = temp_dir_with(&[("model.md", document)]);
    let _ =
        underpin().args(["design", "model.md", "--out", "out"]).current_dir(folder.path()).run();
    let read = |path: &str| std::fs::read_to_string(folder.path().join("out").join(path)).unwrap();
    let evidence: Value = serde_json::from_str(&read("evidence.json")).unwrap();
    let claims = evidence["claims"].as_array().unwrap();
    assert!(!claims.is_empty());
    let open = claims.iter().filter(|claim| claim["verdict"] != "proven");
    let shown = open.map(|it| format!("{} {}: {}", it["verdict"], it["id"], it["note"])).collect();
    (read("schema.sql"), shown)
}

#[test]
fn conditions_in_sql_are_kept_and_proven() {
    let (schema, open) = designed(DOCUMENT);
    assert!(open.is_empty(), "{open:#?}");
    for kept in [
        "(details ->> 'width')::NUMERIC > 0",
        "SUBSTR(code, 2, 3)::INT % 7 = 0",
        "num_nonnulls(phone, mail) = 1",
        "EXTRACT(ISODOW FROM packed_on) < 6",
        "tracking SIMILAR TO 'T[0-9]+'",
    ] {
        assert!(schema.contains(kept), "{kept}:\n{schema}");
    }
}

#[test]
fn what_the_server_would_refuse_stays_out_of_the_script() {
    let document = DOCUMENT
        .replace("CHECK (rating % 5 = 0)", "CHECK (rating ~ '^[0-9]$')")
        .replace("CHECK (upper(label) = label)", "CHECK (len(label) > random())");
    let (schema, open) = designed(&document);
    assert!(!schema.contains("rating ~") && !schema.contains("len(label)"), "{schema}");
    assert!(open.is_empty(), "{open:#?}");
}

#[test]
fn conditions_that_contradict_each_other_are_not_proven() {
    let document =
        DOCUMENT.replace("CHECK (gross / 2 >= tare)", "CHECK (gross / 2 > gross AND gross > 1)");
    let (_, open) = designed(&document);
    assert!(open.iter().any(|it| it.contains("not_run") && it.contains("parcels")), "{open:#?}");
}
