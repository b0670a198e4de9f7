//! The negative of a value: `-overdraft_limit`, "minus 5", "the negative of its limit". A sign that nothing took up
//! turns a rule into its contrary, so that whoever understood a text without one is not believed.

use super::Meaning;
use super::sentence::{after, strip_word};
use crate::{Arithmetic, Expression, FieldId};

/// What stands behind a minus sign, or behind words that mean one.
pub(super) fn of(phrase: &str) -> Option<&str> {
    let phrase = strip_word(phrase.trim(), "the");
    let signed = phrase.strip_prefix('-').filter(|rest| rest.starts_with(char::is_alphabetic));
    signed.or_else(|| after(phrase, &["minus ", "negative of ", "negative value of "]))
}

/// Whether a plain text has the sign of a value and what it was taken for subtracts nothing.
pub(super) fn is_lost(text: &str, meaning: &Meaning) -> bool {
    let is_sign = |at: usize| {
        let before = text[..at].chars().next_back();
        let stands_free = before.is_none_or(|it| {
            it.is_whitespace() || matches!(it, '(' | ',' | '<' | '>' | '=' | '*' | '/' | '+')
        });
        stands_free && text[at + 1..].starts_with(char::is_alphabetic)
    };
    if !text.match_indices('-').any(|(at, _)| is_sign(at)) {
        return false;
    }
    match meaning {
        Meaning::Expression(expression) => !subtracts(expression),
        Meaning::Unique { condition, .. } => {
            condition.as_ref().is_none_or(|condition| !subtracts(condition))
        }
        Meaning::Deletion { .. }
        | Meaning::Required(_)
        | Meaning::MaximumLength(..)
        | Meaning::IgnoresCase(_)
        | Meaning::DeletedValues { .. }
        | Meaning::Managed(_)
        | Meaning::Unit(..)
        | Meaning::Known(_)
        | Meaning::Sql(_)
        | Meaning::Kept(_)
        | Meaning::Unclear => false,
    }
}

fn subtracts(expression: &Expression<FieldId>) -> bool {
    match expression {
        Expression::Calculate(_, Arithmetic::Subtract, _) => true,
        Expression::Calculate(left, Arithmetic::Add | Arithmetic::Multiply, right)
        | Expression::Compare(left, _, right)
        | Expression::Implies(left, right) => subtracts(left) || subtracts(right),
        Expression::OneOf(inner, _)
        | Expression::Length(inner)
        | Expression::Matches(inner, _)
        | Expression::Not(inner) => subtracts(inner),
        Expression::Together { amount, bound, condition, .. } => {
            let parts = amount.iter().chain(condition).chain([bound]);
            parts.into_iter().any(|part| subtracts(part))
        }
        Expression::Apart { condition, .. } => condition.iter().any(|part| subtracts(part)),
        Expression::All(list) | Expression::Any(list) => list.iter().any(subtracts),
        Expression::Field(_)
        | Expression::Literal(_)
        | Expression::JsonForm(..)
        | Expression::IsPresent(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;
    use expect_test::expect;

    #[test]
    fn a_sign_is_part_of_the_bound() {
        check(
            &[
                ("Order", "The total of an order must not be lower than -subtotal"),
                ("Order", "total must be at least -tax."),
                ("Order", "total must be greater than or equal to −`subtotal`"),
                ("Order", "The total of an order may not drop below -quantity"),
                ("Order", "tax is never below the negative of its subtotal"),
                ("Order", "tax must be at least minus the total"),
                ("Order", "quantity must be at least minus 5"),
                ("Order", "`tax` >= -`total`"),
                ("Order", "subtotal must be between -tax and tax"),
                ("Order.tax", ">= -quantity"),
            ],
            &expect![[r#"
                rule "The total of an order must not be lower than -subtotal": total >= -subtotal
                rule "total must be at least -tax.": total >= -tax
                rule "total must be greater than or equal to −`subtotal`": total >= -subtotal
                rule "The total of an order may not drop below -quantity": total >= -quantity
                rule "tax is never below the negative of its subtotal": tax >= -subtotal
                rule "tax must be at least minus the total": tax >= -total
                rule "quantity must be at least minus 5": quantity >= -5
                rule "`tax` >= -`total`": tax >= -total
                rule "subtotal must be between -tax and tax": subtotal >= -tax and subtotal <= tax
                rule ">= -quantity": tax >= -quantity
            "#]],
        );
    }

    #[test]
    fn what_has_no_sign_of_a_value_stays_as_it_was() {
        check(
            &[
                ("Order", "total must be at least subtotal - tax"),
                ("Order", "total - the whole - must not be lower than subtotal"),
                ("Order", "tax must be non-negative"),
                ("Order", "- quantity must be at least -5"),
                ("Order", "The balance of an order must not be lower than -subtotal"),
                ("Order", "status must be -paid"),
            ],
            &expect![[r#"
                rule "total must be at least subtotal - tax" as text only
                rule "total - the whole - must not be lower than subtotal" as text only
                rule "tax must be non-negative": tax >= 0
                rule "- quantity must be at least -5": quantity >= -5
                rule "The balance of an order must not be lower than -subtotal" as text only
                rule "status must be -paid" as text only
            "#]],
        );
    }
}
