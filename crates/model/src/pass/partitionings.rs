//! How documents want rows split among partitions: what several places say of one entity is put together, its fields are
//! found, and what cannot be told is asked.

use underpin_base::Span;
use underpin_read::{Fact, PartitioningFact};

use crate::draft::Draft;
use crate::{EntityId, FieldId, FieldKind, SplitMethod, StatedPartitioning};

/// The kind of the question whether a primary key may take the fields in.
pub(crate) const KEY: &str = "partition-key";
/// The kind of the question for the method.
pub(crate) const METHOD: &str = "partition-method";

/// What the places that speak of one entity say together.
struct Collected {
    entity: EntityId,
    fact: PartitioningFact,
    source: Span,
}

/// Collects how rows are to be split.
pub(crate) fn run(draft: &mut Draft<'_>) {
    let mut all: Vec<Collected> = Vec::new();
    for statement in draft.statements {
        let Fact::Partitioning(fact) = &statement.fact else { continue };
        let source = statement.span;
        let Some(entity) = draft.entity_in_phrase(&fact.entity) else {
            draft.report_unknown_subject("a partitioning", &fact.entity, source);
            continue;
        };
        match all.iter_mut().find(|it| it.entity == entity) {
            Some(known) => {
                if let Some(other) = conflict(&known.fact, fact) {
                    let name = draft.model.entity(entity).name.clone();
                    let question = format!(
                        "How are the rows of `{name}` split? \"{}\" and \"{}\" differ in {other}.",
                        known.fact.text.trim(),
                        fact.text.trim()
                    );
                    let assumed = format!("as \"{}\" says", known.fact.text.trim());
                    draft.ask("partitions", &name, question, assumed, Some(source));
                } else {
                    merge(&mut known.fact, fact);
                }
            }
            None => all.push(Collected { entity, fact: fact.clone(), source }),
        }
    }
    for collected in all {
        if let Some(stated) = resolved(draft, &collected) {
            ask_for_key(draft, &stated);
            draft.model.partitionings.push(stated);
        }
    }
}

/// In what two statements contradict each other.
fn conflict(known: &PartitioningFact, other: &PartitioningFact) -> Option<&'static str> {
    fn differ<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
        matches!((one, other), (Some(one), Some(other)) if one != other)
    }
    if differ(known.method.as_ref(), other.method.as_ref()) {
        Some("the method")
    } else if !known.fields.is_empty()
        && !other.fields.is_empty()
        && known.fields.len() != other.fields.len()
    {
        Some("the fields")
    } else if differ(known.period.as_ref(), other.period.as_ref()) {
        Some("how long a time one partition holds")
    } else if differ(known.count.as_ref(), other.count.as_ref()) {
        Some("how many there are")
    } else {
        None
    }
}

fn merge(known: &mut PartitioningFact, other: &PartitioningFact) {
    known.method = known.method.or(other.method);
    if known.fields.is_empty() {
        known.fields.clone_from(&other.fields);
    }
    known.period = known.period.or(other.period);
    known.count = known.count.or(other.count);
    for part in &other.lists {
        if !known.lists.iter().any(|it| it.values == part.values) {
            known.lists.push(part.clone());
        }
    }
    known.others = known.others.or(other.others);
    known.widens_key |= other.widens_key;
}

fn resolved(draft: &mut Draft<'_>, collected: &Collected) -> Option<StatedPartitioning> {
    let Collected { entity, fact, source } = collected;
    let mut fields: Vec<FieldId> = Vec::new();
    for name in &fact.fields {
        match draft.own_field_in_phrase(*entity, name) {
            Some(field) => fields.push(field),
            None => {
                draft.report_unknown_field("a partitioning", *entity, name, *source);
                return None;
            }
        }
    }
    let kind = fields.first().map(|&id| &draft.model.field(id).kind);
    let implied = match kind {
        Some(FieldKind::Timestamp | FieldKind::Date) => Some(SplitMethod::Range),
        Some(FieldKind::Enumeration(_)) => Some(SplitMethod::List),
        _ if fact.period.is_some() => Some(SplitMethod::Range),
        _ if !fact.lists.is_empty() => Some(SplitMethod::List),
        _ => None,
    };
    let Some(method) = fact.method.or(implied) else {
        let name = draft.model.entity(*entity).name.clone();
        let question = format!(
            "How are rows of `{name}` told their partition: by range, by list, or by a hash? \"{}\"",
            fact.text.trim()
        );
        draft.ask(METHOD, &name, question, "whole: they stay one table", Some(*source));
        return None;
    };
    Some(StatedPartitioning {
        entity: *entity,
        method,
        fields,
        period: fact.period,
        count: fact.count,
        lists: fact.lists.clone(),
        others: fact.others,
        widens_key: fact.widens_key,
        text: fact.text.clone(),
        source: *source,
    })
}

