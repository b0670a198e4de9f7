//! Trees: "`parent_id` cannot refer to the same category or any descendant", "no cycles".

use crate::spoken::spoken_words;
use crate::{EntityId, Model};

/// What documents say must not stand above a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Above {
    /// The row itself.
    Itself,
    /// The row, and all that hangs on it.
    All,
}

impl Model {
    /// What documents say of the rows above those of an entity that refer to their own kind.
    pub fn kept_from_above(&self, entity: EntityId) -> Option<Above> {
        let rules = self.rules.iter().filter(|rule| rule.entity == entity);
        rules.filter_map(|rule| above(&rule.text)).max()
    }
}

fn above(text: &str) -> Option<Above> {
    const FORBIDS: &[&str] =
        &["no", "not", "never", "cannot", "can't", "without", "acyclic", "must"];
    const DEEP: &[&str] =
        &["cycle", "circle", "circular", "loop", "acyclic", "ancestor", "descendant", "subtree"];
    const FAR: &[&str] =
        &["however far", "however many", "however deep", "indirectly", "at any depth", "any level"];
    let said = spoken_words(text);
    let any = |list: &[&str]| said.iter().any(|word| list.contains(&word.as_str()));
    if !any(FORBIDS) {
        return None;
    }
    let lower = text.to_lowercase();
    if any(DEEP) || FAR.iter().any(|it| lower.contains(it)) {
        return Some(Above::All);
    }
    let own_parent = said.windows(2).any(|pair| pair[0] == "own" && pair[1] == "parent");
    (own_parent || (any(&["itself"]) && any(&["parent", "refer", "reference", "above"])))
        .then_some(Above::Itself)
}

#[cfg(test)]
mod tests {
    use super::{Above, above};

    #[test]
    fn what_says_that_no_row_stands_above_itself() {
        assert_eq!(above("no cycles"), Some(Above::All));
        assert_eq!(
            above("`parent_id` cannot reference the same set or any descendant"),
            Some(Above::All)
        );
        assert_eq!(above("A folder is never its own parent"), Some(Above::Itself));
        assert_eq!(above("A cycle of billing lasts a month"), None);
        assert_eq!(above("The folder itself is not shown"), None);
    }
}
