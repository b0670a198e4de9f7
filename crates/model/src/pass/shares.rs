//! Which part of an entity's rows has a value: the value is found among the states and the values of its fields.

use underpin_base::Span;
use underpin_read::Fact;

use crate::draft::Draft;
use crate::names::fold_field;
use crate::{EntityId, FieldId, FieldKind, Share};

/// Collects what is said about parts of the rows.
pub(crate) fn run(draft: &mut Draft<'_>) {
    for statement in draft.statements {
        let Fact::Share { entity, field, value, percent, text } = &statement.fact else { continue };
        let source = statement.span;
        let Some(id) = draft.entity_in_phrase(entity) else {
            draft.report_unknown_subject("a share of rows", entity, source);
            continue;
        };
        let named = field.as_deref().map(|name| (name, draft.own_field_in_phrase(id, name)));
        let found = match (named, value) {
            (Some((_, Some(field))), None) => lacks(draft, field).map(|()| (field, None)),
            (Some((_, Some(field))), Some(value)) => {
                value_of(draft, field, value).map(|value| (field, Some(value)))
            }
            // The words before a list may be no field's name: the values tell it.
            (Some((_, None)), None) => None,
            (Some((_, None)) | None, Some(value)) => {
                only(draft, id, value).map(|(field, value)| (field, Some(value)))
            }
            (None, None) => None,
        };
        let Some((field, value)) = found else {
            ask(draft, id, text, source);
            continue;
        };
        let known = draft.model.shares.iter().filter(|it| it.field == field);
        if known.clone().any(|it| it.value == value) {
            continue;
        }
        if known.map(|it| it.percent).sum::<f64>() + percent > 100.5 {
            ask(draft, id, text, source);
            continue;
        }
        if value.is_none() {
            // Whoever says how often it is missing says that it may be.
            draft.field_mut(field).required.get_or_insert(false);
        }
        let (percent, text) = (*percent, text.clone());
        draft.model.shares.push(Share { entity: id, field, value, percent, text, source });
    }
}

fn ask(draft: &mut Draft<'_>, entity: EntityId, text: &str, source: Span) {
    let name = draft.model.entity(entity).name.clone();
    let question = format!(
        "Which rows of `{name}` does \"{text}\" mean? No field of it has this among its values, or leaves room for it."
    );
    let assumed = "generated rows take no account of it";
    draft.ask_about("share", &format!("{name} {text}"), &name, question, assumed, Some(source));
}

/// Whether a field may have no value.
fn lacks(draft: &Draft<'_>, field: FieldId) -> Option<()> {
    (draft.model.field(field).required != Some(true)).then_some(())
}

/// The value of the field that words mean, as the field has it: the value itself, or what an inflected form names.
fn value_of(draft: &Draft<'_>, id: FieldId, words: &str) -> Option<String> {
    let field = draft.model.field(id);
    let said = fold_field(words);
    if field.kind == FieldKind::Boolean {
        let name = fold_field(&field.name);
        let bare = ["is", "has", "was"].iter().find_map(|front| name.strip_prefix(front));
        let is_named = name == said || bare.is_some_and(|bare| bare == said);
        return match said.as_str() {
            "true" | "yes" => Some("true".to_owned()),
            "false" | "no" => Some("false".to_owned()),
            _ => is_named.then(|| "true".to_owned()),
        };
    }
    let lifecycle = draft.model.lifecycles.iter().find(|it| it.field == id);
    let states = lifecycle.map(|it| it.states.as_slice()).filter(|it| !it.is_empty());
    let values = states.or_else(|| draft.model.values_of(field))?;
    values.iter().find(|value| fold_field(value) == said).cloned()
}

/// The one field of an entity that has the value.
fn only(draft: &Draft<'_>, entity: EntityId, words: &str) -> Option<(FieldId, String)> {
    let fields = draft.model.entity(entity).fields.iter();
    // A state before a mark: `Order.status` before `is_paid`.
    let mut found: Vec<(FieldId, String)> =
        fields.filter_map(|&field| Some((field, value_of(draft, field, words)?))).collect();
    let is_state = |field: FieldId| draft.model.lifecycles.iter().any(|it| it.field == field);
    if found.iter().any(|(field, _)| is_state(*field)) {
        found.retain(|(field, _)| is_state(*field));
    }
    let first = found.pop()?;
    found.is_empty().then_some(first)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use underpin_read::Fact;

    use crate::model_text;
    use crate::test_support::Facts;

    fn share(field: Option<&str>, value: Option<&str>, percent: f64) -> Fact {
        Fact::Share {
            entity: "orders".to_owned(),
            field: field.map(str::to_owned),
            value: value.map(str::to_owned),
            percent,
            text: format!("{percent} % {}", value.unwrap_or("missing")),
        }
    }

    #[test]
    fn values_are_those_of_the_fields() {
        let (model, sources) = Facts::default()
            .entity("Order")
            .field("Order", "id: uuid*")
            .field("Order", "status: text!")
            .field("Order", "phone: text")
            .field("Order", "is_gift: boolean!")
            .transition("Order", "new", "in_transit")
            .transition("Order", "in_transit", "delivered")
            .add(share(None, Some("Delivered"), 80.0))
            .add(share(Some("status"), Some("in transit"), 5.0))
            .add(share(None, Some("gift"), 10.0))
            .add(share(Some("phone"), None, 30.0))
            .add(share(Some("status"), None, 7.0))
            .add(share(None, Some("late"), 9.0))
            .add(share(None, Some("new"), 25.0))
            .build();
        let text = model_text(&model, &sources);
        let lines = text.lines().filter(|line| {
            line.trim_start().starts_with("share") || line.contains("take no account")
        });
        expect![[r#"
            share Order.status: 80 % "delivered"  # model.md:8
            share Order.status: 5 % "in_transit"  # model.md:9
            share Order.is_gift: 10 % "true"  # model.md:10
            share Order.phone: 30 % missing  # model.md:11
            question order-7-missing.share: Which rows of `Order` does "7 % missing" mean? No field of it has this among its values, or leaves room for it. (assumed: generated rows take no account of it)  # model.md:12
            question order-9-late.share: Which rows of `Order` does "9 % late" mean? No field of it has this among its values, or leaves room for it. (assumed: generated rows take no account of it)  # model.md:13
            question order-25-new.share: Which rows of `Order` does "25 % new" mean? No field of it has this among its values, or leaves room for it. (assumed: generated rows take no account of it)  # model.md:14
        "#]].assert_eq(&lines.fold(String::new(), |all, line| all + line + "\n"));
    }
}
