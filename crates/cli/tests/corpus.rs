//! Real documents, kept outside the repository: every one is designed without a crash, and what was written applies.

use std::fs;
use std::path::Path;

use serde_json::Value;
use underpin_testkit::{Binary, CorpusCase, corpus_cases, corpus_dir, temp_dir, without_sources};

#[test]
#[ignore = "needs UNDERPIN_CORPUS, a folder of cases with documents (`./test` runs it where there is one)"]
fn every_case_is_designed_and_applies() {
    let corpus = corpus_dir().expect("UNDERPIN_CORPUS names a folder");
    let cases = corpus_cases(&corpus);
    assert!(!cases.is_empty(), "{} holds no case", corpus.display());
    // As many at a time as other tests with a server: two.
    let remarks: Vec<String> = std::thread::scope(|scope| {
        let halves = [0, 1].map(|half| {
            let cases = cases.iter().skip(half).step_by(2);
            scope.spawn(move || cases.filter_map(remark).collect::<Vec<_>>())
        });
        halves.into_iter().flat_map(|half| half.join().expect("no case panics")).collect()
    });
    println!("{} cases, {} with remarks", cases.len(), remarks.len());
    assert!(remarks.is_empty(), "{}", remarks.join("\n"));
}

/// What is wrong with a case.
fn remark(case: &CorpusCase) -> Option<String> {
    let gold =
        fs::read_to_string(case.folder.join("gold.json")).expect("a case says what it holds");
    let gold: Value = serde_json::from_str(&gold).expect("gold.json is JSON");
    let documents = gold["documents"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let place = temp_dir();
    let out = place.path().join("out");
    let ran = Binary::at(env!("CARGO_BIN_EXE_underpin"))
        // Few rows: this test asks whether the script applies, not how fast its queries are.
        .args(["design", "--max-rows", "1000", "--out"])
        .arg(&out)
        .args(documents)
        .current_dir(&case.folder)
        .run();
    if !matches!(ran.code, Some(0 | 1)) {
        return Some(format!("{}: exit {:?}\n{}", case.name, ran.code, tail(&ran.stderr)));
    }
    // Documents in which no entity is found are refused, which is an answer too.
    let Ok(evidence) = fs::read_to_string(out.join("evidence.json")) else {
        let refused = ran.stderr.contains("error[M014]");
        return (!refused)
            .then(|| format!("{}: nothing written\n{}", case.name, tail(&ran.stderr)));
    };
    let evidence: Value = serde_json::from_str(&evidence).expect("evidence.json is JSON");
    let claims = evidence["claims"].as_array().expect("evidence has claims");
    let applies =
        claims.iter().find(|claim| claim["id"] == "applies").expect("a claim that it applies");
    (applies["verdict"] != "proven")
        .then(|| format!("{}: schema.sql does not apply: {}", case.name, applies["note"]))
}

/// Of all cases: their model files say all that their documents say.
#[test]
#[ignore = "needs UNDERPIN_CORPUS, a folder of cases with documents (`./test` runs it where there is one)"]
fn every_case_comes_back_from_its_model_file() {
    let corpus = corpus_dir().expect("UNDERPIN_CORPUS names a folder");
    let mut compared = 0;
    for case in corpus_cases(&corpus) {
        let place = temp_dir();
        let (first, second) = (place.path().join("first"), place.path().join("second"));
        let Some(stated) = script(&case.folder, &first) else { continue };
        let read_again = script(&first.join("underpin.yaml"), &second);
        let read_again =
            read_again.expect("a model file that was written is designed without errors");
        let differs = stated.lines().zip(read_again.lines()).find(|(one, other)| one != other);
        assert_eq!(differs, None, "{}", case.name);
        assert_eq!(stated.lines().count(), read_again.lines().count(), "{}", case.name);
        compared += 1;
    }
    assert!(compared >= 3, "{compared} cases");
}

/// The schema that is designed without a server; `None` where the documents have errors.
fn script(input: &Path, out: &Path) -> Option<String> {
    let ran = Binary::at(env!("CARGO_BIN_EXE_underpin"))
        .args(["design", "--no-verify", "--out"])
        .arg(out)
        .arg(input)
        .run();
    (ran.code == Some(0)).then(|| {
        without_sources(&fs::read_to_string(out.join("schema.sql")).expect("a design has a script"))
    })
}

fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(15)..].join("\n")
}
