//! Tables `Field | Change`: what a feature does to the fields of an entity that is there.

use crate::document::{Document, Table};
use crate::modifier;
use crate::notation::{Mark, Output, field_owner};
use crate::words::{first_word, lower_words};
use crate::{Fact, FieldFact};

use super::column::Role;
use super::{mark_header, names};

/// The column of a table `Field | Change` that says what a feature does to a field.
pub(super) fn change_column(table: &Table) -> Option<usize> {
    table.header.iter().position(|cell| {
        matches!(
            lower_words(&cell.text).join(" ").as_str(),
            "change" | "changes" | "modification" | "what changes" | "change type"
        )
    })
}

/// The fields that a table of changes adds or alters. What it removes is gone, and a navigation
/// property is no column.
pub(super) fn read_changes(
    document: &Document<'_>,
    index: usize,
    table: &Table,
    roles: &[Role],
    column: usize,
    out: &mut Output,
) {
    let block = &document.blocks[index];
    let Some((section, title, place)) = field_owner(document, index) else { return };
    if title.not_stored.is_some() {
        out.leave_out(document, &title, document.span(block.range.clone()));
        return;
    }
    out.state_entity(document, section, &title, document.span(place));
    mark_header(document, table, &block.range, out);
    let named = roles.iter().position(|role| *role == Role::Name).unwrap_or(0);
    for row in &table.rows {
        let text = row.text(column).trim_matches(['*', ' ']);
        let lower = text.to_lowercase();
        let first = first_word(text).unwrap_or_default();
        let is_gone = matches!(
            first.as_str(),
            "removed" | "remove" | "dropped" | "drop" | "deleted" | "renamed" | "unchanged" | "no"
        );
        if is_gone || lower.contains("navigation") || lower.contains("computed") {
            out.mark(document, row.range.clone(), Mark::SetAside);
            continue;
        }
        let is_verb = matches!(
            first.as_str(),
            "new" | "add" | "added" | "adds" | "modified" | "modify" | "changed" | "extended"
        );
        let rest = if is_verb { text.get(first.len()..).unwrap_or_default() } else { text };
        let rest = rest.trim_start_matches(['*', ',', ':', ';', '.', '-', '—', '–', ' ']);
        let (spec, more) = rest.split_once(". ").unwrap_or((rest, ""));
        let mut field = FieldFact::default();
        let kind = first_word(spec).unwrap_or_default();
        if is_verb && (modifier::is_scalar(&kind) || spec.starts_with('`')) {
            modifier::read_into(spec.trim_end_matches('.'), true, &mut field);
            modifier::read_description(more, &mut field);
        } else {
            modifier::read_description(rest, &mut field);
        }
        for name in names(row.text(named)) {
            let field = FieldFact { name, ..field.clone() };
            let fact = Fact::Field { entity: title.name.clone(), field };
            out.state(document, document.span(row.range.clone()), fact);
        }
    }
}
