//! "the refunds of a payment never exceed its amount", "an order's total is the sum of its lines' amounts".

use smol_str::SmolStr;
use underpin_base::Phrases;

use super::Meaning;
use super::number_of_rows;
use super::rows_of::{self, Rows, belonging, number_of, owned_number};
use super::sentence::{Sentence, number, strip_end};
use crate::names::words;
use crate::{Arithmetic, Comparison, EntityId, Expression, FieldId, FieldKind, Literal};

/// Words that say that rows are added up.
const SUM: &[&str] = &[
    "the sum of ",
    "sum of ",
    "the sum over ",
    "the total of ",
    "total of ",
    "the combined ",
    "combined ",
    "the cumulative ",
    "the total ",
    "total ",
];

/// Verbs between what is added up and what it must be.
const ADDS_UP: &[&str] = &[
    " must add up to ",
    " add up to ",
    " must sum to ",
    " sum to ",
    " must sum up to ",
    " sum up to ",
];

/// Verbs between what is added up and the most that it may come to.
const NOT_MORE_IN_ALL: &[&str] = &[
    " must not add up to more than ",
    " cannot add up to more than ",
    " may not add up to more than ",
    " never add up to more than ",
    " must not sum to more than ",
    " must not sum up to more than ",
    " cannot sum up to more than ",
    " must not total more than ",
    " cannot total more than ",
    " must not come to more than ",
    " must never add up to more than ",
    " may not amount to more than ",
    " must not amount to more than ",
    " cannot come to more than ",
    " never come to more than ",
    " may not come to more than ",
    " may not total more than ",
    " never totals more than ",
    " never total more than ",
    " never adds up to more than ",
];

/// Verbs between a number and the sum that it must be.
const EQUALS: &[&str] = &[
    " must equal ",
    " must always equal ",
    " must be equal to ",
    " is equal to ",
    " always equals ",
    " equals ",
    " must match ",
    " matches ",
    " must be ",
    " is always ",
    " is ",
    " = ",
];

pub(crate) fn sentence(sentence: &Sentence<'_>) -> Option<Meaning> {
    let text = sentence.lower;
    limited(sentence, text).or_else(|| equal(sentence, text))
}

/// "the refunds of a payment must not exceed its amount".
fn limited(sentence: &Sentence<'_>, text: &str) -> Option<Meaning> {
    let (added, comparison, bound, adds_up) = match text.cut_at_any(NOT_MORE_IN_ALL) {
        Some((added, bound)) => (added, Comparison::LessOrEqual, bound, true),
        None => match text.cut_at_any(ADDS_UP) {
            Some((added, bound)) => (added, Comparison::Equal, bound, true),
            None => {
                let (added, comparison, bound) = number_of_rows::compared(text)?;
                (added, comparison, bound, false)
            }
        },
    };
    let (added, is_sum) = without_sum(added);
    let is_sum = is_sum || adds_up;
    // "The capacity of an event", "the total of a line": of each by itself.
    if comparison != Comparison::Equal && (is_one(added) || !is_sum && is_of_one(added)) {
        return None;
    }
    let named = owned_number(sentence, bound);
    let whose = |rows: &Rows| {
        rows.owner.or(named.map(|(owner, _)| owner).filter(|&owner| owner != rows.entity))
    };
    let added = Added::read(sentence, added)?;
    let owner = match whose(&added.rows) {
        Some(owner) => owner,
        // "Its refunds": those of the entity that the rule stands with.
        None if sentence.entity() != added.rows.entity => sentence.entity(),
        None => return None,
    };
    let counted = || {
        let Some(Expression::Field(field)) = &added.amount else { return None };
        without_unit(sentence, *field, bound)
    };
    if let Some(literal) = number(bound).or_else(counted) {
        let amount = added.amount.or_else(|| only_amount(sentence, added.rows.entity));
        let amount = amount.filter(|_| is_sum)?;
        let (rows, by) = belonging(sentence, added.rows, owner)?;
        let bound = Expression::Literal(literal);
        return Some(together(rows, by, Some(amount), comparison, bound));
    }
    let bound = number_of(sentence, owner, bound)?;
    let (rows, by) = belonging(sentence, added.rows, owner)?;
    let is_same_row = rows.entity == owner;
    let amount = match added.amount {
        Some(amount) => Some(amount),
        None => amount_like(sentence, rows.entity, bound, is_sum),
    };
    let counts = !is_sum && matches!(sentence.kind(bound), FieldKind::Integer { .. });
    (!is_same_row && (amount.is_some() || counts)).then_some(())?;
    Some(together(rows, by, amount, comparison, Expression::Field(bound)))
}

