//! States that verbs name, where a field lists them as values: "An account starts open", "it can be frozen
//! and unfrozen", "only an open account can be closed".

use super::clause::Clause;
use super::noun::{entity_name, phrase_at, singular};
use super::tag::{Tag, Token};
use crate::Fact;
use crate::notation::Output;
use crate::participle::is_participle_of;
use crate::words::fold;

/// Why such a step alone is no life cycle: who has all of them sees whether they lead everywhere.
const ONE_STEP: &str = "a sentence tells of this step";

/// Likewise, where another sentence says more of the steps than is understood.
pub const ONE_STEP_AMONG_OTHERS: &str = "a sentence tells of this step among others";

/// What a sentence says of the states of a thing.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// A row is born in it.
    Starts(String),
    /// From one state, or from the first where it is `None`, to another, and whether back as well.
    May { from: Option<String>, to: String, back: bool },
}

/// The entity whose states a sentence speaks of, and the field that holds them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Life {
    entity: String,
    field: String,
    values: Vec<String>,
}

impl Life {
    fn of(entity: &str, out: &Output) -> Option<Self> {
        let (field, values) = states_of(entity, out)?;
        Some(Self { entity: entity.to_owned(), field, values })
    }

    /// The state that a word names: itself, or what was done to come to it ("opened" for `open`).
    fn value(&self, word: &Token) -> Option<String> {
        let done = |it: &&String| is_participle_of(&it.to_lowercase(), &word.lower);
        let same = self.values.iter().find(|it| fold(it) == fold(&word.lower));
        same.or_else(|| self.values.iter().find(done)).cloned()
    }

    fn names(&self, word: &Token) -> bool {
        self.value(word).or_else(|| self.rows(word)).is_some()
    }

    /// The state of the rows that a word stands for: "a draft", "drafts", "a pitch" for `pitched`.
    fn rows(&self, word: &Token) -> Option<String> {
        let one = singular(&word.lower);
        let done = |it: &&String| is_participle_of(&one, &it.to_lowercase());
        let same = self.values.iter().find(|it| fold(it) == fold(&one));
        same.or_else(|| self.values.iter().find(done)).cloned()
    }
}

/// What a sentence says of lives, part by part; one without a subject of its own goes on with the life before it.
pub(super) fn find(clause: &Clause, before: Option<&Life>, out: &Output) -> Vec<(Life, Vec<Said>)> {
    let mut found: Vec<(Life, Vec<Said>)> = Vec::new();
    for part in parts(&clause.tokens) {
        let last = found.last().map(|(life, _)| life).or(before).cloned();
        found.extend(find_in(part, last, out));
    }
    found
}

/// The parts of a clause with subjects of their own: "it can be confirmed, and a confirmed booking can be
/// cancelled", "a draft is placed or cancelled, a placed order is completed". "A draft and a sent letter" is one subject.
fn parts(tokens: &[Token]) -> Vec<&[Token]> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, pair) in tokens.windows(2).enumerate() {
        let is_cut = pair[1].tag == Tag::Determiner
            && pair[0].is_any(&["and", "but", "while", ",", ";"])
            || pair[1].is_any(&["it", "they"]) && pair[0].is_any(&["and", "but", ",", ";"]);
        if is_cut && at > start && tokens[start..at].iter().any(is_predicate) {
            parts.push(&tokens[start..at]);
            start = at + 1;
        }
    }
    parts.push(&tokens[start..]);
    let is_end = |token: &Token| token.is_any(&[".", ";", "!", ","]);
    parts
        .into_iter()
        .map(|part| {
            let ends = part.iter().rev().take_while(|it| is_end(it)).count();
            &part[..part.len() - ends]
        })
        .collect()
}

/// Verbs by which rows come to a state.
const COMING: &[&str] =
    &["start", "begin", "go", "move", "pass", "change", "progress", "become", "turn"];

fn is_predicate(token: &Token) -> bool {
    matches!(token.tag, Tag::Modal | Tag::Auxiliary)
        || token.is_verb_of(COMING)
        || token.is_any(&["is", "are"])
}

