//! Markdown to blocks, through `pulldown-cmark`'s events.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use underpin_base::parallel;

use super::html::{self, HtmlReader};
use super::inline::{Inline, InlineBuilder, Line};
use super::labelled_lines::leaves_list;
use super::loose_table;
use super::pieces;
use super::{Block, BlockKind, Code, Document, Item, List, Row, Section, Table};

/// So much text is taken apart at a time: the parser's tree of it stays small, and pieces can be shared among threads.
const PIECE: usize = 1 << 15;

/// Divides Markdown text into the sections and blocks of `document`.
pub(super) fn parse(text: &str, document: &mut Document<'_>) {
    parse_by(PIECE, text, document);
}

/// The same in pieces of at least so many bytes.
fn parse_by(least: usize, text: &str, document: &mut Document<'_>) {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let whole = start..text.len();
    let pieces = pieces::of(text, whole.clone(), least);
    let apart = parallel::map(&pieces, 1, |range| piece(text, range.clone(), document.empty()));
    let (_, others) = apart.split_last().expect("invariant: a text has at least one piece");
    if others.iter().all(|piece| piece.is_closed) && !apart.iter().any(|piece| piece.names_targets)
    {
        document.blocks.reserve(apart.iter().map(|piece| piece.document.blocks.len()).sum());
        for piece in apart {
            document.append(piece.document);
        }
    } else {
        document.append(piece(text, whole, document.empty()).document);
    }
}

/// A piece of a text, read as if it were all.
struct Piece<'s> {
    document: Document<'s>,
    /// Whether nothing is open at its end, so that what follows means the same without it.
    is_closed: bool,
    /// Whether it says where links lead to that may stand in other pieces.
    names_targets: bool,
}

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
}

fn piece<'s>(text: &str, range: Range<usize>, mut document: Document<'s>) -> Piece<'s> {
    let mut walker = Walker {
        text,
        document: &mut document,
        sink: None,
        lists: Vec::new(),
        list_block: 0,
        in_metadata: false,
        html: HtmlReader::default(),
    };
    let events = Parser::new_ext(&text[range.clone()], options()).into_offset_iter();
    let names_targets = events.reference_definitions().iter().next().is_some();
    // Code and HTML that nothing ends run to the end; all else ends where a heading begins.
    let mut end = 0;
    for (event, place) in events {
        if matches!(event, Event::End(TagEnd::CodeBlock | TagEnd::HtmlBlock)) {
            end = place.end;
        }
        walker.event(event, place.start + range.start..place.end + range.start);
    }
    let is_closed = end < range.len() && walker.html.is_between();
    Piece { document, is_closed, names_targets }
}

/// Where running text goes to.
enum Sink {
    Heading {
        level: u8,
        builder: InlineBuilder,
    },
    Paragraph(InlineBuilder),
    Table {
        table: Table,
        row: Row,
        cell: InlineBuilder,
        in_head: bool,
        below: Vec<Row>,
    },
    Code(Code),
    /// Code by its margin alone.
    Indented(Code),
}

/// A list that is open, and its item that is open.
struct OpenList {
    item: Option<(usize, InlineBuilder)>,
}

struct Walker<'a, 's> {
    text: &'a str,
    document: &'a mut Document<'s>,
    sink: Option<Sink>,
    /// Open lists from the outside in. The items of all go into the block of the outermost.
    lists: Vec<OpenList>,
    /// The block of the outermost open list. Tables and code inside its items come after it.
    list_block: usize,
    in_metadata: bool,
    html: HtmlReader,
}

/// Whether a row is a line of text that only stands directly below its table, where GFM makes it a row: it
/// has no bar, and several words or the mark that ends a sentence.
fn is_sentence(text: &str, row: &Row) -> bool {
    let line = text[row.range.clone()].trim();
    !line.contains('|')
        && (line.ends_with(['.', '!', '?', ':']) || line.split_whitespace().count() > 3)
}

