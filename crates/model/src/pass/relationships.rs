//! Relationships: stated ones matched with the fields that carry them, and those that only
//! references tell of.

use smol_str::SmolStr;
use std::collections::BTreeSet;

use indexmap::IndexMap;
use underpin_base::Span;
use underpin_read::{EntityKind, Fact, RelationshipFact, Statement};

use super::collections;
use super::external_relationships;
use super::inferred_field::inferred_field;
use super::reference_names::{role_fields, short_field};
use super::references::read_on_delete;
use super::shared_owners;
use super::tenants;
use super::weight::{report_disagreement, weight};
use crate::draft::{Draft, origin_of};
use crate::names::{singular_words, words};
use crate::render::on_delete_text;
use crate::{
    Cardinality, End, EntityId, FieldId, FieldKind, OnDelete, Origin, Reference, Relationship,
};

/// What a relationship says, whatever its ends.
pub(super) struct Common {
    pub(super) cardinality: Option<Cardinality>,
    pub(super) from_required: Option<bool>,
    pub(super) on_delete: Option<OnDelete>,
    pub(super) label: Option<String>,
    pub(super) origin: Origin,
    pub(super) span: Span,
}

/// A stated relationship with its ends resolved.
#[derive(Clone)]
pub(super) struct Stated<'s> {
    pub(super) from: EntityId,
    pub(super) to: EntityId,
    cardinality: Option<Cardinality>,
    /// With the place that says so.
    pub(super) from_required: Option<(bool, &'s Statement)>,
    /// With the place that says so.
    on_delete: Option<(OnDelete, &'s Statement)>,
    through: Option<EntityId>,
    label: Option<String>,
    origin: Origin,
    statement: &'s Statement,
    /// The most exact place that gives this cardinality.
    voice: &'s Statement,
}

impl<'s> Stated<'s> {
    fn new(
        from: EntityId,
        to: EntityId,
        through: Option<EntityId>,
        common: Common,
        statement: &'s Statement,
    ) -> Self {
        let Common { cardinality, from_required, on_delete, label, origin, span: _ } = common;
        Self {
            from,
            to,
            cardinality,
            from_required: from_required.map(|required| (required, statement)),
            on_delete: on_delete.map(|action| (action, statement)),
            through,
            label,
            origin,
            statement,
            voice: statement,
        }
    }

    fn pair(&self) -> (EntityId, EntityId) {
        (self.from.min(self.to), self.from.max(self.to))
    }

    /// Whether both may be about one relationship.
    fn agrees(&self, other: &Self) -> bool {
        let direction = (self.from, self.to) == (other.from, other.to)
            || self.cardinality != Some(Cardinality::OneToMany)
            || other.cardinality != Some(Cardinality::OneToMany);
        let cardinality = match (self.cardinality, other.cardinality) {
            (Some(one), Some(two)) => one == two,
            _ => true,
        };
        direction && cardinality
    }

    fn complete(&mut self, draft: &mut Draft<'_>, other: &Self) {
        if self.cardinality.is_none() && other.cardinality.is_some() {
            (self.from, self.to) = (other.from, other.to);
            self.cardinality = other.cardinality;
            self.voice = other.voice;
        }
        if self.cardinality == other.cardinality && weight(other.voice) < weight(self.voice) {
            self.voice = other.voice;
        }
        if (self.from, self.to) == (other.from, other.to) {
            let show = |required: &bool| {
                if *required { "required for each row" } else { "optional" }.to_owned()
            };
            self.from_required =
                self.followed(draft, self.from_required, other.from_required, show);
        }
        let show = |action: &OnDelete| format!("`{}`", on_delete_text(*action));
        self.on_delete = self.followed(draft, self.on_delete, other.on_delete, show);
        self.through = self.through.or(other.through);
        // What one place only suggests another may state.
        if matches!(self.origin, Origin::Inferred(_)) && matches!(other.origin, Origin::Stated) {
            (self.origin, self.statement) = (other.origin.clone(), other.statement);
        }
        if self.label.is_none() {
            self.label.clone_from(&other.label);
        }
    }

    /// Which of two values counts.
    fn followed<T: Copy + PartialEq>(
        &self,
        draft: &mut Draft<'_>,
        one: Option<(T, &'s Statement)>,
        other: Option<(T, &'s Statement)>,
        show: impl Fn(&T) -> String,
    ) -> Option<(T, &'s Statement)> {
        let mut said: Vec<(T, &Statement)> = one.into_iter().chain(other).collect();
        said.sort_by_key(|(_, statement)| weight(statement));
        let path = format!("{} → {}", name(draft, self.from), name(draft, self.to));
        report_disagreement(draft, &path, &said, show, "say the same at both places");
        said.first().copied()
    }
}

fn name<'d>(draft: &'d Draft<'_>, id: EntityId) -> &'d str {
    &draft.model.entity(id).name
}

/// Finds the relationships.
pub(crate) fn run(draft: &mut Draft<'_>) {
    let mut outside = Vec::new();
    let stated = collect(draft, &mut outside);
    let mut taken: BTreeSet<FieldId> = BTreeSet::new();
    let mut placed: BTreeSet<(EntityId, EntityId)> = BTreeSet::new();
    let merged = merge(draft, &stated);
    for relationship in shared_owners::asked(draft, merged) {
        place(draft, relationship, &mut taken, &mut placed);
    }
    from_references(draft, &taken);
    to_tenants(draft, &mut taken, &mut placed);
    external_relationships::place_all(draft, outside);
}

/// Relationships between entities of the model; those with one end outside go to `outside`.
fn collect<'s>(
    draft: &mut Draft<'s>,
    outside: &mut Vec<external_relationships::Stated>,
) -> Vec<Stated<'s>> {
    let mut stated = Vec::new();
    for statement in draft.statements {
        let Fact::Relationship(fact) = &statement.fact else { continue };
        let from = draft.entity_in_phrase(&fact.from).ok_or_else(|| draft.external(&fact.from));
        let to = draft.entity_in_phrase(&fact.to).ok_or_else(|| draft.external(&fact.to));
        for (end, name) in [(from, &fact.from), (to, &fact.to)] {
            if end == Err(None) {
                draft.report_unknown_subject("a relationship", name, statement.span);
            }
        }
        let through = fact.through.as_deref().and_then(|name| {
            let found = draft.entity_in_phrase(name);
            if found.is_none() {
                draft.report_unknown_subject("a join", name, statement.span);
            }
            found
        });
        let common = Common {
            cardinality: cardinality(fact),
            from_required: fact.from_required,
            on_delete: fact.on_delete.as_deref().and_then(read_on_delete),
            label: fact.label.clone().filter(|label| !label.trim().is_empty()),
            origin: origin_of(statement),
            span: statement.span,
        };
        let (entity, external, outside_end) = match (from, to) {
            (Ok(from), Ok(to)) => {
                stated.push(Stated::new(from, to, through, common, statement));
                continue;
            }
            (Ok(entity), Err(Some(external))) => (entity, external, End::To),
            (Err(Some(external)), Ok(entity)) => (entity, external, End::From),
            // Neither end is of this design.
            (Err(_), Err(_)) | (Ok(_), Err(None)) | (Err(None), Ok(_)) => continue,
        };
        outside.push(external_relationships::Stated {
            entity,
            external,
            outside: outside_end,
            through,
            common,
        });
    }
    for one in collections::all(draft) {
        let path = format!("{}.{}", name(draft, one.owner), one.field.name);
        let kind = one.field.type_text.as_deref().unwrap_or_default();
        let common = Common {
            cardinality: one.cardinality.or(Some(Cardinality::OneToMany)),
            from_required: None,
            on_delete: None,
            label: None,
            origin: Origin::Inferred(format!("the type of `{path}` is `{kind}`")),
            span: one.statement.span,
        };
        stated.push(Stated::new(one.owner, one.target, None, common, one.statement));
    }
    stated
}

fn cardinality(fact: &RelationshipFact) -> Option<Cardinality> {
    if fact.through.is_some() {
        return Some(Cardinality::ManyToMany);
    }
    match fact.cardinality? {
        "1:1" => Some(Cardinality::OneToOne),
        "1:N" => Some(Cardinality::OneToMany),
        _ => Some(Cardinality::ManyToMany),
    }
}

/// Documents repeat their relationships: in a diagram, in a list, from either end. For each pair
/// the notation with the most lines leads, since it tells roles apart, and the others complete it.
fn merge<'s>(draft: &mut Draft<'_>, stated: &[Stated<'s>]) -> Vec<Stated<'s>> {
    let mut groups: IndexMap<(EntityId, EntityId), Vec<Stated<'s>>> = IndexMap::new();
    for relationship in stated {
        groups.entry(relationship.pair()).or_default().push(relationship.clone());
    }
    let mut merged = Vec::new();
    for group in groups.into_values() {
        let voice = |one: &Stated<'_>| (one.statement.notation, one.statement.span.document);
        let mut voices: Vec<(_, Vec<Stated<'s>>)> = Vec::new();
        for one in group {
            let known = voices.iter_mut().find(|(name, _)| *name == voice(&one));
            match known {
                None => voices.push((voice(&one), vec![one])),
                Some((_, list)) => {
                    match list.iter_mut().find(|other| other.agrees(&one) && same_role(other, &one))
                    {
                        Some(same) => same.complete(draft, &one),
                        None => list.push(one),
                    }
                }
            }
        }
        let most = voices.iter().map(|(_, list)| list.len()).max().unwrap_or(0);
        let lead = voices.iter().position(|(_, list)| list.len() == most).unwrap_or(0);
        let mut kept = voices.swap_remove(lead).1;
        for other in voices.into_iter().flat_map(|(_, list)| list) {
            let is_beside = kept.iter().all(|one| are_two(draft, one, &other));
            match kept.iter_mut().find(|one| one.agrees(&other)) {
                Some(same) => same.complete(draft, &other),
                None if is_beside => kept.push(other),
                None => {
                    report_conflict(draft, &kept[0], &other);
                    // Several kept ones are told apart by their roles; which was meant is open.
                    if let [only] = kept.as_mut_slice()
                        && weight(other.voice) < weight(only.voice)
                    {
                        (only.from, only.to) = (other.from, other.to);
                        only.cardinality = other.cardinality;
                        only.from_required = other.from_required;
                        only.statement = other.statement;
                        only.voice = other.voice;
                        only.origin = other.origin.clone();
                    }
                }
            }
        }
        merged.extend(kept);
    }
    merged
}

/// Whether two relationships of one pair hold side by side: one is kept by an entity that joins the two, the other by a
/// reference that the many side has: a club's members beside who founded it.
fn are_two(draft: &Draft<'_>, one: &Stated<'_>, other: &Stated<'_>) -> bool {
    let is_joined = |it: &Stated<'_>| {
        it.cardinality == Some(Cardinality::ManyToMany)
            && it.through.is_some_and(|through| through != it.from && through != it.to)
    };
    let is_carried = |it: &Stated<'_>| {
        matches!(it.cardinality, Some(Cardinality::OneToMany | Cardinality::OneToOne))
            && !carriers(draft, it.to, it.from, &BTreeSet::new()).is_empty()
    };
    is_joined(one) && is_carried(other) || is_carried(one) && is_joined(other)
}

/// Two lines of one voice are about one relationship unless their words tell them apart.
fn same_role(one: &Stated<'_>, other: &Stated<'_>) -> bool {
    match (&one.label, &other.label) {
        (Some(one_label), Some(other_label)) => {
            // "places" and "placed by" from either end are one; two labels from one end are two.
            one_label.eq_ignore_ascii_case(other_label)
                || (one.from, one.to) != (other.from, other.to)
        }
        _ => true,
    }
}

fn report_conflict(draft: &mut Draft<'_>, kept: &Stated<'_>, other: &Stated<'_>) {
    let describe = |one: &Stated<'_>| {
        let sign = one.cardinality.map_or("?", Cardinality::as_str);
        format!("`{} {sign} {}`", name(draft, one.from), name(draft, one.to))
    };
    let path = format!("{} → {}", name(draft, kept.from), name(draft, kept.to));
    let mut said = [kept, other].map(|one| (describe(one), one.voice));
    said.sort_by_key(|(_, statement)| weight(statement));
    let advice = "state the same cardinality at both places";
    report_disagreement(draft, &path, &said, String::clone, advice);
}

