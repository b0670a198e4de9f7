//! Plain code fences that list the fields of the entity above them, one on a line.

use std::ops::Range;

use crate::document::{BlockKind, Code, Document, Inline};
use crate::entity_name::{EntityTitle, is_structural, read_title};
use crate::modifier::{self, is_plain_type};
use crate::notation::bullet_fields::{Label, label, names_a_field};
use crate::notation::{Output, bullet_fields, field_owner};
use crate::words::{fold, is_identifier, lower_words, parenthesized, split_top};
use crate::{Fact, FieldFact};

pub(super) const DOC: &str = "A plain fence under an entity's heading with one field name on each line, or a paragraph of such lines under \"Fields\".";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (index, block) in document.blocks.iter().enumerate() {
        let code = match &block.kind {
            BlockKind::Code(code) => code,
            BlockKind::Paragraph(inline) => {
                read_paragraph(document, index, inline, out);
                continue;
            }
            BlockKind::Table(_) | BlockKind::List(_) => continue,
        };
        if !matches!(code.language.as_str(), "" | "txt" | "text" | "plaintext" | "plain") {
            continue;
        }
        if read_named(document, code, out) {
            continue;
        }
        let mut fields = Vec::new();
        let tree = tree_of_fields(document, index, code);
        // A name at the margin over lines further in is that of a thing.
        let mut is_list = tree.is_some() || !is_outline(code);
        for (line, at) in code.lines() {
            let text = line.trim().trim_end_matches([',', ';']).trim();
            let text = if tree.is_some() {
                text.trim_start_matches(['├', '└', '─', ' '])
            } else {
                text
            };
            if text.is_empty() || tree == Some(text) {
                continue;
            }
            match field(text) {
                Some(field) => fields.push((field, at)),
                None => {
                    is_list = false;
                    break;
                }
            }
        }
        let named = fields.iter().any(|(field, _)| {
            let lower = field.name.to_lowercase();
            lower == "id"
                || lower.ends_with("_id")
                || field.name.ends_with("Id")
                || field.type_text.is_some()
        });
        if !is_list || fields.len() < 2 || !named {
            continue;
        }
        // A sentence that introduces something else ("the index stores:") makes it no entity's list.
        let is_other = document.lead(index).is_some_and(|lead| {
            lower_words(lead).iter().any(|word| {
                matches!(
                    word.as_str(),
                    "index"
                        | "returns"
                        | "response"
                        | "payload"
                        | "example"
                        | "cache"
                        | "key"
                        | "keys"
                )
            })
        });
        let Some((section, title, place)) = field_owner(document, index).filter(|_| !is_other)
        else {
            continue;
        };
        let span = document.span(block.range.clone());
        if title.not_stored.is_some() {
            out.leave_out(document, &title, span);
            continue;
        }
        out.state_entity(document, section, &title, document.span(place));
        for (field, at) in fields {
            let span = document.code_span(code, at);
            out.state(document, span, Fact::Field { entity: title.name.clone(), field });
        }
    }
}

/// Whether lines stand further in than the first.
fn is_outline(code: &Code) -> bool {
    let mut lines = code.lines().map(|(line, _)| line).filter(|line| !line.trim().is_empty());
    let indent = |line: &str| line.len() - line.trim_start().len();
    let margin = lines.next().map_or(0, indent);
    lines.any(|line| indent(line) > margin)
}

/// The name over a tree whose branches are the fields of the thing that the heading names.
fn tree_of_fields<'c>(document: &Document<'_>, index: usize, code: &'c Code) -> Option<&'c str> {
    let mut lines = code.text.lines().map(str::trim).filter(|line| !line.is_empty());
    let root = lines.next()?;
    let is_tree = lines.all(|line| line.starts_with(['├', '└']));
    let (_, title, _) = field_owner(document, index).filter(|_| is_tree)?;
    (fold(&title.name) == fold(root)).then_some(root)
}