/// Whether a line over dashes, which CommonMark makes a heading, heads columns: blanks part its words, and those of the line
/// below the dashes.
fn heads_columns(text: &str, range: Range<usize>) -> bool {
    let has_columns = |line: &str| {
        let parts = line.trim().split("  ").filter(|part| !part.trim().is_empty());
        parts.count() > 1
    };
    let heading = text[range.clone()].trim_end();
    let below = text[range.end..].trim_start_matches(['\r', '\n']);
    let is_underlined = heading.lines().count() == 2;
    is_underlined
        && heading.lines().next().is_some_and(has_columns)
        && below.lines().next().is_some_and(has_columns)
}

/// The level and the text of a heading as wikis write it: `== Book ==`.
fn wiki_heading(line: &str) -> Option<(u8, &str)> {
    let line = line.trim();
    let title = line.trim_matches('=');
    let level = line.len() - line.trim_start_matches('=').len();
    let is_even = line.len() - line.trim_end_matches('=').len() == level;
    let is_named =
        title.starts_with(' ') && title.ends_with(' ') && title.contains(char::is_alphabetic);
    let level = u8::try_from(level).ok().filter(|level| (1..=6).contains(level))?;
    (is_even && is_named && !title.contains('=')).then(|| (level, title.trim()))
}

/// Whether what its margin makes code is running text: whoever indents what stands under a heading writes no code. Its
/// lines consist of words, and sentences end in it.
fn is_text(code: &Code) -> bool {
    const SHORTEST: usize = 5;
    let is_wordy = |line: &&str| {
        let others = |c: &char| !(c.is_alphanumeric() || c.is_whitespace());
        let marks = line.chars().filter(others).count();
        marks * 8 <= line.chars().count() && !line.ends_with(['{', '}', ';', '(', '\\'])
    };
    let lines: Vec<&str> = code.text.lines().map(str::trim).filter(|it| !it.is_empty()).collect();
    let ends = lines.iter().filter(|line| {
        line.ends_with(['.', '!', '?']) && line.split_whitespace().nth(SHORTEST - 1).is_some()
    });
    lines.iter().all(is_wordy) && ends.count() * 3 >= lines.len().max(1)
}

