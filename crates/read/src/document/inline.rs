//! Running text: its lines without Markdown's marks, each with its place.

use std::ops::{Deref, Range};

use smol_str::{SmolStr, SmolStrBuilder};

/// One line of running text. Code spans keep their backticks, since they mark names.
#[derive(Debug, Default, Clone)]
pub(crate) struct Line {
    pub(crate) text: SmolStr,
    pub(crate) range: Range<usize>,
}

/// The lines of running text. Most texts have one, cells of tables all of them: it needs no space of its own.
#[derive(Debug, Default, Clone)]
pub(crate) enum Lines {
    #[default]
    None,
    One(Line),
    Several(Vec<Line>),
}

impl FromIterator<Line> for Lines {
    fn from_iter<T: IntoIterator<Item = Line>>(lines: T) -> Self {
        let mut lines = lines.into_iter();
        let Some(first) = lines.next() else { return Self::None };
        match lines.next() {
            None => Self::One(first),
            Some(second) => Self::Several([first, second].into_iter().chain(lines).collect()),
        }
    }
}

impl Deref for Lines {
    type Target = [Line];

    fn deref(&self) -> &[Line] {
        match self {
            Self::None => &[],
            Self::One(line) => std::slice::from_ref(line),
            Self::Several(lines) => lines,
        }
    }
}

impl<'l> IntoIterator for &'l Lines {
    type Item = &'l Line;
    type IntoIter = std::slice::Iter<'l, Line>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Running text.
#[derive(Debug, Default, Clone)]
pub(crate) struct Inline {
    /// All lines, with a space between them; of a single line, its own text.
    pub(crate) text: SmolStr,
    pub(crate) lines: Lines,
    /// Whether all of it is set in bold.
    pub(crate) strong: bool,
    /// Its first words that are set in bold, such as a label.
    pub(crate) label: SmolStr,
}

impl Inline {
    /// Some of the lines of running text, of which none is set in bold.
    pub(crate) fn of_lines(lines: Vec<Line>) -> Self {
        let text = match lines.as_slice() {
            [only] => only.text.clone(),
            lines => joined(lines),
        };
        Self { text, lines: lines.into_iter().collect(), ..Self::default() }
    }

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
    /// The texts of all lines, one behind the other.
    text: String,
    /// Where each line begins in the text, and its place in the document.
    lines: Vec<(usize, Range<usize>)>,
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
        if self.is_line_empty() {
            // What marks stand before its text are no part of a line.
            match self.lines.last_mut() {
                Some((_, place)) => place.start = range.start,
                None => self.lines.push((0, range.clone())),
            }
        }
        let (_, place) = self.lines.last_mut().expect("a line was pushed if there was none");
        place.end = place.end.max(range.end);
        if text.is_ascii() && !text.contains('\t') {
            self.text.push_str(text);
            return;
        }
        self.text.extend(text.chars().map(|character| match character {
            '\u{2010}' | '\u{2011}' => '-',
            '\u{a0}' | '\u{202f}' | '\t' => ' ',
            other => other,
        }));
    }

    /// Whether no text stands in the line that is being put together.
    fn is_line_empty(&self) -> bool {
        self.lines.last().is_none_or(|&(start, _)| start == self.text.len())
    }

    pub(crate) fn push_code(&mut self, text: &str, range: Range<usize>) {
        self.push(&format!("`{text}`"), range);
    }

    pub(crate) fn break_line(&mut self, at: usize) {
        if !self.is_line_empty() {
            self.lines.push((self.text.len(), at..at));
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

    /// What was put together. The builder is empty again and keeps its space for the next: most texts are cells.
    pub(crate) fn finish(&mut self) -> Inline {
        let ends = self.lines.iter().skip(1).map(|(start, _)| *start).chain([self.text.len()]);
        let of_lines = self.lines.iter().zip(ends).map(|((start, range), end)| Line {
            text: self.text[*start..end].trim().into(),
            range: range.clone(),
        });
        let lines: Lines = of_lines.filter(|line| !line.text.is_empty()).collect();
        let text = match &*lines {
            [only] => only.text.clone(),
            lines => joined(lines),
        };
        let outside = self.characters - self.strong_characters;
        // A colon after the bold words still leaves the whole a label.
        let strong =
            self.strong_characters > 0 && (outside == 0 || (outside == 1 && text.ends_with(':')));
        let label = self.label.trim().into();
        self.clear();
        Inline { text, lines, strong, label }
    }

    /// Forgets what was put together so far.
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.lines.clear();
        self.label.clear();
        (self.strong_depth, self.struck_depth) = (0, 0);
        (self.strong_characters, self.characters) = (0, 0);
    }
}

/// The texts of lines with a space between them.
fn joined(lines: &[Line]) -> SmolStr {
    let mut text = SmolStrBuilder::new();
    for (at, line) in lines.iter().enumerate() {
        if at > 0 {
            text.push(' ');
        }
        text.push_str(&line.text);
    }
    text.finish()
}
