//! What we design for a document holds what we read in it: our own schema is judged as one that somebody else wrote. A rule
//! that only one of the two sides reads would be refuted, or kept and never told.

use std::path::{Path, PathBuf};

use underpin_testkit::temp_dir_with;

use super::{flaw, judge, refuted};
use crate::shared_server::Shared;
use crate::underpin;

const BERTHS: &str = include_str!("berths.md");

/// The schema that is designed for a document.
fn designed(document: &str) -> String {
    let folder = temp_dir_with(&[("docs/model.md", document)]);
    let _ = underpin()
        .args(["design", "docs", "--out", "out", "--no-verify"])
        .current_dir(folder.path())
        .run()
        .expect_code(0);
    std::fs::read_to_string(folder.path().join("out/schema.sql")).expect("it was designed")
}

#[test]
fn our_own_schema_keeps_what_its_document_states() {
    judge(
        BERTHS,
        &designed(BERTHS),
        &[
            flaw(
                "ends_at - starts_at >= '42 hours'",
                "ends_at - starts_at >= '41 hours'",
                "check/stays/starts_at,ends_at/duration/least",
            ),
            flaw(
                "WITH &&) WHERE (status <> 'aborted')",
                "WITH &&) WHERE (status = 'planned')",
                "exclusion/stays/",
            ),
            flaw(
                "FOREIGN KEY (harbour_id, skipper_id) REFERENCES public.skippers (harbour_id, id)",
                "FOREIGN KEY (skipper_id) REFERENCES public.skippers (id)",
                "foreign_key/loans/skipper_id/tenant",
            ),
        ],
    );
}

const COLLECTION: &str = "# Coins\n\nSeveral clubs share one database.\n\n## Club\n\n| Field | Type | Notes |\n|---|---|---|\n\
    | id | bigint | primary key |\n| name | text | required |\n\n## Set\n\n| Field | Type | Notes |\n|---|---|---|\n\
    | id | bigint | primary key |\n| club_id | bigint | required, references Club |\n\
    | parent_set_id | bigint | optional, references Set; must belong to same club; no cycles |\n\
    | published_on | date | never changes |\n\n## Coin\n\n| Field | Type | Notes |\n|---|---|---|\n\
    | id | bigint | primary key |\n| club_id | bigint | required, references Club |\n\
    | set_id | bigint | optional, references Set |\n| weight_mg | integer | required, at least 1 |\n\n\
    ## Rules\n\n- A coin and its set belong to the same club.\n";

#[test]
fn our_own_references_carry_the_owner_that_rows_share() {
    judge(
        COLLECTION,
        &designed(COLLECTION),
        &[
            flaw(
                "FOREIGN KEY (club_id, set_id) REFERENCES public.sets (club_id, id)",
                "FOREIGN KEY (set_id) REFERENCES public.sets (id)",
                "foreign_key/coins/set_id/tenant",
            ),
            flaw(
                "FOREIGN KEY (club_id, parent_set_id) REFERENCES public.sets (club_id, id)",
                "FOREIGN KEY (parent_set_id) REFERENCES public.sets (id)",
                "foreign_key/sets/parent_set_id/tenant",
            ),
        ],
    );
}

const TANKS: &str = "# Depuration\n\n## Tank\n\n| Field | Type | Notes |\n|---|---|---|\n| id | bigint | primary key |\n\
    | label | text | required |\n| capacity_kg | integer | required, at least 1 |\n| opened_on | date | required |\n\n## Run\n\n\
    | Field | Type | Notes |\n|---|---|---|\n| id | bigint | primary key |\n| tank_id | bigint | required, references Tank |\n\
    | load_kg | integer | required, at least 1 |\n| starts_on | date | required |\n\n## Rules\n\n\
    - The load of a run never exceeds the capacity of its tank.\n";

#[test]
fn our_own_rows_keep_to_the_values_of_their_owners() {
    judge(
        TANKS,
        &designed(TANKS),
        &[
            flaw(
                "AFTER INSERT OR UPDATE OF tank_id, load_kg",
                "AFTER INSERT",
                "check/runs/load_kg/across/capacity_kg",
            ),
            flaw(
                "NOT (own.load_kg <= new.capacity_kg)",
                "false",
                "check/runs/load_kg/across/capacity_kg",
            ),
        ],
    );
}

