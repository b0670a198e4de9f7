//! Sentences that say something once of a field that many entities have.

use crate::FieldFact;
use crate::document::{BlockKind, Document};
use crate::modifier;
use crate::notation::{Mark, Output};
use crate::words::{code_spans, is_identifier};

pub(super) const DOC: &str = "A sentence such as \"Every table carries `tenant_id UUID NOT NULL`\", for the entities that list the field.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for block in &document.blocks {
        let inlines: Vec<_> = match &block.kind {
            BlockKind::Paragraph(inline) => vec![inline],
            BlockKind::List(list) => list.items.iter().map(|item| &item.content).collect(),
            BlockKind::Table(_) | BlockKind::Code(_) => continue,
        };
        for inline in inlines {
            let Some(field) = field(&inline.text) else { continue };
            if out.complete_fields(&field) {
                out.mark(document, inline.range(), Mark::Understood);
            }
        }
    }
}

/// The field with its type and modifiers, all of them set as code.
fn field(text: &str) -> Option<FieldFact> {
    let lower = text.to_ascii_lowercase();
    let start = ["every ", "all ", "each "].iter().find_map(|all| {
        let at = lower.find(all)?;
        (at == 0 || lower[..at].ends_with(". ")).then_some(at)
    })?;
    let sentence = &text[start..];
    let (subject, rest) =
        [" carries ", " carry ", " has ", " have ", " includes ", " include ", " contains "]
            .iter()
            .find_map(|verb| sentence.split_once(verb))?;
    let names_all = [
        "table", "tables", "entity", "entities", "record", "records", "row", "rows", "model",
        "models",
    ]
    .iter()
    .any(|noun| subject.ends_with(&format!(" {noun}")));
    let code = code_spans(rest);
    let first =
        code.first().filter(|_| names_all && rest.trim_start_matches("a ").starts_with('`'))?;
    let (name, spec) = first.split_once(' ')?;
    let mut field = FieldFact { name: name.to_owned(), ..FieldFact::default() };
    modifier::read_into(spec, true, &mut field);
    (is_identifier(name) && field.required.is_some()).then_some(field)
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn said_once_for_all_that_have_it() {
        check(
            "Every business table carries `tenant_id UUID NOT NULL` and more.\n\n# A\n| Field | Type |\n|-|-|\n| tenant_id | uuid |\n\n# B\n| Field | Type |\n|-|-|\n| id | uuid |\n",
            &expect![[r#"
                3 field-table  entity A
                6 field-table  field A.tenant_id uuid required
                8 field-table  entity B
                11 field-table  field B.id uuid
            "#]],
        );
    }
}
