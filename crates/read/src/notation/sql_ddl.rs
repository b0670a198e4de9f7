//! SQL data definition: tables, types, indexes, constraints and comments.

mod partitions;

use smol_str::SmolStr;
use sqlparser::ast::{
    AlterTable, AlterTableOperation, ColumnDef, ColumnOption, ColumnOptionDef, CommentObject,
    CreateIndex, CreateTable, DataType, Expr, Ident, ObjectName, Statement, TableConstraint,
    UserDefinedTypeRepresentation,
};
use std::ops::Range;
use underpin_base::Span;

use crate::document::{BlockKind, Code, Document};
use crate::notation::{Mark, Output, index_list};
use crate::prose::partitions::is_intended;
use crate::sql::Omission;
use crate::sql::parts::{
    action, checked_column, column_fact, index_columns, table_comment, table_name, type_text,
    values_in,
};
use crate::words::{is_identifier, lower_words};
use crate::{
    EntityFact, EntityKind, Fact, FieldFact, IndexFact, ReferenceFact, code, modifier, sql,
};

pub(super) const DOC: &str = "SQL `CREATE TABLE`, `CREATE TYPE`, `CREATE INDEX`, `ALTER TABLE` and `COMMENT ON` in any dialect.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (index, block) in out.blocks(document) {
        if let BlockKind::Code(code) = &block.kind {
            if is_sql(code) {
                let is_intended = document.lead(index).is_none_or(is_intended);
                read_block(document, code, is_intended, out);
            }
        }
    }
}

fn is_sql(code: &Code) -> bool {
    match code.language.as_str() {
        // Tables drawn as trees are marked as SQL too.
        _ if code.text.contains("├─") => false,
        "sql" | "postgresql" | "postgres" | "mysql" | "sqlite" | "pgsql" | "plpgsql" | "psql"
        | "ddl" => true,
        "" | "text" | "txt" => code.lines().any(|(line, _)| {
            let words = lower_words(line);
            matches!(words.first().map(SmolStr::as_str), Some("create" | "alter"))
                && matches!(
                    words.get(1).map(SmolStr::as_str),
                    Some("table" | "type" | "index" | "unique")
                )
        }),
        _ => false,
    }
}

/// What is created and holds no structure of data.
const NO_DATA: &str = "function trigger procedure policy role user extension view database schema \
     materialized sequence rule event publication server domain";

