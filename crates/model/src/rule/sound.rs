//! Only conditions whose types fit are taken: `age > 'ten'` or the length of a number would be
//! refused by any database. Values of enumerations take the spelling of their list.

use crate::draft::Draft;
use crate::names::fold_field;
use crate::{Expression, FieldId, FieldKind, Literal};

/// What sort of value an expression has, as coarse as comparing needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Number,
    Text,
    Boolean,
    Moment,
    Day,
    Time,
    Duration,
    Uuid,
    /// One of this field's values.
    Value(FieldId),
    Other,
}

/// The condition with its literals fitted to the fields; `None` where a type does not fit.
pub(crate) fn settle(
    draft: &Draft<'_>,
    expression: Expression<FieldId>,
) -> Option<Expression<FieldId>> {
    if expression.fields().is_empty() {
        return None;
    }
    condition(draft, expression)
}

fn condition(draft: &Draft<'_>, expression: Expression<FieldId>) -> Option<Expression<FieldId>> {
    let all = |list: Vec<Expression<FieldId>>| {
        list.into_iter().map(|item| condition(draft, item)).collect::<Option<Vec<_>>>()
    };
    Some(match expression {
        Expression::Compare(left, comparison, right) => {
            let (left, right) = fitted(draft, *left, *right)?;
            Expression::compare(left, comparison, right)
        }
        Expression::OneOf(value, list) => {
            let list = list
                .into_iter()
                .map(|item| match fit(draft, sort(draft, &value)?, item)? {
                    Expression::Literal(literal) => Some(literal),
                    _ => None,
                })
                .collect::<Option<Vec<_>>>()?;
            Expression::OneOf(value, list)
        }
        Expression::Matches(value, pattern) => {
            // A field of which nothing but its characters is said becomes a text.
            let is_open = matches!(*value, Expression::Field(field) if draft.model.field(field).kind == FieldKind::Unknown);
            let is_text = is_open || sort(draft, &value)? == Sort::Text;
            is_text.then_some(Expression::Matches(value, pattern))?
        }
        Expression::JsonForm(field, form) => (draft.model.field(field).kind == FieldKind::Json)
            .then_some(Expression::JsonForm(field, form))?,
        Expression::Apart { from, to, same, condition: among } => {
            let of = |field| draft.model.field(field);
            (of(from).kind == of(to).kind && of(from).entity == of(to).entity).then_some(())?;
            let among = match among {
                Some(among) => Some(Box::new(condition(draft, *among)?)),
                None => None,
            };
            Expression::Apart { from, to, same, condition: among }
        }
        Expression::Together { by, amount, comparison, bound, condition: among } => {
            let entity = draft.model.field(*by.first()?).entity;
            let is_own = |it: &Expression<FieldId>| {
                it.fields().iter().all(|&field| draft.model.field(field).entity == entity)
            };
            let is_number =
                |it: &Expression<FieldId>| is_number(it) || sort(draft, it) == Some(Sort::Number);
            let is_sound = is_number(&bound)
                && amount.as_ref().is_none_or(|it| is_number(it) && is_own(it))
                && among.as_ref().is_none_or(|it| is_own(it));
            is_sound.then_some(())?;
            let among = match among {
                Some(among) => Some(Box::new(condition(draft, *among)?)),
                None => None,
            };
            Expression::Together { by, amount, comparison, bound, condition: among }
        }
        Expression::IsPresent(field) => Expression::IsPresent(field),
        Expression::Field(field) => (draft.model.field(field).kind == FieldKind::Boolean)
            .then_some(Expression::Field(field))?,
        Expression::All(list) => Expression::All(all(list)?),
        Expression::Any(list) => Expression::Any(all(list)?),
        Expression::Not(inner) => Expression::Not(Box::new(condition(draft, *inner)?)),
        Expression::Implies(when, then) => Expression::Implies(
            Box::new(condition(draft, *when)?),
            Box::new(condition(draft, *then)?),
        ),
        // A value is no condition.
        Expression::Literal(_) | Expression::Calculate(..) | Expression::Length(_) => return None,
    })
}

