//! What a phrase says of the values of fields: "where `paid_at` is null", "whose status is open",
//! "with `closed_at` not set".

use super::reading::Reading;
use super::vocabulary;
use crate::notation::Output;
use crate::{Bound, FilterFact, FilterOperator};

/// Longer names of fields are not looked for.
const MOST_WORDS: usize = 3;

impl Reading<'_, '_> {
    /// Fields of the entity of which is said that they have no value, any value, or one that is named.
    pub(super) fn said(&mut self, entity: &str, out: &Output) {
        let from = self.head.map_or(1, |head| self.mentions[head].end);
        let mut at = from;
        while at < self.words.len() {
            let most = self.words.len().min(at + MOST_WORDS);
            let found = (at + 1..=most).rev().find_map(|end| {
                let words: Vec<&str> = self.words[at..end].iter().map(|word| word.text).collect();
                let operator = self.said_behind(end)?;
                Some((out.field(entity, &words.join(" "))?.to_owned(), operator, end))
            });
            let found = found.or_else(|| {
                let (field, end) = self.not_done(at, entity, out)?;
                Some((field, FilterOperator::IsNull, end))
            });
            at = match found {
                Some((field, operator, end)) => {
                    self.add(FilterFact { field, operator, optional: false });
                    end
                }
                None => at + 1,
            };
        }
    }

    /// "Not yet discharged", "never scanned": the moment of what was not done, and where its words end. What was not done since
    /// a moment, is asked by that.
    fn not_done(&self, at: usize, entity: &str, out: &Output) -> Option<(String, usize)> {
        let word = |at: usize| self.words.get(at).map_or("", |word| word.lower.as_str());
        if !matches!(word(at), "not" | "never") {
            return None;
        }
        let passed = (at + 1..self.words.len())
            .take_while(|&at| matches!(word(at), "yet" | "been" | "be"))
            .count();
        let done = at + 1 + passed;
        let since = word(done + 1);
        let ends = self.words.get(done)?.mark != ' '
            || !matches!(since, "in" | "for" | "since" | "within" | "during" | "on" | "after")
                && self.window(done + 1).is_none();
        let names = ["_at", "_on"].map(|end| format!("{}{end}", word(done)));
        let field = names.iter().find_map(|name| out.field(entity, name))?;
        ends.then(|| (field.to_owned(), done + 1))
    }

    /// What is said of a value by the words from a place on, as far as it is fixed there.
    fn said_behind(&self, at: usize) -> Option<FilterOperator> {
        let word = |at: usize| self.words.get(at).map_or("", |word| word.lower.as_str());
        // A mark behind the name parts it from what follows.
        let is_parted =
            |at: usize| at.checked_sub(1).is_some_and(|before| self.words[before].mark != ' ');
        let is_said = matches!(word(at), "is" | "are");
        let at = if is_said { at + 1 } else { at };
        let negated = word(at) == "not";
        let at = if negated { at + 1 } else { at };
        let at = if word(at) == "yet" { at + 1 } else { at };
        let says = |lacks: bool| {
            if lacks == negated { FilterOperator::IsPresent } else { FilterOperator::IsNull }
        };
        if is_parted(at) || is_parted(at - usize::from(is_said)) {
            return None;
        }
        if let Some(bound) = bound(word(at), word(at + 1)).filter(|_| !negated) {
            return Some(FilterOperator::Bound(bound));
        }
        // "Whose end has passed".
        let is_over = |at: usize| {
            matches!(word(at), "passed" | "elapsed" | "expired" | "lapsed")
                || matches!((word(at), word(at + 1)), ("run", "out"))
        };
        let is_past = matches!(word(at), "has" | "have") && is_over(at + 1)
            || is_said && matches!((word(at), word(at + 1), word(at + 2)), ("in", "the", "past"))
            || is_said && word(at) == "past" && self.is_last(at);
        if is_past && !negated {
            return Some(FilterOperator::Bound(Bound::LessThan));
        }
        match word(at) {
            "contains" | "contain" | "containing" | "matches" | "matching" | "like"
                if !negated && !is_said =>
            {
                Some(FilterOperator::Search)
            }
            "null" => Some(says(true)),
            "empty" | "missing" | "unset" | "blank" if is_said => Some(says(true)),
            "set" | "present" | "filled" if is_said || negated => Some(says(false)),
            value if is_said && !negated && self.is_value(at, value) => {
                Some(FilterOperator::Constant(value.to_owned()))
            }
            _ => None,
        }
    }

    /// Whether nothing follows a word, or a mark.
    fn is_last(&self, at: usize) -> bool {
        at + 1 == self.words.len() || matches!(self.words[at].mark, ',' | ';' | '.' | ')')
    }

    /// Whether a word is a value, and all that is said: "is open", but neither "is given" nor "is at least 5".
    fn is_value(&self, at: usize, word: &str) -> bool {
        let ends = self.words.get(at).is_some_and(|word| word.mark != ' ' && word.mark != '-')
            || at + 1 == self.words.len()
            || self.words.get(at + 1).is_some_and(|next| {
                matches!(next.lower.as_str(), "and" | "sorted" | "ordered") || next.opens
            });
        let is_word = word.chars().all(|c| c.is_alphabetic() || c == '_') && word.len() > 2;
        let asks = matches!(
            word,
            "about"
                | "given"
                | "passed"
                | "known"
                | "chosen"
                | "selected"
                | "due"
                | "today"
                | "now"
                | "past"
        );
        ends && is_word && !asks && !vocabulary::is_filler(word)
    }
}

