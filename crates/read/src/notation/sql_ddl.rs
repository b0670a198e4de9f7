//! SQL data definition: tables, types, indexes, constraints and comments.

use sqlparser::ast::{
    AlterTable, AlterTableOperation, ColumnDef, ColumnOption, CommentObject, CreateIndex,
    CreateTable, DataType, EnumMember, Expr, Ident, IndexColumn, ObjectName, ReferentialAction,
    Statement, TableConstraint, UserDefinedTypeRepresentation, Value,
};
use underpin_base::Span;

use crate::document::{BlockKind, Code, Document};
use crate::notation::{Mark, Output, index_list};
use crate::words::{last_part, lower_words};
use crate::{
    EntityFact, EntityKind, Fact, FieldFact, IndexFact, ReferenceFact, code, modifier, sql,
};

pub(super) const DOC: &str = "SQL `CREATE TABLE`, `CREATE TYPE`, `CREATE INDEX`, `ALTER TABLE` and `COMMENT ON` in any dialect.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for block in &document.blocks {
        if let BlockKind::Code(code) = &block.kind {
            if is_sql(code) {
                read_block(document, code, out);
            }
        }
    }
}

fn is_sql(code: &Code) -> bool {
    match code.language.as_str() {
        "sql" | "postgresql" | "postgres" | "mysql" | "sqlite" | "pgsql" | "plpgsql" | "psql"
        | "ddl" => true,
        "" | "text" | "txt" => code.lines().any(|(line, _)| {
            let words = lower_words(line);
            matches!(words.first().map(String::as_str), Some("create" | "alter"))
                && matches!(
                    words.get(1).map(String::as_str),
                    Some("table" | "type" | "index" | "unique")
                )
        }),
        _ => false,
    }
}

fn read_block(document: &Document<'_>, code: &Code, out: &mut Output) {
    for range in sql::split(&code.text) {
        let text = &code.text[range.clone()];
        let words: Vec<String> = text.split_whitespace().take(5).map(str::to_lowercase).collect();
        let word = |index: usize| words.get(index).map_or("", String::as_str);
        let span = document.code_span(code, range.clone());
        let is_ddl = match word(0) {
            "create" => !words.iter().any(|word| {
                matches!(
                    word.as_str(),
                    "function"
                        | "trigger"
                        | "procedure"
                        | "policy"
                        | "role"
                        | "user"
                        | "extension"
                        | "view"
                        | "database"
                        | "schema"
                        | "materialized"
                        | "sequence"
                        | "rule"
                        | "event"
                        | "publication"
                        | "server"
                        | "domain"
                )
            }),
            "alter" => word(1) == "table",
            "comment" => word(1) == "on",
            _ => false,
        };
        if !is_ddl {
            // Queries are read later; functions, triggers, grants and rows hold no structure.
            if !matches!(word(0), "select" | "insert" | "update" | "delete" | "with") {
                out.mark(document, span.range(), Mark::SetAside);
            }
            continue;
        }
        match sql::parse(text) {
            Ok(statement) => {
                let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
                let lines = std::iter::once(0).chain(breaks).collect();
                Reader { document, code, base: range.start, text, lines, span, out }
                    .statement(&statement);
            }
            Err(complaint) => {
                out.mark(document, span.range(), Mark::SetAside);
                let first = text.lines().next().unwrap_or_default();
                out.warn(
                    code::SQL_SYNTAX,
                    format!("`{first}` is not valid SQL ({complaint}), so it was left out"),
                    span,
                    "correct the statement; PostgreSQL, MySQL and SQLite syntax are understood",
                );
            }
        }
    }
}

struct Reader<'a, 'd> {
    document: &'a Document<'d>,
    code: &'a Code,
    /// Where the statement begins in the code.
    base: usize,
    text: &'a str,
    /// Where each line of the statement begins in it.
    lines: Vec<usize>,
    span: Span,
    out: &'a mut Output,
}

