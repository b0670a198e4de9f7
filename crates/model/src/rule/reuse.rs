//! What becomes of a key's values when a row is marked as deleted: "the email of a deleted member can be used again",
//! "codes are never reused, even after deletion".

use underpin_base::Phrases;

use super::Meaning;
use super::sentence::Sentence;
use crate::names::words;

const FREE: &[&str] = &[
    "can be used again",
    "can be reused",
    "can be re-used",
    "can be taken again",
    "may be used again",
    "may be reused",
    "may be re-used",
    "is free again",
    "are free again",
    "becomes free",
    "become free",
    "becomes available again",
    "become available again",
    "is released",
    "are released",
];

/// "is never", "may never" and "can never" are "must not" and "cannot" by the time they come here.
const TAKEN: &[&str] = &[
    "cannot be used again",
    "cannot be reused",
    "cannot be re-used",
    "must not be used again",
    "must not be reused",
    "must not be re-used",
    "may not be used again",
    "may not be reused",
    "stays reserved",
    "stay reserved",
    "remains reserved",
    "remain reserved",
    "stays taken",
    "stay taken",
];

/// Said of rows that a mark deletes; without such a mark nothing frees a value, and nothing need be said.
pub(crate) fn sentence(sentence: &Sentence<'_>) -> Option<Meaning> {
    let text = sentence.lower;
    let says = |phrases: &[&str]| text.first_of(phrases).is_some();
    let is_taken = says(TAKEN);
    // "The slot of a cancelled booking is released" is said of a state, and of no deletion.
    let is_free = !is_taken && says(&["delet", "remov"]) && says(FREE);
    if !is_taken && !is_free {
        return None;
    }
    let model = &sentence.draft().model;
    let mark = model.deletion_mark(sentence.entity())?;
    let said: Vec<String> =
        words(sentence.lower).iter().map(|word| underpin_read::singular(word)).collect();
    let fields = model.fields_of(sentence.entity()).filter(|(id, field)| {
        let name: Vec<String> =
            words(&field.name).iter().map(|word| underpin_read::singular(word)).collect();
        *id != mark && !name.is_empty() && said.windows(name.len()).any(|window| window == name)
    });
    Some(Meaning::DeletedValues { free: is_free, fields: fields.map(|(id, _)| id).collect() })
}

#[cfg(test)]
mod tests {
    use crate::test_support::Facts;

    fn said(mark: &str, rule: &str) -> Option<bool> {
        let facts = Facts::default()
            .entity("Member")
            .field("Member", "id: uuid*")
            .field("Member", "email: text!")
            .field("Member", mark)
            .rule("Member", "email must be unique")
            .rule("Member", rule);
        let model = facts.build().0;
        let (id, _) = model.entities().next()?;
        let email = model.fields_of(id).find(|(_, field)| field.name == "email")?.0;
        model.entity(id).deleted_values.free(&[email])
    }

    #[test]
    fn values_of_deleted_rows() {
        let mark = "deleted_at: timestamp";
        assert_eq!(said(mark, "the email of a deleted member can be used again"), Some(true));
        assert_eq!(said(mark, "after deletion the email may be reused"), Some(true));
        assert_eq!(said(mark, "emails are never reused"), Some(false));
        assert_eq!(said(mark, "the email of a deleted member is never used again"), Some(false));
        assert_eq!(said(mark, "the email of a deleted member stays reserved"), Some(false));
    }

    #[test]
    fn of_something_else() {
        let mark = "deleted_at: timestamp";
        assert_eq!(said(mark, "the seat of a cancelled booking is released"), None);
        assert_eq!(said(mark, "email must contain an @"), None);
        // Where nothing marks a deletion, a deleted row is gone.
        assert_eq!(said("joined_at: timestamp", "emails can be reused after deletion"), None);
    }
}
