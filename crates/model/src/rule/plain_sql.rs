//! SQL conditions that are kept as a document writes them: those on nothing but fields of the row, with operators and
//! functions that give the same result for the same values, and whose types fit, so that PostgreSQL takes the schema. Any
//! other is a question.

use sqlparser::ast::{
    BinaryOperator, CeilFloorKind, DataType, DateTimeField, Expr, Function, UnaryOperator, Value,
};

use super::sql::{arguments, parse};
use crate::draft::Draft;
use crate::{EntityId, FieldKind};

/// What sort of value an expression has, as far as operators ask for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Number,
    /// An approximate number, for which some functions are not there.
    Float,
    Text,
    Boolean,
    Day,
    Moment,
    Duration,
    Json,
    List,
    /// A constant in quotes, whose type its surroundings say; whether it reads as a day.
    Quoted {
        day: bool,
    },
    Null,
    /// Anything that may only be asked whether it is there.
    Other,
}

/// Whether a text is such a condition on an entity.
pub(crate) fn keeps(draft: &Draft<'_>, entity: EntityId, sql: &str) -> bool {
    let names_some = crate::sql_parts(sql).is_some_and(|parts| {
        parts.iter().all(|part| match part {
            crate::SqlPart::Column(name) => draft.field(entity, name.trim_matches('"')).is_some(),
            crate::SqlPart::Other(_) => true,
        })
    });
    let reader = Reader { draft, entity };
    names_some && parse(sql).is_some_and(|sql| reader.sort(&sql) == Some(Sort::Boolean))
}

struct Reader<'d> {
    draft: &'d Draft<'d>,
    entity: EntityId,
}

