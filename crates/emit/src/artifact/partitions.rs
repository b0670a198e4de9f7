//! The `ops/partitions.md` artifact: how the partitions of tables that are split are made, dropped and watched.

mod values;

use underpin_pg::{Ident, PartitionInterval, PartitionUpkeep, QualifiedName};
use underpin_physical::{PartitionDesign, PartitionScheme, TableDesign};

use super::ArtifactKind;
use crate::context::Context;
use crate::markdown::{Document, Table, code, raw, text};
use crate::{Artifact, words};

const PATH: &str = "ops/partitions.md";

pub(super) const ARTIFACT: ArtifactKind = ArtifactKind { path: PATH, measured: false, write };

/// Written where a table is split; where none is, the design document says so.
fn write(context: &Context<'_>) -> Vec<Artifact> {
    let tables = &context.input.physical.tables;
    let split: Vec<(&TableDesign, &PartitionDesign)> =
        tables.iter().filter_map(|it| Some((it, it.partitions.as_ref()?))).collect();
    if split.is_empty() {
        return Vec::new();
    }
    let mut out = Document::default();
    out.title(1, "Partitions");
    let mut table = Table::new(&[
        "Table",
        "Split by",
        "Each partition",
        "Rows in one",
        "Partitions",
        "Rows are kept",
    ]);
    for (of, it) in &split {
        let columns: Vec<&str> = it.columns.iter().map(Ident::as_str).collect();
        let (each, about, kept) = match &it.scheme {
            PartitionScheme::Time(upkeep) => {
                (format!("a {}", upkeep.interval.as_str()), "about ", upkeep.kept.as_deref())
            }
            PartitionScheme::List(_) => ("values of a list".to_owned(), "", None),
            PartitionScheme::Hash => ("a share by hash".to_owned(), "", None),
        };
        let rows = it.rows.map_or_else(
            || "not stated".to_owned(),
            |rows| format!("about {}", words::count(rows.round())),
        );
        let is_deleted = of.growth.retention_days.is_some() && kept.is_none();
        table.row([
            code(of.table.name.as_str()),
            code(&columns.join(", ")),
            raw(each),
            raw(rows),
            raw(format!("{about}{:.0}", it.count)),
            match kept {
                Some(kept) => text(kept),
                None if is_deleted => raw("until they are deleted one by one"),
                None => raw("for ever"),
            },
        ]);
    }
    out.table(&table);
    let by_time: Vec<&PartitionUpkeep> = split.iter().filter_map(|(_, it)| it.upkeep()).collect();
    if let Some(first) = by_time.first() {
        schedule(&mut out, &by_time);
        watch(&mut out, &by_time);
        locks(&mut out, first);
        history(&mut out, first);
        partman(&mut out, &by_time);
    }
    values::write(context, &split, &mut out);
    versions(&mut out);
    vec![Artifact::text(PATH, out.finish())]
}

fn statement(sql: &str) -> String {
    format!("{sql};")
}

fn schedule(out: &mut Document, split: &[&PartitionUpkeep]) {
    out.title(2, "Once a day");
    out.say(
        "Each function makes the partitions of the time to come, and drops those that are over where rows have an end. It \
         may be run at any time and by two sessions at once: the second one finds the first at work and returns. It waits \
         three seconds for a lock and no longer; what it could not do then it says in a warning, and does the next day. Run \
         it as the owner of the tables:",
    );
    let calls: Vec<String> = split.iter().map(|it| statement(&it.call())).collect();
    out.fence("sql", &calls.join("\n"));
    out.say("By cron, or by the extension `pg_cron` in the database itself:");
    let one = calls.join(" ");
    out.fence("sh", &format!("17 3 * * *  psql -v ON_ERROR_STOP=1 -c \"{one}\""));
    out.say(
        "Once a week, the statistics of the whole table: autovacuum gathers those of each partition and never those of the \
         table that they are parts of (manual, section 25.1.3).",
    );
    let analyze: Vec<String> = split.iter().map(|it| statement(&it.analyze())).collect();
    out.fence("sql", &analyze.join("\n"));
}

fn watch(out: &mut Document, split: &[&PartitionUpkeep]) {
    out.title(2, "What to watch");
    for it in split {
        let default = it.default.name.as_str();
        out.paragraph(&code(default).then(&raw(
            " is to be empty. A row in it has a time for which there is no partition: too long ago, too far ahead, or the \
             function has not been run. It is found like any other row, and each new partition has to look whether it \
             belongs there. Raise an alarm at one row:",
        )));
        out.fence("sql", &statement(&it.watch()));
        let ahead = f64::from(it.ahead) * it.interval.days();
        out.say(&format!(
            "How far ahead there are partitions; raise an alarm below {:.0} days, half of what the function makes:",
            (ahead / 2.0).floor().max(1.0)
        ));
        out.fence("sql", &statement(&it.horizon()));
    }
}

