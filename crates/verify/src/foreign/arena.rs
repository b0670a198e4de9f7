//! A database with somebody else's schema in it, and what can be tried there: everything happens in a
//! transaction that is never committed.

use std::collections::{BTreeMap, BTreeSet};

use underpin_pg::{
    Command, Control, Delete, Expr, Ident, Insert, Output, QualifiedName, Select, TableRef, Update,
};
use underpin_physical::MachineDesign;
use underpin_server::{ServerError, Session, SessionError, TextRows};

use super::attack::across::{self, Tie};
use super::company::Companion;
use super::ground::primary_key;
use super::learn::Learned;
use super::mapping::{Mapping, Sides};
use super::race::Track;

use crate::row::Planner;

/// What a row holds, by column, as the server prints it.
pub(super) type Stored = Vec<Option<String>>;

/// What a column is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cell {
    /// NULL.
    Null,
    /// A value in the form that the server reads.
    Text(String),
    /// Nothing: the default, or NULL.
    Leave,
}

impl Cell {
    /// What a stored value is given as.
    pub(super) fn of(value: Option<&String>) -> Self {
        value.map_or(Self::Null, |text| Self::Text(text.clone()))
    }

    fn expr(&self) -> Option<Expr> {
        match self {
            Self::Null => Some(Expr::Literal(underpin_pg::Literal::Null)),
            Self::Text(text) => Some(Expr::text(text.clone())),
            Self::Leave => None,
        }
    }
}

/// What came of writing a row.
#[derive(Debug)]
pub(super) enum Came {
    /// It is there, and holds this.
    Row(Stored),
    /// Nothing was written, and nothing was said: a trigger's doing.
    Nothing,
    /// It was refused.
    Refused(Box<ServerError>),
}

impl Came {
    /// Why there is no row.
    pub(super) fn reason(&self) -> String {
        match self {
            Self::Row(_) => "it was accepted".to_owned(),
            Self::Nothing => "nothing was written".to_owned(),
            Self::Refused(error) => error.to_string(),
        }
    }
}

/// The database, and what is known of it.
pub(super) struct Arena<'a> {
    pub(super) sides: Sides<'a>,
    pub(super) mapping: &'a Mapping,
    pub(super) session: Session,
    /// Where two sessions are let loose on each other.
    pub(super) track: Track<'a>,
    pub(super) planner: Planner<'a>,
    /// What tables were found to ask for.
    pub(super) learned: BTreeMap<QualifiedName, Learned>,
    /// Whether valid rows can be made, by table, as far as that was tried.
    pub(super) ready: BTreeMap<QualifiedName, Result<(), String>>,
    /// The tables of which a row is in work, so that a circle of references ends.
    pub(super) making: Vec<QualifiedName>,
    /// The tables of which a row is about to be changed, so that nothing else changes it.
    pub(super) held: Vec<QualifiedName>,
    /// Life cycles with the steps that were found, and how often they were sought.
    pub(super) roads: BTreeMap<(QualifiedName, usize), MachineDesign>,
    pub(super) sought: BTreeMap<(QualifiedName, usize), usize>,
    /// Whether a row is taken along its life to hold what it was asked for.
    pub(super) maturing: bool,
    /// What must be beside a row that takes a step from one state to another, as far as that was tried.
    pub(super) companions: BTreeMap<(QualifiedName, String, String), Option<Companion>>,
    /// The tables that hold rows already: labels, settings.
    seeded: BTreeSet<QualifiedName>,
    number: i64,
    /// Conditions for which the server was asked what they let in.
    pub(super) asked: BTreeSet<(QualifiedName, String)>,
    /// Conditions that refused a row once already.
    pub(super) refused: BTreeSet<(QualifiedName, String)>,
    /// What rows are held to by the values of what they belong to.
    pub(super) ties: Vec<Tie>,
}

fn name(word: &str) -> Ident {
    Ident::new(word).expect("a fixed name")
}

impl<'a> Arena<'a> {
    /// An arena on a session whose transaction is to begin.
    pub(super) fn new(
        sides: Sides<'a>,
        mapping: &'a Mapping,
        mut session: Session,
        track: Track<'a>,
        planner: Planner<'a>,
    ) -> Result<Self, SessionError> {
        session.batch(&Control::Begin.to_string())?;
        let (learned, ready) = (BTreeMap::new(), BTreeMap::new());
        let (making, held, seeded) = (Vec::new(), Vec::new(), BTreeSet::new());
        let mut arena = Self {
            sides,
            mapping,
            session,
            track,
            planner,
            learned,
            ready,
            making,
            held,
            roads: BTreeMap::new(),
            sought: BTreeMap::new(),
            maturing: false,
            companions: BTreeMap::new(),
            seeded,
            number: 1000,
            asked: BTreeSet::new(),
            refused: BTreeSet::new(),
            ties: Vec::new(),
        };
        arena.ties = across::ties(&arena);
        for table in sides.ground.schema.tables.keys() {
            if !arena.rows(table)?.is_empty() {
                arena.seeded.insert(table.clone());
            }
        }
        Ok(arena)
    }

