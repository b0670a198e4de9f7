//! The shape that rustc made familiar, for terminals and for plain text.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use std::ops::Range;

use crate::{Diagnostic, Document, Severity, Sources};

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
        let labels =
            || diagnostic.labels.iter().enumerate().filter(|(_, it)| it.span.document == id);
        let ranges = labels().map(|(_, it)| shown(document.text(), it.span.range()));
        let lines = lines_around(document, ranges);
        let before = document.line_range(lines.start).start;
        let text = &document.text()[before..document.line_range(lines.end).start];
        let mut snippet =
            Snippet::source(text).line_start(lines.start + 1).path(document.path()).fold(true);
        for (index, label) in labels() {
            let kind = if index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
            let range = shown(document.text(), label.span.range());
            let annotation = kind.span(range.start - before..range.end - before);
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

/// The lines that the ranges lie in, with some around them: a renderer looks through all that it is given.
fn lines_around(document: &Document, ranges: impl Iterator<Item = Range<usize>>) -> Range<usize> {
    const AROUND: usize = 8;
    let (first, last) = ranges.fold((usize::MAX, 0), |(first, last), range| {
        (first.min(document.line_of(range.start)), last.max(document.line_of(range.end)))
    });
    first.min(last).saturating_sub(AROUND)..last + AROUND
}

/// The part of a span that is pointed at. Readers' spans end with the block, line break included; drawn, that would
/// reach into the next line.
fn shown(text: &str, range: Range<usize>) -> Range<usize> {
    let end = range.end.min(text.len());
    let start = range.start.min(end);
    let trimmed = text.get(start..end).map_or(end, |part| start + part.trim_end().len());
    start..if trimmed > start { trimmed } else { end }
}
