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
            BlockKind::List(list) => {
                for item in &list.items {
                    let text = item.content.text.as_str();
                    let told = tells_keeping(text);
                    if !topic && !told {
                        continue;
                    }
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
                    let is_open = out.is_open(document, item.content.range().start);
                    if is_duration
                        && (is_open || told && !out.has_query(document.span(item.content.range())))
                    {
                        let fact = Fact::Retention {
                            entity,
                            days: quantity::days(text),
                            text: text.to_owned(),
                        };
                        out.state(document, document.span(item.content.range()), fact);
                    }
                }
            }
            BlockKind::Paragraph(_) | BlockKind::Table(_) | BlockKind::Code(_) => {}
        }
    }
}

/// Whether an item says how long something is kept wherever it stands: "keep visits 5 years, then delete".
fn tells_keeping(text: &str) -> bool {
    let words = lower_words(text);
    let first = words.first().map_or("", |word| word.as_str());
    matches!(first, "keep" | "kept" | "retain" | "retained" | "purge" | "purged")
        && words.len() <= 14
        && !words.iter().any(|word| matches!(word.as_str(), "logged" | "signed" | "open" | "cache"))
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

    #[test]
    fn what_is_kept_wherever_it_is_said() {
        check(
            "## Visit\n\n- id: uuid\n- at: timestamp\n- keep visits 5 years then delete\n- keep users logged in for 30 days\n- keep it simple for visits\n",
            &expect![[r#"
                1 bullet-fields  entity Visit
                3 bullet-fields  field Visit.id uuid
                4 bullet-fields  field Visit.at timestamp
                5 retention  retention Visit: 1826 days -- keep visits 5 years then delete
                6 prose-entities  entity User
                6 prose-upkeep  retention User: 30 days -- keep users logged in for 30 days
                7 prose-rule-sentence  rule *: keep it simple for visits [inferred: its words bind, and it is a rule where fields give it a meaning]
                7 R003 `keep it simple for visits` looks like a field and was not understood
            "#]],
        );
    }
}
