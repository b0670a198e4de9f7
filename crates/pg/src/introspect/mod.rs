//! From the rows of a catalog to a [`Schema`]: which queries to run, and what their rows mean.
//!
//! Expressions come back as [`Expr::Verbatim`], in the words of the server.

mod access;
mod beyond;
mod queries;
mod surroundings;
mod types;

use std::collections::{BTreeMap, BTreeSet};

pub use access::access;
pub use beyond::{Beyond, beyond};
pub use queries::{CatalogQuery, PARTS};
pub use surroundings::{Callers, NameLookup, Policy, Routine, Surroundings, View, surroundings};
pub use types::{MadeType, made_types};

use crate::{
    CheckConstraint, Column, Exclusion, ExclusionElement, ExclusionOperator, Expr, ForeignKey,
    Function, Ident, Identity, Index, IndexColumn, IndexKey, Key, Method, Partition,
    PartitionBound, PartitionMethod, Partitioning, QualifiedName, ReferentialAction, Schema, Table,
    Trigger, TriggerEvent, TriggerTiming, Type,
};

/// A row of a catalog query: every value as text, `None` for NULL.
pub type Row = Vec<Option<String>>;

/// What the queries answered.
pub type Rows = BTreeMap<CatalogQuery, Vec<Row>>;

/// The schema that the rows describe, its constraints sorted by name.
///
/// The rows are those of [`CatalogQuery::ALL`]; a query that is not among them counts as one without
/// rows. Panics where a row is not of its query's shape, which would be a bug of ours.
pub fn schema(rows: &Rows) -> Schema {
    let of = |query| rows.get(&query).map_or(&[][..], Vec::as_slice);
    let mut schema = Schema {
        namespaces: of(CatalogQuery::Namespaces).iter().map(|row| ident(row, 0)).collect(),
        extensions: of(CatalogQuery::Extensions).iter().map(|row| ident(row, 0)).collect(),
        ..Schema::default()
    };
    let mut tables = Tables::read(of(CatalogQuery::Tables), of(CatalogQuery::Columns));
    for row in of(CatalogQuery::Constraints) {
        tables.constrain(row);
    }
    for row in of(CatalogQuery::Partitions) {
        tables.divide(row);
    }
    let index_columns = of(CatalogQuery::IndexColumns);
    for row in of(CatalogQuery::Exclusions) {
        tables.exclude(row, index_columns);
    }
    for row in of(CatalogQuery::Indexes) {
        if let Some(index) = index(row, index_columns, &tables) {
            schema.add_index(index);
        }
    }
    for row in of(CatalogQuery::Functions) {
        schema.add_function(function(row));
    }
    for row in of(CatalogQuery::Triggers) {
        if let Some(trigger) = trigger(row, &tables) {
            schema.add_trigger(trigger);
        }
    }
    for (table, _) in tables.by_oid.into_values() {
        schema.add_table(table);
    }
    schema.sort_constraints();
    schema
}

/// Tables by object identifier, each with the names of its columns by number.
struct Tables {
    by_oid: BTreeMap<String, (Table, BTreeMap<String, Ident>)>,
}

impl Tables {
    fn read(tables: &[Row], columns: &[Row]) -> Self {
        let mut by_oid = BTreeMap::new();
        for row in tables {
            let mut table = Table::new(name(row, 1));
            table.comment = optional(row, 3);
            by_oid.insert(text(row, 0).to_owned(), (table, BTreeMap::new()));
        }
        let mut read = Self { by_oid };
        let mut keys = Vec::new();
        for row in tables {
            if let Some(method) = optional(row, 4).as_deref().and_then(PartitionMethod::of_catalog)
            {
                keys.push((text(row, 0), method, optional(row, 5).unwrap_or_default()));
            }
        }
        for row in columns {
            // A table that an extension made has columns here but is not among the tables.
            if let Some((table, numbers)) = read.by_oid.get_mut(text(row, 0)) {
                numbers.insert(text(row, 1).to_owned(), ident(row, 2));
                table.columns.push(column(row));
            }
        }
        for (oid, method, numbers) in keys {
            let columns = read.columns(oid, &numbers);
            if let Some((table, _)) = read.by_oid.get_mut(oid) {
                let (partitions, upkeep) = (Vec::new(), None);
                table.partitioning = Some(Partitioning { method, columns, partitions, upkeep });
            }
        }
        read
    }

