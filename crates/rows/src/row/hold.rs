//! What rows keep the row that they belong to from, in the columns of both tables; and the rows without which a step is not
//! taken.

use std::collections::BTreeMap;

use underpin_logical::Held;
use underpin_pg::{QualifiedName, Table};
use underpin_physical::{HoldDesign, PhysicalDesign, TableDesign};

use super::{PlannedRow, Planner, Row, Shape, Wish};
use crate::rule::{Goal, Term, truth};
use crate::value::Value;

/// What rows that belong to a row keep it from.
#[derive(Debug)]
pub struct HoldShape<'a> {
    pub design: &'a HoldDesign,
    /// The table of the rows.
    pub rows: &'a QualifiedName,
    /// Their columns of the reference, and those there.
    pub reference: Vec<(usize, usize)>,
    /// Which of them, over their columns; all where it is `None`.
    pub which: Option<Term>,
    /// What the row is kept from, in its own columns.
    pub held: HeldColumns,
}

/// What a row is kept from.
#[derive(Debug)]
pub enum HeldColumns {
    /// To change these.
    Values(Vec<usize>),
    /// To come to these values; to any at all where none is said.
    Steps(Vec<(usize, Option<String>)>),
}

impl<'a> HoldShape<'a> {
    /// Those of a table.
    pub(super) fn all(
        physical: &'a PhysicalDesign,
        table: &Table,
        design: &'a TableDesign,
    ) -> Vec<Self> {
        design.holds.iter().filter_map(|it| Self::new(physical, table, design, it)).collect()
    }

    fn new(
        physical: &'a PhysicalDesign,
        table: &Table,
        owner: &'a TableDesign,
        design: &'a HoldDesign,
    ) -> Option<Self> {
        let it = &design.hold;
        let rows = physical.tables.get(it.rows.index())?;
        let rows_table = physical.schema.tables.get(&rows.table)?;
        let of = |table: &Table, design: &TableDesign, id| {
            table.columns.iter().position(|column| column.name == *design.column(id))
        };
        let own = |id| of(table, owner, id);
        let which = match &it.which {
            Some(which) => Some(which.try_map(&mut |&id| of(rows_table, rows, id))?),
            None => None,
        };
        Some(Self {
            design,
            rows: &rows.table,
            reference: it
                .reference
                .iter()
                .map(|&(there, here)| Some((of(rows_table, rows, there)?, own(here)?)))
                .collect::<Option<_>>()?,
            which,
            held: match &it.held {
                Held::Values(all) => {
                    HeldColumns::Values(all.iter().map(|&id| own(id)).collect::<Option<_>>()?)
                }
                Held::Steps(steps) => {
                    let step = |(id, value): &(_, Option<String>)| Some((own(*id)?, value.clone()));
                    HeldColumns::Steps(steps.iter().map(step).collect::<Option<_>>()?)
                }
            },
        })
    }

    /// Whether it is held while there is such a row; otherwise, while there is none.
    pub fn while_there(&self) -> bool {
        self.design.hold.while_there
    }

    /// Whether a row belongs to another and counts.
    pub fn holds(&self, row: &PlannedRow, owner: &Row) -> bool {
        row.table == *self.rows
            && self.leads(&row.values, owner)
            && self.which.as_ref().is_none_or(|which| truth(which, &row.values) == Some(true))
    }

    /// Whether a row of its rows belongs to another.
    pub fn leads(&self, row: &Row, owner: &Row) -> bool {
        self.reference
            .iter()
            .all(|&(there, here)| row[there].is_present() && row[there] == owner[here])
    }

    /// Whether a change of a row is one that it is kept from.
    pub fn is_step(&self, before: &Row, after: &Row) -> bool {
        match &self.held {
            HeldColumns::Values(columns) => columns.iter().any(|&at| before[at] != after[at]),
            HeldColumns::Steps(steps) => steps.iter().any(|(at, value)| match value {
                Some(value) => {
                    after[*at].text().as_ref() == Some(value)
                        && before[*at].text().as_ref() != Some(value)
                }
                None => after[*at].is_present() && !before[*at].is_present(),
            }),
        }
    }
}

