//! Partitions of times: one that covers more than is kept, and a time that none covers.

use underpin_pg::{PartitionBound, PartitionMethod, PartitionValue, Partitioning, QualifiedName};

use crate::finding::{Finding, Object, short};
use crate::subject::Subject;

underpin_base::codes! {
    /// There is a gap between two partitions of a table.
    ///
    /// A row of a time between them lies in the default partition, where old rows are not dropped with their time and
    /// each new partition has to look through it; without one the row is refused (SQLSTATE 23514), and its writer loses it.
    ///
    /// ```sql
    /// CREATE TABLE readings (
    ///   meter_id bigint NOT NULL,
    ///   read_at timestamptz NOT NULL,
    ///   PRIMARY KEY (meter_id, read_at)
    /// ) PARTITION BY RANGE (read_at);
    /// CREATE TABLE readings_p20250101 PARTITION OF readings
    ///   FOR VALUES FROM ('2025-01-01 00:00+00') TO ('2025-02-01 00:00+00');
    /// CREATE TABLE readings_p20250301 PARTITION OF readings
    ///   FOR VALUES FROM ('2025-03-01 00:00+00') TO ('2025-04-01 00:00+00');
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE readings (
    ///   meter_id bigint NOT NULL,
    ///   read_at timestamptz NOT NULL,
    ///   PRIMARY KEY (meter_id, read_at)
    /// ) PARTITION BY RANGE (read_at);
    /// CREATE TABLE readings_p20250101 PARTITION OF readings
    ///   FOR VALUES FROM ('2025-01-01 00:00+00') TO ('2025-02-01 00:00+00');
    /// CREATE TABLE readings_p20250201 PARTITION OF readings
    ///   FOR VALUES FROM ('2025-02-01 00:00+00') TO ('2025-03-01 00:00+00');
    /// ```
    PARTITION_GAP = "C081", "partition-gap";

    /// A partition covers more than half of the time for which its rows are kept.
    ///
    /// A partition can be dropped once its youngest row is too old; until then its oldest stays as much longer as the
    /// partition covers. Rows that are to go after 90 days stay for up to a year and a quarter in a partition of a year, or
    /// they are deleted one by one, which is what partitions were to save.
    ///
    /// ```markdown
    /// ## Visit
    ///
    /// - id: bigint, primary key
    /// - visited_at: timestamp, required
    ///
    /// Visits are deleted 90 days after `visited_at`.
    /// ```
    ///
    /// ```sql
    /// CREATE TABLE visits (
    ///   id bigint GENERATED ALWAYS AS IDENTITY,
    ///   visited_at timestamptz NOT NULL,
    ///   PRIMARY KEY (id, visited_at)
    /// ) PARTITION BY RANGE (visited_at);
    /// CREATE TABLE visits_p2025 PARTITION OF visits
    ///   FOR VALUES FROM ('2025-01-01 00:00+00') TO ('2026-01-01 00:00+00');
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE visits (
    ///   id bigint GENERATED ALWAYS AS IDENTITY,
    ///   visited_at timestamptz NOT NULL,
    ///   PRIMARY KEY (id, visited_at)
    /// ) PARTITION BY RANGE (visited_at);
    /// CREATE TABLE visits_p20250106 PARTITION OF visits
    ///   FOR VALUES FROM ('2025-01-06 00:00+00') TO ('2025-01-13 00:00+00');
    /// ```
    PARTITION_OUTLASTS_RETENTION = "C109", "partition-outlasts-retention";
}

/// A partition of a range of times: the days on which it begins and ends.
struct Range<'a> {
    name: &'a QualifiedName,
    from: &'a str,
    to: &'a str,
}

/// The ranges of a table that is split by one column, the first first. Those that are open at an end are left out.
fn ranges(partitioning: &Partitioning) -> Vec<Range<'_>> {
    if partitioning.method != PartitionMethod::Range || partitioning.columns.len() != 1 {
        return Vec::new();
    }
    let mut ranges: Vec<Range<'_>> = partitioning
        .partitions
        .iter()
        .filter_map(|partition| {
            let PartitionBound::Range { from, to } = &partition.bound else { return None };
            match (from.as_slice(), to.as_slice()) {
                ([PartitionValue::Value(from)], [PartitionValue::Value(to)]) => {
                    Some(Range { name: &partition.name, from, to })
                }
                _ => None,
            }
        })
        .collect();
    ranges.sort_by_key(|range| (day(range.from), range.from));
    ranges
}

/// The day that a time begins with, counted from one that does not matter; nothing for what is no time.
fn day(text: &str) -> Option<i64> {
    let mut parts = text.get(..10)?.split('-').map(str::parse::<i64>);
    let (year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    // Months counted from March, so that the day that a leap year has more is the last of its year.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    Some(365 * year + leap_days + (153 * month + 2) / 5 + day)
}

pub(super) fn apply(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for table in subject.tables() {
        let Some(partitioning) = &table.partitioning else { continue };
        for pair in ranges(partitioning).windows(2) {
            let [one, next] = pair else { continue };
            // Only where both are times can it be told from here which comes first.
            if one.to != next.from && day(one.to) < day(next.from) && day(one.to).is_some() {
                findings.push(
                    Finding::warning(
                        PARTITION_GAP,
                        Object::whole(&table.name),
                        format!(
                            "no partition of `{}` covers the time from {} to {}",
                            short(&table.name),
                            one.to,
                            next.from
                        ),
                    )
                    .help("make the partition that is missing"),
                );
            }
        }
    }
    let Some(documents) = subject.documents else { return };
    for home in documents.homes {
        let Some(table) = subject.schema.tables.get(&home.table) else { continue };
        let Some(partitioning) = &table.partitioning else { continue };
        let design = documents.physical.tables.of(&home.ours);
        let Some(days) = design.and_then(|it| it.growth.retention_days) else { continue };
        let longest = ranges(partitioning)
            .into_iter()
            .filter_map(|range| Some((day(range.to)? - day(range.from)?, range)))
            .max_by_key(|(length, _)| *length);
        let Some((length, range)) = longest else { continue };
        if 2 * length > i64::from(days) {
            findings.push(
                Finding::warning(
                    PARTITION_OUTLASTS_RETENTION,
                    Object::whole(&home.table),
                    format!(
                        "a partition of `{}` covers {length} days (`{}`), and rows are kept for {days}: they stay up to {} \
                         days, or are deleted one by one",
                        short(&home.table),
                        short(range.name),
                        length + i64::from(days)
                    ),
                )
                .help("split it by a shorter time, of a twelfth of the period or less"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_over_leap_years() {
        let between = |from, to| day(to).unwrap() - day(from).unwrap();
        assert_eq!(between("2024-02-01 00:00:00+00", "2024-03-01 00:00:00+00"), 29);
        assert_eq!(between("2025-01-01", "2026-01-01"), 365);
        assert_eq!(between("2000-01-01", "2001-01-01"), 366);
        assert_eq!(day("1000000"), None);
    }
}
