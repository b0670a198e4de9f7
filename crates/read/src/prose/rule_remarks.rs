//! What stands behind a rule about several rows and belongs to it: which rows do not count, that they may touch, what an
//! adjective of it means.

use super::clause::Clause;
use crate::words::split_once_any;

/// What the sentences behind one about several rows say of it: which rows do not count, and that they may touch.
pub(super) fn behind<'c>(
    clause: &'c Clause,
    behind: &'c [Clause],
) -> impl Iterator<Item = &'c str> + use<'c> {
    const SEVERAL: &[&str] = &[
        "overlap",
        "at most",
        "more than",
        "once",
        "unique",
        "share",
        "number of",
        "same time",
        "together",
        "the sum of",
        "the total",
    ];
    let is_of_several = {
        let lower = clause.text.to_lowercase();
        // "A plot never holds more graves than its capacity."
        let compares = split_once_any(&lower, &[" more ", " fewer "])
            .is_some_and(|(_, rest)| rest.contains(" than "));
        compares || SEVERAL.iter().any(|word| lower.contains(word))
    };
    let is_beside = |it: &&Clause| it.range == clause.range && it.section == clause.section;
    let qualifies = |it: &&Clause| {
        let lower = without_reason(&it.text).trim_end_matches('.').to_lowercase();
        let touches = [
            "one may begin when",
            "one may start when",
            "may begin when another",
            "may start when another",
        ];
        // "One show may begin at the moment another ends."
        let of_another =
            [" may begin ", " may start ", " may open "].iter().any(|it| lower.contains(it))
                && ["another", "the other", "the previous", "the one before"]
                    .iter()
                    .any(|it| lower.contains(it))
                && [" ends", " leaves", " closes"].iter().any(|it| lower.ends_with(it));
        NOT_COUNTED.iter().any(|end| lower.ends_with(end))
            || touches.iter().any(|it| lower.contains(it))
            || of_another
            || (clause.text.to_lowercase().contains("overlap") && includes_last_day(&lower))
            || defines(&lower, &clause.text.to_lowercase())
    };
    let is_needed = {
        let lower = clause.text.to_lowercase();
        [" has ", " have ", " must have ", " needs ", " required"]
            .iter()
            .any(|it| lower.contains(it))
    };
    // "A run and its tank belong to the same company. So do a test and its run."
    let is_of_same = clause.text.contains(" the same ");
    let belongs = move |it: &&Clause| {
        is_of_several && qualifies(it)
            || is_needed && is_of_others(&it.text)
            || is_of_same && it.text.trim_start().starts_with("So do ")
    };
    behind.iter().take_while(is_beside).take_while(belongs).map(|it| without_reason(&it.text))
}

/// "Vehicles in any other state have none", "others must not": what holds of the rows that a sentence does not speak of.
fn is_of_others(text: &str) -> bool {
    let lower = text.trim().trim_end_matches(['.', ';']).to_lowercase();
    let one = [" must have one", " shall have one", " may have one", " can have one", " has one"];
    let is_no_other = lower.starts_with("no other ") && one.iter().any(|end| lower.ends_with(end));
    // "One that is reserved or out has none" is said of what was spoken of.
    let is_one = lower.starts_with("one that is ") && lower.ends_with(" has none");
    if is_no_other || is_one {
        return true;
    }
    let ends = [" have none", " has none", " must not", " must not have one", " do not"];
    let is_other = lower.starts_with("other")
        || lower.starts_with("all other")
        || lower.starts_with("any other")
        || lower.contains(" in any other ")
        || lower.contains(" in all other ");
    is_other && ends.iter().any(|end| lower.ends_with(end))
}

/// "Both the first and the last day belong to the lease": rows last until their last day is over.
fn includes_last_day(lower: &str) -> bool {
    let is_part = [" belong", " included", " inclusive", " counts", " count"];
    let is_named = lower.contains("` is the last day") || lower.contains("` is its last day");
    let is_day = lower.contains("last day")
        || lower.contains("both days")
        || lower.contains(" on the day of its ");
    (is_named || is_day && is_part.iter().any(|it| lower.contains(it))) && !lower.contains(" not ")
}

/// A sentence without what follows from it: "Cancelled bookings are not counted, so a guest may book again."
fn without_reason(text: &str) -> &str {
    let text = text.trim();
    let end =
        [", so ", ", because ", ", since ", ", and so "].iter().filter_map(|it| text.find(it));
    end.min().map_or(text, |end| &text[..end])
}

