//! What the documents said when the file was last written, as digests in the file itself: by them the next run tells a
//! person's edits from what the documents changed, without a second file that could be lost.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};
use underpin_read::yaml::Node;

use super::item;
pub(super) use super::item::SOURCE;

/// The key at the end of the file.
pub(super) const WRITTEN: &str = "written";

/// The path under which the digest of a whole file stands that nobody has changed.
pub(super) const WHOLE: &str = "file";

/// A longer key is marked as one: YAML knows others by the colon behind them, and looks no further than 1024 characters.
const LONGEST_SIMPLE_KEY: usize = 1000;

/// Keys that report on the documents and are never compared.
pub(super) const REPORTS: [&str; 4] = ["questions", "assumptions", "diagnostics", "coverage"];

/// The key under which a person answers.
pub(super) const ANSWERS: &str = "answers";

/// For each item, by its path, the digest of each of its values.
pub(super) type Written = BTreeMap<String, BTreeMap<String, String>>;

/// A short digest.
pub(super) fn digest(text: &str) -> String {
    Sha256::digest(text).iter().take(4).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The digest of what a value says; none where it says nothing.
pub(super) fn said(key: &str, value: &Node) -> Option<String> {
    item::meaning(key, value).map(|meaning| digest(&meaning))
}

/// The digests of an item and of all items in it.
pub(super) fn of(path: &str, node: &Node) -> Written {
    let mut written = Written::new();
    collect(path, node, &mut written);
    written
}

fn collect(path: &str, node: &Node, written: &mut Written) {
    let mut values = BTreeMap::new();
    for (key, value) in node.pairs() {
        let key = key.text().unwrap_or_default();
        let is_ours = REPORTS.contains(&key) || matches!(key, SOURCE | ANSWERS | WRITTEN);
        if is_ours {
            continue;
        }
        if item::is_list(path, key) {
            let list = item::below(path, key);
            for (item, name) in value.items().iter().zip(item::identities(key, value.items())) {
                collect(&item::below(&list, &name), item, written);
            }
        } else if let Some(digest) = said(key, value) {
            values.insert(key.to_owned(), digest);
        }
    }
    written.insert(path.to_owned(), values);
}

/// The entries of an item and of all items in it.
pub(super) fn under(written: &Written, path: &str) -> Written {
    let within =
        |it: &str| it == path || it.strip_prefix(path).is_some_and(|it| it.starts_with('/'));
    written
        .iter()
        .filter(|(it, _)| within(it))
        .map(|(path, values)| (path.clone(), values.clone()))
        .collect()
}

/// What stands under the key in a file.
pub(super) fn read(root: &Node) -> Written {
    let mut written = Written::new();
    for (path, values) in root.get(WRITTEN).map(Node::pairs).unwrap_or_default() {
        let (Some(path), values) = (path.text(), values.text().unwrap_or_default()) else {
            continue;
        };
        let values = values.split(' ').filter_map(|pair| pair.split_once('='));
        let values = values.map(|(key, digest)| (key.to_owned(), digest.to_owned())).collect();
        written.insert(if path == "model" { String::new() } else { path.to_owned() }, values);
    }
    written
}

/// The section as it stands in the file.
pub(super) fn section(written: &Written, whole: Option<&str>) -> String {
    let mut text = format!(
        "# Digests of what the documents said when underpin last wrote this file: by them it tells your edits from\n\
         # theirs. Leave them as they are.\n{WRITTEN}:\n"
    );
    if let Some(whole) = whole {
        let _ = writeln!(text, "  {WHOLE}: all={whole}");
    }
    for (path, values) in written {
        let path = if path.is_empty() { "model" } else { path };
        let values: Vec<String> =
            values.iter().map(|(key, digest)| format!("{key}={digest}")).collect();
        let path = serde_json::Value::from(path).to_string();
        let values = values.join(" ");
        let _ = if path.len() > LONGEST_SIMPLE_KEY {
            writeln!(text, "  ? {path}\n  : \"{values}\"")
        } else {
            writeln!(text, "  {path}: \"{values}\"")
        };
    }
    text
}
