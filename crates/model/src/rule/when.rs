//! "x is required when status is y": a condition, and what holds where it does.

use underpin_base::Phrases;

use super::beyond::from_then_on;
use super::equal::constant;
use super::sentence::{Sentence, after, compared, number, strip_word, values};
use super::wording::Plain;
use super::{Meaning, PREDICATES};
use crate::{Comparison, Expression, FieldId, FieldKind, Literal};

/// "A when B", "A if B", "if B, A", "when B, A".
pub(crate) fn sentence(sentence: &Sentence<'_>) -> Option<Meaning> {
    let text = sentence.text;
    let lower = sentence.lower;
    if let Some((when, then)) = text.cut_at(" implies ") {
        let flag = |phrase: &str| {
            let field = sentence.field_phrase(phrase)?;
            (*sentence.kind(field) == FieldKind::Boolean).then_some(Expression::Field(field))
        };
        let when = flag(when).or_else(|| condition(sentence, when))?;
        let then = flag(then).or_else(|| condition(sentence, then))?;
        return Some(Meaning::Expression(Expression::Implies(Box::new(when), Box::new(then))));
    }
    if let Some((then, when)) = text.cut_at(" if and only if ") {
        let when = condition(sentence, when)?;
        let then = consequence(sentence, then)?;
        let each = |one: &Expression<FieldId>, other: &Expression<FieldId>| {
            Expression::Implies(Box::new(one.clone()), Box::new(other.clone()))
        };
        let both = vec![each(&when, &then), each(&then, &when)];
        return Some(Meaning::Expression(Expression::All(both)));
    }
    if let Some(meaning) = requires(sentence) {
        return Some(meaning);
    }
    // "only when" also says what holds otherwise, which is another rule.
    if lower.holds("only when") || lower.holds("only if") {
        return None;
    }
    let leads = ["if ", "when ", "whenever ", "once ", "as soon as ", "while ", "as long as "];
    let (when, then, lasts) = if leads.iter().any(|lead| lower.starts_with(lead)) {
        let at = lower.place_of(", ")?;
        let front = after(&text[..at], &leads)?;
        let then = text[at + 2..].trim();
        let lasts = ["once ", "as soon as "].iter().any(|lead| lower.starts_with(lead));
        (front, strip_word(then, "then"), lasts)
    } else {
        let words = [
            " whenever ",
            " when ",
            " if ",
            " once ",
            " where ",
            " while ",
            " as soon as ",
            " as long as ",
            " in states ",
            " in state ",
        ];
        let (word, at) = lower.first_of(&words)?;
        let keep = if word.starts_with(" in ") { 1 } else { word.len() };
        let lasts = [" once ", " as soon as "].contains(&word);
        (&text[at + keep..], &text[..at], lasts)
    };
    let when = condition(sentence, when)?;
    let when =
        if lasts { from_then_on(&sentence.draft().model, sentence.entity(), when) } else { when };
    let then = consequence(sentence, then)?;
    Some(Meaning::Expression(Expression::Implies(Box::new(when), Box::new(then))))
}

/// "Weekly chores require a weekday", "weekday is required for weekly chores".
fn requires(sentence: &Sentence<'_>) -> Option<Meaning> {
    let text = sentence.text;
    let lower = sentence.lower;
    let found = |verbs: &[&str]| {
        verbs.iter().find_map(|verb| {
            let at = lower.place_of(verb)?;
            Some((&text[..at], &text[at + verb.len()..]))
        })
    };
    let none = [
        " must not have ",
        " cannot have ",
        " must have no ",
        " can have no ",
        " do not have ",
        " does not have ",
        " have no ",
        " has no ",
    ];
    if let Some((rows, field)) = found(&none) {
        let when = rows_that(sentence, rows)?;
        let absent =
            Expression::Not(Box::new(Expression::IsPresent(sentence.field_phrase(field)?)));
        return Some(Meaning::Expression(Expression::Implies(Box::new(when), Box::new(absent))));
    }
    let owns = [" require ", " requires ", " need ", " needs ", " must have ", " have ", " has "];
    let (rows, field) = found(&owns).or_else(|| {
        let (field, rows) = found(&[
            " is required for ",
            " are required for ",
            " is mandatory for ",
            " must be set for ",
            " must be given for ",
            " must be present for ",
        ])?;
        Some((rows, field))
    })?;
    let when = rows_that(sentence, rows)?;
    let then = match field.cut_at(" of ") {
        // "Test payments have an amount of 0".
        Some((name, value)) if sentence.field_phrase(field).is_none() => {
            let of = sentence.field_phrase(name)?;
            compared(of, Comparison::Equal, constant(sentence, of, value)?)
        }
        Some(_) | None => Expression::IsPresent(sentence.field_phrase(field)?),
    };
    Some(Meaning::Expression(Expression::Implies(Box::new(when), Box::new(then))))
}

