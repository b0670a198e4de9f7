//! "Admins can add ticket categories": the listed values of a field are rows that people add, and no part of a release.

use underpin_base::Phrases;

use super::Meaning;
use super::sentence::Sentence;
use crate::draft::Draft;
use crate::{FieldId, FieldKind};

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
    sentence.lower.first_of(SAYS)?;
    let field = sentence.field().filter(|&it| is_listed(sentence.draft(), it))?;
    Some(Meaning::Managed(field))
}

/// Whether the description of a field says that people maintain its values.
pub(crate) fn is_described(draft: &Draft<'_>, field: FieldId) -> bool {
    let says = |text: &str| DESCRIBED.iter().any(|words| text.to_lowercase().contains(words));
    is_listed(draft, field) && draft.model.field(field).description.as_deref().is_some_and(says)
}

/// A list of values that are no states: what may follow what is part of the release.
fn is_listed(draft: &Draft<'_>, field: FieldId) -> bool {
    let kind = &draft.model.field(field).kind;
    matches!(kind, FieldKind::Enumeration(_)) && !draft.states.contains(&field)
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
