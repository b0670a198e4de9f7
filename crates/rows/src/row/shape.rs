//! What must be known of a table to make rows for it.

use std::collections::BTreeMap;

use underpin_logical::{Limit, LimitBound, OwnerBound, OwnerState};
use underpin_model::{Comparison, Expression, Literal};
use underpin_pg::{
    BinaryOperator, Expr, ForeignKey, Ident, IndexKey, PartitionBound, PartitionUpkeep,
    PartitionValue, QualifiedName, Schema, Table, Type,
};
use underpin_physical::{GuardDesign, GuardPurpose, MachineDesign, PhysicalDesign, TableDesign};

use super::{
    Apart, ColumnShares, HoldShape, LimitShape, OwnerBoundShape, OwnerStateShape, Row, owner_state,
};
use crate::rule::{Term, mentioned, translate, truth};
use crate::value::{Value, read};

/// All tables of a design.
pub type Shapes<'a> = BTreeMap<&'a QualifiedName, Shape<'a>>;

/// A table.
#[derive(Debug)]
pub struct Shape<'a> {
    pub table: &'a Table,
    pub rules: Vec<Rule>,
    pub keys: Vec<KeyShape>,
    pub links: Vec<Link<'a>>,
    pub machines: Vec<Machine<'a>>,
    /// What triggers keep beside life cycles.
    pub guards: &'a [GuardDesign],
    pub aparts: Vec<Apart>,
    pub limits: Vec<LimitShape<'a>>,
    /// What may be done only beside an owner in some state.
    pub owner_states: Vec<OwnerStateShape<'a>>,
    /// Values that are held against those of an owner.
    pub owner_bounds: Vec<OwnerBoundShape<'a>>,
    /// What rows of others keep its rows from.
    pub holds: Vec<HoldShape<'a>>,
    /// Columns that say how much the rows of other tables may come to.
    pub bounds: Vec<usize>,
    /// Columns of life cycles, with the states beside which rows of other tables may be there.
    pub lived: Vec<(usize, Vec<String>)>,
    /// Which parts of the rows have which values, where documents say so.
    pub shares: Vec<ColumnShares>,
    /// For how many seconds back there are rows, where that is limited.
    pub window: Option<i64>,
    /// What makes its partitions.
    pub upkeep: Option<&'a PartitionUpkeep>,
    /// For each column how many characters it may have, where a rule says so.
    longest: Vec<Option<usize>>,
}

/// A CHECK constraint.
#[derive(Debug)]
pub struct Rule {
    pub constraint: Ident,
    /// `None` where it was not understood.
    pub term: Option<Term>,
    pub columns: Vec<usize>,
}

/// A key: constraint or unique index.
#[derive(Debug)]
pub struct KeyShape {
    pub name: Ident,
    pub columns: Vec<usize>,
    /// Those of the columns whose upper and lower case make no difference.
    pub folded: Vec<usize>,
    /// Whether it covers some rows only.
    pub is_partial: bool,
    /// Which rows, where that was understood.
    pub predicate: Option<Term>,
    /// Whether an index without a constraint holds it.
    pub is_index: bool,
    /// Whether it is checked once a statement is through, so that rows can exchange their values.
    pub is_deferrable: bool,
}

impl KeyShape {
    /// Whether the key counts a row; `None` where that is not understood.
    pub fn covers(&self, row: &Row) -> Option<bool> {
        match (&self.predicate, self.is_partial) {
            (Some(predicate), _) => Some(truth(predicate, row) == Some(true)),
            (None, is_partial) => (!is_partial).then_some(true),
        }
    }
}

/// A foreign key.
#[derive(Debug)]
pub struct Link<'a> {
    pub key: &'a ForeignKey,
    pub columns: Vec<usize>,
    pub target_columns: Vec<usize>,
    /// Further pairs that should agree, though no constraint says so: both refer to the same row of a
    /// third table, as a tenant.
    pub agreeing: Vec<(usize, usize)>,
}

/// A life cycle.
#[derive(Debug)]
pub struct Machine<'a> {
    pub column: usize,
    pub design: &'a MachineDesign,
}

