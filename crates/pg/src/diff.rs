//! How two schemas differ, named object by object and property by property.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::ident::list;
use crate::{
    Column, Exclusion, Expr, ForeignKey, Function, Ident, Identity, Index, IndexColumn, IndexKey,
    Key, Partition, QualifiedName, Schema, Table, Trigger, TriggerEvent, TriggerTiming,
};

/// An object of a schema.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Object {
    /// A namespace.
    Namespace(Ident),
    /// An extension.
    Extension(Ident),
    /// A table.
    Table(QualifiedName),
    /// A partition of a table.
    Partition(QualifiedName, QualifiedName),
    /// A column of a table.
    Column(QualifiedName, Ident),
    /// The primary key of a table.
    PrimaryKey(QualifiedName, Ident),
    /// A UNIQUE constraint of a table.
    Unique(QualifiedName, Ident),
    /// A CHECK constraint of a table.
    Check(QualifiedName, Ident),
    /// An exclusion constraint of a table.
    Exclusion(QualifiedName, Ident),
    /// A foreign key of a table.
    ForeignKey(QualifiedName, Ident),
    /// An index.
    Index(QualifiedName),
    /// A function.
    Function(QualifiedName),
    /// A trigger of a table.
    Trigger(QualifiedName, Ident),
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Namespace(name) => write!(f, "namespace {name}"),
            Self::Extension(name) => write!(f, "extension {name}"),
            Self::Table(name) => write!(f, "table {name}"),
            Self::Partition(table, name) => write!(f, "partition {name} of {table}"),
            Self::Column(table, name) => write!(f, "column {table}.{name}"),
            Self::PrimaryKey(table, name) => write!(f, "primary key {name} of {table}"),
            Self::Unique(table, name) => write!(f, "unique constraint {name} of {table}"),
            Self::Check(table, name) => write!(f, "check {name} of {table}"),
            Self::Exclusion(table, name) => write!(f, "exclusion constraint {name} of {table}"),
            Self::ForeignKey(table, name) => write!(f, "foreign key {name} of {table}"),
            Self::Index(name) => write!(f, "index {name}"),
            Self::Function(name) => write!(f, "function {name}"),
            Self::Trigger(table, name) => write!(f, "trigger {name} of {table}"),
        }
    }
}

/// A property in which two objects can differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Property {
    /// Whether it is there.
    Existence,
    /// The order of a table's columns.
    ColumnOrder,
    /// How a table's rows are split among partitions.
    Partitioning,
    /// The rows that a partition holds.
    Bound,
    /// A column's type.
    DataType,
    /// Whether a column refuses NULL.
    NotNull,
    /// A column's default.
    Default,
    /// Whether the server counts a column up.
    Identity,
    /// What a column is computed from.
    Generated,
    /// The columns of a constraint or index, in order.
    Columns,
    /// The payload columns of an index.
    Include,
    /// What a CHECK demands, or what an exclusion constraint compares.
    Expression,
    /// What a foreign key refers to.
    References,
    /// ON DELETE, with the columns that it sets.
    OnDelete,
    /// ON UPDATE.
    OnUpdate,
    /// Whether a foreign key waits for the end of the transaction.
    Deferred,
    /// The table of an index.
    Table,
    /// Whether an index refuses duplicates.
    Uniqueness,
    /// An index's access method.
    Method,
    /// The rows that an index or an exclusion constraint covers.
    Predicate,
    /// What a function returns.
    Returns,
    /// The language of a function.
    Language,
    /// The body of a function.
    Body,
    /// The search path of a function.
    SearchPath,
    /// Before or after.
    Timing,
    /// The events of a trigger, with the columns of UPDATE.
    Events,
    /// For which rows a trigger runs.
    Condition,
    /// What a trigger runs.
    Function,
    /// What `COMMENT ON` says.
    Comment,
}

impl Property {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Existence => "existence",
            Self::ColumnOrder => "order of columns",
            Self::Partitioning => "partition key",
            Self::Bound => "bound",
            Self::DataType => "type",
            Self::NotNull => "NOT NULL",
            Self::Default => "default",
            Self::Identity => "identity",
            Self::Generated => "generating expression",
            Self::Columns => "columns",
            Self::Include => "payload columns",
            Self::Expression => "expression",
            Self::References => "reference",
            Self::OnDelete => "ON DELETE",
            Self::OnUpdate => "ON UPDATE",
            Self::Deferred => "deferral",
            Self::Table => "table",
            Self::Uniqueness => "uniqueness",
            Self::Method => "method",
            Self::Predicate => "predicate",
            Self::Returns => "return type",
            Self::Language => "language",
            Self::Body => "body",
            Self::SearchPath => "search path",
            Self::Timing => "timing",
            Self::Events => "events",
            Self::Condition => "condition",
            Self::Function => "function",
            Self::Comment => "comment",
        }
    }
}

