//! Sentences that say how many of one thing belong to how many of another.

use std::collections::BTreeSet;

use crate::document::Document;
use crate::notation::Output;
use crate::{Fact, RelationshipFact};

use super::lexicon;
use super::noun::{Phrase, coordinated, is_attribute, is_program, phrase_at, phrases};
use super::possession::runs_the_system;
use super::sentence::Sentence;
use super::tag::{Tag, Token};
use super::usual::is_usual;
use super::{in_each, over_clauses, resolve};

pub(crate) const DOC: &str = "Sentences such as \"an order contains at least one line\" and \"multiple queues within a branch\".";

/// Two nouns and how they relate. `one` is the one side of a 1:N.
#[derive(Debug, Clone)]
pub(super) struct Related {
    pub(super) one: Phrase,
    pub(super) many: Phrase,
    cardinality: &'static str,
    /// Whether words count several of the many side.
    is_several: bool,
    /// Whether each row of the many side has its one.
    one_required: Option<bool>,
    /// Whether each row of the one side has one of the many.
    many_required: Option<bool>,
}

/// What a sentence relates.
pub(super) fn in_sentence(sentence: &Sentence) -> &[Related] {
    sentence.related.get_or_init(|| find(&sentence.tokens))
}

fn find(tokens: &[Token]) -> Vec<Related> {
    let mut found = Vec::new();
    found.extend(by_verb(tokens));
    found.extend(belonging(tokens));
    found.extend(many_within(tokens));
    found.extend(kept_apart(tokens));
    found.extend(attributed(tokens));
    found.extend(standing_for(tokens, true));
    let mut others = of_just_one(tokens);
    others.retain(|it| found.iter().all(|known: &Related| known.one.noun != it.one.noun));
    found.extend(others);
    found
}

/// Verbs that say that one thing holds others.
const HOLDING: &[&str] = &[
    "have", "has", "contain", "include", "own", "hold", "offer", "comprise", "create", "manage",
    "place", "receive", "make", "submit", "write", "post", "add", "upload", "book", "register",
    "host", "publish", "track", "maintain", "operate", "run", "employ", "teach", "attend", "sell",
    "generate", "store", "support", "define", "save", "earn", "follow", "consist",
];

/// "a supplier offers one or more items", "a business can create and manage multiple branches".
fn by_verb(tokens: &[Token]) -> Vec<Related> {
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        let verb = &tokens[at];
        let is_verb = verb.tag == Tag::Verb || verb.tag == Tag::Auxiliary;
        if !is_verb || !verb.is_verb_of(HOLDING) {
            continue;
        }
        let object = counted(tokens, at + 1).or_else(|| counted_later(tokens, at));
        let Some(object) = object else { continue };
        let Some(subject) = subject_before(tokens, at) else { continue };
        let counts_ones = subject.is_code() || subject.is_plural || is_one(tokens, &subject);
        // "Admins can create several queues": those belong to nobody for that.
        let is_work = runs_the_system(&subject.noun)
            && tokens[at].is_verb_of(&["create", "manage", "add", "register", "define", "upload"])
            && tokens.get(object.0.end).is_some_and(|it| it.tag == Tag::Preposition);
        if !counts_ones || is_actor_of_system(&subject) || is_work {
            continue;
        }
        found.push(Related {
            one: subject,
            many: object.0,
            cardinality: "1:N",
            is_several: true,
            one_required: None,
            many_required: object.1.then_some(true),
        });
    }
    found
}

/// Several things at the end of a list of what a thing has: "a name, a phone and one or two guardians".
fn counted_later(tokens: &[Token], verb: usize) -> Option<(Phrase, bool)> {
    if !tokens[verb].is_any(&["has", "have", "contains", "contain", "includes", "include"]) {
        return None;
    }
    let end = tokens[verb + 1..].iter().position(|it| {
        matches!(it.tag, Tag::Verb | Tag::Modal | Tag::Auxiliary | Tag::Subordinator)
    });
    let end = end.map_or(tokens.len(), |end| verb + 1 + end);
    (verb + 2..end)
        .filter(|&at| tokens[at - 1].is_any(&[",", "and"]))
        .find_map(|at| counted(tokens, at))
}

