//! Statements that make and unmake objects, and scripts of them in an order that works.

use std::collections::BTreeSet;
use std::fmt;

use crate::expr::quote_literal;
use crate::ident::list;
use crate::{
    CheckConstraint, Column, Exclusion, Expr, ForeignKey, Function, Ident, Identity, Index,
    IndexKey, Insert, Key, Method, Partition, QualifiedName, ReferentialAction, Schema, Table,
    Trigger, TriggerEvent, TriggerTiming,
};

/// One statement. `Display` writes it without a semicolon.
#[derive(Debug, Clone, PartialEq)]
pub enum Ddl {
    /// `CREATE SCHEMA`.
    CreateNamespace(Ident),
    /// `CREATE EXTENSION`.
    CreateExtension(Ident),
    /// `CREATE TABLE` with its keys and checks, and those of its foreign keys that are named here.
    CreateTable {
        /// The table.
        table: Table,
        /// The foreign keys that can be made with it.
        foreign_keys: Vec<ForeignKey>,
    },
    /// `CREATE TABLE … PARTITION OF`: of the table that is named first.
    CreatePartition(QualifiedName, Partition),
    /// `SELECT` of a function without arguments: of the one that makes the partitions of a new table.
    Upkeep(QualifiedName),
    /// `ALTER TABLE … ADD CONSTRAINT … FOREIGN KEY`.
    AddForeignKey(QualifiedName, ForeignKey),
    /// `ALTER TABLE … ADD CONSTRAINT … CHECK`.
    AddCheck(QualifiedName, CheckConstraint),
    /// `ALTER TABLE … ADD CONSTRAINT … EXCLUDE`.
    AddExclusion(QualifiedName, Exclusion),
    /// `ALTER TABLE … ADD CONSTRAINT … PRIMARY KEY`.
    AddPrimaryKey(QualifiedName, Key),
    /// `ALTER TABLE … ADD CONSTRAINT … UNIQUE`.
    AddUnique(QualifiedName, Key),
    /// `ALTER TABLE … DROP CONSTRAINT`.
    DropConstraint(QualifiedName, Ident),
    /// `CREATE INDEX`.
    CreateIndex(Index),
    /// `CREATE FUNCTION`.
    CreateFunction(Function),
    /// `CREATE TRIGGER`.
    CreateTrigger(Trigger),
    /// `INSERT` of the rows that a new table begins with.
    Seed(Insert),
    /// `COMMENT ON`.
    Comment(CommentTarget, String),
    /// `DROP TABLE`.
    DropTable(QualifiedName),
    /// `DROP FUNCTION`.
    DropFunction(QualifiedName),
    /// `DROP SCHEMA`.
    DropNamespace(Ident),
}

/// What a comment is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommentTarget {
    /// A table.
    Table(QualifiedName),
    /// A column of a table.
    Column(QualifiedName, Ident),
    /// A constraint of a table.
    Constraint(QualifiedName, Ident),
    /// An index.
    Index(QualifiedName),
    /// A function without arguments.
    Function(QualifiedName),
    /// A trigger of a table.
    Trigger(QualifiedName, Ident),
}

impl fmt::Display for CommentTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table(name) => write!(f, "TABLE {name}"),
            Self::Column(table, column) => write!(f, "COLUMN {table}.{column}"),
            Self::Constraint(table, name) => write!(f, "CONSTRAINT {name} ON {table}"),
            Self::Index(name) => write!(f, "INDEX {name}"),
            Self::Function(name) => write!(f, "FUNCTION {name}()"),
            Self::Trigger(table, name) => write!(f, "TRIGGER {name} ON {table}"),
        }
    }
}

