//! How many rows there may be for one other: "one review per product and user", "a user has at most
//! one cart with status active", "at most one address per user has `is_default` true".

use underpin_base::Phrases;

use super::Meaning;
use super::equal::constant;
use super::sentence::{Sentence, after, compared, strip_end, strip_word, values};
use super::unique::key_fields;
use super::when;
use super::wording::Plain;
use crate::names::words;
use crate::{Comparison, EntityId, Expression, FieldId, FieldKind, Literal};

const ONE: &[&str] = &[
    "there must be at most one ",
    "there must be only one ",
    "there is at most one ",
    "there can be at most one ",
    "there may be at most one ",
    "there can be only one ",
    "there can only be one ",
    "there may only be one ",
    "there is only one ",
    "there is one ",
    "no more than one ",
    "not more than one ",
    "at most one ",
    "only one ",
    "exactly one ",
    "maximum one ",
    "max one ",
    "a single ",
    "one ",
];

/// Verbs between the owner and its one row.
const VERBS: &[&str] = &[
    " can have only one ",
    " may have only one ",
    " must have only one ",
    " has only one ",
    " can have at most one ",
    " may have at most one ",
    " must have at most one ",
    " must not have more than one ",
    " cannot have more than one ",
    " has at most one ",
    " has no more than one ",
    " can only have one ",
    " may only have one ",
];

/// A row of one entity for each of one or several others.
pub(crate) fn sentence(sentence: &Sentence<'_>) -> Option<Meaning> {
    let in_order = said_of_row(sentence.text);
    let text = in_order.as_deref().unwrap_or(sentence.text);
    let text = strip_end(text, &[" at most"]);
    // What is counted, or that it is said twice.
    sentence.lower.first_of(&["one ", "a single ", ": "])?;
    if let Some((general, precise)) = text.cut_at(": ") {
        return said_twice(sentence, general, precise);
    }
    let (noun, scope) = match after(text, ONE) {
        Some(rest) => match split_scope(rest) {
            Some(parts) => parts,
            None => return alone(sentence, rest),
        },
        None => {
            let (verb, at) = sentence.lower.first_of(VERBS)?;
            let noun = &text[at + verb.len()..];
            match split_scope(noun) {
                // "A user has at most one review per product": of both.
                Some((noun, scope)) => {
                    let (entity, condition) = row_phrase(sentence, noun)?;
                    let mut fields = key_fields(sentence, entity, &text[..at])?;
                    for field in key_fields(sentence, entity, scope)? {
                        if !fields.contains(&field) {
                            fields.push(field);
                        }
                    }
                    return Some(Meaning::Unique { fields, condition });
                }
                None => (noun, &text[..at]),
            }
        }
    };
    // "per user has `is_default` true": what the one row has stands after the scope.
    let (scope, has) = match scope.cut_at(" has ").or_else(|| scope.cut_at(" with ")) {
        Some((scope, has)) => (scope, Some(has)),
        None => match scope.cut_at(" is ") {
            Some((scope, has)) => (scope, Some(has)),
            None => (scope, None),
        },
    };
    let noun = strip_end(noun, &[" is allowed", " allowed", " exists"]);
    // "One offering of a course per term": of both.
    let (noun, of) = match noun.cut_at(" of ") {
        Some((noun, of)) if row_phrase(sentence, noun).is_some() => (noun, Some(of)),
        Some(_) | None => (noun, None),
    };
    let (entity, mut condition) = row_phrase(sentence, noun)?;
    if let Some(has) = has {
        if condition.is_some() {
            return None;
        }
        condition = Some(row_condition(sentence, entity, has)?);
    }
    let scope = strip_end(scope, &[" at a time", " at any time"]);
    let mut fields = match of {
        Some(of) => key_fields(sentence, entity, of)?,
        None => Vec::new(),
    };
    for field in key_fields(sentence, entity, scope)? {
        if !fields.contains(&field) {
            fields.push(field);
        }
    }
    Some(Meaning::Unique { fields, condition })
}

/// "Only one active game at any time": among all rows, so that the key is the condition's own field.
fn alone(sentence: &Sentence<'_>, noun: &str) -> Option<Meaning> {
    let noun = strip_end(noun, &[" is allowed", " allowed", " may exist", " can exist", " exists"]);
    let (_, condition) = row_phrase(sentence, noun)?;
    let condition = condition?;
    let fields = match &condition {
        Expression::Field(field) => vec![*field],
        Expression::Compare(left, Comparison::Equal, _) => match left.as_ref() {
            Expression::Field(field) => vec![*field],
            _ => return None,
        },
        _ => return None,
    };
    Some(Meaning::Unique { fields, condition: Some(condition) })
}

