//! What rules about spans say of their ends: that one may begin when another ends, or that the last day is a day of it.

/// What says that one may begin when another ends.
const TOUCHES: &[&str] = &[
    "back-to-back",
    "back to back",
    "adjacent",
    "touch",
    "at which another ends",
    "when another ends",
    "another one ends",
    "when the previous",
    "when the other ends",
    "where another ends",
    "the previous one ends",
    "the previous ends",
    "the other one ends",
    "the one before it ends",
    "another leaves",
    "another one leaves",
    "the other leaves",
    "another departs",
    "the next begins",
    "the next one begins",
    "the next starts",
    "the next one starts",
];

/// Whether a sentence says that one may begin when another ends, in lower case.
pub fn lets_touch(text: &str) -> bool {
    // "The doors may open at the moment another screening ends."
    let of_another = text.split("; ").flat_map(|part| part.split(". ")).any(|part| {
        let part = part.trim_end_matches('.');
        (part.contains(" may ") || part.contains(" can "))
            && [" another ", " the other ", " the previous "].iter().any(|it| part.contains(it))
            && [
                " ends",
                " leaves",
                " closes",
                " is over",
                " arrives",
                " departs",
                " finishes",
                " stops",
            ]
            .iter()
            .any(|it| part.ends_with(it))
    });
    of_another || TOUCHES.iter().any(|phrase| text.contains(phrase))
}

/// Whether a sentence says that rows last until the day is over that is named as their end, in lower case: "both the first and
/// the last day belong to the lease", "both days count".
pub fn includes_last_day(text: &str) -> bool {
    let is_part = [" belong", " included", " inclusive", " counts", " count"];
    text.split("; ").flat_map(|part| part.split(". ")).any(|part| {
        // "`ends_on` is the last day of the loan", "a permit still counts on the day of its `valid_to`".
        let is_named =
            part.contains(" is the last day of the ") || part.contains(" is its last day");
        let is_day = part.contains("last day")
            || part.contains("both days")
            || part.contains(" on the day of its ");
        (is_named || is_day && is_part.iter().any(|it| part.contains(it)))
            && !part.contains(" not ")
    })
}

#[cfg(test)]
mod tests {
    use super::{includes_last_day, lets_touch};

    #[test]
    fn what_the_ends_are() {
        let both = "the leases of one plot must not overlap; both the first and the last day belong to the lease";
        assert!(includes_last_day(both) && !lets_touch(both));
        assert!(includes_last_day("stays never overlap. both days count"));
        assert!(includes_last_day("loans never overlap; ends_on is the last day of the loan"));
        assert!(includes_last_day("a permit still counts on the day of its `valid_to`"));
        assert!(!includes_last_day("a permit is sent on the day of its `valid_to`"));
        assert!(!includes_last_day(
            "stays never overlap. the last day does not belong to the stay"
        ));
        let touch = "a run may begin at the very moment at which the one before it ends";
        assert!(lets_touch(touch) && !includes_last_day(touch));
    }
}
