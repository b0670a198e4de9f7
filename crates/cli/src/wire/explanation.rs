//! What `underpin design --explain` prints for programs.

use serde::Serialize;
use underpin_base::{Sources, Span};

use super::model::Source;

/// A thing of the design with all that was decided about it.
#[derive(Debug, Serialize)]
pub(crate) struct Explanation<'a> {
    /// `table`, `column`, `constraint`, `index`, `trigger` or `query`.
    kind: &'static str,
    name: &'a str,
    sql: &'a [String],
    /// The constraints, indexes and triggers that hold a column.
    held_by: &'a [String],
    sources: Vec<Source>,
    decisions: Vec<Decision<'a>>,
    claims: Vec<Claim<'a>>,
}

#[derive(Debug, Serialize)]
struct Decision<'a> {
    id: String,
    rule: &'static str,
    subject: &'a str,
    choice: &'a str,
    reason: &'a str,
    alternatives: &'a [String],
    consequences: &'a [String],
    changes_when: &'a str,
    significant: bool,
    sources: Vec<Source>,
}

#[derive(Debug, Serialize)]
struct Claim<'a> {
    id: &'a str,
    family: &'static str,
    statement: &'a str,
}

/// The serialised form of explanations.
pub(crate) fn explanations<'a>(
    found: &'a [underpin_physical::Explanation<'a>],
    sources: &Sources,
) -> Vec<Explanation<'a>> {
    let listed = |spans: &[Span]| spans.iter().map(|&span| Source::of(span, sources)).collect();
    let one = |it: &'a underpin_physical::Explanation<'a>| Explanation {
        kind: it.kind.as_str(),
        name: &it.name,
        sql: &it.sql,
        held_by: &it.held_by,
        sources: listed(&it.stated),
        decisions: it
            .decisions
            .iter()
            .map(|decision| Decision {
                id: decision.id(),
                rule: decision.rule,
                subject: &decision.subject,
                choice: &decision.choice,
                reason: &decision.reason,
                alternatives: &decision.alternatives,
                consequences: &decision.consequences,
                changes_when: &decision.changes_when,
                significant: decision.significant,
                sources: listed(&decision.inputs),
            })
            .collect(),
        claims: it
            .claims
            .iter()
            .map(|claim| Claim {
                id: claim.id.as_str(),
                family: claim.family.as_str(),
                statement: &claim.statement,
            })
            .collect(),
    };
    found.iter().map(one).collect()
}
