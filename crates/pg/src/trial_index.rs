//! Indexes that are really made to be tried, in a database of our own, and a sample of another database's rows for them.

use std::fmt;

use crate::expr::quote_literal;
use crate::{Ddl, Ident, Index, QualifiedName};

/// A statement about indexes that are tried.
#[derive(Debug, Clone, PartialEq)]
pub enum TrialStatement<'a> {
    /// Makes an index in a session that otherwise only reads. Statistics are gathered of what an expression gives, where it
    /// holds one.
    Make {
        /// The index.
        index: &'a Index,
        /// Whether it holds an expression.
        holds_expression: bool,
    },
    /// The number and the size in bytes of an index, and whether the planner sees it (`t` or `f`).
    Look(&'a QualifiedName),
    /// Shows the planner the indexes of these numbers where it does not see them, and hides them where it does. A superuser's
    /// statement: an index that is not valid is kept up to date, and is used for no plan (manual, section 53.26).
    Turn(&'a [u32]),
    /// Hides all indexes whose names begin so, which a connection before left behind. A superuser's statement as well.
    HideAll(&'a str),
    /// Every row of small tables counts: statistics are made of all of them.
    Statistics,
    /// Namespace, table, rows and a column that can be filled, a row for each column of each table that holds rows itself.
    Columns,
    /// So many rows in a hundred of a table, as text: the same ones each time.
    Rows {
        /// The table.
        table: &'a QualifiedName,
        /// The columns.
        columns: &'a [Ident],
        /// How many in a hundred; all from 100 on.
        percent: f64,
    },
}

impl fmt::Display for TrialStatement<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Make { index, holds_expression } => {
                write!(f, "BEGIN READ WRITE; {}", Ddl::CreateIndex((*index).clone()))?;
                if *holds_expression {
                    write!(f, "; ANALYZE {}", index.table)?;
                }
                f.write_str("; COMMIT")
            }
            Self::Look(name) => {
                let name = quote_literal(&name.to_string());
                write!(
                    f,
                    "SELECT indexrelid::bigint, pg_relation_size(indexrelid), indisvalid FROM pg_catalog.pg_index \
                     WHERE indexrelid = {name}::regclass"
                )
            }
            Self::Turn(numbers) => {
                let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
                write!(
                    f,
                    "UPDATE pg_catalog.pg_index SET indisvalid = NOT indisvalid WHERE indexrelid IN ({})",
                    numbers.join(", ")
                )
            }
            Self::HideAll(prefix) => write!(
                f,
                "UPDATE pg_catalog.pg_index SET indisvalid = false WHERE indisvalid AND indexrelid IN \
                 (SELECT oid FROM pg_catalog.pg_class WHERE starts_with(relname::text, {}))",
                quote_literal(prefix)
            ),
            Self::Statistics => f.write_str("SET default_statistics_target = 200"),
            Self::Columns => f.write_str(
                "SELECT n.nspname, c.relname, greatest(c.reltuples, 0), a.attname FROM pg_class c \
                 JOIN pg_namespace n ON n.oid = c.relnamespace \
                 JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
                 AND a.attgenerated = '' WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' \
                 AND n.nspname <> 'information_schema' ORDER BY 1, 2, a.attnum",
            ),
            Self::Rows { table, columns, percent } => {
                f.write_str("SELECT ")?;
                for (at, column) in columns.iter().enumerate() {
                    write!(f, "{}{column}::text", if at == 0 { "" } else { ", " })?;
                }
                write!(f, " FROM ONLY {table}")?;
                if *percent < 100.0 {
                    write!(f, " TABLESAMPLE BERNOULLI ({percent:.6}) REPEATABLE (1)")?;
                }
                Ok(())
            }
        }
    }
}

/// A statement of a dump as it can be run on a sample of the rows: what a row refers to may not be among them.
pub fn on_a_sample(statement: &str) -> String {
    let refers = statement.contains("FOREIGN KEY") && !statement.contains("NOT VALID");
    format!("{statement}{};", if refers { " NOT VALID" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sampled_where_there_are_many() {
        let id = |name: &str| Ident::new(name).unwrap();
        let table = QualifiedName::new(id("public"), id("order"));
        let columns = [id("id"), id("To")];
        let rows = |percent| TrialStatement::Rows { table: &table, columns: &columns, percent };
        assert_eq!(
            rows(100.0).to_string(),
            "SELECT id::text, \"To\"::text FROM ONLY public.\"order\""
        );
        assert!(rows(2.5).to_string().ends_with("TABLESAMPLE BERNOULLI (2.500000) REPEATABLE (1)"));
        assert_eq!(
            on_a_sample("ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES c"),
            "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES c NOT VALID;"
        );
        assert_eq!(on_a_sample("CREATE INDEX ON a (b)"), "CREATE INDEX ON a (b);");
    }
}
