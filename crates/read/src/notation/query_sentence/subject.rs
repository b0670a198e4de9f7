//! What "filter by status" filters, where the clause itself does not say it.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use crate::document::{BlockKind, Document};
use crate::notation::{Output, mentioned};
use crate::query_phrase::{self, Clause};
use crate::words::lower_words;

/// What the sections of a document speak of, and which entities have which fields.
pub(super) struct Subjects {
    themes: BTreeMap<usize, String>,
    /// The entities with a field by its first word, with all its words; made when first asked for.
    owners: OnceCell<Owners>,
}

type Owners = BTreeMap<String, Vec<(String, Vec<String>)>>;

impl Subjects {
    pub(super) fn of(document: &Document<'_>, out: &Output) -> Self {
        Self { themes: themes(document, out), owners: OnceCell::new() }
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
        let actor = clause.actor.as_deref().and_then(|actor| out.known.get(actor));
        if let Some(named) = mentioned(&clause.before, out).pop() {
            if actor != Some(named.as_str()) {
                return Some(named);
            }
        }
        // What is spoken of, unless it is known to have none of these fields.
        let asked = query_phrase::fields_after_by(&clause.phrase);
        let may_have = |entity: &&str| {
            asked.is_empty()
                || !out.has_fields(entity)
                || asked.iter().any(|field| {
                    out.field(entity, field).is_some() || self.has_field_like(entity, field, out)
                })
        };
        self.with_most_fields(&asked, out)
            .or_else(|| last.filter(may_have).map(str::to_owned))
            .or_else(|| {
                self.themes.get(&section?).map(String::as_str).filter(may_have).map(str::to_owned)
            })
    }

    /// Whether an entity has a field whose name begins with the words; a time it has.
    fn has_field_like(&self, entity: &str, field: &str, out: &Output) -> bool {
        let wanted = lower_words(field);
        let entity = crate::words::fold(entity);
        let owners = self.owners.get_or_init(|| owners(out));
        let begins = wanted.first().and_then(|first| owners.get(first)).is_some_and(|fields| {
            fields.iter().any(|(owner, words)| *owner == entity && words.starts_with(&wanted))
        });
        let last = wanted.last().map(String::as_str);
        begins || matches!(last, Some("date" | "dates" | "time" | "range"))
    }

    fn with_most_fields(&self, asked: &[String], out: &Output) -> Option<String> {
        let owners = self.owners.get_or_init(|| owners(out));
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for field in asked {
            let wanted = lower_words(field);
            let Some(fields) = wanted.first().and_then(|first| owners.get(first)) else { continue };
            let mut counted: Vec<&str> = Vec::new();
            for (entity, words) in fields {
                if words.starts_with(&wanted) && !counted.contains(&entity.as_str()) {
                    counted.push(entity);
                    *counts.entry(entity).or_default() += 1;
                }
            }
        }
        let most = counts.values().copied().max()?;
        let mut best = counts.iter().filter(|(_, count)| **count == most);
        match (best.next(), best.next()) {
            (Some((entity, _)), None) if most >= 2 && most * 2 > asked.len() => {
                out.known.get(entity).map(str::to_owned)
            }
            _ => None,
        }
    }
}

fn owners(out: &Output) -> Owners {
    let mut owners = Owners::new();
    for (entity, field) in out.all_fields() {
        let words = lower_words(field);
        let Some(first) = words.first().cloned() else { continue };
        owners.entry(first).or_default().push((entity.to_owned(), words));
    }
    owners
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