/// Reference fields of `holder` that lead to `target` and carry no relationship yet.
fn carriers(
    draft: &Draft<'_>,
    holder: EntityId,
    target: EntityId,
    taken: &BTreeSet<FieldId>,
) -> Vec<FieldId> {
    let leads = |reference: &Option<Reference>| {
        reference.as_ref().is_some_and(|reference| reference.entity == target)
    };
    draft
        .model
        .fields_of(holder)
        .filter(|(id, field)| leads(&field.references) && !taken.contains(id))
        .map(|(id, _)| id)
        .collect()
}

/// The field whose name shares most words with the label; the first where none does.
pub(super) fn best(draft: &Draft<'_>, fields: &[FieldId], label: Option<&str>) -> Option<FieldId> {
    let stem = |word: &SmolStr| word.chars().take(4).collect::<String>();
    let label: Vec<String> = label.map(words).unwrap_or_default().iter().map(stem).collect();
    let score = |id: &FieldId| {
        let name = words(&draft.model.field(*id).name);
        name.iter().filter(|word| word.len() > 2 && label.contains(&stem(word))).count()
    };
    fields.iter().copied().rev().max_by_key(|id| score(id))
}

fn place(
    draft: &mut Draft<'_>,
    mut stated: Stated<'_>,
    taken: &mut BTreeSet<FieldId>,
    placed: &mut BTreeSet<(EntityId, EntityId)>,
) {
    let value_object = |id: EntityId| draft.model.entity(id).kind == EntityKind::ValueObject;
    let mut field = None;
    if stated.cardinality == Some(Cardinality::ManyToMany) {
        stated.through = stated.through.or_else(|| join_entity(draft, stated.from, stated.to));
    } else {
        let label = stated.label.as_deref();
        field = best(draft, &carriers(draft, stated.to, stated.from, taken), label);
        if field.is_none() && stated.cardinality != Some(Cardinality::OneToMany) {
            field = best(draft, &carriers(draft, stated.from, stated.to, taken), label);
            if field.is_some() {
                std::mem::swap(&mut stated.from, &mut stated.to);
                stated.from_required = None;
            }
        }
        // What is only inferred, from a drawing say, adds no second reference where the fields have one
        // that leads the other way.
        let is_guess = matches!(stated.origin, Origin::Inferred(_));
        if field.is_none() && is_guess {
            let back = carriers(draft, stated.from, stated.to, &BTreeSet::new());
            if !back.is_empty() {
                return;
            }
        }
        let embedded = value_object(stated.from) || value_object(stated.to);
        let again = placed.contains(&(stated.from, stated.to));
        let polymorphic = draft.model.entity(stated.to).fields.iter();
        let polymorphic = polymorphic.clone().any(|id| draft.polymorphic.contains(id));
        if field.is_none() && !embedded && !again && !polymorphic {
            field = Some(infer_field(draft, &stated));
        }
    }
    let whole_key = field.is_some_and(|id| draft.model.entity(stated.to).primary_key == [id]);
    let unique = whole_key || field.is_some_and(|id| draft.model.field(id).unique);
    let cardinality = stated.cardinality.unwrap_or(if unique {
        Cardinality::OneToOne
    } else {
        Cardinality::OneToMany
    });
    let mut from_required = stated.from_required.map(|(required, _)| required);
    let mut deletion = stated.on_delete.map(|(action, _)| action);
    if let Some(id) = field {
        taken.insert(id);
        let one_to_one = cardinality == Cardinality::OneToOne && !whole_key;
        let of = draft.field_mut(id);
        of.unique |= one_to_one;
        of.required = of.required.or(from_required);
        from_required = of.required;
        if let Some(reference) = &mut of.references {
            reference.on_delete = reference.on_delete.or(deletion);
            deletion = reference.on_delete;
        }
    }
    placed.insert((stated.from, stated.to));
    draft.model.relationships.push(Relationship {
        from: stated.from,
        to: stated.to,
        cardinality,
        from_required,
        on_delete: deletion,
        through: stated.through,
        field,
        label: stated.label,
        origin: stated.origin,
        source: stated.statement.span,
    });
}