/// The number of "5000 kg" where that is what the field is counted in.
fn without_unit(sentence: &Sentence<'_>, field: FieldId, bound: &str) -> Option<Literal> {
    let (front, unit) = bound.rsplit_once(' ')?;
    let of = sentence.draft().model.field(field);
    let named = words(&of.name).last().is_some_and(|it| it == unit);
    let is_stated = of.unit.as_deref().is_some_and(|it| it.eq_ignore_ascii_case(unit));
    let is_currency = matches!(of.kind, FieldKind::Money { .. })
        && matches!(unit, "euro" | "euros" | "dollars" | "pounds" | "eur" | "usd" | "gbp" | "chf");
    (named || is_stated || is_currency).then(|| number(front))?
}

/// Whether a phrase is of one row, and of no sum: "the capacity of an event", "an event's capacity".
fn is_of_one(phrase: &str) -> bool {
    let (name, whose) = phrase.rsplit_once(" of ").unwrap_or(("", phrase));
    let plain = phrase.strip_prefix("the ").unwrap_or(phrase);
    let is_plural = |noun: &str| noun.ends_with('s') && !noun.ends_with("ss");
    // "The refunds of a payment" and "the line totals of an order" are several.
    let several = name.split(' ').next_back().is_some_and(is_plural);
    let first = plain.split(' ').next().unwrap_or_default();
    begins_with_one(whose) && !name.is_empty() && !several && !is_plural(first)
        || begins_with_one(phrase) && phrase.contains("'s ") && !is_plural(phrase)
}

/// Whether a phrase is one row and nothing else: "a line".
fn is_one(phrase: &str) -> bool {
    begins_with_one(phrase) && !phrase.contains(" of ") && !phrase.contains("'s ")
}

fn begins_with_one(phrase: &str) -> bool {
    ["a ", "an ", "each ", "every ", "any "].iter().any(|one| phrase.starts_with(one))
}

/// "an order's total is the sum of its lines".
fn equal(sentence: &Sentence<'_>, text: &str) -> Option<Meaning> {
    let (of, added) = text.cut_at_any(EQUALS)?;
    let (added, is_sum) = without_sum(added);
    is_sum.then_some(())?;
    let (owner, bound) = owned_number(sentence, of)?;
    let added = Added::read(sentence, added)?;
    if added.rows.owner.is_some_and(|of| of != owner) {
        return None;
    }
    let (rows, by) = belonging(sentence, added.rows, owner)?;
    let amount = added.amount.or_else(|| amount_like(sentence, rows.entity, bound, true))?;
    Some(together(rows, by, Some(amount), Comparison::Equal, Expression::Field(bound)))
}

fn together(
    rows: Rows,
    by: FieldId,
    amount: Option<Expression<FieldId>>,
    comparison: Comparison,
    bound: Expression<FieldId>,
) -> Meaning {
    Meaning::Expression(Expression::Together {
        by: vec![by],
        amount: amount.map(Box::new),
        comparison,
        bound: Box::new(bound),
        condition: rows.condition.map(Box::new),
    })
}

/// What is added up, of which rows.
struct Added {
    rows: Rows,
    amount: Option<Expression<FieldId>>,
}

impl Added {
    fn read(sentence: &Sentence<'_>, phrase: &str) -> Option<Self> {
        if let Some(rows) =
            rows_of::rows(sentence, phrase).or_else(|| called_after(sentence, phrase))
        {
            return Some(Self { rows, amount: None });
        }
        // "the amounts of its refunds", "quantity times price over all lines of an order"
        let parts = [" of ", " over ", " across ", " for "];
        let split = parts.iter().flat_map(|of| phrase.match_indices(of)).find_map(|(at, of)| {
            let rows = rows_of::rows(sentence, &phrase[at + of.len()..])?;
            let amount = amount(sentence, rows.entity, &phrase[..at])?;
            Some(Self { rows, amount: Some(amount) })
        });
        // "its lines' amounts", "an order's line totals", "refund amounts of a payment"
        split.or_else(|| {
            let (front, owner) = match phrase.cut_at("'s ") {
                Some((of, front)) if rows_of::owner(sentence, of).is_some() => {
                    (front, rows_of::owner(sentence, of))
                }
                Some(_) | None => match phrase.rsplit_once(" of ") {
                    Some((front, of)) => (front, Some(rows_of::owner(sentence, of)?)),
                    None => (phrase, None),
                },
            };
            let front = rows_of::noun(front).replace("s' ", "s ").replace("'s ", " ");
            front.match_indices(' ').find_map(|(at, _)| {
                let mut rows = rows_of::rows(sentence, &front[..at])?;
                rows.owner = rows.owner.or(owner);
                let amount = amount(sentence, rows.entity, &front[at..])?;
                Some(Self { rows, amount: Some(amount) })
            })
        })
    }
}

