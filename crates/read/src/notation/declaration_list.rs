//! Columns declared in one run of code: `` `id, email citext unique, plan enum free|pro` ``.

use std::ops::Range;

use crate::document::{BlockKind, Document};
use crate::entity_name::EntityTitle;
use crate::modifier;
use crate::notation::Output;
use crate::notation::entity_list::is_out_of_scope;
use crate::words::{code_spans, is_identifier, lower_words, parenthesized, split_top};
use crate::{EntityKind, Fact, FieldFact};

pub(super) const DOC: &str = "The columns of an entity in one run of code under its heading: `` `id, email citext unique, plan enum free|pro` ``.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for block in &document.blocks {
        let (BlockKind::Paragraph(inline), Some(section)) = (&block.kind, block.section) else {
            continue;
        };
        let text = inline.text.trim();
        if !text.starts_with('`')
            || !out.is_open(document, block.range.start)
            || is_out_of_scope(document, block.section)
        {
            continue;
        }
        let Some(code) = code_spans(text).first().copied() else { continue };
        let Some(fields) = declarations(code).filter(|fields| begins_with_key(fields)) else {
            continue;
        };
        let Some((title, place)) = owner(document, section, out) else { continue };
        out.state_entity(document, Some(section), &title, document.span(place));
        let span = document.span(block.range.clone());
        for field in fields {
            out.state(document, span, Fact::Field { entity: title.name.clone(), field });
        }
    }
}

/// The heading right above, where it names one thing.
fn owner(
    document: &Document<'_>,
    section: usize,
    out: &Output,
) -> Option<(EntityTitle, Range<usize>)> {
    let place = document.sections[section].range.clone();
    if let Some(name) = out.named_by(section) {
        let kind = EntityKind::Entity;
        let title = EntityTitle { name, table: None, kind, not_stored: None, explicit: true };
        return Some((title, place));
    }
    let title = document.entity_title(section)?;
    (title.not_stored.is_none() && (title.explicit || is_identifier(&title.name)))
        .then_some((title, place))
}

fn begins_with_key(fields: &[FieldFact]) -> bool {
    fields.first().is_some_and(|field| {
        let name = field.name.to_lowercase();
        name == "_id" || name.ends_with("id") || field.primary_key == Some(true)
    })
}

/// The columns that a run of code declares, three or more; `None` where it is something else.
pub(super) fn declarations(code: &str) -> Option<Vec<FieldFact>> {
    let parts = split_top(code, &[',']);
    if parts.len() < 3 || parts.len() > 80 {
        return None;
    }
    parts.into_iter().map(declaration).collect()
}

/// A column with what stands behind its name: `total numeric null`, `status(open|paid)`,
/// `location{line,column}`, `tags[]`, `note?`.
fn declaration(part: &str) -> Option<FieldFact> {
    let part = part.trim();
    let end = part
        .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '$')))
        .unwrap_or(part.len());
    let (path, mut rest) = part.split_at(end);
    // The first step of a path is what the row holds.
    let (name, is_path) = path.split_once('.').map_or((path, false), |(first, _)| (first, true));
    let is_column = is_identifier(name) && name.starts_with(|c: char| c.is_lowercase() || c == '_');
    if !is_column {
        return None;
    }
    let mut field = FieldFact { name: name.to_owned(), ..FieldFact::default() };
    if is_path {
        field.type_text = Some("json".to_owned());
        return Some(field);
    }
    if let Some(after) = rest.strip_prefix('?') {
        field.required = Some(false);
        rest = after;
    }
    if let Some(after) = rest.strip_prefix("[]") {
        field.type_text = Some("array".to_owned());
        rest = after;
    }
    if rest.starts_with('{') {
        field.type_text = Some("json".to_owned());
        return Some(field);
    }
    if let Some((_, inside, after)) = parenthesized(rest).filter(|_| rest.starts_with('(')) {
        read_brackets(inside, &mut field);
        rest = after;
    }
    let rest = rest.trim().trim_start_matches(':').trim();
    let is_enum = rest.starts_with("enum ");
    if lower_words(rest).len() > 8 && !is_enum || rest.contains(['=', ';']) {
        return None;
    }
    match rest.strip_prefix("enum ").map(str::trim).filter(|values| values.contains('|')) {
        Some(values) => {
            // Behind the last value the column's modifiers go on.
            let (values, after) = match values.rsplit_once('|') {
                Some((_, last)) if last.contains(' ') => {
                    let at = values.len() - last.len() + last.find(' ').unwrap_or(last.len());
                    values.split_at(at)
                }
                _ => (values, ""),
            };
            field.type_text = Some("enum".to_owned());
            field.enum_values = values.split('|').map(|value| value.trim().to_owned()).collect();
            modifier::read_into(after, false, &mut field);
        }
        // Behind a name alone "null" and "unique" are no prose.
        None => modifier::read_into(rest, true, &mut field),
    }
    Some(field)
}

