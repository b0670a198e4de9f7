//! What a write does to its rows, by the words of its name: adds one or many, changes them, deletes them, takes the next of a
//! queue, adds a row or changes the one that is there.

use crate::{AccessKind, Fact};

/// What a write does to its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WriteForm {
    /// Adds a row.
    Add,
    /// Adds as many rows as it is given.
    AddMany,
    /// Adds a row, or changes the one that has its key.
    AddOrChange,
    /// Adds as many rows as it is given, or changes those that have their keys.
    AddOrChangeMany,
    /// Changes rows.
    Change,
    /// Deletes rows.
    Delete,
    /// Takes the next rows of a queue, past those that another worker holds.
    Take,
}

impl WriteForm {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Add,
        Self::AddMany,
        Self::AddOrChange,
        Self::AddOrChangeMany,
        Self::Change,
        Self::Delete,
        Self::Take,
    ];

    /// The words for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::AddMany => "add many",
            Self::AddOrChange => "add or change",
            Self::AddOrChangeMany => "add or change many",
            Self::Change => "change",
            Self::Delete => "delete",
            Self::Take => "take",
        }
    }

    /// The one that words name.
    pub fn of(words: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.as_str() == words)
    }

    /// The one that a column of kinds says, such as "UPDATE", where it says one; a name may tell more of it.
    pub(crate) fn of_kind(kind: &str, name: &str, narrows: bool) -> Option<Self> {
        let kind = kind.to_lowercase();
        let told = named(name, narrows);
        let [adds, changes, deletes] = ["insert", "update", "delete"].map(|it| kind.contains(it));
        match (adds, changes, deletes) {
            _ if kind.contains("upsert") => Some(named(name, false).or_change()),
            (true, true, false) => Some(named(name, false).or_change()),
            // What is added is found by nothing.
            (true, false, false) => {
                Some(Some(named(name, false)).filter(|it| it.adds()).unwrap_or(Self::Add))
            }
            (false, true, false) => Some(if told == Self::Take { told } else { Self::Change }),
            (false, false, true) => Some(Self::Delete),
            _ => None,
        }
    }

    /// Whether it is about rows that are not there yet.
    pub const fn adds(self) -> bool {
        matches!(self, Self::Add | Self::AddMany | Self::AddOrChange | Self::AddOrChangeMany)
    }

    /// The form that adds as many rows, and changes those that are there.
    const fn or_change(self) -> Self {
        match self {
            Self::AddMany | Self::AddOrChangeMany => Self::AddOrChangeMany,
            Self::Add | Self::AddOrChange | Self::Change | Self::Delete | Self::Take => {
                Self::AddOrChange
            }
        }
    }
}

const ADDS: &[&str] =
    &["create", "add", "insert", "register", "append", "new", "enqueue", "book", "upload", "place"];

const CHANGES: &[&str] = &[
    "update",
    "change",
    "set",
    "mark",
    "cancel",
    "archive",
    "approve",
    "reject",
    "activate",
    "deactivate",
    "close",
    "reopen",
    "rename",
    "edit",
    "expire",
    "patch",
    "modify",
    "confirm",
    "publish",
    "resolve",
    "reset",
    "increment",
    "decrement",
    "toggle",
    "complete",
    "move",
    "suspend",
    "restore",
];

const DELETES: &[&str] =
    &["delete", "remove", "purge", "clear", "cleanup", "clean", "prune", "erase"];

const OR_CHANGES: &[&[&str]] = &[
    &["upsert"],
    &["add", "or", "update"],
    &["create", "or", "update"],
    &["insert", "or", "update"],
    &["add", "or", "replace"],
    &["create", "or", "replace"],
    &["add", "or", "change"],
];

/// What an addition does to the rows that are there: "import prices, replacing those that are there".
const REPLACES: &[&[&str]] = &[&["replacing"], &["overwriting"], &["or", "overwrite"]];

const MANY: &[&[&str]] =
    &[&["bulk"], &["import"], &["batch"], &["ingest"], &["in", "batches"], &["many"]];

/// Verbs by which a worker takes rows, whatever they wait for; and those that need a word for it.
const TAKES: &[&str] = &["claim", "dequeue", "lease", "poll"];
const MAY_TAKE: &[&str] = &["take", "pick", "fetch", "pop", "lock"];
const WAITS: &[&[&str]] = &[&["next"], &["pending"], &["due"], &["waiting"], &["queued"]];

