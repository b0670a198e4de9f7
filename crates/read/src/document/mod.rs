//! A document as blocks: headings with their path, paragraphs, lists, tables and code, each with
//! its place in the text.

mod html;
mod inline;
mod labelled_lines;
mod loose_table;
mod markdown;
mod marked_lists;
mod parts;
mod pieces;
mod shared_ending;
mod things;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use self::marked_lists::MarkedLists;
use crate::entity_name::{EntityTitle, is_structural, read_title};
use crate::words::strip_prefix_ignoring_case;

use underpin_base::{DocumentId, Sources, Span, parallel};

pub(crate) use inline::{Inline, Line};
pub(crate) use parts::{PART, Part};

/// So many headings are looked at before another thread would have begun.
pub(crate) const HEADINGS_OF_A_THREAD: usize = 500;

/// One document, divided into blocks.
#[derive(Debug)]
pub(crate) struct Document<'s> {
    pub(crate) id: DocumentId,
    source: &'s underpin_base::Document,
    pub(crate) sections: Vec<Section>,
    pub(crate) blocks: Vec<Block>,
    /// What notations whose sections stand for themselves read side by side.
    pub(crate) parts: Vec<Part>,
    /// Headings in other scripts that stand below several others, see [`Document::divides`].
    dividing: BTreeSet<String>,
    /// What the fields below headings make of them, see [`things`].
    things: BTreeMap<usize, EntityTitle>,
    /// The entity that each heading names.
    titles: Vec<Option<EntityTitle>>,
    /// The same entities by their names, folded.
    titled: BTreeSet<String>,
    /// Where lists are fields by their form, see [`marked_lists`].
    marked_lists: MarkedLists,
}

/// What stands under one heading.
#[derive(Debug)]
pub(crate) struct Section {
    pub(crate) title: Inline,
    pub(crate) level: u8,
    /// The section that this one is a part of.
    pub(crate) parent: Option<usize>,
    pub(crate) range: Range<usize>,
}

/// A block and the section that it stands in.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) kind: BlockKind,
    pub(crate) section: Option<usize>,
    pub(crate) range: Range<usize>,
}

#[derive(Debug)]
pub(crate) enum BlockKind {
    Paragraph(Inline),
    Table(Table),
    List(List),
    Code(Code),
}

/// A table with its header row.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) header: Vec<Inline>,
    pub(crate) rows: Vec<Row>,
}

#[derive(Debug, Default)]
pub(crate) struct Row {
    pub(crate) cells: Vec<Inline>,
    pub(crate) range: Range<usize>,
}

impl Row {
    /// The text of a cell; empty where the row is shorter than its header.
    pub(crate) fn text(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", |cell| cell.text.as_str())
    }
}

/// A list with all lists inside it, flattened in document order.
#[derive(Debug, Default)]
pub(crate) struct List {
    pub(crate) items: Vec<Item>,
}

#[derive(Debug, Default)]
pub(crate) struct Item {
    /// 0 for the outermost list.
    pub(crate) depth: usize,
    /// The item that the list of this one stands in.
    pub(crate) parent: Option<usize>,
    pub(crate) content: Inline,
    pub(crate) has_children: bool,
}

/// A fenced or indented code block.
#[derive(Debug, Default)]
pub(crate) struct Code {
    /// The language word after the fence, in lower case.
    pub(crate) language: String,
    /// The code, with `\n` between lines.
    pub(crate) text: String,
    /// For each run of the code: its offset in `text` and in the document.
    pub(crate) offsets: Vec<(usize, usize)>,
}

impl Code {
    /// Whether the fence names no language that a reader of its own knows: drawings and lines of text stand there.
    pub(crate) fn is_plain(&self) -> bool {
        matches!(self.language.as_str(), "" | "text" | "txt" | "ascii" | "plaintext")
    }

    /// The place in the document of an offset in the code.
    pub(crate) fn place(&self, offset: usize) -> usize {
        let index = self.offsets.partition_point(|&(at, _)| at <= offset);
        match index.checked_sub(1).and_then(|index| self.offsets.get(index)) {
            Some(&(at, place)) => place + (offset - at),
            None => 0,
        }
    }

    /// The lines of the code, each with its range in the code.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (&str, Range<usize>)> {
        let mut start = 0;
        self.text.split('\n').map(move |line| {
            let range = start..start + line.len();
            start = range.end + 1;
            (line.trim_end_matches('\r'), range)
        })
    }
}

/// Whether a YAML document has the model file's main key at its top level.
fn is_model_file(path: &str, text: &str) -> bool {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.starts_with("underpin.") || text.split('\n').any(|line| line.starts_with("entities:"))
}

