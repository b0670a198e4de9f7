//! What never changes, from when on: "Once published, the price is fixed", "Returned loans are final", "The origin of a
//! shipment is fixed as soon as it is in transit".

use super::super::beyond::and_beyond;
use super::super::clause::{Clause, Link, Only, Voice, root};
use super::super::permanence::Permanence;
use super::scope::{Scope, Want, bare};
use super::state::{texts, value_of};
use crate::{Expression, FieldId, FieldKind};

/// Roots of verbs that change a value.
const CHANGING: &[&str] = &[
    "chang", "alter", "modif", "edit", "updat", "replac", "amend", "overwrit", "adjust", "revis",
    "rewrit", "touch", "renam",
];
/// Roots of verbs that delete a row.
const DELETING: &[&str] = &["delet", "remov", "eras", "destroy"];
/// What is said of what stays.
const FIXED: &[&str] = &[
    "fixed",
    "final",
    "frozen",
    "immutable",
    "read-only",
    "locked",
    "permanent",
    "unchangeable",
    "unalterable",
    "unmodifiable",
    "set in stone",
    "not editable",
    "not changeable",
];
/// Words behind the verb that say nothing more.
pub(super) const IDLE: &[&str] = &[
    "",
    "any more",
    "anymore",
    "any longer",
    "again",
    "afterwards",
    "later",
    "by another",
    "by anyone",
    "by anybody",
    "at all",
    "in any way",
    "subsequently",
    "thereafter",
    "forever",
    "for good",
    "further",
];
/// What begins a row's life; from then on is always.
const BORN: &[&str] = &[
    "created",
    "made",
    "written",
    "inserted",
    "set",
    "stored",
    "assigned",
    "placed",
    "issued",
    "recorded",
    "registered",
    "entered",
    "given",
    "added",
    "saved",
];

/// What stays, understood to the last word.
pub(super) fn permanence(scope: &Scope<'_>, clause: &Clause) -> Option<Permanence> {
    if let Some(said) = moved(scope, clause).or_else(|| its_own(scope, clause)) {
        return Some(said);
    }
    let (is_unchanged, is_kept, object) = said(clause)?;
    let except = ["apart from ", "except for ", "except ", "other than "]
        .iter()
        .find_map(|it| object.split_once(it));
    let (object, except) = match except {
        Some((front, fields)) => (front.trim(), Some(fields)),
        None => (object, None),
    };
    IDLE.contains(&object).then_some(())?;
    let (fields, rows) = subject(scope, clause)?;
    if !is_unchanged && !fields.is_empty() {
        return None;
    }
    let fields = match except {
        Some(names) if fields.is_empty() && is_unchanged => all_but(scope, names)?,
        Some(_) => return None,
        None => fields,
    };
    let states = match (rows, clause.only) {
        // "Only drafts may be changed": the others may not.
        (Some(rows), Some(Only::Subject)) => Some(others(scope, &rows)?),
        (Some(rows), _) => Some(listed(scope, &rows)?),
        (None, Some(Only::Subject)) => return None,
        (None, _) => None,
    };
    let states = match (states, clause.conditions.as_slice()) {
        (states, []) => states,
        // "Can be changed only while it is a draft": in all other states it stays.
        (None, [(Link::OnlyIf, text)]) => Some(others(scope, &scope.condition(text)?)?),
        (None, [(link, text)]) => since(scope, *link, text)?,
        _ => return None,
    };
    Some(Permanence { fields, is_unchanged, is_kept, states })
}