/// One way in which what was found is not what was wanted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// Of which object.
    pub object: Object,
    /// In which property.
    pub property: Property,
    /// What was wanted, as SQL or text; `None` where nothing was.
    pub wanted: Option<String>,
    /// What was found; `None` where nothing was.
    pub found: Option<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { object, property, wanted, found } = self;
        match (property, wanted) {
            (Property::Existence, Some(_)) => return write!(f, "{object} is missing"),
            (Property::Existence, None) => return write!(f, "{object} was not designed"),
            _ => {}
        }
        let shown = |text: &Option<String>| text.clone().unwrap_or_else(|| "nothing".to_owned());
        write!(f, "{object}: {} is {}, not {}", property.as_str(), shown(found), shown(wanted))
    }
}

/// All differences, sorted by object. Constraints are compared by name, whatever their order; the
/// expressions of both schemas must be in the form that one server prints them in.
pub fn diff(wanted: &Schema, found: &Schema) -> Vec<Difference> {
    let mut differences = Differences(Vec::new());
    differences.names(&wanted.namespaces, &found.namespaces, Object::Namespace);
    differences.names(&wanted.extensions, &found.extensions, Object::Extension);
    differences.pairs(
        &wanted.tables,
        &found.tables,
        |name| Object::Table(name.clone()),
        |_, wanted, found| {
            let key = |table: &Table| table.partitioning.as_ref().map(ToString::to_string);
            vec![
                both(Property::Partitioning, wanted, found, key),
                comment(wanted.comment.as_ref(), found.comment.as_ref()),
            ]
        },
    );
    for (name, wanted) in &wanted.tables {
        if let Some(found) = found.tables.get(name) {
            table(&mut differences, name, wanted, found);
        }
    }
    differences.pairs(
        &wanted.indexes,
        &found.indexes,
        |name| Object::Index(name.clone()),
        |_, wanted, found| index(wanted, found),
    );
    differences.pairs(
        &wanted.functions,
        &found.functions,
        |name| Object::Function(name.clone()),
        |_, wanted, found| function(wanted, found),
    );
    differences.pairs(
        &wanted.triggers,
        &found.triggers,
        |(table, name)| Object::Trigger(table.clone(), name.clone()),
        |_, wanted, found| trigger(wanted, found),
    );
    differences.0.sort();
    differences.0
}

/// A property with what was wanted and found.
type Compared = (Property, Option<String>, Option<String>);

struct Differences(Vec<Difference>);

impl Differences {
    /// Compares what both have under the same name, and notes what one of them lacks.
    fn pairs<K: Ord + fmt::Debug, V>(
        &mut self,
        wanted: &BTreeMap<K, V>,
        found: &BTreeMap<K, V>,
        object: impl Fn(&K) -> Object,
        compare: impl Fn(&K, &V, &V) -> Vec<Compared>,
    ) {
        for (name, value) in wanted {
            let object = object(name);
            match found.get(name) {
                Some(other) => self.compare(&object, compare(name, value, other)),
                None => self.existence(object, true),
            }
        }
        for name in found.keys().filter(|name| !wanted.contains_key(name)) {
            self.existence(object(name), false);
        }
    }

    fn names(
        &mut self,
        wanted: &BTreeSet<Ident>,
        found: &BTreeSet<Ident>,
        object: impl Fn(Ident) -> Object,
    ) {
        for name in wanted.difference(found) {
            self.existence(object(name.clone()), true);
        }
        for name in found.difference(wanted) {
            self.existence(object(name.clone()), false);
        }
    }

    fn existence(&mut self, object: Object, wanted: bool) {
        let (wanted, found) = if wanted {
            (Some(object.to_string()), None)
        } else {
            (None, Some(object.to_string()))
        };
        self.0.push(Difference { object, property: Property::Existence, wanted, found });
    }

    fn compare(&mut self, object: &Object, properties: Vec<Compared>) {
        for (property, wanted, found) in properties {
            if wanted != found {
                self.0.push(Difference { object: object.clone(), property, wanted, found });
            }
        }
    }
}

