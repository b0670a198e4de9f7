//! Things that lie in others of their kind: "A location can contain sub-locations", "categories with subcategories".

use super::noun::entity_name;
use super::possession::Pair;
use super::resolve;
use crate::notation::Output;
use crate::words::strip_prefix_ignoring_case;

/// The entity whose rows a sentence says to lie in one another.
pub(super) fn of(pair: &Pair, out: &Output) -> Option<String> {
    let parted = ["sub-", "sub ", "nested ", "child "]
        .iter()
        .find_map(|front| resolve(strip_prefix_ignoring_case(&pair.many, front)?, out));
    // "subcategories", where categories are known, and no "subscriptions".
    let joined = || {
        let name = strip_prefix_ignoring_case(&pair.many, "sub")?;
        out.known.get(&entity_name(name)).map(str::to_owned)
    };
    let part = parted.or_else(joined)?;
    resolve(&pair.one, out).filter(|one| *one == part)
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn places_in_places() {
        check(
            "# Yard\n\n- Create and edit locations (name, address).\n- Delete locations.\n- A location can contain sub-locations.\n- Create and edit boats (name, length).\n- A boat can have subsidies.\n",
            &expect![[r#"
                3 prose-entities  entity Location
                3 prose-inline-fields  field Location.name
                3 prose-inline-fields  field Location.address
                5 prose-possession  relationship Location 1:N Location [inferred: the sentence calls them its own]
                6 prose-entities  entity Boat
                6 prose-inline-fields  field Boat.name
                6 prose-inline-fields  field Boat.length
            "#]],
        );
    }
}
