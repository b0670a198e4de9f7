//! What indexes cost when rows are written: a model of our own, since the planner charges nothing for it.
//!
//! - An INSERT makes an entry in every index of the table.
//! - An UPDATE makes none as long as no index holds a column that it sets, and the page has room (heap-only tuples,
//!   manual, section 73.7). One index that holds such a column ends that: then *every* index of the table gets an entry.
//! - A DELETE leaves the entries to VACUUM, and is charged nothing.
//!
//! What a foreign key makes PostgreSQL look for when a row that may be referred to goes is no part of this: it is a read,
//! and joins the workload as a statement of its own ([`Write::looked_along`]).
//!
//! An entry costs what the planner charges for finding its place, one leaf page at `random_page_cost` and a comparison
//! for each level of the search among the rows (`btcostestimate`), and as much again for the page that is written back.

use sqlparser::ast::{AssignmentTarget, Statement};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

use underpin_pg::Method;

use crate::facts::{Facts, ForeignKeyFacts, Settings, TableFacts};
use crate::plan::Plan;
use crate::spec::Spec;

/// A statement that changes rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Write {
    /// The table.
    pub table: usize,
    /// What it does there.
    pub kind: WriteKind,
    /// Rows changed by one call, as the planner estimates.
    pub rows: f64,
}

/// What a statement does to rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WriteKind {
    /// Adds them.
    Insert,
    /// Sets these columns; all where they are not known.
    Update(Option<Vec<usize>>),
    /// Takes them away.
    Delete,
}

/// What the statement of this plan writes; `None` where it only reads.
pub fn write_of(sql: &str, plan: &Plan, facts: &Facts) -> Option<Write> {
    let node = plan.nodes().into_iter().find(|node| node.kind == "ModifyTable")?;
    let (namespace, name) = node.relation.as_ref()?;
    let table = facts.table(namespace, name)?;
    let rows = node.children.first().map_or(1.0, |child| child.rows).max(1.0);
    let kind = match node.operation.as_deref() {
        Some("Insert") => WriteKind::Insert,
        Some("Delete") => WriteKind::Delete,
        _ => WriteKind::Update(columns_set(sql, &facts.tables[table])),
    };
    Some(Write { table, kind, rows })
}

impl Write {
    /// The foreign keys that are looked along when this is done: those that refer to rows that go, or to columns that
    /// are set.
    pub fn looked_along<'f>(
        &'f self,
        facts: &'f Facts,
    ) -> impl Iterator<Item = &'f ForeignKeyFacts> {
        facts.foreign_keys.iter().filter(|key| {
            key.to == self.table
                && match &self.kind {
                    WriteKind::Insert | WriteKind::Update(None) => false,
                    WriteKind::Update(Some(set)) => {
                        key.referenced.iter().any(|it| set.contains(it))
                    }
                    WriteKind::Delete => true,
                }
        })
    }
}

/// The columns that an UPDATE sets; `None` where the parser does not know its form.
fn columns_set(sql: &str, table: &TableFacts) -> Option<Vec<usize>> {
    let parsed = Parser::parse_sql(&PostgreSqlDialect {}, sql).ok()?;
    let Some(Statement::Update(update)) = parsed.first() else { return None };
    let mut columns = Vec::new();
    for assignment in &update.assignments {
        let names = match &assignment.target {
            AssignmentTarget::ColumnName(name) => std::slice::from_ref(name),
            AssignmentTarget::Tuple(names) => names,
        };
        for name in names {
            columns.push(table.column(&name.0.last()?.as_ident()?.value)?);
        }
    }
    Some(columns)
}

/// How much more a row costs in a GIN index than in a b-tree: its values have some ten keys, gathered before they are put in.
const ENTRIES_OF_A_GIN: f64 = 4.0;

/// What one entry of an index costs to make, in the planner's units.
pub(crate) fn entry_cost(table: &TableFacts, spec: Option<&Spec>, settings: &Settings) -> f64 {
    let rows = table.rows.max(2.0);
    // A partial index gets an entry for some of the rows only; how many is not known here, so half of them.
    let share = if spec.is_some_and(|spec| spec.predicate.is_some()) { 0.5 } else { 1.0 };
    let descent = rows.log2().ceil() * settings.cpu_operator_cost + settings.cpu_index_tuple_cost;
    let entries = match spec.map_or(Method::Btree, |spec| spec.method) {
        Method::Btree | Method::Hash | Method::Gist => 1.0,
        // A value has several entries, which wait in a list until they are put in together (manual, section 67.4.1).
        Method::Gin => ENTRIES_OF_A_GIN,
        // One entry stands for the rows of 128 pages.
        Method::Brin => 0.1,
    };
    entries * share * (descent + 2.0 * settings.random_page_cost)
}