fn table(differences: &mut Differences, name: &QualifiedName, wanted: &Table, found: &Table) {
    let columns = |table: &Table| -> BTreeMap<Ident, Column> {
        table.columns.iter().map(|column| (column.name.clone(), column.clone())).collect()
    };
    differences.pairs(
        &columns(wanted),
        &columns(found),
        |column| Object::Column(name.clone(), column.clone()),
        |_, wanted, found| column(wanted, found),
    );
    // Only those that both have: one that is missing is not also out of order.
    let order = |table: &Table, other: &Table| {
        let both = table.columns.iter().filter(|column| other.column(&column.name).is_some());
        Some(list(both.map(|column| &column.name)))
    };
    differences.compare(
        &Object::Table(name.clone()),
        vec![(Property::ColumnOrder, order(wanted, found), order(found, wanted))],
    );
    partitions(differences, name, wanted, found);
    let keys = |keys: &mut dyn Iterator<Item = &Key>| -> BTreeMap<Ident, Key> {
        keys.map(|key| (key.name.clone(), key.clone())).collect()
    };
    let key = |_: &Ident, wanted: &Key, found: &Key| {
        vec![
            (Property::Columns, Some(list(&wanted.columns)), Some(list(&found.columns))),
            (
                Property::Deferred,
                Some(wanted.deferrable.to_string()),
                Some(found.deferrable.to_string()),
            ),
            comment(wanted.comment.as_ref(), found.comment.as_ref()),
        ]
    };
    differences.pairs(
        &keys(&mut wanted.primary_key.iter()),
        &keys(&mut found.primary_key.iter()),
        |key| Object::PrimaryKey(name.clone(), key.clone()),
        key,
    );
    differences.pairs(
        &keys(&mut wanted.uniques.iter()),
        &keys(&mut found.uniques.iter()),
        |key| Object::Unique(name.clone(), key.clone()),
        key,
    );
    let checks = |table: &Table| -> BTreeMap<Ident, _> {
        table.checks.iter().map(|check| (check.name.clone(), check.clone())).collect()
    };
    differences.pairs(
        &checks(wanted),
        &checks(found),
        |check| Object::Check(name.clone(), check.clone()),
        |_, wanted, found| {
            vec![
                (
                    Property::Expression,
                    expression(Some(&wanted.expression)),
                    expression(Some(&found.expression)),
                ),
                comment(wanted.comment.as_ref(), found.comment.as_ref()),
            ]
        },
    );
    let exclusions = |table: &Table| -> BTreeMap<Ident, Exclusion> {
        table.exclusions.iter().map(|item| (item.name.clone(), item.clone())).collect()
    };
    differences.pairs(
        &exclusions(wanted),
        &exclusions(found),
        |exclusion| Object::Exclusion(name.clone(), exclusion.clone()),
        |_, wanted, found| {
            vec![
                (Property::Expression, Some(wanted.body()), Some(found.body())),
                (
                    Property::Predicate,
                    expression(wanted.predicate.as_ref()),
                    expression(found.predicate.as_ref()),
                ),
                comment(wanted.comment.as_ref(), found.comment.as_ref()),
            ]
        },
    );
    let references = |table: &Table| -> BTreeMap<Ident, ForeignKey> {
        table.foreign_keys.iter().map(|key| (key.name.clone(), key.clone())).collect()
    };
    differences.pairs(
        &references(wanted),
        &references(found),
        |key| Object::ForeignKey(name.clone(), key.clone()),
        |_, wanted, found| foreign_key(wanted, found),
    );
}

/// Partitions that are part of the form, and the ranges that are wanted: those that are there besides were made as
/// time went on.
fn partitions(differences: &mut Differences, name: &QualifiedName, wanted: &Table, found: &Table) {
    let all = |table: &Table| -> BTreeMap<QualifiedName, Partition> {
        let partitions = table.partitioning.iter().flat_map(|it| &it.partitions);
        partitions.map(|partition| (partition.name.clone(), partition.clone())).collect()
    };
    let (wanted, mut found) = (all(wanted), all(found));
    found.retain(|name, partition| partition.is_form() || wanted.contains_key(name));
    differences.pairs(
        &wanted,
        &found,
        |partition| Object::Partition(name.clone(), partition.clone()),
        |_, wanted, found| {
            vec![
                both(Property::Bound, wanted, found, |it| Some(it.bound.to_string())),
                comment(wanted.comment.as_ref(), found.comment.as_ref()),
            ]
        },
    );
}

/// The property of two objects of one kind, written by the same function.
fn both<T>(
    property: Property,
    wanted: &T,
    found: &T,
    show: impl Fn(&T) -> Option<String>,
) -> Compared {
    (property, show(wanted), show(found))
}

fn column(wanted: &Column, found: &Column) -> Vec<Compared> {
    let both =
        |property, show: &dyn Fn(&Column) -> Option<String>| both(property, wanted, found, show);
    vec![
        both(Property::DataType, &|column| Some(column.data_type.to_string())),
        both(Property::NotNull, &|column| Some(column.not_null.to_string())),
        both(Property::Default, &|column| expression(column.default.as_ref())),
        both(Property::Identity, &|column| {
            column.identity.map(|identity| match identity {
                Identity::Always => "GENERATED ALWAYS".to_owned(),
                Identity::ByDefault => "GENERATED BY DEFAULT".to_owned(),
            })
        }),
        both(Property::Generated, &|column| expression(column.generated.as_ref())),
        comment(wanted.comment.as_ref(), found.comment.as_ref()),
    ]
}

