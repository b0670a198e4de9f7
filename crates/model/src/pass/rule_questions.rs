//! What is asked about a rule that the database cannot keep as it stands.

use underpin_base::Span;

use super::rule_subjects::plain;
use crate::draft::{Draft, question_id};
use crate::names::{fold_entity, words};
use crate::{Beside, EntityId, Field, FieldId, FieldKind, Holding, Question};

/// Asks what a rule means that was not understood; nobody is asked about the remarks that the row of a field holds as
/// well: "UTC", "icon name".
pub(super) fn of_unclear(
    draft: &Draft<'_>,
    entity: EntityId,
    field: Option<FieldId>,
    text: &str,
    source: Span,
) -> Option<Question> {
    if field.is_some() && !is_normative(text) {
        return None;
    }
    if let Some((question, assumed)) = of_sequence(draft, entity, text) {
        let subject = subject(draft, entity, field);
        return Some(asked(draft, entity, subject, text, (question, assumed), source));
    }
    let subject = subject(draft, entity, field);
    let others = others(draft, entity, text);
    let question = if others.is_empty() {
        format!("How is the rule of `{subject}` \"{text}\" to be seen in the stored values?")
    } else {
        format!(
            "The rule \"{text}\" joins rows of `{subject}` with rows of {}, and a condition on one \
             row cannot see the others. Who keeps it?",
            others.join(" and ")
        )
    };
    let assumed = if others.is_empty() {
        "not enforced by the database"
    } else {
        "the application keeps it, in the transaction that writes; the database does not enforce it"
    };
    Some(asked(draft, entity, subject, text, (question, assumed), source))
}

/// "Steps must be in sequential order", where one number tells the rows of one parent apart: what could keep it.
fn of_sequence(draft: &Draft<'_>, entity: EntityId, text: &str) -> Option<(String, &'static str)> {
    const WORDS: [&str; 5] =
        ["sequential", "sequentially", "consecutive", "consecutively", "sequence"];
    const NUMBERS: [&str; 9] =
        ["order", "sequence", "seq", "position", "ordinal", "rank", "step", "number", "index"];
    let said = words(text);
    said.iter().any(|word| WORDS.contains(&word.as_str())).then_some(())?;
    let model = &draft.model;
    let is_number = |field: &Field| {
        let is_counted = matches!(field.kind, FieldKind::Integer { .. });
        is_counted
            && words(&field.name).iter().any(|word| NUMBERS.contains(&word.as_str()))
            && field.references.is_none()
    };
    let only = |mut found: Vec<FieldId>| if found.len() == 1 { found.pop() } else { None };
    let fields = || model.fields_of(entity);
    let number = only(fields().filter(|(_, field)| is_number(field)).map(|(id, _)| id).collect())?;
    // Where there are several references, that to the whole is called like it: `approver_id` names a role.
    let parent = |is_named: bool| {
        let found = fields().filter(|(_, field)| {
            field.references.as_ref().is_some_and(|to| {
                let name = fold_entity(&model.entity(to.entity).name);
                let called = words(&field.name);
                let called = called.strip_suffix(&["id".into()]).unwrap_or(&called).join(" ");
                to.entity != entity && (!is_named || fold_entity(&called) == name)
            })
        });
        only(found.map(|(id, _)| id).collect())
    };
    let parent = parent(false).or_else(|| parent(true))?;
    let whole = model.field(parent).references.as_ref()?.entity;
    let (number, parent) = (&model.field(number).name, &model.field(parent).name);
    let question = format!(
        "Does the rule \"{text}\" mean that no two rows of `{}` of one `{}` have the same `{number}`, and that it \
         counts from 1? Then say that (`{parent}`, `{number}`) is unique and `{number}` greater than 0; that \
         none is left out, no constraint can keep.",
        model.entity(entity).name,
        model.entity(whole).name
    );
    Some((question, "not enforced by the database"))
}

/// Asks who keeps a rule that was understood and that, for this reason, no condition on one row can keep.
pub(super) fn of_keeper(
    draft: &Draft<'_>,
    entity: EntityId,
    field: Option<FieldId>,
    text: &str,
    reason: &str,
    source: Span,
) -> Option<Question> {
    if field.is_some() && !is_normative(text) {
        return None;
    }
    let subject = subject(draft, entity, field);
    let question = format!(
        "Who keeps the rule \"{text}\" of `{subject}`? No condition on one row can: {reason}."
    );
    let assumed = "the application, when it writes; the database does not enforce it";
    Some(asked(draft, entity, subject, text, (question, assumed), source))
}

