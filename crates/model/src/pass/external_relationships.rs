//! Relationships with entities of other systems, matched with the fields that hold their keys.

use std::collections::BTreeSet;

use super::inferred_field::inferred_field;
use super::relationships::Common;
use crate::draft::Draft;
use crate::names::words;
use crate::{
    Cardinality, End, EntityId, ExternalId, ExternalReference, ExternalRelationship, FieldId,
    FieldKind, Origin,
};

/// A stated relationship, one end of which lives outside.
pub(super) struct Stated {
    pub(super) entity: EntityId,
    pub(super) external: ExternalId,
    pub(super) outside: End,
    pub(super) through: Option<EntityId>,
    pub(super) common: Common,
}

/// Places the stated ones, then those that only fields tell of.
pub(super) fn place_all(draft: &mut Draft<'_>, stated: Vec<Stated>) {
    let mut taken: BTreeSet<FieldId> = BTreeSet::new();
    let mut kept: BTreeSet<(EntityId, ExternalId, End, Option<String>)> = BTreeSet::new();
    for one in stated {
        // Documents repeat their relationships; the first leads.
        let label = one.common.label.as_deref().map(str::to_lowercase);
        let plain = (one.entity, one.external, one.outside, None);
        if kept.contains(&plain) || !kept.insert((one.entity, one.external, one.outside, label)) {
            continue;
        }
        kept.insert(plain);
        place(draft, one, &mut taken);
    }
    share_key_type(draft);
    from_fields(draft, &taken);
}

fn place(draft: &mut Draft<'_>, stated: Stated, taken: &mut BTreeSet<FieldId>) {
    let Stated { entity, external, outside, through, common } = stated;
    let cardinality = common.cardinality.unwrap_or(Cardinality::OneToMany);
    let holder = match (cardinality, outside) {
        // The row that belongs to another holds its key; of an equal pair, the one that we store.
        (Cardinality::OneToMany, End::From) | (Cardinality::OneToOne, _) => Some(entity),
        (Cardinality::OneToMany, End::To) => None,
        (Cardinality::ManyToMany, _) => through,
    };
    let field = holder.map(|holder| {
        carrier(draft, holder, external, common.label.as_deref(), taken)
            .unwrap_or_else(|| infer_field(draft, holder, external, &common))
    });
    let mut from_required = common.from_required;
    if let Some(id) = field {
        taken.insert(id);
        let whole_key = draft.model.entity(draft.model.field(id).entity).primary_key == [id];
        let of = draft.field_mut(id);
        of.unique |= cardinality == Cardinality::OneToOne && !whole_key;
        if outside == End::From {
            of.required = of.required.or(from_required);
            from_required = of.required;
        }
    }
    if cardinality == Cardinality::ManyToMany && through.is_none() {
        let (name, other) =
            (draft.model.entity(entity).name.clone(), draft.model.external(external).name.clone());
        let text = format!(
            "Where are the pairs of `{name}` and `{other}` stored? `{other}` lives elsewhere, and \
             no document names an entity that joins them."
        );
        let words = format!("{name} {other}");
        draft.ask_about("pairs", &words, &name, text, "not here", Some(common.span));
    }
    draft.model.external_relationships.push(ExternalRelationship {
        entity,
        external,
        outside,
        cardinality,
        from_required,
        on_delete: common.on_delete,
        field,
        label: common.label,
        origin: common.origin,
        source: common.span,
    });
}

/// The field of `holder` that holds the key, by the words of the label where there are several.
fn carrier(
    draft: &Draft<'_>,
    holder: EntityId,
    external: ExternalId,
    label: Option<&str>,
    taken: &BTreeSet<FieldId>,
) -> Option<FieldId> {
    let leads = |id: &FieldId| {
        let reference = &draft.model.field(*id).external;
        reference.as_ref().is_some_and(|reference| reference.external == external)
            && !taken.contains(id)
    };
    let fields: Vec<FieldId> =
        draft.model.entity(holder).fields.iter().copied().filter(leads).collect();
    super::relationships::best(draft, &fields, label)
}

/// The field that a stated relationship needs and no document names.
fn infer_field(
    draft: &mut Draft<'_>,
    holder: EntityId,
    external: ExternalId,
    common: &Common,
) -> FieldId {
    let name = draft.model.external(external).name.clone();
    let bare = name.rsplit_once('.').map_or(name.as_str(), |(_, bare)| bare);
    let mut role = words(bare);
    if let Some(last) = role.last_mut()
        && bare.chars().next().is_some_and(char::is_lowercase)
        && last.len() > 3
        && last.ends_with('s')
        && !last.ends_with("ss")
    {
        // `auth.users` are many, and the row belongs to one.
        *last = last[..last.len() - 1].into();
    }
    let reason = format!(
        "`{}` belongs to `{name}` and no document names the field",
        draft.model.entity(holder).name
    );
    let wanted = format!("{} id", role.join(" "));
    let free = |id: &FieldId| {
        draft.model.field(*id).references.is_none() && draft.model.field(*id).external.is_none()
    };
    let id = draft.field(holder, &wanted).filter(free).unwrap_or_else(|| {
        let kind = FieldKind::Unknown;
        inferred_field(draft, holder, &wanted, kind, reason.clone(), common.span)
    });
    draft.field_mut(id).external = Some(ExternalReference {
        external,
        field: None,
        on_delete: common.on_delete,
        origin: Origin::Inferred(reason),
    });
    id
}

/// All keys of one outside entity have one type: where one field states it, the others take it.
fn share_key_type(draft: &mut Draft<'_>) {
    let mut kinds: Vec<Option<FieldKind>> = vec![None; draft.model.externals.len()];
    for field in &draft.model.fields {
        let Some(reference) = &field.external else { continue };
        let first = &mut kinds[reference.external.index()];
        if first.is_none() && field.kind != FieldKind::Unknown {
            *first = Some(match field.kind.clone() {
                FieldKind::Integer { bits, .. } => FieldKind::Integer { bits, counted: false },
                kind => kind,
            });
        }
    }
    for id in draft.field_ids() {
        let field = draft.model.field(id);
        let Some(reference) = &field.external else { continue };
        if field.kind != FieldKind::Unknown {
            continue;
        }
        let (path, name) =
            (draft.model.field_path(id), draft.model.external(reference.external).name.clone());
        match &kinds[reference.external.index()] {
            Some(kind) => draft.field_mut(id).kind = kind.clone(),
            None => {
                let source = draft.model.field(id).source;
                let text = format!(
                    "What is the type of `{path}`? It holds the key of `{name}`, which lives \
                     elsewhere, and no document gives its type."
                );
                draft.ask("type", &path, text, "text", Some(source));
            }
        }
    }
}

/// What fields tell beyond the stated relationships.
fn from_fields(draft: &mut Draft<'_>, taken: &BTreeSet<FieldId>) {
    for id in draft.field_ids().filter(|id| !taken.contains(id)) {
        let field = draft.model.field(id);
        let Some(reference) = &field.external else { continue };
        let whole_key = draft.model.entity(field.entity).primary_key == [id];
        let one = field.unique || whole_key;
        let relationship = ExternalRelationship {
            entity: field.entity,
            external: reference.external,
            outside: End::From,
            cardinality: if one { Cardinality::OneToOne } else { Cardinality::OneToMany },
            from_required: field.required,
            on_delete: reference.on_delete,
            field: Some(id),
            label: None,
            origin: Origin::Inferred(format!(
                "`{}` refers to `{}`",
                draft.model.field_path(id),
                draft.model.external(reference.external).name
            )),
            source: field.source,
        };
        draft.model.external_relationships.push(relationship);
    }
}
