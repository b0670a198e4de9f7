//! All indexes that are thought of in a run, each once, with a number.

use std::collections::BTreeMap;

use underpin_pg::Index;

use crate::facts::Facts;
use crate::spec::Spec;

/// The number of a candidate.
pub type CandidateId = u32;

/// The candidates of a run.
#[derive(Debug, Default)]
pub struct Candidates {
    specs: Vec<Spec>,
    indexes: Vec<Index>,
    ids: BTreeMap<Spec, CandidateId>,
}

impl Candidates {
    /// The number of an index, a new one where it was not thought of before.
    pub fn intern(&mut self, spec: Spec, facts: &Facts) -> CandidateId {
        if let Some(&id) = self.ids.get(&spec) {
            return id;
        }
        let id = CandidateId::try_from(self.specs.len()).expect("invariant: fewer than 2^32");
        self.indexes.push(spec.index(facts));
        self.specs.push(spec.clone());
        self.ids.insert(spec, id);
        id
    }

    /// The number of an index that was thought of.
    pub fn find(&self, spec: &Spec) -> Option<CandidateId> {
        self.ids.get(spec).copied()
    }

    /// The index of a number.
    pub fn spec(&self, id: CandidateId) -> &Spec {
        &self.specs[usize_of(id)]
    }

    /// The index of a number, to be sent or shown.
    pub fn made(&self, id: CandidateId) -> &Index {
        &self.indexes[usize_of(id)]
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.specs.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.specs.is_empty()
    }
}

pub(crate) fn usize_of(id: CandidateId) -> usize {
    usize::try_from(id).expect("invariant: a usize has 32 bits or more")
}
