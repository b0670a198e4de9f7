//! The texts that may be rules, with what their places say of whose they are, and what each means.
//!
//! Most of the time that a model takes goes into the words of its rules, so that they are understood side by side: nothing
//! here changes the model. What taking down one rule changes for another is little, and `rules.rs` looks after it.

use std::borrow::Cow;

use underpin_base::{Span, parallel};
use underpin_read::{Fact, FieldFact, Statement};

use super::rule_questions;
use super::rule_subjects::{Subjects, each_with_field, makes_sense, plain};
use crate::draft::Draft;
use crate::names::words;
use crate::presence::is_moment_of_change;
use crate::protection_words;
use crate::rule::{self, Meaning, Understood, Wording};
use crate::{EntityId, Expression, Field, FieldId, FieldKind, Question};

/// What a statement says that may be a rule, part by part.
pub(super) enum Part<'s> {
    /// A text.
    Text(Text<'s>),
    /// Its place names no entity of the model.
    UnknownEntity(&'s str),
    /// Its place names a field that the entity lacks.
    UnknownField(EntityId, &'s str),
    /// It gives a unit to all amounts of money.
    OfAllMoney(Cow<'s, str>),
    /// The end of a sentence that was lost where nothing in it was taken down.
    End,
    /// The end of a sentence that may have been a rule of an entity that it names.
    EndOfSuggestion,
}

/// A text that may be a rule.
pub(super) struct Text<'s> {
    pub(super) written: Cow<'s, str>,
    pub(super) span: Span,
    about: About,
}

/// Whose rule a text may be.
#[derive(Clone, Copy)]
enum About {
    /// Its place says so.
    Placed(EntityId, Option<FieldId>),
    /// It describes a field, and is a rule only where all of it is one.
    Described(EntityId, FieldId),
    /// Its words say so, or the entity that it stands with.
    Sought(Option<EntityId>),
    /// As before, where it makes sense there.
    Suggested(Option<EntityId>),
}

/// What a text means, and of what.
pub(super) struct Found {
    pub(super) entity: EntityId,
    pub(super) field: Option<FieldId>,
    pub(super) understood: Understood,
    /// Whether it says that upper and lower case make no difference.
    pub(super) says_case: bool,
    /// What is asked where the database cannot keep it.
    pub(super) question: Option<Question>,
}

/// So many statements are looked through before another thread would have begun.
const STATEMENTS_OF_A_THREAD: usize = 2_000;

/// So many texts are understood at a time.
const TEXTS_AT_ONCE: usize = 128;

/// What each statement says that may be a rule.
pub(super) fn parts<'s>(draft: &Draft<'s>) -> Vec<Vec<Part<'s>>> {
    let before = std::iter::once(None).chain(draft.statements.iter().map(Some));
    let statements: Vec<_> = before.zip(draft.statements).collect();
    parallel::map(&statements, STATEMENTS_OF_A_THREAD, |&(before, statement)| {
        let mut parts = Vec::new();
        match &statement.fact {
            Fact::Rule { entity, field, text } => {
                let place = (entity.as_deref(), field.as_deref());
                let text = said(draft, before, statement, text);
                of_rule(draft, statement, place, text, &mut parts);
            }
            Fact::Field { entity, field } => of_field(draft, statement, entity, field, &mut parts),
            _ => {}
        }
        parts
    })
}

/// What each of the texts means, in their order; `None` where it is no rule.
pub(super) fn understood(draft: &Draft<'_>, texts: &[&Text<'_>]) -> Vec<Option<Found>> {
    let subjects = Subjects::default();
    // What is to be found out about words is found out once for all texts in these words.
    let mut order: Vec<usize> = (0..texts.len()).collect();
    order.sort_by_key(|&at| &texts[at].written);
    let some: Vec<&[usize]> = order.chunks(TEXTS_AT_ONCE).collect();
    let found = parallel::map_uneven(&some, |some| {
        let same_words = some.chunk_by(|&one, &other| texts[one].written == texts[other].written);
        let found = same_words.flat_map(|same| {
            let words = Wording::new(&*texts[same[0]].written);
            let subjects = &subjects;
            same.iter().map(move |&at| understand(draft, texts[at], &words, subjects))
        });
        found.collect::<Vec<_>>()
    });
    let mut in_order: Vec<Option<Found>> = texts.iter().map(|_| None).collect();
    for (at, found) in order.into_iter().zip(found.into_iter().flatten()) {
        in_order[at] = found;
    }
    in_order
}

