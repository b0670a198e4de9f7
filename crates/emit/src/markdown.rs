//! Markdown (`CommonMark` with GitHub's tables), put together so that no text leaves its place.

use std::fmt::{self, Write as _};

use crate::html::reorders;

/// A piece of inline Markdown that is safe in a paragraph, a heading, a list item or a table's cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Inline(String);

impl fmt::Display for Inline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Inline {
    /// Several pieces with a separator, which is written as it is.
    pub(crate) fn join(pieces: impl IntoIterator<Item = Self>, separator: &str) -> Self {
        let pieces: Vec<String> = pieces.into_iter().map(|piece| piece.0).collect();
        Self(pieces.join(separator))
    }

    /// This piece in bold.
    pub(crate) fn strong(self) -> Self {
        Self(format!("**{}**", self.0))
    }

    /// This piece with another behind it.
    pub(crate) fn then(mut self, other: &Self) -> Self {
        self.0.push_str(&other.0);
        self
    }
}

/// Words of ours, which may hold Markdown.
pub(crate) fn raw(words: impl Into<String>) -> Inline {
    Inline(words.into())
}

/// Any text. A run of white space becomes one space; whatever Markdown could take for markup is
/// escaped, but what stands between two backticks, in documents and in our own sentences, is code.
pub(crate) fn text(content: &str) -> Inline {
    let content = one_line(content);
    let parts: Vec<&str> = content.split('`').collect();
    if parts.len().is_multiple_of(2) || parts.iter().skip(1).step_by(2).any(|it| it.is_empty()) {
        return plain(&content, true);
    }
    let part = |(at, part): (usize, &&str)| {
        if at.is_multiple_of(2) { plain(part, at == 0) } else { code(part) }
    };
    Inline::join(parts.iter().enumerate().map(part).collect::<Vec<_>>(), "")
}

/// Words without any code. An underscore inside a word stays, since it means nothing there.
fn plain(words: &str, begins: bool) -> Inline {
    let mut out = String::new();
    let characters: Vec<char> = words.chars().collect();
    for (at, &character) in characters.iter().enumerate() {
        let in_word = |index: Option<usize>| {
            index.and_then(|index| characters.get(index)).is_some_and(|c| c.is_alphanumeric())
        };
        match character {
            '|' => out.push_str("&#124;"),
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '_' if in_word(at.checked_sub(1)) && in_word(Some(at + 1)) => out.push('_'),
            '\\' | '`' | '*' | '_' | '[' | ']' | '~' | '$' => {
                out.push('\\');
                out.push(character);
            }
            // Only at the beginning of a line would these start a block.
            '#' | '+' | '-' | '>' | '=' | ':' if at == 0 && begins => {
                out.push('\\');
                out.push(character);
            }
            '.' | ')' if begins && at > 0 && characters[..at].iter().all(char::is_ascii_digit) => {
                out.push('\\');
                out.push(character);
            }
            other => out.push(other),
        }
    }
    Inline(out)
}

/// A name or a piece of code. Where a code span could not hold it in a table, it is written as HTML.
pub(crate) fn code(content: &str) -> Inline {
    let content = one_line(content);
    if content.contains(['|', '`', '\\']) || content.is_empty() {
        let mut out = String::from("<code>");
        for character in content.chars() {
            if character.is_alphanumeric() || " .,;:'\"(){}/=+-%@?^".contains(character) {
                out.push(character);
            } else {
                write!(out, "&#{};", u32::from(character)).expect("writing to a String");
            }
        }
        out.push_str("</code>");
        return Inline(out);
    }
    Inline(format!("`{content}`"))
}

/// Names with commas between them; a dash where there are none.
pub(crate) fn codes<'a>(names: impl IntoIterator<Item = &'a str>) -> Inline {
    let names: Vec<Inline> = names.into_iter().map(code).collect();
    if names.is_empty() { none() } else { Inline::join(names, ", ") }
}

/// What a cell holds where there is nothing to say.
pub(crate) fn none() -> Inline {
    raw("–")
}

