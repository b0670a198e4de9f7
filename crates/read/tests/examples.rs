//! The example documents of this repository read completely.

use std::path::Path;

use underpin_base::{Severity, Sources};
use underpin_read::Fact;

#[test]
fn no_line_of_the_examples_stays_open() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    for name in ["shop", "retail"] {
        let folder = examples.join(name).join("docs");
        let mut paths: Vec<_> = std::fs::read_dir(&folder)
            .expect("the example is there")
            .map(|entry| entry.expect("the example can be read").path())
            .collect();
        paths.sort();
        let mut sources = Sources::default();
        for path in paths {
            let text = std::fs::read_to_string(&path).expect("the example is UTF-8");
            sources.add(path.file_name().map_or("", |name| name.to_str().unwrap_or("")), text);
        }
        let reading = underpin_read::read(&sources);
        let open: Vec<String> = reading
            .diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity != Severity::Note)
            .map(|diagnostic| {
                let place = diagnostic.primary().map(|span| sources.location(span).to_string());
                format!("{} {}", place.unwrap_or_default(), diagnostic.message)
            })
            .collect();
        assert!(open.is_empty(), "{name}: {open:#?}");
        // Sentences that state something which is not read yet, each said to be unread.
        let unread: Vec<&str> = reading
            .diagnostics
            .iter()
            .filter(|it| it.code == underpin_read::code::UNREAD_CLAUSE)
            .filter_map(|it| it.message.split('`').nth(1))
            .collect();
        let known: &[&str] = match name {
            "retail" => &[
                "The lines of an order, the address book and the payment methods belong to other…",
                "Rows are only added.",
                "Entries are only added.",
            ],
            _ => &[],
        };
        assert_eq!(unread, known, "{name}");
        let lines = |count: fn(&underpin_read::Coverage) -> usize| -> usize {
            reading.coverage.iter().map(count).sum()
        };
        let lost = lines(|it| it.fact_lines) - lines(|it| it.understood);
        assert!(lost <= known.len() + 1, "{name}: {lost}");
        assert!(reading.statements.len() > 50, "{name}: {}", reading.statements.len());
    }
}

#[test]
fn a_table_of_required_fields_becomes_rules() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../examples/shop/docs/10-object-lifecycle.md");
    let text = std::fs::read_to_string(path).expect("the example is UTF-8");
    let mut sources = Sources::default();
    sources.add("model.md", "# Order\n\n| Field | Type |\n|---|---|\n| id | uuid |\n");
    sources.add("states.md", text);
    let reading = underpin_read::read(&sources);
    let rules: Vec<&str> = reading
        .statements
        .iter()
        .filter(|statement| statement.notation == "transition-table")
        .filter_map(|statement| match &statement.fact {
            Fact::Rule { entity: Some(entity), text, .. } if entity == "Order" => {
                Some(text.as_str())
            }
            _ => None,
        })
        .collect();
    assert_eq!(
        rules,
        [
            "`paid_at` is required when `status` is `paid`, `processing`, `shipped`, `delivered`, `completed` or `returned`",
            "`shipped_at` is required when `status` is `shipped`, `delivered`, `completed` or `returned`",
            "`delivered_at` is required when `status` is `delivered`, `completed` or `returned`",
            "`completed_at` is required when `status` is `completed`",
            "`returned_at` is required when `status` is `returned`",
            "`cancelled_at` is required when `status` is `cancelled`",
            "`cancellation_reason` is required when `status` is `cancelled`",
        ]
    );
}
