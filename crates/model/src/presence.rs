//! Whether a field must have a value where no document says so.
//!
//! Documents mark the exception. Where an entity marks some fields as optional, the unmarked ones
//! are required; where it marks some as required, the unmarked ones are optional; where it marks
//! none, a value is required, because a column that may be empty is the choice that cannot be
//! taken back cheaply. Only what is said of the field itself is a mark: that a relationship asks for a reference says
//! nothing of the fields beside it. A state is always known, and so is the moment at which a row was added or changed;
//! what a row cannot have when it is added is never required, nor is what a rule asks for under a condition, nor,
//! where nothing is marked as optional, what people leave empty (`later_names.rs`).

use crate::later_names;
use crate::names::words;
use crate::{EntityId, Expression, Field, FieldId, FieldKind, Model, Origin, Presumptions};

/// Names that documents give to the time at which a row was added.
const CREATED: [&str; 5] = ["createdat", "createdon", "created", "datecreated", "insertedat"];
/// Names that documents give to the time of the last change.
const TOUCHED: [&str; 8] = [
    "updatedat",
    "modifiedat",
    "lastmodifiedat",
    "lastupdatedat",
    "updatedon",
    "modified",
    "lastmodified",
    "dateupdated",
];
/// What is presumed of the fields of an entity that no document marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presumed {
    /// Each unmarked field with whether it must have a value, in order.
    pub fields: Vec<(FieldId, bool)>,
    /// Whether the entity marks other fields as required.
    pub some_required: bool,
    /// Whether the entity marks other fields as optional.
    pub some_optional: bool,
    /// Whether one of them is left open because a new row cannot have it.
    pub some_later: bool,
    /// Those that are left open because their names are those of what people leave empty.
    pub left_empty: Vec<FieldId>,
    /// Those that hold a state, and are required for that alone.
    pub states: Vec<FieldId>,
}

impl Presumptions<'_> {
    /// What is presumed of the fields of an entity that no document marks.
    pub fn required(&self, entity: EntityId) -> Presumed {
        let model = self.model;
        // A key is always required, so its mark says nothing of the document's habit.
        let key = &model.entity(entity).primary_key;
        let marks = |wanted: bool| {
            model.fields_of(entity).any(|(id, field)| {
                !key.contains(&id) && field.marked && field.required == Some(wanted)
            })
        };
        let (some_required, some_optional) = (marks(true), marks(false));
        let mut presumed = Presumed {
            fields: Vec::new(),
            some_required,
            some_optional,
            some_later: false,
            left_empty: Vec::new(),
            states: Vec::new(),
        };
        for (id, field) in model.fields_of(entity).filter(|(_, field)| field.required.is_none()) {
            let is_moment = field.kind == FieldKind::Timestamp && is_moment_of_writing(&field.name);
            let is_state = self.is_state(id);
            let known = key.contains(&id) || is_moment || is_state;
            let needed = field.default.is_some() || some_optional || !some_required;
            let later = field.default.is_none() && self.comes_later(id, field, some_optional);
            let is_left_empty = needed && !later && !some_optional && may_lack(model, id, field);
            let presumed_so =
                needed && !later && !is_left_empty && !self.is_inferred_without_need(id, field);
            let required = known || presumed_so;
            if is_state && !presumed_so {
                presumed.states.push(id);
            }
            presumed.some_later |= needed && later && !known;
            if is_left_empty && !known {
                presumed.left_empty.push(id);
            }
            presumed.fields.push((id, required));
        }
        presumed
    }

    /// Whether a field holds the state of its row: of a life cycle, or one of the values that a document lists for a field of
    /// that name. No row is without one: NULL would be one more state, which nothing leads to and no CHECK refuses.
    fn is_state(&self, id: FieldId) -> bool {
        let field = self.model.field(id);
        let is_listed = matches!(field.kind, FieldKind::Enumeration(_));
        let is_named = words(&field.name).last().is_some_and(|it| it == "status" || it == "state");
        is_listed && is_named || self.has_life_cycle(id)
    }

    /// Whether this is a reference that was inferred, of which it is known that a row may do without.
    fn is_inferred_without_need(&self, id: FieldId, field: &Field) -> bool {
        matches!(field.origin, Origin::Inferred(_))
            && self.relationships_by(id).iter().any(|it| it.from_required == Some(false))
    }

    /// Whether a new row cannot have it: the first row of a tree has no other to refer to, and what
    /// happens to a row happens after it was added.
    fn comes_later(&self, id: FieldId, field: &Field, some_optional: bool) -> bool {
        if self.relationships_by(id).iter().any(|it| it.from == it.to) {
            return true;
        }
        // "Required when the state is rejected" would say nothing of a field that is always there.
        let of_field = field.rules.iter().map(|&rule| self.model.rule(rule));
        let mut rules = of_field.filter_map(|rule| rule.expression.as_ref());
        if rules.any(|rule| asks_whether(rule, id)) {
            return true;
        }
        // "At most one charge that is not voided": some are not.
        let keys = &self.model.entity(field.entity).unique;
        let conditions = keys.iter().filter_map(|key| key.condition.as_ref());
        if conditions.into_iter().any(|condition| speaks_of_presence(condition, id)) {
            return true;
        }
        matches!(field.kind, FieldKind::Timestamp | FieldKind::Date)
            && later_names::is_later_moment(&field.name, some_optional)
    }
}

