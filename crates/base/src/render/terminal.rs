//! The shape that rustc made familiar, for terminals and for plain text.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::{Diagnostic, Severity, Sources};

/// Renders one diagnostic with the source lines that it points at; ends with a line break.
/// `colour` switches terminal escapes on.
pub fn render(diagnostic: &Diagnostic, sources: &Sources, colour: bool) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(&*diagnostic.message).id(diagnostic.code.as_str());
    let mut group = Group::with_title(title);
    // Labels of one document share a snippet; documents come in the order in which they are named.
    let mut documents: Vec<crate::DocumentId> = Vec::new();
    for label in &diagnostic.labels {
        if !documents.contains(&label.span.document) {
            documents.push(label.span.document);
        }
    }
    for id in documents {
        let document = sources.get(id);
        let mut snippet = Snippet::source(document.text()).path(document.path()).fold(true);
        for (index, label) in diagnostic.labels.iter().enumerate() {
            if label.span.document != id {
                continue;
            }
            let kind = if index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
            let annotation = kind.span(shown(document.text(), label.span.range()));
            snippet = snippet.annotation(if label.text.is_empty() {
                annotation
            } else {
                annotation.label(&*label.text)
            });
        }
        group = group.element(snippet);
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(&**help));
    }
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut text = renderer.render(&[group]);
    text.push('\n');
    text
}

/// The part of a span that is pointed at. Readers' spans end with the block, line break included; drawn, that would
/// reach into the next line.
fn shown(text: &str, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let end = range.end.min(text.len());
    let start = range.start.min(end);
    let trimmed = text.get(start..end).map_or(end, |part| start + part.trim_end().len());
    start..if trimmed > start { trimmed } else { end }
}
