//! What may be done to rows only beside an owner in some state, in the columns of both tables.

use underpin_pg::{Ident, QualifiedName, Table};
use underpin_physical::{OwnerStateDesign, PhysicalDesign, TableDesign};

use super::shape::Owned;
use super::{Link, Row, Shape};
use crate::rule::{Goal, Term, truth};
use crate::value::Value;

/// What may be done to rows only beside some owners.
#[derive(Debug)]
pub struct OwnerStateShape<'a> {
    pub design: &'a OwnerStateDesign,
    /// The table of the owner.
    pub owner: &'a QualifiedName,
    /// The columns of the reference to it, and those there.
    pub reference: Vec<(usize, usize)>,
    /// What is true of an owner beside which it may be done, over the owner's columns: each part of it.
    pub allowed: Vec<Term>,
}

impl<'a> OwnerStateShape<'a> {
    /// Those of a table.
    pub(super) fn all(
        physical: &'a PhysicalDesign,
        table: &Table,
        design: &'a TableDesign,
    ) -> Vec<Self> {
        design.owner_states.iter().filter_map(|it| Self::new(physical, table, design, it)).collect()
    }

    fn new(
        physical: &'a PhysicalDesign,
        table: &Table,
        rows: &TableDesign,
        design: &'a OwnerStateDesign,
    ) -> Option<Self> {
        let it = &design.owner_state;
        let owner = physical.tables.get(it.owner.index())?;
        let owner_table = physical.schema.tables.get(&owner.table)?;
        let of = |table: &Table, design: &TableDesign, id| {
            table.columns.iter().position(|column| column.name == *design.column(id))
        };
        let allowed = it.allowed.try_map(&mut |&id| of(owner_table, owner, id))?;
        Some(Self {
            design,
            owner: &owner.table,
            reference: it
                .reference
                .iter()
                .map(|&(own, there)| Some((of(table, rows, own)?, of(owner_table, owner, there)?)))
                .collect::<Option<_>>()?,
            allowed: match allowed {
                Term::All(parts) => parts,
                one => vec![one],
            },
        })
    }

    /// Whether it may be done beside an owner: what is unknown is refused.
    pub fn allows(&self, owner: &Row) -> bool {
        self.allowed.iter().all(|part| truth(part, owner) == Some(true))
    }

    /// What an owner can be asked for when it is born: all but the states that it comes to later.
    pub fn at_birth<'s>(&'s self, owner: &'s Shape<'_>) -> impl Iterator<Item = Goal<'s>> {
        let is_of_life = |part: &Term| part.fields().iter().any(|&at| owner.is_born_with(at));
        let parts = self.allowed.iter().filter(move |part| !is_of_life(part));
        parts.map(|rule| Goal { rule, kept: true })
    }

    /// Whether a foreign key is the reference to the owner.
    fn is_by(&self, link: &Link<'_>) -> bool {
        link.key.references == *self.owner
            && link.columns.iter().eq(self.reference.iter().map(|(own, _)| own))
    }
}

/// The life cycles of a table whose states say when rows of others are added, with the states in which or after which
/// they are: a row that was never in one has none.
pub(super) fn lived(
    owned: &Owned<'_>,
    table: &Table,
    design: &TableDesign,
) -> Vec<(usize, Vec<String>)> {
    let own: Vec<_> = owned.states.iter().filter(|it| it.inserts).collect();
    let index = |name: &Ident| table.columns.iter().position(|column| column.name == *name);
    let mut all = Vec::new();
    for machine in &design.machines {
        let Some(column) = index(&machine.column) else { continue };
        let mut states = machine.states.clone();
        for it in &own {
            let term: Option<Term> = it.allowed.try_map(&mut |&id| index(design.column(id)));
            let Some(term) = term.filter(|term| term.fields().contains(&column)) else { continue };
            let mut lived: Vec<String> = Vec::new();
            let mut open: Vec<&String> = machine.states.iter().collect();
            open.retain(|state| {
                let mut row = vec![Value::Null; table.columns.len()];
                row[column] = Value::Text((*state).clone());
                truth(&term, &row) != Some(false)
            });
            while let Some(state) = open.pop() {
                if !lived.contains(state) {
                    lived.push(state.clone());
                    open.extend(machine.followers(state));
                }
            }
            states.retain(|state| lived.contains(state));
        }
        if !states.is_empty() && states.len() < machine.states.len() {
            all.push((column, states));
        }
    }
    all
}

impl<'a> Shape<'a> {
    /// What is asked of the row that a new one refers to by a foreign key.
    pub(super) fn asked_of(&self, link: usize) -> impl Iterator<Item = &OwnerStateShape<'a>> {
        let asked = self.owner_states.iter().filter(|it| it.design.owner_state.inserts);
        asked.filter(move |it| it.is_by(&self.links[link]))
    }

    /// Whether a life cycle says with which value of the column a row is born.
    fn is_born_with(&self, column: usize) -> bool {
        self.machine(column).is_some_and(|machine| machine.initial.is_some())
    }
}
