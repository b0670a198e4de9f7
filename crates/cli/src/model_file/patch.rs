//! Changes to single parts of a YAML text, byte for byte, so that everything else of it stays: comments, blank lines,
//! the order of keys, quoting.

use std::collections::BTreeSet;
use std::ops::Range;

use underpin_read::yaml::{self, Node, Value};

/// A text with the changes that are to be made to it.
#[derive(Debug)]
pub(super) struct Patch<'t> {
    text: &'t str,
    changes: Vec<(Range<usize>, String)>,
}

/// A part of a text of ours, from which it is copied.
#[derive(Debug, Clone, Copy)]
pub(super) struct Copied<'t> {
    pub(super) text: &'t str,
    pub(super) node: &'t Node,
}

/// Where a list stands that takes new items.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'n> {
    /// The mapping that has the list.
    pub(super) mapping: &'n Node,
    /// The list's key and the list, where there is one.
    pub(super) pair: Option<&'n (Node, Node)>,
}

impl<'t> Patch<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        Self { text, changes: Vec::new() }
    }

    /// The text with all changes made.
    pub(super) fn apply(mut self) -> String {
        // What is put in at a place comes before what is taken away from there on.
        self.changes.sort_by_key(|(range, _)| (range.start, range.end));
        let line_break = if self.text.contains("\r\n") { "\r\n" } else { "\n" };
        let mut made = String::with_capacity(self.text.len());
        let mut at = 0;
        for (range, new) in &self.changes {
            made.push_str(&self.text[at..range.start.max(at)]);
            let needs_break = range.start == self.text.len()
                && new.starts_with(|c: char| c != '\n')
                && new.ends_with('\n')
                && !made.is_empty()
                && !made.ends_with('\n');
            if needs_break {
                made.push_str(line_break);
            }
            if line_break == "\n" {
                made.push_str(new);
            } else {
                made.push_str(&new.replace('\n', line_break));
            }
            at = at.max(range.end);
        }
        made.push_str(&self.text[at..]);
        made
    }

    pub(super) fn change(&mut self, range: Range<usize>, new: impl Into<String>) {
        self.changes.push((range, new.into()));
    }

    fn line_start(&self, at: usize) -> usize {
        line_start(self.text, at)
    }

    /// Behind the line break of the line that holds `at`.
    fn line_end(&self, at: usize) -> usize {
        self.text[at..].find('\n').map_or(self.text.len(), |found| at + found + 1)
    }

    fn column(&self, at: usize) -> usize {
        at - self.line_start(at)
    }

    /// Behind a part of a block and the comments below it that are indented deeper than `column`, which belong to it.
    fn behind(&self, at: usize, column: usize) -> usize {
        let mut end = self.line_end(at);
        while end < self.text.len() {
            let line = &self.text[end..self.line_end(end)];
            let content = line.trim_start_matches(' ');
            if !content.starts_with('#') || line.len() - content.len() <= column {
                break;
            }
            end = self.line_end(end);
        }
        end
    }

    /// Writes a value behind a key that is there.
    pub(super) fn set(&mut self, mapping: &Node, pair: &(Node, Node), new: Copied<'_>) {
        let (key, old) = pair;
        let colon = yaml::colon(self.text, key.range.end);
        let old_is_block =
            !old.flow && !old.range.is_empty() && !matches!(old.value, Value::Scalar { .. });
        if mapping.flow {
            let space = if old.range.start == colon { " " } else { "" };
            return self.change(old.range.clone(), format!("{space}{}", flow_text(new.node)));
        }
        match (inline(new), old_is_block) {
            (Some(inline), false) => {
                let space = if old.range.start == colon { " " } else { "" };
                self.change(old.range.clone(), format!("{space}{inline}"));
            }
            (Some(inline), true) => {
                self.change(colon..colon, format!(" {inline}"));
                self.remove_lines(self.line_end(colon)..self.line_end(old.range.end), old, key);
            }
            (None, false) => {
                let from = if old.range.is_empty() { old.range.start } else { colon };
                self.change(from..old.range.end.max(from), "");
                let at = self.line_end(old.range.end);
                self.change(at..at, block(new, self.column(key.range.start)));
            }
            (None, true) => {
                let at = self.line_end(colon);
                if self.exchange_items(colon, old, new) {
                    return;
                }
                self.change(at..at, block(new, self.column(key.range.start)));
                self.remove_lines(at..self.line_end(old.range.end), old, key);
            }
        }
    }

    /// Exchanges only those items of a list that are others now. Not for items that are no single values.
    fn exchange_items(&mut self, colon: usize, old: &Node, new: Copied<'_>) -> bool {
        let (before, after) = (old.items(), new.node.items());
        let single = |node: &Node| matches!(node.value, Value::Scalar { .. });
        if before.is_empty() || after.is_empty() || !before.iter().chain(after).all(single) {
            return false;
        }
        let same = |(one, other): &(&Node, &Node)| one.canonical() == other.canonical();
        let front = before.iter().zip(after).take_while(same).count();
        let most = before.len().min(after.len()) - front;
        let back = before.iter().rev().zip(after.iter().rev()).take(most).take_while(same).count();
        let dashes = self.dashes(colon, before);
        let Some(column) = dashes.first().map(|&dash| self.column(dash)) else { return false };
        let indent = " ".repeat(column);
        let new_lines: String = after[front..after.len() - back]
            .iter()
            .flat_map(|item| {
                [indent.clone(), "- ".into(), single_line(new.text, item), "\n".into()]
            })
            .collect();
        let at = match front.checked_sub(1) {
            Some(last) => self.line_end(before[last].range.end),
            None => self.line_start(dashes[0]),
        };
        self.change(at..at, new_lines);
        for index in front..before.len() - back {
            self.remove_item(dashes[index], &before[index]);
        }
        true
    }

    /// Puts a key with its value into a mapping, behind the key `after` where that is given and there.
    pub(super) fn insert_pair(
        &mut self,
        mapping: &Node,
        after: Option<&str>,
        key: &str,
        new: Copied<'_>,
    ) {
        let pairs = mapping.pairs();
        let found = after.and_then(|name| pairs.iter().find(|(it, _)| it.text() == Some(name)));
        let Some((first, _)) = pairs.first() else {
            // An empty mapping is `{}`, or a file without a key.
            let text = match inline(new) {
                Some(inline) => format!("{key}: {inline}\n"),
                None => format!("{key}:\n{}", block(new, 0)),
            };
            if mapping.flow {
                let inside = format!("{key}: {}", flow_text(new.node));
                return self.change(mapping.range.start + 1..mapping.range.start + 1, inside);
            }
            return self.change(self.text.len()..self.text.len(), text);
        };
        let (_, before) = found.or(pairs.last()).expect("invariant: there is a first pair");
        if mapping.flow {
            let at = before.range.end;
            return self.change(at..at, format!(", {key}: {}", flow_text(new.node)));
        }
        let column = self.column(first.range.start);
        let at = self.behind(before.range.end, column);
        let indent = " ".repeat(column);
        let text = match inline(new) {
            Some(inline) => format!("{indent}{key}: {inline}\n"),
            None => format!("{indent}{key}:\n{}", block(new, column)),
        };
        self.change(at..at, text);
    }

    /// The dash of each item of a list that is written in lines.
    pub(super) fn dashes(&self, colon: usize, items: &[Node]) -> Vec<usize> {
        let mut after = colon;
        let mut dashes = Vec::with_capacity(items.len());
        for item in items {
            let Some(dash) = yaml::dash(self.text, after) else { break };
            dashes.push(dash);
            after = item.range.end;
        }
        dashes
    }

    /// Puts items into a list, behind its item `after`, or before all of them.
    pub(super) fn insert_items(
        &mut self,
        place: Place<'_>,
        after: Option<usize>,
        key: &str,
        new: &[Copied<'_>],
    ) {
        let Some((name, list)) = place.pair else {
            return self.insert_list(place.mapping, key, new);
        };
        let items = list.items();
        let in_flow = || new.iter().map(|it| flow_text(it.node)).collect::<Vec<_>>().join(", ");
        if place.mapping.flow && items.is_empty() {
            let space = if list.range.is_empty() { " " } else { "" };
            return self.change(list.range.clone(), format!("{space}[{}]", in_flow()));
        }
        if list.flow && !items.is_empty() {
            return match after {
                Some(index) => {
                    let at = items[index].range.end;
                    self.change(at..at, format!(", {}", in_flow()));
                }
                None => {
                    let at = items[0].range.start;
                    self.change(at..at, format!("{}, ", in_flow()));
                }
            };
        }
        let colon = yaml::colon(self.text, name.range.end);
        let dashes = self.dashes(colon, items);
        if items.is_empty() || dashes.len() < items.len() {
            let column = self.column(name.range.start);
            self.change(colon..list.range.end.max(colon), "");
            let at = self.line_end(list.range.end.max(colon));
            return self.change(at..at, item_lines(new, column));
        }
        let column = self.column(dashes[0]);
        let at = match after {
            Some(index) => self.behind(items[index].range.end, column),
            None => self.line_start(dashes[0]),
        };
        self.change(at..at, item_lines(new, column));
    }

    fn insert_list(&mut self, mapping: &Node, key: &str, new: &[Copied<'_>]) {
        let Some((_, last)) = mapping.pairs().last() else {
            let text = format!("{key}:\n{}", item_lines(new, 0));
            return self.change(self.text.len()..self.text.len(), text);
        };
        if mapping.flow {
            let items: Vec<String> = new.iter().map(|it| flow_text(it.node)).collect();
            let at = last.range.end;
            return self.change(at..at, format!(", {key}: [{}]", items.join(", ")));
        }
        let column = self.column(mapping.pairs()[0].0.range.start);
        let at = self.behind(last.range.end, column);
        let indent = " ".repeat(column);
        self.change(at..at, format!("{indent}{key}:\n{}", item_lines(new, column)));
    }

    /// Takes an item out of a list. Comments in it stay, as lines of their own.
    pub(super) fn remove_item(&mut self, dash: usize, item: &Node) {
        let start = self.line_start(dash);
        if self.text[start..dash].trim().is_empty() {
            let end = self.line_end(item.range.end.max(dash));
            let kept = self.comments(start..end, item, dash - start);
            self.change(start..end, kept);
        } else {
            // A list in a list; ours have none.
            self.change(dash + 1..item.range.end.max(dash + 1), " null");
        }
    }

    /// Takes an item out of a list with brackets, and one comma.
    pub(super) fn remove_flow_item(&mut self, items: &[Node], index: usize) {
        let range = match index.checked_sub(1) {
            Some(before) => items[before].range.end..items[index].range.end,
            None => {
                let next = items.get(1).map_or(items[0].range.end, |it| it.range.start);
                items[0].range.start..next
            }
        };
        self.change(range, "");
    }

    /// Takes keys out of a mapping. Comments beside them stay, as lines of their own.
    pub(super) fn remove_pairs(&mut self, owner: &(Node, Node), keys: &BTreeSet<String>) {
        let (name, mapping) = owner;
        let is_gone = |key: &Node| key.text().is_some_and(|it| keys.contains(it));
        let pairs = mapping.pairs();
        let left = pairs.iter().filter(|(key, _)| !is_gone(key)).count();
        for (index, (key, value)) in pairs.iter().enumerate() {
            if !is_gone(key) {
                continue;
            }
            if mapping.flow {
                let start =
                    index.checked_sub(1).map_or(key.range.start, |at| pairs[at].1.range.end);
                let next = pairs.get(index + 1).filter(|_| index == 0);
                let end = next.map_or(value.range.end, |(key, _)| key.range.start);
                self.change(start..end, "");
            } else {
                let start = self.line_start(key.range.start);
                let end = self.line_end(value.range.end);
                let kept = self.comments(start..end, value, key.range.start - start);
                self.change(start..end, kept);
            }
        }
        if left == 0 && left < pairs.len() && !mapping.flow {
            let colon = yaml::colon(self.text, name.range.end);
            self.change(colon..colon, " {}");
        }
    }

    fn remove_lines(&mut self, range: Range<usize>, node: &Node, key: &Node) {
        let kept = self.comments(range.clone(), node, self.column(key.range.start));
        self.change(range, kept);
    }

    /// The comments in a range that holds a node, each as a line.
    fn comments(&self, range: Range<usize>, node: &Node, column: usize) -> String {
        let mut words: Vec<Range<usize>> = Vec::new();
        leaves(node, &mut words);
        let mut kept = String::new();
        let mut start = range.start;
        for line in self.text[range].split_inclusive('\n') {
            let comment = line.match_indices('#').map(|(at, _)| at).find(|&at| {
                let begins = at == 0 || line[..at].ends_with([' ', '\t']);
                begins && !words.iter().any(|word| word.contains(&(start + at)))
            });
            if let Some(at) = comment {
                kept.push_str(&" ".repeat(column));
                kept.push_str(line[at..].trim_end());
                kept.push('\n');
            }
            start += line.len();
        }
        kept
    }
}

fn leaves(node: &Node, found: &mut Vec<Range<usize>>) {
    match &node.value {
        Value::Scalar { .. } => found.push(node.range.clone()),
        Value::Sequence(items) => items.iter().for_each(|it| leaves(it, found)),
        Value::Mapping(pairs) => {
            for (key, value) in pairs {
                leaves(key, found);
                leaves(value, found);
            }
        }
    }
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |found| found + 1)
}

