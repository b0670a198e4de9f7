//! Noun phrases, and the names that nouns become: in the singular, each word with a capital letter.

use std::borrow::Cow;
use std::sync::LazyLock;

use super::lexicon;
use super::tag::{Tag, Token};
use super::usual::{is_compound_thing, is_usual};
use crate::word_table::WordTable;
use crate::words::{is_identifier, lower_case};

/// How a noun is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// As any word.
    Plain,
    /// With capital letters inside a sentence.
    Capital,
    /// In code.
    Code,
}

/// A run of words around a noun.
#[derive(Debug, Clone)]
pub(crate) struct Phrase {
    /// The tokens' indexes: from the first word, determiner included, to behind the last noun.
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Its noun with the nouns before it, as written.
    pub(crate) noun: String,
    /// Whether words say that there are several.
    pub(crate) is_many: bool,
    /// Whether the noun is a plural.
    pub(crate) is_plural: bool,
    /// How it is written.
    pub(crate) style: Style,
}

impl Phrase {
    /// Whether it is written as a name.
    pub(crate) fn is_name(&self) -> bool {
        self.style != Style::Plain
    }

    pub(crate) fn is_code(&self) -> bool {
        self.style == Style::Code
    }
}

/// The noun phrase that begins at a token.
pub(crate) fn phrase_at(tokens: &[Token], start: usize) -> Option<Phrase> {
    let mut at = start;
    let mut is_many = false;
    while let Some(token) = tokens.get(at) {
        match token.tag {
            Tag::Determiner | Tag::Adjective => {}
            Tag::Many => is_many = true,
            Tag::Number => is_many |= !token.is("one") && !token.is("1"),
            // "one or more items", "zero or many".
            Tag::Conjunction
                if at > start
                    && tokens[at - 1].tag == Tag::Number
                    && tokens.get(at + 1).is_some_and(|next| next.is_any(&["more", "many"])) =>
            {
                is_many = true;
                at += 1;
            }
            Tag::Punctuation if token.is("'s") || token.is("’s") => return None,
            _ => break,
        }
        at += 1;
    }
    let first = at;
    while let Some(token) = tokens.get(at) {
        let continues = match token.tag {
            Tag::Noun => at == first || !tokens[at - 1].is_code || token.is_code,
            // "Event Occurrence", but also "Active Campaign": capitals hold a name together.
            Tag::Adjective | Tag::Verb => {
                at > first
                    && token.is_capital()
                    && tokens[at - 1].is_capital()
                    && tokens.get(at + 1).is_some_and(|next| next.tag == Tag::Noun)
            }
            _ => false,
        };
        if !continues {
            break;
        }
        at += 1;
    }
    if at == first {
        return None;
    }
    let nouns = &tokens[first..at];
    // A capital adjective belongs to the name: "Active Campaign".
    let noun = match nouns {
        [only] if is_handed_in(&tokens[start..]) => format!("{}s", only.text),
        [only] => only.text.to_string(),
        _ => nouns.iter().map(|token| token.text.as_str()).collect::<Vec<_>>().join(" "),
    };
    let last = nouns.last().expect("invariant: at least one noun stands there");
    let style = if nouns.iter().any(|token| token.is_code) {
        Style::Code
    } else if first > 0 && nouns.iter().all(Token::is_capital) {
        Style::Capital
    } else {
        Style::Plain
    };
    Some(Phrase {
        start,
        end: at,
        noun,
        is_many,
        is_plural: singular_of(&last.lower) != last.lower.as_str(),
        style,
    })
}

/// Whether a phrase is "an application" as people submit and reject it: one of many, and no program that does something.
fn is_handed_in(tokens: &[Token]) -> bool {
    let [article, noun, rest @ ..] = tokens else { return false };
    noun.is("application")
        && article.is_any(&["a", "an", "each", "every", "my", "their", "his", "her"])
        && !rest.first().is_some_and(|next| {
            next.is_any(&["that", "which", "for", "to", "where", "using", "built"])
        })
}

/// All noun phrases of a sentence, from left to right, none inside another.
pub(crate) fn phrases(tokens: &[Token]) -> Vec<Phrase> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match phrase_at(tokens, at) {
            Some(phrase) => {
                at = phrase.end;
                found.push(phrase);
            }
            None => at += 1,
        }
    }
    found
}

/// The noun phrases of "A, B, and C" from a token on, and the index behind them. Brackets between
/// them are passed over.
pub(crate) fn coordinated(tokens: &[Token], start: usize) -> (Vec<Phrase>, usize) {
    let mut found = Vec::new();
    let mut at = start;
    while let Some(phrase) = phrase_at(tokens, at) {
        at = skip_brackets(tokens, phrase.end);
        found.push(phrase);
        let mut next = at;
        while tokens
            .get(next)
            .is_some_and(|token| token.is(",") || token.tag == Tag::Conjunction && !token.is("but"))
        {
            next += 1;
        }
        if next == at {
            break;
        }
        at = next;
    }
    (found, at)
}

