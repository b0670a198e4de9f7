//! L016: a join relation without a stated key is identified by what it joins.

use super::keys::SurrogateKind;
use crate::{AttributeId, Decision, LogicalDesign, RelationKind};

const RULE: &str = "L016";

pub(crate) fn apply(design: &mut LogicalDesign) {
    for relation in &mut design.relations {
        if !relation.key.is_empty() || relation.kind != RelationKind::Join {
            continue;
        }
        let mut key: Vec<AttributeId> = Vec::new();
        for reference in relation.links() {
            for &attribute in &reference.attributes {
                if !key.contains(&attribute) {
                    key.push(attribute);
                }
            }
        }
        if key.is_empty() {
            let decision = super::keys::add_surrogate(relation, SurrogateKind::Counted, None);
            design.decisions.push(decision);
            continue;
        }
        for &id in &key {
            relation.attributes[id.index()].required = true;
        }
        let names: Vec<&str> = key.iter().map(|&id| &*relation.attribute(id).name).collect();
        let mut decision = Decision::new(
            RULE,
            &relation.name,
            format!("{} is identified by {}", relation.name, names.join(", ")),
            "it joins others, and a second row for the same pair would say nothing new",
        )
        .instead_of("a surrogate key beside a unique key: one more index for no reader")
        .changes_when("other entities refer to its rows");
        decision.inputs.extend(relation.source);
        design.decisions.push(decision);
        relation.key = key;
    }
}