impl KeyShape {
    /// The values of a key, those of its folded columns in the other case; `None` where that changes nothing.
    pub fn in_other_case(&self, same: &BTreeMap<usize, Value>) -> Option<BTreeMap<usize, Value>> {
        let mut other = same.clone();
        for at in &self.folded {
            if let Some(Value::Text(text)) = other.get_mut(at) {
                let loud = text.to_uppercase();
                *text = if loud == *text { text.to_lowercase() } else { loud };
            }
        }
        (other != *same).then_some(other)
    }
}

impl<'a> Shape<'a> {
    /// All tables of a design.
    pub fn all(physical: &'a PhysicalDesign) -> Shapes<'a> {
        let schema = &physical.schema;
        let owned = Owned::of_all(physical);
        schema
            .tables
            .values()
            .map(|table| {
                let design = physical.tables.of(&table.name);
                (&table.name, Self::new(physical, &owned, table, design))
            })
            .collect()
    }

    fn new(
        physical: &'a PhysicalDesign,
        owned: &[Owned<'a>],
        table: &'a Table,
        design: Option<&'a TableDesign>,
    ) -> Self {
        let schema = &physical.schema;
        let rules = rules(table, design);
        let longest = (0..table.columns.len())
            .map(|column| rules.iter().filter_map(|rule| longest(rule, column)).min())
            .collect();
        let machines = design
            .map(|design| {
                let machine = |machine: &'a MachineDesign| {
                    let column = index_of(table, &machine.column)?;
                    Some(Machine { column, design: machine })
                };
                design.machines.iter().filter_map(machine).collect()
            })
            .unwrap_or_default();
        let mut shape = Self {
            table,
            rules,
            keys: keys(schema, table),
            links: links(schema, table),
            machines,
            guards: design.map_or(&[], |design| &design.guards),
            aparts: design.map(|design| Apart::all(table, design)).unwrap_or_default(),
            limits: design.map(|it| LimitShape::all(physical, table, it)).unwrap_or_default(),
            owner_states: design
                .map(|it| OwnerStateShape::all(physical, table, it))
                .unwrap_or_default(),
            owner_bounds: design
                .map(|it| OwnerBoundShape::all(physical, table, it))
                .unwrap_or_default(),
            holds: design.map(|it| HoldShape::all(physical, table, it)).unwrap_or_default(),
            bounds: design
                .map(|it| bounds(&owned[it.relation.index()], table, it))
                .unwrap_or_default(),
            lived: design
                .map(|it| owner_state::lived(&owned[it.relation.index()], table, it))
                .unwrap_or_default(),
            shares: Vec::new(),
            window: design.and_then(super::moments::window),
            upkeep: design.and_then(|it| it.partitions.as_ref()?.upkeep()),
            longest,
        };
        shape.shares = design.map(|it| ColumnShares::all(&shape, it)).unwrap_or_default();
        shape
    }

    /// The index of a column.
    pub fn column(&self, name: &Ident) -> Option<usize> {
        index_of(self.table, name)
    }

    /// The name of a column.
    pub fn name(&self, column: usize) -> &'a Ident {
        &self.table.columns[column].name
    }

    /// Whether the server computes the column and takes no value for it.
    pub fn is_computed(&self, column: usize) -> bool {
        self.table.columns[column].generated.is_some()
    }

    /// How many characters a value may have.
    pub fn longest(&self, column: usize) -> Option<usize> {
        self.longest[column]
    }

    /// The value that a rule leaves no choice of, in a part of a reference: the kind of a special row; and which rule.
    pub fn only_value(&self, column: usize) -> Option<(usize, Value)> {
        if !self.is_in_link(column) {
            return None;
        }
        self.rules.iter().enumerate().find_map(|(at, rule)| {
            match listed(rule.term.as_ref()?, column)?.as_slice() {
                [only] => Some((at, Value::Text((*only).to_owned()))),
                _ => None,
            }
        })
    }

