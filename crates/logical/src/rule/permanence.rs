//! L030: what never changes stays as it was written: rows that are only ever added, and values of a row
//! that documents call immutable. Whether such rows may be deleted is decided beside it.

use underpin_base::Span;
use underpin_model::{AccessKind, EntityId, FieldId, Model, OnDelete, Origin, permanence};

use super::soft_deletion::deletion_mark;
use crate::asked::{asked_later, cleared_by_steps};
use crate::{AttributeId, Decision, LogicalDesign, Machine, Permanence, Relation, RelationId};

const RULE: &str = "L030";

pub(crate) fn apply(model: &Model, design: &mut LogicalDesign) {
    for index in 0..design.relations.len() {
        let id = RelationId::from_index(index);
        let Some(entity) = design.relation(id).entity else { continue };
        let mut found: Vec<Permanence> = Vec::new();
        for said in stated(model, entity) {
            let Some(next) = of_relation(model, design.relation(id), entity, &said) else {
                continue;
            };
            // Documents say it in a heading and in a rule; the one that says more is kept.
            let is_known = found.iter_mut().any(|known| {
                let same = known.is_whole == next.is_whole && known.states == next.states;
                if same && known.is_whole {
                    unite(design.relation(id), known, &next);
                }
                let is_same = same && (known.is_whole || known.attributes == next.attributes);
                if is_same {
                    known.also.extend(next.source);
                }
                is_same
            });
            if !is_known {
                found.push(next);
            }
        }
        if !found.iter().any(|it| it.is_whole && !it.attributes.is_empty()) {
            if let Some(mut trail) = audit(model, design.relation(id), entity) {
                // "Audit trail of every attempt. Never deleted." says both.
                trail.is_kept = found.iter().any(|it| it.is_whole && it.is_kept);
                found.retain(|it| !(it.is_whole && it.attributes.is_empty()));
                found.push(trail);
            }
        }
        for mut one in found {
            let goes = one.is_kept.then(|| why_deleted(model, design, id)).flatten();
            one.is_kept &= goes.is_none();
            let decision = decision(design.relation(id), &one, goes.as_deref());
            if one.attributes.is_empty() && !one.is_kept {
                continue;
            }
            design.decisions.push(decision);
            design.relations[index].permanences.push(one);
        }
    }
}

/// Two sentences about the same whole rows: what is never deleted is not marked as deleted either.
fn unite(relation: &Relation, known: &mut Permanence, next: &Permanence) {
    let states = states_of(relation);
    let is_unchanged = |it: &Permanence| !it.attributes.is_empty() || it.free.len() > states.len();
    let both = [&*known, next];
    let is_kept = both.iter().any(|it| it.is_kept);
    if is_kept && both.iter().any(|it| is_unchanged(it)) {
        known.attributes = all_but_states(relation);
        known.free = states;
    } else if known.attributes.is_empty() {
        known.attributes.clone_from(&next.attributes);
    }
    if known.with_step.is_empty() {
        known.with_step.clone_from(&next.with_step);
    }
    known.is_kept = is_kept;
}

/// A sentence about an entity.
struct Said<'m> {
    text: &'m str,
    field: Option<FieldId>,
    source: Span,
}

fn stated(model: &Model, entity: EntityId) -> Vec<Said<'_>> {
    let this = model.entity(entity);
    let rules = model
        .rules
        .iter()
        .filter(|rule| rule.entity == entity && rule.expression.is_none() && rule.became.is_none());
    let mut all: Vec<Said<'_>> = rules
        .map(|rule| Said { text: &rule.text, field: rule.field, source: rule.source })
        .collect();
    // "Audit trail of every attempt. Never deleted." stands as the description.
    let sentences = this.description.iter().flat_map(|text| text.split(". "));
    all.extend(sentences.map(|text| Said { text, field: None, source: this.source }));
    all
}

fn of_relation(
    model: &Model,
    relation: &Relation,
    entity: EntityId,
    said: &Said<'_>,
) -> Option<Permanence> {
    let meant = permanence(model, entity, said.field, said.text)?;
    let attribute = |field: FieldId| relation.attribute_of(field);
    let states = match meant.states {
        Some((field, states)) => Some((attribute(field)?, states)),
        None => None,
    };
    let is_whole = meant.fields.is_empty();
    let attributes = match (is_whole, meant.is_unchanged) {
        (true, true) => {
            let free = if meant.is_kept { Vec::new() } else { on_deletion(relation) };
            all_but_states(relation).into_iter().filter(|id| !free.contains(id)).collect()
        }
        (true, false) => Vec::new(),
        (false, _) => meant.fields.into_iter().map(attribute).collect::<Option<Vec<_>>>()?,
    };
    if !is_whole && is_held_by_life_cycle(relation, &attributes, states.as_ref()) {
        return None;
    }
    let with_step = if is_whole && meant.is_unchanged { with_steps(relation) } else { Vec::new() };
    Some(Permanence {
        is_whole,
        attributes,
        with_step,
        free: states_of(relation)
            .into_iter()
            .chain(on_deletion(relation).into_iter().filter(|_| is_whole && !meant.is_kept))
            .collect(),
        states,
        is_kept: meant.is_kept,
        text: said.text.trim().to_owned(),
        origin: Origin::Stated,
        source: Some(said.source),
        also: Vec::new(),
    })
}

