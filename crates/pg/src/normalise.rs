//! What makes two schemas comparable: an order for what has none, and a place for the server to print
//! expressions in.

use std::collections::BTreeMap;

use crate::{
    Column, Expr, Function, Ident, Index, IndexKey, QualifiedName, Schema, Table, Trigger, Type,
};

impl Schema {
    /// Sorts each table's constraints by name: a table's constraints have no order to PostgreSQL.
    pub fn sort_constraints(&mut self) {
        for table in self.tables.values_mut() {
            table.uniques.sort_by(|a, b| a.name.cmp(&b.name));
            table.checks.sort_by(|a, b| a.name.cmp(&b.name));
            table.exclusions.sort_by(|a, b| a.name.cmp(&b.name));
            table.foreign_keys.sort_by(|a, b| a.name.cmp(&b.name));
            if let Some(partitioning) = &mut table.partitioning {
                partitioning.partitions.sort_by(|a, b| a.name.cmp(&b.name));
            }
        }
    }
}

/// A schema of scratch namespaces that holds the expressions of another and little else: bare tables,
/// with the same names and columns, for the server to read the expressions and print them back.
///
/// The expressions are printed with no help of the objects that they were designed for, so that what
/// is installed can be compared to them.
#[derive(Debug, Clone, PartialEq)]
pub struct PrintingPlace {
    /// What to create, and to read back.
    pub schema: Schema,
    scratch: BTreeMap<Ident, Ident>,
}

impl PrintingPlace {
    /// The place for the expressions of a schema. `prefix` must be the beginning of no namespace that
    /// is there.
    pub fn new(designed: &Schema, prefix: &str) -> Self {
        let mut scratch = BTreeMap::new();
        for name in designed.tables.keys() {
            let next = scratch.len();
            scratch.entry(name.namespace.clone()).or_insert_with(|| {
                Ident::new(format!("{prefix}{next}")).expect("a prefix of ours is short")
            });
        }
        let mut place = Self { schema: Schema::default(), scratch };
        place.schema.namespaces = place.scratch.values().cloned().collect();
        for table in designed.tables.values() {
            let name = place.moved(&table.name);
            let mut bare = Table::new(name);
            bare.columns = table.columns.iter().map(bare_column).collect();
            for check in &table.checks {
                bare.checks.push(crate::CheckConstraint { comment: None, ..check.clone() });
            }
            for exclusion in &table.exclusions {
                bare.exclusions.push(crate::Exclusion { comment: None, ..exclusion.clone() });
            }
            place.schema.add_table(bare);
        }
        for index in designed.indexes.values().filter(|index| has_expression(index)) {
            let (name, table) = (place.moved(&index.name), place.moved(&index.table));
            place.schema.add_index(Index {
                name,
                table,
                include: Vec::new(),
                comment: None,
                ..index.clone()
            });
        }
        for trigger in designed.triggers.values().filter(|trigger| trigger.condition.is_some()) {
            let table = place.moved(&trigger.table);
            let function = idle_function(&table.namespace);
            place.schema.add_trigger(Trigger {
                table,
                function: function.name.clone(),
                comment: None,
                ..trigger.clone()
            });
            place.schema.add_function(function);
        }
        place
    }

    fn moved(&self, name: &QualifiedName) -> QualifiedName {
        let namespace = self.scratch.get(&name.namespace).unwrap_or(&name.namespace);
        QualifiedName::new(namespace.clone(), name.name.clone())
    }

    /// The designed schema with each expression as the server printed it here, its constraints sorted and
    /// without comments that are empty. Nothing else of it is touched.
    pub fn printed(&self, designed: &Schema, found: &Schema) -> Schema {
        let mut canonical = designed.clone();
        for table in canonical.tables.values_mut() {
            let Some(bare) = found.tables.get(&self.moved(&table.name)) else { continue };
            for column in &mut table.columns {
                if let Some(printed) = bare.column(&column.name) {
                    replace(&mut column.default, printed.default.as_ref());
                    replace(&mut column.generated, printed.generated.as_ref());
                }
            }
            for check in &mut table.checks {
                if let Some(printed) = bare.checks.iter().find(|other| other.name == check.name) {
                    check.expression = printed.expression.clone();
                }
            }
            for exclusion in &mut table.exclusions {
                let mut others = bare.exclusions.iter();
                if let Some(printed) = others.find(|other| other.name == exclusion.name) {
                    exclusion.elements.clone_from(&printed.elements);
                    replace(&mut exclusion.predicate, printed.predicate.as_ref());
                }
            }
        }
        for index in canonical.indexes.values_mut() {
            let Some(printed) = found.indexes.get(&self.moved(&index.name)) else { continue };
            replace(&mut index.predicate, printed.predicate.as_ref());
            for (column, printed) in index.columns.iter_mut().zip(&printed.columns) {
                if let IndexKey::Expression(_) = column.key {
                    column.key = printed.key.clone();
                }
            }
        }
        for trigger in canonical.triggers.values_mut() {
            let key = (self.moved(&trigger.table), trigger.name.clone());
            if let Some(printed) = found.triggers.get(&key) {
                replace(&mut trigger.condition, printed.condition.as_ref());
            }
        }
        canonical.sort_constraints();
        for comment in comments(&mut canonical) {
            // To COMMENT ON, an empty text is the removal of the comment.
            comment.take_if(|text| text.is_empty());
        }
        canonical
    }
}

fn replace(designed: &mut Option<Expr>, printed: Option<&Expr>) {
    // A default of NULL is no default to the catalog, so that nothing comes back for it.
    if designed.is_some() {
        *designed = printed.cloned();
    }
}

fn comments(schema: &mut Schema) -> Vec<&mut Option<String>> {
    let mut all = Vec::new();
    for table in schema.tables.values_mut() {
        all.push(&mut table.comment);
        all.extend(table.columns.iter_mut().map(|column| &mut column.comment));
        all.extend(table.primary_key.iter_mut().map(|key| &mut key.comment));
        all.extend(table.uniques.iter_mut().map(|key| &mut key.comment));
        all.extend(table.checks.iter_mut().map(|check| &mut check.comment));
        all.extend(table.exclusions.iter_mut().map(|exclusion| &mut exclusion.comment));
        all.extend(table.foreign_keys.iter_mut().map(|key| &mut key.comment));
        let partitions = table.partitioning.iter_mut().flat_map(|it| &mut it.partitions);
        all.extend(partitions.map(|partition| &mut partition.comment));
    }
    all.extend(schema.indexes.values_mut().map(|index| &mut index.comment));
    all.extend(schema.functions.values_mut().map(|function| &mut function.comment));
    all.extend(schema.triggers.values_mut().map(|trigger| &mut trigger.comment));
    all
}

fn bare_column(column: &Column) -> Column {
    Column { not_null: false, identity: None, comment: None, ..column.clone() }
}

fn has_expression(index: &Index) -> bool {
    index.predicate.is_some()
        || index.columns.iter().any(|column| matches!(column.key, IndexKey::Expression(_)))
}

/// A trigger needs a function before it can have a condition.
fn idle_function(namespace: &Ident) -> Function {
    Function {
        name: QualifiedName::new(
            namespace.clone(),
            Ident::new("underpin_idle").expect("a fixed name"),
        ),
        returns: Type::Trigger,
        language: Ident::new("plpgsql").expect("a fixed name"),
        body: "BEGIN RETURN NEW; END".to_owned(),
        search_path: None,
        comment: None,
    }
}
