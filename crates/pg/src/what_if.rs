//! What the advisor of indexes asks a server: hypothetical indexes, plans that are not run, and the facts about tables
//! that a cost depends on.
//!
//! HypoPG keeps its indexes in the memory of one session: nothing of them reaches a catalog or another session
//! (<https://hypopg.readthedocs.io>). Its functions are declared by its extension; where a database does not have that,
//! [`WhatIfStatement::DeclareHere`] declares the same functions for the session alone, in `pg_temp`.

use std::fmt;

use crate::expr::quote_literal;
use crate::{Ddl, Ident, Index, QualifiedName};

/// Where HypoPG's functions are found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hypothetical {
    namespace: Ident,
}

impl Hypothetical {
    /// Where the extension put them.
    pub const fn new(namespace: Ident) -> Self {
        Self { namespace }
    }

    /// Where [`WhatIfStatement::DeclareHere`] puts them.
    pub fn here() -> Self {
        Self { namespace: Ident::new("pg_temp").expect("invariant: a plain name") }
    }

    /// Makes hypothetical indexes and returns their numbers and sizes in bytes, a row each, in their order.
    pub fn create(&self, indexes: &[&Index]) -> String {
        let texts: Vec<String> = indexes
            .iter()
            .map(|index| quote_literal(&Ddl::CreateIndex((*index).clone()).to_string()))
            .collect();
        let namespace = &self.namespace;
        format!(
            "SELECT i.indexrelid, {namespace}.hypopg_relation_size(i.indexrelid) \
             FROM unnest(ARRAY[{}]) WITH ORDINALITY AS d(ddl, at), \
             LATERAL {namespace}.hypopg_create_index(d.ddl) AS i ORDER BY d.at",
            texts.join(", ")
        )
    }

    /// Takes all hypothetical indexes of the session away.
    pub fn reset(&self) -> String {
        format!("SELECT {}.hypopg_reset()", self.namespace)
    }

    /// Takes hypothetical indexes away.
    pub fn drop(&self, numbers: &[u32]) -> String {
        let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
        format!(
            "SELECT {}.hypopg_drop_index(n::oid) FROM unnest(ARRAY[{}]::bigint[]) AS n",
            self.namespace,
            numbers.join(", ")
        )
    }
}

/// A statement or query with nothing variable in it but what stands in the variant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhatIfStatement<'a> {
    /// Whether HypoPG's files are on the server (`t` or `f`), the namespace of its functions in this database (NULL
    /// where it was not created), and whether the role is a superuser.
    Look,
    /// Declares HypoPG's functions for this session alone. Takes a superuser, as the extension itself does.
    DeclareHere,
    /// Nothing that is sent afterwards can change data, plans of prepared statements know no values, no statement waits
    /// long for a lock, and none is compiled: `EXPLAIN` sets up a plan as if to run it, and compiling an expensive one
    /// takes longer than planning it. No cost depends on that.
    Guard,
    /// How the statement would be run, without running it. `parameters` is how many it has.
    Explain {
        /// The statement, one only.
        sql: &'a str,
        /// How many parameters.
        parameters: usize,
        /// With the columns that each node hands on, each qualified.
        verbose: bool,
    },
    /// What PostgreSQL runs for a foreign key when a row that may be referred to goes: looks for rows that refer to it by
    /// these columns, each a parameter.
    Referring(&'a QualifiedName, &'a [Ident]),
    /// Plans name every condition as a filter, join condition or sort key, since no index may be used.
    WithoutIndexes,
    /// What [`WhatIfStatement::WithoutIndexes`] switched off may be used again.
    WithIndexes,
    /// Numbers that the cost model uses: name and value, a row each.
    Settings,
    /// Namespace, name, rows, pages, whether statistics are there, of every table of the user's.
    Tables,
    /// Namespace, table, column, whether a b-tree takes it, `n_distinct`, share of NULL, width, correlation,
    /// the most common values with their shares where there are few.
    Columns,
    /// Namespace, table, index, whether unique, whether a constraint owns it, method, bytes, scans so far, number of
    /// key columns, predicate, and each column's text with its position, a row for each column.
    Indexes,
    /// Namespace and table referring, columns, namespace and table referred to, columns; a row for each foreign key.
    ForeignKeys,
    /// What `pg_stat_statements` counted in this database: text and calls. The namespace is that of the extension.
    Counted(&'a Ident),
    /// The namespace of `pg_stat_statements`, where the database has it.
    FindCounted,
    /// Forgets what was prepared.
    Forget,
    /// Namespace and name of every table that has rows.
    FilledTables,
}

