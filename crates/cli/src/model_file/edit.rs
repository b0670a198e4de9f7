//! Edits that are made for a person, on the same terms as those that a person makes with an editor.

use underpin_read::yaml::{self, Node};

use super::patch::{Copied, Patch, Place};
use super::written::ANSWERS;
use super::{item, parsed};

const CONTEXTS: &str = "contexts";
const ENTITIES: &str = "entities";

/// Puts an item at the end of a list of the mapping at `path`.
pub(crate) fn add(text: &str, path: &str, list: &str, item: &[(&str, &str)]) -> String {
    let lines: Vec<String> =
        item.iter().map(|(key, value)| format!("{key}: {}\n", word(value))).collect();
    insert(text, path, list, &format!("{list}:\n- {}", lines.join("  ")))
}

/// Puts the item of a list that is written in `snippet` at the end of the same list of the mapping at `path`.
fn insert(text: &str, path: &str, list: &str, snippet: &str) -> String {
    let root = parsed(text);
    let mapping = item::find(&root, path);
    let new = parsed(snippet);
    let pair = mapping.pairs().iter().find(|(key, _)| key.text() == Some(list));
    let last = pair.and_then(|(_, it)| it.items().len().checked_sub(1));
    let copied: Vec<Copied<'_>> = new
        .get(list)
        .map(Node::items)
        .unwrap_or_default()
        .iter()
        .map(|node| Copied { text: snippet, node })
        .collect();
    let mut patch = Patch::of(text);
    patch.insert_items(Place { mapping, pair }, last, list, &copied);
    patch.apply()
}

/// A value as YAML: a plain word where it cannot be taken for anything else.
fn word(value: &str) -> String {
    let plain = |c: char| {
        c.is_alphanumeric() || matches!(c, '_' | '(' | ')' | ' ' | '-' | '>' | '<' | '=' | '\'')
    };
    let is_word = value.starts_with(char::is_alphabetic)
        && !value.ends_with(' ')
        && value.chars().all(plain)
        && !matches!(
            value.to_lowercase().as_str(),
            "null" | "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n"
        );
    if is_word { value.to_owned() } else { serde_json::Value::from(value).to_string() }
}

/// Takes an item out of a list of the mapping at `path`; none where it is not there.
pub(crate) fn remove(text: &str, path: &str, list: &str, name: &str) -> Option<String> {
    let root = parsed(text);
    let mapping = item::find(&root, path);
    let items = mapping.get(list)?.items();
    let at = item::identities(list, items).iter().position(|it| it == name)?;
    without(text, mapping, list, at)
}

/// Takes the first item with all of these values out of a list of the file; none where there is none.
pub(crate) fn remove_where(
    text: &str,
    list: &str,
    values: &[(&str, Option<&str>)],
) -> Option<String> {
    let root = parsed(text);
    let fits =
        |it: &Node| values.iter().all(|(key, value)| it.get(key).and_then(Node::text) == *value);
    let at = root.get(list)?.items().iter().position(fits)?;
    without(text, &root, list, at)
}

fn without(text: &str, mapping: &Node, list: &str, at: usize) -> Option<String> {
    let (key, items) = mapping.pairs().iter().find(|(key, _)| key.text() == Some(list))?;
    let item = items.items().get(at)?;
    let mut patch = Patch::of(text);
    if items.flow {
        patch.remove_flow_item(items.items(), at);
    } else {
        let colon = yaml::colon(text, key.range.end);
        let dash = *patch.dashes(colon, items.items()).get(at)?;
        patch.remove_item(dash, item);
        if items.items().len() == 1 {
            patch.change(colon..colon, " []");
        }
    }
    Some(patch.apply())
}

/// Gives an entity to the context of this name, which may be new, and takes it from all others; without a name it belongs
/// to none.
pub(crate) fn move_to_context(text: &str, entity: &str, context: Option<&str>) -> String {
    let mut text = text.to_owned();
    let names = |text: &str| {
        let root = parsed(text);
        let contexts = root.get(CONTEXTS).map(Node::items).unwrap_or_default();
        item::identities(CONTEXTS, contexts)
    };
    for name in names(&text) {
        let path = item::below(CONTEXTS, &name);
        let root = parsed(&text);
        let mapping = item::find(&root, &path);
        let Some(pair) = mapping.pairs().iter().find(|(key, _)| key.text() == Some(ENTITIES))
        else {
            continue;
        };
        let owned: Vec<&str> = pair.1.items().iter().filter_map(Node::text).collect();
        if owned.contains(&entity) != (context == Some(&*name)) {
            let others = owned.iter().copied().filter(|it| *it != entity);
            let now: Vec<&str> =
                others.chain((context == Some(&*name)).then_some(entity)).collect();
            let snippet = list_of(ENTITIES, "", &now);
            let new = parsed(&snippet);
            let node = new.get(ENTITIES).expect("invariant: the snippet holds the list");
            let mut patch = Patch::of(&text);
            patch.set(mapping, pair, Copied { text: &snippet, node });
            text = patch.apply();
        }
    }
    match context.filter(|name| !names(&text).iter().any(|it| it == name)) {
        Some(name) => {
            let list = list_of(ENTITIES, "  ", &[entity]);
            insert(&text, "", CONTEXTS, &format!("{CONTEXTS}:\n- name: {}\n{list}", word(name)))
        }
        None => text,
    }
}

/// A list of words under its key.
fn list_of(key: &str, indent: &str, values: &[&str]) -> String {
    if values.is_empty() {
        return format!("{indent}{key}: []\n");
    }
    let items: Vec<String> =
        values.iter().map(|value| format!("{indent}- {}\n", word(value))).collect();
    format!("{indent}{key}:\n{}", items.concat())
}

/// Answers a question, in place of an earlier answer to it.
pub(crate) fn answer(text: &str, question: &str, value: &str) -> String {
    let root = parsed(text);
    let snippet = format!("{ANSWERS}:\n  {question}: {}\n", word(value));
    let new = parsed(&snippet);
    let value = new.get(ANSWERS).and_then(|it| it.get(question));
    let value = value.expect("invariant: the snippet holds the answer");
    let copied = Copied { text: &snippet, node: value };
    let mut patch = Patch::of(text);
    match root.pairs().iter().find(|(key, _)| key.text() == Some(ANSWERS)) {
        Some((_, answers)) if !answers.pairs().is_empty() => {
            match answers.pairs().iter().find(|(key, _)| key.text() == Some(question)) {
                Some(pair) => patch.set(answers, pair, copied),
                None => patch.insert_pair(answers, None, question, copied),
            }
        }
        Some(pair) => {
            let all = new.get(ANSWERS).expect("invariant: the snippet holds answers");
            patch.set(&root, pair, Copied { text: &snippet, node: all });
        }
        None => {
            let all = new.get(ANSWERS).expect("invariant: the snippet holds answers");
            patch.insert_pair(
                &root,
                Some("project"),
                ANSWERS,
                Copied { text: &snippet, node: all },
            );
        }
    }
    patch.apply()
}