/// Which rows of the entity a subject means: "weekly chores", "payments that are not captured", "a payment
/// whose status is failed"; nothing where it means all of them.
pub(crate) fn rows_that(sentence: &Sentence<'_>, rows: &str) -> Option<Expression<FieldId>> {
    let rows = ["all", "each", "every", "a", "an", "the", "any", "only"]
        .iter()
        .fold(rows.trim(), |rows, word| strip_word(rows, word));
    for relative in [" that ", " which ", " who ", " whose ", " with ", " in "] {
        let Some((noun, said)) = rows.cut_at(relative) else { continue };
        if !is_own(sentence, noun) {
            return None;
        }
        let said = ["are", "is", "was", "were", "have been", "has been"]
            .iter()
            .fold(said.trim(), |said, verb| strip_word(said, verb));
        let (said, negated) = match after(said, &["not ", "not yet "]) {
            Some(rest) => (rest, true),
            None => (said, false),
        };
        let said = if relative == " in " { format!("in {said}") } else { said.to_owned() };
        let found = adjectives(sentence, &said).or_else(|| condition(sentence, &said))?;
        return Some(if negated { Expression::Not(Box::new(found)) } else { found });
    }
    let (kind, noun) = rows.rsplit_once(' ')?;
    // Of "weekly recurrence", the noun is the field that has the value.
    if let Some(of) = sentence.field_phrase(noun) {
        return has_value(sentence, of, kind);
    }
    let (negated, kind) = match after(kind, &["not ", "non-", "un"]) {
        Some(rest) if adjectives(sentence, rest).is_some() => (true, rest),
        Some(_) | None => (false, kind),
    };
    let found = is_own(sentence, noun).then(|| adjectives(sentence, kind))??;
    Some(if negated { Expression::Not(Box::new(found)) } else { found })
}

/// Whether a noun means a row of the entity that the sentence is about.
fn is_own(sentence: &Sentence<'_>, noun: &str) -> bool {
    let noun = ["a", "an", "the", "each", "every"]
        .iter()
        .fold(noun.trim(), |noun, word| strip_word(noun, word));
    matches!(noun.to_ascii_lowercase().as_str(), "it" | "they" | "row" | "rows" | "the row")
        || sentence.draft().noun(noun) == Some(sentence.entity())
}

/// "captured", "captured or refunded": one or several values of one field.
fn adjectives(sentence: &Sentence<'_>, text: &str) -> Option<Expression<FieldId>> {
    if let Some(one) = adjective(sentence, text) {
        return Some(one);
    }
    let list = values(text);
    (list.len() > 1).then(|| state(sentence, &list))?
}

fn consequence(sentence: &Sentence<'_>, text: &str) -> Option<Expression<FieldId>> {
    let plain = Plain::new(text);
    let inner = sentence.saying(&plain, sentence.entity(), sentence.field());
    let mut readings = inner.readings();
    readings.extend(sentence.field().map(|field| (vec![field], inner.beside_field())));
    readings.into_iter().find_map(|(fields, said)| {
        let each = fields.iter().map(|&field| consequence_for(&inner, field, said));
        let mut each = each.collect::<Option<Vec<_>>>()?;
        if each.len() == 1 { each.pop() } else { Some(Expression::All(each)) }
    })
}

/// What holds of one field.
fn consequence_for(
    sentence: &Sentence<'_>,
    field: FieldId,
    said: &str,
) -> Option<Expression<FieldId>> {
    match said.to_ascii_lowercase().as_str() {
        "null" | "empty" | "not set" | "not be set" | "be null" | "absent" => {
            return Some(Expression::Not(Box::new(Expression::IsPresent(field))));
        }
        "required" | "mandatory" | "not null" | "set" | "present" | "provided" | "be set"
        | "be present" | "be provided" | "not be null" | "be required" | "specified"
        | "recorded" | "be recorded" | "given" | "be given" | "stored" | "be stored"
        | "filled in" | "be filled in" | "entered" | "be entered" | "saved" | "noted"
        | "be specified" | "stated" | "be stated" => {
            return Some(Expression::IsPresent(field));
        }
        _ => {}
    }
    // "`status` must be `closed` when …": alone it would say that a field has only one value.
    if let Some(literal) = constant(sentence, field, said) {
        return Some(compared(field, Comparison::Equal, literal));
    }
    match PREDICATES.iter().find_map(|pattern| pattern(sentence, field, said))? {
        Meaning::Expression(expression) => Some(expression),
        _ => None,
    }
}

