//! Which field the words of a query mean: "by customer", "date range", "their own", "pending".

use smol_str::SmolStr;
use underpin_read::{Bound, FilterOperator};

use crate::draft::Draft;
use crate::names::{fold_entity, fold_field, words};
use crate::{EntityId, FieldId, FieldKind};

/// The field that words mean in an entity, and the operator that they ask for there.
pub(crate) fn filter(
    draft: &Draft<'_>,
    entity: EntityId,
    text: &str,
    operator: &FilterOperator,
) -> Option<(FieldId, FilterOperator)> {
    if let FilterOperator::Constant(value) = operator
        && fold_field(value) == fold_field(text)
    {
        return adjective(draft, entity, text);
    }
    let found = field(draft, entity, text)?;
    // "without answers": a flag that is not set, or nothing there.
    if *operator == FilterOperator::Constant("false".to_owned())
        && draft.model.field(found).kind != FieldKind::Boolean
    {
        return Some((found, FilterOperator::IsNull));
    }
    // One day out of many moments is a range of them.
    let is_moment = matches!(draft.model.field(found).kind, FieldKind::Timestamp);
    let says_day =
        words(text).iter().any(|word| matches!(word.as_str(), "date" | "day" | "month" | "week"));
    let operator = if *operator == FilterOperator::Equals && is_moment && says_day {
        FilterOperator::Range
    } else {
        operator.clone()
    };
    Some((found, operator))
}

/// The field that words mean in an entity.
pub(crate) fn field(draft: &Draft<'_>, entity: EntityId, text: &str) -> Option<FieldId> {
    if let Some(actor) = own(text) {
        return owner(draft, entity, actor);
    }
    let all = words(&text.replace(|c: char| !(c.is_alphanumeric() || c == '_'), " "));
    let kept: Vec<&str> = all
        .iter()
        .map(SmolStr::as_str)
        .filter(|word| {
            !matches!(
                *word,
                "a" | "an"
                    | "the"
                    | "its"
                    | "their"
                    | "given"
                    | "specific"
                    | "current"
                    | "of"
                    | "s"
                    | "each"
                    | "any"
                    | "same"
                    | "particular"
            )
        })
        .collect();
    if kept.is_empty() {
        return None;
    }
    let phrase = kept.join(" ");
    let direct = draft
        .field_in_phrase(entity, &phrase)
        .or_else(|| same_but_for_plural(draft, entity, &phrase))
        .or_else(|| referring(draft, entity, &phrase))
        .or_else(|| referring_in_short(draft, entity, &phrase))
        .or_else(|| identifier(draft, entity, &kept))
        .or_else(|| moment(draft, entity, &phrase))
        // "id" is a part of all references, and none of them.
        .or_else(|| (kept != ["id"]).then(|| part_of_name(draft, entity, &kept)).flatten());
    if direct.is_some() {
        return direct;
    }
    // "order number" of an Order is its number, "host name" its host.
    let own_words = words(&draft.model.entity(entity).name);
    let without: Vec<&str> = kept
        .iter()
        .copied()
        .filter(|word| !own_words.iter().any(|own| fold_entity(own) == fold_entity(word)))
        .collect();
    if without.len() < kept.len() && !without.is_empty() {
        let phrase = without.join(" ");
        return draft
            .field_in_phrase(entity, &phrase)
            .or_else(|| part_of_name(draft, entity, &without));
    }
    // "Availability status" is the status, where there is no other.
    match kept.as_slice() {
        [_, last @ ("status" | "state")] => draft.field(entity, last),
        _ => None,
    }
}

/// What a document calls a condition that no field was found for.
pub(crate) fn unresolved(text: &str) -> String {
    match own(text) {
        Some("") => "user".to_owned(),
        Some(actor) => actor.to_lowercase(),
        None => text.to_owned(),
    }
}

/// Whether words surely name something that rows are asked for by, though no field is known for it:
/// a row's key, who owns it, an entity.
pub(crate) fn is_sure(draft: &Draft<'_>, text: &str) -> bool {
    text == "id" || draft.entity(own(text).unwrap_or(text)).is_some()
}

/// Whether words only say that rows are somebody's own, as permissions do.
pub(crate) fn is_own(text: &str) -> bool {
    own(text).is_some()
}

/// "own", "Client's own": who owns; `None` where the words say nothing of owning.
fn own(text: &str) -> Option<&str> {
    if text == "own" { Some("") } else { text.strip_suffix("'s own") }
}

