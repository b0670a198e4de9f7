//! What stays in a row while others belong to it: "The depths of a section cannot be changed once it has cuts", "The amount of
//! a fine must not be changed while it has appeals".

use super::super::binding::binding_parts;
use super::super::clause::{Clause, Link, parse};
use super::super::permanence::without_label;
use super::super::rephrased::rephrased;
use super::across::numbers_of;
use super::barring::{condition, rows_of};
use super::beside::NamedEntities;
use super::scope::{Scope, Want, bare};
use super::stays;
use crate::{EntityId, Expression, FieldId, Model};

/// What stays in a row while others belong to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// Whose rows keep their values.
    pub owner: EntityId,
    /// The fields that keep their values.
    pub fields: Vec<FieldId>,
    /// The rows that belong to it.
    pub rows: EntityId,
    /// The field by which they refer to it.
    pub by: FieldId,
    /// Which of them; all where it is `None`.
    pub which: Option<Expression<FieldId>>,
}

impl NamedEntities {
    /// As [`Self::settled`]; of each part of a sentence that says several things.
    pub fn settled_in(&self, model: &Model, text: &str) -> Vec<Settled> {
        match self.settled(model, text) {
            Some(whole) => vec![whole],
            None => {
                let parts = binding_parts(text).into_iter();
                parts.filter_map(|part| self.settled(model, part)).collect()
            }
        }
    }

    /// What a sentence says stays while other rows are there; nothing where it says anything else.
    pub fn settled(&self, model: &Model, text: &str) -> Option<Settled> {
        let text = without_label(text);
        let of = |text: &str| {
            let text = text.to_lowercase().replace(['`', '"'], "");
            let clause = parse(&text).filter(Clause::is_firm)?;
            let (is_unchanged, is_kept, object) = stays::said(&clause)?;
            (is_unchanged && !is_kept && stays::IDLE.contains(&object) && clause.only.is_none())
                .then_some(())?;
            let [(Link::Once | Link::While | Link::When | Link::After, said)] =
                clause.conditions.as_slice()
            else {
                return None;
            };
            let (owner, rows, while_there) = condition(said)?;
            while_there.then_some(())?;
            let named = self.in_text(&text);
            named.iter().find_map(|&id| {
                let scope = Scope { model, entity: id, field: None };
                (matches!(owner, "it" | "they") || scope.is_called(owner)).then_some(())?;
                let fields = fields(&scope, &clause.subject)?;
                let (rows, by, which) = rows_of(model, &named, id, &rows)?;
                Some(Settled { owner: id, fields, rows, by, which })
            })
        };
        of(text).or_else(|| rephrased(text).iter().find_map(|other| of(other)))
    }
}

/// The fields of an entity that a subject names: "the amount of a fine", "the depths of a section".
fn fields(scope: &Scope<'_>, subject: &str) -> Option<Vec<FieldId>> {
    let (_, owner) = subject.rsplit_once(" of ")?;
    scope.is_called(owner).then_some(())?;
    scope.fields(subject, Want::Any).or_else(|| {
        let (noun, _) = subject.rsplit_once(" of ")?;
        let noun = bare(noun);
        (noun.ends_with('s') && !noun.contains(' ')).then_some(())?;
        numbers_of(scope).map(|(from, to)| vec![from, to])
    })
}

#[cfg(test)]
mod tests {
    use super::NamedEntities;
    use crate::test_support::Facts;

    fn said(text: &str) -> String {
        let (model, _) = Facts::default()
            .entity("Section")
            .field("Section", "id: uuid*")
            .field("Section", "top_mm: integer!")
            .field("Section", "bottom_mm: integer!")
            .field("Section", "price: integer!")
            .entity("Cut")
            .field("Cut", "id: uuid*")
            .field("Cut", "section_id: uuid! -> Section")
            .field("Cut", "state: enum(open, done)!")
            .build();
        let Some(found) = NamedEntities::of(&model).settled(&model, text) else {
            return String::new();
        };
        let name = |id: &crate::FieldId| model.field(*id).name.clone();
        let fields: Vec<String> = found.fields.iter().map(name).collect();
        let which = found.which.map_or_else(String::new, |it| {
            let named = it.try_map(&mut |id| Some(model.field(*id).name.clone()));
            format!(" where {}", named.expect("named"))
        });
        format!("{} while {}{which}", fields.join(", "), model.entity(found.rows).name)
    }

    #[test]
    fn what_stays_while_rows_are_there() {
        for (text, expected) in [
            (
                "The depths of a section cannot be changed once it has cuts",
                "top_mm, bottom_mm while Cut",
            ),
            (
                "`top_mm` and `bottom_mm` of a section must not be changed while it has cuts",
                "top_mm, bottom_mm while Cut",
            ),
            (
                "The price of a section cannot be changed while it has open cuts",
                "price while Cut where state = 'open'",
            ),
        ] {
            assert_eq!(said(text), expected, "{text}");
        }
    }

    #[test]
    fn what_says_something_else() {
        for text in [
            "The price of a section cannot be changed",
            "The price of a section can be changed once it has cuts",
            "The price of a section cannot be changed once it has no cuts",
            "A section cannot be deleted once it has cuts",
            "The colour of a section cannot be changed once it has cuts",
        ] {
            assert_eq!(said(text), "", "{text}");
        }
    }
}
