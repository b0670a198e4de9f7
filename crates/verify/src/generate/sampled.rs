//! A database that is full already, of whose rows a few are known: they serve as parameters.

use std::collections::BTreeMap;

use underpin_pg::QualifiedName;

use super::{Data, Parents, TableData, key_of};
use crate::bench::Installed;
use crate::dice::Dice;
use crate::row::{Fresh, Row, Shapes};

impl<'a> Data<'a> {
    /// What is known of a database.
    pub(crate) fn sampled(
        installed: Installed,
        shapes: &'a Shapes<'a>,
        rows: BTreeMap<QualifiedName, Vec<Row>>,
        seed: u64,
        now: i64,
    ) -> Self {
        let tables = rows
            .into_iter()
            .map(|(name, rows)| {
                let mut table = TableData { wanted: rows.len(), ..TableData::default() };
                if let Some(shape) = shapes.get(&name) {
                    let key =
                        |at: usize| rows.iter().filter_map(|row| key_of(shape, at, row)).collect();
                    table.taken = (0..shape.keys.len()).map(key).collect();
                    table.spans = vec![BTreeMap::new(); shape.aparts.len()];
                }
                (name, TableData { rows, ..table })
            })
            .collect();
        Self {
            shapes,
            installed,
            tables,
            dice: Dice::new(seed, "data"),
            times: Dice::new(seed, "times"),
            seed,
            fresh: Fresh::default(),
            parents: Parents::default(),
            outside: BTreeMap::new(),
            now,
            ahead: BTreeMap::new(),
            since: None,
            is_mutated: false,
        }
    }
}
