//! What becomes of rows when the row that they refer to is deleted: "Deleting an order deletes its
//! lines", "A room with bookings cannot be deleted".

use underpin_base::Phrases;

use super::Meaning;
use super::sentence::{Sentence, after, strip_end, strip_word};
use crate::names::words;
use crate::{EntityId, FieldId, OnDelete};

/// Before what is deleted: "Deleting an order …".
const DELETING: &[&str] = &[
    "deleting ",
    "removing ",
    "deletion of ",
    "the deletion of ",
    "removal of ",
    "when deleting ",
];

/// Verbs of the deletion that take the rows along.
const TAKES_ALONG: &[&str] = &[
    " also deletes ",
    " also removes ",
    " deletes ",
    " removes ",
    " cascades to ",
    " must delete ",
    " must also delete ",
    " must remove ",
];

/// Verbs of the deletion that let the reference go.
const LETS_GO: &[&str] =
    &[" clears ", " unsets ", " nulls ", " resets ", " empties ", " sets to null "];

/// Ends that say that a deletion does not come about.
const REFUSED: &[&str] = &[
    " is refused",
    " is rejected",
    " is forbidden",
    " is not allowed",
    " is not permitted",
    " is prohibited",
    " is blocked",
    " is prevented",
    " is impossible",
    " must be refused",
    " must be rejected",
    " must be prevented",
    " must fail",
    " fails",
];

/// The same of the row: "a room … cannot be deleted".
const CANNOT: &[&str] = &[
    " cannot be deleted",
    " cannot be removed",
    " must not be deleted",
    " must not be removed",
    " may not be deleted",
    " may not be removed",
    " is not deletable",
    " can never be deleted",
];

/// Between a row and the rows that it has.
const WITH: &[&str] = &[
    " that still has ",
    " which still has ",
    " that has ",
    " which has ",
    " who has ",
    " that have ",
    " who have ",
    " having ",
    " with existing ",
    " with any ",
    " with ",
    " while it still has ",
    " while it has ",
    " as long as it has ",
    " if it still has ",
    " if it has ",
    " when it has ",
    " while there are ",
    " if there are ",
    " while ",
    " that are used by ",
    " that is used by ",
    " which are used by ",
    " that are used in ",
    " that is used in ",
    " referenced by ",
    " used by ",
    " used in ",
];

/// A sentence about a deletion.
pub(crate) fn sentence(sentence: &Sentence<'_>) -> Option<Meaning> {
    let text = sentence.lower;
    text.first_of(&["delet", "remov"])?;
    // "Order 1:N Line: lines are deleted with their order"
    let text = text.rsplit_once(": ").map_or(text.as_str(), |(_, said)| said);
    let text = strip_end(text, &[" too", " as well", " automatically", " also"]);
    let text = &*belonging(text).unwrap_or_else(|| text.to_owned());
    let found = refused(sentence, text)
        .or_else(|| acting(sentence, text))
        .or_else(|| passive(sentence, text))?;
    let (fields, on_delete) = found;
    Some(Meaning::Deletion { fields, on_delete })
}

/// "Lines belong to their order and are deleted with it": whose they are stands before what becomes of them.
fn belonging(text: &str) -> Option<String> {
    let (rows, rest) = text.cut_at(" belong to ").or_else(|| text.cut_at(" belongs to "))?;
    let (owner, said) = rest.cut_at(" and ")?;
    let said = ["with it", "with them", "together with it", "along with it"]
        .iter()
        .find_map(|end| said.strip_suffix(end))?;
    Some(format!("{rows} {said}with {owner}"))
}

type Found = (Vec<FieldId>, OnDelete);

