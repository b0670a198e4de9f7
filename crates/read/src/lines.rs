//! What became of each line of the documents.

use std::fmt::Write as _;

use underpin_base::{Diagnostic, DocumentId, Sources};

use crate::document::{BlockKind, Document};
use crate::notation::{Mark, Output};
use crate::render::statement_text;
use crate::{Reading, Statement};

/// What became of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It states facts, or belongs to a line that does; the notation that read it.
    Understood(&'static str),
    /// Some of what it says was read by this notation, and some was not.
    InPart(&'static str),
    /// A notation recognised it as something that holds no fact.
    SetAside(&'static str),
    /// It looks like data, and no notation took it.
    NotUnderstood,
    /// It does not look like data: a heading, a sentence, ...
    NoData(&'static str),
}

/// The fate of each line of a document; `data` holds those that look like data.
pub(crate) fn fates(
    document: &Document<'_>,
    index: usize,
    data: &[bool],
    out: &Output,
) -> Vec<Fate> {
    let mut fates = vec![Fate::NoData("text"); document.line_count()];
    let mut fill = |range: &std::ops::Range<usize>, what| {
        let last = document.line_of(range.end.max(range.start + 1) - 1);
        fates[document.line_of(range.start)..=last].fill(Fate::NoData(what));
    };
    for block in &document.blocks {
        let what = match &block.kind {
            BlockKind::Paragraph(_) => "text",
            BlockKind::Table(_) => "the frame of a table",
            BlockKind::List(_) => "an item that names no field",
            BlockKind::Code(_) => "code that describes no data",
        };
        fill(&block.range, what);
    }
    for section in &document.sections {
        let start = section.range.start;
        fill(&(start..start + 1), "a heading");
    }
    for (line, &(mark, reader)) in out.marks(index).iter().enumerate() {
        match mark {
            Mark::Understood => fates[line] = Fate::Understood(reader.name()),
            Mark::SetAside => fates[line] = Fate::SetAside(reader.name()),
            Mark::Open if data[line] => fates[line] = Fate::NotUnderstood,
            Mark::Open => {}
        }
    }
    fates
}

/// One line of a document with all that was made of it.
#[derive(Debug)]
pub struct Line<'a> {
    /// From 1.
    pub number: usize,
    /// Without its line break.
    pub text: &'a str,
    /// What became of it.
    pub fate: Fate,
    /// The facts that begin here.
    pub statements: Vec<&'a Statement>,
    /// What was said of it.
    pub diagnostics: Vec<&'a Diagnostic>,
}

impl Reading {
    /// The lines of a document that are not blank.
    pub fn lines<'a>(&'a self, sources: &'a Sources, id: DocumentId) -> Vec<Line<'a>> {
        let document = sources.get(id);
        let Some(fates) = self.fates.iter().find(|(of, _)| *of == id).map(|(_, fates)| fates)
        else {
            return Vec::new();
        };
        let mut lines: Vec<Line<'a>> = (0..document.line_count())
            .map(|at| Line {
                number: at + 1,
                text: &document.text()[document.line_range(at)],
                fate: fates.get(at).copied().unwrap_or(Fate::NoData("text")),
                statements: Vec::new(),
                diagnostics: Vec::new(),
            })
            .collect();
        let place = |offset: u32| document.line_of(offset as usize);
        for statement in self.statements.iter().filter(|it| it.span.document == id) {
            if let Some(line) = lines.get_mut(place(statement.span.start)) {
                line.statements.push(statement);
            }
        }
        for diagnostic in &self.diagnostics {
            for label in diagnostic.labels.iter().filter(|it| it.span.document == id) {
                if let Some(line) = lines.get_mut(place(label.span.start)) {
                    line.diagnostics.push(diagnostic);
                }
            }
        }
        lines.retain(|line| !line.text.trim().is_empty());
        lines
    }
}

/// Every document line by line: its text, what became of it, and the facts that it states.
pub fn lines_text(reading: &Reading, sources: &Sources) -> String {
    let mut text = String::new();
    for (id, document) in sources.iter() {
        let Some(coverage) = reading.coverage.iter().find(|it| it.document == document.path())
        else {
            continue;
        };
        let _ = writeln!(text, "{coverage}");
        for line in reading.lines(sources, id) {
            let fate = match line.fate {
                Fate::Understood(_) => "understood".to_owned(),
                Fate::InPart(_) => "understood in part".to_owned(),
                Fate::SetAside("") => "set aside".to_owned(),
                Fate::SetAside(notation) => format!("set aside: no fact for {notation}"),
                Fate::NotUnderstood => "not understood".to_owned(),
                Fate::NoData(what) => format!("no data: {what}"),
            };
            let shown = line.text.trim_end().replace(|c: char| c.is_control() && c != '\t', " ");
            let _ = writeln!(text, "{:>6}  {shown}", line.number);
            if line.statements.is_empty() || matches!(line.fate, Fate::InPart(_)) {
                let by = match line.fate {
                    Fate::Understood(notation) | Fate::InPart(notation) if !notation.is_empty() => {
                        format!(" by {notation}")
                    }
                    _ => String::new(),
                };
                let _ = writeln!(text, "          {fate}{by}");
            }
            for statement in line.statements {
                let _ = writeln!(text, "          = {}", statement_text(statement));
            }
            for diagnostic in line.diagnostics {
                let _ = writeln!(text, "          {}: {}", diagnostic.code, diagnostic.message);
            }
        }
    }
    let assumed: Vec<&Statement> = reading
        .statements
        .iter()
        .filter(|it| it.drafted.is_some_and(|place| place.document == it.span.document))
        .collect();
    if !assumed.is_empty() {
        text.push_str("drafted without a quote\n");
    }
    for statement in assumed {
        let _ = writeln!(
            text,
            "          = {}  # {}",
            statement_text(statement),
            sources.location(statement.span)
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn every_line_has_its_fate() {
        let mut sources = Sources::default();
        sources.add(
            "a.md",
            "# Order\n\nWords.\n\n| Field | Type |\n|---|---|\n| id | uuid |\n| ??? | |\n\n```bash\nls\n```\n\n## Sites\n\n| A | B |\n|---|---|\n| x | y |\n\n- one\n",
        );
        let reading = crate::read(&sources);
        expect![[r#"
            a.md: 4 of 6 fact lines
                 1  # Order
                      = field-table  entity Order -- Words.
                 3  Words.
                      no data: text
                 5  | Field | Type |
                      understood by field-table
                 6  |---|---|
                      understood by field-table
                 7  | id | uuid |
                      = field-table  field Order.id uuid
                 8  | ??? | |
                      not understood
                      R004: the row `???` was not understood
                10  ```bash
                      no data: code that describes no data
                11  ls
                      no data: code that describes no data
                12  ```
                      no data: code that describes no data
                14  ## Sites
                      no data: a heading
                16  | A | B |
                      no data: the frame of a table
                      R001: the table `A | B` was not understood, so nothing in it reached the model
                17  |---|---|
                      no data: the frame of a table
                18  | x | y |
                      not understood
                20  - one
                      no data: an item that names no field
        "#]]
        .assert_eq(&lines_text(&reading, &sources));
    }
}
