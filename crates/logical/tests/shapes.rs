//! Rules about the shapes of entities: what never changes, what is edited at once by several, what forms
//! trees.

use underpin_base::Sources;
use underpin_logical::LogicalDesign;

fn design(document: &str) -> LogicalDesign {
    let mut sources = Sources::default();
    sources.add("model.md", document);
    let model = underpin_model::build(&underpin_read::read(&sources), &sources);
    underpin_logical::design(&model)
}

/// The choices of one rule.
fn choices(document: &str, rule: &str) -> Vec<String> {
    let design = design(document);
    let own = design.decisions.iter().filter(|decision| decision.rule == rule);
    own.map(|decision| decision.choice.clone()).collect()
}

/// An entity with the given rows of fields and lines of rules.
fn entity(name: &str, fields: &str, rules: &str) -> String {
    format!(
        "## {name}\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n\
         | id | uuid | yes | primary key |\n{fields}\n### Rules\n\n{rules}\n"
    )
}

#[test]
fn an_append_only_entity_is_never_changed_and_one_with_an_exception_is_left_alone() {
    let fields = "| amount | integer | yes | |\n";
    let appended = entity("Posting", fields, "- A Posting is append-only\n");
    assert_eq!(
        choices(&appended, "L030"),
        ["the database refuses to change or delete a row of Posting"]
    );
    let excepted = entity("Posting", fields, "- A Posting is immutable except for its amount\n");
    assert_eq!(choices(&excepted, "L030"), [""; 0]);
}

#[test]
fn a_row_that_goes_with_its_parent_is_not_refused_its_deletion() {
    let document = format!(
        "{}\n## Account\n\n| Field | Type | Required |\n|---|---|---|\n| id | uuid | yes |\n\n\
         ## Relationships\n\n- Deleting an Account deletes its Postings (cascade)\n",
        entity(
            "Posting",
            "| account_id | uuid | yes | FK → Account, on delete cascade |\n",
            "- A Posting is append-only\n"
        )
    );
    assert_eq!(choices(&document, "L030"), ["the database refuses to change a row of Posting"]);
}

#[test]
fn an_audit_trail_by_name_is_not_changed_unless_it_is_edited() {
    let log = entity("AuditLog", "| action | text | yes | |\n", "");
    assert_eq!(choices(&log, "L030"), ["the database refuses to change a row of AuditLog"]);
    let edited = entity("AuditLog", "| updated_at | timestamp | yes | |\n", "");
    assert_eq!(choices(&edited, "L030"), [""; 0]);
}
