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
                    let value = row.text(1);
                    match objective(row.text(0), topic).filter(|it| !is_refused(*it, value)) {
                        Some(objective) => {
                            let fact = Fact::Recovery {
                                objective,
                                seconds: quantity::seconds(value),
                                text: value.to_owned(),
                            };
                            out.state(document, span, fact);
                            any = true;
                        }
                        // "Encryption | AES-256" is no objective.
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
    let state = |objective, seconds, text: &str, out: &mut Output| {
        let fact = Fact::Recovery { objective, seconds, text: text.trim().to_owned() };
        out.state(document, document.span(range.clone()), fact);
    };
    let Some((label, value)) = text.split_once([':', '=']) else {
        if topic {
            for (objective, seconds) in wishes(text) {
                state(objective, seconds, text, out);
            }
        }
        return;
    };
    let Some(objective) = objective(label, topic) else { return };
    let seconds = quantity::seconds(value);
    if is_wish(objective) && !is_refused(objective, value) {
        state(objective, seconds, text, out);
    } else if seconds.is_some() && !is_wish(objective) {
        state(objective, seconds, value, out);
    }
}

/// Whether something is asked for or not, beside how much of it.
const fn is_wish(objective: RecoveryObjective) -> bool {
    match objective {
        RecoveryObjective::PointInTime
        | RecoveryObjective::OtherRegion
        | RecoveryObjective::RestoreTest => true,
        RecoveryObjective::PointObjective
        | RecoveryObjective::TimeObjective
        | RecoveryObjective::BackupInterval
        | RecoveryObjective::BackupRetention => false,
    }
}

/// "Cross-region replication: not planned"
fn is_refused(objective: RecoveryObjective, value: &str) -> bool {
    const NO: &[&str] = &["no", "none", "not", "never", "disabled", "off", "without", "optional"];
    is_wish(objective) && lower_words(value).iter().any(|word| NO.contains(&word.as_str()))
}

/// What a short line under a heading about backups asks for: "Daily automated backups, kept for 30 days",
/// "Point-in-time recovery".
fn wishes(text: &str) -> Vec<(RecoveryObjective, Option<f64>)> {
    /// A line of more words is a sentence.
    const LONGEST: usize = 12;
    let words = lower_words(text);
    // What is not done, or not yet, is no objective.
    let is_open = words.iter().any(|word| {
        matches!(
            word.as_str(),
            "no" | "not"
                | "never"
                | "without"
                | "optional"
                | "optionally"
                | "future"
                | "later"
                | "consider"
                | "before"
                | "after"
                | "if"
                | "when"
        )
    });
    if words.len() > LONGEST || is_open {
        return Vec::new();
    }
    let lower = text.to_lowercase();
    let kept =
        ["kept", "retained", "retention", "keep"].iter().filter_map(|it| lower.find(it)).min();
    let (made, kept) = lower.split_at(kept.unwrap_or(lower.len()));
    let mut found = Vec::new();
    let amount = kept.find(|c: char| c.is_ascii_digit()).map(|at| &kept[at..]);
    if let Some(seconds) = amount.and_then(quantity::seconds) {
        found.push((RecoveryObjective::BackupRetention, Some(seconds)));
    }
    match objective(made, true) {
        Some(RecoveryObjective::BackupInterval) => {
            let seconds = quantity::seconds(made);
            found.extend(seconds.map(|it| (RecoveryObjective::BackupInterval, Some(it))));
        }
        Some(RecoveryObjective::RestoreTest) => {
            found.push((RecoveryObjective::RestoreTest, quantity::seconds(made)));
        }
        Some(wish) if is_wish(wish) => found.push((wish, None)),
        Some(_) | None => {}
    }
    found
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
    if !topic {
        return None;
    }
    let is_of_backups =
        says(&["backup", "backups", "snapshot", "snapshots", "restore", "restores", "recovery"]);
    if is_of_backups
        && says(&[
            "test",
            "tests",
            "tested",
            "testing",
            "verification",
            "verify",
            "verified",
            "drill",
            "drills",
            "rehearsal",
            "rehearsals",
            "rehearsed",
        ])
    {
        return Some(RecoveryObjective::RestoreTest);
    }
    let in_time = words.windows(3).any(|it| it.join(" ") == "point in time");
    if says(&["pitr"]) || in_time && is_of_backups {
        return Some(RecoveryObjective::PointInTime);
    }
    if says(&["region", "regions", "offsite", "geo"])
        && (is_of_backups
            || says(&["replication", "replica", "replicas", "replicated", "copy", "copies"]))
    {
        return Some(RecoveryObjective::OtherRegion);
    }
    if says(&["log", "wal", "location", "encryption", "region", "incremental", "archiving"]) {
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
                8 recovery  recovery restore test: 2629800 s -- monthly
                10 recovery  recovery point: 900 s -- 15 min
            "#]],
        );
    }

    #[test]
    fn what_bullets_about_backups_ask_for() {
        check(
            "# Notes\n### Backup strategy\n- Daily automated backups, kept for 30 days\n- Point-in-time recovery\n- Cross-region replication\n- Backup verification procedures\n- Restore drills: monthly\n",
            &expect![[r#"
                3 recovery  recovery backup retention: 2592000 s -- Daily automated backups, kept for 30 days
                3 recovery  recovery backup interval: 86400 s -- Daily automated backups, kept for 30 days
                4 recovery  recovery to any moment -- Point-in-time recovery
                5 recovery  recovery copy in another region -- Cross-region replication
                6 recovery  recovery restore test -- Backup verification procedures
                7 recovery  recovery restore test: 2629800 s -- Restore drills: monthly
            "#]],
        );
    }

    #[test]
    fn what_is_not_asked_for() {
        check(
            "# Notes\n### Backup strategy\n- No point-in-time recovery\n- Cross-region replication: not planned\n- Encrypted backups\n- Backup before each migration\n- Regular care\n\n### Deployment\n- Daily backups\n- Cross-region replication\n",
            &expect![[r#""#]],
        );
    }
}