/// "status is paid", "in states a, b", "is active", `deleted_at is null`.
pub(crate) fn condition(sentence: &Sentence<'_>, text: &str) -> Option<Expression<FieldId>> {
    let text = text.trim();
    if let Some(expression) = super::sql::expression(sentence.draft(), sentence.entity(), text) {
        return Some(expression);
    }
    // Of "state is paid", the first word is the name of a field.
    let listed = after(text, &["in states ", "in state ", "states ", "state "])
        .filter(|it| after(it, &["is ", "in ", "= ", "equals ", "becomes "]).is_none());
    if let Some(states) = listed {
        return state(sentence, &values(states));
    }
    let lower = text.to_ascii_lowercase();
    for verb in [
        " is one of ",
        " is not ",
        " is ",
        " are ",
        " in ",
        " = ",
        " equals ",
        " becomes ",
        " changes to ",
    ] {
        let Some(at) = lower.place_of(verb) else { continue };
        let Some(field) = sentence.field_phrase(&text[..at]) else { continue };
        let said = text[at + verb.len()..].trim();
        let negated = verb == " is not ";
        let expression = match said.to_ascii_lowercase().as_str() {
            "null" | "empty" | "not set" | "missing" => {
                Expression::Not(Box::new(Expression::IsPresent(field)))
            }
            "set" | "present" | "not null" | "provided" => Expression::IsPresent(field),
            "true" => Expression::Field(field),
            "false" => Expression::Not(Box::new(Expression::Field(field))),
            _ => has_value(sentence, field, said)?,
        };
        return Some(if negated { Expression::Not(Box::new(expression)) } else { expression });
    }
    // "the payment is captured", "it has been captured", "the payment failed"
    let verbs = [" is ", " are ", " was ", " has been ", " have been ", " gets ", " becomes ", " "];
    for (verb, at) in
        verbs.iter().flat_map(|verb| lower.match_indices(verb).map(move |(at, _)| (verb, at)))
    {
        if !is_own(sentence, &text[..at]) {
            continue;
        }
        let said = text[at + verb.len()..].trim();
        let said = after(said, &["in state ", "in status ", "in the state ", "in the status "])
            .unwrap_or(said);
        let (said, negated) = match after(said, &["not yet ", "not ", "no longer "]) {
            Some(rest) => (rest, true),
            None => (said, false),
        };
        if let Some(found) = adjectives(sentence, said) {
            return Some(if negated { Expression::Not(Box::new(found)) } else { found });
        }
    }
    adjectives(sentence, after(text, &["is ", "it is ", "the row is "]).unwrap_or(text))
        .or_else(|| rows_that(sentence, text))
}

fn has_value(sentence: &Sentence<'_>, field: FieldId, said: &str) -> Option<Expression<FieldId>> {
    if sentence.is_number(field) {
        return Some(compared(field, Comparison::Equal, number(said)?));
    }
    let quoted = said.starts_with(['\'', '"']);
    // Words of a free text may be anything; only quoted ones are values for sure.
    if sentence.is_text(field) && !quoted {
        return None;
    }
    match values(said).as_slice() {
        [] => None,
        [only] => Some(compared(field, Comparison::Equal, Literal::Text(only.clone()))),
        several => Some(Expression::OneOf(
            Box::new(Expression::Field(field)),
            several.iter().cloned().map(Literal::Text).collect(),
        )),
    }
}

/// The state field is in one of these states: that of the life cycle, or the one field whose values
/// hold all of them.
fn state(sentence: &Sentence<'_>, states: &[String]) -> Option<Expression<FieldId>> {
    let model = &sentence.draft().model;
    let lifecycle = model.lifecycles.iter().find(|l| l.entity == sentence.entity());
    let field = match lifecycle {
        Some(lifecycle) => lifecycle.field,
        None => {
            let key = |text: &String| crate::names::fold_field(text);
            let mut holding = model.fields_of(sentence.entity()).filter(|(_, field)| {
                let values: Vec<String> =
                    model.values_of(field).unwrap_or_default().iter().map(key).collect();
                states.iter().all(|state| values.contains(&key(state)))
            });
            let (only, _) = holding.next()?;
            holding.next().is_none().then_some(only)?
        }
    };
    match states {
        [] => None,
        [only] => Some(compared(field, Comparison::Equal, Literal::Text(only.clone()))),
        several => Some(Expression::OneOf(
            Box::new(Expression::Field(field)),
            several.iter().cloned().map(Literal::Text).collect(),
        )),
    }
}

/// "active": the one value, or the one flag, of that name.
pub(crate) fn adjective(sentence: &Sentence<'_>, word: &str) -> Option<Expression<FieldId>> {
    let key = crate::names::fold_field(word);
    if key.is_empty() {
        return None;
    }
    let mut found = Vec::new();
    for (id, field) in sentence.draft().model.fields_of(sentence.entity()) {
        if field.kind == FieldKind::Boolean {
            let name = crate::names::fold_field(&field.name);
            if name == key || name == format!("is{key}") {
                found.push(Expression::Field(id));
            }
        } else if matches!(field.kind, FieldKind::Enumeration(_)) {
            let values = sentence.draft().model.values_of(field).unwrap_or_default();
            if let Some(value) = values.iter().find(|value| crate::names::fold_field(value) == key)
            {
                found.push(compared(id, Comparison::Equal, Literal::Text(value.clone())));
            }
        }
    }
    match found.len() {
        1 => found.pop(),
        _ => None,
    }
}
