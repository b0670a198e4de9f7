//! Tables and lists of the fields that hold personal or secret data.

use crate::Fact;
use crate::document::{BlockKind, Document, Inline};
use crate::notation::Output;
use crate::notation::field_table::mark_header;
use crate::words::{code_spans, is_identifier, lower_words, unquote};

pub(super) const DOC: &str = "A table or list of fields that hold personal or secret data.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (index, block) in out.blocks(document) {
        if let BlockKind::Paragraph(inline) = &block.kind {
            labelled(document, inline, block.section, out);
            continue;
        }
        let topic = document.lead(index).is_some_and(is_topic)
            || document
                .path_of(block.section)
                .take(2)
                .any(|section| is_topic(document.title(section)));
        if !topic {
            continue;
        }
        let owner = out.entity_of(document, block.section);
        match &block.kind {
            BlockKind::Table(table) if out.is_open(document, block.range.start) => {
                let headers: Vec<String> =
                    table.header.iter().map(|cell| lower_words(&cell.text).join(" ")).collect();
                let at = |list: &[&str]| {
                    headers.iter().position(|header| list.contains(&header.as_str()))
                };
                let Some(field) =
                    at(&["field", "fields", "column", "columns", "data", "attribute"])
                else {
                    continue;
                };
                let entity = at(&["entity", "table", "model"]);
                let category = at(&[
                    "category",
                    "type",
                    "kind",
                    "classification",
                    "sensitivity",
                    "class",
                    "level",
                ]);
                let mut any = false;
                for row in &table.rows {
                    let category = category.map_or("personal", |column| row.text(column));
                    let of_row = entity
                        .and_then(|column| out.known.get(unquote(row.text(column))))
                        .map(str::to_owned);
                    for name in row.text(field).split(',') {
                        let owner = of_row.as_deref().or(owner.as_deref());
                        if let Some((entity, field)) = qualified(name, owner, out) {
                            let category = category.trim().to_lowercase();
                            out.state(
                                document,
                                document.span(row.range.clone()),
                                Fact::Sensitivity { entity, field, category },
                            );
                            any = true;
                        }
                    }
                }
                if any {
                    mark_header(document, table, &block.range, out);
                }
            }
            BlockKind::List(list) => {
                for item in &list.items {
                    let text = item.content.text.as_str();
                    if !out.is_open(document, item.content.range().start) {
                        continue;
                    }
                    for code in code_spans(text) {
                        if let (true, Some((entity, field))) =
                            (code.contains('.'), qualified(code, owner.as_deref(), out))
                        {
                            let fact = Fact::Sensitivity {
                                entity,
                                field,
                                category: "personal".to_owned(),
                            };
                            out.state(document, document.span(item.content.range()), fact);
                        }
                    }
                }
            }
            BlockKind::Paragraph(_) | BlockKind::Table(_) | BlockKind::Code(_) => {}
        }
    }
}

/// "Personal data: Patient.name, Patient.phone".
fn labelled(document: &Document<'_>, inline: &Inline, section: Option<usize>, out: &mut Output) {
    let Some((label, list)) = inline.text.split_once(':') else { return };
    if label.split_whitespace().count() > 4 || !is_topic(label) {
        return;
    }
    let owner = out.entity_of(document, section);
    for name in list.split([',', ';']).flat_map(|part| part.split(" and ")) {
        let name = name.trim().trim_end_matches('.');
        let Some((entity, field)) = qualified(name, owner.as_deref(), out) else { continue };
        // Words of a sentence look like fields.
        let Some(field) = out.field(&entity, &field).map(str::to_owned) else { continue };
        let category = "personal".to_owned();
        let span = document.span(inline.range());
        out.state(document, span, Fact::Sensitivity { entity, field, category });
    }
}

fn is_topic(text: &str) -> bool {
    let lower = text.to_lowercase();
    [
        "personal data",
        "pii",
        "privacy",
        "sensitive",
        "gdpr",
        "personal information",
        "personally identifiable",
        "data protection",
    ]
    .iter()
    .any(|topic| lower.contains(topic))
}

/// `User.email`, or `email` where the entity is known from elsewhere.
fn qualified(text: &str, owner: Option<&str>, out: &Output) -> Option<(String, String)> {
    let text = unquote(text.trim());
    match text.rsplit_once('.') {
        Some((entity, field)) if is_identifier(field) => {
            Some((out.known.get(entity)?.to_owned(), field.to_owned()))
        }
        _ => (is_identifier(text))
            .then_some(())
            .and(owner)
            .map(|owner| (owner.to_owned(), text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn fields_behind_a_label() {
        check(
            "## Patient\n\n- id: uuid\n- name: string\n- phone: string\n\nPersonal data: name, Patient.phone and nothing.\n\nPersonal data: none is kept.\n",
            &expect![[r#"
                1 bullet-fields  entity Patient
                3 bullet-fields  field Patient.id uuid
                4 bullet-fields  field Patient.name string
                5 bullet-fields  field Patient.phone string
                7 personal-data  sensitivity Patient.name: personal
                7 personal-data  sensitivity Patient.phone: personal
            "#]],
        );
    }

    #[test]
    fn fields_with_their_entity() {
        check(
            "| Entity | Purpose |\n|-|-|\n| User | a |\n\n# Personal data\n| Field | Category |\n|-|-|\n| User.email | Contact |\n| Other.x | Contact |\n\n- `User.phone` is kept short\n",
            &expect![[r#"
                3 entity-list  entity User -- a
                8 personal-data  sensitivity User.email: contact
                11 field-paths  field User.phone [inferred: the text names it as a field of the entity]
                11 personal-data  sensitivity User.phone: personal
                9 R004 the row `Other.x` was not understood
            "#]],
        );
    }
}