/// Whether a name is that of the moment at which a row was added or last changed.
pub fn is_moment_of_writing(name: &str) -> bool {
    CREATED.contains(&&*plain(name)) || is_moment_of_change(name)
}

/// Whether a name is that of the moment at which a row was last changed.
pub fn is_moment_of_change(name: &str) -> bool {
    TOUCHED.contains(&&*plain(name))
}

fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether a rule asks, under a condition or as one of several, whether a field holds a value: there are
/// rows in which it does not.
fn asks_whether(rule: &Expression<FieldId>, id: FieldId) -> bool {
    if let Expression::All(list) = rule {
        return list.iter().any(|item| asks_whether(item, id));
    }
    !matches!(rule, Expression::IsPresent(_)) && speaks_of_presence(rule, id)
}

/// Whether a part of a rule is about the presence of a field.
fn speaks_of_presence(part: &Expression<FieldId>, id: FieldId) -> bool {
    match part {
        Expression::IsPresent(field) => *field == id,
        Expression::All(list) | Expression::Any(list) => {
            list.iter().any(|item| speaks_of_presence(item, id))
        }
        Expression::Implies(when, then) => {
            speaks_of_presence(when, id) || speaks_of_presence(then, id)
        }
        Expression::Not(inner) => speaks_of_presence(inner, id),
        Expression::Apart { condition, .. } | Expression::Together { condition, .. } => {
            condition.iter().any(|condition| speaks_of_presence(condition, id))
        }
        Expression::Field(_)
        | Expression::Literal(_)
        | Expression::Compare(..)
        | Expression::Calculate(..)
        | Expression::OneOf(..)
        | Expression::Length(_)
        | Expression::Matches(..)
        | Expression::JsonForm(..) => false,
    }
}

/// Whether an ordinary row may do without a text, by its name. What is unique tells rows apart, and what refers to
/// another row is no text.
fn may_lack(model: &Model, id: FieldId, field: &Field) -> bool {
    let entity = model.entity(field.entity);
    let is_text =
        matches!(field.kind, FieldKind::Text { .. } | FieldKind::Unknown | FieldKind::Uuid);
    is_text
        && field.default.is_none()
        && field.references.is_none()
        && !field.unique
        && !entity.unique.iter().any(|key| key.fields.contains(&id))
        && later_names::may_be_left_empty(&field.name, &entity.name)
}
