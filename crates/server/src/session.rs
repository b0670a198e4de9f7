//! A connection to a server, with errors as facts.
//!
//! A thin layer over the `postgres` crate: statements come in as text that crate `pg` has put together, rows
//! go out as that crate's `Row`, and every failure becomes a [`SessionError`] that a probe can compare
//! (SQLSTATE, constraint, table, column) instead of a sentence. Notices are dropped: what a design says to
//! its reader does not depend on them.

use std::io::Read;

pub use postgres::types::{ToSql, Type};
use postgres::{Client, Config, NoTls, SimpleQueryMessage, ToStatement};
pub use postgres::{Row, Statement as Prepared};

use crate::error::SessionError;
use crate::partition_names::PartitionNames;

/// An open connection to one database. It closes when dropped.
pub struct Session {
    client: Client,
    partitions: PartitionNames,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("closed", &self.client.is_closed()).finish_non_exhaustive()
    }
}

/// What one statement of [`Session::text`] gave back, every value as the server writes it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TextRows {
    /// The names of the columns; empty where no row came back.
    pub columns: Vec<String>,
    /// The rows; `None` is SQL NULL.
    pub rows: Vec<Vec<Option<String>>>,
}

impl Session {
    /// Connects by the given parameters.
    pub(crate) fn open(config: &Config) -> Result<Self, SessionError> {
        let mut config = config.clone();
        config.notice_callback(|_| {});
        Ok(Self { client: config.connect(NoTls)?, partitions: PartitionNames::default() })
    }

    /// Learns which tables and indexes are parts of others: from now on, what a partition refuses is told as refused by
    /// its table, by the table's own constraint.
    pub fn learn_partitions(&mut self) -> Result<(), SessionError> {
        let answer = self.text(underpin_pg::introspect::PARTS)?;
        self.partitions = PartitionNames::of(answer.rows);
        Ok(())
    }

    /// Takes over what another session has learned of the same database.
    pub fn learn_partitions_from(&mut self, other: &Self) {
        self.partitions = other.partitions.clone();
    }

    /// The name of the table or index that one is a part of; its own where it is none.
    pub fn whole_of<'n>(&'n self, name: &'n str) -> &'n str {
        self.partitions.whole_of(None, name)
    }

    fn told(&self, error: postgres::Error) -> SessionError {
        let mut error = SessionError::from(error);
        if let SessionError::Refused(error) = &mut error {
            self.partitions.tell(error);
        }
        error
    }

    /// Runs one or several statements, separated by semicolons, and drops their rows. Several statements
    /// without a `BEGIN` among them are one transaction, as the simple query protocol has it.
    pub fn batch(&mut self, sql: &str) -> Result<(), SessionError> {
        self.client.batch_execute(sql).map_err(|error| self.told(error))
    }

    /// Runs one statement, given as text or prepared, and returns its rows.
    pub fn query<T>(
        &mut self,
        statement: &T,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, SessionError>
    where
        T: ?Sized + ToStatement,
    {
        self.client.query(statement, parameters).map_err(|error| self.told(error))
    }

    /// Runs one statement, given as text or prepared, and returns how many rows it touched.
    pub fn execute<T>(
        &mut self,
        statement: &T,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<u64, SessionError>
    where
        T: ?Sized + ToStatement,
    {
        self.client.execute(statement, parameters).map_err(|error| self.told(error))
    }

    /// Has the server parse and analyse a statement, without running it.
    pub fn prepare(&mut self, sql: &str) -> Result<Prepared, SessionError> {
        Ok(self.client.prepare(sql)?)
    }

    /// Runs statements that take no parameters and returns the rows of all of them, as text: for catalogs,
    /// `EXPLAIN`, and whatever else has types that no Rust type stands for.
    pub fn text(&mut self, sql: &str) -> Result<TextRows, SessionError> {
        let mut answer = TextRows::default();
        let messages = self.client.simple_query(sql).map_err(|error| self.told(error))?;
        for message in messages {
            match message {
                SimpleQueryMessage::Row(row) => answer
                    .rows
                    .push((0..row.len()).map(|at| row.get(at).map(str::to_owned)).collect()),
                SimpleQueryMessage::RowDescription(columns) => {
                    answer.columns =
                        columns.iter().map(|column| column.name().to_owned()).collect();
                }
                // The tag of a finished statement, and kinds of message that the crate may add.
                _ => {}
            }
        }
        Ok(answer)
    }

    /// Runs a `COPY … FROM STDIN` with the bytes that `data` gives, and returns how many rows came in.
    /// Nothing is kept where the data cannot be read or the server refuses a row.
    pub fn copy_in(&mut self, copy: &str, data: &mut dyn Read) -> Result<u64, SessionError> {
        let mut writer = self.client.copy_in(copy)?;
        // Dropping the writer before `finish` makes the server roll the copy back.
        let sent = std::io::copy(data, &mut writer).map_err(SessionError::from_io);
        let finished = sent.map(|_| writer.finish());
        finished?.map_err(|error| self.told(error))
    }

    /// Whether the connection is known to be gone.
    pub fn is_closed(&self) -> bool {
        self.client.is_closed()
    }
}
