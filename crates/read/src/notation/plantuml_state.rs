//! PlantUML state diagrams.

use crate::diagram::states::{Machine, parse, state_machine};
use crate::document::Document;
use crate::lifecycle::diagram_holder;
use crate::notation::Output;
use crate::notation::plantuml::{blocks, diagrams};

pub(super) const DOC: &str = "A PlantUML state diagram, also with nested states and choices.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (index, code) in blocks(document) {
        for diagram in diagrams(code) {
            if !diagram.is_about_states() {
                continue;
            }
            let machine = parse(&diagram.lines);
            let states = Machine::states(&machine.arrows());
            let list: Vec<&str> = states.iter().map(String::as_str).collect();
            let holder = diagram_holder(document, index, diagram.title, &list, out);
            if let Some(holder) = holder {
                diagram.set_drawing_aside(document, code, out);
                state_machine(document, code, &holder, &machine, out);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn states_with_nested_ones() {
        check(
            "# Order\n| Field | Type |\n|-|-|\n| id | int |\n\n## Life cycle\n```plantuml\n@startuml\ntitle Order states\n[*] --> Open\nstate Open {\n  [*] -> New\n  New -down-> Checked : check\n}\nOpen --> Cancelled : cancel\nChecked --> Sent\nSent --> [*]\nSent : goods left\n@enduml\n```\n",
            &expect![[r#"
                1 field-table  entity Order
                4 field-table  field Order.id int
                10 plantuml-state  life cycle Order: New | Checked | Cancelled | Sent from New
                13 plantuml-state  transition Order: New -> Checked on check
                15 plantuml-state  transition Order: New -> Cancelled on cancel
                15 plantuml-state  transition Order: Checked -> Cancelled on cancel
                16 plantuml-state  transition Order: Checked -> Sent
            "#]],
        );
    }

    #[test]
    fn states_of_nothing_known_are_listed() {
        check(
            "# Lamp\n```plantuml\n[*] --> on\non -> off\n```\n",
            &expect![[r#"
            2 R002 a code block (plantuml) looks like data and was not understood
        "#]],
        );
    }
}
