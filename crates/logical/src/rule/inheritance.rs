//! L025: an entity whose rows are rows of another: one table, or a table for each kind that shares the key and carries
//! the kind, so that no row is of two kinds or of the wrong one.

use underpin_model::{Inheritance, Model, OnDelete};

use crate::{Decision, LogicalDesign, RelationId, UniqueKey};

const RULE: &str = "L025";

pub(crate) fn apply(model: &Model, design: &mut LogicalDesign) {
    let mut bases: Vec<RelationId> = Vec::new();
    for it in &model.inheritances {
        let Some(base) = design.relation_of(it.base) else { continue };
        let decision = match design.relation_of(it.entity) {
            Some(special) => {
                if carry(design, it, special, base) && !bases.contains(&base) {
                    bases.push(base);
                }
                class_table(model, design, it, special, base)
            }
            None => single_table(model, design, it, base),
        };
        design.decisions.push(decision);
    }
}

/// Lets the reference to the general row carry the kind; whether it does.
fn carry(
    design: &mut LogicalDesign,
    it: &Inheritance,
    special: RelationId,
    base: RelationId,
) -> bool {
    let (here, there) = (design.relation(special), design.relation(base));
    let key = it.key.and_then(|field| here.attribute_of(field));
    let kind = it.kind.and_then(|field| here.attribute_of(field));
    let of_base = it.discriminator.as_ref().and_then(|(field, _)| there.attribute_of(*field));
    let (Some(key), Some(kind), Some(of_base)) = (key, kind, of_base) else { return false };
    let is_it = |reference: &crate::Reference| {
        reference.target == base && reference.attributes.last() == Some(&key)
    };
    let Some(at) = here.references.iter().position(is_it) else { return false };
    let reference = &mut design.relations[special.index()].references[at];
    reference.attributes.insert(reference.attributes.len() - 1, kind);
    reference.target_attributes.insert(reference.target_attributes.len() - 1, of_base);
    reference.on_delete = OnDelete::Cascade;
    let attributes = reference.target_attributes.clone();
    let relation = &mut design.relations[base.index()];
    if !relation.uniques.iter().any(|unique| unique.attributes == attributes) {
        let reason = format!(
            "stands beside the primary key because a foreign key refers only to a key, and those of the special \
             tables carry the kind of {}",
            relation.name
        );
        let is_chosen = false;
        relation.uniques.push(UniqueKey {
            attributes,
            condition: None,
            is_chosen,
            is_reordered: false,
            reason,
            source: None,
        });
    }
    true
}

fn class_table(
    model: &Model,
    design: &LogicalDesign,
    it: &Inheritance,
    special: RelationId,
    base: RelationId,
) -> Decision {
    let (name, general) = (&design.relation(special).name, &design.relation(base).name);
    let kind = it.kind.map(|field| &*model.field(field).name);
    let mut decision = Decision::new(
        RULE,
        name.clone(),
        format!("{name} has a table of its own beside {general}, with the same key (class table)"),
        format!(
            "a {name} has attributes of its own, or others refer to it: there they can be required, and a reference \
             to {name} cannot lead to another {general}"
        ),
    )
    .instead_of(format!(
        "one table {general} with the attributes of all kinds: all of them optional, each with a CHECK, and a \
         reference to {name} could lead to any row"
    ))
    .instead_of(format!(
        "a table with everything for each kind and none for {general}: no foreign key leads to a {general}, and a \
         key over all of them has no index"
    ))
    .instead_of("PostgreSQL's INHERITS: neither keys nor foreign keys hold across the tables (manual, section 5.10.1)")
    .changes_when("almost every query asks for both tables, or the kinds lose their own attributes")
    .so_that(format!("a {name} is read with a join by the key, and written in two steps, {general} first"))
    .so_that(format!("deleting the row of {general} deletes the row of {name}"))
    .significant("Kinds of rows have tables of their own");
    if let Some(kind) = kind {
        decision = decision.so_that(format!(
            "the foreign key carries {kind}, which one CHECK fixes: no row of {general} is of two kinds, none is of \
             the wrong one, and a {general} with a row of {name} cannot become another kind"
        ));
        decision = decision.so_that(format!(
            "a {general} of this {kind} without its row of {name} is let in: whoever adds one adds both, in one \
             transaction"
        ));
    }
    decision.from_statement(it.source)
}

fn single_table(
    model: &Model,
    design: &LogicalDesign,
    it: &Inheritance,
    base: RelationId,
) -> Decision {
    let (name, general) = (&model.entity(it.entity).name, &design.relation(base).name);
    let told = it.discriminator.as_ref().map_or_else(
        || "nothing".to_owned(),
        |(field, value)| format!("{} = '{value}'", model.field(*field).name),
    );
    Decision::new(
        RULE,
        name.clone(),
        format!("rows of {name} are rows of {general}, told apart by {told} (single table)"),
        format!("no document lists an attribute that only a {name} has, and none refers to one"),
    )
    .instead_of(format!("a table for {name} with nothing in it but the key of {general}"))
    .changes_when(format!("a {name} gets an attribute of its own, or something refers to it"))
    .from_statement(it.source)
}
