//! A rule's sentence in its parts: whom it is about, whether it must, may or must not be, what is done or held, and
//! under which conditions. Only words are looked at; what they name in a model is asked later (`parsed`).

mod acceptance;
mod forms;
mod frame;
mod link;
mod modal;

use std::fmt;

pub(crate) use forms::{is_participle, root, roots};
pub(crate) use link::Link;
pub(crate) use modal::Force;

/// Whether the subject does something or something is done to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Voice {
    /// "exceeds", "is" before anything but a participle.
    Active,
    /// "is cancelled", "may not be changed".
    Passive,
}

/// What "only" stands before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Only {
    /// "Only drafts may be deleted."
    Subject,
    /// "Drafts may only be deleted …"
    Verb,
}

/// The parts of one sentence, in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clause {
    /// Whom it is about, with its adjectives, owners and relative clauses; empty beside a field.
    pub(crate) subject: String,
    /// How binding it is.
    pub(crate) force: Force,
    /// Whether it is denied.
    pub(crate) negated: bool,
    /// Where "only" stands.
    pub(crate) only: Option<Only>,
    /// The verb as it is written, or its participle: "exceed", "cancelled".
    pub(crate) verb: String,
    /// Whether the subject acts.
    pub(crate) voice: Voice,
    /// What follows the verb, up to the first condition.
    pub(crate) object: String,
    /// When it holds, in the order of the words.
    pub(crate) conditions: Vec<(Link, String)>,
    /// Whether a sentence adds that it holds of no other rows.
    pub(crate) exclusive: bool,
}

impl Clause {
    /// What is said of the subject after "is": "cancelled", "at least 5".
    pub(crate) fn predicate(&self) -> Option<String> {
        match self.voice {
            Voice::Passive if self.object.is_empty() => Some(self.verb.clone()),
            Voice::Passive => Some(format!("{} {}", self.verb, self.object)),
            Voice::Active if self.verb == "be" => Some(self.object.clone()),
            Voice::Active => None,
        }
    }

    /// Whether it binds: what must be or is, and what may only be.
    pub(crate) fn is_firm(&self) -> bool {
        match self.force {
            Force::Must | Force::Is => true,
            Force::May => self.only.is_some() || self.counts(),
            Force::Should => false,
        }
    }

    /// Whether it names the most that there may be, which binds also where it is only allowed.
    fn counts(&self) -> bool {
        const MOST: &[&str] = &[
            "at most ",
            "only one ",
            "no more than ",
            "not more than ",
            "up to ",
            "only once",
            "at most once",
            "a maximum of ",
            "a single ",
            "just one ",
            "just once",
            "one at a time",
        ];
        MOST.iter().any(|it| self.object.contains(it) || self.subject.starts_with(it))
    }
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let only = match self.only {
            Some(Only::Subject) => " only",
            Some(Only::Verb) => " only-then",
            None => "",
        };
        let not = if self.negated { " not" } else { "" };
        let voice = match self.voice {
            Voice::Active => "",
            Voice::Passive => " passive",
        };
        write!(f, "[{}] {:?}{only}{not}{voice} <{}>", self.subject, self.force, self.verb)?;
        if !self.object.is_empty() {
            write!(f, " [{}]", self.object)?;
        }
        for (link, condition) in &self.conditions {
            write!(f, " {link:?}({condition})")?;
        }
        if self.exclusive {
            write!(f, " no others")?;
        }
        Ok(())
    }
}

/// The parts of a sentence; `None` where no verb of a rule is found.
pub(crate) fn parse(text: &str) -> Option<Clause> {
    let words = tokens(text);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let end = link::exclusive(&words);
    let words = &words[..end.unwrap_or(words.len())];
    acceptance::parse(words).or_else(|| {
        let (rest, mut conditions) = link::around(words);
        let (rest, frame) = frame::frame(&rest)?;
        let mut clause = modal::clause(&rest, frame)?;
        conditions.append(&mut clause.conditions);
        clause.conditions = conditions;
        clause.exclusive = end.is_some();
        link::settle(&mut clause);
        Some(clause)
    })
}

/// The words of a sentence in lower case, commas apart, contractions spelled out.
fn tokens(text: &str) -> Vec<String> {
    const CONTRACTED: &[(&str, &[&str])] = &[
        ("can't", &["cannot"]),
        ("cannot", &["cannot"]),
        ("mustn't", &["must", "not"]),
        ("mayn't", &["may", "not"]),
        ("shouldn't", &["should", "not"]),
        ("needn't", &["need", "not"]),
        ("isn't", &["is", "not"]),
        ("aren't", &["are", "not"]),
        ("wasn't", &["was", "not"]),
        ("doesn't", &["does", "not"]),
        ("don't", &["do", "not"]),
        ("hasn't", &["has", "not"]),
        ("haven't", &["have", "not"]),
        ("it's", &["it", "is"]),
    ];
    let mut words = Vec::new();
    for word in text.to_lowercase().split_whitespace() {
        let bare = word.trim_end_matches([',', '.', ';', '!']);
        match CONTRACTED.iter().find(|(short, _)| *short == bare) {
            Some((_, long)) => words.extend(long.iter().map(|&it| it.to_owned())),
            None if !bare.is_empty() => words.push(bare.trim_matches('"').to_owned()),
            None => {}
        }
        if word.ends_with(',') {
            words.push(",".to_owned());
        }
    }
    while words.last().is_some_and(|it| it == ",") {
        words.pop();
    }
    words
}

#[cfg(test)]
mod tests;
