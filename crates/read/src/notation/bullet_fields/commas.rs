//! Fields whose name, type and marks stand between commas: "`loan_id`, FK Loan", "`received_at`, timestamptz,
//! required".

use crate::FieldFact;
use crate::document::List;
use crate::modifier;
use crate::words::{is_identifier, lower_words, split_top, unquote};

/// The name in front of the first comma, and the type and marks behind it. A list of names is none: in
/// "name, date, phone" a type is as good a name, so that such a type counts only beside a mark.
pub(super) fn split(text: &str) -> Option<(&str, &str)> {
    let (name, rest) = text.split_once(',')?;
    let name = name.trim_end();
    if !is_identifier(unquote(name)) || says_of_field(name) {
        return None;
    }
    let rest = rest.trim_start();
    let parts = split_top(rest, &[',']);
    let is_marked = parts.iter().any(|part| is_mark(part));
    let first = parts.first()?.trim();
    let is_type = is_type(first) && (is_marked || !names_a_field(first));
    (is_type || is_mark(first)).then_some((name, rest))
}

/// Several fields of which one that is not the last has a mark of its own: "name, address, phone (optional), e-mail". What
/// stands behind one name is said of it alone.
pub(super) fn several(text: &str) -> Option<Vec<(Vec<String>, FieldFact)>> {
    let text = text.trim().trim_end_matches('.');
    let parts = split_top(text, &[',']);
    let begins_in_words = text.starts_with(char::is_alphabetic) && !text.contains(['`', ':', '→']);
    if parts.len() < 3 || !begins_in_words || text.contains(" -> ") {
        return None;
    }
    let mut found = Vec::with_capacity(parts.len());
    let mut own = 0;
    for (at, part) in parts.iter().enumerate() {
        let part = part.trim().replace("!)", ")").replace("!)", ")");
        let (names, fact) = super::field(part.trim_end_matches('!'), true)?;
        let [name] = names.as_slice() else { return None };
        let is_bare = fact == FieldFact { name: fact.name.clone(), ..FieldFact::default() };
        if name.split(' ').count() > 3 || says_of_field(name) {
            return None;
        }
        own += usize::from(!is_bare && at + 1 < parts.len());
        found.push((names, fact));
    }
    (own > 0).then_some(found)
}

/// Whether most items of a list have this form.
pub(super) fn are_form_of(list: &List) -> bool {
    let tops = || list.items.iter().filter(|item| item.depth == 0);
    let fields = tops().filter(|item| split(item.content.text.trim()).is_some()).count();
    fields >= 2 && fields * 2 >= tops().count()
}

/// An item of such a list with a colon behind its name: there "note, text" is one field, since its type stands where
/// the types of the others do.
pub(super) fn with_colon(text: &str) -> Option<String> {
    let (name, rest) = text.split_once(',')?;
    let first = split_top(rest, &[',']).first().map_or("", |part| part.trim());
    let is_field = is_identifier(name.trim_end()) && !says_of_field(name) && is_type(first);
    is_field.then(|| format!("{}: {}", name.trim_end(), rest.trim_start()))
}

/// Whether a word is no name of a field, but a type or a mark of one.
fn says_of_field(word: &str) -> bool {
    is_mark(word) || modifier::is_scalar(word) && !names_a_field(word)
}

/// A type in one word, whatever stands in brackets behind it.
fn is_type(part: &str) -> bool {
    let word = part.split([' ', '(']).next().unwrap_or_default();
    let behind = part[word.len()..].trim_start();
    modifier::is_scalar(word) && (behind.is_empty() || behind.starts_with('('))
}

/// Whether a part says that a value is a key, has to be there, is the only one of its kind, or refers to another row,
/// and nothing else.
fn is_mark(part: &str) -> bool {
    let mut fact = FieldFact::default();
    modifier::read_into(part.trim(), false, &mut fact);
    let is_said = fact.primary_key.is_some()
        || fact.required.is_some()
        || fact.unique.is_some()
        || fact.references.is_some();
    is_said && fact.constraints.is_empty()
}

/// Types that are as often names of fields.
pub(in crate::notation) fn names_a_field(kind: &str) -> bool {
    let words = lower_words(kind);
    let [word] = words.as_slice() else { return false };
    matches!(
        word.as_str(),
        "any"
            | "array"
            | "currency"
            | "date"
            | "datetime"
            | "duration"
            | "email"
            | "file"
            | "geography"
            | "geometry"
            | "html"
            | "id"
            | "image"
            | "instant"
            | "interval"
            | "ip"
            | "list"
            | "number"
            | "object"
            | "password"
            | "percentage"
            | "phone"
            | "point"
            | "seconds"
            | "slug"
            | "text"
            | "time"
            | "timestamp"
            | "url"
            | "uri"
            | "year"
    )
}

#[cfg(test)]
mod tests {
    use super::split;
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn a_type_or_a_mark_behind_the_first_comma() {
        assert_eq!(split("id, bigint, PK"), Some(("id", "bigint, PK")));
        assert_eq!(split("loan_id, FK Loan"), Some(("loan_id", "FK Loan")));
        assert_eq!(split("amount, required, positive"), Some(("amount", "required, positive")));
        assert_eq!(split("born, date, optional"), Some(("born", "date, optional")));
        assert_eq!(split("price, numeric(10,2)"), Some(("price", "numeric(10,2)")));
    }

    #[test]
    fn lists_of_names_are_none() {
        assert_eq!(split("name, date, phone"), None);
        assert_eq!(split("name, email"), None);
        assert_eq!(split("unique, required"), None);
        assert_eq!(split("Guests, required to sign, wait here"), None);
        assert_eq!(split("title, required by law"), None);
    }

    #[test]
    fn items_of_a_list() {
        check(
            "## Payment\n\n- id, bigint, PK\n- loan_id, FK Loan\n- received_at, timestamptz, required\n- amount_cents, required, positive\n- reference: text, required, unique (idempotency key)\n- note, text\n\n## Visitor\n\n- name, date, phone\n- a place, the time\n",
            &expect![[r#"
                1 bullet-fields  entity Payment
                3 bullet-fields  field Payment.id bigint primary key
                4 bullet-fields  field Payment.loan_id -> Loan
                5 bullet-fields  field Payment.received_at timestamptz required
                6 bullet-fields  field Payment.amount_cents required {positive}
                7 bullet-fields  field Payment.reference text required unique -- idempotency key
                8 bullet-fields  field Payment.note text
                10 field-notes  entity Visitor
                12 field-notes  field Visitor.name
                12 field-notes  field Visitor.date
                12 field-notes  field Visitor.phone
                13 field-notes  field Visitor.place
                13 field-notes  field Visitor.time
            "#]],
        );
    }

    #[test]
    fn marks_of_one_name_among_several() {
        check(
            "# Yard\n\n## Berth\n\n- id: uuid\n- name, code (unique!!), phone (optional), note\n- opened, closed (dates)\n- has many boats\n- wide (in m), deep, is it free\n",
            &expect![[r#"
                3 bullet-fields  entity Berth
                5 bullet-fields  field Berth.id uuid
                6 bullet-fields  field Berth.name
                6 bullet-fields  field Berth.code unique
                6 bullet-fields  field Berth.phone optional
                6 bullet-fields  field Berth.note
                9 bullet-fields  field Berth.wide -- in m
                9 bullet-fields  field Berth.deep
                9 bullet-fields  field Berth.is it free
                7 R003 `opened, closed (dates)` looks like a field and was not understood
                8 R003 `has many boats` looks like a field and was not understood
            "#]],
        );
    }
}
