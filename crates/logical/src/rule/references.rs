//! L015: references, and what happens to a row when the row that it refers to goes.

use underpin_base::Diagnostic;
use underpin_model::{EntityId, Expression, FieldId, FieldKind, Model, OnDelete, Origin};

use super::composite_references::{self, Composite};
use super::{UNREFERABLE, contexts};
use crate::{AttributeId, Decision, LogicalDesign, Reference, Relation, RelationId, RelationKind};

const RULE: &str = "L015";

pub(crate) fn apply(model: &Model, design: &mut LogicalDesign) {
    for index in 0..design.relations.len() {
        let id = RelationId::from_index(index);
        let together = composite_references::find(model, design, id);
        let fields: Vec<FieldId> =
            design.relation(id).attributes.iter().filter_map(|attribute| attribute.field).collect();
        for composite in &together {
            if let Some((reference, decision)) = refer_together(model, design, id, composite) {
                contexts::add(design, id, reference, Some(decision));
            }
        }
        for field in fields {
            if together.iter().any(|composite| composite.fields.contains(&field)) {
                continue;
            }
            if let Some((reference, decision)) = refer(model, design, id, field) {
                contexts::add(design, id, reference, Some(decision));
            }
        }
    }
}

/// A reference by several attributes. It is cleared as a whole or not at all, so that it is kept where a
/// deletion would have to clear a value that must be there.
fn refer_together(
    model: &Model,
    design: &mut LogicalDesign,
    id: RelationId,
    composite: &Composite,
) -> Option<(Reference, Decision)> {
    let relation = design.relation(id);
    let to = design.relation(composite.target);
    let attributes: Vec<AttributeId> = composite
        .fields
        .iter()
        .map(|&field| relation.attribute_of(field))
        .collect::<Option<_>>()?;
    let names: Vec<&str> =
        attributes.iter().map(|&it| relation.attribute(it).name.as_str()).collect();
    let subject = format!("{}.({})", relation.name, names.join(", "));
    let source = model.field(composite.fields[0]).source;
    let pairs = || attributes.iter().zip(&composite.attributes);
    let fits = |own: AttributeId, there: AttributeId| {
        let (own, there) = (&relation.attribute(own).kind, &to.attribute(there).kind);
        same_values(own, there) || matches!(own, FieldKind::Unknown)
    };
    if let Some((&own, &there)) = pairs().find(|&(&own, &there)| !fits(own, there)) {
        let message = format!(
            "`{subject}` gets no foreign key: the values of `{}` cannot be those of `{}.{}`",
            relation.attribute(own).name,
            to.name,
            to.attribute(there).name
        );
        design.diagnostics.push(
            Diagnostic::warning(UNREFERABLE, message)
                .at(source, "this field")
                .help(format!("give the fields the types of the key of `{}`", to.name)),
        );
        return None;
    }
    let can_clear = attributes
        .iter()
        .all(|&it| !relation.attribute(it).required && !relation.key.contains(&it));
    let stated = composite
        .fields
        .iter()
        .find_map(|&field| model.field(field).references.as_ref().and_then(|it| it.on_delete));
    let (on_delete, reason) =
        after_deletion(model, (relation, to), &composite.fields, stated, !can_clear);
    let decision = Decision::new(
        RULE,
        &subject,
        format!("together the fields refer to {}", to.name),
        format!(
            "each names a part of the key of {}, and only all parts tell which row is meant; {reason}",
            to.name
        ),
    )
    .instead_of("a foreign key for each field, which no key of the other table would answer")
    .changes_when("a document says which fields refer, and to what")
    .from_statement(source);
    let kinds: Vec<FieldKind> = composite
        .attributes
        .iter()
        .map(|&there| match to.attribute(there).kind.clone() {
            FieldKind::Integer { bits, .. } => FieldKind::Integer { bits, counted: false },
            kind => kind,
        })
        .collect();
    for (own, kind) in attributes.iter().zip(kinds) {
        let known = &mut design.relations[id.index()].attributes[own.index()].kind;
        if matches!(known, FieldKind::Unknown | FieldKind::Integer { .. }) {
            *known = kind;
        }
    }
    let reference = Reference {
        attributes,
        target: composite.target,
        target_attributes: composite.attributes.clone(),
        on_delete,
        reason,
        source: Some(source),
    };
    Some((reference, decision))
}

