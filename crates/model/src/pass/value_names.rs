//! A list of values whose name says whose they are: `OrderStatus` for `Order.status`.

use std::collections::BTreeMap;

use underpin_read::Fact;

use crate::draft::Draft;
use crate::names::{fold_entity, fold_field, slug, words};
use crate::{EnumId, FieldId, FieldKind};

/// Gives a list to the field that it is named after, where that field has no values of its own.
pub(crate) fn run(draft: &mut Draft<'_>) {
    let lists: BTreeMap<String, EnumId> = draft
        .model
        .enums
        .iter()
        .enumerate()
        .filter(|(_, list)| list.named)
        .map(|(index, list)| (key(&list.name), EnumId::from_index(index)))
        .collect();
    if lists.is_empty() {
        return;
    }
    for statement in draft.statements {
        let Fact::Field { entity, field: fact } = &statement.fact else { continue };
        let Some(owner) = draft.entity(entity) else { continue };
        let Some(field) = draft.field(owner, &fact.name) else { continue };
        if !takes_values(draft, field) {
            continue;
        }
        let name = fold_field(&fact.name);
        let own = format!("{}{name}", fold_entity(&draft.model.entity(owner).name));
        // The field's name alone is enough where its type says that it has such a list, or where a
        // name of several words, unlike "status", is nobody else's and no type is given.
        let type_text = fact.type_text.as_deref().unwrap_or_default();
        let says_so = type_text.to_lowercase().starts_with("enum")
            || type_text.is_empty() && words(&fact.name).len() > 1;
        let list = lists.get(&own).or_else(|| lists.get(&name).filter(|_| says_so));
        let Some(&list) = list else { continue };
        draft.field_mut(field).kind = FieldKind::Enumeration(list);
        let answered = format!("{}.type", slug(&draft.model.field_path(field)));
        draft.model.questions.retain(|question| question.id != answered);
    }
}

/// The name without the words that only say what it is.
fn key(name: &str) -> String {
    let folded = fold_field(name);
    ["enumeration", "enum", "values"]
        .iter()
        .find_map(|end| folded.strip_suffix(end).filter(|rest| !rest.is_empty()))
        .unwrap_or(&folded)
        .to_owned()
}

fn takes_values(draft: &Draft<'_>, field: FieldId) -> bool {
    draft.enumeration_of(field).is_none()
        && matches!(draft.model.field(field).kind, FieldKind::Unknown | FieldKind::Text { .. })
}

#[cfg(test)]
mod tests {
    use underpin_read::{Fact, FieldFact};

    use crate::test_support::Facts;

    fn values(list: &str, field: &str, type_text: &str) -> usize {
        let listed = FieldFact {
            name: field.to_owned(),
            type_text: Some(type_text.to_owned()).filter(|text| !text.is_empty()),
            ..FieldFact::default()
        };
        let values = vec!["open".to_owned(), "paid".to_owned()];
        let (model, _) = Facts::default()
            .add(Fact::Field { entity: "orders".to_owned(), field: listed })
            .add(Fact::Enumeration { name: list.to_owned(), values })
            .build();
        let field = model.fields.iter().find(|it| it.name == field).unwrap();
        model.values_of(field).map_or(0, <[String]>::len)
    }

    #[test]
    fn the_field_that_a_list_is_named_after() {
        assert_eq!(values("OrderStatus", "status", "ENUM"), 2);
        assert_eq!(values("OrderStatus", "status", "varchar(20)"), 2);
        assert_eq!(values("PaymentMethod", "payment_method", "enum"), 2);
        assert_eq!(values("PaymentMethod", "payment_method", "text"), 0);
        assert_eq!(values("PaymentMethod", "payment_method", ""), 2);
        assert_eq!(values("UserStatus", "status", "enum"), 0);
        assert_eq!(values("Status", "status", ""), 0);
    }
}
