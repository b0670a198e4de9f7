//! Whose states a chain of them tells: by the item or the words over it, and what at its end is of something else.

use crate::document::Item;
use crate::lifecycle::{Holder, is_state_topic, titled};
use crate::notation::Output;
use crate::words::fold;

/// Whether what a chain ends with is done to something else, as "Invoice created" at the end of an order's steps: its field
/// has values, and this is none of them.
pub(super) fn is_effect(entity: &str, state: &str, out: &Output) -> bool {
    let is_other = |thing: &str| {
        let known = out.known.get(thing);
        known.is_some_and(|known| fold(known) != fold(entity))
    };
    let names_other = state.rsplit_once(' ').is_some_and(|(thing, _)| is_other(thing));
    let is_value = |values: &[String]| values.iter().any(|value| fold(value) == fold(state));
    let mut choices = out.choices_of(entity).peekable();
    names_other && choices.peek().is_some() && !choices.any(|(_, values)| is_value(values))
}

/// The thing that an item over other items names: "Booking:", "**Booking status**".
pub(super) fn named_by_item(item: &Item, out: &Output) -> Option<Holder> {
    let name = item.content.text.trim().trim_end_matches(':').trim();
    let entity = || out.known.get(name.trim_matches('`')).map(str::to_owned);
    let holder = |entity| Holder { entity, field: None };
    item.has_children
        .then(|| of_field(name, out).or_else(|| entity().map(holder)).or_else(|| titled(name, out)))
        .flatten()
}

/// "Room.status" over a life cycle.
pub(super) fn of_field(lead: &str, out: &Output) -> Option<Holder> {
    let (entity, field) = lead.trim().trim_end_matches(':').split_once('.')?;
    let is_path = crate::words::is_identifier(entity) && crate::words::is_identifier(field);
    let entity = out.known.get(entity).filter(|_| is_path)?;
    Some(Holder { entity: entity.to_owned(), field: Some(field.to_owned()) })
}

/// "State transitions of Payment" over a life cycle, under whatever heading.
pub(super) fn of_thing(lead: &str, out: &Output) -> Option<Holder> {
    let (before, thing) = lead.trim().trim_end_matches(':').split_once(" of ")?;
    let thing = thing.trim_start_matches("a ").trim_start_matches("an ");
    let thing = thing.trim_start_matches("the ").trim_matches('`');
    let entity = out.known.get(thing).filter(|_| is_state_topic(before))?;
    Some(Holder { entity: entity.to_owned(), field: None })
}
