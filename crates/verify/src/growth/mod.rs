//! A design at three sizes, and what its queries do at each.

mod faults;
mod law;

use std::collections::BTreeMap;

use underpin_operate::{ApplyError, apply_text};
use underpin_pg::{Ident, QualifiedName, Schema};
use underpin_rows::scale::Wanted;
use underpin_server::{Database, SessionError, catalog};

use crate::bench::{Input, Installed};
use crate::clock::clock;
use crate::fill::{Filled, fill, scale};
use crate::generate::Data;
use crate::ranges;
use crate::row::Shapes;

pub(crate) use faults::{SizePlans, faults};
pub(crate) use law::fit;

/// The parts of the scale at which queries are measured, in parts of a hundred.
const PERCENT: [u64; 3] = [1, 10, 100];
/// So many rows of each table serve as parameters, with those that they refer to.
const SAMPLE: usize = 1_000;

/// The design at one size.
#[derive(Debug)]
pub(crate) struct Size<'a> {
    /// How many rows each table has.
    pub(crate) rows: BTreeMap<QualifiedName, u64>,
    /// The database, with a sample of its rows.
    pub(crate) data: Data<'a>,
    filled: Filled,
}

impl Size<'_> {
    /// What the rows do not keep, and which tables have fewer than wanted, in words.
    pub(crate) fn remarks(&self) -> Vec<String> {
        let fewer = self.filled.tables.iter().filter_map(|table| {
            let reason = table.reason.as_ref()?;
            Some(format!("{} of {} rows of {}: {reason}", table.rows, table.wanted, table.table))
        });
        let unkept = self.filled.unkept.iter().map(|it| format!("{}: {}", it.error, it.statement));
        fewer.chain(unkept).collect()
    }

    /// The rows of all tables.
    pub(crate) fn all(&self) -> u64 {
        self.rows.values().sum()
    }
}

/// Makes the databases; the reason where the script does not apply.
pub(crate) fn sizes<'a>(
    input: Input<'a>,
    shapes: &'a Shapes<'a>,
    rows: u64,
) -> Result<Result<Vec<Size<'a>>, String>, SessionError> {
    let schema = match installed(input)? {
        Ok(schema) => schema,
        Err(reason) => return Ok(Err(reason)),
    };
    let mut sizes = Vec::new();
    for percent in PERCENT {
        match size(input, shapes, &schema, (rows * percent / 100).max(1)) {
            Ok(size) => sizes.push(size),
            Err(ApplyError::Session(error)) => return Err(error),
            Err(error) => return Ok(Err(error.to_string())),
        }
    }
    Ok(Ok(sizes))
}

/// The schema that the script makes, as the server has it: what is measured is the script, not what the design says
/// of it.
fn installed(input: Input<'_>) -> Result<Result<Schema, String>, SessionError> {
    let database = input.server.create_database("growth")?;
    let mut session = database.connect()?;
    match apply_text(&mut session, input.schema_sql) {
        Ok(_) => {}
        Err(ApplyError::Session(error)) => return Err(error),
        Err(error) => return Ok(Err(format!("schema.sql does not apply: {error}"))),
    }
    let mut schema = catalog::read(&mut session)?;
    for (name, table) in &mut schema.tables {
        if let Some(designed) = input.physical.schema.tables.get(name) {
            table.seeds.clone_from(&designed.seeds);
            // The catalog has the function, and not that the script runs it.
            if let (Some(there), Some(of)) = (&mut table.partitioning, &designed.partitioning) {
                there.upkeep.clone_from(&of.upkeep);
            }
        }
    }
    Ok(Ok(schema))
}

/// Makes the database of one size alone; the reason where the script does not apply.
pub(crate) fn one_size<'a>(
    input: Input<'a>,
    shapes: &'a Shapes<'a>,
    rows: u64,
) -> Result<Result<Size<'a>, String>, SessionError> {
    let schema = match installed(input)? {
        Ok(schema) => schema,
        Err(reason) => return Ok(Err(reason)),
    };
    match size(input, shapes, &schema, rows.max(1)) {
        Ok(size) => Ok(Ok(size)),
        Err(ApplyError::Session(error)) => Err(error),
        Err(error) => Ok(Err(error.to_string())),
    }
}

fn size<'a>(
    input: Input<'a>,
    shapes: &'a Shapes<'a>,
    schema: &Schema,
    rows: u64,
) -> Result<Size<'a>, ApplyError> {
    let database: Database = input.server.create_database("growth")?;
    let now = clock(&mut database.connect()?, input.physical)?;
    let wanted = Wanted { rows, seed: input.options.seed, now };
    let scale = scale(input.physical, shapes, wanted, Some((input.server, input.schema_sql)))?;
    let connect = || database.connect();
    let filled = fill(&connect, schema, &scale, &mut |_| {})?;
    let mut session = database.connect()?;
    session.learn_partitions()?;
    ranges::shorten(&mut session, input.physical, |table| {
        let filled = filled.tables.iter().find(|it| it.table == *table);
        filled.map_or(0, |it| usize::try_from(it.rows).unwrap_or(usize::MAX))
    })?;
    let rows = filled.tables.iter().map(|table| (table.table.clone(), table.rows)).collect();
    let installed = Installed { session, refused: None, database };
    let data = Data::sampled(installed, shapes, scale.sample(SAMPLE), input.options.seed, now);
    Ok(Size { rows, data, filled })
}

/// The name under which a query is prepared.
pub(crate) fn prepared() -> Ident {
    Ident::new("grows").expect("invariant: a fixed name")
}

#[cfg(test)]
mod tests {
    use underpin_pg::Script;

    use super::*;
    use crate::Options;
    use crate::row::Shape;
    use crate::testing::{READINGS, Shop, server};

    #[test]
    fn rows_of_a_size_lie_in_the_partitions_of_their_times() {
        let document = READINGS.replace("| Reading | 0 |", "| Reading | 500,000 |");
        let (server, shop) = (server(), Shop::of_document(&document));
        let schema_sql = Script::create(&shop.physical.schema).to_string();
        let options = Options::default();
        let input = Input {
            server: &server,
            physical: &shop.physical,
            schema_sql: &schema_sql,
            options: &options,
        };
        let shapes = Shape::all(&shop.physical);
        let mut size = one_size(input, &shapes, 20_000).unwrap().unwrap();
        assert_eq!(size.remarks(), Vec::<String>::new());
        let look = |table: &str| format!("SELECT 1 FROM public.{table}");
        let mut count = |table: &str| size.data.session().text(&look(table)).unwrap().rows.len();
        assert!(count("readings") > 10_000);
        assert_eq!(count("readings_default"), 0);
    }
}
