//! When two names are the same name.

use std::collections::BTreeMap;

/// Letters and digits alone, in lower case.
pub(super) fn plain(name: &str) -> String {
    name.chars().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect()
}

/// As [`plain`], with the endings of English plurals folded away.
pub(super) fn fold(name: &str) -> String {
    let mut name = plain(name);
    let long = |name: &str, length: usize| name.chars().count() > length;
    if long(&name, 4) && ["ses", "xes", "zes", "ches", "shes"].iter().any(|end| name.ends_with(end))
    {
        name.truncate(name.len() - 2);
    } else if long(&name, 3)
        && name.ends_with('s')
        && !["ss", "us", "is"].iter().any(|end| name.ends_with(end))
    {
        name.pop();
    }
    if long(&name, 3) && name.ends_with('e') {
        name.pop();
    }
    if name.ends_with('y') {
        name.pop();
        name.push('i');
    }
    name
}

/// Each wanted field with the one that was read for it: the same name, else but for a plural, else but for an `id`.
pub(super) fn paired<'a>(wanted: &[&'a str], read: &[&'a str]) -> BTreeMap<&'a str, &'a str> {
    let rules: [fn(&str, &str) -> bool; 3] =
        [|a, b| plain(a) == plain(b), |a, b| fold(a) == fold(b), same_but_for_id];
    let mut left = read.to_vec();
    let mut pairs = BTreeMap::new();
    for same in rules {
        for wanted in wanted {
            if pairs.contains_key(wanted) {
                continue;
            }
            if let Some(at) = left.iter().position(|read| same(wanted, read)) {
                pairs.insert(*wanted, left.remove(at));
            }
        }
    }
    pairs
}

fn same_but_for_id(a: &str, b: &str) -> bool {
    let stem = |name: &str| plain(name).strip_suffix("id").map(fold);
    fold(a) + "id" == plain(b)
        || plain(a) == fold(b) + "id"
        || matches!((stem(a), stem(b)), (Some(a), Some(b)) if a == b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_separators_and_plurals_are_folded() {
        assert_eq!(fold("Order_Lines"), fold("orderLine"));
        assert_eq!(fold("Categories"), fold("category"));
        assert_eq!(fold("Boxes"), fold("box"));
        assert_ne!(fold("Address"), fold("Addr"));
        assert_ne!(fold("Status"), fold("Statu"));
    }

    #[test]
    fn the_nearest_name_is_taken_first() {
        let pairs = paired(&["customer", "customers"], &["customer_id", "customers"]);
        assert_eq!(pairs["customers"], "customers");
        assert_eq!(pairs["customer"], "customer_id");
    }
}
