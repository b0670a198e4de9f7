//! Statements that probe and prepare: transactions within transactions, prepared statements, plans,
//! triggers switched off for a load, and the upkeep of statistics.

use std::fmt;

use crate::ddl::{create_index, function_clause};
use crate::expr::quote_literal;
use crate::{Expr, Function, Ident, Index, QualifiedName, Statement};

/// One statement. `Display` writes it without a semicolon.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// `SAVEPOINT`.
    Savepoint(Ident),
    /// `ROLLBACK TO SAVEPOINT`, and the savepoint is gone as well: savepoints that are only gone back to
    /// pile up.
    RollbackTo(Ident),
    /// `RELEASE SAVEPOINT`: what was done since stays.
    Release(Ident),
    /// `SET CONSTRAINTS ALL IMMEDIATE`: what was deferred is checked now.
    ConstraintsImmediate,
    /// `SET CONSTRAINTS ALL DEFERRED`: what can wait for the end of the transaction waits again.
    ConstraintsDeferred,
    /// `SET LOCAL` of a setting of the server's own, for the rest of the transaction.
    SetLocal(&'static str, &'static str),
    /// `SET` of a setting of the server's own, for the rest of the session.
    Set(&'static str, &'static str),
    /// `TRUNCATE … CASCADE`: all rows of tables, and whatever refers to them.
    Truncate(Vec<QualifiedName>),
    /// `ALTER TABLE … DISABLE TRIGGER`: one of them.
    DisableTrigger(QualifiedName, Ident),
    /// `ALTER TABLE … ENABLE TRIGGER`: one of them.
    EnableTrigger(QualifiedName, Ident),
    /// `ALTER TABLE … DISABLE TRIGGER USER`: all but those that enforce foreign keys.
    DisableTriggers(QualifiedName),
    /// `ALTER TABLE … ENABLE TRIGGER USER`.
    EnableTriggers(QualifiedName),
    /// `ALTER TABLE … DROP CONSTRAINT … CASCADE`: with the foreign keys that rest on it.
    DropConstraintCascade(QualifiedName, Ident),
    /// `CREATE INDEX CONCURRENTLY`: writes go on meanwhile; not within a transaction (manual, CREATE INDEX).
    CreateIndexConcurrently(Index),
    /// `DROP INDEX`.
    DropIndex(QualifiedName),
    /// The bytes of an index, with those of its parts where it is one of partitions.
    IndexBytes(QualifiedName),
    /// `ALTER INDEX … SET (pages_per_range = …)` of a BRIN index, which is then made anew; of each of its parts where it is one
    /// of partitions.
    PagesPerRange(QualifiedName, u32),
    /// `DROP INDEX CONCURRENTLY`: reads and writes go on meanwhile; not within a transaction.
    DropIndexConcurrently(QualifiedName),
    /// `ALTER TABLE … ALTER COLUMN … DROP`: what a column loses.
    DropOfColumn(QualifiedName, Ident, ColumnTrait),
    /// `DROP TRIGGER`.
    DropTrigger(QualifiedName, Ident),
    /// `DROP FUNCTION … CASCADE`: with the triggers that run it.
    DropFunctionCascade(QualifiedName),
    /// `DROP EXTENSION … CASCADE`: with the constraints and indexes that rest on it.
    DropExtensionCascade(Ident),
    /// `CREATE OR REPLACE FUNCTION`: another body for the triggers that run it.
    ReplaceFunction(Function),
    /// `PREPARE`, with parameter types as the server infers them.
    Prepare(Ident, Box<Statement>),
    /// `EXECUTE`.
    Execute(Ident, Vec<Expr>),
    /// `EXPLAIN … EXECUTE`, in JSON.
    ExplainExecute {
        /// The prepared statement.
        name: Ident,
        /// Its parameters.
        arguments: Vec<Expr>,
        /// Whether it is run and measured, with its use of buffers.
        analyze: bool,
    },
    /// Reads the name of an index or a table; NULL where there is none.
    Exists(QualifiedName),
    /// Reads the types that the parameters of a prepared statement have, one row for each.
    ParameterTypes(Ident),
    /// `DEALLOCATE`.
    Deallocate(Ident),
    /// `VACUUM (ANALYZE)` of a table.
    VacuumAnalyze(QualifiedName),
    /// `CREATE ROLE`, without a right to log in.
    CreateRole(Ident),
    /// `GRANT … TO …`: makes a role a member of another, first the other.
    GrantRole(Ident, Ident),
    /// `GRANT … TO CURRENT_USER`: who is no superuser may then become the role.
    JoinRole(Ident),
    /// `SET LOCAL ROLE`: what follows in the transaction is done with the rights of a role.
    SetRole(Ident),
}

/// What can be taken from a column and leaves the column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ColumnTrait {
    /// `NOT NULL`.
    NotNull,
    /// `DEFAULT`.
    Default,
    /// `GENERATED … AS IDENTITY`.
    Identity,
    /// The expression that it is computed from.
    Expression,
}

impl ColumnTrait {
    /// The word after `DROP`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotNull => "NOT NULL",
            Self::Default => "DEFAULT",
            Self::Identity => "IDENTITY",
            Self::Expression => "EXPRESSION",
        }
    }
}

