//! What the rules look at.

use underpin_logical::LogicalDesign;
use underpin_model::Model;
use underpin_pg::introspect::Surroundings;
use underpin_pg::{Column, Ident, Index, IndexKey, QualifiedName, Schema, Table, Type};
use underpin_physical::PhysicalDesign;

/// A schema and what is known about it.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The schema.
    pub schema: &'a Schema,
    /// What stands around its tables.
    pub surroundings: &'a Surroundings,
    /// The script that made it, where there is one.
    pub script: Option<&'a str>,
    /// What documents ask of it, where they are given.
    pub documents: Option<Documents<'a>>,
}

/// What documents ask of a schema, and where it keeps what they speak of.
#[derive(Debug, Clone, Copy)]
pub struct Documents<'a> {
    /// What they say.
    pub model: &'a Model,
    /// The logical design that we make of it.
    pub logical: &'a LogicalDesign,
    /// The physical design that we make of it.
    pub physical: &'a PhysicalDesign,
    /// Where the schema keeps the tables of our design.
    pub homes: &'a [Home],
}

/// Where a schema keeps what a table of our design holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// The table of our design.
    pub ours: QualifiedName,
    /// The table of the schema.
    pub table: QualifiedName,
    /// Columns of our table, each with the schema's.
    pub columns: Vec<(Ident, Ident)>,
}

impl Home {
    /// The schema's column for one of ours.
    pub fn column(&self, ours: &Ident) -> Option<&Ident> {
        self.columns.iter().find(|(our, _)| our == ours).map(|(_, theirs)| theirs)
    }
}

impl<'a> Documents<'a> {
    /// Where the schema keeps a table of our design.
    pub(crate) fn home(&self, ours: &QualifiedName) -> Option<&'a Home> {
        self.homes.iter().find(|home| home.ours == *ours)
    }

    /// The bounded context that the documents put a table's entity into.
    pub(crate) fn context_of(&self, theirs: &QualifiedName) -> Option<&'a str> {
        let home = self.homes.iter().find(|home| home.table == *theirs)?;
        let design = self.physical.tables.of(&home.ours)?;
        let context = self.logical.relation(design.relation).context?;
        Some(&self.logical.context(context).name)
    }
}

/// An index, whether or not a constraint owns it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Access<'a> {
    /// Of a primary key or UNIQUE constraint.
    Key(&'a underpin_pg::Key),
    /// Of its own.
    Index(&'a Index),
}

impl<'a> Access<'a> {
    /// Its name, also that of its constraint.
    pub(crate) fn name(self) -> &'a Ident {
        match self {
            Self::Key(key) => &key.name,
            Self::Index(index) => &index.name.name,
        }
    }

    /// Its key columns; `None` for an expression.
    pub(crate) fn columns(self) -> Vec<Option<&'a Ident>> {
        match self {
            Self::Key(key) => key.columns.iter().map(Some).collect(),
            Self::Index(index) => index
                .columns
                .iter()
                .map(|column| match &column.key {
                    IndexKey::Column(name) => Some(name),
                    IndexKey::Expression(_) => None,
                })
                .collect(),
        }
    }
}

impl Access<'_> {
    /// Whether it holds something else than columns, or not all rows: what it serves is not seen in its columns.
    pub(crate) fn is_expression_or_partial(self) -> bool {
        match self {
            Self::Key(_) => false,
            Self::Index(index) => {
                index.predicate.is_some()
                    || index.columns.iter().any(|it| matches!(it.key, IndexKey::Expression(_)))
            }
        }
    }
}

impl<'a> Subject<'a> {
    /// The tables, without the parts of partitioned ones.
    pub(crate) fn tables(&self) -> impl Iterator<Item = &'a Table> + use<'a> {
        let partitions = &self.surroundings.partitions;
        self.schema.tables.values().filter(|table| !partitions.contains(&table.name))
    }

    /// All columns with their tables.
    pub(crate) fn columns(&self) -> impl Iterator<Item = (&'a Table, &'a Column)> + use<'a> {
        self.tables().flat_map(|table| table.columns.iter().map(move |column| (table, column)))
    }

    /// All indexes of a table, those of its keys first.
    pub(crate) fn accesses(&self, table: &'a Table) -> Vec<Access<'a>> {
        let own = self.schema.indexes_of(&table.name).map(Access::Index);
        table.keys().map(Access::Key).chain(own).collect()
    }
}

/// The type's name, without array brackets, for types that we have no variant for.
pub(crate) fn foreign_type(data_type: &Type) -> Option<&str> {
    match data_type {
        Type::Other(name) => Some(name.trim_end_matches("[]")),
        Type::Array(element) => foreign_type(element),
        _ => None,
    }
}
