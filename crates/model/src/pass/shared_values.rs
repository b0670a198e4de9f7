//! "same set as `Message.status`": a field that takes the values of another.

use underpin_base::Phrases;

use underpin_read::{Fact, FieldFact};

use crate::draft::Draft;
use crate::names::slug;
use crate::{EntityId, EnumId, Enumeration, FieldId, FieldKind};

/// Gives the values of one field to those that are said to take the same.
pub(crate) fn run(draft: &mut Draft<'_>) {
    for statement in draft.statements {
        let Fact::Field { entity, field: fact } = &statement.fact else { continue };
        let Some(phrase) = same_as(fact) else { continue };
        let Some(owner) = draft.entity(entity) else { continue };
        let Some(field) = draft.field(owner, &fact.name) else { continue };
        if draft.enumeration_of(field).is_some() || !takes_values(draft, field) {
            continue;
        }
        let Some(list) = list_meant(draft, owner, field, phrase) else { continue };
        let known = draft.model.enumeration(list).clone();
        let id = if known.named {
            list
        } else {
            let name = draft.model.field_path(field);
            let source = statement.span;
            draft.add_enumeration(Enumeration { name, named: false, values: known.values, source })
        };
        draft.field_mut(field).kind = FieldKind::Enumeration(id);
        let answered = format!("{}.type", slug(&draft.model.field_path(field)));
        draft.model.questions.retain(|question| question.id != answered);
    }
}

fn takes_values(draft: &Draft<'_>, field: FieldId) -> bool {
    matches!(draft.model.field(field).kind, FieldKind::Unknown | FieldKind::Text { .. })
}

/// What stands behind "same set as", wherever the field's line says it.
fn same_as(fact: &FieldFact) -> Option<&str> {
    const LEADS: &[&str] = &[
        "same set as ",
        "same values as ",
        "same set of values as ",
        "same options as ",
        "same states as ",
        "same statuses as ",
        "same enum as ",
        "same list as ",
        "same as ",
        "values of ",
    ];
    let constraints = fact.constraints.iter().map(String::as_str);
    let texts = fact.type_text.as_deref().into_iter().chain(constraints);
    texts.chain(fact.description.as_deref()).find_map(|text| {
        let lower = text.to_ascii_lowercase();
        LEADS.iter().find_map(|lead| {
            let at = lower.place_of(lead)? + lead.len();
            let rest = text.get(at..)?.trim_start_matches("the ").trim_start_matches('`');
            let end = rest.find(['`', ',', ';', '(', ')', ' ']).unwrap_or(rest.len());
            let phrase = rest[..end].trim_end_matches('.');
            (!phrase.is_empty()).then_some(phrase)
        })
    })
}

/// `Order.status`, `status` of the same entity, or the name of a list.
fn list_meant(draft: &Draft<'_>, owner: EntityId, own: FieldId, phrase: &str) -> Option<EnumId> {
    let field = match phrase.rsplit_once('.') {
        Some((entity, name)) => draft.field(draft.entity_in_phrase(entity)?, name),
        None => draft.field(owner, phrase),
    };
    match field.filter(|&field| field != own) {
        Some(field) => draft.enumeration_of(field),
        None => draft.enumeration(phrase),
    }
}

#[cfg(test)]
mod tests {
    use underpin_read::{Fact, FieldFact};

    use crate::Model;
    use crate::test_support::Facts;

    fn values(text: &str) -> Option<Vec<String>> {
        let listed = FieldFact {
            name: "status".to_owned(),
            enum_values: vec!["queued".to_owned(), "sent".to_owned()],
            ..FieldFact::default()
        };
        let same = FieldFact {
            name: "was".to_owned(),
            type_text: Some(text.to_owned()),
            ..FieldFact::default()
        };
        let (model, _): (Model, _) = Facts::default()
            .add(Fact::Field { entity: "msg.message".to_owned(), field: listed })
            .add(Fact::Field { entity: "Event".to_owned(), field: same })
            .build();
        let field = model.fields.iter().find(|field| field.name == "was").unwrap();
        model.values_of(field).map(<[String]>::to_vec)
    }

    #[test]
    fn the_values_of_another_field() {
        for text in
            ["enum: same set as `msg.message.status`", "enum (same values as message.status)"]
        {
            assert_eq!(
                values(text).as_deref(),
                Some(["queued".to_owned(), "sent".to_owned()].as_slice()),
                "{text}"
            );
        }
    }

    #[test]
    fn nothing_where_the_other_is_unknown() {
        assert_eq!(values("enum: same set as `Parcel.status`"), None);
        assert_eq!(values("enum: same as before"), None);
    }
}
