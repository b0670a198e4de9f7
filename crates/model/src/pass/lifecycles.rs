//! Life cycles: the field that holds the state, the states, the first one, what may follow what.

use std::collections::{BTreeMap, BTreeSet};

use underpin_base::{Diagnostic, Span};
use underpin_read::{Fact, ONE_STEP_AMONG_OTHERS, Statement};

use super::fields::give_values;
use super::inferred_field::inferred_field;
use super::weight::{report_disagreement, weight};
use crate::codes;
use crate::draft::Draft;
use crate::names::fold_field;
use crate::{
    DefaultValue, EntityId, Enumeration, FieldId, FieldKind, Lifecycle, Literal, Transition,
};

/// What is said of one life cycle at all places.
struct Gathered<'s> {
    /// The first of its statements, as the documents stand.
    first: usize,
    entity: EntityId,
    field: Option<String>,
    /// States with the place of their first mention.
    states: Vec<(String, Span)>,
    /// Whether a list of states was given, which transitions should keep to.
    listed: Option<Span>,
    initial: Option<(String, &'s Statement)>,
    /// Whether all transitions come from sentences that tell of single steps.
    is_told_by_steps: bool,
    /// Whether sentences say more of the steps than is understood.
    is_told_in_part: bool,
    /// The notation that named the first state.
    voice: &'static str,
    /// Further first states that the same notation names beside it.
    more_starts: Vec<String>,
    transitions: Vec<Transition>,
    source: Span,
}

/// Finds the life cycles.
pub(crate) fn run(draft: &mut Draft<'_>) {
    for mut gathered in gather(draft) {
        if gathered.states.is_empty() {
            continue;
        }
        gathered.tell_one();
        let field = state_field(draft, &gathered);
        settle(draft, gathered, field);
    }
}

impl Gathered<'_> {
    /// "New loans are drafts": each is a `draft`, which other places name.
    fn tell_one(&mut self) {
        let Some((initial, _)) = &mut self.initial else { return };
        let one = fold_field(&underpin_read::singular(initial));
        let plural = fold_field(initial);
        let known = self.states.iter().find(|(state, _)| fold_field(state) == one);
        if let Some((state, _)) = known.filter(|_| one != plural) {
            initial.clone_from(state);
            self.states.retain(|(state, _)| fold_field(state) != plural);
        }
    }
}