impl Walker<'_, '_> {
    /// Reads indented text as if it had no margin.
    fn indented(&mut self, code: &Code) {
        let place = |range: Range<usize>| code.place(range.start)..code.place(range.end);
        for (event, range) in Parser::new_ext(&code.text, options()).into_offset_iter() {
            self.event(event, place(range));
        }
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(text) => self.text(&text, range),
            Event::Code(text) => {
                if let Some(builder) = self.builder() {
                    builder.push_code(&text, range);
                }
            }
            Event::SoftBreak | Event::HardBreak => {
                if self.sink.is_none() && leaves_list(self.text, range.end) {
                    self.sink = Some(Sink::Paragraph(InlineBuilder::default()));
                } else if let Some(builder) = self.builder() {
                    builder.break_line(range.end);
                }
            }
            Event::InlineHtml(html) => {
                if html.get(..3).is_some_and(|tag| tag.eq_ignore_ascii_case("<br")) {
                    if let Some(builder) = self.builder() {
                        builder.break_line(range.end);
                    }
                }
            }
            Event::Html(html) => self.html(&html, range),
            Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::FootnoteReference(_)
            | Event::Rule
            | Event::TaskListMarker(_) => {}
        }
    }

    fn html(&mut self, html: &str, range: Range<usize>) {
        for piece in self.html.read(html, range.start) {
            match piece {
                html::Piece::Table(table, range) => self.push_block(BlockKind::Table(table), range),
                html::Piece::Heading(level, builder, range) => {
                    self.push_section(level, builder, range);
                }
                html::Piece::Summary(inline, range) => {
                    if !inline.text.is_empty() {
                        self.push_block(BlockKind::Paragraph(inline), range);
                    }
                }
            }
        }
    }

    fn builder(&mut self) -> Option<&mut InlineBuilder> {
        match &mut self.sink {
            Some(Sink::Heading { builder, .. } | Sink::Paragraph(builder)) => Some(builder),
            Some(Sink::Table { cell, .. }) => Some(cell),
            Some(Sink::Code(_) | Sink::Indented(_)) => None,
            None => self.lists.last_mut()?.item.as_mut().map(|(_, builder)| builder),
        }
    }

    fn text(&mut self, text: &str, range: Range<usize>) {
        if self.in_metadata {
            return;
        }
        if let Some(Sink::Code(code) | Sink::Indented(code)) = &mut self.sink {
            code.offsets.push((code.text.len(), range.start));
            code.text.push_str(text);
        } else if let Some(builder) = self.builder() {
            builder.push(text, range);
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Heading { level, .. } => {
                self.sink =
                    Some(Sink::Heading { level: level as u8, builder: InlineBuilder::default() });
            }
            // A paragraph in a list item is a part of the item.
            Tag::Paragraph => {
                if self.lists.is_empty() {
                    self.sink = Some(Sink::Paragraph(InlineBuilder::default()));
                } else if let Some(builder) = self.builder() {
                    builder.break_line(range.start);
                }
            }
            Tag::CodeBlock(kind) => {
                self.sink = Some(match kind {
                    CodeBlockKind::Fenced(info) => {
                        let language = info.split([' ', ',', '{']).next().unwrap_or_default();
                        let language = language.to_ascii_lowercase();
                        Sink::Code(Code { language, ..Code::default() })
                    }
                    CodeBlockKind::Indented => Sink::Indented(Code::default()),
                });
            }
            Tag::Table(_) => {
                self.sink = Some(Sink::Table {
                    table: Table::default(),
                    row: Row::default(),
                    cell: InlineBuilder::default(),
                    in_head: false,
                    below: Vec::new(),
                });
            }
            Tag::TableHead => {
                if let Some(Sink::Table { in_head, .. }) = &mut self.sink {
                    *in_head = true;
                }
            }
            Tag::TableRow => {
                if let Some(Sink::Table { row, .. }) = &mut self.sink {
                    *row = Row { cells: Vec::new(), range };
                }
            }
            Tag::TableCell => {
                if let Some(Sink::Table { cell, .. }) = &mut self.sink {
                    cell.clear();
                }
            }
            Tag::List(_) => {
                self.end_paragraph();
                if self.lists.is_empty() && !self.continues_list(&range) {
                    self.list_block = self.document.blocks.len();
                    self.push_block(BlockKind::List(List::default()), range);
                }
                self.lists.push(OpenList { item: None });
            }
            Tag::Item => self.start_item(),
            Tag::Strong => {
                if let Some(builder) = self.builder() {
                    builder.strong(true);
                }
            }
            Tag::Strikethrough => {
                if let Some(builder) = self.builder() {
                    builder.struck(true);
                }
            }
            Tag::MetadataBlock(_) => self.in_metadata = true,
            Tag::BlockQuote(_)
            | Tag::HtmlBlock
            | Tag::FootnoteDefinition(_)
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::Emphasis
            | Tag::Superscript
            | Tag::Subscript
            | Tag::Link { .. }
            | Tag::Image { .. } => {}
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::Heading(_) => match self.sink.take() {
                Some(Sink::Heading { mut builder, .. })
                    if heads_columns(self.text, range.clone()) =>
                {
                    let inline = builder.finish();
                    self.push_block(BlockKind::Paragraph(inline), range);
                }
                Some(Sink::Heading { level, builder }) => {
                    self.push_section(level, builder, range);
                }
                Some(Sink::Paragraph(_) | Sink::Table { .. }) | None => {}
                Some(Sink::Code(_) | Sink::Indented(_)) => {}
            },
            TagEnd::Paragraph => self.end_paragraph(),
            TagEnd::CodeBlock => match self.sink.take() {
                Some(Sink::Indented(code)) if self.lists.is_empty() && is_text(&code) => {
                    self.indented(&code);
                }
                Some(Sink::Code(code) | Sink::Indented(code)) => {
                    self.push_block(BlockKind::Code(code), range);
                }
                Some(Sink::Heading { .. } | Sink::Paragraph(_) | Sink::Table { .. }) | None => {}
            },
            TagEnd::Table => {
                if let Some(Sink::Table { table, below, .. }) = self.sink.take() {
                    let end = below.first().map_or(range.end, |row| row.range.start);
                    self.push_block(BlockKind::Table(table), range.start..end);
                    for row in below {
                        if let Some(inline) = row.cells.into_iter().next() {
                            self.push_block(BlockKind::Paragraph(inline), row.range);
                        }
                    }
                }
            }
            TagEnd::TableHead => {
                if let Some(Sink::Table { table, row, in_head, .. }) = &mut self.sink {
                    table.header = std::mem::take(&mut row.cells);
                    *in_head = false;
                }
            }
            TagEnd::TableRow => {
                let text = self.text;
                if let Some(Sink::Table { table, row, below, .. }) = &mut self.sink {
                    let row = std::mem::take(row);
                    if !below.is_empty() || table.header.len() > 1 && is_sentence(text, &row) {
                        below.push(row);
                    } else {
                        table.rows.push(row);
                    }
                }
            }
            TagEnd::TableCell => {
                if let Some(Sink::Table { row, cell, .. }) = &mut self.sink {
                    row.cells.push(cell.finish());
                }
            }
            TagEnd::List(_) => {
                self.lists.pop();
            }
            TagEnd::Item => {
                self.end_paragraph();
                if let Some((index, builder)) =
                    self.lists.last_mut().and_then(|list| list.item.take())
                {
                    self.set_item(index, builder);
                }
            }
            TagEnd::Strong => {
                if let Some(builder) = self.builder() {
                    builder.strong(false);
                }
            }
            TagEnd::Strikethrough => {
                if let Some(builder) = self.builder() {
                    builder.struck(false);
                }
            }
            TagEnd::MetadataBlock(_) => self.in_metadata = false,
            TagEnd::BlockQuote(_)
            | TagEnd::HtmlBlock
            | TagEnd::FootnoteDefinition
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition
            | TagEnd::Emphasis
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::Link
            | TagEnd::Image => {}
        }
    }

    fn end_paragraph(&mut self) {
        if let Some(Sink::Paragraph(mut builder)) =
            self.sink.take_if(|sink| matches!(sink, Sink::Paragraph(_)))
        {
            let inline = builder.finish();
            if !inline.lines.iter().any(|line| wiki_heading(&line.text).is_some()) {
                self.push_paragraph(inline);
                return;
            }
            let mut lines: Vec<Line> = Vec::new();
            for line in &inline.lines {
                let Some((level, title)) = wiki_heading(&line.text) else {
                    lines.push(line.clone());
                    continue;
                };
                self.push_paragraph(Inline::of_lines(std::mem::take(&mut lines)));
                let mut heading = InlineBuilder::default();
                heading.push(title, line.range.clone());
                self.push_section(level, heading, line.range.clone());
            }
            self.push_paragraph(Inline::of_lines(lines));
        }
    }

    fn push_paragraph(&mut self, inline: Inline) {
        if !inline.text.is_empty() {
            let range = inline.range();
            let kind = match loose_table::of(&inline) {
                Some(table) => BlockKind::Table(table),
                None => BlockKind::Paragraph(inline),
            };
            self.push_block(kind, range);
        }
    }

    fn push_section(&mut self, level: u8, mut builder: InlineBuilder, range: Range<usize>) {
        let parent = self.document.parent_of(level);
        self.document.sections.push(Section { title: builder.finish(), level, parent, range });
    }

    fn push_block(&mut self, kind: BlockKind, range: Range<usize>) {
        let section = self.document.sections.len().checked_sub(1);
        self.document.blocks.push(Block { kind, section, range });
    }

    /// A list that follows another with nothing between them: CommonMark begins a new one where the
    /// marker changes from `-` to `*`, whoever writes in a hurry means one.
    fn continues_list(&mut self, range: &Range<usize>) -> bool {
        let section = self.document.sections.len().checked_sub(1);
        let index = self.document.blocks.len().wrapping_sub(1);
        match self.document.blocks.last_mut() {
            Some(last) if last.section == section && matches!(last.kind, BlockKind::List(_)) => {
                last.range.end = last.range.end.max(range.end);
                self.list_block = index;
                true
            }
            Some(_) | None => false,
        }
    }

    fn open_list(&mut self) -> Option<&mut List> {
        match &mut self.document.blocks.get_mut(self.list_block)?.kind {
            BlockKind::List(list) => Some(list),
            BlockKind::Paragraph(_) | BlockKind::Table(_) | BlockKind::Code(_) => None,
        }
    }

    fn start_item(&mut self) {
        let depth = self.lists.len().saturating_sub(1);
        let parent = depth
            .checked_sub(1)
            .and_then(|outer| self.lists[outer].item.as_ref())
            .map(|&(index, _)| index);
        let Some(list) = self.open_list() else { return };
        let index = list.items.len();
        list.items.push(Item { depth, parent, ..Item::default() });
        if let Some(parent) = parent {
            list.items[parent].has_children = true;
        }
        if let Some(open) = self.lists.last_mut() {
            open.item = Some((index, InlineBuilder::default()));
        }
    }

    fn set_item(&mut self, index: usize, mut builder: InlineBuilder) {
        if let Some(list) = self.open_list() {
            list.items[index].content = builder.finish();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use underpin_base::Sources;

    use super::*;

    /// What may stand in a text, so that each can be open where another begins.
    const LINES: &[&str] = &[
        "",
        "",
        "",
        "# One",
        "## Two",
        "### Three",
        "text",
        "- item",
        "  - inner",
        "> quote",
        "```",
        "~~~",
        "````",
        "  ```",
        "    code",
        "---",
        "...",
        "<!-- a",
        "-->",
        "<table><tr><td>x",
        "</table>",
        "<pre>",
        "</pre>",
        "<div>",
        "<details><summary>s",
        "</summary>",
        "| a | b |",
        "|---|---|",
        "[link] `code",
        "[link]: there",
        "a: b",
        "===",
    ];

    fn read(text: &str, least: usize) -> String {
        let mut sources = Sources::default();
        let id = sources.add("a.md", "");
        let mut document = Document::new(id, sources.get(id));
        parse_by(least, text, &mut document);
        format!("{:#?} {:#?}", document.sections, document.blocks)
    }

    #[test]
    fn indented_text_is_no_code() {
        let text = "# Needs\n\n    A club has many members and one hall.\n    Members pay once a year.\n\n    1. Members join a club on the day they pay.\n";
        let blocks = read(text, usize::MAX);
        assert!(
            blocks.contains("Paragraph") && blocks.contains("List(") && !blocks.contains("Code(")
        );
        let code = "# Use\n\n    let total = sum(1, 2);\n    print(total);\n\n    # ends here.\n";
        assert!(read(code, usize::MAX).contains("Code("));
    }

    proptest! {
        #[test]
        fn pieces_say_what_the_whole_says(
            lines in prop::collection::vec(prop::sample::select(LINES), 0..24),
        ) {
            let text = lines.join("\n");
            prop_assert_eq!(read(&text, 1), read(&text, usize::MAX), "{}", text);
        }
    }
}
