//! P040: each access pattern becomes one statement with typed parameters.

mod build;
mod computed;
mod forms;
mod optional;
mod pages;
mod picks;
mod select;
mod state_change;
mod windows;
mod write;

use underpin_base::Diagnostic;
use underpin_logical::LogicalDesign;
use underpin_model::{AccessKind, Model, Pattern, PatternId, WriteForm};
use underpin_pg::{
    BinaryOperator, Expr, Ident, Statement, Table, compared_parameters, numbered_parameters,
    uneven_insert, unknown_names, with_namespaces,
};

use super::{FOREIGN_STATEMENT, IDLE_ORDER};
use crate::{Parameter, ParameterRole, PhysicalDesign, Query};
use build::Builder;
pub(crate) use build::{mark_of_deletion, not_deleted, text_vector};
pub(crate) use optional::asked_for;

pub(crate) fn apply(model: &Model, logical: &LogicalDesign, design: &mut PhysicalDesign) {
    let mut queries = Vec::new();
    let mut foreign = Vec::new();
    let mut paged = Vec::new();
    let mut optional = Vec::new();
    for (id, pattern) in model.patterns() {
        let Some(relation) = logical.relation_of(pattern.entity) else { continue };
        let mut builder = Builder::new(model, logical, design, relation);
        let mut next_page = None;
        let statement = match (&pattern.sql, pattern.kind) {
            (Some(sql), _) => match misfit(sql, design) {
                None => Some(Statement::Verbatim(as_stated(sql, design))),
                Some(reason) => {
                    foreign.push(
                        Diagnostic::warning(
                            FOREIGN_STATEMENT,
                            format!(
                                "PostgreSQL would refuse the SQL of `{}`: {reason}",
                                pattern.name
                            ),
                        )
                        .at(pattern.source, "stated here")
                        .help("add what is missing to the entity, or correct the SQL"),
                    );
                    builder.remarks.push(reason);
                    None
                }
            },
            (None, AccessKind::Read) if pattern.filter.is_empty() && asks_for_some(pattern) => {
                // All rows are not what was asked for.
                builder.remarks.push(if pattern.unresolved.is_empty() {
                    not_understood(&pattern.unread)
                } else {
                    format!("no field is known for \"{}\"", pattern.unresolved.join("\", \""))
                });
                None
            }
            (None, AccessKind::Read) => {
                let (first, reachable) = select::statement(&mut builder, pattern, false);
                let parameters = builder.parameters.clone();
                next_page = pages::next(&mut builder, pattern, &first, &reachable)
                    .map(|next| (next, std::mem::replace(&mut builder.parameters, parameters)));
                Some(picks::of(&mut builder, pattern, first, &reachable))
            }
            (None, AccessKind::Write) => write::statement(&mut builder, pattern),
        };
        let main = design.tables[relation.index()].table.clone();
        let parameters = match &statement {
            Some(Statement::Verbatim(sql)) if pattern.sql.is_some() => {
                stated_parameters(sql, &design.schema.tables[&main])
            }
            Some(_) | None => builder.parameters,
        };
        let statement = statement.filter(|it| match ordered_by_one_value(it, pattern) {
            None => true,
            Some(column) => {
                let reason = format!(
                    "it orders its rows by {}, in which all of them have the one value that it asks for",
                    column.as_str()
                );
                foreign.push(
                    Diagnostic::warning(
                        IDLE_ORDER,
                        format!("`{}` gets no statement: {reason}", pattern.name),
                    )
                    .at(pattern.source, "stated here")
                    .help("say by what rows are found, and by what they are ordered"),
                );
                builder.remarks.push(reason);
                next_page = None;
                false
            }
        });
        builder.remarks.extend(together(model, id, pattern));
        // It would find or change other rows than the document speaks of. A row that is added is the same one.
        let is_draft = pattern.sql.is_none() && !pattern.is_whole() && !adds(pattern);
        builder.remarks.extend(unread(pattern).filter(|_| statement.is_some()));
        let (statement, draft) = if is_draft { (None, statement) } else { (statement, None) };
        let query = Query {
            pattern: id,
            name: pattern.name.clone(),
            table: main,
            tables: builder.tables,
            kind: pattern.kind,
            statement,
            draft,
            parameters,
            windows: builder.windows,
            follows: None,
            narrows: None,
            promised_index: None,
            equivalent_indexes: Vec::new(),
            remark: if builder.remarks.is_empty() {
                None
            } else {
                Some(builder.remarks.join("; "))
            },
            frequency: pattern.frequency.clone(),
            per_second: pattern.per_second,
            // How fast another statement is says nothing of the one that was asked for.
            latency_ms: pattern.latency_ms.filter(|_| pattern.is_whole()),
        };
        let next_page = next_page.filter(|_| query.statement.is_some());
        let next_page = next_page.map(|(next, parameters)| {
            paged.push((query.name.clone(), pattern.source));
            pages::following(&query, next, parameters)
        });
        let asked = asked_for(pattern).filter(|_| query.statement.is_some()).map(|asked| {
            let mut builder = Builder::new(model, logical, design, relation);
            let asked = Pattern { name: optional::name(&builder, pattern, &asked), ..asked };
            let queries = with_filters(&mut builder, &query, &asked);
            optional.push((query.name.clone(), asked));
            queries
        });
        queries.push(query);
        queries.extend(next_page);
        queries.extend(asked.into_iter().flatten());
    }
    design.queries = queries;
    pages::decide(design, &paged);
    optional::decide(design, &optional);
    design.diagnostics.append(&mut foreign);
}

