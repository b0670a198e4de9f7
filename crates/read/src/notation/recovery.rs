//! Recovery objectives and backups: tables, bullets and sentences.

use crate::document::{BlockKind, Document};
use crate::notation::Output;
use crate::notation::field_table::mark_header;
use crate::quantity;
use crate::words::lower_words;
use crate::{Fact, RecoveryObjective};

pub(super) const DOC: &str = "RPO, RTO and backup lines in tables, lists and sentences.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (_, block) in out.blocks(document) {
        let topic = document
            .path_of(block.section)
            .take(2)
            .any(|section| is_topic(document.title(section)));
        match &block.kind {
            BlockKind::Table(table) if out.is_open(document, block.range.start) => {
                let mut any = false;
                let found: Vec<bool> =
                    table.rows.iter().map(|row| objective(row.text(0), topic).is_some()).collect();
                if !found.contains(&true) || table.header.len() > 5 {
                    continue;
                }
                for row in &table.rows {
                    let span = document.span(row.range.clone());
                    match objective(row.text(0), topic) {
                        Some(objective) => {
                            let value = row.text(1);
                            let fact = Fact::Recovery {
                                objective,
                                seconds: quantity::seconds(value),
                                text: value.to_owned(),
                            };
                            out.state(document, span, fact);
                            any = true;
                        }
                        // "Restore test | Every month" is no objective of the database.
                        None if topic => {
                            out.mark(document, span.range(), crate::notation::Mark::SetAside);
                        }
                        None => {}
                    }
                }
                if any {
                    mark_header(document, table, &block.range, out);
                }
            }
            BlockKind::List(list) => {
                for item in &list.items {
                    line(document, &item.content.text, item.content.range(), topic, out);
                }
            }
            BlockKind::Paragraph(inline) => {
                for each in &inline.lines {
                    line(document, &each.text, each.range.clone(), topic, out);
                }
            }
            BlockKind::Table(_) | BlockKind::Code(_) => {}
        }
    }
}

fn line(
    document: &Document<'_>,
    text: &str,
    range: std::ops::Range<usize>,
    topic: bool,
    out: &mut Output,
) {
    if range.is_empty() || text.len() > 300 || !out.is_open(document, range.start) {
        return;
    }
    let Some((label, value)) = text.split_once([':', '=']) else { return };
    let Some(objective) = objective(label, topic) else { return };
    if let Some(seconds) = quantity::seconds(value) {
        let fact =
            Fact::Recovery { objective, seconds: Some(seconds), text: value.trim().to_owned() };
        out.state(document, document.span(range), fact);
    }
}

fn is_topic(text: &str) -> bool {
    lower_words(text).iter().any(|word| {
        matches!(word.as_str(), "backup" | "backups" | "recovery" | "rpo" | "rto" | "disaster")
    })
}

/// What a label says. Words about backups count only where the heading is about them.
fn objective(label: &str, topic: bool) -> Option<RecoveryObjective> {
    let words = lower_words(label);
    let says = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    if words.len() > 8 {
        return None;
    }
    if says(&["rpo"]) || says(&["recovery"]) && says(&["point"]) && says(&["objective"]) {
        return Some(RecoveryObjective::PointObjective);
    }
    if says(&["rto"]) || says(&["recovery"]) && says(&["time"]) && says(&["objective"]) {
        return Some(RecoveryObjective::TimeObjective);
    }
    if !topic
        || says(&[
            "test",
            "tests",
            "log",
            "wal",
            "location",
            "encryption",
            "region",
            "incremental",
            "archiving",
        ])
    {
        return None;
    }
    if says(&["retention", "kept", "retained", "keep"]) {
        return Some(RecoveryObjective::BackupRetention);
    }
    (says(&["backup", "backups", "snapshot", "snapshots"]))
        .then_some(RecoveryObjective::BackupInterval)
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn objectives() {
        check(
            "# Recovery objectives\n| Objective | Value |\n|-|-|\n| Recovery point objective (RPO) | 5 minutes |\n| RTO | 1 hour |\n| Full backup | Every night |\n| Backups kept | 35 days |\n| Restore test | monthly |\n\n- RPO: 15 min\n",
            &expect![[r#"
                4 recovery  recovery point: 300 s -- 5 minutes
                5 recovery  recovery time: 3600 s -- 1 hour
                6 recovery  recovery backup interval: 86400 s -- Every night
                7 recovery  recovery backup retention: 3024000 s -- 35 days
                10 recovery  recovery point: 900 s -- 15 min
            "#]],
        );
    }
}
