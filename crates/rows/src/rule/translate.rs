//! SQL expressions of the schema as rules over columns, as far as the two languages agree.

use underpin_model::{Arithmetic, Comparison, Expression, JsonForm, Literal};
use underpin_pg::{BinaryOperator, Expr, Table, Type};

use super::Term;

/// The rule that an expression states; `None` where it uses what rules cannot say.
pub fn translate(table: &Table, expr: &Expr) -> Option<Term> {
    let all = |list: &[Expr]| -> Option<Vec<Term>> {
        list.iter().map(|item| translate(table, item)).collect()
    };
    Some(match expr {
        Expr::Column(name) | Expr::Qualified(_, name) => Expression::Field(index(table, name)?),
        Expr::Literal(value) => Expression::Literal(literal(value)?),
        Expr::Cast(inner, _) => translate(table, inner)?,
        Expr::And(list) => {
            // What always holds, such as that a number is one, is no part of the rule.
            let mut list = all(list)?;
            list.retain(|term| !matches!(term, Expression::All(terms) if terms.is_empty()));
            match list.len() {
                1 => list.remove(0),
                _ => Expression::All(list),
            }
        }
        Expr::Or(list) => Expression::Any(all(list)?),
        Expr::Not(inner) => Expression::Not(Box::new(translate(table, inner)?)),
        Expr::IsNull(inner) => Expression::Not(Box::new(presence(table, inner)?)),
        Expr::IsNotNull(inner) => presence(table, inner)?,
        Expr::In(value, list) => {
            let list = list
                .iter()
                .map(|item| match item {
                    Expr::Literal(value) => literal(value),
                    _ => None,
                })
                .collect::<Option<_>>()?;
            Expression::OneOf(Box::new(translate(table, value)?), list)
        }
        Expr::Call("char_length" | "character_length" | "length", arguments) => {
            let [only] = arguments.as_slice() else { return None };
            Expression::Length(Box::new(translate(table, only)?))
        }
        Expr::Call("now", _) => Expression::Literal(Literal::Now),
        Expr::Binary(left, operator, right) => binary(table, left, *operator, right)?,
        Expr::Call(..)
        | Expr::Parameter(_)
        | Expr::EqualsAny(..)
        | Expr::Array(_)
        | Expr::Row(_)
        | Expr::Exists(_)
        | Expr::Scalar(_)
        | Expr::Verbatim(_) => return None,
    })
}

fn index(table: &Table, name: &underpin_pg::Ident) -> Option<usize> {
    table.columns.iter().position(|column| column.name == *name)
}

fn presence(table: &Table, inner: &Expr) -> Option<Term> {
    match inner {
        Expr::Column(name) => Some(Expression::IsPresent(index(table, name)?)),
        _ => None,
    }
}

fn literal(value: &underpin_pg::Literal) -> Option<Literal> {
    match value {
        underpin_pg::Literal::Null => None,
        underpin_pg::Literal::Integer(value) => Some(Literal::Integer(*value)),
        underpin_pg::Literal::Decimal(value) => Some(Literal::Decimal(value.clone())),
        underpin_pg::Literal::Text(value) => Some(Literal::Text(value.clone())),
        underpin_pg::Literal::Boolean(value) => Some(Literal::Boolean(*value)),
    }
}

fn binary(table: &Table, left: &Expr, operator: BinaryOperator, right: &Expr) -> Option<Term> {
    if let (Expr::Call("jsonb_typeof", arguments), BinaryOperator::Equal) = (left, operator) {
        return json_form(table, arguments, right);
    }
    // The numbers that are made here are numbers.
    let says_number = match (operator, right) {
        (BinaryOperator::NotEqual, Expr::Literal(underpin_pg::Literal::Text(it))) => it == "NaN",
        (BinaryOperator::Less, Expr::Literal(underpin_pg::Literal::Text(it))) => it == "Infinity",
        _ => false,
    };
    if says_number {
        return Some(Expression::All(Vec::new()));
    }
    let comparison = match operator {
        BinaryOperator::Equal => Comparison::Equal,
        BinaryOperator::NotEqual => Comparison::NotEqual,
        BinaryOperator::Less => Comparison::Less,
        BinaryOperator::LessOrEqual => Comparison::LessOrEqual,
        BinaryOperator::Greater => Comparison::Greater,
        BinaryOperator::GreaterOrEqual => Comparison::GreaterOrEqual,
        BinaryOperator::Add => return calculate(table, left, Arithmetic::Add, right),
        BinaryOperator::Subtract => return calculate(table, left, Arithmetic::Subtract, right),
        BinaryOperator::Multiply => return calculate(table, left, Arithmetic::Multiply, right),
        BinaryOperator::Matches => {
            let Expr::Literal(underpin_pg::Literal::Text(pattern)) = right else { return None };
            let value = Box::new(translate(table, left)?);
            return Some(Expression::Matches(value, pattern.clone()));
        }
        BinaryOperator::Contains
        | BinaryOperator::ContainedBy
        | BinaryOperator::SearchMatches
        | BinaryOperator::IsDistinctFrom
        | BinaryOperator::NotBeforeByLetters
        | BinaryOperator::BeforeByLetters
        | BinaryOperator::LikeAnyCase
        | BinaryOperator::Concatenate => return None,
    };
    if let Some((to, from, seconds)) = lasting(table, left, right) {
        let length = Box::new(Expression::Literal(Literal::Duration(seconds)));
        let from = Box::new(Expression::Field(from));
        let at = Expression::Calculate(from, Arithmetic::Add, length);
        return Some(Expression::compare(Expression::Field(to), comparison, at));
    }
    Some(Expression::compare(translate(table, left)?, comparison, translate(table, right)?))
}