/// "application per call that is not withdrawn": what is said last is said of the row.
fn said_of_row(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let (per, from) = lower.first_of(&[" per ", " for each ", " for every "])?;
    let (that, at) = lower.first_of(&[" that is ", " which is ", " that has not been "])?;
    let is_last = at > from + per.len() && !text[at + that.len()..].contains(',');
    is_last.then(|| format!("{}{}{}", &text[..from], &text[at..], &text[from..at]))
}

/// "cart per user": the row and its scope.
fn split_scope(rest: &str) -> Option<(&str, &str)> {
    let lower = rest.to_ascii_lowercase();
    let (separator, at) =
        lower.first_of(&[" per ", " for each ", " for every ", " for the same "])?;
    Some((&rest[..at], &rest[at + separator.len()..]))
}

/// "At most one review per product: the pair of a and b must be unique". The second half is the
/// rule; the first must be the same in other words, or nothing else than an introduction to it.
fn said_twice(outer: &Sentence<'_>, general: &str, precise_text: &str) -> Option<Meaning> {
    let plain = Plain::new(precise_text);
    let inside = outer.saying(&plain, outer.entity(), outer.field());
    let precise = super::unique::sentence(&inside)?;
    let Meaning::Unique { fields, .. } = &precise else { return None };
    let lower = general.to_ascii_lowercase();
    let counts_one = [
        " at most one ",
        " only one ",
        " no more than one ",
        " a single ",
        " only once ",
        " at most once ",
        " once per ",
    ]
    .iter()
    .any(|one| format!(" {lower} ").contains(one));
    // Each field of the key must be one that the first half speaks of.
    let owner = fields.first().map(|&field| outer.draft().model.field(field).entity)?;
    let spoken = words(general);
    let names_all = fields.iter().all(|&id| {
        let field = outer.draft().model.field(id);
        let target =
            field.references.as_ref().map(|to| &outer.draft().model.entity(to.entity).name);
        let said = |name: &str| {
            let name = words(name);
            spoken.windows(name.len().max(1)).any(|window| window == name.as_slice())
        };
        said(&field.name) || target.is_some_and(|name| said(name))
    });
    // A list of names in brackets speaks for itself.
    let is_list = precise_text.trim_start().starts_with('(');
    (counts_one && (names_all || is_list) && owner == outer.entity()).then_some(precise)
}

/// "active cart", "cart with `status` `active`", "payment whose `status` is `a` or `b`": the entity,
/// and the condition that the words around it make.
pub(super) fn row_phrase(
    sentence: &Sentence<'_>,
    noun: &str,
) -> Option<(EntityId, Option<Expression<FieldId>>)> {
    let noun = strip_end(noun, &[" at a time", " at any time"]);
    if let Some((noun, done)) = noun.cut_at(" that has not been ") {
        let entity = row_entity(sentence, noun)?;
        return Some((
            entity,
            Some(row_condition(sentence, entity, &format!("it is not {done}"))?),
        ));
    }
    for separator in [
        " whose ",
        " with ",
        " where ",
        " that is ",
        " which is ",
        " that are ",
        " which are ",
        " in ",
    ] {
        if let Some((noun, has)) = noun.cut_at(separator) {
            let entity = row_entity(sentence, noun)?;
            let has = match separator {
                " in " => format!("in {has}"),
                " that is " | " which is " | " that are " | " which are "
                    if has.starts_with("not ") =>
                {
                    format!("it is {has}")
                }
                _ => has.to_owned(),
            };
            let condition = row_condition(sentence, entity, &has).or_else(|| {
                // "tickets that are not voided", where a moment says so
                let is_relative =
                    separator.starts_with(" that ") || separator.starts_with(" which ");
                let rows = format!("{noun}{separator}{}", has.trim_start_matches("it is "));
                let model = &sentence.draft().model;
                is_relative.then(|| super::parsed::rows_said(model, entity, &rows))?
            });
            return Some((entity, Some(condition?)));
        }
    }
    // "open loan (returned_on is empty)": the condition stands in brackets, whatever word sums it up.
    if let Some((noun, inside)) = noun.strip_suffix(')').and_then(|it| it.cut_at(" (")) {
        let parts = words(noun);
        let entity =
            (0..parts.len()).find_map(|from| row_entity(sentence, &parts[from..].join(" ")))?;
        let inside = strip_word(strip_word(inside, "where"), "with");
        return Some((entity, Some(row_condition(sentence, entity, inside)?)));
    }
    if let Some(entity) = row_entity(sentence, noun) {
        return Some((entity, None));
    }
    let parts = words(noun);
    let (entity, front) = (1..parts.len()).find_map(|from| {
        Some((row_entity(sentence, &parts[from..].join(" "))?, parts[..from].join(" ")))
    })?;
    let no_words = Plain::new("");
    let about = sentence.saying(&no_words, entity, None);
    Some((entity, Some(when::adjective(&about, &front)?)))
}

