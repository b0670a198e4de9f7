//! The three-way change: what the documents said when the file was written, what they say now, what a person made of
//! the file. What only the documents changed follows them; what only the person changed stays; what both changed
//! differently stays as the person has it and is a conflict until it is answered.

use std::collections::{BTreeMap, BTreeSet};

use underpin_read::yaml::{self, Node};

use super::item::{self, SOURCE};
use super::patch::{Copied, Patch, Place};
use super::written::{self, ANSWERS, REPORTS, WRITTEN, Written};

/// What the person did to a part of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum EditKind {
    /// Gave it another value.
    Changed,
    /// Wrote it.
    Added,
    /// Took it out.
    Removed,
}

/// A part of the file that is the person's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Edit {
    /// Where in the file.
    pub(crate) path: String,
    /// What was done to it.
    pub(crate) kind: EditKind,
}

/// A place of the documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stated {
    pub(crate) document: String,
    pub(crate) line: usize,
}

/// A part that both sides changed differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Conflict {
    /// Under which it is answered.
    pub(crate) id: String,
    /// Where in the file.
    pub(crate) path: String,
    /// What the documents say now; none where they say nothing.
    pub(crate) documents: Option<String>,
    /// What the person wrote; none where it was taken out.
    pub(crate) person: Option<String>,
    /// Where the documents say it.
    pub(crate) stated: Option<Stated>,
}

/// The answer to a conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Person,
    Documents,
}

/// What came of it.
#[derive(Debug)]
pub(super) struct Merged {
    pub(super) text: String,
    pub(super) edits: Vec<Edit>,
    pub(super) conflicts: Vec<Conflict>,
    pub(super) written: Written,
    /// Ids of conflicts whose answers were carried out.
    pub(super) settled: BTreeSet<String>,
}

struct Merge<'a> {
    ours: Copied<'a>,
    theirs: Copied<'a>,
    base: &'a Written,
    answers: &'a BTreeMap<String, Side>,
    patch: Patch<'a>,
    edits: Vec<Edit>,
    conflicts: Vec<Conflict>,
    next: Written,
    settled: BTreeSet<String>,
}

/// Brings a file up to what the documents say.
pub(super) fn merge(
    ours: Copied<'_>,
    theirs: Copied<'_>,
    base: &Written,
    answers: &BTreeMap<String, Side>,
) -> Merged {
    let mut merge = Merge {
        ours,
        theirs,
        base,
        answers,
        patch: Patch::of(ours.text),
        edits: Vec::new(),
        conflicts: Vec::new(),
        next: Written::new(),
        settled: BTreeSet::new(),
    };
    merge.item("", ours.node, theirs.node);
    let Merge { patch, edits, conflicts, next, settled, .. } = merge;
    Merged { text: patch.apply(), edits, conflicts, written: next, settled }
}

/// Whose value holds.
enum Verdict {
    Keep,
    Follow,
}

