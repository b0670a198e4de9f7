//! `mermaid` state diagrams.

use crate::diagram::mermaid::diagrams;
use crate::diagram::states::{Machine, parse, state_machine};
use crate::document::Document;
use crate::lifecycle::diagram_holders;
use crate::notation::{Output, entity_fact};

pub(super) const DOC: &str = "A `mermaid` `stateDiagram`, also with composite states and choices.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (diagram, code, block) in
        diagrams(out.blocks(document), &["stateDiagram", "stateDiagram-v2"])
    {
        let machine = parse(&diagram.lines);
        let states = Machine::states(&machine.arrows());
        let list: Vec<&str> = states.iter().map(String::as_str).collect();
        for holder in diagram_holders(document, block, diagram.title, &list, out) {
            // The sentence that says whose states these are may be the only one that names it.
            if out.known.get(&holder.entity).is_none() {
                let span = document.code_span(code, 0..code.text.len().min(1));
                let fact = entity_fact(&holder.entity);
                out.infer(document, span, fact, "the diagram draws its states");
            }
            diagram.set_drawing_aside(document, code, out);
            state_machine(document, code, &holder, &machine, out);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    const ORDER: &str = "# Order\n| Field | Type |\n|-|-|\n| id | int |\n\n";

    #[test]
    fn states_and_labels() {
        check(
            &[ORDER, "## Order Lifecycle\n```mermaid\nstateDiagram-v2\n  direction LR\n  [*] --> draft\n  draft --> paid: pay\n  note right of paid\n    money\n  end note\n  state \"Sent out\" as s1\n  s2 : Lost\n  paid --> s1\n  s1 --> s2\n  paid --> [*]\n  classDef x fill:#fff\n```\n"].concat(),
            &expect![[r#"
                1 field-table  entity Order
                4 field-table  field Order.id int
                10 mermaid-state  life cycle Order: draft | paid | Sent out | Lost from draft
                11 mermaid-state  transition Order: draft -> paid on pay
                17 mermaid-state  transition Order: paid -> Sent out
                18 mermaid-state  transition Order: Sent out -> Lost
            "#]],
        );
    }

    #[test]
    fn composite_states_and_choices() {
        check(
            &[ORDER, "```mermaid\n---\ntitle: Order status\n---\nstateDiagram-v2\n  [*] --> Open\n  state Open {\n    [*] --> New\n    New --> Checked\n    Checked --> [*]\n  }\n  state c <<choice>>\n  Open --> Cancelled : cancel\n  Open --> c\n  c --> Sent : in stock\n  c --> Waiting : else\n```\n"].concat(),
            &expect![[r#"
                1 field-table  entity Order
                4 field-table  field Order.id int
                11 mermaid-state  life cycle Order.status: New | Checked | Cancelled | Sent | Waiting from New
                14 mermaid-state  transition Order.status: New -> Checked
                18 mermaid-state  transition Order.status: New -> Cancelled on cancel
                18 mermaid-state  transition Order.status: Checked -> Cancelled on cancel
                20 mermaid-state  transition Order.status: Checked -> Sent on in stock
                21 mermaid-state  transition Order.status: Checked -> Waiting on else
            "#]],
        );
    }

    #[test]
    fn the_first_sentence_says_whose_states_they_are() {
        check(
            "# Checkout\n\nOrder leads the checkout because it owns the order state.\n\n## Flow\n\n```mermaid\nstateDiagram-v2\n  open --> paid\n```\n",
            &expect![[r#"
                3 prose-entities  candidate Lead -- Order leads the checkout because it owns the order state.
                8 mermaid-state  entity Order [inferred: the diagram draws its states]
                9 mermaid-state  life cycle Order: open | paid
                9 mermaid-state  transition Order: open -> paid
            "#]],
        );
        check(
            "# Sync\n\nThe worker watches the connection state.\n\n## Flow\n\n```mermaid\nstateDiagram-v2\n  up --> down\n```\n",
            &expect![[r#"
                7 R002 a code block (mermaid) looks like data and was not understood
            "#]],
        );
    }

    #[test]
    fn what_one_field_cannot_hold_is_said() {
        check(
            &[ORDER, "## Order states\n```mermaid\nstateDiagram-v2\n  a --> Busy\n  state Busy {\n    x --> y\n    --\n    u --> v\n  }\n  a ->> b ??\n```\n## Elsewhere\n# Traffic light\n```mermaid\nstateDiagram-v2\n  red --> green\n```\n"].concat(),
            &expect![[r#"
                1 field-table  entity Order
                4 field-table  field Order.id int
                9 mermaid-state  life cycle Order: a | Busy
                9 mermaid-state  transition Order: a -> Busy
                11 R005 `Busy` is in several states at once, which one field cannot hold, so its inner states were left out
                15 R005 `a ->> b ??` was not understood
                19 R002 a code block (mermaid) looks like data and was not understood
            "#]],
        );
    }

    #[test]
    fn a_life_of_several_and_of_the_field_that_has_its_states() {
        check(
            "# Data\n\n## Order\n| Field | Type | Notes |\n|-|-|-|\n| status | enum | `new`, `done` |\n| paid_state | enum | `open`, `paid` |\n\n## Parcel\n| Field | Type |\n|-|-|\n| paid_state | text |\n\n## Guest\n| Field | Type |\n|-|-|\n| status | text |\n\n# Lives\n\n## Order and parcel paid state\n```mermaid\nstateDiagram-v2\n  open --> paid\n```\n\n## Order life cycle\n```mermaid\nstateDiagram-v2\n  new --> done\n```\n\n## Guest and visit status\n```mermaid\nstateDiagram-v2\n  in --> out\n```\n",
            &expect![[r#"
                3 field-table  entity Order
                6 field-table  field Order.status enum [new | done] -- `new`, `done`
                7 field-table  field Order.paid_state enum [open | paid] -- `open`, `paid`
                9 field-table  entity Parcel
                12 field-table  field Parcel.paid_state text
                14 field-table  entity Guest
                17 field-table  field Guest.status text
                24 mermaid-state  life cycle Order.paid_state: open | paid
                24 mermaid-state  transition Order.paid_state: open -> paid
                24 mermaid-state  life cycle Parcel.paid_state: open | paid
                24 mermaid-state  transition Parcel.paid_state: open -> paid
                30 mermaid-state  life cycle Order: new | done
                30 mermaid-state  transition Order: new -> done
                36 mermaid-state  life cycle Guest: in | out
                36 mermaid-state  transition Guest: in -> out
            "#]],
        );
    }
}
