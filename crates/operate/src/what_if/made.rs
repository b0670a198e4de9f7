//! A connection that plans with indexes that were really made, in a database of our own: for servers without HypoPG, and for
//! methods that it does not know. Each candidate is made once; a superuser beside it hides those that a plan must not use.

use std::collections::BTreeMap;

use underpin_advise::{CandidateId, Candidates, Explained, Indexed, PlanError, Planner};
use underpin_pg::{Control, Ident, QualifiedName, TrialStatement, WhatIfStatement};
use underpin_server::{Database, Session, SessionError};

use super::WhatIfError;
use super::planner::{Shared, explained};

/// SQLSTATE `duplicate_table`, which an index of a name that is taken gets as well.
const DUPLICATE_TABLE: &str = "42P07";

/// A connection that plans with indexes that were made.
#[derive(Debug)]
pub struct MadePlanner {
    session: Session,
    administrator: Session,
    shared: Shared,
    /// For each candidate that was made, its table, its number and whether the planner sees it.
    made: BTreeMap<CandidateId, (usize, u32, bool)>,
    sizes: BTreeMap<CandidateId, Option<u64>>,
}

impl MadePlanner {
    /// Opens the connections. The database must be one of ours, in which an ordinary role owns the tables.
    pub fn new(database: &Database, shared: &Shared) -> Result<Self, WhatIfError> {
        let mut administrator = database.administrator()?.ok_or(WhatIfError::NotInstalled)?;
        administrator.batch(&TrialStatement::HideAll(PREFIX).to_string())?;
        let mut session = database.connect()?;
        session.batch(&WhatIfStatement::Guard.to_string())?;
        session.batch(&TrialStatement::Statistics.to_string())?;
        Ok(Self {
            session,
            administrator,
            shared: shared.clone(),
            made: BTreeMap::new(),
            sizes: BTreeMap::new(),
        })
    }

    fn make(&mut self, id: CandidateId, candidates: &Candidates) -> Result<(), SessionError> {
        if self.sizes.contains_key(&id) {
            return Ok(());
        }
        let spec = candidates.spec(id);
        let mut index = candidates.made(id).clone();
        index.name = QualifiedName::new(index.table.namespace.clone(), name(id));
        let holds_expression =
            spec.keys.iter().any(|key| matches!(key.what, Indexed::Expression(_)));
        let make = TrialStatement::Make { index: &index, holds_expression }.to_string();
        match self.session.batch(&make) {
            Ok(()) => {}
            // A connection before this one made it.
            Err(SessionError::Refused(error)) if error.sqlstate == DUPLICATE_TABLE => {
                self.session.batch(&Control::Rollback.to_string())?;
            }
            Err(SessionError::Refused(_)) => {
                self.session.batch(&Control::Rollback.to_string())?;
                self.sizes.insert(id, None);
                return Ok(());
            }
            Err(error) => return Err(error),
        }
        let answer = self.session.text(&TrialStatement::Look(&index.name).to_string())?;
        let mut fields = answer.rows.into_iter().flatten().flatten();
        let number = fields.next().and_then(|it| it.parse::<u32>().ok());
        self.sizes.insert(id, fields.next().and_then(|it| it.parse::<u64>().ok()));
        if let Some(number) = number {
            let is_shown = fields.next().is_some_and(|it| it == "t");
            self.made.insert(id, (spec.table, number, is_shown));
        }
        Ok(())
    }

    /// Has the planner see exactly these of all candidates on the tables.
    fn present(
        &mut self,
        tables: &[usize],
        ids: &[CandidateId],
        candidates: &Candidates,
    ) -> Result<(), SessionError> {
        ids.iter().try_for_each(|&id| self.make(id, candidates))?;
        let mut turned = Vec::new();
        for (id, (table, number, is_shown)) in &mut self.made {
            let is_wanted = ids.binary_search(id).is_ok();
            if (tables.contains(table) || is_wanted) && is_wanted != *is_shown {
                turned.push(*number);
                *is_shown = is_wanted;
            }
        }
        if turned.is_empty() {
            return Ok(());
        }
        self.administrator.batch(&TrialStatement::Turn(&turned).to_string())
    }
}

impl Planner for MadePlanner {
    fn explain(
        &mut self,
        query: usize,
        tables: &[usize],
        present: &[CandidateId],
        candidates: &Candidates,
    ) -> Result<Explained, PlanError> {
        self.present(tables, present, candidates).map_err(|error| PlanError(error.to_string()))?;
        let made = &self.made;
        explained(&self.shared, &mut self.session, query, |name| {
            number(name).filter(|id| made.contains_key(id))
        })
    }

    fn bytes(
        &mut self,
        wanted: &[CandidateId],
        candidates: &Candidates,
    ) -> Result<Vec<Option<u64>>, PlanError> {
        let made = wanted.iter().try_for_each(|&id| self.make(id, candidates));
        made.map_err(|error| PlanError(error.to_string()))?;
        Ok(wanted.iter().map(|id| self.sizes.get(id).copied().flatten()).collect())
    }

    fn seconds(&self) -> f64 {
        self.shared.seconds()
    }
}

const PREFIX: &str = "underpin_tried_";

fn name(id: CandidateId) -> Ident {
    Ident::new(format!("{PREFIX}{id}")).expect("invariant: a plain name")
}

/// The candidate that an index of ours is.
fn number(name: &str) -> Option<CandidateId> {
    name.strip_prefix(PREFIX)?.parse().ok()
}