/// "A closed case never changes its status again", where its life cycle has no step from there: that refuses it already.
fn is_held_by_life_cycle(
    relation: &Relation,
    attributes: &[AttributeId],
    states: Option<&(AttributeId, Vec<String>)>,
) -> bool {
    let (&[only], Some((state, values))) = (attributes, states) else { return false };
    let is_end = |machine: &Machine, value: &String| {
        machine.transitions.iter().all(|(from, next)| from != value || next.is_empty())
    };
    let mut machines = relation.machines.iter().filter(|it| it.attribute == only);
    only == *state && machines.any(|machine| values.iter().all(|it| is_end(machine, it)))
}

/// What changes where a row is marked as deleted, which changes nothing that it says: the mark, and what follows each
/// change. Where rows are never deleted, it is not done.
fn on_deletion(relation: &Relation) -> Vec<AttributeId> {
    let Some(mark) = deletion_mark(relation) else { return Vec::new() };
    let touched = relation.attributes().filter(|(_, it)| it.touched).map(|(id, _)| id);
    std::iter::once(mark).chain(relation.version).chain(touched).collect()
}

/// The attributes that hold the states of life cycles: to go through them is what they are for.
fn states_of(relation: &Relation) -> Vec<AttributeId> {
    relation.machines.iter().map(|machine| machine.attribute).collect()
}

/// What the states ask for that a row comes to: a life could not be lived without it, and outside of a step it stays.
fn with_steps(relation: &Relation) -> Vec<(AttributeId, AttributeId)> {
    let mut found: Vec<(AttributeId, AttributeId)> = Vec::new();
    let is_open = |id: AttributeId| {
        !relation.attribute(id).required
            && !relation.key.contains(&id)
            && !relation.machines.iter().any(|machine| machine.attribute == id)
    };
    for machine in &relation.machines {
        for rule in relation.invariants.iter().filter_map(|it| it.expression.as_ref()) {
            let asked = asked_later(rule, machine).into_iter();
            let written = asked.chain(cleared_by_steps(rule, machine)).filter(|&id| is_open(id));
            for id in written {
                if found.iter().all(|(known, _)| *known != id) {
                    found.push((id, machine.attribute));
                }
            }
        }
    }
    found
}

fn all_but_states(relation: &Relation) -> Vec<AttributeId> {
    let states = states_of(relation);
    relation.attributes().map(|(id, _)| id).filter(|id| !states.contains(id)).collect()
}

/// An entity whose name says that it is an audit trail, and of which nothing says that its rows change.
fn audit(model: &Model, relation: &Relation, entity: EntityId) -> Option<Permanence> {
    let name = relation.name.to_lowercase();
    let plain: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
    let plain = plain.strip_suffix('s').unwrap_or(&plain);
    let says = ["auditlog", "audittrail", "auditevent", "auditentry", "auditentrie", "auditrecord"];
    let is_changed = relation.attributes.iter().any(|attribute| attribute.touched)
        || !relation.machines.is_empty()
        || model.patterns.iter().any(|pattern| {
            pattern.entity == entity
                && pattern.kind == AccessKind::Write
                && ["update", "edit", "change", "mark", "set"]
                    .contains(&pattern.name.split('_').next().unwrap_or_default())
        });
    let description = relation.description.as_deref().unwrap_or_default();
    let is_named = says.iter().any(|word| plain.ends_with(word));
    if is_changed || !is_named && !is_described_as_trail(description) {
        return None;
    }
    let reason = if is_named { "its name" } else { "its description" };
    Some(Permanence {
        is_whole: true,
        attributes: all_but_states(relation),
        free: Vec::new(),
        with_step: Vec::new(),
        states: None,
        is_kept: false,
        text: format!("{} is an audit trail", relation.name),
        origin: Origin::Inferred(format!("{reason} says that it is an audit trail")),
        source: relation.source,
        also: Vec::new(),
    })
}

/// Whether a description begins by saying that its rows are the trail of something: "Audit trail of every attempt."
fn is_described_as_trail(description: &str) -> bool {
    let lower = description.trim_start().to_lowercase();
    let said = ["an ", "the ", "a "].iter().find_map(|it| lower.strip_prefix(it)).unwrap_or(&lower);
    let said = ["immutable ", "permanent ", "complete ", "full "]
        .iter()
        .find_map(|it| said.strip_prefix(it))
        .unwrap_or(said);
    ["audit trail", "audit log", "audit record", "audit history", "audit entries"]
        .iter()
        .any(|it| said.starts_with(it))
}

