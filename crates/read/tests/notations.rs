//! Every notation has an example in `notations/`, which it reads completely, and which may be broken in any way
//! without breaking what holds of every reading.

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use underpin_base::{Severity, Sources};
use underpin_read::{invariant, notations};

/// Notations that state nothing of their own: they complete what others read, or set aside what nothing follows from.
const COMPLETING: &[&str] = &["common-fields", "prose-evidence", "unsaid-lines"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("notations")
}

/// The examples, each with the notation that it is named after.
fn examples() -> Vec<(String, PathBuf)> {
    let mut found: Vec<(String, PathBuf)> = std::fs::read_dir(folder())
        .expect("the examples are there")
        .map(|entry| entry.expect("the examples can be read").path())
        .map(|path| {
            let name = path.file_stem().and_then(|stem| stem.to_str()).expect("a name in ASCII");
            (name.to_owned(), path.clone())
        })
        .collect();
    found.sort();
    found
}

fn sources(path: &Path) -> Sources {
    let name = path.file_name().and_then(|name| name.to_str()).expect("a name in ASCII");
    let mut sources = Sources::default();
    sources.add(name, std::fs::read_to_string(path).expect("an example is UTF-8"));
    sources
}

#[test]
fn every_notation_has_one_example_and_no_other_is_there() {
    let mut names: Vec<&str> = notations().map(|notation| notation.name).collect();
    names.sort_unstable();
    let examples = examples();
    let there: Vec<&str> = examples.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(there, names, "crates/read/notations/ holds one example for each notation");
}

#[test]
fn every_example_is_read_by_its_notation_with_nothing_left_open() {
    let mut remarks = Vec::new();
    for (name, path) in examples() {
        let sources = sources(&path);
        let reading = underpin_read::read(&sources);
        let reads = reading.statements.iter().any(|statement| statement.notation == name);
        if !reads && !COMPLETING.contains(&name.as_str()) {
            remarks.push(format!("{name}: its notation reads nothing of its example"));
        }
        let open = reading.diagnostics.iter().filter(|it| it.severity != Severity::Note);
        remarks.extend(open.map(|diagnostic| format!("{name}: {}", diagnostic.message)));
    }
    assert!(remarks.is_empty(), "{}", remarks.join("\n"));
}

/// What may happen to one line.
#[derive(Debug, Clone)]
enum Damage {
    Lose,
    Double,
    Indent,
    Cut(prop::sample::Index),
    Insert(String),
    SwapWithNext,
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        Just(Damage::Lose),
        Just(Damage::Double),
        Just(Damage::Indent),
        Just(Damage::SwapWithNext),
        any::<prop::sample::Index>().prop_map(Damage::Cut),
        "[-|:`*>(){}\\[\\]\"'→,;#/ \\tä\u{a0}0-9a-z]{1,6}".prop_map(Damage::Insert),
    ]
}

fn inflict(lines: &mut Vec<String>, at: usize, damage: &Damage) {
    match damage {
        Damage::Lose => {
            lines.remove(at);
        }
        Damage::Double => lines.insert(at, lines[at].clone()),
        Damage::Indent => lines[at].insert_str(0, "    "),
        Damage::Cut(index) => {
            let end = lines[at].floor_char_boundary(index.index(lines[at].len() + 1));
            lines[at].truncate(end);
        }
        Damage::Insert(text) => {
            let middle = lines[at].floor_char_boundary(lines[at].len() / 2);
            lines[at].insert_str(middle, text);
        }
        Damage::SwapWithNext => {
            if at + 1 < lines.len() {
                lines.swap(at, at + 1);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_example_of_any_notation_is_read(
        damages in prop::collection::vec((any::<prop::sample::Index>(), damage()), 1..6),
        line_break in prop::sample::select(vec!["\n", "\r\n"]),
    ) {
        for (name, path) in examples() {
            let text = std::fs::read_to_string(&path).expect("an example is UTF-8");
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            for (index, damage) in &damages {
                if !lines.is_empty() {
                    let at = index.index(lines.len());
                    inflict(&mut lines, at, damage);
                }
            }
            let mut sources = Sources::default();
            sources.add(path.file_name().map_or("", |it| it.to_str().unwrap_or("")), lines.join(line_break));
            prop_assert_eq!(invariant::fault(&sources), None, "{}", name);
        }
    }
}
