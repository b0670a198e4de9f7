//! What holds of every reading, whatever the documents are: tests and fuzz targets look for a document that breaks it.

use underpin_base::{Sources, Span};

use crate::{Reading, read, statements_text};

/// Reads the documents twice and says what is wrong with the result; `None` where all holds: each span lies inside its
/// document, on character boundaries and without blanks around it, no document has more understood lines than fact
/// lines, and the second reading is the first.
pub fn fault(sources: &Sources) -> Option<String> {
    let reading = read(sources);
    let spans = reading.statements.iter().map(|statement| statement.span);
    let labels = reading.diagnostics.iter().flat_map(|diagnostic| &diagnostic.labels);
    spans
        .chain(labels.map(|label| label.span))
        .find_map(|span| span_fault(sources, span))
        .or_else(|| coverage_fault(&reading))
        .or_else(|| {
            let (first, second) = (text(&reading, sources), text(&read(sources), sources));
            (first != second).then(|| format!("read again as\n{second}\ninstead of\n{first}"))
        })
}

fn span_fault(sources: &Sources, span: Span) -> Option<String> {
    let Some((_, document)) = sources.iter().find(|(id, _)| *id == span.document) else {
        return Some(format!("{span:?} is in no document"));
    };
    let Some(there) = document.text().get(span.range()) else {
        return Some(format!("{span:?} is not inside {}", document.path()));
    };
    (there.trim() != there && !there.trim().is_empty())
        .then(|| format!("{span:?} has blanks around it: {there:?}"))
}

fn coverage_fault(reading: &Reading) -> Option<String> {
    reading.coverage.iter().find(|it| it.understood > it.fact_lines).map(|it| {
        format!("{}: {} of {} fact lines understood", it.document, it.understood, it.fact_lines)
    })
}

fn text(reading: &Reading, sources: &Sources) -> String {
    let mut text = statements_text(reading, sources);
    for diagnostic in &reading.diagnostics {
        text.push_str(&diagnostic.message);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Coverage;

    const TEXT: &str = "# Ördnung\n\n| Field | Type |\n|---|---|\n| id | uuid |\n";

    fn sources() -> Sources {
        let mut sources = Sources::default();
        sources.add("a.md", TEXT);
        sources
    }

    #[test]
    fn a_reading_of_an_ordinary_document_holds() {
        assert_eq!(fault(&sources()), None);
    }

    #[test]
    fn every_kind_of_fault_is_found() {
        let sources = sources();
        let (id, _) = sources.iter().next().expect("one document");
        let fault_at = |range| span_fault(&sources, Span::new(id, range)).unwrap_or_default();
        assert_eq!(fault_at(2..10), "");
        assert!(fault_at(0..TEXT.len() + 1).contains("not inside a.md"));
        assert!(fault_at(3..5).contains("not inside a.md"), "in the middle of a character");
        assert!(fault_at(1..5).contains("blanks around it"));
        let coverage = vec![Coverage { document: "a.md".to_owned(), fact_lines: 1, understood: 2 }];
        let reading = Reading { coverage, ..Reading::default() };
        assert!(coverage_fault(&reading).is_some_and(|fault| fault.contains("2 of 1")));
    }

    #[test]
    fn a_span_of_another_reading_is_found() {
        let mut others = sources();
        let second = others.add("b.md", TEXT);
        let fault = span_fault(&sources(), Span::new(second, 0..1)).unwrap_or_default();
        assert!(fault.contains("in no document"), "{fault}");
    }
}
