//! The name of a field in running text.

use super::lexicon;
use super::noun::is_attribute;
use super::tag::{Tag, Token, tag};
use crate::words::{code_spans, unquote};

/// The name of a field: a code span, or a few words that are a noun phrase.
pub(crate) fn field_name(text: &str) -> Option<String> {
    let text = unquote(text.trim());
    if let [code] = code_spans(text).as_slice() {
        return (text.len() == code.len() + 2).then(|| (*code).to_owned());
    }
    let tokens = tag(text);
    let start = tokens.iter().position(|token| token.tag != Tag::Determiner)?;
    let tokens = &tokens[start..];
    let is_phrase = is_moment(tokens)
        || tokens.len() <= 4
            && tokens.iter().enumerate().all(|(at, token)| {
                matches!(token.tag, Tag::Noun | Tag::Adjective | Tag::Number)
                    || token.tag == Tag::Verb && (at > 0 || opens_name(tokens))
                    || token.tag == Tag::Preposition
                        && at > 0
                        && token.is_any(&["of", "to", "from", "in"])
            })
            && tokens
                .last()
                .is_some_and(|last| matches!(last.tag, Tag::Noun | Tag::Verb | Tag::Adjective));
    is_phrase.then(|| {
        let words: Vec<&str> = tokens.iter().map(|token| token.text.as_str()).collect();
        words.join(" ")
    })
}

/// "Started on", "admitted at": when something was done.
fn is_moment(tokens: &[Token]) -> bool {
    const DONE: &[&str] =
        &["sent", "paid", "born", "made", "taken", "sold", "left", "held", "given", "read"];
    let [done, link] = tokens else { return false };
    (done.lower.ends_with("ed") && done.lower.len() > 4 || done.is_any(DONE))
        && link.is_any(&["on", "at"])
}

/// Whether a verb at the start is a noun after all: "contact information", "order number".
fn opens_name(tokens: &[Token]) -> bool {
    let [first, rest @ ..] = tokens else { return false };
    let is_request = first.is_verb_of(lexicon::KEEP)
        || first.is_any(&[
            "create",
            "add",
            "edit",
            "update",
            "delete",
            "remove",
            "manage",
            "view",
            "see",
            "show",
            "set",
            "change",
            "check",
            "enter",
            "send",
            "select",
            "choose",
            "find",
            "get",
            "list",
            "assign",
            "generate",
            "notify",
            "validate",
            "calculate",
            "trigger",
            "return",
            "reduce",
            "associate",
            "attach",
            "verify",
            "allow",
            "provide",
            "ensure",
        ]);
    // "contact person": these are nouns as often.
    let is_noun_too = first.is_any(&[
        "contact", "order", "report", "review", "return", "refund", "purchase", "group", "link",
        "start", "end", "work", "process", "host", "visit", "limit", "access", "issue", "schedule",
        "book", "post", "display",
    ]);
    match rest {
        [] => is_attribute(&first.lower),
        [.., last] => {
            !is_request && (is_attribute(&last.lower) || is_noun_too && last.tag == Tag::Noun)
        }
    }
}