impl fmt::Display for Ddl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CreateNamespace(name) => write!(f, "CREATE SCHEMA {name}"),
            Self::CreateExtension(name) => write!(f, "CREATE EXTENSION IF NOT EXISTS {name}"),
            Self::CreateTable { table, foreign_keys } => create_table(f, table, foreign_keys),
            Self::CreatePartition(table, partition) => write!(
                f,
                "CREATE TABLE {} PARTITION OF {table} {}",
                partition.name, partition.bound
            ),
            Self::Upkeep(function) => write!(f, "SELECT {function}()"),
            Self::AddForeignKey(table, key) => {
                write!(f, "ALTER TABLE {table}\n  ADD {}", ForeignKeyClause(key))
            }
            Self::AddCheck(table, check) => {
                write!(
                    f,
                    "ALTER TABLE {table}\n  ADD CONSTRAINT {} CHECK ({})",
                    check.name, check.expression
                )
            }
            Self::AddExclusion(table, exclusion) => {
                write!(f, "ALTER TABLE {table}\n  ADD {exclusion}")
            }
            Self::AddPrimaryKey(table, key) => {
                write!(f, "ALTER TABLE {table}\n  ADD {}", key_clause(key, "PRIMARY KEY"))
            }
            Self::AddUnique(table, key) => {
                write!(f, "ALTER TABLE {table}\n  ADD {}", key_clause(key, "UNIQUE"))
            }
            Self::DropConstraint(table, name) => {
                write!(f, "ALTER TABLE {table}\n  DROP CONSTRAINT {name}")
            }
            Self::CreateIndex(index) => create_index(f, "", index),
            Self::CreateFunction(function) => function_clause(f, "CREATE", function),
            Self::CreateTrigger(trigger) => create_trigger(f, trigger),
            Self::Seed(insert) => write!(f, "{insert}"),
            Self::Comment(target, text) => {
                write!(f, "COMMENT ON {target} IS {}", quote_literal(text))
            }
            Self::DropTable(name) => write!(f, "DROP TABLE {name}"),
            Self::DropFunction(name) => write!(f, "DROP FUNCTION {name}()"),
            Self::DropNamespace(name) => write!(f, "DROP SCHEMA {name}"),
        }
    }
}

fn create_table(f: &mut fmt::Formatter<'_>, table: &Table, keys: &[ForeignKey]) -> fmt::Result {
    let mut items: Vec<String> = Vec::new();
    let width = table.columns.iter().map(|c| c.name.to_string().chars().count()).max().unwrap_or(0);
    for column in &table.columns {
        items.push(column_clause(column, width));
    }
    if let Some(key) = &table.primary_key {
        items.push(key_clause(key, "PRIMARY KEY"));
    }
    items.extend(table.uniques.iter().map(|key| key_clause(key, "UNIQUE")));
    items.extend(
        table
            .checks
            .iter()
            .map(|check| format!("CONSTRAINT {} CHECK ({})", check.name, check.expression)),
    );
    items.extend(table.exclusions.iter().map(ToString::to_string));
    items.extend(keys.iter().map(|key| ForeignKeyClause(key).to_string()));
    if items.is_empty() {
        write!(f, "CREATE TABLE {} ()", table.name)?;
    } else {
        write!(f, "CREATE TABLE {} (\n  {}\n)", table.name, items.join(",\n  "))?;
    }
    match &table.partitioning {
        Some(partitioning) => write!(f, " PARTITION BY {partitioning}"),
        None => Ok(()),
    }
}

fn column_clause(column: &Column, width: usize) -> String {
    let name = column.name.to_string();
    let pad = width.saturating_sub(name.chars().count());
    let mut clause = format!("{name}{} {}", " ".repeat(pad), column.data_type.short());
    if column.not_null {
        clause.push_str(" NOT NULL");
    }
    match column.identity {
        Some(Identity::Always) => clause.push_str(" GENERATED ALWAYS AS IDENTITY"),
        Some(Identity::ByDefault) => clause.push_str(" GENERATED BY DEFAULT AS IDENTITY"),
        None => {}
    }
    if let Some(default) = &column.default {
        clause.push_str(" DEFAULT ");
        clause.push_str(&default.as_default());
    }
    if let Some(expression) = &column.generated {
        clause.push_str(" GENERATED ALWAYS AS (");
        clause.push_str(&expression.to_string());
        clause.push_str(") STORED");
    }
    clause
}

impl Column {
    /// The column as it stands in CREATE TABLE.
    pub fn clause(&self) -> String {
        column_clause(self, 0)
    }
}

fn key_clause(key: &Key, kind: &str) -> String {
    let deferrable = if key.deferrable { " DEFERRABLE" } else { "" };
    format!("CONSTRAINT {} {kind} ({}){deferrable}", key.name, list(&key.columns))
}

struct ForeignKeyClause<'a>(&'a ForeignKey);

impl fmt::Display for ForeignKeyClause<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = self.0;
        write!(
            f,
            "CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {} ({})",
            key.name,
            list(&key.columns),
            key.references,
            list(&key.referenced_columns)
        )?;
        if key.on_update != ReferentialAction::NoAction {
            write!(f, " ON UPDATE {}", key.on_update.as_str())?;
        }
        if key.on_delete != ReferentialAction::NoAction {
            write!(f, " ON DELETE {}", key.on_delete.as_str())?;
            if !key.set_columns.is_empty() {
                write!(f, " ({})", list(&key.set_columns))?;
            }
        }
        if key.deferred {
            f.write_str(" DEFERRABLE INITIALLY DEFERRED")?;
        }
        Ok(())
    }
}