pub(super) fn skip_brackets(tokens: &[Token], at: usize) -> usize {
    if !tokens.get(at).is_some_and(|token| token.is("(")) {
        return at;
    }
    tokens[at..].iter().position(|token| token.is(")")).map_or(at, |close| at + close + 1)
}

/// The singular of an English noun in lower case.
pub fn singular(word: &str) -> String {
    singular_of(word).into_owned()
}

/// As [`singular`]; most words are their own singular, or a part of what is given.
pub(crate) fn singular_of(word: &str) -> Cow<'_, str> {
    match word {
        "people" => return "person".into(),
        "children" => return "child".into(),
        "men" => return "man".into(),
        "women" => return "woman".into(),
        "criteria" => return "criterion".into(),
        "movies" => return "movie".into(),
        "cookies" => return "cookie".into(),
        "quizzes" => return "quiz".into(),
        "shelves" => return "shelf".into(),
        "series" | "news" | "species" | "sms" | "gps" | "analytics" | "business" | "logistics"
        | "status" | "bus" | "address" | "access" | "process" | "progress" | "class" => {
            return word.into();
        }
        _ => {}
    }
    if let Some(singular) = crate::words::greek_singular(word) {
        return singular.into();
    }
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        return format!("{stem}y").into();
    }
    if let Some(stem) = word.strip_suffix("es") {
        // "statuses", but "houses" and "causes".
        let is_e_mute = ["ous", "aus"].iter().any(|end| stem.ends_with(end));
        if !is_e_mute && ["ss", "x", "ch", "sh", "z", "us"].iter().any(|end| stem.ends_with(end)) {
            return stem.into();
        }
    }
    match word.strip_suffix('s') {
        Some(stem) if stem.len() > 2 && !stem.ends_with(['s', 'u', 'i']) => stem.into(),
        _ => word.into(),
    }
}

/// `event templates` becomes `Event Template`; a name in code stays as it is, but for its plural.
pub(crate) fn entity_name(noun: &str) -> String {
    let mut name = String::with_capacity(noun.len() + 1);
    let mut words = noun.split_whitespace().peekable();
    let mut is_first = true;
    while let Some(word) = words.next() {
        if !is_first {
            name.push(' ');
        }
        is_first = false;
        let is_camel = word.chars().skip(1).any(char::is_uppercase) || word.contains('_');
        let is_last = words.peek().is_none();
        let word = if is_last && !(is_camel && is_upper(word)) {
            in_singular(word)
        } else {
            Cow::Borrowed(word)
        };
        let mut letters = word.chars();
        match letters.next().filter(|_| !is_camel) {
            Some(first) => {
                name.extend(first.to_uppercase());
                name.push_str(letters.as_str());
            }
            None => name.push_str(&word),
        }
    }
    name
}

/// The singular of a word, as far as it can be with the letters as they are written.
fn in_singular(word: &str) -> Cow<'_, str> {
    let lower = lower_case(word);
    let short = singular_of(&lower);
    if short.len() < lower.len() && lower.starts_with(&*short) && lower.len() == word.len() {
        Cow::Borrowed(&word[..short.len()])
    } else if short != lower {
        Cow::Owned(short.into_owned())
    } else {
        Cow::Borrowed(word)
    }
}

fn is_upper(word: &str) -> bool {
    word.chars().all(|c| !c.is_lowercase())
}

/// Whether a noun is too general to be an entity.
pub(crate) fn is_generic(noun: &str) -> bool {
    // "Order_Service" is a name in capitals, as "Order Service" is.
    let parted = (noun.contains('_') && noun.starts_with(char::is_uppercase))
        .then(|| noun.replace('_', " "));
    let noun = parted.as_deref().unwrap_or(noun);
    let lower = lower_case(noun);
    let mut words: Vec<Cow<'_, str>> = lower.split_whitespace().map(Cow::Borrowed).collect();
    if let Some(last) = words.last_mut() {
        *last = Cow::Owned(singular(last));
    }
    let whole = words.join(" ");
    let last = words.last().map_or("", |last| &**last);
    if last == "application" {
        return is_software(&lower);
    }
    // "Requirement IDs": numbers of things are none.
    if words.len() > 1 && last == "id" {
        return true;
    }
    let weird = noun.len() < 3
        || noun.chars().any(|c| !(c.is_alphanumeric() || matches!(c, ' ' | '-' | '_')))
        || words.len() > 3
        || !noun.starts_with(char::is_alphabetic)
        // Words in capital letters are short forms, or states.
        || is_upper(noun) && words.len() == 1 && (noun.len() <= 5 || !is_usual(noun));
    weird
        // "Task_Management_System" is a program.
        || parted.is_some() && PROGRAM.contains(last)
        || GENERIC.contains(&whole)
        || GENERIC.contains(&lower)
        || words.len() > 1
            && (is_topic(last) || is_attribute(last))
            && (!is_compound_thing(last) || is_usual(&words[..words.len() - 1].join(" ")))
}

