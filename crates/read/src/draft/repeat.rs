//! Whether a drafted statement only repeats what was read: then it adds nothing, and nothing of it is
//! kept twice.

use std::collections::BTreeMap;

use crate::render::{fact_subject, fact_text};
use crate::words::fold;
use crate::{EntityKind, Fact, FieldFact, FilterFact, Statement};

/// What was read, by kind and subject.
#[derive(Debug)]
pub(super) struct Known {
    places: BTreeMap<(String, String), Vec<usize>>,
}

impl Known {
    pub(super) fn new(statements: &[Statement]) -> Self {
        let mut places: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
        for (at, statement) in statements.iter().enumerate() {
            if statement.is_stated() {
                places.entry(key(&statement.fact)).or_default().push(at);
            }
        }
        Self { places }
    }

    /// Whether all that a fact says stands in the statements already.
    pub(super) fn says(&self, statements: &[Statement], fact: &Fact) -> bool {
        let Some(places) = self.places.get(&key(fact)) else { return false };
        let known: Vec<&Fact> = places.iter().map(|&at| &statements[at].fact).collect();
        match fact {
            Fact::Field { field, .. } => says_field(&known, field),
            _ => known.iter().any(|one| says(one, fact)),
        }
    }
}

/// Facts of other keys say nothing of each other.
fn key(fact: &Fact) -> (String, String) {
    let text = fact_text(fact);
    let kind = match fact {
        Fact::Entity(_) => "entity",
        Fact::Index(_) => "index",
        // The text form of any other begins with its kind.
        _ => text.split(' ').next().unwrap_or_default(),
    };
    let kind = kind.to_owned();
    let subject = match fact {
        // The name of a pattern is only a title, and a life cycle may leave its field out.
        Fact::AccessPattern(pattern) => fold(pattern.entity.as_deref().unwrap_or_default()),
        Fact::Lifecycle { entity, .. } | Fact::Transition { entity, .. } => fold(entity),
        Fact::Rule { text, .. } => fold(text),
        Fact::Relationship(it) => {
            let mut ends = [fold(&it.from), fold(&it.to)];
            ends.sort();
            ends.join(" ")
        }
        // Each name by itself, since each may be in the plural.
        _ => fact_subject(fact)
            .split(['.', '(', ')', ',', ' '])
            .map(fold)
            .collect::<Vec<_>>()
            .join(" "),
    };
    (kind, subject)
}

fn says_field(known: &[&Fact], drafted: &FieldFact) -> bool {
    let fields: Vec<&FieldFact> = known
        .iter()
        .filter_map(|fact| if let Fact::Field { field, .. } = fact { Some(field) } else { None })
        .collect();
    let any = |says: &dyn Fn(&FieldFact) -> bool| fields.iter().any(|field| says(field));
    let flag = |drafted: Option<bool>, member: fn(&FieldFact) -> Option<bool>| {
        drafted.is_none() || any(&|field| member(field) == drafted)
    };
    let text = |drafted: &Option<String>, member: fn(&FieldFact) -> &Option<String>| {
        drafted.as_ref().is_none_or(|text| any(&|field| same_text(member(field).as_ref(), text)))
    };
    text(&drafted.type_text, |field| &field.type_text)
        && text(&drafted.default, |field| &field.default)
        && flag(drafted.required, |field| field.required)
        && flag(drafted.unique, |field| field.unique)
        && flag(drafted.primary_key, |field| field.primary_key)
        && (drafted.description.is_none() || any(&|field| field.description.is_some()))
        && (drafted.enum_values.is_empty()
            || any(&|field| all_in(&drafted.enum_values, &field.enum_values)))
        && drafted.constraints.iter().all(|rule| {
            any(&|field| field.constraints.iter().any(|known| same_text(Some(known), rule)))
        })
        && drafted.references.as_ref().is_none_or(|target| {
            any(&|field| {
                field.references.as_ref().is_some_and(|known| {
                    fold(&known.entity) == fold(&target.entity)
                        && covered(target.on_delete.as_ref(), known.on_delete.as_ref())
                        && (target.field.is_none()
                            || same(target.field.as_deref(), known.field.as_deref()))
                })
            })
        })
}

