//! SQL queries and writes as access patterns.

use sqlparser::ast::{
    BinaryOperator, Expr, FromTable, LimitClause, OrderByExpr, OrderByKind, Query, SetExpr,
    Statement, TableFactor, TableObject, TableWithJoins,
};
use underpin_base::Span;

use crate::document::{BlockKind, Code, Document};
use crate::notation::access_pattern_table::milliseconds;
use crate::notation::{Mark, Output};
use crate::words::{code_spans, first_word, last_part, lower_words};
use crate::{AccessKind, Fact, FilterFact, FilterOperator, PatternFact, WriteForm, quantity, sql};

pub(super) const DOC: &str =
    "`SELECT`, `INSERT`, `UPDATE` and `DELETE` in SQL fences and code spans.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (index, block) in out.blocks(document) {
        let is_other =
            document.path_of(block.section).any(|section| is_other_topic(document.title(section)));
        match &block.kind {
            BlockKind::Code(code)
                if matches!(
                    code.language.as_str(),
                    "sql" | "postgresql" | "postgres" | "mysql" | "sqlite" | "pgsql"
                ) =>
            {
                read_block(document, index, code, is_other, out);
            }
            BlockKind::List(list) if !is_other => {
                for item in &list.items {
                    // "Duplicate check: SELECT 1 FROM customers WHERE phone = :p"
                    if let Some((label, text)) = bare(&item.content.text)
                        && out.is_open(document, item.content.range().start)
                    {
                        let span = document.span(item.content.range());
                        if let Some(pattern) = pattern(text, &name(label, text), out) {
                            out.state(document, span, Fact::AccessPattern(pattern));
                        }
                    }
                    for text in code_spans(&item.content.text) {
                        if is_statement(text) && out.is_open(document, item.content.range().start) {
                            let lead = document.lead(index).unwrap_or_default();
                            let span = document.span(item.content.range());
                            if let Some(pattern) = pattern(text, &name(lead, text), out) {
                                out.state(document, span, Fact::AccessPattern(pattern));
                            }
                        }
                    }
                }
            }
            BlockKind::Code(_)
            | BlockKind::List(_)
            | BlockKind::Paragraph(_)
            | BlockKind::Table(_) => {}
        }
    }
}

/// Statements under these headings are run by people or tools, not by the application.
fn is_other_topic(title: &str) -> bool {
    let words = lower_words(title);
    // "Cleanup policies" are jobs of the application, where "RLS policies" are the server's.
    let cleans = words.iter().any(|word| {
        matches!(word.as_str(), "cleanup" | "retention" | "archival" | "archiving" | "expiry")
    });
    words.iter().any(|word| {
        let is_policy = matches!(word.as_str(), "policies" | "policy");
        if is_policy {
            return !cleans;
        }
        matches!(
            word.as_str(),
            "migration"
                | "migrations"
                | "rollback"
                | "seed"
                | "seeding"
                | "seeds"
                | "backup"
                | "backups"
                | "restore"
                | "rls"
                | "monitoring"
                | "verification"
                | "setup"
                | "partitioning"
                | "replication"
                | "diagnostics"
                | "trigger"
                | "triggers"
        )
    })
}

/// A query that stands in an item without marks, with the words before it.
fn bare(text: &str) -> Option<(&str, &str)> {
    let at = text.find("SELECT ").filter(|_| text.contains(" FROM ") && !text.contains('`'))?;
    let label = text[..at].trim_end().trim_end_matches([':', '-', '—', '–']).trim_end();
    let stands_apart = at == 0 || label.len() < text[..at].trim_end().len();
    stands_apart.then(|| (label, text[at..].trim_end_matches('.')))
}

fn is_statement(text: &str) -> bool {
    let words: Vec<String> = text.split_whitespace().take(3).map(str::to_uppercase).collect();
    match words.first().map(String::as_str) {
        Some("SELECT" | "WITH") => words.len() > 2,
        Some("INSERT") => words.get(1).is_some_and(|word| word == "INTO"),
        Some("DELETE") => words.get(1).is_some_and(|word| word == "FROM"),
        Some("UPDATE") => text.to_uppercase().contains(" SET "),
        _ => false,
    }
}