/// A value on one line, or none where it is written in lines of its own.
fn inline(new: Copied<'_>) -> Option<String> {
    let is_block = !new.node.flow && !matches!(new.node.value, Value::Scalar { .. });
    (!is_block).then(|| single_line(new.text, new.node))
}

fn single_line(text: &str, node: &Node) -> String {
    let written = &text[node.range.clone()];
    if node.range.is_empty() {
        "null".to_owned()
    } else if written.contains('\n') {
        flow_text(node)
    } else {
        written.to_owned()
    }
}

/// A value as it stands between brackets.
fn flow_text(node: &Node) -> String {
    match &node.value {
        Value::Scalar { text, plain } => {
            let is_word = *plain
                && (text.parse::<f64>().is_ok() || matches!(text.as_str(), "true" | "false"));
            if is_word {
                text.clone()
            } else if node.is_null() {
                "null".to_owned()
            } else {
                // A text in JSON is one in YAML too.
                serde_json::Value::from(text.as_str()).to_string()
            }
        }
        Value::Sequence(items) => {
            format!("[{}]", items.iter().map(flow_text).collect::<Vec<_>>().join(", "))
        }
        Value::Mapping(pairs) => {
            let parts: Vec<String> = pairs
                .iter()
                .map(|(key, value)| format!("{}: {}", flow_text(key), flow_text(value)))
                .collect();
            format!("{{{}}}", parts.join(", "))
        }
    }
}

