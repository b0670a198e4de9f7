//! Sentences that lead a list of fields: "Each order shall include:", "Store customer information:".

use super::clause::without_number;
use super::evidence::core;
use super::lexicon;
use super::noun::{is_generic, phrase_at, phrases};
use super::tag::{Tag, Token, tag};

/// What a sentence says of the list below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lead {
    /// Whose fields they are, as written.
    pub(super) owner: String,
    /// "shall include": each row has them, unless an item says otherwise; "Optional" says the opposite.
    pub(super) required: Option<bool>,
    /// Whether words leave no doubt that fields follow ("attributes").
    pub(super) is_sure: bool,
    /// Whether it is only a label such as "Product details:".
    pub(super) is_label: bool,
}

/// Verbs by which a thing has fields.
const HAVING: &[&str] = &[
    "include", "have", "has", "contain", "consist", "store", "hold", "record", "comprise", "carry",
    "capture", "keep", "need", "require", "support",
];

/// Nouns that stand for the fields themselves.
const FIELD_WORDS: &[&str] = &[
    "field",
    "attribute",
    "property",
    "column",
    "detail",
    "data",
    "information",
    "info",
    "parameter",
    "characteristic",
];

/// Reads the sentence before a list, without its colon.
pub(super) fn lead(text: &str) -> Option<Lead> {
    let text = without_number(text.trim()).trim_end_matches(':').trim();
    if text.len() > 200 {
        return None;
    }
    let tokens = tag(text);
    let is_due = tokens.iter().any(|token| token.is_any(&["shall", "must", "should", "will"]));
    let required = is_due.then_some(true);
    let sentence = with_fields(&tokens)
        .or_else(|| for_each(&tokens))
        .or_else(|| having(&tokens))
        .or_else(|| keeping(&tokens));
    let is_label = sentence.is_none();
    sentence
        .or_else(|| labelled(&tokens))
        .map(|(owner, is_sure)| Lead { owner, required, is_sure, is_label })
        .filter(|lead| !is_generic(&lead.owner))
}

/// "The system shall store, for each user".
fn for_each(tokens: &[Token]) -> Option<(String, bool)> {
    let keeps = tokens.iter().any(|token| {
        token.is_verb_of(lexicon::KEEP) || token.is_verb_of(&["maintain", "provide", "include"])
    });
    let at = tokens.windows(2).position(|pair| {
        pair[0].is_any(&["for", "about", "per"])
            && (pair[1].is_any(&["each", "every", "all"]) || pair[0].is("per"))
    })?;
    let phrase = phrase_at(tokens, at + 1)?;
    let rest = &tokens[phrase.end..];
    let ends = rest.is_empty()
        || rest.first().is_some_and(|token| token.tag == Tag::Punctuation)
        || rest.iter().any(|token| token.is_verb_of(lexicon::KEEP));
    (keeps && ends).then_some((phrase.noun, true))
}

/// "Each booking shall include the following attributes", "A booking has".
fn having(tokens: &[Token]) -> Option<(String, bool)> {
    let is_verb = |at: usize| {
        let goes_on = tokens.get(at + 1).is_some_and(|next| next.tag == Tag::Modal);
        matches!(tokens[at].tag, Tag::Verb | Tag::Auxiliary)
            && tokens[at].is_verb_of(HAVING)
            && !goes_on
    };
    let verb = (0..tokens.len()).find(|&at| is_verb(at))?;
    let subject = phrases(&tokens[..verb]).into_iter().next_back()?;
    // Only words that say how sure it is stand between the two. "Product records shall include": those
    // are no deed of the product's.
    let between = &tokens[subject.end..verb];
    let is_record = |token: &Token| token.is_any(&["records", "record"]);
    let between = match between {
        [first, rest @ ..] if is_record(first) => rest,
        other => other,
    };
    let passes = between.iter().all(|token| {
        matches!(token.tag, Tag::Modal | Tag::Adverb) || token.is("to") || token.is("also")
    });
    let first = tokens[..subject.start].iter().all(|token| token.tag != Tag::Noun);
    let rest = &tokens[verb + 1..];
    let names_fields = rest
        .iter()
        .any(|token| FIELD_WORDS.contains(&super::noun::singular(&token.lower).as_str()));
    let is_bare = rest.iter().all(|token| {
        token.is_any(&[
            "the",
            "following",
            "of",
            "at",
            "least",
            "these",
            "minimum",
            "a",
            ",",
            "all",
        ])
    });
    (passes && first && (names_fields || is_bare)).then_some((subject.noun, names_fields))
}

