//! What makes an item of a list the same one from run to run, and how a place in the file is named.

use underpin_read::yaml::Node;

/// The lists whose items are told apart by what they are. Every other list is one value.
const LISTS: [&str; 16] = [
    "entities",
    "enums",
    "external_entities",
    "relationships",
    "lifecycles",
    "aggregates",
    "contexts",
    "rules",
    "access_patterns",
    "indexes",
    "volumes",
    "load",
    "shares",
    "retention",
    "partitionings",
    "recovery",
];

/// Keys whose `false` says no more than a missing line.
const FALSE_BY_DEFAULT: [&str; 3] = ["unique", "primary_key", "assumed"];

/// Where Underpin found a fact: it follows the documents without a word.
pub(super) const SOURCE: &str = "source";

/// Whether the value of a key of the item at `path` is a list of items.
pub(super) fn is_list(path: &str, key: &str) -> bool {
    let depth = path.split('/').filter(|step| !step.is_empty()).count();
    match depth {
        0 => LISTS.contains(&key),
        2 if path.starts_with("entities/") => matches!(key, "fields" | "unique"),
        2 if path.starts_with("lifecycles/") => key == "transitions",
        _ => false,
    }
}

/// What an item of a list is: no other item of the list has the same.
pub(super) fn identity(list: &str, item: &Node) -> String {
    let text = |key: &str| item.get(key).and_then(Node::text).unwrap_or_default().to_owned();
    let all = |key: &str| {
        let items = item.get(key).map(Node::items).unwrap_or_default();
        items.iter().map(|it| it.text().unwrap_or_default()).collect::<Vec<_>>().join(",")
    };
    match list {
        "unique" => all("fields"),
        "relationships" => {
            let by = [text("field"), text("through"), text("label")];
            let by = by.into_iter().find(|it| !it.is_empty()).unwrap_or_default();
            format!("{} to {} {by}", text("from"), text("to")).trim_end().to_owned()
        }
        "lifecycles" => format!("{}.{}", text("entity"), text("field")),
        "transitions" => format!("{} to {}", text("from"), text("to")),
        "aggregates" => text("root"),
        "rules" => format!("{} {}", text("entity"), text("text")),
        "indexes" => format!("{} {}", text("entity"), all("columns")),
        "volumes" | "retention" | "partitionings" => text("entity"),
        "shares" => {
            format!("{}.{} {}", text("entity"), text("field"), text("value")).trim_end().to_owned()
        }
        "recovery" => text("objective"),
        "load" => text("measure"),
        _ => text("name"),
    }
}

/// The items of a list with what each is; a second one of the same gets a number.
pub(super) fn identities(list: &str, items: &[Node]) -> Vec<String> {
    let mut seen = std::collections::BTreeMap::<String, usize>::new();
    items
        .iter()
        .map(|item| {
            let name = identity(list, item);
            let count = seen.entry(name.clone()).or_default();
            *count += 1;
            if *count == 1 { name } else { format!("{name} #{count}") }
        })
        .collect()
}

/// What a value means, in short; none for what says no more than a missing line. A `source` in it means nothing.
pub(super) fn meaning(key: &str, value: &Node) -> Option<String> {
    let canonical = if value.pairs().is_empty() {
        value.canonical()
    } else {
        let pairs = value.pairs().iter().filter(|(name, _)| name.text() != Some(SOURCE));
        let mut parts: Vec<String> =
            pairs.map(|(name, it)| format!("{}:{}", name.canonical(), it.canonical())).collect();
        parts.sort();
        parts.join(",")
    };
    let is_default =
        canonical.is_empty() || FALSE_BY_DEFAULT.contains(&key) && value.text() == Some("false");
    (!is_default).then_some(canonical)
}

/// One step deeper.
pub(super) fn below(path: &str, step: &str) -> String {
    let step = step.replace('~', "~0").replace('/', "~1");
    if path.is_empty() { step } else { format!("{path}/{step}") }
}

fn steps(path: &str) -> Vec<String> {
    let plain = |step: &str| step.replace("~1", "/").replace("~0", "~");
    path.split('/').filter(|step| !step.is_empty()).map(plain).collect()
}

/// The part of the file that a path leads to, or the last part on the way to it that is there.
pub(super) fn find<'n>(root: &'n Node, path: &str) -> &'n Node {
    let steps = steps(path);
    let mut node = root;
    let mut list = String::new();
    for step in steps {
        let items = node.items();
        let next = if items.is_empty() {
            list.clone_from(&step);
            let found = node.pairs().iter().find(|(key, _)| key.text() == Some(&step));
            found.map(|(key, value)| if value.range.is_empty() { key } else { value })
        } else {
            identities(&list, items).iter().position(|it| *it == step).map(|at| &items[at])
        };
        match next {
            Some(next) => node = next,
            None => break,
        }
    }
    node
}

/// The path as people read it: `Order.total.required`.
pub(super) fn subject(path: &str) -> String {
    let steps = steps(path);
    match &*steps {
        [list, name, rest @ ..] if list == "entities" => {
            let rest = rest.iter().filter(|step| *step != "fields");
            std::iter::once(name).chain(rest).cloned().collect::<Vec<_>>().join(".")
        }
        [list, name, rest @ ..] => {
            let what = match list.as_str() {
                "enums" => "list",
                "relationships" => "relationship",
                "lifecycles" => "life cycle",
                "aggregates" => "aggregate",
                "contexts" => "context",
                "rules" => "rule",
                "access_patterns" => "access pattern",
                "indexes" => "index",
                "volumes" => "volume",
                "shares" => "share",
                "partitionings" => "partitioning",
                other => other,
            };
            std::iter::once(&format!("{what} {name}"))
                .chain(rest)
                .cloned()
                .collect::<Vec<_>>()
                .join(".")
        }
        _ => steps.join("."),
    }
}

/// The id under which a conflict is answered.
pub(super) fn conflict_id(path: &str) -> String {
    let mut id = String::new();
    for c in subject(path).chars() {
        if c.is_alphanumeric() {
            id.extend(c.to_lowercase());
        } else if !id.is_empty() && !id.ends_with('-') {
            id.push('-');
        }
    }
    format!("{}.conflict", id.trim_end_matches('-'))
}
