//! What rows beside it keep a row from a step: "A project cannot be archived while it has open tasks", "An order without lines
//! cannot be placed", "A member who still has a booked visit cannot be closed".

use super::super::binding::binding_parts;
use super::super::clause::{Clause, Link, Only, Voice, parse};
use super::super::permanence::without_label;
use super::super::rephrased::rephrased;
use super::beside::NamedEntities;
use super::scope::{Scope, bare};
use super::state::negation;
use crate::{EntityId, Expression, FieldId, Model};

/// What keeps a row from a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Barring {
    /// Whose rows take the step.
    pub owner: EntityId,
    /// Where it leads, each over the owner's fields.
    pub steps: Vec<Expression<FieldId>>,
    /// The rows beside it.
    pub rows: EntityId,
    /// The field by which they refer to it.
    pub by: FieldId,
    /// Which of them; all where it is `None`.
    pub which: Option<Expression<FieldId>>,
    /// Whether the step is barred while there is such a row; otherwise, while there is none.
    pub while_there: bool,
}

/// Words between a row and the rows that it has.
const HAVING: &[(&str, bool)] = &[
    (" without ", false),
    (" with ", true),
    (" that still has ", true),
    (" that has ", true),
    (" who still has ", true),
    (" who has ", true),
    (" which still has ", true),
    (" which has ", true),
    (" that still contains ", true),
    (" that contains ", true),
    (" that still holds ", true),
    (" that holds ", true),
    (" which still holds ", true),
    (" which holds ", true),
    (" holding ", true),
    (" containing ", true),
];

/// What begins a condition that names the rows beside a row, behind the row itself.
const HAS: &[(&str, bool)] = &[
    (" has no ", false),
    (" contains no ", false),
    (" still has ", true),
    (" has at least one ", true),
    (" has ", true),
    (" still contains ", true),
    (" contains ", true),
    (" holds no ", false),
    (" still holds ", true),
    (" holds ", true),
];

impl NamedEntities {
    /// As [`Self::barring`]; of each part of a sentence that says several things.
    pub fn barring_in(&self, model: &Model, text: &str) -> Vec<Barring> {
        match self.barring(model, text) {
            Some(whole) => vec![whole],
            None => {
                let parts = binding_parts(text).into_iter();
                parts.filter_map(|part| self.barring(model, part)).collect()
            }
        }
    }

    /// What a sentence says keeps rows from a step; nothing where it says anything else.
    pub fn barring(&self, model: &Model, text: &str) -> Option<Barring> {
        let text = without_label(text);
        let of = |text: &str| {
            let text = text.to_lowercase().replace(['`', '"'], "");
            // "While a project has tasks it cannot be archived": without a comma the condition has no end.
            let is_led =
                ["while ", "as long as ", "if ", "when "].iter().any(|it| text.starts_with(it));
            let text = if is_led && !text.contains(", it ") {
                text.replacen(" it can", ", it can", 1)
            } else {
                text
            };
            let clause = parse(&text)?;
            let named = self.in_text(&text);
            Sentence { model, named: &named, clause: &clause }.meaning()
        };
        of(text).or_else(|| rephrased(text).iter().find_map(|other| of(other)))
    }
}

struct Sentence<'m> {
    model: &'m Model,
    named: &'m [EntityId],
    clause: &'m Clause,
}

/// A row, the rows that it has, and whether it is barred while they are there.
type Said<'t> = (&'t str, String, bool);