/// "A room with bookings cannot be deleted", "Deleting a room with bookings is refused".
fn refused(sentence: &Sentence<'_>, text: &str) -> Option<Found> {
    // What stands behind the verb may be the rows: "cannot be deleted while it has bookings".
    let without = |text: &str, verbs: &[&str]| {
        verbs.iter().find_map(|verb| {
            let at = text.place_of(verb)?;
            Some(format!("{}{}", &text[..at], &text[at + verb.len()..]))
        })
    };
    let of_act = DELETING
        .iter()
        .find_map(|lead| text.strip_prefix(lead))
        .and_then(|rest| without(rest, REFUSED));
    let row = of_act.or_else(|| without(text, CANNOT))?;
    let (with, at) = row.first_of(WITH)?;
    let parent = entity(sentence, &row[..at])?;
    let rows = strip_end(
        strip_end(&row[at + with.len()..], &[" exist"]),
        &[
            " referring to it",
            " that refer to it",
            " refer to it",
            " that reference it",
            " reference it",
            " of it",
            " attached",
        ],
    );
    let fields = references(sentence, parent, rows)?;
    Some((fields, OnDelete::Restrict))
}

/// "Deleting an order deletes its lines", "Deleting a user clears the assignee".
fn acting(sentence: &Sentence<'_>, text: &str) -> Option<Found> {
    let rest = DELETING.iter().find_map(|lead| text.strip_prefix(lead))?;
    let split = |verbs: &[&str]| {
        rest.cut_at_any(verbs).map(|(row, rows)| (row.to_owned(), rows.to_owned()))
    };
    if let Some((row, rows)) = split(TAKES_ALONG) {
        let parent = entity(sentence, &row)?;
        let mut fields = Vec::new();
        // "its reviews and its instalments"
        for rows in rows.split(", ").flat_map(|part| part.split(" and ")) {
            fields.extend(only(references(sentence, parent, strip_word(rows.trim(), "and"))?)?);
        }
        return Some((fields, OnDelete::Cascade));
    }
    let (row, field) = split(LETS_GO)?;
    // "a user who is the assignee"
    let row = row.cut_at(" who ").or(row.cut_at(" that ")).map_or(&*row, |(row, _)| row);
    let parent = entity(sentence, row)?;
    Some((vec![reference_named(sentence, parent, &field)?], OnDelete::SetNull))
}

/// "Lines are deleted with their order", "when an order is deleted, its lines are deleted".
fn passive(sentence: &Sentence<'_>, text: &str) -> Option<Found> {
    const VERBS: &[&str] = &[" are deleted", " is deleted", " are removed", " is removed"];
    const CLEARED: &[&str] =
        &[" is set to null", " is cleared", " is unset", " becomes null", " is emptied"];
    let gone =
        |text: &str| VERBS.iter().find_map(|verb| text.strip_suffix(verb)).map(str::to_owned);
    let when = |text: &str| {
        let row = gone(after(text, &["when ", "if ", "whenever ", "once "])?.trim())?;
        entity(sentence, &row)
            .map(Parent::Entity)
            .or_else(|| Some(Parent::Role(reference_called(sentence, without_article(&row))?)))
    };
    // "when an order is deleted, its lines are deleted", "lines are deleted when their order is deleted"
    let clauses =
        text.cut_at(", ").and_then(|(row, then)| Some((when(row)?, then))).or_else(|| {
            let at = [" when ", " if ", " once "].iter().find_map(|word| text.place_of(word))?;
            Some((when(text[at..].trim())?, &text[..at]))
        });
    if let Some((Parent::Role(field), then)) = &clauses {
        // "If a guardian is deleted, the students stay": the role is the reference.
        let stays = KEPT.iter().any(|verb| then.ends_with(verb));
        return (stays && is_optional(sentence, *field)).then(|| (vec![*field], OnDelete::SetNull));
    }
    if let Some((Parent::Entity(parent), then)) = clauses {
        let then = strip_end(
            then,
            &[" also", " too", " as well", " along with it", " together with it", " with it"],
        );
        // "its measurements stay and lose their instrument"
        let stay = then
            .cut_at_any(&[" and lose ", " and loses ", " and keep no ", " but lose ", " without "])
            .map_or(then, |(front, _)| front);
        if let Some(rows) = KEPT.iter().find_map(|verb| stay.strip_suffix(verb)) {
            return kept(sentence, parent, rows);
        }
        if let Some(rows) = gone(then) {
            let rows = strip_end(&rows, &[" also"]);
            return Some((only(references(sentence, parent, rows)?)?, OnDelete::Cascade));
        }
        let field = CLEARED.iter().find_map(|verb| then.strip_suffix(verb))?;
        return Some((vec![reference_named(sentence, parent, field)?], OnDelete::SetNull));
    }
    let (rows, row) =
        text.cut_at_any(&[" deleted with ", " deleted together with ", " deleted along with "])?;
    let rows = strip_end(rows, &[" are", " is", " must be", " get", " are to be"]);
    let parent = entity(sentence, row)?;
    let mut fields = Vec::new();
    // "Tickets and notes are deleted together with their order"
    for rows in rows.split(", ").flat_map(|part| part.split(" and ")) {
        fields.extend(only(references(sentence, parent, strip_word(rows.trim(), "and"))?)?);
    }
    Some((fields, OnDelete::Cascade))
}

