//! Sentences about the rows of an entity as a whole: how long they are kept, which part of them is so, and which of
//! their fields are personal.

mod share;

use self::share::{Part, Share, shares};
use super::clause::is_key;
use super::noun::{coordinated, phrase_at};
use super::sentence::Sentence;
use super::tag::{Tag, Token};
use super::{in_each, over_clauses, resolve};
use crate::document::Document;
use crate::notation::{Output, mentioned};
use crate::{Fact, quantity};

pub(crate) const DOC: &str = "Sentences about all rows of a thing: \"orders are deleted after 90 \
     days\", \"80 % of orders are delivered\", \"phone and address are \
     personal data\".";

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

/// How long rows are kept.
#[derive(Debug, PartialEq, Eq)]
struct Kept {
    days: u32,
    /// The words for the moment that the time counts from, where it is not the row's own.
    since: Option<String>,
}

/// "Orders are deleted after 90 days", "retain audit logs for at least 12 months", "delete owners 2
/// years after their last visit".
fn kept_for(text: &str, tokens: &[Token]) -> Option<Kept> {
    const PERIODS: &[&str] = &["day", "days", "week", "weeks", "month", "months", "year", "years"];
    // Most sentences name no time.
    tokens.iter().find(|token| token.is_any(PERIODS))?;
    let verb =
        tokens.iter().position(|token| token.is_verb_of(KEEPING) || token.is_any(&["kept"]))?;
    let number = (verb + 1..tokens.len()).find(|&at| {
        tokens[at].tag == Tag::Number && tokens.get(at + 1).is_some_and(|unit| unit.is_any(PERIODS))
    })?;
    // "for a minimum of", "after", "older than": nothing but such words leads the time.
    let lead = tokens[number - 1].is_any(&["after", "for", "of", "least", "than", "to", "every"]);
    let behind = tokens.get(number + 2).filter(|token| token.is_any(&["after", "past", "from"]));
    let is_backup = tokens.iter().any(|token| token.is_any(&["backup", "backups", "within"]));
    if !(lead || behind.is_some()) || is_backup {
        return None;
    }
    // "Parcels that have been stored for more than 3 days" are some of them.
    let is_some = tokens[..verb].iter().any(|it| it.is_any(&["that", "which", "who", "whose"]))
        && tokens[..verb].iter().any(|it| it.is_any(&["been", "have", "has", "were", "are"]));
    if is_some && tokens[number - 1].is_any(&["than", "for", "least"]) {
        return None;
    }
    let days = quantity::days(text.get(tokens[number].range.start..)?)?;
    // "After they end" is a moment of the row's own.
    let is_own =
        tokens.get(number + 3).is_some_and(|token| token.is_any(&["they", "it", "he", "she"]));
    let since = behind.filter(|_| !is_own).and_then(|after| text.get(after.range.end..));
    let since = since.map(|words| words.trim().trim_end_matches('.').to_owned());
    Some(Kept { days, since })
}

