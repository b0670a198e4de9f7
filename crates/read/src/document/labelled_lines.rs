//! Lines with a label beside lists. Some name a thing in bold and list what it has, "**Visit**: pet, vet, status", with a
//! list that goes on with the last of them directly below. CommonMark makes a paragraph and a list of that; whoever writes so means a list of things,
//! with what is said of one below it.

use super::{Block, BlockKind, Document, Inline, Item, List};
use crate::entity_name::{is_structural, read_title};

/// Makes one list of each such paragraph and the list below it.
pub(super) fn join(document: &mut Document<'_>) {
    let begins = |at: &usize| {
        let (first, below) = (&document.blocks[*at], &document.blocks[*at + 1]);
        let BlockKind::Paragraph(inline) = &first.kind else { return false };
        matches!(below.kind, BlockKind::List(_))
            && first.section == below.section
            && is_next(document, inline, below)
            && (0..inline.lines.len()).all(|line| names_thing(document, inline, line))
    };
    let joined: Vec<usize> = (0..document.blocks.len().saturating_sub(1)).filter(begins).collect();
    // From the last one on, so that the places of those before stay.
    for at in joined.into_iter().rev() {
        let below = document.blocks.remove(at + 1);
        let above = &mut document.blocks[at];
        above.range.end = above.range.end.max(below.range.end);
        if let (BlockKind::Paragraph(inline), BlockKind::List(list)) = (&above.kind, below.kind) {
            above.kind = BlockKind::List(with_below(inline, list));
        }
    }
}

/// The lines as items, and those of a list below the last of them.
fn with_below(lines: &Inline, below: List) -> List {
    let item = |line: &super::inline::Line| Item {
        depth: 0,
        parent: None,
        content: Inline::of_lines(vec![line.clone()]),
        has_children: false,
    };
    let mut items: Vec<Item> = lines.lines.iter().map(item).collect();
    let above = items.len();
    if let Some(last) = items.last_mut() {
        last.has_children = true;
    }
    items.extend(below.items.into_iter().map(|mut item| {
        item.depth += 1;
        item.parent = Some(item.parent.map_or(above - 1, |parent| parent + above));
        item
    }));
    List { items }
}

/// Whether no empty line stands between running text and a block.
fn is_next(document: &Document<'_>, text: &Inline, below: &Block) -> bool {
    let end = text.range().end;
    document.text_of(end..below.range.start.max(end)).matches('\n').count() <= 1
}

/// Whether a line names a thing in bold and lists several words behind a colon.
fn names_thing(document: &Document<'_>, text: &Inline, line: usize) -> bool {
    let Some(place) = text.lines.get(line).map(|line| line.range.clone()) else {
        return false;
    };
    let written = document.line_up_to(place.start, place.end).trim();
    let parts = written.strip_prefix("**").and_then(|rest| rest.split_once("**"));
    let Some((label, rest)) = parts else { return false };
    let rest = rest.strip_prefix(':').or_else(|| label.ends_with(':').then_some(rest));
    let label = label.trim_end_matches(':');
    let names = rest.unwrap_or_default().split(',').filter(|name| !name.trim().is_empty());
    names.count() >= 2 && !is_structural(label) && read_title(label).is_some()
}

/// Whether the line that begins at an offset, and that CommonMark takes into the item of the list before
/// it, was not meant to be a part of that item: it is not indented, and whoever wrapped the item's text
/// would have had room for its first word on the line before, or it is a chain of its own, or it
/// begins with a label in bold.
pub(super) fn leaves_list(text: &str, start: usize) -> bool {
    /// The shortest line that people wrap at.
    const WRAPPED: usize = 60;
    let Some(before) = text[..start].strip_suffix('\n') else { return false };
    let last = before.rsplit('\n').next().unwrap_or_default().trim_end();
    let line = text[start..].lines().next().unwrap_or_default();
    let word = line.split(' ').next().unwrap_or_default();
    let has_arrow = |line: &str| ["->", "→", "=>"].iter().any(|arrow| line.contains(arrow));
    // "**Invoice**: visit, amount": a label of its own.
    let is_label = line.starts_with("**") && line[2..].contains("**");
    !line.starts_with([' ', '\t', '>'])
        && (is_label
            || last.chars().count() + 1 + word.chars().count() <= WRAPPED
            || has_arrow(line) && !has_arrow(last))
}
