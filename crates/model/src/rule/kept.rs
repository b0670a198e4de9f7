//! Rules that no condition on one row can keep, with the reason: what changes with the clock, what
//! compares a row with its past, and what compares it with its neighbours.

use underpin_base::{Lowered, Phrases};

use super::Meaning;
use super::sentence::{Sentence, strip_end};
use crate::FieldKind;

const CLOCK: &str = "it depends on the moment at which it is looked at, and a CHECK must stay true \
                     for a row that nobody touches";
const PAST: &str = "it compares a row with what it was before, and a CHECK sees only what a row is";
const NEIGHBOURS: &str = "it compares rows with each other, which takes an exclusion constraint \
                          over what they share and their spans";

/// Whether a rule compares a row with what it was before: what it says may not change.
pub fn compares_with_past(text: &str) -> bool {
    names_past(&Lowered::new(text))
}

fn names_past(text: &Lowered) -> bool {
    const PAST: &[&str] = &[
        "immutable",
        "append-only",
        "append only",
        "cannot be changed",
        "cannot be modified",
        "cannot be updated",
        "cannot be edited",
        "must not be changed",
        "must not be modified",
        "must not change",
        "cannot change",
        "never changes",
        "read-only after",
        "write-once",
    ];
    text.first_of(PAST).is_some()
}

/// Rules about time, change and overlap.
pub(crate) fn sentence(sentence: &Sentence<'_>) -> Option<Meaning> {
    let lower = sentence.lower;
    let says = |phrases: &[&str]| lower.first_of(phrases).is_some();
    if says(&["overlap"]) && says(&["no ", "not ", "cannot", "never", "without"]) {
        return Some(Meaning::Kept(NEIGHBOURS));
    }
    if names_past(lower) {
        return Some(Meaning::Kept(PAST));
    }
    let moments = [
        "in the future",
        "in future",
        "in the past",
        "in past",
        "a future date",
        "a past date",
        "future date",
        "before now",
        "after now",
        "later than now",
        "before today",
        "after today",
        "than the current date",
        "the current time",
        "older than",
        "the current date",
    ];
    let ends_so = strip_end(lower, &moments).len() < lower.len() || says(&["in the past"]);
    // Of most sentences the words tell, and nobody needs to look at the fields.
    let about_time = || {
        sentence.draft().model.fields_of(sentence.entity()).any(|(_, field)| {
            matches!(field.kind, FieldKind::Date | FieldKind::Timestamp | FieldKind::Time)
        })
    };
    (ends_so && about_time()).then_some(Meaning::Kept(CLOCK))
}

#[cfg(test)]
mod tests {
    use crate::test_support::Facts;

    fn questions(rule: &str) -> Vec<String> {
        let (model, _) = Facts::default()
            .entity("Booking")
            .field("Booking", "id: uuid*")
            .field("Booking", "room_id: uuid!")
            .field("Booking", "starts_at: timestamp!")
            .field("Booking", "title: text!")
            .rule("Booking", rule)
            .build();
        assert!(model.rules.iter().all(|rule| rule.expression.is_none()), "{rule}");
        model.questions.into_iter().map(|question| question.text).collect()
    }

    #[test]
    fn each_has_its_reason() {
        for (rule, reason) in [
            ("no overlapping bookings for one room", "exclusion constraint"),
            ("Bookings of one room must not overlap", "exclusion constraint"),
            ("starts_at must be in the future", "the moment"),
            ("starts_at cannot be in the past", "the moment"),
            ("title cannot be changed while guests are present", "what it was before"),
        ] {
            let asked = questions(rule);
            assert!(asked.iter().any(|text| text.contains(reason)), "{rule}: {asked:?}");
        }
    }
}