/// Who owns, in lower case, where the words name somebody else than "the user".
pub(crate) fn actor(text: &str) -> Option<String> {
    let actor = own(text)?.trim().to_lowercase();
    (!matches!(actor.as_str(), "" | "user" | "users")).then_some(actor)
}

/// The reference to whoever acts: named like the actor, or the one that leads to users.
fn owner(draft: &Draft<'_>, entity: EntityId, actor: &str) -> Option<FieldId> {
    let named = || {
        let actor = actor.trim();
        let last = words(actor).pop()?;
        draft
            .field_in_phrase(entity, actor)
            .or_else(|| draft.field_in_phrase(entity, last.trim_end_matches('s')))
            .or_else(|| referring(draft, entity, actor))
    };
    let of = |name: &&str| {
        referring(draft, entity, name).or_else(|| draft.field(entity, &format!("{name} id")))
    };
    named()
        .or_else(|| ["user", "owner", "account", "member", "profile"].iter().find_map(of))
        .or_else(
            // Where nobody is said to act: the one kind of people that rows belong to.
            || if actor.is_empty() { only(PEOPLE.iter().filter_map(of)) } else { None },
        )
}

/// Nouns for people who have something of their own.
const PEOPLE: [&str; 20] = [
    "customer",
    "client",
    "student",
    "patient",
    "employee",
    "guest",
    "tenant",
    "buyer",
    "seller",
    "author",
    "driver",
    "learner",
    "player",
    "subscriber",
    "borrower",
    "donor",
    "applicant",
    "passenger",
    "renter",
    "resident",
];

fn fields<'d>(draft: &'d Draft<'_>, entity: EntityId) -> impl Iterator<Item = FieldId> + 'd {
    draft.model.entity(entity).fields.iter().copied()
}

