//! The `ops/backup.md` artifact: settings for backup and recovery, computed from stated objectives.

use underpin_model::{Recovery, RecoveryObjective};

use super::ArtifactKind;
use crate::markdown::{Document, Inline, Table, raw, text};
use crate::{Artifact, context::Context, words};

const PATH: &str = "ops/backup.md";

pub(super) const ARTIFACT: ArtifactKind = ArtifactKind { path: PATH, measured: false, write };

fn write(context: &Context<'_>) -> Vec<Artifact> {
    let mut out = Document::default();
    out.title(1, "Backup and recovery");
    let stated = |objective: RecoveryObjective| {
        context.input.model.recovery.iter().find(|it| it.objective == objective)
    };
    let point = stated(RecoveryObjective::PointObjective);
    let time = stated(RecoveryObjective::TimeObjective);
    if context.input.model.recovery.is_empty() {
        out.say(
            "**No objective is stated.** No document says how much work may be lost (RPO), how long recovery may take \
             (RTO), or how long backups are kept. Without these no setting can be derived, and none is given here. \
             Nothing is backed up until somebody decides.",
        );
        return vec![Artifact::text(PATH, out.finish())];
    }
    objectives(context, &mut out);
    archiving(context, &mut out, point, stated(RecoveryObjective::PointInTime));
    base_backup(
        &mut out,
        stated(RecoveryObjective::BackupInterval),
        stated(RecoveryObjective::BackupRetention),
    );
    if let Some(copy) = stated(RecoveryObjective::OtherRegion) {
        other_region(context, &mut out, copy);
    }
    restore(&mut out, time);
    if let Some(tested) = stated(RecoveryObjective::RestoreTest) {
        restore_tests(context, &mut out, tested);
    }
    vec![Artifact::text(PATH, out.finish())]
}

fn objectives(context: &Context<'_>, out: &mut Document) {
    out.title(2, "Stated objectives");
    let mut table = Table::new(&["Objective", "As stated", "Understood as", "Source"]);
    for it in &context.input.model.recovery {
        let name = match it.objective {
            RecoveryObjective::PointObjective => "RPO: how much work may be lost",
            RecoveryObjective::TimeObjective => "RTO: how long recovery may take",
            RecoveryObjective::BackupInterval => "How often a backup is made",
            RecoveryObjective::BackupRetention => "How long backups are kept",
            RecoveryObjective::PointInTime => "Recovery to any moment",
            RecoveryObjective::OtherRegion => "A copy in another region",
            RecoveryObjective::RestoreTest => "Recovery is tried",
        };
        let missing = match it.objective {
            RecoveryObjective::PointObjective
            | RecoveryObjective::TimeObjective
            | RecoveryObjective::BackupInterval
            | RecoveryObjective::BackupRetention => "no duration",
            RecoveryObjective::PointInTime | RecoveryObjective::OtherRegion => "asked for",
            RecoveryObjective::RestoreTest => "asked for; how often is not stated",
        };
        let value = it.seconds.map_or_else(|| raw(missing), |it| raw(words::duration(it)));
        table.row([raw(name), text(&it.text), value, text(&context.place(it.source))]);
    }
    out.table(&table);
}

/// Below this many seconds, whole segments of the log cannot be shipped fast enough to rely on.
const SHORTEST_ARCHIVED: f64 = 60.0;

fn archiving(
    context: &Context<'_>,
    out: &mut Document,
    point: Option<&Recovery>,
    any_moment: Option<&Recovery>,
) {
    out.title(2, "Continuous archiving");
    let Some(seconds) = point.and_then(|it| it.seconds) else {
        if let Some(wish) = any_moment {
            out.paragraph(&asked("Recovery to any moment", context, wish).then(&raw(
                ": the log is archived beside the base backups. How much of it may be lost with the server is not \
                 stated (RPO), so that `archive_timeout` is left out: a segment is archived when it is full, which takes \
                 long where little is written.",
            )));
            archive_settings(out, None);
            return;
        }
        out.say("No RPO is stated as a duration, so `archive_timeout` cannot be derived.");
        return;
    };
    if seconds < SHORTEST_ARCHIVED {
        out.say(&format!(
            "An RPO of {} is shorter than archiving of whole log segments can promise. It takes a synchronous standby: \
             set `synchronous_standby_names` on the primary and leave `synchronous_commit` at `on` for every \
             transaction that must not be lost.",
            words::duration(seconds)
        ));
        return;
    }
    let timeout = (seconds / 2.0).floor();
    out.say(&format!(
        "The log is archived when a segment is full or `archive_timeout` has passed. Half of the RPO of {} goes to \
         waiting and half is left for copying, so the timeout is {timeout:.0} seconds. It holds only as long as copying a \
         segment takes less than the other half: watch `pg_stat_archiver`.",
        words::duration(seconds)
    ));
    archive_settings(out, Some(timeout));
}

/// "Recovery to any moment is asked for ("Point-in-time recovery", notes.md:4)"
fn asked(what: &str, context: &Context<'_>, wish: &Recovery) -> Inline {
    raw(format!("{what} is asked for (\""))
        .then(&text(wish.text.trim()))
        .then(&raw("\", "))
        .then(&text(&context.place(wish.source)))
        .then(&raw(")"))
}