/// Whether the primary key may take the fields in, where it is one that comes from outside and holds them not.
fn ask_for_key(draft: &mut Draft<'_>, stated: &StatedPartitioning) {
    let entity = draft.model.entity(stated.entity);
    let key = &entity.primary_key;
    // The server counts up a whole number that is nobody else's.
    let is_counted = matches!(key.as_slice(), [one] if {
        let field = draft.model.field(*one);
        matches!(field.kind, FieldKind::Integer { .. })
            && field.default.is_none()
            && field.references.is_none()
            && field.external.is_none()
    });
    let is_held = stated.fields.iter().all(|field| key.contains(field));
    if key.is_empty() || is_counted || is_held || stated.widens_key {
        return;
    }
    let names = |ids: &[FieldId]| {
        let names = ids.iter().map(|&id| draft.model.field(id).name.as_str());
        names.collect::<Vec<_>>().join(", ")
    };
    let (name, key, fields) = (entity.name.clone(), names(key), names(&stated.fields));
    let question = format!(
        "May the primary key of `{name}` be ({key}, {fields})? \"{}\" asks for it: split by `{fields}`, PostgreSQL keeps \
         ({key}) unique for each `{fields}` only, so that the same ({key}) could be there twice.",
        stated.text.trim()
    );
    draft.ask(KEY, &name, question, "no: the table stays whole", Some(stated.source));
}

#[cfg(test)]
mod tests {
    use underpin_read::{ListedPart, OtherRows, PartitioningFact, SplitPeriod};

    use super::*;
    use crate::test_support::Facts;
    use crate::{Model, SplitMethod};

    fn said(change: impl FnOnce(&mut PartitioningFact)) -> Fact {
        let mut fact = PartitioningFact {
            entity: "Message".to_owned(),
            text: "as stated".to_owned(),
            ..PartitioningFact::default()
        };
        change(&mut fact);
        Fact::Partitioning(fact)
    }

    fn model(key: &str, facts: Vec<Fact>) -> Model {
        let mut all = Facts::default()
            .entity("Message")
            .field("Message", &format!("id: {key}*"))
            .field("Message", "chat_id: uuid!")
            .field("Message", "region: text!")
            .field("Message", "sent_at: timestamp!");
        for fact in facts {
            all = all.add(fact);
        }
        all.build().0
    }

    fn fields(names: &[&str]) -> Vec<String> {
        names.iter().map(|&it| it.to_owned()).collect()
    }

    #[test]
    fn what_several_places_say_is_one_partitioning() {
        let hash = said(|it| {
            it.method = Some(SplitMethod::Hash);
            it.fields = fields(&["chat"]);
        });
        let part = said(|it| {
            it.method = Some(SplitMethod::Hash);
            it.count = Some(16);
        });
        let model = model("bigserial", vec![hash, part.clone(), part]);
        let [stated] = model.partitionings.as_slice() else { panic!("one partitioning") };
        assert_eq!((stated.method, stated.count), (SplitMethod::Hash, Some(16)));
        assert_eq!(model.field(stated.fields[0]).name, "chat_id");
        assert!(model.questions.iter().all(|it| !it.id.ends_with(KEY)), "{:?}", model.questions);
    }

    #[test]
    fn the_method_follows_from_the_field_where_it_can() {
        let month = said(|it| {
            it.fields = fields(&["sent_at"]);
            it.period = Some(SplitPeriod::Month);
        });
        assert_eq!(model("bigserial", vec![month]).partitionings[0].method, SplitMethod::Range);
        let list = said(|it| {
            it.fields = fields(&["region"]);
            it.lists = vec![ListedPart { name: None, values: fields(&["eu"]) }];
            it.others = Some(OtherRows::Refused);
        });
        assert_eq!(model("bigserial", vec![list]).partitionings[0].method, SplitMethod::List);
        let open = said(|it| it.fields = fields(&["region"]));
        let model = model("bigserial", vec![open]);
        assert!(model.partitionings.is_empty());
        assert_eq!(model.questions.iter().filter(|it| it.id.ends_with(METHOD)).count(), 1);
    }

    #[test]
    fn what_contradicts_or_names_nothing_is_not_taken() {
        let hash = said(|it| {
            it.method = Some(SplitMethod::Hash);
            it.fields = fields(&["chat_id"]);
        });
        let list = said(|it| it.method = Some(SplitMethod::List));
        let both = model("bigserial", vec![hash, list]);
        assert_eq!(both.partitionings[0].method, SplitMethod::Hash);
        assert!(both.questions.iter().any(|it| it.text.contains("differ in the method")));
        let unknown = said(|it| {
            it.method = Some(SplitMethod::Hash);
            it.fields = fields(&["thread"]);
        });
        let unknown = model("bigserial", vec![unknown]);
        assert!(unknown.partitionings.is_empty());
        let reported = unknown.diagnostics.iter().any(|it| it.message.contains("`thread`"));
        assert!(reported, "{:?}", unknown.diagnostics);
    }

    #[test]
    fn a_key_from_outside_is_asked_for() {
        let hash = said(|it| {
            it.method = Some(SplitMethod::Hash);
            it.fields = fields(&["chat_id"]);
        });
        let asked = model("uuid", vec![hash]);
        let asked = asked.questions.iter().filter(|it| it.id.ends_with(KEY)).count();
        assert_eq!(asked, 1);
        let held = said(|it| {
            it.method = Some(SplitMethod::Hash);
            it.fields = fields(&["id"]);
        });
        let held = model("uuid", vec![held]);
        assert!(held.questions.iter().all(|it| !it.id.ends_with(KEY)));
    }
}
