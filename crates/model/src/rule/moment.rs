//! Moments by what happens then: "the closing time" is `closes_at`, "the day of borrowing" is `borrowed_at`, "the due
//! date" is `due_on`.

use smol_str::SmolStr;

use super::sentence::Sentence;
use crate::names::words;
use crate::{FieldId, FieldKind};

/// Words that say that a moment is meant, and how it is written.
const KINDS: &[&str] = &["date", "day", "time", "moment", "timestamp", "at", "on"];

/// The one field of a moment whose name tells of the same as a phrase.
pub(super) fn named(sentence: &Sentence<'_>, phrase: &str) -> Option<FieldId> {
    // A single word tells no moment.
    if phrase.get(1..).is_some_and(|rest| rest.bytes().all(|it| it.is_ascii_lowercase())) {
        return None;
    }
    let said = words(phrase);
    let (kind, rest): (Vec<&SmolStr>, Vec<&SmolStr>) = said
        .iter()
        .filter(|word| !matches!(word.as_str(), "of" | "the"))
        .partition(|word| is_kind(word));
    // A moment's word is said once, with what happens then beside it.
    if kind.len() != 1 || rest.is_empty() {
        return None;
    }
    let told: Vec<&str> = rest.iter().map(|word| stem(word)).collect();
    let mut meant =
        sentence.draft().model.fields_of(sentence.entity()).filter_map(|(id, field)| {
            let is_moment =
                matches!(field.kind, FieldKind::Date | FieldKind::Time | FieldKind::Timestamp);
            if !is_moment {
                return None;
            }
            let name = words(&field.name);
            let own = name.iter().filter(|word| !is_kind(word)).map(|word| stem(word));
            own.eq(told.iter().copied()).then_some(id)
        });
    let only = meant.next()?;
    meant.next().is_none().then_some(only)
}

fn is_kind(word: &str) -> bool {
    KINDS.contains(&word)
}

/// What the forms of a verb share: "closing", "closes" and "closed".
pub(super) fn stem(word: &str) -> &str {
    let ends = ["ing", "ed", "es", "s"];
    let stem = ends.iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word);
    let stem = stem.strip_suffix('e').unwrap_or(stem);
    // "shipped" is of "ship".
    match stem.as_bytes() {
        [.., one, other] if one == other && !matches!(one, b'l' | b's') => &stem[..stem.len() - 1],
        _ => stem,
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::{Facts, condition};

    /// The rule of a loan that a sentence became.
    fn said(rule: &str) -> String {
        let (model, _) = Facts::default()
            .entity("Loan")
            .field("Loan", "id: uuid*")
            .field("Loan", "borrowed_at: timestamp!")
            .field("Loan", "due_on: date!")
            .field("Loan", "shipped_at: timestamp")
            .field("Loan", "opens_at: time")
            .field("Loan", "closes_at: time")
            .field("Loan", "date_of_birth: date")
            .rule("Loan", rule)
            .build();
        condition(&model)
    }

    #[test]
    fn what_happens_then() {
        assert_eq!(
            said("The closing time must be later than the opening time"),
            "closes_at > opens_at"
        );
        assert_eq!(said("The due date must be after the day of borrowing"), "due_on > borrowed_at");
        assert_eq!(
            said("The shipping date must not be before the borrowing date"),
            "shipped_at >= borrowed_at"
        );
    }

    #[test]
    fn nothing_else_is_meant() {
        assert_eq!(said("The lending time must be later than the opening time"), "");
        assert_eq!(said("The date must be after the due date"), "");
    }
}