impl Text<'_> {
    /// What is said in the row of a field.
    pub(super) fn of_field(entity: EntityId, field: FieldId, text: String, span: Span) -> Self {
        Self { written: Cow::Owned(text), span, about: About::Placed(entity, Some(field)) }
    }

    /// What it means by now.
    pub(super) fn understand(&self, draft: &Draft<'_>, subjects: &Subjects) -> Option<Found> {
        understand(draft, self, &Wording::new(&*self.written), subjects)
    }
}

fn understand(
    draft: &Draft<'_>,
    text: &Text<'_>,
    words: &Wording,
    subjects: &Subjects,
) -> Option<Found> {
    let of = |entity, field| (entity, field, rule::understand(draft, entity, field, words));
    let (entity, field, understood) = match text.about {
        About::Placed(entity, field) => of(entity, field),
        About::Described(entity, field) => {
            let found = of(entity, Some(field));
            is_rule(field, &text.written, &found.2.meaning).then_some(found)?
        }
        About::Sought(owner) => {
            let (entity, understood) = subjects.find(draft, owner, &text.written, words)?;
            let said = text.written.trim();
            let stays = || rule::permanence::permanence(&draft.model, entity, None, said).is_some();
            let is_elsewhere = understood.meaning == Meaning::Unclear && !stays();
            let entity =
                if is_elsewhere { Subjects::lasting(draft, said) } else { None }.unwrap_or(entity);
            (entity, None, understood)
        }
        About::Suggested(owner) => {
            let found = subjects.find_sensible(draft, owner, &text.written, words);
            let (entity, understood) = found.or_else(|| {
                // What is said of rows beside an owner is said of those rows, and a trigger keeps it.
                let said = subjects.beside(draft, text.written.trim());
                let rows = said.first().map(|it| it.rows);
                let rows = rows
                    .or_else(|| subjects.across(draft, text.written.trim()))
                    .or_else(|| subjects.held(draft, text.written.trim()))
                    .or_else(|| Subjects::lasting(draft, text.written.trim()))?;
                let meaning = Meaning::Unclear;
                Some((rows, Understood { meaning, rests_on_rules: false }))
            })?;
            (entity, None, understood)
        }
    };
    let trimmed = text.written.trim();
    let is_permission = field.is_none()
        && understood.meaning == Meaning::Unclear
        && rule::allowed::only_permits(trimmed);
    let understood = if is_permission {
        Understood { meaning: rule::allowed::permission(), ..understood }
    } else {
        understood
    };
    let question = match &understood.meaning {
        Meaning::Kept(_) | Meaning::Unclear
            // A guard keeps it.
            if rule::permanence::permanence(&draft.model, entity, field, trimmed).is_some() =>
        {
            None
        }
        Meaning::Kept(_) | Meaning::Unclear
            if let [first, ..] = subjects.beside(draft, trimmed).as_slice() =>
        {
            rule_questions::of_owner_state(draft, first, trimmed, text.span)
        }
        Meaning::Kept(_) | Meaning::Unclear
            if subjects.across(draft, trimmed).or_else(|| subjects.held(draft, trimmed)).is_some() =>
        {
            None
        }
        Meaning::Kept(reason) => {
            rule_questions::of_keeper(draft, entity, field, trimmed, reason, text.span)
        }
        Meaning::Unclear => rule_questions::of_unclear(draft, entity, field, trimmed, text.span),
        Meaning::Expression(_)
        | Meaning::Unique { .. }
        | Meaning::Deletion { .. }
        | Meaning::Required(_)
        | Meaning::MaximumLength(..)
        | Meaning::IgnoresCase(_)
        | Meaning::DeletedValues { .. }
        | Meaning::Managed(_)
        | Meaning::Unit(..)
        | Meaning::Known(_)
        | Meaning::Sql(_) => None,
    };
    Some(Found { entity, field, understood, says_case: words.whatever_case().is_some(), question })
}

