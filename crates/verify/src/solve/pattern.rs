//! Texts for the patterns that stand in conditions: regular expressions read backwards, `LIKE` with something in its
//! gaps, and texts of such lengths as the conditions name. Whether one matches is for the server to say, so that what
//! looks ahead or is lazy is read as if it were not.

use underpin_pg::TextPattern;

use crate::dice::Dice;
use crate::value::Decimal;

/// How many texts are made of one pattern: a check digit is right once in ten or once in ninety-seven.
const OF_EACH: usize = 300;

/// Texts for what stands in quotes in the conditions on a column.
pub(super) fn texts(quoted: &[String], dice: &mut Dice) -> Vec<String> {
    const SHORT: usize = 8;
    let is_plain = |it: &&String| !it.is_empty() && it.len() <= SHORT && !is_pattern(it);
    let plain: Vec<&String> = quoted.iter().filter(is_plain).collect();
    let mut found: Vec<String> = Vec::new();
    for text in quoted {
        if text.contains(['%', '_']) && !text.contains(['^', '$', '[']) {
            let gaps = ["x", "", "1"].into_iter().chain(plain.iter().map(|it| it.as_str()));
            found.extend(gaps.map(|gap| text.replace('%', gap).replace('_', "a")));
            found.push(text.replace(['%', '_'], "1"));
        }
        if is_pattern(text) {
            found.extend(matching(text, dice));
        }
    }
    // What one condition wants at an end of what another wants.
    let whole: Vec<String> = found.iter().take(2).cloned().collect();
    for text in &whole {
        found.extend(plain.iter().flat_map(|it| [format!("{text}{it}"), format!("{it}{text}")]));
    }
    found
}

/// Whether a text is rather a regular expression than a value.
pub(super) fn is_pattern(text: &str) -> bool {
    text.contains(['^', '$', '[', '\\', '(', '+', '*', '.', '|'])
}

/// Texts that probably match a regular expression.
pub(super) fn matching(expression: &str, dice: &mut Dice) -> Vec<String> {
    let mut choose = |length: usize| dice.index(length);
    let mut found = Vec::new();
    for ahead in [Ahead::There, Ahead::Dropped] {
        let plain = loosened(expression, ahead);
        let Some(pattern) = TextPattern::parse(&plain) else { continue };
        for _ in 0..OF_EACH {
            let text = pattern.example(&mut choose);
            if !found.contains(&text) {
                found.push(text);
            }
        }
        if plain == loosened(expression, Ahead::Dropped) {
            break;
        }
    }
    found
}

/// What becomes of what an expression looks ahead for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ahead {
    /// It comes right where the expression looks for it.
    There,
    /// It is left to chance.
    Dropped,
}

/// An expression without what [`TextPattern`] does not read.
fn loosened(expression: &str, ahead: Ahead) -> String {
    let mut plain = String::new();
    let mut rest = expression;
    for option in ["(?i)", "(?x)", "(?s)", "***:"] {
        rest = rest.strip_prefix(option).unwrap_or(rest);
    }
    while let Some(c) = rest.chars().next() {
        let look = ["(?=", "(?!", "(?<=", "(?<!"].iter().find(|it| rest.starts_with(**it));
        if let Some(look) = look {
            let end = closing(rest).unwrap_or(rest.len());
            let inner = &rest[look.len().min(end)..end];
            if *look == "(?=" && ahead == Ahead::There {
                plain.push_str(inner.trim_start_matches(".*").trim_end_matches('$'));
            }
            rest = rest.get(end + 1..).unwrap_or_default();
            continue;
        }
        let escapes = [
            ("\\A", "^"),
            ("\\Z", "$"),
            ("\\y", ""),
            ("\\m", ""),
            ("\\M", ""),
            ("[:punct:]", "!,.;:?-"),
        ];
        if let Some((escape, instead)) = escapes.iter().find(|(it, _)| rest.starts_with(it)) {
            plain.push_str(instead);
            rest = &rest[escape.len()..];
            continue;
        }
        if c == '\\' {
            let both: String = rest.chars().take(2).collect();
            rest = &rest[both.len()..];
            plain.push_str(&both);
            continue;
        }
        // What is lazy takes the same texts.
        let is_lazy = c == '?' && plain.ends_with(['*', '+', '?', '}']) && !plain.ends_with("\\?");
        if !is_lazy {
            plain.push(c);
        }
        rest = &rest[c.len_utf8()..];
    }
    plain
}

/// Where the parenthesis that a text begins with is closed.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut is_escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '(' => depth += 1,
            ')' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// Texts of the lengths that conditions name, of digits, letters and both.
pub(super) fn of_lengths(numbers: &[Decimal], max: Option<usize>, dice: &mut Dice) -> Vec<String> {
    const LONGEST: i64 = 64;
    const DIGITS: &[u8] = b"0123456789";
    const CAPITALS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const BOTH: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    let mut lengths: Vec<usize> = Vec::new();
    for number in numbers {
        for step in [0, 1, -1] {
            let length = number.floor() + step;
            let length = usize::try_from(length).ok().filter(|_| (1..=LONGEST).contains(&length));
            if let Some(length) = length.filter(|it| !lengths.contains(it)) {
                lengths.push(length);
            }
        }
    }
    lengths.extend(max.filter(|it| *it <= 64 && !lengths.contains(it)));
    let mut found = Vec::new();
    for (index, &length) in lengths.iter().take(8).enumerate() {
        for alphabet in [DIGITS, CAPITALS, BOTH] {
            // Where a check digit is to fit, it is one of digits.
            let count = if index < 2 && alphabet == DIGITS { OF_EACH / 2 } else { 2 };
            for _ in 0..count {
                found.push((0..length).map(|_| char::from(*dice.pick(alphabet))).collect());
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_ahead_or_is_lazy_gives_texts_too() {
        let mut dice = Dice::new(1, "pattern");
        for (expression, there, dropped) in [
            (r"^(?=.*[A-Z])(?=.*\d).{8,}$", r"^[A-Z]\d.{8,}$", "^.{8,}$"),
            (r"\A[a-z]+?\Z", "^[a-z]+$", "^[a-z]+$"),
            (r"^[[:punct:]]$", "^[!,.;:?-]$", "^[!,.;:?-]$"),
            ("(?i)^ab$", "^ab$", "^ab$"),
        ] {
            assert_eq!(loosened(expression, Ahead::There), there);
            assert_eq!(loosened(expression, Ahead::Dropped), dropped);
            assert!(!matching(expression, &mut dice).is_empty(), "{expression}");
        }
        let strong = matching(r"^(?=.*[A-Z])(?=.*\d).{8,}$", &mut dice);
        assert!(strong.iter().any(|it| {
            it.chars().any(|c| c.is_ascii_uppercase()) && it.chars().any(|c| c.is_ascii_digit())
        }));
    }

    #[test]
    fn what_cannot_be_read_gives_none() {
        assert!(matching(r"^(a)\1$", &mut Dice::new(1, "pattern")).is_empty());
    }

    #[test]
    fn gaps_are_filled_and_lengths_kept() {
        let mut dice = Dice::new(1, "pattern");
        let found = texts(&["INV-%".to_owned()], &mut dice);
        assert!(found.contains(&"INV-x".to_owned()) && found.contains(&"INV-".to_owned()));
        let found = of_lengths(&[Decimal::from(13)], None, &mut dice);
        assert!(found.iter().any(|it| it.len() == 13 && it.chars().all(|c| c.is_ascii_digit())));
        assert!(found.iter().all(|it| (12..=14).contains(&it.len())));
    }
}