fn read_block(
    document: &Document<'_>,
    index: usize,
    code: &Code,
    is_other: bool,
    out: &mut Output,
) {
    let statements = sql::split(&code.text);
    let lead = document.lead(index).unwrap_or_default().to_owned();
    let heading =
        document.blocks[index].section.map_or("", |section| document.title(section)).to_owned();
    let notes = following_notes(document, index);
    let single = statements.len() == 1;
    for range in statements {
        let text = &code.text[range.clone()];
        let span: Span = document.code_span(code, range.clone());
        if !is_statement(text) || !out.is_open(document, span.range().start) {
            continue;
        }
        let comment = comment_before(code, range.start);
        let words = comment.unwrap_or(if lead.is_empty() { heading.clone() } else { lead.clone() });
        let found = if is_other { None } else { pattern(text, &name(&words, text), out) };
        match found {
            Some(mut pattern) => {
                if single {
                    notes.clone_into_pattern(&mut pattern);
                }
                out.state(document, span, Fact::AccessPattern(pattern));
            }
            // A statement of an administrator, or about tables that no document describes.
            None => out.mark(document, span.range(), Mark::SetAside),
        }
    }
}

/// What a list after a query says of it.
#[derive(Debug, Default)]
struct Notes {
    frequency: Option<String>,
    latency_ms: Option<f64>,
}

impl Notes {
    fn clone_into_pattern(&self, pattern: &mut PatternFact) {
        pattern.frequency.clone_from(&self.frequency);
        pattern.per_second = self.frequency.as_deref().and_then(quantity::per_second);
        pattern.latency_ms = self.latency_ms;
    }
}

fn following_notes(document: &Document<'_>, index: usize) -> Notes {
    let mut notes = Notes::default();
    let section = document.blocks[index].section;
    let Some(next) = document.blocks.get(index + 1).filter(|next| next.section == section) else {
        return notes;
    };
    let BlockKind::List(list) = &next.kind else { return notes };
    for item in &list.items {
        let Some((label, value)) = item.content.text.split_once(':') else { continue };
        match label.to_lowercase().as_str() {
            "frequency" | "expected frequency" => notes.frequency = Some(value.trim().to_owned()),
            "performance" | "latency" | "expected performance" | "target" => {
                notes.latency_ms = quantity::number(value).and_then(|_| milliseconds(value));
            }
            _ => {}
        }
    }
    notes
}