fn refer(
    model: &Model,
    design: &mut LogicalDesign,
    id: RelationId,
    field_id: FieldId,
) -> Option<(Reference, Decision)> {
    let field = model.field(field_id);
    let stated = field.references.as_ref()?;
    let target = design.relation_of(stated.entity)?;
    let relation = design.relation(id);
    let to = design.relation(target);
    let attribute = relation.attribute_of(field_id)?;
    let target_attributes = match stated.field.and_then(|field| to.attribute_of(field)) {
        Some(attribute) => vec![attribute],
        None => to.key.clone(),
    };
    let subject = format!("{}.{}", relation.name, field.name);
    let fits = target_attributes.len() == 1
        && same_values(
            &relation.attribute(attribute).kind,
            &to.attribute(target_attributes[0]).kind,
        )
        && is_key(model, design, target, target_attributes[0]);
    let adopt = target_attributes.len() == 1
        && matches!(
            relation.attribute(attribute).kind,
            FieldKind::Unknown | FieldKind::Text { .. }
        )
        && is_key(model, design, target, target_attributes[0])
        && (matches!(field.kind, FieldKind::Unknown)
            || matches!(field.origin, Origin::Inferred(_)));
    if !fits && !adopt {
        design.diagnostics.push(
            Diagnostic::warning(
                UNREFERABLE,
                format!(
                    "`{subject}` gets no foreign key: its values cannot be those of `{}`'s key",
                    to.name
                ),
            )
            .at(field.source, "this field")
            .help(format!("give it the type of the key of `{}`", to.name)),
        );
        return None;
    }
    if !fits || matches!(relation.attribute(attribute).kind, FieldKind::Integer { .. }) {
        // Equal types keep the comparison in the foreign key's own index.
        let mut kind = to.attribute(target_attributes[0]).kind.clone();
        if let FieldKind::Integer { counted, .. } = &mut kind {
            *counted = false;
        }
        design.relations[id.index()].attributes[attribute.index()].kind = kind;
    }
    let relation = design.relation(id);
    let to = design.relation(target);
    let required = relation.attribute(attribute).required;
    let (on_delete, reason) =
        after_deletion(model, (relation, to), &[field_id], stated.on_delete, required);
    let words = match on_delete {
        OnDelete::Cascade => "is deleted with it",
        OnDelete::Restrict => "keeps it from being deleted",
        OnDelete::SetNull => "loses the reference",
    };
    let decision = Decision::new(
        RULE,
        &subject,
        format!("when the {} goes, {} {words}", to.name, relation.name),
        reason.clone(),
    )
    .instead_of(match on_delete {
        OnDelete::Cascade => "RESTRICT: the deletion of the parent is refused",
        OnDelete::Restrict => "CASCADE: a deletion takes these rows along, unseen",
        OnDelete::SetNull => "RESTRICT: the deletion of the parent is refused",
    })
    .changes_when("a document states what a deletion does to these rows")
    .from_statement(field.source);
    let reference = Reference {
        attributes: vec![attribute],
        target,
        target_attributes,
        on_delete,
        reason,
        source: Some(field.source),
    };
    Some((reference, decision))
}

