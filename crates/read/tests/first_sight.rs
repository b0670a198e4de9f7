//! Small documents in notations as people write them, each with what must be read of it and what must not.

use expect_test::{Expect, expect};
use underpin_base::Sources;
use underpin_read::{read, statements_text};

/// What is stated, without the lines that it stands on.
fn check(text: &str, expected: &Expect) {
    let mut sources = Sources::default();
    sources.add("a.md", text);
    let text = statements_text(&read(&sources), &sources);
    let facts: Vec<&str> = text.lines().skip(1).map(str::trim_start).collect();
    expected.assert_eq(&(facts.join("\n") + "\n"));
}

#[test]
fn value_objects_in_a_list() {
    check(
        "# Domain\n\n### Value Objects\n\n- **Dimensions**: heightMm, widthMm\n- **Address**\n",
        &expect![[r#"
            5  entity-list  value object Dimensions -- heightMm, widthMm
            5  field-phrases  field Dimensions.heightMm
            5  field-phrases  field Dimensions.widthMm
        "#]],
    );
}

#[test]
fn states_that_are_the_values_of_another_thing() {
    check(
        "# Model\n\n## Agreement\n\n- id: uuid\n- status: Draft, Signed, Active, Closed\n\n## Item\n\n- id: uuid\n\nLife cycle: Draft → Signed → Active. A draft can be closed.\n",
        &expect![[r#"
            3  bullet-fields  entity Agreement
            5  bullet-fields  field Agreement.id uuid
            6  field-phrases  field Agreement.status [Draft | Signed | Active | Closed]
            8  bullet-fields  entity Item
            10  bullet-fields  field Item.id uuid
            12  transition-list  transition Agreement.status: Draft -> Signed
            12  transition-list  transition Agreement.status: Signed -> Active
        "#]],
    );
}

#[test]
fn names_of_final_states_are_no_fields() {
    check(
        "## Loan\n\n- id: uuid\n- state: open, lost, returned\n\n`open`, `lost` and `returned` are states.\n\n`lender`, `borrower` and `due_on` are kept.\n",
        &expect![[r#"
            1  bullet-fields  entity Loan
            3  bullet-fields  field Loan.id uuid
            4  field-phrases  field Loan.state [open | lost | returned]
            8  field-phrases  field Loan.lender
            8  field-phrases  field Loan.borrower
            8  field-phrases  field Loan.due_on -- are kept
        "#]],
    );
}

#[test]
fn one_end_that_is_counted() {
    check(
        "# Model\n\n## Artefact\n\n- id: uuid\n\n## Report\n\n- id: uuid\n\n## Relationships\n\n- Artefact 1..* Report\n- Artefact 1..9 pictures\n",
        &expect![[r#"
            3  bullet-fields  entity Artefact
            5  bullet-fields  field Artefact.id uuid
            7  bullet-fields  entity Report
            9  bullet-fields  field Report.id uuid
            13  relationship-lines  relationship Artefact 1:N Report to:required
        "#]],
    );
}

#[test]
fn conditions_of_queries() {
    check(
        "# Model\n\n## Tool\n\n- id: uuid\n- category: text\n- borrowerId: uuid\n- isAvailable: boolean\n\n## Access patterns\n\n- List the tools of a category that are available\n- Tools of a borrower by category\n- List the tools of a sort\n",
        &expect![[r#"
            3  bullet-fields  entity Tool
            5  bullet-fields  field Tool.id uuid
            6  bullet-fields  field Tool.category text
            7  bullet-fields  field Tool.borrowerId uuid
            8  bullet-fields  field Tool.isAvailable boolean
            12  query-list  read "List the tools of a category that are available" of Tool by category = ?, available = available [inferred: a list of queries names it]
            13  query-list  read "Tools of a borrower by category" of Tool by category = ?, borrower = ? [inferred: a list of queries names it]
            14  query-list  read "List the tools of a sort" of Tool [inferred: a list of queries names it]
        "#]],
    );
    check(
        "# Model\n\n## Stage\n\n- id: uuid\n- name: text\n\n## Slot\n\n- stage_id: uuid\n- starts_at: timestamp\n\n## Queries\n\n| Query | Filter | Sort |\n|-|-|-|\n| Programme of a stage | stage_id, starts_at | starts_at |\n| Stages by name | name | name |\n",
        &expect![[r#"
            3  bullet-fields  entity Stage
            5  bullet-fields  field Stage.id uuid
            6  bullet-fields  field Stage.name text
            8  bullet-fields  entity Slot
            10  bullet-fields  field Slot.stage_id uuid
            11  bullet-fields  field Slot.starts_at timestamp
            17  access-pattern-table  read "Programme of a stage" of Slot by stage_id = ?, starts_at = ? sorted starts_at
            18  access-pattern-table  read "Stages by name" of Stage by name = ? sorted name
        "#]],
    );
}

#[test]
fn people_of_stories_and_words_that_are_no_things() {
    check(
        "# Stories\n\n- As a visitor I want to sign up so that I can use the app.\n- As a user I can add a car with make, model, colour and number plate.\n- An admin can block a user, who can then no longer log in.\n- An invoice has a number, an issue date and a payment status (open, paid).\n",
        &expect![[r#"
            3  prose-entities  entity User
            4  prose-entities  entity Car
            4  prose-inline-fields  field Car.make
            4  prose-inline-fields  field Car.model
            4  prose-inline-fields  field Car.colour
            4  prose-inline-fields  field Car.number plate
            5  prose-rule-sentence  rule *: An admin can block a user, who can then no longer log in [inferred: its words bind, and it is a rule where fields give it a meaning]
            6  prose-entities  entity Invoice
            6  prose-inline-fields  field Invoice.number
            6  prose-inline-fields  field Invoice.issue date
            6  prose-inline-fields  field Invoice.payment status [open | paid]
        "#]],
    );
}

#[test]
fn states_set_as_code_are_steps_and_no_fields() {
    check(
        "# Orders\n\n## Order\n\n- id: uuid\n- status: open, paid, shipped\n\n### Order status\n\n`open` → `paid` → `shipped`\n\n## Item\n\n- id: uuid\n- title: text\n\nKey columns: `order` → `Order`, `batch_id` → `batches`, `sku`.\n",
        &expect![[r#"
            3  bullet-fields  entity Order
            5  bullet-fields  field Order.id uuid
            6  field-phrases  field Order.status [open | paid | shipped]
            10  transition-list  transition Order.status: open -> paid
            10  transition-list  transition Order.status: paid -> shipped
            12  bullet-fields  entity Item
            14  bullet-fields  field Item.id uuid
            15  bullet-fields  field Item.title text
            17  field-phrases  field Item.order -> Order
            17  field-phrases  field Item.batch_id -> batches
            17  field-phrases  field Item.sku
        "#]],
    );
}
