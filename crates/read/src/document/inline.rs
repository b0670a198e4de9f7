//! Running text: its lines without Markdown's marks, each with its place.

use std::ops::Range;

/// One line of running text. Code spans keep their backticks, since they mark names.
#[derive(Debug, Default, Clone)]
pub(crate) struct Line {
    pub(crate) text: String,
    pub(crate) range: Range<usize>,
}

/// Running text.
#[derive(Debug, Default, Clone)]
pub(crate) struct Inline {
    /// All lines, with a space between them.
    pub(crate) text: String,
    pub(crate) lines: Vec<Line>,
    /// Whether all of it is set in bold.
    pub(crate) strong: bool,
    /// Its first words that are set in bold, such as a label.
    pub(crate) label: String,
}

impl Inline {
    /// The place of the whole text.
    pub(crate) fn range(&self) -> Range<usize> {
        match (self.lines.first(), self.lines.last()) {
            (Some(first), Some(last)) => first.range.start..last.range.end.max(first.range.start),
            _ => 0..0,
        }
    }
}

/// Puts running text together from the pieces that the Markdown parser gives.
#[derive(Debug, Default)]
pub(crate) struct InlineBuilder {
    lines: Vec<Line>,
    strong_depth: usize,
    struck_depth: usize,
    strong_characters: usize,
    characters: usize,
    label: String,
}

impl InlineBuilder {
    pub(crate) fn push(&mut self, text: &str, range: Range<usize>) {
        if self.struck_depth > 0 {
            return;
        }
        let visible = if text.is_ascii() {
            // The white space of `char::is_whitespace`, which counts a vertical tab.
            text.bytes().filter(|byte| !matches!(byte, b'\t'..=b'\r' | b' ')).count()
        } else {
            text.chars().filter(|c| !c.is_whitespace()).count()
        };
        if self.strong_depth > 0 {
            self.strong_characters += visible;
            if self.strong_characters == self.characters + visible {
                self.label.push_str(text);
            }
        }
        self.characters += visible;
        if self.lines.is_empty() {
            // Most texts have one line, cells of tables all of them.
            self.lines.reserve_exact(1);
            self.lines.push(Line { text: String::new(), range: range.clone() });
        }
        let line = self.lines.last_mut().expect("a line was pushed if there was none");
        if line.text.is_empty() {
            line.range.start = range.start;
        }
        line.range.end = line.range.end.max(range.end);
        if text.is_ascii() && !text.contains('\t') {
            line.text.push_str(text);
            return;
        }
        line.text.extend(text.chars().map(|character| match character {
            '\u{2010}' | '\u{2011}' => '-',
            '\u{a0}' | '\u{202f}' | '\t' => ' ',
            other => other,
        }));
    }

    pub(crate) fn push_code(&mut self, text: &str, range: Range<usize>) {
        self.push(&format!("`{text}`"), range);
    }

    pub(crate) fn break_line(&mut self, at: usize) {
        if self.lines.last().is_some_and(|line| !line.text.is_empty()) {
            self.lines.push(Line { text: String::new(), range: at..at });
        }
    }

    pub(crate) fn strong(&mut self, begins: bool) {
        self.strong_depth =
            if begins { self.strong_depth + 1 } else { self.strong_depth.saturating_sub(1) };
    }

    pub(crate) fn struck(&mut self, begins: bool) {
        self.struck_depth =
            if begins { self.struck_depth + 1 } else { self.struck_depth.saturating_sub(1) };
    }

    pub(crate) fn finish(self) -> Inline {
        let mut lines = self.lines;
        for line in &mut lines {
            let trimmed = line.text.trim();
            if trimmed.len() != line.text.len() {
                line.text = trimmed.to_owned();
            }
        }
        lines.retain(|line| !line.text.is_empty());
        let length = lines.iter().map(|line| line.text.len() + 1).sum::<usize>().saturating_sub(1);
        let mut text = String::with_capacity(length);
        for line in &lines {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&line.text);
        }
        let outside = self.characters - self.strong_characters;
        // A colon after the bold words still leaves the whole a label.
        let strong =
            self.strong_characters > 0 && (outside == 0 || (outside == 1 && text.ends_with(':')));
        Inline { text, lines, strong, label: self.label.trim().to_owned() }
    }
}