fn gather<'s>(draft: &mut Draft<'s>) -> Vec<Gathered<'s>> {
    let mut all: Vec<Gathered<'s>> = Vec::new();
    let mut places: BTreeMap<EntityId, Vec<usize>> = BTreeMap::new();
    let mut statements: Vec<(usize, &Statement)> = draft
        .statements
        .iter()
        .enumerate()
        .filter(|(_, it)| matches!(it.fact, Fact::Lifecycle { .. } | Fact::Transition { .. }))
        .collect();
    // The most exact place says the order of the states and their spelling, wherever it stands.
    statements.sort_by_key(|(_, statement)| weight(statement));
    for (place, statement) in statements {
        let (Fact::Lifecycle { entity: name, field, .. }
        | Fact::Transition { entity: name, field, .. }) = &statement.fact
        else {
            continue;
        };
        let Some(entity) = subject(draft, name) else {
            draft.report_unknown_subject("a life cycle", name, statement.span);
            continue;
        };
        let same = |known: &Gathered<'_>| {
            known.entity == entity
                && match (&known.field, field) {
                    (Some(one), Some(other)) => fold_field(one) == fold_field(other),
                    _ => true,
                }
        };
        let of_entity = places.entry(entity).or_default();
        let at = of_entity.iter().copied().find(|&at| same(&all[at])).unwrap_or_else(|| {
            of_entity.push(all.len());
            all.push(Gathered {
                first: place,
                entity,
                field: None,
                states: Vec::new(),
                listed: None,
                initial: None,
                is_told_by_steps: true,
                is_told_in_part: false,
                voice: statement.notation,
                more_starts: Vec::new(),
                transitions: Vec::new(),
                source: statement.span,
            });
            all.len() - 1
        });
        let known = &mut all[at];
        if place < known.first {
            (known.first, known.source) = (place, statement.span);
        }
        if known.field.is_none() {
            known.field.clone_from(field);
        }
        match &statement.fact {
            Fact::Lifecycle { states, initial, .. } => {
                for state in states {
                    known.add_state(state, statement.span);
                }
                if states.len() > 1 && known.listed.is_none() {
                    known.listed = Some(statement.span);
                }
                if let Some(initial) = initial {
                    known.add_state(initial, statement.span);
                    match &known.initial {
                        None => {
                            known.initial = Some((initial.clone(), statement));
                            known.voice = statement.notation;
                        }
                        Some((old, _)) if fold_field(old) == fold_field(initial) => {}
                        Some((_, place))
                            if known.voice == statement.notation
                                && place.span.document == statement.span.document =>
                        {
                            known.more_starts.push(initial.clone());
                        }
                        Some(old) => {
                            let said = [old.clone(), (initial.clone(), statement)];
                            let path = draft.model.entity(entity).name.clone();
                            let show = |state: &String| format!("first `{state}`");
                            report_disagreement(draft, &path, &said, show, "name one first state");
                        }
                    }
                }
            }
            Fact::Transition { from, to, on, .. } => {
                known.is_told_by_steps &= statement.inferred.is_some();
                known.is_told_in_part |=
                    statement.inferred.as_deref() == Some(ONE_STEP_AMONG_OTHERS);
                known.add_transition(from, to, on.as_deref(), statement.span);
            }
            _ => {}
        }
    }
    all.sort_by_key(|known| known.first);
    report_unlisted(draft, &all);
    for known in &mut all {
        known.expand_any();
    }
    all
}

/// "Order", but also "Order status" and "Order lifecycle".
fn subject(draft: &Draft<'_>, name: &str) -> Option<EntityId> {
    draft.entity_in_phrase(name).or_else(|| {
        let words = crate::names::words(name);
        (1..words.len()).rev().find_map(|to| draft.entity(&words[..to].join(" ")))
    })
}

/// A start from anywhere.
fn is_any(state: &str) -> bool {
    matches!(
        state.trim().to_lowercase().as_str(),
        "*" | "any" | "any state" | "any other" | "all" | "any status" | "any other state"
    )
}

impl Gathered<'_> {
    fn add_state(&mut self, state: &str, span: Span) {
        let state = state.trim();
        if !state.is_empty() && !is_any(state) && self.known(state).is_none() {
            self.states.push((state.to_owned(), span));
        }
    }

    /// The first spelling of a state.
    fn known(&self, state: &str) -> Option<&str> {
        let key = fold_field(state);
        self.states.iter().map(|(name, _)| name.as_str()).find(|name| fold_field(name) == key)
    }

    fn add_transition(&mut self, from: &str, to: &str, on: Option<&str>, span: Span) {
        self.add_state(from, span);
        self.add_state(to, span);
        let spelled = |state: &str| self.known(state).unwrap_or(state.trim()).to_owned();
        let (from, to) = (spelled(from), spelled(to));
        if from.is_empty() || to.is_empty() || is_any(&to) {
            return;
        }
        let same = |known: &&mut Transition| known.from == from && known.to == to;
        match self.transitions.iter_mut().find(same) {
            Some(known) if known.on.is_none() => known.on = on.map(str::to_owned),
            Some(_) => {}
            None => {
                let on = on.map(str::to_owned);
                self.transitions.push(Transition { from, to, on, source: span });
            }
        }
    }

    /// "any → cancelled" starts from every state that has a way out or in but is not an end.
    fn expand_any(&mut self) {
        let (any, mut kept): (Vec<Transition>, Vec<Transition>) =
            std::mem::take(&mut self.transitions).into_iter().partition(|t| is_any(&t.from));
        for transition in any {
            let leaves = |state: &str| kept.iter().any(|t| t.from == state);
            let enters = |state: &str| kept.iter().any(|t| t.to == state);
            let starts: Vec<String> = self
                .states
                .iter()
                .map(|(state, _)| state.clone())
                .filter(|state| *state != transition.to && (leaves(state) || !enters(state)))
                .filter(|state| !kept.iter().any(|t| t.from == *state && t.to == transition.to))
                .collect();
            kept.extend(starts.into_iter().map(|from| Transition { from, ..transition.clone() }));
        }
        self.transitions = kept;
    }
}

