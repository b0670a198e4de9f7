//! What a context or a backend system is said to own, in the words of a list.

use std::ops::Range;

use crate::document::Document;
use crate::notation::entity_list::is_service;
use crate::notation::{Mark, Output, entity_fact};
use crate::prose::{entity_noun, is_property_noun};
use crate::words::{fold, is_identifier, lower_words, parenthesized, split_top, unquote};

const REASON: &str = "what a context owns is stored";

/// Nouns for what a context does with the things before them.
const MANAGEMENT: [&str; 8] = [
    " management",
    " administration",
    " handling",
    " tracking",
    " maintenance",
    " storage",
    " records",
    " lifecycle",
];

/// The entities that one context owns.
#[derive(Debug)]
pub(super) struct Owned {
    pub(super) names: Vec<String>,
    /// Whether nothing describes fields: then what is owned is all that says which entities there are.
    is_new: bool,
}

impl Owned {
    pub(super) fn new(out: &Output) -> Self {
        Self { names: Vec::new(), is_new: out.described().is_empty() }
    }

    pub(super) fn insert(&mut self, entity: String) {
        if !self.names.iter().any(|name| fold(name) == fold(&entity)) {
            self.names.push(entity);
        }
    }

    /// Adds the entities among the words at a place. Where these are `sure` to be entities, one in the
    /// singular may be new too.
    pub(super) fn add(
        &mut self,
        document: &Document<'_>,
        place: &Range<usize>,
        text: &str,
        sure: bool,
        out: &mut Output,
    ) {
        for part in parts(text) {
            let (name, brackets) = match parenthesized(part) {
                Some((before, inside, _)) => (before.trim(), inside.to_lowercase()),
                None => (part, String::new()),
            };
            if ["value object", "reference", "external", "enum"]
                .iter()
                .any(|it| brackets.contains(it))
            {
                continue;
            }
            let name = unquote(name);
            let known = out.known.get(name).or_else(|| out.known.get(&entity_noun(name)));
            // "visit, note and trip management": what is managed is the thing before the noun.
            let known = known.or_else(|| {
                let front = MANAGEMENT.iter().find_map(|end| name.strip_suffix(end))?;
                out.known.get(front).or_else(|| out.known.get(&entity_noun(front)))
            });
            if let Some(known) = known.map(str::to_owned) {
                self.insert(known);
                out.mark(document, place.clone(), Mark::Understood);
                continue;
            }
            let is_named = sure
                && is_identifier(name)
                && name.starts_with(char::is_uppercase)
                && !is_service(name)
                && !name.eq_ignore_ascii_case("none");
            let new = if is_named { Some(name.to_owned()) } else { thing(name) };
            if let Some(new) = new.filter(|_| self.is_new && (sure || is_named)) {
                out.infer(document, document.span(place.clone()), entity_fact(&new), REASON);
                self.insert(new);
            }
        }
    }

    /// Adds one thing by its name.
    pub(super) fn add_thing(
        &mut self,
        document: &Document<'_>,
        place: &Range<usize>,
        name: String,
        out: &mut Output,
    ) {
        if let Some(known) = out.known.get(&name).map(str::to_owned) {
            self.insert(known);
        } else if self.is_new {
            out.infer(document, document.span(place.clone()), entity_fact(&name), REASON);
            self.insert(name);
        }
    }
}

/// The things among what a context owns, in the singular: plural nouns, and what is called an
/// aggregate. States, behaviour and what lives in another store are none, and so is any other noun,
/// but for the name of a known entity.
pub(super) fn things(text: &str, out: &Output) -> Vec<String> {
    parts(text)
        .filter_map(|part| out.known.get(unquote(part)).map(str::to_owned).or_else(|| thing(part)))
        .collect()
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    let parts = split_top(text.trim().trim_end_matches('.'), &[',', ';']);
    parts
        .into_iter()
        .flat_map(|part| {
            // What stands beside a thing of another store lives there too.
            if lives_elsewhere(part) { Vec::new() } else { part.split(" and ").collect() }
        })
        .map(|part| part.trim().trim_start_matches("and ").trim())
}

fn lives_elsewhere(part: &str) -> bool {
    lower_words(part).iter().any(|word| {
        matches!(
            word.as_str(),
            "redis"
                | "opensearch"
                | "elasticsearch"
                | "kafka"
                | "rabbitmq"
                | "s3"
                | "cached"
                | "cache"
        )
    })
}

fn thing(part: &str) -> Option<String> {
    let part = unquote(part);
    let words = lower_words(part);
    let last = words.last()?;
    let is_letters = part.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    if words.len() > 3 || !is_letters {
        return None;
    }
    if last == "aggregate" {
        let front = part.rsplit_once(' ')?.0;
        return Some(entity_noun(front));
    }
    let name = entity_noun(part);
    let is_plural = last.ends_with('s') && fold_word(last) != *last;
    (is_plural && !is_property_noun(last) && !is_no_row(last)).then_some(name)
}

fn fold_word(word: &str) -> String {
    entity_noun(word).to_lowercase()
}

/// Plurals that name values, behaviour or what is computed.
fn is_no_row(word: &str) -> bool {
    matches!(
        word,
        "limits"
            | "retries"
            | "views"
            | "snapshots"
            | "outcomes"
            | "results"
            | "checkpoints"
            | "caches"
            | "workflows"
            | "flows"
            | "rules"
            | "transitions"
            | "checks"
            | "calculations"
            | "operations"
            | "projections"
            | "metrics"
            | "dashboards"
            | "queries"
            | "apis"
            | "endpoints"
            | "integrations"
            | "states"
            | "callbacks"
            | "events"
            | "emails"
            | "quantities"
            | "totals"
            | "levels"
            | "adapters"
            | "actions"
            | "processes"
            | "capabilities"
            | "decisions"
            | "responsibilities"
            | "contracts"
            | "boundaries"
    )
}