impl Reader<'_, '_> {
    fn statement(&mut self, statement: &Statement) {
        match statement {
            Statement::CreateTable(table) => self.table(table),
            Statement::CreateIndex(index) => self.index(index),
            Statement::CreateType {
                name,
                representation: Some(UserDefinedTypeRepresentation::Enum { labels }),
            } => {
                let values = labels.iter().map(|label| label.value.clone()).collect();
                self.state(Fact::Enumeration { name: table_name(name), values });
            }
            Statement::AlterTable(alter) => self.alter(alter),
            Statement::Comment { object_type, object_name, comment: Some(text), .. } => {
                self.comment(*object_type, object_name, text);
            }
            _ => self.out.mark(self.document, self.span.range(), Mark::SetAside),
        }
    }

    fn state(&mut self, fact: Fact) {
        self.out.state(self.document, self.span, fact);
    }

    /// The line (from 0) of the statement on which a name stands, as its text and place.
    fn line_at(&self, name: &Ident) -> (&str, Span) {
        let line = usize::try_from(name.span.start.line).unwrap_or(0).saturating_sub(1);
        let Some(&start) = self.lines.get(line) else { return ("", self.span) };
        let end = self.lines.get(line + 1).map_or(self.text.len(), |&next| next - 1);
        let text = &self.text[start..end];
        let from = start + (text.len() - text.trim_start().len());
        let end = (start + text.trim_end().len()).max(from);
        (text, self.document.code_span(self.code, self.base + from..self.base + end))
    }

    fn table(&mut self, table: &CreateTable) {
        if table.columns.is_empty() {
            self.out.mark(self.document, self.span.range(), Mark::SetAside);
            return;
        }
        let name = table_name(&table.name);
        let entity = EntityFact {
            name: name.clone(),
            kind: EntityKind::Entity,
            table: Some(name.clone()),
            description: None,
        };
        self.state(Fact::Entity(entity));
        for column in &table.columns {
            self.column(&name, column);
        }
        for constraint in &table.constraints {
            self.constraint(&name, constraint, self.span);
        }
    }

    fn column(&mut self, entity: &str, column: &ColumnDef) {
        let (line, span) = self.line_at(&column.name);
        let mut field = column_fact(column);
        if let Some(comment) = sql::line_comment(line) {
            modifier::read_description(comment, &mut field);
        }
        let mut rules = Vec::new();
        let mut indexes = Vec::new();
        for option in &column.options {
            match &option.option {
                ColumnOption::Check(check) => {
                    let values = values_in(&check.expr, &field.name);
                    if !values.is_empty() && field.enum_values.is_empty() {
                        field.enum_values = values;
                    } else {
                        rules.push(check.expr.to_string());
                    }
                }
                ColumnOption::PrimaryKey(_)
                | ColumnOption::Unique(_)
                | ColumnOption::ForeignKey(_) => {}
                _ => {}
            }
        }
        let name = field.name.clone();
        if field.constraints.iter().any(|text| text == "indexed") {
            field.constraints.retain(|text| text != "indexed");
            indexes.push(name.clone());
        }
        let entity = entity.to_owned();
        self.out.state(self.document, span, Fact::Field { entity: entity.clone(), field });
        for text in rules {
            let fact = Fact::Rule { entity: Some(entity.clone()), field: Some(name.clone()), text };
            self.out.state(self.document, span, fact);
        }
    }

    fn constraint(&mut self, entity: &str, constraint: &TableConstraint, span: Span) {
        let entity = entity.to_owned();
        let fact = match constraint {
            TableConstraint::PrimaryKey(key) => {
                Fact::PrimaryKey { entity, fields: index_columns(&key.columns) }
            }
            TableConstraint::Unique(unique) => Fact::Unique {
                entity,
                fields: index_columns(&unique.columns),
                condition: None,
                text: None,
            },
            TableConstraint::Index(index) => Fact::Index(IndexFact {
                entity,
                name: index.name.as_ref().map(|name| name.value.clone()),
                columns: index_columns(&index.columns),
                unique: false,
                method: index.index_type.as_ref().map(|kind| kind.to_string().to_lowercase()),
                purpose: None,
            }),
            TableConstraint::ForeignKey(key) => {
                for (index, column) in key.columns.iter().enumerate() {
                    let field = FieldFact {
                        name: column.value.clone(),
                        references: Some(ReferenceFact {
                            entity: table_name(&key.foreign_table),
                            field: key
                                .referred_columns
                                .get(index)
                                .map(|column| column.value.clone()),
                            on_delete: key.on_delete.map(action),
                        }),
                        ..FieldFact::default()
                    };
                    let (_, line) = self.line_at(column);
                    let span = if line.start >= span.start { line } else { span };
                    self.out.state(
                        self.document,
                        span,
                        Fact::Field { entity: entity.clone(), field },
                    );
                }
                return;
            }
            TableConstraint::Check(check) => match checked_column(&check.expr) {
                Some((column, values)) => Fact::Field {
                    entity,
                    field: FieldFact { name: column, enum_values: values, ..FieldFact::default() },
                },
                None => {
                    Fact::Rule { entity: Some(entity), field: None, text: check.expr.to_string() }
                }
            },
            TableConstraint::FulltextOrSpatial(_)
            | TableConstraint::PrimaryKeyUsingIndex(_)
            | TableConstraint::UniqueUsingIndex(_) => return,
            // An exclusion constraint is a rule about several rows.
            TableConstraint::Exclude(_) => {
                Fact::Rule { entity: Some(entity), field: None, text: constraint.to_string() }
            }
        };
        self.out.state(self.document, span, fact);
    }