/// `is_intended` says that the words before the block ask for what is in it, and do not only weigh it.
fn read_block(document: &Document<'_>, code: &Code, is_intended: bool, out: &mut Output) {
    for range in sql::split(&code.text) {
        let text = &code.text[range.clone()];
        let words: Vec<String> = text.split_whitespace().take(5).map(str::to_lowercase).collect();
        let word = |index: usize| words.get(index).map_or("", String::as_str);
        let span = document.code_span(code, range.clone());
        let is_ddl = match word(0) {
            "create" => !words.iter().any(|word| NO_DATA.split(' ').any(|it| it == word)),
            "alter" => word(1) == "table",
            "comment" => word(1) == "on",
            _ => false,
        };
        if !is_ddl && read_shape(document, code, &range, out) {
            continue;
        }
        if !is_ddl && word(0) != "do" {
            // Queries are read later; functions, triggers, grants and rows hold no structure.
            if !matches!(word(0), "select" | "insert" | "update" | "delete" | "with") {
                out.mark(document, span.range(), Mark::SetAside);
            }
            continue;
        }
        if word(0) == "do" {
            read_do(document, code, &range, out);
            continue;
        }
        match sql::parse_leniently(text) {
            Ok((statement, omissions)) => {
                let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
                let lines = std::iter::once(0).chain(breaks).collect();
                Reader { document, code, base: range.start, text, lines, span, is_intended, out }
                    .statement(&statement);
                for omission in omissions {
                    omitted(document, code, range.start, text, &omission, out);
                }
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

/// What a shape of a table lacks, on a line of its own: the places of all else stay what they are.
const CREATE: &str = "CREATE TABLE\n";

/// The shape of a table without the words that create it: "guests (id SERIAL PRIMARY KEY, name TEXT NOT NULL)";
/// whether it is one.
fn read_shape(
    document: &Document<'_>,
    code: &Code,
    range: &Range<usize>,
    out: &mut Output,
) -> bool {
    let text = &code.text[range.clone()];
    let name = text.split('(').next().unwrap_or_default().trim();
    if !is_identifier(name) || !text.contains(',') {
        return false;
    }
    let Ok(statement) = sql::parse(&format!("{CREATE}{text}")) else { return false };
    let Statement::CreateTable(table) = &statement else { return false };
    let has_types = table.columns.len() > 1
        && table.columns.iter().all(|it| it.data_type != DataType::Unspecified);
    if has_types {
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        let lines = [0, 0].into_iter().chain(breaks).collect();
        let (base, span) = (range.start, document.code_span(code, range.clone()));
        Reader { document, code, base, text, lines, span, is_intended: true, out }
            .statement(&statement);
    }
    has_types
}

/// Says what of a statement was left out, at its own line.
fn omitted(
    document: &Document<'_>,
    code: &Code,
    base: usize,
    text: &str,
    omission: &Omission,
    out: &mut Output,
) {
    let part = &text[omission.range.clone()];
    let first = part.lines().next().unwrap_or_default().trim();
    let span = document.code_span(code, base + omission.range.start..base + omission.range.end);
    out.warn(
        code::SQL_SYNTAX,
        format!(
            "`{first}` is not valid SQL ({}), so this part of the statement was left out",
            omission.complaint
        ),
        span,
        "correct it; PostgreSQL, MySQL, SQLite and T-SQL syntax are understood",
    );
}

/// `DO $$ BEGIN CREATE TYPE … EXCEPTION … $$`: PostgreSQL's way to create a type that may be there.
fn read_do(document: &Document<'_>, code: &Code, range: &Range<usize>, out: &mut Output) {
    let text = &code.text[range.clone()];
    out.mark(document, document.code_span(code, range.clone()).range(), Mark::SetAside);
    let lower = text.to_ascii_lowercase();
    for (at, _) in lower.match_indices("create type") {
        let end = text[at..].find(';').map_or(text.len(), |end| at + end);
        if let Ok(statement) = sql::parse(&text[at..end]) {
            let base = range.start + at;
            let span = document.code_span(code, base..range.start + end);
            let text = &text[at..end];
            Reader { document, code, base, text, lines: vec![0], span, is_intended: true, out }
                .statement(&statement);
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
    /// Whether a split of its tables is asked for, and not only weighed.
    is_intended: bool,
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
            Statement::CreateType {
                name,
                representation: Some(UserDefinedTypeRepresentation::Composite { attributes }),
            } => {
                let entity = table_name(name);
                self.state(Fact::Entity(EntityFact {
                    name: entity.clone(),
                    kind: EntityKind::ValueObject,
                    table: None,
                    description: None,
                }));
                for attribute in attributes {
                    let field = FieldFact {
                        name: attribute.name.value.clone(),
                        type_text: Some(type_text(&attribute.data_type)),
                        ..FieldFact::default()
                    };
                    self.state(Fact::Field { entity: entity.clone(), field });
                }
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
        if self.split(table) {
            return;
        }
        // A temporary table is gone with its session.
        if table.columns.is_empty() || table.temporary {
            self.out.mark(self.document, self.span.range(), Mark::SetAside);
            return;
        }
        let name = table_name(&table.name);
        let entity = EntityFact {
            name: name.clone(),
            kind: EntityKind::Entity,
            table: Some(name.clone()),
            description: table_comment(table),
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
            if let ColumnOption::Check(check) = &option.option {
                let values = values_in(&check.expr, &field.name);
                if !values.is_empty() && field.enum_values.is_empty() {
                    field.enum_values = values;
                } else {
                    rules.push(condition(&check.expr));
                }
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
                    Fact::Rule { entity: Some(entity), field: None, text: condition(&check.expr) }
                }
            },
            TableConstraint::FulltextOrSpatial(index) => Fact::Index(IndexFact {
                entity,
                name: index.opt_index_name.as_ref().map(|name| name.value.clone()),
                columns: index_columns(&index.columns),
                unique: false,
                method: Some(if index.fulltext { "fulltext" } else { "spatial" }.to_owned()),
                purpose: None,
            }),
            TableConstraint::PrimaryKeyUsingIndex(_) | TableConstraint::UniqueUsingIndex(_) => {
                return;
            }
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
        let method = match lower_words(self.text).get(1).map(SmolStr::as_str) {
            Some(kind @ ("fulltext" | "spatial")) => Some(kind.to_owned()),
            _ => index.using.as_ref().map(|kind| kind.to_string().to_lowercase()),
        };
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
        self.out.mark(self.document, self.span.range(), Mark::SetAside);
        for operation in &alter.operations {
            match operation {
                AlterTableOperation::AddConstraint { constraint, .. } => {
                    self.constraint(&entity, constraint, self.span);
                }
                AlterTableOperation::AddColumn { column_def, .. } => {
                    self.column(&entity, column_def);
                }
                AlterTableOperation::ModifyColumn { col_name, data_type, options, .. }
                | AlterTableOperation::ChangeColumn {
                    new_name: col_name,
                    data_type,
                    options,
                    ..
                } => {
                    let options = options
                        .iter()
                        .map(|option| ColumnOptionDef { name: None, option: option.clone() });
                    let column = ColumnDef {
                        name: col_name.clone(),
                        data_type: data_type.clone(),
                        options: options.collect(),
                    };
                    self.column(&entity, &column);
                }
                _ => {}
            }
        }
    }

    fn comment(&mut self, kind: CommentObject, name: &ObjectName, text: &str) {
        match kind {
            CommentObject::Table => {
                let name = table_name(name);
                self.state(Fact::Entity(EntityFact {
                    name: name.clone(),
                    kind: EntityKind::Entity,
                    table: Some(name),
                    description: Some(text.to_owned()),
                }));
            }
            CommentObject::Column if name.0.len() > 1 => {
                let (path, column) = name.0.split_at(name.0.len() - 1);
                let Some(column) = column[0].as_ident() else { return };
                let mut field = FieldFact { name: column.value.clone(), ..FieldFact::default() };
                modifier::read_description(text, &mut field);
                field.description = Some(text.to_owned());
                self.state(Fact::Field { entity: table_name(&ObjectName(path.to_vec())), field });
            }
            _ => self.out.mark(self.document, self.span.range(), Mark::SetAside),
        }
    }
}

/// A condition as the SQL that it is, so that it is read as such and not as a sentence.
fn condition(check: &Expr) -> String {
    format!("CHECK ({check})")
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
                7 sql-ddl  rule orders.total: CHECK (total >= 0)
                9 sql-ddl  field orders.kind -> kinds.name
                12 sql-ddl  read "newest first" of orders by user_id = ? sorted created_at desc [inferred: an index is asked for with its use]
                12 sql-ddl  index orders_user on orders (user_id, created_at desc) using btree -- newest first
                13 sql-ddl  unique orders (user_id) where status = 'new'
                14 sql-ddl  rule orders: CHECK (total < 100)
                15 sql-ddl  entity orders table orders -- What was bought
            "#]],
        );
    }

    #[test]
    fn one_bad_statement_does_not_hide_the_others() {
        check(
            "```sql\nCREATE TABLE a (id int);\nCREATE TABLE b (id int, ?? x,);\nCREATE TABLE b2 (!!);\nCREATE TABLE c (\n  `id` int AUTO_INCREMENT,\n  INDEX idx (id)\n) ENGINE=InnoDB;\n```\n",
            &expect![[r#"
                2 sql-ddl  entity a table a
                2 sql-ddl  field a.id INT optional
                3 sql-ddl  entity b table b
                3 sql-ddl  field b.id INT optional
                5 sql-ddl  entity c table c
                5 sql-ddl  index idx on c (id)
                6 sql-ddl  field c.id INT optional {auto-increment}
                3 R006 `?? x` is not valid SQL (Expected: column name or constraint definition, found: ?), so this part of the statement was left out
                4 R006 `CREATE TABLE b2 (!!)` is not valid SQL (Expected: column name or constraint definition, found: !!), so it was left out
            "#]],
        );
    }

    #[test]
    fn tables_of_mysql() {
        check(
            "```mysql\nCREATE TABLE `orders` (\n  `id` BIGINT UNSIGNED NOT NULL AUTO_INCREMENT COMMENT 'key',\n  status ENUM('new','paid') NOT NULL DEFAULT 'new',\n  total DECIMAL(10,2) ZEROFILL,\n  changed DATETIME ON UPDATE CURRENT_TIMESTAMP,\n  PRIMARY KEY (`id`),\n  UNIQUE KEY `uk` (`status`),\n  KEY `k` (`status`(20), total DESC)\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='what was sold'\n\nCREATE TABLE lines (\n  id int,\n  INDEX by_id (id),\n  FULLTEXT KEY ft (id)\n);\nALTER TABLE lines ADD COLUMN note text AFTER id, ADD INDEX n (note), MODIFY id int NOT NULL;\n```\n",
            &expect![[r#"
                2 sql-ddl  entity orders table orders -- what was sold
                2 sql-ddl  primary key orders (id)
                2 sql-ddl  unique orders (status)
                2 sql-ddl  index k on orders (status, total desc)
                3 sql-ddl  field orders.id BIGINT UNSIGNED required {auto-increment} -- key
                4 sql-ddl  field orders.status enum required default 'new' [new | paid]
                5 sql-ddl  field orders.total DECIMAL(10,2) optional
                6 sql-ddl  field orders.changed DATETIME optional
                12 sql-ddl  entity lines table lines
                12 sql-ddl  index by_id on lines (id)
                12 sql-ddl  index ft on lines (id) using fulltext
                13 sql-ddl  field lines.id INT optional
                17 sql-ddl  field lines.note TEXT optional
                17 sql-ddl  index n on lines (note)
                17 sql-ddl  field lines.id INT required
            "#]],
        );
    }

    #[test]
    fn tables_of_sqlite_and_transact_sql() {
        check(
            "```sql\nCREATE TABLE lite (id INTEGER PRIMARY KEY AUTOINCREMENT, loose, UNIQUE (loose) ON CONFLICT REPLACE) WITHOUT ROWID;\nCREATE TRIGGER t AFTER UPDATE ON lite BEGIN\n  UPDATE lite SET loose = 1; END;\nCREATE TABLE [dbo].[Users] (\n  [Id] [int] IDENTITY(1,1) NOT NULL,\n  Team INT FOREIGN KEY REFERENCES dbo.Teams(Id),\n  CONSTRAINT [PK] PRIMARY KEY CLUSTERED ([Id] ASC)\n)\nGO\nCREATE NONCLUSTERED INDEX i ON dbo.Users (Team DESC);\n```\n",
            &expect![[r#"
                2 sql-ddl  entity lite table lite
                2 sql-ddl  field lite.id INTEGER primary key required {auto-increment}
                2 sql-ddl  field lite.loose optional
                2 sql-ddl  unique lite (loose)
                5 sql-ddl  entity Users table Users
                5 sql-ddl  primary key Users (Id)
                6 sql-ddl  field Users.Id int required {auto-increment}
                7 sql-ddl  field Users.Team INT optional -> Teams.Id
                11 sql-ddl  index i on Users (Team desc)
            "#]],
        );
    }

    #[test]
    fn types_and_checks_of_pg_dump() {
        check(
            "```sql\nDO $$ BEGIN CREATE TYPE st AS ENUM ('a', 'b'); EXCEPTION WHEN duplicate_object THEN null; END $$;\nCREATE TYPE address AS (street text, zip text);\nCREATE TABLE x.t (\n  s text CHECK ((s)::text = ANY ((ARRAY['a'::text, 'b'::text])::text[])),\n  k text CHECK (k IS NULL OR k = 'x' OR k = 'y'),\n  d numeric GENERATED ALWAYS AS (1 + 2) STORED\n);\nCOMMENT ON COLUMN x.t.s IS 'the state';\nCREATE TEMPORARY TABLE gone (a int);\n```\n",
            &expect![[r#"
                2 sql-ddl  enumeration st: a | b
                3 sql-ddl  value object address
                3 sql-ddl  field address.street TEXT
                3 sql-ddl  field address.zip TEXT
                4 sql-ddl  entity x.t table x.t
                5 sql-ddl  field x.t.s TEXT optional [a | b]
                6 sql-ddl  field x.t.k TEXT optional [x | y]
                7 sql-ddl  field x.t.d NUMERIC optional {generated as 1 + 2}
                9 sql-ddl  field x.t.s -- the state
            "#]],
        );
    }

    #[test]
    fn the_shape_of_a_table_without_the_words_that_create_it() {
        check(
            "## Guest\n```SQL\nguests (id SERIAL PRIMARY KEY, name VARCHAR(50) NOT NULL,\n  town TEXT)\n```\n```sql\nstays (id SERIAL PRIMARY KEY, guest_id INTEGER NOT NULL REFERENCES guests(id)) /* who stays */;\n```\n```sql\ncount(a, b)\n```\n```sql\nrooms (id, name)\n```\n",
            &expect![[r#"
                3 sql-ddl  entity guests table guests
                3 sql-ddl  field guests.id SERIAL primary key required
                3 sql-ddl  field guests.name VARCHAR(50) required
                4 sql-ddl  field guests.town TEXT optional
                7 sql-ddl  entity stays table stays
                7 sql-ddl  field stays.id SERIAL primary key required
                7 sql-ddl  field stays.guest_id INTEGER required -> guests.id
            "#]],
        );
    }
}
