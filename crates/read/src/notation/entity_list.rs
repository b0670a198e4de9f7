//! Tables and lists that say which entities there are.

use crate::document::{BlockKind, Document};
use crate::entity_name::read_title;
use crate::notation::Output;
use crate::notation::field_table::mark_header;
use crate::words::{code_spans, is_identifier, lower_words, unquote};
use crate::{EntityFact, Fact};

pub(super) const DOC: &str =
    "A table of entities with what each is for, or a list under \"Models\" or \"Entities\".";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (index, block) in document.blocks.iter().enumerate() {
        match &block.kind {
            BlockKind::Table(table) if out.is_open(document, block.range.start) => {
                let headers: Vec<String> =
                    table.header.iter().map(|cell| lower_words(&cell.text).join(" ")).collect();
                let names = headers.first().is_some_and(|header| {
                    matches!(
                        header.as_str(),
                        "entity"
                            | "table"
                            | "model"
                            | "entity name"
                            | "table name"
                            | "collection"
                            | "domain entity"
                    )
                });
                let about = headers.iter().skip(1).position(|header| {
                    matches!(
                        header.as_str(),
                        "purpose"
                            | "description"
                            | "meaning"
                            | "responsibility"
                            | "notes"
                            | "what it is"
                            | "comment"
                            | "primary purpose"
                            | "stores"
                            | "summary"
                    )
                });
                let (true, Some(about)) = (names, about) else { continue };
                if headers.len() > 5 || is_out_of_scope(document, block.section) {
                    continue;
                }
                let mut any = false;
                for row in &table.rows {
                    let Some(title) = read_title(row.text(0)) else { continue };
                    let description = row.text(about + 1).trim();
                    let fact = Fact::Entity(EntityFact {
                        name: title.name.clone(),
                        kind: title.kind,
                        table: title.table.clone(),
                        description: (!description.is_empty()).then(|| description.to_owned()),
                    });
                    if title.not_stored.is_some() {
                        out.leave_out(document, &title, document.span(row.range.clone()));
                    } else {
                        out.state(document, document.span(row.range.clone()), fact);
                        any = true;
                    }
                }
                if any {
                    mark_header(document, table, &block.range, out);
                }
            }
            BlockKind::List(list) => {
                let label = document
                    .lead(index)
                    .or_else(|| block.section.map(|section| document.title(section)))
                    .unwrap_or_default();
                if !names_models(label) || is_out_of_scope(document, block.section) {
                    continue;
                }
                for item in list.items.iter().filter(|item| item.depth == 0 && !item.has_children) {
                    let text = item.content.text.trim();
                    // Only a bare name set as code is surely one; services and jobs stand beside models.
                    let [code] = code_spans(text)[..] else { continue };
                    if !text.starts_with('`') || !is_identifier(code) || is_service(code) {
                        continue;
                    }
                    let Some(title) = read_title(unquote(code)) else { continue };
                    let rest = text[code.len() + 2..].trim_start_matches([':', '-', '–', '—', ' ']);
                    let fact = Fact::Entity(EntityFact {
                        name: title.name,
                        kind: title.kind,
                        table: None,
                        description: (!rest.is_empty()).then(|| rest.to_owned()),
                    });
                    out.state(document, document.span(item.content.range()), fact);
                }
            }
            BlockKind::Paragraph(_) | BlockKind::Table(_) | BlockKind::Code(_) => {}
        }
    }
}

pub(super) fn is_out_of_scope(document: &Document<'_>, section: Option<usize>) -> bool {
    document.path_of(section).any(|section| {
        let title = document.title(section).to_lowercase();
        title.contains("out of scope")
            || title.contains("not in scope")
            || title.contains("future evolution")
            || title.contains("non-goals")
    })
}

fn names_models(label: &str) -> bool {
    let words = lower_words(label);
    words.len() <= 4
        && words.iter().any(|word| matches!(word.as_str(), "models" | "entities" | "tables"))
        && !words
            .iter()
            .any(|word| matches!(word.as_str(), "allowed" | "view" | "read" | "ui" | "temporary"))
}

/// Names that classes of behaviour carry.
pub(super) fn is_service(name: &str) -> bool {
    [
        "Service",
        "Job",
        "Worker",
        "Controller",
        "Runner",
        "Executor",
        "Publisher",
        "Verifier",
        "Handler",
        "Factory",
        "Manager",
        "Provider",
        "Adapter",
        "Client",
        "Policy",
        "Repository",
        "Gateway",
        "Listener",
        "Mapper",
        "Validator",
        "Builder",
    ]
    .iter()
    .any(|end| name.ends_with(end) && name.len() > end.len())
        || name.contains("::")
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn tables_and_model_lists() {
        check(
            "| Entity | Purpose |\n|-|-|\n| User | A person |\n| Report (computed) | Sums |\n\n## Ingress\n\nModels and services:\n- `WebhookEvent`\n- `Flow::Verifier`\n- `ExecutionJob`\n",
            &expect![[r#"
                3 entity-list  entity User -- A person
                9 entity-list  entity WebhookEvent
                4 R007 `Report` is called "computed" and gets no table
            "#]],
        );
    }
}
