//! P022: CHECK constraints: lists of values, lengths, JSON forms, and the documents' rules.

use std::borrow::Cow;

use underpin_base::Diagnostic;
use underpin_logical::{AttributeId, LogicalDesign, Relation};
use underpin_model::{
    Comparison, DefaultValue, Expression, FieldKind, Literal, Model, SqlPart, sql_parts,
};
use underpin_pg::{BinaryOperator, CheckConstraint, Column, Expr, Ident, Type, naming};

use super::UNENFORCED_RULE;
use super::keys::capital;
use crate::condition::{columns_of, condition};
use crate::names::Names;
use crate::{CheckDesign, CheckPurpose, PhysicalDesign};

pub(crate) fn apply(model: &Model, logical: &LogicalDesign, design: &mut PhysicalDesign) {
    for at in 0..design.tables.len() {
        let relation = logical.relation(design.tables[at].relation);
        let name = design.tables[at].table.clone();
        let mut table = design.schema.tables.remove(&name).expect("made by rule P010");
        let mut taken = Names::default();
        for key in table.keys() {
            taken.claim(&key.name);
        }
        for key in &table.foreign_keys {
            taken.claim(&key.name);
        }
        let mut checks = Vec::new();
        for (id, attribute) in relation.attributes() {
            checks.extend(value_list(model, &table.columns, id, &attribute.kind));
            if !is_bounded_otherwise(relation, id, &attribute.kind)
                && !is_bounded_there(logical, relation, id, &attribute.kind)
            {
                checks.extend(length(&table.columns, id, &attribute.kind));
            }
            checks.extend(json_form(&table.columns, id, relation));
        }
        for invariant in &relation.invariants {
            if invariant.expression.as_ref().is_some_and(|rule| says_nothing(relation, rule)) {
                continue;
            }
            let outcome = match &invariant.expression {
                Some(expression) => condition(expression, &table.columns)
                    .map(|sql| (sql, columns_of(expression, &table.columns))),
                None => invariant
                    .sql
                    .as_deref()
                    .and_then(|sql| verbatim(sql, relation, &table.columns))
                    .ok_or_else(|| "its SQL was not understood".to_owned()),
            };
            match outcome {
                Ok((sql, columns)) if !checks.iter().any(|check: &Draft| check.sql == sql) => {
                    checks.push(Draft {
                        sql,
                        columns,
                        suffix: "check",
                        purpose: match &invariant.expression {
                            Some(Expression::JsonForm(..)) => CheckPurpose::JsonForm,
                            _ => CheckPurpose::Rule,
                        },
                        expression: invariant.expression.clone(),
                        attributes: invariant.attributes.clone(),
                        comment: Some(capital(&told(&invariant.text))),
                        source: invariant.source,
                    });
                }
                Ok(_) => {}
                Err(reason) => {
                    let mut warning = Diagnostic::warning(
                        UNENFORCED_RULE,
                        format!("a rule of `{}` is not enforced: {reason}", relation.name),
                    )
                    .help("write it as a comparison of the entity's fields");
                    if let Some(source) = invariant.source {
                        warning = warning.at(source, "this rule");
                    }
                    design.diagnostics.push(warning);
                }
            }
        }
        only_numbers(&mut checks, &table.columns);
        for check in checks {
            // Three columns are enough for a name; PostgreSQL itself uses none when there are two.
            let columns: Vec<&Ident> = check.columns.iter().take(3).collect();
            let wanted = naming::object_name(&name.name, &columns, check.suffix);
            let constraint = taken.claim(&wanted);
            table.checks.push(CheckConstraint {
                name: constraint.clone(),
                expression: check.sql,
                comment: check.comment,
            });
            design.tables[at].checks.push(CheckDesign {
                constraint,
                purpose: check.purpose,
                expression: check.expression,
                attributes: check.attributes,
                source: check.source,
            });
        }
        design.schema.add_table(table);
    }
}

/// NaN sorts above all numbers and so passes `amount > 0`; without digits of its own `numeric` holds an infinity, too. The
/// first rule that bounds such a column from below says that it is a number, unless another bounds it from above.
fn only_numbers(checks: &mut [Draft], columns: &[Column]) {
    let above = |check: &Draft| check.expression.as_ref().map(Expression::bounded_above);
    let mut settled: Vec<AttributeId> = checks.iter().filter_map(above).flatten().collect();
    for check in checks {
        let below = check.expression.as_ref().map(Expression::bounded_below).unwrap_or_default();
        for id in below {
            let column = &columns[id.index()];
            let (operator, beyond) = match column.data_type.beyond_numbers() {
                [] => continue,
                [only] => (BinaryOperator::NotEqual, *only),
                // What is below an infinity is not NaN either.
                [.., infinity] => (BinaryOperator::Less, *infinity),
            };
            if settled.contains(&id) {
                continue;
            }
            settled.push(id);
            let is_number = Expr::binary(Expr::column(&column.name), operator, Expr::text(beyond));
            check.sql = match std::mem::replace(&mut check.sql, Expr::And(Vec::new())) {
                Expr::And(mut list) => {
                    list.push(is_number);
                    Expr::And(list)
                }
                said => Expr::And(vec![said, is_number]),
            };
        }
    }
}

