//! Each rule of the logical design, from a document that asks for it.

use expect_test::{Expect, expect};
use underpin_base::{Sources, Span};
use underpin_logical::LogicalDesign;
use underpin_model::{Answer, Assumptions, Model};

fn design(document: &str) -> (Model, LogicalDesign) {
    let mut sources = Sources::default();
    sources.add("model.md", document);
    let model = underpin_model::build(&underpin_read::read(&sources), &sources);
    let logical = underpin_logical::design(&model);
    (model, logical)
}

/// The stage's text form, without its decisions.
fn check(document: &str, expected: &Expect) {
    let (model, logical) = design(document);
    let text = underpin_logical::logical_text(&logical, &model);
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with("decision ")).collect();
    let text = lines.join("\n") + "\n";
    expected.assert_eq(&text);
}

/// The choices of one rule.
fn choices(document: &str, rule: &str) -> Vec<String> {
    let (_, logical) = design(document);
    logical
        .decisions
        .iter()
        .filter(|decision| decision.rule == rule)
        .map(|decision| decision.choice.clone())
        .collect()
}

#[test]
fn what_is_not_marked_is_the_opposite_of_what_is() {
    let marked_optional = "\
## Guest

| Field | Type | Constraints |
|---|---|---|
| id | uuid | primary key |
| name | string | |
| phone | string | optional |
";
    assert_eq!(choices(marked_optional, "L011"), ["name must have a value"]);
    let marked_required = marked_optional.replace("optional", "required");
    assert_eq!(choices(&marked_required, "L011"), ["name may be empty"]);
    let unmarked = marked_optional.replace("optional", "");
    assert_eq!(choices(&unmarked, "L011"), ["name, phone must have a value"]);
}

#[test]
fn what_a_new_row_cannot_have_is_not_required_of_it() {
    let folder = |mark: &str| {
        let document = format!(
            "\
## Folder

| Field | Type | Constraints |
|---|---|---|
| id | uuid | primary key |
| parent_id | uuid | references Folder |
| name | string | |
| label | string | {mark} |
| expires_at | timestamp | |
| paid_at | timestamp | |
| deleted_at | timestamp | |
| created_at | timestamp | |
"
        );
        (choices(&document, "L011"), design(&document).0.questions[0].assumed.clone())
    };
    let (choice, assumed) = folder("");
    assert_eq!(
        choice,
        [
            "name, label, expires_at, created_at must have a value; parent_id, paid_at, deleted_at may be empty"
        ]
    );
    assert_eq!(assumed, "parent_id, paid_at, deleted_at", "the question says what the schema does");
    let (choice, assumed) = folder("optional");
    assert_eq!(
        choice,
        [
            "name, expires_at, paid_at, created_at must have a value; parent_id, deleted_at may be empty"
        ],
        "a document that marks the optional has thought of the others"
    );
    assert_eq!(assumed, "parent_id, deleted_at");
}

#[test]
fn an_answer_that_keeps_what_was_assumed_changes_no_column() {
    let mut sources = Sources::default();
    let document = "## Folder\n\n| Field | Type |\n|---|---|\n| id | uuid |\n| name | string |\n| deletedAt | timestamp |\n";
    let id = sources.add("model.md", document);
    let reading = underpin_read::read(&sources);
    let required = |value: &[&str]| -> Vec<bool> {
        let answers: Vec<Answer> = value
            .iter()
            .map(|value| Answer {
                question: "folder.required-fields".to_owned(),
                value: (*value).to_owned(),
                span: Span::new(id, 0..1),
            })
            .collect();
        let answered =
            underpin_model::build_answered(&reading, &sources, &answers, Assumptions::default());
        assert_eq!(answered.asked.len(), answers.len(), "{value:?} was taken");
        let design = underpin_logical::design(&answered.model);
        design.relations[0].attributes.iter().map(|it| it.required).collect()
    };
    assert_eq!(required(&[]), [true, true, false]);
    assert_eq!(required(&["default"]), required(&[]));
    assert_eq!(required(&["deletedAt"]), required(&[]), "the assumption is an answer");
    assert_eq!(required(&["all"]), [true, false, false]);
}