fn is_one(tokens: &[Token], phrase: &Phrase) -> bool {
    tokens[phrase.start..phrase.end]
        .iter()
        .any(|token| token.is_any(&["a", "an", "each", "every", "one", "any", "the", "single"]))
}

/// "The system", "users" of the program as a whole are nobody's one side... but a user is.
fn is_actor_of_system(phrase: &Phrase) -> bool {
    let lower = phrase.noun.to_lowercase();
    matches!(
        lower.as_str(),
        "system" | "application" | "app" | "platform" | "we" | "page" | "dashboard" | "interface"
    )
}

/// A noun that a word says there are several of, from a token on; and whether at least one.
fn counted(tokens: &[Token], start: usize) -> Option<(Phrase, bool)> {
    let mut at = start;
    while tokens.get(at).is_some_and(|token| {
        token.tag == Tag::Adverb && !token.is("least") && !token.is("more")
            || token.is("of") && at == start
    }) {
        at += 1;
    }
    let words: Vec<&str> = tokens[at..].iter().take(6).map(|token| token.lower.as_str()).collect();
    let (skip, some) = match words.as_slice() {
        ["at", "least", "one" | "1", "or", "more", ..] => (5, true),
        ["at", "least", "one" | "1" | "two", ..] => (3, true),
        ["one" | "1", "or", "more" | "many" | "several", ..] => (3, true),
        ["one" | "1", "or" | "to", "two" | "three" | "2" | "3", ..] => (3, true),
        ["zero" | "0", "or", "more" | "many", ..] => (3, false),
        ["any", "number", "of", ..] => (3, false),
        ["a", "list" | "set" | "collection" | "number" | "series" | "history", "of", ..] => {
            (3, false)
        }
        ["up", "to", _, ..] => (3, false),
        ["at", "most", _, ..] => (3, false),
        ["no", "more", "than", _, ..] => (4, false),
        ["one" | "1", "to", "many", ..] => (3, false),
        ["more", "than", "one" | "1", ..] => (3, false),
        [word, ..] if lexicon::MANY.contains(word) && *word != "different" => (1, false),
        _ => return None,
    };
    let phrase = phrase_at(tokens, at + skip)?;
    let last = phrase.noun.rsplit(' ').next().unwrap_or_default();
    let are_more = some || words.starts_with(&["more", "than"]);
    // "a list of names" counts values, not things.
    (!is_attribute(last) && (are_more || phrase.is_plural || phrase.is_code() || phrase.is_many))
        .then_some((phrase, some))
}

/// The subject of a verb: the noun phrase before it, over "can", "to", "create and" and adverbs.
pub(super) fn subject_before(tokens: &[Token], verb: usize) -> Option<Phrase> {
    let mut at = verb;
    while at > 0 {
        let token = &tokens[at - 1];
        let passes = match token.tag {
            Tag::Modal | Tag::Adverb | Tag::Auxiliary | Tag::Verb | Tag::Conjunction => {
                !token.is("but") && !token.is("/")
            }
            Tag::Preposition => token.is("to"),
            // "users must be able to create".
            _ => token.is("able"),
        };
        if !passes {
            break;
        }
        at -= 1;
    }
    let end = at;
    let phrase = phrases(&tokens[..end]).pop().filter(|phrase| phrase.end == end)?;
    // "the name of a user has": the noun before "of" is the subject.
    let before = phrase.start.checked_sub(1).map(|before| &tokens[before]);
    // "every branch of the rental system has": the branch does.
    if before.is_some_and(|token| token.is("of")) && is_program(&phrase.noun) {
        let outer = phrases(&tokens[..phrase.start - 1]).pop();
        return outer.filter(|outer| outer.end + 1 == phrase.start);
    }
    let is_inner = before
        .is_some_and(|token| token.tag == Tag::Preposition && !token.is("to") && !token.is("for"));
    (!is_inner).then_some(phrase)
}

