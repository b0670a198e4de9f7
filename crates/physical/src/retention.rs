//! What the words of a retention mean for the rows.

use underpin_logical::Relation;
use underpin_model::FieldKind;

/// Whether the words say that rows are made anonymous or stay, instead of going.
pub fn keeps_the_row(words: &str) -> bool {
    let words = words.to_lowercase();
    ["anonymis", "anonymiz", "pseudonym", "row stays", "rows stay", "archive"]
        .iter()
        .any(|it| words.contains(it))
}

/// Whether rows go a stated time after they came, so that their number has a limit. Where the time
/// counts from something that need not happen, such as `deleted_at`, live rows stay for ever.
pub(crate) fn limits_rows(relation: &Relation, words: &str) -> bool {
    let is_named = |name: &str| {
        words.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name)
    };
    let named = |required: bool| {
        relation.attributes.iter().any(|attribute| {
            matches!(attribute.kind, FieldKind::Timestamp | FieldKind::Date)
                && attribute.required == required
                && is_named(&attribute.name)
        })
    };
    // A moment that is no field of this entity is one of another's.
    let names_a_moment = words
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .any(|word| word.ends_with("_at") || word.ends_with("_on"));
    !keeps_the_row(words) && !named(false) && (named(true) || !names_a_moment)
}