impl<'s> Document<'s> {
    /// Divides a document, by the extension of its path: SQL, mermaid, DBML, YAML and JSON files are one
    /// code block, everything else is Markdown. Its parts have at least so many bytes.
    pub(crate) fn parse(sources: &'s Sources, id: DocumentId, part: usize) -> Self {
        let source = sources.get(id);
        let mut document = Self::new(id, source);
        let extension = match source.path().rsplit_once('.') {
            Some((_, extension)) => extension.to_ascii_lowercase(),
            None => String::new(),
        };
        match extension.as_str() {
            "sql" | "mmd" | "mermaid" | "prisma" | "dbml" | "puml" | "plantuml" | "yaml"
            | "yml" | "json" => {
                let language = match extension.as_str() {
                    "mmd" => "mermaid",
                    "puml" => "plantuml",
                    "yaml" | "yml" if is_model_file(source.path(), source.text()) => {
                        "underpin-model"
                    }
                    other => other,
                };
                let text = source.text();
                let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
                document.blocks.push(Block {
                    kind: BlockKind::Code(Code {
                        language: language.to_owned(),
                        text: text[start..].to_owned(),
                        offsets: vec![(0, start)],
                    }),
                    section: None,
                    range: start..text.len(),
                });
            }
            _ => {
                markdown::parse(source.text(), &mut document);
                labelled_lines::join(&mut document);
            }
        }
        document.parts = parts::of(&document, part);
        document.dividing = document.repeated_titles();
        document.things = things::of(&document);
        document.things.extend(shared_ending::of(&document));
        document.titles = document.read_titles();
        let titles = document.titles.iter().flatten();
        document.titled = titles.map(|title| crate::words::fold(&title.name)).collect();
        document.marked_lists = marked_lists::of(&document);
        document
    }

    fn new(id: DocumentId, source: &'s underpin_base::Document) -> Self {
        let (sections, blocks, parts) = (Vec::new(), Vec::new(), Vec::new());
        let (dividing, things, titled) = (BTreeSet::new(), BTreeMap::new(), BTreeSet::new());
        let (titles, marked_lists) = (Vec::new(), MarkedLists::default());
        Self { id, source, sections, blocks, parts, dividing, things, titles, titled, marked_lists }
    }

    /// The same document with nothing in it yet.
    fn empty(&self) -> Self {
        Self::new(self.id, self.source)
    }

    /// Adds what stands behind all that is here.
    fn append(&mut self, more: Self) {
        let before = self.sections.len();
        let within = |section: usize| before + section;
        for section in more.sections {
            let parent = section.parent.map(within).or_else(|| self.parent_of(section.level));
            self.sections.push(Section { parent, ..section });
        }
        let last = before.checked_sub(1);
        let blocks = more.blocks.into_iter();
        self.blocks.extend(
            blocks.map(|block| Block { section: block.section.map(within).or(last), ..block }),
        );
    }

    /// The section that one of this level, which comes next, is a part of.
    fn parent_of(&self, level: u8) -> Option<usize> {
        let last = self.sections.len().checked_sub(1);
        self.path_of(last).find(|&section| self.sections[section].level < level)
    }

    pub(crate) fn path(&self) -> &str {
        self.source.path()
    }

    pub(crate) fn line_count(&self) -> usize {
        self.source.line_count() + 1
    }

    /// The line, from 0, that an offset lies in.
    pub(crate) fn line_of(&self, offset: usize) -> usize {
        self.source.line_of(offset)
    }

    /// The text of a place.
    pub(crate) fn text_of(&self, range: Range<usize>) -> &str {
        self.source.text().get(range).unwrap_or_default()
    }

    /// The line around a place, from its margin on, up to `end`.
    pub(crate) fn line_up_to(&self, start: usize, end: usize) -> &str {
        let text = self.source.text();
        let begin = text[..text.floor_char_boundary(start)].rfind('\n').map_or(0, |at| at + 1);
        &text[begin..text.ceil_char_boundary(end.max(begin))]
    }

    /// A span over `range`, made to lie in the text and on character boundaries, without the white
    /// space around it: a parser's range of a table row ends with the line break, and a diagnostic
    /// there would point at two lines.
    pub(crate) fn span(&self, range: Range<usize>) -> Span {
        let text = self.source.text();
        let start = text.floor_char_boundary(range.start);
        let end = text.ceil_char_boundary(range.end.max(start));
        let inside = &text[start..end];
        let content = inside.trim();
        if content.is_empty() {
            return Span::new(self.id, start..end);
        }
        let start = start + (inside.len() - inside.trim_start().len());
        Span::new(self.id, start..start + content.len())
    }

    /// The span of a range of a code block: from its first place to its last.
    pub(crate) fn code_span(&self, code: &Code, range: Range<usize>) -> Span {
        let start = code.place(range.start);
        let end = code.place(range.end.max(range.start + 1) - 1) + 1;
        self.span(start..end.max(start))
    }

