//! Plain code fences that list the fields of the entity above them, one on a line.

use crate::document::{BlockKind, Document};
use crate::modifier;
use crate::notation::{Output, field_owner};
use crate::words::{is_identifier, lower_words};
use crate::{Fact, FieldFact};

pub(super) const DOC: &str =
    "A plain fence under an entity's heading with one field name on each line.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (index, block) in document.blocks.iter().enumerate() {
        let BlockKind::Code(code) = &block.kind else { continue };
        if !matches!(code.language.as_str(), "" | "txt" | "text" | "plaintext" | "plain") {
            continue;
        }
        let mut fields = Vec::new();
        let mut is_list = true;
        for (line, at) in code.lines() {
            let text = line.trim().trim_end_matches([',', ';']).trim();
            if text.is_empty() {
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

/// A name alone, or a name and its type.
fn field(text: &str) -> Option<FieldFact> {
    let text = text.trim_start_matches("- ").trim();
    let (name, rest) = text.split_once([' ', ':']).unwrap_or((text, ""));
    let name = name.trim_end_matches(':');
    let rest = rest.trim_start_matches([':', ' ']).trim();
    if !is_identifier(name) || name.contains('.') || name.len() > 60 {
        return None;
    }
    let mut field =
        FieldFact { name: name.trim_end_matches('?').to_owned(), ..FieldFact::default() };
    if !rest.is_empty() {
        let kind = rest.split([' ', ',', '(']).next().unwrap_or_default();
        if !modifier::is_scalar(kind) {
            return None;
        }
        modifier::read_into(rest, true, &mut field);
    }
    Some(field)
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

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
}