/// Asks whether what is said of rows beside an owner in some state holds when they are written, or at all times.
pub(super) fn of_owner_state(
    draft: &Draft<'_>,
    said: &Beside,
    text: &str,
    source: Span,
) -> Option<Question> {
    let name = |id: EntityId| draft.model.entity(id).name.as_str();
    let owner = draft
        .model
        .field(said.by)
        .references
        .as_ref()
        .filter(|_| said.when == Holding::PerhapsAlways)?;
    let question = format!(
        "Does the rule \"{text}\" also keep a row of `{}` from a state that does not allow it while rows of `{}` are there?",
        name(owner.entity),
        name(said.rows)
    );
    let assumed = "no: it is kept when a row is added or given to another";
    let subject = name(said.rows).to_owned();
    Some(asked(draft, said.rows, subject, text, (question, assumed), source))
}

fn subject(draft: &Draft<'_>, entity: EntityId, field: Option<FieldId>) -> String {
    match field {
        Some(field) => draft.model.field_path(field),
        None => draft.model.entity(entity).name.clone(),
    }
}

fn asked(
    draft: &Draft<'_>,
    entity: EntityId,
    subject: String,
    text: &str,
    (question, assumed): (String, &str),
    source: Span,
) -> Question {
    let short: String = text.chars().take(60).collect();
    let words = format!("{} {short}", draft.model.entity(entity).name);
    let id = question_id("rule", &words);
    Question { id, subject, text: question, assumed: assumed.to_owned(), source: Some(source) }
}

/// Whether a text tells what values must be, and not only what they are for.
fn is_normative(text: &str) -> bool {
    const NORMATIVE: &[&str] = &[
        "must",
        "shall",
        "should",
        "only",
        "cannot",
        "not",
        "no",
        "never",
        "always",
        "unique",
        "required",
        "least",
        "most",
        "max",
        "maximum",
        "min",
        "minimum",
        "exceed",
        "between",
        "than",
        "valid",
        "match",
        "matches",
        "equal",
        "equals",
        "regex",
        "allowed",
        "check",
        "validation",
        "before",
        "after",
        "until",
        "length",
        "limit",
        "immutable",
        "append",
    ];
    let lower = text.to_ascii_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric());
    words.any(|word| NORMATIVE.contains(&word)) || text.contains(['<', '>', '=', '≤', '≥'])
}

/// The other entities whose rows a sentence speaks of, in quotes: "The refunds of a payment".
fn others(draft: &Draft<'_>, entity: EntityId, text: &str) -> Vec<String> {
    // The name of a field is no word for what it refers to: `from_account_id` is a value of the row.
    let is_own = |name: &str| {
        draft
            .field(entity, name.trim_matches(|c: char| !(c.is_alphanumeric() || c == '_')))
            .is_some()
    };
    let text: Vec<&str> = text.split_whitespace().filter(|name| !is_own(name)).collect();
    let words = words(&plain(&text.join(" ")));
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let hit = (at + 1..=words.len().min(at + 3))
            .rev()
            .find_map(|to| Some((to, draft.entity(&words[at..to].join(" "))?)));
        let Some((to, id)) = hit else {
            at += 1;
            continue;
        };
        let name = format!("`{}`", draft.model.entity(id).name);
        // A word may also be the name of a field: an order's `note` is no Note.
        let is_field = draft.field(entity, &words[at..to].join(" ")).is_some();
        if id != entity && !is_field && !found.contains(&name) {
            found.push(name);
        }
        at = to;
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::test_support::Facts;

    /// What is asked of the steps of a plan about a rule.
    fn asked(number: &str, rule: &str) -> String {
        let (model, _) = Facts::default()
            .entity("User")
            .field("User", "id: uuid*")
            .entity("Plan")
            .field("Plan", "id: uuid*")
            .entity("PlanStep")
            .field("PlanStep", "id: uuid*")
            .field("PlanStep", "plan_id: uuid! -> Plan")
            .field("PlanStep", "checker_id: uuid! -> User")
            .field("PlanStep", number)
            .rule("PlanStep", rule)
            .build();
        let asked = model.questions.into_iter().find(|it| it.id.rsplit('.').next() == Some("rule"));
        asked.map_or_else(String::new, |it| it.text)
    }

    #[test]
    fn a_sequence_is_proposed_as_a_key_and_a_bound() {
        let text = asked("order: int!", "Plan steps must be in sequential order");
        assert!(
            text.contains("(`plan_id`, `order`) is unique and `order` greater than 0"),
            "{text}"
        );
        // Nothing counts the steps.
        let text = asked("label: text!", "Plan steps must be in sequential order");
        assert!(!text.contains("unique") && !text.is_empty(), "{text}");
        let text = asked("order: int!", "Plan steps must be in a good order");
        assert!(!text.contains("unique") && !text.is_empty(), "{text}");
    }
}