/// Both sides of a comparison, where they can be compared.
fn fitted(
    draft: &Draft<'_>,
    left: Expression<FieldId>,
    right: Expression<FieldId>,
) -> Option<(Expression<FieldId>, Expression<FieldId>)> {
    match (left, right) {
        (Expression::Literal(left), right) => {
            Some((fit(draft, sort(draft, &right)?, left)?, right))
        }
        (left, Expression::Literal(right)) => {
            let right = fit(draft, sort(draft, &left)?, right)?;
            Some((left, right))
        }
        (left, right) => {
            let same = match (sort(draft, &left)?, sort(draft, &right)?) {
                (Sort::Value(one), Sort::Value(other)) => {
                    draft.enumeration_of(one) == draft.enumeration_of(other)
                }
                (Sort::Moment, Sort::Day) | (Sort::Day, Sort::Moment) => true,
                (Sort::Other, _) => false,
                (one, other) => one == other,
            };
            same.then_some((left, right))
        }
    }
}

/// A literal as a value of a sort.
fn fit(draft: &Draft<'_>, sort: Sort, literal: Literal) -> Option<Expression<FieldId>> {
    let fitted = match (sort, literal) {
        (Sort::Number, literal @ (Literal::Integer(_) | Literal::Decimal(_)))
        | (Sort::Text, literal @ Literal::Text(_))
        | (Sort::Boolean, literal @ Literal::Boolean(_)) => literal,
        (Sort::Value(field), Literal::Text(text)) => {
            let values = draft.model.values_of(draft.model.field(field))?;
            let key = fold_field(&text);
            Literal::Text(values.iter().find(|value| fold_field(value) == key)?.clone())
        }
        _ => return None,
    };
    Some(Expression::Literal(fitted))
}

fn sort(draft: &Draft<'_>, expression: &Expression<FieldId>) -> Option<Sort> {
    match expression {
        Expression::Field(field) => Some(match draft.model.field(*field).kind {
            FieldKind::Integer { .. }
            | FieldKind::Decimal { .. }
            | FieldKind::Money { .. }
            | FieldKind::Float => Sort::Number,
            FieldKind::Text { .. } => Sort::Text,
            FieldKind::Boolean => Sort::Boolean,
            FieldKind::Date => Sort::Day,
            FieldKind::Time => Sort::Time,
            FieldKind::Timestamp => Sort::Moment,
            FieldKind::Duration => Sort::Duration,
            FieldKind::Uuid => Sort::Uuid,
            FieldKind::Enumeration(_) => Sort::Value(*field),
            FieldKind::Json
            | FieldKind::Binary
            | FieldKind::IpAddress
            | FieldKind::List(_)
            // What its type becomes is not decided here.
            | FieldKind::Unknown => Sort::Other,
        }),
        Expression::Calculate(left, _, right) => {
            let number = |side| sort(draft, side) == Some(Sort::Number) || is_number(side);
            if number(left) && number(right) {
                return Some(Sort::Number);
            }
            // A moment that much later is one.
            let is_length = matches!(**right, Expression::Literal(Literal::Duration(_)));
            sort(draft, left).filter(|it| is_length && matches!(it, Sort::Moment | Sort::Day))
        }
        Expression::Length(value) => (sort(draft, value)? == Sort::Text).then_some(Sort::Number),
        Expression::Literal(_)
        | Expression::Compare(..)
        | Expression::OneOf(..)
        | Expression::Matches(..)
        | Expression::JsonForm(..)
        | Expression::IsPresent(_)
        | Expression::Apart { .. }
        | Expression::Together { .. }
        | Expression::All(_)
        | Expression::Any(_)
        | Expression::Not(_)
        | Expression::Implies(..) => None,
    }
}

fn is_number(expression: &Expression<FieldId>) -> bool {
    matches!(expression, Expression::Literal(Literal::Integer(_) | Literal::Decimal(_)))
}
