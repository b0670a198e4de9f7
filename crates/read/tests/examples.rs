//! The example documents of this repository read completely.

use std::path::Path;

use underpin_base::{Severity, Sources};

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
        for coverage in &reading.coverage {
            assert_eq!(coverage.understood, coverage.fact_lines, "{name}: {}", coverage.document);
        }
        assert!(reading.statements.len() > 50, "{name}: {}", reading.statements.len());
    }
}
