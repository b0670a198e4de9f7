//! An index that could be made, as a value: small, comparable, and turned into [`underpin_pg::Index`] only to be sent or
//! shown.

use underpin_pg::{Expr, Ident, Index, IndexColumn, IndexKey, Method, QualifiedName, naming};

use crate::facts::{Facts, TableFacts};

/// An index that could be made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spec {
    /// The table's number.
    pub table: usize,
    /// Key columns in order.
    pub keys: Vec<KeyPart>,
    /// Payload columns, by number.
    pub include: Vec<usize>,
    /// The access method.
    pub method: Method,
    /// The operator class of the first key column, where it is not that of its type.
    pub class: Option<&'static str>,
    /// The rows that it covers, as SQL with bare column names; all where it is `None`.
    pub predicate: Option<String>,
}

/// One key column of an index.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyPart {
    /// What is indexed.
    pub what: Indexed,
    /// Greatest first.
    pub descending: bool,
}

/// What a key column holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Indexed {
    /// A column, by number.
    Column(usize),
    /// An expression over bare column names.
    Expression(String),
}

impl KeyPart {
    /// A column, ascending.
    pub const fn column(number: usize) -> Self {
        Self { what: Indexed::Column(number), descending: false }
    }

    /// The column's number; `None` for an expression.
    pub const fn number(&self) -> Option<usize> {
        match &self.what {
            Indexed::Column(number) => Some(*number),
            Indexed::Expression(_) => None,
        }
    }
}

impl Spec {
    /// A b-tree over columns.
    pub fn btree(table: usize, columns: &[usize]) -> Self {
        Self {
            table,
            keys: columns.iter().map(|&number| KeyPart::column(number)).collect(),
            include: Vec::new(),
            method: Method::Btree,
            class: None,
            predicate: None,
        }
    }

    /// How many columns it has, payload included.
    pub fn width(&self) -> usize {
        self.keys.len() + self.include.len()
    }

    /// The numbers of its columns, where it holds nothing but columns in ascending order, all rows, as a b-tree.
    pub fn plain(&self) -> Option<Vec<usize>> {
        let is_plain = self.include.is_empty()
            && self.predicate.is_none()
            && self.method == Method::Btree
            && self.class.is_none();
        let columns = self.keys.iter().map(|key| key.number().filter(|_| !key.descending));
        if is_plain { columns.collect() } else { None }
    }

    /// Whether an index of exactly these keys is there. The planner would take the hypothetical twin for cheaper, since
    /// HypoPG leaves the height of the tree out of the cost of a descent.
    pub(crate) fn is_there(&self, facts: &Facts) -> bool {
        let table = &facts.tables[self.table];
        let Some(columns) = self.plain() else { return false };
        let same = |keys: &[(String, bool)]| {
            keys.len() == columns.len()
                && keys.iter().zip(&columns).all(|((text, descending), &number)| {
                    !descending && *text == table.columns[number].name.to_string()
                })
        };
        table.indexes.iter().any(|index| {
            index.method == "btree"
                && index.predicate.is_none()
                && same(&index.columns[..index.keys])
        })
    }

    /// Whether it begins with all columns of a unique index that is there: what follows them narrows nothing down, and can
    /// only save the visit to the table.
    pub(crate) fn extends_key(&self, facts: &Facts) -> bool {
        let table = &facts.tables[self.table];
        let Some(columns) = self.plain() else { return false };
        table.indexes.iter().any(|index| {
            let keys = &index.columns[..index.keys];
            index.is_unique
                && index.predicate.is_none()
                && keys.len() < columns.len()
                && keys
                    .iter()
                    .zip(&columns)
                    .all(|((text, _), &number)| *text == table.columns[number].name.to_string())
        })
    }

    /// Whether it is another index's keys, and more behind them, over the same rows.
    pub(crate) fn begins_with(&self, other: &Self) -> bool {
        self.table == other.table
            && self.method == Method::Btree
            && other.method == Method::Btree
            && self.predicate == other.predicate
            && self.class == other.class
            && self.keys.len() > other.keys.len()
            && self.keys.starts_with(&other.keys)
            && other.include.iter().all(|&held| self.columns().any(|it| it == held))
    }

    /// Every column that it holds, payload included.
    pub fn columns(&self) -> impl Iterator<Item = usize> + '_ {
        self.keys.iter().filter_map(KeyPart::number).chain(self.include.iter().copied())
    }

    /// Whether it holds a column: as key, as payload, in an expression or in its condition.
    pub fn holds(&self, column: usize, table: &TableFacts) -> bool {
        let name = table.columns[column].name.as_str();
        let in_text = |text: &str| mentions(text, name);
        self.columns().any(|it| it == column)
            || self.predicate.as_deref().is_some_and(in_text)
            || self.keys.iter().any(|key| match &key.what {
                Indexed::Column(_) => false,
                Indexed::Expression(text) => in_text(text),
            })
    }

    /// The index with a name as PostgreSQL would choose it.
    pub fn index(&self, facts: &Facts) -> Index {
        let table = &facts.tables[self.table];
        Index {
            name: QualifiedName::new(table.name.namespace.clone(), self.name(table)),
            table: table.name.clone(),
            columns: self
                .keys
                .iter()
                .enumerate()
                .map(|(at, key)| IndexColumn {
                    key: match &key.what {
                        Indexed::Column(number) => {
                            IndexKey::Column(table.columns[*number].name.clone())
                        }
                        Indexed::Expression(text) => {
                            IndexKey::Expression(Expr::Verbatim(text.clone()))
                        }
                    },
                    descending: key.descending,
                    operator_class: self
                        .class
                        .filter(|_| at == 0)
                        .and_then(|class| Ident::new(class).ok()),
                })
                .collect(),
            include: self.include.iter().map(|&it| table.columns[it].name.clone()).collect(),
            unique: false,
            method: self.method,
            predicate: self.predicate.clone().map(Expr::Verbatim),
            comment: None,
        }
    }

    /// `table_column_column_idx`, an expression as `expr`, payload included (`ChooseIndexName` in PostgreSQL's
    /// `indexcmds.c`).
    fn name(&self, table: &TableFacts) -> Ident {
        let expression = Ident::new("expr").expect("invariant: a plain name");
        let keys = self.keys.iter().map(|key| match &key.what {
            Indexed::Column(number) => &table.columns[*number].name,
            Indexed::Expression(_) => &expression,
        });
        let include = self.include.iter().map(|&number| &table.columns[number].name);
        let columns: Vec<&Ident> = keys.chain(include).collect();
        naming::object_name(&table.name.name, &columns, "idx")
    }
}

/// Whether a text of SQL has this word in it.
pub(crate) fn mentions(text: &str, name: &str) -> bool {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).any(|word| word == name)
}