/// The entity that joins both: its key is made of references to them, or its name of theirs.
fn join_entity(draft: &Draft<'_>, one: EntityId, other: EntityId) -> Option<EntityId> {
    draft.referring_to_both(one, other).find(|&id| {
        if id == one || id == other {
            return false;
        }
        let entity = draft.model.entity(id);
        let target = |field: &FieldId| {
            draft.model.field(*field).references.as_ref().map(|reference| reference.entity)
        };
        let targets: Vec<EntityId> = entity.fields.iter().filter_map(target).collect();
        let key: Vec<EntityId> = entity.primary_key.iter().filter_map(target).collect();
        let both = |list: &[EntityId]| list.contains(&one) && list.contains(&other);
        let name = words(&entity.name);
        let named_after = |id: EntityId| {
            words(&draft.model.entity(id).name).iter().all(|word| name.contains(word))
        };
        both(&targets)
            && (entity.kind == EntityKind::Join
                || both(&key)
                || (named_after(one) && named_after(other)))
    })
}

/// `parent_set_id`, where rows of one entity have parents among themselves.
fn parent_field(draft: &Draft<'_>, stated: &Stated<'_>) -> Option<FieldId> {
    if stated.from != stated.to {
        return None;
    }
    let mut found = draft.model.fields_of(stated.to).filter(|(_, field)| {
        let name = words(&field.name);
        name.first().is_some_and(|word| word == "parent")
            && name.last().is_some_and(|word| word == "id")
    });
    let (only, _) = found.next()?;
    found.next().is_none().then_some(only)
}

