//! Names in code as requirements have them. Parts of the program act: "THE `Task_System` SHALL store …" says what
//! the system does.

use std::borrow::Cow;
use std::ops::Range;

use super::noun::{is_attribute, is_program};

/// Last words of such names, beside those for parts of any program.
const PARTS: &[&str] = &[
    "strip", "section", "card", "manager", "handler", "controller", "store", "client", "validator", "generator",
    "processor", "scheduler", "tracker", "builder", "viewer", "editor", "gateway", "router", "worker", "parser",
    "renderer", "picker", "grid", "bar", "dialog", "wizard", "calculator", "notifier", "logger", "provider", "engine",
    "subsystem", "tool", "assistant", "bot", "resolver", "importer", "exporter", "detector", "monitor", "middleware",
];

/// Last parts of columns, beside the nouns for properties; a value such as `otp_issued` ends otherwise.
const ENDS: &[&str] = &["at", "on", "by", "pct", "percent", "count", "deadline", "depth", "area", "flag", "ids", "json", "hash"];

/// Last words of names that are written apart: "the Library Management System", and no "the Password".
const SYSTEMS: &[&str] = &[
    "system", "application", "app", "platform", "software", "service", "module", "api", "backend", "frontend", "server",
    "portal", "website", "dashboard", "engine", "subsystem", "component", "interface",
];

/// The sentence with "system" in the place of a name such as `Task_Service` or "the HMS" before "shall", and with the names of
/// columns set as code.
pub(super) fn named_plainly(sentence: &str) -> Cow<'_, str> {
    let is_modal = |word: &str| {
        matches!(word, "SHALL" | "shall" | "MUST" | "must" | "SHOULD" | "should" | "will" | "WILL")
    };
    let words: Vec<&str> = sentence.split(' ').collect();
    let Some(first) = words.iter().position(|word| is_modal(word)) else {
        return Cow::Borrowed(sentence);
    };
    let marks = keeps(&words) && !sentence.contains('`');
    let name = acting(&words, first);
    if name.is_none() && !(marks && sentence.contains('_')) {
        return Cow::Borrowed(sentence);
    }
    let mut plain: Vec<Cow<'_, str>> = Vec::with_capacity(words.len());
    for (at, word) in words.iter().enumerate() {
        match &name {
            Some(name) if at == name.start => plain.push(Cow::Borrowed("system")),
            Some(name) if name.contains(&at) => {}
            Some(_) | None => plain.push(match column(word).filter(|_| marks) {
                Some((front, column, behind)) => Cow::Owned(format!("{front}`{column}`{behind}")),
                None => Cow::Borrowed(word),
            }),
        }
    }
    Cow::Owned(plain.join(" "))
}

/// The words before "shall" that name what acts, where it is the program: the article stays.
fn acting(words: &[&str], modal: usize) -> Option<Range<usize>> {
    const LONGEST: usize = 5;
    let one = modal.checked_sub(1)?;
    if is_part(words[one]) {
        return Some(one..modal);
    }
    let from = (modal.saturating_sub(LONGEST)..modal)
        .rev()
        .find(|&at| matches!(words[at], "the" | "The" | "THE"))?
        + 1;
    let name = &words[from..modal];
    let is_name = |word: &&str| {
        word.starts_with(char::is_uppercase) && word.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let (last, front) = name.split_last()?;
    let is_short = last.len() <= 6 && last.len() > 1 && last.chars().all(|c| c.is_ascii_uppercase());
    let is_system = SYSTEMS.contains(&last.to_lowercase().as_str());
    (name.iter().all(is_name) && (is_system && !front.is_empty() || is_short)).then_some(from..modal)
}

/// Whether a sentence says what must be kept of something: "shall store", "must accept".
fn keeps(words: &[&str]) -> bool {
    const KEPT: &[&str] = &[
        "store", "accept", "track", "record", "require", "persist", "save", "capture", "include", "associate", "maintain",
        "keep", "assign", "set", "hold", "contain", "have", "automatically",
    ];
    let binds = |word: &str| matches!(word, "SHALL" | "shall" | "MUST" | "must");
    words.windows(2).any(|pair| binds(pair[0]) && KEPT.contains(&pair[1]))
}

/// The name of a column in a word with the marks around it: "(`offer_price`,".
fn column(word: &str) -> Option<(&str, &str, &str)> {
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let from = word.find(is_part)?;
    let end = from + word[from..].find(|c: char| !is_part(c)).unwrap_or(word.len() - from);
    let (front, name, behind) = (&word[..from], &word[from..end], &word[end..]);
    let is_around = |text: &str| !text.contains(|c: char| c.is_alphanumeric() || "`\"'/.=@{<_".contains(c));
    let is_around_behind = is_around(behind.trim_end_matches(['.', ' ']));
    let is_name = name.contains('_') && !name.starts_with('_') && !name.ends_with('_') && name.starts_with(char::is_alphabetic);
    (is_name && ends_as_column(name) && is_around(front) && is_around_behind).then_some((front, name, behind))
}

/// Whether the last part of a name in code is that of a column.
fn ends_as_column(name: &str) -> bool {
    name.rsplit('_').next().is_some_and(|last| is_attribute(last) || ENDS.contains(&last))
}

/// `Task_Management_System`, `Lead_Detail_View`.
fn is_part(name: &str) -> bool {
    let name = name.trim_matches(['`', '*']);
    let is_named = name.split('_').all(|part| part.starts_with(char::is_uppercase))
        && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    let last = name.rsplit_once('_').map(|(_, last)| last.to_lowercase());
    is_named && last.is_some_and(|last| is_program(&last) || PARTS.contains(&last.as_str()))
}

#[cfg(test)]
mod tests {
    use super::named_plainly;

    #[test]
    fn parts_of_the_program_act_as_the_system() {
        assert_eq!(
            named_plainly("WHEN a boat sails, THE Boat_Service SHALL store the port"),
            "WHEN a boat sails, THE system SHALL store the port"
        );
        assert_eq!(named_plainly("The HMS shall record boats"), "The system shall record boats");
        assert_eq!(
            named_plainly("WHEN it sails, THE Boat Yard System SHALL store it"),
            "WHEN it sails, THE system SHALL store it"
        );
        for text in ["The Yard Manager shall record boats", "The Password shall be hashed", "The Boat SHALL sail"] {
            assert_eq!(named_plainly(text), text);
        }
        // A thing that is stored keeps its name.
        let thing = "THE Order_Item SHALL have a price";
        assert_eq!(named_plainly(thing), thing);
        let told = "The Boat_Service stores boats";
        assert_eq!(named_plainly(told), told);
        assert_eq!(
            named_plainly("THE Boat_Form SHALL accept sail_area, and (optional) keel_depth."),
            "THE system SHALL accept `sail_area`, and (optional) `keel_depth`."
        );
        // What is set as code already, and parts of addresses, stay.
        for text in ["Store `sail_area` and keel_depth", "See docs/sail_area.md", "Set sail_area=3"] {
            assert_eq!(named_plainly(text), text);
        }
    }
}