fn execute(f: &mut fmt::Formatter<'_>, name: &Ident, arguments: &[Expr]) -> fmt::Result {
    write!(f, "EXECUTE {name}")?;
    for (at, argument) in arguments.iter().enumerate() {
        write!(f, "{}{argument}", if at == 0 { " (" } else { ", " })?;
    }
    if arguments.is_empty() { Ok(()) } else { f.write_str(")") }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Savepoint(name) => write!(f, "SAVEPOINT {name}"),
            Self::RollbackTo(name) => {
                write!(f, "ROLLBACK TO SAVEPOINT {name}; RELEASE SAVEPOINT {name}")
            }
            Self::Release(name) => write!(f, "RELEASE SAVEPOINT {name}"),
            Self::ConstraintsDeferred => f.write_str("SET CONSTRAINTS ALL DEFERRED"),
            Self::ConstraintsImmediate => f.write_str("SET CONSTRAINTS ALL IMMEDIATE"),
            Self::SetLocal(setting, value) => write!(f, "SET LOCAL {setting} = {value}"),
            Self::Set(setting, value) => write!(f, "SET {setting} = {}", quote_literal(value)),
            Self::Truncate(tables) => {
                let names: Vec<String> = tables.iter().map(ToString::to_string).collect();
                write!(f, "TRUNCATE {} CASCADE", names.join(", "))
            }
            Self::DisableTrigger(table, name) => {
                write!(f, "ALTER TABLE {table} DISABLE TRIGGER {name}")
            }
            Self::EnableTrigger(table, name) => {
                write!(f, "ALTER TABLE {table} ENABLE TRIGGER {name}")
            }
            Self::DisableTriggers(table) => write!(f, "ALTER TABLE {table} DISABLE TRIGGER USER"),
            Self::EnableTriggers(table) => write!(f, "ALTER TABLE {table} ENABLE TRIGGER USER"),
            Self::DropConstraintCascade(table, name) => {
                write!(f, "ALTER TABLE {table} DROP CONSTRAINT {name} CASCADE")
            }
            Self::CreateIndexConcurrently(index) => create_index(f, "CONCURRENTLY ", index),
            Self::DropIndex(name) => write!(f, "DROP INDEX {name}"),
            Self::PagesPerRange(name, pages) => {
                let name = quote_literal(&name.to_string());
                write!(
                    f,
                    "DO $$\nDECLARE\n  part regclass;\nBEGIN\n  FOR part IN\n    SELECT oid FROM pg_catalog.pg_class WHERE oid = {name}::regclass AND relkind = 'i'\n    \
                     UNION SELECT relid FROM pg_catalog.pg_partition_tree({name}) WHERE isleaf\n  LOOP\n    \
                     EXECUTE pg_catalog.format('ALTER INDEX %s SET (pages_per_range = {pages})', part);\n    \
                     EXECUTE pg_catalog.format('REINDEX INDEX %s', part);\n  END LOOP;\nEND\n$$"
                )
            }
            Self::IndexBytes(name) => {
                let name = quote_literal(&name.to_string());
                write!(
                    f,
                    "SELECT coalesce((SELECT sum(pg_relation_size(relid)) FROM pg_partition_tree({name}::regclass)), \
                     pg_relation_size({name}::regclass))"
                )
            }
            Self::DropIndexConcurrently(name) => write!(f, "DROP INDEX CONCURRENTLY {name}"),
            Self::DropOfColumn(table, column, what) => {
                write!(f, "ALTER TABLE {table} ALTER COLUMN {column} DROP {}", what.as_str())
            }
            Self::DropTrigger(table, name) => write!(f, "DROP TRIGGER {name} ON {table}"),
            Self::DropFunctionCascade(name) => write!(f, "DROP FUNCTION {name}() CASCADE"),
            Self::DropExtensionCascade(name) => write!(f, "DROP EXTENSION {name} CASCADE"),
            Self::ReplaceFunction(function) => function_clause(f, "CREATE OR REPLACE", function),
            Self::Prepare(name, statement) => write!(f, "PREPARE {name} AS\n{statement}"),
            Self::Execute(name, arguments) => execute(f, name, arguments),
            Self::ExplainExecute { name, arguments, analyze } => {
                let options = if *analyze { "ANALYZE, BUFFERS, " } else { "" };
                write!(f, "EXPLAIN ({options}FORMAT JSON) ")?;
                execute(f, name, arguments)
            }
            Self::Exists(name) => {
                write!(f, "SELECT to_regclass({})::text", quote_literal(&name.to_string()))
            }
            Self::ParameterTypes(name) => write!(
                f,
                "SELECT format_type(t.id, NULL) FROM pg_prepared_statements AS p, \
                 unnest(p.parameter_types) WITH ORDINALITY AS t (id, position) \
                 WHERE p.name = {} ORDER BY t.position",
                quote_literal(name.as_str())
            ),
            Self::Deallocate(name) => write!(f, "DEALLOCATE {name}"),
            Self::CreateRole(name) => write!(f, "CREATE ROLE {name} NOLOGIN"),
            Self::GrantRole(of, member) => write!(f, "GRANT {of} TO {member}"),
            Self::JoinRole(name) => write!(f, "GRANT {name} TO CURRENT_USER"),
            Self::SetRole(name) => write!(f, "SET LOCAL ROLE {name}"),
            Self::VacuumAnalyze(table) => write!(f, "VACUUM (ANALYZE) {table}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prepared_statements_are_named_and_given_values() {
        let name = Ident::new("select").unwrap();
        let execute = |arguments| Command::Execute(name.clone(), arguments).to_string();
        assert_eq!(execute(vec![]), "EXECUTE \"select\"");
        assert_eq!(
            execute(vec![Expr::text("it's"), Expr::integer(2)]),
            "EXECUTE \"select\" ('it''s', 2)"
        );
        let explain =
            Command::ExplainExecute { name, arguments: vec![Expr::integer(1)], analyze: true };
        assert_eq!(
            explain.to_string(),
            "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE \"select\" (1)"
        );
    }
}
