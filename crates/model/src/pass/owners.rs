//! Which bounded context owns which entity: where contexts list it, or where that follows.

use underpin_base::Span;
use underpin_read::{EntityKind, singular};

use crate::draft::Draft;
use crate::names::words;
use crate::{EntityId, Model, Origin, Ownership};

/// The kind of question that an answer with the name of a context settles.
pub(crate) const QUESTION: &str = "owner";

/// What is assumed where no document says, and an answer that leaves it so.
pub(crate) const NOBODY: &str = "none of them";

/// Finds the owners, and asks where two contexts claim one entity or none does.
pub(crate) fn run(draft: &mut Draft<'_>) {
    if draft.model.contexts.is_empty() {
        return;
    }
    ask_about_shared(draft);
    let model = &draft.model;
    let mut owners = Owners { model, of: vec![None; model.entities.len()] };
    owners.stated();
    owners.named();
    // Each round settles at least one, and what it settles may settle others.
    while owners.members() || owners.parts() || owners.joins() {}
    let found: Vec<Ownership> = owners.of.into_iter().flatten().collect();
    draft.model.ownerships = found;
    ask_about_unowned(draft);
}

/// What is known so far, by entity.
struct Owners<'a> {
    model: &'a Model,
    of: Vec<Option<Ownership>>,
}

impl Owners<'_> {
    fn context(&self, entity: EntityId) -> Option<usize> {
        self.of[entity.index()].as_ref().map(|known| known.context)
    }

    fn settle(&mut self, entity: EntityId, context: usize, origin: Origin, source: Option<Span>) {
        self.of[entity.index()] = Some(Ownership { entity, context, origin, source });
    }

    fn open(&self) -> Vec<EntityId> {
        let entities = self.model.entities().map(|(id, _)| id);
        entities.filter(|id| self.of[id.index()].is_none()).collect()
    }

    /// Settles the open entities for which a reason is found; whether there was one.
    fn infer(&mut self, reason: impl Fn(&Self, EntityId) -> Option<(usize, String)>) -> bool {
        let mut found = false;
        for entity in self.open() {
            if let Some((context, reason)) = reason(self, entity) {
                let source = self.model.contexts[context].sources.first().copied();
                self.settle(entity, context, Origin::Inferred(reason), source);
                found = true;
            }
        }
        found
    }

    /// The first of the contexts that list it: a second one is asked about.
    fn stated(&mut self) {
        for (at, context) in self.model.contexts.iter().enumerate() {
            for &entity in &context.entities {
                if self.of[entity.index()].is_none() {
                    let source = context.sources.first().copied();
                    self.settle(entity, at, Origin::Stated, source);
                }
            }
        }
    }

    /// "Order Management" owns Order, where no other context has the word in its name.
    fn named(&mut self) {
        self.infer(|owners, entity| {
            let name = singular_words(&owners.model.entity(entity).name);
            let mut named = owners.model.contexts.iter().enumerate().filter(|(_, context)| {
                singular_words(&context.name).windows(name.len()).any(|part| part == name)
            });
            let (context, it) = named.next()?;
            let reason = format!("the context {} is named after it", it.name);
            (named.next().is_none() && !name.is_empty()).then_some((context, reason))
        });
    }

    /// What lives and dies with a root lives where the root does.
    fn members(&mut self) -> bool {
        self.infer(|owners, entity| {
            owners.model.aggregates.iter().find_map(|aggregate| {
                let context = owners.context(aggregate.root)?;
                let root = &owners.model.entity(aggregate.root).name;
                let reason = format!("it is part of the aggregate {root}");
                aggregate.members.contains(&entity).then_some((context, reason))
            })
        })
    }

    /// What is named after another and refers to it, such as `UserCredential`, is a part of it.
    fn parts(&mut self) -> bool {
        self.infer(|owners, entity| {
            let name = singular_words(&owners.model.entity(entity).name);
            targets(owners.model, entity).into_iter().find_map(|whole| {
                let whole_name = &owners.model.entity(whole).name;
                let context = owners.context(whole)?;
                let reason = format!("it is named after {whole_name} and refers to it");
                name.starts_with(&singular_words(whole_name)).then_some((context, reason))
            })
        })
    }

    /// What joins entities of one context belongs there.
    fn joins(&mut self) -> bool {
        self.infer(|owners, entity| {
            if owners.model.entity(entity).kind != EntityKind::Join {
                return None;
            }
            let ends = targets(owners.model, entity);
            let context = owners.context(*ends.first()?)?;
            let same = ends.iter().all(|&end| owners.context(end) == Some(context));
            same.then(|| (context, "it joins entities of this context".to_owned()))
        })
    }
}

fn singular_words(name: &str) -> Vec<String> {
    words(name).iter().map(|word| singular(word)).collect()
}

