//! The driver: the rules in the order in which they run, and why in that order.

use underpin_model::Model;

use crate::LogicalDesign;
use crate::rule;

/// Designs the relations that a model asks for. Never fails: what cannot be designed becomes a
/// diagnostic of the design.
pub fn design(model: &Model) -> LogicalDesign {
    let mut design = LogicalDesign::default();
    // First the relations, because everything else hangs on them.
    rule::relations::apply(model, &mut design);
    // Each in its context, because a reference ends at a boundary.
    rule::contexts::apply(model, &mut design);
    // Types are settled before anything compares them.
    rule::exact_amounts::apply(model, &mut design);
    // Which attributes must have a value decides which references are optional.
    rule::required::apply(model, &mut design);
    // Defaults and upkeep of times need to know what is required.
    rule::standard_values::apply(model, &mut design);
    rule::versions::apply(model, &mut design);
    // Keys before references, because a reference needs something to refer to.
    rule::keys::apply(model, &mut design);
    // Relations that only join two others need the keys of both.
    rule::joins::apply(model, &mut design);
    rule::references::apply(model, &mut design);
    // Lists that people maintain are referred to like other rows.
    rule::lookups::apply(model, &mut design);
    // What the foreign keys cannot guard is said beside them.
    rule::outside::apply(model, &mut design);
    // A join's key is made of its references.
    rule::join_keys::apply(&mut design);
    // The tenant is carried by references that exist.
    rule::tenancy::apply(model, &mut design);
    // So is the kind of a row, by those of the special tables.
    rule::inheritance::apply(model, &mut design);
    // Uniqueness last among keys: it drops what the primary key says already.
    rule::uniques::apply(model, &mut design);
    // Says how those keys compare their texts.
    rule::letter_case::apply(model, &mut design);
    rule::invariants::apply(model, &mut design);
    // A row that is its own parent is refused, unless a document says so itself.
    rule::hierarchies::apply(model, &mut design);
    // The end of a span comes after its beginning, which a rule may have said already.
    rule::separations::apply(model, &mut design);
    // After what documents say of beginnings and ends, which it adds nothing to.
    rule::spans::apply(model, &mut design);
    // The same of counters.
    rule::counters::apply(&mut design);
    // Whether amounts are below zero is known once all conditions on single rows are.
    rule::limits::apply(model, &mut design);
    // References carry the tenant by now, and so does the look at who they lead to.
    rule::owner_states::apply(model, &mut design);
    rule::owner_bounds::apply(model, &mut design);
    rule::holds::apply(model, &mut design);
    rule::lifecycles::apply(model, &mut design);
    // What stays is told from what a life cycle changes.
    rule::permanence::apply(model, &mut design);
    // Changes nothing; reports shapes that a table holds badly, once all attributes are there.
    rule::findings::apply(&mut design);
    rule::shapes::apply(model, &mut design);
    rule::copies::apply(&mut design);
    // Needs all unique keys, which count deleted rows or do not.
    rule::soft_deletion::apply(model, &mut design);
    // Changes nothing; refuses what later stages could not work with.
    rule::sanity::apply(&design);
    design
}
