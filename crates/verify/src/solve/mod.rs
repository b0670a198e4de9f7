//! Finds values with which a table's own conditions hold, whatever they are: PostgreSQL is asked. For the columns that
//! a condition reads, values are thought of that such columns tend to have and that stand in the table's own
//! conditions, and the server says which combination of them all conditions let in together. First one column is
//! changed, then two, then three, then all that the conditions tie to each other.

mod candidates;
mod json;
mod pattern;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use underpin_pg::{Assignment, Choice, Command, Computed, Expr, Ident, Identity, Literal, Table};
use underpin_server::{Session, SessionError};

use crate::dice::Dice;
use crate::foreign::Ground;
use candidates::Pool;

/// A row that some condition of its table refuses, and what of it may be another.
#[derive(Debug)]
pub(crate) struct Plight<'p> {
    /// The types of the table's columns are known here.
    pub(crate) ground: &'p Ground,
    pub(crate) table: &'p Table,
    /// What the row holds, column by column.
    pub(crate) row: Vec<Held>,
    /// The condition that refused it: the columns that it reads.
    pub(crate) reads: Vec<usize>,
    /// A condition of the table that is to be broken, by its place among them, while the others hold.
    pub(crate) broken: Option<usize>,
    /// Columns that may be given other values: those of the first list rather than those of the next.
    pub(crate) free: Vec<Vec<usize>>,
}

/// What a column of a row holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Held {
    Null,
    Text(String),
    /// What its default says.
    Default,
}

/// Other values for columns of a row; NULL where there is none.
pub(crate) type Solution = BTreeMap<usize, Option<String>>;

/// How many combinations the server looks through at once.
const ROOM: usize = 60_000;
/// How many values of one column are thought of, where one, two, three columns are changed.
const BREADTH: [usize; 3] = [400, 90, 30];
/// How many columns may be changed at once.
const TOGETHER: usize = 7;
/// How many times the server is asked which values a column takes.
const MOST_ASKED: usize = 400;
/// How many ways to change so many columns are tried.
const WAYS: usize = 24;

