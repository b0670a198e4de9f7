//! The driver: runs the rules in the order of their table.

use underpin_logical::LogicalDesign;
use underpin_model::Model;

use crate::PhysicalDesign;
use crate::rule::{RULES, sanity};

/// Designs the schema, the queries, the plans and the claims. Never fails: what cannot be built
/// becomes a diagnostic of the design.
pub fn design(model: &Model, logical: &LogicalDesign) -> PhysicalDesign {
    let mut design = PhysicalDesign::default();
    for rule in RULES {
        (rule.apply)(model, logical, &mut design);
    }
    // Changes nothing; refuses what no server would take.
    sanity::apply(&design);
    design
}

/// The rules in the order in which they run: code, and what it decides. For documents that explain
/// a decision by its code.
pub fn rules() -> impl Iterator<Item = (&'static str, &'static str)> {
    RULES.iter().map(|rule| (rule.code, rule.decides))
}
