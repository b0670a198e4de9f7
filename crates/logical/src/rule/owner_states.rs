//! L044: what may be done to rows only while the row that they belong to is in some state: "bids can only be placed on
//! listed lots".

use underpin_base::Diagnostic;
use underpin_model::{Beside, EntityId, FieldId, Model, NamedEntities, permanence};

use super::{UNKEPT_OWNER_STATE, absence};
use crate::{AttributeId, Decision, LogicalDesign, OwnerState, RelationId};

const RULE: &str = "L044";

pub(crate) fn apply(model: &Model, design: &mut LogicalDesign) {
    let named = NamedEntities::of(model);
    for rule in &model.rules {
        let is_open = rule.expression.is_none() && rule.became.is_none() && rule.sql.is_none();
        // What never changes at all has a guard of its own.
        if !is_open || permanence(model, rule.entity, rule.field, &rule.text).is_some() {
            continue;
        }
        for said in named.beside(model, &rule.text) {
            let Some(id) = design.relation_of(said.rows) else { continue };
            match owner_state(model, design, id, &said) {
            Ok(next) => {
                let next = OwnerState {
                    text: rule.text.trim().to_owned(),
                    source: Some(rule.source),
                    ..next
                };
                let is_known = design.relation(id).owner_states.iter().any(|known| {
                    let other = OwnerState {
                        text: known.text.clone(),
                        source: known.source,
                        ..next.clone()
                    };
                    *known == other
                });
                if !is_known {
                    let decision = decision(design, id, &next);
                    design.decisions.push(decision);
                    design.relations[id.index()].owner_states.push(next);
                }
            }
            Err(reason) => design.diagnostics.push(
                Diagnostic::warning(
                    UNKEPT_OWNER_STATE,
                    format!("the rule \"{}\" is not enforced: {reason}", rule.text.trim()),
                )
                .at(rule.source, "this rule")
                .help("the application keeps it, or the state is copied by events into a table on this side"),
            ),
        }
        }
    }
}

fn owner_state(
    model: &Model,
    design: &LogicalDesign,
    id: RelationId,
    said: &Beside,
) -> Result<OwnerState, &'static str> {
    const UNSTORED: &str = "a field that it names is not stored with the rows";
    let entity = |field: FieldId| -> EntityId { model.field(field).entity };
    let owner = said.allowed.fields().first().map(|&field| entity(field));
    let owner = owner.and_then(|owner| design.relation_of(owner)).ok_or(UNSTORED)?;
    let relation = design.relation(id);
    let by = relation.attribute_of(said.by).ok_or(UNSTORED)?;
    let leads = |it: &&crate::Reference| it.target == owner && it.attributes.last() == Some(&by);
    let Some(reference) = relation.references.iter().find(leads) else {
        return Err(if relation.crossings.iter().any(|it| leads(&it)) {
            "the row whose state it asks for lives in another bounded context"
        } else {
            "no reference leads from the rows to the row whose state it asks for"
        });
    };
    let of_owner = design.relation(owner);
    let allowed = said.allowed.try_map(&mut |&field| of_owner.attribute_of(field));
    Ok(OwnerState {
        owner,
        reference: reference
            .attributes
            .iter()
            .copied()
            .zip(reference.target_attributes.iter().copied())
            .collect(),
        // Of whom it is not known that he is blocked, he is not.
        allowed: absence::covering(allowed.ok_or(UNSTORED)?, of_owner),
        inserts: said.inserts,
        updates: said.updates,
        deletes: said.deletes,
        text: String::new(),
        source: None,
    })
}

fn decision(design: &LogicalDesign, id: RelationId, it: &OwnerState) -> Decision {
    let (relation, owner) = (design.relation(id), design.relation(it.owner));
    let named = it.allowed.try_map(&mut |&id| Some(owner.attribute(id).name.clone()));
    let allowed = named.map_or_else(String::new, |it| it.to_string());
    let name = |id: AttributeId| &*relation.attribute(id).name;
    let by: Vec<&str> = it.reference.iter().map(|(own, _)| name(*own)).collect();
    let acts: Vec<&str> = [(it.inserts, "added"), (it.updates, "changed"), (it.deletes, "deleted")]
        .into_iter()
        .filter_map(|(is_said, act)| is_said.then_some(act))
        .collect();
    let mut decision = Decision::new(
        RULE,
        format!("{}.{}: {}", relation.name, by.join("+"), it.text),
        format!(
            "rows of {} are {} only while the {} that they belong to has {allowed}",
            relation.name,
            acts.join(", "),
            owner.name
        ),
        "no CHECK sees another table, and two sessions of which one looks while the other changes the state both find \
         what they want",
    )
    .instead_of(format!(
        "a copy of the state in {}, in a foreign key to ({}, state) with a CHECK on the copy: it holds always, so that \
         the {} could not go on to another state while the row is there; the rule is about the moment of writing",
        relation.name, owner.name, owner.name
    ))
    .instead_of("the application looks before it writes: the state may change between the look and the write")
    .instead_of("SERIALIZABLE for every transaction that touches either table, and nobody may forget it")
    .changes_when(format!(
        "the documents say that it holds at all times: then the {} may not leave the state while such rows are there",
        owner.name
    ))
    .so_that(format!(
        "a trigger holds the {} (a shared row lock, until the transaction ends) and then looks; many rows are added \
         beside one {} at once, and who changes its state waits for them",
        owner.name, owner.name
    ))
    .so_that(format!(
        "who writes both in one transaction writes the {} first, or two such transactions may wait for each other and \
         PostgreSQL ends one (40P01)",
        owner.name
    ));
    if it.inserts {
        decision = decision.so_that(
            "it looks when a row is added or given to another owner; rows that are there stay as they are when the \
             state changes",
        );
    }
    decision.inputs.extend(it.source);
    decision
}