/// Transitions between states that the given list of states lacks.
fn report_unlisted(draft: &mut Draft<'_>, all: &[Gathered<'_>]) {
    let lists: BTreeSet<Span> = draft
        .statements
        .iter()
        .filter(|statement| matches!(statement.fact, Fact::Lifecycle { .. }))
        .map(|statement| statement.span)
        .collect();
    for known in all {
        let Some(list) = known.listed else { continue };
        for (state, span) in known.states.iter().filter(|(_, span)| !lists.contains(span)) {
            let name = draft.model.entity(known.entity).name.clone();
            let help = match crate::names::nearest(
                state,
                known.states.iter().map(|(other, _)| other.as_str()).filter(|other| other != state),
            ) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("add `{state}` to the list of states"),
            };
            let message = format!(
                "a transition of `{name}` names the state `{state}`, which its list of states \
                 lacks; it was added"
            );
            draft.report(
                Diagnostic::warning(codes::UNKNOWN_STATE, message)
                    .at(*span, "not in the list")
                    .at(list, "the list of states")
                    .help(help),
            );
        }
    }
}

/// The field that holds the state: the one that is named, the one whose values are the states,
/// `status` or `state`, or one that we add.
fn state_field(draft: &mut Draft<'_>, gathered: &Gathered<'_>) -> FieldId {
    let entity = gathered.entity;
    if let Some(name) = &gathered.field {
        match draft.field(entity, name) {
            Some(field) => return field,
            None => {
                draft.report_unknown_field("a life cycle", entity, name, gathered.source);
            }
        }
    }
    let free = |id: &FieldId| !draft.states.contains(id);
    let covered = |id: &FieldId| {
        let values = draft.model.values_of(draft.model.field(*id)).unwrap_or_default();
        let holds = |state: &str| values.iter().any(|value| fold_field(value) == fold_field(state));
        gathered.states.iter().filter(|(state, _)| holds(state)).count()
    };
    let fields: Vec<FieldId> =
        draft.model.entity(entity).fields.iter().copied().filter(free).collect();
    let best = fields.iter().copied().rev().max_by_key(covered);
    if let Some(best) = best.filter(|id| covered(id) * 2 > gathered.states.len()) {
        return best;
    }
    let owner = draft.model.entity(entity).name.clone();
    for name in ["status", "state", &format!("{owner} status"), &format!("{owner} state")] {
        let found = draft.field(entity, name).filter(free);
        let found = found.filter(|&id| {
            let kind = &draft.model.field(id).kind;
            matches!(kind, FieldKind::Unknown | FieldKind::Text { .. } | FieldKind::Enumeration(_))
        });
        if let Some(field) = found {
            return field;
        }
    }
    let taken = draft.field(entity, "status").is_some();
    let name = if taken { "lifecycle_state" } else { "status" };
    let reason = format!("`{owner}` has a life cycle and no document names the field of its state");
    inferred_field(draft, entity, name, FieldKind::Unknown, reason, gathered.source)
}

