//! Bounded contexts: a schema and two roles each, and ids instead of foreign keys between them.

use underpin_base::Sources;
use underpin_logical::LogicalDesign;
use underpin_pg::{AccessStatement, Ident};
use underpin_physical::PhysicalDesign;

const DOCUMENT: &str = "\
# Shop

## Bounded Contexts

### Ordering

Owns: Order, OrderLine

### Customers

Owns: Customer

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
| note | string | optional |

## OrderLine

| Field | Type | Constraints |
|---|---|---|
| id | uuid | primary key |
| order_id | uuid | required, references Order |

## Queries

- List the orders of a customer with the customer's name, newest first
";

fn design(document: &str) -> (LogicalDesign, PhysicalDesign) {
    let mut sources = Sources::default();
    sources.add("model.md", document);
    let model = underpin_model::build(&underpin_read::read(&sources), &sources);
    let logical = underpin_logical::design(&model);
    let physical = underpin_physical::design(&model, &logical);
    (logical, physical)
}

#[test]
fn each_context_has_a_schema_and_an_id_crosses_without_a_foreign_key() {
    let (_, physical) = design(DOCUMENT);
    let tables: Vec<String> = physical.schema.tables.keys().map(ToString::to_string).collect();
    assert_eq!(tables, ["customers.customers", "ordering.order_lines", "ordering.orders"]);
    let namespaces: Vec<&str> = physical.schema.namespaces.iter().map(Ident::as_str).collect();
    assert_eq!(namespaces, ["customers", "ordering"]);
    let keys = |table: &str| {
        let table = physical.schema.tables.values().find(|it| it.name.name.as_str() == table);
        table.unwrap().foreign_keys.len()
    };
    assert_eq!((keys("orders"), keys("order_lines")), (0, 1));
    let orders = physical.schema.tables.values().find(|it| it.name.name.as_str() == "orders");
    let customer = orders.unwrap().columns.iter().find(|it| it.name.as_str() == "customer_id");
    let comment = customer.unwrap().comment.as_deref();
    assert_eq!(
        comment,
        Some("An id of Customer in Customers: no foreign key crosses the boundary.")
    );
}

#[test]
fn without_contexts_all_stays_in_public() {
    let from = DOCUMENT.find("## Bounded Contexts").unwrap();
    let to = DOCUMENT.find("## Customer\n").unwrap();
    let (_, physical) = design(&format!("{}{}", &DOCUMENT[..from], &DOCUMENT[to..]));
    assert!(physical.schema.namespaces.is_empty() && physical.contexts.is_empty());
    assert!(physical.schema.tables.keys().all(|it| it.namespace.as_str() == "public"));
    let keys: usize = physical.schema.tables.values().map(|it| it.foreign_keys.len()).sum();
    assert_eq!(keys, 2);
}

#[test]
fn applications_get_what_they_need_and_no_more() {
    let (_, physical) = design(DOCUMENT);
    let script = physical.access.script(&physical.schema);
    let grants: Vec<String> = script
        .iter()
        .filter(|it| {
            matches!(
                it,
                AccessStatement::Grant(..)
                    | AccessStatement::Revoke(..)
                    | AccessStatement::GrantDefault { .. }
            )
        })
        .map(ToString::to_string)
        .filter(|it| it.contains("ordering") || it.contains("SCHEMA public"))
        .collect();
    assert_eq!(
        grants,
        [
            "REVOKE ALL ON SCHEMA ordering FROM PUBLIC",
            "REVOKE ALL ON SCHEMA public FROM PUBLIC",
            "GRANT USAGE ON SCHEMA ordering TO ordering_app",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE ordering.order_lines TO ordering_app",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE ordering.orders TO ordering_app",
            "ALTER DEFAULT PRIVILEGES FOR ROLE ordering_owner IN SCHEMA ordering\n  \
             GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ordering_app",
        ]
    );
}

#[test]
fn rows_that_are_only_added_are_not_granted_away() {
    let document = DOCUMENT.replace(
        "| id | uuid | primary key |\n| name | string | required |",
        "| id | uuid | primary key |\n| name | string | required |\n\nRules:\n\n- A Customer is append-only\n",
    );
    let (_, physical) = design(&document);
    let script: Vec<String> =
        physical.access.script(&physical.schema).iter().map(ToString::to_string).collect();
    assert!(
        script.iter().any(|it| {
            it == "GRANT SELECT, INSERT ON TABLE customers.customers TO customers_app"
        }),
        "{script:#?}"
    );
}
