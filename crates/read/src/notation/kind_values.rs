//! The values of a field that only a heading or a label inside an entity's section names: "Transaction Types" over a table
//! with one column, "**Types:**" over names set as code.

use crate::document::{Block, BlockKind, Document};
use crate::notation::Output;
use crate::notation::enumeration_list::value;
use crate::notation::field_table::mark_header;
use crate::words::{is_identifier, lower_words, parenthesized};
use crate::{Fact, FieldFact};

pub(super) const DOC: &str = "The values of a role, type or status that no list of fields names, below a heading or a label inside an entity's section.";

/// The words that such a heading ends with, and the fields that they name.
const CHOICES: &[(&str, &str)] = &[
    ("kinds", "kind"),
    ("priorities", "priority"),
    ("roles", "role"),
    ("severities", "severity"),
    ("statuses", "status"),
    ("types", "type"),
];

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (index, block) in out.blocks(document) {
        if !out.is_open(document, block.range.start) {
            continue;
        }
        let Some((entity, name)) = field(document, index, block, out) else { continue };
        let Some(enum_values) = values(block, &name) else { continue };
        if let BlockKind::Table(table) = &block.kind {
            mark_header(document, table, &block.range, out);
        }
        let field = FieldFact { name, enum_values, ..FieldFact::default() };
        out.state(document, document.span(block.range.clone()), Fact::Field { entity, field });
    }
}

/// The entity whose section a block stands in, and the field that the words over it name.
fn field(
    document: &Document<'_>,
    index: usize,
    block: &Block,
    out: &Output,
) -> Option<(String, String)> {
    let section = block.section?;
    let (label, entity) = match document.lead(index) {
        Some(lead) => (lead, out.named_by(section)?),
        None if out.named_by(section).is_some() => return None,
        None => {
            let above = document.path_of(block.section).nth(1)?;
            (document.title(section), out.named_by(above)?)
        }
    };
    let label = parenthesized(label).map_or(label, |(before, _, _)| before);
    let words = lower_words(label);
    let (last, front) = words.split_last()?;
    let (_, name) = CHOICES.iter().find(|(plural, _)| last == plural)?;
    let of_entity = lower_words(&entity.replace(['_', '-'], " "));
    // "Alert types" of an Alert are its types; "file types" may be those of anything.
    let is_own = front.iter().all(|word| of_entity.contains(word) || *word == "possible");
    (is_own && out.field(&entity, name).is_none()).then(|| (entity, (*name).to_owned()))
}

/// The values, where all that stands there is a value, each perhaps with what it means.
fn values(block: &Block, name: &str) -> Option<Vec<String>> {
    let texts: Vec<&str> = match &block.kind {
        BlockKind::List(list) if list.items.iter().all(|item| item.depth == 0) => {
            list.items.iter().map(|item| item.content.text.as_str()).collect()
        }
        BlockKind::Table(table) => {
            let header = lower_words(&table.header.first()?.text);
            let is_value = matches!(header.as_slice(), [only] if only == name || only == "value");
            if !is_value || table.header.len() > 2 {
                return None;
            }
            table.rows.iter().map(|row| row.text(0)).collect()
        }
        BlockKind::List(_) | BlockKind::Paragraph(_) | BlockKind::Code(_) => return None,
    };
    let read: Option<Vec<String>> = texts
        .iter()
        .map(|text| {
            let found = value(text)?;
            let is_word = is_identifier(&found) || lower_words(&found).len() <= 2;
            // A sentence, or another list of fields, is none.
            (is_word && !found.contains('.') && !text.trim_end().ends_with(':')).then_some(found)
        })
        .collect();
    read.filter(|values| values.len() > 1)
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn values_of_a_field_that_nothing_else_names() {
        check(
            "# Domain model\n\n## Payment\n\n- id: uuid\n- amount: decimal\n\n### Payment Types\n\n| Type |\n|-|\n| CASH |\n| CARD |\n\n### Roles\n\n| Role | Meaning |\n|-|-|\n| PAYER | who pays |\n| PAYEE | who is paid |\n\n## Alarm\n\n- id: uuid\n\n**Types:**\n\n- `smoke` - something burns\n- `flood` - something leaks\n\n### File types\n\n- `pdf`\n- `png`\n\nFuture types may include:\n\n- `theft`\n- `frost`\n",
            &expect![[r#"
                3 bullet-fields  entity Payment
                5 bullet-fields  field Payment.id uuid
                6 bullet-fields  field Payment.amount decimal
                10 kind-values  field Payment.type [CASH | CARD]
                17 kind-values  field Payment.role [PAYER | PAYEE]
                22 bullet-fields  entity Alarm
                24 bullet-fields  field Alarm.id uuid
                28 kind-values  field Alarm.type [smoke | flood]
            "#]],
        );
    }
}
