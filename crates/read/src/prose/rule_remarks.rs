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
        SEVERAL.iter().any(|word| lower.contains(word))
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
                && ["another", "the other", "the previous"].iter().any(|it| lower.contains(it))
                && [" ends", " leaves", " closes"].iter().any(|it| lower.ends_with(it));
        NOT_COUNTED.iter().any(|end| lower.ends_with(end))
            || touches.iter().any(|it| lower.contains(it))
            || of_another
            || defines(&lower, &clause.text.to_lowercase())
    };
    let near = behind.iter().filter(move |_| is_of_several).take_while(is_beside);
    near.take_while(qualifies).map(|it| without_reason(&it.text))
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
];

#[cfg(test)]
mod tests {
    use super::defines;

    #[test]
    fn what_an_adjective_of_the_rule_means() {
        let rule = "the number of valid tickets never exceeds 5";
        assert!(defines("a ticket is valid until it is voided", rule));
        assert!(!defines("a ticket is voided until it is valid", rule));
        assert!(!defines("a ticket is valid", rule));
    }
}
