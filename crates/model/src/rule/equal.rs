//! "must equal a - b", "equals quantity times price", "is the sum of a and b", "must not equal b",
//! "must differ from b".

use super::sentence::{Sentence, after, number, strip_word, values};
use super::{Meaning, negative, sql};
use crate::{Arithmetic, Comparison, Expression, FieldId, FieldKind, Literal};

/// A value is, or is not, that of another field or of a formula over fields.
pub(crate) fn predicate(sentence: &Sentence<'_>, field: FieldId, said: &str) -> Option<Meaning> {
    if let Some(meaning) = flag(sentence, field, said) {
        return Some(meaning);
    }
    let lower = said.to_ascii_lowercase();
    let is_not_zero = matches!(
        lower.as_str(),
        "not be 0"
            | "not be zero"
            | "not 0"
            | "not zero"
            | "non-zero"
            | "nonzero"
            | "be non-zero"
            | "cannot be 0"
            | "cannot be zero"
    );
    if is_not_zero && sentence.is_number(field) {
        let zero = Expression::Literal(number("0")?);
        let unequal = Expression::compare(Expression::Field(field), Comparison::NotEqual, zero);
        return Some(Meaning::Expression(unequal));
    }
    let unequal = [
        "not equal to ",
        "not equal ",
        "not be equal to ",
        "not be the same as ",
        "not the same as ",
        "differ from ",
        "differs from ",
        "be different from ",
        "different from ",
        "cannot equal ",
        "cannot be the same as ",
    ];
    let equal = [
        "equal to ",
        "equal ",
        "equals ",
        "be equal to ",
        "the same as ",
        "be the same as ",
        "always equals ",
        "always equal ",
    ];
    let (comparison, right) = match (after(said, &unequal), after(said, &equal)) {
        (Some(other), _) => (Comparison::NotEqual, value(sentence, field, other)?),
        (None, Some(other)) => (Comparison::Equal, value(sentence, field, other)?),
        (None, None) => (Comparison::Equal, combined(sentence, strip_word(said, "be"))?),
    };
    (right != Expression::Field(field)).then(|| {
        Meaning::Expression(Expression::compare(Expression::Field(field), comparison, right))
    })
}

/// "cannot be false", "must be true".
fn flag(sentence: &Sentence<'_>, field: FieldId, said: &str) -> Option<Meaning> {
    if *sentence.kind(field) != FieldKind::Boolean {
        return None;
    }
    let is = Expression::Field(field);
    match said.to_ascii_lowercase().as_str() {
        "cannot be false" | "not be false" | "always true" => Some(Meaning::Expression(is)),
        "cannot be true" | "not be true" | "always false" => {
            Some(Meaning::Expression(Expression::Not(Box::new(is))))
        }
        _ => None,
    }
}

/// The value that a phrase stands for: a field, a constant or a formula.
fn value(sentence: &Sentence<'_>, of: FieldId, phrase: &str) -> Option<Expression<FieldId>> {
    if let Some(other) = sentence.field_phrase(phrase) {
        return Some(Expression::Field(other));
    }
    if let Some(expression) = combined(sentence, phrase) {
        return Some(expression);
    }
    if sentence.is_number(of) {
        return match number(phrase) {
            Some(literal) => Some(Expression::Literal(literal)),
            None => formula(sentence, phrase),
        };
    }
    constant(sentence, of, phrase).map(Expression::Literal)
}

/// "the sum of a, b and c", "the product of a and b", "the difference between a and b".
fn combined(sentence: &Sentence<'_>, phrase: &str) -> Option<Expression<FieldId>> {
    let phrase = strip_word(phrase, "the");
    let (operator, list) = [
        ("sum of ", Arithmetic::Add),
        ("total of ", Arithmetic::Add),
        ("product of ", Arithmetic::Multiply),
        ("difference between ", Arithmetic::Subtract),
        ("difference of ", Arithmetic::Subtract),
    ]
    .iter()
    .find_map(|(lead, operator)| Some((*operator, after(phrase, &[lead])?)))?;
    let parts = values(list);
    let fits = parts.len() == 2 || (parts.len() > 2 && operator != Arithmetic::Subtract);
    let operands = parts.iter().map(|part| operand(sentence, part)).collect::<Option<Vec<_>>>()?;
    fits.then(|| operands.into_iter().reduce(|left, right| calculated(left, operator, right)))?
}

/// `a - b + c`, "quantity times unit price", `a * (b + c)`.
fn formula(sentence: &Sentence<'_>, phrase: &str) -> Option<Expression<FieldId>> {
    if let Some(expression) = sql::value(sentence.draft(), sentence.entity(), phrase) {
        return matches!(expression, Expression::Calculate(..)).then_some(expression);
    }
    let phrase = phrase
        .replace(" plus ", " + ")
        .replace(" minus ", " - ")
        .replace(" multiplied by ", " * ")
        .replace(" times ", " * ");
    sum(sentence, &phrase)
}

