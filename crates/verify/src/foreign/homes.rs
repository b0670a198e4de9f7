//! The mapping for others: which table of a schema holds what a table of our design holds.

use std::collections::BTreeMap;

use underpin_logical::LogicalDesign;
use underpin_model::Model;
use underpin_pg::introspect::MadeType;
use underpin_pg::{Ident, QualifiedName, Schema};
use underpin_physical::PhysicalDesign;

use super::ground::Ground;
use super::mapping::{Mapping, Place, Sides};
use super::wishes::Corrections;
use crate::row::Shape;

/// A table of our design and the table of a schema that holds the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableHome {
    /// Ours.
    pub ours: QualifiedName,
    /// The schema's.
    pub table: QualifiedName,
    /// Our columns that are a column there too.
    pub columns: Vec<(Ident, Ident)>,
}

/// Maps by name and structure, as `verify --schema` does.
pub fn homes(
    model: &Model,
    logical: &LogicalDesign,
    physical: &PhysicalDesign,
    schema: &Schema,
    types: &BTreeMap<QualifiedName, MadeType>,
) -> Vec<TableHome> {
    let ground = Ground {
        schema: schema.clone(),
        types: types.clone(),
        lent: Vec::new(),
        bodies: BTreeMap::new(),
    };
    let shapes = Shape::all(physical);
    let found = super::found_lives::Found::new();
    let sides = Sides { model, logical, physical, shapes: &shapes, ground: &ground, found: &found };
    let mapping = Mapping::new(sides, &Corrections::default());
    let home = |(ours, home): (&QualifiedName, &super::mapping::Home)| {
        let theirs = ground.table(&home.table);
        let columns = home.places.iter().filter_map(|(at, place)| match place {
            Place::Column(column) => {
                let ours = shapes[ours].table.columns[*at].name.clone();
                Some((ours, theirs.columns[*column].name.clone()))
            }
            Place::Lower(_) | Place::Upper(_) => None,
        });
        TableHome { ours: ours.clone(), table: home.table.clone(), columns: columns.collect() }
    };
    mapping.homes.iter().map(home).collect()
}