fn settle(draft: &mut Draft<'_>, gathered: Gathered<'_>, field: FieldId) {
    if !draft.states.insert(field) {
        return;
    }
    let Gathered { entity, states, initial, more_starts, mut transitions, source, .. } = gathered;
    let is_told_by_steps = gathered.is_told_by_steps;
    let is_told_in_part = gathered.is_told_in_part;
    let path = draft.model.field_path(field);
    let values = own_values(draft, field, &states, source);
    // The spelling of the values is what the column holds, so the life cycle follows it.
    let spelled = |state: &str| {
        let key = fold_field(state);
        values.iter().find(|value| fold_field(value) == key).cloned()
    };
    for transition in &mut transitions {
        transition.from = spelled(&transition.from).unwrap_or_else(|| transition.from.clone());
        transition.to = spelled(&transition.to).unwrap_or_else(|| transition.to.clone());
    }
    let stated: Vec<(String, Span)> = states
        .iter()
        .map(|(state, span)| (spelled(state).unwrap_or_else(|| state.clone()), *span))
        .collect();
    let mut names: Vec<String> = stated.iter().map(|(state, _)| state.clone()).collect();
    names.extend(values.iter().filter(|value| !stated.iter().any(|(s, _)| s == *value)).cloned());
    let default = match &draft.model.field(field).default {
        Some(DefaultValue::Literal(Literal::Text(text))) => spelled(text),
        _ => None,
    };
    let said = initial.as_ref().and_then(|(state, _)| spelled(state));
    if let (Some((state, place)), Some(default)) = (&initial, &default)
        && said.as_ref() != Some(default)
    {
        let message = format!(
            "`{path}` starts as `{state}` in the life cycle, but its default is `{default}`; the \
             life cycle was followed"
        );
        let at = draft.model.field(field).source;
        draft.report(
            Diagnostic::warning(codes::CONFLICTING_STATEMENTS, message)
                .at(place.span, "the first state")
                .at(at, "the default")
                .help("make the default the first state"),
        );
    }
    let initial_stated = said.is_some() && more_starts.is_empty();
    let known_start = said.or(default);
    let certain = known_start.is_some();
    let start = known_start.or_else(|| {
        if transitions.is_empty() {
            return None;
        }
        names.iter().find(|state| !transitions.iter().any(|t| t.to == **state)).cloned()
    });
    let starts: Vec<String> = start
        .iter()
        .cloned()
        .chain(more_starts.iter().filter_map(|state| spelled(state)))
        .collect();
    let is_left_out = |state: &&String| !reached(&starts, &transitions).contains(state.as_str());
    let left_out = names.iter().find(is_left_out);
    let is_open = is_told_by_steps && !transitions.is_empty();
    let left_out = match left_out {
        _ if !is_open => None,
        Some(state) => Some(Some(state)),
        None => is_told_in_part.then_some(None),
    };
    let mut told = Vec::new();
    let start = match left_out {
        // Who speaks of single steps has not said that there are no others: none is refused.
        Some(state) => {
            ask_for_steps(draft, &path, state.map(String::as_str), &transitions, source);
            told = std::mem::take(&mut transitions);
            start.filter(|_| certain)
        }
        None => {
            if !certain {
                let assumed = start.as_deref().unwrap_or("any");
                let text = format!("Which is the first state of `{path}`? No document says.");
                draft.ask("initial", &path, text, assumed, Some(source));
            }
            if start.is_some() {
                report_unreachable(draft, &path, &starts, certain, &stated, &transitions);
            }
            start
        }
    };
    // A row may be born in any of several states, and the model keeps one or none.
    let start = if more_starts.is_empty() { start } else { None };
    let lifecycle = Lifecycle {
        entity,
        field,
        states: names,
        initial: start,
        initial_stated,
        transitions,
        told,
        source,
    };
    draft.model.lifecycles.push(lifecycle);
}

/// Asks how a state is come to that no step leads to which sentences tell of.
fn ask_for_steps(
    draft: &mut Draft<'_>,
    path: &str,
    state: Option<&str>,
    transitions: &[Transition],
    source: Span,
) {
    let told: Vec<String> =
        transitions.iter().map(|it| format!("`{}` to `{}`", it.from, it.to)).collect();
    let told = told.join(", from ");
    let text = match state {
        Some(state) => format!(
            "How does `{path}` come to be `{state}`? Sentences tell only of the steps from {told}."
        ),
        None => format!(
            "Which steps may `{path}` take besides those from {told}? Sentences say more than was understood."
        ),
    };
    draft.ask("steps", path, text, "any state may follow any other", Some(source));
}