/// Whether a pattern without a condition asks for less than all rows: by what is no field, or in words of which nothing is known.
fn asks_for_some(pattern: &Pattern) -> bool {
    let is_plain = pattern.limit.is_none() && pattern.pick.is_none() && !pattern.is_computed();
    !pattern.unresolved.is_empty() || is_plain && !pattern.unread.is_empty()
}

/// The column that a statement asks one value of and orders by: nobody orders rows that are alike.
fn ordered_by_one_value(statement: &Statement, pattern: &Pattern) -> Option<Ident> {
    let Statement::Select(select) = statement else { return None };
    let conditions = match &select.filter {
        Some(Expr::And(parts)) => parts.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    let is_one_value = |column: &Expr| {
        conditions.iter().any(|condition| {
            matches!(condition, Expr::Binary(left, BinaryOperator::Equal, right)
                if **left == *column && matches!(**right, Expr::Parameter(_)))
        })
    };
    // What follows the order that is asked for only breaks ties.
    let mut asked = select.order_by.iter().take(pattern.sort.len());
    let part = asked.find(|part| is_one_value(&part.value))?;
    part.value.columns().first().map(|&column| column.clone())
}

/// With which other writes a write is made, where one sentence asks for both.
fn together(model: &Model, id: PatternId, pattern: &Pattern) -> Option<String> {
    let is_beside = |other: &Pattern| {
        other.kind == AccessKind::Write
            && other.source == pattern.source
            && other.text == pattern.text
    };
    let others: Vec<&str> = model
        .patterns()
        .filter(|&(other, it)| other != id && pattern.kind == AccessKind::Write && is_beside(it))
        .map(|(_, it)| it.name.as_str())
        .collect();
    (!others.is_empty()).then(|| format!("in one transaction with `{}`", others.join("`, `")))
}

/// Whether a pattern adds rows.
fn adds(pattern: &Pattern) -> bool {
    pattern.form.is_some_and(WriteForm::adds)
}

/// What a pattern asks for beside what its statement does.
fn unread(pattern: &Pattern) -> Option<String> {
    let left: Vec<String> = pattern.unresolved.iter().chain(&pattern.unread).cloned().collect();
    (!left.is_empty()).then(|| format!("the document asks for more: {}", not_understood(&left)))
}

fn not_understood(words: &[String]) -> String {
    let were = if words.len() == 1 { "was" } else { "were" };
    format!("\"{}\" {were} not understood", words.join("\", \""))
}

/// The call that asks for what another leaves out, and its next page.
fn with_filters(builder: &mut Builder<'_>, plain: &Query, asked: &Pattern) -> Vec<Query> {
    let (first, reachable) = select::statement(builder, asked, true);
    let parameters = builder.parameters.clone();
    let next_page = pages::next(builder, asked, &first, &reachable);
    builder.remarks.extend(optional::remark(asked).map(str::to_owned));
    let after = std::mem::replace(&mut builder.parameters, parameters);
    let statement = picks::of(builder, asked, first, &reachable);
    let parameters = std::mem::replace(&mut builder.parameters, after);
    let query = Query {
        name: asked.name.clone(),
        tables: builder.tables.clone(),
        statement: Some(statement),
        parameters,
        windows: builder.windows.clone(),
        narrows: Some(plain.name.clone()),
        remark: (!builder.remarks.is_empty()).then(|| builder.remarks.join("; ")),
        frequency: None,
        per_second: None,
        ..plain.clone()
    };
    let parameters = std::mem::take(&mut builder.parameters);
    let next_page = next_page.map(|next| pages::following(&query, next, parameters));
    std::iter::once(query).chain(next_page).collect()
}

/// The parameters of SQL that a document gives, where each is compared with a column of the main table.
fn stated_parameters(sql: &str, table: &Table) -> Vec<Parameter> {
    let one = |(name, operator): (&str, &str)| {
        let column = table.columns.iter().find(|column| column.name.as_str() == name)?;
        let (role, suffix) = match operator {
            "=" => (ParameterRole::Equals, ""),
            ">" | ">=" => (ParameterRole::Lower, "_from"),
            "like" | "ilike" => (ParameterRole::Search, "_part"),
            _ => (ParameterRole::Upper, "_to"),
        };
        Some(Parameter {
            name: format!("{name}{suffix}"),
            data_type: column.data_type.clone(),
            column: Some((table.name.clone(), column.name.clone())),
            role,
        })
    };
    compared_parameters(sql).into_iter().map(one).collect::<Option<Vec<_>>>().unwrap_or_default()
}

/// Why SQL of a document does not fit the tables, as far as its words tell.
fn misfit(sql: &str, design: &PhysicalDesign) -> Option<String> {
    if let Some((columns, values)) = uneven_insert(sql) {
        return Some(format!("it names {columns} columns and gives {values} values"));
    }
    let unknown = unknown_names(sql, &design.schema);
    (!unknown.is_empty()).then(|| format!("no table has `{}`", unknown.join("`, `")))
}

/// SQL of a document in the words of a server without extensions: what makes a random UUID has been part
/// of PostgreSQL since version 13. Documents name tables without the schemas that we give them.
fn as_stated(sql: &str, design: &PhysicalDesign) -> String {
    let sql = sql.trim().trim_end_matches(';').trim_end();
    let sql = numbered_parameters(&sql.replace("uuid_generate_v4()", "gen_random_uuid()"));
    with_namespaces(&sql, &design.schema)
}
