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

/// The category that a note gives the values of its field. A mark stands at the head of a part of the note: "When the
/// personal data was removed" is about something else, "no PII" says the contrary.
pub(crate) fn of_text(text: &str) -> Option<&'static str> {
    let lower = text.to_lowercase();
    let parts = lower.split([',', ';', '.', ':', '(', ')', '[', ']', '|']);
    let heads: Vec<&str> = parts
        .map(|part| {
            let part = part.trim();
            ["contains ", "is ", "holds "]
                .iter()
                .find_map(|it| part.strip_prefix(it))
                .unwrap_or(part)
        })
        .collect();
    let is_said = |mark: &str| {
        heads.iter().any(|head| {
            head.strip_prefix(mark)
                .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-'))
        })
    };
    MARKS.iter().find(|(mark, _)| is_said(mark)).map(|(_, category)| *category)
}

/// Whether a note says nothing else, so that it is no rule.
pub(crate) fn is_mark(text: &str) -> bool {
    let plain = text.trim().trim_matches(['(', ')', '[', ']', '.']).to_lowercase();
    MARKS.iter().any(|(mark, _)| *mark == plain)
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
            ("When the personal data was removed", None),
            ("case-sensitive search", None),
            ("case insensitive", None),
            ("Philadelphia office", None),
        ] {
            assert_eq!(of_text(text), category, "{text}");
        }
    }
}
