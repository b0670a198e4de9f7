//! Drafts: what their statements become, and which of them are refused.

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use underpin_base::Sources;

use crate::read_with;

const SHOP: &str = "# Shop\n\n## Orders\n\nEach **order** belongs to one customer and contains at least\none order line. An order has a `total` (required).\n\nAn order can be pending, paid or cancelled.\nA customer may cancel a pending order.\n\n| Field | Type | Required |\n| --- | --- | --- |\n| id | uuid | yes |\n| total | decimal(12,2) | no |\n";

/// Reads documents and a draft: what the draft adds, and what is said of it.
#[track_caller]
fn check(documents: &[(&str, &str)], draft: &str, expected: &Expect) {
    let mut sources = Sources::default();
    for (path, text) in documents {
        sources.add(*path, *text);
    }
    let id = sources.add("draft.yaml", draft);
    let reading = read_with(&sources, &[id]);
    let mut actual = String::new();
    for statement in reading.statements.iter().filter(|it| it.drafted.is_some()) {
        let place = sources.location(statement.span);
        let _ = writeln!(actual, "{place} {}", crate::render::statement_text(statement));
    }
    for diagnostic in reading.diagnostics.iter().filter(|it| it.code.as_str() >= "R030") {
        let place = sources.location(diagnostic.primary().expect("a place"));
        let _ = writeln!(actual, "{place} {} {}", diagnostic.code, diagnostic.message);
        let _ = writeln!(actual, "  {}", diagnostic.help.as_deref().expect("help"));
    }
    expected.assert_eq(&actual);
}