/// "A booking belongs to exactly one slot", "each note is assigned to a user".
fn belonging(tokens: &[Token]) -> Vec<Related> {
    let mut found = Vec::new();
    for at in 1..tokens.len().saturating_sub(1) {
        if !tokens[at].is_verb_of(&[
            "belong",
            "assign",
            "link",
            "attach",
            "tie",
            "associate",
            "relate",
        ]) || !tokens[at + 1].is_any(&["to", "with"])
        {
            continue;
        }
        let is_belong = tokens[at].is_verb_of(&["belong"]);
        let is_passive = tokens[at].lower.ends_with("ed")
            && tokens[..at].iter().rev().take(3).any(|token| token.is_any(&["is", "are", "be"]));
        if !is_belong && !is_passive {
            continue;
        }
        let Some(subject) = subject_before(tokens, at) else { continue };
        let mut rest = at + 2;
        let words: Vec<&str> =
            tokens[rest..].iter().take(3).map(|token| token.lower.as_str()).collect();
        let exactly =
            matches!(words.as_slice(), ["exactly" | "only" | "precisely", "one" | "1", ..]);
        let single =
            matches!(words.as_slice(), ["one" | "1" | "a" | "an" | "the" | "its" | "their", ..]);
        if exactly {
            rest += 2;
        }
        let one_or_more = counted(tokens, rest);
        let optional = tokens[..at].iter().any(|token| token.is_any(&["may", "can", "optionally"]));
        if let Some((object, _)) = one_or_more {
            found.push(Related {
                one: subject,
                many: object,
                cardinality: "N:M",
                is_several: false,
                one_required: None,
                many_required: None,
            });
            continue;
        }
        let Some(object) = phrase_at(tokens, rest) else { continue };
        let last = object.noun.rsplit(' ').next().unwrap_or_default();
        // "belongs to a company": nothing belongs to a value.
        let is_value = is_attribute(last) && !is_belong && !object.is_name();
        if is_value || !(exactly || single || is_belong) {
            continue;
        }
        found.push(Related {
            one: object,
            many: subject,
            cardinality: "1:N",
            is_several: false,
            one_required: if optional { Some(false) } else { exactly.then_some(true) },
            many_required: None,
        });
    }
    found
}

/// "multiple queues within a branch", "several tasks per project", "Multiple Queues per Branch".
fn many_within(tokens: &[Token]) -> Vec<Related> {
    let mut found = Vec::new();
    for many in phrases(tokens) {
        if !many.is_many || !many.is_plural {
            continue;
        }
        let Some(link) = tokens.get(many.end) else { continue };
        if !link.is_any(&["within", "per", "inside", "under", "in", "for", "of"]) {
            continue;
        }
        let Some(one) = phrase_at(tokens, many.end + 1) else { continue };
        // "several copies of each book", but "several parts of a page".
        if link.is("of") && !tokens[one.start].is_any(&["each", "every"]) {
            continue;
        }
        let is_single = link.is("per")
            || tokens[one.start..one.end]
                .iter()
                .any(|token| token.is_any(&["a", "an", "each", "one", "every", "single"]));
        let last = one.noun.rsplit(' ').next().unwrap_or_default();
        if is_single && !is_attribute(last) && !one.is_plural {
            found.push(Related {
                one,
                many,
                cardinality: "1:N",
                is_several: true,
                one_required: None,
                many_required: None,
            });
        }
    }
    found
}

/// "A loan is for one copy and one member", "a review is written by a user": what a thing stands for.
/// Where each is counted, that alone says that both are things.
fn standing_for(tokens: &[Token], is_counted: bool) -> Vec<Related> {
    let Some(many) = phrase_at(tokens, 0).filter(|many| !many.is_plural) else {
        return Vec::new();
    };
    let is_each =
        tokens.first().is_some_and(|token| token.is_any(&["a", "an", "each", "every", "the"]));
    let mut at = many.end;
    while tokens.get(at).is_some_and(|token| token.tag == Tag::Modal || token.tag == Tag::Adverb) {
        at += 1;
    }
    let is_verb = tokens.get(at).is_some_and(|token| token.is_any(&["is", "be"]));
    at += 1;
    while tokens.get(at).is_some_and(|token| {
        token.tag == Tag::Adverb
            || token.lower.ends_with("ed")
            || token.is_any(&["made", "written", "taken", "sent", "given", "held", "owned"])
    }) {
        at += 1;
    }
    let is_link = tokens.get(at).is_some_and(|token| token.is_any(&["for", "by", "of"]));
    if !is_each || !is_verb || !is_link {
        return Vec::new();
    }
    // "may be caused by one user": or by none.
    let is_optional = tokens[many.end..at].iter().any(|it| it.is_any(&["may", "can", "could"]));
    let (objects, _) = coordinated(tokens, at + 1);
    let good = objects.into_iter().filter(|one| {
        let words = &tokens[one.start..one.end];
        let is_one = words.iter().any(|token| token.is_any(&["one", "1", "single"]));
        let is_any = words.first().is_some_and(|token| token.is_any(&["a", "an"]));
        let last = one.noun.rsplit(' ').next().unwrap_or_default();
        !one.is_plural && !is_attribute(last) && if is_counted { is_one } else { is_any }
    });
    good.map(|one| Related {
        one,
        many: many.clone(),
        cardinality: "1:N",
        is_several: false,
        one_required: if is_optional { Some(false) } else { is_counted.then_some(true) },
        many_required: None,
    })
    .collect()
}

