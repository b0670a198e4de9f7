//! The emitted scripts before a linter that somebody else wrote: it says nothing beyond what `.squawk.toml` leaves out.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::root;
use underpin_testkit::temp_dir;

/// Runs `squawk` in a design; whether it was content, and what it said.
fn lint(design: &Path, scripts: &[PathBuf]) -> (bool, String) {
    let program = env::var_os("UNDERPIN_SQUAWK").unwrap_or_else(|| "squawk".into());
    let ran = Command::new(program)
        .current_dir(design)
        .args(["--reporter", "gcc"])
        .args(scripts)
        .output()
        .unwrap_or_else(|error| {
            panic!(
                "this test needs squawk: pip install squawk-cli, or name the program in \
                 UNDERPIN_SQUAWK (./test does both): {error}"
            )
        });
    let said =
        [ran.stdout, ran.stderr].map(|it| String::from_utf8_lossy(&it).into_owned()).concat();
    (ran.status.success(), said)
}

/// The scripts of a design that squawk reads, relative to it.
fn scripts(design: &Path) -> Vec<PathBuf> {
    let mut found = vec![PathBuf::from("schema.sql")];
    for folder in ["migrations", "ops"] {
        let Ok(entries) = fs::read_dir(design.join(folder)) else { continue };
        for entry in entries {
            let path = Path::new(folder).join(entry.unwrap().file_name());
            if path.extension().is_some_and(|it| it == "sql") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn golden_designs_are_clean() {
    let cases = root().join("crates/cli/tests/cases");
    let mut seen = 0;
    for case in fs::read_dir(cases).unwrap() {
        let design = case.unwrap().path().join("expected");
        let (content, said) = lint(&design, &scripts(&design));
        assert!(content, "{}:\n{said}", design.display());
        seen += 1;
    }
    assert!(seen >= 10, "only {seen} golden designs were found");
}

#[test]
fn what_is_wrong_is_still_reported() {
    let design = temp_dir();
    let settings = root().join("crates/cli/tests/cases/shop/expected/.squawk.toml");
    fs::copy(settings, design.path().join(".squawk.toml")).unwrap();
    fs::write(
        design.path().join("schema.sql"),
        "CREATE TABLE public.t (id serial PRIMARY KEY, code char(3), at timestamp);\n",
    )
    .unwrap();
    let (content, said) = lint(design.path(), &scripts(design.path()));
    assert!(!content, "{said}");
    for rule in ["prefer-identity", "ban-char-field", "prefer-timestamp-tz"] {
        assert!(said.contains(rule), "{rule} is not in\n{said}");
    }
}