/// Whose states are spoken of, the states that the subject names, and where the predicate begins.
struct Subject {
    life: Life,
    states: Vec<String>,
    end: usize,
    /// Whether it only goes on with what was said before: "from there it becomes …".
    goes_on: bool,
}

/// Words around the states of a subject.
fn is_small(token: &Token) -> bool {
    token.tag == Tag::Determiner
        || token.is_any(&["and", "or", ",", "either", "both", "every", "each", "any", "all"])
}

fn subject(tokens: &[Token], last: Option<Life>, out: &Output) -> Option<Subject> {
    const LEADS: &[&[&str]] = &[
        &["from", "there", "on"],
        &["from", "there"],
        &["from", "then", "on"],
        &["after", "that"],
        &["then"],
        &["afterwards"],
    ];
    let leads = |lead: &&&[&str]| {
        let words = tokens.iter().zip(lead.iter());
        tokens.len() > lead.len() && words.into_iter().all(|(token, word)| token.is(word))
    };
    let lead = LEADS.iter().find(leads).map_or(0, |lead| lead.len());
    let only = usize::from(tokens.first()?.is("only"));
    let start = lead + only + usize::from(lead > 0 && tokens[lead].is(","));
    let end = start + tokens[start..].iter().position(is_predicate)?;
    let words = &tokens[start..end];
    if words.is_empty() || words.len() == 1 && words[0].is_any(&["it", "they"]) {
        let goes_on = lead > 0;
        return Some(Subject { life: last?, states: Vec::new(), end, goes_on });
    }
    let entity = |noun: &str| {
        // Of "pending members", the state may be taken for a part of the name.
        let whole = out.known.get(&entity_name(noun));
        whole.or_else(|| out.known.get(&entity_name(noun.rsplit(' ').next()?)))
    };
    if let Some(phrase) = phrase_at(tokens, start) {
        if let Some(life) = entity(&phrase.noun).and_then(|it| Life::of(it, out)) {
            let named = &tokens[phrase.start..phrase.end];
            let states = named.iter().filter_map(|it| life.value(it)).collect();
            let told = Subject { life, states, end: phrase.end, goes_on: false };
            return Some(of_some(tokens, told));
        }
    }
    // "Pending and confirmed bookings", "a draft and a sent letter".
    let all = |life: &Life, words: &[Token], rows: bool| {
        let states = words.iter().filter(|it| !is_small(it));
        let state = |it: &Token| life.value(it).or_else(|| life.rows(it).filter(|_| rows));
        states.map(state).collect::<Option<Vec<_>>>().filter(|it| !it.is_empty())
    };
    let listed = (1..words.len()).find_map(|at| {
        let noun = words[at..].iter().map(|it| it.text.as_str()).collect::<Vec<_>>().join(" ");
        let life = Life::of(out.known.get(&entity_name(&noun))?, out)?;
        let states = if words[..at].iter().all(is_small) {
            Vec::new()
        } else {
            all(&life, &words[..at], true)?
        };
        Some(Subject { life, states, end, goes_on: false })
    });
    listed.or_else(|| {
        let life = last?;
        let states = all(&life, words, true)?;
        Some(Subject { life, states, end, goes_on: false })
    })
}

/// "Every job that is not done yet": of its rows, those in these states, or in the others.
fn of_some(tokens: &[Token], told: Subject) -> Subject {
    let rest = &tokens[told.end..];
    let is_relative = matches!(rest, [that, is, _, ..]
        if that.is_any(&["that", "which", "who"]) && is.is_any(&["is", "are"]));
    let end = rest.iter().skip(2).position(is_predicate).map(|at| at + 2);
    let Some(end) = end.filter(|_| is_relative) else { return told };
    let (mut states, mut denied) = (Vec::new(), false);
    for token in &rest[2..end] {
        match told.life.value(token) {
            Some(state) => states.push(state),
            None if token.is_any(&["not", "neither"]) => denied = true,
            None if token
                .is_any(&["or", "nor", "and", ",", "yet", "still", "already", "either"]) => {}
            None => return told,
        }
    }
    if denied {
        states = told.life.values.iter().filter(|it| !states.contains(it)).cloned().collect();
    }
    Subject { states, end: told.end + end, ..told }
}