/// A number of a row, or the product of two: "amounts", "quantity times unit price".
fn amount(sentence: &Sentence<'_>, entity: EntityId, phrase: &str) -> Option<Expression<FieldId>> {
    let of = |name: &str| number_of(sentence, entity, name).map(Expression::Field);
    let product = [" * ", " times ", " x ", " multiplied by "];
    match product.iter().find_map(|sign| phrase.cut_at(sign)) {
        Some((left, right)) => Some(Expression::Calculate(
            Box::new(of(left)?),
            Arithmetic::Multiply,
            Box::new(of(right)?),
        )),
        None => of(phrase),
    }
}

/// What of the rows is compared with a number of their owner: the field of the same name, else the one amount
/// that they have.
fn amount_like(
    sentence: &Sentence<'_>,
    entity: EntityId,
    bound: FieldId,
    is_sum: bool,
) -> Option<Expression<FieldId>> {
    let model = &sentence.draft().model;
    let name = words(&model.field(bound).name);
    let numbers: Vec<(FieldId, Vec<SmolStr>)> = model
        .fields_of(entity)
        .filter(|(id, field)| field.references.is_none() && sentence.is_number(*id))
        .map(|(id, field)| (id, words(&field.name)))
        .collect();
    let same = numbers.iter().find(|(_, own)| *own == name);
    let is_money = |id: FieldId| {
        matches!(sentence.kind(id), FieldKind::Money { .. } | FieldKind::Decimal { .. })
    };
    let amounts = || {
        let named = |own: &[SmolStr]| {
            ["amount", "total", "subtotal"].iter().any(|word| own.iter().any(|it| it == word))
        };
        let alike = |id: FieldId| is_money(id) == is_money(bound);
        let mut found = numbers.iter().filter(|(id, own)| alike(*id) && named(own));
        let first = found.next();
        let only = if found.next().is_some() { None } else { first };
        only.or_else(|| {
            let mut found = numbers.iter().filter(|(id, _)| is_money(*id) && is_money(bound));
            let first = found.next();
            if found.next().is_some() { None } else { first }
        })
        .or_else(|| if is_sum && numbers.len() == 1 { numbers.first() } else { None })
    };
    same.or_else(amounts).map(|(id, _)| Expression::Field(*id))
}

/// The one sum of money that a row has.
fn only_amount(sentence: &Sentence<'_>, entity: EntityId) -> Option<Expression<FieldId>> {
    let fields = sentence.draft().model.fields_of(entity);
    let mut money = fields.filter(|(_, field)| {
        matches!(field.kind, FieldKind::Money { .. } | FieldKind::Decimal { .. })
    });
    let (only, _) = money.next()?;
    money.next().is_none().then_some(Expression::Field(only))
}

/// "What has been redeemed from a voucher": the rows that are called after what is done with their owner.
fn called_after(sentence: &Sentence<'_>, phrase: &str) -> Option<Rows> {
    const LEADS: &[&str] = &[
        "what has been ",
        "what was ",
        "what is ",
        "all that has been ",
        "all that is ",
        "amount ",
        "amounts ",
        "the amount ",
        "the amounts ",
    ];
    const FROM: &[&str] = &["from", "on", "against", "of", "for", "to"];
    // As many letters tell "redeemed" and "redemption" from other words.
    const STEM: usize = 4;
    let rest = LEADS.iter().find_map(|lead| phrase.strip_prefix(lead)).unwrap_or(phrase);
    let (verb, rest) = rest.split_once(' ')?;
    let (from, whose) = rest.split_once(' ')?;
    (FROM.contains(&from) && verb.ends_with("ed") && verb.len() > STEM + 1).then_some(())?;
    let owner = rows_of::owner(sentence, whose)?;
    let model = &sentence.draft().model;
    let is_called = |name: &str| {
        words(name).last().is_some_and(|last| last.as_bytes().starts_with(&verb.as_bytes()[..STEM]))
    };
    let mut found = model.entities().filter(|(id, entity)| {
        *id != owner
            && is_called(&entity.name)
            && rows_of::reference(sentence, *id, owner).is_some()
    });
    let (entity, _) = found.next()?;
    found.next().is_none().then_some(Rows { entity, condition: None, owner: Some(owner) })
}

fn without_sum(phrase: &str) -> (&str, bool) {
    let phrase = strip_end(phrase.trim(), &[" together", " combined", " in total"]);
    SUM.iter().find_map(|lead| Some((phrase.strip_prefix(lead)?, true))).unwrap_or((phrase, false))
}

#[cfg(test)]
mod tests {
    use super::super::tests::check_among;
    use expect_test::expect;

