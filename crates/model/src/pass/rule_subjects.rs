//! Whose rule a sentence is, where its place does not say so or says another: "The fee must not exceed the
//! amount" is about the one entity of which that makes sense.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::draft::Draft;
use crate::names::{fold_entity, words};
use crate::rule::{self, Meaning, Understood, Wording};
use crate::{Beside, EntityId, FieldId, FieldKind, NamedEntities};

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

    /// The entity that a sentence says rows beside it keep from a step or a change.
    pub(super) fn held(&self, draft: &Draft<'_>, text: &str) -> Option<EntityId> {
        let named = self.named.get_or_init(|| NamedEntities::of(&draft.model));
        let barred = named.barring_in(&draft.model, text).first().map(|it| it.owner);
        barred.or_else(|| named.settled_in(&draft.model, text).first().map(|it| it.owner))
    }

    /// The one entity of whose rows in some states a sentence says that they stay: "Only drafts can be deleted" is said of
    /// whatever has drafts.
    pub(super) fn lasting(draft: &Draft<'_>, text: &str) -> Option<EntityId> {
        let lower = text.to_lowercase();
        let tells = ["delet", "chang", "edit", "modif"].iter().any(|it| lower.contains(it));
        let ids: Vec<EntityId> = draft.entity_ids().collect();
        (tells && ids.len() <= MOST).then_some(())?;
        let mut meant = ids.into_iter().filter(|&id| {
            let said = rule::permanence::permanence(&draft.model, id, None, text);
            said.is_some_and(|it| it.states.is_some())
        });
        meant.next().filter(|_| meant.next().is_none())
    }

    /// What a sentence says may be done only beside some owners.
    pub(super) fn beside(&self, draft: &Draft<'_>, text: &str) -> Vec<Beside> {
        let named = self.named.get_or_init(|| NamedEntities::of(&draft.model));
        named.beside(&draft.model, text)
    }

    /// Whose rows a sentence holds against the values of their owner.
    pub(super) fn across(&self, draft: &Draft<'_>, text: &str) -> Option<EntityId> {
        let named = self.named.get_or_init(|| NamedEntities::of(&draft.model));
        named.across_in(&draft.model, text).first().map(|it| it.rows)
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
pub(super) fn makes_sense(
    draft: &Draft<'_>,
    entity: EntityId,
    meaning: &Meaning,
    text: &str,
) -> bool {
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
        Meaning::Kept(reason) if *reason == rule::at_least_rows::REASON => true,
        Meaning::Kept(_) | Meaning::Unclear => {
            let field: Option<FieldId> = None;
            rule::permanence::permanence(&draft.model, entity, field, text).is_some()
        }
    }
}

/// The entities that have the field of which a sentence speaks in general: "quantities must be positive", "each price
/// must be positive". "The price" is one of which was spoken before.
pub(super) fn each_with_field(draft: &Draft<'_>, text: &str) -> Vec<EntityId> {
    const VERBS: &[&str] = &[
        " must ",
        " cannot ",
        " can't ",
        " can not ",
        " may not ",
        " shall ",
        " should ",
        " have to ",
        " has to ",
        " are always ",
        " are never ",
        " is always ",
        " is never ",
    ];
    /// A name in more words than these is a description.
    const LONGEST: usize = 3;
    let text = text.trim().to_lowercase();
    let Some(end) = VERBS.iter().filter_map(|verb| text.find(verb)).min() else {
        return Vec::new();
    };
    let subject = &text[..end];
    let without =
        ["all ", "every ", "each ", "any "].iter().find_map(|it| subject.strip_prefix(it));
    let subject = without.unwrap_or(subject);
    let is_name = subject.split(' ').count() <= LONGEST
        && subject.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '`'));
    let key = fold_entity(subject);
    if !is_name || key.is_empty() {
        return Vec::new();
    }
    let last = subject.rsplit(' ').next().unwrap_or_default();
    let is_general = without.is_some() || underpin_read::singular(last) != last;
    let has_it = |id: EntityId| {
        draft.model.fields_of(id).any(|(_, field)| {
            // "Status must be open or shut" is about one; what a number may be, about all numbers called so.
            let is_number = matches!(
                field.kind,
                FieldKind::Integer { .. }
                    | FieldKind::Decimal { .. }
                    | FieldKind::Money { .. }
                    | FieldKind::Float
            );
            fold_entity(&field.name) == key && (is_general || is_number)
        })
    };
    draft.model.entities().map(|(id, _)| id).filter(|&id| has_it(id)).collect()
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
    use underpin_read::Fact;

    use crate::FieldId;
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

    /// Whose rules they become where their place names no entity, and how many are lost.
    fn said_of_none(rule: &str) -> (String, usize) {
        let text = rule.to_owned();
        let (model, _) = Facts::default()
            .entity("Order")
            .field("Order", "id: uuid*")
            .field("Order", "ship_quantity: integer!")
            .field("Order", "note: text")
            .entity("OrderLine")
            .field("OrderLine", "id: uuid*")
            .field("OrderLine", "quantity: integer!")
            .field("OrderLine", "price: integer!")
            .field("OrderLine", "note: text")
            .entity("Product")
            .field("Product", "id: uuid*")
            .field("Product", "price: integer!")
            .field("Product", "status: text")
            .add(Fact::Rule { entity: None, field: None, text })
            .build();
        let name = |id: &FieldId| Some(model.field(*id).name.clone());
        let rules = model.rules.iter().map(|rule| {
            let said = rule.expression.as_ref().and_then(|it| it.try_map(&mut |id| name(id)));
            let said = said.map_or_else(String::new, |it| it.to_string());
            format!("{}: {said}", model.entity(rule.entity).name)
        });
        (rules.collect::<Vec<_>>().join("; "), model.unkept.len())
    }

    #[test]
    fn of_fields_in_general() {
        let said = |rules: &str| (rules.to_owned(), 0);
        assert_eq!(
            said_of_none("Quantities must be positive integers"),
            said("OrderLine: quantity > 0")
        );
        let both = said("OrderLine: price > 0; Product: price > 0");
        assert_eq!(said_of_none("Prices must be positive"), both);
        assert_eq!(said_of_none("All prices must be positive"), both);
        assert_eq!(said_of_none("Price must be positive"), both);
    }

    #[test]
    fn not_of_one_of_several_nor_of_what_has_no_sign() {
        let lost = (String::new(), 1);
        // One price, of which the text before spoke.
        assert_eq!(said_of_none("The price must be positive"), lost);
        assert_eq!(said_of_none("Notes must be positive"), lost);
        // Whose note that is was said where we did not understand it.
        assert_eq!(said_of_none("Note must be at most 80 characters"), lost);
        assert_eq!(said_of_none("Weights must be positive integers"), lost);
    }

    #[test]
    fn of_two_it_is_not_said_which() {
        assert_eq!(said("Merchant", "The amount must be positive"), "Merchant: ");
        assert_eq!(said("Merchant", "The weather must be fine"), "Merchant: ");
    }
}