/// The one of several; `None` where there are more.
fn only(mut found: impl Iterator<Item = FieldId>) -> Option<FieldId> {
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

fn same_but_for_plural(draft: &Draft<'_>, entity: EntityId, phrase: &str) -> Option<FieldId> {
    let folded = fold_entity(phrase);
    only(fields(draft, entity).filter(|&id| fold_entity(&draft.model.field(id).name) == folded))
}

/// The one reference to the entity that the words name.
pub(crate) fn referring(draft: &Draft<'_>, entity: EntityId, phrase: &str) -> Option<FieldId> {
    let target = draft.entity(phrase)?;
    let refers = |id: &FieldId| {
        draft.model.field(*id).references.as_ref().is_some_and(|to| to.entity == target)
    };
    let named = format!("{}id", fold_entity(&draft.model.entity(target).name));
    fields(draft, entity)
        .filter(refers)
        .find(|&id| fold_field(&draft.model.field(id).name) == named)
        .or_else(|| only(fields(draft, entity).filter(refers)))
}

/// The one reference to an entity whose name a word ends: "by item" where rows refer to an inventory item.
fn referring_in_short(draft: &Draft<'_>, entity: EntityId, phrase: &str) -> Option<FieldId> {
    let wanted = fold_entity(phrase);
    let refers = |id: &FieldId| {
        let target = draft.model.field(*id).references.as_ref().map(|it| it.entity);
        let last = target.and_then(|to| words(&draft.model.entity(to).name).pop());
        last.is_some_and(|last| fold_entity(&last) == wanted)
    };
    let is_word = !phrase.contains(' ') && draft.entity(phrase).is_none();
    is_word.then(|| only(fields(draft, entity).filter(refers))).flatten()
}

/// "id", or the entity's own name with it.
fn identifier(draft: &Draft<'_>, entity: EntityId, kept: &[&str]) -> Option<FieldId> {
    let (last, front) = kept.split_last()?;
    if !matches!(*last, "id" | "ids" | "identifier") {
        return None;
    }
    let is_own = front.is_empty() || draft.entity(&front.join(" ")) == Some(entity);
    match draft.model.entity(entity).primary_key.as_slice() {
        [key] if is_own => Some(*key),
        _ => None,
    }
}

/// The one time that rows are asked for by: the one whose name says so, else the one that tells
/// when the thing happens, else when it was made.
pub(crate) fn moment(draft: &Draft<'_>, entity: EntityId, phrase: &str) -> Option<FieldId> {
    if phrase == "age" {
        let created = draft.field(entity, "created at");
        let told = created
            .or_else(|| came(draft, entity))
            .or_else(|| only(moments_of_all(draft, entity).into_iter()));
        return told.or_else(|| moment(draft, entity, "date"));
    }
    let wanted = words(phrase);
    let last = wanted.last()?.trim_end_matches('s').to_owned();
    let is_time = matches!(
        last.as_str(),
        "date"
            | "time"
            | "day"
            | "range"
            | "period"
            | "month"
            | "week"
            | "year"
            | "timestamp"
            | "datetime"
            | "timeframe"
            | "frame"
    );
    if !is_time || wanted.len() > 2 {
        return None;
    }
    let times: Vec<FieldId> = fields(draft, entity)
        .filter(|&id| matches!(draft.model.field(id).kind, FieldKind::Timestamp | FieldKind::Date))
        .collect();
    let name = |id: FieldId| words(&draft.model.field(id).name);
    let says = |id: FieldId, any: &[&str]| name(id).iter().any(|word| any.contains(&word.as_str()));
    let is_audit = |id: FieldId| {
        says(
            id,
            &[
                "created", "updated", "modified", "deleted", "inserted", "changed", "archived",
                "sync", "create", "update", "delete",
            ],
        )
    };
    let events: Vec<FieldId> = times.iter().copied().filter(|&id| !is_audit(id)).collect();
    let starts = || {
        only(events.iter().copied().filter(|&id| {
            says(
                id,
                &["start", "starts", "started", "begin", "begins", "from", "occurred", "scheduled"],
            )
        }))
    };
    // The date of an invoice is its `invoice_date`, whatever else it has a date of.
    let own = || {
        let mut own = words(&draft.model.entity(entity).name);
        let last = own.pop()?;
        let is_own = |id: &FieldId| match name(*id).as_slice() {
            [front, end] => {
                fold_entity(front) == fold_entity(&last)
                    && matches!(end.as_str(), "date" | "time" | "datetime" | "at" | "timestamp")
            }
            _ => false,
        };
        only(events.iter().copied().filter(is_own))
    };
    only(events.iter().copied())
        .or_else(starts)
        .or_else(own)
        .or_else(|| only(events.iter().copied().filter(|&id| says(id, &["date"]))))
        .or_else(|| {
            let created = || {
                only(
                    times
                        .iter()
                        .copied()
                        .filter(|&id| says(id, &["created", "inserted", "create"])),
                )
            };
            if events.is_empty() { created() } else { None }
        })
}

/// The one time from which a row counts as old or new: where several times are kept, not that of a later state, nor one
/// that is still to come.
pub(crate) fn beginning(draft: &Draft<'_>, entity: EntityId) -> Option<FieldId> {
    const LATER: &[&str] = &[
        "due",
        "end",
        "ends",
        "ended",
        "expires",
        "expiry",
        "expiration",
        "until",
        "valid",
        "deadline",
        "birth",
        "updated",
        "modified",
        "deleted",
        "changed",
        "archived",
        "closes",
        "close",
    ];
    moment(draft, entity, "time").or_else(|| {
        let states: Vec<String> = fields(draft, entity)
            .filter_map(|id| draft.model.values_of(draft.model.field(id)))
            .flatten()
            .map(|value| fold_field(value))
            .collect();
        only(fields(draft, entity).filter(|&id| {
            let field = draft.model.field(id);
            let name = words(&field.name);
            let is_time = matches!(field.kind, FieldKind::Timestamp | FieldKind::Date);
            is_time
                && !name.iter().any(|word| {
                    LATER.contains(&word.as_str()) || states.contains(&fold_field(word))
                })
        }))
    })
}

/// What tells newer rows from older ones. A moment that comes later in the life of a row tells nothing of the rows that
/// have not come so far; keys that are counted up tell of all.
pub(crate) fn age(draft: &Draft<'_>, entity: EntityId) -> Option<FieldId> {
    let found = came(draft, entity)
        .or_else(|| beginning(draft, entity))
        .or_else(|| only(moments_of_all(draft, entity).into_iter()));
    let is_of_all = found.is_some_and(|id| draft.model.field(id).required != Some(false));
    found.filter(|_| is_of_all).or_else(|| counted_key(draft, entity)).or(found)
}

/// The moments that each row has.
fn moments_of_all(draft: &Draft<'_>, entity: EntityId) -> Vec<FieldId> {
    let is_of_all = |id: &FieldId| {
        let field = draft.model.field(*id);
        field.required == Some(true) && matches!(field.kind, FieldKind::Timestamp | FieldKind::Date)
    };
    fields(draft, entity).filter(is_of_all).collect()
}

/// The moment at which somebody brought a row, as the name of the field says: a bid that was placed today is newer than
/// one of yesterday, whichever delivery starts first.
fn came(draft: &Draft<'_>, entity: EntityId) -> Option<FieldId> {
    const BROUGHT: &[&str] = &[
        "placed",
        "submitted",
        "requested",
        "received",
        "registered",
        "posted",
        "ordered",
        "recorded",
        "booked",
        "admitted",
        "reported",
    ];
    only(moments_of_all(draft, entity).into_iter().filter(|&id| {
        let name = words(&draft.model.field(id).name);
        name.len() <= 2 && name.first().is_some_and(|word| BROUGHT.contains(&word.as_str()))
    }))
}

/// The key of an entity, where it is one whole number.
fn counted_key(draft: &Draft<'_>, entity: EntityId) -> Option<FieldId> {
    let &[key] = draft.model.entity(entity).primary_key.as_slice() else { return None };
    let is_counted = matches!(draft.model.field(key).kind, FieldKind::Integer { .. });
    is_counted.then_some(key)
}

/// The time at which the thing happens, where it is not only told when it was made.
fn event(draft: &Draft<'_>, entity: EntityId) -> Option<FieldId> {
    let found = moment(draft, entity, "date")?;
    let is_made = words(&draft.model.field(found).name)
        .iter()
        .any(|word| matches!(word.as_str(), "created" | "inserted" | "create"));
    (!is_made).then_some(found)
}

/// The one field whose name ends or begins with the words: "token" for `share_token`.
fn part_of_name(draft: &Draft<'_>, entity: EntityId, kept: &[&str]) -> Option<FieldId> {
    if kept.len() > 2
        || kept.iter().all(|word| matches!(*word, "id" | "name" | "number" | "key" | "at" | "is"))
            && kept.len() > 1
    {
        return None;
    }
    let parts = |id: FieldId| words(&draft.model.field(id).name);
    let same = |left: &[SmolStr]| {
        left.len() == kept.len()
            && left.iter().zip(kept).all(|(left, right)| fold_entity(left) == fold_entity(right))
    };
    let ends = only(fields(draft, entity).filter(|&id| {
        let parts = parts(id);
        parts.len() > kept.len() && same(&parts[parts.len() - kept.len()..])
    }));
    ends.or_else(|| {
        only(fields(draft, entity).filter(|&id| {
            let parts = parts(id);
            // `phone_normalized`, `parent_category_id`.
            parts.len() > kept.len() && parts.len() <= kept.len() + 2 && same(&parts[..kept.len()])
        }))
    })
}

/// The condition in an adjective: a flag of that name, a value of a list, a moment that is set.
fn adjective(draft: &Draft<'_>, entity: EntityId, word: &str) -> Option<(FieldId, FilterOperator)> {
    let plain = fold_field(word);
    let flag = |wanted: &str| {
        only(fields(draft, entity).filter(|&id| {
            let field = draft.model.field(id);
            let parts = words(&field.name);
            let name = match parts.split_first() {
                Some((first, rest))
                    if matches!(first.as_str(), "is" | "has" | "was") && !rest.is_empty() =>
                {
                    rest.concat()
                }
                _ => parts.concat(),
            };
            field.kind == FieldKind::Boolean && name == wanted
        }))
    };
    if let Some(id) = flag(&plain) {
        return Some((id, FilterOperator::Constant("true".to_owned())));
    }
    let value = |wanted: &str| {
        fields(draft, entity).find_map(|id| {
            let list = draft.enumeration_of(id)?;
            let values = &draft.model.enumeration(list).values;
            let value = values.iter().find(|value| fold_field(value) == wanted)?;
            Some((id, FilterOperator::Constant(value.clone())))
        })
    };
    if let Some(found) = value(&plain) {
        return Some(found);
    }
    let stamped = |wanted: &str| {
        only(fields(draft, entity).filter(|&id| {
            let field = draft.model.field(id);
            matches!(field.kind, FieldKind::Timestamp)
                && fold_field(&field.name) == format!("{wanted}at")
        }))
    };
    for negation in ["un", "in", "not"] {
        let Some(rest) = plain.strip_prefix(negation).map(|rest| rest.trim_start_matches('-'))
        else {
            continue;
        };
        if let Some(id) = flag(rest) {
            return Some((id, FilterOperator::Constant("false".to_owned())));
        }
        if let Some(id) = stamped(rest) {
            return Some((id, FilterOperator::IsNull));
        }
    }
    let bound = |id, bound| (id, FilterOperator::Bound(bound));
    match plain.as_str() {
        "expired" | "expiring" => only(fields(draft, entity).filter(|&id| {
            let field = draft.model.field(id);
            let says = words(&field.name).iter().any(|word| word.starts_with("expir"));
            says && matches!(field.kind, FieldKind::Timestamp | FieldKind::Date)
        }))
        .map(|id| bound(id, Bound::LessThan)),
        "overdue" | "due" => only(fields(draft, entity).filter(|&id| {
            let field = draft.model.field(id);
            words(&field.name).iter().any(|word| word == "due")
                && matches!(field.kind, FieldKind::Timestamp | FieldKind::Date)
        }))
        .map(|id| bound(id, Bound::LessThan)),
        // The rows of a tree are asked for by what they stand under.
        "tree" | "hierarchy" | "hierarchical" | "nested" | "subtree" => {
            only(fields(draft, entity).filter(|&id| {
                draft.model.field(id).references.as_ref().is_some_and(|to| to.entity == entity)
            }))
            .map(|id| (id, FilterOperator::Equals))
        }
        // Nothing was made in the future; what is past is told by when it happens.
        "upcoming" | "future" => event(draft, entity).map(|id| bound(id, Bound::AtLeast)),
        "past" => event(draft, entity).map(|id| bound(id, Bound::LessThan)),
        "old" => moment(draft, entity, "date").map(|id| bound(id, Bound::LessThan)),
        _ => stamped(&plain)
            .map(|id| (id, FilterOperator::IsPresent))
            .or_else(|| status(draft, entity, &plain)),
    }
}

/// "published posts": a value of the one status, where no document lists its values.
fn status(draft: &Draft<'_>, entity: EntityId, word: &str) -> Option<(FieldId, FilterOperator)> {
    let is_state = matches!(
        word,
        "published"
            | "draft"
            | "approved"
            | "rejected"
            | "pending"
            | "active"
            | "inactive"
            | "open"
            | "closed"
            | "completed"
            | "cancelled"
            | "canceled"
            | "archived"
            | "confirmed"
            | "shipped"
            | "delivered"
            | "paid"
            | "unpaid"
            | "failed"
            | "processed"
            | "scheduled"
            | "resolved"
            | "accepted"
            | "declined"
            | "submitted"
            | "enabled"
            | "disabled"
            | "blocked"
            | "suspended"
            | "sold"
            | "vacant"
    );
    let found = only(fields(draft, entity).filter(|&id| {
        let field = draft.model.field(id);
        matches!(fold_field(&field.name).as_str(), "status" | "state")
            && matches!(field.kind, FieldKind::Text { .. } | FieldKind::Unknown)
    }))?;
    (is_state && draft.enumeration_of(found).is_none())
        .then(|| (found, FilterOperator::Constant(word.to_owned())))
}

#[cfg(test)]
mod tests {
    use underpin_base::Sources;

    /// The fields that a query of stock movements filters by.
    fn filter(query: &str) -> String {
        let mut sources = Sources::default();
        let document = format!(
            "## Stock Item\n\n| Field | Type |\n|-|-|\n| id | uuid |\n\n## Movement\n\n| Field | Type |\n|-|-|\n| id | uuid |\n| status | text |\n\
             | stock_item_id | uuid, FK Stock Item |\n| movement_date | date |\n| due_date | date |\n\n## Access patterns\n\n- {query}\n"
        );
        sources.add("stock.md", document);
        let model = crate::build(&underpin_read::read(&sources), &sources);
        let pattern = model.patterns.first().expect("the query is read");
        let names = pattern.filter.iter().map(|filter| model.field(filter.field).name.as_str());
        names.collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn what_words_mean_in_an_entity() {
        assert_eq!(filter("list movements by item and date range"), "stock_item_id, movement_date");
        assert_eq!(filter("list movements by availability status"), "status");
        assert_eq!(filter("list movements by clerk"), "");
    }
}
