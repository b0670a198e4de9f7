//! What was made, for people and for programs.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};
use underpin_verify::{Filled, FilledTable};

use super::all;
use crate::arguments::TextOrJson;
use crate::wire;

/// Of a database.
pub(super) fn of_database(
    format: TextOrJson,
    name: &str,
    connection: &str,
    filled: &Filled,
    seed: u64,
) -> String {
    match format {
        TextOrJson::Text => {
            let mut text = lines(&filled.tables);
            let _ = writeln!(
                text,
                "{} in the database {name} ({connection})",
                total(&filled.tables, filled.took)
            );
            text
        }
        TextOrJson::Json => {
            let rows_took = filled.rows_took.as_secs_f64();
            let place =
                json!({ "database": name, "connection": connection, "seconds_of_rows": rows_took });
            wire::pretty(&value(place, &filled.tables, filled.took, seed))
        }
    }
}

/// Of a folder.
pub(super) fn of_folder(
    format: TextOrJson,
    folder: &str,
    tables: &[FilledTable],
    took: Duration,
    seed: u64,
) -> String {
    match format {
        TextOrJson::Text => {
            let mut text = lines(tables);
            let _ = writeln!(
                text,
                "{} in {folder}; psql -f load.sql there makes the schema and loads them",
                total(tables, took)
            );
            text
        }
        TextOrJson::Json => wire::pretty(&value(json!({ "folder": folder }), tables, took, seed)),
    }
}

fn lines(tables: &[FilledTable]) -> String {
    let mut text = String::new();
    let width = tables.iter().map(|it| it.table.to_string().len()).max().unwrap_or(0);
    for table in tables {
        let name = table.table.to_string();
        let _ = write!(text, "{name:<width$} {:>12}", table.rows);
        if let Some(reason) = &table.reason {
            let _ = write!(text, "  of {}: {reason}", table.wanted);
        }
        text.push('\n');
    }
    text
}

fn total(tables: &[FilledTable], took: Duration) -> String {
    format!("{} rows in {:.1} s", all(tables), took.as_secs_f64())
}

fn value(mut place: Value, tables: &[FilledTable], took: Duration, seed: u64) -> Value {
    let tables: Vec<Value> = tables
        .iter()
        .map(|it| {
            json!({ "table": it.table.to_string(), "rows": it.rows, "wanted": it.wanted, "reason": it.reason })
        })
        .collect();
    place["seed"] = json!(seed);
    place["tables"] = json!(tables);
    place["seconds"] = json!(took.as_secs_f64());
    place
}
