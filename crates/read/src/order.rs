//! The order of statements: as the documents say them, but what is said once of all entities stands where a reader of each
//! entity expects it.

use std::collections::BTreeMap;

use crate::words::fold;
use crate::{Fact, Statement};

/// Sorts statements by their places. A key that all entities have comes before the fields of each, and the other fields that
/// all have come after them, though the sentence about them may begin the first document.
pub(crate) fn sort(statements: &mut [Statement]) {
    let place = |it: &Statement| (it.span.document, it.span.start);
    if !statements.iter().any(|it| OF_ALL.contains(&it.notation)) {
        statements.sort_by_key(place);
        return;
    }
    let mut first_fields = BTreeMap::new();
    for it in statements.iter().filter(|it| !OF_ALL.contains(&it.notation)) {
        if let Fact::Field { entity, .. } = &it.fact {
            let first = first_fields.entry(fold(entity)).or_insert_with(|| place(it));
            *first = place(it).min(*first);
        }
    }
    statements.sort_by_cached_key(|it| match &it.fact {
        Fact::Field { entity, field }
            if it.notation == KEYS || it.notation == FIELDS && fold(&field.name) == "id" =>
        {
            (0, first_fields.get(&fold(entity)).copied().unwrap_or_else(|| place(it)), 0)
        }
        Fact::Field { .. } if it.notation == FIELDS => (1, place(it), 1),
        _ => (0, place(it), 1),
    });
}

const KEYS: &str = "key-conventions";
const FIELDS: &str = "common-fields";
const OF_ALL: [&str; 2] = [KEYS, FIELDS];
