//! "A customer cannot refer herself", "the parent must be another category": no row refers to itself.

use underpin_base::Phrases;

use super::Meaning;
use super::sentence::{Sentence, after, strip_end, strip_word};
use crate::{Comparison, Expression, FieldId};

/// How a sentence says that the row itself is meant.
const ITSELF: &[&str] = &[" itself", " himself", " herself", " themselves", " oneself", " self"];

/// Verbs that stand before a role: "cannot be his own guardian".
const OWN: &[&str] = &[
    " cannot be its own ",
    " cannot be his own ",
    " cannot be her own ",
    " cannot be their own ",
    " must not be its own ",
    " must not be his own ",
    " must not be her own ",
    " must not be their own ",
    " is not its own ",
    " is not his own ",
    " is not her own ",
    " is not their own ",
    " cannot have itself as ",
    " cannot have itself as its ",
    " must not have itself as ",
];

/// A reference to another row of the same entity.
pub(crate) fn sentence(sentence: &Sentence<'_>) -> Option<Meaning> {
    let text = sentence.lower;
    text.first_of(&["sel", " own ", " another ", " a different ", " the same "])?;
    let fields = own_references(sentence);
    let field = of_role(sentence, text)
        .or_else(|| of_itself(sentence, text, &fields))
        .or_else(|| another(sentence, text))?;
    let model = &sentence.draft().model;
    let [key] = model.entity(sentence.entity()).primary_key.as_slice() else {
        return Some(Meaning::Known("no row refers to itself".to_owned()));
    };
    let same = model.field(*key).kind == model.field(field).kind;
    if !same {
        // The column of the reference takes the type of the key, whatever is known of it here.
        return Some(Meaning::Known("no row refers to itself".to_owned()));
    }
    Some(Meaning::Expression(Expression::compare(
        Expression::Field(field),
        Comparison::NotEqual,
        Expression::Field(*key),
    )))
}

/// The fields that refer to rows of the same entity.
fn own_references(sentence: &Sentence<'_>) -> Vec<FieldId> {
    let fields = sentence.draft().model.fields_of(sentence.entity());
    fields
        .filter(|(_, field)| {
            field.references.as_ref().is_some_and(|it| it.entity == sentence.entity())
        })
        .map(|(id, _)| id)
        .collect()
}

/// "A student cannot be his own guardian": the reference of that role.
fn of_role(sentence: &Sentence<'_>, text: &str) -> Option<FieldId> {
    let (rows, role) = text.cut_at_any(OWN)?;
    names_entity(sentence, rows).then(|| role_field(sentence, role))?
}

/// "A category cannot refer to itself": the only such reference.
fn of_itself(sentence: &Sentence<'_>, text: &str, fields: &[FieldId]) -> Option<FieldId> {
    let front = strip_end(text, ITSELF);
    if front.len() == text.len() {
        return None;
    }
    let verbs = [" cannot ", " must not ", " may not ", " does not ", " do not "];
    let (rows, verb) = front.cut_at_any(&verbs)?;
    let [only] = fields else { return None };
    let short = verb.split_whitespace().count() <= 3;
    let refers =
        ["refer", "reference", "point", "follow", "report", "invite", "be", "link", "manage"];
    let says = verb.split_whitespace().next().is_some_and(|word| refers.contains(&word));
    (short && says && (names_entity(sentence, rows) || role_field(sentence, rows) == Some(*only)))
        .then_some(*only)
}

/// "The referrer must be another customer", "must be a different customer".
fn another(sentence: &Sentence<'_>, text: &str) -> Option<FieldId> {
    let verbs =
        [" must be another ", " must be a different ", " is another ", " must not be the same "];
    let (role, rows) = text.cut_at_any(&verbs)?;
    names_entity(sentence, rows).then(|| role_field(sentence, role))?
}

fn names_entity(sentence: &Sentence<'_>, phrase: &str) -> bool {
    let noun = ["a", "an", "the", "each", "any", "no"]
        .iter()
        .fold(phrase.trim(), |noun, word| strip_word(noun, word));
    sentence.draft().noun(noun) == Some(sentence.entity())
}

/// The reference that a role names: "guardian" is `guardian_id`. What it refers to may be known only later, but
/// it is nothing else than rows of the entity: the sentence says so.
fn role_field(sentence: &Sentence<'_>, role: &str) -> Option<FieldId> {
    let role = after(role, &["the ", "a ", "an ", "its "]).unwrap_or(role).trim();
    let found = sentence
        .draft()
        .field(sentence.entity(), role)
        .or_else(|| sentence.draft().field(sentence.entity(), &format!("{role} id")))?;
    let target = sentence.draft().model.field(found).references.as_ref();
    target.is_none_or(|it| it.entity == sentence.entity()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;
    use expect_test::expect;

    #[test]
    fn another_row() {
        check(
            &[
                ("Person", "A person cannot be his or her own guardian"),
                ("Person", "The guardian must be another person"),
                ("Person", "A person must not refer to itself"),
                ("Person", "A person cannot be her own doctor"),
                ("Person", "A person must not harm itself"),
                ("Person", "The guardian must be another lawyer"),
            ],
            &expect![[r#"
                rule "A person cannot be his or her own guardian": guardian_id <> id
                rule "The guardian must be another person": guardian_id <> id
                rule "A person must not refer to itself": guardian_id <> id
                rule "A person cannot be her own doctor" as text only
                rule "A person must not harm itself" as text only
                rule "The guardian must be another lawyer" as text only
            "#]],
        );
    }
}