/// `CREATE INDEX how …`.
pub(crate) fn create_index(f: &mut fmt::Formatter<'_>, how: &str, index: &Index) -> fmt::Result {
    let unique = if index.unique { "UNIQUE " } else { "" };
    write!(f, "CREATE {unique}INDEX {how}{} ON {}", index.name.name, index.table)?;
    if index.method != Method::Btree {
        write!(f, " USING {}", index.method.as_str())?;
    }
    f.write_str(" (")?;
    for (at, column) in index.columns.iter().enumerate() {
        if at > 0 {
            f.write_str(", ")?;
        }
        match &column.key {
            IndexKey::Column(name) => write!(f, "{name}")?,
            // Kept as it was written, it brings its parentheses.
            IndexKey::Expression(expression @ Expr::Verbatim(_)) => write!(f, "{expression}")?,
            IndexKey::Expression(call @ Expr::Call(..)) => write!(f, "{call}")?,
            IndexKey::Expression(expression) => write!(f, "({expression})")?,
        }
        if let Some(class) = &column.operator_class {
            write!(f, " {class}")?;
        }
        if column.descending {
            f.write_str(" DESC")?;
        }
    }
    f.write_str(")")?;
    if !index.include.is_empty() {
        write!(f, " INCLUDE ({})", list(&index.include))?;
    }
    if let Some(predicate) = &index.predicate {
        write!(f, "\n  WHERE {predicate}")?;
    }
    Ok(())
}

/// `verb FUNCTION …`, where the verb makes it or puts it in place of another.
pub(crate) fn function_clause(
    f: &mut fmt::Formatter<'_>,
    verb: &str,
    function: &Function,
) -> fmt::Result {
    write!(
        f,
        "{verb} FUNCTION {}() RETURNS {}\n  LANGUAGE {}\n",
        function.name,
        function.returns.short(),
        function.language
    )?;
    if let Some(path) = &function.search_path {
        // The catalog stores an empty path as two double quotes; SET wants a string.
        let path = if path == "\"\"" { "''" } else { path };
        writeln!(f, "  SET search_path = {path}")?;
    }
    // A tag must end the body at its end and nowhere before, not even with the body's last characters.
    let mut tag = String::from("$function$");
    while format!("{}{tag}", function.body).find(&tag) != Some(function.body.len()) {
        tag.insert(tag.len() - 1, '_');
    }
    write!(f, "AS {tag}{}{tag}", function.body)
}

fn create_trigger(f: &mut fmt::Formatter<'_>, trigger: &Trigger) -> fmt::Result {
    let timing = match trigger.timing {
        TriggerTiming::Before => "BEFORE",
        TriggerTiming::After => "AFTER",
    };
    let events: Vec<String> = trigger
        .events
        .iter()
        .map(|event| match event {
            TriggerEvent::Insert => "INSERT".to_owned(),
            TriggerEvent::Delete => "DELETE".to_owned(),
            TriggerEvent::Truncate => "TRUNCATE".to_owned(),
            TriggerEvent::Update if trigger.update_columns.is_empty() => "UPDATE".to_owned(),
            TriggerEvent::Update => format!("UPDATE OF {}", list(&trigger.update_columns)),
        })
        .collect();
    write!(
        f,
        "CREATE TRIGGER {}\n  {timing} {} ON {}\n  FOR EACH {}",
        trigger.name,
        events.join(" OR "),
        trigger.table,
        if trigger.is_of_statement() { "STATEMENT" } else { "ROW" }
    )?;
    if let Some(condition) = &trigger.condition {
        write!(f, " WHEN ({condition})")?;
    }
    write!(f, "\n  EXECUTE FUNCTION {}()", trigger.function)
}

/// Statements in an order that works.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Script {
    /// The statements.
    pub statements: Vec<Ddl>,
}