fn comment_before(code: &Code, start: usize) -> Option<String> {
    let before = code.text[..start].trim_end();
    let line = before.rsplit('\n').next()?.trim();
    let text = line.strip_prefix("--")?.trim_start_matches('-').trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The words that introduce a query, without "Query 1:"; its first words where there are none.
fn name(words: &str, text: &str) -> String {
    let words = crate::entity_name::strip_numbering(words);
    let words = match words.split_once(':') {
        Some((label, rest))
            if first_word(label).as_ref().is_some_and(|word| {
                matches!(word.as_str(), "query" | "job" | "pattern" | "example")
            }) && !rest.trim().is_empty() =>
        {
            rest
        }
        _ => words,
    };
    let words = words.trim().trim_end_matches(':').trim();
    if words.is_empty() {
        text.split_whitespace().take(6).collect::<Vec<_>>().join(" ")
    } else {
        words.to_owned()
    }
}

fn pattern(text: &str, name: &str, out: &Output) -> Option<PatternFact> {
    let statement = sql::parse(text.trim().trim_end_matches(';')).ok()?;
    let mut reading = Reading { tables: Vec::new(), filter: Vec::new() };
    let (mut sort, mut limit, mut kind) = (Vec::new(), None, AccessKind::Write);
    let mut form = None;
    match &statement {
        Statement::Query(query) => {
            kind = AccessKind::Read;
            reading.query(query);
            (sort, limit) = order_and_limit(query);
        }
        Statement::Insert(insert) => {
            let TableObject::TableName(name) = &insert.table else { return None };
            form = Some(match insert.on {
                Some(_) => WriteForm::AddOrChange,
                None => WriteForm::Add,
            });
            reading.tables.push((last_part(&name.to_string()).to_owned(), None));
        }
        Statement::Update(update) => {
            form = Some(WriteForm::Change);
            reading.from(&update.table);
            reading.condition(update.selection.as_ref());
        }
        Statement::Delete(delete) => {
            form = Some(WriteForm::Delete);
            let (FromTable::WithFromKeyword(from) | FromTable::WithoutKeyword(from)) = &delete.from;
            for table in from {
                reading.from(table);
            }
            reading.condition(delete.selection.as_ref());
        }
        _ => return None,
    }
    let mut entities =
        reading.tables.iter().map(|(table, _)| out.known.get(table).map(str::to_owned));
    let entity = entities.next()??;
    let joins: Vec<String> = entities.flatten().filter(|join| *join != entity).collect();
    Some(PatternFact {
        name: name.to_owned(),
        title: None,
        kind,
        entity: Some(entity),
        joins,
        filter: reading.filter,
        measures: Vec::new(),
        groups: Vec::new(),
        sort,
        limit,
        pick: None,
        form,
        frequency: None,
        per_second: None,
        latency_ms: None,
        staleness_s: None,
        sql: Some(text.trim().trim_end_matches(';').to_owned()),
        said: None,
        unread: Vec::new(),
    })
}

struct Reading {
    /// The tables with their aliases; the first is the one that the query is about.
    tables: Vec<(String, Option<String>)>,
    filter: Vec<FilterFact>,
}

impl Reading {
    fn query(&mut self, query: &Query) {
        if let SetExpr::Select(select) = query.body.as_ref() {
            select.from.iter().for_each(|table| self.from(table));
            self.condition(select.selection.as_ref());
        }
    }

    fn from(&mut self, table: &TableWithJoins) {
        self.factor(&table.relation);
        for join in &table.joins {
            self.factor(&join.relation);
        }
    }

    fn factor(&mut self, factor: &TableFactor) {
        if let TableFactor::Table { name, alias, .. } = factor {
            let alias = alias.as_ref().map(|alias| alias.name.value.clone());
            self.tables.push((last_part(&name.to_string()).to_owned(), alias));
        }
    }

    fn condition(&mut self, condition: Option<&Expr>) {
        let mut open: Vec<&Expr> = condition.into_iter().collect();
        while let Some(expression) = open.pop() {
            match expression {
                Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
                    open.push(right);
                    open.push(left);
                }
                Expr::Nested(inner) => open.push(inner),
                other => self.filter_of(other),
            }
        }
    }

    fn filter_of(&mut self, expression: &Expr) {
        let (column, operator) = match expression {
            Expr::BinaryOp { left, op, right } => {
                let operator = match op {
                    BinaryOperator::Eq => {
                        if is_parameter(right) || self.column(right).is_some() {
                            FilterOperator::Equals
                        } else {
                            FilterOperator::Constant(right.to_string())
                        }
                    }
                    BinaryOperator::NotEq => match fixed(right) {
                        Some(value) => FilterOperator::NoneOf(vec![value]),
                        None => return,
                    },
                    BinaryOperator::Lt
                    | BinaryOperator::LtEq
                    | BinaryOperator::Gt
                    | BinaryOperator::GtEq => FilterOperator::Range,
                    BinaryOperator::AtArrow => FilterOperator::Contains,
                    BinaryOperator::AtAt => FilterOperator::Search,
                    _ => return,
                };
                // Two columns compared join tables or rows; they filter by no given value.
                if self.column(left).is_some() && self.column(right).is_some() {
                    return;
                }
                (self.column(left).or_else(|| self.column(right)), operator)
            }
            Expr::Between { expr, .. } => (self.column(expr), FilterOperator::Range),
            Expr::InList { expr, list, negated } => {
                let values: Option<Vec<String>> = list.iter().map(fixed).collect();
                let operator = match (values, negated) {
                    (Some(values), true) => FilterOperator::NoneOf(values),
                    (Some(values), false) => FilterOperator::OneOf(values),
                    (None, false) => FilterOperator::In,
                    (None, true) => return,
                };
                (self.column(expr), operator)
            }
            Expr::InSubquery { expr, negated: false, .. } => {
                (self.column(expr), FilterOperator::In)
            }
            Expr::AnyOp { left, .. } => (self.column(left), FilterOperator::In),
            Expr::IsNull(expr) => (self.column(expr), FilterOperator::IsNull),
            Expr::IsNotNull(expr) => (self.column(expr), FilterOperator::IsPresent),
            Expr::Like { expr, .. } | Expr::ILike { expr, .. } => {
                (self.column(expr), FilterOperator::Search)
            }
            Expr::Identifier(_) | Expr::CompoundIdentifier(_) => {
                (self.column(expression), FilterOperator::Constant("true".to_owned()))
            }
            _ => return,
        };
        if let Some(field) = column {
            if !self.filter.iter().any(|filter| filter.field == field) {
                self.filter.push(FilterFact { field, operator, optional: false });
            }
        }
    }

    /// The column of the first table bare, that of another one with its table.
    fn column(&self, expression: &Expr) -> Option<String> {
        match expression {
            Expr::Identifier(name) => Some(name.value.clone()),
            Expr::CompoundIdentifier(parts) => {
                let [.., table, column] = parts.as_slice() else { return None };
                let index = self.tables.iter().position(|(name, alias)| {
                    alias.as_deref() == Some(table.value.as_str()) || *name == table.value
                });
                match index {
                    Some(0) | None => Some(column.value.clone()),
                    Some(index) => Some(format!("{}.{}", self.tables[index].0, column.value)),
                }
            }
            Expr::Nested(inner) => self.column(inner),
            Expr::Cast { expr, .. } => self.column(expr),
            _ => None,
        }
    }
}