/// What is deleted: a row of an entity, or what one reference leads to.
enum Parent {
    Entity(EntityId),
    Role(FieldId),
}

/// Verbs of rows that outlive what they refer to.
const KEPT: &[&str] = &[
    " stay",
    " stays",
    " remain",
    " remains",
    " are kept",
    " is kept",
    " are preserved",
    " are retained",
    " is retained",
    " are not deleted",
    " is not deleted",
    " must be kept",
];

/// Rows that stay while what they refer to goes: the reference lets go, where it may be empty.
fn kept(sentence: &Sentence<'_>, parent: EntityId, rows: &str) -> Option<Found> {
    let fields = only(references(sentence, parent, rows)?)?;
    fields.iter().all(|&field| is_optional(sentence, field)).then_some((fields, OnDelete::SetNull))
}

fn is_optional(sentence: &Sentence<'_>, field: FieldId) -> bool {
    sentence.model_so_far().field(field).required != Some(true)
}

/// The one reference of this role, in any entity.
fn reference_called(sentence: &Sentence<'_>, role: &str) -> Option<FieldId> {
    let model = &sentence.draft().model;
    let mut named = model.entities().filter_map(|(id, _)| {
        let field = sentence.draft().field(id, &format!("{role} id"))?;
        is_optional(sentence, field).then_some(field)
    });
    let only = named.next()?;
    named.next().is_none().then_some(only)
}

fn without_article(phrase: &str) -> &str {
    [
        "all", "any", "of", "the", "a", "an", "its", "their", "each", "every", "his", "or", "her",
        "open", "existing",
    ]
    .iter()
    .fold(phrase.trim(), |phrase, word| strip_word(phrase, word))
}

fn entity(sentence: &Sentence<'_>, phrase: &str) -> Option<EntityId> {
    sentence.draft().noun(without_article(phrase))
}

/// One row that goes along is one reference: of two, the sentence does not say which.
fn only(fields: Vec<FieldId>) -> Option<Vec<FieldId>> {
    (fields.len() == 1).then_some(fields)
}

/// The fields by which rows refer to others: "its lines", "lines and notes", "the order's lines".
fn references(sentence: &Sentence<'_>, parent: EntityId, rows: &str) -> Option<Vec<FieldId>> {
    let model = &sentence.draft().model;
    let mut found = Vec::new();
    let rows = rows.replace(" and ", ",").replace(" or ", ",");
    for part in rows.split(',').filter(|part| !part.trim().is_empty()) {
        let part = without_article(part);
        let part = part.cut_at("'s ").map_or(part, |(_, noun)| noun);
        let child = sentence.draft().noun(part).or_else(|| child_called(sentence, parent, part))?;
        let leading: Vec<FieldId> = model
            .fields_of(child)
            .filter(|(_, field)| field.references.as_ref().is_some_and(|it| it.entity == parent))
            .map(|(id, _)| id)
            .collect();
        if leading.is_empty() || child == parent {
            return None;
        }
        found.extend(leading);
    }
    (!found.is_empty()).then_some(found)
}

