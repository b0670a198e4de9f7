//! Which tables are split by time, by how long a time, and what keeps a table whole.

use underpin_base::{Sources, Span};
use underpin_model::Answer;
use underpin_pg::{PartitionInterval, PartitionUpkeep};
use underpin_physical::PhysicalDesign;

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

fn split(physical: &PhysicalDesign) -> Option<&PartitionUpkeep> {
    let mut tables = physical.tables.iter();
    tables.find(|it| it.table.name.as_str() == "events")?.partitions.as_ref()?.upkeep()
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
        assert_eq!(split.interval, interval, "{per_month} {kept}: {}", why(&physical));
        assert_eq!(split.kept.is_some(), !kept.is_empty());
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
    assert_eq!(split.column.as_str(), "settled_at", "{}", why(&physical));
    assert_eq!(split.kept.as_deref(), Some("24 months"));
}

/// A table of which a document says how it is split.
fn stated(key: &str, more: &str, said: &str, after: &str) -> String {
    format!(
        "## Event\n\n| Field | Type | Key | Required | Description |\n|---|---|---|---|---|\n{key}\n\
         | chat_id | uuid | | yes | |\n| region | text | | yes | |\n| occurred_at | timestamp | | yes | |\n{more}\n\
         ## Scale\n\n- {said}\n{after}"
    )
}

/// How the table is split, and the columns of its primary key.
fn made(physical: &PhysicalDesign) -> (Option<String>, Vec<String>, Vec<String>) {
    let mut tables = physical.schema.tables.values();
    let table = tables.find(|it| it.name.name.as_str() == "events").expect("the table is there");
    let key = table.primary_key.iter().flat_map(|it| &it.columns);
    let split = table.partitioning.as_ref();
    let parts = split.iter().flat_map(|it| &it.partitions);
    (
        split.map(ToString::to_string),
        parts.map(|it| format!("{} {}", it.name.name.as_str(), it.bound)).collect(),
        key.map(|it| it.as_str().to_owned()).collect(),
    )
}

#[test]
fn a_stated_hash_has_the_stated_number_of_partitions() {
    let said = "Partition events by hash of chat_id into 4.";
    let (_, physical) = designed(&stated(COUNTED, "", said, ""));
    let (split, parts, key) = made(&physical);
    assert_eq!(split.as_deref(), Some("HASH (chat_id)"), "{}", why(&physical));
    assert_eq!(parts.len(), 4);
    assert_eq!(parts[3], "events_p3 FOR VALUES WITH (MODULUS 4, REMAINDER 3)");
    assert_eq!(key, ["id", "chat_id"]);
    assert!(why(&physical).starts_with(&format!("\"{}\"", said.trim_end_matches('.'))));
}

#[test]
fn the_number_of_a_hash_follows_from_the_volume_where_none_is_stated() {
    let said = "Events are partitioned by hash of chat_id.";
    for (volume, count) in [
        ("", 8),
        (
            "\n## Volumes\n\n| Entity | Rows | Growth per month |\n|---|---|---|\n| Event | 0 | 1,000 |\n",
            2,
        ),
        // 216 million rows in three years.
        (
            "\n## Volumes\n\n| Entity | Rows | Growth per month |\n|---|---|---|\n| Event | 0 | 6,000,000 |\n",
            16,
        ),
    ] {
        let (_, physical) = designed(&stated(COUNTED, "", said, volume));
        assert_eq!(made(&physical).1.len(), count, "{}", why(&physical));
    }
}

#[test]
fn a_list_has_a_default_partition_unless_other_values_are_refused() {
    let listed = "Events are partitioned by list of region: eu, us.";
    let (_, physical) = designed(&stated(COUNTED, "", listed, ""));
    let (split, parts, _) = made(&physical);
    assert_eq!(split.as_deref(), Some("LIST (region)"), "{}", why(&physical));
    assert_eq!(
        parts,
        [
            "events_eu FOR VALUES IN ('eu')",
            "events_us FOR VALUES IN ('us')",
            "events_default DEFAULT"
        ]
    );
    let refused = format!("{listed} Other regions are refused.");
    let (_, physical) = designed(&stated(COUNTED, "", &refused, ""));
    assert_eq!(made(&physical).1.len(), 2, "{}", why(&physical));
    let channel = "| channel | text | | yes | One of: mail, phone |\n";
    let each = "The events table has one partition per channel.";
    let (_, physical) = designed(&stated(COUNTED, channel, each, ""));
    let parts = made(&physical).1;
    assert_eq!(
        parts,
        [
            "events_mail FOR VALUES IN ('mail')",
            "events_phone FOR VALUES IN ('phone')",
            "events_default DEFAULT"
        ],
        "{}",
        why(&physical)
    );
}

#[test]
fn a_stated_month_is_the_interval_however_few_rows_come() {
    let said = "Events are partitioned by month on occurred_at.";
    let (_, physical) = designed(&stated(COUNTED, "", said, ""));
    let split = split(&physical).unwrap_or_else(|| panic!("{}", why(&physical)));
    assert_eq!(split.interval, PartitionInterval::Month);
    assert_eq!(made(&physical).2, ["id", "occurred_at"]);
}

