//! How many rows a thing has and how many come in a month, said in all the ways in which people say it, in sections of
//! several names: each way gives the same. What bounds, batches or divides counts no rows.

use underpin_base::Sources;
use underpin_read::{Fact, read};

/// Things: in the singular, and in the plural.
const THINGS: [(&str, &str); 3] =
    [("Order", "orders"), ("Sensor Reading", "sensor readings"), ("Invoice", "invoices")];

/// Headings under which such lines stand.
const HEADINGS: [&str; 4] =
    ["Volumes", "Scale", "Non-functional requirements", "Data volume and growth"];

/// A way to say it, how many rows that is, and how many more in a month.
type Way = (&'static str, Option<f64>, Option<f64>);

/// Lines, sentences and tables in a section of their own.
const WAYS: &[Way] = &[
    ("The `{table}` table holds 500 million rows.", Some(500_000_000.0), None),
    ("The {table} table contains about 500 million rows.", Some(500_000_000.0), None),
    ("The {things} table is expected to reach 500M rows.", Some(500_000_000.0), None),
    ("- `{table}`: ~500M rows", Some(500_000_000.0), None),
    ("- **{Thing}**: 500,000,000 rows", Some(500_000_000.0), None),
    ("- {things}: 2 million, +100,000 per month", Some(2_000_000.0), Some(100_000.0)),
    ("- {Thing}: 2M rows, growing by 100k per month", Some(2_000_000.0), Some(100_000.0)),
    ("There are 2 million {things}.", Some(2_000_000.0), None),
    ("The system must support 2 million {things}.", Some(2_000_000.0), None),
    ("The database will hold up to 2,000,000 {things}.", Some(2_000_000.0), None),
    ("We expect around 2 million {things} in the first year.", Some(2_000_000.0), None),
    ("{Things} grow by 100,000 rows per month.", None, Some(100_000.0)),
    ("The `{table}` table grows by about 100,000 rows a month.", None, Some(100_000.0)),
    ("About 100,000 {things} are created every month.", None, Some(100_000.0)),
    ("100,000 new {things} are added each month.", None, Some(100_000.0)),
    ("10,000 {things} per day are expected.", None, Some(300_000.0)),
    ("The system handles 10,000 {things} per day.", None, Some(300_000.0)),
    ("Users create roughly 10,000 {things} daily.", None, Some(300_000.0)),
    ("~10k {things}/day", None, Some(300_000.0)),
    ("- {Things}: 10k/day", None, Some(300_000.0)),
    ("- {Things}: ~10,000 per day", None, Some(300_000.0)),
    ("- {Thing}: 10,000 inserts per day", None, Some(300_000.0)),
    (
        "Expected volume: 2,000,000 {things}, 10,000 new {things} per day.",
        Some(2_000_000.0),
        Some(300_000.0),
    ),
    ("Expected {thing} volume: 10,000 per day.", None, Some(300_000.0)),
    ("The number of {things} is about 2 million.", Some(2_000_000.0), None),
    ("The number of {things} will reach 2 million within three years.", Some(2_000_000.0), None),
    ("Scale: 2M {things}.", Some(2_000_000.0), None),
    ("Assume 2,000,000 {things} and 10,000 new ones per day.", Some(2_000_000.0), Some(300_000.0)),
    ("At peak we store 2 million {things}.", Some(2_000_000.0), None),
    ("Up to 2 million {things} at any time.", Some(2_000_000.0), None),
    ("{Things}: 2M today, 100k more each month", Some(2_000_000.0), Some(100_000.0)),
    ("With 2 million {things} in the database, lists must stay fast.", Some(2_000_000.0), None),
    ("An estimated 10,000 {things} arrive every day.", None, Some(300_000.0)),
    ("We receive 10,000 {things} a day.", None, Some(300_000.0)),
    ("Daily {thing} volume is about 10,000.", None, Some(300_000.0)),
    ("{Things} table: 2M rows; growth 100k/month.", Some(2_000_000.0), Some(100_000.0)),
    ("Initial data: 2,000,000 {things}.", Some(2_000_000.0), None),
    ("- 2,000,000 {things}", Some(2_000_000.0), None),
    ("- 2M+ {things}", Some(2_000_000.0), None),
    ("- Number of {things}: 2,000,000", Some(2_000_000.0), None),
    ("- Total {things}: 2,000,000 (100,000 per month)", Some(2_000_000.0), Some(100_000.0)),
    (
        "| Table | Rows | Growth |\n| --- | --- | --- |\n| {table} | 2,000,000 | 100,000/month |",
        Some(2_000_000.0),
        Some(100_000.0),
    ),
    (
        "| Entity | Initial rows | Rows per day |\n| --- | --- | --- |\n| {Thing} | 2M | 10k |",
        Some(2_000_000.0),
        Some(300_000.0),
    ),
    (
        "| Entity | Volume (year 1) | Growth per month |\n| --- | --- | --- |\n| {Thing} | 2,000,000 | 100,000 |",
        Some(2_000_000.0),
        Some(100_000.0),
    ),
    (
        "| Table | Estimated row count |\n| --- | --- |\n| `{table}` | ~2 million |",
        Some(2_000_000.0),
        None,
    ),
    (
        "| Entity | Count | Monthly growth |\n| --- | --- | --- |\n| {things} | 2 000 000 | +100k |",
        Some(2_000_000.0),
        Some(100_000.0),
    ),
    (
        "| Table | Size estimate | Daily inserts |\n| --- | --- | --- |\n| {table} | 2M rows | 10,000 |",
        Some(2_000_000.0),
        Some(300_000.0),
    ),
];

/// Lines under the heading of the thing itself.
const OWN: &[Way] = &[
    (
        "Expected volume: 2 million rows, growing by 100,000 per month.",
        Some(2_000_000.0),
        Some(100_000.0),
    ),
    ("**Volume**: 2M rows, +100k/month", Some(2_000_000.0), Some(100_000.0)),
    ("Volume: ~2M rows", Some(2_000_000.0), None),
    ("Estimated rows: 2,000,000", Some(2_000_000.0), None),
    ("Growth: 10,000 rows per day", None, Some(300_000.0)),
    ("About 10,000 new rows per day.", None, Some(300_000.0)),
    ("- Expected size: 2 million rows", Some(2_000_000.0), None),
    ("- Row count: 2M", Some(2_000_000.0), None),
    ("- Growth rate: 100k rows/month", None, Some(100_000.0)),
    ("This table will hold around 2 million rows.", Some(2_000_000.0), None),
    ("This table grows by 100,000 rows every month.", None, Some(100_000.0)),
    ("> High volume: 10,000 rows per day", None, Some(300_000.0)),
];

/// Lines that count no rows.
const OTHERS: &[&str] = &[
    "The system supports 5,000 concurrent {things}.",
    "A list shows 100 {things} per page.",
    "Each user may have at most 500 {things}.",
    "Export of 10,000 {things} takes less than 5 seconds.",
    "The API allows 1,000 requests per minute.",
    "Batches of 500 {things} are processed at once.",
    "Load test with 50,000 virtual users.",
    "There are 200 {things} per user.",
];

fn filled(way: &str, (thing, things): (&str, &str)) -> String {
    let capital = format!("{}{}", things[..1].to_uppercase(), &things[1..]);
    way.replace("{Things}", &capital)
        .replace("{Thing}", thing)
        .replace("{things}", things)
        .replace("{thing}", &thing.to_lowercase())
        .replace("{table}", &things.replace(' ', "_"))
}

/// A document with two things, and a line in a section of its own or under the heading of the first.
fn document(thing: &str, own: &str, heading: &str, line: &str) -> String {
    let columns = "| Field | Type | Notes |\n| --- | --- | --- |\n| id | bigint | PK |\n";
    format!(
        "# Data model\n\n## {thing}\n\n{own}\n\n{columns}| total | integer | required |\n\n## User\n\n{columns}\n## \
         {heading}\n\n{line}\n"
    )
}

/// Each volume that is read: whose it is, rows, rows a month.
fn volumes(text: &str) -> Vec<(String, Option<f64>, Option<f64>)> {
    let mut sources = Sources::default();
    sources.add("model.md", text);
    let stated = read(&sources).statements.into_iter();
    stated
        .filter_map(|statement| {
            let Fact::Volume { entity, rows, growth_per_month, .. } = statement.fact else {
                return None;
            };
            Some((entity, rows, growth_per_month))
        })
        .collect()
}

/// What is wrong with the volumes of a text, where something is.
fn fault(text: &str, thing: &str, (way, rows, growth): Way) -> Option<String> {
    let found = volumes(text);
    let is_near = |found: &[f64], wanted: Option<f64>| match wanted {
        None => found.is_empty(),
        Some(wanted) => {
            !found.is_empty() && found.iter().all(|it| (it - wanted).abs() <= wanted * 0.03)
        }
    };
    let all_rows: Vec<f64> = found.iter().filter_map(|it| it.1).collect();
    let all_growth: Vec<f64> = found.iter().filter_map(|it| it.2).collect();
    let is_right = found.iter().all(|it| it.0 == thing)
        && is_near(&all_rows, rows)
        && is_near(&all_growth, growth);
    (!is_right).then(|| format!("{way:?} of {thing} gave {found:?}"))
}

#[test]
fn every_way_to_say_a_volume_gives_the_same() {
    let mut faults = Vec::new();
    for (number, thing) in THINGS.into_iter().enumerate() {
        for (at, &way) in WAYS.iter().enumerate() {
            let heading = HEADINGS[(number + at) % HEADINGS.len()];
            let text = document(thing.0, "", heading, &filled(way.0, thing));
            faults.extend(fault(&text, thing.0, way));
        }
        for &way in OWN {
            let text = document(thing.0, &filled(way.0, thing), "Notes", "None yet.");
            faults.extend(fault(&text, thing.0, way));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn bounds_batches_and_ratios_count_no_rows() {
    let mut faults = Vec::new();
    for thing in THINGS {
        for (at, way) in OTHERS.iter().enumerate() {
            let heading = HEADINGS[at % HEADINGS.len()];
            let text = document(thing.0, "", heading, &filled(way, thing));
            faults.extend(fault(&text, thing.0, (way, None, None)));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A section of numbers is no entity, whatever it is called.
#[test]
fn a_section_of_volumes_is_no_entity() {
    for heading in HEADINGS {
        let mut sources = Sources::default();
        sources.add("model.md", document("Order", "", heading, "There are 2 million orders."));
        let entities: Vec<String> = read(&sources)
            .statements
            .into_iter()
            .filter_map(|statement| {
                let Fact::Entity(entity) = statement.fact else { return None };
                Some(entity.name)
            })
            .collect();
        assert_eq!(entities, ["Order", "User"], "{heading}");
    }
}