    fn name(&self, oid: &str) -> Option<QualifiedName> {
        self.by_oid.get(oid).map(|(table, _)| table.name.clone())
    }

    /// The columns whose numbers are listed with spaces between them.
    fn columns(&self, oid: &str, numbers: &str) -> Vec<Ident> {
        let Some((_, names)) = self.by_oid.get(oid) else { return Vec::new() };
        numbers.split_whitespace().filter_map(|number| names.get(number).cloned()).collect()
    }

    /// What a key column of an index of the table holds.
    fn index_key(&self, oid: &str, part: &Row) -> IndexKey {
        self.columns(oid, text(part, 2)).pop().map_or_else(
            || IndexKey::Expression(Expr::Verbatim(text(part, 3).to_owned())),
            IndexKey::Column,
        )
    }

    fn divide(&mut self, row: &Row) {
        let Some((table, _)) = self.by_oid.get_mut(text(row, 0)) else { return };
        let bound = optional(row, 3).and_then(|it| PartitionBound::parse(&it));
        if let (Some(partitioning), Some(bound)) = (&mut table.partitioning, bound) {
            let partition = Partition { name: name(row, 1), bound, comment: optional(row, 4) };
            partitioning.partitions.push(partition);
        }
    }

    fn exclude(&mut self, row: &Row, index_columns: &[Row]) {
        let oid = text(row, 0);
        let Some(method) = method(text(row, 3)) else { return };
        let elements = index_columns
            .iter()
            .filter(|part| text(part, 0) == text(row, 2))
            .zip(text(row, 4).split(' '))
            .map(|(part, operator)| ExclusionElement {
                key: self.index_key(oid, part),
                operator: ExclusionOperator::parse(operator),
            })
            .collect();
        let Some((table, _)) = self.by_oid.get_mut(oid) else { return };
        table.exclusions.push(Exclusion {
            name: ident(row, 1),
            method,
            elements,
            predicate: optional(row, 5).map(Expr::Verbatim),
            comment: optional(row, 6),
        });
    }

    fn constrain(&mut self, row: &Row) {
        let oid = text(row, 0);
        let columns = self.columns(oid, optional(row, 3).as_deref().unwrap_or_default());
        let set_columns = self.columns(oid, optional(row, 7).as_deref().unwrap_or_default());
        let target = text(row, 4);
        let references = self.name(target);
        let referenced_columns =
            self.columns(target, optional(row, 5).as_deref().unwrap_or_default());
        let Some((table, _)) = self.by_oid.get_mut(oid) else { return };
        let name = ident(row, 1);
        let comment = optional(row, 11);
        let deferrable = holds(row, 12);
        match text(row, 2) {
            "p" => table.primary_key = Some(Key { name, columns, deferrable, comment }),
            "u" => table.uniques.push(Key { name, columns, deferrable, comment }),
            "c" => {
                let expression = Expr::Verbatim(text(row, 10).to_owned());
                table.checks.push(CheckConstraint { name, expression, comment });
            }
            _ => {
                if let Some(references) = references {
                    table.foreign_keys.push(ForeignKey {
                        name,
                        columns,
                        references,
                        referenced_columns,
                        on_delete: action(text(row, 6)),
                        set_columns,
                        on_update: action(text(row, 8)),
                        deferred: holds(row, 9),
                        comment,
                    });
                }
            }
        }
    }
}

fn method(name: &str) -> Option<Method> {
    [Method::Btree, Method::Hash, Method::Gin, Method::Gist, Method::Brin]
        .into_iter()
        .find(|method| method.as_str() == name)
}

fn column(row: &Row) -> Column {
    let foreign = optional(row, 4).map(|_| name(row, 4));
    let data_type = match foreign {
        // A type with a modifier is kept as it is printed: a name alone would lose that.
        Some(_) if text(row, 3).contains('(') => Type::Other(text(row, 3).to_owned()),
        Some(name) if holds(row, 6) => Type::Array(Box::new(Type::Named(name))),
        Some(name) => Type::Named(name),
        None => Type::parse(text(row, 3)),
    };
    let expression = optional(row, 8).map(Expr::Verbatim);
    let (default, generated) =
        if text(row, 10) == "s" { (None, expression) } else { (expression, None) };
    Column {
        name: ident(row, 2),
        data_type,
        not_null: holds(row, 7),
        default,
        identity: match text(row, 9) {
            "a" => Some(Identity::Always),
            "d" => Some(Identity::ByDefault),
            _ => None,
        },
        generated,
        comment: optional(row, 11),
    }
}