impl<'a> Merge<'a> {
    fn copied(&self, node: &'a Node) -> Copied<'a> {
        Copied { text: self.theirs.text, node }
    }

    /// An item that both files have.
    fn item(&mut self, path: &str, ours: &'a Node, theirs: &'a Node) {
        self.next.entry(path.to_owned()).or_default();
        let mut before: Option<&str> = None;
        for (key, value) in theirs.pairs() {
            let name = key.text().unwrap_or_default();
            let pair = ours.pairs().iter().find(|(it, _)| it.text() == Some(name));
            if path.is_empty() && (REPORTS.contains(&name) || matches!(name, ANSWERS | WRITTEN)) {
                continue;
            }
            if item::is_list(path, name) {
                self.list(path, name, Place { mapping: ours, pair }, value);
            } else {
                self.value(path, name, ours, pair, before, theirs, value);
            }
            before = Some(name);
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the place of a value in two files")]
    fn value(
        &mut self,
        path: &str,
        key: &str,
        ours: &'a Node,
        pair: Option<&'a (Node, Node)>,
        before: Option<&str>,
        theirs: &'a Node,
        value: &'a Node,
    ) {
        let now = written::said(key, value);
        let mine = pair.and_then(|(_, it)| written::said(key, it));
        let base = self.base.get(path).and_then(|it| it.get(key)).cloned();
        let place = item::below(path, key);
        let verdict = if key == SOURCE || now == mine || mine == base {
            Verdict::Follow
        } else if now == base {
            self.edits.push(Edit { path: place, kind: EditKind::Changed });
            Verdict::Keep
        } else {
            let conflict = Conflict {
                id: item::conflict_id(&place),
                documents: shown(Some(value)),
                person: shown(pair.map(|(_, it)| it)),
                stated: stated(theirs),
                path: place.clone(),
            };
            match self.answer(conflict) {
                Some(Side::Documents) => Verdict::Follow,
                Some(Side::Person) => {
                    self.edits.push(Edit { path: place, kind: EditKind::Changed });
                    Verdict::Keep
                }
                None => {
                    self.remember(path, key, base);
                    return;
                }
            }
        };
        if key != SOURCE {
            self.remember(path, key, now);
        }
        if matches!(verdict, Verdict::Keep) {
            return;
        }
        match pair {
            Some((_, it)) if it.canonical() == value.canonical() => {}
            // The two ways of saying nothing are one.
            Some(pair) if !(pair.1.is_null() && value.canonical().is_empty()) => {
                self.patch.set(ours, pair, self.copied(value));
            }
            Some(_) => {}
            None if key != SOURCE && written::said(key, value).is_none() => {}
            None => self.patch.insert_pair(ours, before, key, self.copied(value)),
        }
    }

    fn remember(&mut self, path: &str, key: &str, digest: Option<String>) {
        let values = self.next.entry(path.to_owned()).or_default();
        if let Some(digest) = digest {
            values.insert(key.to_owned(), digest);
        }
    }

    /// The answer to a conflict; without one it stays a conflict.
    fn answer(&mut self, conflict: Conflict) -> Option<Side> {
        let side = self.answers.get(&conflict.id).copied();
        if side.is_some() {
            self.settled.insert(conflict.id);
        } else {
            self.conflicts.push(conflict);
        }
        side
    }

    fn list(&mut self, path: &str, key: &str, place: Place<'a>, theirs: &'a Node) {
        let path = item::below(path, key);
        let mine = place.pair.map(|(_, it)| it.items()).unwrap_or_default();
        let my_names = item::identities(key, mine);
        let their_names = item::identities(key, theirs.items());
        let base = self.base;
        let at_theirs: BTreeMap<&str, &'a Node> =
            their_names.iter().map(String::as_str).zip(theirs.items()).collect();

        let mut gone: Vec<usize> = Vec::new();
        for (index, (name, item)) in my_names.iter().zip(mine).enumerate() {
            let place = item::below(&path, name);
            match (at_theirs.get(name.as_str()), base.contains_key(&place)) {
                (Some(theirs), _) => self.item(&place, item, theirs),
                (None, false) => self.edits.push(Edit { path: place, kind: EditKind::Added }),
                (None, true) if written::of(&place, item) == written::under(base, &place) => {
                    gone.push(index);
                }
                (None, true) => {
                    let conflict = Conflict {
                        id: item::conflict_id(&place),
                        documents: None,
                        person: shown(Some(item)),
                        stated: None,
                        path: place.clone(),
                    };
                    match self.answer(conflict) {
                        Some(Side::Documents) => gone.push(index),
                        Some(Side::Person) => {
                            self.edits.push(Edit { path: place, kind: EditKind::Added });
                        }
                        None => self.next.extend(written::under(base, &place)),
                    }
                }
            }
        }

        let mut new: BTreeMap<Option<usize>, Vec<Copied<'a>>> = BTreeMap::new();
        let mut anchor = None;
        for (name, item) in their_names.iter().zip(theirs.items()) {
            if let Some(index) = my_names.iter().position(|it| it == name) {
                anchor = Some(index);
                continue;
            }
            let place = item::below(&path, name);
            let now = written::of(&place, item);
            if !base.contains_key(&place) {
                self.next.extend(now);
                new.entry(anchor).or_default().push(self.copied(item));
            } else if now == written::under(base, &place) {
                self.next.extend(now);
                self.edits.push(Edit { path: place, kind: EditKind::Removed });
            } else {
                let conflict = Conflict {
                    id: item::conflict_id(&place),
                    documents: shown(Some(item)),
                    person: None,
                    stated: stated(item),
                    path: place.clone(),
                };
                match self.answer(conflict) {
                    Some(Side::Documents) => {
                        self.next.extend(now);
                        new.entry(anchor).or_default().push(self.copied(item));
                    }
                    Some(Side::Person) => {
                        self.next.extend(now);
                        self.edits.push(Edit { path: place, kind: EditKind::Removed });
                    }
                    None => self.next.extend(written::under(base, &place)),
                }
            }
        }
        self.rewrite(key, place, &gone, new);
    }

    /// Takes items out of a list and puts others in.
    fn rewrite(
        &mut self,
        key: &str,
        place: Place<'a>,
        gone: &[usize],
        new: BTreeMap<Option<usize>, Vec<Copied<'a>>>,
    ) {
        if let Some((name, list)) = place.pair {
            let items = list.items();
            let colon = yaml::colon(self.ours.text, name.range.end);
            let dashes = if list.flow { Vec::new() } else { self.patch.dashes(colon, items) };
            for &index in gone {
                match dashes.get(index) {
                    Some(&dash) => self.patch.remove_item(dash, &items[index]),
                    None => self.patch.remove_flow_item(items, index),
                }
            }
            if !gone.is_empty() && gone.len() == items.len() && new.is_empty() && !list.flow {
                self.patch.change(colon..colon, " []");
            }
        }
        for (after, items) in new {
            self.patch.insert_items(place, after, key, &items);
        }
    }
}

/// A value in a few words, for messages.
fn shown(value: Option<&Node>) -> Option<String> {
    let value = value?;
    if let Some(text) = value.text() {
        return Some(text.chars().take(60).collect());
    }
    if !value.pairs().is_empty() {
        return Some("it".to_owned());
    }
    let items: Vec<&str> = value.items().iter().filter_map(Node::text).collect();
    (!items.is_empty()).then(|| items.join(", ").chars().take(60).collect())
}

/// Where an item says that the documents state it.
fn stated(item: &Node) -> Option<Stated> {
    let source = item.get(SOURCE)?;
    Some(Stated {
        document: source.get("document")?.text()?.to_owned(),
        line: source.get("line")?.text()?.parse().ok()?,
    })
}
