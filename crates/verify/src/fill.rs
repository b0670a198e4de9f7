//! A database filled with generated rows in any number, and what came of each table.

use std::time::{Duration, Instant};

use underpin_operate::{ApplyError, Unkept, bulk_load, copy_in_by};
use underpin_pg::{Control, CopyIn, QualifiedName, Schema};
use underpin_physical::PhysicalDesign;
use underpin_rows::scale::{Encoder, Format, Scale, Wanted};
use underpin_server::{Server, Session, SessionError};

use crate::advice::warm_up;
use crate::bench::Installed;
use crate::generate::count_on;
use crate::row::moments;
use crate::row::{Fresh, Planner, Shape, Shapes};

/// What was loaded into a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilledTable {
    /// The table.
    pub table: QualifiedName,
    /// How many rows it has.
    pub rows: u64,
    /// How many were wanted.
    pub wanted: u64,
    /// Why there are fewer.
    pub reason: Option<String>,
}

/// A database that was filled.
#[derive(Debug)]
pub struct Filled {
    /// The tables, in the order of their references.
    pub tables: Vec<FilledTable>,
    /// What the rows do not keep, by PostgreSQL's own word: a fault of the generator.
    pub unkept: Vec<Unkept>,
    /// How long the rows alone took, without keys and what follows.
    pub rows_took: Duration,
    /// How long it took, from the first table to the last statistics.
    pub took: Duration,
}

/// Makes a schema in an empty database and fills it.
///
/// # Errors
/// Where the schema does not apply, or a connection is lost.
pub fn fill(
    connect: &(dyn Fn() -> Result<Session, SessionError> + Sync),
    schema: &Schema,
    scale: &Scale<'_>,
    tell: &mut dyn FnMut(&str),
) -> Result<Filled, ApplyError> {
    let begun = Instant::now();
    // The longest first, so that no session is alone with it in the end.
    let mut tables: Vec<_> = scale.tables().filter(|table| !table.is_seeded()).collect();
    tables.sort_by_key(|table| std::cmp::Reverse(table.rows()));
    let names: Vec<QualifiedName> =
        tables.iter().map(|table| table.shape().table.name.clone()).collect();
    let load = |session: &mut Session, name: &QualifiedName| {
        let table = scale.table(name).expect("invariant: a table of this scale");
        if let Some(history) = moments::history(table.shape(), scale.now()) {
            session.batch(&history)?;
        }
        let mut encoder = Encoder::new(scale, table, Format::Binary);
        let copy =
            CopyIn { table: name.clone(), columns: encoder.columns(), format: encoder.format() };
        copy_in_by(session, &copy, |chunk| encoder.append(chunk))?;
        Ok((encoder.made(), encoder.unmade().cloned()))
    };
    let loaded = bulk_load(connect, schema, &names, &load, tell)?;
    let mut session = connect()?;
    let mut outcomes: Vec<(QualifiedName, _)> = names.into_iter().zip(loaded.tables).collect();
    let mut filled = Vec::new();
    for table in scale.tables() {
        let name = &table.shape().table.name;
        count_on(&mut session, table.shape())?;
        let outcome =
            outcomes.iter().position(|(it, _)| it == name).map(|at| outcomes.swap_remove(at).1);
        let (rows, left_out) = match outcome {
            Some(Ok((rows, unmade))) => (rows, unmade.map(|(_, reason)| reason)),
            Some(Err(error @ SessionError::Refused(_))) => (0, Some(error.to_string())),
            Some(Err(error)) => return Err(error.into()),
            None => (table.rows(), None),
        };
        filled.push(FilledTable {
            table: name.clone(),
            rows,
            wanted: table.wanted(),
            reason: left_out.or_else(|| table.reason().map(str::to_owned)),
        });
    }
    Ok(Filled {
        tables: filled,
        unkept: loaded.unkept,
        rows_took: loaded.rows_took,
        took: begun.elapsed(),
    })
}

/// The rows of a design, planned. Where a rule is not understood, PostgreSQL is asked for a value that it lets in, if
/// there is a server.
///
/// # Errors
/// Where a connection is lost.
pub fn scale<'a>(
    physical: &PhysicalDesign,
    shapes: &'a Shapes<'a>,
    wanted: Wanted,
    server: Option<(&Server, &str)>,
) -> Result<Scale<'a>, SessionError> {
    let mut planner = Planner::new(shapes, wanted.seed, "advice");
    let is_unclear = |shape: &Shape<'_>| shape.rules.iter().any(|rule| rule.term.is_none());
    if let Some((server, schema_sql)) = server.filter(|_| shapes.values().any(is_unclear)) {
        let mut installed = Installed::new(server, schema_sql)?;
        if installed.refused.is_none() {
            installed.session.batch(&Control::Begin.to_string())?;
            for shape in shapes.values().filter(|shape| is_unclear(shape)) {
                // Whoever gets no advice says so where its rows are refused.
                let _ = warm_up(&mut installed.session, &mut planner, &shape.table.name)?;
            }
        }
    }
    let advice = Fresh::advised_by(&planner.fresh);
    Ok(Scale::new(physical, shapes, wanted, &advice))
}
