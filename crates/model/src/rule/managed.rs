//! "Admins can add ticket categories": the listed values of a field are rows that people add, and no part of a release.

use underpin_base::Phrases;

use super::Meaning;
use super::sentence::Sentence;
use crate::{FieldId, FieldKind, Model};

/// What is said of values that people maintain.
const SAYS: &[&str] = &[
    " add ",
    " added",
    " manage ",
    " manages ",
    " managed by",
    " maintain ",
    " maintains ",
    " maintained by",
    " edit ",
    " create ",
    " define ",
    " defines ",
    " defined by",
    " configur",
    " extend",
    " extensible",
    " user-defined",
    " user defined",
    " customizable",
];

/// What descriptions of fields say of it.
const DESCRIBED: [&str; 9] = [
    "managed by",
    "maintained by",
    "user-defined",
    "user defined",
    "configurable",
    "configured by",
    "can be extended by",
    "customizable",
    "lookup table",
];

/// Said in the row of a field with listed values.
pub(crate) fn sentence(sentence: &Sentence<'_>) -> Option<Meaning> {
    let field = sentence.field().filter(|&it| is_listed(&sentence.draft().model, it))?;
    sentence.text.to_ascii_lowercase().first_of(SAYS)?;
    Some(Meaning::Managed(field))
}

/// Whether the description of a field says that people maintain its values.
pub(crate) fn is_described(model: &Model, field: FieldId) -> bool {
    let said = model.field(field).description.as_deref().unwrap_or_default().to_lowercase();
    is_listed(model, field) && DESCRIBED.iter().any(|words| said.contains(words))
}

/// A list of values that are no states: what may follow what is part of the release.
fn is_listed(model: &Model, field: FieldId) -> bool {
    matches!(model.field(field).kind, FieldKind::Enumeration(_))
        && !model.lifecycles.iter().any(|life| life.field == field)
}

#[cfg(test)]
mod tests {
    use crate::test_support::Facts;

    #[test]
    fn only_lists_that_are_no_states() {
        let facts = || {
            Facts::default()
                .entity("Ticket")
                .field("Ticket", "id: uuid*")
                .field("Ticket", "category: enum(hardware, software)!")
                .field("Ticket", "status: enum(open, closed)!")
                .transition("Ticket", "open", "closed")
        };
        let managed = |field: &str, text: &str| {
            let model = facts().field_rule("Ticket", field, text).build().0;
            model.managed.len()
        };
        assert_eq!(managed("category", "Admins can add ticket categories"), 1);
        assert_eq!(managed("status", "Admins can add ticket states"), 0);
        assert_eq!(managed("category", "required"), 0);
    }
}