#[test]
fn an_entity_without_a_key_gets_one_and_a_join_is_identified_by_its_ends() {
    let document = "\
## Course

| Field | Type | Required |
|---|---|---|
| title | string | yes |

## Student

| Field | Type | Required |
|---|---|---|
| name | string | yes |

- Course N:M Student
";
    let expected = expect![[r#"
        relation Course
          id integer(64) counted
          title text
          key (id)
        relation Student
          id integer(64) counted
          name text
          key (id)
        relation CourseStudent
          Course_id integer(64)
          Student_id integer(64)
          key (Course_id, Student_id)
          reference (Course_id) -> Course (id) on delete cascade
          reference (Student_id) -> Student (id) on delete cascade
    "#]];
    check(document, &expected);
}

#[test]
fn a_deletion_follows_what_is_said_and_refuses_where_nothing_is() {
    let document = "\
## Author

| Field | Type | Required | Description |
|---|---|---|---|
| id | uuid | yes | |

## Book

| Field | Type | Required | Description |
|---|---|---|---|
| id | uuid | yes | |
| author_id | uuid | yes | FK → Author |
| editor_id | uuid | no | FK → Author |
| owner_id | uuid | yes | FK → Author ON DELETE CASCADE |
";
    let expected = expect![[r#"
        relation Author
          id uuid default a new identifier
          key (id)
        relation Book
          id uuid default a new identifier
          author_id uuid
          editor_id uuid optional
          owner_id uuid
          key (id)
          reference (author_id) -> Author (id) on delete restrict
          reference (editor_id) -> Author (id) on delete set null
          reference (owner_id) -> Author (id) on delete cascade
    "#]];
    check(document, &expected);
}

#[test]
fn a_life_cycle_becomes_a_machine_and_a_default() {
    let document = "\
## Ticket

| Field | Type | Required | Description |
|---|---|---|---|
| id | uuid | yes | |
| status | enum | yes | One of `open`, `closed`, `void` |

## Ticket life cycle

```mermaid
stateDiagram-v2
    [*] --> open
    open --> closed
    open --> void
```
";
    let expected = expect![[r#"
        relation Ticket
          id uuid default a new identifier
          status one of (open, closed, void) default 'open'
          key (id)
          machine status from open
            open -> closed | void
    "#]];
    check(document, &expected);
}

#[test]
fn a_rule_that_asks_the_clock_is_left_to_the_writer() {
    let document = "\
## Visit

| Field | Type | Required |
|---|---|---|
| id | uuid | yes |
| starts_at | timestamp | yes |
| ends_at | timestamp | yes |

Rules:

- `ends_at` must be after `starts_at`.
- `starts_at` must be in the future.
";
    let (_, logical) = design(document);
    assert_eq!(logical.relations[0].invariants.len(), 1, "{:?}", logical.relations[0].invariants);
}

#[test]
fn an_entity_that_no_document_describes_is_said_to_be_missing() {
    let (_, logical) = design("## Ghost\n\n## Real\n\n- id: uuid, primary key\n\nGhost 1:N Real\n");
    assert!(logical.relations.iter().all(|relation| relation.name != "Ghost"));
}

#[test]
fn shapes_that_a_table_holds_badly_are_reported_and_their_like_are_not() {
    let findings = |document: &str| -> Vec<&'static str> {
        let (_, logical) = design(document);
        let codes = ["L004", "L005", "L006", "L007"];
        let found = logical.diagnostics.iter().map(|diagnostic| diagnostic.code.0.code);
        found.filter(|code| codes.contains(code)).collect()
    };
    let customer = |rows: &str| {
        format!(
            "## Customer\n\n| Field | Type | Description |\n|---|---|---|\n| id | uuid | primary key |\n{rows}"
        )
    };
    assert_eq!(findings(&customer("| phone1 | string | |\n| phone2 | string | |\n")), ["L004"]);
    assert_eq!(findings(&customer("| tags | string | comma-separated |\n")), ["L005"]);
    let safe = "| address_line1 | string | |\n| address_line2 | string | |\n| tags | string[] | |\n| md5 | string | |\n";
    assert!(findings(&customer(safe)).is_empty());
    let many: Vec<String> =
        (0..50).map(|at| format!("| {}_field | string | |\n", name(at))).collect();
    assert_eq!(findings(&customer(&many.concat())), ["L007"]);
    let pairs = |name: &str| {
        format!(
            "{}\n## Detail\n\n| Field | Type | Description |\n|---|---|---|\n| id | uuid | primary key |\n\
             | customer_id | uuid | FK → Customer |\n| {name} | string | |\n| value | string | |\n",
            customer("")
        )
    };
    assert_eq!(findings(&pairs("attribute_name")), ["L006"]);
    assert!(findings(&pairs("currency")).is_empty());
}

/// A word for a number: names that end in digits are another matter.
fn name(at: u8) -> String {
    [b'a' + at / 26, b'a' + at % 26].map(char::from).iter().collect()
}

const CONTEXTS: &str = "\
## Bounded Contexts

### Ordering

Owns: Order, OrderLine

### Customers

Owns: Customer

### Billing

Owns: Invoice

## Customer

| Field | Type | Constraints |
|---|---|---|
| id | uuid | primary key |
| name | string | required |

## Order

| Field | Type | Constraints |
|---|---|---|
| id | uuid | primary key |
| customer_id | uuid | required, references Customer |

## OrderLine

| Field | Type | Constraints |
|---|---|---|
| id | uuid | primary key |
| order_id | uuid | required, references Order |

## Invoice

| Field | Type | Constraints |
|---|---|---|
| id | uuid | primary key |
| order_id | uuid | optional, references Order |
";

#[test]
fn a_reference_to_another_context_is_an_id() {
    let expected = expect![[r#"
        relation Customer in Customers
          id uuid default a new identifier
          name text
          key (id)
        relation Order in Ordering
          id uuid default a new identifier
          customer_id uuid
          key (id)
          crossing (customer_id) -> Customer
        relation OrderLine in Ordering
          id uuid default a new identifier
          order_id uuid
          key (id)
          reference (order_id) -> Order (id) on delete restrict
        relation Invoice in Billing
          id uuid default a new identifier
          order_id uuid optional
          key (id)
          crossing (order_id) -> Order
    "#]];
    check(CONTEXTS, &expected);
    let (_, logical) = design(CONTEXTS);
    let crossing = logical.decisions.iter().find(|it| it.id() == "L041/Order.customer_id").unwrap();
    assert!(!crossing.alternatives.is_empty() && !crossing.changes_when.is_empty());
    assert!(!crossing.inputs.is_empty());
    assert!(!logical.decisions.iter().any(|it| it.id() == "L015/Order.customer_id"));
    assert!(logical.decisions.iter().any(|it| it.id() == "L040/Order"));
    assert!(logical.diagnostics.is_empty(), "{:?}", logical.diagnostics);
}

#[test]
fn one_context_draws_no_boundary() {
    let start = CONTEXTS.find("### Customers").unwrap();
    let end = CONTEXTS.find("## Customer\n").unwrap();
    let document = format!("{}{}", &CONTEXTS[..start], &CONTEXTS[end..]);
    let (_, logical) = design(&document);
    assert!(logical.contexts.is_empty());
    assert!(logical.relations.iter().all(|it| it.crossings.is_empty() && it.context.is_none()));
    assert_eq!(choices(&document, "L040"), ["the contexts (Ordering) are not kept apart"]);
}

#[test]
fn a_table_that_two_contexts_claim_and_an_aggregate_across_them_are_found() {
    let shared = CONTEXTS.replace("Owns: Invoice", "Owns: Invoice, Customer");
    let codes = |document: &str| -> Vec<String> {
        let (_, logical) = design(document);
        logical.diagnostics.iter().map(|it| it.code.to_string()).collect()
    };
    assert_eq!(codes(&shared), ["L042"]);
    let split = format!(
        "{CONTEXTS}\n## Aggregates\n\n### Order aggregate\n\nRoot: Order\n\nOwns:\n\n- OrderLine\n- Invoice\n"
    );
    assert_eq!(codes(&split), ["L043"]);
}

#[test]
fn a_member_below_a_member_goes_with_it() {
    let document = "\
## Aggregates

### Order aggregate

Root: Order

Owns:

- OrderLine
- LineNote

## Order

| Field | Type | Constraints |
|---|---|---|
| id | uuid | primary key |

## OrderLine

| Field | Type | Constraints |
|---|---|---|
| id | uuid | primary key |
| order_id | uuid | required, references Order |

## LineNote

| Field | Type | Constraints |
|---|---|---|
| id | uuid | primary key |
| order_line_id | uuid | required, references OrderLine |

## Complaint

| Field | Type | Constraints |
|---|---|---|
| id | uuid | primary key |
| order_line_id | uuid | required, references OrderLine |
";
    let chosen = |document: &str, subject: &str| {
        let (_, logical) = design(document);
        let mut decisions = logical.decisions.into_iter();
        decisions.find(|it| it.id() == format!("L015/{subject}")).map(|it| it.choice)
    };
    let with = Some("when the OrderLine goes, LineNote is deleted with it".to_owned());
    assert_eq!(chosen(document, "LineNote.order_line_id"), with);
    let kept = Some("when the OrderLine goes, Complaint keeps it from being deleted".to_owned());
    assert_eq!(chosen(document, "Complaint.order_line_id"), kept);
}
