//! Schemas whose conditions no document states: codes with check digits, domains over domains, columns that must come to
//! each other, documents of a certain form. Rows are made for them all the same, so that every claim is judged.

use super::{Flaw, evidence, flaw, judge};
use crate::shared_server::Shared;

const MILL: &str = include_str!("mill.md");
const MILL_CONDITIONS: &str = include_str!("mill.sql");

/// The claims that were not run.
fn untried(shared: &Shared, document: &str, schema: &str) -> Vec<String> {
    let found = evidence(shared, document, schema);
    let claims = found["claims"].as_array().unwrap().clone();
    let untried = claims.iter().filter(|claim| claim["verdict"] == "not_run");
    untried.map(|claim| claim["id"].as_str().unwrap().to_owned()).collect()
}

/// Whether all claims but those on how long or how precise a value may be were judged.
fn lives(document: &str, schema: &str) {
    let shared = Shared::start();
    let untried = untried(&shared, document, schema);
    let is_form = |id: &&String| id.ends_with("/length") || id.ends_with("/digits");
    assert!(untried.iter().all(|id| is_form(&id)), "{untried:#?}");
}

#[test]
fn patterns_check_digits_sums_and_documents() {
    lives(MILL, MILL_CONDITIONS);
    let flaws: &[Flaw] = &[
        flaw("gross numeric(8, 2) NOT NULL,", "gross numeric(8, 2),", "not_null/deliveries/gross"),
        flaw(
            "ticket varchar(20) NOT NULL UNIQUE CHECK",
            "ticket varchar(20) NOT NULL CHECK",
            "unique/deliveries/ticket",
        ),
        flaw(
            "tax_number varchar(20) NOT NULL UNIQUE",
            "tax_number varchar(20) NOT NULL",
            "unique/farms/tax_number",
        ),
        flaw("settings jsonb NOT NULL", "settings jsonb", "not_null/farms/settings"),
        flaw(
            "moisture BETWEEN 0 AND 100",
            "moisture BETWEEN 0 AND 99",
            "check/deliveries/moisture/rule",
        ),
        flaw(
            " AND OLD.status <> 'weighed'",
            " AND OLD.status = 'rejected'",
            "lifecycle/deliveries/status/steps",
        ),
        flaw("CHECK (weight > 0)", "CHECK (weight >= 0)", "check/batches/weight/rule"),
    ];
    judge(MILL, MILL_CONDITIONS, flaws);
}

#[test]
fn a_condition_that_nothing_meets_leaves_its_table_untried() {
    let schema = MILL_CONDITIONS.replace("net > 0 AND tare >= 0", "net > 0 AND tare > gross");
    assert_ne!(schema, MILL_CONDITIONS);
    let untried = untried(&Shared::start(), MILL, &schema);
    assert!(untried.contains(&"not_null/deliveries/net".to_owned()), "{untried:#?}");
    assert!(!untried.contains(&"not_null/farms/code".to_owned()), "{untried:#?}");
}

const RATES: &str = "## Plan\n\n| Field | Type | Required |\n|---|---|---|\n| id | uuid | PK |\n| rate | decimal | yes |\n\
    | share | decimal | yes |\n\n## Rules\n\n- rate must be at least 0\n- share must be at most 250\n";
const RATES_SCHEMA: &str = "CREATE TABLE plans (id uuid PRIMARY KEY, rate numeric(6,4) NOT NULL CHECK (rate >= 0), \
    share numeric(7,4) NOT NULL CHECK (share <= 250));";

#[test]
fn numbers_that_no_document_bounds_fit_their_columns() {
    lives(RATES, RATES_SCHEMA);
    judge(
        RATES,
        RATES_SCHEMA,
        &[flaw("CHECK (rate >= 0)", "CHECK (rate > 0)", "check/plans/rate/rule")],
    );
    // What a document bounds is not made smaller than it allows: such a column holds no value of the documents.
    let narrow = RATES_SCHEMA.replace("share numeric(7,4)", "share numeric(5,4)");
    let untried = untried(&Shared::start(), RATES, &narrow);
    assert!(untried.contains(&"check/plans/share/rule".to_owned()), "{untried:#?}");
}