const PREPARED: &str = "underpin_statement";

impl fmt::Display for WhatIfStatement<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Look => f.write_str(
                "SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'hypopg'), \
                 (SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace \
                 WHERE e.extname = 'hypopg'), \
                 (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)",
            ),
            Self::DeclareHere => f.write_str(DECLARATIONS),
            Self::Guard => f.write_str(
                "SET default_transaction_read_only = on; SET plan_cache_mode = force_generic_plan; \
                 SET lock_timeout = '5s'; SET jit = off",
            ),
            Self::Explain { sql, parameters: 0, verbose } => {
                write!(f, "{}{sql}", explain(*verbose))
            }
            Self::Explain { sql, parameters, verbose } => {
                let nulls = vec!["NULL"; *parameters].join(", ");
                write!(
                    f,
                    "PREPARE {PREPARED} AS {sql}\n; {}EXECUTE {PREPARED} ({nulls}); DEALLOCATE {PREPARED}",
                    explain(*verbose)
                )
            }
            Self::Referring(table, columns) => {
                write!(f, "SELECT 1 FROM ONLY {table} AS x WHERE ")?;
                for (at, column) in columns.iter().enumerate() {
                    let and = if at == 0 { "" } else { " AND " };
                    write!(f, "{and}x.{column} = ${}", at + 1)?;
                }
                Ok(())
            }
            Self::WithoutIndexes => f.write_str(
                "SET enable_indexscan = off; SET enable_indexonlyscan = off; SET enable_bitmapscan = off",
            ),
            Self::WithIndexes => f.write_str(
                "RESET enable_indexscan; RESET enable_indexonlyscan; RESET enable_bitmapscan",
            ),
            Self::Settings => f.write_str(
                "SELECT name, setting FROM pg_settings WHERE name IN ('random_page_cost', \
                 'cpu_index_tuple_cost', 'cpu_operator_cost', 'block_size', 'server_version') \
                 UNION ALL SELECT extname, extversion FROM pg_extension WHERE extname = 'pg_trgm'",
            ),
            Self::Tables => f.write_str(
                "SELECT n.nspname, c.relname, greatest(c.reltuples, 0), c.relpages, \
                 c.reltuples >= 0 AND (c.reltuples = 0 OR EXISTS (SELECT FROM pg_stats s \
                 WHERE s.schemaname = n.nspname AND s.tablename = c.relname)) \
                 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
                 WHERE c.relkind IN ('r', 'm', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' \
                 ORDER BY 1, 2",
            ),
            Self::Columns => f.write_str(
                "SELECT n.nspname, c.relname, a.attname, \
                 t.typname NOT IN ('json', 'jsonb', 'xml', 'point', 'box', 'path', 'polygon', 'line', 'lseg', \
                 'circle', 'tsvector', 'tsquery', 'cid', 'xid') AND coalesce(s.avg_width, 0) < 1000, \
                 coalesce(s.n_distinct, 0), coalesce(s.null_frac, 0), coalesce(s.avg_width, 0), \
                 coalesce(s.correlation, 0), CASE WHEN s.n_distinct BETWEEN 1 AND 20 \
                 THEN array_to_json(s.most_common_vals::text::text[]) END, \
                 CASE WHEN s.n_distinct BETWEEN 1 AND 20 THEN array_to_json(s.most_common_freqs) END, \
                 t.typname \
                 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
                 JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
                 JOIN pg_type t ON t.oid = a.atttypid \
                 LEFT JOIN pg_stats s ON s.schemaname = n.nspname AND s.tablename = c.relname \
                 AND s.attname = a.attname AND s.inherited = (c.relkind = 'p') \
                 WHERE c.relkind IN ('r', 'm', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' \
                 ORDER BY 1, 2, a.attnum",
            ),
            Self::Indexes => f.write_str(
                "SELECT n.nspname, c.relname, x.relname, i.indisunique, \
                 EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid), m.amname, \
                 pg_relation_size(i.indexrelid), coalesce(s.idx_scan, 0), i.indnkeyatts, \
                 pg_get_expr(i.indpred, i.indrelid), a.at, pg_get_indexdef(i.indexrelid, a.at, true), \
                 coalesce(i.indoption[a.at - 1] & 1, 0) = 1 \
                 FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
                 JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam \
                 LEFT JOIN pg_stat_all_indexes s ON s.indexrelid = i.indexrelid, \
                 LATERAL generate_series(1, i.indnatts) AS a(at) \
                 WHERE i.indisvalid AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' \
                 ORDER BY 1, 2, 3, a.at",
            ),
            Self::ForeignKeys => f.write_str(
                "SELECT n.nspname, c.relname, m.nspname, r.relname, a.attname, b.attname, k.oid \
                 FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
                 JOIN pg_class r ON r.oid = k.confrelid JOIN pg_namespace m ON m.oid = r.relnamespace, \
                 LATERAL unnest(k.conkey, k.confkey) WITH ORDINALITY AS p(mine, theirs, at) \
                 JOIN pg_attribute a ON a.attnum = p.mine JOIN pg_attribute b ON b.attnum = p.theirs \
                 WHERE k.contype = 'f' AND a.attrelid = k.conrelid AND b.attrelid = k.confrelid \
                 ORDER BY 1, 2, k.conname, k.oid, p.at",
            ),
            Self::FindCounted => f.write_str(
                "SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace \
                 WHERE e.extname = 'pg_stat_statements'",
            ),
            Self::Counted(namespace) => write!(
                f,
                "SELECT query, sum(calls)::bigint FROM {namespace}.pg_stat_statements s \
                 JOIN pg_database d ON d.oid = s.dbid WHERE d.datname = current_database() \
                 AND query ~* '^[[:space:](]*(select|insert|update|delete|with|values)' \
                 GROUP BY query ORDER BY sum(total_exec_time) DESC, query"
            ),
            Self::Forget => f.write_str("DEALLOCATE ALL"),
            Self::FilledTables => f.write_str(
                "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
                 WHERE c.relkind IN ('r', 'm') AND pg_relation_size(c.oid) > 0 AND n.nspname !~ '^pg_' \
                 AND n.nspname <> 'information_schema' ORDER BY 1, 2",
            ),
        }
    }
}

