//! L037: amounts of money are exact. A document that calls one a float means a number with a fraction; a binary float
//! holds 0.10 only nearly (manual, section 8.1.3), and sums of such values drift.

use underpin_model::{FieldKind, Model, is_money_name, is_part_of_money};

use crate::{Attribute, Decision, LogicalDesign};

const RULE: &str = "L037";

pub(crate) fn apply(model: &Model, design: &mut LogicalDesign) {
    for index in 0..design.relations.len() {
        let relation = &mut design.relations[index];
        let is_money = |attribute: &Attribute| {
            matches!(attribute.kind, FieldKind::Money { .. }) || is_money_name(&attribute.name)
        };
        let has_money = relation.attributes.iter().any(is_money);
        let mut exact = Vec::new();
        let mut sources = Vec::new();
        for attribute in &mut relation.attributes {
            let is_money =
                is_money_name(&attribute.name) || has_money && is_part_of_money(&attribute.name);
            if attribute.kind == FieldKind::Float && is_money {
                attribute.kind = FieldKind::Money { precision: None, scale: None };
                exact.push(attribute.name.clone());
                sources.extend(attribute.field.map(|field| model.field(field).source));
            }
        }
        if exact.is_empty() {
            continue;
        }
        let mut decision = Decision::new(
            RULE,
            &relation.name,
            format!("{} are kept exactly, though a document says float", exact.join(", ")),
            "the names are those of amounts of money, a binary float holds a tenth only nearly, and sums of such \
             values drift",
        )
        .instead_of("the float that is stated")
        .changes_when("they are no amounts of money, or a document states their digits")
        .covering(exact.iter().map(|name| format!("{}.{name}", relation.name)));
        decision.inputs.extend(sources);
        design.decisions.push(decision);
    }
}

#[cfg(test)]
mod tests {
    use underpin_base::Sources;
    use underpin_model::FieldKind;

    fn kinds(document: &str) -> Vec<(String, bool)> {
        let mut sources = Sources::default();
        sources.add("model.md", document);
        let model = underpin_model::build(&underpin_read::read(&sources), &sources);
        let design = crate::design(&model);
        let is_exact = |kind: &FieldKind| matches!(kind, FieldKind::Money { .. });
        let attributes = design.relations[0].attributes.iter();
        attributes.map(|it| (it.name.clone(), is_exact(&it.kind))).collect()
    }

    #[test]
    fn a_price_is_exact_and_a_weight_is_not() {
        let found =
            kinds("## Item\n\n- id: uuid, primary key\n- unit_price: float\n- weight: float\n");
        let of = |name: &str, exact| (name.to_owned(), exact);
        assert_eq!(found, [of("id", false), of("unit_price", true), of("weight", false)]);
    }

    #[test]
    fn what_is_left_of_an_amount_is_exact_and_what_is_left_of_hours_is_not() {
        let found = kinds(
            "## Budget\n\n- id: uuid, primary key\n- amount: float\n- spent: float\n- remainingHours: float\n",
        );
        let of = |name: &str, exact| (name.to_owned(), exact);
        let exact =
            [of("id", false), of("amount", true), of("spent", true), of("remainingHours", false)];
        assert_eq!(found, exact);
        let found =
            kinds("## Quota\n\n- id: uuid, primary key\n- remaining: float\n- weight: float\n");
        assert_eq!(found, [of("id", false), of("remaining", false), of("weight", false)]);
    }
}
