//! What was claimed of somebody else's schema, and how it stands.

use std::collections::BTreeSet;

use underpin_claim::{Claim, Evidence, Family, Subject, Value, Verdict};
use underpin_pg::QualifiedName;

/// How a claim stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Judgement {
    /// It was attacked and held; how often something was refused, and accepted.
    Held { refused: i64, accepted: i64 },
    /// It does not hold; what was seen.
    Broken(String),
    /// It could not be tried; why.
    Untried(String),
}

/// All claims with their evidence.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub(super) claims: Vec<Claim>,
    pub(super) evidence: Vec<Evidence>,
    ids: BTreeSet<String>,
}

impl Report {
    /// Adds a claim about an object of a table. `aspect` tells apart claims on the same object.
    pub(super) fn add(
        &mut self,
        family: Family,
        table: &QualifiedName,
        object: &str,
        aspect: &str,
        statement: String,
        judgement: Judgement,
    ) {
        let mut claim = Claim::new(family, Subject::of(table.name.as_str(), object), statement);
        if !aspect.is_empty() {
            claim = claim.on(aspect);
        }
        let plain = claim.clone();
        let mut number = 1;
        while !self.ids.insert(claim.id.to_string()) {
            number += 1;
            claim = plain.clone().on(&number.to_string());
        }
        self.push(claim, judgement);
    }

    /// Adds a claim as it is.
    pub(super) fn push(&mut self, claim: Claim, judgement: Judgement) {
        self.evidence.push(match judgement {
            Judgement::Held { refused, accepted } => Evidence::new(&claim, Verdict::Proven)
                .measure("refused", refused)
                .measure("accepted", accepted),
            Judgement::Broken(seen) => Evidence::new(&claim, Verdict::Refuted)
                .measure("seen", Value::Text(seen.clone()))
                .note(seen),
            Judgement::Untried(reason) => Evidence::new(&claim, Verdict::NotRun).note(reason),
        });
        self.claims.push(claim);
    }
}