/// Names on lines of their own under a heading such as "Fields", which the writer forgot to fence.
fn read_paragraph(document: &Document<'_>, index: usize, inline: &Inline, out: &mut Output) {
    let block = &document.blocks[index];
    let is_list = inline.lines.len() > 1
        && block.section.is_some_and(|section| is_structural(document.title(section)))
        && document.lead(index).is_none_or(|lead| label(lead) == Label::Fields)
        && out.is_open(document, block.range.start);
    if !is_list {
        return;
    }
    let fields: Option<Vec<FieldFact>> =
        inline.lines.iter().map(|line| field(line.text.trim().trim_matches(','))).collect();
    let (Some(fields), Some((section, title, place))) = (fields, field_owner(document, index))
    else {
        return;
    };
    if title.not_stored.is_some() {
        out.leave_out(document, &title, document.span(block.range.clone()));
        return;
    }
    out.state_entity(document, section, &title, document.span(place));
    for (line, field) in inline.lines.iter().zip(fields) {
        let span = document.span(line.range.clone());
        out.state(document, span, Fact::Field { entity: title.name.clone(), field });
    }
}

/// Several entities in one fence: `User:` over the lines of its fields.
fn read_named(document: &Document<'_>, code: &Code, out: &mut Output) -> bool {
    let mut entities: Vec<(EntityTitle, Range<usize>)> = Vec::new();
    let mut fields = Vec::new();
    for (line, at) in code.lines() {
        let text = line.trim();
        if text.is_empty() {
            continue;
        }
        let is_head = text.ends_with(':')
            && !text.starts_with(['-', '*', '`'])
            && !line.starts_with([' ', '\t']);
        if is_head {
            let Some(title) = read_title(text) else { return false };
            entities.push((title, at));
            continue;
        }
        let item = text.trim_start_matches(['-', '*', '•', ' ']);
        if entities.is_empty() {
            return false;
        }
        for part in marked_names(item).unwrap_or_else(|| vec![item]) {
            let Some(found) = bullet_fields::field(part, true) else { return false };
            fields.push((entities.len() - 1, found, at.clone()));
        }
    }
    if entities.is_empty() || fields.len() < 2 * entities.len() {
        return false;
    }
    for (title, at) in &entities {
        out.state_entity(document, None, title, document.code_span(code, at.clone()));
    }
    for (index, (names, field), at) in fields {
        for name in names {
            let field = FieldFact { name, ..field.clone() };
            let entity = entities[index].0.name.clone();
            out.state(
                document,
                document.code_span(code, at.clone()),
                Fact::Field { entity, field },
            );
        }
    }
    true
}

/// The parts of an item that names several fields, some with a mark in brackets: `id, user_id (FK), role (user/admin)`.
fn marked_names(item: &str) -> Option<Vec<&str>> {
    let parts: Vec<&str> = split_top(item, &[',']).into_iter().map(str::trim).collect();
    let is_mark = |word: &str| {
        let mut probe = FieldFact::default();
        modifier::read_into(word, false, &mut probe);
        probe.constraints.is_empty()
    };
    let is_named = |part: &&str| {
        let name = match parenthesized(part) {
            Some((name, _, "")) => name.trim(),
            Some(_) => return false,
            None => part,
        };
        is_identifier(name) && (!is_plain_type(name) || names_a_field(name)) && !is_mark(name)
    };
    (parts.len() > 1 && item.contains('(') && parts.iter().all(is_named)).then_some(parts)
}