fn read_brackets(inside: &str, field: &mut FieldFact) {
    if inside.contains('|') {
        field.enum_values = inside.split('|').map(|value| value.trim().to_owned()).collect();
        return;
    }
    let first = inside.split([' ', ',']).next().unwrap_or_default();
    if modifier::is_scalar(first) {
        modifier::read_into(inside, true, field);
    } else {
        modifier::read_if_only_modifiers(inside, field);
        field.description = Some(inside.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn columns_under_a_heading() {
        check(
            "### render_jobs\n\n`id, flow_id unique, status enum queued|running default queued, attempt int, error text null, meta{a,b}`. Idempotent.\n\n### Notes\n\n`a, b, c`\n",
            &expect![[r#"
                1 declaration-list  entity render_jobs -- `id, flow_id unique, status enum queued|running default queued, attempt int, error text null, meta{a,b}`. Idempotent.
                3 declaration-list  field render_jobs.id
                3 declaration-list  field render_jobs.flow_id unique
                3 declaration-list  field render_jobs.status enum default queued [queued | running]
                3 declaration-list  field render_jobs.attempt int
                3 declaration-list  field render_jobs.error text optional
                3 declaration-list  field render_jobs.meta json
            "#]],
        );
    }

    #[test]
    fn a_column_of_key_fields_in_a_table_of_entities() {
        check(
            "| Collection | Purpose | Key fields |\n|-|-|-|\n| `users` | Accounts | `_id, email(unique), seen_at?` (legacy: `password`) |\n| `invites` | Open ones | `_id, status(open\\|used), links[]` |\n",
            &expect![[r#"
                3 entity-list  entity users -- Accounts
                3 entity-list  field users._id
                3 entity-list  field users.email unique -- unique
                3 entity-list  field users.seen_at optional
                4 entity-list  entity invites -- Open ones
                4 entity-list  field invites._id
                4 entity-list  field invites.status [open | used]
                4 entity-list  field invites.links array
            "#]],
        );
    }

    #[test]
    fn bullets_of_names_set_as_code() {
        check(
            "## Entities\n\n### Venue\n\n- `venueId`, optional `orgId`, `type` (Physical|Virtual), `name`.\n- `address { street, city }`, `amenities[]`.\n- Social & limits: `capacity`, `isOpen?`.\n\n### Slot\n\nStored fields:\n\n- Timing: `startAt`, `endAt`.\n- Status: `open`, `taken`.\n",
            &expect![[r#"
                3 entity-headings  entity Venue
                5 bullet-fields  field Venue.venueId
                5 bullet-fields  field Venue.orgId optional
                5 bullet-fields  field Venue.type [Physical | Virtual]
                5 bullet-fields  field Venue.name
                6 bullet-fields  field Venue.address json
                6 bullet-fields  field Venue.amenities array
                7 field-phrases  field Venue.capacity
                7 field-phrases  field Venue.isOpen optional
                9 entity-headings  entity Slot
                13 field-phrases  field Slot.startAt
                13 field-phrases  field Slot.endAt
                14 bullet-fields  field Slot.Status [open | taken]
            "#]],
        );
    }
}