fn is_parameter(expression: &Expr) -> bool {
    let text = expression.to_string();
    text.starts_with(['$', '?', ':', '@', '%', '{'])
}

/// The value that the statement itself gives.
fn fixed(expression: &Expr) -> Option<String> {
    let is_value = matches!(expression, Expr::Value(_)) && !is_parameter(expression);
    is_value.then(|| expression.to_string().trim_matches('\'').to_owned())
}

fn order_and_limit(query: &Query) -> (Vec<String>, Option<u32>) {
    let sort = match query.order_by.as_ref().map(|order| &order.kind) {
        Some(OrderByKind::Expressions(expressions)) => {
            expressions.iter().filter_map(order).collect()
        }
        _ => Vec::new(),
    };
    let limit = match &query.limit_clause {
        Some(
            LimitClause::LimitOffset { limit: Some(limit), .. }
            | LimitClause::OffsetCommaLimit { limit, .. },
        ) => limit.to_string().parse().ok(),
        _ => None,
    };
    (sort, limit)
}

fn order(order: &OrderByExpr) -> Option<String> {
    let column = match &order.expr {
        Expr::Identifier(name) => name.value.clone(),
        Expr::CompoundIdentifier(parts) => parts.last()?.value.clone(),
        _ => return None,
    };
    let descends = order.to_string().to_uppercase().contains(" DESC");
    Some(if descends { format!("{column} desc") } else { column })
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn a_query_in_an_item_without_marks() {
        check(
            "```sql\nCREATE TABLE orders (id int, code text);\n```\n## Checks\n- Twins: SELECT 1 FROM orders WHERE code = :c LIMIT 1.\n- SELECT what you need FROM the menu\n- We SELECT nothing here\n",
            &expect![[r#"
                2 sql-ddl  entity orders table orders
                2 sql-ddl  field orders.id INT optional
                2 sql-ddl  field orders.code TEXT optional
                5 sql-query  read "Twins" of orders by code = ? limit 1 sql SELECT 1 FROM orders WHERE code = :c LIMIT 1
                6 rule-bullets  rule *: SELECT what you need FROM the menu
                7 rule-bullets  rule *: We SELECT nothing here
            "#]],
        );
    }

    #[test]
    fn queries_with_their_notes() {
        check(
            "```sql\nCREATE TABLE orders (id int);\nCREATE TABLE users (id int);\n```\n## Queries\n**Query 1: Open orders of a user**\n```sql\nSELECT o.id FROM orders o JOIN users u ON u.id = o.user_id\nWHERE o.user_id = $1 AND (o.status = 'open') AND o.at >= now() AND u.name LIKE 'a%'\nORDER BY o.at DESC, id LIMIT 20;\n```\n- **Frequency**: 10/s\n- **Performance**: < 50ms\n\n## Jobs\n- **Query**: `DELETE FROM orders WHERE at < now() AND gone IS NULL`\n\n## Migration\n```sql\nUPDATE orders SET a = 1;\nINSERT INTO unknown VALUES (1);\n```\n",
            &expect![[r#"
                2 sql-ddl  entity orders table orders
                2 sql-ddl  field orders.id INT optional
                3 sql-ddl  entity users table users
                3 sql-ddl  field users.id INT optional
                8 sql-query  read "Open orders of a user" of orders with users by user_id = ?, status = 'open', at range, users.name search sorted at desc, id limit 20 at 10/s (10/s) within 50 ms sql SELECT o.id FROM orders o JOIN users u ON u.id = o.user_id WHERE o.user_id = $1 AND (o.status = 'open') AND o.at >= now() AND u.name LIKE 'a%' ORDER BY o.at DESC, id LIMIT 20
                16 sql-query  delete "DELETE FROM orders WHERE at <" of orders by at range, gone is null sql DELETE FROM orders WHERE at < now() AND gone IS NULL
            "#]],
        );
    }

    #[test]
    fn policies_of_cleaning_up_are_jobs_and_those_of_rows_are_not() {
        check(
            "```sql\nCREATE TABLE tokens (id int, gone_at date);\n```\n## Cleanup Policies\n```sql\nDELETE FROM tokens WHERE gone_at < now();\n```\n## RLS policies\n```sql\nSELECT id FROM tokens WHERE gone_at = $1;\n```\n",
            &expect![[r#"
                2 sql-ddl  entity tokens table tokens
                2 sql-ddl  field tokens.id INT optional
                2 sql-ddl  field tokens.gone_at DATE optional
                6 sql-query  delete "Cleanup Policies" of tokens by gone_at range sql DELETE FROM tokens WHERE gone_at < now()
            "#]],
        );
    }
}
