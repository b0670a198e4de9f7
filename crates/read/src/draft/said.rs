//! Whether a quotation says what a statement says: each value, state and number of the statement must stand in it. A quotation
//! that only speaks of the same thing ("the total is at most 500" for `total <= 900`) makes nothing stated.

use super::subject::{Name, Words};
use crate::{Fact, FieldFact, PartitioningFact};

/// The numbers that people write as words.
const SPELLED: &[(&str, &str)] = &[
    ("one", "1"),
    ("once", "1"),
    ("single", "1"),
    ("two", "2"),
    ("twice", "2"),
    ("three", "3"),
    ("four", "4"),
    ("five", "5"),
    ("six", "6"),
    ("seven", "7"),
    ("eight", "8"),
    ("nine", "9"),
    ("ten", "10"),
    ("twelve", "12"),
    ("zero", "0"),
    ("no", "0"),
    ("not negative", "0"),
    ("non-negative", "0"),
    ("positive", "0"),
];

/// What a statement says that is not in the words quoted for it.
pub(super) fn missing(fact: &Fact, quote: &str, words: &Words) -> Vec<String> {
    let nothing = Words::new(&[]);
    let values = values(fact);
    let unsaid = values.into_iter().filter(|value| {
        !words.mention(&Name::State((*value).to_owned()), &nothing)
            && !quote.to_lowercase().contains(&value.to_lowercase())
    });
    let mut unsaid: Vec<String> = unsaid.map(str::to_owned).collect();
    let said = numbers(quote);
    let lower = quote.to_lowercase();
    let is_said = |number: &String| {
        said.contains(number)
            || SPELLED.iter().any(|(word, digits)| digits == number && lower.contains(word))
    };
    let stated = texts(fact).into_iter().flat_map(numbers);
    unsaid.extend(stated.filter(|number| !is_said(number)));
    unsaid.dedup();
    unsaid
}

/// The states and values that a statement names.
fn values(fact: &Fact) -> Vec<&str> {
    match fact {
        Fact::Field { field, .. } => field.enum_values.iter().map(String::as_str).collect(),
        Fact::Enumeration { values, .. } => values.iter().map(String::as_str).collect(),
        Fact::Lifecycle { states, initial, .. } => {
            states.iter().chain(initial).map(String::as_str).collect()
        }
        Fact::Transition { from, to, .. } => vec![from, to],
        Fact::Partitioning(fact) => {
            fact.lists.iter().flat_map(|part| &part.values).map(String::as_str).collect()
        }
        Fact::Project { .. }
        | Fact::Entity(_)
        | Fact::External { .. }
        | Fact::Relationship(_)
        | Fact::PrimaryKey { .. }
        | Fact::Unique { .. }
        | Fact::Rule { .. }
        | Fact::Aggregate { .. }
        | Fact::Context { .. }
        | Fact::AccessPattern(_)
        | Fact::Index(_)
        | Fact::Volume { .. }
        | Fact::Load { .. }
        | Fact::Share { .. }
        | Fact::Retention { .. }
        | Fact::Sensitivity { .. }
        | Fact::Unit { .. }
        | Fact::Tenancy { .. }
        | Fact::Candidate { .. }
        | Fact::Recovery { .. } => Vec::new(),
    }
}

/// The words of a statement whose numbers are taken from a sentence. Sizes of a type are chosen, not quoted: money in euros is
/// `money(12,2)`.
fn texts(fact: &Fact) -> Vec<&str> {
    match fact {
        Fact::Field { field: FieldFact { constraints, .. }, .. } => {
            constraints.iter().map(String::as_str).collect()
        }
        Fact::Rule { text, .. }
        | Fact::Volume { text, .. }
        | Fact::Load { text, .. }
        | Fact::Share { text, .. }
        | Fact::Retention { text, .. }
        | Fact::Partitioning(PartitioningFact { text, .. })
        | Fact::Recovery { text, .. } => vec![text],
        Fact::Project { .. }
        | Fact::Entity(_)
        | Fact::External { .. }
        | Fact::Enumeration { .. }
        | Fact::Relationship(_)
        | Fact::PrimaryKey { .. }
        | Fact::Unique { .. }
        | Fact::Lifecycle { .. }
        | Fact::Transition { .. }
        | Fact::Aggregate { .. }
        | Fact::Context { .. }
        | Fact::AccessPattern(_)
        | Fact::Index(_)
        | Fact::Sensitivity { .. }
        | Fact::Unit { .. }
        | Fact::Tenancy { .. }
        | Fact::Candidate { .. } => Vec::new(),
    }
}

/// The numbers of a text, in digits without what sets thousands apart: `1,000` is `1000`, `2.50` is `2.5`.
fn numbers(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut current = String::new();
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let goes_on = text[at + c.len_utf8()..].starts_with(|next: char| next.is_ascii_digit());
        match c {
            '0'..='9' if !current.is_empty() || !(before.is_alphanumeric() || before == '_') => {
                current.push(c);
            }
            '.' if !current.is_empty() && goes_on => current.push(c),
            ',' | '_' | '\'' | '\u{a0}' if !current.is_empty() && goes_on => {}
            _ => found.extend(finished(&mut current)),
        }
        before = c;
    }
    found.extend(finished(&mut current));
    found
}

fn finished(current: &mut String) -> Option<String> {
    let number = std::mem::take(current);
    let short = if number.contains('.') {
        number.trim_end_matches('0').trim_end_matches('.')
    } else {
        number.as_str()
    };
    (!short.is_empty()).then(|| short.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::quote;
    use super::*;

    fn unsaid(fact: &Fact, text: &str) -> Vec<String> {
        missing(fact, text, &Words::new(&quote::quoted(text)))
    }

    #[test]
    fn numbers_of_a_rule() {
        let rule = |text: &str| Fact::Rule {
            entity: Some("Order".to_owned()),
            field: None,
            text: text.to_owned(),
        };
        assert!(unsaid(&rule("total <= 1000"), "The total is at most 1,000.").is_empty());
        assert!(unsaid(&rule("tries <= 3"), "after three tries").is_empty());
        assert!(unsaid(&rule("total >= 0"), "the total is not negative").is_empty());
        assert_eq!(unsaid(&rule("total <= 900"), "The total is at most 500."), ["900"]);
        assert!(unsaid(&rule("sha256 is set"), "the hash is there").is_empty());
    }

    #[test]
    fn states_and_values() {
        let step = |from: &str, to: &str| Fact::Transition {
            entity: "Order".to_owned(),
            field: None,
            from: from.to_owned(),
            to: to.to_owned(),
            on: None,
        };
        assert!(unsaid(&step("paid", "shipped"), "A paid order is shipped").is_empty());
        assert_eq!(unsaid(&step("paid", "open"), "New orders are open"), ["paid"]);
        let field = FieldFact {
            name: "status".to_owned(),
            enum_values: vec!["open".to_owned(), "lost".to_owned()],
            ..FieldFact::default()
        };
        let fact = Fact::Field { entity: "Order".to_owned(), field };
        assert_eq!(unsaid(&fact, "status: open, paid"), ["lost"]);
    }
}
