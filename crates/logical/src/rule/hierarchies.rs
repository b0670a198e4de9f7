//! L034: a relation that refers to itself: how a tree is stored, and that no row is its own parent.

use underpin_model::{Above, Comparison, Expression, Model};

use super::shapes::plain;
use crate::{Decision, Invariant, LogicalDesign, Relation, Tree};

const RULE: &str = "L034";

/// What a row may well say of itself: the root of a thread is in its own thread.
const OWN: [&str; 9] = [
    "root",
    "thread",
    "original",
    "canonical",
    "conversation",
    "group",
    "head",
    "first",
    "primary",
];

/// What a row that stands above another is called.
const PARENTS: [&str; 8] =
    ["parent", "manager", "supervisor", "superior", "reports", "reply", "ancestor", "above"];

pub(crate) fn apply(model: &Model, design: &mut LogicalDesign) {
    for index in 0..design.relations.len() {
        let relation = &design.relations[index];
        let mut added = Vec::new();
        for reference in &relation.references {
            if reference.target.index() != index || relation.key.len() != 1 {
                continue;
            }
            let (Some(&parent), key) = (reference.attributes.last(), relation.key[0]) else {
                continue;
            };
            let attribute = relation.attribute(parent);
            let name = plain(&attribute.name);
            // A reference that must be set starts at a row that refers to itself.
            let is_its_own = attribute.required
                || name.split('_').any(|word| OWN.contains(&word))
                || parent == key;
            if is_its_own {
                continue;
            }
            let expression = Expression::compare(
                Expression::Field(parent),
                Comparison::NotEqual,
                Expression::Field(key),
            );
            let is_tree = stands_above(&attribute.name) || is_said(model, relation);
            added.push((
                is_tree.then_some(Tree { parent, key, source: reference.source }),
                Invariant {
                    expression: Some(expression),
                    sql: None,
                    text: format!(
                        "no row of {} is its own {}",
                        relation.name,
                        name.strip_suffix("_id").unwrap_or(&name).replace('_', " ")
                    ),
                    attributes: vec![parent, key],
                    // No document says it: a schema of somebody else's is not measured by it.
                    source: None,
                },
                decision(model, relation, &attribute.name, reference.source),
            ));
        }
        for (tree, invariant, decision) in added {
            design.relations[index].trees.extend(tree);
            let own = &mut design.relations[index].invariants;
            if !own.iter().any(|it| is_same(it, &invariant)) {
                own.push(invariant);
            }
            design.decisions.push(decision);
        }
    }
}

/// Whether a document says that no row stands above itself, however far removed: of the one reference to its kind.
fn is_said(model: &Model, relation: &Relation) -> bool {
    let said = relation.entity.and_then(|entity| model.kept_from_above(entity));
    let leads = |entity| relation.entity == Some(entity);
    let own =
        relation.attributes.iter().filter_map(|it| model.field(it.field?).references.as_ref());
    said == Some(Above::All) && own.filter(|it| leads(it.entity)).count() == 1
}

/// Whether an attribute has the name of a row that stands above another.
fn stands_above(attribute: &str) -> bool {
    plain(attribute).split('_').any(|word| PARENTS.contains(&word))
}

/// Whether a document says the same, whichever side it names first.
fn is_same(one: &Invariant, other: &Invariant) -> bool {
    let sides = |it: &Invariant| match &it.expression {
        Some(Expression::Compare(left, Comparison::NotEqual, right)) => {
            Some((left.clone(), right.clone()))
        }
        _ => None,
    };
    match (sides(one), sides(other)) {
        (Some((left, right)), Some(other)) => {
            (&left, &right) == (&other.0, &other.1) || (&left, &right) == (&other.1, &other.0)
        }
        _ => false,
    }
}

fn decision(
    model: &Model,
    relation: &Relation,
    parent: &str,
    source: Option<underpin_base::Span>,
) -> Decision {
    if !stands_above(parent) && !is_said(model, relation) {
        let mut decision = Decision::new(
            RULE,
            format!("{}.{parent}", relation.name),
            format!("a {} that refers to itself in {parent} is refused", relation.name),
            "a row that leads to itself leads nowhere, and whoever follows it never ends",
        )
        .instead_of("no constraint, and a reader that counts its steps")
        .changes_when("a document says that a row may name itself there");
        decision.inputs.extend(source);
        return decision;
    }
    let reads_subtrees = model.patterns.iter().any(|pattern| {
        let text = pattern.text.to_lowercase();
        relation.entity == Some(pattern.entity)
            && ["subtree", "descendant", "ancestor", "breadcrumb", "path to", "whole tree"]
                .iter()
                .any(|word| text.contains(word))
    });
    let reason = if reads_subtrees {
        "documents read whole branches: a recursive query follows one index per level, and a move changes \
         one row"
    } else {
        "the access patterns read a row, its parent or its children: one column answers them, and a move \
         changes one row"
    };
    let mut decision = Decision::new(
        RULE,
        format!("{}.{parent}", relation.name),
        format!(
            "the tree of {} is stored as each row's parent (adjacency), and a row that is its own parent is \
             refused",
            relation.name
        ),
        reason,
    )
    .instead_of("`ltree` paths: a branch is one range of an index, and a move rewrites every row below it")
    .instead_of(
        "a closure table of all pairs: ancestors at any distance in one join, and as many rows as the depths \
         add up to",
    )
    .instead_of("nested sets: one range for a branch, and each new row renumbers half of the table")
    .changes_when(
        "whole branches are read far more often than rows move, and a recursive query is measured to miss \
         its objective",
    )
    .so_that(
        "a trigger walks up from each new parent and refuses one that leads back to the row; it locks what it \
         passes, so that two sessions that move rows below each other at once cannot both be let through",
    )
    .so_that(
        "a move waits for changes of the rows above, and one of two opposite moves is ended (40P01) and is to \
         be tried again",
    );
    decision.inputs.extend(source);
    decision
}