impl Script {
    /// Everything that makes the schema in an empty database: extensions, namespaces, functions,
    /// tables after those that they refer to, foreign keys that point forward, indexes, triggers,
    /// comments at what they are about.
    pub fn create(schema: &Schema) -> Self {
        let mut statements = Vec::new();
        statements.extend(schema.extensions.iter().cloned().map(Ddl::CreateExtension));
        statements.extend(schema.namespaces.iter().cloned().map(Ddl::CreateNamespace));
        for function in schema.functions.values() {
            statements.push(Ddl::CreateFunction(function.clone()));
            if let Some(text) = &function.comment {
                let target = CommentTarget::Function(function.name.clone());
                statements.push(Ddl::Comment(target, text.clone()));
            }
        }
        let mut there: BTreeSet<&QualifiedName> = BTreeSet::new();
        let mut later = Vec::new();
        for table in schema.creation_order() {
            there.insert(&table.name);
            let (now, forward): (Vec<_>, Vec<_>) =
                table.foreign_keys.iter().cloned().partition(|key| {
                    // A table that the schema does not have is there already.
                    there.contains(&key.references) || !schema.tables.contains_key(&key.references)
                });
            later.extend(forward.into_iter().map(|key| (table, key)));
            statements.push(Ddl::CreateTable { table: table.clone(), foreign_keys: now });
            table_comments(table, &there, &mut statements);
            partitions(table, &mut statements);
            statements.extend(table.seed().map(Ddl::Seed));
            for index in schema.indexes_of(&table.name) {
                statements.push(Ddl::CreateIndex(index.clone()));
                if let Some(text) = &index.comment {
                    let target = CommentTarget::Index(index.name.clone());
                    statements.push(Ddl::Comment(target, text.clone()));
                }
            }
            for trigger in schema.triggers_of(&table.name) {
                statements.push(Ddl::CreateTrigger(trigger.clone()));
                if let Some(text) = &trigger.comment {
                    let target =
                        CommentTarget::Trigger(trigger.table.clone(), trigger.name.clone());
                    statements.push(Ddl::Comment(target, text.clone()));
                }
            }
        }
        for (table, key) in later {
            let comment = key.comment.clone().map(|text| {
                let target = CommentTarget::Constraint(table.name.clone(), key.name.clone());
                Ddl::Comment(target, text)
            });
            statements.push(Ddl::AddForeignKey(table.name.clone(), key));
            statements.extend(comment);
        }
        // With all that the partitions are to have.
        let upkeeps = schema.tables.values().filter_map(|table| table.partitioning.as_ref());
        statements.extend(upkeeps.filter_map(|it| it.upkeep.clone()).map(Ddl::Upkeep));
        Self { statements }
    }

    /// Everything that takes the schema away again, in the opposite order. Extensions stay: whether they were there before,
    /// and who else rests on them, it cannot know.
    pub fn drop(schema: &Schema) -> Self {
        let mut statements = Vec::new();
        let order = schema.creation_order();
        let mut there: BTreeSet<&QualifiedName> = BTreeSet::new();
        for table in &order {
            there.insert(&table.name);
            for key in table.foreign_keys.iter().filter(|key| !there.contains(&key.references)) {
                statements.push(Ddl::DropConstraint(table.name.clone(), key.name.clone()));
            }
        }
        statements.extend(order.iter().rev().map(|table| Ddl::DropTable(table.name.clone())));
        statements.extend(schema.functions.keys().cloned().map(Ddl::DropFunction));
        statements.extend(schema.namespaces.iter().cloned().map(Ddl::DropNamespace));
        Self { statements }
    }
}

fn partitions(table: &Table, statements: &mut Vec<Ddl>) {
    for partition in table.partitioning.iter().flat_map(|it| &it.partitions) {
        statements.push(Ddl::CreatePartition(table.name.clone(), partition.clone()));
        if let Some(text) = &partition.comment {
            let target = CommentTarget::Table(partition.name.clone());
            statements.push(Ddl::Comment(target, text.clone()));
        }
    }
}

fn table_comments(table: &Table, there: &BTreeSet<&QualifiedName>, statements: &mut Vec<Ddl>) {
    let mut comment = |target: CommentTarget, text: Option<&String>| {
        if let Some(text) = text {
            statements.push(Ddl::Comment(target, text.clone()));
        }
    };
    let name = &table.name;
    comment(CommentTarget::Table(name.clone()), table.comment.as_ref());
    for column in &table.columns {
        let target = CommentTarget::Column(name.clone(), column.name.clone());
        comment(target, column.comment.as_ref());
    }
    let constraint =
        |constraint: &Ident| CommentTarget::Constraint(name.clone(), constraint.clone());
    for key in table.keys() {
        comment(constraint(&key.name), key.comment.as_ref());
    }
    for check in &table.checks {
        comment(constraint(&check.name), check.comment.as_ref());
    }
    for exclusion in &table.exclusions {
        comment(constraint(&exclusion.name), exclusion.comment.as_ref());
    }
    for key in table.foreign_keys.iter().filter(|key| there.contains(&key.references)) {
        comment(constraint(&key.name), key.comment.as_ref());
    }
}

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for statement in &self.statements {
            writeln!(f, "{statement};")?;
        }
        Ok(())
    }
}