/// `owner_id`, where "User owns FileObjects": the field of the role that the label names, or the
/// only one that a person can have.
fn in_role(draft: &Draft<'_>, stated: &Stated<'_>) -> Option<FieldId> {
    let fields = role_fields(draft, stated.to, stated.from);
    match fields[..] {
        [] => None,
        [only] => Some(only),
        _ => {
            let label: Vec<SmolStr> = stated.label.as_deref().map(words).unwrap_or_default();
            let label: Vec<String> = label.iter().map(|word| stem(word)).collect();
            let mut said = fields.iter().copied().filter(|&id| {
                words(&draft.model.field(id).name).iter().any(|word| label.contains(&stem(word)))
            });
            let only = said.next()?;
            said.next().is_none().then_some(only)
        }
    }
}

/// "owns", "owned" and "owner" begin alike.
fn stem(word: &str) -> String {
    word.chars().take(3).collect()
}

/// A reference field that the relationship needs and no document names.
fn infer_field(draft: &mut Draft<'_>, stated: &Stated<'_>) -> FieldId {
    let (from, to) = (stated.from, stated.to);
    let (from_name, to_name) =
        (draft.model.entity(from).name.clone(), draft.model.entity(to).name.clone());
    let role = if from == to { "parent".to_owned() } else { from_name.clone() };
    let reason = format!("`{to_name}` belongs to `{from_name}` and no document names the field");
    let free = |id: &FieldId| {
        // A whole key is the row's own; a part of one may lead elsewhere, as in a join.
        draft.model.field(*id).references.is_none() && draft.model.entity(to).primary_key != [*id]
    };
    // "customer" among the fields of an order is the key of the customer.
    let untyped = |id: &FieldId| draft.model.field(*id).kind == FieldKind::Unknown;
    // `category_id` may be the reference to PropertyCategory, since the relationship is stated.
    let parts = words(&role);
    let named = (0..parts.len())
        .find_map(|at| draft.field(to, &format!("{} id", parts[at..].join(" "))).filter(free))
        .or_else(|| short_field(draft, to, &parts).filter(free))
        .or_else(|| draft.field(to, &role).filter(|id| free(id) && untyped(id)))
        .or_else(|| parent_field(draft, stated).filter(free))
        .or_else(|| in_role(draft, stated));
    let mut reason = reason;
    let id = match named {
        Some(id) => {
            reason =
                format!("`{to_name}` belongs to `{from_name}`, and this field is named after it");
            id
        }
        None => {
            let kind = match draft.model.entity(from).primary_key.as_slice() {
                [only] => match draft.model.field(*only).kind.clone() {
                    FieldKind::Integer { bits, .. } => FieldKind::Integer { bits, counted: false },
                    kind => kind,
                },
                _ => FieldKind::Unknown,
            };
            let words = format!("{} id", singular_words(&role));
            inferred_field(draft, to, &words, kind, reason.clone(), stated.statement.span)
        }
    };
    let on_delete = stated.on_delete.map(|(action, _)| action);
    let origin = Origin::Inferred(reason);
    draft.refer(id, Reference { entity: from, field: None, on_delete, origin });
    if stated.from_required.is_none() && draft.model.field(id).required.is_none() {
        let path = draft.model.field_path(id);
        draft.ask(
            "required",
            &path,
            format!("Does every `{to_name}` have its `{from_name}`? No document says."),
            "optional",
            Some(stated.statement.span),
        );
    }
    id
}

