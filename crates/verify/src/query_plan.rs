//! What a plan says, as `EXPLAIN (FORMAT JSON)` prints it (manual, section 14.1).

use serde_json::Value as Json;

/// A plan.
#[derive(Debug)]
pub(crate) struct QueryPlan(Json);

impl QueryPlan {
    /// The plan that a server printed.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut json: Json = serde_json::from_str(text).ok()?;
        let plan = json.get_mut(0)?.get_mut("Plan")?.take();
        Some(Self(plan))
    }

    /// The plan in which each partition, and each index of one, has the name of what it is a part of; what it was called
    /// is kept for [`Self::partitions`].
    pub(crate) fn told_whole(mut self, whole_of: &dyn Fn(&str) -> String) -> Self {
        fn walk(node: &mut Json, whole_of: &dyn Fn(&str) -> String) {
            for field in ["Relation Name", "Index Name"] {
                let Some(name) = text(node, field).map(str::to_owned) else { continue };
                let whole = whole_of(&name);
                if whole != name {
                    if field == "Relation Name" {
                        node["Partition"] = Json::String(name);
                    }
                    node[field] = Json::String(whole);
                }
            }
            if let Some(Json::Array(children)) = node.get_mut("Plans") {
                for child in children {
                    walk(child, whole_of);
                }
            }
        }
        walk(&mut self.0, whole_of);
        self
    }

    /// The partitions that it reads.
    pub(crate) fn partitions(&self) -> Vec<String> {
        let mut found = Vec::new();
        self.visit(&mut |node| found.extend(text(node, "Partition").map(str::to_owned)));
        found
    }

    /// Whether it reads a table, whole or by an index.
    pub(crate) fn reads(&self, table: &str) -> bool {
        let mut found = false;
        self.visit(&mut |node| found |= text(node, "Relation Name") == Some(table));
        found
    }

    fn visit(&self, look: &mut dyn FnMut(&Json)) {
        fn walk(node: &Json, look: &mut dyn FnMut(&Json)) {
            look(node);
            if let Some(Json::Array(children)) = node.get("Plans") {
                for child in children {
                    walk(child, look);
                }
            }
        }
        walk(&self.0, look);
    }

    /// The kinds of its nodes from the top, with the table or index of each.
    pub(crate) fn nodes(&self) -> Vec<String> {
        let mut nodes = Vec::new();
        self.visit(&mut |node| {
            let text = |name: &str| node.get(name).and_then(Json::as_str);
            let kind = text("Node Type").unwrap_or("?");
            let on = text("Index Name").or_else(|| text("Relation Name"));
            nodes.push(on.map_or_else(|| kind.to_owned(), |on| format!("{kind} on {on}")));
        });
        nodes
    }

    /// The indexes that it uses, whichever way.
    pub(crate) fn indexes(&self) -> Vec<String> {
        let mut found = Vec::new();
        self.visit(&mut |node| found.extend(text(node, "Index Name").map(str::to_owned)));
        found
    }

    /// The indexes that are searched by a condition, and not read from end to end.
    pub(crate) fn searched(&self) -> Vec<String> {
        let mut found = Vec::new();
        self.visit(&mut |node| {
            if node.get("Index Cond").is_some() {
                found.extend(node.get("Index Name").and_then(Json::as_str).map(str::to_owned));
            }
        });
        found
    }

    /// The tables that it reads from end to end. A partition with so few rows that an index would not be shorter is none:
    /// those ahead are empty.
    pub(crate) fn read_whole(&self) -> Vec<String> {
        let mut found = Vec::new();
        self.visit(&mut |node| {
            if text(node, "Node Type") == Some("Seq Scan") && !is_small_part(node) {
                found.extend(text(node, "Relation Name").map(str::to_owned));
            }
        });
        found
    }

    /// The node that did not keep to its memory.
    pub(crate) fn spilled(&self) -> Option<String> {
        let mut found = None;
        self.visit(&mut |node| {
            let batches = node.get("Hash Batches").and_then(Json::as_f64).unwrap_or(1.0);
            let on_disk = text(node, "Sort Space Type") == Some("Disk");
            if on_disk || batches > 1.0 || node.get("Disk Usage").is_some() {
                found = text(node, "Node Type").map(str::to_owned);
            }
        });
        found
    }

    /// A node that gave so many times more or fewer rows than estimated, and both numbers. What stands below a
    /// `LIMIT` is not asked for all its rows.
    pub(crate) fn misjudged(&self, factor: f64, few: f64) -> Option<(String, f64, f64)> {
        fn walk(node: &Json, factor: f64, few: f64) -> Option<(String, f64, f64)> {
            let number = |name: &str| node.get(name).and_then(Json::as_f64);
            let kind = text(node, "Node Type").unwrap_or_default();
            if kind == "Limit" {
                return None;
            }
            // Rows are given for one loop; what is never reached has none.
            if let (Some(estimated), Some(actual), Some(loops)) =
                (number("Plan Rows"), number("Actual Rows"), number("Actual Loops"))
            {
                let (less, more) = (estimated.min(actual).max(1.0), estimated.max(actual));
                // A bitmap of several indexes counts no rows.
                if loops > 0.0
                    && more > factor * less
                    && more >= few
                    && !kind.starts_with("Bitmap ")
                {
                    let on = text(node, "Index Name").or_else(|| text(node, "Relation Name"));
                    let shown = on.map_or_else(|| kind.to_owned(), |on| format!("{kind} on {on}"));
                    return Some((shown, estimated, actual));
                }
            }
            let children = node.get("Plans").and_then(Json::as_array);
            children.into_iter().flatten().find_map(|child| walk(child, factor, few))
        }
        walk(&self.0, factor, few)
    }

    /// The way that it takes: how tables are read and joined, in order. Whether an index is read row by row or page by
    /// page, alone or by several processes, is the same way, and so is how many partitions are looked into: their number
    /// is that of the months, and many of them are empty.
    pub(crate) fn way(&self) -> Vec<Step> {
        const SAME: [&str; 8] = [
            "Bitmap Heap Scan",
            "Gather",
            "Gather Merge",
            "Limit",
            "Materialize",
            "Memoize",
            "Result",
            "Hash",
        ];
        let mut way: Vec<Step> = Vec::new();
        let is_split = !self.partitions().is_empty();
        self.visit(&mut |node| {
            let kind = text(node, "Node Type").unwrap_or("?");
            if kind == "Seq Scan" && is_small_part(node) {
                return;
            }
            let is_one =
                node.get("Plan Rows").and_then(Json::as_f64).is_some_and(|rows| rows <= 1.0);
            let (shown, one_row_of) = match (text(node, "Index Name"), text(node, "Relation Name"))
            {
                (Some(index), table) => {
                    (format!("index {index}"), table.filter(|_| is_one).map(str::to_owned))
                }
                _ if SAME.contains(&kind) => return,
                (None, Some(table)) => (format!("{kind} on {table}"), None),
                // All at once, or those that are alike in what the index orders by.
                (None, None) if kind == "Incremental Sort" => ("Sort".to_owned(), None),
                (None, None) => (kind.to_owned(), None),
            };
            let step = Step { shown, one_row_of };
            // Of one partition a row may be expected, of the next one several.
            if !(is_split && way.last().is_some_and(|last| last.shown == step.shown)) {
                way.push(step);
            }
        });
        way
    }

    /// Whether it uses an index.
    pub(crate) fn uses(&self, index: &str) -> bool {
        let mut found = false;
        self.visit(&mut |node| {
            found |= node.get("Index Name").and_then(Json::as_str) == Some(index);
        });
        found
    }

    /// Of the rows that were read of a table without an index, the part that was wanted.
    pub(crate) fn wanted_of(&self, table: &str) -> Option<f64> {
        let mut found = None;
        self.visit(&mut |node| {
            let number = |name: &str| node.get(name).and_then(Json::as_f64);
            let is_it = node.get("Node Type").and_then(Json::as_str) == Some("Seq Scan")
                && node.get("Relation Name").and_then(Json::as_str) == Some(table);
            if let (true, Some(kept)) = (is_it, number("Actual Rows")) {
                let passed_over = number("Rows Removed by Filter").unwrap_or(0.0);
                found = Some(kept / (kept + passed_over).max(1.0));
            }
        });
        found
    }

    /// The rows that an index led to and that were none of those asked for, since it knows ranges of pages only.
    pub(crate) fn passed_over(&self) -> f64 {
        let mut found = 0.0;
        self.visit(&mut |node| {
            let number = |name: &str| node.get(name).and_then(Json::as_f64);
            let each = number("Rows Removed by Index Recheck").unwrap_or(0.0);
            found += each * number("Actual Loops").unwrap_or(1.0);
        });
        found
    }

    /// A number of the top node, such as `Plan Rows` or `Shared Hit Blocks`.
    pub(crate) fn number(&self, name: &str) -> Option<f64> {
        self.0.get(name)?.as_f64()
    }
}