    /// The values that a rule or a life cycle lists for a column; none where neither does.
    pub fn listed(&self, column: usize) -> Vec<Value> {
        if let Some(machine) = self.machine(column).filter(|it| !it.states.is_empty()) {
            return machine.states.iter().cloned().map(Value::Text).collect();
        }
        let mut lists = self.rules.iter().filter_map(|rule| listed(rule.term.as_ref()?, column));
        let list = lists.next().unwrap_or_default();
        list.into_iter().map(|value| Value::Text(value.to_owned())).collect()
    }

    /// The column by the values of which the table is split, with those that have a partition.
    pub fn values_with_a_partition(&self) -> Option<(usize, Vec<Value>)> {
        let split = self.table.partitioning.as_ref()?;
        let column = self.column(split.columns.first()?)?;
        let data_type = &self.table.columns[column].data_type;
        let mut values = Vec::new();
        for partition in &split.partitions {
            let PartitionBound::List(listed) = &partition.bound else { continue };
            for value in listed {
                if let PartitionValue::Value(text) = value {
                    values.extend(read(data_type, text));
                }
            }
        }
        (!values.is_empty()).then_some((column, values))
    }

    /// Another value of those that a rule lists.
    pub fn other_value(&self, column: usize, than: &Value) -> Option<Value> {
        let lists = self.rules.iter().filter_map(|rule| listed(rule.term.as_ref()?, column));
        let mut values = lists.flatten().map(|value| Value::Text(value.to_owned()));
        values.find(|value| value != than)
    }

    /// Whether a value of the column must differ from others for a key's sake.
    pub fn is_in_key(&self, column: usize) -> bool {
        self.keys.iter().any(|key| key.columns.contains(&column))
    }

    /// Whether the column is part of a foreign key.
    pub fn is_in_link(&self, column: usize) -> bool {
        self.links.iter().any(|link| link.columns.contains(&column))
    }

    /// The condition that picks a row out by its primary key.
    pub fn is_row(&self, row: &Row) -> Expr {
        let key = self.primary_key();
        let same = key.iter().map(|&at| Expr::equals(Expr::column(self.name(at)), row[at].expr()));
        Expr::And(same.collect())
    }

    /// What an UPDATE must set besides what it is about: the version that each change raises.
    pub fn raised(&self) -> Option<(Ident, Expr)> {
        self.guards.iter().find_map(|guard| match &guard.purpose {
            GuardPurpose::Version { column } => {
                let next =
                    Expr::binary(Expr::column(column), BinaryOperator::Add, Expr::integer(1));
                Some((column.clone(), next))
            }
            GuardPurpose::Unchanged { .. }
            | GuardPurpose::Truncation { .. }
            | GuardPurpose::Acyclic { .. }
            | GuardPurpose::Limit { .. }
            | GuardPurpose::OwnerState { .. }
            | GuardPurpose::OwnerBound { .. }
            | GuardPurpose::Hold { .. } => None,
        })
    }

    /// The columns of a row that triggers let nobody change.
    pub fn unchanging(&self, row: &Row) -> impl Iterator<Item = usize> {
        let columns = self.guards.iter().filter_map(|guard| match &guard.purpose {
            GuardPurpose::Unchanged { columns, states, with_step, .. } => {
                let in_state = states.as_ref().is_none_or(|(column, states)| {
                    let now = self.column(column).and_then(|at| row[at].text());
                    now.is_some_and(|now| states.contains(&now))
                });
                in_state.then_some(columns.iter().filter(|it| !with_step.contains(it)))
            }
            GuardPurpose::Truncation { .. }
            | GuardPurpose::Version { .. }
            | GuardPurpose::Acyclic { .. }
            | GuardPurpose::Limit { .. }
            | GuardPurpose::OwnerState { .. }
            | GuardPurpose::OwnerBound { .. }
            | GuardPurpose::Hold { .. } => None,
        });
        columns.flatten().filter_map(|name| self.column(name))
    }

    /// Whether a key may leave room for a few rows only: a rule says which values all of its columns have, as in places
    /// from 1 to 7.
    pub fn has_narrow_key(&self) -> bool {
        let is_ruled = |at: &usize| self.rules.iter().any(|rule| rule.columns.contains(at));
        self.keys.iter().any(|key| key.columns.iter().all(is_ruled))
    }

