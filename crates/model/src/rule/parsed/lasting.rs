//! How long rows last: "A trip lasts at most 72 hours", "A shift ends after it starts and lasts at least two hours".

use super::super::Meaning;
use super::super::sentence::Sentence;
use super::beside::NamedEntities;
use super::scope::{Scope, bare};
use crate::spans::{compared, spans};
use crate::{Arithmetic, Comparison, EntityId, Expression, FieldId, FieldKind, Literal, Model};

/// How long rows may last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lasting {
    /// Whose rows.
    pub entity: EntityId,
    /// The field that holds when they begin.
    pub from: FieldId,
    /// The field that holds when they are over.
    pub to: FieldId,
    /// The seconds that they last at least.
    pub least: Option<i64>,
    /// The seconds that they last at most.
    pub most: Option<i64>,
    /// Whether a rule says that they end after they begin: of days, the last one is then not counted.
    pub is_strict: bool,
}

/// Units by their singular, in seconds. Months and years differ.
const UNITS: &[(&str, i64)] =
    &[("second", 1), ("minute", 60), ("hour", 3_600), ("day", 86_400), ("week", 604_800)];

/// Numbers in words.
const NUMBERS: &[&str] = &[
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
];

/// What says beside it that a row ends after it begins.
const ORDER: &[&str] = &["ends after it starts", "ends after it begins", "starts before it ends"];

/// What stands before the longest time.
const MOST: &[&str] = &[
    "at most ",
    "no more than ",
    "not more than ",
    "no longer than ",
    "not longer than ",
    "up to ",
    "a maximum of ",
];

/// What stands before the longest time where it is denied.
const DENIED: &[&str] = &[
    " must not last longer than ",
    " must not last more than ",
    " cannot last longer than ",
    " cannot last more than ",
    " may not last longer than ",
    " may not last more than ",
    " never lasts longer than ",
    " never lasts more than ",
    " must not be longer than ",
    " cannot be longer than ",
    " must not exceed ",
    " never exceeds ",
];

/// Verbs of what lasts.
const LASTS: &[&str] = &[
    " shall last ",
    " must last ",
    " may last ",
    " can last ",
    " may only last ",
    " can only last ",
    " lasts ",
    " last ",
    " must be ",
    " may be ",
    " can be ",
    " is ",
    " takes ",
];

/// "A run lasts at least 42 hours": the end is not before that long after the beginning. Of days that both count, or of which
/// nobody says whether they do, a row may be a day shorter, or end a day later.
pub(crate) fn sentence(sentence: &Sentence<'_>) -> Option<Meaning> {
    const DAY: i64 = 86_400;
    let model = sentence.model_so_far();
    let text = super::super::permanence::without_label(sentence.text);
    let text = text.trim().trim_end_matches(['.', ';']).to_lowercase();
    let said = of_entity(model, sentence.entity(), said(&text)?)?;
    let of_days = model.field(said.from).kind == FieldKind::Date;
    if of_days && [said.least, said.most].into_iter().flatten().any(|it| it % DAY != 0) {
        return None;
    }
    let slack = if of_days && !said.is_strict { DAY } else { 0 };
    let bound = |comparison, seconds: i64| {
        let from = Box::new(Expression::Field(said.from));
        let length = Box::new(Expression::Literal(Literal::Duration(seconds)));
        let at = Expression::Calculate(from, Arithmetic::Add, length);
        Expression::compare(Expression::Field(said.to), comparison, at)
    };
    let least = said.least.map(|it| bound(Comparison::GreaterOrEqual, it - slack));
    let most = said.most.map(|it| bound(Comparison::LessOrEqual, it));
    let order = Expression::compare(
        Expression::Field(said.to),
        Comparison::Greater,
        Expression::Field(said.from),
    );
    let is_ordered = text.contains(" it starts") || text.contains(" it begins");
    let mut all: Vec<Expression<FieldId>> = is_ordered.then_some(order).into_iter().collect();
    all.extend(least.into_iter().chain(most));
    Some(Meaning::Expression(match all.len() {
        1 => all.remove(0),
        _ => Expression::All(all),
    }))
}