/// The constraints of a field, and its description.
fn of_field<'s>(
    draft: &Draft<'s>,
    statement: &'s Statement,
    entity: &str,
    field: &'s FieldFact,
    parts: &mut Vec<Part<'s>>,
) {
    let Some(owner) = draft.entity(entity) else { return };
    let Some(id) = draft.field(owner, &field.name) else { return };
    let text = |text: &'s str, about| {
        Part::Text(Text { written: Cow::Borrowed(text), span: statement.span, about })
    };
    let (classes, others) = apart_from_characters(field);
    if let Some(classes) = classes {
        let about = About::Placed(owner, Some(id));
        let written = Cow::Owned(classes);
        parts.push(Part::Text(Text { written, span: statement.span, about }));
    }
    for words in others.into_iter().flat_map(|text| rule::clauses(text)) {
        // That a column is a foreign key tells what it is, and no rule about it.
        if !protection_words::is_mark(words)
            && words != "foreign key"
            && !is_kept_by_column(draft.model.field(id), words)
        {
            parts.push(text(words, About::Placed(owner, Some(id))));
        }
    }
    if let Some(said) = described(field) {
        parts.push(text(said, About::Described(owner, id)));
    }
}

/// The constraints of a field; "lower-case letters", "digits and hyphens only" that stand beside each other are one list of
/// characters.
fn apart_from_characters(field: &FieldFact) -> (Option<String>, Vec<&String>) {
    let all: Vec<&String> = field.constraints.iter().collect();
    let none = |all| (None, all);
    let Some(last) = all.iter().position(|it| it.to_ascii_lowercase().ends_with(" only")) else {
        return none(all);
    };
    let end = &all[last][..all[last].len() - " only".len()];
    let before = all[..last].iter().rev().take_while(|it| rule::are_characters(it)).count();
    if before == 0 || !rule::are_characters(end) {
        return none(all);
    }
    let mut list: Vec<&str> = all[last - before..last].iter().map(|it| it.as_str()).collect();
    list.push(end);
    let classes = format!("only {}", list.join(", "));
    (Some(classes), [&all[..last - before], &all[last + 1..]].concat())
}

/// Whether a mark says what its column keeps by itself: a number that is counted up, a moment that has its zone, or the one
/// that each change sets.
fn is_kept_by_column(field: &Field, mark: &str) -> bool {
    let mark = mark.to_ascii_lowercase().replace(['-', '_'], " ");
    if let FieldKind::Integer { counted: true, .. } = field.kind {
        return matches!(&*mark, "auto increment" | "autoincrement" | "identity" | "serial");
    }
    field.kind == FieldKind::Timestamp
        && match &*mark {
            "utc" | "in utc" => true,
            "auto update" | "auto updated" | "auto updates" => is_moment_of_change(&field.name),
            _ => false,
        }
}

/// The longest description that is tried as a rule, in words.
const LONGEST_RULE: usize = 8;

/// A short description that may be a rule: "after `period_start`", "0 or more".
fn described(field: &FieldFact) -> Option<&str> {
    let text = field.description.as_deref()?.trim();
    let is_short = text.split(' ').count() <= LONGEST_RULE;
    // "10,2" says how many digits there are, and "percentage" what is counted.
    let may_be = field.constraints.is_empty() && is_short && text.contains(char::is_alphabetic);
    may_be.then_some(text)
}

/// Whether a description of a field is a rule to its last word.
fn is_rule(field: FieldId, text: &str, meaning: &Meaning) -> bool {
    let Meaning::Expression(expression) = meaning else { return false };
    let names_other = expression.fields().iter().any(|&other| other != field);
    let is_form = matches!(expression, Expression::Matches(..));
    names_other || text.contains(|c: char| c.is_ascii_digit()) && !is_form
}

/// A sentence in plain words, with the noun for which "its" stands where the sentence before it has it.
fn said<'s>(
    draft: &Draft<'s>,
    before: Option<&'s Statement>,
    statement: &'s Statement,
    text: &'s str,
) -> Cow<'s, str> {
    // In another paragraph, "its" is of something else.
    const FAR: u32 = 4;
    if let Some(plain) = rule::requirement::plainly(text) {
        return Cow::Owned(plain);
    }
    let upright = before.and_then(|before| {
        let Fact::Rule { text: front, .. } = &before.fact else { return None };
        let is_next = before.span.document == statement.span.document
            && statement.span.start <= before.span.end + FAR;
        is_next.then_some(())?;
        let front = rule::requirement::plainly(front).map_or(Cow::Borrowed(&**front), Cow::Owned);
        rule::leaning::upright(draft, &front, text)
    });
    upright.map_or(Cow::Borrowed(text), Cow::Owned)
}

