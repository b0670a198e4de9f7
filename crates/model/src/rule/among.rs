//! Which rows a rule is about: "among rows not deleted", "among active users", "where status is open".

use super::sentence::{Sentence, strip_end, strip_word};
use super::when;
use crate::names::fold_field;
use crate::{Expression, FieldId, FieldKind};

/// Words before the rows, and whether the rule is about the others.
const LEADS: &[(&str, bool)] = &[
    ("among ", true),
    ("amongst ", true),
    ("for ", true),
    ("where ", true),
    ("while ", true),
    ("when ", true),
    ("as long as ", true),
    ("except for ", false),
    ("except ", false),
    ("excluding ", false),
    ("ignoring ", false),
];

/// Takes the condition on rows off the end of what is said, where it is understood.
pub(crate) fn split<'t>(
    sentence: &Sentence<'_>,
    said: &'t str,
) -> (&'t str, Option<Expression<FieldId>>) {
    let lower = said.to_ascii_lowercase();
    for &(lead, covers) in LEADS {
        let at = if lower.starts_with(lead) {
            0
        } else if let Some(at) = lower.find(&format!(" {lead}")) {
            at + 1
        } else {
            continue;
        };
        let phrase = said[at + lead.len()..].trim();
        if let Some(condition) = rows(sentence, phrase) {
            let condition = if covers { condition } else { opposite(condition) };
            return (said[..at].trim(), Some(condition));
        }
    }
    (said, None)
}

/// "rows not deleted", "non-deleted users", "active ones", "status is open".
fn rows(sentence: &Sentence<'_>, phrase: &str) -> Option<Expression<FieldId>> {
    let phrase = ["all", "any", "the", "only", "other"]
        .iter()
        .fold(phrase, |phrase, word| strip_word(phrase, word));
    let (of, bare) = of_rows(sentence, phrase);
    if !of && when::condition(sentence, phrase).is_none() {
        return None;
    }
    let bare = ["that are", "which are", "who are", "it is", "the row is", "is", "are"]
        .iter()
        .fold(bare.trim(), |bare, words| bare.strip_prefix(words).map_or(bare, str::trim));
    let negated = ["not ", "non-", "non ", "un"].iter().find_map(|no| bare.strip_prefix(no));
    if let Some(state) = negated.and_then(|word| state(sentence, word)) {
        return Some(opposite(state));
    }
    state(sentence, bare).or_else(|| when::condition(sentence, bare))
}

/// The phrase without the noun that only says that rows are meant.
fn of_rows<'p>(sentence: &Sentence<'_>, phrase: &'p str) -> (bool, &'p str) {
    let own = |noun: &str| {
        matches!(noun, "rows" | "row" | "records" | "record" | "ones" | "those" | "entries")
            || sentence.draft().noun(noun) == Some(sentence.entity())
    };
    if let Some((noun, rest)) = phrase.split_once(' ')
        && own(&noun.to_ascii_lowercase())
    {
        return (true, rest);
    }
    match phrase.rsplit_once(' ') {
        Some((rest, noun)) if own(&noun.to_ascii_lowercase()) => (true, rest),
        // "unless deleted", "while active"
        _ => (!phrase.contains(' '), phrase),
    }
}

/// "deleted": a moment, a flag or a state of that name.
fn state(sentence: &Sentence<'_>, word: &str) -> Option<Expression<FieldId>> {
    let word = strip_end(word.trim(), &[" ones", " rows"]);
    let word = strip_word(word, "soft");
    let word = word.strip_prefix("soft-").unwrap_or(word);
    if let Some(found) = when::adjective(sentence, word) {
        return Some(found);
    }
    let names = [format!("{word} at"), format!("{word} on")].map(|name| fold_field(&name));
    let mut found = sentence.draft().model.fields_of(sentence.entity()).filter(|(_, field)| {
        matches!(field.kind, FieldKind::Timestamp | FieldKind::Date)
            && names.contains(&fold_field(&field.name))
    });
    let (only, _) = found.next()?;
    found.next().is_none().then_some(Expression::IsPresent(only))
}

fn opposite(condition: Expression<FieldId>) -> Expression<FieldId> {
    match condition {
        Expression::Not(inner) => *inner,
        other => Expression::Not(Box::new(other)),
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::Facts;

    fn key(rule: &str) -> String {
        let (model, _) = Facts::default()
            .entity("User")
            .field("User", "id: uuid*")
            .field("User", "email: text!")
            .field("User", "tenant_id: uuid!")
            .field("User", "status: enum(active, left)!")
            .field("User", "deleted_at: timestamp")
            .rule("User", rule)
            .build();
        let rule = &model.rules[0];
        rule.became.clone().unwrap_or_else(|| "not understood".to_owned())
    }

    #[test]
    fn unique_among_some() {
        for (rule, wanted) in [
            (
                "email is unique among rows not deleted",
                "unique (email) where not (deleted_at is present)",
            ),
            (
                "email must be unique among non-deleted users",
                "unique (email) where not (deleted_at is present)",
            ),
            (
                "email is unique ignoring deleted rows",
                "unique (email) where not (deleted_at is present)",
            ),
            ("email is unique among active users", "unique (email) where status = 'active'"),
            ("email is unique where status is active", "unique (email) where status = 'active'"),
            (
                "email is unique per tenant_id among rows not deleted",
                "unique (tenant_id, email) where not (deleted_at is present)",
            ),
            ("email is unique among the living", "not understood"),
            ("email is unique ignoring case", "unique (email) whatever its case"),
            ("email is unique for marketing", "not understood"),
        ] {
            assert_eq!(key(rule), wanted, "{rule}");
        }
    }
}