fn archive_settings(out: &mut Document, timeout: Option<f64>) {
    let timeout = timeout.map_or_else(String::new, |it| format!("archive_timeout = {it:.0}\n"));
    out.fence(
        "ini",
        &format!(
            "# postgresql.conf\nwal_level = replica\narchive_mode = on\n{timeout}# The command \
             must fail where the target exists, and return only when the copy is durable.\narchive_command = \
             'test ! -f /ARCHIVE/%f && cp %p /ARCHIVE/%f.part && sync /ARCHIVE/%f.part && mv /ARCHIVE/%f.part /ARCHIVE/%f'"
        ),
    );
    out.say("`/ARCHIVE` stands for storage that does not fail together with the database server.");
}

fn other_region(context: &Context<'_>, out: &mut Document, wish: &Recovery) {
    out.title(2, "A copy in another region");
    out.paragraph(&asked("A copy in another region", context, wish).then(&raw(
        ". `/ARCHIVE` and `/BACKUPS` have to be copied there, all of them and in order: a base backup without the log \
         written while it was made cannot be restored. A standby there that follows by streaming takes over sooner; it \
         also repeats a deletion made by mistake, so that it replaces no backup. What was not yet copied when a region \
         is lost is lost with it.",
    )));
}

fn restore_tests(context: &Context<'_>, out: &mut Document, wish: &Recovery) {
    let how_often = match wish.seconds {
        Some(seconds) => format!(", every {}", words::duration(seconds)),
        None => "; how often is not stated".to_owned(),
    };
    out.paragraph(&asked("That recovery is tried", context, wish).then(&raw(format!(
        "{how_often}. Each time: `pg_verifybackup` on the unpacked base backup, a server of its own that recovers from it \
         to the latest state, `migrations/0001_initial.verify.sql` there, and how long it took.",
    ))));
}

fn base_backup(out: &mut Document, interval: Option<&Recovery>, kept: Option<&Recovery>) {
    out.title(2, "Base backups");
    match interval {
        Some(it) => out.paragraph(&raw("Stated: ").then(&text(&words::sentence(&it.text)))),
        None => out.say(
            "No document says how often a base backup is made. The longer ago the last one is, the more log a \
             recovery must replay.",
        ),
    }
    out.fence(
        "sh",
        "pg_basebackup --pgdata=/BACKUPS/$(date -u +%Y%m%dT%H%M%SZ) --format=tar --gzip \\\n  \
         --wal-method=stream --checkpoint=fast --manifest-checksums=SHA256\npg_verifybackup /BACKUPS/NAME   # on the \
         unpacked copy",
    );
    match kept {
        Some(it) => out.paragraph(
            &raw("Kept, as stated: ").then(&text(&words::sentence(&it.text))).then(&raw(
                " A base backup can go when it is older than that; log segments only when they are older than the \
                 oldest base backup that is kept (`pg_archivecleanup`).",
            )),
        ),
        None => out.say("No document says how long backups are kept, so nothing may be deleted yet."),
    }
}

fn restore(out: &mut Document, time: Option<&Recovery>) {
    out.title(2, "Recovery");
    out.fence(
        "ini",
        "# postgresql.conf of the restored copy, beside an empty file recovery.signal\nrestore_command = 'cp \
         /ARCHIVE/%f %p'\nrecovery_target_time = 'YYYY-MM-DD HH:MM:SS+00'   # leave out for the latest state\n\
         recovery_target_action = promote",
    );
    match time.and_then(|it| it.seconds) {
        Some(seconds) => out.say(&format!(
            "The RTO is {}. How long a restore of this database takes has not been measured here: it depends on its \
             size, the log since the last base backup, and the storage. Rehearse it on the real data, and compare.",
            words::duration(seconds)
        )),
        None => out.say("No RTO is stated, so there is nothing to compare a rehearsal with."),
    }
    out.say(
        "After a recovery, `migrations/0001_initial.verify.sql` says whether the schema is whole.",
    );
}

#[cfg(test)]
mod tests {
    use expect_test::expect_file;
    use underpin_model::{Recovery, RecoveryObjective};

    use crate::sample;

    #[test]
    fn the_small_design() {
        expect_file!["../../goldens/backup.md"].assert_eq(&sample::Sample::new().text(super::PATH));
    }

    /// Wishes without a number: what is not stated stays open, beside what is.
    #[test]
    fn what_is_asked_for_without_a_number() {
        let mut sample = sample::Sample::new();
        let source = sample.model.recovery[0].source;
        sample.model.recovery = [
            (RecoveryObjective::BackupInterval, Some(86_400.0), "Daily backups"),
            (RecoveryObjective::PointInTime, None, "Point-in-time recovery"),
            (RecoveryObjective::OtherRegion, None, "Cross-region replication"),
            (RecoveryObjective::RestoreTest, None, "Backup verification"),
        ]
        .map(|(objective, seconds, text)| Recovery {
            objective,
            seconds,
            text: text.to_owned(),
            source,
        })
        .to_vec();
        let text = sample.text(super::PATH);
        for said in [
            "Recovery to any moment is asked for (\"Point-in-time recovery\", ",
            "archive_mode = on",
            "A copy in another region is asked for",
            "how often is not stated",
            "No RTO is stated",
            "No document says how long backups are kept",
        ] {
            assert!(text.contains(said), "{said}: {text}");
        }
        assert!(!text.contains("archive_timeout ="), "{text}");
    }

    #[test]
    fn no_number_is_made_up() {
        let mut sample = sample::Sample::new();
        sample.model.recovery.clear();
        let text = sample.text(super::PATH);
        assert!(text.contains("No objective is stated"), "{text}");
        assert!(!text.chars().any(|c| c.is_ascii_digit()), "{text}");
    }
}