/// "The bot must support a profile with these fields".
fn with_fields(tokens: &[Token]) -> Option<(String, bool)> {
    let [front @ .., last] = tokens else { return None };
    let with = front.iter().rposition(|token| token.is("with"))?;
    let leads = front[with + 1..].iter().all(|token| {
        token.is_any(&["the", "these", "following", "at", "least", "own"])
            || token.is_any(&["unified", "common", "standard", "same", "basic", "required"])
    });
    let names_fields = matches!(
        last.lower.as_str(),
        "fields" | "attributes" | "properties" | "columns" | "details" | "data"
    );
    // "All jobs shall be stored with these fields".
    let kept = with.checked_sub(1).filter(|&at| {
        front[at].is_any(&[
            "stored",
            "recorded",
            "saved",
            "kept",
            "created",
            "registered",
            "captured",
        ]) && at > 0
            && front[at - 1].is_any(&["be", "is", "are"])
    });
    let owner = match kept {
        Some(_) => phrases(&front[..with]).into_iter().next()?,
        None => phrases(&front[..with]).pop().filter(|phrase| phrase.end == with)?,
    };
    (leads && names_fields && with + 1 < front.len()).then_some((owner.noun, true))
}

/// "Store customer information", "Capture the following details of each guest".
fn keeping(tokens: &[Token]) -> Option<(String, bool)> {
    let verb = tokens.iter().position(|token| {
        token.tag == Tag::Verb
            && (token.is_verb_of(lexicon::KEEP)
                || token.is_verb_of(lexicon::MANAGE)
                || token.is_verb_of(&["display", "show", "enter", "provide", "view", "see"]))
    })?;
    let object = phrase_at(tokens, verb + 1)?;
    let mut words: Vec<&str> = object.noun.split(' ').collect();
    let last = super::noun::singular(&words.last()?.to_lowercase());
    if FIELD_WORDS.contains(&last.as_str()) {
        words.pop();
        if !words.is_empty() {
            return Some((words.join(" "), true));
        }
        let of = tokens.get(object.end).filter(|token| token.is_any(&["of", "about", "for"]))?;
        let _ = of;
        return phrase_at(tokens, object.end + 1).map(|phrase| (phrase.noun, true));
    }
    let rest = &tokens[object.end..];
    let leads = rest.iter().all(|token| {
        token.is_any(&[
            "with",
            "the",
            "following",
            "including",
            "containing",
            "at",
            "least",
            "these",
        ]) || FIELD_WORDS.contains(&super::noun::singular(&token.lower).as_str())
    });
    // "view all products within a category, including".
    let ends = rest.last().is_some_and(|it| it.is_any(&["including", "with", "containing"]))
        && rest.iter().all(|it| !matches!(it.tag, Tag::Verb | Tag::Modal) || it.is("containing"));
    ((leads || ends) && !rest.is_empty()).then(|| (core(&object.noun).to_owned(), false))
}

/// "Product information", "User attributes", "Fields of a product".
fn labelled(tokens: &[Token]) -> Option<(String, bool)> {
    let phrase = phrase_at(tokens, 0)?;
    let tail = &tokens[phrase.end..];
    let of = tail.first().is_some_and(|token| token.is_any(&["of", "for"]));
    let mut words: Vec<&str> = phrase.noun.split(' ').collect();
    let last = super::noun::singular(&words.last()?.to_lowercase());
    if !FIELD_WORDS.contains(&last.as_str()) {
        return None;
    }
    words.pop();
    if words.is_empty() {
        let owner = of.then(|| phrase_at(tokens, phrase.end + 1)).flatten()?;
        return (owner.end == tokens.len()).then_some((owner.noun, true));
    }
    let ends = tail.iter().all(|token| {
        token.is_any(&[
            "include",
            "includes",
            "should",
            "must",
            "shall",
            "the",
            "following",
            "including",
        ])
    });
    ends.then(|| (words.join(" "), last != "data" && last != "information"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_that_lead_fields() {
        for (text, owner) in [
            ("R3.1 Each Event Template shall include:", "Event Template"),
            ("The system shall store, for each user:", "user"),
            ("A booking has the following attributes:", "booking"),
            ("For each customer, the system shall record:", "customer"),
            ("Store customer information:", "customer"),
            ("Product records shall include:", "Product"),
            ("The bot must support a profile with these fields:", "profile"),
            ("Invoice details:", "Invoice"),
        ] {
            assert_eq!(lead(text).map(|lead| lead.owner).as_deref(), Some(owner), "{text}");
        }
    }

    #[test]
    fn sentences_that_lead_something_else() {
        for text in [
            "The system shall support:",
            "AI has access to:",
            "Clients shall be able to:",
            "Admin operations:",
            "The page includes the following sections:",
            "The bot works with these:",
            "Go on with the data:",
        ] {
            assert_eq!(lead(text), None, "{text}");
        }
    }
}
