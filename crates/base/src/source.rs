//! Input documents and positions in them.

use std::fmt;
use std::sync::Arc;

/// Identifies a document in [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentId(u32);

/// A range of bytes in one document: half open, on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The document that the range lies in.
    pub document: DocumentId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span over `range` of `document`. Documents are limited to 4 GiB (the reader refuses far
    /// smaller ones), so offsets saturate rather than wrap.
    pub fn new(document: DocumentId, range: std::ops::Range<usize>) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { document, start: clamp(range.start), end: clamp(range.end.max(range.start)) }
    }

    /// The range as indices into the document's text.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Where a span begins, as people count: lines and columns from 1, columns in characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// Path of the document as the user named it.
    pub document: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.document, self.line, self.column)
    }
}

/// One input document: its path as shown to people, and its text.
#[derive(Debug, Clone)]
pub struct Document {
    path: String,
    text: String,
    /// Byte offset at which each line begins.
    line_starts: Vec<usize>,
    /// How many lines begin before each block of [`BLOCK`] bytes: reading asks for the line of each thing that it finds,
    /// and a search through the lines of one block stays in the processor's cache.
    lines_before: Vec<usize>,
}

/// Bytes of a text that are searched together.
const BLOCK: usize = 1 << 10;

impl Document {
    fn new(path: String, text: String) -> Self {
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
        let line_starts: Vec<usize> = line_starts.collect();
        let before = |block| line_starts.partition_point(|&start| start < block * BLOCK);
        let lines_before = (0..text.len() / BLOCK + 2).map(before).collect();
        Self { path, text, line_starts, lines_before }
    }

    /// The path as the user named it, with `/` between its parts.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The number of lines, counting an unfinished last one.
    pub fn line_count(&self) -> usize {
        self.line_starts.len() - usize::from(self.text.ends_with('\n'))
    }

    /// The line (from 0) that the byte offset lies in.
    pub fn line_of(&self, offset: usize) -> usize {
        let before = |block: usize| self.lines_before.get(block).copied();
        let (from, to) = (before(offset / BLOCK), before(offset / BLOCK + 1));
        let (Some(from), Some(to)) = (from, to) else { return self.line_starts.len() - 1 };
        let within = self.line_starts[from..to].partition_point(|&start| start <= offset);
        (from + within).saturating_sub(1)
    }

    /// The byte range of a line (from 0), without its line break; empty past the end.
    pub fn line_range(&self, line: usize) -> std::ops::Range<usize> {
        let Some(&start) = self.line_starts.get(line) else {
            return self.text.len()..self.text.len();
        };
        let end = self.line_starts.get(line + 1).map_or(self.text.len(), |&next| next - 1);
        let end = if self.text[start..end].ends_with('\r') { end - 1 } else { end };
        start..end
    }
}

/// All documents of one run, in the order in which they were given.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// Shared, since what is made of the documents keeps them.
    documents: Vec<Arc<Document>>,
}

impl Sources {
    /// Adds a document and returns its id.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> DocumentId {
        let id =
            DocumentId(u32::try_from(self.documents.len()).expect("fewer than 2^32 documents"));
        self.documents.push(Arc::new(Document::new(path.into(), text.into())));
        id
    }

    /// The document of an id that this value gave out.
    pub fn get(&self, id: DocumentId) -> &Document {
        &self.documents[id.0 as usize]
    }

    /// All documents with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (DocumentId, &Document)> {
        self.documents.iter().enumerate().map(|(index, document)| {
            (DocumentId(u32::try_from(index).expect("fewer than 2^32 documents")), &**document)
        })
    }

    /// The number of documents.
    pub fn len(&self) -> usize {
        self.documents.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }

    /// The text under a span.
    pub fn text(&self, span: Span) -> &str {
        self.get(span.document).text.get(span.range()).unwrap_or_default()
    }

    /// Where a span begins, for people.
    pub fn location(&self, span: Span) -> Location {
        let document = self.get(span.document);
        let offset = (span.start as usize).min(document.text.len());
        let line = document.line_of(offset);
        let start = document.line_starts[line];
        let column = document.text.get(start..offset).map_or(0, |before| before.chars().count());
        let human = |n: usize| u32::try_from(n + 1).unwrap_or(u32::MAX);
        Location { document: document.path.clone(), line: human(line), column: human(column) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_all_bytes_of_a_long_text() {
        let text: String =
            (0..400).map(|length| "x".repeat(length % 37 * 91 % 2500) + "\n").collect();
        let mut sources = Sources::default();
        let document = sources.add("a.md", text.clone());
        let mut line = 0;
        for (at, byte) in text.bytes().enumerate() {
            assert_eq!(sources.get(document).line_of(at), line, "{at}");
            line += usize::from(byte == b'\n');
        }
        assert_eq!(sources.get(document).line_of(text.len()), line);
        assert_eq!(sources.get(document).line_of(text.len() + 5000), line);
    }

    #[test]
    fn columns_count_characters_and_lines_end_before_their_break() {
        let mut sources = Sources::default();
        let id = sources.add("a.md", "é1\r\nß field\n");
        let at = |needle: &str| {
            let start = sources.get(id).text().find(needle).unwrap();
            sources.location(Span::new(id, start..start + needle.len()))
        };
        assert_eq!(at("1").to_string(), "a.md:1:2");
        assert_eq!(at("field").to_string(), "a.md:2:3");
        let document = sources.get(id);
        assert_eq!(&document.text()[document.line_range(0)], "é1");
        assert_eq!(document.line_count(), 2);
        assert_eq!(document.line_range(9), document.text().len()..document.text().len());
    }
}