/// "Categories, stock and reviews have no time limit": what is kept without end.
fn kept_without_limit(text: &str, tokens: &[Token]) -> Vec<String> {
    let (things, end) = coordinated(tokens, 0);
    let is_said = tokens.get(end).is_some_and(|verb| {
        verb.is_any(&["have", "has"]) && text.contains("time limit")
            || verb.is_any(&["is", "are"])
                && tokens.get(end + 1).is_some_and(|next| next.is_any(&["kept", "retained"]))
    });
    if !is_said || !quantity::is_without_limit(text) {
        return Vec::new();
    }
    things.into_iter().map(|thing| thing.noun).collect()
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
    // "The name and phone of a patient": each is the patient's.
    let owner = (end < verb && tokens[end].is("of"))
        .then(|| phrase_at(tokens, end + 1))
        .flatten()
        .filter(|owner| owner.end == verb);
    if is_denied || end != verb && owner.is_none() {
        return Vec::new();
    }
    let of_owner = |thing: &str| match &owner {
        Some(owner) => format!("{} {thing}", owner.noun),
        None => thing.to_owned(),
    };
    things.into_iter().map(|thing| of_owner(&thing.noun)).collect()
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

/// What a sentence says of all rows of a thing.
#[derive(Debug)]
pub(super) struct Upkeep {
    kept: Option<Kept>,
    /// What is kept without end.
    without_limit: Vec<String>,
    /// What is personal.
    personal: Vec<String>,
    /// Which part of the rows is so.
    shares: Vec<Share>,
}

impl Upkeep {
    fn of(sentence: &Sentence) -> Self {
        let Sentence { text, tokens, .. } = sentence;
        let kept = kept_for(text, tokens);
        let without_limit = kept_without_limit(text, tokens);
        Self { kept, without_limit, personal: personal(tokens), shares: shares(text) }
    }
}

pub(crate) fn read(document: &Document<'_>, out: &mut Output) {
    over_clauses(out, |clauses, out| {
        let said = in_each(clauses, |clause| clause.upkeep.get_or_init(|| Upkeep::of(clause)));
        for (clause, said) in clauses.iter().zip(said) {
            let Upkeep { kept, without_limit, personal, shares } = said;
            let span = document.span(clause.range.clone());
            // Another sentence of the line may have been read; lists and tables say more exactly.
            let reader = out.reader_at(document, clause.range.start);
            let is_open = out.is_open(document, clause.range.start)
                || reader.starts_with("prose-")
                || is_key(document.text_of(clause.range.clone()));
            let subject = |out: &Output| {
                let named = |noun: &str| resolve(super::evidence::core(noun), out);
                // "Loan history" and "member accounts" are the rows of the only thing that is named.
                clause.phrases.iter().find_map(|phrase| named(&phrase.noun)).or_else(|| {
                    let mut all = mentioned(&clause.text, out);
                    all.pop().filter(|_| all.is_empty())
                })
            };
            if let Some(kept) = kept.as_ref().filter(|_| is_open) {
                if let Some(entity) = subject(out) {
                    let text = clause.text.clone();
                    // Time that counts from another thing's moment is not the row's age.
                    let is_own = kept.since.as_ref().is_none_or(|since| {
                        let words = since.trim_start_matches("the ").trim_start_matches("their ");
                        out.field(&entity, words).is_some()
                    });
                    let days = is_own.then_some(kept.days);
                    out.state(document, span, Fact::Retention { entity, days, text });
                }
            }
            for share in shares.iter().filter(|_| is_open) {
                let Some(entity) = resolve(&share.subject, out) else { continue };
                let (field, value) = match share.part.clone() {
                    Part::Is(field, value) => (field, Some(value)),
                    Part::Lacks(field) => (Some(field), None),
                };
                let (percent, text) = (share.percent, clause.text.clone());
                out.state(document, span, Fact::Share { entity, field, value, percent, text });
            }
            for noun in without_limit {
                if let Some(entity) = resolve(noun, out).filter(|_| is_open) {
                    let text = clause.text.clone();
                    out.state(document, span, Fact::Retention { entity, days: None, text });
                }
            }
            for noun in personal {
                if let Some((entity, field)) = field_of(noun, out) {
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
    fn rows_that_somebody_asks_for_are_not_deleted() {
        let retention = |sentence: &str| {
            let text = format!("# Shop\n\nEach parcel has a number and a weight.\n\n{sentence}\n");
            crate::notation::rendered("shop.md", &text).contains("retention Parcel")
        };
        // Behind a key that a table is followed by.
        let behind = |line: &str| {
            let text = format!(
                "# Plant reading\n\n| Field | Type |\n|---|---|\n| plant | uuid |\n| day | date |\n\n{line}\n"
            );
            crate::notation::rendered("shop.md", &text).contains("retention Plant reading")
        };
        assert!(behind("Primary key: (plant, day). Plant readings are kept for 18 months."));
        assert!(!behind("Primary key: (plant, day). Plant readings are shown for 18 months."));
        assert!(!retention("I want a list of parcels that have been stored for more than 3 days."));
        assert!(retention("Parcels are stored for 3 days."));
        assert!(retention("Parcels that have been picked up are deleted after 3 days."));
    }

    #[test]
    fn rows_as_a_whole() {
        check(
            "# Shop\n\n## Requirements\n\n- Each order has a number, a total and a phone.\n- Users can place orders.\n- Orders are deleted after 90 days.\n- We expect about 10,000 orders per day.\n- The shop handles 5,000 concurrent orders.\n- Phone numbers are personal data.\n- The phone and number of an order are sensitive information.\n- Orders ship within 5 days.\n- Orders are kept forever.\n",
            &expect![[r#"
                5 prose-entities  entity Order
                5 prose-inline-fields  field Order.number
                5 prose-inline-fields  field Order.total
                5 prose-inline-fields  field Order.phone
                6 prose-entities  entity User
                6 prose-possession  relationship User 1:N Order [inferred: the sentence calls them its own]
                7 prose-upkeep  retention Order: 90 days -- Orders are deleted after 90 days.
                8 prose-volumes  volume Order: +300000 a month -- We expect about 10,000 orders per day.
                10 prose-upkeep  sensitivity Order.phone: personal
                11 prose-upkeep  sensitivity Order.phone: personal
                11 prose-upkeep  sensitivity Order.number: personal
                12 prose-entities  candidate Ship -- Orders ship within 5 days.
                13 prose-upkeep  retention Order -- Orders are kept forever.
            "#]],
        );
    }
}