/// "A sample never moves to another order", "Orders cannot be moved to another client": the reference to it stays.
fn moved(scope: &Scope<'_>, clause: &Clause) -> Option<Permanence> {
    const MOVING: &[&str] = &["mov", "transfer", "reassign", "switch", "go", "pass"];
    (clause.negated && clause.only.is_none() && clause.conditions.is_empty()).then_some(())?;
    MOVING.contains(&root(&clause.verb).as_str()).then_some(())?;
    let to =
        clause.object.strip_prefix("to ").or_else(|| clause.object.strip_prefix("between "))?;
    let owner = ["another ", "a different ", "other "]
        .iter()
        .find_map(|it| to.strip_prefix(it))
        .or_else(|| clause.object.starts_with("between ").then_some(to))?;
    let states = match scope.rows(&clause.subject)? {
        Some(rows) => Some(listed(scope, &rows)?),
        None => None,
    };
    let owner = underpin_read::singular(owner);
    let field = scope.reference_to(&owner)?;
    Some(Permanence { fields: vec![field], is_unchanged: true, is_kept: false, states })
}

/// "A melted section never changes its status again": the values of those rows.
fn its_own(scope: &Scope<'_>, clause: &Clause) -> Option<Permanence> {
    let is_denied = clause.negated && clause.only.is_none() && clause.conditions.is_empty();
    (is_denied && clause.voice == Voice::Active).then_some(())?;
    (root(&clause.verb) == "chang").then_some(())?;
    let object = ["its ", "their "].iter().find_map(|own| clause.object.strip_prefix(own))?;
    let idle = IDLE.iter().filter(|it| !it.is_empty());
    let name = idle.fold(object, |name, it| name.strip_suffix(it).unwrap_or(name).trim_end());
    let fields = scope.fields(name, Want::Any)?;
    let states = match scope.rows(&clause.subject)? {
        Some(rows) => Some(listed(scope, &rows)?),
        None => None,
    };
    Some(Permanence { fields, is_unchanged: true, is_kept: false, states })
}

/// Whether values may not change, whether rows may not go, and what follows the verb.
pub(super) fn said(clause: &Clause) -> Option<(bool, bool, &str)> {
    let object = clause.object.as_str();
    let is_only = clause.only == Some(Only::Subject)
        || matches!(clause.conditions.as_slice(), [(Link::OnlyIf, _)]);
    if clause.negated != is_only {
        let verb = root(&clause.verb);
        let is_done = clause.voice == Voice::Passive || (verb == "chang" && clause.only.is_none());
        if is_done && CHANGING.contains(&verb.as_str()) {
            for more in [
                "or deleted",
                "nor deleted",
                "or removed",
                "nor removed",
                "or withdrawn",
                "nor withdrawn",
            ] {
                if let Some(rest) = object.strip_prefix(more) {
                    return Some((true, true, rest.trim()));
                }
            }
            return Some((true, false, object));
        }
        if clause.voice == Voice::Passive && DELETING.contains(&verb.as_str()) {
            // "cannot be deleted, only cancelled" names what is done instead.
            let rest = match object.strip_prefix("only ") {
                Some(other) if !other.contains(' ') => "",
                Some(_) | None => object,
            };
            return Some((false, true, rest));
        }
        return None;
    }
    if clause.negated || clause.only.is_some() {
        return None;
    }
    if matches!(clause.verb.as_str(), "stay" | "stays" | "remain" | "remains") {
        let rest = ["unchanged", "the same", "fixed", "frozen", "as it is", "immutable"]
            .iter()
            .find_map(|it| object.strip_prefix(it))?;
        return Some((true, false, rest.trim()));
    }
    // "is fixed", which may be read as something done.
    let (said, rest) = match clause.voice {
        Voice::Passive => (clause.verb.as_str(), object),
        Voice::Active if clause.verb == "be" => object.split_once(' ').unwrap_or((object, "")),
        Voice::Active => return None,
    };
    FIXED.contains(&said).then_some((true, false, rest))
}

/// The fields that a subject names, none where it names rows; and which rows.
fn subject(
    scope: &Scope<'_>,
    clause: &Clause,
) -> Option<(Vec<FieldId>, Option<Expression<FieldId>>)> {
    let text = clause.subject.as_str();
    if let (Some(field), "it" | "") = (scope.field, text) {
        return Some((vec![field], None));
    }
    if let Some(rows) = scope.rows(text) {
        return Some((Vec::new(), rows));
    }
    let text = text.trim_start_matches("both ");
    super::subject(scope, text, Want::Any)
        .filter(|(fields, _)| !fields.is_empty())
        .or_else(|| Some((scope.each(text)?, None)))
}

