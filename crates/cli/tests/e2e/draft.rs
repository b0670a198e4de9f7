//! Drafts, the prompt for them, and explanations.

use std::fs;

use serde_json::Value;

use crate::{root, underpin};
use underpin_testkit::{Ran, temp_dir_with};

const SHOP: &str = "# Shop\n\n## Order\n\n| Field | Type | Required |\n| --- | --- | --- |\n| id | uuid | yes |\n| total | decimal(12,2) | no |\n\n\
                    Every **parcel** is weighed\u{a0}in grams before\r\nit leaves the `warehouse`, whatever its size.\n";

const PARCEL: &str = "\"every parcel is weighed in grams before it leaves the warehouse\"";

fn model(draft: &str, more: &[&str]) -> Ran {
    let folder = temp_dir_with(&[("a.md", SHOP), ("draft.yaml", draft)]);
    let arguments = ["model", "a.md", "--draft", "draft.yaml"];
    underpin().args(arguments).args(more).current_dir(folder.path()).run()
}

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).unwrap()
}

#[test]
fn a_quote_gives_a_statement_its_place() {
    let draft = format!(
        "entities:\n- name: Parcel\n  quote: {PARCEL}\n  fields:\n  - {{name: weight_grams, type: integer, quote: {PARCEL}}}\n  - {{name: colour, type: text}}\n"
    );
    let ran = model(&draft, &["--format", "json"]).expect_code(0);
    assert!(ran.stderr.contains("a.md: "), "{}", ran.stderr);
    let file = json(&ran);
    let parcel = file["entities"].as_array().unwrap().iter().find(|it| it["name"] == "Parcel");
    let parcel = parcel.expect("the drafted entity");
    assert_eq!(parcel["origin"], "stated");
    assert_eq!(parcel["source"]["document"], "a.md");
    assert_eq!(parcel["source"]["line"], 10);
    let colour = &parcel["fields"][1];
    assert_eq!((&colour["name"], &colour["origin"]), (&"colour".into(), &"assumed".into()));
    let asked = |it: &&Value| it["id"] == "parcel-colour.drafted-field";
    assert!(file["questions"].as_array().unwrap().iter().any(|it| asked(&it)), "{file}");

    let explained = model(&draft, &["--explain", "Parcel.weight_grams"]).expect_code(0);
    assert!(explained.stdout.contains("stated at a.md:10:1 by draft"), "{}", explained.stdout);
    assert!(explained.stdout.contains("(drafted at draft.yaml:5:5)"), "{}", explained.stdout);
}

#[test]
fn what_a_quote_does_not_prove_is_refused() {
    for (draft, code, line) in [
        ("entities:\n- name: Truck\n  quote: every truck is weighed in grams\n", "R031", 3),
        ("entities:\n- name: Truck\n  quote: before it leaves the warehouse\n", "R032", 3),
        ("entities:\n- name: Parcel\n  quote: parcel\n", "R033", 3),
        (
            "entities:\n- name: Parcel\n  document: b.md\n  quote: every parcel is weighed\n",
            "R031",
            3,
        ),
    ] {
        let ran = model(draft, &["--format", "json"]).expect_code(1);
        let file = json(&ran);
        assert_eq!(file["entities"].as_array().unwrap().len(), 1, "{file}");
        let of_code = |it: &&Value| it["code"] == code && it["document"] == "draft.yaml";
        let found = file["diagnostics"].as_array().unwrap().iter().find(of_code);
        assert_eq!(found.unwrap_or_else(|| panic!("no {code}: {file}"))["line"], line);
    }
}

#[test]
fn a_contradiction_is_shown_at_both_places() {
    let ran = model(
        "entities:\n- name: Order\n  fields:\n  - {name: total, type: boolean, quote: '| total | decimal(12,2) | no |'}\n",
        &[],
    );
    assert!(
        ran.stderr.contains("`Order.total` is `decimal(12,2)` at one place and `boolean`"),
        "{}",
        ran.stderr
    );
}

#[test]
fn what_was_read_and_is_drafted_again_changes_nothing() {
    let folder = temp_dir_with(&[
        ("a.md", SHOP),
        (
            "draft.yaml",
            "entities:\n- name: orders\n  quote: '## Order'\n  fields:\n  - {name: Total, type: 'decimal(12,2)', required: false, quote: 'total decimal(12 , 2) no'}\n",
        ),
    ]);
    let run = |more: &[&str]| {
        underpin()
            .args(["model", "a.md"])
            .args(more)
            .current_dir(folder.path())
            .run()
            .expect_code(0)
            .stdout
    };
    assert_eq!(run(&[]), run(&["--draft", "draft.yaml"]));
    assert_eq!(run(&[]), run(&["--draft", "draft.yaml", "--draft", "draft.yaml"]));
}

#[test]
fn a_draft_of_another_form_stops_the_run_with_its_line() {
    for (draft, words) in [
        ("", "is empty"),
        ("entities: 5\n", "draft.yaml:1:11"),
        ("entities:\n- name: A\n  feilds: []\n", "draft.yaml:3:3"),
        ("entities: [\n", "is not valid YAML"),
        ("- a\n", "is no mapping"),
    ] {
        let ran = model(draft, &["--explain", "Order"]).expect_code(1);
        assert_eq!(ran.stdout, "");
        assert_eq!(ran.stderr.matches("error[").count(), 1, "{}", ran.stderr);
        assert!(ran.stderr.contains("error[R030]") && ran.stderr.contains(words), "{}", ran.stderr);
    }
}