/// "lines" of an order are its `OrderLine`s.
fn child_called(sentence: &Sentence<'_>, parent: EntityId, noun: &str) -> Option<EntityId> {
    let model = &sentence.draft().model;
    let said = words(noun);
    let own = words(&model.entity(parent).name);
    let mut called = model.entities().filter(|(_, entity)| {
        let name = words(&entity.name);
        name.strip_prefix(own.as_slice()).is_some_and(|rest| {
            rest.len() == said.len()
                && rest
                    .iter()
                    .zip(&said)
                    .all(|(one, other)| one.trim_end_matches('s') == other.trim_end_matches('s'))
        })
    });
    let (only, _) = called.next()?;
    called.next().is_none().then_some(only)
}

/// The one reference to an entity that is called so: "the assignee", "the ticket's assignee".
fn reference_named(sentence: &Sentence<'_>, parent: EntityId, phrase: &str) -> Option<FieldId> {
    let model = &sentence.draft().model;
    let phrase = without_article(phrase);
    let (owner, name) = match (phrase.cut_at("'s "), phrase.cut_at(" of ")) {
        (Some((owner, name)), _) | (None, Some((name, owner))) => (Some(owner), name),
        (None, None) => (None, phrase),
    };
    let owner = match owner {
        Some(owner) => Some(entity(sentence, owner)?),
        None => None,
    };
    let mut named =
        model.entities().filter(|(id, _)| owner.is_none_or(|it| it == *id)).flat_map(|(id, _)| {
            let field = sentence
                .draft()
                .field(id, name)
                .or_else(|| sentence.draft().field(id, &format!("{name} id")));
            field.into_iter().filter(|&field| {
                model.field(field).references.as_ref().is_some_and(|it| it.entity == parent)
            })
        });
    let only = named.next()?;
    named.next().is_none().then_some(only)
}

#[cfg(test)]
mod tests {
    use crate::test_support::Facts;

    fn said(rule: &str) -> String {
        let (model, _) = Facts::default()
            .entity("User")
            .field("User", "id: uuid*")
            .entity("Ticket")
            .field("Ticket", "id: uuid*")
            .field("Ticket", "requester_id: uuid! -> User")
            .field("Ticket", "assignee_id: uuid -> User")
            .entity("TicketLine")
            .field("TicketLine", "id: uuid*")
            .field("TicketLine", "ticket_id: uuid! -> Ticket")
            .rule("Ticket", rule)
            .build();
        model.rules[0].became.clone().unwrap_or_else(|| "not understood".to_owned())
    }

    #[test]
    fn what_goes_along_what_is_refused_what_is_let_go() {
        let along = "`TicketLine.ticket_id` is on delete cascade";
        let refused = "`Ticket.requester_id` is on delete restrict and `Ticket.assignee_id` is on delete restrict";
        let cleared = "`Ticket.assignee_id` is on delete set null";
        for (rule, wanted) in [
            ("Deleting a ticket deletes its lines", along),
            ("Deleting a ticket also removes all its ticket lines.", along),
            ("Ticket lines are deleted with the ticket", along),
            ("When a ticket is deleted, its lines are deleted too", along),
            ("Lines are deleted when their ticket is deleted", along),
            ("Ticket lines belong to their ticket and are deleted with it", along),
            ("Ticket 1:N TicketLine: lines are deleted with their ticket", along),
            ("When a ticket is deleted, its lines are deleted with it", along),
            ("A user with tickets cannot be deleted", refused),
            ("Deleting a user is refused while it has tickets", refused),
            ("Deleting a user who has tickets is refused", refused),
            ("A user must not be deleted while there are tickets that refer to it", refused),
            ("Deleting a user who is the assignee clears the assignee", cleared),
            ("When a user is deleted, the ticket's assignee is set to null", cleared),
        ] {
            assert_eq!(said(rule), wanted, "{rule}");
        }
    }

    #[test]
    fn what_is_not_said_stays_text() {
        for rule in [
            // Which of the two references is not said.
            "Deleting a user deletes the user's tickets",
            "Deleted tickets are kept for a year",
            "Only admins delete tickets",
            "A ticket cannot be deleted",
            "Deleting a ticket deletes its attachments",
            "Deleting a user clears the cache",
        ] {
            assert_eq!(said(rule), "not understood", "{rule}");
        }
    }
}
