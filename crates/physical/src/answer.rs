//! How many rows a statement gives back, as far as keys tell: what generators of code need to know of it.

use underpin_pg::{
    BinaryOperator, Expr, Ident, IndexKey, Insert, Output, QualifiedName, Schema, Select, Statement,
};

/// What a statement gives back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// One row at most.
    One,
    /// Any number of rows.
    Many,
    /// How many rows it changed.
    Count,
}

impl Answer {
    /// What a statement gives back on a schema.
    pub fn of(statement: &Statement, schema: &Schema) -> Self {
        match statement {
            Statement::Select(select) if is_one(select, schema) => Self::One,
            Statement::Select(_) => Self::Many,
            Statement::Insert(Insert { rows, returning, .. }) if !returning.is_empty() => {
                if rows.len() == 1 { Self::One } else { Self::Many }
            }
            Statement::Update(update) if !update.returning.is_empty() => Self::Many,
            Statement::Insert(_) | Statement::Update(_) | Statement::Delete(_) => Self::Count,
            Statement::Verbatim(sql) => {
                let mut words = sql.split(|c: char| !c.is_alphanumeric());
                let first = words.find(|word| !word.is_empty()).unwrap_or_default();
                let reads = ["select", "with", "values", "table"];
                let answers = reads.iter().any(|word| word.eq_ignore_ascii_case(first))
                    || words.any(|word| word.eq_ignore_ascii_case("returning"));
                if answers { Self::Many } else { Self::Count }
            }
        }
    }
}

fn is_one(select: &Select, schema: &Schema) -> bool {
    if select.limit == Some(Expr::integer(1)) {
        return true;
    }
    let Some(main) = &select.from else { return true };
    // What is computed of all rows together is one row, also of none.
    let computes = |output: &Output| output.value.is_computed();
    if select.group_by.is_empty() && select.output.iter().any(computes) {
        return true;
    }
    let filter = select.filter.as_ref();
    select.group_by.is_empty()
        && is_pinned(&main.table, filter, filter, schema)
        && select
            .joins
            .iter()
            .all(|join| is_pinned(&join.table.table, Some(&join.on), filter, schema))
}

/// Whether the columns of a table that a condition compares for equality hold one of its keys; `also` is what else is true
/// of its rows.
fn is_pinned(
    table: &QualifiedName,
    condition: Option<&Expr>,
    also: Option<&Expr>,
    schema: &Schema,
) -> bool {
    let compared: Vec<&Expr> = parts(condition).iter().flat_map(|part| sides(part)).collect();
    let has = |name: &Ident| compared.iter().any(|side| is_column(side, table, name));
    let by_key = schema.tables.get(table).is_some_and(|stored| {
        stored.keys().any(|key| !key.columns.is_empty() && key.columns.iter().all(has))
    });
    by_key
        || schema.indexes_of(table).any(|index| {
            index.unique
                && index.predicate.as_ref().is_none_or(|rows| parts(also).contains(rows))
                && index.columns.iter().all(|column| match &column.key {
                    IndexKey::Column(name) => has(name),
                    IndexKey::Expression(expression) => {
                        compared.iter().any(|side| **side == *expression)
                    }
                })
        })
}

fn parts(condition: Option<&Expr>) -> &[Expr] {
    match condition {
        Some(Expr::And(parts)) => parts,
        Some(one) => std::slice::from_ref(one),
        None => &[],
    }
}

fn sides(part: &Expr) -> Vec<&Expr> {
    match part {
        Expr::Binary(left, BinaryOperator::Equal, right) => vec![&**left, &**right],
        _ => Vec::new(),
    }
}

fn is_column(side: &Expr, table: &QualifiedName, name: &Ident) -> bool {
    match side {
        Expr::Column(column) => column == name,
        Expr::Qualified(of, column) => *of == table.name && column == name,
        _ => false,
    }
}
