//! A mermaid diagram as its kind, its title and the lines that say something.

use std::ops::Range;

use crate::document::{Block, BlockKind, Code, Document};
use crate::notation::{Mark, Output};
use crate::words::unquote;

/// One diagram.
#[derive(Debug)]
pub(crate) struct Diagram<'c> {
    /// The first line that says something, such as `stateDiagram-v2` or `flowchart LR`.
    pub(crate) header: &'c str,
    /// Of the front matter, or a line `title`.
    pub(crate) title: Option<&'c str>,
    /// The lines below, trimmed and not empty, with their places in the code.
    pub(crate) lines: Vec<(&'c str, Range<usize>)>,
    /// The lines that only say how it is drawn, and the header.
    drawing: Vec<Range<usize>>,
}

impl<'c> Diagram<'c> {
    /// The diagram in a code block; `None` where the block holds something else.
    fn of(code: &'c Code) -> Option<Self> {
        if !matches!(code.language.as_str(), "" | "mermaid" | "mmd" | "text" | "txt") {
            return None;
        }
        let mut diagram = Self { header: "", title: None, lines: Vec::new(), drawing: Vec::new() };
        let mut within = Within::Lines;
        let mut in_body = false;
        for (raw, at) in code.lines() {
            let line = raw.trim();
            if line.is_empty() {
                continue;
            }
            match within {
                Within::FrontMatter if line == "---" => within = Within::Lines,
                Within::FrontMatter => {
                    if let Some(title) = line.strip_prefix("title:") {
                        diagram.title = Some(unquote(title));
                    }
                }
                Within::Directive if line.contains("}%%") => within = Within::Lines,
                Within::Directive => {}
                Within::Description if line.contains('}') => within = Within::Lines,
                Within::Description => {}
                Within::Lines if diagram.header.is_empty() && line == "---" => {
                    within = Within::FrontMatter;
                }
                Within::Lines if line.starts_with("%%") => {
                    if line.starts_with("%%{") && !line.contains("}%%") {
                        within = Within::Directive;
                    }
                }
                Within::Lines if line.starts_with("accDescr") && line.ends_with('{') => {
                    within = Within::Description;
                }
                Within::Lines if diagram.header.is_empty() && !line.starts_with("title ") => {
                    diagram.header = line;
                }
                // In the body of a class, `title: string` is a member.
                Within::Lines if !in_body && is_drawing(line) => {
                    let title = line.strip_prefix("title ").or(line.strip_prefix("accTitle:"));
                    diagram.title = title.map(unquote).or(diagram.title);
                }
                Within::Lines => {
                    in_body = line.ends_with('{') || in_body && !line.contains('}');
                    diagram.lines.push((line.trim_end_matches(';').trim_end(), at));
                    continue;
                }
            }
            diagram.drawing.push(at);
        }
        (!diagram.header.is_empty()).then_some(diagram)
    }

    /// Marks what only says how the diagram is drawn.
    pub(crate) fn set_drawing_aside(&self, document: &Document<'_>, code: &Code, out: &mut Output) {
        for at in &self.drawing {
            let span = document.code_span(code, at.clone());
            out.mark(document, span.range(), Mark::SetAside);
        }
    }
}

/// The diagrams in blocks whose header begins with one of `kinds`, each with the place of its block.
pub(crate) fn diagrams<'d>(
    blocks: impl Iterator<Item = (usize, &'d Block)>,
    kinds: &[&str],
) -> Vec<(Diagram<'d>, &'d Code, usize)> {
    blocks
        .filter_map(|(index, block)| match &block.kind {
            BlockKind::Code(code) => Some((Diagram::of(code)?, code, index)),
            BlockKind::Paragraph(_) | BlockKind::Table(_) | BlockKind::List(_) => None,
        })
        .filter(|(diagram, _, _)| {
            let kind = diagram.header.split([' ', ';', '{']).next().unwrap_or_default();
            kinds.contains(&kind)
        })
        .collect()
}

enum Within {
    Lines,
    FrontMatter,
    Directive,
    Description,
}

fn is_drawing(line: &str) -> bool {
    let first = line.split([' ', ':']).next().unwrap_or_default();
    matches!(
        first,
        "title"
            | "accTitle"
            | "accDescr"
            | "direction"
            | "classDef"
            | "style"
            | "linkStyle"
            | "click"
            | "link"
            | "callback"
            | "cssClass"
    ) && !line.contains('{')
        && !line.contains("--")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_that_say_something() {
        let text = "---\ntitle: \"Orders\"\n---\n%%{init: {\n}%%\nerDiagram\n  %% a remark\n  direction LR\n  accDescr {\n   x\n  }\n  A ||--o{ B : style;\n  A {\n  title x\n  }\n  style A fill:#fff";
        let code =
            Code { language: "mermaid".to_owned(), text: text.to_owned(), offsets: vec![(0, 0)] };
        let diagram = Diagram::of(&code).unwrap();
        assert_eq!(diagram.header, "erDiagram");
        assert_eq!(diagram.title, Some("Orders"));
        let lines: Vec<&str> = diagram.lines.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, ["A ||--o{ B : style", "A {", "title x", "}"]);
    }
}