/// A name alone, or a name and its type.
pub(super) fn field(text: &str) -> Option<FieldFact> {
    let text = text.trim_start_matches("- ").trim().trim_end_matches(':');
    let is_name = |name: &str| is_identifier(name) && !name.contains('.') && name.len() <= 60;
    let bare = text.trim_end_matches('?');
    if is_name(bare) {
        return Some(FieldFact { name: bare.to_owned(), ..FieldFact::default() });
    }
    bullet_fields::typed_field(text).filter(|field| is_name(&field.name))
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn several_entities_in_one_fence() {
        check(
            "### Module 1: Auth\n\n```\nUser:\n  - id: int (PK)\n  - email: str (unique)\n  - kind: str (a, b)\n  - size: int (bytes)\n  - title: str (auto-generated from question)\n\nToken:\n  - id: int (PK)\n  - user_id: int (FK -> User)\n```\n",
            &expect![[r#"
                4 fence-fields  entity User
                5 fence-fields  field User.id int primary key
                6 fence-fields  field User.email str unique
                7 fence-fields  field User.kind str [a | b]
                8 fence-fields  field User.size int {bytes}
                9 fence-fields  field User.title str {auto-generated from question}
                11 fence-fields  entity Token
                12 fence-fields  field Token.id int primary key
                13 fence-fields  field Token.user_id int -> User
            "#]],
        );
    }

    #[test]
    fn several_names_on_a_line_each_with_its_mark() {
        check(
            "### Module 1: Auth\n\n```\nUser:\n  - id, team_id (FK), email (unique), name\n  - role (user/admin), place (lat/lng), created_at\n  - status (draft/sent/seen)\n\nToken:\n  - id, user_id (FK, nullable), value\n```\n",
            &expect![[r#"
                4 fence-fields  entity User
                5 fence-fields  field User.id
                5 fence-fields  field User.team_id {foreign key}
                5 fence-fields  field User.email unique
                5 fence-fields  field User.name
                6 fence-fields  field User.role [user | admin]
                6 fence-fields  field User.place -- lat/lng
                6 fence-fields  field User.created_at
                7 fence-fields  field User.status [draft | sent | seen]
                9 fence-fields  entity Token
                10 fence-fields  field Token.id
                10 fence-fields  field Token.user_id optional {foreign key}
                10 fence-fields  field Token.value
            "#]],
        );
    }

    #[test]
    fn names_on_lines_without_a_fence() {
        check(
            "## Month\n\n### Fields\n\nid\nuserId\nyear int\n\nExamples of years:\n\ntwo\nthree\n\n### Examples\n\n2026-03\n2026-04\n\n### Columns\n\nThey are many\nand good\n",
            &expect![[r#"
                1 fence-fields  entity Month
                5 fence-fields  field Month.id
                6 fence-fields  field Month.userId
                7 fence-fields  field Month.year int
            "#]],
        );
    }

    #[test]
    fn names_with_and_without_types() {
        check(
            "## Favorite\n\nRepresents favorites.\n\n```txt\nid\nuser_id\nname string\n```\n\n## Flow\n```\nstart the thing\n```\n\n## Search\nThe index stores:\n```\nfile_id\nname\n```\n",
            &expect![[r#"
                1 fence-fields  entity Favorite -- Represents favorites.
                6 fence-fields  field Favorite.id
                7 fence-fields  field Favorite.user_id
                8 fence-fields  field Favorite.name string
            "#]],
        );
    }

    #[test]
    fn a_tree_of_the_fields_of_the_heading() {
        check(
            "## Box\n\n```text\nBox\n├── id\n├── qrId\n└── made_at\n```\n\n## Tree\n\n```\nsrc\n├── id.rs\n└── box_id.rs\n```\n",
            &expect![[r#"
                1 fence-fields  entity Box
                5 fence-fields  field Box.id
                6 fence-fields  field Box.qrId
                7 fence-fields  field Box.made_at
            "#]],
        );
    }

    #[test]
    fn fields_as_any_list_writes_them() {
        check(
            "## Bench\n\n```\nid: uuid\nemail?: string\nstatus: string (open, shut) - whether one may sit\nwide: int >= 1\n```\n",
            &expect![[r#"
                1 fence-fields  entity Bench
                4 fence-fields  field Bench.id uuid
                5 fence-fields  field Bench.email string optional
                6 fence-fields  field Bench.status string [open | shut] -- whether one may sit
                7 fence-fields  field Bench.wide int {>= 1}
            "#]],
        );
    }
}
