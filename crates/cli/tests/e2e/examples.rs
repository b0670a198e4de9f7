//! The examples, designed as the README says.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::{root, underpin};
use underpin_testkit::{Files, assert_golden, differences, files_of, temp_dir};

/// Not compared: holds the way from the output folder, which is a temporary one, to the input.
const EVIDENCE: &str = "evidence.json";

/// A case is a folder: `arguments` says what is designed, `expected` holds what is written.
fn case(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(name)
}

fn design(name: &str, more: &[&str], out: &Path) -> (i32, String) {
    let arguments = fs::read_to_string(case(name).join("arguments")).expect("a case has arguments");
    // Documents of a case that another is designed from would be judged by nobody.
    let own = case(name).join("docs");
    assert!(!own.exists() || arguments.contains(&format!("cases/{name}/")), "{name}: {arguments}");
    let ran = underpin()
        .arg("design")
        .args(arguments.split_whitespace())
        .args(more)
        .arg("--out")
        .arg(out)
        .current_dir(root())
        .run();
    (ran.code.unwrap_or(-1), format!("{}{}", ran.stdout, ran.stderr))
}

fn evidence(out: &Path) -> Value {
    serde_json::from_slice(&fs::read(out.join(EVIDENCE)).unwrap()).unwrap()
}

#[track_caller]
fn is_golden(name: &str) {
    let place = temp_dir();
    let out = place.path().join("out");
    let (code, said) = design(name, &["--no-verify"], &out);
    assert_eq!(code, 0, "{said}");
    let mut produced = files_of(&out);
    produced.remove(EVIDENCE).expect("evidence is written");
    assert_golden(&case(name).join("expected"), &produced);
}

#[test]
fn shop_is_golden() {
    is_golden("shop");
}

#[test]
fn retail_is_golden() {
    is_golden("retail");
}

/// Short notes, as somebody jots them down.
#[test]
fn pottery_is_golden_and_nothing_is_refuted() {
    is_golden("pottery");
    is_not_refuted("pottery");
}

#[test]
fn vet_is_golden_and_nothing_is_refuted() {
    is_golden("vet");
    is_not_refuted("vet");
}

/// Two bounded contexts: schemas and roles of their own, references that cross.
#[test]
fn parcels_is_golden_and_nothing_is_refuted() {
    is_golden("parcels");
    is_not_refuted("parcels");
}

/// Requirements: a room is booked once at a time, guests are told apart whatever the case of their email.
#[test]
fn rooms_is_golden_and_nothing_is_refuted() {
    is_golden("rooms");
    is_not_refuted("rooms");
}

/// Many tenants in field tables: keys and references within a tenant, marks of deletion, one active subscription.
#[test]
fn saas_is_golden_and_nothing_is_refuted() {
    is_golden("saas");
    is_not_refuted("saas");
}

/// Tables of another system as SQL: what is never changed, stated queries with named parameters.
#[test]
fn ledger_is_golden_and_nothing_is_refuted() {
    is_golden("ledger");
    is_not_refuted("ledger");
}

/// Prisma: a tree, a join with fields of its own, translations, ordered pictures.
#[test]
fn press_is_golden_and_nothing_is_refuted() {
    is_golden("press");
    is_not_refuted("press");
}

/// Aggregates in two bounded contexts: life cycles with the moments that they require, versions.
#[test]
fn subscriptions_is_golden_and_nothing_is_refuted() {
    is_golden("subscriptions");
    is_not_refuted("subscriptions");
}

/// Kinds of one thing, values by period, a reference to anything.
#[test]
fn insurance_is_golden_and_nothing_is_refuted() {
    is_golden("insurance");
    is_not_refuted("insurance");
}

/// Tables that are split as stated: by a hash, by lists with and without a default partition, by month and by quarter.
#[test]
fn helpdesk_is_golden_and_nothing_is_refuted() {
    is_golden("helpdesk");
    is_not_refuted("helpdesk");
}

/// Kinds of vehicles with tables of their own, limits on numbers and sums of rows.
#[test]
fn fleet_is_golden_and_nothing_is_refuted() {
    is_golden("fleet");
    is_not_refuted("fleet");
}

/// Readings of meters: tables that are split by time, and one that a stated key keeps whole.
#[test]
fn metering_is_golden_and_nothing_is_refuted() {
    is_golden("metering");
    is_not_refuted("metering");
}

/// Queries that give some of the rows that they find: the last of each, the nearest, a branch of a tree, the next of a queue,
/// groups by what was computed of them, a page by its number; on a table with a partition for each day.
#[test]
fn telemetry_is_golden_and_nothing_is_refuted() {
    is_golden("telemetry");
    is_not_refuted("telemetry");
}

/// The claims of which a run says anything but that they are proven. An objective in milliseconds is only asked to have
/// been measured: whether it holds hangs on what else the machine does.
fn unproven(evidence: &Value) -> Vec<String> {
    let claims = evidence["claims"].as_array().expect("evidence has claims");
    let is_measured = |claim: &Value| {
        claim["family"] == "latency"
            && claim["measured"]["p95_ms"].as_f64().is_some_and(|it| it > 0.0)
    };
    claims
        .iter()
        .filter(|claim| claim["verdict"] != "proven" && !is_measured(claim))
        .map(|claim| format!("{} {}: {}", claim["verdict"], claim["id"], claim["note"]))
        .collect()
}