/// What the fields of an entity refer to, without itself.
fn targets(model: &Model, entity: EntityId) -> Vec<EntityId> {
    let fields = model.fields_of(entity).filter_map(|(_, field)| field.references.as_ref());
    fields.map(|reference| reference.entity).filter(|&target| target != entity).collect()
}

/// What two contexts claim, either can change without the rules of the other.
fn ask_about_shared(draft: &mut Draft<'_>) {
    let mut shared = Vec::new();
    for (id, entity) in draft.model.entities() {
        let mut claims = draft.model.contexts.iter().filter(|it| it.entities.contains(&id));
        let (Some(first), Some(second)) = (claims.next(), claims.next()) else { continue };
        let others: Vec<&str> = std::iter::once(second).chain(claims).map(|it| &*it.name).collect();
        let text = format!(
            "Which context owns `{}`: {}, or {}? Two that write one table have no boundary.",
            entity.name,
            first.name,
            others.join(", ")
        );
        shared.push((
            entity.name.clone(),
            text,
            first.name.clone(),
            second.sources.first().copied(),
        ));
    }
    for (subject, text, assumed, source) in shared {
        draft.ask(QUESTION, &subject, text, assumed, source);
    }
}

/// Asks only where there is a boundary: between two contexts that own something.
fn ask_about_unowned(draft: &mut Draft<'_>) {
    let model = &draft.model;
    let first = model.ownerships.first().map(|it| it.context);
    if model.ownerships.iter().all(|it| Some(it.context) == first) {
        return;
    }
    let names: Vec<&str> = model.contexts.iter().map(|it| &*it.name).collect();
    let unowned: Vec<(String, String, Span)> = model
        .entities()
        .filter(|(id, entity)| {
            model.owner(*id).is_none()
                && entity.kind != EntityKind::ValueObject
                && !entity.fields.is_empty()
        })
        .map(|(_, entity)| {
            let text = format!(
                "Which context owns `{}`? No document says. There are {}.",
                entity.name,
                names.join(", ")
            );
            (entity.name.clone(), text, entity.source)
        })
        .collect();
    for (subject, text, source) in unowned {
        draft.ask(QUESTION, &subject, text, NOBODY, Some(source));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::Facts;
    use underpin_read::Fact;

    fn context(name: &str, entities: &[&str]) -> Fact {
        Fact::Context {
            name: name.to_owned(),
            backend: None,
            entities: entities.iter().map(|&it| it.to_owned()).collect(),
        }
    }

    fn model(contexts: &[Fact]) -> Model {
        let mut facts = Facts::default();
        for entity in ["Order", "OrderLine", "Customer", "Payment", "Report"] {
            facts = facts.entity(entity).field(entity, "id: uuid*");
        }
        facts = facts.field("OrderLine", "order_id: uuid!").field("Order", "customer_id: uuid!");
        for context in contexts {
            facts = facts.add(context.clone());
        }
        facts.build().0
    }

    /// Each entity that has an owner, with the context's name and whether that is inferred.
    fn owned(model: &Model) -> Vec<(&str, &str, bool)> {
        let owned = model.ownerships.iter().map(|it| {
            let context = &*model.contexts[it.context].name;
            (&*model.entity(it.entity).name, context, matches!(it.origin, Origin::Inferred(_)))
        });
        owned.collect()
    }

    #[test]
    fn lists_names_and_parts_tell_owners_and_the_rest_is_asked() {
        let model = model(&[
            context("Ordering", &["Order"]),
            context("Customers and accounts", &[]),
            context("Payments", &[]),
        ]);
        assert_eq!(
            owned(&model),
            [
                ("Order", "Ordering", false),
                ("OrderLine", "Ordering", true),
                ("Customer", "Customers and accounts", true),
                ("Payment", "Payments", true),
            ]
        );
        let asked: Vec<&str> = model.questions.iter().map(|it| &*it.id).collect();
        assert!(asked.contains(&"report.owner") && !asked.contains(&"order.owner"), "{asked:?}");
    }

    #[test]
    fn two_claims_are_a_question_and_the_first_counts() {
        let contexts =
            [context("Ordering", &["Order", "Customer"]), context("Billing", &["Customer"])];
        let model = model(&contexts);
        assert!(owned(&model).contains(&("Customer", "Ordering", false)));
        let question = model.questions.iter().find(|it| it.id == "customer.owner").unwrap();
        assert!(question.text.contains("Ordering, or Billing"), "{}", question.text);
        assert_eq!(question.assumed, "Ordering");
    }

    #[test]
    fn without_a_second_context_nothing_is_asked() {
        let model = model(&[context("Ordering", &["Order"])]);
        let asks = |it: &crate::Question| it.id.rsplit('.').next() == Some(QUESTION);
        assert!(!model.questions.iter().any(asks));
    }
}