#[test]
fn a_draft_that_cannot_be_read_is_named() {
    let folder = temp_dir_with(&[("a.md", SHOP), ("sub/x.md", "")]);
    fs::write(folder.path().join("binary.yaml"), b"entities:\0").unwrap();
    for (draft, code) in [("none.yaml", "I001"), ("sub", "I008"), ("binary.yaml", "I005")] {
        let ran = underpin()
            .args(["design", "a.md", "--no-verify", "--draft", draft])
            .current_dir(folder.path())
            .run()
            .expect_code(1);
        assert!(ran.stderr.contains(&format!("error[{code}]")), "{}", ran.stderr);
        assert!(!folder.path().join("persistence").exists());
    }
}

#[test]
fn a_megabyte_of_draft_is_read() {
    let one = format!("- name: Parcel\n  quote: {PARCEL}\n");
    let draft = format!("entities:\n{}", one.repeat(1_000_000 / one.len()));
    let folder = temp_dir_with(&[("a.md", SHOP), ("draft.yaml", &draft)]);
    let _ = underpin()
        .args(["model", "a.md", "--draft", "draft.yaml"])
        .current_dir(folder.path())
        .run()
        .expect_code(0);
}

#[test]
fn an_unknown_name_is_answered_with_the_nearest() {
    let folder = temp_dir_with(&[("a.md", SHOP)]);
    let ran = underpin()
        .args(["model", "a.md", "--explain", "Order.totl"])
        .current_dir(folder.path())
        .run()
        .expect_code(2);
    assert_eq!(ran.stdout, "");
    assert!(ran.stderr.contains("error[I060]"), "{}", ran.stderr);
    assert!(ran.stderr.contains("did you mean `Order.total`"), "{}", ran.stderr);
}

#[test]
fn the_prompt_holds_what_is_needed_and_is_always_the_same() {
    let run = || {
        let ran =
            underpin().args(["model", "examples/shop", "--draft-prompt"]).current_dir(root()).run();
        ran.expect_code(0).stdout
    };
    let prompt = run();
    assert_eq!(prompt, run());
    let schema = underpin_cli::draft_schema_json();
    for part in [
        schema.as_str(),
        "## What was read already",
        "## Open questions",
        "## What is still unread",
    ] {
        assert!(prompt.contains(part), "no {}", part.get(..40).unwrap_or(part));
    }
}

#[test]
fn every_line_is_shown_with_what_became_of_it() {
    let folder = temp_dir_with(&[("a.md", SHOP)]);
    let ran = underpin()
        .args(["model", "a.md", "--emit", "statements"])
        .current_dir(folder.path())
        .run()
        .expect_code(0);
    assert!(ran.stdout.starts_with("a.md: "), "{}", ran.stdout);
    assert!(
        ran.stdout.contains(
            "     8  | total | decimal(12,2) | no |\n          = field-table  field Order.total"
        ),
        "{}",
        ran.stdout
    );
}

#[test]
fn a_quote_that_says_something_else_makes_nothing_stated() {
    let shop = "# Shop\n\n## Order\n\n- id: uuid\n- status: open, paid, shipped\n- total: integer, required\n\n### Order status\n\n`open` → `paid` → `shipped`\n\nNew orders are open.\n\nThe total is at most 500.\n";
    let run = |draft: &str| {
        let folder = temp_dir_with(&[("a.md", shop), ("draft.yaml", draft)]);
        let arguments = ["model", "a.md", "--draft", "draft.yaml", "--format", "json"];
        json(&underpin().args(arguments).current_dir(folder.path()).run().expect_code(0))
    };
    let codes = |file: &Value| -> Vec<String> {
        let all = file["diagnostics"].as_array().unwrap();
        all.iter().filter_map(|it| it["code"].as_str().map(str::to_owned)).collect()
    };
    let rule = |number: u32| {
        format!(
            "entities:\n- name: Order\n  fields:\n  - name: total\n    rules: [\"total <= {number}\"]\n    quote: The total is at most 500.\n"
        )
    };
    let file = run(&rule(900));
    assert!(codes(&file).contains(&"R034".to_owned()), "{file}");
    let asked = file["questions"].as_array().unwrap();
    assert!(asked.iter().any(|it| it["id"] == "order-total.drafted-field"), "{file}");
    // The same with the number that stands there is stated.
    assert!(!codes(&run(&rule(500))).contains(&"R034".to_owned()));

    // What a document says of the first state holds against a draft that quotes none.
    let file = run("lifecycles:\n- entity: Order\n  field: status\n  initial: shipped\n");
    assert_eq!(file["lifecycles"][0]["initial"], "open", "{file}");
    let asked = file["questions"].as_array().unwrap();
    assert!(asked.iter().any(|it| it["id"] == "order-status.drafted-life"), "{file}");
}
