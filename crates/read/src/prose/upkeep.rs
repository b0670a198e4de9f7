//! Sentences about the rows of an entity as a whole: how long they are kept, how many there are, and
//! which of their fields are personal.

use super::noun::{coordinated, phrase_at, phrases};
use super::tag::{Tag, Token};
use super::{over_clauses, resolve};
use crate::document::Document;
use crate::notation::Output;
use crate::{Fact, quantity};

pub(crate) const DOC: &str = "Sentences about all rows of a thing: \"orders are deleted after 90 \
     days\", \"about 10,000 orders per day\", \"phone and address are personal data\".";

/// Verbs that begin or end the time for which rows are kept.
const KEEPING: &[&str] = &[
    "retain",
    "keep",
    "delete",
    "purge",
    "archive",
    "remove",
    "erase",
    "anonymize",
    "anonymise",
    "preserve",
    "store",
];

/// "Orders are deleted after 90 days", "retain audit logs for at least 12 months": for how many days.
fn kept_for(text: &str, tokens: &[Token]) -> Option<u32> {
    let verb = tokens.iter().position(|token| token.is_verb_of(KEEPING))?;
    let number = (verb + 1..tokens.len()).find(|&at| {
        tokens[at].tag == Tag::Number
            && tokens.get(at + 1).is_some_and(|unit| {
                unit.is_any(&["day", "days", "week", "weeks", "month", "months", "year", "years"])
            })
    })?;
    // "for a minimum of", "after", "older than": nothing but such words leads the time.
    let lead = tokens[number - 1].is_any(&["after", "for", "of", "least", "than", "to", "every"]);
    let is_backup = tokens.iter().any(|token| token.is_any(&["backup", "backups", "within"]));
    (lead && !is_backup).then(|| quantity::days(text.get(tokens[number].range.start..)?)).flatten()
}

/// "about 10,000 orders per day": the noun with its rows, or with how many come in a month.
fn counted(text: &str, tokens: &[Token]) -> Option<(String, Option<f64>, Option<f64>)> {
    let leads =
        ["expect", "estimate", "handle", "support", "store", "process", "anticipate", "hold"];
    let is_said = tokens.iter().any(|token| {
        token.is_verb_of(&leads)
            || token.is_any(&["about", "approximately", "around", "roughly", "estimated", "up"])
    });
    let at = tokens.iter().position(|token| {
        token.tag == Tag::Number && token.lower.starts_with(|c: char| c.is_ascii_digit())
    })?;
    let (value, rest) = quantity::number(text.get(tokens[at].range.start..)?)?;
    let is_at_once =
        tokens.iter().any(|token| token.is_any(&["concurrent", "concurrently", "simultaneous"]));
    if !is_said || is_at_once || value < 100.0 {
        return None;
    }
    let behind = super::tag::tag(rest.trim_start_matches(['+', ' ']));
    let many = phrase_at(&behind, 0).filter(|many| many.is_plural)?;
    let period = behind.get(many.end..many.end + 2).and_then(|words| {
        let is_rate = words[0].is_any(&["per", "a", "each", "every"]);
        let months = match words[1].lower.as_str() {
            "day" => 30.0,
            "week" => 30.0 / 7.0,
            "month" => 1.0,
            "year" => 1.0 / 12.0,
            _ => return None,
        };
        is_rate.then_some(months)
    });
    let daily = behind.get(many.end).filter(|word| word.is("daily")).map(|_| 30.0);
    let growth = period.or(daily).map(|months| value * months);
    Some((many.noun, growth.is_none().then_some(value), growth))
}

/// "Phone and address are personal data": what is so.
fn personal(tokens: &[Token]) -> Vec<String> {
    let names_it = |at: usize| {
        tokens[at].is_any(&["pii", "personally"])
            || tokens[at].is_any(&["personal", "sensitive"])
                && tokens
                    .get(at + 1)
                    .is_some_and(|next| next.is_any(&["data", "information", "details"]))
    };
    let Some(word) = (1..tokens.len()).find(|&at| names_it(at)) else { return Vec::new() };
    let Some(verb) = (1..word).rev().find(|&at| tokens[at].is_any(&["is", "are"])) else {
        return Vec::new();
    };
    let is_denied = tokens[verb..word].iter().any(|token| token.is("not"));
    let (things, end) = coordinated(tokens, 0);
    if is_denied || end != verb {
        return Vec::new();
    }
    things.into_iter().map(|thing| thing.noun).collect()
}

/// The entity and the field that a noun such as "phone" or "customer email" names.
fn field_of(noun: &str, out: &Output) -> Option<(String, String)> {
    if let Some((front, last)) = noun.rsplit_once(' ') {
        if let Some(entity) = resolve(front, out) {
            if let Some(field) = out.field(&entity, last) {
                return Some((entity.clone(), field.to_owned()));
            }
        }
    }
    let short = noun.strip_suffix(" addresses").or_else(|| noun.strip_suffix(" numbers"));
    let name =
        [Some(noun), short].into_iter().flatten().find(|it| out.only_owner_of(it).is_some())?;
    let entity = out.only_owner_of(name)?.to_owned();
    let field = out.field(&entity, name)?.to_owned();
    Some((entity, field))
}

pub(crate) fn read(document: &Document<'_>, out: &mut Output) {
    over_clauses(out, |clauses, out| {
        for clause in clauses {
            let span = document.span(clause.range.clone());
            let is_open = out.is_open(document, clause.range.start);
            let subject = |out: &Output| {
                phrases(&clause.tokens)
                    .iter()
                    .find_map(|phrase| resolve(super::evidence::core(&phrase.noun), out))
            };
            if let Some(days) = kept_for(&clause.text, &clause.tokens).filter(|_| is_open) {
                if let Some(entity) = subject(out) {
                    let text = clause.text.clone();
                    out.state(document, span, Fact::Retention { entity, days: Some(days), text });
                }
            } else if let Some((noun, rows, growth)) = counted(&clause.text, &clause.tokens) {
                if let Some(entity) = resolve(&noun, out).filter(|_| is_open) {
                    let text = clause.text.clone();
                    let fact = Fact::Volume { entity, rows, growth_per_month: growth, text };
                    out.state(document, span, fact);
                }
            }
            for noun in personal(&clause.tokens) {
                if let Some((entity, field)) = field_of(&noun, out) {
                    let category = "personal".to_owned();
                    out.state(document, span, Fact::Sensitivity { entity, field, category });
                }
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn rows_as_a_whole() {
        check(
            "# Shop\n\n## Requirements\n\n- Each order has a number, a total and a phone.\n- Users can place orders.\n- Orders are deleted after 90 days.\n- We expect about 10,000 orders per day.\n- The shop handles 5,000 concurrent orders.\n- Phone numbers are personal data.\n- Orders ship within 5 days.\n",
            &expect![[r#"
                5 prose-entities  entity Order
                5 prose-inline-fields  field Order.number
                5 prose-inline-fields  field Order.total
                5 prose-inline-fields  field Order.phone
                7 prose-upkeep  retention Order: 90 days -- Orders are deleted after 90 days.
                8 prose-upkeep  volume Order: +300000 a month -- We expect about 10,000 orders per day.
                10 prose-upkeep  sensitivity Order.phone: personal
                11 prose-entities  candidate Ship -- Orders ship within 5 days.
            "#]],
        );
    }
}
