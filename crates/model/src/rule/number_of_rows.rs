//! "a workshop has at most 12 registrations", "a workshop never has more confirmed registrations than its seats",
//! "the number of open loans of a member must not exceed 5".

use underpin_base::Phrases;

use super::Meaning;
use super::rows_of::{self, Rows, belonging, number_of};
use super::sentence::{Sentence, strip_end};
use super::unique::key_fields;
use crate::default_words::literal_number;
use crate::{Comparison, EntityId, Expression, FieldId, Literal};

/// What stands before the greatest number of rows.
const AT_MOST: &[&str] = &[
    "at most ",
    "no more than ",
    "not more than ",
    "up to ",
    "a maximum of ",
    "maximum of ",
    "maximum ",
    "max ",
];

/// What may stand between the owner and "at most".
const VERBS: &[&str] = &[
    " can only have",
    " may only have",
    " is allowed to have",
    " is allowed",
    " is limited to",
    " must be limited to",
    " must not have",
    " cannot have",
    " never has",
    " never have",
    " does not have",
    " has",
    " have",
];

/// What denies "more than".
const DENIED: &[&str] = &[
    " must not",
    " cannot",
    " never",
    " does not",
    " do not",
    " may not",
    " can not",
    " can never",
    " is not allowed to",
];

/// What adds nothing to a limit that always holds.
const ALWAYS: &[&str] = &[
    " at a time",
    " at any time",
    " at any one time",
    " at any given time",
    " at once",
    " at the same time",
    " simultaneously",
    " concurrently",
    " in total",
    " overall",
    " altogether",
    " is allowed",
    " are allowed",
    " each",
];