fn locks(out: &mut Document, upkeep: &PartitionUpkeep) {
    out.title(2, "Locks");
    out.list([
        raw("A partition is made as a table of its own and attached: `ATTACH PARTITION` takes `SHARE UPDATE EXCLUSIVE` on the \
             table, which lets everybody read and write; `CREATE TABLE … PARTITION OF` would take `ACCESS EXCLUSIVE`. The \
             default partition is locked meanwhile and looked through, which takes no time while it is empty."),
        raw("A partition is dropped in two steps, detached first. `DETACH PARTITION` takes `ACCESS EXCLUSIVE` on the table for \
             as long as it takes to note it in the catalog, and waits three seconds for it at most.")
        ,
        raw("`DETACH PARTITION … CONCURRENTLY` would lock nobody out, and PostgreSQL refuses it (SQLSTATE 55000) for a table \
             that has a default partition, and within a function. The default partition is worth more here: without it a \
             row out of all ranges is lost to the application that writes it (SQLSTATE 23514)."),
        raw("An UPDATE of ").then(&code(upkeep.column.as_str())).then(&raw(
            " that takes a row into another partition is a DELETE and an INSERT: triggers on both run, and a life cycle that \
             begins in one state refuses a row that has left it.",
        )),
    ]);
}

/// A table to show statements on.
fn example(upkeep: &PartitionUpkeep) -> (QualifiedName, &'static str, &'static str) {
    let name = underpin_pg::naming::fit(&format!("{}_before", upkeep.table.name.as_str()), "");
    let (from, to) = match upkeep.interval {
        PartitionInterval::Day => ("2020-01-01", "2020-01-02"),
        // A Monday.
        PartitionInterval::Week => ("2020-01-06", "2020-01-13"),
        PartitionInterval::Month => ("2020-01-01", "2020-02-01"),
        PartitionInterval::Quarter => ("2020-01-01", "2020-04-01"),
        PartitionInterval::Year => ("2020-01-01", "2021-01-01"),
    };
    (QualifiedName::new(upkeep.table.namespace.clone(), name), from, to)
}

fn history(out: &mut Document, upkeep: &PartitionUpkeep) {
    out.title(2, "Rows that are there already");
    out.say(
        "A table with rows becomes a partition without being read under a lock, where a CHECK that was validated before says \
         what it holds. Times are in UTC, as those of the function:",
    );
    let (name, from, to) = example(upkeep);
    let bound = |at: &str| if upkeep.is_day { at.to_owned() } else { format!("{at} 00:00:00+00") };
    let statements = upkeep.attach(&name, &bound(from), &bound(to));
    out.fence("sql", &statements.iter().map(|it| statement(it)).collect::<Vec<_>>().join("\n"));
}

fn partman(out: &mut Document, split: &[&PartitionUpkeep]) {
    out.title(2, "With pg_partman");
    out.say(
        "The extension `pg_partman` (version 5) does the same for many tables, with a worker of its own, and takes over what \
         is there: the names of partitions are as it gives them. The functions of this design need no extension, which not \
         every provider has; it is one or the other. These statements were not run for this document, which does without the extension:",
    );
    let mut statements: Vec<String> = Vec::new();
    for it in split {
        for sql in it.partman() {
            if !statements.contains(&statement(&sql)) {
                statements.push(statement(&sql));
            }
        }
    }
    out.fence("sql", &statements.join("\n"));
    out.say(
        "Then, once an hour or by its background worker, `CALL partman.run_maintenance_proc();`.",
    );
}

fn versions(out: &mut Document) {
    out.title(2, "Versions of PostgreSQL");
    out.list([
        raw("15 and 16: no exclusion constraint on a table that is split; an identity column counts for rows that are \
             written to the table, not for those written to a partition by its own name."),
        raw("17: partitions share the identity column of their table, and a table with one of its own is not attached; \
             exclusion constraints where they compare the partition key for equality."),
        raw("18: `VACUUM` and `ANALYZE` take `ONLY`, so that the statistics of the table are gathered without those of each \
             partition; more relation locks are taken the fast way, so that a query that reads many partitions waits less."),
    ]);
}