fn find_in(tokens: &[Token], last: Option<Life>, out: &Output) -> Option<(Life, Vec<Said>)> {
    let Subject { life, states, end, goes_on } = subject(tokens, last, out)?;
    let values = &life.values;
    let value = |word: &Token| life.value(word);
    let behind = &tokens[end..];
    let before = if states.is_empty() { during(behind, &value) } else { states };
    let mut said = Vec::new();
    let starts = behind.first().is_some_and(|verb| verb.is_verb_of(&["start", "begin"]))
        || behind.first().is_some_and(|verb| verb.is_any(&["is", "are"]))
            && behind.iter().any(|token| token.is_any(&["initially", "first", "created"]));
    if starts {
        let words = behind[1..].iter().take(5);
        let state = |word: &Token| life.value(word).or_else(|| life.rows(word));
        said.extend(words.filter(|word| !word.is("created")).find_map(state).map(Said::Starts));
    }
    // "A project can only be delivered when its jobs are done" says when, and not from where.
    let is_conditional = behind.get(1).is_some_and(|token| token.is("only"));
    let froms = |to: &str| -> Vec<Option<String>> {
        let excepted = excepted(behind, &value);
        let others = |it: &&String| *it != to && !excepted.contains(it);
        match (before.is_empty(), excepted.is_empty()) {
            (false, _) => before.iter().filter(others).cloned().map(Some).collect(),
            (true, true) if is_conditional => Vec::new(),
            (true, true) => vec![None],
            (true, false) => values.iter().filter(others).cloned().map(Some).collect(),
        }
    };
    let step = |to: &str, back: bool| {
        let froms = froms(to).into_iter();
        froms.map(move |from| Said::May { from, to: to.to_owned(), back }).collect::<Vec<_>>()
    };
    if let Some(done) = possible(behind) {
        let verbs: Vec<&Token> = done.iter().take_while(|token| !token.is_any(ENDS)).collect();
        let undone = |to: &str| {
            let resumed = verbs.iter().any(|verb| verb.is_any(&["resumed", "continued"]))
                || verbs.windows(2).any(|it| it[0].is("taken") && it[1].is("up"));
            let is_undone = |verb: &&&Token| {
                ["un", "re"].iter().any(|lead| verb.lower.strip_prefix(lead) == Some(to))
                    || to.strip_suffix("ed").is_some() && verb.lower == format!("un{to}")
            };
            verbs.iter().any(|verb| is_undone(&verb)) || resumed && before.len() == 1
        };
        for verb in &verbs {
            let again = || if before.is_empty() { None } else { made_again(&verb.lower, values) };
            let to =
                value(verb).or_else(again).filter(|to| before.len() != 1 || !before.contains(to));
            let Some(to) = to else { continue };
            let back = undone(&to.to_lowercase());
            said.extend(step(&to, back));
        }
    }
    // "Pending members become active once approved", "from there it becomes held or missed".
    let becomes = behind.iter().take(2).position(|token| token.is_verb_of(&["become", "turn"]));
    if let Some(at) = becomes.filter(|_| !before.is_empty() || goes_on) {
        for to in listed_states(&behind[at + 1..], &value) {
            said.extend(step(&to, false));
        }
    }
    said.extend(done_now(behind, &before, &value));
    said.extend(gone_through(behind, &value));
    (!said.is_empty()).then_some((life, said))
}

/// States in a row, up to the first other word: "held, missed or cancelled".
fn listed_states(tokens: &[Token], value: &impl Fn(&Token) -> Option<String>) -> Vec<String> {
    let mut states = Vec::new();
    for token in tokens {
        match value(token) {
            Some(state) => states.push(state),
            None if token.is_any(&["or", ",", "either"]) => {}
            None => break,
        }
    }
    states
}