/// A step of the way that a plan takes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Step {
    /// How it is read.
    pub(crate) shown: String,
    /// The table of which an index finds one row.
    one_row_of: Option<String>,
}

impl Step {
    /// Whether it does the same: one row is found as well by another of its keys.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        self.shown == other.shown
            || self.one_row_of.is_some() && self.one_row_of == other.one_row_of
    }
}

/// Whether it reads a partition with so few rows that an index would not be shorter.
fn is_small_part(node: &Json) -> bool {
    const FEW_ROWS: f64 = 10_000.0;
    let number = |name: &str| node.get(name).and_then(Json::as_f64).unwrap_or(0.0);
    let read = number("Actual Rows") + number("Rows Removed by Filter");
    text(node, "Partition").is_some() && read < FEW_ROWS
}

fn text<'n>(node: &'n Json, name: &str) -> Option<&'n str> {
    node.get(name).and_then(Json::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_is_found_deep_in_the_tree() {
        let plan = QueryPlan::parse(
            r#"[{"Plan": {"Node Type": "Limit", "Plan Rows": 24, "Plans": [
                {"Node Type": "Index Scan", "Index Name": "a_idx", "Relation Name": "a"}]}}]"#,
        )
        .unwrap();
        assert!(plan.uses("a_idx") && !plan.uses("a"));
        assert_eq!(plan.nodes(), ["Limit", "Index Scan on a_idx"]);
        assert_eq!(plan.number("Plan Rows"), Some(24.0));
    }

    #[test]
    fn how_many_partitions_are_looked_into_is_no_other_way() {
        let of = |parts: &str| {
            let plan = format!(r#"[{{"Plan": {{"Node Type": "Append", "Plans": [{parts}]}}}}]"#);
            QueryPlan::parse(&plan)
                .unwrap()
                .told_whole(&|name| name.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned())
        };
        let index = |n: u32| {
            format!(
                r#"{{"Node Type": "Index Scan", "Index Name": "e_idx{n}", "Relation Name": "e{n}", "Plan Rows": {n}}}"#
            )
        };
        let scan = |n: u32, rows: u32| {
            format!(
                r#"{{"Node Type": "Seq Scan", "Relation Name": "e{n}", "Actual Rows": {rows}}}"#
            )
        };
        let one = of(&[index(1), scan(2, 0)].join(", "));
        let three = of(&[index(1), index(2), scan(3, 5), index(4)].join(", "));
        let shown = |plan: &QueryPlan| {
            plan.way().into_iter().map(|step| step.shown).collect::<Vec<String>>()
        };
        assert_eq!(shown(&one), shown(&three));
        let whole = of(&[index(1), scan(2, 90_000)].join(", "));
        assert_ne!(shown(&one), shown(&whole));
    }
}
