//! "percentage", "stored in cents", "in E.164 format": what the values are counted in, or the
//! standard that they follow.

use super::Meaning;
use super::sentence::{Sentence, after, compared, strip_end, strip_word};
use crate::unit_words::{self, Says, Unit};
use crate::{Comparison, Expression, FieldId, Literal};

/// Words around a unit that add nothing to it.
const LEADS: &[&str] = &[
    "stored in ",
    "stored as ",
    "expressed in ",
    "expressed as ",
    "measured in ",
    "given in ",
    "kept in ",
    "counted in ",
    "recorded in ",
    "denominated in ",
    "in whole ",
    "in ",
    "as ",
];

/// A unit, or a standard, and nothing else.
pub(crate) fn predicate(sentence: &Sentence<'_>, field: FieldId, said: &str) -> Option<Meaning> {
    let said = strip_word(strip_word(strip_word(said, "be"), "always"), "be");
    let said = after(said, LEADS).unwrap_or(said);
    let said = ["a", "an", "the", "integer", "whole", "valid"]
        .iter()
        .fold(said, |said, word| strip_word(said, word));
    let said = strip_end(said, &[" format", " code", " standard", " value", " number"]);
    let unit = unit_words::named(said)?;
    let fits = match unit.says {
        Says::Form(_) => sentence.is_text(field),
        Says::Whole(_) | Says::Percent | Says::Number => sentence.is_number(field),
    };
    fits.then_some(())?;
    let bare = unit.says == Says::Percent && !sentence.text.to_lowercase().contains("in percent");
    Some(match unit.says {
        Says::Form(_) => Meaning::Expression(bounds(unit, field)?),
        // "in percent" tells the scale, "a percentage" what part of a whole is.
        Says::Percent if bare => Meaning::Expression(bounds(unit, field)?),
        Says::Whole(_) | Says::Percent | Says::Number => Meaning::Unit(field, unit.name),
    })
}

/// What a unit says of every value.
pub(crate) fn bounds(unit: &Unit, field: FieldId) -> Option<Expression<FieldId>> {
    let bound = |comparison, number| compared(field, comparison, Literal::Integer(number));
    match unit.says {
        Says::Percent => Some(Expression::All(vec![
            bound(Comparison::GreaterOrEqual, 0),
            bound(Comparison::LessOrEqual, 100),
        ])),
        Says::Form(pattern) => {
            Some(Expression::Matches(Box::new(Expression::Field(field)), pattern.to_owned()))
        }
        Says::Whole(_) | Says::Number => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;
    use expect_test::expect;

    #[test]
    fn units_of_fields() {
        check(
            &[
                ("Order.tax", "percentage"),
                ("Order", "tax is stored in basis points"),
                ("Order.quantity", "in cents"),
                ("Order.note", "E.164 format"),
                ("Product.currency", "ISO 4217"),
                ("Order.note", "percentage"),
            ],
            &expect![[r#"
                rule "ISO 4217": currency matches /^[A-Z]{3}$/
                rule "percentage": tax >= 0 and tax <= 100
                rule "tax is stored in basis points" became `Order.tax` is counted in basis points
                rule "in cents" became `Order.quantity` is counted in cents
                rule "E.164 format": note matches /^\+[1-9][0-9]{1,14}$/
                rule "percentage" as text only
            "#]],
        );
    }
}
