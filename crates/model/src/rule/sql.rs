//! Conditions in SQL: parsed by `sqlparser`, then turned into expressions as far as they have one.

use sqlparser::ast::{
    BinaryOperator, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, UnaryOperator,
    Value,
};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Token;

use super::sound;
use crate::draft::Draft;
use crate::{Arithmetic, Comparison, EntityId, Expression, FieldId, JsonForm, Literal};

/// The inside of `CHECK (…)`, where the text is one.
pub(crate) fn check_text(text: &str) -> Option<&str> {
    let text = text.trim();
    // "`CHECK (…)` - why": what stands after the code explains it.
    let text = match text.strip_prefix('`').and_then(|rest| rest.split_once('`')) {
        Some((code, remark)) if is_remark(remark) => code,
        _ => text,
    };
    let text = text.trim_matches('`').trim_end_matches(';').trim();
    let front = text.get(..5)?;
    let rest = text[5..].trim_start();
    let inner = rest.strip_prefix('(')?.strip_suffix(')')?;
    front.eq_ignore_ascii_case("check").then_some(inner.trim())
}

fn is_remark(text: &str) -> bool {
    let text = text.trim();
    text.is_empty() || text.starts_with(['-', '–', '—', ':', '('])
}

/// The condition that SQL text states about a row of an entity; `None` unless all of it is
/// understood.
pub(crate) fn expression(
    draft: &Draft<'_>,
    entity: EntityId,
    sql: &str,
) -> Option<Expression<FieldId>> {
    settled(draft, entity, &parse(sql)?)
}

/// As [`expression`], of SQL that was parsed.
pub(super) fn settled(
    draft: &Draft<'_>,
    entity: EntityId,
    sql: &Expr,
) -> Option<Expression<FieldId>> {
    sound::settle(draft, convert(draft, entity, sql)?)
}

/// The value that SQL text calculates; whether its types fit is for the condition to show that it
/// becomes a part of.
pub(crate) fn value(draft: &Draft<'_>, entity: EntityId, sql: &str) -> Option<Expression<FieldId>> {
    convert(draft, entity, &parse(sql)?)
}

/// The expression that a text is to its end.
pub(super) fn parse(sql: &str) -> Option<Expr> {
    let mut parser = Parser::new(&PostgreSqlDialect {}).try_with_sql(sql).ok()?;
    let parsed = parser.parse_expr().ok()?;
    (parser.peek_token().token == Token::EOF).then_some(parsed)
}

fn convert(draft: &Draft<'_>, entity: EntityId, sql: &Expr) -> Option<Expression<FieldId>> {
    let inside = |sql: &Expr| convert(draft, entity, sql);
    let not = |expression, negated| {
        if negated { Expression::Not(Box::new(expression)) } else { expression }
    };
    Some(match sql {
        Expr::Identifier(name) => Expression::Field(draft.field(entity, &name.value)?),
        Expr::CompoundIdentifier(names) => {
            let [owner, name] = names.as_slice() else { return None };
            if draft.entity(&owner.value)? != entity {
                return None;
            }
            Expression::Field(draft.field(entity, &name.value)?)
        }
        Expr::Nested(inner) => inside(inner)?,
        Expr::Cast { expr, .. } => inside(expr)?,
        Expr::Value(value) => Expression::Literal(literal(&value.value)?),
        Expr::IsTrue(inner) => inside(inner)?,
        Expr::IsFalse(inner) => not(inside(inner)?, true),
        Expr::IsNull(inner) => not(presence(&inside(inner)?)?, true),
        Expr::IsNotNull(inner) => presence(&inside(inner)?)?,
        Expr::InList { expr, list, negated } => {
            let list = list.iter().map(|item| match inside(item)? {
                Expression::Literal(literal) => Some(literal),
                _ => None,
            });
            not(Expression::OneOf(Box::new(inside(expr)?), list.collect::<Option<_>>()?), *negated)
        }
        // `x = ANY (ARRAY['a', 'b'])` is how PostgreSQL prints an IN list.
        Expr::AnyOp { left, compare_op: BinaryOperator::Eq, right, .. } => {
            let mut right = right.as_ref();
            while let Expr::Nested(inner) | Expr::Cast { expr: inner, .. } = right {
                right = inner;
            }
            let Expr::Array(array) = right else { return None };
            let list = array.elem.iter().map(|item| match inside(item)? {
                Expression::Literal(literal) => Some(literal),
                _ => None,
            });
            Expression::OneOf(Box::new(inside(left)?), list.collect::<Option<_>>()?)
        }
        Expr::Between { expr, negated, low, high } => {
            let value = inside(expr)?;
            let low = Expression::compare(value.clone(), Comparison::GreaterOrEqual, inside(low)?);
            let high = Expression::compare(value, Comparison::LessOrEqual, inside(high)?);
            not(Expression::All(vec![low, high]), *negated)
        }
        Expr::UnaryOp { op: UnaryOperator::Not, expr } => not(inside(expr)?, true),
        Expr::UnaryOp { op: UnaryOperator::Minus, expr } => inside(expr)?.negative()?,
        Expr::BinaryOp { left, op, right } => match json_form(&inside, left, op, right) {
            Some(form) => form,
            None => binary(inside(left)?, op, inside(right)?)?,
        },
        Expr::Function(function) => {
            let [argument] = arguments(function)?.try_into().ok()?;
            let name = function.name.to_string().to_lowercase();
            match name.as_str() {
                "length" | "char_length" | "character_length" => {
                    Expression::Length(Box::new(inside(argument)?))
                }
                _ => return None,
            }
        }
        // The other forms are kept as SQL.
        _ => return None,
    })
}

