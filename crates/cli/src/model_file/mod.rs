//! The model file `underpin.yaml` as a thing that a person edits and Underpin writes: neither loses what the other did.

mod edit;
mod held;
mod item;
mod merge;
mod patch;
mod shape;
mod written;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use underpin_read::yaml::{self, Node};

pub(crate) use edit::{add, answer, move_to_context, remove, remove_where};
pub(crate) use held::{
    Answers, GivenExpression, Held, answers, given_expressions, remarks, stated_places,
};
pub(crate) use merge::{Conflict, Edit, EditKind, Side, Stated};
use patch::{Copied, Patch};
use written::{ANSWERS, REPORTS, WRITTEN, Written};

/// The file's name.
pub(crate) const MODEL_FILE: &str = "underpin.yaml";

/// A model file that is being brought up to what the documents say.
#[derive(Debug)]
pub(crate) struct Update {
    /// The file so far.
    pub(crate) text: String,
    /// What in it is the person's.
    pub(crate) edits: Vec<Edit>,
    /// What both sides changed differently; the person's stands in the file.
    pub(crate) conflicts: Vec<Conflict>,
    /// Whether nothing in it is a person's, not even a comment.
    untouched: bool,
    written: Written,
    settled: BTreeSet<String>,
}

impl Update {
    /// Whether the file holds nothing of a person's, not even a comment.
    pub(crate) fn is_untouched(&self) -> bool {
        self.untouched
    }

    /// Whether the answer to a conflict was carried out.
    pub(crate) fn settled(&self, id: &str) -> bool {
        self.settled.contains(id)
    }
}

/// Brings the file that was there up to what the documents say now. Both must be YAML that the schema allows.
pub(crate) fn update(
    before: Option<&str>,
    fresh: &str,
    answers: &BTreeMap<String, Side>,
) -> Update {
    let theirs = parsed(fresh);
    let parsed_before = before.map(|text| (text, parsed(text)));
    let Some((text, ours)) = parsed_before.filter(|(text, root)| !is_untouched(text, root)) else {
        return Update {
            text: fresh.to_owned(),
            edits: Vec::new(),
            conflicts: Vec::new(),
            untouched: true,
            written: written::of("", &theirs),
            settled: BTreeSet::new(),
        };
    };
    let base = written::read(&ours);
    let merged = merge::merge(
        Copied { text, node: &ours },
        Copied { text: fresh, node: &theirs },
        &base,
        answers,
    );
    Update {
        text: merged.text,
        edits: merged.edits,
        conflicts: merged.conflicts,
        untouched: false,
        written: merged.written,
        settled: merged.settled,
    }
}

/// The whole file: with what is reported of the model that it holds (`fresh`), and with the digests for the next time.
pub(crate) fn finish(update: &Update, fresh: &str) -> String {
    if update.untouched {
        let section = written::section(&update.written, Some(&written::digest(fresh)));
        return format!("{fresh}{section}");
    }
    let (ours, theirs) = (parsed(&update.text), parsed(fresh));
    let mut patch = Patch::of(&update.text);
    let mut before: Option<&str> = None;
    for (key, value) in theirs.pairs() {
        let name = key.text().unwrap_or_default();
        if REPORTS.contains(&name) {
            let new = Copied { text: fresh, node: value };
            match ours.pairs().iter().find(|(it, _)| it.text() == Some(name)) {
                Some((_, it)) if it.canonical() == value.canonical() => {}
                Some(pair) => patch.set(&ours, pair, new),
                None => patch.insert_pair(&ours, before, name, new),
            }
        }
        before = Some(name);
    }
    if let Some(pair) = ours.pairs().iter().find(|(it, _)| it.text() == Some(ANSWERS)) {
        patch.remove_pairs(pair, &update.settled);
    }
    let section = written::section(&update.written, None);
    let text = patch.apply();
    with_section(&text, &section)
}

/// Exchanges the section of digests, or puts it at the end.
fn with_section(text: &str, section: &str) -> String {
    let root = parsed(text);
    let mut patch = Patch::of(text);
    match root.pairs().iter().find(|(key, _)| key.text() == Some(WRITTEN)) {
        Some((key, value)) => {
            let start = section_start(text, key.range.start);
            let end = text[value.range.end..]
                .find('\n')
                .map_or(text.len(), |at| value.range.end + at + 1);
            patch.change(start..end, section);
        }
        None => patch.change(text.len()..text.len(), section),
    }
    patch.apply()
}

/// Where the section's own comment begins, if that is still there.
fn section_start(text: &str, key: usize) -> usize {
    let own = written::section(&Written::new(), None);
    let own = own.strip_suffix(&format!("{WRITTEN}:\n")).unwrap_or_default();
    let before = text[..key].replace('\r', "");
    if before.ends_with(own) {
        let lines = own.matches('\n').count();
        let mut start = key;
        for _ in 0..lines {
            start = text[..start.saturating_sub(1)].rfind('\n').map_or(0, |at| at + 1);
        }
        start
    } else {
        key
    }
}

/// Whether the file is, byte for byte, one that Underpin wrote.
fn is_untouched(text: &str, root: &Node) -> bool {
    let Some((key, value)) = root.pairs().iter().find(|(key, _)| key.text() == Some(WRITTEN))
    else {
        return false;
    };
    let start = section_start(text, key.range.start);
    let recorded = value.get(written::WHOLE).and_then(Node::text).unwrap_or_default();
    recorded.strip_prefix("all=") == Some(&written::digest(&text[..start]))
        && text[value.range.end..].trim_end_matches('\n').is_empty()
}

/// Where a path leads in a text: the bytes of that part.
pub(crate) fn place(text: &str, path: &str) -> std::ops::Range<usize> {
    item::find(&parsed(text), path).range.clone()
}

/// The text of a value; none where it is empty.
pub(crate) fn value(text: &str, path: &str) -> Option<String> {
    item::find(&parsed(text), path).text().map(str::to_owned)
}

/// The item that an edit is in: the one that was added, else the one that has the edited value.
pub(crate) fn item_place(text: &str, path: &str, kind: EditKind) -> std::ops::Range<usize> {
    let item = match kind {
        EditKind::Added => path,
        EditKind::Changed | EditKind::Removed => path.rsplit_once('/').map_or("", |(item, _)| item),
    };
    place(text, item)
}

/// The path of an entity.
pub(crate) fn entity_path(name: &str) -> String {
    item::below("entities", name)
}

/// A path as people read it.
pub(crate) fn subject(path: &str) -> String {
    item::subject(path)
}

/// A text that was parsed before, or that we wrote.
fn parsed(text: &str) -> Node {
    yaml::parse(text).expect("invariant: only text that was parsed before comes here")
}
