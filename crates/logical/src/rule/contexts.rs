//! L040: which bounded context owns which relation, and what the boundary between two does to
//! references.
//!
//! A context is what one team changes, moves and deploys alone. A foreign key from one to another
//! takes that away: each deletion and each restore of one would have to ask the other.

use underpin_base::Diagnostic;
use underpin_model::{Model, OnDelete, Origin};

use super::{SHARED_TABLE, SPLIT_AGGREGATE};
use crate::{Context, ContextId, Decision, LogicalDesign, Reference, RelationId};

const RULE: &str = "L040";
const CROSSING: &str = "L041";

pub(crate) fn apply(model: &Model, design: &mut LogicalDesign) {
    if model.contexts.is_empty() {
        return;
    }
    shared(model, design);
    let owners: Vec<Option<usize>> = design
        .relations
        .iter()
        .map(|relation| Some(model.owner(relation.entity?)?.context))
        .collect();
    let occupied: Vec<usize> =
        (0..model.contexts.len()).filter(|at| owners.contains(&Some(*at))).collect();
    if occupied.len() < 2 {
        design.decisions.push(no_boundary(model, &occupied));
        return;
    }
    for &at in &occupied {
        let context = &model.contexts[at];
        design
            .contexts
            .push(Context { name: context.name.clone(), sources: context.sources.clone() });
    }
    for (index, owner) in owners.iter().enumerate() {
        let owner = owner.and_then(|owner| occupied.iter().position(|&at| at == owner));
        let relation = &mut design.relations[index];
        relation.context = owner.map(ContextId::from_index);
        let decision = match owner {
            Some(_) => owned(model, design, index),
            None => unowned(design, index),
        };
        design.decisions.push(decision);
    }
    design.decisions.push(boundaries(design));
    split_aggregates(model, design);
}

/// The context of a relation that joins two: where both are, or else where its first is.
pub(super) fn of_pair(
    design: &LogicalDesign,
    left: RelationId,
    right: RelationId,
) -> Option<ContextId> {
    design.relation(left).context.or(design.relation(right).context)
}

/// Adds a reference to a relation: to its references, or where it leaves the context to its
/// crossings, with the decision that says so.
pub(super) fn add(
    design: &mut LogicalDesign,
    from: RelationId,
    mut reference: Reference,
    decision: Option<Decision>,
) {
    let Some((here, there)) = design.boundary(from, reference.target) else {
        design.relations[from.index()].references.push(reference);
        design.decisions.extend(decision);
        return;
    };
    let crossing = crossing(design, from, &reference, here, there);
    reference.reason.clone_from(&crossing.reason);
    design.relations[from.index()].crossings.push(reference);
    design.decisions.push(crossing);
}

fn crossing(
    design: &LogicalDesign,
    from: RelationId,
    reference: &Reference,
    here: ContextId,
    there: ContextId,
) -> Decision {
    let relation = design.relation(from);
    let to = design.relation(reference.target);
    let (here, there) = (&design.context(here).name, &design.context(there).name);
    let columns: Vec<&str> =
        reference.attributes.iter().map(|&id| &*relation.attribute(id).name).collect();
    let mut decision = Decision::new(
        CROSSING,
        format!("{}.{}", relation.name, columns.join("+")),
        format!("the key of {} is kept without a foreign key", to.name),
        format!(
            "{} belongs to {here} and {} to {there}; a foreign key between the two would have one \
             wait for the other's locks, refuse its deletions, and neither move or be restored alone",
            relation.name, to.name
        ),
    )
    .instead_of(format!("a foreign key, which ties {here} to {there} in every change"))
    .instead_of(format!(
        "a copy of what {here} needs of {}, kept by the events of {there}: worth it where a \
         stated query reads both",
        to.name
    ))
    .changes_when(format!(
        "the documents put {} and {} into one context",
        relation.name, to.name
    ))
    .so_that(format!("the database accepts an id that no {} has", to.name));
    decision.consequences.push(match reference.on_delete {
        OnDelete::Cascade => format!(
            "these rows are to go with their {}: {here} removes them when {there} says that one \
             has gone",
            to.name
        ),
        OnDelete::Restrict => format!(
            "whoever removes a {} in {there} asks {here} first whether it is still needed",
            to.name
        ),
        OnDelete::SetNull => {
            format!("{here} clears the id when {there} says that a {} has gone", to.name)
        }
    });
    decision.inputs.extend(reference.source);
    decision
}

fn owned(model: &Model, design: &LogicalDesign, index: usize) -> Decision {
    let relation = &design.relations[index];
    let name = relation.context.map_or("", |id| &design.context(id).name);
    let owner = relation.entity.and_then(|entity| model.owner(entity));
    let reason = match owner.map(|owner| &owner.origin) {
        Some(Origin::Inferred(reason) | Origin::Assumed(reason)) => reason.clone(),
        Some(Origin::Stated) | None => "a document lists it there".to_owned(),
    };
    let mut decision =
        Decision::new(RULE, &relation.name, format!("{} belongs to {name}", relation.name), reason)
            .instead_of("a table that several contexts write, whose rules nobody can change alone")
            .changes_when("the documents list it under another context");
    decision.inputs.extend(owner.and_then(|owner| owner.source));
    decision
}

