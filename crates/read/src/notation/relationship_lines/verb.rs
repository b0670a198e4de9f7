//! Verbs between two entities: "User has many Orders", "belongs to", "many-to-many with".

use underpin_base::Phrases;

use std::sync::LazyLock;

use crate::RelationshipFact;
use crate::notation::Output;
use crate::notation::mermaid_er::{End, relationship};
use crate::notation::relationship_verbs::{MANY, VERBS};
use crate::phrase_table::PhraseTable;
use crate::prose::is_person_noun;
use crate::prose::unsaid::{denies, unsaid};
use crate::words::{fold, parenthesized};

use super::cardinality::{arrow_ends, pair};
use super::name::{entity, first_known, last_known, on_delete, through};

/// "User has many Orders", and under an entity's heading "Has many Orders, Notes".
pub(super) fn verb_phrases(
    text: &str,
    owner: Option<&str>,
    topic: bool,
    out: &Output,
) -> Vec<RelationshipFact> {
    let mut facts = Vec::new();
    // `Country` (Many-to-One, Restrict delete), under an entity's heading.
    if let (Some(owner), Some((head, inside, _)), true) = (owner, parenthesized(text), topic) {
        if let (Some((left, right)), Some(target)) =
            (inside.split([',', ';']).next().and_then(pair), entity(head, out))
        {
            let mut fact = relationship(owner.to_owned(), left, target, right, None);
            fact.on_delete = on_delete(inside);
            fact.through = through(inside);
            return vec![fact];
        }
    }
    // "Has many A, has many B": each part that a verb begins stands for itself.
    let mut parts: Vec<&str> = Vec::new();
    for sentence in text.split_inclusive(['.', ';', '?']) {
        let has_verb = find_verb(&sentence.to_ascii_lowercase()).is_some();
        if has_verb && unsaid(sentence).is_none() && !denies(sentence) {
            parts.extend(halves(sentence.trim_end_matches(['.', ';'])));
        }
    }
    for part in parts {
        if facts.len() > 40 {
            break;
        }
        part_facts(part, owner, topic, out, &mut facts);
    }
    mutual(facts)
}

/// "A vet has many pets and a pet has many vets" as two: the words behind "and" have a subject and a verb of their own.
fn halves(sentence: &str) -> Vec<&str> {
    let own = |half: &str| {
        let lower = half.to_ascii_lowercase();
        ["a ", "an ", "each ", "every ", "one "].iter().any(|word| lower.starts_with(word))
            && find_verb(&lower).is_some()
    };
    let ends = sentence.match_indices(" and ").map(|(at, _)| at);
    let split = ends.map(|at| (&sentence[..at], &sentence[at + " and ".len()..]));
    let found = split.filter(|(before, behind)| {
        find_verb(&before.to_ascii_lowercase()).is_some() && own(behind)
    });
    match found.last() {
        Some((before, behind)) => vec![before, behind],
        None => vec![sentence],
    }
}

/// Several on both sides are one relationship.
fn mutual(facts: Vec<RelationshipFact>) -> Vec<RelationshipFact> {
    let mut kept: Vec<RelationshipFact> = Vec::with_capacity(facts.len());
    for fact in facts {
        let other = kept.iter_mut().find(|it| {
            it.from == fact.to
                && it.to == fact.from
                && it.cardinality == Some("1:N")
                && fact.cardinality == Some("1:N")
        });
        match other {
            Some(other) => other.cardinality = Some("N:M"),
            None => kept.push(fact),
        }
    }
    kept
}

pub(super) fn find_verb(lower: &str) -> Option<(usize, &'static (&'static str, End, End))> {
    static TABLE: LazyLock<PhraseTable> =
        LazyLock::new(|| PhraseTable::new(VERBS.iter().map(|verb| verb.0)));
    let behind = |rest: &str| rest.starts_with([' ', ':', '`']);
    let (at, verb) = TABLE.find(lower, |before| !before.is_alphanumeric(), behind)?;
    Some((at, &VERBS[verb]))
}

