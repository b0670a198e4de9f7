//! Scripts for pgbench, and the tables from which they take their parameters (manual, pgbench).
//!
//! A read asks for its parameters first and puts them into variables of pgbench, so that the statement itself is planned
//! for their values as an application's is. A write takes them in the same statement, since pgbench has no NULL.

use std::fmt;

use crate::expr::quote_literal;
use crate::placeholder::{parameters_replaced, would_be_variable};
use crate::{Column, Ddl, Ident, Insert, Key, QualifiedName, Statement, Table, Type, naming};

/// So many sets of parameters a script chooses from, where one may be taken again and again.
pub const PGBENCH_KEYS: usize = 1_000;

/// How a script takes its parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Draw {
    /// A few again and again, most seldom: a Zipf distribution over [`PGBENCH_KEYS`] rows.
    Hot,
    /// Each row once, whoever comes first: a row is inserted once, and leaves a state once.
    Once,
}

/// A statement as pgbench runs it.
#[derive(Debug, Clone, PartialEq)]
pub struct PgbenchScript {
    table: QualifiedName,
    columns: Vec<(Ident, Type)>,
    draw: Draw,
    reads: bool,
    statement: Statement,
}

impl PgbenchScript {
    /// The namespace of all that the scripts need besides the schema.
    pub fn namespace() -> Ident {
        Ident::new("underpin_bench").expect("invariant: a plain name")
    }

    /// The script of a statement with such parameters, `$1` first.
    ///
    /// # Errors
    /// Why pgbench cannot run the statement.
    pub fn new(
        name: &str,
        parameters: &[(String, Type)],
        draw: Draw,
        reads: bool,
        statement: &Statement,
    ) -> Result<Self, String> {
        let sql = statement.to_string();
        if let Some(name) = would_be_variable(&sql) {
            return Err(format!("pgbench takes `:{name}` in its text for a variable"));
        }
        if !reads && !parameters.is_empty() && sql.trim_start().to_lowercase().starts_with("with") {
            return Err(
                "its parameters cannot be put before a statement that begins with WITH".to_owned()
            );
        }
        let columns = (1..).zip(parameters).map(|(number, (name, data_type))| {
            let name: String =
                name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            (naming::fit(&format!("p{number}_{}", name.to_lowercase()), ""), data_type.clone())
        });
        Ok(Self {
            table: QualifiedName::new(Self::namespace(), naming::fit(name, "")),
            columns: columns.collect(),
            draw,
            reads,
            statement: statement.clone(),
        })
    }

    /// How it takes its parameters.
    pub fn draw(&self) -> Draw {
        self.draw
    }

    /// Whether it has parameters at all.
    pub fn has_parameters(&self) -> bool {
        !self.columns.is_empty()
    }

    /// The table of its parameters: their number `n`, and a column for each.
    pub fn table(&self) -> Table {
        let mut table = Table::new(self.table.clone());
        let number = Ident::new("n").expect("invariant: a plain name");
        let column = |name: Ident, data_type: Type, not_null: bool| Column {
            name,
            data_type,
            not_null,
            default: None,
            identity: None,
            generated: None,
            comment: None,
        };
        table.columns.push(column(number.clone(), Type::BigInt, true));
        for (name, data_type) in &self.columns {
            table.columns.push(column(name.clone(), data_type.clone(), false));
        }
        let key = naming::fit(self.table.name.as_str(), "pkey");
        table.primary_key =
            Some(Key { name: key, columns: vec![number], deferrable: false, comment: None });
        table
    }

    /// The statements that make what it needs.
    pub fn ddl(&self) -> Vec<String> {
        if !self.has_parameters() {
            return Vec::new();
        }
        let table = Ddl::CreateTable { table: self.table(), foreign_keys: Vec::new() };
        let mut statements = vec![table.to_string()];
        if self.draw == Draw::Once {
            statements.push(format!("CREATE SEQUENCE {}", self.sequence()));
        }
        statements
    }

    /// What of its parameters was taken so far: one number.
    pub fn taken(&self) -> String {
        format!("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {}", self.sequence())
    }

    /// The query by which parameters are read, for one number.
    pub fn lookup(&self, number: &str) -> String {
        let columns: Vec<String> = self.columns.iter().map(|(name, _)| name.to_string()).collect();
        format!("SELECT {} FROM {} WHERE n = {number}", columns.join(", "), self.table)
    }