/// "A ticket is valid until it is voided" behind "the number of valid tickets": what its adjective stands for.
fn defines(lower: &str, rule: &str) -> bool {
    let Some((noun, said)) = split_once_any(lower, &[" is ", " are "]) else { return false };
    let mut words = said.split(' ');
    let (Some(adjective), Some(link)) = (words.next(), words.next()) else { return false };
    let noun = noun.rsplit(' ').next().unwrap_or_default();
    matches!(link, "until" | "unless" | "while" | "when" | "if" | "as")
        && rule.contains(&format!(" {adjective} {noun}"))
}

/// What is said of rows that a rule leaves out.
const NOT_COUNTED: &[&str] = &[
    " do not count",
    " does not count",
    " don't count",
    " are not counted",
    " is not counted",
    " are not taken into account",
    " is not taken into account",
    " are ignored",
    " is ignored",
    " are exempt",
    " do not matter",
    " don't matter",
    " no longer count",
    " free their place",
    " free their places",
    " free their seat",
    " free their seats",
    " free their slot",
    " free the place",
    " free the seat",
    " free the slot",
    " release their place",
    " release their seat",
    " release their slot",
];

#[cfg(test)]
mod tests {
    use super::defines;
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn what_an_adjective_of_the_rule_means() {
        let rule = "the number of valid tickets never exceeds 5";
        assert!(defines("a ticket is valid until it is voided", rule));
        assert!(!defines("a ticket is voided until it is valid", rule));
        assert!(!defines("a ticket is valid", rule));
    }

    #[test]
    fn what_the_others_have_stands_behind_it() {
        check(
            "## Visit\n- id: uuid\n- `state`: `open`, `shut`; required, default `open`\n- `mood`: `good`, `bad`; of the vet\n- shut_at: timestamp\n- vet_id: uuid, references Vet (one visit per vet)\n\nA shut visit must have a `shut_at`; visits in any other state have none. The vet must be kind; others must not.\n",
            &expect![[r#"
                1 bullet-fields  entity Visit
                2 bullet-fields  field Visit.id uuid
                3 bullet-fields  field Visit.state required default open [open | shut]
                4 bullet-fields  field Visit.mood good {bad} {of the vet}
                5 bullet-fields  field Visit.shut_at timestamp
                6 bullet-fields  field Visit.vet_id uuid -> Vet {one visit per vet}
                8 prose-rule-sentence  rule *: A shut visit must have a `shut_at`; visits in any other state have none [inferred: its words bind, and it is a rule where fields give it a meaning]
                8 prose-rule-sentence  rule *: The vet must be kind; [inferred: its words bind, and it is a rule where fields give it a meaning]
                8 prose-rule-sentence  rule *: others must not [inferred: its words bind, and it is a rule where fields give it a meaning]
            "#]],
        );
    }

    #[test]
    fn which_rows_a_rule_leaves_out_stands_behind_it() {
        check(
            "## Vet\n- id: uuid\n\n## Visit\n- id: uuid\n- price: integer\n- start: timestamp\n- end: timestamp\n\nA vet has at most 3 visits. Free visits are not counted, so a vet may have more. Visits of a vet never overlap. Short visits are not taken into account.\n\nThe price is at most 9. It is not counted.\n",
            &expect![[r#"
                1 bullet-fields  entity Vet
                2 bullet-fields  field Vet.id uuid
                4 bullet-fields  entity Visit
                5 bullet-fields  field Visit.id uuid
                6 bullet-fields  field Visit.price integer
                7 bullet-fields  field Visit.start timestamp
                8 bullet-fields  field Visit.end timestamp
                10 prose-cardinality  relationship Vet 1:N Visit
                10 prose-rule-sentence  rule Vet: A vet has at most 3 visits; Free visits are not counted
                10 prose-rule-sentence  rule *: Free visits are not counted, so a vet may have more [inferred: its words bind, and it is a rule where fields give it a meaning]
                10 prose-rule-sentence  rule *: Visits of a vet never overlap; Short visits are not taken into account
                10 prose-rule-sentence  rule *: Short visits are not taken into account [inferred: its words bind, and it is a rule where fields give it a meaning]
                12 prose-rule-sentence  rule Visit: The price is at most 9; The price is not counted
                12 prose-rule-sentence  rule *: The price is not counted [inferred: its words bind, and it is a rule where fields give it a meaning]
            "#]],
        );
    }
}