    /// Whether a table came with rows in it.
    pub(super) fn is_seeded(&self, table: &QualifiedName) -> bool {
        self.seeded.contains(table)
    }

    /// A number that was not given out before.
    pub(super) fn fresh(&mut self) -> i64 {
        self.number += 1;
        self.number
    }

    /// Does something of which nothing is left afterwards.
    pub(super) fn within<T>(
        &mut self,
        act: impl FnOnce(&mut Self) -> Result<T, SessionError>,
    ) -> Result<T, SessionError> {
        self.session.batch(&Command::Savepoint(name("scene")).to_string())?;
        let outcome = act(self)?;
        self.session.batch(&Command::RollbackTo(name("scene")).to_string())?;
        Ok(outcome)
    }

    /// Marks where things stand, to keep or to take back what comes.
    pub(super) fn mark(&mut self) -> Result<Ident, SessionError> {
        let point = name("mark");
        self.session.batch(&Command::Savepoint(point.clone()).to_string())?;
        Ok(point)
    }

    /// What came since a mark stays.
    pub(super) fn keep(&mut self, mark: Ident) -> Result<(), SessionError> {
        self.session.batch(&Command::Release(mark).to_string())
    }

    /// What came since a mark is undone.
    pub(super) fn take_back(&mut self, mark: Ident) -> Result<(), SessionError> {
        self.session.batch(&Command::RollbackTo(mark).to_string())
    }

    /// Runs a statement; what it did stays unless it was refused. With `checked`, what is deferred is
    /// checked at once.
    fn tried(
        &mut self,
        sql: &str,
        checked: bool,
    ) -> Result<Result<TextRows, Box<ServerError>>, SessionError> {
        let point = name("attempt");
        self.session.batch(&Command::Savepoint(point.clone()).to_string())?;
        let sql = if checked {
            format!("{sql};\n{};\n{}", Command::ConstraintsImmediate, Command::ConstraintsDeferred)
        } else {
            sql.to_owned()
        };
        match self.session.text(&sql) {
            Ok(rows) => {
                self.session.batch(&Command::Release(point).to_string())?;
                Ok(Ok(rows))
            }
            Err(SessionError::Refused(error)) => {
                self.session.batch(&Command::RollbackTo(point).to_string())?;
                Ok(Err(error))
            }
            Err(error) => Err(error),
        }
    }

    fn columns(&self, table: &QualifiedName) -> Vec<Ident> {
        self.sides.ground.table(table).columns.iter().map(|column| column.name.clone()).collect()
    }

    /// The statement that inserts a row and returns it.
    pub(super) fn insertion(&self, table: &QualifiedName, cells: &[Cell]) -> String {
        self.insert_of(table, cells).to_string()
    }

    fn insert_of(&self, table: &QualifiedName, cells: &[Cell]) -> Insert {
        let columns = self.columns(table);
        let given = || columns.iter().zip(cells).filter(|(_, cell)| **cell != Cell::Leave);
        Insert {
            table: table.clone(),
            columns: given().map(|(name, _)| name.clone()).collect(),
            rows: vec![given().map(|(_, cell)| cell.expr()).collect()],
            overriding: false,
            returning: columns.clone(),
        }
    }

    /// Runs a statement that returns nothing; what refused it, if anything did.
    pub(super) fn attempt(
        &mut self,
        statement: &dyn std::fmt::Display,
    ) -> Result<Option<Box<ServerError>>, SessionError> {
        Ok(self.tried(&statement.to_string(), false)?.err())
    }

    /// The statement that inserts a row and does not look at it again: who may not read may write.
    pub(super) fn blind_insertion(&self, table: &QualifiedName, cells: &[Cell]) -> Insert {
        Insert { returning: Vec::new(), ..self.insert_of(table, cells) }
    }

    /// Likewise, the statement that changes one column of a row.
    pub(super) fn blind_change(
        &self,
        table: &QualifiedName,
        row: &Stored,
        column: usize,
        value: &str,
    ) -> Update {
        Update {
            table: table.clone(),
            set: vec![(self.columns(table)[column].clone(), Expr::text(value))],
            filter: Some(self.same(table, row)),
            returning: Vec::new(),
        }
    }

    /// Inserts a row.
    pub(super) fn insert(
        &mut self,
        table: &QualifiedName,
        cells: &[Cell],
        checked: bool,
    ) -> Result<Came, SessionError> {
        let sql = self.insertion(table, cells);
        Ok(came(self.tried(&sql, checked)?))
    }

    /// The statement that changes a row and returns it; `None` where nothing is to be changed.
    pub(super) fn change(
        &self,
        table: &QualifiedName,
        row: &Stored,
        set: &[(usize, Cell)],
    ) -> Option<String> {
        let columns = self.columns(table);
        let set: Vec<(Ident, Expr)> = set
            .iter()
            .filter_map(|(at, cell)| Some((columns[*at].clone(), cell.expr()?)))
            .collect();
        if set.is_empty() {
            return None;
        }
        let update = Update {
            table: table.clone(),
            set,
            filter: Some(self.same(table, row)),
            returning: columns,
        };
        Some(update.to_string())
    }

