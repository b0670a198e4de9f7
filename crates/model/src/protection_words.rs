//! The words by which the note of a field marks its values as personal or secret: "personal data", "PII".

/// Each word with the category under which the model keeps it, the most telling first.
const MARKS: &[(&str, &str)] = &[
    ("protected health information", "health"),
    ("health data", "health"),
    ("phi", "health"),
    ("personal data", "personal"),
    ("personal information", "personal"),
    ("personally identifiable", "personal"),
    ("personally identifying", "personal"),
    ("pii", "personal"),
    ("gdpr", "personal"),
    ("sensitive data", "sensitive"),
    ("sensitive information", "sensitive"),
    ("sensitive", "sensitive"),
    ("confidential", "confidential"),
];

/// Words before a mark that deny it, or make another word of it: "no PII", "case sensitive".
const DENIALS: &[&str] = &["no", "not", "non", "never", "without", "case", "time", "accent"];

/// The category that a note gives the values of its field.
pub(crate) fn of_text(text: &str) -> Option<&'static str> {
    let lower = text.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    MARKS.iter().find(|(mark, _)| is_said(&words, mark)).map(|(_, category)| *category)
}

/// Whether a note says nothing else, so that it is no rule.
pub(crate) fn is_mark(text: &str) -> bool {
    let plain = text.trim().trim_matches(['(', ')', '[', ']', '.']).to_lowercase();
    MARKS.iter().any(|(mark, _)| *mark == plain)
}

fn is_said(words: &[&str], mark: &str) -> bool {
    let mark: Vec<&str> = mark.split(' ').collect();
    words.windows(mark.len()).enumerate().any(|(at, window)| {
        window == mark && !words[..at].last().is_some_and(|before| DENIALS.contains(before))
    })
}

#[cfg(test)]
mod tests {
    use super::of_text;

    #[test]
    fn a_mark_counts_where_it_is_not_denied() {
        for (text, category) in [
            ("personal data", Some("personal")),
            ("Full name (PII)", Some("personal")),
            ("Diagnosis, PHI under HIPAA", Some("health")),
            ("encrypted at rest, sensitive", Some("sensitive")),
            ("contains no PII", None),
            ("case-sensitive search", None),
            ("case insensitive", None),
            ("Philadelphia office", None),
        ] {
            assert_eq!(of_text(text), category, "{text}");
        }
    }
}