/// The lines of an item of a list in a text that we wrote, from its indentation on.
fn item_text(item: Copied<'_>) -> &str {
    &item.text[line_start(item.text, item.node.range.start)..item.node.range.end]
}

fn item_column(item: Copied<'_>) -> usize {
    item_text(item).find('-').unwrap_or(0)
}

/// Lines with another indentation, each with a line break.
fn moved(text: &str, from: usize, to: usize) -> String {
    let mut made = String::new();
    for line in text.split('\n') {
        let indent = line.len() - line.trim_start_matches(' ').len();
        if indent < line.len() {
            made.push_str(&" ".repeat(to + indent.saturating_sub(from)));
            made.push_str(&line[indent..]);
        }
        made.push('\n');
    }
    made
}

fn item_lines(new: &[Copied<'_>], column: usize) -> String {
    new.iter().map(|item| moved(item_text(*item), item_column(*item), column)).collect()
}

fn block(new: Copied<'_>, column: usize) -> String {
    let start = line_start(new.text, new.node.range.start);
    let from = new.text[start..].find(|c| c != ' ').unwrap_or(0);
    // Lists stand below their keys, mappings two characters further in.
    let deeper = if new.node.pairs().is_empty() { 0 } else { 2 };
    moved(&new.text[start..new.node.range.end], from, column + deeper)
}
