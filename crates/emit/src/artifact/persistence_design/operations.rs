//! Sections 3 to 6: storage, partitioning, backup, migration.

use underpin_claim::Family;
use underpin_model::RecoveryObjective;

use super::{places, whole};
use crate::artifact::retention::period;
use crate::context::Context;
use crate::markdown::{Document, Table, code, none, raw, text};
use crate::words;

pub(super) fn storage(context: &Context<'_>, out: &mut Document) {
    let plans = &context.input.physical.plans;
    out.title(2, "3. Storage Strategy");
    let mut table = Table::new(&["Purpose", "Technology", "Reason"]);
    for (purpose, technology, reason) in &plans.storage {
        table.row([text(purpose), text(technology), text(&words::sentence(reason))]);
    }
    if table.is_empty() {
        out.say("Everything is stored in PostgreSQL. No document asks for another store.");
    }
    out.table(&table);
    let mut caches = Table::new(&["Cached query", "Reason"]);
    for (query, reason) in &plans.caches {
        caches.row([code(query), text(&words::sentence(reason))]);
    }
    if caches.is_empty() {
        let reason = plans
            .no_cache_reason
            .as_deref()
            .unwrap_or("There is no cache: no query states that its result may be old");
        out.paragraph(&text(&words::sentence(reason)));
    }
    out.table(&caches);
}

pub(super) fn partitioning(context: &Context<'_>, out: &mut Document) {
    out.title(2, "4. Data Partitioning");
    let mut table = Table::new(&["Table", "What is done", "Reason"]);
    for (name, what, why) in &context.input.physical.plans.partitioning {
        table.row([
            code(name.name.as_str()),
            text(&words::sentence(what)),
            text(&words::sentence(why)),
        ]);
    }
    if table.is_empty() {
        out.say("No table is partitioned: no stated volume asks for it.");
    }
    out.table(&table);
    out.say("Nothing is sharded: one primary server holds all data.");
}

pub(super) fn backup(context: &Context<'_>, out: &mut Document) {
    out.title(2, "5. Backup and Recovery");
    let model = context.input.model;
    let mut objectives = Table::new(&["Objective", "Value", "As stated", "What follows", "Source"]);
    let plan = &context.input.physical.plans.backup;
    for (objective, name) in [
        (RecoveryObjective::PointObjective, "Recovery point objective (RPO)"),
        (RecoveryObjective::TimeObjective, "Recovery time objective (RTO)"),
        (RecoveryObjective::BackupInterval, "Backup interval"),
        (RecoveryObjective::BackupRetention, "Backups kept"),
        (RecoveryObjective::PointInTime, "Point-in-time recovery"),
        (RecoveryObjective::OtherRegion, "Copy in another region"),
        (RecoveryObjective::RestoreTest, "Restore tests"),
    ] {
        let follows = || {
            plan.iter()
                .find(|(what, _, why)| what == name && !why.is_empty())
                .map_or_else(none, |(.., why)| text(&words::sentence(why)))
        };
        let stated: Vec<_> = model.recovery.iter().filter(|it| it.objective == objective).collect();
        for it in &stated {
            let value = it.seconds.map_or_else(|| raw("as stated"), |it| raw(words::duration(it)));
            objectives.row([
                raw(name),
                value,
                text(&it.text),
                follows(),
                places(context, [it.source]),
            ]);
        }
        // Every database has an answer to the first four; nobody has to want the others.
        let is_wish = matches!(
            objective,
            RecoveryObjective::PointInTime
                | RecoveryObjective::OtherRegion
                | RecoveryObjective::RestoreTest
        );
        if stated.is_empty() && !is_wish {
            objectives.row([raw(name), raw("**not stated**"), none(), follows(), none()]);
        }
    }
    out.table(&objectives);
    out.say("Settings and commands are in [`ops/backup.md`](../ops/backup.md).");
    let mut retention = Table::new(&["Table", "Kept for", "As stated"]);
    for (name, assumed, what) in &context.input.physical.plans.retention {
        // "10 years" is not 3,650 days: the period is shown as it is used.
        let days = model.retentions.iter().find(|it| it.text.trim() == what).and_then(|it| it.days);
        let period = days.map_or_else(|| assumed.clone(), |days| period(what, days));
        retention.row([code(name.name.as_str()), text(&period), text(&words::sentence(what))]);
    }
    if retention.is_empty() {
        out.say("No document limits how long data is kept.");
    } else {
        out.say(
            "How long data is kept; the statements that delete it are in [`ops/retention.md`](../ops/retention.md):",
        );
    }
    out.table(&retention);
}

pub(super) fn migration(context: &Context<'_>, out: &mut Document) {
    out.title(2, "6. Migration Strategy");
    out.say(
        "Migrations are numbered SQL files. Each version has three: `up` makes the change, `down` takes it back, \
         `verify` changes nothing and fails with a list where the database is not as `up` leaves it. Each runs in one \
         transaction, so that a failure leaves nothing half done.",
    );
    let mut table = Table::new(&["Version", "File", "Purpose"]);
    for (direction, purpose) in [
        ("up", "creates the schema"),
        ("down", "drops the schema, with the data that is in it"),
        ("verify", "checks tables, columns, constraints, indexes, functions and triggers"),
    ] {
        let path = format!("migrations/0001_initial.{direction}.sql");
        table.row([raw("0001"), raw(format!("[`{path}`](../{path})")), raw(purpose)]);
    }
    out.table(&table);
    if context.claim(Family::Reversible, None, None).is_some() {
        let claim = "That the initial migration goes down and up again without a trace and without a difference: ";
        out.paragraph(&raw(claim).then(&whole(context, Family::Reversible)).then(&raw(".")));
    }
    out.say(
        "The files are plain SQL and fit any runner of numbered files, or `psql -v ON_ERROR_STOP=1 -1 -f FILE`.",
    );
    out.say(
        "Rolling back: once real data is in the tables, `down` of this version destroys it. From then on, go forward \
         with a new version, or restore (section 5).",
    );
}