    /// What introduces a block: the paragraph directly before it in the same section, where it ends
    /// with a colon or is set in bold as a whole.
    pub(crate) fn lead(&self, block: usize) -> Option<&str> {
        let (before, inline) = self.paragraph_before(block)?;
        let line = inline.lines.last()?;
        let text = line.text.trim();
        // A few words without an end over a list are a label whose colon was left out.
        let is_label = inline.lines.len() == 1
            && matches!(self.blocks[block].kind, BlockKind::List(_))
            && text.starts_with(char::is_uppercase)
            && text.split_whitespace().count() <= 3
            && text.ends_with(char::is_alphanumeric);
        // "Table: `orders`" over a table needs no colon behind it.
        let names_table = inline.lines.len() == 1
            && matches!(self.blocks[block].kind, BlockKind::Table(_))
            && ["table: `", "collection: `", "entity: `"]
                .iter()
                .any(|mark| strip_prefix_ignoring_case(text, mark).is_some());
        let is_lead = before.section == self.blocks[block].section
            && (text.ends_with(':')
                || is_label
                || names_table
                || (inline.strong && inline.lines.len() == 1));
        // A remark in brackets behind what is set in bold says more of it: "**Entity: Line** (part of Order)".
        if self.lead_remark(block).is_some() {
            return Some(inline.label.trim_end_matches(':').trim());
        }
        is_lead.then(|| text.trim_end_matches(':').trim())
    }

    /// What stands in brackets behind the bold lead of a block: "embedded" in "**`Stop`** (embedded):".
    pub(crate) fn lead_remark(&self, block: usize) -> Option<&str> {
        let (before, inline) = self.paragraph_before(block)?;
        let [line] = &*inline.lines else { return None };
        let rest = line.text.trim().strip_prefix(inline.label.as_str())?;
        let remark = rest.trim().trim_end_matches(':').strip_prefix('(')?.strip_suffix(')')?;
        let is_one = !inline.label.is_empty() && !remark.contains(')');
        (is_one && before.section == self.blocks[block].section).then_some(remark)
    }

    /// Whether the paragraph directly before a block is set in bold as a whole.
    pub(crate) fn is_strong_before(&self, block: usize) -> bool {
        self.paragraph_before(block).is_some_and(|(_, inline)| inline.strong)
    }

    fn paragraph_before(&self, block: usize) -> Option<(&Block, &Inline)> {
        let before = self.blocks.get(block.checked_sub(1)?)?;
        match &before.kind {
            BlockKind::Paragraph(inline) => Some((before, inline)),
            BlockKind::Table(_) | BlockKind::List(_) | BlockKind::Code(_) => None,
        }
    }

    /// The blocks that stand directly under a heading, each with its place among all.
    pub(crate) fn blocks_of(&self, section: usize) -> impl Iterator<Item = (usize, &Block)> {
        // Blocks stand in the order of their sections.
        let first = self.blocks.partition_point(|block| block.section < Some(section));
        let behind = self.blocks.iter().enumerate().skip(first);
        behind.take_while(move |(_, block)| block.section == Some(section))
    }

    /// The section of a block and those around it, from the inside out.
    pub(crate) fn path_of(&self, section: Option<usize>) -> impl Iterator<Item = usize> {
        std::iter::successors(section, |&section| self.sections[section].parent)
    }

    /// The headings that stand below several others, where they are in no script whose words are known.
    fn repeated_titles(&self) -> BTreeSet<String> {
        let mut parents: BTreeMap<&str, usize> = BTreeMap::new();
        let mut repeated = BTreeSet::new();
        for section in self.sections.iter().filter(|it| !it.title.text.is_ascii()) {
            let (title, Some(parent)) = (section.title.text.as_str(), section.parent) else {
                continue;
            };
            if parents.insert(title, parent).is_some_and(|other| other != parent) {
                repeated.insert(title.to_owned());
            }
        }
        repeated
    }

    /// Whether a heading only divides what is said of the thing above it. In any language, what stands below one thing after
    /// the other does: "字段说明" below each table.
    pub(crate) fn divides(&self, section: usize) -> bool {
        let title = self.title(section);
        is_structural(title) && !self.things.contains_key(&section) || self.dividing.contains(title)
    }

    /// The entity that a section's heading names, by its words or by the fields below it.
    pub(crate) fn entity_title(&self, section: usize) -> Option<EntityTitle> {
        self.titles[section].clone()
    }

    fn read_titles(&self) -> Vec<Option<EntityTitle>> {
        let sections: Vec<usize> = (0..self.sections.len()).collect();
        parallel::map(&sections, HEADINGS_OF_A_THREAD, |&section| match self.things.get(&section) {
            Some(title) => Some(title.clone()),
            None => read_title(self.title(section)),
        })
    }

    /// Whether a heading anywhere in the document names the entity.
    pub(crate) fn titles(&self, entity: &str) -> bool {
        self.titled.contains(&crate::words::fold(entity))
    }

    /// Whether the fields below a heading of any words make it the name of what has them.
    pub(crate) fn is_thing(&self, section: usize) -> bool {
        self.things.contains_key(&section)
    }

    /// Whether the list that a block is lists fields by its form.
    pub(crate) fn is_marked_list(&self, block: usize) -> bool {
        self.marked_lists.blocks.contains(&block)
    }

    /// The heading over a list that has the form of fields whose words are these.
    pub(crate) fn over_marked_list(&self, name: &str) -> Option<&str> {
        let section = self.marked_lists.sections.get(&crate::words::fold(name))?;
        Some(self.title(*section))
    }

    pub(crate) fn title(&self, section: usize) -> &str {
        &self.sections[section].title.text
    }
}