impl Reader<'_> {
    /// The sort of an expression; `None` where something in it is not known to be sound.
    fn sort(&self, sql: &Expr) -> Option<Sort> {
        let boolean = |sql: &Expr| (self.sort(sql)? == Sort::Boolean).then_some(Sort::Boolean);
        let text = |sql: &Expr| is_text(self.sort(sql)?).then_some(Sort::Text);
        Some(match sql {
            Expr::Identifier(name) => self.field(&name.value)?,
            Expr::Nested(inner) => self.sort(inner)?,
            Expr::Value(value) => literal(&value.value)?,
            Expr::IsNull(inner) | Expr::IsNotNull(inner) => {
                self.sort(inner)?;
                Sort::Boolean
            }
            Expr::IsTrue(inner)
            | Expr::IsNotTrue(inner)
            | Expr::IsFalse(inner)
            | Expr::IsNotFalse(inner)
            | Expr::UnaryOp { op: UnaryOperator::Not, expr: inner } => boolean(inner)?,
            Expr::UnaryOp { op: UnaryOperator::Minus | UnaryOperator::Plus, expr } => {
                let sort = self.sort(expr)?;
                is_number(sort).then_some(sort)?
            }
            Expr::IsDistinctFrom(left, right) | Expr::IsNotDistinctFrom(left, right) => {
                self.together([&**left, &**right])?;
                Sort::Boolean
            }
            Expr::Between { expr, low, high, .. } => {
                self.together([&**expr, &**low, &**high])?;
                Sort::Boolean
            }
            Expr::InList { expr, list, .. } => {
                self.together(std::iter::once(&**expr).chain(list))?;
                Sort::Boolean
            }
            Expr::Like { any: false, expr, pattern, escape_char: None, .. }
            | Expr::ILike { any: false, expr, pattern, escape_char: None, .. }
            | Expr::SimilarTo { expr, pattern, escape_char: None, .. } => {
                text(expr)?;
                quoted(pattern)?;
                Sort::Boolean
            }
            Expr::BinaryOp { left, op, right } => self.binary(left, op, right)?,
            Expr::Cast { expr, data_type, .. } => self.cast(expr, data_type)?,
            Expr::Extract { field, expr, .. } => {
                // What a moment's hour is depends on the session's time zone.
                let is_of_days = matches!(
                    field,
                    DateTimeField::Day
                        | DateTimeField::Month
                        | DateTimeField::Year
                        | DateTimeField::Dow
                        | DateTimeField::Isodow
                        | DateTimeField::Quarter
                );
                (is_of_days && self.sort(expr)? == Sort::Day).then_some(Sort::Number)?
            }
            Expr::Ceil { expr, field: CeilFloorKind::DateTimeField(DateTimeField::NoDateTime) }
            | Expr::Floor {
                expr,
                field: CeilFloorKind::DateTimeField(DateTimeField::NoDateTime),
            } => {
                let sort = self.sort(expr)?;
                is_number(sort).then_some(sort)?
            }
            Expr::Position { expr, r#in } => {
                text(expr)?;
                text(r#in)?;
                Sort::Number
            }
            Expr::Substring { expr, substring_from, substring_for, .. } => {
                text(expr)?;
                for part in [substring_from, substring_for].into_iter().flatten() {
                    (self.sort(part)? == Sort::Number).then_some(())?;
                }
                Sort::Text
            }
            Expr::Trim { trim_where: None, trim_what: None, expr, trim_characters: None } => {
                text(expr)?
            }
            Expr::Case { operand: None, conditions, else_result, .. } => {
                let mut results = Vec::new();
                for when in conditions {
                    boolean(&when.condition)?;
                    results.push(&when.result);
                }
                results.extend(else_result.as_deref());
                self.together(results)?
            }
            Expr::Function(function) => self.call(function)?,
            // Queries, parameters, windows, other databases' own: no condition that a row alone answers.
            _ => return None,
        })
    }

    fn field(&self, name: &str) -> Option<Sort> {
        let field = self.draft.model.field(self.draft.field(self.entity, name)?);
        // What a reference holds follows the key that it leads to.
        if field.references.is_some() {
            return Some(Sort::Other);
        }
        Some(match &field.kind {
            FieldKind::Integer { .. } | FieldKind::Decimal { .. } | FieldKind::Money { .. } => {
                Sort::Number
            }
            FieldKind::Float => Sort::Float,
            FieldKind::Text { .. } | FieldKind::Enumeration(_) => Sort::Text,
            FieldKind::Boolean => Sort::Boolean,
            FieldKind::Date => Sort::Day,
            FieldKind::Timestamp => Sort::Moment,
            FieldKind::Duration => Sort::Duration,
            FieldKind::Json => Sort::Json,
            FieldKind::List(_) => Sort::List,
            FieldKind::Uuid
            | FieldKind::Time
            | FieldKind::Binary
            | FieldKind::IpAddress
            | FieldKind::Unknown => Sort::Other,
        })
    }

    /// The sort that all of some values have; `None` where they cannot be compared.
    fn together<'e>(&self, all: impl IntoIterator<Item = &'e Expr>) -> Option<Sort> {
        let mut common: Option<Sort> = None;
        for sql in all {
            let sort = self.sort(sql)?;
            (sort != Sort::Other && sort != Sort::Json && sort != Sort::List).then_some(())?;
            common = Some(match common {
                None => sort,
                Some(so_far) => joined(so_far, sort)?,
            });
        }
        common
    }

    fn binary(&self, left: &Expr, operator: &BinaryOperator, right: &Expr) -> Option<Sort> {
        use BinaryOperator as Op;
        let sorts = || Some((self.sort(left)?, self.sort(right)?));
        Some(match operator {
            Op::And | Op::Or => {
                (sorts()? == (Sort::Boolean, Sort::Boolean)).then_some(Sort::Boolean)?
            }
            Op::Eq | Op::NotEq | Op::Lt | Op::LtEq | Op::Gt | Op::GtEq => {
                self.together([left, right])?;
                Sort::Boolean
            }
            Op::Plus | Op::Minus | Op::Multiply | Op::Divide => match (sorts()?, operator) {
                ((one, other), _) if is_number(one) && is_number(other) => joined(one, other)?,
                ((Sort::Day, Sort::Day), Op::Minus) => Sort::Number,
                ((Sort::Day, Sort::Number), Op::Plus | Op::Minus) => Sort::Day,
                _ => return None,
            },
            Op::Modulo => (sorts()? == (Sort::Number, Sort::Number)).then_some(Sort::Number)?,
            Op::StringConcat => {
                let (left, right) = sorts()?;
                // Two constants might be anything.
                let is_one = left == Sort::Text || right == Sort::Text;
                (is_one && is_text(left) && is_text(right)).then_some(Sort::Text)?
            }
            Op::PGRegexMatch | Op::PGRegexIMatch | Op::PGRegexNotMatch | Op::PGRegexNotIMatch => {
                let is_sound = is_text(self.sort(left)?) && is_pattern(quoted(right)?);
                is_sound.then_some(Sort::Boolean)?
            }
            Op::Arrow | Op::LongArrow => {
                let is_key = quoted(right).is_some() || self.sort(right)? == Sort::Number;
                let sort = if *operator == Op::Arrow { Sort::Json } else { Sort::Text };
                (is_key && self.sort(left)? == Sort::Json).then_some(sort)?
            }
            // Further operators are of other types.
            _ => return None,
        })
    }

    fn cast(&self, of: &Expr, to: &DataType) -> Option<Sort> {
        let from = self.sort(of)?;
        Some(match to {
            DataType::Text | DataType::Varchar(None) if from != Sort::Other => Sort::Text,
            DataType::Int(None) | DataType::Integer(None) | DataType::BigInt(None) => {
                let is_of = is_number(from) || matches!(from, Sort::Text);
                is_of.then_some(Sort::Number)?
            }
            DataType::Numeric(_) | DataType::Decimal(_) => {
                (is_number(from) || from == Sort::Text).then_some(Sort::Number)?
            }
            DataType::Date => {
                matches!(from, Sort::Day | Sort::Quoted { day: true }).then_some(Sort::Day)?
            }
            // Whether a text is a value of another type, only the server knows.
            _ => return None,
        })
    }

    fn call(&self, function: &Function) -> Option<Sort> {
        let of = arguments(function)?;
        let sorts: Vec<Sort> = of.iter().map(|it| self.sort(it)).collect::<Option<_>>()?;
        let texts = |count: usize| sorts.len() == count && sorts.iter().all(|it| is_text(*it));
        let name = function.name.to_string().to_lowercase();
        let sort = match (name.as_str(), sorts.as_slice()) {
            ("lower" | "upper" | "btrim" | "ltrim" | "rtrim", [Sort::Text]) => Sort::Text,
            ("left" | "right" | "substr" | "substring", [Sort::Text, Sort::Number])
            | ("substr" | "substring", [Sort::Text, Sort::Number, Sort::Number]) => Sort::Text,
            ("replace", _) if texts(3) => Sort::Text,
            ("split_part", [Sort::Text, Sort::Quoted { .. }, Sort::Number]) => Sort::Text,
            (
                "length" | "char_length" | "character_length" | "octet_length" | "bit_length",
                [Sort::Text],
            ) => Sort::Number,
            ("strpos", _) if texts(2) => Sort::Number,
            ("starts_with", _) if texts(2) => Sort::Boolean,
            ("abs" | "ceil" | "ceiling" | "floor" | "round" | "trunc" | "sign", [one])
                if is_number(*one) =>
            {
                *one
            }
            ("round" | "trunc" | "mod", [Sort::Number, Sort::Number]) => Sort::Number,
            ("coalesce" | "greatest" | "least" | "nullif", [_, ..]) => self.together(of)?,
            ("num_nulls" | "num_nonnulls", [_, ..]) => Sort::Number,
            ("cardinality", [Sort::List])
            | ("array_length", [Sort::List, Sort::Number])
            | ("jsonb_array_length", [Sort::Json]) => Sort::Number,
            ("jsonb_typeof", [Sort::Json]) => Sort::Text,
            // Others may give another result for the same values, or are not there.
            _ => return None,
        };
        Some(sort)
    }
}