/// A condition as the document writes it, with the names of the columns in place of its own; PostgreSQL judges it
/// when the schema is applied. `None` where it speaks of anything but columns of the table.
fn verbatim(sql: &str, relation: &Relation, columns: &[Column]) -> Option<(Expr, Vec<Ident>)> {
    let mut text = String::with_capacity(sql.len());
    let mut named: Vec<Ident> = Vec::new();
    for part in sql_parts(sql)? {
        match part {
            SqlPart::Other(other) => text.push_str(other),
            SqlPart::Column(name) => {
                let spelled = name.trim_matches('"');
                let is_meant = |other: &str| other.eq_ignore_ascii_case(spelled);
                let (id, _) = relation.attributes().find(|(id, attribute)| {
                    is_meant(&attribute.name) || is_meant(columns[id.index()].name.as_str())
                })?;
                let column = &columns[id.index()].name;
                text.push_str(&column.to_string());
                if !named.contains(column) {
                    named.push(column.clone());
                }
            }
        }
    }
    Some((Expr::Verbatim(text), named))
}

struct Draft {
    sql: Expr,
    columns: Vec<Ident>,
    suffix: &'static str,
    purpose: CheckPurpose,
    expression: Option<Expression<AttributeId>>,
    attributes: Vec<AttributeId>,
    comment: Option<String>,
    source: Option<underpin_base::Span>,
}

fn value_list(
    model: &Model,
    columns: &[Column],
    id: AttributeId,
    kind: &FieldKind,
) -> Option<Draft> {
    let column = &columns[id.index()];
    let (enumeration, in_list) = match kind {
        FieldKind::Enumeration(enumeration) => (*enumeration, false),
        FieldKind::List(inner) => match &**inner {
            FieldKind::Enumeration(enumeration) => (*enumeration, true),
            _ => return None,
        },
        _ => return None,
    };
    let mut values: Vec<String> = Vec::new();
    for value in &model.enumeration(enumeration).values {
        if !values.contains(value) && !value.contains('\0') {
            values.push(value.clone());
        }
    }
    if values.is_empty() {
        return None;
    }
    let draft = |sql, expression| Draft {
        sql,
        columns: vec![column.name.clone()],
        suffix: "check",
        purpose: CheckPurpose::Enumeration,
        expression,
        attributes: vec![id],
        comment: None,
        source: None,
    };
    if in_list {
        let list = values.into_iter().map(Expr::text).collect();
        let array = Expr::Cast(Box::new(Expr::Array(list)), Type::Array(Box::new(Type::Text)));
        let sql = Expr::binary(Expr::column(&column.name), BinaryOperator::ContainedBy, array);
        return Some(draft(sql, None));
    }
    let list = values.into_iter().map(Literal::Text).collect();
    let expression = Expression::OneOf(Box::new(Expression::Field(id)), list);
    let sql = condition(&expression, columns).ok()?;
    Some(draft(sql, Some(expression)))
}

/// Whether a rule lets in every value of its column, as `is_public IN (true, false)` does.
fn says_nothing(relation: &Relation, rule: &Expression<AttributeId>) -> bool {
    let Expression::OneOf(value, list) = rule else { return false };
    let Expression::Field(id) = **value else { return false };
    relation.attribute(id).kind == FieldKind::Boolean
        && [true, false].iter().all(|&value| list.contains(&Literal::Boolean(value)))
}

/// Whether the attribute refers to one of at most the same length: the foreign key lets in nothing longer.
fn is_bounded_there(
    logical: &LogicalDesign,
    relation: &Relation,
    id: AttributeId,
    kind: &FieldKind,
) -> bool {
    relation.references.iter().any(|reference| {
        let pairs = reference.attributes.iter().zip(&reference.target_attributes);
        let target = logical.relation(reference.target);
        pairs.into_iter().any(|(&own, &there)| {
            let is_key = own == id && target.attribute(there).kind == *kind;
            // A row that names itself is bounded by nobody else.
            is_key && !(target.entity == relation.entity && own == there)
        })
    })
}