/// "A draft is placed or cancelled", "a pitch is either taken on (`running`) or `rejected`"; "an episode is planned, then
/// recorded, and finally aired".
fn done_now(
    behind: &[Token],
    before: &[String],
    value: &impl Fn(&Token) -> Option<String>,
) -> Vec<Said> {
    let Some((be, rest)) = behind.split_first() else { return Vec::new() };
    let denies = |it: &Token| it.is_any(&["not", "never", "neither", "nor", "only", "still"]);
    if !be.is_any(&["is", "are"]) || rest.iter().any(denies) {
        return Vec::new();
    }
    let states: Vec<String> = rest.iter().filter_map(value).collect();
    let in_code = rest.iter().filter(|it| it.is_code).filter_map(value).collect::<Vec<_>>();
    let small = ["or", "and", ",", "either", "then", "later", "finally", "eventually"];
    let is_list = rest.iter().all(|it| value(it).is_some() || it.is_any(&small));
    let is_chain = is_list && rest.iter().any(|it| it.is("then")) && states.len() > 1;
    if is_chain {
        let first = before.is_empty().then(|| Said::Starts(states[0].clone()));
        let all: Vec<&String> = before.iter().take(1).chain(&states).collect();
        let may = |pair: &[&String]| Said::May {
            from: Some(pair[0].clone()),
            to: pair[1].clone(),
            back: false,
        };
        return first.into_iter().chain(all.windows(2).map(may)).collect();
    }
    // "A confirmed booking is paid and shipped" says what holds, and not what comes next.
    let all = if is_list && !rest.iter().any(|it| it.is("and")) { states } else { in_code };
    let pairs = all.iter().flat_map(|to| before.iter().map(move |from| (from, to)));
    let pairs = pairs.filter(|(from, to)| from != to);
    pairs
        .map(|(from, to)| Said::May { from: Some(from.clone()), to: to.clone(), back: false })
        .collect()
}

/// What stands behind what may happen.
const ENDS: &[&str] = &[
    "when", "if", "by", "after", "until", "from", "only", "unless", "once", "but", "while", "not",
];

/// What may be done: behind "can be", "may only be", "can still be".
fn possible(behind: &[Token]) -> Option<&[Token]> {
    let (can, rest) = behind.split_first()?;
    let rest = match rest {
        // "Can never be" says the contrary.
        [adverb, ..] if adverb.is_any(&["never", "not", "hardly", "neither"]) => return None,
        [adverb, rest @ ..] if adverb.tag == Tag::Adverb => rest,
        rest => rest,
    };
    let (be, done) = rest.split_first()?;
    let denies = done.first().is_some_and(|it| it.is_any(&["neither", "not", "never"]));
    (can.is_any(&["can", "may"]) && be.is("be") && !denies).then_some(done)
}

/// "While it is running or paused": the states from which it happens.
fn during(behind: &[Token], value: &impl Fn(&Token) -> Option<String>) -> Vec<String> {
    let link = behind.windows(3).position(|it| {
        it[0].is_any(&["while", "when", "if"])
            && it[1].is_any(&["it", "they"])
            && it[2].is_any(&["is", "are"])
    });
    let Some(at) = link else { return Vec::new() };
    let states = &behind[at + 3..];
    let are_all = states.iter().all(|it| value(it).is_some() || it.is_any(&["or", ","]));
    if are_all { states.iter().filter_map(value).collect() } else { Vec::new() }
}

/// "Unless it was already collected": the states from which nothing happens.
fn excepted(behind: &[Token], value: &impl Fn(&Token) -> Option<String>) -> Vec<String> {
    let but = behind.iter().position(|token| token.is("unless"));
    but.map_or_else(Vec::new, |at| behind[at..].iter().filter_map(value).collect())
}

/// "Reactivated" is made active again, "reopened" open.
fn made_again(verb: &str, values: &[String]) -> Option<String> {
    const SHORTEST: usize = 4;
    let made = verb.strip_prefix("re")?;
    let stem = made.strip_suffix("ated").or_else(|| made.strip_suffix("ed"))?;
    let is_meant =
        |value: &&String| stem.len() >= SHORTEST && value.to_lowercase().starts_with(stem);
    values.iter().find(is_meant).cloned()
}

