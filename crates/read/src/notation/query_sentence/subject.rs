//! What "filter by status" filters, where the clause itself does not say it.

use smol_str::SmolStr;
use std::cell::OnceCell;
use std::collections::BTreeMap;

use crate::document::{BlockKind, Document};
use crate::notation::{Output, mentioned};
use crate::query_phrase::{self, Clause};
use crate::words::lower_words;

/// What the sections of a document speak of.
pub(super) struct Subjects<'d> {
    document: &'d Document<'d>,
    /// The entity that each section speaks of most. Most documents never need to know.
    themes: OnceCell<BTreeMap<usize, String>>,
}

impl<'d> Subjects<'d> {
    pub(super) fn of(document: &'d Document<'d>) -> Self {
        Self { document, themes: OnceCell::new() }
    }

    /// The one entity that the heading of a section names: "Order history".
    fn titled(&self, section: usize, out: &Output) -> Option<String> {
        let mut named = mentioned(self.document.title(section), out);
        named.pop().filter(|_| named.is_empty())
    }

    fn theme(&self, section: usize, out: &Output) -> Option<&String> {
        self.themes.get_or_init(|| themes(self.document, out)).get(&section)
    }

    /// What "filter by status and source" filters: what the sentence names before, the one entity
    /// that has most of these fields, what the sentence before asked for, or what the section speaks
    /// of.
    pub(super) fn find(
        &self,
        clause: &Clause,
        section: Option<usize>,
        last: Option<&str>,
        out: &Output,
    ) -> Option<String> {
        // "manage products (add, filter by price)": the noun before the bracket, or nothing known.
        if let Some((outside, inside)) = clause.before.rsplit_once('(')
            && !inside.contains(')')
        {
            return mentioned(outside, out).pop();
        }
        // Who asks is not what is asked for.
        let actor = clause.actor.as_deref().and_then(|actor| {
            let of_role = || out.known.get("User").filter(|_| out.prose.is_role(actor));
            out.known.get(actor).or_else(of_role)
        });
        // "User ID, optional filters" is about whatever has a user.
        let before = clause.before.replace(" ID", "Id").replace(" id,", "Id,");
        if let Some(named) = query_phrase::named(&before, out).pop() {
            if actor != Some(named.as_str()) {
                return Some(named);
            }
        }
        // What is spoken of, unless it is known to have none of these fields.
        let asked = query_phrase::fields_after_by(&clause.phrase);
        let may_have = |entity: &String| {
            asked.is_empty()
                || !out.has_fields(entity)
                || asked.iter().any(|field| {
                    out.field(entity, field).is_some() || has_field_like(entity, field, out)
                })
        };
        let titled = || self.titled(section?, out);
        let theme = || self.theme(section?, out).cloned();
        // "Members management" over a filter by name and phone, where trainers have these too.
        let managed = || {
            let title = self.document.title(section?);
            let is_managed = lower_words(title).iter().any(|word| word == "management");
            titled().filter(|entity| is_managed && !asked.is_empty() && may_have(entity))
        };
        managed()
            .or_else(|| with_most_fields(&asked, out))
            .or_else(|| last.map(str::to_owned).filter(may_have))
            .or_else(|| titled().filter(may_have))
            .or_else(|| theme().filter(may_have))
    }
}

/// Whether an entity has a field whose name begins with the words; a time it has.
fn has_field_like(entity: &str, field: &str, out: &Output) -> bool {
    let wanted = lower_words(field);
    let last = wanted.last().map(SmolStr::as_str);
    !wanted.is_empty() && out.fields_of(entity).any(|known| lower_words(known).starts_with(&wanted))
        || matches!(last, Some("date" | "dates" | "time" | "range"))
}

/// The one known entity that has most of the fields that a phrase asks by.
fn with_most_fields(asked: &[String], out: &Output) -> Option<String> {
    let fields: Vec<&str> = asked.iter().map(String::as_str).collect();
    let (entity, count) = out.owner_of_most(&fields, true)?;
    (count >= 2 && count * 2 > asked.len())
        .then(|| out.known.get(entity))
        .flatten()
        .map(str::to_owned)
}

/// The entity that each section speaks of most, where it does so at least three times.
fn themes(document: &Document<'_>, out: &Output) -> BTreeMap<usize, String> {
    let mut counts: BTreeMap<usize, Vec<(String, usize)>> = BTreeMap::new();
    for block in &document.blocks {
        let Some(section) = block.section else { continue };
        let mut count = |text: &str| {
            let known = counts.entry(section).or_default();
            for name in mentioned(text, out) {
                match known.iter_mut().find(|(other, _)| *other == name) {
                    Some((_, times)) => *times += 1,
                    None => known.push((name, 1)),
                }
            }
        };
        match &block.kind {
            BlockKind::Paragraph(inline) => count(&inline.text),
            BlockKind::List(list) => list.items.iter().for_each(|item| count(&item.content.text)),
            BlockKind::Table(_) | BlockKind::Code(_) => {}
        }
    }
    let most = |known: Vec<(String, usize)>| {
        let top = known.iter().map(|(_, times)| *times).max().filter(|times| *times >= 3)?;
        let mut best = known.into_iter().filter(|(_, times)| *times == top);
        let (name, _) = best.next()?;
        best.next().is_none().then_some(name)
    };
    counts.into_iter().filter_map(|(section, known)| Some((section, most(known)?))).collect()
}