fn of_rule<'s>(
    draft: &Draft<'s>,
    statement: &'s Statement,
    (entity, field): (Option<&'s str>, Option<&'s str>),
    text: Cow<'s, str>,
    parts: &mut Vec<Part<'s>>,
) {
    let span = statement.span;
    if statement.inferred.is_some() {
        // As far as the fields of the model give it a meaning that a database can keep; of anything else nobody is asked.
        for text in for_each_owner(draft, text) {
            let named = mentioned(draft, &text);
            if named.is_none() && push_for_each(draft, span, &text, parts) {
                continue;
            }
            push_clauses(draft, text, span, About::Suggested(named), parts);
            parts.extend(named.map(|_| Part::EndOfSuggestion));
        }
        return;
    }
    let Some(name) = entity else { return of_no_entity(draft, span, text, parts) };
    let Some(owner) = draft.entity_in_phrase(name) else {
        parts.push(Part::UnknownEntity(name));
        return;
    };
    let Some(name) = field else {
        push_clauses(draft, text, span, About::Sought(Some(owner)), parts);
        parts.push(Part::End);
        return;
    };
    let id = draft.field(owner, name);
    if id.is_none() {
        parts.push(Part::UnknownField(owner, name));
    }
    push_clauses(draft, text, span, About::Placed(owner, id), parts);
}

/// A rule whose place names no entity.
fn of_no_entity<'s>(draft: &Draft<'s>, span: Span, text: Cow<'s, str>, parts: &mut Vec<Part<'s>>) {
    if super::units::speaks_of_all_money(&text) {
        parts.push(Part::OfAllMoney(text));
        return;
    }
    let mut each = for_each_owner(draft, text);
    if each.len() > 1 {
        for text in each {
            of_no_entity(draft, span, text, parts);
        }
        return;
    }
    let text = each.pop().expect("invariant: a sentence is one at least");
    let named = mentioned(draft, &text);
    if named.is_some() || !push_for_each(draft, span, &text, parts) {
        push_clauses(draft, text, span, About::Sought(named), parts);
    }
    parts.push(Part::End);
}

/// "Quantities must be positive", where several entities have a quantity: a rule of each of them. `false` where it
/// speaks of no field that several have.
fn push_for_each<'s>(draft: &Draft<'s>, span: Span, text: &str, parts: &mut Vec<Part<'s>>) -> bool {
    let owners = each_with_field(draft, text);
    for &owner in owners.iter().filter(|_| owners.len() > 1) {
        let text = Cow::Owned(text.to_owned());
        push_clauses(draft, text, span, About::Suggested(Some(owner)), parts);
    }
    owners.len() > 1
}

fn push_clauses<'s>(
    draft: &Draft<'s>,
    text: Cow<'s, str>,
    span: Span,
    about: About,
    parts: &mut Vec<Part<'s>>,
) {
    if let Some(each) = rule::overlap::each(&text) {
        let each = each.into_iter().map(Cow::Owned);
        parts.extend(each.map(|written| Part::Text(Text { written, span, about })));
        return;
    }
    let clauses: Vec<Cow<'s, str>> = match text {
        Cow::Borrowed(text) => rule::clauses(text).into_iter().map(Cow::Borrowed).collect(),
        Cow::Owned(text) => {
            rule::clauses(&text).into_iter().map(|it| Cow::Owned(it.to_owned())).collect()
        }
    };
    let mut clauses: Vec<Cow<'s, str>> = clauses
        .into_iter()
        .flat_map(|it| {
            match rule::leaning::and_never(&it).or_else(|| rule::leaning::and_one_also(&it)) {
                Some(both) => both.map(Cow::Owned).to_vec(),
                None => vec![it],
            }
        })
        .collect();
    if let About::Sought(Some(owner)) | About::Suggested(Some(owner)) = about {
        clauses = clauses.into_iter().flat_map(|it| apart(draft, owner, it)).collect();
    }
    let mut at = 1;
    while at < clauses.len() {
        match rule::leaning::defined(&clauses[at - 1], &clauses[at]) {
            Some(whole) => {
                clauses[at - 1] = Cow::Owned(whole);
                clauses.remove(at);
            }
            None => at += 1,
        }
    }
    if let About::Sought(Some(owner)) | About::Suggested(Some(owner)) = about {
        join_leaning(draft, owner, &mut clauses);
    }
    let mut before: Option<Cow<'s, str>> = None;
    for clause in clauses {
        let upright = before.as_ref().and_then(|it| rule::leaning::upright(draft, it, &clause));
        let written = upright.map_or(clause, Cow::Owned);
        // A sentence that begins with another field is not said of the one before it.
        let about = match about {
            About::Placed(owner, Some(field)) if before.is_some() && written.starts_with('`') => {
                let named = written[1..].split_once('`').map(|(name, _)| name);
                let other = named.and_then(|name| draft.field(owner, name));
                let is_other = other.is_some_and(|it| it != field);
                if is_other { About::Sought(Some(owner)) } else { about }
            }
            about => about,
        };
        parts.push(Part::Text(Text { written: written.clone(), span, about }));
        before = Some(written);
    }
}