impl Sentence<'_> {
    fn meaning(&self) -> Option<Barring> {
        let clause = self.clause;
        (clause.voice == Voice::Passive).then_some(())?;
        let (owner, rows, while_there) = self.said()?;
        let mut verbs = vec![clause.verb.as_str()];
        verbs.extend(clause.object.split(' ').filter(|it| !matches!(*it, "" | "or" | "nor")));
        for &owner_id in self.named {
            let scope = Scope { model: self.model, entity: owner_id, field: None };
            if !scope.is_own(owner) || matches!(owner, "it" | "they") {
                continue;
            }
            let steps = verbs.iter().map(|verb| scope.state(verb)).collect::<Option<Vec<_>>>();
            let Some(steps) = steps else { continue };
            if let Some((rows, by, which)) = rows_of(self.model, self.named, owner_id, &rows) {
                return Some(Barring { owner: owner_id, steps, rows, by, which, while_there });
            }
        }
        None
    }

    fn said(&self) -> Option<Said<'_>> {
        let clause = self.clause;
        let subject = bare(&clause.subject);
        let is_only = clause.only == Some(Only::Verb)
            || matches!(clause.conditions.as_slice(), [(Link::OnlyIf, _)]);
        match clause.conditions.as_slice() {
            [] => {
                clause.negated.then_some(())?;
                HAVING.iter().find_map(|(having, there)| {
                    let (owner, rows) = subject.split_once(having)?;
                    Some((bare(owner), rows.to_owned(), *there))
                })
            }
            [(Link::While | Link::When | Link::OnlyIf | Link::Once | Link::After, text)] => {
                (clause.negated != is_only).then_some(())?;
                let (owner, rows, there) = condition(text)?;
                let owner = if matches!(owner, "it" | "they" | "") { subject } else { owner };
                // "Only when it has none" bars it while there is one.
                Some((owner, rows, there == clause.negated))
            }
            _ => None,
        }
    }
}

/// The one of some entities that a phrase names, its one reference to the owner, and which of its rows are meant.
pub(super) fn rows_of(
    model: &Model,
    named: &[EntityId],
    owner: EntityId,
    phrase: &str,
) -> Option<(EntityId, FieldId, Option<Expression<FieldId>>)> {
    let phrase = phrase.replace("neither ", "not ").replace(" nor ", " or ");
    let phrase = ["any ", "still ", "at least one ", "some "]
        .iter()
        .fold(phrase.as_str(), |it, word| it.strip_prefix(word).unwrap_or(it));
    let mut found = named.iter().filter(|&&id| id != owner).filter_map(|&id| {
        let scope = Scope { model, entity: id, field: None };
        let which = scope.rows(phrase)?;
        let mut by = model
            .fields_of(id)
            .filter(|(_, field)| field.references.as_ref().is_some_and(|to| to.entity == owner));
        let (first, _) = by.next()?;
        by.next().is_none().then_some((id, first, which))
    });
    let only = found.next()?;
    found.next().is_none().then_some(only)
}

/// Whose rows a condition names, which rows, and whether they are there: "it has open tasks", "a project has no task", "a task
/// of it is still open", "all of its tasks are done".
pub(super) fn condition(text: &str) -> Option<(&str, String, bool)> {
    let text = text.trim();
    let padded = HAS.iter().find_map(|(has, there)| {
        let (owner, rows) = text.split_once(has)?;
        let owner = bare(owner);
        (owner.split(' ').count() <= 2).then(|| (owner, rows.to_owned(), *there))
    });
    if let Some(found) = padded {
        return Some(found);
    }
    let (subject, state) =
        [" is still ", " are still ", " is either ", " are either ", " is ", " are "]
            .iter()
            .find_map(|verb| text.split_once(verb))?;
    // All of them so is none of them otherwise.
    let all = ["each of its ", "all of its ", "all its ", "every one of its ", "each of the "];
    if let Some(rows) = all.iter().find_map(|all| subject.strip_prefix(all)) {
        return Some(("it", format!("{rows} that are not {state}"), false));
    }
    let rows = [" in it", " of it", " for it", " on it", " assigned to it", " assigned to them"]
        .iter()
        .find_map(|of| subject.strip_suffix(of))
        .or_else(|| subject.strip_prefix("one of its "))
        .or_else(|| subject.strip_prefix("any of its "))?;
    Some(("it", format!("{} that are {state}", bare(rows)), true))
}

