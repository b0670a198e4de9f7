//! What the words of a retention mean for the rows.

use underpin_logical::{Attribute, AttributeId, Relation};
use underpin_model::{DefaultValue, FieldKind, Literal, Model};

use crate::names::snake;

/// Whether the words say that rows are made anonymous or stay, instead of going.
pub fn keeps_the_row(words: &str) -> bool {
    let words = words.to_lowercase();
    ["anonymis", "anonymiz", "pseudonym", "row stays", "rows stay", "archive"]
        .iter()
        .any(|it| words.contains(it))
}

/// Whether rows go a stated time after they came, so that their number has a limit. Where the time
/// counts from something that need not happen, such as `deleted_at`, live rows stay for ever.
pub(crate) fn limits_rows(relation: &Relation, words: &str) -> bool {
    let is_named = |name: &str| {
        words.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name)
    };
    let named = |required: bool| {
        relation.attributes.iter().any(|attribute| {
            matches!(attribute.kind, FieldKind::Timestamp | FieldKind::Date)
                && attribute.required == required
                && is_named(&attribute.name)
        })
    };
    // A moment that is no field of this entity is one of another's.
    let names_a_moment = words
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .any(|word| word.ends_with("_at") || word.ends_with("_on"));
    !keeps_the_row(words) && !named(false) && (named(true) || !names_a_moment)
}

/// The moments or days of which the words speak: by the attribute's name as a word, or else by what happened then ("a
/// deleted member is purged", "3 years after they end").
pub fn moments(relation: &Relation, words: &str) -> Vec<AttributeId> {
    let words: Vec<&str> = words
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|it| !it.is_empty())
        .collect();
    let all = relation
        .attributes()
        .filter(|(_, it)| matches!(it.kind, FieldKind::Timestamp | FieldKind::Date));
    let (named, others): (Vec<_>, Vec<_>) = all.partition(|(_, it)| {
        let column = snake(&it.name);
        words.iter().any(|word| **word == *it.name || **word == *column)
    });
    let found = if named.is_empty() {
        others.into_iter().filter(|(_, it)| tells_of(&words, &snake(&it.name))).collect()
    } else {
        named
    };
    found.into_iter().map(|(id, _)| id).collect()
}

/// The moment at which a row came, where one can be told: the only one that each row has from the start, or the only one
/// that is set when the row is written.
pub fn arrival(relation: &Relation) -> Option<AttributeId> {
    let is_moment = |kind: &FieldKind| matches!(kind, FieldKind::Timestamp | FieldKind::Date);
    let all: Vec<(AttributeId, &Attribute)> = relation
        .attributes()
        .filter(|(_, it)| is_moment(&it.kind) && it.required && !it.touched)
        .collect();
    let now = Some(DefaultValue::Literal(Literal::Now));
    let mut written = all.iter().filter(|(_, it)| it.default == now);
    match (all.as_slice(), written.next(), written.next()) {
        ([(one, _)], _, _) | (_, Some((one, _)), None) => Some(*one),
        _ => None,
    }
}

/// The states that rows are in once that has happened of which the words speak: "90 days after they expire" is said of what
/// is `expired`, and a row whose moment has passed may still be in another state.
pub fn states(
    model: &Model,
    relation: &Relation,
    words: &str,
) -> Option<(AttributeId, Vec<String>)> {
    let words: Vec<&str> = words
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|it| !it.is_empty())
        .collect();
    model.lifecycles.iter().filter(|it| Some(it.entity) == relation.entity).find_map(|life| {
        let id = relation.attributes().find(|(_, it)| it.field == Some(life.field))?.0;
        let is_said = |state: &&String| !state.contains('_') && tells_of(&words, state);
        let said: Vec<String> = life.states.iter().filter(is_said).cloned().collect();
        (!said.is_empty()).then_some((id, said))
    })
}

/// Whether words tell of what happened at the moment that a column keeps.
fn tells_of(words: &[&str], column: &str) -> bool {
    let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let Some(happened) = column.split('_').next().map(stem) else { return false };
    let after = lower.iter().rposition(|word| matches!(word.as_str(), "after" | "since"));
    let from = after.map_or(lower.len(), |at| at + 1);
    let behind = lower[from..].iter().any(|word| stem(word) == happened);
    // "A deleted member", but not "members are deleted": that is what the statement does.
    let is_said = |word: &str| matches!(word, "is" | "are" | "be" | "get" | "gets" | "will");
    let before = (0..from.min(lower.len())).any(|at| {
        let done = at.checked_sub(1).is_some_and(|at| is_said(&lower[at]));
        let names = lower.get(at + 1).is_some_and(|next| next != "after" && next != "once");
        lower[at].ends_with("ed") && stem(&lower[at]) == happened && !done && names
    });
    behind || before
}