/// Verbs that say how many there may be and not how many there are.
const LIMITS: &[&str] = &["at most one", "only one", "more than one"];

/// What says that the number is one of a moment: the rows of other times stay.
const AT_A_TIME: &[&str] = &[
    "at a time",
    "at any time",
    "at any one time",
    "at any given time",
    "at once",
    "at the same time",
    "at any moment",
];

/// Words before a noun that mean its rows of the moment.
const OF_THE_MOMENT: &[&str] = &[
    "active",
    "current",
    "live",
    "ongoing",
    "open",
    "outstanding",
    "pending",
    "running",
    "unpaid",
];

/// Whether "open order", "current loan", "sailing at a time" or "of its issues" means some rows of a thing only, so that
/// one of these pairs no two things.
fn is_of_some(counted: &str, out: &Output) -> bool {
    let lower = counted.to_lowercase();
    if AT_A_TIME.iter().any(|words| lower.ends_with(words)) {
        return true;
    }
    if let Some(rest) = ["of its ", "of their ", "of the ", "of his or her "]
        .iter()
        .find_map(|of| lower.strip_prefix(of))
    {
        return first_known(rest, out).is_some();
    }
    // A thing of that very name is one of its own: an `Open Order`.
    let said = lower.split_once(' ').filter(|_| entity(counted, out).is_none());
    said.is_some_and(|(kind, noun)| {
        OF_THE_MOMENT.contains(&kind) && first_known(noun, out).is_some()
    })
}

fn part_facts(
    part: &str,
    owner: Option<&str>,
    topic: bool,
    out: &Output,
    facts: &mut Vec<RelationshipFact>,
) {
    let lower = part.to_ascii_lowercase();
    let others = [" not ", "no foreign key", "cannot", " the same "];
    if others.iter().any(|it| lower.contains(it)) {
        return;
    }
    let Some((at, &(verb, left, right))) = find_verb(&lower) else { return };
    let subject = part[..at].trim().trim_start_matches(['-', '*', ' ']);
    // "Nothing references them, since orders are kept" relates no two things.
    let before = lower[..at].split_whitespace().next_back().unwrap_or_default();
    let behind = lower[at + verb.len()..].trim_start().split([' ', ',']).next().unwrap_or_default();
    if ["nothing", "nobody", "none"].contains(&before) || ["it", "them", "this"].contains(&behind) {
        return;
    }
    let subject = match subject {
        "" => owner.map(str::to_owned),
        text => entity(text, out).or_else(|| last_known(text, out)),
    };
    let Some(subject) = subject else { return };
    // "at most one cart with status active" is a rule about some rows, no cardinality.
    if verb.contains("one")
        && [" with ", " whose ", " where ", " per ", " active "]
            .iter()
            .any(|mark| lower[at + verb.len()..].contains(mark))
    {
        return;
    }
    let mut rest = &part[at + verb.len()..];
    let mut next = None;
    // "has many Notes and Files, many-to-many with Tags" goes on with another verb.
    let lower_rest = rest.to_ascii_lowercase();
    if let Some((at, _)) = find_verb(&lower_rest) {
        let cut = lower_rest[..at].rfind([',', ';']).unwrap_or(at);
        if lower_rest[cut..at].trim_matches([',', ' ']).is_empty() {
            next = Some(&rest[at..]);
            rest = &rest[..cut];
        }
    }
    // "at most one open report": how many rows of a state there may be is a rule as well.
    let counted = rest.split([',', ';', '(', '.']).next().unwrap_or(rest).trim();
    if LIMITS.iter().any(|limit| verb.contains(limit))
        && entity(counted, out).is_none()
        && last_known(counted, out).is_some()
    {
        return;
    }
    let pairs = verb.contains("one") && !left.many && !right.many;
    if pairs && is_of_some(counted, out) {
        return;
    }
    // "has one primary phone", where phones have `is_primary`, and "has one phone at most" are rules of the same kind.
    if verb.contains("one") {
        let of_flag = || {
            let (kind, noun) = counted.split_once(' ')?;
            let target = last_known(noun, out)?;
            out.field(&target, &format!("is_{}", kind.to_lowercase())).map(|_| ())
        };
        let is_most = counted.ends_with(" at most") || counted.ends_with(" at the most");
        if is_most || of_flag().is_some() {
            return;
        }
    }
    // "through `parent_id`" names the field of the reference, no join entity.
    let through = through(rest).filter(|name| !name.ends_with("_id") && !name.ends_with("Id"));
    let delete = on_delete(rest);
    let objects = objects(rest, topic, out);
    for object in objects {
        // "A dog has one owner": whoever owns one may own more. "A user has one employee" pairs people.
        let is_owned = verb.starts_with("has") && !right.many;
        let is_one_of_many = is_owned && is_person_noun(&object) && !is_person_noun(&subject);
        let left = if is_one_of_many { MANY } else { left };
        let mut fact = relationship(subject.clone(), left, object, right, None);
        fact.through.clone_from(&through);
        fact.on_delete.clone_from(&delete);
        facts.push(fact);
    }
    if let Some(next) = next {
        part_facts(next, Some(&subject), topic, out, facts);
    }
}