    fn index(&mut self, index: &CreateIndex) {
        let entity = table_name(&index.table_name);
        let columns = index_columns(&index.columns);
        let purpose = self.comment_before();
        if index.unique {
            let condition = index.predicate.as_ref().map(Expr::to_string);
            self.state(Fact::Unique { entity, fields: columns, condition, text: None });
            return;
        }
        let name = index.name.as_ref().map(table_name);
        let method = index.using.as_ref().map(|kind| kind.to_string().to_lowercase());
        let purpose = match (&index.predicate, purpose) {
            (Some(predicate), Some(purpose)) => Some(format!("{purpose} (where {predicate})")),
            (Some(predicate), None) => Some(format!("where {predicate}")),
            (None, purpose) => purpose,
        };
        let index = IndexFact { entity, name, columns, unique: false, method, purpose };
        if let Some(pattern) = index_list::pattern(&index) {
            self.out.infer(self.document, self.span, pattern, "an index is asked for with its use");
        }
        self.state(Fact::Index(index));
    }

    /// The comment line directly before the statement.
    fn comment_before(&self) -> Option<String> {
        let before =
            self.code.text[..self.base].trim_end_matches([' ', '\t']).strip_suffix('\n')?;
        let line = before.rsplit('\n').next()?.trim();
        line.strip_prefix("--")
            .map(|text| text.trim_start_matches('-').trim().to_owned())
            .filter(|text| !text.is_empty())
    }

    fn alter(&mut self, alter: &AlterTable) {
        let entity = table_name(&alter.name);
        for operation in &alter.operations {
            match operation {
                AlterTableOperation::AddConstraint { constraint, .. } => {
                    self.constraint(&entity, constraint, self.span);
                }
                AlterTableOperation::AddColumn { column_def, .. } => {
                    self.column(&entity, column_def);
                }
                _ => self.out.mark(self.document, self.span.range(), Mark::SetAside),
            }
        }
    }

    fn comment(&mut self, kind: CommentObject, name: &ObjectName, text: &str) {
        let parts: Vec<String> = name
            .0
            .iter()
            .filter_map(|part| part.as_ident().map(|ident| ident.value.clone()))
            .collect();
        match (kind, parts.as_slice()) {
            (CommentObject::Table, [.., table]) => self.state(Fact::Entity(EntityFact {
                name: table.clone(),
                kind: EntityKind::Entity,
                table: Some(table.clone()),
                description: Some(text.to_owned()),
            })),
            (CommentObject::Column, [.., table, column]) => self.state(Fact::Field {
                entity: table.clone(),
                field: FieldFact {
                    name: column.clone(),
                    description: Some(text.to_owned()),
                    ..FieldFact::default()
                },
            }),
            _ => self.out.mark(self.document, self.span.range(), Mark::SetAside),
        }
    }
}