fn is_number(sort: Sort) -> bool {
    matches!(sort, Sort::Number | Sort::Float)
}

fn is_text(sort: Sort) -> bool {
    matches!(sort, Sort::Text | Sort::Quoted { .. })
}

/// The sort of two values that are compared.
fn joined(one: Sort, other: Sort) -> Option<Sort> {
    Some(match (one, other) {
        (one, other) if one == other => one,
        (Sort::Null, sort) | (sort, Sort::Null) => sort,
        (Sort::Number | Sort::Float, Sort::Number | Sort::Float) => Sort::Float,
        (Sort::Text, Sort::Quoted { .. }) | (Sort::Quoted { .. }, Sort::Text) => Sort::Text,
        (Sort::Quoted { .. }, Sort::Quoted { .. }) => Sort::Quoted { day: false },
        (Sort::Day, Sort::Quoted { day: true }) | (Sort::Quoted { day: true }, Sort::Day) => {
            Sort::Day
        }
        (Sort::Moment, Sort::Quoted { day: true }) | (Sort::Quoted { day: true }, Sort::Moment) => {
            Sort::Moment
        }
        _ => return None,
    })
}

fn literal(value: &Value) -> Option<Sort> {
    Some(match value {
        Value::Number(..) => Sort::Number,
        Value::SingleQuotedString(text) => Sort::Quoted { day: is_day(text) },
        Value::Boolean(_) => Sort::Boolean,
        Value::Null => Sort::Null,
        // Other forms of constants are other databases' own, or read only with some settings.
        _ => return None,
    })
}

/// Whether a text is a day that there is in every year and month: `2024-05-17`.
fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let within = |text: &str, length: usize, most: u32| {
        text.len() == length && text.parse::<u32>().is_ok_and(|it| (1..=most).contains(&it))
    };
    within(year, 4, 9999) && within(month, 2, 12) && within(day, 2, 28)
}