impl NamedEntities {
    /// How long a sentence says that rows last; nothing where it says anything else.
    pub fn lasting(&self, model: &Model, text: &str) -> Option<Lasting> {
        let text = super::super::permanence::without_label(text);
        let text = text.trim().trim_end_matches(['.', ';']).to_lowercase().replace('`', "");
        let said = said(&text)?;
        let named = self.in_text(said.0).into_iter();
        let mut meant = named.filter_map(|entity| of_entity(model, entity, said));
        let only = meant.next()?;
        meant.next().is_none().then_some(only)
    }
}

/// The rows of an entity that last as long as a sentence says, where it is its subject.
fn of_entity(model: &Model, entity: EntityId, said: Said<'_>) -> Option<Lasting> {
    let (subject, least, most, is_ordered) = said;
    let scope = Scope { model, entity, field: None };
    (scope.is_called(subject) && !matches!(bare(subject), "it" | "they")).then_some(())?;
    let times = |kind: &FieldKind| matches!(kind, FieldKind::Date | FieldKind::Timestamp);
    let (from, to) = match spans(model, entity, times)[..] {
        [only] => only,
        [] => compared(model, entity)?,
        _ => return None,
    };
    let is_strict = is_ordered || is_said_to_end_after(model, entity, from, to);
    Some(Lasting { entity, from, to, least, most, is_strict })
}

/// The subject of a sentence, how long it lasts at least and at most, in seconds, and whether it says that it ends after it
/// begins.
type Said<'t> = (&'t str, Option<i64>, Option<i64>, bool);

fn said(text: &str) -> Option<Said<'_>> {
    // "A shift ends after it starts and lasts at most 12 hours", in either order.
    for order in ORDER {
        let Some(at) = text.find(order) else { continue };
        let (front, behind) = (text[..at].trim(), text[at + order.len()..].trim());
        if let Some(rest) = behind.strip_prefix("and ") {
            let (least, most) = length(&format!(" {rest}"))?;
            return Some((front, least, most, true));
        }
        let front = front.strip_suffix(" and")?;
        let (subject, least, most, _) = behind.is_empty().then(|| said(front))??;
        return Some((subject, least, most, true));
    }
    let verbs = DENIED.iter().chain(LASTS);
    let at = verbs.filter_map(|verb| text.find(verb)).min()?;
    let (least, most) = length(&text[at..])?;
    Some((&text[..at], least, most, false))
}

/// "lasts at most 72 hours", "must not last longer than two weeks".
fn length(text: &str) -> Option<(Option<i64>, Option<i64>)> {
    if let Some(rest) = DENIED.iter().find_map(|verb| text.strip_prefix(verb)) {
        return Some((None, Some(time(rest)?)));
    }
    let verb = LASTS.iter().find(|verb| text.starts_with(**verb))?;
    let rest = &text[verb.len()..];
    let is_being = verb.trim_end().ends_with(" be") || *verb == " is ";
    // "A trip is at most three days long"; "is at most 3 days" may be said of anything.
    let rest = match rest.strip_suffix(" long") {
        Some(rest) => rest,
        None if is_being => return None,
        None => rest,
    };
    if let Some((low, high)) = rest.strip_prefix("between ").and_then(|it| it.split_once(" and ")) {
        let most = time(high)?;
        let unit = high.rsplit_once(' ')?.1;
        let least = time(low).or_else(|| time(&format!("{low} {unit}")))?;
        return Some((Some(least), Some(most)));
    }
    let most = MOST.iter().find_map(|it| rest.strip_prefix(it));
    if let Some(most) = most.or_else(|| rest.strip_suffix(" at most")) {
        return Some((None, Some(time(most)?)));
    }
    let least = rest.strip_prefix("at least ").or_else(|| rest.strip_suffix(" at least"))?;
    Some((Some(time(least)?), None))
}

/// The seconds of "72 hours", "two weeks".
fn time(text: &str) -> Option<i64> {
    let (number, unit) = text.trim().split_once(' ')?;
    let number: i64 = match NUMBERS.iter().position(|it| *it == number) {
        Some(at) => i64::try_from(at).ok()? + 1,
        None => number.parse().ok()?,
    };
    let unit = unit.strip_suffix('s').unwrap_or(unit);
    let (_, seconds) = UNITS.iter().find(|(name, _)| *name == unit)?;
    (number > 0).then(|| number.checked_mul(*seconds))?
}

