//! L011: whether a value must be there, where no document says so.

use underpin_model::{Model, Presumptions};

use crate::{Decision, LogicalDesign};

const RULE: &str = "L011";

pub(crate) fn apply(model: &Model, design: &mut LogicalDesign) {
    let presumptions = Presumptions::of(model);
    for relation in &mut design.relations {
        let Some(entity) = relation.entity else { continue };
        let key = &model.entity(entity).primary_key;
        let presumed = presumptions.required(entity);
        let mut unmarked = Vec::new();
        for attribute in &mut relation.attributes {
            let Some(field) = attribute.field else { continue };
            let Some(&(_, required)) = presumed.fields.iter().find(|(it, _)| *it == field) else {
                continue;
            };
            attribute.required = required;
            if !key.contains(&field) {
                unmarked.push((attribute.name.clone(), required));
            }
        }
        if unmarked.is_empty() {
            continue;
        }
        let (required, optional): (Vec<_>, Vec<_>) =
            unmarked.into_iter().partition(|(_, required)| *required);
        let names = |list: Vec<(String, bool)>| {
            list.into_iter().map(|(name, _)| name).collect::<Vec<_>>().join(", ")
        };
        let choice = match (required.is_empty(), optional.is_empty()) {
            (false, true) => format!("{} must have a value", names(required)),
            (true, _) => format!("{} may be empty", names(optional)),
            (false, false) => {
                format!("{} must have a value; {} may be empty", names(required), names(optional))
            }
        };
        let mut reason = if presumed.some_optional {
            "no document says whether these are required, and the entity marks other fields as \
             optional, so the unmarked ones are not"
        } else if presumed.some_required {
            "no document says whether these are required, and the entity marks other fields as \
             required, so the unmarked ones are not; a field with a default always has a value, and \
             the moment of writing is always known"
        } else {
            "no document says whether any field of this entity is required; a column can be \
             opened to NULL later without touching a row, and not the other way round"
        }
        .to_owned();
        if presumed.some_later {
            reason.push_str(
                "; but a row is added before anything happens to it, and the first of a tree has no \
                 other to refer to",
            );
        }
        if !presumed.left_empty.is_empty() {
            let names: Vec<&str> =
                presumed.left_empty.iter().map(|&it| &*model.field(it).name).collect();
            reason.push_str("; but people leave ");
            reason.push_str(&names.join(", "));
            reason.push_str(" empty, as the names tell, and NOT NULL would refuse ordinary rows");
        }
        if let Some(&state) = presumed.states.first() {
            reason.push_str("; and every row is in some state: NULL in ");
            reason.push_str(&model.field(state).name);
            reason.push_str(" would be one more, which no document lists and no CHECK refuses");
        }
        let mut decision = Decision::new(RULE, &relation.name, choice, reason)
            .instead_of("the opposite for each of them")
            .changes_when("a document says which fields are required");
        decision.inputs.extend(relation.source);
        design.decisions.push(decision);
    }
}

#[cfg(test)]
mod tests {
    use underpin_base::Sources;

    /// Which attributes of a document's first entity must have a value.
    fn required(fields: &str) -> Vec<String> {
        let mut sources = Sources::default();
        sources.add(
            "model.md",
            format!("## Policy\n\n- id: uuid, primary key\n- number: text, required\n{fields}"),
        );
        let model = underpin_model::build(&underpin_read::read(&sources), &sources);
        let design = crate::design(&model);
        let attributes = design.relations[0].attributes.iter().skip(2);
        attributes.filter(|it| it.required).map(|it| it.name.clone()).collect()
    }

    #[test]
    fn every_row_is_in_some_state() {
        assert_eq!(required("- status: enum(quoted, lapsed)\n- remark: text\n"), ["status"]);
        assert_eq!(
            required("- phase: enum(new, old)\n\nLife cycle of phase: new → old\n"),
            ["phase"]
        );
    }

    #[test]
    fn what_is_no_state_or_said_to_be_optional_may_be_empty() {
        assert_eq!(required("- status: enum(quoted, lapsed), optional\n"), [""; 0]);
        assert_eq!(required("- state: text\n- channel: enum(web, shop)\n"), [""; 0]);
    }

    /// Which fields of the Invoice must have a value, besides its key.
    fn of_invoice(fields: &str) -> Vec<String> {
        let mut sources = Sources::default();
        sources.add(
            "model.md",
            format!(
                "## Order\n\n- id: uuid, primary key\n\n## Invoice\n\n- id: uuid, primary key\n\
                 - order_id: uuid\n- text: text\n{fields}\n```mermaid\nerDiagram\n  \
                 ORDER ||--o{{ INVOICE : bills\n```\n"
            ),
        );
        let model = underpin_model::build(&underpin_read::read(&sources), &sources);
        let design = crate::design(&model);
        let attributes = design.relations[1].attributes.iter().skip(1);
        attributes.filter(|it| it.required).map(|it| it.name.clone()).collect()
    }

    #[test]
    fn what_a_relationship_asks_for_marks_no_field() {
        assert_eq!(of_invoice(""), ["order_id", "text"]);
        assert_eq!(of_invoice("- due: date, required\n"), ["order_id", "due"]);
    }

    #[test]
    fn what_comes_later_or_is_left_empty_by_its_name_is_not_asked_for() {
        let fields = "- locked_until: timestamp\n- ended_at: timestamp\n- expires_at: timestamp\n\
                      - notes: text\n- external_ref: text\n- title: text\n";
        assert_eq!(of_invoice(fields), ["order_id", "text", "expires_at", "title"]);
        // Who marks what may be empty has thought of notes, and yet no new row is locked.
        assert_eq!(
            of_invoice(&format!("{fields}- suffix: text, optional\n")),
            ["order_id", "text", "expires_at", "notes", "external_ref", "title"]
        );
    }

    #[test]
    fn what_a_rule_asks_for_under_a_condition_may_be_empty() {
        let fields = "- remark: text, optional\n- status: enum(quoted, lapsed)\n\
                      - reason: text, required when status is lapsed\n- cause: text\n";
        assert_eq!(required(fields), ["status", "cause"]);
    }
}
