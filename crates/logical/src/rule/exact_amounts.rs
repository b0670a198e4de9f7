//! L037: amounts of money are exact. A document that calls one a float means a number with a fraction; a binary float
//! holds 0.10 only nearly (manual, section 8.1.3), and sums of such values drift.

use underpin_model::{FieldKind, Model, is_money_name};

use crate::{Decision, LogicalDesign};

const RULE: &str = "L037";

pub(crate) fn apply(model: &Model, design: &mut LogicalDesign) {
    for index in 0..design.relations.len() {
        let relation = &mut design.relations[index];
        let mut exact = Vec::new();
        let mut sources = Vec::new();
        for attribute in &mut relation.attributes {
            if attribute.kind == FieldKind::Float && is_money_name(&attribute.name) {
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
}
