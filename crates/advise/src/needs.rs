//! What a statement needs of each table that it reads, learnt from its plan. The plan is asked for with index scans
//! switched off, so that every condition stands in it as a filter, a join condition or a sort key; views, functions
//! and sub-queries are already resolved by the server.

use std::collections::{BTreeMap, BTreeSet};

use crate::condition::{Ask, Fixed, Named, Searched, asks, names_in};
use crate::facts::Facts;
use crate::plan::{Node, Plan};

/// The part that a column plays in a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Equal to a constant or a parameter.
    Equal,
    /// Equal to a column of another table.
    Join,
    /// Within a range.
    Range,
    /// Sorted or grouped by.
    Order,
    /// In a condition that no b-tree serves.
    Filter,
    /// Handed on.
    Output,
}

/// What is needed of one table at one place of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// The table's number.
    pub table: usize,
    /// Every column that is needed, with its parts.
    pub columns: BTreeMap<usize, BTreeSet<Role>>,
    /// Orders that are asked for: columns with whether they descend.
    pub orders: Vec<Vec<(usize, bool)>>,
    /// Expressions that are compared with something outside.
    pub expressions: Vec<String>,
    /// Conditions that name a state: the column, what is asked of it, and the condition as SQL.
    pub fixed: Vec<(usize, Fixed, String)>,
    /// What is searched by operators that no b-tree knows.
    pub searched: BTreeSet<Searched>,
    /// Whether rows are changed here, so that the table itself must be visited.
    pub is_written: bool,
}

/// What a statement needs.
pub type Needs = Vec<Need>;

/// What the statement of a plan needs of each table.
pub fn needs(plan: &Plan, facts: &Facts) -> Needs {
    let by_name = facts.by_name();
    let nodes = plan.nodes();
    let mut slots: Vec<(String, Need)> = Vec::new();
    for node in &nodes {
        let (Some((namespace, name)), Some(alias)) = (&node.relation, &node.alias) else {
            continue;
        };
        let Some(&table) = by_name.get(&(namespace.as_str(), name.as_str())) else { continue };
        let is_written = node.kind == "ModifyTable";
        if let Some((_, need)) = slots.iter_mut().find(|(other, _)| other == alias) {
            need.is_written |= is_written;
            continue;
        }
        let need = Need {
            table,
            columns: BTreeMap::new(),
            orders: Vec::new(),
            expressions: Vec::new(),
            fixed: Vec::new(),
            searched: BTreeSet::new(),
            is_written,
        };
        slots.push((alias.clone(), need));
    }
    let mut slots = Slots { slots, facts };
    for node in &nodes {
        slots.read(node);
    }
    slots.slots.into_iter().map(|(_, need)| need).filter(|need| !need.columns.is_empty()).collect()
}

struct Slots<'f> {
    slots: Vec<(String, Need)>,
    facts: &'f Facts,
}

impl Slots<'_> {
    fn need(&mut self, (alias, column): &Named) -> Option<(&mut Need, usize)> {
        let (_, need) = self.slots.iter_mut().find(|(other, _)| other == alias)?;
        let number = self.facts.tables[need.table].column(column)?;
        Some((need, number))
    }

    fn part(&mut self, named: &Named, role: Role) {
        if let Some((need, number)) = self.need(named) {
            need.columns.entry(number).or_default().insert(role);
        }
    }

    fn read(&mut self, node: &Node) {
        for condition in &node.conditions {
            for ask in asks(condition) {
                self.take(ask);
            }
        }
        for key in &node.group {
            for named in names_in(key) {
                self.part(&named, Role::Order);
            }
        }
        self.order(&node.sort);
        // A scan may hand on whole rows only because that is cheaper than to pick: the node above knows better.
        let picks = node.relation.is_none() || node.output.len() < self.width(node);
        for output in &node.output {
            let is_extreme = output.starts_with("min(") || output.starts_with("max(");
            for named in names_in(output) {
                if picks {
                    self.part(&named, Role::Output);
                }
                if is_extreme {
                    self.part(&named, Role::Order);
                }
            }
        }
    }

    fn width(&self, node: &Node) -> usize {
        node.alias
            .as_ref()
            .and_then(|alias| self.slots.iter().find(|(other, _)| other == alias))
            .map_or(0, |(_, need)| self.facts.tables[need.table].columns.len())
    }

    fn take(&mut self, ask: Ask) {
        match ask {
            Ask::Equal(named) => self.part(&named, Role::Equal),
            Ask::Range(named) => self.part(&named, Role::Range),
            Ask::Join(named) => self.part(&named, Role::Join),
            Ask::Filter(named) => self.part(&named, Role::Filter),
            Ask::Expression { alias, text } => {
                if let Some((_, need)) = self.slots.iter_mut().find(|(other, _)| *other == alias)
                    && !need.expressions.contains(&text)
                {
                    need.expressions.push(text);
                }
            }
            Ask::Searched { alias, what } => {
                if let Some((_, need)) = self.slots.iter_mut().find(|(other, _)| *other == alias) {
                    need.searched.insert(what);
                }
            }
            Ask::Fixed { column, test, text } => {
                if let Some((need, number)) = self.need(&column)
                    && !need.fixed.iter().any(|(.., other)| *other == text)
                {
                    need.fixed.push((number, test, text));
                }
            }
        }
    }

    /// The longest beginning of a sort that one table alone can give.
    fn order(&mut self, keys: &[String]) {
        let mut columns = Vec::new();
        let mut of: Option<String> = None;
        for key in keys {
            let descending = key.contains(" DESC");
            let plain = key
                .trim_end_matches(" NULLS FIRST")
                .trim_end_matches(" NULLS LAST")
                .trim_end_matches(" DESC");
            let names = names_in(plain);
            let [named] = &names[..] else { break };
            let is_column =
                plain.trim_matches(['(', ')', '"']).ends_with(&named.1) && !plain.contains('(');
            if !is_column || of.as_ref().is_some_and(|alias| *alias != named.0) {
                break;
            }
            let Some((_, number)) = self.need(named) else { break };
            of = Some(named.0.clone());
            columns.push((number, descending));
        }
        for key in keys {
            for named in names_in(key) {
                self.part(&named, Role::Order);
            }
        }
        if let (Some(alias), true) = (of, columns.len() > 1)
            && let Some((_, need)) = self.slots.iter_mut().find(|(other, _)| *other == alias)
            && !need.orders.contains(&columns)
        {
            need.orders.push(columns);
        }
    }
}