/// "Reservations go from waiting to ready to collected".
fn gone_through(behind: &[Token], value: &impl Fn(&Token) -> Option<String>) -> Vec<Said> {
    let Some((verb, rest)) = behind.split_first() else { return Vec::new() };
    let from = rest.first().is_some_and(|token| token.is("from"));
    if !from || !verb.is_verb_of(&["go", "move", "pass", "change", "progress"]) {
        return Vec::new();
    }
    let mut steps: Vec<String> = Vec::new();
    for token in &rest[1..] {
        match value(token) {
            Some(state) => steps.push(state),
            None if token.is_any(&["to", "then", "and", ",", "through", "via"]) => {}
            None => break,
        }
    }
    let pairs = steps.windows(2);
    pairs
        .map(|pair| Said::May { from: Some(pair[0].clone()), to: pair[1].clone(), back: false })
        .collect()
}

/// The field of an entity that holds its state, with its values.
fn states_of(entity: &str, out: &Output) -> Option<(String, Vec<String>)> {
    let is_state =
        |field: &str| ["status", "state", "stage"].iter().any(|name| fold(name) == fold(field));
    out.choices_of(entity)
        .find(|(field, values)| values.len() > 1 && is_state(field))
        .map(|(field, values)| (field.to_owned(), values.to_vec()))
}

/// States what the sentences of a document say. What may happen to "an account" without more happens to
/// one in the first state: a document that means another says so.
pub(super) fn read(document: &crate::document::Document<'_>, clauses: &[Clause], out: &mut Output) {
    let mut found: Vec<(&Clause, Life, Vec<Said>)> = Vec::new();
    let known = &*out;
    let alone = super::in_each(clauses, |clause| find(clause, None, known));
    let mut before: Option<(Option<usize>, Life)> = None;
    // Lives of which a sentence says more than is understood: who knows some of their steps knows nothing of the others.
    let mut in_part: Vec<String> = Vec::new();
    for (clause, told) in clauses.iter().zip(alone) {
        // "A draft is placed or cancelled" goes on with what the sentence before spoke of.
        let last = before.as_ref().filter(|(section, _)| *section == clause.section);
        let told = match last {
            Some((_, life)) if clause.tokens.iter().any(|it| life.names(it)) => {
                find(clause, Some(life), known)
            }
            Some(_) | None => told,
        };
        if told.is_empty() && tells_ways(clause) {
            let named = crate::notation::mentioned(&clause.text, known);
            let lives = named
                .iter()
                .filter_map(|it| Life::of(it, known))
                .chain(last.map(|it| it.1.clone()));
            let meant = lives.filter(|life| clause.tokens.iter().any(|it| life.names(it)));
            in_part.extend(meant.map(|life| life.entity));
        }
        if let Some((life, _)) = told.last() {
            before = Some((clause.section, life.clone()));
        }
        found.extend(told.into_iter().map(|(life, said)| (clause, life, said)));
    }
    let first_of = |life: &Life| {
        found.iter().filter(|(_, it, _)| it.entity == life.entity).find_map(|(_, _, said)| {
            said.iter().find_map(|said| match said {
                Said::Starts(state) => Some(state.clone()),
                Said::May { .. } => None,
            })
        })
    };
    for (clause, life, said) in &found {
        let is_in_part = in_part.contains(&life.entity);
        let reason = if is_in_part { ONE_STEP_AMONG_OTHERS } else { ONE_STEP };
        let span = document.span(clause.range.clone());
        let first = first_of(life);
        let (entity, field) = (&life.entity, &life.field);
        for said in said {
            match said {
                Said::Starts(state) => {
                    let fact = Fact::Lifecycle {
                        entity: entity.clone(),
                        field: Some(field.clone()),
                        states: Vec::new(),
                        initial: Some(state.clone()),
                    };
                    out.state(document, span, fact);
                }
                Said::May { from, to, back } => {
                    let Some(from) = from.clone().or_else(|| first.clone()) else { continue };
                    let step = |from: &str, to: &str| Fact::Transition {
                        entity: entity.clone(),
                        field: Some(field.clone()),
                        from: from.to_owned(),
                        to: to.to_owned(),
                        on: None,
                    };
                    out.infer(document, span, step(&from, to), reason);
                    if *back {
                        out.infer(document, span, step(to, &from), reason);
                    }
                }
            }
        }
    }
}

