//! Indexes that are only called by their columns: "Indexes: `by_owner`, `by_state_and_due`".

use crate::notation::Output;
use crate::words::{code_spans, fold, is_identifier, lower_words, without_code};

use super::item::{Asked, index_fact};

/// The indexes of an item that holds nothing but such names, where all that they are made of are fields of its owner.
pub(super) fn by_columns(text: &str, owner: Option<&str>, out: &Output) -> Vec<Asked> {
    let Some(owner) = owner else { return Vec::new() };
    let names = code_spans(text);
    let others = lower_words(&without_code(text));
    if names.is_empty() || others.iter().any(|word| word != "and") {
        return Vec::new();
    }
    let index = |name: &&str| {
        let columns = name.strip_prefix("by_").and_then(|it| columns(it, owner, out))?;
        let name = Some((*name).to_owned());
        let fact = index_fact(owner.to_owned(), columns, name, "", None, None);
        Some(Asked::new(fact, None))
    };
    let found: Option<Vec<Asked>> = names.iter().map(index).collect();
    found.unwrap_or_default()
}

/// The fields in "`owner_and_state`" or "`ownerId_state`", the longest first. What refers to an owner may be called `ownerId`.
fn columns(name: &str, owner: &str, out: &Output) -> Option<Vec<String>> {
    let parts: Vec<&str> = name.split('_').filter(|part| !part.is_empty()).collect();
    let is_name = is_identifier(name) && parts.len() <= 8;
    let mut found = Vec::new();
    let mut at = 0;
    while is_name && at < parts.len() {
        if parts[at] == "and" {
            at += 1;
            continue;
        }
        let field = |end: usize| {
            let name = fold(&parts[at..end].join("_"));
            let owner = fold(owner);
            let known = out.field_folded(&owner, &name);
            known.or_else(|| out.field_folded(&owner, &format!("{name}id"))).map(str::to_owned)
        };
        let (column, end) =
            (at + 1..=parts.len()).rev().find_map(|end| Some((field(end)?, end)))?;
        found.push(column);
        at = end;
    }
    (!found.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn names_made_of_fields() {
        check(
            "### `chores`\n\n- `ownerId: uuid`\n- `due_at: timestamp`\n- `state: string`\n- Indexes: `by_owner`, `by_state_and_due_at`\n\n### `pets`\n\n- `name: string`\n- `kind: string`\n- Indexes: `by_colour`\n- **Indexes**: `by_kind_name`\n",
            &expect![[r#"
                1 bullet-fields  entity chores
                3 bullet-fields  field chores.ownerId uuid
                4 bullet-fields  field chores.due_at timestamp
                5 bullet-fields  field chores.state string
                6 index-list  read "chores by ownerId" of chores by ownerId = ? [inferred: an index is asked for with its use]
                6 index-list  index by_owner on chores (ownerId)
                6 index-list  read "chores by state and due_at" of chores by state = ?, due_at range [inferred: an index is asked for with its use]
                6 index-list  index by_state_and_due_at on chores (state, due_at)
                8 bullet-fields  entity pets
                10 bullet-fields  field pets.name string
                11 bullet-fields  field pets.kind string
                13 index-list  read "pets by kind and name" of pets by kind = ?, name = ? [inferred: an index is asked for with its use]
                13 index-list  index by_kind_name on pets (kind, name)
            "#]],
        );
    }
}