/// The name of a table with its schema, unless that is the one where tables are by default.
fn table_name(name: &ObjectName) -> String {
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

fn action(action: ReferentialAction) -> String {
    action.to_string().to_lowercase()
}

fn index_columns(columns: &[IndexColumn]) -> Vec<String> {
    columns
        .iter()
        .map(|column| match &column.column.expr {
            Expr::Identifier(name) => {
                let direction = if column.column.to_string().to_uppercase().contains(" DESC") {
                    " desc"
                } else {
                    ""
                };
                format!("{}{direction}", name.value)
            }
            _ => column.column.to_string(),
        })
        .collect()
}

fn column_fact(column: &ColumnDef) -> FieldFact {
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
        other => field.type_text = Some(other.to_string()),
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
fn values_in(expression: &Expr, column: &str) -> Vec<String> {
    match checked_column(expression) {
        Some((name, values)) if name.eq_ignore_ascii_case(column) => values,
        _ => Vec::new(),
    }
}

fn checked_column(expression: &Expr) -> Option<(String, Vec<String>)> {
    match expression {
        Expr::Nested(inner) => checked_column(inner),
        Expr::InList { expr, list, negated: false } => {
            let Expr::Identifier(name) = expr.as_ref() else { return None };
            let values: Option<Vec<String>> = list
                .iter()
                .map(|value| match value {
                    Expr::Value(value) => match &value.value {
                        Value::SingleQuotedString(text) => Some(text.clone()),
                        _ => None,
                    },
                    _ => None,
                })
                .collect();
            Some((name.value.clone(), values?))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::{check, check_file};
    use expect_test::expect;

    #[test]
    fn tables_with_all_kinds_of_constraints() {
        check_file(
            "schema.sql",
            "CREATE TYPE role AS ENUM ('admin', 'member');\nCREATE TABLE public.orders (\n  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n  user_id uuid NOT NULL REFERENCES users(id) ON DELETE CASCADE,\n  status TEXT NOT NULL CHECK (status IN ('new', 'paid')) DEFAULT 'new',\n  kind TEXT,  -- 'web', 'shop'\n  total numeric(12,2) CHECK (total >= 0),\n  UNIQUE (user_id, kind),\n  CONSTRAINT fk FOREIGN KEY (kind) REFERENCES kinds (name)\n);\n-- newest first\nCREATE INDEX orders_user ON orders USING btree (user_id, created_at DESC);\nCREATE UNIQUE INDEX one_open ON orders (user_id) WHERE status = 'new';\nALTER TABLE orders ADD CONSTRAINT ck CHECK (total < 100);\nCOMMENT ON TABLE orders IS 'What was bought';\n",
            &expect![[r#"
                2 sql-ddl  entity orders table orders
                2 sql-ddl  unique orders (user_id, kind)
                3 sql-ddl  field orders.id BIGINT primary key required {auto-increment}
                4 sql-ddl  field orders.user_id UUID required -> users.id on delete cascade
                5 sql-ddl  field orders.status TEXT required default 'new' [new | paid]
                6 sql-ddl  field orders.kind TEXT optional [web | shop] -- 'web', 'shop'
                7 sql-ddl  field orders.total NUMERIC(12,2) optional
                7 sql-ddl  rule orders.total: total >= 0
                9 sql-ddl  field orders.kind -> kinds.name
                12 sql-ddl  read "newest first" of orders by user_id = ? sorted created_at desc [inferred: an index is asked for with its use]
                12 sql-ddl  index orders_user on orders (user_id, created_at desc) using btree -- newest first
                13 sql-ddl  unique orders (user_id) where status = 'new'
                14 sql-ddl  rule orders: total < 100
                15 sql-ddl  entity orders table orders -- What was bought
            "#]],
        );
    }

    #[test]
    fn one_bad_statement_does_not_hide_the_others() {
        check(
            "```sql\nCREATE TABLE a (id int);\nCREATE TABLE b (id int,, x);\nCREATE TABLE c (\n  `id` int AUTO_INCREMENT,\n  INDEX idx (id)\n) ENGINE=InnoDB;\n```\n",
            &expect![[r#"
                2 sql-ddl  entity a table a
                2 sql-ddl  field a.id INT optional
                4 sql-ddl  entity c table c
                4 sql-ddl  index idx on c (id)
                5 sql-ddl  field c.id INT optional {auto-increment}
                3 R006 `CREATE TABLE b (id int,, x)` is not valid SQL (sql parser error: Expected: column name or constraint definition, found: , at Line: 1, Column: 24), so it was left out
            "#]],
        );
    }
}