fn foreign_key(wanted: &ForeignKey, found: &ForeignKey) -> Vec<Compared> {
    let both = |property, show: &dyn Fn(&ForeignKey) -> Option<String>| {
        both(property, wanted, found, show)
    };
    vec![
        both(Property::Columns, &|key| Some(list(&key.columns))),
        both(Property::References, &|key| {
            Some(format!("{} ({})", key.references, list(&key.referenced_columns)))
        }),
        both(Property::OnDelete, &|key| {
            let action = key.on_delete.as_str();
            Some(if key.set_columns.is_empty() {
                action.to_owned()
            } else {
                format!("{action} ({})", list(&key.set_columns))
            })
        }),
        both(Property::OnUpdate, &|key| Some(key.on_update.as_str().to_owned())),
        both(Property::Deferred, &|key| Some(key.deferred.to_string())),
        comment(wanted.comment.as_ref(), found.comment.as_ref()),
    ]
}

fn index(wanted: &Index, found: &Index) -> Vec<Compared> {
    let both =
        |property, show: &dyn Fn(&Index) -> Option<String>| both(property, wanted, found, show);
    vec![
        both(Property::Table, &|index| Some(index.table.to_string())),
        both(Property::Columns, &|index| {
            Some(index.columns.iter().map(index_column).collect::<Vec<_>>().join(", "))
        }),
        both(Property::Include, &|index| Some(list(&index.include))),
        both(Property::Uniqueness, &|index| Some(index.unique.to_string())),
        both(Property::Method, &|index| Some(index.method.as_str().to_owned())),
        both(Property::Predicate, &|index| expression(index.predicate.as_ref())),
        comment(wanted.comment.as_ref(), found.comment.as_ref()),
    ]
}

fn index_column(column: &IndexColumn) -> String {
    let key = match &column.key {
        IndexKey::Column(name) => name.to_string(),
        IndexKey::Expression(expression) => format!("({expression})"),
    };
    let class = column.operator_class.as_ref().map_or_else(String::new, |name| format!(" {name}"));
    format!("{key}{class}{}", if column.descending { " DESC" } else { "" })
}

fn function(wanted: &Function, found: &Function) -> Vec<Compared> {
    let both =
        |property, show: &dyn Fn(&Function) -> Option<String>| both(property, wanted, found, show);
    vec![
        both(Property::Returns, &|function| Some(function.returns.to_string())),
        both(Property::Language, &|function| Some(function.language.to_string())),
        both(Property::Body, &|function| Some(function.body.clone())),
        both(Property::SearchPath, &|function| function.search_path.clone()),
        comment(wanted.comment.as_ref(), found.comment.as_ref()),
    ]
}

fn trigger(wanted: &Trigger, found: &Trigger) -> Vec<Compared> {
    let both =
        |property, show: &dyn Fn(&Trigger) -> Option<String>| both(property, wanted, found, show);
    vec![
        both(Property::Timing, &|trigger| {
            Some(match trigger.timing {
                TriggerTiming::Before => "BEFORE".to_owned(),
                TriggerTiming::After => "AFTER".to_owned(),
            })
        }),
        both(Property::Events, &|trigger| {
            let events = trigger.events.iter().map(|event| match event {
                TriggerEvent::Insert => "INSERT".to_owned(),
                TriggerEvent::Delete => "DELETE".to_owned(),
                TriggerEvent::Truncate => "TRUNCATE".to_owned(),
                TriggerEvent::Update if trigger.update_columns.is_empty() => "UPDATE".to_owned(),
                TriggerEvent::Update => format!("UPDATE OF {}", list(&trigger.update_columns)),
            });
            Some(events.collect::<Vec<_>>().join(" OR "))
        }),
        both(Property::Condition, &|trigger| expression(trigger.condition.as_ref())),
        both(Property::Function, &|trigger| Some(trigger.function.to_string())),
        comment(wanted.comment.as_ref(), found.comment.as_ref()),
    ]
}

fn comment(wanted: Option<&String>, found: Option<&String>) -> Compared {
    (Property::Comment, wanted.cloned(), found.cloned())
}

fn expression(expression: Option<&Expr>) -> Option<String> {
    expression.map(|expression| match expression {
        // Without the parentheses that it would need among other text.
        Expr::Verbatim(sql) => sql.clone(),
        other => other.to_string(),
    })
}