fn quoted(sql: &Expr) -> Option<&str> {
    match sql {
        Expr::Nested(inner) => quoted(inner),
        Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(text) => Some(text),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a text is a regular expression that PostgreSQL reads (manual, section 9.7.3): one that it does not is found
/// only when the first row is written.
fn is_pattern(text: &str) -> bool {
    let (mut depth, mut in_class) = (0_usize, false);
    let mut characters = text.chars().peekable();
    // Whether something stands before that can be repeated.
    let mut repeats = false;
    while let Some(c) = characters.next() {
        match c {
            '\\' => {
                let next = characters.next();
                if !next.is_some_and(|it| !it.is_alphanumeric() || "dDwWsS".contains(it)) {
                    return false;
                }
                repeats = true;
            }
            ']' if in_class => (in_class, repeats) = (false, true),
            _ if in_class => {}
            '[' => {
                in_class = true;
                characters.next_if_eq(&'^');
                characters.next_if_eq(&']');
            }
            '(' => {
                if characters.next_if_eq(&'?').is_some()
                    && characters.next_if(|it| [':', '=', '!'].contains(it)).is_none()
                {
                    return false;
                }
                depth += 1;
                repeats = false;
            }
            ')' => {
                let Some(less) = depth.checked_sub(1) else { return false };
                (depth, repeats) = (less, true);
            }
            '*' | '+' | '?' => {
                if !std::mem::replace(&mut repeats, false) {
                    return false;
                }
            }
            '{' => {
                let counts: String =
                    std::iter::from_fn(|| characters.next_if(|it| *it != '}')).collect();
                let mut sides = counts.splitn(2, ',');
                let is_count = |side: &str| side.parse::<u8>().is_ok();
                let is_sound = sides.next().is_some_and(is_count)
                    && sides.next().is_none_or(|it| it.is_empty() || is_count(it));
                let is_closed = characters.next() == Some('}');
                if !is_sound || !is_closed || !std::mem::replace(&mut repeats, false) {
                    return false;
                }
            }
            '|' | '^' => repeats = false,
            _ => repeats = true,
        }
    }
    depth == 0 && !in_class
}

#[cfg(test)]
mod tests {
    use crate::test_support::Facts;

    /// The rule of a small entity in SQL, if it is kept so.
    fn kept(condition: &str) -> Option<String> {
        let mut facts = Facts::default().entity("Parcel");
        for field in [
            "code: String(20)",
            "name: String(80)",
            "gross: Decimal(8,2)",
            "tare: Decimal(8,2)",
            "count: Integer",
            "open: Boolean",
            "sent_on: Date",
            "sent_at: Timestamp",
            "details: JSON",
            "owner_id: UUID",
        ] {
            facts = facts.field("Parcel", field);
        }
        let (model, _) = facts.rule("Parcel", &format!("CHECK ({condition})")).build();
        let rule = model.rules.iter().find(|rule| rule.sql.is_some() || rule.expression.is_some());
        rule.and_then(|rule| rule.sql.clone())
    }

    #[test]
    fn conditions_whose_types_fit_are_kept_as_written() {
        for sql in [
            "code = upper(code)",
            "code ~ '^[A-Z]{3}-[0-9]+$' OR code LIKE 'X%'",
            "count % 5 = 0",
            "round(gross / 2) >= tare",
            "extract(dow from sent_on) IN (1, 2, 3)",
            "details->>'kind' = 'box'",
            "num_nonnulls(code, name) = 1",
            "coalesce(count, 0) < 5",
            "CASE WHEN open THEN count > 0 ELSE count = 0 END",
            "sent_on - '2024-01-01'::date < 100",
            "length(trim(name)) > 2",
        ] {
            assert_eq!(kept(sql).as_deref(), Some(sql));
        }
    }

    #[test]
    fn what_the_server_would_refuse_or_what_changes_is_a_question() {
        for sql in [
            "count ~ '^[0-9]+$'",
            "open IN (0, 1)",
            "lower(count) = 'a'",
            "sent_at > now()",
            "extract(hour from sent_at) > 8",
            "owner_id = 'x'",
            "code ~ '^[A-Z{3}$'",
            "code ~ '^(A$'",
            "code ~ 'a++'",
            "sent_on > 'yesterday'",
            "random() > count",
            "len(code) > 3",
            "code REGEXP '^a'",
            "weight > 0 AND upper(code) = code",
            "count > (SELECT 1)",
            "upper(code)",
        ] {
            assert_eq!(kept(sql), None, "{sql}");
        }
    }
}