/// What becomes of the rows of a relation when the row goes that these of their fields refer to together, and why.
fn after_deletion(
    model: &Model,
    (relation, to): (&Relation, &Relation),
    fields: &[FieldId],
    stated: Option<OnDelete>,
    required: bool,
) -> (OnDelete, String) {
    // A member below another goes with it: else it would keep the root from going.
    let member = model.aggregates.iter().any(|aggregate| {
        let is_member = |entity: Option<EntityId>| {
            entity.is_some_and(|entity| aggregate.members.contains(&entity))
        };
        is_member(relation.entity)
            && (Some(aggregate.root) == to.entity
                || required && relation.entity != to.entity && is_member(to.entity))
    });
    let by_relationship = model
        .relationships
        .iter()
        .find(|r| {
            r.on_delete.is_some()
                && Some(r.to) == relation.entity
                && Some(r.from) == to.entity
                && r.field.is_none_or(|field| fields.contains(&field))
        })
        .and_then(|r| r.on_delete);
    match stated.or(by_relationship) {
        Some(OnDelete::SetNull) if required => (
            OnDelete::Restrict,
            "a document asks to clear the reference, but also that it is never empty; refusing \
             the deletion is the one that keeps both rows true"
                .to_owned(),
        ),
        Some(said) => (
            said,
            match said {
                OnDelete::Cascade => {
                    format!("a document says that {} goes with its {}", relation.name, to.name)
                }
                OnDelete::Restrict => format!(
                    "a document says that a {} to which {} refers stays",
                    to.name, relation.name
                ),
                OnDelete::SetNull => format!(
                    "a document says that {} stays when its {} goes",
                    relation.name, to.name
                ),
            },
        ),
        None if member => (
            OnDelete::Cascade,
            format!(
                "{} is part of the aggregate {}, and lives and dies with it",
                relation.name, to.name
            ),
        ),
        None if relation.kind == RelationKind::Join && required => (
            OnDelete::Cascade,
            format!("a row of {} says nothing once its {} is gone", relation.name, to.name),
        ),
        None if !required && fields.iter().any(|&field| is_asked_for(model, field)) => (
            OnDelete::Restrict,
            format!(
                "a rule asks for the reference, so that clearing it would break the rule; a refused \
                 deletion keeps {} true",
                relation.name
            ),
        ),
        None if !required && model.tenant.as_ref().map(|it| it.entity) == to.entity => (
            OnDelete::Restrict,
            format!("a row of {} without its tenant would be everybody's", relation.name),
        ),
        None if !required => (
            OnDelete::SetNull,
            format!("the reference is optional: {} stays true without it", relation.name),
        ),
        None => (
            OnDelete::Restrict,
            format!(
                "no document says that {} may disappear with its {}, and a refused deletion loses \
                 nothing",
                relation.name, to.name
            ),
        ),
    }
}

/// Whether a rule wants a value there, in some rows at least.
fn is_asked_for(model: &Model, field: FieldId) -> bool {
    fn wants(rule: &Expression<FieldId>, field: FieldId) -> bool {
        match rule {
            Expression::IsPresent(it) => *it == field,
            Expression::All(list) | Expression::Any(list) => {
                list.iter().any(|part| wants(part, field))
            }
            Expression::Implies(_, then) => wants(then, field),
            Expression::Field(_)
            | Expression::Literal(_)
            | Expression::Compare(..)
            | Expression::Calculate(..)
            | Expression::OneOf(..)
            | Expression::Matches(..)
            | Expression::JsonForm(..)
            | Expression::Length(_)
            | Expression::Not(_)
            | Expression::Apart { .. }
            | Expression::Together { .. } => false,
        }
    }
    model.rules.iter().filter_map(|rule| rule.expression.as_ref()).any(|it| wants(it, field))
}

/// Whether the attribute alone identifies a row of the relation.
fn is_key(
    model: &Model,
    design: &LogicalDesign,
    relation: RelationId,
    attribute: AttributeId,
) -> bool {
    let relation = design.relation(relation);
    relation.key == [attribute]
        || relation.attribute(attribute).field.is_some_and(|field| {
            model.field(field).unique
                || model
                    .entity(model.field(field).entity)
                    .unique
                    .iter()
                    .any(|key| key.fields == [field] && key.condition.is_none())
        })
}

/// Whether values of the two kinds can be compared without loss.
fn same_values(left: &FieldKind, right: &FieldKind) -> bool {
    match (left, right) {
        (FieldKind::Integer { .. }, FieldKind::Integer { .. }) => true,
        (FieldKind::Text { .. }, FieldKind::Text { .. }) => true,
        (FieldKind::Unknown, FieldKind::Text { .. }) => true,
        (FieldKind::Text { .. } | FieldKind::Unknown, FieldKind::Unknown) => true,
        (left, right) => left == right,
    }
}