/// White space in runs as one space, control characters as spaces, reordering marks by their number.
fn one_line(content: &str) -> String {
    let mut spaced = String::new();
    for character in content.chars() {
        if reorders(character) {
            write!(spaced, "(U+{:04X})", u32::from(character)).expect("writing to a String");
        } else {
            spaced.push(if character.is_control() { ' ' } else { character });
        }
    }
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A document that grows block by block, with one empty line between blocks.
#[derive(Debug, Default)]
pub(crate) struct Document {
    out: String,
}

impl Document {
    fn block(&mut self, text: &str) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        self.out.push_str(text);
        self.out.push('\n');
    }

    /// A heading of a level from 1 to 6.
    pub(crate) fn heading(&mut self, level: usize, title: &Inline) {
        self.block(&format!("{} {title}", "#".repeat(level)));
    }

    /// A heading in words of ours.
    pub(crate) fn title(&mut self, level: usize, title: &str) {
        self.heading(level, &raw(title));
    }

    /// A paragraph.
    pub(crate) fn paragraph(&mut self, content: &Inline) {
        self.block(&content.0);
    }

    /// A paragraph in words of ours.
    pub(crate) fn say(&mut self, words: &str) {
        self.block(words);
    }

    /// A bulleted list; nothing where it is empty.
    pub(crate) fn list(&mut self, items: impl IntoIterator<Item = Inline>) {
        let items: Vec<String> = items.into_iter().map(|item| format!("- {item}")).collect();
        if !items.is_empty() {
            self.block(&items.join("\n"));
        }
    }

    /// A quoted block.
    pub(crate) fn quote(&mut self, content: &Inline) {
        self.block(&format!("> {content}"));
    }

    /// A fenced block, its fence longer than any in the content.
    pub(crate) fn fence(&mut self, language: &str, content: &str) {
        let mut fence = String::from("```");
        while content.contains(&fence) {
            fence.push('`');
        }
        let content = content.trim_end_matches('\n').replace('\r', " ");
        self.block(&format!("{fence}{language}\n{content}\n{fence}"));
    }

    /// A table; nothing where it has no rows.
    pub(crate) fn table(&mut self, table: &Table) {
        if !table.rows.is_empty() {
            self.block(table.to_string().trim_end());
        }
    }

    /// The whole text.
    pub(crate) fn finish(self) -> String {
        self.out
    }
}

/// A table whose rows all have as many cells as its head.
#[derive(Debug)]
pub(crate) struct Table {
    head: Vec<&'static str>,
    rows: Vec<Vec<Inline>>,
}

impl Table {
    /// A table without rows yet.
    pub(crate) fn new(head: &[&'static str]) -> Self {
        Self { head: head.to_vec(), rows: Vec::new() }
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: impl Into<Vec<Inline>>) {
        let cells = cells.into();
        assert_eq!(cells.len(), self.head.len(), "invariant: a row has a cell for each column");
        self.rows.push(cells);
    }

    /// Whether it has no rows.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| {} |", self.head.join(" | "))?;
        writeln!(f, "|{}", " --- |".repeat(self.head.len()))?;
        for row in &self.rows {
            writeln!(f, "| {} |", Inline::join(row.iter().cloned(), " | "))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

    /// The texts of a table's cells, as a reader sees them.
    fn cells(markdown: &str) -> Vec<String> {
        let mut cells = Vec::new();
        let mut cell: Option<String> = None;
        for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
            match event {
                Event::Start(Tag::TableCell) => cell = Some(String::new()),
                Event::End(TagEnd::TableCell) => cells.extend(cell.take()),
                Event::Text(words) | Event::Code(words) => {
                    if let Some(cell) = &mut cell {
                        cell.push_str(&words);
                    }
                }
                _ => {}
            }
        }
        cells
    }

    #[test]
    fn whatever_stands_in_a_cell_is_read_back() {
        let nasty = [
            "a|b",
            "a\\|b",
            "`x",
            "``",
            "<script>",
            "*b* _c_",
            "snake_case",
            "]]>",
            "1. x",
            "# y",
            "- z",
            "&amp;",
            "--",
            "a\\",
            "$1",
            "~~x~~",
            "[a](b)",
            "😀 שלום",
        ];
        for content in nasty {
            let mut table = Table::new(&["A", "B", "C"]);
            table.row([text(content), code(content), raw("end")]);
            assert_eq!(
                cells(&table.to_string())[3..],
                [content.to_owned(), content.to_owned(), "end".to_owned()],
                "{table}"
            );
        }
    }

    #[test]
    fn what_documents_write_as_code_stays_code() {
        let shown = |words: &str| text(words).to_string();
        assert_eq!(shown("`a_b` is *not* `c|d`"), "`a_b` is \\*not\\* <code>c&#124;d</code>");
        assert_eq!(shown("``x``"), "\\`\\`x\\`\\`");
    }

    #[test]
    fn a_fence_is_longer_than_any_in_it() {
        let mut document = Document::default();
        document.fence("sql", "a\n```\n````\nb");
        document.say("after");
        let text = document.finish();
        assert!(text.starts_with("`````sql\n"), "{text}");
        let last = Parser::new(&text).filter_map(|event| match event {
            Event::Text(words) => Some(words.into_string()),
            _ => None,
        });
        assert_eq!(last.last().as_deref(), Some("after"));
    }

    #[test]
    fn line_breaks_and_marks_that_reorder_do_not_survive() {
        assert_eq!(text("a\n# b\u{202e}c").to_string(), "a # b(U+202E)c");
    }
}
