//! The words of a rule, made plain once for all that they are said of: documents say "must be at least 0" of thousands of
//! fields, and most of what is to be found out about these words does not depend on the field.

use std::cell::{Cell, OnceCell};

use sqlparser::ast::Expr;
use underpin_base::Lowered;

use super::clause::{Clause, parse};
use super::parsed::readings;
use super::plain_words::{firm, without_aside, without_number, without_purpose};
use super::rephrased::rephrased;
use super::sentence::{Sentence, is_vague};
use super::{Meaning, Pattern, Predicate, letter_case, sql};
use crate::FieldId;

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
        // A bullet, and not the sign of "-90 to 90".
        let bare = plain.trim_start_matches(['-', '•', '+']);
        let is_signed = bare.starts_with(|c: char| c.is_ascii_digit());
        let plain = if is_signed { plain.as_str() } else { bare }.trim();
        let plain = without_number(plain).trim_end_matches(['.', ';', ',', '!']).trim();
        let text = firm(without_purpose(plain));
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
    /// The same in other words.
    rephrased: OnceCell<Vec<Wording>>,
    /// Whether the text says more or less than a rule that always holds.
    is_vague: OnceCell<bool>,
    /// The text as one clause.
    clause: OnceCell<Option<Clause>>,
    /// The clauses that the text can be read as: where it stands beside no field, and where it does.
    readings: [OnceCell<Vec<Clause>>; 2],
    /// A bit for each pattern that leaves these words alone, whatever they are said of.
    silent: Cell<u32>,
    /// The same for the patterns of what is said in the row of a field.
    silent_beside_field: Cell<u32>,
}

impl Wording {
    /// The words of a text.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self {
            written: text.into(),
            plain: OnceCell::new(),
            whatever_case: OnceCell::new(),
            condition: OnceCell::new(),
            rephrased: OnceCell::new(),
            is_vague: OnceCell::new(),
            clause: OnceCell::new(),
            readings: [const { OnceCell::new() }; 2],
            silent: Cell::new(0),
            silent_beside_field: Cell::new(0),
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

    /// The same in other words that more patterns know.
    pub(super) fn rephrased(&self) -> &[Self] {
        let others = || rephrased(&self.written).into_iter().map(Self::new).collect();
        self.rephrased.get_or_init(others)
    }

    /// The condition that the SQL inside of these words states, as it was parsed.
    pub(super) fn condition(&self, inside: &str) -> Option<&Expr> {
        self.condition.get_or_init(|| sql::parse(inside)).as_ref()
    }

    /// Whether they say more or less than a rule that always holds.
    pub(super) fn is_vague(&self) -> bool {
        *self.is_vague.get_or_init(|| is_vague(&self.plain().lower))
    }

    /// The plain text as one clause.
    pub(super) fn clause(&self) -> Option<&Clause> {
        self.clause.get_or_init(|| parse(&self.plain().text)).as_ref()
    }

    /// The clauses that the plain text can be read as.
    pub(super) fn readings(&self, is_beside_field: bool) -> &[Clause] {
        let read = || readings(is_beside_field, &self.plain().text);
        self.readings[usize::from(is_beside_field)].get_or_init(read)
    }

    /// What the first pattern makes of a sentence in these words that does not leave it alone. `before` is the number of
    /// patterns in other lists, by which the bits are told apart.
    pub(super) fn first_meaning(
        &self,
        sentence: &Sentence<'_>,
        patterns: &[Pattern],
        before: usize,
    ) -> Option<Meaning> {
        let places = before..before + patterns.len();
        places.zip(patterns).find_map(|(at, it)| unless_silent(&self.silent, at, sentence, it))
    }

    /// What the first pattern makes of these words in the row of a field that does not leave them alone.
    pub(super) fn first_predicate(
        &self,
        sentence: &Sentence<'_>,
        field: FieldId,
        patterns: &[Predicate],
    ) -> Option<Meaning> {
        let said = sentence.beside_field();
        patterns.iter().enumerate().find_map(|(at, pattern)| {
            let make = |sentence: &Sentence<'_>| pattern(sentence, field, said);
            unless_silent(&self.silent_beside_field, at, sentence, make)
        })
    }
}

/// What a pattern makes of a sentence, unless its words alone ruled that out before.
fn unless_silent(
    silent: &Cell<u32>,
    at: usize,
    sentence: &Sentence<'_>,
    pattern: impl FnOnce(&Sentence<'_>) -> Option<Meaning>,
) -> Option<Meaning> {
    let bit = 1 << at;
    if silent.get() & bit != 0 {
        return None;
    }
    let (found, by_words) = sentence.by_words(pattern);
    if found.is_none() && by_words {
        silent.set(silent.get() | bit);
    }
    found
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
