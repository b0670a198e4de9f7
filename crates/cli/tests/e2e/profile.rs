//! The five profiles: what each cannot do without, and how a run ends that lacks it.

use std::fs;

use crate::underpin;
use underpin_testkit::{Ran, temp_dir_with};

const ENTITIES: &str = "# Entities\n\n## User\n\n| Field | Type |\n| --- | --- |\n| id | uuid |\n";

/// A profile, and its mandatory documents with what the error says that each should hold.
type Inputs = (&'static str, &'static [(&'static str, &'static str, &'static str)]);

const PROFILES: [Inputs; 4] = [
    (
        "aspec",
        &[
            ("docs/04-data-model.md", ENTITIES, "the entities and how they relate"),
            ("docs/05-data-structure.md", ENTITIES, "the fields of each entity, with types"),
            (
                "docs/10-object-lifecycle.md",
                "# Life cycles\n\nNone.\n",
                "the states of entities and what follows what",
            ),
        ],
    ),
    (
        "planning",
        &[(
            "INITIAL.md",
            ENTITIES,
            "the requirements: what the application stores and does with it",
        )],
    ),
    (
        "engineering",
        &[
            ("docs/domain/entities.md", ENTITIES, "the entities with their fields"),
            (
                "docs/domain/value-objects.md",
                "None.\n",
                "the values that have no identity of their own",
            ),
            ("docs/domain/aggregates.md", "None.\n", "the aggregates: roots and members"),
            ("docs/domain/domain-rules.md", "None.\n", "the rules that hold for the values"),
            (
                "docs/architecture/components.md",
                "None.\n",
                "the components and the data that each owns",
            ),
            (
                "docs/architecture/integration-patterns.md",
                "None.\n",
                "how the components exchange data",
            ),
        ],
    ),
    (
        "storage",
        &[
            ("docs/requirements.md", ENTITIES, "what the systems store and do with it"),
            (
                "docs/architecture.md",
                "# Architecture\n\n## Backend Systems\n\n- backend-user: accounts\n",
                "the backend systems and what each is responsible for",
            ),
        ],
    ),
];

/// Designs by a profile from these documents, beside one that belongs to no profile.
fn design(profile: &str, documents: &[(&str, &str)]) -> (Ran, bool) {
    let folder = temp_dir_with(&[documents, &[("docs/notes.md", ENTITIES)]].concat());
    let arguments = ["design", ".", "--no-verify", "--out", "p", "--profile", profile];
    let ran = underpin().args(arguments).current_dir(folder.path()).run();
    (ran, folder.path().join("p").exists())
}

#[track_caller]
fn has(text: &str, part: &str) {
    assert!(text.contains(part), "{part:?} is not in\n{text}");
}

#[test]
fn each_mandatory_document_of_each_profile_is_asked_for() {
    for (profile, inputs) in PROFILES {
        let all: Vec<(&str, &str)> = inputs.iter().map(|(path, text, _)| (*path, *text)).collect();
        let (ran, written) = design(profile, &all);
        assert_eq!((ran.code, written), (Some(0), true), "{profile}: {}", ran.stderr);
        assert!(!ran.stderr.contains("I070"), "{profile}: {}", ran.stderr);
        for (at, (path, _, holds)) in inputs.iter().enumerate() {
            let mut others = all.clone();
            others.remove(at);
            let empty = [&*others, &[(*path, " \n")]].concat();
            for (documents, how) in [(&others, "is missing"), (&empty, "is empty")] {
                let (ran, written) = design(profile, documents);
                assert_eq!((ran.code, written), (Some(1), false), "{profile}: {}", ran.stderr);
                has(
                    &ran.stderr,
                    &format!(
                        "error[I070]: `{path}` {how}: the profile `{profile}` needs it, and it \
                         should hold {holds}"
                    ),
                );
                assert_eq!(ran.stderr.matches("I070").count(), 1, "{}", ran.stderr);
            }
        }
    }
}

#[test]
fn the_profile_postgres_reads_what_there_is() {
    let schema = ("docs/schema.sql", "CREATE TABLE users (id uuid PRIMARY KEY, email text);\n");
    let (ran, written) = design("postgres", &[schema]);
    assert_eq!((ran.code, written), (Some(0), true), "{}", ran.stderr);
    let folder = temp_dir_with(&[("docs/empty.txt", "\n")]);
    let arguments = ["design", "docs", "--no-verify", "--out", "p", "--profile", "postgres"];
    let ran = underpin().args(arguments).current_dir(folder.path()).run();
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert!(!folder.path().join("p").exists());
}

#[test]
fn the_profile_storage_needs_backend_systems() {
    let table = "# Requirements\n\n## User\n\n| Field | Type |\n| --- | --- |\n| id | uuid |\n";
    let run = |architecture: &str| {
        let folder = temp_dir_with(&[
            ("docs/requirements.md", table),
            ("docs/architecture.md", architecture),
        ]);
        underpin()
            .args(["design", ".", "--no-verify", "--profile", "storage"])
            .current_dir(folder.path())
            .run()
    };
    let said = run("# Architecture\n\nLater.\n").expect_code(1).stderr;
    has(
        &said,
        "error[I070]: `docs/architecture.md` names no backend system: the profile `storage`",
    );
    let _ =
        run("# Architecture\n\n## Backend Systems\n\n- backend-user: accounts\n").expect_code(0);
}

#[test]
fn a_named_profile_insists_on_its_documents() {
    let table = "# Entities\n\n## User\n\n| Field | Type |\n| --- | --- |\n| id | uuid |\n";
    let folder = temp_dir_with(&[
        ("docs/domain/entities.md", table),
        ("docs/domain/value-objects.md", "none\n"),
        ("docs/domain/aggregates.md", "none\n"),
        ("docs/domain/domain-rules.md", " \n"),
        ("docs/architecture/components.md", "none\n"),
    ]);
    let run = |more: &[&str]| {
        let design = ["design", ".", "--no-verify", "--out", "p"];
        underpin().args(design).args(more).current_dir(folder.path()).run()
    };
    let said = run(&["--profile", "engineering"]).expect_code(1).stderr;
    has(
        &said,
        "error[I070]: `docs/domain/domain-rules.md` is empty: the profile `engineering` needs it",
    );
    has(&said, "error[I070]: `docs/architecture/integration-patterns.md` is missing");
    assert!(!folder.path().join("p").exists());
    // Found by a part of its layout, it is no more than a warning; with all but one of the documents it is an error.
    has(
        &run(&[]).expect_code(0).stderr,
        "warning[I070]: `docs/architecture/integration-patterns.md` is missing",
    );
    let rules = folder.path().join("docs/domain/domain-rules.md");
    fs::write(&rules, "none\n").unwrap();
    has(
        &run(&[]).expect_code(1).stderr,
        "error[I070]: `docs/architecture/integration-patterns.md` is missing",
    );
    let _ = run(&["--profile", "postgres", "--force"]).expect_code(0);
    let said = run(&["--profile", "planning"]).expect_code(1).stderr;
    has(
        &said,
        "`INITIAL.md` is missing: the profile `planning` needs it, and it should hold the requirements",
    );
}
