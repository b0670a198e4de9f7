//! What stands around a sentence that asks for rows, and says nothing of them: its number, its label, what it is good for.

use super::vocabulary;

/// A story without what it is good for: "so that I remember them".
pub(super) fn without_purpose(mut words: Vec<&str>) -> Vec<&str> {
    let is = |at: usize, word: &str| words.get(at).is_some_and(|it| it.eq_ignore_ascii_case(word));
    let purpose = (0..words.len()).find(|&at| {
        is(at, "so")
            && ["that", "I", "we", "they", "users", "it"].iter().any(|next| is(at + 1, next))
            || is(at, "in") && is(at + 1, "order") && is(at + 2, "to")
    });
    let Some(from) = purpose else { return words };
    // "In order to plan, I want to see ...": the wish comes after it.
    let wish = (from..words.len()).find(|&at| words[at].ends_with(',') && at + 2 < words.len());
    match wish {
        Some(comma)
            if from < 5
                && words[comma + 1..].iter().take(4).any(|word| {
                    matches!(
                        word.to_lowercase().as_str(),
                        "want" | "would" | "i'd" | "need" | "can" | "like"
                    )
                }) =>
        {
            words.drain(from..=comma);
        }
        _ => words.truncate(from),
    }
    words
}

/// "Settlement callback: lock the transfer by tenant and ID" without its label.
pub(super) fn strip_label(text: &str) -> &str {
    let Some((label, rest)) = text.split_once(": ") else { return text };
    let first = rest.split_whitespace().next().unwrap_or_default().to_lowercase();
    let asks = vocabulary::reads(first.trim_end_matches(','))
        || matches!(first.as_str(), "as" | "users" | "user" | "the" | "i");
    if asks && label.split_whitespace().count() <= 5 { rest.trim_start() } else { text }
}

/// "FR-C8:", "R2.3.3", "[ ]", "US-1 -" before a sentence.
pub(super) fn strip_code(text: &str) -> &str {
    let mut text = text.trim_start_matches(['[', ']', ' ', '-', '•']).trim_start_matches("x] ");
    while let Some((first, rest)) = text.split_once(' ') {
        let bare = first.trim_end_matches([':', '.', ')', ']']).trim_start_matches(['(', '[']);
        let is_code = bare.chars().any(|c| c.is_ascii_digit())
            && bare
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '‑' | '_'))
            || bare.is_empty()
            || matches!(bare, "-" | "–" | "—");
        if !is_code {
            break;
        }
        text = rest.trim_start();
    }
    text
}
