//! L021: keys of other systems are kept as plain values, since no foreign key can reach there.

use underpin_model::{Model, OnDelete};

use crate::{Decision, LogicalDesign};

const RULE: &str = "L021";

pub(crate) fn apply(model: &Model, design: &mut LogicalDesign) {
    let mut decisions = Vec::new();
    for relation in &design.relations {
        for attribute in &relation.attributes {
            let Some(id) = attribute.field else { continue };
            let field = model.field(id);
            let Some(reference) = &field.external else { continue };
            let name = &model.external(reference.external).name;
            let subject = format!("{}.{}", relation.name, attribute.name);
            let mut decision = Decision::new(
                RULE,
                subject,
                format!("the key of {name} is kept without a foreign key"),
                format!(
                    "{name} lives in another system: no document describes it, so this database \
                     has no row that the key could be compared with"
                ),
            )
            .instead_of(format!(
                "a table with nothing but the keys of {name}, which would go stale unless the \
                 other system told this one of every new and every removed row"
            ))
            .changes_when(format!("a document describes {name} with its fields"))
            .from_statement(field.source);
            if reference.on_delete == Some(OnDelete::Cascade) {
                decision.consequences.push(format!(
                    "a document asks that these rows go with their {name}; whoever removes one \
                     there has to remove them here"
                ));
            }
            decisions.push(decision);
        }
    }
    design.decisions.append(&mut decisions);
}