/// A sum whose operands are named in words; a product binds closer, and what stands further left
/// is calculated first.
fn sum(sentence: &Sentence<'_>, phrase: &str) -> Option<Expression<FieldId>> {
    let last = |operator| phrase.rfind(operator);
    let (sign, operator) = if last(" + ") > last(" - ") {
        (" + ", Arithmetic::Add)
    } else {
        (" - ", Arithmetic::Subtract)
    };
    if let Some((left, right)) = phrase.rsplit_once(sign) {
        return Some(calculated(sum(sentence, left)?, operator, product(sentence, right)?));
    }
    product(sentence, phrase)
}

fn product(sentence: &Sentence<'_>, phrase: &str) -> Option<Expression<FieldId>> {
    match phrase.rsplit_once(" * ") {
        Some((left, right)) => Some(calculated(
            product(sentence, left)?,
            Arithmetic::Multiply,
            operand(sentence, right)?,
        )),
        None => operand(sentence, phrase),
    }
}

/// A number, or a field that holds one.
pub(super) fn operand(sentence: &Sentence<'_>, phrase: &str) -> Option<Expression<FieldId>> {
    if let (None, Some(inner)) = (number(phrase), negative::of(phrase)) {
        return operand(sentence, inner)?.negative();
    }
    let found = match number(phrase) {
        Some(literal) => Expression::Literal(literal),
        None => Expression::Field(sentence.field_phrase(phrase)?),
    };
    match &found {
        Expression::Field(field) if !sentence.is_number(*field) => None,
        _ => Some(found),
    }
}

fn calculated(
    left: Expression<FieldId>,
    operator: Arithmetic,
    right: Expression<FieldId>,
) -> Expression<FieldId> {
    Expression::Calculate(Box::new(left), operator, Box::new(right))
}

/// The one constant that a phrase is, as a value of a field: a member of its list, true or false, a
/// number, a quoted text.
pub(crate) fn constant(sentence: &Sentence<'_>, of: FieldId, phrase: &str) -> Option<Literal> {
    let phrase = phrase.trim();
    match sentence.kind(of) {
        FieldKind::Boolean => match phrase.to_ascii_lowercase().as_str() {
            "true" => Some(Literal::Boolean(true)),
            "false" => Some(Literal::Boolean(false)),
            _ => None,
        },
        FieldKind::Enumeration(_) => {
            let word = phrase.trim_matches(|c| c == '\'' || c == '"');
            let key = crate::names::fold_field(word);
            let known = sentence.draft().model.values_of(sentence.draft().model.field(of))?;
            let value = known.iter().find(|value| crate::names::fold_field(value) == key)?;
            Some(Literal::Text(value.clone()))
        }
        FieldKind::Text { .. } => {
            let inner = phrase.strip_prefix(['\'', '"'])?.strip_suffix(['\'', '"'])?;
            Some(Literal::Text(inner.to_owned()))
        }
        _ if sentence.is_number(of) => number(phrase),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;
    use expect_test::expect;

    #[test]
    fn values_that_follow_from_others() {
        check(
            &[
                ("Order", "`total` must equal `subtotal + tax`"),
                ("Order", "total equals subtotal plus tax minus 1"),
                ("Order", "total must be equal to quantity times subtotal plus tax"),
                ("Order", "total is the sum of subtotal and tax"),
                ("Order", "`total` must equal `subtotal * (tax + 1)`"),
                ("Order", "tax must be the product of subtotal and quantity"),
                ("Order", "`ends_at` must not equal `starts_at`"),
                ("Order", "subtotal must differ from tax"),
                ("Order", "tax equals subtotal"),
                ("Order", "quantity must not equal 13"),
            ],
            &expect![[r#"
                rule "`total` must equal `subtotal + tax`": total = (subtotal + tax)
                rule "total equals subtotal plus tax minus 1": total = ((subtotal + tax) - 1)
                rule "total must be equal to quantity times subtotal plus tax": total = ((quantity * subtotal) + tax)
                rule "total is the sum of subtotal and tax": total = (subtotal + tax)
                rule "`total` must equal `subtotal * (tax + 1)`": total = (subtotal * (tax + 1))
                rule "tax must be the product of subtotal and quantity": tax = (subtotal * quantity)
                rule "`ends_at` must not equal `starts_at`": ends_at <> starts_at
                rule "subtotal must differ from tax": subtotal <> tax
                rule "tax equals subtotal": tax = subtotal
                rule "quantity must not equal 13": quantity <> 13
            "#]],
        );
    }

    #[test]
    fn sums_over_other_rows_and_other_types_stay_text() {
        check(
            &[
                ("Order", "total must equal the sum of all line totals"),
                ("Order", "total is the sum of its items"),
                ("Order", "total must equal note"),
                ("Order", "total must not equal starts_at"),
                ("Order", "total must equal total"),
                ("Order", "total equals subtotal plus tax rounded up"),
                ("Order", "status must equal open"),
            ],
            &expect![[r#"
                rule "total must equal the sum of all line totals" as text only
                rule "total is the sum of its items" as text only
                rule "total must equal note" as text only
                rule "total must not equal starts_at" as text only
                rule "total must equal total" as text only
                rule "total equals subtotal plus tax rounded up" as text only
                rule "status must equal open" as text only
            "#]],
        );
    }
}
