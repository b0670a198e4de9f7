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
            let range = label.span.range();
            let end = range.end.min(document.text().len());
            let annotation = kind.span(range.start.min(end)..end);
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