/// Numbers in words, from two on.
const NAMED: &[&str] =
    &["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

pub(crate) fn sentence(sentence: &Sentence<'_>) -> Option<Meaning> {
    let text = strip_end(sentence.text, ALWAYS).to_ascii_lowercase();
    limited(sentence, &text)
        .or_else(|| outnumbered(sentence, &text))
        .or_else(|| numbered(sentence, &text))
        .or_else(|| equal(sentence, &text))
}

/// "`seats_taken` of a workshop always equals the number of its registrations".
fn equal(sentence: &Sentence<'_>, text: &str) -> Option<Meaning> {
    const EQUALS: &[&str] = &[
        " always equals the number of ",
        " equals the number of ",
        " must equal the number of ",
        " must always equal the number of ",
        " is always equal to the number of ",
        " must match the number of ",
        " is always the number of ",
        " is the number of ",
    ];
    let (of, rows) = text.cut_at_any(EQUALS)?;
    let (owner, bound) = rows_of::owned_number(sentence, of)?;
    let rows = rows_of::rows(sentence, rows)?;
    if rows.owner.is_some_and(|of| of != owner) {
        return None;
    }
    let (rows, by) = belonging(sentence, rows, owner)?;
    together(sentence, rows, vec![by], Comparison::Equal, Expression::Field(bound))
}

/// "a workshop has at most 12 registrations", "at most 5 open loans per member".
fn limited(sentence: &Sentence<'_>, text: &str) -> Option<Meaning> {
    let (front, rest) =
        AT_MOST.iter().find_map(|lead| split_at_word(text, lead)).or_else(|| {
            let (front, rest) = split_at_word(text, "more than ")?;
            denied(front).map(|_| (front, rest))
        })?;
    let of_front = match front.trim() {
        "" | "there must be" | "there are" | "there may be" | "there can be" => None,
        front => Some(subject(sentence, front)?),
    };
    let (number, rest) = rest.split_once(' ')?;
    let rest = strip_end(rest, ALWAYS);
    let (noun, scope) = [" per ", " for each ", " for every "]
        .iter()
        .find_map(|per| rest.cut_at(per))
        .map_or((rest, None), |(noun, scope)| (noun, Some(scope)));
    let rows = rows_of::rows(sentence, noun)?;
    let (rows, mut by) = match (of_front.or(rows.owner), scope) {
        (Some(owner), _) => {
            let (rows, by) = belonging(sentence, rows, owner)?;
            (rows, vec![by])
        }
        (None, Some(scope)) => match rows_of::owner(sentence, scope) {
            Some(owner) => {
                let (rows, by) = belonging(sentence, rows, owner)?;
                (rows, vec![by])
            }
            None => (rows, Vec::new()),
        },
        (None, None) => return None,
    };
    if let Some(scope) = scope {
        for field in key_fields(sentence, rows.entity, scope)? {
            if !by.contains(&field) {
                by.push(field);
            }
        }
    }
    let bound = whole(number)
        .map(Expression::Literal)
        .or_else(|| Some(Expression::Field(number_of(sentence, of_front?, number)?)))?;
    together(sentence, rows, by, Comparison::LessOrEqual, bound)
}

/// "a workshop never has more confirmed registrations than its seats".
fn outnumbered(sentence: &Sentence<'_>, text: &str) -> Option<Meaning> {
    let (front, rest) = split_at_word(text, "more ")?;
    let (rows, bound) = rest.cut_at(" than ")?;
    let subject = denied(front)?;
    let rows = rows_of::rows(sentence, rows)?;
    let owner = match subject.trim() {
        "" | "there" => rows.owner.or_else(|| Some(rows_of::owned_number(sentence, bound)?.0))?,
        subject => rows_of::owner(sentence, subject)?,
    };
    let bound = number_of(sentence, owner, bound)?;
    let (rows, by) = belonging(sentence, rows, owner)?;
    together(sentence, rows, vec![by], Comparison::LessOrEqual, Expression::Field(bound))
}

/// "the number of registrations of a workshop must not exceed its seats".
fn numbered(sentence: &Sentence<'_>, text: &str) -> Option<Meaning> {
    let rest = ["the number of ", "number of ", "the count of ", "count of "]
        .iter()
        .find_map(|lead| text.strip_prefix(lead))?;
    let (rows, comparison, bound) = compared(rest)?;
    let rows = rows_of::rows(sentence, rows).or_else(|| in_state(sentence, rows))?;
    let named = || rows_of::owned_number(sentence, bound).map(|(owner, _)| owner);
    let owner = rows.owner.or_else(named).or(Some(sentence.entity()))?;
    let bound = match whole(bound) {
        Some(number) => Expression::Literal(number),
        None => Expression::Field(number_of(sentence, owner, bound)?),
    };
    let (rows, by) = belonging(sentence, rows, owner)?;
    together(sentence, rows, vec![by], comparison, bound)
}

/// "tickets sold for an event": the sold tickets of an event.
fn in_state(sentence: &Sentence<'_>, phrase: &str) -> Option<Rows> {
    let (noun, rest) = phrase.split_once(' ')?;
    let (state, rest) = rest.split_once(' ')?;
    rows_of::rows(sentence, &format!("{state} {noun} {rest}"))
}

/// What is compared with what, and how; only limits from above.
pub(super) fn compared(text: &str) -> Option<(&str, Comparison, &str)> {
    const NOT_MORE: &[&str] = &[
        " must not exceed ",
        " cannot exceed ",
        " may not exceed ",
        " does not exceed ",
        " do not exceed ",
        " never exceeds ",
        " never exceed ",
        " must not be more than ",
        " must not be greater than ",
        " must not be higher than ",
        " must not be larger than ",
        " cannot be more than ",
        " cannot be greater than ",
        " cannot be higher than ",
        " is never more than ",
        " must be less than or equal to ",
        " must be at most ",
        " must be no more than ",
        " is at most ",
        " are at most ",
        " is limited to ",
        " are limited to ",
        " is limited by ",
        " are limited by ",
        " must be limited to ",
        " must stay within ",
        " stays within ",
        " stay within ",
        " <= ",
    ];
    const LESS: &[&str] =
        &[" must be less than ", " must be lower than ", " must stay below ", " < "];
    [(NOT_MORE, Comparison::LessOrEqual), (LESS, Comparison::Less)].into_iter().find_map(
        |(verbs, comparison)| {
            let (compared, bound) = text.cut_at_any(verbs)?;
            Some((compared, comparison, bound.trim()))
        },
    )
}

/// The rule, where one of the fields refers to the row that the rows belong to.
fn together(
    sentence: &Sentence<'_>,
    rows: Rows,
    by: Vec<FieldId>,
    comparison: Comparison,
    bound: Expression<FieldId>,
) -> Option<Meaning> {
    let model = &sentence.draft().model;
    let is_reference = |&field: &FieldId| model.field(field).references.is_some();
    by.iter().any(is_reference).then_some(())?;
    Some(Meaning::Expression(Expression::Together {
        by,
        amount: None,
        comparison,
        bound: Box::new(bound),
        condition: rows.condition.map(Box::new),
    }))
}

/// A whole number, in words or digits.
pub(super) fn whole_number(phrase: &str) -> Option<Literal> {
    match phrase {
        "once" | "one" => Some(Literal::Integer(1)),
        "twice" => Some(Literal::Integer(2)),
        phrase => whole(phrase),
    }
}

/// A number of rows above one: of one there is a key.
fn whole(phrase: &str) -> Option<Literal> {
    let named = NAMED.iter().position(|name| *name == phrase);
    let number = match named {
        Some(at) => Literal::Integer(i64::try_from(at).ok()? + 2),
        None => literal_number(phrase)?,
    };
    matches!(number, Literal::Integer(number) if number > 1).then_some(number)
}

/// The owner in "a workshop has", "each member can borrow".
fn subject(sentence: &Sentence<'_>, front: &str) -> Option<EntityId> {
    let front = front.trim_end();
    if let Some(owner) = rows_of::owner(sentence, strip_end(front, VERBS)) {
        return Some(owner);
    }
    // "can borrow", "may place": any one verb after the modal; "holds", "carries" after the owner itself.
    let (front, verb) = front.rsplit_once(' ')?;
    if verb.ends_with('s') && !matches!(verb, "is" | "does" | "was") {
        if let Some(owner) = rows_of::owner(sentence, front) {
            return Some(owner);
        }
    }
    let (front, modal) = front.rsplit_once(' ').unwrap_or((front, ""));
    let is_verb = !verb.is_empty() && verb.bytes().all(|it| it.is_ascii_lowercase());
    let modals = ["can", "may", "must", "cannot", "not", "only", "never"];
    let front = if modals.contains(&modal) { front } else { return None };
    let front = strip_end(front, &[" can", " may", " must", " does", " do"]);
    is_verb.then(|| rows_of::owner(sentence, front))?
}

/// The subject of a front that denies what follows: "a workshop never has", "no workshop may have".
fn denied(front: &str) -> Option<&str> {
    let front = strip_end(front.trim_end(), &[" have", " has", " be", " get", " gets"]);
    if front.starts_with("no ") {
        return Some(strip_end(front, &[" can", " may", " must"]));
    }
    DENIED.iter().find_map(|it| {
        let (subject, verb) = front.cut_at(it)?;
        // "cannot borrow more than": any one verb after what denies.
        (verb.trim().split(' ').count() == 1).then_some(subject)
    })
}

/// What stands before and after some words that begin a word of the text.
fn split_at_word<'t>(text: &'t str, lead: &str) -> Option<(&'t str, &'t str)> {
    text.holds(lead).then_some(())?;
    text.match_indices(lead)
        .find(|(at, _)| *at == 0 || text[..*at].ends_with(' '))
        .map(|(at, _)| (&text[..at], &text[at + lead.len()..]))
}