/// Where a step leads: a value of the field that holds the state, or a mark that is then there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arrival {
    /// The field has this value.
    State(FieldId, String),
    /// The field has a value.
    Marked(FieldId),
}

impl Barring {
    /// Where the steps lead that are told by one field.
    pub fn arrivals(&self) -> Vec<Arrival> {
        let arrival = |step: &Expression<FieldId>| match step {
            Expression::IsPresent(field) => Some(Arrival::Marked(*field)),
            other => {
                let (field, value) = super::state::value_of(other)?;
                Some(Arrival::State(field, value.to_owned()))
            }
        };
        self.steps.iter().filter_map(arrival).collect()
    }

    /// The rows that do not keep it from the step.
    pub fn free(&self) -> Option<Expression<FieldId>> {
        self.which.clone().map(negation)
    }
}

#[cfg(test)]
mod tests {
    use super::NamedEntities;
    use crate::test_support::Facts;

    fn said(text: &str) -> String {
        let (model, _) = Facts::default()
            .entity("Member")
            .field("Member", "id: uuid*")
            .field("Member", "closed_at: timestamp")
            .entity("Project")
            .field("Project", "id: uuid*")
            .field("Project", "status: enum(draft, active, archived, dropped)!")
            .entity("Work Task")
            .field("Work Task", "id: uuid*")
            .field("Work Task", "project_id: uuid! -> Project")
            .field("Work Task", "member_id: uuid -> Member")
            .field("Work Task", "state: enum(open, booked, done, cancelled)!")
            .build();
        let Some(found) = NamedEntities::of(&model).barring(&model, text) else {
            return "-".to_owned();
        };
        let named = |it: &crate::Expression<crate::FieldId>| {
            it.try_map(&mut |id| Some(model.field(*id).name.clone())).expect("named").to_string()
        };
        format!(
            "{} to {} while {}{}",
            model.entity(found.owner).name,
            found.steps.iter().map(named).collect::<Vec<_>>().join(" | "),
            if found.while_there { "some " } else { "no " },
            found.which.as_ref().map_or_else(|| "row".to_owned(), named)
        )
    }

    #[test]
    fn what_rows_beside_it_keep_a_row_from() {
        for (text, expected) in [
            (
                "A project cannot be archived while it has work tasks that are neither done nor cancelled",
                "Project to status = 'archived' while some not (state in ('done', 'cancelled'))",
            ),
            (
                "A project with open work tasks cannot be archived",
                "Project to status = 'archived' while some state = 'open'",
            ),
            (
                "A project that holds open work tasks cannot be archived",
                "Project to status = 'archived' while some state = 'open'",
            ),
            (
                "P-3: A project without work tasks cannot be activated",
                "Project to status = 'active' while no row",
            ),
            (
                "A member who still has a booked work task cannot be closed",
                "Member to closed_at is present while some state = 'booked'",
            ),
            (
                "A project can be neither archived nor dropped while a work task in it is still booked",
                "Project to status = 'archived' | status = 'dropped' while some state = 'booked'",
            ),
            (
                "While a project has open work tasks it can be neither archived nor dropped",
                "Project to status = 'archived' | status = 'dropped' while some state = 'open'",
            ),
            (
                "A project can only be archived when each of its work tasks is either done or cancelled",
                "Project to status = 'archived' while some not (state in ('done', 'cancelled'))",
            ),
            (
                "A project can be archived only when it has no open work tasks",
                "Project to status = 'archived' while some state = 'open'",
            ),
        ] {
            assert_eq!(said(text), expected, "{text}");
        }
    }

    #[test]
    fn what_says_something_else() {
        for text in [
            "A project with work tasks cannot be deleted",
            "A project with a plan cannot be archived",
            "A project cannot be archived",
            "A project with open work tasks can be archived",
            "Work tasks of an archived project cannot be booked",
        ] {
            assert_eq!(said(text), "-", "{text}");
        }
    }
}