    fn sequence(&self) -> QualifiedName {
        let name = naming::fit(self.table.name.as_str(), "n");
        QualifiedName::new(self.table.namespace.clone(), name)
    }

    /// The number of the next set of parameters.
    fn number(&self) -> String {
        match self.draw {
            Draw::Hot => ":n".to_owned(),
            Draw::Once => {
                format!("(SELECT nextval({}))", quote_literal(&self.sequence().to_string()))
            }
        }
    }

    /// The statement, with each parameter as `of` writes it.
    fn with(&self, of: &dyn Fn(usize) -> String) -> String {
        parameters_replaced(&self.statement.to_string(), &|number| {
            number.checked_sub(1).filter(|at| *at < self.columns.len()).map(of)
        })
    }

    fn read(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} \\gset", self.lookup(&self.number()))?;
        writeln!(f, "{};", self.with(&|at| format!(":{}", self.columns[at].0.as_str())))
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "WITH call AS ({})", self.lookup(&self.number()))?;
        let column = |at: usize| self.columns[at].0.to_string();
        // Where no parameters are left, it adds no row.
        if let Statement::Insert(insert) = &self.statement {
            if let Some(select) = inserted(insert) {
                let values = parameters_replaced(&select, &|number| {
                    number.checked_sub(1).filter(|at| *at < self.columns.len()).map(column)
                });
                return writeln!(f, "{values};");
            }
        }
        writeln!(f, "{};", self.with(&|at| format!("(SELECT {} FROM call)", column(at))))
    }
}

/// An INSERT of one row that takes its values from `call`.
fn inserted(insert: &Insert) -> Option<String> {
    let [row] = &insert.rows[..] else { return None };
    let values: Option<Vec<String>> =
        row.iter().map(|value| value.as_ref().map(ToString::to_string)).collect();
    let values = values?;
    let columns: Vec<String> = insert.columns.iter().map(ToString::to_string).collect();
    let overriding = if insert.overriding { " OVERRIDING SYSTEM VALUE" } else { "" };
    let mut sql = format!(
        "INSERT INTO {} ({}){overriding}\nSELECT {}\nFROM call",
        insert.table,
        columns.join(", "),
        values.join(", ")
    );
    if !insert.returning.is_empty() {
        let returned: Vec<String> = insert.returning.iter().map(ToString::to_string).collect();
        sql.push_str("\nRETURNING ");
        sql.push_str(&returned.join(", "));
    }
    Some(sql)
}

impl fmt::Display for PgbenchScript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.has_parameters() {
            return writeln!(f, "{};", self.statement);
        }
        if self.draw == Draw::Hot {
            // Exponent 1.07: of a thousand sets, the ten that are asked for most get 45 calls in a hundred.
            writeln!(f, "\\set n random_zipfian(1, {PGBENCH_KEYS}, 1.07)")?;
        }
        if self.reads { self.read(f) } else { self.write(f) }
    }
}

/// What is asked of a server while pgbench is at work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoadStatement {
    /// What each session of pgbench in this database does now: kind of wait, event, and how many do it. A session that
    /// runs waits for nothing (manual, 28.2.3).
    Activity,
    /// Who waits for whose lock now: the query that waits, the one that it waits for, the kind of lock, and how many.
    /// Each names the table of its parameters, which is called as it is (manual, section 9.26, `pg_blocking_pids`).
    Blocked,
    /// Deadlocks, blocks read from outside the shared buffers and found in them, since the database was made.
    Counters,
    /// How many sessions the server takes, and the settings that decide what a commit costs: a row for each, its name and
    /// its value.
    Settings,
}

