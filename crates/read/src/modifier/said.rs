//! Remarks that say how a value must be.

use super::halves::ABSENT;
use crate::words::lower_words;
use smol_str::SmolStr;

/// "required when …", "mandatory if …"
pub(super) fn is_conditional(words: &[SmolStr]) -> bool {
    words
        .get(1)
        .is_some_and(|word| matches!(word.as_str(), "when" | "if" | "once" | "only" | "for"))
}

/// Whether a word is a whole number.
pub(super) fn is_count(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_ascii_digit())
}

/// Whether a remark bounds a value or says of what it consists: "> 0", "0 to 10", "8 uppercase letters or digits".
pub(crate) fn says_bound(text: &str) -> bool {
    bounds(text, &lower_words(text))
}

/// The same of a text whose words are known.
fn bounds(text: &str, words: &[SmolStr]) -> bool {
    let text = text.trim();
    if let Some(bound) = text.strip_prefix(['>', '<', '≥', '≤']) {
        return bound.trim_start_matches('=').trim().parse::<f64>().is_ok();
    }
    let is_range = |words: &[SmolStr]| match words {
        // "0 to 10", "0..1000 EUR"
        [low, middle, last] => {
            is_count(low)
                && (matches!(middle.as_str(), "to" | "through") && is_count(last)
                    || is_count(middle) && text.contains(".."))
        }
        [low, high] => {
            is_count(low) && is_count(high) && (text.contains(['-', '–']) || text.contains(".."))
        }
        _ => false,
    };
    let consists = words.first().is_some_and(|first| is_count(first))
        && words.len() <= 6
        && words.last().is_some_and(|last| {
            matches!(last.as_str(), "digits" | "characters" | "chars" | "letters")
        });
    is_range(words) || consists || is_rule(words)
}

/// Whether a remark that stands for itself says how a value must be: "positive", "0 to 100", "not blank".
pub(super) fn says_value(text: &str) -> bool {
    let words = lower_words(text);
    let is_quality = matches!(
        words.join(" ").as_str(),
        "positive"
            | "strictly positive"
            | "non negative"
            | "nonnegative"
            | "zero or positive"
            | "positive or zero"
            | "zero or more"
            | "zero or greater"
            | "not blank"
            | "not empty"
            | "non empty"
            | "non blank"
            | "immutable"
            | "immutable after creation"
            | "immutable once created"
            | "read only"
            | "read only after creation"
            | "fixed at creation"
            | "not editable"
            | "not editable after creation"
            | "set once"
            | "never changes"
            | "however it is capitalised"
            | "however it is capitalized"
            | "however they are capitalised"
    );
    is_quality || bounds(text, &words) || are_characters(&words)
}

/// Words for sorts of characters.
pub(super) const CHARACTERS: &[&str] = &[
    "letters",
    "digits",
    "numbers",
    "hyphens",
    "dashes",
    "underscores",
    "dots",
    "spaces",
    "alphanumeric",
];

/// Words that stand between those for sorts of characters.
pub(super) const BETWEEN_CHARACTERS: &[&str] =
    &["and", "or", "lower", "upper", "case", "lowercase", "uppercase", "capital"];

/// Whether words say of which characters a value consists: "3 to 30 lower-case letters, digits and hyphens".
fn are_characters(words: &[SmolStr]) -> bool {
    let is_number = |word: &str| word.chars().all(|c| c.is_ascii_digit());
    let leads =
        |word: &str| is_number(word) || matches!(word, "only" | "exactly" | "to" | "between");
    let front = words.iter().take_while(|word| leads(word)).count();
    let classes = &words[front..];
    front > 0
        && classes.iter().any(|word| CHARACTERS.contains(&word.as_str()))
        && classes.iter().all(|word| {
            CHARACTERS.contains(&word.as_str())
                || BETWEEN_CHARACTERS.contains(&word.as_str())
                || word == "characters"
        })
}

/// Whether a part of a description says how the value must be, so that it is a rule.
pub(super) fn is_rule(words: &[SmolStr]) -> bool {
    let second = words.get(1).map_or("", SmolStr::as_str);
    match words.first().map_or("", SmolStr::as_str) {
        "must" | "cannot" | "never" | "always" => second != "unique" && words.len() > 1,
        "may" | "can" | "should" => matches!(second, "not" | "never"),
        "at" => matches!(second, "least" | "most"),
        "between" => words.len() > 2,
        // "not negative", and nothing else: "not negative in the old system" tells a story.
        "not" if words.len() == 2 && second == "negative" => true,
        "greater" | "less" | "more" | "fewer" | "larger" | "smaller" | "not" | "later"
        | "earlier" | "higher" | "lower" => {
            matches!(second, "than" | "less" | "more" | "greater" | "before" | "after")
        }
        "no" => {
            matches!(second, "later" | "earlier" | "more" | "less" | "fewer" | "greater")
                && words.get(2).is_some_and(|word| word == "than")
        }
        "on" if second == "or" => {
            words.get(2).is_some_and(|word| matches!(word.as_str(), "after" | "before"))
        }
        // "after starts_at", and nothing else: "after login" says when it is written.
        "after" | "before" => {
            let is_moment = ["date", "time", "edat", "tsat", "dsat", "start"];
            words.len() == 2
                && (second.contains('_') || is_moment.iter().any(|end| second.ends_with(end)))
        }
        "case" | "ignoring" | "regardless" | "upper" | "whatever" => {
            matches!(
                words.join(" ").as_str(),
                "case insensitive"
                    | "ignoring case"
                    | "regardless of case"
                    | "whatever its case"
                    | "case does not matter"
                    | "upper and lower case are the same"
                    | "upper and lower case do not matter"
                    | "upper and lower case make no difference"
            )
        }
        "required" | "mandatory" | "set" | "present" => is_conditional(words),
        // "0 or more"
        first if is_count(first) && second == "or" => {
            words.len() == 3 && matches!(words[2].as_str(), "more" | "less" | "fewer")
        }
        first if ABSENT.contains(&first) && second == "unless" => words.len() > 2,
        // "min 1", "maximum 10"
        "max" | "maximum" | "min" | "minimum" if words.len() == 2 => is_count(second),
        // "one per order", "only one per customer"
        "one" if words.len() == 3 => second == "per",
        "only" => is_conditional(words) || words.len() == 4 && second == "one" && words[2] == "per",
        // "max 80 characters", "exactly 2 letters": how long it is, and no more words.
        "max" | "maximum" | "min" | "minimum" | "exactly" if words.len() == 3 => {
            is_count(second)
                && matches!(words[2].as_str(), "digits" | "characters" | "chars" | "letters")
        }
        // "up to 80 characters", "13 digits"
        "up" => second == "to" && words.get(2).is_some_and(|word| is_count(word)),
        first if is_count(first) => {
            // "1 to 80 characters", "3 - 40 chars"
            let counted = match words {
                [_, to, last, counted] if to == "to" && is_count(last) => counted,
                [_, last, counted] if is_count(last) => counted,
                [_, counted] => counted,
                _ => return false,
            };
            matches!(counted.as_str(), "digits" | "characters" | "chars" | "letters")
        }
        _ => false,
    }
}