#[test]
fn what_a_key_or_a_reference_cannot_hold_stays_whole() {
    let reference = "\n## Note\n\n| Field | Type | Key | Required |\n|---|---|---|---|\n| id | uuid | PK | yes |\n\
                     | event_id | bigint | FK → Event | yes |\n";
    let uuid = "| id | uuid | PK | yes | |";
    let hash = "Partition events by hash of chat_id into 4.";
    for (key, more, said, after, because) in [
        (uuid, "", hash, "", "its primary key (id) does not contain `chat_id`"),
        (COUNTED, "", hash, reference, "`notes` refers to its rows"),
        (
            COUNTED,
            "| code | text | | yes | unique |\n",
            hash,
            "",
            "(code) is unique among all rows",
        ),
        (
            COUNTED,
            "| place | text | | no | |\n",
            "Events are partitioned by list of place: a, b.",
            "",
            "`place` may be missing",
        ),
        (COUNTED, "", "Events are partitioned by range of chat_id.", "", "`chat_id` is no moment"),
        (
            COUNTED,
            "",
            "Partition events by hash of chat_id into 5000.",
            "",
            "each of 5000 partitions",
        ),
        (
            COUNTED,
            "| kind | text | | yes | One of: a, b |\n",
            "Events are partitioned by list of kind: a, c.",
            "",
            "`c` is none of the values of `kind` (a, b)",
        ),
    ] {
        let (_, physical) = designed(&stated(key, more, said, after));
        let (split, _, key) = made(&physical);
        assert_eq!(split, None, "{because}");
        assert_eq!(key.len(), 1);
        assert!(why(&physical).contains(because), "{because}: {}", why(&physical));
        assert_eq!(physical.plans.partitioning.len(), 1);
    }
    // A hash of the key itself needs nothing.
    let (_, physical) =
        designed(&stated(uuid, "", "Partition events by hash of id into 4.", reference));
    let physical_key = made(&physical).2;
    assert_eq!(physical_key, ["id"], "{}", why(&physical));
}

#[test]
fn an_answer_lets_the_primary_key_take_the_field_in() {
    let mut sources = Sources::default();
    let uuid = "| id | uuid | PK | yes | |";
    let said = "Partition events by hash of chat_id into 4.";
    let id = sources.add("model.md", stated(uuid, "", said, ""));
    let reading = underpin_read::read(&sources);
    let answered = |value: &str| {
        let answer = Answer {
            question: "event.partition-key".to_owned(),
            value: value.to_owned(),
            span: Span::new(id, 0..1),
        };
        let answered = underpin_model::build_answered(
            &reading,
            &sources,
            &[answer],
            underpin_model::Assumptions::default(),
        );
        assert_eq!(answered.asked, ["event.partition-key"], "{:?}", answered.model.questions);
        let logical = underpin_logical::design(&answered.model);
        let physical = underpin_physical::design(&answered.model, &logical);
        let (split, _, key) = made(&physical);
        (split, key)
    };
    let (split, key) = answered("yes");
    assert_eq!(split.as_deref(), Some("HASH (chat_id)"));
    assert_eq!(key, ["id", "chat_id"]);
    assert_eq!(answered("no"), (None, vec!["id".to_owned()]));
}

/// A large table of accounts, changed and read by its key.
fn accounts(per_second: &str, more: &str) -> String {
    format!(
        "## Event\n\n| Field | Type | Key | Required | Description |\n|---|---|---|---|---|\n| id | uuid | PK | yes | |\n\
         | balance | integer | | yes | |\n{more}\n## Volumes\n\n| Entity | Rows | Growth per month |\n|---|---|---|\n\
         | Event | 80,000,000 | 100,000 |\n\n## Access patterns\n\n| Query | Kind | Entity | Filter | Sort | Limit | Frequency |\n\
         |---|---|---|---|---|---|---|\n| an event | read | Event | id | | 1 | 500/s |\n\
         | change balance | write | Event | id | | 1 | {per_second} |\n"
    )
}

#[test]
fn a_hot_table_that_is_asked_for_by_its_key_is_split_by_a_hash_of_it() {
    let (_, physical) = designed(&accounts("200/s", ""));
    let (split, parts, key) = made(&physical);
    assert_eq!(split.as_deref(), Some("HASH (id)"), "{}", why(&physical));
    // 83,600,000 rows, at most 20,000,000 in each.
    assert_eq!((parts.len(), key), (8, vec!["id".to_owned()]));
    assert!(why(&physical).contains("200 changes in a second leave 17,280,000 dead rows a day"));
}

#[test]
fn a_large_table_that_is_not_hot_or_not_asked_for_by_its_key_stays_whole() {
    let other = "\n| events of a balance | read | Event | balance | | 20 | 1/s |\n";
    for document in [
        accounts("20/s", ""),
        accounts("200/s", "").trim_end().to_owned() + other,
        accounts("200/s", "| code | text | | yes | unique |\n"),
    ] {
        let (_, physical) = designed(&document);
        assert_eq!(made(&physical).0, None, "{document}");
        assert!(!why(&physical).is_empty());
    }
}