const fn explain(verbose: bool) -> &'static str {
    if verbose { "EXPLAIN (VERBOSE, FORMAT JSON) " } else { "EXPLAIN (FORMAT JSON) " }
}

/// The four functions that are used, as HypoPG's documentation gives their signatures.
const DECLARATIONS: &str = "\
CREATE OR REPLACE FUNCTION pg_temp.hypopg_create_index(IN sql_order text, OUT indexrelid oid, OUT indexname text) \
RETURNS SETOF record LANGUAGE c STRICT VOLATILE AS '$libdir/hypopg', 'hypopg_create_index'; \
CREATE OR REPLACE FUNCTION pg_temp.hypopg_reset() RETURNS void \
LANGUAGE c VOLATILE AS '$libdir/hypopg', 'hypopg_reset'; \
CREATE OR REPLACE FUNCTION pg_temp.hypopg_drop_index(IN indexid oid) RETURNS bool \
LANGUAGE c STRICT VOLATILE AS '$libdir/hypopg', 'hypopg_drop_index'; \
CREATE OR REPLACE FUNCTION pg_temp.hypopg_relation_size(IN indexid oid) RETURNS bigint \
LANGUAGE c STRICT VOLATILE AS '$libdir/hypopg', 'hypopg_relation_size'";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_with_parameters_is_planned_without_their_values() {
        let explain =
            WhatIfStatement::Explain { sql: "SELECT $1 -- one", parameters: 2, verbose: false };
        // The line break ends a comment at the end of the statement.
        assert_eq!(
            explain.to_string(),
            "PREPARE underpin_statement AS SELECT $1 -- one\n; \
             EXPLAIN (FORMAT JSON) EXECUTE underpin_statement (NULL, NULL); DEALLOCATE underpin_statement"
        );
    }

    #[test]
    fn rows_that_refer_are_looked_for_by_all_columns_of_the_key() {
        let ident = |name: &str| Ident::new(name).unwrap();
        let table = QualifiedName::new(ident("public"), ident("order"));
        assert_eq!(
            WhatIfStatement::Referring(&table, &[ident("tenant"), ident("user")]).to_string(),
            "SELECT 1 FROM ONLY public.\"order\" AS x WHERE x.tenant = $1 AND x.\"user\" = $2"
        );
    }

    #[test]
    fn hypothetical_indexes_are_dropped_by_number() {
        assert_eq!(
            Hypothetical::here().drop(&[13556, 7]),
            "SELECT pg_temp.hypopg_drop_index(n::oid) FROM unnest(ARRAY[13556, 7]::bigint[]) AS n"
        );
    }
}