impl Plight<'_> {
    /// Up to so many solutions that change the same columns.
    pub(crate) fn solutions(
        &self,
        session: &mut Session,
        dice: &mut Dice,
        most: usize,
    ) -> Result<Vec<Solution>, SessionError> {
        let mut free: Vec<usize> = Vec::new();
        let mut pools: BTreeMap<usize, Pool> = BTreeMap::new();
        let conditions = self.conditions();
        for tier in &self.free {
            let added: Vec<usize> = tier.iter().copied().filter(|at| !free.contains(at)).collect();
            if added.is_empty() {
                continue;
            }
            free.extend(added);
            let tied = self.tied(&free, &conditions);
            for &at in &tied {
                if let Entry::Vacant(place) = pools.entry(at) {
                    place.insert(self.let_in(session, at, &conditions, dice)?);
                }
            }
            for changed in ways(&tied, &self.reads) {
                let found = self.ask(session, &changed, &pools, &conditions, most)?;
                if !found.is_empty() {
                    return Ok(found);
                }
            }
        }
        Ok(Vec::new())
    }

    /// A solution with what the row holds in the other columns that its conditions read, as far as they may be given
    /// other values: it is one together with those.
    pub(crate) fn with_beside(&self, solution: &Solution) -> Solution {
        let mut whole = solution.clone();
        for (read, _) in self.conditions() {
            if !read.iter().any(|at| solution.contains_key(at)) {
                continue;
            }
            for at in read.into_iter().filter(|at| self.free.iter().any(|tier| tier.contains(at))) {
                if let Held::Text(text) = &self.row[at] {
                    whole.entry(at).or_insert_with(|| Some(text.clone()));
                }
            }
        }
        whole
    }

    /// The conditions of the table with the columns that each reads.
    fn conditions(&self) -> Vec<(Vec<usize>, &Expr)> {
        let checks = self.table.checks.iter().enumerate();
        let kept = checks.filter(|(at, _)| Some(*at) != self.broken).map(|(_, it)| it);
        kept.map(|it| (self.read(&it.expression), &it.expression)).collect()
    }

    /// The columns that an expression reads: those of a computed column are what that one is computed from.
    fn read(&self, expression: &Expr) -> Vec<usize> {
        let mut read = BTreeSet::new();
        for at in crate::rule::mentioned(self.table, expression) {
            read.insert(at);
            if let Some(of) = &self.table.columns[at].generated {
                read.extend(crate::rule::mentioned(self.table, of));
            }
        }
        read.into_iter().collect()
    }

    /// Those of the free columns that conditions tie to what the condition that refused reads.
    fn tied(&self, free: &[usize], conditions: &[(Vec<usize>, &Expr)]) -> Vec<usize> {
        let mut tied: Vec<usize> = Vec::new();
        let mut open: Vec<usize> = self.reads.clone();
        if let Some(of) =
            conditions.iter().find(|(read, _)| self.reads.iter().all(|at| read.contains(at)))
        {
            open.extend(&of.0);
        }
        while let Some(at) = open.pop() {
            if tied.contains(&at) || !free.contains(&at) || self.is_computed(at) {
                continue;
            }
            tied.push(at);
            let beside = conditions.iter().filter(|(read, _)| read.contains(&at));
            open.extend(beside.flat_map(|(read, _)| read.iter().copied()));
        }
        // What the condition reads comes first, in its order.
        tied.sort_by_key(|at| (!self.reads.contains(at), *at));
        tied
    }

    fn is_computed(&self, at: usize) -> bool {
        let column = &self.table.columns[at];
        column.generated.is_some() || column.identity == Some(Identity::Always)
    }

    /// What the row holds in a column, as an expression.
    fn held(&self, at: usize) -> Expr {
        match &self.row[at] {
            Held::Text(text) => Expr::text(text.clone()),
            Held::Null => Expr::Literal(Literal::Null),
            Held::Default => {
                self.table.columns[at].default.clone().unwrap_or(Expr::Literal(Literal::Null))
            }
        }
    }

    /// Values that a column's type and the conditions on it alone let in; what it holds is the first of them, where
    /// it is let in.
    fn let_in(
        &self,
        session: &mut Session,
        at: usize,
        conditions: &[(Vec<usize>, &Expr)],
        dice: &mut Dice,
    ) -> Result<Pool, SessionError> {
        let pool = self.pool(at, dice);
        let alone: Vec<Expr> = conditions
            .iter()
            .filter(|(read, _)| *read == [at])
            .map(|(_, expression)| (*expression).clone())
            .collect();
        let values: Vec<(usize, Expr)> = pool
            .iter()
            .map(|it| it.as_ref().map_or(Expr::Literal(Literal::Null), Expr::text))
            .enumerate()
            .collect();
        let assignment = |values: &[(usize, Expr)]| Assignment {
            choices: vec![self.choice(at, values.to_vec())],
            computed: Vec::new(),
            conditions: alone.clone(),
            broken: None,
            most: values.len(),
        };
        // What is no value of the type spoils the list it stands in, which is asked for in halves then.
        let mut rows = Vec::new();
        let mut open = vec![&values[..]];
        let mut asked = 0;
        while let Some(list) = open.pop() {
            asked += 1;
            if asked > MOST_ASKED {
                break;
            }
            match tried(session, &assignment(list).to_string())? {
                Some(found) => rows.extend(found),
                None if list.len() > 1 => {
                    let (one, other) = list.split_at(list.len() / 2);
                    open.extend([other, one]);
                }
                None => {}
            }
        }
        let mut seen = BTreeSet::new();
        let values = rows.into_iter().filter_map(|row| row.into_iter().next());
        Ok(values.filter(|it| seen.insert(it.clone())).collect())
    }

    fn choice(&self, at: usize, values: Vec<(usize, Expr)>) -> Choice {
        let column = &self.table.columns[at];
        Choice { column: column.name.clone(), data_type: column.data_type.clone(), values }
    }

    /// Asks for values of some columns with which every condition that reads one of them holds.
    fn ask(
        &self,
        session: &mut Session,
        changed: &[usize],
        pools: &BTreeMap<usize, Pool>,
        conditions: &[(Vec<usize>, &Expr)],
        most: usize,
    ) -> Result<Vec<Solution>, SessionError> {
        let asked: Vec<&(Vec<usize>, &Expr)> = conditions
            .iter()
            .filter(|(read, _)| read.iter().any(|at| changed.contains(at)))
            .collect();
        let broken = self.broken.map(|at| &self.table.checks[at].expression);
        let of_broken = broken.map(|it| self.read(it)).unwrap_or_default();
        let read: BTreeSet<usize> = asked
            .iter()
            .flat_map(|(read, _)| read.iter().copied())
            .chain(changed.iter().copied())
            .chain(of_broken)
            .collect();
        let breadth =
            BREADTH.get(changed.len() - 1).copied().unwrap_or_else(|| root(ROOM, changed.len()));
        let mut choices: Vec<Choice> = Vec::new();
        let mut computed: Vec<Computed> = Vec::new();
        let mut given: Vec<usize> = Vec::new();
        for &at in &read {
            let column = &self.table.columns[at];
            if let Some(expression) = &column.generated {
                computed.push(Computed {
                    column: column.name.clone(),
                    data_type: column.data_type.clone(),
                    expression: expression.clone(),
                });
                continue;
            }
            given.push(at);
            let values = if changed.contains(&at) {
                let pool = &pools[&at];
                let value = |it: &Option<String>| {
                    it.as_ref().map_or(Expr::Literal(Literal::Null), Expr::text)
                };
                pool.iter().map(value).enumerate().take(breadth).collect()
            } else {
                vec![(0, self.held(at))]
            };
            if values.is_empty() {
                return Ok(Vec::new());
            }
            choices.push(self.choice(at, values));
        }
        let conditions = asked.iter().map(|(_, expression)| (*expression).clone()).collect();
        let assignment =
            Assignment { choices, computed, conditions, broken: broken.cloned(), most };
        let rows = tried(session, &assignment.to_string())?.unwrap_or_default();
        let solution = |row: Vec<Option<String>>| -> Solution {
            let values = row.into_iter().step_by(2);
            given
                .iter()
                .copied()
                .zip(values)
                .filter(|(at, _)| changed.contains(at))
                .filter(|(at, value)| match &self.row[*at] {
                    Held::Text(text) => value.as_ref() != Some(text),
                    Held::Null => value.is_some(),
                    Held::Default => true,
                })
                .collect()
        };
        Ok(rows.into_iter().map(solution).filter(|it| !it.is_empty()).collect())
    }
}

