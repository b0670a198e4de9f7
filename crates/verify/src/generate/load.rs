//! Loading generated rows. Triggers are off meanwhile, since rows come in all states of their life
//! cycles; every constraint stays in place.

use underpin_operate::copy_in;
use underpin_pg::{Command, Expr, Ident, Output, QualifiedName, Select};
use underpin_server::{Session, SessionError};

use super::TableData;
use crate::row::{Row, Shape};

/// Loads rows; where PostgreSQL refuses some, only those that it accepts are kept.
pub(crate) fn load(
    session: &mut Session,
    shape: &Shape<'_>,
    data: &mut TableData,
) -> Result<(), SessionError> {
    let table = &shape.table.name;
    session.batch(&Command::DisableTriggers(table.clone()).to_string())?;
    if let Err(error) = copy(session, shape, &data.rows) {
        if error.server().is_none() {
            return Err(error);
        }
        data.reason = Some(error.to_string());
        keep_accepted(session, shape, data)?;
    }
    session.batch(&Command::EnableTriggers(table.clone()).to_string())?;
    count_on(session, shape)
}

fn columns(shape: &Shape<'_>) -> Vec<usize> {
    (0..shape.table.columns.len()).filter(|&at| !shape.is_computed(at)).collect()
}

fn copy(session: &mut Session, shape: &Shape<'_>, rows: &[Row]) -> Result<u64, SessionError> {
    let columns = columns(shape);
    let names: Vec<Ident> = columns.iter().map(|&at| shape.name(at).clone()).collect();
    let rows = rows
        .iter()
        .map(|row| columns.iter().map(|&at| row[at].text()).collect::<Vec<Option<String>>>());
    copy_in(session, &shape.table.name, &names, rows)
}

/// Halves what is refused until the rows that cause it are found; gives up where most are refused.
fn keep_accepted(
    session: &mut Session,
    shape: &Shape<'_>,
    data: &mut TableData,
) -> Result<(), SessionError> {
    const MOST_REFUSALS: usize = 400;
    let all = std::mem::take(&mut data.rows);
    let mut waiting = vec![all.as_slice()];
    let mut refusals = 0;
    while let Some(rows) = waiting.pop() {
        if refusals > MOST_REFUSALS {
            break;
        }
        match copy(session, shape, rows) {
            Ok(_) => data.rows.extend_from_slice(rows),
            Err(error) if error.server().is_some() => {
                refusals += 1;
                if rows.len() > 1 {
                    let (first, second) = rows.split_at(rows.len() / 2);
                    waiting.extend([second, first]);
                }
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Lets identity columns count on after the loaded rows.
pub(crate) fn count_on(session: &mut Session, shape: &Shape<'_>) -> Result<(), SessionError> {
    const FAR: i64 = 1_000_000_000;
    for column in shape.table.columns.iter().filter(|column| column.identity.is_some()) {
        let sequence = Expr::Call(
            "pg_get_serial_sequence",
            vec![Expr::text(shape.table.name.to_string()), Expr::text(column.name.as_str())],
        );
        let value = Expr::Call("setval", vec![sequence, Expr::integer(FAR)]);
        let select = Select::new(vec![Output { value, name: None }], None);
        session.text(&select.to_string())?;
    }
    Ok(())
}

/// Brings statistics and the visibility map up to date, so that plans are those of a settled table.
pub(crate) fn analyze(session: &mut Session, table: &QualifiedName) -> Result<(), SessionError> {
    session.batch(&Command::VacuumAnalyze(table.clone()).to_string())
}
