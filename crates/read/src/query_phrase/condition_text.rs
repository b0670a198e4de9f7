//! Conditions that a phrase writes with signs: "where `status` = active and `expires_at` < now". The words of a phrase carry no
//! signs, so that these are read first and taken out of it.

use crate::FilterFact;
use crate::notation::filter_text::filters;

/// What ends a condition: another one, or what a query says beside its conditions.
const ENDS: [&str; 12] = [
    " and ",
    ", ",
    "; ",
    " sorted ",
    " ordered ",
    " order by ",
    " limit ",
    " newest ",
    " oldest ",
    " latest ",
    " (",
    " — ",
];

/// The conditions behind "where", and the phrase without them.
pub(super) fn taken(text: &str) -> (String, Vec<FilterFact>) {
    let lower = text.to_ascii_lowercase();
    let Some(at) = lower.find(" where ") else { return (text.to_owned(), Vec::new()) };
    let start = at + " where ".len();
    let mut rest = start;
    let mut found = Vec::new();
    loop {
        let ends = ENDS.iter().filter_map(|end| Some((lower[rest..].find(end)? + rest, *end)));
        let (end, mark) = ends.min_by_key(|(at, _)| *at).unwrap_or((text.len(), ""));
        let piece = &text[rest..end];
        let is_signed = piece.contains(['=', '<', '>']) && !piece.contains("=>");
        match filters(piece).as_slice() {
            [one] if is_signed => found.push(one.clone()),
            _ => break,
        }
        rest = end;
        if mark != " and " && mark != ", " {
            break;
        }
        rest += mark.len();
    }
    if found.is_empty() {
        return (text.to_owned(), found);
    }
    // The mark that ended the last condition parts what stood before it from what follows.
    let behind = text[rest..].trim_start();
    let joint = if behind.is_empty() || behind.starts_with([',', ';', '(']) { "" } else { ", " };
    (format!("{}{joint}{behind}", text[..at].trim_end()), found)
}

#[cfg(test)]
mod tests {
    use super::taken;

    #[test]
    fn conditions_with_signs_leave_the_phrase() {
        for (text, left, conditions) in [
            ("holds where status = active", "holds", 1),
            ("holds where status = active and expires_at < now, limit 5", "holds, limit 5", 2),
            ("holds where paid >= 5 newest first", "holds, newest first", 1),
            ("holds where paid_at is null", "holds where paid_at is null", 0),
            ("holds by account", "holds by account", 0),
        ] {
            let (phrase, found) = taken(text);
            assert_eq!((phrase.as_str(), found.len()), (left, conditions), "{text}");
        }
    }
}
