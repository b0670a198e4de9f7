//! How long rows are kept: tables and bullets.

use crate::Fact;
use crate::document::{BlockKind, Document};
use crate::notation::field_table::mark_header;
use crate::notation::{Output, mentioned};
use crate::quantity;
use crate::words::{first_word, lower_words};
use smol_str::SmolStr;

pub(super) const DOC: &str = "A table or list of how long the rows of an entity are kept.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (index, block) in out.blocks(document) {
        let topic = document.lead(index).is_some_and(is_topic)
            || block.section.is_some_and(|section| is_topic(document.title(section)));
        match &block.kind {
            BlockKind::Table(table) if out.is_open(document, block.range.start) => {
                let headers: Vec<Vec<SmolStr>> =
                    table.header.iter().map(|cell| lower_words(&cell.text)).collect();
                let period = headers.iter().position(|words| {
                    words.iter().any(|word| {
                        matches!(
                            word.as_str(),
                            "retention" | "kept" | "keep" | "retained" | "ttl" | "lifetime"
                        )
                    }) || topic
                        && words.iter().any(|word| {
                            matches!(word.as_str(), "period" | "duration" | "for" | "age")
                        })
                });
                let is_why =
                    headers.iter().any(|words| words.first().is_some_and(|word| word == "why"));
                let Some(period) = period.filter(|&period| period > 0 && !is_why) else { continue };
                let mut any = false;
                for row in &table.rows {
                    let Some(entity) = mentioned(row.text(0), out).into_iter().next() else {
                        continue;
                    };
                    let text = row
                        .cells
                        .iter()
                        .skip(1)
                        .map(|cell| cell.text.as_str())
                        .filter(|text| !text.is_empty())
                        .collect::<Vec<_>>()
                        .join("; ");
                    let days = quantity::number(row.text(period))
                        .and_then(|_| quantity::days(row.text(period)));
                    out.state(
                        document,
                        document.span(row.range.clone()),
                        Fact::Retention { entity, days, text },
                    );
                    any = true;
                }
                if any {
                    mark_header(document, table, &block.range, out);
                }
            }
            BlockKind::List(list) if topic => {
                for item in &list.items {
                    let text = item.content.text.as_str();
                    let Some(entity) = mentioned(text, out).into_iter().next() else { continue };
                    let Some((value, rest)) = quantity::number(text) else { continue };
                    let _ = value;
                    let is_duration = first_word(rest).as_ref().is_some_and(|word| {
                        matches!(
                            word.as_str(),
                            "day"
                                | "days"
                                | "month"
                                | "months"
                                | "year"
                                | "years"
                                | "week"
                                | "weeks"
                                | "d"
                                | "hours"
                                | "hour"
                        )
                    });
                    if is_duration && out.is_open(document, item.content.range().start) {
                        let fact = Fact::Retention {
                            entity,
                            days: quantity::days(text),
                            text: text.to_owned(),
                        };
                        out.state(document, document.span(item.content.range()), fact);
                    }
                }
            }
            BlockKind::Paragraph(_)
            | BlockKind::List(_)
            | BlockKind::Table(_)
            | BlockKind::Code(_) => {}
        }
    }
}

fn is_topic(text: &str) -> bool {
    lower_words(text).iter().any(|word| {
        matches!(word.as_str(), "retention" | "archival" | "archiving" | "purge" | "cleanup")
    }) && !lower_words(text).iter().any(|word| word == "backup" || word == "backups")
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn tables_and_bullets() {
        check(
            "| Entity | Purpose |\n|-|-|\n| User | a |\n| Cart | b |\n\n# Retention\n| Entity | Kept for | Afterwards |\n|-|-|-|\n| User | 10 years | Deleted |\n\n- Carts: deleted after 90 days\n",
            &expect![[r#"
                3 entity-list  entity User -- a
                4 entity-list  entity Cart -- b
                9 retention  retention User: 3653 days -- 10 years; Deleted
                11 retention  retention Cart: 90 days -- Carts: deleted after 90 days
            "#]],
        );
    }
}
