//! What a verb calls that to which it was done: "cancelled", "held", "scanned".

/// Verbs of states whose participle is another word, or is spelled otherwise.
const IRREGULAR: &[(&str, &str)] = &[
    ("pay", "paid"),
    ("send", "sent"),
    ("sell", "sold"),
    ("hold", "held"),
    ("withdraw", "withdrawn"),
    ("freeze", "frozen"),
    ("begin", "begun"),
    ("lose", "lost"),
    ("win", "won"),
    ("cancel", "cancelled"),
    ("ship", "shipped"),
    ("submit", "submitted"),
];

/// The participle of a verb, as most would spell it.
pub(crate) fn participle(verb: &str) -> String {
    if let Some((_, done)) = IRREGULAR.iter().find(|(known, _)| *known == verb) {
        return (*done).to_owned();
    }
    match verb.strip_suffix('e').or_else(|| verb.strip_suffix('y').map(|_| "")) {
        Some("") => format!("{}ied", &verb[..verb.len() - 1]),
        Some(stem) => format!("{stem}ed"),
        None => format!("{verb}ed"),
    }
}

/// Whether a word is the participle of a verb, in any spelling: "canceled" and "cancelled" of "cancel", "taken" of "take".
pub fn is_participle_of(verb: &str, word: &str) -> bool {
    let stem = verb.trim_end_matches('e');
    let doubled = |rest: &str| {
        let ending = rest.strip_suffix("ed");
        ending.is_some_and(|letter| letter.len() == 1 && verb.ends_with(letter))
    };
    let is_ending = |rest: &str| matches!(rest, "d" | "ed" | "n" | "en") || doubled(rest);
    stem.len() > 2 && word.strip_prefix(stem).is_some_and(is_ending)
        || IRREGULAR.contains(&(verb, word))
        || participle(verb) == word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_what_was_done() {
        for (verb, word) in [
            ("cancel", "canceled"),
            ("cancel", "cancelled"),
            ("close", "closed"),
            ("take", "taken"),
            ("hold", "held"),
            ("scan", "scanned"),
            ("deny", "denied"),
        ] {
            assert!(is_participle_of(verb, word), "{verb}, {word}");
        }
        for (verb, word) in [
            ("free", "free"),
            ("open", "opens"),
            ("hold", "holder"),
            ("rent", "rendered"),
            ("be", "been"),
        ] {
            assert!(!is_participle_of(verb, word), "{verb}, {word}");
        }
    }
}
