//! L045: values that are held against those of the row that a row belongs to: "the load of a run never exceeds the capacity
//! of its tank".

use underpin_base::Diagnostic;
use underpin_model::{Across, Comparison, FieldKind, Model, NamedEntities};

use super::UNKEPT_OWNER_BOUND;
use crate::{Decision, LogicalDesign, OwnerBound, RelationId};

const RULE: &str = "L045";

pub(crate) fn apply(model: &Model, design: &mut LogicalDesign) {
    let named = NamedEntities::of(model);
    for rule in &model.rules {
        if rule.expression.is_some() || rule.became.is_some() || rule.sql.is_some() {
            continue;
        }
        for said in named.across_in(model, &rule.text) {
            let Some(id) = design.relation_of(said.rows) else { continue };
            match owner_bound(model, design, id, &said) {
                Ok(next) => {
                    let is_same = |it: &OwnerBound| {
                        (&it.reference, it.own, it.comparison, it.theirs)
                            == (&next.reference, next.own, next.comparison, next.theirs)
                    };
                    if design.relation(id).owner_bounds.iter().any(is_same) {
                        continue;
                    }
                    let text = rule.text.trim().to_owned();
                    let next = OwnerBound { text, source: Some(rule.source), ..next };
                    let decision = decision(design, id, &next);
                    design.decisions.push(decision);
                    design.relations[id.index()].owner_bounds.push(next);
                }
                Err(reason) => design.diagnostics.push(
                    Diagnostic::warning(
                        UNKEPT_OWNER_BOUND,
                        format!("the rule \"{}\" is not enforced: {reason}", rule.text.trim()),
                    )
                    .at(rule.source, "this rule")
                    .help("the application keeps it, in the transaction that writes"),
                ),
            }
        }
    }
}

fn owner_bound(
    model: &Model,
    design: &LogicalDesign,
    id: RelationId,
    said: &Across,
) -> Result<OwnerBound, &'static str> {
    const UNSTORED: &str = "a field that it names is not stored with the rows";
    if matches!(said.comparison, Comparison::Equal | Comparison::NotEqual) {
        return Err("a copy that must agree with the row that it belongs to is a key's to keep");
    }
    let owner = design.relation_of(model.field(said.theirs).entity).ok_or(UNSTORED)?;
    let relation = design.relation(id);
    let attribute = |field| relation.attribute_of(field).ok_or(UNSTORED);
    let (by, own) = (attribute(said.by)?, attribute(said.own)?);
    let theirs = design.relation(owner).attribute_of(said.theirs).ok_or(UNSTORED)?;
    let leads = |it: &&crate::Reference| it.target == owner && it.attributes.last() == Some(&by);
    let Some(reference) = relation.references.iter().find(leads) else {
        return Err(if relation.crossings.iter().any(|it| leads(&it)) {
            "the row whose value it asks for lives in another bounded context"
        } else {
            "no reference leads from the rows to the row whose value it asks for"
        });
    };
    let kinds = [&relation.attribute(own).kind, &design.relation(owner).attribute(theirs).kind];
    if !are_comparable(kinds) {
        return Err("the two values cannot be compared");
    }
    let (here, there) = (&reference.attributes, &reference.target_attributes);
    Ok(OwnerBound {
        owner,
        reference: here.iter().copied().zip(there.iter().copied()).collect(),
        own,
        comparison: said.comparison,
        theirs,
        text: String::new(),
        source: None,
    })
}

/// Numbers with numbers, days with days, moments with moments: a day against a moment depends on where somebody is.
fn are_comparable([one, other]: [&FieldKind; 2]) -> bool {
    let class = |kind: &FieldKind| match kind {
        FieldKind::Integer { .. } | FieldKind::Decimal { .. } => Some(0),
        FieldKind::Date => Some(1),
        FieldKind::Timestamp => Some(2),
        _ => None,
    };
    class(one).is_some() && class(one) == class(other)
}

fn decision(design: &LogicalDesign, id: RelationId, it: &OwnerBound) -> Decision {
    let (relation, owner) = (design.relation(id), design.relation(it.owner));
    let (own, theirs) = (&relation.attribute(it.own).name, &owner.attribute(it.theirs).name);
    let mut decision = Decision::new(
        RULE,
        format!("{}.{own}: {}", relation.name, it.text),
        format!("{own} of {} is {} {theirs} of its {}", relation.name, it.comparison.as_str(), owner.name),
        "no CHECK sees another table, and two sessions of which one writes the row while the other changes what it is \
         held against both find it kept",
    )
    .instead_of(format!(
        "a copy of {theirs} in {}, in a foreign key to it that is updated along, with a CHECK on the copy: one more \
         column that every writer must fill, and one more index on the {}",
        relation.name, owner.name
    ))
    .instead_of("the application looks before it writes: the other value may change between the look and the write")
    .instead_of("SERIALIZABLE for every transaction that touches either table, and nobody may forget it")
    .changes_when(format!(
        "very many rows of one {} are written at a time: then the copy, which takes no lock of it",
        owner.name
    ))
    .so_that(format!(
        "a trigger writes the {} as it is before it compares, so that whoever changes {theirs} waits; at REPEATABLE \
         READ the later one is refused with 40001 and tries again",
        owner.name
    ))
    .so_that(format!("a new {theirs} is held against the rows that are there"));
    decision.inputs.extend(it.source);
    decision
}