    #[test]
    fn what_was_done_with_an_owner() {
        check_among(
            &[
                (
                    "Payment",
                    "What has been refunded of a payment never adds up to more than its amount",
                ),
                ("Payment", "The total refunded on a payment never exceeds its amount"),
                ("Payment", "The refunds of a payment may not total more than 500"),
                (
                    "Payment",
                    "What has been painted on a payment never adds up to more than its amount",
                ),
                ("Invoice", "The lines of an invoice may not total more than 500"),
            ],
            &expect![[r#"
                rule "What has been painted on a payment never adds up to more than its amount" as text only
                rule "What has been refunded of a payment never adds up to more than its amount": the sum of amount over the rows of one payment_id <= its amount
                rule "The total refunded on a payment never exceeds its amount": the sum of amount over the rows of one payment_id <= its amount
                rule "The refunds of a payment may not total more than 500": the sum of amount over the rows of one payment_id <= 500
                rule "The lines of an invoice may not total more than 500" as text only
            "#]],
        );
    }

    #[test]
    fn more_than_may_come_together() {
        check_among(
            &[
                ("Payment", "The refunds of a payment must not add up to more than its amount"),
                ("Payment", "The total amount of the refunds of a payment must not exceed 5000 kg"),
            ],
            &expect![[r#"
                rule "The total amount of the refunds of a payment must not exceed 5000 kg" as text only
                rule "The refunds of a payment must not add up to more than its amount": the sum of amount over the rows of one payment_id <= its amount
            "#]],
        );
    }

    #[test]
    fn sums_of_rows() {
        check_among(
            &[
                ("Payment", "The refunds of a payment never exceed its amount"),
                ("Refund", "The sum of the refunds of a payment must not exceed its amount"),
                ("Payment", "The total of completed refunds must not exceed the payment's amount"),
                ("Refund", "Refunds must not exceed the payment amount"),
                ("Payment", "The sum of refund amounts of a payment must be less than 1000"),
                ("Refund", "Refunds of a payment cannot exceed the amount of the payment"),
                ("Invoice", "An invoice's total is the sum of its lines"),
                ("Invoice", "The total must equal the sum of its line totals"),
                (
                    "Invoice",
                    "The total of an invoice equals the sum of quantity × unit price of its lines",
                ),
                ("Invoice", "The shares of the lines of an invoice must add up to 100"),
            ],
            &expect![[r#"
                rule "The refunds of a payment never exceed its amount": the sum of amount over the rows of one payment_id <= its amount
                rule "The sum of the refunds of a payment must not exceed its amount": the sum of amount over the rows of one payment_id <= its amount
                rule "The total of completed refunds must not exceed the payment's amount": the sum of amount over the rows of one payment_id where status = 'completed' <= its amount
                rule "Refunds must not exceed the payment amount": the sum of amount over the rows of one payment_id <= its amount
                rule "The sum of refund amounts of a payment must be less than 1000": the sum of amount over the rows of one payment_id < 1000
                rule "Refunds of a payment cannot exceed the amount of the payment": the sum of amount over the rows of one payment_id <= its amount
                rule "An invoice's total is the sum of its lines": the sum of total over the rows of one invoice_id = its total
                rule "The total must equal the sum of its line totals": the sum of total over the rows of one invoice_id = its total
                rule "The total of an invoice equals the sum of quantity × unit price of its lines": the sum of (quantity * unit_price) over the rows of one invoice_id = its total
                rule "The shares of the lines of an invoice must add up to 100": the sum of share over the rows of one invoice_id = 100
            "#]],
        );
    }

    #[test]
    fn other_sums_stay_text() {
        check_among(
            &[
                ("Payment", "The refunds of a payment never exceed its weight"),
                ("Payment", "The sum of the refunds of a payment must not exceed the budget"),
                ("Payment", "The sum of the payments must not exceed its amount"),
                ("Invoice", "An invoice's total is the sum of its fees"),
                ("Invoice", "Lines must not exceed 100"),
            ],
            &expect![[r#"
                rule "The refunds of a payment never exceed its weight" as text only
                rule "The sum of the refunds of a payment must not exceed the budget" as text only
                rule "The sum of the payments must not exceed its amount" as text only
                rule "An invoice's total is the sum of its fees" as text only
                rule "Lines must not exceed 100" as text only
            "#]],
        );
    }

    #[test]
    fn what_is_said_of_one_row_adds_nothing_up() {
        check_among(
            &[
                ("Line", "The total of a line must not exceed the total of its invoice"),
                ("Line", "A line's total must not exceed the total of its invoice"),
                ("Invoice", "The totals of the lines of an invoice must not exceed its total"),
            ],
            &expect![[r#"
                rule "The total of a line must not exceed the total of its invoice" as text only
                rule "A line's total must not exceed the total of its invoice" as text only
                rule "The totals of the lines of an invoice must not exceed its total": the sum of total over the rows of one invoice_id <= its total
            "#]],
        );
    }
}