/// Whether a stated rule already limits the length, as `^[A-Z]{3}$` does for `char(3)` and "3 to 200
/// characters" for `varchar(200)`: a second CHECK would refuse no row that the first lets in.
fn is_bounded_otherwise(relation: &Relation, id: AttributeId, kind: &FieldKind) -> bool {
    let FieldKind::Text { max: Some(max) } = kind else { return false };
    let rules = relation.invariants.iter().filter_map(|invariant| invariant.expression.as_ref());
    rules.into_iter().any(|rule| longest(rule, id).is_some_and(|length| length <= i64::from(*max)))
}

/// What a document says of a rule, where it says it in SQL: the condition alone is no sentence.
fn told(text: &str) -> Cow<'_, str> {
    let code = text.trim_start_matches('`');
    let is_check = code.get(..5).is_some_and(|word| word.eq_ignore_ascii_case("check"));
    if is_check && code[5..].trim_start().starts_with('(') {
        Cow::Owned(format!("a document says: {text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The most characters that a rule lets a text have, where it says so for every row.
fn longest(rule: &Expression<AttributeId>, id: AttributeId) -> Option<i64> {
    match rule {
        Expression::Matches(value, pattern) if **value == Expression::Field(id) => {
            exact_length(pattern).map(i64::from)
        }
        Expression::Compare(left, comparison, right) => {
            let of_length = Expression::Length(Box::new(Expression::Field(id)));
            let Expression::Literal(Literal::Integer(limit)) = **right else { return None };
            match comparison {
                Comparison::LessOrEqual | Comparison::Equal if **left == of_length => Some(limit),
                Comparison::Less if **left == of_length => Some(limit - 1),
                Comparison::Equal
                | Comparison::NotEqual
                | Comparison::Less
                | Comparison::LessOrEqual
                | Comparison::Greater
                | Comparison::GreaterOrEqual => None,
            }
        }
        Expression::All(rules) => rules.iter().filter_map(|rule| longest(rule, id)).min(),
        Expression::Matches(..)
        | Expression::Field(_)
        | Expression::Literal(_)
        | Expression::Calculate(..)
        | Expression::OneOf(..)
        | Expression::Length(_)
        | Expression::JsonForm(..)
        | Expression::IsPresent(_)
        | Expression::Apart { .. }
        | Expression::Together { .. }
        | Expression::Any(_)
        | Expression::Not(_)
        | Expression::Implies(..) => None,
    }
}

/// The length of every text that a pattern of one counted bracket matches.
fn exact_length(pattern: &str) -> Option<u32> {
    let inner = pattern.trim_start_matches('^').trim_end_matches('$');
    let (set, count) = inner.strip_prefix('[')?.strip_suffix('}')?.split_once("]{")?;
    (!set.contains(['[', ']'])).then_some(())?;
    count.parse().ok()
}

fn length(columns: &[Column], id: AttributeId, kind: &FieldKind) -> Option<Draft> {
    let FieldKind::Text { max: Some(max) } = kind else { return None };
    let expression = Expression::compare(
        Expression::Length(Box::new(Expression::Field(id))),
        Comparison::LessOrEqual,
        Expression::Literal(Literal::Integer(i64::from(*max))),
    );
    let sql = condition(&expression, columns).ok()?;
    Some(Draft {
        sql,
        columns: vec![columns[id.index()].name.clone()],
        suffix: "length_check",
        purpose: CheckPurpose::Length,
        expression: Some(expression),
        attributes: vec![id],
        comment: None,
        source: None,
    })
}

/// A JSON column whose default is an object or a list holds nothing else.
fn json_form(columns: &[Column], id: AttributeId, relation: &Relation) -> Option<Draft> {
    let attribute = relation.attribute(id);
    // A rule that says so itself tells more than a default.
    let is_said = |rule: &Expression<AttributeId>| matches!(rule, Expression::JsonForm(field, _) if *field == id);
    if relation.invariants.iter().filter_map(|it| it.expression.as_ref()).any(is_said) {
        return None;
    }
    let form = match (&attribute.kind, &attribute.default) {
        (FieldKind::Json, Some(DefaultValue::EmptyObject)) => "object",
        (FieldKind::Json, Some(DefaultValue::EmptyList)) => "array",
        _ => return None,
    };
    let column = &columns[id.index()];
    Some(Draft {
        sql: Expr::equals(
            Expr::Call("jsonb_typeof", vec![Expr::column(&column.name)]),
            Expr::text(form),
        ),
        columns: vec![column.name.clone()],
        suffix: "check",
        purpose: CheckPurpose::JsonForm,
        expression: None,
        attributes: vec![id],
        comment: Some(format!("Holds a JSON {form}, as its default does.")),
        source: attribute.source,
    })
}