/// Whether one fact says all that another one of the same key says.
fn says(known: &Fact, drafted: &Fact) -> bool {
    match (known, drafted) {
        (Fact::Entity(known), Fact::Entity(it)) => {
            (it.kind == EntityKind::Entity || it.kind == known.kind)
                && (it.table.is_none() || same(it.table.as_deref(), known.table.as_deref()))
                && (it.description.is_none() || known.description.is_some())
        }
        (Fact::Enumeration { values: known, .. }, Fact::Enumeration { values, .. }) => {
            all_in(values, known)
        }
        (Fact::Relationship(known), Fact::Relationship(it)) => {
            let ends = fold(&known.from) == fold(&it.from) || it.cardinality != Some("1:N");
            ends && (it.cardinality.is_none() || it.cardinality == known.cardinality)
                && covered(it.from_required.as_ref(), known.from_required.as_ref())
                && covered(it.to_required.as_ref(), known.to_required.as_ref())
                && covered(it.on_delete.as_ref(), known.on_delete.as_ref())
                && covered(it.through.as_ref(), known.through.as_ref())
                && it.label.as_ref().is_none_or(|label| same_text(known.label.as_ref(), label))
        }
        (Fact::PrimaryKey { fields: known, .. }, Fact::PrimaryKey { fields, .. }) => {
            known.len() == fields.len() && all_in(fields, known)
        }
        (
            Fact::Unique { fields: known, condition: one, .. },
            Fact::Unique { fields, condition: other, .. },
        ) => known.len() == fields.len() && all_in(fields, known) && one == other,
        (
            Fact::Lifecycle { states: known, initial: first, .. },
            Fact::Lifecycle { states, initial, .. },
        ) => all_in(states, known) && covered(initial.as_ref(), first.as_ref()),
        (
            Fact::Transition { from: known, to: known_to, on: known_on, .. },
            Fact::Transition { from, to, on, .. },
        ) => {
            fold(known) == fold(from)
                && fold(known_to) == fold(to)
                && on.as_ref().is_none_or(|on| same_text(known_on.as_ref(), on))
        }
        (Fact::Rule { entity: known, .. }, Fact::Rule { entity, .. }) => {
            same(known.as_deref(), entity.as_deref())
        }
        (Fact::Aggregate { members: known, .. }, Fact::Aggregate { members, .. }) => {
            all_in(members, known)
        }
        (Fact::Context { entities: known, .. }, Fact::Context { entities, .. }) => {
            all_in(entities, known)
        }
        (Fact::AccessPattern(known), Fact::AccessPattern(it)) => {
            let conditions = |filter: &[FilterFact]| {
                let mut all: Vec<_> = filter
                    .iter()
                    .map(|one| (fold(last(&one.field)), one.operator.clone()))
                    .collect();
                all.sort();
                all
            };
            let order =
                |sort: &[String]| sort.iter().map(|part| fold(last(part))).collect::<Vec<_>>();
            known.kind == it.kind
                && conditions(&known.filter) == conditions(&it.filter)
                && order(&known.sort) == order(&it.sort)
                && covered(it.limit.as_ref(), known.limit.as_ref())
                && covered(it.per_second.as_ref(), known.per_second.as_ref())
                && covered(it.latency_ms.as_ref(), known.latency_ms.as_ref())
                && covered(it.staleness_s.as_ref(), known.staleness_s.as_ref())
                && all_in(&it.joins, &known.joins)
        }
        (Fact::Index(known), Fact::Index(it)) => {
            known.columns.len() == it.columns.len()
                && all_in(&it.columns, &known.columns)
                && known.unique == it.unique
        }
        (
            Fact::Volume { rows: known, growth_per_month: known_growth, .. },
            Fact::Volume { rows, growth_per_month, .. },
        ) => {
            covered(rows.as_ref(), known.as_ref())
                && covered(growth_per_month.as_ref(), known_growth.as_ref())
        }
        (Fact::Retention { days: known, .. }, Fact::Retention { days, .. }) => known == days,
        (Fact::Partitioning(known), Fact::Partitioning(it)) => {
            covered(it.method.as_ref(), known.method.as_ref())
                && all_in(&it.fields, &known.fields)
                && covered(it.period.as_ref(), known.period.as_ref())
                && covered(it.count.as_ref(), known.count.as_ref())
                && it.lists.iter().all(|part| known.lists.contains(part))
                && covered(it.others.as_ref(), known.others.as_ref())
        }
        (Fact::Sensitivity { category: known, .. }, Fact::Sensitivity { category, .. }) => {
            known == category
        }
        (
            Fact::Load { measure: known_measure, value: known, .. },
            Fact::Load { measure, value, .. },
        ) => known_measure == measure && covered(Some(value), Some(known)),
        (Fact::Recovery { seconds: known, .. }, Fact::Recovery { seconds, .. }) => known == seconds,
        (Fact::Tenancy { .. }, Fact::Tenancy { .. }) => true,
        _ => known == drafted,
    }
}

/// Whether there is nothing to cover, or the same is known.
fn covered<T: PartialEq>(drafted: Option<&T>, known: Option<&T>) -> bool {
    drafted.is_none() || drafted == known
}

fn same(one: Option<&str>, other: Option<&str>) -> bool {
    one.map(fold) == other.map(fold)
}

fn same_text(known: Option<&String>, drafted: &str) -> bool {
    let plain = |text: &str| {
        text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect::<String>()
    };
    known.is_some_and(|known| plain(known) == plain(drafted))
}

fn all_in(some: &[String], all: &[String]) -> bool {
    some.iter().all(|one| all.iter().any(|other| fold(other) == fold(one)))
}

/// A field without the entity before it.
fn last(field: &str) -> &str {
    field.rsplit_once('.').map_or(field, |(_, name)| name)
}