/// Whether a sentence says that rows go some way: back, or from any state.
fn tells_ways(clause: &Clause) -> bool {
    const WAYS: &[&str] = &[
        "back", "until", "stage", "anytime", "again", "undone", "reverted", "returns", "reopened",
    ];
    let can =
        |it: &Token| it.is_any(&["can", "may", "takes", "brings", "goes", "sends", "returns"]);
    !clause.denies
        && clause.tokens.iter().any(can)
        && clause.tokens.iter().any(|it| it.is_any(WAYS))
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn what_becomes_of_rows_in_a_state() {
        check(
            "# Desk\n\n## Letter\n- id: uuid\n- status: draft, sent, read, lost, burnt\n\n## Tour\n- id: uuid\n- status: pitched, open, held, dropped\n\n## Rules\n\nA letter begins as a draft. A draft is sent or burnt, a sent letter is either read or lost. A read and a lost letter can be burnt. A letter can be neither read nor lost while its tour is open.\n\nA tour is pitched, then open, and finally held. Pitched and open tours can be dropped. It can be pitched while it is dropped. A held tour is not dropped.\n",
            &expect![[r#"
                3 bullet-fields  entity Letter
                4 bullet-fields  field Letter.id uuid
                5 field-phrases  field Letter.status [draft | sent | read | lost | burnt]
                7 bullet-fields  entity Tour
                8 bullet-fields  field Tour.id uuid
                9 field-phrases  field Tour.status [pitched | open | held | dropped]
                13 prose-lifecycle  life cycle Letter.status from draft
                13 prose-lifecycle  transition Letter.status: draft -> sent [inferred: a sentence tells of this step]
                13 prose-lifecycle  transition Letter.status: draft -> burnt [inferred: a sentence tells of this step]
                13 prose-lifecycle  transition Letter.status: sent -> read [inferred: a sentence tells of this step]
                13 prose-lifecycle  transition Letter.status: sent -> lost [inferred: a sentence tells of this step]
                13 prose-lifecycle  transition Letter.status: read -> burnt [inferred: a sentence tells of this step]
                13 prose-lifecycle  transition Letter.status: lost -> burnt [inferred: a sentence tells of this step]
                15 prose-lifecycle  life cycle Tour.status from pitched
                15 prose-lifecycle  transition Tour.status: pitched -> open [inferred: a sentence tells of this step]
                15 prose-lifecycle  transition Tour.status: open -> held [inferred: a sentence tells of this step]
                15 prose-lifecycle  transition Tour.status: pitched -> dropped [inferred: a sentence tells of this step]
                15 prose-lifecycle  transition Tour.status: open -> dropped [inferred: a sentence tells of this step]
                15 prose-lifecycle  transition Tour.status: dropped -> pitched [inferred: a sentence tells of this step]
            "#]],
        );
    }

    #[test]
    fn ways_that_are_not_understood_leave_the_others_open() {
        check(
            "# Desk\n\n## Letter\n- id: uuid\n- status: draft, sent, read\n\nA letter begins as a draft. A draft is sent. A sent letter is read. Until it has been read, a letter can go back to being a draft at any stage.\n",
            &expect![[r#"
                3 bullet-fields  entity Letter
                4 bullet-fields  field Letter.id uuid
                5 field-phrases  field Letter.status [draft | sent | read]
                7 prose-lifecycle  life cycle Letter.status from draft
                7 prose-lifecycle  transition Letter.status: draft -> sent [inferred: a sentence tells of this step among others]
                7 prose-lifecycle  transition Letter.status: sent -> read [inferred: a sentence tells of this step among others]
            "#]],
        );
    }

    #[test]
    fn what_a_second_subject_may_come_to() {
        check(
            "# Seats\n\n## Booking\n- id: uuid\n- status: asked, confirmed, dropped\n\nA booking starts as asked; it can be confirmed or dropped, and a confirmed booking can be dropped.\n",
            &expect![[r#"
                3 bullet-fields  entity Booking
                4 bullet-fields  field Booking.id uuid
                5 field-phrases  field Booking.status [asked | confirmed | dropped]
                7 prose-lifecycle  life cycle Booking.status from asked
                7 prose-lifecycle  transition Booking.status: asked -> confirmed [inferred: a sentence tells of this step]
                7 prose-lifecycle  transition Booking.status: asked -> dropped [inferred: a sentence tells of this step]
                7 prose-lifecycle  transition Booking.status: confirmed -> dropped [inferred: a sentence tells of this step]
            "#]],
        );
    }

    #[test]
    fn states_that_verbs_name() {
        check(
            "# Bank\n\n## Account\n- id: uuid\n- status: open, frozen, closed\n\nAn account starts open. It can be frozen and unfrozen; only an open account can be closed. An account can be shown. A closed account can never be frozen.\n",
            &expect![[r#"
                3 bullet-fields  entity Account
                4 bullet-fields  field Account.id uuid
                5 field-phrases  field Account.status [open | frozen | closed]
                7 prose-lifecycle  life cycle Account.status from open
                7 prose-lifecycle  transition Account.status: open -> frozen [inferred: a sentence tells of this step]
                7 prose-lifecycle  transition Account.status: frozen -> open [inferred: a sentence tells of this step]
                7 prose-lifecycle  transition Account.status: open -> closed [inferred: a sentence tells of this step]
                7 R015 `A closed account can never be frozen.` seems to state something and was not understood
            "#]],
        );
    }

    #[test]
    fn a_condition_tells_no_step() {
        check(
            "## Ride\n\n| Field | Type |\n|-|-|\n| id | uuid |\n| status | enum(asked, taken, over) |\n\nA ride starts as asked. A ride can only be over when its tolls are paid.\n",
            &expect![[r#"
                1 field-table  entity Ride
                5 field-table  field Ride.id uuid
                6 field-table  field Ride.status enum [asked | taken | over]
                8 prose-lifecycle  life cycle Ride.status from asked
                8 R015 `A ride can only be over when its tolls are paid.` seems to state something and was not understood
            "#]],
        );
    }

    #[test]
    fn states_that_rows_go_through() {
        check(
            "# Club\n\n## Member\n- id: uuid\n- status: pending, active, suspended, closed\n\nPending members become active once approved. A suspended member can be reactivated. A member can be closed unless it is pending.\n\n## Booking\n- id: uuid\n- state: waiting, ready, collected\n\nBookings go from waiting to ready to collected. A collected booking can still be returned. A waiting booking can be repainted.\n",
            &expect![[r#"
                3 bullet-fields  entity Member
                4 bullet-fields  field Member.id uuid
                5 field-phrases  field Member.status [pending | active | suspended | closed]
                7 prose-lifecycle  transition Member.status: pending -> active [inferred: a sentence tells of this step]
                7 prose-lifecycle  transition Member.status: suspended -> active [inferred: a sentence tells of this step]
                7 prose-lifecycle  transition Member.status: active -> closed [inferred: a sentence tells of this step]
                7 prose-lifecycle  transition Member.status: suspended -> closed [inferred: a sentence tells of this step]
                9 bullet-fields  entity Booking
                10 bullet-fields  field Booking.id uuid
                11 field-phrases  field Booking.state [waiting | ready | collected]
                13 prose-lifecycle  transition Booking.state: waiting -> ready [inferred: a sentence tells of this step]
                13 prose-lifecycle  transition Booking.state: ready -> collected [inferred: a sentence tells of this step]
            "#]],
        );
    }
}
