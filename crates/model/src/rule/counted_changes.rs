//! That a number counts the changes of its row: "`version` of a loan goes up by one with each change".

/// What makes a number greater.
const RISES: &[&str] = &[
    "goes up",
    "go up",
    "rises",
    "is raised",
    "raises",
    "increases",
    "is increased",
    "increments",
    "is incremented",
    "grows",
    "is bumped",
];
/// By how much.
const BY_ONE: &[&str] = &[" by one", " by 1"];
/// When.
const EACH: &[&str] = &[" each ", " every ", " any "];
/// What is done to a row.
const CHANGES: &[&str] = &["change", "update", "write", "save", "edit", "modification"];

/// Whether a sentence says that a number goes up by one with each change of its row.
pub fn counts_changes(text: &str) -> bool {
    let text = format!(" {} ", text.to_lowercase().trim_end_matches('.'));
    let says = |list: &[&str]| list.iter().any(|it| text.contains(it));
    let each = EACH.iter().find_map(|each| text.split_once(each)).map(|(_, behind)| behind);
    let is_change = each.is_some_and(|behind| {
        let first = behind.split(' ').next().unwrap_or_default();
        CHANGES.iter().any(|it| first.strip_suffix('s').unwrap_or(first) == *it)
    });
    says(RISES) && says(BY_ONE) && is_change && !text.contains(" not ")
}

#[cfg(test)]
mod tests {
    use super::counts_changes;

    #[test]
    fn a_number_that_goes_up_with_each_change() {
        for text in [
            "`version` of a loan goes up by one with each change",
            "The version is incremented by 1 on every update.",
            "`revision` is raised by one with each write of the row",
        ] {
            assert!(counts_changes(text), "{text}");
        }
        for text in [
            "`version` goes up by one with each new edition",
            "The number goes up with each change",
            "`version` does not go up by one with each change",
            "A version is kept of each change",
        ] {
            assert!(!counts_changes(text), "{text}");
        }
    }
}
