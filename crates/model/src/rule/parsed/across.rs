//! What the values of a row are held against in the row that it belongs to: "The load of a run never exceeds the capacity of
//! its tank", "A cut lies within the depths of its section". No CHECK sees both rows.

use super::super::binding::binding_parts;
use super::super::clause::{Clause, Link, parse};
use super::super::permanence::without_label;
use super::super::rephrased::rephrased;
use super::beside::NamedEntities;
use super::bound;
use super::operand::comparisons;
use super::scope::{Scope, Want, bare};
use crate::names::words;
use crate::spans::spans;
use crate::{Comparison, EntityId, FieldId, FieldKind, Model};

/// A value of a row, held against one of the row that it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Across {
    /// Whose rows.
    pub rows: EntityId,
    /// The field by which they refer to their owner.
    pub by: FieldId,
    /// The value.
    pub own: FieldId,
    /// How it is held against the other.
    pub comparison: Comparison,
    /// The owner's value.
    pub theirs: FieldId,
}

impl NamedEntities {
    /// As [`Self::across`]; of each part of a sentence that says several things.
    pub fn across_in(&self, model: &Model, text: &str) -> Vec<Across> {
        let whole = self.across(model, text);
        if !whole.is_empty() {
            return whole;
        }
        binding_parts(text).iter().flat_map(|part| self.across(model, part)).collect()
    }

    /// What a sentence holds rows to by their owner's values; nothing where it says anything else.
    pub fn across(&self, model: &Model, text: &str) -> Vec<Across> {
        let text = without_label(text);
        // "…; the first and the last day count" says once more what "within" says.
        let text = text.split(['.', ';']).next().unwrap_or(text);
        let of = |text: &str| {
            let text = text.to_lowercase().replace(['`', '"'], "");
            let clause = parse(&text).filter(Clause::is_firm)?;
            (clause.only.is_none() && !clause.exclusive).then_some(())?;
            let named = self.in_text(&text);
            let mut found = named.iter().filter_map(|&rows| {
                let scope = Scope { model, entity: rows, field: None };
                let owners = named.iter().filter(|&&it| it != rows);
                owners.copied().find_map(|owner| Pair::new(&scope, owner)?.meaning(&clause))
            });
            let only = found.next()?;
            found.next().is_none().then_some(only)
        };
        of(text).or_else(|| rephrased(text).iter().find_map(|other| of(other))).unwrap_or_default()
    }
}

/// Rows and the one owner that they have.
struct Pair<'s, 'm> {
    rows: &'s Scope<'m>,
    owner: Scope<'m>,
    by: FieldId,
}

impl<'s, 'm> Pair<'s, 'm> {
    fn new(rows: &'s Scope<'m>, owner: EntityId) -> Option<Self> {
        let mut to = rows
            .model
            .fields_of(rows.entity)
            .filter(|(_, field)| field.references.as_ref().is_some_and(|to| to.entity == owner));
        let (by, _) = to.next()?;
        let owner = Scope { model: rows.model, entity: owner, field: None };
        to.next().is_none().then_some(Self { rows, owner, by })
    }

    fn meaning(&self, clause: &Clause) -> Option<Vec<Across>> {
        self.within(clause).or_else(|| self.compared(clause))
    }

    /// "The load of a run never exceeds the capacity of its tank".
    fn compared(&self, clause: &Clause) -> Option<Vec<Across>> {
        let (said, conditions) = bound::said(clause)?;
        conditions.is_empty().then_some(())?;
        let parts = comparisons(&said, clause.negated)?;
        let (fields, rows) = bound::compared(self.rows, clause)?;
        let ([own], None) = (fields.as_slice(), rows) else { return None };
        let each = parts.into_iter().map(|(comparison, phrase)| {
            let theirs = self.of_owner(&phrase)?;
            self.held(*own, comparison, theirs)
        });
        each.collect()
    }

    /// "`drilled_on` of a core lies within the dates of its campaign", "a cut lies within the depths of its section".
    fn within(&self, clause: &Clause) -> Option<Vec<Across>> {
        let phrase = match clause.conditions.as_slice() {
            [(Link::Within, phrase)] if clause.object.is_empty() => phrase.as_str(),
            [] => clause.object.strip_prefix("within ")?,
            _ => return None,
        };
        (!clause.negated
            && matches!(
                clause.verb.as_str(),
                "lie" | "lies" | "be" | "fall" | "falls" | "stay" | "stays"
            ))
        .then_some(())?;
        let (name, owner) = phrase.rsplit_once(" of ")?;
        self.owner.is_called(owner).then_some(())?;
        let (from, to) = span(&self.owner, bare(name))?;
        let ends = match self.rows.rows(&clause.subject) {
            Some(None) => {
                // The row's own ends are called as those of its owner.
                let same = |id: FieldId| self.rows.field_spelled(&self.owner.model.field(id).name);
                [same(from)?, same(to)?]
            }
            Some(Some(_)) => return None,
            None => {
                let own = self.rows.field_of(&clause.subject, Want::Any)?;
                [own, own]
            }
        };
        [
            self.held(ends[0], Comparison::GreaterOrEqual, from),
            self.held(ends[1], Comparison::LessOrEqual, to),
        ]
        .into_iter()
        .collect()
    }

