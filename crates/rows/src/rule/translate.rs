//! SQL expressions of the schema as rules over columns, as far as the two languages agree.

use underpin_model::{Arithmetic, Comparison, Expression, JsonForm, Literal};
use underpin_pg::{BinaryOperator, Expr, Table};

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
    Some(Expression::compare(translate(table, left)?, comparison, translate(table, right)?))
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
