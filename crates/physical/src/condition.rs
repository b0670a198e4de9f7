//! Rules of the design as SQL conditions, with types checked: a rule that compares a text with a
//! number was misread, and must not reach a script.

use underpin_logical::AttributeId;
use underpin_model::{Arithmetic, Comparison, Expression, Literal};
use underpin_pg::{BinaryOperator, Column, Expr, Ident, Literal as SqlLiteral, Type};

/// What a value can be compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Number,
    Text,
    Moment,
    Day,
    Truth,
    Other,
}

fn class(data_type: &Type) -> Class {
    match data_type {
        Type::SmallInt
        | Type::Integer
        | Type::BigInt
        | Type::Numeric(_)
        | Type::DoublePrecision => Class::Number,
        Type::Text => Class::Text,
        Type::TimestampTz => Class::Moment,
        Type::Date => Class::Day,
        Type::Boolean => Class::Truth,
        Type::Time
        | Type::Interval
        | Type::Uuid
        | Type::Jsonb
        | Type::Bytea
        | Type::Inet
        | Type::TsVector
        | Type::Array(_)
        | Type::Named(_)
        | Type::Trigger
        | Type::Other(_) => Class::Other,
    }
}

/// The condition over the columns of one table, or why there is none.
pub(crate) fn condition(
    expression: &Expression<AttributeId>,
    columns: &[Column],
) -> Result<Expr, String> {
    let column = |id: &AttributeId| &columns[id.index()];
    Ok(match expression {
        Expression::Field(id) => match column(id).data_type {
            Type::Boolean => Expr::column(&column(id).name),
            _ => return Err(format!("`{}` is not a yes or no", column(id).name.as_str())),
        },
        Expression::Literal(Literal::Boolean(value)) => Expr::Literal(SqlLiteral::Boolean(*value)),
        Expression::Literal(literal) => return Err(format!("{literal} is not a condition")),
        Expression::Calculate(..) | Expression::Length(_) => {
            return Err("a number is not a condition".to_owned());
        }
        Expression::Compare(left, comparison, right) if lasting(left, right).is_some() => {
            let (to, from, seconds) = lasting(left, right).expect("invariant: just seen");
            length(column(to), *comparison, column(from), seconds)?
        }
        Expression::Compare(left, comparison, right) => {
            let (left, right) = pair(left, right, columns)?;
            Expr::binary(left, operator(*comparison), right)
        }
        Expression::OneOf(value, list) => {
            let (sql, of) = value_of(value, columns)?;
            let list: Result<Vec<Expr>, String> =
                list.iter().map(|literal| literal_as(literal, of)).collect();
            match <[Expr; 1]>::try_from(list?) {
                Ok([only]) => Expr::equals(sql, only),
                Err(list) => Expr::In(Box::new(sql), list),
            }
        }
        Expression::Matches(value, pattern) => {
            let (sql, of) = value_of(value, columns)?;
            if of != Class::Text {
                return Err("only a text can match a pattern".to_owned());
            }
            let whole = if pattern.starts_with('^') && pattern.ends_with('$') {
                pattern.clone()
            } else {
                format!("^(?:{pattern})$")
            };
            Expr::binary(sql, BinaryOperator::Matches, Expr::text(whole))
        }
        Expression::JsonForm(id, form) => {
            if column(id).data_type != Type::Jsonb {
                return Err(format!("`{}` holds no JSON", column(id).name.as_str()));
            }
            let form_of = Expr::Call("jsonb_typeof", vec![Expr::column(&column(id).name)]);
            Expr::equals(form_of, Expr::text(form.as_str()))
        }
        Expression::Apart { .. } | Expression::Together { .. } => {
            return Err(
                "it compares rows with each other, which no CHECK can; the application must \
                        keep it in the transaction that writes"
                    .to_owned(),
            );
        }
        Expression::IsPresent(id) => Expr::IsNotNull(Box::new(Expr::column(&column(id).name))),
        Expression::All(list) => Expr::And(each(list, columns)?),
        Expression::Any(list) => Expr::Or(each(list, columns)?),
        Expression::Not(inner) => negated(inner, columns)?,
        Expression::Implies(premise, consequence) => {
            Expr::Or(vec![negated(premise, columns)?, condition(consequence, columns)?])
        }
    })
}