    /// The primary key's columns.
    pub fn primary_key(&self) -> Vec<usize> {
        let key = self.table.primary_key.iter().flat_map(|key| &key.columns);
        key.filter_map(|name| self.column(name)).collect()
    }

    /// As [`Shape::is_row`]; `None` where the table has no key to tell, or the server chooses it.
    pub fn known_row(&self, row: &Row) -> Option<Expr> {
        let key = self.primary_key();
        let is_known = !key.is_empty() && key.iter().all(|&at| row[at].is_present());
        is_known.then(|| self.is_row(row))
    }

    /// The life cycle of a column.
    pub fn machine(&self, column: usize) -> Option<&'a MachineDesign> {
        self.machines.iter().find(|machine| machine.column == column).map(|it| it.design)
    }
}

/// What other tables say of the rows of one that owns theirs.
#[derive(Debug, Default, Clone)]
pub(super) struct Owned<'a> {
    limits: Vec<&'a Limit>,
    bounds: Vec<&'a OwnerBound>,
    pub(super) states: Vec<&'a OwnerState>,
}

impl<'a> Owned<'a> {
    /// That of each relation.
    fn of_all(physical: &'a PhysicalDesign) -> Vec<Self> {
        let mut all = vec![Self::default(); physical.tables.len()];
        for table in &physical.tables {
            for limit in table.limits.iter().map(|it| &it.limit) {
                all[limit.owner.index()].limits.push(limit);
            }
            for bound in table.owner_bounds.iter().map(|it| &it.owner_bound) {
                all[bound.owner.index()].bounds.push(bound);
            }
            for state in table.owner_states.iter().map(|it| &it.owner_state) {
                all[state.owner.index()].states.push(state);
            }
        }
        all
    }
}

/// The columns of a table that limits over the rows of others compare with.
fn bounds(owned: &Owned<'_>, table: &Table, design: &TableDesign) -> Vec<usize> {
    let limits = owned.limits.iter().filter_map(|limit| match &limit.bound {
        LimitBound::Fixed(_) => None,
        LimitBound::Attribute(id) => Some(*id),
    });
    let is_most =
        |it: &&&OwnerBound| matches!(it.comparison, Comparison::Less | Comparison::LessOrEqual);
    let most = owned.bounds.iter().filter(is_most).map(|it| it.theirs);
    limits.chain(most).filter_map(|id| index_of(table, design.column(id))).collect()
}

fn index_of(table: &Table, name: &Ident) -> Option<usize> {
    table.columns.iter().position(|column| column.name == *name)
}

fn indexes_of(table: &Table, names: &[Ident]) -> Vec<usize> {
    names.iter().filter_map(|name| index_of(table, name)).collect()
}

fn rules(table: &Table, design: Option<&TableDesign>) -> Vec<Rule> {
    let rule = |check: &underpin_pg::CheckConstraint| {
        let stated = design.and_then(|design| {
            let of = design.checks.iter().find(|stated| stated.constraint == check.name)?;
            let columns = &design.columns;
            of.expression
                .as_ref()?
                .try_map(&mut |attribute| index_of(table, columns.get(attribute.index())?))
        });
        let term = stated.or_else(|| translate(table, &check.expression));
        let columns = match &term {
            Some(term) => term.fields(),
            None => mentioned(table, &check.expression),
        };
        Rule { constraint: check.name.clone(), term, columns }
    };
    table.checks.iter().map(rule).collect()
}