/// An end, a beginning, and the seconds between them: `ends_at - starts_at >= interval '42 hours'`, `last - first <= 14`.
fn lasting(table: &Table, left: &Expr, right: &Expr) -> Option<(usize, usize, i64)> {
    const DAY: i64 = 86_400;
    let Expr::Binary(to, BinaryOperator::Subtract, from) = left else { return None };
    let column = |side: &Expr| match side {
        Expr::Column(name) | Expr::Qualified(_, name) => index(table, name),
        _ => None,
    };
    let (to, from) = (column(to)?, column(from)?);
    let is = |of: &Type| [to, from].iter().all(|&at| table.columns[at].data_type == *of);
    let seconds = match right {
        Expr::Literal(underpin_pg::Literal::Integer(days)) if is(&Type::Date) => {
            days.checked_mul(DAY)?
        }
        Expr::Cast(inner, Type::Interval) if is(&Type::TimestampTz) => {
            let Expr::Literal(underpin_pg::Literal::Text(text)) = &**inner else { return None };
            interval(text)?
        }
        _ => return None,
    };
    Some((to, from, seconds))
}

/// The seconds of an interval as the server prints it, `1 day 18:00:00`, or as people write it, `42 hours`. `None` where months
/// or years stand in it, which are not equally long.
fn interval(text: &str) -> Option<i64> {
    let mut seconds = 0_i64;
    let mut words = text.split_whitespace();
    while let Some(word) = words.next() {
        let more = if word.contains(':') {
            let mut parts = word.split(':').map(|part| part.parse::<i64>().ok());
            let (hours, minutes) = (parts.next()??, parts.next()??);
            hours * 3_600 + minutes * 60 + parts.next().unwrap_or(Some(0))?
        } else {
            let unit = match words.next()?.trim_end_matches('s') {
                "second" | "sec" => 1,
                "minute" | "min" => 60,
                "hour" => 3_600,
                "day" => 86_400,
                "week" => 604_800,
                _ => return None,
            };
            word.parse::<i64>().ok()?.checked_mul(unit)?
        };
        seconds = seconds.checked_add(more)?;
    }
    (!text.contains('-')).then_some(seconds)
}

fn json_form(table: &Table, arguments: &[Expr], form: &Expr) -> Option<Term> {
    let ([Expr::Column(name)], Expr::Literal(underpin_pg::Literal::Text(form))) = (arguments, form)
    else {
        return None;
    };
    let form = match form.as_str() {
        "object" => JsonForm::Object,
        "array" => JsonForm::Array,
        _ => return None,
    };
    Some(Expression::JsonForm(index(table, name)?, form))
}

fn calculate(table: &Table, left: &Expr, how: Arithmetic, right: &Expr) -> Option<Term> {
    let left = Box::new(translate(table, left)?);
    Some(Expression::Calculate(left, how, Box::new(translate(table, right)?)))
}

/// The columns whose names stand in an expression, however it is written.
pub fn mentioned(table: &Table, expr: &Expr) -> Vec<usize> {
    let sql = expr.to_string();
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    (0..table.columns.len())
        .filter(|&at| {
            let name = table.columns[at].name.as_str();
            sql.match_indices(name).any(|(from, _)| {
                !sql[..from].chars().next_back().is_some_and(is_word)
                    && !sql[from + name.len()..].chars().next().is_some_and(is_word)
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::interval;

    #[test]
    fn intervals_as_people_and_servers_write_them() {
        for (text, seconds) in [
            ("42 hours", Some(151_200)),
            ("1 day 18:00:00", Some(151_200)),
            ("00:01:30", Some(90)),
            ("2 weeks", Some(1_209_600)),
            ("1 mon", None),
            ("-1 days", None),
            ("soon", None),
        ] {
            assert_eq!(interval(text), seconds, "{text}");
        }
    }
}
