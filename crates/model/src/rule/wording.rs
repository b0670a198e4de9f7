//! The words of a rule, made plain once for all that they are said of: documents say "must be at least 0" of thousands of
//! fields, and most of what is to be found out about these words does not depend on the field.

use std::cell::{Cell, OnceCell};

use sqlparser::ast::Expr;
use underpin_base::Lowered;

use super::plain_words::{firm, without_aside, without_number};
use super::sentence::Sentence;
use super::{Meaning, Pattern, letter_case, sql};

/// A text without marks and with plain signs, in which phrases are looked for.
#[derive(Debug)]
pub(crate) struct Plain {
    /// The text.
    pub(crate) text: String,
    /// The same in lower case.
    pub(crate) lower: Lowered,
}

impl Plain {
    /// Makes a text plain.
    pub(crate) fn new(text: &str) -> Self {
        let mut plain = String::with_capacity(text.len());
        for character in text.chars() {
            match character {
                '`' | '*' if character == '`' || text.contains("**") => {}
                '–' | '—' | '−' | '\u{2011}' | '\u{2010}' => plain.push('-'),
                '≤' => plain.push_str("<="),
                '≥' => plain.push_str(">="),
                '≠' => plain.push_str("<>"),
                '×' => plain.push('*'),
                '“' | '”' => plain.push('"'),
                '’' | '‘' => plain.push('\''),
                c if c.is_whitespace() => plain.push(' '),
                c => plain.push(c),
            }
        }
        let plain = plain.split(' ').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        let plain = without_aside(&plain);
        let plain = plain.trim_start_matches(['-', '•', '+']).trim();
        let plain = without_number(plain).trim_end_matches(['.', ';', ',', '!']).trim();
        let text = firm(plain);
        Self { lower: Lowered::new(&text), text }
    }
}

/// The text of a rule, and what was found out about it.
#[derive(Debug)]
pub(crate) struct Wording {
    written: String,
    plain: OnceCell<Plain>,
    /// The text without what it says of upper and lower case, where it says something.
    whatever_case: OnceCell<Option<Box<Wording>>>,
    /// The condition, where the text is SQL.
    condition: OnceCell<Option<Expr>>,
    /// A bit for each pattern that leaves these words alone, whatever they are said of.
    silent: Cell<u32>,
}

impl Wording {
    /// The words of a text.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self {
            written: text.into(),
            plain: OnceCell::new(),
            whatever_case: OnceCell::new(),
            condition: OnceCell::new(),
            silent: Cell::new(0),
        }
    }

    /// As written.
    pub(super) fn written(&self) -> &str {
        &self.written
    }

    /// Made plain.
    pub(super) fn plain(&self) -> &Plain {
        self.plain.get_or_init(|| Plain::new(&self.written))
    }

    /// Without what they say of upper and lower case; `None` where they say nothing of it.
    pub(crate) fn whatever_case(&self) -> Option<&Self> {
        let rest = || letter_case::without(&self.written).map(|rest| Box::new(Self::new(rest)));
        self.whatever_case.get_or_init(rest).as_deref()
    }

    /// The condition that the SQL inside of these words states, as it was parsed.
    pub(super) fn condition(&self, inside: &str) -> Option<&Expr> {
        self.condition.get_or_init(|| sql::parse(inside)).as_ref()
    }

    /// What the first pattern makes of a sentence in these words that does not leave it alone. `before` is the number of
    /// patterns in other lists, by which the bits are told apart.
    pub(super) fn first_meaning(
        &self,
        sentence: &Sentence<'_>,
        patterns: &[Pattern],
        before: usize,
    ) -> Option<Meaning> {
        patterns.iter().enumerate().find_map(|(at, pattern)| {
            let bit = 1 << (before + at);
            if self.silent.get() & bit != 0 {
                return None;
            }
            let (found, by_words) = sentence.by_words(pattern);
            if found.is_none() && by_words {
                self.silent.set(self.silent.get() | bit);
            }
            found
        })
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
