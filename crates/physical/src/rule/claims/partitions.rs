//! What is claimed of tables that are split: that rows find their partition, that those who ask for few read few, and that
//! partitions find those who make and drop them.

use underpin_claim::{Claim, Family, Subject, Value};
use underpin_model::AccessKind;
use underpin_pg::{
    Ident, PartitionBound, PartitionMethod, PartitionUpkeep, PartitionValue, Partitioning,
};

use crate::rule::pruning;
use crate::{PartitionDesign, PartitionScheme, PhysicalDesign, Query, TableDesign};

/// So many times its share may one partition of a hash hold: some parents have more rows than others.
const MOST_OF_A_SHARE: f64 = 3.0;

/// That rows find their partition, and partitions those who make and drop them.
pub(super) fn of(design: &PhysicalDesign, table: &TableDesign) -> Vec<Claim> {
    let Some(partitions) = &table.partitions else { return Vec::new() };
    match &partitions.scheme {
        PartitionScheme::Time(upkeep) => by_time(upkeep),
        PartitionScheme::List(_) | PartitionScheme::Hash => {
            let split = design.schema.tables.get(&table.table);
            let split = split.and_then(|it| it.partitioning.as_ref());
            let name = table.table.name.as_str();
            split.map_or_else(Vec::new, |split| by_value(name, split, partitions))
        }
    }
}

fn by_time(upkeep: &PartitionUpkeep) -> Vec<Claim> {
    let (table, column) = (upkeep.table.name.as_str(), upkeep.column.as_str());
    let (function, default) = (upkeep.function.name.as_str(), upkeep.default.name.as_str());
    let routed = format!(
        "A row of `{table}` whose `{column}` is now lies in a partition of its own time; one of a time that no partition \
         covers lies in `{default}`, which is empty at first, and with generated rows as well."
    );
    let dropped = upkeep.kept.as_ref().map_or_else(String::new, |kept| {
        format!(", drops those whose rows are all older than {kept} and no others")
    });
    let kept = format!(
        "`{function}()` makes the partitions that are missing, with the rows that came before them{dropped}, and does nothing \
         when it is run again or beside another session; who reads and writes goes on while it makes one."
    );
    vec![
        Claim::new(Family::Partitioned, Subject::of(table, default), routed),
        Claim::new(Family::Upkeep, Subject::of(table, function), kept)
            .demand("lock", "ShareUpdateExclusiveLock"),
    ]
}

fn by_value(table: &str, split: &Partitioning, design: &PartitionDesign) -> Vec<Claim> {
    let columns = split.columns.iter().map(Ident::as_str).collect::<Vec<_>>().join(", ");
    if split.method == PartitionMethod::Hash {
        let count = split.partitions.len();
        let statement = format!(
            "The rows of `{table}` lie in all {count} partitions by the hash of their `{columns}`, and none holds more than \
             {MOST_OF_A_SHARE:.0} times its share of the generated rows."
        );
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let claim = Claim::new(Family::Partitioned, Subject::of(table, columns), statement);
        return vec![claim.demand("partitions", count).demand("largest_share", MOST_OF_A_SHARE)];
    }
    let claims = split.partitions.iter().filter_map(|partition| {
        let name = partition.name.name.as_str();
        let (statement, values) = match &partition.bound {
            PartitionBound::List(values) => {
                let values: Vec<String> = values.iter().map(text).collect();
                let statement = format!(
                    "A row of `{table}` whose `{columns}` is {} lies in `{name}`.",
                    values.join(" or ")
                );
                (statement, values)
            }
            PartitionBound::Default if other(design).is_none() => (
                format!(
                    "`{name}` is empty, with generated rows as well: each value of `{columns}` has a partition of its own."
                ),
                Vec::new(),
            ),
            PartitionBound::Default => (
                format!(
                    "A row of `{table}` whose `{columns}` no other partition is for lies in `{name}`."
                ),
                other(design).cloned().into_iter().collect(),
            ),
            PartitionBound::Range { .. } | PartitionBound::Hash { .. } => return None,
        };
        let claim = Claim::new(Family::Partitioned, Subject::of(table, name), statement);
        let values: Vec<Value> = values.iter().map(|it| it.as_str().into()).collect();
        Some(claim.demand("values", Value::List(values)))
    });
    claims.collect()
}

/// A value that is not listed, where a partition takes such.
fn other(design: &PartitionDesign) -> Option<&String> {
    match &design.scheme {
        PartitionScheme::List(default) => default.as_ref()?.example.as_ref(),
        PartitionScheme::Time(_) | PartitionScheme::Hash => None,
    }
}

/// The next whole number.
fn whole(number: f64) -> i64 {
    format!("{:.0}", number.ceil()).parse().unwrap_or(i64::MAX)
}

fn text(value: &PartitionValue) -> String {
    match value {
        PartitionValue::Value(value) => value.clone(),
        PartitionValue::Null | PartitionValue::Least | PartitionValue::Greatest => {
            value.to_string()
        }
    }
}

/// That a query which says by what its table is split reads the partitions of that, and no others.
pub(super) fn pruned(design: &PhysicalDesign, query: &Query) -> Option<Claim> {
    let columns = pruning::key_of(design, query).filter(|_| query.kind == AccessKind::Read)?;
    let partitions = design.tables.of(&query.table)?.partitions.as_ref()?;
    let columns = columns.iter().map(Ident::as_str).collect::<Vec<_>>().join(", ");
    let of_clock = match &partitions.scheme {
        PartitionScheme::Time(upkeep) => pruning::window(query, &upkeep.column),
        PartitionScheme::List(_) | PartitionScheme::Hash => None,
    };
    // Whether rows of the time that is asked for may lie in the default partition.
    let mut is_open = false;
    let (statement, most) = match (&partitions.scheme, of_clock) {
        (PartitionScheme::Time(upkeep), Some(window)) => {
            let days = f64::from(window.seconds()) / 86_400.0;
            let kept = design.tables.of(&query.table)?.growth.retention_days.map(f64::from);
            let ahead = f64::from(upkeep.ahead) * upkeep.interval.days();
            is_open =
                if window.is_ahead() { days > ahead } else { kept.is_some_and(|it| days > it) };
            let most = whole(days / upkeep.interval.days()) + 1 + i64::from(is_open);
            (
                format!(
                    "The plan of `{}` reads the partitions of the {window} of `{columns}`, {most} at most, and no others.",
                    query.name
                ),
                most,
            )
        }
        (PartitionScheme::Time(upkeep), None) if !pruning::ends(query, partitions) => {
            is_open = true;
            (
                format!(
                    "The plan of `{}` from around now on reads the partitions from that `{columns}` on, and none before.",
                    query.name
                ),
                // And the default one, in which rows of any time may lie.
                i64::from(upkeep.ahead) + 3,
            )
        }
        (PartitionScheme::Time(_), None) => (
            format!(
                "The plan of `{}` for the time around now reads the partitions of that `{columns}`, and no others.",
                query.name
            ),
            2_i64,
        ),
        (PartitionScheme::List(_) | PartitionScheme::Hash, _) => (
            format!(
                "The plan of `{}` for one `{columns}` reads one partition of `{}`.",
                query.name,
                query.table.name.as_str()
            ),
            1,
        ),
    };
    let subject = Subject::of(query.table.name.as_str(), query.name.clone());
    let claim = Claim::new(Family::Prunes, subject, statement).demand("partitions", most);
    Some(match &partitions.scheme {
        PartitionScheme::Time(_) => claim.demand("default_partition", is_open),
        PartitionScheme::List(_) | PartitionScheme::Hash => claim,
    })
}
