//! Which crate may depend on which: the arrows of the house, as one table, held against what the manifests say.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use crate::Outcome;
use crate::workspace::Root;

/// The arrows as ARCHITECTURE.md draws them. A crate may use what it points at and everything below that.
const ARROWS: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("read", &["base"]),
    ("model", &["read"]),
    ("logical", &["model"]),
    ("pg", &["base"]),
    ("claim", &["base"]),
    ("migrate", &["pg"]),
    ("advise", &["pg"]),
    ("server", &["pg"]),
    ("operate", &["server", "migrate", "advise"]),
    ("physical", &["logical", "pg", "claim", "advise"]),
    ("check", &["physical"]),
    ("rows", &["physical"]),
    ("emit", &["physical", "rows", "migrate", "claim"]),
    ("verify", &["operate", "physical", "rows", "claim"]),
    ("cli", &["verify", "operate", "emit", "check"]),
    // An application links it without anything of the designer.
    ("runtime", &[]),
    // The server harness is the highest thing that a fixture needs.
    ("testkit", &["server"]),
    ("xtask", &["cli", "testkit"]),
];

/// A dependency of one crate of the workspace on another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Edge {
    from: String,
    to: String,
    only_for_tests: bool,
}

pub(crate) fn run(root: &Root) -> Outcome {
    let edges = read_edges(root).map_err(|remark| vec![remark])?;
    let remarks = judge(&edges, &root.crates());
    if remarks.is_empty() {
        Ok(format!("{} edges, all of them drawn", edges.len()))
    } else {
        Err(remarks)
    }
}

/// Everything that `from` may use: the transitive closure of the arrows.
fn reach(from: &str) -> BTreeSet<&'static str> {
    let arrows: BTreeMap<_, _> = ARROWS.iter().copied().collect();
    let mut reached = BTreeSet::new();
    let mut open: Vec<&str> = vec![from];
    while let Some(next) = open.pop() {
        for to in arrows.get(next).copied().unwrap_or_default() {
            if reached.insert(*to) {
                open.push(to);
            }
        }
    }
    reached
}

fn judge(edges: &[Edge], crates: &[String]) -> Vec<String> {
    let mut remarks = Vec::new();
    for name in crates {
        if !ARROWS.iter().any(|(known, _)| known == name) {
            remarks.push(format!(
                "crate `{name}` is not in the table of arrows: draw it in ARCHITECTURE.md and in crates/xtask/src/edges.rs"
            ));
        }
    }
    for edge in edges {
        let fixture = edge.only_for_tests && edge.to == "testkit";
        if !fixture && !reach(&edge.from).contains(edge.to.as_str()) {
            remarks.push(format!(
                "forbidden edge: `{}` may not depend on `{}`{} (allowed: {})",
                edge.from,
                edge.to,
                if edge.only_for_tests { ", not even for tests" } else { "" },
                reach(&edge.from).into_iter().collect::<Vec<_>>().join(", "),
            ));
        }
    }
    remarks
}

fn read_edges(root: &Root) -> Result<Vec<Edge>, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(root.join(""))
        .output()
        .map_err(|error| format!("cargo metadata did not start: {error}"))?;
    if !output.status.success() {
        return Err(format!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr)));
    }
    let metadata: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("cargo metadata printed no JSON: {error}"))?;
    Ok(edges_of(&metadata))
}

fn edges_of(metadata: &Value) -> Vec<Edge> {
    let mut edges = BTreeSet::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let Some(from) = package["name"].as_str().and_then(folder_of) else { continue };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let Some(to) = dependency["name"].as_str().and_then(folder_of) else { continue };
            edges.insert(Edge {
                from: from.to_owned(),
                to: to.to_owned(),
                only_for_tests: dependency["kind"].as_str() == Some("dev"),
            });
        }
    }
    edges.into_iter().collect()
}

/// `underpin-physical` lives in `crates/physical`.
fn folder_of(package: &str) -> Option<&str> {
    package.strip_prefix("underpin-")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn edge(from: &str, to: &str, only_for_tests: bool) -> Edge {
        Edge { from: from.to_owned(), to: to.to_owned(), only_for_tests }
    }

    #[test]
    fn the_workspace_has_only_drawn_edges() {
        if let Err(remarks) = run(&Root::own()) {
            panic!("{}", remarks.join("\n"));
        }
    }

    #[test]
    fn a_planted_edge_is_named() {
        let metadata = json!({ "packages": [
            { "name": "underpin-logical", "dependencies": [
                { "name": "underpin-model", "kind": null },
                { "name": "underpin-pg", "kind": null },
                { "name": "indexmap", "kind": null },
            ] },
        ] });
        let remarks = judge(&edges_of(&metadata), &[]);
        assert_eq!(
            remarks,
            ["forbidden edge: `logical` may not depend on `pg` (allowed: base, model, read)"]
        );
    }

    #[test]
    fn an_edge_down_the_drawing_is_allowed() {
        assert_eq!(
            judge(&[edge("cli", "base", false), edge("emit", "model", false)], &[]),
            [""; 0]
        );
    }

    #[test]
    fn testkit_is_for_tests_alone() {
        assert_eq!(judge(&[edge("emit", "testkit", true)], &[]), [""; 0]);
        assert_eq!(judge(&[edge("emit", "testkit", false)], &[]).len(), 1);
        assert_eq!(judge(&[edge("emit", "server", true)], &[]).len(), 1);
    }

    #[test]
    fn a_crate_that_nobody_drew_is_named() {
        assert!(judge(&[], &["annex".to_owned()])[0].contains("`annex`"));
    }

    #[test]
    fn the_drawing_has_no_circle() {
        for (name, _) in ARROWS {
            assert!(!reach(name).contains(name), "{name} reaches itself");
        }
    }
}