/// What references tell beyond the stated relationships.
fn from_references(draft: &mut Draft<'_>, taken: &BTreeSet<FieldId>) {
    for id in draft.field_ids().filter(|id| !taken.contains(id)) {
        let field = draft.model.field(id);
        let Some(reference) = &field.references else { continue };
        let whole_key = draft.model.entity(field.entity).primary_key == [id];
        let relationship = Relationship {
            from: reference.entity,
            to: field.entity,
            cardinality: if field.unique || whole_key {
                Cardinality::OneToOne
            } else {
                Cardinality::OneToMany
            },
            from_required: field.required,
            on_delete: reference.on_delete,
            through: None,
            field: Some(id),
            label: None,
            origin: Origin::Inferred(format!(
                "`{}` refers to `{}`",
                draft.model.field_path(id),
                draft.model.entity(reference.entity).name
            )),
            source: field.source,
        };
        draft.model.relationships.push(relationship);
    }
}

/// What is somebody's refers to whose it is.
fn to_tenants(
    draft: &mut Draft<'_>,
    taken: &mut BTreeSet<FieldId>,
    placed: &mut BTreeSet<(EntityId, EntityId)>,
) {
    let Some(said) = tenants::said(draft) else { return };
    for field in tenants::required(draft, &said) {
        draft.field_mut(field).required = Some(true);
        let carried = draft.model.relationships.iter_mut().filter(|it| it.field == Some(field));
        carried.for_each(|it| it.from_required = Some(true));
    }
    let question = tenants::question(draft, &said);
    draft.ask_question(question);
    let (tenant, statement) = (said.tenant, said.statement);
    for entity in tenants::without_reference(draft, &said) {
        let common = Common {
            cardinality: Some(Cardinality::OneToMany),
            from_required: Some(true),
            on_delete: None,
            label: None,
            origin: Origin::Inferred(format!("each row belongs to one {}", name(draft, tenant))),
            span: statement.span,
        };
        let stated = Stated::new(tenant, entity, None, common, statement);
        place(draft, stated, taken, placed);
    }
}