/// The form of a write by its name, and by whether it says which rows it is about.
fn named(name: &str, narrows: bool) -> WriteForm {
    let words = words(name);
    let says = |phrases: &[&[&str]]| {
        phrases.iter().any(|phrase| words.windows(phrase.len()).any(|some| some == *phrase))
    };
    let begins = |list: &[&str]| words.first().is_some_and(|first| list.contains(&first.as_str()));
    // "Bulk update prices", "batch delete readings": the verb stands behind.
    let second = |list: &[&str]| {
        begins(&["bulk", "batch", "mass"])
            && words.get(1).is_some_and(|word| list.contains(&word.as_str()))
    };
    if begins(DELETES) || second(DELETES) {
        WriteForm::Delete
    } else if says(OR_CHANGES) || says(REPLACES) && !begins(CHANGES) && !second(CHANGES) {
        if says(MANY) { WriteForm::AddOrChangeMany } else { WriteForm::AddOrChange }
    } else if begins(CHANGES) || second(CHANGES) {
        WriteForm::Change
    } else if begins(TAKES) || begins(MAY_TAKE) && says(WAITS) {
        WriteForm::Take
    } else if narrows && !begins(ADDS) {
        WriteForm::Change
    } else if says(MANY) {
        WriteForm::AddMany
    } else {
        WriteForm::Add
    }
}

/// A write says what it does, by its name where its notation leaves that open.
pub(crate) fn tell(fact: &mut Fact) {
    let Fact::AccessPattern(pattern) = fact else { return };
    let told = || named(&pattern.name, !pattern.filter.is_empty());
    pattern.form = match pattern.kind {
        AccessKind::Read => None,
        AccessKind::Write => Some(pattern.form.unwrap_or_else(told)),
    };
}

/// The words of a name, those of `createOrder` as well.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let mut was_lower = false;
    for letter in name.chars() {
        let begins = letter.is_uppercase() && was_lower;
        was_lower = letter.is_lowercase();
        if begins || !letter.is_alphanumeric() {
            words.push(String::new());
        }
        if letter.is_alphanumeric() {
            if let Some(word) = words.last_mut() {
                word.extend(letter.to_lowercase());
            }
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::{WriteForm, named};

    #[test]
    fn a_kind_says_more_than_the_verb() {
        for (kind, name, expected) in [
            ("DELETE", "expire sessions", Some(WriteForm::Delete)),
            ("insert", "bulk import prices", Some(WriteForm::AddMany)),
            ("insert", "save price", Some(WriteForm::Add)),
            ("update", "claim next job", Some(WriteForm::Take)),
            ("INSERT/UPDATE", "save price", Some(WriteForm::AddOrChange)),
            ("upsert", "import prices", Some(WriteForm::AddOrChangeMany)),
            ("write", "save price", None),
        ] {
            assert_eq!(WriteForm::of_kind(kind, name, true), expected, "{kind} {name}");
        }
    }

    #[test]
    fn the_verb_says_what_is_done() {
        for (name, narrows, expected) in [
            ("create order", false, WriteForm::Add),
            ("createOrder", true, WriteForm::Add),
            ("change order status", false, WriteForm::Change),
            ("orders of a customer", true, WriteForm::Change),
            ("save order", false, WriteForm::Add),
            ("delete old orders", true, WriteForm::Delete),
            ("bulk delete orders", true, WriteForm::Delete),
            ("bulk update prices", true, WriteForm::Change),
            ("bulk import prices", false, WriteForm::AddMany),
            ("upsert stock", true, WriteForm::AddOrChange),
            ("add or update stock", false, WriteForm::AddOrChange),
            (
                "import prices in bulk, replacing those that are there",
                false,
                WriteForm::AddOrChangeMany,
            ),
            ("bulk upsert stock", false, WriteForm::AddOrChangeMany),
            ("save a price, overwriting the one of the day", false, WriteForm::AddOrChange),
            ("set a photo, replacing the one that is there", true, WriteForm::Change),
            ("claim next job", true, WriteForm::Take),
            ("fetch pending jobs", true, WriteForm::Take),
            ("fetch prices", true, WriteForm::Change),
        ] {
            assert_eq!(named(name, narrows), expected, "{name}");
        }
    }
}
