//! SQL text as statements: split into them, parsed one by one in the dialects that people use.

pub(crate) mod parts;
mod repair;
mod split;

pub(crate) use repair::{Omission, parse_leniently};
pub(crate) use split::split;

use sqlparser::ast::{AlterTableOperation, ColumnDef, DataType, Statement};
use sqlparser::dialect::{
    Dialect, GenericDialect, MsSqlDialect, MySqlDialect, PostgreSqlDialect, SQLiteDialect,
};
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Token;

/// Parses one statement in the first dialect that accepts it; PostgreSQL's complaint otherwise.
pub(crate) fn parse(text: &str) -> Result<Statement, String> {
    in_any_dialect(text, |parser| {
        let statement = parser.parse_statement()?;
        Ok((!takes_an_index_for_a_column(&statement)).then_some(statement))
    })
}

/// What the first dialect makes of a text that it accepts as a whole.
fn in_any_dialect<T>(
    text: &str,
    read: impl Fn(&mut Parser<'_>) -> Result<Option<T>, ParserError>,
) -> Result<T, String> {
    let dialects: [&dyn Dialect; 5] = [
        &PostgreSqlDialect {},
        &MySqlDialect {},
        &SQLiteDialect {},
        &MsSqlDialect {},
        &GenericDialect {},
    ];
    let mut complaint = None;
    for dialect in dialects {
        let parsed = Parser::new(dialect).with_recursion_limit(40).try_with_sql(text).and_then(
            |mut parser| {
                let value = read(&mut parser)?;
                parser.expect_token(&Token::EOF).map(|_| value)
            },
        );
        match parsed {
            Ok(Some(value)) => return Ok(value),
            Ok(None) => {}
            Err(error) => {
                // The place is that in the part that was parsed, which says nothing to a reader.
                let text = error.to_string();
                let text = text.split(" at Line:").next().unwrap_or(&text);
                complaint.get_or_insert(text.trim_start_matches("sql parser error: ").to_owned());
            }
        }
    }
    Err(complaint.unwrap_or_else(|| "no dialect has this form".to_owned()))
}

/// To a dialect without `INDEX name (column)` inside a table, that is a column `INDEX` of a type of
/// its own.
fn is_index(column: &ColumnDef) -> bool {
    column.name.quote_style.is_none()
        && matches!(
            column.name.value.to_ascii_lowercase().as_str(),
            "index" | "key" | "fulltext" | "spatial"
        )
        && matches!(&column.data_type, DataType::Custom(_, arguments) if !arguments.is_empty())
}

fn takes_an_index_for_a_column(statement: &Statement) -> bool {
    match statement {
        Statement::CreateTable(table) => table.columns.iter().any(is_index),
        Statement::AlterTable(alter) => alter.operations.iter().any(|operation| {
            matches!(operation, AlterTableOperation::AddColumn { column_def, .. } if is_index(column_def))
        }),
        _ => false,
    }
}

/// The comment at the end of a line, without its dashes.
pub(crate) fn line_comment(line: &str) -> Option<&str> {
    let mut quoted = false;
    for (at, character) in line.char_indices() {
        if character == '\'' {
            quoted = !quoted;
        }
        if !quoted && line[at..].starts_with("--") {
            let text = line[at..].trim_start_matches('-').trim();
            return (!text.is_empty()).then_some(text);
        }
    }
    None
}
