//! What rows last from and to, told by the names of their fields: `starts_at` and `ends_at`, `valid_from` and
//! `valid_to`.

use smol_str::SmolStr;

use crate::names::{fold_field, words};
use crate::{Comparison, EntityId, Expression, FieldId, FieldKind, Model, Presumptions, rule};

/// Words of a beginning, and those of its end in the same place of a name.
const ENDS: &[(&str, &[&str])] = &[
    ("start", &["end", "finish"]),
    ("starts", &["ends", "finishes"]),
    ("starting", &["ending"]),
    ("started", &["ended", "finished", "stopped"]),
    ("open", &["close"]),
    ("opens", &["closes"]),
    ("opening", &["closing"]),
    ("begin", &["end"]),
    ("begins", &["ends"]),
    ("from", &["to", "until", "till", "through"]),
    ("since", &["until", "till"]),
    ("checkin", &["checkout"]),
    ("in", &["out"]),
    ("arrival", &["departure"]),
    ("arrives", &["departs", "leaves"]),
    ("pickup", &["return", "dropoff"]),
    ("first", &["last"]),
];

/// Words that begin a stay and end a journey: which of the two comes first, a name does not tell.
const EITHER_WAY: [&str; 2] = ["arrival", "arrives"];

/// Pairs of fields of one kind between which a row lasts.
pub(crate) fn spans(
    model: &Model,
    entity: EntityId,
    times: fn(&FieldKind) -> bool,
) -> Vec<(FieldId, FieldId)> {
    let mut found = Vec::new();
    for (from, field) in model.fields_of(entity).filter(|(_, it)| times(&it.kind)) {
        let name = words(&field.name);
        for (start, ends) in ENDS {
            let is_either = EITHER_WAY.contains(start);
            for at in name.iter().enumerate().filter(|(_, word)| word == start).map(|(at, _)| at) {
                let others = ends.iter().map(|end| {
                    let mut other = name.clone();
                    other[at] = SmolStr::new_static(end);
                    fold_field(&other.join(" "))
                });
                let others: Vec<String> = others.collect();
                // When something was first and last seen is no span.
                if *start == "first" && field.kind != FieldKind::Date {
                    continue;
                }
                found.extend(
                    model
                        .fields_of(entity)
                        .filter(|(_, it)| it.kind == field.kind)
                        .filter(|(_, it)| others.contains(&fold_field(&it.name)))
                        // Who departs first and who arrives first is told by what stands first.
                        .map(
                            |(to, _)| if is_either && to < from { (to, from) } else { (from, to) },
                        ),
                );
            }
        }
    }
    found
}

/// The one pair of moments of which a rule says that the second is not before the first: `emptied_at` after `filled_at`.
pub(crate) fn compared(model: &Model, entity: EntityId) -> Option<(FieldId, FieldId)> {
    let is_time =
        |id: FieldId| matches!(model.field(id).kind, FieldKind::Date | FieldKind::Timestamp);
    let rules = model.rules.iter().filter(|rule| rule.entity == entity);
    let mut found = rules.filter_map(|rule| {
        let Some(Expression::Compare(left, how, right)) = &rule.expression else { return None };
        let (Expression::Field(left), Expression::Field(right)) = (&**left, &**right) else {
            return None;
        };
        (is_time(*left) && is_time(*right)).then_some(())?;
        match how {
            Comparison::Greater | Comparison::GreaterOrEqual => Some((*right, *left)),
            Comparison::Less | Comparison::LessOrEqual => Some((*left, *right)),
            Comparison::Equal | Comparison::NotEqual => None,
        }
    });
    let only = found.next()?;
    found.all(|other| other == only).then_some(only)
}

impl Presumptions<'_> {
    /// Pairs of moments or days of which only the names say that the second is not before the first: no rule compares
    /// them, and no document lets a row end before it begins. Times of day are left out, since a shift may end the next
    /// day.
    pub fn spans(&self, entity: EntityId) -> Vec<(FieldId, FieldId)> {
        let model = self.model;
        let mut found =
            spans(model, entity, |kind| matches!(kind, FieldKind::Date | FieldKind::Timestamp));
        if found.is_empty() {
            return found;
        }
        let rules = self.rules_of(entity);
        if rules.iter().any(|rule| rule::allowed::lets_end_early(&rule.text)) {
            return Vec::new();
        }
        found.retain(|(from, to)| {
            let is_either = [from, to].iter().any(|end| {
                let name = words(&model.field(**end).name);
                name.iter().any(|word| EITHER_WAY.contains(&word.as_str()))
            });
            let is_compared = rules
                .iter()
                .filter_map(|rule| rule.expression.as_ref())
                .map(Expression::fields)
                .any(|fields| fields.contains(from) && fields.contains(to));
            !is_either && !is_compared
        });
        found
    }
}
