//! What documents let rows do that nobody would expect of their names: "a shift may end before it starts", "two steps may
//! share a position". Nothing keeps it; it keeps us from presuming otherwise.

use super::Meaning;
use super::sentence::Sentence;
use crate::Presumptions;

const EARLY: [&str; 6] = [
    "may end before it",
    "can end before it",
    "may be before its beginning",
    "may end before they",
    "can end before they",
    "may run backwards",
];
const SHARED: [&str; 6] = [
    "may share a ",
    "can share a ",
    "may share the ",
    "can share the ",
    "may have the same ",
    "can have the same ",
];

/// Whether a rule lets a row end before it begins.
pub(crate) fn lets_end_early(text: &str) -> bool {
    says(text, &EARLY)
}

/// Whether a rule lets rows of one parent have the same number, place or language.
pub(crate) fn lets_share(text: &str) -> bool {
    says(text, &SHARED)
}

fn says(text: &str, phrases: &[&str]) -> bool {
    let lower = text.to_lowercase();
    phrases.iter().any(|phrase| lower.contains(phrase)) && !lower.contains("not ")
}

/// Words that make a permission a limit: "may be changed until it is paid", "one card per member is allowed", "can be
/// approved by a manager".
const LIMITS: &[&str] = &[
    "not", "no", "none", "neither", "nor", "only", "just", "never", "always", "unless", "except",
    "but", "must", "shall", "should", "cannot", "required", "if", "when", "where", "while",
    "until", "till", "before", "after", "once", "as", "without", "within", "during", "provided",
    "most", "least", "more", "fewer", "less", "than", "up", "maximum", "max", "minimum", "min",
    "exactly", "either", "per", "single", "own", "by", "from", "between", "one", "two", "three",
    "four", "five", "ten", "zero", "first", "last", "same", "unique",
];

/// Whether a sentence lets something be and limits nothing: "overlapping blocks are allowed", "a room may be empty".
/// Nobody has to keep it.
pub(crate) fn only_permits(text: &str) -> bool {
    let plain = without_brackets(text).to_lowercase();
    // "Allowed are: …" lists what is, and "a can't" forbids.
    if plain.contains([':', '<', '>', '=', '≤', '≥']) || plain.contains("n't") {
        return false;
    }
    let words: Vec<&str> = plain
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|it| !it.is_empty())
        .collect();
    let is_limit = |at: usize| {
        let word = words[at];
        // "For the same doctor" tells of which rows it speaks; they are not held to be the same.
        let tells = word == "same" && at >= 2 && words[at - 2] == "for";
        word.chars().any(|c| c.is_ascii_digit()) || LIMITS.contains(&word) && !tells
    };
    let permits = words.iter().enumerate().skip(1).any(|(at, word)| match *word {
        "may" | "can" => true,
        "allowed" | "permitted" => {
            matches!(words[at - 1], "is" | "are" | "be" | "explicitly" | "also" | "deliberately")
        }
        _ => false,
    });
    permits && !(0..words.len()).any(is_limit)
}

/// What a remark in brackets says explains the sentence, and limits nothing.
fn without_brackets(text: &str) -> String {
    let mut depth = 0_usize;
    let outside = text.chars().filter(|c| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => return depth == 0,
        }
        false
    });
    outside.collect()
}

/// Said where it makes a difference: where the names alone would have us presume otherwise.
pub(crate) fn sentence(sentence: &Sentence<'_>) -> Option<Meaning> {
    let (ends, shares) = (lets_end_early(sentence.text), lets_share(sentence.text));
    if !(ends || shares) {
        return None;
    }
    let (presumed, entity) = (Presumptions::of(sentence.model_so_far()), sentence.entity());
    let differs = ends && !presumed.spans(entity).is_empty()
        || shares && presumed.sibling_key(entity).is_some();
    differs.then(permission)
}

/// What a permission means for the rows.
pub(crate) fn permission() -> Meaning {
    Meaning::Known("nothing that rows are held to".to_owned())
}

#[cfg(test)]
mod tests {
    use super::only_permits;
    use crate::test_support::Facts;

    #[test]
    fn permissions_and_what_limits() {
        for text in [
            "Overlapping blocks for the same doctor are allowed (union applied when computing)",
            "A room may be empty",
            "Members can have several cards",
            "Negative balances are explicitly allowed",
        ] {
            assert!(only_permits(text), "{text}");
        }
        for text in [
            "Overlapping blocks for the same doctor are not allowed",
            "Only admins may delete a room",
            "A member can have at most three cards",
            "A card may be changed until it is used",
            "No overlap is allowed",
            "One card per member is allowed",
            "Allowed values are red and green",
            "The following are allowed: red, green",
            "A card can be blocked by a clerk",
            "Two cards cannot overlap",
            "A card must be blue",
        ] {
            assert!(!only_permits(text), "{text}");
        }
    }

    /// What is asked about a rule, and what became of it.
    fn asked(rule: &str) -> (usize, Option<String>) {
        let (mut model, _) = Facts::default()
            .entity("Doctor")
            .field("Doctor", "id: uuid*")
            .entity("Block")
            .field("Block", "id: uuid*")
            .field("Block", "doctor_id: uuid! -> Doctor")
            .rule("Block", rule)
            .build();
        let questions =
            model.questions.iter().filter(|it| it.id.rsplit('.').next() == Some("rule")).count();
        (questions, model.rules.pop().and_then(|rule| rule.became))
    }

    #[test]
    fn nobody_is_asked_who_keeps_a_permission() {
        let nothing = Some("nothing that rows are held to".to_owned());
        assert_eq!(asked("Touching blocks of one another are allowed"), (1, None));
        assert_eq!(asked("Overlapping blocks for the same doctor are allowed"), (0, nothing));
        assert_eq!(asked("Odd blocks for the same doctor are refused at night"), (1, None));
    }
}
