//! P060: what the documents print besides the schema: storage, caching, backup, retention, soft deletion, the
//! balance of reads and writes. Nothing is proposed that no objective asks for.

use underpin_logical::{LogicalDesign, Relation};
use underpin_model::{AccessKind, FieldKind, LoadMeasure, Model, RecoveryObjective};

use crate::{PhysicalDesign, StatedLoad};

/// Reads in a second from which a result that may be old is worth a cache.
const READS_WORTH_CACHING: f64 = 1_000.0;

pub(crate) fn apply(model: &Model, logical: &LogicalDesign, design: &mut PhysicalDesign) {
    balance(design);
    load(model, design);
    storage(logical, design);
    caching(model, design);
    backup(model, design);
    retention(model, logical, design);
    soft_delete(logical, design);
}

fn balance(design: &mut PhysicalDesign) {
    let sum = |kind: AccessKind| {
        // Not the iterator's own sum: for no elements that is minus zero, and prints so.
        design
            .queries
            .iter()
            .filter(|query| query.kind == kind)
            .filter_map(|query| query.per_second)
            .fold(0.0, |total, rate| total + rate)
    };
    let (reads, writes) = (sum(AccessKind::Read), sum(AccessKind::Write));
    design.plans.reads_per_second = reads;
    design.plans.writes_per_second = writes;
}

/// What is said of the load as a whole.
fn load(model: &Model, design: &mut PhysicalDesign) {
    let stated = |measure: LoadMeasure| {
        model.load.iter().find(|it| it.measure == measure).map(|it| it.value)
    };
    design.load = StatedLoad {
        concurrent_users: stated(LoadMeasure::ConcurrentUsers),
        peak_per_second: stated(LoadMeasure::PeakRate),
        peak_factor: stated(LoadMeasure::PeakFactor),
    };
}

fn storage(logical: &LogicalDesign, design: &mut PhysicalDesign) {
    let plans = &mut design.plans;
    plans.storage.push((
        "Primary database".to_owned(),
        "PostgreSQL 15 or newer".to_owned(),
        "All tables are here, because references and life cycles are enforced across them."
            .to_owned(),
    ));
    let holds = |wanted: fn(&FieldKind) -> bool| {
        logical
            .relations
            .iter()
            .flat_map(|relation| relation.attributes.iter().map(move |a| (relation, a)))
            .filter(|(_, attribute)| wanted(&attribute.kind))
            .map(|(relation, attribute)| format!("{}.{}", relation.name, attribute.name))
            .collect::<Vec<_>>()
    };
    let json = holds(|kind| *kind == FieldKind::Json);
    if !json.is_empty() {
        plans.storage.push((
            "Documents without a fixed form".to_owned(),
            "`jsonb` columns".to_owned(),
            format!("{} stay beside the row that they describe.", json.join(", ")),
        ));
    }
    let bytes = holds(|kind| *kind == FieldKind::Binary);
    plans.storage.push(if bytes.is_empty() {
        ("Files".to_owned(), "None".to_owned(), "No column holds the bytes of a file.".to_owned())
    } else {
        (
            "Files".to_owned(),
            "`bytea` columns".to_owned(),
            format!(
                "{} are stored in the row, as the documents say; above about 1 MB each, an object \
                 store with the key in the row keeps backups small.",
                bytes.join(", ")
            ),
        )
    });
    let searched = design
        .queries
        .iter()
        .any(|query| query.parameters.iter().any(|p| p.role == crate::ParameterRole::Search));
    plans.storage.push(if searched {
        (
            "Search".to_owned(),
            "PostgreSQL full-text search".to_owned(),
            "The searches that the documents name are served by GIN indexes, and see what was \
             committed."
                .to_owned(),
        )
    } else {
        ("Search".to_owned(), "None".to_owned(), "No access pattern searches by words.".to_owned())
    });
}

fn caching(model: &Model, design: &mut PhysicalDesign) {
    for query in &design.queries {
        let stale = model.pattern(query.pattern).staleness_s;
        let rate = query.per_second.unwrap_or_default();
        if let Some(stale) = stale.filter(|&stale| stale > 0.0 && rate >= READS_WORTH_CACHING) {
            design.plans.caches.push((
                query.name.clone(),
                format!("{rate:.0} calls in a second, and an answer may be {stale:.0} s old."),
            ));
        }
    }
    if design.plans.caches.is_empty() {
        let busiest = design
            .queries
            .iter()
            .filter(|query| query.kind == AccessKind::Read)
            .filter_map(|query| query.per_second.map(|rate| (rate, &query.name)))
            .max_by(|a, b| a.0.total_cmp(&b.0));
        design.plans.no_cache_reason = Some(match busiest {
            Some((rate, name)) => format!(
                "No cache. The busiest read, `{name}`, runs {rate:.0} times in a second; below {} \
                 the database's own buffers answer from memory, and a cache would only add a second \
                 truth.",
                grouped(READS_WORTH_CACHING)
            ),
            None => "No cache: the documents state no frequency that would earn one.".to_owned(),
        });
    }
}