    /// The owner's value that a phrase names: "the capacity of its tank", "its tank's capacity".
    fn of_owner(&self, phrase: &str) -> Option<FieldId> {
        let of = phrase.rsplit_once(" of ");
        let (name, owner) = of.or_else(|| {
            let (owner, name) = phrase.split_once("'s ")?;
            Some((name, owner))
        })?;
        self.owner.is_called(owner).then_some(())?;
        self.owner.field_of(bare(name), Want::Any)
    }

    /// Two values of one kind, neither of which refers to anything.
    fn held(&self, own: FieldId, comparison: Comparison, theirs: FieldId) -> Option<Across> {
        let is_number = self.rows.is_number(own) && self.owner.is_number(theirs);
        let is_moment = self.rows.is_moment(own) && self.owner.is_moment(theirs);
        let model = self.rows.model;
        let is_value = |id: FieldId| model.field(id).references.is_none();
        let is_order = !matches!(comparison, Comparison::NotEqual | Comparison::Equal);
        ((is_number || is_moment) && is_value(own) && is_value(theirs) && is_order)
            .then_some(Across { rows: self.rows.entity, by: self.by, own, comparison, theirs })
    }
}

/// The first and the last value of an owner that a noun names: its dates, or the only two numbers of which the nouns'
/// rows have two as well, "the depths".
fn span(of: &Scope<'_>, noun: &str) -> Option<(FieldId, FieldId)> {
    let is_time = |kind: &FieldKind| matches!(kind, FieldKind::Date | FieldKind::Timestamp);
    if matches!(noun, "dates" | "days" | "times" | "period" | "term" | "span") {
        return match spans(of.model, of.entity, is_time)[..] {
            [only] => Some(only),
            _ => None,
        };
    }
    noun.ends_with('s').then(|| numbers_of(of))?
}

/// The only two numbers that a row lies between: its depths.
pub(super) fn numbers_of(of: &Scope<'_>) -> Option<(FieldId, FieldId)> {
    const LOW: &[&str] = &["top", "from", "start", "low", "lower", "min", "begin", "first"];
    const HIGH: &[&str] = &["bottom", "to", "end", "high", "upper", "max", "last"];
    let end = |list: &[&str]| {
        let mut found = of.model.fields_of(of.entity).filter(|(id, field)| {
            of.is_number(*id) && words(&field.name).iter().any(|it| list.contains(&it.as_str()))
        });
        let (only, _) = found.next()?;
        found.next().is_none().then_some(only)
    };
    Some((end(LOW)?, end(HIGH)?))
}

#[cfg(test)]
mod tests {
    use super::NamedEntities;
    use crate::test_support::Facts;

    fn said(text: &str) -> String {
        let (model, _) = Facts::default()
            .entity("Campaign")
            .field("Campaign", "id: uuid*")
            .field("Campaign", "starts_on: date!")
            .field("Campaign", "ends_on: date!")
            .entity("Tank")
            .field("Tank", "id: uuid*")
            .field("Tank", "capacity_kg: integer!")
            .entity("Core")
            .field("Core", "id: uuid*")
            .field("Core", "campaign_id: uuid! -> Campaign")
            .field("Core", "drilled_on: date!")
            .field("Core", "top_mm: integer!")
            .field("Core", "bottom_mm: integer!")
            .entity("Cut")
            .field("Cut", "id: uuid*")
            .field("Cut", "core_id: uuid! -> Core")
            .field("Cut", "tank_id: uuid! -> Tank")
            .field("Cut", "top_mm: integer!")
            .field("Cut", "bottom_mm: integer!")
            .field("Cut", "load_kg: integer!")
            .build();
        let name = |id| model.field(id).name.clone();
        let all = NamedEntities::of(&model).across(&model, text);
        let each = all.iter().map(|it| {
            format!(
                "{}.{} {} {} by {}",
                model.entity(it.rows).name,
                name(it.own),
                it.comparison.as_str(),
                name(it.theirs),
                name(it.by)
            )
        });
        each.collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn values_held_against_those_of_the_owner() {
        let load = "Cut.load_kg <= capacity_kg by tank_id";
        for (text, expected) in [
            ("The load of a cut never exceeds the capacity of its tank.", load),
            ("`load_kg` of a cut must not exceed the `capacity_kg` of its tank", load),
            ("The load of a cut is at most its tank's capacity", load),
            (
                "`drilled_on` of a core lies within the dates of its campaign; the first and the last day count",
                "Core.drilled_on >= starts_on by campaign_id; Core.drilled_on <= ends_on by campaign_id",
            ),
            (
                "A cut lies within the depths of its core",
                "Cut.top_mm >= top_mm by core_id; Cut.bottom_mm <= bottom_mm by core_id",
            ),
            (
                "`bottom_mm` of a cut is never more than the `bottom_mm` of its core",
                "Cut.bottom_mm <= bottom_mm by core_id",
            ),
        ] {
            assert_eq!(said(text), expected, "{text}");
        }
    }

    #[test]
    fn what_says_something_else() {
        for text in [
            "The load of a cut never exceeds 40",
            "The load of a cut never exceeds its weight",
            "`top_mm` of a cut is less than its `bottom_mm`",
            "The sum of the loads of the cuts of a tank never exceeds its capacity",
            "The load of a cut may exceed the capacity of its tank",
            "When a cut is old, its load never exceeds the capacity of its tank",
            "A cut lies within its section",
        ] {
            assert_eq!(said(text), "", "{text}");
        }
    }
}