/// Whether applications are programs, and not what people hand in: "the application", "web applications", but
/// "applications" and "loan application".
fn is_software(lower: &str) -> bool {
    const SORTS: &[&str] = &[
        "web",
        "mobile",
        "desktop",
        "native",
        "party",
        "third-party",
        "external",
        "server",
        "backend",
        "frontend",
        "client",
        "admin",
        "saas",
        "console",
        "business",
        "enterprise",
        "standalone",
        "existing",
        "android",
        "ios",
        "cloud",
        "software",
        "user",
        "stack",
        "full-stack",
        "page",
        "single-page",
        "api",
        "react",
        "ai",
        "java",
        "other",
        "client-server",
        "web-based",
        "production",
        "main",
        "host",
        "whole",
        "entire",
    ];
    match lower.rsplit_once(' ') {
        Some((sort, _)) => SORTS.contains(&sort.rsplit(' ').next().unwrap_or_default()),
        None => !lower.ends_with('s'),
    }
}

/// Whether a noun names a part of a program or of a document, or a value, in whatever sentence: the last
/// of several words decides.
pub(crate) fn is_program(noun: &str) -> bool {
    let lower = lower_case(noun);
    PROGRAM.contains(&singular_of(lower.rsplit(' ').next().unwrap_or_default()))
}

/// Words that turn a noun before them into a topic.
fn is_topic(last: &str) -> bool {
    matches!(
        last,
        "management"
            | "system"
            | "success"
            | "scope"
            | "page"
            | "screen"
            | "view"
            | "dashboard"
            | "list"
            | "interface"
            | "module"
            | "feature"
            | "process"
            | "flow"
            | "data"
            | "information"
            | "info"
            | "ui"
            | "api"
            | "panel"
            | "form"
            | "button"
            | "database"
            | "table"
            | "creation"
            | "deletion"
            | "registration"
            | "tracking"
            | "handling"
            | "support"
            | "integration"
            | "generation"
            | "detail"
            | "performance"
            | "analytics"
            | "experience"
            | "validation"
            | "access"
            | "authentication"
            | "authorization"
            | "operation"
            | "functionality"
            | "app"
            | "website"
            | "platform"
            | "service"
            | "logic"
            | "control"
            | "update"
            | "change"
            | "history"
            | "search"
            | "filter"
            | "request"
            | "response"
            | "statistic"
            | "report"
            | "field"
            | "option"
            | "setting"
            | "configuration"
            | "policy"
            | "rule"
            | "requirement"
            | "speed"
            | "display"
            | "assignment policy"
            | "side"
            | "part"
            | "team"
            | "wait"
            | "rate"
            | "hour"
            | "day"
            | "error"
            | "engine"
            | "algorithm"
            | "sync"
            | "editor"
            | "workflow"
            | "lifecycle"
            | "life cycle"
            | "mode"
            | "layout"
            | "design"
            | "export"
            | "import"
            | "testing"
            | "card"
            | "window"
            | "experience level"
            | "availability"
            | "conflict"
            | "protection"
            | "relationship"
            | "credential"
            | "compliance"
            | "security"
            | "privacy"
            | "limit"
            | "attempt"
    )
}

/// Whether a word names a property of a thing.
pub(crate) fn is_attribute(word: &str) -> bool {
    let lower = lower_case(word);
    is_property(&lower)
        || is_property(&singular_of(&lower))
        || ["_id", "_at", "_by", "_date", "_name", "_time"].iter().any(|end| lower.ends_with(end))
            && is_identifier(&lower)
}

/// Whether a word in lower case is one of those that name properties.
pub(super) fn is_property(lower: &str) -> bool {
    ATTRIBUTES.contains(lower)
}

static GENERIC: LazyLock<WordTable> = LazyLock::new(|| WordTable::new(&[lexicon::GENERIC]));
static PROGRAM: LazyLock<WordTable> = LazyLock::new(|| WordTable::new(&[lexicon::PROGRAM]));
static ATTRIBUTES: LazyLock<WordTable> = LazyLock::new(|| WordTable::new(&[lexicon::ATTRIBUTES]));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_singular_and_capital() {
        for (noun, name) in [
            ("event templates", "Event Template"),
            ("branches", "Branch"),
            ("properties", "Property"),
            ("CashCollector", "CashCollector"),
            ("Users", "User"),
            ("staff", "Staff"),
            ("addresses", "Address"),
            ("status", "Status"),
            ("Contrato", "Contrato"),
        ] {
            assert_eq!(entity_name(noun), name);
        }
    }

    #[test]
    fn general_nouns_are_kept_out() {
        for noun in ["system", "user interface", "UI", "user management", "ticket status", "data"] {
            assert!(is_generic(noun), "{noun}");
        }
        for noun in ["ticket", "Event Template", "CashCollector", "cliente"] {
            assert!(!is_generic(noun), "{noun}");
        }
    }

    #[test]
    fn what_is_handed_in() {
        crate::notation::check(
            "# Grants\n\n- The application shall allow users to submit an application with a title and a budget.\n- Officers review applications.\n",
            &expect_test::expect![[r#"
                3 prose-entities  entity Application
                3 prose-inline-fields  field Application.title
                3 prose-inline-fields  field Application.budget
            "#]],
        );
        crate::notation::check(
            "# Grants\n\n- The application stores all settings.\n- Build a web application that shows charts.\n",
            &expect_test::expect![],
        );
    }
}
