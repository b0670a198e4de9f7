//! The driver: the passes that turn statements into a model, in order.

use underpin_base::{Sources, Span};
use underpin_read::{Fact, Reading};

use crate::Model;
use crate::draft::Draft;
use crate::pass;
use crate::types::UnkeptSentence;

/// Whether fields are assumed where documents name an entity and nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Assumptions {
    /// From a small catalogue of well-known things, marked as assumed.
    #[default]
    Archetypes,
    /// None: such an entity has its key only.
    None,
}

/// Builds the model that the statements describe. Bad input never fails: what does not fit is
/// left out and a diagnostic says so.
pub fn build(reading: &Reading, sources: &Sources) -> Model {
    build_with(reading, sources, Assumptions::default())
}

/// As [`build`], with a choice of what may be assumed.
pub fn build_with(reading: &Reading, sources: &Sources, assumptions: Assumptions) -> Model {
    let mut draft = Draft::new(&reading.statements, sources);
    draft.model.project = reading.statements.iter().find_map(|statement| match &statement.fact {
        Fact::Project { name } => Some(name.clone()),
        _ => None,
    });
    // Every other statement names entities, so these come first, all of them.
    pass::entities::run(&mut draft);
    // What is referred to and described nowhere lives elsewhere.
    pass::externals::run(&mut draft);
    // The types of fields may name lists of values.
    pass::enumerations::named(&mut draft);
    // Every statement below names fields.
    pass::fields::run(&mut draft);
    pass::indexed_fields::run(&mut draft);
    // Only what has no field by now; the passes below treat assumed ones like others.
    if assumptions == Assumptions::Archetypes {
        pass::archetypes::run(&mut draft);
    }
    // All lists of values are known by now.
    pass::shared_values::run(&mut draft);
    pass::value_names::run(&mut draft);
    // References point at keys.
    pass::keys::run(&mut draft);
    // What is a special row of another has its key, which is then a reference like others.
    pass::inheritance::run(&mut draft);
    // Relationships are matched with the fields that carry them.
    pass::references::run(&mut draft);
    // Adds the reference fields that relationships need and no document names.
    pass::relationships::run(&mut draft);
    // Adds state fields and completes lists of values, which conditions and rules then mention.
    pass::lifecycles::run(&mut draft);
    // From here on, no pass adds entities or fields; sentences about them can be understood.
    pass::uniques::run(&mut draft);
    pass::rules::run(&mut draft);
    // Rules may have said what the case of a letter counts.
    pass::letter_case::run(&mut draft);
    pass::deleted_values::run(&mut draft);
    pass::expectations::run(&mut draft);
    // Keys, references and what is unique are settled by now.
    pass::joins::run(&mut draft);
    pass::boundaries::run(&mut draft);
    // Parts follow what they refer to.
    pass::owners::run(&mut draft);
    pass::facts::run(&mut draft);
    pass::shares::run(&mut draft);
    // All that is said of how long rows stay is known by now.
    pass::contradictions::run(&mut draft);
    pass::partitionings::run(&mut draft);
    pass::indexes::run(&mut draft);
    pass::patterns::run(&mut draft);
    // Whatever became of them, nobody but a draft says so.
    pass::drafted::run(&mut draft);
    // Looks at the whole and changes nothing.
    pass::validation::run(&mut draft);
    let mut model = draft.model;
    model.unread = sentences(&reading.unread, sources);
    model.unmet = sentences(&reading.unmet, sources);
    model
}

/// What stands at these places.
fn sentences(places: &[Span], sources: &Sources) -> Vec<UnkeptSentence> {
    let text = |place| sources.text(place).trim().trim_start_matches(['-', '*', '+', ' ']);
    places
        .iter()
        .map(|&source| UnkeptSentence { text: text(source).to_owned(), source })
        .filter(|it| !it.text.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::model_text;
    use crate::test_support::{Facts, relationship};

    #[test]
    fn one_model_from_several_notations() {
        let (model, sources) = Facts::default()
            .add(relationship("USER", "ORDER", "1:N"))
            .by("mermaid-er")
            .add(relationship("ORDER", "LineItem", "1:N"))
            .by("mermaid-er")
            .entity("Order")
            .field("Order", "id: uuid* = gen_random_uuid()")
            .field("Order", "user_id: uuid!")
            .field("Order", "status: text! = 'draft'")
            .field("Order", "total: decimal(12,2)!")
            .entity("users")
            .field("users", "id: uuid*")
            .field("users", "email: varchar(320)!")
            .entity("LineItem")
            .field("LineItem", "quantity: int!")
            .transition("Order", "draft", "paid")
            .transition("Order", "paid", "shipped")
            .rule("Order", "CHECK (total >= 0)")
            .build();
        expect![[r#"
            entity users also USER  # model.md:8
              id: a UUID, required  # model.md:9
              email: text of at most 320 characters, required  # model.md:10
              key id
            entity Order also ORDER  # model.md:3
              id: a UUID, required, default a new identifier  # model.md:4
              user_id: a UUID, required, refers to users [inferred: its name says `users`]  # model.md:5
              status: one of draft | paid | shipped, required, default 'draft'  # model.md:6
              total: an amount of money (12,2), required  # model.md:7
              key id
              rule "CHECK (total >= 0)": total >= 0  # model.md:15
            entity LineItem  # model.md:11
              quantity: a whole number of 32 bits, required  # model.md:12
              order_id: a UUID, refers to Order [inferred: `LineItem` belongs to `Order` and no document names the field]  # model.md:2
            relationship users 1:N Order by Order.user_id, required  # model.md:1
            relationship Order 1:N LineItem by LineItem.order_id  # model.md:2
            life cycle Order.status: draft | paid | shipped  # model.md:13
              starts as draft
              draft → paid  # model.md:13
              paid → shipped  # model.md:14
            question line-item-order-id.required: Does every `LineItem` have its `Order`? No document says. (assumed: optional)  # model.md:2
        "#]].assert_eq(&model_text(&model, &sources));
    }
}
