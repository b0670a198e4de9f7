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

    /// A number of the top node, such as `Plan Rows` or `Shared Hit Blocks`.
    pub(crate) fn number(&self, name: &str) -> Option<f64> {
        self.0.get(name)?.as_f64()
    }
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
}