#[track_caller]
fn is_not_refuted(name: &str) {
    let place = temp_dir();
    let out = place.path().join("out");
    let (_, said) = design(name, &[], &out);
    let evidence = evidence(&out);
    let refuted: Vec<String> =
        unproven(&evidence).into_iter().filter(|it| it.contains("refuted")).collect();
    assert_eq!(refuted, [""; 0], "{said}");
    assert!(evidence["summary"]["proven"].as_u64().unwrap() > 10, "{said}");
}

/// The statements of a script, without comments and without an order.
fn statements(script: &str) -> Vec<&str> {
    let is_code = |line: &&str| !line.starts_with("--") && !line.starts_with("COMMENT ON");
    let mut lines: Vec<&str> =
        script.lines().filter(is_code).map(|line| line.trim_end_matches(',')).collect();
    lines.sort_unstable();
    lines
}

/// What the documents said is all in the model file, which designs the same tables alone.
#[test]
fn the_model_file_of_each_golden_case_designs_the_same_schema() {
    let cases = fs::read_dir(case("")).expect("there are cases");
    let mut names: Vec<String> = cases
        .map(|it| it.expect("a case is a folder").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert!(names.len() > 10, "{names:?}");
    for name in names {
        let expected = case(&name).join("expected");
        let place = temp_dir();
        let (input, out) = (place.path().join("input"), place.path().join("out"));
        fs::create_dir(&input).unwrap();
        fs::copy(expected.join("underpin.yaml"), input.join("underpin.yaml")).unwrap();
        let ran =
            underpin().args(["design", "--no-verify"]).arg(&input).arg("--out").arg(&out).run();
        assert_eq!(ran.code, Some(0), "{name}: {}", ran.stderr);
        let wanted = fs::read_to_string(expected.join("schema.sql")).unwrap();
        let found = fs::read_to_string(out.join("schema.sql")).unwrap();
        assert_eq!(statements(&wanted), statements(&found), "{name}");
    }
}

/// What two verified runs write, without what was measured.
fn unmeasured(out: &Path) -> Files {
    let mut files = files_of(out);
    files.retain(|path, _| path != EVIDENCE && !underpin_emit::shows_measured_values(path));
    files
}

#[track_caller]
fn is_proven(name: &str) -> PathBuf {
    let place = temp_dir();
    let out = place.keep().join("out");
    let (_, said) = design(name, &[], &out);
    let evidence = evidence(&out);
    assert_eq!(unproven(&evidence), [""; 0], "{said}");
    assert!(evidence["summary"]["proven"].as_u64().unwrap() > 100);
    out
}

#[test]
fn shop_is_proven_and_two_runs_write_the_same() {
    let (one, other) = (is_proven("shop"), is_proven("shop"));
    assert_eq!(differences(&unmeasured(&one), &unmeasured(&other)), [""; 0]);
    // What was measured differs in values only: the same claims in the same order.
    let ids = |out: &Path| -> Vec<String> {
        evidence(out)["claims"].as_array().unwrap().iter().map(|it| it["id"].to_string()).collect()
    };
    assert_eq!(ids(&one), ids(&other));
    for out in [one, other] {
        fs::remove_dir_all(out.parent().unwrap()).unwrap();
    }
}

#[test]
fn retail_is_proven() {
    let out = is_proven("retail");
    fs::remove_dir_all(out.parent().unwrap()).unwrap();
}

/// Judges the claims of an example and what each change of its schema refutes; what nothing notices.
#[track_caller]
fn survivors(name: &str, accepted: Option<&str>) -> (i32, Vec<String>, usize) {
    let place = temp_dir();
    let out = place.path().join("out");
    let (code, said) = design(name, &["--no-verify"], &out);
    assert_eq!(code, 0, "{said}");
    if let Some(accepted) = accepted {
        fs::write(out.join("survivors.yaml"), accepted).unwrap();
    }
    let ran = underpin().args(["verify", "--mutate", "--format", "json"]).arg(&out).run();
    let evidence: Value = serde_json::from_str(&ran.stdout).expect("evidence is printed");
    let claims = evidence["claims"].as_array().unwrap();
    let mutants = claims.iter().filter(|claim| claim["family"] == "necessity");
    let missed = |claim: &&Value| claim["measured"]["killed_by"].is_string();
    let survivors = mutants.clone().filter(|claim| !missed(claim));
    let survivors = survivors.map(|claim| format!("{}: {}", claim["id"], claim["note"])).collect();
    (ran.code.unwrap_or(-1), survivors, mutants.filter(missed).count())
}

#[test]
fn each_object_of_the_shop_is_needed() {
    let (code, survivors, missed) = survivors("shop", None);
    assert_eq!(survivors, Vec::<String>::new());
    assert!(missed > 500, "{missed}");
    assert_eq!(code, 0);
}

/// Each partition among them.
#[test]
fn each_object_of_the_helpdesk_is_needed() {
    let (code, survivors, missed) = survivors("helpdesk", None);
    assert_eq!(survivors, Vec::<String>::new());
    assert!(missed > 60, "{missed}");
    assert_eq!(code, 0);
}

#[test]
fn each_object_of_the_retail_example_is_needed() {
    let (code, survivors, missed) = survivors("retail", None);
    assert_eq!(survivors, Vec::<String>::new());
    assert!(missed > 150, "{missed}");
    assert_eq!(code, 0);
}
