//! The last rule: changes nothing, and panics on what would be a mistake of ours.

use crate::LogicalDesign;

pub(crate) fn apply(design: &LogicalDesign) {
    for relation in &design.relations {
        assert!(!relation.key.is_empty(), "rules L013 and L016 give every relation a key");
        for crossing in &relation.crossings {
            let there = design.relation(crossing.target).context;
            assert!(relation.context != there, "a crossing leaves its context");
        }
        for reference in relation.links() {
            assert_eq!(
                reference.attributes.len(),
                reference.target_attributes.len(),
                "a reference pairs its attributes"
            );
            assert!(
                reference.target.index() < design.relations.len(),
                "a reference points at a relation of this design"
            );
        }
    }
}