#[cfg(test)]
mod tests {
    use super::super::tests::check_among;
    use expect_test::expect;

    #[test]
    fn numbers_of_rows() {
        check_among(
            &[
                ("Workshop", "A workshop has at most 12 registrations"),
                ("Workshop", "A workshop can have no more than twelve registrations"),
                ("Workshop", "Each workshop may have up to 3 pending registrations"),
                ("Workshop", "A workshop never has more confirmed registrations than its seats"),
                ("Workshop", "A workshop cannot have more registrations than seats"),
                ("Registration", "No workshop may have more registrations than its seats"),
                ("Registration", "At most 5 confirmed registrations per workshop"),
                ("Registration", "A person may have at most 3 registrations per workshop"),
                ("Workshop", "The number of registrations of a workshop must not exceed its seats"),
                (
                    "Workshop",
                    "The number of confirmed registrations must never exceed the workshop's seats",
                ),
                ("Workshop", "Registrations of a workshop never exceed its seats"),
                (
                    "Workshop",
                    "`seats` of a workshop always equals the number of its confirmed registrations",
                ),
                ("Person", "A person can hold at most 4 workshops at a time"),
                ("Person", "A person must not have more than 2 pending registrations"),
            ],
            &expect![[r#"
                rule "A person can hold at most 4 workshops at a time" as text only
                rule "A workshop has at most 12 registrations": the number of rows of one workshop_id <= 12
                rule "A workshop can have no more than twelve registrations": the number of rows of one workshop_id <= 12
                rule "Each workshop may have up to 3 pending registrations": the number of rows of one workshop_id where status = 'pending' <= 3
                rule "A workshop never has more confirmed registrations than its seats": the number of rows of one workshop_id where status = 'confirmed' <= its seats
                rule "A workshop cannot have more registrations than seats": the number of rows of one workshop_id <= its seats
                rule "No workshop may have more registrations than its seats": the number of rows of one workshop_id <= its seats
                rule "At most 5 confirmed registrations per workshop": the number of rows of one workshop_id where status = 'confirmed' <= 5
                rule "A person may have at most 3 registrations per workshop": the number of rows of one person_id and workshop_id <= 3
                rule "The number of registrations of a workshop must not exceed its seats": the number of rows of one workshop_id <= its seats
                rule "The number of confirmed registrations must never exceed the workshop's seats": the number of rows of one workshop_id where status = 'confirmed' <= its seats
                rule "Registrations of a workshop never exceed its seats": the number of rows of one workshop_id <= its seats
                rule "`seats` of a workshop always equals the number of its confirmed registrations": the number of rows of one workshop_id where status = 'confirmed' = its seats
                rule "A person must not have more than 2 pending registrations": the number of rows of one person_id where status = 'pending' <= 2
            "#]],
        );
    }

    #[test]
    fn other_numbers_stay_text() {
        check_among(
            &[
                ("Workshop", "A workshop usually has at most 12 registrations"),
                ("Workshop", "A workshop has at most 12 registrations per day"),
                ("Workshop", "A workshop has at most 12 frozen registrations"),
                ("Workshop", "A workshop has at most 12 rooms"),
                ("Workshop", "A workshop has more registrations than its seats"),
                ("Workshop", "A workshop never has more registrations than last year"),
                ("Workshop", "A workshop has at least 3 registrations"),
                ("Payment", "A payment has at most 12 registrations"),
            ],
            &expect![[r#"
                rule "A workshop usually has at most 12 registrations" as text only
                rule "A workshop has at most 12 registrations per day" as text only
                rule "A workshop has at most 12 frozen registrations" as text only
                rule "A workshop has at most 12 rooms" as text only
                rule "A workshop has more registrations than its seats" as text only
                rule "A workshop never has more registrations than last year" as text only
                rule "A workshop has at least 3 registrations" as text only
                rule "A payment has at most 12 registrations" as text only
            "#]],
        );
    }

    #[test]
    fn an_owner_that_holds_rows() {
        check_among(
            &[
                (
                    "Workshop",
                    "A workshop holds at most `seats` registrations with status confirmed",
                ),
                ("Workshop", "A workshop carries at most 12 registrations"),
            ],
            &expect![[r#"
                rule "A workshop holds at most `seats` registrations with status confirmed": the number of rows of one workshop_id where status = 'confirmed' <= its seats
                rule "A workshop carries at most 12 registrations": the number of rows of one workshop_id <= 12
            "#]],
        );
    }

    #[test]
    fn rows_whose_state_stands_behind_them() {
        check_among(
            &[
                (
                    "Workshop",
                    "The number of registrations confirmed for a workshop must not exceed its seats",
                ),
                (
                    "Workshop",
                    "The number of registrations seen for a workshop must not exceed its seats",
                ),
            ],
            &expect![[r#"
                rule "The number of registrations seen for a workshop must not exceed its seats" as text only
                rule "The number of registrations confirmed for a workshop must not exceed its seats": the number of rows of one workshop_id where status = 'confirmed' <= its seats
            "#]],
        );
    }
}