    /// Changes a row.
    pub(super) fn update(
        &mut self,
        table: &QualifiedName,
        row: &Stored,
        set: &[(usize, Cell)],
    ) -> Result<Came, SessionError> {
        let Some(sql) = self.change(table, row, set) else { return Ok(Came::Nothing) };
        let first = came(self.tried(&sql, true)?);
        let Came::Refused(_) = &first else { return Ok(first) };
        // Where rows count their changes, who changes one counts on.
        let Some(counted) = self.counted(table, row, set) else { return Ok(first) };
        let Some(sql) = self.change(table, row, &counted) else { return Ok(first) };
        let second = came(self.tried(&sql, true)?);
        Ok(if let Came::Row(_) = &second { second } else { first })
    }

    /// What a row is given, and the next number of its version, where it has one and was not given any.
    fn counted(
        &self,
        table: &QualifiedName,
        row: &Stored,
        set: &[(usize, Cell)],
    ) -> Option<Vec<(usize, Cell)>> {
        const VERSIONS: [&str; 4] = ["version", "lock_version", "row_version", "revision"];
        let columns = &self.sides.ground.table(table).columns;
        let at = columns.iter().position(|it| VERSIONS.contains(&it.name.as_str()))?;
        let now: i64 = row[at].as_ref()?.parse().ok()?;
        let mut counted: Vec<_> = set.iter().filter(|(it, _)| *it != at).cloned().collect();
        counted.push((at, Cell::Text((now + 1).to_string())));
        Some(counted)
    }

    /// Deletes a row; what refused it, if anything did.
    pub(super) fn delete(
        &mut self,
        table: &QualifiedName,
        row: &Stored,
    ) -> Result<Option<Box<ServerError>>, SessionError> {
        let delete = Delete { table: table.clone(), filter: Some(self.same(table, row)) };
        Ok(self.tried(&delete.to_string(), true)?.err())
    }

    /// The row as it is now; nothing where it is gone.
    pub(super) fn look(
        &mut self,
        table: &QualifiedName,
        row: &Stored,
    ) -> Result<Option<Stored>, SessionError> {
        let filter = self.same(table, row);
        Ok(self.select(table, Some(filter))?.into_iter().next())
    }

    /// The rows of a table, a hundred at most.
    pub(super) fn rows(&mut self, table: &QualifiedName) -> Result<Vec<Stored>, SessionError> {
        self.select(table, None)
    }

    fn select(
        &mut self,
        table: &QualifiedName,
        filter: Option<Expr>,
    ) -> Result<Vec<Stored>, SessionError> {
        let output = self
            .columns(table)
            .iter()
            .map(|name| Output { value: Expr::column(name), name: None })
            .collect();
        let mut select = Select::new(output, Some(TableRef { table: table.clone(), alias: None }));
        select.filter = filter;
        select.limit = Some(Expr::integer(100));
        Ok(self.session.text(&select.to_string())?.rows)
    }

    /// Whether what was deferred would be refused now.
    pub(super) fn check(&mut self) -> Result<Option<Box<ServerError>>, SessionError> {
        Ok(self.tried(&Command::ConstraintsImmediate.to_string(), true)?.err())
    }

    /// Sets a parameter of the author's own, such as `app.tenant_id`, for the transaction.
    pub(super) fn set_parameter(&mut self, name: &str, value: &str) -> Result<(), SessionError> {
        self.session.text(&parameter(name, value, true))?;
        Ok(())
    }

    /// The condition that only this row meets: by its key, or by all that it holds.
    fn same(&self, table: &QualifiedName, row: &Stored) -> Expr {
        let there = self.sides.ground.table(table);
        let key = primary_key(there);
        let known: Vec<usize> = if key.is_empty() {
            (0..row.len()).filter(|&at| row[at].is_some()).collect()
        } else {
            key
        };
        let columns = known.into_iter().map(|at| {
            let value =
                row[at].clone().map_or(Expr::Literal(underpin_pg::Literal::Null), Expr::text);
            Expr::equals(Expr::column(&there.columns[at].name), value)
        });
        Expr::And(columns.collect())
    }
}

/// The statement that sets a parameter, for the transaction or for the session.
pub(super) fn parameter(name: &str, value: &str, local: bool) -> String {
    let local = Expr::Literal(underpin_pg::Literal::Boolean(local));
    let call = Expr::Call("set_config", vec![Expr::text(name), Expr::text(value), local]);
    Select::new(vec![Output { value: call, name: None }], None).to_string()
}

fn came(outcome: Result<TextRows, Box<ServerError>>) -> Came {
    match outcome {
        Ok(rows) => rows.rows.into_iter().next().map_or(Came::Nothing, Came::Row),
        Err(error) => Came::Refused(error),
    }
}