/// The states from when on something stays; always, where that is its birth.
#[expect(
    clippy::option_option,
    reason = "not understood, always, and in some states are three answers"
)]
fn since(scope: &Scope<'_>, link: Link, text: &str) -> Option<Option<(FieldId, Vec<String>)>> {
    let lasts = match link {
        Link::Once | Link::After => true,
        Link::When | Link::While => false,
        Link::Before
        | Link::Until
        | Link::Unless
        | Link::OnlyIf
        | Link::Exactly
        | Link::Without
        | Link::Within => return None,
    };
    // "after the booking has left `held`", "once it is no longer a draft": in all the others.
    let gone =
        [" has left ", " have left ", " leaves ", " leave ", " is no longer ", " are no longer "]
            .iter()
            .find_map(|verb| text.split_once(verb))
            .filter(|(subject, _)| scope.is_own(subject));
    if let Some((_, state)) = gone {
        let state = scope.state(bare(state.trim_end_matches(" state")))?;
        return Some(Some(others(scope, &state)?));
    }
    if let Some(state) = scope.condition(text).or_else(|| lasts.then(|| scope.state(bare(text)))?) {
        let (field, states) = listed(scope, &state)?;
        let states =
            if lasts { and_beyond(scope.model, scope.entity, field, states) } else { states };
        return Some(Some((field, states)));
    }
    let done = text.rsplit(' ').next()?;
    let subject = text[..text.len() - done.len()].trim();
    let subject = ["is", "was", "has been", "are", "were", "have been", "being"]
        .iter()
        .find_map(|it| subject.strip_suffix(it))
        .unwrap_or(subject)
        .trim();
    let is_own = subject.is_empty() || scope.is_own(subject);
    let is_birth = BORN.contains(&done) || matches!(done, "creation" | "insertion" | "assignment");
    (lasts && is_own && is_birth).then_some(None)
}

/// The field and the values that a state is told by.
fn listed(scope: &Scope<'_>, state: &Expression<FieldId>) -> Option<(FieldId, Vec<String>)> {
    match state {
        Expression::Field(id) => Some((*id, vec!["true".to_owned()])),
        Expression::Not(inner) => match &**inner {
            Expression::Field(id) => Some((*id, vec!["false".to_owned()])),
            inner => others(scope, inner),
        },
        Expression::OneOf(value, list) => {
            let Expression::Field(id) = **value else { return None };
            Some((id, texts(list)?))
        }
        other => value_of(other).map(|(id, value)| (id, vec![value.to_owned()])),
    }
}

/// All other values of the field.
fn others(scope: &Scope<'_>, state: &Expression<FieldId>) -> Option<(FieldId, Vec<String>)> {
    if let Expression::Field(id) = state {
        return Some((*id, vec!["false".to_owned()]));
    }
    let (id, named) = listed(scope, state)?;
    let values = scope.model.values_of(scope.model.field(id))?;
    let rest: Vec<String> = values.iter().filter(|it| !named.contains(it)).cloned().collect();
    (!rest.is_empty()).then_some((id, rest))
}

/// All fields but those named, the state, the key and what follows each change.
fn all_but(scope: &Scope<'_>, names: &str) -> Option<Vec<FieldId>> {
    let barred = scope.fields(names, Want::Any)?;
    let key = &scope.model.entity(scope.entity).primary_key;
    let kept = scope.model.fields_of(scope.entity).filter(|(id, it)| {
        let is_upkeep = matches!(it.name.as_str(), "updated_at" | "modified_at" | "version");
        let is_state = matches!(it.kind, FieldKind::Enumeration(_))
            && scope.model.lifecycles.iter().any(|life| life.field == *id);
        !barred.contains(id) && !key.contains(id) && !is_upkeep && !is_state
    });
    let kept: Vec<FieldId> = kept.map(|(id, _)| id).collect();
    (!kept.is_empty()).then_some(kept)
}
