//! L026: what lasts from one moment to another does not end before it begins, also where only the names of the two say
//! that they belong together.

use underpin_model::{Comparison, Expression, FieldKind, Model, Presumptions};

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
            // A day may be the first and the last; what is planned from one moment to another lasts for a time.
            let is_planned = relation.attribute(from).kind == FieldKind::Timestamp && plans(begin);
            let (comparison, text, instead_of) = if is_planned {
                let other = "`>=`, which lets in what lasts for no time: it overlaps with nothing";
                (Comparison::Greater, format!("{end} comes after {begin}"), other)
            } else {
                let other = "`>`, which refuses what begins and ends on one day, or at one moment";
                (Comparison::GreaterOrEqual, format!("{end} is not before {begin}"), other)
            };
            let mut decision = Decision::new(
                RULE,
                format!("{}.{end}", relation.name),
                text.clone(),
                "the names say that a row lasts from the one to the other; what ends before it begins is a slip of \
                 whoever typed it, and every sum of durations and every search by time takes it at its word",
            )
            .instead_of(instead_of)
            .instead_of("one range column: shorter to search, and more to write in every statement")
            .changes_when("a document lets a row end before it begins, or asks that it lasts for a time");
            decision.inputs.extend(relation.attribute(to).source);
            design.decisions.push(decision);
            relation.invariants.push(Invariant {
                text,
                expression: Some(Expression::compare(
                    Expression::Field(to),
                    comparison,
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

/// Whether a name says when something is to begin; "started" says when it did, perhaps to end at once.
fn plans(begin: &str) -> bool {
    const PLANNED: &[&str] = &["start", "begin", "opens", "checkin", "check_in", "pickup"];
    let name = begin.to_lowercase();
    PLANNED.iter().any(|word| name.contains(word)) && !name.contains("started")
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
    fn what_is_planned_between_two_moments_lasts_for_a_time() {
        let of = |begin: &str, end: &str, kind: &str| {
            invariants(&format!("- {begin}: {kind}, required\n- {end}: {kind}, required\n"))
        };
        assert_eq!(of("starts_at", "ends_at", "timestamptz"), ["ends_at comes after starts_at"]);
        assert_eq!(
            of("started_at", "ended_at", "timestamptz"),
            ["ended_at is not before started_at"]
        );
        assert_eq!(of("start_date", "end_date", "date"), ["end_date is not before start_date"]);
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