/// What the forms of a verb share: "ends" and "ended", "expires" and "expired".
fn stem(word: &str) -> &str {
    let word = word.strip_suffix("ed").or_else(|| word.strip_suffix('s')).unwrap_or(word);
    word.strip_suffix('e').unwrap_or(word)
}

/// A whole number, in digits or as a word.
fn count(word: &str) -> Option<u32> {
    const WORDS: &[&str] = &[
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ];
    let named = WORDS.iter().position(|it| *it == word.to_lowercase());
    named.map_or_else(|| word.parse().ok(), |at| u32::try_from(at + 1).ok())
}

/// The period in the statement's own unit where that can be told, since ten years are two or three days
/// more than 3,650 days; else in days.
pub fn period(words: &str, days: u32) -> String {
    let words: Vec<&str> =
        words.split(|c: char| !c.is_alphanumeric()).filter(|it| !it.is_empty()).collect();
    let stated = words.windows(2).find_map(|pair| {
        let number = count(pair[0])?;
        let (unit, length) = match pair[1].to_lowercase().trim_end_matches('s') {
            "year" => ("years", 365.25),
            "month" => ("months", 365.25 / 12.0),
            "week" => ("weeks", 7.0),
            _ => return None,
        };
        // The same period only if both readings come to about the same.
        let ratio = f64::from(number) * length / f64::from(days.max(1));
        (0.95..1.05).contains(&ratio).then(|| format!("{number} {unit}"))
    });
    stated.unwrap_or_else(|| format!("{days} days"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_told_by_what_happened() {
        let tells =
            |said: &str, column| tells_of(&said.split([' ', '.']).collect::<Vec<_>>(), column);
        assert!(tells("A deleted member is purged after 90 days.", "deleted_at"));
        assert!(tells("Bookings are deleted 3 years after they end.", "ends_at"));
        assert!(tells("removed one year after the card has expired", "expires_on"));
        assert!(!tells("Members are deleted after 90 days.", "deleted_at"));
        assert!(!tells("Bookings are deleted 3 years after they end.", "starts_at"));
    }

    #[test]
    fn a_verb_that_is_a_state_is_said_of_the_rows_in_it() {
        let of = |said: &str| {
            let mut sources = underpin_base::Sources::default();
            sources.add(
                "m.md",
                "## Hold\n\n- id: bigint, primary key\n- status: enum(active, captured, expired)\n- expires_at: \
                 timestamptz, required\n\n## Hold life cycle\n\nHold.status: active -> captured, active -> expired\n",
            );
            let model = underpin_model::build(&underpin_read::read(&sources), &sources);
            assert_eq!(model.lifecycles.len(), 1);
            let logical = underpin_logical::design(&model);
            states(&model, &logical.relations[0], said).map(|(_, states)| states.join(", "))
        };
        assert_eq!(of("Holds are deleted 90 days after they expire.").as_deref(), Some("expired"));
        assert_eq!(of("A captured hold is purged after a year.").as_deref(), Some("captured"));
        assert_eq!(of("Holds are deleted 90 days after `expires_at`."), None);
        assert_eq!(of("Holds are kept 90 days."), None);
    }

    #[test]
    fn when_a_row_came() {
        let of = |fields: &str| {
            let mut sources = underpin_base::Sources::default();
            sources.add("m.md", format!("## Reading\n\n- id: bigint, primary key\n{fields}"));
            let model = underpin_model::build(&underpin_read::read(&sources), &sources);
            let logical = underpin_logical::design(&model);
            let relation = &logical.relations[0];
            arrival(relation).map(|id| relation.attribute(id).name.clone())
        };
        let both = "- taken_at: timestamptz, required\n- created_at: timestamptz, required\n";
        assert_eq!(of("- taken_at: timestamptz, required\n").as_deref(), Some("taken_at"));
        assert_eq!(of(both).as_deref(), Some("created_at"));
        assert_eq!(of("- taken_at: timestamptz, optional\n"), None);
        assert_eq!(of("- a_at: timestamptz, required\n- b_at: timestamptz, required\n"), None);
    }

    #[test]
    fn a_year_is_a_year() {
        assert_eq!(period("10 years; `placed_at`", 3650), "10 years");
        assert_eq!(period("36 months, a month at a time", 1080), "36 months");
        assert_eq!(period("90 days, seen for 2 years", 90), "90 days");
    }

    #[test]
    fn what_stays_is_not_deleted() {
        assert!(keeps_the_row("30 days, from `deleted_at`: Anonymised; the row stays"));
        assert!(!keeps_the_row("90 days from expires_at: deleted with its items"));
    }
}
