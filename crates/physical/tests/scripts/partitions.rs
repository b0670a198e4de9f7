//! Which tables are split by time, by how long a time, and what keeps a table whole.

use underpin_pg::PartitionInterval;
use underpin_physical::{PartitionDesign, PhysicalDesign};

use crate::designed;

/// A table of so many rows a month, with further fields, a retention and whatever follows.
fn document(per_month: &str, key: &str, more: &str, kept: &str, after: &str) -> String {
    format!(
        "## Event\n\n| Field | Type | Key | Required | Description |\n|---|---|---|---|---|\n{key}\n\
         | occurred_at | timestamp | | yes | |\n{more}\n## Volumes\n\n| Entity | Rows | Growth per month |\n|---|---|---|\n\
         | Event | 0 | {per_month} |\n\n## Retention\n\n| Entity | Kept for | Counted from | Then |\n|---|---|---|---|\n{kept}\n{after}"
    )
}

const COUNTED: &str = "| id | bigint | PK | yes | auto-increment |";

fn split(physical: &PhysicalDesign) -> Option<&PartitionDesign> {
    let mut tables = physical.tables.iter();
    tables.find(|it| it.table.name.as_str() == "events")?.partitions.as_ref()
}

fn why(physical: &PhysicalDesign) -> String {
    let found = physical.decisions.iter().find(|it| it.rule == "P015");
    found.map_or_else(String::new, |it| it.reason.clone())
}

#[test]
fn the_interval_comes_from_rate_and_retention() {
    let kept = |period: &str| format!("| Event | {period} | `occurred_at` | Deleted |");
    for (per_month, kept, interval) in [
        // 50 million rows in three years, and none goes.
        ("1,500,000", String::new(), PartitionInterval::Year),
        ("6,000,000", String::new(), PartitionInterval::Quarter),
        ("400,000,000", String::new(), PartitionInterval::Day),
        // No longer than a twelfth of the period.
        ("6,000,000", kept("24 months"), PartitionInterval::Month),
        ("6,000,000", kept("90 days"), PartitionInterval::Week),
        ("30,000,000", kept("30 days"), PartitionInterval::Day),
        // As stated.
        ("6,000,000", kept("24 months, a quarter at a time"), PartitionInterval::Quarter),
    ] {
        let (_, physical) = designed(&document(per_month, COUNTED, "", &kept, ""));
        let split = split(&physical).unwrap_or_else(|| panic!("{per_month}: {}", why(&physical)));
        assert_eq!(split.upkeep.interval, interval, "{per_month} {kept}: {}", why(&physical));
        assert_eq!(split.upkeep.kept.is_some(), !kept.is_empty());
    }
}

#[test]
fn small_tables_stay_whole_and_nothing_is_said_of_it() {
    let kept = "| Event | 90 days | `occurred_at` | Deleted |";
    let (_, physical) = designed(&document("200,000", COUNTED, "", kept, ""));
    assert!(split(&physical).is_none());
    assert_eq!(why(&physical), "");
    assert!(physical.plans.partitioning.is_empty());
}

#[test]
fn what_stands_in_the_way_is_said_and_no_key_is_made_weaker() {
    let large = "6,000,000";
    let reference = "\n## Note\n\n| Field | Type | Key | Required |\n|---|---|---|---|\n| id | uuid | PK | yes |\n\
                     | event_id | bigint | FK → Event | yes |\n";
    for (key, more, after, because) in [
        (
            COUNTED,
            "| message | string | | yes | unique |\n",
            "",
            "(message) is unique among all rows",
        ),
        (
            "| id | uuid | PK | yes | |",
            "",
            "",
            "its primary key (id) does not contain `occurred_at`",
        ),
        (COUNTED, "", reference, "`notes` refers to its rows"),
        (
            COUNTED,
            "| reported_at | timestamp | | yes | |\n",
            "",
            "a row has several moments (occurred_at, reported_at)",
        ),
    ] {
        let (_, physical) = designed(&document(large, key, more, "", after));
        assert!(split(&physical).is_none(), "{because}");
        let why = why(&physical);
        assert!(why.contains(because), "{because}: {why}");
        let table = physical.schema.tables.values().find(|it| it.name.name.as_str() == "events");
        let table = table.expect("the table is there");
        assert!(table.partitioning.is_none());
        assert_eq!(table.primary_key.as_ref().unwrap().columns.len(), 1);
        let [(_, what, _)] = physical.plans.partitioning.as_slice() else { panic!("one table") };
        assert_eq!(what, "Stays one table");
    }
}

#[test]
fn keys_hold_the_moment_and_queries_without_it_are_named() {
    let patterns = "\n## Access patterns\n\n| Query | Kind | Entity | Filter | Sort | Limit | Frequency |\n|---|---|---|---|---|---|---|\n\
                    | an event by id | read | Event | id | | 1 | 5/s |\n\
                    | events of a day | read | Event | occurred_at between | occurred_at | 100 | 5/s |\n";
    let (_, physical) = designed(&document("6,000,000", COUNTED, "", "", patterns));
    let table = physical.schema.tables.values().next().expect("the table is there");
    let key: Vec<&str> = table
        .primary_key
        .as_ref()
        .unwrap()
        .columns
        .iter()
        .map(underpin_pg::Ident::as_str)
        .collect();
    assert_eq!(key, ["id", "occurred_at"]);
    let named: Vec<&str> = physical
        .decisions
        .iter()
        .filter(|it| it.rule == "P055")
        .map(|it| it.subject.as_str())
        .collect();
    assert_eq!(named, ["an_event_by_id"]);
    let claimed: Vec<&str> = physical
        .claims
        .iter()
        .filter(|it| it.family == underpin_claim::Family::Prunes)
        .filter_map(|it| it.subject.object.as_deref())
        .collect();
    assert_eq!(claimed, ["events_of_a_day", "events_of_a_day_next"]);
}

#[test]
fn the_moment_that_retention_counts_from_comes_before_those_that_queries_speak_of() {
    let more = "| settled_at | timestamp | | yes | |\n";
    let patterns = "\n## Access patterns\n\n| Query | Kind | Entity | Filter | Sort | Limit | Frequency |\n|---|---|---|---|---|---|---|\n\
                    | events of a day | read | Event | occurred_at between | occurred_at | 100 | 5/s |\n";
    let kept = "| Event | 24 months | `settled_at` | Deleted |";
    let (_, physical) = designed(&document("6,000,000", COUNTED, more, kept, patterns));
    let split = split(&physical).expect("it is split");
    assert_eq!(split.upkeep.column.as_str(), "settled_at", "{}", why(&physical));
    assert_eq!(split.upkeep.kept.as_deref(), Some("24 months"));
}
