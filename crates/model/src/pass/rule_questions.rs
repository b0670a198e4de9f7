//! What is asked about a rule that the database cannot keep as it stands.

use underpin_base::Span;

use super::rule_subjects::plain;
use crate::draft::{Draft, question_id};
use crate::names::words;
use crate::{Beside, EntityId, FieldId, Holding, Question};

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
    let words = words(&plain(text));
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