/// The values of the state field, completed by the states.
fn own_values(
    draft: &mut Draft<'_>,
    field: FieldId,
    states: &[(String, Span)],
    source: Span,
) -> Vec<String> {
    let names: Vec<String> = states.iter().map(|(state, _)| state.clone()).collect();
    let Some(id) = draft.enumeration_of(field) else {
        if matches!(draft.model.field(field).kind, FieldKind::Unknown | FieldKind::Text { .. }) {
            give_values(draft, field, names.clone(), source);
        }
        return names;
    };
    let known: Enumeration = draft.model.enumeration(id).clone();
    let holds = |list: &[String], value: &str| {
        list.iter().any(|other| fold_field(other) == fold_field(value))
    };
    let more: Vec<String> =
        names.iter().filter(|state| !holds(&known.values, state)).cloned().collect();
    let unused: Vec<String> =
        known.values.iter().filter(|value| !holds(&names, value)).cloned().collect();
    let path = draft.model.field_path(field);
    let place = states.iter().find(|(state, _)| more.contains(state)).map_or(source, |(_, s)| *s);
    let quoted = |list: &[String]| {
        list.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ")
    };
    let message = match (more.is_empty(), unused.is_empty()) {
        (true, true) => None,
        (false, true) => Some(format!(
            "the life cycle of `{path}` has states that are not among its values: {}; they were \
             added",
            quoted(&more)
        )),
        (true, false) => Some(format!(
            "`{path}` takes values that its life cycle does not mention: {}",
            quoted(&unused)
        )),
        (false, false) => Some(format!(
            "the states and the values of `{path}` disagree: {} only in the life cycle, {} only \
             among the values; all were taken",
            quoted(&more),
            quoted(&unused)
        )),
    };
    if let Some(message) = message {
        draft.report(
            Diagnostic::warning(codes::STATES_DISAGREE, message)
                .at(place, "the life cycle")
                .at(known.source, "the values")
                .help("list the same states at both places"),
        );
    }
    let values = &mut draft.model.enums[id.index()].values;
    values.extend(more);
    values.clone()
}

/// The states that rows can come to.
fn reached<'t>(starts: &'t [String], transitions: &'t [Transition]) -> BTreeSet<&'t str> {
    let mut open: Vec<&str> = starts.iter().map(String::as_str).collect();
    let mut reached: BTreeSet<&str> = open.iter().copied().collect();
    while let Some(state) = open.pop() {
        for transition in transitions.iter().filter(|t| t.from == state) {
            if reached.insert(&transition.to) {
                open.push(&transition.to);
            }
        }
    }
    reached
}

fn report_unreachable(
    draft: &mut Draft<'_>,
    path: &str,
    starts: &[String],
    certain: bool,
    stated: &[(String, Span)],
    transitions: &[Transition],
) {
    if transitions.is_empty() {
        return;
    }
    let reached = reached(starts, transitions);
    let start = starts.join("` or `");
    for (state, span) in stated.iter().filter(|(state, _)| !reached.contains(state.as_str())) {
        // A list of all states says less of this one than the line of its own transition.
        let own = transitions.iter().find(|t| t.from == *state || t.to == *state);
        let span = &own.map_or(*span, |transition| transition.source);
        let message = format!(
            "no transition leads `{path}` from `{start}` to `{state}`; no row can ever be in that \
             state"
        );
        // With an assumed start, the assumption may be what is wrong.
        let diagnostic = if certain {
            Diagnostic::error(codes::UNREACHABLE_STATE, message)
        } else {
            Diagnostic::warning(codes::UNREACHABLE_STATE, message)
        };
        let help = if certain {
            format!("add the transition that leads to `{state}`, or remove the state")
        } else {
            format!("say which state is the first (`{start}` was assumed), or add the transition")
        };
        draft.report(diagnostic.at(*span, "unreachable").help(help));
    }
}