/// A number over the columns of one table, or why there is none.
pub(crate) fn number(
    expression: &Expression<AttributeId>,
    columns: &[Column],
) -> Result<Expr, String> {
    if let Expression::Literal(literal) = expression {
        return literal_as(literal, Class::Number);
    }
    match value_of(expression, columns)? {
        (sql, Class::Number) => Ok(sql),
        (sql, _) => Err(format!("{sql} is not a number")),
    }
}

/// The opposite of a condition, in the form that people write.
fn negated(expression: &Expression<AttributeId>, columns: &[Column]) -> Result<Expr, String> {
    Ok(match expression {
        Expression::IsPresent(id) => {
            Expr::IsNull(Box::new(Expr::column(&columns[id.index()].name)))
        }
        Expression::Compare(left, Comparison::Equal, right) => {
            let (left, right) = pair(left, right, columns)?;
            Expr::binary(left, BinaryOperator::NotEqual, right)
        }
        Expression::Compare(left, Comparison::NotEqual, right) => {
            let (left, right) = pair(left, right, columns)?;
            Expr::equals(left, right)
        }
        Expression::Not(inner) => condition(inner, columns)?,
        other => Expr::Not(Box::new(condition(other, columns)?)),
    })
}

fn each(list: &[Expression<AttributeId>], columns: &[Column]) -> Result<Vec<Expr>, String> {
    list.iter().map(|item| condition(item, columns)).collect()
}

/// Two values that can be compared.
fn pair(
    left: &Expression<AttributeId>,
    right: &Expression<AttributeId>,
    columns: &[Column],
) -> Result<(Expr, Expr), String> {
    match (left, right) {
        (Expression::Literal(literal), other) => {
            let (sql, of) = value_of(other, columns)?;
            Ok((literal_as(literal, of)?, sql))
        }
        (other, Expression::Literal(literal)) => {
            let (sql, of) = value_of(other, columns)?;
            Ok((sql, literal_as(literal, of)?))
        }
        (left, right) => {
            let (left_sql, left_of) = value_of(left, columns)?;
            let (right_sql, right_of) = value_of(right, columns)?;
            let fits =
                left_of == right_of && (left_of != Class::Other || same_type(left, right, columns));
            if !fits {
                return Err(format!("{left_sql} and {right_sql} cannot be compared"));
            }
            Ok((left_sql, right_sql))
        }
    }
}

/// An end, the beginning that it is compared with, and how long after that, in seconds.
fn lasting<'e>(
    left: &'e Expression<AttributeId>,
    right: &'e Expression<AttributeId>,
) -> Option<(&'e AttributeId, &'e AttributeId, i64)> {
    let (Expression::Field(to), Expression::Calculate(from, Arithmetic::Add, length)) =
        (left, right)
    else {
        return None;
    };
    match (&**from, &**length) {
        (Expression::Field(from), Expression::Literal(Literal::Duration(seconds))) => {
            Some((to, from, *seconds))
        }
        _ => None,
    }
}

/// `ends_at - starts_at >= interval '42 hours'`, which asks for no time zone as a sum would; of days, their number.
fn length(
    to: &Column,
    comparison: Comparison,
    from: &Column,
    seconds: i64,
) -> Result<Expr, String> {
    const DAY: i64 = 86_400;
    let limit = match (&to.data_type, &from.data_type) {
        (Type::Date, Type::Date) if seconds % DAY == 0 => {
            Expr::Literal(SqlLiteral::Integer(seconds / DAY))
        }
        (Type::TimestampTz, Type::TimestampTz) => {
            let text = Expr::text(underpin_model::duration_text(seconds));
            Expr::Cast(Box::new(text), Type::Interval)
        }
        _ => {
            return Err(format!(
                "`{}` and `{}` are no times",
                to.name.as_str(),
                from.name.as_str()
            ));
        }
    };
    let lasts =
        Expr::binary(Expr::column(&to.name), BinaryOperator::Subtract, Expr::column(&from.name));
    Ok(Expr::binary(lasts, operator(comparison), limit))
}

fn same_type(
    left: &Expression<AttributeId>,
    right: &Expression<AttributeId>,
    columns: &[Column],
) -> bool {
    let (Expression::Field(left), Expression::Field(right)) = (left, right) else { return false };
    let (left, right) = (&columns[left.index()].data_type, &columns[right.index()].data_type);
    left == right && !matches!(left, Type::Jsonb)
}

