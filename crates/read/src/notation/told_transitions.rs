//! Life cycles in tables and arrows of things that only sentences establish: "## The life of a batch" over a list of steps,
//! where "A batch belongs to a company and has:" comes before. The notations for tables and arrows ran before batches were known.

use super::{Output, transition_list, transition_sentence, transition_table};
use crate::Fact;
use crate::document::Document;

pub(super) const DOC: &str =
    "Tables and arrows between the states of a thing that only sentences establish.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    let is_told = |statement: &crate::Statement| {
        matches!(statement.fact, Fact::Entity { .. }) && statement.notation == "prose-entities"
    };
    if out.stated().any(is_told) {
        transition_table::read(document, out);
        transition_list::read(document, out);
        transition_sentence::read(document, out);
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn arrows_of_what_only_sentences_establish() {
        check(
            "# Dairy\n\nA **vat** belongs to a dairy. It has:\n\n- a code, unique within the dairy\n- a status\n\n## The life of a vat\n\nA new vat is `clean`. It goes clean → filled → cheese. A clean or a filled vat can be given up: clean → lost, filled →\nlost. Lost is final.\n\n## The way to the dairy\n\n- bridge → mill → farm\n",
            &expect![[r#"
                3 prose-entities  entity Dairy
                3 prose-cardinality  relationship Dairy 1:N Vat
                3 prose-entities  entity Vat
                5 prose-field-list  field Vat.code {unique within the dairy} -- unique within the dairy
                6 prose-field-list  field Vat.status
                10 told-transitions  transition Vat: clean -> filled
                10 told-transitions  transition Vat: filled -> cheese
                10 told-transitions  transition Vat: clean -> lost
                10 told-transitions  transition Vat: filled -> lost
            "#]],
        );
    }
}
