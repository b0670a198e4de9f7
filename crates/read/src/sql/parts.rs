//! What the parts of a definition say: names, columns, types, checks.

use sqlparser::ast::{
    BinaryOperator, ColumnDef, ColumnOption, CommentDef, CreateTable, CreateTableOptions, DataType,
    EnumMember, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, IndexColumn,
    ObjectName, OrderBySort, ReferentialAction, SqlOption, Value,
};

use crate::words::last_part;
use crate::{FieldFact, ReferenceFact};

/// The name of a table with its schema, unless that is the one where tables are by default.
pub(crate) fn table_name(name: &ObjectName) -> String {
    let parts: Vec<&str> = name
        .0
        .iter()
        .filter_map(|part| part.as_ident().map(|ident| ident.value.as_str()))
        .collect();
    match parts.as_slice() {
        [] => last_part(&name.to_string()).to_owned(),
        [.., schema, table]
            if !matches!(schema.to_lowercase().as_str(), "public" | "dbo" | "main") =>
        {
            format!("{schema}.{table}")
        }
        [.., table] => (*table).to_owned(),
    }
}

pub(crate) fn action(action: ReferentialAction) -> String {
    action.to_string().to_lowercase()
}

pub(crate) fn index_columns(columns: &[IndexColumn]) -> Vec<String> {
    columns
        .iter()
        .map(|column| {
            let direction = if matches!(column.column.options.sort, Some(OrderBySort::Desc)) {
                " desc"
            } else {
                ""
            };
            match &column.column.expr {
                Expr::Identifier(name) => format!("{}{direction}", name.value),
                // MySQL's `email(20)` is the beginning of a column.
                Expr::Function(call) => match prefix_of(call) {
                    Some(name) => format!("{name}{direction}"),
                    None => format!("{call}{direction}"),
                },
                _ => column.column.to_string(),
            }
        })
        .collect()
}

fn prefix_of(call: &Function) -> Option<String> {
    let FunctionArguments::List(list) = &call.args else { return None };
    let is_length = |argument: &FunctionArg| {
        matches!(
            argument,
            FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Value(value)))
                if matches!(value.value, Value::Number(..))
        )
    };
    (list.args.len() == 1 && is_length(&list.args[0]))
        .then(|| last_part(&call.name.to_string()).to_owned())
}

/// The comment among the options of MySQL's tables.
pub(crate) fn table_comment(table: &CreateTable) -> Option<String> {
    let (CreateTableOptions::Plain(options) | CreateTableOptions::With(options)) =
        &table.table_options
    else {
        return None;
    };
    options.iter().find_map(|option| match option {
        SqlOption::Comment(CommentDef::WithEq(text) | CommentDef::WithoutEq(text)) => {
            Some(text.clone())
        }
        _ => None,
    })
}

/// A type as written, without the quotation marks of T-SQL's `[int]`.
pub(crate) fn type_text(data_type: &DataType) -> String {
    let text = data_type.to_string();
    match data_type {
        DataType::Custom(..) => text.replace(['"', '`'], "").trim_start_matches('[').replacen(
            ']',
            "",
            usize::from(text.starts_with('[')),
        ),
        _ => text,
    }
}

pub(crate) fn column_fact(column: &ColumnDef) -> FieldFact {
    let mut field = FieldFact { name: column.name.value.clone(), ..FieldFact::default() };
    match &column.data_type {
        DataType::Enum(members, _) => {
            field.type_text = Some("enum".to_owned());
            field.enum_values = members
                .iter()
                .map(|member| match member {
                    EnumMember::Name(name) | EnumMember::NamedValue(name, _) => name.clone(),
                })
                .collect();
        }
        DataType::Unspecified => {}
        other => field.type_text = Some(type_text(other)),
    }
    let mut required = false;
    for option in &column.options {
        match &option.option {
            ColumnOption::NotNull => required = true,
            ColumnOption::Default(value) => field.default = Some(value.to_string()),
            ColumnOption::PrimaryKey(_) => {
                field.primary_key = Some(true);
                required = true;
            }
            ColumnOption::Unique(_) => field.unique = Some(true),
            ColumnOption::ForeignKey(key) => {
                field.references = Some(ReferenceFact {
                    entity: table_name(&key.foreign_table),
                    field: key.referred_columns.first().map(|column| column.value.clone()),
                    on_delete: key.on_delete.map(action),
                });
            }
            ColumnOption::Comment(text) => field.description = Some(text.clone()),
            ColumnOption::Generated { generation_expr: None, .. } | ColumnOption::Identity(_) => {
                field.constraints.push("auto-increment".to_owned());
            }
            ColumnOption::Generated { generation_expr: Some(expression), .. } => {
                field.constraints.push(format!("generated as {expression}"));
            }
            ColumnOption::DialectSpecific(tokens) => {
                let text = tokens.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
                if text.to_lowercase().contains("auto") {
                    field.constraints.push("auto-increment".to_owned());
                }
            }
            _ => {}
        }
    }
    field.required = Some(required);
    field
}

/// The values of `column IN ('a', 'b')`.
pub(crate) fn values_in(expression: &Expr, column: &str) -> Vec<String> {
    match checked_column(expression) {
        Some((name, values)) if name.eq_ignore_ascii_case(column) => values,
        _ => Vec::new(),
    }
}

/// The column that a check compares with a list of values: `IN`, `= ANY (ARRAY[…])` as `pg_dump`
/// writes it, `a = 'x' OR a = 'y'`, each also with `IS NULL OR`.
pub(crate) fn checked_column(expression: &Expr) -> Option<(String, Vec<String>)> {
    match bare(expression) {
        Expr::InList { expr, list, negated: false } => {
            Some((column_name(expr)?, list.iter().map(text_value).collect::<Option<_>>()?))
        }
        Expr::AnyOp { left, compare_op: BinaryOperator::Eq, right, .. } => {
            let Expr::Array(array) = bare(right) else { return None };
            Some((column_name(left)?, array.elem.iter().map(text_value).collect::<Option<_>>()?))
        }
        Expr::BinaryOp { left, op: BinaryOperator::Eq, right } => {
            Some((column_name(left)?, vec![text_value(right)?]))
        }
        Expr::BinaryOp { left, op: BinaryOperator::Or, right } => {
            let (name, mut values) = match bare(left) {
                Expr::IsNull(column) => (column_name(column)?, Vec::new()),
                left => checked_column(left)?,
            };
            let (other, more) = match bare(right) {
                Expr::IsNull(column) => (column_name(column)?, Vec::new()),
                right => checked_column(right)?,
            };
            values.extend(more);
            name.eq_ignore_ascii_case(&other).then_some((name, values))
        }
        _ => None,
    }
    .filter(|(_, values)| !values.is_empty())
}

/// An expression without brackets and casts.
fn bare(expression: &Expr) -> &Expr {
    match expression {
        Expr::Nested(inner) | Expr::Cast { expr: inner, .. } => bare(inner),
        other => other,
    }
}

fn column_name(expression: &Expr) -> Option<String> {
    match bare(expression) {
        Expr::Identifier(name) => Some(name.value.clone()),
        _ => None,
    }
}

fn text_value(expression: &Expr) -> Option<String> {
    match bare(expression) {
        Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(text) | Value::NationalStringLiteral(text) => {
                Some(text.clone())
            }
            _ => None,
        },
        _ => None,
    }
}