/// "A receipt comes from one supplier", "Vets work at one location", "An appointment is made for one
/// animal with one vet": whatever the verb, what counts as one for any one of a thing is what it has one of.
fn of_just_one(tokens: &[Token]) -> Vec<Related> {
    let Some(many) = phrase_at(tokens, 0) else { return Vec::new() };
    let is_any = tokens[0].is_any(&["a", "an", "each", "every"]) && !many.is_plural
        || many.is_plural && tokens[0].tag != Tag::Determiner;
    // "belongs to exactly one slot" is read above, and a condition states nothing.
    let is_open = tokens.iter().any(|it| {
        it.is_any(&[
            "not", "if", "when", "unless", "most", "least", "only", "once", "more", "many", "than",
            "multiple", "several",
        ]) || it.is_verb_of(&["belong"])
    });
    if !is_any || is_open || is_actor_of_system(&many) || runs_the_system(&many.noun) {
        return Vec::new();
    }
    let verb =
        tokens[many.end..].iter().position(|it| matches!(it.tag, Tag::Verb | Tag::Auxiliary));
    let Some(verb) = verb.map(|verb| verb + many.end) else { return Vec::new() };
    let has_own = tokens[verb].is_any(&["has", "have"])
        || tokens[many.end..verb].iter().any(|it| it.tag == Tag::Modal);
    if has_own || !tokens[many.end..verb].iter().all(|it| it.tag == Tag::Adverb) {
        return Vec::new();
    }
    let ones = phrases(&tokens[verb..]).into_iter().filter(|one| {
        let words = &tokens[verb + one.start..verb + one.end];
        let last = one.noun.rsplit(' ').next().unwrap_or_default();
        words[0].is_any(&["one", "exactly"])
            && !one.is_plural
            && (!is_attribute(last) || is_usual(last) || lexicon::DOUBTFUL.contains(&last))
            && !is_program(&one.noun)
    });
    ones.map(|one| Related {
        one,
        many: many.clone(),
        cardinality: "1:N",
        is_several: false,
        one_required: Some(true),
        many_required: None,
    })
    .collect()
}

/// "isolate queues, settings and staff per branch".
fn kept_apart(tokens: &[Token]) -> Vec<Related> {
    let apart = ["isolate", "separate", "partition", "scope", "manage", "maintain"];
    let is_verb = |token: &Token| token.tag != Tag::Adjective && token.is_verb_of(&apart);
    let Some(at) = tokens.iter().position(is_verb) else {
        return Vec::new();
    };
    let (things, end) = coordinated(tokens, at + 1);
    if !tokens.get(end).is_some_and(|token| token.is_any(&["per", "by"])) {
        return Vec::new();
    }
    let Some(one) = phrase_at(tokens, end + 1).filter(|one| !one.is_plural) else {
        return Vec::new();
    };
    let related = things.into_iter().map(|many| Related {
        one: one.clone(),
        many,
        cardinality: "1:N",
        is_several: false,
        one_required: None,
        many_required: None,
    });
    related.collect()
}

