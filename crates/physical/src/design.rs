//! The driver: the rules in the order in which they run, and why in that order.

use underpin_logical::LogicalDesign;
use underpin_model::Model;

use crate::PhysicalDesign;
use crate::rule;

/// Designs the schema, the queries, the plans and the claims. Never fails: what cannot be built
/// becomes a diagnostic of the design.
pub fn design(model: &Model, logical: &LogicalDesign) -> PhysicalDesign {
    let mut design = PhysicalDesign::default();
    // Tables with named and typed columns first: all else names them.
    rule::tables::apply(model, logical, &mut design);
    // Keys before foreign keys, which may refer to keys only.
    rule::keys::apply(logical, &mut design);
    rule::foreign_keys::apply(logical, &mut design);
    rule::checks::apply(model, logical, &mut design);
    // Triggers enforce what no constraint can; they come after all constraints for that reason.
    rule::lifecycles::apply(logical, &mut design);
    rule::touch::apply(logical, &mut design);
    // Queries before indexes: an index without a query has no reason.
    rule::queries::apply(model, logical, &mut design);
    rule::indexes::apply(model, logical, &mut design);
    // Plans look at volumes, retention and all queries.
    rule::plans::apply(model, logical, &mut design);
    // Claims are made of everything that is there.
    rule::claims::apply(&mut design);
    // Changes nothing; refuses what no server would take.
    rule::sanity::apply(&design);
    design
}
