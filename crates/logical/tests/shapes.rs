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

/// The codes of findings, of the given ones.
fn findings(document: &str, codes: &[&str]) -> Vec<String> {
    let design = design(document);
    let found = design.diagnostics.iter().map(|it| it.code.0.code.to_owned());
    found.filter(|code| codes.contains(&code.as_str())).collect()
}

#[test]
fn each_bad_shape_is_found_and_its_safe_twin_is_not() {
    let codes = ["L050", "L051", "L053", "L054", "L055", "L056", "L058"];
    let of = |name: &str, fields: &str| findings(&entity(name, fields, ""), &codes);
    for (code, name, bad, safe) in [
        (
            "L050",
            "Comment",
            "| commentable_type | string | yes | |\n| commentable_id | uuid | yes | |\n",
            "| mime_type | string | yes | |\n| external_id | uuid | yes | |\n",
        ),
        (
            "L051",
            "Product",
            "| name_en | string | yes | |\n| name_de | string | yes | |\n",
            "| name_en | string | yes | |\n| valid_is | string | yes | |\n",
        ),
        (
            "L053",
            "Patient",
            "| birth_date | date | yes | |\n| age | integer | yes | |\n",
            "| age | integer | yes | age when admitted |\n",
        ),
        (
            "L054",
            "Visit",
            "| visited_at | string | yes | |\n",
            "| visited_at | timestamp | yes | |\n",
        ),
        (
            "L055",
            "Invoice",
            "| status | enum(open, paid) | yes | |\n| is_paid | boolean | yes | |\n",
            "| status | enum(open, paid) | yes | |\n| is_urgent | boolean | yes | |\n",
        ),
        ("L056", "Report", "| content | bytea | yes | |\n", "| content_hash | bytea | yes | |\n"),
        (
            "L058",
            "Ticket",
            "| status | enum(open, done) | yes | values are managed by administrators |\n\n\
             Life cycle of `status`:\n\n| From | To |\n|---|---|\n| `open` | `done` |\n",
            // What is no state becomes a table of its own (rule L028).
            "| category | enum(bug, wish) | yes | values are managed by administrators |\n",
        ),
    ] {
        assert_eq!(of(name, bad), [code], "{bad}");
        assert_eq!(of(name, safe), [""; 0], "{safe}");
    }
}

fn order(fields: &str) -> String {
    format!(
        "{}\n{}",
        entity("Customer", "| name | string | yes | |\n", ""),
        entity("Order", &format!("| customer_id | uuid | yes | FK → Customer |\n{fields}"), "")
    )
}

#[test]
fn a_copy_is_a_snapshot_or_earned_or_reported() {
    let copied = order("| customer_name | string | yes | |\n");
    assert_eq!(findings(&copied, &["L052"]), ["L052"]);
    assert_eq!(choices(&copied, "L036"), [""; 0]);
    let snapshot = order("| customer_name | string | yes | as it was at the time of the order |\n");
    assert_eq!(findings(&snapshot, &["L052"]), [""; 0]);
    assert_eq!(
        choices(&snapshot, "L036"),
        ["customer_name keeps what Customer.name was when the row was written"]
    );
    let cached = order("| customer_name | string | yes | denormalised for fast lists |\n");
    assert_eq!(
        choices(&cached, "L036"),
        ["customer_name is a stored copy of Customer.name, as a document asks"]
    );
    let other = order("| customer_note | string | yes | |\n");
    assert_eq!(findings(&other, &["L052"]), [""; 0]);
}

#[test]
fn an_amount_without_a_currency_is_found_where_others_have_one() {
    let invoice = |fields: &str| entity("Invoice", fields, "");
    let price = "| price | money | yes | |\n";
    let with = invoice(&format!("{price}| currency | string | yes | |\n"));
    let bare = entity("Fee", price, "");
    assert_eq!(findings(&format!("{with}\n{bare}"), &["L057"]), ["L057"]);
    assert_eq!(findings(&with, &["L057"]), [""; 0]);
    assert_eq!(findings(&bare, &["L057"]), [""; 0]);
}

#[test]
fn no_row_is_its_own_parent_but_a_thread_may_begin_with_itself() {
    let tree = |name: &str, required: &str| {
        let field = format!("| {name} | uuid | {required} | FK → Category |\n");
        let design = design(&entity("Category", &field, ""));
        let own = &design.relations[0].invariants;
        assert!(own.iter().all(|it| it.source.is_none()), "stated by nobody");
        own.len()
    };
    assert_eq!(tree("parent_id", "no"), 1);
    assert_eq!(tree("parent_id", "yes"), 0);
    assert_eq!(tree("root_id", "no"), 0);
}

#[test]
fn soft_deletion_is_decided_only_where_a_document_has_the_mark() {
    let user = |fields: &str| choices(&entity("User", fields, ""), "L032");
    assert_eq!(
        user("| deleted_at | timestamp | no | |\n"),
        ["a deleted User is marked in deleted_at and stays"]
    );
    assert_eq!(user("| closed_at | timestamp | no | |\n"), [""; 0]);
}

#[test]
fn a_version_is_a_lock_where_a_document_says_so_and_an_edition_elsewhere() {
    let of = |said: &str| {
        let field = format!("| version | integer | yes | {said} |\n");
        choices(&entity("Contract", &field, ""), "L031").len()
    };
    assert_eq!(of("optimistic concurrency"), 1);
    assert_eq!(of("incremented when the text changes"), 0);
}
