//! Whatever a document says, the design is made: no panic, every object named once, every reference
//! to a key. (`rule/sanity.rs` asserts the rest on each run.)

use std::fmt::Write as _;

use proptest::prelude::*;
use underpin_base::Sources;

const NAMES: [&str; 14] = [
    "Order",
    "order",
    "Orders",
    "User",
    "select",
    "It's",
    "a\"b",
    "Größe",
    "🦀",
    "x y",
    "Tenant",
    "a_rather_long_name_that_goes_on_and_on_until_it_has_more_than_sixty_three_bytes",
    "ctid",
    "id",
];
const TYPES: [&str; 14] = [
    "uuid",
    "int",
    "bigint",
    "varchar(20)",
    "text",
    "decimal(10,2)",
    "timestamp",
    "date",
    "boolean",
    "jsonb",
    "text[]",
    "enum: a, b",
    "FK → Order",
    "whatever",
];
const REMARKS: [&str; 10] = [
    "",
    "primary key",
    "unique",
    "required, default 5",
    "optional",
    "default 'a'",
    "FK → User",
    "unique per tenant",
    "must be between 1 and 5",
    "default now()",
];

fn document() -> impl Strategy<Value = String> {
    let field = (0..NAMES.len(), 0..TYPES.len(), 0..REMARKS.len());
    let entity = (0..NAMES.len(), prop::collection::vec(field, 0..6));
    let pair = (0..NAMES.len(), 0..NAMES.len(), 0..3_usize);
    (prop::collection::vec(entity, 1..6), prop::collection::vec(pair, 0..4)).prop_map(
        |(entities, pairs)| {
            let mut text = String::from("The tenant is the `Tenant`.\n\n");
            for (name, fields) in entities {
                let name = NAMES[name];
                write!(text, "## {name}\n\n| Field | Type | Constraints |\n|---|---|---|\n")
                    .expect("a String takes it");
                for (field, kind, remark) in fields {
                    let (field, kind) = (NAMES[field], TYPES[kind]);
                    writeln!(text, "| {field} | {kind} | {} |", REMARKS[remark])
                        .expect("a String takes it");
                }
                text.push('\n');
            }
            text.push_str("## Relationships\n\n");
            for (from, to, cardinality) in pairs {
                let cardinality = ["1:N", "N:M", "1:1"][cardinality];
                writeln!(text, "- {} {cardinality} {}", NAMES[from], NAMES[to])
                    .expect("a String takes it");
            }
            text.push_str(
                "\n## Access patterns\n\n| Query | Entity | Filter | Sort | Limit | Frequency |\n\
                 |---|---|---|---|---|---|\n| Find | Order | id, User | x y desc | 5 | 1/s |\n\
                 | Change order | Order | id | | 1 | 1/s |\n",
            );
            text
        },
    )
}

proptest! {
    #[test]
    fn every_document_becomes_a_design(text in document()) {
        let mut sources = Sources::default();
        sources.add("model.md", text);
        let model = underpin_model::build(&underpin_read::read(&sources), &sources);
        let logical = underpin_logical::design(&model);
        let physical = underpin_physical::design(&model, &logical);
        prop_assert_eq!(physical.tables.len(), logical.relations.len());
        prop_assert_eq!(physical.schema.tables.len(), physical.tables.len());
        // The same input, the same design.
        let again = underpin_physical::design(&model, &underpin_logical::design(&model));
        prop_assert_eq!(&again.schema, &physical.schema);
        for query in &physical.queries {
            if let Some(index) = &query.promised_index {
                prop_assert!(
                    physical.indexes.iter().any(|entry| entry.index == *index),
                    "{} promises an index that is not there", query.name
                );
            }
        }
    }
}
