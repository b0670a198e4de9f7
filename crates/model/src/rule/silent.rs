//! Which patterns leave a sentence alone whatever it is said of: documents say "must be at least 0" of hundreds of fields,
//! and most patterns need no more than its words to see that it is not theirs.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::sentence::Sentence;
use super::{Meaning, Pattern};

/// The patterns that words alone rule out, found once for all rules in the same words.
#[derive(Debug, Default)]
pub(crate) struct SilentPatterns {
    /// For each sentence a bit for each pattern.
    of: RefCell<BTreeMap<String, u32>>,
}

impl SilentPatterns {
    /// What the first pattern makes of a sentence that does not leave it alone. `before` is the number of patterns in
    /// other lists, by which the bits are told apart.
    pub(super) fn first(
        &self,
        sentence: &Sentence<'_>,
        patterns: &[Pattern],
        before: usize,
    ) -> Option<Meaning> {
        let known = self.of.borrow().get(&sentence.text).copied().unwrap_or_default();
        let mut silent = known;
        let found = patterns.iter().enumerate().find_map(|(at, pattern)| {
            let bit = 1 << (before + at);
            if known & bit != 0 {
                return None;
            }
            let (found, by_words) = sentence.by_words(pattern);
            if found.is_none() && by_words {
                silent |= bit;
            }
            found
        });
        if silent != known {
            self.of.borrow_mut().insert(sentence.text.clone(), silent);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::Facts;

    /// The second entity has the field that the first lacks.
    #[test]
    fn the_same_words_may_mean_something_elsewhere() {
        let (model, _) = Facts::default()
            .entity("Order")
            .field("Order", "id: uuid*")
            .entity("Stay")
            .field("Stay", "id: uuid*")
            .field("Stay", "starts_at: timestamptz!")
            .field("Stay", "ends_at: timestamptz!")
            .rule("Order", "`ends_at` must be after `starts_at`")
            .rule("Stay", "`ends_at` must be after `starts_at`")
            .build();
        assert!(model.rules.iter().any(|rule| rule.expression.is_some()));
    }
}