/// The greatest number whose so many-th power fits.
fn root(room: usize, power: usize) -> usize {
    let power = u32::try_from(power).unwrap_or(u32::MAX);
    (2..=30)
        .rev()
        .find(|base: &usize| base.checked_pow(power).is_some_and(|it| it <= room))
        .unwrap_or(2)
}

/// Which columns are changed together, the fewest first; each way changes one that the condition reads.
fn ways(tied: &[usize], reads: &[usize]) -> Vec<Vec<usize>> {
    let mut all: Vec<Vec<usize>> = Vec::new();
    for size in 1..=3 {
        all.extend(
            subsets(tied, size).filter(|it| it.iter().any(|at| reads.contains(at))).take(WAYS),
        );
    }
    if tied.len() > 3 {
        all.push(tied.iter().copied().take(TOGETHER).collect());
    }
    all
}

fn subsets(of: &[usize], size: usize) -> Box<dyn Iterator<Item = Vec<usize>> + '_> {
    if size == 0 {
        return Box::new(std::iter::once(Vec::new()));
    }
    Box::new((0..of.len()).flat_map(move |first| {
        subsets(&of[first + 1..], size - 1).map(move |rest| {
            let mut subset = vec![of[first]];
            subset.extend(rest);
            subset
        })
    }))
}

/// The rows of a query of which nothing stays; nothing where it was refused.
fn tried(
    session: &mut Session,
    sql: &str,
) -> Result<Option<Vec<Vec<Option<String>>>>, SessionError> {
    let point = Ident::new("solve").expect("a fixed name");
    session.batch(&format!(
        "{};\n{}",
        Command::Savepoint(point.clone()),
        Command::SetLocal("statement_timeout", "3000")
    ))?;
    let outcome = session.text(sql);
    session.batch(&Command::RollbackTo(point).to_string())?;
    match outcome {
        Ok(rows) => Ok(Some(rows.rows)),
        Err(SessionError::Refused(_)) => Ok(None),
        Err(error) => Err(error),
    }
}
