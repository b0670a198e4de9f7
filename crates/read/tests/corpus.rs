//! Reads every document of a folder of real documents, where `UNDERPIN_CORPUS` names one.

use std::path::{Path, PathBuf};

use underpin_base::Sources;

fn documents(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder can be read")
        .map(|entry| entry.expect("the folder can be read").path())
        .collect();
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            documents(&entry, found);
        } else if entry.extension().is_some_and(|extension| extension == "md") {
            found.push(entry);
        }
    }
}

#[test]
fn every_document_reads_with_all_spans_inside() {
    let Ok(folder) = std::env::var("UNDERPIN_CORPUS") else {
        println!("skipped: UNDERPIN_CORPUS names no folder of documents");
        return;
    };
    let mut found = Vec::new();
    documents(Path::new(&folder), &mut found);
    assert!(!found.is_empty(), "no document under {folder}");
    for path in found {
        let mut sources = Sources::default();
        let text = std::fs::read_to_string(&path).unwrap();
        let id = sources.add(path.display().to_string(), text.clone());
        let reading = underpin_read::read(&sources);
        let spans = reading.statements.iter().map(|statement| statement.span);
        let labels = reading.diagnostics.iter().flat_map(|diagnostic| &diagnostic.labels);
        for span in spans.chain(labels.map(|label| label.span)) {
            assert_eq!(span.document, id);
            assert!(text.get(span.range()).is_some(), "{}: {span:?}", path.display());
        }
        if std::env::var_os("UNDERPIN_SHOW").is_some() {
            println!("{}", underpin_read::statements_text(&reading, &sources));
            for diagnostic in &reading.diagnostics {
                let place = diagnostic.primary().map(|span| sources.location(span));
                let line = place.map_or(0, |place| place.line);
                println!("{line:>6}  {} {}", diagnostic.code, diagnostic.message);
            }
        }
    }
}