/// "A course takes no more enrolments than its capacity. Withdrawn ones do not count": one rule, where both are understood
/// as one.
fn join_leaning(draft: &Draft<'_>, owner: EntityId, clauses: &mut Vec<Cow<'_, str>>) {
    let mut at = 1;
    while at < clauses.len() {
        let (front, behind) = (&clauses[at - 1], &clauses[at]);
        let leans =
            rule::otherwise::is_of_others(behind) || rule::uncounted::belongs_to(front, behind);
        let whole = leans.then(|| format!("{}; {behind}", front.trim_end_matches('.')));
        let is_one = |text: &String| {
            let understood = rule::understand(draft, owner, None, &Wording::new(text));
            !matches!(understood.meaning, Meaning::Unclear | Meaning::Kept(_))
        };
        match whole.filter(is_one) {
            Some(whole) => {
                clauses[at - 1] = Cow::Owned(whole);
                clauses.remove(at);
            }
            None => at += 1,
        }
    }
}

/// "The amount must be positive, and the fee must not exceed it": two rules, where the whole is not understood and one of
/// them is.
fn apart<'t>(draft: &Draft<'_>, owner: EntityId, text: Cow<'t, str>) -> Vec<Cow<'t, str>> {
    let halves = rule::joined::halves(&text).map(|it| it.map(str::to_owned).to_vec());
    let Some(halves) = halves.or_else(|| rule::joined::listed(&text)) else { return vec![text] };
    let is_understood = |text: &str| {
        let understood = rule::understand(draft, owner, None, &Wording::new(text));
        makes_sense(draft, owner, &understood.meaning, text)
    };
    if is_understood(&text) || !halves.iter().any(|half| is_understood(half)) {
        return vec![text];
    }
    halves.into_iter().map(Cow::Owned).collect()
}

/// "The amount of a payment and of a refund never changes" as one sentence for each of the two.
fn for_each_owner<'t>(draft: &Draft<'_>, text: Cow<'t, str>) -> Vec<Cow<'t, str>> {
    match each_owner(draft, &text) {
        Some(sentences) => sentences.map(Cow::Owned).to_vec(),
        None => vec![text],
    }
}

fn each_owner(draft: &Draft<'_>, text: &str) -> Option<[String; 2]> {
    let (front, rest) = text.split_once(" and of ")?;
    let (subject, first) = front.rsplit_once(" of ")?;
    let noun = |phrase: &str| -> String {
        let article = |word: &&str| matches!(*word, "a" | "an" | "the" | "each" | "every");
        phrase.split(' ').filter(|word| !article(word)).collect::<Vec<_>>().join(" ")
    };
    let mut ends = rest.match_indices(' ').map(|(at, _)| at);
    let end = ends.rfind(|&at| draft.entity(&noun(&rest[..at])).is_some())?;
    draft.entity(&noun(first))?;
    let said = &rest[end..];
    Some([first, &rest[..end]].map(|owner| format!("{subject} of {owner}{said}")))
}

/// The entity that a sentence without a place of its own names first.
fn mentioned(draft: &Draft<'_>, text: &str) -> Option<EntityId> {
    let words = words(&plain(text));
    let named = (0..words.len()).find_map(|from| {
        (from + 1..=words.len().min(from + 3))
            .rev()
            .find_map(|to| draft.entity(&words[from..to].join(" ")))
    });
    named.or_else(|| owner_of_names(draft, text))
}

/// The one entity that has all the fields that a text names as code: "`ends_at` must be after `starts_at`".
fn owner_of_names(draft: &Draft<'_>, text: &str) -> Option<EntityId> {
    let names: Vec<&str> = text.split('`').skip(1).step_by(2).collect();
    let has_all = |id: EntityId| names.iter().all(|name| draft.field(id, name).is_some());
    let mut owners =
        draft.model.entities().map(|(id, _)| id).filter(|&id| !names.is_empty() && has_all(id));
    let only = owners.next()?;
    owners.next().is_none().then_some(only)
}
