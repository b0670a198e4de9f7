//! HTML that stands in Markdown: its tables and headings become the blocks that Markdown's own do, so
//! that every notation reads both.

use std::ops::Range;

use super::inline::{Inline, InlineBuilder};
use super::{Row, Table};

/// What a piece of HTML completed.
pub(super) enum Piece {
    Table(Table, Range<usize>),
    Heading(u8, InlineBuilder, Range<usize>),
    /// The words on a fold, such as the name of the table inside it.
    Summary(Inline, Range<usize>),
}

/// Reads HTML line by line, as the Markdown parser hands it on.
#[derive(Debug, Default)]
pub(super) struct HtmlReader {
    table: Option<OpenTable>,
    heading: Option<(u8, InlineBuilder, usize)>,
    summary: Option<(InlineBuilder, usize)>,
    in_comment: bool,
    in_code: Option<(String, usize)>,
}

#[derive(Debug)]
struct OpenTable {
    table: Table,
    start: usize,
    row: Option<OpenRow>,
    /// Tables inside a cell are words of that cell.
    depth: usize,
}

#[derive(Debug)]
struct OpenRow {
    row: Row,
    cell: Option<InlineBuilder>,
    heads: usize,
}

impl HtmlReader {
    /// Whether nothing is open.
    pub(super) fn is_between(&self) -> bool {
        let Self { table, heading, summary, in_comment, in_code } = self;
        table.is_none()
            && heading.is_none()
            && summary.is_none()
            && !in_comment
            && in_code.is_none()
    }

    /// Reads a piece of HTML that begins at an offset of the document.
    pub(super) fn read(&mut self, html: &str, start: usize) -> Vec<Piece> {
        let mut done = Vec::new();
        let mut at = 0;
        while at < html.len() {
            let rest = &html[at..];
            if self.in_comment {
                let Some(end) = rest.find("-->") else { break };
                self.in_comment = false;
                at += end + 3;
            } else if rest.starts_with("<!--") {
                self.in_comment = true;
                at += 4;
            } else if let Some(length) = tag_length(rest) {
                let place = start + at..start + at + length;
                self.tag(&rest[1..length - 1], place, &mut done);
                at += length;
            } else {
                let skip = usize::from(rest.starts_with('<'));
                let end = rest[skip..].find('<').map_or(rest.len(), |end| end + skip);
                self.text(&rest[..end], start + at);
                at += end;
            }
        }
        done
    }

    fn tag(&mut self, tag: &str, place: Range<usize>, done: &mut Vec<Piece>) {
        let (closes, tag) = match tag.strip_prefix('/') {
            Some(tag) => (true, tag),
            None => (false, tag),
        };
        let name = tag.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        let name = name.to_ascii_lowercase();
        match name.as_str() {
            "table" if closes => {
                let Some(mut open) = self.table.take() else { return };
                if open.depth > 0 {
                    open.depth -= 1;
                    self.table = Some(open);
                    return;
                }
                open.close_row(place.start);
                if !open.table.header.is_empty() {
                    done.push(Piece::Table(open.table, open.start..place.end));
                }
            }
            "table" => match &mut self.table {
                Some(open) => open.depth += 1,
                None => {
                    let table = Table::default();
                    self.table = Some(OpenTable { table, start: place.start, row: None, depth: 0 });
                }
            },
            "tr" | "td" | "th" => {
                if let Some(open) = self.table.as_mut().filter(|open| open.depth == 0) {
                    open.tag(&name, closes, &place);
                }
            }
            "br" => {
                if let Some(builder) = self.builder() {
                    builder.break_line(place.end);
                }
            }
            "code" | "tt" | "kbd" if closes => {
                if let Some((code, from)) = self.in_code.take() {
                    if let Some(builder) = self.builder() {
                        builder.push_code(code.trim(), from..place.start);
                    }
                }
            }
            "code" | "tt" | "kbd" => self.in_code = Some((String::new(), place.end)),
            "b" | "strong" => {
                if let Some(builder) = self.builder() {
                    builder.strong(!closes);
                }
            }
            "summary" if closes => {
                if let Some((mut builder, from)) = self.summary.take() {
                    builder.strong(false);
                    done.push(Piece::Summary(builder.finish(), from..place.end));
                }
            }
            "summary" => {
                let mut builder = InlineBuilder::default();
                builder.strong(true);
                self.summary = Some((builder, place.start));
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                if !closes {
                    let level = name.as_bytes()[1] - b'0';
                    self.heading = Some((level, InlineBuilder::default(), place.start));
                } else if let Some((level, builder, from)) = self.heading.take() {
                    done.push(Piece::Heading(level, builder, from..place.end));
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str, at: usize) {
        let words = decoded(text);
        if let Some((code, _)) = &mut self.in_code {
            code.push_str(&words);
            return;
        }
        let place = at..at + text.len();
        if let Some(builder) = self.builder() {
            // White space around tags is layout; between words it is one space.
            let inside = words.split_whitespace().collect::<Vec<_>>().join(" ");
            if inside.is_empty() {
                return;
            }
            let before = if words.starts_with(char::is_whitespace) { " " } else { "" };
            let after = if words.ends_with(char::is_whitespace) { " " } else { "" };
            builder.push(&format!("{before}{inside}{after}"), place);
        }
    }

    fn builder(&mut self) -> Option<&mut InlineBuilder> {
        if let Some((builder, _)) = &mut self.summary {
            return Some(builder);
        }
        if let Some((_, builder, _)) = &mut self.heading {
            return Some(builder);
        }
        self.table.as_mut()?.row.as_mut()?.cell.as_mut()
    }
}

impl OpenTable {
    fn tag(&mut self, name: &str, closes: bool, place: &Range<usize>) {
        if name == "tr" {
            self.close_row(if closes { place.end } else { place.start });
            if !closes {
                let row = Row { cells: Vec::new(), range: place.clone() };
                self.row = Some(OpenRow { row, cell: None, heads: 0 });
            }
            return;
        }
        let Some(open) = &mut self.row else { return };
        if let Some(mut cell) = open.cell.take() {
            open.row.cells.push(cell.finish());
        }
        if !closes {
            open.heads += usize::from(name == "th");
            open.cell = Some(InlineBuilder::default());
        }
    }

    fn close_row(&mut self, end: usize) {
        let Some(mut open) = self.row.take() else { return };
        if let Some(mut cell) = open.cell.take() {
            open.row.cells.push(cell.finish());
        }
        open.row.range.end = end.max(open.row.range.start);
        if self.table.header.is_empty() && self.table.rows.is_empty() {
            // The first row is the header, whether its cells say so or not.
            self.table.header = open.row.cells;
        } else if open.heads < open.row.cells.len() || open.heads <= 1 {
            self.table.rows.push(open.row);
        }
    }
}

/// The length of the tag that a text begins with.
fn tag_length(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('<')?;
    let begins = inside.strip_prefix('/').unwrap_or(inside);
    if !begins.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let mut quote = None;
    for (at, character) in inside.char_indices() {
        match (quote, character) {
            (None, '>') => return Some(at + 2),
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), _) if open == character => quote = None,
            (None | Some(_), _) => {}
        }
    }
    None
}

fn decoded(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    // The ampersand comes last, so that nothing is decoded twice.
    [
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&apos;", "'"),
        ("&rarr;", "→"),
        ("&mdash;", "—"),
        ("&ndash;", "–"),
        ("&#124;", "|"),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (name, character)| text.replace(name, character))
}