fn value_of(
    expression: &Expression<AttributeId>,
    columns: &[Column],
) -> Result<(Expr, Class), String> {
    Ok(match expression {
        Expression::Field(id) => {
            let column = &columns[id.index()];
            (Expr::column(&column.name), class(&column.data_type))
        }
        Expression::Length(inner) => match value_of(inner, columns)? {
            (sql, Class::Text) => (Expr::Call("char_length", vec![sql]), Class::Number),
            (sql, _) => return Err(format!("{sql} has no length")),
        },
        Expression::Calculate(left, operator, right) => {
            let number = |side: &Expression<AttributeId>| match side {
                Expression::Literal(literal) => literal_as(literal, Class::Number),
                other => match value_of(other, columns)? {
                    (sql, Class::Number) => Ok(sql),
                    (sql, _) => Err(format!("{sql} is not a number")),
                },
            };
            let operator = match operator {
                Arithmetic::Add => BinaryOperator::Add,
                Arithmetic::Subtract => BinaryOperator::Subtract,
                Arithmetic::Multiply => BinaryOperator::Multiply,
            };
            (Expr::binary(number(left)?, operator, number(right)?), Class::Number)
        }
        other => return Err(format!("{} is not a value", describe(other))),
    })
}

fn describe(expression: &Expression<AttributeId>) -> &'static str {
    match expression {
        Expression::Literal(_) => "a constant beside a constant",
        Expression::Field(_) | Expression::Length(_) | Expression::Calculate(..) => "this value",
        Expression::Compare(..)
        | Expression::OneOf(..)
        | Expression::Matches(..)
        | Expression::JsonForm(..)
        | Expression::IsPresent(_)
        | Expression::Apart { .. }
        | Expression::Together { .. }
        | Expression::All(_)
        | Expression::Any(_)
        | Expression::Not(_)
        | Expression::Implies(..) => "a condition",
    }
}

/// A constant in the form that a column of the class takes.
fn literal_as(literal: &Literal, of: Class) -> Result<Expr, String> {
    let sql = match (literal, of) {
        (Literal::Integer(value), Class::Number) => SqlLiteral::Integer(*value),
        (Literal::Decimal(value), Class::Number) => SqlLiteral::Decimal(value.clone()),
        (Literal::Text(value), Class::Text) => SqlLiteral::Text(value.clone()),
        (Literal::Boolean(value), Class::Truth) => SqlLiteral::Boolean(*value),
        (Literal::Text(value), Class::Moment | Class::Day) if is_day(value) => {
            SqlLiteral::Text(value.clone())
        }
        _ => return Err(format!("{literal} is of another type")),
    };
    Ok(Expr::Literal(sql))
}

/// `YYYY-MM-DD`, which every server setting reads alike.
fn is_day(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 10
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

fn operator(comparison: Comparison) -> BinaryOperator {
    match comparison {
        Comparison::Equal => BinaryOperator::Equal,
        Comparison::NotEqual => BinaryOperator::NotEqual,
        Comparison::Less => BinaryOperator::Less,
        Comparison::LessOrEqual => BinaryOperator::LessOrEqual,
        Comparison::Greater => BinaryOperator::Greater,
        Comparison::GreaterOrEqual => BinaryOperator::GreaterOrEqual,
    }
}

/// The columns that an expression reads, in order of first appearance.
pub(crate) fn columns_of(expression: &Expression<AttributeId>, columns: &[Column]) -> Vec<Ident> {
    expression.fields().iter().map(|id| columns[id.index()].name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns() -> Vec<Column> {
        [("status", Type::Text), ("paid_at", Type::TimestampTz), ("total", Type::Numeric(None))]
            .into_iter()
            .map(|(name, data_type)| Column {
                name: Ident::new(name).unwrap(),
                data_type,
                not_null: false,
                default: None,
                identity: None,
                generated: None,
                comment: None,
            })
            .collect()
    }

    fn field(at: usize) -> Expression<AttributeId> {
        Expression::Field(AttributeId::from_index(at))
    }

    #[test]
    fn required_when_reads_as_people_write_it() {
        let rule = Expression::Implies(
            Box::new(Expression::compare(
                field(0),
                Comparison::Equal,
                Expression::Literal(Literal::Text("paid".to_owned())),
            )),
            Box::new(Expression::IsPresent(AttributeId::from_index(1))),
        );
        assert_eq!(
            condition(&rule, &columns()).unwrap().to_string(),
            "status <> 'paid' OR paid_at IS NOT NULL"
        );
    }

    #[test]
    fn a_text_is_not_compared_with_a_number() {
        let rule = Expression::compare(
            field(0),
            Comparison::Greater,
            Expression::Literal(Literal::Integer(5)),
        );
        assert!(condition(&rule, &columns()).is_err());
    }
}
