//! "An order has at least one line": what the row that others belong to cannot be held to when it is written, since it is
//! there before them.

use underpin_base::Phrases;

use super::Meaning;
use super::rows_of::{self, belonging};
use super::sentence::{Sentence, strip_end};

/// Why no constraint keeps it.
pub(crate) const REASON: &str = "a row is there before the first that belongs to it, so that only the end of a transaction could \
                                 be held to it, and the deletion of the last of them";

/// What stands between the owner and "at least one".
const VERBS: &[&str] = &[
    " must have",
    " must contain",
    " must consist of",
    " must include",
    " always has",
    " always have",
    " has",
    " have",
    " needs",
    " contains",
    " consists of",
    " includes",
    " requires",
];

pub(crate) fn sentence(sentence: &Sentence<'_>) -> Option<Meaning> {
    let text = sentence.text.to_ascii_lowercase();
    let (front, rows) = [" at least one ", " one or more ", " at least 1 "]
        .iter()
        .find_map(|words| text.as_str().cut_at(words))?;
    let subject = strip_end(front, VERBS);
    let owner = (subject.len() < front.len()).then(|| rows_of::owner(sentence, subject))??;
    let rows = rows_of::rows(sentence, rows)?;
    belonging(sentence, rows, owner).map(|_| Meaning::Kept(REASON))
}

#[cfg(test)]
mod tests {
    use super::REASON;
    use crate::test_support::Facts;

    /// Whether somebody is asked who keeps a rule, for the reason of this file.
    fn is_asked(rule: &str) -> bool {
        let facts = Facts::default()
            .entity("Order")
            .field("Order", "id: uuid*")
            .entity("Line")
            .field("Line", "id: uuid*")
            .field("Line", "order_id: uuid! -> Order");
        let questions = facts.rule("Order", rule).build().0.questions;
        questions.iter().any(|it| it.text.contains(REASON))
    }

    #[test]
    fn rows_that_a_row_cannot_be_without() {
        assert!(is_asked("An order must have at least one line"));
        assert!(is_asked("Each order consists of one or more lines"));
        assert!(!is_asked("An order has at least one good reason"));
        assert!(!is_asked("An order has at most one line"));
    }
}
