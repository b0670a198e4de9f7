//! A sample of a live database's rows in a database of our own, faithful to it: of each table at most so many rows, drawn
//! alike and in their order on disk, so that shares, correlations and widths are those of the whole.

use std::collections::BTreeMap;

use underpin_pg::{Ident, QualifiedName, TrialStatement, on_a_sample, script_statements};
use underpin_server::{Database, Session, SessionError};

use super::gather_statistics;
use crate::install::{InstallError, Installer};
use crate::load::copy_in;

/// What the sample is.
#[derive(Debug, Clone, Default)]
pub struct Sampled {
    /// The rows of all tables.
    pub rows: u64,
    /// For each table that was not taken whole, how many rows of the live one stand for each row of the sample.
    pub factors: BTreeMap<QualifiedName, f64>,
    /// What of the schema is not there, and why.
    pub left_out: Vec<(String, String)>,
}

/// Why there is no sample.
#[derive(Debug)]
pub enum SampleError {
    /// The schema's tables could not be made.
    Schema(Box<InstallError>),
    /// The live database could not be read.
    Read(SessionError),
    /// The sample could not be written.
    Write(SessionError),
}

/// Fills a database with a sample. `tables` and `rest` are the dump of its schema: what stands before the rows, and keys,
/// indexes and references.
pub fn sample(
    live: &mut Session,
    database: &Database,
    (tables, rest): (&str, &str),
    most: u32,
) -> Result<Sampled, SampleError> {
    let mut installer = Installer::open(database, &[tables, rest]).map_err(SampleError::Write)?;
    let schema = |error| SampleError::Schema(Box::new(error));
    installer.run(tables).map_err(schema)?;
    let mut sampled = Sampled::default();
    let columns = live.text(&TrialStatement::Columns.to_string()).map_err(SampleError::Read)?;
    let mut found: Vec<(QualifiedName, f64, Vec<Ident>)> = Vec::new();
    for row in columns.rows {
        let mut cells = row.into_iter().map(Option::unwrap_or_default);
        let mut next = || cells.next().unwrap_or_default();
        let (namespace, table, rows, column) = (next(), next(), next(), next());
        let names = [namespace, table, column].map(Ident::new);
        let [Ok(namespace), Ok(table), Ok(column)] = names else { continue };
        let table = QualifiedName::new(namespace, table);
        match found.last_mut() {
            Some((last, _, columns)) if *last == table => columns.push(column),
            _ => found.push((table, rows.parse().unwrap_or(0.0), vec![column])),
        }
    }
    for (table, rows, columns) in &found {
        let percent = 100.0 * f64::from(most) / rows.max(1.0);
        let select = TrialStatement::Rows { table, columns, percent }.to_string();
        let drawn = live.text(&select).map_err(SampleError::Read)?;
        let loaded = copy_in(installer.session(), table, columns, &drawn.rows);
        match loaded {
            Ok(count) => {
                sampled.rows += count;
                if percent < 100.0 && count > 0 {
                    let count = f64::from(u32::try_from(count).unwrap_or(u32::MAX));
                    sampled.factors.insert(table.clone(), rows / count);
                }
            }
            Err(SessionError::Refused(error)) => {
                sampled
                    .left_out
                    .push((format!("the rows of {}", table.shown()), error.to_string()));
            }
            Err(error) => return Err(SampleError::Write(error)),
        }
    }
    for statement in script_statements(rest) {
        let begin = statement.text.lines().find(|line| !line.starts_with("--") && !line.is_empty());
        match installer.run(&on_a_sample(statement.text)) {
            Ok(_) => {}
            Err(InstallError { error: SessionError::Refused(error), .. }) => {
                let what = begin.unwrap_or_default().to_owned();
                sampled.left_out.push((what, error.to_string()));
            }
            Err(error) => return Err(schema(error)),
        }
    }
    let session = installer.session();
    session.batch(&TrialStatement::Statistics.to_string()).map_err(SampleError::Write)?;
    gather_statistics(session).map_err(SampleError::Write)?;
    Ok(sampled)
}
