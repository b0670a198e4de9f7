//! What the columns of a table of queries hold, told by their headers.

use crate::notation::filter_text::is_empty;
use crate::words::lower_words;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Name,
    /// What a screen or a job reads, in words; its name tells nothing of rows.
    Said,
    Kind,
    Entity,
    Filter,
    Sort,
    Limit,
    Joins,
    Frequency,
    Latency,
    Staleness,
    Sql,
    Index,
    Other,
}

pub(super) fn role(header: &str) -> Role {
    let words = lower_words(header);
    match words.join(" ").as_str() {
        "query" | "queries" | "access pattern" | "pattern" | "operation" | "use case"
        | "query name" | "query pattern" | "access" | "query type" | "read" | "write" | "what"
        | "what is asked" | "what we ask" | "request" | "common query" | "question"
        | "query operation" | "view" | "view name" | "screen" => Role::Name,
        "what it reads" | "what is read" | "what it shows" | "what is shown"
        | "what it asks for" | "reads" | "shows" | "data read" | "data shown" | "rows read"
        | "looks up" => Role::Said,
        "kind" | "type" | "read write" | "r w" | "mode" => Role::Kind,
        "entity" | "entities" | "table" | "tables" | "collection" | "tables involved"
        | "table s" | "main entity" | "primary table" => Role::Entity,
        "filter" | "filters" | "where" | "condition" | "conditions" | "criteria" | "filter by"
        | "parameters" | "lookup" | "filter fields" | "filters by" | "predicates" | "predicate"
        | "key" | "by" | "filtered by" => Role::Filter,
        "sort" | "order" | "order by" | "sorting" | "sort by" | "ordering" | "sorted by" => {
            Role::Sort
        }
        "limit" | "page size" | "rows" | "page" | "result size" | "max rows" => Role::Limit,
        "joins" | "join" | "includes" | "with" | "related" | "also reads" | "joined" => Role::Joins,
        "frequency" | "rate" | "calls" | "qps" | "rps" | "load" | "expected frequency"
        | "volume" | "how often" | "how many" | "times" | "calls per second" | "expected load"
        | "throughput" => Role::Frequency,
        "latency"
        | "latency ms"
        | "latency s"
        | "p95 ms"
        | "p99 ms"
        | "latency objective"
        | "latency target"
        | "target"
        | "target latency"
        | "expected performance"
        | "performance"
        | "sla"
        | "slo"
        | "p95"
        | "p99"
        | "response time"
        | "performance target"
        | "max latency"
        | "how fast"
        | "how soon"
        | "within"
        | "speed"
        | "expected latency"
        | "objective" => Role::Latency,
        "staleness" | "freshness" | "may be stale" | "consistency" | "max staleness" => {
            Role::Staleness
        }
        "sql" | "statement" => Role::Sql,
        "index" | "index used" | "indexes" | "indexes used" | "uses index" | "supporting index"
        | "served by" => Role::Index,
        _ => Role::Other,
    }
}

/// "Screen | What it reads | Calls per second": what is read is the query, where something says how often or how fast.
pub(super) fn take_said(roles: &mut [Role]) -> bool {
    let has = |role| roles.contains(&role);
    let is_query = has(Role::Said) && (has(Role::Frequency) || has(Role::Latency));
    for role in roles.iter_mut() {
        *role = match *role {
            Role::Name if is_query => Role::Other,
            Role::Said if is_query => Role::Name,
            Role::Said => Role::Other,
            other => other,
        };
    }
    is_query
}

/// What a header says its bare numbers count: "Calls per second" and "RPS" `/s`, "Latency (ms)" milliseconds.
pub(super) fn unit(header: &str) -> Option<&'static str> {
    let words = lower_words(header);
    let has = |word: &str| words.iter().any(|it| it == word);
    Some(match words.last()?.as_str() {
        "second" | "sec" if has("per") || has("a") => "/s",
        "s" if header.trim_end_matches(')').ends_with("/s") => "/s",
        "rps" | "qps" | "tps" => "/s",
        "minute" | "min" if has("per") || header.contains('/') => "/min",
        "hour" | "h" if has("per") || header.contains('/') => "/hour",
        "day" if has("per") || header.contains('/') => "/day",
        "ms" | "milliseconds" => " ms",
        "s" | "seconds" => " s",
        _ => return None,
    })
}

/// A cell with what its header counts, where it is a bare number.
pub(super) fn with_unit(text: &str, unit: Option<&str>) -> String {
    let is_bare = text.chars().all(|c| c.is_ascii_digit() || " .,~<≤".contains(c));
    match unit {
        Some(unit) if is_bare && !is_empty(text) => format!("{text}{unit}"),
        Some(_) | None => text.to_owned(),
    }
}