/// The entity of a noun; in its own section "snapshot" is enough for a `SetSnapshot`.
fn row_entity(sentence: &Sentence<'_>, noun: &str) -> Option<EntityId> {
    let noun = strip_end(noun.trim(), &[" record", " row", " entry"]);
    sentence.draft().noun(noun).or_else(|| {
        let own = words(&sentence.draft().model.entity(sentence.entity()).name);
        let mut said = words(noun);
        // A row of a member is a membership.
        if let Some(last) = said.last_mut() {
            if let Some(person) = last.strip_suffix("ship").map(Into::into) {
                *last = person;
            }
        }
        (!said.is_empty() && own.ends_with(&said)).then_some(sentence.entity())
    })
}

/// "`status` `active`", "`status` is `a`, `b` or `c`", "`is_default` true", "`is_default` set".
pub(super) fn row_condition(
    sentence: &Sentence<'_>,
    entity: EntityId,
    text: &str,
) -> Option<Expression<FieldId>> {
    let plain = Plain::new(text);
    let about = sentence.saying(&plain, entity, None);
    if let Some(condition) = when::condition(&about, about.text) {
        return Some(condition);
    }
    let text = strip_word(strip_word(about.text, "the"), "a");
    text.match_indices(' ').find_map(|(at, _)| {
        let field = about.field_phrase(&text[..at])?;
        let said = text[at..].trim();
        if *about.kind(field) == FieldKind::Boolean {
            return match said.to_ascii_lowercase().as_str() {
                "true" | "set" => Some(Expression::Field(field)),
                "false" => Some(Expression::Not(Box::new(Expression::Field(field)))),
                _ => None,
            };
        }
        if !matches!(about.kind(field), FieldKind::Enumeration(_)) {
            return None;
        }
        let list = values(strip_word(said, "of"));
        let list =
            list.iter().map(|value| constant(&about, field, value)).collect::<Option<Vec<_>>>()?;
        one_of(field, list)
    })
}

fn one_of(field: FieldId, mut list: Vec<Literal>) -> Option<Expression<FieldId>> {
    match list.len() {
        0 => None,
        1 => Some(compared(field, Comparison::Equal, list.pop()?)),
        _ => Some(Expression::OneOf(Box::new(Expression::Field(field)), list)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;
    use expect_test::expect;

    #[test]
    fn one_among_some() {
        check(
            &[
                ("Cart", "A user has at most one cart with `status` `active`"),
                ("User", "A user has at most one cart whose `status` is `active` or `abandoned`"),
                ("Review", "At most one review per user and product"),
                ("Review", "There must be at most one review per user has `is_pinned` true"),
                ("Review", "A user has at most one review per rating"),
                ("Cart", "A user may have only one cart per year that is not abandoned"),
                ("Cart", "There is only one cart per user that is not abandoned"),
            ],
            &expect![[r#"
                rule "A user has at most one cart whose `status` is `active` or `abandoned`" became unique (user_id) where status in ('active', 'abandoned')
                unique user_id, product_id
                unique user_id where is_pinned
                unique user_id, rating
                rule "At most one review per user and product" became unique (user_id, product_id)
                rule "There must be at most one review per user has `is_pinned` true" became unique (user_id) where is_pinned
                rule "A user has at most one review per rating" became unique (user_id, rating)
                unique user_id where status = 'active'
                unique user_id where status in ('active', 'abandoned')
                unique user_id where not (status = 'abandoned')
                rule "A user has at most one cart with `status` `active`" became unique (user_id) where status = 'active'
                rule "A user may have only one cart per year that is not abandoned" as text only
                rule "There is only one cart per user that is not abandoned" became unique (user_id) where not (status = 'abandoned')
            "#]],
        );
    }

    #[test]
    fn one_in_two_halves() {
        check(
            &[(
                "Review",
                "A user writes at most one review per product: the pair of `product_id` and \
                 `user_id` must be unique",
            )],
            &expect![[r#"
                unique product_id, user_id
                rule "A user writes at most one review per product: the pair of `product_id` and `user_id` must be unique" became unique (product_id, user_id)
            "#]],
        );
    }

    #[test]
    fn other_counts_stay_text() {
        check(
            &[
                ("Cart", "A user has at most one cart with many items"),
                ("Cart", "At most one cart per household has `status` `active`"),
                ("Cart", "A user has at most one cart with `status` `frozen`"),
                ("Cart", "A user has at most two carts"),
                ("Cart", "An active cart per user must have one item"),
            ],
            &expect![[r#"
                rule "A user has at most one cart with many items" as text only
                rule "At most one cart per household has `status` `active`" as text only
                rule "A user has at most one cart with `status` `frozen`" as text only
                rule "A user has at most two carts": the number of rows of one user_id <= 2
                rule "An active cart per user must have one item" as text only
            "#]],
        );
    }
}
