//! Diagnostics for people: each with its lines, the many of one kind cut short, and a count at the end.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use underpin_base::render::terminal;
use underpin_base::{Diagnostic, Severity, Sources};

use crate::terminal::aside;

/// How many of one code are shown in full. The machine-readable forms hold all of them.
const SHOWN: usize = 20;

/// The text of all diagnostics, in their order; empty where there are none.
pub(crate) fn text(diagnostics: &[Diagnostic], sources: &Sources, colour: bool) -> String {
    let mut text = String::new();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for diagnostic in diagnostics {
        let count = seen.entry(diagnostic.code.as_str()).or_default();
        *count += 1;
        if *count <= SHOWN {
            text.push_str(&terminal::render(diagnostic, sources, colour));
        }
    }
    for (code, count) in seen {
        if let Some(more) = count.checked_sub(SHOWN).filter(|&more| more > 0) {
            let _ =
                writeln!(text, "{more} more of {code} (`underpin check --format json` has all)");
        }
    }
    if !diagnostics.is_empty() {
        let _ = writeln!(text, "{}", count_line(diagnostics));
    }
    text
}

/// Prints them on standard error.
pub(crate) fn print(diagnostics: &[Diagnostic], sources: &Sources, colour: bool) {
    aside(&text(diagnostics, sources, colour));
}

/// Whether one of them is an error.
pub(crate) fn any_error(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

/// `2 errors, 1 warning`.
pub(crate) fn count_line(diagnostics: &[Diagnostic]) -> String {
    let parts: Vec<String> = [Severity::Error, Severity::Warning, Severity::Note]
        .into_iter()
        .filter_map(|severity| {
            let count = diagnostics.iter().filter(|it| it.severity == severity).count();
            (count > 0).then(|| counted(count, severity.as_str()))
        })
        .collect();
    if parts.is_empty() { "no errors, no warnings".to_owned() } else { parts.join(", ") }
}

/// `1 table`, `2 tables`.
pub(crate) fn counted(count: usize, word: &str) -> String {
    match (count, word.strip_suffix('y')) {
        (1, _) => format!("1 {word}"),
        (_, Some(stem)) => format!("{count} {stem}ies"),
        (_, None) if word.ends_with('x') => format!("{count} {word}es"),
        (_, None) => format!("{count} {word}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes;

    #[test]
    fn many_of_one_code_are_cut_short_and_counted() {
        let many: Vec<Diagnostic> =
            (0..25).map(|n| Diagnostic::warning(codes::NO_DOCUMENT, format!("w{n}."))).collect();
        let text = text(&many, &Sources::default(), false);
        assert!(text.contains("w19."), "{text}");
        assert!(!text.contains("w20."), "{text}");
        assert!(text.contains("5 more of I002"), "{text}");
        assert!(text.ends_with("25 warnings\n"), "{text}");
    }

    #[test]
    fn plurals() {
        assert_eq!(counted(1, "entity"), "1 entity");
        assert_eq!(counted(0, "entity"), "0 entities");
        assert_eq!(counted(3, "index"), "3 indexes");
        assert_eq!(counted(2, "table"), "2 tables");
    }
}