fn unowned(design: &LogicalDesign, index: usize) -> Decision {
    let relation = &design.relations[index];
    let mut decision = Decision::new(
        RULE,
        &relation.name,
        format!("{} belongs to no context", relation.name),
        "no document lists it under one, and nothing that it refers to tells; a boundary that \
         nobody has drawn takes no foreign key away",
    )
    .instead_of("a guess, after which its references would go unguarded")
    .changes_when("a document lists it under a context, or the question is answered");
    decision.inputs.extend(relation.source);
    decision
}

fn boundaries(design: &LogicalDesign) -> Decision {
    let names: Vec<&str> = design.contexts.iter().map(|it| &*it.name).collect();
    let mut decision = Decision::new(
        RULE,
        "contexts",
        format!("each context keeps its relations apart: {}", names.join(", ")),
        "the documents draw these boundaries; what is kept together is changed together, whatever \
         they say",
    )
    .instead_of("one schema for all, where any code reads and writes any table")
    .instead_of(
        "a database for each context: nothing could be read, restored or moved back together, while from here each \
         can move out",
    )
    .changes_when("the documents draw the boundaries elsewhere, or none")
    .so_that("within a context, references are guarded by foreign keys; across, they are ids")
    .so_that("a query reads the tables of one context; what it shows of another is asked for there")
    .so_that("a context can move to a database of its own without a change of its tables")
    .significant("Each bounded context is apart");
    decision.inputs.extend(design.contexts.iter().filter_map(|it| it.sources.first()));
    decision
}

/// Where no boundary lies between two relations, a schema of another name would only be a longer name.
fn no_boundary(model: &Model, occupied: &[usize]) -> Decision {
    let named: Vec<&str> = model.contexts.iter().map(|it| &*it.name).collect();
    let reason = match occupied.first() {
        Some(&at) => format!(
            "{} alone owns what is stored here, so that no boundary runs through this database",
            model.contexts[at].name
        ),
        None => "no context is known to own what is stored here".to_owned(),
    };
    let mut decision = Decision::new(
        RULE,
        "contexts",
        format!("the contexts ({}) are not kept apart", named.join(", ")),
        reason,
    )
    .instead_of("a schema for the one context, a longer name for every table and no protection")
    .changes_when("a second context owns something that is stored here");
    decision.inputs.extend(model.contexts.iter().filter_map(|it| it.sources.first()));
    decision
}

/// A table that two contexts claim.
fn shared(model: &Model, design: &mut LogicalDesign) {
    for relation in &design.relations {
        let Some(entity) = relation.entity else { continue };
        let claims: Vec<_> =
            model.contexts.iter().filter(|it| it.entities.contains(&entity)).collect();
        let [first, others @ ..] = claims.as_slice() else { continue };
        if others.is_empty() {
            continue;
        }
        let names: Vec<&str> = claims.iter().map(|it| &*it.name).collect();
        let mut found = Diagnostic::warning(
            SHARED_TABLE,
            format!(
                "`{}` is claimed by {}: a table that several contexts write is changed by none of \
                 them alone",
                relation.name,
                names.join(" and ")
            ),
        )
        .help(format!(
            "let one context own it (here {}); each other keeps its id and, where it reads more, a \
             table of its own with what it needs, kept by the owner's events",
            first.name
        ));
        for claim in claims {
            if let Some(&source) = claim.sources.first() {
                found = found.at(source, format!("{} claims it here", claim.name));
            }
        }
        design.diagnostics.push(found);
    }
}

/// An aggregate is one transaction; across contexts there is none.
fn split_aggregates(model: &Model, design: &mut LogicalDesign) {
    for aggregate in &model.aggregates {
        let Some(root) = design.relation_of(aggregate.root) else { continue };
        let outside: Vec<(String, String)> = aggregate
            .members
            .iter()
            .filter_map(|&member| {
                let member = design.relation_of(member)?;
                let (_, there) = design.boundary(root, member)?;
                let context = design.context(there).name.clone();
                Some((design.relation(member).name.clone(), context))
            })
            .collect();
        let root = design.relation(root);
        let Some(context) = root.context else { continue };
        if outside.is_empty() {
            continue;
        }
        let listed: Vec<String> =
            outside.iter().map(|(name, context)| format!("{name} ({context})")).collect();
        let mut found = Diagnostic::warning(
            SPLIT_AGGREGATE,
            format!(
                "the aggregate `{}` of {} has members in other contexts: {}; no transaction keeps \
                 them together",
                root.name,
                design.context(context).name,
                listed.join(", ")
            ),
        )
        .help(format!(
            "leave them out of the aggregate and let them refer to `{}` by id, or put them into \
             its context",
            root.name
        ));
        if let Some(source) = root.source {
            found = found.at(source, "the root");
        }
        design.diagnostics.push(found);
    }
}
