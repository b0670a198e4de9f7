//! The ratchet: how much of real documents is read may rise, and may not fall.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use underpin_testkit::score::{Score, mean, score};
use underpin_testkit::{Binary, CorpusCase, corpus_cases, corpus_dir};

/// A fall that rounding explains.
const SLACK: f64 = 0.0006;

#[test]
#[ignore = "needs UNDERPIN_CORPUS, a folder of cases with documents (`./test` runs it where there is one)"]
fn as_much_is_read_as_ever() {
    let corpus = corpus_dir().expect("UNDERPIN_CORPUS names a folder");
    let cases = corpus_cases(&corpus);
    assert!(!cases.is_empty(), "{} holds no case", corpus.display());
    let measured = measured(&cases);
    println!("{measured}");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(floors_file(), &measured).expect("the floors can be written");
        return;
    }
    let floors = fs::read_to_string(floors_file()).expect("the floors are there");
    let (names, floor_names) = (measured.lines().next(), floors.lines().next());
    assert_eq!(
        names,
        floor_names,
        "the floors in {} are those of other cases",
        floors_file().display()
    );
    let below = below(&floors, &measured);
    assert!(below.is_empty(), "less is read than before:\n{}", below.join("\n"));
}

fn floors_file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reading_score.txt")
}

/// How many cases there are, and each group's means, a line for each measure.
fn measured(cases: &[CorpusCase]) -> String {
    let mut groups: BTreeMap<&str, Vec<Score>> = BTreeMap::new();
    for case in cases {
        let is_prose = ["requirements-", "initial-"].iter().any(|it| case.name.starts_with(it));
        let group = if is_prose { "prose" } else { "structured" };
        groups.entry(group).or_default().push(read(case));
    }
    let mut text = String::new();
    let sizes: Vec<String> =
        groups.iter().map(|(group, scores)| format!("{} {group}", scores.len())).collect();
    writeln!(text, "cases: {}", sizes.join(", ")).expect("invariant: a String takes all");
    for (group, scores) in &groups {
        for (measure, value) in mean(scores) {
            writeln!(text, "{group} {measure:?} {value:.3}")
                .expect("invariant: a String takes all");
        }
    }
    text
}

fn read(case: &CorpusCase) -> Score {
    let gold =
        fs::read_to_string(case.folder.join("gold.json")).expect("a case says what it holds");
    let gold: Value = serde_json::from_str(&gold).expect("gold.json is JSON");
    let documents = gold["documents"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let ran = Binary::at(env!("CARGO_BIN_EXE_underpin"))
        .args(["model", "--format", "json"])
        .args(documents)
        .current_dir(&case.folder)
        .run();
    let model: Value = serde_json::from_str(&ran.stdout)
        .unwrap_or_else(|error| panic!("{}: no JSON: {error}\n{}", case.name, ran.stderr));
    score(&gold, &model)
}

/// The lines of `measured` whose value is below that of the same line of `floors`; a line that is gone counts too.
fn below(floors: &str, measured: &str) -> Vec<String> {
    let now: BTreeMap<&str, f64> = values(measured).collect();
    values(floors)
        .filter_map(|(name, floor)| match now.get(name) {
            Some(value) if *value + SLACK >= floor => None,
            Some(value) => Some(format!("{name}: {value:.3}, was {floor:.3}")),
            None => Some(format!("{name}: not measured any more, was {floor:.3}")),
        })
        .collect()
}

fn values(text: &str) -> impl Iterator<Item = (&str, f64)> {
    text.lines().skip(1).filter_map(|line| {
        let (name, value) = line.rsplit_once(' ')?;
        Some((name, value.parse().ok()?))
    })
}

#[test]
fn a_fall_and_a_loss_are_refused_and_a_rise_is_not() {
    let floors = "cases: 1 prose\nprose Entity 0.500\nprose Field 0.500\nprose Access 0.100\n";
    let measured = "cases: 1 prose\nprose Entity 0.499\nprose Field 0.900\n";
    assert_eq!(
        below(floors, measured),
        ["prose Entity: 0.499, was 0.500", "prose Access: not measured any more, was 0.100"]
    );
}