impl Planner<'_> {
    /// The rows that must belong to a row before it becomes another, besides those that are `known`.
    pub(super) fn asked_beside(
        &mut self,
        shape: &Shape<'_>,
        (before, after): (&Row, &Row),
        known: &[PlannedRow],
    ) -> Result<Vec<PlannedRow>, String> {
        let mut rows = known.to_vec();
        let own =
            PlannedRow { table: shape.table.name.clone(), values: before.clone(), youth: None };
        // As it is by now, for those that are planned to look at.
        rows.retain(|it| it.table != own.table || !is_same(shape, &it.values, before));
        rows.push(own);
        let first = rows.len();
        for hold in &shape.holds {
            let is_asked = !hold.while_there() && hold.is_step(before, after);
            if is_asked && !rows.iter().any(|it| hold.holds(it, before)) {
                let more = self.freeing(shape, hold, before, &rows)?;
                rows.extend(more);
            }
        }
        Ok(rows.split_off(first))
    }

    /// A row that lets another go on, and if possible does not keep it from what comes later.
    fn freeing(
        &mut self,
        shape: &Shape<'_>,
        hold: &HoldShape<'_>,
        owner: &Row,
        known: &[PlannedRow],
    ) -> Result<Vec<PlannedRow>, String> {
        let holding: Vec<&Term> = shape
            .holds
            .iter()
            .filter(|it| it.while_there() && it.rows == hold.rows)
            .filter_map(|it| it.which.as_ref())
            .collect();
        let is_free = |row: &Row| holding.iter().all(|which| truth(which, row) != Some(true));
        self.beside(hold, owner, known, &is_free).or_else(|_| self.holding(hold, owner, known))
    }

    /// A row that belongs to another and counts, after the rows `known`, among which that is.
    pub fn holding(
        &mut self,
        hold: &HoldShape<'_>,
        owner: &Row,
        known: &[PlannedRow],
    ) -> Result<Vec<PlannedRow>, String> {
        self.beside(hold, owner, known, &|_| true)
    }

    fn beside(
        &mut self,
        hold: &HoldShape<'_>,
        owner: &Row,
        known: &[PlannedRow],
        is_wanted: &dyn Fn(&Row) -> bool,
    ) -> Result<Vec<PlannedRow>, String> {
        let values: BTreeMap<usize, Value> =
            hold.reference.iter().map(|&(there, here)| (there, owner[here].clone())).collect();
        let rows = self.shape(hold.rows)?;
        let is_of_life = |it: &Term| it.fields().iter().any(|&at| rows.machine(at).is_some());
        let parts: Vec<&Term> = match &hold.which {
            Some(Term::All(parts)) => parts.iter().collect(),
            Some(one) => vec![one],
            None => Vec::new(),
        };
        // A life cycle says with which state it is born; the others it comes to later.
        let goals = parts
            .into_iter()
            .filter(|part| !is_of_life(part))
            .map(|rule| Goal { rule, kept: true })
            .collect();
        let wish = Wish { values, goals, ..Wish::default() };
        let mut all = known.to_vec();
        all.extend(self.plan(hold.rows, &wish, known)?.rows);
        let counts = |row: &Row| hold.which.as_ref().is_none_or(|it| truth(it, row) == Some(true));
        self.grow_until(rows, &|row| counts(row) && is_wanted(row), &mut all)?;
        Ok(all.split_off(known.len()))
    }
}

/// Whether two rows of a table have one key.
fn is_same(shape: &Shape<'_>, one: &Row, other: &Row) -> bool {
    let key = shape.primary_key();
    !key.is_empty() && key.iter().all(|&at| one[at] == other[at])
}