/// "attribute tickets to staff", "assign each task to a collector".
fn attributed(tokens: &[Token]) -> Vec<Related> {
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        if tokens[at].tag != Tag::Verb
            || !tokens[at].is_any(&["attribute", "assign", "link", "attach"])
        {
            continue;
        }
        let Some(many) = phrase_at(tokens, at + 1) else { continue };
        let Some(link) = tokens.get(many.end) else { continue };
        let Some(one) = phrase_at(tokens, many.end + 1) else { continue };
        if link.is("to") && !one.is_many {
            found.push(Related {
                one,
                many,
                cardinality: "1:N",
                is_several: false,
                one_required: None,
                many_required: None,
            });
        }
    }
    found
}

/// The pairs of entities, the one side first, of which a sentence counts several of the other: "pupils
/// have one or two guardians" and "a guardian may have several pupils" together say many of both.
fn many_of_both(said: &[Vec<Related>], out: &Output) -> BTreeSet<(String, String)> {
    let several = said.iter().flatten().filter(|it| it.is_several);
    several
        .filter_map(|it| Some((resolve(&it.one.noun, out)?, resolve(&it.many.noun, out)?)))
        .collect()
}

/// Two names in one order.
fn both(one: &str, other: &str) -> (String, String) {
    if one < other {
        (one.to_owned(), other.to_owned())
    } else {
        (other.to_owned(), one.to_owned())
    }
}

/// The field of an entity that counts what a sentence says it has several of.
fn counter(one: &str, related: &Related, out: &Output) -> Option<String> {
    let noun = super::noun::entity_name(&related.many.noun);
    let field = out.field(one, &noun)?.to_owned();
    out.prose.is_counter(&field).then_some(field)
}

pub(crate) fn read(document: &Document<'_>, out: &mut Output) {
    let related: BTreeSet<usize> = out
        .stated()
        .filter(|it| it.span.document == document.id && matches!(it.fact, Fact::Relationship(_)))
        .map(|it| document.line_of(it.span.range().start))
        .collect();
    over_clauses(out, |clauses, out| {
        let said = in_each(clauses, |clause| {
            if clause.denies {
                return Vec::new();
            }
            let mut found = in_sentence(clause).to_vec();
            found.extend(standing_for(&clause.tokens, false));
            found
        });
        let counts = many_of_both(&said, out);
        // "A pupil can be linked to several clubs, and a club has many pupils".
        let of_many: BTreeSet<(String, String)> = said
            .iter()
            .flatten()
            .filter(|it| it.cardinality == "N:M")
            .filter_map(|it| {
                Some(both(&resolve(&it.one.noun, out)?, &resolve(&it.many.noun, out)?))
            })
            .collect();
        for (clause, found) in clauses.iter().zip(said) {
            if related.contains(&document.line_of(clause.range.start)) {
                continue;
            }
            for related in found {
                let one = resolve(&related.one.noun, out);
                if let Some(field) = one.as_deref().and_then(|one| counter(one, &related, out)) {
                    // "Every booking has at least one guest" beside a number of guests.
                    if related.many_required == Some(true) {
                        let fact = Fact::Rule {
                            entity: one.clone(),
                            field: Some(field),
                            text: ">= 1".to_owned(),
                        };
                        out.state(document, document.span(clause.range.clone()), fact);
                    }
                    continue;
                }
                let many = resolve(&related.many.noun, out);
                let (Some(one), Some(many)) = (one, many) else { continue };
                if one == many
                    || related.cardinality == "1:N" && of_many.contains(&both(&one, &many))
                {
                    continue;
                }
                // "Assign boats to members" beside lists of what both have is a deed, and adds nothing to them.
                let is_deed = out.prose.are_exact(&one, &many)
                    && attributed(&clause.tokens)
                        .iter()
                        .any(|it| it.one.start == related.one.start);
                if is_deed {
                    continue;
                }
                let is_mutual = counts.contains(&(one.clone(), many.clone()))
                    && counts.contains(&(many.clone(), one.clone()));
                let fact = Fact::Relationship(RelationshipFact {
                    from: one,
                    to: many,
                    cardinality: Some(if is_mutual { "N:M" } else { related.cardinality }),
                    from_required: related.one_required,
                    to_required: related.many_required,
                    on_delete: None,
                    through: None,
                    label: None,
                });
                out.state(document, document.span(clause.range.clone()), fact);
            }
        }
    });
}

#[cfg(test)]
mod tests;