/// `jsonb_typeof(details) = 'object'`.
fn json_form(
    inside: &dyn Fn(&Expr) -> Option<Expression<FieldId>>,
    left: &Expr,
    operator: &BinaryOperator,
    right: &Expr,
) -> Option<Expression<FieldId>> {
    let (Expr::Function(function), BinaryOperator::Eq) = (left, operator) else { return None };
    let [argument] = arguments(function)?.try_into().ok()?;
    let name = function.name.to_string().to_lowercase();
    let (Expression::Field(field), Expression::Literal(Literal::Text(form))) =
        (inside(argument)?, inside(right)?)
    else {
        return None;
    };
    let form = match form.as_str() {
        "object" => JsonForm::Object,
        "array" => JsonForm::Array,
        _ => return None,
    };
    matches!(name.as_str(), "jsonb_typeof" | "json_typeof")
        .then_some(Expression::JsonForm(field, form))
}

fn binary(
    left: Expression<FieldId>,
    operator: &BinaryOperator,
    right: Expression<FieldId>,
) -> Option<Expression<FieldId>> {
    let comparison = match operator {
        BinaryOperator::Eq => Comparison::Equal,
        BinaryOperator::NotEq => Comparison::NotEqual,
        BinaryOperator::Lt => Comparison::Less,
        BinaryOperator::LtEq => Comparison::LessOrEqual,
        BinaryOperator::Gt => Comparison::Greater,
        BinaryOperator::GtEq => Comparison::GreaterOrEqual,
        BinaryOperator::And => return Some(joined(left, right, true)),
        BinaryOperator::Or => return Some(joined(left, right, false)),
        BinaryOperator::Plus => return Some(calculation(left, Arithmetic::Add, right)),
        BinaryOperator::Minus => return Some(calculation(left, Arithmetic::Subtract, right)),
        BinaryOperator::Multiply => return Some(calculation(left, Arithmetic::Multiply, right)),
        BinaryOperator::PGRegexMatch => {
            let Expression::Literal(Literal::Text(pattern)) = &right else { return None };
            // An expression matches whole, and only a pattern with both anchors does so in SQL.
            let inner = pattern.strip_prefix('^')?.strip_suffix('$')?;
            let alternatives = inner.contains('|') && !inner.starts_with('(');
            return (!alternatives && !inner.ends_with('\\'))
                .then(|| Expression::Matches(Box::new(left), pattern.clone()));
        }
        _ => return None,
    };
    Some(Expression::compare(left, comparison, right))
}

fn joined(left: Expression<FieldId>, right: Expression<FieldId>, all: bool) -> Expression<FieldId> {
    let mut list = Vec::new();
    for side in [left, right] {
        match side {
            Expression::All(inner) if all => list.extend(inner),
            Expression::Any(inner) if !all => list.extend(inner),
            side => list.push(side),
        }
    }
    if all { Expression::All(list) } else { Expression::Any(list) }
}

fn calculation(
    left: Expression<FieldId>,
    operator: Arithmetic,
    right: Expression<FieldId>,
) -> Expression<FieldId> {
    Expression::Calculate(Box::new(left), operator, Box::new(right))
}

fn presence(expression: &Expression<FieldId>) -> Option<Expression<FieldId>> {
    match expression {
        Expression::Field(field) => Some(Expression::IsPresent(*field)),
        _ => None,
    }
}

pub(super) fn arguments(function: &Function) -> Option<Vec<&Expr>> {
    let FunctionArguments::List(list) = &function.args else { return None };
    list.args
        .iter()
        .map(|argument| match argument {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(inner)) => Some(inner),
            _ => None,
        })
        .collect()
}

fn literal(value: &Value) -> Option<Literal> {
    Some(match value {
        Value::Number(digits, _) => crate::default_words::literal_number(digits)?,
        Value::SingleQuotedString(text) => Literal::Text(text.clone()),
        Value::Boolean(value) => Literal::Boolean(*value),
        // Other literals are rare enough in rules to be kept as SQL.
        _ => return None,
    })
}