/// A whole number with commas between thousands.
pub(super) fn grouped(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn backup(model: &Model, design: &mut PhysicalDesign) {
    let stated = |objective: RecoveryObjective| {
        model.recovery.iter().find(|recovery| recovery.objective == objective)
    };
    let mut rows = Vec::new();
    let none = "no document states one";
    let point = stated(RecoveryObjective::PointObjective);
    rows.push((
        "Recovery point objective (RPO)".to_owned(),
        point.map_or_else(|| "Not stated".to_owned(), |recovery| recovery.text.trim().to_owned()),
        match point.and_then(|recovery| recovery.seconds) {
            Some(seconds) if seconds < 86_400.0 => format!(
                "Less than a day: WAL is archived continuously, with `archive_timeout` at most {:.0} \
                 s, so that a quiet server loses no more.",
                (seconds / 2.0).max(1.0).floor()
            ),
            Some(_) => "A day or more: a daily base backup keeps it; archiving WAL lowers it to \
                        minutes at little cost."
                .to_owned(),
            None => format!("Assumed nothing: {none}."),
        },
    ));
    let time = stated(RecoveryObjective::TimeObjective);
    rows.push((
        "Recovery time objective (RTO)".to_owned(),
        time.map_or_else(|| "Not stated".to_owned(), |recovery| recovery.text.trim().to_owned()),
        match time {
            Some(_) => "Kept only if a restore, timed on the size that the database has by then, \
                        takes less; rehearse it as often as the restore test says."
                .to_owned(),
            None => format!("Assumed nothing: {none}."),
        },
    ));
    for (objective, name) in [
        (RecoveryObjective::BackupInterval, "Backup interval"),
        (RecoveryObjective::BackupRetention, "Backups kept"),
    ] {
        for recovery in model.recovery.iter().filter(|recovery| recovery.objective == objective) {
            rows.push((name.to_owned(), recovery.text.trim().to_owned(), String::new()));
        }
    }
    for (objective, name, follows) in [
        (
            RecoveryObjective::PointInTime,
            "Point-in-time recovery",
            "WAL is archived continuously beside the base backups: a backup alone holds one moment.",
        ),
        (
            RecoveryObjective::OtherRegion,
            "Copy in another region",
            "Base backups and the archived WAL are copied there; what is not yet copied when a region is lost is lost \
             with it.",
        ),
        (
            RecoveryObjective::RestoreTest,
            "Restore tests",
            "The last base backup is restored on a server of its own, and the script that verifies the schema run there.",
        ),
    ] {
        if let Some(recovery) = stated(objective) {
            rows.push((name.to_owned(), recovery.text.trim().to_owned(), follows.to_owned()));
        }
    }
    design.plans.backup = rows;
}

fn retention(model: &Model, logical: &LogicalDesign, design: &mut PhysicalDesign) {
    for retention in &model.retentions {
        let Some(id) = logical.relation_of(retention.entity) else { continue };
        let period = match retention.days {
            Some(days) => format!("{days} days"),
            None if retention.is_without_limit() => "No limit".to_owned(),
            None => "Not understood as a number of days".to_owned(),
        };
        design.plans.retention.push((
            design.tables[id.index()].table.clone(),
            period,
            retention.text.trim().to_owned(),
        ));
    }
}

fn soft_delete(logical: &LogicalDesign, design: &mut PhysicalDesign) {
    for (id, relation) in logical.relations() {
        let Some(marker) = marker(relation) else { continue };
        let column = design.tables[id.index()].column(marker).as_str().to_owned();
        design.plans.soft_delete.push((
            design.tables[id.index()].table.clone(),
            format!(
                "`{column}` marks a deleted row; the row stays, and so do the rows that refer to it. \
                 {}A query leaves deleted rows out, unless its access pattern speaks of them; SQL of a \
                 document is used as it is.",
                unique_among_all(design, id.index())
            ),
        ));
    }
}

/// Which unique keys a deleted row still occupies.
fn unique_among_all(design: &PhysicalDesign, at: usize) -> String {
    let table = &design.schema.tables[&design.tables[at].table];
    let keys: Vec<String> = table
        .uniques
        .iter()
        // A key that holds the primary key is unique whatever the rest says.
        .filter(|key| {
            table.primary_key.as_ref().is_none_or(|primary| {
                !primary.columns.iter().all(|column| key.columns.contains(column))
            })
        })
        .map(|key| format!("`{}`", key.name.as_str()))
        .collect();
    if keys.is_empty() {
        return String::new();
    }
    format!(
        "{} counts deleted rows as well: a new row cannot take the values of a deleted one. ",
        keys.join(", ")
    )
}

/// The attribute that says when a row was deleted.
fn marker(relation: &Relation) -> Option<underpin_logical::AttributeId> {
    relation
        .attributes()
        .find(|(_, attribute)| {
            let plain: String = attribute
                .name
                .chars()
                .filter(|c| c.is_alphanumeric())
                .flat_map(char::to_lowercase)
                .collect();
            matches!(&*plain, "deletedat" | "deletedon" | "isdeleted" | "archivedat")
        })
        .map(|(id, _)| id)
}