const PROJECTS: &str = "# Planning\n\n## Project\n\n| Field | Type | Notes |\n|---|---|---|\n| id | bigint | primary key |\n\
    | title | text | required |\n| budget | integer | required, at least 1 |\n| status | enum(draft, active, archived) | required |\n\n\
    ## Task\n\n| Field | Type | Notes |\n|---|---|---|\n| id | bigint | primary key |\n\
    | project_id | bigint | required, references Project |\n| title | text | required |\n| state | enum(open, done) | required |\n\n\
    ## Life cycle of a project\n\n```mermaid\nstateDiagram-v2\n  [*] --> draft\n  draft --> active\n  active --> archived\n```\n\n\
    ## Life cycle of a task\n\n```mermaid\nstateDiagram-v2\n  [*] --> open\n  open --> done\n```\n\n## Rules\n\n\
    - A project cannot be archived while it has open tasks.\n\
    - A project without tasks cannot be activated.\n\
    - The budget of a project cannot be changed once it has tasks.\n";

#[test]
fn our_own_rows_are_held_by_those_that_belong_to_them() {
    judge(
        PROJECTS,
        &designed(PROJECTS),
        &[
            flaw(
                "new.status = 'archived' AND old.status IS DISTINCT FROM 'archived'",
                "false",
                "check/projects/status/barred/archived",
            ),
            flaw("IF NOT EXISTS", "IF false AND NOT EXISTS", "check/projects/status/barred/active"),
            flaw(
                "old.budget IS DISTINCT FROM new.budget",
                "false",
                "check/projects/budget/settled",
            ),
        ],
    );
}

const ORDERS: &str = "# Press\n\n## Order\n\n| Field | Type | Notes |\n|---|---|---|\n| id | bigint | primary key |\n\
    | title | text | required |\n| copies | integer | required, at least 1 |\n\
    | status | enum(draft, placed, printed) | required |\n\n## Life cycle of an order\n\n\
    ```mermaid\nstateDiagram-v2\n  [*] --> draft\n  draft --> placed\n  placed --> printed\n```\n\n## Rules\n\n\
    - Once an order is placed, its `copies` cannot be changed.\n";

#[test]
fn what_stays_stays_in_a_step_as_well() {
    judge(
        ORDERS,
        &designed(ORDERS),
        &[flaw(
            "OLD.status IN ('placed', 'printed')",
            "OLD.status IN ('placed', 'printed') AND NEW.status = OLD.status",
            "check/orders/copies/unchanged",
        )],
    );
}

const LOANS: &str = "# Archive\n\n## Loan\n\n| Field | Type | Notes |\n|---|---|---|\n| id | bigint | primary key |\n\
    | borrower | text | required |\n| weeks | integer | required, at least 1 |\n| version | integer | required |\n\n\
    ## Rules\n\n- `version` of a loan goes up by one with each change.\n";

#[test]
fn a_version_goes_up_with_each_change_and_by_one() {
    judge(
        LOANS,
        &designed(LOANS),
        &[
            flaw("BEFORE UPDATE ON", "BEFORE UPDATE OF weeks ON", "version/loans/version/counted"),
            flaw(
                "NEW.version IS DISTINCT FROM OLD.version + 1",
                "NEW.version <= OLD.version",
                "version/loans/version/counted",
            ),
        ],
    );
}

/// The text of the documents of a case, each with its name for a heading.
fn documents(folder: &Path) -> String {
    let mut files: Vec<PathBuf> =
        folder.read_dir().expect("a folder").map(|it| it.expect("an entry").path()).collect();
    files.sort();
    let texts = files.iter().filter(|it| it.is_file()).map(std::fs::read_to_string);
    texts.map(|it| it.expect("a text")).collect::<Vec<_>>().join("\n\n")
}

/// A rule that we read and do not keep, or that our judge reads otherwise than our designer, is seen here.
#[test]
fn no_design_of_a_case_is_refuted() {
    let shared = Shared::start();
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    for case in
        ["fleet", "helpdesk", "insurance", "ledger", "pottery", "rooms", "saas", "telemetry", "vet"]
    {
        let text = documents(&cases.join(case).join("docs"));
        let (found, shown) = refuted(&shared, &text, &designed(&text));
        assert!(found.is_empty(), "{case}:\n{shown}");
    }
}