/// The bound that words behind a name speak of: "`due_on` before today", "quantity at most 5".
fn bound(first: &str, second: &str) -> Option<Bound> {
    match (first, second) {
        ("before", _) | ("less" | "fewer" | "lower" | "smaller" | "earlier", "than") => {
            Some(Bound::LessThan)
        }
        ("after", _) | ("more" | "greater" | "higher" | "larger" | "later", "than") => {
            Some(Bound::MoreThan)
        }
        ("since", _) | ("at", "least") => Some(Bound::AtLeast),
        ("until", _) | ("at", "most") => Some(Bound::AtMost),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn values_that_a_phrase_fixes() {
        check(
            "# Instalment\n| Field | Type |\n|-|-|\n| due_on | date |\n| paid_at | timestamp |\n| status | text |\n\n## Queries\n\n- List overdue instalments: due_on before today and paid_at is null, ordered by due_on\n- List instalments where paid_at is not set\n- List instalments whose status is open, oldest first\n- List instalments with due_on after a day and paid_at not null\n- List unpaid instalments with due_on before today\n- List instalments where status is given\n- List instalments and say what status is about\n- List instalments whose due_on has run out\n- List instalments whose due_on has run away\n",
            &expect![[r#"
                1 field-table  entity Instalment
                4 field-table  field Instalment.due_on date
                5 field-table  field Instalment.paid_at timestamp
                6 field-table  field Instalment.status text
                10 query-list  read "List overdue instalments" of Instalment by overdue = overdue, due_on < ?, paid_at is null sorted due_on [inferred: a list of queries names it]
                11 query-list  read "List instalments where paid_at is not set" of Instalment by paid_at is null [inferred: a list of queries names it]
                12 query-list  read "List instalments whose status is open, oldest first" of Instalment by status = open sorted time [inferred: a list of queries names it]
                13 query-list  read "List instalments with due_on after a day and paid_at" of Instalment by due_on > ?, paid_at is present [inferred: a list of queries names it]
                14 query-list  read "List unpaid instalments with due_on before today" of Instalment by unpaid = unpaid, due_on < ? [inferred: a list of queries names it]
                15 query-list  read "List instalments where status is given" of Instalment by status = ? [inferred: a list of queries names it]
                16 query-list  read "List instalments and say what status is about" of Instalment [inferred: a list of queries names it]
                17 query-list  read "List instalments whose due_on has run out" of Instalment by due_on < ? [inferred: a list of queries names it]
                18 query-list  read "List instalments whose due_on has run away" of Instalment by due_on = ? [inferred: a list of queries names it]
            "#]],
        );
    }

    #[test]
    fn what_was_not_done_and_what_a_verb_of_these_rows_does() {
        check(
            "# Seat\n| Field | Type |\n|-|-|\n| id | uuid |\n| status | one of: free, held |\n| scanned_at | timestamp |\n| family_name | text |\n# Town\n| Field | Type |\n|-|-|\n| mayor | text |\n\n## Queries\n\n- Seats not yet scanned, 5/s\n- Seats (never scanned), 5/s\n- Seats not scanned in the last week, 5/s\n- Hold a seat if it is still free, 5/s\n- Hold a seat of a town, 5/s\n- Scan a seat, 5/s\n- Rent a seat, 5/s\n- Find seats by the beginning of the family name, 5/s\n- Seats of a mayor, 5/s\n- Status of a seat, 5/s\n",
            &expect![[r#"
                1 field-table  entity Seat
                4 field-table  field Seat.id uuid
                5 field-table  field Seat.status enum [free | held]
                6 field-table  field Seat.scanned_at timestamp
                7 field-table  field Seat.family_name text
                8 field-table  entity Town
                11 field-table  field Town.mayor text
                15 query-list  read "Seats not yet scanned" of Seat by scanned_at is null at 5/s (5/s) [inferred: a list of queries names it]
                16 query-list  read "Seats" of Seat by never = never, scanned = scanned, scanned_at is null at 5/s (5/s) [inferred: a list of queries names it]
                17 query-list  read "Seats not scanned in the last week" of Seat by scanned_at not since ? at 5/s (5/s) [inferred: a list of queries names it]
                18 query-list  write "Hold a seat if it is still free" of Seat by id = ?, free = free at 5/s (5/s) [inferred: a list of queries names it]
                19 query-list  write "Hold a seat of a town" of Seat by id = ?, town = ? at 5/s (5/s) [inferred: a list of queries names it]
                20 query-list  write "Scan a seat" of Seat by id = ? at 5/s (5/s) [inferred: a list of queries names it]
                21 query-list  read "Rent a seat" of Seat by rent = rent at 5/s (5/s) [inferred: a list of queries names it]
                22 query-list  read "Find seats by the beginning of the family name" of Seat by beginning of family name = ? at 5/s (5/s) [inferred: a list of queries names it]
                23 query-list  read "Seats of a mayor" of Seat by mayor = ? at 5/s (5/s) [inferred: a list of queries names it]
                24 query-list  read "Status of a seat" of Seat by id = ? at 5/s (5/s) [inferred: a list of queries names it]
            "#]],
        );
    }
}