impl LoadStatement {
    /// The query.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Activity => {
                "SELECT coalesce(wait_event_type, ''), coalesce(wait_event, ''), count(*) FROM pg_stat_activity \
                 WHERE datname = current_database() AND application_name = 'pgbench' AND state = 'active' GROUP BY 1, 2"
            }
            Self::Blocked => {
                "SELECT coalesce(substring(w.query from 'underpin_bench\\.(\\w+)'), left(w.query, 60)), \
                 coalesce(substring(b.query from 'underpin_bench\\.(\\w+)'), left(b.query, 60), b.backend_type), \
                 w.wait_event, count(*) FROM pg_stat_activity w CROSS JOIN LATERAL unnest(pg_blocking_pids(w.pid)) AS p (pid) \
                 JOIN pg_stat_activity b ON b.pid = p.pid WHERE w.datname = current_database() AND \
                 w.application_name = 'pgbench' AND w.wait_event_type = 'Lock' GROUP BY 1, 2, 3"
            }
            Self::Counters => {
                "SELECT deadlocks, blks_read, blks_hit FROM pg_stat_database WHERE datname = current_database()"
            }
            Self::Settings => {
                "SELECT name, current_setting(name) FROM pg_settings WHERE name IN ('max_connections', 'fsync', \
                 'synchronous_commit', 'full_page_writes', 'autovacuum', 'shared_buffers') ORDER BY name"
            }
        }
    }

    /// The statements, each alone, after which a server of our own does what a server in use does: commits reach the disk,
    /// and dead rows are cleaned up. What was loaded before is written out first.
    pub const fn as_in_use() -> [&'static str; 6] {
        [
            "ALTER SYSTEM SET fsync = on",
            "ALTER SYSTEM SET synchronous_commit = on",
            "ALTER SYSTEM SET full_page_writes = on",
            "ALTER SYSTEM SET autovacuum = on",
            "SELECT pg_reload_conf()",
            "CHECKPOINT",
        ]
    }

    /// Back to the settings that the server was started with.
    pub const fn as_started() -> [&'static str; 2] {
        ["ALTER SYSTEM RESET ALL", "SELECT pg_reload_conf()"]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Expr, Update};

    fn id(name: &str) -> Ident {
        Ident::new(name).unwrap()
    }

    fn table() -> QualifiedName {
        QualifiedName::new(id("public"), id("orders"))
    }

    #[test]
    fn a_read_puts_its_parameters_into_variables() {
        let sql = "SELECT a FROM t WHERE b = $1 AND c > $2::text AND note <> '$1'";
        let parameters = [("b".to_owned(), Type::Uuid), ("c".to_owned(), Type::Text)];
        let statement = Statement::Verbatim(sql.to_owned());
        let script = PgbenchScript::new("list", &parameters, Draw::Hot, true, &statement).unwrap();
        assert_eq!(
            script.to_string(),
            "\\set n random_zipfian(1, 1000, 1.07)\n\
             SELECT p1_b, p2_c FROM underpin_bench.list WHERE n = :n \\gset\n\
             SELECT a FROM t WHERE b = :p1_b AND c > :p2_c::text AND note <> '$1';\n"
        );
    }

    #[test]
    fn what_is_written_once_counts_its_parameters() {
        let insert = Insert {
            table: table(),
            columns: vec![id("a"), id("b")],
            rows: vec![vec![Some(Expr::Parameter(1)), Some(Expr::integer(3))]],
            overriding: false,
            returning: vec![id("a")],
        };
        let parameters = [("a".to_owned(), Type::Uuid)];
        let statement = Statement::Insert(insert);
        let script =
            PgbenchScript::new("place", &parameters, Draw::Once, false, &statement).unwrap();
        assert_eq!(
            script.to_string(),
            "WITH call AS (SELECT p1_a FROM underpin_bench.place WHERE n = (SELECT nextval('underpin_bench.place_n')))\n\
             INSERT INTO public.orders (a, b)\nSELECT p1_a, 3\nFROM call\nRETURNING a;\n"
        );
        assert_eq!(script.ddl().len(), 2);
    }

    #[test]
    fn a_change_may_set_null() {
        let update = Update {
            table: table(),
            set: vec![(id("a"), Expr::Parameter(1))],
            filter: Some(Expr::equals(Expr::column(&id("id")), Expr::Parameter(2))),
            returning: Vec::new(),
        };
        let parameters = [("a".to_owned(), Type::Text), ("id".to_owned(), Type::Uuid)];
        let statement = Statement::Update(update);
        let script =
            PgbenchScript::new("change", &parameters, Draw::Hot, false, &statement).unwrap();
        let text = script.to_string();
        assert!(text.contains("SET a = (SELECT p1_a FROM call)"), "{text}");
        assert!(text.contains("WHERE id = (SELECT p2_id FROM call);"), "{text}");
    }

    #[test]
    fn a_colon_that_pgbench_would_read_is_refused() {
        let of = |sql: &str| {
            let statement = Statement::Verbatim(sql.to_owned());
            PgbenchScript::new("x", &[], Draw::Hot, true, &statement)
        };
        assert!(of("SELECT 'at:home'").unwrap_err().contains(":home"));
        assert!(of("SELECT '12:30'::time, a[1:2] FROM t").is_ok());
    }
}
