//! A plan as `EXPLAIN (FORMAT JSON)` prints it: what is needed of it, and nothing else (manual, section 14.1).

use serde_json::Value;

/// A plan.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The planner's total cost.
    pub cost: f64,
    /// Its topmost node.
    pub root: Node,
}

/// A node of a plan.
#[derive(Debug, Clone, Default)]
pub struct Node {
    /// `Node Type`, such as `Seq Scan`.
    pub kind: String,
    /// Namespace and name of the table that it scans or writes.
    pub relation: Option<(String, String)>,
    /// What the table is called in conditions.
    pub alias: Option<String>,
    /// The index that it uses.
    pub index: Option<String>,
    /// What a node that changes rows does: `Insert`, `Update`, `Delete`.
    pub operation: Option<String>,
    /// Estimated rows.
    pub rows: f64,
    /// Filters, join conditions, index conditions.
    pub conditions: Vec<String>,
    /// `Sort Key`.
    pub sort: Vec<String>,
    /// `Group Key`.
    pub group: Vec<String>,
    /// `Output`, where the plan is verbose.
    pub output: Vec<String>,
    /// The nodes below.
    pub children: Vec<Node>,
}

/// The members that hold conditions.
const CONDITIONS: [&str; 8] = [
    "Filter",
    "Index Cond",
    "Recheck Cond",
    "Hash Cond",
    "Merge Cond",
    "Join Filter",
    "One-Time Filter",
    "TID Cond",
];

impl Plan {
    /// Reads what the server printed; `None` where it is no such plan.
    pub fn read(json: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(json).ok()?;
        let plan = value.get(0)?.get("Plan")?;
        Some(Self { cost: plan.get("Total Cost")?.as_f64()?, root: Node::read(plan) })
    }

    /// Every node, each before those below it.
    pub fn nodes(&self) -> Vec<&Node> {
        let mut found = vec![&self.root];
        let mut at = 0;
        while let Some(node) = found.get(at) {
            let node: &Node = node;
            found.extend(&node.children);
            at += 1;
        }
        found
    }

    /// The names of the indexes that it uses.
    pub fn indexes(&self) -> Vec<&str> {
        self.nodes().into_iter().filter_map(|node| node.index.as_deref()).collect()
    }
}

impl Node {
    fn read(value: &Value) -> Self {
        let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        let list = |key: &str| -> Vec<String> {
            let items = value.get(key).and_then(Value::as_array).into_iter().flatten();
            items.filter_map(|item| item.as_str().map(str::to_owned)).collect()
        };
        let relation = text("Relation Name")
            .map(|name| (text("Schema").unwrap_or_else(|| "public".to_owned()), name));
        Self {
            kind: text("Node Type").unwrap_or_default(),
            relation,
            alias: text("Alias"),
            index: text("Index Name"),
            operation: text("Operation"),
            rows: value.get("Plan Rows").and_then(Value::as_f64).unwrap_or(0.0),
            conditions: CONDITIONS.iter().filter_map(|key| text(key)).collect(),
            sort: list("Sort Key"),
            group: list("Group Key"),
            output: list("Output"),
            children: value
                .get("Plans")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .map(Self::read)
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cost_and_indexes_are_read() {
        let plan = Plan::read(
            r#"[{"Plan": {"Node Type": "Limit", "Total Cost": 7.5, "Plan Rows": 2, "Plans": [
                {"Node Type": "Index Scan", "Index Name": "<13556>btree_orders_id",
                 "Relation Name": "orders", "Schema": "shop", "Alias": "o", "Total Cost": 9,
                 "Index Cond": "(o.id = $1)"}]}}]"#,
        )
        .unwrap();
        assert!((plan.cost - 7.5).abs() < f64::EPSILON);
        assert_eq!(plan.indexes(), ["<13556>btree_orders_id"]);
        assert_eq!(plan.nodes()[1].conditions, ["(o.id = $1)"]);
        assert!(Plan::read("[]").is_none());
    }
}