/// "Join table for many-to-many User ↔ Role", "Many–many between profiles and skills".
pub(super) fn many_to_many(
    text: &str,
    owner: Option<&str>,
    out: &Output,
) -> Option<RelationshipFact> {
    let plain = text.replace(['–', '—'], "-");
    let lower = plain.to_ascii_lowercase();
    let at = ["many-to-many", "many-many", "many to many"]
        .iter()
        .find_map(|mark| lower.place_of(mark).map(|at| at + mark.len()))?;
    let rest = plain.get(at..)?.split(['.', ',', ';']).next()?;
    // "via `order_tags` with Tags", under an entity's heading.
    if let (Some(owner), Some((join, target))) = (owner, via(rest)) {
        let mut fact = relationship(owner.to_owned(), MANY, first_known(target, out)?, MANY, None);
        fact.through = last_known(join, out);
        return Some(fact);
    }
    let (a, b) = match arrow_ends(rest) {
        Some(ends) => ends,
        None => rest.split_once(" between ")?.1.split_once(" and ")?,
    };
    let (a, b) = (last_known(a, out)?, first_known(b, out)?);
    let mut fact = relationship(a, MANY, b, MANY, None);
    // The entity that is described so joins the two.
    fact.through = owner
        .filter(|owner| fold(owner) != fold(&fact.from) && fold(owner) != fold(&fact.to))
        .map(str::to_owned);
    Some(fact)
}

/// The join entity and the target of "via `order_tags` with Tags".
fn via(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let rest = text.strip_prefix("via ").or_else(|| text.strip_prefix("through "))?;
    rest.split_once(" with ").or_else(|| rest.split_once(" to "))
}

/// The known entities in a list such as "Notes, Authors and `Tag` rows through `x`".
fn objects(text: &str, topic: bool, out: &Output) -> Vec<String> {
    let end = ["through ", " via ", "(", " by ", " for ", " with ", " when ", " in ", " at "]
        .iter()
        .filter_map(|mark| text.find(mark))
        .min()
        .unwrap_or(text.len());
    let mut found: Vec<String> = Vec::new();
    let list = text[..end].replace(" and ", ",").replace(" or ", ",").replace(" & ", ",");
    for part in list.split(',') {
        let name = entity(part, out).filter(|name| {
            // A name set as code that no document describes is taken only where relationships are listed.
            topic || out.known.get(name).is_some()
        });
        if let Some(name) = name.or_else(|| first_known(part, out)) {
            if !found.iter().any(|other| fold(other) == fold(&name)) {
                found.push(name);
            }
        }
    }
    found
}
