//! Lines directly under a table, which Markdown takes for rows of it.

use crate::Fact;
use crate::document::{BlockKind, Document};
use crate::notation::Output;

use super::columns;

/// Lines glued under a table: `Primary key: (a, b)`, `Unique: (a, b)`.
pub(super) fn read_glued_lines(
    document: &Document<'_>,
    entity: &str,
    block: usize,
    out: &mut Output,
) {
    let section = document.blocks[block].section;
    let Some(next) = document.blocks.get(block + 1).filter(|next| next.section == section) else {
        return;
    };
    let BlockKind::Paragraph(inline) = &next.kind else { return };
    for line in &inline.lines {
        let lower = line.text.to_lowercase();
        let Some(fields) = columns(&line.text) else { continue };
        let entity = entity.to_owned();
        let fact = if lower.starts_with("primary key")
            || lower.starts_with("composite primary key")
            || lower.starts_with("pk")
        {
            Fact::PrimaryKey { entity, fields }
        } else if lower.starts_with("unique") {
            Fact::Unique { entity, fields, condition: None, text: None }
        } else {
            continue;
        };
        out.state(document, document.span(line.range.clone()), fact);
    }
}