#[test]
fn quotes_give_places_and_the_rest_is_assumed() {
    check(
        &[("a.md", SHOP)],
        "entities:\n- name: Customer\n  quote: each order belongs to one customer\n  fields:\n  - {name: phone, type: text}\n- name: Order\n  fields:\n  - {name: status, enum_values: [pending, paid, cancelled], quote: 'An order can be pending, paid or cancelled.'}\nlifecycles:\n- entity: Order\n  transitions:\n  - {from: pending, to: cancelled, quote: A customer may cancel a pending order}\n",
        &expect![[r#"
            draft.yaml:5:5 draft  field Customer.phone text [assumed: a draft says so and quotes no document]
            a.md:8:1 draft  field Order.status [pending | paid | cancelled]
            a.md:9:1 draft  transition Order: pending -> cancelled
        "#]],
    );
}

#[test]
fn invented_quotes_are_refused() {
    check(
        &[("a.md", SHOP)],
        "entities:\n- name: Customer\n  quote: each order belongs to one customer and one shop\n- name: Order\n  quote: An order.\n  fields:\n  - {name: loyalty, quote: Each order belongs to one customer}\nrelationships:\n- {from: Order, to: Payment, quote: An order can be pending}\n- {from: Order, to: Customer, document: b.md, quote: Each order belongs to one customer}\n",
        &expect![[r#"
            draft.yaml:3:10 R031 the quote of `Customer` stands in no document, so it was left out
              its first 7 words and signs stand at a.md:5:1; copy the rest from there
            draft.yaml:5:10 R033 the quote of `Order` is too short to say anything of it; it was left out
              quote the whole sentence, row or list item
            draft.yaml:7:28 R032 the quote of `Order.loyalty` stands at a.md:5 and does not mention `loyalty`; it was left out
              quote the words that say it, name it as they do, or leave the quote out: then it is assumed
            draft.yaml:9:37 R032 the quote of `Order to Payment` stands at a.md:8 and does not mention `Payment`; it was left out
              quote the words that say it, name it as they do, or leave the quote out: then it is assumed
            draft.yaml:10:41 R031 the draft of `Order to Customer` quotes `b.md`, which was not read; it was left out
              the documents are a.md
        "#]],
    );
}

#[test]
fn what_was_read_is_not_said_again() {
    check(
        &[("a.md", SHOP)],
        "entities:\n- name: orders\n  quote: '## Orders'\n  fields:\n  - {name: ID, type: UUID, required: true, quote: '| id | uuid | yes |'}\n  - {name: total, type: 'decimal(12, 2)', quote: 'total | decimal(12,2) | no'}\n  - {name: total, unique: true, quote: 'An order has a total (required)'}\n",
        &expect![[r#"
            a.md:6:17 draft  field orders.total unique
        "#]],
    );
}

#[test]
fn one_of_several_documents_may_be_named() {
    check(
        &[
            ("docs/a.md", "A crate has a total.\n"),
            ("docs/b.md", "x\r\nA crate\u{a0}has\r\na total.\r\n"),
        ],
        "entities:\n- {name: Crate, quote: a crate has a total}\n- {name: Crates, document: b.md, quote: a crate has a total}\n",
        &expect![[r#"
            docs/a.md:1:1 draft  entity Crate
            docs/b.md:2:1 draft  entity Crates
        "#]],
    );
}

#[test]
fn another_form_is_refused_as_a_whole() {
    let documents = [("a.md", SHOP)];
    for (draft, expected) in [
        (
            "",
            expect![[r#"
            draft.yaml:1:1 R030 the draft `draft.yaml` is empty
              `underpin model PATH --draft-prompt` prints the form with an example
        "#]],
        ),
        (
            "# nothing\n",
            expect![[r#"
            draft.yaml:1:1 R030 the draft `draft.yaml` is empty
              `underpin model PATH --draft-prompt` prints the form with an example
        "#]],
        ),
        (
            "- 1\n",
            expect![[r#"
            draft.yaml:1:1 R030 the draft `draft.yaml` is no mapping with keys such as `entities`
              `underpin model PATH --draft-prompt` prints the form with an example
        "#]],
        ),
        (
            "entities:\n- name: [\n",
            expect![[r#"
            draft.yaml:3:1 R030 the draft `draft.yaml` is not valid YAML: while parsing a node, did not find expected node content
              `underpin model PATH --draft-prompt` prints the form with an example
        "#]],
        ),
        (
            "entities: Order\n",
            expect![[r#"
            draft.yaml:1:11 R030 `entities` must be a list of mappings, and is `Order`
              what is stored.
        "#]],
        ),
        (
            "entities:\n- name: Order\n  feilds: []\n",
            expect![[r#"
            draft.yaml:3:3 R030 `feilds` is no key of a drafted entity
              did you mean `fields`?
        "#]],
        ),
        (
            "entities:\n- fields:\n  - {name: a, required: yes please, enum_values: [[1], b]}\nrelationships:\n- {from: a, to: b, cardinality: '1:n'}\n",
            expect![[r#"
                draft.yaml:3:25 R030 `entities[0].fields[0].required` must be true or false, and is `yes please`
                  whether a value must be there; left out where no document says.
                draft.yaml:3:51 R030 `entities[0].fields[0].enum_values` is a list of texts, and this is a list
                  the values that it may take, where they are listed.
                draft.yaml:2:3 R030 a drafted entity lacks the key `name`
                  add it: its name in the singular.
                draft.yaml:5:33 R030 `relationships[0].cardinality` must be one of 1:1, 1:N, N:M, and is `1:n`
                  how many of one belong to how many of the other.
            "#]],
        ),
        (
            "entities: []\n---\nentities: []\n",
            expect![[r#"
            draft.yaml:3:1 R030 the draft `draft.yaml` holds several YAML documents; one is read
              `underpin model PATH --draft-prompt` prints the form with an example
        "#]],
        ),
        (
            "a: &a [1, 2]\nb: *a\n",
            expect![[r#"
                draft.yaml:1:1 R030 `a` is no key of a draft
                  a draft has the keys entities, enums, relationships, lifecycles, aggregates, contexts, rules, access_patterns, indexes, volumes, retention, partitionings, load, recovery, tenant
                draft.yaml:2:1 R030 `b` is no key of a draft
                  a draft has the keys entities, enums, relationships, lifecycles, aggregates, contexts, rules, access_patterns, indexes, volumes, retention, partitionings, load, recovery, tenant
            "#]],
        ),
        (
            "entities:\n- name: Order\n  name: Orders\n",
            expect![[r#"
            draft.yaml:3:3 R030 the draft `draft.yaml` is not valid YAML: duplicated key in mapping
              `underpin model PATH --draft-prompt` prints the form with an example
        "#]],
        ),
    ] {
        check(&documents, draft, &expected);
    }
}