/// Whether a rule says that the one moment is after the other, and never the same.
fn is_said_to_end_after(model: &Model, entity: EntityId, from: FieldId, to: FieldId) -> bool {
    let fields = |left: &Expression<FieldId>, right: &Expression<FieldId>| match (left, right) {
        (Expression::Field(left), Expression::Field(right)) => Some((*left, *right)),
        _ => None,
    };
    let rules = model.rules.iter().filter(|rule| rule.entity == entity);
    let mut said = rules.filter_map(|rule| rule.expression.as_ref());
    said.any(|said| match said {
        Expression::Compare(left, Comparison::Greater, right) => {
            fields(left, right) == Some((to, from))
        }
        Expression::Compare(left, Comparison::Less, right) => {
            fields(left, right) == Some((from, to))
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use crate::NamedEntities;
    use crate::test_support::Facts;

    fn said(text: &str) -> String {
        let (model, _) = Facts::default()
            .entity("Ferry")
            .field("Ferry", "id: uuid*")
            .entity("FerryCrossing")
            .field("FerryCrossing", "id: uuid*")
            .field("FerryCrossing", "departs_at: timestamp!")
            .field("FerryCrossing", "arrives_at: timestamp!")
            .entity("Charter")
            .field("Charter", "id: uuid*")
            .field("Charter", "arrival_date: date!")
            .field("Charter", "departure_date: date!")
            .build();
        let found = NamedEntities::of(&model).lasting(&model, text);
        found.map_or_else(
            || "-".to_owned(),
            |it| {
                let name = |id| model.field(id).name.clone();
                let strict = if it.is_strict { " strict" } else { "" };
                format!(
                    "{} to {}: {:?} {:?}{strict}",
                    name(it.from),
                    name(it.to),
                    it.least,
                    it.most
                )
            },
        )
    }

    #[test]
    fn how_long_rows_last() {
        for (text, expected) in [
            ("A crossing lasts at most 3 hours", "departs_at to arrives_at: None Some(10800)"),
            (
                "FR-007: A ferry crossing must not last longer than two days.",
                "departs_at to arrives_at: None Some(172800)",
            ),
            (
                "A crossing ends after it starts and lasts ten minutes at least",
                "departs_at to arrives_at: Some(600) None strict",
            ),
            (
                "Charters last between 2 and 21 days",
                "arrival_date to departure_date: Some(172800) Some(1814400)",
            ),
            (
                "A charter is up to 14 days long",
                "arrival_date to departure_date: None Some(1209600)",
            ),
        ] {
            assert_eq!(said(text), expected, "{text}");
        }
    }

    /// What the rules of a model say of stays, moments, and of leases, days.
    fn rule(entity: &str, text: &str) -> Option<String> {
        let kind = if entity == "Stay" { "timestamp" } else { "date" };
        let (model, _) = Facts::default()
            .entity(entity)
            .field(entity, "id: uuid*")
            .field(entity, &format!("start_date: {kind}!"))
            .field(entity, &format!("end_date: {kind}!"))
            .rule(entity, text)
            .build();
        let name = |&id: &crate::FieldId| Some(model.field(id).name.clone());
        model.rules[0].expression.as_ref()?.try_map(&mut |id| name(id)).map(|it| it.to_string())
    }

    #[test]
    fn lengths_are_rules_of_a_row() {
        for (entity, text, expected) in [
            ("Stay", "A stay lasts at least 42 hours", "end_date >= (start_date + 42 hours)"),
            (
                "Stay",
                "A stay ends after it starts and lasts at most 90 minutes",
                "end_date > start_date and end_date <= (start_date + 90 minutes)",
            ),
            // Whether the last day counts nobody says.
            (
                "Lease",
                "A lease lasts between 2 and 30 days",
                "end_date >= (start_date + 24 hours) and end_date <= (start_date + 720 hours)",
            ),
        ] {
            assert_eq!(rule(entity, text).as_deref(), Some(expected), "{text}");
        }
        for text in ["A lease lasts at most 30 hours", "A lease lasts long", "A guest lasts 2 days"]
        {
            assert_eq!(rule("Lease", text), None, "{text}");
        }
    }

    #[test]
    fn what_tells_no_length() {
        for text in [
            "A crossing is at most 3 hours late",
            "A crossing is announced at least 2 hours before",
            "A ferry lasts at most 40 days",
            "A crossing lasts at most 3 hours in winter",
            "A charter lasts at most two months",
        ] {
            assert_eq!(said(text), "-", "{text}");
        }
    }
}
