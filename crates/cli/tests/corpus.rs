//! Real documents, kept outside the repository: every one is designed without a crash, and what was written applies.

use std::fs;

use serde_json::Value;
use underpin_testkit::{Binary, corpus_cases, corpus_dir, temp_dir};

#[test]
#[ignore = "needs UNDERPIN_CORPUS, a folder of cases with documents (`./test` runs it where there is one)"]
fn every_case_is_designed_and_applies() {
    let corpus = corpus_dir().expect("UNDERPIN_CORPUS names a folder");
    let cases = corpus_cases(&corpus);
    assert!(!cases.is_empty(), "{} holds no case", corpus.display());
    let mut remarks = Vec::new();
    for case in &cases {
        let gold =
            fs::read_to_string(case.folder.join("gold.json")).expect("a case says what it holds");
        let gold: Value = serde_json::from_str(&gold).expect("gold.json is JSON");
        let documents =
            gold["documents"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let place = temp_dir();
        let out = place.path().join("out");
        let ran = Binary::at(env!("CARGO_BIN_EXE_underpin"))
            .arg("design")
            .args(documents)
            .arg("--out")
            .arg(&out)
            .current_dir(&case.folder)
            .run();
        if !matches!(ran.code, Some(0 | 1)) {
            remarks.push(format!("{}: exit {:?}\n{}", case.name, ran.code, tail(&ran.stderr)));
            continue;
        }
        // Documents that are not understood as a single entity are refused, which is an answer too.
        let Ok(evidence) = fs::read_to_string(out.join("evidence.json")) else {
            if !ran.stderr.contains("error[M014]") {
                remarks.push(format!("{}: nothing written\n{}", case.name, tail(&ran.stderr)));
            }
            continue;
        };
        let evidence: Value = serde_json::from_str(&evidence).expect("evidence.json is JSON");
        let claims = evidence["claims"].as_array().expect("evidence has claims");
        let applies =
            claims.iter().find(|claim| claim["id"] == "applies").expect("a claim that it applies");
        if applies["verdict"] != "proven" {
            remarks.push(format!("{}: schema.sql does not apply: {}", case.name, applies["note"]));
        }
    }
    println!("{} cases, {} with remarks", cases.len(), remarks.len());
    assert!(remarks.is_empty(), "{}", remarks.join("\n"));
}

fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(15)..].join("\n")
}
