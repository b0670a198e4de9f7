//! Every golden folder belongs to a case: an `expected/` with no input beside it is what a deleted test left behind.

use std::collections::BTreeSet;

/// `paths` are all files of the repository, relative to its root.
pub(super) fn have_an_input(paths: &[String]) -> Vec<String> {
    let mut cases = BTreeSet::new();
    for path in paths {
        if let Some((case, _)) = path.split_once("/expected/") {
            cases.insert(case);
        }
    }
    cases
        .into_iter()
        .filter(|case| {
            !paths.iter().any(|path| {
                path.strip_prefix(case)
                    .and_then(|rest| rest.strip_prefix('/'))
                    .is_some_and(|rest| !rest.starts_with("expected/"))
            })
        })
        .map(|case| format!("{case}/expected: goldens of a case that has no input"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_orphan_is_named() {
        let paths = ["c/tests/a/docs/x.md", "c/tests/a/expected/x.sql", "c/tests/b/expected/x.sql"]
            .map(str::to_owned);
        assert_eq!(
            have_an_input(&paths),
            ["c/tests/b/expected: goldens of a case that has no input"]
        );
    }
}
