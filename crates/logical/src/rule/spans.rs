//! L026: what lasts from one moment to another does not end before it begins, also where only the names of the two say
//! that they belong together.

use underpin_model::{Comparison, Expression, Model, Presumptions};

use crate::{AttributeId, Decision, Invariant, LogicalDesign, Relation};

const RULE: &str = "L026";

pub(crate) fn apply(model: &Model, design: &mut LogicalDesign) {
    let presumptions = Presumptions::of(model);
    for relation in &mut design.relations {
        let Some(entity) = relation.entity else { continue };
        for (from, to) in presumptions.spans(entity) {
            let pair = relation.attribute_of(from).zip(relation.attribute_of(to));
            let Some((from, to)) = pair.filter(|&(from, to)| !is_compared(relation, from, to))
            else {
                continue;
            };
            let (begin, end) = (&relation.attribute(from).name, &relation.attribute(to).name);
            let mut decision = Decision::new(
                RULE,
                format!("{}.{end}", relation.name),
                format!("{end} is not before {begin}"),
                "the names say that a row lasts from the one to the other; what ends before it begins is a slip of \
                 whoever typed it, and every sum of durations and every search by time takes it at its word",
            )
            .instead_of("`>`, which refuses what begins and ends on one day, or at one moment")
            .instead_of("one range column: shorter to search, and more to write in every statement")
            .changes_when("a document lets a row end before it begins, or asks that it lasts for a time");
            decision.inputs.extend(relation.attribute(to).source);
            design.decisions.push(decision);
            relation.invariants.push(Invariant {
                text: format!("{end} is not before {begin}"),
                expression: Some(Expression::compare(
                    Expression::Field(to),
                    Comparison::GreaterOrEqual,
                    Expression::Field(from),
                )),
                sql: None,
                attributes: vec![to, from],
                // No document says it: a schema of somebody else's is not measured by it.
                source: None,
            });
        }
    }
}

/// Whether something compares the two already: a rule, or one about rows that must not overlap.
fn is_compared(relation: &Relation, from: AttributeId, to: AttributeId) -> bool {
    relation
        .invariants
        .iter()
        .any(|it| it.attributes.contains(&from) && it.attributes.contains(&to))
        || relation.separations.iter().any(|it| (it.from, it.to) == (from, to))
}

#[cfg(test)]
mod tests {
    use underpin_base::Sources;

    /// What holds of every row of a document's first entity.
    fn invariants(fields: &str) -> Vec<String> {
        let mut sources = Sources::default();
        sources.add("model.md", format!("## Season\n\n- id: uuid, primary key\n{fields}"));
        let model = underpin_model::build(&underpin_read::read(&sources), &sources);
        let design = crate::design(&model);
        design.relations[0].invariants.iter().map(|it| it.text.clone()).collect()
    }

    const SPAN: &str = "- valid_from: date, required\n- valid_to: date, optional\n";

    #[test]
    fn a_span_runs_forward() {
        assert_eq!(invariants(SPAN), ["valid_to is not before valid_from"]);
    }

    #[test]
    fn what_documents_say_themselves_or_let_pass_is_left_alone() {
        let said = format!("{SPAN}\nRules:\n\n- valid_to must be after valid_from\n");
        assert_eq!(invariants(&said), ["valid_to must be after valid_from"]);
        assert!(
            invariants(&format!("{SPAN}\nRules:\n\n- A season may end before it begins.\n"))
                .is_empty()
        );
        // A shift at night ends in the morning.
        assert!(
            invariants("- start_time: time, required\n- end_time: time, required\n").is_empty()
        );
    }
}