fn index(row: &Row, all: &[Row], tables: &Tables) -> Option<Index> {
    let method = method(text(row, 5))?;
    let table_oid = text(row, 3);
    let table = tables.name(table_oid)?;
    let keys: usize = text(row, 6).parse().expect("indnkeyatts is a number");
    let mut columns = Vec::new();
    let mut include = Vec::new();
    for part in all.iter().filter(|part| text(part, 0) == text(row, 0)) {
        if columns.len() == keys {
            include.extend(tables.columns(table_oid, text(part, 2)).pop());
            continue;
        }
        columns.push(IndexColumn {
            key: tables.index_key(table_oid, part),
            descending: holds(part, 4),
            operator_class: optional(part, 5).map(|_| ident(part, 5)),
        });
    }
    Some(Index {
        name: name(row, 1),
        table,
        columns,
        include,
        unique: holds(row, 4),
        method,
        predicate: optional(row, 7).map(Expr::Verbatim),
        comment: optional(row, 8),
    })
}

fn function(row: &Row) -> Function {
    Function {
        name: name(row, 1),
        returns: Type::parse(text(row, 3)),
        language: ident(row, 4),
        body: text(row, 5).to_owned(),
        search_path: optional(row, 6),
        comment: optional(row, 7),
    }
}

fn trigger(row: &Row, tables: &Tables) -> Option<Trigger> {
    let table = tables.name(text(row, 0))?;
    // Bits of `pg_trigger.tgtype` (PostgreSQL's `catalog/pg_trigger.h`).
    let kind: u16 = text(row, 2).parse().expect("tgtype is a number");
    let bit = |bit: u16| kind & bit != 0;
    let mut events = BTreeSet::new();
    for (mask, event) in [
        (4, TriggerEvent::Insert),
        (8, TriggerEvent::Delete),
        (16, TriggerEvent::Update),
        (32, TriggerEvent::Truncate),
    ] {
        if bit(mask) {
            events.insert(event);
        }
    }
    Some(Trigger {
        name: ident(row, 1),
        timing: if bit(2) { TriggerTiming::Before } else { TriggerTiming::After },
        events,
        update_columns: tables.columns(text(row, 0), text(row, 3)),
        condition: if holds(row, 9) { condition(row).map(Expr::Verbatim) } else { None },
        function: name(row, 4),
        comment: optional(row, 10),
        table,
    })
}

/// The condition, cut out of the definition: the server has no function that prints it alone, since
/// `pg_get_expr` knows one table and a condition has two, OLD and NEW.
fn condition(row: &Row) -> Option<String> {
    let (definition, table, function) = (text(row, 6), text(row, 7), text(row, 8));
    let (_, after_table) = definition.split_once(&format!(" ON {table} "))?;
    let (_, from_condition) = after_table.split_once("FOR EACH ROW WHEN (")?;
    let (condition, _) = from_condition.rsplit_once(&format!(") EXECUTE FUNCTION {function}("))?;
    Some(condition.to_owned())
}

fn action(code: &str) -> ReferentialAction {
    match code {
        "r" => ReferentialAction::Restrict,
        "c" => ReferentialAction::Cascade,
        "n" => ReferentialAction::SetNull,
        "d" => ReferentialAction::SetDefault,
        _ => ReferentialAction::NoAction,
    }
}

fn optional(row: &Row, at: usize) -> Option<String> {
    row.get(at).expect("a catalog query has as many columns as are read").clone()
}

fn text(row: &Row, at: usize) -> &str {
    row.get(at)
        .and_then(Option::as_deref)
        .expect("a column of a catalog that is declared NOT NULL is not NULL")
}

fn holds(row: &Row, at: usize) -> bool {
    text(row, at) == "t"
}

fn ident(row: &Row, at: usize) -> Ident {
    Ident::new(text(row, at)).expect("a name from a catalog is a name")
}

/// The namespace in a column and the name in the next.
fn name(row: &Row, at: usize) -> QualifiedName {
    QualifiedName::new(ident(row, at), ident(row, at + 1))
}