fn keys(schema: &Schema, table: &Table) -> Vec<KeyShape> {
    let constraint = |key: &underpin_pg::Key| KeyShape {
        name: key.name.clone(),
        columns: indexes_of(table, &key.columns),
        folded: Vec::new(),
        is_partial: false,
        predicate: None,
        is_index: false,
        is_deferrable: key.deferrable,
    };
    let index = |index: &underpin_pg::Index| KeyShape {
        name: index.name.name.clone(),
        columns: index
            .columns
            .iter()
            .flat_map(|column| match &column.key {
                IndexKey::Column(name) => index_of(table, name).into_iter().collect(),
                IndexKey::Expression(expression) => mentioned(table, expression),
            })
            .collect(),
        folded: index
            .columns
            .iter()
            .filter(|column| column.key.plain().is_none())
            .filter_map(|column| index_of(table, column.key.compared()?))
            .collect(),
        is_partial: index.predicate.is_some(),
        predicate: index.predicate.as_ref().and_then(|expr| translate(table, expr)),
        is_index: true,
        is_deferrable: false,
    };
    let of_indexes = schema.indexes_of(&table.name).filter(|index| index.unique).map(index);
    table.keys().map(constraint).chain(of_indexes).collect()
}

fn links<'a>(schema: &'a Schema, table: &'a Table) -> Vec<Link<'a>> {
    let single = |of: &Table, column: &Ident| {
        of.foreign_keys
            .iter()
            .find(|key| key.columns.len() == 1 && key.columns[0] == *column)
            .map(|key| key.references.clone())
    };
    table
        .foreign_keys
        .iter()
        .filter_map(|key| {
            let target = schema.tables.get(&key.references)?;
            let columns = indexes_of(table, &key.columns);
            let agreeing = table
                .columns
                .iter()
                .enumerate()
                .filter(|(at, column)| {
                    // Two rows of one table may belong to different ones, and a key may even ask for it.
                    !columns.contains(at)
                        && target.name != table.name
                        && single(table, &column.name).is_some_and(|third| {
                            single(target, &column.name).as_ref() == Some(&third)
                        })
                })
                .filter_map(|(at, column)| Some((at, index_of(target, &column.name)?)))
                .collect();
            let target_columns = indexes_of(target, &key.referenced_columns);
            (target_columns.len() == columns.len()).then_some(Link {
                key,
                columns,
                target_columns,
                agreeing,
            })
        })
        .collect()
}

/// The texts that a rule lets a column have.
fn listed(term: &Term, column: usize) -> Option<Vec<&str>> {
    let (value, list) = match term {
        Expression::OneOf(value, list) => (value, list.iter().collect::<Vec<_>>()),
        Expression::Compare(value, Comparison::Equal, only) => match &**only {
            Expression::Literal(only) => (value, vec![only]),
            _ => return None,
        },
        _ => return None,
    };
    let text = |literal: &&'_ Literal| matches!(literal, Literal::Text(_));
    if **value != Expression::Field(column) || !list.iter().all(text) {
        return None;
    }
    let texts = list.into_iter().filter_map(|literal| match literal {
        Literal::Text(text) => Some(text.as_str()),
        Literal::Integer(_)
        | Literal::Decimal(_)
        | Literal::Boolean(_)
        | Literal::Now
        | Literal::Today
        | Literal::Duration(_) => None,
    });
    Some(texts.collect())
}

/// The greatest number of characters that a rule allows a column.
fn longest(rule: &Rule, column: usize) -> Option<usize> {
    fn of(term: &Term, column: usize) -> Option<usize> {
        match term {
            Expression::All(list) => list.iter().filter_map(|item| of(item, column)).min(),
            Expression::Compare(left, comparison, right) => {
                let (Expression::Length(inner), Expression::Literal(Literal::Integer(limit))) =
                    (&**left, &**right)
                else {
                    return None;
                };
                let limit = match comparison {
                    Comparison::LessOrEqual | Comparison::Equal => *limit,
                    Comparison::Less => limit - 1,
                    Comparison::Greater | Comparison::GreaterOrEqual | Comparison::NotEqual => {
                        return None;
                    }
                };
                (**inner == Expression::Field(column)).then(|| usize::try_from(limit).ok())?
            }
            _ => None,
        }
    }
    of(rule.term.as_ref()?, column)
}

/// Whether values of a type are written as text without further form.
pub fn is_text(data_type: &Type) -> bool {
    match data_type {
        Type::Text => true,
        Type::Other(name) => name.starts_with("character") || name == "citext",
        _ => false,
    }
}