/// What deletes rows all the same.
fn why_deleted(model: &Model, design: &LogicalDesign, id: RelationId) -> Option<String> {
    let relation = design.relation(id);
    let cascade = relation.references.iter().find(|it| it.on_delete == OnDelete::Cascade);
    if let Some(reference) = cascade {
        return Some(format!(
            "a row goes with the {} that it belongs to, so that its deletion is not refused",
            design.relation(reference.target).name
        ));
    }
    let is_own = |entity| Some(entity) == relation.entity;
    let retention = model.retentions.iter().find(|it| is_own(it.entity) && it.days.is_some())?;
    Some(format!(
        "its rows are kept for a time ({}), so that deletion is not refused",
        retention.text.trim()
    ))
}

fn decision(relation: &Relation, one: &Permanence, goes: Option<&str>) -> Decision {
    let names: Vec<&str> = one.attributes.iter().map(|&id| &*relation.attribute(id).name).collect();
    let while_in = one
        .states
        .as_ref()
        .map_or_else(String::new, |(_, states)| format!(" once it is {}", states.join(" or ")));
    let name = &relation.name;
    let (subject, choice) = match (one.is_whole, one.attributes.is_empty(), one.is_kept) {
        (_, true, _) => {
            (name.clone(), format!("the database refuses to delete a row of {name}{while_in}"))
        }
        (true, false, true) => (
            name.clone(),
            format!("the database refuses to change or delete a row of {name}{while_in}"),
        ),
        (true, false, false) => {
            (name.clone(), format!("the database refuses to change a row of {name}{while_in}"))
        }
        (false, false, _) => (
            format!("{name}.({})", names.join(", ")),
            format!("the database refuses to change {} of {name}{while_in}", names.join(", ")),
        ),
    };
    let reason = match &one.origin {
        Origin::Stated => format!("a document says: {}", one.text),
        Origin::Inferred(reason) | Origin::Assumed(reason) => {
            format!("{reason}, and a trail that can be edited proves nothing")
        }
    };
    let mut decision = Decision::new(RULE, subject, choice, reason)
        .instead_of(
            "privileges alone: without UPDATE and DELETE for the application's role, which its owner and \
             every later GRANT undo unseen; they belong beside it",
        )
        .instead_of("a rule of the application, which a correction by hand does not know")
        .changes_when("a document says that it may be corrected: then by a new row that refers to it")
        .so_that("a refused writer sees SQLSTATE 23514 with the trigger's name as the constraint");
    decision = decision.so_that(if one.is_kept {
        "TRUNCATE, which no trigger of a row sees, is refused by one of its own, but not that of a single partition"
    } else {
        "TRUNCATE, which is a privilege of its own, is not refused by it"
    });
    if !one.with_step.is_empty() {
        let names: Vec<&str> =
            one.with_step.iter().map(|(id, _)| &*relation.attribute(*id).name).collect();
        decision.consequences.push(format!(
            "{} is written in the step to the state that asks for it, and at no other time",
            names.join(", ")
        ));
    }
    if one.is_whole && !one.attributes.is_empty() {
        decision = decision.significant(format!("{name} is only added to"));
    }
    decision.consequences.extend(goes.map(str::to_owned));
    decision.inputs.extend(one.source);
    decision
}

#[cfg(test)]
mod tests {
    use underpin_base::Sources;

    /// For each thing that stays of a document's only entity, whether rows may change and whether they may go.
    fn stays(text: &str) -> Vec<(bool, bool)> {
        let mut sources = Sources::default();
        sources.add(
            "model.md",
            format!("## `handovers`\n\n| Column | Type |\n|---|---|\n| id | uuid |\n| crate | text |\n\n{text}"),
        );
        let model = underpin_model::build(&underpin_read::read(&sources), &sources);
        let design = crate::design(&model);
        let permanences = design.relations[0].permanences.iter();
        permanences.map(|it| (it.attributes.is_empty(), !it.is_kept)).collect()
    }

    #[test]
    fn a_trail_by_its_description_or_its_access_is_only_added_to() {
        assert_eq!(stays("- No UPDATE / DELETE\n"), [(false, false)]);
        assert!(stays("- `DELETE`: clerks only\n").is_empty());
    }

    #[test]
    fn descriptions_that_begin_as_a_trail() {
        assert!(super::is_described_as_trail("Audit trail of every handover. Never deleted."));
        assert!(super::is_described_as_trail("An immutable audit log of logins"));
        assert!(!super::is_described_as_trail("Whether the audit trail is kept"));
    }
}
