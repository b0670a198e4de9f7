//! Rules that a schema is held against, whoever wrote it: our own designs, a script, a live database. With
//! documents beside it, also what the documents ask of it. Pure: what the server knows comes in as data.
#![deny(clippy::disallowed_methods)]

mod allowance;
mod finding;
mod names;
mod rule;
mod subject;

pub use allowance::{Allowances, Judgement};
pub use finding::{Finding, Object};
pub use rule::codes;
pub use subject::{Documents, Home, Subject};

/// All that the rules find, in their order, and for each rule in the order of names.
pub fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for rule in rule::RULES {
        let from = findings.len();
        (rule.apply)(subject, &mut findings);
        findings[from..].sort_by(|a: &Finding, b: &Finding| a.object.cmp(&b.object));
    }
    findings
}
