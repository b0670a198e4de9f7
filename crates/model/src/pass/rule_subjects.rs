//! Whose rule a sentence is, where its place does not say so or says another: "The fee must not exceed the
//! amount" is about the one entity of which that makes sense.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::draft::Draft;
use crate::names::words;
use crate::rule::{self, Meaning, Understood, Wording};
use crate::{Beside, EntityId, FieldId, NamedEntities};

/// The most entities of which a sentence is tried.
const MOST: usize = 24;
/// How many characters of two words must agree: "captured" and "capture".
const STEM: usize = 4;

/// The entities by the words in the names of their fields, made when it is first asked for.
#[derive(Debug, Default)]
pub(super) struct Subjects {
    by_word: OnceLock<BTreeMap<String, Vec<EntityId>>>,
    named: OnceLock<NamedEntities>,
}

impl Subjects {
    /// The entity that a sentence is about and what it means there: `owner`, if it makes sense of that, or
    /// the only other entity of which it does.
    pub(super) fn find(
        &self,
        draft: &Draft<'_>,
        owner: Option<EntityId>,
        text: &str,
        words: &Wording,
    ) -> Option<(EntityId, Understood)> {
        let mut rests_on_rules = false;
        let mut understand = |entity| {
            let understood = rule::understand(draft, entity, None, words);
            rests_on_rules |= understood.rests_on_rules;
            understood
        };
        let own = owner.map(|owner| (owner, understand(owner)));
        let found = match own {
            Some((owner, own)) if makes_sense(draft, owner, &own.meaning, text) => {
                Some((owner, own))
            }
            own => {
                let others = self.candidates(draft, owner, text);
                let mut sensible = others.into_iter().filter_map(|entity| {
                    let understood = understand(entity);
                    makes_sense(draft, entity, &understood.meaning, text)
                        .then_some((entity, understood))
                });
                match (sensible.next(), sensible.next()) {
                    (Some(only), None) => Some(only),
                    (None | Some(_), _) => own,
                }
            }
        };
        found.map(|(entity, understood)| (entity, Understood { rests_on_rules, ..understood }))
    }

    /// As [`Self::find`], and nothing where it makes sense of no entity, or of several.
    pub(super) fn find_sensible(
        &self,
        draft: &Draft<'_>,
        owner: Option<EntityId>,
        text: &str,
        words: &Wording,
    ) -> Option<(EntityId, Understood)> {
        self.find(draft, owner, text, words)
            .filter(|(entity, understood)| makes_sense(draft, *entity, &understood.meaning, text))
    }

    /// What a sentence says may be done only beside some owners.
    pub(super) fn beside(&self, draft: &Draft<'_>, text: &str) -> Vec<Beside> {
        let named = self.named.get_or_init(|| NamedEntities::of(&draft.model));
        named.beside(&draft.model, text)
    }

    fn by_word(draft: &Draft<'_>) -> BTreeMap<String, Vec<EntityId>> {
        let mut by_word: BTreeMap<String, Vec<EntityId>> = BTreeMap::new();
        for (id, entity) in draft.model.entities() {
            let fields = draft.model.fields_of(id).flat_map(|(_, field)| words(&field.name));
            for word in fields.chain(words(&entity.name)).filter_map(|word| stem(&word)) {
                let list = by_word.entry(word).or_default();
                if list.last() != Some(&id) {
                    list.push(id);
                }
            }
        }
        by_word
    }

    fn candidates(&self, draft: &Draft<'_>, owner: Option<EntityId>, text: &str) -> Vec<EntityId> {
        let by_word = self.by_word.get_or_init(|| Self::by_word(draft));
        let mut found: Vec<EntityId> = Vec::new();
        for word in words(&plain(text)).iter().filter_map(|word| stem(word)) {
            for &id in by_word.get(&word).into_iter().flatten() {
                if Some(id) != owner && !found.contains(&id) {
                    found.push(id);
                }
                if found.len() > MOST {
                    return Vec::new();
                }
            }
        }
        found
    }
}

/// Whether what was understood can be kept by the database.
fn makes_sense(draft: &Draft<'_>, entity: EntityId, meaning: &Meaning, text: &str) -> bool {
    match meaning {
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
        | Meaning::Sql(_) => true,
        Meaning::Kept(_) | Meaning::Unclear => {
            let field: Option<FieldId> = None;
            rule::permanence::permanence(&draft.model, entity, field, text).is_some()
        }
    }
}

/// A text in which only words and the names of fields are left.
pub(super) fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_alphanumeric() || c == '_' { c } else { ' ' }).collect()
}

/// What two forms of a word share; `None` for words that stand in every sentence.
fn stem(word: &str) -> Option<String> {
    const COMMON: &[&str] = &["the", "and", "for", "not", "must", "have", "with", "date", "time"];
    let word = word.to_lowercase();
    (word.chars().count() >= 3 && !COMMON.contains(&word.as_str()))
        .then(|| word.chars().take(STEM).collect::<String>().trim_end_matches('s').to_owned())
}

#[cfg(test)]
mod tests {
    use crate::test_support::{Facts, condition};

    /// The entity and the condition of a rule that stands with no entity, or with the wrong one.
    fn said(owner: &str, rule: &str) -> String {
        let (model, _) = Facts::default()
            .entity("Merchant")
            .field("Merchant", "id: uuid*")
            .field("Merchant", "code: text!")
            .entity("Payment")
            .field("Payment", "id: uuid*")
            .field("Payment", "merchant_id: uuid! -> Merchant")
            .field("Payment", "amount: integer!")
            .field("Payment", "fee: integer!")
            .entity("Refund")
            .field("Refund", "id: uuid*")
            .field("Refund", "amount: integer!")
            .rule(owner, rule)
            .build();
        format!("{}: {}", model.entity(model.rules[0].entity).name, condition(&model))
    }

    #[test]
    fn the_one_entity_of_which_it_makes_sense() {
        assert_eq!(
            said("Merchant", "The fee must not exceed the amount"),
            "Payment: fee <= amount"
        );
        assert_eq!(said("Payment", "The amount must be positive"), "Payment: amount > 0");
    }

    #[test]
    fn of_two_it_is_not_said_which() {
        assert_eq!(said("Merchant", "The amount must be positive"), "Merchant: ");
        assert_eq!(said("Merchant", "The weather must be fine"), "Merchant: ");
    }
}
