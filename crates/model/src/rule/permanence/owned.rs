//! "The order stores immutable item, price and address snapshots": fields that are called so, named by what they have in
//! common.

use super::Permanence;
use crate::names::{fold_field, singular_words};
use crate::{EntityId, Model};

const VERBS: &[&str] = &[" owns ", " stores ", " keeps ", " holds ", " has ", " contains "];
/// What is said of what never changes.
const IMMUTABLE: &[&str] = &["immutable ", "an immutable ", "permanent ", "unchangeable "];

/// The fields that a sentence, in lower case, says its entity has and that never change.
pub(super) fn of_owned(model: &Model, entity: EntityId, text: &str) -> Option<Permanence> {
    let text = text.trim().trim_end_matches('.');
    let (subject, owned) = VERBS.iter().find_map(|verb| text.split_once(verb))?;
    let subject = ["the ", "a ", "an ", "each ", "every "]
        .iter()
        .find_map(|it| subject.strip_prefix(it))
        .unwrap_or(subject);
    let is_own = fold_field(subject) == fold_field(&model.entity(entity).name);
    let owned = IMMUTABLE.iter().find_map(|it| owned.strip_prefix(it)).filter(|_| is_own)?;
    let items: Vec<&str> = owned
        .split([',', '/'])
        .flat_map(|part| part.split(" and "))
        .map(|part| part.trim().trim_start_matches("and ").trim())
        .filter(|part| !part.is_empty())
        .collect();
    let field = |name: &str| {
        let mut named =
            model.fields_of(entity).filter(|(_, it)| fold_field(&it.name) == fold_field(name));
        named.next().map(|(id, _)| id)
    };
    // The last of the items before the noun that they share has it.
    let shared = items.iter().position(|item| field(&singular_words(item)).is_some())?;
    let noun = singular_words(items[shared]).rsplit(' ').next()?.to_owned();
    let fields: Vec<_> = items[..=shared]
        .iter()
        .filter_map(|item| {
            let whole = singular_words(item);
            field(&whole).or_else(|| field(&format!("{whole} {noun}")))
        })
        .collect();
    Some(Permanence { fields, is_unchanged: true, is_kept: false, states: None })
}
